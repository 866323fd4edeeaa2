// SPDX-License-Identifier: GPL-2.0
/* Would a profile let pass what was recorded? See gate.h. */

#include <sys/utsname.h>
#include "gate.h"
#include "lib/names.h"
#include "record/value.h"

/* Of so many capabilities that one call's rules depend on, all combinations are tried */
#define MAX_CAPS	6

/* An x32 call as a filter sees it */
#define X32_BIT		0x40000000

struct gate_place {
	struct strset caps;
	struct bpf bpf;
};

static struct profile_env env_of(const struct gate *g, const struct strset *caps)
{
	struct profile_env env = g->env;

	env.caps = *caps;
	return env;
}

/* The filter for a container with these capabilities: made once */
static const struct bpf *filter(struct gate *g, const struct strset *caps,
				struct error **err)
{
	struct gate_place *new;
	struct profile_env env;
	size_t i;

	for (i = 0; i < g->n_place; i++)
		if (!strset_cmp(&g->place[i].caps, caps))
			return &g->place[i].bpf;
	g->place = xrealloc(g->place, g->n_place + 1, sizeof(*g->place));
	new = &g->place[g->n_place];
	memset(new, 0, sizeof(*new));
	env = env_of(g, caps);
	if (meaning_filter(g->p, &env, false, &new->bpf, err) < 0)
		return NULL;
	strset_copy(&new->caps, caps);
	g->n_place++;
	return &new->bpf;
}

/**
 * gate_open() - make ready to ask what a profile would refuse
 * @g: for gate_close()
 * @p: the profile, which must stay
 * @native: the kernel's own ABI, 0: this program's
 * @caps: the container's capabilities; NULL: they are not known
 * @kernel: "6.1", or NULL for the running one
 * @err: why no filter can be made of the profile
 *
 * Return: 0, or -1 and @err.
 */
int gate_open(struct gate *g, const struct profile *p, uint32_t native,
	      const struct strset *caps, const char *kernel, struct error **err)
{
	unsigned int x, y;
	struct utsname u;

	memset(g, 0, sizeof(*g));
	g->p = p;
	g->env.arch = profile_arch_short(native ? native : names_native());
	g->caps_known = caps;
	if (caps)
		strset_copy(&g->env.caps, caps);
	if (kernel)
		snprintf(g->kernel, sizeof(g->kernel), "%s", kernel);
	else if (!uname(&u) && sscanf(u.release, "%u.%u", &x, &y) == 2)
		snprintf(g->kernel, sizeof(g->kernel), "%u.%u", x, y);
	g->env.kernel = *g->kernel ? g->kernel : NULL;
	return filter(g, &g->env.caps, err) ? 0 : -1;
}

/**
 * gate_close() - release what gate_open() took
 * @g: the gate, or zeroes
 */
void gate_close(struct gate *g)
{
	size_t i;

	for (i = 0; i < g->n_place; i++) {
		strset_free(&g->place[i].caps);
		bpf_free(&g->place[i].bpf);
	}
	free(g->place);
	strset_free(&g->env.caps);
	memset(g, 0, sizeof(*g));
}

/* On i386 and others libseccomp makes rules of socketcall from those of socket */
static bool concerns(const struct profile_rule *r, const char *name)
{
	bool all = profile_multiplexer(name);
	size_t i;

	for (i = 0; i < r->names.n; i++)
		if (!strcmp(r->names.v[i], name) ||
		    (all && profile_name_multiplexed(r->names.v[i])))
			return true;
	return false;
}

static void caps_of(const struct gate *g, const char *name, struct strset *caps)
{
	size_t i;

	for (i = 0; name && i < g->p->n_rules; i++) {
		const struct profile_rule *r = &g->p->rules[i];

		if (!concerns(r, name))
			continue;
		strset_join(caps, &r->includes.caps);
		strset_join(caps, &r->excludes.caps);
	}
}

static uint32_t permitted(void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	(void)b;
	return meaning_permits(a);
}

