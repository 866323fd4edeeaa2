// SPDX-License-Identifier: GPL-2.0
/*
 * The probes, and when they are registered: a registered sys_enter probe makes
 * every system call of the machine take the slow way, so it is there only while
 * something is to be recorded.
 */

#include <linux/string.h>

#include "abi.h"
#include "probe.h"
#include "record.h"

/* How long to wait before asking again whether an ended namespace is empty */
#define SCTRACE_FADE_DELAY	msecs_to_jiffies(100)

/* Protected by sctrace_mutex */
static bool attached;
static bool exit_attached;
static bool stopping;

static void fade(struct work_struct *work);
static DECLARE_DELAYED_WORK(fade_work, fade);

/*
 * Out of line, and called last, so that the steady state needs no stack.
 *
 * Context: as sctrace_sys_enter().
 */
static noinline void see(struct task_struct *tsk, struct pid_namespace *ns,
			 long id)
{
	sctrace_probe_enter();
	sctrace_record_see(tsk, ns, id);
	sctrace_probe_leave();
}

static __always_inline bool is_seen(const struct sctrace_hot *hot,
				    unsigned long id, unsigned int class)
{
	const u8 *seen = hot->seen;

	/* A pointer and a mask: no sanitizer has anything to add */
	return likely(id < SCTRACE_SEEN_NR) &&
	       data_race(seen[id]) >> (class & 31) & 1;
}

/*
 * The steady state of tasks that were forked and have called no execve since,
 * and of threads, which carry that flag for ever. Servers that fork their
 * workers are made of such tasks.
 */
static noinline void look_forked(struct task_struct *tsk,
				 struct pid_namespace *ns,
				 long id, const struct sctrace_hot *hot)
{
	const struct task_struct *leader = tsk->group_leader;
	unsigned int class = sctrace_seccomp_mode(tsk);
	const struct pid_namespace *outside;

	if (sctrace_task_flags(leader) & PF_FORKNOEXEC) {
		if (!SCTRACE_PROBE_READS_TASKS)
			goto slow;
		sctrace_probe_enter();
		leader = rcu_dereference_raw(leader->real_parent);
		outside = ns_of_pid(task_pid((struct task_struct *)leader));
		sctrace_probe_leave();
		if (outside != ns) {
			if (!outside || outside != ns->parent)
				goto slow;
			class += SCTRACE_CLASS_JOINER;
		}
	}
	if (likely(is_seen(hot, id, class)))
		return;
slow:
	see(tsk, ns, id);
}

/*
 * The steady state, for calls in the ABI that @key stands for. A CPU that comes
 * from another namespace looks at the table once, and stores what it found for
 * itself.
 */
static __always_inline void look(struct task_struct *tsk,
				 struct pid_namespace *ns,
				 const struct pid_namespace *key, long id)
{
	const struct sctrace_hot *hot = sctrace_cpu_read(sctrace_hints.last);

	if (unlikely(data_race(hot->ns) != key)) {
		if (sctrace_cpu_read(sctrace_hints.outside) == ns)
			return;
		hot = sctrace_hot_first(key);
		if (unlikely(data_race(hot->ns) != key))
			goto slow;
		sctrace_cpu_write(sctrace_hints.last, hot);
	}
	if (unlikely(tsk->flags & PF_FORKNOEXEC)) {
		look_forked(tsk, ns, id, hot);
		return;
	}
	if (likely(is_seen(hot, id, sctrace_seccomp_mode(tsk))))
		return;
slow:
	see(tsk, ns, id);
}

static noinline void look_foreign(struct task_struct *tsk,
				  struct pid_namespace *ns, long id)
{
	look(tsk, ns, SCTRACE_FOREIGN_KEY(ns), id);
}

/**
 * sctrace_sys_enter() - the probe of sys_enter
 * @data: unused
 * @regs: unused
 * @id: the system call's number, or anything that user space put there
 *
 * In the steady state this does what stands in look() and no more: no lock, no
 * store, no call, whatever the number of records.
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
		look(tsk, ns, ns, id);
}

static noinline void refuse(struct task_struct *tsk, int id, long ret,
			    struct pid_namespace *ns)
{
	sctrace_probe_enter();
	sctrace_record_refuse(tsk, ns, id, ret);
	sctrace_probe_leave();
}

/**
 * sctrace_sys_exit() - the probe of sys_exit
 * @data: unused
 * @regs: of the task
 * @ret: what the call returns
 *
 * Registered while a record looks for refused calls. Nearly all calls end at
 * the first test; what fails, and a filtered task was seen entering, before the
 * stages are told apart.
 *
 * Context: as sctrace_sys_enter().
 */
static void sctrace_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	struct task_struct *tsk = current;
	const struct sctrace_hot *hot;
	struct pid_namespace *ns;
	struct pid *pid;
	unsigned long id;

	/* 32-bit calls may return their errors extended or not */
	if (likely((u32)ret < (u32)-MAX_ERRNO))
		return;
	if (likely(sctrace_seccomp_mode(tsk) != SECCOMP_MODE_FILTER))
		return;
	pid = task_pid(tsk);
	ns = pid->numbers[pid->level].ns;
	/* Widened once, where it is read */
	id = (u32)syscall_get_nr(tsk, regs);
	OPTIMIZER_HIDE_VAR(id);
	hot = sctrace_cpu_read(sctrace_hints.last);
	if (likely(data_race(hot->ns) == ns)) {
		if (unlikely(sctrace_abi_foreign(tsk)))
			goto slow;
		/* Entered behind a filter, so not refused, whatever the stage */
		if (likely(is_seen(hot, id, SECCOMP_MODE_FILTER)))
			return;
		/* Two tests of memory; one load for both would be dearer */
		OPTIMIZER_HIDE_VAR(hot);
		if (is_seen(hot, id, SCTRACE_CLASS_REFUSED) &&
		    (!(tsk->flags & PF_FORKNOEXEC) ||
		     !(sctrace_task_flags(tsk->group_leader) &
		       PF_FORKNOEXEC)))
			return;
	} else if (sctrace_cpu_read(sctrace_hints.outside) == ns) {
		return;
	}
