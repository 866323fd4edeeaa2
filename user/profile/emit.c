// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that say what a decision diagram says.
 *
 * A rule has one comparison of an argument at most, so that a set of values
 * often needs several: what is below a limit, what is above another one, and
 * for the rest blocks whose bits under a mask are equal.  Which of several ways
 * to write a set libseccomp gets right is its secret; the caller tries them.
 */
#include "emit.h"
#include "lib/util.h"

/* a kernel takes 4096 instructions, and a rule is two of them at least */
#define MAX_TERMS	4096
/* upper halves of arguments with terms of their own for 32-bit registers */
#define MAX_HALVES	32
/* parts of one argument's values with conditions of their own on the others */
#define MAX_PARTS	400

enum {
	OVERLAP	= 1,	/* rules may meet if they decide the same */
	BLOCKS	= 2,	/* blocks rather than limits */
	APART	= 4,	/* blocks do not meet */
	STRICT	= 8,	/* `less` and `greater` rather than `or equal` */
	REVERSE	= 16,	/* the other order of actions */
	PAD	= 32,	/* see pad() */
	TURN	= 64,	/* the last rule first, see turn() */
	LAST	= 128,	/* limits for a rule's last argument only, see apart_blocks() */
};

static const unsigned int ways[] = {
	OVERLAP,
	OVERLAP | TURN,
	OVERLAP | STRICT,
	0,
	TURN,
	STRICT,
	OVERLAP | REVERSE,
	REVERSE,
	OVERLAP | BLOCKS,
	BLOCKS,
	BLOCKS | APART,
	BLOCKS | REVERSE,
	BLOCKS | APART | REVERSE,
	STRICT | REVERSE,
	OVERLAP | PAD,
	OVERLAP | PAD | REVERSE,
	PAD,
	PAD | REVERSE,
	OVERLAP | LAST,
	OVERLAP | LAST | REVERSE,
};

/**
 * emit_ways() - how many ways there are to write the same
 *
 * Return: their number.
 */
unsigned int emit_ways(void)
{
	return ARRAY_SIZE(ways);
}

/**
 * emit_free() - release a list
 * @l: the list, usable again
 */
void emit_free(struct emit_list *l)
{
	free(l->v);
	memset(l, 0, sizeof(*l));
}

struct emit {
	struct dd *m;
	dd_t f;
	uint32_t def;
	unsigned int how;
	uint32_t value;
	dd_t no, yes;
	struct emit_list *to;
	bool many;		/* too many */
	bool never;		/* no list of rules does so with 32-bit registers */
	uint64_t at[PROFILE_MAX_ARGS];	/* ... for such arguments */
};

static void add_term(struct emit *e, const struct emit_term *t)
{
	e->to->v = profile_grow(e->to->v, e->to->n, sizeof(*e->to->v));
	e->to->v[e->to->n++] = *t;
}

static dd_t not(struct emit *e, dd_t f)
{
	return dd_minus(e->m, e->yes, f);
}

/* the least or the greatest value of argument @arg in a set that is not empty */
static uint64_t extreme(struct emit *e, dd_t s, unsigned int arg, bool greatest)
{
	uint64_t x = greatest ? UINT64_MAX : 0;
	uint32_t value;

	while (!dd_constant(e->m, s, &value)) {
		uint64_t bit = 1ULL << (DD_BITS - 1 -
					(dd_var(e->m, s) - arg * DD_BITS));
		dd_t first = greatest ? dd_one(e->m, s) : dd_zero(e->m, s);

		if (first != e->no) {
			s = first;
			continue;
		}
		s = greatest ? dd_zero(e->m, s) : dd_one(e->m, s);
		x ^= bit;
	}
	return x;
}

/* comparisons of one argument, any of which may hold */
struct choice {
	struct profile_arg *v;
	size_t n;
	bool any;		/* all values */
};

static void choose(struct choice *c, unsigned int arg, enum profile_op op,
		   uint64_t value, uint64_t two)
{
	c->v = profile_grow(c->v, c->n, sizeof(*c->v));
	c->v[c->n++] = (struct profile_arg){ arg, op, value, two };
}

/*
 * In a 32-bit ABI the lower halves are compared.  A limit at a multiple of 2^32
 * is written so that it means all values there, or none.
 */
