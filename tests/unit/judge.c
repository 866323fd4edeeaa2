// SPDX-License-Identifier: GPL-2.0
/*
 * Results of the algebra, against the filters that libseccomp makes of inputs
 * and results, point by point.  Of the algebra's own means only the child that
 * makes filters and the interpreter of BPF are used; no filter that the algebra
 * has kept is.
 */
#include "judge.h"
#include "format/format.h"
#include "lib/util.h"
#include "profile/meaning.h"
#include "random_profile.h"

#define MAX_VALUES	24

struct points {
	uint64_t v[3][MAX_VALUES];
	size_t n[3];
};

static void add_value(struct points *p, unsigned int index, uint64_t x)
{
	size_t i;

	for (i = 0; i < p->n[index]; i++)
		if (p->v[index][i] == x)
			return;
	if (p->n[index] < MAX_VALUES)
		p->v[index][p->n[index]++] = x;
}

/* around every value that rules for a call compare with */
static void points_of(struct points *p, const struct profile *q,
		      const char *name)
{
	size_t i, j;

	for (i = 0; i < q->n_rules; i++)
		for (j = 0; strset_has(&q->rules[i].names, name) &&
		     j < q->rules[i].n_args; j++) {
			const struct profile_arg *a = &q->rules[i].args[j];

			if (a->index > 2)
				continue;
			add_value(p, a->index, a->value);
			add_value(p, a->index, a->value - 1);
			add_value(p, a->index, a->value + 1);
			if (a->op != PO_MASKED_EQ)
				continue;
			add_value(p, a->index, a->value_two);
			add_value(p, a->index, a->value_two & a->value);
			add_value(p, a->index, (a->value_two & a->value) |
				  (~a->value & (0 - a->value)));
			add_value(p, a->index, ~a->value);
		}
}

static const char *const kernels[] = { "4.4", "4.8", "6.1" };

/* what conditions tell apart, and the calls that there are rules for */
struct scope {
	struct strset names;
	struct strset caps;
	bool kernels;
};

static void scope_cond(struct scope *s, const struct profile_cond *c)
{
	strset_join(&s->caps, &c->caps);
	s->kernels |= !!c->min_kernel;
}

static void scope_of(struct scope *s, const struct profile *p)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		strset_join(&s->names, &p->rules[i].names);
		scope_cond(s, &p->rules[i].includes);
		scope_cond(s, &p->rules[i].excludes);
	}
}

/* all sets of two capabilities; of more none, each alone, and all */
static unsigned int n_caps(const struct scope *s)
{
	return s->caps.n < 3 ? 1U << s->caps.n : s->caps.n + 2;
}

static unsigned int n_envs(const struct scope *s)
{
	return n_caps(s) * (s->kernels ? ARRAY_SIZE(kernels) : 1);
}

static void env_make(const struct scope *s, unsigned int i, struct profile_env *env)
{
	unsigned int set = i % n_caps(s), j;

	memset(env, 0, sizeof(*env));
	for (j = 0; j < s->caps.n; j++)
		if (s->caps.n < 3 ? set & 1U << j : set == j + 1 || set == s->caps.n + 1)
			strset_add(&env->caps, s->caps.v[j]);
	if (s->kernels)
		env->kernel = kernels[i / n_caps(s)];
}

struct trial {
	enum judge_op op;
	const struct profile *p[3];
	struct profile_notes notes;	/* what was said of the result */
	struct bpf f[3];
	struct scope scope;
	unsigned int env;
	bool lost;		/* b permits something that a does not */
	bool differ;
	char **why;
};

static bool noted(const struct trial *t, const char *a, const char *b)
{
	size_t i;

	for (i = 0; i < t->notes.n; i++)
		if (strstr(t->notes.v[i], a) && strstr(t->notes.v[i], b))
			return true;
	return false;
}

/* an ABI of one input only: libseccomp kills the thread, and that is said */
static bool left_out(const struct trial *t, const struct abi *abi)
{
	const char *name = profile_arch_name(abi->token);

	/* which no call comes from on this machine */
	if (abi->token == SCMP_ARCH_AARCH64)
		return !strset_has(&t->p[2]->arches, name);
	return !strset_has(&t->p[2]->arches, name) &&
	       noted(t, name, "left out");
}

static bool is_mux(const char *name)
{
	return !strcmp(name, "socketcall") || !strcmp(name, "ipc");
}

