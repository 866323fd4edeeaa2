// SPDX-License-Identifier: GPL-2.0
/*
 * Set operations on profiles, see algebra.h.
 *
 * For one call, a profile is a list of clauses: under these conditions, this
 * decision; the first that holds counts, and the last holds always.  Two such
 * lists are combined pairwise, which is exact, and then simplified.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "algebra.h"
#include "lib/names.h"
#include "lib/util.h"

/* more pieces than any sane profile has rules for one call */
#define MAX_CLAUSES	256
/* of a search for a difference; real profiles take a few dozen */
#define MAX_STEPS	100000
#define NO_KERNEL	UINT32_MAX

/* everything in it must hold */
struct cube {
	struct strset caps_in, caps_out;
	struct strset arch_in, arch_out;
	bool arch_listed;	/* only those in arch_in */
	uint32_t kernel_min;	/* at least, major << 16 | minor */
	uint32_t kernel_max;	/* less than, NO_KERNEL for no limit */
	struct profile_arg *args;	/* may name an index more than once */
	size_t n_args;
};

struct clause {
	struct cube cube;
	struct decision d;
	char *comment;
};

struct list {
	struct clause *v;
	size_t n;
};

static void cube_free(struct cube *c)
{
	strset_free(&c->caps_in);
	strset_free(&c->caps_out);
	strset_free(&c->arch_in);
	strset_free(&c->arch_out);
	free(c->args);
	memset(c, 0, sizeof(*c));
}

static void cube_init(struct cube *c)
{
	memset(c, 0, sizeof(*c));
	c->kernel_max = NO_KERNEL;
}

static void cube_add_arg(struct cube *c, const struct profile_arg *a)
{
	c->args = profile_grow(c->args, c->n_args, sizeof(*c->args));
	c->args[c->n_args++] = *a;
}

static void cube_copy(struct cube *to, const struct cube *c)
{
	size_t i;

	cube_init(to);
	strset_copy(&to->caps_in, &c->caps_in);
	strset_copy(&to->caps_out, &c->caps_out);
	strset_copy(&to->arch_in, &c->arch_in);
	strset_copy(&to->arch_out, &c->arch_out);
	to->arch_listed = c->arch_listed;
	to->kernel_min = c->kernel_min;
	to->kernel_max = c->kernel_max;
	for (i = 0; i < c->n_args; i++)
		cube_add_arg(to, &c->args[i]);
}

static bool cube_is_all(const struct cube *c)
{
	return !c->caps_in.n && !c->caps_out.n && !c->arch_listed &&
	       !c->arch_out.n && !c->kernel_min &&
	       c->kernel_max == NO_KERNEL && !c->n_args;
}

static void set_join(struct strset *to, const struct strset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		strset_add(to, s->v[i]);
}

static void set_keep(struct strset *to, const struct strset *s)
{
	size_t i;

	for (i = to->n; i-- > 0;)
		if (!strset_has(s, to->v[i]))
			strset_del(to, to->v[i]);
}

static bool set_meets(const struct strset *a, const struct strset *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (strset_has(b, a->v[i]))
			return true;
	return false;
}

/* @to becomes what holds in both */
static void cube_and(struct cube *to, const struct cube *c)
{
	size_t i;

	set_join(&to->caps_in, &c->caps_in);
	set_join(&to->caps_out, &c->caps_out);
	set_join(&to->arch_out, &c->arch_out);
	if (c->arch_listed && to->arch_listed)
		set_keep(&to->arch_in, &c->arch_in);
	else if (c->arch_listed)
		set_join(&to->arch_in, &c->arch_in);
	to->arch_listed |= c->arch_listed;
	if (c->kernel_min > to->kernel_min)
		to->kernel_min = c->kernel_min;
	if (c->kernel_max < to->kernel_max)
		to->kernel_max = c->kernel_max;
	for (i = 0; i < c->n_args; i++)
		cube_add_arg(to, &c->args[i]);
}

/* what all comparisons of one argument leave of its values */
struct range {
	uint64_t lo, hi;
	uint64_t mask, datum;
	bool empty;
	uint64_t *ne;
	size_t n_ne;
};

static void range_limit(struct range *r, const struct profile_arg *a)
{
	uint64_t v = a->value;

	switch (a->op) {
	case PO_EQ:
		if (v < r->lo || v > r->hi)
			r->empty = true;
		r->lo = v;
		r->hi = v;
		break;
	case PO_NE:
		r->ne = profile_grow(r->ne, r->n_ne, sizeof(*r->ne));
		r->ne[r->n_ne++] = v;
		break;
	case PO_LT:
		if (!v)
			r->empty = true;
		else if (v - 1 < r->hi)
			r->hi = v - 1;
		break;
	case PO_LE:
		if (v < r->hi)
			r->hi = v;
		break;
	case PO_GE:
		if (v > r->lo)
			r->lo = v;
		break;
	case PO_GT:
		if (v == UINT64_MAX)
			r->empty = true;
		else if (v + 1 > r->lo)
			r->lo = v + 1;
		break;
	default:
		if (a->value_two & ~v ||
		    ((r->datum ^ a->value_two) & r->mask & v))
			r->empty = true;
		r->mask |= v;
		r->datum |= a->value_two;
	}
	if (r->lo > r->hi)
		r->empty = true;
}

/* the least value from @x on whose masked bits are as wanted */
static bool next_match(const struct range *r, uint64_t x, uint64_t *to)
{
	uint64_t diff = (x & r->mask) ^ r->datum;
	int b, c;

	if (!diff) {
		*to = x;
		return true;
	}
	b = 63 - __builtin_clzll(diff);
	c = b;
	if (x >> b & 1) {
		/* too high there: carry into the next free zero above */
		for (c = b + 1; c < 64; c++)
			if (!(r->mask >> c & 1) && !(x >> c & 1))
				break;
		if (c == 64)
			return false;
	}
	x |= 1ULL << c;
	x &= ~((1ULL << c) - 1);
	x |= r->datum & ((1ULL << c) - 1);
	*to = x;
	return true;
}

