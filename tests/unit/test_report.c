// SPDX-License-Identifier: GPL-2.0
/*
 * The reason for every line: a record with everything in it, hostile names too,
 * as page, text and JSON (golden/report.*); the data behind it.
 * SCTRACE_GOLDEN_WRITE=1 writes the golden files anew: read them then.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "cmd/poll.h"
#include "cmd/cmd.h"
#include "lib/file.h"
#include "lib/names.h"
#include "profile/algebra.h"
#include "report/report.h"
#include "library.h"

#define X86_64	0xc000003eU
#define I386	0x40000003U
#define SECOND	1000000000ULL

static struct abi_sets abi[2];
static struct sctrace_sighting seen[32];
static struct sctrace_value value = {
	.time = 101 * SECOND, .arch = X86_64, .nr = 56 /* clone */, .pid = 7,
	.how = SCTRACE_HOW_FLAGS, .num = 1, .comm = "</th><i>v", .arg = { 0x1200011 },
};

static void saw(struct record *r, unsigned int a, unsigned int kind, int nr,
		const char *comm, uint64_t at)
{
	struct sctrace_sighting *s = &seen[r->n_sighting++];

	assert_true(r->n_sighting <= ARRAY_SIZE(seen));
	nrset_add(&abi[a].kind[kind & ~SCTRACE_KIND_DELAYED], nr);
	memset(s, 0, sizeof(*s));
	s->arch = abi[a].arch;
	s->nr = nr;
	s->kind = kind;
	s->pid = 7;
	s->time = r->since + at;
	snprintf(s->comm, sizeof(s->comm), "%s", comm);
	r->last_new = s->time;
}

/* A task chooses its name: here are those that would hurt a page */
static void fill(struct record *r, struct info *info)
{
	const unsigned int setup = SCTRACE_KIND_SETUP;
	const unsigned int confined = SCTRACE_KIND_CONFINED;
	const unsigned int refused = SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED;

	memset(abi, 0, sizeof(abi));
	memset(r, 0, sizeof(*r));
	memset(info, 0, sizeof(*info));
	abi[0].arch = X86_64;
	abi[1].arch = I386;
	r->id = 12;
	r->inum = 4026532281;
	r->init_pid = 4711;
	r->since = 100 * SECOND;
	strcpy(r->comm, "<b>web&\"'");
	r->abi = abi;
	r->n_abi = 2;
	r->sighting = seen;
	r->value = &value;
	r->n_value = 1;
	r->flags = SCTRACE_F_RUNNING | SCTRACE_F_REFUSED;
	saw(r, 0, setup, 165, "crun", 100000);			/* mount */
	saw(r, 0, setup, 126, "crun", 200000);			/* capset */
	saw(r, 0, 0, 12, "</td><script>a", 1000000);		/* brk */
	saw(r, 0, 0, 1, "evil\x1b[2J", 2000000);		/* write */
	saw(r, 0, 0, 425, "\xe2\x80\xae" "gpj.exe", 1 * SECOND);	/* io_uring_setup */
	saw(r, 0, confined, 321, "tool", 3 * SECOND);		/* bpf */
	saw(r, 1, SCTRACE_KIND_DELAYED, 4, "old", 4 * SECOND);	/* write */
	saw(r, 0, 0, 1000, "odd", 5 * SECOND);			/* none */
	saw(r, 0, refused, 248, "keys", 6 * SECOND);		/* add_key */
	nrset_add(&abi[0].kind[0], 39);		/* getpid, sighting not kept */
	r->sightings_kept = r->n_sighting;
	r->sightings_missed = 1;
	info->now = 130 * SECOND;
	info->arch = X86_64;
}

/* Of no machine, and hostile as a container's name can be */
static const struct facts facts = {
	.v = {
		{ "began", "Recorded from", (char *)"2026-01-02 03:04:05 UTC" },
		{ "container", "Container", (char *)"podman:<u onclick=x>\xe2\x80\xae" },
		{ "host", "Host", (char *)"a\x1b[31mhost" },
	},
	.n = 3,
};

/* Not a measured one: those grow */
static const char *const needed[] = { "capset", "execve", NULL };
static const char *const none[] = { NULL };
static const struct runtime_base base = {
	.runtime = "crun", .source = "measured", .needed = needed, .called = none,
	.exec = none, .user = none,
};

/* What depends on the machine's libseccomp and headers is put right by hand */
static void unvary(struct report *rep)
{
	size_t i;

	for (i = 0; i < rep->n_reason; i++)
		if (strstr(rep->reason[i].text, "fewer calls")) {
			free(rep->reason[i].text);
			rep->reason[i].text = xstrdup("Not wider; allows X fewer calls.");
		}
	for (i = 0; i < PEERS; i++) {
		assert_true(rep->unused[i].n > 200);
		assert_true(strset_has(&rep->unused[i], "openat"));
		assert_false(strset_has(&rep->unused[i], "write"));
		strset_free(&rep->unused[i]);
		strset_add(&rep->unused[i], "openat");
	}
}

