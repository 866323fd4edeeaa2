// SPDX-License-Identifier: GPL-2.0
/*
 * The algebra of profiles, by chance: what the result decides is compared with
 * what the inputs decide, point by point, in the model and in the filter that
 * libseccomp makes of it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "profile/bpf.h"
#include "profile/compile.h"
#include "random_profile.h"
#include "lib/util.h"

#define ROUNDS	120

/* every place a random profile's conditions can tell apart */
#define N_ENVS	(2 * 4 * 3)

static void env_make(unsigned int i, struct profile_env *env)
{
	static const char *const kernels[] = { "4.4", "4.8", "6.1" };

	memset(env, 0, sizeof(*env));
	env->arch = i % 2 ? "arm64" : "amd64";
	if (i / 2 % 4 & 1)
		strset_add(&env->caps, "CAP_A");
	if (i / 2 % 4 & 2)
		strset_add(&env->caps, "CAP_B");
	env->kernel = kernels[i / 8];
}

typedef struct profile *(*op_fn)(const struct profile *a,
				 const struct profile *b,
				 struct profile_notes *notes,
				 struct error **err);
typedef void (*judge_fn)(struct decision a, struct decision b,
			 struct decision r);

static bool permits(struct decision d)
{
	return profile_action_permits(d.action);
}

static int rank(struct decision d)
{
	return profile_action_rank(d.action);
}

/* of the result that is being judged */
static int def_errno;

static void judge_union(struct decision a, struct decision b, struct decision r)
{
	assert_int_equal(rank(r), rank(a) > rank(b) ? rank(a) : rank(b));
	/* where only defaults had a say, the errno may be the new default's */
	assert_true(r.errno_ret == a.errno_ret ||
		    r.errno_ret == b.errno_ret || r.errno_ret == def_errno);
}

static void judge_wider(struct decision a, struct decision b, struct decision r)
{
	if (permits(a) || permits(b))
		assert_true(permits(r));
}

static void judge_intersect(struct decision a, struct decision b,
			    struct decision r)
{
	assert_int_equal(rank(r), rank(a) < rank(b) ? rank(a) : rank(b));
}

static void judge_subtract(struct decision a, struct decision b,
			   struct decision r)
{
	assert_int_equal(permits(r), permits(a) && !permits(b));
	if (!permits(a))
		assert_int_equal(rank(r), rank(a));
}

/* compare everywhere; the values reach beyond all that are compared with */
static void everywhere(const struct profile *a, const struct profile *b,
		       const struct profile *r, judge_fn judge,
		       unsigned int what)
{
	uint64_t args[PROFILE_MAX_ARGS] = { 0 };
	unsigned int e, i, x, y;

	def_errno = profile_default_errno(r);
	for (e = 0; e < (what & RANDOM_CONDS ? N_ENVS : 1); e++) {
		struct profile_env env;

		env_make(e, &env);
		for (i = 0; i <= RANDOM_NAMES; i++) {
			const char *name = i < RANDOM_NAMES ?
					   random_names[i] : "uname";

			for (x = 0; x < (what & RANDOM_ARGS ? 5 : 1); x++)
				for (y = 0; y < (what & RANDOM_ARGS ? 5 : 1); y++) {
					args[0] = x;
					args[1] = y;
					judge(algebra_decide(a, name, &env, args),
					      algebra_decide(b, name, &env, args),
					      algebra_decide(r, name, &env, args));
				}
		}
		strset_free(&env.caps);
	}
}

