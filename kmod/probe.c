// SPDX-License-Identifier: GPL-2.0
/*
 * The probes, and when they are registered. A registered probe of sys_enter makes each
 * system call of the machine slower, so it is registered only while something is to be
 * recorded.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "abi.h"
#include "call.h"
#include "cgroup.h"
#include "origin.h"
#include "probe.h"
#include "refuse.h"
#include "request.h"
#include "scope.h"

/*
 * How long to wait before looking again whether an ended namespace is empty, or
 * trying again to unregister a probe.
 */
#define SCTRACE_RETRY_MS	100

/* How many of tracepoints[] are registered, from the front. Under sctrace_mutex. */
static unsigned int registered;

/* The worker has unregistered what only records of cgroups need. Under sctrace_mutex. */
static bool unpaired;

/* The module is being unloaded. Under sctrace_mutex. */
static bool stopping;

static void retry(struct work_struct *work);
static DECLARE_DELAYED_WORK(retry_work, retry);

/*
 * Out of line, and called last, so that the steady state needs no stack.
 *
 * Context: as sctrace_sys_enter().
 */
static noinline void see(struct task_struct *tsk, struct pid_namespace *ns,
			 long id)
{
	struct sctrace_args args;

	sctrace_args_read(&args, tsk, id, true);
	sctrace_probe_enter();
	sctrace_call_see(tsk, ns, id, &args);
	sctrace_probe_leave();
}

static __always_inline bool is_seen(const struct sctrace_hot *hot,
				    unsigned long id, unsigned int class)
{
	const u8 *seen = hot->seen;

	/* The pointer and the mask keep a sanitizer's checks away */
	return likely(id < SCTRACE_SEEN_NR) &&
	       data_race(seen[id]) >> (class & 31) & 1;
}

/* In one class or the other; @id is below SCTRACE_SEEN_NR. One test of memory */
static __always_inline bool is_seen_either(const struct sctrace_hot *hot,
					   unsigned long id, unsigned int class,
					   unsigned int other)
{
	const u8 *seen = hot->seen;

	return data_race(seen[id]) & (BIT(class) | BIT(other));
}

/*
 * The fast path takes an exec for a process of the namespace. Of what it does not know then the
 * exec's own class may know. What was looked at is the hint still, or nearly always: to hand it
 * over would cost those whose values are known two instructions.
 */
static noinline void see_unless_execs(struct task_struct *tsk,
				      struct pid_namespace *ns, long id)
{
	const bool foreign = sctrace_abi_foreign(tsk);
	const struct sctrace_hot *hot = sctrace_cpu_read(sctrace_hints.last);
	const struct cgroup *cgrp =
		READ_ONCE(sctrace_pairing) ? sctrace_cgroup_of_current(tsk) : NULL;
	struct sctrace_caller caller;
	int class;

	if (SCTRACE_PROBE_READS_RCU && READ_ONCE(sctrace_origins_num) &&
	    data_race(hot->ns) == (foreign ? SCTRACE_FOREIGN_KEY(ns) : ns) &&
	    hot->cgrp == cgrp) {
		sctrace_probe_enter();
		sctrace_caller_is(&caller, tsk);
		class = sctrace_class(data_race(hot->filter), ns, &caller);
		sctrace_probe_leave();
		if (class >= SCTRACE_CLASS_EXEC &&
		    (is_seen(hot, id, class) ||
		     sctrace_value_cached(hot, tsk, id, class, foreign)))
			return;
	}
	see(tsk, ns, id);
}

/*
 * What the seen cache does not have. Of a watched call the value may be cached. Out of line,
 * so that other calls have nothing to move and to save. Nothing is known here about @ns, or the
 * compiler would take its register for what is looked up, and move @ns away first.
 */
static __always_inline void look_at_value(struct task_struct *tsk,
					  struct pid_namespace *ns, long id,
					  const struct sctrace_hot *hot,
					  unsigned int class, bool foreign)
{
	OPTIMIZER_HIDE_VAR(ns);
	if (!sctrace_value_cached(hot, tsk, id, class, foreign))
		see_unless_execs(tsk, ns, id);
}

static noinline void value(struct task_struct *tsk, struct pid_namespace *ns,
			   long id, const struct sctrace_hot *hot)
{
	look_at_value(tsk, ns, id, hot, 0, false);
}