static void make(struct report *rep, struct record *r, struct info *info,
		 struct derived *d)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.base = &base,
	};
	struct error *err = NULL;
	size_t i;

	fill(r, info);
	memset(d, 0, sizeof(*d));
	assert_int_equal(derive(r, &opts, d, &err), 0);
	derive_judge(r, &opts, d, d->profile);
	report_build(rep, r, info, d, info->arch, &facts, r->comm);
	assert_true(rep->known > 300 && rep->known < SCTRACE_NR_MAX);
	assert_true(rep->peer_allowed[0] > 200 &&
		    rep->peer_allowed[0] < rep->known);
	assert_true(rep->peer_allowed[1] > rep->peer_allowed[0]);
	/* what another libseccomp counts is no difference of ours */
	rep->known = 362;
	rep->peer_allowed[0] = 300;
	rep->peer_allowed[1] = 320;
	assert_int_equal(rep->n_width, WIDTHS);
	for (i = 0; i < WIDTHS; i++) {
		assert_true(rep->width[i].of >= 8);
		assert_true(rep->width[i].allowed <= rep->width[i].of);
		/* nor is what other headers know */
		rep->width[i].of = 50;
		rep->width[i].allowed = i;
		rep->width[i].peer[0] = 40;
		rep->width[i].peer[1] = 45;
	}
	rep->allowed = 11;
	unvary(rep);
	free(rep->library);
	rep->library = xstrdup("libseccomp X");
}

static char *golden(const char *suffix)
{
	cleanup_free char *here = xstrdup(__FILE__);

	return xasprintf("%s/golden/report.%s", dirname(here), suffix);
}

static char *written(const struct report *rep, const char *how)
{
	struct error *err = NULL;
	struct print p;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	if (!strcmp(how, "html")) {
		report_html(to, rep);
	} else {
		print_begin(&p, !strcmp(how, "json"));
		p.to = to;
		report_print(&p, rep);
		assert_int_equal(print_end(&p, &err), 0);
	}
	assert_int_equal(fclose(to), 0);
	return text;
}

static void goldens(void **state)
{
	static const char *const how[] = { "html", "text", "json" };
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;
	size_t i, len;

	(void)state;
	if (!library_knows("io_uring_setup"))
		skip();
	make(&rep, &r, &info, &d);
	for (i = 0; i < ARRAY_SIZE(how); i++) {
		cleanup_free char *path = golden(how[i]);
		cleanup_free char *text = written(&rep, how[i]);
		cleanup_free char *want = NULL;
		struct error *err = NULL;

		if (getenv("SCTRACE_GOLDEN_WRITE")) {
			FILE *f = fopen(path, "w");

			assert_non_null(f);
			fputs(text, f);
			assert_int_equal(fclose(f), 0);
			continue;
		}
		want = file_read(path, 1 << 20, &len, &err);
		if (!want)
			fail_msg("%s", err->text);
		if (!library_same(want, text))
			fail_msg("%s differs:\n%s", path, text);
	}
	report_free(&rep);
	derived_free(&d);
}

static const struct report_line *find(const struct report *rep,
				      const char *name)
{
	size_t i;

	for (i = 0; i < rep->n_line; i++)
		if (!strcmp(rep->line[i].name, name))
			return &rep->line[i];
	fail_msg("no line for %s", name);
	abort();
}

/* What only execs called is told by name, and nothing that others called as well */
static void execs(void **state)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.base = &base,
	};
	const unsigned int exec = SCTRACE_KIND_EXEC, confined = SCTRACE_KIND_CONFINED;
	struct error *err = NULL;
	struct report rep;
	struct derived d = { 0 };
	struct record r;
	struct info info;
	const char *told = NULL;
	size_t i;

	(void)state;
	fill(&r, &info);
	saw(&r, 0, exec, 90, "sh", 7 * SECOND);				/* chmod */
	saw(&r, 0, exec | confined, 83, "sh", 7 * SECOND);		/* mkdir */
	saw(&r, 1, exec, 15, "sh", 7 * SECOND);				/* chmod */
	saw(&r, 0, exec, 231, "sh", 7 * SECOND);			/* exit_group: always */
	saw(&r, 0, exec, 12, "sh", 7 * SECOND);				/* brk: the workload's */
	saw(&r, 0, exec, 165, "sh", 7 * SECOND);			/* mount: set-up's, too */
	saw(&r, 0, exec, 126, "sh", 7 * SECOND);			/* capset: likewise, */
	saw(&r, 0, SCTRACE_KIND_SETUP | confined, 126, "crun", SECOND);	/* under a filter */
	saw(&r, 0, exec | confined | SCTRACE_KIND_REFUSED, 250, "sh", 7 * SECOND);
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	report_build(&rep, &r, &info, &d, info.arch, NULL, r.comm);
	for (i = 0; i < rep.n_reason; i++)
		if (strstr(rep.reason[i].text, "health checks")) {
			assert_null(told);
			told = rep.reason[i].text;
			assert_int_equal(rep.reason[i].answer, ANSWER_NOTE);
		}
	assert_non_null(told);
	assert_string_equal(told, "only execs (docker exec, health checks, other containers of a pod) called 3 of these: chmod, mkdir, mount; --no-exec leaves them out");
	assert_string_equal(report_stage(find(&rep, "chmod")), "exec");
	assert_string_equal(find(&rep, "chmod")->why, "only an exec called it (docker exec, a health check)");
	assert_string_equal(report_confined(find(&rep, "chmod")), "no");
	assert_string_equal(report_confined(find(&rep, "mkdir")), "yes");
	assert_string_equal(report_stage(find(&rep, "brk")), "workload");
	assert_string_equal(find(&rep, "brk")->why, "the program called it");
	assert_string_equal(find(&rep, "capset")->why, "the runtime called it under its filter");
	/* keyctl, which an exec was refused */
	assert_int_equal(find(&rep, "keyctl")->state, REPORT_REFUSED);
	assert_true(report_was_refused(find(&rep, "keyctl")));
	assert_false(report_was_refused(find(&rep, "mkdir")));
	report_free(&rep);
	derived_free(&d);
}

