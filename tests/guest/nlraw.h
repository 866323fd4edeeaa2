/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw netlink for tests: no library between a test and the module, so that
 * messages can be wrong in every way, and a bug of the tool cannot hide one of
 * the module.
 */
#ifndef NLRAW_H
#define NLRAW_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sctrace.h>

#define NLRAW_MAX	(256 * 1024)

struct nlraw {
	int fd;
	uint16_t family;
	uint32_t version;
	uint32_t seq;
	uint32_t port;
	char text[256];		/* extended ack of the last refusal */
	bool torn;		/* the last dump carried NLM_F_DUMP_INTR */
	size_t room;		/* of a buffer, which grows to what a longer message needs */
	size_t longest;		/* message that was read into a small one */
};

/* A message under construction */
struct msg {
	union {
		struct nlmsghdr nlh;
		char buf[8192];
	};
};

/* Called with each message's attributes; not 0 ends the talk with that */
typedef int (*nlraw_fn)(const struct nlattr *attrs, size_t len, void *arg);

#define nla_for(a, start, len)						\
	for ((a) = (start);						\
	     (const char *)(a) + NLA_HDRLEN <=				\
		     (const char *)(start) + (len) &&			\
	     (a)->nla_len >= NLA_HDRLEN;				\
	     (a) = (const struct nlattr *)((const char *)(a) +		\
					   NLA_ALIGN((a)->nla_len)))

static inline const void *nla_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static inline size_t nla_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static inline int nla_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

uint32_t nla_u32(const struct nlattr *a);
uint64_t nla_u64(const struct nlattr *a);
const struct nlattr *nla_find(const struct nlattr *start, size_t len, int type);

const char *nlraw_errno(int error);
int nlraw_socket(struct nlraw *nl);
int nlraw_open(struct nlraw *nl);
void msg_init(struct msg *m, uint16_t type, uint16_t flags, uint8_t cmd,
	      uint8_t version);
void msg_put(struct msg *m, uint16_t type, const void *data, size_t len);
int msg_select(struct msg *m, const char *selector);
int nlraw_send(struct nlraw *nl, struct msg *m);
int nlraw_answer(struct nlraw *nl, nlraw_fn fn, void *arg);
int nlraw_talk(struct nlraw *nl, struct msg *m, nlraw_fn fn, void *arg);

#endif
