/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel does with a seccomp filter: for one call, and for all. */
#ifndef SCTRACE_BPF_H
#define SCTRACE_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <seccomp.h>
#include <stdint.h>
#include "dd.h"

/* the kernel's BPF_MAXINSNS */
#define BPF_MAX		4096

struct bpf {
	struct sock_filter *v;
	size_t n;
	bool big;	/* of a big-endian machine: arguments lie otherwise */
};

int bpf_export(scmp_filter_ctx ctx, struct bpf *b);
void bpf_copy(struct bpf *to, const struct bpf *from);
void bpf_swap(struct bpf *b);
bool bpf_valid(const struct bpf *b);
uint32_t bpf_run(const struct bpf *b, const struct seccomp_data *d);
dd_t bpf_function(const struct bpf *b, struct dd *m, uint32_t arch,
		  uint32_t nr);
void bpf_free(struct bpf *b);

#endif
