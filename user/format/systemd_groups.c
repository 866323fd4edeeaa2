// SPDX-License-Identifier: GPL-2.0
/*
 * systemd's groups of system calls, as `systemd-analyze syscall-filter` of the
 * releases 252 and 257 lists them.
 */
#include <seccomp.h>
#include <string.h>

#include "lib/guess.h"
#include "lib/names.h"
#include "systemd_groups.h"

/* NAME/RELEASE: not there before that release, among those that were asked */
static const struct group {
	const char *name;
	unsigned int since;
	const char *members;
} groups[] = {
	{ "@default", 252,
	  "@sandbox/257 arch_prctl brk cacheflush clock_getres "
	  "clock_getres_time64 clock_gettime clock_gettime64 "
	  "clock_nanosleep clock_nanosleep_time64 execve exit "
	  "exit_group futex futex_time64 futex_waitv get_robust_list "
	  "get_thread_area getegid getegid32 geteuid geteuid32 getgid "
	  "getgid32 getgroups getgroups32 getpgid getpgrp getpid "
	  "getppid getrandom getresgid getresgid32 getresuid "
	  "getresuid32 getrlimit getsid gettid gettimeofday getuid "
	  "getuid32 lsm_get_self_attr/257 lsm_list_modules/257 "
	  "membarrier mmap mmap2 mprotect mseal/257 munmap nanosleep "
	  "pause prlimit64 restart_syscall riscv_flush_icache "
	  "riscv_hwprobe rseq rt_sigreturn sched_getaffinity "
	  "sched_yield set_robust_list set_thread_area set_tid_address "
	  "set_tls sigreturn time ugetrlimit uretprobe" },
	{ "@aio", 252,
	  "io_cancel io_destroy io_getevents io_pgetevents "
	  "io_pgetevents_time64 io_setup io_submit io_uring_enter "
	  "io_uring_register io_uring_setup" },
	{ "@basic-io", 252,
	  "_llseek close close_range dup dup2 dup3 llseek/257 lseek "
	  "pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readv "
	  "write writev" },
	{ "@chown", 252,
	  "chown chown32 fchown fchown32 fchownat lchown lchown32" },
	{ "@clock", 252,
	  "adjtimex clock_adjtime clock_adjtime64 clock_settime "
	  "clock_settime64 settimeofday" },
	{ "@cpu-emulation", 252,
	  "modify_ldt subpage_prot switch_endian vm86 vm86old" },
	{ "@debug", 252,
	  "lookup_dcookie perf_event_open pidfd_getfd ptrace rtas "
	  "s390_runtime_instr sys_debug_setcontext" },
	{ "@file-system", 252,
	  "access chdir chmod close creat faccessat faccessat2 "
	  "fallocate fchdir fchmod fchmodat fchmodat2 fcntl fcntl64 "
	  "fgetxattr file_getattr/257 file_setattr/257 flistxattr "
	  "fremovexattr fsetxattr fstat fstat64 fstatat/257 fstatat64 "
	  "fstatfs fstatfs64 ftruncate ftruncate64 futimesat getcwd "
	  "getdents getdents64 getxattr getxattrat/257 "
	  "inotify_add_watch inotify_init inotify_init1 "
	  "inotify_rm_watch lgetxattr link linkat listmount/257 "
	  "listxattr listxattrat/257 llistxattr lremovexattr lsetxattr "
	  "lstat lstat64 mkdir mkdirat mknod mknodat newfstat/257 "
	  "newfstatat oldfstat oldlstat oldstat open openat openat2 "
	  "readlink readlinkat removexattr removexattrat/257 rename "
	  "renameat renameat2 rmdir setxattr setxattrat/257 stat stat64 "
	  "statfs statfs64 statmount/257 statx symlink symlinkat "
	  "truncate truncate64 unlink unlinkat utime utimensat "
	  "utimensat_time64 utimes" },
	{ "@io-event", 252,
	  "_newselect epoll_create epoll_create1 epoll_ctl "
	  "epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait "
	  "epoll_wait_old eventfd eventfd2 poll ppoll ppoll_time64 "
	  "pselect6 pselect6_time64 select" },
	{ "@ipc", 252,
	  "ipc memfd_create mq_getsetattr mq_notify mq_open "
	  "mq_timedreceive mq_timedreceive_time64 mq_timedsend "
	  "mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd "
	  "pipe pipe2 process_madvise process_vm_readv "
	  "process_vm_writev semctl semget semop semtimedop "
	  "semtimedop_time64 shmat shmctl shmdt shmget" },
	{ "@keyring", 252,
	  "add_key keyctl request_key" },
	{ "@memlock", 252,
	  "mlock mlock2 mlockall munlock munlockall" },
	{ "@module", 252,
	  "delete_module finit_module init_module" },
	{ "@mount", 252,
	  "chroot fsconfig fsmount fsopen fspick mount mount_setattr "
	  "move_mount open_tree pivot_root umount umount2" },
	{ "@network-io", 252,
	  "accept accept4 bind connect getpeername getsockname "
	  "getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 "
	  "recvmsg send sendmmsg sendmsg sendto setsockopt shutdown "
	  "socket socketcall socketpair" },
	{ "@obsolete", 252,
	  "_sysctl afs_syscall bdflush break create_module ftime "
	  "get_kernel_syms getpmsg gtty idle lock mpx prof profil "
	  "putpmsg query_module security sgetmask ssetmask stime stty "
	  "sysfs tuxcall ulimit uselib ustat vserver" },
	{ "@pkey", 252,
	  "pkey_alloc pkey_free pkey_mprotect" },
	{ "@privileged", 252,
	  "@chown @clock @module @raw-io @reboot @swap _sysctl acct bpf "
	  "capset chroot fanotify_init fanotify_mark nfsservctl "
	  "open_by_handle_at pivot_root quotactl quotactl_fd "
	  "setdomainname setfsuid setfsuid32 setgroups setgroups32 "
	  "sethostname setresuid setresuid32 setreuid setreuid32 setuid "
	  "setuid32 vhangup" },
	{ "@process", 252,
	  "capget clone clone3 execveat fork getrusage kill pidfd_open "
	  "pidfd_send_signal prctl rt_sigqueueinfo rt_tgsigqueueinfo "
	  "setns swapcontext tgkill times tkill unshare vfork wait4 "
	  "waitid waitpid" },
	{ "@raw-io", 252,
	  "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write "
	  "s390_pci_mmio_read s390_pci_mmio_write" },
	{ "@reboot", 252,
	  "kexec_file_load kexec_load reboot" },
	{ "@resources", 252,
	  "ioprio_set mbind migrate_pages move_pages nice "
	  "sched_setaffinity sched_setattr sched_setparam "
	  "sched_setscheduler set_mempolicy set_mempolicy_home_node "
	  "setpriority setrlimit" },
	{ "@sandbox", 257,
	  "landlock_add_rule landlock_create_ruleset "
	  "landlock_restrict_self seccomp" },
	{ "@setuid", 252,
	  "setgid setgid32 setgroups setgroups32 setregid setregid32 "
	  "setresgid setresgid32 setresuid setresuid32 setreuid "
	  "setreuid32 setuid setuid32" },
	{ "@signal", 252,
	  "rt_sigaction rt_sigpending rt_sigprocmask rt_sigsuspend "
	  "rt_sigtimedwait rt_sigtimedwait_time64 sigaction sigaltstack "
	  "signal signalfd signalfd4 sigpending sigprocmask sigsuspend" },
	{ "@swap", 252,
	  "swapoff swapon" },
	{ "@sync", 252,
	  "fdatasync fsync msync sync sync_file_range sync_file_range2 "
	  "syncfs" },
	{ "@system-service", 252,
	  "@aio @basic-io @chown @default @file-system @io-event @ipc "
	  "@keyring @memlock @network-io @process @resources @setuid "
	  "@signal @sync @timer arm_fadvise64_64 capget capset "
	  "copy_file_range fadvise64 fadvise64_64 flock get_mempolicy "
	  "getcpu getpriority ioctl ioprio_get kcmp madvise mremap "
	  "name_to_handle_at oldolduname olduname personality readahead "
	  "readdir remap_file_pages sched_get_priority_max "
	  "sched_get_priority_min sched_getattr sched_getparam "
	  "sched_getscheduler sched_rr_get_interval "
	  "sched_rr_get_interval_time64 sched_yield sendfile sendfile64 "
	  "setfsgid setfsgid32 setfsuid setfsuid32 setpgid setsid "
	  "splice sysinfo tee umask uname userfaultfd vmsplice" },
	{ "@timer", 252,
	  "alarm getitimer setitimer timer_create timer_delete "
	  "timer_getoverrun timer_gettime timer_gettime64 timer_settime "
	  "timer_settime64 timerfd_create timerfd_gettime "
	  "timerfd_gettime64 timerfd_settime timerfd_settime64 times" },
};

