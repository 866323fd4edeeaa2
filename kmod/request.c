// SPDX-License-Identifier: GPL-2.0

#include <linux/errno.h>
#include <linux/string.h>

#include "cgroup.h"
#include "inflight.h"
#include "request.h"

struct sctrace_snapshot sctrace_snapshot;

/**
 * sctrace_record_resets() - how often a record was emptied
 * @id: which
 *
 * Return: a number that changes with each RESET, and when the record goes.
 */
unsigned int sctrace_record_resets(u64 id)
{
	struct sctrace_record *rec = sctrace_record_by_id(id);

	return rec ? rec->resets + 1 : UINT_MAX;
}

static bool has_id(struct sctrace_record *rec, void *id)
{
	return rec->id == *(u64 *)id;
}

/**
 * sctrace_record_by_id() - find a record by its ID
 * @id: never used again once it was given
 *
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_id(u64 id)
{
	return sctrace_record_walk(has_id, &id);
}

struct by_inum {
	u32 inum;
	struct sctrace_record *found;
};

static bool has_inum(struct sctrace_record *rec, void *arg)
{
	struct by_inum *by = arg;

	if (sctrace_is_of_cgroup(rec))
		return false;
	/* The walk goes from old to new */
	if (rec->inum == by->inum)
		by->found = rec;
	/* A number belongs to one living namespace at most */
	return rec->inum == by->inum && !(rec->flags & SCTRACE_F_ENDED);
}

/**
 * sctrace_record_by_inum() - find a record by its namespace's number
 * @inum: as /proc/PID/ns/pid shows it
 *
 * Return: the record of the living namespace with that number, or else the newest; NULL
 * when there is none.
 */
struct sctrace_record *sctrace_record_by_inum(u32 inum)
{
	struct by_inum by = { .inum = inum };

	sctrace_record_walk(has_inum, &by);
	return by.found;
}

struct namesakes {
	u32 inum;
	u32 num;
};

static bool is_namesake(struct sctrace_record *rec, void *arg)
{
	struct namesakes *same = arg;

	same->num += rec->inum == same->inum;
	return false;
}

/**
 * sctrace_record_namesakes() - how many records have the number of one
 * @inum: the number
 *
 * Return: how many more than one.
 */
u32 sctrace_record_namesakes(u32 inum)
{
	struct namesakes same = { .inum = inum };

	sctrace_record_walk(is_namesake, &same);
	return same.num ? same.num - 1 : 0;
}

static bool has_label(struct sctrace_record *rec, void *label)
{
	return rec->label && !strcmp(rec->label, label);
}

/**
 * sctrace_record_by_label() - find a record by the label that START gave it
 * @label: a string
 *
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_label(const char *label)
{
	return sctrace_record_walk(has_label, (void *)label);
}

/**
 * sctrace_record_by_ns() - find the record of a namespace
 * @ns: a namespace that cannot go away
 *
 * Return: the record, or NULL.
 */
struct sctrace_record *sctrace_record_by_ns(struct pid_namespace *ns)
{
	struct sctrace_record *rec;

	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	rec = sctrace_record_of(ns);
	raw_spin_unlock(&sctrace_lock);
	if (rec)
		return rec;
	/* The worker took it out of the table; the init may be a zombie still */
	rec = sctrace_record_by_inum(sctrace_ns_inum(ns));
	return rec && rec->flags & SCTRACE_F_ENDED &&
	       sctrace_record_is_of(rec, ns) ? rec : NULL;
}

static bool incomplete(const struct sctrace_record *rec)
{
	return rec->born_missed || rec->origin_missed ||
	       rec->sightings_missed || rec->missed_num || rec->missed_more;
}

/* Why all watched numbers of a record are open: bits 1 << enum sctrace_open */
static u32 all_open(const struct sctrace_record *rec)
{
	u32 open = 0;

	if (rec->flags & SCTRACE_F_LATE || rec->born_missed || rec->values_late ||
	    (rec->old && !(rec->flags & SCTRACE_F_RUNNING)))
		open |= BIT(SCTRACE_OPEN_LATE);
	if (rec->flags & SCTRACE_F_GAP)
		open |= BIT(SCTRACE_OPEN_GAP);
	/* What is of a process of unknown origin may be in another set */
	if (rec->values_missed || rec->origin_missed)
		open |= BIT(SCTRACE_OPEN_MEMORY);
	return open;
}

