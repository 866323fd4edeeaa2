// SPDX-License-Identifier: GPL-2.0
/* Conditions on arguments, see args.h. */

#include <linux/sched.h>
#include <sys/mman.h>
#include "args.h"
#include "meaning.h"
#include "record/value.h"
#include "lib/names.h"
#include "lib/values.h"

/* uapi of 4.6 and 5.6 */
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP	0x02000000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x00000080
#endif

#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |	\
			 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |	\
			 CLONE_NEWNET)

/* The flags of clone3 that clone has as well: there the lowest 8 bits are a signal */
#define CLONE_HAS	0xffffff00ULL

/* What guard looks at */
static const struct guard {
	const char *call;
	unsigned int num;	/* of an enumeration: so many arguments */
	uint64_t bits;		/* of flags: these */
} guards[] = {
	{ "socket", 1, 0 },
	{ "socketpair", 1, 0 },
	{ "personality", 1, 0 },
	{ "bpf", 1, 0 },
	{ "keyctl", 1, 0 },
	{ "ptrace", 1, 0 },
	{ "clone", 0, NAMESPACES },
	{ "unshare", 0, NAMESPACES | CLONE_NEWTIME },
	{ "setns", 0, NAMESPACES | CLONE_NEWTIME },
};

/*
 * Calls that somebody else than the record asks for, and what is known of their arguments:
 * a C library that starts a process or a thread and Go's runtime make no namespaces, and a
 * container's configuration knows two personalities (runtime-spec, linux.personality).
 */
static const struct {
	const char *call;
	uint64_t v[2];
	unsigned int n;
} unseen[] = {
	{ "clone", { 0 }, 1 },
	{ "clone3", { 0 }, 1 },
	{ "personality", { 0, 8 }, 2 },	/* PER_LINUX, PER_LINUX32 */
};

/* A call that does the same with the same argument */
static const char *const twins[][2] = {
	{ "fcntl64", "fcntl" }, { "fcntl", "fcntl64" },
	{ "mmap2", "mmap" }, { "mmap", "mmap2" },
};

/* beside the module's reasons why a number is open */
#define NOT_LOOKED	(SCTRACE_OPEN_GAP + 1)

struct args {
	const struct record *r;
	const struct args_opts *o;
	struct derived *d;
	struct strset based;	/* calls whose arguments the base looks at */
	struct strset cut;	/* calls that get no condition, as there are too many values */
	struct strset lost;	/* ... as the dialect cannot say it */
	struct strset unknown;	/* ... as their callers were not recorded */
	struct strset open[NOT_LOOKED + 1];	/* ... by reason */
	bool clone3;		/* it is refused, and clone takes its place */
	uint64_t clone3_flags;
	bool one_list;		/* systemd: clone, unshare and setns are one */
	uint64_t ns;		/* ... the namespaces of them all */
};

/**
 * args_parse() - read the mode
 * @s: a word
 * @mode: gets it
 *
 * Return: 0, or -1 for what is none.
 */
int args_parse(const char *s, enum args_mode *mode)
{
	static const char *const words[] = { "none", "guard", "all" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], s)) {
			*mode = i;
			return 0;
		}
	return -1;
}

/**
 * args_namespaces() - the flags that stand for namespaces
 *
 * Return: CLONE_NEW* bits, that of the time namespace among them.
 */
uint32_t args_namespaces(void)
{
	return NAMESPACES | CLONE_NEWTIME;
}

/* Of more flags than these no list is made */
#define MOST_FLAGS	10

/**
 * args_names() - what a rule compares arguments with, by name
 * @r: the rule
 * @call: one of its calls
 *
 * Return: "AF_INET, SOCK_STREAM" or "no CLONE_NEWUSER", for free(); NULL where nothing has
 * a name.
 */
char *args_names(const struct profile_rule *r, const char *call)
{
	const struct sctrace_watched *row = value_row(names_native(), call);
	uint64_t arg[3] = { 0 };
	bool given[3] = { false };
	char *text = NULL;
	size_t i;

	if (!row || !r->n_args)
		return NULL;
	for (i = 0; i < r->n_args; i++) {
		const struct profile_arg *a = &r->args[i];
		size_t at = a->index - row->first;
		bool equal = a->op == PO_EQ ||
			     (a->op == PO_MASKED_EQ && a->value == UINT32_MAX);

		if (a->index < row->first || at >= row->num)
			continue;
		if (a->op == PO_MASKED_EQ && !a->value_two && r->n_args == 1 &&
		    row->how == SCTRACE_WATCHED_FLAGS) {
			cleanup_free char *flags = NULL;

			if (__builtin_popcountll(a->value) > MOST_FLAGS)
				return NULL;
			flags = values_text(call, 0, &a->value);
			return xasprintf("no %s", flags);
		}
		if (!equal)
			continue;
		arg[at] = a->op == PO_EQ ? a->value : a->value_two;
		given[at] = true;
	}
	for (i = 0; i < row->num; i++) {
		cleanup_free char *word = values_text(call, i, arg);
		char *old = text;

		if (!given[i])
			continue;
		text = xasprintf("%s%s%s", old ? old : "", old ? ", " : "", word);
		free(old);
	}
	return text;
}

