// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that deserve a second look, and what others allow by default.
 *
 * Data. A call is listed here when an authority says that it widens what a
 * container can do to the kernel or to others; nothing is listed for being
 * rare. The sources are Docker's table "Significant syscalls blocked by the
 * default profile", the manual pages of the Linux man-pages project, and the
 * kernel's own documentation.
 */

#include <stdlib.h>
#include <string.h>
#include "danger.h"
#include "lib/util.h"

#define DOCKER	"Docker, Seccomp security profiles: significant syscalls blocked"

/* sorted by name: danger_find() searches by halves */
static const struct danger dangers[] = {
	{ "acct", "accounting",
	  "switches process accounting, which writes to a file of the caller's choice",
	  "acct(2); " DOCKER },
	{ "add_key", "keyring",
	  "the kernel's keyrings are not all namespaced",
	  "keyrings(7); " DOCKER },
	{ "bpf", "eBPF",
	  "loads programs into the kernel; the verifier has a history of flaws",
	  "bpf(2), CAP_BPF in capabilities(7); " DOCKER },
	{ "chroot", "root directory",
	  "changes the root directory, and is a way out for who can do it twice",
	  "chroot(2)" },
	{ "clock_adjtime", "clock",
	  "the time is not namespaced: setting it sets it for the host",
	  "clock_adjtime(2), time_namespaces(7); " DOCKER },
	{ "clock_settime", "clock",
	  "the time is not namespaced: setting it sets it for the host",
	  "clock_settime(2), time_namespaces(7); " DOCKER },
	{ "create_module", "kernel module",
	  "part of loading code into the kernel before Linux 2.6",
	  "create_module(2); " DOCKER },
	{ "delete_module", "kernel module",
	  "removes code from the kernel",
	  "delete_module(2); " DOCKER },
	{ "fanotify_init", "file events",
	  "sees, and may hold up, access to files of a whole mount or file system",
	  "fanotify(7)" },
	{ "finit_module", "kernel module",
	  "loads code into the kernel",
	  "finit_module(2); " DOCKER },
	{ "fsconfig", "mount",
	  "new mount API: gives parameters to file system code, which has had flaws",
	  "fsconfig(2), CVE-2022-0185" },
	{ "fsmount", "mount",
	  "new mount API: makes a mount; a rule on mount(2) alone does not see it",
	  "fsmount(2)" },
	{ "fsopen", "mount",
	  "new mount API: opens a file system for mounting",
	  "fsopen(2)" },
	{ "fspick", "mount",
	  "new mount API: reconfigures a file system that is mounted",
	  "fspick(2)" },
	{ "init_module", "kernel module",
	  "loads code into the kernel",
	  "init_module(2); " DOCKER },
	{ "io_uring_enter", "io_uring",
	  "operations go through a ring and bypass seccomp: no filter sees them",
	  "io_uring(7), seccomp(2)" },
	{ "io_uring_register", "io_uring",
	  "operations go through a ring and bypass seccomp: no filter sees them",
	  "io_uring(7), seccomp(2)" },
	{ "io_uring_setup", "io_uring",
	  "its operations bypass seccomp: who may set up a ring may open, connect, send and more, whatever else the profile refuses",
	  "io_uring(7), kernel.io_uring_disabled in the kernel's sysctl documentation" },
	{ "ioperm", "hardware",
	  "gives access to I/O ports",
	  "ioperm(2); " DOCKER },
	{ "iopl", "hardware",
	  "gives access to all I/O ports",
	  "iopl(2); " DOCKER },
	{ "kcmp", "other processes",
	  "compares the insides of other processes, and leaks their layout",
	  "kcmp(2); " DOCKER },
	{ "kexec_file_load", "kernel",
	  "loads another kernel to be booted",
	  "kexec_file_load(2); " DOCKER },
	{ "kexec_load", "kernel",
	  "loads another kernel to be booted",
	  "kexec_load(2); " DOCKER },
	{ "keyctl", "keyring",
	  "the kernel's keyrings are not all namespaced",
	  "keyrings(7), CVE-2016-0728; " DOCKER },
	{ "lookup_dcookie", "tracing",
	  "leaks paths of the host",
	  "lookup_dcookie(2); " DOCKER },
	{ "mbind", "memory placement",
	  "moves memory between NUMA nodes",
	  "mbind(2); " DOCKER },
	{ "mount", "mount",
	  "mounts file systems: the first step of many a way out of a container",
	  "mount(2); " DOCKER },
	{ "mount_setattr", "mount",
	  "new mount API: changes what a mount forbids",
	  "mount_setattr(2)" },
	{ "move_mount", "mount",
	  "new mount API: attaches a mount; a rule on mount(2) alone does not see it",
	  "move_mount(2)" },
	{ "move_pages", "memory placement",
	  "moves pages of a process, also of another",
	  "move_pages(2); " DOCKER },
	{ "name_to_handle_at", "file handles",
	  "one half of opening files by handle",
	  "name_to_handle_at(2); " DOCKER },
	{ "nfsservctl", "obsolete",
	  "obsolete since Linux 3.1",
	  "nfsservctl(2); " DOCKER },
	{ "open_by_handle_at", "file handles",
	  "opens any file of a file system, in or out of the container's part of it",
	  "open_by_handle_at(2), the \"shocker\" exploit of 2014; " DOCKER },
	{ "open_tree", "mount",
	  "new mount API: clones mounts",
	  "open_tree(2)" },
	{ "open_tree_attr", "mount",
	  "new mount API: clones mounts and changes what they forbid",
	  "mount_setattr(2), open_tree(2)" },
	{ "perf_event_open", "tracing",
	  "measures other processes and the kernel; a large surface with a history of flaws",
	  "perf_event_open(2), perf-security in the kernel's documentation; " DOCKER },
	{ "personality", "execution domain",
	  "can turn off address space randomisation",
	  "personality(2); " DOCKER },
	{ "pidfd_getfd", "other processes",
	  "takes file descriptors from another process",
	  "pidfd_getfd(2)" },
	{ "pivot_root", "root directory",
	  "changes the root mount of a mount namespace",
	  "pivot_root(2); " DOCKER },
	{ "process_vm_readv", "other processes",
	  "reads the memory of another process",
	  "process_vm_readv(2); " DOCKER },
	{ "process_vm_writev", "other processes",
	  "writes the memory of another process",
	  "process_vm_writev(2); " DOCKER },
	{ "ptrace", "other processes",
	  "controls other processes; before Linux 4.8 it also got round seccomp",
	  "ptrace(2), seccomp(2); " DOCKER },
	{ "query_module", "kernel module",
	  "part of module loading before Linux 2.6",
	  "query_module(2); " DOCKER },
	{ "quotactl", "quotas",
	  "changes limits of file systems of the host",
	  "quotactl(2); " DOCKER },
	{ "quotactl_fd", "quotas",
	  "changes limits of file systems of the host",
	  "quotactl(2)" },
	{ "reboot", "kernel",
	  "restarts the machine; within a PID namespace, its init",
	  "reboot(2); " DOCKER },
	{ "request_key", "keyring",
	  "the kernel's keyrings are not all namespaced",
	  "keyrings(7); " DOCKER },
	{ "set_mempolicy", "memory placement",
	  "decides on which NUMA nodes memory is",
	  "set_mempolicy(2); " DOCKER },
	{ "setns", "namespaces",
	  "enters another namespace",
	  "setns(2); " DOCKER },
	{ "settimeofday", "clock",
	  "the time is not namespaced: setting it sets it for the host",
	  "settimeofday(2), time_namespaces(7); " DOCKER },
	{ "stime", "clock",
	  "the time is not namespaced: setting it sets it for the host",
	  "stime(2), time_namespaces(7); " DOCKER },
	{ "swapoff", "memory",
	  "takes swap space from the host",
	  "swapoff(2); " DOCKER },
	{ "swapon", "memory",
	  "has the host swap to a file of the caller's choice",
	  "swapon(2); " DOCKER },
	{ "syslog", "kernel",
	  "reads the kernel's log, addresses in it included, and clears it",
	  "syslog(2), dmesg_restrict in the kernel's sysctl documentation" },
	{ "umount", "mount",
	  "takes mounts away, and uncovers what they hide",
	  "umount(2); " DOCKER },
	{ "umount2", "mount",
	  "takes mounts away, and uncovers what they hide",
	  "umount(2); " DOCKER },
	{ "unshare", "namespaces",
	  "makes new namespaces; a user namespace opens kernel code that otherwise takes privilege",
	  "unshare(2), user_namespaces(7); " DOCKER },
	{ "uselib", "obsolete",
	  "loads a shared library; obsolete",
	  "uselib(2); " DOCKER },
	{ "userfaultfd", "memory",
	  "stops the kernel in the midst of a copy for as long as the caller likes, which makes races easy to win",
	  "userfaultfd(2), vm.unprivileged_userfaultfd in the kernel's sysctl documentation; " DOCKER },
	{ "ustat", "obsolete",
	  "obsolete",
	  "ustat(2); " DOCKER },
	{ "vm86", "hardware",
	  "virtual 8086 mode",
	  "vm86(2); " DOCKER },
	{ "vm86old", "hardware",
	  "virtual 8086 mode",
	  "vm86(2); " DOCKER },
};

