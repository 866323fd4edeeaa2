// SPDX-License-Identifier: GPL-2.0
/* In which runs what was seen: of records that are made here, through files, and spoilt. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/socket.h>
#include "lib/names.h"
#include "profile/series.h"
#include "record/value.h"
#include "manual.h"
#include "report/report.h"
#include "report/runs.h"

#define X86_64	0xc000003eU
#define I386	0x40000003U
#define ARM64	0xc00000b7U

#define PROFILE	"{\"defaultAction\":\"SCMP_ACT_ERRNO\"}"

static void called(struct record *r, uint32_t arch, unsigned int kind, const char *call)
{
	nrset_add(&record_abi(r, arch)->kind[kind],
		  seccomp_syscall_resolve_name_arch(arch, call));
}

static struct sctrace_value *saw(struct record *r, const char *call, uint64_t a, uint64_t b)
{
	const struct sctrace_watched *row = value_row(X86_64, call);
	struct sctrace_value *v;

	called(r, X86_64, 0, call);
	r->value = xrealloc(r->value, r->n_value + 1, sizeof(*v));
	v = &r->value[r->n_value++];
	*v = (struct sctrace_value){
		.arch = X86_64, .nr = seccomp_syscall_resolve_name_arch(X86_64, call),
		.how = row->how == SCTRACE_WATCHED_ENUM ? SCTRACE_HOW_ENUM : SCTRACE_HOW_FLAGS,
		.num = row->num, .index = { row->first }, .arg = { a, b },
	};
	return v;
}

/* A run: its record's number, what was called */
static void run(struct series *s, uint64_t id, const char *calls)
{
	cleanup_record struct record r = {
		.id = id, .since = 1000000000ULL * id, .flags = SCTRACE_F_RUNNING,
		.has_values = true,
	};
	cleanup_free char *copy = xstrdup(calls);
	char *save, *w;

	for (w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		called(&r, X86_64, 0, w);
	series_add_record(s, &r, X86_64, "web", false);
}

/* "read 2/3; kcmp 1/3; " of all items */
static char *counts(const struct series *s)
{
	char *text = xstrdup("");
	size_t i, n, of;

	for (i = 0; i < s->n_item; i++) {
		cleanup_free char *call = series_value(&s->item[i]);
		char *old = text;

		n = series_count(s, &s->item[i], &of);
		text = xasprintf("%s%s %zu/%zu; ", old, call, n, of);
		free(old);
	}
	return text;
}

static void is(const struct series *s, const char *want)
{
	cleanup_free char *got = counts(s);

	assert_string_equal(got, want);
}

static void runs(void **state)
{
	cleanup_series struct series s = { 0 }, other = { 0 };

	(void)state;
	run(&s, 1, "read kcmp");
	run(&s, 2, "read");
	is(&s, "kcmp 1/2; read 2/2; ");
	/* another look at the same record */
	run(&s, 2, "read getpid");
	is(&s, "getpid 1/2; kcmp 1/2; read 2/2; ");
	/* an earlier run comes later: the runs are by their time */
	run(&other, 3, "read pause");
	run(&other, 1, "read kcmp");
	series_add(&other, &s);
	is(&other, "getpid 1/3; kcmp 1/3; pause 1/3; read 3/3; ");
	assert_int_equal(other.run[0].record, 1);
	assert_int_equal(other.run[2].record, 3);
	assert_int_equal(series_first(&other, &other.item[2]), 2);	/* pause */
	assert_int_equal(series_first(&other, &other.item[0]), 1);	/* getpid */
	assert_int_equal(series_first(&other, &other.item[3]), 0);	/* read */
	/* to itself, nothing comes */
	series_add(&other, &other);
	is(&other, "getpid 1/3; kcmp 1/3; pause 1/3; read 3/3; ");
}

static void another_boot(void **state)
{
	cleanup_series struct series s = { 0 }, other = { 0 };

	(void)state;
	run(&s, 1, "read");
	run(&other, 1, "read getpid");
	free(other.run[0].boot);
	other.run[0].boot = xstrdup("another");
	series_add(&s, &other);
	is(&s, "getpid 1/2; read 2/2; ");
}

static void abis(void **state)
{
	cleanup_record struct record x86 = { .id = 1, .since = 1 }, arm = { .id = 2, .since = 2 };
	cleanup_series struct series s = { 0 };

	(void)state;
	called(&x86, X86_64, 0, "read");
	called(&x86, I386, 0, "read");
	called(&arm, ARM64, 0, "read");
	series_add_record(&s, &x86, X86_64, NULL, false);
	series_add_record(&s, &arm, ARM64, NULL, false);
	/* of the machines that have the ABI; i386 comes first by its number */
	is(&s, "read 1/1; read 1/1; read 1/1; ");
}

static void kinds(void **state)
{
	cleanup_record struct record r = { .id = 1, .since = 1 };
	cleanup_series struct series s = { 0 }, all = { 0 };

	(void)state;
	called(&r, X86_64, 0, "read");
	called(&r, X86_64, SCTRACE_KIND_SETUP, "mount");
	called(&r, X86_64, SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED, "setgid");
	called(&r, X86_64, SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED, "kcmp");
	series_add_record(&s, &r, X86_64, NULL, false);
	is(&s, "read 1/1; setgid 1/1; ");
	series_add_record(&all, &r, X86_64, NULL, true);
	is(&all, "kcmp 1/1; read 1/1; setgid 1/1; ");
}

static void values(void **state)
{
	cleanup_record struct record r = { .id = 1, .since = 1, .has_values = true };
	cleanup_record struct record next = { .id = 2, .since = 2, .has_values = true };
	cleanup_series struct series s = { 0 };

	(void)state;
	saw(&r, "socket", AF_UNIX, SOCK_STREAM);
	saw(&r, "clone", CLONE_VM | CLONE_FS, 0);
	saw(&next, "socket", AF_UNIX, SOCK_STREAM);
	saw(&next, "socket", AF_ALG, SOCK_SEQPACKET);
	saw(&next, "clone", CLONE_VM, 0)->how = SCTRACE_HOW_OPEN;
	series_add_record(&s, &r, X86_64, NULL, false);
	series_add_record(&s, &next, X86_64, NULL, false);
	is(&s, "clone 2/2; clone(CLONE_VM) 1/2; clone(CLONE_FS) 1/2; "
	   "clone(others that are not known) 1/2; socket 2/2; "
	   "socket(AF_UNIX, SOCK_STREAM, 0) 2/2; socket(AF_ALG, SOCK_SEQPACKET, 0) 1/2; ");
}

static int parse(const char *text, struct series *s, struct error **err)
{
	return series_parse(text, strlen(text), PROFILE, strlen(PROFILE), s, err);
}

static void files(void **state)
{
	cleanup_series struct series s = { 0 }, back = { 0 }, none = { 0 };
	cleanup_free char *text = NULL, *again = NULL, *empty = NULL;
	cleanup_error struct error *err = NULL;
	size_t id;

	(void)state;
	for (id = 1; id <= 12; id++)
		run(&s, id, id == 3 || id == 7 || id == 8 ? "read kcmp" : "read");
	text = series_text(&s, PROFILE, strlen(PROFILE));
	assert_non_null(strstr(text, "\"runs\": \"1-12\""));
	assert_non_null(strstr(text, "\"runs\": \"3,7-8\""));
	assert_int_equal(parse(text, &back, &err), 0);
	is(&back, "kcmp 3/12; read 12/12; ");
	again = series_text(&back, PROFILE, strlen(PROFILE));
	assert_string_equal(again, text);
	empty = series_text(&none, PROFILE, strlen(PROFILE));
	series_free(&back);
	assert_int_equal(parse(empty, &back, &err), 0);
	assert_int_equal(back.n_run + back.n_item, 0);
}

/* None of these gives a count; each gives one line */
static void spoilt(void **state)
{
	static const struct {
		const char *from, *to, *why;
	} v[] = {
		{ "\"count\": 2", "\"count\": 1", "was changed" },
		{ "\"runs\": \"1-2\"", "\"runs\": \"1\"", "was changed" },
		{ "\"runs\": \"1-2\"", "\"runs\": \"1-9\"", "was changed" },
		{ "\"name\": \"read\"", "\"name\": \"open\"", "was changed" },
		{ "\"version\": 1", "\"version\": 2", "has version 2" },
		{ "\"version\": 1", "\"version\": \"1\"", "no series" },
		{ "\"profile\": \"fnv", "\"profile\": \"xnv", "another profile" },
		{ "\"check\"", "\"chekc\"", "no series" },
		{ "\"seen\": [", "\"sen\": [", "no series" },
		{ "{", "[", "no JSON object" },
	};
	cleanup_series struct series s = { 0 };
	cleanup_free char *text = NULL;
	size_t i, len;

	(void)state;
	run(&s, 1, "read");
	run(&s, 2, "read kcmp");
	text = series_text(&s, PROFILE, strlen(PROFILE));
	len = strlen(text);
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		cleanup_error struct error *err = NULL;
		cleanup_free char *bad = NULL;
		struct series to = { 0 };
		char *at = strstr(text, v[i].from);

		assert_non_null(at);
		bad = xasprintf("%.*s%s%s", (int)(at - text), text, v[i].to,
				at + strlen(v[i].from));
		if (!parse(bad, &to, &err) ||
		    !strstr(err->text, v[i].why) || strchr(err->text, '\n'))
			fail_msg("%s: %s", v[i].to, err ? err->text : "taken");
		assert_int_equal(to.n_run + to.n_item, 0);
	}
	/* cut off anywhere, and of a profile that was changed */
	for (i = 0; i + 2 < len; i += 7) {
		cleanup_error struct error *err = NULL;
		cleanup_free char *cut = xstrndup(text, i);
		struct series to = { 0 };

		assert_int_equal(series_parse(cut, i, PROFILE, strlen(PROFILE), &to, &err), -1);
	}
	for (i = 0; i < 2; i++) {
		cleanup_error struct error *err = NULL;
		struct series to = { 0 };

		assert_int_equal(series_parse(text, len, i ? PROFILE " " : "", i ? strlen(PROFILE) + 1 : 0,
					      &to, &err), -1);
		assert_non_null(strstr(err->text, "another profile"));
	}
}

