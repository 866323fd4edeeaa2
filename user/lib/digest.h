/* SPDX-License-Identifier: GPL-2.0 */
/* A digest that tells what was changed; it keeps nobody from changing it as well. */
#ifndef SCTRACE_DIGEST_H
#define SCTRACE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

uint64_t digest(const char *text, size_t len);

#endif
