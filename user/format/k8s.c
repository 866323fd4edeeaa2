// SPDX-License-Identifier: GPL-2.0
/*
 * The SeccompProfile object of the security-profiles-operator: cluster scoped,
 * v1.  Its spec is runtime-spec's linux.seccomp without a default errno and
 * with the name of a base profile.
 */
#include <json-c/json.h>
#include <limits.h>
#ifdef HAVE_LIBYAML
#include <yaml.h>
#endif

#include "dialect.h"
#include "lib/names.h"

#define K8S_GROUP	"security-profiles-operator.x-k8s.io/"
#define K8S_KIND	"SeccompProfile"
#define MAX_DEPTH	32

/* a label of a DNS name, or several with dots: what the API server takes */
static bool object_name_valid(const char *s)
{
	size_t i, n = strlen(s);

	if (!n || n > 253)
		return false;
	for (i = 0; i < n; i++) {
		bool alnum = (s[i] >= 'a' && s[i] <= 'z') ||
			     (s[i] >= '0' && s[i] <= '9');
		bool edge = !i || i == n - 1 || s[i - 1] == '.' ||
			    s[i + 1] == '.';

		if (!alnum && (edge || (s[i] != '-' && s[i] != '.')))
			return false;
	}
	return true;
}

/*
 * A YAML reader would take a plain "123" or "null" for something else than a
 * string; JSON's quoting is valid YAML.
 */
static void put_scalar(FILE *f, const char *s)
{
	struct json_object *o;
	size_t i;
	bool word = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');

	for (i = 0; s[i] && word; i++)
		word = profile_name_valid(s) || s[i] == '-' || s[i] == '.' ||
		       (s[i] >= 'a' && s[i] <= 'z') ||
		       (s[i] >= '0' && s[i] <= '9');
	if (word && strcasecmp(s, "null") && strcasecmp(s, "true") &&
	    strcasecmp(s, "false") && strcasecmp(s, "yes") &&
	    strcasecmp(s, "no") && strcasecmp(s, "on") &&
	    strcasecmp(s, "off") && strcasecmp(s, "y") && strcasecmp(s, "n")) {
		fputs(s, f);
		return;
	}
	o = json_object_new_string(s);
	if (!o)
		out_of_memory();
	fputs(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					     JSON_C_TO_STRING_NOSLASHESCAPE),
	      f);
	json_object_put(o);
}

static void put_list(FILE *f, const char *indent, const char *key,
		     const struct strset *s)
{
	size_t i;

	if (!s->n)
		return;
	fprintf(f, "%s%s:\n", indent, key);
	for (i = 0; i < s->n; i++) {
		fprintf(f, "%s- ", indent);
		put_scalar(f, s->v[i]);
		fputc('\n', f);
	}
}

static void put_member(FILE *f, const char *key, const char *s)
{
	if (!s)
		return;
	fprintf(f, "  %s: ", key);
	put_scalar(f, s);
	fputc('\n', f);
}

static void put_rule(FILE *f, const struct profile_rule *r)
{
	size_t i;

	fprintf(f, "  - action: %s\n", profile_action_name(r->action));
	if (profile_action_has_errno(r->action) && r->errno_ret >= 0)
		fprintf(f, "    errnoRet: %d\n", r->errno_ret);
	if (r->n_args)
		fputs("    args:\n", f);
	for (i = 0; i < r->n_args; i++) {
		const struct profile_arg *a = &r->args[i];

		fprintf(f, "    - index: %u\n      op: %s\n      value: %llu\n",
			a->index, profile_op_name(a->op),
			(unsigned long long)a->value);
		if (a->value_two || a->op == PO_MASKED_EQ)
			fprintf(f, "      valueTwo: %llu\n",
				(unsigned long long)a->value_two);
	}
	put_list(f, "    ", "names", &r->names);
}

static int k8s_check(const struct profile *p, const char *name,
		     struct profile_notes *notes, struct error **err)
{
	size_t i, j;

