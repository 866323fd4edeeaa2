// SPDX-License-Identifier: GPL-2.0
/* The configuration, and what it says: which runtime, which sctrace-nl. */

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include "lib/util.h"
#include "conf.h"

#define CONF		"/etc/sctrace/runtime.conf"
#define MAX_CONF	65536
#define OURSELVES	"sctrace-runtime"

/* Engines start runtimes with next to no environment */
#define DEFAULT_PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *const runtimes[] = { "crun", "runc", "youki" };

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

static void add_option(struct rt_conf *c, const char *name, const char *value)
{
	c->options = xrealloc(c->options, c->n_options + 1, sizeof(char *));
	c->options[c->n_options++] = value ? xasprintf("--%s=%s", name, value) :
				     xasprintf("--%s", name);
}

static bool yes(const char *value, bool *is)
{
	*is = !strcmp(value, "yes");
	return *is || !strcmp(value, "no");
}

/* Returns what is wrong with the value, or NULL */
static const char *set(struct rt_conf *c, const char *key, const char *value)
{
	bool is;

	if (!*value)
		return "has no value";
	if (!strcmp(key, "runtime")) {
		free(c->runtime);
		c->runtime = xstrdup(value);
	} else if (!strcmp(key, "tool")) {
		free(c->tool);
		c->tool = xstrdup(value);
	} else if (!strcmp(key, "env")) {
		if (strchr(value, '='))
			return "is no name of a variable";
		free(c->env);
		c->env = xstrdup(value);
	} else if (!strcmp(key, "dir") || !strcmp(key, "base-dir")) {
		if (*value != '/')
			return "is no absolute path";
		add_option(c, key, value);
	} else if (!strcmp(key, "timeout")) {
		if (strlen(value) > 4 || strspn(value, "0123456789") != strlen(value) ||
		    atoi(value) < 1 || atoi(value) > 3600)
			return "is no number of seconds up to 3600";
		c->timeout = atoi(value);
		add_option(c, key, value);
	} else if (!strcmp(key, "no-permissive")) {
		if (!yes(value, &is))
			return "is yes or no";
		if (is)
			add_option(c, key, NULL);
	} else if (!strcmp(key, "strict")) {
		if (!yes(value, &is))
			return "is yes or no";
		c->strict = is;
	} else {
		return "is not known";
	}
	return NULL;
}

static char *read_all(const char *path, int *e)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = xcalloc(MAX_CONF + 1, 1);
	ssize_t n;

	n = fd < 0 ? -1 : retry_eintr(read(fd, text, MAX_CONF + 1));
	*e = n < 0 ? errno : n > MAX_CONF ? EFBIG : 0;
	if (!*e) {
		text[n] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/**
 * rt_conf_load() - read the configuration
 * @c: for rt_conf_free()
 *
 * SCTRACE_RUNTIME_CONF names another file. What is wrong with it matters only to
 * a container that is to be recorded, so it is not an error here.
 */
void rt_conf_load(struct rt_conf *c)
{
	const char *path = getenv("SCTRACE_RUNTIME_CONF");
	cleanup_free char *text = NULL;
	char *next, *line;
	int e, n = 0;

	memset(c, 0, sizeof(*c));
	c->timeout = 30;
	path = path && *path ? path : CONF;
	text = read_all(path, &e);
	if (!text && e != ENOENT)
		c->wrong = xasprintf("%s: %s", path, strerror(e));
	for (next = text; (line = strsep(&next, "\n"));) {
		const char *why = "is no line of KEY = VALUE";
		char *value;

		n++;
		line = trim(line);
		if (!*line || *line == '#')
			continue;
		value = strchr(line, '=');
		if (value) {
			*value++ = '\0';
			line = trim(line);
			why = set(c, line, trim(value));
		}
		if (why && !c->wrong)
			c->wrong = xasprintf("%s:%d: `%s` %s", path, n, line, why);
	}
}

/**
 * rt_conf_free() - release the configuration
 * @c: what rt_conf_load() has read
 */
void rt_conf_free(struct rt_conf *c)
{
	size_t i;

	for (i = 0; i < c->n_options; i++)
		free(c->options[i]);
	free(c->options);
	free(c->runtime);
	free(c->tool);
	free(c->env);
	free(c->wrong);
	memset(c, 0, sizeof(*c));
}

static bool is_program(const char *path, struct stat *st)
{
	return !stat(path, st) && S_ISREG(st->st_mode) && !access(path, X_OK);
}

/* A program of this name in PATH which is not this one; *@self: there was only this */
static char *find(const char *name, bool *self)
{
	const char *path = getenv("PATH");
	struct stat st, own;
	bool has_own = !stat("/proc/self/exe", &own);
	const char *dir, *end;

	path = path && *path ? path : DEFAULT_PATH;
	if (strchr(name, '/'))
		path = "";
	for (dir = path; dir; dir = *end ? end + 1 : NULL) {
		cleanup_free char *file = NULL;

		end = strchrnul(dir, ':');
		if (strchr(name, '/'))
			file = xstrdup(name);
		else if (end == dir)
			continue;
		else
			file = xasprintf("%.*s/%s", (int)(end - dir), dir, name);
		if (!is_program(file, &st))
			continue;
		if (!has_own || st.st_dev != own.st_dev || st.st_ino != own.st_ino)
			return xstrdup(file);
		*self = true;
	}
	return NULL;
}

/**
 * rt_conf_runtime() - which runtime is it that does the work?
 * @c: the configuration
 * @argv0: how we were called: sctrace-runtime-NAME means that one
 * @why: why there is none, for free()
 *
 * Return: its path, for free(), or NULL and @why.
 */
char *rt_conf_runtime(const struct rt_conf *c, const char *argv0, char **why)
{
	const char *name = strrchr(argv0, '/'), *wanted = NULL;
	size_t i, n = strlen(OURSELVES "-");
	char *path = NULL;
	bool self = false;

	name = name ? name + 1 : argv0;
	if (!strncmp(name, OURSELVES "-", n) && name[n])
		wanted = name + n;
	if (!wanted)
		wanted = getenv("SCTRACE_RUNTIME");
	if (!wanted || !*wanted)
		wanted = c->runtime;
	if (wanted)
		path = find(wanted, &self);
	for (i = 0; !wanted && !path && i < ARRAY_SIZE(runtimes); i++)
		path = find(runtimes[i], &self);
	if (path)
		return path;
	if (self)
		*why = xasprintf("`%s` is " OURSELVES " itself: name the runtime that does the work in " CONF,
				 wanted ? wanted : runtimes[0]);
	else if (wanted)
		*why = xasprintf("the runtime `%s` is not there: name another one in " CONF,
				 wanted);
	else
		*why = xstrdup("no crun, runc or youki in PATH: name the runtime in " CONF);
	return NULL;
}

/**
 * rt_conf_tool() - where is sctrace-nl?
 * @c: the configuration
 *
 * Return: its path, for free(): beside this program, else in PATH, or NULL.
 */
char *rt_conf_tool(const struct rt_conf *c)
{
	cleanup_free char *own = xcalloc(PATH_MAX, 1);
	cleanup_free char *path = NULL;
	bool self = false;
	struct stat st;

	if (c->tool)
		return xstrdup(c->tool);
	if (readlink("/proc/self/exe", own, PATH_MAX - 1) > 0) {
		const char *slash = strrchr(own, '/');

		if (slash) {
			path = xasprintf("%.*s/sctrace-nl", (int)(slash - own), own);
			if (is_program(path, &st))
				return xstrdup(path);
		}
	}
	return find("sctrace-nl", &self);
}
