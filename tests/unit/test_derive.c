// SPDX-License-Identifier: GPL-2.0
/* From a record to a profile. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "profile/derive.h"
#include "lib/names.h"
#include "library.h"

#define X86_64	0xc000003eU
#define I386	0x40000003U
#define ARM	0x40000028U
#define AARCH64	0xc00000b7U

#define WORKLOAD	0
#define CONFINED	SCTRACE_KIND_CONFINED
#define SETUP		SCTRACE_KIND_SETUP
#define REFUSED		SCTRACE_KIND_REFUSED

static void saw(struct record *r, uint32_t arch, unsigned int kind, int bit)
{
	struct sctrace_sighting *s;

	nrset_add(&record_abi(r, arch)->kind[kind], bit);
	r->sighting = xrealloc(r->sighting, r->n_sighting + 1,
			       sizeof(*r->sighting));
	s = &r->sighting[r->n_sighting++];
	memset(s, 0, sizeof(*s));
	s->arch = arch;
	s->nr = names_number(arch, bit);
	s->kind = kind;
	s->pid = 40 + r->n_sighting;
	s->time = 1000 - r->n_sighting;
	snprintf(s->comm, sizeof(s->comm), "task%zu", r->n_sighting);
}

static struct derived make(const struct record *r, bool plain)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.plain = plain, .runtime.seen = true,
	};
	struct error *err = NULL;
	struct derived d = { 0 };

	assert_int_equal(derive(r, &opts, &d, &err), 0);
	assert_null(err);
	derive_judge(r, &opts, &d, d.profile);
	return d;
}

/* How many notes have this in them */
static size_t noted(const struct derived *d, const char *what)
{
	size_t i, n = 0;

	for (i = 0; i < d->notes.n; i++)
		n += !!strstr(d->notes.v[i], what);
	return n;
}

static bool said(const struct derived *d, const char *what)
{
	size_t i;

	for (i = 0; i < d->n_words; i++)
		if (strstr(d->words[i], what))
			return true;
	return false;
}

/* Exactly these names and no others */
static void names_are(const struct profile *p, const char *const *want)
{
	size_t n = 0;

	assert_int_equal(p->n_rules, 1);
	assert_int_equal(p->rules[0].action, PA_ALLOW);
	while (want[n])
		n++;
	assert_int_equal(p->rules[0].names.n, n);
	while (n--)
		assert_string_equal(p->rules[0].names.v[n], want[n]);
}

static void which_sets(void **state)
{
	static const char *const want[] = {
		"close", "exit", "exit_group", "read", "restart_syscall",
		"rt_sigreturn", "write", NULL
	};
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);			/* read */
	saw(&r, X86_64, CONFINED, 1);			/* write */
	saw(&r, X86_64, SETUP, 165);			/* mount */
	saw(&r, X86_64, SETUP | CONFINED, 3);		/* close */
	saw(&r, X86_64, REFUSED | CONFINED, 83);	/* mkdir */
	d = make(&r, false);
	names_are(d.profile, want);
	assert_int_equal(d.profile->arches.n, 1);
	assert_string_equal(d.profile->arches.v[0], "SCMP_ARCH_X86_64");
	assert_int_equal(d.profile->def_action, PA_ERRNO);
	assert_int_equal(d.profile->def_errno, 38);
	assert_int_equal(d.doubts, DOUBT_REFUSED);
	assert_true(said(&d, "refused x86_64 system call mkdir"));
	derived_free(&d);
	record_free(&r);
}

/* C libraries take clone where clone3 is refused: nothing is missing then */
static void clone3(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING | SCTRACE_F_REFUSED };
	struct derived d;

	(void)state;
	if (!library_knows("clone3"))
		skip();
	saw(&r, X86_64, CONFINED, 0);			/* read */
	saw(&r, X86_64, SETUP | CONFINED, 3);		/* close */
	saw(&r, X86_64, REFUSED | CONFINED, 435);	/* clone3 */
	d = make(&r, false);
	assert_int_equal(d.doubts, DOUBT_REFUSED);
	assert_true(said(&d, "refused x86_64 system call clone3: it is not in the profile"));
	derived_free(&d);
	saw(&r, X86_64, CONFINED, 56);			/* clone */
	d = make(&r, false);
	assert_int_equal(d.doubts, 0);
	assert_false(said(&d, "clone3"));
	assert_int_equal(noted(&d, "clone3, and `clone` was called in its place"), 1);
	derived_free(&d);
	saw(&r, X86_64, REFUSED | CONFINED, 83);	/* mkdir */
	d = make(&r, false);
	assert_int_equal(d.doubts, DOUBT_REFUSED);
	derived_free(&d);
	record_free(&r);
}

