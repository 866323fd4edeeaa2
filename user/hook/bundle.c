// SPDX-License-Identifier: GPL-2.0
/* Changing a bundle's config.json, and changing it back, see bundle.h. */

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include "annotation.h"
#include "bundle.h"
#include "edit.h"
#include "state.h"

/* Not in the headers of old C libraries */
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE	2
#endif

/* Beside config.json: what it was, until the container has ended */
#define KEPT	".sctrace"

#define PLAIN	(JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && same_time(a, b);
}

/**
 * hook_bundle_restore() - make a configuration again what it was
 * @path: of config.json
 *
 * What we write has the time of what it replaces. So one of another time was
 * written by somebody since, and stays as it is.
 */
void hook_bundle_restore(const char *path)
{
	cleanup_free char *kept = xasprintf("%s" KEPT, path);
	struct stat now, before;

	if (stat(kept, &before) < 0 || stat(path, &now) < 0)
		return;
	if (!same_time(&now, &before))
		debug("`%s` was changed since: what it was before is in `%s`",
		      path, kept);
	else if (rename(kept, path) < 0)
		warn("restore `%s` from `%s`: %s", path, kept, strerror(errno));
}

/**
 * hook_bundle_read() - read a configuration that may be replaced
 * @b: for hook_bundle_write()
 * @path: of config.json
 * @len: its length
 * @err: why not
 *
 * Return: the text and a NUL, for free(), or NULL and @err.
 */
char *hook_bundle_read(struct hook_bundle *b, const char *path, size_t *len,
		       struct error **err)
{
	cleanup_close int fd = -1;
	char *text;
	ssize_t n = 0;

	b->path = path;
	/* a container that ended untold has left it changed */
	hook_bundle_restore(path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &b->st) < 0) {
		error_make(err, ST_FAILED, errno, "`%s`", path);
		return NULL;
	}
	if (!S_ISREG(b->st.st_mode) || b->st.st_size > HOOK_MAX_INPUT) {
		error_make(err, ST_FAILED, 0, S_ISREG(b->st.st_mode) ?
			   "`%s`: is larger than %d bytes" :
			   "`%s`: is not a regular file", path, HOOK_MAX_INPUT);
		return NULL;
	}
	text = xcalloc(b->st.st_size + 1, 1);
	for (*len = 0; *len < (size_t)b->st.st_size; *len += n) {
		n = retry_eintr(read(fd, text + *len, b->st.st_size - *len));
		if (n <= 0)
			break;
	}
	if (*len == (size_t)b->st.st_size)
		return text;
	error_make(err, ST_FAILED, n < 0 ? errno : 0, "`%s`: cannot be read to its end",
		   path);
	free(text);
	return NULL;
}

static int put_all(int fd, const char *s, size_t n)
{
	ssize_t done;

	for (; n; s += done, n -= done) {
		done = retry_eintr(write(fd, s, n));
		if (done < 0)
			return -1;
	}
	return 0;
}

/* A new file beside @b's, with its owner, mode and time; -1 and errno */
static int make_new(const struct hook_bundle *b, char *temp, const char *text,
		    size_t len)
{
	const struct timespec times[2] = { b->st.st_atim, b->st.st_mtim };
	cleanup_close int fd = mkostemp(temp, O_CLOEXEC);
	int e;

	if (fd < 0)
		return -1;
	if (!put_all(fd, text, len) &&
	    !fchown(fd, b->st.st_uid, b->st.st_gid) &&
	    !fchmod(fd, b->st.st_mode & 07777) && !fsync(fd) &&
	    !futimens(fd, times))
		return 0;
	e = errno;
	unlink(temp);
	errno = e;
	return -1;
}

/*
 * Puts @temp in the place of @b's file, which then is at @kept; -1 and errno,
 * ESTALE when the file is not the one any more that was read.
 */
static int exchange(const struct hook_bundle *b, const char *temp,
		    const char *kept)
{
	struct stat st;

	if (!syscall(SYS_renameat2, AT_FDCWD, temp, AT_FDCWD, b->path,
		     RENAME_EXCHANGE)) {
		if (!stat(temp, &st) && same_file(&st, &b->st))
			return rename(temp, kept);
		syscall(SYS_renameat2, AT_FDCWD, temp, AT_FDCWD, b->path,
			RENAME_EXCHANGE);
		errno = ESTALE;
		return -1;
	}
	/* a file system or a kernel (before 3.15) that cannot */
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if ((unlink(kept) < 0 && errno != ENOENT) || link(b->path, kept) < 0)
		return -1;
	if (stat(kept, &st) < 0 || !same_file(&st, &b->st)) {
		unlink(kept);
		errno = ESTALE;
		return -1;
	}
	return rename(temp, b->path);
}

/**
 * hook_bundle_write() - replace a configuration
 * @b: as hook_bundle_read() left it
 * @text: the new one
 * @len: its length
 * @err: why it is not replaced; it is as before then
 *
 * Return: 0, or -1 and @err.
 */
int hook_bundle_write(const struct hook_bundle *b, const char *text, size_t len,
		      struct error **err)
{
	cleanup_free char *temp = xasprintf("%s.XXXXXX", b->path);
	cleanup_free char *kept = xasprintf("%s" KEPT, b->path);
	int e;

	if (make_new(b, temp, text, len) < 0)
		return error_make(err, ST_FAILED, errno, "replace `%s`", b->path);
	if (!exchange(b, temp, kept))
		return 0;
	e = errno;
	unlink(temp);
	if (e == ESTALE)
		return error_make(err, ST_FAILED, 0,
				  "`%s`: was changed while it was read", b->path);
	return error_make(err, ST_FAILED, e, "replace `%s`", b->path);
}

