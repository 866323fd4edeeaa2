// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl report: what a reviewer asks of a profile. */

#include "cmd.h"
#include "lib/file.h"
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
		print_begin(&p, o->json);
		p.to = out.stream;
		report_print(&p, rep);
		if (print_end(&p, err) < 0)
			return -1;
	} else {
		report_html(out.stream, rep);
	}
	return file_commit(&out, err);
}

static int of_file(const char *path, const struct cmd_opts *o, bool text,
		   struct error **err)
{
	cleanup_report struct report rep = { 0 };
	cleanup_derived struct derived d = { 0 };
	cleanup_facts struct facts facts = { 0 };

	d.profile = format_read_file(path, FORMAT_AUTO, NULL, err);
	if (!d.profile)
		return -1;
	facts_of_file(&facts, path);
	report_build(&rep, NULL, NULL, &d, 0, &facts, path);
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

	if (open_selected(&c, &o->sel, err) < 0 ||
	    client_get(c, &o->sel, true, &r, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	if (o->setup)
		record_take_setup(&r);
	if (derive_as_asked(&r, o, info.arch, false, &d, err) < 0)
		return -1;
	containers_read(&names, &one);
	containers_ask(&names);
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
	if (n > 1)
		return args_usage(&a, err, "what is `%s`?", words[1]);
	if (n && o.sel.by)
		return args_usage(&a, err,
				  "either a record or a profile, not both");
	if (n && (o.portable || o.include_refused || o.runtime_given ||
		  o.base_path || o.setup || o.args_given))
		return args_usage(&a, err,
				  "a profile is reported as it is: no --runtime, --portable, --include-refused, --base, --stage, --args");
	if (!n && need_selector(cmd, &o, err) < 0)
		return -1;
	if (o.output && file_check(o.output, err) < 0)
		return -1;
	if (o.base_path && opts_read_base(&o, err) < 0)
		return -1;
	return n ? of_file(words[0], &o, text, err) : of_record(&o, text, err);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "tell the reason for every line of a profile, as HTML, text or JSON",
	.args = "[PROFILE]",
	.more = "Of a record, and what `profile` would make of it; or of a profile in a file.",
	.opts = opts,
	.run = run,
};