static noinline void value_confined(struct task_struct *tsk,
				    struct pid_namespace *ns, long id,
				    const struct sctrace_hot *hot)
{
	look_at_value(tsk, ns, id, hot, SCTRACE_CLASS_CONFINED, false);
}

static noinline void value_of_class(struct task_struct *tsk,
				    struct pid_namespace *ns, long id,
				    const struct sctrace_hot *hot,
				    unsigned int class)
{
	look_at_value(tsk, ns, id, hot, class, false);
}

static noinline void value_foreign(struct task_struct *tsk,
				   struct pid_namespace *ns, long id,
				   const struct sctrace_hot *hot,
				   unsigned int class)
{
	look_at_value(tsk, ns, id, hot, class, true);
}

/* How both of these end. @class: of the task, or -1: the cache says nothing about it */
static __always_inline void look_in_class(struct task_struct *tsk,
					  struct pid_namespace *ns, long id,
					  const struct sctrace_hot *hot, int class)
{
	if (class < 0 || (unsigned long)id >= SCTRACE_SEEN_NR)
		see(tsk, ns, id);
	else if (likely(is_seen(hot, id, class)))
		return;
	/* As the key of @hot says, which would have to be kept for this */
	else if (sctrace_abi_foreign(tsk))
		value_foreign(tsk, ns, id, hot, class);
	else
		value_of_class(tsk, ns, id, hot, class);
}

/*
 * The same as look() for a namespace in which processes have origins, and where the first
 * entry of the bucket is another one.
 */
static noinline void look_closer(struct task_struct *tsk,
				 struct pid_namespace *ns,
				 const struct pid_namespace *key, long id,
				 const struct sctrace_hot *hot)
{
	struct sctrace_caller caller;
	int class = -1;

	if (!SCTRACE_PROBE_READS_RCU)
		goto end;
	sctrace_probe_enter();
	if (unlikely(data_race(hot->ns) != key)) {
		hot = sctrace_table_find(key);
		if (!hot)
			goto leave;
		sctrace_hint(hot);
	}
	sctrace_caller_is(&caller, tsk);
	class = sctrace_class(hot->filter, ns, &caller);
leave:
	sctrace_probe_leave();
end:
	look_in_class(tsk, ns, id, hot, class);
}

/* The same for pairs; @cgrp: of the task, compared only */
static noinline void look_closer_at_pair(struct task_struct *tsk,
					 struct pid_namespace *ns,
					 const struct pid_namespace *key, long id,
					 const struct cgroup *cgrp)
{
	const struct sctrace_hot *hot = NULL;
	struct sctrace_caller caller;
	int class = -1;

	if (!SCTRACE_PROBE_READS_RCU)
		goto end;
	sctrace_probe_enter();
	hot = sctrace_pair_find(key, cgrp);
	if (hot) {
		sctrace_hint(hot);
		sctrace_caller_is(&caller, tsk);
		class = sctrace_class(hot->filter, ns, &caller);
	}
	sctrace_probe_leave();
end:
	look_in_class(tsk, ns, id, hot, class);
}

/*
 * The steady state, for calls in the ABI that @key stands for. A CPU that comes from
 * another namespace, or with @pairs another cgroup, looks into the table once, and keeps what
 * it found as a hint.
 */
