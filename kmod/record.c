// SPDX-License-Identifier: GPL-2.0

#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "abi.h"
#include "record.h"

/*
 * sctrace_lock protects the hash table, the lists, the pools and all that a
 * record holds. It is taken by probes, with preemption off: raw, so that this
 * holds on PREEMPT_RT, and nothing is allocated or freed under it. Never taken
 * from an interrupt.
 */
DEFINE_RAW_SPINLOCK(sctrace_lock);

/*
 * sctrace_mutex makes requests and the worker take turns. Its holder can rely
 * on a record that it found: only the worker frees records, and only a request
 * empties a journal. Outside of sctrace_lock.
 */
DEFINE_MUTEX(sctrace_mutex);

/*
 * The pools last for a burst of this many new namespaces, and for the first
 * calls of some of them, until the worker had its turn.
 */
struct sctrace_pool sctrace_records = {
	.name = "sctrace_record",
	.size = sizeof(struct sctrace_record),
	.want = 64,
};

struct sctrace_pool sctrace_chunks = {
	.name = "sctrace_chunk",
	.size = sizeof(struct sctrace_chunk),
	.want = 512,
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

/* The end of every line in the table, and what a CPU without hint has met last */
struct sctrace_hot sctrace_nobody __read_mostly;

/* Not initialized here: a module's per-CPU data are not relocated */
DEFINE_PER_CPU(struct sctrace_hints, sctrace_hints);

struct work_struct sctrace_work;

bool sctrace_record_all = true;
unsigned int sctrace_max_records = 4096;
unsigned int sctrace_max_ended = 512;

/* Counted under sctrace_lock */
u64 sctrace_evicted;
u64 sctrace_unrecorded;

/*
 * Changes when a record is dropped or emptied, so that a dump can tell.
 * Changed under sctrace_lock.
 */
unsigned int sctrace_generation = 1;

/*
 * Records by the address of their namespace, their ABIs besides the kernel's own
 * by its foreign key. Changed under sctrace_lock; readers are probes.
 */
struct sctrace_hot **sctrace_table __read_mostly;
unsigned int sctrace_table_shift __read_mostly;

static LIST_HEAD(records);	/* by id */
static LIST_HEAD(ended);	/* may be evicted; oldest first */
static LIST_HEAD(dropped);	/* wait for the worker */
static unsigned int records_num;
static unsigned int ended_num;
static u64 last_id;

/* The room was too small for a namespace: others were left out, too */
static bool births_missed;

/* How many records to look at before others get the lock */
#define SCTRACE_BATCH 128

/* Some CPU has a hint about a namespace that nobody records */
static bool outside_hinted;

static void wake_worker(void)
{
	schedule_work(&sctrace_work);
}

/*
 * Apart from the worker, which waits for probes to be through: who makes
 * namespaces as fast as he can must not find the pools empty for others. What
 * cannot be had is tried again when somebody misses it.
 */
static void refill(struct work_struct *unused)
{
	sctrace_pool_fill(&sctrace_chunks);
	sctrace_pool_fill(&sctrace_records);
	sctrace_pool_fill(&sctrace_abis);
	sctrace_pool_fill(&sctrace_refusals);
}

static DECLARE_WORK(refill_work, refill);

static void wake_refill(void)
{
	queue_work(system_highpri_wq, &refill_work);
}

static u64 now_ns(void)
{
	return ktime_to_ns(ktime_get_boottime());
}

static void table_add(struct sctrace_hot *hot, struct pid_namespace *key)
{
	struct sctrace_hot **head = sctrace_bucket(key);

	lockdep_assert_held(&sctrace_lock);
	hot->ns = key;
	hot->next = *head;
	smp_store_release(head, hot);
}

/*
 * No hint means it from here on. Its way on to the next one stays, for those who
 * stand on it.
 */
static void table_del(struct sctrace_hot *hot)
{
	struct sctrace_hot **link;

	lockdep_assert_held(&sctrace_lock);
	if (!hot->ns)
		return;
	for (link = sctrace_bucket(hot->ns); *link != hot;
	     link = &(*link)->next)
		;
	WRITE_ONCE(*link, hot->next);
	WRITE_ONCE(hot->ns, NULL);
}

/* Context: an RCU reader, or sctrace_lock is held */
static struct sctrace_record *lookup(const struct pid_namespace *ns)
{
	const struct sctrace_hot *hot;

	for (hot = sctrace_hot_first(ns); hot != &sctrace_nobody;
	     hot = READ_ONCE(hot->next)) {
		if (READ_ONCE(hot->ns) == ns)
			return container_of(hot, struct sctrace_record,
					    native.hot);
	}
	return NULL;
}

static struct sctrace_record *lookup_nearest(struct pid_namespace *ns)
{
	struct sctrace_record *rec;

