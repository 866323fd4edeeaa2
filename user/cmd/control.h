/* SPDX-License-Identifier: GPL-2.0 */
/* The commands that only tell the module to do something to a record. */
#ifndef SCTRACE_CONTROL_H
#define SCTRACE_CONTROL_H

#include "cmd.h"

int control_run(const struct command *cmd, int argc, char **argv,
		int (*order)(struct client *c, const struct selector *sel,
			     struct error **err),
		const char *done, bool ends, struct error **err);

#endif
