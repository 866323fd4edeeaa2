/* SPDX-License-Identifier: GPL-2.0 */
/* systemd's groups of system calls. */
#ifndef SCTRACE_FORMAT_SYSTEMD_GROUPS_H
#define SCTRACE_FORMAT_SYSTEMD_GROUPS_H

#include "profile/profile.h"

#define SYSTEMD_OLDEST	252	/* of the releases that were asked */
#define SYSTEMD_NEWEST	257
#define SYSTEMD_NUMBERS	1024	/* no ABI has as many calls */

const char *systemd_group_name(size_t i);
void systemd_default_always(struct strset *to);
bool systemd_group_member(const struct profile *p, const char *name);
int systemd_groups_check(const char *words, struct error **err);
void systemd_groups_accept(struct profile *p, const char *words);
int systemd_group(const char *name, struct strset *to, struct strset *newer,
		  struct error **err);

#endif
