/* SPDX-License-Identifier: GPL-2.0 */
/* Is a container to be recorded? A look at the text of its config.json. */
#ifndef SCTRACE_RUNTIME_LOOK_H
#define SCTRACE_RUNTIME_LOOK_H

#include <stdbool.h>
#include <stddef.h>

struct rt_look {
	bool asked;		/* it may be: sctrace-nl is to look closer */
	bool strict;		/* and says `strict` */
};

void rt_look(const char *text, size_t len, const char *env, struct rt_look *l);

#endif
