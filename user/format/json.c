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
#include <seccomp.h>
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
	size_t i;

	if (p->base_profile)
		return error_make(err, ST_FAILED, 0, "base profile \"%s\": %s cannot refer to another profile, merge it first",
				    p->base_profile, format_name(f));
	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];
		bool conditional = !profile_cond_empty(&r->includes) ||
				   !profile_cond_empty(&r->excludes);
		char *text;

		if (f == FORMAT_OCI && r->comment)
			profile_note(notes, "comment left out: %s", r->comment);
		if (!conditional ||
		    (f == FORMAT_PODMAN && !r->includes.min_kernel &&
		     !r->excludes.min_kernel) || f == FORMAT_DOCKER)
			continue;
		text = profile_rule_text(r);
		error_make(err, ST_FAILED, 0, "%s cannot express the condition of this rule: %s",
			     format_name(f), text);
		free(text);
		return -1;
	}
	if (f == FORMAT_OCI && p->n_archmap) {
		uint32_t native = opts->native ? opts->native :
						 seccomp_arch_native();
		const char *name = profile_arch_name(native);

		for (i = 0; name && i < p->n_archmap; i++) {
			size_t j;

			if (strcmp(p->archmap[i].arch, name))
				continue;
			strset_add(&p->arches, name);
			for (j = 0; j < p->archmap[i].subs.n; j++)
				strset_add(&p->arches, p->archmap[i].subs.v[j]);
		}
		profile_note(notes, "archMap reduced to the entry of %s",
			     name ? name : "this machine");
	} else if (p->n_archmap && p->arches.n) {
		return error_make(err, ST_FAILED, 0, "archMap and architectures: %s allows only one of them",
				    format_name(f));
	}
	return 0;
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
	struct json_object *o, *a;
	const char *text;
	char *out;
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
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
					      JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		out_of_memory();
	out = xasprintf("%s\n", text);
	json_object_put(o);
	return out;
}
