// SPDX-License-Identifier: GPL-2.0
/*
 * wild - system calls that are none, or not what they look like
 *
 *	wild numbers	out of range in every way, in all three ABIs
 *	wild rewrite	a tracer changes 300 to 301, 306 to -1, 303 to 9999
 *	wild emulate	PTRACE_SYSEMU: 304 never happens
 *	wild dispatch	user dispatch: 305 becomes a signal; exit status 77 where the
 *			kernel has none
 *	wild vsyscall	time() in the vsyscall page; 77 where it is off
 *	wild distinct	each number that no kernel has, in all three ABIs, each under a
 *			name of its own: as many sightings as that makes; once for
 *			each byte on standard input
 *
 *	wild hoard	the same, each call under another name, before and behind a
 *			filter that allows all: more than a journal takes
 *
 * To be run as the init of a namespace.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#define PR_SYS_DISPATCH_OFF		0
#define PR_SYS_DISPATCH_ON		1
#endif

static void numbers(void)
{
	static const long nrs[] = {
		-1, 0x7fffffff, 0x80000000, -4096, 0x7fffffffffffffff,
		0x40000000 + 600, 0x400003ff, 0x40000400, 0xf0005, 0x10000001,
		503, 504, 511, 512, 1015, 1016, 1023, 1024, 65535, 65536,
	};
	unsigned int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(nrs) / sizeof(*nrs); i++) {
			long nr = nrs[i];

			syscall(nr, -1, -1, -1, -1, -1, -1);
			__asm__ volatile("int $0x80" : "+a" (nr)
				: "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L),
				  "D" (-1L)
				: "r8", "r9", "r10", "r11", "memory");
		}
	}
}

static int traced(int request)
{
	static const long calls[] = { 300, 306, 303 };
	pid_t pid = fork();
	int status, in = 0;
	size_t i;

	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(1);
		raise(SIGSTOP);
		if (request == PTRACE_SYSEMU) {
			syscall(304, -1, -1, -1, -1, -1, -1);
			syscall(304, -1, -1, -1, -1, -1, -1);
		} else {
			for (i = 0; i < 3; i++)
				syscall(calls[i], -1, -1, -1, -1, -1, -1);
		}
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return 1;
	for (;;) {
		struct user_regs_struct regs;

		if (ptrace(request, pid, 0, 0) ||
		    waitpid(pid, &status, 0) != pid)
			return 1;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
			continue;
		if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
			return 1;
		if (request == PTRACE_SYSEMU) {
			if (regs.orig_rax == SYS_exit_group)
				request = PTRACE_CONT;
			regs.rax = -EPERM;
			if (request == PTRACE_CONT) {
				/* it was skipped; nothing to go on with */
				kill(pid, SIGKILL);
				waitpid(pid, &status, 0);
				return 0;
			}
		} else if (!in) {
			if (regs.orig_rax == 300)
				regs.orig_rax = 301;
			else if (regs.orig_rax == 306)
				regs.orig_rax = -1;
			else if (regs.orig_rax == 303)
				regs.orig_rax = 9999;
		}
		in = !in;
		if (ptrace(PTRACE_SETREGS, pid, 0, &regs))
			return 1;
	}
}

static volatile char selector;
static volatile sig_atomic_t signals;

static void on_sigsys(int sig)
{
	(void)sig;
	selector = 0;
	signals++;
}

static int dispatch(void)
{
	struct sigaction sa = { .sa_handler = on_sigsys };
	int i;

	sigaction(SIGSYS, &sa, NULL);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0,
		  &selector))
		return 77;
	for (i = 0; i < 10; i++) {
		selector = 1;
		syscall(305, -1, -1, -1, -1, -1, -1);
	}
	selector = 0;
	return signals == 10 ? 0 : 1;
}

static sigjmp_buf back;

static void on_segv(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static int vsyscall(void)
{
	long (*vtime)(long *) = (void *)0xffffffffff600400UL;
	struct sigaction sa = { .sa_handler = on_segv };
	int i;

	sigaction(SIGSEGV, &sa, NULL);
	if (sigsetjmp(back, 1))
		return 77;
	for (i = 0; i < 10; i++) {
		if (vtime(NULL) <= 0)
			return 1;
	}
	return 0;
}

/* Above what any kernel has, below what a set holds; harmless wherever it lands */
static void distinct(void)
{
	char name[16], byte;
	long nr, ret;

	while (read(0, &byte, 1) == 1) {
		for (nr = 600; nr < 1024; nr++) {
			snprintf(name, sizeof(name), "d%ld", nr);
			prctl(PR_SET_NAME, name);
			syscall(nr, -1, -1, -1, -1, -1, -1);
			ret = nr;
			__asm__ volatile("int $0x80" : "+a" (ret)
				: "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L),
				  "D" (-1L)
				: "r8", "r9", "r10", "r11", "memory");
			syscall(0x40000000 + nr, -1, -1, -1, -1, -1, -1);
		}
		/* No stdio: what it calls once could not be made good later */
		if (write(1, "done\n", 5) != 5)
			_exit(1);
	}
}

static void hoard(void)
{
	struct sock_filter allow[] = {
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	struct sock_fprog prog = { 1, allow };
	char name[16];
	long nr, ret;
	int round;

	for (round = 0; round < 2; round++) {
		for (nr = 600; nr < 1024; nr++) {
			snprintf(name, sizeof(name), "h%d%ldn", round, nr);
			prctl(PR_SET_NAME, name);
			syscall(nr, -1, -1, -1, -1, -1, -1);
			name[0] = 'i';
			prctl(PR_SET_NAME, name);
			ret = nr;
			__asm__ volatile("int $0x80" : "+a" (ret)
				: "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L),
				  "D" (-1L)
				: "r8", "r9", "r10", "r11", "memory");
			name[0] = 'x';
			prctl(PR_SET_NAME, name);
			syscall(0x40000000 + nr, -1, -1, -1, -1, -1, -1);
		}
		/* The name that it had at its start, in a call of its own */
		prctl(PR_SET_NAME, "wild");
		syscall(599, -1, -1, -1, -1, -1, -1);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
			_exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "numbers"))
		numbers();
	else if (!strcmp(argv[1], "rewrite"))
		return traced(PTRACE_SYSCALL);
	else if (!strcmp(argv[1], "emulate"))
		return traced(PTRACE_SYSEMU);
	else if (!strcmp(argv[1], "dispatch"))
		return dispatch();
	else if (!strcmp(argv[1], "vsyscall"))
		return vsyscall();
	else if (!strcmp(argv[1], "distinct"))
		distinct();
	else if (!strcmp(argv[1], "hoard"))
		hoard();
	else
		return 2;
	return 0;
}
