/* SPDX-License-Identifier: GPL-2.0 */
/* An element of SCTRACE_A_VALUES, as the module makes it. */
#ifndef SCTRACE_TEST_ELEMENT_H
#define SCTRACE_TEST_ELEMENT_H

#include "record/value.h"

/* What it says of itself: how it is to be read, and of which arguments it is */
static inline void value_of_row(struct sctrace_value *v, const struct sctrace_watched *row)
{
	unsigned int i;

	v->how = row->how == SCTRACE_WATCHED_ENUM ? SCTRACE_HOW_ENUM : SCTRACE_HOW_FLAGS;
	v->num = row->num;
	for (i = 0; i < row->num; i++) {
		v->index[i] = row->first + i;
		if (row->how == SCTRACE_WATCHED_POINTED)
			v->index[i] |= SCTRACE_INDEX_POINTED;
		if (row->bits == 64)
			v->wide |= 1 << i;
	}
}

#endif
