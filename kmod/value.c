// SPDX-License-Identifier: GPL-2.0

#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/string.h>

#include "value.h"

/* Slots of the caches; half of them are used */
#define SLOTS_SMALL	64
#define SLOTS_LARGE	256

#define CACHE_SIZE(slots)						\
	(sizeof(struct sctrace_cache) +					\
	 ((slots) + SCTRACE_SLOT_WINDOW - 1) * sizeof(struct sctrace_slot))

static const unsigned int slots[] = { SLOTS_SMALL, SLOTS_LARGE };

static struct sctrace_pool caches[] = {
	{
		.name = "sctrace_cache",
		.size = CACHE_SIZE(SLOTS_SMALL),
		.want = 64,
	}, {
		.name = "sctrace_cache_large",
		.size = CACHE_SIZE(SLOTS_LARGE),
		.want = 16,
	},
};

static struct sctrace_pool chunks = {
	.name = "sctrace_values",
	.size = sizeof(struct sctrace_kept_chunk),
	.want = 256,
};

/* Of an ABI without cached values. Nothing is ever in it */
static union {
	struct sctrace_cache cache;
	char bytes[CACHE_SIZE(1)];
} no_cache __aligned(L1_CACHE_BYTES);

struct sctrace_cache *sctrace_no_cache __ro_after_init = &no_cache.cache;

/* They left their place, and wait for the worker. Under sctrace_lock */
static struct sctrace_cache *retired;

/* The slot of a call; or a free one for it; NULL: neither is there */
static struct sctrace_slot *find_slot(const struct sctrace_cache *cache,
				      const struct sctrace_args *args, u32 key)
{
	const struct sctrace_slot *slot;
	unsigned int i;

	if (sctrace_watched[args->row].num > 1)
		slot = sctrace_slot_first_more(cache, key, args->raw, args->third);
	else
		slot = sctrace_slot_first(cache, key, args->raw);
	for (i = 0; i < SCTRACE_SLOT_WINDOW; i++, slot++) {
		if (!data_race(slot->key) ||
		    sctrace_slot_is_more(slot, key, args->raw, args->third))
			return (struct sctrace_slot *)slot;
	}
	return NULL;
}

/**
 * sctrace_cache_has() - is nothing left to do for a call?
 * @hot: what is known of its ABI
 * @args: the call
 * @class: of the task
 *
 * Context: an RCU reader, preemption is off.
 */
bool sctrace_cache_has(const struct sctrace_hot *hot,
		       const struct sctrace_args *args, unsigned int class)
{
	u32 key = sctrace_slot_key(args->nr, class);
	const struct sctrace_slot *slot;

	if (!args->exact)
		return false;
	slot = find_slot(READ_ONCE(hot->cache), args, key);
	return slot && data_race(slot->key) == key;
}

/**
 * sctrace_cache_has_room() - can a call get a slot?
 * @hot: what is known of its ABI
 * @args: the call
 * @class: of the task
 *
 * Context: an RCU reader, preemption is off.
 */
bool sctrace_cache_has_room(const struct sctrace_hot *hot,
			    const struct sctrace_args *args, unsigned int class)
{
	const struct sctrace_cache *cache = READ_ONCE(hot->cache);

	if (!args->exact || data_race(cache->full) >> args->row & 1)
		return false;
	/* A small one grows when a window is full */
	return cache->size + 1 < ARRAY_SIZE(slots) ||
	       find_slot(cache, args, sctrace_slot_key(args->nr, class));
}

/* Puts another cache in the place of the one that is there */
static void replace(struct sctrace_hot *hot, struct sctrace_cache *cache)
{
	struct sctrace_cache *old = hot->cache;

	smp_store_release(&hot->cache, cache);
	if (old == sctrace_no_cache)
		return;
	old->link = retired;
	WRITE_ONCE(retired, old);
}

/*
 * Makes room for one more. A larger cache begins empty: what was in the old one comes again,
 * each call once.
 */
