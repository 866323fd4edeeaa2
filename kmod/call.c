// SPDX-License-Identifier: GPL-2.0

#include "abi.h"
#include "call.h"

/* The place of a call among the missed ones; rec->missed_num: it is not there */
static unsigned int find_missed(const struct sctrace_record *rec, u32 arch,
				u16 nr, u16 kind)
{
	unsigned int i;

	for (i = 0; i < rec->missed_num; i++) {
		if (rec->missed[i].arch == arch && rec->missed[i].nr == nr &&
		    rec->missed[i].kind == kind)
			break;
	}
	return i;
}

/**
 * sctrace_miss_call() - a call cannot be recorded
 * @rec: the record
 * @arch: ABI of the call
 * @nr: its number
 * @kind: the set that it belongs to
 */
void sctrace_miss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
{
	unsigned int i = find_missed(rec, arch, nr, kind);

	if (i < rec->missed_num)
		return;
	rec->calls_missed++;
	if (i == ARRAY_SIZE(rec->missed)) {
		rec->missed_more = true;
		return;
	}
	rec->missed[i].arch = arch;
	rec->missed[i].nr = nr;
	rec->missed[i].kind = kind;
	rec->missed_num++;
}

static void unmiss_one(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
{
	unsigned int i = find_missed(rec, arch, nr, kind);

	if (i < rec->missed_num)
		rec->missed[i] = rec->missed[--rec->missed_num];
}

/* A call that was missed was made again, and is recorded now */
static void unmiss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
{
	unmiss_one(rec, arch, nr, kind);
	/* What the workload has called is not looked for among the calls of execs any more */
	if (!(kind & SCTRACE_KIND_SETUP))
		unmiss_one(rec, arch, nr, kind | SCTRACE_KIND_EXEC);
}

/**
 * sctrace_may_have_entered() - may a call that was entered have been missed?
 * @rec: the record
 * @arch: ABI of the call
 * @nr: its number
 *
 * Whatever it would have entered as: another thread may have set the filter since.
 */
bool sctrace_may_have_entered(const struct sctrace_record *rec, u32 arch,
			      u16 nr)
{
	unsigned int i;

	for (i = 0; i < rec->missed_num; i++) {
		if (rec->missed[i].arch == arch && rec->missed[i].nr == nr &&
		    !(rec->missed[i].kind & SCTRACE_KIND_REFUSED))
			return true;
	}
	return rec->missed_more;
}

/**
 * sctrace_call_describe() - fill in when and who
 * @call: the call
 * @tsk: current
 */
void sctrace_call_describe(struct sctrace_call *call, struct task_struct *tsk)
{
	call->time = sctrace_now();
	call->tgid = task_tgid(tsk);
	sctrace_copy_comm(call->comm, tsk);
}

/**
 * sctrace_call_done() - release the lock after a call was put into its records
 * @hot: the cache of seen calls; NULL with a @class of -1
 * @call: the call
 * @at: the place of the number in the seen cache
 * @class: of the task; nothing is left to do for this call and class. -1: something is
 * @open: the number is open: nothing is left to do whatever the arguments
 *
 * Context: preemption is off; releases sctrace_lock.
 */
void sctrace_call_done(struct sctrace_hot *hot, const struct sctrace_call *call,
		       int at, int class, bool open)
	__releases(&sctrace_lock)
{
	bool low, tell;

	lockdep_assert_held(&sctrace_lock);
	if (class >= 0 && sctrace_call_watched(call) && !open)
		sctrace_cache_add(hot, call->args, class);
	else if (class >= 0)
		WRITE_ONCE(hot->seen[at], hot->seen[at] | BIT(class));
	low = sctrace_pool_low(&sctrace_chunks) ||
	      sctrace_pool_low(&sctrace_abis) ||
	      sctrace_pool_low(&sctrace_refusals) ||
	      (sctrace_pairing && sctrace_pool_low(&sctrace_pairs)) ||
	      sctrace_value_pools_low();
	tell = unlikely(sctrace_unsighted == SCTRACE_UNSIGHTED);
	if (tell)
		sctrace_unsighted = SCTRACE_UNSIGHTED_TOLD;
	raw_spin_unlock(&sctrace_lock);
	if (unlikely(low))
		sctrace_pools_refill();
	if (tell || unlikely(sctrace_caches_wait()) || unlikely(sctrace_pairs_wait()))
		sctrace_wake_worker();
}

/**
 * sctrace_put_bit() - put a number into a set
 * @rec: the record
 * @call: the call
 * @kind: of the set
 * @index: of the ABI in the record
 * @set: the set
 *
 * When there is no memory for the sighting the worker writes it later, see
 * sctrace_record_sight().
 */
void sctrace_put_bit(struct sctrace_record *rec,
		     const struct sctrace_call *call, unsigned int kind,
		     unsigned int index, unsigned long *set)
{
	unsigned int what = SCTRACE_WHAT(call->nr, kind, index);

	lockdep_assert_held(&sctrace_lock);
	if (test_and_set_bit_le(call->nr, set))
		return;
	if (unlikely(rec->missed_num))
		unmiss_call(rec, call->arch, call->nr, kind);
	rec->last_new = call->time;
	if (sctrace_journal_add(&rec->journal, call->time,
				pid_nr_ns(call->tgid, rec->ns), what,
				call->comm))
		return;
	rec->sightings_missed++;
	if (!sctrace_journal_full(&rec->journal) && !sctrace_unsighted)
		WRITE_ONCE(sctrace_unsighted, SCTRACE_UNSIGHTED);
}

/**
 * sctrace_put_value() - keep what a call was made with
 * @rec: the record
 * @abi: of the call
 * @call: the call
 * @kind: of it
 * @index: of the ABI in the record
 *
 * Return: the number is open, or not watched.
 */
bool sctrace_put_value(struct sctrace_record *rec, struct sctrace_abi *abi,
		       const struct sctrace_call *call, unsigned int kind,
		       unsigned int index)
{
	struct sctrace_kept who;

	lockdep_assert_held(&sctrace_lock);
	if (!sctrace_call_watched(call))
		return true;
	who = (struct sctrace_kept) {
		.time = call->time,
		.pid = pid_nr_ns(call->tgid, rec->ns),
		.kind = kind,
		.abi = index,
	};
	if (sctrace_value_put(&rec->store, &abi->values, &rec->journal,
			      call->args, &who, call->comm))
		rec->last_new = call->time;
	return sctrace_value_open(&abi->values, call->args->row, kind);
}

/* Is a call in the set of a kind, with its value? Clears @open as nothing_new() */
static bool has_call(const struct sctrace_abi *abi, const struct sctrace_args *args,
		     unsigned int kind, bool *open)
{
	if (!test_bit_le(args->nr, *sctrace_set(abi, kind)))
		return false;
	if (args->row == SCTRACE_NO_ROW ||
	    sctrace_value_open(&abi->values, args->row, kind))
		return true;
	if (!sctrace_value_known(&abi->values, args, kind))
		return false;
	*open = false;
	return true;
}

/*
 * Is an exec's call one that the workload has made already? The fast path does not tell execs
 * from the workload: so no other path may.
 */
static bool is_workloads(const struct sctrace_abi *abi, const struct sctrace_args *args,
			 unsigned int kind, bool *open)
{
	return sctrace_kind_is_exec(kind) &&
	       has_call(abi, args, kind & ~SCTRACE_KIND_EXEC, open);
}

/*
 * Clears @open when the number is watched and is not open.
 *
 * Return: nothing is left to do for this call and kind in this record.
 */
static bool put_call(struct sctrace_record *rec,
		     const struct sctrace_call *call, unsigned int kind,
		     bool *open)
{
	struct sctrace_abi *abi;
	unsigned int index;

	abi = sctrace_abi_get(rec, call->arch, &index);
	if (!abi) {
		sctrace_miss_call(rec, call->arch, call->nr, kind);
		rec->values_missed |= sctrace_call_watched(call);
		return false;
	}
	if (is_workloads(abi, call->args, kind, open))
		return true;
	*open &= sctrace_put_value(rec, abi, call, kind, index);
	sctrace_put_bit(rec, call, kind, index, *sctrace_set(abi, kind));
	return true;
}

/**
 * sctrace_kind() - the kind of a call
 * @rec: for this record
 * @caller: who makes it
 *
 * The stage rule and the rule about confinement.
 */
unsigned int sctrace_kind(const struct sctrace_record *rec,
			  const struct sctrace_caller *caller)
{
	const struct sctrace_origin *origin =
		sctrace_origin_about(caller->origin, rec);
	const void *base = origin ? origin->filter : rec->native.hot.filter;
	const bool running = READ_ONCE(rec->flags) & SCTRACE_F_RUNNING;
	unsigned int kind = 0;

	if (caller->filter && caller->filter != base)
		kind |= SCTRACE_KIND_CONFINED;
	if (origin && READ_ONCE(origin->outside)) {
		kind |= SCTRACE_KIND_SETUP;
		/* If nobody is past the set-up ever, this was the workload */
		if (sctrace_is_of_cgroup(rec) && !running)
			kind |= SCTRACE_KIND_PROGRAM;
	} else if (!sctrace_is_of_cgroup(rec) && !running) {
		kind |= SCTRACE_KIND_SETUP | SCTRACE_KIND_PROGRAM;
	} else if (origin && origin->entered && rec->level <= origin->entered) {
		kind |= SCTRACE_KIND_EXEC;
	}
	return kind;
}

/*
 * While an ancestor is in setup, the seen cache of a namespace inside holds nothing: when
 * the ancestor's init calls execve, all caches inside would have to be cleared at once.
 *
 * Context: an RCU reader.
 */
static bool ancestors_run(const struct sctrace_record *rec)
{
	const struct pid_namespace *up;
	const struct sctrace_record *outer;

	for (up = rec->ns->parent; up; up = up->parent) {
		outer = sctrace_record_of(up);
		if (outer && !(READ_ONCE(outer->flags) & SCTRACE_F_RUNNING))
			return false;
	}
	return true;
}

/*
 * Is a call in all its sets already, with its value? Spares a call that no cache can hold
 * the lock: a program can make as many of those as it likes. Clears @open when the number is
 * watched and is not open.
 *
 * Context: an RCU reader.
 */
static bool nothing_new(struct sctrace_record *rec,
			struct cgroup *cgrp,
			const struct sctrace_args *args,
			const struct sctrace_caller *caller, bool *open)
{
	const struct sctrace_abi *abi;
	struct sctrace_record *up;
	struct sctrace_each each;
	unsigned int index, kind;

	for_each_record(up, &each, rec, cgrp) {
		abi = sctrace_abi_find(up, args->arch, &index);
		kind = sctrace_kind(up, caller);
		if (!abi || !(has_call(abi, args, kind, open) ||
			      is_workloads(abi, args, kind, open)))
			return false;
	}
	return true;
}

/*
 * A call with a number that no set can hold. The first such number is kept. Only
 * that one takes the lock: a program can make as many of these calls as it likes.
 *
 * Context: an RCU reader; takes sctrace_lock.
 */
static void put_other(struct sctrace_record *rec, struct cgroup *cgrp, long id)
{
	struct sctrace_record *up;
	struct sctrace_each each;

	for_each_record(up, &each, rec, cgrp) {
		if (READ_ONCE(up->other))
			continue;
		raw_spin_lock(&sctrace_lock);
		if (!up->other && !(up->flags & SCTRACE_F_STOPPED)) {
			up->other_nr = id;
			WRITE_ONCE(up->other, true);
		}
		raw_spin_unlock(&sctrace_lock);
	}
}

/* The key of a pair for calls in an ABI */
static struct pid_namespace *pair_key(struct pid_namespace *ns, u32 arch)
{
	return arch == SCTRACE_ARCH_NATIVE ? ns : SCTRACE_FOREIGN_KEY(ns);
}

/**
 * sctrace_hot_of() - what the steady state looks at
 * @rec: the nearest record of @ns; NULL only with @cgrp
 * @ns: the namespace of a task
 * @arch: an ABI
 * @cgrp: sctrace_caller_cgroup() of the task
 *
 * Context: an RCU reader with preemption off, or sctrace_lock is held.
 * Return: it, or NULL: there is nothing yet.
 */
struct sctrace_hot *sctrace_hot_of(struct sctrace_record *rec,
				   struct pid_namespace *ns, u32 arch,
				   const struct cgroup *cgrp)
{
	struct sctrace_abi *abi;
	unsigned int index;

	/* x32 calls are known by their numbers only: there is no key for them */
	if (cgrp)
		return arch == SCTRACE_ARCH_X32 ? NULL :
			sctrace_pair_find(pair_key(ns, arch), cgrp);
	abi = sctrace_abi_find(rec, arch, &index);
	return abi ? &abi->hot : NULL;
}

/* Can a pair be made for this ABI? If not, but later, sees to that */
static bool may_pair(u32 arch)
{
	if (arch == SCTRACE_ARCH_X32)
		return false;
	if (likely(sctrace_pair_room()))
		return true;
	if (sctrace_pairs_wait())
		sctrace_wake_worker();
	sctrace_pools_refill();
	return false;
}

/* The same under the lock, and makes a pair */
static struct sctrace_hot *get_hot(struct sctrace_record *rec,
				   struct pid_namespace *ns, u32 arch,
				   struct cgroup *cgrp, const void *base)
{
	lockdep_assert_held(&sctrace_lock);
	if (cgrp)
		return sctrace_pair_get(pair_key(ns, arch), cgrp, base,
					!rec || rec->native.hot.quick,
					sctrace_cgroup_slots(cgrp));
	return sctrace_hot_of(rec, ns, arch, NULL);
}

/**
 * sctrace_call_see() - a task enters a call that the fast path does not know
 * @tsk: current
 * @ns: its PID namespace
 * @id: the number as the tracepoint gave it
 * @args: what it is made with
 *
 * Looks without the lock whether there is anything to do. If so, it puts the call into
 * the record of the namespace and of each ancestor, and those of cgroups, in one critical
 * section: the state of a record cannot change between the decision and what is put there.
 *
 * Context: a task that enters a system call, preemption off. Takes sctrace_lock.
 */
void sctrace_call_see(struct task_struct *tsk, struct pid_namespace *ns,
		      long id, const struct sctrace_args *args)
{
	const bool watched = args->row != SCTRACE_NO_ROW;
	struct sctrace_caller caller;
	struct sctrace_record *rec, *up;
	struct sctrace_each each;
	struct sctrace_hot *hot;
	struct cgroup *cgrp;
	const void *base;
	bool cached, open = true, done = true;
	struct sctrace_call call;
	int class, at;

	rcu_read_lock();
	cgrp = sctrace_caller_cgroup(tsk);
	sctrace_caller_is(&caller, tsk);
	rec = sctrace_record_nearest(ns);
	if (unlikely(!rec || rec->ns != ns)) {
		rec = sctrace_record_add_line(ns, rec);
		if (!rec && !cgrp)
			goto out;
	}
	call.arch = args->arch;
	call.args = args;
	hot = sctrace_hot_of(rec, ns, call.arch, cgrp);
	if (hot && (cgrp || likely(rec->ns == ns)))
		sctrace_hint(hot);

	/* SECCOMP_MODE_DEAD: the task is being killed and makes no calls */
	if (sctrace_seccomp_mode(tsk) > SECCOMP_MODE_FILTER)
		goto out;
	if (unlikely(args->nr < 0)) {
		if (!sctrace_is_refusal(tsk, id))
			put_other(rec, cgrp, id);
		goto out;
	}
	call.nr = args->nr;
	at = sctrace_seen_index(call.nr);
	base = rec ? rec->native.hot.filter : NULL;
	class = sctrace_class(base, rec ? rec->ns : ns, &caller);
	cached = at >= 0 && class >= 0;
	if (hot && cached && READ_ONCE(hot->seen[at]) & BIT(class))
		goto out;
	cached = cached && (!rec || ancestors_run(rec));
	if (cgrp)
		cached = cached && (!rec || rec->ns == ns) && (hot || may_pair(call.arch));
	if (watched && hot && cached && sctrace_cache_has(hot, args, class))
		goto out;
	if ((watched || !cached) && nothing_new(rec, cgrp, args, &caller, &open) &&
	    (!cached ||
	     !(open || (hot && sctrace_cache_has_room(hot, args, class)))))
		goto out;

	sctrace_call_describe(&call, tsk);

	open = true;
	raw_spin_lock(&sctrace_lock);
	for_each_record(up, &each, rec, cgrp)
		done &= put_call(up, &call, sctrace_kind(up, &caller), &open);
	hot = done && cached ? get_hot(rec, ns, call.arch, cgrp, base) :
				NULL;
	sctrace_call_done(hot, &call, at, hot ? class : -1, open);
out:
	rcu_read_unlock();
}

