// SPDX-License-Identifier: GPL-2.0
/* Conditions on arguments, of records that are made here. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>
#include "format/format.h"
#include "lib/names.h"
#include "profile/algebra.h"
#include "profile/args.h"
#include "profile/derive.h"
#include "profile/meaning.h"
#include "record/value.h"
#include "report/peer.h"
#include "report/report.h"
#include "report/width.h"
#include "element.h"
#include "library.h"

#define X86_64	0xc000003eU
#define I386	0x40000003U

#define WORKLOAD	0
#define CONFINED	SCTRACE_KIND_CONFINED
#define SETUP		SCTRACE_KIND_SETUP
#define REFUSED		(SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED)

#define NAMESPACES	0x7e020000u
#define THREAD		0x3d0f00u	/* flags of pthread_create() */
#define CLEAR_SIGHAND	0x100000000ULL

static int nr_of(uint32_t arch, const char *call)
{
	int nr = seccomp_syscall_resolve_name_arch(arch, call);

	assert_true(nr >= 0);
	return nr;
}

static void called(struct record *r, uint32_t arch, unsigned int kind,
		   const char *call)
{
	nrset_add(&record_abi(r, arch)->kind[kind], nr_of(arch, call));
}

/* As the module tells it */
static struct sctrace_value *put(struct record *r, uint32_t arch,
				 unsigned int kind, const char *call)
{
	struct sctrace_value *v;

	called(r, arch, kind, call);
	r->value = xrealloc(r->value, r->n_value + 1, sizeof(*r->value));
	v = &r->value[r->n_value++];
	memset(v, 0, sizeof(*v));
	v->arch = arch;
	v->nr = nr_of(arch, call);
	v->kind = kind;
	return v;
}

static struct sctrace_value *saw(struct record *r, uint32_t arch,
				 unsigned int kind, const char *call,
				 uint64_t a, uint64_t b, uint64_t c)
{
	const struct sctrace_watched *row = value_row(arch, call);
	struct sctrace_value *v = put(r, arch, kind, call);

	assert_non_null(row);
	value_of_row(v, row);
	v->arg[0] = a;
	v->arg[1] = b;
	v->arg[2] = c;
	return v;
}

static void open_(struct record *r, uint32_t arch, unsigned int kind,
		  const char *call, enum sctrace_open why)
{
	struct sctrace_value *v = put(r, arch, kind, call);

	v->how = SCTRACE_HOW_OPEN;
	v->why = why;
}

#define RECORD	{ .flags = SCTRACE_F_RUNNING, .has_values = true }

static struct derived make(const struct record *r, const struct args_opts *o)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.exact = true, .include_refused = o->include_refused,
	};
	struct error *err = NULL;
	struct derived d = { 0 };

	assert_int_equal(derive(r, &opts, &d, &err), 0);
	args_apply(r, o, &d);
	return d;
}

static bool in(char *const *v, size_t n, const char *what)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strstr(v[i], what))
			return true;
	return false;
}

#define said(d, what)	in((d)->words, (d)->n_words, what)
#define noted(d, what)	in((d)->notes.v, (d)->notes.n, what)

/* A profile as text: a filter of it is made once */
static char *text_of(const struct profile *p)
{
	char *all = NULL;
	size_t i, len;
	FILE *f = open_memstream(&all, &len);

	for (i = 0; i < p->n_rules; i++) {
		cleanup_free char *rule = profile_rule_text(&p->rules[i]);

		fprintf(f, "%s\n", rule);
	}
	fclose(f);
	return all;
}

/* The filter that a runtime would load, without capabilities */
static const struct bpf *filter_of(const struct profile *p)
{
	static const struct profile_env env = { .arch = "amd64" };
	static struct {
		char *text;
		struct bpf bpf;
	} made[8];
	static size_t next;
	cleanup_free char *text = text_of(p);
	struct error *err = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(made); i++)
		if (made[i].text && !strcmp(made[i].text, text))
			return &made[i].bpf;
	i = next++ % ARRAY_SIZE(made);
	free(made[i].text);
	bpf_free(&made[i].bpf);
	made[i].text = xstrdup(text);
	if (meaning_filter(p, &env, false, &made[i].bpf, &err))
		fail_msg("%s", err->text);
	return &made[i].bpf;
}

static uint32_t answer(const struct profile *p, const char *call, uint64_t a,
		       uint64_t b, uint64_t c)
{
	const struct abi abi = meaning_abi(X86_64);
	const uint64_t args[PROFILE_MAX_ARGS] = { a, b, c };

	return meaning_at(filter_of(p), &abi, nr_of(X86_64, call), args);
}

static bool permits(const struct profile *p, const char *call, uint64_t a,
		    uint64_t b, uint64_t c)
{
	return meaning_permits(answer(p, call, a, b, c));
}