static __always_inline void look(struct task_struct *tsk,
				 struct pid_namespace *ns,
				 const struct pid_namespace *key, long id,
				 bool foreign, bool pairs)
{
	const struct cgroup *cgrp = pairs ? sctrace_cgroup_of_current(tsk) : NULL;
	const struct sctrace_hot *hot = sctrace_cpu_read(sctrace_hints.last);

	if (pairs) {
		if (unlikely(data_race(hot->quick) != key || hot->cgrp != cgrp)) {
			hot = sctrace_pair_first(key, cgrp);
			if (unlikely(data_race(hot->quick) != key || hot->cgrp != cgrp)) {
				look_closer_at_pair(tsk, ns, key, id, cgrp);
				return;
			}
			sctrace_cpu_write(sctrace_hints.last, hot);
		}
	} else if (unlikely(data_race(hot->quick) != key)) {
		if (sctrace_cpu_read(sctrace_hints.unrecorded) == ns)
			return;
		hot = sctrace_hot_first(key);
		if (unlikely(data_race(hot->quick) != key)) {
			look_closer(tsk, ns, key, id, hot);
			return;
		}
		sctrace_cpu_write(sctrace_hints.last, hot);
	}
	if (sctrace_seccomp_filter(tsk) != data_race(hot->filter)) {
		/* Spares an instruction for what the branches have in common */
		OPTIMIZER_HIDE_VAR(hot);
		if (unlikely((unsigned long)id >= SCTRACE_SEEN_NR))
			goto slow;
		if (likely(is_seen(hot, id, SCTRACE_CLASS_CONFINED)))
			return;
		if (foreign)
			value_foreign(tsk, ns, id, hot, SCTRACE_CLASS_CONFINED);
		else
			value_confined(tsk, ns, id, hot);
		return;
	}
	if (unlikely((unsigned long)id >= SCTRACE_SEEN_NR))
		goto slow;
	if (likely(is_seen(hot, id, 0)))
		return;
	if (foreign)
		value_foreign(tsk, ns, id, hot, 0);
	else
		value(tsk, ns, id, hot);
	return;
slow:
	see(tsk, ns, id);
}

/* Inline: a jump and what it moves are spared, and it takes no register from the others */
static __always_inline void look_foreign(struct task_struct *tsk,
					 struct pid_namespace *ns, long id)
{
	look(tsk, ns, SCTRACE_FOREIGN_KEY(ns), id, true, false);
}

static noinline void look_foreign_pair(struct task_struct *tsk,
				       struct pid_namespace *ns, long id)
{
	look(tsk, ns, SCTRACE_FOREIGN_KEY(ns), id, true, true);
}

/**
 * sctrace_sys_enter() - the probe of sys_enter
 * @data: unused
 * @regs: unused: where they are is known, which is cheaper for calls that are not watched
 * @id: the system call's number, or anything that user space put there
 *
 * In the steady state this is look() and no more: no lock, no store, no call, whatever
 * the number of records.
 *
 * Context: a task in a system call. Preemption is off up to 6.12. From 6.13 on
 * it is on: one word is read from the hints at a time, which is as good when
 * it was another CPU's; whoever frees what it points to waits for the probe.
 */
static void sctrace_sys_enter(void *data, struct pt_regs *regs, long id)
{
	struct task_struct *tsk = current;
	struct pid *pid = task_pid(tsk);
	struct pid_namespace *ns = pid->numbers[pid->level].ns;

	if (unlikely(sctrace_abi_foreign(tsk)))
		look_foreign(tsk, ns, id);
	else
		look(tsk, ns, ns, id, false, false);
}

/*
 * The same as long as there are records of cgroups. A probe of its own, so that others pay
 * nothing for these; and one that knows both, because two on a tracepoint cost more than one.
 */
static void sctrace_sys_enter_pair(void *data, struct pt_regs *regs, long id)
{
	struct task_struct *tsk = current;
	struct pid *pid = task_pid(tsk);
	struct pid_namespace *ns = pid->numbers[pid->level].ns;

	if (unlikely(sctrace_abi_foreign(tsk)))
		look_foreign_pair(tsk, ns, id);
	else
		look(tsk, ns, ns, id, false, true);
}

static noinline void refuse(struct task_struct *tsk, int id, long ret)
{
	sctrace_probe_enter();
	sctrace_refuse_see(tsk, ns_of_pid(task_pid(tsk)), id, ret);
	sctrace_probe_leave();
}

/*
 * A call has failed under a filter, and the seen cache does not know it. Of a watched call the
 * value may be cached as refused.
 */
static noinline void refuse_value(struct task_struct *tsk, unsigned long id,
				  long ret, const struct sctrace_hot *hot)
{
	if (!sctrace_value_cached(hot, tsk, id, SCTRACE_CLASS_REFUSED |
				  SCTRACE_CLASS_CONFINED, false))
		refuse(tsk, id, ret);
}

/*
 * Nearly all calls end at the first test. A call that fails and was seen entering under a filter
 * ends before the stage is looked at.
 */
