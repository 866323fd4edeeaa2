// SPDX-License-Identifier: GPL-2.0
/*
 * A program that makes a known list of system calls and no other: no C library,
 * so what it calls is what stands here, on every architecture. The names are
 * those of the kernel's headers; sctrace's come from libseccomp.
 *
 *	known		make the calls; print what /proc says of the PID namespace
 *	known list	print NAME ABI CONFINED for each that must be recorded
 *	known values	print NAME ABI CONFINED UPPER ARGUMENT... for each value that must be
 */

#include <asm/unistd.h>

#if defined(__x86_64__)
#define ABI "x86_64"
#elif defined(__i386__)
#define ABI "x86"
#elif defined(__aarch64__)
#define ABI "aarch64"
#elif defined(__arm__)
#define ABI "arm"
#elif defined(__riscv)
#define ABI "riscv64"
#elif defined(__powerpc64__)
#define ABI "ppc64le"
#elif defined(__s390x__)
#define ABI "s390x"
#else
#error "unknown architecture"
#endif

/* call(number, four arguments) */
#if defined(__x86_64__)
static long call(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall" : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return ret;
}
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
#elif defined(__i386__)
static long call(long nr, long a, long b, long c, long d)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return ret;
}
__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n");
#elif defined(__aarch64__)
static long call(long nr, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc #0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl start\n");
#elif defined(__arm__)
static long call(long nr, long a, long b, long c, long d)
{
	register long r7 __asm__("r7") = nr;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;

	__asm__ volatile("svc #0" : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3) : "memory");
	return r0;
}
__asm__(".globl _start\n_start:\n\tmov r0, sp\n\tbic sp, sp, #7\n\tbl start\n");
#elif defined(__riscv)
static long call(long nr, long a, long b, long c, long d)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;

	__asm__ volatile("ecall" : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3) : "memory");
	return a0;
}
/* gp first: what lies near it is reached by it */
__asm__(".globl _start\n_start:\n\t.option push\n\t.option norelax\n"
	"\tla gp, __global_pointer$\n\t.option pop\n"
	"\tmv a0, sp\n\tandi sp, sp, -16\n\tcall start\n");
#elif defined(__powerpc64__)
static long call(long nr, long a, long b, long c, long d)
{
	register long r0 __asm__("r0") = nr;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;

	__asm__ volatile("sc\n\tbns+ 1f\n\tneg %1, %1\n1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6)
			 : : "memory", "cr0", "ctr", "r7", "r8", "r9", "r10",
			     "r11", "r12");
	return r3;
}
/* The kernel gives the entry's address in r12, from which the TOC is found */
__asm__(".globl _start\n_start:\n\taddis 2, 12, .TOC.-_start@ha\n"
	"\taddi 2, 2, .TOC.-_start@l\n\tmr 3, 1\n\tstdu 1, -128(1)\n"
	"\tbl start\n\tnop\n");
#elif defined(__s390x__)
static long call(long nr, long a, long b, long c, long d)
{
	register long r1 __asm__("1") = nr;
	register long r2 __asm__("2") = a;
	register long r3 __asm__("3") = b;
	register long r4 __asm__("4") = c;
	register long r5 __asm__("5") = d;

	__asm__ volatile("svc 0" : "+d"(r2)
			 : "d"(r1), "d"(r3), "d"(r4), "d"(r5) : "memory");
	return r2;
}
__asm__(".globl _start\n_start:\n\tlgr %r2, %r15\n\taghi %r15, -160\n"
	"\tbrasl %r14, start\n");
#endif

#define AT_FDCWD	(-100)
#define PR_SET_SECCOMP		22
#define SECCOMP_MODE_FILTER	2

/* The calls before the filter: all fail, or change nothing that matters */
#define FREE(X)						\
	X(getpid, 0, 0, 0, 0)				\
	X(getppid, 0, 0, 0, 0)				\
	X(gettid, 0, 0, 0, 0)				\
	X(uname, 0, 0, 0, 0)				\
	X(times, 0, 0, 0, 0)				\
	X(sched_yield, 0, 0, 0, 0)			\
	X(getcwd, 0, 0, 0, 0)				\
	X(capget, 0, 0, 0, 0)				\
	X(fchdir, -1, 0, 0, 0)				\
	X(dup, -1, 0, 0, 0)				\
	X(munmap, 1, 0, 0, 0)				\
	X(getsid, 0, 0, 0, 0)				\
	X(io_setup, 0, 0, 0, 0)				\
	X(memfd_create, 0, 0, 0, 0)			\
	X(getrandom, 0, 0, 0xff, 0)

