// SPDX-License-Identifier: GPL-2.0
/*
 * What a recorded profile needs on another machine.
 *
 * A recording is of one C library, one kernel and one clock source.  Another
 * machine may enter the kernel where this one had the vDSO's answer, and another
 * C library may use another call of the same family for the same thing.
 */
#include <seccomp.h>
#include <string.h>

#include "portable.h"
#include "lib/util.h"

#define MEMBERS	14

/* one member makes the others as good as allowed: they can do no more */
static const struct family {
	const char *reason;
	const char *names[MEMBERS];
} families[] = {
	{ "opens a file", { "open", "openat", "openat2" } },
	{ "opens a file", { "creat", "open", "openat" } },
	{ "reads a file's attributes", {
		"stat", "lstat", "fstat", "newfstatat", "statx", "stat64",
		"lstat64", "fstat64", "fstatat64", "oldstat", "oldfstat" } },
	{ "reads a file system's attributes", { "statfs", "statfs64" } },
	{ "reads a file system's attributes", { "fstatfs", "fstatfs64" } },
	{ "checks access", { "access", "faccessat", "faccessat2" } },
	{ "starts a process or thread", { "clone", "clone3", "fork", "vfork" } },
	{ "waits for events", {
		"epoll_wait", "epoll_pwait", "epoll_pwait2" } },
	{ "makes an epoll", { "epoll_create", "epoll_create1" } },
	{ "makes an eventfd", { "eventfd", "eventfd2" } },
	{ "makes a signalfd", { "signalfd", "signalfd4" } },
	{ "makes an inotify", { "inotify_init", "inotify_init1" } },
	{ "waits for files", {
		"select", "pselect6", "_newselect", "pselect6_time64", "poll",
		"ppoll", "ppoll_time64" } },
	{ "makes a pipe", { "pipe", "pipe2" } },
	{ "copies a descriptor", { "dup2", "dup3" } },
	{ "makes a directory", { "mkdir", "mkdirat" } },
	{ "removes a file", { "unlink", "unlinkat" } },
	{ "removes a directory", { "rmdir", "unlinkat" } },
	{ "renames a file", { "rename", "renameat", "renameat2" } },
	{ "links a file", { "link", "linkat" } },
	{ "makes a symbolic link", { "symlink", "symlinkat" } },
	{ "reads a symbolic link", { "readlink", "readlinkat" } },
	{ "reads a directory", { "getdents", "getdents64" } },
	{ "changes a mode", { "chmod", "fchmodat", "fchmodat2" } },
	{ "changes an owner", { "chown", "lchown", "fchownat", "chown32",
		"lchown32" } },
	{ "changes times", {
		"utime", "utimes", "futimesat", "utimensat",
		"utimensat_time64" } },
	{ "makes a node", { "mknod", "mknodat" } },
	{ "accepts a connection", { "accept", "accept4" } },
	{ "waits for a child", { "wait4", "waitid", "waitpid" } },
	{ "sleeps", {
		"nanosleep", "clock_nanosleep", "clock_nanosleep_time64" } },
	{ "locks in user space", { "futex", "futex_time64" } },
	{ "sets limits", { "getrlimit", "ugetrlimit", "prlimit64" } },
	{ "maps memory", { "mmap", "mmap2", "old_mmap" } },
	{ "seeks", { "lseek", "_llseek" } },
	{ "controls a file", { "fcntl", "fcntl64" } },
	{ "truncates a file", { "truncate", "truncate64" } },
	{ "truncates a file", { "ftruncate", "ftruncate64" } },
	{ "sends a file", { "sendfile", "sendfile64" } },
	{ "reads at a place", { "preadv", "preadv2" } },
	{ "writes at a place", { "pwritev", "pwritev2" } },
	{ "receives messages", { "recvmmsg", "recvmmsg_time64" } },
	{ "sets a handler", { "rt_sigaction", "sigaction", "signal" } },
	{ "blocks signals", { "rt_sigprocmask", "sigprocmask" } },
	{ "sends a signal to a thread", { "tkill", "tgkill" } },
	{ "reads its user", { "getuid", "getuid32" } },
	{ "reads its user", { "geteuid", "geteuid32" } },
	{ "reads its group", { "getgid", "getgid32" } },
	{ "reads its group", { "getegid", "getegid32" } },
};

