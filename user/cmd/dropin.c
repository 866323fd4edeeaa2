// SPDX-License-Identifier: GPL-2.0
/* Stopping and starting a unit under a filter that denies nothing, see dropin.h. */

#include <sys/stat.h>
#include "dropin.h"
#include "lib/command.h"
#include "lib/file.h"

#define DIR_FORMAT	"/run/systemd/system/%s.d"
#define FILE_FORMAT	DIR_FORMAT "/50-sctrace-recording.conf"

/* A job may take as long as the unit may take to start or stop */
#define JOB_SECONDS	300
#define ASK_SECONDS	5

/* systemctl, and what it had to complain about */
static int systemctl(const char *const argv[], const struct unit *u, const char *what,
		     struct error **err)
{
	cleanup_free char *words = NULL;
	int status = command_read_within(argv, STDERR_FILENO, JOB_SECONDS, &words);

	words[strcspn(words, "\n")] = '\0';
	if (status == 128)
		return error_make(err, ST_FAILED, 0,
				  "unit `%s`: cannot be %s: systemctl has not ended in %d s",
				  u->name, what, JOB_SECONDS);
	if (status)
		return error_make(err, ST_FAILED, 0,
				  "unit `%s`: cannot be %s: %s (`journalctl -u %s` says more)",
				  u->name, what, *words ? words : "systemctl failed", u->name);
	return 0;
}

static int reload(const struct unit *u, struct error **err)
{
	static const char *const argv[] = { "systemctl", "daemon-reload", NULL };

	return systemctl(argv, u, "reloaded", err);
}

/* The section that a unit of this kind has for what it runs; NULL: systemd starts it not */
static const char *section(const char *name)
{
	static const char *const kinds[][2] = {
		{ ".service", "Service" }, { ".socket", "Socket" },
		{ ".mount", "Mount" }, { ".swap", "Swap" },
	};
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (dot && !strcmp(dot, kinds[i][0]))
			return kinds[i][1];
	return NULL;
}

/**
 * dropin_unit() - the unit whose start can be recorded by a restart
 * @cgroup: path of a cgroup
 *
 * Return: the name, a part of @cgroup; NULL: it is of none, or of a unit that systemd does not
 * start, or that a user's manager has.
 */
const char *dropin_unit(const char *cgroup)
{
	const char *unit = unit_of_cgroup(cgroup), *manager = cgroup ? strstr(cgroup, "/user@") : NULL;

	return unit && section(unit) && !(manager && manager < unit - 1) ? unit : NULL;
}

/**
 * dropin_check() - can a unit be restarted for us?
 * @u: the unit
 * @err: why not
 *
 * Return: 0, or -1 and @err.
 */
int dropin_check(const struct unit *u, struct error **err)
{
	if (u->of_user)
		return error_make(err, ST_USAGE, 0,
				  "--restart: unit `%s` is of user %u: start to record it without, then `systemctl --user restart %s` as that user",
				  u->name, u->user, u->name);
	if (!section(u->name))
		return error_make(err, ST_USAGE, 0,
				  "--restart: unit `%s` is not started by systemd: record it as it runs",
				  u->name);
	if (!command_there("systemctl"))
		return error_make(err, ST_FAILED, 0, "--restart: there is no systemctl");
	return 0;
}

/**
 * dropin_put() - let a unit run under a filter from its next start on
 * @u: the unit
 * @err: why not
 *
 * The call that it denies is none: no kernel has had vserver. A unit that has a filter
 * keeps it, and needs no other.
 *
 * Return: 0, or -1 and @err.
 */
