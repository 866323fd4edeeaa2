// SPDX-License-Identifier: GPL-2.0
/* The model, lint, runtime needs, portability, and the commands on files. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>
#include <seccomp.h>

#include "lib/file.h"
#include "profile/ages.h"
#include "profile/lint.h"
#include "profile/portable.h"
#include "lib/util.h"
#include "library.h"

static void sets(void **state)
{
	struct strset s = { 0 }, t = { 0 };

	(void)state;
	assert_true(strset_add(&s, "b"));
	assert_true(strset_add(&s, "a"));
	assert_true(strset_add(&s, "c"));
	assert_false(strset_add(&s, "b"));
	assert_int_equal(s.n, 3);
	assert_string_equal(s.v[0], "a");
	assert_string_equal(s.v[2], "c");
	strset_copy(&t, &s);
	assert_true(strset_del(&t, "b"));
	assert_false(strset_del(&t, "b"));
	assert_true(strset_subset(&t, &s));
	assert_false(strset_subset(&s, &t));
	assert_true(strset_cmp(&s, &t) < 0);
	/* what was taken away leaves room for the next */
	assert_true(strset_add(&t, "d"));
	assert_true(strset_add(&t, "e"));
	assert_int_equal(t.n, 4);
	strset_free(&s);
	strset_free(&t);
}

static void words(void **state)
{
	enum profile_action a;
	char name[65] = "";

	(void)state;
	assert_int_equal(profile_errno_parse("ENOSYS"), ENOSYS);
	assert_int_equal(profile_errno_parse("38"), 38);
	assert_int_equal(profile_errno_parse("4096"), -1);
	assert_int_equal(profile_errno_parse("-1"), -1);
	assert_int_equal(profile_errno_parse("3x"), -1);
	assert_int_equal(profile_errno_parse(""), -1);
	assert_string_equal(profile_errno_name(ENOSYS), "ENOSYS");
	assert_string_equal(profile_errno_name(EAGAIN), "EAGAIN");
	assert_null(profile_errno_name(4000));
	assert_int_equal(profile_action_parse("ERRNO", &a), 0);
	assert_int_equal(a, PA_ERRNO);
	assert_int_equal(profile_action_parse("SCMP_ACT_KILL", &a), 0);
	assert_int_equal(profile_action_rank(a),
			 profile_action_rank(PA_KILL_THREAD));
	assert_int_equal(profile_action_parse("errno", &a), -1);
	assert_int_equal(profile_arch_token("SCMP_ARCH_X86_64"),
			 SCMP_ARCH_X86_64);
	assert_int_equal(profile_arch_token("SCMP_ARCH_VAX"), 0);
	assert_int_equal(profile_arch_from_short("amd64"), SCMP_ARCH_X86_64);
	assert_string_equal(profile_arch_short(SCMP_ARCH_AARCH64), "arm64");
	assert_true(profile_name_valid("_llseek"));
	/* one of 63 letters fits where kernels and unit files have room, 64 do not */
	memset(name, 'a', 63);
	assert_true(profile_name_valid(name));
	name[63] = 'a';
	assert_false(profile_name_valid(name));
	assert_false(profile_name_valid(""));
	assert_false(profile_name_valid("a b"));
	assert_false(profile_name_valid("r\xc3\xa9" "ad"));
	assert_true(profile_kernel_valid("4.8"));
	assert_false(profile_kernel_valid("4"));
	assert_false(profile_kernel_valid("4.8.1"));
	assert_false(profile_kernel_valid(" 4.8"));
}