static const struct guard *guard_of(const char *call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(guards); i++)
		if (!strcmp(guards[i].call, call))
			return &guards[i];
	return NULL;
}

static bool wanted(const void *ctx, unsigned int kind)
{
	const struct args *a = ctx;

	return derive_wants(kind, a->d->plain) ||
	       (a->o->include_refused && derive_is_refused(kind));
}

static void tell_open(struct args *a, const char *call, const struct value_set *s)
{
	unsigned int why = s->unwatched || s->why > NOT_LOOKED ? NOT_LOOKED : s->why;

	strset_add(&a->open[why], call);
}

static void refuse(struct args *a, const char *call)
{
	struct profile_rule *r;

	profile_take_out(a->d->profile, call, true);
	/* a rule that repeats the default is one that older runtimes refuse */
	if (a->d->profile->def_action == PA_ERRNO &&
	    profile_default_errno(a->d->profile) == ENOSYS)
		return;
	r = profile_add_rule(a->d->profile, PA_ERRNO, ENOSYS);
	strset_add(&r->names, call);
}

/* Of several arguments all must be so */
static void rule_tuple(struct args *a, const char *call,
		       const struct value_set *s, const uint64_t *v,
		       unsigned int num)
{
	struct profile_rule *r = profile_add_rule(a->d->profile, PA_ALLOW,
						  PROFILE_NO_ERRNO);
	unsigned int i;

	strset_add(&r->names, call);
	for (i = 0; i < num; i++) {
		struct profile_arg arg = { s->first + i, PO_EQ, v[i], 0 };

		if (s->upper >> i & 1)
			arg = (struct profile_arg){
				s->first + i, PO_MASKED_EQ, UINT32_MAX, v[i],
			};
		profile_rule_add_arg(r, &arg);
	}
}

static void rule_unset(struct args *a, const char *call,
		       const struct value_set *s, uint64_t mask)
{
	const struct profile_arg arg = { s->first, PO_MASKED_EQ, mask, 0 };
	struct profile_rule *r;

	if (!mask)
		return;
	profile_take_out(a->d->profile, call, true);
	r = profile_add_rule(a->d->profile, PA_ALLOW, PROFILE_NO_ERRNO);
	strset_add(&r->names, call);
	profile_rule_add_arg(r, &arg);
}

/* How many arguments are compared: with fewer, several values may be one */
static void project(const struct value_set *s, unsigned int num,
		    struct value_set *to)
{
	size_t i;

	*to = *s;
	to->v = NULL;
	to->n = 0;
	for (i = 0; i < s->n; i++) {
		uint64_t arg[3] = { 0 };

		memcpy(arg, s->v[i], num * sizeof(*arg));
		value_add(to, arg);
	}
}

static void rules_enum(struct args *a, const char *call,
		       const struct value_set *s, unsigned int num)
{
	struct value_set some;
	size_t i;

	project(s, num, &some);
	profile_take_out(a->d->profile, call, true);
	for (i = 0; i < some.n; i++)
		rule_tuple(a, call, &some, some.v[i], num);
	value_set_free(&some);
}

/* Does somebody ask for the call whose arguments were not recorded? */
static bool asked_for(const struct args *a, const char *call)
{
	return strset_has(&a->d->also, call);
}

/* Is the whole value to be looked at, or what guard looks at? */
static bool whole(const struct args *a, const char *call)
{
	return a->o->mode >= ARGS_ALL || strset_has(&a->based, call);
}

/* systemd's RestrictAddressFamilies= and LockPersonality= */
static bool systemd_can(const char *call, const struct value_set *s)
{
	size_t i;

	if (!strcmp(call, "personality"))
		return s->n == 1 && !s->v[0][0] && !s->upper;
	if (strcmp(call, "socket") || s->upper)
		return false;
	for (i = 0; i < s->n; i++)
		if (!values_name(VALUES_AF, s->v[i][0]) || !s->v[i][0])
			return false;
	return true;
}

