// SPDX-License-Identifier: GPL-2.0
/* What libseccomp and the runtimes make of profiles: each quirk that counts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "format/format.h"
#include "lib/util.h"
#include "profile/meaning.h"
#include "library.h"

#define OCI(arches, rules)						\
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[" arches "]," \
	"\"syscalls\":[" rules "]}"
#define X86_64	"\"SCMP_ARCH_X86_64\""
#define X86	"\"SCMP_ARCH_X86\""
#define X32	"\"SCMP_ARCH_X32\""
#define RULE(name, action, args)					\
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define ARG(index, op, value, two)					\
	"{\"index\":" index ",\"op\":\"SCMP_CMP_" op "\",\"value\":" value ",\"valueTwo\":" two "}"

static struct profile *get(const char *text)
{
	struct error *err = NULL;
	struct profile *p = format_read(text, strlen(text), FORMAT_AUTO, NULL,
					NULL, &err);

	if (!p)
		fail_msg("%s", err->text);
	return p;
}

/* what the filter says of one call, by its first argument */
static uint32_t says(const char *text, uint32_t token, const char *name,
		     uint64_t arg)
{
	const uint64_t args[PROFILE_MAX_ARGS] = { arg };
	/* one machine for all tests */
	const struct profile_env env = { .arch = "amd64" };
	const struct abi abi = meaning_abi(token);
	struct profile *p = get(text);
	struct error *err = NULL;
	uint32_t value, whole;
	struct dd *m = dd_new();
	struct bpf b;
	int nr = meaning_number(&abi, name);

	assert_true(nr >= 0);
	if (meaning_filter(p, &env, false, &b, &err))
		fail_msg("%s", err->text);
	value = meaning_at(&b, &abi, nr, args);
	/* the function of all arguments is the same there */
	whole = dd_eval(m, meaning_of(&b, m, &abi, nr), args);
	assert_int_equal(value, whole);
	dd_free(m);
	bpf_free(&b);
	profile_free(p);
	return value;
}

#define allows(...)	assert_int_equal(says(__VA_ARGS__), SECCOMP_RET_ALLOW)
#define refuses(...)	assert_int_equal(says(__VA_ARGS__), SECCOMP_RET_ERRNO | EPERM)
#define kills(...)	assert_int_equal(says(__VA_ARGS__), SECCOMP_RET_KILL_THREAD)

/* bits of a datum outside of the mask do not count */
static void masked(void **state)
{
	static const char text[] = OCI(X86_64, RULE("clone", "ALLOW",
		ARG("0", "MASKED_EQ", "268435456", "402653184")));

	(void)state;
	allows(text, SCMP_ARCH_X86_64, "clone", 0x10000000);
	allows(text, SCMP_ARCH_X86_64, "clone", 0x18000000);
	refuses(text, SCMP_ARCH_X86_64, "clone", 0x08000000);
}

/* in an ABI with 32-bit registers the lower halves are compared */
static void narrow(void **state)
{
	static const char eq[] = OCI(X86_64 "," X86, RULE("personality",
		"ALLOW", ARG("0", "EQ", "4294967304", "0")));
	static const char high[] = OCI(X86_64 "," X86, RULE("personality",
		"ALLOW", ARG("0", "MASKED_EQ", "4294967296", "4294967296")));

	(void)state;
	allows(eq, SCMP_ARCH_X86_64, "personality", 0x100000008);
	refuses(eq, SCMP_ARCH_X86_64, "personality", 8);
	allows(eq, SCMP_ARCH_X86, "personality", 8);
	/* where nothing is left of a mask, all values fit */
	refuses(high, SCMP_ARCH_X86_64, "personality", 8);
	allows(high, SCMP_ARCH_X86, "personality", 8);
}

/* a rule that looks at no argument wins; the first of several such decides */
static void plain(void **state)
{
	static const char args[] = OCI(X86_64,
		RULE("mount", "KILL_PROCESS", ARG("0", "EQ", "8", "0")) ","
		RULE("mount", "ALLOW", ""));
	static const char twice[] = OCI(X86_64,
		RULE("mount", "ALLOW", "") "," RULE("mount", "KILL_PROCESS", ""));

	(void)state;
	allows(args, SCMP_ARCH_X86_64, "mount", 8);
	allows(twice, SCMP_ARCH_X86_64, "mount", 8);
}

