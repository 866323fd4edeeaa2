// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl profile: from a record to a profile. */

#include "../cmd.h"
#include "../file.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_PROFILE,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (need_selector(cmd, &o, err) < 0 ||
	    check_profile_opts(cmd, &o, err) < 0)
		return -1;
	if (o.output && file_check(o.output, err) < 0)
		return -1;
	if (client_open(&c, 0, err) < 0 || client_info(c, &info, err) < 0 ||
	    client_get(c, &o.sel, true, &r, err) < 0)
		return -1;
	return write_profile(&r, &o, info.arch, false, err);
}

const struct command cmd_profile = {
	.name = "profile",
	.summary = "write the profile of what a PID namespace has called so far",
	.opts = opts,
	.run = run,
};
