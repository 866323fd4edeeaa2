/* SPDX-License-Identifier: GPL-2.0 */
/* What of a runtime's command line matters to us. The rest is the runtime's. */
#ifndef SCTRACE_RUNTIME_CMDLINE_H
#define SCTRACE_RUNTIME_CMDLINE_H

#include <stdbool.h>

struct rt_cmdline {
	bool creates;		/* `create` or `run` */
	char *config;		/* path of config.json, when it creates */
	const char *log;	/* file for the runtime's log, or NULL */
	bool log_json;
};

void rt_cmdline_parse(int argc, char *const *argv, struct rt_cmdline *c);
void rt_cmdline_free(struct rt_cmdline *c);

#endif
