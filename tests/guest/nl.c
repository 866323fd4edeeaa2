// SPDX-License-Identifier: GPL-2.0
/*
 * nl - talk to the module, for tests in sh.
 *
 *	nl info			one KEY=VALUE a line
 *	nl get SEL		RECORD as one line of KEY=VALUE
 *	nl dump [-s] [-c N] [SEL]
 *				a line a record; -s: sightings too, from -c on
 *	nl nrs [-pe] [-k KINDS] SEL	what is in its sets, a line "ABI NUMBER" each,
 *				sorted. KINDS: letters of sets to join, w
 *				workload, c workload confined, s setup, d setup
 *				confined, r refused; with -p: p programs in the
 *				setup, q those confined; with -e: e execs, f those
 *				confined; default wcsd
 *	nl values [-pe] [-c N] SEL	the values of its watched calls, a line "ABI NUMBER
 *				KIND HOW ARGUMENTS" each, in order; then what is open. KIND:
 *				letters as above, capital when refused. HOW: enum, flags, or
 *				open and why. "all open WHY": the whole record. -s: who and
 *				when, too
 *	nl start SEL [LABEL]	nl stop|reset|forget SEL
 *
 * SEL: id:N inum:N pid:N label:TEXT file:PATH cgroup:DIRECTORY cgpath:PATH. -r (before the
 * command): ask for refused calls; -V N: say API version N; -H: START holds as long as this
 * socket is open, which is until the end of standard input; -P: as a reader with room for a
 * page, on a socket that has read nothing yet; tells the longest message on stderr.
 *
 * Exit status: 0; 1: refused, with "nl: ERRNO: TEXT" on stderr; 2: usage;
 * 3: the dump was torn (after all was printed).
 */

#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nlraw.h"

static const char *arch_name(uint32_t arch)
{
	static char other[16];

	switch (arch) {
	case AUDIT_ARCH_X86_64:
		return "x86_64";
	case AUDIT_ARCH_I386:
		return "i386";
	case SCTRACE_ARCH_X32:
		return "x32";
	}
	snprintf(other, sizeof(other), "0x%x", arch);
	return other;
}

static void print_flags(uint32_t flags)
{
	static const char *const names[] = {
		"late", "ended", "held", "incomplete", "stopped", "gap",
		"refused", "running", "cgroup",
	};
	const char *sep = "";
	unsigned int i;

	printf("flags=");
	for (i = 0; i < 32; i++) {
		if (!(flags >> i & 1))
			continue;
		if (i < sizeof(names) / sizeof(*names))
			printf("%s%s", sep, names[i]);
		else
			printf("%sbit%u", sep, i);
		sep = ",";
	}
	if (!*sep)
		printf("-");
}

static const struct {
	int type;
	int bits;
	const char *name;
} fields[] = {
	{ SCTRACE_A_ID, 64, "id" },
	{ SCTRACE_A_INUM, 32, "inum" },
	{ SCTRACE_A_PARENT_INUM, 32, "parent" },
	{ SCTRACE_A_LEVEL, 32, "level" },
	{ SCTRACE_A_FLAGS, 0, NULL },
	{ SCTRACE_A_LABEL, -1, "label" },
	{ SCTRACE_A_COMM, -1, "comm" },
	{ SCTRACE_A_INIT_PID, 32, "init_pid" },
	{ SCTRACE_A_SINCE, 64, "since" },
	{ SCTRACE_A_ENDED_AT, 64, "ended_at" },
	{ SCTRACE_A_LAST_NEW, 64, "last_new" },
	{ SCTRACE_A_SIGHTINGS_KEPT, 32, "kept" },
	{ SCTRACE_A_SIGHTINGS_MISSED, 32, "sightings_missed" },
	{ SCTRACE_A_CALLS_MISSED, 32, "calls_missed" },
	{ SCTRACE_A_OTHER_NR, 64, "other_nr" },
	{ SCTRACE_A_CURSOR, 32, "cursor" },
	{ SCTRACE_A_SIGHTING_SIZE, 32, "sighting_size" },
	{ SCTRACE_A_NAMESAKES, 32, "namesakes" },
	{ SCTRACE_A_CGROUP, -1, "cgroup" },
	{ SCTRACE_A_CGROUP_ID, 64, "cgroup_id" },
	{ SCTRACE_A_STARTS, 32, "starts" },
};