static void condition_enum(struct args *a, const char *call,
			   const struct value_set *s)
{
	const struct guard *g = guard_of(call);
	unsigned int num = whole(a, call) ? s->num : g ? g->num : 0;
	bool many = num == s->num && s->n > ARGS_MOST &&
		    a->o->mode == ARGS_ALL && !strset_has(&a->based, call);

	if (!num)
		return;
	if (many) {
		strset_add(&a->cut, call);
		if (!g)
			return;
		num = g->num;
	}
	if (a->o->can == ARGS_CAN_SYSTEMD) {
		if (!systemd_can(call, s)) {
			strset_add(&a->lost, call);
			return;
		}
		num = 1;
	}
	rules_enum(a, call, s, num);
}

static void condition_flags(struct args *a, const char *call,
			    const struct value_set *s)
{
	const struct guard *g = guard_of(call);
	/* of those who were not recorded no more is known than what guard looks at */
	uint64_t bits = whole(a, call) && s->any && !asked_for(a, call) ?
			UINT32_MAX : g ? g->bits : 0;
	uint64_t seen = s->flags;

	/* what only clone3 was called with clone is called with from now on */
	if (!strcmp(call, "clone"))
		seen |= a->clone3_flags;
	if (!bits)
		return;
	if (a->o->can == ARGS_CAN_SYSTEMD) {
		if (!g || !a->one_list) {
			strset_add(&a->lost, call);
			return;
		}
		bits = g->bits;
		seen = a->ns;
	}
	rule_unset(a, call, s, bits & ~seen);
}

/* What is known of those who may call it and were not recorded; false: nothing */
static bool fill_in(const char *call, struct value_set *s)
{
	const struct sctrace_watched *row = value_row(names_native(), call);
	size_t i, j;

	for (i = 0; row && i < ARRAY_SIZE(unseen); i++) {
		if (strcmp(unseen[i].call, call))
			continue;
		s->row = row;
		s->first = row->first;
		s->num = row->num;
		for (j = 0; j < unseen[i].n && row->how == SCTRACE_WATCHED_ENUM;
		     j++) {
			const uint64_t arg[3] = { unseen[i].v[j] };

			value_add(s, arg);
		}
		return true;
	}
	return false;
}

/* All values that a call may have; false: they are not known, which is told */
static bool look(struct args *a, const char *call, struct value_set *s)
{
	bool seen_only = a->o->mode == ARGS_SEEN;
	size_t i;

	value_collect(a->r, call, wanted, a, s);
	for (i = 0; i < ARRAY_SIZE(twins) && !s->row && !s->open; i++)
		if (!strcmp(twins[i][0], call))
			value_collect(a->r, twins[i][1], wanted, a, s);
	if (s->open) {
		if (seen_only)
			return s->any;
		tell_open(a, call, s);
		return false;
	}
	if ((s->row && !asked_for(a, call)) || fill_in(call, s))
		return true;
	if (guard_of(call) || whole(a, call))
		strset_add(&a->unknown, call);
	return false;
}

/* Is the call allowed whatever its arguments are, by a rule? */
static bool covered(const struct profile *p, const char *call)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (profile_action_permits(p->rules[i].action) &&
		    profile_rule_is_plain(&p->rules[i]) &&
		    strset_has(&p->rules[i].names, call))
			return true;
	return false;
}

static bool base_refuses_clone3(const struct args *a)
{
	const struct profile *p = a->o->base;
	size_t i;

	for (i = 0; p && i < p->n_rules; i++)
		if (p->rules[i].action == PA_ERRNO &&
		    profile_errno(&p->rules[i]) == ENOSYS &&
		    strset_has(&p->rules[i].names, "clone3"))
			return true;
	return false;
}

/*
 * No filter sees clone3's flags. C libraries and Go take clone where there is no clone3, and
 * a base that says that there is none knows it.
 */
