// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl subtract: what one profile permits and others do not. */

#include "sets.h"

static const struct opt opts[] = {
	OPTS_INPUT,
	OPTS_RESULT,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return sets_run(cmd, argc, argv, algebra_subtract, 2, err);
}

const struct command cmd_subtract = {
	.name = "subtract",
	.summary = "write a profile of what the first permits and no other does",
	.args = "FROM FILE...",
	.opts = opts,
	.run = run,
};
