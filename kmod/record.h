/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: what is known of each PID namespace instance, and of cgroups.
 *
 * The words of this module, one for each thing:
 *
 *   record	what is known of one PID namespace instance, or of a cgroup and all below it
 *   nearest	of a namespace: its own record, or else that of the closest
 *		ancestor that has one
 *   ABI	how calls are numbered: the kernel's own (native), or another that
 *		it runs (foreign)
 *   stage	setup: a container runtime still prepares the process; workload:
 *		all else. call.h has the rule.
 *   confined	of a call: made under a seccomp filter of the container's own; call.h has the
 *		rule
 *   refused	of a call: a seccomp filter answered it with an error
 *   kind	of a set: SCTRACE_KIND_* bits: stage, confined, refused
 *   set	the numbers of one ABI and kind, as a bitmap
 *   class	of a task: decides, together with the state of the records, into
 *		which kind its calls go
 *   seen	of a number and a class: nothing is left to do for it
 *   watched	of a call: its arguments count, too; uapi/watched.h has the table. Each line
 *		of it is a row
 *   value	what a watched call was made with: its watched arguments
 *   open	of a number and a kind: not all of its values are kept, so that one that is not
 *		there may have been used all the same
 *   cached	of a watched call, a value and a class: nothing is left to do for it
 *   sighting	the first time that a number entered a set, or a value was seen
 *   missed	of a call or a sighting: there was no memory for it
 *   origin	of a process: it, or an ancestor, was forked into a namespace from outside
 *		of it; origin.h has the rule
 *   joiner	a task that comes from outside, and has not called execve since
 *   program	a task that has called execve inside, or comes from one that has
 *   exec		a process that came from outside while the record was running, and has
 *		called execve since; and what it forked
 *   base	of a record or an origin: the seccomp filter that the namespace's init, or the
 *		process, came with
 *   running	of a record: the namespace's init has called execve
 *   ended	of a record: the namespace's init is gone
 *   faded	of an ended record: the namespace has no task left
 *   held	of a record: START asked for it; it is not evicted
 *   stopped	of a record: STOP ended the recording
 *   dropped	of a record: it left the table and the list, and waits to be freed
 *   bound	of a record: there is a cgroup that it is of
 *   pair	a PID namespace and a cgroup; pair.h
 *   hint	a word of a CPU that spares it a look into the table
 *   pool	objects that are allocated in advance
 *
 * Life of a record: it is made by the probe of sched_process_fork when the first
 * task of a namespace is forked, at the first call that is seen of an older
 * namespace, or by START. It is found by the address of its namespace, on which it
 * holds a reference. That of a cgroup is made by START, and found among all of cgroups, which
 * are few. FORGET, eviction or unloading drops it: it leaves the table
 * and the list at once, and the worker frees it when no probe can use it any more.
 */
#ifndef _SCTRACE_RECORD_H
#define _SCTRACE_RECORD_H

#include <linux/bitmap.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "container.h"
#include "journal.h"
#include "lock.h"
#include "pair.h"
#include "pool.h"
#include "table.h"
#include "value.h"

struct sctrace_inflight;

/* Stages: workload, setup, programs during setup, execs */
#define SCTRACE_STAGES		4

/* The stage of a kind */
#define SCTRACE_STAGE(kind)						\
	((kind) & SCTRACE_KIND_SETUP ? ((kind) & SCTRACE_KIND_PROGRAM ? 2 : 1) :	\
	 (kind) & SCTRACE_KIND_EXEC ? 3 : 0)

static inline bool sctrace_kind_is_exec(unsigned int kind)
{
	return SCTRACE_STAGE(kind) == 3;
}

/* ABIs in a record: the native one, and what else the kernel runs (ia32, x32) */
#define SCTRACE_ABIS		4

/* Calls without a place that a record remembers by name */
#define SCTRACE_MISSED_MAX	8

/**
 * struct sctrace_refusals - what a filter refused
 * @link: for the pool
 * @sets: the numbers, by stage: a filter of the program's own, the container's filter
 */
struct sctrace_refusals {
	void *link;
	unsigned long sets[SCTRACE_STAGES][2][BITS_TO_LONGS(SCTRACE_NR_MAX)];
};