/*
 * The lists below are for the capabilities that a container has unless it is
 * given more, from Linux 4.8 on, all architectures together: a call that one
 * of them has no number for does not come up on it. Where the engine's default
 * has two rules for a call, the more permissive stands here.
 */
static const char *const docker_always[] = {
	"_llseek", "_newselect", "accept", "accept4", "access", "adjtimex",
	"alarm", "arch_prctl", "arm_fadvise64_64", "arm_sync_file_range",
	"bind", "breakpoint", "brk", "cacheflush", "cachestat", "capget",
	"capset", "chdir", "chmod", "chown", "chown32", "clock_adjtime",
	"clock_adjtime64", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep",
	"clock_nanosleep_time64", "close", "close_range", "connect",
	"copy_file_range", "creat", "dup", "dup2", "dup3", "epoll_create",
	"epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_pwait",
	"epoll_pwait2", "epoll_wait", "epoll_wait_old", "eventfd", "eventfd2",
	"execve", "execveat", "exit", "exit_group", "faccessat", "faccessat2",
	"fadvise64", "fadvise64_64", "fallocate", "fanotify_mark", "fchdir",
	"fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat",
	"fcntl", "fcntl64", "fdatasync", "fgetxattr", "flistxattr", "flock",
	"fork", "fremovexattr", "fsetxattr", "fstat", "fstat64", "fstatat64",
	"fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "futex",
	"futex_requeue", "futex_time64", "futex_wait", "futex_waitv",
	"futex_wake", "futimesat", "get_robust_list", "get_thread_area",
	"getcpu", "getcwd", "getdents", "getdents64", "getegid", "getegid32",
	"geteuid", "geteuid32", "getgid", "getgid32", "getgroups",
	"getgroups32", "getitimer", "getpeername", "getpgid", "getpgrp",
	"getpid", "getppid", "getpriority", "getrandom", "getresgid",
	"getresgid32", "getresuid", "getresuid32", "getrlimit", "getrusage",
	"getsid", "getsockname", "getsockopt", "gettid", "gettimeofday",
	"getuid", "getuid32", "getxattr", "getxattrat", "inotify_add_watch",
	"inotify_init", "inotify_init1", "inotify_rm_watch", "io_cancel",
	"io_destroy", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
	"io_setup", "io_submit", "ioctl", "ioprio_get", "ioprio_set", "ipc",
	"kill", "landlock_add_rule", "landlock_create_ruleset",
	"landlock_restrict_self", "lchown", "lchown32", "lgetxattr", "link",
	"linkat", "listen", "listmount", "listxattr", "listxattrat",
	"llistxattr", "lremovexattr", "lseek", "lsetxattr", "lstat",
	"lstat64", "madvise", "map_shadow_stack", "membarrier",
	"memfd_create", "memfd_secret", "mincore", "mkdir", "mkdirat",
	"mknod", "mknodat", "mlock", "mlock2", "mlockall", "mmap", "mmap2",
	"modify_ldt", "mprotect", "mq_getsetattr", "mq_notify", "mq_open",
	"mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend",
	"mq_timedsend_time64", "mq_unlink", "mremap", "mseal", "msgctl",
	"msgget", "msgrcv", "msgsnd", "msync", "munlock", "munlockall",
	"munmap", "name_to_handle_at", "nanosleep", "newfstatat", "open",
	"openat", "openat2", "pause", "pidfd_open", "pidfd_send_signal",
	"pipe", "pipe2", "pkey_alloc", "pkey_free", "pkey_mprotect", "poll",
	"ppoll", "ppoll_time64", "prctl", "pread64", "preadv", "preadv2",
	"prlimit64", "process_mrelease", "process_vm_readv",
	"process_vm_writev", "pselect6", "pselect6_time64", "ptrace",
	"pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink",
	"readlinkat", "readv", "recv", "recvfrom", "recvmmsg",
	"recvmmsg_time64", "recvmsg", "remap_file_pages", "removexattr",
	"removexattrat", "rename", "renameat", "renameat2", "restart_syscall",
	"riscv_flush_icache", "riscv_hwprobe", "rmdir", "rseq",
	"rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo",
	"rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
	"rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "s390_pci_mmio_read",
	"s390_pci_mmio_write", "s390_runtime_instr", "sched_get_priority_max",
	"sched_get_priority_min", "sched_getaffinity", "sched_getattr",
	"sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
	"sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr",
	"sched_setparam", "sched_setscheduler", "sched_yield", "seccomp",
	"select", "semctl", "semget", "semop", "semtimedop",
	"semtimedop_time64", "send", "sendfile", "sendfile64", "sendmmsg",
	"sendmsg", "sendto", "set_robust_list", "set_thread_area",
	"set_tid_address", "set_tls", "setfsgid", "setfsgid32", "setfsuid",
	"setfsuid32", "setgid", "setgid32", "setgroups", "setgroups32",
	"setitimer", "setpgid", "setpriority", "setregid", "setregid32",
	"setresgid", "setresgid32", "setresuid", "setresuid32", "setreuid",
	"setreuid32", "setrlimit", "setsid", "setsockopt", "setuid",
	"setuid32", "setxattr", "setxattrat", "shmat", "shmctl", "shmdt",
	"shmget", "shutdown", "sigaltstack", "signalfd", "signalfd4",
	"sigprocmask", "sigreturn", "socketcall", "socketpair", "splice",
	"stat", "stat64", "statfs", "statfs64", "statmount", "statx",
	"swapcontext", "symlink", "symlinkat", "sync", "sync_file_range",
	"sync_file_range2", "syncfs", "sysinfo", "tee", "tgkill", "time",
	"timer_create", "timer_delete", "timer_getoverrun", "timer_gettime",
	"timer_gettime64", "timer_settime", "timer_settime64",
	"timerfd_create", "timerfd_gettime", "timerfd_gettime64",
	"timerfd_settime", "timerfd_settime64", "times", "tkill", "truncate",
	"truncate64", "ugetrlimit", "umask", "uname", "unlink", "unlinkat",
	"uretprobe", "utime", "utimensat", "utimensat_time64", "utimes",
	"vfork", "vmsplice", "wait4", "waitid", "waitpid", "write", "writev",
};

