// SPDX-License-Identifier: GPL-2.0

#include <linux/errno.h>
#include <linux/slab.h>

#include "abi.h"
#include "inflight.h"
#include "record.h"

/*
 * The pools last for a burst of this many new namespaces, and for the first
 * calls of some of them, until the worker has run.
 */
struct sctrace_pool sctrace_records = {
	.name = "sctrace_record",
	.size = sizeof(struct sctrace_record),
	.want = 64,
};

struct sctrace_pool sctrace_abis = {
	.name = "sctrace_abi",
	.size = sizeof(struct sctrace_abi),
	.want = 32,
};

struct sctrace_pool sctrace_refusals = {
	.name = "sctrace_refusals",
	.size = sizeof(struct sctrace_refusals),
	.want = 32,
};

struct work_struct sctrace_work;

u32 sctrace_mode __ro_after_init = SCTRACE_MODE_CONTAINERS;
unsigned int sctrace_max_records __ro_after_init = 4096;
unsigned int sctrace_max_ended __ro_after_init = 512;

/* Counted under sctrace_lock */
u64 sctrace_evicted;
u64 sctrace_unrecorded;

/*
 * Changes when a record is dropped or emptied, so that a dump can tell.
 * Changed under sctrace_lock.
 */
unsigned int sctrace_generation = 1;

static LIST_HEAD(records);	/* by id */
static LIST_HEAD(ended);	/* may be evicted; oldest first */
static LIST_HEAD(fading);	/* ended, and still in the table */
static HLIST_HEAD(orphans);	/* their socket was closed: for the worker */
static LIST_HEAD(dropped);	/* wait for the worker */

/* Sockets hold these records. Any user closes sockets, and looks into one bucket then */
static struct hlist_head owned[256];

struct sctrace_record *sctrace_cgroup_records[SCTRACE_CG_MAX];
unsigned int sctrace_cgroup_records_num;

/* One of them has left its slot since sctrace_origin_forget() looked */
bool sctrace_cgroup_record_left;

static unsigned int records_num;
static unsigned int ended_num;
static u64 last_id;

/*
 * Inits of namespaces that should have had a record when they were forked, and found
 * no room for it, were forked from the first of these times to the last.
 */
static u64 missed_first;
static u64 missed_last;

/* Some record is fresh */
static bool fresh_records;

/* Some records are uncounted */
bool sctrace_uncounted;

enum sctrace_unsighted sctrace_unsighted;

/* How many records to look at before the lock is released for a moment */
#define SCTRACE_BATCH 32

/**
 * sctrace_wake_worker() - have dropped records freed
 */
void sctrace_wake_worker(void)
{
	schedule_work(&sctrace_work);
}

/**
 * sctrace_record_is_of() - is a record that has ended one of this namespace?
 * @rec: the record
 * @ns: a namespace that cannot go away
 *
 * The address and the number of a namespace are used again, so its init is asked
 * for, as long as that was not reaped.
 */
bool sctrace_record_is_of(const struct sctrace_record *rec,
			  const struct pid_namespace *ns)
{
	struct task_struct *init;
	bool same;

	/* Not by @ns, of which only the address may be left */
	rcu_read_lock();
	init = pid_task(find_pid_ns(rec->init_pid, &init_pid_ns), PIDTYPE_PID);
	same = init && task_active_pid_ns(init) == ns;
	rcu_read_unlock();
	return same;
}

/**
 * sctrace_record_of() - find the record of a namespace
 * @ns: a namespace that cannot go away
 *
 * Context: an RCU reader, or sctrace_lock is held.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_of(const struct pid_namespace *ns)
{
	struct sctrace_hot *hot = sctrace_table_find(ns);
	struct sctrace_record *rec;

	if (!hot)
		return NULL;
	rec = container_of(hot, struct sctrace_record, native.hot);
	if (unlikely(READ_ONCE(rec->flags) & SCTRACE_F_ENDED) &&
	    !sctrace_record_is_of(rec, ns))
		return NULL;
	return rec;
}

/**
 * sctrace_record_nearest() - find the nearest record of a namespace
 * @ns: a namespace that cannot go away
 *
 * Context: an RCU reader, or sctrace_lock is held.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_nearest(struct pid_namespace *ns)
{
	struct sctrace_record *rec;

	for (; ns; ns = ns->parent) {
		rec = sctrace_record_of(ns);
		if (rec)
			return rec;
	}
	return NULL;
}

static bool is_quick(const struct sctrace_record *rec)
{
	return !rec->origins && !rec->uncounted;
}

/**
 * sctrace_record_quick() - the fast path may, or may not, judge the calls of a namespace
 * @rec: its record, whose origins have changed
 */