static void pointwise(op_fn op, judge_fn exact, judge_fn widened,
		      unsigned int what, unsigned int rounds,
		      unsigned int least)
{
	struct chance c = { 20240607 + what };
	unsigned int i, done = 0;

	for (i = 0; i < rounds; i++) {
		struct profile *a = random_profile(&c, what);
		struct profile *b = random_profile(&c, what);
		struct profile_notes notes = { 0 };
		struct error *err = NULL;
		struct profile *r = op(a, b, &notes, &err);
		bool wide = false;
		size_t j;

		for (j = 0; j < notes.n; j++)
			wide |= !!strstr(notes.v[j], "whatever its arguments");
		if (r) {
			everywhere(a, b, r, wide ? widened : exact, what);
			done++;
		} else {
			/* an error names the call that cannot be expressed */
			assert_non_null(strchr(err->text, '`'));
		}
		error_free(err);
		profile_notes_free(&notes);
		profile_free(a);
		profile_free(b);
		profile_free(r);
	}
	/* errors must be the exception, or nothing was tested */
	assert_true(done >= least);
}

static void union_simple(void **state)
{
	(void)state;
	pointwise(algebra_union, judge_union, NULL, RANDOM_ARGS, ROUNDS,
		  ROUNDS);
}

static void union_full(void **state)
{
	(void)state;
	pointwise(algebra_union, judge_union, judge_wider,
		  RANDOM_ARGS | RANDOM_ALL_OPS | RANDOM_CONDS | RANDOM_ACTIONS,
		  ROUNDS / 8, ROUNDS / 16);
}

static void union_conditions(void **state)
{
	(void)state;
	pointwise(algebra_union, judge_union, NULL,
		  RANDOM_CONDS | RANDOM_ACTIONS, ROUNDS / 4, ROUNDS / 4);
}

static void intersect_full(void **state)
{
	(void)state;
	pointwise(algebra_intersect, judge_intersect, NULL,
		  RANDOM_ARGS | RANDOM_ALL_OPS | RANDOM_CONDS | RANDOM_ACTIONS,
		  ROUNDS / 8, ROUNDS / 16);
}

static void subtract_full(void **state)
{
	(void)state;
	pointwise(algebra_subtract, judge_subtract, NULL,
		  RANDOM_ARGS | RANDOM_ALL_OPS | RANDOM_CONDS | RANDOM_ACTIONS,
		  ROUNDS / 8, ROUNDS / 16);
}

static void must_equal(const struct profile *a, const struct profile *b)
{
	struct differences d;
	struct error *err = NULL;

	assert_int_equal(algebra_diff(a, b, &d, &err), 0);
	if (d.n)
		fail_msg("`%s`: %s | %s", d.v[0].name, d.v[0].from, d.v[0].to);
	differences_free(&d);
}

static struct profile *join(op_fn op, const struct profile *a,
			    const struct profile *b)
{
	struct error *err = NULL;
	struct profile *r = op(a, b, NULL, &err);

	if (!r)
		fail_msg("%s", err->text);
	return r;
}

/* an errno of two refusals may depend on who was asked first; nothing else */
static void judge_rank(struct decision a, struct decision b, struct decision r)
{
	assert_int_equal(rank(a), rank(b));
	assert_int_equal(rank(a), rank(r));
}

static void laws_of(op_fn op, unsigned int what)
{
	struct chance c = { 77 };
	unsigned int i;

	for (i = 0; i < ROUNDS / 5; i++) {
		struct profile *x = random_profile(&c, what);
		struct profile *y = random_profile(&c, what);
		struct profile *z = random_profile(&c, what);
		struct profile *xy = join(op, x, y), *yx = join(op, y, x);
		struct profile *yz = join(op, y, z), *xx = join(op, x, x);
		struct profile *xy_z = join(op, xy, z);
		struct profile *x_yz = join(op, x, yz);

		must_equal(xy, yx);
		everywhere(xy_z, x_yz, x_yz, judge_rank, what);
		if (!(what & RANDOM_ACTIONS))
			must_equal(xy_z, x_yz);
		must_equal(xx, x);
		profile_free(x);
		profile_free(y);
		profile_free(z);
		profile_free(xy);
		profile_free(yx);
		profile_free(yz);
		profile_free(xx);
		profile_free(xy_z);
		profile_free(x_yz);
	}
}

