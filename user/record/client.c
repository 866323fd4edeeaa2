// SPDX-License-Identifier: GPL-2.0
/* The module's protocol, over libnl. */

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "client.h"
#include "module.h"

/* A dump's messages reach 32 KiB; the socket holds several of them */
#define SOCKET_BUFFER	(1024 * 1024)

/* How often a dump that changed under our hands is asked for anew */
#define TORN_RETRIES	5

/* uapi of 4.12, 4.12 and 5.0: tried, and nothing lost where there is none */
#ifndef NETLINK_CAP_ACK
#define NETLINK_CAP_ACK	10
#endif
#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK	11
#endif
#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK	12
#endif
#ifndef NLM_F_CAPPED
#define NLM_F_CAPPED	0x100
#endif
#ifndef NLM_F_ACK_TLVS
#define NLM_F_ACK_TLVS	0x200
#endif

/* enum nlmsgerr_attrs, which old headers do not have */
#define ERR_ATTR_MSG	1

struct client {
	struct nl_sock *sock;
	struct nl_sock *holder;	/* records are held as long as this is open */
	bool hold;		/* what is started is held by this connection */
	struct family family;
};

/**
 * nrset_or() - put the members of a set into another
 * @to: grows
 * @s: is read
 */
void nrset_or(struct nrset *to, const struct nrset *s)
{
	size_t i;

	for (i = 0; i < NRSET_WORDS; i++)
		to->word[i] |= s->word[i];
}

/**
 * nrset_empty() - has a set no members?
 * @s: the set
 *
 * Return: true when it has none.
 */
bool nrset_empty(const struct nrset *s)
{
	return nrset_next(s, -1) < 0;
}

/**
 * nrset_count() - how many members a set has
 * @s: the set
 *
 * Return: their number.
 */
unsigned int nrset_count(const struct nrset *s)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < NRSET_WORDS; i++)
		n += __builtin_popcountll(s->word[i]);
	return n;
}

/**
 * nrset_next() - the next member of a set
 * @s: the set
 * @after: where to go on, -1 for the first
 *
 * Return: the smallest member above @after, -1 when there is none.
 */
int nrset_next(const struct nrset *s, int after)
{
	unsigned int n = after + 1, w = n / 64;
	uint64_t word;

	if (n >= SCTRACE_NR_MAX)
		return -1;
	word = s->word[w] & (~0ULL << (n % 64));
	while (!word) {
		if (++w == NRSET_WORDS)
			return -1;
		word = s->word[w];
	}
	return w * 64 + __builtin_ctzll(word);
}

/**
 * record_distinct() - how many different system calls a record saw made
 * @r: the record
 *
 * Return: the number of (ABI, number) pairs, in any set but the refused.
 */
unsigned int record_distinct(const struct record *r)
{
	unsigned int n = 0, kind;
	size_t i;

	for (i = 0; i < r->n_abi; i++) {
		struct nrset all = { 0 };

		for (kind = 0; kind < KIND_COUNT; kind++)
			if (!(kind & SCTRACE_KIND_REFUSED))
				nrset_or(&all, &r->abi[i].kind[kind]);
		n += nrset_count(&all);
	}
	return n;
}

/**
 * record_init_lives() - is the first process of a record still there?
 * @r: the record
 *
 * Return: false as well where its number has come to be that of another one since.
 */
bool record_init_lives(const struct record *r)
{
	cleanup_free char *path = xasprintf("/proc/%u/ns/pid", r->init_pid);
	struct stat st;

	return r->init_pid && !(r->flags & SCTRACE_F_ENDED) && !stat(path, &st) &&
	       st.st_ino == r->inum;
}

/**
 * record_free() - release what a record holds
 * @r: the record; empty afterwards
 */
void record_free(struct record *r)
{
	free(r->label);
	free(r->cgroup);
	free(r->hostname);
	free(r->abi);
	free(r->sighting);
	free(r->value);
	record_init(r);
}

/**
 * records_free() - release an array of records
 * @r: the array; empty afterwards
 */
