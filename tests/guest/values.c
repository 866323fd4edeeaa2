// SPDX-License-Identifier: GPL-2.0
/*
 * values - make exactly the system calls that the arguments name, with the arguments that they
 * name, no library between; then exit_group.
 *
 *	[i|x]NR[,ARG...]	system call NR; i: by int 0x80, i386's; x: of x32. What is not
 *				given is 0. 0x: hexadecimal. All 64 bits of a register are set
 *	kFLAGS[,SIZE]		clone3 with a struct of SIZE bytes, zeros behind the flags; 8 if not
 *				given, which is too short
 *	jFLAGS[,SIZE]		the same by int 0x80
 *	K			clone3 with flags in memory that was never touched
 *	U			the same, and nobody gives that memory: its userfaultfd is not
 *				read (x86-64)
 *	rCOUNT,NR,ARG...	NR so often, argument 1 one higher each time
 *	w			read one byte from standard input; ends at end of file
 *	l			begin again with the first argument
 *
 * Built twice: values (x86-64) and values32 (i386), whose own ABI is that of int 0x80.
 */

#define NR_CLONE3	435
#define X32		0x40000000

/* The first member of struct clone_args */
static unsigned long long flags[8];
static unsigned char untouched[3 * 4096];

#if defined(__x86_64__)

/* There are none for i386 where this is built */
#include <linux/ioctl.h>
#include <linux/userfaultfd.h>

#define NR_READ		0
#define NR_IOCTL	16
#define NR_EXIT_GROUP	231
#define NR_USERFAULTFD	323

static long call(long nr, const unsigned long *a)
{
	register unsigned long r10 __asm__("r10") = a[3];
	register unsigned long r8 __asm__("r8") = a[4];
	register unsigned long r9 __asm__("r9") = a[5];
	long ret;

	__asm__ volatile("syscall" : "=a" (ret)
			 : "a" (nr), "D" (a[0]), "S" (a[1]), "d" (a[2]), "r" (r10),
			   "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}

static void call_int80(long nr, const unsigned long *a)
{
	__asm__ volatile("int $0x80" : "+a" (nr)
			 : "b" (a[0]), "c" (a[1]), "d" (a[2]), "S" (a[3]), "D" (a[4])
			 : "r8", "r9", "r10", "r11", "memory");
}

/* What is touched there waits for an answer that nobody gives */
static void serve_nobody(unsigned long page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = page, .len = 4096 },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	unsigned long a[6] = { 0 };

	a[0] = call(NR_USERFAULTFD, a);
	a[1] = UFFDIO_API;
	a[2] = (unsigned long)&api;
	if (!call(NR_IOCTL, a)) {
		a[1] = UFFDIO_REGISTER;
		a[2] = (unsigned long)&reg;
		if (!call(NR_IOCTL, a))
			return;
	}
	a[0] = 1;
	call(NR_EXIT_GROUP, a);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call begin\n");

#elif defined(__i386__)

#define NR_READ		3
#define NR_EXIT_GROUP	252

static long call(long nr, const unsigned long *a)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a" (ret)
			 : "a" (nr), "b" (a[0]), "c" (a[1]), "d" (a[2]), "S" (a[3]), "D" (a[4])
			 : "memory");
	return ret;
}

#define call_int80	call
#define serve_nobody(page)	((void)(page))

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

static unsigned long long number(const char **s)
{
	unsigned long long n = 0;
	int base = 10;
	int minus = **s == '-';
	char c;

	*s += minus;
	if ((*s)[0] == '0' && (*s)[1] == 'x') {
		base = 16;
		*s += 2;
	}
	for (; (c = **s) && c != ','; ++*s)
		n = n * base + (c <= '9' ? c - '0' : c - 'a' + 10);
	if (**s == ',')
		++*s;
	return minus ? -n : n;
}

__attribute__((noreturn, used)) void begin(long *stack);

/**
 * begin() - where the program starts
 * @stack: argc, argv
 */
void begin(long *stack)
{
	static const unsigned long none[6];
	char **argv = (char **)(stack + 1);
	unsigned long a[6], count, nr;
	const char *s;
	char abi, byte;
	int i, n;

	for (i = 1; argv[i]; i++) {
		s = argv[i];
		for (n = 0; n < 6; n++)
			a[n] = 0;
		abi = *s < '0' || *s > '9' ? *s++ : 0;
		if (abi == 'w') {
			a[1] = (unsigned long)&byte;
			a[2] = 1;
			if (call(NR_READ, a) != 1)
				break;
			continue;
		}
		if (abi == 'l') {
			i = 0;
			continue;
		}
		if (abi == 'k' || abi == 'K' || abi == 'U') {
			a[0] = ((unsigned long)untouched + 4096) & -4096UL;
			if (abi == 'U')
				serve_nobody(a[0]);
			if (abi == 'k') {
				flags[0] = number(&s);
				a[0] = (unsigned long)flags;
			}
			a[1] = *s ? number(&s) : 8;
			call(NR_CLONE3, a);
			continue;
		}
		if (abi == 'j') {
			flags[0] = number(&s);
			a[0] = (unsigned long)flags;
			a[1] = *s ? number(&s) : 8;
			call_int80(NR_CLONE3, a);
			continue;
		}
		count = abi == 'r' ? number(&s) : 1;
		nr = number(&s);
		for (n = 0; n < 6 && *s; n++)
			a[n] = number(&s);
		for (; count; count--, a[1]++) {
			if (abi == 'i')
				call_int80(nr, a);
			else
				call(abi == 'x' ? nr + X32 : nr, a);
		}
	}
	for (;;)
		call(NR_EXIT_GROUP, none);
}
