// SPDX-License-Identifier: GPL-2.0
/* The commands that only tell the module to do something to a record. */

#include "lib/file.h"
#include "control.h"
#include "dropin.h"

/* What `start --restart` has put in place for the time of recording */
static void clean_up(const char *cgroup)
{
	const char *unit = dropin_unit(cgroup);
	cleanup_error struct error *err = NULL;
	bool was = false;

	if (!unit)
		return;
	if (dropin_remove(unit, &was, &err) < 0)
		warn("%s", err->text);
	if (was)
		note("`%s`: the filter of the recording is removed; the unit is without it from its next start on",
		     unit);
}

/**
 * control_run() - read a selector and give an order
 * @cmd: the command
 * @argc: with the command's name
 * @argv: with the command's name
 * @order: what the module is to do with the record
 * @done: what -v says afterwards
 * @ends: it ends the recording
 * @err: why it could not be
 *
 * Return: 0, or -1 and @err.
 */
int control_run(const struct command *cmd, int argc, char **argv,
		int (*order)(struct client *c, const struct selector *sel,
			     struct error **err),
		const char *done, bool ends, struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_free char *what = NULL;
	struct cmd_opts o = CMD_OPTS_INIT;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (need_selector(cmd, &o, err) < 0 || open_selected(&c, &o.sel, err) < 0 ||
	    (ends && client_get(c, &o.sel, false, &r, err) < 0) ||
	    order(c, &o.sel, err) < 0)
		return -1;
	if (r.flags & SCTRACE_F_CGROUP)
		clean_up(r.cgroup);
	what = selector_text(&o.sel);
	debug("%s: %s", what, done);
	return 0;
}
