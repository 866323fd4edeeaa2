// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl merge: what any of several profiles permits. */

#include "sets.h"

static const struct opt opts[] = {
	OPTS_INPUT,
	{ OPT_BASE, "base", "FILE", "add to this profile; what it blocks stays blocked" },
	OPTS_RESULT,
	OPTS_COUNTS,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return sets_run(cmd, argc, argv, algebra_union, 1, err);
}

const struct command cmd_merge = {
	.name = "merge",
	.summary = "write a profile that permits what any of the given ones permits",
	.args = "FILE...",
	.more = "One FILE alone is converted. What one profile cannot say, as other calls for each\n"
		"architecture, is an error that names the call.",
	.opts = opts,
	.run = run,
};