static void choose_up_to(struct emit *e, struct choice *c, unsigned int arg,
			 uint64_t h)
{
	if (e->how & STRICT && (uint32_t)(h + 1))
		choose(c, arg, PO_LT, h + 1, 0);
	else
		choose(c, arg, PO_LE, h, 0);
}

static void choose_from(struct emit *e, struct choice *c, unsigned int arg,
			uint64_t l)
{
	if (e->how & STRICT || !(uint32_t)l)
		choose(c, arg, PO_GT, l - 1, 0);
	else
		choose(c, arg, PO_GE, l, 0);
}

static dd_t compared(struct emit *e, const struct profile_arg *a)
{
	return dd_compare(e->m, a, false);
}

static void choose_block(struct choice *c, unsigned int arg, uint64_t mask,
			 uint64_t datum)
{
	if (mask == UINT64_MAX)
		choose(c, arg, PO_EQ, datum, 0);
	else
		choose(c, arg, PO_MASKED_EQ, mask, datum);
}

/*
 * Blocks that cover @low and stay within @up (Minato and Morreale's
 * irredundant sum of products).  Returns what they cover.
 */
static dd_t blocks(struct emit *e, dd_t low, dd_t up, unsigned int arg,
		   uint64_t mask, uint64_t datum, struct choice *c)
{
	dd_t low0, low1, up0, up1, c0, c1, both = e->no, rest;
	unsigned int var = dd_var(e->m, low);
	uint64_t bit;

	if (low == e->no)
		return e->no;
	if (c->n > MAX_TERMS) {
		e->many = true;
		return e->no;
	}
	if (up == e->yes) {
		choose_block(c, arg, mask, datum);
		return e->yes;
	}
	if (dd_var(e->m, up) < var)
		var = dd_var(e->m, up);
	bit = 1ULL << (DD_BITS - 1 - (var - arg * DD_BITS));
	low0 = dd_var(e->m, low) == var ? dd_zero(e->m, low) : low;
	low1 = dd_var(e->m, low) == var ? dd_one(e->m, low) : low;
	up0 = dd_var(e->m, up) == var ? dd_zero(e->m, up) : up;
	up1 = dd_var(e->m, up) == var ? dd_one(e->m, up) : up;
	if (e->how & APART) {
		c0 = blocks(e, low0, up0, arg, mask | bit, datum, c);
		c1 = blocks(e, low1, up1, arg, mask | bit, datum | bit, c);
		return dd_node(e->m, var, c0, c1);
	}
	c0 = blocks(e, dd_minus(e->m, low0, up1), up0, arg, mask | bit, datum,
		    c);
	c1 = blocks(e, dd_minus(e->m, low1, up0), up1, arg, mask | bit,
		    datum | bit, c);
	rest = dd_or(e->m, dd_minus(e->m, low0, c0),
		     dd_minus(e->m, low1, c1));
	both = blocks(e, rest, dd_and(e->m, up0, up1), arg, mask, datum, c);
	return dd_node(e->m, var, dd_or(e->m, c0, both),
		       dd_or(e->m, c1, both));
}

/* the one block around @low, as large as fits into @up; false: none does */
static bool one_block(struct emit *e, dd_t low, dd_t up, unsigned int arg,
		      struct choice *c)
{
	struct profile_arg a = { .index = arg, .op = PO_MASKED_EQ };
	uint64_t bit, mask = UINT64_MAX;
	dd_t zero;

	a.value_two = extreme(e, low, arg, false);
	for (bit = 1ULL << 63; bit; bit >>= 1) {
		a.value = bit;
		zero = compared(e, &a);
		if (!dd_within(e->m, low, zero))
			mask &= ~bit;
	}
	a.value = mask;
	if (!dd_within(e->m, compared(e, &a), up))
		return false;
	for (bit = 1ULL << 63; bit; bit >>= 1) {
		if (!(a.value & bit))
			continue;
		a.value &= ~bit;
		if (!dd_within(e->m, compared(e, &a), up))
			a.value |= bit;
	}
	choose_block(c, arg, a.value, a.value_two & a.value);
	return true;
}

