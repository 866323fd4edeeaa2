/* SPDX-License-Identifier: GPL-2.0 */
/* What a record knows of the arguments of watched calls. */
#ifndef SCTRACE_VALUE_H
#define SCTRACE_VALUE_H

#include <watched.h>
#include "client.h"

/* All values of one call, of all ABIs and kinds that were asked for */
struct value_set {
	const struct sctrace_watched *row;	/* NULL: it was not called */
	unsigned int first, num;	/* which arguments of the call */
	uint64_t (*v)[3];	/* of an enumeration: each once, rising */
	size_t n;
	uint64_t flags;		/* of flags: all bits that were seen */
	bool both;		/* ... one call may have had both SCTRACE_WATCHED_BOTH */
	bool any;		/* there was a value at all */
	uint8_t upper;		/* bit i: the register's upper half is to be masked away */
	bool open;		/* there may be others */
	enum sctrace_open why;
	bool unwatched;		/* ... as nobody looked at them */
};

/* Is the number of this kind to be counted? */
typedef bool (*value_wanted)(const void *ctx, unsigned int kind);

const struct sctrace_watched *value_row(uint32_t arch, const char *call);
bool value_is_watched(const char *call);
void value_collect(const struct record *r, const char *call, value_wanted wanted,
		   const void *ctx, struct value_set *to);
void value_add(struct value_set *to, const uint64_t arg[3]);
void value_set_free(struct value_set *s);
const char *value_open_text(enum sctrace_open why);
bool value_has_both(const struct sctrace_value *v);
char *value_names(const char *call, const struct sctrace_value *v);
char *value_call(const struct sctrace_value *v);

#endif
