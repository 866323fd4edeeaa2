// SPDX-License-Identifier: GPL-2.0
/*
 * Set operations on profiles, see algebra.h.
 *
 * Names that have the same rules are one class.  For each class and each place
 * that its rules' conditions tell apart, libseccomp says what the rules of both
 * inputs do, as a function of the arguments; the functions are combined, which
 * is exact, and written as rules again.  What libseccomp makes of those must be
 * the combined function, or they are written in another way.  At the end the
 * whole result is compared with both inputs, in all ABIs.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "algebra.h"
#include "args.h"
#include "emit.h"
#include "meaning.h"
#include "lib/names.h"
#include "lib/util.h"

/* conditions of one class tell apart at most so many places */
#define MAX_PLACES	4096
#define MAX_CAPS	12
/* ms of CPU time for libseccomp to make the filter of one attempt */
#define TRY_MS		(MEANING_MS / 8)
#define LEAST_MS	100

/*
 * Any call that all ABIs have stands for all others: libseccomp treats all
 * alike but for the multiplexed ones, and what is unknown to this libseccomp is
 * treated as a newer one will.
 */
#define STAND_IN	"getpid"

/* what rules do in one place: in an ABI with 64-bit registers, and with 32 */
struct does {
	dd_t wide, narrow;
};

/* rules that an engine hands on, in their order; those of the default are not */
struct list {
	const struct profile_rule **v;
	size_t n;
};

enum operation {
	OP_UNION, OP_INTERSECT, OP_SUBTRACT, OP_BASE, OP_REDEFAULT, OP_SETTLE
};

struct op {
	enum operation kind;
	const struct profile *a, *b;
	uint32_t def_a, def_b, def;	/* SECCOMP_RET_* with data */
	bool def_known;
	uint32_t refusal;	/* of OP_SUBTRACT */
	bool narrow;		/* the result has ABIs with 32-bit registers */
	bool absent_a, absent_b;	/* ... and that input has none of them */
	bool quick;		/* the result will be compared as a whole */
	enum profile_action kill;	/* how the inputs spell it */
	struct profile_cond conds;	/* of socketcall's or ipc's calls */
	struct profile_notes *notes;
	struct error **err;

	/* of the call at hand */
	bool named_a, named_b;
	bool stated_a, stated_b;	/* a rule repeats the default */
	bool blocked;		/* OP_BASE: the base's word is the last */
	const char *mux;	/* one of socketcall's or ipc's: must load so */
};

/* all that has the same rules in both inputs */
struct class {
	struct strset names;
	struct list rules[2];
	/* what tells places apart */
	struct strset caps, arches;
	char **kernels;		/* rising; not owned */
	size_t n_kernels;
};

static void strset_keep(struct strset *to, const struct strset *s)
{
	size_t i;

	for (i = to->n; i-- > 0;)
		if (!strset_has(s, to->v[i]))
			strset_del(to, to->v[i]);
}

static uint32_t ret_of(enum profile_action a, int errno_ret)
{
	return profile_action_scmp(a, errno_ret);
}

static uint32_t default_ret(const struct profile *p)
{
	return ret_of(p->def_action, profile_default_errno(p));
}

/* for a rule that refuses beside the default @def, and must not repeat it */
static int other_errno(uint32_t def)
{
	return def == ret_of(PA_ERRNO, EPERM) ? ENOSYS : EPERM;
}

static uint32_t rule_ret(const struct profile_rule *r)
{
	return ret_of(r->action, profile_errno(r));
}

static void list_add(struct list *l, const struct profile_rule *r)
{
	l->v = profile_grow(l->v, l->n, sizeof(*l->v));
	l->v[l->n++] = r;
}

static void list_free(struct list *l)
{
	free(l->v);
	memset(l, 0, sizeof(*l));
}

/* of a class's rules those that count in one place, for a default */
static void list_here(const struct list *all, const struct profile_env *env,
		      uint32_t def, struct list *to)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < all->n; i++)
		if (rule_ret(all->v[i]) != def &&
		    profile_rule_applies(all->v[i], env))
			list_add(to, all->v[i]);
}

/* one that looks at no argument wins, and the first of several such */
static bool list_plain(const struct list *l, uint32_t def, uint32_t *value)
{
	size_t i;

	*value = def;
	for (i = 0; i < l->n; i++)
		if (!l->v[i]->n_args) {
			*value = rule_ret(l->v[i]);
			return true;
		}
	return !l->n;
}

static void set_default(struct profile *p, uint32_t def)
{
	profile_set_default(p, meaning_rank(def), def & SECCOMP_RET_DATA);
}

/* a profile in which one call has these rules; narrow: in ABIs of both widths */
static struct profile *stand_in(const struct list *l, uint32_t def,
				const char *name, bool narrow)
{
	struct profile *p = profile_new();
	size_t i;

	set_default(p, def);
	if (narrow)
		strset_add(&p->arches, "SCMP_ARCH_X86");
	for (i = 0; i < l->n; i++) {
		struct profile_rule r;

		profile_rule_copy(&r, l->v[i]);
		strset_free(&r.names);
		profile_rule_uncondition(&r);
		strset_add(&r.names, name);
		*profile_add_rule(p, r.action, r.errno_ret) = r;
	}
	return p;
}

static const struct profile_env stand_in_env = { .arch = "amd64" };

static void follow(const struct bpf *b, struct dd *m, bool narrow, struct does *d)
{
	const struct abi *abis;
	size_t i, n = meaning_abis(profile_env_native(&stand_in_env), &abis);

	for (i = 0; i < n; i++) {
		int nr = meaning_number(&abis[i], STAND_IN);

		if (abis[i].token == SCMP_ARCH_X86_64)
			d->wide = meaning_of(b, m, &abis[i], nr);
		else if (abis[i].token == SCMP_ARCH_X86)
			d->narrow = meaning_of(b, m, &abis[i], nr);
	}
	if (!narrow)
		d->narrow = d->wide;
}

/* what rules say, to somebody who knows no libseccomp: the first that fits */
static void list_says(const struct list *l, uint32_t def, struct dd *m,
		      struct does *d)
{
	uint32_t value;
	size_t i, j;

	list_plain(l, def, &value);
	d->wide = dd_value(m, value);
	d->narrow = d->wide;
	if (value != def || !l->n)
		return;
	for (i = l->n; i-- > 0;) {
		const struct profile_rule *r = l->v[i];
		dd_t wide = dd_value(m, 1), narrow = wide;
		dd_t to = dd_value(m, rule_ret(r));

		for (j = 0; j < r->n_args; j++) {
			wide = dd_and(m, wide,
				      dd_compare(m, &r->args[j], false));
			narrow = dd_and(m, narrow,
					dd_compare(m, &r->args[j], true));
		}
		d->wide = dd_ite(m, wide, to, d->wide);
		d->narrow = dd_ite(m, narrow, to, d->narrow);
	}
}

/* how to find out what rules do */
struct ask {
	bool narrow;		/* with 32-bit registers, too */
	bool says;		/* what they say is what is meant */
	bool quick;		/* ... if they are many and none contradicts another */
	unsigned int ms;	/* of CPU time for each list */
	bool endless;		/* set if that was not enough */
};

/* libseccomp's time grows with the square of the rules for one call */
#define MANY_RULES	256

static bool list_clear(const struct list *l)
{
	size_t i;

	for (i = 1; i < l->n; i++)
		if (rule_ret(l->v[i]) != rule_ret(l->v[0]))
			return false;
	return l->n > MANY_RULES;
}

/*
 * What libseccomp makes of rules, several lists at once.  Returns -1 if it makes
 * nothing of one of them; why is set to the reason, for free().  A second ABI
 * takes it twice as long and more: it is asked for where it matters only.
 */
static int lists_do(const struct list *l, size_t n, uint32_t def, struct dd *m,
		    struct ask *ask, struct does *d, char **why)
{
	struct filter_job *jobs = xcalloc(n + 1, sizeof(*jobs));
	size_t *of = xcalloc(n + 1, sizeof(*of));
	size_t i, k = 0;
	uint32_t value;
	int ret = 0;

	for (i = 0; i < n; i++) {
		if (list_plain(&l[i], def, &value)) {
			d[i].wide = dd_value(m, value);
			d[i].narrow = d[i].wide;
			continue;
		}
		if (ask->says || (ask->quick && list_clear(&l[i]))) {
			list_says(&l[i], def, m, &d[i]);
			continue;
		}
		jobs[k].p = stand_in(&l[i], def, STAND_IN, ask->narrow);
		jobs[k].env = &stand_in_env;
		of[k++] = i;
	}
	meaning_filters(jobs, k, ask->ms);
	for (i = 0; i < k; i++) {
		ask->endless |= jobs[i].endless;
		if (!jobs[i].refused) {
			follow(&jobs[i].bpf, m, ask->narrow, &d[of[i]]);
		} else if (!ret) {
			static const char name[] = "the rules of `" STAND_IN "`: ";
			const char *r = jobs[i].refused;

			/* the caller knows whose rules they are */
			ret = -1;
			*why = xstrdup(r + (strncmp(r, name, strlen(name)) ? 0 :
					    strlen(name)));
		}
		filter_jobs_free(&jobs[i], 1);
		profile_free((struct profile *)jobs[i].p);
	}
	free(of);
	free(jobs);
	return ret;
}

/* does libseccomp take these rules for a call, with what it adds to them? */
static bool list_loads(const struct list *l, uint32_t def, const char *name)
{
	struct filter_job j = { .env = &stand_in_env };
	struct profile *p = stand_in(l, def, name, true);
	bool yes;

	j.p = p;
	meaning_filters(&j, 1, TRY_MS);
	yes = !j.refused;
	filter_jobs_free(&j, 1);
	profile_free(p);
	return yes;
}

/* ENOSYS is what callers can live with; else any order will do */
static int errno_weight(uint32_t value)
{
	int e = value & SECCOMP_RET_DATA;

	return e == ENOSYS ? 1 << 20 : e;
}

/* does a rule say so, and not the default alone? */
static bool is_stated(uint32_t value, uint32_t def, bool stated)
{
	return value != def || stated;
}