static bool range_excludes(const struct range *r, uint64_t x)
{
	size_t i;

	for (i = 0; i < r->n_ne; i++)
		if (r->ne[i] == x)
			return true;
	return false;
}

/* raise the lower end to a value that is really possible, if there is one */
static bool range_tighten(struct range *r)
{
	if (r->empty)
		return false;
	for (;;) {
		if (!next_match(r, r->lo, &r->lo) || r->lo > r->hi) {
			r->empty = true;
			return false;
		}
		if (!range_excludes(r, r->lo))
			break;
		if (r->lo == r->hi) {
			r->empty = true;
			return false;
		}
		r->lo++;
	}
	while (r->hi > r->lo && range_excludes(r, r->hi))
		r->hi--;
	return true;
}

static void range_of(struct range *r, const struct profile_arg *args,
		     size_t n, unsigned int index)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	r->hi = UINT64_MAX;
	for (i = 0; i < n; i++)
		if (args[i].index == index)
			range_limit(r, &args[i]);
}

static bool args_possible(const struct profile_arg *args, size_t n)
{
	unsigned int index;
	bool ok = true;

	for (index = 0; index < PROFILE_MAX_ARGS && ok; index++) {
		struct range r;

		range_of(&r, args, n, index);
		ok = range_tighten(&r);
		free(r.ne);
	}
	return ok;
}

static bool guard_possible(const struct cube *c)
{
	if (set_meets(&c->caps_in, &c->caps_out))
		return false;
	if (c->arch_listed && strset_subset(&c->arch_in, &c->arch_out))
		return false;
	return c->kernel_min < c->kernel_max;
}

static bool cube_possible(const struct cube *c)
{
	return guard_possible(c) && args_possible(c->args, c->n_args);
}

static bool cubes_meet(const struct cube *a, const struct cube *b)
{
	struct cube both;
	bool yes;

	cube_copy(&both, a);
	cube_and(&both, b);
	yes = cube_possible(&both);
	cube_free(&both);
	return yes;
}

static struct clause *list_add(struct list *l, const struct cube *c,
			       struct decision d, const char *comment)
{
	struct clause *to;

	l->v = profile_grow(l->v, l->n, sizeof(*l->v));
	to = &l->v[l->n++];
	cube_copy(&to->cube, c);
	to->d = d;
	to->comment = profile_strdup(comment);
	return to;
}

static void clause_free(struct clause *c)
{
	cube_free(&c->cube);
	free(c->comment);
}

static void list_free(struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		clause_free(&l->v[i]);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

static void list_copy(struct list *to, const struct list *l)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < l->n; i++)
		list_add(to, &l->v[i].cube, l->v[i].d, l->v[i].comment);
}

static void list_drop(struct list *l, const bool *gone)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		if (gone[i])
			clause_free(&l->v[i]);
		else
			l->v[n++] = l->v[i];
	l->n = n;
}

static void negate(const struct profile_arg *a, struct profile_arg *to)
{
	static const enum profile_op opposite[] = {
		[PO_NE] = PO_EQ, [PO_LT] = PO_GE, [PO_LE] = PO_GT,
		[PO_EQ] = PO_NE, [PO_GE] = PO_LT, [PO_GT] = PO_LE,
	};

	*to = *a;
	to->op = opposite[a->op];
}

/* add to @out what is in @a and holds @limit too, if that is possible */
static void add_piece(struct list *out, const struct clause *a,
		      const struct cube *limit)
{
	struct cube piece;

	cube_copy(&piece, &a->cube);
	cube_and(&piece, limit);
	if (cube_possible(&piece))
		list_add(out, &piece, a->d, a->comment);
	cube_free(&piece);
}

static void minus_arg(struct list *out, const struct clause *a,
		      const struct profile_arg *arg)
{
	struct cube c;
	struct profile_arg x;
	int bit;

	if (arg->op != PO_MASKED_EQ) {
		cube_init(&c);
		negate(arg, &x);
		cube_add_arg(&c, &x);
		add_piece(out, a, &c);
		cube_free(&c);
		return;
	}
	if (arg->value_two & ~arg->value) {
		/* it never held */
		cube_init(&c);
		add_piece(out, a, &c);
		return;
	}
	/* one of the masked bits is the other way */
	for (bit = 0; bit < 64; bit++) {
		uint64_t m = 1ULL << bit;

		if (!(arg->value & m))
			continue;
		cube_init(&c);
		x = *arg;
		x.value = m;
		x.value_two = ~arg->value_two & m;
		cube_add_arg(&c, &x);
		add_piece(out, a, &c);
		cube_free(&c);
	}
}

/* append to @out the pieces of @a that are not in @b; they may overlap */
static void clause_minus(struct list *out, const struct clause *a,
			 const struct cube *b)
{
	struct cube c;
	size_t i;

	for (i = 0; i < b->caps_in.n + b->caps_out.n; i++) {
		cube_init(&c);
		if (i < b->caps_in.n)
			strset_add(&c.caps_out, b->caps_in.v[i]);
		else
			strset_add(&c.caps_in, b->caps_out.v[i - b->caps_in.n]);
		add_piece(out, a, &c);
		cube_free(&c);
	}
	if (b->arch_listed) {
		cube_init(&c);
		strset_copy(&c.arch_out, &b->arch_in);
		add_piece(out, a, &c);
		cube_free(&c);
	}
	if (b->arch_out.n) {
		cube_init(&c);
		c.arch_listed = true;
		strset_copy(&c.arch_in, &b->arch_out);
		add_piece(out, a, &c);
		cube_free(&c);
	}
	if (b->kernel_min) {
		cube_init(&c);
		c.kernel_max = b->kernel_min;
		add_piece(out, a, &c);
		cube_free(&c);
	}
	if (b->kernel_max != NO_KERNEL) {
		cube_init(&c);
		c.kernel_min = b->kernel_max;
		add_piece(out, a, &c);
		cube_free(&c);
	}
	for (i = 0; i < b->n_args; i++)
		minus_arg(out, a, &b->args[i]);
}

