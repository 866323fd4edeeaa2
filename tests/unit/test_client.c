// SPDX-License-Identifier: GPL-2.0
/* Reading the module's answers, sound ones and damaged ones. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include "record/client.h"
#include "record/value.h"

#define FAMILY	0x1f
#define SEQ	77

#ifndef NLM_F_ACK_TLVS
#define NLM_F_ACK_TLVS	0x200
#endif
#ifndef NLM_F_CAPPED
#define NLM_F_CAPPED	0x100
#endif

#define X86_64	0xc000003eU
#define I386	0x40000003U

/* Messages made by hand, so that they can be made wrong */
struct buf {
	unsigned char *b;
	size_t n;
};

static void raw(struct buf *m, const void *p, size_t n)
{
	m->b = xrealloc(m->b, m->n + NLA_ALIGN(n), 1);
	memset(m->b + m->n, 0, NLA_ALIGN(n));
	if (n)
		memcpy(m->b + m->n, p, n);
	m->n += NLA_ALIGN(n);
}

static size_t msg(struct buf *m, int type, int flags, uint32_t seq)
{
	struct nlmsghdr h = {
		.nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq,
	};
	size_t at = m->n;

	raw(m, &h, sizeof(h));
	return at;
}

static void msg_end(struct buf *m, size_t at)
{
	((struct nlmsghdr *)(m->b + at))->nlmsg_len = m->n - at;
}

static size_t answer(struct buf *m, int flags)
{
	struct genlmsghdr g = { .cmd = SCTRACE_CMD_GET, .version = 1 };
	size_t at = msg(m, FAMILY, flags, SEQ);

	raw(m, &g, sizeof(g));
	return at;
}

static size_t nest(struct buf *m, int type)
{
	struct nlattr a = { .nla_type = type };
	size_t at = m->n;

	raw(m, &a, sizeof(a));
	return at;
}

static void nest_end(struct buf *m, size_t at)
{
	((struct nlattr *)(m->b + at))->nla_len = m->n - at;
}

static void attr(struct buf *m, int type, const void *p, size_t n)
{
	struct nlattr a = { .nla_type = type, .nla_len = sizeof(a) + n };

	raw(m, &a, sizeof(a));
	raw(m, p, n);
}

static void u32(struct buf *m, int type, uint32_t v)
{
	attr(m, type, &v, sizeof(v));
}

static void u64(struct buf *m, int type, uint64_t v)
{
	attr(m, type, &v, sizeof(v));
}

static void string(struct buf *m, int type, const char *s)
{
	attr(m, type, s, strlen(s) + 1);
}

static void done(struct buf *m, int error)
{
	size_t at = msg(m, NLMSG_DONE, NLM_F_MULTI, SEQ);

	raw(m, &error, sizeof(error));
	msg_end(m, at);
}

static void set(struct buf *m, uint32_t kind, const void *bits, size_t n)
{
	size_t at = nest(m, SCTRACE_ABI_SET);

	u32(m, SCTRACE_SET_KIND, kind);
	attr(m, SCTRACE_SET_BITS, bits, n);
	nest_end(m, at);
}

static void sightings(struct buf *m, unsigned int first, unsigned int n)
{
	struct sctrace_sighting s[64] = { 0 };
	unsigned int i;

	for (i = 0; i < n; i++) {
		s[i].time = 1000 + first + i;
		s[i].arch = X86_64;
		s[i].nr = first + i;
		s[i].pid = 1;
		memset(s[i].comm, 'a', sizeof(s[i].comm));	/* no NUL */
	}
	attr(m, SCTRACE_A_SIGHTINGS, s, n * sizeof(s[0]));
}