static uint32_t combine(void *ctx, uint32_t a, uint32_t b)
{
	const struct op *op = ctx;
	int x = meaning_rank(a), y = meaning_rank(b);
	bool said_a, said_b;
	uint32_t d;

	switch (op->kind) {
	case OP_SETTLE:
		return a;
	case OP_REDEFAULT:
		return is_stated(a, op->def_a, op->stated_a) ? a : op->def;
	case OP_SUBTRACT:
		return meaning_permits(a) && meaning_permits(b) ? op->refusal :
								  a;
	case OP_BASE:
		return meaning_permits(b) && !meaning_permits(a) &&
		       !op->blocked ? b : a;
	default:
		break;
	}
	if (x != y)
		return (x > y) == (op->kind == OP_UNION) ? a : b;
	said_a = is_stated(a, op->def_a, op->stated_a);
	said_b = is_stated(b, op->def_b, op->stated_b);
	/* where only defaults had a say, the result's default has it now */
	if (!said_a && !said_b && op->def_known && meaning_rank(op->def) == x)
		return op->def;
	if (said_a != said_b)
		d = said_a ? a : b;
	else
		d = errno_weight(a) >= errno_weight(b) ? a : b;
	return d;
}

/* is it what an input's default says, that the result's may stand for? */
static bool by_default(const struct op *op, uint32_t value)
{
	return value == op->def_a || (value == op->def_b && op->kind != OP_SUBTRACT);
}

/* the same, for ABIs that one input does not have: libseccomp kills the thread there */
static uint32_t combine_absent(void *ctx, uint32_t a, uint32_t b)
{
	const struct op *op = ctx;
	uint32_t d = combine(ctx, op->absent_a ? SECCOMP_RET_KILL_THREAD : a,
			     op->absent_b ? SECCOMP_RET_KILL_THREAD : b);

	/* as is_other() has it */
	if (meaning_rank(d) == meaning_rank(op->def) && by_default(op, d))
		return op->def;
	return d;
}

/* the rule of a term; the arguments in their order */
static void term_rule(const struct op *op, const struct emit_term *t,
		      struct profile_rule *r)
{
	enum profile_action a = meaning_rank(t->value);
	unsigned int index;
	size_t i;

	if (a == PA_KILL_THREAD)
		a = op->kill;
	profile_rule_init(r, a, profile_action_has_errno(a) ?
			  (int)(t->value & SECCOMP_RET_DATA) :
			  PROFILE_NO_ERRNO);
	for (index = 0; index < PROFILE_MAX_ARGS; index++)
		for (i = 0; i < t->n; i++)
			if (t->args[i].index == index)
				profile_rule_add_arg(r, &t->args[i]);
}

/* rules that are made here and owned */
struct rules {
	struct profile_rule *v;
	size_t n;
};

static void rules_free(struct rules *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		profile_rule_free(&r->v[i]);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

static void rules_list(const struct rules *r, struct list *l)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	for (i = 0; i < r->n; i++)
		list_add(l, &r->v[i]);
}

static struct ask op_ask(const struct op *op, unsigned int ms)
{
	return (struct ask){
		.narrow = op->narrow, .quick = op->quick, .ms = ms,
	};
}

static bool same(const struct op *op, struct does x, struct does y)
{
	return x.wide == y.wide && (!op->narrow || x.narrow == y.narrow);
}

/* why no way was found to write a function as rules */
struct no_way {
	uint64_t never[PROFILE_MAX_ARGS];	/* for such arguments there is none */
	char *refused;		/* libseccomp took one of them, but for this */
	bool other;		/* it took one and made something else of it */
};

/*
 * Rules without conditions that do this.  Returns -1 if no way was found, and why.
 * Where libseccomp does not end, the ways that are left get less and less time.
 */
static int write_function(const struct op *op, struct dd *m, struct does want,
			  struct rules *to, struct no_way *no)
{
	struct ask ask = op_ask(op, TRY_MS);
	unsigned int way;
	size_t i;

	for (way = 0; way < emit_ways(); way++) {
		struct emit_list terms;
		struct does got;
		struct list l;
		cleanup_free char *why = NULL;
		int ret;

		memset(to, 0, sizeof(*to));
		ret = emit_terms(m, want.wide, op->narrow ? &want.narrow : NULL,
				 dd_value(m, 1), op->def, way, &terms);
		if (ret == EMIT_NEVER) {
			memcpy(no->never, terms.never, sizeof(terms.never));
			return ret;
		}
		if (ret)
			continue;
		for (i = 0; i < terms.n; i++) {
			to->v = profile_grow(to->v, to->n, sizeof(*to->v));
			term_rule(op, &terms.v[i], &to->v[to->n++]);
		}
		emit_free(&terms);
		rules_list(to, &l);
		ask.endless = false;
		ret = lists_do(&l, 1, op->def, m, &ask, &got, &why);
		if (!ret && same(op, got, want) &&
		    (!op->mux || list_loads(&l, op->def, op->mux))) {
			list_free(&l);
			return 0;
		}
		list_free(&l);
		rules_free(to);
		no->other |= !ret;
		if (ret && !no->refused) {
			no->refused = why;
			why = NULL;
		}
		if (ask.endless && ask.ms > LEAST_MS)
			ask.ms /= 2;
	}
	return -1;
}

/* the places that a class's conditions tell apart, numbered */
struct place {
	size_t caps;		/* a bit each */
	size_t arch;		/* of the class's; the next one is any other */
	size_t kernel;		/* how many of the class's it is not older than */
};

static size_t place_count(const struct class *c)
{
	return ((c->arches.n + 1) * (c->n_kernels + 1)) << c->caps.n;
}

static struct place place_at(const struct class *c, size_t k)
{
	struct place p = { .caps = k & (((size_t)1 << c->caps.n) - 1) };

	k >>= c->caps.n;
	p.arch = k % (c->arches.n + 1);
	p.kernel = k / (c->arches.n + 1);
	return p;
}

static const char *other_arch(const struct class *c)
{
	const struct abi_name *a;

	for (a = names_abis + 1; a->token; a++)
		if (!strset_has(&c->arches, a->engine))
			return a->engine;
	return "";
}

static void place_env(const struct class *c, size_t k, struct profile_env *env)
{
	struct place p = place_at(c, k);
	size_t i;

	memset(env, 0, sizeof(*env));
	for (i = 0; i < c->caps.n; i++)
		if (p.caps >> i & 1)
			strset_add(&env->caps, c->caps.v[i]);
	env->arch = p.arch < c->arches.n ? c->arches.v[p.arch] : other_arch(c);
	env->kernel = p.kernel ? c->kernels[p.kernel - 1] : "0.0";
}

/* capabilities given or not or whatever, some architectures, some kernels */
struct guard {
	size_t caps_in, caps_out;
	bool *arch;		/* of the class's, and any other */
	size_t from, to;	/* kernels */
};

/* is the function number of all places under a guard @is? */
static bool guard_fits(const struct class *c, const struct guard *g,
		       const size_t *of, size_t is)
{
	size_t k, n = place_count(c);

	for (k = 0; k < n; k++) {
		struct place p = place_at(c, k);

		if ((p.caps & g->caps_in) == g->caps_in &&
		    !(p.caps & g->caps_out) && g->arch[p.arch] &&
		    p.kernel >= g->from && p.kernel <= g->to && of[k] != is)
			return false;
	}
	return true;
}

/* the largest guard around a place under which all is the same */
static void guard_around(const struct class *c, size_t k, const size_t *of,
			 struct guard *g)
{
	struct place p = place_at(c, k);
	size_t i, all = ((size_t)1 << c->caps.n) - 1;

	g->caps_in = p.caps;
	g->caps_out = all & ~p.caps;
	memset(g->arch, 0, (c->arches.n + 1) * sizeof(*g->arch));
	g->arch[p.arch] = true;
	g->from = p.kernel;
	g->to = p.kernel;
	for (i = 0; i <= c->arches.n; i++) {
		bool had = g->arch[i];

		g->arch[i] = true;
		if (!guard_fits(c, g, of, of[k]))
			g->arch[i] = had;
	}
	while (g->to < c->n_kernels && (g->to++, 1))
		if (!guard_fits(c, g, of, of[k])) {
			g->to--;
			break;
		}
	while (g->from && (g->from--, 1))
		if (!guard_fits(c, g, of, of[k])) {
			g->from++;
			break;
		}
	for (i = 0; i < c->caps.n; i++) {
		struct guard old = *g;

		g->caps_in &= ~((size_t)1 << i);
		g->caps_out &= ~((size_t)1 << i);
		if (!guard_fits(c, g, of, of[k]))
			*g = old;
	}
}

static void guard_rule(const struct class *c, const struct guard *g,
		       struct profile_rule *r)
{
	size_t i;

	for (i = 0; i < c->caps.n; i++) {
		if (g->caps_in >> i & 1)
			strset_add(&r->includes.caps, c->caps.v[i]);
		if (g->caps_out >> i & 1)
			strset_add(&r->excludes.caps, c->caps.v[i]);
	}
	for (i = 0; i < c->arches.n; i++)
		if (g->arch[c->arches.n] && !g->arch[i])
			strset_add(&r->excludes.arches, c->arches.v[i]);
		else if (!g->arch[c->arches.n] && g->arch[i])
			strset_add(&r->includes.arches, c->arches.v[i]);
	if (g->from)
		r->includes.min_kernel = xstrdup(c->kernels[g->from - 1]);
	if (g->to < c->n_kernels)
		r->excludes.min_kernel = xstrdup(c->kernels[g->to]);
}

/* the functions of a class, each once, and which one counts in each place */
struct table {
	struct does *v;
	size_t n;
	size_t *of;
};

static size_t table_add(struct table *t, struct does d)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->v[i].wide == d.wide && t->v[i].narrow == d.narrow)
			return i;
	t->v = profile_grow(t->v, t->n, sizeof(*t->v));
	t->v[t->n] = d;
	return t->n++;
}

static void table_free(struct table *t)
{
	free(t->v);
	free(t->of);
	memset(t, 0, sizeof(*t));
}

