// SPDX-License-Identifier: GPL-2.0

#include "abi.h"
#include "call.h"
#include "inflight.h"
#include "refuse.h"

/*
 * Could another thread have set this task's filter (TSYNC)? A thread that has exited
 * is not in the group any more, but its times and faults were added to the group's.
 */
static bool had_threads(struct task_struct *tsk)
{
	const struct signal_struct *sig = tsk->signal;

	if (!thread_group_empty(tsk))
		return true;
	/* Only zero or not matters: a living thread was found above */
	return data_race(sig->sum_sched_runtime || sig->min_flt ||
			 sig->nvcsw || sig->nivcsw);
}

/*
 * Is an error the answer to the call? Not when a signal interrupts the wait for a
 * supervisor (USER_NOTIF): then the call is restarted, or its maker gives it up. Nor
 * when the task is being killed or a tracer skips the call.
 */
static bool is_answer(struct task_struct *tsk, long ret)
{
	if (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK)
		return false;
	return !fatal_signal_pending(tsk) && !sctrace_emulated(tsk);
}

/*
 * A task with more filters than the namespace's init had when it called execve has one
 * that the program set itself. Nobody can tell which of its filters refused; what the
 * container's filter lets through for others is in the sets of confined calls.
 */
static bool has_own_filter(const struct sctrace_record *rec,
			   const struct task_struct *tsk)
{
	return rec->filters && sctrace_filter_count(tsk) >= rec->filters;
}

/*
 * Was a call entered under the container's filter, in any stage? A watched one, with this
 * value; if the number is open, nobody knows, and it may have been.
 */
static bool was_entered(const struct sctrace_abi *abi,
			const struct sctrace_call *call)
{
	static const u8 stages[SCTRACE_STAGES] = {
		SCTRACE_KIND_CONFINED,
		SCTRACE_KIND_CONFINED | SCTRACE_KIND_SETUP,
		SCTRACE_KIND_CONFINED | SCTRACE_KIND_SETUP | SCTRACE_KIND_PROGRAM,
		SCTRACE_KIND_CONFINED | SCTRACE_KIND_EXEC,
	};
	unsigned int i;

	if (!sctrace_entered_confined(abi, call->nr))
		return false;
	if (!sctrace_call_watched(call))
		return true;
	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		if (sctrace_value_known(&abi->values, call->args, stages[i]))
			return true;
	}
	return false;
}

/*
 * The kinds that a call may already be in: that of the caller, and for an exec's call that of the
 * workload's, where it is looked for first. Return: how many.
 */
static unsigned int kinds_of(unsigned int kind, unsigned int *kinds)
{
	kinds[0] = kind;
	kinds[1] = kind & ~SCTRACE_KIND_EXEC;
	return 1 + sctrace_kind_is_exec(kind);
}

/* Was a call entered before a filter was set? */
static bool was_entered_before(const struct sctrace_abi *abi, unsigned int nr,
			       unsigned int kind)
{
	unsigned int kinds[2], i, num = kinds_of(kind & ~SCTRACE_KIND_CONFINED, kinds);

	for (i = 0; i < num; i++) {
		if (test_bit_le(nr, *sctrace_set(abi, kinds[i])))
			return true;
	}
	return false;
}

/* Is it known that a call is refused? Of a watched one, with this value */
static bool is_refused(const struct sctrace_abi *abi, const struct sctrace_call *call,
		       unsigned int kind)
{
	const struct sctrace_refusals *refused = smp_load_acquire(&abi->refused);
	unsigned int kinds[2], i, num = kinds_of(kind, kinds);

	for (i = 0; i < num; i++) {
		if ((sctrace_entered_confined(abi, call->nr) ||
		     (refused &&
		      test_bit_le(call->nr, *sctrace_refused_set(refused, kinds[i])))) &&
		    (!sctrace_call_watched(call) ||
		     sctrace_value_known(&abi->values, call->args,
					 kinds[i] | SCTRACE_KIND_REFUSED)))
			return true;
	}
	return false;
}

/* What an error that was not seen entering is to a record */
enum verdict {
	NEW,		/* it may have to be put down */
	KNOWN,		/* nothing is left to do for this number */
	NO_REFUSAL,	/* this one is none, or nobody can tell; the next may be */
};