/* Nothing that was not seen, whatever would be needed */
static void exact(void **state)
{
	static const char *const want[] = { "close", "read", NULL };
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.exact = true,
	};
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct error *err = NULL;
	struct derived d = { 0 };

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);			/* read */
	saw(&r, X86_64, SETUP | CONFINED, 3);		/* close */
	saw(&r, X86_64, SETUP, 165);			/* mount */
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	names_are(d.profile, want);
	derived_free(&d);
	record_free(&r);
}

/* What was refused: told, and let in on request only; once, with its ABI */
static void refused_calls(void **state)
{
	static const char *const without[] = {
		"close", "exit", "exit_group", "getpid", "restart_syscall",
		"rt_sigreturn", NULL
	};
	static const char *const with[] = {
		"close", "execve", "exit", "exit_group", "getpid", "mkdir",
		"restart_syscall", "rt_sigreturn", NULL
	};
	struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.include_refused = true,
	};
	struct record r = { .flags = SCTRACE_F_RUNNING | SCTRACE_F_REFUSED };
	struct error *err = NULL;
	struct derived d;
	struct nrset set;

	(void)state;
	saw(&r, X86_64, CONFINED, 39);			/* getpid */
	saw(&r, X86_64, SETUP | CONFINED, 3);		/* close */
	saw(&r, X86_64, REFUSED | CONFINED, 83);	/* mkdir */
	saw(&r, X86_64, REFUSED | CONFINED, 39);	/* before it was allowed */
	saw(&r, I386, REFUSED | CONFINED | SETUP, 11);	/* execve */
	derive_refused(&r.abi[0], &set);
	assert_int_equal(nrset_count(&set), 2);
	assert_true(nrset_has(&set, 83) && nrset_has(&set, 39));
	derive_confined(&r.abi[0], &set);
	assert_int_equal(nrset_count(&set), 2);
	assert_true(nrset_has(&set, 39) && nrset_has(&set, 3));

	d = make(&r, false);
	names_are(d.profile, without);
	assert_int_equal(d.profile->arches.n, 1);
	assert_int_equal(d.doubts & DOUBT_STRICT, DOUBT_REFUSED);
	assert_true(said(&d, "refused x86_64 system call mkdir: it is not in"));
	assert_true(said(&d, "refused x86_64 system call getpid: it is in the profile, as"));
	assert_true(said(&d, "system call execve: it is not in"));
	derived_free(&d);

	memset(&d, 0, sizeof(d));
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	names_are(d.profile, with);
	assert_int_equal(d.profile->arches.n, 2);
	assert_int_equal(d.doubts & DOUBT_STRICT, 0);
	assert_true(said(&d, "system call mkdir: it is in the profile all the same"));
	derived_free(&d);
	record_free(&r);
}

/* What the program's own filter refuses is no lack of the container's profile */
static void own_filter(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING | SCTRACE_F_REFUSED };
	struct derived d;
	struct nrset set;

	(void)state;
	saw(&r, X86_64, CONFINED, 39);			/* getpid */
	saw(&r, X86_64, SETUP | CONFINED, 3);		/* close */
	saw(&r, X86_64, REFUSED, 83);			/* mkdir */
	derive_refused(&r.abi[0], &set);
	assert_int_equal(nrset_count(&set), 0);
	d = make(&r, false);
	assert_int_equal(d.doubts & DOUBT_STRICT, 0);
	assert_false(said(&d, "mkdir"));
	derived_free(&d);
	record_free(&r);
}