static const u32 stage_bits[SCTRACE_STAGES] = {
	0,
	SCTRACE_KIND_SETUP,
	SCTRACE_KIND_SETUP | SCTRACE_KIND_PROGRAM,
	SCTRACE_KIND_EXEC,
};

/**
 * sctrace_kind_told() - as which kind a set, sighting or value is told to a reader
 * @want: SCTRACE_WANT_* bits that the reader sent
 * @kind: in the record
 *
 * Return: the kind, without the bits that the reader did not ask for.
 */
unsigned int sctrace_kind_told(u32 want, unsigned int kind)
{
	if (kind & SCTRACE_KIND_SETUP)
		return want & SCTRACE_WANT_PROGRAMS ? kind : kind & ~SCTRACE_KIND_PROGRAM;
	return want & SCTRACE_WANT_EXECS ? kind : kind & ~SCTRACE_KIND_EXEC;
}

static void or_set(unsigned long *to, const unsigned long *set)
{
	bitmap_or(to, to, set, SCTRACE_NR_MAX);
}

static void copy_sets(unsigned long (*to)[BITS_TO_LONGS(SCTRACE_NR_MAX)],
		      const struct sctrace_abi *abi, u32 want)
{
	unsigned int i, kind;

	for (i = 0; i < SCTRACE_STAGES; i++) {
		kind = sctrace_kind_told(want, stage_bits[i]);
		or_set(to[kind], abi->sets[i][0]);
		or_set(to[kind | SCTRACE_KIND_CONFINED], abi->sets[i][1]);
		if (!abi->refused)
			continue;
		kind |= SCTRACE_KIND_REFUSED;
		or_set(to[kind], abi->refused->sets[i][0]);
		or_set(to[kind | SCTRACE_KIND_CONFINED],
		       abi->refused->sets[i][1]);
	}
}

static void look_at_container(struct sctrace_record *rec)
{
	struct pid_namespace *ns;

	sctrace_container_resolve();
	if (rec->container.final)
		return;
	ns = sctrace_record_get_ns(rec);
	if (ns) {
		sctrace_container_look(&rec->container, ns);
		put_pid_ns(ns);
	}
}

/**
 * sctrace_record_snapshot() - copy a record as it is at this moment
 * @rec: the record
 * @snap: where to
 * @want: SCTRACE_WANT_* bits
 */
void sctrace_record_snapshot(struct sctrace_record *rec,
			     struct sctrace_snapshot *snap, u32 want)
{
	const struct sctrace_abi *abi;
	unsigned int i;

	lockdep_assert_held(&sctrace_mutex);
	look_at_container(rec);
	memset(snap, 0, sizeof(*snap));
	snap->want = want;
	raw_spin_lock(&sctrace_lock);
	snap->id = rec->id;
	snap->inum = rec->inum;
	snap->parent_inum = rec->parent_inum;
	snap->level = rec->level;
	snap->flags = rec->flags | (incomplete(rec) ? SCTRACE_F_INCOMPLETE : 0);
	snap->since = rec->since;
	snap->ended_at = rec->ended_at;
	snap->last_new = rec->last_new;
	snap->init_pid = rec->init_pid;
	memcpy(snap->comm, rec->comm, sizeof(snap->comm));
	if (rec->label)
		memcpy(snap->label, rec->label, strlen(rec->label));
	if (sctrace_is_of_cgroup(rec)) {
		/* The caller's sctrace_mutex keeps it */
		snap->path = rec->path;
		snap->cgroup_id = rec->cgroup_id;
		snap->starts = rec->starts;
	}
	if (rec->container.cgroup)
		memcpy(snap->cgroup, rec->container.cgroup,
		       strlen(rec->container.cgroup));
	memcpy(snap->hostname, rec->container.hostname, sizeof(snap->hostname));
	snap->other = rec->other;
	snap->other_nr = rec->other_nr;
	snap->sightings = rec->journal.sightings;
	snap->sightings_missed = rec->sightings_missed;
	snap->calls_missed = rec->calls_missed;
	snap->cells = rec->journal.cells;
	snap->values = rec->store.num;
	snap->open = all_open(rec);
	for_each_abi(abi, rec, i) {
		snap->arch[i] = abi->arch;
		copy_sets(snap->sets[i], abi, want);
	}
	snap->abis = i;
	raw_spin_unlock(&sctrace_lock);
}

