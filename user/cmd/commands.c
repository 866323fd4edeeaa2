// SPDX-License-Identifier: GPL-2.0
/* The commands by name: the list is main.c's, so that a command may ask for the others. */

#include <string.h>
#include "cmd.h"

static const struct command *const none[] = { NULL };

const struct command *const *commands = none;

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