/* Every dialect that can say it does, and libseccomp agrees with each */
static void written(const struct profile *p, bool all_formats)
{
	static const enum format all[] = {
		FORMAT_OCI, FORMAT_DOCKER, FORMAT_PODMAN, FORMAT_K8S,
		FORMAT_LABEL, FORMAT_CSV,
	};
	size_t i, n = all_formats ? ARRAY_SIZE(all) : 1;

	for (i = 0; i < n; i++) {
		cleanup_error struct error *err = NULL;
		cleanup_free char *text = format_write(p, all[i], NULL, NULL, &err);
		struct differences diff;
		struct profile *back;
		size_t j;

		if (!text)
			fail_msg("%s: %s", format_name(all[i]), err->text);
		back = format_read(text, strlen(text), all[i], NULL, NULL, &err);
		assert_non_null(back);
		assert_int_equal(algebra_missing(back, p, &diff, &err), 0);
		for (j = 0; j < diff.n; j++)
			/* csv has no architectures */
			assert_string_equal(diff.v[j].name, "*");
		differences_free(&diff);
		profile_free(back);
	}
}

static void sockets(struct record *r)
{
	saw(r, X86_64, WORKLOAD, "socket", AF_UNIX, SOCK_STREAM, 0);
	saw(r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_STREAM, 6);
	saw(r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_DGRAM, 17);
}

static void guard_family(void **state)
{
	struct record r = RECORD;
	struct derived d;
	unsigned int n = 0;
	size_t i;

	(void)state;
	sockets(&r);
	called(&r, X86_64, WORKLOAD, "read");
	/* what the set-up did before the filter is no reason */
	saw(&r, X86_64, SETUP, "socket", AF_NETLINK, SOCK_RAW, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(permits(d.profile, "socket", AF_UNIX, 5, 5));
	assert_true(permits(d.profile, "socket", AF_INET, SOCK_RAW, 1));
	assert_false(permits(d.profile, "socket", AF_NETLINK, SOCK_RAW, 0));
	assert_false(permits(d.profile, "socket", AF_ALG, SOCK_SEQPACKET, 0));
	assert_false(permits(d.profile, "socket", AF_VSOCK, SOCK_STREAM, 0));
	assert_false(permits(d.profile, "socket", AF_PACKET, SOCK_RAW, 0));
	/* with EQ the upper half counts */
	assert_false(permits(d.profile, "socket", AF_INET | 1ULL << 32, 1, 0));
	assert_true(permits(d.profile, "read", 1, 2, 3));
	/* the rules that a hook of before wrote: one of a single comparison a family */
	for (i = 0; i < d.profile->n_rules; i++) {
		const struct profile_rule *rule = &d.profile->rules[i];

		if (!strset_has(&rule->names, "socket"))
			continue;
		n++;
		assert_int_equal(rule->action, PA_ALLOW);
		assert_int_equal(rule->names.n, 1);
		assert_int_equal(rule->n_args, 1);
		assert_int_equal(rule->args[0].index, 0);
		assert_int_equal(rule->args[0].op, PO_EQ);
	}
	assert_int_equal(n, 2);
	written(d.profile, true);
	derived_free(&d);
	record_free(&r);
}

/* musl extends the sign, and a register may hold anything above an int */
static void upper_halves(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	r.value[1].upper = 1;
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(permits(d.profile, "socket", AF_INET, 1, 0));
	assert_true(permits(d.profile, "socket", AF_INET | 1ULL << 32, 1, 0));
	assert_false(permits(d.profile, "socket", AF_ALG | 1ULL << 32, 1, 0));
	derived_free(&d);
	record_free(&r);
}

static void all_tuples(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	saw(&r, X86_64, WORKLOAD, "prctl", 15, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", 3, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", 4, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mprotect", 0, 0, 0);
	saw(&r, X86_64, WORKLOAD, "setsockopt", 1, 2, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_ALL });
	assert_true(permits(d.profile, "socket", AF_INET, SOCK_DGRAM, 17));
	assert_false(permits(d.profile, "socket", AF_INET, SOCK_DGRAM, 6));
	assert_false(permits(d.profile, "socket", AF_INET, SOCK_RAW, 17));
	assert_true(permits(d.profile, "prctl", 15, 1, 2));
	assert_false(permits(d.profile, "prctl", 22, 1, 2));
	assert_true(permits(d.profile, "mmap", 0, 0, 7));
	assert_false(permits(d.profile, "mmap", 0, 0, 8));
	assert_true(permits(d.profile, "mprotect", 0, 0, 0));
	assert_false(permits(d.profile, "mprotect", 0, 0, 4));
	assert_true(permits(d.profile, "setsockopt", 9, 1, 2));
	assert_false(permits(d.profile, "setsockopt", 9, 1, 3));
	written(d.profile, true);
	derived_free(&d);
	/* what all looks at guard does not */
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "prctl"));
	assert_true(profile_allows(d.profile, "mmap"));
	assert_false(profile_allows(d.profile, "socket"));
	derived_free(&d);
	d = make(&r, &(struct args_opts){ .mode = ARGS_NONE });
	assert_true(profile_allows(d.profile, "socket"));
	assert_int_equal(d.n_words, 0);
	derived_free(&d);
	record_free(&r);
}