static const struct {
	int type;
	int bits;
	const char *name;
} info_fields[] = {
	{ SCTRACE_A_API, 32, "api" },
	{ SCTRACE_A_VERSION, -1, "version" },
	{ SCTRACE_A_MODE, 32, "mode" },
	{ SCTRACE_A_ARCH, 32, "arch" },
	{ SCTRACE_A_ATTACHED, 32, "attached" },
	{ SCTRACE_A_NOW, 64, "now" },
	{ SCTRACE_A_MAX_RECORDS, 32, "max_records" },
	{ SCTRACE_A_RECORDS, 32, "records" },
	{ SCTRACE_A_LIVE, 32, "live" },
	{ SCTRACE_A_ENDED, 32, "ended" },
	{ SCTRACE_A_HELD, 32, "held" },
	{ SCTRACE_A_EVICTED, 64, "evicted" },
	{ SCTRACE_A_UNRECORDED, 64, "unrecorded" },
	{ SCTRACE_A_POOL_EMPTY, 64, "pool_empty" },
	{ SCTRACE_A_SCOPE, 32, "scope" },
	{ SCTRACE_A_FEATURES, 64, "features" },
};

static void print_field(const struct nlattr *a, int bits, const char *name,
			char sep)
{
	if (bits == 64)
		printf("%s=%llu%c", name, (unsigned long long)nla_u64(a), sep);
	else if (bits == 32)
		printf("%s=%u%c", name, nla_u32(a), sep);
	else
		printf("%s=%.*s%c", name,
		       (int)strnlen(nla_data(a), nla_len(a)),
		       (const char *)nla_data(a), sep);
}

static int print_info(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a;
	unsigned int i;

	(void)arg;
	for (i = 0; i < sizeof(info_fields) / sizeof(*info_fields); i++) {
		a = nla_find(attrs, len, info_fields[i].type);
		if (a)
			print_field(a, info_fields[i].bits, info_fields[i].name,
				    '\n');
	}
	return 0;
}

static int print_record(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a;
	struct sctrace_sighting s;
	unsigned int i;
	size_t at;

	(void)arg;
	/* What follows the first message of a record has no inum */
	if (nla_find(attrs, len, SCTRACE_A_INUM)) {
		printf("record ");
		for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
			a = nla_find(attrs, len, fields[i].type);
			if (!a)
				continue;
			if (fields[i].type != SCTRACE_A_FLAGS) {
				print_field(a, fields[i].bits, fields[i].name,
					    ' ');
				continue;
			}
			print_flags(nla_u32(a));
			printf(" ");
		}
		printf("\n");
	} else {
		a = nla_find(attrs, len, SCTRACE_A_ID);
		printf("more id=%llu\n",
		       a ? (unsigned long long)nla_u64(a) : 0ULL);
	}
	a = nla_find(attrs, len, SCTRACE_A_SIGHTINGS);
	for (at = 0; a && at + sizeof(s) <= nla_len(a); at += sizeof(s)) {
		memcpy(&s, (const char *)nla_data(a) + at, sizeof(s));
		printf("sighting %llu %s %u pid=%u kind=%u comm=%.16s\n",
		       (unsigned long long)s.time, arch_name(s.arch), s.nr,
		       s.pid, s.kind, s.comm);
	}
	return 0;
}

static void print_abi(const struct nlattr *abi, unsigned int kinds)
{
	const struct nlattr *sets, *set, *a, *bits;
	unsigned char all[SCTRACE_NR_MAX / 8] = { 0 };
	uint32_t kind;
	size_t i;

	a = nla_find(nla_data(abi), nla_len(abi), SCTRACE_ABI_ARCH);
	sets = nla_find(nla_data(abi), nla_len(abi), SCTRACE_ABI_SETS);
	if (!a || !sets) {
		fprintf(stderr, "nl: an ABI without arch or sets\n");
		exit(1);
	}
	nla_for(set, nla_data(sets), nla_len(sets)) {
		const struct nlattr *k;

		k = nla_find(nla_data(set), nla_len(set), SCTRACE_SET_KIND);
		bits = nla_find(nla_data(set), nla_len(set), SCTRACE_SET_BITS);
		if (!k || !bits || nla_len(bits) > sizeof(all)) {
			fprintf(stderr, "nl: a bad set\n");
			exit(1);
		}
		kind = nla_u32(k);
		if (kind > 31 || !(kinds >> kind & 1))
			continue;
		for (i = 0; i < nla_len(bits); i++)
			all[i] |= ((const unsigned char *)nla_data(bits))[i];
	}
	for (i = 0; i < SCTRACE_NR_MAX; i++) {
		if (all[i / 8] >> (i % 8) & 1)
			printf("%s %zu\n", arch_name(nla_u32(a)), i);
	}
}

