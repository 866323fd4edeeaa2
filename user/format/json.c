// SPDX-License-Identifier: GPL-2.0
/*
 * The three JSON dialects.  They share the runtime-spec's shape:
 *
 *	oci	runtime-spec's linux.seccomp, nothing else
 *	docker	moby: + archMap, includes and excludes with minKernel, comment
 *	podman	containers-common: + archMap, includes and excludes, comment,
 *		defaultErrno and errno as strings
 */
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

static void put(struct json_object *o, const char *key, struct json_object *v)
{
	/* the only failure is memory */
	if (!v || json_object_object_add(o, key, v))
		out_of_memory();
}

static void append(struct json_object *a, struct json_object *v)
{
	if (!v || json_object_array_add(a, v))
		out_of_memory();
}

static void put_str(struct json_object *o, const char *key, const char *s)
{
	if (s)
		put(o, key, json_object_new_string(s));
}

static void put_set(struct json_object *o, const char *key,
		    const struct strset *s)
{
	struct json_object *a;
	size_t i;

	if (!s->n)
		return;
	a = json_object_new_array();
	for (i = 0; i < s->n; i++)
		append(a, json_object_new_string(s->v[i]));
	put(o, key, a);
}

static void put_archmap(struct json_object *o, const struct profile *p)
{
	struct json_object *a;
	size_t i;

	if (!p->n_archmap)
		return;
	a = json_object_new_array();
	for (i = 0; i < p->n_archmap; i++) {
		struct json_object *m = json_object_new_object();

		put_str(m, "architecture", p->archmap[i].arch);
		/* both engines take a missing member for an empty list */
		put_set(m, "subArchitectures", &p->archmap[i].subs);
		append(a, m);
	}
	put(o, "archMap", a);
}

static void put_cond(struct json_object *o, const char *key,
		     const struct profile_cond *c)
{
	struct json_object *v;

	if (profile_cond_empty(c))
		return;
	v = json_object_new_object();
	put_set(v, "arches", &c->arches);
	put_set(v, "caps", &c->caps);
	put_str(v, "minKernel", c->min_kernel);
	put(o, key, v);
}

static struct json_object *rule_object(const struct profile_rule *r,
				       enum format f)
{
	struct json_object *o = json_object_new_object();
	size_t i;

	put_set(o, "names", &r->names);
	put_str(o, "action", profile_action_name(r->action));
	if (profile_action_has_errno(r->action) && r->errno_ret >= 0) {
		put(o, "errnoRet", json_object_new_int(r->errno_ret));
		if (f == FORMAT_PODMAN && r->action == PA_ERRNO)
			put_str(o, "errno", profile_errno_name(r->errno_ret));
	}
	if (r->n_args) {
		struct json_object *a = json_object_new_array();

		for (i = 0; i < r->n_args; i++) {
			const struct profile_arg *arg = &r->args[i];
			struct json_object *v = json_object_new_object();

			put(v, "index", json_object_new_int(arg->index));
			put(v, "value", json_object_new_uint64(arg->value));
			if (arg->value_two || arg->op == PO_MASKED_EQ)
				put(v, "valueTwo",
				    json_object_new_uint64(arg->value_two));
			put_str(v, "op", profile_op_name(arg->op));
			append(a, v);
		}
		put(o, "args", a);
	}
	if (f != FORMAT_OCI) {
		put_str(o, "comment", r->comment);
		put_cond(o, "includes", &r->includes);
		put_cond(o, "excludes", &r->excludes);
	}
	return o;
}

/* what the dialect cannot say, before anything is written */
static int json_check(struct profile *p, enum format f,
		      const struct format_opts *opts,
		      struct profile_notes *notes, struct error **err)
{
	if (p->base_profile)
		return error_make(err, ST_FAILED, 0,
				  "base profile `%s`: %s cannot refer to another profile, merge it first",
				  p->base_profile, format_name(f));
	if (dialect_check_rules(p, f, err))
		return -1;
	if (f == FORMAT_OCI)
		dialect_flatten_arches(p, opts, notes);
	else if (p->n_archmap && p->arches.n)
		return error_make(err, ST_FAILED, 0,
				  "`archMap` and `architectures`: %s allows only one of them",
				  format_name(f));
	return 0;
}

