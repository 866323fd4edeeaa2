// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl watch: what a profile would refuse, as it is called. */

#include <signal.h>
#include "drift/drift.h"
#include "lib/file.h"
#include "lib/names.h"
#include "poll.h"
#include "sets.h"
#include "words.h"

#define SECOND		1000000000LL
/* How old a file of metrics may become while nothing new comes */
#define REWRITE		(15 * SECOND)

/* After those of sets.h */
enum {
	OPT_PROFILE = OPT_OBJECT_NAME + 1,
	OPT_OUTPUT_FORMAT,
	OPT_FOR,
	OPT_UNTIL_QUIET,
	OPT_ONCE,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ OPT_PROFILE, "profile", "FILE", "the profile that is asked: nothing is refused" },
	OPTS_INPUT,
	{ OPT_ONCE, "once", NULL, "judge what was called so far, and end" },
	{ OPT_FOR, "for", "TIME", "end after that long (90s, 5m, 2h)" },
	{ OPT_UNTIL_QUIET, "until-quiet", "TIME", "end when nothing new came for that long" },
	{ OPT_OUTPUT_FORMAT, "format", "FORMAT", "text (default), json, sarif or prometheus" },
	OPTS_JSON,
	{ 'o', "output", "FILE", "where to write that, `-` (default) for standard output" },
	{ OPT_CAPS, "caps", "CAP[,CAP]...", "the container's capabilities, `none` for none (default: those of its init while that lives)" },
	{ OPT_INCLUDE_REFUSED, "include-refused", NULL, "count what the container's own filter refused, too" },
	{ OPT_STAGE, "stage", "STAGE", "workload (default), or all: judge the set-up, too" },
	{ OPT_NO_EXEC, "no-exec", NULL, "leave out what only exec and health checks called" },
	{ OPT_STRICT, "strict", NULL, "end with 4 when the record is not whole, or something cannot be judged" },
	OPTS_COMMON
};

enum shape { TEXT, JSON, SARIF, PROMETHEUS };

static const char *const shapes[] = { "text", "json", "sarif", "prometheus" };

struct watch {
	struct sets_opts o;
	enum shape shape;
	bool once;
	uint64_t span;		/* 0: until the namespace has ended */
	struct poller poller;
	struct gate gate;
	struct drift drift;
	struct record r;	/* as it was seen last */
	char *title;
	const char *profile;
	int64_t offset;
	FILE *to;		/* of what is printed as it comes */
	int64_t written;	/* when the metrics were, CLOCK_MONOTONIC */
};

static volatile sig_atomic_t signalled;

static void on_signal(int sig)
{
	signalled = sig;
}

/* What was found so far is still told: so these end the watch, not the program */
static void catch_signals(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
	/* the pause between two looks ends by a signal all the same */
	const struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction was;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!sigaction(ends[i], NULL, &was) && was.sa_handler != SIG_IGN)
			sigaction(ends[i], &sa, NULL);
}

/*
 * The capabilities of a container, as engines have them for a profile's conditions: its
 * init's bounding set. Only while that lives, and is what the record was made of.
 */
static bool read_caps(const struct record *r, struct strset *caps)
{
	cleanup_free char *status = xasprintf("/proc/%u/status", r->init_pid);
	cleanup_file FILE *f = NULL;
	unsigned long long bits = 0;
	bool found = false;
	char line[256];
	size_t i;

	f = fopen(status, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "CapBnd: %llx", &bits) == 1;
	/* after it was read: the number may have come to be another process's */
	if (!found || !record_init_lives(r))
		return false;
	for (i = 0; names_caps[i]; i++)
		if (bits >> i & 1)
			strset_add(caps, names_caps[i]);
	return true;
}

static struct drift_about about(const struct watch *w, struct derived *doubts)
{
	const unsigned int strict = DOUBT_STRICT &
		~(w->drift.include_refused ? DOUBT_REFUSED : 0);

	doubts->doubts = derive_doubts(&w->r);
	derive_explain(&w->r, doubts);
	return (struct drift_about){
		.d = &w->drift, .r = &w->r, .container = w->title, .profile = w->profile,
		.offset = w->offset, .whole = !(doubts->doubts & strict),
		.doubts = doubts->words, .n_doubts = doubts->n_words,
	};
}