static void too_many(void **state)
{
	struct record r = RECORD;
	struct derived d;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARGS_MOST; i++) {
		saw(&r, X86_64, WORKLOAD, "ioctl", 0x5401 + i, 0, 0);
		saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_RAW, i);
	}
	d = make(&r, &(struct args_opts){ .mode = ARGS_ALL });
	assert_false(permits(d.profile, "ioctl", 0, 1, 0));
	assert_false(permits(d.profile, "socket", AF_INET, SOCK_RAW, 99));
	assert_false(noted(&d, "more than"));
	derived_free(&d);
	saw(&r, X86_64, WORKLOAD, "ioctl", 1, 0, 0);
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_RAW, 99);
	d = make(&r, &(struct args_opts){ .mode = ARGS_ALL });
	assert_true(profile_allows(d.profile, "ioctl"));
	assert_true(noted(&d, "`ioctl` was called with more than 16 values: no condition"));
	/* no wider than guard */
	assert_true(permits(d.profile, "socket", AF_INET, 2, 2));
	assert_false(permits(d.profile, "socket", AF_ALG, SOCK_RAW, 99));
	assert_true(noted(&d, "`socket` was called with more than 16 values: only"));
	derived_free(&d);
	record_free(&r);
}

/* What was lost makes wider, and that is said with its reason */
static void open_numbers(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	saw(&r, X86_64, WORKLOAD, "unshare", 0, 0, 0);
	open_(&r, X86_64, WORKLOAD, "socket", SCTRACE_OPEN_MANY);
	/* of another stage: not ours to care for */
	open_(&r, X86_64, SETUP, "unshare", SCTRACE_OPEN_MEMORY);
	/* nothing speaks of it at all */
	called(&r, X86_64, WORKLOAD, "bpf");
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "socket"));
	assert_true(said(&d, "no condition on the arguments of `socket`: it has more values"));
	assert_true(profile_allows(d.profile, "bpf"));
	assert_true(said(&d, "`bpf`: they were not recorded"));
	assert_false(permits(d.profile, "unshare", CLONE_NEWUSER, 0, 0));
	assert_int_equal(d.n_words, 2);
	derived_free(&d);

	/* all of them */
	r.open = 1U << SCTRACE_OPEN_LATE;
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "unshare"));
	assert_true(said(&d, "calls were made before they were recorded"));
	derived_free(&d);

	/* a module of before keeps none */
	r.has_values = false;
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "unshare"));
	assert_int_equal(d.n_words, 0);
	assert_true(noted(&d, "older"));
	derived_free(&d);
	record_free(&r);
}

static void namespaces(void **state)
{
	struct record r = RECORD;
	struct derived d;
	unsigned int bit;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "clone", 0x1200011, 0, 0);
	saw(&r, X86_64, CONFINED, "clone", THREAD, 0, 0);
	saw(&r, X86_64, WORKLOAD, "unshare", CLONE_NEWUTS, 0, 0);
	saw(&r, X86_64, WORKLOAD, "setns", CLONE_NEWNET, 0, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	for (bit = 0; bit < 32; bit++) {
		uint64_t f = 1ULL << bit;
		bool ns = f & NAMESPACES;

		assert_int_equal(permits(d.profile, "clone", f | 17, 0, 0), !ns);
		assert_int_equal(permits(d.profile, "unshare", f, 0, 0),
				 f == CLONE_NEWUTS || (!ns && f != 0x80));
		assert_int_equal(permits(d.profile, "setns", 3, f, 0),
				 f == CLONE_NEWNET || (!ns && f != 0x80));
	}
	written(d.profile, false);
	derived_free(&d);
	d = make(&r, &(struct args_opts){ .mode = ARGS_ALL });
	assert_true(permits(d.profile, "clone", 0x1200011, 0, 0));
	assert_true(permits(d.profile, "clone", THREAD, 0, 0));
	assert_false(permits(d.profile, "clone", THREAD | CLONE_PTRACE, 0, 0));
	written(d.profile, false);
	derived_free(&d);
	record_free(&r);
}

