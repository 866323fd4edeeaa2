/* SPDX-License-Identifier: GPL-2.0 */
/* System calls that deserve a second look. */
#ifndef SCTRACE_DANGER_H
#define SCTRACE_DANGER_H

#include <stddef.h>

struct danger {
	const char *name;
	const char *group;	/* what it is about, in a word or two */
	const char *why;	/* what allowing it hands over */
	const char *source;	/* where that is said */
};

const struct danger *danger_find(const char *name);
const struct danger *danger_all(size_t *n);

#endif
