// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl report: what a reviewer asks of a profile. */

#include "cmd.h"
#include "lib/file.h"
#include "profile/algebra.h"
#include "profile/series.h"
#include "report/report.h"

enum {
	OPT_TEXT = OPT_COMMAND,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ 'o', "output", "FILE", "where to write the report, `-` (default) for standard output" },
	{ OPT_TEXT, "text", NULL, "as text, not HTML" },
	{ OPT_JSON, "json", NULL, "as JSON, not HTML" },
	{ OPT_RUNTIME_OR_AUTO, "runtime", "NAME", "as for `profile`" },
	{ OPT_PORTABLE, "portable", NULL, "as for `profile`" },
	{ OPT_INCLUDE_REFUSED, "include-refused", NULL, "as for `profile`" },
	{ OPT_BASE, "base", "FILE", "as for `profile`" },
	{ OPT_STAGE, "stage", "STAGE", "as for `profile`" },
	{ OPT_NO_EXEC, "no-exec", NULL, "as for `profile`" },
	{ OPT_ARGS, "args", "MODE", "as for `profile`" },
	OPTS_COMMON
};

static int write_report(const struct report *rep, const struct cmd_opts *o,
			bool text, struct error **err)
{
	const char *path = o->output ? o->output : "-";
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	cleanup_print struct print p = { 0 };

	if (file_open(&out, path, err) < 0)
		return -1;
	if (o->json || text) {
		print_begin_on(&p, o->json, out.stream);
		report_print(&p, rep);
		if (print_end(&p, err) < 0)
			return -1;
	} else {
		report_html(out.stream, rep);
	}
	return file_commit(&out, err);
}

/* Several files: the profile that permits what any of them does */
static struct profile *read_files(char **paths, int n, struct error **err)
{
	struct profile *all = NULL;
	int i;

	for (i = 0; i < n; i++) {
		cleanup_profile struct profile *old = all, *p = NULL;

		p = format_read_file(paths[i], FORMAT_AUTO, NULL, err);
		all = p && old ? algebra_union(old, p, NULL, err) : p;
		if (!all)
			return NULL;
		if (all == p)
			p = NULL;
	}
	return all;
}

/* What is known of their runs. Of one file nothing need be; of several, all */
static int read_runs(char **paths, int n, struct series *all, struct error **err)
{
	int i;

	for (i = 0; i < n; i++) {
		cleanup_series struct series s = { 0 };
		cleanup_error struct error *why = NULL;

		if (series_read(paths[i], &s, &why) < 0) {
			if (n > 1)
				return error_make(err, ST_FAILED, 0,
						  "%s (of several profiles the runs are reported: `profile --counts` writes them)",
						  why->text);
			if (why->errnum != ENOENT)
				warn("%s: nothing is reported of its runs", why->text);
			return 0;
		}
		series_add(all, &s);
	}
	return 0;
}

static int of_files(char **paths, int n, const struct cmd_opts *o, bool text,
		    struct error **err)
{
	cleanup_report struct report rep = { 0 };
	cleanup_derived struct derived d = { 0 };
	cleanup_facts struct facts facts = { 0 };
	cleanup_series struct series series = { 0 };
	cleanup_runs struct runs runs = { 0 };
	cleanup_free char *title = n > 1 ? xasprintf("%d profiles", n) : xstrdup(paths[0]);

	d.profile = read_files(paths, n, err);
	if (!d.profile || read_runs(paths, n, &series, err) < 0)
		return -1;
	facts_of_file(&facts, title);
	report_build(&rep, NULL, NULL, &d, 0, &facts, title);
	if (series.n_run) {
		runs_build(&runs, &series);
		report_take_runs(&rep, &runs);
	}
	return write_report(&rep, o, text, err);
}

static int of_record(struct cmd_opts *o, bool text, struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_report struct report rep = { 0 };
	cleanup_derived struct derived d = { 0 };
	cleanup_containers struct containers names = { 0 };
	cleanup_facts struct facts facts = { 0 };
	const struct records one = { .v = &r, .n = 1 };

	if (open_selected(&c, &o->sel, err) < 0 || check_stages(c, o, err) < 0 ||
	    client_get(c, &o->sel, true, &r, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	take_stages(&r, o);
	/* what is deployed is a drop-in */
	if (container_is_service(&r))
		o->format = FORMAT_SYSTEMD;
	if (derive_as_asked(&r, o, info.arch, false, &d, err) < 0)
		return -1;
	containers_read(&names, &one);
	containers_ask(&names, ASK_SECONDS);
	facts_read(&facts, &r, &info, &names.v[0]);
	report_build(&rep, &r, &info, &d, info.arch, &facts, facts.title);
	return write_report(&rep, o, text, err);
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_args struct args a = { 0 };
	cleanup_opts struct cmd_opts o = CMD_OPTS_INIT;
	bool text = false;
	char **words;
	int id, n;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0)
		text = true;
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (text && o.json)
		return args_usage(&a, err, "either --text or --json");
	n = args_words(&a, &words);
	if (n && o.sel.by)
		return args_usage(&a, err,
				  "either a record or a profile, not both");
	if (n && (o.portable || o.include_refused || o.runtime_given ||
		  o.base_path || o.setup || o.no_exec || o.args_given))
		return args_usage(&a, err,
				  "a profile is reported as it is: no --runtime, --portable, --include-refused, --base, --stage, --no-exec, --args");
	if (!n && !o.sel.by)
		return args_usage(&a, err, "report on what? a profile in a file, or a record: one of " SELECTORS);
	if (o.output && file_check(o.output, err) < 0)
		return -1;
	if (o.base_path && opts_read_base(&o, err) < 0)
		return -1;
	return n ? of_files(words, n, &o, text, err) : of_record(&o, text, err);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "tell the reason for every line of a profile, as HTML, text or JSON",
	.args = "[PROFILE...]",
	.more = "Of a record, and what `profile` would make of it; or of a profile in a file. Where it is\n"
		"known in which runs what was seen (`profile --counts`), that is told, too, and of\n"
		"several profiles all their runs.",
	.opts = opts,
	.run = run,
};