void records_free(struct records *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		record_free(&r->v[i]);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

/**
 * info_free() - release what an INFO answer holds
 * @i: the answer; empty afterwards
 */
void info_free(struct info *i)
{
	free(i->version);
	memset(i, 0, sizeof(*i));
}

/**
 * reply_free() - release what reading an answer has collected
 * @reply: the answer; the records and the info are the caller's
 */
void reply_free(struct reply *reply)
{
	free(reply->text);
	reply->text = NULL;
}

/*
 * libnl's parser stops at the first attribute that is cut short and says
 * nothing; an answer that is damaged must not pass for one that is empty.
 */
static bool well_formed(const struct nlattr *head, int len)
{
	const struct nlattr *a;
	int rem;

	nla_for_each_attr(a, (struct nlattr *)head, len, rem)
		;
	return rem <= 0;
}

static int malformed(struct reply *reply, const char *what)
{
	reply->malformed = what;
	return -1;
}

static int parse(struct reply *reply, struct nlattr **tb, int max,
		 struct nlattr *head, int len, const struct nla_policy *policy)
{
	if (!well_formed(head, len))
		return malformed(reply, "an attribute is cut short");
	/*
	 * What is above @max is of a newer module and skipped by libnl. libnl 3.4
	 * wants to be able to alter the policy, and does not.
	 */
	if (nla_parse(tb, max, head, len, (struct nla_policy *)policy) < 0)
		return malformed(reply, "an attribute is of the wrong size");
	return 0;
}

static const struct nla_policy policy[SCTRACE_A_MAX + 1] = {
	[SCTRACE_A_ID] = { .type = NLA_U64 },
	[SCTRACE_A_INUM] = { .type = NLA_U32 },
	[SCTRACE_A_PARENT_INUM] = { .type = NLA_U32 },
	[SCTRACE_A_LEVEL] = { .type = NLA_U32 },
	[SCTRACE_A_FLAGS] = { .type = NLA_U32 },
	[SCTRACE_A_INIT_PID] = { .type = NLA_U32 },
	[SCTRACE_A_SINCE] = { .type = NLA_U64 },
	[SCTRACE_A_ENDED_AT] = { .type = NLA_U64 },
	[SCTRACE_A_LAST_NEW] = { .type = NLA_U64 },
	[SCTRACE_A_SIGHTINGS_KEPT] = { .type = NLA_U32 },
	[SCTRACE_A_SIGHTINGS_MISSED] = { .type = NLA_U32 },
	[SCTRACE_A_CALLS_MISSED] = { .type = NLA_U32 },
	[SCTRACE_A_OTHER_NR] = { .type = NLA_S64 },
	[SCTRACE_A_CURSOR] = { .type = NLA_U32 },
	[SCTRACE_A_API] = { .type = NLA_U32 },
	[SCTRACE_A_MODE] = { .type = NLA_U32 },
	[SCTRACE_A_SCOPE] = { .type = NLA_U32 },
	[SCTRACE_A_ARCH] = { .type = NLA_U32 },
	[SCTRACE_A_ATTACHED] = { .type = NLA_U32 },
	[SCTRACE_A_NOW] = { .type = NLA_U64 },
	[SCTRACE_A_MAX_RECORDS] = { .type = NLA_U32 },
	[SCTRACE_A_RECORDS] = { .type = NLA_U32 },
	[SCTRACE_A_LIVE] = { .type = NLA_U32 },
	[SCTRACE_A_ENDED] = { .type = NLA_U32 },
	[SCTRACE_A_HELD] = { .type = NLA_U32 },
	[SCTRACE_A_EVICTED] = { .type = NLA_U64 },
	[SCTRACE_A_UNRECORDED] = { .type = NLA_U64 },
	[SCTRACE_A_POOL_EMPTY] = { .type = NLA_U64 },
	[SCTRACE_A_FEATURES] = { .type = NLA_U64 },
	[SCTRACE_A_SIGHTING_SIZE] = { .type = NLA_U32 },
	[SCTRACE_A_NAMESAKES] = { .type = NLA_U32 },
	[SCTRACE_A_VALUE_SIZE] = { .type = NLA_U32 },
	[SCTRACE_A_VALUE_CURSOR] = { .type = NLA_U32 },
	[SCTRACE_A_OPEN] = { .type = NLA_U32 },
	[SCTRACE_A_CGROUP_ID] = { .type = NLA_U64 },
	[SCTRACE_A_STARTS] = { .type = NLA_U32 },
};

static uint32_t get_u32(struct nlattr **tb, int type)
{
	return tb[type] ? nla_get_u32(tb[type]) : 0;
}

static uint64_t get_u64(struct nlattr **tb, int type)
{
	return tb[type] ? nla_get_u64(tb[type]) : 0;
}

static char *get_string(const struct nlattr *a)
{
	return a ? xstrndup(nla_data(a), nla_len(a)) : NULL;
}

/**
 * record_abi() - the sets of an ABI in a record
 * @r: the record
 * @arch: the ABI; it is added if it is not there
 *
 * Return: its sets, until another one is added.
 */
struct abi_sets *record_abi(struct record *r, uint32_t arch)
{
	size_t i;

	for (i = 0; i < r->n_abi; i++)
		if (r->abi[i].arch == arch)
			return &r->abi[i];
	r->abi = xrealloc(r->abi, r->n_abi + 1, sizeof(*r->abi));
	memset(&r->abi[r->n_abi], 0, sizeof(*r->abi));
	r->abi[r->n_abi].arch = arch;
	return &r->abi[r->n_abi++];
}

/*
 * The calls of programs in the set-up are those that a runtime's hooks make, unless the init
 * of the namespace never becomes a program: then they are the workload.
 */
static uint32_t without_program(struct record *r, uint32_t kind)
{
	if ((kind & (SCTRACE_KIND_PROGRAM | SCTRACE_KIND_SETUP)) !=
	    (SCTRACE_KIND_PROGRAM | SCTRACE_KIND_SETUP))
		return kind;
	kind &= ~SCTRACE_KIND_PROGRAM;
	if (r->flags & SCTRACE_F_RUNNING)
		return kind;
	r->programs = true;
	return kind & ~SCTRACE_KIND_SETUP;
}

static int parse_set(struct reply *reply, struct record *r,
		     struct abi_sets *abi, struct nlattr *nest)
{
	static const struct nla_policy set_policy[SCTRACE_SET_MAX + 1] = {
		[SCTRACE_SET_KIND] = { .type = NLA_U32 },
	};
	struct nlattr *tb[SCTRACE_SET_MAX + 1];
	const unsigned char *bits;
	uint32_t kind;
	int i, len;

	if (parse(reply, tb, SCTRACE_SET_MAX, nla_data(nest), nla_len(nest),
		  set_policy) < 0)
		return -1;
	if (!tb[SCTRACE_SET_KIND] || !tb[SCTRACE_SET_BITS])
		return malformed(reply, "a set without a kind or bits");
	kind = without_program(r, nla_get_u32(tb[SCTRACE_SET_KIND]));
	bits = nla_data(tb[SCTRACE_SET_BITS]);
	len = nla_len(tb[SCTRACE_SET_BITS]);
	if (len > SCTRACE_NR_MAX / 8)
		return malformed(reply, "a set is too large");
	if (kind >= KIND_COUNT) {
		/* of a newer module: not ours to judge, but to be told of */
		r->strange = true;
		return 0;
	}
	for (i = 0; i < len; i++)
		abi->kind[kind].word[i / 8] |=
			(uint64_t)bits[i] << (i % 8 * 8);
	return 0;
}

static int parse_abi(struct reply *reply, struct record *r,
		     struct nlattr *nest)
{
	static const struct nla_policy abi_policy[SCTRACE_ABI_MAX + 1] = {
		[SCTRACE_ABI_ARCH] = { .type = NLA_U32 },
	};
	struct nlattr *tb[SCTRACE_ABI_MAX + 1], *a;
	struct abi_sets *abi;
	int rem;

	if (parse(reply, tb, SCTRACE_ABI_MAX, nla_data(nest), nla_len(nest),
		  abi_policy) < 0)
		return -1;
	if (!tb[SCTRACE_ABI_ARCH])
		return malformed(reply, "an ABI without an architecture");
	abi = record_abi(r, nla_get_u32(tb[SCTRACE_ABI_ARCH]));
	if (!tb[SCTRACE_ABI_SETS])
		return 0;
	if (!well_formed(nla_data(tb[SCTRACE_ABI_SETS]),
			 nla_len(tb[SCTRACE_ABI_SETS])))
		return malformed(reply, "an attribute is cut short");
	nla_for_each_nested(a, tb[SCTRACE_ABI_SETS], rem)
		if (nla_type(a) == SCTRACE_ABI_SET &&
		    parse_set(reply, r, abi, a) < 0)
			return -1;
	return 0;
}

static int parse_sightings(struct reply *reply, struct record *r,
			   const struct nlattr *a, size_t size)
{
	const char *from = nla_data(a);
	size_t n, len = nla_len(a);

	/* a newer module's may be longer */
	if (size < sizeof(*r->sighting) || len % size)
		return malformed(reply, "sightings are of another size");
	n = len / size;
	if (r->n_sighting + n > r->max_sighting) {
		r->max_sighting = 2 * r->max_sighting + n;
		r->sighting = xrealloc(r->sighting, r->max_sighting,
				       sizeof(*r->sighting));
	}
	for (; n; n--, from += size) {
		struct sctrace_sighting *s = &r->sighting[r->n_sighting++];

		/* the attribute is aligned to 4 bytes only */
		memcpy(s, from, sizeof(*s));
		s->comm[SCTRACE_COMM_LEN - 1] = '\0';
		s->kind = without_program(r, s->kind);
	}
	return 0;
}

/* What is more than this program knows of an element is of a newer module */
static bool value_sane(struct record *r, struct sctrace_value *v)
{
	v->kind = without_program(r, v->kind & ~SCTRACE_KIND_DELAYED);
	v->comm[SCTRACE_COMM_LEN - 1] = '\0';
	if (v->kind >= KIND_COUNT || v->how > SCTRACE_HOW_OPEN ||
	    v->num > ARRAY_SIZE(v->arg)) {
		r->strange = true;
		return false;
	}
	return true;
}

static int parse_values(struct reply *reply, struct record *r,
			const struct nlattr *a, size_t size)
{
	const char *from = nla_data(a);
	size_t n, len = nla_len(a);

	if (size < sizeof(*r->value) || len % size)
		return malformed(reply, "values are of another size");
	n = len / size;
	if (r->n_value + n > r->max_value) {
		r->max_value = 2 * r->max_value + n;
		r->value = xrealloc(r->value, r->max_value, sizeof(*r->value));
	}
	for (; n; n--, from += size) {
		memcpy(&r->value[r->n_value], from, sizeof(*r->value));
		r->n_value += value_sane(r, &r->value[r->n_value]);
	}
	return 0;
}

static struct record *records_add(struct records *all)
{
	if (all->n == all->max) {
		all->max = all->max ? 2 * all->max : 16;
		all->v = xrealloc(all->v, all->max, sizeof(*all->v));
	}
	record_init(&all->v[all->n]);
	return &all->v[all->n++];
}

static int parse_record(struct reply *reply, struct nlattr **tb)
{
	struct records *all = reply->records;
	struct nlattr *a;
	struct record *r;
	uint64_t id;
	int rem;

	if (!tb[SCTRACE_A_ID])
		return malformed(reply, "a record without an ID");
	id = nla_get_u64(tb[SCTRACE_A_ID]);
	if (reply->more) {
		r = &all->v[all->n - 1];
		if (r->id != id)
			return malformed(reply, "a record was broken off");
	} else {
		if (!tb[SCTRACE_A_INUM])
			return malformed(reply, "a record without an inum");
		r = records_add(all);
		r->id = id;
		r->inum = nla_get_u32(tb[SCTRACE_A_INUM]);
		r->parent_inum = get_u32(tb, SCTRACE_A_PARENT_INUM);
		r->level = get_u32(tb, SCTRACE_A_LEVEL);
		r->flags = get_u32(tb, SCTRACE_A_FLAGS);
		r->label = get_string(tb[SCTRACE_A_LABEL]);
		r->cgroup = get_string(tb[SCTRACE_A_CGROUP]);
		r->hostname = get_string(tb[SCTRACE_A_HOSTNAME]);
		r->cgroup_id = get_u64(tb, SCTRACE_A_CGROUP_ID);
		r->starts = get_u32(tb, SCTRACE_A_STARTS);
		r->init_pid = get_u32(tb, SCTRACE_A_INIT_PID);
		r->since = get_u64(tb, SCTRACE_A_SINCE);
		r->ended_at = get_u64(tb, SCTRACE_A_ENDED_AT);
		r->last_new = get_u64(tb, SCTRACE_A_LAST_NEW);
		r->sightings_kept = get_u32(tb, SCTRACE_A_SIGHTINGS_KEPT);
		r->sightings_missed = get_u32(tb, SCTRACE_A_SIGHTINGS_MISSED);
		r->calls_missed = get_u32(tb, SCTRACE_A_CALLS_MISSED);
		r->namesakes = get_u32(tb, SCTRACE_A_NAMESAKES);
		r->open = get_u32(tb, SCTRACE_A_OPEN);
		r->has_values = reply->values;
		if (tb[SCTRACE_A_OTHER_NR]) {
			r->has_other_nr = true;
			memcpy(&r->other_nr, nla_data(tb[SCTRACE_A_OTHER_NR]),
			       sizeof(r->other_nr));
		}
		if (tb[SCTRACE_A_COMM]) {
			int len = nla_len(tb[SCTRACE_A_COMM]);

			if (len > SCTRACE_COMM_LEN - 1)
				len = SCTRACE_COMM_LEN - 1;
			memcpy(r->comm, nla_data(tb[SCTRACE_A_COMM]), len);
		}
	}
	if (tb[SCTRACE_A_ABIS]) {
		if (!well_formed(nla_data(tb[SCTRACE_A_ABIS]),
				 nla_len(tb[SCTRACE_A_ABIS])))
			return malformed(reply, "an attribute is cut short");
		nla_for_each_nested(a, tb[SCTRACE_A_ABIS], rem)
			if (nla_type(a) == SCTRACE_A_ABI &&
			    parse_abi(reply, r, a) < 0)
				return -1;
	}
	if (tb[SCTRACE_A_SIGHTINGS] &&
	    parse_sightings(reply, r, tb[SCTRACE_A_SIGHTINGS],
			    tb[SCTRACE_A_SIGHTING_SIZE] ?
			    nla_get_u32(tb[SCTRACE_A_SIGHTING_SIZE]) :
			    sizeof(*r->sighting)) < 0)
		return -1;
	if (tb[SCTRACE_A_VALUES] &&
	    parse_values(reply, r, tb[SCTRACE_A_VALUES],
			 get_u32(tb, SCTRACE_A_VALUE_SIZE)) < 0)
		return -1;
	if (tb[SCTRACE_A_VALUE_CURSOR])
		r->value_cursor = nla_get_u32(tb[SCTRACE_A_VALUE_CURSOR]);
	if (tb[SCTRACE_A_CURSOR])
		r->cursor = nla_get_u32(tb[SCTRACE_A_CURSOR]);
	reply->more = tb[SCTRACE_A_MORE];
	return 0;
}

/**
 * info_mode() - which namespaces are recorded by themselves
 * @i: what the module says
 */
const char *info_mode(const struct info *i)
{
	switch (i->mode) {
	case SCTRACE_MODE_ALL:
		return "every PID namespace";
	case SCTRACE_MODE_SELECTED:
		return "selected PID namespaces";
	case SCTRACE_MODE_CONTAINERS:
		return "every PID namespace but the initial one";
	}
	return "PID namespaces in a mode that this program does not know";
}

/**
 * info_scope() - what recording costs those who are not recorded, and why
 * @i: what the module says
 *
 * Return: NULL when the module does not say.
 */
const char *info_scope(const struct info *i)
{
	switch (i->scope) {
	case SCTRACE_SCOPE_NOBODY:
		return "idle: no probe is registered";
	case SCTRACE_SCOPE_RECORDED:
		return "attached: only what is recorded takes the traced path of system calls";
	case SCTRACE_SCOPE_INITIAL:
		return "attached: all tasks take the traced path of system calls, as the initial PID namespace is recorded";
	case SCTRACE_SCOPE_ASKED:
		return "attached: all tasks take the traced path of system calls (narrow=0)";
	case SCTRACE_SCOPE_OTHERS:
		return "attached: all tasks take the traced path of system calls, as another tracer uses it";
	}
	return NULL;
}

static int parse_info(struct reply *reply, struct nlattr **tb)
{
	struct info *i = reply->info;

	if (!tb[SCTRACE_A_API])
		return malformed(reply, "INFO without an API version");
	info_free(i);
	i->api = nla_get_u32(tb[SCTRACE_A_API]);
	i->version = get_string(tb[SCTRACE_A_VERSION]);
	if (!i->version)
		i->version = xstrdup("unknown");
	i->mode = get_u32(tb, SCTRACE_A_MODE);
	i->scope = tb[SCTRACE_A_SCOPE] ? get_u32(tb, SCTRACE_A_SCOPE) :
		   SCOPE_UNKNOWN;
	i->arch = get_u32(tb, SCTRACE_A_ARCH);
	i->attached = get_u32(tb, SCTRACE_A_ATTACHED);
	i->now = get_u64(tb, SCTRACE_A_NOW);
	i->max_records = get_u32(tb, SCTRACE_A_MAX_RECORDS);
	i->records = get_u32(tb, SCTRACE_A_RECORDS);
	i->live = get_u32(tb, SCTRACE_A_LIVE);
	i->ended = get_u32(tb, SCTRACE_A_ENDED);
	i->held = get_u32(tb, SCTRACE_A_HELD);
	i->evicted = get_u64(tb, SCTRACE_A_EVICTED);
	i->unrecorded = get_u64(tb, SCTRACE_A_UNRECORDED);
	i->pool_empty = get_u64(tb, SCTRACE_A_POOL_EMPTY);
	i->features = get_u64(tb, SCTRACE_A_FEATURES);
	return 0;
}

static int parse_family(struct reply *reply, struct nlattr *head, int len)
{
	static const struct nla_policy ctrl_policy[CTRL_ATTR_MAX + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
		[CTRL_ATTR_VERSION] = { .type = NLA_U32 },
	};
	struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (parse(reply, tb, CTRL_ATTR_MAX, head, len, ctrl_policy) < 0)
		return -1;
	if (!tb[CTRL_ATTR_FAMILY_ID])
		return malformed(reply, "a family without a number");
	reply->fam->id = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	reply->fam->version = get_u32(tb, CTRL_ATTR_VERSION);
	return 0;
}

static int parse_data(struct reply *reply, struct nlmsghdr *h)
{
	struct nlattr *tb[SCTRACE_A_MAX + 1], *head;
	struct genlmsghdr *g;
	int len;

	if (!genlmsg_valid_hdr(h, 0))
		return malformed(reply, "a message is cut short");
	g = nlmsg_data(h);
	head = genlmsg_attrdata(g, 0);
	len = genlmsg_attrlen(g, 0);
	if (reply->fam)
		return parse_family(reply, head, len);
	if (parse(reply, tb, SCTRACE_A_MAX, head, len, policy) < 0)
		return -1;
	if (reply->info)
		return parse_info(reply, tb);
	if (reply->records)
		return parse_record(reply, tb);
	return malformed(reply, "an answer that was not asked for");
}

/* The kernel's words follow the error; where they begin depends on flags */
static void parse_words(struct reply *reply, struct nlattr *head, int len)
{
	struct nlattr *a;
	int rem;

	nla_for_each_attr(a, head, len, rem) {
		if (nla_type(a) != ERR_ATTR_MSG)
			continue;
		free(reply->text);
		reply->text = get_string(a);
	}
}

/* Errors are negative, and small enough to be negated */
static int errno_of(int error)
{
	return error < 0 && error >= -4095 ? -error : EIO;
}

static int parse_error(struct reply *reply, struct nlmsghdr *h)
{
	const struct nlmsgerr *e = nlmsg_data(h);
	int len = nlmsg_datalen(h), skip = sizeof(*e);

	if (len < skip)
		return malformed(reply, "a message is cut short");
	reply->done = true;
	if (!e->error)
		return 0;
	reply->errnum = errno_of(e->error);
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return 0;
	/* without CAPPED the whole request stands between */
	if (!(h->nlmsg_flags & NLM_F_CAPPED)) {
		if (e->msg.nlmsg_len < NLMSG_HDRLEN ||
		    e->msg.nlmsg_len > (uint32_t)len)
			return 0;
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	if (skip < len)
		parse_words(reply, (struct nlattr *)((char *)e + skip),
			    len - skip);
	return 0;
}

/* A dump can fail half way: then its last message bears the error */
static int parse_done(struct reply *reply, struct nlmsghdr *h)
{
	int len = nlmsg_datalen(h), skip = NLMSG_ALIGN(sizeof(int)), error = 0;

	reply->done = true;
	if (len >= (int)sizeof(int))
		memcpy(&error, nlmsg_data(h), sizeof(error));
	if (error < 0) {
		reply->errnum = errno_of(error);
		if ((h->nlmsg_flags & NLM_F_ACK_TLVS) && skip < len)
			parse_words(reply, (struct nlattr *)
				    ((char *)nlmsg_data(h) + skip),
				    len - skip);
	} else if (reply->more) {
		return malformed(reply, "a record was broken off");
	}
	return 0;
}

/**
 * reply_feed() - read what one recvmsg() returned
 * @reply: what was read so far, and where to
 * @buf: netlink messages, aligned as malloc() aligns
 * @len: how many bytes
 *
 * Return: 0 with @reply->done set when the answer is whole, -1 with
 * @reply->malformed when it makes no sense.
 */
int reply_feed(struct reply *reply, const void *buf, size_t len)
{
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	int rem = len, ret;

	for (; nlmsg_ok(h, rem); h = nlmsg_next(h, &rem)) {
		/* the rest of an answer that was given up on */
		if (h->nlmsg_seq != reply->seq || reply->done)
			continue;
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			reply->torn = true;
		switch (h->nlmsg_type) {
		case NLMSG_NOOP:
			continue;
		case NLMSG_OVERRUN:
			reply->torn = true;
			continue;
		case NLMSG_ERROR:
			ret = parse_error(reply, h);
			break;
		case NLMSG_DONE:
			ret = parse_done(reply, h);
			break;
		default:
			if (h->nlmsg_type != reply->family)
				return malformed(reply,
						 "a message of another family");
			ret = parse_data(reply, h);
		}
		if (ret < 0)
			return ret;
	}
	if (rem > 0)
		return malformed(reply, "a message is cut short");
	return 0;
}

/* Sends @msg and reads the whole answer. The caller judges the errors. */
static int transact(struct client *c, struct nl_msg *msg, struct reply *reply,
		    struct error **err)
{
	int n;

	n = nl_send_auto(c->sock, msg);
	if (n < 0)
		return error_make(err, ST_FAILED, 0, "netlink: send: %s",
				  nl_geterror(n));
	reply->seq = nlmsg_hdr(msg)->nlmsg_seq;
	reply->family = nlmsg_hdr(msg)->nlmsg_type;
	while (!reply->done) {
		struct sockaddr_nl from = { 0 };
		cleanup_free unsigned char *buf = NULL;

		n = nl_recv(c->sock, &from, &buf, NULL);
		if (n == -NLE_NOMEM) {
			/* ENOBUFS: something was dropped, we know not what */
			reply->torn = true;
			return 0;
		}
		if (n < 0)
			return error_make(err, ST_FAILED, 0,
					  "netlink: receive: %s",
					  nl_geterror(n));
		if (!n)
			return error_make(err, ST_FAILED, 0,
					  "netlink: the socket was closed");
		/* anybody may send to our port; only the kernel is believed */
		if (from.nl_pid)
			continue;
		if (reply_feed(reply, buf, n) < 0)
			return error_make(err, ST_FAILED, 0,
					  "the module's answer is malformed: %s",
					  reply->malformed);
	}
	return 0;
}

static struct nl_msg *request(struct client *c, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, c->family.id,
				 0, flags, cmd, SCTRACE_API_VERSION))
		out_of_memory();
	return msg;
}

