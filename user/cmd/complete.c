// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace-nl complete: what may come next on a command line. The shells' own files hand on
 * what was typed and offer what is printed here, so that no list stands twice.
 */

#include <getopt.h>
#include <strings.h>
#include "lib/file.h"
#include "words.h"

static const struct opt opts[] = {
	OPTS_COMMON
};

/* What was typed, and what of the last word is to be printed with each answer */
struct line {
	char **word;
	size_t n;		/* the last is the one to be completed */
	size_t skip;		/* bytes of it that the shell takes for a word before */
};

/*
 * bash takes `=` and `:` for words of their own: what stood together is put together
 * again. Which blanks there were it does not tell; these words never stand alone.
 */
static void join(struct line *l)
{
	size_t i, to = 0;

	for (i = 0; i < l->n; i++) {
		bool sign = to && (!strcmp(l->word[i], "=") || !strcmp(l->word[i], ":"));
		bool last = i + 1 == l->n;

		if (!sign) {
			l->word[to++] = l->word[i];
			continue;
		}
		/* freed by nobody: the program ends */
		l->word[to - 1] = xasprintf("%s%s%s", l->word[to - 1], l->word[i],
					    last ? "" : l->word[i + 1]);
		if (i + 2 >= l->n)
			l->skip = strlen(l->word[to - 1]) - (last ? 0 : strlen(l->word[i + 1]));
		i++;
	}
	l->n = to;
}

/* Of a list with commas only the last is completed */
static size_t before(const struct opt *o, const char *value)
{
	const char *comma = strrchr(value, ',');

	return comma && (!strncmp(o->arg, "CAP", 3) || !strcmp(o->arg, "WORDS")) ? comma + 1 - value : 0;
}

/* Capabilities may be spelt as the kernel does, and in any case */
static bool begins(const char *word, const char *typed, size_t *lead)
{
	*lead = 0;
	if (!strncmp(word, typed, strlen(typed)))
		return true;
	if (*word < 'A' || *word > 'Z')
		return false;
	if (!strncasecmp(typed, "CAP_", 4)) {
		*lead = 4;
		typed += 4;
	}
	return !strncasecmp(word, typed, strlen(typed));
}

/* @typed: the word so far, of which the first @keep bytes stay as they are */
static void offer(const struct line *l, const struct words *w, const char *typed, size_t keep)
{
	static const char *const others[] = {
		[WORDS_FILES] = ":files", [WORDS_DIRS] = ":dirs",
	};
	size_t i, lead;

	for (i = 0; i < w->n; i++) {
		cleanup_free char *whole = NULL;

		if (!begins(w->word[i], typed + keep, &lead))
			continue;
		whole = xasprintf("%.*s%.*s%s", (int)keep, typed, (int)lead, typed + keep,
				  w->word[i]);
		if (strlen(whole) < l->skip)
			continue;
		printf("%s%s%s\n", whole + l->skip, w->about[i] ? "\t" : "",
		       w->about[i] ? w->about[i] : "");
	}
	if (w->are == WORDS_FILES || w->are == WORDS_DIRS)
		printf("%s %zu\n", others[w->are], keep > l->skip ? keep - l->skip : 0);
}

static const struct opt *find_option(const struct command *cmd, const char *word, size_t len)
{
	const struct opt *o;

	for (o = cmd->opts; o->name; o++)
		if (strlen(o->name) == len && !strncmp(o->name, word, len))
			return o;
	return NULL;
}

static const struct opt *find_letter(const struct command *cmd, char c)
{
	const struct opt *o;

	for (o = cmd->opts; o->name; o++)
		if (o->id == c)
			return o;
	return NULL;
}

/* The option whose value the next word is, or NULL */
static const struct opt *wants_value(const struct command *cmd, const char *word)
{
	const struct opt *o = NULL;
	const char *s;

	if (!strncmp(word, "--", 2)) {
		o = find_option(cmd, word + 2, strlen(word + 2));
		return o && o->arg ? o : NULL;
	}
	for (s = word + 1; *word == '-' && *s; s++) {
		o = find_letter(cmd, *s);
		if (o && o->arg)
			return s[1] ? NULL : o;
	}
	return NULL;
}

static void add_commands(struct words *w)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		words_add(w, commands[i]->name, commands[i]->summary);
	words_add(w, "help", "print the help of a command");
}

