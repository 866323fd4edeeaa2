// SPDX-License-Identifier: GPL-2.0

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "journal.h"
#include "lock.h"
#include "pool.h"

struct sctrace_pool sctrace_chunks = {
	.name = "sctrace_chunk",
	.size = sizeof(struct sctrace_chunk),
	.want = 512,
};

static const struct sctrace_chunk *
chunk_at(const struct sctrace_journal *j, u32 pos)
{
	const struct sctrace_chunk *chunk = j->first;

	for (; chunk && pos >= SCTRACE_CHUNK_CELLS; pos -= SCTRACE_CHUNK_CELLS)
		chunk = chunk->next;
	return chunk;
}

static void set_name(struct sctrace_journal *j, u32 pos, const char *name)
{
	j->comm = pos;
	j->name = name;
}

/*
 * Makes @comm the name used last, if it is near the end of the journal. Most sightings
 * come from the same task.
 */
static bool find_name(struct sctrace_journal *j, const char *comm)
{
	const struct sctrace_chunk *chunk;
	u32 pos = j->near_pos;
	unsigned long names;
	unsigned int i;

	if (!j->name)
		return false;
	if (!memcmp(j->name, comm, SCTRACE_COMM_LEN))
		return true;
	for (chunk = j->near; chunk; chunk = chunk->next) {
		for (names = chunk->names; names; names &= names - 1) {
			i = __ffs(names);
			if (!memcmp(chunk->cells[i].name, comm,
				    SCTRACE_COMM_LEN)) {
				set_name(j, pos + i, chunk->cells[i].name);
				return true;
			}
		}
		pos += SCTRACE_CHUNK_CELLS;
	}
	return false;
}

static union sctrace_cell *new_cell(struct sctrace_journal *j)
{
	u32 pos = j->cells;

	WRITE_ONCE(j->cells, pos + 1);
	return &j->last->cells[pos % SCTRACE_CHUNK_CELLS];
}

/* Makes sure of @n more cells, of which at most one is in a new chunk */
static bool reserve(struct sctrace_journal *j, unsigned int n,
		    struct sctrace_chunk **spare)
{
	unsigned int used = j->cells % SCTRACE_CHUNK_CELLS;

	*spare = NULL;
	if (j->cells && used && used + n <= SCTRACE_CHUNK_CELLS)
		return true;
	*spare = sctrace_pool_take(&sctrace_chunks);
	return *spare;
}

static void append(struct sctrace_journal *j, struct sctrace_chunk **spare)
{
	if (j->cells % SCTRACE_CHUNK_CELLS)
		return;
	if (j->last)
		WRITE_ONCE(j->last->next, *spare);
	else
		j->first = *spare;
	j->last = *spare;
	*spare = NULL;
	if (!j->near) {
		j->near = j->first;
	} else if (j->cells >= SCTRACE_NAME_CHUNKS * SCTRACE_CHUNK_CELLS) {
		j->near = j->near->next;
		j->near_pos += SCTRACE_CHUNK_CELLS;
	}
}

static void add_name(struct sctrace_journal *j, struct sctrace_chunk **spare,
		     const char *comm)
{
	union sctrace_cell *cell;
	u32 pos;

	append(j, spare);
	pos = j->cells;
	WRITE_ONCE(j->last->names,
		   j->last->names | BIT(pos % SCTRACE_CHUNK_CELLS));
	cell = new_cell(j);
	memcpy(cell->name, comm, SCTRACE_COMM_LEN);
	set_name(j, pos, cell->name);
}

/**
 * sctrace_journal_name() - have a name in the journal
 * @j: the record's journal
 * @comm: the name, SCTRACE_COMM_LEN bytes
 *
 * Return: its position, or SCTRACE_NO_NAME: no chunk could be had or the journal is full.
 */
u16 sctrace_journal_name(struct sctrace_journal *j, const char *comm)
{
	struct sctrace_chunk *spare;

	lockdep_assert_held(&sctrace_lock);
	if (!find_name(j, comm)) {
		if (sctrace_journal_full(j) || !reserve(j, 1, &spare))
			return SCTRACE_NO_NAME;
		add_name(j, &spare, comm);
	}
	return j->comm;
}

