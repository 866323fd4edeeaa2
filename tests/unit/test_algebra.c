// SPDX-License-Identifier: GPL-2.0
/*
 * The algebra of profiles: by chance, judged by the filters that libseccomp
 * makes (judge.c; tests/fuzz has more of that), and case by case.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "format/format.h"
#include "judge.h"
#include "library.h"
#include "profile/bpf.h"
#include "profile/compile.h"
#include "profile/meaning.h"
#include "random_profile.h"
#include "lib/util.h"

typedef struct profile *(*op_fn)(const struct profile *a,
				 const struct profile *b,
				 struct profile_notes *notes,
				 struct error **err);

static bool permits(struct decision d)
{
	return profile_action_permits(d.action);
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

/* at least @least of @pairs must have a result */
static void by_chance(enum judge_op op, unsigned int what, unsigned int pairs,
		      unsigned int least)
{
	struct chance c = { 20261126 + what };
	unsigned int i, right = 0;

	for (i = 0; i < pairs; i++) {
		struct profile *a = random_profile(&c, what);
		struct profile *b = random_profile(&c, what);
		cleanup_free char *why = NULL;
		enum judge_verdict v = judge(op, a, b, &why);

		if (v > JUDGE_INPUT)
			fail_msg("operation %d, pair %u: %s", op, i, why);
		right += v == JUDGE_RIGHT;
		profile_free(a);
		profile_free(b);
	}
	if (right < least)
		fail_msg("operation %d: %u of %u have a result", op, right,
			 pairs);
}

static void union_chance(void **state)
{
	(void)state;
	by_chance(JUDGE_MERGE, RANDOM_ARGS, 6, 6);
	by_chance(JUDGE_MERGE, RANDOM_CONDS | RANDOM_ACTIONS, 3, 3);
	by_chance(JUDGE_MERGE, RANDOM_ARGS | RANDOM_MANY, 2, 2);
}

static void intersect_chance(void **state)
{
	(void)state;
	by_chance(JUDGE_INTERSECT, RANDOM_ARGS | RANDOM_HIGH, 6, 5);
	by_chance(JUDGE_INTERSECT, RANDOM_CONDS | RANDOM_ACTIONS, 3, 3);
}

static void subtract_chance(void **state)
{
	(void)state;
	by_chance(JUDGE_SUBTRACT, RANDOM_ARGS | RANDOM_ACTIONS, 6, 4);
	by_chance(JUDGE_SUBTRACT, RANDOM_ARGS | RANDOM_MANY, 2, 2);
}

static void compare_chance(void **state)
{
	(void)state;
	by_chance(JUDGE_CHECK, RANDOM_ARGS | RANDOM_ABIS, 6, 5);
	by_chance(JUDGE_DIFF, RANDOM_ARGS | RANDOM_ACTIONS, 6, 4);
}

/* pairs for which rules have to be written in a way of their own */
static void written_otherwise(void **state)
{
	static const struct {
		uint64_t seed;
		enum judge_op op;
		unsigned int what;
		const char *why;	/* NULL: rules are found */
	} pairs[] = {
		/* libseccomp takes the rules in one order only */
		{ 751, JUDGE_INTERSECT, RANDOM_ARGS, NULL },
		/* bits of the upper half count, which 32-bit ABIs do not have */
		{ 334, JUDGE_SUBTRACT, RANDOM_ARGS | RANDOM_ABIS, NULL },
		{ 388, JUDGE_INTERSECT, RANDOM_ARGS | RANDOM_ABIS, NULL },
		/* two limits for one argument, which libseccomp takes for one */
		{ 9201830, JUDGE_MERGE, RANDOM_ARGS | RANDOM_ACTIONS, NULL },
		/* of x32, too, the lower halves are compared */
		{ 9200761, JUDGE_INTERSECT, RANDOM_ARGS | RANDOM_ABIS, NULL },
		/* the second one is not for ABIs with 32-bit registers */
		{ 71039, JUDGE_MERGE, RANDOM_ARGS | RANDOM_ABIS, NULL },
		/* a rule of the first refuses as the default of the second does */
		{ 814905, JUDGE_SUBTRACT, RANDOM_ARGS | RANDOM_HIGH | RANDOM_CONDS |
		  RANDOM_ACTIONS | RANDOM_ABIS, NULL },
		/* there the default, with 32-bit registers a rule: no rules are */
		{ 328, JUDGE_INTERSECT, RANDOM_ARGS | RANDOM_ABIS,
		  "no list of rules says what `mount` is to do: for arguments that end in 0x10 0x0 0x0 " },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct chance c = { pairs[i].seed };
		struct profile *a = random_profile(&c, pairs[i].what);
		struct profile *b = random_profile(&c, pairs[i].what);
		cleanup_free char *why = NULL;

		assert_int_equal(judge(pairs[i].op, a, b, &why),
				 pairs[i].why ? JUDGE_REFUSED : JUDGE_RIGHT);
		if (pairs[i].why)
			assert_non_null(strstr(why, pairs[i].why));
		profile_free(a);
		profile_free(b);
	}
}

