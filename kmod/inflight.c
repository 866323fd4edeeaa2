// SPDX-License-Identifier: GPL-2.0

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/stop_machine.h>
#include <linux/vmalloc.h>

#include "abi.h"
#include "inflight.h"
#include "lock.h"
#include "pool.h"
#include "table.h"

/*
 * for_each_process_thread() asks lockdep for tasklist_lock where RCU is proven,
 * on 7.3, and no module can see that lock. Under rcu_read_lock() only.
 */
#define for_each_task(p, t)						\
	for_each_process(p)						\
		list_for_each_entry_rcu(t, &(p)->signal->thread_head,	\
					thread_node)

/**
 * struct take - what stop_machine() is to do
 * @ns: look at tasks in here
 * @inf: where to
 * @done: call this when all were looked at
 * @data: for @done
 */
struct take {
	struct pid_namespace *ns;
	struct sctrace_inflight *inf;
	void (*done)(void *data, struct sctrace_inflight *inf);
	void *data;
};

static bool lives_in(struct task_struct *tsk, const struct pid_namespace *ns)
{
	const struct pid_namespace *own;

	if (sctrace_task_flags(tsk) & (PF_KTHREAD | PF_EXITING))
		return false;
	/* A task that is on its way out leaves no call, and has no stack soon */
	if (data_race(READ_ONCE(tsk->exit_state)))
		return false;
	own = task_active_pid_ns(tsk);
	return own && sctrace_ns_inside(own, ns);
}

static unsigned int count_threads(const struct pid_namespace *ns)
{
	struct task_struct *p, *t;
	unsigned int num = 0;

	rcu_read_lock();
	for_each_task(p, t)
		num += lives_in(t, ns);
	rcu_read_unlock();
	return num;
}

/* The first place that a task may be in */
static unsigned int place(const struct sctrace_inflight *inf,
			  const struct task_struct *tsk)
{
	return ((u32)((unsigned long)tsk / L1_CACHE_BYTES) *
		SCTRACE_GOLDEN_RATIO) >> inf->shift;
}

static bool note(struct sctrace_inflight *inf, const struct task_struct *tsk,
		 int nr)
{
	const unsigned int mask = (1ULL << (32 - inf->shift)) - 1;
	unsigned int i, at = place(inf, tsk);

	for (i = 0; i < SCTRACE_INFLIGHT_PLACES; i++, at = (at + 1) & mask) {
		if (inf->call[at].tsk)
			continue;
		inf->call[at].tsk = tsk;
		inf->call[at].start = sctrace_start_time(tsk);
		inf->call[at].nr = nr;
		return true;
	}
	return false;
}

/*
 * The registers at the top of a task's kernel stack hold the number of the call
 * that it is in, or -1 when it came by an interrupt. Of a task that runs in
 * user mode they are what is left of its last call, which is why all CPUs are
 * stopped: now each has come by an interrupt.
 *
 * Context: stop_machine(): interrupts are off everywhere, nobody else runs.
 */
static int take_stopped(void *data)
{
	struct take *take = data;
	struct sctrace_inflight *inf = take->inf;
	struct task_struct *p, *t;
	int nr;

	rcu_read_lock();
	for_each_task(p, t) {
		if (!lives_in(t, take->ns))
			continue;
		nr = syscall_get_nr(t, task_pt_regs(t));
		if (nr < 0)
			continue;
		if (!note(inf, t, nr)) {
			inf->full = true;
			break;
		}
	}
	rcu_read_unlock();
	if (!inf->full)
		take->done(take->data, inf);
	return 0;
}

/**
 * sctrace_inflight_take() - see which calls are under way
 * @ns: in this namespace and those inside; it cannot go away
 * @done: is called at that very moment with the result, which it may keep;
 *	interrupts are off, and it does not sleep
 * @data: for @done
 *
 * Stops the machine for as long as it takes to walk the list of tasks.
 *
 * Context: may sleep.
 * Return: what was given to @done; or -ENOMEM, and @done was not called.
 */
