/* SPDX-License-Identifier: GPL-2.0 */
/* Settings of systemd that say what conditions on arguments say. */
#ifndef SCTRACE_FORMAT_SYSTEMD_ARGS_H
#define SCTRACE_FORMAT_SYSTEMD_ARGS_H

#include <stdio.h>
#include "profile/profile.h"

struct systemd_args {
	bool families_given, namespaces_given;
	struct strset families;		/* of RestrictAddressFamilies= */
	uint64_t namespaces;		/* that may be made; of RestrictNamespaces= */
	bool lock;			/* LockPersonality= */
};

void systemd_args_take(struct profile *p, struct systemd_args *to,
		       struct profile_notes *notes);
void systemd_args_put(FILE *f, const struct systemd_args *a);
void systemd_args_free(struct systemd_args *a);

#endif
