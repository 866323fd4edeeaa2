// SPDX-License-Identifier: GPL-2.0
/*
 * recorder OBJECT - load and attach the eBPF recorder, say "ready", stay
 */

#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	struct bpf_map *rodata;
	struct stat st;
	unsigned int *host;
	size_t size;

	if (argc != 2 || stat("/proc/self/ns/mnt", &st))
		return 2;
	obj = bpf_object__open(argv[1]);
	if (!obj)
		return 1;
	rodata = bpf_object__find_map_by_name(obj, ".rodata");
	prog = bpf_object__find_program_by_name(obj, "sys_enter");
	if (!rodata || !prog)
		return 1;
	/* host_mntns is the only variable there that is not zero for good */
	host = (unsigned int *)bpf_map__initial_value(rodata, &size);
	if (!host || size < sizeof(*host))
		return 1;
	*host = st.st_ino;
	if (bpf_object__load(obj) || !bpf_program__attach(prog))
		return 1;
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