static int print_numbers(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *abis, *abi;

	abis = nla_find(attrs, len, SCTRACE_A_ABIS);
	if (!abis)
		return 0;
	nla_for(abi, nla_data(abis), nla_len(abis))
		print_abi(abi, *(unsigned int *)arg);
	return 0;
}

static const char *const open_names[] = {
	"many", "memory", "unreadable", "late", "gap",
};

static void print_value(const struct sctrace_value *v, bool sight)
{
	static const char kinds[] = "wcsd????WCSD????efpq????EFPQ";
	static const char *const hows[] = { "enum", "flags", "open" };
	const unsigned int kind = v->kind & 15;
	char letter = kinds[(kind & 3) | (kind & SCTRACE_KIND_REFUSED) << 1 |
			    (kind & SCTRACE_KIND_PROGRAM) << 1];
	unsigned int i;

	printf("%s %u %c %s ", arch_name(v->arch), v->nr, letter, hows[v->how]);
	if (v->how == SCTRACE_HOW_OPEN)
		printf("%s", open_names[v->why]);
	for (i = 0; i < v->num; i++)
		printf("%s%s%u%s=%llx", i ? " " : "",
		       v->index[i] & SCTRACE_INDEX_POINTED ? "*" : "",
		       v->index[i] & 7,
		       v->wide >> i & 1 ? "w" : v->upper >> i & 1 ? "u" : "",
		       (unsigned long long)v->arg[i]);
	if (sight)
		printf(" time=%llu pid=%u comm=%.16s",
		       (unsigned long long)v->time, v->pid, v->comm);
	printf("\n");
}

static int print_values(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a, *size;
	struct sctrace_value v;
	unsigned int i;
	size_t at;

	a = nla_find(attrs, len, SCTRACE_A_OPEN);
	for (i = 0; a && i < 32; i++) {
		if (nla_u32(a) >> i & 1)
			printf("all open %s\n", open_names[i]);
	}
	a = nla_find(attrs, len, SCTRACE_A_VALUES);
	size = nla_find(attrs, len, SCTRACE_A_VALUE_SIZE);
	if (!a != !size || (size && nla_u32(size) != sizeof(v)) ||
	    (a && nla_len(a) % sizeof(v))) {
		fprintf(stderr, "nl: bad values\n");
		exit(1);
	}
	for (at = 0; a && at < nla_len(a); at += sizeof(v)) {
		memcpy(&v, (const char *)nla_data(a) + at, sizeof(v));
		print_value(&v, *(unsigned int *)arg);
	}
	return 0;
}

static unsigned int parse_kinds(const char *s)
{
	unsigned int kinds = 0;

	for (; *s; s++) {
		switch (*s) {
		case 'w':
			kinds |= 1 << 0;
			break;
		case 'c':
			kinds |= 1 << SCTRACE_KIND_CONFINED;
			break;
		case 's':
			kinds |= 1 << SCTRACE_KIND_SETUP;
			break;
		case 'd':
			kinds |= 1 << (SCTRACE_KIND_SETUP |
				       SCTRACE_KIND_CONFINED);
			break;
		case 'r':
			kinds |= 0xf0f0;
			break;
		case 'p':
			kinds |= 1 << (SCTRACE_KIND_SETUP |
				       SCTRACE_KIND_PROGRAM);
			break;
		case 'q':
			kinds |= 1 << (SCTRACE_KIND_SETUP |
				       SCTRACE_KIND_PROGRAM |
				       SCTRACE_KIND_CONFINED);
			break;
		case 'e':
			kinds |= 1 << SCTRACE_KIND_EXEC;
			break;
		case 'f':
			kinds |= 1 << (SCTRACE_KIND_EXEC |
				       SCTRACE_KIND_CONFINED);
			break;
		default:
			fprintf(stderr, "nl: no such kind: %c\n", *s);
			exit(2);
		}
	}
	return kinds;
}