static void do_clone3(struct args *a)
{
	struct profile *p = a->d->profile;
	struct value_set s;
	bool known;

	if (!covered(p, "clone3") || a->o->can == ARGS_CAN_NOTHING)
		return;
	known = look(a, "clone3", &s);
	a->clone3_flags = s.flags & CLONE_HAS & UINT32_MAX;
	a->clone3 = base_refuses_clone3(a) ||
		    (known && !(s.flags & ~(CLONE_HAS & UINT32_MAX)));
	if (a->clone3) {
		/* its signal is elsewhere, that of clone in the lowest bits */
		if (s.any)
			a->clone3_flags |= ~CLONE_HAS & UINT32_MAX;
		profile_allow(p, "clone");
		refuse(a, "clone3");
		strset_add(&a->d->answered, "clone3");
		profile_note(&a->d->notes, "`clone3` is answered with ENOSYS: C libraries take `clone` then, whose flags a filter can see");
	} else if (a->o->mode != ARGS_SEEN) {
		cleanup_free char *flags = values_tuple("clone3", &s.flags, 1);

		derived_warn(a->d, known ?
			     xasprintf("`clone3` is allowed, as it was called with %s, and `clone` cannot take its place: no filter sees its flags, so it can make namespaces",
				       flags) :
			     xstrdup("`clone3` is allowed: no filter sees its flags, so it can make namespaces"));
	}
	value_set_free(&s);
}

/* systemd has one list of namespaces for all three, which refuses setns of any namespace */
static void systemd_namespaces(struct args *a)
{
	static const char *const both[] = { "clone", "unshare" };
	struct profile *p = a->d->profile;
	size_t i;

	a->one_list = !covered(p, "setns") && !covered(p, "clone3");
	a->ns = a->clone3_flags & NAMESPACES;
	for (i = 0; i < ARRAY_SIZE(both); i++) {
		struct value_set s;

		if (!covered(p, both[i]))
			continue;
		value_collect(a->r, both[i], wanted, a, &s);
		a->one_list &= !s.open;
		/* a time namespace is a signal of clone */
		a->ns |= s.flags & guard_of(both[i])->bits;
		value_set_free(&s);
	}
	a->one_list &= !(a->ns & CLONE_NEWTIME);
}

/*
 * systemd's MemoryDenyWriteExecute=: nobody maps memory that is both written and executed, nor
 * makes it executable later.
 */
static void systemd_memory(struct args *a)
{
	static const struct {
		const char *call;
		uint64_t bits[2];
	} all[] = {
		{ "mmap", { PROT_WRITE, PROT_EXEC } }, { "mmap2", { PROT_WRITE, PROT_EXEC } },
		{ "mprotect", { PROT_EXEC } }, { "pkey_mprotect", { PROT_EXEC } },
	};
	struct profile *p = a->d->profile;
	bool never = !profile_permits(p, "shmat") && !profile_permits(p, "ipc");
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(all) && never; i++) {
		uint64_t bits = all[i].bits[0] | all[i].bits[1];
		struct value_set s;

		if (!profile_permits(p, all[i].call)) {
			/* these systemd allows by itself */
			never = strcmp(all[i].call, "mmap") && strcmp(all[i].call, "mprotect");
			continue;
		}
		value_collect(a->r, all[i].call, wanted, a, &s);
		never = covered(p, all[i].call) && s.any && !s.open &&
			!asked_for(a, all[i].call) &&
			((s.flags & bits) != bits || (all[i].bits[1] && !s.both));
		value_set_free(&s);
	}
	for (i = 0; i < ARRAY_SIZE(all) && never; i++) {
		if (!profile_permits(p, all[i].call))
			continue;
		profile_take_out(p, all[i].call, true);
		for (j = 0; j < 2 && all[i].bits[j]; j++) {
			const struct profile_arg arg = { 2, PO_MASKED_EQ, all[i].bits[j], 0 };
			struct profile_rule *r = profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO);

			strset_add(&r->names, all[i].call);
			profile_rule_add_arg(r, &arg);
		}
	}
}

static void condition(struct args *a, const char *call)
{
	struct value_set s;

	if (look(a, call, &s)) {
		if (s.row->how == SCTRACE_WATCHED_ENUM)
			condition_enum(a, call, &s);
		else if (s.row->how == SCTRACE_WATCHED_FLAGS)
			condition_flags(a, call, &s);
	}
	value_set_free(&s);
}

/* Takes the set */
static char *quoted(struct strset *s)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < s->n; i++) {
		cleanup_free char *old = text;

		text = xasprintf("%s%s`%s`", old ? old : "", old ? ", " : "",
				 s->v[i]);
	}
	strset_free(s);
	return text;
}