static const char *const docker_args[] = {
	"clone", "personality", "socket",
};

static const struct needs docker_caps[] = {
	{ "acct", "CAP_SYS_PACCT" },
	{ "bpf", "CAP_BPF or CAP_SYS_ADMIN" },
	{ "chroot", "CAP_SYS_CHROOT" },
	{ "clock_settime", "CAP_SYS_TIME" },
	{ "clock_settime64", "CAP_SYS_TIME" },
	{ "clone3", "CAP_SYS_ADMIN" },
	{ "delete_module", "CAP_SYS_MODULE" },
	{ "fanotify_init", "CAP_SYS_ADMIN" },
	{ "finit_module", "CAP_SYS_MODULE" },
	{ "fsconfig", "CAP_SYS_ADMIN" },
	{ "fsmount", "CAP_SYS_ADMIN" },
	{ "fsopen", "CAP_SYS_ADMIN" },
	{ "fspick", "CAP_SYS_ADMIN" },
	{ "get_mempolicy", "CAP_SYS_NICE" },
	{ "init_module", "CAP_SYS_MODULE" },
	{ "ioperm", "CAP_SYS_RAWIO" },
	{ "iopl", "CAP_SYS_RAWIO" },
	{ "kcmp", "CAP_SYS_PTRACE" },
	{ "lookup_dcookie", "CAP_SYS_ADMIN" },
	{ "lsm_get_self_attr", "CAP_SYS_ADMIN" },
	{ "lsm_list_modules", "CAP_SYS_ADMIN" },
	{ "lsm_set_self_attr", "CAP_SYS_ADMIN" },
	{ "mbind", "CAP_SYS_NICE" },
	{ "mount", "CAP_SYS_ADMIN" },
	{ "mount_setattr", "CAP_SYS_ADMIN" },
	{ "move_mount", "CAP_SYS_ADMIN" },
	{ "open_by_handle_at", "CAP_DAC_READ_SEARCH" },
	{ "open_tree", "CAP_SYS_ADMIN" },
	{ "perf_event_open", "CAP_PERFMON or CAP_SYS_ADMIN" },
	{ "pidfd_getfd", "CAP_SYS_PTRACE" },
	{ "process_madvise", "CAP_SYS_PTRACE" },
	{ "quotactl", "CAP_SYS_ADMIN" },
	{ "quotactl_fd", "CAP_SYS_ADMIN" },
	{ "reboot", "CAP_SYS_BOOT" },
	{ "set_mempolicy", "CAP_SYS_NICE" },
	{ "set_mempolicy_home_node", "CAP_SYS_NICE" },
	{ "setdomainname", "CAP_SYS_ADMIN" },
	{ "sethostname", "CAP_SYS_ADMIN" },
	{ "setns", "CAP_SYS_ADMIN" },
	{ "settimeofday", "CAP_SYS_TIME" },
	{ "stime", "CAP_SYS_TIME" },
	{ "syslog", "CAP_SYSLOG or CAP_SYS_ADMIN" },
	{ "umount", "CAP_SYS_ADMIN" },
	{ "umount2", "CAP_SYS_ADMIN" },
	{ "unshare", "CAP_SYS_ADMIN" },
	{ "vhangup", "CAP_SYS_TTY_CONFIG" },
};

