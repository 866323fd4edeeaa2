// SPDX-License-Identifier: GPL-2.0
/*
 * nsrun [-o FILE] [-g FIFO] [-d NR]... CMD... - run CMD as the init of a new PID namespace
 *
 * The init is forked by a bare clone() and calls nothing but execve, so that all
 * that a record may hold besides CMD's own calls is known.
 *
 * -o FILE: "INUM PID" of that init. Written when it has ended; with -g before it
 *	    calls execve.
 * -g FIFO: it opens FIFO for reading, and so waits for a writer, before it calls
 *	    execve.
 * -d NR: the init sets a filter that answers NR with EPERM before it calls execve, as a
 *	    container runtime does.
 * -D NR,ARG,VALUE: the same, when argument ARG is VALUE.
 * -x:	    the init execs nothing: it forks CMD, waits for it and ends.
 *
 * Ends with CMD's status, 128 + N when a signal ended it.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "nsrun: %s: %s\n", what, strerror(errno));
	_exit(125);
}

static void tell(const char *name, long pid)
{
	char path[64], link[64], *end, *tmp;
	ssize_t len;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/ns/pid", pid);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		die(path);
	link[len] = 0;
	end = strchr(link, ']');
	if (strncmp(link, "pid:[", 5) || !end)
		die(link);
	*end = 0;
	/* Whoever waits for the file must not find half of it */
	if (asprintf(&tmp, "%s.new", name) < 0)
		die("memory");
	f = fopen(tmp, "w");
	if (!f || fprintf(f, "%s %ld\n", link + 5, pid) < 0 || fclose(f) ||
	    rename(tmp, name))
		die(name);
}

#define DENIED_MAX	8

static unsigned int n_denied;
static struct {
	unsigned int nr;
	int arg;	/* -1: any */
	unsigned int value;
} denied[DENIED_MAX];

static const struct sock_filter load_nr =
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));

static void deny(void)
{
	struct sock_filter code[2 + 5 * DENIED_MAX];
	struct sock_fprog prog = { .filter = code };
	unsigned int i, n = 0;

	for (i = 0; i < n_denied; i++) {
		int any = denied[i].arg < 0;

		code[n++] = load_nr;
		code[n++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, denied[i].nr, 0,
				 any ? 1 : 3);
		if (!any) {
			code[n++] = (struct sock_filter)
				BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					 offsetof(struct seccomp_data, args) +
					 denied[i].arg * 8);
			code[n++] = (struct sock_filter)
				BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
					 denied[i].value, 0, 1);
		}
		code[n++] = (struct sock_filter)
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	prog.len = n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp");
}

int main(int argc, char **argv)
{
	const char *out = NULL, *gate = NULL;
	int c, fd, stay = 0, status;
	siginfo_t info;
	long pid;
	char byte;

	while ((c = getopt(argc, argv, "+o:g:d:D:x")) != -1) {
		if (c == 'o')
			out = optarg;
		else if (c == 'g')
			gate = optarg;
		else if (c == 'd' && n_denied < DENIED_MAX) {
			denied[n_denied].arg = -1;
			denied[n_denied++].nr = atoi(optarg);
		} else if (c == 'D' && n_denied < DENIED_MAX &&
			   sscanf(optarg, "%u,%d,%u", &denied[n_denied].nr,
				  &denied[n_denied].arg,
				  &denied[n_denied].value) == 3)
			n_denied++;
		else if (c == 'x')
			stay = 1;
		else
			return 125;
	}
	if (optind >= argc)
		return 125;

	pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	if (pid < 0)
		die("clone");
	if (!pid) {
		if (gate) {
			fd = open(gate, O_RDONLY);
			if (fd < 0)
				die(gate);
			/* who opens the gate may have something to say */
			if (read(fd, &byte, 1) < 0)
				die(gate);
			close(fd);
		}
		if (n_denied)
			deny();
		if (stay) {
			pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
			if (pid) {
				syscall(SYS_wait4, pid, &status, 0, NULL);
				_exit(WIFEXITED(status) ?
				      WEXITSTATUS(status) : 125);
			}
		}
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	if (out && gate)
		tell(out, pid);
	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
		die("waitid");
	if (out && !gate)
		tell(out, pid);
	waitid(P_PID, pid, &info, WEXITED);
	return info.si_code == CLD_EXITED ? info.si_status :
					    128 + info.si_status;
}