static void tell(struct args *a)
{
	unsigned int why;
	size_t i;

	for (i = 0; i < a->cut.n; i++)
		profile_note(&a->d->notes, "`%s` was called with more than %d values: %s",
			     a->cut.v[i], ARGS_MOST, guard_of(a->cut.v[i]) ?
			     "only its first argument is compared" :
			     "no condition on its arguments");
	strset_free(&a->cut);
	for (why = 0; why <= NOT_LOOKED; why++) {
		cleanup_free char *names = quoted(&a->open[why]);

		if (names)
			derived_warn(a->d, xasprintf("no condition on the arguments of %s: %s",
						     names, why == NOT_LOOKED ?
						     "they were not recorded" :
						     value_open_text(why)));
	}
	if (a->lost.n) {
		cleanup_free char *names = quoted(&a->lost);

		derived_warn(a->d, xasprintf("%s has no word for conditions on the arguments of %s: allowed with any",
					     a->o->dialect, names));
	}
	if (a->unknown.n) {
		cleanup_free char *names = quoted(&a->unknown);

		profile_note(&a->d->notes, "no condition on the arguments of %s: not all who may call them were recorded",
			     names);
	}
}

/* Calls on whose arguments the base has an opinion are compared as a whole */
static void look_at_base(struct args *a)
{
	const struct profile *p = a->o->base;
	size_t i, j;

	for (i = 0; p && i < p->n_rules; i++)
		for (j = 0; p->rules[i].n_args && j < p->rules[i].names.n; j++)
			strset_add(&a->based, p->rules[i].names.v[j]);
}

/* What was seen outside of what the base allows without capabilities */
static void tell_beyond(struct args *a)
{
	const struct abi abi = meaning_abi(names_native());
	struct error *err = NULL;
	struct bpf filter;
	size_t i, j, k;

	if (!a->based.n)
		return;
	if (meaning_filter(a->o->base, NULL, false, &filter, &err)) {
		error_free(err);
		return;
	}
	for (i = 0; i < a->based.n; i++) {
		const char *call = a->based.v[i];
		int nr = meaning_number(&abi, call);
		struct value_set s;

		value_collect(a->r, call, wanted, a, &s);
		if (s.row && s.row->how == SCTRACE_WATCHED_FLAGS && s.any) {
			const uint64_t all[3] = { s.flags };

			value_add(&s, all);
		}
		for (j = 0; j < s.n && nr >= 0; j++) {
			uint64_t args[PROFILE_MAX_ARGS] = { 0 };
			cleanup_free char *text = values_tuple(call, s.v[j], s.num);

			for (k = 0; k < s.num && s.first + k < PROFILE_MAX_ARGS; k++)
				args[s.first + k] = s.v[j][k];
			if (meaning_permits(meaning_at(&filter, &abi, nr, args)))
				continue;
			derived_warn(a->d, xasprintf("the base refuses `%s` with %s, which was seen: added",
						     call, text));
		}
		value_set_free(&s);
	}
	bpf_free(&filter);
}

/**
 * args_apply() - put conditions on the arguments of what a profile allows
 * @r: the record that it was made of, with values
 * @o: which conditions
 * @d: what was derived; its profile is changed, and what is to be known is added
 *
 * Only calls that a rule allows whatever their arguments are get conditions.
 */
void args_apply(const struct record *r, const struct args_opts *o,
		struct derived *d)
{
	struct args a = { .r = r, .o = o, .d = d };
	struct strset calls = { 0 };
	size_t i, j;

	if (o->mode == ARGS_NONE)
		return;
	if (!r->has_values) {
		if (o->mode != ARGS_SEEN)
			profile_note(&d->notes, "the module is older and keeps no values of arguments: no conditions on them");
		return;
	}
	look_at_base(&a);
	do_clone3(&a);
	if (o->can == ARGS_CAN_SYSTEMD)
		systemd_namespaces(&a);
	for (i = 0; i < d->profile->n_rules; i++) {
		const struct profile_rule *rule = &d->profile->rules[i];

		for (j = 0; j < rule->names.n; j++)
			if (value_is_watched(rule->names.v[j]) &&
			    covered(d->profile, rule->names.v[j]))
				strset_add(&calls, rule->names.v[j]);
	}
	strset_del(&calls, "clone3");
	for (i = 0; i < calls.n; i++)
		if (o->can == ARGS_CAN_NOTHING && (guard_of(calls.v[i]) || whole(&a, calls.v[i])))
			strset_add(&a.lost, calls.v[i]);
		else if (o->can != ARGS_CAN_NOTHING)
			condition(&a, calls.v[i]);
	if (o->can == ARGS_CAN_SYSTEMD)
		systemd_memory(&a);
	tell(&a);
	tell_beyond(&a);
	strset_free(&calls);
	strset_free(&a.based);
	profile_normalise(d->profile);
}