static __always_inline void leave(struct pt_regs *regs, long ret, bool pairs)
{
	struct task_struct *tsk = current;
	const struct sctrace_hot *hot;
	struct pid_namespace *ns;
	struct pid *pid;
	const void *filter;
	unsigned long id;

	/* 32-bit calls may return their errors extended or not */
	if (likely((u32)ret < (u32)-MAX_ERRNO))
		return;
	filter = sctrace_seccomp_filter(tsk);
	if (likely(!filter))
		return;
	pid = task_pid(tsk);
	ns = pid->numbers[pid->level].ns;
	/* Widened once, where it is read */
	id = (u32)syscall_get_nr(tsk, regs);
	OPTIMIZER_HIDE_VAR(id);
	hot = sctrace_cpu_read(sctrace_hints.last);
	if (likely(data_race(hot->quick) == ns &&
		   (!pairs || hot->cgrp == sctrace_cgroup_of_current(tsk)))) {
		if (unlikely(sctrace_abi_foreign(tsk)))
			goto slow;
		if (unlikely(id >= SCTRACE_SEEN_NR))
			goto slow;
		/* Entered by such tasks, so not refused; or known to be refused */
		if (unlikely(filter == data_race(hot->filter))) {
			if (is_seen_either(hot, id, 0, SCTRACE_CLASS_REFUSED))
				return;
			goto slow;
		}
		OPTIMIZER_HIDE_VAR(hot);
		if (likely(is_seen_either(hot, id, SCTRACE_CLASS_CONFINED,
					  SCTRACE_CLASS_REFUSED | SCTRACE_CLASS_CONFINED)))
			return;
		/* A watched call may have been entered with this value, and so not refused */
		if (likely(sctrace_value_cached_at(hot, tsk, regs, true, id,
						   SCTRACE_CLASS_CONFINED, false)))
			return;
		refuse_value(tsk, id, ret, hot);
		return;
	} else if (!pairs && sctrace_cpu_read(sctrace_hints.unrecorded) == ns) {
		return;
	}
slow:
	refuse(tsk, id, ret);
}

/**
 * sctrace_sys_exit() - the probe of sys_exit
 * @data: unused
 * @regs: of the task
 * @ret: what the call returns
 *
 * Registered while a record looks for refused calls.
 *
 * Context: as sctrace_sys_enter().
 */
static void sctrace_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	leave(regs, ret, false);
}

/* The same as long as there are records of cgroups */
static void sctrace_sys_exit_pair(void *data, struct pt_regs *regs, long ret)
{
	leave(regs, ret, true);
}

static void sctrace_sched_process_fork(void *data, struct task_struct *parent,
				       struct task_struct *child)
{
	struct pid *pid = task_pid(child);

	sctrace_scope_fork(child);
	sctrace_probe_enter();
	if (unlikely(is_child_reaper(pid)))
		sctrace_record_birth(child, ns_of_pid(pid));
	sctrace_origin_fork(parent, child);
	sctrace_probe_leave();
}

static void sctrace_sched_process_exec(void *data, struct task_struct *p,
				       pid_t old_pid, struct linux_binprm *bprm)
{
	struct pid *pid = task_pid(p);

	sctrace_scope_again(p);
	sctrace_probe_enter();
	sctrace_origin_exec(p);
	if (unlikely(is_child_reaper(pid)))
		sctrace_record_exec(p, ns_of_pid(pid));
	sctrace_probe_leave();
}

static void sctrace_sched_process_exit(void *data, SCTRACE_EXIT_ARGS)
{
	struct pid *pid = task_tgid(p);

	/*
	 * The last thread of pid 1 takes the namespace down, be it the leader
	 * or not. Two that exit at once may both look like the last.
	 */
	if (!sctrace_group_dead(p))
		return;
	sctrace_probe_enter();
	sctrace_origin_exit(p);
	if (unlikely(is_child_reaper(pid)))
		sctrace_record_end(ns_of_pid(pid));
	sctrace_probe_leave();
}

#if SCTRACE_HAVE_CGROUPS
static void attach(struct task_struct *tsk)
{
	sctrace_refuse_attach(tsk);
	sctrace_scope_again(tsk);
}

static void sctrace_cgroup_attach_task(void *data, struct cgroup *dst, const char *path,
				       struct task_struct *task, bool threadgroup)
{
	struct task_struct *t;

