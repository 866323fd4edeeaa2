/* SPDX-License-Identifier: GPL-2.0 */
/* systemd's groups of system calls. */
#ifndef SCTRACE_FORMAT_SYSTEMD_GROUPS_H
#define SCTRACE_FORMAT_SYSTEMD_GROUPS_H

#include "profile/profile.h"

#define SYSTEMD_OLDEST	252	/* of the releases that were asked */
#define SYSTEMD_NEWEST	257
#define SYSTEMD_NUMBERS	1024	/* no ABI has as many calls */

int systemd_group(const char *name, struct strset *to, struct strset *newer,
		  struct error **err);

#endif
