/* SPDX-License-Identifier: GPL-2.0 */
/* What a container runtime tells a hook on standard input. */
#ifndef SCTRACE_HOOK_STATE_H
#define SCTRACE_HOOK_STATE_H

#include "lib/json.h"
#include <stdint.h>
#include "profile/profile.h"

/* of what an engine or runtime says in one piece, a config.json included */
#define HOOK_MAX_INPUT	(16 << 20)

struct hook_state {
	struct json_object *root;
	struct json_object *annotations;	/* within root, or NULL */
	const char *id;				/* within root, or NULL */
	const char *bundle;			/* within root, or NULL */
	uint32_t pid;				/* 0: none was told */
};

/* What the filter of a container does */
enum hook_filter {
	FILTER_UNKNOWN,		/* its configuration cannot be read */
	FILTER_NONE,
	FILTER_PERMISSIVE,	/* allows everything */
	FILTER_RESTRICTIVE,
};

/* What is of interest of a container's config.json */
struct hook_config {
	enum hook_filter filter;
	struct strset caps;	/* the bounding set */
	bool has_caps;
};

struct json_object *hook_json(const char *text, size_t len, const char *what,
			      struct error **err);
int hook_state_parse(const char *text, size_t len, struct hook_state *s,
		     struct error **err);
int hook_state_id(const struct hook_state *s, struct error **err);
void hook_state_free(struct hook_state *s);
int hook_config_parse(const char *text, size_t len, struct hook_config *c,
		      struct error **err);
struct json_object *hook_config_json(const char *bundle);
void hook_config_load(const char *bundle, struct hook_config *c);
void hook_config_free(struct hook_config *c);
enum hook_filter hook_filter_of(struct json_object *config);
const char *hook_filter_name(enum hook_filter f);

#define cleanup_state	__cleanup(hook_state_free)
#define cleanup_config	__cleanup(hook_config_free)

#endif
