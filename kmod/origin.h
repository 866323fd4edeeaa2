/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a process came from. A process comes from outside of a namespace when a
 * process outside of it forked it, or when a process forked it that came from outside
 * itself and had not called execve since. That holds until the process calls execve or
 * exits. It is decided when the process is forked, whoever its parent is later
 * (CLONE_PARENT, subreapers and daemons change that).
 *
 * The same is kept of the seccomp filter that the process had when it came: what its
 * runtime runs under is no filter of the container's.
 *
 * An origin is the memory of one fork into a namespace. A process has one for each of
 * its ancestors that was forked into a namespace and still matters, and itself. Nearly
 * all processes have none.
 */
#ifndef _SCTRACE_ORIGIN_H
#define _SCTRACE_ORIGIN_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "compat.h"
#include "pool.h"
#include "table.h"

/**
 * struct sctrace_origin - a process, or an ancestor of it, was forked into a namespace
 * @node: in its bucket, if it is the first of its process; at the start, for the pool
 * @next: another one of the process, with a lower level
 * @process: the key; it is the same for all threads, and execve does not change it
 * @ns: of the process; compared only
 * @filter: the newest seccomp filter that it came with; compared only. The process holds
 *	a reference on it as long as the origin exists, so its address stays its own
 * @level: of the namespace that it came from
 * @outside: it has not called execve since
 * @counted: ID of the record that counts this origin
 * @rcu: frees it
 *
 * It is about the namespaces below @level, but not about those for which the process has
 * an origin with a higher level. Changed under sctrace_lock.
 */
struct sctrace_origin {
	struct hlist_node node;
	struct sctrace_origin *next;
	const struct signal_struct *process;
	const struct pid_namespace *ns;
	const void *filter;
	u8 level;
	bool outside;
	u64 counted;
	struct rcu_head rcu;
};

/* How many origins there are */
extern unsigned int sctrace_origins_num;
extern struct sctrace_pool sctrace_origins;

/* For sctrace_origin_first() */
extern struct hlist_head *sctrace_origin_table;
extern unsigned int sctrace_origin_shift;

static __always_inline struct hlist_head *
sctrace_origin_bucket(const struct signal_struct *process)
{
	/* The lowest bits of these addresses are alike */
	u32 hash = (u32)((unsigned long)process >> 5) * SCTRACE_GOLDEN_RATIO;

	return &sctrace_origin_table[hash >> (sctrace_origin_shift & 31)];
}

/**
 * sctrace_origin_first() - does a process come from outside of a namespace?
 * @tsk: current
 *
 * Context: an RCU reader, or sctrace_lock is held.
 * Return: the origin of its process with the highest level, or NULL: it has none.
 */
static __always_inline const struct sctrace_origin *
sctrace_origin_first(const struct task_struct *tsk)
{
	const struct signal_struct *process = tsk->signal;
	const struct hlist_head *head = sctrace_origin_bucket(process);
	const struct sctrace_origin *origin;
	const struct hlist_node *node;

	if (likely(!READ_ONCE(sctrace_origins_num)))
		return NULL;
	node = rcu_dereference_raw(hlist_first_rcu(head));
	for (; node; node = rcu_dereference_raw(hlist_next_rcu(node))) {
		origin = hlist_entry(node, struct sctrace_origin, node);
		if (origin->process == process)
			return origin;
	}
	return NULL;
}

/**
 * sctrace_origin_next() - another origin of the same process
 * @origin: one of them
 *
 * Context: as sctrace_origin_first().
 * Return: the one with the next lower level, or NULL.
 */
static __always_inline const struct sctrace_origin *
sctrace_origin_next(const struct sctrace_origin *origin)
{
	return READ_ONCE(origin->next);
}

const struct sctrace_origin *
sctrace_origin_at(const struct sctrace_origin *first, unsigned int level);
void sctrace_origin_fork(struct task_struct *parent, struct task_struct *child);
void sctrace_origin_exec(struct task_struct *tsk);
void sctrace_origin_exit(struct task_struct *tsk);
void sctrace_origin_seed(void);
void sctrace_origin_clear(void);
void sctrace_origin_count(void);
int sctrace_origin_init(void);
void sctrace_origin_free(void);

#endif /* _SCTRACE_ORIGIN_H */