/* what the filter says of a call, in the kernel's numbers */
static void compile(const struct profile *p, struct bpf *b)
{
	struct error *err = NULL;

	if (meaning_filter(p, NULL, false, b, &err))
		fail_msg("%s", err->text);
}

static bool lets_through(uint32_t ret)
{
	return meaning_permits(ret);
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

/* libseccomp does not end with the rules of one input: they are that call's */
static void endless_input(void **state)
{
	struct profile *b = profile_new(), *a;
	struct error *err = NULL;

	(void)state;
	a = format_read(LIBRARY_HANG, strlen(LIBRARY_HANG), FORMAT_AUTO, NULL,
			NULL, &err);
	assert_non_null(a);
	profile_allow(b, "read");
	if (library_ends()) {
		profile_free(join(algebra_union, a, b));
	} else {
		assert_null(algebra_union(a, b, NULL, &err));
		assert_string_equal(err->text, "the rules of `clone`: libseccomp does not come to an end");
		error_free(err);
	}
	profile_free(a);
	profile_free(b);
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
	unsigned int level = 5;		/* libseccomp 2.4 has no more than 3 */

	(void)state;
	while (level && seccomp_api_set(level))
		level--;
	return !level;
}

static uint32_t answer(const struct profile *p, const char *name)
{
	static const uint64_t args[PROFILE_MAX_ARGS];
	struct decision d = algebra_decide(p, name, NULL, args);

	return profile_action_scmp(d.action, d.errno_ret);
}

static void refuse(struct profile *p, const char *name, int e)
{
	strset_add(&profile_add_rule(p, PA_ERRNO, e)->names, name);
}

/* of two refusals the one that a rule states counts, then ENOSYS */
static void errnos(void **state)
{
	struct profile *a = profile_new(), *b = profile_new(), *r;
	size_t i;

	(void)state;
	profile_set_default(a, PA_ERRNO, EPERM);
	profile_set_default(b, PA_ERRNO, EPERM);
	refuse(a, "mount", EOPNOTSUPP);
	refuse(b, "mount", ENOSYS);
	refuse(a, "bpf", ENOENT);
	profile_allow(a, "read");
	profile_allow(b, "read");
	profile_allow(a, "write");
	r = join(algebra_union, a, b);
	assert_int_equal(answer(r, "mount"), SCMP_ACT_ERRNO(ENOSYS));
	assert_int_equal(answer(r, "bpf"), SCMP_ACT_ERRNO(ENOENT));
	assert_int_equal(answer(r, "getpid"), SCMP_ACT_ERRNO(EPERM));
	profile_free(r);
	r = join(algebra_union, b, a);
	assert_int_equal(answer(r, "mount"), SCMP_ACT_ERRNO(ENOSYS));
	assert_int_equal(answer(r, "bpf"), SCMP_ACT_ERRNO(ENOENT));
	profile_free(r);
	/* the order of the two is no matter, whatever the errnos are */
	refuse(a, "acct", ENOENT);
	refuse(b, "acct", EACCES);
	refuse(a, "bdflush", EACCES);
	refuse(b, "bdflush", ENOENT);
	for (i = 0; i < 4; i++) {
		struct profile *x = i % 2 ? b : a;

		r = join(i < 2 ? algebra_union : algebra_intersect, x,
			 x == a ? b : a);
		assert_int_equal(answer(r, "acct"), SCMP_ACT_ERRNO(EACCES));
		assert_int_equal(answer(r, "bdflush"), SCMP_ACT_ERRNO(EACCES));
		profile_free(r);
	}
	/* taken away is refused as the first one's default does */
	r = join(algebra_subtract, a, b);
	assert_int_equal(answer(r, "read"), SCMP_ACT_ERRNO(EPERM));
	assert_int_equal(answer(r, "write"), SCMP_ACT_ALLOW);
	assert_int_equal(answer(r, "mount"), SCMP_ACT_ERRNO(EOPNOTSUPP));
	profile_free(r);
	profile_set_default(a, PA_ALLOW, -1);
	r = join(algebra_subtract, a, b);
	assert_int_equal(answer(r, "read"), SCMP_ACT_ERRNO(ENOSYS));
	assert_int_equal(answer(r, "getpid"), SCMP_ACT_ALLOW);
	profile_free(r);
	profile_free(a);
	profile_free(b);
}

static void flags(void **state)
{
	struct profile *a = profile_new(), *b = profile_new(), *r;

	(void)state;
	profile_allow(a, "read");
	profile_allow(b, "read");
	strset_add(&a->flags, "SECCOMP_FILTER_FLAG_LOG");
	strset_add(&a->flags, "SECCOMP_FILTER_FLAG_SPEC_ALLOW");
	strset_add(&b->flags, "SECCOMP_FILTER_FLAG_LOG");
	r = join(algebra_intersect, a, b);
	assert_int_equal(r->flags.n, 1);
	assert_string_equal(r->flags.v[0], "SECCOMP_FILTER_FLAG_LOG");
	profile_free(r);
	r = join(algebra_union, a, b);
	assert_int_equal(r->flags.n, 2);
	profile_free(r);
	profile_free(a);
	profile_free(b);
}

/* limits, holes and masks that libseccomp gets wrong are written otherwise */
static void settled(void **state)
{
	static const struct profile_arg gt[] = {
		{ 0, PO_GT, 8, 0 }, { 2, PO_GT, 2, 0 },
	};
	static const struct profile_arg le[] = {
		{ 0, PO_LE, 2, 0 }, { 1, PO_GE, 40, 0 },
	};
	uint64_t args[PROFILE_MAX_ARGS] = { 0 };
	struct profile *p = profile_new(), *r;
	struct profile_rule *rule;
	struct error *err = NULL;
	size_t i;

	(void)state;
	strset_add(&p->arches, "SCMP_ARCH_X86_64");
	for (i = 0; i < 2; i++) {
		rule = profile_add_rule(p, PA_ALLOW, -1);
		strset_add(&rule->names, "mount");
		profile_rule_add_arg(rule, i ? &le[0] : &gt[0]);
		profile_rule_add_arg(rule, i ? &le[1] : &gt[1]);
	}
	r = algebra_settle(p, &err);
	assert_non_null(r);
	for (args[0] = 0; args[0] < 12; args[0]++)
		for (args[1] = 39; args[1] < 42; args[1]++)
			for (args[2] = 1; args[2] < 5; args[2]++)
				assert_int_equal(permits(algebra_decide(r, "mount",
									NULL, args)),
						 (args[0] > 8 && args[2] > 2) ||
						 (args[0] <= 2 && args[1] >= 40));
	profile_free(p);
	profile_free(r);
}

/* Rules are for all ABIs: no ABI gets what another one's profile permits */
/* for the least and the greatest arguments alike */
static bool in_abi(const struct profile *p, uint32_t token, const char *name)
{
	const struct abi abi = meaning_abi(token);
	uint64_t args[2][PROFILE_MAX_ARGS];
	bool yes[2];
	struct bpf b;
	int i;

	compile(p, &b);
	for (i = 0; i < 2; i++) {
		memset(args[i], i ? 0xff : 0, sizeof(args[i]));
		yes[i] = lets_through(meaning_at(&b, &abi,
						 meaning_number(&abi, name),
						 args[i]));
	}
	bpf_free(&b);
	assert_int_equal(yes[0], yes[1]);
	return yes[0];
}

static void own_abis(void **state)
{
	struct profile *a = profile_new(), *b = profile_new(), *r;
	struct error *err = NULL;

	(void)state;
	profile_set_default(a, PA_ERRNO, EPERM);
	profile_set_default(b, PA_ERRNO, EPERM);
	profile_add_arch(a, SCMP_ARCH_X86_64);
	profile_add_arch(b, SCMP_ARCH_X86);
	profile_allow(a, "ptrace");
	profile_allow(b, "write");
	/* a rule can be for ABIs with 64-bit registers alone */
	r = join(algebra_union, a, b);
	assert_true(in_abi(r, SCMP_ARCH_X86_64, "ptrace"));
	assert_false(in_abi(r, SCMP_ARCH_X86, "ptrace"));
	assert_true(in_abi(r, SCMP_ARCH_X86, "write"));
	profile_free(r);
	/* libseccomp compares as much of an argument in x32 as in i386 */
	profile_add_arch(a, SCMP_ARCH_X32);
	assert_null(algebra_union(a, b, NULL, &err));
	assert_non_null(strstr(err->text, "`ptrace` in SCMP_ARCH_X86,"));
	error_free(err);
	err = NULL;
	strset_del(&a->arches, "SCMP_ARCH_X32");
	assert_null(algebra_intersect(a, b, NULL, &err));
	assert_non_null(strstr(err->text, "no architecture in common"));
	error_free(err);
	err = NULL;
	/* libseccomp has ABIs of one byte order in a filter */
	strset_free(&b->arches);
	profile_add_arch(b, SCMP_ARCH_S390X);
	r = join(algebra_union, a, b);
	assert_null(format_write(r, FORMAT_OCI, NULL, NULL, &err));
	assert_non_null(strstr(err->text, "SCMP_ARCH_S390X and SCMP_ARCH_X86_64: their byte orders"));
	profile_free(r);
	error_free(err);
	err = NULL;
	strset_free(&b->arches);
	profile_add_arch(b, SCMP_ARCH_X86);
	r = join(algebra_subtract, a, b);
	assert_int_equal(r->arches.n, 1);
	assert_true(profile_allows(r, "ptrace"));
	profile_free(r);
	/* with the same calls one profile says it */
	profile_allow(a, "write");
	profile_allow(b, "ptrace");
	r = join(algebra_union, a, b);
	assert_int_equal(r->arches.n, 2);
	profile_free(r);
	/* what one ABI more permits, and the other profile does not have */
	profile_add_arch(a, SCMP_ARCH_X86);
	profile_allow(b, "read");
	strset_free(&b->arches);
	profile_add_arch(b, SCMP_ARCH_X86_64);
	r = join(algebra_union, a, b);
	assert_true(in_abi(r, SCMP_ARCH_X86_64, "read"));
	assert_false(in_abi(r, SCMP_ARCH_X86, "read"));
	profile_free(r);
	profile_free(a);
	profile_free(b);
}

static struct profile *sockets(enum profile_op op, uint64_t domain, int type)
{
	const struct profile_arg args[] = {
		{ .index = 0, .op = op, .value = domain },
		{ .index = 1, .op = PO_GE, .value = type },
	};
	struct profile *p = profile_new();
	struct profile_rule *r = profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO);

	profile_set_default(p, PA_ERRNO, ENOSYS);
	profile_add_arch(p, SCMP_ARCH_X86_64);
	profile_add_arch(p, SCMP_ARCH_X86);
	strset_add(&r->names, "socket");
	profile_rule_add_arg(r, &args[0]);
	if (type)
		profile_rule_add_arg(r, &args[1]);
	p->settled = true;
	return p;
}