static void reasons(void **state)
{
	const struct report_line *l;
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;
	size_t i;

	(void)state;
	make(&rep, &r, &info, &d);
	l = find(&rep, "write");
	assert_int_equal(l->state, REPORT_SEEN);
	assert_int_equal(l->n_arch, 2);
	assert_true(l->seen->time == r.since + 2000000);
	assert_int_equal(find(&rep, "getpid")->state, REPORT_SEEN);
	assert_null(find(&rep, "getpid")->seen);
	assert_int_equal(find(&rep, "mount")->state, REPORT_SETUP);
	assert_int_equal(find(&rep, "add_key")->state, REPORT_REFUSED);
	assert_int_equal(find(&rep, "exit_group")->state, REPORT_ADDED);
	assert_int_equal(find(&rep, "#1000 of x86_64")->state, REPORT_NAMELESS);
	/* and bpf; of a number without a name nothing is known */
	assert_int_equal(rep.dangerous, 1 + library_knows("io_uring_setup"));
	if (library_knows("io_uring_setup"))
		assert_non_null(find(&rep, "io_uring_setup")->danger);
	else
		assert_int_equal(find(&rep, "#425 of x86_64")->state, REPORT_NAMELESS);
	/* what is in the profile is what the profile allows, and with a reason */
	for (i = 0; i < rep.n_line; i++) {
		l = &rep.line[i];
		assert_int_equal(report_in_profile(l),
				 profile_allows(d.profile, l->name));
		assert_true(*l->why);
	}
	assert_int_equal(rep.in_profile, d.profile->rules[0].names.n);
	report_free(&rep);
	derived_free(&d);
}

/* What a base blocks stays blocked, and that is no secret */
static void based(void **state)
{
	cleanup_opts struct cmd_opts o = CMD_OPTS_INIT;
	const struct report_line *l;
	struct error *err = NULL;
	struct derived d = { 0 };
	struct report rep;
	struct record r;
	struct info info;
	bool told = false;
	size_t i;

	(void)state;
	fill(&r, &info);
	o.runtime.seen = false;		/* none */
	o.base = profile_new();
	o.base_path = "base.json";
	profile_set_default(o.base, PA_ERRNO, EACCES);
	profile_add_arch(o.base, X86_64);
	profile_allow(o.base, "read");
	strset_add(&profile_add_rule(o.base, PA_ERRNO, EPERM)->names, "bpf");
	assert_int_equal(derive_as_asked(&r, &o, X86_64, false, &d, &err), 0);
	assert_int_equal(d.profile->def_action, PA_ERRNO);
	assert_int_equal(d.profile->def_errno, EACCES);
	assert_true(profile_allows(d.profile, "read"));
	assert_true(profile_allows(d.profile, "write"));
	assert_true(profile_allows(d.profile, "exit_group"));
	assert_false(profile_allows(d.profile, "bpf"));
	for (i = 0; i < d.n_words; i++)
		told |= strstr(d.words[i], "`bpf`") &&
			strstr(d.words[i], "stays blocked");
	assert_true(told);
	report_build(&rep, &r, &info, &d, info.arch, NULL, r.comm);
	l = find(&rep, "bpf");
	assert_int_equal(l->state, REPORT_BLOCKED);
	assert_false(report_in_profile(l));
	assert_non_null(strstr(l->why, "blocked by the base"));
	l = find(&rep, "read");
	assert_int_equal(l->state, REPORT_ADDED);
	assert_string_equal(l->why, "the base allows it");
	assert_int_equal(find(&rep, "write")->state, REPORT_SEEN);
	assert_int_equal(find(&rep, "mount")->state, REPORT_SETUP);
	assert_int_equal(rep.dangerous, library_knows("io_uring_setup"));	/* not bpf */
	report_free(&rep);
	derived_free(&d);
}

/* Nothing that a task calls itself gets into the page as it is */
static void hostile(void **state)
{
	cleanup_free char *page = NULL;
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;
	const char *s;

	(void)state;
	make(&rep, &r, &info, &d);
	page = written(&rep, "html");
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<b>web"));
	assert_non_null(strstr(page, "&lt;/td&gt;&lt;script&gt;a"));
	assert_non_null(strstr(page, "evil\\x1b[2J"));
	for (s = page; *s; s++)
		if (*s != '\n' && (*s < ' ' || *s > '~'))
			fail_msg("byte 0x%02x in the page", (unsigned char)*s);
	/* it stands on its own */
	assert_null(strstr(page, "http://"));
	assert_null(strstr(page, "https://"));
	assert_null(strstr(page, " src="));
	assert_null(strstr(page, "url("));
	assert_null(strstr(page, "@import"));
	report_free(&rep);
	derived_free(&d);
}

/* bsearch() finds nothing in a list that is out of order */
static void data(void **state)
{
	const struct danger *d;
	const char *cap;
	size_t n, i, p;

	(void)state;
	d = danger_all(&n);
	for (i = 0; i < n; i++) {
		if (i && strcmp(d[i - 1].name, d[i].name) >= 0)
			fail_msg("%s is out of order", d[i].name);
		assert_ptr_equal(danger_find(d[i].name), &d[i]);
		assert_true(*d[i].group && *d[i].why && *d[i].source);
		assert_true(profile_name_valid(d[i].name));
	}
	for (p = 0; p < PEERS_ALL; p++) {
		const struct peer *e = &peers[p];

		assert_ptr_equal(peer_find(e->key), e);
		/* what all are known for */
		assert_int_equal(peer_verdict(e, "read", NULL, NULL), PEER_ALLOWS);
		assert_int_equal(peer_verdict(e, "chroot", NULL, NULL), PEER_ALLOWS);
		assert_int_equal(peer_verdict(e, "kexec_load", NULL, NULL),
				 PEER_REFUSES);
		assert_int_equal(peer_verdict(e, "bpf", NULL, &cap), PEER_NEEDS_CAP);
		assert_non_null(strstr(cap, "CAP_BPF"));
	}
	assert_int_equal(peer_verdict(&peers[0], "clone", NULL, NULL), PEER_LOOKS);
	assert_int_equal(peer_verdict(&peers[0], "io_uring_setup", NULL, NULL),
			 PEER_REFUSES);
}

