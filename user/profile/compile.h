/* SPDX-License-Identifier: GPL-2.0 */
/* A profile as the filter that a runtime makes of it. */
#ifndef SCTRACE_COMPILE_H
#define SCTRACE_COMPILE_H

#include <seccomp.h>
#include "algebra.h"

int profile_compile(const struct profile *p, const struct profile_env *env,
		    scmp_filter_ctx *ctx, struct profile_notes *notes,
		    struct error **err);

#endif
