// SPDX-License-Identifier: GPL-2.0

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "cgroup.h"
#include "origin.h"
#include "record.h"

/* How many buckets to look at before the lock is released for a moment */
#define SCTRACE_ORIGIN_BATCH	256

struct sctrace_pool sctrace_origins = {
	.name = "sctrace_origin",
	.size = sizeof(struct sctrace_origin),
	.want = 1024,
};

/* Changed under sctrace_lock */
unsigned int sctrace_origins_num;

struct hlist_head *sctrace_origin_table __ro_after_init;
unsigned int sctrace_origin_shift __ro_after_init;

static void free_origin(struct rcu_head *rcu)
{
	sctrace_pool_free(&sctrace_origins,
			  container_of(rcu, struct sctrace_origin, rcu));
}

static bool about_cgroup(const struct sctrace_origin *origin)
{
	return origin->level == SCTRACE_ORIGIN_CGROUP;
}

/* The record that has counted this origin, or NULL */
static struct sctrace_record *counted_by(const struct sctrace_origin *origin)
{
	struct sctrace_record *rec;

	if (about_cgroup(origin))
		return sctrace_cgroup_record_by_id(origin->counted);
	rec = sctrace_record_of(origin->ns);
	return rec && rec->id == origin->counted ? rec : NULL;
}

static void count(struct sctrace_record *rec, struct sctrace_origin *origin)
{
	lockdep_assert_held(&sctrace_lock);
	origin->counted = rec->id;
	rec->origins++;
	if (sctrace_is_of_cgroup(rec))
		sctrace_cgroup_quick(rec, rec->origins == 1);
	else
		sctrace_record_quick(rec);
}

/*
 * Is the fast path to look closer at a process for an origin about a cgroup? Not where that only
 * says that it is an exec.
 */
static bool counts_for_cgroup(const struct sctrace_origin *origin)
{
	return origin->outside || origin->filter;
}

static void uncount(struct sctrace_origin *origin)
{
	struct sctrace_record *rec = counted_by(origin);

	lockdep_assert_held(&sctrace_lock);
	if (!rec || (about_cgroup(origin) && !counts_for_cgroup(origin)))
		return;
	rec->origins--;
	if (sctrace_is_of_cgroup(rec))
		sctrace_cgroup_quick(rec, !rec->origins);
	else
		sctrace_record_quick(rec);
}

/* What has left its bucket, or its place behind another one */
static void del(struct sctrace_origin *origin)
{
	lockdep_assert_held(&sctrace_lock);
	WRITE_ONCE(sctrace_origins_num, sctrace_origins_num - 1);
	uncount(origin);
	call_rcu(&origin->rcu, free_origin);
}

/* All of a process */
static void del_all(struct sctrace_origin *origin)
{
	struct sctrace_origin *next;

	lockdep_assert_held(&sctrace_lock);
	if (origin)
		hlist_del_rcu(&origin->node);
	for (; origin; origin = next) {
		next = origin->next;
		del(origin);
	}
}

/* There was no memory for an origin of a process in this namespace */
static void miss(struct pid_namespace *ns, unsigned int level)
{
	struct sctrace_record *rec;

	lockdep_assert_held(&sctrace_lock);
	for (; ns && ns->level > level; ns = ns->parent) {
		rec = sctrace_record_of(ns);
		if (rec)
			rec->origin_missed = true;
	}
}

/* Is one of these origins of who made a namespace? */
static bool made_by(const struct sctrace_origin *origin, const struct pid_namespace *ns)
{
	while (origin && origin->made != ns->level)
		origin = sctrace_origin_next(origin);
	return origin;
}

/* Did a process come into a namespace that somebody with other origins has made? */
static bool is_guest(const struct sctrace_origin *origin, const struct pid_namespace *ns)
{
	const struct task_struct *init;
	bool guest;

	rcu_read_lock();
	init = pid_task(find_pid_ns(1, (struct pid_namespace *)ns), PIDTYPE_PID);
	guest = init && made_by(sctrace_origin_first(init), ns) && !made_by(origin, ns);
	rcu_read_unlock();
	return guest;
}

/*
 * Did a process come with another filter than the init of a namespace that its origin is about?
 * Or is the namespace an exec's, and the process may be none? Then the origin still says something
 * when the process has called execve.
 */