	/* A move in a hierarchy of version 1 is none for a record */
	if (!sctrace_cgroup_unified(dst))
		return;
	sctrace_probe_enter();
	rcu_read_lock();
	/* First, so that nothing is recorded as workload before it is known that it is none */
	sctrace_origin_attach(task, threadgroup, sctrace_scope_inside(task));
	if (!threadgroup) {
		attach(task);
	} else {
		list_for_each_entry_rcu(t, &task->signal->thread_head, thread_node)
			attach(t);
	}
	rcu_read_unlock();
	sctrace_probe_leave();
}

static void sctrace_probe_cgroup_mkdir(void *data, struct cgroup *cgrp, const char *path)
{
	sctrace_probe_enter();
	sctrace_cgroup_mkdir(cgrp, path);
	sctrace_probe_leave();
}

static void sctrace_probe_cgroup_rmdir(void *data, struct cgroup *cgrp, const char *path)
{
	sctrace_probe_enter();
	sctrace_cgroup_rmdir(cgrp);
	sctrace_probe_leave();
}
#endif

/*
 * In the order of registering: a new namespace is known before a task in it can make
 * a call. None of these tracepoints is exported, so they are looked up by name. Where there are
 * two probes, the second one takes the place of the first as long as there are records of
 * cgroups.
 */
static struct sctrace_tracepoint {
	const char *name;
	const void *probes[2];
	struct tracepoint *tp;
	bool on[2];
} tracepoints[] = {
	{ "sched_process_exit", { sctrace_sched_process_exit } },
	{ "sched_process_exec", { sctrace_sched_process_exec } },
	{ "sched_process_fork", { sctrace_sched_process_fork } },
	{ "sys_enter", { sctrace_sys_enter, sctrace_sys_enter_pair } },
	{ "sys_exit", { sctrace_sys_exit, sctrace_sys_exit_pair } },
};

/* These are registered as long as there are records of cgroups, too; the last has no name */
static struct sctrace_tracepoint cgroup_tracepoints[] = {
#if SCTRACE_HAVE_CGROUPS
	{ "cgroup_rmdir", { sctrace_probe_cgroup_rmdir } },
	{ "cgroup_mkdir", { sctrace_probe_cgroup_mkdir } },
	{ "cgroup_attach_task", { sctrace_cgroup_attach_task } },
#endif
	{ NULL }
};

/* How many of them are registered: what is to be seen */
enum {
	SCTRACE_PROBES_NONE,
	SCTRACE_PROBES_LIFE = 3,
	SCTRACE_PROBES_CALLS,
	SCTRACE_PROBES_REFUSED,
};

static void match_tracepoint(struct tracepoint *tp, void *priv)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tracepoints); i++) {
		if (!strcmp(tp->name, tracepoints[i].name))
			tracepoints[i].tp = tp;
	}
	for (i = 0; cgroup_tracepoints[i].name; i++) {
		if (!strcmp(tp->name, cgroup_tracepoints[i].name))
			cgroup_tracepoints[i].tp = tp;
	}
}

#ifdef SCTRACE_FAULTS
/* For tests, on kernels that cannot fail: the next so many tries do */
static unsigned int faults;
module_param(faults, uint, 0644);
#endif

/* Which of its probes is to be registered */
static unsigned int which(const struct sctrace_tracepoint *t)
{
	return sctrace_pairing && t->probes[1];
}

static int put_on(struct sctrace_tracepoint *t)
{
	unsigned int i = which(t);
	int ret;

	if (t->on[i])
		return 0;
	ret = tracepoint_probe_register(t->tp, (void *)t->probes[i], NULL);
	if (ret)
		pr_err("no probe on %s: error %d\n", t->name, ret);
	t->on[i] = !ret;
	return ret;
}

/*
 * Up to 4.19 this takes memory when somebody else has a probe on the same tracepoint. Without
 * memory the probe stays registered, and the caller has to try again.
 */
static int take_off(struct sctrace_tracepoint *t, unsigned int i)
{
	if (!t->on[i])
		return 0;
#ifdef SCTRACE_FAULTS
	if (faults) {
		faults--;
		goto later;
	}
#endif
	if (tracepoint_probe_unregister(t->tp, (void *)t->probes[i], NULL) != -ENOMEM) {
		t->on[i] = false;
		return 0;
	}
#ifdef SCTRACE_FAULTS
later:
#endif
	pr_warn_ratelimited("no memory to unregister the probe on %s: trying again\n",
			    t->name);
	return -ENOMEM;
}

