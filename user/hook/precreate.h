/* SPDX-License-Identifier: GPL-2.0 */
/* A container's configuration with a filter that allows everything. */
#ifndef SCTRACE_HOOK_PRECREATE_H
#define SCTRACE_HOOK_PRECREATE_H

#include <stdint.h>
#include "lib/error.h"

/* What hook_permit_all() adds to the length of a configuration at most */
#define HOOK_PERMIT_ALL_ROOM	4096

char *hook_permit_all(const char *text, size_t len, uint32_t native,
		      size_t *out_len, struct error **err);

#endif