static bool make_room(struct sctrace_hot *hot)
{
	const struct sctrace_cache *old = hot->cache;
	unsigned int size = old == sctrace_no_cache ? 0 : old->size + 1;
	struct sctrace_cache *cache;

	if (size == ARRAY_SIZE(slots))
		return false;
	cache = sctrace_pool_take(&caches[size]);
	if (!cache)
		return false;
	cache->size = size;
	cache->mask = (slots[size] - 1) * sizeof(struct sctrace_slot);
	replace(hot, cache);
	return true;
}

/**
 * sctrace_cache_add() - nothing is left to do for a call
 * @hot: what is known of its ABI
 * @args: the call
 * @class: of the task
 *
 * If there is no room, the next such call is looked up in the records once more.
 */
void sctrace_cache_add(struct sctrace_hot *hot, const struct sctrace_args *args,
		       unsigned int class)
{
	u32 key = sctrace_slot_key(args->nr, class);
	struct sctrace_cache *cache = hot->cache;
	struct sctrace_slot *slot;

	lockdep_assert_held(&sctrace_lock);
	if (!sctrace_cache_has_room(hot, args, class))
		return;
	slot = find_slot(cache, args, key);
	if (slot && slot->key)
		return;
	if (!slot || cache->used >= slots[cache->size] / 2 ||
	    cache == sctrace_no_cache) {
		if (!make_room(hot)) {
			/* Half of the largest is in use; or there is no memory yet */
			if (cache->size + 1 == ARRAY_SIZE(slots))
				WRITE_ONCE(cache->full, U64_MAX);
			return;
		}
		cache = hot->cache;
		slot = find_slot(cache, args, key);
	}
	slot->raw = args->raw;
	slot->third = args->third;
	/* Pairs with the barrier in sctrace_slot_is() */
	smp_store_release(&slot->key, key);
	cache->used++;
	if (++cache->num[args->row] == SCTRACE_ROW_SLOTS)
		WRITE_ONCE(cache->full, cache->full | BIT_ULL(args->row));
}

/**
 * sctrace_cache_clear() - forget what is cached
 * @hot: of this ABI
 */
void sctrace_cache_clear(struct sctrace_hot *hot)
{
	lockdep_assert_held(&sctrace_lock);
	replace(hot, sctrace_no_cache);
}

/**
 * sctrace_caches_wait() - does a cache wait to be freed?
 *
 * Context: any.
 */
bool sctrace_caches_wait(void)
{
	return READ_ONCE(retired);
}

/**
 * sctrace_caches_retired() - take the caches that wait to be freed
 *
 * Return: for sctrace_caches_free(), after a wait for the probes; or NULL.
 */
struct sctrace_cache *sctrace_caches_retired(void)
{
	struct sctrace_cache *first = retired;

	lockdep_assert_held(&sctrace_lock);
	WRITE_ONCE(retired, NULL);
	return first;
}

/**
 * sctrace_caches_free() - free caches
 * @first: the first of a list
 */
void sctrace_caches_free(struct sctrace_cache *first)
{
	struct sctrace_cache *next;

	for (; first; first = next) {
		next = first->link;
		sctrace_pool_free(&caches[first->size], first);
	}
}

/**
 * sctrace_cache_free() - free the cache of an ABI that goes
 * @hot: no probe can find it any more
 */
void sctrace_cache_free(struct sctrace_hot *hot)
{
	if (hot->cache != sctrace_no_cache)
		sctrace_pool_free(&caches[hot->cache->size], hot->cache);
}

static unsigned int chain_of(unsigned int row)
{
	return row % SCTRACE_VALUE_CHAINS;
}

static bool has_bits(unsigned int row)
{
	return sctrace_watched[row].how != SCTRACE_WATCHED_ENUM;
}

/* What is kept of a number and kind, compared with a call */
struct found {
	struct sctrace_kept *kept;	/* the value; of flags, one of the values */
	unsigned int num;		/* how many values there are */
	u64 left;			/* flags that are not there, or not at once */
	u8 upper;
};