/* what the result must be; errnos of two refusals may be any of three */
static bool fits(const struct trial *t, const struct abi *abi,
		 const char *name, uint32_t a, uint32_t b, uint32_t r)
{
	int x = meaning_rank(a), y = meaning_rank(b), z = meaning_rank(r);
	uint32_t def = profile_action_scmp(t->p[2]->def_action,
					   t->p[2]->def_errno);
	bool either = r == a || r == b || r == def;
	int want = t->op == JUDGE_MERGE ? (x > y ? x : y) :
		   t->op == JUDGE_INTERSECT ? (x < y ? x : y) : x;

	if (z == PA_KILL_THREAD && (x == PA_KILL_PROCESS ||
				    y == PA_KILL_PROCESS) && left_out(t, abi))
		return true;
	/* a rule for socketcall itself must not repeat the default: that is said */
	if (want == PA_ERRNO && z == want && is_mux(name) &&
	    noted(t, "the errno may be", name))
		return true;
	switch (t->op) {
	case JUDGE_MERGE:
	case JUDGE_INTERSECT:
		return z == want && either;
	case JUDGE_SUBTRACT:
		if (meaning_permits(a) && !meaning_permits(b))
			return r == a;
		if (meaning_permits(a))
			return !meaning_permits(r);
		return r == a;
	case JUDGE_OLD:
		return r == a || (x == PA_ERRNO && z == x);
	default:
		return r == a;
	}
}

static enum judge_verdict at_point(struct trial *t, const struct abi *abi,
				   const char *name, int nr,
				   const uint64_t args[PROFILE_MAX_ARGS])
{
	uint32_t r[3] = { 0 };
	size_t i;

	for (i = 0; i < 3 && t->p[i]; i++)
		r[i] = meaning_at(&t->f[i], abi, nr, args);
	t->differ |= r[0] != r[1];
	t->lost |= meaning_permits(r[1]) && !meaning_permits(r[0]);
	if (!t->p[2] || fits(t, abi, name, r[0], r[1], r[2]))
		return JUDGE_RIGHT;
	*t->why = xasprintf("%s in %s, place %u, 0x%llx 0x%llx 0x%llx: %x %x gives %x",
			    name, profile_arch_name(abi->token), t->env,
			    (unsigned long long)args[0],
			    (unsigned long long)args[1],
			    (unsigned long long)args[2], r[0], r[1], r[2]);
	return JUDGE_WRONG;
}

static enum judge_verdict at_name(struct trial *t, const struct abi *abi,
				  const char *name)
{
	static const unsigned int through[] = { 1, 2, 3, 4, 5, 23 };
	uint64_t args[PROFILE_MAX_ARGS] = { 0 };
	struct points p = { 0 };
	enum judge_verdict v = JUDGE_RIGHT;
	int nr = meaning_number(abi, name);
	size_t i, x, y, z;

	if (nr < 0)
		return JUDGE_RIGHT;
	for (i = 0; i < 3; i++) {
		add_value(&p, i, 0);
		add_value(&p, i, 0x5a5a5a5a5a5a5a5a);
	}
	for (i = 0; i < 3 && t->p[i]; i++)
		points_of(&p, t->p[i], name);
	/* socket, connect, accept, semtimedop, shmget, and what no rule is about: rules come */
	for (i = 0; is_mux(name) && i < ARRAY_SIZE(through); i++)
		add_value(&p, 0, through[i]);
	for (i = 0; is_mux(name) && i < 3 * RANDOM_NAMES; i++)
		if (t->p[i % 3] && profile_name_multiplexed(random_names[i / 3]))
			points_of(&p, t->p[i % 3], random_names[i / 3]);
	for (x = 0; x < p.n[0] && v == JUDGE_RIGHT; x++)
		for (y = 0; y < p.n[1] && v == JUDGE_RIGHT; y++)
			for (z = 0; z < p.n[2] && v == JUDGE_RIGHT; z++) {
				args[0] = p.v[0][x];
				args[1] = p.v[1][y];
				args[2] = p.v[2][z];
				if (abi->token == SCMP_ARCH_X86)
					for (i = 0; i < 3; i++)
						args[i] &= UINT32_MAX;
				v = at_point(t, abi, name, nr, args);
			}
	return v;
}

static enum judge_verdict in_place(struct trial *t)
{
	static const uint32_t abis[] = {
		SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32,
		SCMP_ARCH_AARCH64,
	};
	enum judge_verdict v = JUDGE_RIGHT;
	struct filter_job j[3] = { 0 };
	struct profile_env env;
	size_t i, k, n;

	env_make(&t->scope, t->env, &env);
	for (n = 0; n < 3 && t->p[n]; n++)
		j[n] = (struct filter_job){ .p = t->p[n], .env = &env };
	meaning_compile(j, n, MEANING_MS);
	for (i = 0; i < n; i++) {
		t->f[i] = j[i].bpf;
		if (j[i].refused && v == JUDGE_RIGHT) {
			v = i < 2 ? JUDGE_INPUT : j[i].endless ?
			    JUDGE_ENDLESS : JUDGE_UNLOADABLE;
			*t->why = xstrdup(j[i].refused);
		}
		free(j[i].refused);
	}
	for (i = 0; i < ARRAY_SIZE(abis) && v == JUDGE_RIGHT; i++) {
		const struct abi abi = meaning_abi(abis[i]);

		for (k = 0; k < t->scope.names.n && v == JUDGE_RIGHT; k++)
			v = at_name(t, &abi, t->scope.names.v[k]);
	}
	for (i = 0; i < n; i++)
		bpf_free(&t->f[i]);
	strset_free(&env.caps);
	return v;
}

