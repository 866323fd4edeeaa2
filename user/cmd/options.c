// SPDX-License-Identifier: GPL-2.0
/* Options: one table for getopt_long() and for the help text. */

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include "cmd.h"
#include "format/systemd_groups.h"
#include "lib/guess.h"
#include "lib/term.h"
#include "words.h"

/**
 * args_begin() - begin to read a command line
 * @a: for args_end()
 * @cmd: whose options
 * @argc: with the command's name
 * @argv: with the command's name
 */
void args_begin(struct args *a, const struct command *cmd, int argc,
		char **argv)
{
	const struct opt *o;
	size_t n = 0;
	char *s;

	memset(a, 0, sizeof(*a));
	a->cmd = cmd;
	a->argc = argc;
	a->argv = argv;
	for (o = cmd->opts; o->name; o++)
		n++;
	a->longs = xcalloc(n + 1, sizeof(*a->longs));
	a->given = xcalloc(n + 1, sizeof(*a->given));
	a->shorts = xcalloc(2 * n + 4, 1);
	s = a->shorts;
	if (cmd->stop_at_word)
		*s++ = '+';
	*s++ = ':';	/* tell a missing argument from an unknown option */
	for (n = 0, o = cmd->opts; o->name; n++, o++) {
		a->longs[n].name = o->name;
		a->longs[n].has_arg = o->arg ? required_argument : no_argument;
		a->longs[n].val = o->id;
		if (o->id >= OPT_LONG)
			continue;
		*s++ = o->id;
		if (o->arg)
			*s++ = ':';
	}
	opterr = 0;
	optind = 0;	/* glibc: forget an earlier command line */
}

/**
 * args_end() - release what reading a command line took
 * @a: from args_begin(), or zeroes
 */
void args_end(struct args *a)
{
	free(a->longs);
	free(a->shorts);
	free(a->given);
	memset(a, 0, sizeof(*a));
}

/**
 * args_usage() - fail because a command was not used as it is meant to be
 * @a: the command line
 * @err: the error
 * @fmt: as printf
 *
 * Return: -1 always, ST_USAGE in @err.
 */
int args_usage(const struct args *a, struct error **err, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	return error_make(err, ST_USAGE, 0, "%s (try `" PROGRAM " %s --help`)",
			  text, a->cmd->name);
}

/**
 * parse_u64() - read a number, strictly
 * @s: decimal digits and nothing else
 * @max: the greatest that is accepted
 * @v: the number
 *
 * Return: 0, or -1.
 */
int parse_u64(const char *s, uint64_t max, uint64_t *v)
{
	uint64_t n = 0;

	if (!*s)
		return -1;
	for (; *s; s++)
		if (!isdigit((unsigned char)*s) ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *s - '0', &n))
			return -1;
	if (n > max)
		return -1;
	*v = n;
	return 0;
}

/**
 * args_selector() - the option that a word lacks which is to name a record
 * @word: a number or a name
 *
 * Return: the option.
 */
const char *args_selector(const char *word)
{
	uint64_t n;

	if (parse_u64(word, UINT32_MAX, &n) < 0)
		return "--container";
	/* the kernel numbers namespaces from here on */
	return n < 0xeffffff0 ? "--id" : "--ns";
}

/* @word is no @what; a name is none of a number, either */
static int no_number(const struct args *a, const char *word, const char *what, struct error **err)
{
	return args_usage(a, err, isalpha((unsigned char)*word) && !strchr(word, '[') ?
			  "`%s` is no %s: a name goes with --container" : "`%s` is no %s", word, what);
}

/**
 * parse_label() - may this be a record's label?
 * @s: the label
 * @err: why not
 *
 * Return: 0, or -1 and @err.
 */
int parse_label(const char *s, struct error **err)
{
	const char *c;

	if (!*s)
		return error_make(err, ST_USAGE, 0, "a label cannot be empty");
	if (strlen(s) > SCTRACE_LABEL_MAX)
		return error_make(err, ST_USAGE, 0,
				  "a label has at most %d bytes",
				  SCTRACE_LABEL_MAX);
	for (c = s; *c; c++)
		if (*c <= ' ' || *c > '~')
			return error_make(err, ST_USAGE, 0,
					  "label `%s`: only printable ASCII without blanks",
					  s);
	return 0;
}

