// SPDX-License-Identifier: GPL-2.0
/*
 * bench - what system calls cost
 *
 *	bench call [N]		passes of N x getppid (1000)
 *	bench thread		... by a thread of a program
 *	bench forked		... by a child that has called no execve
 *	bench confined		... under a seccomp filter that allows everything
 *	bench error		close(-1), which fails
 *	bench error-confined	... under a seccomp filter that allows everything
 *	bench value WHAT [N]	a watched call, with N values in turn (1). WHAT: prctl, socket,
 *				ioctl
 *	bench value-confined WHAT [N]	... under a seccomp filter that allows everything
 *	bench value-open	a watched call that has had more values than are kept
 *	bench value-first N	N new values, each once
 *	bench refused		getuid, which a seccomp filter refuses
 *	bench setup		... by pid 1 of a new namespace before its execve
 *	bench alternate A B	two processes hand the CPU to and fro, a call each
 *				time; A, B: "in", in a new namespace each, or "out"
 *	bench alternate-value A B	... prctl, and one that gives the CPU away
 *	bench first		a pass over 100 numbers not called before, and
 *				again: cost per call of both passes
 *	bench moved DIR DIR	a process is moved to another cgroup and back: cost of each
 *				of its threads
 *	bench births N M	N x (namespace made, and ended): cost of each, in
 *				the first M and the last M
 *	bench many N CMD...	run CMD while N more namespaces live
 *	bench inside CMD...	run CMD as pid 1 of a new namespace
 *	bench time CMD...	cost of CMD from fork to wait, without its output
 *
 * Costs are nanoseconds on the monotonic clock: instructions in a guest that
 * executes one a nanosecond. The cheapest pass counts. A pass is shorter than the
 * time from one timer interrupt to the next, so that most have none in them.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS	1000
#define PASSES	60
#define TRIES	3

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	_exit(125);
}

static uint64_t now_by(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static uint64_t now(void)
{
	return now_by(CLOCK_MONOTONIC);
}

static unsigned long calls = CALLS;
static long number = SYS_getppid;

/* What now() itself takes */
static uint64_t clock_cost(void)
{
	uint64_t best = UINT64_MAX, took;
	int pass;

	for (pass = 0; pass < PASSES; pass++) {
		took = now();
		took = now() - took;
		if (took < best)
			best = took;
	}
	return best;
}

/* Requests that terminals, sockets and disks are asked; musl extends the sign of one */
static const unsigned long requests[] = {
	0x5401, 0x5402, 0x5403, 0x5404, 0x5413, 0x5414, 0x540f, 0x5410, 0x540e,
	0x541b, 0x5421, 0x5450, 0x5451, 0x80045430, 0xffffffff80045430, 0x40045431,
	0x8912, 0x8913, 0x8915, 0x8927, 0x8933, 0x891b, 0x80081272, 0x1268, 0x125e,
	0xc0206926, 0x80086601, 0x40086602, 0xc0106407, 0x541e,
};

/* A watched call that fails at once, with one of @num values */
static long watched(char what, unsigned long i, unsigned long num)
{
	i %= num;
	switch (what) {
	case 'p':
		return syscall(SYS_prctl, 1000 + i, 0, 0, 0, 0);
	case 's':
		return syscall(SYS_socket, 1000 + i / 4, 1 + i % 4, 6);
	default:
		return syscall(SYS_ioctl, -1, num > 30 ? i : requests[i], 0);
	}
}

static int values(char what, unsigned long num)
{
	uint64_t best = UINT64_MAX, start, took;
	unsigned long i;
	int pass;

	for (pass = 0; pass < PASSES; pass++) {
		start = now();
		for (i = 0; i < calls; i++)
			watched(what, i, num);
		took = now() - start;
		if (took < best)
			best = took;
	}
	printf("%.2f\n", (double)(best - clock_cost()) / calls);
	return 0;
}

static int first_values(unsigned long num)
{
	uint64_t start;
	unsigned long i;

	watched('p', 0, 1);
	now();
	start = now();
	for (i = 0; i < num; i++)
		watched('i', i, 1000);
	printf("%lu\n", (unsigned long)((now() - start) / num));
	return 0;
}

static void *loop(void *unused)
{
	uint64_t best = UINT64_MAX, start, took;
	unsigned long i;
	int pass;

	for (pass = 0; pass < PASSES; pass++) {
		start = now();
		for (i = 0; i < calls; i++)
			syscall(number, -1L);
		took = now() - start;
		if (took < best)
			best = took;
	}
	printf("%.2f\n", (double)(best - clock_cost()) / calls);
	fflush(stdout);
	return unused;
}

static int status(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, 0) < 0) {
		if (errno != EINTR)
			die("waitpid");
	}
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

/* fork(), into a new PID namespace when flags says so; wants no C library */
static pid_t spawn(unsigned long flags)
{
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		die("clone");
	return pid;
}

static int forked(unsigned long flags)
{
	pid_t pid = spawn(flags);

	if (!pid) {
		loop(NULL);
		_exit(0);
	}
	return status(pid);
}

static int thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, loop, NULL))
		die("pthread_create");
	pthread_join(t, NULL);
	return 0;
}

