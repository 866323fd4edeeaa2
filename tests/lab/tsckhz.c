// SPDX-License-Identifier: GPL-2.0
/*
 * Print the frequency of this machine's time stamp counter in kHz.
 *
 * QEMU's emulated x86 hands on the host's counter. A guest that has to find its
 * frequency out by itself on a busy host gets it wrong, by as much as a factor
 * of four: then its clock runs that much too fast for the rest of its life.
 */

#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct pair {
	long long ns;
	unsigned long long tsc;
};

/* Read both at one moment: of many tries the one that took the least time. */
static struct pair both(void)
{
	unsigned long long best = ~0ULL;
	struct pair p = { 0 };
	int i;

	for (i = 0; i < 1000; i++) {
		unsigned long long a, b;
		struct timespec t;

		a = __rdtsc();
		clock_gettime(CLOCK_MONOTONIC_RAW, &t);
		b = __rdtsc();
		if (b - a < best) {
			best = b - a;
			p.tsc = a + (b - a) / 2;
			p.ns = t.tv_sec * 1000000000LL + t.tv_nsec;
		}
	}
	return p;
}

int main(void)
{
	struct timespec wait = { .tv_nsec = 200000000 };
	struct pair a, b;

	a = both();
	nanosleep(&wait, NULL);
	b = both();
	if (b.ns <= a.ns || b.tsc <= a.tsc)
		return 1;
	printf("%.0f\n", (double)(b.tsc - a.tsc) * 1e6 / (double)(b.ns - a.ns));
	return 0;
}
