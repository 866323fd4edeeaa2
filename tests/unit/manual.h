/* SPDX-License-Identifier: GPL-2.0 */
/* The manual's section JSON, and what is printed held against it. */
#ifndef SCTRACE_TEST_MANUAL_H
#define SCTRACE_TEST_MANUAL_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/json.h"

/* A member as the manual has it: "records[].id? number: of ..." */
struct manual_member {
	char parent[96], key[96], path[96], type[16];
	bool optional, any, list, met;
};

struct manual_shape {
	const char *what;
	struct manual_member v[96];
	size_t n;
};

char *manual_page(const char *name);
void manual_shape(struct manual_shape *s, const char *anchor);
void manual_holds(struct manual_shape *s, struct json_object *o, const char *at);
void manual_all_met(const struct manual_shape *s);

#endif