/**
 * json_build() - the object of one of the JSON dialects
 * @p: the profile, normalised; may be changed
 * @f: FORMAT_OCI, FORMAT_DOCKER or FORMAT_PODMAN
 * @opts: never NULL
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the object, which the caller puts, or NULL.
 */
struct json_object *json_build(struct profile *p, enum format f,
			       const struct format_opts *opts,
			       struct profile_notes *notes, struct error **err)
{
	struct json_object *o, *a;
	size_t i;

	if (json_check(p, f, opts, notes, err))
		return NULL;
	o = json_object_new_object();
	put_str(o, "defaultAction", profile_action_name(p->def_action));
	if (profile_action_has_errno(p->def_action) && p->def_errno >= 0) {
		put(o, "defaultErrnoRet", json_object_new_int(p->def_errno));
		if (f == FORMAT_PODMAN && p->def_action == PA_ERRNO)
			put_str(o, "defaultErrno",
				profile_errno_name(p->def_errno));
	}
	if (f == FORMAT_OCI || !p->n_archmap)
		put_set(o, "architectures", &p->arches);
	else
		put_archmap(o, p);
	put_set(o, "flags", &p->flags);
	put_str(o, "listenerPath", p->listener_path);
	put_str(o, "listenerMetadata", p->listener_metadata);
	if (p->n_rules) {
		a = json_object_new_array();
		for (i = 0; i < p->n_rules; i++)
			append(a, rule_object(&p->rules[i], f));
		put(o, "syscalls", a);
	}
	return o;
}

/**
 * json_write() - write one of the JSON dialects
 * @p: the profile, normalised; may be changed
 * @f: FORMAT_OCI, FORMAT_DOCKER or FORMAT_PODMAN
 * @opts: never NULL
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *json_write(struct profile *p, enum format f,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err)
{
	struct json_object *o = json_build(p, f, opts, notes, err);
	const char *text;
	char *out;

	if (!o)
		return NULL;
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
					      JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		out_of_memory();
	out = xasprintf("%s\n", text);
	json_object_put(o);
	return out;
}

/*
 * Reading.  A member that is not known is refused by its name: what it means is
 * unknown, and a profile without it may be laxer than its author believes.
 */
struct reader {
	enum format f;
	struct profile_notes *notes;
	struct error **err;
};

static int refuse(struct reader *r, const char *fmt, ...) __printf(2, 3);

static int refuse(struct reader *r, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_make(r->err, ST_FAILED, 0, "%s", text);
}

static const char *get_str(struct json_object *v)
{
	const char *s = json_object_get_string(v);

	/* a NUL inside would end the string early and hide the rest */
	if (!s || strlen(s) != (size_t)json_object_get_string_len(v))
		return NULL;
	return s;
}

static int want_str(struct reader *r, const char *where, struct json_object *v,
		    const char **s)
{
	*s = json_object_is_type(v, json_type_string) ? get_str(v) : NULL;
	if (!*s) {
		refuse(r, "`%s` is not a string", where);
		return -1;
	}
	return 0;
}

static int read_str(struct reader *r, const char *where, struct json_object *v,
		    char **to)
{
	const char *s;

	if (!v)
		return 0;
	if (want_str(r, where, v, &s))
		return -1;
	free(*to);
	*to = *s ? xstrdup(s) : NULL;
	return 0;
}

static int want_int(struct reader *r, const char *where, struct json_object *v,
		    int max, int *to)
{
	int64_t n;

	if (!json_object_is_type(v, json_type_int))
		return refuse(r, "`%s` is not a whole number", where);
	n = json_object_get_int64(v);
	if (n < 0 || n > max)
		return refuse(r, "`%s` is %lld, not within 0 to %d", where,
			      (long long)n, max);
	*to = n;
	return 0;
}

static int want_u64(struct reader *r, const char *where, struct json_object *v,
		    uint64_t *to)
{
	if (!json_object_is_type(v, json_type_int))
		return refuse(r, "`%s` is not a whole number", where);
	if (json_object_get_int64(v) < 0)
		return refuse(r, "`%s` is negative", where);
	*to = json_object_get_uint64(v);
	return 0;
}

static int want_array(struct reader *r, const char *where,
		      struct json_object *v, size_t *n)
{
	*n = 0;
	if (!v)
		return 0;
	if (!json_object_is_type(v, json_type_array))
		return refuse(r, "`%s` is not an array", where);
	*n = json_object_array_length(v);
	return 0;
}

