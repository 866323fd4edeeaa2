/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call enters the records of its namespace and of the namespaces around it, and those of the
 * cgroups that its task is in.
 *
 * The stage rule: a call is setup for a record when a process makes it that comes from
 * outside of the namespace (origin.h), and while the namespace's init has not called
 * execve. In the latter case the calls of processes inside that did call execve, and of
 * what these forked, are told apart (programs). While the init runs its program, a process that
 * comes from outside and calls execve is an exec, and so is all that it forks. Their calls are
 * told apart, too, but for those that the workload had made before.
 *
 * Confined is a call that is made under another filter than the namespace's init, or for a
 * process from outside the process itself, came with: under the container's own filter,
 * not under one that its engine runs under.
 */
#ifndef _SCTRACE_CALL_H
#define _SCTRACE_CALL_H

#include "cgroup.h"
#include "origin.h"
#include "record.h"
#include "watch.h"

/**
 * struct sctrace_caller - what is needed of a task to judge its calls
 * @origin: sctrace_origin_first() of its process
 * @filter: its newest seccomp filter, or NULL
 */
struct sctrace_caller {
	const struct sctrace_origin *origin;
	const void *filter;
};

static __always_inline void sctrace_caller_is(struct sctrace_caller *caller,
					      const struct task_struct *tsk)
{
	caller->origin = sctrace_origin_first(tsk);
	caller->filter = sctrace_seccomp_filter(tsk);
}

/* Its cgroup, for an RCU reader; NULL: there is no record of a cgroup */
static inline struct cgroup *sctrace_caller_cgroup(const struct task_struct *tsk)
{
	return READ_ONCE(sctrace_pairing) ? sctrace_cgroup_of(tsk) : NULL;
}

/**
 * sctrace_class() - which class of a seen cache is a task in?
 * @base: the filter that the cache is for, see struct sctrace_hot
 * @ns: its namespace
 * @caller: the task
 *
 * The seen cache speaks for all ancestors at once: for each of them all calls of a class are
 * of one kind. That is so for the processes of the namespace itself, and for those that come
 * from the parent namespace with the filter that the namespace's init came with: joiners, and
 * execs. (The fast path takes an exec for a process of the namespace first: what these have
 * called is not looked for among the calls of execs.)
 *
 * Return: the class; -1: the cache says nothing about that task.
 */
static __always_inline int sctrace_class(const void *base,
					 const struct pid_namespace *ns,
					 const struct sctrace_caller *caller)
{
	const struct sctrace_origin *origin = caller->origin;
	int class = caller->filter != base;

	if (likely(!origin))
		return class;
	if (sctrace_origin_next(origin))
		return -1;
	/* Where an exec has made the namespace all processes of the namespace itself are execs */
	if (unlikely(origin->level + 1 != ns->level))
		return origin->made == ns->level && !READ_ONCE(origin->outside) &&
		       !origin->counted ? class : -1;
	if (origin->filter != base)
		return -1;
	if (READ_ONCE(origin->outside))
		return class | SCTRACE_CLASS_JOINER;
	return origin->entered == ns->level ? class | SCTRACE_CLASS_EXEC : -1;
}

/**
 * sctrace_class_refused() - the class for calls that were refused to a task
 * @class: of the task, or -1
 *
 * Return: the class; -1: the cache says nothing about these.
 */
static inline int sctrace_class_refused(int class)
{
	/* -1 has all bits */
	return class & SCTRACE_CLASS_JOINER ? -1 : class | SCTRACE_CLASS_REFUSED;
}

/**
 * struct sctrace_call - what is recorded of a call
 * @arch: its ABI
 * @nr: its number there
 * @args: what it was made with
 * @time: when it was made
 * @tgid: of the caller
 * @comm: of the caller
 */
struct sctrace_call {
	u32 arch;
	u16 nr;
	const struct sctrace_args *args;
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

unsigned int sctrace_kind(const struct sctrace_record *rec,
			  const struct sctrace_caller *caller);
void sctrace_call_describe(struct sctrace_call *call, struct task_struct *tsk);
static inline bool sctrace_call_watched(const struct sctrace_call *call)
{
	return call->args->row != SCTRACE_NO_ROW;
}

bool sctrace_put_value(struct sctrace_record *rec, struct sctrace_abi *abi,
		       const struct sctrace_call *call, unsigned int kind,
		       unsigned int index);
void sctrace_put_bit(struct sctrace_record *rec,
		     const struct sctrace_call *call, unsigned int kind,
		     unsigned int index, unsigned long *set);
void sctrace_miss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind);
bool sctrace_may_have_entered(const struct sctrace_record *rec, u32 arch,
			      u16 nr);
struct sctrace_hot *sctrace_hot_of(struct sctrace_record *rec,
				   struct pid_namespace *ns, u32 arch,
				   const struct cgroup *cgrp);
void sctrace_call_done(struct sctrace_hot *hot, const struct sctrace_call *call,
		       int at, int class, bool open)
	__releases(&sctrace_lock);
void sctrace_call_see(struct task_struct *tsk, struct pid_namespace *ns,
		      long id, const struct sctrace_args *args);

#endif /* _SCTRACE_CALL_H */
