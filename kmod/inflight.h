/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls that were under way when a record began to look for refused calls. Each
 * of them returns without having been seen entering, like a refused call.
 */
#ifndef _SCTRACE_INFLIGHT_H
#define _SCTRACE_INFLIGHT_H

#include <linux/types.h>

#include "compat.h"

/**
 * struct sctrace_inflight - the calls under way at one moment
 * @num: how many
 * @size: how many there is room for
 * @full: there was no room for some
 * @call: of a task, by its struct pid, on which a reference is held; @nr is
 *	negative once the call is known to have been left
 */
struct sctrace_inflight {
	unsigned int num;
	unsigned int size;
	bool full;
	struct {
		struct pid *pid;
		int nr;
	} call[];
};

struct sctrace_inflight *
sctrace_inflight_take(struct pid_namespace *ns,
		      void (*done)(void *data, struct sctrace_inflight *inf),
		      void *data);
bool sctrace_inflight_left(struct sctrace_inflight *inf,
			   const struct pid *pid, int nr);
void sctrace_inflight_free(struct sctrace_inflight *inf);

#endif /* _SCTRACE_INFLIGHT_H */