/**
 * struct sctrace_abi - what was called in one ABI
 * @hot: the seen cache
 * @arch: AUDIT_ARCH_*, or SCTRACE_ARCH_X32
 * @sets: the numbers, as little-endian bitmaps on every machine: by stage, not
 *	confined and confined
 * @refused: NULL until there is one: what a filter refused
 * @values: what watched calls were made with
 */
struct sctrace_abi {
	struct sctrace_hot hot;
	u32 arch;
	unsigned long sets[SCTRACE_STAGES][2][BITS_TO_LONGS(SCTRACE_NR_MAX)];
	struct sctrace_refusals *refused;
	struct sctrace_values values;
};

/* The set of an ABI that calls of a kind enter */
#define sctrace_set(abi, kind)						\
	(&(abi)->sets[SCTRACE_STAGE(kind)][!!((kind) & SCTRACE_KIND_CONFINED)])

/* The set of refused numbers of a kind */
#define sctrace_refused_set(refused, kind)				\
	(&(refused)->sets[SCTRACE_STAGE(kind)][!!((kind) & SCTRACE_KIND_CONFINED)])

/**
 * sctrace_entered_confined() - has a confined task entered a call?
 * @abi: an ABI
 * @nr: the number of the call in it
 */
static inline bool sctrace_entered_confined(const struct sctrace_abi *abi,
					    unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < SCTRACE_STAGES; i++) {
		if (test_bit_le(nr, abi->sets[i][1]))
			return true;
	}
	return false;
}

/**
 * struct sctrace_record - one PID namespace instance, or a cgroup
 * @native: the kernel's own ABI; first, so that what every call reads shares no
 *	cache line with what is written when other namespaces come and go
 * @ns: the namespace; of a cgroup's: the initial one.
 *	A reference is held until SCTRACE_F_ENDED is set, so that
 *	nothing is pinned of its owner's quota when it is over. From then on it is an
 *	address to compare, and exists only for a caller who knows that it does
 * @list: among all records by @id; among the dropped ones later
 * @ended_list: among those that may be evicted, oldest first
 * @fading: among those that have ended and may still have tasks: they stay in the
 *	table
 * @owned: among those whose hold ends with a socket, in the bucket of its port
 * @owner: that socket's port, or 0
 * @dropped: it is among the dropped ones
 * @fresh: caches inside of @ns may not know of this record yet, see
 *	sctrace_record_settle()
 * @id: never used again
 * @inum: of @ns; of a cgroup's: 0
 * @parent_inum: of the namespace around it, 0 without one
 * @level: of @ns
 * @made: when the record was made, as sctrace_start_time()
 * @flags: SCTRACE_F_*, but for SCTRACE_F_INCOMPLETE, which is worked out
 * @since: when recording began
 * @ended_at: when the namespace's init was gone
 * @last_new: when the last sighting was
 * @init_pid: of the namespace's init, in the initial namespace
 * @comm: name of that init
 * @filters: how many seccomp filters that init had at its first execve, plus one; 0: that
 *	is not known
 * @label: given by START, or NULL
 * @born_missed: calls may have been made before there was room for the record
 * @origin_missed: it is not known of some processes where they come from
 * @uncounted: @origins may be too low
 * @origins: how many origins there are about it, but those that only tell execs
 * @resets: how often RESET emptied it
 * @other: @other_nr is set
 * @other_nr: first number that no set can hold
 * @sightings_missed: numbers in a set whose sighting is not in the journal
 * @calls_missed: calls that found no place
 * @missed: those of them that were not recorded since, as far as there is room
 * @missed_num: how many of @missed are in use
 * @missed_more: there was no room in @missed for some
 * @inflight: with SCTRACE_F_REFUSED: the calls that were under way when it was
 *	set; or NULL
 * @container: by which names an engine knows it
 * @journal: its sightings
 * @store: its values
 * @values_missed: the ABI of a watched call found no memory
 * @values_late: there were records of namespaces inside before there was this one
 * @old: the namespace was there before the record
 * @cgrp: of a cgroup's: the one that it is bound to, with a reference; or NULL
 * @cgroup_id: of the last one
 * @path: where that is; NULL: it is of a namespace
 * @by_path: it will be bound to whatever cgroup is made at @path
 * @starts: how many cgroups it was bound to
 * @begun_in: ID of the cgroup in which the first program has begun since it was bound, or 0
 * @foreign: other ABIs than the kernel's own; filled from the front, published
 *	with a release
 *
 * sctrace_lock protects all that changes; @label also takes sctrace_mutex to
 * change and may be read under either.
 */
