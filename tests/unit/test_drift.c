// SPDX-License-Identifier: GPL-2.0
/* What a profile would refuse of records that are made here, and how it is told. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <json-c/json.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "drift/drift.h"
#include "format/format.h"
#include "lib/names.h"
#include "record/value.h"
#include "element.h"
#include "library.h"
#include "manual.h"

#define X86_64	0xc000003eU
#define I386	0x40000003U
#define X32	SCTRACE_ARCH_X32

#define CONFINED	SCTRACE_KIND_CONFINED
#define SETUP		SCTRACE_KIND_SETUP
#define REFUSED		(SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED)

static int nr_of(uint32_t arch, const char *call)
{
	int nr = seccomp_syscall_resolve_name_arch(arch, call);

	assert_true(nr >= 0);
	return arch == X32 ? nr & ~0x40000000 : nr;
}

/* Made by redis[7], later than all that was made before */
static void called(struct record *r, uint32_t arch, unsigned int kind, int nr)
{
	struct sctrace_sighting *s;

	nrset_add(&record_abi(r, arch)->kind[kind], nr);
	r->sighting = xrealloc(r->sighting, r->n_sighting + 1, sizeof(*s));
	s = &r->sighting[r->n_sighting++];
	*s = (struct sctrace_sighting){
		.time = 1000000000ULL * r->n_sighting, .arch = arch, .nr = nr, .pid = 7,
		.kind = kind, .comm = "redis",
	};
}

static void calls(struct record *r, uint32_t arch, unsigned int kind, const char *name)
{
	called(r, arch, kind, nr_of(arch, name));
}

/* A value of a watched call, as the module tells it */
static struct sctrace_value *saw(struct record *r, uint32_t arch, unsigned int kind,
				 const char *call, uint64_t a, uint64_t b, uint64_t c)
{
	const struct sctrace_watched *row = value_row(arch, call);
	struct sctrace_value *v;

	assert_non_null(row);
	nrset_add(&record_abi(r, arch)->kind[kind], nr_of(arch, call));
	r->value = xrealloc(r->value, r->n_value + 1, sizeof(*v));
	v = &r->value[r->n_value++];
	*v = (struct sctrace_value){
		.time = 50000000000ULL + 1000000000ULL * r->n_value, .arch = arch,
		.nr = nr_of(arch, call), .pid = 8, .kind = kind,
		.comm = "worker", .arg = { a, b, c },
	};
	value_of_row(v, row);
	return v;
}

static void open_(struct record *r, const char *call, enum sctrace_open why)
{
	struct sctrace_value *v = saw(r, X86_64, 0, call, 0, 0, 0);

	v->how = SCTRACE_HOW_OPEN;
	v->why = why;
	v->num = 0;
	v->comm[0] = '\0';
}

#define RECORD	{ .flags = SCTRACE_F_RUNNING, .has_values = true, .comm = "redis" }

struct fixture {
	struct profile *p;
	struct gate gate;
	struct drift drift;
};

static void begin(struct fixture *f, const char *json, const struct strset *caps)
{
	struct error *err = NULL;

	memset(f, 0, sizeof(*f));
	f->p = format_read(json, strlen(json), FORMAT_AUTO, NULL, NULL, &err);
	if (!f->p)
		fail_msg("%s", err->text);
	if (gate_open(&f->gate, f->p, X86_64, caps, "6.1", &err) < 0)
		fail_msg("%s", err->text);
	f->drift.gate = &f->gate;
}

static void end(struct fixture *f)
{
	drift_free(&f->drift);
	gate_close(&f->gate);
	profile_free(f->p);
}

static void look(struct fixture *f, const struct record *r)
{
	struct error *err = NULL;
	size_t first;

	if (drift_look(&f->drift, r, &first, &err) < 0)
		fail_msg("%s", err->text);
}