static bool matters(const struct sctrace_origin *origin)
{
	const struct sctrace_record *rec;
	const struct pid_namespace *ns;

	for (ns = origin->ns; ns && ns->level > origin->level; ns = ns->parent) {
		if (ns->level > origin->inner)
			continue;
		rec = sctrace_record_of(ns);
		if ((rec && rec->native.hot.filter != origin->filter) || is_guest(origin, ns))
			return true;
	}
	return false;
}

/* Is the fast path to look closer at this one? Not where it only says that it is an exec */
static bool counts(const struct sctrace_origin *origin)
{
	return origin->outside || matters(origin);
}

/*
 * Makes an origin of a process. @from: what it says; @link: where the one with the next lower
 * level goes, which moves on.
 */
static void remember(struct sctrace_origin ***link,
		     struct task_struct *child, struct pid_namespace *ns,
		     const struct sctrace_origin *from)
{
	struct sctrace_origin *origin = sctrace_pool_take(&sctrace_origins);
	struct sctrace_record *rec = sctrace_record_of(ns);

	lockdep_assert_held(&sctrace_lock);
	if (!origin) {
		/* An exec without an origin is taken for workload: nothing is lost */
		if (counts(from))
			miss(ns, from->level);
		return;
	}
	origin->process = child->signal;
	origin->ns = ns;
	origin->filter = from->filter;
	origin->level = from->level;
	origin->inner = from->inner;
	origin->entered = from->entered;
	origin->made = from->made;
	if (from->inner < ns->level && is_child_reaper(task_pid(child)))
		origin->made = ns->level;
	origin->outside = from->outside;
	WRITE_ONCE(sctrace_origins_num, sctrace_origins_num + 1);
	if (rec && counts(from))
		count(rec, origin);
	**link = origin;
	*link = &origin->next;
}

/*
 * The same for a process that was forked into its namespace from outside. @from: from where;
 * @filter: that it came with.
 */
static void remember_new(struct sctrace_origin ***link,
			 struct task_struct *child, struct pid_namespace *ns,
			 const void *filter, const struct pid_namespace *from)
{
	struct sctrace_origin origin = {
		.ns = ns,
		.filter = filter,
		.level = from->level,
		.inner = ns->level,
		.outside = true,
	};
	const struct sctrace_record *rec;
	const struct pid_namespace *up;

	for (up = ns; up && up->level > from->level && !origin.entered; up = up->parent) {
		rec = sctrace_record_of(up);
		if (rec && rec->flags & SCTRACE_F_RUNNING)
			origin.entered = up->level;
	}
	remember(link, child, ns, &origin);
}

/* Shows probes the first origin of a process, and by it the others */
static void publish(struct sctrace_origin *first)
{
	lockdep_assert_held(&sctrace_lock);
	if (first)
		hlist_add_head_rcu(&first->node,
				   sctrace_origin_bucket(first->process));
}

/**
 * sctrace_origin_about() - which origin of a process matters to a record?
 * @first: sctrace_origin_first() of the process
 * @rec: the record
 *
 * Context: as sctrace_origin_first().
 * Return: the origin, or NULL: none does.
 */
const struct sctrace_origin *
sctrace_origin_about(const struct sctrace_origin *first,
		     const struct sctrace_record *rec)
{
	if (!sctrace_is_of_cgroup(rec)) {
		/* Above each are those about cgroups */
		while (first && first->level >= rec->level)
			first = sctrace_origin_next(first);
		return first && rec->level <= first->inner ? first : NULL;
	}
	for (; first && about_cgroup(first); first = sctrace_origin_next(first)) {
		if (first->counted == rec->id)
			return first;
	}
	return NULL;
}

static const void *mnt_ns_of_current(void)
{
	/* NULL in a task that exits */
	return current->nsproxy ? current->nsproxy->mnt_ns : NULL;
}

/*
 * Does a process come to where a program has begun? Another container in what is recorded has a
 * cgroup of its own.
 */
static bool is_entered(const struct sctrace_record *rec, const struct task_struct *tsk)
{
	return rec->begun_in && rec->begun_in == sctrace_cgroup_id(sctrace_cgroup_of(tsk));
}

/*
 * Makes an origin of a process, about a cgroup. @from: that of who forked it, to go on with; or
 * NULL: current has brought it in. @link: as remember() has it.
 */
