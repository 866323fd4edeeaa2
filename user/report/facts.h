/* SPDX-License-Identifier: GPL-2.0 */
/* Which run a report is about: when, where, of what, seen by which versions. */
#ifndef SCTRACE_FACTS_H
#define SCTRACE_FACTS_H

#include "record/client.h"
#include "record/container.h"

struct fact {
	const char *key;	/* in JSON */
	const char *head;	/* in words */
	char *text;
};

#define FACTS	24

struct facts {
	struct fact v[FACTS];
	size_t n;
	char *title;		/* what the run is best known by */
};

void facts_read(struct facts *f, const struct record *r, const struct info *info,
		const struct container *c);
void facts_of_file(struct facts *f, const char *path);
void facts_free(struct facts *f);

#define cleanup_facts	__cleanup(facts_free)

#endif