static void find(const struct sctrace_values *values,
		 const struct sctrace_args *args, unsigned int kind,
		 struct found *found)
{
	const bool bits = has_bits(args->row);
	const u64 both = SCTRACE_WATCHED_BOTH;
	bool new = SCTRACE_WATCHED_APART(args->row) && !(both & ~args->value);
	struct sctrace_kept *kept;

	memset(found, 0, sizeof(*found));
	found->left = args->value;
	for (kept = smp_load_acquire(&values->chain[chain_of(args->row)]); kept;
	     kept = kept->next) {
		if (kept->row != args->row || kept->kind != kind)
			continue;
		found->num++;
		if (!bits && (kept->value != args->value ||
			      kept->third != args->third))
			continue;
		found->kept = kept;
		found->left &= ~kept->value;
		new = new && both & ~kept->value;
		found->upper |= READ_ONCE(kept->upper);
		if (!bits)
			break;
	}
	if (new)
		found->left |= both;
}

/**
 * sctrace_value_known() - is there nothing to keep of a call?
 * @values: of the ABI
 * @args: the call, which is watched
 * @kind: SCTRACE_KIND_* bits
 *
 * Context: an RCU reader, preemption is off; or sctrace_lock is held.
 * Return: the value is there, or the number is open.
 */
bool sctrace_value_known(const struct sctrace_values *values,
			 const struct sctrace_args *args, unsigned int kind)
{
	struct found found;

	if (sctrace_value_open(values, args->row, kind))
		return true;
	if (args->unreadable)
		return false;
	find(values, args, kind, &found);
	return found.kept && !found.left && !(args->upper & ~found.upper);
}

static void open_row(struct sctrace_values *values, unsigned int row,
		     unsigned int kind, bool memory)
{
	if (memory)
		set_bit(row, values->memory[kind]);
	set_bit(row, values->open[kind]);
}

static struct sctrace_kept *new_cell(struct sctrace_store *store)
{
	unsigned int at = store->num % SCTRACE_KEPT_CELLS;
	struct sctrace_kept_chunk *chunk;

	if (!at) {
		chunk = sctrace_pool_take(&chunks);
		if (!chunk)
			return NULL;
		if (store->last)
			WRITE_ONCE(store->last->next, chunk);
		else
			store->first = chunk;
		store->last = chunk;
	}
	return &store->last->cells[at];
}

/**
 * sctrace_value_put() - keep what a call was made with
 * @store: of the record
 * @values: of the ABI
 * @journal: of the record, for the caller's name
 * @args: the call, which is watched
 * @who: time, pid, kind, and index of the ABI
 * @comm: name of the caller
 *
 * Return: something is there that was not.
 */
bool sctrace_value_put(struct sctrace_store *store,
		       struct sctrace_values *values,
		       struct sctrace_journal *journal,
		       const struct sctrace_args *args,
		       const struct sctrace_kept *who, const char *comm)
{
	struct sctrace_kept **chain = &values->chain[chain_of(args->row)];
	struct sctrace_kept *kept;
	struct found found;

	lockdep_assert_held(&sctrace_lock);
	if (sctrace_value_open(values, args->row, who->kind))
		return false;
	if (args->unreadable) {
		open_row(values, args->row, who->kind, false);
		return true;
	}
	find(values, args, who->kind, &found);
	if (found.kept && !found.left) {
		if (!(args->upper & ~found.upper))
			return false;
		WRITE_ONCE(found.kept->upper, found.kept->upper | args->upper);
		return true;
	}
	if (store->num == SCTRACE_KEPT_MAX ||
	    (!has_bits(args->row) && found.num == SCTRACE_VALUES_MAX)) {
		open_row(values, args->row, who->kind, false);
		return true;
	}
	kept = new_cell(store);
	if (!kept) {
		open_row(values, args->row, who->kind, true);
		return true;
	}
	*kept = *who;
	kept->row = args->row;
	kept->value = found.kept ? found.left : args->value;
	kept->third = args->third;
	kept->upper = args->upper;
	kept->comm = sctrace_journal_name(journal, comm);
	kept->next = *chain;
	smp_store_release(chain, kept);
	store->num++;
	return true;
}

