// SPDX-License-Identifier: GPL-2.0
/*
 * cloneflip N - call clone3 while another thread changes its flags all the time, from
 * CLONE_NEWUTS to CLONE_NEWIPC and back, until either was what the kernel did N times. What it
 * did is told by the namespaces of the child. Prints the flags that it did, in hexadecimal.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3	435
#endif

struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static struct clone3_args args = { .flags = CLONE_NEWUTS, .exit_signal = SIGCHLD };

static const struct {
	const char *file;
	uint64_t flag;
} spaces[2] = {
	{ "/proc/self/ns/uts", CLONE_NEWUTS },
	{ "/proc/self/ns/ipc", CLONE_NEWIPC },
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/*
 * For a while each: an emulator that runs one CPU at a time leaves this one at the end of a loop
 * only, and would never leave it in between.
 */
static void set(uint64_t flags)
{
	volatile int i;

	__atomic_store_n(&args.flags, flags, __ATOMIC_RELAXED);
	for (i = 0; i < 50; i++)
		;
}

static void *flip(void *unused)
{
	for (;;) {
		set(CLONE_NEWIPC);
		set(CLONE_NEWUTS);
	}
	return unused;
}

static void space_of_self(unsigned int i, char *link, size_t size)
{
	ssize_t len = readlink(spaces[i].file, link, size - 1);

	if (len < 0)
		die(spaces[i].file);
	link[len] = 0;
}

int main(int argc, char **argv)
{
	unsigned int did[2] = { 0 }, num = argc > 1 ? atoi(argv[1]) : 0, i;
	char ours[2][64], own[64];
	uint64_t flags = 0;
	pthread_t thread;
	int status;
	pid_t pid;

	for (i = 0; i < 2; i++)
		space_of_self(i, ours[i], sizeof(ours[i]));
	if (pthread_create(&thread, NULL, flip, NULL))
		die("pthread_create");
	while (did[0] < num || did[1] < num) {
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid < 0)
			die("clone3");
		if (!pid) {
			for (status = 0, i = 0; i < 2; i++) {
				space_of_self(i, own, sizeof(own));
				status |= !!strcmp(own, ours[i]) << i;
			}
			_exit(status);
		}
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			die("waitpid");
		for (i = 0; i < 2; i++) {
			if (WEXITSTATUS(status) >> i & 1) {
				did[i]++;
				flags |= spaces[i].flag;
			}
		}
	}
	printf("%llx\n", (unsigned long long)flags);
	return 0;
}