static bool list_equal(const struct list *a, const struct list *b)
{
	return a->n == b->n &&
	       (!a->n || !memcmp(a->v, b->v, a->n * sizeof(*a->v)));
}

/*
 * What a list of rules does in every place of a class: of the rules that count
 * in several places, libseccomp is asked once.
 */
static int table_make(const struct class *c, const struct list *all,
		      uint32_t def, struct dd *m, struct ask *ask,
		      struct table *t, char **why)
{
	size_t k, i, n = place_count(c), n_lists = 0;
	size_t *which = xcalloc(n, sizeof(*which));
	struct list *lists = NULL;
	struct does *d;
	int ret = 0;

	memset(t, 0, sizeof(*t));
	t->of = xcalloc(n, sizeof(*t->of));
	for (k = 0; k < n; k++) {
		struct profile_env env;
		struct list here;

		place_env(c, k, &env);
		list_here(all, &env, def, &here);
		strset_free(&env.caps);
		for (i = 0; i < n_lists; i++)
			if (list_equal(&lists[i], &here))
				break;
		which[k] = i;
		if (i < n_lists) {
			list_free(&here);
			continue;
		}
		lists = profile_grow(lists, n_lists, sizeof(*lists));
		lists[n_lists++] = here;
	}
	d = xcalloc(n_lists + 1, sizeof(*d));
	ret = lists_do(lists, n_lists, def, m, ask, d, why);
	for (k = 0; k < n && !ret; k++)
		t->of[k] = table_add(t, d[which[k]]);
	for (i = 0; i < n_lists; i++)
		list_free(&lists[i]);
	free(lists);
	free(which);
	free(d);
	return ret;
}

/* do these rules do what is wanted, wherever they are loaded? */
static bool rules_fit(const struct op *op, const struct class *c,
		      const struct list *l, struct dd *m,
		      const struct table *want)
{
	struct ask ask = op_ask(op, TRY_MS);
	cleanup_free char *why = NULL;
	size_t k, n = place_count(c);
	struct table got;
	bool yes;

	yes = !table_make(c, l, op->def, m, &ask, &got, &why);
	for (k = 0; k < n && yes; k++)
		yes = same(op, got.v[got.of[k]], want->v[want->of[k]]);
	table_free(&got);
	for (k = 0; k < n && yes && op->mux; k++) {
		struct profile_env env;
		struct list here;
		uint32_t value;

		place_env(c, k, &env);
		list_here(l, &env, op->def, &here);
		strset_free(&env.caps);
		yes = list_plain(&here, op->def, &value) ||
		      list_loads(&here, op->def, op->mux);
		list_free(&here);
	}
	return yes;
}

static void add_rules(struct profile *to, const struct class *c,
		      const struct list *l, uint32_t def)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct profile_rule r;

		if (rule_ret(l->v[i]) == def)
			continue;
		profile_rule_copy(&r, l->v[i]);
		strset_free(&r.names);
		strset_join(&r.names, &c->names);
		*profile_add_rule(to, r.action, r.errno_ret) = r;
	}
}

static int rule_p_cmp(const void *a, const void *b)
{
	const struct profile_rule *const *x = a, *const *y = b;

	return profile_rule_body_cmp(*x, *y);
}

/* all rules of one list, and those of the other that are not among them */
static void list_both(const struct list *a, const struct list *b,
		      struct list *to)
{
	struct list sorted = { 0 };
	size_t i;

	for (i = 0; i < a->n; i++) {
		list_add(to, a->v[i]);
		list_add(&sorted, a->v[i]);
	}
	qsort(sorted.v, sorted.n, sizeof(*sorted.v), rule_p_cmp);
	for (i = 0; i < b->n; i++)
		if (!bsearch(&b->v[i], sorted.v, sorted.n, sizeof(*sorted.v),
			     rule_p_cmp))
			list_add(to, b->v[i]);
	list_free(&sorted);
}

/* both inputs' rules, or those of one, may be what is wanted as they are */
static bool keep_rules(const struct op *op, const struct class *c,
		       struct dd *m, const struct table *want,
		       struct profile *to)
{
	const struct list *a = &c->rules[0], *b = &c->rules[1];
	const struct list *keep = NULL;
	struct list both = { 0 };

	if (rules_fit(op, c, a, m, want))
		keep = a;
	else if (b->n && rules_fit(op, c, b, m, want))
		keep = b;
	if (!keep && a->n && b->n) {
		list_both(a, b, &both);
		if (rules_fit(op, c, &both, m, want))
			keep = &both;
	}
	if (keep)
		add_rules(to, c, keep, op->def);
	list_free(&both);
	return keep;
}

/* the same, or an error; beside rules for the multiplexer itself those of its calls may load */
static int write_or_say(const struct op *op, const char *name, struct dd *m,
			struct does want, struct rules *to)
{
	struct no_way no = { 0 };
	struct op alone = *op;
	int ret = write_function(op, m, want, to, &no);

	alone.mux = NULL;
	if (ret == -1 && op->mux)
		ret = write_function(&alone, m, want, to, &no);
	if (ret == EMIT_NEVER)
		error_make(op->err, ST_FAILED, 0,
			   "no list of rules says what `%s` is to do: for arguments that end in 0x%x 0x%x 0x%x a rule is needed in ABIs with 32-bit registers, and it would hold in those with 64 as well, where the default is meant; leave the former out, or keep the profiles apart",
			   name, (uint32_t)no.never[0], (uint32_t)no.never[1],
			   (uint32_t)no.never[2]);
	else if (ret)
		no_filter(op->err, op->absent_a || op->absent_b ? NF_OTHER : NF_RULES, 0,
			  "no rules for `%s` were found of which libseccomp makes the result: %s%s",
			  name, no.other ? "it makes something else of them, in whichever way they are written" :
			  no.refused ? no.refused : op->narrow ?
			  "it would take too many, or one for ABIs with 32-bit registers alone" :
			  "it would take too many",
			  op->absent_a || op->absent_b ? "; give the profiles the same architectures, or keep them apart" : "");
	free(no.refused);
	return ret;
}

static int write_class(const struct op *op, const struct class *c,
		       struct dd *m, const struct table *want,
		       struct profile *to)
{
	size_t k, j, i, n = place_count(c);
	dd_t def = dd_value(m, op->def);
	struct rules *rules;
	struct guard g = { 0 };
	bool *done;
	int ret = 0;

	if (keep_rules(op, c, m, want, to))
		return 0;
	rules = xcalloc(want->n, sizeof(*rules));
	for (i = 0; i < want->n && !ret; i++) {
		if (want->v[i].wide == def &&
		    (!op->narrow || want->v[i].narrow == def))
			continue;
		ret = write_or_say(op, c->names.v[0], m, want->v[i], &rules[i]);
	}
	done = xcalloc(n, sizeof(*done));
	g.arch = xcalloc(c->arches.n + 1, sizeof(*g.arch));
	for (k = 0; k < n && !ret; k++) {
		const struct rules *r = &rules[want->of[k]];

		if (done[k] || !r->n)
			continue;
		guard_around(c, k, want->of, &g);
		for (j = 0; j < n; j++) {
			struct place p = place_at(c, j);

			if ((p.caps & g.caps_in) == g.caps_in &&
			    !(p.caps & g.caps_out) && g.arch[p.arch] &&
			    p.kernel >= g.from && p.kernel <= g.to)
				done[j] = true;
		}
		for (j = 0; j < r->n; j++) {
			struct profile_rule x;

			profile_rule_copy(&x, &r->v[j]);
			strset_join(&x.names, &c->names);
			guard_rule(c, &g, &x);
			*profile_add_rule(to, x.action, x.errno_ret) = x;
		}
	}
	for (i = 0; i < want->n; i++)
		rules_free(&rules[i]);
	free(rules);
	free(done);
	free(g.arch);
	return ret;
}

static int kernel_cmp(const void *a, const void *b)
{
	uint32_t x = profile_kernel_number(*(char *const *)a);
	uint32_t y = profile_kernel_number(*(char *const *)b);

	return x < y ? -1 : x > y;
}

static void class_cond(struct class *c, const struct profile_cond *cond)
{
	size_t i;

	strset_join(&c->caps, &cond->caps);
	strset_join(&c->arches, &cond->arches);
	if (!cond->min_kernel)
		return;
	for (i = 0; i < c->n_kernels; i++)
		if (!kernel_cmp(&c->kernels[i], &cond->min_kernel))
			return;
	c->kernels = profile_grow(c->kernels, c->n_kernels,
				  sizeof(*c->kernels));
	c->kernels[c->n_kernels++] = cond->min_kernel;
}

static void class_conds(struct class *c)
{
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < c->rules[i].n; j++) {
			class_cond(c, &c->rules[i].v[j]->includes);
			class_cond(c, &c->rules[i].v[j]->excludes);
		}
	if (c->n_kernels)
		qsort(c->kernels, c->n_kernels, sizeof(*c->kernels),
		      kernel_cmp);
}

static void class_free(struct class *c)
{
	strset_free(&c->names);
	list_free(&c->rules[0]);
	list_free(&c->rules[1]);
	strset_free(&c->caps);
	strset_free(&c->arches);
	free(c->kernels);
}

struct classes {
	struct class *v;
	size_t n;
};

static int class_cmp(const void *a, const void *b)
{
	const struct class *x = a, *y = b;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		const struct list *l = &x->rules[i], *m = &y->rules[i];

		if (l->n != m->n)
			return l->n < m->n ? -1 : 1;
		for (j = 0; j < l->n; j++)
			if (l->v[j] != m->v[j])
				return l->v[j] < m->v[j] ? -1 : 1;
	}
	return 0;
}