void sctrace_record_quick(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	if (is_quick(rec) != !!rec->native.hot.quick)
		sctrace_pairs_plain(rec->ns, is_quick(rec));
	for_each_abi(abi, rec, i)
		WRITE_ONCE(abi->hot.quick, is_quick(rec) ? abi->hot.ns : NULL);
}

static void clear_seen(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	sctrace_pairs_flush();
	for_each_abi(abi, rec, i) {
		/* Probes read meanwhile: what they still find was true */
		data_race(memset(abi->hot.seen, 0, sizeof(abi->hot.seen)));
		sctrace_cache_clear(&abi->hot);
	}
}

/**
 * sctrace_record_walk() - look at each record, in the order of their IDs
 * @fn: called under sctrace_lock; true ends the walk
 * @arg: for @fn
 *
 * Releases the lock now and then, so that nobody waits for it until all of many
 * records were looked at. Records that come and go meanwhile are met or not.
 *
 * Context: a probe, or sctrace_mutex is held: so the record that the walk has reached
 * when it releases the lock is not freed. Takes sctrace_lock.
 * Return: the record for which @fn returned true, or NULL.
 */
struct sctrace_record *
sctrace_record_walk(bool (*fn)(struct sctrace_record *rec, void *arg),
		    void *arg)
{
	struct list_head *pos = &records;
	struct sctrace_record *rec;
	unsigned int num;
	bool more;
	u64 id = 0;

	do {
		raw_spin_lock(&sctrace_lock);
		/* It may be among the dropped ones now: find the place again */
		if (pos != &records &&
		    sctrace_record_dropped(list_entry(pos, struct sctrace_record, list)))
			pos = &records;
		for (num = 0; num < SCTRACE_BATCH && pos->next != &records;
		     num++) {
			pos = pos->next;
			rec = list_entry(pos, struct sctrace_record, list);
			if (rec->id <= id)
				continue;
			id = rec->id;
			if (fn(rec, arg)) {
				raw_spin_unlock(&sctrace_lock);
				return rec;
			}
		}
		more = pos->next != &records;
		raw_spin_unlock(&sctrace_lock);
	} while (more);
	return NULL;
}

static bool clear_seen_inside(struct sctrace_record *rec, void *outer)
{
	struct pid_namespace *ns = ((struct sctrace_record *)outer)->ns;

	/* What has ended may be looked at once more: that costs little */
	if (rec == outer || rec->flags & SCTRACE_F_ENDED ||
	    (!(((struct sctrace_record *)outer)->flags & SCTRACE_F_ENDED) &&
	     sctrace_ns_inside(rec->ns, ns)))
		clear_seen(rec);
	return false;
}

/**
 * sctrace_clear_seen_below() - forget what was seen in a namespace and inside of it
 * @rec: the record of the namespace
 *
 * Each call there takes the slow path once more. A call that meets the old cache
 * meanwhile counts as made before.
 *
 * Context: as sctrace_record_walk(). Not for probes: it looks at all records.
 */
void sctrace_clear_seen_below(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_mutex);
	sctrace_record_walk(clear_seen_inside, rec);
	if (sctrace_caches_wait())
		sctrace_wake_worker();
}

/**
 * sctrace_record_get_ns() - keep the namespace of a record
 * @rec: the record
 *
 * Context: takes sctrace_lock.
 * Return: the namespace, which the caller puts; NULL: it has ended.
 */
struct pid_namespace *sctrace_record_get_ns(struct sctrace_record *rec)
{
	struct pid_namespace *ns = NULL;

	raw_spin_lock(&sctrace_lock);
	if (!(rec->flags & SCTRACE_F_ENDED))
		ns = get_pid_ns(rec->ns);
	raw_spin_unlock(&sctrace_lock);
	return ns;
}

/**
 * sctrace_base_filter() - the filter that a process was born with, as far as one can know
 * @tsk: a process that was forked before the probes were registered
 *
 * Context: an RCU reader.
 * Return: its filter, when its parent has the same one; else NULL: the process may have
 * set it itself.
 */
const void *sctrace_base_filter(const struct task_struct *tsk)
{
	const struct task_struct *parent = rcu_dereference_raw(tsk->real_parent);
	const void *filter = sctrace_seccomp_filter(tsk);

	return filter == sctrace_seccomp_filter(parent) ? filter : NULL;
}

/**
 * sctrace_init_of() - look at the init of a namespace
 * @ns: a namespace that cannot go away
 * @init: where to
 */
void sctrace_init_of(struct pid_namespace *ns, struct sctrace_init *init)
{
	struct task_struct *tsk;

	memset(init, 0, sizeof(*init));
	rcu_read_lock();
	tsk = pid_task(find_pid_ns(1, ns), PIDTYPE_PID);
	if (tsk) {
		/* Zero before the probe of sched_process_exit looks at it */
		init->alive = atomic_read(&tsk->signal->live);
		init->running = !(sctrace_task_flags(tsk) & PF_FORKNOEXEC);
		init->pid = task_pid_nr(tsk);
		init->filter = sctrace_base_filter(tsk);
		init->start = sctrace_start_time(tsk);
		sctrace_copy_comm(init->comm, tsk);
	} else {
		init->running = true;
	}
	rcu_read_unlock();
}

