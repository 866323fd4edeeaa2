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

#include "profile/algebra.h"
#include "dialect.h"
#include "lib/names.h"

static const char *const newer[] = {
	"cachestat", "clone3", "close_range", "copy_file_range", "epoll_pwait2",
	"execveat", "faccessat2", "fchmodat2", "fsconfig", "fsmount", "fsopen",
	"fspick", "futex_requeue", "futex_wait", "futex_waitv", "futex_wake",
	"getrandom", "getxattrat", "io_pgetevents", "io_uring_enter",
	"io_uring_register", "io_uring_setup", "landlock_add_rule",
	"landlock_create_ruleset", "landlock_restrict_self", "listmount",
	"listxattrat", "lsm_get_self_attr", "lsm_list_modules",
	"lsm_set_self_attr", "map_shadow_stack", "membarrier", "memfd_create",
	"memfd_secret", "mlock2", "mount_setattr", "move_mount", "mseal",
	"open_tree", "open_tree_attr", "openat2", "pidfd_getfd", "pidfd_open",
	"pidfd_send_signal", "pkey_alloc", "pkey_free", "pkey_mprotect",
	"preadv2", "process_madvise", "process_mrelease", "pwritev2",
	"quotactl_fd", "removexattrat", "renameat2", "rseq",
	"set_mempolicy_home_node", "setxattrat", "statmount", "statx",
};

/* the 64-bit time calls of 32-bit ABIs, with the older ones as fall-back */
static const char *const newer_32bit[] = {
	"clock_adjtime64", "clock_getres_time64", "clock_gettime64",
	"clock_nanosleep_time64", "clock_settime64", "futex_time64",
	"io_pgetevents_time64", "mq_timedreceive_time64",
	"mq_timedsend_time64", "ppoll_time64", "pselect6_time64",
	"recvmmsg_time64", "rt_sigtimedwait_time64",
	"sched_rr_get_interval_time64", "semtimedop_time64",
	"timer_gettime64", "timer_settime64", "timerfd_gettime64",
	"timerfd_settime64", "utimensat_time64",
};

static bool named(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (strset_has(&p->rules[i].names, name))
			return true;
	return false;
}

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
 * @f: the dialect, for the note
 * @notes: told that the rest gets EPERM, or NULL
 * @err: what cannot be expressed
 *
 * Return: the profile with EPERM for its default if that was ENOSYS, or NULL.
 */
struct profile *dialect_explicit_enosys(struct profile *p, enum format f,
					struct profile_notes *notes,
					struct error **err)
{
	struct strset add = { 0 };
	struct profile *to;
	struct profile_rule *r;
	size_t i;

	if (p->def_action != PA_ERRNO || profile_default_errno(p) != ENOSYS)
		return p;
	for (i = 0; i < ARRAY_SIZE(newer); i++)
		if (!named(p, newer[i]))
			strset_add(&add, newer[i]);
	if (any_32bit(p))
		for (i = 0; i < ARRAY_SIZE(newer_32bit); i++)
			if (!named(p, newer_32bit[i]))
				strset_add(&add, newer_32bit[i]);
	to = algebra_redefault(p, PA_ERRNO,
			       f == FORMAT_K8S ? PROFILE_NO_ERRNO : EPERM, err);
	if (!to) {
		strset_free(&add);
		if (f == FORMAT_K8S) {
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
		     format_name(f));
	return to;
}