static const char *const vdso[] = {
	"clock_getres", "clock_getres_time64", "clock_gettime",
	"clock_gettime64", "getcpu", "gettimeofday", "time", NULL
};

static const char *const always[] = {
	"exit", "exit_group", "rt_sigreturn", "sigreturn", "restart_syscall",
	NULL
};

static const char *const libc[] = {
	"futex", "futex_time64", "getrandom", "prlimit64", "rseq",
	"set_robust_list", "set_tid_address", NULL
};

/* where a call came into the kernel; older ones are in all that we run on */
static const struct {
	const char *name;
	const char *kernel;
} since[] = {
	{ "finit_module", "3.8" }, { "sched_getattr", "3.14" },
	{ "sched_setattr", "3.14" }, { "renameat2", "3.15" },
	{ "getrandom", "3.17" }, { "kexec_file_load", "3.17" },
	{ "memfd_create", "3.17" }, { "seccomp", "3.17" }, { "bpf", "3.18" },
	{ "execveat", "3.19" }, { "membarrier", "4.3" },
	{ "userfaultfd", "4.3" }, { "mlock2", "4.4" },
	{ "copy_file_range", "4.5" }, { "preadv2", "4.6" },
	{ "pwritev2", "4.6" }, { "pkey_alloc", "4.9" }, { "pkey_free", "4.9" },
	{ "pkey_mprotect", "4.9" }, { "statx", "4.11" },
	{ "io_pgetevents", "4.18" }, { "rseq", "4.18" },
	{ "clock_adjtime64", "5.1" }, { "clock_getres_time64", "5.1" },
	{ "clock_gettime64", "5.1" }, { "clock_nanosleep_time64", "5.1" },
	{ "clock_settime64", "5.1" }, { "futex_time64", "5.1" },
	{ "io_pgetevents_time64", "5.1" }, { "io_uring_enter", "5.1" },
	{ "io_uring_register", "5.1" }, { "io_uring_setup", "5.1" },
	{ "mq_timedreceive_time64", "5.1" }, { "mq_timedsend_time64", "5.1" },
	{ "pidfd_send_signal", "5.1" }, { "ppoll_time64", "5.1" },
	{ "pselect6_time64", "5.1" }, { "recvmmsg_time64", "5.1" },
	{ "rt_sigtimedwait_time64", "5.1" },
	{ "sched_rr_get_interval_time64", "5.1" },
	{ "semtimedop_time64", "5.1" }, { "timer_gettime64", "5.1" },
	{ "timer_settime64", "5.1" }, { "timerfd_gettime64", "5.1" },
	{ "timerfd_settime64", "5.1" }, { "utimensat_time64", "5.1" },
	{ "fsconfig", "5.2" }, { "fsmount", "5.2" }, { "fsopen", "5.2" },
	{ "fspick", "5.2" }, { "move_mount", "5.2" }, { "open_tree", "5.2" },
	{ "clone3", "5.3" }, { "pidfd_open", "5.3" }, { "openat2", "5.6" },
	{ "pidfd_getfd", "5.6" }, { "faccessat2", "5.8" },
	{ "close_range", "5.9" }, { "process_madvise", "5.10" },
	{ "epoll_pwait2", "5.11" }, { "mount_setattr", "5.12" },
	{ "landlock_add_rule", "5.13" }, { "landlock_create_ruleset", "5.13" },
	{ "landlock_restrict_self", "5.13" }, { "memfd_secret", "5.14" },
	{ "quotactl_fd", "5.14" }, { "process_mrelease", "5.15" },
	{ "futex_waitv", "5.16" }, { "set_mempolicy_home_node", "5.17" },
	{ "cachestat", "6.5" }, { "fchmodat2", "6.6" },
	{ "map_shadow_stack", "6.6" }, { "futex_requeue", "6.7" },
	{ "futex_wait", "6.7" }, { "futex_wake", "6.7" },
	{ "listmount", "6.8" }, { "lsm_get_self_attr", "6.8" },
	{ "lsm_list_modules", "6.8" }, { "lsm_set_self_attr", "6.8" },
	{ "statmount", "6.8" }, { "mseal", "6.10" }, { "getxattrat", "6.13" },
	{ "listxattrat", "6.13" }, { "removexattrat", "6.13" },
	{ "setxattrat", "6.13" }, { "open_tree_attr", "6.15" },
	{ "file_getattr", "6.17" }, { "file_setattr", "6.17" },
};

