/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pairs: of a PID namespace and a cgroup. While there is a record of a cgroup, the steady state
 * of a probe does not look for the record of a namespace but for the pair that the task is in.
 * A pair has what that looks at, and stands for all records that a call of the tasks in both
 * enters: of the namespace, of those around it, and of cgroups.
 *
 * A pair is made by the first call for which nothing is left to do. It says nothing that cannot
 * be found out again. So all pairs go whenever that changes which records there are or what
 * they hold, and no reference is held on namespace or cgroup: pairs go when a namespace is born
 * (it may be at the address of an old one), and those of a cgroup when it is removed.
 */
#ifndef _SCTRACE_PAIR_H
#define _SCTRACE_PAIR_H

#include <linux/list.h>

#include "lock.h"
#include "pool.h"
#include "table.h"
#include "value.h"

/* How many there may be. When there is no room, all go, and those in use come again */
#define SCTRACE_PAIRS_MAX	256

/* Of these the pool holds as many in advance as long as there are records of cgroups */
#define SCTRACE_PAIRS_WANT	64

#define SCTRACE_PAIR_BITS	10

/**
 * struct sctrace_pair - a namespace and a cgroup
 * @hot: what the steady state looks at
 * @list: among all pairs; among those that wait to be freed later
 * @plain: no process has an origin that matters to a record of the namespace
 * @in: records of cgroups that it is in: a bit for each slot
 */
struct sctrace_pair {
	struct sctrace_hot hot;
	struct list_head list;
	bool plain;
	u16 in;
};

/* There is a record of a cgroup. Changed under sctrace_mutex, while there is none */
extern bool sctrace_pairing;

extern struct sctrace_pool sctrace_pairs;
extern struct sctrace_hot *sctrace_pair_table[1 << SCTRACE_PAIR_BITS];

static __always_inline struct sctrace_hot **
sctrace_pair_bucket(const struct pid_namespace *key, const struct cgroup *cgrp)
{
	/* The lowest bits of these addresses are alike */
	u32 hash = ((u32)(unsigned long)key + (u32)((unsigned long)cgrp >> 5)) *
		SCTRACE_GOLDEN_RATIO;

	return &sctrace_pair_table[hash >> (32 - SCTRACE_PAIR_BITS)];
}

/* The first entry of the bucket, or &sctrace_nobody; as sctrace_hot_first() */
static __always_inline const struct sctrace_hot *
sctrace_pair_first(const struct pid_namespace *key, const struct cgroup *cgrp)
{
	const struct sctrace_hot *hot = data_race(*sctrace_pair_bucket(key, cgrp));

	OPTIMIZER_HIDE_VAR(hot);
	return hot;
}

struct sctrace_hot *sctrace_pair_find(const struct pid_namespace *key,
				      const struct cgroup *cgrp);
bool sctrace_pair_room(void);
bool sctrace_pairs_wait(void);
struct sctrace_hot *sctrace_pair_get(struct pid_namespace *key,
				     struct cgroup *cgrp, const void *filter,
				     bool plain, u16 in);
void sctrace_pairs_flush(void);
void sctrace_pairs_flush_cgroup(const struct cgroup *cgrp);
void sctrace_pairs_plain(struct pid_namespace *ns, bool plain);
void sctrace_pairs_calm(unsigned int slot, bool calm);
void sctrace_pairs_leave(unsigned int slot);
bool sctrace_pairs_work(struct list_head *old);
void sctrace_pairs_free(struct list_head *old);
int sctrace_pair_init(void);
void sctrace_pair_exit(void);

#endif /* _SCTRACE_PAIR_H */
