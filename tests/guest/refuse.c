// SPDX-License-Identifier: GPL-2.0
/*
 * refuse - make calls, or a command make them, under a filter that refuses some
 *
 *	refuse [RULE]... [--] CMD...	set the filter, exec CMD
 *	refuse notify NR CMD...		CMD under a supervisor that refuses NR
 *	refuse signal NR		NR in the hands of a supervisor who takes
 *					his time: a signal comes first, then he
 *					lets it through
 *	refuse blocked NR FILE		three threads in read, futex and poll are
 *					interrupted when FILE is there; then NR,
 *					which is refused: by a filter of its own, or
 *					where there is one already, by that
 *	refuse tsync NR FILE		a thread in read; when FILE is there another
 *					thread sets a filter that refuses NR for
 *					all, then read is interrupted, then NR
 *	refuse tsync-exit NR FILE	the same, but the other thread is gone when
 *					read is interrupted
 *
 * RULE: -e NR, -E NR: x86-64's, i386's NR gets EPERM; -a NR:ARG: so does NR when
 * its first argument is ARG; -k NR, -t NR: kills the process, raises SIGSYS.
 *
 * FILE.ready is made when what is to block does so, as far as one can know.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#define MAX_CODE	256

static struct sock_filter code[MAX_CODE];
static unsigned short len;

static void die(const char *what)
{
	fprintf(stderr, "refuse: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void add(unsigned short op, unsigned int k, int jt, int jf)
{
	if (len == MAX_CODE) {
		errno = E2BIG;
		die("too many rules");
	}
	code[len++] = (struct sock_filter)BPF_JUMP(op, k, jt, jf);
}

static void load(size_t offset)
{
	add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

/* @arg: NULL or what the low half of the first argument must be */
static void rule(unsigned int arch, unsigned int nr, const char *arg,
		 unsigned int action)
{
	int skip = arg ? 5 : 3;

	load(offsetof(struct seccomp_data, arch));
	add(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, skip);
	load(offsetof(struct seccomp_data, nr));
	add(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, skip - 2);
	if (arg) {
		load(offsetof(struct seccomp_data, args));
		add(BPF_JMP | BPF_JEQ | BPF_K, strtoul(arg, NULL, 0), 0, 1);
	}
	add(BPF_RET | BPF_K, action, 0, 0);
}

static void rule_errno(unsigned int nr)
{
	rule(AUDIT_ARCH_X86_64, nr, NULL, SECCOMP_RET_ERRNO | EPERM);
}

static int set(unsigned int flags)
{
	struct sock_fprog prog = { .filter = code };
	int ret;

	add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	prog.len = len;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs");
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
	if (ret < 0 || (ret && flags & SECCOMP_FILTER_FLAG_TSYNC))
		die("seccomp");
	return ret;
}

static void nothing(int sig)
{
	(void)sig;
}

/* Without SA_RESTART */
static void take(int sig)
{
	struct sigaction sa = { .sa_handler = nothing };

	sigaction(sig, &sa, NULL);
}

static int listen_to(unsigned int nr)
{
	rule(AUDIT_ARCH_X86_64, nr, NULL, SECCOMP_RET_USER_NOTIF);
	return set(SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

/* Answers one; -1: there is nobody left to ask. Waiting for @ms before */
static int answer(int fd, int error, unsigned int flags)
{
	struct seccomp_notif req = { 0 };
	struct seccomp_notif_resp resp = { .error = error, .flags = flags };
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, 100) < 0 || !(p.revents & POLLIN))
		return p.revents & POLLHUP ? -1 : 0;
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &req))
		return 0;
	resp.id = req.id;
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &resp) ? 0 : 1;
}