/*
 * Where an argument is above a limit, libseccomp goes on to the rule's other arguments
 * from two places: where the upper half is greater, and where it is equal and the lower
 * half is greater. Both have one tree of what comes next. A rule with another limit puts
 * its own arguments into that tree, and is led to those of the first rule (2.5.4 to
 * 2.6.0, db.c, _db_tree_add()), or the tree becomes its own branch and has no end. With a
 * block there is one place. So is there with the limit 2^32 - 1: no lower half is greater.
 */
static void apart_blocks(struct emit *e, dd_t low, dd_t up, unsigned int arg,
			 struct choice *c)
{
	const struct profile_arg high = {
		.index = arg, .op = PO_GT, .value = UINT32_MAX,
	};
	dd_t above = compared(e, &high);

	if (one_block(e, low, up, arg, c))
		return;
	if (dd_and(e->m, low, above) != e->no && dd_within(e->m, above, up)) {
		choose(c, arg, PO_GT, UINT32_MAX, 0);
		low = dd_minus(e->m, low, above);
	}
	if (low != e->no && !one_block(e, low, up, arg, c))
		blocks(e, low, up, arg, 0, 0, c);
}

/* comparisons that cover @low and stay within @up; final: no other argument comes after it */
static void choices(struct emit *e, dd_t low, dd_t up, unsigned int arg,
		    bool final, struct choice *c)
{
	dd_t out = not(e, up), left = low, to;
	uint64_t first, last;
	struct choice some = { 0 };

	if (up == e->yes) {
		c->any = true;
		return;
	}
	first = extreme(e, low, arg, false);
	if (first == extreme(e, low, arg, true)) {
		choose(c, arg, PO_EQ, first, 0);
		return;
	}
	if (!final && e->how & LAST) {
		apart_blocks(e, low, up, arg, c);
		return;
	}
	first = extreme(e, out, arg, false);
	last = extreme(e, out, arg, true);
	if (first == last) {
		choose(c, arg, PO_NE, first, 0);
		return;
	}
	/* one limit is enough? */
	if (extreme(e, low, arg, true) < first && !(e->how & BLOCKS)) {
		choose_up_to(e, c, arg, first - 1);
		return;
	}
	if (extreme(e, low, arg, false) > last) {
		choose_from(e, c, arg, last + 1);
		return;
	}
	if (one_block(e, low, up, arg, c))
		return;
	if (last != UINT64_MAX) {
		choose_from(e, &some, arg, last + 1);
		to = compared(e, &some.v[some.n - 1]);
		if (dd_and(e->m, to, left) == e->no)
			some.n--;
		else
			left = dd_minus(e->m, left, to);
	}
	if (first && !(e->how & BLOCKS)) {
		choose_up_to(e, &some, arg, first - 1);
		to = compared(e, &some.v[some.n - 1]);
		if (dd_and(e->m, to, left) == e->no)
			some.n--;
		else
			left = dd_minus(e->m, left, to);
	}
	if (left != e->no && left != low)
		choices(e, left, up, arg, final, c);
	else if (left != e->no)
		blocks(e, left, up, arg, 0, 0, c);
	for (first = 0; first < some.n; first++)
		choose(c, arg, some.v[first].op, some.v[first].value,
		       some.v[first].value_two);
	free(some.v);
}

/* values of one argument on which the conditions on the others are the same */
struct part {
	dd_t low, up;		/* those conditions */
	dd_t values;
};

struct parts {
	struct part *v;
	size_t n;
	struct {
		dd_t low, up, to;
	} *memo;
	size_t n_memo;
	uint32_t *hash;
	size_t room;
};

static dd_t part_index(struct emit *e, struct parts *p, dd_t low, dd_t up)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].low == low && p->v[i].up == up)
			return dd_value(e->m, i);
	if (p->n == MAX_PARTS) {
		e->many = true;
		return e->no;
	}
	p->v = profile_grow(p->v, p->n, sizeof(*p->v));
	p->v[p->n] = (struct part){ low, up, 0 };
	return dd_value(e->m, p->n++);
}

static void memo_rehash(struct parts *p)
{
	size_t i, h;

	p->room = p->room ? p->room * 2 : 256;
	free(p->hash);
	p->hash = xcalloc(p->room, sizeof(*p->hash));
	for (i = 0; i < p->n_memo; i++) {
		h = (p->memo[i].low * 31 + p->memo[i].up) & (p->room - 1);
		while (p->hash[h])
			h = (h + 1) & (p->room - 1);
		p->hash[h] = i + 1;
	}
}

