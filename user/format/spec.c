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
	cleanup_free char *ascii = NULL;
	const char *text;
	char *out;

	if (!o)
		return NULL;
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
					      JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		out_of_memory();
	ascii = json_ascii(text, false);
	out = xasprintf("%s\n", ascii);
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
	text = xvasprintf(fmt, ap);
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

static int read_str(struct reader *r, struct json_object *v, void *str)
{
	char **to = str;
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

static int want_u64(struct reader *r, struct json_object *v, void *to)
{
	if (!json_object_is_type(v, json_type_int))
		return refuse(r, "not a whole number");
	if (*json_object_get_string(v) == '-')
		return refuse(r, "a negative number");
	if (json_uint64_lost(v))
		return refuse(r, "2^63 or more, which json-c %s cannot read (0.14 can)",
			      json_c_version());
	*(uint64_t *)to = json_object_get_uint64(v);
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

/* what reads one value; @to is of its kind */
typedef int (*read_fn)(struct reader *r, struct json_object *v, void *to);

static int read_array(struct reader *r, struct json_object *v, read_fn one,
		      void *to)
{
	size_t i, n;

	if (want_array(r, v, &n))
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *item = json_object_array_get_idx(v, i);
		struct step step = enter(r, item, "[%zu]", i);

		if (one(r, item, to))
			return -1;
		leave(r, step);
	}
	return 0;
}

/* a member of an object: where it goes, and who reads it */
struct member {
	const char *key;
	read_fn read;		/* NULL: later, it depends on others */
	size_t to;		/* its place within the struct */
	unsigned int can;	/* dialects have it that can do this; 0: all */
};

static int read_members(struct reader *r, struct json_object *o,
			const struct member *m, size_t n, void *to)
{
	size_t i;

	if (want_object(r, o))
		return -1;
	json_object_object_foreach(o, key, v) {
		struct guess g = { .word = key };
		struct step step;

		for (i = 0; i < n; i++) {
			if (m[i].can && !(r->d->can & m[i].can))
				continue;
			if (!strcmp(m[i].key, key))
				break;
			guess_try(&g, m[i].key);
		}
		if (i == n)
			return refuse(r, "the format %s has no member `%s` here%s",
				      r->d->name, key, guess_text(&g));
		step = enter_key(r, v, key);
		if (m[i].read && m[i].read(r, v, (char *)to + m[i].to))
			return -1;
		leave(r, step);
	}
	return 0;
}

static int read_word(struct reader *r, struct json_object *v, void *to)
{
	const char *s;

	if (want_str(r, v, &s))
		return -1;
	strset_add(to, s);
	return 0;
}

static int read_call(struct reader *r, struct json_object *v, void *to)
{
	const char *s;

	if (want_str(r, v, &s))
		return -1;
	if (*s && !profile_name_valid(s))
		return refuse(r, "`%s` cannot be a system call's name", s);
	strset_add(to, s);
	return 0;
}

static int read_words(struct reader *r, struct json_object *v, void *to)
{
	return read_array(r, v, read_word, to);
}

static int read_calls(struct reader *r, struct json_object *v, void *to)
{
	return read_array(r, v, read_call, to);
}

static int read_errno(struct reader *r, struct json_object *v, void *to)
{
	return v ? want_int(r, v, 65535, to) : 0;
}

static int read_action(struct reader *r, struct json_object *v, void *to)
{
	enum profile_action *a = to;
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

static int read_op(struct reader *r, struct json_object *v, void *op)
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
	return refuse(r, "`%s` is no comparison%s", s, g.best ? guess_text(&g) :
		      ": these begin with SCMP_CMP_, as SCMP_CMP_EQ");
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
		struct guess g = GUESS_INIT(s);

		e = profile_errno_parse(s);
		if (e < 0) {
			profile_errno_guess(&g);
			return refuse(r, "`%s` is no errno%s", s,
				      guess_text(&g));
		}
		if (*to >= 0 && *to != e)
			return refuse(r, "`%s`, but the number beside it is %d",
				      s, *to);
		*to = e;
	}
	leave(r, step);
	return 0;
}

