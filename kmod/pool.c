// SPDX-License-Identifier: GPL-2.0

#include <linux/moduleparam.h>
#include <linux/workqueue.h>

#include "lock.h"
#include "pool.h"

#ifdef SCTRACE_FAULTS
bool sctrace_dry;
module_param_named(dry, sctrace_dry, bool, 0644);
#endif

static struct sctrace_pool *pools;

/*
 * Not done by the worker, which waits for probes: a task that makes namespaces in
 * a loop must not make others find the pools empty. When an allocation fails, it is
 * tried again the next time that a pool is low.
 */
static void refill(struct work_struct *unused)
{
	struct sctrace_pool *pool;

	for (pool = pools; pool; pool = pool->next)
		sctrace_pool_fill(pool);
}

static DECLARE_WORK(refill_work, refill);

/**
 * sctrace_pools_refill() - have all pools filled
 */
void sctrace_pools_refill(void)
{
	queue_work(system_highpri_wq, &refill_work);
}

/**
 * sctrace_pool_init() - make a pool ready, still empty
 * @pool: name, size and want are set
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int sctrace_pool_init(struct sctrace_pool *pool)
{
	pool->cache = kmem_cache_create(pool->name, pool->size, 0,
					SLAB_HWCACHE_ALIGN, NULL);
	if (!pool->cache)
		return -ENOMEM;
	pool->next = pools;
	pools = pool;
	return 0;
}

/**
 * sctrace_pool_exit() - give back all that the pool holds
 * @pool: nobody uses it any more, and all that was taken has been freed
 *
 * Context: may sleep.
 */
void sctrace_pool_exit(struct sctrace_pool *pool)
{
	void *obj;

	if (!pool->cache)
		return;
	cancel_work_sync(&refill_work);
	while (pool->free) {
		obj = pool->free;
		pool->free = *(void **)obj;
		kmem_cache_free(pool->cache, obj);
	}
	kmem_cache_destroy(pool->cache);
	pool->cache = NULL;
}

/**
 * sctrace_pool_take() - take an object
 * @pool: to take from
 *
 * Does not allocate. A caller that finds sctrace_pool_low() afterwards has the pools
 * filled when it has released the lock.
 * Return: a zeroed object, or NULL, which is counted.
 */
void *sctrace_pool_take(struct sctrace_pool *pool)
{
	void *obj = pool->free;

	lockdep_assert_held(&sctrace_lock);
	if (!obj || sctrace_dry) {
		pool->empty++;
		return NULL;
	}
	pool->free = *(void **)obj;
	WRITE_ONCE(pool->have, pool->have - 1);
	*(void **)obj = NULL;
	return obj;
}

/**
 * sctrace_pool_fill() - fill the pool up to what it wants
 * @pool: to fill
 *
 * Context: may sleep; takes sctrace_lock.
 * Return: 0, or -ENOMEM with as many objects as could be had.
 */
int sctrace_pool_fill(struct sctrace_pool *pool)
{
	void *obj;

	while (READ_ONCE(pool->have) < pool->want) {
		obj = kmem_cache_zalloc(pool->cache, SCTRACE_GFP);
		if (!obj)
			return -ENOMEM;
		raw_spin_lock(&sctrace_lock);
		*(void **)obj = pool->free;
		pool->free = obj;
		WRITE_ONCE(pool->have, pool->have + 1);
		raw_spin_unlock(&sctrace_lock);
	}
	return 0;
}

/**
 * sctrace_pool_free() - free an object for good
 * @pool: it was taken from
 * @obj: nobody can reach it any more, or NULL
 *
 * Goes to the slab, not back to the pool: what the pool holds is zeroed.
 *
 * Context: not under sctrace_lock (the slab's locks sleep on PREEMPT_RT).
 */
void sctrace_pool_free(struct sctrace_pool *pool, void *obj)
{
	if (obj)
		kmem_cache_free(pool->cache, obj);
}
