/* SPDX-License-Identifier: GPL-2.0 */
/* What format.c needs of each dialect; nobody else includes this. */
#ifndef SCTRACE_DIALECT_H
#define SCTRACE_DIALECT_H

#include "format.h"

/* a writer gets a normalised copy without redundant rules, and may change it */
char *json_write(struct profile *p, enum format f,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err);

#endif
