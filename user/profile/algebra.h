/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Set operations on profiles.
 *
 * They work on what libseccomp makes of profiles (meaning.h), for every call,
 * argument, capability, architecture and kernel, and turn the result into rules
 * again, which are checked in the same way.  What rules cannot say is an error
 * that names the call.
 *
 * Between two refusals with different errnos the one that a rule states counts,
 * then ENOSYS.  That choice is the only thing that depends on the order of a
 * chain of unions.
 */
#ifndef SCTRACE_ALGEBRA_H
#define SCTRACE_ALGEBRA_H

#include "compile.h"

/* what befalls one call */
struct decision {
	enum profile_action action;
	int errno_ret;		/* or PROFILE_NO_ERRNO */
};

enum change {
	CHANGE_ADDED,		/* permitted by the second only */
	CHANGE_REMOVED,		/* permitted by the first only */
	CHANGE_CONDITION,	/* permitted by both, not under the same terms */
	CHANGE_ACTION,		/* refused by both, otherwise */
};

struct difference {
	char *name;		/* "*" for the default, or for all calls */
	char *where;		/* the ABIs, or NULL: in all of them */
	enum change change;
	char *from, *to;	/* rules as text, one line each */
};

struct differences {
	struct difference *v;
	size_t n;
};

struct profile *algebra_union(const struct profile *a, const struct profile *b,
			      struct profile_notes *notes, struct error **err);
struct profile *algebra_intersect(const struct profile *a,
				  const struct profile *b,
				  struct profile_notes *notes,
				  struct error **err);
struct profile *algebra_subtract(const struct profile *a,
				 const struct profile *b,
				 struct profile_notes *notes,
				 struct error **err);
struct profile *algebra_base(const struct profile *base,
			     const struct profile *p,
			     struct profile_notes *notes, struct error **err);
struct profile *algebra_resolve(const struct profile *p,
				const struct profile_env *env);
struct profile *algebra_redefault(const struct profile *p,
				  enum profile_action action, int errno_ret,
				  struct profile_notes *notes,
				  struct error **err);
struct profile *algebra_settle(const struct profile *p, struct error **err);
int algebra_diff(const struct profile *a, const struct profile *b,
		 struct differences *d, struct error **err);
int algebra_missing(const struct profile *a, const struct profile *b,
		    struct differences *d, struct error **err);
int algebra_missing_on(const char *machine, const struct profile *a, const struct profile *b,
		       struct differences *d, struct error **err);
void differences_free(struct differences *d);
struct decision algebra_decide(const struct profile *p, const char *name,
			       const struct profile_env *env,
			       const uint64_t args[PROFILE_MAX_ARGS]);
bool algebra_contradicts(const struct profile *p, const char *name);

#endif
