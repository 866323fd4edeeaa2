// SPDX-License-Identifier: GPL-2.0
/* All commands. */

#include <string.h>
#include "cmd.h"

const struct command *const commands[] = {
	&cmd_profile,
	&cmd_list,
	&cmd_show,
	&cmd_refused,
	&cmd_run,
	&cmd_start,
	&cmd_stop,
	&cmd_reset,
	&cmd_forget,
	&cmd_follow,
	&cmd_watch,
	&cmd_report,
	&cmd_merge,
	&cmd_intersect,
	&cmd_subtract,
	&cmd_diff,
	&cmd_check,
	&cmd_hook,
	&cmd_doctor,
	&cmd_complete,
	NULL
};

/**
 * command_find() - look a command up
 * @name: its whole name: abbreviations break when commands are added
 *
 * Return: the command or NULL.
 */
const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}