static int read_index(struct reader *r, struct json_object *v, void *to)
{
	int index = 0;

	if (want_int(r, v, PROFILE_MAX_ARGS - 1, &index))
		return -1;
	*(unsigned int *)to = index;
	return 0;
}

static int read_value_two(struct reader *r, struct json_object *v, void *to)
{
	return v ? want_u64(r, v, to) : 0;
}

static int read_arg(struct reader *r, struct json_object *v, void *rule)
{
	static const struct member members[] = {
		{ "index", read_index, offsetof(struct profile_arg, index), 0 },
		{ "value", want_u64, offsetof(struct profile_arg, value), 0 },
		{ "valueTwo", read_value_two,
		  offsetof(struct profile_arg, value_two), 0 },
		{ "op", read_op, offsetof(struct profile_arg, op), 0 },
	};
	struct profile_arg arg = { 0 };
	const char *lacks;

	if (read_members(r, v, members, ARRAY_SIZE(members), &arg))
		return -1;
	/* engines that are written in Go leave a zero out in k8s objects */
	lacks = !json_has(v, "index") ? "index" : !json_has(v, "op") ? "op" :
		!json_has(v, "value") && !(r->d->can & CAN_NO_ZERO) ? "value" :
		NULL;
	if (lacks)
		return refuse(r, "lacks `%s`", lacks);
	profile_rule_add_arg(rule, &arg);
	return 0;
}

static int read_args(struct reader *r, struct json_object *v, void *rule)
{
	return read_array(r, v, read_arg, rule);
}

static int read_kernel(struct reader *r, struct json_object *v, void *kernel)
{
	char **to = kernel, *dot, *zero;

	if (!(r->d->can & CAN_MIN_KERNEL))
		return refuse(r, "only docker has it, and the format is %s: no engine reads both",
			      r->d->name);
	if (read_str(r, v, to))
		return -1;
	if (!*to)
		return 0;
	/* moby's default of 2018 has 4.8.0 */
	dot = strchr(*to, '.');
	zero = strrchr(*to, '.');
	if (zero != dot && !strcmp(zero, ".0")) {
		profile_note(r->notes, "minKernel `%s`, which Docker from 20.10 on refuses, is taken for %.*s",
			     *to, (int)(zero - *to), *to);
		*zero = 0;
	}
	return profile_kernel_valid(*to) ? 0 :
	       refuse(r, "`%s` is not X.Y, the only form that Docker takes", *to);
}

