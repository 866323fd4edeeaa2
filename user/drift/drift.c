// SPDX-License-Identifier: GPL-2.0
/* What a record has that a profile would refuse, see drift.h. */

#include "drift.h"
#include "lib/names.h"
#include "profile/derive.h"
#include "record/value.h"

/* One number of one kind, and what is known of it */
struct number {
	const struct record *r;
	uint32_t arch;
	unsigned int bit;
	int64_t nr;
	unsigned int kind;
	const struct sctrace_watched *as;	/* the call that takes its place, or NULL */
	int64_t as_nr;
	bool both;	/* of flags: value_has_both() was so of one that was judged */
};

/* What a profile would be made of, and what the container's filter refused */
static bool counts(unsigned int kind)
{
	return derive_wants(kind, false) || derive_is_refused(kind);
}

static char *key(const struct number *n, const struct sctrace_value *v, const char *what)
{
	return v ? xasprintf("%x %lld %llx %llx %llx %s", n->arch, (long long)n->nr,
			     (unsigned long long)v->arg[0], (unsigned long long)v->arg[1],
			     (unsigned long long)v->arg[2], what) :
		   xasprintf("%x %lld %s", n->arch, (long long)n->nr, what);
}

/* Is this the first time that it is asked? */
static bool fresh(struct drift *d, const struct number *n, const struct sctrace_value *v,
		  const char *what)
{
	cleanup_free char *k = key(n, v, what);

	return strset_add(&d->done, k);
}

static struct drift_item *add(struct drift *d, const struct number *n, enum verdict verdict)
{
	struct drift_item *i;

	d->v = xrealloc(d->v, d->n + 1, sizeof(*d->v));
	i = &d->v[d->n++];
	memset(i, 0, sizeof(*i));
	i->verdict = verdict;
	i->was_refused = n->kind & SCTRACE_KIND_REFUSED && !d->include_refused;
	i->arch = n->arch;
	i->nr = n->nr;
	i->kind = n->kind;
	i->name = names_syscall_text(n->arch, n->bit);
	i->call = xstrdup(i->name);
	i->abi = names_abi_text(n->arch);
	return i;
}

/* Who made the call first: was it refused, or not? */
static void sight(struct drift_item *i, const struct record *r)
{
	const struct sctrace_sighting *s;
	unsigned int kind;
	size_t k;

	for (k = 0; k < r->n_sighting; k++) {
		s = &r->sighting[k];
		kind = s->kind & (KIND_COUNT - 1);
		if (s->arch != i->arch || s->nr != i->nr || (i->seen && s->time >= i->time) ||
		    !counts(kind) || (kind ^ i->kind) & SCTRACE_KIND_REFUSED)
			continue;
		i->seen = true;
		i->kind = kind;
		i->time = s->time;
		i->pid = s->pid;
		i->delayed = s->kind & SCTRACE_KIND_DELAYED;
		memcpy(i->comm, s->comm, sizeof(i->comm));
	}
}

static void sight_value(struct drift_item *i, const struct sctrace_value *v)
{
	cleanup_free char *args = value_names(i->name, v);

	free(i->call);
	i->call = xasprintf("%s(%s)", i->name, args);
	if (!*v->comm)
		return;
	i->seen = true;
	i->time = v->time;
	i->pid = v->pid;
	memcpy(i->comm, v->comm, sizeof(i->comm));
}

static bool is_of(const struct number *n, const struct sctrace_value *v)
{
	return v->arch == n->arch && v->nr == n->nr && v->kind == n->kind;
}

static const char *why_open(enum verdict verdict)
{
	return verdict == GATE_BY_CAPS ?
	       "the profile decides by the container's capabilities, which are not known: --caps names them" :
	       "the profile decides by arguments that are not recorded";
}

/*
 * A filter cannot see the flags of clone3: a profile that looks at those of clone answers
 * clone3 with ENOSYS, and the C library calls clone with the same flags instead. That is what
 * is judged then. The signal, which clone3 has elsewhere, is not known.
 */
#define CLONE_FLAGS	0xffffff00ULL
#define CLONE_SIGNAL	0xff

static void take_place(struct number *n)
{
	int nr = seccomp_syscall_resolve_name_arch(n->arch, "clone");
	uint32_t arch = n->arch;

	if (nr < 0)
		return;
	n->as_nr = names_number(arch, names_bit(&arch, nr));
	n->as = value_row(n->arch, "clone");
}

