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

/* what a rule says of a call is somebody's will, and stays */
static void add(struct profile *p, const char *name, const char *why,
		const char *from, struct profile_notes *notes)
{
	if (profile_names(p, name) || profile_allows(p, name) || !exists(p, name))
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
			if (profile_names(seen, f->names[j]) &&
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
 * portable_twin() - what can do the same as a call
 * @name: the call
 * @at: 0 at first; where to go on
 * @why: set to what they do, "opens a file"
 *
 * Return: the next one, or NULL.
 */
const char *portable_twin(const char *name, size_t *at, const char **why)
{
	size_t i, j, k;

	for (; *at < ARRAY_SIZE(families) * MEMBERS; (*at)++) {
		i = *at / MEMBERS;
		k = *at % MEMBERS;
		if (!families[i].names[k] || !strcmp(families[i].names[k], name))
			continue;
		for (j = 0; j < MEMBERS && families[i].names[j]; j++)
			if (!strcmp(families[i].names[j], name)) {
				*why = families[i].reason;
				return families[i].names[(*at)++ % MEMBERS];
			}
	}
	return NULL;
}