static void remember_cgroup(struct sctrace_origin ***link, const struct task_struct *tsk,
			    struct sctrace_record *rec, const struct sctrace_origin *from)
{
	struct sctrace_origin *origin = sctrace_pool_take(&sctrace_origins);

	lockdep_assert_held(&sctrace_lock);
	if (!origin) {
		/* As for remember() */
		rec->origin_missed |= !from || counts_for_cgroup(from);
		return;
	}
	origin->process = tsk->signal;
	origin->level = SCTRACE_ORIGIN_CGROUP;
	origin->filter = from ? from->filter : sctrace_seccomp_filter(current);
	origin->mnt_ns = from ? from->mnt_ns : mnt_ns_of_current();
	origin->attached = from ? from->attached : current->signal == tsk->signal;
	origin->outside = from ? from->outside : true;
	origin->entered = from ? from->entered : is_entered(rec, tsk);
	WRITE_ONCE(sctrace_origins_num, sctrace_origins_num + 1);
	if (counts_for_cgroup(origin))
		count(rec, origin);
	else
		origin->counted = rec->id;
	**link = origin;
	*link = &origin->next;
}

/* Those of a child that was just forked. @origin: the first of the parent's */
static void remember_cgroups(struct sctrace_origin ***link,
			     const struct task_struct *parent,
			     const struct task_struct *child,
			     const struct sctrace_origin *origin)
{
	const struct sctrace_origin *from;
	struct sctrace_record *rec;
	struct sctrace_each each;

	for_each_record(rec, &each, NULL, sctrace_cgroup_of(child)) {
		from = sctrace_origin_about(origin, rec);
		if (from || !sctrace_in_cgroup_of(rec, sctrace_cgroup_of(parent)))
			remember_cgroup(link, child, rec, from);
	}
}

/* Was a child forked into a recorded cgroup? */
static bool into_cgroup(const struct task_struct *parent, const struct task_struct *child)
{
	return unlikely(READ_ONCE(sctrace_cgroup_records_num)) &&
	       sctrace_cgroup_of(parent) != sctrace_cgroup_of(child);
}

/**
 * sctrace_origin_fork() - a process was forked
 * @parent: current, which forked it
 * @child: it has not run yet
 *
 * Context: the probe of sched_process_fork. Takes sctrace_lock.
 */
void sctrace_origin_fork(struct task_struct *parent, struct task_struct *child)
{
	struct pid_namespace *from = ns_of_pid(task_pid(parent));
	struct pid_namespace *ns = ns_of_pid(task_pid(child));
	struct sctrace_origin *first = NULL, **link = &first;
	const struct sctrace_origin *origin;

	/* A new thread belongs to the process */
	if (child->signal == parent->signal)
		return;
	rcu_read_lock();
	origin = sctrace_origin_first(parent);
	if (origin || ns != from || into_cgroup(parent, child)) {
		raw_spin_lock(&sctrace_lock);
		/* sctrace_origin_seed() may have met the child already, and knew less */
		del_all((struct sctrace_origin *)sctrace_origin_first(child));
		remember_cgroups(&link, parent, child, origin);
		while (origin && about_cgroup(origin))
			origin = sctrace_origin_next(origin);
		/* What the parent has is of lower levels than its own */
		if (ns != from)
			remember_new(&link, child, ns, sctrace_seccomp_filter(parent),
				     from);
		for (; origin; origin = sctrace_origin_next(origin))
			remember(&link, child, ns, origin);
		publish(first);
		raw_spin_unlock(&sctrace_lock);
	}
	rcu_read_unlock();
	if (sctrace_pool_low(&sctrace_origins))
		sctrace_pools_refill();
}

/*
 * Current has called execve. Is the origin, about a cgroup, still to be known? It is as long as
 * the set-up goes on, when its filter says what the process's own filter is, and when it says that
 * this is an exec.
 */
static bool matters_to_cgroup(struct sctrace_origin *origin)
{
	struct sctrace_record *rec = sctrace_cgroup_record_by_id(origin->counted);
	const void *filter = sctrace_seccomp_filter(current);

	lockdep_assert_held(&sctrace_lock);
	if (!rec)
		return false;
	if (origin->outside) {
		if (!origin->attached && origin->mnt_ns == mnt_ns_of_current() &&
		    (!filter || filter == origin->filter))
			return true;
		/* systemd lets what it starts attach itself; who enters a container is moved */
		if (origin->attached)
			origin->entered = 0;
		if (!origin->filter)
			uncount(origin);
		WRITE_ONCE(origin->outside, false);
		sctrace_cgroup_running(rec, current);
	}
	return origin->filter || origin->entered;
}