/* A record with all there is, in ABIs too */
static void record(struct buf *m, uint64_t id, int flags, bool more)
{
	static const unsigned char low[] = { 0x03, 0x80 };
	static unsigned char high[128];
	size_t at = answer(m, flags), abis, abi, sets;

	high[127] = 0x80;
	u64(m, SCTRACE_A_ID, id);
	u32(m, SCTRACE_A_INUM, 4026532281U);
	u32(m, SCTRACE_A_PARENT_INUM, 4026531836U);
	u32(m, SCTRACE_A_LEVEL, 1);
	u32(m, SCTRACE_A_FLAGS, SCTRACE_F_HELD | SCTRACE_F_RUNNING);
	string(m, SCTRACE_A_LABEL, "web");
	string(m, SCTRACE_A_COMM, "apache2");
	u32(m, SCTRACE_A_INIT_PID, 4711);
	u64(m, SCTRACE_A_SINCE, 5000);
	u64(m, SCTRACE_A_LAST_NEW, 6000);
	u32(m, SCTRACE_A_SIGHTINGS_KEPT, 5);
	u32(m, SCTRACE_A_CALLS_MISSED, 2);
	u64(m, SCTRACE_A_OTHER_NR, (uint64_t)-1);
	abis = nest(m, SCTRACE_A_ABIS);
	abi = nest(m, SCTRACE_A_ABI);
	u32(m, SCTRACE_ABI_ARCH, X86_64);
	sets = nest(m, SCTRACE_ABI_SETS);
	set(m, 0, low, sizeof(low));
	set(m, SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED, high, sizeof(high));
	nest_end(m, sets);
	nest_end(m, abi);
	abi = nest(m, SCTRACE_A_ABI);
	u32(m, SCTRACE_ABI_ARCH, I386);
	sets = nest(m, SCTRACE_ABI_SETS);
	set(m, 0, low, sizeof(low));
	nest_end(m, sets);
	nest_end(m, abi);
	nest_end(m, abis);
	sightings(m, 0, 3);
	u32(m, SCTRACE_A_CURSOR, 3);
	if (more)
		attr(m, SCTRACE_A_MORE, NULL, 0);
	msg_end(m, at);
}

static void continuation(struct buf *m, uint64_t id, bool more)
{
	size_t at = answer(m, NLM_F_MULTI);

	u64(m, SCTRACE_A_ID, id);
	sightings(m, 3, 2);
	u32(m, SCTRACE_A_CURSOR, 5);
	if (more)
		attr(m, SCTRACE_A_MORE, NULL, 0);
	msg_end(m, at);
}

struct setup {
	struct buf m;
	struct records all;
	struct reply reply;
};

static int feed(struct setup *s)
{
	s->reply.records = &s->all;
	s->reply.seq = SEQ;
	s->reply.family = FAMILY;
	return reply_feed(&s->reply, s->m.b, s->m.n);
}

static void drop(struct setup *s)
{
	free(s->m.b);
	records_free(&s->all);
	reply_free(&s->reply);
	memset(s, 0, sizeof(*s));
}

static void whole_record(void **state)
{
	struct setup s = { 0 };
	struct record *r;

	(void)state;
	record(&s.m, 9, NLM_F_MULTI, false);
	done(&s.m, 0);
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.done);
	assert_false(s.reply.torn);
	assert_int_equal(s.all.n, 1);
	r = &s.all.v[0];
	assert_int_equal(r->id, 9);
	assert_int_equal(r->inum, 4026532281U);
	assert_int_equal(r->parent_inum, 4026531836U);
	assert_int_equal(r->level, 1);
	assert_int_equal(r->flags, SCTRACE_F_HELD | SCTRACE_F_RUNNING);
	assert_string_equal(r->label, "web");
	assert_string_equal(r->comm, "apache2");
	assert_int_equal(r->init_pid, 4711);
	assert_int_equal(r->since, 5000);
	assert_int_equal(r->ended_at, 0);
	assert_int_equal(r->last_new, 6000);
	assert_int_equal(r->calls_missed, 2);
	assert_true(r->has_other_nr);
	assert_int_equal(r->other_nr, -1);
	assert_false(r->strange);
	assert_int_equal(r->n_abi, 2);
	assert_int_equal(r->abi[0].arch, X86_64);
	assert_true(nrset_has(&r->abi[0].kind[0], 0));
	assert_true(nrset_has(&r->abi[0].kind[0], 1));
	assert_false(nrset_has(&r->abi[0].kind[0], 2));
	assert_true(nrset_has(&r->abi[0].kind[0], 15));
	assert_int_equal(nrset_count(&r->abi[0].kind[0]), 3);
	assert_int_equal(nrset_next(&r->abi[0].kind[3], -1), 1023);
	assert_int_equal(nrset_next(&r->abi[0].kind[3], 1023), -1);
	assert_int_equal(record_distinct(r), 7);
	assert_int_equal(r->n_sighting, 3);
	assert_int_equal(r->sighting[2].nr, 2);
	/* a name that fills its field ends all the same */
	assert_int_equal(strlen(r->sighting[0].comm), SCTRACE_COMM_LEN - 1);
	drop(&s);
}