/* i386 reaches socket by socketcall, too, which no profile need name */
static void by_socketcall(void **state)
{
	struct profile *a = sockets(PO_LT, 38, 0), *b = sockets(PO_NE, 16, 2);
	struct error *err = NULL;

	(void)state;
	assert_null(algebra_subtract(a, b, NULL, &err));
	assert_non_null(strstr(err->text, "`socketcall` in SCMP_ARCH_X86"));
	error_free(err);
	strset_del(&a->arches, "SCMP_ARCH_X86");
	strset_del(&b->arches, "SCMP_ARCH_X86");
	profile_free(join(algebra_subtract, a, b));
	profile_free(a);
	profile_free(b);
}

/*
 * Whatever plain names a profile has, each of them is compared: also those with which a
 * filter of a few of its rules is made complete, in a place where they have no rule as well.
 */
static void every_plain_name(void **state)
{
	static const char *const plain[] = {
		"getpid", "getppid", "gettid", "getuid", "sched_yield", "sync", "uname",
	};
	struct profile *a = profile_new(), *b = profile_new(), *c;
	struct profile_rule *r = profile_add_rule(a, PA_ALLOW, PROFILE_NO_ERRNO);
	struct differences d;
	struct error *err = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		strset_add(&r->names, plain[i]);
	r = profile_add_rule(b, PA_ALLOW, PROFILE_NO_ERRNO);
	strset_add(&r->names, "mount");
	r = profile_add_rule(b, PA_LOG, PROFILE_NO_ERRNO);
	strset_add(&r->names, "bpf");
	strset_add(&r->includes.caps, "CAP_BPF");
	assert_int_equal(algebra_missing(b, a, &d, &err), 0);
	assert_int_equal(d.n, ARRAY_SIZE(plain));
	differences_free(&d);
	c = join(algebra_subtract, a, b);
	assert_int_equal(algebra_diff(a, c, &d, &err), 0);
	assert_int_equal(d.n, 0);
	profile_free(c);
	/* no rule of this profile counts always */
	profile_set_default(a, PA_ALLOW, PROFILE_NO_ERRNO);
	a->rules->action = PA_KILL_PROCESS;
	strset_add(&a->rules->excludes.caps, "CAP_BPF");
	assert_int_equal(algebra_diff(a, a, &d, &err), 0);
	assert_int_equal(d.n, 0);
	profile_free(a);
	profile_free(b);
}

