/* SPDX-License-Identifier: GPL-2.0 */
/* What can stand on a command line: for shells that complete it, and for guesses. */
#ifndef SCTRACE_CMD_WORDS_H
#define SCTRACE_CMD_WORDS_H

#include "cmd.h"

enum words_are {
	WORDS_ANY,		/* whatever one likes */
	WORDS_LISTED,		/* these only */
	WORDS_FILES,		/* or these */
	WORDS_DIRS,
	WORDS_COMMAND,		/* a program and its arguments */
};

/* Words, each with what it means, or NULL */
struct words {
	char **word, **about;
	size_t n;
	enum words_are are;
};

void words_add(struct words *w, const char *word, const char *about);
void words_free(struct words *w);
void words_of_option(const struct opt *o, struct words *w);
void words_of_command(const struct command *cmd, unsigned int at, struct words *w);
char *words_meant(const struct args *a, int id);
char *words_list(const struct args *a, int id);

#define cleanup_words	__cleanup(words_free)

#endif
