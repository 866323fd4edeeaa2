/* SPDX-License-Identifier: GPL-2.0 */
/* From what was recorded to what a profile must allow. */
#ifndef SCTRACE_DERIVE_H
#define SCTRACE_DERIVE_H

#include "record/client.h"
#include "profile.h"
#include "runtime.h"

struct derive_opts {
	enum profile_action def_action;
	int def_errno;		/* PROFILE_NO_ERRNO with an action without one */
	uint32_t native;	/* the kernel's own ABI, 0: this program's */
	/* which container runtime's needs to add, beside what was seen */
	struct runtime_choice runtime;
	/* no container runtime starts it: leave set-up out, and add execve */
	bool plain;
	bool filter_known;	/* by others: not a word on what it may hide */
	bool include_refused;	/* add what a filter was seen refusing */
	bool exact;		/* add nothing else, not even derive_always */
};

/* A reason to doubt that the profile is enough */
enum doubt {
	DOUBT_LATE = 1 << 0,
	DOUBT_INCOMPLETE = 1 << 1,
	DOUBT_STOPPED = 1 << 2,
	DOUBT_GAP = 1 << 3,
	DOUBT_CONFINED = 1 << 4,	/* a filter may have hidden calls */
	DOUBT_UNKNOWN = 1 << 5,		/* numbers without a name */
	DOUBT_NO_WORKLOAD = 1 << 6,
	DOUBT_NO_RUNTIME = 1 << 7,	/* the runtime's needs were not seen */
	DOUBT_STRANGE = 1 << 8,		/* sets of a newer module */
	DOUBT_REFUSED = 1 << 9,		/* a filter was seen refusing calls */
};

/*
 * Those that --strict does not accept. Not among them: that a filter was there
 * (recording under one that allows everything is the way to an exact profile)
 * and that none was (then only the runtime is missing).
 */
#define DOUBT_STRICT	(DOUBT_LATE | DOUBT_INCOMPLETE | DOUBT_STOPPED | \
			 DOUBT_GAP | DOUBT_UNKNOWN | DOUBT_NO_WORKLOAD | \
			 DOUBT_STRANGE | DOUBT_REFUSED)

struct derived {
	struct profile *profile;
	unsigned int doubts;	/* enum doubt */
	char **words;		/* one for each doubt, and for each number */
	bool *lacks;		/* of each word: something is missing, as it was not recorded */
	size_t n_words;
	struct profile_notes notes;	/* what was added, and why */
	bool plain;		/* derive_opts.plain */
	const struct runtime_base *runtime;	/* seen or asked for, or NULL */
	const struct profile *base;	/* the profile was added to it, or NULL */
	struct strset also;	/* calls of others than those who were recorded */
	struct strset answered;	/* called, and answered with ENOSYS for another to be taken */
};

unsigned int derive_doubts(const struct record *r);
void derive_explain(const struct record *r, struct derived *d);
bool derive_wants(unsigned int kind, bool plain);
bool derive_is_always(const char *name);
bool derive_is_refused(unsigned int kind);
void derive_refused(const struct abi_sets *abi, struct nrset *out);
bool derive_refuses(const struct record *r,
		    bool (*counts)(const struct abi_sets *abi, const char *name));
void derive_confined(const struct abi_sets *abi, struct nrset *out);
int derive(const struct record *r, const struct derive_opts *opts,
	   struct derived *d, struct error **err);
void derive_judge(const struct record *r, const struct derive_opts *opts,
		  struct derived *d, const struct profile *p);
void derived_warn(struct derived *d, char *text);
void derived_free(struct derived *d);

#define cleanup_derived	__cleanup(derived_free)

#endif