/* rule by rule, with arguments and conditions */
static void wider(void **state)
{
	static const char json[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":"
		"[\"read\",\"clone\",\"socket\",\"kexec_load\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		"[{\"index\":0,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	static const char *const names[] = { "clone", "kexec_load", "socket" };
	struct derived d = { 0 };
	struct error *err = NULL;
	struct report rep;
	size_t i;

	(void)state;
	d.profile = format_read(json, strlen(json), FORMAT_OCI, NULL, NULL,
				&err);
	report_build(&rep, NULL, NULL, &d, X86_64, NULL, "wider");
	assert_int_equal(rep.wider[0].n, ARRAY_SIZE(names));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const struct difference *x = &rep.wider[0].v[i];

		assert_string_equal(x->name, names[i]);
		assert_int_equal(x->change, i == 1 ? CHANGE_ADDED :
				 CHANGE_CONDITION);
	}
	report_free(&rep);
	derived_free(&d);
}

/* A profile alone, a rule that looks at an argument in it */
static void of_profile(void **state)
{
	static const char json[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"ptrace\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
		"[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL\"}]}";
	struct error *err = NULL;
	struct derived d = { 0 };
	cleanup_free char *page = NULL, *text = NULL;
	struct report rep;

	(void)state;
	d.profile = format_read(json, strlen(json), FORMAT_AUTO, NULL, NULL,
				&err);
	assert_non_null(d.profile);
	report_build(&rep, NULL, NULL, &d, X86_64, NULL, "p.json");
	assert_int_equal(rep.n_line, 3);
	assert_int_equal(rep.allowed, 3);	/* one by argument */
	assert_true(find(&rep, "clone")->conditional);
	assert_false(find(&rep, "read")->conditional);
	assert_int_equal(rep.dangerous, 1);
	page = written(&rep, "html");
	text = written(&rep, "text");
	assert_null(strstr(page, "<svg"));
	assert_non_null(strstr(text, "ptrace"));
	report_free(&rep);
	derived_free(&d);
}

static void spans(void **state)
{
	static const char *const bad[] = {
		"", "0", "0s", "m", "-1", "5x", "5ms", "1 m", "1.5h",
		"99999999999999999999", "18446744073709551615d",
	};
	uint64_t ns;
	size_t i;

	(void)state;
	assert_int_equal(parse_span("90", &ns), 0);
	assert_true(ns == 90 * SECOND);
	assert_int_equal(parse_span("2s", &ns), 0);
	assert_true(ns == 2 * SECOND);
	assert_int_equal(parse_span("5m", &ns), 0);
	assert_true(ns == 300 * SECOND);
	assert_int_equal(parse_span("2h", &ns), 0);
	assert_true(ns == 7200 * SECOND);
	assert_int_equal(parse_span("1d", &ns), 0);
	assert_true(ns == 86400 * SECOND);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!parse_span(bad[i], &ns))
			fail_msg("took `%s`", bad[i]);
}

/* When waiting is over */
static void done(void **state)
{
	struct poller w = { .now = 200 * SECOND };
	struct record r = { .since = 100 * SECOND, .last_new = 150 * SECOND,
			    .flags = SCTRACE_F_RUNNING };

	(void)state;
	assert_false(poll_done(&w, &r));
	w.quiet = 51 * SECOND;
	assert_false(poll_done(&w, &r));
	w.quiet = 50 * SECOND;
	assert_true(poll_done(&w, &r));
	/* created and not started is not quiet */
	r.flags = 0;
	assert_false(poll_done(&w, &r));
	r.flags = SCTRACE_F_ENDED;
	w.quiet = 0;
	assert_true(poll_done(&w, &r));
	/* emptied a moment ago: what it knew before counts no more */
	r.flags = SCTRACE_F_RUNNING;
	r.since = 190 * SECOND;
	w.quiet = 50 * SECOND;
	assert_false(poll_done(&w, &r));
}

/* A record that nothing speaks against, but for what a case adds to it */
static void clean(struct record *r, struct info *info)
{
	fill(r, info);
	memset(abi, 0, sizeof(abi));
	abi[0].arch = X86_64;
	r->n_abi = 1;
	r->n_sighting = 0;
	r->sightings_missed = 0;
	saw(r, 0, SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED, 126, "crun", 200000);
	saw(r, 0, 0, 12, "app", 1 * SECOND);
	saw(r, 0, 0, 1, "app", 6 * SECOND);
}

/* Whether recording may end, and the profile be used, follows from facts */
static void verdicts(void **state)
{
	static const struct {
		uint64_t now;
		uint32_t flags;
		int nr;			/* one call more, or 0 */
		unsigned int kind;
		const char *words;
		enum report_saturation is;
		enum report_answer answer;
	} cases[] = {
		{ 107, 0, 0, 0, "1.0s of 7.0s (14 %): too short a time to tell",
		  SATURATION_SHORT, ANSWER_WAIT },
		{ 112, SCTRACE_F_STOPPED, 0, 0, "6.0s of 12s (50 %): too short",
		  SATURATION_SHORT, ANSWER_WAIT },
		{ 219, 0, 0, 0, "(94 %): the curve is flat", SATURATION_FLAT, ANSWER_YES },
		{ 166, 0, 0, 0, "60s of 66s (90 %): the curve is flat", SATURATION_FLAT,
		  ANSWER_YES },
		{ 221, 0, 321, 115, "may still be rising", SATURATION_RISING, ANSWER_WAIT },
		{ 112, SCTRACE_F_ENDED | SCTRACE_F_STOPPED, 0, 0, "(50 %): it has ended, and only",
		  SATURATION_ENDED, ANSWER_YES },
		{ 166, SCTRACE_F_ENDED, 0, 0, "(90 %): the curve is flat", SATURATION_FLAT,
		  ANSWER_YES },
		{ 166, 0, 321, 2, "known to be dangerous, and allowed: bpf", SATURATION_FLAT,
		  ANSWER_LOOK },
		{ 166, 0, 321, 2, "wider than the default of Docker in 1 call", SATURATION_FLAT,
		  ANSWER_LOOK },
		{ 166, SCTRACE_F_LATE, 0, 0, "was running already", SATURATION_FLAT,
		  ANSWER_WAIT },
		{ 166, 0, 1000, 2, "libseccomp has no name for", SATURATION_FLAT, ANSWER_WAIT },
	};
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.base = &base,
	};
	struct error *err = NULL;
	struct report rep;
	struct record r;
	struct info info;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct derived d = { 0 };
		bool said = false;

		clean(&r, &info);
		if (cases[i].nr)
			saw(&r, 0, 0, cases[i].nr, "app", cases[i].kind * SECOND);
		r.last_new = r.since + (cases[i].kind > 6 ? cases[i].kind : 6) * SECOND;
		r.flags = cases[i].flags | SCTRACE_F_RUNNING | SCTRACE_F_REFUSED;
		info.now = cases[i].now * SECOND;
		r.ended_at = cases[i].flags & SCTRACE_F_ENDED ? info.now : 0;
		assert_int_equal(derive(&r, &opts, &d, &err), 0);
		derive_judge(&r, &opts, &d, d.profile);
		report_build(&rep, &r, &info, &d, info.arch, NULL, r.comm);
		for (j = 0; j < rep.n_reason; j++) {
			said |= !!strstr(rep.reason[j].text, cases[i].words);
			/* the worst comes first, and is the answer */
			if (j)
				assert_true(rep.reason[j].answer <= rep.reason[j - 1].answer);
			assert_true(rep.reason[j].answer <= rep.answer ||
				    rep.reason[j].answer == ANSWER_NOTE);
		}
		if (!said || rep.saturation != cases[i].is || rep.answer != cases[i].answer)
			fail_msg("%s: %s %s: %s", cases[i].words,
				 report_saturation_name(rep.saturation),
				 report_answer_word(rep.answer), rep.reason[0].text);
		report_free(&rep);
		derived_free(&d);
	}
}