/* the kernel whose calls a libseccomp knows, by its own change log */
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

/* does any architecture of the profile have a call of its own by this name? */
static bool exists(const struct profile *p, const char *name)
{
	size_t i, j;

	if (!p->arches.n && !p->n_archmap)
		return seccomp_syscall_resolve_name(name) >= 0;
	for (i = 0; i < p->arches.n; i++)
		if (seccomp_syscall_resolve_name_arch(
				profile_arch_token(p->arches.v[i]), name) >= 0)
			return true;
	for (i = 0; i < p->n_archmap; i++) {
		const struct profile_archmap *m = &p->archmap[i];

		if (seccomp_syscall_resolve_name_arch(
				profile_arch_token(m->arch), name) >= 0)
			return true;
		for (j = 0; j < m->subs.n; j++)
			if (seccomp_syscall_resolve_name_arch(
					profile_arch_token(m->subs.v[j]),
					name) >= 0)
				return true;
	}
	return false;
}

static bool named(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (strset_has(&p->rules[i].names, name))
			return true;
	return false;
}

/* what a rule says of a call is somebody's will, and stays */
static void add(struct profile *p, const char *name, const char *why,
		const char *from, struct profile_notes *notes)
{
	if (named(p, name) || profile_allows(p, name) || !exists(p, name))
		return;
	profile_allow(p, name);
	if (from)
		profile_note(notes, "added `%s`: %s, as `%s` does", name, why,
			     from);
	else
		profile_note(notes, "added `%s`: %s", name, why);
}

static void add_all(struct profile *p, const char *const *list,
		    const char *why, struct profile_notes *notes)
{
	size_t i;

	for (i = 0; list[i]; i++)
		add(p, list[i], why, NULL, notes);
}

/**
 * portable_add() - allow what the same program may need elsewhere
 * @p: the profile; a call that any rule names stays as it is
 * @notes: each name with its reason, or NULL
 */
void portable_add(struct profile *p, struct profile_notes *notes)
{
	struct profile *seen = profile_dup(p);
	size_t i, j, k;

	add_all(p, always, "a kernel may make or need it at any time", notes);
	add_all(p, vdso, "the vDSO answers it here, elsewhere the kernel may",
		notes);
	add_all(p, libc, "C libraries call it at any start", notes);
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *f = &families[i];

		for (j = 0; j < MEMBERS && f->names[j]; j++)
			if (named(seen, f->names[j]) &&
			    profile_allows(seen, f->names[j]))
				break;
		if (j == MEMBERS || !f->names[j])
			continue;
		for (k = 0; k < MEMBERS && f->names[k]; k++)
			add(p, f->names[k], f->reason, f->names[j], notes);
	}
	profile_free(seen);
	profile_normalise(p);
}

/**
 * portable_since() - the first kernel that has a call
 * @name: the call
 *
 * Return: "5.3", or NULL for a call that is older than 3.8 or not known here.
 */
const char *portable_since(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(since); i++)
		if (!strcmp(since[i].name, name))
			return since[i].kernel;
	return NULL;
}

/**
 * portable_libseccomp() - the kernel whose calls a libseccomp knows
 * @version: "2.5.1"
 *
 * Return: "5.8", or NULL for a version older than 2.2.
 */
const char *portable_libseccomp(const char *version)
{
	const char *kernel = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(libseccomp); i++)
		if (number(libseccomp[i].version) <= number(version))
			kernel = libseccomp[i].kernel;
	return kernel;
}

/**
 * portable_too_new() - names that an older kernel or libseccomp does not know
 * @p: the profile
 * @kernel: the kernel, "5.8"
 * @notes: gets a line for each
 */
void portable_too_new(const struct profile *p, const char *kernel,
		      struct profile_notes *notes)
{
	struct strset seen = { 0 };
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++) {
			const char *name = p->rules[i].names.v[j];
			const char *from = portable_since(name);

			if (from && number(from) > number(kernel) &&
			    strset_add(&seen, name))
				profile_note(notes, "`%s` came with Linux %s",
					     name, from);
		}
	strset_free(&seen);
}