static void member_add(struct strset *to, struct strset *newer,
		       const char *name, unsigned int since)
{
	cleanup_free char *word = NULL;

	strset_add(to, name);
	if (since <= SYSTEMD_OLDEST)
		return;
	word = xasprintf("%s (%u)", name, since);
	strset_add(newer, word);
}

/* what libseccomp has a name for, on the ABIs that this machine runs */
static void known_add(struct strset *to)
{
	uint32_t native = seccomp_arch_native();
	const struct abi_name *a;
	unsigned int bit;

	for (a = names_abis + 1; a->token; a++)
		for (bit = 0; bit < SYSTEMD_NUMBERS; bit++) {
			cleanup_free char *name = NULL;

			if (a->arch != native && a->host != native)
				break;
			name = names_syscall(a->arch, bit);
			if (name)
				strset_add(to, name);
		}
}

static bool group_add(const char *name, unsigned int since, struct strset *to,
		      struct strset *newer)
{
	cleanup_free char *copy = NULL;
	const struct group *g;
	char *save, *w;

	for (g = groups; strcmp(g->name, name);)
		if (++g == groups + ARRAY_SIZE(groups))
			return false;
	if (g->since > since)
		since = g->since;
	copy = xstrdup(g->members);
	for (w = strtok_r(copy, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		char *slash = strchr(w, '/');
		unsigned int at = since;

		if (slash) {
			*slash = '\0';
			if ((unsigned int)atoi(slash + 1) > at)
				at = atoi(slash + 1);
		}
		/* no group is within itself */
		if (*w == '@')
			group_add(w, at, to, newer);
		else
			member_add(to, newer, w, at);
	}
	return true;
}

/**
 * systemd_group() - the calls of a group
 * @name: with its @
 * @to: they are added to
 * @newer: gets "NAME (RELEASE)" of those that older releases have not
 * @err: set on failure
 *
 * Return: 0, or -1: there is no such group.
 */
int systemd_group(const char *name, struct strset *to, struct strset *newer,
		  struct error **err)
{
	struct guess g = GUESS_INIT(name);
	size_t i;