/* Formatted anew it is the same; what somebody computes the check of is looked at all the same */
static void forged(void **state)
{
	static const char *const bad[] = {
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[],\"seen\":[{\"name\":\"read\",\"abi\":\"x86_64\",\"runs\":\"1\"}]}",
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[],\"seen\":[{\"name\":\"read\",\"abi\":\"vax\",\"runs\":\"\"}]}",
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[],\"seen\":[{\"name\":\"read\",\"abi\":\"x86_64\",\"args\":[1],\"runs\":\"\"}]}",
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[],\"seen\":[{\"name\":\"read\",\"abi\":\"x86_64\",\"runs\":\"\"},{\"name\":\"read\",\"abi\":\"x86_64\",\"runs\":\"\"}]}",
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[{}],\"seen\":[]}",
		"{\"version\":1,\"profile\":\"%s\",\"dropped\":0,\"runs\":[7],\"seen\":[null]}",
	};
	cleanup_series struct series none = { 0 };
	cleanup_free char *text = series_text(&none, PROFILE, strlen(PROFILE));
	char *of = strstr(text, "fnv1a64:");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_error struct error *err = NULL;
		cleanup_free char *digest = xstrndup(of, strcspn(of, "\"")), *json = NULL, *whole = NULL;
		struct series to = { 0 };
		uint64_t h = 0xcbf29ce484222325ULL;
		const char *c;

		json = xasprintf(bad[i], digest);
		for (c = json; *c; c++)
			h = (h ^ (unsigned char)*c) * 0x100000001b3ULL;
		json[strlen(json) - 1] = '\0';
		whole = xasprintf("%s,\n\"check\":\"fnv1a64:%016llx\"}", json, (unsigned long long)h);
		assert_int_equal(parse(whole, &to, &err), -1);
		if (!strstr(err->text, "is no series of runs"))
			fail_msg("%s: %s", json, err->text);
	}
}

