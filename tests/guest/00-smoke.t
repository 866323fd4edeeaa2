#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The guest is what the other tests count on; the module loads and unloads; the
# tool runs; containers run.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

plan 27

is "$(id -u)" 0 "root"
for fs in proc sysfs devtmpfs devpts cgroup2 tracefs; do
	ok "$fs is mounted" grep -q "^[^ ]* [^ ]* $fs " /proc/mounts
done
like "$(cat /sys/fs/cgroup/cgroup.subtree_control)" pids "controllers are enabled"
like "$(cat /sys/class/net/lo/flags)" '0x.*9$' "lo is up"
is "$(nproc)" "$(grep -c '^processor' /proc/cpuinfo)" "all CPUs are ours"
is "$(pwd)" "$SCTRACE_SRC/tests/guest" "tests start in their own directory"
is "$(ls "$TMPDIR" | grep -vc '^lib\.')" 0 "TMPDIR is empty"

# The ELF class byte tells a 32-bit program.
is "$(od -An -tu1 -j4 -N1 /opt/i386/bin/busybox | tr -d ' ')" 1 "there is a 32-bit program"
ok "and it runs" /opt/i386/bin/busybox true
is "$(python3 -c 'import os; print(os.getpid() > 1)')" True "python3 runs a script"

is "$(modinfo -F vermagic sctrace | cut -d' ' -f1)" "$(uname -r)" \
	"modprobe knows a sctrace for this kernel"
ok "the module loads" load_module
ok "and is there" test -d /sys/module/sctrace
ok "and unloads" unload_module
not_ok "and is gone" test -d /sys/module/sctrace

ok "the tool runs" sctrace-nl --version

for rt in crun runc; do
	b=$TMPDIR/$rt
	permissive_profile "$TMPDIR/all.json"
	make_bundle "$b" --seccomp "$TMPDIR/all.json" --nnp true -- \
		sh -c 'grep Seccomp: /proc/self/status; echo "pid $$"; exit 7'
	exit_is 7 "a container under $rt ends with its own status" "run_$rt" "$b"
	out=$(cat "$LIB_OUT")
	like "$out" 'Seccomp:.*2' "under a permissive filter"
	like "$out" 'pid 1$' "in a PID namespace of its own"
done