	if (!object_name_valid(name))
		return error_make(err, ST_FAILED, 0,
				  "`%s` cannot name a Kubernetes object", name);
	if (dialect_check_rules(p, FORMAT_K8S, err))
		return -1;
	if (p->def_errno >= 0 && p->def_errno != EPERM)
		profile_note(notes, "k8s has no default errno: unnamed calls get EPERM, not %d",
			     p->def_errno);
	for (i = 0; i < p->arches.n; i++) {
		const struct abi_name *a = names_abi_token(p->arches.v[i]);

		/* an object with another one is refused by the API server */
		if (!a || !a->crd)
			return error_make(err, ST_FAILED, 0,
					  "k8s cannot name the architecture %s",
					  p->arches.v[i]);
	}
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		for (j = 0; j < r->n_args; j++)
			if (r->args[j].value > INT64_MAX ||
			    r->args[j].value_two > INT64_MAX)
				return dialect_refuse_rule(r, FORMAT_K8S,
					"a value above 2^63", err);
		if (r->n_args > PROFILE_MAX_ARGS)
			return dialect_refuse_rule(r, FORMAT_K8S,
						   "more than 6 arguments",
						   err);
	}
	return 0;
}

/**
 * k8s_write() - write a SeccompProfile object
 * @p: the profile, normalised; may be changed
 * @opts: the object's name and the native architecture
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *k8s_write(struct profile *p, const struct format_opts *opts,
		struct profile_notes *notes, struct error **err)
{
	const char *name = opts->name ? opts->name :
			   p->name ? p->name : "sctrace";
	char *text = NULL;
	size_t i, len;
	FILE *f;

	if (k8s_check(p, name, notes, err))
		return NULL;
	dialect_flatten_arches(p, opts, notes);
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	fprintf(f, "apiVersion: " K8S_GROUP "v1\nkind: " K8S_KIND "\n"
		"metadata:\n  name: ");
	put_scalar(f, name);
	fprintf(f, "\nspec:\n  defaultAction: %s\n",
		profile_action_name(p->def_action));
	put_member(f, "baseProfileName", p->base_profile);
	put_list(f, "  ", "architectures", &p->arches);
	put_list(f, "  ", "flags", &p->flags);
	put_member(f, "listenerPath", p->listener_path);
	put_member(f, "listenerMetadata", p->listener_metadata);
	if (p->n_rules)
		fputs("  syscalls:\n", f);
	for (i = 0; i < p->n_rules; i++)
		put_rule(f, &p->rules[i]);
	if (fclose(f))
		out_of_memory();
	return text;
}

#ifdef HAVE_LIBYAML
/*
 * YAML is read into JSON's types, so that the members are understood in one
 * place only.
 */
static struct json_object *plain_scalar(const char *s)
{
	char *end;

	if (!*s || !strcmp(s, "~") || !strcasecmp(s, "null"))
		return NULL;
	if (!strcasecmp(s, "true") || !strcasecmp(s, "false"))
		return json_object_new_boolean(!strcasecmp(s, "true"));
	if (*s >= '0' && *s <= '9') {
		unsigned long long n;

		errno = 0;
		/* a leading zero is octal to YAML 1.1, decimal to 1.2 */
		n = strtoull(s, &end, *s == '0' && s[1] == 'x' ? 16 : 10);
		if (!errno && !*end && (*s != '0' || !s[1] || s[1] == 'x'))
			return json_object_new_uint64(n);
	}
	if (*s == '-' && s[1] >= '0' && s[1] <= '9') {
		long long n;

		errno = 0;
		n = strtoll(s, &end, 10);
		if (!errno && !*end)
			return json_object_new_int64(n);
	}
	return json_object_new_string(s);
}

static int node_to_json(yaml_document_t *doc, yaml_node_t *node, int depth,
			unsigned int *left, struct json_object **to,
			struct error **err);