static int put_selector(struct nl_msg *msg, const struct selector *sel)
{
	switch (sel->by) {
	case SCTRACE_A_ID:
		return nla_put_u64(msg, SCTRACE_A_ID, sel->number);
	case SCTRACE_A_INUM:
	case SCTRACE_A_PID:
	case SCTRACE_A_CG_FD:
		return nla_put_u32(msg, sel->by, sel->number);
	case SCTRACE_A_LABEL:
	case SCTRACE_A_CG_PATH:
		return nla_put_string(msg, sel->by, sel->label);
	default:
		return 0;
	}
}

/**
 * selector_text() - a selector as an error message names it
 * @sel: the selector
 *
 * Return: a string for free().
 */
char *selector_text(const struct selector *sel)
{
	unsigned long long n = sel->number;

	switch (sel->by) {
	case SCTRACE_A_ID:
		return xasprintf("record %llu", n);
	case SCTRACE_A_INUM:
		return xasprintf("PID namespace %llu", n);
	case SCTRACE_A_PID:
		return xasprintf("pid %llu", n);
	case SCTRACE_A_LABEL:
		return xasprintf("label `%s`", sel->label);
	case SELECT_CONTAINER:
		return xasprintf("container `%s`", sel->label);
	case SELECT_UNIT:
		return xasprintf("unit `%s`", sel->label);
	case SELECT_CGROUP:
	case SCTRACE_A_CG_PATH:
		return xasprintf("cgroup `%s`", sel->label);
	case SCTRACE_A_CG_FD:
		return xstrdup("its cgroup");
	default:
		return xstrdup(PROGRAM);
	}
}

