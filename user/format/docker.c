// SPDX-License-Identifier: GPL-2.0
/* moby's: + archMap, includes and excludes with minKernel, comment. */
#include "spec.h"

static int detect(const struct source *s)
{
	struct json_object *o = s->json ? s->json->root : NULL;

	return json_has(o, "archMap") || spec_rules_have(o, "name", NULL) ||
	       spec_rules_have(o, "comment", NULL) ||
	       spec_rules_have(o, "includes", NULL) ||
	       spec_rules_have(o, "excludes", NULL) ? 2 : 0;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	return spec_read_source(s, &dialect_docker, notes, err);
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	return spec_write(p, &dialect_docker, opts, notes, err);
}

const struct dialect dialect_docker = {
	.name = "docker",
	.help = "Docker's, with capabilities and kernels as conditions",
	/* Docker before 23.0 ignores a default errno */
	.can = CAN_LOAD | CAN_CONDITIONS | CAN_MIN_KERNEL | CAN_COMMENT |
	       CAN_ARCHMAP | CAN_OLD_NAME | CAN_DEFAULT_ERRNO,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