/* No call is for this record any more */
static void retire(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for_each_abi(abi, rec, i)
		sctrace_table_del(&abi->hot);
	list_del_init(&rec->fading);
}

/**
 * sctrace_record_leave_slot() - a record of a cgroup will be bound no more
 * @rec: the record; nothing happens to one that has no slot
 */
void sctrace_record_leave_slot(struct sctrace_record *rec)
{
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		if (sctrace_cgroup_records[i] != rec)
			continue;
		WRITE_ONCE(sctrace_cgroup_records[i], NULL);
		WRITE_ONCE(sctrace_cgroup_record_left, true);
		sctrace_pairs_leave(i);
		WRITE_ONCE(sctrace_cgroup_records_num,
			   sctrace_cgroup_records_num - 1);
	}
}

/* Takes a record out of the table and the list */
static void drop(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	retire(rec);
	sctrace_record_leave_slot(rec);
	hlist_del_init(&rec->owned);
	rec->dropped = true;
	list_move_tail(&rec->list, &dropped);
	if (!list_empty(&rec->ended_list)) {
		list_del_init(&rec->ended_list);
		WRITE_ONCE(ended_num, ended_num - 1);
	}
	WRITE_ONCE(records_num, records_num - 1);
	WRITE_ONCE(sctrace_generation, sctrace_generation + 1);
}

static bool evict(void)
{
	struct sctrace_record *rec;

	lockdep_assert_held(&sctrace_lock);
	if (list_empty(&ended))
		return false;
	rec = list_first_entry(&ended, struct sctrace_record, ended_list);
	drop(rec);
	sctrace_evicted++;
	return true;
}

/* Makes a record, and puts it into the list */
static struct sctrace_record *make(struct pid_namespace *ns)
{
	struct sctrace_record *rec;

	lockdep_assert_held(&sctrace_lock);
	if (records_num >= sctrace_max_records && !evict())
		return NULL;
	rec = sctrace_pool_take(&sctrace_records);
	if (!rec)
		return NULL;

	rec->ns = get_pid_ns(ns);
	INIT_LIST_HEAD(&rec->ended_list);
	INIT_LIST_HEAD(&rec->fading);
	rec->id = ++last_id;
	rec->level = ns->level;
	rec->made = ktime_to_ns(ktime_get());
	rec->since = sctrace_now();
	rec->native.arch = SCTRACE_ARCH_NATIVE;
	rec->native.hot.cache = sctrace_no_cache;
	list_add_tail(&rec->list, &records);
	WRITE_ONCE(records_num, records_num + 1);
	/* Calls that entered all their records so far have one more to enter */
	sctrace_pairs_flush();
	return rec;
}

/*
 * Makes a record of a namespace that cannot go away, whose init came with @filter, and puts
 * it into the table. @uncounted: its processes may have origins already.
 */
static struct sctrace_record *add(struct pid_namespace *ns, const void *filter,
				  bool uncounted)
{
	struct sctrace_record *rec;
	struct sctrace_hot *stale;

	lockdep_assert_held(&sctrace_lock);
	stale = sctrace_table_find(ns);
	if (stale)
		retire(container_of(stale, struct sctrace_record, native.hot));
	rec = make(ns);
	if (!rec)
		return NULL;
	rec->inum = sctrace_ns_inum(ns);
	if (ns->parent)
		rec->parent_inum = sctrace_ns_inum(ns->parent);
	rec->native.hot.filter = filter;
	rec->uncounted = uncounted;
	rec->old = uncounted;
	if (uncounted)
		WRITE_ONCE(sctrace_uncounted, true);
	sctrace_table_add(&rec->native.hot, ns, !uncounted);
	return rec;
}

/**
 * sctrace_record_add_cgroup() - make a record of a cgroup, not bound yet
 * @path: of the cgroup; set to NULL when the record took it
 * @by_path: as in struct sctrace_record
 *
 * Context: takes sctrace_lock. There are fewer than SCTRACE_CG_MAX.
 * Return: the record, or NULL: there is no room.
 */
struct sctrace_record *sctrace_record_add_cgroup(char **path, bool by_path)
{
	struct sctrace_record *rec;
	unsigned int i;

	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	rec = make(&init_pid_ns);
	if (rec) {
		swap(rec->path, *path);
		rec->by_path = by_path;
		/* What a process's own filter is, is not known */
		rec->container.final = true;
		sctrace_change_flags(rec, 0, SCTRACE_F_CGROUP);
		for (i = 0; sctrace_cgroup_records[i]; i++)
			;
		/* Whoever finds it finds it filled in */
		smp_store_release(&sctrace_cgroup_records[i], rec);
		WRITE_ONCE(sctrace_cgroup_records_num,
			   sctrace_cgroup_records_num + 1);
	}
	raw_spin_unlock(&sctrace_lock);
	return rec;
}