/* a diagram of the argument's bits whose values are numbers of parts */
static dd_t split(struct emit *e, struct parts *p, dd_t low, dd_t up,
		  unsigned int end)
{
	unsigned int var = dd_var(e->m, low);
	size_t h;
	dd_t to;

	if (e->many)
		return e->no;
	if (dd_var(e->m, up) < var)
		var = dd_var(e->m, up);
	if (var >= end)
		return part_index(e, p, low, up);
	if (p->n_memo * 2 >= p->room)
		memo_rehash(p);
	h = (low * 31 + up) & (p->room - 1);
	for (; p->hash[h]; h = (h + 1) & (p->room - 1))
		if (p->memo[p->hash[h] - 1].low == low &&
		    p->memo[p->hash[h] - 1].up == up)
			return p->memo[p->hash[h] - 1].to;
	to = dd_node(e->m, var,
		     split(e, p, dd_var(e->m, low) == var ?
			   dd_zero(e->m, low) : low,
			   dd_var(e->m, up) == var ? dd_zero(e->m, up) : up,
			   end),
		     split(e, p, dd_var(e->m, low) == var ?
			   dd_one(e->m, low) : low,
			   dd_var(e->m, up) == var ? dd_one(e->m, up) : up,
			   end));
	p->memo = profile_grow(p->memo, p->n_memo, sizeof(*p->memo));
	p->memo[p->n_memo].low = low;
	p->memo[p->n_memo].up = up;
	p->memo[p->n_memo++].to = to;
	if (p->n_memo * 2 >= p->room)
		memo_rehash(p);
	else {
		h = (low * 31 + up) & (p->room - 1);
		while (p->hash[h])
			h = (h + 1) & (p->room - 1);
		p->hash[h] = p->n_memo;
	}
	return to;
}

static dd_t cover(struct emit *e, dd_t low, dd_t up, struct emit_term *t);

/* one part of an argument's values; it may grow by others that permit as much */
static dd_t cover_part(struct emit *e, struct parts *p, size_t at,
		       unsigned int arg, struct emit_term *t)
{
	dd_t low = p->v[at].values, up = low, covered;
	size_t i, from = e->to->n, n, j;
	struct choice c = { 0 };

	covered = cover(e, p->v[at].low, p->v[at].up, t);
	if (e->how & OVERLAP)
		for (i = 0; i < p->n; i++)
			if (i != at && dd_within(e->m, covered, p->v[i].up))
				up = dd_or(e->m, up, p->v[i].values);
	n = e->to->n - from;
	choices(e, low, up, arg, !n || !e->to->v[from].n, &c);
	if (c.n * n > MAX_TERMS)
		e->many = true;
	/* every comparison with each of the part's terms */
	for (i = 1; i < c.n && !e->many; i++)
		for (j = 0; j < n; j++) {
			struct emit_term same = e->to->v[from + j];

			add_term(e, &same);
		}
	for (i = 0; i < c.n && !e->many; i++)
		for (j = 0; j < n; j++) {
			struct emit_term *x = &e->to->v[from + i * n + j];

			x->args[x->n++] = c.v[i];
		}
	up = c.any ? e->yes : e->no;
	for (i = 0; i < c.n; i++)
		up = dd_or(e->m, up, compared(e, &c.v[i]));
	free(c.v);
	return dd_and(e->m, up, covered);
}