static void two_abis(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;

	(void)state;
	saw(&r, I386, WORKLOAD, 11);		/* execve, munmap elsewhere */
	saw(&r, I386, WORKLOAD, 102);		/* socketcall, getuid */
	saw(&r, X86_64, WORKLOAD, 59);		/* execve, oldolduname */
	saw(&r, X86_64, WORKLOAD, 39);		/* getpid, mkdir */
	saw(&r, SCTRACE_ARCH_X32, WORKLOAD, 0);	/* read */
	saw(&r, SCTRACE_ARCH_X32, WORKLOAD, 512);	/* rt_sigaction */
	d = make(&r, false);
	assert_int_equal(d.profile->arches.n, 3);
	assert_true(strset_has(&d.profile->arches, "SCMP_ARCH_X86"));
	assert_true(strset_has(&d.profile->arches, "SCMP_ARCH_X86_64"));
	assert_true(strset_has(&d.profile->arches, "SCMP_ARCH_X32"));
	assert_true(profile_allows(d.profile, "execve"));
	assert_true(profile_allows(d.profile, "socketcall"));
	assert_true(profile_allows(d.profile, "getpid"));
	assert_true(profile_allows(d.profile, "read"));
	assert_true(profile_allows(d.profile, "rt_sigaction"));
	assert_false(profile_allows(d.profile, "munmap"));
	assert_false(profile_allows(d.profile, "getuid"));
	assert_false(profile_allows(d.profile, "oldolduname"));
	assert_false(profile_allows(d.profile, "mkdir"));
	assert_int_equal(d.doubts & DOUBT_UNKNOWN, 0);
	derived_free(&d);
	record_free(&r);
}

static void arm_private(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;

	(void)state;
	saw(&r, ARM, WORKLOAD, SCTRACE_ARM_PRIVATE_SLOT + 2);
	saw(&r, ARM, WORKLOAD, SCTRACE_ARM_PRIVATE_SLOT + 5);
	saw(&r, ARM, WORKLOAD, SCTRACE_ARM_PRIVATE_SLOT + 7);
	/* the same place means nothing of the kind elsewhere */
	saw(&r, AARCH64, WORKLOAD, SCTRACE_ARM_PRIVATE_SLOT + 2);
	d = make(&r, false);
	assert_true(profile_allows(d.profile, "cacheflush"));
	assert_true(profile_allows(d.profile, "set_tls"));
	assert_true(d.doubts & DOUBT_UNKNOWN);
	assert_true(said(&d, "arm system call 983047, first called by task3[43]"));
	assert_true(said(&d, "aarch64 system call 1018"));
	derived_free(&d);
	record_free(&r);
}

static void unknown_number(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;
	size_t i, named = 0;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	saw(&r, X86_64, WORKLOAD, 900);
	saw(&r, X86_64, CONFINED, 900);		/* earlier, as saw() counts */
	d = make(&r, false);
	assert_int_equal(d.doubts & DOUBT_UNKNOWN, DOUBT_UNKNOWN);
	assert_true(d.doubts & DOUBT_STRICT);
	assert_true(said(&d, "x86_64 system call 900, first called by task3[43]"));
	for (i = 0; i < d.profile->rules[0].names.n; i++) {
		assert_true(*d.profile->rules[0].names.v[i]);
		assert_null(strpbrk(d.profile->rules[0].names.v[i], "0123456789#"));
	}
	derived_free(&d);
	record_free(&r);

	/* a program can try all there are: one sentence tells them */
	for (i = 900; i < 950; i++)
		saw(&r, X86_64, WORKLOAD, i);
	d = make(&r, false);
	assert_true(said(&d, "no name for the 50 x86_64 system calls 900, 901, 902, "));
	for (i = 0; i < d.n_words; i++)
		named += !!strstr(d.words[i], "no name");
	assert_int_equal(named, 1);
	derived_free(&d);
	record_free(&r);

	/* an ABI with nothing that can be named is not declared */
	saw(&r, 0x12345678, WORKLOAD, 1);
	d = make(&r, false);
	assert_true(said(&d, "0x12345678 system call 1"));
	assert_int_equal(d.profile->arches.n, 1);
	assert_string_equal(d.profile->arches.v[0], "SCMP_ARCH_X86_64");
	derived_free(&d);
	record_free(&r);
}