/**
 * sctrace_journal_add() - append a sighting
 * @j: the record's journal
 * @time: when, ns
 * @pid: who, in the record's namespace
 * @what: SCTRACE_WHAT()
 * @comm: who, SCTRACE_COMM_LEN bytes
 *
 * Return: false when no chunk could be had or the journal is full; then nothing
 * has changed.
 */
bool sctrace_journal_add(struct sctrace_journal *j, u64 time, u32 pid,
			 unsigned int what, const char *comm)
{
	struct sctrace_chunk *spare;
	union sctrace_cell *cell;
	bool known;

	lockdep_assert_held(&sctrace_lock);
	if (sctrace_journal_full(j))
		return false;
	known = find_name(j, comm);
	if (!reserve(j, known ? 1 : 2, &spare))
		return false;
	if (!known)
		add_name(j, &spare, comm);
	append(j, &spare);
	cell = new_cell(j);
	cell->time = time;
	cell->pid = pid;
	cell->what = what;
	cell->comm = j->comm;
	j->sightings++;
	return true;
}

/**
 * sctrace_journal_empty() - take all sightings out
 * @j: the record's journal
 *
 * Return: for sctrace_journal_free().
 */
struct sctrace_chunk *sctrace_journal_empty(struct sctrace_journal *j)
{
	struct sctrace_chunk *first = j->first;

	lockdep_assert_held(&sctrace_lock);
	lockdep_assert_held(&sctrace_mutex);
	j->first = NULL;
	j->last = NULL;
	WRITE_ONCE(j->cells, 0);
	j->sightings = 0;
	set_name(j, 0, NULL);
	j->near = NULL;
	j->near_pos = 0;
	return first;
}

/**
 * sctrace_journal_free() - free a journal's chunks
 * @first: the first of them, taken out of the journal
 *
 * Not under sctrace_lock: the slab's locks sleep on PREEMPT_RT.
 */
void sctrace_journal_free(struct sctrace_chunk *first)
{
	struct sctrace_chunk *next;

	for (; first; first = next) {
		next = first->next;
		sctrace_pool_free(&sctrace_chunks, first);
	}
}

/**
 * sctrace_journal_name_at() - read a name
 * @j: the record's journal
 * @pos: its position, as sctrace_journal_name() gave it
 *
 * The caller keeps sctrace_mutex.
 */
const char *sctrace_journal_name_at(const struct sctrace_journal *j, u32 pos)
{
	lockdep_assert_held(&sctrace_mutex);
	return chunk_at(j, pos)->cells[pos % SCTRACE_CHUNK_CELLS].name;
}

/**
 * sctrace_journal_seek() - begin to read
 * @j: the record's journal
 * @it: place to set
 * @pos: first cell to read
 * @end: read no cell from here on; at most what j->cells was under the lock
 *
 * The caller keeps sctrace_mutex until the last sctrace_journal_next().
 */
void sctrace_journal_seek(const struct sctrace_journal *j,
			  struct sctrace_journal_iter *it, u32 pos, u32 end)
{
	lockdep_assert_held(&sctrace_mutex);
	it->pos = min(pos, end);
	it->end = end;
	it->chunk = it->pos < end ? chunk_at(j, it->pos) : NULL;
	it->name = NULL;
}

/**
 * sctrace_journal_next() - read a sighting
 * @j: the record's journal
 * @it: place, moved on; it->name is that of who called
 *
 * Return: the sighting, or NULL at the end.
 */
const union sctrace_cell *
sctrace_journal_next(const struct sctrace_journal *j,
		     struct sctrace_journal_iter *it)
{
	const union sctrace_cell *cell;
	unsigned int i;

	while (it->pos < it->end) {
		i = it->pos % SCTRACE_CHUNK_CELLS;
		cell = &it->chunk->cells[i];
		it->pos++;
		if (READ_ONCE(it->chunk->names) & BIT(i)) {
			cell = NULL;
		} else if (!it->name || it->name_pos != cell->comm) {
			it->name_pos = cell->comm;
			it->name = chunk_at(j, cell->comm)->
				cells[cell->comm % SCTRACE_CHUNK_CELLS].name;
		}
		if (i == SCTRACE_CHUNK_CELLS - 1)
			it->chunk = READ_ONCE(it->chunk->next);
		if (cell)
			return cell;
	}
	return NULL;
}
