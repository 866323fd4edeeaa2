/* SPDX-License-Identifier: GPL-2.0 */
/* What the terminal is like that standard output goes to, if it goes to one. */
#ifndef SCTRACE_TERM_H
#define SCTRACE_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TERM_WIDTH	80	/* where nothing else is known */

unsigned int term_width(int fd);
bool term_colour(FILE *to);
size_t term_columns(const char *s);
size_t term_prefix(const char *s, size_t columns);
char *term_cut(const char *s, size_t columns);
char *term_wrap(const char *s, size_t columns, size_t indent);

#endif