/*
 * Unregisters all probes but the first @keep.
 *
 * Context: may sleep.
 */
static void detach(unsigned int keep)
{
	struct sctrace_tracepoint *t;

	lockdep_assert_held(&sctrace_mutex);
	if (registered <= keep)
		return;
	if (keep < SCTRACE_PROBES_CALLS)
		sctrace_scope_end();
	while (registered > keep) {
		t = &tracepoints[registered - 1];
		/* The one in use last: as long as there is one, it is that */
		if (take_off(t, !which(t)) || take_off(t, which(t)))
			break;
		registered--;
	}
	/* What was unregistered does not run any more, and will not */
	tracepoint_synchronize_unregister();
	if (registered < SCTRACE_PROBES_CALLS) {
		sctrace_hints_clear(NULL);
		sctrace_origin_clear();
	}
}

/*
 * Unregisters what is not to be registered.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM: to be called again.
 */
static int tidy(void)
{
	struct sctrace_tracepoint *t;
	bool found = false;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < registered; i++) {
		t = &tracepoints[i];
		if (t->probes[1] && t->on[!which(t)]) {
			ret = take_off(t, !which(t)) ?: ret;
			found = true;
		}
	}
	for (i = 0; !sctrace_pairing && cgroup_tracepoints[i].name; i++) {
		found |= cgroup_tracepoints[i].on[0];
		ret = take_off(&cgroup_tracepoints[i], 0) ?: ret;
	}
	/* What was unregistered does not run any more, and will not */
	if (found)
		tracepoint_synchronize_unregister();
	return ret;
}

/*
 * Lets the other probes take the place of those that are registered: for a moment there are
 * both, so that no call is missed. Either of them looks at the records as they are.
 *
 * Context: may sleep.
 * Return: 0, or the error of registering, and nothing has changed.
 */
static int swap_probes(bool pairing)
{
	unsigned int i;
	int ret = 0;

	lockdep_assert_held(&sctrace_mutex);
	WRITE_ONCE(sctrace_pairing, pairing);
	for (i = 0; !ret && i < registered; i++)
		ret = put_on(&tracepoints[i]);
	if (ret)
		WRITE_ONCE(sctrace_pairing, !pairing);
	if (tidy())
		schedule_work(&sctrace_work);
	/* A hint of one kind is none of the other */
	sctrace_hints_clear(NULL);
	return ret;
}

/**
 * sctrace_probe_cgroups() - can cgroups be recorded here?
 */
bool sctrace_probe_cgroups(void)
{
	unsigned int i;

	for (i = 0; cgroup_tracepoints[i].name; i++) {
		if (!cgroup_tracepoints[i].tp)
			return false;
	}
	return i;
}

/**
 * sctrace_probe_pair() - register the probes that records of cgroups need, unless they are
 *
 * The worker unregisters them when there is no such record.
 *
 * Context: may sleep.
 * Return: 0, or an error.
 */
int sctrace_probe_pair(void)
{
	unsigned int i;
	int ret;

	lockdep_assert_held(&sctrace_mutex);
	if (stopping)
		return -ESHUTDOWN;
	schedule_work(&sctrace_work);
	if (sctrace_pairing)
		return 0;
	for (i = 0; cgroup_tracepoints[i].name; i++) {
		ret = put_on(&cgroup_tracepoints[i]);
		if (ret)
			return ret;
	}
	sctrace_pairs.want = SCTRACE_PAIRS_WANT;
	sctrace_pool_fill(&sctrace_pairs);
	return swap_probes(true);
}

/* Undoes it when there is no record of a cgroup. Return: it is not done */
static bool unpair(void)
{
	bool again = false;

	lockdep_assert_held(&sctrace_mutex);
	if (stopping && registered)
		return true;
	if (sctrace_pairing && (stopping || !READ_ONCE(sctrace_cgroup_records_num))) {
		again = swap_probes(false);
		sctrace_pairs.want = 0;
		raw_spin_lock(&sctrace_lock);
		sctrace_pairs_flush();
		raw_spin_unlock(&sctrace_lock);
	}
	return again || tidy();
}