static void split_record(void **state)
{
	struct setup s = { 0 };

	(void)state;
	record(&s.m, 9, NLM_F_MULTI, true);
	assert_int_equal(feed(&s), 0);
	assert_false(s.reply.done);
	/* the next recvmsg */
	s.m.n = 0;
	continuation(&s.m, 9, false);
	record(&s.m, 10, NLM_F_MULTI, false);
	done(&s.m, 0);
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.done);
	assert_int_equal(s.all.n, 2);
	assert_int_equal(s.all.v[0].n_sighting, 5);
	assert_int_equal(s.all.v[0].sighting[4].nr, 4);
	assert_int_equal(s.all.v[0].cursor, 5);
	assert_int_equal(s.all.v[1].id, 10);
	assert_int_equal(s.all.v[1].n_sighting, 3);
	drop(&s);
}

static void put_values(struct buf *m, const struct sctrace_value *v, size_t n,
		       size_t size)
{
	unsigned char *all = xcalloc(n, size);
	size_t i;

	for (i = 0; i < n; i++)
		memcpy(all + i * size, &v[i], sizeof(*v));
	attr(m, SCTRACE_A_VALUES, all, n * size);
	u32(m, SCTRACE_A_VALUE_SIZE, size);
	u32(m, SCTRACE_A_VALUE_CURSOR, n);
	free(all);
}

static void continued_by(struct buf *m, const struct sctrace_value *v, size_t n,
			 size_t size, uint32_t open)
{
	size_t at = answer(m, NLM_F_MULTI);

	u64(m, SCTRACE_A_ID, 9);
	put_values(m, v, n, size);
	if (open)
		u32(m, SCTRACE_A_OPEN, open);
	msg_end(m, at);
}

/* Elements of a newer module are longer; what is strange in them is not taken */
static void values(void **state)
{
	struct sctrace_value v[5] = { 0 };
	struct setup s = { 0 };
	struct record *r;

	(void)state;
	v[0] = (struct sctrace_value){ .arch = X86_64, .nr = 41, .num = 3,
		.index = { 0, 1, 2 }, .arg = { 2, 1, 6 }, .upper = 1 };
	memset(v[0].comm, 'a', sizeof(v[0].comm));
	v[1] = (struct sctrace_value){ .arch = X86_64, .nr = 56, .num = 1,
		.how = SCTRACE_HOW_FLAGS, .arg = { 17 } };
	v[2] = (struct sctrace_value){ .arch = X86_64, .nr = 321,
		.how = SCTRACE_HOW_OPEN, .why = SCTRACE_OPEN_MANY };
	v[3] = (struct sctrace_value){ .nr = 1, .num = 4 };
	v[4] = (struct sctrace_value){ .nr = 1, .kind = 1 << 9 };
	record(&s.m, 9, NLM_F_MULTI, true);
	continued_by(&s.m, v, 5, sizeof(*v) + 8, 0);
	done(&s.m, 0);
	s.reply.values = true;
	assert_int_equal(feed(&s), 0);
	r = &s.all.v[0];
	assert_true(r->has_values);
	assert_true(r->strange);
	assert_int_equal(r->n_value, 3);
	assert_int_equal(r->value_cursor, 5);
	assert_int_equal(r->open, 0);
	assert_int_equal(r->value[0].arg[2], 6);
	assert_int_equal(r->value[0].upper, 1);
	assert_int_equal(strlen(r->value[0].comm), SCTRACE_COMM_LEN - 1);
	assert_int_equal(r->value[1].how, SCTRACE_HOW_FLAGS);
	assert_int_equal(r->value[2].why, SCTRACE_OPEN_MANY);
	drop(&s);

	/* shorter than the first module's */
	record(&s.m, 9, NLM_F_MULTI, true);
	{
		size_t at = answer(&s.m, NLM_F_MULTI);

		u64(&s.m, SCTRACE_A_ID, 9);
		attr(&s.m, SCTRACE_A_VALUES, v, sizeof(*v) - 8);
		u32(&s.m, SCTRACE_A_VALUE_SIZE, sizeof(*v) - 8);
		msg_end(&s.m, at);
	}
	assert_int_equal(feed(&s), -1);
	assert_non_null(strstr(s.reply.malformed, "another size"));
	drop(&s);
}

