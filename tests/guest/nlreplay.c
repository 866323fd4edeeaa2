// SPDX-License-Identifier: GPL-2.0
/*
 * nlreplay FLAGS WANT BYTES [pid=N] - send a request as it was recorded
 *
 * FLAGS: of the netlink header, hexadecimal. BYTES: what follows that header, in
 * hexadecimal; "P" stands for the four bytes of the pid. WANT: "ack", "info" or
 * "record": what has to come, with all attributes that the first release knew, in the
 * sizes that it wants. Status 0: it came.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nlraw.h"

/* Highest attribute of the first release */
#define FIRST_MAX	39

/* How long they were: 0: any length */
static const unsigned char size[FIRST_MAX + 1] = {
	[SCTRACE_A_ID] = 8, [SCTRACE_A_INUM] = 4, [SCTRACE_A_PARENT_INUM] = 4,
	[SCTRACE_A_LEVEL] = 4, [SCTRACE_A_FLAGS] = 4, [SCTRACE_A_INIT_PID] = 4,
	[SCTRACE_A_SINCE] = 8, [SCTRACE_A_ENDED_AT] = 8,
	[SCTRACE_A_LAST_NEW] = 8, [SCTRACE_A_SIGHTINGS_KEPT] = 4,
	[SCTRACE_A_SIGHTINGS_MISSED] = 4, [SCTRACE_A_CALLS_MISSED] = 4,
	[SCTRACE_A_OTHER_NR] = 8, [SCTRACE_A_CURSOR] = 4, [SCTRACE_A_API] = 4,
	[SCTRACE_A_MODE] = 4, [SCTRACE_A_ARCH] = 4, [SCTRACE_A_ATTACHED] = 4,
	[SCTRACE_A_NOW] = 8, [SCTRACE_A_MAX_RECORDS] = 4,
	[SCTRACE_A_RECORDS] = 4, [SCTRACE_A_LIVE] = 4, [SCTRACE_A_ENDED] = 4,
	[SCTRACE_A_HELD] = 4, [SCTRACE_A_EVICTED] = 8,
	[SCTRACE_A_UNRECORDED] = 8, [SCTRACE_A_POOL_EMPTY] = 8,
};

static int seen_info, seen_record, bad;

static int look(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a;

	(void)arg;
	nla_for(a, attrs, len) {
		int type = nla_type(a);

		if (type > FIRST_MAX)
			continue;
		if (size[type] && nla_len(a) != size[type]) {
			fprintf(stderr, "attribute %d has %zu bytes\n", type,
				nla_len(a));
			bad = 1;
		}
		if (type == SCTRACE_A_SIGHTINGS && nla_len(a) % 40) {
			fprintf(stderr, "sightings of another size\n");
			bad = 1;
		}
		seen_info |= type == SCTRACE_A_API;
		seen_record |= type == SCTRACE_A_INUM;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned char byte;
	const char *c;
	struct nlraw nl;
	struct msg m;
	uint32_t pid = 0;
	size_t at = NLMSG_HDRLEN;
	unsigned int hex;
	int ret;

	if (argc < 4)
		return 2;
	if (argc > 4 && !strncmp(argv[4], "pid=", 4))
		pid = atoi(argv[4] + 4);
	ret = nlraw_open(&nl);
	if (ret) {
		fprintf(stderr, "open: %s\n", nlraw_errno(-ret));
		return 1;
	}
	if (nl.version != 1) {
		fprintf(stderr, "the family's version is %u: old tools stop\n",
			nl.version);
		return 1;
	}
	memset(&m, 0, sizeof(m));
	m.nlh.nlmsg_type = nl.family;
	m.nlh.nlmsg_flags = strtoul(argv[1], NULL, 16);
	for (c = argv[3]; *c;) {
		if (*c == 'P') {
			memcpy(m.buf + at, &pid, sizeof(pid));
			at += sizeof(pid);
			c++;
			continue;
		}
		if (sscanf(c, "%2x", &hex) != 1)
			return 2;
		byte = hex;
		m.buf[at++] = byte;
		c += 2;
	}
	m.nlh.nlmsg_len = at;
	ret = nlraw_talk(&nl, &m, look, NULL);
	if (ret) {
		fprintf(stderr, "%s: %s\n", nlraw_errno(-ret), nl.text);
		return 1;
	}
	if (bad || (!strcmp(argv[2], "info") && !seen_info) ||
	    (!strcmp(argv[2], "record") && !seen_record)) {
		fprintf(stderr, "not the answer that it wants\n");
		return 1;
	}
	return 0;
}
