/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SCTRACE_HOOK_KEY_H
#define SCTRACE_HOOK_KEY_H

/* The annotation's key; a slash and a container's name may follow it */
#define HOOK_ANNOTATION	"io.containers.trace-syscall"

#endif