/* A namespace found no room for a record, and its init was forked at @start; 0: there is none */
static void miss(u64 start)
{
	lockdep_assert_held(&sctrace_lock);
	sctrace_unrecorded++;
	if (!start)
		return;
	if (!missed_first || start < missed_first)
		missed_first = start;
	if (start > missed_last)
		missed_last = start;
}

/* Should a namespace have had a record since its init was forked, and had none? */
static bool was_missed(struct pid_namespace *ns, u64 start)
{
	const struct sctrace_record *outer;

	lockdep_assert_held(&sctrace_lock);
	if (!start || start < missed_first || start > missed_last)
		return false;
	outer = ns->parent ? sctrace_record_nearest(ns->parent) : NULL;
	return sctrace_recorded_by_itself(ns) || (outer && outer->made < start);
}

/**
 * sctrace_record_mark_ended() - what a record is of is over
 * @rec: the record
 *
 * Return: it was not over before: the caller puts the reference of the record on its namespace.
 */
bool sctrace_record_mark_ended(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	if (rec->flags & SCTRACE_F_ENDED)
		return false;
	sctrace_change_flags(rec, 0, SCTRACE_F_ENDED);
	rec->ended_at = sctrace_now();
	if (!sctrace_is_of_cgroup(rec))
		list_add_tail(&rec->fading, &fading);
	if (!(rec->flags & SCTRACE_F_HELD)) {
		list_add_tail(&rec->ended_list, &ended);
		WRITE_ONCE(ended_num, ended_num + 1);
	}
	return true;
}

/**
 * sctrace_record_revive() - a record of a cgroup that was over is bound again
 * @rec: the record
 */
void sctrace_record_revive(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	sctrace_change_flags(rec, SCTRACE_F_ENDED, 0);
	rec->ended_at = 0;
	if (!list_empty(&rec->ended_list)) {
		list_del_init(&rec->ended_list);
		WRITE_ONCE(ended_num, ended_num - 1);
	}
}

/**
 * sctrace_record_add_old() - make a record of a namespace that is not new
 * @ns: a namespace that cannot go away
 *
 * Earlier calls were not seen. The record is late when the namespace's own program
 * may have made some of them.
 *
 * Context: preemption is off; takes sctrace_lock.
 * Return: the record that is there or was made, or NULL: there is no room.
 */
struct sctrace_record *sctrace_record_add_old(struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	struct sctrace_init init;
	bool work, over = false;

	raw_spin_lock(&sctrace_lock);
	rec = sctrace_record_of(ns);
	if (rec)
		goto out;
	sctrace_init_of(ns, &init);
	rec = add(ns, init.filter, true);
	/*
	 * Again, after the record is in the table: what the init does from here on the
	 * probes see. Pairs with the barrier in sctrace_record_exec().
	 */
	smp_mb();
	sctrace_init_of(ns, &init);
	if (!rec) {
		miss(init.start);
		goto out;
	}
	if (init.running)
		sctrace_change_flags(rec, 0,
				     SCTRACE_F_LATE | SCTRACE_F_RUNNING);
	rec->born_missed = was_missed(ns, init.start);
	rec->init_pid = init.pid;
	memcpy(rec->comm, init.comm, sizeof(rec->comm));
	/* There may be records of namespaces inside already */
	rec->fresh = 1;
	WRITE_ONCE(fresh_records, true);
	if (!init.alive)
		over = sctrace_record_mark_ended(rec);
out:
	work = !list_empty(&dropped) || fresh_records || sctrace_uncounted;
	raw_spin_unlock(&sctrace_lock);
	if (over)
		put_pid_ns(ns);
	if (work)
		sctrace_wake_worker();
	return rec;
}

/**
 * sctrace_record_add_line() - make the records that a namespace lacks
 * @ns: a task in it has made a call
 * @nearest: its nearest record, of an ancestor, or NULL
 *
 * Makes a record of @ns and of each namespace between it and @nearest, where the
 * mode allows that. Where there is no room the calls still count for @nearest.
 *
 * Context: an RCU reader, preemption is off; takes sctrace_lock.
 * Return: the record of @ns or else @nearest; NULL: there is nothing to do.
 */
struct sctrace_record *
sctrace_record_add_line(struct pid_namespace *ns,
			struct sctrace_record *nearest)
{
	bool room = READ_ONCE(records_num) < sctrace_max_records ||
		    READ_ONCE(ended_num);
	bool itself = sctrace_recorded_by_itself(ns);
	struct sctrace_record *rec = NULL;
	struct pid_namespace *level;

