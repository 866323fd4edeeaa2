// SPDX-License-Identifier: GPL-2.0
/* check: what readers refuse, what opens a profile, and what cures it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "format/format.h"
#include "lib/guess.h"
#include "profile/ages.h"
#include "profile/known.h"
#include "profile/lint.h"
#include "report/peer.h"
#include "library.h"

#define BASE	"{\"names\":[\"read\",\"exit\",\"exit_group\",\"rt_sigreturn\"],\"action\":\"SCMP_ACT_ALLOW\"}"
#define P(members, rules)	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38," members \
				"\"syscalls\":[" BASE rules "]}"
#define BOTH	"\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],"
#define SOCKET	",{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":38,\"op\":\"SCMP_CMP_LT\"}]}"
#define ALLOW(name)	",{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ALLOW\"}"
#define DENY(name)	",{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}"
#define CLONE	",{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}"

static const struct profile_env arm64 = { .arch = "arm64" };
static const struct profile_env no_caps = { 0 };

static const struct {
	const char *text;
	struct lint_opts o;
	const char *id;		/* NULL: nothing is to be found */
	const char *word;	/* within what is said */
	int rule;		/* from 0, or -1 */
} cases[] = {
	{ P("", ""), { 0 }, NULL, NULL, -1 },
	{ P("\"architectures\":[\"SCMP_ARCH_NATIVE\"],", ""), { 0 },
	  "architecture", "runc and crun do", -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_FOO\"],", ""), { 0 }, "flag",
	  "FLAG_FOO", -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],", ""), { 0 }, NULL, NULL,
	  -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],", ""),
	  { .target = "runc", .version = "1.1.5" }, "flag", "runc 1.1.5", -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],", ""),
	  { .target = "crun", .version = "1.1" }, NULL, NULL, -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],", ""),
	  { .kernel = "4.9" }, "flag", "Linux 4.14", -1 },
	{ P("\"flags\":[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"],", ""),
	  { .libseccomp = "2.5.4" }, "flag", "libseccomp 2.6.0", -1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}"),
	  { .target = "runc", .version = "1.1.2" }, "action", "KILL_PROCESS", 1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_LOG\"}"),
	  { .kernel = "4.13" }, "action", "kills", 1 },
	{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/x\",\"syscalls\":[" BASE "]}",
	  { 0 }, "notify", "default action", -1 },
	{ P("\"listenerPath\":\"/x\",", ",{\"names\":[\"write\"],\"action\":\"SCMP_ACT_NOTIFY\"}"),
	  { 0 }, "notify", "`write`", 1 },
	{ P("\"listenerPath\":\"/x\",", ",{\"names\":[\"write\"],\"action\":\"SCMP_ACT_NOTIFY\"}"),
	  { .target = "crun" }, NULL, NULL, -1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_NOTIFY\"}"),
	  { 0 }, "no-listener", "listenerPath", -1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4095}"),
	  { 0 }, "not-loadable", "errnos up to 4094", -1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"0.0\"}}"),
	  { 0 }, "min-kernel", "0.0", 1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":\"5.300\"}}"),
	  { 0 }, "min-kernel", "255", 1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"SYS_ADMIN\"]}}"),
	  { 0 }, "unknown-capability", "`SYS_ADMIN` of `includes`", 1 },
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"arches\":[\"x86_64\"]}}"),
	  { 0 }, "unknown-architecture", "`x86_64` of `excludes`", 1 },
	{ P("", ALLOW("openat3")), { 0 }, "unknown-name", "openat3", 1 },
	{ P("", ALLOW("openat2")), { .kernel = "5.4" }, "too-new", "openat2", 1 },
	/* permitted by a rule that is not the first one about it */
	{ P("", ",{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_EQ\"}]}"
	    ALLOW("openat2")), { .kernel = "5.4" }, "too-new", "openat2", 2 },
	/* nothing to be done: the older one is there, it is refused, or for newer kernels only */
	{ P("", ALLOW("openat2") ALLOW("openat")), { .kernel = "5.4" }, NULL, NULL, -1 },
	{ P("", DENY("openat2")), { .kernel = "5.4" }, NULL, NULL, -1 },
	{ P("", ",{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_LOG\",\"includes\":{\"minKernel\":\"5.6\"}}"),
	  { .kernel = "4.9" }, NULL, NULL, -1 },
	/* on the target ptrace is refused, too */
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ERRNO\",\"excludes\":{\"minKernel\":\"4.8\"}}" DENY("process_vm_readv") "]}",
	  { .kernel = "4.4" }, NULL, NULL, -1 },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ERRNO\",\"excludes\":{\"minKernel\":\"4.8\"}}" DENY("process_vm_readv") "]}",
	  { .kernel = "4.8" }, "twin-open", "ptrace", 1 },
	/* one architecture, and any capabilities */
	{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4095,\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}"),
	  { .env = &arm64, .any_caps = true }, "not-loadable", "errnos up to 4094", -1 },
	{ P("", ALLOW("cachestat")), { .libseccomp = "2.5.4" }, "too-new",
	  "cachestat", 1 },
	/* a filter on which libseccomp never ends */
	{ LIBRARY_HANG, { 0 }, "not-loadable", "clone", -1 },
