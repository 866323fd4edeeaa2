// SPDX-License-Identifier: GPL-2.0
/*
 * nlfuzz [-s SEED] [-n MESSAGES] [-t SECONDS] [-p] [-c] - fuzz the family
 *
 * Sends messages that are nearly right: commands that exist, attributes of their
 * types and lengths, with IDs and labels that there are; and wrong in one place or
 * some. Reads the answers, or does not, or goes away in the midst of a dump. What
 * comes back must be well-formed, errors among those that the manual or netlink
 * itself knows, and after each hundred messages the module must still answer INFO.
 *
 * A seed gives the same messages each time, but for the IDs that the module gave
 * and the PIDs of the day. -p prints them. With -c, on a kernel with KCOV, messages that
 * reach a new place in the module are kept and changed further; then what a seed gives
 * depends on the module's answers, too.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "nlraw.h"

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK	12
#endif

#define SOCKETS	4
#define KNOWN	32
#define TRACE	65536	/* places in one go, revisits included */
#define PLACES	16384	/* far more than the module has */
#define KEPT	128

static unsigned long long state;
static struct nlraw sock[SOCKETS];
static uint16_t family;
static uint64_t ids[KNOWN];
static uint32_t inums[KNOWN];
static unsigned int n_ids;
static unsigned long errors[256];
static unsigned long answers, wrong;

/* What KCOV has seen of this thread since trace[0] was set to 0 */
static unsigned long *trace;
static unsigned long places[PLACES];
static unsigned int n_places, n_kept;
static struct {
	struct msg m;
	size_t len;
} kept[KEPT];