/* All findings: "refused x86_64 keyctl redis[7];" */
static char *found(const struct drift *d)
{
	char *text = xstrdup("");
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct drift_item *x = &d->v[i];
		char *old = text;

		text = xasprintf("%s%s%s %s %s %s[%u];", old, x->was_refused ? "filter " : "",
				 x->verdict == GATE_REFUSES ? "refused" : "open", x->abi,
				 x->call, x->comm, x->pid);
		free(old);
	}
	return text;
}

static void is(struct fixture *f, const struct record *r, const char *want)
{
	cleanup_free char *got = NULL;

	look(f, r);
	got = found(&f->drift);
	assert_string_equal(got, want);
	/* what was told once is not told again */
	free(got);
	look(f, r);
	got = found(&f->drift);
	assert_string_equal(got, want);
}

static void check(const char *json, const struct strset *caps, const struct record *r,
		  const char *want)
{
	struct fixture f;

	begin(&f, json, caps);
	is(&f, r, want);
	end(&f);
}

#define NAMES(list) \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"]," \
	"\"syscalls\":[{\"names\":[" list "],\"action\":\"SCMP_ACT_ALLOW\"}]}"

static const struct strset none;

static void numbers(void **state)
{
	cleanup_record struct record r = RECORD;

	(void)state;
	calls(&r, X86_64, 0, "read");
	check(NAMES("\"read\""), &none, &r, "");
	calls(&r, X86_64, CONFINED, "keyctl");
	calls(&r, X86_64, 0, "keyctl");
	/* the set-up before the filter is no part of a profile; behind it, it is */
	calls(&r, X86_64, SETUP, "mount");
	calls(&r, X86_64, SETUP | CONFINED, "setgid");
	/* a number without a name */
	called(&r, X86_64, 0, 1000);
	check(NAMES("\"read\""), &none, &r,
	      "refused x86_64 keyctl redis[7];refused x86_64 setgid redis[7];"
	      "refused x86_64 #1000 redis[7];");
	/* a profile that permits by default */
	check("{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"keyctl\"],"
	      "\"action\":\"SCMP_ACT_KILL_PROCESS\"}]}", &none, &r,
	      "refused x86_64 keyctl redis[7];");
	record_take_setup(&r);
	check(NAMES("\"read\",\"keyctl\",\"setgid\""), &none, &r,
	      "refused x86_64 mount redis[7];refused x86_64 #1000 redis[7];");
}

/* A profile has what execs called, and so a watch judges it, unless it is left out */
static void execs(void **state)
{
	cleanup_record struct record r = RECORD;

	(void)state;
	calls(&r, X86_64, 0, "read");
	calls(&r, X86_64, SCTRACE_KIND_EXEC, "chmod");
	calls(&r, X86_64, SCTRACE_KIND_EXEC | CONFINED, "mkdir");
	check(NAMES("\"read\""), &none, &r,
	      "refused x86_64 chmod redis[7];refused x86_64 mkdir redis[7];");
	record_leave_execs(&r);
	check(NAMES("\"read\""), &none, &r, "");
}