/* What is known of a call: the arguments that it may have had, and must have had */
struct known {
	uint32_t arch;
	int64_t nr;
	/* makes the conditions; NULL: nothing is known of the arguments */
	void (*conditions)(struct dd *m, const struct known *k, dd_t *may, dd_t *must);
	const struct sctrace_value *v;
	uint64_t flags;
};

static int ask_place(struct gate *g, const struct strset *caps, const struct known *k,
		     enum verdict *to, uint32_t *answer, struct error **err)
{
	const struct bpf *b = filter(g, caps, err);
	struct abi abi = meaning_abi(k->arch);
	uint32_t nr = k->nr;
	uint64_t args[PROFILE_MAX_ARGS];
	dd_t f, ok, may, must;
	struct dd *m;
	bool full;

	if (!b)
		return -1;
	if (k->arch == SCTRACE_ARCH_X32)
		nr |= X32_BIT;
	m = dd_new();
	f = meaning_of(b, m, &abi, nr);
	ok = dd_apply(m, permitted, NULL, f, f);
	may = dd_value(m, 1);
	must = may;
	if (k->conditions)
		k->conditions(m, k, &may, &must);
	if (dd_within(m, may, ok)) {
		*to = GATE_PERMITS;
	} else if (dd_and(m, must, ok) == dd_value(m, 0)) {
		*to = GATE_REFUSES;
		if (dd_example(m, must, 1, args))
			*answer = dd_eval(m, f, args);
	} else {
		*to = GATE_BY_ARGS;
	}
	full = dd_full(m);
	dd_free(m);
	if (full)
		return error_make(err, ST_FAILED, 0,
				  "the rules of the profile are too many to follow");
	return 0;
}

static int ask(struct gate *g, const struct known *k, enum verdict *to,
	       uint32_t *answer, struct error **err)
{
	cleanup_free char *name = NULL;
	struct strset caps = { 0 };
	unsigned int combination;
	int ret = 0;
	size_t i;

	if (g->caps_known)
		return ask_place(g, &g->env.caps, k, to, answer, err);
	name = names_syscall(k->arch, names_bit(&(uint32_t){ k->arch }, k->nr));
	caps_of(g, name, &caps);
	*to = GATE_BY_CAPS;
	for (combination = 0; caps.n <= MAX_CAPS && combination < 1u << caps.n;
	     combination++) {
		struct strset some = { 0 };
		enum verdict here;

		for (i = 0; i < caps.n; i++)
			if (combination >> i & 1)
				strset_add(&some, caps.v[i]);
		ret = ask_place(g, &some, k, &here, answer, err);
		strset_free(&some);
		if (ret < 0)
			break;
		if (!combination || here == GATE_BY_ARGS)
			*to = here;
		else if (here != *to && *to != GATE_BY_ARGS)
			*to = GATE_BY_CAPS;
	}
	strset_free(&caps);
	return ret;
}

/**
 * gate_number() - would a call be refused, whatever its arguments were?
 * @g: the gate
 * @arch: its ABI
 * @nr: its number, as names_number() has it
 * @to: gets the verdict
 * @answer: of GATE_REFUSES: what the filter says, SECCOMP_RET_* with data
 * @err: why it cannot be asked
 *
 * Return: 0, or -1 and @err.
 */
int gate_number(struct gate *g, uint32_t arch, int64_t nr, enum verdict *to,
		uint32_t *answer, struct error **err)
{
	const struct known k = { .arch = arch, .nr = nr };

	return ask(g, &k, to, answer, err);
}

/* Argument @i of an enumeration: the whole register, or half of it */
static dd_t equals(struct dd *m, const struct sctrace_value *v, unsigned int i)
{
	struct profile_arg a = {
		.index = v->index[i], .op = PO_EQ, .value = v->arg[i],
	};

	if (!(v->wide >> i & 1) && v->upper >> i & 1) {
		a.op = PO_MASKED_EQ;
		a.value = UINT32_MAX;
		a.value_two = v->arg[i];
	}
	return dd_compare(m, &a, false);
}