/* Old kernels have no words, and some errors come from below the module */
static const char *words_for(int errnum, const struct selector *sel)
{
	bool pid = sel && sel->by == SCTRACE_A_PID;

	switch (errnum) {
	case EPERM:
		return "needs CAP_SYS_ADMIN in the initial user namespace";
	case ENOENT:
		return "no such record";
	case ESRCH:
		return "no such process";
	case ESTALE:
		return "the namespace has ended";
	case ENOSPC:
		return "the module holds max_records records already, and none can be dropped";
	case EEXIST:
		return "the label is in use, or the record has another";
	case EPROTONOSUPPORT:
		/*
		 * Its version was right when we asked; netlink itself says this
		 * to a dump of a family whose module is on its way out.
		 */
		return "the module is being unloaded or replaced: try again";
	case EINVAL:
		return pid ? "not a process ID" : "the module rejects the request";
	default:
		return strerror(errnum);
	}
}

/* What is to be done, whoever had the words; "" where there is nothing to say */
static char *cure_for(int errnum, const char *words, const struct selector *sel)
{
	if (errnum == EPERM)
		return xstrdup("run it as root, on the host");
	if (errnum == ENOENT && sel && sel->by == SCTRACE_A_PID)
		return xasprintf("`" PROGRAM " start --pid %llu` begins one",
				 (unsigned long long)sel->number);
	if (errnum == ENOENT)
		return xstrdup("`" PROGRAM " list` shows all");
	/*
	 * A label that is taken and a record that has one already are the same errno, and
	 * the answer holds nothing else that tells them apart. Without words (before Linux
	 * 4.12) nothing is advised, which is right for both.
	 */
	if (errnum == EEXIST && !strcmp(words, "another record has that label"))
		return xstrdup("choose another one");
	return xstrdup("");
}

