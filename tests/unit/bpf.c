// SPDX-License-Identifier: GPL-2.0
/*
 * The part of classic BPF that a seccomp filter may use, as the kernel runs it.
 * What the kernel would refuse to load ends the test.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf.h"

/**
 * bpf_export() - the instructions of a filter
 * @ctx: libseccomp's filter
 * @b: set; bpf_free() it
 *
 * Return: 0 or -1.
 */
int bpf_export(scmp_filter_ctx ctx, struct bpf *b)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	off_t size;
	int ret = -1;

	memset(b, 0, sizeof(*b));
	if (fd < 0)
		return -1;
	if (seccomp_export_bpf(ctx, fd))
		goto out;
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % sizeof(*b->v))
		goto out;
	b->v = malloc(size);
	b->n = size / sizeof(*b->v);
	if (b->v && pread(fd, b->v, size, 0) == size)
		ret = 0;
out:
	close(fd);
	return ret;
}

/**
 * bpf_free() - release a filter
 * @b: the filter
 */
void bpf_free(struct bpf *b)
{
	free(b->v);
	memset(b, 0, sizeof(*b));
}

static void bad(const struct bpf *b, size_t pc)
{
	fprintf(stderr, "instruction %zu of %zu is not for seccomp\n", pc,
		b->n);
	abort();
}

/**
 * bpf_run() - what a filter answers
 * @b: the filter
 * @d: the call
 *
 * Return: SECCOMP_RET_* with its data.
 */
uint32_t bpf_run(const struct bpf *b, const struct seccomp_data *d)
{
	uint32_t a = 0, x = 0, m[BPF_MEMWORDS] = { 0 };
	size_t pc;

	for (pc = 0; pc < b->n; pc++) {
		const struct sock_filter *f = &b->v[pc];
		uint32_t k = f->k;
		int yes;

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (k > sizeof(*d) - 4 || k & 3)
				bad(b, pc);
			memcpy(&a, (const char *)d + k, 4);
			continue;
		case BPF_LD | BPF_IMM:
			a = k;
			continue;
		case BPF_LDX | BPF_IMM:
			x = k;
			continue;
		case BPF_LD | BPF_MEM:
			a = m[k % BPF_MEMWORDS];
			continue;
		case BPF_LDX | BPF_MEM:
			x = m[k % BPF_MEMWORDS];
			continue;
		case BPF_ST:
			m[k % BPF_MEMWORDS] = a;
			continue;
		case BPF_STX:
			m[k % BPF_MEMWORDS] = x;
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= k;
			continue;
		case BPF_MISC | BPF_TAX:
			x = a;
			continue;
		case BPF_MISC | BPF_TXA:
			a = x;
			continue;
		case BPF_RET | BPF_K:
			return k;
		case BPF_RET | BPF_A:
			return a;
		case BPF_JMP | BPF_JA:
			pc += k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = a > k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			yes = !!(a & k);
			break;
		default:
			bad(b, pc);
			return 0;
		}
		pc += yes ? f->jt : f->jf;
	}
	bad(b, pc);
	return 0;
}