/* a class for each name, then those with the same rules become one */
static void classes_make(struct classes *to, const struct profile *a,
			 const struct profile *b)
{
	const struct profile *p[2] = { a, b };
	struct strset names = { 0 };
	size_t i, j, k, n = 0;
	struct class *v;

	for (i = 0; i < 2; i++)
		for (j = 0; p[i] && j < p[i]->n_rules; j++)
			strset_join(&names, &p[i]->rules[j].names);
	strset_del(&names, "");
	v = xcalloc(names.n + 1, sizeof(*v));
	for (i = 0; i < names.n; i++)
		strset_add(&v[i].names, names.v[i]);
	for (i = 0; i < 2; i++)
		for (j = 0; p[i] && j < p[i]->n_rules; j++) {
			const struct profile_rule *r = &p[i]->rules[j];

			for (k = 0; k < r->names.n; k++) {
				bool found;
				size_t at = strset_find(&names, r->names.v[k],
							&found);

				if (found)
					list_add(&v[at].rules[i], r);
			}
		}
	if (names.n)
		qsort(v, names.n, sizeof(*v), class_cmp);
	for (i = 0; i < names.n; i++) {
		if (n && !class_cmp(&v[n - 1], &v[i])) {
			strset_join(&v[n - 1].names, &v[i].names);
			class_free(&v[i]);
		} else {
			v[n++] = v[i];
		}
	}
	for (i = 0; i < n; i++)
		class_conds(&v[i]);
	strset_free(&names);
	to->v = v;
	to->n = n;
}

static void classes_free(struct classes *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		class_free(&c->v[i]);
	free(c->v);
}

static bool repeats(const struct list *l, uint32_t def)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (rule_ret(l->v[i]) == def)
			return true;
	return false;
}

static bool any_permits(struct dd *m, dd_t f)
{
	uint32_t *v;
	size_t i, n;
	bool yes = false;

	dd_values(m, f, &v, &n);
	for (i = 0; i < n; i++)
		yes |= meaning_permits(v[i]);
	free(v);
	return yes;
}

static bool table_permits(struct dd *m, const struct table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (any_permits(m, t->v[i].wide))
			return true;
	return false;
}

static uint32_t is_more(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return meaning_permits(b) && !meaning_permits(a);
}

/* what becomes of a base's word is said, for each of the class's names */
static void base_notes(struct op *op, const struct class *c, struct dd *m,
		       const struct table *a, const struct table *b)
{
	bool beyond = false;
	size_t i, k, n = place_count(c);

	op->blocked = c->rules[0].n && !table_permits(m, a);
	if (op->blocked && table_permits(m, b))
		for (i = 0; i < c->names.n; i++)
			profile_note(op->notes, "`%s` was called, but stays blocked by the base",
				     c->names.v[i]);
	if (op->blocked || !c->rules[0].n)
		return;
	for (k = 0; k < n; k++)
		beyond |= dd_apply(m, is_more, NULL, a->v[a->of[k]].wide,
				   b->v[b->of[k]].wide) != dd_value(m, 0);
	for (i = 0; beyond && i < c->names.n; i++)
		profile_note(op->notes, "`%s`, which the base allows under conditions only, is allowed beyond them",
			     c->names.v[i]);
}

static void op_class(struct op *op, const struct class *c)
{
	size_t i;

	op->named_a = c->rules[0].n;
	op->named_b = c->rules[1].n;
	op->stated_a = repeats(&c->rules[0], op->def_a);
	op->stated_b = repeats(&c->rules[1], op->def_b);
	op->blocked = false;
	op->mux = NULL;
	if (op->kind == OP_REDEFAULT || op->kind == OP_SETTLE)
		return;
	for (i = 0; i < c->names.n && op->narrow; i++)
		if (profile_name_multiplexed(c->names.v[i]))
			op->mux = c->names.v[i];
}

static int operate_class(struct op *op, const struct class *c,
			 struct profile *to)
{
	struct table a = { 0 }, b = { 0 }, want = { 0 };
	cleanup_free char *why = NULL;
	size_t k, n = place_count(c);
	struct dd *m = dd_new();
	bool settle = op->kind == OP_SETTLE;
	struct ask ask = op_ask(op, MEANING_MS);
	int ret = -1;

	ask.says = settle;
	if (c->caps.n > MAX_CAPS || n > MAX_PLACES) {
		error_make(op->err, ST_FAILED, 0,
			   "the rules of `%s` have too many conditions to combine",
			   c->names.v[0]);
		goto out;
	}
	if (table_make(c, &c->rules[0], op->def_a, m, &ask, &a, &why) ||
	    table_make(c, &c->rules[1], op->def_b, m, &ask, &b, &why)) {
		error_make(op->err, ST_FAILED, 0, "the rules of `%s`: %s",
			   c->names.v[0], why);
		goto out;
	}
	op_class(op, c);
	if (op->kind == OP_BASE)
		base_notes(op, c, m, &a, &b);
	want.of = xcalloc(n, sizeof(*want.of));
	for (k = 0; k < n; k++) {
		struct does x = a.v[a.of[k]], y = b.v[b.of[k]], z;

		z.wide = dd_apply(m, combine, op, x.wide, y.wide);
		z.narrow = dd_apply(m, op->absent_a || op->absent_b ?
				    combine_absent : combine, op, x.narrow,
				    y.narrow);
		want.of[k] = table_add(&want, z);
	}
	if (dd_full(m)) {
		error_make(op->err, ST_FAILED, 0,
			   "the rules of `%s` are too many to combine",
			   c->names.v[0]);
		goto out;
	}
	/* remember that the default was meant, for a later merge */
	if (want.n == 1 && want.v[0].wide == dd_value(m, op->def) &&
	    !settle && (op->stated_a || op->stated_b || op->blocked ||
			(op->kind == OP_REDEFAULT && op->named_a))) {
		struct profile_rule *r;

		r = profile_add_rule(to, to->def_action, to->def_errno);
		strset_join(&r->names, &c->names);
		ret = 0;
		goto out;
	}
	ret = write_class(op, c, m, &want, to);
out:
	table_free(&a);
	table_free(&b);
	table_free(&want);
	dd_free(m);
	return ret;
}

/* the 64-bit architecture whose kernels run a 32-bit one */
static const char *arch_family(const char *arch)
{
	const struct abi_name *a = names_abi_token(arch);

	return a && a->host ? names_abi(a->host)->token : arch;
}

static struct profile_archmap *find_map(struct profile *p, const char *arch)
{
	size_t i;

	for (i = 0; i < p->n_archmap; i++)
		if (!strcmp(p->archmap[i].arch, arch))
			return &p->archmap[i];
	return NULL;
}

/* a list says the same as a map with one entry for each kind of kernel */
static void list_to_map(struct profile *p)
{
	size_t i;

	for (i = 0; i < p->arches.n; i++) {
		const char *arch = p->arches.v[i];
		const char *family = arch_family(arch);

		if (!strset_has(&p->arches, family))
			family = arch;
		if (!find_map(p, family))
			profile_add_archmap(p, family);
		if (strcmp(family, arch))
			strset_add(&find_map(p, family)->subs, arch);
	}
	strset_free(&p->arches);
}

/* no architecture at all means the machine's own */
static void name_native(struct profile *p, const struct profile *other,
			struct profile_notes *notes)
{
	const char *native = profile_arch_name(seccomp_arch_native());
	bool covered = native && strset_has(&other->arches, native);
	size_t i;

	if (p->arches.n || p->n_archmap || !native)
		return;
	for (i = 0; i < other->n_archmap; i++)
		covered |= !strcmp(other->archmap[i].arch, native);
	strset_add(&p->arches, native);
	if (!covered)
		profile_note(notes, "a profile without architectures is taken for this machine's, %s",
			     native);
}

static bool maps_equal(const struct profile *a, const struct profile *b)
{
	size_t i;

	if (strset_cmp(&a->arches, &b->arches) || a->n_archmap != b->n_archmap)
		return false;
	for (i = 0; i < a->n_archmap; i++)
		if (strcmp(a->archmap[i].arch, b->archmap[i].arch) ||
		    strset_cmp(&a->archmap[i].subs, &b->archmap[i].subs))
			return false;
	return true;
}

static int keep_common(struct profile *to, struct profile *b, struct error **err)
{
	struct profile_archmap *old = to->archmap;
	size_t i, n = to->n_archmap;

	to->archmap = NULL;
	to->n_archmap = 0;
	strset_keep(&to->arches, &b->arches);
	for (i = 0; i < n; i++) {
		struct profile_archmap *m = find_map(b, old[i].arch);

		if (m) {
			struct profile_archmap *x;

			x = profile_add_archmap(to, old[i].arch);
			strset_keep(&old[i].subs, &m->subs);
			strset_copy(&x->subs, &old[i].subs);
		}
		free(old[i].arch);
		strset_free(&old[i].subs);
	}
	free(old);
	if (!to->arches.n && !to->n_archmap)
		return error_make(err, ST_FAILED, 0,
				  "the profiles have no architecture in common");
	return 0;
}

static int operate_arches(const struct op *op, struct profile *to,
			  const struct profile *other)
{
	struct profile *b;
	size_t i;
	int ret = 0;

	if (op->kind == OP_SUBTRACT || maps_equal(to, other))
		return 0;
	b = profile_dup(other);
	name_native(to, b, op->notes);
	name_native(b, to, op->notes);
	if (to->n_archmap || b->n_archmap) {
		list_to_map(to);
		list_to_map(b);
	}
	if (op->kind == OP_INTERSECT) {
		ret = keep_common(to, b, op->err);
		profile_free(b);
		return ret;
	}
	strset_join(&to->arches, &b->arches);
	for (i = 0; i < b->n_archmap; i++) {
		struct profile_archmap *m = find_map(to, b->archmap[i].arch);

		if (!m)
			m = profile_add_archmap(to, b->archmap[i].arch);
		strset_join(&m->subs, &b->archmap[i].subs);
	}
	profile_free(b);
	return 0;
}

static int same_str(struct error **err, const char *what, char **to,
		    const char *s)
{
	if (!s || (*to && !strcmp(*to, s)))
		return 0;
	if (*to)
		return error_make(err, ST_FAILED, 0,
				  "the profiles differ in `%s`: `%s` and `%s`",
				  what, *to, s);
	*to = xstrdup(s);
	return 0;
}

