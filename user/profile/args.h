/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Conditions on arguments, of the values that were recorded: --args.
 *
 * What decides about attack surface is looked at by `guard`: the family of a socket, the
 * namespaces that clone, unshare and setns make or enter, and what personality, bpf, keyctl
 * and ptrace are asked for. `all` looks at every argument that was recorded.
 *
 * Where not all values of a call are known, it gets no condition, and that is said. A value
 * that was lost makes a profile wider, never narrower.
 */
#ifndef SCTRACE_ARGS_H
#define SCTRACE_ARGS_H

#include "record/client.h"
#include "derive.h"
#include "profile.h"

enum args_mode {
	ARGS_NONE,
	ARGS_GUARD,
	ARGS_ALL,
	ARGS_SEEN,		/* what was seen and nothing else: to compare with */
};

/* What the dialect to be written can say of arguments */
enum args_can {
	ARGS_CAN_ALL,
	ARGS_CAN_SYSTEMD,	/* families, namespaces, the personality */
	ARGS_CAN_NOTHING,
};

/* of an enumeration more values than these are not compared one by one */
#define ARGS_MOST	16

#define ARGS_SPELLED	"none, guard or all"

struct args_opts {
	enum args_mode mode;
	enum args_can can;
	const char *dialect;	/* what it is called */
	bool include_refused;
	const struct profile *base;	/* to be added to, or NULL */
};

int args_parse(const char *s, enum args_mode *mode);
void args_apply(const struct record *r, const struct args_opts *o,
		struct derived *d);
uint32_t args_namespaces(void);
char *args_names(const struct profile_rule *r, const char *call);

#endif
