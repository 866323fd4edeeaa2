/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: what is known of each PID namespace instance.
 *
 * Life of a record: born in the probe of sched_process_fork when the first
 * task of a namespace is forked (or at the first call that is seen of an older
 * namespace, or by START), found by the address of its namespace, on which it
 * holds a reference. Dropped by FORGET, by eviction or at unload: it leaves the
 * hash table and the list at once, and the worker frees it when no probe can
 * know of it any more.
 */
#ifndef _SCTRACE_RECORD_H
#define _SCTRACE_RECORD_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "inflight.h"
#include "journal.h"
#include "pool.h"

/*
 * Numbers that the seen cache knows. The highest of today's kernels is 472;
 * the last eight places stand for ARM's private calls. What is above (some of
 * x32) takes the slow path each time.
 */
#define SCTRACE_SEEN_MAX	512
#define SCTRACE_SEEN_NR		(SCTRACE_SEEN_MAX - SCTRACE_ARM_PRIVATE_NUM)

/* Sets of an ABI: SCTRACE_KIND_CONFINED and _SETUP make the index */
#define SCTRACE_SETS		4

/* Refused numbers, by stage */
#define SCTRACE_REFUSED_SETS	2

/* Kinds of sets that a reader is given; many of them cannot be */
#define SCTRACE_KINDS		8

/* ABIs in a record: the kernel's own, and what else it runs (ia32, x32) */
#define SCTRACE_ABIS		4

/* Calls without a place that a record remembers by name */
#define SCTRACE_MISSED_MAX	8

/**
 * struct sctrace_hot - all that the steady state looks at
 * @ns: the key: the address of the namespace for calls in the kernel's own ABI,
 *	SCTRACE_FOREIGN_KEY() of it for those in its other one; NULL when the
 *	record was dropped, or when no call could mean this one
 * @next: in the same place of the table; &sctrace_nobody: the last one
 * @seen: the seen cache: bit c of byte n is set when nothing is left to do for
 *	number n called by a task of class c. A class is the seccomp mode of the
 *	task, plus SCTRACE_CLASS_JOINER. SCTRACE_CLASS_REFUSED is no mode of a
 *	task that calls: all is done for n being refused. Read without a lock, written under
 *	sctrace_lock; may be cleared at any time.
 */
struct sctrace_hot {
	struct pid_namespace *ns;
	struct sctrace_hot *next;
	u8 seen[SCTRACE_SEEN_MAX];
};

#define SCTRACE_CLASS_REFUSED	3
#define SCTRACE_CLASS_JOINER	4

/* Namespaces are aligned to words, so this is nobody else's address */
#define SCTRACE_FOREIGN_KEY(ns)	((struct pid_namespace *)((char *)(ns) + 1))

/**
 * struct sctrace_refusals - what a filter refused
 * @link: the pool's
 * @sets: the numbers: of the workload, of the setup
 */
struct sctrace_refusals {
	void *link;
	unsigned long sets[SCTRACE_REFUSED_SETS][BITS_TO_LONGS(SCTRACE_NR_MAX)];
};

/**
 * struct sctrace_abi - what was called in one ABI
 * @hot: the seen cache
 * @arch: AUDIT_ARCH_*, or SCTRACE_ARCH_X32
 * @sets: the numbers, as little-endian bitmaps on every machine
 * @refused: NULL until there is one: what a filter refused, likewise
 */
struct sctrace_abi {
	struct sctrace_hot hot;
	u32 arch;
	unsigned long sets[SCTRACE_SETS][BITS_TO_LONGS(SCTRACE_NR_MAX)];
	struct sctrace_refusals *refused;
};