static const char *const podman_always[] = {
	"_llseek", "_newselect", "accept", "accept4", "access", "adjtimex",
	"alarm", "arch_prctl", "arm_fadvise64_64", "arm_sync_file_range",
	"bind", "breakpoint", "brk", "cacheflush", "capget", "capset",
	"chdir", "chmod", "chown", "chown32", "clock_adjtime",
	"clock_adjtime64", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep",
	"clock_nanosleep_time64", "clone", "clone3", "close", "close_range",
	"connect", "copy_file_range", "creat", "dup", "dup2", "dup3",
	"epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old",
	"epoll_pwait", "epoll_pwait2", "epoll_wait", "epoll_wait_old",
	"eventfd", "eventfd2", "execve", "execveat", "exit", "exit_group",
	"faccessat", "faccessat2", "fadvise64", "fadvise64_64", "fallocate",
	"fanotify_init", "fanotify_mark", "fchdir", "fchmod", "fchmodat",
	"fchmodat2", "fchown", "fchown32", "fchownat", "fcntl", "fcntl64",
	"fdatasync", "fgetxattr", "flistxattr", "flock", "fork",
	"fremovexattr", "fsconfig", "fsetxattr", "fsmount", "fsopen",
	"fspick", "fstat", "fstat64", "fstatat64", "fstatfs", "fstatfs64",
	"fsync", "ftruncate", "ftruncate64", "futex", "futex_requeue",
	"futex_time64", "futex_wait", "futex_waitv", "futex_wake",
	"futimesat", "get_mempolicy", "get_robust_list", "get_thread_area",
	"getcpu", "getcwd", "getdents", "getdents64", "getegid", "getegid32",
	"geteuid", "geteuid32", "getgid", "getgid32", "getgroups",
	"getgroups32", "getitimer", "getpeername", "getpgid", "getpgrp",
	"getpid", "getppid", "getpriority", "getrandom", "getresgid",
	"getresgid32", "getresuid", "getresuid32", "getrlimit", "getrusage",
	"getsid", "getsockname", "getsockopt", "gettid", "gettimeofday",
	"getuid", "getuid32", "getxattr", "inotify_add_watch", "inotify_init",
	"inotify_init1", "inotify_rm_watch", "io_cancel", "io_destroy",
	"io_getevents", "io_setup", "io_submit", "ioctl", "ioprio_get",
	"ioprio_set", "ipc", "keyctl", "kill", "landlock_add_rule",
	"landlock_create_ruleset", "landlock_restrict_self", "lchown",
	"lchown32", "lgetxattr", "link", "linkat", "listen", "listxattr",
	"llistxattr", "lremovexattr", "lseek", "lsetxattr", "lstat",
	"lstat64", "madvise", "mbind", "membarrier", "memfd_create",
	"memfd_secret", "mincore", "mkdir", "mkdirat", "mknod", "mknodat",
	"mlock", "mlock2", "mlockall", "mmap", "mmap2", "modify_ldt", "mount",
	"mount_setattr", "move_mount", "mprotect", "mq_getsetattr",
	"mq_notify", "mq_open", "mq_timedreceive", "mq_timedreceive_time64",
	"mq_timedsend", "mq_timedsend_time64", "mq_unlink", "mremap",
	"msgctl", "msgget", "msgrcv", "msgsnd", "msync", "munlock",
	"munlockall", "munmap", "name_to_handle_at", "nanosleep",
	"newfstatat", "open", "open_tree", "openat", "openat2", "pause",
	"pidfd_getfd", "pidfd_open", "pidfd_send_signal", "pipe", "pipe2",
	"pivot_root", "pkey_alloc", "pkey_free", "pkey_mprotect", "poll",
	"ppoll", "ppoll_time64", "prctl", "pread64", "preadv", "preadv2",
	"prlimit64", "process_mrelease", "process_vm_readv",
	"process_vm_writev", "pselect6", "pselect6_time64", "ptrace",
	"pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink",
	"readlinkat", "readv", "reboot", "recv", "recvfrom", "recvmmsg",
	"recvmmsg_time64", "recvmsg", "remap_file_pages", "removexattr",
	"rename", "renameat", "renameat2", "restart_syscall",
	"riscv_flush_icache", "rmdir", "rseq", "rt_sigaction",
	"rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn",
	"rt_sigsuspend", "rt_sigtimedwait", "rt_sigtimedwait_time64",
	"rt_tgsigqueueinfo", "s390_pci_mmio_read", "s390_pci_mmio_write",
	"s390_runtime_instr", "sched_get_priority_max",
	"sched_get_priority_min", "sched_getaffinity", "sched_getattr",
	"sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
	"sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr",
	"sched_setparam", "sched_setscheduler", "sched_yield", "seccomp",
	"select", "semctl", "semget", "semop", "semtimedop",
	"semtimedop_time64", "send", "sendfile", "sendfile64", "sendmmsg",
	"sendmsg", "sendto", "set_mempolicy", "set_robust_list",
	"set_thread_area", "set_tid_address", "set_tls", "setfsgid",
	"setfsgid32", "setfsuid", "setfsuid32", "setgid", "setgid32",
	"setgroups", "setgroups32", "setitimer", "setns", "setpgid",
	"setpriority", "setregid", "setregid32", "setresgid", "setresgid32",
	"setresuid", "setresuid32", "setreuid", "setreuid32", "setrlimit",
	"setsid", "setsockopt", "setuid", "setuid32", "setxattr", "shmat",
	"shmctl", "shmdt", "shmget", "shutdown", "sigaltstack", "signal",
	"signalfd", "signalfd4", "sigprocmask", "sigreturn", "socketcall",
	"socketpair", "splice", "stat", "stat64", "statfs", "statfs64",
	"statx", "swapcontext", "symlink", "symlinkat", "sync",
	"sync_file_range", "sync_file_range2", "syncfs", "sysinfo", "syslog",
	"tee", "tgkill", "time", "timer_create", "timer_delete",
	"timer_getoverrun", "timer_gettime", "timer_gettime64",
	"timer_settime", "timer_settime64", "timerfd_create",
	"timerfd_gettime", "timerfd_gettime64", "timerfd_settime",
	"timerfd_settime64", "times", "tkill", "truncate", "truncate64",
	"ugetrlimit", "umask", "umount", "umount2", "uname", "unlink",
	"unlinkat", "unshare", "utime", "utimensat", "utimensat_time64",
	"utimes", "vfork", "wait4", "waitid", "waitpid", "write", "writev",
};

