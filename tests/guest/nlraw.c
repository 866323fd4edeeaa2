// SPDX-License-Identifier: GPL-2.0

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nlraw.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/**
 * nla_u32() - value of an attribute, 0 when it has another length
 * @a: the attribute
 */
uint32_t nla_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	if (nla_len(a) == sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

/**
 * nla_u64() - value of an attribute, 0 when it has another length
 * @a: the attribute
 */
uint64_t nla_u64(const struct nlattr *a)
{
	uint64_t v = 0;

	if (nla_len(a) == sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

/**
 * nla_find() - the first attribute of a type
 * @start: where the attributes begin
 * @len: how many bytes of them
 * @type: which
 *
 * Return: the attribute or NULL.
 */
const struct nlattr *nla_find(const struct nlattr *start, size_t len, int type)
{
	const struct nlattr *a;

	nla_for(a, start, len) {
		if (nla_type(a) == type)
			return a;
	}
	return NULL;
}

/**
 * nlraw_errno() - name of an error; glibc has it from 2.32 on only
 * @error: errno
 *
 * Return: a string, valid until the next call.
 */
const char *nlraw_errno(int error)
{
	static char other[16];

	switch (error) {
#define NAME(e)	case e: return #e
	NAME(EPERM);
	NAME(EBADF);
	NAME(ENOENT);
	NAME(ESRCH);
	NAME(EINTR);
	NAME(ENOMEM);
	NAME(EEXIST);
	NAME(EBUSY);
	NAME(EINVAL);
	NAME(ENOSPC);
	NAME(ERANGE);
	NAME(ESTALE);
	NAME(EOPNOTSUPP);
	NAME(EPROTONOSUPPORT);
	NAME(EMSGSIZE);
	NAME(ENOBUFS);
	NAME(ECONNREFUSED);
	NAME(ESHUTDOWN);
	NAME(EAGAIN);
#undef NAME
	}
	snprintf(other, sizeof(other), "%d", error);
	return other;
}

/**
 * nlraw_socket() - open a generic netlink socket
 * @nl: to fill
 *
 * Return: 0, or -errno.
 */
int nlraw_socket(struct nlraw *nl)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	socklen_t len = sizeof(addr);
	int on = 1, size = 4 << 20;

	memset(nl, 0, sizeof(*nl));
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl->fd < 0)
		return -errno;
	/* Without the right to it, the default is what there is */
	setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (bind(nl->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(nl->fd, (struct sockaddr *)&addr, &len))
		return -errno;
	nl->port = addr.nl_pid;
	nl->seq = 1;
	nl->room = NLRAW_MAX;
	return 0;
}

/**
 * msg_init() - begin a message
 * @m: the message
 * @type: the family
 * @flags: NLM_F_*
 * @cmd: command
 * @version: in the generic header
 */
void msg_init(struct msg *m, uint16_t type, uint16_t flags, uint8_t cmd,
	      uint8_t version)
{
	struct genlmsghdr *g;

	memset(m, 0, sizeof(*m));
	m->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	m->nlh.nlmsg_type = type;
	m->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	g = NLMSG_DATA(&m->nlh);
	g->cmd = cmd;
	g->version = version;
}

/**
 * msg_put() - add an attribute
 * @m: the message
 * @type: of the attribute
 * @data: its value
 * @len: length of that
 */
void msg_put(struct msg *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr *a;

	a = (struct nlattr *)(m->buf + NLMSG_ALIGN(m->nlh.nlmsg_len));
	if ((char *)a + NLA_HDRLEN + NLA_ALIGN(len) > m->buf + sizeof(m->buf)) {
		fprintf(stderr, "message too long\n");
		exit(2);
	}
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)a + NLA_HDRLEN, data, len);
	m->nlh.nlmsg_len = NLMSG_ALIGN(m->nlh.nlmsg_len) +
			   NLA_ALIGN(a->nla_len);
}

/**
 * msg_select() - add a selector
 * @m: the message
 * @selector: id:N, inum:N, pid:N, label:TEXT, file:PATH, cgroup:DIRECTORY or cgpath:PATH
 *
 * Return: 0, or -EINVAL.
 */
int msg_select(struct msg *m, const char *selector)
{
	const char *colon = strchr(selector, ':');
	const char *value;
	uint64_t u64;
	uint32_t u32;

	if (!colon)
		return -EINVAL;
	value = colon + 1;
	u64 = strtoull(value, NULL, 0);
	u32 = u64;
	if (!strncmp(selector, "id:", 3))
		msg_put(m, SCTRACE_A_ID, &u64, sizeof(u64));
	else if (!strncmp(selector, "inum:", 5))
		msg_put(m, SCTRACE_A_INUM, &u32, sizeof(u32));
	else if (!strncmp(selector, "pid:", 4))
		msg_put(m, SCTRACE_A_PID, &u32, sizeof(u32));
	else if (!strncmp(selector, "label:", 6))
		msg_put(m, SCTRACE_A_LABEL, value, strlen(value) + 1);
	else if (!strncmp(selector, "cgpath:", 7))
		msg_put(m, SCTRACE_A_CG_PATH, value, strlen(value) + 1);
	else if (!strncmp(selector, "cgroup:", 7) &&
		 (u32 = open(value, O_RDONLY | O_DIRECTORY)) != (uint32_t)-1)
		msg_put(m, SCTRACE_A_CG_FD, &u32, sizeof(u32));
	else if (!strncmp(selector, "file:", 5) &&
		 (u32 = open(value, O_RDONLY | O_CLOEXEC)) != (uint32_t)-1)
		msg_put(m, SCTRACE_A_NS_FD, &u32, sizeof(u32));
	else
		return -EINVAL;
	return 0;
}

