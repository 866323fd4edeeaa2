// SPDX-License-Identifier: GPL-2.0
/*
 * The SeccompProfile object of the security-profiles-operator.  Its spec is
 * runtime-spec's linux.seccomp without a default errno and with the name of a
 * base profile.  It is read from what the objects of a cluster come in: several
 * YAML documents, a List, the data of a ConfigMap.
 */
#include <limits.h>
#include <string.h>

#include "lib/names.h"
#include "spec.h"
#include "yaml.h"

#define K8S_GROUP	"security-profiles-operator.x-k8s.io/"
#define K8S_KIND	"SeccompProfile"

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
	cleanup_free char *ascii = NULL;
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
	ascii = json_ascii(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE), true);
	fputs(ascii, f);
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

static int check(const struct profile *p, const char *name,
		     struct profile_notes *notes, struct error **err)
{
	size_t i, j;

	if (!object_name_valid(name))
		return error_make(err, ST_FAILED, 0,
				  "`%s` cannot name a Kubernetes object: small letters, digits, - and . can", name);
	if (dialect_check_rules(p, &dialect_k8s, err))
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
				return dialect_refuse_rule(r, &dialect_k8s,
					"a value above 2^63", err);
		if (r->n_args > PROFILE_MAX_ARGS)
			return dialect_refuse_rule(r, &dialect_k8s,
						   "more than 6 arguments",
						   err);
	}
	return 0;
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	const char *name = opts->name ? opts->name :
			   p->name ? p->name : "sctrace";
	char *text = NULL;
	size_t i, len;
	FILE *f;

	if (check(p, name, notes, err))
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
	if (p->flags_given && !p->flags.n)
		fputs("  flags: []\n", f);
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

/* The profiles in a text, and what else is there */
struct found {
	struct profile_notes *notes;
	struct error **err;
	struct profile *profile;	/* the first */
	char *names;		/* of all of them, for a message */
	unsigned int n;
	char *other;		/* the first object that is no profile */
	const char *file;	/* the localhostProfile in it */
};

static const char *member_str(struct json_object *o, const char *key)
{
	return json_str(json_member(o, key));
}

static int read_metadata(struct json_object *o, struct profile *p,
			 struct profile_notes *notes, struct error **err)
{
	if (!json_object_is_type(o, json_type_object))
		return error_make(err, ST_FAILED, 0,
				  "`metadata` is not an object");
	json_object_object_foreach(o, key, v) {
		const char *s = json_str(v);

		if (strcmp(key, "name")) {
			profile_note(notes, "metadata.%s is no part of a profile, left out",
				     key);
			continue;
		}
		if (!s || !object_name_valid(s))
			return error_make(err, ST_FAILED, 0,
					  "`metadata.name` cannot name an object");
		free(p->name);
		p->name = xstrdup(s);
	}
	return 0;
}

static int read_object(const struct json_doc *doc, struct json_object *o,
		       const char *path, struct profile *p, struct found *f)
{
	const char *api = member_str(o, "apiVersion");
	bool has_spec = false;
	int e = 0;

	api += strlen(K8S_GROUP);
	if (strcmp(api, "v1") && strcmp(api, "v1beta1") &&
	    strcmp(api, "v1alpha1"))
		return error_make(f->err, ST_FAILED, 0,
				  "version `%s` of " K8S_KIND " is not known",
				  api);
	json_object_object_foreach(o, key, v) {
		cleanup_free char *inner = xasprintf("%s%s", path, key);

		if (!strcmp(key, "apiVersion") || !strcmp(key, "kind")) {
			continue;
		} else if (!strcmp(key, "metadata")) {
			e = read_metadata(v, p, f->notes, f->err);
		} else if (!strcmp(key, "spec")) {
			e = spec_read(doc, v, inner, &dialect_k8s, p, f->notes,
				      f->err);
			has_spec = true;
		} else if (!strcmp(key, "status")) {
			profile_note(f->notes, "status is no part of a profile, left out");
		} else {
			e = error_make(f->err, ST_FAILED, 0,
				       "the format k8s has no member `%s` here",
				       inner);
		}
		if (e)
			return -1;
	}
	return has_spec ? 0 : error_make(f->err, ST_FAILED, 0,
					 "no `spec`: this is no profile");
}

/* the first is kept; what follows is read, too: it may be wrong */
static void keep(struct found *f, struct profile *p, const char *name)
{
	char *names = xasprintf("%s%s`%s`", f->names ? f->names : "",
				f->names ? ", " : "", name ? name : "?");

	free(f->names);
	f->names = names;
	if (f->n++)
		profile_free(p);
	else
		f->profile = p;
}

static int found_object(const struct json_doc *doc, struct json_object *o,
			const char *path, struct found *f)
{
	struct profile *p = profile_new();

	if (read_object(doc, o, path, p, f)) {
		profile_free(p);
		return -1;
	}
	keep(f, p, p->name);
	return 0;
}