/* What the report counts as allowed is what the profile allows: not the call that was left out */
static void clone3_reported(const struct record *r, const struct derived *d)
{
	struct info info = { .now = 9, .arch = X86_64 };
	const char *why[2] = { NULL };
	unsigned int in = 0;
	struct report rep;
	size_t i;

	report_build(&rep, r, &info, d, X86_64, NULL, "clone3");
	for (i = 0; i < rep.n_line; i++) {
		const struct report_line *l = &rep.line[i];

		in += report_in_profile(l);
		if (!strncmp(l->name, "clone", 5))
			why[report_in_profile(l)] = l->why;
	}
	assert_int_equal(in, rep.allowed);
	assert_string_equal(why[false],
			    "it was called, and is answered with ENOSYS, upon which C libraries take another");
	assert_string_equal(why[true],
			    "`clone3` is answered with ENOSYS, and C libraries take this instead");
	report_free(&rep);
}

/* clone's place is taken by clone3 in newer C libraries, whose flags no filter sees */
static void clone3(void **state)
{
	struct record r = RECORD;
	struct derived d;
	size_t i, j;

	(void)state;
	if (!library_knows("clone3"))
		skip();
	saw(&r, X86_64, WORKLOAD, "clone3", THREAD, 0, 0);
	for (i = 0; i < 2; i++) {
		enum args_mode mode = i ? ARGS_ALL : ARGS_GUARD;

		d = make(&r, &(struct args_opts){ .mode = mode });
		assert_int_equal(answer(d.profile, "clone3", 0, 0, 0),
				 SECCOMP_RET_ERRNO | ENOSYS);
		assert_true(permits(d.profile, "clone", THREAD, 0, 0));
		assert_true(permits(d.profile, "clone", SIGCHLD, 0, 0));
		assert_false(permits(d.profile, "clone", CLONE_NEWUSER | 17, 0, 0));
		assert_true(noted(&d, "`clone3` is answered with ENOSYS"));
		clone3_reported(&r, &d);
		/* by the default: older runtimes refuse a profile with a rule that repeats it */
		for (j = 0; j < d.profile->n_rules; j++)
			assert_false(profile_rule_is_redundant(d.profile, &d.profile->rules[j]));
		assert_false(said(&d, "clone3"));
		written(d.profile, false);
		derived_free(&d);
	}
	/* namespaces that clone3 made clone may make then */
	saw(&r, X86_64, WORKLOAD, "clone3", CLONE_NEWUSER, 0, 0);
	saw(&r, X86_64, WORKLOAD, "clone", SIGCHLD, 0, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(permits(d.profile, "clone", CLONE_NEWUSER | 17, 0, 0));
	assert_false(permits(d.profile, "clone", CLONE_NEWNET | 17, 0, 0));
	derived_free(&d);
	/* what clone has no flag for, it cannot do */
	saw(&r, X86_64, WORKLOAD, "clone3", CLEAR_SIGHAND, 0, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "clone3"));
	assert_true(said(&d, "`clone3` is allowed, as it was called with"));
	assert_true(said(&d, "it can make namespaces"));
	derived_free(&d);
	/* a base that says there is no clone3 knows what it does */
	d = make(&r, &(struct args_opts){
		 .mode = ARGS_GUARD, .base = peer_profile(&peers[0]) });
	assert_false(profile_permits(d.profile, "clone3"));
	derived_free(&d);
	record_free(&r);

	open_(&r, X86_64, WORKLOAD, "clone3", SCTRACE_OPEN_UNREADABLE);
	r.has_values = true;
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_true(profile_allows(d.profile, "clone3"));
	assert_true(said(&d, "`clone3` is allowed: no filter sees its flags"));
	assert_true(said(&d, "could not be read"));
	derived_free(&d);
	record_free(&r);
}

static void enumerations(void **state)
{
	static const struct {
		const char *call;
		uint64_t seen, other;
	} v[] = {
		{ "personality", 0xffffffff, 8 }, { "bpf", 5, 6 },
		{ "keyctl", 11, 2 }, { "ptrace", 0, 16 },
	};
	struct record r = RECORD;
	struct derived d;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++)
		saw(&r, X86_64, WORKLOAD, v[i].call, v[i].seen, 0, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		assert_true(permits(d.profile, v[i].call, v[i].seen, 1, 2));
		assert_false(permits(d.profile, v[i].call, v[i].other, 1, 2));
	}
	derived_free(&d);
	record_free(&r);
}

/* Two ABIs are one rule; where only one of them is watched there is none */
static void abis(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "personality", 0, 0, 0);
	saw(&r, I386, WORKLOAD, "personality", 8, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", 1, 0, 0);
	called(&r, I386, WORKLOAD, "mmap");
	d = make(&r, &(struct args_opts){ .mode = ARGS_ALL });
	assert_true(permits(d.profile, "personality", 0, 0, 0));
	assert_true(permits(d.profile, "personality", 8, 0, 0));
	assert_false(permits(d.profile, "personality", 1, 0, 0));
	assert_true(profile_allows(d.profile, "mmap"));
	assert_true(said(&d, "`mmap`: they were not recorded"));
	written(d.profile, false);
	derived_free(&d);
	record_free(&r);
}

