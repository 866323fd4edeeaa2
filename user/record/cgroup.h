/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which cgroup is meant: by its path, by a process that lives in it, or by the unit of
 * systemd whose cgroup it is.
 */
#ifndef SCTRACE_CGROUP_H
#define SCTRACE_CGROUP_H

#include "client.h"

/* What systemd says of a unit */
struct unit {
	char *name;		/* with its suffix */
	char *cgroup;		/* its path; of one that does not run where it will be */
	bool of_user;		/* a user's manager has it, not the system's */
	uint32_t user;		/* whose */
	uint32_t pid;		/* its main process, or 0 */
	bool active;
	bool filtered;		/* it has a list of system calls */
	bool own_pids;		/* it gets a PID namespace of its own */
};

const char *cgroup_root(void);
char *cgroup_of_pid(uint32_t pid);
int cgroup_path(const char *word, char **path, struct error **err);
int pid_within(uint32_t pid);
char *cgroup_text(const char *path);
char *cgroup_planned(const char *word);

int unit_find(const char *word, struct unit *u, struct error **err);
const char *unit_of_cgroup(const char *path);
void unit_free(struct unit *u);

#define cleanup_unit	__cleanup(unit_free)

#endif
