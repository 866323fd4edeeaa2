// SPDX-License-Identifier: GPL-2.0
/*
 * The members of runtime-spec's linux.seccomp, with those that the engines add:
 * which of them a dialect has is told by its row.
 */
#include <stdarg.h>
#include <string.h>

#include "lib/guess.h"
#include "lib/names.h"
#include "spec.h"

static void put_set(struct json_object *o, const char *key,
		    const struct strset *s)
{
	struct json_object *a;
	size_t i;

	if (!s->n)
		return;
	a = json_object_new_array();
	for (i = 0; i < s->n; i++)
		json_append(a, json_object_new_string(s->v[i]));
	json_put(o, key, a);
}

static void put_archmap(struct json_object *o, const struct profile *p)
{
	struct json_object *a;
	size_t i;

	a = json_object_new_array();
	for (i = 0; i < p->n_archmap; i++) {
		struct json_object *m = json_object_new_object();

		json_put_str(m, "architecture", p->archmap[i].arch);
		/* both engines take a missing member for an empty list */
		put_set(m, "subArchitectures", &p->archmap[i].subs);
		json_append(a, m);
	}
	json_put(o, "archMap", a);
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
	json_put_str(v, "minKernel", c->min_kernel);
	json_put(o, key, v);
}

static void put_args(struct json_object *o, const struct profile_rule *r)
{
	struct json_object *a;
	size_t i;

	if (!r->n_args)
		return;
	a = json_object_new_array();
	for (i = 0; i < r->n_args; i++) {
		const struct profile_arg *arg = &r->args[i];
		struct json_object *v = json_object_new_object();

		json_put(v, "index", json_object_new_int(arg->index));
		json_put(v, "value", json_object_new_uint64(arg->value));
		if (arg->value_two || arg->op == PO_MASKED_EQ)
			json_put(v, "valueTwo",
				 json_object_new_uint64(arg->value_two));
		json_put_str(v, "op", profile_op_name(arg->op));
		json_append(a, v);
	}
	json_put(o, "args", a);
}

static struct json_object *rule_object(const struct profile_rule *r,
				       const struct dialect *d)
{
	struct json_object *o = json_object_new_object();

	put_set(o, "names", &r->names);
	json_put_str(o, "action", profile_action_name(r->action));
	if (profile_action_has_errno(r->action) && r->errno_ret >= 0) {
		json_put(o, "errnoRet", json_object_new_int(r->errno_ret));
		if (d->can & CAN_ERRNO_WORD && r->action == PA_ERRNO)
			json_put_str(o, "errno",
				     profile_errno_name(r->errno_ret));
	}
	put_args(o, r);
	/* what the dialect cannot say is not there any more */
	json_put_str(o, "comment", r->comment);
	put_cond(o, "includes", &r->includes);
	put_cond(o, "excludes", &r->excludes);
	return o;
}

/* what the dialect cannot say, before anything is written */
static int check(struct profile *p, const struct dialect *d,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err)
{
	if (p->base_profile)
		return error_make(err, ST_FAILED, 0,
				  "base profile `%s`: %s cannot refer to another profile, merge it first",
				  p->base_profile, d->name);
	if (dialect_check_rules(p, d, err))
		return -1;
	if (!(d->can & CAN_ARCHMAP))
		dialect_flatten_arches(p, opts, notes);
	else if (p->n_archmap && p->arches.n)
		return error_make(err, ST_FAILED, 0,
				  "`archMap` and `architectures`: %s allows only one of them",
				  d->name);
	return 0;
}

/**
 * spec_build() - the object of one of the JSON dialects
 * @p: the profile; may be changed
 * @d: the dialect
 * @opts: never NULL
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the object, which the caller puts, or NULL.
 */
struct json_object *spec_build(struct profile *p, const struct dialect *d,
			       const struct format_opts *opts,
			       struct profile_notes *notes, struct error **err)
{
	struct json_object *o, *a;
	size_t i;

