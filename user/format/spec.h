/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The members of runtime-spec's linux.seccomp, with those that the engines add:
 * which of them a dialect has is told by its row.
 */
#ifndef SCTRACE_FORMAT_SPEC_H
#define SCTRACE_FORMAT_SPEC_H

#include "dialect.h"
#include "json.h"

bool spec_rules_have(struct json_object *o, const char *key,
		     const char *inner);
int spec_read(const struct json_doc *doc, struct json_object *o,
	      const char *path, const struct dialect *d, struct profile *p,
	      struct profile_notes *notes, struct error **err);
struct profile *spec_read_source(const struct source *s,
				 const struct dialect *d,
				 struct profile_notes *notes,
				 struct error **err);
struct json_object *spec_build(struct profile *p, const struct dialect *d,
			       const struct format_opts *opts,
			       struct profile_notes *notes, struct error **err);
char *spec_write(struct profile *p, const struct dialect *d,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err);

#endif
