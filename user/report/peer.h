/* SPDX-License-Identifier: GPL-2.0 */
/* The default profiles of container engines, built in. */
#ifndef SCTRACE_PEER_H
#define SCTRACE_PEER_H

#include <stddef.h>
#include "profile/algebra.h"

/* What the default profile of a container engine says of a call */
enum peer_verdict {
	PEER_REFUSES,
	PEER_NEEDS_CAP,		/* allows it to who has a capability */
	PEER_LOOKS,		/* looks at the arguments */
	PEER_ALLOWS,
};

struct peer {
	const char *name;
	const char *key;	/* in JSON and on the command line */
	const char *version;	/* and where it is from */
	const char *caps;	/* of a container that is given none and robbed of none */
	const char *text;	/* the profile, in Docker's dialect */
	size_t len;
};

#define PEERS	2		/* those that a report has columns for */
#define PEERS_ALL	3

extern const struct peer peers[PEERS_ALL];

const struct peer *peer_find(const char *key);
const struct profile *peer_profile(const struct peer *p);
int peer_wider(const struct peer *e, const struct profile *than,
	       const struct profile *p, const struct profile_env *env,
	       bool resolve, struct differences *d, struct error **err);
void peer_caps(const struct peer *p, struct strset *caps);
enum peer_verdict peer_verdict(const struct peer *p, const char *name, const char *machine,
			       const char **cap);

#endif
