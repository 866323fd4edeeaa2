/* SPDX-License-Identifier: GPL-2.0 */
/* What breaks a profile in the field. */
#ifndef SCTRACE_LINT_H
#define SCTRACE_LINT_H

#include "compile.h"
#include "runtime.h"

struct finding {
	const char *id;		/* "redundant-rule" */
	bool harmless;		/* worth knowing, no reason to fail */
	size_t rule;		/* of the profile, counted from 1; 0: of none */
	char *text;
	char *instead;		/* what to write, or NULL */
};

struct findings {
	struct finding *v;
	size_t n;
	size_t rule;		/* that is being looked at */
};

struct lint_opts {
	const struct runtime_base *runtime;	/* or NULL: any will do */
	unsigned int needs;	/* enum runtime_need: an error to lack it */
	bool no_runtime;	/* it is not for a container */
	const char *kernel;	/* oldest target, or NULL */
	const char *libseccomp;	/* oldest target, or NULL */
	const char *target;	/* "crun" or "runc" that will read it, or NULL */
	const char *version;	/* of that, NULL: the newest */
	const struct profile_env *env;	/* the only place, or NULL: any; without arch: any machine */
	bool any_caps;		/* of @env only the architecture and kernel are known */
};

void lint(const struct profile *p, const struct lint_opts *o,
	  struct findings *f);
void finding_add(struct findings *f, const char *id, bool harmless,
		 const char *fmt, ...) __printf(4, 5);
void finding_instead(struct findings *f, const char *fmt, ...) __printf(2, 3);
void lint_target(const struct profile *p, const struct lint_opts *o,
		 struct findings *f);
void lint_machines(const struct profile *p, const struct lint_opts *o, struct strset *to);
void lint_openings(const struct profile *p, const struct lint_opts *o,
		   struct findings *f);
char *openings_multiplexed(const struct profile *p,
			   const struct profile_env *env);
void findings_free(struct findings *f);

#endif