#ifdef __x86_64__
	/* what mends it stands in what is to be written instead */
	{ LIBRARY_LOST_NUMBER, { 0 }, "not-loadable", "does not load the number", -1 },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," BOTH "\"syscalls\":[{\"names\":[\"accept\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	  { 0 }, "not-loadable", "does not load the number", -1 },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_AARCH64\"],"
	  "\"syscalls\":[{\"names\":[\"arch_prctl\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_EQ\"}]}]}",
	  { 0 }, "not-loadable", "does not load the number", -1 },
#endif
#ifdef __x86_64__
	/* the way that i386 has round socket's conditions, and its cure */
	{ P(BOTH, SOCKET), { 0 }, "multiplexed", "socketcall", 1 },
	{ P(BOTH, SOCKET ALLOW("socketcall")), { 0 }, "multiplexed",
	  "socketcall", 1 },
	{ P(BOTH, SOCKET DENY("socketcall")), { 0 }, NULL, NULL, -1 },
	{ P("\"architectures\":[\"SCMP_ARCH_X86_64\"],", SOCKET), { 0 }, NULL,
	  NULL, -1 },
	{ P(BOTH, DENY("shmget") ALLOW("ipc")), { 0 }, "multiplexed", "ipc", 1 },
#endif
	/* the same on other machines, wherever this is looked at */
	{ P("\"architectures\":[\"SCMP_ARCH_S390X\"],", SOCKET ALLOW("socketcall")), { 0 },
	  "multiplexed", "s390x programs", 1 },
	{ P("\"archMap\":[{\"architecture\":\"SCMP_ARCH_S390X\"}],", SOCKET ALLOW("socketcall")),
	  { 0 }, "multiplexed", "s390x programs", 1 },
	{ P("\"architectures\":[\"SCMP_ARCH_S390X\",\"SCMP_ARCH_S390\"],", ""), { 0 }, NULL,
	  NULL, -1 },
	{ P("\"architectures\":[\"SCMP_ARCH_S390X\"],", SOCKET ALLOW("socketcall")), { .env = &no_caps },
	  "multiplexed", "s390x programs", 1 },
	{ P("\"architectures\":[\"SCMP_ARCH_S390X\"],", ""), { .env = &no_caps }, NULL, NULL, -1 },
	{ P("\"archMap\":[{\"architecture\":\"SCMP_ARCH_AARCH64\"},{\"architecture\":\"SCMP_ARCH_S390X\"}],",
	    ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4095,\"includes\":{\"arches\":[\"s390x\"]}}"),
	  { .env = &no_caps }, "not-loadable", "errnos up to 4094", -1 },
	/* as socket's rules are socketcall's there, of which libseccomp looks at the number only */
	{ P("\"architectures\":[\"SCMP_ARCH_S390X\"],", SOCKET ",{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1,"
	    "\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_EQ\"}]}"), { 0 },
	  "not-loadable", "rules of `socket` together", -1 },
	/* no machine has both */
	{ P("\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_S390X\"],", ""), { 0 },
	  "not-loadable", "byte orders differ", -1 },
	{ P("\"archMap\":[{\"architecture\":\"SCMP_ARCH_S390X\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],", ""),
	  { 0 }, "not-loadable", "byte orders differ", -1 },
	{ P("", CLONE ALLOW("clone3")), { 0 }, "twin-open", "clone3", 1 },
	{ P("", CLONE), { 0 }, NULL, NULL, -1 },
	{ P("", CLONE ",{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}"),
	  { 0 }, NULL, NULL, -1 },
	{ P("", DENY("openat") ALLOW("openat2")), { 0 }, "twin-open", "openat2",
	  1 },
	{ P("", DENY("init_module") ALLOW("finit_module")), { 0 }, "twin-open",
	  "finit_module", 1 },
	/* ENOSYS for a newer call is no refusal that one could get round */
	{ P("", ALLOW("openat") ",{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}"),
	  { 0 }, NULL, NULL, -1 },
};

