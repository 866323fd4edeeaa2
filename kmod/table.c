// SPDX-License-Identifier: GPL-2.0

#include <linux/log2.h>
#include <linux/vmalloc.h>

#include "lock.h"
#include "pool.h"
#include "table.h"

/* The end of each bucket, and the first hint of each CPU */
struct sctrace_hot sctrace_nobody __read_mostly;

/* Not initialized here: per-CPU data of a module are not relocated */
DEFINE_PER_CPU(struct sctrace_hints, sctrace_hints);

struct sctrace_hot **sctrace_table __ro_after_init;
unsigned int sctrace_table_shift __ro_after_init;

/* Some CPU has a hint about a namespace without a record */
static bool unrecorded_hinted;

/**
 * sctrace_table_add() - make an entry visible to probes
 * @hot: the entry
 * @key: see struct sctrace_hot
 * @quick: the fast path need not look closer
 */
void sctrace_table_add(struct sctrace_hot *hot, struct pid_namespace *key,
		       bool quick)
{
	struct sctrace_hot **head = sctrace_bucket(key);

	lockdep_assert_held(&sctrace_lock);
	hot->ns = key;
	hot->quick = quick ? key : NULL;
	hot->next = *head;
	smp_store_release(head, hot);
}

/**
 * sctrace_table_del() - take an entry out of the table
 * @hot: the entry; nothing happens when it is in no table
 *
 * No hint points to it from here on. Its @next stays valid: a concurrent reader may
 * still be on this entry.
 */
void sctrace_table_del(struct sctrace_hot *hot)
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
	WRITE_ONCE(hot->quick, NULL);
}

/**
 * sctrace_table_find() - look a key up
 * @key: see struct sctrace_hot
 *
 * Context: an RCU reader, or sctrace_lock is held.
 * Return: the entry, or NULL.
 */
struct sctrace_hot *sctrace_table_find(const struct pid_namespace *key)
{
	const struct sctrace_hot *hot;

	for (hot = sctrace_hot_first(key); hot != &sctrace_nobody;
	     hot = READ_ONCE(hot->next)) {
		if (READ_ONCE(hot->ns) == key)
			return (struct sctrace_hot *)hot;
	}
	return NULL;
}

/**
 * sctrace_hint() - give this CPU a hint
 * @hot: an entry that this probe looked up, with preemption off since
 */
void sctrace_hint(const struct sctrace_hot *hot)
{
	if (READ_ONCE(hot->quick) && sctrace_cpu_read(sctrace_hints.last) != hot)
		sctrace_cpu_write(sctrace_hints.last, hot);
}

/**
 * sctrace_hint_unrecorded() - let this CPU skip the calls of a namespace
 * @ns: it has no record, and can have none for now
 */
void sctrace_hint_unrecorded(struct pid_namespace *ns)
{
	if (!READ_ONCE(unrecorded_hinted))
		WRITE_ONCE(unrecorded_hinted, true);
	if (sctrace_cpu_read(sctrace_hints.unrecorded) != ns)
		sctrace_cpu_write(sctrace_hints.unrecorded, ns);
}

/**
 * sctrace_hints_clear() - take hints from all CPUs
 * @ns: only the hint that this namespace has no record; NULL: all hints
 *
 * A CPU that is in a probe may make a new hint from what it looked up before: a
 * caller to whom that matters waits for the probes first. A hint that a CPU makes
 * at this moment may get lost with the old one.
 */
void sctrace_hints_clear(struct pid_namespace *ns)
{
	struct sctrace_hints *hints;
	unsigned int cpu;

	if (ns && !READ_ONCE(unrecorded_hinted))
		return;
	for_each_possible_cpu(cpu) {
		hints = per_cpu_ptr(&sctrace_hints, cpu);
		if (!ns)
			WRITE_ONCE(hints->last, &sctrace_nobody);
		if (!ns || READ_ONCE(hints->unrecorded) == ns)
			WRITE_ONCE(hints->unrecorded, NULL);
	}
}

/**
 * sctrace_table_init() - make the table
 * @max_records: how many records there may be
 *
 * Return: 0, or -ENOMEM.
 */
int sctrace_table_init(unsigned int max_records)
{
	size_t size;

	/* Four buckets for each record, so that hardly two share one */
	size = roundup_pow_of_two(max_records * 4);
	sctrace_table_shift = 32 - ilog2(size);
	sctrace_table = sctrace_vmalloc(size * sizeof(*sctrace_table),
					SCTRACE_GFP);
	if (!sctrace_table)
		return -ENOMEM;
	while (size--)
		sctrace_table[size] = &sctrace_nobody;
	sctrace_hints_clear(NULL);
	return 0;
}

/**
 * sctrace_table_exit() - free the table
 */
void sctrace_table_exit(void)
{
	vfree(sctrace_table);
}
