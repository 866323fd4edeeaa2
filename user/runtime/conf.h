/* SPDX-License-Identifier: GPL-2.0 */
/* How this machine wants its containers recorded: /etc/sctrace/runtime.conf. */
#ifndef SCTRACE_RUNTIME_CONF_H
#define SCTRACE_RUNTIME_CONF_H

#include <stdbool.h>
#include <stddef.h>

struct rt_conf {
	char *runtime;		/* a name or a path, or NULL */
	char *tool;		/* path of sctrace-nl, or NULL */
	char *env;		/* the variable that stands for the annotation, or NULL */
	char **options;		/* for sctrace-nl hook */
	size_t n_options;
	unsigned int timeout;	/* seconds that it may take */
	bool strict;
	char *wrong;		/* what is wrong with the file, or NULL */
};

void rt_conf_load(struct rt_conf *c);
void rt_conf_free(struct rt_conf *c);
char *rt_conf_runtime(const struct rt_conf *c, const char *argv0, char **why);
char *rt_conf_tool(const struct rt_conf *c);

#endif
