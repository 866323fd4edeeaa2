// SPDX-License-Identifier: GPL-2.0
/* Profiles by chance, small enough to meet each other often. */
#include <errno.h>

#include "random_profile.h"
#include "lib/util.h"

const char *const random_names[RANDOM_NAMES] = {
	"read", "write", "clone", "personality", "socket", "mount", "getpid",
	"ioctl",
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

static void random_arg(struct chance *c, struct profile_rule *r,
		       unsigned int what)
{
	struct profile_arg a = { .index = chance(c, 2) };
	size_t i;

	/* one index twice is another rule: tested on its own */
	for (i = 0; i < r->n_args; i++)
		if (r->args[i].index == a.index)
			return;
	a.op = what & RANDOM_ALL_OPS ? chance(c, PO_COUNT) :
	       chance(c, 2) ? PO_EQ : PO_MASKED_EQ;
	a.value = chance(c, 4);
	if (a.op == PO_MASKED_EQ) {
		a.value = 1 + chance(c, 3);
		a.value_two = chance(c, 4) & a.value;
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
		PA_KILL_PROCESS, PA_TRAP,
	};

	*a = some[chance(c, ARRAY_SIZE(some))];
	*e = PROFILE_NO_ERRNO;
	if (*a == PA_ERRNO)
		*e = chance(c, 2) ? ENOSYS : EPERM;
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

	if (what & RANDOM_ACTIONS) {
		random_action(c, &a, &e);
		profile_set_default(p, a, e);
	}
	for (i = 0; i < n; i++) {
		struct profile_rule *r;

		a = PA_ALLOW;
		e = PROFILE_NO_ERRNO;
		if (what & RANDOM_ACTIONS)
			random_action(c, &a, &e);
		r = profile_add_rule(p, a, e);
		for (j = 1 + chance(c, 3); j; j--)
			strset_add(&r->names,
				   random_names[chance(c, RANDOM_NAMES)]);
		if (what & RANDOM_ARGS && chance(c, 2))
			for (j = 1 + chance(c, 2); j; j--)
				random_arg(c, r, what);
		if (what & RANDOM_CONDS && chance(c, 2)) {
			random_cond(c, &r->includes);
			random_cond(c, &r->excludes);
		}
	}
	return p;
}
