/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a namespace to its record: the hash table, and each CPU's hints. This is
 * all that the steady state of a probe reads.
 */
#ifndef _SCTRACE_TABLE_H
#define _SCTRACE_TABLE_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "compat.h"
#include "uapi/sctrace.h"

/*
 * Numbers that the seen cache holds. The highest of today's kernels is 472; the
 * last eight places are for ARM's private calls. Higher numbers (some of x32)
 * take the slow path each time.
 */
#define SCTRACE_SEEN_MAX	512
#define SCTRACE_SEEN_NR		(SCTRACE_SEEN_MAX - SCTRACE_ARM_PRIVATE_NUM)

/**
 * struct sctrace_hot - all that the steady state looks at
 * @quick: @ns while no process in the namespace has an origin (origin.h), else NULL: then
 *	the fast path has to look closer
 * @ns: the key: the address of the namespace for calls in the kernel's own ABI,
 *	SCTRACE_FOREIGN_KEY() of it for those in its other one; NULL when the
 *	record was dropped, and for an ABI that has no key (x32)
 * @next: in the same place of the table; &sctrace_nobody: the last one
 * @filter: the newest seccomp filter that the namespace's init was born with, or NULL;
 *	compared only. The init holds a reference on it, so its address stays its own
 * @cache: what watched calls were made with; value.h. Never NULL
 * @cgrp: of a pair (pair.h): the other key; else NULL
 * @seen: the seen cache: bit c of byte n is set when nothing is left to do for
 *	number n called by a task of class c, whatever its arguments. Read without a lock,
 *	written under sctrace_lock; may be cleared at any time
 */
struct sctrace_hot {
	struct pid_namespace *quick;
	struct pid_namespace *ns;
	struct sctrace_hot *next;
	const void *filter;
	struct sctrace_cache *cache;
	struct cgroup *cgrp;
	u8 seen[SCTRACE_SEEN_MAX];
};

/*
 * The class of a task: SCTRACE_CLASS_CONFINED, and SCTRACE_CLASS_JOINER when it comes from
 * the parent namespace. With SCTRACE_CLASS_REFUSED it is about calls that were refused to processes
 * of the namespace. SCTRACE_CLASS_EXEC is a value of its own: none of refused calls to joiners.
 */
#define SCTRACE_CLASS_CONFINED	1
#define SCTRACE_CLASS_REFUSED	2
#define SCTRACE_CLASS_JOINER	4
#define SCTRACE_CLASS_EXEC	6

/* Namespaces are aligned to words, so this is nobody else's address */
#define SCTRACE_FOREIGN_KEY(ns)	((struct pid_namespace *)((char *)(ns) + 1))

/**
 * struct sctrace_hints - what a CPU met last
 * @last: what the last call found; never NULL
 * @unrecorded: a namespace without a record. Compared only, never dereferenced
 *
 * No reference is held. A probe writes here only what it has looked up in the table
 * itself, never what it found in a hint. Anybody may clear hints. So what left the
 * table is in no hint after one wait for the probes and a clearing, and in no
 * probe's hands after a second wait. A probe that was preempted may read or write
 * the hints of another CPU: that does no harm.
 */
struct sctrace_hints {
	const struct sctrace_hot *last;
	struct pid_namespace *unrecorded;
};

DECLARE_PER_CPU(struct sctrace_hints, sctrace_hints);

struct sctrace_cache;

extern struct sctrace_hot sctrace_nobody;

/*
 * Records by the address of their namespace, their other ABIs by its foreign key.
 * Changed under sctrace_lock; readers are probes.
 */
extern struct sctrace_hot **sctrace_table;
extern unsigned int sctrace_table_shift;

/* 2^32 divided by the golden ratio, as in linux/hash.h since 4.7 */
#define SCTRACE_GOLDEN_RATIO	0x61c88647U

static __always_inline struct sctrace_hot **
sctrace_bucket(const struct pid_namespace *key)
{
	u32 hash = (u32)(unsigned long)key * SCTRACE_GOLDEN_RATIO;

	/* The mask costs no instruction and keeps a sanitizer's check away */
	return &sctrace_table[hash >> (sctrace_table_shift & 31)];
}

/**
 * sctrace_hot_first() - the first entry of a key's bucket
 * @key: see struct sctrace_hot
 *
 * Context: a reader that sctrace_synchronize_probes() waits for.
 * Return: it, or &sctrace_nobody. Most buckets have one entry at most.
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
 * sctrace_ns_inside() - is a namespace that one, or inside of it?
 * @ns: the one that may be inside; both exist as long as this takes
 * @outer: the one that may be outside
 */
static inline bool sctrace_ns_inside(const struct pid_namespace *ns,
				     const struct pid_namespace *outer)
{
	while (ns->level > outer->level)
		ns = ns->parent;
	return ns == outer;
}

void sctrace_table_add(struct sctrace_hot *hot, struct pid_namespace *key,
		       bool quick);
void sctrace_table_del(struct sctrace_hot *hot);
struct sctrace_hot *sctrace_table_find(const struct pid_namespace *key);
void sctrace_hint(const struct sctrace_hot *hot);
void sctrace_hint_unrecorded(struct pid_namespace *ns);
void sctrace_hints_clear(struct pid_namespace *ns);
int sctrace_table_init(unsigned int max_records);
void sctrace_table_exit(void);

#endif /* _SCTRACE_TABLE_H */