static void doubts(void **state)
{
	static const struct {
		uint32_t flags;
		unsigned int doubt;
		const char *words;
	} cases[] = {
		{ SCTRACE_F_LATE, DOUBT_LATE, "running already" },
		{ SCTRACE_F_INCOMPLETE, DOUBT_INCOMPLETE, "incomplete" },
		{ SCTRACE_F_STOPPED, DOUBT_STOPPED, "is stopped" },
		{ SCTRACE_F_GAP, DOUBT_GAP, "for a while" },
	};
	struct record r = { 0 };
	struct derived d;
	size_t i;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		r.flags = cases[i].flags | SCTRACE_F_RUNNING;
		d = make(&r, false);
		assert_int_equal(d.doubts, cases[i].doubt | DOUBT_NO_RUNTIME);
		assert_true(d.doubts & DOUBT_STRICT);
		assert_true(said(&d, cases[i].words));
		derived_free(&d);
	}
	/* counters are believed without the flag */
	r.flags = SCTRACE_F_RUNNING;
	r.calls_missed = 3;
	d = make(&r, false);
	assert_true(d.doubts & DOUBT_INCOMPLETE);
	assert_true(said(&d, "3 calls could not"));
	derived_free(&d);
	r.calls_missed = 0;
	r.has_other_nr = true;
	r.other_nr = 5000;
	d = make(&r, false);
	assert_true(d.doubts & DOUBT_UNKNOWN);
	assert_true(said(&d, "number 5000"));
	derived_free(&d);
	/* once its namespace has ended, a stopped record misses nothing more */
	r.has_other_nr = false;
	r.flags = SCTRACE_F_STOPPED | SCTRACE_F_ENDED | SCTRACE_F_RUNNING;
	d = make(&r, false);
	assert_int_equal(d.doubts & DOUBT_STRICT, 0);
	assert_false(said(&d, "stopped"));
	derived_free(&d);
	record_free(&r);
	/* of a cgroup, in which nobody has called anything */
	r = (struct record){ .flags = SCTRACE_F_CGROUP | SCTRACE_F_LATE, .cgroup = (char *)"/x.slice", .starts = 1 };
	d = make(&r, false);
	assert_true(said(&d, "`/x.slice` was running already"));
	assert_true(said(&d, "`/x.slice` has called anything since"));
	assert_false(said(&d, "set-up"));
	derived_free(&d);
}

static void filters(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;

	(void)state;
	/* none: the runtime was not seen under one */
	saw(&r, X86_64, SETUP, 165);
	saw(&r, X86_64, WORKLOAD, 0);
	d = make(&r, false);
	assert_int_equal(d.doubts, DOUBT_NO_RUNTIME);
	assert_int_equal(d.doubts & DOUBT_STRICT, 0);
	assert_true(said(&d, "nothing was recorded of a container runtime"));
	derived_free(&d);
	/* one: it may hide calls, which is told and is not held against it */
	saw(&r, X86_64, SETUP | CONFINED, 3);
	saw(&r, X86_64, CONFINED, 0);
	d = make(&r, false);
	assert_int_equal(d.doubts, DOUBT_CONFINED);
	assert_int_equal(d.doubts & DOUBT_STRICT, 0);
	assert_true(said(&d, "a seccomp filter was in place"));
	derived_free(&d);
	/* one that was watched and refused nothing hides nothing */
	r.flags |= SCTRACE_F_REFUSED;
	d = make(&r, false);
	assert_int_equal(d.doubts, 0);
	assert_int_equal(d.n_words, 0);
	derived_free(&d);
	record_free(&r);
}

static void only_setup(void **state)
{
	static const char *const want[] = {
		"exit", "exit_group", "restart_syscall", "rt_sigreturn", NULL
	};
	struct record r = { 0 };
	struct derived d;

	(void)state;
	strcpy(r.comm, "zygote");
	saw(&r, X86_64, SETUP, 165);
	d = make(&r, false);
	assert_true(d.doubts & DOUBT_NO_WORKLOAD);
	assert_true(d.doubts & DOUBT_STRICT);
	assert_true(said(&d, "`zygote` has not called execve"));
	names_are(d.profile, want);
	assert_string_equal(d.profile->arches.v[0], "SCMP_ARCH_X86_64");
	derived_free(&d);
	record_free(&r);
}