/* The runtime that started it behind its filter has called what it needs, whatever newer ones do */
static void started(void **state)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.seen = true,
	};
	bool noted = false;
	struct derived d = { 0 };
	struct error *err = NULL;
	struct report rep;
	struct record r;
	struct info info;
	size_t i;

	(void)state;
	clean(&r, &info);
	saw(&r, 0, SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED, 59, "runc:[2:INIT]", SECOND);
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	report_build(&rep, &r, &info, &d, info.arch, NULL, r.comm);
	assert_int_not_equal(rep.answer, ANSWER_NO);
	for (i = 0; i < rep.n_reason; i++)
		noted |= rep.reason[i].answer == ANSWER_NOTE &&
			 strstr(rep.reason[i].text, "and newer also need: ");
	assert_true(noted);
	report_free(&rep);
	derived_free(&d);
}

/* What cannot work is no matter of opinion */
static void no_good(void **state)
{
	static const char *const bad[] = { "read\nexecve\n", "read\nexit\nexit_group\n" };
	struct error *err = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct derived d = { 0 };
		struct report rep;

		d.profile = format_read(bad[i], strlen(bad[i]), FORMAT_NAMES, NULL, NULL, &err);
		report_build(&rep, NULL, NULL, &d, X86_64, NULL, "bad");
		assert_int_equal(rep.answer, ANSWER_NO);
		report_free(&rep);
		derived_free(&d);
	}
}

/* One attribute of a tag, NULL without it; @buf gets it */
static const char *attribute(const char *tag, size_t len, const char *name, char *buf, size_t max)
{
	cleanup_free char *copy = xstrndup(tag, len);
	cleanup_free char *key = xasprintf(" %s=\"", name);
	char *s = strstr(copy, key);

	if (!s)
		return NULL;
	s += strlen(key);
	snprintf(buf, max, "%.*s", (int)strcspn(s, "\""), s);
	return buf;
}

/*
 * What a browser does not forgive, and what who cannot see the page needs: every tag is
 * closed in order, identifiers are there once, links have a target, headings leave no level
 * out, cells have heads, the drawing has words.
 */