static int operate_members(const struct op *op, struct profile *to,
			   const struct profile *b)
{
	bool same_base = to->base_profile ? b->base_profile &&
			 !strcmp(to->base_profile, b->base_profile) :
			 !b->base_profile;

	if (!same_base || (op->kind == OP_SUBTRACT && to->base_profile))
		return error_make(op->err, ST_FAILED, 0,
				  "base profile `%s`: its rules are not here, give it as an input of its own",
				  to->base_profile ? to->base_profile :
						     b->base_profile);
	if (op->kind == OP_SUBTRACT || op->kind == OP_BASE)
		return 0;
	if (!to->name || (b->name && strcmp(b->name, to->name) < 0)) {
		free(to->name);
		to->name = profile_strdup(b->name);
	}
	if (op->kind == OP_UNION)
		strset_join(&to->flags, &b->flags);
	else
		strset_keep(&to->flags, &b->flags);
	return same_str(op->err, "listenerPath", &to->listener_path,
			b->listener_path) ||
	       same_str(op->err, "listenerMetadata", &to->listener_metadata,
			b->listener_metadata) ? -1 : 0;
}

static struct profile *empty(const struct profile *a, uint32_t def)
{
	struct profile *to = profile_dup(a);

	while (to->n_rules)
		profile_rule_free(&to->rules[--to->n_rules]);
	free(to->rules);
	to->rules = NULL;
	set_default(to, def);
	return to;
}

static enum profile_action kill_of(const struct profile *a,
				   const struct profile *b)
{
	const struct profile *p[2] = { a, b };
	size_t i, j;

	for (i = 0; i < 2; i++) {
		if (p[i] && p[i]->def_action == PA_KILL_THREAD)
			return PA_KILL_THREAD;
		for (j = 0; p[i] && j < p[i]->n_rules; j++)
			if (p[i]->rules[j].action == PA_KILL_THREAD)
				return PA_KILL_THREAD;
	}
	return PA_KILL;
}

static bool has_narrow(const struct strset *arches)
{
	size_t i;

	for (i = 0; i < arches->n; i++) {
		const struct abi_name *a = names_abi_token(arches->v[i]);

		if (a && a->narrow)
			return true;
	}
	return false;
}

/* has the profile an ABI with 32-bit registers anywhere? */
static bool any_narrow(const struct profile *p)
{
	const struct abi_name *native = names_abi(names_native());
	bool yes = has_narrow(&p->arches) || (native && native->narrow);
	size_t i;

	for (i = 0; i < p->n_archmap; i++) {
		const struct abi_name *a = names_abi_token(p->archmap[i].arch);

		yes |= (a && a->narrow) || has_narrow(&p->archmap[i].subs);
	}
	return yes;
}

static bool has_abi(const struct profile *p, const struct profile_env *env,
		    const struct abi *abi)
{
	struct strset arches = { 0 };
	const char *name = profile_arch_name(abi->token);
	bool yes;

	profile_env_arches(p, env, &arches);
	yes = abi->token == profile_env_native(env) ||
	      (name && strset_has(&arches, name));
	strset_free(&arches);
	return yes;
}

static void class_of(const struct profile *p, const char *name,
		     struct list *to)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < p->n_rules && name; i++)
		if (strset_has(&p->rules[i].names, name))
			list_add(to, &p->rules[i]);
}

/* what the whole result does, against what it is meant to do */
struct whole {
	struct op *op;
	const struct profile *to;
	struct strset wider;	/* ABIs that a base has and the other has not */
	uint32_t got;		/* the values that differ */
	uint32_t want;
	const char *mux;	/* it was socketcall or ipc that differed */
	bool errno_differs;	/* of them, and nothing else: no matter */
	bool absent;		/* the result does not have the ABI at hand */
	struct strset thread;	/* ABIs of which that is said */
};

/* libseccomp kills the thread that calls in an ABI that a filter does not have */
static bool thread_only(const struct whole *w, uint32_t want, uint32_t got)
{
	return w->absent && want == SECCOMP_RET_KILL_PROCESS &&
	       got == SECCOMP_RET_KILL_THREAD;
}

static uint32_t is_other(void *ctx, uint32_t want, uint32_t got)
{
	const struct whole *w = ctx;
	int x = meaning_rank(want), y = meaning_rank(got);

	if (want == got || thread_only(w, want, got))
		return 0;
	if (w->mux && x == PA_ERRNO && y == PA_ERRNO)
		return 0;
	/* of two refusals that nothing but a default states one is chosen */
	return x != y || got != w->op->def || !by_default(w->op, want);
}

static bool runs(uint32_t native, uint32_t token)
{
	const struct abi_name *a = names_abi(token);

	return token == native || (a && a->host == native);
}

static int check_point(void *ctx, struct dd *m, const struct meaning_point *at,
		       const dd_t *f)
{
	struct whole *w = ctx;
	struct op *op = w->op;
	const char *abi = profile_arch_name(at->abi->token);
	uint64_t args[PROFILE_MAX_ARGS];
	struct class c = { 0 };
	dd_t want, other;

	/* an archMap has no ABIs that the machine cannot run: no call is lost */
	w->absent = !has_abi(w->to, at->env, at->abi);
	if (w->absent && !runs(profile_env_native(at->env), at->abi->token))
		return 0;
	/* a rule is for all ABIs: what is added to a base is in all of them */
	if (op->kind == OP_BASE && (!has_abi(op->b, at->env, at->abi) ||
				    !has_abi(op->a, at->env, at->abi))) {
		other = dd_apply(m, is_more, NULL, f[has_abi(op->a, at->env,
							     at->abi) ? 0 : 1],
				 f[2]);
		if (other != dd_value(m, 0))
			strset_add(&w->wider, abi);
		return 0;
	}
	class_of(op->a, at->name, &c.rules[0]);
	class_of(op->b, at->name, &c.rules[1]);
	op_class(op, &c);
	if (op->kind == OP_BASE && c.rules[0].n) {
		/* in this ABI alone it may be blocked for other reasons */
		op->blocked = !any_permits(m, f[0]) && f[0] == f[2];
	}
	class_free(&c);
	want = dd_apply(m, combine, op, f[0], f[1]);
	w->mux = at->name ? profile_multiplexer(at->name) : NULL;
	other = dd_apply(m, is_other, w, want, f[2]);
	if (!dd_example(m, other, 1, args)) {
		w->errno_differs |= w->mux && want != f[2];
		if (w->absent && want != f[2])
			strset_add(&w->thread, abi);
		return 0;
	}
	w->want = dd_eval(m, want, args);
	w->got = dd_eval(m, f[2], args);
	{
		cleanup_free char *meant = meaning_text(w->want);
		cleanup_free char *is = meaning_text(w->got);

		return error_make(op->err, ST_FAILED, 0,
				  "`%s` in %s%s%s, arguments 0x%llx 0x%llx 0x%llx: the result is %s, which one profile cannot say beside the rest (it would be %s); %s, or keep them apart",
				  at->name ? at->name : "*", abi,
				  at->env->caps.n ? " with " : "",
				  at->env->caps.n ? at->env->caps.v[0] : "",
				  (unsigned long long)args[0],
				  (unsigned long long)args[1],
				  (unsigned long long)args[2], meant, is,
				  w->mux ? "leave the architecture out" :
				  at->name && profile_name_multiplexed(at->name) ?
				  "leave out the architectures that have socketcall or ipc" :
				  "give the profiles the same architectures");
	}
}

static void note_abis(struct profile_notes *notes, const char *fmt,
		      const struct strset *abis)
{
	cleanup_free char *list = strset_text(abis, ", ");

	if (abis->n)
		profile_note(notes, fmt, list);
}

static int check_whole(struct op *op, const struct profile *to,
		       const char **mux)
{
	const struct profile *all[3] = { op->a, op->b, to };
	struct whole w = { .op = op, .to = to };
	int ret;

	ret = meaning_walk(all, 3, NULL, false, check_point, &w, op->err);
	*mux = ret ? w.mux : NULL;
	if (w.errno_differs && !ret)
		profile_note(op->notes, "where socketcall and ipc are refused, the errno may be that of another rule of their calls");
	if (!ret) {
		note_abis(op->notes, "what is added to the base is allowed in %s, too: a rule is for all architectures",
			  &w.wider);
		note_abis(op->notes, "%s is in one of the profiles only and is left out: a call in it kills the thread, where a profile kills the process",
			  &w.thread);
	}
	strset_free(&w.wider);
	strset_free(&w.thread);
	return ret;
}

/*
 * Rules for socketcall or ipc that say what is meant there.  libseccomp adds the
 * rules of their calls to them, so that the class of rules tells too little.
 */
struct mux {
	struct op *op;
	const char *name;
	struct profile *to;
};

static int mux_point(void *ctx, struct dd *m, const struct meaning_point *at,
		     const dd_t *f)
{
	struct mux *x = ctx;
	struct op *op = x->op;
	struct profile_arg high = {
		.op = PO_LE, .value = UINT32_MAX,
	};
	struct emit_list terms;
	struct class c = { 0 };
	dd_t want, care = dd_value(m, 1);
	size_t i, j;

	if (!at->name || strcmp(at->name, x->name) ||
	    !names_abi(at->abi->token)->narrow ||
	    names_abi(at->abi->token)->host != names_native())
		return 0;
	class_of(op->a, at->name, &c.rules[0]);
	class_of(op->b, at->name, &c.rules[1]);
	op_class(op, &c);
	class_free(&c);
	want = dd_apply(m, combine, op, f[0], f[1]);
	for (high.index = 0; high.index < PROFILE_MAX_ARGS; high.index++)
		care = dd_and(m, care, dd_compare(m, &high, false));
	/* all is refused as usual, but a call's rules let something through */
	if (!any_permits(m, want) && meaning_rank(op->def) == PA_ERRNO)
		want = dd_value(m, ret_of(PA_ERRNO, other_errno(op->def)));
	if (emit_terms(m, want, NULL, care, op->def, 0, &terms))
		return 0;
	for (i = 0; i < terms.n; i++) {
		struct profile_rule r;

		term_rule(op, &terms.v[i], &r);
		strset_add(&r.names, x->name);
		for (j = 0; j < x->op->conds.caps.n; j++)
			strset_add(strset_has(&at->env->caps,
					      op->conds.caps.v[j]) ?
				   &r.includes.caps : &r.excludes.caps,
				   op->conds.caps.v[j]);
		*profile_add_rule(x->to, r.action, r.errno_ret) = r;
	}
	emit_free(&terms);
	return 0;
}

