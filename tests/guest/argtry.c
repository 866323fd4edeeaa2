// SPDX-License-Identifier: GPL-2.0
/*
 * argtry use - calls with arguments that a profile is to allow, and a thread, a process
 * argtry try - the same calls with others, and what became of each: "refused" is ENOSYS
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/types.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef AF_ALG
#define AF_ALG		38
#endif
#ifndef AF_VSOCK
#define AF_VSOCK	40
#endif
#ifndef __NR_clone3
#define __NR_clone3	435
#endif

struct clone3_args {
	__u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack,
	      stack_size, tls;
};

static long flags_clone(unsigned long flags)
{
	long pid = syscall(__NR_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static long flags_clone3(unsigned long flags)
{
	struct clone3_args a = { .flags = flags, .exit_signal = SIGCHLD };
	long pid = syscall(__NR_clone3, &a, sizeof(a));

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static void *thread(void *arg)
{
	return arg;
}

static int check(const char *what, int good)
{
	if (!good)
		printf("%s: %s\n", what, strerror(errno));
	return !good;
}

static int use(void)
{
	pthread_t t;
	int bad = 0, two[2] = { 0 };

	bad += check("unix", socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
	bad += check("inet", socket(AF_INET, SOCK_STREAM, 0) >= 0);
	bad += check("pair", !socketpair(AF_UNIX, SOCK_STREAM, 0, two));
	bad += check("process", flags_clone(0) > 0);
	/* pthread_join() calls it only if the thread is not gone yet */
	bad += check("futex", !syscall(__NR_futex, two, FUTEX_WAKE_PRIVATE, 1));
	bad += check("thread", !pthread_create(&t, NULL, thread, NULL) &&
			       !pthread_join(t, NULL));
	bad += check("unshare", !unshare(CLONE_FS));
	bad += check("setns", setns(-1, CLONE_NEWUTS) < 0 && errno == EBADF);
	bad += check("personality", personality(0xffffffff) >= 0);
	bad += check("name", !prctl(PR_SET_NAME, "argtry"));
	puts(bad ? "bad" : "good");
	return bad;
}

static void tell(const char *what, long ret)
{
	printf("%s %s\n", what, ret >= 0 ? "done" : errno == ENOSYS ? "refused" :
	       "tried");
}

static int try(void)
{
	int two[2];

	tell("AF_ALG", socket(AF_ALG, SOCK_SEQPACKET, 0));
	tell("AF_VSOCK", socket(AF_VSOCK, SOCK_STREAM, 0));
	tell("AF_PACKET", socket(AF_PACKET, SOCK_RAW, 0));
	tell("AF_NETLINK", socket(AF_NETLINK, SOCK_RAW, 0));
	tell("pair of AF_TIPC", socketpair(30, SOCK_STREAM, 0, two));
	tell("clone NEWUSER", flags_clone(CLONE_NEWUSER));
	tell("clone NEWNET", flags_clone(CLONE_NEWNET));
	tell("clone3 NEWUSER", flags_clone3(CLONE_NEWUSER));
	tell("unshare NEWUSER", unshare(CLONE_NEWUSER));
	tell("unshare NEWNS", unshare(CLONE_NEWNS));
	tell("setns NEWNET", setns(-1, CLONE_NEWNET));
	tell("personality READ_IMPLIES_EXEC", personality(READ_IMPLIES_EXEC));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "use"))
		return use();
	if (argc == 2 && !strcmp(argv[1], "try"))
		return try();
	fputs("usage: argtry use|try\n", stderr);
	return 2;
}