static int notify(int argc, char **argv)
{
	int fd, status;
	pid_t pid;

	if (argc < 2)
		return 125;
	fd = listen_to(atoi(argv[0]));
	pid = fork();
	if (!pid) {
		close(fd);
		execv(argv[1], argv + 1);
		die(argv[1]);
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		answer(fd, -EPERM, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int interrupted(int nr)
{
	struct seccomp_notif req = { 0 };
	int fd = listen_to(nr), status;
	pid_t pid = fork();
	long ret;

	if (!pid) {
		close(fd);
		take(SIGALRM);
		alarm(1);
		ret = syscall(nr, -1L, -1L, -1L);
		if (ret != -1 || errno != EINTR)
			_exit(1);
		/* this time it is let through */
		syscall(nr, -1L, -1L, -1L);
		_exit(0);
	}
	/* the first one is heard and not answered */
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &req))
		die("listen");
	while (waitpid(pid, &status, WNOHANG) == 0)
		answer(fd, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int pipe_fd[2];
static int word;
static int nr_refused;
static const char *file;

/* Neither read, futex nor poll: those are to be told from what blocks */
static void wait_for(const char *name)
{
	while (access(name, F_OK))
		usleep(20000);
}

static void ready(void)
{
	char name[256];
	int fd;

	/* time to get into the call */
	usleep(300000);
	snprintf(name, sizeof(name), "%s.ready", file);
	fd = open(name, O_CREAT | O_WRONLY, 0600);
	if (fd < 0)
		die(name);
	close(fd);
}

static void *in_read(void *arg)
{
	char c;

	(void)arg;
	if (read(pipe_fd[0], &c, 1) != -1 || errno != EINTR)
		_exit(2);
	for (;;)
		pause();
}

static void *in_futex(void *arg)
{
	(void)arg;
	if (syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0) != -1 ||
	    errno != EINTR)
		_exit(3);
	for (;;)
		pause();
}

static void *in_poll(void *arg)
{
	struct pollfd p = { .fd = pipe_fd[0], .events = POLLIN };

	(void)arg;
	if (syscall(SYS_poll, &p, 1, -1) != -1 || errno != EINTR)
		_exit(4);
	for (;;)
		pause();
}

static void refused_then_end(void)
{
	usleep(300000);
	if (syscall(nr_refused, -1L, -1L, -1L) != -1 || errno != EPERM)
		_exit(5);
	_exit(0);
}

static int blocked(void)
{
	void *(*const what[])(void *) = { in_read, in_futex, in_poll };
	pthread_t t[3];
	int i;

	/* in a container the filter is there */
	if (prctl(PR_GET_SECCOMP) != SECCOMP_MODE_FILTER) {
		rule_errno(nr_refused);
		set(0);
	}
	for (i = 0; i < 3; i++)
		if (pthread_create(&t[i], NULL, what[i], NULL))
			return 125;
	ready();
	wait_for(file);
	for (i = 0; i < 3; i++)
		pthread_kill(t[i], SIGUSR1);
	refused_then_end();
	return 0;
}

static int tsync(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, in_read, NULL))
		return 125;
	ready();
	wait_for(file);
	rule_errno(nr_refused);
	set(SECCOMP_FILTER_FLAG_TSYNC);
	pthread_kill(t, SIGUSR1);
	refused_then_end();
	return 0;
}

static void *sets_and_goes(void *arg)
{
	(void)arg;
	ready();
	wait_for(file);
	rule_errno(nr_refused);
	set(SECCOMP_FILTER_FLAG_TSYNC);
	return NULL;
}

static int tsync_exit(void)
{
	pthread_attr_t attr;
	pthread_t t;
	char c;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&t, &attr, sets_and_goes, NULL))
		return 125;
	/* whoever runs us sends SIGUSR1 when there is one thread left */
	if (read(pipe_fd[0], &c, 1) != -1 || errno != EINTR)
		_exit(2);
	refused_then_end();
	return 0;
}

int main(int argc, char **argv)
{
	char *arg;
	int c;

	if (pipe(pipe_fd))
		die("pipe");
	take(SIGUSR1);
	if (argc > 2) {
		nr_refused = atoi(argv[2]);
		file = argv[3];
		if (!strcmp(argv[1], "notify"))
			return notify(argc - 2, argv + 2);
		if (!strcmp(argv[1], "signal"))
			return interrupted(nr_refused);
		if (!strcmp(argv[1], "blocked"))
			return blocked();
		if (!strcmp(argv[1], "tsync"))
			return tsync();
		if (!strcmp(argv[1], "tsync-exit"))
			return tsync_exit();
	}
	while ((c = getopt(argc, argv, "+e:E:a:k:t:")) != -1) {
		switch (c) {
		case 'e':
			rule_errno(atoi(optarg));
			break;
		case 'E':
			rule(AUDIT_ARCH_I386, atoi(optarg), NULL,
			     SECCOMP_RET_ERRNO | EPERM);
			break;
		case 'a':
			arg = strchr(optarg, ':');
			rule(AUDIT_ARCH_X86_64, atoi(optarg), arg ? arg + 1 : "0",
			     SECCOMP_RET_ERRNO | EPERM);
			break;
		case 'k':
			rule(AUDIT_ARCH_X86_64, atoi(optarg), NULL,
			     SECCOMP_RET_KILL_PROCESS);
			break;
		case 't':
			rule(AUDIT_ARCH_X86_64, atoi(optarg), NULL,
			     SECCOMP_RET_TRAP);
			break;
		default:
			return 125;
		}
	}
	if (optind >= argc)
		return 125;
	set(0);
	execv(argv[optind], argv + optind);
	die(argv[optind]);
}
