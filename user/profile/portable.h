/* SPDX-License-Identifier: GPL-2.0 */
/* What a recorded profile needs on another machine. */
#ifndef SCTRACE_PORTABLE_H
#define SCTRACE_PORTABLE_H

#include "profile.h"

void portable_add(struct profile *p, struct profile_notes *notes);
void portable_too_new(const struct profile *p, const char *kernel,
		      struct profile_notes *notes);

#endif
