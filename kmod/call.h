/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call enters the records of its namespace and of the namespaces around it.
 *
 * The stage rule: a call is setup for a record while the namespace's init has not
 * called execve, and when a joiner makes it. A joiner is a task whose thread group
 * was forked into the namespace by a process outside of it and has not called
 * execve since. It is what a container runtime forks for `exec`.
 */
#ifndef _SCTRACE_CALL_H
#define _SCTRACE_CALL_H

#include "record.h"

/**
 * sctrace_is_forked() - has the thread group of a task not called execve?
 * @tsk: current
 *
 * A thread keeps PF_FORKNOEXEC for ever, so the flag of the group's leader counts: who
 * calls execve becomes the leader.
 */
static __always_inline bool sctrace_is_forked(const struct task_struct *tsk)
{
	return sctrace_task_flags(tsk->group_leader) & PF_FORKNOEXEC;
}

/**
 * sctrace_parent_ns() - the namespace of a process's parent
 * @tsk: current
 *
 * Context: an RCU reader.
 * Return: the namespace, or NULL when the parent is being released; by then its
 * children have another parent.
 */
static __always_inline const struct pid_namespace *
sctrace_parent_ns(const struct task_struct *tsk)
{
	const struct task_struct *leader = tsk->group_leader;

	leader = rcu_dereference_raw(leader->real_parent);
	return ns_of_pid(task_pid((struct task_struct *)leader));
}

/**
 * struct sctrace_call - what is recorded of a call
 * @arch: its ABI
 * @nr: its number there
 * @time: when it was made
 * @tgid: of the caller
 * @comm: of the caller
 */
struct sctrace_call {
	u32 arch;
	u16 nr;
	u64 time;
	struct pid *tgid;
	char comm[SCTRACE_COMM_LEN];
};

/* Where the seen cache keeps a number, or -1 */
static inline int sctrace_seen_index(unsigned int nr)
{
	if (likely(nr < SCTRACE_SEEN_NR))
		return nr;
	if (nr >= SCTRACE_ARM_PRIVATE_SLOT)
		return nr - SCTRACE_ARM_PRIVATE_SLOT + SCTRACE_SEEN_NR;
	return -1;
}

const struct pid_namespace *sctrace_outside(const struct task_struct *tsk);
unsigned int sctrace_kind(const struct sctrace_record *rec, int mode,
			  const struct pid_namespace *outside);
void sctrace_call_describe(struct sctrace_call *call, struct task_struct *tsk);
bool sctrace_put_bit(struct sctrace_record *rec,
		     const struct sctrace_call *call, unsigned int kind,
		     unsigned int index, unsigned long *set);
void sctrace_miss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind);
bool sctrace_may_have_entered(const struct sctrace_record *rec, u32 arch,
			      u16 nr);
bool sctrace_pools_low(void);
void sctrace_call_see(struct task_struct *tsk, struct pid_namespace *ns,
		      long id);

#endif /* _SCTRACE_CALL_H */
