/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration in a container's bundle, for sctrace-runtime(8): it gets the
 * recorder's hooks and, where asked, the filter that allows everything; at the
 * end of the container it is again what it was.
 */
#ifndef SCTRACE_HOOK_BUNDLE_H
#define SCTRACE_HOOK_BUNDLE_H

#include <json-c/json.h>
#include <sys/stat.h>
#include "lib/error.h"

struct hook;

struct hook_bundle {
	const char *path;	/* of config.json */
	struct stat st;		/* when it was read */
};

char *hook_bundle_read(struct hook_bundle *b, const char *path, size_t *len,
		       struct error **err);
int hook_bundle_write(const struct hook_bundle *b, const char *text, size_t len,
		      struct error **err);
void hook_bundle_restore(const char *path);
char *hook_bundle_env(const char *text, size_t len, const char *name,
		      size_t *out_len, struct error **err);
char *hook_bundle_hooks(const char *text, size_t len, const char *tool,
			struct json_object *options, unsigned int timeout,
			size_t *out_len, struct error **err);

#endif