static struct profile *parse(const char *text)
{
	struct error *err = NULL;
	struct profile *p = format_read(text, strlen(text), FORMAT_DOCKER, NULL,
					NULL, &err);

	if (!p)
		fail_msg("%s: %s", text, err->text);
	return p;
}

/* what is to be written instead of an open twin is a cure: the default's answer is no rule's */
static void advice(void **state)
{
	static const char *const all[] = {
		"no rule that permits `execveat`",
		"a rule that refuses `execveat` with ENOSYS",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct profile *p = parse("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" BASE ALLOW("execveat")
			",{\"names\":[\"execve\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}]}");
		const struct lint_opts o = { .no_runtime = true };
		const char *instead = NULL;
		struct findings f;

		profile_set_default(p, PA_ERRNO, i ? EPERM : ENOSYS);
		lint(p, &o, &f);
		for (j = 0; j < f.n; j++)
			if (!strcmp(f.v[j].id, "twin-open"))
				instead = f.v[j].instead;
		assert_non_null(instead);
		assert_int_equal(strncmp(instead, all[i], strlen(all[i])), 0);
		findings_free(&f);
		profile_free(p);
	}
}

/* of no other architecture's name, and of none that a filter has anyhow */
static void architectures(void **state)
{
	static const struct {
		const char *text, *instead, *not;
	} all[] = {
		{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"i386\"]}}"),
		  "`x86`", "amd64" },
		{ P("", ",{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"vax\"]}}"),
		  "as `amd64`", "x86" },
		{ P("\"architectures\":[\"SCMP_ARCH_S390X\"],", SOCKET ALLOW("socketcall")),
		  "refuses `socketcall`", "SCMP_ARCH_S390X" },
	};
	static const struct profile_env s390x = { .arch = "s390x" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		const struct lint_opts o = { .no_runtime = true, .env = i == 2 ? &s390x : NULL };
		struct profile *p = parse(all[i].text);
		struct findings f;

		lint(p, &o, &f);
		assert_true(f.n >= 1);
		assert_non_null(strstr(f.v[0].instead, all[i].instead));
		assert_null(strstr(f.v[0].instead, all[i].not));
		findings_free(&f);
		profile_free(p);
	}
}

static void table(void **state)
{
	struct findings f;
	size_t i, j, errors;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct profile *p = parse(cases[i].text);
		struct lint_opts o = cases[i].o;
		const char *id = cases[i].id;
		bool found = false;

		if ((!strcmp(cases[i].text, LIBRARY_HANG) && library_ends()) ||
		    (cases[i].word && strstr(cases[i].word, "load the number") &&
		     library_loads_number())) {
			profile_free(p);
			continue;
		}
		/* no filter is made of that */
		if (!id && strstr(cases[i].text, "ACT_NOTIFY") && !library_notifies())
			id = "not-loadable";
		/* and of that nothing can be known but its age */
		if (id && cases[i].word && ages_call(cases[i].word) &&
		    !library_knows(cases[i].word))
			id = "unknown-name";
		o.no_runtime = true;
		lint(p, &o, &f);
		for (j = 0, errors = 0; j < f.n; j++) {
			errors += !f.v[j].harmless && strcmp(f.v[j].id,
							     "redundant-rule");
			if (id && !strcmp(f.v[j].id, id) &&
			    strstr(f.v[j].text, cases[i].word ? cases[i].word : "NOTIFY")) {
				found = true;
				if (id != cases[i].id)
					continue;
				assert_int_equal((int)f.v[j].rule - 1,
						 cases[i].rule);
				assert_non_null(f.v[j].instead);
			}
		}
		if (id ? !found : errors)
			fail_msg("%s: %s", cases[i].text, id ? id : f.v[0].text);
		findings_free(&f);
		profile_free(p);
	}
}

