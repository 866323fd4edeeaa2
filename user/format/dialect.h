/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a dialect is, and the helpers that several of them share.  The files of
 * the dialects include this; nothing here knows a certain dialect.
 */
#ifndef SCTRACE_DIALECT_H
#define SCTRACE_DIALECT_H

#include "format.h"

/* What a dialect has members or words for, beside names and actions */
enum {
	CAN_CONDITIONS		= 1 << 0,	/* includes, excludes */
	CAN_MIN_KERNEL		= 1 << 1,	/* minKernel in them */
	CAN_COMMENT		= 1 << 2,
	CAN_ARCHMAP		= 1 << 3,
	CAN_OLD_NAME		= 1 << 4,	/* name instead of names */
	CAN_ERRNO_WORD		= 1 << 5,	/* errno, defaultErrno */
	CAN_DEFAULT_ERRNO	= 1 << 6,
	CAN_ENOSYS		= 1 << 7,	/* all readers heed it */
	CAN_BASE		= 1 << 8,	/* baseProfileName */
	CAN_REPEAT		= 1 << 9,	/* rules that repeat the default */
	CAN_NO_ZERO		= 1 << 10,	/* reading: a value of 0 may be missing */
	CAN_LOAD		= 1 << 11,	/* a runtime loads it, or systemd */
	CAN_LOG			= 1 << 12,	/* reading: it may be very long */
	CAN_PERMIT		= 1 << 13,	/* nothing but to permit */
};

struct json_doc;

/* the text that a profile is read from */
struct source {
	const char *text;	/* UTF-8, ends in NUL */
	size_t len;
	struct json_doc *json;	/* where the text is JSON, else NULL */
	bool told;		/* the user has said which dialect it is */
};

struct dialect {
	const char *name;
	const char *help;
	unsigned int can;
	/* 0: this is another dialect; the highest number is believed */
	int (*detect)(const struct source *s);
	struct profile *(*read)(const struct source *s,
				struct profile_notes *notes,
				struct error **err);
	/*
	 * Makes alike what is left out in so many words, of what was meant and
	 * of what was written and read again; NULL: nothing is
	 */
	void (*lose)(struct profile *meant, struct profile *again);
	/* gets a copy without redundant rules, and may change it; NULL: only read */
	char *(*write)(struct profile *p, const struct format_opts *opts,
		       struct profile_notes *notes, struct error **err);
};

#define F(upper, lower)	extern const struct dialect dialect_##lower;
FORMATS(F)
#undef F

bool source_has_line(const struct source *s, const char *begin);

int dialect_check_rules(const struct profile *p, const struct dialect *d,
			struct error **err);
void dialect_flatten_arches(struct profile *p, const struct format_opts *opts,
			    struct profile_notes *notes);
void dialect_lose_arches(struct profile *meant, struct profile *again);
int dialect_refuse_rule(const struct profile_rule *r, const struct dialect *d,
			const char *what, struct error **err);
int dialect_refuse_condition(const struct profile_rule *r,
			     const struct dialect *d, const char *what,
			     struct error **err);
struct profile *dialect_explicit_enosys(struct profile *p,
					const struct dialect *d,
					struct profile_notes *notes,
					struct error **err);

#endif
