/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drift: what a record has that a profile would refuse.  Nothing is refused by looking.
 *
 * A finding is a call in an ABI, or a value of a watched call, the first time that it was
 * seen.  It is either refused for certain, or open: what the profile does there depends on
 * what was not recorded.
 */
#ifndef SCTRACE_DRIFT_H
#define SCTRACE_DRIFT_H

#include "profile/gate.h"
#include "record/client.h"

struct drift_item {
	enum verdict verdict;	/* never GATE_PERMITS */
	bool was_refused;	/* by the container's own filter, which was not asked for */
	uint32_t arch;
	int64_t nr;
	unsigned int kind;	/* SCTRACE_KIND_* */
	char *name;		/* or its number, as "#1000" */
	char *call;		/* with its value, or as @name */
	char *abi;
	char *why;		/* it is open, or NULL */
	uint32_t answer;	/* of GATE_REFUSES: SECCOMP_RET_* with data */
	bool seen;		/* the rest is known */
	uint64_t time;		/* CLOCK_BOOTTIME, ns */
	uint32_t pid;		/* inside the namespace */
	char comm[SCTRACE_COMM_LEN];
	bool delayed;		/* it was then or before */
};

struct drift {
	struct gate *gate;
	bool include_refused;	/* what the container's own filter refused counts, too */
	struct drift_item *v;	/* in the order in which they came */
	size_t n;
	unsigned int judged;	/* numbers and values that were asked about */
	struct strset done;	/* they need not be asked about again */
	struct strset by_args;	/* numbers that are judged by their values */
	struct strset by_clone;	/* ... as if these were of clone */
};

int drift_look(struct drift *d, const struct record *r, size_t *first, struct error **err);
size_t drift_count(const struct drift *d, bool open);
char *drift_refused(const struct drift *d);
void drift_free(struct drift *d);

/* What a drift is about, for those who write it down */
struct drift_about {
	const struct drift *d;
	const struct record *r;
	const char *container;	/* or what else the record is called */
	const char *profile;	/* name of its file */
	int64_t offset;		/* of CLOCK_BOOTTIME to the time of day, ns */
	bool whole;		/* the record has no gap */
	char *const *doubts;	/* why not */
	size_t n_doubts;
};

void drift_print_text(FILE *to, const struct drift_about *a, const struct drift_item *i);
void drift_print_json(FILE *to, const struct drift_about *a, const struct drift_item *i);
void drift_print_end(FILE *to, const struct drift_about *a);
void drift_sarif(FILE *to, const struct drift_about *a);
void drift_metrics(FILE *to, const struct drift_about *a);
char *drift_message(const struct drift_about *a, const struct drift_item *i);
char *drift_date(const struct drift_about *a, const struct drift_item *i);

#define cleanup_drift	__cleanup(drift_free)

#endif