struct sctrace_inflight *
sctrace_inflight_take(struct pid_namespace *ns,
		      void (*done)(void *data, struct sctrace_inflight *inf),
		      void *data)
{
	struct take take = { .ns = ns, .done = done, .data = data };
	unsigned int size, spare;

	for (spare = 4;; spare *= 2) {
		/* Room for those who come while we get it, and for the hash */
		size = roundup_pow_of_two((count_threads(ns) + 64) * spare);
		take.inf = sctrace_dry ? NULL :
			   sctrace_vmalloc(sizeof(*take.inf) +
					   size * sizeof(take.inf->call[0]),
					   SCTRACE_GFP | __GFP_ZERO);
		if (!take.inf)
			return ERR_PTR(-ENOMEM);
		take.inf->shift = 32 - ilog2(size);
		stop_machine(take_stopped, &take, NULL);
		if (!take.inf->full)
			return take.inf;
		sctrace_inflight_free(take.inf);
	}
}

/**
 * sctrace_inflight_left() - is that the end of a call that was under way?
 * @inf: what was under way, or NULL
 * @tsk: current, which leaves a call with an error, not having entered it
 * @nr: the call's number, as syscall_get_nr() gives it
 *
 * Says so at most once for a task. Takes as long however many there are.
 *
 * Context: preemption is off, so that nobody replaces @inf meanwhile.
 */
bool sctrace_inflight_left(struct sctrace_inflight *inf,
			   const struct task_struct *tsk, int nr)
{
	const struct task_struct *owner;
	unsigned int i, at, mask;
	int noted;

	if (!inf)
		return false;
	mask = (1ULL << (32 - inf->shift)) - 1;
	at = place(inf, tsk);
	for (i = 0; i < SCTRACE_INFLIGHT_PLACES; i++, at = (at + 1) & mask) {
		/* First: see sctrace_inflight_add() */
		noted = smp_load_acquire(&inf->call[at].nr);
		owner = READ_ONCE(inf->call[at].tsk);
		if (!owner)
			return false;
		if (owner != tsk || noted < 0 ||
		    READ_ONCE(inf->call[at].start) != sctrace_start_time(tsk))
			continue;
		WRITE_ONCE(inf->call[at].nr, -1);
		/* If it is another number, that call was left before */
		return noted == nr;
	}
	return false;
}

/**
 * sctrace_inflight_add() - a task comes in, perhaps in a call
 * @inf: what was under way, or NULL
 * @tsk: another task than current, which cannot exit now
 *
 * Of a task that runs in user mode this may be the last call that it made: then the next failure
 * of such a call counts for nothing, once.
 *
 * Return: false: there is no place.
 */
bool sctrace_inflight_add(struct sctrace_inflight *inf, struct task_struct *tsk)
{
	unsigned int i, at, mask;
	int nr;

	lockdep_assert_held(&sctrace_lock);
	nr = syscall_get_nr(tsk, task_pt_regs(tsk));
	if (nr < 0)
		return true;
	if (!inf)
		return false;
	mask = (1ULL << (32 - inf->shift)) - 1;
	at = place(inf, tsk);
	for (i = 0; i < SCTRACE_INFLIGHT_PLACES; i++, at = (at + 1) & mask) {
		if (inf->call[at].tsk && READ_ONCE(inf->call[at].nr) >= 0)
			continue;
		WRITE_ONCE(inf->call[at].nr, -1);
		WRITE_ONCE(inf->call[at].start, sctrace_start_time(tsk));
		WRITE_ONCE(inf->call[at].tsk, tsk);
		/* Whoever sees the number sees whose it is */
		smp_store_release(&inf->call[at].nr, nr);
		return true;
	}
	return false;
}

/**
 * sctrace_inflight_free() - forget what was under way
 * @inf: or NULL
 *
 * Context: may sleep.
 */
void sctrace_inflight_free(struct sctrace_inflight *inf)
{
	vfree(inf);
}