/* A document: the whole of it, each time */
static int write_all(struct watch *w, struct error **err)
{
	const char *path = w->o.common.output ? w->o.common.output : "-";
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	cleanup_derived struct derived doubts = { 0 };
	const struct drift_about a = about(w, &doubts);

	if (file_open(&out, path, err) < 0)
		return -1;
	if (w->shape == SARIF)
		drift_sarif(out.stream, &a);
	else
		drift_metrics(out.stream, &a);
	w->written = clock_ns(CLOCK_MONOTONIC);
	return file_commit(&out, err);
}

static int begin(struct watch *w, const struct info *info, const struct profile *p,
		 struct error **err)
{
	struct strset caps = { 0 };
	bool known = w->o.resolve || read_caps(&w->r, &caps);
	int ret;

	ret = gate_open(&w->gate, p, info->arch,
			w->o.resolve ? &w->o.env.caps : known ? &caps : NULL, NULL, err);
	strset_free(&caps);
	if (ret < 0)
		return error_wrap(err, "profile `%s`", w->profile);
	w->title = record_title(&w->r);
	return 0;
}

static bool is_old(const struct watch *w)
{
	return !w->written || clock_ns(CLOCK_MONOTONIC) - w->written > REWRITE;
}

/* Tells what is new; @last: no more will come */
static int judge(struct watch *w, bool last, struct error **err)
{
	cleanup_derived struct derived doubts = { 0 };
	const struct drift_about a = about(w, &doubts);
	size_t i;

	if (drift_look(&w->drift, &w->r, &i, err) < 0)
		return -1;
	if (w->shape == PROMETHEUS)
		return last || (w->o.common.output && (i < w->drift.n || is_old(w))) ?
		       write_all(w, err) : 0;
	if (w->shape == SARIF)
		return last ? write_all(w, err) : 0;
	if (i < w->drift.n || last)
		poll_clear(&w->poller);
	for (; i < w->drift.n; i++) {
		if (w->drift.v[i].was_refused)
			continue;
		if (w->shape == TEXT)
			drift_print_text(w->to, &a, &w->drift.v[i]);
		else
			drift_print_json(w->to, &a, &w->drift.v[i]);
	}
	if (last && w->shape == JSON)
		drift_print_end(w->to, &a);
	/* whoever reads from a pipe wants it now; and may be gone */
	if (w->to == stdout && (fflush(stdout) || ferror(stdout)))
		return file_stdout_done(err);
	return 0;
}

/* The record, if it is not as it was */
static int look(struct watch *w, bool *changed, struct error **err)
{
	cleanup_record struct record now = { 0 };
	bool first = !w->r.since;

	if (poll_look(&w->poller, &now, err) < 0)
		return -1;
	*changed = first || w->poller.emptied || now.last_new != w->r.last_new ||
		   now.flags != w->r.flags;
	if (!*changed)
		return 0;
	if (w->poller.emptied) {
		poll_clear(&w->poller);
		note("the record was emptied");
	}
	record_free(&w->r);
	record_init(&w->r);
	if (client_get(w->poller.client, &w->poller.sel, true, &w->r, err) < 0)
		return -1;
	take_stages(&w->r, &w->o.common);
	w->offset = clock_ns(CLOCK_REALTIME) - (int64_t)w->poller.now;
	return 0;
}

static int attend(struct watch *w, const struct profile *p, const struct info *info,
		  struct error **err)
{
	int64_t until = clock_ns(CLOCK_MONOTONIC) + (int64_t)w->span;
	bool changed, last;

	for (;;) {
		if (look(w, &changed, err) < 0)
			break;
		if (!w->title && begin(w, info, p, err) < 0)
			break;
		last = w->once || signalled || poll_done(&w->poller, &w->r) ||
		       (w->span && clock_ns(CLOCK_MONOTONIC) >= until);
		if ((changed || last || w->shape == PROMETHEUS) && judge(w, last, err) < 0)
			break;
		if (last) {
			poll_clear(&w->poller);
			return 0;
		}
		poll_progress(&w->poller, &w->r);
		poll_pause();
	}
	poll_clear(&w->poller);
	return -1;
}