static int select_by(struct args *a, struct cmd_opts *o, unsigned int by,
		     struct error **err)
{
	const char *v = a->value;
	char inum[16] = "";
	size_t n;

	if (o->sel.by)
		return args_usage(a, err,
				  "only one of " SELECTORS);
	o->sel.by = by;
	switch (by) {
	case SCTRACE_A_INUM:
		/* as readlink /proc/PID/ns/pid prints it */
		n = strlen(v);
		if (!strncmp(v, "pid:[", 5) && n < 5 + sizeof(inum) &&
		    v[n - 1] == ']') {
			memcpy(inum, v + 5, n - 6);
			v = inum;
		}
		if (parse_u64(v, UINT32_MAX, &o->sel.number) < 0 ||
		    !o->sel.number)
			return no_number(a, a->value, "namespace number", err);
		return 0;
	case SCTRACE_A_PID:
		if (parse_u64(v, INT32_MAX, &o->sel.number) < 0 ||
		    !o->sel.number)
			return no_number(a, v, "process ID", err);
		return 0;
	case SCTRACE_A_ID:
		if (parse_u64(v, UINT64_MAX, &o->sel.number) < 0 ||
		    !o->sel.number)
			return no_number(a, v, "record ID", err);
		return 0;
	case SELECT_CONTAINER:
	case SELECT_UNIT:
	case SELECT_CGROUP:
		if (!*v)
			return args_usage(a, err, by == SELECT_CGROUP ? "--cgroup needs a path" :
					  by == SELECT_UNIT ? "--unit needs a name" :
					  "--container needs a name");
		o->sel.label = v;
		return 0;
	default:
		o->sel.label = v;
		return parse_label(v, err);
	}
}

/**
 * args_unknown() - fail because an option has a value that it cannot have
 * @a: the command line
 * @err: the error
 * @id: of the option
 * @what: what the value is to be: "stage"
 *
 * Return: -1 always.
 */
int args_unknown(const struct args *a, struct error **err, int id, const char *what)
{
	cleanup_free char *meant = words_meant(a, id);
	cleanup_free char *list = words_list(a, id);

	/* a long list says less than nothing */
	if (*meant || !list)
		return args_usage(a, err, "unknown %s `%s`%s", what, a->value, meant);
	return args_usage(a, err, "unknown %s `%s`: there are %s", what, a->value, list);
}

static int unknown_errno(const struct args *a, struct error **err)
{
	cleanup_free char *meant = words_meant(a, OPT_ERRNO);

	return args_usage(a, err, "unknown errno `%s`%s", a->value,
			  *meant ? meant : ": it has a name, as EPERM, or a number, 1 to 4095");
}

static int choose_runtime(struct args *a, struct cmd_opts *o, bool may_guess,
			  struct error **err)
{
	int id = may_guess ? OPT_RUNTIME_OR_AUTO : OPT_RUNTIME;

	if (runtime_parse(a->value, &o->runtime) < 0 ||
	    (o->runtime.seen && !may_guess)) {
		cleanup_free char *meant = words_meant(a, id);
		cleanup_free char *name = xstrndup(a->value, strcspn(a->value, "=,"));
		struct runtime_choice bare = { 0 };
		cleanup_free char *only = xasprintf("`%s`", name);

		/* the name is right, so that is not what is wrong */
		if (a->value[strlen(name)] && !runtime_parse(name, &bare) &&
		    (may_guess || !bare.seen) && (!*meant || strstr(meant, only)))
			return args_usage(a, err, "`%s`: what follows `%s` is not known: as in runc=1.1,nnp,exec,user",
					  a->value, name);
		return args_usage(a, err, *meant ? "unknown runtime `%s`%s" :
				  "unknown runtime `%s`: there are %scrun, runc and none, as in runc=1.1,nnp,exec,user",
				  a->value, *meant ? meant : may_guess ? "auto, " : "");
	}
	o->runtime_given = true;
	return 0;
}