static void broken_off(void **state)
{
	struct setup s = { 0 };

	(void)state;
	record(&s.m, 9, NLM_F_MULTI, true);
	continuation(&s.m, 10, false);
	assert_int_equal(feed(&s), -1);
	assert_non_null(s.reply.malformed);
	drop(&s);

	record(&s.m, 9, NLM_F_MULTI, true);
	done(&s.m, 0);
	assert_int_equal(feed(&s), -1);
	assert_non_null(s.reply.malformed);
	drop(&s);
}

static void unknown_attributes(void **state)
{
	static const unsigned char bits[] = { 1 };
	struct setup s = { 0 };
	size_t at, abis, abi, sets;

	(void)state;
	at = answer(&s.m, 0);
	u64(&s.m, SCTRACE_A_MAX + 7, 1);
	u64(&s.m, SCTRACE_A_ID, 1);
	u32(&s.m, SCTRACE_A_INUM, 2);
	string(&s.m, 3000, "of the future");
	abis = nest(&s.m, SCTRACE_A_ABIS | NLA_F_NESTED);
	u32(&s.m, 99, 1);
	abi = nest(&s.m, SCTRACE_A_ABI | NLA_F_NESTED);
	u32(&s.m, SCTRACE_ABI_ARCH, X86_64);
	u32(&s.m, SCTRACE_ABI_MAX + 1, 1);
	sets = nest(&s.m, SCTRACE_ABI_SETS | NLA_F_NESTED);
	set(&s.m, KIND_COUNT, bits, 1);	/* the first kind that nobody knows */
	set(&s.m, 0, bits, 1);
	nest_end(&s.m, sets);
	nest_end(&s.m, abi);
	nest_end(&s.m, abis);
	msg_end(&s.m, at);
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.all.n, 1);
	assert_int_equal(record_distinct(&s.all.v[0]), 1);
	/* not understood, but not passed over in silence either */
	assert_true(s.all.v[0].strange);
	drop(&s);
}

/* The kinds of a record whose init has, or has not, called execve */
static void programs(void **state)
{
	static const unsigned char bits[] = { 1 };
	const unsigned int kind = SCTRACE_KIND_SETUP | SCTRACE_KIND_PROGRAM |
				  SCTRACE_KIND_CONFINED;
	size_t at, abis, abi, sets;
	int running;

	(void)state;
	for (running = 0; running < 2; running++) {
		struct setup s = { 0 };
		struct record *r;

		at = answer(&s.m, 0);
		u64(&s.m, SCTRACE_A_ID, 1);
		u32(&s.m, SCTRACE_A_INUM, 2);
		u32(&s.m, SCTRACE_A_FLAGS, running ? SCTRACE_F_RUNNING : 0);
		abis = nest(&s.m, SCTRACE_A_ABIS | NLA_F_NESTED);
		abi = nest(&s.m, SCTRACE_A_ABI | NLA_F_NESTED);
		u32(&s.m, SCTRACE_ABI_ARCH, X86_64);
		sets = nest(&s.m, SCTRACE_ABI_SETS | NLA_F_NESTED);
		set(&s.m, kind, bits, 1);
		nest_end(&s.m, sets);
		nest_end(&s.m, abi);
		nest_end(&s.m, abis);
		msg_end(&s.m, at);
		assert_int_equal(feed(&s), 0);
		r = &s.all.v[0];
		assert_false(r->strange);
		assert_int_equal(r->programs, !running);
		assert_int_equal(nrset_has(&r->abi[0].kind[SCTRACE_KIND_CONFINED],
					   0), !running);
		record_take_setup(r);
		assert_false(r->programs);
		assert_true(nrset_has(&r->abi[0].kind[SCTRACE_KIND_CONFINED],
				      0));
		drop(&s);
	}
}

