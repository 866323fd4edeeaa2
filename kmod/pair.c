// SPDX-License-Identifier: GPL-2.0

#include "pair.h"

bool sctrace_pairing;

struct sctrace_pool sctrace_pairs = {
	.name = "sctrace_pair",
	.size = sizeof(struct sctrace_pair),
	/* .want is set as long as there are records of cgroups */
};

struct sctrace_hot *sctrace_pair_table[1 << SCTRACE_PAIR_BITS];

/* Changed under sctrace_lock */
static LIST_HEAD(pairs);
static LIST_HEAD(retired);
static unsigned int pairs_num;

/* There was no room for a pair */
static bool crowded;

/* About which records of cgroups processes have origins: a bit for each slot */
static unsigned int origins;

/* There is something for the worker */
static bool waiting;

/**
 * sctrace_pair_find() - look a pair up
 * @key: as in struct sctrace_hot
 * @cgrp: the cgroup; compared only
 *
 * Context: an RCU reader with preemption off, or sctrace_lock is held.
 * Return: what is known of the pair, or NULL.
 */
struct sctrace_hot *sctrace_pair_find(const struct pid_namespace *key,
				      const struct cgroup *cgrp)
{
	const struct sctrace_hot *hot;

	for (hot = sctrace_pair_first(key, cgrp); hot != &sctrace_nobody;
	     hot = READ_ONCE(hot->next)) {
		if (READ_ONCE(hot->ns) == key && hot->cgrp == cgrp)
			return (struct sctrace_hot *)hot;
	}
	return NULL;
}

/**
 * sctrace_pair_room() - can a pair be made?
 *
 * When not, the worker makes room; see sctrace_pairs_wait().
 *
 * Context: any.
 */
bool sctrace_pair_room(void)
{
	if (READ_ONCE(sctrace_pairs.have) && READ_ONCE(pairs_num) < SCTRACE_PAIRS_MAX)
		return true;
	if (READ_ONCE(pairs_num) >= SCTRACE_PAIRS_MAX && !READ_ONCE(waiting)) {
		WRITE_ONCE(crowded, true);
		WRITE_ONCE(waiting, true);
	}
	return false;
}

/**
 * sctrace_pairs_wait() - is there something for the worker to do?
 *
 * Context: any.
 */
bool sctrace_pairs_wait(void)
{
	return READ_ONCE(waiting);
}

static void set_quick(struct sctrace_pair *pair)
{
	WRITE_ONCE(pair->hot.quick, pair->plain && !(pair->in & origins) ? pair->hot.ns : NULL);
}

/**
 * sctrace_pair_get() - find or make a pair
 * @key: as in struct sctrace_hot; a task in the namespace is current
 * @cgrp: the cgroup that current was in a moment ago
 * @filter: as in struct sctrace_hot
 * @plain: as in struct sctrace_pair
 * @in: likewise
 *
 * Context: an RCU reader.
 * Return: what is known of it; NULL: there is no room, or the cgroup is being removed.
 */
struct sctrace_hot *sctrace_pair_get(struct pid_namespace *key,
				     struct cgroup *cgrp, const void *filter,
				     bool plain, u16 in)
{
	struct sctrace_hot *hot = sctrace_pair_find(key, cgrp), **head;
	struct sctrace_pair *pair;

	lockdep_assert_held(&sctrace_lock);
	/* The probe of cgroup_rmdir has been here already, or comes later and finds it */
	if (hot || !sctrace_pair_room() || sctrace_cgroup_dying(cgrp))
		return hot;
	pair = sctrace_pool_take(&sctrace_pairs);
	if (!pair)
		return NULL;
	pair->plain = plain;
	pair->in = in;
	pair->hot.ns = key;
	pair->hot.cgrp = cgrp;
	pair->hot.filter = filter;
	pair->hot.cache = sctrace_no_cache;
	set_quick(pair);
	list_add(&pair->list, &pairs);
	WRITE_ONCE(pairs_num, pairs_num + 1);
	head = sctrace_pair_bucket(key, cgrp);
	pair->hot.next = *head;
	smp_store_release(head, &pair->hot);
	return &pair->hot;
}

/* Takes a pair out of the table. As sctrace_table_del() */
static void retire(struct sctrace_pair *pair)
{
	struct sctrace_hot **link;

	for (link = sctrace_pair_bucket(pair->hot.ns, pair->hot.cgrp);
	     *link != &pair->hot; link = &(*link)->next)
		;
	WRITE_ONCE(*link, pair->hot.next);
	WRITE_ONCE(pair->hot.ns, NULL);
	WRITE_ONCE(pair->hot.quick, NULL);
	list_move(&pair->list, &retired);
	WRITE_ONCE(waiting, true);
	WRITE_ONCE(pairs_num, pairs_num - 1);
}

