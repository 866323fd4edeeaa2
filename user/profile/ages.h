/* SPDX-License-Identifier: GPL-2.0 */
/* Which release of Linux or libseccomp brought what. */
#ifndef SCTRACE_AGES_H
#define SCTRACE_AGES_H

#include "profile.h"

bool ages_before(const char *a, const char *b);
const char *ages_call(const char *name);
const char *ages_libseccomp(const char *version);
void ages_fall_back(bool narrow, struct strset *names);

#endif