static bool lacks_sightings(struct sctrace_record *rec, void *id)
{
	return rec->id > *(u64 *)id && rec->sightings_missed &&
	       !sctrace_journal_full(&rec->journal);
}

/* Of the numbers in a snapshot leaves those that have no sighting */
static void find_unsighted(const struct sctrace_record *rec,
			   struct sctrace_snapshot *snap)
{
	const union sctrace_cell *cell;
	struct sctrace_journal_iter it;

	sctrace_journal_seek(&rec->journal, &it, 0, snap->cells);
	while ((cell = sctrace_journal_next(&rec->journal, &it)))
		__clear_bit_le(SCTRACE_WHAT_NR(cell->what),
			       snap->sets[SCTRACE_WHAT_ABI(cell->what)]
					 [SCTRACE_WHAT_KIND(cell->what)]);
}

/* Return: false: there is no memory, or no room */
static bool add_sighting(struct sctrace_record *rec, unsigned int what)
{
	/* Nobody knows whose it was */
	static const char comm[SCTRACE_COMM_LEN] = "?";
	bool added;

	if (sctrace_pool_low(&sctrace_chunks))
		sctrace_pool_fill(&sctrace_chunks);
	raw_spin_lock(&sctrace_lock);
	added = sctrace_journal_add(&rec->journal, sctrace_now(), 0,
				    what | SCTRACE_WHAT_DELAYED, comm);
	rec->sightings_missed -= added;
	raw_spin_unlock(&sctrace_lock);
	return added;
}

static void add_sightings(struct sctrace_record *rec,
			  const struct sctrace_snapshot *snap)
{
	unsigned int abi, kind, nr;

	for (abi = 0; abi < snap->abis; abi++) {
		for (kind = 0; kind < SCTRACE_KINDS; kind++) {
			for (nr = 0; nr < SCTRACE_NR_MAX; nr++) {
				if (test_bit_le(nr, snap->sets[abi][kind]) &&
				    !add_sighting(rec, SCTRACE_WHAT(nr, kind, abi)))
					return;
			}
		}
	}
}

/**
 * sctrace_record_sight() - write the sightings for which there was no memory
 *
 * A probe cannot do this: it would have to look through the whole journal to see which
 * are missing.
 *
 * Context: may sleep; takes sctrace_lock.
 * Return: there is still no memory for some: to be called again.
 */
bool sctrace_record_sight(void)
{
	struct sctrace_record *rec;
	u64 id = 0;

	lockdep_assert_held(&sctrace_mutex);
	if (!READ_ONCE(sctrace_unsighted))
		return false;
	raw_spin_lock(&sctrace_lock);
	sctrace_unsighted = SCTRACE_ALL_SIGHTED;
	raw_spin_unlock(&sctrace_lock);
	while ((rec = sctrace_record_walk(lacks_sightings, &id))) {
		id = rec->id;
		sctrace_record_snapshot(rec, &sctrace_snapshot,
					SCTRACE_WANT_PROGRAMS | SCTRACE_WANT_EXECS);
		find_unsighted(rec, &sctrace_snapshot);
		add_sightings(rec, &sctrace_snapshot);
	}
	id = 0;
	if (!sctrace_record_walk(lacks_sightings, &id))
		return false;
	raw_spin_lock(&sctrace_lock);
	sctrace_unsighted = SCTRACE_UNSIGHTED_TOLD;
	raw_spin_unlock(&sctrace_lock);
	return true;
}

static bool count(struct sctrace_record *rec, void *arg)
{
	struct sctrace_counts *counts = arg;

	counts->records++;
	if (rec->flags & SCTRACE_F_HELD)
		counts->held++;
	if (!(rec->flags & SCTRACE_F_ENDED)) {
		counts->live++;
	} else {
		counts->ended++;
		/* One that waits for the next cgroup has to see the first call in that */
		if (list_empty(&rec->fading) &&
		    !(sctrace_is_of_cgroup(rec) && sctrace_cgroup_record_by_id(rec->id)))
			return false;
	}
	if (rec->flags & SCTRACE_F_STOPPED)
		return false;
	counts->active++;
	if (rec->flags & SCTRACE_F_REFUSED)
		counts->refusing++;
	return false;
}

/**
 * sctrace_record_count() - how many records there are
 * @counts: where to
 *
 * When none is active, or refusing, that stays so until the next START: a new record
 * is active only when one of an ancestor is.
 */