/* what repeats the default is skipped by all runtimes, so it decides nothing */
static void allows(void **state)
{
	struct profile *p = profile_new();
	struct profile_arg arg = { .op = PO_EQ };
	struct profile_rule *r;

	(void)state;
	strset_add(&profile_add_rule(p, PA_ERRNO, ENOSYS)->names, "mount");
	strset_add(&profile_add_rule(p, PA_ERRNO, EPERM)->names, "bpf");
	strset_add(&profile_add_rule(p, PA_LOG, -1)->names, "ptrace");
	r = profile_add_rule(p, PA_ALLOW, -1);
	strset_add(&r->names, "clone");
	profile_rule_add_arg(r, &arg);
	assert_int_equal(profile_allow(p, "mount"), 0);
	assert_int_equal(profile_allow(p, "bpf"), 0);
	assert_int_equal(profile_allow(p, "read\n"), -1);
	assert_true(profile_allows(p, "mount"));
	assert_false(profile_allows(p, "bpf"));
	assert_true(profile_allows(p, "ptrace"));
	assert_false(profile_allows(p, "clone"));
	assert_false(profile_allows(p, "read"));
	profile_set_default(p, PA_ALLOW, EPERM);
	assert_int_equal(p->def_errno, PROFILE_NO_ERRNO);
	assert_true(profile_allows(p, "read"));
	assert_false(profile_allows(p, "mount"));
	assert_true(profile_allows(p, "clone"));
	profile_free(p);
}

static bool found(const struct findings *f, const char *id, const char *word)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].id, id) && strstr(f->v[i].text, word))
			return true;
	return false;
}

static void add_rule(struct profile *p, enum profile_action a, int e,
		     const char *name)
{
	strset_add(&profile_add_rule(p, a, e)->names, name);
}

/* a profile with everything that the field complains about */
static void all_have_cures(const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!f->v[i].harmless && !f->v[i].instead)
			fail_msg("%s: %s", f->v[i].id, f->v[i].text);
}

static void lint_finds(void **state)
{
	struct profile_arg arg = { .op = PO_EQ, .value = 1 };
	struct lint_opts o = { .kernel = "5.4" };
	struct profile *p = profile_new();
	struct findings f;

	(void)state;
	profile_set_default(p, PA_ERRNO, EPERM);
	profile_add_arch(p, SCMP_ARCH_X86_64);
	profile_add_archmap(p, "SCMP_ARCH_X86_64");
	add_rule(p, PA_ALLOW, EPERM, "read");
	add_rule(p, PA_ERRNO, EPERM, "mount");
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "");
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "no_such_call");
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "openat2");
	profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO);
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "socket");
	profile_rule_add_arg(&p->rules[p->n_rules - 1], &arg);
	arg.index = 1;
	add_rule(p, PA_ERRNO, ENOSYS, "socket");
	profile_rule_add_arg(&p->rules[p->n_rules - 1], &arg);
	lint(p, &o, &f);
	all_have_cures(&f);
	assert_true(found(&f, "two-arch-members", "archMap"));
	assert_true(found(&f, "errno-on-action", "read"));
	assert_true(found(&f, "redundant-rule", "mount"));
	assert_true(found(&f, "empty-name", ""));
	assert_true(found(&f, "unknown-name", "no_such_call"));
	assert_true(found(&f, "no-names", ""));
	assert_true(found(&f, "contradiction", "socket"));
	assert_true(found(&f, "no-exit", "`exit`"));
	assert_true(found(&f, "no-exit", "`exit_group`"));
	assert_true(found(&f, "no-sigreturn", "rt_sigreturn"));
	assert_true(found(&f, "clone3-eperm", "clone3"));
	assert_true(found(&f, "runtime-needs", "execve"));
	assert_true(found(&f, "too-new", "openat2"));
	findings_free(&f);
	profile_free(p);
}

