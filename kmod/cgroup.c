// SPDX-License-Identifier: GPL-2.0

#include <linux/slab.h>
#include <linux/string.h>

#include "cgroup.h"

/**
 * sctrace_each_next() - the next record that a call enters
 * @each: the walk
 *
 * Context: an RCU reader.
 * Return: the record, which is not stopped; or NULL.
 */
struct sctrace_record *sctrace_each_next(struct sctrace_each *each)
{
	const struct pid_namespace *level;
	struct sctrace_record *rec;

	while (each->level) {
		level = each->level;
		each->level = level->parent;
		each->index = level->level;
		rec = level == each->nearest->ns ? each->nearest :
						   sctrace_record_of(level);
		if (rec && !(READ_ONCE(rec->flags) & SCTRACE_F_STOPPED))
			return rec;
	}
	if (!each->cgrp)
		return NULL;
	while (each->slot < SCTRACE_CG_MAX) {
		/* No namespace has a level above 32 */
		each->index = 48 + each->slot;
		rec = smp_load_acquire(&sctrace_cgroup_records[each->slot++]);
		if (rec && sctrace_in_cgroup_of(rec, each->cgrp) &&
		    !(READ_ONCE(rec->flags) & SCTRACE_F_STOPPED))
			return rec;
	}
	return NULL;
}

/**
 * sctrace_inside_cgroup() - are calls of a task recorded for a cgroup?
 * @tsk: a task that cannot go away
 */
bool sctrace_inside_cgroup(const struct task_struct *tsk)
{
	struct sctrace_each each;
	bool inside;

	if (likely(!READ_ONCE(sctrace_cgroup_records_num)))
		return false;
	rcu_read_lock();
	inside = sctrace_each_first(&each, NULL, sctrace_cgroup_of(tsk));
	rcu_read_unlock();
	return inside;
}

struct of_cgroup {
	const struct cgroup *cgrp;
	u64 id;
};

static bool is_of(struct sctrace_record *rec, void *arg)
{
	const struct of_cgroup *of = arg;

	return sctrace_is_of_cgroup(rec) && !rec->by_path && rec->cgroup_id == of->id &&
	       (rec->cgrp == of->cgrp || !rec->cgrp);
}

/**
 * sctrace_cgroup_record() - find the record that START made of a cgroup's file
 * @cgrp: the cgroup
 *
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_cgroup_record(const struct cgroup *cgrp)
{
	struct of_cgroup of = { .cgrp = cgrp, .id = sctrace_cgroup_id(cgrp) };

	return sctrace_record_walk(is_of, &of);
}

struct at_path {
	const char *path;
	struct sctrace_record *found;
};

static bool is_at(struct sctrace_record *rec, void *arg)
{
	struct at_path *at = arg;

	/* The walk goes from old to new */
	if (sctrace_is_of_cgroup(rec) && rec->by_path && !strcmp(rec->path, at->path))
		at->found = rec;
	return false;
}

/**
 * sctrace_cgroup_record_at() - find the record that START made of a path
 * @path: the path
 *
 * Return: the newest record, or NULL.
 */
struct sctrace_record *sctrace_cgroup_record_at(const char *path)
{
	struct at_path at = { .path = path };

	sctrace_record_walk(is_at, &at);
	return at.found;
}

/**
 * sctrace_cgroup_path_of() - where is a cgroup?
 * @cgrp: the cgroup, which cannot go away
 *
 * Context: may sleep.
 * Return: the path, which the caller frees; or an error. -ENAMETOOLONG: no record can have it.
 */
char *sctrace_cgroup_path_of(struct cgroup *cgrp)
{
	char *buf = kmalloc(PATH_MAX, SCTRACE_GFP), *path;

	if (!buf)
		return ERR_PTR(-ENOMEM);
	path = sctrace_cgroup_where(cgrp, buf, PATH_MAX);
	if (!path || strlen(path) > SCTRACE_CG_PATH_MAX)
		path = ERR_PTR(-ENAMETOOLONG);
	else
		path = kstrdup(path, SCTRACE_GFP) ?: ERR_PTR(-ENOMEM);
	kfree(buf);
	return path;
}

/**
 * sctrace_cgroup_record_by_id() - find a record that is bound or will be
 * @id: the record's
 *
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_cgroup_record_by_id(u64 id)
{
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		if (sctrace_cgroup_records[i] && sctrace_cgroup_records[i]->id == id)
			return sctrace_cgroup_records[i];
	}
	return NULL;
}

/**
 * sctrace_cgroup_left() - will a record be bound no more?
 * @rec: of a cgroup
 *
 * Context: takes sctrace_lock.
 * Return: it has no slot, and gets none any more.
 */
bool sctrace_cgroup_left(const struct sctrace_record *rec)
{
	bool left;

	raw_spin_lock(&sctrace_lock);
	left = !sctrace_cgroup_record_by_id(rec->id);
	raw_spin_unlock(&sctrace_lock);
	return left;
}

/**
 * sctrace_cgroup_slots() - which records is a cgroup in?
 * @cgrp: the cgroup
 *
 * Context: an RCU reader.
 * Return: a bit for the slot of each.
 */