static int write_mux(struct op *op, struct profile *to, const char *name)
{
	const struct profile *both[2] = { op->a, op->b };
	struct mux x = { .op = op, .name = name, .to = to };
	struct error *none = NULL;
	size_t i, j, k;

	/* capabilities that any rule of such a call depends on */
	strset_free(&op->conds.caps);
	for (i = 0; i < 2; i++)
		for (j = 0; j < both[i]->n_rules; j++)
			for (k = 0; k < both[i]->rules[j].names.n; k++) {
				const struct profile_rule *r =
					&both[i]->rules[j];

				if (!profile_name_multiplexed(r->names.v[k]))
					continue;
				strset_join(&op->conds.caps, &r->includes.caps);
				strset_join(&op->conds.caps, &r->excludes.caps);
			}
	profile_take_out(to, name, false);
	i = meaning_walk(both, 2, NULL, false, mux_point, &x, &none);
	error_free(none);
	profile_normalise(to);
	return i;
}

/* has an ABI of a machine the call, under a number or through another one? */
static bool machine_has(const struct profile *p, const char *machine, const char *name)
{
	const struct profile_env env = { .arch = machine };
	struct strset abis = { 0 };
	bool has = false;
	size_t i;

	profile_env_arches(p, &env, &abis);
	strset_add(&abis, profile_arch_name(profile_env_native(&env)));
	for (i = 0; i < abis.n; i++) {
		uint32_t token = profile_arch_token(abis.v[i]);

		has |= !names_abi_known(token) ||
		       seccomp_syscall_resolve_name_arch(token, name) >= 0;
	}
	strset_free(&abis);
	return has || (profile_name_multiplexed(name) && !profile_multiplexer(name)) ||
	       seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR;
}

/* rules are not for machines that lack their calls; returns false if they were not */
static bool exclude_machines(struct profile *p)
{
	struct strset machines = { 0 };
	size_t i, j, k, n = p->n_rules;
	bool any = false;

	strset_add(&machines, profile_arch_short(names_native()));
	for (i = 0; i < p->n_archmap; i++)
		strset_add(&machines, profile_arch_short(profile_arch_token(p->archmap[i].arch)));
	for (i = 0; i < n; i++)
		for (j = p->rules[i].names.n; j-- > 0;) {
			const struct profile_rule *r = &p->rules[i];
			cleanup_free char *name = xstrdup(r->names.v[j]);
			struct strset without = { 0 };
			struct profile_rule own;

			for (k = 0; k < machines.n; k++)
				if (!strset_has(&r->excludes.arches, machines.v[k]) &&
				    !machine_has(p, machines.v[k], name))
					strset_add(&without, machines.v[k]);
			if (without.n) {
				profile_rule_copy(&own, r);
				strset_free(&own.names);
				strset_add(&own.names, name);
				strset_join(&own.excludes.arches, &without);
				strset_del(&p->rules[i].names, name);
				*profile_add_rule(p, own.action, own.errno_ret) = own;
				any = true;
			}
			strset_free(&without);
		}
	strset_free(&machines);
	profile_normalise(p);
	return any;
}

static bool is_always(const struct profile_rule *r)
{
	size_t i;

	for (i = 0; i < r->n_args; i++)
		if (r->args[i].op != PO_GE || r->args[i].value)
			return false;
	return true;
}

/*
 * Rules for socketcall and ipc without comparisons get so many that are always true.  They
 * are of the last arguments, which libseccomp looks at before the first one, for which it
 * adds rules.  Returns false if there is no such rule.
 */
static bool compare_always(struct profile *p, unsigned int count)
{
	struct profile_arg always = { .op = PO_GE };
	size_t i, n = p->n_rules, m;
	bool any = false;

	for (i = 0; i < n; i++)
		for (m = 0; profile_multiplexers[m]; m++) {
			const char *name = profile_multiplexers[m];
			struct profile_rule r;

			if (!is_always(&p->rules[i]) || !strset_has(&p->rules[i].names, name))
				continue;
			profile_rule_copy(&r, &p->rules[i]);
			r.n_args = 0;
			strset_free(&r.names);
			strset_add(&r.names, name);
			strset_del(&p->rules[i].names, name);
			for (always.index = PROFILE_MAX_ARGS - count;
			     always.index < PROFILE_MAX_ARGS; always.index++)
				profile_rule_add_arg(&r, &always);
			*profile_add_rule(p, r.action, r.errno_ret) = r;
			any = true;
		}
	profile_normalise(p);
	return any;
}

static int class_name_cmp(const void *a, const void *b)
{
	const struct class *x = a, *y = b;

	return strcmp(x->names.v[0], y->names.v[0]);
}

/*
 * A rule for a call that an ABI lacks, if no other has fewer comparisons, keeps libseccomp
 * from loading the number of the call there, see lead() in meaning.c.  Returns true if the
 * result was changed, and may do what is meant.
 */
static bool lead_otherwise(const struct op *op, struct profile *to, unsigned int *tries)
{
	if ((*op->err)->kind != NF_NUMBER)
		return false;
	if (!(*tries)++ && exclude_machines(to))
		return true;
	return *tries <= PROFILE_MAX_ARGS && compare_always(to, *tries);
}

static int operate_classes(struct op *op, struct profile *to)
{
	struct classes all;
	int ret = 0;
	size_t i;

	classes_make(&all, op->a, op->b);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), class_name_cmp);
	for (i = 0; i < all.n && !ret; i++)
		ret = operate_class(op, &all.v[i], to);
	classes_free(&all);
	return ret;
}

/* Where one default kills and the other answers, there is a result more to tell apart */
static void advise_defaults(const struct op *op)
{
	if (!*op->err || (*op->err)->kind != NF_RULES || meaning_permits(op->def_a) ||
	    meaning_permits(op->def_b) ||
	    meaning_rank(op->def_a) == meaning_rank(op->def_b))
		return;
	error_advise(op->err, "the defaults are %s and %s: give both profiles the same one, or keep them apart",
		     profile_action_name(meaning_rank(op->def_a)),
		     profile_action_name(meaning_rank(op->def_b)));
}

static struct profile *try_operate(struct op *op, const struct profile *a,
				   const struct profile *b)
{
	unsigned int muxed = 0, tries = 0;
	struct profile *to;
	const char *mux;
	uint32_t d;

	op->a = a;
	op->b = b;
	op->def_a = default_ret(a);
	op->def_b = default_ret(b);
	op->kill = kill_of(a, b);
	d = combine(op, op->def_a, op->def_b);
	op->def = d;
	op->def_known = true;
	to = empty(a, d);
	if (to->def_action == PA_KILL_THREAD)
		to->def_action = op->kill;
	/* keep "none given" apart from an explicit EPERM, if both agree */
	if (to->def_action == PA_ERRNO && to->def_errno == EPERM &&
	    d == op->def_a && a->def_errno < 0 &&
	    (b->def_errno < 0 || d != op->def_b || op->kind == OP_BASE ||
	     op->kind == OP_SUBTRACT))
		to->def_errno = PROFILE_NO_ERRNO;
	if (op->kind == OP_UNION && !meaning_permits(d) &&
	    meaning_rank(op->def_a) == meaning_rank(op->def_b) &&
	    op->def_a != op->def_b)
		profile_note(op->notes, "the default errno differs: %d is used",
			     d & SECCOMP_RET_DATA);
	if (operate_members(op, to, b) || operate_arches(op, to, b))
		goto fail;
	op->narrow = any_narrow(to);
	/* what is added to a base is for all of its ABIs */
	op->absent_a = op->narrow && op->kind != OP_BASE && !any_narrow(a);
	op->absent_b = op->narrow && op->kind != OP_BASE && !any_narrow(b);
	if (operate_classes(op, to))
		goto fail;
	to->settled = true;
	profile_normalise(to);
	while (check_whole(op, to, &mux)) {
		if (mux ? muxed++ == 2 : !lead_otherwise(op, to, &tries))
			goto fail;
		error_free(*op->err);
		*op->err = NULL;
		if (mux)
			write_mux(op, to, mux);
	}
	strset_free(&op->conds.caps);
	return to;
fail:
	advise_defaults(op);
	strset_free(&op->conds.caps);
	profile_free(to);
	return NULL;
}

/* where rules are many they are taken at their word first: the whole is compared */
static struct profile *operate(struct op *op, const struct profile *a,
			       const struct profile *b)
{
	size_t notes = op->notes ? op->notes->n : 0;
	struct profile *to;

	op->quick = a->n_rules + b->n_rules > MANY_RULES;
	to = try_operate(op, a, b);
	if (to || !op->quick)
		return to;
	error_free(*op->err);
	*op->err = NULL;
	profile_notes_cut(op->notes, notes);
	op->quick = false;
	return try_operate(op, a, b);
}

/*
 * Does every call's own list of rules say the same beside another default?  Where
 * no rule looks at an argument there is nothing to ask libseccomp.
 */
static bool rules_survive(struct op *op, const struct profile *p)
{
	struct classes all;
	bool yes = true;
	size_t i, j;

	classes_make(&all, p, NULL);
	for (i = 0; i < all.n && yes; i++) {
		const struct list *l = &all.v[i].rules[0];
		bool args = false, old = false;

		for (j = 0; j < l->n; j++) {
			args |= l->v[j]->n_args;
			old |= rule_ret(l->v[j]) == op->def_a ||
			       rule_ret(l->v[j]) == op->def;
		}
		/* a rule that repeats a default counts beside one and not the other */
		yes = !old || (!args && l->n == 1);
	}
	classes_free(&all);
	return yes;
}

/* Does a rule for socketcall, ipc or one of their calls count beside one default only? */
static bool multiplexed_dies(const struct profile *p, const struct profile *to)
{
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++)
			if (profile_name_multiplexed(p->rules[i].names.v[j]) &&
			    (profile_rule_is_redundant(p, &p->rules[i]) ||
			     profile_rule_is_redundant(to, &p->rules[i])))
				return true;
	return false;
}