/* What execs called is apart from the workload's, and can be left out */
static void execs(void **state)
{
	static const unsigned char exec[] = { 1 << 3 | 1 << 5 }, workload[] = { 1 << 3 };
	static const uint16_t kinds[] = {
		SCTRACE_KIND_EXEC, SCTRACE_KIND_SETUP,
		SCTRACE_KIND_EXEC | SCTRACE_KIND_CONFINED | SCTRACE_KIND_DELAYED,
		SCTRACE_KIND_EXEC | SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED, 0,
	};
	struct sctrace_sighting seen[ARRAY_SIZE(kinds)] = { 0 };
	struct sctrace_value value[2] = { 0 };
	struct setup s = { .reply.values = true };
	size_t at, abis, abi, sets, i;
	struct record *r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		seen[i] = (struct sctrace_sighting){ .arch = X86_64, .nr = i, .kind = kinds[i] };
	value[0].kind = SCTRACE_KIND_EXEC;
	value[1].nr = 41;
	at = answer(&s.m, 0);
	u64(&s.m, SCTRACE_A_ID, 1);
	u32(&s.m, SCTRACE_A_INUM, 2);
	u32(&s.m, SCTRACE_A_FLAGS, SCTRACE_F_RUNNING);
	abis = nest(&s.m, SCTRACE_A_ABIS | NLA_F_NESTED);
	abi = nest(&s.m, SCTRACE_A_ABI | NLA_F_NESTED);
	u32(&s.m, SCTRACE_ABI_ARCH, X86_64);
	sets = nest(&s.m, SCTRACE_ABI_SETS | NLA_F_NESTED);
	set(&s.m, SCTRACE_KIND_EXEC, exec, 1);
	set(&s.m, 0, workload, 1);
	nest_end(&s.m, sets);
	nest_end(&s.m, abi);
	nest_end(&s.m, abis);
	attr(&s.m, SCTRACE_A_SIGHTINGS, seen, sizeof(seen));
	u32(&s.m, SCTRACE_A_SIGHTING_SIZE, sizeof(*seen));
	attr(&s.m, SCTRACE_A_VALUES, value, sizeof(value));
	u32(&s.m, SCTRACE_A_VALUE_SIZE, sizeof(*value));
	msg_end(&s.m, at);
	assert_int_equal(feed(&s), 0);
	r = &s.all.v[0];
	assert_false(r->strange);
	assert_false(r->programs);
	assert_int_equal(record_distinct(r), 2);
	assert_true(nrset_has(&r->abi[0].kind[SCTRACE_KIND_EXEC], 5));
	assert_false(nrset_has(&r->abi[0].kind[0], 5));
	assert_string_equal(kind_stage(r->sighting[0].kind), "exec");
	assert_string_equal(kind_stage(r->sighting[1].kind), "setup");
	assert_string_equal(kind_stage(r->sighting[2].kind), "exec");
	assert_string_equal(kind_stage(r->sighting[4].kind), "workload");
	record_leave_execs(r);
	assert_int_equal(record_distinct(r), 1);
	assert_true(nrset_has(&r->abi[0].kind[0], 3));
	assert_int_equal(r->n_sighting, 2);
	assert_int_equal(r->sighting[0].nr, 1);
	assert_int_equal(r->sighting[1].nr, 4);
	assert_int_equal(r->n_value, 1);
	assert_int_equal(r->value[0].nr, 41);
	drop(&s);
}

static void wrong_sizes(void **state)
{
	static const unsigned char bits[129];
	struct setup s = { 0 };
	size_t at, abis, abi, sets;
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		at = answer(&s.m, 0);
		if (i == 0)
			u32(&s.m, SCTRACE_A_ID, 1);
		else
			u64(&s.m, SCTRACE_A_ID, 1);
		if (i == 1)
			attr(&s.m, SCTRACE_A_INUM, bits, 2);
		else if (i != 2)
			u32(&s.m, SCTRACE_A_INUM, 1);
		if (i == 3)
			attr(&s.m, SCTRACE_A_SIGHTINGS, bits, 41);
		if (i == 4) {
			abis = nest(&s.m, SCTRACE_A_ABIS);
			abi = nest(&s.m, SCTRACE_A_ABI);
			u32(&s.m, SCTRACE_ABI_ARCH, X86_64);
			sets = nest(&s.m, SCTRACE_ABI_SETS);
			set(&s.m, 0, bits, sizeof(bits));
			nest_end(&s.m, sets);
			nest_end(&s.m, abi);
			nest_end(&s.m, abis);
		}
		msg_end(&s.m, at);
		assert_int_equal(feed(&s), -1);
		assert_non_null(s.reply.malformed);
		drop(&s);
	}
}

