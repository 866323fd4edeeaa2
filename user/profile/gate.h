/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Would a profile let pass what was recorded?  The answer is that of the filter which
 * libseccomp makes of the profile (meaning.h), for all that is not known of a call: its
 * arguments, as far as they were not recorded, and the container's capabilities, where
 * rules depend on them.
 */
#ifndef SCTRACE_GATE_H
#define SCTRACE_GATE_H

#include "meaning.h"
#include "record/client.h"

enum verdict {
	GATE_PERMITS,		/* whatever is not known of the call */
	GATE_REFUSES,		/* likewise */
	GATE_BY_ARGS,		/* it depends on arguments that are not known */
	GATE_BY_CAPS,		/* it depends on capabilities that are not known */
};

struct gate_place;

struct gate {
	const struct profile *p;
	struct profile_env env;
	char kernel[32];
	bool caps_known;	/* @env has them; else a call's rules say which to try */
	struct gate_place *place;
	size_t n_place;
};

int gate_open(struct gate *g, const struct profile *p, uint32_t native,
	      const struct strset *caps, const char *kernel, struct error **err);
void gate_close(struct gate *g);
int gate_number(struct gate *g, uint32_t arch, int64_t nr, enum verdict *to,
		uint32_t *answer, struct error **err);
int gate_value(struct gate *g, const struct sctrace_value *v, uint64_t before,
	       enum verdict *to, uint32_t *answer, struct error **err);
int gate_flags(struct gate *g, const struct sctrace_value *v, uint64_t all,
	       enum verdict *to, struct error **err);

#define cleanup_gate	__cleanup(gate_close)

#endif
