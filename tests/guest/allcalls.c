// SPDX-License-Identifier: GPL-2.0
/*
 * allcalls - make every system call number from 0 to 1023 once, from four
 * threads, and die. x86-64, no library.
 *
 * All arguments are -1: no descriptor, no address, no flag is that. What would
 * not come back from such a call is made another way:
 *
 *	fork, vfork		the child exits at once
 *	pause, rt_sigreturn	in a child, with a timer that ends the pause and a
 *				handler that returns
 *	uretprobe, uprobe	in a child: they kill a caller that is no probe
 *	513			in a child: before Linux 5.4 it is x32's rt_sigreturn
 *	exit			is how the threads end
 *	exit_group		is how the program ends
 */

#define NR_RT_SIGACTION	13
#define NR_RT_SIGRETURN	15
#define NR_SCHED_YIELD	24
#define NR_PAUSE	34
#define NR_SETITIMER	38
#define NR_CLONE	56
#define NR_FORK		57
#define NR_VFORK	58
#define NR_EXIT		60
#define NR_WAIT4	61
#define NR_PRCTL	157
#define NR_EXIT_GROUP	231
#define NR_URETPROBE	335
#define NR_UPROBE	336
#define NR_X32_RT_SIGRETURN	513

#define NUMBERS		1024
#define THREADS		4
#define STACK		16384

/* CLONE_VM | _FS | _FILES | _SIGHAND | _THREAD | _SYSVSEM */
#define THREAD_FLAGS	0x50f00

static char stacks[THREADS][STACK] __attribute__((aligned(16)));
static int ready, done;

static long call6(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = -1;
	register long r9 __asm__("r9") = -1;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret)
			 : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
			   "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* fork or vfork whose child does nothing but exit, on no stack */
static void fork_and_exit(long nr)
{
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov %1, %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n\t"
			 "hlt\n"
			 "1:"
			 : "+a" (nr) : "i" (NR_EXIT)
			 : "rdi", "rcx", "r11", "memory");
}

__asm__("restorer:\n"
	"	mov $15, %eax\n"
	"	syscall\n"
	"handler:\n"
	"	ret\n"
	".globl _start\n"
	"_start:\n"
	"	and $-16, %rsp\n"
	"	call begin\n");
extern char restorer[], handler[];

static void in_child(long nr)
{
	static const struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		unsigned long mask;
	} act = { handler, 0x04000000 /* SA_RESTORER */, restorer, 0 };
	/* Again and again, should it fire before the pause begins */
	static const long timer[4] = { 0, 1000, 0, 1000 };
	long pid = call6(NR_FORK, -1, -1, -1, -1);

	if (pid) {
		call6(NR_WAIT4, pid, 0, 0, 0);
		return;
	}
	if (nr == NR_PAUSE) {
		call6(NR_RT_SIGACTION, 14, (long)&act, 0, 8);
		call6(NR_SETITIMER, 0, (long)timer, 0, 0);
	} else {
		/* no core file */
		call6(NR_PRCTL, 4, 0, 0, 0);
	}
	call6(nr, -1, -1, -1, -1);
	for (;;)
		call6(NR_EXIT_GROUP, 0, 0, 0, 0);
}

static void call_number(long nr)
{
	switch (nr) {
	case NR_FORK:
	case NR_VFORK:
		fork_and_exit(nr);
		break;
	case NR_PAUSE:
	case NR_URETPROBE:
	case NR_UPROBE:
	case NR_X32_RT_SIGRETURN:
		in_child(nr);
		break;
	case NR_RT_SIGRETURN:	/* the handler in the child that pauses */
	case NR_EXIT:
	case NR_EXIT_GROUP:
		break;
	default:
		call6(nr, -1, -1, -1, -1);
	}
}

__attribute__((noreturn, used)) static void thread(long first)
{
	long nr;

	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < THREADS)
		__asm__ volatile("pause");
	for (nr = first; nr < NUMBERS; nr += THREADS)
		call_number(nr);
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	for (;;)
		call6(NR_EXIT, 0, 0, 0, 0);
}

/* The new thread finds its function and argument on its stack */
static void start_thread(int i)
{
	long *top = (long *)(stacks[i] + STACK - 64);
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long ret;

	top[0] = i;
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov (%%rsp), %%rdi\n\t"
			 "call *%%rbx\n\t"
			 "1:"
			 : "=a" (ret)
			 : "a" (NR_CLONE), "D" (THREAD_FLAGS), "S" (top),
			   "d" (0L), "r" (r10), "r" (r8), "b" (thread)
			 : "rcx", "r11", "memory");
	if (ret < 0)
		call6(NR_EXIT_GROUP, 3, 0, 0, 0);
}

__attribute__((noreturn, used)) void begin(void);

/**
 * begin() - where the program starts
 */
void begin(void)
{
	int i;

	for (i = 0; i < THREADS; i++)
		start_thread(i);
	while (__atomic_load_n(&done, __ATOMIC_SEQ_CST) < THREADS)
		call6(NR_SCHED_YIELD, 0, 0, 0, 0);
	for (;;)
		call6(NR_EXIT_GROUP, 0, 0, 0, 0);
}
