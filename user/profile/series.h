/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A series: in which of several runs each call, and each value of a watched call, was seen.
 * It stands beside the profile, in PROFILE.runs.json, and says of which profile it is.
 *
 * A run is one record between two RESETs: the kernel's boot ID, the record's number and the
 * time from which it was recorded.  So a restart is a run, another look at the same record is
 * not, and neither is the same run by two ways.
 */
#ifndef SCTRACE_SERIES_H
#define SCTRACE_SERIES_H

#include "record/client.h"

#define SERIES_SUFFIX	".runs.json"
/* Runs that are kept; of more, the oldest go */
#define SERIES_MAX	1000

struct series_run {
	char *boot;		/* boot ID */
	uint64_t record;
	uint64_t since;		/* CLOCK_BOOTTIME, ns */
	int64_t began;		/* the same as a time of day, s */
	uint64_t span;		/* how long was recorded, s */
	char *host;
	char *kernel;		/* its release */
	char *container;	/* what it is called, or NULL */
	uint32_t arch;		/* the kernel's own ABI */
	bool whole;		/* the record has no gap, as far as is known */
};

enum series_what {
	SERIES_CALL,
	SERIES_VALUE,		/* of an enumeration, or one flag */
	SERIES_OPEN,		/* not all values are known */
};

struct series_item {
	uint32_t arch;
	char *name;		/* of the call, or its number, as "#1000" */
	enum series_what what;
	unsigned int num;	/* arguments of a value */
	uint64_t arg[3];
	bool *in;		/* by run */
};

struct series {
	struct series_run *run;	/* by the time at which they began */
	size_t n_run;
	struct series_item *item;	/* by ABI, name, what, value */
	size_t n_item;
	uint64_t dropped;	/* runs that were too many */
};

void series_add_record(struct series *s, const struct record *r, uint32_t native,
		       const char *container, bool refused);
void series_add(struct series *to, const struct series *from);
size_t series_count(const struct series *s, const struct series_item *i, size_t *of);
size_t series_first(const struct series *s, const struct series_item *i);
char *series_value(const struct series_item *i);

char *series_path(const char *profile);
char *series_text(const struct series *s, const char *profile, size_t len);
int series_parse(const char *text, size_t len, const char *profile, size_t profile_len,
		 struct series *s, struct error **err);
int series_read(const char *path, struct series *s, struct error **err);
int series_write(const char *path, const struct series *s, struct error **err);
void series_free(struct series *s);

#define cleanup_series	__cleanup(series_free)

#endif