/* Wherever it is cut, it is noticed, and nothing is read beyond the end */
static void truncated(void **state)
{
	struct setup s = { 0 };
	struct buf whole = { 0 };
	size_t n, real;

	(void)state;
	record(&whole, 9, 0, false);
	for (n = 1; n < whole.n; n++) {
		/* as a buffer that ends too early */
		s.m.b = xcalloc(n, 1);
		memcpy(s.m.b, whole.b, n);
		s.m.n = n;
		assert_int_equal(feed(&s), -1);
		drop(&s);
		if (n < NLMSG_HDRLEN)
			continue;
		/* as a message that says that it is shorter */
		s.m.b = xcalloc(n, 1);
		memcpy(s.m.b, whole.b, n);
		s.m.n = n;
		((struct nlmsghdr *)s.m.b)->nlmsg_len = n;
		real = s.all.n;
		if (feed(&s) == 0) {
			/* cut between two attributes, none of which is padded */
			assert_int_equal(s.all.n, real + 1);
			assert_int_equal(n % 4, 0);
		}
		drop(&s);
	}
	free(whole.b);
}

/* Any one byte wrong: no crash, no endless loop, no read out of bounds */
static void mutated(void **state)
{
	static const unsigned char wrong[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	static const struct sctrace_value v[] = {
		{ .arch = X86_64, .nr = 41, .num = 3, .index = { 0, 1, 2 },
		  .arg = { 2, 1, 6 }, .upper = 1, .comm = "init" },
		{ .arch = X86_64, .nr = 435, .num = 1, .how = SCTRACE_HOW_FLAGS,
		  .index = { SCTRACE_INDEX_POINTED }, .arg = { 17 } },
		{ .arch = X86_64, .nr = 16, .how = SCTRACE_HOW_OPEN,
		  .why = SCTRACE_OPEN_MANY },
	};
	struct setup s = { 0 };
	struct buf whole = { 0 };
	size_t n, i, j;

	(void)state;
	record(&whole, 9, NLM_F_MULTI, true);
	continuation(&whole, 9, false);
	continued_by(&whole, v, ARRAY_SIZE(v), sizeof(*v), 0);
	done(&whole, 0);
	for (n = 0; n < whole.n; n++)
		for (i = 0; i < sizeof(wrong); i++) {
			s.m.b = xcalloc(whole.n, 1);
			memcpy(s.m.b, whole.b, whole.n);
			s.m.n = whole.n;
			s.m.b[n] = wrong[i];
			s.reply.values = true;
			if (feed(&s) < 0)
				assert_non_null(s.reply.malformed);
			assert_true(s.all.n <= 2);
			for (j = 0; s.all.n && j < s.all.v[0].n_value; j++)
				free(value_names("socket", &s.all.v[0].value[j]));
			drop(&s);
		}
	free(whole.b);
}

static void refusal(struct buf *m, int flags, int error, const char *text)
{
	struct nlmsgerr e = {
		.error = error, .msg = { .nlmsg_len = NLMSG_HDRLEN + 12 },
	};
	size_t at = msg(m, NLMSG_ERROR, flags, SEQ);

	raw(m, &e, sizeof(e));
	if (!(flags & NLM_F_CAPPED))
		raw(m, "the request ", 12);
	if (flags & NLM_F_ACK_TLVS) {
		u32(m, 2, 16);		/* where the culprit stands */
		string(m, 1, text);
	}
	msg_end(m, at);
}

static void errors(void **state)
{
	struct setup s = { 0 };

	(void)state;
	refusal(&s.m, NLM_F_CAPPED | NLM_F_ACK_TLVS, -ENOENT, "no such record");
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.done);
	assert_int_equal(s.reply.errnum, ENOENT);
	assert_string_equal(s.reply.text, "no such record");
	drop(&s);

	/* a kernel that sends the request back ahead of the words */
	refusal(&s.m, NLM_F_ACK_TLVS, -EPERM, "no right");
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.reply.errnum, EPERM);
	assert_string_equal(s.reply.text, "no right");
	drop(&s);

	/* a kernel without words */
	refusal(&s.m, 0, -EEXIST, NULL);
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.reply.errnum, EEXIST);
	assert_null(s.reply.text);
	drop(&s);

	/* an acknowledgement */
	refusal(&s.m, NLM_F_CAPPED, 0, NULL);
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.done);
	assert_int_equal(s.reply.errnum, 0);
	drop(&s);

	/* a length of the request that points out of the message */
	refusal(&s.m, NLM_F_ACK_TLVS, -EPERM, "x");
	((struct nlmsgerr *)(s.m.b + NLMSG_HDRLEN))->msg.nlmsg_len = 0x7fffffff;
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.reply.errnum, EPERM);
	assert_null(s.reply.text);
	drop(&s);
}

