// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that deserve a second look.
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

static int by_danger(const void *key, const void *of)
{
	return strcmp(key, ((const struct danger *)of)->name);
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
