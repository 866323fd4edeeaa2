/* SPDX-License-Identifier: GPL-2.0 */
/* What container runtimes call between their filter and the program. */
#ifndef SCTRACE_RUNTIME_H
#define SCTRACE_RUNTIME_H

#include "profile.h"

/* What may be wanted of a container besides that it starts */
enum runtime_need {
	RUNTIME_EXEC = 1 << 0,	/* exec into it, health checks */
	RUNTIME_USER = 1 << 1,	/* users and groups other than root's */
};

struct runtime_base {
	const char *runtime;	/* "crun" */
	const char *from;	/* first version that it holds for */
	bool nnp;		/* noNewPrivileges: the filter goes in last */
	const char *source;	/* how it is known, and of which versions */
	const char *const *needed;	/* fatal when refused */
	const char *const *called;	/* refusal is survived */
	const char *const *exec;	/* RUNTIME_EXEC: fatal when refused */
	const char *const *user;	/* RUNTIME_USER: the same */
};

/* What --runtime asks for */
struct runtime_choice {
	bool seen;	/* the runtime that the record shows ("auto") */
	const struct runtime_base *base;	/* NULL: none, or not known yet */
	unsigned int needs;	/* enum runtime_need */
};

#define RUNTIME_SPELLED	"NAME[=VERSION][,nnp][,exec][,user]"

const struct runtime_base *runtime_find(const char *runtime,
					const char *version, bool nnp);
const struct runtime_base *runtime_all(size_t *n);
int runtime_parse(const char *s, struct runtime_choice *c);
const struct runtime_base *runtime_unseen(const struct runtime_base *b,
					  bool waited);
void runtime_add(struct profile *p, const struct runtime_base *b,
		 struct profile_notes *notes);
void runtime_add_needs(struct profile *p, const struct runtime_base *b,
		       unsigned int needs, struct profile_notes *notes);
void runtime_lacking(const struct profile *p, const struct runtime_base *b,
		     unsigned int need, struct strset *missing);
char *runtime_lacks(const struct profile *p, const struct runtime_base *b,
		    unsigned int need);
const char *runtime_need_text(enum runtime_need need);

#endif
