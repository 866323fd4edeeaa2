/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that say what a decision diagram says. */
#ifndef SCTRACE_EMIT_H
#define SCTRACE_EMIT_H

#include "dd.h"

/* comparisons of different arguments; all must hold */
struct emit_term {
	uint32_t value;		/* SECCOMP_RET_* with data */
	struct profile_arg args[PROFILE_MAX_ARGS];
	size_t n;
};

struct emit_list {
	struct emit_term *v;
	size_t n;
	uint64_t never[PROFILE_MAX_ARGS];	/* see EMIT_NEVER */
};

/*
 * No list of rules says it: with 32-bit registers a call with some lower halves of its
 * arguments is not to get the default, and with 64-bit registers it is to get it whatever
 * the upper halves are.  A rule that holds for the one holds for some of the other.
 */
#define EMIT_NEVER	(-2)

/* how many ways there are to write the same */
unsigned int emit_ways(void);
int emit_terms(struct dd *m, dd_t f, const dd_t *narrow, dd_t care,
	       uint32_t def, unsigned int way, struct emit_list *to);
void emit_free(struct emit_list *l);

#endif