static const char *const podman_args[] = {
	"personality", "socket",
};

static const struct needs podman_caps[] = {
	{ "acct", "CAP_SYS_PACCT" },
	{ "bpf", "CAP_BPF or CAP_SYS_ADMIN" },
	{ "chroot", "CAP_SYS_CHROOT" },
	{ "clock_settime", "CAP_SYS_TIME" },
	{ "clock_settime64", "CAP_SYS_TIME" },
	{ "delete_module", "CAP_SYS_MODULE" },
	{ "finit_module", "CAP_SYS_MODULE" },
	{ "init_module", "CAP_SYS_MODULE" },
	{ "ioperm", "CAP_SYS_RAWIO" },
	{ "iopl", "CAP_SYS_RAWIO" },
	{ "kcmp", "CAP_SYS_PTRACE" },
	{ "lookup_dcookie", "CAP_SYS_ADMIN" },
	{ "open_by_handle_at", "CAP_DAC_READ_SEARCH" },
	{ "perf_event_open", "CAP_PERFMON or CAP_SYS_ADMIN" },
	{ "process_madvise", "CAP_SYS_PTRACE" },
	{ "query_module", "CAP_SYS_MODULE" },
	{ "quotactl", "CAP_SYS_ADMIN" },
	{ "quotactl_fd", "CAP_SYS_ADMIN" },
	{ "setdomainname", "CAP_SYS_ADMIN" },
	{ "sethostname", "CAP_SYS_ADMIN" },
	{ "settimeofday", "CAP_SYS_TIME" },
	{ "stime", "CAP_SYS_TIME" },
	{ "vhangup", "CAP_SYS_TTY_CONFIG" },
};