/* A refused value is only let in when that is asked for */
static void refused(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	saw(&r, X86_64, REFUSED, "socket", AF_VSOCK, SOCK_STREAM, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_false(permits(d.profile, "socket", AF_VSOCK, 1, 0));
	derived_free(&d);
	d = make(&r, &(struct args_opts){
		 .mode = ARGS_GUARD, .include_refused = true });
	assert_true(permits(d.profile, "socket", AF_VSOCK, 1, 0));
	assert_true(permits(d.profile, "socket", AF_INET, 1, 0));
	assert_false(permits(d.profile, "socket", AF_ALG, 1, 0));
	derived_free(&d);
	record_free(&r);
}

/* What a runtime calls was not recorded: it may not be narrowed by what the program did */
static void unseen_callers(void **state)
{
	struct record r = RECORD;
	const struct args_opts all = { .mode = ARGS_ALL };
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.base = runtime_find("runc", "1.3", false),
	};
	struct error *err = NULL;
	struct derived d = { 0 };

	(void)state;
	saw(&r, X86_64, WORKLOAD, "prctl", 15, 0, 0);
	saw(&r, X86_64, WORKLOAD, "ioctl", 0x5401, 0, 0);
	saw(&r, X86_64, WORKLOAD, "clone", SIGCHLD, 0, 0);
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	args_apply(&r, &all, &d);
	assert_true(profile_allows(d.profile, "prctl"));
	assert_true(noted(&d, "not all who may call them were recorded"));
	assert_false(permits(d.profile, "ioctl", 0, 0x5402, 0));
	/* Go's threads, which have no namespace of their own */
	assert_true(permits(d.profile, "clone", THREAD, 0, 0));
	assert_false(permits(d.profile, "clone", CLONE_NEWUSER, 0, 0));
	assert_false(profile_permits(d.profile, "clone3"));
	assert_true(permits(d.profile, "personality", 8, 0, 0));
	assert_false(permits(d.profile, "personality", 4, 0, 0));
	derived_free(&d);
	record_free(&r);
}

/* Does the second filter let through what the first does, and what was seen? */
static void wider_if(const struct bpf *const f[2], const char *call, const uint64_t *arg, bool seen)
{
	const struct abi abi = meaning_abi(X86_64);
	const unsigned int nr = nr_of(X86_64, call);

	if (meaning_permits(meaning_at(f[1], &abi, nr, arg)) !=
	    (seen || meaning_permits(meaning_at(f[0], &abi, nr, arg))))
		fail_msg("%s %#" PRIx64 " %#" PRIx64 " %" PRIu64, call, arg[0], arg[1], arg[2]);
}

/* Each family with types and protocols, each flag of clone, unshare and setns, personalities */
static void only_seen_added(const struct profile *base, const struct profile *p)
{
	static const char *const sockets[] = { "socket", "socketpair" };
	static const char *const spaces[] = { "clone", "unshare", "setns" };
	static const uint64_t types[] = { 1, 2, 3, 5, 10, SOCK_STREAM | SOCK_CLOEXEC };
	static const uint64_t protocols[] = { 0, 1, 6, 9, 16, 17, 255 };
	const struct bpf *const f[] = { filter_of(base), filter_of(p) };
	uint64_t arg[PROFILE_MAX_ARGS] = { 0 };
	unsigned int i, j, k;

	for (i = 0; i < ARRAY_SIZE(sockets); i++) {
		for (arg[0] = 0; arg[0] < 48; arg[0]++)
			for (j = 0; j < ARRAY_SIZE(types); j++)
				for (k = 0; k < ARRAY_SIZE(protocols); k++) {
					arg[1] = types[j];
					arg[2] = protocols[k];
					wider_if(f, sockets[i], arg,
						 !i && arg[0] == AF_VSOCK &&
						 arg[1] == SOCK_STREAM && !arg[2]);
				}
	}
	memset(arg, 0, sizeof(arg));
	for (i = 0; i < ARRAY_SIZE(spaces); i++) {
		for (j = 0; j < 64; j++) {
			arg[i == 2] = UINT64_C(1) << j | (i ? 0 : SIGCHLD);
			arg[i != 2] = 0;
			wider_if(f, spaces[i], arg, !i && arg[0] == (CLONE_NEWUTS | SIGCHLD));
		}
	}
	arg[1] = 0;
	for (arg[0] = 0; arg[0] < 64; arg[0]++)
		wider_if(f, "personality", arg, false);
	for (j = 6; j < 64; j++) {
		arg[0] = UINT64_C(1) << j;
		wider_if(f, "personality", arg, false);
	}
}