/* terms that cover @low and stay within @up; returns what they cover */
static dd_t cover(struct emit *e, dd_t low, dd_t up, struct emit_term *t)
{
	unsigned int var = dd_var(e->m, low), arg;
	struct parts p = { 0 };
	dd_t all, done, base = e->no;
	size_t i;

	if (low == e->no || e->many || dd_full(e->m))
		return e->no;
	if (e->to->n > MAX_TERMS) {
		e->many = true;
		return e->no;
	}
	if (up == e->yes) {
		add_term(e, t);
		return e->yes;
	}
	if (dd_var(e->m, up) < var)
		var = dd_var(e->m, up);
	arg = var / DD_BITS;
	all = split(e, &p, low, up, (arg + 1) * DD_BITS);
	for (i = 0; i < p.n && !e->many; i++)
		p.v[i].values = dd_equals(e->m, all, i);
	/* what holds whatever this argument is comes first, without it */
	if (e->how & OVERLAP && !e->many) {
		dd_t some = e->no, always = e->yes;

		for (i = 0; i < p.n; i++) {
			some = dd_or(e->m, some, p.v[i].low);
			always = dd_and(e->m, always, p.v[i].up);
		}
		base = cover(e, dd_and(e->m, some, always), always, t);
	}
	done = base;
	for (i = 0; i < p.n && !e->many; i++) {
		p.v[i].low = dd_minus(e->m, p.v[i].low, base);
		if (p.v[i].low != e->no) {
			dd_t more = cover_part(e, &p, i, arg, t);
			size_t j;

			done = dd_or(e->m, done, more);
			/* what of later parts is covered already */
			for (j = i + 1; e->how & OVERLAP && j < p.n; j++) {
				dd_t here = dd_and(e->m, more, p.v[j].values);

				/* as a whole only: else it is a part of its own */
				if (here != e->no &&
				    dd_within(e->m, dd_and(e->m, p.v[j].values,
							   p.v[j].low), more))
					p.v[j].low = e->no;
			}
		}
	}
	free(p.v);
	free(p.memo);
	free(p.hash);
	return done;
}

/* where all comparisons of a term hold with 32-bit registers */
static dd_t term_narrow(struct emit *e, const struct emit_term *t)
{
	dd_t set = e->yes;
	size_t i;

	for (i = 0; i < t->n; i++)
		set = dd_and(e->m, set, dd_compare(e->m, &t->args[i], true));
	return set;
}

/* the highest argument below @end that a term does not look at; PROFILE_MAX_ARGS: none */
static unsigned int free_arg(const struct emit_term *t, unsigned int end)
{
	size_t i = 0;

	while (end--) {
		for (i = 0; i < t->n && t->args[i].index != end; i++)
			;
		if (i == t->n)
			return end;
	}
	return PROFILE_MAX_ARGS;
}

/*
 * With 32-bit registers nothing is less than the lower half of 2^32, nor greater than
 * that of 2^32 - 1.  With 64 every value is one of both: two terms that look at one
 * argument more do what one does, and nothing in a 32-bit ABI.  The second one looks at
 * another argument first, for which any value will do: else libseccomp compares the
 * lower half in the place of the upper one (2.5.4, gen_bpf.c, the accumulator's state).
 */
static bool wide_only(struct emit *e, size_t at)
{
	struct emit_term *t = &e->to->v[at], more = *t;
	unsigned int arg = free_arg(t, PROFILE_MAX_ARGS), any = free_arg(t, arg);

	if (arg == PROFILE_MAX_ARGS)
		return false;
	t->args[t->n++] = (struct profile_arg){ arg, PO_LT, 1ULL << 32, 0 };
	more.args[more.n++] = (struct profile_arg){ arg, PO_GT, UINT32_MAX, 0 };
	if (any < arg)
		more.args[more.n++] = (struct profile_arg){ any, PO_GE, 0, 0 };
	add_term(e, &more);
	return true;
}

/*
 * Have the terms from @from on, which do with 64-bit registers what @wide says, do what
 * @narrow says with 32.  A term that is within both sets does no harm in either: its
 * comparisons hold for the lower halves of nothing but what they hold for.
 */
static void fit_narrow(struct emit *e, size_t from, dd_t wide, dd_t narrow,
		       struct emit_term *t)
{
	dd_t both = dd_and(e->m, wide, narrow), left = narrow;
	size_t i, n = e->to->n;
	unsigned int tries;

