// SPDX-License-Identifier: GPL-2.0
/*
 * storm - do many things at once that must not disturb each other
 *
 *	storm [-s SEED] SECONDS WORKER=COUNT...
 *
 * Workers, each a process:
 *	calls	system calls that fail: random numbers, wild ones among them
 *	known	the same few calls again and again (the steady state)
 *	births	namespaces that are born, call, and die; some exec, some nest
 *	joins	setns() into namespaces that are about to die, and fork there
 *	threads	namespaces whose init has threads, each of which may be the last
 *	requests  GET, START, STOP, RESET, FORGET of random records
 *	dumps	whole dumps with sightings, some broken off half-way
 *	loads	the module taken out and put in again
 *
 * Prints "WORKER=OPERATIONS" for each, and a line "refused ERRNO=TIMES" for what
 * the module answered to requests. Goes on, up to ten times as long, until each worker
 * has done something. Fails when one did nothing at all, or the module gave an answer
 * that its manual does not know.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nlraw.h"

#define WORKERS_MAX	64
#define ERRNOS		160

static struct shared {
	volatile int stop;
	unsigned long ops[WORKERS_MAX];
	unsigned long refused[ERRNOS];
	unsigned long strange;
} *shared;

static unsigned long long state;

/* One's own: what a seed gives must not depend on the C library */
static unsigned int rnd(unsigned int below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static bool going(void)
{
	return !shared->stop;
}

static void quiet(void)
{
	int fd = open("/dev/null", O_RDWR);

	dup2(fd, 1);
	close(fd);
}

/* Numbers that would end, stop or bend the caller even with senseless arguments */
static bool harmful(unsigned int nr)
{
	switch (nr) {
	case SYS_exit: case SYS_exit_group: case SYS_fork: case SYS_vfork:
	case SYS_clone: case SYS_clone3: case SYS_pause: case SYS_rt_sigreturn:
	case SYS_vhangup: case SYS_sync: case SYS_reboot: case SYS_alarm:
	case SYS_umask: case SYS_setsid: case SYS_munlockall: case SYS_brk:
	case SYS_set_tid_address: case SYS_kill: case SYS_tkill:
	case SYS_tgkill: case SYS_rt_sigsuspend: case SYS_rt_sigtimedwait:
	case 335: case 336: /* uretprobe, uprobe: a signal */
		return true;
	}
	return false;
}

static void random_call(void)
{
	static const long wild[] = {
		-1, 0x7fffffff, 0x40000000, 0x40000000 + 520,
		0x40000000 + 600, 0x400003ff, 0x40000400, 503, 504, 511, 512,
		1015, 1016, 1023, 1024, 0xf0005, -4096,
	};
	unsigned int nr = rnd(480);

	if (!rnd(8)) {
		syscall(wild[rnd(sizeof(wild) / sizeof(*wild))],
			-1, -1, -1, -1, -1, -1);
		return;
	}
	if (!harmful(nr))
		syscall(nr, -1, -1, -1, -1, -1, -1);
}

static void int80(long nr)
{
	__asm__ volatile("int $0x80" : "+a" (nr)
			 : "b" (-1L), "c" (-1L), "d" (-1L), "S" (-1L),
			   "D" (-1L)
			 : "r8", "r9", "r10", "r11", "memory");
}

static void calls(unsigned long *ops)
{
	/* A child at a time: whatever the calls do to it, another follows */
	while (going()) {
		pid_t pid = fork();
		int i;

		if (pid < 0)
			continue;
		if (!pid) {
			char name[16];

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (i = 0; i < 2000 && going(); i++) {
				random_call();
				if (!(i % 64)) {
					snprintf(name, sizeof(name), "s%u",
						 rnd(100000));
					prctl(PR_SET_NAME, name);
				}
				if (!(i % 16))
					int80(20 + rnd(4) * 100);
				*ops += 1;
			}
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		rnd(2);
	}
}

static void known(unsigned long *ops)
{
	while (going()) {
		syscall(SYS_getppid);
		syscall(SYS_getuid);
		int80(20);
		*ops += 3;
	}
}

static pid_t fork_into(unsigned long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

static void live(unsigned int depth)
{
	pid_t pid;

	random_call();
	syscall(SYS_getppid);
	if (depth && rnd(2)) {
		pid = fork_into(CLONE_NEWPID);
		if (!pid) {
			live(depth - 1);
			_exit(0);
		}
		/* Sometimes the init goes while there are others */
		if (pid > 0 && rnd(3))
			waitpid(pid, NULL, __WALL);
	}
	if (!rnd(4))
		execl("/bin/true", "true", (char *)NULL);
}

static void births(unsigned long *ops)
{
	while (going()) {
		pid_t pid = fork_into(CLONE_NEWPID);

		if (!pid) {
			live(rnd(10) ? rnd(4) : 31);
			_exit(0);
		}
		if (pid < 0)
			continue;
		*ops += 1;
		if (!rnd(4))
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

static void joins(unsigned long *ops)
{
	while (going()) {
		pid_t pid = fork_into(CLONE_NEWPID), child;
		char path[64];
		int fd;

		if (!pid) {
			usleep(rnd(3000));
			_exit(0);
		}
		if (pid < 0)
			continue;
		child = fork();
		if (!child) {
			snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
			fd = open(path, O_RDONLY);
			if (fd < 0 || syscall(SYS_setns, fd, CLONE_NEWPID))
				_exit(0);
			while (going()) {
				pid_t inner = fork();

				if (inner < 0)
					break;	/* it is dead */
				if (!inner) {
					random_call();
					_exit(0);
				}
				waitpid(inner, NULL, 0);
			}
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		if (child > 0)
			waitpid(child, NULL, 0);
		*ops += 1;
	}
}

static void *thread(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < 20; i++)
		syscall(SYS_getppid);
	if ((long)arg % 3 == 0)
		syscall(SYS_exit, 0);
	return NULL;
}

static void threads(unsigned long *ops)
{
	while (going()) {
		pid_t pid = fork_into(CLONE_NEWPID);
		pthread_t t;
		long i;

		if (!pid) {
			for (i = 0; i < 4; i++)
				pthread_create(&t, NULL, thread, (void *)i);
			/* The leader goes first, and its threads last on */
			if (rnd(2))
				syscall(SYS_exit, 0);
			if (!rnd(3))
				execl("/bin/true", "true", (char *)NULL);
			_exit(0);
		}
		if (pid < 0)
			continue;
		waitpid(pid, NULL, 0);
		*ops += 1;
	}
}

static void count_refusal(int error)
{
	if (error < 0 || error >= ERRNOS)
		error = 0;
	__sync_fetch_and_add(&shared->refused[error], 1);
	switch (error) {
	case EEXIST: case ENOENT: case ESRCH: case ESTALE: case ENOSPC:
	case ENOMEM: case EINVAL:
	/* the module is being taken out */
	case ESHUTDOWN: case ENETUNREACH: case ENODEV: case EOPNOTSUPP:
	case EPROTONOSUPPORT: /* what netlink says to a dump that is too late */
		break;
	default:
		__sync_fetch_and_add(&shared->strange, 1);
	}
}

static int take_id(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *a = nla_find(attrs, len, SCTRACE_A_ID);
	uint64_t *id = arg;

	if (a && (!*id || !rnd(8)))
		*id = nla_u64(a);
	return 0;
}

static void requests(unsigned long *ops)
{
	static const uint8_t cmds[] = {
		SCTRACE_CMD_GET, SCTRACE_CMD_START, SCTRACE_CMD_STOP,
		SCTRACE_CMD_RESET, SCTRACE_CMD_FORGET, SCTRACE_CMD_FORGET,
	};
	uint64_t seen[16] = { 0 };
	unsigned int i = 0;
	struct nlraw nl;
	bool is_open = false;
	struct msg m;
	int ret;

	while (going()) {
		char sel[32], label[16];
		uint8_t cmd = cmds[rnd(sizeof(cmds))];

		if (!is_open) {
			if (nlraw_open(&nl)) {
				usleep(1000);
				continue;
			}
			is_open = true;
		}
		if (!(i++ % 32)) {
			/* Which there are, so that most requests hit one */
			unsigned int k;

			for (k = 0; k < 16; k++) {
				msg_init(&m, nl.family, NLM_F_DUMP,
					 SCTRACE_CMD_GET, 1);
				ret = nlraw_talk(&nl, &m, take_id, &seen[k]);
				if (ret)
					break;
				if (k == 3)
					break;
			}
			for (k = 4; k < 16; k++)
				seen[k] = seen[k % 4] + rnd(20);
		}
		msg_init(&m, nl.family, NLM_F_ACK, cmd, 1);
		if (rnd(4))
			snprintf(sel, sizeof(sel), "id:%llu",
				 (unsigned long long)seen[rnd(16)]);
		else
			snprintf(sel, sizeof(sel), "pid:%u", 1 + rnd(3000));
		msg_select(&m, sel);
		if (cmd == SCTRACE_CMD_START && rnd(2)) {
			snprintf(label, sizeof(label), "l%u", rnd(50));
			msg_put(&m, SCTRACE_A_SET_LABEL, label,
				strlen(label) + 1);
		}
		ret = nlraw_talk(&nl, &m, NULL, NULL);
		*ops += 1;
		if (ret) {
			count_refusal(-ret);
			if (ret == -ENOENT && strcmp(nl.text, "no such record")) {
				/* the family went with the module */
				close(nl.fd);
				is_open = false;
			}
		}
	}
	if (is_open)
		close(nl.fd);
}

static int stop_early(const struct nlattr *attrs, size_t len, void *arg)
{
	unsigned int *left = arg;

	(void)attrs;
	(void)len;
	return --*left ? 0 : 1;
}

static void dumps(unsigned long *ops)
{
	while (going()) {
		uint32_t want = SCTRACE_WANT_SIGHTINGS;
		unsigned int left = rnd(2) ? 1 + rnd(200) : ~0U;
		struct nlraw nl;
		struct msg m;
		int ret;

		if (nlraw_open(&nl)) {
			usleep(1000);
			continue;
		}
		msg_init(&m, nl.family, NLM_F_DUMP, SCTRACE_CMD_GET, 1);
		msg_put(&m, SCTRACE_A_WANT, &want, sizeof(want));
		ret = nlraw_talk(&nl, &m, stop_early, &left);
		if (ret < 0)
			count_refusal(-ret);
		/* With the socket goes what is left of the dump */
		close(nl.fd);
		*ops += 1;
		/* Leave those who unload a gap now and then */
		usleep(rnd(40000));
	}
}

static int run(const char *path, const char *a, const char *b)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		int fd = open("/dev/null", O_WRONLY);

		dup2(fd, 2);
		execlp(path, path, a, b, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void loads(unsigned long *ops)
{
	int tries;

	while (going()) {
		usleep(rnd(200000));
		/* Refused while it holds a record or somebody dumps */
		for (tries = 0; tries < 20 && going(); tries++) {
			if (!run("rmmod", "sctrace", NULL)) {
				*ops += 1;
				break;
			}
		}
		run("modprobe", "sctrace",
		    rnd(2) ? "max_records=64" : "max_ended=8");
	}
	run("modprobe", "sctrace", NULL);
}

static const struct {
	const char *name;
	void (*fn)(unsigned long *ops);
} workers[] = {
	{ "calls", calls }, { "known", known }, { "births", births },
	{ "joins", joins }, { "threads", threads }, { "requests", requests },
	{ "dumps", dumps }, { "loads", loads },
};

#define N_WORKERS (sizeof(workers) / sizeof(*workers))

/* Has one of the n workers done nothing yet? */
static bool idle(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!__atomic_load_n(&shared->ops[i], __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	unsigned long sum[N_WORKERS] = { 0 };
	unsigned int started[N_WORKERS] = { 0 };
	unsigned int kind[WORKERS_MAX], n = 0, i;
	unsigned long long seed = 1;
	int arg = 1, bad = 0, seconds;
	pid_t pids[WORKERS_MAX];
	struct timespec t0, t1;

	if (argc > 2 && !strcmp(argv[1], "-s")) {
		seed = strtoull(argv[2], NULL, 0);
		arg = 3;
	}
	if (argc <= arg + 1)
		return 2;
	seconds = atoi(argv[arg++]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (; arg < argc; arg++) {
		char *eq = strchr(argv[arg], '=');
		unsigned int w, k;

		if (!eq)
			return 2;
		*eq = 0;
		for (w = 0; w < N_WORKERS; w++) {
			if (!strcmp(workers[w].name, argv[arg]))
				break;
		}
		if (w == N_WORKERS)
			return 2;
		for (k = atoi(eq + 1); k && n < WORKERS_MAX; k--, n++) {
			kind[n] = w;
			started[w]++;
			pids[n] = fork();
			if (!pids[n]) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				state = (seed * 0x9e3779b97f4a7c15ULL) ^
					(n + 1) * 0xbf58476d1ce4e5b9ULL;
				quiet();
				workers[w].fn(&shared->ops[n]);
				_exit(0);
			}
		}
	}
	/* On a slow kernel somebody may not have had his turn yet */
	for (i = 0; i < 10 * (unsigned int)seconds; i++) {
		if (i >= (unsigned int)seconds && !idle(n))
			break;
		sleep(1);
	}
	shared->stop = 1;
	for (i = 0; i < n; i++) {
		int status;

		/* Whoever hangs is a failure, and the caller's time limit tells */
		if (waitpid(pids[i], &status, 0) != pids[i] || status) {
			fprintf(stderr, "storm: %s ended with 0x%x\n",
				workers[kind[i]].name, status);
			bad = 1;
		}
		sum[kind[i]] += shared->ops[i];
	}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	for (i = 0; i < N_WORKERS; i++) {
		if (!started[i])
			continue;
		printf("%s=%lu ", workers[i].name, sum[i]);
		if (!sum[i]) {
			fprintf(stderr, "storm: %s did nothing\n",
				workers[i].name);
			bad = 1;
		}
	}
	printf("seconds=%ld\n", (long)(t1.tv_sec - t0.tv_sec));
	for (i = 0; i < ERRNOS; i++) {
		if (shared->refused[i])
			printf("refused %s=%lu\n", nlraw_errno(i),
			       shared->refused[i]);
	}
	if (shared->strange) {
		fprintf(stderr, "storm: %lu answers that the manual does not know\n",
			shared->strange);
		bad = 1;
	}
	return bad;
}