static dd_t upper_is_set(struct dd *m, const struct sctrace_value *v, unsigned int i)
{
	const struct profile_arg zero = {
		.index = v->index[i], .op = PO_MASKED_EQ,
		.value = ~(uint64_t)UINT32_MAX,
	};

	return dd_minus(m, dd_value(m, 1), dd_compare(m, &zero, false));
}

static void enumeration(struct dd *m, const struct known *k, dd_t *may, dd_t *must)
{
	const struct sctrace_value *v = k->v;
	unsigned int i;

	for (i = 0; i < v->num; i++)
		*may = dd_and(m, *may, equals(m, v, i));
	*must = *may;
	/* once or more a register's upper half was set; not in the same call, perhaps */
	for (i = 0; i < v->num; i++)
		if (v->upper >> i & 1) {
			*must = dd_and(m, *must, upper_is_set(m, v, i));
			break;
		}
}

/*
 * The bits of @v were all in one call, with none that are not in @k->flags; and not with both of
 * those that are told apart.
 */
static void flags(struct dd *m, const struct known *k, dd_t *may, dd_t *must)
{
	const struct sctrace_value *v = k->v;
	uint64_t width = v->wide & 1 || !(v->upper & 1) ? UINT64_MAX : UINT32_MAX;
	const struct profile_arg there = {
		.index = v->index[0], .op = PO_MASKED_EQ,
		.value = v->arg[0], .value_two = v->arg[0],
	}, no_other = {
		.index = v->index[0], .op = PO_MASKED_EQ,
		.value = ~k->flags & width,
	}, both = {
		.index = v->index[0], .op = PO_MASKED_EQ,
		.value = SCTRACE_WATCHED_BOTH, .value_two = SCTRACE_WATCHED_BOTH,
	};

	*may = dd_and(m, *may, dd_compare(m, &no_other, false));
	if (v->arg[0])
		*may = dd_and(m, *may, dd_compare(m, &there, false));
	if (!value_has_both(v))
		*may = dd_minus(m, *may, dd_compare(m, &both, false));
	*must = *may;
}

/**
 * gate_value() - would a call with a value that was recorded be refused?
 * @g: the gate
 * @v: the value; of flags, the bits that were new
 * @before: of flags: all that were seen before of this number and kind
 * @to: gets the verdict
 * @answer: as for gate_number()
 * @err: why it cannot be asked
 *
 * Return: 0, or -1 and @err.
 */
int gate_value(struct gate *g, const struct sctrace_value *v, uint64_t before,
	       enum verdict *to, uint32_t *answer, struct error **err)
{
	struct known k = {
		.arch = v->arch, .nr = v->nr, .v = v,
		.flags = before | v->arg[0],
		.conditions = v->how == SCTRACE_HOW_FLAGS ? flags : enumeration,
	};
	unsigned int i;

	/* no filter looks at memory, nor at arguments that a newer module may tell of */
	for (i = 0; i < v->num; i++)
		if (v->index[i] >= PROFILE_MAX_ARGS)
			k.conditions = NULL;
	return ask(g, &k, to, answer, err);
}

/**
 * gate_flags() - may a call with some of the flags that were recorded be refused?
 * @g: the gate
 * @v: any value of the number and kind
 * @all: the flags that were seen, in whichever calls
 * @to: gets the verdict
 * @err: why it cannot be asked
 *
 * Return: 0, or -1 and @err.
 */
int gate_flags(struct gate *g, const struct sctrace_value *v, uint64_t all,
	       enum verdict *to, struct error **err)
{
	const struct sctrace_value none = {
		.arch = v->arch, .nr = v->nr, .how = SCTRACE_HOW_FLAGS, .num = 1,
		.index = { v->index[0] }, .wide = v->wide, .upper = v->upper,
		.apart = v->apart,
	};
	uint32_t answer;

	return gate_value(g, &none, all, to, &answer, err);
}