static int refused(const struct reply *reply, const struct selector *sel,
		   struct error **err)
{
	enum status status = ST_FAILED;
	const char *words = reply->text;
	cleanup_free char *what = NULL, *cure = NULL;

	if (reply->errnum == ENOENT || reply->errnum == ESRCH)
		status = ST_NO_RECORD;
	/* where the kernel has words they are nearer to the cause */
	if (!words || !*words)
		words = words_for(reply->errnum, sel);
	if (sel)
		what = selector_text(sel);
	if (reply->errnum == EPERM)
		error_make(err, status, 0, "not permitted: %s", words);
	else
		error_make(err, status, 0, "%s", words);
	if (what && reply->errnum != EPERM)
		error_wrap(err, "%s", what);
	cure = cure_for(reply->errnum, words, sel);
	if (*cure)
		error_advise(err, "%s", cure);
	(*err)->errnum = reply->errnum;
	return -1;
}

static int resolve(struct client *c, int *errnum, struct error **err)
{
	struct reply reply = { .fam = &c->family };
	struct nl_msg *msg = nlmsg_alloc();
	int ret;

	*errnum = 0;
	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL,
				 0, 0, CTRL_CMD_GETFAMILY, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, SCTRACE_FAMILY) < 0)
		out_of_memory();
	c->family.id = 0;
	ret = transact(c, msg, &reply, err);
	nlmsg_free(msg);
	if (!ret && reply.errnum)
		*errnum = reply.errnum;
	else if (!ret && !c->family.id)
		ret = error_make(err, ST_FAILED, 0,
				 "netlink: no answer about the family");
	reply_free(&reply);
	return ret;
}