/* a rule for a call of socketcall's counts there, without its first argument */
static void multiplexed(void **state)
{
	static const char text[] = OCI(X86_64 "," X86, RULE("socket", "ALLOW",
		ARG("0", "EQ", "2", "0")));

	(void)state;
	allows(text, SCMP_ARCH_X86, "socket", 2);
	refuses(text, SCMP_ARCH_X86, "socket", 16);
	allows(text, SCMP_ARCH_X86, "socketcall", 1);
	refuses(text, SCMP_ARCH_X86, "socketcall", 2);
}

/* the native ABI is always there, one that nobody names is killed */
static void abis(void **state)
{
	static const char x86[] = OCI(X86, RULE("write", "ALLOW", ""));
	static const char native[] = OCI("", RULE("write", "ALLOW", ""));

	(void)state;
	allows(x86, SCMP_ARCH_X86_64, "write", 0);
	allows(x86, SCMP_ARCH_X86, "write", 0);
	kills(x86, SCMP_ARCH_X32, "write", 0);
	allows(native, SCMP_ARCH_X86_64, "write", 0);
	kills(native, SCMP_ARCH_X86, "write", 0);
}

/* no time, no memory and no kernel for everything: one line says so */
static void limits(void **state)
{
	struct profile *p = get(LIBRARY_HANG), *many = profile_new();
	struct profile_arg arg = { .op = PO_EQ };
	struct filter_job slow = { .p = many };
	bool copies = seccomp_version()->minor < 5;
	struct error *err = NULL;
	unsigned int i;

	(void)state;
	for (i = 0; i < 4200; i++) {
		struct profile_rule *r = profile_add_rule(many, PA_ALLOW, -1);

		strset_add(&r->names, "ioctl");
		arg.value = i * 3;
		profile_rule_add_arg(r, &arg);
	}
	/* a filter that takes longer than it may; the time can be over between two rules */
	for (i = 0; i < 5 && !(i && strstr(slow.refused, "ioctl")); i++) {
		free(slow.refused);
		slow = (struct filter_job){ .p = many };
		meaning_filters(&slow, 1, 20);
		assert_true(slow.endless);
	}
	assert_string_equal(slow.refused, copies ?
			    "the rules of `ioctl`: libseccomp before 2.5 takes too long for so many rules" :
			    "the rules of `ioctl`: libseccomp does not come to an end");
	free(slow.refused);
	for (i = 0; i < 2 && !library_ends(); i++) {
		struct filter_job two[2] = { { .p = p }, { .p = p } };

		/* the filter's time is over, or that of one of its rules */
		meaning_filters(two, 2, i ? 300 : MEANING_MS);
		assert_true(two[0].endless);
		assert_string_equal(two[0].refused, "the rules of `clone`: libseccomp does not come to an end");
		assert_string_equal(two[1].refused, two[0].refused);
		free(two[0].refused);
		free(two[1].refused);
	}
	assert_int_equal(profile_verify(many, NULL, NULL, false, &err), -1);
	assert_non_null(strstr(err->text, copies ? "so many rules" : "4096"));
	assert_int_equal(err->kind, NF_LENGTH);
	error_free(err);
	profile_free(p);
	profile_free(many);
}

/* why there is no filter is told apart by its kind, through the process that was asked */
static void kinds(void **state)
{
	static const struct {
		const char *text;
		enum no_filter kind;
	} cases[] = {
		{ OCI(X86_64, "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4095}"),
		  NF_ERRNO },
		{ OCI(X86_64, RULE("read", "ALLOW", ARG("0", "EQ", "1", "0")) ","
			      RULE("read", "LOG", ARG("0", "EQ", "1", "0"))),
		  NF_RULES },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct profile *p = get(cases[i].text);
		struct error *err = NULL;

		assert_int_equal(profile_verify(p, NULL, "amd64", false, &err), -1);
		if (err->kind != (int)cases[i].kind || strstr(err->text, "File exists"))
			fail_msg("%s: kind %d", err->text, err->kind);
		error_free(err);
		profile_free(p);
	}
}

