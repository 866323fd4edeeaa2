#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The hook under podman, with crun and with runc: trace, run under the profile,
# what was not called is refused, extend the profile by a second run.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

T=$TMPDIR
podman_setup || bail "podman does not work here"
diag "$(podman --version), $(crun --version | head -n 1), $(runc --version | head -n 1)"

for RT in crun runc; do
	a=$T/$RT.json b=$T/$RT-2.json
	not_ok "$RT: the module is not loaded" test -d /sys/module/sctrace

	# Under podman's default filter, which refuses personality with this argument.
	ok "$RT: a container is traced" \
		trace "of:$a;report:$a.report" "$IMAGE" sh -c 'ls /; linux64 -R true; true'
	like "$(cat "$LIB_OUT")" '^bin$' "$RT: and does its work"
	ok "$RT: the profile is there when podman run --rm returns" test -s "$a"
	ok "$RT: it allows what ls calls" allows "$a" getdents64
	not_ok "$RT: and not what nobody called" allows "$a" mkdir
	is "$(jq -r .filter "$a.report")" restrictive "$RT: the report tells of the filter"
	like "$(jq -r ".warnings[]" "$a.report")" "refused .* personality" "$RT: names what it refused"
	is "$(jq .whole "$a.report")" false "$RT: and that something may be missing"
	ok "$RT: so does the system's log" syslog_has "recorded under the container's own filter"
	is "$(sctrace-nl list --json | jq '[.records[] | select(.label)] | length')" 0 \
		"$RT: no record is left behind"

	ok "$RT: it runs under its profile" pod --security-opt "seccomp=$a" "$IMAGE" ls /
	like "$(cat "$LIB_OUT")" '^bin$' "$RT: and does what it did"
	# crun before 1.0 knows no defaultErrnoRet: it says EPERM
	not_ok "$RT: what is not in it" pod --security-opt "seccomp=$a" "$IMAGE" mkdir /x
	like "$(cat "$LIB_ERR")" 'Function not implemented|Operation not permitted' \
		"$RT: is refused"

	# A second run, under a filter that allows everything, adds to the first.
	ok "$RT: a second run extends the profile" \
		trace "mode:permissive;if:$a;report:$b.report;of:$b" "$IMAGE" sh -c 'mkdir /x; grep Seccomp: /proc/self/status'
	like "$(cat "$LIB_OUT")" 'Seccomp:.*2' "$RT: there is a filter all the same"
	ok "$RT: by what it called" allows "$b" mkdir
	is "$(allowed "$a" | while read -r n; do allows "$b" "$n" || echo "$n"; done)" "" \
		"$RT: and keeps what was in it"
	is "$(jq -r '.filter, .whole' "$b.report" | tr '\n' ' ')" "permissive true " \
		"$RT: nothing stood in its way"
	ok "$RT: both work under it" pod --security-opt "seccomp=$b" "$IMAGE" sh -c 'ls / && mkdir /x'
	ok "$RT: the module can be unloaded" unload_module
done
done_testing
