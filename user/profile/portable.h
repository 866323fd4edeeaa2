/* SPDX-License-Identifier: GPL-2.0 */
/* What a recorded profile needs on another machine. */
#ifndef SCTRACE_PORTABLE_H
#define SCTRACE_PORTABLE_H

#include "profile.h"

void portable_add(struct profile *p, struct profile_notes *notes);
const char *portable_twin(const char *name, size_t *at, const char **why);

#endif