/* Sets a filter. @refuse: it refuses what loop() calls */
static void filter(int refuse)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = code };

	if (!refuse) {
		prog.len = 1;
		prog.filter = code + 3;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp");
}

static int confined(int refuse)
{
	filter(refuse);
	loop(NULL);
	return 0;
}

static int run(char **argv, unsigned long flags, int quiet)
{
	pid_t pid = spawn(flags);
	int fd;

	if (!pid) {
		if (quiet) {
			fd = open("/dev/null", O_WRONLY);
			if (fd < 0 || dup2(fd, 1) < 0)
				die("/dev/null");
		}
		execvp(argv[0], argv);
		die(argv[0]);
	}
	return status(pid);
}

/* What the two of bench alternate share, at this descriptor */
#define SHARED_FD 9

struct shared {
	int ready;
	int done;
	int awake;	/* the one that does not report sleeps no more */
};

/*
 * One of two of the same real-time priority: sched_yield() always gives the CPU
 * to the other one, so that each call comes from another process than the last.
 */
static int yield(int report, int value)
{
	struct sched_param param = { .sched_priority = 1 };
	uint64_t best = UINT64_MAX, start, took;
	struct shared *shared;
	unsigned long i;
	int pass;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED,
		      SHARED_FD, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		die("sched_setscheduler");
	__atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) < 2)
		usleep(1000);
	if (!report) {
		__atomic_store_n(&shared->awake, 1, __ATOMIC_SEQ_CST);
		while (!__atomic_load_n(&shared->done, __ATOMIC_SEQ_CST)) {
			if (value)
				watched('p', 0, 1);
			syscall(SYS_sched_yield);
		}
		return 0;
	}
	while (!__atomic_load_n(&shared->awake, __ATOMIC_SEQ_CST))
		usleep(1000);
	for (pass = 0; pass < PASSES; pass++) {
		start = now();
		for (i = 0; i < calls; i++) {
			if (value)
				watched('p', 0, 1);
			syscall(SYS_sched_yield);
		}
		took = now() - start;
		if (took < best)
			best = took;
	}
	__atomic_store_n(&shared->done, 1, __ATOMIC_SEQ_CST);
	printf("%.2f\n", (double)(best - clock_cost()) / (2 * calls));
	return 0;
}

static int alternate(char **argv, const char *how)
{
	char *args[] = { "bench", (char *)how, NULL, NULL };
	struct shared empty = { 0 };
	int fd = memfd_create("shared", 0), i, bad = 0;
	pid_t pid[2];

	if (fd < 0 || write(fd, &empty, sizeof(empty)) != sizeof(empty) ||
	    dup2(fd, SHARED_FD) < 0)
		die("memfd_create");
	for (i = 0; i < 2; i++) {
		pid[i] = spawn(strcmp(argv[i], "in") ? 0 : CLONE_NEWPID);
		if (!pid[i]) {
			args[2] = i ? "1" : "0";
			execv("/proc/self/exe", args);
			die("/proc/self/exe");
		}
	}
	for (i = 0; i < 2; i++)
		bad |= status(pid[i]);
	return bad;
}

/*
 * A hundred numbers that do nothing: what needs no right, places of the table
 * that no call has ever had, and a few that take no zeroes for arguments.
 */
static const short plain[] = {
	SYS_getpid, SYS_getuid, SYS_getgid, SYS_geteuid, SYS_getegid,
	SYS_gettid, SYS_sched_yield, SYS_umask, SYS_times,
#ifdef SYS_alarm
	SYS_getpgrp, SYS_alarm,
#endif
};

#define DISTINCT	100
#define UNUSED_FROM	337

static uint64_t pass(void)
{
	uint64_t start = now();
	unsigned int i, num = sizeof(plain) / sizeof(*plain);

	for (i = 0; i < num; i++)
		syscall(plain[i], 0, 0, 0, 0, 0, 0);
	for (i = 0; i < DISTINCT - num; i++)
		syscall(UNUSED_FROM + i, 0, 0, 0, 0, 0, 0);
	return now() - start;
}

static int first(void)
{
	uint64_t once, again = UINT64_MAX, took;
	int try;

	now();
	once = pass();
	for (try = 0; try < TRIES; try++) {
		took = pass();
		if (took < again)
			again = took;
	}
	printf("%lu %lu\n", (unsigned long)(once / DISTINCT),
	       (unsigned long)(again / DISTINCT));
	return 0;
}

#define THREADS	256

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/*
 * A process with so many threads more is moved between two cgroups, there and back. By the
 * clock of the CPU: the kernel waits for other CPUs meanwhile.
 */
