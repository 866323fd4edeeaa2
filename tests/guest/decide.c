// SPDX-License-Identifier: GPL-2.0
/*
 * decide - what the kernel decides of some calls, argument by argument
 *
 * Makes each call with each pair of first arguments, in the program's own ABI and
 * in i386's, and prints a line for each: ABI, number, arguments in hex, and
 *
 *	allowed		it was made, whatever became of it
 *	errno N		a filter refused it with N, which no kernel uses
 *	SIGSYS		a filter killed, or trapped
 *
 * A killed process is followed by another one that goes on after that.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* errnos from here on are a filter's */
#define FILTERS_OWN	1000

static const struct {
	const char *abi;
	long nr;
} calls[] = {
	{ "x86_64", 135 }, { "x86_64", 41 }, { "x86_64", 16 }, { "x86_64", 8 },
	/* personality, socket, ioctl, lseek; socketcall without any arguments */
	{ "i386", 136 }, { "i386", 359 }, { "i386", 54 }, { "i386", 19 },
	{ "i386", 102 },
};

static const uint64_t values[] = {
	0, 1, 2, 7, 8, 9, 16, 38, 40, 0x80000000, 0xffffffff, 0x100000000,
	0x100000008, 0xffffffffffffffff,
};

#define N_CALLS		(sizeof(calls) / sizeof(*calls))
#define N_VALUES	(sizeof(values) / sizeof(*values))
#define N		(N_CALLS * N_VALUES * N_VALUES)

static long call(int i386, long nr, uint64_t a, uint64_t b)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	register long r9 __asm__("r9") = 0;
	long ret = nr;

	if (i386)
		__asm__ volatile("int $0x80" : "+a" (ret)
				 : "b" (a), "c" (b), "d" (0L), "S" (0L), "D" (0L)
				 : "r8", "r9", "r10", "r11", "memory");
	else
		__asm__ volatile("syscall" : "+a" (ret)
				 : "D" (a), "S" (b), "d" (0L), "r" (r10),
				   "r" (r8), "r" (r9)
				 : "rcx", "r11", "memory");
	return i386 ? (int)ret : ret;
}

static void one(size_t i, short *said)
{
	size_t c = i / (N_VALUES * N_VALUES);
	long ret = call(calls[c].abi[0] == 'i', calls[c].nr,
			values[i / N_VALUES % N_VALUES], values[i % N_VALUES]);

	/* a new descriptor is not kept, nor is a changed personality */
	if (ret > 2 && (calls[c].nr == 41 || calls[c].nr == 359))
		close(ret);
	*said = ret <= -FILTERS_OWN && ret > -4096 ? -ret : 1;
}

int main(void)
{
	volatile size_t *at;
	short *said;
	size_t i;

	at = mmap(NULL, sizeof(*at) + N * sizeof(*said), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return 1;
	said = (short *)(at + 1);
	for (*at = 0; *at < N; ++*at) {
		pid_t pid = fork();
		int status;

		if (pid < 0)
			return 1;
		if (!pid) {
			/* lseek would move what all processes share */
			for (i = 0; i < 64; i++)
				close(i);
			for (; *at < N; ++*at)
				one(*at, &said[*at]);
			_exit(0);
		}
		if (waitpid(pid, &status, 0) != pid)
			return 1;
		/* else 0 is left: killed there */
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			break;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			return 1;
	}
	for (i = 0; i < N; i++) {
		size_t c = i / (N_VALUES * N_VALUES);

		printf("%s:%ld:%llx:%llx ", calls[c].abi, calls[c].nr,
		       (unsigned long long)values[i / N_VALUES % N_VALUES],
		       (unsigned long long)values[i % N_VALUES]);
		if (!said[i])
			printf("SIGSYS\n");
		else if (said[i] == 1)
			printf("allowed\n");
		else
			printf("errno-%d\n", said[i]);
	}
	return 0;
}
