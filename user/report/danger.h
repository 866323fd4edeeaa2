/* SPDX-License-Identifier: GPL-2.0 */
/* System calls that deserve a second look, and what others allow by default. */
#ifndef SCTRACE_DANGER_H
#define SCTRACE_DANGER_H

#include <stddef.h>

struct danger {
	const char *name;
	const char *group;	/* what it is about, in a word or two */
	const char *why;	/* what allowing it hands over */
	const char *source;	/* where that is said */
};

const struct danger *danger_find(const char *name);
const struct danger *danger_all(size_t *n);

/* What the default profile of a container engine says of a call */
enum peer_verdict {
	PEER_REFUSES,
	PEER_NEEDS_CAP,		/* allows it to who has a capability */
	PEER_LOOKS,		/* looks at the arguments */
	PEER_ALLOWS,
};

struct needs {
	const char *name;
	const char *cap;
};

struct peer {
	const char *name;
	const char *key;		/* in JSON */
	const char *version;	/* of the lists, and where they are from */
	const char *const *always;	/* all three sorted */
	size_t n_always;
	const char *const *args;
	size_t n_args;
	const struct needs *caps;
	size_t n_caps;
};

#define PEERS	2

extern const struct peer peers[PEERS];

enum peer_verdict peer_verdict(const struct peer *p, const char *name,
			       const char **cap);

#endif
