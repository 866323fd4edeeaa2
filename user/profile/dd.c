// SPDX-License-Identifier: GPL-2.0
/* Ordered, reduced decision diagrams with values at their ends, see dd.h. */
#include <string.h>

#include "dd.h"
#include "lib/util.h"

/* 192 MB at most: far beyond what any profile that loads needs */
#define MAX_NODES	(1u << 23)
#define CACHE_BITS	16
#define END		DD_VARS	/* the variable of a value */

struct node {
	uint32_t var;
	uint32_t zero;		/* of a value: the value */
	uint32_t one;
	uint32_t next;		/* in its hash chain, 0 ends it */
};

struct memo {
	uint32_t op, a, b, c;
	dd_t to;
};

struct dd {
	struct node *v;
	uint32_t n, room;
	uint32_t *hash;		/* room heads */
	struct memo *memo;
	uint32_t op;		/* number of the current operation */
	dd_t no, yes;
	bool full;
};

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t z = a * 0x9e3779b97f4a7c15ULL ^ b * 0xbf58476d1ce4e5b9ULL ^
		     c * 0x94d049bb133111ebULL;

	return (z ^ z >> 29) * 0x9e3779b97f4a7c15ULL >> 32;
}

static void grow(struct dd *m)
{
	uint32_t i, h;

	m->room = m->room ? m->room * 2 : 1024;
	m->v = xrealloc(m->v, m->room, sizeof(*m->v));
	free(m->hash);
	m->hash = xcalloc(m->room, sizeof(*m->hash));
	for (i = 1; i < m->n; i++) {
		h = mix(m->v[i].var, m->v[i].zero, m->v[i].one) &
		    (m->room - 1);
		m->v[i].next = m->hash[h];
		m->hash[h] = i;
	}
}

static dd_t find(struct dd *m, uint32_t var, uint32_t zero, uint32_t one)
{
	uint32_t i, h = mix(var, zero, one) & (m->room - 1);

	for (i = m->hash[h]; i; i = m->v[i].next)
		if (m->v[i].var == var && m->v[i].zero == zero &&
		    m->v[i].one == one)
			return i;
	if (m->n == MAX_NODES) {
		m->full = true;
		return m->no;
	}
	if (m->n == m->room) {
		grow(m);
		h = mix(var, zero, one) & (m->room - 1);
	}
	i = m->n++;
	m->v[i] = (struct node){ var, zero, one, m->hash[h] };
	m->hash[h] = i;
	return i;
}

/**
 * dd_new() - a place for diagrams
 *
 * Return: the place; dd_free() it.
 */
struct dd *dd_new(void)
{
	struct dd *m = xcalloc(1, sizeof(*m));

	m->n = 1;	/* no diagram has the number 0 */
	grow(m);
	m->memo = xcalloc((size_t)1 << CACHE_BITS, sizeof(*m->memo));
	m->no = dd_value(m, 0);
	m->yes = dd_value(m, 1);
	return m;
}

/**
 * dd_free() - release all diagrams of a place
 * @m: the place, or NULL
 */
void dd_free(struct dd *m)
{
	if (!m)
		return;
	free(m->v);
	free(m->hash);
	free(m->memo);
	free(m);
}

/**
 * dd_full() - was anything too large?
 * @m: the place
 *
 * Return: true if so; no result since then is right.
 */
bool dd_full(const struct dd *m)
{
	return m->full;
}

/**
 * dd_value() - the function that is constant
 * @m: the place
 * @value: its value
 *
 * Return: the function.
 */
dd_t dd_value(struct dd *m, uint32_t value)
{
	return find(m, END, value, 0);
}

/**
 * dd_node() - a function that looks at one bit first
 * @m: the place
 * @var: the bit, before all bits of both parts
 * @zero: what it is where the bit is 0
 * @one: where it is 1
 *
 * Return: the function.
 */
dd_t dd_node(struct dd *m, unsigned int var, dd_t zero, dd_t one)
{
	return zero == one ? zero : find(m, var, zero, one);
}

/**
 * dd_var() - the first bit that a function looks at
 * @m: the place
 * @f: the function
 *
 * Return: the bit, DD_VARS for a constant.
 */
unsigned int dd_var(const struct dd *m, dd_t f)
{
	return m->v[f].var;
}

/**
 * dd_zero() - a function where its first bit is 0
 * @m: the place
 * @f: the function, not a constant
 *
 * Return: the function of the other bits.
 */
dd_t dd_zero(const struct dd *m, dd_t f)
{
	return m->v[f].zero;
}

/**
 * dd_one() - a function where its first bit is 1
 * @m: the place
 * @f: the function, not a constant
 *
 * Return: the function of the other bits.
 */
dd_t dd_one(const struct dd *m, dd_t f)
{
	return m->v[f].one;
}

/**
 * dd_constant() - does a function look at nothing?
 * @m: the place
 * @f: the function
 * @value: set if so, or NULL
 *
 * Return: true if it is constant.
 */
