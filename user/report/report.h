/* SPDX-License-Identifier: GPL-2.0 */
/* The reason for every line of a profile, and what a reviewer asks of it. */
#ifndef SCTRACE_REPORT_H
#define SCTRACE_REPORT_H

#include "record/client.h"
#include "danger.h"
#include "peer.h"
#include "runs.h"
#include "profile/derive.h"
#include "lib/print.h"
#include "width.h"
#include "facts.h"

/* The kinds of struct report_line that are of execs, of the set-up, ... */
#define KINDS_CONFINED	0xaaaa
#define KINDS_SETUP	0xcccc
#define KINDS_REFUSED	0xf0f0
#define KINDS_EXEC	0x3300
#define KINDS_WORKLOAD	0x0033

enum report_state {
	REPORT_SEEN,		/* in the profile: it was called */
	REPORT_ADDED,		/* in the profile: something else needs it */
	REPORT_REFUSED,		/* not in it: a filter refused it */
	REPORT_BLOCKED,		/* not in it: the base, or the profile itself, refuses it */
	REPORT_SETUP,		/* not in it: only before the filter */
	REPORT_NAMELESS,	/* not in it: libseccomp has no name for it */
	REPORT_STATES
};

/* May a profile be deployed? The greater the worse */
enum report_answer {
	ANSWER_YES,		/* a fact that speaks for it */
	ANSWER_NOTE,		/* one that is worth knowing, and never the answer */
	ANSWER_LOOK,		/* for a person to judge */
	ANSWER_WAIT,		/* the recording is not whole */
	ANSWER_NO,		/* it does not work */
	REPORT_ANSWERS
};

/* Of a verdict: each is a fact */
struct report_reason {
	enum report_answer answer;
	char *text;
	const char *section;	/* where more of it is, or NULL */
};

/* Sections of the report, as keys of JSON and as anchors */
#define SECTION_NOTES	"notes"
#define SECTION_RUN	"run"
#define SECTION_TIME	"saturation"
#define SECTION_DANGER	"dangerous"
#define SECTION_PEERS	"compared_with"
#define SECTION_VALUES	"values"
#define SECTION_UNUSED	"never_used"
#define SECTION_CALLS	"syscalls"
#define SECTION_PROFILE	"profile"

enum report_saturation {
	SATURATION_NOTHING,	/* was seen */
	SATURATION_SHORT,	/* nobody can tell yet */
	SATURATION_RISING,
	SATURATION_FLAT,
	SATURATION_ENDED,
	REPORT_SATURATIONS
};

/* A system call, all its ABIs and sets together */
struct report_line {
	char *name;		/* or its number, as "#1000" */
	bool nameless;
	enum report_state state;
	bool permitted;		/* by a rule, if only at times */
	bool conditional;	/* by argument or capability only */
	bool here;		/* permitted on this machine, with the usual capabilities */
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

/* Lines that are there for one reason */
struct report_group {
	const char *why;
	enum report_state state;
	const struct report_line **line;
	size_t n;
	bool seen;		/* who called first is known of one at least */
};

/* What is permitted here and not by a default: the rules of each */
struct report_wider {
	const char *name;
	const char *where;	/* ABIs, or NULL: in all */
	char *here;
	char *there[PEERS];	/* NULL: that default permits it as well */
};

/* What a watched call was called with */
struct report_value {
	char *call;		/* "socket(AF_INET, SOCK_STREAM, 0)" */
	const struct sctrace_value *seen;
	bool open;		/* any other value may have been there */
	bool wanted;		/* it is for the profile */
};

struct report {
	const struct record *record;	/* NULL: of a profile alone */
	const struct info *info;
	const struct derived *derived;
	char *title;
	char *library;		/* whose count of the kernel's calls it is */
	uint32_t native;
	unsigned int known;	/* calls that the native ABI has */
	unsigned int allowed;	/* of these, if only by argument, with the usual capabilities */
	unsigned int peer_allowed[PEERS];
	struct differences wider[PEERS];	/* than the engine's default */
	char *uncompared[PEERS];	/* why they are not known, or NULL */
	unsigned int dangerous;	/* of these, with the usual capabilities */
	unsigned int in_profile;
	struct report_wider *row;	/* all of wider[], call by call */
	size_t n_row;
	struct strset unused[PEERS];	/* the engine's default permits it, this does not */
	enum report_answer answer;
	struct report_reason *reason;	/* the worst first */
	size_t n_reason;
	enum report_saturation saturation;
	char *saturated;	/* in words; NULL without a record */
	const struct facts *facts;	/* which run it was, or NULL */
	const struct runs *runs;	/* of a profile of several, or NULL */
	char *text;		/* the profile itself */
	char *dialect;		/* in which it is written, or why it is not */
	struct report_value *value;
	size_t n_value;
	struct report_group *group;	/* as they are to be read */
	size_t n_group;
	const char *machine;	/* of profile_machine(); NULL for a record */
	struct width width[WIDTHS];
	size_t n_width;
	struct report_line *line;	/* sorted by name */
	size_t n_line;
	uint64_t span;		/* how long was recorded */
	uint64_t quiet;		/* since the last call that is new */
};

void report_build(struct report *rep, const struct record *r,
		  const struct info *info, const struct derived *d,
		  uint32_t native, const struct facts *facts,
		  const char *title);
void report_free(struct report *rep);
bool report_in_profile(const struct report_line *l);
void report_print(struct print *p, const struct report *rep);
void report_html(FILE *to, const struct report *rep);
const char *report_answer_word(enum report_answer a);
const char *report_verdict(const struct report *rep);
const char *report_state_name(enum report_state s);
const char *report_saturation_name(enum report_saturation s);
void report_judge(struct report *rep);
void report_take_runs(struct report *rep, const struct runs *runs);
bool report_was_refused(const struct report_line *l);
const char *report_value_of(const struct report_value *v);
bool report_is_execs(const struct report_line *l);
const char *report_stage(const struct report_line *l);
const char *report_confined(const struct report_line *l);
char *report_abis(const struct report_line *l);
char *report_peer_text(const struct report_line *l, size_t peer);
char *report_terms(const char *rules);
uint64_t report_after(const struct report *rep, uint64_t time);
void chart_html(FILE *to, const struct report *rep);

#define cleanup_report	__cleanup(report_free)

#endif