/* Of more runs than are kept the oldest go; what only they had is in no run any more */
static void many(void **state)
{
	cleanup_series struct series s = { 0 }, back = { 0 };
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t id;

	(void)state;
	for (id = 1; id <= SERIES_MAX + 5; id++)
		run(&s, id, id == 2 ? "read kcmp" : "read");
	assert_int_equal(s.dropped, 5);
	is(&s, "kcmp 0/1000; read 1000/1000; ");
	text = series_text(&s, PROFILE, strlen(PROFILE));
	assert_int_equal(parse(text, &back, &err), 0);
	is(&back, "kcmp 0/1000; read 1000/1000; ");
}

static char *json_of(const struct runs *r)
{
	cleanup_error struct error *err = NULL;
	struct print p;
	char *text = NULL;
	size_t len;

	print_begin(&p, true);
	p.to = open_memstream(&text, &len);
	runs_print(&p, r);
	assert_int_equal(print_end(&p, &err), 0);
	fclose(p.to);
	return text;
}

/* The runs of a profile are a reason of its verdict */
static void judged(const struct runs *r, enum report_answer a, const char *verdict)
{
	struct report rep = { 0 };
	size_t i;

	report_take_runs(&rep, r);
	assert_ptr_equal(rep.runs, r);
	assert_int_equal(rep.n_reason, 1);
	assert_int_equal(rep.reason[0].answer, a);
	assert_string_equal(rep.reason[0].text, r->words);
	assert_string_equal(report_verdict(&rep), verdict);
	for (i = 0; i < rep.n_reason; i++)
		free(rep.reason[i].text);
	free(rep.reason);
}