/**
 * struct sctrace_record - one PID namespace instance
 * @native: the kernel's own ABI; first, so that what every call reads shares no
 *	cache line with what other namespaces' births and deaths write to
 * @ns: the namespace; a reference is held
 * @list: among all records by @id; among the dropped ones later
 * @ended_list: among those that may be evicted, oldest first
 * @id: never used again
 * @inum: of @ns
 * @flags: SCTRACE_F_*, but for SCTRACE_F_INCOMPLETE, which is worked out
 * @since: when recording began
 * @ended_at: when the namespace's init was gone
 * @last_new: when the last sighting was
 * @init_pid: of the namespace's init, in the initial namespace
 * @comm: name of that init
 * @label: given by START, or NULL
 * @born_missed: calls may have gone by before the record could be made
 * @inner: there may be records of namespaces inside
 * @resets: how often it was emptied
 * @other: @other_nr is set
 * @other_nr: first number that no set can hold
 * @sightings_missed: numbers in a set whose sighting is not in the journal
 * @calls_missed: calls that found no place
 * @missed: the ones not made good yet, as far as there is room to name them
 * @missed_num: how many of @missed are in use
 * @missed_more: some could not even be named
 * @inflight: with SCTRACE_F_REFUSED: the calls that were under way when it was
 *	set; or NULL
 * @journal: sightings
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
	u64 id;
	u32 inum;
	u32 flags;
	u64 since;
	u64 ended_at;
	u64 last_new;
	u32 init_pid;
	char comm[SCTRACE_COMM_LEN];
	char *label;
	bool born_missed;
	bool inner;
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
	struct sctrace_journal journal;
	struct sctrace_abi *foreign[SCTRACE_ABIS - 1];
};

/* All ABIs of a record; under sctrace_lock */
#define for_each_abi(abi, rec, i)					\
	for (i = 0; i < SCTRACE_ABIS &&					\
	     (abi = i ? (rec)->foreign[i - 1] : &(rec)->native); i++)

/**
 * struct sctrace_hints - what a CPU met last
 * @last: what the last call found; never NULL
 * @outside: a namespace that nobody records. Compared only, never dereferenced
 *
 * No reference is held. A probe writes nothing here but what it has looked up in
 * the table itself, never what it found in a hint, and anybody may clear them:
 * what left the table is in no hint after one wait for the probes and a
 * clearing, and in no probe's hands after a second wait. It does no harm when a
 * probe that was preempted reads or writes those of another CPU.
 */
struct sctrace_hints {
	const struct sctrace_hot *last;
	struct pid_namespace *outside;
};

DECLARE_PER_CPU(struct sctrace_hints, sctrace_hints);

extern struct sctrace_hot sctrace_nobody;

/* For sctrace_hot_first() */
extern struct sctrace_hot **sctrace_table;
extern unsigned int sctrace_table_shift;

/* 2^32 divided by the golden ratio, as in linux/hash.h since 4.7 */
#define SCTRACE_GOLDEN_RATIO	0x61c88647U

static __always_inline struct sctrace_hot **
sctrace_bucket(const struct pid_namespace *key)
{
	u32 hash = (u32)(unsigned long)key * SCTRACE_GOLDEN_RATIO;

	/* The mask is no instruction, but keeps a sanitizer's check away */
	return &sctrace_table[hash >> (sctrace_table_shift & 31)];
}

/**
 * sctrace_hot_first() - what stands first where a key would be found
 * @key: see struct sctrace_hot
 *
 * Context: a reader that sctrace_synchronize_probes() waits for.
 * Return: it, or &sctrace_nobody; most often it is the only one there.
 */
static __always_inline const struct sctrace_hot *
sctrace_hot_first(const struct pid_namespace *key)
{
	const struct sctrace_hot *hot = data_race(*sctrace_bucket(key));

	/*
	 * As good as READ_ONCE() against a second read, but the compiler may
	 * make one instruction of address and read.
	 */
	OPTIMIZER_HIDE_VAR(hot);
	return hot;
}

/**
 * struct sctrace_snapshot - a record at one moment
 * @flags: SCTRACE_F_*
 * @cells: of the journal
 * @arch: ABI of each of @sets
 * @abis: how many of them there are
 * @sets: by SCTRACE_KIND_* bits
 *
 * The rest as in struct sctrace_record.
 */