static bool cube_within(const struct cube *a, const struct cube *b)
{
	struct clause x = { .cube = *a };
	struct list out = { 0 };
	bool yes;

	clause_minus(&out, &x, b);
	yes = !out.n;
	list_free(&out);
	return yes;
}

static bool decisions_equal(struct decision a, struct decision b)
{
	return profile_action_rank(a.action) == profile_action_rank(b.action) &&
	       a.errno_ret == b.errno_ret;
}

static bool permits(struct decision d)
{
	return profile_action_permits(d.action);
}

static struct decision default_decision(const struct profile *p)
{
	return (struct decision){
		.action = p->def_action,
		.errno_ret = profile_default_errno(p),
	};
}

static struct decision rule_decision(const struct profile_rule *r)
{
	return (struct decision){
		.action = r->action,
		.errno_ret = profile_errno(r),
		.stated = true,
	};
}

static uint32_t kernel_number(const char *s)
{
	unsigned int major = 0, minor = 0;

	if (sscanf(s, "%4u.%4u", &major, &minor) < 1)
		return 0;
	return (major & 0xffff) << 16 | (minor & 0xffff);
}

static void rule_guard(const struct profile_rule *r, struct cube *c)
{
	cube_init(c);
	strset_copy(&c->caps_in, &r->includes.caps);
	strset_copy(&c->caps_out, &r->excludes.caps);
	strset_copy(&c->arch_in, &r->includes.arches);
	strset_copy(&c->arch_out, &r->excludes.arches);
	c->arch_listed = r->includes.arches.n;
	if (r->includes.min_kernel)
		c->kernel_min = kernel_number(r->includes.min_kernel);
	if (r->excludes.min_kernel)
		c->kernel_max = kernel_number(r->excludes.min_kernel);
}

static bool index_twice(const struct profile_rule *r)
{
	size_t i, j;

	for (i = 0; i < r->n_args; i++)
		for (j = 0; j < i; j++)
			if (r->args[i].index == r->args[j].index)
				return true;
	return false;
}

/* a rule as clauses: runtimes split one that names an argument twice */
static void add_rule(struct list *l, const struct profile_rule *r)
{
	bool split = index_twice(r);
	struct cube c;
	size_t i;

	rule_guard(r, &c);
	for (i = 0; i < r->n_args; i++) {
		if (!split) {
			cube_add_arg(&c, &r->args[i]);
			continue;
		}
		c.n_args = 0;
		free(c.args);
		c.args = NULL;
		cube_add_arg(&c, &r->args[i]);
		list_add(l, &c, rule_decision(r), r->comment);
	}
	if (!split)
		list_add(l, &c, rule_decision(r), r->comment);
	cube_free(&c);
}

/*
 * Rules with arguments have no order: libseccomp makes a tree of them.  Where
 * two of them meet and decide otherwise, the one that is part of the other is
 * meant as its exception.
 */
static void exceptions_first(struct list *l, size_t from)
{
	struct clause *old, *to;
	size_t i, j, k, n = l->n - from;
	bool *done;

	if (n < 2)
		return;
	old = l->v + from;
	done = xcalloc(n, sizeof(*done));
	to = xcalloc(n, sizeof(*to));
	for (k = 0; k < n; k++) {
		size_t pick = n;

		for (i = 0; i < n && pick == n; i++) {
			if (done[i])
				continue;
			for (j = 0; j < n; j++)
				if (j != i && !done[j] &&
				    !decisions_equal(old[i].d, old[j].d) &&
				    cube_within(&old[j].cube, &old[i].cube) &&
				    !cube_within(&old[i].cube, &old[j].cube))
					break;
			if (j == n)
				pick = i;
		}
		/* "is strictly part of" has no circles: there is always one */
		done[pick] = true;
		to[k] = old[pick];
	}
	memcpy(old, to, n * sizeof(*to));
	free(to);
	free(done);
}

/* strict ones first, so that the order of rules does not matter */
static int by_rank(const void *a, const void *b)
{
	const struct profile_rule *x = *(const struct profile_rule *const *)a;
	const struct profile_rule *y = *(const struct profile_rule *const *)b;
	int c = profile_action_rank(x->action) - profile_action_rank(y->action);

	return c ? c : profile_rule_body_cmp(x, y);
}

static void list_from(struct list *l, const struct profile *p, const char *name)
{
	struct decision def = default_decision(p);
	const struct profile_rule **with_args = NULL;
	size_t i, from, n = 0;
	struct cube all;

	memset(l, 0, sizeof(*l));
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (!strset_has(&r->names, name))
			continue;
		if (decisions_equal(rule_decision(r), def)) {
			def.stated = true;
		} else if (!r->n_args) {
			add_rule(l, r);
		} else {
			with_args = profile_grow(with_args, n,
						 sizeof(*with_args));
			with_args[n++] = r;
		}
	}
	from = l->n;
	if (n)
		qsort(with_args, n, sizeof(*with_args), by_rank);
	for (i = 0; i < n; i++)
		add_rule(l, with_args[i]);
	free(with_args);
	exceptions_first(l, from);
	cube_init(&all);
	list_add(l, &all, def, NULL);
}

