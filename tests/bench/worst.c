// SPDX-License-Identifier: GPL-2.0
/*
 * worst ROUNDS SEED [CGROUP] - search for what a task can do that costs most
 *
 * In a counting guest with one CPU, as root, sctrace loaded with record=all and looking
 * for refused calls in the initial namespace. Kernel probes tell how long sctrace_lock is
 * held, and how long each of the module's probes runs, with preemption off. What a task
 * does is a string of letters, the gene; a round changes the best one somewhere, and the
 * change stays when something takes longer. Prints
 *
 *	lock INSTRUCTIONS GENE
 *	off INSTRUCTIONS GENE
 *
 * The letters (the task begins as a process of the initial namespace):
 *	n	go on in a child in a namespace inside this one; N: eight times
 *	x	execve, and go on
 *	f	one more filter that allows all; r: one that refuses some numbers
 *	c	numbers that no kernel has, each under a new name; i: by int 0x80;
 *		X: those of x32
 *	h	many of them, the journal gets long
 *	R	calls that a filter refuses
 *	k	children that exit at once; p: with CLONE_PARENT
 *	t	a thread that makes calls
 *	j	children forked into a namespace inside, by setns()
 *	s	sockets of generic netlink come and go
 * With CGROUP, a directory below which all is recorded for as many cgroups as there can be:
 *	g	it goes there; o: to the root again
 *	m	children that it moves there; C: that it forks into it
 *	d	cgroups are made in there, it goes into each, and they are removed again
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACING		"/sys/kernel/tracing/"
#define CGROUPS		"/sys/fs/cgroup"
#define LETTERS		"nNxfrcXihRkptjs"
#define CG_LETTERS	LETTERS "gomCd"
#define GENE_MAX	12
#define PASSES		2	/* an interrupt in between makes one of them longer */

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP	0x200000000ULL
#endif

static const char *self, *cgroup;

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "worst: %s: %s\n", what, strerror(errno));
	_exit(125);
}

/* The task */

static void call(long nr)
{
	syscall(nr, -1, -1, -1, -1, -1, -1);
}

static void call32(long nr)
{
	long ret = nr;

	__asm__ volatile("int $0x80" : "+a" (ret)
		: "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L), "D" (-1L)
		: "r8", "r9", "r10", "r11", "memory");
}

static void calls(int how, int num)
{
	static unsigned int nr;
	char name[16];

	while (num--) {
		nr++;
		snprintf(name, sizeof(name), "w%u", nr);
		prctl(PR_SET_NAME, name);
		if (how == 'i')
			call32(600 + nr % 424);
		else
			call((how == 'X' ? 0x40000000 : 0) + 600 + nr % 424);
	}
}

static void filter(int refuse)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 500, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 600, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, refuse ? SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(*f), f };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("filter");
}

static int nest(void)
{
	pid_t pid;

	/* The kernel's limit is 32 levels */
	if (unshare(CLONE_NEWPID))
		return 0;
	pid = fork();
	if (pid < 0)
		_exit(0);
	if (pid) {
		waitpid(pid, NULL, 0);
		_exit(0);
	}
	return 1;
}

static void children(int flags)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (!syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0))
			_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

static void *thread(void *arg)
{
	calls('c', 8);
	return arg;
}

static void join(void)
{
	int fd, pipes[2];
	char path[64], byte;
	pid_t init;

	if (pipe(pipes) || unshare(CLONE_NEWPID))
		return;
	init = fork();
	if (!init) {
		close(pipes[1]);
		_exit(read(pipes[0], &byte, 1) < 0);
	}
	/* /proc is that of the initial namespace, where this process has another number */
	snprintf(path, sizeof(path), "/proc/thread-self/ns/pid_for_children");
	fd = open(path, O_RDONLY);
	if (fd >= 0 && !setns(fd, 0)) {
		if (!fork()) {
			calls('c', 8);
			children(0);
			_exit(0);
		}
	}
	close(pipes[1]);
	while (wait(NULL) > 0)
		;
	close(pipes[0]);
	close(fd);
}

