// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl intersect: what all of several profiles permit. */

#include "sets.h"

static const struct opt opts[] = {
	OPTS_INPUT,
	OPTS_RESULT,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return sets_run(cmd, argc, argv, algebra_intersect, 2, err);
}

const struct command cmd_intersect = {
	.name = "intersect",
	.summary = "write a profile that permits what all of the given ones permit",
	.args = "FILE FILE...",
	.opts = opts,
	.run = run,
};