static int read_set(struct reader *r, const char *where, struct json_object *v,
		    struct strset *to)
{
	const char *s;
	size_t i, n;

	if (want_array(r, where, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		if (want_str(r, where, json_object_array_get_idx(v, i), &s))
			return -1;
		strset_add(to, s);
	}
	return 0;
}

static int read_action(struct reader *r, const char *where,
		       struct json_object *v, enum profile_action *a)
{
	const char *s;

	if (want_str(r, where, v, &s))
		return -1;
	if (strncmp(s, "SCMP_ACT_", 9) || profile_action_parse(s, a))
		return refuse(r, "`%s` is `%s`, which is no action", where, s);
	return 0;
}

/* "ENOSYS" beside 38: podman lets the word win, so they must agree */
static int read_errno_word(struct reader *r, const char *where,
			   struct json_object *v, int *to)
{
	const char *s;
	int e;

	if (!v)
		return 0;
	if (want_str(r, where, v, &s))
		return -1;
	if (!*s)
		return 0;
	e = profile_errno_parse(s);
	if (e < 0)
		return refuse(r, "`%s` is `%s`, which is no errno", where, s);
	if (*to >= 0 && *to != e)
		return refuse(r, "`%s` is `%s`, but the number beside it is %d",
			      where, s, *to);
	*to = e;
	return 0;
}

static int read_arg(struct reader *r, struct json_object *v,
		    struct profile_rule *rule)
{
	struct profile_arg arg = { 0 };
	bool has_index = false, has_op = false, has_value = false;
	const char *s;
	int index;

	if (!json_object_is_type(v, json_type_object))
		return refuse(r, "an argument of `%s` is not an object",
			      rule->names.n ? rule->names.v[0] : "");
	json_object_object_foreach(v, key, m) {
		if (!strcmp(key, "index")) {
			if (want_int(r, "index", m, PROFILE_MAX_ARGS - 1,
				     &index))
				return -1;
			arg.index = index;
			has_index = true;
		} else if (!strcmp(key, "value")) {
			if (want_u64(r, "value", m, &arg.value))
				return -1;
			has_value = true;
		} else if (!strcmp(key, "valueTwo")) {
			if (m && want_u64(r, "valueTwo", m, &arg.value_two))
				return -1;
		} else if (!strcmp(key, "op")) {
			if (want_str(r, "op", m, &s))
				return -1;
			if (profile_op_parse(s, &arg.op))
				return refuse(r, "`op` is `%s`, which is no comparison",
					      s);
			has_op = true;
		} else {
			return refuse(r, "unknown member `%s` in `args`", key);
		}
	}
	/* engines that are written in Go leave a zero out in k8s objects */
	if (!has_op || !has_index || (!has_value && r->f != FORMAT_K8S))
		return refuse(r, "an argument of `%s` lacks `%s`",
			      rule->names.n ? rule->names.v[0] : "",
			      !has_index ? "index" : !has_op ? "op" : "value");
	profile_rule_add_arg(rule, &arg);
	return 0;
}

static int read_cond(struct reader *r, const char *where,
		     struct json_object *v, struct profile_cond *c)
{
	if (!v)
		return 0;
	if (!json_object_is_type(v, json_type_object))
		return refuse(r, "`%s` is not an object", where);
	json_object_object_foreach(v, key, m) {
		if (!strcmp(key, "arches")) {
			if (read_set(r, key, m, &c->arches))
				return -1;
		} else if (!strcmp(key, "caps")) {
			if (read_set(r, key, m, &c->caps))
				return -1;
		} else if (!strcmp(key, "minKernel") && r->f == FORMAT_DOCKER) {
			if (read_str(r, key, m, &c->min_kernel))
				return -1;
			if (c->min_kernel && !profile_kernel_valid(c->min_kernel))
				return refuse(r, "`minKernel` is `%s`, not X.Y",
					      c->min_kernel);
		} else {
			return refuse(r, "unknown member `%s` in `%s` of the format %s",
				      key, where, format_name(r->f));
		}
	}
	return 0;
}

static int read_names(struct reader *r, struct json_object *names,
		      struct json_object *name, struct profile_rule *rule)
{
	const char *s;