static void laws(void **state)
{
	(void)state;
	laws_of(algebra_union, RANDOM_ARGS);
	laws_of(algebra_union, RANDOM_CONDS | RANDOM_ACTIONS);
	laws_of(algebra_intersect, RANDOM_CONDS | RANDOM_ACTIONS);
	laws_of(algebra_union, RANDOM_ACTIONS);
	laws_of(algebra_intersect, RANDOM_ACTIONS);
}

/* what the filter says of a call, in the kernel's numbers */
static void compile(const struct profile *p, struct bpf *b)
{
	scmp_filter_ctx ctx = NULL;
	struct error *err = NULL;

	if (profile_compile(p, NULL, &ctx, NULL, &err))
		fail_msg("%s", err->text);
	assert_int_equal(bpf_export(ctx, b), 0);
	seccomp_release(ctx);
}

/* Rules by chance may be more than libseccomp's tree of them can hold */
static bool loads(const struct profile *p)
{
	scmp_filter_ctx ctx = NULL;
	struct error *err = NULL;
	bool yes = !profile_compile(p, NULL, &ctx, NULL, &err);

	if (yes)
		seccomp_release(ctx);
	error_free(err);
	return yes;
}

static bool lets_through(uint32_t ret)
{
	ret &= SECCOMP_RET_ACTION_FULL;
	return ret == SECCOMP_RET_ALLOW || ret == SECCOMP_RET_LOG;
}

/* Two rules that meet and decide otherwise: libseccomp's order is nobody's will */
static bool contradicts(const struct profile *p)
{
	size_t i;

	for (i = 0; i < RANDOM_NAMES; i++)
		if (algebra_contradicts(p, random_names[i]))
			return true;
	return false;
}

/* all numbers of three ABIs, and for small ones every pair of arguments */
static void filter_union_of(unsigned int what, unsigned int rounds,
			    unsigned int least)
{
	static const struct {
		uint32_t arch, bits;
	} abis[] = {
		{ SCMP_ARCH_X86_64, 0 },
		{ SCMP_ARCH_X86_64, 0x40000000 },
		{ SCMP_ARCH_X86, 0 },
		{ SCMP_ARCH_AARCH64, 0 },
	};
	struct chance c = { 4711 };
	unsigned int i, t, v, done = 0;
	unsigned long long admitted = 0;

	for (i = 0; i < rounds; i++) {
		struct profile *a = random_profile(&c, what);
		struct profile *b = random_profile(&c, what);
		struct error *err = NULL;
		struct profile *r;
		struct bpf fa, fb, fr;
		uint32_t nr;

		profile_add_arch(a, SCMP_ARCH_X86_64);
		profile_add_arch(b, SCMP_ARCH_X86_64);
		profile_add_arch(chance(&c, 2) ? a : b, SCMP_ARCH_X86);
		if (chance(&c, 2))
			profile_add_arch(b, SCMP_ARCH_X32);
		if (chance(&c, 4) == 0)
			profile_add_arch(a, SCMP_ARCH_AARCH64);
		r = algebra_union(a, b, NULL, &err);
		error_free(err);
		if (!r || !loads(a) || !loads(b) || contradicts(a) ||
		    contradicts(b) || contradicts(r)) {
			profile_free(a);
			profile_free(b);
			profile_free(r);
			continue;
		}
		done++;
		compile(a, &fa);
		compile(b, &fb);
		compile(r, &fr);
		for (t = 0; t < ARRAY_SIZE(abis); t++)
			for (nr = 0; nr < 640; nr++)
				for (v = 0; v < 25; v++) {
					struct seccomp_data d = {
						.nr = nr | abis[t].bits,
						.arch = abis[t].arch,
						.args = { v / 5, v % 5 },
					};

					if (!lets_through(bpf_run(&fa, &d)) &&
					    !lets_through(bpf_run(&fb, &d)))
						continue;
					admitted++;
					assert_true(lets_through(bpf_run(&fr, &d)));
				}
		bpf_free(&fa);
		bpf_free(&fb);
		bpf_free(&fr);
		profile_free(a);
		profile_free(b);
		profile_free(r);
	}
	assert_true(done >= least);
	assert_true(admitted > 1000);
}