	if (!strcmp(name, "@known")) {
		known_add(to);
		return 0;
	}
	if (group_add(name, SYSTEMD_OLDEST, to, newer))
		return 0;
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		guess_try(&g, groups[i].name);
	if (g.best)
		return error_make(err, ST_FAILED, 0,
				  "`%s` is no group of systemd %u%s", name,
				  SYSTEMD_NEWEST, guess_text(&g));
	return error_make(err, ST_FAILED, 0,
			  "`%s` is no group of systemd %u: write out what `systemd-analyze syscall-filter %s` lists",
			  name, SYSTEMD_NEWEST, name);
}

/**
 * systemd_group_name() - the names of all groups but @known
 * @i: from 0 on
 *
 * Return: the name; NULL: there are no more.
 */
const char *systemd_group_name(size_t i)
{
	return i < ARRAY_SIZE(groups) ? groups[i].name : NULL;
}

/**
 * systemd_default_always() - what every release has in @default that is in use
 * @to: it is added to
 *
 * Those from 239 on, of RHEL 8; it has no brk and no mmap, say.
 */
void systemd_default_always(struct strset *to)
{
	static const char *const names[] = {
		"clock_getres", "clock_gettime", "clock_nanosleep", "execve", "exit",
		"exit_group", "futex", "get_robust_list", "get_thread_area", "getegid",
		"getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups",
		"getgroups32", "getpgid", "getpgrp", "getpid", "getppid", "getresgid",
		"getresgid32", "getresuid", "getresuid32", "getrlimit", "getsid", "gettid",
		"gettimeofday", "getuid", "getuid32", "nanosleep", "pause", "prlimit64",
		"restart_syscall", "rt_sigreturn", "sched_yield", "set_robust_list",
		"set_thread_area", "set_tid_address", "set_tls", "sigreturn", "time",
		"ugetrlimit",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		strset_add(to, names[i]);
}

/**
 * systemd_group_member() - does it matter that a group has this call?
 * @p: the profile, whose architectures count
 * @name: the call
 *
 * Return: false where none of them has such a call.
 */
bool systemd_group_member(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->arches.n; i++)
		if (seccomp_syscall_resolve_name_arch(profile_arch_token(p->arches.v[i]),
						      name) >= 0)
			return true;
	return !p->arches.n && seccomp_syscall_resolve_name(name) >= 0;
}

/**
 * systemd_groups_check() - are these words that --groups takes?
 * @words: `whole` and names of groups, with commas between
 * @err: what is wrong with them
 *
 * Return: 0, or -1 and @err.
 */
int systemd_groups_check(const char *words, struct error **err)
{
	cleanup_free char *copy = xstrdup(words);
	char *rest = copy, *w;

	while ((w = strsep(&rest, ","))) {
		struct strset calls = { 0 }, newer = { 0 };
		int ret;

		if (!strcmp(w, "whole"))
			continue;
		if (*w != '@')
			return error_make(err, ST_USAGE, 0,
					  "`%s` is neither `whole` nor a group, as @network-io is",
					  w);
		ret = systemd_group(w, &calls, &newer, err);
		strset_free(&calls);
		strset_free(&newer);
		if (ret)
			return -1;
	}
	return 0;
}

/**
 * systemd_groups_accept() - allow groups that the user has named, as a whole
 * @p: the profile
 * @words: as for systemd_groups_check()
 *
 * What that adds is told. What a rule is about stays as it is.
 */
void systemd_groups_accept(struct profile *p, const char *words)
{
	cleanup_free char *copy = xstrdup(words);
	char *rest = copy, *w;

	while ((w = strsep(&rest, ","))) {
		struct strset calls = { 0 }, newer = { 0 }, added = { 0 };
		cleanup_free char *text = NULL;
		size_t i;

		if (*w == '@')
			systemd_group(w, &calls, &newer, NULL);
		for (i = 0; i < calls.n; i++)
			if (!profile_names(p, calls.v[i]) && systemd_group_member(p, calls.v[i]) &&
			    !profile_allow(p, calls.v[i]))
				strset_add(&added, calls.v[i]);
		text = strset_text(&added, ", ");
		if (added.n)
			warn("--groups %s: adds %s", w, text);
		strset_free(&calls);
		strset_free(&newer);
		strset_free(&added);
	}
}