	if (itself ? !room : !nearest) {
		/* The hint is cleared when there is room, or a record */
		if (!nearest)
			sctrace_hint_unrecorded(ns);
		return nearest;
	}
	/* An ancestor further out may still be recording */
	if (nearest && READ_ONCE(nearest->flags) & SCTRACE_F_STOPPED && !itself)
		return nearest;
	for (level = ns; nearest ? level != nearest->ns :
	     level && sctrace_recorded_by_itself(level);
	     level = level->parent) {
		struct sctrace_record *up = sctrace_record_add_old(level);

		if (level == ns)
			rec = up;
	}
	if (sctrace_pool_low(&sctrace_records))
		sctrace_pools_refill();
	return rec ?: nearest;
}

/**
 * sctrace_inside() - are calls of a namespace recorded, in whichever record?
 * @ns: a namespace that cannot go away
 *
 * Context: an RCU reader, or sctrace_mutex is held.
 */
bool sctrace_inside(const struct pid_namespace *ns)
{
	const struct sctrace_record *rec;

	for (; ns; ns = ns->parent) {
		if (sctrace_recorded_by_itself(ns))
			return true;
		rec = sctrace_record_of(ns);
		if (rec && !(READ_ONCE(rec->flags) & SCTRACE_F_STOPPED))
			return true;
	}
	return false;
}

/**
 * sctrace_abi_find() - find an ABI in a record
 * @rec: the record
 * @arch: AUDIT_ARCH_*, or SCTRACE_ARCH_X32
 * @index: set to its index, or to that of the first free place
 *
 * Return: the ABI, or NULL.
 */
struct sctrace_abi *sctrace_abi_find(struct sctrace_record *rec, u32 arch,
				     unsigned int *index)
{
	struct sctrace_abi *abi;
	unsigned int i;

	if (likely(arch == rec->native.arch)) {
		*index = 0;
		return &rec->native;
	}
	for (i = 0; i < ARRAY_SIZE(rec->foreign); i++) {
		abi = smp_load_acquire(&rec->foreign[i]);
		if (!abi)
			break;
		if (abi->arch == arch) {
			*index = i + 1;
			return abi;
		}
	}
	*index = i + 1;
	return NULL;
}

/**
 * sctrace_abi_get() - find an ABI in a record, or make it
 * @rec: the record
 * @arch: AUDIT_ARCH_*, or SCTRACE_ARCH_X32
 * @index: set to its index
 *
 * Return: the ABI; NULL: there is no memory or no place for it.
 */
struct sctrace_abi *sctrace_abi_get(struct sctrace_record *rec, u32 arch,
				    unsigned int *index)
{
	struct sctrace_abi *abi = sctrace_abi_find(rec, arch, index);

	lockdep_assert_held(&sctrace_lock);
	if (abi || *index >= SCTRACE_ABIS)
		return abi;
	abi = sctrace_pool_take(&sctrace_abis);
	if (abi) {
		abi->arch = arch;
		abi->hot.filter = rec->native.hot.filter;
		abi->hot.cache = sctrace_no_cache;
		smp_store_release(&rec->foreign[*index - 1], abi);
		/*
		 * x32 calls are known by their numbers only: there is no key for
		 * them. A record that was dropped meanwhile needs no key.
		 */
		if (arch != SCTRACE_ARCH_X32 && rec->native.hot.ns)
			sctrace_table_add(&abi->hot,
					  SCTRACE_FOREIGN_KEY(rec->ns),
					  is_quick(rec));
	}
	return abi;
}

/**
 * sctrace_record_birth() - the first task of a namespace was forked
 * @child: that task; it has not run yet
 * @ns: its namespace
 *
 * Context: the probe of sched_process_fork. Takes sctrace_lock.
 */
void sctrace_record_birth(struct task_struct *child, struct pid_namespace *ns)
{
	struct sctrace_record *rec, *outer;
	bool low, work;

	/* The hint may be about an earlier namespace at this address, and so may pairs */
	sctrace_hints_clear(ns);

	raw_spin_lock(&sctrace_lock);
	sctrace_pairs_flush();
	rec = sctrace_record_of(ns);
	if (rec && !(rec->flags & SCTRACE_F_ENDED))
		goto out;
	outer = sctrace_record_nearest(ns->parent);
	if (!sctrace_recorded_by_itself(ns) &&
	    (!outer || outer->flags & SCTRACE_F_STOPPED))
		goto out;
	rec = add(ns, sctrace_seccomp_filter(child), false);
	if (rec) {
		rec->init_pid = task_pid_nr(child);
		/* No call is under way in a new namespace */
		if (outer)
			sctrace_change_flags(rec, 0,
					     outer->flags & SCTRACE_F_REFUSED);
		sctrace_copy_comm(rec->comm, child);
	} else {
		miss(sctrace_start_time(child));
	}
out:
	low = sctrace_pool_low(&sctrace_records);
	work = !list_empty(&dropped);
	raw_spin_unlock(&sctrace_lock);
	if (low)
		sctrace_pools_refill();
	if (work)
		sctrace_wake_worker();
}