/* Moves a process; 0: this one */
static void move(const char *to, pid_t pid)
{
	char path[256], text[16];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", to);
	snprintf(text, sizeof(text), "%d", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

/* Children that the caller moves, or forks there */
static void bring(int how)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size,
			 tls, set_tid, set_tid_size, cgroup;
	} args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	int fd, i, pipes[2];
	pid_t pid;
	char byte;

	fd = open(cgroup, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pipe(pipes))
		die(cgroup);
	args.cgroup = fd;
	for (i = 0; i < 4; i++) {
		pid = how == 'C' ? syscall(SYS_clone3, &args, sizeof(args)) : fork();
		if (pid < 0)
			die("a child");
		if (!pid) {
			close(pipes[1]);
			if (read(pipes[0], &byte, 1) < 0)
				die("read");
			calls('c', 4);
			execl(self, self, "-g", "c", cgroup, (char *)NULL);
			die("execve");
		}
		if (how == 'm')
			move(cgroup, pid);
	}
	close(pipes[1]);
	while (wait(NULL) > 0)
		;
	close(pipes[0]);
	close(fd);
}

static void cgroups(void)
{
	char path[256];
	int i;

	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "%s/%d", cgroup, i);
		if (mkdir(path, 0755) && errno != EEXIST)
			die(path);
		move(path, 0);
		calls('c', 4);
		call(SYS_getppid);
	}
	move(cgroup, 0);
	while (i--) {
		snprintf(path, sizeof(path), "%s/%d", cgroup, i);
		rmdir(path);
	}
}

static void act(const char *gene)
{
	pthread_t t;
	int i, n;

	for (; *gene; gene++) {
		switch (*gene) {
		case 'n':
		case 'N':
			n = *gene == 'n' ? 1 : 8;
			while (n-- && nest())
				;
			break;
		case 'x':
			execl(self, self, "-g", gene + 1, cgroup, (char *)NULL);
			die("execve");
		case 'f':
		case 'r':
			filter(*gene == 'r');
			break;
		case 'c':
		case 'i':
		case 'X':
			calls(*gene, 12);
			break;
		case 'h':
			calls('c', 100);
			calls('X', 100);
			break;
		case 'R':
			for (i = 500; i < 520; i++)
				call(i);
			break;
		case 'k':
			children(0);
			break;
		case 'p':
			children(CLONE_PARENT);
			break;
		case 't':
			if (!pthread_create(&t, NULL, thread, NULL))
				pthread_join(t, NULL);
			break;
		case 'j':
			join();
			break;
		case 's':
			for (i = 0; i < 8; i++)
				close(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));
			break;
		case 'g':
		case 'o':
			move(*gene == 'g' ? cgroup : CGROUPS, 0);
			break;
		case 'm':
		case 'C':
			bring(*gene);
			break;
		case 'd':
			cgroups();
			break;
		}
	}
}

/* The search */

static void put(const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), TRACING "%s", name);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

/*
 * The longest time from an event "in" to the next one "out" of the group. With an
 * interrupt between them it does not count.
 */
static unsigned long longest(void)
{
	unsigned long max = 0, at, begin = 0;
	char line[512], *colon, *c;
	FILE *trace = fopen(TRACING "trace", "r");

	if (!trace)
		die("trace");
	while (fgets(line, sizeof(line), trace)) {
		/* "    task-123   [000] d..1. 123456: in: (...)" */
		if (*line == '#')
			continue;
		for (colon = strstr(line, ": "); colon; colon = strstr(colon + 2, ": ")) {
			for (c = colon; c > line && c[-1] >= '0' && c[-1] <= '9'; c--)
				;
			if (c < colon && c > line && c[-1] == ' ')
				break;
		}
		if (!colon)
			continue;
		at = strtoul(c, NULL, 10);
		if (!strncmp(colon, ": in", 4)) {
			begin = at;
		} else if (!strncmp(colon, ": out", 5) && begin) {
			if (at - begin > max)
				max = at - begin;
			begin = 0;
		} else {
			begin = 0;
		}
	}
	fclose(trace);
	return max;
}