/* A base keeps its conditions, and exactly what was seen is added */
static void base(void **state)
{
	struct record r = RECORD;
	size_t i;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_STREAM, 6);
	saw(&r, X86_64, WORKLOAD, "socket", AF_NETLINK, SOCK_RAW, 0);
	saw(&r, X86_64, WORKLOAD, "socket", AF_VSOCK, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "clone", CLONE_NEWUTS | SIGCHLD, 0, 0);
	for (i = 0; i < PEERS_ALL; i++) {
		const struct args_opts o = {
			.mode = ARGS_GUARD, .base = peer_profile(&peers[i]),
		};
		struct profile_notes notes = { 0 };
		struct error *err = NULL;
		struct differences diff;
		struct profile *p;
		size_t j;
		struct derived d = make(&r, &o);

		p = algebra_base(o.base, d.profile, &notes, &err);
		if (!p)
			fail_msg("%s: %s", peers[i].key, err->text);
		assert_true(said(&d, "refuses `socket` with AF_VSOCK, SOCK_STREAM, 0, which was seen"));
		assert_false(said(&d, "AF_INET,"));
		assert_true(permits(p, "socket", AF_INET, 9, 9));
		assert_true(permits(p, "socket", AF_VSOCK, SOCK_STREAM, 0));
		assert_false(permits(p, "socket", AF_VSOCK, SOCK_DGRAM, 0));
		assert_false(permits(p, "socket", AF_VSOCK, SOCK_STREAM, 1));
		assert_true(permits(p, "clone", CLONE_NEWUTS | SIGCHLD, 0, 0));
		assert_true(permits(p, "personality", 8, 0, 0));
		only_seen_added(o.base, p);
		/* wider in nothing else */
		assert_int_equal(algebra_missing(o.base, p, &diff, &err), 0);
		for (j = 0; j < diff.n; j++)
			assert_true(!strcmp(diff.v[j].name, "socket") ||
				    !strcmp(diff.v[j].name, "clone"));
		differences_free(&diff);
		assert_non_null(strstr(notes.v[0], "beyond"));
		profile_notes_free(&notes);
		profile_free(p);
		derived_free(&d);
	}
	record_free(&r);
}

/* A profile and what was seen: enough or not, without a word on what no filter sees */
static void seen(void **state)
{
	const struct args_opts o = { .mode = ARGS_SEEN };
	struct record r = RECORD;
	struct error *err = NULL;
	struct differences diff;
	struct derived guard, d;

	(void)state;
	sockets(&r);
	if (library_knows("clone3"))
		saw(&r, X86_64, WORKLOAD, "clone3", THREAD, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", 3, 0, 0);
	guard = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	d = make(&r, &o);
	assert_int_equal(algebra_missing(guard.profile, d.profile, &diff, &err), 0);
	assert_int_equal(diff.n, 0);
	differences_free(&diff);
	derived_free(&d);
	saw(&r, X86_64, WORKLOAD, "socket", AF_ALG, 5, 0);
	d = make(&r, &o);
	assert_int_equal(algebra_missing(guard.profile, d.profile, &diff, &err), 0);
	assert_int_equal(diff.n, 1);
	assert_string_equal(diff.v[0].name, "socket");
	differences_free(&diff);
	derived_free(&d);
	derived_free(&guard);
	record_free(&r);
}

/* Runs of one container become one profile */
static void merged(void **state)
{
	struct record r = RECORD, s = RECORD;
	struct profile *p, *q;
	struct error *err = NULL;
	struct derived x, y;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "unshare", CLONE_NEWUTS, 0, 0);
	saw(&s, X86_64, WORKLOAD, "socket", AF_UNIX, SOCK_STREAM, 0);
	saw(&s, X86_64, WORKLOAD, "unshare", CLONE_NEWIPC, 0, 0);
	x = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	y = make(&s, &(struct args_opts){ .mode = ARGS_GUARD });
	p = algebra_union(x.profile, y.profile, NULL, &err);
	assert_non_null(p);
	assert_true(permits(p, "socket", AF_INET, 1, 0));
	assert_true(permits(p, "socket", AF_UNIX, 1, 0));
	assert_false(permits(p, "socket", AF_ALG, 1, 0));
	assert_true(permits(p, "unshare", CLONE_NEWUTS, 0, 0));
	assert_true(permits(p, "unshare", CLONE_NEWIPC, 0, 0));
	assert_false(permits(p, "unshare", CLONE_NEWUSER, 0, 0));
	q = algebra_intersect(p, x.profile, NULL, &err);
	assert_non_null(q);
	assert_true(permits(q, "socket", AF_INET, 1, 0));
	assert_false(permits(q, "socket", AF_UNIX, 1, 0));
	profile_free(q);
	q = algebra_subtract(p, x.profile, NULL, &err);
	assert_non_null(q);
	assert_false(permits(q, "socket", AF_INET, 1, 0));
	assert_true(permits(q, "socket", AF_UNIX, 1, 0));
	assert_true(permits(q, "unshare", CLONE_NEWIPC, 0, 0));
	profile_free(q);
	profile_free(p);
	derived_free(&x);
	derived_free(&y);
	record_free(&r);
	record_free(&s);
}

