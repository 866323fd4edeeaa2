// SPDX-License-Identifier: GPL-2.0
/*
 * A program under a filter that allows everything, interrupted by a signal while its
 * registers look like those of a call that failed: the number of one that it never makes,
 * and an error as the result. sigreturn brings them back, and nothing was refused.
 */

#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static volatile int flag;

static void handler(int sig)
{
	flag = sig;
}

/* Until the handler has run */
static void wait_as_after(long nr)
{
	volatile int *f = &flag;

#if defined(__x86_64__)
	__asm__ volatile("1:\tcmpl $0, (%1)\n\tje 1b"
			 : "+a" (nr) : "r" (f), "D" (-1L) : "cc", "memory");
#elif defined(__i386__)
	__asm__ volatile("1:\tcmpl $0, (%1)\n\tje 1b"
			 : "+a" (nr) : "r" (f), "b" (-1L) : "cc", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = -1;

	__asm__ volatile("1:\tldr w9, [%2]\n\tcbz w9, 1b"
			 : "+r" (x8), "+r" (x0) : "r" (f) : "x9", "memory");
#elif defined(__arm__)
	register long r0 __asm__("r0") = -1;

	/* r7, where the number goes, may be the frame's */
	__asm__ volatile("push {r7}\n\tmov r7, %1\n"
			 "1:\tldr r3, [%2]\n\tcmp r3, #0\n\tbeq 1b\n\tpop {r7}"
			 : "+r" (r0) : "r" (nr), "r" (f) : "r3", "cc", "memory");
#elif defined(__riscv)
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = -1;

	__asm__ volatile("1:\tlw t0, 0(%2)\n\tbeqz t0, 1b"
			 : "+r" (a7), "+r" (a0) : "r" (f) : "t0", "memory");
#elif defined(__powerpc64__)
	register long r0 __asm__("r0") = nr;
	register long r3 __asm__("r3") = -1;

	__asm__ volatile("1:\tlwz 9, 0(%2)\n\tcmpwi 9, 0\n\tbeq 1b"
			 : "+r" (r0), "+r" (r3) : "b" (f) : "r9", "cr0", "memory");
#elif defined(__s390x__)
	register long r1 __asm__("r1") = nr;
	register long r2 __asm__("r2") = -1;

	__asm__ volatile("0:\tlt %%r3, 0(%2)\n\tjz 0b"
			 : "+d" (r1), "+d" (r2) : "a" (f) : "r3", "cc", "memory");
#else
#error "unknown architecture"
#endif
}

int main(void)
{
	struct sock_filter allow[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 1, allow };
	const struct itimerval soon = { { 0, 0 }, { 0, 200000 } };
	struct sigaction sa = { .sa_handler = handler };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) ||
	    sigaction(SIGALRM, &sa, NULL) ||
	    setitimer(ITIMER_REAL, &soon, NULL)) {
		perror("sig");
		return 1;
	}
	wait_as_after(SYS_init_module);
	return 0;
}