bool dd_constant(const struct dd *m, dd_t f, uint32_t *value)
{
	if (m->v[f].var != END)
		return false;
	if (value)
		*value = m->v[f].zero;
	return true;
}

static struct memo *recall(struct dd *m, uint32_t op, dd_t a, dd_t b, dd_t c)
{
	uint32_t h = mix(a ^ op << 20, b, c) & ((1u << CACHE_BITS) - 1);

	return &m->memo[h];
}

static bool known(const struct memo *x, uint32_t op, dd_t a, dd_t b, dd_t c)
{
	return x->op == op && x->a == a && x->b == b && x->c == c && x->to;
}

static dd_t part(const struct dd *m, dd_t f, unsigned int var, bool one)
{
	if (m->v[f].var != var)
		return f;
	return one ? m->v[f].one : m->v[f].zero;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/**
 * dd_ite() - one function where a condition holds, another elsewhere
 * @m: the place
 * @cond: the condition, of the values 0 and 1
 * @yes: where it is 1
 * @no: where it is 0
 *
 * Return: the function.
 */
dd_t dd_ite(struct dd *m, dd_t cond, dd_t yes, dd_t no)
{
	struct memo *x;
	unsigned int var;
	dd_t zero, one, to;

	if (yes == no || cond == m->yes)
		return yes;
	if (cond == m->no || m->full)
		return no;
	x = recall(m, 0, cond, yes, no);
	if (known(x, 0, cond, yes, no))
		return x->to;
	var = least(m->v[cond].var, least(m->v[yes].var, m->v[no].var));
	zero = dd_ite(m, part(m, cond, var, false), part(m, yes, var, false),
		      part(m, no, var, false));
	one = dd_ite(m, part(m, cond, var, true), part(m, yes, var, true),
		     part(m, no, var, true));
	to = dd_node(m, var, zero, one);
	*x = (struct memo){ 0, cond, yes, no, to };
	return to;
}

static dd_t apply(struct dd *m, dd_fn fn, void *ctx, dd_t a, dd_t b)
{
	unsigned int var = least(m->v[a].var, m->v[b].var);
	struct memo *x;
	dd_t zero, one, to;

	if (m->full)
		return m->no;
	if (var == END)
		return dd_value(m, fn(ctx, m->v[a].zero, m->v[b].zero));
	x = recall(m, m->op, a, b, 0);
	if (known(x, m->op, a, b, 0))
		return x->to;
	zero = apply(m, fn, ctx, part(m, a, var, false),
		     part(m, b, var, false));
	one = apply(m, fn, ctx, part(m, a, var, true), part(m, b, var, true));
	to = dd_node(m, var, zero, one);
	*x = (struct memo){ m->op, a, b, 0, to };
	return to;
}

/**
 * dd_apply() - combine two functions
 * @m: the place
 * @fn: what two values become
 * @ctx: for @fn
 * @a: one function
 * @b: the other
 *
 * Return: the function.
 */
dd_t dd_apply(struct dd *m, dd_fn fn, void *ctx, dd_t a, dd_t b)
{
	m->op++;
	return apply(m, fn, ctx, a, b);
}

/* what becomes of @f where a value is replaced by 1 and all others by 0 */
static uint32_t is_value(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return a == b;
}

/**
 * dd_equals() - where a function has a value
 * @m: the place
 * @f: the function
 * @value: the value
 *
 * Return: the function that is 1 there and 0 elsewhere.
 */
dd_t dd_equals(struct dd *m, dd_t f, uint32_t value)
{
	return dd_apply(m, is_value, NULL, f, dd_value(m, value));
}

/**
 * dd_and() - where both conditions hold
 * @m: the place
 * @a: one
 * @b: the other
 *
 * Return: the condition.
 */
dd_t dd_and(struct dd *m, dd_t a, dd_t b)
{
	return dd_ite(m, a, b, m->no);
}

/**
 * dd_or() - where any of two conditions holds
 * @m: the place
 * @a: one
 * @b: the other
 *
 * Return: the condition.
 */
dd_t dd_or(struct dd *m, dd_t a, dd_t b)
{
	return dd_ite(m, a, m->yes, b);
}

/**
 * dd_minus() - where one condition holds and another does not
 * @m: the place
 * @a: the one
 * @b: the other
 *
 * Return: the condition.
 */
dd_t dd_minus(struct dd *m, dd_t a, dd_t b)
{
	return dd_ite(m, b, m->no, a);
}

/**
 * dd_within() - does a condition imply another?
 * @m: the place
 * @a: the one
 * @b: the other
 *
 * Return: true if @b holds wherever @a does.
 */
bool dd_within(struct dd *m, dd_t a, dd_t b)
{
	return dd_minus(m, a, b) == m->no;
}

/* the condition on the @bits bits from @first on */
static dd_t compare(struct dd *m, unsigned int first, unsigned int bits,
		    enum profile_op op, uint64_t value, uint64_t mask)
{
	dd_t yes = m->yes, no = m->no, f;
	unsigned int i;
	bool bit;

	switch (op) {
	case PO_NE:
	case PO_LT:
	case PO_LE:
		f = compare(m, first, bits, op == PO_NE ? PO_EQ :
			    op == PO_LT ? PO_GE : PO_GT, value, mask);
		return dd_ite(m, f, no, yes);
	case PO_GT:
		f = no;
		break;
	default:
		f = yes;
	}
	for (i = 0; i < bits; i++) {
		unsigned int var = first + bits - 1 - i;

		bit = value >> i & 1;
		if (op == PO_EQ || op == PO_MASKED_EQ) {
			if (mask >> i & 1)
				f = dd_node(m, var, bit ? no : f,
					    bit ? f : no);
		} else if (!(mask >> i & 1)) {
			f = bit ? no : f;
		} else {
			f = dd_node(m, var, bit ? no : f, bit ? f : yes);
		}
	}
	return f;
}

/**
 * dd_compare() - where a comparison of an argument holds
 * @m: the place
 * @a: the comparison; libseccomp takes the bits of a datum that are not in
 *	its mask away (2.5.4, db.c, _db_node_mask_fixup()), so they do not count
 * @narrow: in a 32-bit ABI, where libseccomp compares the lower words only
 *	(2.5.4, db.c, _db_rule_gen_32())
 *
 * Return: the condition.
 */
dd_t dd_compare(struct dd *m, const struct profile_arg *a, bool narrow)
{
	bool masked = a->op == PO_MASKED_EQ;
	unsigned int bits = narrow ? DD_BITS / 2 : DD_BITS;

	return compare(m, a->index * DD_BITS + DD_BITS - bits, bits, a->op,
		       masked ? a->value_two & a->value : a->value,
		       masked ? a->value : UINT64_MAX);
}

/**
 * dd_word() - where a comparison of one half of an argument holds
 * @m: the place
 * @first: the word's highest bit
 * @op: the comparison, after the mask
 * @value: what is compared with
 * @mask: of the word
 *
 * Return: the condition.
 */
dd_t dd_word(struct dd *m, unsigned int first, enum profile_op op,
	     uint32_t value, uint32_t mask)
{
	if ((op == PO_EQ || op == PO_MASKED_EQ) && value & ~mask)
		return m->no;
	return compare(m, first, 32, op, value, mask);
}

/**
 * dd_eval() - what a function is at one point
 * @m: the place
 * @f: the function
 * @args: the point
 *
 * Return: the value.
 */
uint32_t dd_eval(const struct dd *m, dd_t f,
		 const uint64_t args[PROFILE_MAX_ARGS])
{
	while (m->v[f].var != END) {
		unsigned int var = m->v[f].var;
		uint64_t x = args[var / DD_BITS];

		f = x >> (DD_BITS - 1 - var % DD_BITS) & 1 ? m->v[f].one :
							     m->v[f].zero;
	}
	return m->v[f].zero;
}

/* all nodes of a function, each once */
static size_t reach(const struct dd *m, dd_t f, dd_t **to)
{
	uint8_t *seen = xcalloc(m->n, 1);
	size_t n = 0, at = 0;
	dd_t *v = NULL, next[2];
	int i;

	seen[f] = 1;
	v = profile_grow(v, n, sizeof(*v));
	v[n++] = f;
	while (at < n) {
		f = v[at++];
		if (m->v[f].var == END)
			continue;
		next[0] = m->v[f].zero;
		next[1] = m->v[f].one;
		for (i = 0; i < 2; i++) {
			if (seen[next[i]])
				continue;
			seen[next[i]] = 1;
			v = profile_grow(v, n, sizeof(*v));
			v[n++] = next[i];
		}
	}
	free(seen);
	*to = v;
	return n;
}

/**
 * dd_values() - all values of a function
 * @m: the place
 * @f: the function
 * @v: set to an array that the caller frees
 * @n: set to how many there are
 */
void dd_values(struct dd *m, dd_t f, uint32_t **v, size_t *n)
{
	dd_t *all;
	size_t i, count = reach(m, f, &all);

	*v = NULL;
	*n = 0;
	for (i = 0; i < count; i++) {
		if (m->v[all[i]].var != END)
			continue;
		*v = profile_grow(*v, *n, sizeof(**v));
		(*v)[(*n)++] = m->v[all[i]].zero;
	}
	free(all);
}

/**
 * dd_example() - a point at which a function has a value
 * @m: the place
 * @f: the function
 * @value: the value
 * @args: set to the point with the smallest values
 *
 * Return: false if there is none.
 */
bool dd_example(struct dd *m, dd_t f, uint32_t value,
		uint64_t args[PROFILE_MAX_ARGS])
{
	memset(args, 0, PROFILE_MAX_ARGS * sizeof(*args));
	f = dd_equals(m, f, value);
	if (f == m->no)
		return false;
	while (m->v[f].var != END) {
		unsigned int var = m->v[f].var;

		if (m->v[f].zero != m->no) {
			f = m->v[f].zero;
			continue;
		}
		args[var / DD_BITS] |= 1ULL << (DD_BITS - 1 - var % DD_BITS);
		f = m->v[f].one;
	}
	return true;
}
