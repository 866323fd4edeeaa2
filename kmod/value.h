/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values: what watched calls were made with.
 *
 * Two things are apart. What is kept: for each ABI, number and kind the values that were
 * seen, which a reader gets. What is cached: for which arguments and which class of tasks
 * nothing is left to do, because each record that the call is for has the value or has the
 * number open. The fast path looks into the cache only.
 *
 * A number is open when not all of its values could be kept. It then stays open until RESET,
 * and nothing more is kept of it. A value is never lost in another way: who reads the record
 * must be able to conclude from a value that is not there that it was not used.
 */
#ifndef _SCTRACE_VALUE_H
#define _SCTRACE_VALUE_H

#include <linux/bitmap.h>

#include "journal.h"
#include "lock.h"
#include "pool.h"
#include "table.h"
#include "watch.h"

/*
 * The cache
 */

/**
 * struct sctrace_slot - nothing is left to do for a call
 * @raw: as in struct sctrace_args
 * @third: likewise
 * @key: sctrace_slot_key(); 0: the slot is free
 *
 * Never changes once @key is there.
 */
struct sctrace_slot {
	u64 raw;
	u32 third;
	u32 key;
};

/* A call may be in this many slots, one after the other */
#define SCTRACE_SLOT_WINDOW	4

/* Slots that a row may have, so that none crowds out all others */
#define SCTRACE_ROW_SLOTS	64

/**
 * struct sctrace_cache - the slots of an ABI
 * @link: for the pool, and for those that wait to be freed
 * @mask: of the slots' offset: size of the table in bytes, less one slot
 * @used: slots in use, half of all at most
 * @size: place in the array of pools
 * @full: rows that get no more slots
 * @num: slots in use, by row
 * @slot: the table, and behind it the rest of the last windows
 *
 * Written under sctrace_lock. A slot is never used again: when the cache is cleared or grows,
 * another takes its place, and this is freed when no probe can have it any more.
 */
struct sctrace_cache {
	void *link;
	u32 mask;
	u16 used;
	u8 size;
	u64 full;
	u8 num[SCTRACE_WATCHED_ROWS];
	struct sctrace_slot slot[] __aligned(16);
};

/* Never 0, and not the same for two numbers or two classes */
#define sctrace_slot_key(nr, class)	((unsigned long)(nr) * 8 + (class) + (1U << 16))

/*
 * Where a call may be: the first slot of its window. The lowest bits of a product are bad,
 * so it is taken from higher ones.
 */
static __always_inline const struct sctrace_slot *
sctrace_slot_first(const struct sctrace_cache *cache, u32 key, u64 raw)
{
	u32 at = (key + (u32)raw) * SCTRACE_GOLDEN_RATIO >> 20 & cache->mask;

	return (const struct sctrace_slot *)((const char *)cache->slot + at);
}

/* The same for a call with several arguments */
static __always_inline const struct sctrace_slot *
sctrace_slot_first_more(const struct sctrace_cache *cache, unsigned long key,
			u64 raw, unsigned long third)
{
	/* The upper half of @raw reaches the upper half of these bits */
	u32 at = (key + third * 8 + raw) * SCTRACE_GOLDEN_RATIO >> 24 &
		cache->mask;

	return (const struct sctrace_slot *)((const char *)cache->slot + at);
}

static __always_inline bool sctrace_slot_is(const struct sctrace_slot *slot,
					    u32 key, u64 raw)
{
	if (data_race(slot->key) != key)
		return false;
	/* Whoever sees the key sees the rest; see sctrace_cache_add() */
	smp_rmb();
	return slot->raw == raw;
}

static __always_inline bool
sctrace_slot_is_more(const struct sctrace_slot *slot, u32 key, u64 raw, u32 third)
{
	return sctrace_slot_is(slot, key, raw) && slot->third == third;
}

/**
 * sctrace_value_cached_at() - sctrace_value_cached(), also with the registers at hand
 * @hot: what is known of its ABI
 * @tsk: current
 * @regs: its registers, when @given
 * @given: they are at hand; a constant
 * @nr: the number, below SCTRACE_SEEN_NR
 * @class: of the task
 * @foreign: the ABI is not the kernel's own
 *
 * Context: as the probe of sys_enter.
 */
static __always_inline bool
sctrace_value_cached_at(const struct sctrace_hot *hot, struct task_struct *tsk,
			const struct pt_regs *regs, bool given,
			unsigned long nr, unsigned int class, bool foreign)
{
	const struct sctrace_cache *cache = data_race(hot->cache);
	const u8 *places = sctrace_arg_places[foreign];
	const unsigned long key = sctrace_slot_key(nr, class);
	/* A pointer keeps a sanitizer's check away, which would need a frame */
	const s8 *place_of = sctrace_places[foreign];
	long place = place_of[nr];
	const struct sctrace_slot *slot;
	const long rest = given ? SCTRACE_PLACE_MORE : 0;
	unsigned long third;
	u64 raw;

	if (likely(place > 0)) {
		if (!given)
			regs = task_pt_regs(tsk);
		raw = sctrace_register(regs, place, foreign);
		slot = sctrace_slot_first(cache, key, raw);
		return sctrace_slot_is(slot, key, raw) ||
		       sctrace_slot_is(slot + 1, key, raw) ||
		       sctrace_slot_is(slot + 2, key, raw) ||
		       sctrace_slot_is(slot + 3, key, raw);
	}
	/*
	 * Where they are is found once more: to have it found before the branch would take the
	 * other one an instruction. Of registers at hand the addition is a part of both
	 * addresses.
	 */
	if (!given) {
		barrier();
		regs = task_pt_regs(tsk);
		place += SCTRACE_PLACE_MORE;
	}
	if (!foreign &&
	    (sctrace_register_upper(regs, place + rest) |
	     sctrace_register_upper(regs, places[1]) |
	     sctrace_register_upper(regs, places[2])))
		return false;
	if (given)
		OPTIMIZER_HIDE_VAR(place);
	raw = (u32)sctrace_register(regs, place + rest, foreign) |
		(u64)sctrace_register(regs, places[1], foreign) << 32;
	third = sctrace_register(regs, places[2], foreign);
	slot = sctrace_slot_first_more(cache, key, raw, third);
	return sctrace_slot_is_more(slot, key, raw, third) ||
	       sctrace_slot_is_more(slot + 1, key, raw, third) ||
	       sctrace_slot_is_more(slot + 2, key, raw, third) ||
	       sctrace_slot_is_more(slot + 3, key, raw, third);
}