	if (check(p, d, opts, notes, err))
		return NULL;
	o = json_object_new_object();
	json_put_str(o, "defaultAction", profile_action_name(p->def_action));
	if (profile_action_has_errno(p->def_action) && p->def_errno >= 0) {
		json_put(o, "defaultErrnoRet",
			 json_object_new_int(p->def_errno));
		if (d->can & CAN_ERRNO_WORD && p->def_action == PA_ERRNO)
			json_put_str(o, "defaultErrno",
				     profile_errno_name(p->def_errno));
	}
	if (p->n_archmap)
		put_archmap(o, p);
	else
		put_set(o, "architectures", &p->arches);
	/* engines have flags of their own where none are given */
	if (p->flags_given && !p->flags.n)
		json_put(o, "flags", json_object_new_array());
	put_set(o, "flags", &p->flags);
	json_put_str(o, "listenerPath", p->listener_path);
	json_put_str(o, "listenerMetadata", p->listener_metadata);
	if (p->n_rules) {
		a = json_object_new_array();
		for (i = 0; i < p->n_rules; i++)
			json_append(a, rule_object(&p->rules[i], d));
		json_put(o, "syscalls", a);
	}
	return o;
}

/**
 * spec_write() - write one of the JSON dialects
 * @p: the profile; may be changed
 * @d: the dialect
 * @opts: never NULL
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *spec_write(struct profile *p, const struct dialect *d,
		 const struct format_opts *opts, struct profile_notes *notes,
		 struct error **err)
{
	struct json_object *o = spec_build(p, d, opts, notes, err);
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
	const struct dialect *d;
	const struct json_doc *doc;
	struct profile_notes *notes;
	struct error **err;
	char path[128];			/* syscalls[50].args[0].op */
	size_t len;
	const struct json_object *at;	/* the innermost value that has a line */
};

/* each step into a value is taken back by leave(), unless reading fails there */
struct step {
	size_t len;
	const struct json_object *at;
};

static struct step enter(struct reader *r, const struct json_object *at,
			 const char *fmt, ...)
	__printf(3, 4);