/**
 * sctrace_pairs_flush() - forget all pairs
 *
 * The worker frees them. Until then no probe uses a hint to one.
 */
void sctrace_pairs_flush(void)
{
	struct sctrace_pair *pair, *next;

	lockdep_assert_held(&sctrace_lock);
	list_for_each_entry_safe(pair, next, &pairs, list)
		retire(pair);
}

/**
 * sctrace_pairs_flush_cgroup() - forget the pairs of a cgroup
 * @cgrp: it has been removed
 */
void sctrace_pairs_flush_cgroup(const struct cgroup *cgrp)
{
	struct sctrace_pair *pair, *next;

	lockdep_assert_held(&sctrace_lock);
	list_for_each_entry_safe(pair, next, &pairs, list) {
		if (pair->hot.cgrp == cgrp)
			retire(pair);
	}
}

/**
 * sctrace_pairs_plain() - processes in a namespace have origins, or have none any more
 * @ns: the namespace
 * @plain: as in struct sctrace_pair
 */
void sctrace_pairs_plain(struct pid_namespace *ns, bool plain)
{
	struct sctrace_pair *pair;

	lockdep_assert_held(&sctrace_lock);
	list_for_each_entry(pair, &pairs, list) {
		if (pair->hot.ns == ns || pair->hot.ns == SCTRACE_FOREIGN_KEY(ns)) {
			pair->plain = plain;
			set_quick(pair);
		}
	}
}

/**
 * sctrace_pairs_calm() - there are origins about a record of a cgroup now, or none any more
 * @slot: of the record
 * @calm: there are none
 */
void sctrace_pairs_calm(unsigned int slot, bool calm)
{
	struct sctrace_pair *pair;

	lockdep_assert_held(&sctrace_lock);
	origins = calm ? origins & ~BIT(slot) : origins | BIT(slot);
	list_for_each_entry(pair, &pairs, list) {
		if (pair->in & BIT(slot))
			set_quick(pair);
	}
}

/**
 * sctrace_pairs_leave() - a record of a cgroup has left its slot
 * @slot: the slot
 *
 * Its processes may have origins, which are about nothing now.
 */
void sctrace_pairs_leave(unsigned int slot)
{
	struct sctrace_pair *pair;

	lockdep_assert_held(&sctrace_lock);
	origins &= ~BIT(slot);
	list_for_each_entry(pair, &pairs, list) {
		if (!(pair->in & BIT(slot)))
			continue;
		pair->in &= ~BIT(slot);
		set_quick(pair);
	}
}

/**
 * sctrace_pairs_work() - take the pairs that are to be freed
 * @old: a list for them
 *
 * Return: there are some.
 */
bool sctrace_pairs_work(struct list_head *old)
{
	lockdep_assert_held(&sctrace_lock);
	if (crowded) {
		WRITE_ONCE(crowded, false);
		sctrace_pairs_flush();
	}
	WRITE_ONCE(waiting, false);
	list_splice_init(&retired, old);
	return !list_empty(old);
}

/**
 * sctrace_pairs_free() - free pairs
 * @old: no probe and no hint has them any more
 *
 * Context: may sleep.
 */
void sctrace_pairs_free(struct list_head *old)
{
	struct sctrace_pair *pair, *next;

	list_for_each_entry_safe(pair, next, old, list) {
		sctrace_cache_free(&pair->hot);
		sctrace_pool_free(&sctrace_pairs, pair);
	}
}

/**
 * sctrace_pair_init() - make the table
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, when sctrace_pair_exit() is still to be called.
 */
int sctrace_pair_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sctrace_pair_table); i++)
		sctrace_pair_table[i] = &sctrace_nobody;
	return sctrace_pool_init(&sctrace_pairs);
}

/**
 * sctrace_pair_exit() - free everything
 *
 * Context: may sleep; the probes are gone.
 */
void sctrace_pair_exit(void)
{
	LIST_HEAD(old);

	raw_spin_lock(&sctrace_lock);
	sctrace_pairs_flush();
	sctrace_pairs_work(&old);
	raw_spin_unlock(&sctrace_lock);
	sctrace_pairs_free(&old);
	sctrace_pool_exit(&sctrace_pairs);
}