static void abis(void **state)
{
	cleanup_record struct record r = RECORD;

	(void)state;
	calls(&r, X86_64, 0, "read");
	calls(&r, I386, 0, "read");
	calls(&r, X32, 0, "read");
	check(NAMES("\"read\""), &none, &r, "refused x86 read redis[7];refused x32 read redis[7];");
	check("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\","
	      "\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":[{\"names\":[\"read\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\"}]}", &none, &r, "");
}

static void values(void **state)
{
	static const char some[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		"[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		"[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	cleanup_record struct record r = RECORD, other = RECORD, half = RECORD, lost = RECORD;

	(void)state;
	saw(&r, X86_64, 0, "socket", AF_UNIX, SOCK_STREAM, 0);
	check(some, &none, &r, "");
	saw(&r, X86_64, 0, "socket", AF_ALG, SOCK_SEQPACKET, 0);
	saw(&r, X86_64, CONFINED, "socket", AF_ALG, SOCK_SEQPACKET, 0);
	check(some, &none, &r, "refused x86_64 socket(AF_ALG, SOCK_SEQPACKET, 0) worker[8];");
	/* nobody knows the arguments of a call that is not watched */
	calls(&other, X86_64, 0, "read");
	check(some, &none, &other, "open x86_64 read redis[7];");
	/* the kernel takes an int: what stands above it is compared all the same */
	saw(&half, X86_64, 0, "socket", AF_UNIX, SOCK_STREAM, 0)->upper = 1;
	check(some, &none, &half, "refused x86_64 socket(AF_UNIX, SOCK_STREAM, 0) worker[8];");
	check("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"socket\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":4294967295,"
	      "\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", &none, &half, "");
	/* of an open number there may be others */
	saw(&lost, X86_64, 0, "socket", AF_ALG, SOCK_SEQPACKET, 0);
	open_(&lost, "socket", SCTRACE_OPEN_MANY);
	check(some, &none, &lost, "open x86_64 socket [0];"
	      "refused x86_64 socket(AF_ALG, SOCK_SEQPACKET, 0) worker[8];");
	check(NAMES("\"socket\""), &none, &lost, "");
}

static void flags(void **state)
{
	static const char no_user[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"clone\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":268435456,"
		"\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";
	static const char exact[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"clone\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":256,"
		"\"op\":\"SCMP_CMP_EQ\"}]},{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\","
		"\"args\":[{\"index\":0,\"value\":768,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	cleanup_record struct record r = RECORD, pointed = RECORD;

	(void)state;
	saw(&r, X86_64, 0, "clone", CLONE_VM, 0, 0);
	check(no_user, &none, &r, "");
	/* whoever comes later without it is not recorded: only flags that are new are */
	check(exact, &none, &r, "open x86_64 clone [0];");
	/* with CLONE_VM or without it; either is permitted or refused */
	saw(&r, X86_64, 0, "clone", CLONE_FS, 0, 0);
	check(no_user, &none, &r, "");
	check(exact, &none, &r, "open x86_64 clone(CLONE_FS) worker[8];");
	saw(&r, X86_64, 0, "clone", CLONE_NEWUSER, 0, 0);
	check(no_user, &none, &r, "refused x86_64 clone(CLONE_NEWUSER) worker[8];");
	if (!library_knows("clone3"))
		return;
	/* no filter can look at clone3's flags */
	saw(&pointed, X86_64, 0, "clone3", CLONE_NEWUSER, 0, 0);
	check(NAMES("\"clone3\""), &none, &pointed, "");
	check("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"clone3\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,\"value\":88,"
	      "\"op\":\"SCMP_CMP_EQ\"}]}]}", &none, &pointed,
	      "open x86_64 clone3(CLONE_NEWUSER) worker[8];");
}

/* Memory that is written, or executed: whether one call had both is told apart */
static void both(void **state)
{
	static const char either[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"mmap\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":2,\"value\":2,"
		"\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},{\"names\":[\"mmap\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":2,\"value\":4,"
		"\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";
	cleanup_record struct record r = RECORD, old = RECORD;

	(void)state;
	saw(&old, X86_64, 0, "mmap", PROT_READ | PROT_WRITE, 0, 0);
	saw(&old, X86_64, 0, "mmap", PROT_EXEC, 0, 0);
	check(either, &none, &old, "open x86_64 mmap(PROT_EXEC) worker[8];");
	saw(&r, X86_64, 0, "mmap", PROT_READ | PROT_WRITE, 0, 0)->apart = 1;
	saw(&r, X86_64, 0, "mmap", PROT_EXEC, 0, 0)->apart = 1;
	check(either, &none, &r, "");
	saw(&r, X86_64, 0, "mmap", PROT_WRITE | PROT_EXEC, 0, 0)->apart = 1;
	check(either, &none, &r, "refused x86_64 mmap(PROT_WRITE|PROT_EXEC) worker[8];");
	/* which may have been the case in what is new after that */
	saw(&r, X86_64, 0, "mmap", PROT_GROWSDOWN, 0, 0)->apart = 1;
	check(either, &none, &r, "refused x86_64 mmap(PROT_WRITE|PROT_EXEC) worker[8];"
	      "open x86_64 mmap(PROT_GROWSDOWN) worker[8];");
}

/* clone3 that does not exist becomes clone with the same flags */
static void clone3(void **state)
{
	static const char guard[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"clone3\"],"
		"\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},{\"names\":[\"clone\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":268435456,"
		"\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";
	static const char none_at_all[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"syscalls\":"
		"[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	cleanup_record struct record r = RECORD, lost = RECORD;
	struct fixture f;

	(void)state;
	if (!library_knows("clone3"))
		skip();
	saw(&r, X86_64, 0, "clone3", CLONE_VM | CLONE_THREAD, 0, 0);
	begin(&f, guard, &none);
	is(&f, &r, "");
	saw(&r, X86_64, 0, "clone3", 0x100000000ULL, 0, 0);
	is(&f, &r, "");
	end(&f);
	check(guard, &none, &r, "");
	check(none_at_all, &none, &r, "refused x86_64 clone3 [0];");
	check(NAMES("\"clone\""), &none, &r, "refused x86_64 clone3 [0];");
	saw(&r, X86_64, 0, "clone3", CLONE_NEWUSER, 0, 0);
	check(guard, &none, &r, "refused x86_64 clone3(CLONE_NEWUSER) worker[8];");
	open_(&lost, "clone3", SCTRACE_OPEN_UNREADABLE);
	check(guard, &none, &lost, "open x86_64 clone3 [0];");
}

static void conditions(void **state)
{
	static const char p[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"archMap\":"
		"[{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[]}],\"syscalls\":["
		"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":"
		"{\"caps\":[\"CAP_SYS_ADMIN\"]}},{\"names\":[\"ptrace\"],\"action\":"
		"\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"4.8\"}},{\"names\":[\"bpf\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"6.2\"}},"
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	cleanup_record struct record r = RECORD;
	struct strset admin = { 0 };

	(void)state;
	strset_add(&admin, "CAP_SYS_ADMIN");
	calls(&r, X86_64, 0, "read");
	calls(&r, X86_64, 0, "mount");
	calls(&r, X86_64, 0, "ptrace");
	calls(&r, X86_64, 0, "bpf");
	check(p, &none, &r, "refused x86_64 mount redis[7];refused x86_64 bpf redis[7];");
	check(p, &admin, &r, "refused x86_64 bpf redis[7];");
	check(p, NULL, &r, "open x86_64 mount redis[7];refused x86_64 bpf redis[7];");
	strset_free(&admin);
}

static void grows(void **state)
{
	cleanup_record struct record r = RECORD;
	struct fixture f;

	(void)state;
	begin(&f, NAMES("\"read\""), &none);
	calls(&r, X86_64, 0, "read");
	is(&f, &r, "");
	calls(&r, X86_64, 0, "keyctl");
	is(&f, &r, "refused x86_64 keyctl redis[7];");
	calls(&r, X86_64, 0, "bpf");
	is(&f, &r, "refused x86_64 keyctl redis[7];refused x86_64 bpf redis[7];");
	assert_int_equal(drift_count(&f.drift, false), 2);
	assert_int_equal(drift_count(&f.drift, true), 0);
	end(&f);
}

static void by_filter(void **state)
{
	cleanup_record struct record r = RECORD;
	cleanup_free char *text = NULL;
	struct fixture f;

	(void)state;
	calls(&r, X86_64, 0, "read");
	calls(&r, X86_64, REFUSED, "keyctl");
	/* a filter of the program's own */
	calls(&r, X86_64, SCTRACE_KIND_REFUSED, "bpf");
	begin(&f, NAMES("\"read\""), &none);
	is(&f, &r, "filter refused x86_64 keyctl redis[7];");
	assert_int_equal(drift_count(&f.drift, false), 0);
	text = drift_refused(&f.drift);
	assert_string_equal(text, "keyctl");
	end(&f);
	begin(&f, NAMES("\"read\""), &none);
	f.drift.include_refused = true;
	is(&f, &r, "refused x86_64 keyctl redis[7];");
	assert_int_equal(drift_count(&f.drift, false), 1);
	end(&f);
}

static char *written(void (*how)(FILE *, const struct drift_about *),
		     const struct drift_about *a)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	how(f, a);
	fclose(f);
	return text;
}

/* A member by a path such as "runs/0/tool/driver/name"; it must be there */
static struct json_object *at(struct json_object *o, const char *path)
{
	cleanup_free char *copy = xstrdup(path);
	char *save, *w;

	for (w = strtok_r(copy, "/", &save); w; w = strtok_r(NULL, "/", &save)) {
		if (json_object_is_type(o, json_type_array))
			o = json_object_array_get_idx(o, atoi(w));
		else if (!json_object_object_get_ex(o, w, &o))
			fail_msg("no %s in %s", w, path);
	}
	assert_non_null(o);
	return o;
}

static const char *text_at(struct json_object *o, const char *path)
{
	return json_object_get_string(at(o, path));
}

static void documents(void **state)
{
	cleanup_record struct record r = RECORD;
	char *doubt = (char *)"recording began late";
	struct drift_about a = {
		.r = &r, .container = "web \"1\"\\\n", .profile = "pro files/web.json",
		.offset = 1700000000000000000LL, .doubts = &doubt, .n_doubts = 1,
	};
	cleanup_free char *sarif = NULL, *metrics = NULL, *last = NULL;
	static struct manual_shape finding, end_of;
	struct json_object *root, *place;
	struct fixture f;
	size_t i;

	(void)state;
	calls(&r, X86_64, 0, "read");
	calls(&r, X86_64, 0, "keyctl");
	calls(&r, X86_64, REFUSED, "bpf");
	strcpy(r.sighting[1].comm, "re\"dis\x1b");
	open_(&r, "socket", SCTRACE_OPEN_MANY);
	begin(&f, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"socket\"],\"action\":"
	      "\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}]}",
	      &none);
	look(&f, &r);
	a.d = &f.drift;
	manual_shape(&finding, "\n.B watch\n");
	manual_shape(&end_of, "And the last line:\n");
	for (i = 0; i < f.drift.n; i++) {
		cleanup_free char *one = NULL;
		size_t len;
		FILE *to = open_memstream(&one, &len);

		drift_print_json(to, &a, &f.drift.v[i]);
		fclose(to);
		root = json_tokener_parse(one);
		manual_holds(&finding, root, "");
		json_object_put(root);
	}
	last = written(drift_print_end, &a);
	root = json_tokener_parse(last);
	manual_holds(&end_of, root, "");
	json_object_put(root);
	manual_all_met(&finding);
	manual_all_met(&end_of);
	sarif = written(drift_sarif, &a);
	root = json_tokener_parse(sarif);
	assert_string_equal(text_at(root, "version"), "2.1.0");
	assert_non_null(strstr(text_at(root, "$schema"), "sarif-2.1.0"));
	assert_string_equal(text_at(root, "runs/0/tool/driver/name"), PROGRAM);
	assert_string_equal(text_at(root, "runs/0/tool/driver/rules/0/id"), "refused");
	assert_int_equal(json_object_array_length(at(root, "runs/0/results")), 2);
	/* socket first: nothing is known of when */
	assert_string_equal(text_at(root, "runs/0/results/0/level"), "note");
	assert_string_equal(text_at(root, "runs/0/results/1/ruleId"), "refused");
	assert_string_equal(text_at(root, "runs/0/results/1/level"), "error");
	place = at(root, "runs/0/results/1/locations/0/physicalLocation");
	assert_string_equal(text_at(place, "artifactLocation/uri"), "pro%20files/web.json");
	assert_int_equal(json_object_get_int(at(place, "region/startLine")), 1);
	assert_string_equal(text_at(root, "runs/0/results/1/properties/firstSeen"),
			    "2023-11-14T22:13:22.000Z");
	assert_string_equal(text_at(root, "runs/0/results/1/properties/comm"), "re\"dis\\x1b");
	/* each is an alert of its own */
	assert_string_not_equal(text_at(root, "runs/0/results/0/partialFingerprints/primaryLocationLineHash"),
				text_at(root, "runs/0/results/1/partialFingerprints/primaryLocationLineHash"));
	json_object_put(root);
	metrics = written(drift_metrics, &a);
	assert_non_null(strstr(metrics, "\nsctrace_drift_findings{container=\"web \\\"1\\\"\\\\\\\\x0a\","
			       "profile=\"pro files/web.json\",verdict=\"refused\"} 1\n"));
	assert_non_null(strstr(metrics, ",call=\"keyctl\",abi=\"x86_64\",verdict=\"refused\"} 1700000002.000\n"));
	assert_non_null(strstr(metrics, ",call=\"socket\",abi=\"x86_64\",verdict=\"open\"} NaN\n"));
	assert_non_null(strstr(metrics, "\nsctrace_drift_record_whole{"));
	assert_null(strstr(metrics, "bpf"));
	end(&f);
}

/* A collector refuses a file in which a sample stands twice */
static void no_sample_twice(void **state)
{
	cleanup_record struct record r = RECORD;
	cleanup_free char *metrics = NULL;
	struct drift_about a = { .r = &r, .container = "c", .profile = "p" };
	struct fixture f;
	const char *one;

	(void)state;
	open_(&r, "socket", SCTRACE_OPEN_MANY);
	open_(&r, "socket", SCTRACE_OPEN_MEMORY);
	begin(&f, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"socket\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,"
	      "\"op\":\"SCMP_CMP_EQ\"}]}]}", &none);
	look(&f, &r);
	r.value[1].why = SCTRACE_OPEN_GAP;
	look(&f, &r);
	assert_int_equal(f.drift.n, 2);
	a.d = &f.drift;
	metrics = written(drift_metrics, &a);
	one = strstr(metrics, "call=\"socket\"");
	assert_non_null(one);
	assert_null(strstr(one + 1, "call=\"socket\""));
	end(&f);
}

/* Of 2^6 capabilities all combinations are tried, of more the verdict is open */
static void many_caps(void **state)
{
	cleanup_record struct record r = RECORD;
	struct profile *p = profile_new();
	struct error *err = NULL;
	struct drift d = { 0 };
	struct gate g;
	size_t i, first;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct profile_rule *rule = profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO);

		strset_add(&rule->names, "mount");
		strset_add(&rule->includes.caps, names_caps[i]);
	}
	calls(&r, X86_64, 0, "mount");
	calls(&r, X86_64, 0, "read");
	assert_int_equal(gate_open(&g, p, X86_64, NULL, NULL, &err), 0);
	d.gate = &g;
	assert_int_equal(drift_look(&d, &r, &first, &err), 0);
	assert_int_equal(drift_count(&d, true), 1);
	assert_int_equal(drift_count(&d, false), 1);
	drift_free(&d);
	gate_close(&g);
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(execs),
		cmocka_unit_test(abis),
		cmocka_unit_test(values),
		cmocka_unit_test(flags),
		cmocka_unit_test(both),
		cmocka_unit_test(clone3),
		cmocka_unit_test(conditions),
		cmocka_unit_test(grows),
		cmocka_unit_test(by_filter),
		cmocka_unit_test(documents),
		cmocka_unit_test(no_sample_twice),
		cmocka_unit_test(many_caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