	if (name && names)
		return refuse(r, "both `name` and `names` in one rule");
	if (name) {
		if (want_str(r, "name", name, &s))
			return -1;
		strset_add(&rule->names, s);
	}
	return read_set(r, "names", names, &rule->names);
}

static int read_rule(struct reader *r, struct json_object *o,
		     struct profile_rule *rule)
{
	struct json_object *args = NULL, *names = NULL, *name = NULL;
	struct json_object *word = NULL;
	bool has_action = false;
	bool engine = r->f == FORMAT_DOCKER || r->f == FORMAT_PODMAN;
	size_t i, n;

	if (!json_object_is_type(o, json_type_object))
		return refuse(r, "a rule in `syscalls` is not an object");
	json_object_object_foreach(o, key, v) {
		int e = 0;

		if (!strcmp(key, "names")) {
			names = v;
		} else if (!strcmp(key, "name") && engine) {
			name = v;
		} else if (!strcmp(key, "action")) {
			e = read_action(r, key, v, &rule->action);
			has_action = true;
		} else if (!strcmp(key, "errnoRet")) {
			if (v)
				e = want_int(r, key, v, 65535,
					     &rule->errno_ret);
		} else if (!strcmp(key, "errno") && r->f == FORMAT_PODMAN) {
			word = v;
		} else if (!strcmp(key, "args")) {
			args = v;
		} else if (!strcmp(key, "comment") && engine) {
			e = read_str(r, key, v, &rule->comment);
		} else if (!strcmp(key, "includes") && engine) {
			e = read_cond(r, key, v, &rule->includes);
		} else if (!strcmp(key, "excludes") && engine) {
			e = read_cond(r, key, v, &rule->excludes);
		} else {
			return refuse(r, "unknown member `%s` in a rule of the format %s",
				      key, format_name(r->f));
		}
		if (e)
			return -1;
	}
	if (!has_action)
		return refuse(r, "a rule has no `action`");
	if (read_names(r, names, name, rule) ||
	    read_errno_word(r, "errno", word, &rule->errno_ret) ||
	    want_array(r, "args", args, &n))
		return -1;
	for (i = 0; i < n; i++)
		if (read_arg(r, json_object_array_get_idx(args, i), rule))
			return -1;
	return 0;
}

static int read_rules(struct reader *r, struct json_object *v,
		      struct profile *p)
{
	size_t i, n;

	if (want_array(r, "syscalls", v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct profile_rule *rule;

		rule = profile_add_rule(p, PA_KILL_PROCESS, PROFILE_NO_ERRNO);
		if (read_rule(r, json_object_array_get_idx(v, i), rule))
			return -1;
	}
	return 0;
}

static int read_archmap(struct reader *r, struct json_object *v,
			struct profile *p)
{
	size_t i, n;