static bool falls_back(const struct number *n, enum verdict verdict, uint32_t answer)
{
	cleanup_free char *name = names_syscall_text(n->arch, n->bit);

	return verdict == GATE_REFUSES && answer == (SECCOMP_RET_ERRNO | ENOSYS) &&
	       !strcmp(name, "clone3");
}

/* What the filter is asked about: the value, or what takes its place */
static struct sctrace_value asked(const struct number *n, const struct sctrace_value *v,
				  uint64_t *before)
{
	struct sctrace_value to = *v;

	/* A later call may have had them beside what was new in it */
	if (n->both)
		to.apart = 0;
	if (!n->as)
		return to;
	to.nr = n->as_nr;
	to.index[0] = n->as->first;
	to.wide = 1;
	to.upper = 0;
	to.arg[0] &= CLONE_FLAGS;
	*before = (*before & CLONE_FLAGS) | CLONE_SIGNAL;
	return to;
}

static int judge_value(struct drift *d, const struct number *n,
		       const struct sctrace_value *v, uint64_t before, struct error **err)
{
	struct drift_item *i;
	struct sctrace_value ask;
	enum verdict verdict;
	uint32_t answer = 0;

	if (!fresh(d, n, v, n->kind & SCTRACE_KIND_REFUSED ? "r" : ""))
		return 0;
	d->judged++;
	ask = asked(n, v, &before);
	if (gate_value(d->gate, &ask, before, &verdict, &answer, err) < 0)
		return -1;
	if (verdict == GATE_PERMITS)
		return 0;
	i = add(d, n, verdict);
	sight_value(i, v);
	i->answer = answer;
	if (verdict != GATE_REFUSES)
		i->why = xstrdup(ask.upper ? "the profile compares more than the kernel looks at, and not all of that is recorded" :
				 why_open(verdict));
	return 0;
}

static void open_item(struct drift *d, const struct number *n, const char *why)
{
	struct drift_item *i;

	if (!fresh(d, n, NULL, why))
		return;
	i = add(d, n, GATE_BY_ARGS);
	sight(i, n->r);
	i->why = xstrdup(why);
}

/* Once all values of a number are judged: what else may there be? */
static int judge_rest(struct drift *d, const struct number *n,
		      const struct sctrace_value *any, uint64_t flags, const char *open,
		      struct error **err)
{
	cleanup_free char *text = NULL;
	enum verdict verdict = GATE_PERMITS;
	struct sctrace_value ask;
	unsigned int why;

	for (why = 0; !open && n->r->open >> why; why++)
		if (n->r->open >> why & 1)
			open = value_open_text(why);
	if (!any && !open) {
		open_item(d, n, why_open(GATE_BY_ARGS));
		return 0;
	}
	if (open) {
		text = xasprintf("the profile decides by arguments, and not all are known: %s", open);
		open_item(d, n, text);
		return 0;
	}
	if (any->how != SCTRACE_HOW_FLAGS)
		return 0;
	ask = asked(n, any, &flags);
	if (gate_flags(d->gate, &ask, flags, &verdict, err) < 0)
		return -1;
	if (verdict == GATE_BY_ARGS)
		open_item(d, n, "the profile permits some combinations of flags only, and which were used together is recorded only where one was new");
	return 0;
}

static int judge_values(struct drift *d, struct number *n, struct error **err)
{
	const struct sctrace_value *any = NULL;
	struct sctrace_value last = { 0 };
	size_t i, before = d->n;
	cleanup_free char *found = NULL;
	const char *open = NULL;
	uint64_t flags = 0;

	n->both = false;
	for (i = 0; i < n->r->n_value; i++) {
		const struct sctrace_value *v = &n->r->value[i];

		if (!is_of(n, v))
			continue;
		if (v->how == SCTRACE_HOW_OPEN) {
			open = value_open_text(v->why);
			continue;
		}
		if (judge_value(d, n, v, flags, err) < 0)
			return -1;
		if (v->how == SCTRACE_HOW_FLAGS) {
			flags |= v->arg[0];
			n->both |= value_has_both(v);
		}
		last.upper |= v->upper;
		any = v;
	}
	/* one finding is enough to say of a number */
	found = key(n, NULL, "found");
	if (d->n != before)
		strset_add(&d->done, found);
	if (strset_has(&d->done, found) && !open)
		return 0;
	if (any) {
		uint8_t upper = last.upper;

		last = *any;
		last.upper = upper;
		any = &last;
	}
	return judge_rest(d, n, any, flags, open, err);
}

