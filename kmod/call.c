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

/* A call that was missed was made again, and is recorded now */
static void unmiss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
{
	unsigned int i = find_missed(rec, arch, nr, kind);

	if (i < rec->missed_num)
		rec->missed[i] = rec->missed[--rec->missed_num];
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
 * @abi: of the nearest record
 * @call: the call
 * @at: the place of the number in the seen cache
 * @class: of the task; nothing is left to do for this call and class. -1: something is
 * @open: the number is open: nothing is left to do whatever the arguments
 *
 * Context: preemption is off; releases sctrace_lock.
 */
void sctrace_call_done(struct sctrace_abi *abi, const struct sctrace_call *call,
		       int at, int class, bool open)
	__releases(&sctrace_lock)
{
	bool low, tell;

	lockdep_assert_held(&sctrace_lock);
	if (class >= 0 && sctrace_call_watched(call) && !open)
		sctrace_cache_add(&abi->hot, call->args, class);
	else if (class >= 0)
		WRITE_ONCE(abi->hot.seen[at], abi->hot.seen[at] | BIT(class));
	low = sctrace_pool_low(&sctrace_chunks) ||
	      sctrace_pool_low(&sctrace_abis) ||
	      sctrace_pool_low(&sctrace_refusals) ||
	      sctrace_value_pools_low();
	tell = unlikely(sctrace_unsighted == SCTRACE_UNSIGHTED);
	if (tell)
		sctrace_unsighted = SCTRACE_UNSIGHTED_TOLD;
	raw_spin_unlock(&sctrace_lock);
	if (unlikely(low))
		sctrace_pools_refill();
	if (tell || unlikely(sctrace_caches_wait()))
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
	struct sctrace_kept who = {
		.time = call->time,
		.pid = pid_nr_ns(call->tgid, rec->ns),
		.kind = kind,
		.abi = index,
	};

	lockdep_assert_held(&sctrace_lock);
	if (!sctrace_call_watched(call))
		return true;
	if (sctrace_value_put(&rec->store, &abi->values, &rec->journal,
			      call->args, &who, call->comm))
		rec->last_new = call->time;
	return sctrace_value_open(&abi->values, call->args->row, kind);
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
		sctrace_origin_at(caller->origin, rec->level);
	const void *base = origin ? origin->filter : rec->native.hot.filter;
	unsigned int kind = 0;

	if (caller->filter && caller->filter != base)
		kind |= SCTRACE_KIND_CONFINED;
	if (origin && READ_ONCE(origin->outside))
		kind |= SCTRACE_KIND_SETUP;
	else if (!(READ_ONCE(rec->flags) & SCTRACE_F_RUNNING))
		kind |= SCTRACE_KIND_SETUP | SCTRACE_KIND_PROGRAM;
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
			const struct sctrace_args *args,
			const struct sctrace_caller *caller, bool *open)
{
	const bool watched = args->row != SCTRACE_NO_ROW;
	const struct pid_namespace *level;
	const struct sctrace_record *up;
	const struct sctrace_abi *abi;
	unsigned int index, kind;

	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : sctrace_record_of(level);
		if (!up || READ_ONCE(up->flags) & SCTRACE_F_STOPPED)
			continue;
		abi = sctrace_abi_find((struct sctrace_record *)up, args->arch,
				       &index);
		kind = sctrace_kind(up, caller);
		if (!abi || !test_bit_le(args->nr, *sctrace_set(abi, kind)))
			return false;
		if (!watched || sctrace_value_open(&abi->values, args->row, kind))
			continue;
		if (!sctrace_value_known(&abi->values, args, kind))
			return false;
		*open = false;
	}
	return true;
}

/*
 * A call with a number that no set can hold. The first such number is kept. Only
 * that one takes the lock: a program can make as many of these calls as it likes.
 *
 * Context: an RCU reader; takes sctrace_lock.
 */
static void put_other(struct sctrace_record *rec, long id)
{
	struct pid_namespace *level;
	struct sctrace_record *up;

	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : sctrace_record_of(level);
		if (!up || READ_ONCE(up->other) ||
		    READ_ONCE(up->flags) & SCTRACE_F_STOPPED)
			continue;
		raw_spin_lock(&sctrace_lock);
		if (!up->other && !(up->flags & SCTRACE_F_STOPPED)) {
			up->other_nr = id;
			WRITE_ONCE(up->other, true);
		}
		raw_spin_unlock(&sctrace_lock);
	}
}

/**
 * sctrace_call_see() - a task enters a call that the fast path does not know
 * @tsk: current
 * @ns: its PID namespace
 * @id: the number as the tracepoint gave it
 * @args: what it is made with
 *
 * Looks without the lock whether there is anything to do. If so, it puts the call into
 * the record of the namespace and of each ancestor, in one critical section: the state
 * of an ancestor cannot change between the decision and the record.
 *
 * Context: a task that enters a system call, preemption off. Takes sctrace_lock.
 */
void sctrace_call_see(struct task_struct *tsk, struct pid_namespace *ns,
		      long id, const struct sctrace_args *args)
{
	const bool watched = args->row != SCTRACE_NO_ROW;
	struct sctrace_caller caller;
	struct pid_namespace *level;
	struct sctrace_record *rec, *up;
	struct sctrace_abi *abi;
	unsigned int index;
	bool cached, open = true, done = true;
	struct sctrace_call call;
	int class, at;

	rcu_read_lock();
	rec = sctrace_record_nearest(ns);
	if (unlikely(!rec || rec->ns != ns)) {
		rec = sctrace_record_add_line(ns, rec);
		if (!rec)
			goto out;
	}
	call.arch = args->arch;
	call.args = args;
	abi = sctrace_abi_find(rec, call.arch, &index);
	if (abi && likely(rec->ns == ns))
		sctrace_hint(&abi->hot);

	/* SECCOMP_MODE_DEAD: the task is being killed and makes no calls */
	if (sctrace_seccomp_mode(tsk) > SECCOMP_MODE_FILTER)
		goto out;
	sctrace_caller_is(&caller, tsk);
	if (unlikely(args->nr < 0)) {
		if (!sctrace_is_refusal(tsk, id))
			put_other(rec, id);
		goto out;
	}
	call.nr = args->nr;
	at = sctrace_seen_index(call.nr);
	class = sctrace_class(&rec->native.hot, rec->ns, &caller);
	cached = at >= 0 && class >= 0;
	if (abi && cached && READ_ONCE(abi->hot.seen[at]) & BIT(class))
		goto out;
	cached = cached && ancestors_run(rec);
	if (watched && abi && cached &&
	    sctrace_cache_has(&abi->hot, args, class))
		goto out;
	if ((watched || !cached) && nothing_new(rec, args, &caller, &open) &&
	    (!cached ||
	     !(open || (abi && sctrace_cache_has_room(&abi->hot, args, class)))))
		goto out;

	sctrace_call_describe(&call, tsk);

	open = true;
	raw_spin_lock(&sctrace_lock);
	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : sctrace_record_of(level);
		if (!up || up->flags & SCTRACE_F_STOPPED)
			continue;
		done &= put_call(up, &call, sctrace_kind(up, &caller), &open);
	}
	abi = sctrace_abi_find(rec, call.arch, &index);
	sctrace_call_done(abi, &call, at, done && abi && cached ? class : -1, open);
out:
	rcu_read_unlock();
}