static int mapping_to_json(yaml_document_t *doc, yaml_node_t *node, int depth,
			   unsigned int *left, struct json_object *o,
			   struct error **err)
{
	yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(doc, pair->key);
		struct json_object *v;
		const char *s;

		if (!key || key->type != YAML_SCALAR_NODE)
			return error_make(err, ST_FAILED, 0,
					  "a YAML key is not a word");
		s = (const char *)key->data.scalar.value;
		if (strlen(s) != key->data.scalar.length)
			return error_make(err, ST_FAILED, 0,
					  "a NUL byte in a YAML key");
		if (json_object_object_get_ex(o, s, NULL))
			return error_make(err, ST_FAILED, 0,
					  "member `%s` given twice in one object",
					  s);
		if (node_to_json(doc, yaml_document_get_node(doc, pair->value),
				 depth + 1, left, &v, err))
			return -1;
		if (json_object_object_add(o, s, v))
			out_of_memory();
	}
	return 0;
}

static int node_to_json(yaml_document_t *doc, yaml_node_t *node, int depth,
			unsigned int *left, struct json_object **to,
			struct error **err)
{
	struct json_object *o, *v;
	yaml_node_item_t *item;

	*to = NULL;
	if (!node)
		return 0;
	/* an alias of an alias of an alias ... grows without bound */
	if (depth > MAX_DEPTH || !*left)
		return error_make(err, ST_FAILED, 0,
				  "YAML nested too deeply, or too large");
	--*left;
	switch (node->type) {
	case YAML_SCALAR_NODE:
		if (strlen((char *)node->data.scalar.value) !=
		    node->data.scalar.length)
			return error_make(err, ST_FAILED, 0,
					  "a NUL byte in YAML");
		if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
			*to = plain_scalar((char *)node->data.scalar.value);
		else
			*to = json_object_new_string(
				(char *)node->data.scalar.value);
		return 0;
	case YAML_SEQUENCE_NODE:
		o = json_object_new_array();
		for (item = node->data.sequence.items.start;
		     item < node->data.sequence.items.top; item++) {
			if (node_to_json(doc, yaml_document_get_node(doc, *item),
					 depth + 1, left, &v, err)) {
				json_object_put(o);
				return -1;
			}
			if (json_object_array_add(o, v))
				out_of_memory();
		}
		*to = o;
		return 0;
	case YAML_MAPPING_NODE:
		o = json_object_new_object();
		if (mapping_to_json(doc, node, depth, left, o, err)) {
			json_object_put(o);
			return -1;
		}
		*to = o;
		return 0;
	default:
		return error_make(err, ST_FAILED, 0, "YAML of a strange kind");
	}
}

static int load_document(yaml_parser_t *parser, yaml_document_t *doc,
			 struct error **err)
{
	if (!yaml_parser_load(parser, doc))
		return error_make(err, ST_FAILED, 0, "not YAML: %s at line %zu",
				  parser->problem ? parser->problem : "error",
				  parser->problem_mark.line + 1);
	return 0;
}

static struct json_object *yaml_to_json(const char *text, size_t len,
					struct error **err)
{
	struct json_object *o = NULL;
	unsigned int left = 100000;
	yaml_parser_t parser;
	yaml_document_t doc, more;

	if (!yaml_parser_initialize(&parser))
		out_of_memory();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (load_document(&parser, &doc, err))
		goto out;
	if (!yaml_document_get_root_node(&doc)) {
		error_make(err, ST_FAILED, 0, "empty YAML");
		goto out_doc;
	}
	if (node_to_json(&doc, yaml_document_get_root_node(&doc), 0, &left, &o,
			 err))
		goto out_doc;
	if (load_document(&parser, &more, err)) {
		json_object_put(o);
		o = NULL;
		goto out_doc;
	}
	if (yaml_document_get_root_node(&more)) {
		error_make(err, ST_FAILED, 0,
			   "more than one YAML document: split the file");
		json_object_put(o);
		o = NULL;
	}
	yaml_document_delete(&more);
	if (!o && !*err)
		error_make(err, ST_FAILED, 0, "a profile must be an object");
out_doc:
	yaml_document_delete(&doc);
out:
	yaml_parser_delete(&parser);
	return o;
}