static void sound(const char *page)
{
	static const char *const empty[] = { "meta", "!DOCTYPE", "path", "wbr", NULL };
	char open[64][16], value[256], name[16];
	struct strset ids = { 0 }, links = { 0 };
	unsigned int depth = 0, level = 0, h1 = 0, mains = 0, headers = 0, i;
	const char *s, *end;

	for (s = page; (s = strchr(s, '<')); s = end) {
		bool closes = s[1] == '/', alone = false;
		size_t len;

		end = strchr(s, '>');
		assert_non_null(end);
		len = end - s;
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(s + 1 + closes, " >/\n"), s + 1 + closes);
		for (i = 0; empty[i]; i++)
			alone |= !strcmp(name, empty[i]);
		alone |= end[-1] == '/';
		if (closes) {
			if (!depth || strcmp(open[depth - 1], name))
				fail_msg("</%s> closes <%s>", name, depth ? open[depth - 1] : "");
			depth--;
			continue;
		}
		if (!alone) {
			assert_true(depth < ARRAY_SIZE(open));
			strcpy(open[depth++], name);
		}
		if (attribute(s, len, "id", value, sizeof(value)) && !strset_add(&ids, value))
			fail_msg("#%s twice", value);
		if (attribute(s, len, "href", value, sizeof(value)))
			strset_add(&links, value);
		if (attribute(s, len, "aria-labelledby", value, sizeof(value))) {
			cleanup_free char *to = xasprintf("#%s", value);

			strset_add(&links, to);
		}
		if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2]) {
			if ((unsigned int)(name[1] - '0') > level + 1)
				fail_msg("a heading leaves a level out: %.60s", s);
			level = name[1] - '0';
			h1 += level == 1;
		}
		if (!strcmp(name, "th"))
			assert_non_null(attribute(s, len, "scope", value, sizeof(value)));
		if (!strcmp(name, "td"))
			assert_non_null(attribute(s, len, "data-h", value, sizeof(value)));
		if (!strcmp(name, "svg"))
			assert_non_null(attribute(s, len, "aria-label", value, sizeof(value)));
		if (!strcmp(name, "html"))
			assert_non_null(attribute(s, len, "lang", value, sizeof(value)));
		mains += !strcmp(name, "main");
		headers += !strcmp(name, "header");
	}
	assert_int_equal(depth, 0);
	assert_int_equal(h1, 1);
	assert_int_equal(mains, 1);
	assert_int_equal(headers, 1);
	assert_true(links.n > 5);
	for (i = 0; i < links.n; i++)
		if (links.v[i][0] != '#' || !strset_has(&ids, links.v[i] + 1))
			fail_msg("%s leads nowhere", links.v[i]);
	strset_free(&ids);
	strset_free(&links);
}

static void pages(void **state)
{
	cleanup_free char *of_record = NULL, *of_file = NULL;
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;

	(void)state;
	make(&rep, &r, &info, &d);
	of_record = written(&rep, "html");
	sound(of_record);
	report_free(&rep);
	derived_free(&d);
	memset(&d, 0, sizeof(d));
	d.profile = profile_dup(peer_profile(peer_find("podman")));
	report_build(&rep, NULL, NULL, &d, X86_64, &facts, "podman");
	of_file = written(&rep, "html");
	sound(of_file);
	report_free(&rep);
	derived_free(&d);
}

/* The text at an axis, "1m 2m " */
static char *labels(const char *chart)
{
	const char *end = strstr(chart, "</figure>"), *s;
	char *text = xstrdup("");

	for (s = chart; (s = strstr(s, "<span class=\"x")) && s < end;) {
		cleanup_free char *old = text;

		s = strchr(s, '>') + 1;
		text = xasprintf("%s%.*s ", old, (int)strcspn(s, "<"), s);
	}
	return text;
}

/* An axis is read at a glance: one unit, or what people count in */
static void axes(void **state)
{
	static const struct {
		double span, first;
		const char *linear, *logarithmic;
	} cases[] = {
		{ 0.00008, 0.00001, "0 20us 40us 60us 80us ", "100us 1ms " },
		{ 0.12, 0.003, "0 20ms 40ms 60ms 80ms 100ms 120ms ", "1ms 10ms 100ms 1s " },
		{ 7, 0.0002, "0 2s 4s 6s ", "100us 1ms 10ms 100ms 1s 10s " },
		{ 178, 2, "0 30s 60s 90s 120s 150s ", "1s 10s 1m 10m " },
		{ 225, 0.002, "0 1m 2m 3m ", "1ms 10ms 100ms 1s 10s 1m 10m " },
		{ 5400, 0.2, "0 20m 40m 60m 80m ", "100ms 1s 10s 1m 10m 1h 10h " },
		{ 3 * 86400.0, 20, "0 12h 24h 36h 48h 60h 72h ", "10s 1m 10m 1h 10h 10d " },
		{ 40 * 86400.0, 20, "0 10d 20d 30d 40d ", "10s 1m 10m 1h 10h 10d 100d " },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sctrace_sighting at = { .time = 100 * SECOND + cases[i].first * 1e9 };
		struct report_line line = { .seen = &at, .made = &at };
		struct record r = { .since = 100 * SECOND };
		struct report rep = { .record = &r, .line = &line, .n_line = 1 };
		cleanup_free char *page = NULL, *linear = NULL, *logarithmic = NULL;
		size_t len;
		FILE *to = open_memstream(&page, &len);

		rep.span = cases[i].span * 1e9 + 0.5;
		chart_html(to, &rep);
		assert_int_equal(fclose(to), 0);
		linear = labels(strstr(page, "<figure>"));
		logarithmic = labels(strstr(page, "Logarithmic"));
		assert_string_equal(linear, cases[i].linear);
		assert_string_equal(logarithmic, cases[i].logarithmic);
	}
}

/* A column is there when it has something to say; all of it fits, or opens */
static void columns(void **state)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = 38, .native = X86_64,
		.runtime.base = &base,
	};
	static const char *const maybe[] = { ">Confined<", ">Refused<", ">ABI<", NULL };
	cleanup_free char *all = NULL, *few = NULL, *line = NULL;
	struct error *err = NULL;
	struct derived d = { 0 };
	struct facts f = { .n = 1 };
	struct report rep;
	struct record r;
	struct info info;
	size_t i;

	(void)state;
	make(&rep, &r, &info, &d);
	all = written(&rep, "html");
	report_free(&rep);
	derived_free(&d);
	clean(&r, &info);
	r.n_sighting = 0;
	memset(abi, 0, sizeof(abi));
	abi[0].arch = X86_64;
	saw(&r, 0, 0, 12, "app", 1 * SECOND);
	memset(&d, 0, sizeof(d));
	assert_int_equal(derive(&r, &opts, &d, &err), 0);
	derive_judge(&r, &opts, &d, d.profile);
	line = xcalloc(1, 4097);
	memset(line, 'x', 4096);
	line[4095] = '<';
	f.v[0] = (struct fact){ "command", "Command", line };
	report_build(&rep, &r, &info, &d, info.arch, &f, r.comm);
	few = written(&rep, "html");
	for (i = 0; maybe[i]; i++) {
		assert_non_null(strstr(all, maybe[i]));
		assert_null(strstr(few, maybe[i]));
	}
	assert_non_null(strstr(few, "x... (4096 bytes)</summary>xxx"));
	assert_non_null(strstr(few, "xxx&lt;</details>"));
	sound(few);
	report_free(&rep);
	derived_free(&d);
}