static void names_only(void **state)
{
	const struct args_opts o = {
		.mode = ARGS_GUARD, .can = ARGS_CAN_NOTHING, .dialect = "names",
	};
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	if (library_knows("clone3"))
		saw(&r, X86_64, WORKLOAD, "clone3", THREAD, 0, 0);
	called(&r, X86_64, WORKLOAD, "read");
	d = make(&r, &o);
	assert_true(profile_allows(d.profile, "socket"));
	assert_int_equal(profile_allows(d.profile, "clone3"), library_knows("clone3"));
	assert_true(said(&d, "names has no word for conditions on the arguments of `socket`"));
	derived_free(&d);
	record_free(&r);
}

static void named(void **state)
{
	const struct profile_arg args[] = {
		{ 0, PO_EQ, AF_INET, 0 }, { 1, PO_MASKED_EQ, UINT32_MAX, SOCK_RAW },
		{ 2, PO_NE, 1, 0 }, { 0, PO_MASKED_EQ, CLONE_NEWUSER | CLONE_NEWNS, 0 },
		{ 0, PO_MASKED_EQ, 0xffff, 0 },
	};
	struct profile_rule r;
	char *text;

	(void)state;
	profile_rule_init(&r, PA_ALLOW, PROFILE_NO_ERRNO);
	assert_null(args_names(&r, "socket"));
	profile_rule_add_arg(&r, &args[0]);
	profile_rule_add_arg(&r, &args[1]);
	profile_rule_add_arg(&r, &args[2]);
	text = args_names(&r, "socket");
	assert_string_equal(text, "AF_INET, SOCK_RAW");
	free(text);
	assert_null(args_names(&r, "read"));
	profile_rule_free(&r);
	profile_rule_init(&r, PA_ALLOW, PROFILE_NO_ERRNO);
	profile_rule_add_arg(&r, &args[3]);
	text = args_names(&r, "unshare");
	assert_string_equal(text, "no CLONE_NEWNS|CLONE_NEWUSER");
	free(text);
	profile_rule_free(&r);
	profile_rule_init(&r, PA_ALLOW, PROFILE_NO_ERRNO);
	profile_rule_add_arg(&r, &args[4]);
	assert_null(args_names(&r, "unshare"));
	profile_rule_free(&r);
}

static const struct args_opts to_systemd = {
	.mode = ARGS_GUARD, .can = ARGS_CAN_SYSTEMD, .dialect = "systemd",
};

/* Is MemoryDenyWriteExecute= in the unit that comes of a record? */
static bool denies_write_execute(const struct record *r)
{
	struct derived d = make(r, &to_systemd);
	struct error *err = NULL;
	cleanup_free char *text = format_write(d.profile, FORMAT_SYSTEMD, NULL, NULL, &err);

	assert_non_null(text);
	derived_free(&d);
	if (strstr(text, "\nMemoryDenyWriteExecute=yes\n"))
		return true;
	assert_null(strstr(text, "MemoryDenyWriteExecute"));
	return false;
}