/* what a process with a limit is told */
static void starve(int what, rlim_t n, const char *word)
{
	const struct rlimit r = { n, n };
	struct profile *p = get(OCI(X86_64, RULE("write", "ALLOW", "")));
	struct filter_job j = { .p = p };
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		/* root may start as many as it likes */
		if (setrlimit(what, &r) || (!getuid() && setuid(65534)))
			_exit(2);
		meaning_filters(&j, 1, MEANING_MS);
		_exit(!j.refused || j.endless || !j.failed ||
		      strncmp(j.refused, word, strlen(word)));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	profile_free(p);
}

static void starved(void **state)
{
	(void)state;
	starve(RLIMIT_NOFILE, 0, "cannot make a pipe to ask libseccomp: ");
	starve(RLIMIT_NPROC, 0, "cannot start a process to ask libseccomp: ");
}

/* runc alone answers ENOSYS above the highest number that is named */
static void enosys(void **state)
{
	const struct abi abi = meaning_abi(SCMP_ARCH_X86_64);
	const struct abi s390 = meaning_abi(SCMP_ARCH_S390X);
	struct profile *p = get(OCI(X86_64, RULE("write", "ALLOW", "") ","
				    RULE("statx", "ERRNO", "")));

	(void)state;
	assert_false(meaning_enosys(p, NULL, &abi, 332));
	assert_true(meaning_enosys(p, NULL, &abi, 333));
	assert_false(meaning_enosys(p, NULL, &abi, 0));
	assert_true(meaning_enosys(p, NULL, &s390, 0));
	profile_set_default(p, PA_ERRNO, ENOSYS);
	assert_false(meaning_enosys(p, NULL, &abi, 333));
	profile_set_default(p, PA_KILL, -1);
	assert_true(meaning_enosys(p, NULL, &abi, 333));
	profile_set_default(p, PA_TRACE, -1);
	assert_false(meaning_enosys(p, NULL, &abi, 333));
	profile_free(p);
}

/* what differs is found, wherever it is */
static void verify(void **state)
{
	static const char one[] = OCI(X86_64 "," X86, RULE("mount", "ALLOW",
		ARG("3", "LT", "9223372036854775809", "0")));
	static const char two[] = OCI(X86_64 "," X86, RULE("mount", "ALLOW",
		ARG("3", "LT", "9223372036854775808", "0")));
	struct profile *p, *q;
	struct error *err = NULL;

	(void)state;
	if (!library_reads_uint64())
		skip();
	p = get(one);
	q = get(two);
	assert_int_equal(profile_verify(p, p, NULL, false, &err), 0);
	assert_int_equal(profile_verify(p, q, NULL, false, &err), -1);
	assert_non_null(strstr(err->text, "`mount`"));
	error_free(err);
	/* what is refused in another way does not count where that is said */
	profile_free(q);
	q = profile_dup(p);
	profile_set_default(q, PA_KILL_PROCESS, PROFILE_NO_ERRNO);
	err = NULL;
	assert_int_equal(profile_verify(p, q, NULL, false, &err), -1);
	error_free(err);
	err = NULL;
	assert_int_equal(profile_verify(p, q, NULL, true, &err), 0);
	profile_allow(q, "read");
	assert_int_equal(profile_verify(p, q, NULL, true, &err), -1);
	assert_non_null(strstr(err->text, "`read`"));
	error_free(err);
	profile_free(p);
	profile_free(q);
}

static bool permits(const struct filter_job *j, const struct abi *abi, int nr, const uint64_t *args)
{
	return meaning_permits(meaning_at(&j->bpf, abi, nr, args));
}

/*
 * A filter that was made before is not another request's: one that differs in the place,
 * in the order of its rules, in an argument or in how it is asked for. All are asked for at
 * once, and again.
 */