/**
 * sctrace_value_cached() - is nothing left to do for the call that a task is in?
 * @hot: what is known of its ABI
 * @tsk: current
 * @nr: the number, below SCTRACE_SEEN_NR
 * @class: of the task
 * @foreign: the ABI is not the kernel's own
 *
 * Context: as the probe of sys_enter.
 */
static __always_inline bool
sctrace_value_cached(const struct sctrace_hot *hot, struct task_struct *tsk,
		     unsigned long nr, unsigned int class, bool foreign)
{
	return sctrace_value_cached_at(hot, tsk, NULL, false, nr, class, foreign);
}

extern struct sctrace_cache *sctrace_no_cache;

bool sctrace_cache_has(const struct sctrace_hot *hot,
		       const struct sctrace_args *args, unsigned int class);
bool sctrace_cache_has_room(const struct sctrace_hot *hot,
			    const struct sctrace_args *args, unsigned int class);
void sctrace_cache_add(struct sctrace_hot *hot, const struct sctrace_args *args,
		       unsigned int class);
void sctrace_cache_clear(struct sctrace_hot *hot);
void sctrace_cache_free(struct sctrace_hot *hot);
bool sctrace_caches_wait(void);
struct sctrace_cache *sctrace_caches_retired(void);
void sctrace_caches_free(struct sctrace_cache *first);

/*
 * What is kept
 */

/**
 * struct sctrace_kept - a value, or bits that were not seen before
 * @next: another one whose row has the same chain
 * @time: when
 * @value: as in struct sctrace_args
 * @third: likewise
 * @pid: who, in the record's namespace
 * @comm: who: position of the name in the journal, or SCTRACE_NO_NAME
 * @row: which call
 * @kind: SCTRACE_KIND_* bits
 * @abi: index of the ABI in the record
 * @upper: as in struct sctrace_args, of all calls with this value; the only thing that changes
 */
struct sctrace_kept {
	struct sctrace_kept *next;
	u64 time;
	u64 value;
	u32 third;
	u32 pid;
	u16 comm;
	u8 row;
	u8 kind;
	u8 abi;
	u8 upper;
};

#define SCTRACE_KEPT_CELLS	12

struct sctrace_kept_chunk {
	struct sctrace_kept_chunk *next;
	struct sctrace_kept cells[SCTRACE_KEPT_CELLS];
};

/*
 * Values of a record. One number can have SCTRACE_VALUES_MAX of each kind, so that all other
 * numbers have room, whatever a program does with one.
 */
#define SCTRACE_KEPT_MAX	1024

/**
 * struct sctrace_store - the values of a record, in order
 * @first: oldest chunk
 * @last: the one that is being filled
 * @num: how many values there are
 *
 * As struct sctrace_journal: written under sctrace_lock; what is below a @num that was read
 * under it can be read by a holder of sctrace_mutex.
 */
struct sctrace_store {
	struct sctrace_kept_chunk *first;
	struct sctrace_kept_chunk *last;
	u32 num;
};

#define SCTRACE_VALUE_CHAINS	16
#define SCTRACE_VALUE_KINDS	16

/**
 * struct sctrace_values - the values of an ABI
 * @chain: the values, by row; newest first
 * @open: which rows are open, by kind
 * @memory: of these: because there was no memory
 *
 * Written under sctrace_lock; read by probes without it.
 */
struct sctrace_values {
	struct sctrace_kept *chain[SCTRACE_VALUE_CHAINS];
	DECLARE_BITMAP(open[SCTRACE_VALUE_KINDS], SCTRACE_WATCHED_ROWS);
	DECLARE_BITMAP(memory[SCTRACE_VALUE_KINDS], SCTRACE_WATCHED_ROWS);
};

/**
 * sctrace_value_open() - is a number open?
 * @values: of the ABI
 * @row: of the call
 * @kind: SCTRACE_KIND_* bits
 */
static inline bool sctrace_value_open(const struct sctrace_values *values,
				      unsigned int row, unsigned int kind)
{
	return test_bit(row, values->open[kind]);
}

bool sctrace_value_known(const struct sctrace_values *values,
			 const struct sctrace_args *args, unsigned int kind);
bool sctrace_value_put(struct sctrace_store *store,
		       struct sctrace_values *values,
		       struct sctrace_journal *journal,
		       const struct sctrace_args *args,
		       const struct sctrace_kept *who, const char *comm);
const struct sctrace_kept_chunk *
sctrace_value_seek(const struct sctrace_store *store, u32 pos);
const struct sctrace_kept *
sctrace_value_next(const struct sctrace_kept_chunk **at, u32 *pos);
struct sctrace_kept_chunk *sctrace_values_empty(struct sctrace_store *store);
void sctrace_values_free(struct sctrace_kept_chunk *first);

bool sctrace_value_pools_low(void);
u64 sctrace_value_pools_empty(void);
int sctrace_value_init(void);
int sctrace_value_fill(void);
void sctrace_value_exit(void);

#endif /* _SCTRACE_VALUE_H */
