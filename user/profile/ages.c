// SPDX-License-Identifier: GPL-2.0
/*
 * Which release brought what: system calls, as data.
 *
 * Linux: the release whose system call table has the call first, in any ABI.
 * libseccomp: the kernel that its tables are of, by its own change log.
 */
#include <stdio.h>
#include <string.h>

#include "ages.h"
#include "lib/util.h"

/* older calls are in every kernel that runs a container */
static const struct call {
	const char *name;
	const char *kernel;
	/*
	 * Callers try it first and take an older call where the kernel says
	 * ENOSYS. They take any other error, EPERM in particular, for the
	 * answer: glibc cannot start a thread where clone3 gives EPERM.
	 */
	bool falls_back;
	bool narrow;		/* 64-bit time, in 32-bit ABIs only */
} calls[] = {
	{ "atomic_cmpxchg_32", "2.6.34", false, false },
	{ "atomic_barrier", "2.6.34", false, false },
	{ "finit_module", "3.8", false, false },
	{ "sched_getattr", "3.14", false, false },
	{ "sched_setattr", "3.14", false, false },
	{ "renameat2", "3.15", true, false },
	{ "getrandom", "3.17", true, false },
	{ "kexec_file_load", "3.17", false, false },
	{ "memfd_create", "3.17", true, false },
	{ "seccomp", "3.17", false, false },
	{ "bpf", "3.18", false, false },
	{ "execveat", "3.19", true, false },
	{ "membarrier", "4.3", true, false },
	{ "userfaultfd", "4.3", false, false },
	{ "mlock2", "4.4", true, false },
	{ "copy_file_range", "4.5", true, false },
	{ "preadv2", "4.6", true, false },
	{ "pwritev2", "4.6", true, false },
	{ "pkey_alloc", "4.9", true, false },
	{ "pkey_free", "4.9", true, false },
	{ "pkey_mprotect", "4.9", true, false },
	{ "statx", "4.11", true, false },
	{ "riscv_flush_icache", "4.15", false, false },
	{ "io_pgetevents", "4.18", true, false },
	{ "rseq", "4.18", true, false },
	{ "clock_adjtime64", "5.1", true, true },
	{ "clock_getres_time64", "5.1", true, true },
	{ "clock_gettime64", "5.1", true, true },
	{ "clock_nanosleep_time64", "5.1", true, true },
	{ "clock_settime64", "5.1", true, true },
	{ "futex_time64", "5.1", true, true },
	{ "io_pgetevents_time64", "5.1", true, true },
	{ "io_uring_enter", "5.1", true, false },
	{ "io_uring_register", "5.1", true, false },
	{ "io_uring_setup", "5.1", true, false },
	{ "mq_timedreceive_time64", "5.1", true, true },
	{ "mq_timedsend_time64", "5.1", true, true },
	{ "pidfd_send_signal", "5.1", true, false },
	{ "ppoll_time64", "5.1", true, true },
	{ "pselect6_time64", "5.1", true, true },
	{ "recvmmsg_time64", "5.1", true, true },
	{ "rt_sigtimedwait_time64", "5.1", true, true },
	{ "sched_rr_get_interval_time64", "5.1", true, true },
	{ "semtimedop_time64", "5.1", true, true },
	{ "timer_gettime64", "5.1", true, true },
	{ "timer_settime64", "5.1", true, true },
	{ "timerfd_gettime64", "5.1", true, true },
	{ "timerfd_settime64", "5.1", true, true },
	{ "utimensat_time64", "5.1", true, true },
	{ "fsconfig", "5.2", true, false },
	{ "fsmount", "5.2", true, false },
	{ "fsopen", "5.2", true, false },
	{ "fspick", "5.2", true, false },
	{ "move_mount", "5.2", true, false },
	{ "open_tree", "5.2", true, false },
	{ "clone3", "5.3", true, false },
	{ "pidfd_open", "5.3", true, false },
	{ "openat2", "5.6", true, false },
	{ "pidfd_getfd", "5.6", true, false },
	{ "faccessat2", "5.8", true, false },
	{ "close_range", "5.9", true, false },
	{ "process_madvise", "5.10", true, false },
	{ "epoll_pwait2", "5.11", true, false },
	{ "mount_setattr", "5.12", true, false },
	{ "landlock_add_rule", "5.13", true, false },
	{ "landlock_create_ruleset", "5.13", true, false },
	{ "landlock_restrict_self", "5.13", true, false },
	{ "memfd_secret", "5.14", true, false },
	{ "quotactl_fd", "5.14", true, false },
	{ "process_mrelease", "5.15", true, false },
	{ "futex_waitv", "5.16", true, false },
	{ "set_mempolicy_home_node", "5.17", true, false },
	{ "cachestat", "6.5", true, false },
	{ "fchmodat2", "6.6", true, false },
	{ "map_shadow_stack", "6.6", true, false },
	{ "futex_requeue", "6.7", true, false },
	{ "futex_wait", "6.7", true, false },
	{ "futex_wake", "6.7", true, false },
	{ "listmount", "6.8", true, false },
	{ "lsm_get_self_attr", "6.8", true, false },
	{ "lsm_list_modules", "6.8", true, false },
	{ "lsm_set_self_attr", "6.8", true, false },
	{ "statmount", "6.8", true, false },
	{ "mseal", "6.10", true, false },
	{ "getxattrat", "6.13", true, false },
	{ "listxattrat", "6.13", true, false },
	{ "removexattrat", "6.13", true, false },
	{ "setxattrat", "6.13", true, false },
	{ "open_tree_attr", "6.15", true, false },
	{ "file_getattr", "6.17", false, false },
	{ "file_setattr", "6.17", false, false },
	{ "riscv_hwprobe", "6.4", false, false },
	{ "uretprobe", "6.11", false, false },
	{ "uprobe", "6.18", false, false },
	{ "listns", "6.19", false, false },
	{ "rseq_slice_yield", "7.0", false, false },
	{ "fchroot", "7.3", false, false },	/* at the latest */
};

