// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl profile: from a record to a profile. */

#include "cmd.h"
#include "lib/file.h"
#include "poll.h"

enum {
	OPT_WAIT = OPT_COMMAND,
	OPT_UNTIL_QUIET,
	OPT_EXPLAIN,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_PROFILE,
	{ OPT_WAIT, "wait", NULL, "write when the namespace has ended" },
	{ OPT_UNTIL_QUIET, "until-quiet", "TIME", "write when nothing new came for that long (90s, 5m, 2h)" },
	{ OPT_EXPLAIN, "explain", NULL, "tell the reason for every line" },
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_args struct args a = { 0 };
	cleanup_opts struct cmd_opts o = CMD_OPTS_INIT;
	struct poller w = { 0 };
	bool wait = false;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		if (id == OPT_EXPLAIN) {
			o.explain = &info;
			continue;
		}
		wait = true;
		if (id == OPT_UNTIL_QUIET && parse_span(a.value, &w.quiet) < 0)
			return args_usage(&a, err,
					  "`%s` is no time: 90s, 5m, 2h",
					  a.value);
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (args_none(&a, err) < 0)
		return -1;
	if (need_selector(cmd, &o, err) < 0 ||
	    check_profile_opts(cmd, &o, err) < 0)
		return -1;
	if (check_output(&o, o.format, err) < 0)
		return -1;
	if (open_selected(&c, &o.sel, err) < 0 || check_stages(c, &o, err) < 0)
		return -1;
	if (wait) {
		w.client = c;
		w.sel = o.sel;
		if (poll_until(&w, err) < 0)
			return -1;
		o.sel = w.sel;	/* the same record, whatever came after it */
	}
	if (client_info(c, &info, err) < 0 ||
	    client_get(c, &o.sel, true, &r, err) < 0)
		return -1;
	take_stages(&r, &o);
	return write_profile(&r, &o, info.arch, false, err);
}

const struct command cmd_profile = {
	.name = "profile",
	.summary = "write the profile of what a PID namespace has called so far",
	.opts = opts,
	.run = run,
};
