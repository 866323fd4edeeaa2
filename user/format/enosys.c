// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that are tried first and replaced by older ones where the kernel says
 * ENOSYS.  Callers take any other error, EPERM in particular, for the answer:
 * glibc cannot start a thread where clone3 gives EPERM.
 *
 * A dialect without an errno for unnamed calls refuses them with EPERM, so
 * these are named there.
 */
#include <errno.h>

#include "profile/ages.h"
#include "profile/algebra.h"
#include "dialect.h"
#include "lib/names.h"

static bool arch_is_32bit(const char *name)
{
	const struct abi_name *a = names_abi_token(name);

	return a && a->narrow;
}

static bool any_32bit(const struct profile *p)
{
	size_t i, j;

	for (i = 0; i < p->arches.n; i++)
		if (arch_is_32bit(p->arches.v[i]))
			return true;
	for (i = 0; i < p->n_archmap; i++) {
		if (arch_is_32bit(p->archmap[i].arch))
			return true;
		for (j = 0; j < p->archmap[i].subs.n; j++)
			if (arch_is_32bit(p->archmap[i].subs.v[j]))
				return true;
	}
	return false;
}

/**
 * dialect_explicit_enosys() - ENOSYS by name, for a dialect without a default
 * @p: the profile, freed
 * @d: the dialect
 * @notes: told that the rest gets EPERM, or NULL
 * @err: what cannot be expressed
 *
 * Return: the profile with EPERM for its default if that was ENOSYS, or NULL.
 */
struct profile *dialect_explicit_enosys(struct profile *p, const struct dialect *d,
					struct profile_notes *notes,
					struct error **err)
{
	struct strset add = { 0 };
	struct profile *to;
	struct profile_rule *r;
	size_t i, j;

	if (p->def_action != PA_ERRNO || profile_default_errno(p) != ENOSYS)
		return p;
	ages_fall_back(any_32bit(p), &add);
	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++)
			strset_del(&add, p->rules[i].names.v[j]);
	to = algebra_redefault(p, PA_ERRNO,
			       d->can & CAN_DEFAULT_ERRNO ? EPERM :
							  PROFILE_NO_ERRNO, notes, err);
	if (!to) {
		strset_free(&add);
		if (!(d->can & CAN_DEFAULT_ERRNO)) {
			profile_free(p);
			return NULL;
		}
		/* the member exists, only older engines ignore it */
		profile_note(notes, "%s: the default errno stays a default, which Docker before 23.0 ignores",
			     (*err)->text);
		error_free(*err);
		*err = NULL;
		return p;
	}
	profile_free(p);
	r = profile_add_rule(to, PA_ERRNO, ENOSYS);
	r->names = add;
	profile_note(notes, "%s has no dependable default errno: newer calls get ENOSYS by name, all others EPERM",
		     d->name);
	return to;
}