/*
 * What the default of Docker 25 permits and that of 29 does not: libseccomp would load the
 * number of no call, as the only rules without comparisons are for calls that an ABI lacks
 */
static void number_loaded(void **state)
{
#define X(sub)	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"," \
		"\"subArchitectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]}," \
		"{\"architecture\":\"SCMP_ARCH_AARCH64\"}],\"syscalls\":[" \
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}," sub "]}"
#define SOCKET(n) "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" \
		"{\"index\":0,\"value\":" n ",\"op\":\"SCMP_CMP_NE\"}]}"
#define MODULE	"{\"names\":[\"query_module\"],\"action\":\"SCMP_ACT_ALLOW\"," \
		"\"includes\":{\"caps\":[\"CAP_A\"]}}"
	static const char *const texts[][2] = {
		{ X(SOCKET("40")), X(SOCKET("38")) },
		{ X(SOCKET("40") "," MODULE), X(SOCKET("38")) },
	};
	struct error *err = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		cleanup_profile struct profile *a, *b;
		cleanup_free char *why = NULL;

		a = format_read(texts[i][0], strlen(texts[i][0]), FORMAT_AUTO, NULL, NULL, &err);
		b = format_read(texts[i][1], strlen(texts[i][1]), FORMAT_AUTO, NULL, NULL, &err);
		assert_true(a && b);
		if (judge(JUDGE_SUBTRACT, a, b, &why) != JUDGE_RIGHT)
			fail_msg("pair %zu: %s", i, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(union_chance),
		cmocka_unit_test(intersect_chance),
		cmocka_unit_test(subtract_chance),
		cmocka_unit_test(compare_chance),
		cmocka_unit_test(written_otherwise),
		cmocka_unit_test(twice_is_or),
		cmocka_unit_test(base),
		cmocka_unit_test(arches),
		cmocka_unit_test(endless_input),
		cmocka_unit_test(own_abis),
		cmocka_unit_test(base_profile),
		cmocka_unit_test(differences),
		cmocka_unit_test(order_kept),
		cmocka_unit_test(errnos),
		cmocka_unit_test(flags),
		cmocka_unit_test(settled),
		cmocka_unit_test(by_socketcall),
		cmocka_unit_test(every_plain_name),
		cmocka_unit_test(number_loaded),
	};

	return cmocka_run_group_tests(tests, any_kernel, NULL);
}
