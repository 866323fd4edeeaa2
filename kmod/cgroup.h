/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of cgroups: which there are, and which tasks are in them.
 *
 * A record is bound to a cgroup by START, or, by its path, when that cgroup is made: the probe
 * of cgroup_mkdir is called before a task can enter it. It is unbound when the cgroup is
 * removed, and there is no task in it then. A task is inside when the cgroup of the unified
 * hierarchy that it is in is that one, or is below it.
 */
#ifndef _SCTRACE_CGROUP_H
#define _SCTRACE_CGROUP_H

#include "record.h"

/**
 * sctrace_in_cgroup_of() - does a record speak of a cgroup?
 * @rec: of a cgroup
 * @cgrp: that cgroup; a task is in it
 *
 * Context: an RCU reader.
 */
static inline bool sctrace_in_cgroup_of(const struct sctrace_record *rec,
					struct cgroup *cgrp)
{
	struct cgroup *outer = READ_ONCE(rec->cgrp);

	return outer && sctrace_cgroup_inside(cgrp, outer);
}

/**
 * struct sctrace_each - a walk over the records that a call enters
 * @nearest: of the namespaces; may be NULL
 * @level: the next namespace to look at; or NULL
 * @cgrp: of the task; NULL: no record of a cgroup
 * @slot: the next record of a cgroup to look at
 * @index: of the record that was found, below 64: the same in each walk for this call
 */
struct sctrace_each {
	struct sctrace_record *nearest;
	struct pid_namespace *level;
	struct cgroup *cgrp;
	unsigned int slot;
	unsigned int index;
};

struct sctrace_record *sctrace_each_next(struct sctrace_each *each);

static inline struct sctrace_record *
sctrace_each_first(struct sctrace_each *each, struct sctrace_record *nearest,
		   struct cgroup *cgrp)
{
	each->nearest = nearest;
	each->level = nearest ? nearest->ns : NULL;
	each->cgrp = cgrp;
	each->slot = 0;
	return sctrace_each_next(each);
}

/* The records that a call enters: an RCU reader's walk */
#define for_each_record(rec, each, nearest, cgrp)			\
	for (rec = sctrace_each_first(each, nearest, cgrp); rec;	\
	     rec = sctrace_each_next(each))

bool sctrace_inside_cgroup(const struct task_struct *tsk);
struct sctrace_record *sctrace_cgroup_record(const struct cgroup *cgrp);
struct sctrace_record *sctrace_cgroup_record_at(const char *path);
char *sctrace_cgroup_path_of(struct cgroup *cgrp);
struct sctrace_record *sctrace_cgroup_record_by_id(u64 id);
void sctrace_cgroup_quick(struct sctrace_record *rec, bool changed);
bool sctrace_cgroup_left(const struct sctrace_record *rec);
u16 sctrace_cgroup_slots(struct cgroup *cgrp);
void sctrace_cgroup_running(struct sctrace_record *rec, const struct task_struct *tsk);
void sctrace_cgroup_bind(struct sctrace_record *rec, struct cgroup *cgrp);
void sctrace_cgroup_mkdir(struct cgroup *cgrp, const char *path);
void sctrace_cgroup_rmdir(struct cgroup *cgrp);

#endif /* _SCTRACE_CGROUP_H */
