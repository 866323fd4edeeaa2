/* SPDX-License-Identifier: GPL-2.0 */
/* How much of what arguments can ask for a profile allows, and what that is compared with. */
#ifndef SCTRACE_WIDTH_H
#define SCTRACE_WIDTH_H

#include "lib/print.h"
#include "peer.h"
#include "profile/args.h"
#include "record/value.h"

/* "of 46 address families" and the like */
struct width {
	const char *what;
	unsigned int of;
	unsigned int allowed;
	unsigned int peer[PEERS];
};

#define WIDTHS	6

size_t width_count(const struct profile *p, const char *machine, struct width v[WIDTHS]);
void width_print(struct print *out, const struct width *v, size_t n);
char *width_text(const struct width *w);
void width_judge(enum args_mode mode, uint32_t native, struct derived *d,
		 const struct profile *p);

#endif