/*
 * Reads the record as it is. Without the lock that may be an old state: then NEW is to be
 * asked for again under it, and the others were right a moment ago.
 *
 * Context: an RCU reader, preemption is off, or sctrace_lock is held.
 */
static enum verdict judge(struct sctrace_record *rec,
			  const struct sctrace_call *call, unsigned int kind,
			  struct task_struct *tsk)
{
	struct sctrace_abi *abi;
	unsigned int index;

	abi = sctrace_abi_find(rec, call->arch, &index);
	if (!abi)
		return NEW;
	/* What was entered under the filter is not refused, in any stage */
	if (was_entered(abi, call))
		return KNOWN;
	/* Another thread may have set the filter during the call */
	if (had_threads(tsk) && was_entered_before(abi, call->nr, kind))
		return NO_REFUSAL;
	if (READ_ONCE(rec->missed_num))
		return NEW;
	if (is_refused(abi, call, kind))
		return KNOWN;
	return READ_ONCE(rec->missed_more) ? NO_REFUSAL : NEW;
}

/* Return: nothing is left to do for this number being refused in this record */
static bool put_refusal(struct sctrace_record *rec,
			const struct sctrace_call *call, unsigned int kind,
			struct task_struct *tsk)
{
	struct sctrace_refusals *refused;
	struct sctrace_abi *abi;
	unsigned int index;

	lockdep_assert_held(&sctrace_lock);
	abi = sctrace_abi_get(rec, call->arch, &index);
	if (!abi)
		goto miss;
	switch (judge(rec, call, kind, tsk)) {
	case KNOWN:
		return true;
	case NO_REFUSAL:
		return false;
	case NEW:
		break;
	}
	if (sctrace_may_have_entered(rec, call->arch, call->nr))
		return false;
	if (sctrace_entered_confined(abi, call->nr)) {
		/* With other values */
		sctrace_put_value(rec, abi, call, kind | SCTRACE_KIND_REFUSED,
				  index);
		return true;
	}
	refused = abi->refused;
	if (!refused) {
		refused = sctrace_pool_take(&sctrace_refusals);
		if (!refused)
			goto miss;
		smp_store_release(&abi->refused, refused);
	}
	kind |= SCTRACE_KIND_REFUSED;
	sctrace_put_value(rec, abi, call, kind, index);
	sctrace_put_bit(rec, call, kind, index,
			*sctrace_refused_set(refused, kind));
	return true;
miss:
	sctrace_miss_call(rec, call->arch, call->nr, kind | SCTRACE_KIND_REFUSED);
	return false;
}

/* Does a record look for refused calls at present? */
static bool looks(const struct sctrace_record *rec)
{
	return (READ_ONCE(rec->flags) & (SCTRACE_F_STOPPED | SCTRACE_F_REFUSED)) ==
	       SCTRACE_F_REFUSED;
}

/**
 * sctrace_refuse_attach() - the call that a task is in was entered outside of its cgroup
 * @tsk: was moved to another cgroup
 *
 * Context: the probe of cgroup_attach_task, an RCU reader: @tsk cannot exit. Takes sctrace_lock.
 */
void sctrace_refuse_attach(struct task_struct *tsk)
{
	struct sctrace_record *rec;
	struct sctrace_each each;

	/* Who moves itself is in write(), which does not fail then */
	if (tsk == current || sctrace_task_flags(tsk) & PF_EXITING)
		return;
	for_each_record(rec, &each, NULL, sctrace_cgroup_of(tsk)) {
		if (!looks(rec))
			continue;
		raw_spin_lock(&sctrace_lock);
		if (looks(rec) && !sctrace_inflight_add(rec->inflight, tsk))
			rec->missed_more = true;
		raw_spin_unlock(&sctrace_lock);
	}
}