static void add_options(const struct command *cmd, struct words *w)
{
	const struct opt *o;

	for (o = cmd->opts; o->name; o++) {
		cleanup_free char *word = xasprintf("--%s", o->name);

		words_add(w, word, o->help);
	}
}

static void complete_value(const struct line *l, const struct opt *o, const char *typed,
			   size_t from)
{
	cleanup_words struct words w = { 0 };

	words_of_option(o, &w);
	offer(l, &w, typed, from + before(o, typed + from));
}

/* @first: the word after the command */
static void complete_command(const struct line *l, const struct command *cmd, size_t first)
{
	const char *last = l->word[l->n - 1], *equals;
	cleanup_words struct words w = { 0 };
	bool options = true;
	unsigned int at = 0;
	const struct opt *o;
	size_t i;

	for (i = first; i + 1 < l->n; i++) {
		const char *word = l->word[i];

		if (options && !strcmp(word, "--")) {
			options = false;
		} else if (options && *word == '-' && word[1]) {
			o = wants_value(cmd, word);
			if (!o)
				continue;
			if (i + 2 == l->n) {
				complete_value(l, o, last, 0);
				return;
			}
			i++;
		} else if (!cmd->stop_at_word) {
			at++;
		} else {
			break;
		}
	}
	if (cmd->stop_at_word && (i + 1 < l->n || !options)) {
		printf(":command %zu\n", i);
		return;
	}
	equals = options && !strncmp(last, "--", 2) ? strchr(last, '=') : NULL;
	if (equals) {
		o = find_option(cmd, last + 2, equals - last - 2);
		if (o && o->arg)
			complete_value(l, o, last, equals + 1 - last);
		return;
	}
	if (options && *last == '-') {
		add_options(cmd, &w);
		offer(l, &w, last, 0);
		return;
	}
	words_of_command(cmd, at, &w);
	if (w.are == WORDS_COMMAND)
		printf(":command %zu\n", i);
	else
		offer(l, &w, last, 0);
}

static void complete(struct line *l)
{
	cleanup_words struct words w = { 0 };
	const struct command *cmd;
	size_t i = 0;

	/* how much to say may stand before the command, too */
	while (i + 1 < l->n && (!strcmp(l->word[i], "-q") || !strcmp(l->word[i], "-v") ||
				!strcmp(l->word[i], "--quiet") ||
				!strcmp(l->word[i], "--verbose")))
		i++;
	if (*l->word[i] == '-') {
		if (i + 1 == l->n)
			words_add(&w, "--version", "print versions");
		offer(l, &w, l->word[i], 0);
		complete_command(l, &cmd_profile, i);
		return;
	}
	if (i + 1 == l->n) {
		add_commands(&w);
		offer(l, &w, l->word[i], 0);
		return;
	}
	if (!strcmp(l->word[i], "help")) {
		add_commands(&w);
		if (i + 2 == l->n)
			offer(l, &w, l->word[i + 1], 0);
		return;
	}
	cmd = command_find(l->word[i]);
	if (cmd)
		complete_command(l, cmd, i + 1);
}

static int run(const struct command *cmd, int argc, char **argv, struct error **err)
{
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	struct line l = { 0 };
	char **words;
	int n;

	args_begin(&a, cmd, argc, argv);
	if (args_next(&a, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	n = args_words(&a, &words);
	if (n < 2 || (strcmp(words[0], "bash") && strcmp(words[0], "zsh") &&
		      strcmp(words[0], "fish")))
		return args_usage(&a, err, "which shell? bash, zsh or fish, and the words so far");
	l.word = words + 1;
	l.n = n - 1;
	if (!strcmp(words[0], "bash"))
		join(&l);
	/* what goes wrong is no matter of who presses a key */
	verbosity = -1;
	complete(&l);
	return file_stdout_done(err);
}

const struct command cmd_complete = {
	.name = "complete",
	.summary = "tell a shell what may come next on a command line",
	.args = "SHELL WORD...",
	.more = "SHELL is bash, zsh or fish, whose completion files call this. A line is a word and,\n"
		"after a tab, what it means; `:files N`, `:dirs N` and `:command N` leave it to the\n"
		"shell, after N bytes or from word N on.",
	.opts = opts,
	.run = run,
	.stop_at_word = true,
};
