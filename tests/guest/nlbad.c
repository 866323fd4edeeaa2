// SPDX-License-Identifier: GPL-2.0
/*
 * nlbad - requests that no proper program sends. Prints a line for each, "NAME:
 * ERRNO", with "+" after it when the refusal had words; the test knows what it
 * should be.
 *
 *	nlbad		the list
 *	nlbad fuzz N	N random messages; prints how many were answered how
 *	nlbad handed	a socket that root opened, used by another user
 *	nlbad leave N	begin N dumps, read one message of each, go away
 */

#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nlraw.h"

static struct nlraw nl;
static struct msg m;

static void die(const char *what, int error)
{
	fprintf(stderr, "nlbad: %s: %s\n", what, strerror(error));
	exit(1);
}

static void report(const char *name, int ret)
{
	printf("%s: %s%s\n", name, ret ? nlraw_errno(-ret) : "0",
	       nl.text[0] ? "+" : "");
	fflush(stdout);
}

static void begin(int cmd, uint16_t flags)
{
	msg_init(&m, nl.family, flags, cmd, SCTRACE_API_VERSION);
}

static void talk(const char *name)
{
	report(name, nlraw_talk(&nl, &m, NULL, NULL));
}

static void put_u32(int type, uint32_t value)
{
	msg_put(&m, type, &value, sizeof(value));
}

static void put_u64(int type, uint64_t value)
{
	msg_put(&m, type, &value, sizeof(value));
}

static void set_version(uint8_t version)
{
	((struct genlmsghdr *)NLMSG_DATA(&m.nlh))->version = version;
}

/* The first attribute of the message, to be spoilt */
static struct nlattr *first_attr(void)
{
	return (struct nlattr *)((char *)NLMSG_DATA(&m.nlh) + GENL_HDRLEN);
}