/* ... and what it rarely meets */
static void lint_finds_more(void **state)
{
	struct profile_arg arg = { .op = PO_MASKED_EQ, .value = 1, .value_two = 2 };
	struct lint_opts o = { .no_runtime = true };
	struct profile *p = profile_new();
	struct profile_rule *r;
	struct findings f;
	int i;

	(void)state;
	profile_allow(p, "exit");
	profile_allow(p, "exit_group");
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "no such\ncall");
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "personality");
	profile_rule_add_arg(&p->rules[p->n_rules - 1], &arg);
	add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO, "clone");
	r = &p->rules[p->n_rules - 1];
	arg.op = PO_EQ;
	for (i = 0; i <= PROFILE_MAX_ARGS; i++) {
		arg.value = i;
		profile_rule_add_arg(r, &arg);
	}
	p->listener_metadata = xstrdup("x");
	lint(p, &o, &f);
	all_have_cures(&f);
	assert_true(found(&f, "bad-name", "no such"));
	assert_true(found(&f, "never-matches", "personality"));
	assert_true(found(&f, "either-argument", "clone"));
	assert_true(found(&f, "too-many-args", "clone"));
	assert_true(found(&f, "no-listener", "listenerPath"));
	findings_free(&f);
	profile_free(p);
}

/* and none of it in a sound one; each thing alone brings its finding back */
static void lint_is_silent(void **state)
{
	struct lint_opts o = { 0 };
	struct profile *p = profile_new();
	const struct runtime_base *b;
	struct findings f;
	size_t i;

	(void)state;
	profile_allow(p, "exit");
	profile_allow(p, "exit_group");
	profile_allow(p, "rt_sigreturn");
	profile_allow(p, "execve");
	lint(p, &o, &f);
	assert_int_equal(f.n, 0);
	findings_free(&f);
	o.runtime = runtime_find("runc", NULL, false);
	lint(p, &o, &f);
	assert_int_equal(f.n, 2);
	assert_true(found(&f, "runtime-needs", "capset"));
	/* what more than a start needs is an error where it was asked for */
	assert_true(found(&f, "user-needs", "fchown"));
	assert_true(f.v[1].harmless);
	findings_free(&f);
	o.needs = RUNTIME_USER;
	lint(p, &o, &f);
	assert_false(f.v[1].harmless);
	findings_free(&f);
	o.needs = 0;
	b = o.runtime;
	runtime_add(p, b, NULL);
	lint(p, &o, &f);
	/* but what is newer than libseccomp */
	for (i = 0; i < f.n; i++)
		assert_true(!strcmp(f.v[i].id, "unknown-name") && f.v[i].harmless &&
			    seccomp_version()->minor < 5);
	findings_free(&f);
	profile_free(p);
	p = profile_new();
	o.runtime = NULL;
	o.no_runtime = true;
	profile_allow(p, "exit");
	profile_allow(p, "exit_group");
	profile_allow(p, "rt_sigreturn");
	lint(p, &o, &f);
	assert_int_equal(f.n, 0);
	findings_free(&f);
	profile_free(p);
}

