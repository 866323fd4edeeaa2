// SPDX-License-Identifier: GPL-2.0
/*
 * cgmove - go into cgroups and make calls there, for tests.
 *
 *	cgmove self|child|clone3|threads IN OUT	each of the numbers 600 to 799 is called once,
 *				as the first call in the cgroup IN: by a process that has
 *				moved itself there, one that another has moved, one that was
 *				cloned into it, four threads that were moved together (each
 *				has 50). Each of 800 to 999 once outside, as the first call
 *				after that: by who has moved itself out, by the parent, by the
 *				process from which the threads are
 *	cgmove run IN CMD...	move itself in and execute CMD
 *	cgmove bring IN CMD...	move a child in, which then executes CMD, and wait for it
 *	cgmove spawn IN CMD...	clone a child into IN, which executes CMD; wait for it
 *	cgmove thread IN OUT	both are threaded: a thread moves itself to IN and calls 600, is
 *				in OUT and calls 800; the other thread calls 801 meanwhile
 *	cgmove tour IN N	make N cgroups in IN; call 600 to 799 over and over, from one
 *				after the other; remove them
 *	cgmove storm IN OUT N	threads that call and fork, moved to and fro N times
 *	cgmove crowd IN OUT N	N children that stay, each moved from OUT to IN as soon as it can
 *				be seen. Then prints their PIDs, and waits for its input to end
 *
 * IN and OUT are directories. Exit status: that of CMD; 0; 1 with a message.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

#define NUM	200
#define THREADS	4

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int procs_of(const char *dir, const char *file)
{
	char path[PATH_MAX + 32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

static void move(int fd, int pid)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%d", pid);

	if (write(fd, buf, len) != len)
		die("write cgroup.procs");
}

struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls,
		 set_tid, set_tid_size, cgroup;
};

static pid_t fork_into(const char *dir)
{
	struct clone3_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		die(dir);
	args.cgroup = fd;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0)
		die("clone3");
	if (pid)
		close(fd);
	return pid;
}

static void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("waitpid");
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
}

static void self(int in, int out)
{
	unsigned int i;

	for (i = 0; i < NUM; i++) {
		if (write(in, "0", 1) != 1)
			die("in");
		syscall(600 + i);
		if (write(out, "0", 1) != 1)
			die("out");
		syscall(800 + i);
	}
}

/* fork() of a child that waits; @go lets it go on */
static pid_t fork_waiting(int *go)
{
	int ends[2];
	pid_t pid;
	char c;

	if (pipe(ends))
		die("pipe");
	pid = fork();
	if (!pid) {
		if (read(ends[0], &c, 1) != 1)
			die("read");
		/* And nothing more, for what follows is its first call */
		return 0;
	}
	close(ends[0]);
	*go = ends[1];
	return pid;
}

static void let_go(int go)
{
	if (write(go, "", 1) != 1)
		die("write");
	close(go);
}

static void child(int in)
{
	unsigned int i;
	pid_t pid;
	int go;

	for (i = 0; i < NUM; i++) {
		pid = fork_waiting(&go);
		if (!pid) {
			syscall(600 + i);
			_exit(0);
		}
		move(in, pid);
		syscall(800 + i);
		let_go(go);
		reap(pid);
	}
}

static void into(const char *dir)
{
	unsigned int i;
	pid_t pid;

	for (i = 0; i < NUM; i++) {
		pid = fork_into(dir);
		if (!pid) {
			syscall(600 + i);
			_exit(0);
		}
		syscall(800 + i);
		reap(pid);
	}
}

static int turn;
static unsigned int done;

/* Spins, so that the call is the first one after the move */
static void *wait_and_call(void *arg)
{
	unsigned int i = (uintptr_t)arg;

	while (!__atomic_load_n(&turn, __ATOMIC_ACQUIRE))
		;
	syscall(600 + i);
	__atomic_add_fetch(&done, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void threads(int in, int out)
{
	pthread_t thread[THREADS];
	unsigned int i, j;

	for (i = 0; i < NUM; i += THREADS) {
		turn = 0;
		for (j = 0; j < THREADS; j++) {
			if (pthread_create(&thread[j], NULL, wait_and_call,
					   (void *)(uintptr_t)(i + j)))
				die("pthread_create");
		}
		if (write(in, "0", 1) != 1)
			die("in");
		__atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
		for (j = 0; j < THREADS; j++)
			pthread_join(thread[j], NULL);
		if (write(out, "0", 1) != 1)
			die("out");
		for (j = 0; j < THREADS; j++)
			syscall(800 + i + j);
	}
}

static void *other_thread(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&turn, __ATOMIC_ACQUIRE))
		;
	syscall(801);
	__atomic_store_n(&turn, 2, __ATOMIC_RELEASE);
	return NULL;
}

