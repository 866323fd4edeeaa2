/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model of a seccomp profile: everything that any dialect can say, in one
 * shape.  Readers and writers live in format/, set operations in algebra.c;
 * nothing here knows how a profile is spelled.
 */

#ifndef SCTRACE_PROFILE_H
#define SCTRACE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/error.h"

/*
 * From the strictest to the most permissive, the kernel's own order of
 * precedence.  KILL and KILL_THREAD mean the same; both are kept because
 * runtimes before 2021 know only the first.
 */
enum profile_action {
	PA_KILL_PROCESS,
	PA_KILL_THREAD,
	PA_KILL,
	PA_TRAP,
	PA_ERRNO,
	PA_NOTIFY,
	PA_TRACE,
	PA_LOG,
	PA_ALLOW,
	PA_COUNT
};

enum profile_op {
	PO_NE,
	PO_LT,
	PO_LE,
	PO_EQ,
	PO_GE,
	PO_GT,
	PO_MASKED_EQ,
	PO_COUNT
};

#define PROFILE_NO_ERRNO	(-1)
#define PROFILE_MAX_ERRNO	4095
#define PROFILE_MAX_ARGS	6

/* sorted, unique strings */
struct strset {
	char **v;
	size_t n;
};

/* messages in the order they arose */
struct profile_notes {
	char **v;
	size_t n;
};

struct profile_arg {
	unsigned int index;
	enum profile_op op;
	uint64_t value;		/* the mask of PO_MASKED_EQ */
	uint64_t value_two;	/* the datum of PO_MASKED_EQ */
};

/* a filter of the container engine, evaluated when the profile is loaded */
struct profile_cond {
	struct strset arches;
	struct strset caps;
	char *min_kernel;	/* "X.Y" or NULL */
};

struct profile_rule {
	struct strset names;
	enum profile_action action;
	int errno_ret;		/* PROFILE_NO_ERRNO where none was given */
	struct profile_arg *args;	/* in the input's order */
	size_t n_args;
	struct profile_cond includes;
	struct profile_cond excludes;
	char *comment;		/* or NULL */
};

struct profile_archmap {
	char *arch;
	struct strset subs;
};

struct profile {
	char *name;		/* k8s metadata.name, or NULL */
	char *base_profile;	/* k8s spec.baseProfileName, or NULL */
	enum profile_action def_action;
	int def_errno;		/* PROFILE_NO_ERRNO where none was given */
	struct strset arches;	/* "SCMP_ARCH_X86_64" */
	struct profile_archmap *archmap;
	size_t n_archmap;
	struct strset flags;
	bool flags_given;	/* none given is not the same as none wanted */
	char *listener_path;
	char *listener_metadata;
	struct profile_rule *rules;
	size_t n_rules;
	bool settled;		/* rules mean what libseccomp makes of them:
				 * they were read, or checked
				 */
};

/* a new profile refuses everything with ENOSYS */
struct profile *profile_new(void);
struct profile *profile_dup(const struct profile *p);
void profile_free(struct profile *p);
void profile_set_default(struct profile *p, enum profile_action action,
			 int errno_ret);
int profile_add_arch(struct profile *p, uint32_t token);
int profile_allow(struct profile *p, const char *name);
void profile_take_out(struct profile *p, const char *name, bool plain);
bool profile_has_caps(const struct profile *p);
struct profile_rule *profile_add_rule(struct profile *p,
				      enum profile_action action, int errno_ret);
bool profile_names(const struct profile *p, const char *name);
bool profile_allows(const struct profile *p, const char *name);
bool profile_permits(const struct profile *p, const char *name);
int profile_default_errno(const struct profile *p);
void profile_normalise(struct profile *p);
int profile_errno(const struct profile_rule *r);

void profile_rule_init(struct profile_rule *r, enum profile_action action,
		       int errno_ret);
void profile_rule_copy(struct profile_rule *to, const struct profile_rule *r);
void profile_rule_free(struct profile_rule *r);
int profile_rule_body_cmp(const struct profile_rule *a,
			  const struct profile_rule *b);
void profile_rule_add_arg(struct profile_rule *r, const struct profile_arg *a);
bool profile_rule_is_plain(const struct profile_rule *r);
bool profile_rules_meet(const struct profile_rule *a,
			const struct profile_rule *b);
bool profile_rule_is_redundant(const struct profile *p,
			       const struct profile_rule *r);
bool profile_cond_empty(const struct profile_cond *c);
char *profile_rule_text(const struct profile_rule *r);
char *profile_rule_terms(const struct profile_rule *r);
void profile_rule_uncondition(struct profile_rule *r);
struct profile_archmap *profile_add_archmap(struct profile *p, const char *arch);

const char *profile_action_name(enum profile_action a);
int profile_action_parse(const char *s, enum profile_action *a);
int profile_action_rank(enum profile_action a);
bool profile_action_permits(enum profile_action a);
bool profile_action_has_errno(enum profile_action a);
uint32_t profile_action_scmp(enum profile_action a, int errno_ret);
const char *profile_op_name(enum profile_op op);
int profile_op_parse(const char *s, enum profile_op *op);
const char *profile_errno_name(int e);
int profile_errno_parse(const char *s);
struct guess;
void profile_errno_guess(struct guess *g);
const char *profile_arch_name(uint32_t token);
uint32_t profile_arch_token(const char *name);
const char *profile_arch_short(uint32_t token);
uint32_t profile_arch_from_short(const char *name);
bool profile_name_valid(const char *name);
/* the calls that others are reached through; ends with NULL */
extern const char *const profile_multiplexers[];
const char *profile_multiplexer(const char *name);
bool profile_name_multiplexed(const char *name);
bool profile_kernel_valid(const char *s);

bool strset_add(struct strset *s, const char *v);
void strset_join(struct strset *to, const struct strset *s);
bool strset_has(const struct strset *s, const char *v);
bool strset_del(struct strset *s, const char *v);
bool strset_subset(const struct strset *a, const struct strset *b);
void strset_copy(struct strset *to, const struct strset *s);
void strset_free(struct strset *s);
size_t strset_find(const struct strset *s, const char *v, bool *found);
int strset_cmp(const struct strset *a, const struct strset *b);
char *strset_text(const struct strset *s, const char *between);

void profile_note(struct profile_notes *n, const char *fmt, ...)
	__printf(2, 3);
void profile_notes_cut(struct profile_notes *n, size_t left);
void profile_notes_free(struct profile_notes *n);

void *profile_grow(void *p, size_t n, size_t size);
char *profile_strdup(const char *s);

static inline void cleanup_profilep(struct profile **p)
{
	profile_free(*p);
}

#define cleanup_profile	__cleanup(cleanup_profilep)

#endif