static int usage(void)
{
	fprintf(stderr, "usage: nl info | get SEL | dump [-pe] [-s] [-c N] [SEL] | nrs [-pe] [-k KINDS] SEL | values [-pe] [-s] [-c N] SEL | start SEL [LABEL] | stop|reset|forget SEL\n");
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int kinds = 0xf, want = 0, cursor = 0, version;
	bool sightings = false, values = false, refused = false, hold = false, page = false;
	nlraw_fn fn = print_record;
	const uint32_t socket_hold = SCTRACE_HOLD_SOCKET;
	const char *name;
	uint16_t flags = NLM_F_ACK;
	struct nlraw nl;
	struct msg m;
	int c, cmd, ret;

	version = SCTRACE_API_VERSION;
	while ((c = getopt(argc, argv, "+rHPV:")) != -1) {
		if (c == 'r')
			refused = true;
		else if (c == 'H')
			hold = true;
		else if (c == 'P')
			page = true;
		else if (c == 'V')
			version = atoi(optarg);
		else
			return usage();
	}
	if (optind >= argc)
		return usage();
	name = argv[optind++];
	while ((c = getopt(argc, argv, "+pesc:k:")) != -1) {
		if (c == 's')
			sightings = true;
		else if (c == 'p')
			want |= SCTRACE_WANT_PROGRAMS;
		else if (c == 'e')
			want |= SCTRACE_WANT_EXECS;
		else if (c == 'c')
			cursor = atoi(optarg);
		else if (c == 'k')
			kinds = parse_kinds(optarg);
		else
			return usage();
	}
	argc -= optind;
	argv += optind;

	if (!strcmp(name, "info")) {
		cmd = SCTRACE_CMD_INFO;
		fn = print_info;
	} else if (!strcmp(name, "get")) {
		cmd = SCTRACE_CMD_GET;
	} else if (!strcmp(name, "dump")) {
		cmd = SCTRACE_CMD_GET;
		flags = NLM_F_DUMP;
	} else if (!strcmp(name, "nrs")) {
		cmd = SCTRACE_CMD_GET;
		fn = print_numbers;
	} else if (!strcmp(name, "values")) {
		cmd = SCTRACE_CMD_GET;
		flags = NLM_F_DUMP;
		fn = print_values;
		values = true;
		kinds = sightings;
		sightings = false;
		want |= SCTRACE_WANT_VALUES;
	} else if (!strcmp(name, "start")) {
		cmd = SCTRACE_CMD_START;
	} else if (!strcmp(name, "stop")) {
		cmd = SCTRACE_CMD_STOP;
	} else if (!strcmp(name, "reset")) {
		cmd = SCTRACE_CMD_RESET;
	} else if (!strcmp(name, "forget")) {
		cmd = SCTRACE_CMD_FORGET;
	} else {
		return usage();
	}

	ret = nlraw_open(&nl);
	if (!ret && page) {
		const uint16_t family = nl.family;

		close(nl.fd);
		ret = nlraw_socket(&nl);
		nl.family = family;
		nl.room = 4096;
	}
	if (!ret) {
		msg_init(&m, nl.family, flags, cmd, version);
		if (argc > 0 && msg_select(&m, argv[0]))
			return usage();
		if (cmd == SCTRACE_CMD_START && argc > 1)
			msg_put(&m, SCTRACE_A_SET_LABEL, argv[1],
				strlen(argv[1]) + 1);
		if (refused)
			msg_put(&m, SCTRACE_A_REFUSED, NULL, 0);
		if (hold)
			msg_put(&m, SCTRACE_A_HOLD, &socket_hold,
				sizeof(socket_hold));
		if (sightings)
			want |= SCTRACE_WANT_SIGHTINGS;
		if (want)
			msg_put(&m, SCTRACE_A_WANT, &want, sizeof(want));
		if (sightings)
			msg_put(&m, SCTRACE_A_CURSOR, &cursor, sizeof(cursor));
		if (values)
			msg_put(&m, SCTRACE_A_VALUE_CURSOR, &cursor,
				sizeof(cursor));
		ret = nlraw_talk(&nl, &m, fn, &kinds);
	}
	if (ret) {
		fprintf(stderr, "nl: %s: %s\n", nlraw_errno(-ret), nl.text);
		return 1;
	}
	if (page)
		fprintf(stderr, "nl: longest message: %zu\n", nl.longest);
	fflush(stdout);
	while (hold && read(0, &kinds, sizeof(kinds)) > 0)
		;
	return nl.torn ? 3 : 0;
}
