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

	/* Where a probe may sleep, this may */
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
 * What the seen cache does not have. Of a watched call the value may be cached. Out of line,
 * so that other calls have nothing to move and to save.
 */
static __always_inline void look_at_value(struct task_struct *tsk,
					  struct pid_namespace *ns, long id,
					  const struct sctrace_hot *hot,
					  unsigned int class, bool foreign)
{
	if (!sctrace_value_cached(hot, tsk, id, class, foreign))
		see(tsk, ns, id);
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
		goto slow;
	sctrace_probe_enter();
	if (unlikely(data_race(hot->ns) != key)) {
		hot = sctrace_table_find(key);
		if (!hot)
			goto leave;
		sctrace_hint(hot);
	}
	sctrace_caller_is(&caller, tsk);
	class = sctrace_class(hot, ns, &caller);
leave:
	sctrace_probe_leave();
	if (class < 0 || (unsigned long)id >= SCTRACE_SEEN_NR)
		goto slow;
	if (likely(is_seen(hot, id, class)))
		return;
	/* As @key says, which would have to be kept for this */
	if (sctrace_abi_foreign(tsk))
		value_foreign(tsk, ns, id, hot, class);
	else
		value_of_class(tsk, ns, id, hot, class);
	return;
slow:
	see(tsk, ns, id);
}

/*
 * The steady state, for calls in the ABI that @key stands for. A CPU that comes from
 * another namespace looks into the table once, and keeps what it found as a hint.
 */
static __always_inline void look(struct task_struct *tsk,
				 struct pid_namespace *ns,
				 const struct pid_namespace *key, long id,
				 bool foreign)
{
	const struct sctrace_hot *hot = sctrace_cpu_read(sctrace_hints.last);

	if (unlikely(data_race(hot->quick) != key)) {
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

static noinline void look_foreign(struct task_struct *tsk,
				  struct pid_namespace *ns, long id)
{
	look(tsk, ns, SCTRACE_FOREIGN_KEY(ns), id, true);
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
		look(tsk, ns, ns, id, false);
}

static noinline void refuse(struct task_struct *tsk, int id, long ret)
{
	sctrace_probe_enter();
	sctrace_refuse_see(tsk, ns_of_pid(task_pid(tsk)), id, ret);
	sctrace_probe_leave();
}

/*
 * A call has failed under a filter, and the seen cache does not know it. Of a watched call the
 * value may be cached: as refused, or first, as entered, and so not refused.
 */
static noinline void refuse_value(struct task_struct *tsk, unsigned long id,
				  long ret, const struct sctrace_hot *hot)
{
	if (!sctrace_value_cached(hot, tsk, id, SCTRACE_CLASS_REFUSED |
				  SCTRACE_CLASS_CONFINED, false))
		refuse(tsk, id, ret);
}

static noinline void leave_value(struct task_struct *tsk, unsigned long id,
				 long ret, const struct sctrace_hot *hot)
{
	if (!sctrace_value_cached(hot, tsk, id, SCTRACE_CLASS_CONFINED, false))
		refuse_value(tsk, id, ret, hot);
}

/**
 * sctrace_sys_exit() - the probe of sys_exit
 * @data: unused
 * @regs: of the task
 * @ret: what the call returns
 *
 * Registered while a record looks for refused calls. Nearly all calls end at the first
 * test. A call that fails and was seen entering under a filter ends before the stage is
 * looked at.
 *
 * Context: as sctrace_sys_enter().
 */
static void sctrace_sys_exit(void *data, struct pt_regs *regs, long ret)
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
	if (likely(data_race(hot->quick) == ns)) {
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
		leave_value(tsk, id, ret, hot);
		return;
	} else if (sctrace_cpu_read(sctrace_hints.unrecorded) == ns) {
		return;
	}
slow:
	refuse(tsk, id, ret);
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

	sctrace_scope_exec(p);
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

/*
 * In the order of registering: a new namespace is known before a task in it can make
 * a call. None of these tracepoints is exported, so they are looked up by name.
 */
static struct sctrace_tracepoint {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} tracepoints[] __ro_after_init = {
	{ "sched_process_exit", sctrace_sched_process_exit },
	{ "sched_process_exec", sctrace_sched_process_exec },
	{ "sched_process_fork", sctrace_sched_process_fork },
	{ "sys_enter", sctrace_sys_enter },
	{ "sys_exit", sctrace_sys_exit },
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
}

#ifdef SCTRACE_FAULTS
/* For tests, on kernels that cannot fail: the next so many tries do */
static unsigned int faults;
module_param(faults, uint, 0644);
#endif

static int unregister(const struct sctrace_tracepoint *t)
{
#ifdef SCTRACE_FAULTS
	if (faults) {
		faults--;
		return -ENOMEM;
	}
#endif
	return tracepoint_probe_unregister(t->tp, t->probe, NULL);
}

/*
 * Unregisters all probes but the first @keep. Up to 4.19 this takes memory when
 * somebody else has a probe on the same tracepoint. Without memory the probe
 * stays registered, and the caller has to try again.
 *
 * Context: may sleep.
 */
static void detach(unsigned int keep)
{
	const struct sctrace_tracepoint *t;

	lockdep_assert_held(&sctrace_mutex);
	if (registered <= keep)
		return;
	if (keep < SCTRACE_PROBES_CALLS)
		sctrace_scope_end();
	while (registered > keep) {
		t = &tracepoints[registered - 1];
		if (unregister(t) == -ENOMEM) {
			pr_warn_ratelimited("no memory to unregister the probe on %s: trying again\n",
					    t->name);
			break;
		}
		registered--;
	}
	/* What was unregistered does not run any more, and will not */
	tracepoint_synchronize_unregister();
	if (registered < SCTRACE_PROBES_CALLS) {
		sctrace_hints_clear(NULL);
		sctrace_origin_clear();
	}
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
	const struct sctrace_tracepoint *t;
	int ret;

	lockdep_assert_held(&sctrace_mutex);
	if (stopping)
		return -ESHUTDOWN;
	while (registered < want) {
		/* The probes follow each process from here on */
		if (registered == SCTRACE_PROBES_LIFE)
			sctrace_origin_seed();
		t = &tracepoints[registered];
		ret = tracepoint_probe_register(t->tp, t->probe, NULL);
		if (ret) {
			pr_err("no probe on %s: error %d\n", t->name, ret);
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
	sctrace_scope_init(tracepoints[3].tp, tracepoints[3].probe,
			   tracepoints[4].tp, tracepoints[4].probe);
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
		if (!READ_ONCE(registered))
			break;
		msleep(SCTRACE_RETRY_MS);
	}
	sctrace_scope_exit();
	cancel_delayed_work_sync(&retry_work);
	cancel_work_sync(&sctrace_work);
}
