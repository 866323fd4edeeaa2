// SPDX-License-Identifier: GPL-2.0
/*
 * A recorder as the eBPF ones are written: a raw tracepoint, a hash map by mount
 * namespace, a byte per system call, stored on every call. The host's own mount
 * namespace is left out.
 */

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct mnt_namespace {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} __attribute__((preserve_access_index));

struct task_struct {
	struct nsproxy *nsproxy;
} __attribute__((preserve_access_index));

struct bpf_raw_tracepoint_args;

#define NUMBERS 1024

struct seen {
	unsigned char nr[NUMBERS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, unsigned int);
	__type(value, struct seen);
} namespaces SEC(".maps");

const volatile unsigned int host_mntns;
static const struct seen nothing;

SEC("raw_tracepoint/sys_enter")
int sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	unsigned int mntns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	unsigned long id = ctx->args[1];
	struct seen *seen;

	if (!mntns || mntns == host_mntns || id >= NUMBERS)
		return 0;
	seen = bpf_map_lookup_elem(&namespaces, &mntns);
	if (!seen) {
		bpf_map_update_elem(&namespaces, &mntns, &nothing, BPF_NOEXIST);
		seen = bpf_map_lookup_elem(&namespaces, &mntns);
		if (!seen)
			return 0;
	}
	seen->nr[id] = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
