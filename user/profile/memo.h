/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The filters that libseccomp was asked for lately. To combine and to verify profiles
 * is to ask for the same filter again and again: of what was read, of what was written,
 * of the places where conditions change nothing.
 */
#ifndef SCTRACE_MEMO_H
#define SCTRACE_MEMO_H

#include "meaning.h"

/* of requests, and of what is kept */
#define MEMO_BYTES	(32ul << 20)

struct memo_key {
	char *v;
	size_t n;
};

void memo_key(struct memo_key *k, const struct filter_job *j, bool tree);
bool memo_same(const struct memo_key *a, const struct memo_key *b);
bool memo_find(const struct memo_key *k, struct filter_job *j);
void memo_keep(struct memo_key *k, const struct filter_job *j);

#endif