static int connect_socket(struct client *c, struct error **err)
{
	int on = 1, fd, n;

	if (c->sock && c->hold && !c->holder)
		c->holder = c->sock;
	else if (c->sock)
		nl_socket_free(c->sock);
	c->sock = nl_socket_alloc();
	if (!c->sock)
		out_of_memory();
	n = genl_connect(c->sock);
	if (n == -NLE_NOACCESS || n == -NLE_PERM) {
		error_make(err, ST_FAILED, 0,
			   "netlink: connect: %s: a policy of AppArmor, SELinux or seccomp keeps this program from it",
			   nl_geterror(n));
		return error_advise(err, "run it outside of that");
	}
	if (n < 0)
		return error_make(err, ST_FAILED, 0, "netlink: connect: %s",
				  nl_geterror(n));
	/* a failure leaves the default, which is enough for most */
	nl_socket_set_buffer_size(c->sock, SOCKET_BUFFER, 0);
	nl_socket_set_msg_buf_size(c->sock, 64UL * 1024);
	nl_socket_enable_msg_peek(c->sock);
	/* old kernels know none of these: then errors come without words */
	fd = nl_socket_get_fd(c->sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return 0;
}

/* Two versions may well work together, but then it is not as the manual says. */
static void check_version(void)
{
	cleanup_finding struct finding f = { 0 };
	static bool told;

	if (!told && module_mismatch(&f))
		warn("%s: %s", f.text, f.todo);
	told = true;
}

/**
 * client_open() - get in touch with the module
 * @to: the connection, for client_close()
 * @flags: of CLIENT_*
 * @err: why there is none, and what to do about it
 *
 * Loads the module when it is missing and this process may.
 *
 * Return: 0, or -1 and @err.
 */
int client_open(struct client **to, unsigned int flags, struct error **err)
{
	cleanup_client struct client *c = xcalloc(1, sizeof(*c));
	int errnum;

	if (connect_socket(c, err) < 0)
		return -1;
	if (resolve(c, &errnum, err) < 0)
		return -1;
	if (errnum == ENOENT) {
		if (!module_loaded()) {
			if (flags & CLIENT_NO_LOAD)
				return error_make(err, ST_FAILED, 0,
						  "the module is not loaded");
			/* waits for another process that is loading it */
			if (module_load(err) < 0)
				return -1;
			debug("loaded the module");
		}
		/* or it was loaded since we asked */
		if (resolve(c, &errnum, err) < 0)
			return -1;
	}
	if (errnum == ENOENT) {
		error_make(err, ST_FAILED, 0,
			   "the module is loaded, but not visible from here: it speaks in the initial network namespace only");
		return error_advise(err, "run this on the host, outside of containers and `ip netns`");
	}
	if (errnum)
		return error_make(err, ST_FAILED, errnum,
				  "netlink: resolve family `%s`",
				  SCTRACE_FAMILY);
	if (c->family.version != SCTRACE_API_VERSION) {
		cleanup_free char *version = module_loaded_version();

		error_make(err, ST_FAILED, 0,
			   "the loaded module (version %s) speaks API %u and this program (version %s) speaks API %u",
			   version ? version : "unknown", c->family.version, SCTRACE_VERSION,
			   SCTRACE_API_VERSION);
		return error_advise(err, "install both from one release, then `modprobe -r sctrace`");
	}
	if (!(flags & CLIENT_ANY_VERSION))
		check_version();
	*to = c;
	c = NULL;
	return 0;
}

/**
 * client_close() - end the connection
 * @c: the connection or NULL
 */
void client_close(struct client *c)
{
	if (!c)
		return;
	if (c->sock)
		nl_socket_free(c->sock);
	if (c->holder)
		nl_socket_free(c->holder);
	free(c);
}

/**
 * client_hold() - what is started from here on is held by this connection
 * @c: the connection
 * @info: what the module says; NULL: what is started is held until it is forgotten, as at
 *	first
 *
 * So nothing stays behind when this process dies. An older module holds everything until
 * it is forgotten.
 */
void client_hold(struct client *c, const struct info *info)
{
	c->hold = info && info->features & SCTRACE_FEATURE_HOLD;
}

/**
 * client_info() - ask how the module is
 * @c: the connection
 * @info: set up with zeroes; for info_free()
 * @err: why it does not say
 *
 * Return: 0, or -1 and @err.
 */
int client_info(struct client *c, struct info *info, struct error **err)
{
	struct nl_msg *msg = request(c, SCTRACE_CMD_INFO, 0);
	struct reply reply = { .info = info };
	int ret;

	ret = transact(c, msg, &reply, err);
	nlmsg_free(msg);
	if (!ret && reply.errnum)
		ret = refused(&reply, NULL, err);
	else if (!ret && !info->version)
		ret = error_make(err, ST_FAILED, 0,
				 "the module gave no answer");
	reply_free(&reply);
	return ret;
}

/* What is asked for and an older module does not have */
static uint32_t without_newest(uint32_t want)
{
	return want & ~(want & SCTRACE_WANT_EXECS ? SCTRACE_WANT_EXECS :
			want & SCTRACE_WANT_VALUES ? SCTRACE_WANT_VALUES :
						     SCTRACE_WANT_PROGRAMS);
}

static int dump(struct client *c, const struct selector *sel, bool sightings,
		struct journal_at from, struct records *all,
		struct error **err)
{
	uint32_t want = SCTRACE_WANT_PROGRAMS | SCTRACE_WANT_EXECS |
			(sightings ? SCTRACE_WANT_SIGHTINGS |
				     SCTRACE_WANT_VALUES : 0);
	int tries, ret = -1;

	for (tries = 0; tries < TORN_RETRIES; tries++) {
		struct nl_msg *msg = request(c, SCTRACE_CMD_GET, NLM_F_DUMP);
		struct reply reply = {
			.records = all, .values = want & SCTRACE_WANT_VALUES,
		};
		bool torn;

		if (put_selector(msg, sel) < 0 ||
		    (want && nla_put_u32(msg, SCTRACE_A_WANT, want) < 0) ||
		    (from.sighting && nla_put_u32(msg, SCTRACE_A_CURSOR,
						  from.sighting) < 0) ||
		    (from.value && nla_put_u32(msg, SCTRACE_A_VALUE_CURSOR,
					       from.value) < 0))
			out_of_memory();
		records_free(all);
		ret = transact(c, msg, &reply, err);
		nlmsg_free(msg);
		/* An older module does not tell execs or programs, and keeps no values */
		if (!ret && reply.errnum == EINVAL &&
		    want != without_newest(want)) {
			reply_free(&reply);
			want = without_newest(want);
			tries--;
			continue;
		}
		/*
		 * Of all records, each is whole; only that they were not all
		 * there at one time. Where somebody makes them come and go
		 * without end, that is as good as it gets.
		 */
		if (reply.torn && !ret && reply.done && !reply.errnum &&
		    !sel->by && tries == TORN_RETRIES - 1) {
			reply_free(&reply);
			all->torn = true;
			return 0;
		}
		/* a torn record does not fit together: not the module's fault */
		torn = reply.torn;
		if (!torn && !ret && reply.errnum)
			ret = refused(&reply, sel->by ? sel : NULL, err);
		reply_free(&reply);
		if (!torn)
			return ret;
		error_free(*err);
		*err = NULL;
		/* a dump that was given up on keeps its socket busy */
		if (connect_socket(c, err) < 0)
			return -1;
	}
	records_free(all);
	return error_make(err, ST_FAILED, 0,
			  "records came and went while they were read, %d times in a row: nothing that was read is certain",
			  TORN_RETRIES);
}

/**
 * kind_stage() - the stage of a kind, in a word
 * @kind: SCTRACE_KIND_* bits, as a struct record has them
 *
 * Return: the word.
 */
const char *kind_stage(unsigned int kind)
{
	return kind & SCTRACE_KIND_SETUP ? "setup" :
	       kind & SCTRACE_KIND_EXEC ? "exec" : "workload";
}

/**
 * info_tells_execs() - does the module tell what exec and health checks call?
 * @info: what it says of itself
 * @err: that it does not
 *
 * Return: 0, or -1 and @err.
 */
int info_tells_execs(const struct info *info, struct error **err)
{
	if (info->features & SCTRACE_FEATURE_EXECS)
		return 0;
	return error_make(err, ST_FAILED, 0,
			  "the module (version %s) does not tell what exec and health checks call: that takes sctrace " SCTRACE_VERSION,
			  info->version);
}

/**
 * record_leave_execs() - leave out what only exec and health checks have called
 * @r: the record
 */
void record_leave_execs(struct record *r)
{
	unsigned int kind;
	size_t i, n;

	for (i = 0; i < r->n_abi; i++)
		for (kind = 0; kind < KIND_COUNT; kind++)
			if (kind & SCTRACE_KIND_EXEC)
				memset(&r->abi[i].kind[kind], 0, sizeof(r->abi[i].kind[kind]));
	for (i = 0, n = 0; i < r->n_sighting; i++)
		if (!(r->sighting[i].kind & SCTRACE_KIND_EXEC))
			r->sighting[n++] = r->sighting[i];
	r->n_sighting = n;
	for (i = 0, n = 0; i < r->n_value; i++)
		if (!(r->value[i].kind & SCTRACE_KIND_EXEC))
			r->value[n++] = r->value[i];
	r->n_value = n;
}

/**
 * record_take_setup() - take what was called during the set-up for the workload
 * @r: the record
 */
void record_take_setup(struct record *r)
{
	unsigned int kind;
	size_t i;

	for (i = 0; i < r->n_abi; i++) {
		for (kind = 0; kind < KIND_COUNT; kind++) {
			struct nrset *set = &r->abi[i].kind[kind];

			if (!(kind & SCTRACE_KIND_SETUP))
				continue;
			nrset_or(&r->abi[i].kind[kind & ~SCTRACE_KIND_SETUP],
				 set);
			memset(set, 0, sizeof(*set));
		}
	}
	for (i = 0; i < r->n_sighting; i++)
		r->sighting[i].kind &= ~SCTRACE_KIND_SETUP;
	for (i = 0; i < r->n_value; i++)
		r->value[i].kind &= ~SCTRACE_KIND_SETUP;
	r->programs = false;
}

/**
 * client_list() - fetch all records
 * @c: the connection
 * @all: set up with zeroes; for records_free()
 * @sightings: with their sightings, which is a multiple of the data
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int client_list(struct client *c, struct records *all, bool sightings,
		struct error **err)
{
	static const struct selector none;
	const struct journal_at start = { 0 };

	return dump(c, &none, sightings, start, all, err);
}

static int take_one(struct records *all, const struct selector *sel,
		    struct record *r, struct error **err)
{
	cleanup_free char *what = NULL, *cure = NULL;

	if (all->n == 1) {
		*r = all->v[0];
		all->n = 0;
		return 0;
	}
	what = selector_text(sel);
	if (all->n)
		return error_make(err, ST_FAILED, 0,
				  "%s: the module answers with %zu records",
				  what, all->n);
	error_make(err, ST_NO_RECORD, 0, "%s: %s", what, words_for(ENOENT, sel));
	cure = cure_for(ENOENT, "", sel);
	return error_advise(err, "%s", cure);
}

/**
 * client_get() - fetch one record
 * @c: the connection
 * @sel: which
 * @sightings: with its sightings
 * @r: set up with record_init(); for record_free()
 * @err: why it cannot be: ST_NO_RECORD when there is no such record
 *
 * Return: 0, or -1 and @err.
 */
int client_get(struct client *c, const struct selector *sel, bool sightings,
	       struct record *r, struct error **err)
{
	cleanup_records struct records all = { 0 };
	const struct journal_at start = { 0 };

	/* a dump even of one: only that can be split over messages */
	if (dump(c, sel, sightings, start, &all, err) < 0)
		return -1;
	if (take_one(&all, sel, r, err) < 0)
		return -1;
	if (r->namesakes && r->flags & SCTRACE_F_ENDED)
		note("of %u records whose namespace had the number %u this is the newest, %llu; `--id` names another",
		     r->namesakes + 1, r->inum, (unsigned long long)r->id);
	return 0;
}

/**
 * client_follow() - fetch one record with what is new in its journal
 * @c: the connection
 * @sel: which
 * @from: @r->cursor and @r->value_cursor of the last time, 0 for all
 * @r: set up with record_init(); for record_free()
 * @err: why it cannot be: ST_NO_RECORD when there is no such record
 *
 * A position means nothing any more when @r->since has changed: the record was
 * emptied meanwhile.
 *
 * Return: 0, or -1 and @err.
 */
int client_follow(struct client *c, const struct selector *sel,
		  struct journal_at from, struct record *r,
		  struct error **err)
{
	cleanup_records struct records all = { 0 };

	if (dump(c, sel, true, from, &all, err) < 0)
		return -1;
	return take_one(&all, sel, r, err);
}

static int command(struct client *c, struct nl_msg *msg,
		   const struct selector *sel, struct records *all,
		   struct error **err)
{
	struct reply reply = { .records = all };
	int ret;

	if (put_selector(msg, sel) < 0)
		out_of_memory();
	ret = transact(c, msg, &reply, err);
	nlmsg_free(msg);
	if (!ret && reply.errnum)
		ret = refused(&reply, sel, err);
	else if (!ret && !reply.done)
		ret = error_make(err, ST_FAILED, 0,
				 "netlink: the answer was lost");
	reply_free(&reply);
	return ret;
}

/**
 * client_start() - begin to record, or go on, and hold the record
 * @c: the connection
 * @sel: what; a pid where no record exists yet
 * @label: label for it, or NULL
 * @refused: look for refused calls too
 * @r: set up with record_init(); the record, without sightings
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int client_start(struct client *c, const struct selector *sel,
		 const char *label, bool refused, struct record *r,
		 struct error **err)
{
	struct nl_msg *msg = request(c, SCTRACE_CMD_START, 0);
	cleanup_records struct records all = { 0 };

	if ((label && nla_put_string(msg, SCTRACE_A_SET_LABEL, label) < 0) ||
	    (refused && nla_put_flag(msg, SCTRACE_A_REFUSED) < 0) ||
	    (c->hold && nla_put_u32(msg, SCTRACE_A_HOLD,
				    SCTRACE_HOLD_SOCKET) < 0))
		out_of_memory();
	if (command(c, msg, sel, &all, err) < 0) {
		/* it is the label that stands in the way, not what it is for */
		if (label && (*err)->errnum == EEXIST)
			error_wrap(err, "label `%s`", label);
		return -1;
	}
	return take_one(&all, sel, r, err);
}

