/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The drop-in by which a unit runs under a filter that denies nothing while it is
 * recorded, so that the module can tell the program's calls from those that systemd
 * makes to prepare it; and the directory that a drop-in is written to.
 */
#ifndef SCTRACE_CMD_DROPIN_H
#define SCTRACE_CMD_DROPIN_H

#include "record/cgroup.h"

const char *dropin_unit(const char *cgroup);
int dropin_check(const struct unit *u, struct error **err);
int dropin_put(const struct unit *u, struct error **err);
int dropin_remove(const char *unit, bool *was, struct error **err);
int unit_stop(const struct unit *u, char **stopped, struct error **err);
int unit_start(const struct unit *u, const char *stopped, struct error **err);

char *dropin_dir(const char *path);

#endif