static void list(void)
{
	static const struct {
		const char *name;
		int type;
		size_t len;
	} lengths[] = {
		{ "inum of 0 bytes", SCTRACE_A_INUM, 0 },
		{ "inum of 2 bytes", SCTRACE_A_INUM, 2 },
		{ "inum of 8 bytes", SCTRACE_A_INUM, 8 },
		{ "id of 4 bytes", SCTRACE_A_ID, 4 },
		{ "id of 0 bytes", SCTRACE_A_ID, 0 },
		{ "pid of 3 bytes", SCTRACE_A_PID, 3 },
		{ "label of 0 bytes", SCTRACE_A_LABEL, 0 },
	};
	static const int cmds[] = {
		SCTRACE_CMD_GET, SCTRACE_CMD_START, SCTRACE_CMD_STOP,
		SCTRACE_CMD_RESET, SCTRACE_CMD_FORGET,
	};
	char text[4096], name[64];
	struct timeval tv = { .tv_usec = 300000 };
	unsigned int i;
	int a;

	for (i = 0; i < 3; i++) {
		begin(SCTRACE_CMD_INFO, NLM_F_ACK);
		set_version(i == 2 ? 255 : i * 2);
		snprintf(name, sizeof(name), "version %u", i == 2 ? 255 : i * 2);
		talk(name);
	}
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	set_version(2);
	talk("dump of version 2");
	begin(SCTRACE_CMD_UNSPEC, NLM_F_ACK);
	talk("command 0");
	begin(SCTRACE_CMD_MAX + 1, NLM_F_ACK);
	talk("command past the last");
	begin(255, NLM_F_ACK);
	talk("command 255");
	begin(SCTRACE_CMD_START, NLM_F_DUMP);
	talk("dump of START");

	for (i = 0; i < sizeof(cmds) / sizeof(*cmds); i++) {
		begin(cmds[i], NLM_F_ACK);
		snprintf(name, sizeof(name), "command %d, no selector", cmds[i]);
		talk(name);
		begin(cmds[i], NLM_F_ACK);
		put_u64(SCTRACE_A_ID, 1);
		put_u32(SCTRACE_A_INUM, 4026531836U);
		snprintf(name, sizeof(name), "command %d, two selectors", cmds[i]);
		talk(name);
		begin(cmds[i], NLM_F_ACK);
		put_u64(SCTRACE_A_ID, ~0ULL);
		snprintf(name, sizeof(name), "command %d, unknown id", cmds[i]);
		talk(name);
	}
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	put_u64(SCTRACE_A_ID, 1);
	put_u32(SCTRACE_A_PID, 1);
	talk("dump, two selectors");
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	put_u32(SCTRACE_A_INUM, 1);
	talk("dump, unknown inum");
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	put_u32(SCTRACE_A_WANT, 0x80000000U);
	talk("dump, unknown wants");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u32(SCTRACE_A_PID, ~0U);
	talk("pid -1");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u64(SCTRACE_A_ID, 0);
	talk("id 0");

	memset(text, 'x', sizeof(text));
	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		begin(SCTRACE_CMD_GET, NLM_F_ACK);
		msg_put(&m, lengths[i].type, text, lengths[i].len);
		talk(lengths[i].name);
	}
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	msg_put(&m, SCTRACE_A_INUM, text, 2);
	talk("dump, inum of 2 bytes");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	msg_put(&m, SCTRACE_A_LABEL, text, 8);
	talk("label without end");
	text[129] = 0;
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	msg_put(&m, SCTRACE_A_LABEL, text, 130);
	talk("label of 129 bytes");
	text[129] = 'x';
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	msg_put(&m, SCTRACE_A_LABEL, text, sizeof(text));
	talk("label of 4096 bytes");
	begin(SCTRACE_CMD_START, NLM_F_ACK);
	put_u32(SCTRACE_A_PID, 1);
	msg_put(&m, SCTRACE_A_SET_LABEL, "", 1);
	talk("new label empty");
	begin(SCTRACE_CMD_START, NLM_F_ACK);
	put_u32(SCTRACE_A_PID, 1);
	msg_put(&m, SCTRACE_A_SET_LABEL, text, 4);
	talk("new label without end");

	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u64(SCTRACE_A_ID, 1);
	put_u32(SCTRACE_A_MAX + 1, 0);
	talk("attribute past the last");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u64(SCTRACE_A_ID, 1);
	put_u32(16383, 0);
	talk("attribute 16383");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u64(SCTRACE_A_ID, 1);
	put_u32(SCTRACE_A_FLAGS, 0);
	talk("attribute of answers only");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	for (i = 0; i < 500; i++)
		put_u64(SCTRACE_A_ID, 1);
	talk("the same attribute 500 times");

	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u32(SCTRACE_A_INUM, 1);
	first_attr()->nla_len = 60000;
	talk("attribute longer than the message");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u32(SCTRACE_A_INUM, 1);
	first_attr()->nla_len = 3;
	talk("attribute shorter than its header");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	put_u32(SCTRACE_A_INUM, 1);
	m.nlh.nlmsg_len -= 3;
	talk("message cut within an attribute");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	m.nlh.nlmsg_len = NLMSG_HDRLEN;
	talk("no generic header");
	begin(SCTRACE_CMD_GET, NLM_F_ACK);
	m.nlh.nlmsg_len = NLMSG_HDRLEN + 2;
	talk("half a generic header");

	/* These get no answer at all */
	setsockopt(nl.fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	begin(SCTRACE_CMD_INFO, NLM_F_ACK);
	m.nlh.nlmsg_seq = ++nl.seq;
	m.nlh.nlmsg_len = 5000;
	if (send(nl.fd, &m, NLMSG_LENGTH(GENL_HDRLEN), 0) < 0)
		die("send", errno);
	report("message shorter than it says", nlraw_answer(&nl, NULL, NULL));
	begin(SCTRACE_CMD_INFO, NLM_F_ACK);
	m.nlh.nlmsg_seq = ++nl.seq;
	m.nlh.nlmsg_len = 7;
	if (send(nl.fd, &m, NLMSG_LENGTH(GENL_HDRLEN), 0) < 0)
		die("send", errno);
	report("message shorter than a header", nlraw_answer(&nl, NULL, NULL));
	if (send(nl.fd, &m, 5, 0) < 0)
		die("send", errno);
	report("5 bytes", nlraw_answer(&nl, NULL, NULL));

	/* After all these, what is right still works */
	begin(SCTRACE_CMD_GET, NLM_F_DUMP);
	put_u32(SCTRACE_A_WANT, SCTRACE_WANT_SIGHTINGS);
	a = nlraw_send(&nl, &m);
	if (a)
		die("send", -a);
	report("first dump", nlraw_answer(&nl, NULL, NULL));
	begin(SCTRACE_CMD_INFO, NLM_F_ACK);
	talk("a good request after all these");
}

