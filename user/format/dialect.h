/* SPDX-License-Identifier: GPL-2.0 */
/* What format.c needs of each dialect, and they of each other. */
#ifndef SCTRACE_DIALECT_H
#define SCTRACE_DIALECT_H

#include "format.h"

struct json_object;

int dialect_check_rules(const struct profile *p, enum format f,
			struct error **err);
int dialect_no_args(const struct profile *p, enum format f, struct error **err);
void dialect_flatten_arches(struct profile *p, const struct format_opts *opts,
			    struct profile_notes *notes);
int dialect_refuse_rule(const struct profile_rule *r, enum format f,
			const char *what, struct error **err);
struct profile *dialect_explicit_enosys(struct profile *p, enum format f,
					struct profile_notes *notes,
					struct error **err);

/* a writer gets a normalised copy without redundant rules, and may change it */
char *json_write(struct profile *p, enum format f,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err);
struct json_object *json_build(struct profile *p, enum format f,
			       const struct format_opts *opts,
			       struct profile_notes *notes, struct error **err);
char *k8s_write(struct profile *p, const struct format_opts *opts,
		struct profile_notes *notes, struct error **err);
char *systemd_write(struct profile *p, const struct format_opts *opts,
		    struct profile_notes *notes, struct error **err);
char *label_write(struct profile *p, const struct format_opts *opts,
		  struct profile_notes *notes, struct error **err);
char *names_write(struct profile *p, struct profile_notes *notes,
		  struct error **err);
char *csv_write(struct profile *p, struct profile_notes *notes,
		struct error **err);

struct json_object *json_parse(const char *text, size_t len,
			       struct error **err);
int json_read_spec(struct json_object *o, enum format f, struct profile *p,
		   struct profile_notes *notes, struct error **err);
struct profile *json_read(const char *text, size_t len, enum format *f,
			  struct profile_notes *notes, struct error **err);
struct profile *k8s_read(const char *text, size_t len,
			 struct profile_notes *notes, struct error **err);
struct profile *k8s_read_object(struct json_object *o,
				struct profile_notes *notes,
				struct error **err);
struct profile *systemd_read(const char *text, size_t len,
			     struct profile_notes *notes, struct error **err);
struct profile *label_read(const char *text, size_t len,
			   struct profile_notes *notes, struct error **err);
struct profile *names_read(const char *text, size_t len,
			   struct profile_notes *notes, struct error **err);
struct profile *csv_read(const char *text, size_t len,
			 struct profile_notes *notes, struct error **err);

#endif
