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
 * A process comes from outside of a recorded cgroup when one outside forked it into the cgroup,
 * or moved it there, or when it moved itself; and when a process forked it for which that holds
 * still. Who brings a service up does not stop at the first execve: the programs that set it up
 * are executed, too. So it holds until an execve at which one of these shows that the set-up is
 * over: the process has another mount namespace than who brought it in, or a filter which that
 * one had not, or it has moved itself to the cgroup (systemd's executor does so last).
 *
 * Nobody tells where a moved task was before. Who is moved by a process outside comes from
 * outside. Who is moved by another process inside does not: managers of a part of the tree move
 * what they have. Who moves itself comes from outside when its calls were not recorded before;
 * if all calls take the traced path, or those of its namespace, that cannot be told, and it is
 * taken for one that was there.
 *
 * A process that was forked into a namespace from outside while the namespace's init was running
 * its program, and has called execve since, is an exec (podman exec, a health check); so is all
 * that it forks. Its origin stays, and says that. It does not count: the fast path judges its calls
 * as those of the others, see sctrace_kind(). In a namespace that an exec makes all are such execs;
 * who comes in later is not, and so the origin of that one counts. Of a cgroup a process is an exec
 * when it was brought into that one in which the first program has begun, and its set-up did not
 * end because it had moved itself.
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

struct sctrace_record;

/**
 * struct sctrace_origin - a process, or an ancestor of it, was forked into a namespace
 * @node: in its bucket, if it is the first of its process; at the start, for the pool
 * @next: another one of the process, with a lower level
 * @process: the key; it is the same for all threads, and execve does not change it
 * @ns: of the process, which keeps it
 * @filter: the newest seccomp filter that it came with; compared only. The process holds
 *	a reference on it as long as the origin exists, so its address stays its own
 * @level: of the namespace that it came from; SCTRACE_ORIGIN_CGROUP: about a cgroup
 * @inner: level of the namespace that it was forked into
 * @entered: level of the innermost of the namespaces that it is about whose init was running its
 *	program then; 0: of none. For these, and what is around them, it is an exec after execve.
 *	About a cgroup: not 0 when it is an exec after its set-up
 * @made: level of the innermost namespace that the process is of and whose init had this origin,
 *	too; 0: of none
 * @outside: it has not called execve since
 * @counted: ID of the record that counts this origin, or 0; the one that it is about, if that is
 *	of a cgroup
 * @mnt_ns: about a cgroup: of who brought the process in; compared only. That one may be gone,
 *	and another be at its address: then this test alone misses the end of the set-up
 * @attached: about a cgroup: the process, or who forked it, has moved itself there
 * @rcu: frees it
 *
 * It is about the namespaces below @level, down to @inner, but not about those for which the
 * process has an origin with a higher level. Those about cgroups come first, each about one record.
 * Changed under sctrace_lock.
 */
struct sctrace_origin {
	struct hlist_node node;
	struct sctrace_origin *next;
	const struct signal_struct *process;
	const struct pid_namespace *ns;
	const void *filter;
	u8 level;
	u8 inner;
	u8 entered;
	u8 made;
	bool outside;
	u64 counted;
	const void *mnt_ns;
	bool attached;
	struct rcu_head rcu;
};

/* Higher than that of any namespace, and never one below another's */
#define SCTRACE_ORIGIN_CGROUP	U8_MAX

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
sctrace_origin_about(const struct sctrace_origin *first,
		     const struct sctrace_record *rec);
void sctrace_origin_fork(struct task_struct *parent, struct task_struct *child);
void sctrace_origin_exec(struct task_struct *tsk);
void sctrace_origin_exit(struct task_struct *tsk);
void sctrace_origin_attach(struct task_struct *tsk, bool process, int inside);
void sctrace_origin_forget(void);
void sctrace_origin_seed(void);
void sctrace_origin_clear(void);
void sctrace_origin_count(void);
int sctrace_origin_init(void);
void sctrace_origin_free(void);

#endif /* _SCTRACE_ORIGIN_H */
