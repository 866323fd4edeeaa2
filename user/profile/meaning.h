/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a profile means: the filter that libseccomp makes of it, followed for
 * every value of every argument.  There is no model besides: what runc, crun and
 * libseccomp do is what is compared, combined and verified.
 *
 *	meaning_filters()	filters, made in a child with limits of time and
 *				memory: for all that comes from outside
 *	meaning_compile()	the same, and none is taken from those made before
 *	meaning_filter()	one of them
 *	meaning_of()		what a filter does with one call of one ABI, as a
 *				function of the arguments (dd.h)
 *	meaning_at()		the same for one call with its arguments
 *	meaning_enosys()	whether runc answers ENOSYS before any filter
 *	meaning_walk()		visits every call that any of several profiles
 *				names, in every place that they tell apart, with
 *				what each profile does there
 *	profile_verify()	whether a profile loads wherever it may be used,
 *				and what it does there is what another one does
 *	profile_settle()	whether a profile's rules do what they say; if
 *				not, they are written otherwise (algebra.c)
 *
 * A place is a struct profile_env: capabilities, native architecture, kernel.
 */
#ifndef SCTRACE_MEANING_H
#define SCTRACE_MEANING_H

#include "bpf.h"
#include "compile.h"
#include "dd.h"

/*
 * Of CPU time for one filter, and for one of its rules. Real filters take a few,
 * the largest that a kernel takes half a second, and a rule some microseconds:
 * where libseccomp does not end it is within one rule. What is emulated takes
 * twenty times as long.
 */
#ifndef MEANING_MS
#define MEANING_MS	15000
#endif
#define MEANING_RULE_MS	200

struct filter_job {
	const struct profile *p;
	const struct profile_env *env;	/* NULL: here, without capabilities */
	bool runc;		/* as runc asks for it, not as crun does */
	struct bpf bpf;		/* set; bpf_free() it */
	char *refused;		/* set to the reason if there is no filter */
	enum no_filter kind;	/* ... and which kind of reason it is */
	bool endless;		/* ... which is that libseccomp did not end */
	bool failed;		/* ... which is not the profile's fault */
};

/* one ABI: a number means nothing without it */
struct abi {
	uint32_t token;		/* SCMP_ARCH_* */
	uint32_t audit;		/* AUDIT_ARCH_* of its calls */
};

/* what a visit is about */
struct meaning_point {
	const char *name;	/* a call; NULL: all that no profile names */
	const struct abi *abi;
	int nr;			/* -1 with no name */
	const struct profile_env *env;
};

/* @f: what each of the profiles does there; < 0 ends the walk with that */
typedef int (*meaning_fn)(void *ctx, struct dd *m,
			  const struct meaning_point *at, const dd_t *f);

void meaning_filters(struct filter_job *v, size_t n, unsigned int ms);
void filter_jobs_free(struct filter_job *v, size_t n);
void meaning_compile(struct filter_job *v, size_t n, unsigned int ms);
int meaning_filter(const struct profile *p, const struct profile_env *env,
		   bool runc, struct bpf *b, struct error **err);
struct abi meaning_abi(uint32_t token);
size_t meaning_abis(uint32_t native, const struct abi **v);
int meaning_number(const struct abi *abi, const char *name);
dd_t meaning_of(const struct bpf *b, struct dd *m, const struct abi *abi,
		int nr);
uint32_t meaning_at(const struct bpf *b, const struct abi *abi, int nr,
		    const uint64_t args[PROFILE_MAX_ARGS]);
char *meaning_text(uint32_t value);
bool meaning_enosys(const struct profile *p, const struct profile_env *env,
		    const struct abi *abi, int nr);
bool meaning_permits(uint32_t value);
int meaning_rank(uint32_t value);
int meaning_walk(const struct profile *const *p, size_t n, const char *native,
		 bool conditions, meaning_fn fn, void *ctx, struct error **err);
int profile_verify(const struct profile *p, const struct profile *meant,
		   const char *native, bool permits, struct error **err);

#endif