	if (want_array(r, "archMap", v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(v, i);
		struct profile_archmap *m = profile_add_archmap(p, "");

		if (!json_object_is_type(o, json_type_object))
			return refuse(r, "an entry of `archMap` is not an object");
		json_object_object_foreach(o, key, w) {
			if (!strcmp(key, "architecture")) {
				const char *s;

				if (want_str(r, key, w, &s))
					return -1;
				free(m->arch);
				m->arch = xstrdup(s);
			} else if (!strcmp(key, "subArchitectures")) {
				if (read_set(r, key, w, &m->subs))
					return -1;
			} else {
				return refuse(r, "unknown member `%s` in `archMap`",
					      key);
			}
		}
		if (!*m->arch)
			return refuse(r, "an entry of `archMap` lacks `architecture`");
	}
	return 0;
}

static int check_arches(struct reader *r, const struct strset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!profile_arch_token(s->v[i]))
			return refuse(r, "`%s` is no architecture", s->v[i]);
	return 0;
}

/**
 * json_read_spec() - read the object that holds defaultAction and syscalls
 * @o: the object
 * @f: FORMAT_OCI, FORMAT_DOCKER, FORMAT_PODMAN or FORMAT_K8S
 * @p: filled in
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int json_read_spec(struct json_object *o, enum format f, struct profile *p,
		   struct profile_notes *notes, struct error **err)
{
	struct reader reader = { .f = f, .notes = notes, .err = err };
	struct reader *r = &reader;
	struct json_object *word = NULL;
	bool has_action = false;
	bool engine = f == FORMAT_DOCKER || f == FORMAT_PODMAN;
	size_t i;

	p->def_errno = PROFILE_NO_ERRNO;
	if (!json_object_is_type(o, json_type_object))
		return refuse(r, "a profile must be an object");
	json_object_object_foreach(o, key, v) {
		int e = 0;

		if (!strcmp(key, "defaultAction")) {
			e = read_action(r, key, v, &p->def_action);
			has_action = true;
		} else if (!strcmp(key, "defaultErrnoRet") && f != FORMAT_K8S) {
			if (v)
				e = want_int(r, key, v, 65535, &p->def_errno);
		} else if (!strcmp(key, "defaultErrno") && f == FORMAT_PODMAN) {
			word = v;
		} else if (!strcmp(key, "architectures")) {
			e = read_set(r, key, v, &p->arches);
		} else if (!strcmp(key, "archMap") && engine) {
			e = read_archmap(r, v, p);
		} else if (!strcmp(key, "flags")) {
			e = read_set(r, key, v, &p->flags);
		} else if (!strcmp(key, "listenerPath")) {
			e = read_str(r, key, v, &p->listener_path);
		} else if (!strcmp(key, "listenerMetadata")) {
			e = read_str(r, key, v, &p->listener_metadata);
		} else if (!strcmp(key, "baseProfileName") && f == FORMAT_K8S) {
			e = read_str(r, key, v, &p->base_profile);
		} else if (!strcmp(key, "syscalls")) {
			e = read_rules(r, v, p);
		} else {
			return refuse(r, "unknown member `%s` in the format %s",
				      key, format_name(f));
		}
		if (e)
			return -1;
	}
	if (!has_action)
		return refuse(r, "no `defaultAction`: this is no profile");
	if (read_errno_word(r, "defaultErrno", word, &p->def_errno) ||
	    check_arches(r, &p->arches))
		return -1;
	for (i = 0; i < p->n_archmap; i++)
		if (!profile_arch_token(p->archmap[i].arch))
			return refuse(r, "`%s` is no architecture",
				      p->archmap[i].arch);
		else if (check_arches(r, &p->archmap[i].subs))
			return -1;
	return 0;
}

/*
 * json-c keeps the last of two members of one name; the first would vanish
 * without a word.  The text has been parsed already, so it is well formed.
 */
struct seen {
	struct strset *v;
	size_t n;
};

static const char *scan_string(const char *s, const char *end, char **out)
{
	const char *from = ++s;

	while (s < end && *s != '"')
		s += *s == '\\' && s + 1 < end ? 2 : 1;
	if (out)
		*out = xstrndup(from, s < end ? s - from : end - from);
	return s < end ? s + 1 : end;
}

static int no_duplicates(const char *s, size_t len, struct error **err)
{
	const char *end = s + len;
	struct seen seen = { 0 };
	int ret = 0;
	size_t i;

	while (s < end && !ret) {
		char *key = NULL;
		const char *p;

		switch (*s) {
		case '{':
		case '[':
			seen.v = profile_grow(seen.v, seen.n, sizeof(*seen.v));
			memset(&seen.v[seen.n++], 0, sizeof(*seen.v));
			s++;
			break;
		case '}':
		case ']':
			if (seen.n)
				strset_free(&seen.v[--seen.n]);
			s++;
			break;
		case '"':
			s = scan_string(s, end, &key);
			p = s;
			while (p < end && strchr(" \t\r\n", *p) && *p)
				p++;
			if (p < end && *p == ':' && seen.n &&
			    !strset_add(&seen.v[seen.n - 1], key))
				ret = error_make(err, ST_FAILED, 0,
						 "member `%s` given twice in one object",
						 key);
			free(key);
			break;
		default:
			s++;
		}
	}
	for (i = 0; i < seen.n; i++)
		strset_free(&seen.v[i]);
	free(seen.v);
	return ret;
}

/**
 * json_parse() - text to objects, strictly
 * @text: the text, which ends in NUL
 * @len: bytes in it
 * @err: set on failure
 *
 * Return: the root, which the caller puts, or NULL.
 */
struct json_object *json_parse(const char *text, size_t len,
			       struct error **err)
{
	struct json_tokener *tok;
	struct json_object *o;
	enum json_tokener_error jerr;
	size_t end;