static void remembered(void **state)
{
#define COND(name, cap)							\
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"" cap "\"]}}"
#define FEW	COND("reboot", "CAP_SYS_BOOT") "," RULE("ioctl", "ALLOW", ARG("1", "EQ", "1", "0"))
	struct profile_env bare = { .arch = "amd64" }, boot = bare, arm = { .arch = "arm64" };
	const struct abi x86 = meaning_abi(SCMP_ARCH_X86_64);
	const struct abi aarch64 = meaning_abi(SCMP_ARCH_AARCH64);
	struct profile *one = get(OCI(X86_64, FEW)), *two;
	const uint64_t args[2][PROFILE_MAX_ARGS] = { { 0, 1 }, { 0, 2 } };
	struct filter_job j[8];
	int i, round;

	(void)state;
	two = profile_dup(one);
	two->rules[1].args[0].value = 2;
	strset_add(&boot.caps, "CAP_SYS_BOOT");
	for (round = 0; round < 2; round++) {
		memset(j, 0, sizeof(j));
		for (i = 0; i < 8; i++) {
			j[i].p = i & 1 ? two : one;
			j[i].env = i & 4 ? &arm : i & 2 ? &boot : &bare;
		}
		meaning_filters(j, 8, MEANING_MS);
		for (i = 0; i < 8; i++) {
			const struct abi *abi = i & 4 ? &aarch64 : &x86;
			int reboot = meaning_number(abi, "reboot");
			int ioctl = meaning_number(abi, "ioctl");

			assert_null(j[i].refused);
			assert_int_equal(permits(&j[i], abi, reboot, args[0]), (i & 6) == 2);
			assert_int_equal(permits(&j[i], abi, ioctl, args[i & 1]), 1);
			assert_int_equal(permits(&j[i], abi, ioctl, args[!(i & 1)]), 0);
			bpf_free(&j[i].bpf);
		}
	}
	strset_free(&boot.caps);
	profile_free(one);
	profile_free(two);
}

/*
 * Beside x32 libseccomp from 2.5 on forgets to load the number where the calls without
 * conditions are none of x86-64's: the rules for read do not count.
 */
static void number_not_loaded(void **state)
{
	static const char *const lacks[] = {
		RULE("waitpid", "ALLOW", ""),
		/* where it counts, only */
		"{\"names\":[\"waitpid\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}",
	};
	const char *const more = "," RULE("read", "ALLOW", ARG("0", "EQ", "7", "0"));
	bool loaded = seccomp_version()->minor < 5;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lacks); i++) {
		cleanup_free char *bad = xasprintf(OCI(X86_64 "," X86 "," X32, "%s%s"),
						   lacks[i], more);
		cleanup_free char *good = xasprintf(OCI(X86_64 "," X86 "," X32, "%s%s,%s"),
						    lacks[i], more,
						    RULE("exit_group", "ALLOW", ""));
		struct profile *p = get(bad), *q = get(good);
		struct error *err = NULL;

		if (!i)
			assert_int_equal(says(bad, SCMP_ARCH_X86_64, "read", 7),
					 loaded ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(1));
		assert_int_equal(profile_verify(p, NULL, "amd64", false, &err), loaded ? 0 : -1);
		if (!loaded) {
			assert_int_equal(err->kind, NF_NUMBER);
			assert_non_null(strstr(err->text, "does not load the number"));
			assert_non_null(strstr(err->text, "`read` in SCMP_ARCH_X86_64"));
		}
		error_free(err);
		err = NULL;
		/* what the message advises */
		assert_int_equal(profile_verify(q, NULL, "amd64", false, &err), 0);
		assert_int_equal(says(good, SCMP_ARCH_X86_64, "read", 7),
				 SCMP_ACT_ALLOW);
		profile_free(p);
		profile_free(q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masked),
		cmocka_unit_test(narrow),
		cmocka_unit_test(plain),
		cmocka_unit_test(multiplexed),
		cmocka_unit_test(abis),
		cmocka_unit_test(number_not_loaded),
		cmocka_unit_test(limits),
		cmocka_unit_test(kinds),
		cmocka_unit_test(starved),
		cmocka_unit_test(enosys),
		cmocka_unit_test(verify),
		cmocka_unit_test(remembered),
	};

	return cmocka_run_group_tests_name("meaning", tests, NULL, NULL);
}