static const struct {
	const char *version;
	const char *kernel;
} libseccomp[] = {
	{ "2.2.0", "3.19" }, { "2.3.0", "4.5" }, { "2.3.2", "4.10" },
	{ "2.3.3", "4.15" }, { "2.4.0", "5.0" }, { "2.4.2", "5.4" },
	{ "2.5.0", "5.8" }, { "2.5.2", "5.14" }, { "2.5.3", "5.15" },
	{ "2.5.4", "5.17" }, { "2.5.5", "6.7" }, { "2.5.6", "6.13" },
	{ "2.6.0", "6.13" }, { "2.6.1", "7.1" },
};

static unsigned long number(const char *s)
{
	unsigned int v[3] = { 0 };

	sscanf(s, "%4u.%4u.%4u", &v[0], &v[1], &v[2]);
	return v[0] * 100000000UL + v[1] * 10000UL + v[2];
}

/**
 * ages_before() - is one version older than another?
 * @a: "2.5" is "2.5.0"
 * @b: the other
 *
 * Return: true if @a is older.
 */
bool ages_before(const char *a, const char *b)
{
	return number(a) < number(b);
}

/**
 * ages_call() - the first kernel that has a call
 * @name: the call
 *
 * Return: "5.3", or NULL for a call that is older than 3.8 or not known here.
 */
const char *ages_call(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].kernel;
	return NULL;
}

/**
 * ages_libseccomp() - the kernel whose calls a libseccomp knows
 * @version: "2.5.1"
 *
 * Return: "5.8", or NULL for a version older than 2.2.
 */
const char *ages_libseccomp(const char *version)
{
	const char *kernel = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(libseccomp); i++)
		if (!ages_before(version, libseccomp[i].version))
			kernel = libseccomp[i].kernel;
	return kernel;
}

/**
 * ages_fall_back() - the calls that want ENOSYS where they are refused
 * @narrow: those of 32-bit ABIs too
 * @names: gets them
 */
void ages_fall_back(bool narrow, struct strset *names)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].falls_back && (narrow || !calls[i].narrow))
			strset_add(names, calls[i].name);
}