void sctrace_record_count(struct sctrace_counts *counts)
{
	lockdep_assert_held(&sctrace_mutex);
	memset(counts, 0, sizeof(*counts));
	sctrace_record_walk(count, counts);
}

/**
 * sctrace_record_start() - have a record for a namespace
 * @ns: a namespace that cannot go away
 * @probed: the probes are registered
 *
 * Context: may sleep.
 * Return: the record that is there or was made. -ESTALE: the namespace has
 * ended. -ENOSPC: no room, and nothing to evict. -ENOMEM.
 */
struct sctrace_record *sctrace_record_start(struct pid_namespace *ns,
					    bool probed)
{
	struct sctrace_record *rec;
	struct sctrace_init init;

	rec = sctrace_record_by_ns(ns);
	if (rec)
		return rec;
	sctrace_init_of(ns, &init);
	if (!init.alive)
		return ERR_PTR(-ESTALE);
	if (sctrace_pool_fill(&sctrace_records))
		return ERR_PTR(-ENOMEM);
	preempt_disable();
	rec = sctrace_record_add_old(ns);
	preempt_enable();
	if (!rec)
		return ERR_PTR(-ENOSPC);
	sctrace_clear_seen_below(rec);
	if (probed) {
		/*
		 * Probes that began before may still give their CPU the hint that
		 * @ns, or a namespace inside of it, has no record.
		 */
		sctrace_synchronize_probes();
		sctrace_hints_clear(NULL);
	}
	return rec;
}

/**
 * sctrace_record_start_cgroup() - make a record of a cgroup
 * @cgrp: the cgroup, to which the caller has a reference; or NULL: it is looked for at @path
 * @path: where it is; set to NULL when the record took it
 *
 * With @cgrp the record is of that cgroup, without it of each that is at @path.
 *
 * Context: may sleep. The probes that such records need are registered.
 * Return: the record. -ENOSPC: no room, and nothing to evict. -ENOMEM. -E2BIG: there are too
 * many. -ESTALE: the cgroup has been removed.
 */
struct sctrace_record *sctrace_record_start_cgroup(struct cgroup *cgrp, char **path)
{
	struct sctrace_record *rec;

	if (sctrace_pool_fill(&sctrace_records))
		return ERR_PTR(-ENOMEM);
	if (READ_ONCE(sctrace_cgroup_records_num) >= SCTRACE_CG_MAX)
		return ERR_PTR(-E2BIG);
	rec = sctrace_record_add_cgroup(path, !cgrp);
	if (!rec)
		return ERR_PTR(-ENOSPC);
	if (cgrp) {
		sctrace_cgroup_bind(rec, cgrp);
		if (rec->cgrp)
			return rec;
		sctrace_record_drop(rec);
		return ERR_PTR(-ESTALE);
	}
	/* If it is made at this moment, the probe binds the record, or this does */
	cgrp = sctrace_cgroup_at(rec->path);
	if (cgrp) {
		sctrace_cgroup_bind(rec, cgrp);
		sctrace_cgroup_unpin(cgrp);
	}
	return rec;
}

/**
 * sctrace_record_resume() - hold a record, and record if it does not
 * @rec: the record; the caller has a module reference for one not held yet
 *
 * Return: false: it was evicted since it was found.
 */
bool sctrace_record_resume(struct sctrace_record *rec)
{
	bool stopped;

	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	if (sctrace_record_dropped(rec)) {
		raw_spin_unlock(&sctrace_lock);
		return false;
	}
	sctrace_record_hold(rec);
	stopped = rec->flags & SCTRACE_F_STOPPED;
	if (stopped)
		sctrace_change_flags(rec, SCTRACE_F_STOPPED, SCTRACE_F_GAP);
	raw_spin_unlock(&sctrace_lock);
	if (stopped)
		sctrace_clear_seen_below(rec);
	return true;
}

/**
 * sctrace_record_label() - give a record its label
 * @rec: the record, which is held
 * @label: set to NULL when the record took it; or NULL already
 */
void sctrace_record_label(struct sctrace_record *rec, char **label)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	if (!rec->label)
		swap(rec->label, *label);
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_record_stop() - record nothing more
 * @rec: the record
 */
void sctrace_record_stop(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	sctrace_change_flags(rec, 0, SCTRACE_F_STOPPED);
	raw_spin_unlock(&sctrace_lock);
}

