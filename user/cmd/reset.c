// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl reset: empty a record and go on recording. */

#include "control.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return control_run(cmd, argc, argv, client_reset, "emptied", false, err);
}

const struct command cmd_reset = {
	.name = "reset",
	.summary = "empty a record and go on recording",
	.opts = opts,
	.run = run,
};