static int end(struct watch *w)
{
	cleanup_free char *refused = drift_refused(&w->drift);
	cleanup_derived struct derived doubts = { 0 };
	const struct drift_about a = about(w, &doubts);
	size_t i, found = drift_count(&w->drift, false), open = drift_count(&w->drift, true);

	for (i = 0; i < doubts.n_words; i++)
		warn("%s", doubts.words[i]);
	if (refused && !w->drift.include_refused)
		warn("the container's own filter refused what `%s` refuses, too: %s (--include-refused counts that)",
		     w->profile, refused);
	note("%s: of %u calls and values `%s` would refuse %zu, and %zu cannot be judged",
	     w->title, w->drift.judged, w->profile, found, open);
	if (found)
		return ST_DIFFERS;
	if (w->o.common.strict && (!a.whole || open))
		return ST_INCOMPLETE;
	return signalled ? 128 + signalled : ST_OK;
}

static int read_options(struct watch *w, struct args *a, struct error **err)
{
	size_t i;
	int id;

	while ((id = args_next(a, &w->o.common, err)) > 0) {
		switch (id) {
		case OPT_PROFILE:
			w->profile = a->value;
			break;
		case OPT_ONCE:
			w->once = true;
			break;
		case OPT_FOR:
		case OPT_UNTIL_QUIET:
			if (parse_span(a->value, id == OPT_FOR ? &w->span : &w->poller.quiet) < 0 ||
			    w->span > INT64_MAX / 2)
				return args_usage(a, err, "`%s` is no time: 90s, 5m, 2h", a->value);
			break;
		case OPT_OUTPUT_FORMAT:
			for (i = 0; i < ARRAY_SIZE(shapes) && strcmp(shapes[i], a->value); i++)
				;
			if (i == ARRAY_SIZE(shapes))
				return args_unknown(a, err, id, "format");
			w->shape = i;
			break;
		default:
			if (sets_option(a, id, &w->o, err) < 0)
				return -1;
		}
	}
	if (w->o.common.json && w->shape > JSON)
		return args_usage(a, err, "either --json or --format %s", shapes[w->shape]);
	if (w->o.common.json)
		w->shape = JSON;
	return id;
}

static int check_options(struct watch *w, struct args *a, struct error **err)
{
	if (args_none(a, err) < 0)
		return -1;
	if (!w->profile)
		return args_usage(a, err, "which profile? give --profile FILE");
	if (w->once && (w->span || w->poller.quiet))
		return args_usage(a, err, "--once ends at once: not with --for or --until-quiet");
	return need_selector(a->cmd, &w->o.common, err);
}

static int watch(struct watch *w, struct error **err)
{
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	cleanup_profile struct profile *p = NULL;
	cleanup_client struct client *c = NULL;
	cleanup_info struct info info = { 0 };
	const char *path = w->o.common.output ? w->o.common.output : "-";

	p = format_read_file(w->profile, w->o.input, NULL, err);
	if (!p)
		return -1;
	if (file_check(path, err) < 0 || open_selected(&c, &w->o.common.sel, err) < 0 ||
	    check_stages(c, &w->o.common, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	w->poller.client = c;
	w->poller.sel = w->o.common.sel;
	w->drift.gate = &w->gate;
	w->drift.include_refused = w->o.common.include_refused;
	catch_signals();
	if (w->shape <= JSON && file_open(&out, path, err) < 0)
		return -1;
	w->to = out.stream;
	if (attend(w, p, &info, err) < 0)
		return -1;
	if (w->to && file_commit(&out, err) < 0)
		return -1;
	return end(w);
}

static int run(const struct command *cmd, int argc, char **argv, struct error **err)
{
	struct watch w = { .o = { .common = CMD_OPTS_INIT } };
	cleanup_args struct args a = { 0 };
	int ret;

	args_begin(&a, cmd, argc, argv);
	ret = read_options(&w, &a, err);
	if (!ret && w.o.common.help)
		ret = file_stdout_done(err);
	else if (!ret)
		ret = check_options(&w, &a, err) < 0 ? -1 : watch(&w, err);
	drift_free(&w.drift);
	gate_close(&w.gate);
	record_free(&w.r);
	free(w.title);
	sets_opts_free(&w.o);
	return ret;
}

const struct command cmd_watch = {
	.name = "watch",
	.summary = "tell what a profile would refuse of what a container calls",
	.more = "Nothing is refused. Ends when the namespace does, with 5 if there was anything.\n"
		"A signal ends it as well, with 128 + its number if there was nothing.",
	.opts = opts,
	.run = run,
};
