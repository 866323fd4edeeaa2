/* SPDX-License-Identifier: GPL-2.0 */
/* json-c, and what versions before 0.15 lack: the Makefile looks for it. */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <json-c/json.h>
#include <stdbool.h>

#ifndef HAVE_JSON_UINT64
#include <inttypes.h>
#include <json-c/printbuf.h>
#include <stdint.h>
#include <stdio.h>

/* Such a number is one of 64 bits that is written without a sign */
static inline int json_uint64_write(struct json_object *o, struct printbuf *pb,
				    int level, int flags)
{
	char s[24];
	int n = snprintf(s, sizeof(s), "%" PRIu64,
			 (uint64_t)json_object_get_int64(o));

	(void)level;
	(void)flags;
	return printbuf_memappend(pb, s, n);
}

static inline struct json_object *json_object_new_uint64(uint64_t v)
{
	struct json_object *o = json_object_new_int64((int64_t)v);

	if (o && v > INT64_MAX)
		json_object_set_serializer(o, json_uint64_write, NULL, NULL);
	return o;
}

static inline uint64_t json_object_get_uint64(struct json_object *o)
{
	return (uint64_t)json_object_get_int64(o);
}

/* What is beyond 2^63 was read as the last number before */
static inline bool json_uint64_lost(struct json_object *o)
{
	return json_object_get_int64(o) == INT64_MAX;
}
#else
static inline bool json_uint64_lost(struct json_object *o)
{
	(void)o;
	return false;
}
#endif

#ifndef HAVE_JSON_PARSE_END
static inline size_t json_tokener_get_parse_end(struct json_tokener *tok)
{
	return tok->char_offset;
}
#endif

/* NULL: it is no object, or has no such member of this type */
static inline struct json_object *json_typed(struct json_object *o, const char *key,
					     enum json_type type)
{
	struct json_object *v;

	return json_object_is_type(o, json_type_object) &&
	       json_object_object_get_ex(o, key, &v) && json_object_is_type(v, type) ? v : NULL;
}

static inline const char *json_text(struct json_object *o, const char *key)
{
	return json_object_get_string(json_typed(o, key, json_type_string));
}

#endif
