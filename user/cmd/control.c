// SPDX-License-Identifier: GPL-2.0
/* The commands that only tell the module to do something to a record. */

#include "lib/file.h"
#include "control.h"

/**
 * control_run() - read a selector and give an order
 * @cmd: the command
 * @argc: with the command's name
 * @argv: with the command's name
 * @order: what the module is to do with the record
 * @done: what -v says afterwards
 * @err: why it could not be
 *
 * Return: 0, or -1 and @err.
 */
int control_run(const struct command *cmd, int argc, char **argv,
		int (*order)(struct client *c, const struct selector *sel,
			     struct error **err),
		const char *done, struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_free char *what = NULL;
	struct cmd_opts o = CMD_OPTS_INIT;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (need_selector(cmd, &o, err) < 0 || open_selected(&c, &o.sel, err) < 0 ||
	    order(c, &o.sel, err) < 0)
		return -1;
	what = selector_text(&o.sel);
	debug("%s: %s", what, done);
	return 0;
}