static int judge_number(struct drift *d, struct number *n, struct error **err)
{
	const char *how = n->kind & SCTRACE_KIND_REFUSED ? "refused" : "made";
	cleanup_free char *k = key(n, NULL, how);
	enum verdict verdict = GATE_BY_ARGS;
	uint32_t answer = 0;
	struct drift_item *i;

	if (strset_has(&d->done, k))
		return 0;
	n->as = NULL;
	if (strset_has(&d->by_clone, k))
		take_place(n);
	else if (!strset_has(&d->by_args, k) &&
		 gate_number(d->gate, n->arch, n->nr, &verdict, &answer, err) < 0)
		return -1;
	if (falls_back(n, verdict, answer)) {
		take_place(n);
		if (n->as && gate_number(d->gate, n->arch, n->as_nr, &verdict, &answer, err) < 0)
			return -1;
		if (n->as && verdict == GATE_BY_ARGS)
			strset_add(&d->by_clone, k);
	}
	if (verdict == GATE_BY_ARGS) {
		strset_add(&d->by_args, k);
		return judge_values(d, n, err);
	}
	strset_add(&d->done, k);
	d->judged++;
	if (verdict == GATE_PERMITS)
		return 0;
	i = add(d, n, verdict);
	i->answer = answer;
	sight(i, n->r);
	if (verdict == GATE_BY_CAPS)
		i->why = xstrdup(why_open(verdict));
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct drift_item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return strcmp(x->call, y->call);
}

/**
 * drift_look() - judge what a record has and was not judged yet
 * @d: the drift, with its gate
 * @r: the record, with sightings and values
 * @first: gets the index of the first finding that is new
 * @err: why it cannot be judged
 *
 * What counts is what a profile would be made of: see derive_wants().
 *
 * Return: 0, or -1 and @err.
 */
int drift_look(struct drift *d, const struct record *r, size_t *first, struct error **err)
{
	struct number n = { .r = r };
	size_t i;
	int bit;

	*first = d->n;
	for (i = 0; i < r->n_abi; i++) {
		n.arch = r->abi[i].arch;
		for (n.kind = 0; n.kind < KIND_COUNT; n.kind++) {
			if (!counts(n.kind))
				continue;
			for_each_nr(bit, &r->abi[i].kind[n.kind]) {
				n.bit = bit;
				n.nr = names_number(n.arch, bit);
				if (judge_number(d, &n, err) < 0)
					return -1;
			}
		}
	}
	if (d->n > *first)
		qsort(d->v + *first, d->n - *first, sizeof(*d->v), by_time);
	return 0;
}

/**
 * drift_count() - how much was found
 * @d: the drift
 * @open: what cannot be judged, or else what is refused
 *
 * Return: the number of findings; not of those that only the container's filter refused.
 */
size_t drift_count(const struct drift *d, bool open)
{
	size_t i, n = 0;

	for (i = 0; i < d->n; i++)
		n += !d->v[i].was_refused && (d->v[i].verdict != GATE_REFUSES) == open;
	return n;
}

/**
 * drift_refused() - what the container's filter refused, and the profile would, too
 * @d: the drift
 *
 * Return: names, for free(), or NULL when there is nothing.
 */
char *drift_refused(const struct drift *d)
{
	struct strset names = { 0 };
	char *text = NULL;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->v[i].was_refused && d->v[i].verdict == GATE_REFUSES)
			strset_add(&names, d->v[i].call);
	if (names.n)
		text = strset_text(&names, ", ");
	strset_free(&names);
	return text;
}

/**
 * drift_free() - release what was found
 * @d: the drift; not its gate
 */
void drift_free(struct drift *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->v[i].name);
		free(d->v[i].call);
		free(d->v[i].abi);
		free(d->v[i].why);
	}
	free(d->v);
	strset_free(&d->done);
	strset_free(&d->by_args);
	strset_free(&d->by_clone);
	memset(d, 0, sizeof(*d));
}