/**
 * hook_bundle_env() - a configuration with an annotation from its environment
 * @text: the configuration; a NUL must follow it
 * @len: its length
 * @name: of the variable in the program's environment
 * @out_len: length of the result
 * @err: why it cannot be made
 *
 * For engines that hand no annotations on. Where there is one, it counts.
 *
 * Return: the new text, for free(), or NULL: with @err, or because there is
 * nothing to change.
 */
char *hook_bundle_env(const char *text, size_t len, const char *name,
		      size_t *out_len, struct error **err)
{
	static const char *const path[] = { "annotations", HOOK_ANNOTATION, NULL };
	struct json_object *root = hook_json(text, len, "container configuration",
					     err);
	struct json_object *all, *env, *value = NULL, *v;
	size_t i, n = strlen(name);
	char *out = NULL;

	if (!root)
		return NULL;
	all = json_typed(root, "annotations", json_type_object);
	env = json_typed(root, "process", json_type_object);
	env = json_typed(env, "env", json_type_array);
	if (hook_annotation_named(all) ||
	    (all && json_object_object_get_ex(all, HOOK_ANNOTATION, &v)))
		env = NULL;
	for (i = 0; env && i < json_object_array_length(env) && !value; i++) {
		const char *s;

		v = json_object_array_get_idx(env, i);
		s = json_object_is_type(v, json_type_string) ?
		    json_object_get_string(v) : "";
		if (!strncmp(s, name, n) && s[n] == '=')
			value = json_object_new_string(s + n + 1);
	}
	if (value)
		out = hook_config_put(text, len, path,
				      json_object_to_json_string_ext(value, PLAIN),
				      json_type_string, out_len, err);
	json_object_put(value);
	json_object_put(root);
	return out;
}

/* Is this one of ours, for this stage? */
static bool is_ours(struct json_object *hook, const char *stage)
{
	struct json_object *args = NULL;
	bool ours = false, is = false;
	const char *last = "";
	size_t i;

	if (json_object_is_type(hook, json_type_object))
		args = json_typed(hook, "args", json_type_array);
	for (i = 0; args && i < json_object_array_length(args); i++) {
		struct json_object *arg = json_object_array_get_idx(args, i);
		const char *s = json_object_get_string(arg);

		s = s ? s : "";
		ours |= !!strstr(s, "sctrace");
		is |= !strcmp(last, "hook") && !strcmp(s, stage);
		last = s;
	}
	return ours && is;
}

/*
 * Has a file in hooks.d brought our hook for this stage? podman 5 has those for
 * prestart run in the stage createRuntime.
 */
static bool has_hook(struct json_object *hooks, const char *stage)
{
	size_t i;

	json_object_object_foreach(hooks, key, list) {
		(void)key;
		if (!json_object_is_type(list, json_type_array))
			continue;
		for (i = 0; i < json_object_array_length(list); i++)
			if (is_ours(json_object_array_get_idx(list, i), stage))
				return true;
	}
	return false;
}

/* As the files in contrib/hooks.d: without the program it does nothing */
static struct json_object *make_hook(const char *tool, const char *stage,
				     struct json_object *options,
				     unsigned int timeout)
{
	const char *const words[] = {
		"sh", "-c", "[ ! -x \"$0\" ] || exec \"$0\" \"$@\"", tool,
		"hook", stage,
	};
	struct json_object *o = json_object_new_object();
	struct json_object *args = json_object_new_array();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		json_object_array_add(args, json_object_new_string(words[i]));
	for (i = 0; options && i < json_object_array_length(options); i++)
		json_object_array_add(args, json_object_get(json_object_array_get_idx(options, i)));
	json_object_object_add(o, "path", json_object_new_string("/bin/sh"));
	json_object_object_add(o, "args", args);
	json_object_object_add(o, "timeout", json_object_new_int64(timeout));
	return o;
}

/**
 * hook_bundle_hooks() - a configuration with our hooks
 * @text: the configuration; a NUL must follow it
 * @len: its length
 * @tool: path of sctrace-nl
 * @options: for the hooks: an array of strings, or NULL
 * @timeout: how many seconds a runtime is to give them
 * @out_len: length of the result
 * @err: why it cannot be made
 *
 * They come after those that are there; none comes twice.
 *
 * Return: the new text, for free(), or NULL and @err.
 */
char *hook_bundle_hooks(const char *text, size_t len, const char *tool,
			struct json_object *options, unsigned int timeout,
			size_t *out_len, struct error **err)
{
	static const char *const stages[] = { "prestart", "poststop" };
	struct json_object *root = hook_json(text, len, "container configuration",
					     err);
	struct json_object *hooks;
	char *out = NULL;
	size_t i;

	if (!root)
		return NULL;
	hooks = json_typed(root, "hooks", json_type_object);
	out = xcalloc(len + 1, 1);
	memcpy(out, text, len);
	*out_len = len;
	for (i = 0; i < ARRAY_SIZE(stages) && out; i++) {
		const char *const path[] = { "hooks", stages[i], NULL };
		struct json_object *list;
		char *next;

		if (hooks && has_hook(hooks, stages[i]))
			continue;
		list = json_object_new_array();
		json_object_array_add(list, make_hook(tool, stages[i], options,
						      timeout));
		next = hook_config_put(out, *out_len, path,
				       json_object_to_json_string_ext(list, PLAIN),
				       json_type_array, out_len, err);
		json_object_put(list);
		free(out);
		out = next;
	}
	json_object_put(root);
	return out;
}
