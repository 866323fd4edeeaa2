/* SPDX-License-Identifier: GPL-2.0 */
/* Which words are names of system calls. */
#ifndef SCTRACE_KNOWN_H
#define SCTRACE_KNOWN_H

#include <stdbool.h>

struct guess;

bool known_call(const char *name);
const char *known_nearest(const char *word);
const char *known_capability(const char *word, struct guess *g);

#endif