/* Does @to permit what @p permits, on the machines that @p is for? */
static int permits_same(const struct profile *to, const struct profile *p, struct error **err)
{
	struct strset machines = { 0 };
	size_t i;
	int ret = 0;

	profile_machines(p, &machines);
	for (i = 0; i < machines.n && !ret; i++)
		ret = profile_verify(to, p, machines.v[i], true, err);
	strset_free(&machines);
	return ret;
}

/*
 * libseccomp lets pass through socketcall and ipc what a rule for one of their calls permits.
 * Only a rule of their own refuses that, which must not repeat the default.
 */
static void keep_refused(struct profile *p, struct profile_notes *notes)
{
	int errno_ret = other_errno(default_ret(p));
	size_t i, j, n = p->n_rules;

	for (i = 0; i < n; i++)
		for (j = 0; profile_multiplexers[j]; j++) {
			const char *name = profile_multiplexers[j];
			struct profile_rule own;

			if (p->rules[i].action != PA_ERRNO ||
			    !profile_rule_is_redundant(p, &p->rules[i]) ||
			    !strset_has(&p->rules[i].names, name))
				continue;
			profile_rule_copy(&own, &p->rules[i]);
			strset_free(&own.names);
			strset_add(&own.names, name);
			own.errno_ret = errno_ret;
			strset_del(&p->rules[i].names, name);
			*profile_add_rule(p, own.action, own.errno_ret) = own;
			profile_note(notes, "`%s` is refused with %s: a rule that repeats the default would not count",
				     name, profile_errno_name(errno_ret));
		}
	profile_normalise(p);
}

/* What the rules of one call say is as it was; what those of several are together may not be */
static struct profile *check_multiplexed(struct profile *to, const struct profile *p,
					 struct profile_notes *notes, struct error **err)
{
	cleanup_error struct error *why = NULL;

	if (!multiplexed_dies(p, to) || !permits_same(to, p, &why))
		return to;
	keep_refused(to, notes);
	if (!permits_same(to, p, err))
		return to;
	profile_free(to);
	return NULL;
}

/**
 * algebra_redefault() - change the default, but not what rules say
 * @p: the profile
 * @action: the new default
 * @errno_ret: its errno, or PROFILE_NO_ERRNO
 * @notes: which rules have another errno now, or NULL
 * @err: what cannot be expressed
 *
 * A rule that repeats the old default comes to life, one that repeats the new
 * one dies, and neither may change what the other rules of its call decide, nor
 * those of a call that is reached through it.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_redefault(const struct profile *p,
				  enum profile_action action, int errno_ret,
				  struct profile_notes *notes,
				  struct error **err)
{
	struct op op = {
		.kind = OP_REDEFAULT, .a = p, .err = err,
		.def_a = default_ret(p), .kill = kill_of(p, NULL),
		.narrow = any_narrow(p),
	};
	struct profile *to;

	op.def = ret_of(action, errno_ret);
	op.def_b = op.def;
	/* as they are the rules say the same in most cases, and in their order */
	if (rules_survive(&op, p)) {
		to = profile_dup(p);
		profile_set_default(to, action, errno_ret);
		profile_normalise(to);
		return check_multiplexed(to, p, notes, err);
	}
	to = empty(p, op.def);
	profile_set_default(to, action, errno_ret);
	if (operate_classes(&op, to)) {
		profile_free(to);
		return NULL;
	}
	to->settled = true;
	profile_normalise(to);
	return check_multiplexed(to, p, notes, err);
}

/**
 * algebra_settle() - make sure that libseccomp does what rules say
 * @p: the profile; of rules for one call the first that fits is meant
 * @err: what cannot be expressed
 *
 * Rules with which libseccomp does something else are written otherwise.  Rules
 * that were read mean what libseccomp makes of them: they stay as they are.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_settle(const struct profile *p, struct error **err)
{
	struct op op = {
		.kind = OP_SETTLE, .a = p, .err = err,
		.def_a = default_ret(p), .def_b = default_ret(p),
		.def = default_ret(p), .kill = kill_of(p, NULL),
		.narrow = any_narrow(p),
	};
	struct classes all;
	struct profile *to;
	bool plain = true;
	int ret = 0;
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		plain &= !p->rules[i].n_args;
	if (plain || p->settled)
		return profile_dup(p);
	to = empty(p, op.def);
	to->def_action = p->def_action;
	to->def_errno = p->def_errno;
	/* what looks at no argument stays, in its order */
	classes_make(&all, p, NULL);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), class_name_cmp);
	for (i = 0; i < all.n && !ret; i++) {
		struct class *c = &all.v[i];
		size_t j;

		plain = true;
		for (j = 0; j < c->rules[0].n; j++)
			plain &= !c->rules[0].v[j]->n_args;
		if (plain)
			add_rules(to, c, &c->rules[0], UINT32_MAX);
		else
			ret = operate_class(&op, c, to);
	}
	classes_free(&all);
	if (ret) {
		profile_free(to);
		return NULL;
	}
	to->settled = true;
	profile_normalise(to);
	return to;
}

/**
 * algebra_union() - what either profile permits
 * @a: one profile
 * @b: the other
 * @notes: which default errno is used where they differ, or NULL
 * @err: what cannot be expressed
 *
 * The more permissive decision counts, everywhere.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_union(const struct profile *a, const struct profile *b,
			      struct profile_notes *notes, struct error **err)
{
	struct op op = { .kind = OP_UNION, .notes = notes, .err = err };

	return operate(&op, a, b);
}

/**
 * algebra_intersect() - what both profiles permit
 * @a: one profile
 * @b: the other
 * @notes: or NULL
 * @err: what cannot be expressed
 *
 * The stricter decision counts, everywhere.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_intersect(const struct profile *a,
				  const struct profile *b,
				  struct profile_notes *notes,
				  struct error **err)
{
	struct op op = { .kind = OP_INTERSECT, .notes = notes, .err = err };

	return operate(&op, a, b);
}

/**
 * algebra_subtract() - what the first profile permits and the second does not
 * @a: the profile to take from
 * @b: the profile to take away
 * @notes: or NULL
 * @err: what cannot be expressed
 *
 * What is taken away is refused as the first profile's default does, or with
 * ENOSYS where that permits.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_subtract(const struct profile *a,
				 const struct profile *b,
				 struct profile_notes *notes,
				 struct error **err)
{
	struct op op = {
		.kind = OP_SUBTRACT, .notes = notes, .err = err,
		.refusal = default_ret(a),
	};

	if (meaning_permits(op.refusal))
		op.refusal = ret_of(PA_ERRNO, ENOSYS);
	return operate(&op, a, b);
}

/**
 * algebra_base() - add to a base what a profile permits
 * @base: the base
 * @p: the profile, which must not permit by default
 * @notes: what stays blocked, and what is allowed beyond the base's conditions
 *	or in other ABIs than it was called in
 * @err: what cannot be expressed
 *
 * A call that the base names and never permits stays as it is; so do the
 * base's default, flags and listener.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_base(const struct profile *base,
			     const struct profile *p,
			     struct profile_notes *notes, struct error **err)
{
	struct op op = { .kind = OP_BASE, .notes = notes, .err = err };

	if (profile_action_permits(p->def_action) &&
	    !profile_action_permits(base->def_action)) {
		error_make(err, ST_FAILED, 0,
			   "a profile that permits by default cannot be added to a base that does not");
		return NULL;
	}
	return operate(&op, base, p);
}

/**
 * algebra_decide() - what a profile does with one call
 * @p: the profile
 * @name: the call, as if it were none of socketcall's or ipc's
 * @env: where it is loaded, or NULL for this machine without capabilities
 * @args: the call's arguments, in an ABI with 64-bit registers
 *
 * Return: the decision; the default where the rules cannot be loaded.
 */
struct decision algebra_decide(const struct profile *p, const char *name,
			       const struct profile_env *env,
			       const uint64_t args[PROFILE_MAX_ARGS])
{
	uint32_t def = default_ret(p), value = def;
	struct ask ask = { .ms = MEANING_MS };
	cleanup_free char *why = NULL;
	struct dd *m = dd_new();
	struct list all, here;
	struct decision d;
	struct does does;

	class_of(p, name, &all);
	list_here(&all, env, def, &here);
	if (!lists_do(&here, 1, def, m, &ask, &does, &why))
		value = dd_eval(m, does.wide, args);
	list_free(&all);
	list_free(&here);
	dd_free(m);
	d.action = meaning_rank(value);
	d.errno_ret = profile_action_has_errno(d.action) ?
		      (int)(value & SECCOMP_RET_DATA) : PROFILE_NO_ERRNO;
	return d;
}

/**
 * algebra_contradicts() - do rules for one call decide otherwise for the same?
 * @p: the profile
 * @name: the call
 *
 * Which of two such rules counts is libseccomp's secret.
 *
 * Return: true if there are such rules.
 */
bool algebra_contradicts(const struct profile *p, const char *name)
{
	struct dd *m = dd_new();
	bool yes = false;
	struct list all;
	size_t i, j, k;
	dd_t *cond;

	class_of(p, name, &all);
	cond = xcalloc(all.n + 1, sizeof(*cond));
	for (i = 0; i < all.n && !yes; i++) {
		const struct profile_rule *r = all.v[i];

		cond[i] = dd_value(m, 1);
		for (k = 0; k < r->n_args; k++)
			cond[i] = dd_and(m, cond[i],
					 dd_compare(m, &r->args[k], false));
		for (j = 0; j < i && r->n_args && !yes; j++)
			yes = all.v[j]->n_args &&
			      rule_ret(r) != rule_ret(all.v[j]) &&
			      profile_rules_meet(r, all.v[j]) &&
			      dd_and(m, cond[i], cond[j]) != dd_value(m, 0);
	}
	free(cond);
	list_free(&all);
	dd_free(m);
	return yes;
}

/**
 * algebra_resolve() - decide all conditions
 * @p: the profile
 * @env: where it will be loaded, or NULL for this machine, no capabilities
 *
 * Return: the profile without conditions; never NULL.
 */