#else
static struct json_object *yaml_to_json(const char *text, size_t len,
					struct error **err)
{
	const char *s = text + strspn(text, " \t\r\n");

	if (*s == '{')
		return json_parse(text, len, err);
	error_make(err, ST_FAILED, 0,
		   "built without libyaml: give the object as JSON (kubectl get -o json)");
	return NULL;
}
#endif

static const char *member_str(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

static int read_metadata(struct json_object *o, struct profile *p,
			 struct profile_notes *notes, struct error **err)
{
	if (!json_object_is_type(o, json_type_object))
		return error_make(err, ST_FAILED, 0,
				  "`metadata` is not an object");
	json_object_object_foreach(o, key, v) {
		if (strcmp(key, "name")) {
			profile_note(notes, "metadata.%s is no part of a profile, left out",
				     key);
			continue;
		}
		if (!json_object_is_type(v, json_type_string) ||
		    !object_name_valid(json_object_get_string(v)))
			return error_make(err, ST_FAILED, 0,
					  "`metadata.name` cannot name an object");
		free(p->name);
		p->name = xstrdup(json_object_get_string(v));
	}
	return 0;
}

/**
 * k8s_read_object() - read a SeccompProfile that has been parsed already
 * @o: the root
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *k8s_read_object(struct json_object *o,
				struct profile_notes *notes, struct error **err)
{
	struct profile *p = profile_new();
	const char *api, *kind;
	bool has_spec = false;
	int e = 0;

	if (!json_object_is_type(o, json_type_object)) {
		error_make(err, ST_FAILED, 0, "a profile must be an object");
		goto fail;
	}
	api = member_str(o, "apiVersion");
	kind = member_str(o, "kind");
	if (!api || !kind || strncmp(api, K8S_GROUP, strlen(K8S_GROUP)) ||
	    strcmp(kind, K8S_KIND)) {
		error_make(err, ST_FAILED, 0,
			   "`%s` of `%s` is not a " K8S_KIND " of " K8S_GROUP "v1",
			   kind ? kind : "", api ? api : "");
		goto fail;
	}
	api += strlen(K8S_GROUP);
	if (strcmp(api, "v1") && strcmp(api, "v1beta1")) {
		error_make(err, ST_FAILED, 0,
			   "version `%s` of " K8S_KIND " is not known", api);
		goto fail;
	}
	json_object_object_foreach(o, key, v) {
		if (!strcmp(key, "apiVersion") || !strcmp(key, "kind")) {
			continue;
		} else if (!strcmp(key, "metadata")) {
			e = read_metadata(v, p, notes, err);
		} else if (!strcmp(key, "spec")) {
			e = json_read_spec(v, FORMAT_K8S, p, notes, err);
			has_spec = true;
		} else if (!strcmp(key, "status")) {
			profile_note(notes, "status is no part of a profile, left out");
		} else {
			e = error_make(err, ST_FAILED, 0,
				       "unknown member `%s` in the format k8s",
				       key);
		}
		if (e)
			goto fail;
	}
	if (!has_spec) {
		error_make(err, ST_FAILED, 0, "no `spec`: this is no profile");
		goto fail;
	}
	return p;
fail:
	profile_free(p);
	return NULL;
}

/**
 * k8s_read() - read a SeccompProfile object, YAML or JSON
 * @text: the text
 * @len: bytes in it
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *k8s_read(const char *text, size_t len,
			 struct profile_notes *notes, struct error **err)
{
	struct json_object *o = yaml_to_json(text, len, err);
	struct profile *p;

	if (!o)
		return NULL;
	p = k8s_read_object(o, notes, err);
	json_object_put(o);
	return p;
}
