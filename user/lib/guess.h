/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was meant by a word that is not known: the nearest of those that are.
 *
 *	struct guess g = GUESS_INIT(word);
 *
 *	for (...)
 *		guess_try(&g, table[i].name);
 *	error_make(..., "unknown format `%s`%s", word, guess_text(&g));
 */
#ifndef SCTRACE_GUESS_H
#define SCTRACE_GUESS_H

struct guess {
	const char *word;
	const char *best;	/* NULL: nothing comes near */
	unsigned int distance;
	char text[128];
};

#define GUESS_INIT(w)	{ .word = (w) }

unsigned int guess_distance(const char *a, const char *b);
void guess_try(struct guess *g, const char *candidate);
void guess_take(struct guess *g, const char *candidate);
const char *guess_text(struct guess *g);

#endif