static uint64_t move(const int fd[2], unsigned int threads)
{
	uint64_t best = UINT64_MAX, start, took;
	int pass, i, made[2];
	pthread_attr_t attr;
	pthread_t t;
	pid_t pid;
	char c = 0;

	if (pipe(made))
		die("pipe");
	pid = fork();
	if (!pid) {
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, 65536);
		while (threads--) {
			if (pthread_create(&t, &attr, idle, NULL))
				die("pthread_create");
		}
		if (write(made[1], &c, 1) != 1)
			die("write");
		idle(NULL);
	}
	if (pid < 0 || read(made[0], &c, 1) != 1)
		die("fork");
	for (pass = 0; pass < PASSES; pass++) {
		start = now_by(CLOCK_THREAD_CPUTIME_ID);
		for (i = 0; i < 2; i++) {
			if (dprintf(fd[i], "%d", pid) < 0)
				die("cgroup.procs");
		}
		took = now_by(CLOCK_THREAD_CPUTIME_ID) - start;
		if (took < best)
			best = took;
	}
	kill(pid, SIGKILL);
	status(pid);
	return best;
}

static int moved(char **dirs)
{
	char path[4096];
	uint64_t few;
	int fd[2], i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/cgroup.procs", dirs[i]);
		fd[i] = open(path, O_WRONLY);
		if (fd[i] < 0)
			die(path);
	}
	few = move(fd, 0);
	printf("%.2f\n", (double)(move(fd, THREADS) - few) / (2 * THREADS));
	return 0;
}

static int births(unsigned long num, unsigned long part)
{
	uint64_t early = 0, late = 0, start;
	unsigned long i;
	pid_t pid;

	if (!part || part > num)
		die("which part?");
	for (i = 0; i < num; i++) {
		start = now();
		pid = spawn(CLONE_NEWPID);
		if (!pid)
			_exit(0);
		if (status(pid))
			die("child");
		if (i < part)
			early += now() - start;
		if (i >= num - part)
			late += now() - start;
	}
	printf("%lu %lu\n", (unsigned long)(early / part),
	       (unsigned long)(late / part));
	return 0;
}

#define STACK	8192

static int sleeper(void *unused)
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return !!unused;
}

static int many(unsigned long num, char **argv)
{
	pid_t *pid = calloc(num, sizeof(*pid));
	char *stacks = mmap(NULL, num * STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned long i;
	int ret;

	if (!pid || stacks == MAP_FAILED)
		die("memory");
	for (i = 0; i < num; i++) {
		pid[i] = clone(sleeper, stacks + (i + 1) * STACK,
			       CLONE_NEWPID | CLONE_VM | SIGCHLD, NULL);
		if (pid[i] < 0)
			die("clone");
		/* On one CPU, the worker's turn to fill the pools */
		if (i % 16 == 15)
			usleep(2000);
	}
	usleep(100000);
	ret = run(argv, 0, 0);
	for (i = 0; i < num; i++)
		kill(pid[i], SIGKILL);
	for (i = 0; i < num; i++)
		status(pid[i]);
	free(pid);
	return ret;
}

static int timed(char **argv)
{
	uint64_t best = UINT64_MAX, start, took;
	int try, ret;

	for (try = 0; try < TRIES; try++) {
		start = now();
		ret = run(argv, 0, 1);
		took = now() - start;
		if (ret)
			return ret;
		if (took < best)
			best = took;
	}
	printf("%lu\n", (unsigned long)best);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	/* Else a child would print the parent's words once more */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "call")) {
		if (argc > 2)
			calls = strtoul(argv[2], NULL, 0);
		loop(NULL);
		return 0;
	}
	if (!strcmp(what, "thread"))
		return thread();
	if (!strcmp(what, "forked"))
		return forked(0);
	if (!strcmp(what, "setup"))
		return forked(CLONE_NEWPID);
	if (!strcmp(what, "confined"))
		return confined(0);
	if (!strcmp(what, "refused")) {
		number = SYS_getuid;
		return confined(1);
	}
	if (!strncmp(what, "error", 5)) {
		number = SYS_close;
		if (what[5])
			return confined(0);
		loop(NULL);
		return 0;
	}
	if (!strncmp(what, "yield", 5) && argc == 3)
		return yield(atoi(argv[2]), what[5]);
	if (!strcmp(what, "alternate") && argc == 4)
		return alternate(argv + 2, "yield");
	if (!strcmp(what, "alternate-value") && argc == 4)
		return alternate(argv + 2, "yield-value");
	if (!strcmp(what, "value-open"))
		return values('i', 1000);
	if (!strcmp(what, "value-first") && argc == 3)
		return first_values(strtoul(argv[2], NULL, 0));
	if (!strncmp(what, "value", 5) && argc > 2) {
		if (what[5])
			filter(0);
		return values(*argv[2], argc > 3 ? strtoul(argv[3], NULL, 0) : 1);
	}
	if (!strcmp(what, "first"))
		return first();
	if (!strcmp(what, "moved") && argc == 4)
		return moved(argv + 2);
	if (!strcmp(what, "births") && argc == 4)
		return births(strtoul(argv[2], NULL, 0),
			      strtoul(argv[3], NULL, 0));
	if (!strcmp(what, "many") && argc > 3)
		return many(strtoul(argv[2], NULL, 0), argv + 3);
	if (!strcmp(what, "inside") && argc > 2)
		return run(argv + 2, CLONE_NEWPID, 0);
	if (!strcmp(what, "time") && argc > 2)
		return timed(argv + 2);
	fprintf(stderr, "bench: what? (see the top of bench.c)\n");
	return 2;
}