/* what does not change the first match of anything goes */
static void simplify(struct list *l)
{
	bool *gone = xcalloc(l->n, sizeof(*gone));
	size_t i, j, k;

	for (k = 0; k < l->n; k++) {
		struct clause *c = &l->v[k];

		for (i = 0; i < k && !gone[k]; i++)
			if (!gone[i] && cube_within(&c->cube, &l->v[i].cube))
				gone[k] = true;
	}
	for (k = l->n; k-- > 0;) {
		struct clause *c = &l->v[k];

		if (gone[k])
			continue;
		for (j = k + 1; j < l->n; j++) {
			struct clause *d = &l->v[j];

			if (gone[j])
				continue;
			if (decisions_equal(c->d, d->d)) {
				if (cube_within(&c->cube, &d->cube)) {
					gone[k] = true;
					if (cube_is_all(&c->cube))
						d->d.stated |= c->d.stated;
					break;
				}
			} else if (cubes_meet(&c->cube, &d->cube)) {
				break;
			}
		}
	}
	list_drop(l, gone);
	free(gone);
}

typedef int (*pick_fn)(struct decision a, struct decision b);

/* ENOSYS is what callers can live with; else any order will do */
static int errno_weight(int e)
{
	return e == ENOSYS ? 1 << 20 : e;
}

static int pick_tie(struct decision a, struct decision b)
{
	if (a.stated != b.stated)
		return b.stated;
	if (a.errno_ret != b.errno_ret)
		return errno_weight(b.errno_ret) > errno_weight(a.errno_ret);
	return b.action > a.action;
}

static int pick_max(struct decision a, struct decision b)
{
	int x = profile_action_rank(a.action), y = profile_action_rank(b.action);

	return x == y ? pick_tie(a, b) : y > x;
}

static int pick_min(struct decision a, struct decision b)
{
	int x = profile_action_rank(a.action), y = profile_action_rank(b.action);

	return x == y ? pick_tie(a, b) : y < x;
}

/* the base's word counts, but for what the other adds */
static int pick_base(struct decision a, struct decision b)
{
	return permits(b) && !permits(a);
}

enum operation { OP_UNION, OP_INTERSECT, OP_SUBTRACT, OP_BASE };

struct op {
	enum operation kind;
	pick_fn pick;
	struct decision refusal;	/* of OP_SUBTRACT */
	struct decision def;		/* of the result, once it is known */
	bool def_known;
	struct profile_notes *notes;
	struct error **err;
};

static struct decision combine(const struct op *op, struct decision a,
			       struct decision b, int *which)
{
	struct decision d;

	*which = 0;
	if (op->kind == OP_SUBTRACT)
		return permits(a) && permits(b) ? op->refusal : a;
	*which = op->pick(a, b);
	d = *which ? b : a;
	/* where only defaults had a say, the result's default has it now */
	if (op->def_known && !d.stated &&
	    profile_action_rank(d.action) ==
	    profile_action_rank(op->def.action))
		d = op->def;
	return d;
}

static int product(const struct op *op, const struct list *a,
		   const struct list *b, struct list *to, const char *name)
{
	size_t i, j;
	int which;

	memset(to, 0, sizeof(*to));
	if (a->n * b->n > (size_t)MAX_CLAUSES * MAX_CLAUSES)
		goto complex;
	for (i = 0; i < a->n; i++)
		for (j = 0; j < b->n; j++) {
			struct decision d = combine(op, a->v[i].d, b->v[j].d,
						    &which);
			struct cube c;

			cube_copy(&c, &a->v[i].cube);
			cube_and(&c, &b->v[j].cube);
			if (cube_possible(&c))
				list_add(to, &c, d, which ? b->v[j].comment :
						    a->v[i].comment);
			cube_free(&c);
			if (to->n > MAX_CLAUSES)
				goto complex;
		}
	simplify(to);
	return 0;
complex:
	list_free(to);
	return error_make(op->err, ST_FAILED, 0,
			  "the rules of `%s` are too many to combine", name);
}

/* of pieces of one clause, those within another say nothing */
static void drop_contained(struct list *l)
{
	bool *gone = xcalloc(l->n + 1, sizeof(*gone));
	size_t i, j;

	for (i = 0; i < l->n && l->n <= MAX_CLAUSES; i++)
		for (j = 0; j < l->n && !gone[i]; j++)
			gone[i] = j != i && !gone[j] &&
				  cube_within(&l->v[i].cube, &l->v[j].cube);
	list_drop(l, gone);
	free(gone);
}

/* clauses that do not meet unless they decide alike; -1: too many */
static int regions(const struct list *l, struct list *to)
{
	size_t i, j, k;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < l->n; i++) {
		struct list left = { 0 }, next;

		list_add(&left, &l->v[i].cube, l->v[i].d, l->v[i].comment);
		for (j = 0; j < i; j++) {
			if (decisions_equal(l->v[i].d, l->v[j].d))
				continue;
			memset(&next, 0, sizeof(next));
			for (k = 0; k < left.n; k++) {
				struct clause *c = &left.v[k];

				if (cubes_meet(&c->cube, &l->v[j].cube))
					clause_minus(&next, c, &l->v[j].cube);
				else
					list_add(&next, &c->cube, c->d,
						 c->comment);
			}
			list_free(&left);
			left = next;
			drop_contained(&left);
			if (left.n > MAX_CLAUSES) {
				list_free(&left);
				list_free(to);
				return -1;
			}
		}
		for (k = 0; k < left.n; k++)
			list_add(to, &left.v[k].cube, left.v[k].d,
				 left.v[k].comment);
		list_free(&left);
		if (to->n > MAX_CLAUSES) {
			list_free(to);
			return -1;
		}
	}
	return 0;
}

typedef bool (*differ_fn)(struct decision a, struct decision b);