struct profile *algebra_resolve(const struct profile *p,
				const struct profile_env *env)
{
	struct profile *to = profile_dup(p);
	size_t i, n = 0;

	for (i = 0; i < to->n_rules; i++) {
		struct profile_rule *r = &to->rules[i];

		if (profile_rule_applies(r, env)) {
			profile_rule_uncondition(r);
			to->rules[n++] = *r;
		} else {
			profile_rule_free(r);
		}
	}
	to->n_rules = n;
	return to;
}

/**
 * differences_free() - forget differences
 * @d: the differences, usable again
 */
void differences_free(struct differences *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->v[i].name);
		free(d->v[i].where);
		free(d->v[i].from);
		free(d->v[i].to);
	}
	free(d->v);
	memset(d, 0, sizeof(*d));
}

/* the rules of a call as text, one a line; what is left is the default's */
static char *terms(const struct profile *p, const char *name)
{
	char *text = NULL;
	struct profile_rule def;
	cleanup_free char *rest = NULL;
	struct list all;
	size_t i, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_of_memory();
	class_of(p, name, &all);
	for (i = 0; i < all.n; i++) {
		cleanup_free char *line = NULL, *names = NULL;

		if (rule_ret(all.v[i]) == default_ret(p))
			continue;
		line = profile_rule_terms(all.v[i]);
		names = args_names(all.v[i], name);
		fprintf(f, "%s%s%s%s\n", line, names ? " (" : "",
			names ? names : "", names ? ")" : "");
	}
	list_free(&all);
	profile_rule_init(&def, p->def_action, p->def_errno);
	rest = profile_rule_terms(&def);
	fprintf(f, "%s\n", rest);
	profile_rule_free(&def);
	if (fclose(f))
		out_of_memory();
	text[strlen(text) - 1] = 0;
	return text;
}

static void add_difference(struct differences *d, const char *name,
			   enum change change, char *where,
			   const struct profile *a, const struct profile *b)
{
	struct difference *x;

	d->v = profile_grow(d->v, d->n, sizeof(*d->v));
	x = &d->v[d->n++];
	x->name = xstrdup(name);
	x->change = change;
	x->where = where;
	x->from = terms(a, name);
	x->to = terms(b, name);
}

/* what a walk over two profiles has seen of one call */
struct seen {
	bool lost, gained, any;		/* b permits and a does not, ... */
	bool permits_a, permits_b;
	struct strset same, other;	/* ABIs */
};

struct compare {
	const struct profile *a, *b;
	struct strset names;
	struct seen *v;
	struct strset abis_a, abis_b;	/* one side has them, and uses them */
};

/* on a machine that only conditions speak of, lists of ABIs are not meant */
static bool foreign(const struct compare *c, const struct meaning_point *at)
{
	const char *native = profile_arch_name(profile_env_native(at->env));

	return profile_env_native(at->env) != names_native() &&
	       !(profile_speaks_of(c->a, native) &&
		 profile_speaks_of(c->b, native));
}

static int compare_point(void *ctx, struct dd *m,
			 const struct meaning_point *at, const dd_t *f)
{
	struct compare *c = ctx;
	const char *abi = profile_arch_name(at->abi->token);
	bool in_a = has_abi(c->a, at->env, at->abi);
	bool in_b = has_abi(c->b, at->env, at->abi);
	bool found, lost, gained;
	struct seen *s;
	size_t i;

	/* an ABI that one of them has not: every call of it differs */
	if (in_a != in_b && !foreign(c, at))
		strset_add(in_a ? &c->abis_a : &c->abis_b, abi);
	if (!in_a || !in_b || !at->name)
		return 0;
	i = strset_find(&c->names, at->name, &found);
	if (!found)
		return 0;
	s = &c->v[i];
	s->permits_a |= any_permits(m, f[0]);
	s->permits_b |= any_permits(m, f[1]);
	if (f[0] == f[1]) {
		strset_add(&s->same, abi);
		return 0;
	}
	lost = dd_apply(m, is_more, NULL, f[0], f[1]) != dd_value(m, 0);
	gained = dd_apply(m, is_more, NULL, f[1], f[0]) != dd_value(m, 0);
	s->any = true;
	s->lost |= lost;
	s->gained |= gained;
	strset_add(&s->other, abi);
	return 0;
}

/* what differs in some ABIs only says in which */
static char *where(const struct seen *s)
{
	struct strset only = { 0 };
	char *text = NULL;
	size_t i;

	for (i = 0; i < s->other.n; i++)
		if (!strset_has(&s->same, s->other.v[i]))
			strset_add(&only, s->other.v[i]);
	if (s->same.n && only.n)
		text = strset_text(&only, ", ");
	strset_free(&only);
	return text;
}

static void compare_name(const struct compare *c, size_t i, bool missing_only,
			 struct differences *d)
{
	const struct seen *s = &c->v[i];
	enum change change = CHANGE_ACTION;

	if (missing_only ? !s->lost : !s->any)
		return;
	if (missing_only)
		change = s->permits_a ? CHANGE_CONDITION : CHANGE_ADDED;
	else if (s->lost && !s->permits_a)
		change = CHANGE_ADDED;
	else if (s->gained && !s->permits_b)
		change = CHANGE_REMOVED;
	else if (s->lost || s->gained)
		change = CHANGE_CONDITION;
	add_difference(d, c->names.v[i], change, where(s), c->a, c->b);
}

/* names that this libseccomp does not know are in no filter: by their rules */
static int compare_unknown(struct compare *c, struct error **err)
{
	struct classes all;
	int ret = 0;
	size_t i, j, k;

	classes_make(&all, c->a, c->b);
	for (i = 0; i < all.n && !ret; i++) {
		struct class *x = &all.v[i];
		struct table t[2] = { 0 };
		struct ask ask = { .ms = MEANING_MS };
		cleanup_free char *why = NULL;
		struct strset unknown = { 0 };
		struct dd *m = NULL;

		for (j = 0; j < x->names.n; j++)
			if (seccomp_syscall_resolve_name(x->names.v[j]) ==
			    __NR_SCMP_ERROR)
				strset_add(&unknown, x->names.v[j]);
		if (!unknown.n || x->caps.n > MAX_CAPS ||
		    place_count(x) > MAX_PLACES)
			goto next;
		m = dd_new();
		if (table_make(x, &x->rules[0], default_ret(c->a), m, &ask,
			       &t[0], &why) ||
		    table_make(x, &x->rules[1], default_ret(c->b), m, &ask,
			       &t[1], &why)) {
			ret = error_make(err, ST_FAILED, 0,
					 "the rules of `%s`: %s",
					 x->names.v[0], why);
			goto next;
		}
		for (j = 0; j < unknown.n; j++)
			for (k = 0; k < place_count(x); k++) {
				struct abi abi = {
					.token = names_native(),
				};
				const struct meaning_point at = {
					.name = unknown.v[j], .abi = &abi,
				};
				dd_t f[2] = { t[0].v[t[0].of[k]].wide,
					      t[1].v[t[1].of[k]].wide };

				compare_point(c, m, &at, f);
			}
next:
		table_free(&t[0]);
		table_free(&t[1]);
		strset_free(&unknown);
		dd_free(m);
	}
	classes_free(&all);
	return ret;
}

static int compare(const char *machine, const struct profile *a, const struct profile *b,
		   bool missing_only, struct differences *d,
		   struct error **err)
{
	const struct profile *both[2] = { a, b };
	uint32_t x = default_ret(a), y = default_ret(b);
	struct compare c = { .a = a, .b = b };
	size_t i, j;
	int ret;

	memset(d, 0, sizeof(*d));
	if (machine && !names_abi_known(profile_arch_from_short(machine)))
		return error_make(err, ST_FAILED, 0, "this libseccomp does not know %s", machine);
	for (i = 0; i < 2; i++)
		for (j = 0; j < both[i]->n_rules; j++)
			strset_join(&c.names, &both[i]->rules[j].names);
	strset_del(&c.names, "");
	c.v = xcalloc(c.names.n + 1, sizeof(*c.v));
	ret = meaning_walk(both, 2, machine, true, compare_point, &c, err);
	if (!ret)
		ret = compare_unknown(&c, err);
	if (!ret && (missing_only ? meaning_permits(y) && !meaning_permits(x) :
				    x != y))
		add_difference(d, "*", meaning_permits(y) && !meaning_permits(x) ?
			       CHANGE_ADDED : meaning_permits(x) &&
			       !meaning_permits(y) ? CHANGE_REMOVED :
			       CHANGE_ACTION, NULL, a, b);
	for (i = 0; i < c.abis_b.n && !ret; i++)
		add_difference(d, "*", CHANGE_ADDED, xstrdup(c.abis_b.v[i]), a,
			       b);
	for (i = 0; i < c.abis_a.n && !ret && !missing_only; i++)
		add_difference(d, "*", CHANGE_REMOVED,
			       xstrdup(c.abis_a.v[i]), a, b);
	for (i = 0; i < c.names.n && !ret; i++)
		compare_name(&c, i, missing_only, d);
	for (i = 0; i < c.names.n; i++) {
		strset_free(&c.v[i].same);
		strset_free(&c.v[i].other);
	}
	free(c.v);
	strset_free(&c.names);
	strset_free(&c.abis_a);
	strset_free(&c.abis_b);
	return ret;
}

/**
 * algebra_diff() - what changes from one profile to another
 * @a: the first
 * @b: the second
 * @d: overwritten; differences_free() it
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int algebra_diff(const struct profile *a, const struct profile *b,
		 struct differences *d, struct error **err)
{
	return compare(NULL, a, b, false, d, err);
}

/**
 * algebra_missing() - what a profile does not permit, though another does
 * @a: the profile that should be enough
 * @b: what it should be enough for
 * @d: overwritten; differences_free() it
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int algebra_missing(const struct profile *a, const struct profile *b,
		    struct differences *d, struct error **err)
{
	return algebra_missing_on(NULL, a, b, d, err);
}

/**
 * algebra_missing_on() - the same on machines of one architecture
 * @machine: its name in includes.arches, NULL for algebra_missing()
 * @a: the profile that should be enough
 * @b: what it should be enough for
 * @d: overwritten; differences_free() it
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int algebra_missing_on(const char *machine, const struct profile *a, const struct profile *b,
		       struct differences *d, struct error **err)
{
	return compare(machine, a, b, true, d, err);
}