static enum judge_verdict in_places(struct trial *t)
{
	enum judge_verdict v = JUDGE_RIGHT;
	size_t i;

	/* calls that no rule names are as good as any */
	for (i = 0; i < RANDOM_NAMES; i++)
		strset_add(&t->scope.names, random_names[i]);
	for (i = 0; i < 2 && t->p[i]; i++)
		scope_of(&t->scope, t->p[i]);
	for (t->env = 0; t->env < n_envs(&t->scope) && v == JUDGE_RIGHT; t->env++)
		v = in_place(t);
	strset_free(&t->scope.names);
	strset_free(&t->scope.caps);
	return v;
}

static struct profile *written(const struct profile *a, enum format f, struct error **err)
{
	cleanup_free char *text = format_write(a, f, NULL, NULL, err);

	return text ? format_read(text, strlen(text), f, NULL, NULL, err) : NULL;
}

/*
 * To a format that has all that a profile can say: podman's has no kernels, Docker's no
 * dependable default of ENOSYS
 */
static struct profile *convert(const struct profile *a, struct error **err)
{
	enum format f = FORMAT_PODMAN;
	size_t i;

	for (i = 0; i < a->n_rules; i++)
		if (a->rules[i].includes.min_kernel ||
		    a->rules[i].excludes.min_kernel)
			f = profile_default_errno(a) == ENOSYS ? FORMAT_AUTO :
								 FORMAT_DOCKER;
	if (f == FORMAT_AUTO)
		return profile_dup(a);
	return written(a, f, err);
}

/* what check and diff say, against what all points say */
static enum judge_verdict compared(struct trial *t)
{
	struct error *err = NULL;
	struct differences d;
	enum judge_verdict v;
	bool said, is;

	if (t->op == JUDGE_CHECK ? algebra_missing(t->p[0], t->p[1], &d, &err) :
				   algebra_diff(t->p[0], t->p[1], &d, &err)) {
		/* because of an input? */
		v = in_places(t);
		if (v == JUDGE_RIGHT) {
			v = JUDGE_REFUSED;
			*t->why = xstrdup(err->text);
		}
		error_free(err);
		return v;
	}
	said = d.n;
	differences_free(&d);
	v = in_places(t);
	if (v != JUDGE_RIGHT)
		return v;
	is = t->op == JUDGE_CHECK ? t->lost : t->differ;
	/* points are fewer than values: only what they show must be said */
	if (!is || said)
		return JUDGE_RIGHT;
	*t->why = xstrdup("a difference was not said");
	return JUDGE_WRONG;
}

/**
 * judge() - do an operation, and look at what libseccomp makes of the result
 * @op: the operation
 * @a: one profile
 * @b: the other
 * @why: set unless all is right, for free()
 *
 * Return: the verdict.
 */
enum judge_verdict judge(enum judge_op op, const struct profile *a,
			 const struct profile *b, char **why)
{
	struct trial t = { .op = op, .p = { a, b }, .why = why };
	struct error *err = NULL;
	struct profile *r = NULL, *old = NULL;
	enum judge_verdict v;

	*why = NULL;
	switch (op) {
	case JUDGE_MERGE:
		r = algebra_union(a, b, &t.notes, &err);
		break;
	case JUDGE_INTERSECT:
		r = algebra_intersect(a, b, &t.notes, &err);
		break;
	case JUDGE_SUBTRACT:
		r = algebra_subtract(a, b, &t.notes, &err);
		break;
	case JUDGE_SELF:
		t.p[1] = a;
		r = algebra_union(a, a, &t.notes, &err);
		break;
	case JUDGE_CONVERT:
		t.p[1] = a;
		r = convert(a, &err);
		break;
	case JUDGE_OLD:
		/* whose default becomes another one */
		old = profile_dup(a);
		if (old->def_action == PA_ERRNO)
			profile_set_default(old, PA_ERRNO, ENOSYS);
		t.p[0] = old;
		t.p[1] = old;
		/* with rules for newer calls the filter of another one would load the number */
		if (profile_verify(old, NULL, NULL, false, &err)) {
			*why = xstrdup(err->text);
			error_free(err);
			profile_free(old);
			return JUDGE_INPUT;
		}
		r = written(old, FORMAT_DOCKER, &err);
		break;
	default:
		return compared(&t);
	}
	if (!r) {
		/* because of an input? */
		v = in_places(&t);
		if (v == JUDGE_RIGHT) {
			v = JUDGE_REFUSED;
			*why = xstrdup(err->text);
		}
		error_free(err);
	} else {
		t.p[2] = r;
		v = in_places(&t);
		profile_free(r);
	}
	profile_notes_free(&t.notes);
	profile_free(old);
	return v;
}