static bool differ_any(struct decision a, struct decision b)
{
	return !decisions_equal(a, b);
}

static bool differ_lost(struct decision a, struct decision b)
{
	return permits(b) && !permits(a);
}

static bool differ_gained(struct decision a, struct decision b)
{
	return permits(a) && !permits(b);
}

/* a search that may be given up */
struct search {
	const struct cube **block;
	size_t n;
	unsigned int left;	/* steps until that */
};

/* is anything of @c outside of all blocks from @k on?  -1: given up */
static int anything_left(struct search *s, const struct cube *c, size_t k)
{
	struct clause x = { .cube = *c };
	struct list pieces = { 0 };
	int yes = 0;
	size_t i;

	while (k < s->n && !cubes_meet(c, s->block[k]))
		k++;
	if (k == s->n)
		return 1;
	if (!s->left)
		return -1;
	s->left--;
	clause_minus(&pieces, &x, s->block[k]);
	for (i = 0; i < pieces.n && !yes; i++)
		yes = anything_left(s, &pieces.v[i].cube, k + 1);
	list_free(&pieces);
	return yes;
}

/* is there anything on which two lists differ so?  -1: given up */
static int lists_differ(const struct list *a, const struct list *b,
			differ_fn differ)
{
	struct search s = { .left = MAX_STEPS };
	size_t i, j, k;
	int yes = 0;

	s.block = xcalloc(a->n + b->n, sizeof(*s.block));
	for (i = 0; i < a->n && !yes; i++)
		for (j = 0; j < b->n && !yes; j++) {
			struct cube both;

			if (!differ(a->v[i].d, b->v[j].d))
				continue;
			cube_copy(&both, &a->v[i].cube);
			cube_and(&both, &b->v[j].cube);
			s.n = 0;
			for (k = 0; k < i; k++)
				if (!decisions_equal(a->v[k].d, a->v[i].d))
					s.block[s.n++] = &a->v[k].cube;
			for (k = 0; k < j; k++)
				if (!decisions_equal(b->v[k].d, b->v[j].d))
					s.block[s.n++] = &b->v[k].cube;
			if (cube_possible(&both))
				yes = anything_left(&s, &both, 0);
			cube_free(&both);
		}
	free(s.block);
	return yes;
}

/* the comparisons of one argument as at most one, or false */
static bool one_comparison(const struct cube *c, unsigned int index,
			   struct profile_rule *r)
{
	struct profile_arg out = { .index = index };
	const struct profile_arg *only = NULL;
	struct range rg;
	size_t i, n = 0, kinds = 0;
	bool ok = true;

	for (i = 0; i < c->n_args; i++)
		if (c->args[i].index == index) {
			only = &c->args[i];
			n++;
		}
	if (!n)
		return true;
	if (n == 1) {
		profile_rule_add_arg(r, only);
		return true;
	}
	range_of(&rg, c->args, c->n_args, index);
	if (!range_tighten(&rg)) {
		ok = false;	/* an impossible cube is never emitted */
		goto out;
	}
	if (rg.lo == rg.hi) {
		out.op = PO_EQ;
		out.value = rg.lo;
		profile_rule_add_arg(r, &out);
		goto out;
	}
	/* the least that a mask allows is no limit of its own */
	if (rg.mask && rg.lo == rg.datum)
		rg.lo = 0;
	if (rg.mask) {
		out.op = PO_MASKED_EQ;
		out.value = rg.mask;
		out.value_two = rg.datum;
		kinds++;
	}
	if (rg.lo) {
		out.op = PO_GE;
		out.value = rg.lo;
		out.value_two = 0;
		kinds++;
	}
	if (rg.hi != UINT64_MAX) {
		out.op = PO_LE;
		out.value = rg.hi;
		out.value_two = 0;
		kinds++;
	}
	for (i = 0; i < rg.n_ne; i++) {
		size_t j;

		if (rg.ne[i] < rg.lo || rg.ne[i] > rg.hi ||
		    (rg.ne[i] & rg.mask) != rg.datum)
			continue;
		for (j = 0; j < i; j++)
			if (rg.ne[j] == rg.ne[i])
				break;
		if (j < i)
			continue;
		out.op = PO_NE;
		out.value = rg.ne[i];
		out.value_two = 0;
		kinds++;
	}
	ok = kinds <= 1;
	if (kinds == 1)
		profile_rule_add_arg(r, &out);
out:
	free(rg.ne);
	return ok;
}

static char *kernel_text(uint32_t k)
{
	return xasprintf("%u.%u", k >> 16, k & 0xffff);
}

/* conditions as a rule spells them */
static void guard_to_rule(const struct cube *c, struct profile_rule *r)
{
	size_t i;

	strset_copy(&r->includes.caps, &c->caps_in);
	strset_copy(&r->excludes.caps, &c->caps_out);
	if (c->arch_listed) {
		for (i = 0; i < c->arch_in.n; i++)
			if (!strset_has(&c->arch_out, c->arch_in.v[i]))
				strset_add(&r->includes.arches,
					   c->arch_in.v[i]);
	} else {
		strset_copy(&r->excludes.arches, &c->arch_out);
	}
	if (c->kernel_min)
		r->includes.min_kernel = kernel_text(c->kernel_min);
	if (c->kernel_max != NO_KERNEL)
		r->excludes.min_kernel = kernel_text(c->kernel_max);
}

static bool clause_to_rule(const struct clause *c, const char *name,
			   struct profile_rule *r)
{
	unsigned int index;

	profile_rule_init(r, c->d.action, c->d.errno_ret);
	strset_add(&r->names, name);
	r->comment = profile_strdup(c->comment);
	guard_to_rule(&c->cube, r);
	for (index = 0; index < PROFILE_MAX_ARGS; index++)
		if (!one_comparison(&c->cube, index, r)) {
			profile_rule_free(r);
			return false;
		}
	return true;
}

