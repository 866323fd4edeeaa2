/* SPDX-License-Identifier: GPL-2.0 */
/* What a text that is no profile may be. */
#ifndef SCTRACE_FORMAT_LOOKS_H
#define SCTRACE_FORMAT_LOOKS_H

#include <stddef.h>

const char *looks_like(const char *text, size_t len);

#endif