static void one_thread(const char *in, const char *out)
{
	int fd_in = procs_of(in, "cgroup.threads"), fd_out = procs_of(out, "cgroup.threads");
	pthread_t thread;

	if (pthread_create(&thread, NULL, other_thread, NULL))
		die("pthread_create");
	if (write(fd_in, "0", 1) != 1)
		die("cgroup.threads");
	syscall(600);
	__atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != 2)
		;
	if (write(fd_out, "0", 1) != 1)
		die("cgroup.threads");
	syscall(800);
	pthread_join(thread, NULL);
}

static void tour(const char *in, unsigned int num)
{
	char path[PATH_MAX];
	unsigned int i;
	int home, fd;

	for (i = 0; i < num; i++) {
		snprintf(path, sizeof(path), "%s/nr%u", in, i);
		if (mkdir(path, 0755))
			die(path);
	}
	home = procs_of(in, "cgroup.procs");
	for (i = 0; i < num; i++) {
		snprintf(path, sizeof(path), "%s/nr%u", in, i);
		fd = procs_of(path, "cgroup.procs");
		if (write(fd, "0", 1) != 1)
			die(path);
		syscall(600 + i % NUM);
		close(fd);
	}
	if (write(home, "0", 1) != 1)
		die(in);
	for (i = 0; i < num; i++) {
		snprintf(path, sizeof(path), "%s/nr%u", in, i);
		if (rmdir(path))
			die(path);
	}
}

static void *call_on(void *arg)
{
	(void)arg;
	for (;;)
		syscall(SYS_gettid);
	return NULL;
}

static void *fork_on(void *arg)
{
	pid_t pid;

	(void)arg;
	for (;;) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	return NULL;
}

static void storm(int in, int out, unsigned int num)
{
	pthread_t thread;
	unsigned int i;
	pid_t pid;

	pid = fork();
	if (!pid) {
		for (i = 0; i < THREADS; i++)
			pthread_create(&thread, NULL, i & 1 ? call_on : fork_on, NULL);
		for (;;)
			pause();
	}
	while (num--) {
		move(in, pid);
		move(out, pid);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Moves whoever it sees in OUT, but not the two that it knows */
static void mover(int in, const char *out, pid_t parent)
{
	char path[PATH_MAX], buf[65536], *line, *next;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", out);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(path);
	for (;;) {
		len = pread(fd, buf, sizeof(buf) - 1, 0);
		if (len <= 0)
			continue;
		buf[len] = 0;
		for (line = buf; (next = strchr(line, '\n')); line = next + 1) {
			*next = 0;
			if (atoi(line) == parent || atoi(line) == getpid())
				continue;
			/* It may be moved already */
			if (write(in, line, strlen(line)) < 0 && errno != ESRCH)
				die("move");
		}
	}
}

static void crowd(int in, const char *out, unsigned int num)
{
	pid_t *pids = calloc(num, sizeof(*pids)), pid, me = getpid();
	unsigned int i;
	char c;

	pid = fork();
	if (!pid)
		mover(in, out, me);
	for (i = 0; i < num; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			for (;;)
				pause();
		}
	}
	/* It has seen the last one when that is gone from there */
	usleep(300000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (i = 0; i < num; i++)
		printf("%d\n", pids[i]);
	fflush(stdout);
	fclose(stdout);
	while (read(0, &c, 1) > 0)
		;
	for (i = 0; i < num; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "", *in = argv[2];
	int go, fd;
	pid_t pid;

	if (!strcmp(what, "run")) {
		fd = procs_of(in, "cgroup.procs");
		if (write(fd, "0", 1) != 1)
			die("in");
		execvp(argv[3], argv + 3);
		die(argv[3]);
	} else if (!strcmp(what, "spawn")) {
		pid = fork_into(in);
		if (!pid) {
			execvp(argv[3], argv + 3);
			die(argv[3]);
		}
		reap(pid);
	} else if (!strcmp(what, "bring")) {
		fd = procs_of(in, "cgroup.procs");
		pid = fork_waiting(&go);
		if (!pid) {
			execvp(argv[3], argv + 3);
			die(argv[3]);
		}
		move(fd, pid);
		let_go(go);
		reap(pid);
	} else if (!strcmp(what, "self")) {
		self(procs_of(in, "cgroup.procs"), procs_of(argv[3], "cgroup.procs"));
	} else if (!strcmp(what, "child")) {
		child(procs_of(in, "cgroup.procs"));
	} else if (!strcmp(what, "clone3")) {
		into(in);
	} else if (!strcmp(what, "threads")) {
		threads(procs_of(in, "cgroup.procs"), procs_of(argv[3], "cgroup.procs"));
	} else if (!strcmp(what, "thread")) {
		one_thread(in, argv[3]);
	} else if (!strcmp(what, "tour")) {
		tour(in, atoi(argv[3]));
	} else if (!strcmp(what, "storm") && argc == 5) {
		storm(procs_of(in, "cgroup.procs"), procs_of(argv[3], "cgroup.procs"),
		      atoi(argv[4]));
	} else if (!strcmp(what, "crowd") && argc == 5) {
		crowd(procs_of(in, "cgroup.procs"), argv[3], atoi(argv[4]));
	} else {
		fprintf(stderr, "cgmove: see the top of cgmove.c\n");
		return 2;
	}
	return 0;
}
