/* SPDX-License-Identifier: GPL-2.0 */
/* What users call the containers of their own podman. */
#ifndef SCTRACE_ROOTLESS_H
#define SCTRACE_ROOTLESS_H

#include <sys/types.h>

uid_t rootless_user(const char *word);
int rootless_names(uid_t uid, unsigned int seconds, char **lines);

#endif