struct sctrace_record {
	struct sctrace_abi native;
	struct pid_namespace *ns;
	struct list_head list;
	struct list_head ended_list;
	struct list_head fading;
	struct hlist_node owned;
	u32 owner;
	bool dropped;
	u8 fresh;
	u64 id;
	u32 inum;
	u32 parent_inum;
	u32 level;
	u64 made;
	u32 flags;
	u64 since;
	u64 ended_at;
	u64 last_new;
	u32 init_pid;
	u32 filters;
	char comm[SCTRACE_COMM_LEN];
	char *label;
	bool born_missed;
	bool origin_missed;
	bool uncounted;
	u32 origins;
	u32 resets;
	bool other;
	long other_nr;
	u32 sightings_missed;
	u32 calls_missed;
	struct {
		u32 arch;
		u16 nr;
		u16 kind;
	} missed[SCTRACE_MISSED_MAX];
	u8 missed_num;
	bool missed_more;
	struct sctrace_inflight *inflight;
	struct sctrace_container container;
	struct sctrace_journal journal;
	struct sctrace_store store;
	bool values_missed;
	bool values_late;
	bool old;
	struct cgroup *cgrp;
	u64 cgroup_id;
	char *path;
	bool by_path;
	u32 starts;
	u64 begun_in;
	struct sctrace_abi *foreign[SCTRACE_ABIS - 1];
};

/* All ABIs of a record; under sctrace_lock */
#define for_each_abi(abi, rec, i)					\
	for (i = 0; i < SCTRACE_ABIS &&					\
	     (abi = i ? (rec)->foreign[i - 1] : &(rec)->native); i++)

/*
 * The records of cgroups that are bound or will be. Changed under sctrace_lock; probes read
 * it, and follow what they find as an entry of the table.
 */
extern struct sctrace_record *sctrace_cgroup_records[SCTRACE_CG_MAX];
extern unsigned int sctrace_cgroup_records_num;

extern struct sctrace_pool sctrace_records;
extern struct sctrace_pool sctrace_abis;
extern struct sctrace_pool sctrace_refusals;
extern u32 sctrace_mode;
extern unsigned int sctrace_max_records;
extern unsigned int sctrace_max_ended;
extern u64 sctrace_evicted;
extern u64 sctrace_unrecorded;
extern unsigned int sctrace_generation;
extern bool sctrace_uncounted;

/* Are there sightings missing that there is room for? Changed under sctrace_lock */
extern enum sctrace_unsighted {
	SCTRACE_ALL_SIGHTED,
	SCTRACE_UNSIGHTED,	/* the worker is to be told */
	SCTRACE_UNSIGHTED_TOLD,
} sctrace_unsighted;

/* The worker; its function belongs to probe.c */
extern struct work_struct sctrace_work;

int sctrace_record_init(void);
void sctrace_record_exit(void);
void sctrace_wake_worker(void);
bool sctrace_record_work(bool probed);
void sctrace_record_settle(void);

static inline bool sctrace_level_by_itself(u32 level)
{
	return sctrace_mode == SCTRACE_MODE_ALL ||
	       (sctrace_mode == SCTRACE_MODE_CONTAINERS && level);
}

/**
 * sctrace_recorded_by_itself() - is a namespace recorded without being asked for?
 * @ns: the namespace
 *
 * Return: false: only START, of it or of an ancestor, makes a record of it.
 */
static inline bool
sctrace_recorded_by_itself(const struct pid_namespace *ns)
{
	return sctrace_level_by_itself(ns->level);
}

/* Is a record of a cgroup? */
static inline bool sctrace_is_of_cgroup(const struct sctrace_record *rec)
{
	return READ_ONCE(rec->flags) & SCTRACE_F_CGROUP;
}

