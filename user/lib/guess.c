// SPDX-License-Identifier: GPL-2.0
/* What was meant by a word that is not known. */
#include <ctype.h>
#include <stdbool.h>

#include "guess.h"
#include "util.h"

#define MAX_WORD	64

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/**
 * guess_distance() - how many slips make one word of the other?
 * @a: one word
 * @b: the other
 *
 * A slip is a letter that is left out, added or another one, or two neighbours
 * that changed places (Damerau and Levenshtein, each place touched once).  Upper
 * and lower case are the same letter.
 *
 * Return: their number; MAX_WORD for words that are longer than that.
 */
unsigned int guess_distance(const char *a, const char *b)
{
	/* rows of the table: before the last, last, this one */
	unsigned int rows[3][MAX_WORD + 1], *two = rows[0], *one = rows[1];
	unsigned int *row = rows[2], *free_row;
	size_t i, j, n = strlen(a), m = strlen(b);

	if (n >= MAX_WORD || m >= MAX_WORD)
		return MAX_WORD;
	for (j = 0; j <= m; j++)
		one[j] = j;
	for (i = 1; i <= n; i++) {
		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = least(least(one[j], row[j - 1]) + 1,
				       one[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], two[j - 2] + 1);
		}
		free_row = two;
		two = one;
		one = row;
		row = free_row;
	}
	return one[m];
}

/**
 * guess_try() - is this what was meant?
 * @g: the guess so far
 * @candidate: a word that would be right; kept, not copied
 *
 * A third of the letters may be wrong; one always may.
 */
void guess_try(struct guess *g, const char *candidate)
{
	size_t n = strlen(g->word), m = strlen(candidate);
	unsigned int d, most = n < 6 ? 1 : n / 3;

	/* as many slips as the lengths differ, at least */
	if (n > m + most || m > n + most)
		return;
	d = guess_distance(g->word, candidate);
	if (d > most || d >= m || (g->best && d >= g->distance))
		return;
	g->best = candidate;
	g->distance = d;
}

/**
 * guess_take() - this is what was meant
 * @g: the guess
 * @candidate: a word that would be right, and is known to be another form of it
 */
void guess_take(struct guess *g, const char *candidate)
{
	g->best = candidate;
	g->distance = 0;
}

/**
 * guess_text() - the guess for the end of a message
 * @g: the guess, after all candidates
 *
 * Return: ": did you mean `WORD`?", or "" where nothing came near; lives as
 * long as @g.
 */
const char *guess_text(struct guess *g)
{
	g->text[0] = '\0';
	if (g->best)
		snprintf(g->text, sizeof(g->text), ": did you mean `%s`?",
			 g->best);
	return g->text;
}
