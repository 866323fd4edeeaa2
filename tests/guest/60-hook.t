#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The hook under podman, first with crun, then with runc.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
. ./podman.sh
podman_setup || bail "no podman"

trace()
{
	_how=$1
	shift
	pod --annotation "io.containers.trace-syscall=$_how" "$IMAGE" "$@"
}

for rt in crun runc; do
	RT=$rt
	ok "$rt: ls is traced" trace "of:$T/$rt.json" ls /
	ok "$rt: its profile is there when podman returns" test -s "$T/$rt.json"
	diag "$(cat "$LIB_ERR")"
	ok "$rt: it runs under its profile" pod --security-opt "seccomp=$T/$rt.json" "$IMAGE" ls /
	like "$(cat "$LIB_OUT")" '^bin$' "$rt: and does what it did"
	exit_is 1 "$rt: what it did not call is refused" pod --security-opt "seccomp=$T/$rt.json" "$IMAGE" mkdir /x
	like "$(cat "$LIB_ERR")" 'Function not implemented' "$rt: with ENOSYS"
done
is "$(sctrace-nl list --json | jq '[.records[] | select(.label)] | length')" 0 "no labelled record is left"
ok "unload" unload_module
done_testing