static void reported(void **state)
{
	cleanup_series struct series s = { 0 };
	static struct manual_shape shape;
	cleanup_free char *text = NULL;
	struct json_object *root, *all;
	struct runs r;
	size_t i;

	(void)state;
	run(&s, 1, "read");
	runs_build(&r, &s);
	assert_non_null(strstr(r.words, "1 run on 1 host (x86_64), 1 of them whole: another run may need more"));
	assert_int_equal(r.only[0].n, 0);
	judged(&r, ANSWER_NOTE, "Nothing speaks against it, for what the runs did");
	runs_free(&r);
	run(&s, 2, "read kcmp");
	runs_build(&r, &s);
	assert_non_null(strstr(r.words, "the last run added 1 call or value"));
	assert_int_equal(r.only[0].n, 0);
	assert_string_equal(r.only[1].v[0], "kcmp");
	judged(&r, ANSWER_WAIT, "Not yet: the runs are not enough to tell");
	runs_free(&r);
	run(&s, 3, "read");
	run(&s, 4, "read");
	runs_build(&r, &s);
	assert_non_null(strstr(r.words, "the last 2 runs added nothing"));
	text = json_of(&r);
	root = json_tokener_parse(text);
	manual_shape(&shape, "\n.B report\n");
	assert_true(json_object_object_get_ex(root, SECTION_RUNS, &all));
	manual_holds(&shape, all, SECTION_RUNS);
	for (i = 0; i < shape.n; i++)
		if (!strncmp(shape.v[i].path, "runs.", 5) && !shape.v[i].met)
			fail_msg("%s", shape.v[i].path);
	json_object_put(root);
	assert_non_null(strstr(text, "\"quiet\": 2"));
	assert_non_null(strstr(text, "kcmp: run 2"));
	judged(&r, ANSWER_YES, "Nothing speaks against it, for what the runs did");
	r.whole--;
	judged(&r, ANSWER_LOOK, "Somebody has to look at what follows");
	runs_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs),
		cmocka_unit_test(another_boot),
		cmocka_unit_test(abis),
		cmocka_unit_test(kinds),
		cmocka_unit_test(values),
		cmocka_unit_test(files),
		cmocka_unit_test(spoilt),
		cmocka_unit_test(forged),
		cmocka_unit_test(many),
		cmocka_unit_test(reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