/**
 * sctrace_value_next() - read values in their order
 * @at: the chunk of @pos, moved on
 * @pos: the position to read, moved on; below what store->num was under the lock
 */
const struct sctrace_kept *
sctrace_value_next(const struct sctrace_kept_chunk **at, u32 *pos)
{
	const struct sctrace_kept *kept =
		&(*at)->cells[*pos % SCTRACE_KEPT_CELLS];

	lockdep_assert_held(&sctrace_mutex);
	if (!(++*pos % SCTRACE_KEPT_CELLS))
		*at = READ_ONCE((*at)->next);
	return kept;
}

/**
 * sctrace_value_seek() - begin to read values
 * @store: of the record
 * @pos: the first to read
 *
 * The caller keeps sctrace_mutex until the last sctrace_value_next().
 * Return: the chunk of @pos.
 */
const struct sctrace_kept_chunk *
sctrace_value_seek(const struct sctrace_store *store, u32 pos)
{
	const struct sctrace_kept_chunk *chunk = store->first;

	lockdep_assert_held(&sctrace_mutex);
	for (; chunk && pos >= SCTRACE_KEPT_CELLS; pos -= SCTRACE_KEPT_CELLS)
		chunk = READ_ONCE(chunk->next);
	return chunk;
}

/**
 * sctrace_values_empty() - take all values out of a record
 * @store: of the record; the values of its ABIs are cleared by the caller
 *
 * Return: for sctrace_values_free(), after a wait for the probes.
 */
struct sctrace_kept_chunk *sctrace_values_empty(struct sctrace_store *store)
{
	struct sctrace_kept_chunk *first = store->first;

	lockdep_assert_held(&sctrace_lock);
	memset(store, 0, sizeof(*store));
	return first;
}

/**
 * sctrace_values_free() - free values
 * @first: the first of their chunks
 */
void sctrace_values_free(struct sctrace_kept_chunk *first)
{
	struct sctrace_kept_chunk *next;

	for (; first; first = next) {
		next = first->next;
		sctrace_pool_free(&chunks, first);
	}
}

/**
 * sctrace_value_pools_low() - should the pools of values be filled?
 */
bool sctrace_value_pools_low(void)
{
	return sctrace_pool_low(&chunks) || sctrace_pool_low(&caches[0]) ||
	       sctrace_pool_low(&caches[1]);
}

/**
 * sctrace_value_pools_empty() - how often had the pools of values nothing to give?
 *
 * A cache is not counted: nothing is lost without it.
 */
u64 sctrace_value_pools_empty(void)
{
	lockdep_assert_held(&sctrace_lock);
	return chunks.empty;
}

/**
 * sctrace_value_init() - make the pools
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, when sctrace_value_exit() is still to be called.
 */
int sctrace_value_init(void)
{
	return sctrace_pool_init(&chunks) ?: sctrace_pool_init(&caches[0]) ?:
	       sctrace_pool_init(&caches[1]);
}

/**
 * sctrace_value_fill() - fill the pools
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int sctrace_value_fill(void)
{
	return sctrace_pool_fill(&chunks) ?: sctrace_pool_fill(&caches[0]) ?:
	       sctrace_pool_fill(&caches[1]);
}

/**
 * sctrace_value_exit() - give all back
 *
 * Context: may sleep; no record is there any more.
 */
void sctrace_value_exit(void)
{
	sctrace_caches_free(retired);
	retired = NULL;
	sctrace_pool_exit(&caches[1]);
	sctrace_pool_exit(&caches[0]);
	sctrace_pool_exit(&chunks);
}
