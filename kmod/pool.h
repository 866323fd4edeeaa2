/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that are allocated in advance for probes, which must not allocate: they run
 * with preemption off, where PREEMPT_RT up to 6.12 forbids even GFP_ATOMIC.
 */
#ifndef _SCTRACE_POOL_H
#define _SCTRACE_POOL_H

#include <linux/slab.h>
#include <linux/types.h>

/*
 * For all allocations. The kernel's warning would not help: who waits for the memory
 * is told, or a record says that something is missing.
 */
#define SCTRACE_GFP	(GFP_KERNEL | __GFP_NOWARN)

/**
 * struct sctrace_pool - zeroed objects of one kind
 * @name: of the slab cache
 * @size: of an object, bytes; at least a pointer
 * @want: how many to keep
 * @have: how many are there
 * @empty: how often there was none to take
 * @free: the objects, linked through their first word
 * @next: the pool that was made before
 * @cache: where they come from
 *
 * sctrace_lock protects @have, @empty and @free.
 */
struct sctrace_pool {
	const char *name;
	size_t size;
	unsigned int want;
	unsigned int have;
	u64 empty;
	void *free;
	struct sctrace_pool *next;
	struct kmem_cache *cache;
};

#ifdef SCTRACE_FAULTS
/* For tests: there is no memory */
extern bool sctrace_dry;
#else
#define sctrace_dry	false
#endif

/**
 * sctrace_pool_low() - should the worker come and fill the pool?
 * @pool: to look at
 *
 * Half is low: waking the worker for each object taken would cost more than
 * the objects.
 *
 * Context: any.
 */
static inline bool sctrace_pool_low(const struct sctrace_pool *pool)
{
	return READ_ONCE(pool->have) <= pool->want / 2;
}

int sctrace_pool_init(struct sctrace_pool *pool);
void sctrace_pool_exit(struct sctrace_pool *pool);
void *sctrace_pool_take(struct sctrace_pool *pool);
void sctrace_pools_refill(void);
int sctrace_pool_fill(struct sctrace_pool *pool);
void sctrace_pool_free(struct sctrace_pool *pool, void *obj);

#endif /* _SCTRACE_POOL_H */