static unsigned int rnd(unsigned int below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static void complain(const char *what, int value)
{
	fprintf(stderr, "nlfuzz: %s (%d)\n", what, value);
	wrong++;
}

/* Each attribute whole, nothing left over */
static bool well_formed(const struct nlattr *a, size_t len)
{
	size_t step;

	while (len >= NLA_HDRLEN) {
		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return false;
		step = NLA_ALIGN(a->nla_len);
		if (step > len)
			step = len;
		len -= step;
		a = (const void *)((const char *)a + step);
	}
	return len == 0;
}

static void learn(const struct nlattr *attrs, size_t len)
{
	const struct nlattr *id = nla_find(attrs, len, SCTRACE_A_ID);
	const struct nlattr *inum = nla_find(attrs, len, SCTRACE_A_INUM);
	const struct nlattr *nest = nla_find(attrs, len, SCTRACE_A_ABIS), *a, *s;

	if (id && inum) {
		ids[n_ids % KNOWN] = nla_u64(id);
		inums[n_ids % KNOWN] = nla_u32(inum);
		n_ids++;
	}
	if (!nest)
		return;
	if (!well_formed(nla_data(nest), nla_len(nest)))
		complain("a nest that is cut short", nla_len(nest));
	nla_for(a, nla_data(nest), nla_len(nest)) {
		if (!well_formed(nla_data(a), nla_len(a)))
			complain("an ABI that is cut short", nla_len(a));
		s = nla_find(nla_data(a), nla_len(a), SCTRACE_ABI_SETS);
		if (!s || !well_formed(nla_data(s), nla_len(s)))
			complain("sets that are cut short", 0);
	}
}

static void check_error(int error)
{
	errors[error & 255]++;
	switch (error) {
	case 0: case EINVAL: case ENOENT: case ESRCH: case EEXIST: case ESTALE:
	case ENOSPC: case EBADF: case EOPNOTSUPP: case ERANGE: case EPROTONOSUPPORT:
	case EBUSY: case EMSGSIZE: case ENOMEM:
	case ENOBUFS: /* netlink's own: the socket was too small for a dump */
		return;
	}
	complain("an error that nobody knows", error);
}

/* What has come in, without waiting */
static void drain(struct nlraw *nl)
{
	static char buf[1 << 17] __attribute__((aligned(8)));
	struct nlmsghdr *h;
	ssize_t got;
	int error;

	while ((got = recv(nl->fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		size_t left = got;

		for (h = (void *)buf; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			answers++;
			switch (h->nlmsg_type) {
			case NLMSG_DONE:
			case NLMSG_ERROR:
				memcpy(&error, NLMSG_DATA(h), sizeof(error));
				check_error(-error);
				continue;
			case NLMSG_NOOP:
			case NLMSG_OVERRUN:
				continue;
			}
			if (h->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN)) {
				complain("a short message", h->nlmsg_len);
				continue;
			}
			if (h->nlmsg_type != family)
				continue;
			if (!well_formed((void *)((char *)NLMSG_DATA(h) + GENL_HDRLEN),
					 h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN)))
				complain("attributes that are cut short",
					 h->nlmsg_len);
			learn((void *)((char *)NLMSG_DATA(h) + GENL_HDRLEN),
			      h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
		}
		if (left)
			complain("bytes after the last message", left);
	}
}

static uint64_t interesting(void)
{
	static const uint64_t v[] = {
		0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 0x7fffffffffffffff, ~0ULL,
		0xeffffffc, 4026531836U,
	};

	return rnd(3) ? v[rnd(sizeof(v) / sizeof(*v))] :
			((uint64_t)rnd(0xffffffff) << 32 | rnd(0xffffffff));
}

static void put_value(struct msg *m, uint16_t type)
{
	char text[300];
	uint64_t u64;
	uint32_t u32;
	unsigned int i, len;

	switch (type) {
	case SCTRACE_A_ID:
		u64 = n_ids && rnd(4) ? ids[rnd(n_ids < KNOWN ? n_ids : KNOWN)] :
					interesting();
		msg_put(m, type, &u64, sizeof(u64));
		break;
	case SCTRACE_A_INUM:
		u32 = n_ids && rnd(4) ? inums[rnd(n_ids < KNOWN ? n_ids : KNOWN)] :
					interesting();
		msg_put(m, type, &u32, sizeof(u32));
		break;
	case SCTRACE_A_PID:
		u32 = rnd(4) ? 1 + rnd(2000) : interesting();
		msg_put(m, type, &u32, sizeof(u32));
		break;
	case SCTRACE_A_WANT:
		u32 = rnd(4) ? rnd(2) : interesting();
		msg_put(m, type, &u32, sizeof(u32));
		break;
	case SCTRACE_A_LABEL:
	case SCTRACE_A_SET_LABEL:
		switch (rnd(6)) {
		case 0:
			len = rnd(sizeof(text));
			break;
		case 1:
			len = SCTRACE_LABEL_MAX + rnd(3) - 1;
			break;
		default:
			len = 1 + rnd(2);
		}
		for (i = 0; i < len; i++)
			text[i] = rnd(20) ? 'a' + rnd(4) : rnd(256);
		text[len] = 0;
		/* now and then without its end */
		msg_put(m, type, text, len + !!rnd(8));
		break;
	case SCTRACE_A_REFUSED:
		msg_put(m, type, NULL, 0);
		break;
	default:
		u64 = interesting();
		msg_put(m, type, &u64, 1 << rnd(4));
	}
}

static void make(struct msg *m)
{
	static const uint16_t likely_types[] = {
		SCTRACE_A_ID, SCTRACE_A_INUM, SCTRACE_A_LABEL, SCTRACE_A_PID,
		SCTRACE_A_WANT, SCTRACE_A_CURSOR, SCTRACE_A_SET_LABEL,
		SCTRACE_A_REFUSED,
	};
	static const uint16_t flag_bits[] = {
		NLM_F_ACK, NLM_F_ACK, NLM_F_DUMP, NLM_F_ROOT, NLM_F_MATCH,
		NLM_F_ECHO, NLM_F_ATOMIC, NLM_F_CREATE, NLM_F_EXCL,
	};
	unsigned int n, i, cmd = rnd(12) ? 1 + rnd(SCTRACE_CMD_MAX) : rnd(256);
	uint16_t flags = rnd(2) ? NLM_F_ACK : 0, to;
	char junk[64];

	for (n = rnd(3); n; n--)
		flags |= flag_bits[rnd(sizeof(flag_bits) / sizeof(*flag_bits))];
	if (cmd == SCTRACE_CMD_GET && rnd(2))
		flags |= NLM_F_DUMP;
	/* Or a type that no family has: what others answer is not ours to know */
	to = rnd(50) ? family : rnd(65536);
	if (to != family && to >= NLMSG_MIN_TYPE && to <= GENL_MAX_ID)
		to += GENL_MAX_ID;
	msg_init(m, to, flags, cmd,
		 rnd(20) ? SCTRACE_API_VERSION : rnd(256));
	if (!rnd(40))
		m->nlh.nlmsg_flags &= ~NLM_F_REQUEST;
	for (n = rnd(8) ? rnd(3) : rnd(20); n; n--) {
		uint16_t type = likely_types[rnd(8)];

		/* That stops the machine for a moment: not each time */
		if (type == SCTRACE_A_REFUSED && rnd(8))
			continue;
		switch (rnd(16)) {
		case 0:
			type = rnd(SCTRACE_A_MAX + 4);
			break;
		case 1:
			type = rnd(65536);
			break;
		case 2:
			/* of the right type and any length */
			for (i = 0; i < sizeof(junk); i++)
				junk[i] = rnd(256);
			msg_put(m, type, junk, rnd(sizeof(junk)));
			continue;
		}
		put_value(m, type);
	}
	if (!rnd(20) && m->nlh.nlmsg_len > NLMSG_LENGTH(GENL_HDRLEN)) {
		/* bytes changed after the headers */
		for (n = 1 + rnd(4); n; n--)
			m->buf[NLMSG_LENGTH(GENL_HDRLEN) +
			       rnd(m->nlh.nlmsg_len -
				   NLMSG_LENGTH(GENL_HDRLEN))] = rnd(256);
	}
	if (!rnd(30))
		m->nlh.nlmsg_len -= rnd(8) < m->nlh.nlmsg_len ? rnd(8) : 0;
}

static void trace_begin(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, TRACE)) {
		perror("nlfuzz: kcov");
		exit(1);
	}
	trace = mmap(NULL, TRACE * sizeof(*trace), PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (trace == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC)) {
		perror("nlfuzz: kcov");
		exit(1);
	}
}

