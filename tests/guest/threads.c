// SPDX-License-Identifier: GPL-2.0
/*
 * threads - threads that each call something of their own, a child of a thread,
 * a vfork, and at last a thread (not the leader) that execs "threads done".
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static char **args;

static void *first(void *arg)
{
	struct utsname uts;

	(void)arg;
	uname(&uts);
	getpriority(PRIO_PROCESS, 0);
	return NULL;
}

static void *second(void *arg)
{
	struct sysinfo si;
	pid_t pid;

	(void)arg;
	sysinfo(&si);
	/* A child forked by a thread: carries the flag of a task that has not
	 * called execve, like a container's runtime
	 */
	pid = fork();
	if (!pid) {
		getpgid(0);
		execl("/proc/self/exe", args[0], "child", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return NULL;
}

static void *third(void *arg)
{
	struct tms tms;
	pid_t pid;

	(void)arg;
	times(&tms);
	pid = vfork();
	if (!pid) {
		execl("/proc/self/exe", args[0], "child", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return NULL;
}

static void *last(void *arg)
{
	(void)arg;
	getsid(0);
	execl("/proc/self/exe", args[0], "done", (char *)NULL);
	_exit(127);
}

int main(int argc, char **argv)
{
	static void *(*const fns[])(void *) = { first, second, third };
	pthread_t t[3];
	int i;

	args = argv;
	if (argc > 1 && !strcmp(argv[1], "child")) {
		sched_get_priority_max(SCHED_FIFO);
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "done")) {
		getppid();
		return 0;
	}
	for (i = 0; i < 3; i++) {
		if (pthread_create(&t[i], NULL, fns[i], NULL))
			return 1;
	}
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	if (pthread_create(&t[0], NULL, last, NULL))
		return 1;
	pthread_join(t[0], NULL);
	return 1;
}