static double channel(unsigned int c)
{
	double x = c / 255.0, y, low = 0, high = 1;
	unsigned int i;

	if (x <= 0.03928)
		return x / 12.92;
	/* ((x + 0.055) / 1.055) ^ 2.4, which is y with y^5 = x^12 */
	x = (x + 0.055) / 1.055;
	for (i = 0; i < 40; i++) {
		y = (low + high) / 2;
		if (y * y * y * y * y < x * x * x * x * x * x * x * x * x * x * x * x)
			low = y;
		else
			high = y;
	}
	return low;
}

/* As WCAG has it, of "#rgb" or "#rrggbb" */
static double luminance(const char *s)
{
	char c[7];
	unsigned int rgb;

	if (strspn(s + 1, "0123456789abcdef") == 3)
		snprintf(c, sizeof(c), "%c%c%c%c%c%c", s[1], s[1], s[2], s[2], s[3], s[3]);
	else
		snprintf(c, sizeof(c), "%s", s + 1);
	assert_int_equal(sscanf(c, "%6x", &rgb), 1);
	return 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8 & 255) +
	       0.0722 * channel(rgb & 255);
}

static double named(const char *theme, const char *name)
{
	cleanup_free char *key = xasprintf("--%s:#", name);
	const char *s = strstr(theme, key);

	assert_non_null(s);
	return luminance(s + strlen(key) - 1);
}

/* What is seen against what; strokes need less than text does (WCAG 1.4.11) */
static const struct {
	const char *text, *behind;
	bool stroke;
} pairs[] = {
	{ "fg", "bg", false }, { "dim", "bg", false }, { "fg", "card", false }, { "dim", "card", false },
	{ "blue", "bg", false }, { "good", "bg", false }, { "look", "bg", false }, { "bad", "bg", false },
	{ "good", "card", false }, { "look", "card", false }, { "fg", "goodbg", false },
	{ "fg", "lookbg", false }, { "fg", "badbg", false }, { "good", "goodbg", false },
	{ "good", "lookbg", false }, { "good", "badbg", false }, { "look", "lookbg", false },
	{ "look", "badbg", false }, { "look", "goodbg", false }, { "bad", "badbg", false },
	{ "grey", "bg", true }, { "blue", "bg", true }, { "bad", "bg", true },
};

static bool has_pair(const char *name, bool as_text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		if (!strcmp(name, as_text ? pairs[i].text : pairs[i].behind) &&
		    !(as_text && pairs[i].stroke))
			return true;
	return false;
}

/* Each colour has a name, and each that is text or behind text is in a pair above */
static void colours_named(const char *page)
{
	const char *style = strstr(page, "<style>"), *s;
	cleanup_free char *css = xstrndup(style, strstr(style, "</style>") - style);
	char name[32];

	s = strstr(css, "@media(prefers-color-scheme:dark)");
	assert_non_null(s);
	s = strchr(s, '\n');
	assert_null(strchr(s, '#'));
	assert_null(strstr(s, "rgb("));
	for (s = css; (s = strstr(s, "color:")); s++) {
		/* border-color and color-scheme are others */
		if (s[-1] == '-' || sscanf(s, "color:var(--%31[a-z])", name) != 1)
			continue;
		if (!has_pair(name, true))
			fail_msg("--%s is text, and nothing says on what", name);
	}
	for (s = css; (s = strstr(s, "background:var(--")); s++)
		if (sscanf(s, "background:var(--%31[a-z])", name) == 1 && !has_pair(name, false))
			fail_msg("--%s is behind text, and nothing says which", name);
}

/* Text can be read on what is behind it, by day and by night */
static void contrast(void **state)
{
	cleanup_free char *page = NULL;
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;
	const char *theme;
	size_t i, n = 0;

	(void)state;
	make(&rep, &r, &info, &d);
	page = written(&rep, "html");
	for (theme = page; (theme = strstr(theme, ":root{")); theme++, n++)
		for (i = 0; i < ARRAY_SIZE(pairs); i++) {
			double a = named(theme, pairs[i].text);
			double b = named(theme, pairs[i].behind);
			double is = ((a > b ? a : b) + 0.05) / ((a > b ? b : a) + 0.05);

			if (is < (pairs[i].stroke ? 3 : 4.5))
				fail_msg("--%s on --%s: %.2f", pairs[i].text, pairs[i].behind, is);
		}
	assert_int_equal(n, 2);
	colours_named(page);
	report_free(&rep);
	derived_free(&d);
}

/* For people: no line is longer than a page is wide, whatever names there are */
static void narrow(void **state)
{
	cleanup_free char *text = NULL;
	struct report rep;
	struct derived d;
	struct record r;
	struct info info;
	const char *s;
	size_t len;

	(void)state;
	make(&rep, &r, &info, &d);
	text = written(&rep, "text");
	for (s = text; *s; s += len + (s[len] == '\n')) {
		len = strcspn(s, "\n");
		if (len > 80)
			fail_msg("%.*s", (int)len, s);
	}
	report_free(&rep);
	derived_free(&d);
}