/* No runtime starts it: none of its calls, and no word about it */
static void plain(void **state)
{
	static const char *const want[] = {
		"execve", "exit", "exit_group", "read", "restart_syscall",
		"rt_sigreturn", NULL
	};
	struct record r = { .flags = SCTRACE_F_RUNNING | SCTRACE_F_ENDED };
	struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.plain = true,
	};
	struct error *err = NULL;
	struct derived d;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	saw(&r, X86_64, SETUP, 165);
	strcpy(r.sighting[1].comm, "crun");
	d = make(&r, true);
	names_are(d.profile, want);
	assert_int_equal(d.n_words, 0);
	assert_int_equal(d.notes.n, 0);
	derived_free(&d);
	/* nor what a runtime was seen calling */
	saw(&r, X86_64, SETUP | CONFINED, 126);		/* capset */
	d = make(&r, true);
	names_are(d.profile, want);
	derived_free(&d);
	/* but whoever names one gets it */
	assert_int_equal(runtime_parse("crun", &opts.runtime), 0);
	memset(&d, 0, sizeof(d));
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	assert_true(profile_allows(d.profile, "setresuid"));
	derived_free(&d);
	record_free(&r);
	/* a 32-bit program is started by somebody who is not */
	r.flags = SCTRACE_F_RUNNING;
	saw(&r, I386, WORKLOAD, 3);
	d = make(&r, true);
	assert_int_equal(d.profile->arches.n, 2);
	assert_true(strset_has(&d.profile->arches, "SCMP_ARCH_X86_64"));
	derived_free(&d);
	record_free(&r);
}

/* Set-up without a filter: the runtime tells itself by its name */
static void runtime_found(void **state)
{
	static const struct {
		const char *comm;
		bool known, go;
	} v[] = {
		{ "crun", true, false }, { "runc:[2:INIT]", true, true },
		{ "runctl", false, false }, { "3", true, false },
		{ "3a", false, false }, { "", false, false },
	};
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derived d;
	size_t i;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	saw(&r, X86_64, SETUP, 165);
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		bool known = v[i].known;

		strcpy(r.sighting[1].comm, v[i].comm);
		d = make(&r, false);
		assert_true(d.doubts & DOUBT_NO_RUNTIME);
		assert_int_equal(noted(&d, "added for"), known);
		assert_int_equal(said(&d, "container runtime"), !known);
		assert_int_equal(profile_allows(d.profile, "execve"), known);
		assert_int_equal(profile_allows(d.profile, "futex"), v[i].go);
		assert_false(profile_allows(d.profile, "mount"));
		derived_free(&d);
	}
	/* a number is a name only where there is no other */
	strcpy(r.sighting[1].comm, "3");
	saw(&r, X86_64, SETUP, 166);
	strcpy(r.sighting[2].comm, "runc:[2:INIT]");
	d = make(&r, false);
	assert_int_equal(noted(&d, "added for runc"), 1);
	derived_free(&d);
	r.n_sighting--;
	/* what the program itself is called means nothing */
	r.sighting[1].kind = 0;
	strcpy(r.sighting[1].comm, "crun");
	d = make(&r, false);
	assert_int_equal(d.notes.n, 0);
	derived_free(&d);
	/* its needs were seen: nothing is added to them */
	strcpy(r.sighting[0].comm, "crun");
	r.sighting[0].kind = SETUP;
	saw(&r, X86_64, SETUP | CONFINED, 3);
	d = make(&r, false);
	assert_int_equal(noted(&d, "added for"), 0);
	assert_false(profile_allows(d.profile, "execve"));
	derived_free(&d);
	/* `crun run` does not show that it would wait under the filter */
	saw(&r, X86_64, SETUP | CONFINED, 117);		/* setresuid */
	d = make(&r, false);
	assert_int_equal(noted(&d, "added for crun (it waits"), 1);
	assert_true(profile_allows(d.profile, "pselect6"));
	assert_false(profile_allows(d.profile, "execve"));
	derived_free(&d);
	saw(&r, X86_64, SETUP | CONFINED, 270);		/* pselect6 */
	d = make(&r, false);
	assert_int_equal(noted(&d, "added for"), 0);
	derived_free(&d);
	record_free(&r);
}

