// SPDX-License-Identifier: GPL-2.0
/*
 * ways - into a PID namespace, and inside of it, by all ways there are
 *
 * Each way has a number N. A process makes call 600 + N while it comes from outside of the
 * namespace and has not called execve, and call 700 + N when it has, or comes from a
 * process that has.
 *
 * ways join PID WAY...	from outside into the namespace of PID
 * ways here WAY...	the same from where it is: the children of a program inside, or of one that
 *			`nsenter -F` has left outside
 * ways crowd PID N	N processes, one after another, from outside into the namespace of PID;
 *			every other one ends without an execve
 * ways in WAY		inside, by a program that was started there: later-...
 * ways call NR		make a call
 * ways filter CMD...	run CMD under a filter that allows all
 * ways deny NR CMD...	run CMD under a filter that refuses a call
 * ways zygote GATE	as an init that never calls execve: mkdir, a child that calls chmod, a
 *			child that calls execve for `ways call 740`; then it waits for a
 *			writer of GATE
 * ways wait S NR	wait S seconds in futex() under a filter that allows all, make a call
 * ways tsync S NR	the same, but a thread that ends sets the filter meanwhile
 * ways strict		exit in SECCOMP_MODE_STRICT
 *
 * A WAY prints nothing; its status is 0 when it went all the way.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "ways: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void before(int way)
{
	syscall(600 + way);
}

static void after(int way)
{
	syscall(700 + way);
}

/* Becomes a program that makes the call of that way */
static __attribute__((noreturn)) void become(int way)
{
	char nr[16];

	snprintf(nr, sizeof(nr), "%d", 700 + way);
	execl("/proc/self/exe", "ways", "call", nr, NULL);
	/* A container may have no /proc of its own */
	execl("/ways", "ways", "call", nr, NULL);
	die("execve");
}

/* Waits for all children, those of children among them that come to us */
static int reap(void)
{
	int status, bad = 0;

	while (wait(&status) > 0)
		bad |= status;
	return !!bad;
}

static void join(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, 0))
		die(path);
	close(fd);
}

static void *exec_thread(void *way)
{
	before(*(int *)way);
	become(*(int *)way);
}

static int crowd(const char *pid, int n)
{
	int bad = 0;

	for (; n; n--) {
		if (!fork()) {
			join(pid);
			if (!fork()) {
				if (n % 2)
					become(0);
				_exit(0);
			}
			_exit(reap());
		}
		bad |= reap();
	}
	return bad;
}

static long bare_clone(unsigned long flags)
{
	return syscall(SYS_clone, flags, 0, 0, 0, 0);
}

enum {
	FORK, VFORK, CLONE_PARENT_CHILD, THREAD, HELPER, DOUBLE, DAEMON, SPAWN,
	UNSHARE, LATER_PARENT, LATER_FORK, LATER_DAEMON, WAYS
};

static const char *const ways[WAYS] = {
	"fork", "vfork", "clone-parent", "thread", "helper", "double-fork",
	"daemon", "spawn", "unshare", "later-clone-parent", "later-fork",
	"later-daemon",
};

/* What a program does that was started inside: all of it is the program's */
static int inside(int way)
{
	pid_t parent;

	switch (way) {
	case LATER_PARENT:
		if (!bare_clone(CLONE_PARENT | SIGCHLD)) {
			after(way);
			_exit(0);
		}
		/* Nobody waits for it: give it time to get there */
		usleep(200000);
		return 0;
	case LATER_FORK:
		if (!fork()) {
			after(way);
			_exit(0);
		}
		return reap();
	case LATER_DAEMON:
		if (!fork()) {
			setsid();
			parent = getpid();
			if (!fork()) {
				while (getppid() == parent)
					usleep(10000);
				after(way);
			}
			_exit(0);
		}
		return reap();
	}
	after(way);
	return 0;
}