/* Was the place new? The table never fills. */
static bool place(unsigned long pc)
{
	unsigned int i = pc * 0x9e3779b97f4a7c15ULL >> 50;

	while (places[i] && places[i] != pc)
		i = (i + 1) % PLACES;
	if (places[i])
		return false;
	if (n_places + 1 == PLACES) {
		fprintf(stderr, "nlfuzz: more places than it can count\n");
		exit(1);
	}
	places[i] = pc;
	n_places++;
	return true;
}

/* Keep the message if it, or what was read after it, reached a new place */
static void trace_look(const struct msg *m, size_t len)
{
	unsigned long i, n = __atomic_load_n(&trace[0], __ATOMIC_RELAXED);
	bool new = false;

	for (i = 1; i <= n && i < TRACE; i++)
		new |= place(trace[i]);
	__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
	if (!new || len < NLMSG_LENGTH(GENL_HDRLEN))
		return;
	i = n_kept < KEPT ? n_kept++ : rnd(KEPT);
	kept[i].m = *m;
	kept[i].len = len;
}

/* A kept one, with something changed or added after its headers */
static void change(struct msg *m)
{
	const unsigned int head = NLMSG_LENGTH(GENL_HDRLEN);
	unsigned int n, i = rnd(n_kept);
	size_t len = kept[i].len;

	*m = kept[i].m;
	if (rnd(2) && len > head) {
		for (n = 1 + rnd(4); n; n--)
			m->buf[head + rnd(len - head)] = rnd(4) ? rnd(256) : rnd(3);
	}
	if (rnd(2) && NLMSG_ALIGN(m->nlh.nlmsg_len) < sizeof(*m) / 2)
		put_value(m, rnd(SCTRACE_A_MAX + 2));
}