static void runtimes(void **state)
{
	static const char *const bad[] = {
		"crun=1.8+exec", "crun=1.8+exec+user", "crun=1.8+user,exec",
		"", ",", "crun,npn", "runc=", "crun,", "crun,exec,", "exec",
		"none,exec", "auto,nnp", "auto=1.2", "crun=x", "crun,exe",
		"crun,execs", "youki", "crun exec",
		/* parts that are empty, there twice, or followed by something */
		",crun", "crun,,exec", "crun, ,exec", "crun,exec,exec", "crun,nnp,exec,nnp",
		"auto,user,user", "crun,runc", "crun,crun", "none,", "none,none",
		"crun=1.8 1", "crun=1.8 exec", "crun=1.8exec", "crun=1.8;exec", "crun=1..8",
		"crun=1.8.", "crun=1.8+", "crun=1.8-", "crun=1.8+ds1+exec+1", "crun=1.8-exec",
		"crun=1.8~user", "crun=1.8+ds 1", "crun=1.8\n", "crun=v1.8", "crun = 1.8",
		"crun=,exec", "=1.8",
	};
	static const char *const good[] = {
		"crun=1.8 ,exec", "crun=1.8, exec", " crun=1.8 ,\texec ",
		"crun=1.8+ds1,exec", "crun=1.8~rc93+ds1-2ubuntu1~22.04.1,exec", "crun=1.8-rc.1,exec",
	};
	struct profile_notes notes = { 0 };
	struct profile *p = profile_new();
	const struct runtime_base *all;
	struct runtime_choice c;
	size_t i, j, n;

	(void)state;
	all = runtime_all(&n);
	for (i = 0; i < n; i++) {
		struct strset seen = { 0 };

		/* no runtime starts anything without it */
		for (j = 0; all[i].needed[j]; j++) {
			assert_true(strset_add(&seen, all[i].needed[j]));
			assert_int_not_equal(seccomp_syscall_resolve_name(
				all[i].needed[j]), __NR_SCMP_ERROR);
		}
		assert_true(strset_has(&seen, "execve"));
		/* what more than a start needs comes beyond that */
		for (j = 0; all[i].exec[j]; j++)
			assert_false(strset_has(&seen, all[i].exec[j]));
		for (j = 0; all[i].user[j]; j++)
			assert_false(strset_has(&seen, all[i].user[j]));
		/* one list or the other, not both, and no set-up call */
		for (j = 0; all[i].called[j]; j++)
			assert_true(strset_add(&seen, all[i].called[j]));
		assert_false(strset_has(&seen, "mount"));
		assert_false(strset_has(&seen, "pivot_root"));
		assert_false(strset_has(&seen, "unshare"));
		for (j = 0; all[i].exec[j]; j++)
			assert_true(strset_has(&seen, all[i].exec[j]));
		for (j = 0; all[i].user[j]; j++)
			assert_true(strset_has(&seen, all[i].user[j]));
		strset_free(&seen);
	}
	assert_string_equal(runtime_find("runc", "1.1.15", false)->from, "1.0");
	assert_string_equal(runtime_find("runc", "1.2.8", false)->from, "1.2");
	assert_string_equal(runtime_find("runc", "0.1", true)->from, "1.0");
	assert_string_equal(runtime_find("runc", NULL, true)->from, "1.2");
	assert_null(runtime_find("youki", NULL, true));
	assert_int_equal(runtime_parse("runc=1.1.5,nnp", &c), 0);
	assert_ptr_equal(c.base, runtime_find("runc", "1.1.5", true));
	assert_int_equal(c.needs, 0);
	assert_false(c.seen);
	assert_int_equal(runtime_parse("runc=1.1.12+ds1,exec", &c), 0);
	assert_ptr_equal(c.base, runtime_find("runc", "1.1.12", false));
	assert_int_equal(runtime_parse("runc=1.2,user,exec", &c), 0);
	assert_ptr_equal(c.base, runtime_find("runc", "1.2", false));
	assert_int_equal(c.needs, RUNTIME_EXEC | RUNTIME_USER);
	assert_int_equal(runtime_parse("auto,exec", &c), 0);
	assert_true(c.seen && !c.base);
	assert_int_equal(c.needs, RUNTIME_EXEC);
	assert_int_equal(runtime_parse("none", &c), 0);
	assert_true(!c.seen && !c.base);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!runtime_parse(bad[i], &c))
			fail_msg("`%s` was taken for a runtime", bad[i]);
	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (runtime_parse(good[i], &c) || c.needs != RUNTIME_EXEC ||
		    c.base != runtime_find("crun", "1.8", false))
			fail_msg("`%s` was not read as meant", good[i]);
	/* what a rule refuses stays refused, and that is said */
	add_rule(p, PA_ERRNO, EPERM, "prctl");
	runtime_add(p, runtime_find("crun", NULL, false), &notes);
	assert_false(profile_allows(p, "prctl"));
	assert_true(profile_allows(p, "capset"));
	assert_int_equal(notes.n, 2);
	assert_non_null(strstr(notes.v[0], "measured with crun"));
	assert_non_null(strstr(notes.v[1], "prctl"));
	profile_notes_free(&notes);
	profile_free(p);
}

