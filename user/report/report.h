/* SPDX-License-Identifier: GPL-2.0 */
/* The reason for every line of a profile, and what a reviewer asks of it. */
#ifndef SCTRACE_REPORT_H
#define SCTRACE_REPORT_H

#include "record/client.h"
#include "danger.h"
#include "peer.h"
#include "profile/derive.h"
#include "lib/print.h"
#include "width.h"

enum report_state {
	REPORT_SEEN,		/* in the profile: it was called */
	REPORT_ADDED,		/* in the profile: something else needs it */
	REPORT_REFUSED,		/* not in it: a filter refused it */
	REPORT_BLOCKED,		/* not in it: the base refuses it */
	REPORT_SETUP,		/* not in it: only before the filter */
	REPORT_NAMELESS,	/* not in it: libseccomp has no name for it */
	REPORT_STATES
};

/* A system call, all its ABIs and sets together */
struct report_line {
	char *name;		/* or its number, as "#1000" */
	bool nameless;
	enum report_state state;
	bool permitted;		/* by a rule, if only at times */
	bool conditional;	/* by argument or capability only */
	unsigned int kinds;	/* bit n: is in the set of kind n */
	uint32_t arch[8];	/* ABIs, as they were met */
	size_t n_arch;
	char *why;
	const struct sctrace_sighting *seen;	/* first, or NULL: not kept */
	const struct sctrace_sighting *made;	/* first that was not refused */
	const struct danger *danger;		/* or NULL */
	enum peer_verdict peer[PEERS];
	const char *cap[PEERS];
};

struct report {
	const struct record *record;	/* NULL: of a profile alone */
	const struct info *info;
	const struct derived *derived;
	char *title;
	char *library;		/* whose count of the kernel's calls it is */
	uint32_t native;
	unsigned int known;	/* calls that the native ABI has */
	unsigned int allowed;	/* of these, by the profile */
	unsigned int peer_allowed[PEERS];
	struct differences wider[PEERS];	/* than the engine's default */
	char *uncompared[PEERS];	/* why they are not known, or NULL */
	unsigned int dangerous;	/* lines in the profile */
	unsigned int in_profile;
	struct width width[WIDTHS];
	size_t n_width;
	struct report_line *line;	/* sorted by name */
	size_t n_line;
	uint64_t span;		/* how long was recorded */
	uint64_t quiet;		/* since the last call that is new */
};

void report_build(struct report *rep, const struct record *r,
		  const struct info *info, const struct derived *d,
		  uint32_t native, const char *title);
void report_free(struct report *rep);
bool report_in_profile(const struct report_line *l);
void report_print(struct print *p, const struct report *rep);
void report_html(FILE *to, const struct report *rep);
void html_text(FILE *to, const char *s);

#define cleanup_report	__cleanup(report_free)

#endif
