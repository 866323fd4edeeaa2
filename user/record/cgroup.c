// SPDX-License-Identifier: GPL-2.0
/* Which cgroup is meant, see cgroup.h. */

#include <ctype.h>
#include <dirent.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include "cgroup.h"
#include "lib/command.h"
#include "lib/file.h"

/* uapi of 4.5 */
#ifndef CGROUP2_SUPER_MAGIC
#define CGROUP2_SUPER_MAGIC	0x63677270
#endif

/* systemd answers at once, or is in trouble */
#define ASK_SECONDS	5

/* Where below a manager's own cgroup its units are looked for */
#define MOST_LEVELS	4

/**
 * cgroup_root() - where the unified hierarchy is mounted
 *
 * Return: a directory; NULL: nowhere, there is version 1 only.
 */
const char *cgroup_root(void)
{
	/* the second one beside hierarchies of version 1 */
	static const char *const places[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	struct statfs fs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (!statfs(places[i], &fs) &&
		    (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC)
			return places[i];
	return NULL;
}

/**
 * cgroup_of_pid() - the cgroup of a process
 * @pid: as this PID namespace numbers it
 *
 * Return: its path in the unified hierarchy, for free(); NULL: there is no such process,
 * or no such hierarchy.
 */
char *cgroup_of_pid(uint32_t pid)
{
	cleanup_free char *name = xasprintf("/proc/%u/cgroup", pid), *text = NULL;
	cleanup_error struct error *err = NULL;
	char *rest, *line;
	size_t len;

	text = file_read(name, 1 << 16, &len, &err);
	for (rest = text; rest && (line = strsep(&rest, "\n"));)
		if (!strncmp(line, "0::/", 4))
			return xstrdup(line + 3);
	return NULL;
}

/**
 * pid_within() - the number that a process has in its own PID namespace
 * @pid: the process, as this PID namespace numbers it
 *
 * Return: 1 of the first one there; 0: not known, as before Linux 4.1.
 */
int pid_within(uint32_t pid)
{
	cleanup_free char *name = xasprintf("/proc/%u/status", pid), *text = NULL;
	cleanup_error struct error *err = NULL;
	char *line, *last;
	size_t len;

	text = file_read(name, 1 << 16, &len, &err);
	line = text ? strstr(text, "\nNSpid:") : NULL;
	if (!line)
		return 0;
	line++;
	line[strcspn(line, "\n")] = '\0';
	last = strrchr(line, '\t');
	return last ? atoi(last + 1) : 0;
}

/**
 * cgroup_path() - the path that a word stands for
 * @word: a path from the root of the hierarchy, or the directory of a cgroup
 * @path: gets the former, for free()
 * @err: why it is none
 *
 * Return: 0, or -1 and @err.
 */
int cgroup_path(const char *word, char **path, struct error **err)
{
	const char *root = cgroup_root(), *s = word;
	cleanup_free char *to = xcalloc(strlen(word) + 2, 1);
	size_t len = root ? strlen(root) : 0, n = 0;
	struct statfs fs;

	if (root && !strncmp(word, root, len) && (!word[len] || word[len] == '/'))
		s += len;
	else if (*word != '/')
		return error_make(err, ST_USAGE, 0,
				  "`%.80s` is no path of a cgroup: it begins with /, as in /system.slice/nginx.service",
				  word);
	else if (!statfs(word, &fs) && (unsigned long)fs.f_type == CGROUP_SUPER_MAGIC)
		return error_make(err, ST_USAGE, 0,
				  "`%.80s` is a cgroup of version 1, and only those of the unified hierarchy can be recorded: `0::` in /proc/PID/cgroup is the path of a process there",
				  word);
	while (*s) {
		size_t part = strcspn(s, "/");

		if ((part == 1 || part == 2) && !strncmp(s, "..", part))
			return error_make(err, ST_USAGE, 0,
					  "`%.80s`: a path of a cgroup has no `%.*s`",
					  word, (int)part, s);
		if (part) {
			to[n++] = '/';
			memcpy(to + n, s, part);
			n += part;
		}
		s += part + (s[part] == '/');
	}
	if (!n)
		return error_make(err, ST_USAGE, 0,
				  "`%.80s` is the root cgroup, in which everything is: name one below it",
				  word);
	if (n > SCTRACE_CG_PATH_MAX)
		return error_make(err, ST_USAGE, 0,
				  "`%.40s...`: the path of a cgroup has %zu bytes, and at most %d can be recorded: choose one nearer to the root",
				  to, n, SCTRACE_CG_PATH_MAX);
	*path = to;
	to = NULL;
	return 0;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && !strcmp(s + n - m, end);
}

/* Units that have processes */
static bool has_suffix(const char *name)
{
	static const char *const suffixes[] = {
		".service", ".socket", ".mount", ".swap", ".scope", ".slice",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (ends_with(name, suffixes[i]))
			return true;
	return false;
}

/**
 * unit_of_cgroup() - the unit that a cgroup is of
 * @path: of the cgroup
 *
 * Return: the name, a part of @path; NULL: it is of none.
 */
const char *unit_of_cgroup(const char *path)
{
	const char *last = path ? strrchr(path, '/') : NULL;

	return last && has_suffix(last + 1) ? last + 1 : NULL;
}

/**
 * cgroup_text() - a cgroup as lists and messages name it
 * @path: of the cgroup
 *
 * Return: unit:NAME or cgroup:PATH, for free().
 */
char *cgroup_text(const char *path)
{
	const char *unit = unit_of_cgroup(path);

	return unit ? xasprintf("unit:%s", unit) :
		      xasprintf("cgroup:%s", path ? path : "?");
}

/* /a.slice/a-b.slice of a-b.slice; nothing of that of the root */
static char *slice_path(const char *slice)
{
	char *path = xstrdup("");
	size_t at;

	for (at = 1; *slice != '-' && slice[at]; at++) {
		char *old = path;

		if (slice[at] == '-')
			path = xasprintf("%s/%.*s.slice", old, (int)at, slice);
		else if (!strcmp(slice + at, ".slice"))
			path = xasprintf("%s/%s", old, slice);
		else
			continue;
		free(old);
	}
	return path;
}

/**
 * cgroup_planned() - where a runtime will put a container
 * @word: what its configuration has as linux.cgroupsPath: a path, or
 *	SLICE:PREFIX:NAME, of which systemd makes a scope
 *
 * Return: the path in the unified hierarchy, for free(); NULL: it depends on where the
 * runtime is run.
 */
char *cgroup_planned(const char *word)
{
	const char *colon = strchr(word, ':'), *name = colon ? strchr(colon + 1, ':') : NULL;
	cleanup_free char *slice = NULL, *dir = NULL;

	if (!name)
		return *word == '/' && word[1] ? xstrdup(word) : NULL;
	slice = xstrndup(word, colon - word);
	dir = slice_path(*slice ? slice : "system.slice");
	return xasprintf("%s/%.*s%s%s.scope", dir, (int)(name - colon - 1), colon + 1,
			 name > colon + 1 ? "-" : "", name + 1);
}

/* Finds a cgroup of that name below a directory; NULL: there is none */
static char *search(const char *dir, const char *name, unsigned int levels)
{
	cleanup_free char *here = xasprintf("%s/%s", dir, name);
	char *found = NULL;
	struct dirent *e;
	struct stat st;
	DIR *d;

	if (!stat(here, &st) && S_ISDIR(st.st_mode))
		return xstrdup(here);
	d = levels ? opendir(dir) : NULL;
	while (d && !found && (e = readdir(d))) {
		cleanup_free char *sub = NULL;

		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		sub = xasprintf("%s/%s", dir, e->d_name);
		found = search(sub, name, levels - 1);
	}
	if (d)
		closedir(d);
	return found;
}

/* What is looked for when systemd is not there to be asked, or has no answer */
static int search_unit(struct unit *u, const char *below, const char *otherwise,
		       struct error **err)
{
	const char *root = cgroup_root();
	cleanup_free char *dir = xasprintf("%s%s", root, below);
	cleanup_free char *found = search(dir, u->name, MOST_LEVELS);

	if (found)
		u->cgroup = xstrdup(found + strlen(root));
	else if (otherwise)
		u->cgroup = xasprintf("%s%s/%s", below, otherwise, u->name);
	else
		return error_make(err, ST_NO_RECORD, 0,
				  "unit `%s`: systemctl gives no answer, and there is no cgroup of that name: `--cgroup` takes a path",
				  u->name);
	u->active = found;
	return 0;
}

/* Units that only start others */
static bool is_starter(const char *name)
{
	static const char *const suffixes[] = {
		".timer", ".path", ".target", ".automount", ".device",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (ends_with(name, suffixes[i]))
			return true;
	return false;
}

static bool yes(const char *value)
{
	return !strcmp(value, "yes");
}

static void take(struct unit *u, char *line, char **slice, char **load)
{
	char *value = strchr(line, '=');

	if (!value)
		return;
	*value++ = '\0';
	if (!strcmp(line, "Id") && *value) {
		free(u->name);
		u->name = xstrdup(value);
	} else if (!strcmp(line, "LoadState")) {
		free(*load);
		*load = xstrdup(value);
	} else if (!strcmp(line, "ActiveState")) {
		u->active = strcmp(value, "inactive") && strcmp(value, "failed");
	} else if (!strcmp(line, "ControlGroup") && *value) {
		free(u->cgroup);
		u->cgroup = xstrdup(value);
	} else if (!strcmp(line, "Slice") && *value) {
		free(*slice);
		*slice = xstrdup(value);
	} else if (!strcmp(line, "MainPID")) {
		u->pid = strtoul(value, NULL, 10);
	} else if (!strcmp(line, "SystemCallFilter")) {
		/* one that denies nothing, which is none, is told as `~` */
		u->filtered = *value && strcmp(value, "~");
	} else if (!strcmp(line, "PrivatePIDs")) {
		u->own_pids = yes(value);
	}
}

/* Of a unit of the system's manager */
static int ask(struct unit *u, struct error **err)
{
	const char *const argv[] = {
		"systemctl", "show",
		"--property=Id,LoadState,ActiveState,ControlGroup,Slice,MainPID,SystemCallFilter,PrivatePIDs",
		"--", u->name, NULL
	};
	cleanup_free char *words = NULL, *slice = xstrdup("system.slice"), *dir = NULL;
	cleanup_free char *load = xstrdup("loaded");
	char *rest, *line;

	if (!command_there("systemctl") ||
	    command_read_within(argv, STDOUT_FILENO, ASK_SECONDS, &words) || !*words)
		return search_unit(u, "", NULL, err);
	for (rest = words; (line = strsep(&rest, "\n"));)
		take(u, line, &slice, &load);
	if (u->cgroup)
		return 0;
	if (!strcmp(load, "not-found"))
		return error_make(err, ST_NO_RECORD, 0,
				  "unit `%s`: systemd has none of that name (`systemctl list-unit-files` shows all); for one that systemd-run will make give its path, as in --cgroup /system.slice/%s",
				  u->name, u->name);
	if (strcmp(load, "loaded"))
		return error_make(err, ST_NO_RECORD, 0,
				  "unit `%s` cannot be started: systemd calls it %s (`systemctl status %s`)",
				  u->name, load, u->name);
	if (ends_with(u->name, ".slice")) {
		u->cgroup = slice_path(u->name);
		return 0;
	}
	dir = slice_path(slice);
	u->cgroup = xasprintf("%s/%s", dir, u->name);
	return 0;
}

/*
 * Of a user's manager, which cannot be asked without his session: where it keeps its units
 * is known.
 */
static int find_users(const char *user, size_t len, struct unit *u, struct error **err)
{
	cleanup_free char *below = NULL, *uid = xstrndup(user, len);
	char *end;

	u->of_user = true;
	u->user = strtoul(uid, &end, 10);
	if (*end || !isdigit((unsigned char)*uid))
		return error_make(err, ST_USAGE, 0,
				  "unit `%.80s`: before the slash stands the number of the user who has it, as in 1000/%.80s",
				  user, u->name);
	below = xasprintf("/user.slice/user-%u.slice/user@%u.service", u->user, u->user);
	return search_unit(u, below, "/app.slice", err);
}

/**
 * unit_find() - what systemd says of a unit
 * @word: NAME[.SUFFIX], or UID/NAME[.SUFFIX] of a user's
 * @u: set up with zeroes; for unit_free()
 * @err: why there is none
 *
 * Return: 0, or -1 and @err.
 */
int unit_find(const char *word, struct unit *u, struct error **err)
{
	const char *slash = strchr(word, '/'), *name = slash ? slash + 1 : word;
	const char *at;

	/* the limit of a file's name, which a cgroup is */
	if (!*name || strlen(name) > 255 - strlen(".service") || name[strcspn(name, "/ \t\n*?[")])
		return error_make(err, ST_USAGE, 0,
				  "`%.80s` is no name of a unit, as nginx.service is", word);
	if (is_starter(name))
		return error_make(err, ST_USAGE, 0,
				  "unit `%s` runs nothing itself: name what it starts (`systemctl show -p Triggers -p Wants %s`)",
				  name, name);
	u->name = xasprintf("%s%s", name, has_suffix(name) ? "" : ".service");
	at = strstr(u->name, "@.");
	if (at)
		return error_make(err, ST_USAGE, 0,
				  "unit `%s` is a template: name an instance of it, as in %.*sx%s",
				  u->name, (int)(at + 1 - u->name), u->name, at + 1);
	if (!cgroup_root())
		return error_make(err, ST_FAILED, 0,
				  "unit `%s`: no unified hierarchy of cgroups is mounted here (version 1 only): boot with systemd.unified_cgroup_hierarchy=1",
				  u->name);
	return slash ? find_users(word, slash - word, u, err) : ask(u, err);
}

/**
 * unit_free() - release what was learned of a unit
 * @u: the unit
 */
void unit_free(struct unit *u)
{
	free(u->name);
	free(u->cgroup);
	memset(u, 0, sizeof(*u));
}