static int common(struct args *a, int id, struct cmd_opts *o,
		  struct error **err)
{
	switch (id) {
	case OPT_CONTAINER:
		return select_by(a, o, SELECT_CONTAINER, err);
	case OPT_UNIT:
		return select_by(a, o, SELECT_UNIT, err);
	case OPT_CGROUP:
		return select_by(a, o, SELECT_CGROUP, err);
	case OPT_NS:
		return select_by(a, o, SCTRACE_A_INUM, err);
	case OPT_PID:
		return select_by(a, o, SCTRACE_A_PID, err);
	case OPT_LABEL:
		return select_by(a, o, SCTRACE_A_LABEL, err);
	case OPT_ID:
		return select_by(a, o, SCTRACE_A_ID, err);
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_STRICT:
		o->strict = true;
		return 0;
	case OPT_COUNTS:
		o->counts = true;
		return 0;
	case OPT_PORTABLE:
		o->portable = true;
		return 0;
	case OPT_NO_REFUSED:
		o->no_refused = true;
		return 0;
	case OPT_INCLUDE_REFUSED:
		o->include_refused = true;
		return 0;
	case OPT_EXACT:
		o->exact = true;
		return 0;
	case OPT_STAGE:
		if (strcmp(a->value, "workload") && strcmp(a->value, "all"))
			return args_unknown(a, err, id, "stage");
		o->setup = !strcmp(a->value, "all");
		return 0;
	case OPT_NO_EXEC:
		o->no_exec = true;
		return 0;
	case OPT_ARGS:
		if (args_parse(a->value, &o->args) < 0)
			return args_unknown(a, err, id, "mode");
		o->args_given = true;
		return 0;
	case OPT_GROUPS:
		o->groups = a->value;
		return systemd_groups_check(a->value, err);
	case OPT_RUNTIME_OR_AUTO:
	case OPT_RUNTIME:
		return choose_runtime(a, o, id == OPT_RUNTIME_OR_AUTO, err);
	case 'o':
		if (!*a->value)
			return args_usage(a, err, "--output needs a file name");
		o->output = a->value;
		return 0;
	case OPT_FORMAT:
		if (format_parse(a->value, true, &o->format))
			return args_usage(a, err, "%s",
					  format_unknown(a->value, true));
		o->format_given = true;
		return 0;
	case OPT_BASE:
		o->base_path = a->value;
		return 0;
	case OPT_ERRNO:
		o->def_errno = profile_errno_parse(a->value);
		if (o->def_errno <= 0)
			return unknown_errno(a, err);
		o->errno_given = true;
		return 0;
	case OPT_DEFAULT_ACTION:
		if (profile_action_parse(a->value, &o->def_action) < 0)
			return args_unknown(a, err, id, "action");
		o->action_given = true;
		return 0;
	case 'q':
		verbosity = -1;
		return 0;
	case 'v':
		verbosity = 1;
		return 0;
	case 'h':
		command_help(a->cmd);
		o->help = true;
		return 0;
	default:
		return id;
	}
}

/* What getopt calls an option that it does not like */
static const char *culprit(const struct args *a)
{
	static char letter[3] = "-?";
	const struct opt *o;

	/* a letter from a cluster: the word itself may be passed already */
	if (optopt && optopt < OPT_LONG) {
		for (o = a->cmd->opts; o->name; o++)
			if (o->id == optopt && optind > 0 &&
			    !strncmp(a->argv[optind - 1], "--", 2))
				return a->argv[optind - 1];
		letter[1] = optopt;
		return letter;
	}
	return optind > 0 ? a->argv[optind - 1] : "?";
}