/* systemd has settings of its own for three of them */
static void systemd(void **state)
{
	struct record r = RECORD;
	struct error *err = NULL;
	struct derived d;
	char *text;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "socket", AF_UNIX, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "clone", CLONE_NEWUTS | SIGCHLD, 0, 0);
	saw(&r, X86_64, WORKLOAD, "unshare", CLONE_NEWNS, 0, 0);
	saw(&r, X86_64, WORKLOAD, "personality", 0, 0, 0);
	d = make(&r, &to_systemd);
	assert_int_equal(d.n_words, 0);
	text = format_write(d.profile, FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "\nRestrictAddressFamilies=AF_INET AF_UNIX\n"));
	assert_non_null(strstr(text, "\nRestrictNamespaces=mnt uts\n"));
	assert_non_null(strstr(text, "\nLockPersonality=yes\n"));
	assert_non_null(strstr(text, "socket"));
	assert_non_null(strstr(text, "unshare"));
	free(text);
	derived_free(&d);

	/* none of them, and what it cannot say is named */
	saw(&r, X86_64, WORKLOAD, "personality", 8, 0, 0);
	saw(&r, X86_64, WORKLOAD, "setns", CLONE_NEWNET, 0, 0);
	saw(&r, X86_64, WORKLOAD, "bpf", 5, 0, 0);
	d = make(&r, &to_systemd);
	assert_true(said(&d, "systemd has no word for conditions on the arguments of `bpf`, `clone`, `personality`, `setns`, `unshare`"));
	text = format_write(d.profile, FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "RestrictAddressFamilies="));
	assert_null(strstr(text, "RestrictNamespaces="));
	assert_null(strstr(text, "LockPersonality="));
	free(text);
	derived_free(&d);
	record_free(&r);

	/* memory that is written and executed: not where one of the two is missing */
	r = (struct record)RECORD;
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_READ, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_READ | PROT_WRITE, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mprotect", PROT_READ, 0, 0);
	assert_true(denies_write_execute(&r));
	called(&r, X86_64, WORKLOAD, "shmat");
	assert_false(denies_write_execute(&r));
	record_free(&r);
	r = (struct record)RECORD;
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_READ | PROT_WRITE, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_READ | PROT_EXEC, 0, 0);
	saw(&r, X86_64, WORKLOAD, "mprotect", PROT_READ, 0, 0);
	assert_false(denies_write_execute(&r));
	record_free(&r);

	/* each by itself, where the module tells whether a call had both: until one had */
	r = (struct record)RECORD;
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_READ | PROT_WRITE, 0, 0)->apart = 1;
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_EXEC, 0, 0)->apart = 1;
	saw(&r, X86_64, WORKLOAD, "mprotect", PROT_READ, 0, 0);
	assert_true(denies_write_execute(&r));
	saw(&r, X86_64, WORKLOAD, "mmap", PROT_WRITE | PROT_EXEC, 0, 0)->apart = 1;
	assert_false(denies_write_execute(&r));
	record_free(&r);

	/* none at all may be made */
	r = (struct record)RECORD;
	saw(&r, X86_64, WORKLOAD, "clone", SIGCHLD, 0, 0);
	d = make(&r, &to_systemd);
	text = format_write(d.profile, FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "\nRestrictNamespaces=yes\n"));
	free(text);
	derived_free(&d);
	record_free(&r);
}

/* What of a default was never used is counted; the numbers are those of the headers */
static void counted(void **state)
{
	struct record r = RECORD;
	struct width v[WIDTHS];
	struct derived d;

	(void)state;
	saw(&r, X86_64, WORKLOAD, "socket", AF_UNIX, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "socket", AF_INET6, SOCK_STREAM, 0);
	saw(&r, X86_64, WORKLOAD, "clone", SIGCHLD, 0, 0);
	saw(&r, X86_64, WORKLOAD, "unshare", CLONE_NEWUTS, 0, 0);
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	assert_int_equal(width_count(d.profile, NULL, v), WIDTHS);
	assert_string_equal(v[0].what, "address families");
	assert_int_equal(v[0].of, AF_MAX);
	assert_int_equal(v[0].allowed, 3);
	/* AF_ALG and AF_VSOCK */
	assert_int_equal(v[0].peer[0], AF_MAX - 2);
	assert_string_equal(v[1].what, "kinds of namespaces to make");
	assert_int_equal(v[1].allowed, 1);
	assert_int_equal(v[1].peer[0], 0);
	derived_free(&d);
	record_free(&r);
}

/* Names only: which default looks at what */
static void none_is_said(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	called(&r, X86_64, WORKLOAD, "read");
	d = make(&r, &(struct args_opts){ .mode = ARGS_NONE });
	width_judge(ARGS_NONE, X86_64, &d, d.profile);
	assert_int_equal(d.n_words, 1);
	assert_true(said(&d, "the default of Docker looks at those of `socket`"));
	derived_free(&d);
	/* with conditions there is nothing to say */
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	width_judge(ARGS_GUARD, X86_64, &d, d.profile);
	assert_int_equal(d.n_words, 0);
	derived_free(&d);
	record_free(&r);
}

/* i386 reaches sockets by socketcall, too */
static void multiplexed(void **state)
{
	struct record r = RECORD;
	struct derived d;

	(void)state;
	sockets(&r);
	called(&r, I386, WORKLOAD, "socketcall");
	d = make(&r, &(struct args_opts){ .mode = ARGS_GUARD });
	width_judge(ARGS_GUARD, X86_64, &d, d.profile);
	assert_true(said(&d, "conditions of `socket` do not hold for x86 programs"));
	derived_free(&d);
	record_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guard_family),
		cmocka_unit_test(upper_halves),
		cmocka_unit_test(all_tuples),
		cmocka_unit_test(too_many),
		cmocka_unit_test(open_numbers),
		cmocka_unit_test(namespaces),
		cmocka_unit_test(clone3),
		cmocka_unit_test(enumerations),
		cmocka_unit_test(abis),
		cmocka_unit_test(refused),
		cmocka_unit_test(unseen_callers),
		cmocka_unit_test(base),
		cmocka_unit_test(seen),
		cmocka_unit_test(merged),
		cmocka_unit_test(names_only),
		cmocka_unit_test(named),
		cmocka_unit_test(systemd),
		cmocka_unit_test(counted),
		cmocka_unit_test(none_is_said),
		cmocka_unit_test(multiplexed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