u16 sctrace_cgroup_slots(struct cgroup *cgrp)
{
	struct sctrace_record *rec;
	unsigned int i;
	u16 in = 0;

	BUILD_BUG_ON(SCTRACE_CG_MAX > 16);
	lockdep_assert_held(&sctrace_lock);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		rec = sctrace_cgroup_records[i];
		if (rec && sctrace_in_cgroup_of(rec, cgrp))
			in |= BIT(i);
	}
	return in;
}

/**
 * sctrace_cgroup_quick() - the number of origins about a record of a cgroup has changed
 * @rec: the record
 * @changed: it has one now, or has none any more
 */
void sctrace_cgroup_quick(struct sctrace_record *rec, bool changed)
{
	unsigned int i;

	lockdep_assert_held(&sctrace_lock);
	for (i = 0; changed && i < SCTRACE_CG_MAX; i++) {
		if (sctrace_cgroup_records[i] == rec)
			sctrace_pairs_calm(i, !rec->origins);
	}
}

/**
 * sctrace_cgroup_running() - a process in a cgroup is past its set-up
 * @rec: the record
 * @tsk: of that process
 */
void sctrace_cgroup_running(struct sctrace_record *rec, const struct task_struct *tsk)
{
	lockdep_assert_held(&sctrace_lock);
	if (!rec->begun_in)
		rec->begun_in = sctrace_cgroup_id(sctrace_cgroup_of(tsk));
	if (rec->flags & SCTRACE_F_RUNNING)
		return;
	sctrace_change_flags(rec, 0, SCTRACE_F_RUNNING);
	rec->init_pid = task_tgid_nr((struct task_struct *)tsk);
	sctrace_copy_comm(rec->comm, tsk);
}

/* Binds a record, unless it is bound; with a reference that is this record's from here on */
static bool bind(struct sctrace_record *rec, struct cgroup *cgrp)
{
	lockdep_assert_held(&sctrace_lock);
	if (rec->cgrp || sctrace_cgroup_dying(cgrp))
		return false;
	sctrace_cgroup_pin(cgrp);
	rec->cgroup_id = sctrace_cgroup_id(cgrp);
	rec->starts++;
	rec->begun_in = 0;
	sctrace_record_revive(rec);
	smp_store_release(&rec->cgrp, cgrp);
	return true;
}

/**
 * sctrace_cgroup_bind() - bind a record to a cgroup that is there
 * @rec: the record, of a cgroup
 * @cgrp: the cgroup; the caller has a reference
 *
 * Nothing happens when it is bound already, or the cgroup is being removed. The record is late
 * when there were tasks.
 *
 * Context: takes sctrace_lock.
 */
void sctrace_cgroup_bind(struct sctrace_record *rec, struct cgroup *cgrp)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	if (bind(rec, cgrp)) {
		/* What entered all its records so far has one more to enter */
		sctrace_pairs_flush();
		if (sctrace_cgroup_populated(cgrp)) {
			sctrace_change_flags(rec, 0, SCTRACE_F_LATE | SCTRACE_F_RUNNING);
			rec->begun_in = rec->cgroup_id;
		}
	}
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_cgroup_mkdir() - a cgroup was made
 * @cgrp: the cgroup; nobody else knows it yet
 * @path: where it is
 *
 * Context: the probe of cgroup_mkdir. Takes sctrace_lock.
 */
void sctrace_cgroup_mkdir(struct cgroup *cgrp, const char *path)
{
	struct sctrace_record *rec;
	unsigned int i;

	if (!sctrace_cgroup_unified(cgrp))
		return;
	raw_spin_lock(&sctrace_lock);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		rec = sctrace_cgroup_records[i];
		if (rec && rec->by_path && !strcmp(rec->path, path))
			bind(rec, cgrp);
	}
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_cgroup_rmdir() - a cgroup was removed
 * @cgrp: the cgroup; no task is in it, and none will be
 *
 * Context: the probe of cgroup_rmdir. Takes sctrace_lock.
 */
void sctrace_cgroup_rmdir(struct cgroup *cgrp)
{
	struct sctrace_record *rec;
	unsigned int i, unbound = 0;

	if (!sctrace_cgroup_unified(cgrp))
		return;
	raw_spin_lock(&sctrace_lock);
	sctrace_pairs_flush_cgroup(cgrp);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		rec = sctrace_cgroup_records[i];
		if (!rec || rec->cgrp != cgrp)
			continue;
		WRITE_ONCE(rec->cgrp, NULL);
		unbound++;
		sctrace_record_mark_ended(rec);
		/* Who does not hold it does not wait for the next one */
		if (!rec->by_path || !(rec->flags & SCTRACE_F_HELD))
			sctrace_record_leave_slot(rec);
	}
	raw_spin_unlock(&sctrace_lock);
	if (!unbound)
		return;
	/* Probes that still read the cgroup are RCU readers; it is freed after them */
	while (unbound--)
		sctrace_cgroup_unpin(cgrp);
	sctrace_wake_worker();
}