static void filter_union(void **state)
{
	(void)state;
	filter_union_of(RANDOM_ARGS, 24, 24);
	filter_union_of(RANDOM_ARGS | RANDOM_ALL_OPS | RANDOM_ACTIONS, 24, 6);
}

/* the model and libseccomp agree on what a profile says */
static void filter_model(void **state)
{
	struct chance c = { 31337 };
	unsigned int i, n, v, compared = 0;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		struct profile *p = random_profile(&c, RANDOM_ARGS |
						   RANDOM_CONDS |
						   RANDOM_ACTIONS);
		struct bpf f;

		if (contradicts(p)) {
			profile_free(p);
			continue;
		}
		compile(p, &f);
		for (n = 0; n < RANDOM_NAMES; n++)
			for (v = 0; v < 25; v++) {
				struct seccomp_data d = {
					.nr = seccomp_syscall_resolve_name(
						random_names[n]),
					.arch = seccomp_arch_native(),
					.args = { v / 5, v % 5 },
				};
				uint64_t args[PROFILE_MAX_ARGS] = {
					v / 5, v % 5
				};
				struct decision m = algebra_decide(
					p, random_names[n], NULL, args);

				assert_int_equal(bpf_run(&f, &d),
						 profile_action_scmp(
							m.action, m.errno_ret));
				compared++;
			}
		bpf_free(&f);
		profile_free(p);
	}
	assert_true(compared > 10000);
}

/* one index twice means either, to all runtimes */
static void twice_is_or(void **state)
{
	struct profile_arg a = { .op = PO_EQ, .value = 1 };
	struct profile *p = profile_new();
	uint64_t args[PROFILE_MAX_ARGS] = { 0 };
	struct profile_rule *r = profile_add_rule(p, PA_ALLOW, -1);
	struct bpf f;

	(void)state;
	strset_add(&r->names, "personality");
	profile_rule_add_arg(r, &a);
	a.value = 2;
	profile_rule_add_arg(r, &a);
	compile(p, &f);
	for (args[0] = 0; args[0] < 4; args[0]++) {
		struct seccomp_data d = {
			.nr = seccomp_syscall_resolve_name("personality"),
			.arch = seccomp_arch_native(),
			.args = { args[0] },
		};
		bool wanted = args[0] == 1 || args[0] == 2;

		assert_int_equal(permits(algebra_decide(p, "personality", NULL,
							args)), wanted);
		assert_int_equal(lets_through(bpf_run(&f, &d)), wanted);
	}
	bpf_free(&f);
	profile_free(p);
}

static bool noted(const struct profile_notes *n, const char *name,
		  const char *word)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (strstr(n->v[i], name) && strstr(n->v[i], word))
			return true;
	return false;
}

