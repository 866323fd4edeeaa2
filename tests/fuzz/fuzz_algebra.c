// SPDX-License-Identifier: GPL-2.0
/*
 * The algebra against libseccomp: random pairs of profiles, every operation, and
 * what the filters of inputs and results do at every boundary of their rules.
 *
 *	fuzz_algebra PAIRS [SEED]
 *	fuzz_algebra FILE FILE...	every two of these profiles
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
	[JUDGE_CONVERT] = "convert", [JUDGE_OLD] = "old",
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

static unsigned long count[JUDGE_COUNT][JUDGE_ENDLESS + 1];

/* returns whether it was right, or refused in words; @verbose: says which */
static bool try_one(enum judge_op op, const char *what, bool verbose,
		    const struct profile *a, const struct profile *b)
{
	cleanup_free char *why = NULL;
	enum judge_verdict v = judge(op, a, b, &why);

	count[op][v]++;
	if (v > JUDGE_INPUT || (verbose && v != JUDGE_RIGHT))
		fprintf(stderr, "%s, %s: %s\n", ops[op], what, why);
	return v <= JUDGE_INPUT;
}

static unsigned long random_pairs(unsigned long pairs, unsigned long seed)
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
	unsigned long bad = 0, i;
	enum judge_op op;

	for (i = 0; i < pairs; i++, seed++) {
		unsigned int what = kinds[seed % ARRAY_SIZE(kinds)];
		struct chance c = { seed };
		struct profile *a = random_profile(&c, what);
		struct profile *b = random_profile(&c, what);
		cleanup_free char *text = xasprintf("seed %lu, kind %lu", seed,
						    seed % ARRAY_SIZE(kinds));

		for (op = 0; op < JUDGE_COUNT; op++) {
			if (try_one(op, text, getenv("VERBOSE"), a, b))
				continue;
			bad++;
			print_profile("a", a);
			print_profile("b", b);
		}
		profile_free(a);
		profile_free(b);
	}
	return bad;
}

static struct profile *read_profile(const char *path)
{
	struct error *err = NULL;
	struct profile *p = format_read_file(path, FORMAT_AUTO, NULL, &err);

	if (!p)
		exit(error_report(&err));
	return p;
}

/* what two files have in common is the same in both orders, for merge, intersect and diff */
static unsigned long file_pairs(char *const *path, int n)
{
	unsigned long bad = 0;
	enum judge_op op;
	int i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++) {
			cleanup_free char *text = xasprintf("%s and %s", path[i], path[j]);
			struct profile *a = read_profile(path[i]);
			struct profile *b = read_profile(path[j]);

			for (op = 0; op < JUDGE_COUNT; op++)
				if (op == JUDGE_SELF || op >= JUDGE_CONVERT ? i == j :
				    op == JUDGE_SUBTRACT || op == JUDGE_CHECK ? i != j : i < j)
					bad += !try_one(op, text, true, a, b);
			fprintf(stderr, "%s: done\n", text);
			profile_free(a);
			profile_free(b);
		}
	return bad;
}

/**
 * main() - the fuzzer
 * @argc: with the program's name
 * @argv: how many pairs, and from which seed on; or files
 *
 * Return: 0 if nothing was wrong.
 */
int main(int argc, char **argv)
{
	unsigned long bad;
	int op;

	if (argc > 2 && !strtoul(argv[1], NULL, 0))
		bad = file_pairs(argv + 1, argc - 1);
	else
		bad = random_pairs(argc > 1 ? strtoul(argv[1], NULL, 0) : 100,
				   argc > 2 ? strtoul(argv[2], NULL, 0) : 1);
	printf("%-10s %8s %8s %8s %8s %10s %8s\n", "", "right", "refused",
	       "input", "silent", "unloadable", "endless");
	for (op = 0; op < JUDGE_COUNT; op++)
		printf("%-10s %8lu %8lu %8lu %8lu %10lu %8lu\n", ops[op],
		       count[op][JUDGE_RIGHT], count[op][JUDGE_REFUSED],
		       count[op][JUDGE_INPUT], count[op][JUDGE_WRONG],
		       count[op][JUDGE_UNLOADABLE], count[op][JUDGE_ENDLESS]);
	return bad ? 1 : 0;
}