/**
 * sctrace_record_exec() - the init of a namespace has called execve
 * @tsk: current, that init
 * @ns: its namespace
 *
 * From here on its calls are workload. What was seen before says nothing about them.
 *
 * Context: the probe of sched_process_exec. Takes sctrace_lock.
 */
void sctrace_record_exec(struct task_struct *tsk, struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	bool work = false;

	/* PF_FORKNOEXEC was cleared before; see sctrace_record_add_old() */
	smp_mb();
	rcu_read_lock();
	rec = sctrace_record_of(ns);
	if (rec) {
		raw_spin_lock(&sctrace_lock);
		/* The caches of namespaces inside hold nothing yet */
		if (!(rec->flags & SCTRACE_F_RUNNING)) {
			clear_seen(rec);
			rec->filters = sctrace_filter_count(tsk) + 1;
		}
		work = sctrace_container_note(&rec->container);
		sctrace_change_flags(rec, 0, SCTRACE_F_RUNNING);
		sctrace_copy_comm(rec->comm, tsk);
		raw_spin_unlock(&sctrace_lock);
		if (sctrace_caches_wait())
			sctrace_wake_worker();
	}
	rcu_read_unlock();
	if (work)
		sctrace_wake_worker();
}

/**
 * sctrace_record_end() - the init of a namespace is exiting
 * @ns: that namespace; all other tasks in it are about to be killed
 *
 * Context: the probe of sched_process_exit. Takes sctrace_lock.
 */
void sctrace_record_end(struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	bool over;

	raw_spin_lock(&sctrace_lock);
	rec = sctrace_record_of(ns);
	over = rec && sctrace_record_mark_ended(rec);
	if (over)
		sctrace_container_note(&rec->container);
	raw_spin_unlock(&sctrace_lock);
	if (over) {
		/* Never the last reference: the init that is exiting has one */
		put_pid_ns(ns);
		sctrace_wake_worker();
	}
}

static bool is_above(struct sctrace_record *rec, void *id)
{
	return rec->id > *(u64 *)id;
}

/**
 * sctrace_record_next() - the records in order
 * @id: of the last one, 0 to begin
 *
 * Context: takes sctrace_lock.
 * Return: the record with the lowest higher ID, or NULL.
 */
struct sctrace_record *sctrace_record_next(u64 id)
{
	lockdep_assert_held(&sctrace_mutex);
	return sctrace_record_walk(is_above, &id);
}

/**
 * sctrace_record_after() - the record that follows another
 * @rec: which sctrace_record_next() or this gave since sctrace_mutex was taken
 *
 * Context: takes sctrace_lock.
 * Return: the record with the lowest higher ID, or NULL.
 */
struct sctrace_record *sctrace_record_after(struct sctrace_record *rec)
{
	struct sctrace_record *found = NULL;
	bool was_dropped;

	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	was_dropped = sctrace_record_dropped(rec);
	if (!was_dropped && !list_is_last(&rec->list, &records))
		found = list_next_entry(rec, list);
	raw_spin_unlock(&sctrace_lock);
	return was_dropped ? sctrace_record_next(rec->id) : found;
}

/**
 * sctrace_record_last() - the highest ID given so far
 *
 * Context: takes sctrace_lock.
 */
u64 sctrace_record_last(void)
{
	u64 id;

	raw_spin_lock(&sctrace_lock);
	id = last_id;
	raw_spin_unlock(&sctrace_lock);
	return id;
}

/**
 * sctrace_record_hold() - do not evict a record
 * @rec: the record
 */
void sctrace_record_hold(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	sctrace_change_flags(rec, 0, SCTRACE_F_HELD);
	if (!list_empty(&rec->ended_list)) {
		list_del_init(&rec->ended_list);
		WRITE_ONCE(ended_num, ended_num - 1);
	}
}

/**
 * sctrace_record_unhold() - let a record be evicted
 * @rec: the record; the caller puts its module reference
 */
void sctrace_record_unhold(struct sctrace_record *rec)
{
	raw_spin_lock(&sctrace_lock);
	sctrace_change_flags(rec, SCTRACE_F_HELD, 0);
	if (sctrace_is_of_cgroup(rec) && !rec->cgrp) {
		/* It waits no more */
		sctrace_record_leave_slot(rec);
		sctrace_record_mark_ended(rec);
	}
	if (rec->flags & SCTRACE_F_ENDED && list_empty(&rec->ended_list)) {
		list_add_tail(&rec->ended_list, &ended);
		WRITE_ONCE(ended_num, ended_num + 1);
	}
	raw_spin_unlock(&sctrace_lock);
}

