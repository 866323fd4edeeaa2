/* SPDX-License-Identifier: GPL-2.0 */
/* Looking at a record again and again while it grows. */
#ifndef SCTRACE_CMD_POLL_H
#define SCTRACE_CMD_POLL_H

#include "cmd.h"

struct poller {
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
int poll_look(struct poller *w, struct record *r, struct error **err);
bool poll_done(const struct poller *w, const struct record *r);
void poll_progress(struct poller *w, const struct record *r);
void poll_clear(struct poller *w);
int poll_until(struct poller *w, struct error **err);
void poll_pause(void);

#endif