bool sctrace_inside(const struct pid_namespace *ns);
bool sctrace_record_is_of(const struct sctrace_record *rec,
			  const struct pid_namespace *ns);

/**
 * sctrace_record_dropped() - was a record dropped?
 * @rec: the record
 *
 * A request that has found a record keeps it from being freed, not from being
 * evicted by a probe.
 */
static inline bool sctrace_record_dropped(const struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_lock);
	return rec->dropped;
}

/**
 * sctrace_change_flags() - change the flags of a record
 * @rec: the record
 * @clear: SCTRACE_F_* to clear first
 * @set: SCTRACE_F_* to set then
 *
 * Probes read the flags without the lock that protects them.
 */
static inline void sctrace_change_flags(struct sctrace_record *rec, u32 clear,
					u32 set)
{
	WRITE_ONCE(rec->flags, (rec->flags & ~clear) | set);
}

/**
 * sctrace_now() - the time of sightings
 *
 * Return: CLOCK_BOOTTIME, ns.
 */
static inline u64 sctrace_now(void)
{
	return ktime_to_ns(ktime_get_boottime());
}

static inline void sctrace_copy_comm(char *to, const struct task_struct *tsk)
{
	/* It may be renamed meanwhile: then this is a mixture that ends all the same */
	data_race(memcpy(to, tsk->comm, SCTRACE_COMM_LEN));
	to[SCTRACE_COMM_LEN - 1] = 0;
}

/**
 * struct sctrace_init - the init of a namespace at one moment
 * @alive: it is there, and not all of its threads have begun to exit
 * @running: it has called execve
 * @pid: in the initial PID namespace
 * @filter: sctrace_base_filter()
 * @start: when it was forked, as sctrace_start_time()
 * @comm: its name
 */
struct sctrace_init {
	bool alive;
	bool running;
	u32 pid;
	const void *filter;
	u64 start;
	char comm[SCTRACE_COMM_LEN];
};

const void *sctrace_base_filter(const struct task_struct *tsk);
void sctrace_init_of(struct pid_namespace *ns, struct sctrace_init *init);

struct sctrace_record *sctrace_record_of(const struct pid_namespace *ns);
struct sctrace_record *sctrace_record_nearest(struct pid_namespace *ns);
struct sctrace_record *
sctrace_record_walk(bool (*fn)(struct sctrace_record *rec, void *arg),
		    void *arg);
struct sctrace_record *sctrace_record_next(u64 id);
struct sctrace_record *sctrace_record_after(struct sctrace_record *rec);
u64 sctrace_record_last(void);
void sctrace_clear_seen_below(struct sctrace_record *rec);
struct pid_namespace *sctrace_record_get_ns(struct sctrace_record *rec);
void sctrace_record_quick(struct sctrace_record *rec);

struct sctrace_abi *sctrace_abi_find(struct sctrace_record *rec, u32 arch,
				     unsigned int *index);
struct sctrace_abi *sctrace_abi_get(struct sctrace_record *rec, u32 arch,
				    unsigned int *index);

struct sctrace_record *sctrace_record_add_cgroup(char **path, bool by_path);
extern bool sctrace_cgroup_record_left;

bool sctrace_record_mark_ended(struct sctrace_record *rec);
void sctrace_record_revive(struct sctrace_record *rec);
void sctrace_record_leave_slot(struct sctrace_record *rec);
struct sctrace_record *sctrace_record_add_old(struct pid_namespace *ns);
struct sctrace_record *sctrace_record_add_line(struct pid_namespace *ns,
					       struct sctrace_record *nearest);
void sctrace_record_birth(struct task_struct *child, struct pid_namespace *ns);
void sctrace_record_exec(struct task_struct *tsk, struct pid_namespace *ns);
void sctrace_record_end(struct pid_namespace *ns);
void sctrace_record_hold(struct sctrace_record *rec);
void sctrace_record_unhold(struct sctrace_record *rec);
void sctrace_record_own(struct sctrace_record *rec, u32 owner);
void sctrace_record_disown(u32 owner);
void sctrace_record_drop(struct sctrace_record *rec);

#endif /* _SCTRACE_RECORD_H */