static void portable(void **state)
{
	struct profile_notes notes = { 0 };
	struct profile *p = profile_new();
	size_t i, before;

	(void)state;
	profile_add_arch(p, SCMP_ARCH_X86_64);
	profile_allow(p, "openat");
	profile_allow(p, "clone");
	add_rule(p, PA_ERRNO, ENOSYS, "clone3");
	portable_add(p, &notes);
	assert_true(profile_allows(p, "open"));
	assert_int_equal(profile_allows(p, "openat2"), library_knows("openat2"));
	assert_true(profile_allows(p, "clock_gettime"));
	assert_true(profile_allows(p, "rt_sigreturn"));
	assert_true(profile_allows(p, "vfork"));
	/* nobody opened a socket, nobody needs a 32-bit call, and one is barred */
	assert_false(profile_allows(p, "accept4"));
	assert_false(profile_allows(p, "clock_gettime64"));
	assert_false(profile_allows(p, "clone3"));
	/* a name in the profile is one that was there or one with a reason */
	before = 2;
	for (i = 0; i < p->rules[0].names.n; i++) {
		const char *name = p->rules[0].names.v[i];
		cleanup_free char *quoted = xasprintf("added `%s`: ", name);
		size_t j, hits = 0;

		if (!strcmp(name, "openat") || !strcmp(name, "clone"))
			continue;
		for (j = 0; j < notes.n; j++)
			hits += !strncmp(notes.v[j], quoted, strlen(quoted));
		assert_int_equal(hits, 1);
		before++;
	}
	assert_int_equal(before, p->rules[0].names.n);
	profile_notes_free(&notes);
	/* a 32-bit ABI has them */
	profile_add_arch(p, SCMP_ARCH_X86);
	portable_add(p, NULL);
	assert_int_equal(profile_allows(p, "clock_gettime64"), library_knows("clock_gettime64"));

	assert_string_equal(ages_call("clone3"), "5.3");
	assert_null(ages_call("read"));
	assert_string_equal(ages_libseccomp("2.5.1"), "5.8");
	assert_string_equal(ages_libseccomp("2.6.7"), "7.1");
	assert_null(ages_libseccomp("1.0"));
	profile_free(p);
}

/* the program itself, on files */
static char dir[64];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/sctrace-profile-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	cleanup_free char *cmd = xasprintf("rm -rf '%s'", dir);

	(void)state;
	return system(cmd);
}