/* what a base blocks stays blocked; what it allows in part is widened, loudly */
static void base(void **state)
{
	struct profile_arg arg = { .op = PO_MASKED_EQ, .value = 0x7e020000 };
	struct profile *b = profile_new(), *p = profile_new(), *r;
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	struct profile_rule *rule;

	(void)state;
	profile_set_default(b, PA_ERRNO, EPERM);
	profile_allow(b, "read");
	/* says what the default says: nothing to a runtime, a will to us */
	rule = profile_add_rule(b, PA_ERRNO, EPERM);
	strset_add(&rule->names, "mount");
	rule = profile_add_rule(b, PA_ERRNO, ENOSYS);
	strset_add(&rule->names, "bpf");
	rule = profile_add_rule(b, PA_ALLOW, PROFILE_NO_ERRNO);
	strset_add(&rule->names, "clone");
	profile_rule_add_arg(rule, &arg);
	rule = profile_add_rule(b, PA_ALLOW, PROFILE_NO_ERRNO);
	strset_add(&rule->names, "chroot");
	strset_add(&rule->includes.caps, "CAP_SYS_CHROOT");

	profile_allow(p, "write");
	profile_allow(p, "mount");
	profile_allow(p, "bpf");
	profile_allow(p, "clone");
	profile_allow(p, "chroot");
	r = algebra_base(b, p, &notes, &err);
	assert_non_null(r);
	assert_int_equal(profile_default_errno(r), EPERM);
	assert_true(profile_allows(r, "read"));
	assert_true(profile_allows(r, "write"));
	assert_true(profile_allows(r, "clone"));
	assert_true(profile_allows(r, "chroot"));
	assert_false(profile_allows(r, "mount"));
	assert_false(profile_allows(r, "bpf"));
	assert_true(noted(&notes, "`mount`", "stays blocked"));
	assert_true(noted(&notes, "`bpf`", "stays blocked"));
	assert_true(noted(&notes, "`clone`", "beyond"));
	assert_true(noted(&notes, "`chroot`", "beyond"));
	assert_false(noted(&notes, "`read`", ""));
	assert_false(noted(&notes, "`write`", ""));
	profile_notes_free(&notes);
	profile_free(r);

	profile_set_default(p, PA_ALLOW, PROFILE_NO_ERRNO);
	assert_null(algebra_base(b, p, NULL, &err));
	assert_non_null(err);
	error_free(err);
	profile_free(b);
	profile_free(p);
}

static void arches(void **state)
{
	struct profile *a = profile_new(), *b = profile_new(), *r;
	struct error *err = NULL;

	(void)state;
	profile_allow(a, "read");
	profile_allow(b, "read");
	/* a map and a list: one map, never both */
	strset_add(&profile_add_archmap(a, "SCMP_ARCH_X86_64")->subs,
		   "SCMP_ARCH_X86");
	profile_add_archmap(a, "SCMP_ARCH_AARCH64");
	profile_add_arch(b, SCMP_ARCH_X86_64);
	profile_add_arch(b, SCMP_ARCH_X32);
	profile_add_arch(b, SCMP_ARCH_ARM);
	r = join(algebra_union, a, b);
	assert_int_equal(r->arches.n, 0);
	assert_int_equal(r->n_archmap, 3);
	assert_string_equal(r->archmap[0].arch, "SCMP_ARCH_AARCH64");
	assert_string_equal(r->archmap[1].arch, "SCMP_ARCH_ARM");
	assert_string_equal(r->archmap[2].arch, "SCMP_ARCH_X86_64");
	assert_int_equal(r->archmap[2].subs.n, 2);
	profile_free(r);
	r = join(algebra_intersect, a, b);
	assert_int_equal(r->n_archmap, 1);
	assert_int_equal(r->archmap[0].subs.n, 0);
	profile_free(r);
	strset_free(&b->arches);
	profile_add_arch(b, SCMP_ARCH_S390X);
	assert_null(algebra_intersect(a, b, NULL, &err));
	assert_non_null(strstr(err->text, "architecture"));
	error_free(err);
	profile_free(a);
	profile_free(b);
}

static void base_profile(void **state)
{
	struct profile *a = profile_new(), *b = profile_new();
	struct error *err = NULL;

	(void)state;
	profile_allow(a, "read");
	profile_allow(b, "read");
	a->base_profile = xstrdup("runc-v1");
	assert_null(algebra_union(a, b, NULL, &err));
	assert_non_null(strstr(err->text, "`runc-v1`"));
	error_free(err);
	profile_free(a);
	profile_free(b);
}