static void failed_dump(void **state)
{
	struct setup s = { 0 };

	(void)state;
	record(&s.m, 9, NLM_F_MULTI, false);
	done(&s.m, -ENOENT);
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.done);
	assert_int_equal(s.reply.errnum, ENOENT);
	drop(&s);
}

static void torn(void **state)
{
	struct setup s = { 0 };
	size_t at;

	(void)state;
	record(&s.m, 9, NLM_F_MULTI, false);
	record(&s.m, 11, NLM_F_MULTI | NLM_F_DUMP_INTR, false);
	done(&s.m, 0);
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.torn);
	drop(&s);

	/* on the last message alone */
	record(&s.m, 9, NLM_F_MULTI, false);
	at = s.m.n;
	done(&s.m, 0);
	((struct nlmsghdr *)(s.m.b + at))->nlmsg_flags |= NLM_F_DUMP_INTR;
	assert_int_equal(feed(&s), 0);
	assert_true(s.reply.torn);
	drop(&s);
}

static void strangers(void **state)
{
	struct setup s = { 0 };
	size_t at;

	(void)state;
	/* what is left of an earlier answer is not ours */
	at = msg(&s.m, FAMILY, 0, SEQ - 1);
	msg_end(&s.m, at);
	at = msg(&s.m, NLMSG_NOOP, 0, SEQ);
	msg_end(&s.m, at);
	record(&s.m, 9, 0, false);
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.all.n, 1);
	drop(&s);

	at = msg(&s.m, FAMILY + 1, 0, SEQ);
	msg_end(&s.m, at);
	assert_int_equal(feed(&s), -1);
	drop(&s);
}

static void info(void **state)
{
	struct info i = { 0 };
	struct reply reply = { .info = &i, .seq = SEQ, .family = FAMILY };
	struct buf m = { 0 };
	size_t at;

	(void)state;
	at = answer(&m, 0);
	u32(&m, SCTRACE_A_API, 1);
	string(&m, SCTRACE_A_VERSION, "1.2.3");
	u32(&m, SCTRACE_A_MODE, SCTRACE_MODE_SELECTED);
	u32(&m, SCTRACE_A_ARCH, X86_64);
	u32(&m, SCTRACE_A_ATTACHED, 1);
	u64(&m, SCTRACE_A_NOW, 123456789012345ULL);
	u32(&m, SCTRACE_A_MAX_RECORDS, 4096);
	u64(&m, SCTRACE_A_EVICTED, 1ULL << 33);
	msg_end(&m, at);
	assert_int_equal(reply_feed(&reply, m.b, m.n), 0);
	assert_int_equal(i.api, 1);
	assert_string_equal(i.version, "1.2.3");
	assert_int_equal(i.mode, SCTRACE_MODE_SELECTED);
	assert_true(i.attached);
	assert_int_equal(i.now, 123456789012345ULL);
	assert_int_equal(i.max_records, 4096);
	assert_int_equal(i.evicted, 1ULL << 33);
	info_free(&i);
	free(m.b);
}

static void many(void **state)
{
	struct setup s = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 4096; i++) {
		s.m.n = 0;
		record(&s.m, i + 1, NLM_F_MULTI, true);
		continuation(&s.m, i + 1, false);
		assert_int_equal(feed(&s), 0);
	}
	s.m.n = 0;
	done(&s.m, 0);
	assert_int_equal(feed(&s), 0);
	assert_int_equal(s.all.n, 4096);
	for (i = 0; i < 4096; i++) {
		assert_int_equal(s.all.v[i].id, i + 1);
		assert_int_equal(s.all.v[i].n_sighting, 5);
	}
	drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_record),
		cmocka_unit_test(split_record),
		cmocka_unit_test(values),
		cmocka_unit_test(broken_off),
		cmocka_unit_test(unknown_attributes),
		cmocka_unit_test(programs),
		cmocka_unit_test(execs),
		cmocka_unit_test(wrong_sizes),
		cmocka_unit_test(truncated),
		cmocka_unit_test(mutated),
		cmocka_unit_test(errors),
		cmocka_unit_test(failed_dump),
		cmocka_unit_test(torn),
		cmocka_unit_test(strangers),
		cmocka_unit_test(info),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
