/* SPDX-License-Identifier: GPL-2.0 */
/* Which words are names of system calls. */
#ifndef SCTRACE_KNOWN_H
#define SCTRACE_KNOWN_H

#include <stdbool.h>

bool known_call(const char *name);
char *known_nearest(const char *word);

#endif