/* a difference tells which way, and no two equal profiles have one */
static void differences(void **state)
{
	struct profile_arg arg = { .op = PO_EQ, .value = 8 };
	struct profile *a = profile_new(), *b = profile_new();
	struct profile_rule *rule;
	struct error *err = NULL;
	struct differences d;

	(void)state;
	profile_allow(a, "read");
	profile_allow(a, "mount");
	profile_allow(a, "personality");
	profile_allow(b, "read");
	profile_allow(b, "bpf");
	rule = profile_add_rule(b, PA_ALLOW, -1);
	strset_add(&rule->names, "personality");
	profile_rule_add_arg(rule, &arg);
	rule = profile_add_rule(b, PA_ERRNO, EPERM);
	strset_add(&rule->names, "ptrace");
	assert_int_equal(algebra_diff(a, b, &d, &err), 0);
	assert_int_equal(d.n, 4);
	assert_string_equal(d.v[0].name, "bpf");
	assert_int_equal(d.v[0].change, CHANGE_ADDED);
	assert_string_equal(d.v[1].name, "mount");
	assert_int_equal(d.v[1].change, CHANGE_REMOVED);
	assert_string_equal(d.v[2].name, "personality");
	assert_int_equal(d.v[2].change, CHANGE_CONDITION);
	assert_string_equal(d.v[3].name, "ptrace");
	assert_int_equal(d.v[3].change, CHANGE_ACTION);
	differences_free(&d);

	/* is a enough for b? all but bpf */
	assert_int_equal(algebra_missing(a, b, &d, &err), 0);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.v[0].name, "bpf");
	differences_free(&d);
	/* and b for a? not for all personalities, and not for mount */
	assert_int_equal(algebra_missing(b, a, &d, &err), 0);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.v[0].change, CHANGE_ADDED);
	assert_int_equal(d.v[1].change, CHANGE_CONDITION);
	differences_free(&d);
	assert_int_equal(algebra_diff(a, a, &d, &err), 0);
	assert_int_equal(d.n, 0);
	differences_free(&d);
	profile_free(a);
	profile_free(b);
}

/* rules that hold each other's exceptions keep their order */
static void order_kept(void **state)
{
	struct profile_env env = { .arch = "amd64" };
	uint64_t args[PROFILE_MAX_ARGS] = { 0 };
	struct profile *p = profile_new();
	struct profile_rule *r;
	int swapped;

	(void)state;
	strset_add(&env.caps, "CAP_B");
	for (swapped = 0; swapped < 2; swapped++) {
		profile_free(p);
		p = profile_new();
		r = profile_add_rule(p, swapped ? PA_ALLOW : PA_ERRNO,
				     swapped ? -1 : EPERM);
		strset_add(&r->names, "bpf");
		strset_add(swapped ? &r->includes.caps : &r->excludes.caps,
			   swapped ? "CAP_B" : "CAP_A");
		r = profile_add_rule(p, swapped ? PA_ERRNO : PA_ALLOW,
				     swapped ? EPERM : -1);
		strset_add(&r->names, "bpf");
		strset_add(swapped ? &r->excludes.caps : &r->includes.caps,
			   swapped ? "CAP_A" : "CAP_B");
		profile_normalise(p);
		assert_int_equal(permits(algebra_decide(p, "bpf", &env, args)),
				 swapped);
	}
	profile_free(p);
	strset_free(&env.caps);
}

/*
 * No filter is loaded here, so what the kernel below can do (or valgrind, which
 * does not know seccomp()) is not asked: level 5 has all actions.
 */
static int any_kernel(void **state)
{
	(void)state;
	return seccomp_api_set(5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(union_simple),
		cmocka_unit_test(union_conditions),
		cmocka_unit_test(union_full),
		cmocka_unit_test(intersect_full),
		cmocka_unit_test(subtract_full),
		cmocka_unit_test(laws),
		cmocka_unit_test(filter_union),
		cmocka_unit_test(filter_model),
		cmocka_unit_test(twice_is_or),
		cmocka_unit_test(base),
		cmocka_unit_test(arches),
		cmocka_unit_test(base_profile),
		cmocka_unit_test(differences),
		cmocka_unit_test(order_kept),
	};

	return cmocka_run_group_tests(tests, any_kernel, NULL);
}