int dropin_put(const struct unit *u, struct error **err)
{
	cleanup_free char *dir = xasprintf(DIR_FORMAT, u->name);
	cleanup_free char *path = xasprintf(FILE_FORMAT, u->name);
	cleanup_file_out struct file_out f = FILE_OUT_INIT;

	if (u->filtered)
		return 0;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return error_make(err, ST_FAILED, errno, "make `%s`", dir);
	if (file_open(&f, path, err) < 0)
		return -1;
	fprintf(f.stream,
		"# Made by " PROGRAM " start --restart; `" PROGRAM " stop` and `forget` remove it.\n"
		"[%s]\nSystemCallFilter=~vserver\nSystemCallErrorNumber=ENOSYS\n",
		section(u->name));
	if (file_commit(&f, err) < 0)
		return -1;
	return reload(u, err);
}

/**
 * dropin_remove() - undo dropin_put()
 * @unit: the name
 * @was: was there something to undo?
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int dropin_remove(const char *unit, bool *was, struct error **err)
{
	const struct unit u = { .name = (char *)unit };
	cleanup_free char *dir = xasprintf(DIR_FORMAT, unit);
	cleanup_free char *path = xasprintf(FILE_FORMAT, unit);

	*was = !unlink(path);
	if (!*was)
		return errno == ENOENT ? 0 :
		       error_make(err, ST_FAILED, errno, "remove `%s`", path);
	rmdir(dir);	/* unless there is something else */
	return reload(&u, err);
}

/* All units that run, a line each */
static char *running(void)
{
	static const char *const argv[] = {
		"systemctl", "list-units", "--state=active", "--plain", "--no-legend",
		"--full", "--no-pager", "--type=service,socket,timer,path,mount,swap,target",
		NULL
	};
	char *words;

	if (command_read_within(argv, STDOUT_FILENO, ASK_SECONDS, &words))
		*words = '\0';
	return words;
}

/* Is a name the first word of a line? */
static bool listed(const char *list, const char *name, size_t len)
{
	const char *line = list;

	for (; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, name, len) && (line[len] == ' ' || line[len] == '\n'))
			return true;
	return false;
}

/**
 * unit_stop() - stop a unit
 * @u: the unit
 * @stopped: gets the names of other units that have stopped with it, for free()
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int unit_stop(const struct unit *u, char **stopped, struct error **err)
{
	const char *const argv[] = { "systemctl", "stop", "--", u->name, NULL };
	cleanup_free char *before = NULL, *after = NULL;
	char *line, *rest;

	*stopped = xstrdup("");
	if (!u->active)
		return 0;
	before = running();
	if (systemctl(argv, u, "stopped", err) < 0)
		return -1;
	after = running();
	for (rest = before; (line = strsep(&rest, "\n"));) {
		size_t len = strcspn(line, " ");
		char *old = *stopped;

		if (!len || !*after || listed(after, line, len) ||
		    (len == strlen(u->name) && !strncmp(line, u->name, len)))
			continue;
		*stopped = xasprintf("%s%s%.*s", old, *old ? " " : "", (int)len, line);
		free(old);
	}
	return 0;
}

/**
 * unit_start() - start a unit
 * @u: the unit
 * @stopped: others that had stopped with it
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int unit_start(const struct unit *u, const char *stopped, struct error **err)
{
	cleanup_free char *copy = xstrdup(stopped);
	const char *argv[64] = { "systemctl", "start", "--", u->name };
	size_t n = 4;
	char *save, *w;

	for (w = strtok_r(copy, " ", &save); w && n < ARRAY_SIZE(argv) - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	return systemctl(argv, u, "started", err);
}

/**
 * dropin_dir() - make the directory of a unit's drop-ins, as `systemctl edit` does
 * @path: of a file; nothing is made unless its directory's name ends in .d
 *
 * Return: the directory, for free(); NULL: none was made. Why it could not be
 * is said when the file is opened.
 */
char *dropin_dir(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;

	if (!slash || slash - path < 2 || strncmp(slash - 2, ".d", 2))
		return NULL;
	dir = xstrndup(path, slash - path);
	if (!mkdir(dir, 0755))
		return dir;
	free(dir);
	return NULL;
}