static unsigned long measure(const char *what, const char *gene)
{
	char enable[64];
	unsigned long max, best = 0;
	pid_t pid;
	int i;

	snprintf(enable, sizeof(enable), "events/%s/enable", what);
	for (i = 0; i < PASSES; i++) {
		put("trace", "\n");
		put(enable, "1");
		put("events/irq_vectors/enable", "1");
		pid = fork();
		if (pid < 0)
			die("fork");
		if (!pid) {
			/* Stale children by CLONE_PARENT end with it */
			execl(self, self, "-g", gene, cgroup, (char *)NULL);
			die("execve");
		}
		waitpid(pid, NULL, 0);
		while (waitpid(-1, NULL, __WALL) > 0)
			;
		put("events/irq_vectors/enable", "0");
		put(enable, "0");
		max = longest();
		if (!i || max < best)
			best = max;
	}
	return best;
}

static unsigned int seed;

static unsigned int draw(unsigned int num)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % num;
}

static char letter(void)
{
	return cgroup ? CG_LETTERS[draw(sizeof(CG_LETTERS) - 1)] :
			LETTERS[draw(sizeof(LETTERS) - 1)];
}

static void mutate(char *to, const char *from)
{
	size_t len, at;

	do {
		strcpy(to, from);
		len = strlen(to);
		at = draw(len + 1);
		switch (draw(3)) {
		case 0:		/* insert */
			if (len < GENE_MAX) {
				memmove(to + at + 1, to + at, len - at + 1);
				to[at] = letter();
			}
			break;
		case 1:		/* remove */
			if (at < len)
				memmove(to + at, to + at + 1, len - at);
			break;
		case 2:		/* replace */
			if (at < len)
				to[at] = letter();
			break;
		}
	} while (!strcmp(to, from) || !*to);
}

struct best {
	const char *name;
	const char *events;
	unsigned long cost;
	char gene[GENE_MAX + 1];
};

static int try(struct best *best, const char *gene)
{
	unsigned long cost = measure(best->events, gene);

	fprintf(stderr, "%s %lu %s\n", best->name, cost, gene);
	if (cost <= best->cost)
		return 0;
	best->cost = cost;
	strcpy(best->gene, gene);
	return 1;
}

int main(int argc, char **argv)
{
	static struct best bests[2] = {
		{ .name = "lock", .events = "worst_lock" },
		{ .name = "off", .events = "worst_off" },
	};
	/* Where it begins: what earlier searches ended with */
	static const char *const known[][3] = {
		{ "NNNNcX", "NNNNtxR", "NNNNkx" },
		{ "gNNNNcX", "gNNNNtxR", "NNNNCx" },
	};
	char gene[GENE_MAX + 1];
	unsigned int i, k;
	int round;

	self = "/proc/self/exe";
	cgroup = argc > 3 ? argv[3] : NULL;
	if (argc >= 3 && !strcmp(argv[1], "-g")) {
		act(argv[2]);
		while (wait(NULL) > 0)
			;
		return 0;
	}
	if (argc < 3)
		return 2;
	seed = atoi(argv[2]);
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 3; k++)
			try(&bests[i], known[!!cgroup][k]);
	}
	for (round = 0; round < atoi(argv[1]); round++) {
		mutate(gene, bests[round % 2].gene);
		try(&bests[round % 2], gene);
	}
	for (i = 0; i < 2; i++)
		printf("%s %lu %s\n", bests[i].name, bests[i].cost, bests[i].gene);
	return 0;
}
