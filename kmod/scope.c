// SPDX-License-Identifier: GPL-2.0

#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>

#include "cgroup.h"
#include "record.h"
#include "scope.h"

/* How many tasks to look at before others may run */
#define SCTRACE_SCOPE_BATCH	64

/* How often to look for other users of the tracepoints */
#define SCTRACE_SCOPE_PERIOD	msecs_to_jiffies(50)

/*
 * Who is to have the flag. A task's PID namespace never changes, so the flag is
 * decided when the task is forked, when it is moved to another cgroup, and again for all
 * tasks when the answer changes. Changed under sctrace_mutex, read by the probes.
 */
static enum {
	SCOPE_KERNEL,	/* whom the kernel gives it: all, or nobody */
	SCOPE_NARROW,	/* those inside a recorded namespace or cgroup */
	SCOPE_WIDENING,	/* all; walk() is giving it to them */
} scope;

/* sys_enter and sys_exit, and this module's probes there */
static struct {
	struct tracepoint *tp;
	const void *const *probes;
} ours[2] __ro_after_init;

/* The probes are registered; protected by sctrace_mutex */
static bool attached;

/* Parameter: may the scope become narrow? */
static bool narrow = true;
module_param(narrow, bool, 0444);
MODULE_PARM_DESC(narrow,
		 "let tasks that are not recorded take the untraced path of system calls (default Y)");

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, watch);

static bool wanted(const struct task_struct *tsk, const struct pid_namespace *ns)
{
	return scope == SCOPE_WIDENING || sctrace_inside(ns) ||
	       sctrace_inside_cgroup(tsk);
}

#ifdef SCTRACE_FAULTS
/* For tests: how long set_flag() waits for the race that it has to win, and whether it does */
static unsigned int race_us;
module_param(race_us, uint, 0644);

static bool race_lost;
module_param(race_lost, bool, 0644);

static void race(void)
{
	if (READ_ONCE(race_us))
		udelay(READ_ONCE(race_us));
}
#else
#define race_lost	false
static void race(void) { }
#endif

/*
 * A task may be moved to another cgroup between the look and the change, and who does that sets
 * the flag, too. So whoever is last looks again.
 */
static void set_flag(struct task_struct *tsk, const struct pid_namespace *ns)
{
	bool on;

	do {
		on = wanted(tsk, ns);
		race();
		if (sctrace_traced(tsk) != on)
			sctrace_set_traced(tsk, on);
		smp_mb();
	} while (!race_lost && on != wanted(tsk, ns));
}

/**
 * sctrace_scope_fork() - decide whether a new task is traced
 * @child: it has not run yet
 *
 * The barrier pairs with the one in walk(): either this sees the new scope, or
 * the walk finds the child. Called from the probe of sched_process_fork.
 */
void sctrace_scope_fork(struct task_struct *child)
{
	smp_mb();
	if (READ_ONCE(scope) == SCOPE_KERNEL)
		sctrace_follow_child(child);
	else
		set_flag(child, ns_of_pid(task_pid(child)));
}

/**
 * sctrace_scope_again() - decide again whether a task is traced
 * @tsk: current, which has called execve; or a task that was moved to another cgroup
 *
 * A thread that calls execve takes over the PID of its group's leader. A walk may
 * have passed that number before, and does not find the thread's own any more.
 *
 * Context: a probe; an RCU reader, unless @tsk is current.
 */
void sctrace_scope_again(struct task_struct *tsk)
{
	struct pid *pid = task_pid(tsk);

	smp_mb();
	/* A thread that has exited has no PID any more */
	if (pid && READ_ONCE(scope) != SCOPE_KERNEL)
		set_flag(tsk, ns_of_pid(pid));
}

/**
 * sctrace_scope_inside() - was a task in a recorded cgroup, before it was moved?
 * @tsk: the task; sctrace_scope_again() comes after this
 *
 * Return: 1: it was; 0: it was not; -1: its flag, which would tell, has another reason.
 */
int sctrace_scope_inside(struct task_struct *tsk)
{
	struct pid *pid = task_pid(tsk);

	if (READ_ONCE(scope) != SCOPE_NARROW || !pid || sctrace_inside(ns_of_pid(pid)))
		return -1;
	return sctrace_traced(tsk);
}

/*
 * Calls @fn for all tasks. It goes by PID number, so that others may run
 * meanwhile, and forks cannot make it longer than there are numbers.
 */
static void walk(void (*fn)(struct task_struct *tsk,
			    const struct pid_namespace *ns))
{
	struct task_struct *tsk;
	unsigned int num;
	struct pid *pid;
	int nr = 1;

	lockdep_assert_held(&sctrace_mutex);
	smp_mb();
	while (nr < PID_MAX_LIMIT) {
		rcu_read_lock();
		for (num = 0; num < SCTRACE_SCOPE_BATCH && nr < PID_MAX_LIMIT;
		     num++, nr++) {
			pid = sctrace_next_pid(&nr);
			tsk = pid_task(pid, PIDTYPE_PID);
			if (tsk)
				fn(tsk, ns_of_pid(pid));
		}
		rcu_read_unlock();
		cond_resched();
	}
}

/*
 * Gives the flag to all. What the first walk misses is there for the second: a
 * child that was found by neither the walk nor the probe inherits nothing from
 * a parent that had no flag yet, and a thread may have taken over another's
 * PID.
 */
static void widen(void)
{
	WRITE_ONCE(scope, SCOPE_WIDENING);
	walk(set_flag);
	walk(set_flag);
	WRITE_ONCE(scope, SCOPE_KERNEL);
}

