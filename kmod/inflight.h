/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls that were under way when a record began to look for refused calls. Each
 * of them returns without having been seen entering, like a refused call.
 */
#ifndef _SCTRACE_INFLIGHT_H
#define _SCTRACE_INFLIGHT_H

#include <linux/types.h>

#include "compat.h"

/* How many places of the table a task may be in */
#define SCTRACE_INFLIGHT_PLACES	32

/**
 * struct sctrace_inflight - the calls under way at one moment
 * @shift: the table has 2^(32 - @shift) places
 * @full: there was no place for some
 * @call: hashed by @tsk. A task is compared only, no reference is held: a reference to
 *	a task, or to its pid, would pin the namespaces that it is in. @start tells
 *	another task at that address. @nr is negative once the call is known to be
 *	over; only the task itself makes it so. Then the place may be used again
 */
struct sctrace_inflight {
	unsigned int shift;
	bool full;
	struct {
		const struct task_struct *tsk;
		u64 start;
		int nr;
	} call[];
};

struct sctrace_inflight *
sctrace_inflight_take(struct pid_namespace *ns,
		      void (*done)(void *data, struct sctrace_inflight *inf),
		      void *data);
bool sctrace_inflight_left(struct sctrace_inflight *inf,
			   const struct task_struct *tsk, int nr);
bool sctrace_inflight_add(struct sctrace_inflight *inf, struct task_struct *tsk);
void sctrace_inflight_free(struct sctrace_inflight *inf);

#endif /* _SCTRACE_INFLIGHT_H */