	if (len >= INT_MAX) {
		error_make(err, ST_FAILED, 0, "too large");
		return NULL;
	}
	tok = json_tokener_new_ex(32);
	if (!tok)
		out_of_memory();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	/* with the NUL, which ends a number or word */
	o = json_tokener_parse_ex(tok, text, len + 1);
	jerr = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	if (jerr == json_tokener_success && !o) {
		error_make(err, ST_FAILED, 0, "a profile must be an object");
		return NULL;
	}
	if (jerr == json_tokener_continue) {
		error_make(err, ST_FAILED, 0, "not JSON: it ends too early");
		json_object_put(o);
		return NULL;
	}
	if (jerr != json_tokener_success) {
		error_make(err, ST_FAILED, 0, "not JSON: %s at byte %zu",
			   json_tokener_error_desc(jerr), end);
		return NULL;
	}
	while (end < len && strchr(" \t\r\n", text[end]) && text[end])
		end++;
	if (end < len) {
		error_make(err, ST_FAILED, 0,
			   "not JSON: more text after its end, at byte %zu",
			   end);
		json_object_put(o);
		return NULL;
	}
	if (no_duplicates(text, len, err)) {
		json_object_put(o);
		return NULL;
	}
	return o;
}

static bool has(struct json_object *o, const char *key)
{
	return json_object_is_type(o, json_type_object) &&
	       json_object_object_get_ex(o, key, NULL);
}

/* the dialect that has the members we see; the plainest that has them all */
static int tell_dialect(struct json_object *o, enum format *f,
			struct error **err)
{
	bool docker = has(o, "archMap");
	bool podman = has(o, "defaultErrno");
	bool kernel = false;
	struct json_object *rules, *cond;
	size_t i, n = 0;

	if (json_object_object_get_ex(o, "syscalls", &rules) &&
	    json_object_is_type(rules, json_type_array))
		n = json_object_array_length(rules);
	for (i = 0; i < n; i++) {
		struct json_object *r = json_object_array_get_idx(rules, i);

		podman |= has(r, "errno");
		docker |= has(r, "includes") || has(r, "excludes") ||
			  has(r, "comment") || has(r, "name");
		if (has(r, "includes") &&
		    json_object_object_get_ex(r, "includes", &cond))
			kernel |= has(cond, "minKernel");
		if (has(r, "excludes") &&
		    json_object_object_get_ex(r, "excludes", &cond))
			kernel |= has(cond, "minKernel");
	}
	if (podman && kernel)
		return error_make(err, ST_FAILED, 0,
				  "`minKernel` is docker's and `errno` is podman's: no engine reads both, say which with --input-format");
	*f = podman ? FORMAT_PODMAN : docker || kernel ? FORMAT_DOCKER :
							 FORMAT_OCI;
	return 0;
}

/**
 * json_read() - read one of the JSON dialects
 * @text: the text
 * @len: bytes in it
 * @f: the dialect, or FORMAT_AUTO; set to the one that it is
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * The configuration of a bundle is taken for its linux.seccomp.
 *
 * Return: the profile, or NULL.
 */
struct profile *json_read(const char *text, size_t len, enum format *f,
			  struct profile_notes *notes, struct error **err)
{
	struct json_object *root = json_parse(text, len, err);
	struct json_object *o = root, *v;
	struct profile *p = NULL;

	if (!root)
		return NULL;
	if (*f == FORMAT_K8S ||
	    (*f == FORMAT_AUTO && has(root, "apiVersion"))) {
		*f = FORMAT_K8S;
		p = k8s_read_object(root, notes, err);
		json_object_put(root);
		return p;
	}
	if ((*f == FORMAT_AUTO || *f == FORMAT_OCI) && has(root, "ociVersion")) {
		if (!json_object_object_get_ex(root, "linux", &v) ||
		    !has(v, "seccomp") ||
		    !json_object_object_get_ex(v, "seccomp", &o)) {
			error_make(err, ST_FAILED, 0,
				   "this configuration has no linux.seccomp");
			json_object_put(root);
			return NULL;
		}
		*f = FORMAT_OCI;
		profile_note(notes, "only linux.seccomp of the configuration is used");
	}
	if (*f == FORMAT_AUTO && tell_dialect(o, f, err)) {
		json_object_put(root);
		return NULL;
	}
	p = profile_new();
	if (json_read_spec(o, *f, p, notes, err)) {
		profile_free(p);
		p = NULL;
	}
	json_object_put(root);
	return p;
}
