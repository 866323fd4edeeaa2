// SPDX-License-Identifier: GPL-2.0
/*
 * The algebra against libseccomp: random pairs of profiles, every operation, and
 * what the filters of inputs and results do at every boundary of their rules.
 *
 *	fuzz_algebra PAIRS [SEED]
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/judge.h"
#include "../unit/random_profile.h"
#include "format/format.h"
#include "lib/util.h"

static const char *const ops[JUDGE_COUNT] = {
	[JUDGE_MERGE] = "merge", [JUDGE_INTERSECT] = "intersect",
	[JUDGE_SUBTRACT] = "subtract", [JUDGE_SELF] = "self",
	[JUDGE_CHECK] = "check", [JUDGE_DIFF] = "diff",
	[JUDGE_CONVERT] = "convert",
};

static void print_profile(const char *name, const struct profile *p)
{
	const struct format_opts opts = { .unchecked = true };
	struct error *err = NULL;
	cleanup_free char *text = format_write(p, FORMAT_DOCKER, &opts, NULL,
					       &err);

	fprintf(stderr, "%s: %s\n", name, text ? text : err->text);
	error_free(err);
}

/**
 * main() - the fuzzer
 * @argc: with the program's name
 * @argv: how many pairs, and from which seed on
 *
 * Return: 0 if nothing was wrong.
 */
int main(int argc, char **argv)
{
	static const unsigned int kinds[] = {
		RANDOM_ARGS,
		RANDOM_ARGS | RANDOM_ACTIONS,
		RANDOM_ARGS | RANDOM_HIGH | RANDOM_ACTIONS,
		RANDOM_ARGS | RANDOM_ABIS,
		RANDOM_ARGS | RANDOM_CONDS | RANDOM_ACTIONS,
		RANDOM_ARGS | RANDOM_HIGH | RANDOM_CONDS | RANDOM_ACTIONS |
			RANDOM_ABIS,
		RANDOM_ARGS | RANDOM_MANY,
		RANDOM_ARGS | RANDOM_CONDS | RANDOM_ACTIONS | RANDOM_PLAIN,
		RANDOM_ARGS | RANDOM_MUX | RANDOM_ABIS | RANDOM_PLAIN,
		RANDOM_ARGS | RANDOM_MUX | RANDOM_ABIS | RANDOM_ACTIONS |
			RANDOM_CONDS,
	};
	unsigned long pairs = argc > 1 ? strtoul(argv[1], NULL, 0) : 100;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	unsigned long count[JUDGE_COUNT][JUDGE_ENDLESS + 1] = { 0 }, bad = 0, i;
	int op, v;

	for (i = 0; i < pairs; i++, seed++) {
		unsigned int what = kinds[seed % ARRAY_SIZE(kinds)];
		struct chance c = { seed };
		struct profile *a = random_profile(&c, what);
		struct profile *b = random_profile(&c, what);

		for (op = 0; op < JUDGE_COUNT; op++) {
			cleanup_free char *why = NULL;

			v = judge(op, a, b, &why);
			count[op][v]++;
			if (v == JUDGE_REFUSED && getenv("VERBOSE"))
				fprintf(stderr, "%s, seed %lu: %s\n", ops[op],
					seed, why);
			if (v <= JUDGE_INPUT)
				continue;
			bad++;
			fprintf(stderr, "%s, seed %lu, kind %lu: %s\n",
				ops[op], seed, seed % ARRAY_SIZE(kinds), why);
			print_profile("a", a);
			print_profile("b", b);
		}
		profile_free(a);
		profile_free(b);
	}
	printf("%-10s %8s %8s %8s %8s %10s %8s\n", "", "right", "refused",
	       "input", "silent", "unloadable", "endless");
	for (op = 0; op < JUDGE_COUNT; op++)
		printf("%-10s %8lu %8lu %8lu %8lu %10lu %8lu\n", ops[op],
		       count[op][JUDGE_RIGHT], count[op][JUDGE_REFUSED],
		       count[op][JUDGE_INPUT], count[op][JUDGE_WRONG],
		       count[op][JUDGE_UNLOADABLE], count[op][JUDGE_ENDLESS]);
	return bad ? 1 : 0;
}
