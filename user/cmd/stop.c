// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl stop: stop recording; what was recorded stays. */

#include "control.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return control_run(cmd, argc, argv, client_stop, "stopped", true, err);
}

const struct command cmd_stop = {
	.name = "stop",
	.summary = "stop recording; what was recorded stays",
	.opts = opts,
	.run = run,
};