/* what the engines ship has nothing that is not so, on any machine that it is for */
static void defaults(void **state)
{
	struct profile_env env = { 0 };
	struct lint_opts o = { .no_runtime = true, .any_caps = true };
	struct strset machines = { 0 };
	struct findings f;
	size_t i, j, k;

	(void)state;
	for (i = 0; i < PEERS_ALL; i++) {
		profile_machines(peer_profile(&peers[i]), &machines);
		assert_true(strset_has(&machines, "s390x") && strset_has(&machines, "amd64"));
		for (k = 0; k <= machines.n; k++) {
			env.arch = k < machines.n ? machines.v[k] : NULL;
			o.env = env.arch ? &env : NULL;
			lint(peer_profile(&peers[i]), &o, &f);
			for (j = 0; j < f.n; j++)
				if (!f.v[j].harmless && strcmp(f.v[j].id, "multiplexed"))
					fail_msg("%s on %s: %s: %s", peers[i].key,
						 env.arch ? env.arch : "any", f.v[j].id,
						 f.v[j].text);
			findings_free(&f);
		}
		strset_free(&machines);
	}
}

static void capabilities(void **state)
{
	struct guess g = GUESS_INIT("CAP_SYS_ADMN");
	struct guess none = GUESS_INIT("");

	(void)state;
	assert_string_equal(known_capability("sys_admin", &none), "CAP_SYS_ADMIN");
	assert_string_equal(known_capability("CAP_BPF", &none), "CAP_BPF");
	assert_null(known_capability("CAP_SYS_ADMN", &g));
	assert_string_equal(g.best, "CAP_SYS_ADMIN");
}

static bool has(const char *text, const struct lint_opts *o, const char *id,
		const char *word)
{
	struct profile *p = parse(text);
	struct findings f;
	bool yes = false;
	size_t i;

	lint(p, o, &f);
	for (i = 0; i < f.n; i++)
		yes |= !strcmp(f.v[i].id, id) && strstr(f.v[i].text, word);
	findings_free(&f);
	profile_free(p);
	return yes;
}

/* runc answers ENOSYS to what is newer than all that is named, crun does not */
static void enosys(void **state)
{
	static const char kill[] = "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[" BASE "]}";
	static const char eperm[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" BASE "]}";
	static const char newer[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" BASE ALLOW("faccessat2") "]}";
	const struct lint_opts any = { 0 }, crun = { .target = "crun" };
	const struct lint_opts runc = { .target = "runc" };
	const struct lint_opts none = { .no_runtime = true };

	(void)state;
	assert_true(has(kill, &any, "runc-enosys", "SCMP_ACT_KILL"));
	assert_true(has(kill, &runc, "runc-enosys", "SCMP_ACT_KILL"));
	assert_false(has(kill, &crun, "runc-enosys", ""));
	assert_false(has(kill, &none, "runc-enosys", ""));
	assert_true(has(eperm, &runc, "runc-enosys", "SCMP_ACT_ERRNO"));
	assert_false(has(eperm, &any, "runc-enosys", ""));
	assert_false(has(P("", ""), &runc, "runc-enosys", ""));
	if (!library_knows("clone3"))
		return;
	assert_true(has(eperm, &any, "clone3-eperm", "though not from runc"));
	assert_true(has(eperm, &crun, "clone3-eperm", "though not from runc"));
	assert_false(has(eperm, &runc, "clone3-eperm", ""));
	/* clone3's number is below the highest that is named */
	assert_true(has(newer, &runc, "clone3-eperm", "gets EPERM:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(architectures),
		cmocka_unit_test(advice),
		cmocka_unit_test(defaults),
		cmocka_unit_test(enosys),
		cmocka_unit_test(capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
