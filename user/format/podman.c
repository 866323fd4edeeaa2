// SPDX-License-Identifier: GPL-2.0
/*
 * containers-common's: + archMap, includes and excludes, comment, defaultErrno
 * and errno as words.  podman, buildah and CRI-O read it.
 */
#include <errno.h>

#include "spec.h"

static int detect(const struct source *s)
{
	struct json_object *o = s->json ? s->json->root : NULL;
	bool kernels = spec_rules_have(o, "includes", "minKernel") ||
		       spec_rules_have(o, "excludes", "minKernel");

	/* that of 2021 had a number only, which Docker before 23.0 ignores */
	return json_has(o, "defaultErrno") || spec_rules_have(o, "errno", NULL) ||
	       (dialect_docker.detect(s) && !kernels &&
		json_object_get_int(json_member(o, "defaultErrnoRet")) == ENOSYS) ? 3 : 0;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	return spec_read_source(s, &dialect_podman, notes, err);
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	return spec_write(p, &dialect_podman, opts, notes, err);
}

const struct dialect dialect_podman = {
	.name = "podman",
	.help = "podman's, with capabilities as conditions and errnos as words",
	.can = CAN_LOAD | CAN_CONDITIONS | CAN_COMMENT | CAN_ARCHMAP |
	       CAN_OLD_NAME | CAN_ERRNO_WORD | CAN_DEFAULT_ERRNO | CAN_ENOSYS,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
