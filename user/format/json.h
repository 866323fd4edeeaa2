/* SPDX-License-Identifier: GPL-2.0 */
/* Strict parsing of JSON that remembers where things stood. */
#ifndef SCTRACE_FORMAT_JSON_H
#define SCTRACE_FORMAT_JSON_H

#include "lib/json.h"
#include "lib/error.h"

#define JSON_MAX_DEPTH	32

/* A parsed text, and on which line each of its values begins */
struct json_doc {
	struct json_object *root;
	struct json_line {
		const struct json_object *o;
		unsigned int line;
	} *lines;
	size_t n_lines;
};

struct json_doc *json_doc_new(void);
void json_doc_free(struct json_doc *doc);
void json_doc_mark(struct json_doc *doc, const struct json_object *o,
		   unsigned int line);
unsigned int json_doc_line(const struct json_doc *doc,
			   const struct json_object *o);
struct json_doc *json_parse(const char *text, size_t len, struct error **err);

void json_put(struct json_object *o, const char *key, struct json_object *v);
void json_append(struct json_object *a, struct json_object *v);
void json_put_str(struct json_object *o, const char *key, const char *s);
struct json_object *json_member(struct json_object *o, const char *key);
bool json_has(struct json_object *o, const char *key);
const char *json_str(struct json_object *v);

static inline void cleanup_json_docp(struct json_doc **doc)
{
	json_doc_free(*doc);
}

#define cleanup_json_doc	__cleanup(cleanup_json_docp)

#endif