/**
 * client_stop() - record nothing more into a record
 * @c: the connection
 * @sel: which
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int client_stop(struct client *c, const struct selector *sel,
		struct error **err)
{
	return command(c, request(c, SCTRACE_CMD_STOP, 0), sel, NULL, err);
}

/**
 * client_reset() - empty a record and go on
 * @c: the connection
 * @sel: which
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int client_reset(struct client *c, const struct selector *sel,
		 struct error **err)
{
	return command(c, request(c, SCTRACE_CMD_RESET, 0), sel, NULL, err);
}

/**
 * client_forget() - drop a record
 * @c: the connection
 * @sel: which
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int client_forget(struct client *c, const struct selector *sel,
		  struct error **err)
{
	return command(c, request(c, SCTRACE_CMD_FORGET, 0), sel, NULL, err);
}

/**
 * record_flags() - the flags of a record as words
 * @r: the record
 * @names: room for 8 of them
 *
 * Return: how many there are.
 */
size_t record_flags(const struct record *r, const char **names)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} all[] = {
		{ SCTRACE_F_RUNNING, "running" },
		{ SCTRACE_F_ENDED, "ended" },
		{ SCTRACE_F_HELD, "held" },
		{ SCTRACE_F_STOPPED, "stopped" },
		{ SCTRACE_F_GAP, "gap" },
		{ SCTRACE_F_LATE, "late" },
		{ SCTRACE_F_INCOMPLETE, "incomplete" },
		{ SCTRACE_F_REFUSED, "refused" },
	};
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		/* an init that is gone was running, of course */
		if (all[i].flag == SCTRACE_F_RUNNING &&
		    r->flags & SCTRACE_F_ENDED)
			continue;
		if (r->flags & all[i].flag)
			names[n++] = all[i].name;
	}
	return n;
}
