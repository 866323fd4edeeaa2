/* SPDX-License-Identifier: GPL-2.0 */
/* What several runs say of a profile: which of them needed what. */
#ifndef SCTRACE_RUNS_H
#define SCTRACE_RUNS_H

#include "lib/print.h"
#include "profile/profile.h"
#include "profile/series.h"

#define SECTION_RUNS	"runs"

struct runs {
	const struct series *series;
	struct strset *added;	/* by run: what no run before had, in words */
	struct strset *only;	/* by run: what no other run had */
	struct strset hosts;
	struct strset arches;
	size_t whole;		/* runs that were */
	size_t quiet;		/* at the end so many have added nothing */
	char *words;		/* all that in a sentence */
};

void runs_build(struct runs *r, const struct series *s);
void runs_free(struct runs *r);
void runs_print(struct print *p, const struct runs *r);
char *runs_began(const struct runs *r, size_t run);

#define cleanup_runs	__cleanup(runs_free)

#endif
