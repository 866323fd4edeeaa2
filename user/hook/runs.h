/* SPDX-License-Identifier: GPL-2.0 */
/* Which container a profile is of, and how many runs of it are in it. */
#ifndef SCTRACE_HOOK_RUNS_H
#define SCTRACE_HOOK_RUNS_H

#include <stdbool.h>

struct hook_runs {
	char container[129];	/* ID of the last one; empty: not known */
	unsigned int runs;	/* 0: not known */
	bool whole;		/* each of them was */
};

int hook_runs_lock(void);
void hook_runs_read(int fd, struct hook_runs *r);
int hook_runs_write(int fd, const struct hook_runs *r);

#endif
