/* SPDX-License-Identifier: GPL-2.0 */
/* What a filter kills or traps for: the call by its name, which the kernel keeps. */
#ifndef SCTRACE_CMD_CAUGHT_H
#define SCTRACE_CMD_CAUGHT_H

#include <stdbool.h>
#include <sys/types.h>
#include "profile/bpf.h"

struct catch {
	uint32_t arch, nr, action;
	char *comm;		/* who made it first */
	bool alone;		/* the profile kills a thread, and others went on */
};

struct caught {
	const struct bpf *real;	/* what the profile means */
	struct bpf asked;	/* the same, asking where that kills or traps */
	bool kills;		/* or traps, for anything */
	bool able;		/* the kernel lets us ask */
	bool patient;		/* a call that asks is not interrupted */
	struct handover *hand;	/* shared with the child */
	int listener;		/* -1: none, or no more */
	bool init_killed;	/* the command itself was ended for a call */
	pid_t init;
	struct catch *v;
	size_t n;
};

bool caught_begin(struct caught *c, const struct bpf *real);
int caught_install(struct caught *c);
int caught_take(struct caught *c, pid_t pid, int failed);
void caught_answer(struct caught *c);
void caught_tell(const struct caught *c, const char *under);
void caught_end(struct caught *c);

#endif
