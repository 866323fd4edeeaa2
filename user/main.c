// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl: from what a PID namespace called to a seccomp profile. */

#include <locale.h>
#include <signal.h>
#include "cmd/cmd.h"
#include "lib/file.h"
#include "lib/guess.h"
#include "record/module.h"

static const struct command *const all[] = {
	&cmd_profile,
	&cmd_list,
	&cmd_show,
	&cmd_refused,
	&cmd_run,
	&cmd_start,
	&cmd_stop,
	&cmd_reset,
	&cmd_forget,
	&cmd_follow,
	&cmd_watch,
	&cmd_report,
	&cmd_merge,
	&cmd_intersect,
	&cmd_subtract,
	&cmd_diff,
	&cmd_check,
	&cmd_hook,
	&cmd_doctor,
	&cmd_complete,
	NULL
};

/* @first: it stands where a command is to be; else after `help` */
static int unknown_command(const char *word, bool first, struct error **err)
{
	cleanup_free char *instead = NULL;
	struct guess g = GUESS_INIT(word);
	size_t i;

	/* no abbreviation is taken: it would break when commands are added */
	for (i = 0; commands[i]; i++)
		if (strlen(word) > 1 && !strncmp(word, commands[i]->name, strlen(word)))
			guess_take(&g, commands[i]->name);
		else
			guess_try(&g, commands[i]->name);
	guess_try(&g, "help");
	if (first && !strcmp(word, "version"))
		guess_take(&g, "--version");
	if (g.best || !first)
		instead = xstrdup(guess_text(&g));
	else if (!access(word, F_OK))
		instead = xasprintf(": a file comes after a command, as in `" PROGRAM " check %s`", word);
	else
		instead = xasprintf(": a record is named as in `" PROGRAM " %s %s`",
				    args_selector(word), word);
	return error_make(err, ST_USAGE, 0, "unknown command `%s`%s (try `" PROGRAM " --help`)",
			  word, instead);
}

static void help(void)
{
	static const struct {
		const char *name, *does;
	} opts[] = {
		{ "-q, --quiet", "say less on standard error" },
		{ "-v, --verbose", "say more on standard error" },
		{ "-h, --help", "print this help; `" PROGRAM " COMMAND --help` that of a command" },
		{ "-V, --version", "print versions, the module's too when it is loaded" },
	};
	size_t i;

	printf("usage: " PROGRAM " COMMAND [OPTION]...\n"
	       "       " PROGRAM " --ns INUM -o FILE\n"
	       "\n");
	help_wrap("Turn what a PID namespace has called into a seccomp profile for it.", 0, 0);
	help_wrap("Without a command, `profile` is meant.", 0, 0);
	printf("\n");
	for (i = 0; commands[i]; i++)
		help_wrap(commands[i]->summary, printf("  %-10s ", commands[i]->name), 13);
	printf("\n");
	for (i = 0; i < ARRAY_SIZE(opts); i++)
		help_wrap(opts[i].does, printf("  %-13s  ", opts[i].name), 17);
	printf("\n");
	help_wrap("exit status: 0 done, 1 failed, 2 usage, 3 no such record, 4 the record is incomplete or late and --strict was given, 5 a comparison found a difference; `run` ends with the command's own, or 125 to 127",
		  0, 0);
}

static int version(struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_error struct error *why = NULL;
	cleanup_free char *loaded = NULL;

	printf(PROGRAM " %s, API %d\n", SCTRACE_VERSION, SCTRACE_API_VERSION);
	if (module_loaded()) {
		loaded = module_loaded_version();
		printf("module %s\n", loaded ? loaded : "of unknown version");
		/* tells whether the two APIs agree; takes no privilege */
		if (client_open(&c, CLIENT_NO_LOAD, &why) < 0)
			warn("%s", why->text);
	} else {
		printf("module not loaded\n");
	}
	return file_stdout_done(err);
}

static int help_command(int argc, char **argv, struct error **err)
{
	const struct command *cmd = NULL;

	if (argc > 1) {
		cmd = command_find(argv[1]);
		if (!cmd)
			return unknown_command(argv[1], false, err);
		command_help(cmd);
	} else {
		help();
	}
	return file_stdout_done(err);
}

static bool is(const char *arg, const char *brief, const char *name)
{
	return !strcmp(arg, brief) || !strcmp(arg, name);
}

static int dispatch(int argc, char **argv, struct error **err)
{
	const struct command *cmd = &cmd_profile;

	/* how much to say may stand before the command too */
	while (argc > 1) {
		if (is(argv[1], "-q", "--quiet"))
			verbosity = -1;
		else if (is(argv[1], "-v", "--verbose"))
			verbosity = 1;
		else
			break;
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	if (argc < 2)
		return error_make(err, ST_USAGE, 0,
				  "what is to be done? (try `" PROGRAM
				  " --help`)");
	if (is(argv[1], "-h", "--help"))
		return help_command(1, argv, err);
	if (is(argv[1], "-V", "--version"))
		return version(err);
	if (argv[1][0] != '-') {
		argc--;
		argv++;
		if (!strcmp(argv[0], "help"))
			return help_command(argc, argv, err);
		cmd = command_find(argv[0]);
		if (!cmd)
			return unknown_command(argv[0], true, err);
	}
	return cmd->run(cmd, argc, argv, err);
}

/**
 * main() - the program
 * @argc: as always
 * @argv: as always
 *
 * Return: enum status, or what `run` hands on.
 */
int main(int argc, char **argv)
{
	cleanup_error struct error *err = NULL;
	int status;

	commands = all;
	setlocale(LC_CTYPE, "");
	/* a closed standard descriptor must not become the file we write */
	if (file_std_open(&err) < 0)
		return error_report(&err);
	status = dispatch(argc, argv, &err);
	if (status < 0)
		return error_report(&err);
	return status;
}
