/* SPDX-License-Identifier: GPL-2.0 */
/* Settings of systemd that say what conditions on arguments say. */
#ifndef SCTRACE_FORMAT_SYSTEMD_ARGS_H
#define SCTRACE_FORMAT_SYSTEMD_ARGS_H

#include <stdio.h>
#include "profile/profile.h"

struct systemd_args {
	bool families_given, namespaces_given;
	bool families_all_but;		/* the list is of those that are refused */
	struct strset families;		/* of RestrictAddressFamilies= */
	uint64_t namespaces;		/* that may be made; of RestrictNamespaces= */
	bool lock;			/* LockPersonality= */
	bool no_wx;			/* MemoryDenyWriteExecute= */
};

void systemd_args_take(struct profile *p, struct systemd_args *to,
		       struct profile_notes *notes);
void systemd_args_lose(struct profile *meant);
int systemd_args_read(struct systemd_args *a, const char *key, char *value,
		      struct error **err);
void systemd_args_apply(const struct systemd_args *a, struct profile *p,
			struct strset *left);
void systemd_args_put(FILE *f, const struct systemd_args *a);
void systemd_args_free(struct systemd_args *a);

#endif