/* The process that was forked into the namespace */
static __attribute__((noreturn)) void joiner(int way)
{
	pthread_t thread;
	pid_t parent;

	switch (way) {
	case VFORK:
		if (!vfork()) {
			before(way);
			become(way);
		}
		_exit(reap());
	case CLONE_PARENT_CHILD:
		if (!bare_clone(CLONE_PARENT | SIGCHLD)) {
			before(way);
			become(way);
		}
		_exit(0);
	case THREAD:
		if (pthread_create(&thread, NULL, exec_thread, &way))
			_exit(1);
		for (;;)
			pause();
	case HELPER:
		if (!fork()) {
			before(way);
			_exit(0);
		}
		reap();
		become(way);
	case DOUBLE:
		if (!fork()) {
			parent = getpid();
			if (!fork()) {
				while (getppid() == parent)
					usleep(10000);
				before(way);
				become(way);
			}
			_exit(0);
		}
		_exit(reap());
	case DAEMON:
		setsid();
		if (!fork()) {
			before(way);
			become(way);
		}
		_exit(0);
	case UNSHARE:
		if (unshare(CLONE_NEWPID))
			_exit(1);
		if (!fork()) {
			before(way);
			become(way);
		}
		_exit(reap());
	case LATER_PARENT:
	case LATER_FORK:
	case LATER_DAEMON:
		before(way);
		execl("/proc/self/exe", "ways", "in", ways[way], NULL);
		_exit(1);
	}
	before(way);
	become(way);
}

static int spawn(int way)
{
	char nr[16];
	char *argv[] = { "ways", "call", nr, NULL };
	posix_spawnattr_t attr;
	pid_t pid;

	/* The child makes a call of its own before its execve: setpgid */
	snprintf(nr, sizeof(nr), "%d", 700 + way);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	if (posix_spawn(&pid, "/proc/self/exe", NULL, &attr, argv, environ))
		return 1;
	return reap();
}

static void filter(int nr)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(f[0]), f };

	/* Root needs no PR_SET_NO_NEW_PRIVS */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp");
}

static void *tsync(void *unused)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 1, f };

	/* The main thread is in futex() by then */
	sleep(1);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_TSYNC, &prog);
	syscall(SYS_exit, 0);
	return unused;
}

static int wait_in_futex(int seconds, int nr, int by_thread)
{
	struct timespec ts = { .tv_sec = seconds };
	pthread_t thread;
	int word = 0;

	if (by_thread && pthread_create(&thread, NULL, tsync, NULL))
		return 1;
	if (!by_thread)
		filter(-1);
	syscall(SYS_futex, &word, FUTEX_WAIT, 0, &ts, NULL, 0);
	syscall(nr);
	return errno == ENOSYS ? 0 : 1;
}

static int zygote(const char *gate)
{
	long pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	int fd, status;

	if (pid < 0)
		die("clone");
	if (pid) {
		printf("%ld\n", pid);
		fflush(stdout);
		return waitpid(pid, &status, 0) != pid || status;
	}
	mkdir("/", 0700);
	if (!fork()) {
		chmod("/proc", 0555);
		_exit(0);
	}
	if (!fork()) {
		setpgid(0, 0);
		become(40);
	}
	reap();
	fd = open(gate, O_RDONLY);
	_exit(fd < 0);
}

static int way_of(const char *name)
{
	int i;

	for (i = 0; i < WAYS; i++) {
		if (!strcmp(name, ways[i]))
			return i;
	}
	fprintf(stderr, "ways: no such way: %s\n", name);
	exit(125);
}

static int go(int way)
{
	/* What loses its parent inside may come to us */
	prctl(PR_SET_CHILD_SUBREAPER, way == DOUBLE ? 0 : 1);
	if (way == SPAWN)
		return spawn(way);
	if (!fork())
		joiner(way);
	return reap();
}

int main(int argc, char **argv)
{
	int i = 2, bad = 0;

	if (argc == 3 && !strcmp(argv[1], "call")) {
		syscall(atoi(argv[2]));
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "in"))
		return inside(way_of(argv[2]));
	if (argc == 4 && (!strcmp(argv[1], "wait") || !strcmp(argv[1], "tsync")))
		return wait_in_futex(atoi(argv[2]), atoi(argv[3]),
				     *argv[1] == 't');
	if (argc == 4 && !strcmp(argv[1], "crowd"))
		return crowd(argv[2], atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "zygote"))
		return zygote(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "strict")) {
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
			die("seccomp");
		syscall(SYS_exit, 0);
	}
	if (argc >= 3 && !strcmp(argv[1], "filter")) {
		filter(-1);
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (argc >= 4 && !strcmp(argv[1], "deny")) {
		filter(atoi(argv[2]));
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (argc >= 4 && !strcmp(argv[1], "join"))
		join(argv[i++]);
	else if (argc < 3 || strcmp(argv[1], "here"))
		return 125;
	for (; i < argc; i++)
		bad |= go(way_of(argv[i]));
	return bad;
}