/*
 * Current's process has called execve: leaves of its origins those that matter. With @gone it has
 * not, and those about records that are gone go.
 */
static void sift(struct sctrace_origin *origin, bool gone)
{
	struct sctrace_origin *next, *first = NULL, **link = &first;
	struct hlist_node *old = &origin->node;
	bool keep;

	lockdep_assert_held(&sctrace_lock);
	for (; origin; origin = next) {
		next = origin->next;
		if (gone) {
			keep = !about_cgroup(origin) || counted_by(origin);
		} else if (about_cgroup(origin)) {
			keep = matters_to_cgroup(origin);
		} else {
			WRITE_ONCE(origin->outside, false);
			keep = matters(origin);
			if (!keep && origin->entered) {
				/* It only says that this is an exec: the fast path may go on */
				uncount(origin);
				origin->counted = 0;
				keep = true;
			}
		}
		if (!keep) {
			del(origin);
			continue;
		}
		/* A reader on one that is gone goes on to those behind it */
		WRITE_ONCE(*link, origin);
		link = &origin->next;
	}
	WRITE_ONCE(*link, NULL);
	if (!first)
		hlist_del_rcu(old);
	else if (&first->node != old)
		hlist_replace_rcu(old, &first->node);
}

/**
 * sctrace_origin_exec() - a process has called execve
 * @tsk: current
 *
 * Context: the probe of sched_process_exec. Takes sctrace_lock.
 */
void sctrace_origin_exec(struct task_struct *tsk)
{
	struct sctrace_origin *origin;

	/* Against sctrace_origin_seed(), which looks whether this has happened */
	smp_mb();
	rcu_read_lock();
	if (sctrace_origin_first(tsk)) {
		raw_spin_lock(&sctrace_lock);
		/* sctrace_origin_seed() may have taken back what it made */
		origin = (struct sctrace_origin *)sctrace_origin_first(tsk);
		if (origin)
			sift(origin, false);
		raw_spin_unlock(&sctrace_lock);
	}
	rcu_read_unlock();
}

/**
 * sctrace_origin_exit() - the last thread of a process exits
 * @tsk: current
 *
 * Context: the probe of sched_process_exit. Takes sctrace_lock.
 */
void sctrace_origin_exit(struct task_struct *tsk)
{
	rcu_read_lock();
	if (sctrace_origin_first(tsk)) {
		raw_spin_lock(&sctrace_lock);
		/* Two threads that exit at once may both be taken for the last */
		del_all((struct sctrace_origin *)sctrace_origin_first(tsk));
		raw_spin_unlock(&sctrace_lock);
	}
	rcu_read_unlock();
}

/* Puts an origin before the others of its process */
static void put_first(struct sctrace_origin *origin, struct sctrace_origin *first)
{
	lockdep_assert_held(&sctrace_lock);
	origin->next = first;
	if (first)
		hlist_replace_rcu(&first->node, &origin->node);
	else
		publish(origin);
}

/* Takes one of a process's origins out */
static void take_out(struct sctrace_origin *first, struct sctrace_origin *origin)
{
	struct sctrace_origin *before;

	lockdep_assert_held(&sctrace_lock);
	if (first != origin) {
		for (before = first; before->next != origin; before = before->next)
			;
		WRITE_ONCE(before->next, origin->next);
	} else if (origin->next) {
		hlist_replace_rcu(&origin->node, &origin->next->node);
	} else {
		hlist_del_rcu(&origin->node);
	}
	del(origin);
}

