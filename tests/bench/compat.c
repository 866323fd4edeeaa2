// SPDX-License-Identifier: GPL-2.0
/*
 * compat - getppid of a 32-bit program, measured as bench.c does; built with NR, that call, which
 * fails
 *
 * Prints nanoseconds per call, which are instructions in a counting guest.
 */

#define NR_EXIT			1
#define NR_WRITE		4
#define NR_GETPPID		64
#define NR_CLOCK_GETTIME	265
#define CLOCK_MONOTONIC		1

#ifndef NR
#define NR			NR_GETPPID
#endif

#define CALLS	1000
#define PASSES	60

static long call(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a" (ret)
			 : "0" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}

/* In 32 bits: good for four seconds */
static unsigned int now(void)
{
	struct { long sec, nsec; } ts;

	call(NR_CLOCK_GETTIME, CLOCK_MONOTONIC, (long)&ts, 0);
	return (unsigned int)ts.sec * 1000000000U + (unsigned int)ts.nsec;
}

/* The cheapest pass of @calls */
static unsigned int cost(unsigned int calls)
{
	unsigned int best = ~0U, start, took, i, pass;

	for (pass = 0; pass < PASSES; pass++) {
		start = now();
		for (i = 0; i < calls; i++)
			call(NR, 1000, 0, 0);
		took = now() - start;
		if (took < best)
			best = took;
	}
	return best;
}

void _start(void)
{
	char text[16], *p = text + sizeof(text);
	unsigned int hundredths, digits;

	/* now() itself is a call, too */
	hundredths = (cost(CALLS) - cost(0)) / (CALLS / 100);
	*--p = '\n';
	for (digits = 0; digits < 3 || hundredths; digits++) {
		if (digits == 2)
			*--p = '.';
		*--p = '0' + hundredths % 10;
		hundredths /= 10;
	}
	call(NR_WRITE, 1, (long)p, text + sizeof(text) - p);
	call(NR_EXIT, 0, 0, 0);
	__builtin_unreachable();
}
