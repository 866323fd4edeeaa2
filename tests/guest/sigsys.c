// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a call that its filter traps for, getpgid.
 *
 *	sigsys handler	prints the call's number from a handler, ends with 7
 *	sigsys ignore	ignores SIGSYS
 *	sigsys block	blocks it
 *	sigsys crash	does not come to that: it crashes
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile sig_atomic_t number;

static void handler(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	number = si->si_syscall;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_RESTART };
	const char *how = argc > 1 ? argv[1] : "";
	sigset_t set;

	if (!strcmp(how, "handler")) {
		sa.sa_sigaction = handler;
		sigaction(SIGSYS, &sa, NULL);
	} else if (!strcmp(how, "ignore")) {
		signal(SIGSYS, SIG_IGN);
	} else if (!strcmp(how, "crash")) {
		__builtin_trap();
	} else {
		sigemptyset(&set);
		sigaddset(&set, SIGSYS);
		sigprocmask(SIG_BLOCK, &set, NULL);
	}
	syscall(SYS_getpgid, 0);
	if (!number)
		return 1;
	printf("%d\n", (int)number);
	return 7;
}
