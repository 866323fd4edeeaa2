// SPDX-License-Identifier: GPL-2.0
/*
 * allcalls-run TIMES PROGRAM - run a program that makes every call, each time in
 * a new PID namespace; look whether its record has all numbers, then forget it.
 * Prints what was missing of each run that was not whole, and at the end
 * "whole W of TIMES, I incomplete, slowest N ms". Exits with 0 when it got that
 * far.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nlraw.h"

struct seen {
	uint64_t id;
	uint32_t flags;
	unsigned char bits[SCTRACE_NR_MAX / 8];
};

static int take(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *abis, *abi, *sets, *set, *bits, *a;
	struct seen *seen = arg;
	size_t i;

	a = nla_find(attrs, len, SCTRACE_A_ID);
	if (a)
		seen->id = nla_u64(a);
	a = nla_find(attrs, len, SCTRACE_A_FLAGS);
	if (a)
		seen->flags = nla_u32(a);
	abis = nla_find(attrs, len, SCTRACE_A_ABIS);
	if (!abis)
		return 0;
	nla_for(abi, nla_data(abis), nla_len(abis)) {
		a = nla_find(nla_data(abi), nla_len(abi), SCTRACE_ABI_ARCH);
		sets = nla_find(nla_data(abi), nla_len(abi), SCTRACE_ABI_SETS);
		if (!a || !sets || nla_u32(a) != AUDIT_ARCH_X86_64)
			continue;
		nla_for(set, nla_data(sets), nla_len(sets)) {
			bits = nla_find(nla_data(set), nla_len(set),
					SCTRACE_SET_BITS);
			for (i = 0; bits && i < nla_len(bits); i++)
				seen->bits[i] |= ((const unsigned char *)
						  nla_data(bits))[i];
		}
	}
	return 0;
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void die(const char *what, int error)
{
	fprintf(stderr, "allcalls-run: %s: %s\n", what, strerror(error));
	exit(1);
}

int main(int argc, char **argv)
{
	int times, i, n, ret, whole = 0, incomplete = 0;
	long begin, slowest = 0;
	struct nlraw nl;
	struct msg m;

	if (argc != 3)
		return 2;
	times = atoi(argv[1]);
	ret = nlraw_open(&nl);
	if (ret)
		die("no module", -ret);

	for (i = 0; i < times; i++) {
		struct seen seen = { 0 };
		siginfo_t info;
		uint32_t pid32;
		long pid;
		int missing = 0;

		begin = now_ms();
		pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
		if (pid < 0)
			die("clone", errno);
		if (!pid) {
			execl(argv[2], argv[2], (char *)NULL);
			_exit(127);
		}
		/* Not reaped yet, so that the pid still names it */
		if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
			die("waitid", errno);
		if (info.si_code != CLD_EXITED || info.si_status) {
			printf("run %d: ended by %s %d\n", i,
			       info.si_code == CLD_EXITED ? "status" : "signal",
			       info.si_status);
		}
		pid32 = pid;
		msg_init(&m, nl.family, NLM_F_ACK, SCTRACE_CMD_GET,
			 SCTRACE_API_VERSION);
		msg_put(&m, SCTRACE_A_PID, &pid32, sizeof(pid32));
		ret = nlraw_talk(&nl, &m, take, &seen);
		if (ret)
			die("no record", -ret);
		waitid(P_PID, pid, &info, WEXITED);
		for (n = 0; n < SCTRACE_NR_MAX; n++) {
			if (seen.bits[n / 8] >> (n % 8) & 1)
				continue;
			if (!missing++)
				printf("run %d: missing", i);
			printf(" %d", n);
		}
		if (missing)
			printf("\n");
		else if (info.si_code == CLD_EXITED && !info.si_status)
			whole++;
		if (seen.flags & SCTRACE_F_INCOMPLETE)
			incomplete++;
		msg_init(&m, nl.family, NLM_F_ACK, SCTRACE_CMD_FORGET,
			 SCTRACE_API_VERSION);
		msg_put(&m, SCTRACE_A_ID, &seen.id, sizeof(seen.id));
		ret = nlraw_talk(&nl, &m, NULL, NULL);
		if (ret)
			die("forget", -ret);
		if (now_ms() - begin > slowest)
			slowest = now_ms() - begin;
	}
	printf("whole %d of %d, %d incomplete, slowest %ld ms\n", whole, times,
	       incomplete, slowest);
	return 0;
}