static void put(const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* run sctrace-nl there; its status, and all it said */
static int tool(const char *args, char **said)
{
	const char *program = getenv("SCTRACE_NL");
	cleanup_free char *cmd = NULL;
	cleanup_free char *path = NULL;
	struct error *err = NULL;
	size_t len;
	int status;

	cmd = xasprintf("cd '%s' && '%s' %s >said 2>&1", dir,
			program ? program : "sctrace-nl", args);
	status = system(cmd);
	assert_true(WIFEXITED(status));
	path = xasprintf("%s/said", dir);
	free(*said);
	*said = file_read(path, 1 << 20, &len, &err);
	assert_non_null(*said);
	return WEXITSTATUS(status);
}

static void commands(void **state)
{
	cleanup_free char *said = NULL;

	(void)state;
	if (!getenv("SCTRACE_NL")) {
		print_message("SCTRACE_NL names no program\n");
		skip();
	}
	put("a", "read\nwrite\nexit\nexit_group\nexecve\nclone3\n");
	put("b", "read\nmount\nexit\nexit_group\nexecve\n");
	put("base", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"syscalls\":["
	    "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1},"
	    "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	put("bad", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"extra\":1}");

	assert_int_equal(tool("merge a b", &said), 0);
	assert_string_equal(said, "clone3\nexecve\nexit\nexit_group\nmount\nread\nwrite\n");
	assert_int_equal(tool("intersect a b", &said), 0);
	assert_string_equal(said, "execve\nexit\nexit_group\nread\n");
	assert_int_equal(tool("subtract a b", &said), 0);
	assert_string_equal(said, "clone3\nwrite\n");
	assert_int_equal(tool("diff a b", &said), 5);
	assert_string_equal(said, "- clone3\n+ mount\n- write\n");
	assert_int_equal(tool("diff a a", &said), 0);
	assert_string_equal(said, "");
	assert_int_equal(tool("diff --json a b", &said), 5);
	assert_non_null(strstr(said, "\"version\""));
	assert_non_null(strstr(said, "\"removed\""));
	/* a base that refuses mount keeps refusing it */
	assert_int_equal(tool("merge b --base base -o out", &said), 0);
	assert_non_null(strstr(said, "`mount` was called, but stays blocked"));
	assert_int_equal(tool("check out b", &said), 5);
	assert_string_equal(said, "+ mount\n");
	assert_int_equal(tool("merge a b --format oci -o sum", &said), 0);
	assert_int_equal(tool("check sum a", &said), 0);
	assert_int_equal(tool("check sum b", &said), 0);
	assert_int_equal(tool("check a", &said), 0);
	assert_int_equal(tool("check a --runtime runc", &said), 5);
	assert_non_null(strstr(said, "runtime-needs"));
	assert_int_equal(tool("check a --target-libseccomp 2.4.1", &said), 5);
	assert_non_null(strstr(said, "clone3"));
	assert_int_equal(tool("check --json a --target-kernel 5.2", &said), 5);
	assert_non_null(strstr(said, "\"too-new\""));
	/* a target that cannot be is no reason to touch a file */
	assert_int_equal(tool("merge a --format k8s --strict -o sum", &said), 4);
	assert_int_equal(tool("check sum b", &said), 0);
	assert_int_equal(tool("merge bad", &said), 1);
	assert_non_null(strstr(said, "`extra`"));
	assert_int_equal(tool("merge", &said), 2);
	assert_int_equal(tool("intersect a", &said), 2);
	assert_int_equal(tool("diff a", &said), 2);
	assert_int_equal(tool("check", &said), 2);
	assert_int_equal(tool("check a b --pid 1", &said), 2);
	assert_int_equal(tool("merge a --runtime youki", &said), 2);
	assert_int_equal(tool("merge a --caps CHROOT", &said), 2);
	assert_int_equal(tool("merge none-such", &said), 1);
	/* what has no effect is refused */
	assert_int_equal(tool("merge a --kernel 5.4", &said), 2);
	assert_int_equal(tool("merge a --name x", &said), 2);
	/* an ABI that is left out: every call of it is killed */
	put("two", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],"
	    "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	put("one", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
	    "\"syscalls\":[{\"names\":[\"read\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	assert_int_equal(tool("check one two", &said), 5);
	assert_string_equal(said, "+ * in SCMP_ARCH_X86\n");
	/* bpf is for x86_64 alone */
	assert_int_equal(tool("merge one two -o sum", &said), 0);
	assert_int_equal(tool("diff two sum", &said), 5);
	assert_string_equal(said, "+ bpf in SCMP_ARCH_X86_64\n");
	/* here it would be allowed in x86 with x32, where neither permits it */
	put("x32", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X32\"],"
	    "\"syscalls\":[{\"names\":[\"read\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	assert_int_equal(tool("merge x32 two -o sum", &said), 1);
	assert_non_null(strstr(said, "`bpf` in SCMP_ARCH_X86"));
	/* libseccomp does not end */
	put("hang", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
	    "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,\"value\":1,\"op\":\"SCMP_CMP_LE\"}]},"
	    "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":2,\"value\":16,\"op\":\"SCMP_CMP_EQ\"}]}]}");
	put("low", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
	    "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":38,\"op\":\"SCMP_CMP_LT\"}]}]}");
	assert_int_equal(tool("intersect hang low -o sum", &said), 0);
	assert_int_equal(tool("check low sum", &said), 0);
	assert_int_equal(tool("check hang sum", &said), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets),
		cmocka_unit_test(words),
		cmocka_unit_test(allows),
		cmocka_unit_test(lint_finds),
		cmocka_unit_test(lint_finds_more),
		cmocka_unit_test(lint_is_silent),
		cmocka_unit_test(runtimes),
		cmocka_unit_test(portable),
		cmocka_unit_test_setup_teardown(commands, setup, teardown),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
