// SPDX-License-Identifier: GPL-2.0
/* YAML as JSON's types, so that members are understood in one place only. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "yaml.h"

#ifdef HAVE_LIBYAML
#include <yaml.h>

/* an alias of an alias of an alias ... grows without bound */
#define MAX_NODES	100000

struct conversion {
	struct json_doc *doc;
	yaml_document_t *from;
	unsigned int left;	/* nodes that may still be made */
	struct error **err;
};

static unsigned int line_of(const yaml_node_t *node)
{
	return node->start_mark.line + 1;
}

/* digits as a number: 1; -1 where there are too many, 0 where it is a word */
static int plain_number(const char *s, struct json_object **to)
{
	bool hex = *s == '0' && s[1] == 'x' && isxdigit((unsigned char)s[2]);
	const char *digits = s + (*s == '-');
	unsigned long long n;
	char *end;

	/* a leading zero is octal to YAML 1.1, decimal to 1.2 */
	if (!isdigit((unsigned char)*digits) ||
	    (*digits == '0' && digits[1] && !hex))
		return 0;
	errno = 0;
	n = *s == '-' ? (unsigned long long)strtoll(s, &end, 10) :
			strtoull(s, &end, hex ? 16 : 10);
	if (*end)
		return 0;
	if (errno)
		return -1;
	*to = *s == '-' ? json_object_new_int64(n) : json_object_new_uint64(n);
	return 1;
}

static int plain_scalar(const char *s, struct json_object **to)
{
	int ret;

	*to = NULL;
	if (!*s || !strcmp(s, "~") || !strcasecmp(s, "null"))
		return 0;
	ret = plain_number(s, to);
	if (ret)
		return ret < 0 ? -1 : 0;
	if (!strcasecmp(s, "true") || !strcasecmp(s, "false"))
		*to = json_object_new_boolean(!strcasecmp(s, "true"));
	else
		*to = json_object_new_string(s);
	return 0;
}

static int convert(struct conversion *c, yaml_node_t *node, int depth,
		   struct json_object **to);

static int scalar(struct conversion *c, yaml_node_t *node,
		  struct json_object **to)
{
	const char *s = (char *)node->data.scalar.value;

	if (strlen(s) != node->data.scalar.length)
		return error_make(c->err, ST_FAILED, 0,
				  "line %u: a NUL byte in YAML", line_of(node));
	if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		*to = json_object_new_string(s);
	else if (plain_scalar(s, to))
		return error_make(c->err, ST_FAILED, 0,
				  "line %u: `%.40s` does not fit in 64 bits",
				  line_of(node), s);
	return 0;
}

static int mapping(struct conversion *c, yaml_node_t *node, int depth,
		   struct json_object *o)
{
	yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(c->from, pair->key);
		struct json_object *v;
		const char *s;

		if (!key || key->type != YAML_SCALAR_NODE)
			return error_make(c->err, ST_FAILED, 0,
					  "line %u: a YAML key is not a word",
					  line_of(node));
		s = (const char *)key->data.scalar.value;
		if (strlen(s) != key->data.scalar.length)
			return error_make(c->err, ST_FAILED, 0,
					  "line %u: a NUL byte in a YAML key",
					  line_of(key));
		if (json_has(o, s))
			return error_make(c->err, ST_FAILED, 0,
					  "line %u: member `%s` given twice in one object",
					  line_of(key), s);
		if (convert(c, yaml_document_get_node(c->from, pair->value),
			    depth + 1, &v))
			return -1;
		if (json_object_object_add(o, s, v))
			out_of_memory();
	}
	return 0;
}

static int sequence(struct conversion *c, yaml_node_t *node, int depth,
		    struct json_object *a)
{
	yaml_node_item_t *item;
	struct json_object *v;

	for (item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top; item++) {
		if (convert(c, yaml_document_get_node(c->from, *item),
			    depth + 1, &v))
			return -1;
		if (json_object_array_add(a, v))
			out_of_memory();
	}
	return 0;
}

static int convert(struct conversion *c, yaml_node_t *node, int depth,
		   struct json_object **to)
{
	int ret;

	*to = NULL;
	if (!node)
		return 0;
	if (depth > JSON_MAX_DEPTH || !c->left)
		return error_make(c->err, ST_FAILED, 0,
				  "line %u: YAML nested too deeply, or too large",
				  line_of(node));
	c->left--;
	switch (node->type) {
	case YAML_SCALAR_NODE:
		ret = scalar(c, node, to);
		break;
	case YAML_SEQUENCE_NODE:
		*to = json_object_new_array();
		ret = sequence(c, node, depth, *to);
		break;
	case YAML_MAPPING_NODE:
		*to = json_object_new_object();
		ret = mapping(c, node, depth, *to);
		break;
	default:
		ret = error_make(c->err, ST_FAILED, 0, "line %u: YAML of a strange kind",
				 line_of(node));
	}
	if (ret) {
		json_object_put(*to);
		*to = NULL;
		return -1;
	}
	json_doc_mark(c->doc, *to, line_of(node));
	return 0;
}

/* 1: there is no more */
static int next_document(yaml_parser_t *parser, struct conversion *c)
{
	yaml_document_t from;
	struct json_object *o;
	yaml_node_t *root;
	int ret = 0;

	if (!yaml_parser_load(parser, &from))
		return error_make(c->err, ST_FAILED, 0,
				  "line %zu: not YAML: %s",
				  parser->problem_mark.line + 1,
				  parser->problem ? parser->problem : "error");
	root = yaml_document_get_root_node(&from);
	if (!root) {
		yaml_document_delete(&from);
		return 1;
	}
	c->from = &from;
	ret = convert(c, root, 0, &o);
	if (!ret && o)
		json_append(c->doc->root, o);
	yaml_document_delete(&from);
	return ret;
}

/**
 * yaml_parse() - text to objects
 * @text: the text
 * @len: bytes in it
 * @err: set on failure
 *
 * Documents with nothing in them do not count.
 *
 * Return: the document, whose root is an array of the text's documents, or NULL.
 */
struct json_doc *yaml_parse(const char *text, size_t len, struct error **err)
{
	struct conversion c = { .left = MAX_NODES, .err = err };
	yaml_parser_t parser;
	int ret;

	if (!yaml_parser_initialize(&parser))
		out_of_memory();
	c.doc = json_doc_new();
	c.doc->root = json_object_new_array();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	do
		ret = next_document(&parser, &c);
	while (!ret);
	yaml_parser_delete(&parser);
	if (ret > 0)
		return c.doc;
	json_doc_free(c.doc);
	return NULL;
}

#else

struct json_doc *yaml_parse(const char *text, size_t len, struct error **err)
{
	(void)text;
	(void)len;
	error_make(err, ST_FAILED, 0,
		   "YAML, and this is built without libyaml: give the object as JSON (kubectl get -o json)");
	return NULL;
}

#endif
