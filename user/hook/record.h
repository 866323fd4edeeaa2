/* SPDX-License-Identifier: GPL-2.0 */
/* What the hook does at each stage of a container's life. */
#ifndef SCTRACE_HOOK_RECORD_H
#define SCTRACE_HOOK_RECORD_H

#include "annotation.h"
#include "outdirs.h"
#include "state.h"

/* What the administrator wants of all containers; from the command line */
struct hook_policy {
	struct outdirs dirs;		/* for of:, report: and if: */
	struct outdirs base_dirs;	/* for if:; none: as dirs */
	bool no_permissive;
	bool strict;
	unsigned int timeout;		/* seconds */
	const char *config;		/* bundle: of config.json */
	const char *env;		/* bundle: the variable to take, or NULL */
	struct json_object *options;	/* bundle: what the hooks are given */
};

/* One run of the hook */
struct hook {
	const struct hook_policy *policy;
	const char *in;		/* standard input, and a NUL */
	size_t in_len;
	char *out;		/* precreate, bundle: the new configuration, or NULL */
	size_t out_len;
	const char *id;		/* the container's, or NULL */
	bool strict;		/* known as soon as the annotation is read */
	bool wrong;		/* the annotation is: never start the container */
	pid_t parent;		/* the process that has run the hook */
	int tell;		/* LOG_MASK() of what it takes hook_tell() to be heard */
	void (*strict_known)(struct hook *h);
};

int hook_precreate(struct hook *h, struct error **err);
int hook_bundle(struct hook *h, struct error **err);
int hook_prestart(struct hook *h, struct error **err);
int hook_poststop(struct hook *h, struct error **err);

void hook_say(const struct hook *h, int priority, const char *fmt, ...)
	__printf(3, 4);

#endif
