// SPDX-License-Identifier: GPL-2.0
/*
 * calls - make exactly the system calls that the arguments name, no library
 * between: each with all arguments -1, then exit_group.
 *
 *	N	system call N of the program's own ABI
 *	iN	(64-bit) number N by int 0x80, i386's
 *	xN	(64-bit) number N of x32
 *	w	read one byte from standard input; ends at end of file
 *	p	write "ok\n" to standard output
 *	loop	begin again with the first argument
 *
 * Built twice: calls (x86-64) and calls32 (i386).
 */

#if defined(__x86_64__)

#define NR_READ		0
#define NR_WRITE	1
#define NR_EXIT_GROUP	231

static long call3(long nr, long a, long b, long c)
{
	register long r10 __asm__("r10") = -1;
	register long r8 __asm__("r8") = -1;
	register long r9 __asm__("r9") = -1;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret)
			 : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
			   "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}

static void call_int80(long nr)
{
	__asm__ volatile("int $0x80" : "+a" (nr)
			 : "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L), "D" (-1L)
			 : "r8", "r9", "r10", "r11", "memory");
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call begin\n");

#elif defined(__i386__)

#define NR_READ		3
#define NR_WRITE	4
#define NR_EXIT_GROUP	252

static long call3(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a" (ret)
			 : "a" (nr), "b" (a), "c" (b), "d" (c), "S" (-1L),
			   "D" (-1L)
			 : "memory");
	return ret;
}

static void call_int80(long nr)
{
	call3(nr, -1, -1, -1);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call begin\n");

#else
#error "no system calls known for this architecture"
#endif

static long number(const char *s)
{
	long n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + *s - '0';
	return n;
}

__attribute__((noreturn, used)) void begin(long *stack);

/**
 * begin() - where the program starts
 * @stack: argc, argv
 */
void begin(long *stack)
{
	char **argv = (char **)(stack + 1);
	char byte;
	int i;

	for (i = 1; argv[i]; i++) {
		const char *s = argv[i];

		if (*s == 'i')
			call_int80(number(s + 1));
		else if (*s == 'x')
			call3(0x40000000 + number(s + 1), -1, -1, -1);
		else if (*s == 'w') {
			if (call3(NR_READ, 0, (long)&byte, 1) != 1)
				break;
		} else if (*s == 'p')
			call3(NR_WRITE, 1, (long)"ok\n", 3);
		else if (*s == 'l')
			i = 0;
		else
			call3(number(s), -1, -1, -1);
	}
	for (;;)
		call3(NR_EXIT_GROUP, 0, 0, 0);
}
