/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who was in the middle of a system call when recording began. Such a call is
 * left without having been entered, as a call is that a filter refused.
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

/**
 * sctrace_ns_inside() - is a namespace that one, or inside of it?
 * @ns: the one that may be inside; both are there as long as this takes
 * @outer: the one that may be outside
 *
 * Context: any.
 */
static inline bool sctrace_ns_inside(const struct pid_namespace *ns,
				     const struct pid_namespace *outer)
{
	while (ns->level > outer->level)
		ns = ns->parent;
	return ns == outer;
}

#endif /* _SCTRACE_INFLIGHT_H */