/*
 * Add rules for the clauses, if they say the same to a runtime as the clauses
 * say here.
 */
static bool try_emit(const struct list *l, const struct list *wanted,
		     const char *name, struct profile *to)
{
	struct decision def = default_decision(to);
	struct profile *p = profile_new();
	struct list back = { 0 };
	bool ok = true;
	size_t i;

	profile_set_default(p, def.action, def.errno_ret);
	for (i = 0; i < l->n && ok; i++) {
		struct profile_rule r;

		if (decisions_equal(l->v[i].d, def))
			continue;
		ok = clause_to_rule(&l->v[i], name, &r);
		if (ok)
			*profile_add_rule(p, r.action, r.errno_ret) = r;
	}
	if (ok) {
		list_from(&back, p, name);
		ok = !lists_differ(wanted, &back, differ_any);
		list_free(&back);
	}
	for (i = 0; i < p->n_rules && ok; i++)
		profile_rule_copy(profile_add_rule(to, PA_ALLOW, -1),
				  &p->rules[i]);
	/* remember that the default was meant, for a later merge */
	if (ok && l->n && l->v[l->n - 1].d.stated &&
	    decisions_equal(l->v[l->n - 1].d, def))
		strset_add(&profile_add_rule(to, def.action,
					     def.errno_ret)->names, name);
	profile_free(p);
	return ok;
}

/* where arguments cannot be said, the union is wider: unconditional */
static void widen(struct list *l)
{
	bool *gone = xcalloc(l->n, sizeof(*gone));
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct clause *c = &l->v[i];

		if (!c->cube.n_args)
			continue;
		if (!permits(c->d)) {
			gone[i] = true;
			continue;
		}
		free(c->cube.args);
		c->cube.args = NULL;
		c->cube.n_args = 0;
	}
	list_drop(l, gone);
	free(gone);
	simplify(l);
}

static int emit(const struct op *op, struct list *l, const char *name,
		struct profile *to)
{
	struct list apart, wide;
	bool ok;

	if (try_emit(l, l, name, to))
		return 0;
	if (!regions(l, &apart)) {
		simplify(&apart);
		ok = try_emit(&apart, l, name, to);
		list_free(&apart);
		if (ok)
			return 0;
	}
	if (op->kind == OP_UNION || op->kind == OP_BASE) {
		list_copy(&wide, l);
		widen(&wide);
		ok = try_emit(&wide, &wide, name, to);
		list_free(&wide);
		if (ok) {
			profile_note(op->notes,
				     "`%s` is allowed whatever its arguments: rules cannot express both sides' conditions",
				     name);
			return 0;
		}
	}
	return error_make(op->err, ST_FAILED, 0,
			  "the result for `%s` cannot be expressed as rules",
			  name);
}

static void all_names(const struct profile *p, struct strset *to)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		set_join(to, &p->rules[i].names);
}

/* does any clause permit?  does one that always holds? */
static bool list_permits(const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (permits(l->v[i].d))
			return true;
	return false;
}

static bool list_stated(const struct list *l)
{
	return l->n > 1 || l->v[0].d.stated;
}

static int base_notes(const struct op *op, const struct list *a,
		      const struct list *b, const char *name, bool *blocked)
{
	int more;

	*blocked = list_stated(a) && !list_permits(a);
	if (*blocked) {
		if (list_permits(b))
			profile_note(op->notes, "`%s` was called, but stays blocked by the base",
				     name);
		return 0;
	}
	if (!list_permits(a) || !list_stated(a))
		return 0;
	more = lists_differ(a, b, differ_lost);
	if (more < 0)
		return error_make(op->err, ST_FAILED, 0,
				  "the rules of `%s` are too many to combine",
				  name);
	if (more)
		profile_note(op->notes, "`%s`, which the base allows under conditions only, is allowed beyond them",
			     name);
	return 0;
}

static int operate_name(const struct op *op, const struct profile *a,
			const struct profile *b, const char *name,
			struct profile *to)
{
	struct list x, y, z = { 0 };
	bool blocked = false;
	int ret = 0;

