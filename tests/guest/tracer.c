// SPDX-License-Identifier: GPL-2.0
/*
 * tracer perf|bpf NR - count the calls with number NR of all tasks, as others do
 *
 *	perf	a perf event on raw_syscalls:sys_enter on each CPU (perf trace)
 *	bpf	a BPF program on the raw tracepoint sys_enter (bpftrace, Falco)
 *
 * Prints "ready" when it is attached, then the count so far for each line that it
 * reads. Ends at end of file.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fds[256], num;

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "tracer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void perf_begin(long nr)
{
	static const char id[] =
		"/sys/kernel/tracing/events/raw_syscalls/sys_enter/id";
	struct perf_event_attr attr = { 0 };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char filter[32];
	FILE *f;

	f = fopen(id, "r");
	if (!f || fscanf(f, "%llu", &attr.config) != 1)
		die(id);
	fclose(f);
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.size = sizeof(attr);
	snprintf(filter, sizeof(filter), "id == %ld", nr);
	for (num = 0; num < cpus; num++) {
		fds[num] = syscall(SYS_perf_event_open, &attr, -1, num, -1, 0);
		if (fds[num] < 0)
			die("perf_event_open");
		if (ioctl(fds[num], PERF_EVENT_IOC_SET_FILTER, filter))
			die("filter");
	}
}

static uint64_t perf_count(void)
{
	uint64_t sum = 0, one;
	int i;

	for (i = 0; i < num; i++) {
		if (read(fds[i], &one, sizeof(one)) != sizeof(one))
			die("read");
		sum += one;
	}
	return sum;
}

static int map;

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

#define INSN(c, d, s, o, i) \
	{ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) }

static void bpf_begin(long nr)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4,
				.value_size = 8, .max_entries = 1 };
	static char log[4096];

	map = bpf(BPF_MAP_CREATE, &attr);
	if (map < 0)
		die("map");

	const struct bpf_insn prog[] = {
		/* the tracepoint's second argument is the number */
		INSN(BPF_LDX | BPF_MEM | BPF_DW, 6, 1, 8, 0),
		INSN(BPF_JMP | BPF_JNE | BPF_K, 6, 0, 9, (int)nr),
		INSN(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4),
		INSN(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, map),
		INSN(0, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1),
		INSN(BPF_STX | BPF_XADD | BPF_DW, 0, 1, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attr.insns = (uintptr_t)prog;
	attr.insn_cnt = sizeof(prog) / sizeof(*prog);
	attr.license = (uintptr_t)"GPL";
	attr.log_buf = (uintptr_t)log;
	attr.log_size = sizeof(log);
	attr.log_level = 1;
	fds[0] = bpf(BPF_PROG_LOAD, &attr);
	if (fds[0] < 0) {
		fputs(log, stderr);
		die("program");
	}
	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.name = (uintptr_t)"sys_enter";
	attr.raw_tracepoint.prog_fd = fds[0];
	if (bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) < 0)
		die("attach");
}

static uint64_t bpf_count(void)
{
	uint64_t value = 0;
	uint32_t key = 0;
	union bpf_attr attr = { .map_fd = map, .key = (uintptr_t)&key,
				.value = (uintptr_t)&value };

	if (bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		die("look-up");
	return value;
}

int main(int argc, char **argv)
{
	int is_bpf = argc == 3 && !strcmp(argv[1], "bpf");
	char line[64];

	if (argc != 3 || (!is_bpf && strcmp(argv[1], "perf")))
		return 2;
	if (is_bpf)
		bpf_begin(atol(argv[2]));
	else
		perf_begin(atol(argv[2]));
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		printf("%llu\n", (unsigned long long)(is_bpf ? bpf_count() :
						      perf_count()));
		fflush(stdout);
	}
	return 0;
}