/*
 * Watched calls before the filter, each once: the first of the arguments that are looked
 * at, how many, and bits of each; the arguments. All fail, but for personality.
 */
#define WATCHED(X)								\
	X(socket, 0, 3, 32, 77, HIGH(0x7ffffffe), 0x80000006, 0)		\
	X(setsockopt, 1, 2, 32, -1, 1, HIGH(2), 0)				\
	X(personality, 0, 1, 32, 0xffffffff, 0, 0, 0)				\
	X(ioctl, 1, 1, 32, -1, HIGH(0x80045430), 0, 0)				\
	X(setns, 1, 1, 32, -1, HIGH(0x40000000), 0, 0)				\
	X(fcntl, 1, 1, 32, -1, 3, 0, 0)						\
	X(prlimit64, 1, 1, 32, 0, 0xffff, 0, 0)					\
	X(madvise, 2, 1, 32, 1, 4096, 0xfff, 0)					\
	WATCHED_CLONE(X)							\
	X(unshare, 0, 1, 64, HIGH(0x20000001), 0, 0, 0)				\
	X(mprotect, 2, 1, 64, 1, 4096, HIGH(5), 0)				\
	X(mount, 3, 1, 64, 0, 0, 0, HIGH(0xc0ed1006))				\
	X(umount2, 1, 1, 32, 0, 0x8000000f, 0, 0)				\
	WATCHED_MMAP(X)								\
	WATCHED_SOCKETCALL(X)

/* With more than 32 bits, where a register has them */
#define HIGH(x)	((x) + (unsigned long)(sizeof(long) == 8 ? 0xabcdef0000000000ULL : 0))

/* s390x has the stack first */
#if defined(__s390x__)
#define WATCHED_CLONE(X)	X(clone, 1, 1, 64, 0x7000, HIGH(0x10000), 0, 0)
#else
#define WATCHED_CLONE(X)	X(clone, 0, 1, 64, HIGH(0x10000), 0x7000, 0, 0)
#endif

/* Without a length. i386's and s390x's mmap takes a pointer to its arguments */
#ifdef __NR_mmap2
#define WATCHED_MMAP(X)		X(mmap2, 2, 1, 64, 0, 0, 6, 0)
#elif defined(__s390x__)
#define WATCHED_MMAP(X)
#else
#define WATCHED_MMAP(X)		X(mmap, 2, 1, 64, 0, 0, HIGH(6), 0)
#endif

#ifdef __NR_socketcall
#define WATCHED_SOCKETCALL(X)	X(socketcall, 0, 1, 32, 99, 0, 0, 0)
#else
#define WATCHED_SOCKETCALL(X)
#endif

/* Of clone3, whose struct is too short */
#define CLONE3_FLAGS		0x8000000110000000ULL

/* Those behind it */
#define BEHIND(X)					\
	X(sched_get_priority_max, 0, 0, 0, 0)		\
	X(getpgid, 0, 0, 0, 0)				\
	X(umask, 022, 0, 0, 0)				\
	X(mincore, 1, 0, 0, 0)

struct insn {
	unsigned short code;
	unsigned char jt, jf;
	unsigned int k;
};

/* Refuses getcpu, lets all else by */
static struct insn filter[] = {
	{ 0x20, 0, 0, 0 },			/* A = number */
	{ 0x15, 0, 1, __NR_getcpu },
	{ 0x06, 0, 0, 0x00050001 },		/* ERRNO EPERM */
	{ 0x06, 0, 0, 0x7fff0000 },		/* ALLOW */
};

static struct {
	unsigned short len;
	struct insn *filter;
} prog = { 4, filter };

static void out(const char *s)
{
	long n = 0;

	while (s[n])
		n++;
	call(__NR_write, 1, (long)s, n, 0);
}

