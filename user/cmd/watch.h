/* SPDX-License-Identifier: GPL-2.0 */
/* Looking at a record again and again while it grows. */
#ifndef SCTRACE_CMD_WATCH_H
#define SCTRACE_CMD_WATCH_H

#include "cmd.h"

struct watch {
	struct client *client;
	struct selector sel;	/* by ID, once the record was found */
	bool journal;		/* fetch sightings */
	struct journal_at at;
	uint64_t since;		/* of the record: changes when it is emptied */
	uint64_t quiet;		/* end when nothing new came for so long; 0 */
	uint64_t now;
	bool emptied;		/* since the last look */
	bool line;		/* a progress line stands on the terminal */
};

int parse_span(const char *s, uint64_t *ns);
int watch_look(struct watch *w, struct record *r, struct error **err);
bool watch_done(const struct watch *w, const struct record *r);
void watch_progress(struct watch *w, const struct record *r);
void watch_clear(struct watch *w);
int watch_until(struct watch *w, struct error **err);
void watch_pause(void);

#endif
