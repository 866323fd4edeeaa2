/* SPDX-License-Identifier: GPL-2.0 */
/* A profile as the filter that a runtime makes of it. */
#ifndef SCTRACE_COMPILE_H
#define SCTRACE_COMPILE_H

#include <seccomp.h>
#include <signal.h>
#include "profile.h"

/* where a profile is loaded, for its conditions; NULL members: none */
struct profile_env {
	const char *arch;	/* "amd64"; NULL: the running machine's */
	struct strset caps;
	const char *kernel;	/* "6.1"; NULL: newer than any */
};

uint32_t profile_kernel_number(const char *s);
uint32_t profile_env_native(const struct profile_env *env);
bool profile_rule_on_kernel(const struct profile_rule *r, const char *kernel);
bool profile_rule_applies(const struct profile_rule *r,
			  const struct profile_env *env);
void profile_env_arches(const struct profile *p, const struct profile_env *env,
			struct strset *to);
bool profile_speaks_of(const struct profile *p, const char *arch);
void profile_machines(const struct profile *p, struct strset *to);
const char *profile_machine(const struct profile *p);

/* why there is no filter, or none that does what was meant: an error's kind */
enum no_filter {
	NF_OTHER,
	NF_CALL,	/* for a rule of the call that is named */
	NF_RULES,	/* for what the rules of that call are together */
	NF_ERRNO,	/* for an errno that libseccomp does not take */
	NF_LENGTH,	/* it would be longer than any kernel takes */
	NF_NUMBER,	/* there is one, which does not load the number of the call */
};

int no_filter(struct error **err, enum no_filter kind, int errnum, const char *fmt, ...)
	__printf(4, 5);

/* how far libseccomp has come, for a signal's handler */
struct compile_progress {
	const char *volatile name;	/* a rule of it is being added, or NULL */
	volatile sig_atomic_t steps;
};

extern struct compile_progress compile_progress;

int profile_compile(const struct profile *p, const struct profile_env *env,
		    scmp_filter_ctx *ctx, struct profile_notes *notes,
		    struct error **err);

#endif
