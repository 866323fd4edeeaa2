/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's part of a filter: running it over one system call. */
#ifndef SCTRACE_TEST_BPF_H
#define SCTRACE_TEST_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>

struct bpf {
	struct sock_filter *v;
	size_t n;
};

int bpf_export(scmp_filter_ctx ctx, struct bpf *b);
uint32_t bpf_run(const struct bpf *b, const struct seccomp_data *d);
void bpf_free(struct bpf *b);

#endif
