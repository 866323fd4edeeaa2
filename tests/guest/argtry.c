// SPDX-License-Identifier: GPL-2.0
/*
 * argtry - calls with arguments that a profile is to allow, and a thread, a process. What else
 * there is, tryall tries
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long process(void)
{
	long pid = syscall(__NR_clone, SIGCHLD, 0, 0, 0, 0);

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

int main(void)
{
	pthread_t t;
	int bad = 0, two[2] = { 0 };

	bad += check("unix", socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
	bad += check("inet", socket(AF_INET, SOCK_STREAM, 0) >= 0);
	bad += check("pair", !socketpair(AF_UNIX, SOCK_STREAM, 0, two));
	bad += check("process", process() > 0);
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