/* All other CPUs are stopped outside of sctrace_lock, so nobody holds it */
static void arm(void *data, struct sctrace_inflight *inf)
{
	struct sctrace_record *rec = data;

	WRITE_ONCE(rec->inflight, inf);
	sctrace_change_flags(rec, 0, SCTRACE_F_REFUSED);
}

/**
 * sctrace_record_arm() - look for refused calls from here on
 * @rec: the record, which is recording; the probe of sys_exit is registered
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, and nothing is looked for.
 */
int sctrace_record_arm(struct sctrace_record *rec)
{
	struct sctrace_inflight *old = rec->inflight, *inf;
	struct pid_namespace *ns;

	lockdep_assert_held(&sctrace_mutex);
	/* For a cgroup, the calls of all tasks: any may come to be in it */
	ns = sctrace_is_of_cgroup(rec) ? get_pid_ns(rec->ns) : sctrace_record_get_ns(rec);
	/* Of an ended namespace each task is being killed: nothing is refused */
	if (!ns)
		return 0;
	inf = sctrace_inflight_take(ns, arm, rec);
	put_pid_ns(ns);
	if (IS_ERR(inf))
		return PTR_ERR(inf);
	/* Without looking, nothing was left to do for a refused call */
	sctrace_clear_seen_below(rec);
	sctrace_inflight_free(old);
	return 0;
}

/**
 * sctrace_record_disarm() - look for refused calls no more
 * @rec: the record; what was found stays
 */
void sctrace_record_disarm(struct sctrace_record *rec)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	sctrace_change_flags(rec, SCTRACE_F_REFUSED, 0);
	raw_spin_unlock(&sctrace_lock);
}

/**
 * sctrace_record_reset() - empty a record
 * @rec: the record
 *
 * Return: 0. -ENOMEM: it is empty, but does not look for refused calls any more.
 */
int sctrace_record_reset(struct sctrace_record *rec)
{
	struct sctrace_refusals *refused[SCTRACE_ABIS] = { NULL };
	struct sctrace_kept_chunk *values;
	struct sctrace_chunk *first;
	struct sctrace_abi *abi;
	unsigned int i;
	bool armed;

	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	for_each_abi(abi, rec, i) {
		/* nothing_new() reads either the old or the new sets */
		data_race(memset(abi->sets, 0, sizeof(abi->sets)));
		data_race(memset(&abi->values, 0, sizeof(abi->values)));
		swap(refused[i], abi->refused);
	}
	/* Calls that are under way were entered, which the sets do not say any more */
	armed = rec->flags & SCTRACE_F_REFUSED;
	first = sctrace_journal_empty(&rec->journal);
	values = sctrace_values_empty(&rec->store);
	rec->values_missed = false;
	rec->values_late = false;
	if (sctrace_is_of_cgroup(rec) &&
	    !(rec->cgrp && sctrace_cgroup_populated(rec->cgrp))) {
		/* Nothing is forgotten of who will come */
		sctrace_change_flags(rec, SCTRACE_F_LATE | SCTRACE_F_RUNNING, 0);
		rec->old = false;
		rec->begun_in = 0;
		rec->init_pid = 0;
		memset(rec->comm, 0, sizeof(rec->comm));
	} else {
		/* What was called before is to be forgotten: as if it had not been seen */
		rec->old = true;
	}
	sctrace_change_flags(rec, SCTRACE_F_REFUSED | SCTRACE_F_GAP,
			     rec->flags & SCTRACE_F_RUNNING ? SCTRACE_F_LATE : 0);
	rec->since = sctrace_now();
	rec->last_new = 0;
	rec->born_missed = false;
	WRITE_ONCE(rec->other, false);
	rec->sightings_missed = 0;
	rec->calls_missed = 0;
	rec->missed_num = 0;
	rec->missed_more = false;
	rec->resets++;
	WRITE_ONCE(sctrace_generation, sctrace_generation + 1);
	raw_spin_unlock(&sctrace_lock);

	sctrace_clear_seen_below(rec);
	sctrace_journal_free(first);
	/* Probes may still read these */
	sctrace_synchronize_probes();
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		sctrace_pool_free(&sctrace_refusals, refused[i]);
	sctrace_values_free(values);
	return armed ? sctrace_record_arm(rec) : 0;
}