/* Has the process, or its thread, that was moved come into a recorded cgroup, or left it? */
static void moved(struct sctrace_record *rec, struct task_struct *tsk, bool process,
		  int inside)
{
	const bool itself = current->signal == tsk->signal;
	struct sctrace_origin *first, *origin, *made = NULL, **link = &made;

	lockdep_assert_held(&sctrace_lock);
	first = (struct sctrace_origin *)sctrace_origin_first(tsk);
	origin = (struct sctrace_origin *)sctrace_origin_about(first, rec);
	if (!sctrace_in_cgroup_of(rec, sctrace_cgroup_of(tsk))) {
		if (origin && process)
			take_out(first, origin);
		return;
	}
	if (origin) {
		if (itself)
			origin->attached = true;
		return;
	}
	/* Then it was in this one */
	if (inside > 0 && sctrace_cgroup_records_num == 1)
		return;
	if (inside && (itself || sctrace_in_cgroup_of(rec, sctrace_cgroup_of(current)))) {
		/* If it comes from outside, its set-up is over, as far as one can tell */
		if (inside < 0)
			sctrace_cgroup_running(rec, tsk);
		return;
	}
	remember_cgroup(&link, tsk, rec, NULL);
	if (made)
		put_first(made, first);
}

/**
 * sctrace_origin_attach() - a task was moved to another cgroup
 * @tsk: the task; current has moved it
 * @process: and so were all threads of its process
 * @inside: it was in a recorded cgroup before; 0: it was in none; negative: that is not known
 *
 * Context: the probe of cgroup_attach_task. Takes sctrace_lock.
 */
void sctrace_origin_attach(struct task_struct *tsk, bool process, int inside)
{
	struct sctrace_record *rec;
	unsigned int i;

	if (!READ_ONCE(sctrace_cgroup_records_num))
		return;
	rcu_read_lock();
	raw_spin_lock(&sctrace_lock);
	for (i = 0; i < SCTRACE_CG_MAX; i++) {
		rec = sctrace_cgroup_records[i];
		if (rec && rec->cgrp && !(rec->flags & SCTRACE_F_STOPPED))
			moved(rec, tsk, process, inside);
	}
	/* If it has exited, the probe there may have been before this */
	if (!atomic_read(&tsk->signal->live))
		del_all((struct sctrace_origin *)sctrace_origin_first(tsk));
	raw_spin_unlock(&sctrace_lock);
	rcu_read_unlock();
	if (sctrace_pool_low(&sctrace_origins))
		sctrace_pools_refill();
}

static bool is_unexecuted(const struct task_struct *tsk)
{
	return sctrace_task_flags(tsk) & PF_FORKNOEXEC &&
	       atomic_read(&tsk->signal->live);
}

/* Decides late where a process came from: by its parent */
static void seed(struct task_struct *tsk)
{
	struct task_struct *parent = rcu_dereference_raw(tsk->real_parent);
	struct pid_namespace *ns = task_active_pid_ns(tsk);
	struct pid_namespace *from = task_active_pid_ns(parent);
	struct sctrace_origin *first = NULL, **link = &first;
	const struct sctrace_origin *origin;

	lockdep_assert_held(&sctrace_lock);
	if (!ns || !from || !sctrace_ns_inside(ns, from) ||
	    sctrace_origin_first(tsk) || !is_unexecuted(tsk))
		return;
	if (ns != from)
		remember_new(&link, tsk, ns, sctrace_base_filter(tsk), from);
	for (origin = sctrace_origin_first(parent); origin;
	     origin = sctrace_origin_next(origin)) {
		if (origin->outside && !about_cgroup(origin))
			remember(&link, tsk, ns, origin);
	}
	publish(first);
	/* It may have called execve, or have exited, before it could be found here */
	smp_mb();
	if (!is_unexecuted(tsk))
		del_all(first);
}

/**
 * sctrace_origin_seed() - decide where the processes come from that are there
 *
 * Processes that are forked meanwhile are left to the probes, which are registered.
 *
 * Context: may sleep; takes sctrace_lock.
 */
void sctrace_origin_seed(void)
{
	struct task_struct *p;
	bool filled, low;

	lockdep_assert_held(&sctrace_mutex);
	do {
		low = false;
		/* Without memory the origin is missed, and the record says so */
		filled = !sctrace_pool_fill(&sctrace_origins);
		rcu_read_lock();
		for_each_process(p) {
			if (p->flags & PF_KTHREAD || !is_unexecuted(p))
				continue;
			low = filled && sctrace_pool_low(&sctrace_origins);
			if (low)
				break;
			raw_spin_lock(&sctrace_lock);
			seed(p);
			raw_spin_unlock(&sctrace_lock);
		}
		rcu_read_unlock();
	} while (low);
}

