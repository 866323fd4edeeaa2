// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl start: begin to record, or go on, and hold the record. */

#include "cmd.h"
#include "lib/file.h"

enum {
	OPT_SET_LABEL = OPT_COMMAND,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ OPT_SET_LABEL, "set-label", "TEXT", "label the record, to find it again" },
	OPTS_REFUSED,
	OPTS_JSON,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	const char *label = NULL;
	char **words;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		if (label)
			return args_usage(&a, err, "only one --set-label");
		label = a.value;
		if (parse_label(label, err) < 0)
			return -1;
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (args_words(&a, &words))
		return args_usage(&a, err, "what is `%s`?", words[0]);
	if (need_selector(cmd, &o, err) < 0)
		return -1;
	if (open_selected(&c, &o.sel, err) < 0 ||
	    client_start(c, &o.sel, label, !o.no_refused, &r, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	if (r.flags & SCTRACE_F_LATE)
		warn("`%s` was running already: what it has called so far is not in the record",
		     *r.comm ? r.comm : "init");
	print_begin(&p, o.json);
	print_table(&p, "records");
	print_row(&p);
	print_one_record(&p, &r, &info);
	print_close(&p);
	return print_end(&p, err);
}

const struct command cmd_start = {
	.name = "start",
	.summary = "begin to record a PID namespace, or go on, and hold the record",
	.opts = opts,
	.more = "A held record is not dropped to make room for others, and the module cannot be\n"
		"unloaded while there is one; `forget` ends that. From here on calls that a seccomp\n"
		"filter refuses are looked for, which `refused` lists; --no-refused leaves that as\n"
		"it was.",
	.run = run,
};