static void make_narrow(void)
{
	WRITE_ONCE(scope, SCOPE_NARROW);
	walk(set_flag);
}

/* Has anybody else a probe on one of the two tracepoints? */
static bool others(void)
{
	const struct tracepoint_func *func;
	bool found = false;
	unsigned int i;

	sctrace_probes_lock();
	for (i = 0; i < ARRAY_SIZE(ours); i++) {
		func = rcu_dereference_raw(ours[i].tp->funcs);
		for (; func && func->func; func++)
			found |= func->func != ours[i].probes[0] &&
				 func->func != ours[i].probes[1];
	}
	sctrace_probes_unlock();
	return found;
}

static void watch(struct work_struct *work)
{
	bool seen;

	mutex_lock(&sctrace_mutex);
	if (attached) {
		/*
		 * The kernel gives the flag to all only when the first probe of
		 * sys_enter or sys_exit is registered. Another one that comes
		 * later would see the recorded tasks only.
		 */
		seen = others();
		if (seen && scope == SCOPE_NARROW)
			widen();
		else if (!seen && scope == SCOPE_KERNEL)
			make_narrow();
		schedule_delayed_work(&watch_work, SCTRACE_SCOPE_PERIOD);
	}
	mutex_unlock(&sctrace_mutex);
}

static bool may_narrow(void)
{
	return narrow && sctrace_mode != SCTRACE_MODE_ALL;
}

/**
 * sctrace_scope_begin() - the probes are registered
 *
 * When they have just been, all threads have the flag now. Probes of others that were there
 * before keep seeing all calls.
 */
void sctrace_scope_begin(void)
{
	lockdep_assert_held(&sctrace_mutex);
	if (attached)
		return;
	if (SCTRACE_KERNEL_SKIPS_TASKS)
		widen();
	attached = true;
	if (!may_narrow())
		return;
	if (!others())
		make_narrow();
	schedule_delayed_work(&watch_work, SCTRACE_SCOPE_PERIOD);
}

/**
 * sctrace_scope_change() - START, STOP or FORGET of a namespace or a cgroup
 * @rec: its record, which may have been dropped, but not freed
 */
void sctrace_scope_change(const struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_mutex);
	if (scope == SCOPE_NARROW &&
	    (sctrace_is_of_cgroup(rec) || !sctrace_level_by_itself(rec->level)))
		walk(set_flag);
}

/**
 * sctrace_scope_end() - the probes are about to be unregistered
 *
 * Gives the flag back to all threads, for probes that stay. The kernel takes it
 * away when there are none.
 */
void sctrace_scope_end(void)
{
	lockdep_assert_held(&sctrace_mutex);
	attached = false;
	if (scope == SCOPE_NARROW)
		widen();
}

/**
 * sctrace_scope_init() - say where the probes are
 * @enter: the tracepoint sys_enter
 * @enter_probes: this module's two probes there, of which one is registered
 * @exit: the tracepoint sys_exit
 * @exit_probes: this module's two probes there
 */
void sctrace_scope_init(struct tracepoint *enter, const void *const *enter_probes,
			struct tracepoint *exit, const void *const *exit_probes)
{
	ours[0].tp = enter;
	ours[0].probes = enter_probes;
	ours[1].tp = exit;
	ours[1].probes = exit_probes;
}

/**
 * sctrace_scope_exit() - the probes have been unregistered for good
 */
void sctrace_scope_exit(void)
{
	cancel_delayed_work_sync(&watch_work);
}

/**
 * sctrace_scope_state() - whose calls take the traced path, and why
 *
 * Return: enum sctrace_scope.
 */
u32 sctrace_scope_state(void)
{
	lockdep_assert_held(&sctrace_mutex);
	if (!attached)
		return SCTRACE_SCOPE_NOBODY;
	if (sctrace_mode == SCTRACE_MODE_ALL || sctrace_inside(&init_pid_ns))
		return SCTRACE_SCOPE_INITIAL;
	if (!narrow)
		return SCTRACE_SCOPE_ASKED;
	return scope == SCOPE_NARROW ? SCTRACE_SCOPE_RECORDED :
				       SCTRACE_SCOPE_OTHERS;
}

/* For the tests: how many tasks have the wrong flag */
static unsigned int wrong_without, wrong_with, right;

static void look(struct task_struct *tsk, const struct pid_namespace *ns)
{
	bool want = scope == SCOPE_KERNEL || wanted(tsk, ns);

	/* Before its first run the fork probe may not have been called yet */
	if (sctrace_task_new(tsk) ||
	    sctrace_task_flags(tsk) & (PF_EXITING | PF_KTHREAD))
		return;
	if (sctrace_traced(tsk) == want)
		right++;
	else if (want)
		wrong_without++;
	else
		wrong_with++;
}

static int get_scope_check(char *buf, const struct kernel_param *kp)
{
	int len = 0;

	mutex_lock(&sctrace_mutex);
	wrong_without = 0;
	wrong_with = 0;
	right = 0;
	if (attached)
		walk(look);
	len = sprintf(buf, "%u %u %u\n", wrong_without, wrong_with, right);
	mutex_unlock(&sctrace_mutex);
	return len;
}

static const struct kernel_param_ops scope_check_ops = {
	.get = get_scope_check,
};

module_param_cb(scope_check, &scope_check_ops, NULL, 0400);
MODULE_PARM_DESC(scope_check,
		 "for tests: how many tasks lack the flag, have it wrongly, are right");