	for (i = from; i < n && !e->many; i++) {
		dd_t here = term_narrow(e, &e->to->v[i]);

		if (dd_within(e->m, here, narrow))
			left = dd_minus(e->m, left, here);
		else
			e->many = !wide_only(e, i);
	}
	for (tries = 0; left != e->no && !e->many; tries++) {
		dd_t some = dd_and(e->m, left, both), was = left;
		struct profile_arg a = { .op = PO_MASKED_EQ,
					 .value = ~(uint64_t)UINT32_MAX };
		uint64_t args[PROFILE_MAX_ARGS];

		if (!dd_example(e->m, some, 1, args)) {
			e->many = true;
			some = dd_minus(e->m, left, dd_equals(e->m, e->f, e->def));
			/* not even a term that another one hides with 64 bits */
			if (some == e->no)
				e->never = dd_example(e->m, left, 1, e->at);
			return;
		}
		for (a.index = 0; a.index < PROFILE_MAX_ARGS; a.index++) {
			a.value_two = args[a.index];
			some = dd_and(e->m, some, compared(e, &a));
		}
		from = e->to->n;
		cover(e, some, both, t);
		for (; from < e->to->n; from++)
			left = dd_minus(e->m, left,
					term_narrow(e, &e->to->v[from]));
		e->many |= left == was || tries == MAX_HALVES;
	}
}

/*
 * For socketcall and ipc libseccomp puts the number of the call in the place of
 * a rule's first argument: two rules that look at nothing else and decide
 * differently are one there, and the second one is refused (2.5.4, syscalls.c,
 * abi_rule_add(), and db.c, _db_tree_add()).  One that looks at another argument
 * as well, where every value will do, is passed over in favour of the first.
 */
static void pad(struct emit_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct emit_term *t = &l->v[i];

		if (t->value != l->v[0].value && t->n == 1 &&
		    !t->args[0].index)
			t->args[t->n++] = (struct profile_arg){
				.index = 1, .op = PO_GE,
			};
	}
}

/*
 * The order of rules decides whether libseccomp ends (2.5.4, db.c, _db_tree_add()): with
 * a2 >= 2, a1 >= 0x26, a0 != 0x26 before a1 == 0, a0 != 0x26 it does not, the other way
 * round it takes no time.
 */
static void turn(struct emit_list *l)
{
	size_t i;

	for (i = 0; i < l->n / 2; i++) {
		struct emit_term t = l->v[i];

		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = t;
	}
}

static void emit_value(struct emit *e, dd_t f, const dd_t *narrow, dd_t care,
		       uint32_t value)
{
	struct emit_term t = { .value = value };
	dd_t set = dd_equals(e->m, f, value);
	size_t from = e->to->n;

	cover(e, dd_and(e->m, set, care), dd_ite(e->m, care, set, e->yes), &t);
	if (narrow)
		fit_narrow(e, from, set, dd_equals(e->m, *narrow, value), &t);
}

/**
 * emit_terms() - write a function as terms
 * @m: the place of the function
 * @f: the function
 * @narrow: what the terms are to do with 32-bit registers; NULL: anything
 * @care: where @f counts; elsewhere anything will do
 * @def: the value that needs no term
 * @way: 0 to emit_ways() - 1
 * @to: gets the terms; emit_free() it; with EMIT_NEVER its @never is set
 *
 * Return: 0, -1 if they are too many, or EMIT_NEVER.
 */
int emit_terms(struct dd *m, dd_t f, const dd_t *narrow, dd_t care,
	       uint32_t def, unsigned int way, struct emit_list *to)
{
	struct emit e = {
		.m = m, .f = f, .def = def, .how = ways[way], .no = dd_value(m, 0),
		.yes = dd_value(m, 1), .to = to,
	};
	uint32_t *values, *more = NULL;
	size_t i, n, n_more = 0;

	memset(to, 0, sizeof(*to));
	dd_values(m, f, &values, &n);
	for (i = 0; i < n; i++) {
		size_t at = e.how & REVERSE ? n - 1 - i : i;

		if (values[at] != def)
			emit_value(&e, f, narrow, care, values[at]);
	}
	/* values that are there with 32-bit registers only */
	if (narrow)
		dd_values(m, *narrow, &more, &n_more);
	for (i = 0; i < n_more; i++)
		if (more[i] != def && dd_equals(m, f, more[i]) == e.no)
			emit_value(&e, f, narrow, care, more[i]);
	free(values);
	free(more);
	if (e.how & PAD)
		pad(to);
	if (e.how & TURN)
		turn(to);
	if (!e.many && !dd_full(m))
		return 0;
	emit_free(to);
	memcpy(to->never, e.at, sizeof(e.at));
	return e.never ? EMIT_NEVER : -1;
}