static struct step enter(struct reader *r, const struct json_object *at,
			 const char *fmt, ...)
{
	struct step s = { .len = r->len, .at = r->at };
	size_t room = sizeof(r->path) - r->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(r->path + r->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		r->len += (size_t)n < room ? (size_t)n : room - 1;
	if (at)
		r->at = at;
	return s;
}

static struct step enter_key(struct reader *r, const struct json_object *at,
			     const char *key)
{
	return enter(r, at, "%s%s", r->len ? "." : "", key);
}

static void leave(struct reader *r, struct step s)
{
	r->len = s.len;
	r->path[r->len] = '\0';
	r->at = s.at;
}

static int refuse(struct reader *r, const char *fmt, ...) __printf(2, 3);

static int refuse(struct reader *r, const char *fmt, ...)
{
	unsigned int line = json_doc_line(r->doc, r->at);
	cleanup_free char *text = NULL;
	cleanup_free char *where = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	where = line ? xasprintf("line %u: ", line) : xstrdup("");
	return error_make(r->err, ST_FAILED, 0, "%s%s%s%s", where, r->path,
			  r->len ? ": " : "", text);
}

static int want_str(struct reader *r, struct json_object *v, const char **s)
{
	*s = json_str(v);
	return *s ? 0 : refuse(r, "not a string");
}

static int read_str(struct reader *r, struct json_object *v, char **to)
{
	const char *s;

	if (!v)
		return 0;
	if (want_str(r, v, &s))
		return -1;
	free(*to);
	*to = *s ? xstrdup(s) : NULL;
	return 0;
}

static int want_int(struct reader *r, struct json_object *v, int max, int *to)
{
	int64_t n;

	if (!json_object_is_type(v, json_type_int))
		return refuse(r, "not a whole number");
	n = json_object_get_int64(v);
	if (n < 0 || n > max)
		return refuse(r, "%lld is not within 0 to %d", (long long)n,
			      max);
	*to = n;
	return 0;
}

static int want_u64(struct reader *r, struct json_object *v, uint64_t *to)
{
	if (!json_object_is_type(v, json_type_int))
		return refuse(r, "not a whole number");
	if (json_object_get_int64(v) < 0)
		return refuse(r, "a negative number");
	*to = json_object_get_uint64(v);
	return 0;
}

static int want_object(struct reader *r, struct json_object *v)
{
	return json_object_is_type(v, json_type_object) ? 0 :
	       refuse(r, "not an object");
}

static int want_array(struct reader *r, struct json_object *v, size_t *n)
{
	*n = 0;
	if (!v)
		return 0;
	if (!json_object_is_type(v, json_type_array))
		return refuse(r, "not an array");
	*n = json_object_array_length(v);
	return 0;
}

static int read_set(struct reader *r, struct json_object *v, bool calls,
		    struct strset *to)
{
	const char *s;
	size_t i, n;

	if (want_array(r, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *one = json_object_array_get_idx(v, i);
		struct step step = enter(r, one, "[%zu]", i);

		if (want_str(r, one, &s))
			return -1;
		if (calls && *s && !profile_name_valid(s))
			return refuse(r, "`%s` cannot be a system call's name",
				      s);
		strset_add(to, s);
		leave(r, step);
	}
	return 0;
}

static int read_action(struct reader *r, struct json_object *v,
		       enum profile_action *a)
{
	struct guess g = { 0 };
	const char *s;
	int i;

	if (want_str(r, v, &s))
		return -1;
	if (!strncmp(s, "SCMP_ACT_", 9) && !profile_action_parse(s, a))
		return 0;
	g.word = s;
	for (i = 0; i < PA_COUNT; i++) {
		guess_try(&g, profile_action_name(i));
		/* written without its prefix */
		if (!strcasecmp(s, profile_action_name(i) + 9))
			guess_take(&g, profile_action_name(i));
	}
	return refuse(r, "`%s` is no action%s", s, guess_text(&g));
}

static int read_op(struct reader *r, struct json_object *v, enum profile_op *op)
{
	struct guess g = { 0 };
	const char *s;
	int i;

	if (want_str(r, v, &s))
		return -1;
	if (!profile_op_parse(s, op))
		return 0;
	g.word = s;
	for (i = 0; i < PO_COUNT; i++)
		guess_try(&g, profile_op_name(i));
	return refuse(r, "`%s` is no comparison%s", s, guess_text(&g));
}

/* "ENOSYS" beside 38: podman lets the word win, so they must agree */
static int read_errno_word(struct reader *r, const char *key,
			   struct json_object *v, int *to)
{
	struct step step;
	const char *s;
	int e;

	if (!v)
		return 0;
	step = enter_key(r, v, key);
	if (want_str(r, v, &s))
		return -1;
	if (*s) {
		e = profile_errno_parse(s);
		if (e < 0)
			return refuse(r, "`%s` is no errno", s);
		if (*to >= 0 && *to != e)
			return refuse(r, "`%s`, but the number beside it is %d",
				      s, *to);
		*to = e;
	}
	leave(r, step);
	return 0;
}

static int unknown(struct reader *r, const char *key,
		   const char *const *members, size_t n)
{
	struct guess g = { .word = key };
	size_t i;

	for (i = 0; i < n; i++)
		guess_try(&g, members[i]);
	return refuse(r, "the format %s has no member `%s` here%s", r->d->name,
		      key, guess_text(&g));
}

static int read_arg(struct reader *r, struct json_object *v,
		    struct profile_rule *rule)
{
	static const char *const members[] = {
		"index", "value", "valueTwo", "op",
	};
	struct profile_arg arg = { 0 };
	bool has_index = false, has_op = false, has_value = false;
	int index, e = 0;

	if (want_object(r, v))
		return -1;
	json_object_object_foreach(v, key, m) {
		struct step step = enter_key(r, m, key);

		if (!strcmp(key, "index")) {
			e = want_int(r, m, PROFILE_MAX_ARGS - 1, &index);
			arg.index = index;
			has_index = true;
		} else if (!strcmp(key, "value")) {
			e = want_u64(r, m, &arg.value);
			has_value = true;
		} else if (!strcmp(key, "valueTwo")) {
			e = m ? want_u64(r, m, &arg.value_two) : 0;
		} else if (!strcmp(key, "op")) {
			e = read_op(r, m, &arg.op);
			has_op = true;
		} else {
			leave(r, step);
			e = unknown(r, key, members, ARRAY_SIZE(members));
		}
		if (e)
			return -1;
		leave(r, step);
	}
	/* engines that are written in Go leave a zero out in k8s objects */
	if (!has_op || !has_index || (!has_value && !(r->d->can & CAN_NO_ZERO)))
		return refuse(r, "lacks `%s`", !has_index ? "index" :
			      !has_op ? "op" : "value");
	profile_rule_add_arg(rule, &arg);
	return 0;
}

static int read_args(struct reader *r, struct json_object *v,
		     struct profile_rule *rule)
{
	size_t i, n;

	if (want_array(r, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *one = json_object_array_get_idx(v, i);
		struct step step = enter(r, one, "[%zu]", i);

		if (read_arg(r, one, rule))
			return -1;
		leave(r, step);
	}
	return 0;
}

static int read_kernel(struct reader *r, struct json_object *v, char **to)
{
	if (!(r->d->can & CAN_MIN_KERNEL))
		return refuse(r, "only docker has it, and the format is %s: no engine reads both",
			      r->d->name);
	if (read_str(r, v, to))
		return -1;
	return *to && !profile_kernel_valid(*to) ?
	       refuse(r, "`%s` is not X.Y", *to) : 0;
}

static int read_cond(struct reader *r, struct json_object *v,
		     struct profile_cond *c)
{
	static const char *const members[] = { "arches", "caps", "minKernel" };
	int e;

	if (!v)
		return 0;
	if (want_object(r, v))
		return -1;
	json_object_object_foreach(v, key, m) {
		struct step step = enter_key(r, m, key);

		if (!strcmp(key, "arches")) {
			e = read_set(r, m, false, &c->arches);
		} else if (!strcmp(key, "caps")) {
			e = read_set(r, m, false, &c->caps);
		} else if (!strcmp(key, "minKernel")) {
			e = read_kernel(r, m, &c->min_kernel);
		} else {
			leave(r, step);
			e = unknown(r, key, members, ARRAY_SIZE(members));
		}
		if (e)
			return -1;
		leave(r, step);
	}
	return 0;
}

/*
 * Who writes a profile with Go's structs writes both members, one of them empty;
 * the engines take that for absent.
 */
static int read_names(struct reader *r, struct json_object *name,
		      struct profile_rule *rule)
{
	struct step step;
	const char *s;

	if (!name)
		return 0;
	step = enter_key(r, name, "name");
	if (want_str(r, name, &s))
		return -1;
	if (*s && rule->names.n)
		return refuse(r, "both `name` and `names` in one rule");
	if (*s && !profile_name_valid(s))
		return refuse(r, "`%s` cannot be a system call's name", s);
	if (*s)
		strset_add(&rule->names, s);
	leave(r, step);
	return 0;
}

static int read_rule(struct reader *r, struct json_object *o,
		     struct profile_rule *rule)
{
	static const char *const members[] = {
		"names", "action", "errnoRet", "args", "name", "errno",
		"comment", "includes", "excludes",
	};
	struct json_object *name = NULL, *word = NULL;
	unsigned int can = r->d->can;
	bool has_action = false;

	if (want_object(r, o))
		return -1;
	json_object_object_foreach(o, key, v) {
		struct step step = enter_key(r, v, key);
		int e = 0;

		if (!strcmp(key, "names")) {
			e = read_set(r, v, true, &rule->names);
		} else if (!strcmp(key, "action")) {
			e = read_action(r, v, &rule->action);
			has_action = true;
		} else if (!strcmp(key, "errnoRet")) {
			e = v ? want_int(r, v, 65535, &rule->errno_ret) : 0;
		} else if (!strcmp(key, "args")) {
			e = read_args(r, v, rule);
		} else if (!strcmp(key, "name") && can & CAN_OLD_NAME) {
			name = v;
		} else if (!strcmp(key, "errno") && can & CAN_ERRNO_WORD) {
			word = v;
		} else if (!strcmp(key, "comment") && can & CAN_COMMENT) {
			e = read_str(r, v, &rule->comment);
		} else if (!strcmp(key, "includes") && can & CAN_CONDITIONS) {
			e = read_cond(r, v, &rule->includes);
		} else if (!strcmp(key, "excludes") && can & CAN_CONDITIONS) {
			e = read_cond(r, v, &rule->excludes);
		} else {
			leave(r, step);
			e = unknown(r, key, members, ARRAY_SIZE(members));
		}
		if (e)
			return -1;
		leave(r, step);
	}
	if (!has_action)
		return refuse(r, "no `action`");
	return read_names(r, name, rule) ||
	       read_errno_word(r, "errno", word, &rule->errno_ret) ? -1 : 0;
}

static int read_rules(struct reader *r, struct json_object *v,
		      struct profile *p)
{
	size_t i, n;

	if (want_array(r, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *one = json_object_array_get_idx(v, i);
		struct step step = enter(r, one, "[%zu]", i);

		if (read_rule(r, one, profile_add_rule(p, PA_KILL_PROCESS,
						       PROFILE_NO_ERRNO)))
			return -1;
		leave(r, step);
	}
	return 0;
}

static int check_arch(struct reader *r, const char *name)
{
	struct guess g = { .word = name };
	const struct abi_name *a;

	if (profile_arch_token(name))
		return 0;
	for (a = names_abis; a->token; a++) {
		guess_try(&g, a->token);
		/* as includes.arches has it */
		if (!strcmp(a->engine, name))
			guess_take(&g, a->token);
	}
	return refuse(r, "`%s` is no architecture%s", name, guess_text(&g));
}

static int read_arches(struct reader *r, struct json_object *v,
		       struct strset *to)
{
	size_t i;

	if (read_set(r, v, false, to))
		return -1;
	for (i = 0; i < to->n; i++)
		if (check_arch(r, to->v[i]))
			return -1;
	return 0;
}

static int read_archmap_entry(struct reader *r, struct json_object *o,
			      struct profile_archmap *m)
{
	static const char *const members[] = {
		"architecture", "subArchitectures",
	};
	const char *s;

	if (want_object(r, o))
		return -1;
	json_object_object_foreach(o, key, v) {
		struct step step = enter_key(r, v, key);
		int e;

		if (!strcmp(key, "architecture")) {
			e = want_str(r, v, &s) || check_arch(r, s);
			free(m->arch);
			m->arch = xstrdup(s ? s : "");
		} else if (!strcmp(key, "subArchitectures")) {
			e = read_arches(r, v, &m->subs);
		} else {
			leave(r, step);
			e = unknown(r, key, members, ARRAY_SIZE(members));
		}
		if (e)
			return -1;
		leave(r, step);
	}
	return *m->arch ? 0 : refuse(r, "lacks `architecture`");
}

static int read_archmap(struct reader *r, struct json_object *v,
			struct profile *p)
{
	size_t i, n;

	if (want_array(r, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *one = json_object_array_get_idx(v, i);
		struct step step = enter(r, one, "[%zu]", i);

		if (read_archmap_entry(r, one, profile_add_archmap(p, "")))
			return -1;
		leave(r, step);
	}
	return 0;
}

static int read_spec(struct reader *r, struct json_object *o, struct profile *p)
{
	static const char *const members[] = {
		"defaultAction", "defaultErrnoRet", "architectures", "flags",
		"listenerPath", "listenerMetadata", "syscalls", "archMap",
		"defaultErrno", "baseProfileName",
	};
	struct json_object *word = NULL;
	unsigned int can = r->d->can;
	bool has_action = false;

	if (!json_object_is_type(o, json_type_object))
		return refuse(r, "a profile must be an object, this is %s",
			      o ? json_type_to_name(json_object_get_type(o)) :
				  "null");
	json_object_object_foreach(o, key, v) {
		struct step step = enter_key(r, v, key);
		int e = 0;

		if (!strcmp(key, "defaultAction")) {
			e = read_action(r, v, &p->def_action);
			has_action = true;
		} else if (!strcmp(key, "defaultErrnoRet") &&
			   can & CAN_DEFAULT_ERRNO) {
			e = v ? want_int(r, v, 65535, &p->def_errno) : 0;
		} else if (!strcmp(key, "defaultErrno") &&
			   can & CAN_ERRNO_WORD) {
			word = v;
		} else if (!strcmp(key, "architectures")) {
			e = read_arches(r, v, &p->arches);
		} else if (!strcmp(key, "archMap") && can & CAN_ARCHMAP) {
			e = read_archmap(r, v, p);
		} else if (!strcmp(key, "flags")) {
			e = read_set(r, v, false, &p->flags);
			p->flags_given = v;
		} else if (!strcmp(key, "listenerPath")) {
			e = read_str(r, v, &p->listener_path);
		} else if (!strcmp(key, "listenerMetadata")) {
			e = read_str(r, v, &p->listener_metadata);
		} else if (!strcmp(key, "baseProfileName") && can & CAN_BASE) {
			e = read_str(r, v, &p->base_profile);
		} else if (can & CAN_BASE && (!strcmp(key, "disabled") ||
					      !strcmp(key, "targetWorkload"))) {
			profile_note(r->notes, "`%s` says nothing of calls, left out",
				     key);
		} else if (!strcmp(key, "syscalls")) {
			e = read_rules(r, v, p);
		} else if (!strcmp(key, "$schema") || !strcmp(key, "$comment")) {
			profile_note(r->notes, "`%s` is no part of a profile, left out",
				     key);
		} else {
			leave(r, step);
			e = unknown(r, key, members, ARRAY_SIZE(members));
		}
		if (e)
			return -1;
		leave(r, step);
	}
	if (!has_action)
		return refuse(r, "no `defaultAction`: this is no profile");
	return read_errno_word(r, "defaultErrno", word, &p->def_errno);
}

/**
 * spec_read() - read the object that holds defaultAction and syscalls
 * @doc: the text that it is from
 * @o: the object
 * @path: what leads to it, for messages; "" for the root
 * @d: the dialect
 * @p: filled in
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int spec_read(const struct json_doc *doc, struct json_object *o,
	      const char *path, const struct dialect *d, struct profile *p,
	      struct profile_notes *notes, struct error **err)
{
	struct reader r = {
		.d = d, .doc = doc, .notes = notes, .err = err,
	};

	p->def_errno = PROFILE_NO_ERRNO;
	enter(&r, o, "%s", path);
	return read_spec(&r, o, p);
}

/**
 * spec_read_source() - read a text that is such an object
 * @s: the text
 * @d: the dialect
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *spec_read_source(const struct source *s,
				 const struct dialect *d,
				 struct profile_notes *notes,
				 struct error **err)
{
	struct profile *p = profile_new();

	if (!spec_read(s->json, s->json->root, "", d, p, notes, err))
		return p;
	profile_free(p);
	return NULL;
}

/**
 * spec_rules_have() - is there such a member in any rule?
 * @o: the object that holds syscalls
 * @key: a member of a rule
 * @inner: a member of that member, or NULL
 *
 * Return: true if there is.
 */
bool spec_rules_have(struct json_object *o, const char *key, const char *inner)
{
	struct json_object *rules = json_member(o, "syscalls");
	size_t i, n = json_object_is_type(rules, json_type_array) ?
		      json_object_array_length(rules) : 0;

	for (i = 0; i < n; i++) {
		struct json_object *r = json_object_array_get_idx(rules, i);

		if (inner ? json_has(json_member(r, key), inner) :
			    json_has(r, key))
			return true;
	}
	return false;
}
