/* SPDX-License-Identifier: GPL-2.0 */
/* What podman knows of a container: its name, for the annotations of `podman kube play`. */
#ifndef SCTRACE_HOOK_PODNAME_H
#define SCTRACE_HOOK_PODNAME_H

#include <json-c/json.h>
#include <stdbool.h>

struct hook_podname {
	char *container;	/* "POD-NAME", or NULL: not known */
	char *host;		/* its host name, as a rule the pod's, or NULL */
	bool image_asks;	/* the annotation may be its image's */
	char *not_read;		/* what would tell whether it is cannot be read, or NULL */
};

void hook_podname_load(struct json_object *config, struct hook_podname *n);
void hook_podname_free(struct hook_podname *n);

#define cleanup_podname	__cleanup(hook_podname_free)

#endif
