/* SPDX-License-Identifier: GPL-2.0 */
/* The hook's words, told to the person who starts the container. */
#ifndef SCTRACE_HOOK_TELL_H
#define SCTRACE_HOOK_TELL_H

#include <sys/types.h>

void hook_tell(pid_t parent, const char *text);

#endif
