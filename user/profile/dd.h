/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decision diagrams: functions of the six 64-bit arguments of a system call to
 * a 32-bit value (an action, or 0 and 1).  Every function has one number only,
 * so that two functions are the same if their numbers are.
 */
#ifndef SCTRACE_DD_H
#define SCTRACE_DD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "profile.h"

typedef uint32_t dd_t;

/* a variable is one bit of one argument; the highest bit comes first */
#define DD_BITS		64
#define DD_VARS		(PROFILE_MAX_ARGS * DD_BITS)

struct dd;

/* how the values of two functions become one; ctx is the caller's */
typedef uint32_t (*dd_fn)(void *ctx, uint32_t a, uint32_t b);

struct dd *dd_new(void);
void dd_free(struct dd *m);
bool dd_full(const struct dd *m);
dd_t dd_value(struct dd *m, uint32_t value);
dd_t dd_node(struct dd *m, unsigned int var, dd_t zero, dd_t one);
dd_t dd_ite(struct dd *m, dd_t cond, dd_t yes, dd_t no);
dd_t dd_apply(struct dd *m, dd_fn fn, void *ctx, dd_t a, dd_t b);
dd_t dd_equals(struct dd *m, dd_t f, uint32_t value);
dd_t dd_and(struct dd *m, dd_t a, dd_t b);
dd_t dd_or(struct dd *m, dd_t a, dd_t b);
dd_t dd_minus(struct dd *m, dd_t a, dd_t b);
dd_t dd_compare(struct dd *m, const struct profile_arg *a, bool narrow);
dd_t dd_word(struct dd *m, unsigned int first, enum profile_op op,
	     uint32_t value, uint32_t mask);
bool dd_within(struct dd *m, dd_t a, dd_t b);
bool dd_constant(const struct dd *m, dd_t f, uint32_t *value);
unsigned int dd_var(const struct dd *m, dd_t f);
dd_t dd_zero(const struct dd *m, dd_t f);
dd_t dd_one(const struct dd *m, dd_t f);
uint32_t dd_eval(const struct dd *m, dd_t f,
		 const uint64_t args[PROFILE_MAX_ARGS]);
void dd_values(struct dd *m, dd_t f, uint32_t **v, size_t *n);
bool dd_example(struct dd *m, dd_t f, uint32_t value,
		uint64_t args[PROFILE_MAX_ARGS]);

#endif
