// SPDX-License-Identifier: GPL-2.0
/*
 * tryall - system calls with all arguments that decide about attack surface, no library
 * between: each address family, each namespace flag, personalities. A line for each: number
 * of the call, the argument in hexadecimal, and whether a filter refused it (ENOSYS).
 *
 * x86-64 only.
 */

#define NR_WRITE	1
#define NR_SOCKET	41
#define NR_SOCKETPAIR	53
#define NR_CLONE	56
#define NR_PERSONALITY	135
#define NR_EXIT_GROUP	231
#define NR_UNSHARE	272
#define NR_SETNS	308
#define NR_CLONE3	435

/* ENOSYS, which says that a filter refused */
#define REFUSED		38
#define SIGCHLD		17
#define FAMILIES	46

static long call(long nr, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	register unsigned long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret)
			 : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10)
			 : "rcx", "r11", "memory");
	return ret;
}

__asm__(".globl _start\n_start:\n\tand $-16, %rsp\n\tcall begin\n");

static void number(char **to, unsigned long n, unsigned int base)
{
	char digit[24];
	int i = 0;

	do {
		digit[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	while (i)
		*(*to)++ = digit[--i];
	*(*to)++ = ' ';
}

static void tell(long nr, unsigned long arg, long ret)
{
	const char *said = ret == -REFUSED ? "refused\n" : "done\n";
	char line[80], *to = line;

	number(&to, (unsigned long)nr, 10);
	number(&to, arg, 16);
	while (*said)
		*to++ = *said++;
	call(NR_WRITE, 1, (unsigned long)line, (unsigned long)(to - line), 0);
}

/* A process that is its parent's copy ends at once */
static long forked(long pid)
{
	if (!pid)
		call(NR_EXIT_GROUP, 0, 0, 0, 0);
	return pid;
}

__attribute__((noreturn, used)) void begin(void);

/**
 * begin() - where the program starts
 */
void begin(void)
{
	/* NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */
	static const unsigned long spaces[] = {
		0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000,
		0x40000000,
	};
	static const unsigned long persons[] = {
		0, 8, 0x20000, 0x20008, 0x40000, 0x400000, 0xffffffff,
	};
	static unsigned long clone3[8];
	unsigned long i, two[2];

	for (i = 0; i < FAMILIES; i++) {
		tell(NR_SOCKET, i, call(NR_SOCKET, i, 1, 0, 0));
		tell(NR_SOCKETPAIR, i, call(NR_SOCKETPAIR, i, 1, 0, (unsigned long)two));
	}
	for (i = 0; i < sizeof(persons) / sizeof(*persons); i++)
		tell(NR_PERSONALITY, persons[i], call(NR_PERSONALITY, persons[i], 0, 0, 0));
	for (i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		tell(NR_SETNS, spaces[i], call(NR_SETNS, -1UL, spaces[i], 0, 0));
		clone3[0] = spaces[i];
		clone3[4] = SIGCHLD;
		tell(NR_CLONE3, spaces[i],
		     forked(call(NR_CLONE3, (unsigned long)clone3, sizeof(clone3), 0, 0)));
		/* To clone, NEWTIME is a part of the signal */
		if (spaces[i] != 0x80)
			tell(NR_CLONE, spaces[i],
			     forked(call(NR_CLONE, spaces[i] | SIGCHLD, 0, 0, 0)));
	}
	/* Last, for what is allowed takes effect */
	for (i = 0; i < sizeof(spaces) / sizeof(*spaces); i++)
		tell(NR_UNSHARE, spaces[i], call(NR_UNSHARE, spaces[i], 0, 0, 0));
	for (;;)
		call(NR_EXIT_GROUP, 0, 0, 0, 0);
}
