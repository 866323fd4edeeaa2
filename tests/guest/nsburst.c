// SPDX-License-Identifier: GPL-2.0
/*
 * nsburst [-p] [-l] TIMES - make PID namespaces as fast as it goes
 *
 * The init of namespace number i (from 0) makes the calls 600 and 601 + i % 400,
 * and ends. Prints how many namespaces there were.
 *
 * -p	all at once: none ends before all are there and have made their calls;
 *	then wait for end of file on standard input
 * -l	for ever, TIMES in a round, until killed
 */

#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int *ready;
static int gate[2];

static long bare(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall" : "=a" (ret)
			 : "a" (nr), "D" (a), "S" (b), "d" (c)
			 : "rcx", "r11", "memory");
	return ret;
}

static void init(int i, int parallel)
{
	char byte;

	bare(600, -1, -1, -1);
	bare(601 + i % 400, -1, -1, -1);
	if (parallel) {
		__atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
		bare(SYS_close, gate[1], 0, 0);
		bare(SYS_read, gate[0], (long)&byte, 1);
	}
	for (;;)
		bare(SYS_exit_group, 0, 0, 0);
}

int main(int argc, char **argv)
{
	int c, i, times, born = 0, parallel = 0, loop = 0;
	char byte;
	long pid;

	while ((c = getopt(argc, argv, "pl")) != -1) {
		if (c == 'p')
			parallel = 1;
		else if (c == 'l')
			loop = 1;
		else
			return 2;
	}
	if (optind + 1 != argc)
		return 2;
	times = atoi(argv[optind]);
	ready = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ready == MAP_FAILED || pipe(gate))
		return 1;
	do {
		for (i = 0; i < times; i++) {
			pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0,
				      0, 0);
			if (pid < 0) {
				fprintf(stderr, "nsburst: after %d: %s\n", i,
					strerror(errno));
				break;
			}
			if (!pid)
				init(i, parallel);
			born++;
			if (!parallel)
				waitpid(pid, NULL, 0);
		}
	} while (loop);
	if (parallel) {
		while (__atomic_load_n(ready, __ATOMIC_SEQ_CST) < born)
			usleep(1000);
	}
	printf("%d\n", born);
	fflush(stdout);
	if (parallel) {
		while (read(0, &byte, 1) > 0)
			;
		close(gate[1]);
		while (wait(NULL) > 0)
			;
	}
	return born == times ? 0 : 1;
}
