/* SPDX-License-Identifier: GPL-2.0 */
/* Programs of the system that we ask something, and what may hang. */
#ifndef SCTRACE_COMMAND_H
#define SCTRACE_COMMAND_H

#include <stdbool.h>
#include "util.h"

/* What tells of a program, or a child, that had not ended in time */
#define COMMAND_LATE	(-2)

bool command_there(const char *name);
int command_call_within(int (*work)(const void *arg), const void *arg, int fd,
			unsigned int seconds, char **words);
int command_read(const char *const argv[], int fd, char **words);
int command_read_within(const char *const argv[], int fd, unsigned int seconds,
			char **words);

#endif