struct sctrace_snapshot {
	u64 id;
	u32 inum;
	u32 parent_inum;
	u32 level;
	u32 flags;
	u64 since;
	u64 ended_at;
	u64 last_new;
	u32 init_pid;
	char comm[SCTRACE_COMM_LEN];
	char label[SCTRACE_LABEL_MAX + 1];
	bool other;
	long other_nr;
	u32 sightings;
	u32 sightings_missed;
	u32 calls_missed;
	u32 cells;
	unsigned int abis;
	u32 arch[SCTRACE_ABIS];
	unsigned long sets[SCTRACE_ABIS][SCTRACE_KINDS]
			  [BITS_TO_LONGS(SCTRACE_NR_MAX)];
};

/**
 * struct sctrace_counts - how many records there are
 * @records: all
 * @live: their namespace has its init
 * @ended: it has not
 * @held: started on request
 * @active: something may still come: neither over nor stopped
 * @fading: of these, the ones whose init is gone
 * @refusing: of the active ones, those that look for refused calls
 */
struct sctrace_counts {
	u32 records;
	u32 live;
	u32 ended;
	u32 held;
	u32 active;
	u32 fading;
	u32 refusing;
};

extern raw_spinlock_t sctrace_lock;
extern struct mutex sctrace_mutex;
extern struct sctrace_pool sctrace_records;
extern struct sctrace_pool sctrace_chunks;
extern struct sctrace_pool sctrace_abis;
extern struct sctrace_pool sctrace_refusals;
extern bool sctrace_record_all;
extern unsigned int sctrace_max_records;
extern unsigned int sctrace_max_ended;
extern u64 sctrace_evicted;
extern u64 sctrace_unrecorded;
extern unsigned int sctrace_generation;

int sctrace_record_init(void);
void sctrace_record_exit(void);

/* for probes */
void sctrace_record_see(struct task_struct *tsk, struct pid_namespace *ns,
			long id);
void sctrace_record_refuse(struct task_struct *tsk, struct pid_namespace *ns,
			   long id, long ret);
void sctrace_record_birth(struct task_struct *child, struct pid_namespace *ns);
void sctrace_record_exec(struct task_struct *tsk, struct pid_namespace *ns);
void sctrace_record_end(struct pid_namespace *ns);

/* for requests; sctrace_mutex is held */
struct sctrace_record *sctrace_record_by_id(u64 id);
struct sctrace_record *sctrace_record_by_inum(u32 inum);
struct sctrace_record *sctrace_record_by_label(const char *label);
struct sctrace_record *sctrace_record_by_ns(struct pid_namespace *ns);
struct sctrace_record *sctrace_record_next(u64 id);
struct sctrace_record *sctrace_record_after(struct sctrace_record *rec);
unsigned int sctrace_record_resets(u64 id);
u64 sctrace_record_last(void);
void sctrace_record_snapshot(struct sctrace_record *rec,
			     struct sctrace_snapshot *snap);
void sctrace_record_count(struct sctrace_counts *counts);
struct sctrace_record *sctrace_record_start(struct pid_namespace *ns,
					    bool probed);
bool sctrace_record_resume(struct sctrace_record *rec, char **label);
void sctrace_record_unhold(struct sctrace_record *rec);
void sctrace_record_stop(struct sctrace_record *rec);
int sctrace_record_arm(struct sctrace_record *rec);
void sctrace_record_disarm(struct sctrace_record *rec);
int sctrace_record_reset(struct sctrace_record *rec);
void sctrace_record_drop(struct sctrace_record *rec);

/* for the worker and for those who switch the probes; sctrace_mutex is held */
void sctrace_record_work(bool probed);
void sctrace_record_forget_hints(struct pid_namespace *ns);

/* the worker; its function belongs to probe.c */
extern struct work_struct sctrace_work;

#endif /* _SCTRACE_RECORD_H */
