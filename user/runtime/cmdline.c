// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of runc, crun and youki: global options, a command, its
 * options, words. runc's library takes one dash for two; crun's takes the value
 * of a short option without a blank, and abbreviations of long ones.
 */

#include <string.h>
#include "lib/util.h"
#include "cmdline.h"

/* Options that take the next argument, when they have no `=` */
static const char *const global_args[] = {
	"log", "log-format", "log-level", "root", "criu", "rootless",
	"cgroup-manager", "l", "r", NULL
};

static const char *const create_args[] = {
	"bundle", "b", "config", "f", "console-socket", "pid-file",
	"pidfd-socket", "preserve-fds", NULL
};

static const char *const commands[] = {
	"checkpoint", "create", "delete", "events", "exec", "features", "help",
	"info", "init", "kill", "list", "mounts", "pause", "ps", "restore",
	"resume", "run", "spec", "start", "state", "update", NULL
};

static bool in(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (!strcmp(*list, s))
			return true;
	return false;
}

/* What crun's abbreviation of an option means: the only one that begins so */
static const char *whole(const char *const *list, const char *name)
{
	const char *found = NULL;

	if (in(list, name))
		return name;
	for (; *list && strlen(name) > 1; list++) {
		if (strncmp(*list, name, strlen(name)))
			continue;
		/* log, log-format and log-level begin alike; the shortest wins */
		if (!found || strlen(*list) < strlen(found))
			found = *list;
	}
	return found ? found : name;
}

struct option {
	char *name;		/* without dashes */
	const char *value;	/* or NULL */
	bool known;
};

/* The option at @argv[*i]; moves *i to its last argument */
static void next_option(int argc, char *const *argv, int *i,
			const char *const *list, struct option *o)
{
	const char *arg = argv[*i] + 1, *equal;
	const char *name;

	o->value = NULL;
	if (*arg != '-' && strchr("bf", *arg) && in(list, "b") && arg[1] &&
	    arg[1] != '=' && strncmp(arg, "bundle", 6)) {
		/* -bDIR */
		o->name = xstrndup(arg, 1);
		o->value = arg + 1;
		o->known = true;
		return;
	}
	if (*arg == '-')
		arg++;
	equal = strchr(arg, '=');
	o->name = equal ? xstrndup(arg, equal - arg) : xstrdup(arg);
	name = whole(list, o->name);
	if (name != o->name) {
		free(o->name);
		o->name = xstrdup(name);
	}
	o->known = equal || in(list, o->name);
	if (equal)
		o->value = equal + 1;
	else if (o->known && *i + 1 < argc)
		o->value = argv[++*i];
}

static bool is_option(const char *arg)
{
	return arg[0] == '-' && arg[1] && strcmp(arg, "--");
}

static void set_log(struct rt_cmdline *c, const struct option *o)
{
	if (!o->value)
		return;
	if (!strcmp(o->name, "log") || !strcmp(o->name, "l"))
		c->log = o->value;
	else if (!strcmp(o->name, "log-format"))
		c->log_json = !strcmp(o->value, "json");
}

/**
 * rt_cmdline_parse() - find out what a runtime is told to do
 * @argc: as main() has it
 * @argv: as main() has it
 * @c: for rt_cmdline_free()
 */
void rt_cmdline_parse(int argc, char *const *argv, struct rt_cmdline *c)
{
	const char *bundle = NULL, *config = NULL;
	bool unknown = false;
	struct option o;
	int i;

	memset(c, 0, sizeof(*c));
	for (i = 1; i < argc; i++) {
		if (is_option(argv[i])) {
			next_option(argc, argv, &i, global_args, &o);
			set_log(c, &o);
			unknown = !o.known;
			free(o.name);
			continue;
		}
		/* an option that we do not know may have a value */
		if (unknown && !in(commands, argv[i])) {
			unknown = false;
			continue;
		}
		break;
	}
	if (i == argc || (strcmp(argv[i], "create") && strcmp(argv[i], "run")))
		return;
	c->creates = true;
	for (i++; i < argc && strcmp(argv[i], "--"); i++) {
		if (!is_option(argv[i]))
			continue;
		next_option(argc, argv, &i, create_args, &o);
		if (!strcmp(o.name, "bundle") || !strcmp(o.name, "b"))
			bundle = o.value;
		else if (!strcmp(o.name, "config") || !strcmp(o.name, "f"))
			config = o.value;
		free(o.name);
	}
	c->config = config && strcmp(config, "config.json") ? xstrdup(config) :
		    xasprintf("%s/config.json", bundle ? bundle : ".");
}

/**
 * rt_cmdline_free() - release what rt_cmdline_parse() found
 * @c: it
 */
void rt_cmdline_free(struct rt_cmdline *c)
{
	free(c->config);
	c->config = NULL;
}