static uint32_t state;

static uint32_t rnd(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % n;
}

static void fuzz(int times)
{
	struct timeval tv = { .tv_usec = 20000 };
	int answered = 0, refused = 0, silent = 0, i, n, ret;
	char junk[256];

	/* The same messages in each run */
	state = 20240229;
	setsockopt(nl.fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	for (i = 0; i < times; i++) {
		size_t at;

		begin(1 + rnd(SCTRACE_CMD_MAX),
		      rnd(4) ? NLM_F_ACK : NLM_F_DUMP);
		if (!rnd(20))
			set_version(rnd(256));
		/* Half of them are good as they are, or nearly */
		if (rnd(2))
			put_u64(SCTRACE_A_ID, rnd(8));
		else for (n = rnd(4); n > 0; n--) {
			int type = rnd(8) ? 1 + rnd(SCTRACE_A_REFUSED) :
					    rnd(65536);
			size_t len = rnd(3) ? (rnd(2) ? 4 : 8) : rnd(200);

			for (at = 0; at < len; at++)
				junk[at] = rnd(3) ? 0 : rnd(256);
			if (rnd(2))
				junk[0] = rnd(4);
			msg_put(&m, type, junk, len);
			if (!rnd(10))
				first_attr()->nla_len = rnd(300);
		}
		if (!rnd(16))
			m.nlh.nlmsg_len -= rnd(m.nlh.nlmsg_len - NLMSG_HDRLEN);
		if (!rnd(10)) {
			at = NLMSG_HDRLEN + rnd(m.nlh.nlmsg_len);
			m.buf[at] ^= 1 << rnd(8);
		}
		ret = nlraw_talk(&nl, &m, NULL, NULL);
		if (!ret)
			answered++;
		else if (ret == -EAGAIN)
			silent++;
		else
			refused++;
	}
	printf("answered %d refused %d silent %d\n", answered, refused, silent);
}

static void handed(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork", errno);
	if (!pid) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			die("setuid", errno);
		begin(SCTRACE_CMD_INFO, NLM_F_ACK);
		talk("sent by another user");
		begin(SCTRACE_CMD_GET, NLM_F_DUMP);
		talk("dump by another user");
		exit(0);
	}
	waitpid(pid, &status, 0);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void leave(int times)
{
	char buf[4096];
	int i, ret;

	for (i = 0; i < times; i++) {
		begin(SCTRACE_CMD_GET, NLM_F_DUMP);
		put_u32(SCTRACE_A_WANT, SCTRACE_WANT_SIGHTINGS);
		ret = nlraw_send(&nl, &m);
		if (ret)
			die("send", -ret);
		if (recv(nl.fd, buf, i % 2 ? sizeof(buf) : 20, 0) <= 0)
			die("recv", errno);
		/* Another on top: it must wait for the first to be read */
		begin(SCTRACE_CMD_GET, NLM_F_DUMP);
		ret = nlraw_send(&nl, &m);
		if (ret)
			die("send", -ret);
		close(nl.fd);
		ret = nlraw_open(&nl);
		if (ret)
			die("open", -ret);
	}
	printf("left %d\n", times);
}

int main(int argc, char **argv)
{
	int ret = nlraw_open(&nl);

	if (ret)
		die("no module", -ret);
	if (argc == 1)
		list();
	else if (argc == 3 && !strcmp(argv[1], "fuzz"))
		fuzz(atoi(argv[2]));
	else if (argc == 2 && !strcmp(argv[1], "handed"))
		handed();
	else if (argc == 3 && !strcmp(argv[1], "leave"))
		leave(atoi(argv[2]));
	else
		return 2;
	return 0;
}
