// SPDX-License-Identifier: GPL-2.0
/*
 * nsrun [-o FILE] [-g FIFO] CMD... - run CMD as the init of a new PID namespace
 *
 * The init is forked by a bare clone() and calls nothing but execve, so that all
 * that a record may hold besides CMD's own calls is known.
 *
 * -o FILE: "INUM PID" of that init. Written when it has ended; with -g before it
 *	    calls execve.
 * -g FIFO: it opens FIFO for reading, and so waits for a writer, before it calls
 *	    execve.
 * -x:	    the init execs nothing: it forks CMD, waits for it and ends.
 *
 * Ends with CMD's status, 128 + N when a signal ended it.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(int argc, char **argv)
{
	const char *out = NULL, *gate = NULL;
	int c, fd, stay = 0, status;
	siginfo_t info;
	long pid;
	char byte;

	while ((c = getopt(argc, argv, "+o:g:x")) != -1) {
		if (c == 'o')
			out = optarg;
		else if (c == 'g')
			gate = optarg;
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
