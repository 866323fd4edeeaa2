/* SPDX-License-Identifier: GPL-2.0 */
/* What container runtimes call between their filter and the program. */
#ifndef SCTRACE_RUNTIME_H
#define SCTRACE_RUNTIME_H

#include "profile.h"

struct runtime_base {
	const char *runtime;	/* "crun" */
	const char *from;	/* first version that it holds for */
	bool nnp;		/* noNewPrivileges: the filter goes in last */
	const char *source;	/* how it is known, and of which versions */
	const char *const *needed;	/* fatal when refused */
	const char *const *called;	/* refusal is survived */
};

const struct runtime_base *runtime_find(const char *runtime,
					const char *version, bool nnp);
const struct runtime_base *runtime_all(size_t *n);
int runtime_parse(const char *s, const char **runtime, char **version,
		  bool *nnp);
const struct runtime_base *runtime_noise(const struct runtime_base *b);
void runtime_add(struct profile *p, const struct runtime_base *b,
		 struct profile_notes *notes);
void runtime_missing(const struct profile *p, const struct runtime_base *b,
		     struct strset *missing);

#endif