	for (; ns; ns = ns->parent) {
		rec = lookup(ns);
		if (rec)
			return rec;
	}
	return NULL;
}

/* Context: preemption is off; @hot was looked up with it off */
static void hint(const struct sctrace_hot *hot)
{
	if (READ_ONCE(hot->ns) && sctrace_cpu_read(sctrace_hints.last) != hot)
		sctrace_cpu_write(sctrace_hints.last, hot);
}

static void hint_outside(struct pid_namespace *ns)
{
	if (!READ_ONCE(outside_hinted))
		WRITE_ONCE(outside_hinted, true);
	if (sctrace_cpu_read(sctrace_hints.outside) != ns)
		sctrace_cpu_write(sctrace_hints.outside, ns);
}

/**
 * sctrace_record_forget_hints() - no CPU takes a short cut
 * @ns: past this namespace as one that nobody records; NULL: no short cut at
 *	all
 *
 * CPUs that are in a probe may make a new one from what they looked up before:
 * a caller who cares waits for the probes first. A hint that a CPU makes at
 * this moment may get lost with the old one.
 *
 * Context: any.
 */
void sctrace_record_forget_hints(struct pid_namespace *ns)
{
	struct sctrace_hints *hints;
	unsigned int cpu;

	if (ns && !READ_ONCE(outside_hinted))
		return;
	for_each_possible_cpu(cpu) {
		hints = per_cpu_ptr(&sctrace_hints, cpu);
		if (!ns)
			WRITE_ONCE(hints->last, &sctrace_nobody);
		if (!ns || READ_ONCE(hints->outside) == ns)
			WRITE_ONCE(hints->outside, NULL);
	}
}

static void clear_seen(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for_each_abi(abi, rec, i) {
		/* Probes look meanwhile: what they still find here was true */
		data_race(memset(abi->hot.seen, 0, sizeof(abi->hot.seen)));
	}
}

/*
 * Was it dropped? A request that has found a record keeps it from being freed,
 * not from being evicted by a probe.
 */
static bool gone(const struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	return !rec->native.hot.ns;
}

/*
 * Calls @fn for each record, in the order of their IDs, until it says true. The
 * lock is dropped now and then, so that nobody waits for it until all of many
 * were looked at; whatever comes and goes meanwhile is met or not.
 *
 * Context: a probe, or sctrace_mutex is held; so the record that it stands on
 * when it drops the lock is not freed. Takes sctrace_lock, and @fn is called
 * under it.
 * Return: the record for which @fn said true, or NULL.
 */
static struct sctrace_record *
walk(bool (*fn)(struct sctrace_record *rec, void *arg), void *arg)
{
	struct list_head *pos = &records;
	struct sctrace_record *rec;
	unsigned int num;
	bool more;
	u64 id = 0;

	do {
		raw_spin_lock(&sctrace_lock);
		/* It may have gone to another list: find the place anew */
		if (pos != &records &&
		    gone(list_entry(pos, struct sctrace_record, list)))
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

static bool clear_seen_inside(struct sctrace_record *rec, void *ns)
{
	if (sctrace_ns_inside(rec->ns, ns))
		clear_seen(rec);
	return false;
}

/*
 * What tasks in and below @ns called must come by again. A call that slips
 * through an old cache meanwhile counts as made before.
 *
 * Context: as walk().
 */
static void clear_seen_below(struct pid_namespace *ns)
{
	walk(clear_seen_inside, ns);
}

static void copy_comm(char *to, const struct task_struct *tsk)
{
	/* Anybody may rename a task meanwhile: a mixture of two ends, too */
	data_race(memcpy(to, tsk->comm, SCTRACE_COMM_LEN));
	to[SCTRACE_COMM_LEN - 1] = 0;
}

static bool pid_one(struct pid_namespace *ns, bool *running, u32 *pid,
		    char *comm)
{
	struct task_struct *init;
	bool alive = false;

	rcu_read_lock();
	init = pid_task(find_pid_ns(1, ns), PIDTYPE_PID);
	if (init) {
		/* Who is asked at the moment of its exit may say either */
		alive = !data_race(READ_ONCE(init->exit_state));
		*running = !(sctrace_task_flags(init) & PF_FORKNOEXEC);
		*pid = task_pid_nr(init);
		copy_comm(comm, init);
	}
	rcu_read_unlock();
	return alive;
}

/* Takes a record out of everybody's sight */
static void drop(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for_each_abi(abi, rec, i)
		table_del(&abi->hot);
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

/*
 * Makes a record and lets everybody see it.
 *
 * Context: sctrace_lock is held, and @ns cannot go away.
 */
static struct sctrace_record *add(struct pid_namespace *ns)
{
	struct sctrace_record *rec, *outer;
	struct pid_namespace *up;

	lockdep_assert_held(&sctrace_lock);
	if (records_num >= sctrace_max_records && !evict())
		return NULL;
	rec = sctrace_pool_take(&sctrace_records);
	if (!rec)
		return NULL;

	rec->ns = get_pid_ns(ns);
	INIT_LIST_HEAD(&rec->ended_list);
	rec->id = ++last_id;
	rec->inum = sctrace_ns_inum(ns);
	rec->since = now_ns();
	rec->native.arch = SCTRACE_ARCH_NATIVE;
	rec->born_missed = births_missed;
	list_add_tail(&rec->list, &records);
	WRITE_ONCE(records_num, records_num + 1);
	for (up = ns->parent; up; up = up->parent) {
		outer = lookup(up);
		if (outer)
			outer->inner = true;
	}
	table_add(&rec->native.hot, ns);
	return rec;
}

/* Probes look at the flags without the lock */
static void change_flags(struct sctrace_record *rec, u32 clear, u32 set)
{
	WRITE_ONCE(rec->flags, (rec->flags & ~clear) | set);
}

static void mark_ended(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	if (rec->flags & SCTRACE_F_ENDED)
		return;
	change_flags(rec, 0, SCTRACE_F_ENDED);
	rec->ended_at = now_ns();
	if (rec->flags & SCTRACE_F_HELD)
		return;
	list_add_tail(&rec->ended_list, &ended);
	WRITE_ONCE(ended_num, ended_num + 1);
}

/*
 * A record for a namespace that is not new. Calls before it were not seen:
 * "late" when the namespace's own program made some of them.
 *
 * Context: preemption is off, or may sleep; takes sctrace_lock.
 */
static struct sctrace_record *add_old(struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	char comm[SCTRACE_COMM_LEN] = "";
	bool running = true, alive, made = false, work;
	u32 pid = 0;

	alive = pid_one(ns, &running, &pid, comm);
	raw_spin_lock(&sctrace_lock);
	rec = lookup(ns);
	if (!rec) {
		rec = add(ns);
		if (rec) {
			made = true;
			/* There may be others inside already */
			rec->inner = true;
			if (running)
				change_flags(rec, 0, SCTRACE_F_LATE |
					     SCTRACE_F_RUNNING);
			rec->init_pid = pid;
			memcpy(rec->comm, comm, sizeof(rec->comm));
			if (!alive)
				mark_ended(rec);
		} else {
			sctrace_unrecorded++;
			births_missed = true;
		}
	}
	work = !list_empty(&dropped);
	raw_spin_unlock(&sctrace_lock);
	if (work)
		wake_worker();
	if (made)
		clear_seen_below(ns);
	return rec;
}

/*
 * A namespace without record of its own has called: gives it one, and each
 * that it is in up to @nearest, where that may be. Where it may not, for want
 * of room, its calls still count for @nearest.
 *
 * Context: an RCU reader, preemption is off; takes sctrace_lock.
 * Return: the record of @ns or else @nearest; NULL: there is nothing to do.
 */
static struct sctrace_record *add_line(struct pid_namespace *ns,
				       struct sctrace_record *nearest)
{
	bool room = READ_ONCE(records_num) < sctrace_max_records ||
		    READ_ONCE(ended_num);
	struct sctrace_record *rec = NULL;
	struct pid_namespace *level;

	if (sctrace_record_all ? !room : !nearest) {
		/* Until there is room, or a record, which clears this */
		if (!nearest)
			hint_outside(ns);
		return nearest;
	}
	/* One further out may still be recording */
	if (nearest && READ_ONCE(nearest->flags) & SCTRACE_F_STOPPED &&
	    !sctrace_record_all)
		return nearest;
	for (level = ns; level && (!nearest || level != nearest->ns);
	     level = level->parent) {
		struct sctrace_record *up = add_old(level);

		if (level == ns)
			rec = up;
	}
	if (sctrace_pool_low(&sctrace_records))
		wake_refill();
	return rec ?: nearest;
}

/*
 * Which classes a task has relative to a record: a joiner was forked into the
 * namespace from outside, by a runtime, and has not become a program yet.
 * Threads keep PF_FORKNOEXEC for ever, so it is the group's leader that counts.
 *
 * Context: an RCU reader.
 * Return: the namespace of the parent for a task that might be a joiner, NULL
 * for one that is none.
 */
static struct pid_namespace *parent_ns(struct task_struct *tsk)
{
	struct task_struct *leader = tsk->group_leader;
	struct pid_namespace *ns;
	unsigned int tries;

	if (!(sctrace_task_flags(tsk) & PF_FORKNOEXEC) ||
	    !(sctrace_task_flags(leader) & PF_FORKNOEXEC))
		return NULL;
	/* A parent that is being released has handed its children on before */
	for (tries = 0; tries < 3; tries++) {
		ns = task_active_pid_ns(rcu_dereference(leader->real_parent));
		if (ns)
			return ns;
	}
	return NULL;
}

static struct sctrace_abi *find_abi(struct sctrace_record *rec, u32 arch,
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

static struct sctrace_abi *get_abi(struct sctrace_record *rec, u32 arch,
				   unsigned int *index)
{
	struct sctrace_abi *abi = find_abi(rec, arch, index);

	lockdep_assert_held(&sctrace_lock);
	if (abi || *index >= SCTRACE_ABIS)
		return abi;
	abi = sctrace_pool_take(&sctrace_abis);
	if (abi) {
		abi->arch = arch;
		smp_store_release(&rec->foreign[*index - 1], abi);
		/*
		 * x32 is told by its numbers, and has no short cut. Nor has a
		 * record that was dropped after the caller had found it.
		 */
		if (arch != SCTRACE_ARCH_X32 && rec->native.hot.ns)
			table_add(&abi->hot, SCTRACE_FOREIGN_KEY(rec->ns));
	}
	return abi;
}

/* Where the seen cache keeps a number, or -1 */
static int seen_index(unsigned int nr)
{
	if (likely(nr < SCTRACE_SEEN_NR))
		return nr;
	if (nr >= SCTRACE_ARM_PRIVATE_SLOT)
		return nr - SCTRACE_ARM_PRIVATE_SLOT + SCTRACE_SEEN_NR;
	return -1;
}

/* Where a call stands among the missed ones; rec->missed_num: nowhere */
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

static void miss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
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

/* A call that was missed has come again: nothing is missing of it now */
static void unmiss_call(struct sctrace_record *rec, u32 arch, u16 nr, u16 kind)
{
	unsigned int i = find_missed(rec, arch, nr, kind);

	if (i < rec->missed_num)
		rec->missed[i] = rec->missed[--rec->missed_num];
}

/* May a number have been entered behind a filter, and not be in a set? */
static bool may_have_entered(const struct sctrace_record *rec, u32 arch, u16 nr)
{
	const unsigned int kind = SCTRACE_KIND_CONFINED;

	return rec->missed_more ||
	       find_missed(rec, arch, nr, kind) < rec->missed_num ||
	       find_missed(rec, arch, nr, kind | SCTRACE_KIND_SETUP) <
	       rec->missed_num;
}

/* What is to be written down of a call */
struct call {
	u32 arch;
	u16 nr;
	u64 time;
	struct pid *tgid;
	char comm[SCTRACE_COMM_LEN];
};

static void describe(struct call *call, struct task_struct *tsk)
{
	call->time = now_ns();
	call->tgid = task_tgid(tsk);
	copy_comm(call->comm, tsk);
}

static bool pools_low(void)
{
	return sctrace_pool_low(&sctrace_chunks) ||
	       sctrace_pool_low(&sctrace_abis) ||
	       sctrace_pool_low(&sctrace_refusals);
}

/* Return: nothing is left to do for this number and kind in this record */
static bool put_bit(struct sctrace_record *rec, const struct call *call,
		    unsigned int kind, unsigned int index, unsigned long *set)
{
	unsigned int what = SCTRACE_WHAT(call->nr, kind, index);

	if (test_and_set_bit_le(call->nr, set)) {
		if (likely(!rec->sightings_missed) ||
		    sctrace_journal_full(&rec->journal) ||
		    sctrace_journal_has(&rec->journal, what))
			return true;
		/* An earlier call found no room for its sighting */
		if (!sctrace_journal_add(&rec->journal, call->time,
					 pid_nr_ns(call->tgid, rec->ns),
					 what | SCTRACE_WHAT_DELAYED,
					 call->comm))
			return false;
		WRITE_ONCE(rec->sightings_missed, rec->sightings_missed - 1);
		return true;
	}
	if (unlikely(rec->missed_num))
		unmiss_call(rec, call->arch, call->nr, kind);
	rec->last_new = call->time;
	if (sctrace_journal_add(&rec->journal, call->time,
				pid_nr_ns(call->tgid, rec->ns), what,
				call->comm))
		return true;
	WRITE_ONCE(rec->sightings_missed, rec->sightings_missed + 1);
	/* There is no use in trying again when there will be no room */
	return sctrace_journal_full(&rec->journal);
}

/* Return: nothing is left to do for this number and kind in this record */
static bool put_call(struct sctrace_record *rec, const struct call *call,
		     unsigned int kind)
{
	struct sctrace_abi *abi;
	unsigned int index;

	abi = get_abi(rec, call->arch, &index);
	if (!abi) {
		miss_call(rec, call->arch, call->nr, kind);
		return false;
	}
	return put_bit(rec, call, kind, index, abi->sets[kind]);
}

/*
 * Which set a call goes to in a record, made by a task with this seccomp mode
 * whose parent_ns() is @outside.
 */
static unsigned int kind_for(const struct sctrace_record *rec, int mode,
			     const struct pid_namespace *outside)
{
	unsigned int kind = 0;

	if (mode == SECCOMP_MODE_FILTER)
		kind |= SCTRACE_KIND_CONFINED;
	if (!(READ_ONCE(rec->flags) & SCTRACE_F_RUNNING) ||
	    (outside && !sctrace_ns_inside(outside, rec->ns)))
		kind |= SCTRACE_KIND_SETUP;
	return kind;
}

/*
 * Is a call that the seen cache has no room for in all its sets? Without it
 * such calls, of which a program can make as many as it likes, would all take
 * the lock.
 *
 * Context: an RCU reader.
 */
static bool nothing_new(struct sctrace_record *rec, u32 arch, u16 nr, int mode,
			const struct pid_namespace *outside)
{
	const struct pid_namespace *level;
	const struct sctrace_record *up;
	const struct sctrace_abi *abi;
	unsigned int index;

	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : lookup(level);
		if (!up || READ_ONCE(up->flags) & SCTRACE_F_STOPPED)
			continue;
		if (READ_ONCE(up->sightings_missed) &&
		    !sctrace_journal_full(&up->journal))
			return false;
		abi = find_abi((struct sctrace_record *)up, arch, &index);
		if (!abi ||
		    !test_bit_le(nr, abi->sets[kind_for(up, mode, outside)]))
			return false;
	}
	return true;
}

/*
 * A number that no set can hold, of which the first is kept. A program can make
 * as many as it likes: the lock is for the first one only.
 *
 * Context: an RCU reader; takes sctrace_lock.
 */
static void put_other(struct sctrace_record *rec, long id)
{
	struct pid_namespace *level;
	struct sctrace_record *up;

	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : lookup(level);
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
 * sctrace_record_see() - a task made a call that its CPU has no short cut for
 * @tsk: current
 * @ns: its PID namespace
 * @id: the number as the tracepoint gave it
 *
 * Idempotent. Looks without a lock whether there is anything to do; if so,
 * writes the call into the record of the namespace and of each namespace that
 * it is in, as one step under sctrace_lock: what depends on the state of an
 * ancestor cannot be overtaken by a change of that state.
 *
 * Context: a task entering a system call, preemption off. Takes sctrace_lock.
 */
void sctrace_record_see(struct task_struct *tsk, struct pid_namespace *ns,
			long id)
{
	struct pid_namespace *outside, *level;
	struct sctrace_record *rec, *up;
	struct sctrace_abi *abi;
	unsigned int class, index;
	long nr = id;
	bool low, cached, done = true;
	struct call call;
	int mode, at;

	rcu_read_lock();
	rec = lookup_nearest(ns);
	if (unlikely(!rec || rec->ns != ns)) {
		rec = add_line(ns, rec);
		if (!rec)
			goto out;
	}
	call.arch = sctrace_abi_arch(&nr);
	abi = find_abi(rec, call.arch, &index);
	if (abi && likely(rec->ns == ns))
		hint(&abi->hot);

	mode = sctrace_seccomp_mode(tsk);
	/* A task in the mode of the dying makes no more calls */
	if (mode > SECCOMP_MODE_FILTER)
		goto out;
	class = mode;
	outside = parent_ns(tsk);
	if (outside && !sctrace_ns_inside(outside, rec->ns))
		class |= SCTRACE_CLASS_JOINER;
	if (unlikely(nr < 0)) {
		if (!sctrace_is_refusal(tsk, id))
			put_other(rec, id);
		goto out;
	}
	call.nr = nr;
	at = seen_index(call.nr);
	if (abi && at >= 0 && READ_ONCE(abi->hot.seen[at]) & BIT(class))
		goto out;
	/*
	 * The cache speaks for all ancestors at once. What a joiner from
	 * further away than the next namespace is to them differs, and it has
	 * no class of its own.
	 */
	cached = at >= 0 && (!(class & SCTRACE_CLASS_JOINER) ||
			     outside == rec->ns->parent);
	if (!cached && nothing_new(rec, call.arch, call.nr, mode, outside))
		goto out;

	describe(&call, tsk);

	raw_spin_lock(&sctrace_lock);
	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : lookup(level);
		if (!up || up->flags & SCTRACE_F_STOPPED)
			continue;
		done &= put_call(up, &call, kind_for(up, mode, outside));
	}
	abi = find_abi(rec, call.arch, &index);
	if (done && abi && cached)
		WRITE_ONCE(abi->hot.seen[at], abi->hot.seen[at] | BIT(class));
	low = pools_low();
	raw_spin_unlock(&sctrace_lock);
	if (unlikely(low))
		wake_refill();
out:
	rcu_read_unlock();
}

/*
 * Could another thread have set this task's filter (TSYNC)? One that has exited is
 * not in the group any more, but what it used was added up before it left.
 */
static bool had_threads(struct task_struct *tsk)
{
	const struct signal_struct *sig = tsk->signal;

	if (!thread_group_empty(tsk))
		return true;
	/* Zero or not: what comes this moment is a living thread's */
	return data_race(sig->sum_sched_runtime || sig->min_flt ||
			 sig->nvcsw || sig->nivcsw);
}

/*
 * Is an error the answer to the call? A supervisor (USER_NOTIF) who is still
 * thinking when a signal comes has not answered: the call begins anew, or is
 * given up by its maker. Nor is anything decided for who is being killed, be it in
 * a supervisor's hands or in a tracer's.
 */
static bool is_answer(struct task_struct *tsk, long ret)
{
	if (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK)
		return false;
	return !fatal_signal_pending(tsk) && !sctrace_emulated(tsk);
}

/*
 * Return: nothing is left to do for the refusal of this number in this record.
 */
static bool put_refusal(struct sctrace_record *rec, const struct call *call,
			unsigned int kind, struct task_struct *tsk, int id)
{
	const unsigned int setup = SCTRACE_KIND_CONFINED | SCTRACE_KIND_SETUP;
	struct sctrace_refusals *refused;
	struct sctrace_abi *abi;
	unsigned int index;

	abi = get_abi(rec, call->arch, &index);
	if (!abi)
		goto miss;
	/*
	 * What was entered behind a filter is not refused, be it that the
	 * stage changed since.
	 */
	if (test_bit_le(call->nr, abi->sets[SCTRACE_KIND_CONFINED]) ||
	    test_bit_le(call->nr, abi->sets[setup]))
		return true;
	/* Another thread may have set the filter in the midst of the call */
	if (had_threads(tsk) &&
	    test_bit_le(call->nr, abi->sets[kind & ~SCTRACE_KIND_CONFINED]))
		return false;
	if (may_have_entered(rec, call->arch, call->nr))
		return false;
	if (sctrace_inflight_left(rec->inflight, task_pid(tsk), id))
		return false;

	refused = abi->refused;
	if (!refused) {
		refused = sctrace_pool_take(&sctrace_refusals);
		if (!refused)
			goto miss;
		abi->refused = refused;
	}
	kind |= SCTRACE_KIND_REFUSED;
	return put_bit(rec, call, kind, index,
		       refused->sets[!!(kind & SCTRACE_KIND_SETUP)]);
miss:
	miss_call(rec, call->arch, call->nr, kind | SCTRACE_KIND_REFUSED);
	return false;
}

/**
 * sctrace_record_refuse() - a filtered task leaves a call with an error
 * @tsk: current
 * @ns: its PID namespace
 * @id: the call's number, as syscall_get_nr() gives it
 * @ret: what the tracepoint says that the call returns
 *
 * seccomp answers before sys_enter, so what is left with an error and was never
 * entered was refused. That is exact but for what is left without having been
 * entered for another reason, and each of these is known: a call that was under
 * way when we began to look (inflight.h), one that could not be written down,
 * and one that was entered before another thread put the filter on the task. What
 * was not answered at all does not count, see is_answer().
 * A number that a filter refuses for some arguments only is told when it is
 * refused before it is allowed.
 *
 * Context: a task leaving a system call, preemption off. Takes sctrace_lock.
 */
void sctrace_record_refuse(struct task_struct *tsk, struct pid_namespace *ns,
			   long id, long ret)
{
	struct pid_namespace *outside, *level;
	struct sctrace_record *rec, *up;
	unsigned int class = SCTRACE_CLASS_REFUSED, index;
	bool low, done = true;
	struct sctrace_abi *abi;
	struct call call;
	long nr = id;
	int at;

	call.arch = sctrace_abi_arch(&nr);
	if (call.arch != SCTRACE_ARCH_NATIVE)
		ret = (s32)ret;
	if (nr < 0 || !IS_ERR_VALUE(ret) || !is_answer(tsk, ret))
		return;

	rcu_read_lock();
	rec = lookup_nearest(ns);
	if (!rec)
		goto out;
	outside = parent_ns(tsk);
	if (outside && !sctrace_ns_inside(outside, rec->ns))
		class |= SCTRACE_CLASS_JOINER;
	call.nr = nr;
	at = seen_index(call.nr);
	abi = find_abi(rec, call.arch, &index);
	if (abi && at >= 0 && READ_ONCE(abi->hot.seen[at]) & BIT(class))
		goto out;
	describe(&call, tsk);

	raw_spin_lock(&sctrace_lock);
	for (level = rec->ns; level; level = level->parent) {
		up = level == rec->ns ? rec : lookup(level);
		if (!up || up->flags & SCTRACE_F_STOPPED ||
		    !(up->flags & SCTRACE_F_REFUSED))
			continue;
		done &= put_refusal(up, &call,
				    kind_for(up, SECCOMP_MODE_FILTER, outside),
				    tsk, id);
	}
	abi = find_abi(rec, call.arch, &index);
	if (done && abi && at >= 0 &&
	    (!(class & SCTRACE_CLASS_JOINER) || outside == rec->ns->parent))
		WRITE_ONCE(abi->hot.seen[at], abi->hot.seen[at] | BIT(class));
	low = pools_low();
	raw_spin_unlock(&sctrace_lock);
	if (unlikely(low))
		wake_refill();
out:
	rcu_read_unlock();
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

	/* There may have been another namespace at this address */
	sctrace_record_forget_hints(ns);

	raw_spin_lock(&sctrace_lock);
	if (lookup(ns))
		goto out;
	outer = lookup_nearest(ns->parent);
	if (!sctrace_record_all &&
	    (!outer || outer->flags & SCTRACE_F_STOPPED))
		goto out;
	rec = add(ns);
	if (rec) {
		rec->born_missed = false;
		rec->init_pid = task_pid_nr(child);
		/* In a new namespace nothing is under way */
		if (outer)
			change_flags(rec, 0,
				     outer->flags & SCTRACE_F_REFUSED);
		copy_comm(rec->comm, child);
	} else {
		sctrace_unrecorded++;
		births_missed = true;
	}
out:
	low = sctrace_pool_low(&sctrace_records);
	work = !list_empty(&dropped);
	raw_spin_unlock(&sctrace_lock);
	if (low)
		wake_refill();
	if (work)
		wake_worker();
}

/**
 * sctrace_record_exec() - the init of a namespace has become a program
 * @tsk: current, that init
 * @ns: its namespace
 *
 * From here on its calls, and those of its children, are workload; what was
 * seen before says nothing about it.
 *
 * Context: the probe of sched_process_exec. Takes sctrace_lock.
 */
void sctrace_record_exec(struct task_struct *tsk, struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	bool inner = false;

	rcu_read_lock();
	rec = lookup(ns);
	if (rec) {
		raw_spin_lock(&sctrace_lock);
		if (!(rec->flags & SCTRACE_F_RUNNING)) {
			clear_seen(rec);
			/* Most have none: to look at all records is dear */
			inner = rec->inner;
		}
		change_flags(rec, 0, SCTRACE_F_RUNNING);
		copy_comm(rec->comm, tsk);
		raw_spin_unlock(&sctrace_lock);
		if (inner)
			clear_seen_below(ns);
	}
	rcu_read_unlock();
}

/**
 * sctrace_record_end() - the init of a namespace is exiting
 * @ns: that namespace; what else lives in it is about to be killed
 *
 * Context: the probe of sched_process_exit. Takes sctrace_lock.
 */
void sctrace_record_end(struct pid_namespace *ns)
{
	struct sctrace_record *rec;
	bool work;

	raw_spin_lock(&sctrace_lock);
	rec = lookup(ns);
	if (rec)
		mark_ended(rec);
	work = rec && (!sctrace_record_all || ended_num > sctrace_max_ended ||
		       rec->flags & SCTRACE_F_REFUSED);
	raw_spin_unlock(&sctrace_lock);
	if (work)
		wake_worker();
}

static bool is_above(struct sctrace_record *rec, void *id)
{
	return rec->id > *(u64 *)id;
}

/**
 * sctrace_record_next() - the records in order
 * @id: of the last one, 0 to begin
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record with the lowest higher ID, or NULL.
 */
struct sctrace_record *sctrace_record_next(u64 id)
{
	return walk(is_above, &id);
}

/**
 * sctrace_record_after() - the record that follows another
 * @rec: which sctrace_record_next() or this gave since sctrace_mutex was taken
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record with the lowest higher ID, or NULL.
 */
struct sctrace_record *sctrace_record_after(struct sctrace_record *rec)
{
	struct sctrace_record *found = NULL;
	bool was_dropped;

	raw_spin_lock(&sctrace_lock);
	was_dropped = gone(rec);
	if (!was_dropped && !list_is_last(&rec->list, &records))
		found = list_next_entry(rec, list);
	raw_spin_unlock(&sctrace_lock);
	return was_dropped ? sctrace_record_next(rec->id) : found;
}

/**
 * sctrace_record_resets() - how often a record was emptied
 * @id: which
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: a number that changes with each RESET, and when the record goes.
 */
unsigned int sctrace_record_resets(u64 id)
{
	struct sctrace_record *rec = sctrace_record_by_id(id);

	return rec ? rec->resets + 1 : UINT_MAX;
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

static bool has_id(struct sctrace_record *rec, void *id)
{
	return rec->id == *(u64 *)id;
}

/**
 * sctrace_record_by_id() - find a record by its ID
 * @id: never used again once it was given
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_id(u64 id)
{
	return walk(has_id, &id);
}

static bool has_inum(struct sctrace_record *rec, void *inum)
{
	return rec->inum == *(u32 *)inum;
}

/**
 * sctrace_record_by_inum() - find a record by its namespace's number
 * @inum: as /proc/PID/ns/pid shows it
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_inum(u32 inum)
{
	return walk(has_inum, &inum);
}

static bool has_label(struct sctrace_record *rec, void *label)
{
	return rec->label && !strcmp(rec->label, label);
}

/**
 * sctrace_record_by_label() - find a record by the label that START gave it
 * @label: a string
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_label(const char *label)
{
	return walk(has_label, (void *)label);
}

/**
 * sctrace_record_by_ns() - find the record of a namespace
 * @ns: a namespace that cannot go away
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_ns(struct pid_namespace *ns)
{
	struct sctrace_record *rec;

	raw_spin_lock(&sctrace_lock);
	rec = lookup(ns);
	raw_spin_unlock(&sctrace_lock);
	return rec;
}

static bool incomplete(const struct sctrace_record *rec)
{
	return rec->born_missed || rec->sightings_missed || rec->missed_num ||
	       rec->missed_more;
}

static void copy_refused(unsigned long (*sets)[BITS_TO_LONGS(SCTRACE_NR_MAX)],
			 const struct sctrace_refusals *refused)
{
	unsigned int kind = SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED;

	memcpy(sets[kind], refused->sets[0], sizeof(refused->sets[0]));
	kind |= SCTRACE_KIND_SETUP;
	memcpy(sets[kind], refused->sets[1], sizeof(refused->sets[1]));
}

/**
 * sctrace_record_snapshot() - copy a record as it is at this moment
 * @rec: the record
 * @snap: where to
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 */
void sctrace_record_snapshot(struct sctrace_record *rec,
			     struct sctrace_snapshot *snap)
{
	struct pid_namespace *parent = rec->ns->parent;
	const struct sctrace_abi *abi;
	unsigned int i;

	memset(snap, 0, sizeof(*snap));
	raw_spin_lock(&sctrace_lock);
	snap->id = rec->id;
	snap->inum = rec->inum;
	snap->parent_inum = parent ? sctrace_ns_inum(parent) : 0;
	snap->level = rec->ns->level;
	snap->flags = rec->flags | (incomplete(rec) ? SCTRACE_F_INCOMPLETE : 0);
	snap->since = rec->since;
	snap->ended_at = rec->ended_at;
	snap->last_new = rec->last_new;
	snap->init_pid = rec->init_pid;
	memcpy(snap->comm, rec->comm, sizeof(snap->comm));
	if (rec->label)
		memcpy(snap->label, rec->label, strlen(rec->label));
	snap->other = rec->other;
	snap->other_nr = rec->other_nr;
	snap->sightings = rec->journal.sightings;
	snap->sightings_missed = rec->sightings_missed;
	snap->calls_missed = rec->calls_missed;
	snap->cells = rec->journal.cells;
	for_each_abi(abi, rec, i) {
		snap->arch[i] = abi->arch;
		memcpy(snap->sets[i], abi->sets, sizeof(abi->sets));
		if (abi->refused)
			copy_refused(snap->sets[i], abi->refused);
	}
	snap->abis = i;
	raw_spin_unlock(&sctrace_lock);
}

/*
 * Is all over in a namespace whose init was seen exiting? The init becomes a
 * zombie only when the last other task is gone.
 */
static bool faded(const struct sctrace_record *rec)
{
	u32 pid;
	bool running;
	char comm[SCTRACE_COMM_LEN];

	return !pid_one(rec->ns, &running, &pid, comm);
}

static bool count(struct sctrace_record *rec, void *arg)
{
	struct sctrace_counts *counts = arg;

	counts->records++;
	if (rec->flags & SCTRACE_F_HELD)
		counts->held++;
	if (rec->flags & SCTRACE_F_ENDED) {
		counts->ended++;
		/* Only who may switch a probe off has to know */
		if ((sctrace_record_all &&
		     !(rec->flags & SCTRACE_F_REFUSED)) ||
		    rec->flags & SCTRACE_F_STOPPED || faded(rec))
			return false;
		counts->fading++;
	} else {
		counts->live++;
		if (rec->flags & SCTRACE_F_STOPPED)
			return false;
	}
	counts->active++;
	if (rec->flags & SCTRACE_F_REFUSED)
		counts->refusing++;
	return false;
}

/**
 * sctrace_record_count() - how many records there are
 * @counts: where to
 *
 * That none is active, or refusing, stays so until the next START: what is born
 * is born inside of one that is.
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 */
void sctrace_record_count(struct sctrace_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	walk(count, counts);
}

/**
 * sctrace_record_start() - have a record for a namespace
 * @ns: a namespace that cannot go away
 * @probed: the probes are registered
 *
 * Context: sctrace_mutex is held; may sleep; takes sctrace_lock.
 * Return: the record that is there or was made. -ESTALE: the namespace has
 * ended. -ENOSPC: no room, and nothing to evict. -ENOMEM.
 */
struct sctrace_record *sctrace_record_start(struct pid_namespace *ns,
					    bool probed)
{
	struct sctrace_record *rec;
	char comm[SCTRACE_COMM_LEN];
	bool running;
	u32 pid;

	rec = sctrace_record_by_ns(ns);
	if (rec)
		return rec;
	if (!pid_one(ns, &running, &pid, comm))
		return ERR_PTR(-ESTALE);
	if (sctrace_pool_fill(&sctrace_records))
		return ERR_PTR(-ENOMEM);
	preempt_disable();
	rec = add_old(ns);
	preempt_enable();
	if (!rec)
		return ERR_PTR(-ENOSPC);
	if (probed) {
		/*
		 * Probes that began before may still tell their CPU to look
		 * away, from @ns or from one that is in it.
		 */
		sctrace_synchronize_probes();
		sctrace_record_forget_hints(NULL);
	}
	return rec;
}

/**
 * sctrace_record_resume() - hold a record, and record if it does not
 * @rec: the record; the caller has a module reference for one not held yet
 * @label: to give, set to NULL when it was taken over; or NULL
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: false: it was evicted since it was found.
 */
bool sctrace_record_resume(struct sctrace_record *rec, char **label)
{
	bool stopped;

	raw_spin_lock(&sctrace_lock);
	if (gone(rec)) {
		raw_spin_unlock(&sctrace_lock);
		return false;
	}
	change_flags(rec, 0, SCTRACE_F_HELD);
	if (!list_empty(&rec->ended_list)) {
		list_del_init(&rec->ended_list);
		WRITE_ONCE(ended_num, ended_num - 1);
	}
	if (label && *label && !rec->label) {
		rec->label = *label;
		*label = NULL;
	}
	stopped = rec->flags & SCTRACE_F_STOPPED;
	if (stopped)
		change_flags(rec, SCTRACE_F_STOPPED, SCTRACE_F_GAP);
	raw_spin_unlock(&sctrace_lock);
	if (stopped)
		clear_seen_below(rec->ns);
	return true;
}

/**
 * sctrace_record_unhold() - hold a record no more
 * @rec: the record; its module reference is the caller's to give back
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 */
void sctrace_record_unhold(struct sctrace_record *rec)
{
	raw_spin_lock(&sctrace_lock);
	change_flags(rec, SCTRACE_F_HELD, 0);
	if (rec->flags & SCTRACE_F_ENDED) {
		list_add_tail(&rec->ended_list, &ended);
		WRITE_ONCE(ended_num, ended_num + 1);
	}
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_record_stop() - record nothing more
 * @rec: the record
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 */
void sctrace_record_stop(struct sctrace_record *rec)
{
	raw_spin_lock(&sctrace_lock);
	change_flags(rec, 0, SCTRACE_F_STOPPED);
	raw_spin_unlock(&sctrace_lock);
}

/*
 * Nobody holds the lock: all who could are stopped, and its holders cannot be.
 */
static void arm(void *data, struct sctrace_inflight *inf)
{
	struct sctrace_record *rec = data;

	rec->inflight = inf;
	change_flags(rec, 0, SCTRACE_F_REFUSED);
}

/**
 * sctrace_record_arm() - look for refused calls from here on
 * @rec: the record, which is recording; the probe of sys_exit is registered
 *
 * Context: sctrace_mutex is held; may sleep; takes sctrace_lock.
 * Return: 0, or -ENOMEM, and nothing is looked for.
 */
int sctrace_record_arm(struct sctrace_record *rec)
{
	struct sctrace_inflight *old = rec->inflight, *inf;

	inf = sctrace_inflight_take(rec->ns, arm, rec);
	if (IS_ERR(inf))
		return PTR_ERR(inf);
	/* Where nobody looked, there was nothing to do */
	clear_seen_below(rec->ns);
	sctrace_inflight_free(old);
	return 0;
}

/**
 * sctrace_record_disarm() - look for refused calls no more
 * @rec: the record; what was found stays
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 */
void sctrace_record_disarm(struct sctrace_record *rec)
{
	raw_spin_lock(&sctrace_lock);
	change_flags(rec, SCTRACE_F_REFUSED, 0);
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_record_reset() - empty a record
 * @rec: the record
 *
 * Context: sctrace_mutex is held; takes sctrace_lock.
 * Return: 0. -ENOMEM: it is empty, but does not look for refused calls any more.
 */
int sctrace_record_reset(struct sctrace_record *rec)
{
	struct sctrace_refusals *refused[SCTRACE_ABIS] = { NULL };
	struct sctrace_chunk *first;
	struct sctrace_abi *abi;
	unsigned int i;
	bool armed;

	raw_spin_lock(&sctrace_lock);
	for_each_abi(abi, rec, i) {
		/* nothing_new() may read the old or the new ones */
		data_race(memset(abi->sets, 0, sizeof(abi->sets)));
		swap(refused[i], abi->refused);
	}
	/* What is under way was entered, and nobody will know */
	armed = rec->flags & SCTRACE_F_REFUSED;
	first = sctrace_journal_empty(&rec->journal);
	change_flags(rec, SCTRACE_F_REFUSED | SCTRACE_F_GAP,
		     rec->flags & SCTRACE_F_RUNNING ? SCTRACE_F_LATE : 0);
	rec->since = now_ns();
	rec->last_new = 0;
	rec->born_missed = false;
	WRITE_ONCE(rec->other, false);
	WRITE_ONCE(rec->sightings_missed, 0);
	rec->calls_missed = 0;
	rec->missed_num = 0;
	rec->missed_more = false;
	rec->resets++;
	WRITE_ONCE(sctrace_generation, sctrace_generation + 1);
	raw_spin_unlock(&sctrace_lock);

	clear_seen_below(rec->ns);
	sctrace_journal_free(first);
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		sctrace_pool_free(&sctrace_refusals, refused[i]);
	return armed ? sctrace_record_arm(rec) : 0;
}

/**
 * sctrace_record_drop() - forget a record
 * @rec: the record; not to be used any more after this. The module reference
 *	of a held one is the caller's to give back.
 *
 * Context: sctrace_mutex is held; takes sctrace_lock. The worker frees it.
 */
void sctrace_record_drop(struct sctrace_record *rec)
{
	raw_spin_lock(&sctrace_lock);
	if (!gone(rec))
		drop(rec);
	raw_spin_unlock(&sctrace_lock);
	wake_worker();
}

static void free_record(struct sctrace_record *rec)
{
	struct sctrace_abi *abi;
	unsigned int i;

	sctrace_journal_free(rec->journal.first);
	for_each_abi(abi, rec, i) {
		sctrace_pool_free(&sctrace_refusals, abi->refused);
		if (i)
			sctrace_pool_free(&sctrace_abis, abi);
	}
	sctrace_inflight_free(rec->inflight);
	kfree(rec->label);
	put_pid_ns(rec->ns);
	sctrace_pool_free(&sctrace_records, rec);
}

/**
 * sctrace_record_work() - what probes leave to the worker
 * @probed: the probes are registered
 *
 * Evicts what is too much, frees what was dropped.
 *
 * Context: sctrace_mutex is held; may sleep; takes sctrace_lock.
 */
void sctrace_record_work(bool probed)
{
	struct sctrace_record *rec, *next;
	unsigned int num;
	LIST_HEAD(mine);
	bool more;

	do {
		raw_spin_lock(&sctrace_lock);
		for (num = 0; num < SCTRACE_BATCH &&
		     ended_num > sctrace_max_ended; num++)
			evict();
		more = ended_num > sctrace_max_ended;
		if (!more)
			list_splice_init(&dropped, &mine);
		raw_spin_unlock(&sctrace_lock);
	} while (more);
	if (list_empty(&mine))
		return;

	if (probed) {
		/*
		 * No probe finds these records any more, but some have found
		 * them and may leave hints behind. When they are through, the
		 * hints go; when those who followed a hint are through, the
		 * records.
		 */
		sctrace_synchronize_probes();
		/* There is room now for who was turned away, too */
		sctrace_record_forget_hints(NULL);
		sctrace_synchronize_probes();
	}
	list_for_each_entry_safe(rec, next, &mine, list)
		free_record(rec);
}

/**
 * sctrace_record_init() - make the table and fill the pools
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, when sctrace_record_exit() is still to be called.
 */
int sctrace_record_init(void)
{
	size_t size;
	int ret;

	/* Four places for each record, so that hardly two share one */
	size = roundup_pow_of_two(sctrace_max_records * 4);
	sctrace_table_shift = 32 - ilog2(size);
	sctrace_table = sctrace_vmalloc(size * sizeof(*sctrace_table),
					SCTRACE_GFP);
	if (!sctrace_table)
		return -ENOMEM;
	while (size--)
		sctrace_table[size] = &sctrace_nobody;
	sctrace_record_forget_hints(NULL);

	ret = sctrace_pool_init(&sctrace_records) ?:
	      sctrace_pool_init(&sctrace_chunks) ?:
	      sctrace_pool_init(&sctrace_abis) ?:
	      sctrace_pool_init(&sctrace_refusals);
	if (ret)
		return ret;
	return sctrace_pool_fill(&sctrace_records) ?:
	       sctrace_pool_fill(&sctrace_chunks) ?:
	       sctrace_pool_fill(&sctrace_abis) ?:
	       sctrace_pool_fill(&sctrace_refusals);
}

/**
 * sctrace_record_exit() - free everything
 *
 * Context: may sleep; the probes, the worker and the netlink family are gone.
 */
void sctrace_record_exit(void)
{
	struct sctrace_record *rec, *next;

	cancel_work_sync(&refill_work);
	list_splice_init(&records, &dropped);
	list_for_each_entry_safe(rec, next, &dropped, list)
		free_record(rec);
	sctrace_pool_exit(&sctrace_refusals);
	sctrace_pool_exit(&sctrace_abis);
	sctrace_pool_exit(&sctrace_chunks);
	sctrace_pool_exit(&sctrace_records);
	vfree(sctrace_table);
}
