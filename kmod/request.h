/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What netlink asks for: to find records, to copy them, to change what they do.
 * All of it is called with sctrace_mutex held, and takes sctrace_lock.
 */
#ifndef _SCTRACE_REQUEST_H
#define _SCTRACE_REQUEST_H

#include "record.h"

/* Kinds of sets that a snapshot has room for; not all of them exist */
#define SCTRACE_KINDS		16

/**
 * struct sctrace_snapshot - a record at one moment
 * @flags: SCTRACE_F_*
 * @cells: of the journal
 * @want: SCTRACE_WANT_* bits that the reader sent
 * @arch: ABI of each of @sets
 * @abis: how many of them there are
 * @sets: by SCTRACE_KIND_* bits
 * @values: how many values there are
 * @path: lives as long as sctrace_mutex is held; NULL: the record is of a namespace
 * @open: bits 1 << enum sctrace_open: all watched numbers are open
 *
 * The rest as in struct sctrace_record.
 */
struct sctrace_snapshot {
	u64 id;
	u32 inum;
	u32 parent_inum;
	u32 level;
	u32 flags;
	u64 since;
	u64 ended_at;
	u64 last_new;
	u32 init_pid;
	char comm[SCTRACE_COMM_LEN];
	char label[SCTRACE_LABEL_MAX + 1];
	char cgroup[SCTRACE_CGROUP_LEN];
	char hostname[__NEW_UTS_LEN + 1];
	const char *path;
	u64 cgroup_id;
	u32 starts;
	bool other;
	long other_nr;
	u32 sightings;
	u32 sightings_missed;
	u32 calls_missed;
	u32 cells;
	u32 want;
	u32 values;
	u32 open;
	unsigned int abis;
	u32 arch[SCTRACE_ABIS];
	unsigned long sets[SCTRACE_ABIS][SCTRACE_KINDS]
			  [BITS_TO_LONGS(SCTRACE_NR_MAX)];
};

/**
 * struct sctrace_counts - how many records there are
 * @records: all
 * @live: their namespace has its init
 * @ended: it has not
 * @held: started on request
 * @active: calls may still be recorded: the namespace is not over, the record not stopped
 * @refusing: of the active ones, those that look for refused calls
 */
struct sctrace_counts {
	u32 records;
	u32 live;
	u32 ended;
	u32 held;
	u32 active;
	u32 refusing;
};

/* For one snapshot at a time, under sctrace_mutex: it is large */
extern struct sctrace_snapshot sctrace_snapshot;

struct sctrace_record *sctrace_record_by_id(u64 id);
struct sctrace_record *sctrace_record_by_inum(u32 inum);
u32 sctrace_record_namesakes(u32 inum);
struct sctrace_record *sctrace_record_by_label(const char *label);
struct sctrace_record *sctrace_record_by_ns(struct pid_namespace *ns);
unsigned int sctrace_record_resets(u64 id);
unsigned int sctrace_kind_told(u32 want, unsigned int kind);
void sctrace_record_snapshot(struct sctrace_record *rec,
			     struct sctrace_snapshot *snap, u32 want);
void sctrace_record_count(struct sctrace_counts *counts);
struct sctrace_record *sctrace_record_start(struct pid_namespace *ns,
					    bool probed);
struct sctrace_record *sctrace_record_start_cgroup(struct cgroup *cgrp, char **path);
bool sctrace_record_resume(struct sctrace_record *rec);
void sctrace_record_label(struct sctrace_record *rec, char **label);
void sctrace_record_stop(struct sctrace_record *rec);
int sctrace_record_arm(struct sctrace_record *rec);
void sctrace_record_disarm(struct sctrace_record *rec);
int sctrace_record_reset(struct sctrace_record *rec);
bool sctrace_record_sight(void);

#endif /* _SCTRACE_REQUEST_H */