/**
 * sctrace_origin_clear() - forget all origins
 *
 * Without the probes nobody knows what becomes of the processes.
 *
 * Context: may sleep; takes sctrace_lock.
 */
void sctrace_origin_clear(void)
{
	unsigned int i, size = 1U << (32 - sctrace_origin_shift);
	struct hlist_node *node;

	for (i = 0; i < size && READ_ONCE(sctrace_origins_num); i++) {
		raw_spin_lock(&sctrace_lock);
		while ((node = sctrace_origin_table[i].first))
			del_all(hlist_entry(node, struct sctrace_origin, node));
		raw_spin_unlock(&sctrace_lock);
	}
}

/**
 * sctrace_origin_forget() - forget origins about records of cgroups that are gone
 *
 * Context: may sleep; takes sctrace_lock.
 */
void sctrace_origin_forget(void)
{
	unsigned int i, end, size = 1U << (32 - sctrace_origin_shift);
	struct sctrace_origin *first;
	struct hlist_node *next;

	lockdep_assert_held(&sctrace_mutex);
	if (!READ_ONCE(sctrace_cgroup_record_left))
		return;
	WRITE_ONCE(sctrace_cgroup_record_left, false);
	for (i = 0; i < size && READ_ONCE(sctrace_origins_num); i = end) {
		end = min(i + SCTRACE_ORIGIN_BATCH, size);
		raw_spin_lock(&sctrace_lock);
		for (; i < end; i++) {
			hlist_for_each_entry_safe(first, next, &sctrace_origin_table[i],
						  node)
				sift(first, true);
		}
		raw_spin_unlock(&sctrace_lock);
	}
}

static void count_all(struct sctrace_record *rec)
{
	unsigned int i, end, size = 1U << (32 - sctrace_origin_shift);
	struct sctrace_origin *first, *origin;

	for (i = 0; i < size && READ_ONCE(sctrace_origins_num); i = end) {
		end = min(i + SCTRACE_ORIGIN_BATCH, size);
		raw_spin_lock(&sctrace_lock);
		for (; i < end; i++) {
			hlist_for_each_entry(first, &sctrace_origin_table[i],
					     node) {
				for (origin = first; origin; origin = origin->next) {
					if (origin->ns == rec->ns &&
					    origin->counted != rec->id &&
					    counts(origin))
						count(rec, origin);
				}
			}
		}
		raw_spin_unlock(&sctrace_lock);
	}
	raw_spin_lock(&sctrace_lock);
	rec->uncounted = false;
	sctrace_record_quick(rec);
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_origin_count() - count the origins of each record that is uncounted
 *
 * Context: may sleep; takes sctrace_lock.
 */
void sctrace_origin_count(void)
{
	struct sctrace_record *rec;

	lockdep_assert_held(&sctrace_mutex);
	if (!READ_ONCE(sctrace_uncounted))
		return;
	WRITE_ONCE(sctrace_uncounted, false);
	for (rec = sctrace_record_next(0); rec;
	     rec = sctrace_record_after(rec)) {
		if (READ_ONCE(rec->uncounted))
			count_all(rec);
	}
}

/**
 * sctrace_origin_init() - make the table
 *
 * It has a bucket for each MB of memory: so many processes that a bucket gets long do
 * not fit into it.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, when sctrace_origin_free() is still to be called.
 */
int sctrace_origin_init(void)
{
	struct sysinfo info;
	u64 size;

	si_meminfo(&info);
	size = (u64)info.totalram * info.mem_unit >> 20;
	size = roundup_pow_of_two(clamp_t(unsigned long, size, 1024, 65536));
	sctrace_origin_shift = 32 - ilog2(size);
	sctrace_origin_table = sctrace_vmalloc(size *
					       sizeof(*sctrace_origin_table),
					       SCTRACE_GFP | __GFP_ZERO);
	if (!sctrace_origin_table)
		return -ENOMEM;
	return sctrace_pool_init(&sctrace_origins) ?:
	       sctrace_pool_fill(&sctrace_origins);
}

/**
 * sctrace_origin_free() - free everything
 *
 * Context: may sleep; the probes are gone.
 */
void sctrace_origin_free(void)
{
	if (sctrace_origin_table)
		sctrace_origin_clear();
	rcu_barrier();
	sctrace_pool_exit(&sctrace_origins);
	vfree(sctrace_origin_table);
}