static int read_cond(struct reader *r, struct json_object *v, void *to)
{
	static const struct member members[] = {
		{ "arches", read_words, offsetof(struct profile_cond, arches), 0 },
		{ "caps", read_words, offsetof(struct profile_cond, caps), 0 },
		{ "minKernel", read_kernel,
		  offsetof(struct profile_cond, min_kernel), 0 },
	};

	return v ? read_members(r, v, members, ARRAY_SIZE(members), to) : 0;
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

static int read_rule(struct reader *r, struct json_object *o, void *profile)
{
	static const struct member members[] = {
		{ "names", read_calls, offsetof(struct profile_rule, names), 0 },
		{ "action", read_action, offsetof(struct profile_rule, action), 0 },
		{ "errnoRet", read_errno, offsetof(struct profile_rule, errno_ret),
		  0 },
		{ "args", read_args, 0, 0 },
		{ "name", NULL, 0, CAN_OLD_NAME },
		{ "errno", NULL, 0, CAN_ERRNO_WORD },
		{ "comment", read_str, offsetof(struct profile_rule, comment),
		  CAN_COMMENT },
		{ "includes", read_cond, offsetof(struct profile_rule, includes),
		  CAN_CONDITIONS },
		{ "excludes", read_cond, offsetof(struct profile_rule, excludes),
		  CAN_CONDITIONS },
	};
	struct profile_rule *rule = profile_add_rule(profile, PA_KILL_PROCESS,
						     PROFILE_NO_ERRNO);

	if (read_members(r, o, members, ARRAY_SIZE(members), rule))
		return -1;
	if (!json_has(o, "action"))
		return refuse(r, "no `action`");
	return read_names(r, json_member(o, "name"), rule) ||
	       read_errno_word(r, "errno", json_member(o, "errno"),
			       &rule->errno_ret) ? -1 : 0;
}

static int read_rules(struct reader *r, struct json_object *v, void *profile)
{
	return read_array(r, v, read_rule, profile);
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

static int read_arches(struct reader *r, struct json_object *v, void *to)
{
	struct strset *set = to;
	size_t i;

	if (read_words(r, v, set))
		return -1;
	for (i = 0; i < set->n; i++)
		if (check_arch(r, set->v[i]))
			return -1;
	return 0;
}

static int read_arch(struct reader *r, struct json_object *v, void *to)
{
	char **arch = to;
	const char *s;

	if (want_str(r, v, &s) || check_arch(r, s))
		return -1;
	free(*arch);
	*arch = xstrdup(s);
	return 0;
}

static int read_archmap_entry(struct reader *r, struct json_object *o,
			      void *profile)
{
	static const struct member members[] = {
		{ "architecture", read_arch,
		  offsetof(struct profile_archmap, arch), 0 },
		{ "subArchitectures", read_arches,
		  offsetof(struct profile_archmap, subs), 0 },
	};
	struct profile_archmap *m = profile_add_archmap(profile, "");

	if (read_members(r, o, members, ARRAY_SIZE(members), m))
		return -1;
	return *m->arch ? 0 : refuse(r, "lacks `architecture`");
}

static int read_archmap(struct reader *r, struct json_object *v, void *profile)
{
	return read_array(r, v, read_archmap_entry, profile);
}

static int read_flags(struct reader *r, struct json_object *v, void *profile)
{
	struct profile *p = profile;

	p->flags_given = v;
	return read_words(r, v, &p->flags);
}

static const char *last_key(const struct reader *r)
{
	const char *dot = strrchr(r->path, '.');

	return dot ? dot + 1 : r->path;
}

static int no_calls(struct reader *r, struct json_object *v, void *to)
{
	(void)v;
	(void)to;
	profile_note(r->notes, "`%s` says nothing of calls, left out",
		     last_key(r));
	return 0;
}

static int no_part(struct reader *r, struct json_object *v, void *to)
{
	(void)v;
	(void)to;
	profile_note(r->notes, "`%s` is no part of a profile, left out",
		     last_key(r));
	return 0;
}

static int read_spec(struct reader *r, struct json_object *o, struct profile *p)
{
	static const struct member members[] = {
		{ "defaultAction", read_action,
		  offsetof(struct profile, def_action), 0 },
		{ "defaultErrnoRet", read_errno,
		  offsetof(struct profile, def_errno), CAN_DEFAULT_ERRNO },
		{ "architectures", read_arches,
		  offsetof(struct profile, arches), 0 },
		{ "flags", read_flags, 0, 0 },
		{ "listenerPath", read_str,
		  offsetof(struct profile, listener_path), 0 },
		{ "listenerMetadata", read_str,
		  offsetof(struct profile, listener_metadata), 0 },
		{ "syscalls", read_rules, 0, 0 },
		{ "archMap", read_archmap, 0, CAN_ARCHMAP },
		{ "defaultErrno", NULL, 0, CAN_ERRNO_WORD },
		{ "baseProfileName", read_str,
		  offsetof(struct profile, base_profile), CAN_BASE },
		{ "disabled", no_calls, 0, CAN_BASE },
		{ "targetWorkload", no_calls, 0, CAN_BASE },
		{ "$schema", no_part, 0, 0 },
		{ "$comment", no_part, 0, 0 },
	};

	if (!json_object_is_type(o, json_type_object))
		return refuse(r, "a profile must be an object, and this is JSON of the type `%s`",
			      o ? json_type_to_name(json_object_get_type(o)) :
				  "null");
	if (read_members(r, o, members, ARRAY_SIZE(members), p))
		return -1;
	if (!json_has(o, "defaultAction"))
		return refuse(r, "no `defaultAction`: this is no profile");
	return read_errno_word(r, "defaultErrno",
			       json_member(o, "defaultErrno"), &p->def_errno);
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
