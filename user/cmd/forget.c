// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl forget: drop a record. */

#include "control.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	return control_run(cmd, argc, argv, client_forget, "dropped", true, err);
}

const struct command cmd_forget = {
	.name = "forget",
	.summary = "drop a record",
	.opts = opts,
	.run = run,
};
