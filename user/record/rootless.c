// SPDX-License-Identifier: GPL-2.0
/*
 * What users call the containers of their own podman. Root's podman does not know, and a
 * user's is not run for him: his list of containers is read, by a child, as his home may be on
 * a file system that does not answer. What is in it is his, so he can name nothing but his
 * own, and by names that show whose they are.
 */

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include "lib/command.h"
#include "lib/file.h"
#include "lib/json.h"
#include "rootless.h"

#define MAX_LIST	(4 << 20)

/**
 * rootless_user() - whose cgroup is it?
 * @word: the name of a cgroup, as user-1000.slice
 *
 * Return: his number; 0: it is no user's.
 */
uid_t rootless_user(const char *word)
{
	char after;
	uid_t uid;

	return sscanf(word, "user-%u.slic%c", &uid, &after) == 2 && after == 'e' ? uid : 0;
}

static char *home_of(uid_t uid)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *pw;
	char *home = NULL;

	while (f && !home && (pw = fgetpwent(f)))
		if (pw->pw_uid == uid)
			home = xstrdup(pw->pw_dir);
	if (f)
		fclose(f);
	return home;
}

/* A file of his own, that nobody waits for */
static char *read_own(const char *path, uid_t uid)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW |
				    O_NOCTTY);
	cleanup_error struct error *err = NULL;
	cleanup_free char *same = xasprintf("/proc/self/fd/%d", fd);
	struct stat st;
	size_t len;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != uid)
		return NULL;
	return file_read(same, MAX_LIST, &len, &err);
}

static void tell(const char *path, uid_t uid)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	cleanup_free char *text = read_own(path, uid);
	struct json_object *list = text ? json_tokener_parse(text) : NULL;
	size_t i, n = 0;

	if (json_object_is_type(list, json_type_array))
		n = json_object_array_length(list);
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i), *names;
		const char *id = json_text(o, "id"), *name = NULL;

		names = json_typed(o, "names", json_type_array);
		if (names)
			name = json_object_get_string(json_object_array_get_idx(names, 0));
		if (id && name && !name[strspn(name, allowed)])
			printf("%s %u/%s\n", id, uid, name);
	}
	json_object_put(list);
}

static int tell_all(const void *user)
{
	static const char *const lists[] = {
		"overlay-containers/containers.json", "overlay-containers/volatile-containers.json",
		"vfs-containers/containers.json", "vfs-containers/volatile-containers.json",
		"btrfs-containers/containers.json", "btrfs-containers/volatile-containers.json",
	};
	uid_t uid = *(const uid_t *)user;
	cleanup_free char *home = home_of(uid);
	size_t i;

	for (i = 0; home && i < ARRAY_SIZE(lists); i++) {
		cleanup_free char *path = xasprintf("%s/.local/share/containers/storage/%s",
						    home, lists[i]);

		tell(path, uid);
	}
	return fflush(stdout) ? 1 : 0;
}

/**
 * rootless_names() - the containers of a user's podman
 * @uid: the user
 * @seconds: how long it may take
 * @lines: as containers_learn() takes them, with UID/NAME for the name; for free()
 *
 * Return: 0, or as command_call_within().
 */
int rootless_names(uid_t uid, unsigned int seconds, char **lines)
{
	return command_call_within(tell_all, &uid, STDOUT_FILENO, seconds, lines);
}
