// SPDX-License-Identifier: GPL-2.0
/* Names of values: those that the headers on this machine have. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "lib/util.h"
#include "lib/values.h"

static void is(const char *call, unsigned int n, uint64_t a, uint64_t b,
	       uint64_t c, const char *text)
{
	const uint64_t arg[3] = { a, b, c };
	cleanup_free char *is = values_tuple(call, arg, n);

	assert_string_equal(is, text);
}

static void test_names(void **state)
{
	(void)state;
	is("socket", 3, AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP,
	   "AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP");
	is("socket", 3, AF_NETLINK, SOCK_RAW, 15,
	   "AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT");
	is("socketpair", 3, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	   "AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 0");
	is("socket", 1, AF_ALG, 0, 0, "AF_ALG");
	is("socket", 1, 4000, 0, 0, "4000");
	is("setsockopt", 2, SOL_SOCKET, SO_REUSEADDR, 0,
	   "SOL_SOCKET, SO_REUSEADDR");
	is("setsockopt", 2, IPPROTO_TCP, TCP_NODELAY, 0,
	   "IPPROTO_TCP, TCP_NODELAY");
	is("setsockopt", 2, IPPROTO_IPV6, IPV6_V6ONLY, 0,
	   "IPPROTO_IPV6, IPV6_V6ONLY");
	is("clone", 1, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0,
	   "SIGCHLD|CLONE_VM|CLONE_VFORK");
	/* what is a signal for clone is a flag for unshare */
	is("clone", 1, 0x80, 0, 0, "128");
	is("unshare", 1, CLONE_NEWUSER | CLONE_NEWNS, 0, 0,
	   "CLONE_NEWNS|CLONE_NEWUSER");
	is("personality", 1, PER_LINUX | ADDR_NO_RANDOMIZE, 0, 0,
	   "ADDR_NO_RANDOMIZE");
	is("personality", 1, PER_LINUX, 0, 0, "PER_LINUX");
	is("personality", 1, 0xffffffff, 0, 0, "0xffffffff");
	is("prctl", 1, PR_SET_NAME, 0, 0, "PR_SET_NAME");
	is("prctl", 1, PR_SET_PDEATHSIG, 0, 0, "PR_SET_PDEATHSIG");
	is("keyctl", 1, 0, 0, 0, "KEYCTL_GET_KEYRING_ID");
	is("bpf", 1, 5, 0, 0, "BPF_PROG_LOAD");
	is("ptrace", 1, 0, 0, 0, "PTRACE_TRACEME");
	is("seccomp", 1, SECCOMP_SET_MODE_FILTER, 0, 0,
	   "SECCOMP_SET_MODE_FILTER");
	is("fcntl", 1, 1030, 0, 0, "F_DUPFD_CLOEXEC");
	is("ioctl", 1, TCGETS, 0, 0, "TCGETS");
	is("ioctl", 1, TIOCGWINSZ, 0, 0, "TIOCGWINSZ");
	is("ioctl", 1, 0x12345678, 0, 0, "0x12345678");
	is("prlimit64", 1, RLIMIT_NOFILE, 0, 0, "RLIMIT_NOFILE");
	is("madvise", 1, MADV_DONTNEED, 0, 0, "MADV_DONTNEED");
	is("mmap", 1, PROT_READ | PROT_EXEC, 0, 0, "PROT_READ|PROT_EXEC");
	is("mmap", 1, PROT_NONE, 0, 0, "PROT_NONE");
	is("mount", 1, MS_BIND | MS_REC, 0, 0, "MS_BIND|MS_REC");
	is("umount2", 1, MNT_DETACH, 0, 0, "MNT_DETACH");
	is("socketcall", 1, 1, 0, 0, "SYS_SOCKET");
	is("ipc", 1, 21, 0, 0, "SHMAT");
	is("not_watched", 2, 1, 0x10000, 0, "1, 0x10000");
}

/*
 * The table is that of the headers that this test sees: every address family but the
 * holes that Linux has, and every flag of a namespace.
 */
static void test_current(void **state)
{
	static const uint64_t namespaces[] = {
		CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
		CLONE_NEWPID, CLONE_NEWNET,
#ifdef CLONE_NEWCGROUP
		CLONE_NEWCGROUP,
#endif
#ifdef CLONE_NEWTIME
		CLONE_NEWTIME,
#endif
	};
	const struct value_name *v = NULL;
	unsigned int n = 0;
	size_t i;

	(void)state;
	for (i = 0; i < AF_MAX; i++)
		assert_non_null(values_name(VALUES_AF, i));
	while ((v = values_next(VALUES_AF, v))) {
		assert_true(v->value < AF_MAX);
		n++;
	}
	assert_int_equal(n, AF_MAX);
	for (i = 0; i < ARRAY_SIZE(namespaces); i++)
		assert_memory_equal(values_name(VALUES_CLONE, namespaces[i]),
				    "CLONE_NEW", 9);
	assert_int_equal(values_find("CLONE_NEWUSER")->value, CLONE_NEWUSER);
	assert_null(values_find("CLONE_NEWNOTHING"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