#define LISTS(p)							\
	.always = p ## _always, .n_always = ARRAY_SIZE(p ## _always),	\
	.args = p ## _args, .n_args = ARRAY_SIZE(p ## _args),		\
	.caps = p ## _caps, .n_caps = ARRAY_SIZE(p ## _caps)

const struct peer peers[PEERS] = {
	{ .name = "Docker", .key = "docker",
	  .version = "moby/profiles seccomp/v0.2.3, 2026-05",
	  LISTS(docker) },
	{ .name = "podman", .key = "podman",
	  .version = "containers-common 0.68.0, 2026-03",
	  LISTS(podman) },
};

static int by_danger(const void *key, const void *of)
{
	return strcmp(key, ((const struct danger *)of)->name);
}

static int by_string(const void *key, const void *of)
{
	return strcmp(key, *(const char *const *)of);
}

static int by_need(const void *key, const void *of)
{
	return strcmp(key, ((const struct needs *)of)->name);
}

/**
 * danger_find() - does a call deserve a second look?
 * @name: the call
 *
 * Return: why, or NULL.
 */
const struct danger *danger_find(const char *name)
{
	return bsearch(name, dangers, ARRAY_SIZE(dangers), sizeof(*dangers),
		       by_danger);
}

/**
 * danger_all() - all calls that deserve a second look
 * @n: how many
 *
 * Return: them, sorted by name.
 */
const struct danger *danger_all(size_t *n)
{
	*n = ARRAY_SIZE(dangers);
	return dangers;
}

/**
 * peer_verdict() - what an engine's default profile says of a call
 * @p: the engine
 * @name: the call
 * @cap: gets what PEER_NEEDS_CAP takes, else NULL; may be NULL
 *
 * Return: the verdict, for a container without added capabilities.
 */
enum peer_verdict peer_verdict(const struct peer *p, const char *name,
			       const char **cap)
{
	const struct needs *need;

	if (cap)
		*cap = NULL;
	if (bsearch(name, p->always, p->n_always, sizeof(*p->always),
		    by_string))
		return PEER_ALLOWS;
	if (bsearch(name, p->args, p->n_args, sizeof(*p->args), by_string))
		return PEER_LOOKS;
	need = bsearch(name, p->caps, p->n_caps, sizeof(*p->caps), by_need);
	if (!need)
		return PEER_REFUSES;
	/* who has it without asking is not held up by it */
	if (!strcmp(need->cap, "CAP_SYS_CHROOT"))
		return PEER_ALLOWS;
	if (cap)
		*cap = need->cap;
	return PEER_NEEDS_CAP;
}