static const char *fact(const struct facts *f, const char *key)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].key, key))
			return f->v[i].text;
	return NULL;
}

/* Which run it was: what is known is said, and what is not is left out */
static void runs_are_named(void **state)
{
	struct container c = { .engine = "crun", .id = (char *)"box" };
	struct info i = { .now = 1000 * SECOND, .api = 1, .version = (char *)"1.2.3" };
	struct record r = { .id = 7, .inum = 4026532281, .since = 400 * SECOND,
			    .ended_at = 700 * SECOND, .flags = SCTRACE_F_ENDED };
	time_t before = time(NULL), began = 0;
	struct facts f;
	struct tm tm = { 0 };

	(void)state;
	strcpy(r.comm, "app");
	facts_read(&f, &r, &i, &c);
	assert_string_equal(f.title, "crun:box");
	assert_non_null(strptime(fact(&f, "began"), "%Y-%m-%d %H:%M:%S UTC", &tm));
	began = timegm(&tm);
	assert_true(began >= before - 600 && began <= time(NULL) - 600);
	assert_string_equal(fact(&f, "duration"), "5m00s");
	assert_string_equal(fact(&f, "state"), "ended");
	assert_string_equal(fact(&f, "process"), "app");
	assert_string_equal(fact(&f, "module"), "1.2.3, API 1");
	assert_string_equal(fact(&f, "record"), "7, PID namespace 4026532281");
	assert_null(fact(&f, "command"));
	assert_null(fact(&f, "image"));
	assert_null(fact(&f, "label"));
	facts_free(&f);
	/* of a cgroup, while it lives */
	r.flags = SCTRACE_F_CGROUP | SCTRACE_F_RUNNING;
	r.cgroup = (char *)"/system.slice/nginx.service";
	r.starts = 2;
	r.label = (char *)"tag";
	c = (struct container){ 0 };
	facts_read(&f, &r, &i, &c);
	assert_string_equal(f.title, "tag");
	assert_string_equal(fact(&f, "record"),
			    "7, cgroup /system.slice/nginx.service, started 2 times");
	assert_null(fact(&f, "ended"));
	assert_string_equal(fact(&f, "duration"), "10m00s");
	facts_free(&f);
	/* of a process that is there: this one */
	r = (struct record){ .since = SECOND, .init_pid = getpid(), .flags = SCTRACE_F_RUNNING };
	{
		char link[64] = "";

		assert_true(readlink("/proc/self/ns/pid", link, sizeof(link) - 1) > 0);
		assert_int_equal(sscanf(link, "pid:[%u]", &r.inum), 1);
	}
	facts_read(&f, &r, &i, &c);
	assert_non_null(strstr(fact(&f, "command"), "test_report"));
	facts_free(&f);
	/* and of one whose number is another's by now */
	r.inum++;
	facts_read(&f, &r, &i, &c);
	assert_null(fact(&f, "command"));
	facts_free(&f);
}

/* Whoever ends it by a signal gets a terminal whose line is a new one */
static void interrupted(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		int terminal = posix_openpt(O_RDWR | O_NOCTTY), status, slave;
		char text[512] = "";
		size_t n = 0;
		ssize_t got;
		pid_t pid;

		assert_true(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal));
		slave = open(ptsname(terminal), O_RDWR | O_NOCTTY);
		assert_true(slave >= 0);
		pid = fork();
		if (!pid) {
			struct poller w = { .now = 3 * SECOND };
			struct record r = { .since = SECOND };

			/* what a shell starts in the background ignores SIGINT */
			signal(signals[i], SIG_DFL);
			dup2(slave, STDERR_FILENO);
			poll_progress(&w, &r);
			poll_clear(&w);
			poll_progress(&w, &r);
			raise(signals[i]);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		close(slave);
		while ((got = read(terminal, text + n, sizeof(text) - 1 - n)) > 0)
			n += got;
		close(terminal);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
		assert_non_null(strstr(text, "recorded 2.0s"));
		assert_int_equal(text[strlen(text) - 1], '\n');
	}
}

/* What has ended has ended, stopped before or not */
static void states(void **state)
{
	static const struct {
		uint32_t flags;
		const char *want;
	} rows[] = {
		{ SCTRACE_F_RUNNING, "running" }, { SCTRACE_F_STOPPED, "stopped" },
		{ SCTRACE_F_ENDED, "ended" }, { SCTRACE_F_ENDED | SCTRACE_F_STOPPED, "ended" },
	};
	struct container c = { 0 };
	struct record r;
	struct info info;
	size_t i, j;

	(void)state;
	fill(&r, &info);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_facts struct facts f = { 0 };
		const char *got = NULL;

		r.flags = rows[i].flags;
		facts_read(&f, &r, &info, &c);
		for (j = 0; j < f.n; j++)
			if (!strcmp(f.v[j].key, "state"))
				got = f.v[j].text;
		assert_non_null(got);
		assert_string_equal(got, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(wider),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(started),
		cmocka_unit_test(no_good),
		cmocka_unit_test(pages),
		cmocka_unit_test(contrast),
		cmocka_unit_test(axes),
		cmocka_unit_test(columns),
		cmocka_unit_test(narrow),
		cmocka_unit_test(execs),
		cmocka_unit_test(reasons),
		cmocka_unit_test(based),
		cmocka_unit_test(hostile),
		cmocka_unit_test(data),
		cmocka_unit_test(of_profile),
		cmocka_unit_test(states),
		cmocka_unit_test(spans),
		cmocka_unit_test(done),
		cmocka_unit_test(interrupted),
		cmocka_unit_test(runs_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