/* What exec and other users need is told as long as it is not there */
static void more_than_a_start(void **state)
{
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
	};
	struct error *err = NULL;
	struct derived d;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	saw(&r, X86_64, SETUP, 165);
	saw(&r, X86_64, SETUP | CONFINED, 3);
	strcpy(r.sighting[1].comm, "crun");
	d = make(&r, false);
	assert_int_equal(noted(&d, "fchown openat setgroups for exec and health checks"), 1);
	assert_int_equal(noted(&d, "auto,exec"), 1);
	derived_free(&d);

	assert_int_equal(runtime_parse("auto,exec", &opts.runtime), 0);
	memset(&d, 0, sizeof(d));
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	assert_true(profile_allows(d.profile, "setgroups"));
	assert_false(profile_allows(d.profile, "setresuid"));
	assert_int_equal(noted(&d, "added for crun (exec and health checks)"), 1);
	assert_int_equal(noted(&d, "also needs"), 0);
	derived_free(&d);
	/* a base may have it */
	memset(&d, 0, sizeof(d));
	opts.runtime.needs = 0;
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	profile_allow(d.profile, "setgroups");
	profile_allow(d.profile, "fchown");
	profile_allow(d.profile, "openat");
	derive_judge(&r, &opts, &d, d.profile);
	assert_int_equal(noted(&d, "also needs"), 0);
	derived_free(&d);
	record_free(&r);
}

/* A doubt that the profile does not bear out is none */
static void judged(void **state)
{
	static const char *const crun[] = {
		"capset", "execve", "prctl", "pselect6", "rt_sigaction",
		"rt_sigprocmask", "setresgid", "setresuid", "write", NULL
	};
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.seen = true,
	};
	struct record r = { .flags = SCTRACE_F_RUNNING };
	struct error *err = NULL;
	struct derived d = { 0 };
	size_t i;

	(void)state;
	saw(&r, X86_64, WORKLOAD, 0);
	saw(&r, X86_64, WORKLOAD, 59);			/* execve */
	saw(&r, X86_64, REFUSED | CONFINED, 83);	/* mkdir */
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	assert_true(said(&d, "nothing was recorded of a container runtime"));
	assert_false(said(&d, "execve"));
	assert_true(said(&d, "mkdir: it is not in the profile"));
	derived_free(&d);
	memset(&d, 0, sizeof(d));
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	for (i = 0; crun[i]; i++)
		profile_allow(d.profile, crun[i]);
	profile_allow(d.profile, "mkdir");
	derive_judge(&r, &opts, &d, d.profile);
	assert_false(said(&d, "runtime"));
	assert_true(said(&d, "mkdir: it is in the profile all the same"));
	derived_free(&d);
	/* however many were refused, there is one sentence */
	memset(&d, 0, sizeof(d));
	saw(&r, X86_64, REFUSED | CONFINED, 84);	/* rmdir */
	saw(&r, X86_64, REFUSED | CONFINED, 248);	/* add_key */
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	assert_true(said(&d, "refused x86_64 system calls add_key, mkdir, rmdir: they are not in the profile"));
	derived_free(&d);
	record_free(&r);
}

static void names(void **state)
{
	char *s;

	(void)state;
	assert_string_equal(names_abi(X86_64)->token, "SCMP_ARCH_X86_64");
	assert_string_equal(names_abi(SCTRACE_ARCH_X32)->token, "SCMP_ARCH_X32");
	assert_null(names_abi(0x12345678));
	s = names_abi_text(0x12345678);
	assert_string_equal(s, "0x12345678");
	free(s);
	s = names_syscall(SCTRACE_ARCH_X32, 520);
	assert_string_equal(s, "execve");
	free(s);
	/* 59 is execve of x86-64; x32 has no such call */
	assert_null(names_syscall(SCTRACE_ARCH_X32, 59));
	assert_null(names_syscall(X86_64, 1000));
	s = names_syscall_text(X86_64, 1000);
	assert_string_equal(s, "#1000");
	free(s);
	assert_true(names_abi_known(X86_64));
	assert_false(names_abi_known(0x12345678));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_sets),
		cmocka_unit_test(clone3),
		cmocka_unit_test(exact),
		cmocka_unit_test(refused_calls),
		cmocka_unit_test(own_filter),
		cmocka_unit_test(two_abis),
		cmocka_unit_test(arm_private),
		cmocka_unit_test(unknown_number),
		cmocka_unit_test(doubts),
		cmocka_unit_test(filters),
		cmocka_unit_test(only_setup),
		cmocka_unit_test(plain),
		cmocka_unit_test(runtime_found),
		cmocka_unit_test(more_than_a_start),
		cmocka_unit_test(judged),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("derive", tests, NULL, NULL);
}