/**
 * sctrace_refuse_see() - a filtered task returns from a call with an error
 * @tsk: current
 * @ns: its PID namespace
 * @id: the call's number, as syscall_get_nr() gives it
 * @ret: what the tracepoint says that the call returns
 *
 * The refused rule. seccomp answers before sys_enter, so a call that returns an error
 * and was never seen entering was refused. The exceptions are known: a call that was
 * under way when the record began to look (inflight.h), a call that was missed, a call
 * that was entered before another thread put the filter on the task, and a call that
 * was not answered, see is_answer().
 * A number that a filter refuses for some arguments only is listed when it is refused
 * before it is allowed. Of a watched call each value is judged by itself. Its registers still
 * hold the arguments at sys_exit, on all architectures (abi.h). What an argument points to
 * does not count: no filter looks there.
 *
 * Context: a task that leaves a system call, preemption off. Takes sctrace_lock.
 */
void sctrace_refuse_see(struct task_struct *tsk, struct pid_namespace *ns,
			long id, long ret)
{
	struct sctrace_record *rec, *up;
	struct sctrace_caller caller;
	unsigned int kind;
	bool cached, news = false, done = true;
	u64 under_way = 0;	/* by index of the walk */
	struct sctrace_each each;
	struct sctrace_hot *hot;
	struct cgroup *cgrp;
	struct sctrace_call call;
	struct sctrace_args args;
	bool watched;
	int class, at;

	sctrace_args_read(&args, tsk, id, false);
	call.args = &args;
	call.arch = args.arch;
	call.nr = args.nr;
	watched = sctrace_call_watched(&call);
	if (call.arch != SCTRACE_ARCH_NATIVE)
		ret = (s32)ret;
	if (args.nr < 0 || !IS_ERR_VALUE(ret) || !is_answer(tsk, ret) ||
	    sctrace_sigreturn(task_pt_regs(tsk)))
		return;

	rcu_read_lock();
	cgrp = sctrace_caller_cgroup(tsk);
	sctrace_caller_is(&caller, tsk);
	rec = sctrace_record_nearest(ns);
	if (!rec && !cgrp)
		goto out;
	at = sctrace_seen_index(call.nr);
	/* A pair is made by calls that are entered */
	hot = sctrace_hot_of(rec, ns, call.arch, cgrp);
	class = sctrace_class_refused(sctrace_class(rec ? rec->native.hot.filter : NULL,
						    rec ? rec->ns : ns, &caller));
	cached = at >= 0 && class >= 0;
	if (hot && cached &&
	    (READ_ONCE(hot->seen[at]) & BIT(class) ||
	     (watched && sctrace_cache_has(hot, &args, class))))
		goto out;
	/*
	 * First without the lock, whether there is anything to do: a program can
	 * make as many refused calls as it likes.
	 */
	for_each_record(up, &each, rec, cgrp) {
		if (!looks(up))
			continue;
		kind = sctrace_kind(up, &caller);
		/* A filter of the engine's that the container does not have of its own */
		if (!(kind & SCTRACE_KIND_CONFINED))
			continue;
		if (has_own_filter(up, tsk)) {
			/* The cache would speak for the container's filter, too */
			cached = false;
			kind &= ~SCTRACE_KIND_CONFINED;
		}
		if (sctrace_inflight_left(READ_ONCE(up->inflight), tsk, id)) {
			under_way |= BIT_ULL(each.index);
			done = false;
			continue;
		}
		switch (judge(up, &call, kind, tsk)) {
		case NEW:
			news = true;
			break;
		case NO_REFUSAL:
			done = false;
			break;
		case KNOWN:
			break;
		}
	}
	cached = cached && hot &&
		 (!watched || sctrace_cache_has_room(hot, &args, class));
	if (!news && !(done && cached))
		goto out;
	sctrace_call_describe(&call, tsk);

	raw_spin_lock(&sctrace_lock);
	for_each_record(up, &each, rec, cgrp) {
		if (!looks(up) || under_way & BIT_ULL(each.index))
			continue;
		kind = sctrace_kind(up, &caller);
		if (!(kind & SCTRACE_KIND_CONFINED))
			continue;
		if (has_own_filter(up, tsk))
			kind &= ~SCTRACE_KIND_CONFINED;
		done &= put_refusal(up, &call, kind, tsk);
	}
	sctrace_call_done(hot, &call, at, done && cached ? class : -1, false);
out:
	rcu_read_unlock();
}