	list_from(&x, a, name);
	list_from(&y, b, name);
	if (op->kind == OP_BASE)
		ret = base_notes(op, &x, &y, name, &blocked);
	if (!ret && blocked)
		list_copy(&z, &x);
	else if (!ret)
		ret = product(op, &x, &y, &z, name);
	if (!ret)
		ret = emit(op, &z, name, to);
	list_free(&x);
	list_free(&y);
	list_free(&z);
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
	set_keep(&to->arches, &b->arches);
	for (i = 0; i < n; i++) {
		struct profile_archmap *m = find_map(b, old[i].arch);

		if (m) {
			struct profile_archmap *x;

			x = profile_add_archmap(to, old[i].arch);
			set_keep(&old[i].subs, &m->subs);
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
	set_join(&to->arches, &b->arches);
	for (i = 0; i < b->n_archmap; i++) {
		struct profile_archmap *m = find_map(to, b->archmap[i].arch);

		if (!m)
			m = profile_add_archmap(to, b->archmap[i].arch);
		set_join(&m->subs, &b->archmap[i].subs);
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
		set_join(&to->flags, &b->flags);
	else
		set_keep(&to->flags, &b->flags);
	return same_str(op->err, "listenerPath", &to->listener_path,
			b->listener_path) ||
	       same_str(op->err, "listenerMetadata", &to->listener_metadata,
			b->listener_metadata) ? -1 : 0;
}

static struct profile *operate(struct op *op, const struct profile *a,
			       const struct profile *b)
{
	struct decision da = default_decision(a), db = default_decision(b), d;
	struct profile *to = profile_dup(a);
	struct strset names = { 0 };
	int which, ret = 0;
	size_t i;

	while (to->n_rules)
		profile_rule_free(&to->rules[--to->n_rules]);
	free(to->rules);
	to->rules = NULL;
	d = combine(op, da, db, &which);
	profile_set_default(to, d.action, d.errno_ret);
	op->def = default_decision(to);
	op->def_known = true;
	/* keep "none given" apart from an explicit EPERM, if both agree */
	if (d.errno_ret == EPERM && decisions_equal(da, d) && a->def_errno < 0 &&
	    (b->def_errno < 0 || !decisions_equal(db, d) ||
	     op->kind == OP_BASE || op->kind == OP_SUBTRACT))
		to->def_errno = PROFILE_NO_ERRNO;
	if (op->kind == OP_UNION && !permits(d) &&
	    profile_action_rank(da.action) == profile_action_rank(db.action) &&
	    !decisions_equal(da, db))
		profile_note(op->notes, "the default errno differs: %d is used",
			     d.errno_ret);
	all_names(a, &names);
	all_names(b, &names);
	for (i = 0; i < names.n && !ret; i++)
		if (*names.v[i])
			ret = operate_name(op, a, b, names.v[i], to);
	strset_free(&names);
	if (ret || operate_members(op, to, b) || operate_arches(op, to, b)) {
		profile_free(to);
		return NULL;
	}
	profile_normalise(to);
	return to;
}

/**
 * algebra_redefault() - change the default, but not what rules say
 * @p: the profile
 * @action: the new default
 * @errno_ret: its errno, or PROFILE_NO_ERRNO
 * @err: what cannot be expressed
 *
 * A rule that repeats the old default comes to life, one that repeats the new
 * one dies, and neither may change what the other rules of its call decide.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_redefault(const struct profile *p,
				  enum profile_action action, int errno_ret,
				  struct error **err)
{
	struct op op = { .kind = OP_INTERSECT, .err = err };
	struct profile *to = profile_dup(p);
	struct strset names = { 0 };
	int ret = 0;
	size_t i;

	while (to->n_rules)
		profile_rule_free(&to->rules[--to->n_rules]);
	profile_set_default(to, action, errno_ret);
	all_names(p, &names);
	for (i = 0; i < names.n && !ret; i++) {
		struct list l;

		list_from(&l, p, names.v[i]);
		if (!l.v[l.n - 1].d.stated)
			l.v[l.n - 1].d = default_decision(to);
		simplify(&l);
		ret = emit(&op, &l, names.v[i], to);
		list_free(&l);
	}
	strset_free(&names);
	if (ret) {
		profile_free(to);
		return NULL;
	}
	profile_normalise(to);
	return to;
}

/**
 * algebra_union() - what either profile permits
 * @a: one profile
 * @b: the other
 * @notes: what became wider than both, or NULL
 * @err: what cannot be expressed
 *
 * The more permissive decision counts, everywhere.
 *
 * Return: the profile, or NULL.
 */
struct profile *algebra_union(const struct profile *a, const struct profile *b,
			      struct profile_notes *notes, struct error **err)
{
	struct op op = {
		.kind = OP_UNION, .pick = pick_max, .notes = notes, .err = err,
	};

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
	struct op op = {
		.kind = OP_INTERSECT, .pick = pick_min, .notes = notes,
		.err = err,
	};

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
		.refusal = default_decision(a),
	};

	if (permits(op.refusal)) {
		op.refusal.action = PA_ERRNO;
		op.refusal.errno_ret = ENOSYS;
		op.refusal.stated = true;
	}
	return operate(&op, a, b);
}

/**
 * algebra_base() - add to a base what a profile permits
 * @base: the base
 * @p: the profile, which must not permit by default
 * @notes: what stays blocked, and what is allowed beyond the base's conditions
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
	struct op op = {
		.kind = OP_BASE, .pick = pick_base, .notes = notes, .err = err,
	};

	if (profile_action_permits(p->def_action) &&
	    !profile_action_permits(base->def_action)) {
		error_make(err, ST_FAILED, 0,
			   "a profile that permits by default cannot be added to a base that does not");
		return NULL;
	}
	return operate(&op, base, p);
}

static bool env_holds(const struct cube *c, const struct profile_env *env)
{
	const char *arch = env ? env->arch : NULL;
	uint32_t kernel = env && env->kernel ? kernel_number(env->kernel) :
					       NO_KERNEL - 1;
	size_t i;

	if (!arch)
		arch = profile_arch_short(seccomp_arch_native());
	if (!arch)
		arch = "";
	if ((c->arch_listed && !strset_has(&c->arch_in, arch)) ||
	    strset_has(&c->arch_out, arch))
		return false;
	for (i = 0; i < c->caps_in.n; i++)
		if (!env || !strset_has(&env->caps, c->caps_in.v[i]))
			return false;
	if (env && set_meets(&c->caps_out, &env->caps))
		return false;
	return kernel >= c->kernel_min && kernel < c->kernel_max;
}

static bool arg_holds(const struct profile_arg *a, uint64_t v)
{
	switch (a->op) {
	case PO_NE:
		return v != a->value;
	case PO_LT:
		return v < a->value;
	case PO_LE:
		return v <= a->value;
	case PO_EQ:
		return v == a->value;
	case PO_GE:
		return v >= a->value;
	case PO_GT:
		return v > a->value;
	default:
		return (v & a->value) == a->value_two;
	}
}

/**
 * algebra_decide() - what a profile does with one call
 * @p: the profile
 * @name: the call
 * @env: where it is loaded, or NULL for this machine without capabilities
 * @args: the call's arguments
 *
 * Return: the decision.
 */
struct decision algebra_decide(const struct profile *p, const char *name,
			       const struct profile_env *env,
			       const uint64_t args[PROFILE_MAX_ARGS])
{
	struct decision d = default_decision(p);
	struct list l;
	size_t i, j;

	list_from(&l, p, name);
	for (i = 0; i < l.n; i++) {
		const struct cube *c = &l.v[i].cube;

		if (!env_holds(c, env))
			continue;
		for (j = 0; j < c->n_args; j++)
			if (!arg_holds(&c->args[j], args[c->args[j].index]))
				break;
		if (j == c->n_args) {
			d = l.v[i].d;
			break;
		}
	}
	list_free(&l);
	return d;
}

/**
 * algebra_contradicts() - do rules for one call decide otherwise for the same?
 * @p: the profile
 * @name: the call
 *
 * Two rules that look at arguments, meet, and decide otherwise, none being an
 * exception of the other: which one counts is libseccomp's secret.
 *
 * Return: true if there are such rules.
 */
bool algebra_contradicts(const struct profile *p, const char *name)
{
	bool yes = false;
	struct list l;
	size_t i, j;

	list_from(&l, p, name);
	for (i = 0; i < l.n && !yes; i++)
		for (j = 0; j < i && !yes; j++) {
			const struct clause *a = &l.v[i], *b = &l.v[j];

			yes = a->cube.n_args && b->cube.n_args &&
			      !decisions_equal(a->d, b->d) &&
			      cubes_meet(&a->cube, &b->cube);
		}
	list_free(&l);
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
	size_t i, n = to->n_rules;
	struct profile_rule *old = to->rules;

	to->rules = NULL;
	to->n_rules = 0;
	for (i = 0; i < n; i++) {
		struct profile_rule *r;
		struct cube c;

		rule_guard(&old[i], &c);
		if (env_holds(&c, env)) {
			r = profile_add_rule(to, PA_ALLOW, PROFILE_NO_ERRNO);
			profile_rule_copy(r, &old[i]);
			profile_rule_uncondition(r);
		}
		cube_free(&c);
		profile_rule_free(&old[i]);
	}
	free(old);
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
		free(d->v[i].from);
		free(d->v[i].to);
	}
	free(d->v);
	memset(d, 0, sizeof(*d));
}

/* the terms of a call as text, one rule a line */
static char *terms(const struct list *l)
{
	char *text = NULL;
	size_t i, j, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_of_memory();
	for (i = 0; i < l->n; i++) {
		const struct clause *c = &l->v[i];
		cleanup_free char *line = NULL;
		struct profile_rule r;

		profile_rule_init(&r, c->d.action, c->d.errno_ret);
		guard_to_rule(&c->cube, &r);
		for (j = 0; j < c->cube.n_args; j++)
			profile_rule_add_arg(&r, &c->cube.args[j]);
		line = profile_rule_terms(&r);
		fprintf(f, "%s%s", i ? "\n" : "", line);
		profile_rule_free(&r);
	}
	if (fclose(f))
		out_of_memory();
	return text;
}

static void add_difference(struct differences *d, const char *name,
			   enum change change, const struct list *a,
			   const struct list *b)
{
	struct difference *x;

	d->v = profile_grow(d->v, d->n, sizeof(*d->v));
	x = &d->v[d->n++];
	x->name = xstrdup(name);
	x->change = change;
	x->from = terms(a);
	x->to = terms(b);
}

static int diff_name(const struct profile *a, const struct profile *b,
		     const char *name, bool missing_only,
		     struct differences *d, struct error **err)
{
	int lost, gained, any;
	struct list x, y;
	int ret = 0;