/* With a space before it. 32-bit programs have no library to divide 64 bits */
static void out_number(unsigned long long n)
{
	char digit[22], *end = digit + sizeof(digit) - 1, *at, *first = end;
	int bit, carry;

	for (at = digit; at < end; at++)
		*at = '0';
	*end = 0;
	for (bit = 63; bit >= 0; bit--) {
		carry = n >> bit & 1;
		for (at = end - 1; at > digit; at--) {
			carry += 2 * (*at - '0');
			*at = (char)('0' + carry % 10);
			carry /= 10;
		}
	}
	for (at = end - 1; at > digit; at--) {
		if (*at != '0')
			first = at;
	}
	if (first == end)
		first--;
	*--first = ' ';
	out(first);
}

/* The arguments of a value, and before them whether upper halves are in use */
static void out_value(const char *call, unsigned int first, unsigned int num,
		      unsigned int bits, const unsigned long *arg)
{
	unsigned int i;
	int upper = 0;

	for (i = first; i < first + num; i++)
		upper = upper || (bits == 32 && arg[i] != (unsigned int)arg[i]);
	out(call);
	out(upper ? " true" : " false");
	for (i = first; i < first + num; i++)
		out_number(bits == 32 ? (unsigned int)arg[i] : arg[i]);
	out("\n");
}

static void values(void)
{
#define X(name, first, num, bits, a, b, c, d)				\
	out_value(#name " " ABI " false", first, num, bits,		\
		  (const unsigned long []){ a, b, c, d });
	WATCHED(X)
#undef X
	out("clone3 " ABI " false false");
	out_number(CLONE3_FLAGS);
	out("\nprctl " ABI " false false");
	out_number(PR_SET_SECCOMP);
	out("\n");
}

static void list(void)
{
#define X(name, ...)	out(#name " " ABI " false\n");
	FREE(X)
	WATCHED(X)
#undef X
	out("clone3 " ABI " false\n");
	out("readlinkat " ABI " false\n");
	out("write " ABI " false\n");
	out("prctl " ABI " false\n");
#if defined(__arm__)
	out("set_tls " ABI " false\n");
#elif defined(__x86_64__)
	out("getppid x32 false\n");
#endif
#define X(name, a, b, c, d)	out(#name " " ABI " true\n");
	BEHIND(X)
#undef X
	out("exit_group " ABI " true\n");
}

static void run(void)
{
	static volatile unsigned long long flags;
	static char ns[64];
	long n;

#define X(name, a, b, c, d)	call(__NR_ ## name, a, b, c, d);
	FREE(X)
#undef X
#define X(name, first, num, bits, a, b, c, d)	call(__NR_ ## name, a, b, c, d);
	WATCHED(X)
#undef X
	flags = CLONE3_FLAGS;
	call(__NR_clone3, (long)&flags, sizeof(flags), 0, 0);
#if defined(__arm__)
	call(0x0f0005, 0, 0, 0, 0);
#elif defined(__x86_64__)
	/* Fails where x32 is not configured; it was called all the same */
	call(0x40000000 + __NR_getppid, 0, 0, 0, 0);
#endif
	n = call(__NR_readlinkat, AT_FDCWD, (long)"/proc/self/ns/pid",
		 (long)ns, sizeof(ns) - 2);
	if (n > 0)
		ns[n] = '\n';
	out(n > 0 ? ns : "no /proc\n");

	if (call(__NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&prog,
		 0))
		return;
	call(__NR_getcpu, 0, 0, 0, 0);
	/*
	 * Beyond every table: must not be taken for a call that has a name. Last,
	 * so that the -1 that old x86 shows for a refused call would come first.
	 */
	call(9999, 0, 0, 0, 0);
#define X(name, a, b, c, d)	call(__NR_ ## name, a, b, c, d);
	BEHIND(X)
#undef X
}

/* Called by _start with the stack as the kernel made it: argc, argv... */
__attribute__((used, noreturn)) void start(long *stack)
{
	char **argv = (char **)(stack + 1);

	if (stack[0] > 1 && argv[1][0] == 'l')
		list();
	else if (stack[0] > 1)
		values();
	else
		run();
	for (;;)
		call(__NR_exit_group, 0, 0, 0, 0);
}