/**
 * sctrace_probe_attach() - register the probes, unless they are
 * @refused: the one of sys_exit, too
 *
 * Context: may sleep.
 * Return: 0. -ESHUTDOWN: the module is being unloaded. Else the error of
 * registering; the worker unregisters what nobody needs.
 */
int sctrace_probe_attach(bool refused)
{
	const unsigned int want = refused ? SCTRACE_PROBES_REFUSED :
					    SCTRACE_PROBES_CALLS;
	int ret;

	lockdep_assert_held(&sctrace_mutex);
	if (stopping)
		return -ESHUTDOWN;
	while (registered < want) {
		/* The probes follow each process from here on */
		if (registered == SCTRACE_PROBES_LIFE)
			sctrace_origin_seed();
		ret = put_on(&tracepoints[registered]);
		if (ret) {
			schedule_work(&sctrace_work);
			return ret;
		}
		registered++;
	}
	sctrace_scope_begin();
	return 0;
}

/**
 * sctrace_probe_attached() - are the probes registered?
 *
 * Return: as SCTRACE_A_ATTACHED.
 */
unsigned int sctrace_probe_attached(void)
{
	lockdep_assert_held(&sctrace_mutex);
	return (registered >= SCTRACE_PROBES_CALLS) |
	       (registered >= SCTRACE_PROBES_REFUSED) << 1;
}

static void work(struct work_struct *unused)
{
	unsigned int want = SCTRACE_PROBES_NONE;
	struct sctrace_counts counts;
	bool again, unsighted;

	mutex_lock(&sctrace_mutex);
	again = sctrace_record_work(registered);
	unsighted = sctrace_record_sight();
	sctrace_origin_count();
	sctrace_origin_forget();
	if (stopping) {
		again = false;
	} else if (sctrace_mode != SCTRACE_MODE_SELECTED &&
		   registered <= SCTRACE_PROBES_CALLS) {
		/* Spares looking at all records each time that a namespace ends */
		want = registered;
	} else if (registered) {
		sctrace_record_count(&counts);
		if (counts.refusing)
			want = SCTRACE_PROBES_REFUSED;
		else if (counts.active || sctrace_mode != SCTRACE_MODE_SELECTED)
			want = SCTRACE_PROBES_CALLS;
		else if (counts.live || again)
			want = SCTRACE_PROBES_LIFE;
	}
	detach(want);
	again |= unpair();
	unpaired = !again;
	if (again || (!stopping && (unsighted || registered > want)))
		schedule_delayed_work(&retry_work,
				      msecs_to_jiffies(SCTRACE_RETRY_MS));
	mutex_unlock(&sctrace_mutex);
}

static void retry(struct work_struct *unused)
{
	schedule_work(&sctrace_work);
}

/**
 * sctrace_probe_init() - find the tracepoints
 *
 * Context: may sleep.
 * Return: 0, or -ENOENT when this kernel lacks one.
 */
int sctrace_probe_init(void)
{
	unsigned int i;

	INIT_WORK(&sctrace_work, work);
	for_each_kernel_tracepoint(match_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(tracepoints); i++) {
		if (!tracepoints[i].tp) {
			pr_err("this kernel has no tracepoint %s\n",
			       tracepoints[i].name);
			return -ENOENT;
		}
	}
	sctrace_scope_init(tracepoints[3].tp, tracepoints[3].probes,
			   tracepoints[4].tp, tracepoints[4].probes);
	return 0;
}

/**
 * sctrace_probe_exit() - unregister the probes and end the worker, for good
 *
 * Returns when no probe is registered any more, however long that takes. The
 * worker unregisters them: the task that unloads the module may be one that gets
 * no memory because it is about to be killed.
 *
 * Context: may sleep; takes sctrace_mutex. Nobody sends requests any more.
 */
void sctrace_probe_exit(void)
{
	mutex_lock(&sctrace_mutex);
	stopping = true;
	mutex_unlock(&sctrace_mutex);
	for (;;) {
		schedule_work(&sctrace_work);
		flush_work(&sctrace_work);
		/* The worker has ended, and nobody else writes this now */
		if (!READ_ONCE(registered) && READ_ONCE(unpaired))
			break;
		msleep(SCTRACE_RETRY_MS);
	}
	sctrace_scope_exit();
	cancel_delayed_work_sync(&retry_work);
	cancel_work_sync(&sctrace_work);
}