	list_from(&x, a, name);
	list_from(&y, b, name);
	lost = lists_differ(&x, &y, differ_lost);
	gained = lists_differ(&x, &y, differ_gained);
	any = lists_differ(&x, &y, differ_any);
	if (lost < 0 || gained < 0 || any < 0)
		ret = error_make(err, ST_FAILED, 0,
				 "the rules of `%s` are too many to compare",
				 name);
	else if (missing_only && lost)
		add_difference(d, name, list_permits(&x) ? CHANGE_CONDITION :
							   CHANGE_ADDED,
			       &x, &y);
	else if (missing_only)
		;
	else if (lost && !list_permits(&x))
		add_difference(d, name, CHANGE_ADDED, &x, &y);
	else if (gained && !list_permits(&y))
		add_difference(d, name, CHANGE_REMOVED, &x, &y);
	else if (lost || gained)
		add_difference(d, name, CHANGE_CONDITION, &x, &y);
	else if (any && (list_stated(&x) || list_stated(&y)))
		add_difference(d, name, CHANGE_ACTION, &x, &y);
	list_free(&x);
	list_free(&y);
	return ret;
}

static int compare(const struct profile *a, const struct profile *b,
		   bool missing_only, struct differences *d,
		   struct error **err)
{
	struct decision x = default_decision(a), y = default_decision(b);
	struct strset names = { 0 };
	struct list l, m;
	int ret = 0;
	size_t i;

	memset(d, 0, sizeof(*d));
	if (missing_only ? permits(y) && !permits(x) : differ_any(x, y)) {
		list_from(&l, a, "");
		list_from(&m, b, "");
		add_difference(d, "*", permits(y) && !permits(x) ?
			       CHANGE_ADDED : permits(x) && !permits(y) ?
			       CHANGE_REMOVED : CHANGE_ACTION, &l, &m);
		list_free(&l);
		list_free(&m);
	}
	all_names(a, &names);
	all_names(b, &names);
	for (i = 0; i < names.n && !ret; i++)
		if (*names.v[i])
			ret = diff_name(a, b, names.v[i], missing_only, d, err);
	strset_free(&names);
	if (ret)
		differences_free(d);
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
	return compare(a, b, false, d, err);
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
	return compare(a, b, true, d, err);
}
