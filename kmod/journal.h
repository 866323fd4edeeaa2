/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sightings of one record, in order: a list of chunks of cells. A cell is
 * either a sighting or a task's name that the sightings after it refer to, so
 * that a name is stored once and a sighting takes 16 bytes.
 */
#ifndef _SCTRACE_JOURNAL_H
#define _SCTRACE_JOURNAL_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "pool.h"
#include "uapi/sctrace.h"

#define SCTRACE_CHUNK_CELLS	15

/*
 * Cells in a journal. A program that calls each number in every ABI under a new
 * name each time fills this many. So what a namespace can make the kernel keep is
 * bounded (72 KB), and so is the time that a sighting takes under sctrace_lock. The
 * sets are not affected.
 */
#define SCTRACE_JOURNAL_MAX	4096

/*
 * A name that was not written in this many chunks is written again, so that the
 * search for it under sctrace_lock is short. Few tasks share a container's first calls.
 */
#define SCTRACE_NAME_CHUNKS	4

/* A set that a sighting entered: number, kind, and index of the ABI */
#define SCTRACE_WHAT(nr, kind, abi)	((nr) | (kind) << 10 | (abi) << 14)
#define SCTRACE_WHAT_NR(what)		((what) & (SCTRACE_NR_MAX - 1))
#define SCTRACE_WHAT_KIND(what)		((what) >> 10 & 15)
#define SCTRACE_WHAT_ABI(what)		((what) >> 14 & 3)
#define SCTRACE_WHAT_DELAYED		(1U << 16)

union sctrace_cell {
	struct {
		u64 time;
		u32 pid;
		u32 what:17;
		u32 comm:15;	/* position of the cell with the name */
	};
	char name[SCTRACE_COMM_LEN];
};

/**
 * struct sctrace_chunk - a piece of a journal
 * @next: the following one; first, as the pool links objects there
 * @names: bit n: cell n holds a name
 * @cells: filled from the front, never changed once written
 */
struct sctrace_chunk {
	struct sctrace_chunk *next;
	u16 names;
	union sctrace_cell cells[SCTRACE_CHUNK_CELLS];
};

/**
 * struct sctrace_journal - the sightings of a record
 * @first: oldest chunk
 * @last: the one that is being filled
 * @cells: how many cells are written
 * @sightings: how many of them are sightings
 * @comm: position of the name used last
 * @name: that name
 * @near: where to look for a name: the chunk, SCTRACE_NAME_CHUNKS from the end
 * @near_pos: position of its first cell
 *
 * Written under sctrace_lock. Cells below a @cells read under that lock may be
 * read without it by a holder of sctrace_mutex: they stay until the journal is
 * emptied, which takes both.
 */
struct sctrace_journal {
	struct sctrace_chunk *first;
	struct sctrace_chunk *last;
	u32 cells;
	u32 sightings;
	u32 comm;
	const char *name;
	const struct sctrace_chunk *near;
	u32 near_pos;
};

/* Will there never be room for another sighting, until it is emptied? */
static inline bool sctrace_journal_full(const struct sctrace_journal *j)
{
	return READ_ONCE(j->cells) > SCTRACE_JOURNAL_MAX - 2;
}

/* In the place of a name's position: it could not be kept */
#define SCTRACE_NO_NAME		0xffff

extern struct sctrace_pool sctrace_chunks;

bool sctrace_journal_add(struct sctrace_journal *j, u64 time, u32 pid,
			 unsigned int what, const char *comm);
u16 sctrace_journal_name(struct sctrace_journal *j, const char *comm);
const char *sctrace_journal_name_at(const struct sctrace_journal *j, u32 pos);
struct sctrace_chunk *sctrace_journal_empty(struct sctrace_journal *j);
void sctrace_journal_free(struct sctrace_chunk *first);

/**
 * struct sctrace_journal_iter - a reader's place in a journal
 * @chunk: where the next cell is
 * @pos: the next cell
 * @end: one past the last cell that may be read
 * @name: of the sighting read last
 * @name_pos: position of that name
 */
struct sctrace_journal_iter {
	const struct sctrace_chunk *chunk;
	u32 pos;
	u32 end;
	const char *name;
	u32 name_pos;
};

void sctrace_journal_seek(const struct sctrace_journal *j,
			  struct sctrace_journal_iter *it, u32 pos, u32 end);
const union sctrace_cell *
sctrace_journal_next(const struct sctrace_journal *j,
		     struct sctrace_journal_iter *it);

#endif /* _SCTRACE_JOURNAL_H */