static void transmit(struct nlraw *nl, struct msg *m, size_t len)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };

	m->nlh.nlmsg_seq = ++nl->seq;
	if (!rnd(50))
		m->nlh.nlmsg_pid = rnd(65536);
	if (rnd(20))
		sendto(nl->fd, m, len, MSG_DONTWAIT, (void *)&addr, sizeof(addr));
	else
		send(nl->fd, m, len, MSG_DONTWAIT);
}

static void reopen(struct nlraw *nl)
{
	int on = rnd(2), size = rnd(4) ? 1 << 20 : 2048;

	if (nl->fd > 0)
		close(nl->fd);
	if (nlraw_socket(nl)) {
		perror("nlfuzz: socket");
		exit(1);
	}
	setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	on = rnd(2);
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
}

int main(int argc, char **argv)
{
	unsigned long long seed = 1, n, max = ~0ULL;
	struct nlraw sane;
	time_t end = 0;
	bool print = false, follow = false;
	struct msg m;
	int c, i;

	while ((c = getopt(argc, argv, "s:n:t:pc")) != -1) {
		if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (c == 'n')
			max = strtoull(optarg, NULL, 0);
		else if (c == 't')
			end = time(NULL) + atoi(optarg);
		else if (c == 'p')
			print = true;
		else if (c == 'c')
			follow = true;
		else
			return 2;
	}
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	if (nlraw_open(&sane)) {
		fprintf(stderr, "nlfuzz: no family\n");
		return 1;
	}
	family = sane.family;
	for (i = 0; i < SOCKETS; i++)
		reopen(&sock[i]);
	if (follow)
		trace_begin();
	for (n = 0; n < max && !(end && time(NULL) >= end) && wrong < 20; n++) {
		struct nlraw *nl = &sock[rnd(SOCKETS)];
		size_t len;

		if (n_kept && rnd(2))
			change(&m);
		else
			make(&m);
		len = m.nlh.nlmsg_len;
		/* longer or shorter than it says; two in one go */
		if (!rnd(40))
			len = rnd(2) ? rnd(len + 1) : len + rnd(64);
		if (!rnd(40) && 2 * NLMSG_ALIGN(len) < sizeof(m)) {
			memcpy(m.buf + NLMSG_ALIGN(len), m.buf, len);
			len += NLMSG_ALIGN(len);
		}
		if (print) {
			printf("%llu:", n);
			for (i = 0; i < (int)len; i++)
				printf("%02x", (unsigned char)m.buf[i]);
			printf("\n");
		}
		transmit(nl, &m, len);
		if (rnd(3))
			drain(nl);
		if (follow)
			trace_look(&m, len);
		if (!rnd(64))
			reopen(nl);
		if (n % 100 == 99) {
			int ret;

			msg_init(&m, family, NLM_F_ACK, SCTRACE_CMD_INFO, 1);
			ret = nlraw_talk(&sane, &m, NULL, NULL);
			if (ret)
				complain("INFO is not answered", -ret);
		}
	}
	for (i = 0; i < SOCKETS; i++)
		close(sock[i].fd);
	printf("seed=%llu messages=%llu answers=%lu", seed, n, answers);
	for (i = 0; i < 256; i++) {
		if (errors[i])
			printf(" %s=%lu", i ? nlraw_errno(i) : "ok", errors[i]);
	}
	if (follow)
		printf(" kept=%u places=%u", n_kept, n_places);
	printf("\n");
	if (wrong)
		fprintf(stderr, "nlfuzz: seed %llu, message %llu\n", seed, n);
	return !!wrong;
}
