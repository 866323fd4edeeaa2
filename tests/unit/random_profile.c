// SPDX-License-Identifier: GPL-2.0
/* Profiles by chance, small enough to meet each other often. */
#include <errno.h>

#include "random_profile.h"
#include "lib/util.h"

/* names of RANDOM_MUX begin, and those of RANDOM_PLAIN */
#define MUX	6
#define PLAIN	12

const char *const random_names[RANDOM_NAMES] = {
	"read", "clone", "personality", "socket", "mount", "ioctl",
	"socketcall", "connect", "accept", "ipc", "shmget", "semtimedop",
	"getpid", "sync", "uname", "exit_group", "gettid",
};

/**
 * chance() - the next number
 * @c: the state
 * @n: how many there are to choose from
 *
 * Return: 0 to @n - 1.
 */
uint32_t chance(struct chance *c, uint32_t n)
{
	/* splitmix64 */
	uint64_t z = c->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % n;
}

/* values that real rules have, small ones, and such as fill both words */
static uint64_t random_value(struct chance *c, unsigned int what)
{
	static const uint64_t some[] = {
		0, 1, 2, 3, 8, 9, 16, 38, 39, 40, 0x7e020000, 0x10000000,
		0x80000000, 0xffffffff, 0x100000000, 0x100000001,
		0x8000000000000000, 0xfffffffffffffffe, 0xffffffffffffffff,
	};

	return some[chance(c, what & RANDOM_HIGH ? ARRAY_SIZE(some) : 11)];
}

static void random_arg(struct chance *c, struct profile_rule *r,
		       unsigned int what)
{
	struct profile_arg a = { .index = chance(c, 3) };
	size_t i;

	/* one index twice is another rule: tested on its own */
	for (i = 0; i < r->n_args; i++)
		if (r->args[i].index == a.index)
			return;
	a.op = chance(c, PO_COUNT);
	a.value = random_value(c, what);
	if (a.op == PO_MASKED_EQ) {
		a.value |= 1 + chance(c, 7);
		/* some of its bits are outside of the mask */
		a.value_two = random_value(c, what);
	}
	profile_rule_add_arg(r, &a);
}

static void random_cond(struct chance *c, struct profile_cond *to)
{
	if (!chance(c, 2))
		strset_add(&to->caps, chance(c, 2) ? "CAP_A" : "CAP_B");
	if (!chance(c, 4))
		strset_add(&to->arches, chance(c, 2) ? "amd64" : "arm64");
	if (!chance(c, 4))
		to->min_kernel = profile_strdup(chance(c, 2) ? "4.8" : "5.10");
}

static void random_action(struct chance *c, enum profile_action *a, int *e)
{
	static const enum profile_action some[] = {
		PA_ALLOW, PA_ALLOW, PA_ERRNO, PA_ERRNO, PA_LOG,
		PA_KILL_PROCESS, PA_TRAP, PA_KILL,
	};
	/* libseccomp takes none from 4095 on */
	static const int errnos[] = { ENOSYS, EPERM, 0, 4094 };

	*a = some[chance(c, ARRAY_SIZE(some))];
	*e = PROFILE_NO_ERRNO;
	if (*a == PA_ERRNO)
		*e = errnos[chance(c, ARRAY_SIZE(errnos))];
}

/* more rules for one call than the algebra asks libseccomp about each by itself */
static void random_many(struct chance *c, struct profile *p)
{
	struct profile_arg a = { .index = chance(c, 3), .op = PO_EQ };
	unsigned int i;

	for (i = 0; i < 150; i++) {
		struct profile_rule *r = profile_add_rule(p, PA_ALLOW,
							  PROFILE_NO_ERRNO);

		strset_add(&r->names, random_names[3]);
		a.value = 1000 + chance(c, 1000);
		profile_rule_add_arg(r, &a);
	}
}

static const char *random_name(struct chance *c, unsigned int what)
{
	return random_names[what & RANDOM_MUX ? MUX + chance(c, PLAIN - MUX) :
						chance(c, MUX)];
}

static void random_plain(struct chance *c, struct profile_rule *r)
{
	size_t i;

	for (i = PLAIN; i < RANDOM_NAMES; i++)
		if (chance(c, 2))
			strset_add(&r->names, random_names[i]);
}

/**
 * random_profile() - a profile
 * @c: the state
 * @what: RANDOM_* flags
 *
 * Return: the profile; profile_free() it.
 */
struct profile *random_profile(struct chance *c, unsigned int what)
{
	struct profile *p = profile_new();
	unsigned int i, j, n = 1 + chance(c, 5);
	enum profile_action a;
	int e;

	p->settled = true;
	if (what & RANDOM_ACTIONS) {
		random_action(c, &a, &e);
		profile_set_default(p, a, e);
	}
	strset_add(&p->arches, "SCMP_ARCH_X86_64");
	if (what & RANDOM_ABIS && chance(c, 2))
		strset_add(&p->arches, "SCMP_ARCH_X86");
	if (what & RANDOM_ABIS && !chance(c, 4))
		strset_add(&p->arches, "SCMP_ARCH_X32");
	if (what & RANDOM_ABIS && !chance(c, 8))
		strset_add(&p->arches, "SCMP_ARCH_AARCH64");
	for (i = 0; i < n; i++) {
		struct profile_rule *r;

		a = PA_ALLOW;
		e = PROFILE_NO_ERRNO;
		if (what & RANDOM_ACTIONS)
			random_action(c, &a, &e);
		r = profile_add_rule(p, a, e);
		for (j = 1 + chance(c, 2); j; j--)
			strset_add(&r->names, random_name(c, what));
		if (what & RANDOM_PLAIN && !chance(c, 3)) {
			random_plain(c, r);
			continue;
		}
		if (what & RANDOM_ARGS && chance(c, 4))
			for (j = 1 + chance(c, 2); j; j--)
				random_arg(c, r, what);
		if (what & RANDOM_CONDS && chance(c, 2)) {
			random_cond(c, &r->includes);
			random_cond(c, &r->excludes);
		}
	}
	if (what & RANDOM_MANY)
		random_many(c, p);
	return p;
}
