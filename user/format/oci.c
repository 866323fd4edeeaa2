// SPDX-License-Identifier: GPL-2.0
/* runtime-spec's linux.seccomp, alone or in the config.json of a bundle. */
#include "spec.h"

static int detect(const struct source *s)
{
	return s->json ? 1 : 0;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	struct json_object *o = s->json->root;
	struct profile *p;

	if (!json_has(o, "ociVersion"))
		return spec_read_source(s, &dialect_oci, notes, err);
	o = json_member(json_member(o, "linux"), "seccomp");
	if (!o) {
		error_make(err, ST_FAILED, 0,
			   "this configuration has no linux.seccomp");
		return NULL;
	}
	profile_note(notes, "only linux.seccomp of the configuration is used");
	p = profile_new();
	if (!spec_read(s->json, o, "linux.seccomp", &dialect_oci, p, notes,
		       err))
		return p;
	profile_free(p);
	return NULL;
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	return spec_write(p, &dialect_oci, opts, notes, err);
}

const struct dialect dialect_oci = {
	.name = "oci",
	.help = "the runtime-spec's linux.seccomp: every engine reads it",
	.can = CAN_LOAD | CAN_DEFAULT_ERRNO | CAN_ENOSYS,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