/* Each entry that is a profile's JSON; kubelet and CRI-O read it from a file */
static int found_config_map(struct json_object *o, const char *path,
			    struct found *f)
{
	/* all that the engines which read such a file know */
	static const struct dialect any = {
		.name = "ConfigMap",
		.can = CAN_CONDITIONS | CAN_COMMENT | CAN_ARCHMAP |
		       CAN_OLD_NAME | CAN_ERRNO_WORD | CAN_DEFAULT_ERRNO,
	};
	struct json_object *data = json_member(o, "data");

	if (!json_object_is_type(data, json_type_object))
		return 0;
	json_object_object_foreach(data, key, v) {
		cleanup_free char *where = xasprintf("%sdata[%s]", path, key);
		cleanup_json_doc struct json_doc *doc = NULL;
		const char *s = json_str(v);
		struct profile *p;

		if (!s || s[strspn(s, " \t\r\n")] != '{')
			continue;
		doc = json_parse(s, strlen(s), f->err);
		if (!doc)
			return error_wrap(f->err, "%s", where);
		if (!json_has(doc->root, "defaultAction"))
			continue;
		p = profile_new();
		if (spec_read(doc, doc->root, "", &any, p, f->notes, f->err)) {
			profile_free(p);
			return error_wrap(f->err, "%s", where);
		}
		keep(f, p, key);
	}
	return 0;
}

/* which file a Pod, or what makes Pods, wants for its profile */
static const char *localhost_profile(struct json_object *o)
{
	const char *s = member_str(o, "localhostProfile");
	size_t i, n;

	if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, key, v) {
			(void)key;
			if (!s)
				s = localhost_profile(v);
		}
	} else if (json_object_is_type(o, json_type_array)) {
		n = json_object_array_length(o);
		for (i = 0; i < n && !s; i++)
			s = localhost_profile(json_object_array_get_idx(o, i));
	}
	return s;
}

static int find(const struct json_doc *doc, struct json_object *o,
		const char *path, struct found *f);

static int find_all(const struct json_doc *doc, struct json_object *list,
		    const char *path, struct found *f)
{
	size_t i, n = json_object_is_type(list, json_type_array) ?
		      json_object_array_length(list) : 0;

	for (i = 0; i < n; i++) {
		cleanup_free char *inner = xasprintf("%s[%zu].", path, i);

		if (find(doc, json_object_array_get_idx(list, i),
			 n == 1 && !*path ? "" : inner, f))
			return -1;
	}
	return 0;
}

static int find(const struct json_doc *doc, struct json_object *o,
		const char *path, struct found *f)
{
	const char *kind = member_str(o, "kind");
	const char *api = member_str(o, "apiVersion");
	const char *name = member_str(json_member(o, "metadata"), "name");
	struct json_object *items = json_member(o, "items");

	if (kind && api && !strcmp(kind, K8S_KIND) &&
	    !strncmp(api, K8S_GROUP, strlen(K8S_GROUP)))
		return found_object(doc, o, path, f);
	if (kind && !strcmp(kind, "ConfigMap"))
		return found_config_map(o, path, f);
	if (items) {
		cleanup_free char *inner = xasprintf("%sitems", path);

		return find_all(doc, items, inner, f);
	}
	if (!f->other)
		f->other = kind ? xasprintf("a %s of `%s`", kind,
					    api ? api : "") :
				  xstrdup("no object of a cluster");
	if (!f->file)
		f->file = localhost_profile(o);
	profile_note(f->notes, "%s%s%s%s is no profile, left out",
		     kind ? kind : "an object without a kind", name ? " `" : "",
		     name ? name : "", name ? "`" : "");
	return 0;
}

static int verdict(struct found *f)
{
	if (f->n == 1)
		return 0;
	if (f->n)
		return error_make(f->err, ST_FAILED, 0,
				  "%u profiles (%s): give each a file of its own",
				  f->n, f->names);
	if (f->file)
		return error_make(f->err, ST_FAILED, 0,
				  "no profile but %s, whose profile is the file `%s` below the kubelet's seccomp directory: give that",
				  f->other, f->file);
	return error_make(f->err, ST_FAILED, 0,
			  "no " K8S_KIND " of " K8S_GROUP "v1 and no ConfigMap with a profile: this is %s",
			  f->other ? f->other : "empty");
}

static int detect(const struct source *s)
{
	if (s->json)
		return json_has(s->json->root, "apiVersion") ? 4 : 0;
	return source_has_line(s, "apiVersion:") ||
	       source_has_line(s, "kind:") ? 3 : 0;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	struct found f = { .notes = notes, .err = err };
	cleanup_json_doc struct json_doc *yaml = NULL;
	int ret;

	if (s->json) {
		ret = find(s->json, s->json->root, "", &f);
	} else {
		yaml = yaml_parse(s->text, s->len, err);
		ret = yaml ? find_all(yaml, yaml->root, "", &f) : -1;
	}
	if (!ret)
		ret = verdict(&f);
	free(f.names);
	free(f.other);
	if (!ret)
		return f.profile;
	profile_free(f.profile);
	return NULL;
}

const struct dialect dialect_k8s = {
	.name = "k8s",
	.help = "a SeccompProfile of the security-profiles-operator, in YAML",
	.can = CAN_LOAD | CAN_BASE | CAN_NO_ZERO,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