/* The option whose long name stands after one dash, or NULL: -json is read as letters */
static const struct opt *one_dash(const struct args *a)
{
	const struct opt *o;
	int i;

	for (i = optind - 1; i <= optind; i++) {
		if (i < 1 || i >= a->argc || a->argv[i][0] != '-')
			continue;
		for (o = a->cmd->opts; o->name; o++)
			if (!strcmp(a->argv[i] + 1, o->name))
				return o;
	}
	return NULL;
}

/* The options that begin with what was typed, with commas; "" where none or one does */
static char *beginning_with(const struct args *a, const char *typed)
{
	char *list = xstrdup("");
	const struct opt *o;
	unsigned int n = 0;

	for (o = a->cmd->opts; o->name; o++) {
		char *more;

		if (strncmp(o->name, typed, strlen(typed)))
			continue;
		more = xasprintf("%s%s--%s", list, n++ ? ", " : "", o->name);
		free(list);
		list = more;
	}
	if (n < 2)
		*list = '\0';
	return list;
}

/* An option that is none: the nearest of those that are */
static int unknown_option(struct args *a, struct error **err)
{
	const char *word = culprit(a);
	cleanup_free char *name = NULL, *several = NULL;
	struct guess g;
	const struct opt *o;
	bool first = !command_find(a->argv[0]);	/* no command stood before it */
	int i;

	for (i = 1; first && i < a->argc; i++)
		if (command_find(a->argv[i]))
			return args_usage(a, err,
					  "unknown option `%s`: the options of `%s` come after it",
					  word, a->argv[i]);
	if (strncmp(word, "--", 2)) {
		o = one_dash(a);
		return args_usage(a, err, "unknown option `%s`%s%s%s", word,
				  o ? ": did you mean `--" : "", o ? o->name : "", o ? "`?" : "");
	}
	name = xstrndup(word + 2, strcspn(word + 2, "="));
	several = beginning_with(a, name);
	if (*several)
		return args_usage(a, err, "option `%s` may be one of %s", word, several);
	g = (struct guess)GUESS_INIT(name);
	for (o = a->cmd->opts; o->name; o++)
		guess_try(&g, o->name);
	if (first)
		guess_try(&g, "version");
	for (i = 0; first && !g.best && commands[i]; i++) {
		guess_try(&g, commands[i]->name);
		if (g.best)
			return args_usage(a, err, "unknown option `%s`: did you mean `" PROGRAM " %s`?",
					  word, g.best);
	}
	if (!g.best)
		return args_usage(a, err, "unknown option `%s`", word);
	return args_usage(a, err, "unknown option `%s`: did you mean `--%s`?", word, g.best);
}

/* Of two values of one option the last would count, and the first be forgotten in silence */
static int only_once(struct args *a, int id, struct error **err)
{
	const struct opt *o;
	size_t i;

	for (i = 0, o = a->cmd->opts; o->name && o->id != id; o++)
		i++;
	if (!o->name || !o->arg || strstr(o->arg, "..."))
		return 0;
	if (a->given[i])
		return args_usage(a, err, "only one --%s", o->name);
	a->given[i] = true;
	return 0;
}

/**
 * args_next() - read the next option
 * @a: the command line
 * @o: gets the options that commands have in common
 * @err: what is wrong with it
 *
 * Return: the identifier of an option of the command's own, 0 at the end of
 * the options or with @o->help set, -1 and @err.
 */
int args_next(struct args *a, struct cmd_opts *o, struct error **err)
{
	int id, ret;

	for (;;) {
		id = getopt_long(a->argc, a->argv, a->shorts, a->longs, NULL);
		a->value = optarg;
		switch (id) {
		case -1:
			return 0;
		case ':':
			return args_usage(a, err, "option `%s` needs a value",
					  culprit(a));
		case '?':
			if (optopt < OPT_LONG)
				return unknown_option(a, err);
			return args_usage(a, err, "option `%s` takes no value",
					  culprit(a));
		}
		ret = common(a, id, o, err);
		if (ret >= 0 && only_once(a, id, err) < 0)
			return -1;
		if (ret || o->help)
			return ret;
	}
}