/**
 * nlraw_send() - send a message
 * @nl: the socket
 * @m: the message; gets its sequence number
 *
 * Return: 0, or -errno.
 */
int nlraw_send(struct nlraw *nl, struct msg *m)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };

	m->nlh.nlmsg_seq = ++nl->seq;
	nl->torn = false;
	nl->text[0] = 0;
	if (sendto(nl->fd, m, m->nlh.nlmsg_len, 0, (struct sockaddr *)&addr,
		   sizeof(addr)) < 0)
		return -errno;
	return 0;
}

static int read_error(struct nlraw *nl, const struct nlmsghdr *h)
{
	const struct nlattr *a;
	size_t skip;
	int error;

	/* NLMSG_DONE holds an int only, NLMSG_ERROR the header of the request */
	memcpy(&error, NLMSG_DATA(h), sizeof(error));
	skip = h->nlmsg_type == NLMSG_DONE ? sizeof(int) :
					     sizeof(struct nlmsgerr);
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    h->nlmsg_len < NLMSG_LENGTH(skip))
		return error;
	a = nla_find((const void *)((const char *)NLMSG_DATA(h) + skip),
		     h->nlmsg_len - NLMSG_LENGTH(skip), NLMSGERR_ATTR_MSG);
	if (a)
		snprintf(nl->text, sizeof(nl->text), "%.*s", (int)nla_len(a),
			 (const char *)nla_data(a));
	return error;
}

/**
 * nlraw_answer() - read what the module says to the last message
 * @nl: the socket
 * @fn: for each message, or NULL
 * @arg: for @fn
 *
 * Return: 0; what @fn returned when that was not 0; the module's refusal or
 * other trouble as -errno.
 */
int nlraw_answer(struct nlraw *nl, nlraw_fn fn, void *arg)
{
	static char buf[NLRAW_MAX] __attribute__((aligned(8)));
	struct nlmsghdr *h;
	ssize_t got;
	int ret;

	for (;;) {
		size_t left, size = nl->room;

		/* Who has little room looks first, as libnl does. The kernel sees how little */
		if (size < sizeof(buf)) {
			got = recv(nl->fd, buf, size, MSG_PEEK | MSG_TRUNC);
			if (got > (ssize_t)nl->longest)
				nl->longest = got;
			if (got > (ssize_t)size)
				size = got;
		}
		got = recv(nl->fd, buf, size, 0);
		if (got < 0)
			return -errno;
		left = got;
		for (h = (void *)buf; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_seq != nl->seq)
				continue;
			if (h->nlmsg_flags & NLM_F_DUMP_INTR)
				nl->torn = true;
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE)
				return read_error(nl, h);
			ret = fn ? fn((const void *)((char *)NLMSG_DATA(h) +
						     GENL_HDRLEN),
				      h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN),
				      arg) : 0;
			if (ret)
				return ret;
		}
	}
}

/**
 * nlraw_talk() - nlraw_send() and nlraw_answer()
 * @nl: the socket
 * @m: what to send
 * @fn: for each message, or NULL
 * @arg: for @fn
 *
 * Return: as nlraw_answer().
 */
int nlraw_talk(struct nlraw *nl, struct msg *m, nlraw_fn fn, void *arg)
{
	return nlraw_send(nl, m) ?: nlraw_answer(nl, fn, arg);
}

static int take_family(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a;
	struct nlraw *nl = arg;
	uint16_t id;

	a = nla_find(attrs, len, CTRL_ATTR_FAMILY_ID);
	if (a && nla_len(a) == sizeof(id)) {
		memcpy(&id, nla_data(a), sizeof(id));
		nl->family = id;
	}
	a = nla_find(attrs, len, CTRL_ATTR_VERSION);
	if (a)
		nl->version = nla_u32(a);
	return 0;
}

/**
 * nlraw_open() - open a socket and ask for the family
 * @nl: to fill
 *
 * Return: 0, or -errno; -ENOENT: there is no such family here.
 */
int nlraw_open(struct nlraw *nl)
{
	struct msg m;
	int ret;

	ret = nlraw_socket(nl);
	if (ret)
		return ret;
	msg_init(&m, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY, 1);
	msg_put(&m, CTRL_ATTR_FAMILY_NAME, SCTRACE_FAMILY,
		sizeof(SCTRACE_FAMILY));
	ret = nlraw_talk(nl, &m, take_family, nl);
	if (!ret && !nl->family)
		ret = -ENOENT;
	return ret;
}