slow:
	refuse(tsk, id, ret, ns);
}

static void sctrace_sched_process_fork(void *data, struct task_struct *parent,
				       struct task_struct *child)
{
	struct pid *pid = task_pid(child);

	sctrace_follow_child(child);
	if (likely(!is_child_reaper(pid)))
		return;
	sctrace_probe_enter();
	sctrace_record_birth(child, ns_of_pid(pid));
	sctrace_probe_leave();
}

static void sctrace_sched_process_exec(void *data, struct task_struct *p,
				       pid_t old_pid, struct linux_binprm *bprm)
{
	struct pid *pid = task_pid(p);

	if (likely(!is_child_reaper(pid)))
		return;
	sctrace_probe_enter();
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
	if (likely(!is_child_reaper(pid)) || !sctrace_group_dead(p))
		return;
	sctrace_probe_enter();
	sctrace_record_end(ns_of_pid(pid));
	sctrace_probe_leave();
}

/*
 * In the order of registering: a namespace that is born is known before it can
 * call. None of these tracepoints is exported, so they are looked up by name.
 */
static struct sctrace_tracepoint {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} tracepoints[] = {
	{ "sched_process_exit", sctrace_sched_process_exit },
	{ "sched_process_exec", sctrace_sched_process_exec },
	{ "sched_process_fork", sctrace_sched_process_fork },
	{ "sys_enter", sctrace_sys_enter },
	{ "sys_exit", sctrace_sys_exit },
};

/* The last one stands by itself */
#define SCTRACE_ALWAYS	(ARRAY_SIZE(tracepoints) - 1)

static void match_tracepoint(struct tracepoint *tp, void *priv)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tracepoints); i++) {
		if (!strcmp(tp->name, tracepoints[i].name))
			tracepoints[i].tp = tp;
	}
}

/* Unregisters tracepoints[from..to-1] */
static void detach(unsigned int from, unsigned int to)
{
	while (to-- > from)
		tracepoint_probe_unregister(tracepoints[to].tp,
					    tracepoints[to].probe, NULL);
	/* From here on no probe runs or will run */
	tracepoint_synchronize_unregister();
	if (!from)
		sctrace_record_forget_hints(NULL);
}

static int attach(unsigned int from, unsigned int to)
{
	unsigned int i;
	int ret;

	for (i = from; i < to; i++) {
		ret = tracepoint_probe_register(tracepoints[i].tp,
						tracepoints[i].probe, NULL);
		if (ret) {
			pr_err("no probe on %s: error %d\n",
			       tracepoints[i].name, ret);
			detach(from, i);
			return ret;
		}
	}
	return 0;
}

static void detach_exit(void)
{
	if (exit_attached)
		detach(SCTRACE_ALWAYS, ARRAY_SIZE(tracepoints));
	exit_attached = false;
}

static void detach_all(void)
{
	detach_exit();
	if (attached)
		detach(0, SCTRACE_ALWAYS);
	attached = false;
}

/**
 * sctrace_probe_attach() - register the probes, unless they are
 * @refused: the one for refused calls, too
 *
 * Context: sctrace_mutex is held; may sleep.
 * Return: 0. -ESHUTDOWN: the module is being unloaded. Else the error of
 * registering; what is missing then is missing.
 */
int sctrace_probe_attach(bool refused)
{
	int ret;

	if (stopping)
		return -ESHUTDOWN;
	if (!attached) {
		ret = attach(0, SCTRACE_ALWAYS);
		if (ret)
			return ret;
		attached = true;
	}
	if (refused && !exit_attached) {
		ret = attach(SCTRACE_ALWAYS, ARRAY_SIZE(tracepoints));
		if (ret)
			return ret;
		exit_attached = true;
	}
	return 0;
}

/**
 * sctrace_probe_attached() - are the probes registered?
 *
 * Context: sctrace_mutex is held.
 * Return: as SCTRACE_A_ATTACHED.
 */
unsigned int sctrace_probe_attached(void)
{
	return attached | exit_attached << 1;
}

static void work(struct work_struct *unused)
{
	struct sctrace_counts counts;

	mutex_lock(&sctrace_mutex);
	sctrace_record_work(attached);
	if (exit_attached || (attached && !sctrace_record_all)) {
		sctrace_record_count(&counts);
		if (!counts.refusing)
			detach_exit();
		if (!counts.active && !sctrace_record_all)
			detach_all();
		if (counts.fading && !stopping)
			schedule_delayed_work(&fade_work, SCTRACE_FADE_DELAY);
	}
	mutex_unlock(&sctrace_mutex);
}

static void fade(struct work_struct *unused)
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
	return 0;
}

/**
 * sctrace_probe_exit() - unregister the probes and end the worker, for good
 *
 * Context: may sleep; takes sctrace_mutex. Nobody sends requests any more.
 */
void sctrace_probe_exit(void)
{
	mutex_lock(&sctrace_mutex);
	stopping = true;
	detach_all();
	mutex_unlock(&sctrace_mutex);
	cancel_delayed_work_sync(&fade_work);
	cancel_work_sync(&sctrace_work);
}
