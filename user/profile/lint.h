/* SPDX-License-Identifier: GPL-2.0 */
/* What breaks a profile in the field. */
#ifndef SCTRACE_LINT_H
#define SCTRACE_LINT_H

#include "profile.h"
#include "runtime.h"

struct finding {
	const char *id;		/* "redundant-rule" */
	bool harmless;		/* worth knowing, no reason to fail */
	char *text;
};

struct findings {
	struct finding *v;
	size_t n;
};

struct lint_opts {
	const struct runtime_base *runtime;	/* or NULL: any will do */
	unsigned int needs;	/* enum runtime_need: an error to lack it */
	bool no_runtime;	/* it is not for a container */
	const char *kernel;	/* oldest target, or NULL */
};

void lint(const struct profile *p, const struct lint_opts *o,
	  struct findings *f);
void findings_free(struct findings *f);

#endif
