/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles by chance, the same for the same seed. */
#ifndef SCTRACE_TEST_RANDOM_PROFILE_H
#define SCTRACE_TEST_RANDOM_PROFILE_H

#include "profile/algebra.h"

struct chance {
	uint64_t state;
};

/* what a profile may contain */
#define RANDOM_ARGS	1	/* comparisons of arguments */
#define RANDOM_HIGH	2	/* with values beyond 32 bits */
#define RANDOM_CONDS	4	/* includes and excludes */
#define RANDOM_ACTIONS	8	/* rules that refuse, other defaults */
#define RANDOM_ABIS	16	/* others than x86-64 */
#define RANDOM_MANY	32	/* hundreds of rules for one call */
#define RANDOM_PLAIN	64	/* names of calls whose arguments no rule looks at */
#define RANDOM_MUX	128	/* socketcall and ipc, and calls that go through them */

#define RANDOM_NAMES	17

extern const char *const random_names[RANDOM_NAMES];

uint32_t chance(struct chance *c, uint32_t n);
struct profile *random_profile(struct chance *c, unsigned int what);

#endif