static struct hlist_head *owned_bucket(u32 owner)
{
	return &owned[owner * SCTRACE_GOLDEN_RATIO >> 24];
}

/**
 * sctrace_record_own() - let a hold end with a socket
 * @rec: a held record
 * @owner: the socket's port; 0: with none, it stays
 */
void sctrace_record_own(struct sctrace_record *rec, u32 owner)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	rec->owner = owner;
	hlist_del_init(&rec->owned);
	if (owner && !rec->dropped)
		hlist_add_head(&rec->owned, owned_bucket(owner));
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_record_disown() - a socket is closed
 * @owner: its port
 *
 * The worker ends its holds.
 *
 * Context: any task's.
 */
void sctrace_record_disown(u32 owner)
{
	struct sctrace_record *rec;
	struct hlist_node *next;
	bool work = false;

	raw_spin_lock(&sctrace_lock);
	hlist_for_each_entry_safe(rec, next, owned_bucket(owner), owned) {
		if (rec->owner != owner)
			continue;
		hlist_del(&rec->owned);
		hlist_add_head(&rec->owned, &orphans);
		work = true;
	}
	raw_spin_unlock(&sctrace_lock);
	if (work)
		sctrace_wake_worker();
}

/* Ends the holds of sockets that were closed */
static void free_orphans(void)
{
	struct sctrace_record *rec;

	for (;;) {
		raw_spin_lock(&sctrace_lock);
		rec = hlist_entry_safe(orphans.first, struct sctrace_record,
				       owned);
		if (rec) {
			hlist_del_init(&rec->owned);
			rec->owner = 0;
		}
		raw_spin_unlock(&sctrace_lock);
		if (!rec)
			return;
		sctrace_record_unhold(rec);
		/* Unloading waits for the worker */
		module_put(THIS_MODULE);
	}
}

/**
 * sctrace_record_drop() - drop a record
 * @rec: the record; not to be used any more after this. The caller puts the module
 *	reference of a held one.
 *
 * The worker frees it. Takes sctrace_lock.
 */
void sctrace_record_drop(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	if (!sctrace_record_dropped(rec))
		drop(rec);
	raw_spin_unlock(&sctrace_lock);
	sctrace_wake_worker();
}

static void free_record(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	sctrace_journal_free(rec->journal.first);
	sctrace_values_free(rec->store.first);
	for_each_abi(abi, rec, i) {
		sctrace_pool_free(&sctrace_refusals, abi->refused);
		sctrace_cache_free(&abi->hot);
		if (i)
			sctrace_pool_free(&sctrace_abis, abi);
	}
	sctrace_inflight_free(rec->inflight);
	kfree(rec->label);
	kfree(rec->path);
	if (rec->cgrp)
		sctrace_cgroup_unpin(rec->cgrp);
	sctrace_container_free(&rec->container);
	if (!(rec->flags & SCTRACE_F_ENDED))
		put_pid_ns(rec->ns);
	sctrace_pool_free(&sctrace_records, rec);
}

/*
 * Is all over in an ended namespace? Its init becomes a zombie only when no other task
 * is left in it, and then no call can be made there.
 */
static bool faded(const struct sctrace_record *rec)
{
	struct task_struct *init;
	bool over = true;

	rcu_read_lock();
	init = pid_task(find_pid_ns(rec->init_pid, &init_pid_ns), PIDTYPE_PID);
	if (init && task_active_pid_ns(init) == rec->ns)
		over = data_race(READ_ONCE(init->exit_state)) &&
		       thread_group_empty(init);
	rcu_read_unlock();
	return over;
}

/* Takes ended records out of the table, a batch at a time */
static void retire_faded(void)
{
	struct sctrace_record *rec, *next;
	LIST_HEAD(left);
	unsigned int num;
	bool more;

	do {
		raw_spin_lock(&sctrace_lock);
		num = 0;
		list_for_each_entry_safe(rec, next, &fading, fading) {
			if (++num > SCTRACE_BATCH)
				break;
			if (faded(rec))
				retire(rec);
			else
				list_move_tail(&rec->fading, &left);
		}
		more = !list_empty(&fading);
		if (!more)
			list_splice_init(&left, &fading);
		raw_spin_unlock(&sctrace_lock);
	} while (more);
}

static bool mark_fresh(struct sctrace_record *rec, void *unused)
{
	if (rec->fresh)
		rec->fresh = 2;
	return false;
}

static bool clear_in_fresh(struct sctrace_record *rec, void *unused)
{
	struct sctrace_record *outer;
	struct pid_namespace *up;
	bool clear = false;

	if (rec->flags & SCTRACE_F_ENDED)
		return false;
	for (up = rec->ns; up; up = up->parent) {
		outer = sctrace_record_of(up);
		if (!outer || outer->fresh != 2)
			continue;
		clear = true;
		/* What was cached inside did not count for it so far */
		outer->values_late |= outer != rec;
	}
	if (clear)
		clear_seen(rec);
	return false;
}