/**
 * args_words() - what is left after the options
 * @a: the command line, read to its end
 * @words: the words
 *
 * Return: how many.
 */
int args_words(const struct args *a, char ***words)
{
	*words = a->argv + optind;
	return a->argc - optind;
}

/**
 * args_none() - nothing may be left after the options
 * @a: the command line, read to its end
 * @err: what is there, and the option that it lacks
 *
 * Return: 0, or -1 and @err.
 */
int args_none(const struct args *a, struct error **err)
{
	const struct opt *o;
	const char *word;

	if (optind >= a->argc)
		return 0;
	word = a->argv[optind];
	for (o = a->cmd->opts; o->name; o++)
		if (o->id == OPT_CONTAINER)
			return args_usage(a, err, "what is `%s`? A record is named as in `%s %s`",
					  word, args_selector(word), word);
	return args_usage(a, err, "what is `%s`?", word);
}

/**
 * args_all() - read a command line that has common options only and no words
 * @cmd: the command
 * @argc: with the command's name
 * @argv: with the command's name
 * @o: gets the options; look at @o->help first
 * @err: what is wrong with it
 *
 * Return: 0, or -1 and @err.
 */
int args_all(const struct command *cmd, int argc, char **argv,
	     struct cmd_opts *o, struct error **err)
{
	cleanup_args struct args a;

	args_begin(&a, cmd, argc, argv);
	if (args_next(&a, o, err) < 0)
		return -1;
	if (o->help)
		return 0;
	return args_none(&a, err);
}

#define HELP_INDENT	28	/* of what an option does */
#define HELP_NARROW	8	/* ... where there is no room beside it */

/* No wider than a page, on a terminal no wider than that */
static int help_width(void)
{
	unsigned int n = isatty(STDOUT_FILENO) ? term_width(STDOUT_FILENO) : TERM_WIDTH;

	return n < TERM_WIDTH ? n : TERM_WIDTH;
}

/**
 * help_wrap() - print words of a help text
 * @s: the words; a line that begins with a blank stays as it is
 * @at: the column in which the cursor is
 * @indent: of the lines that follow
 */
void help_wrap(const char *s, int at, int indent)
{
	int len, width = help_width();

	while (*s) {
		if (!at && (*s == ' ' || *s == '\n')) {
			len = strcspn(s, "\n");
			printf("%.*s\n", len, s);
			s += len + (s[len] == '\n');
			continue;
		}
		if (*s == '\n') {
			s++;
			if (*s == '\n' || *s == ' ') {
				printf("\n");
				at = 0;
			}
			continue;
		}
		len = strcspn(s, " \n");
		if (len && at > indent && at + 1 + len > width) {
			printf("\n%*s", indent, "");
			at = indent;
		} else if (len && at > indent) {
			at += printf(" ");
		}
		at += printf("%.*s", len, s);
		s += len + (s[len] == ' ');
	}
	if (at)
		printf("\n");
}

/**
 * command_help() - print what a command is for and its options
 * @cmd: the command
 */
void command_help(const struct command *cmd)
{
	cleanup_free char *usage = xasprintf(PROGRAM " %s [OPTION]...%s%s", cmd->name,
					     cmd->args ? " " : "", cmd->args ? cmd->args : "");
	int at, indent = help_width() < 2 * HELP_INDENT ? HELP_NARROW : HELP_INDENT;
	const struct opt *o;

	help_wrap(usage, printf("usage: "), 7);
	printf("\n");
	help_wrap(cmd->summary, 0, 0);
	printf("\n");
	for (o = cmd->opts; o->name; o++) {
		if (o->id < OPT_LONG)
			at = printf("  -%c, --%s", o->id, o->name);
		else
			at = printf("      --%s", o->name);
		if (o->arg)
			at += printf(" %s", o->arg);
		if (at + 2 > indent) {
			printf("\n");
			at = 0;
		}
		printf("%*s", indent - at, "");
		help_wrap(o->help, indent, indent);
	}
	if (cmd->more) {
		printf("\n");
		help_wrap(cmd->more, 0, 0);
	}
}