static bool end_fresh(struct sctrace_record *rec, void *unused)
{
	if (rec->fresh == 2)
		rec->fresh = 0;
	return false;
}

/**
 * sctrace_record_settle() - let fresh records see all calls
 *
 * What tasks inside of a fresh record's namespace call counts for it, too, as soon as
 * the caches there were cleared. A probe cannot do this: there may be any number of them.
 * The worker does, and each request, so that who was shown a record can rely on it.
 *
 * Context: takes sctrace_lock.
 */
void sctrace_record_settle(void)
{
	lockdep_assert_held(&sctrace_mutex);
	if (!READ_ONCE(fresh_records))
		return;
	raw_spin_lock(&sctrace_lock);
	fresh_records = false;
	raw_spin_unlock(&sctrace_lock);
	sctrace_record_walk(mark_fresh, NULL);
	sctrace_record_walk(clear_in_fresh, NULL);
	sctrace_record_walk(end_fresh, NULL);
	if (sctrace_caches_wait())
		sctrace_wake_worker();
}

/**
 * sctrace_record_work() - what probes leave to the worker
 * @probed: the probes are registered
 *
 * Takes records of namespaces that are over out of the table, evicts ended records above
 * the limit, frees dropped ones.
 *
 * Context: may sleep; takes sctrace_lock.
 * Return: some ended namespace is not over yet: to be called again.
 */
bool sctrace_record_work(bool probed)
{
	struct sctrace_record *rec, *next;
	struct sctrace_cache *caches = NULL;
	unsigned int num;
	LIST_HEAD(mine);
	LIST_HEAD(pairs);
	bool again, more;

	lockdep_assert_held(&sctrace_mutex);
	sctrace_container_resolve();
	free_orphans();
	sctrace_record_settle();
	retire_faded();
	do {
		raw_spin_lock(&sctrace_lock);
		for (num = 0; num < SCTRACE_BATCH &&
		     ended_num > sctrace_max_ended; num++)
			evict();
		more = ended_num > sctrace_max_ended;
		if (!more) {
			list_splice_init(&dropped, &mine);
			sctrace_pairs_work(&pairs);
			caches = sctrace_caches_retired();
		}
		again = !list_empty(&fading);
		raw_spin_unlock(&sctrace_lock);
	} while (more);
	if (list_empty(&mine) && list_empty(&pairs) && !caches)
		return again;

	if (probed) {
		/*
		 * No probe finds these records and caches any more, but some
		 * probes have found them and may leave hints to the records. When
		 * these are done, the hints are cleared. When the probes that
		 * followed a hint are done too, the records are freed.
		 */
		sctrace_synchronize_probes();
	}
	sctrace_caches_free(caches);
	if (list_empty(&mine) && list_empty(&pairs))
		return again;
	if (probed) {
		/* Namespaces that found no room before may find it now, too */
		sctrace_hints_clear(NULL);
		sctrace_synchronize_probes();
	}
	sctrace_pairs_free(&pairs);
	list_for_each_entry_safe(rec, next, &mine, list)
		free_record(rec);
	return again;
}

/**
 * sctrace_record_init() - make the table and fill the pools
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, when sctrace_record_exit() is still to be called.
 */
int sctrace_record_init(void)
{
	int ret;

	ret = sctrace_table_init(sctrace_max_records) ?:
	      sctrace_pool_init(&sctrace_records) ?:
	      sctrace_pool_init(&sctrace_chunks) ?:
	      sctrace_pool_init(&sctrace_abis) ?:
	      sctrace_pool_init(&sctrace_refusals) ?:
	      sctrace_pair_init() ?:
	      sctrace_value_init();
	if (ret)
		return ret;
	return sctrace_pool_fill(&sctrace_records) ?:
	       sctrace_pool_fill(&sctrace_chunks) ?:
	       sctrace_pool_fill(&sctrace_abis) ?:
	       sctrace_pool_fill(&sctrace_refusals) ?:
	       sctrace_value_fill();
}

/**
 * sctrace_record_exit() - free everything
 *
 * Context: may sleep; the probes, the worker and the netlink family are gone.
 */
void sctrace_record_exit(void)
{
	struct sctrace_record *rec, *next;

	list_splice_init(&records, &dropped);
	list_for_each_entry_safe(rec, next, &dropped, list)
		free_record(rec);
	sctrace_pair_exit();
	sctrace_value_exit();
	sctrace_pool_exit(&sctrace_refusals);
	sctrace_pool_exit(&sctrace_abis);
	sctrace_pool_exit(&sctrace_chunks);
	sctrace_pool_exit(&sctrace_records);
	sctrace_table_exit();
}

