#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bullseye
# The hook under podman, with crun and with runc: trace, run under the profile,
# what was not called is refused, extend the profile by a second run; what its
# base blocks stays blocked.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

T=$TMPDIR
podman_setup || bail "podman does not work here"
diag "$(podman --version), $(crun --version | head -n 1), $(runc --version | head -n 1)"

# conditions FILE - how many rules look at arguments
conditions()
{
	jq '[.syscalls[] | select(.args != null and .args != [])] | length' "$1"
}

for RT in crun runc; do
	a=$T/$RT.json b=$T/$RT-2.json
	not_ok "$RT: the module is not loaded" test -d /sys/module/sctrace

	# Under podman's default filter, which refuses personality with this argument.
	ok "$RT: a container is traced" \
		trace "of:$a;report:$a.report" "$IMAGE" sh -c 'ls /; linux64 -R true; true'
	like "$(cat "$LIB_OUT")" '^bin$' "$RT: and does its work"
	if [ "$RT" = crun ]; then
		is_ne "$(conditions "$a")" 0 "by itself with conditions on arguments"
		ok "args:none" trace "args:none;of:$T/none.json" "$IMAGE" sh -c 'ls /; true'
		is "$(conditions "$T/none.json")" 0 "leaves them out"
	fi
	ok "$RT: the profile is there when podman run --rm returns" test -s "$a"
	is "$(stat -c '%a %u %g' "$a")" "644 0 0" "$RT: with a sane mode and owner"
	ok "$RT: it allows what ls calls" allows "$a" getdents64
	not_ok "$RT: and not what nobody called" allows "$a" mkdir
	is "$(jq -r .filter "$a.report")" restrictive "$RT: the report tells of the filter"
	like "$(jq -r ".warnings[]" "$a.report")" "refused .* personality" "$RT: names what it refused"
	like "$(jq -r ".notes[]" "$a.report")" "recorded under the container's own filter" \
		"$RT: what that means"
	is "$(jq .whole "$a.report")" false "$RT: and that something may be missing"
	ok "$RT: so does the system's log" syslog_has "recorded under the container's own filter"
	is "$(labelled)" 0 "$RT: no record is left behind"

	# crun before 1.0 knows no defaultErrnoRet: it says EPERM
	exit_is 1 "$RT: it runs under its profile" pod --security-opt "seccomp=$a" "$IMAGE" \
		sh -c 'ls / || exit 9; mkdir /x'
	like "$(cat "$LIB_OUT")" '^bin$' "$RT: and does what it did"
	like "$(cat "$LIB_ERR")" 'mkdir.*(Function not implemented|Operation not permitted)' \
		"$RT: what is not in it is refused"

	# A second run, under a filter that allows everything, adds to the first,
	# into which somebody has written two rules of his own.
	jq '.syscalls += [{names: ["mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 1},
		{names: ["fchmodat", "chmod"], action: "SCMP_ACT_ALLOW", args:
			[{index: 1, value: 511, op: "SCMP_CMP_EQ"}]}]' "$a" >"$a.base"
	ok "$RT: a second run extends the profile" \
		trace "mode:permissive;if:$a.base;report:$b.report;of:$b" "$IMAGE" sh -c \
		'ln -s a /x; mkdir /y; chmod 700 /y; linux64 -R true; grep Seccomp: /proc/self/status'
	like "$(cat "$LIB_OUT")" 'Seccomp:.*2' "$RT: there is a filter all the same"
	ok "$RT: by what it called" allows "$b" symlink
	ok "$RT: what podman's filter would have refused, too" allows "$b" personality
	is "$(allowed "$a" | while read -r n; do allows "$b" "$n" || echo "$n"; done)" "" \
		"$RT: and keeps what was in it"
	is "$(jq -r '.filter, .whole' "$b.report" | tr '\n' ' ')" "permissive true " \
		"$RT: nothing stood in its way"
	unlike_of "own filter|refuse" \
		"$RT: nor does the report say so" jq -r '.warnings[], .notes[]' "$b.report"
	not_ok "$RT: what the base blocks stays blocked" allows "$b" mkdir
	like "$(jq -r '.notes[]' "$b.report")" '`mkdir` was called, but stays blocked' \
		"$RT: the report says so"
	like "$(jq -r '.notes[]' "$b.report")" '`chmod`, which the base allows under conditions only' \
		"$RT: and what became wider"
	ok "$RT: all works under it" pod --security-opt "seccomp=$b" "$IMAGE" sh -c \
		'ls / && ln -s a /x && chmod 700 /tmp && linux64 -R true && ! mkdir /y'
	like "$(cat "$LIB_ERR")" 'mkdir.*Operation not permitted' "$RT: but what is blocked, by the base's errno"
	ok "$RT: the module can be unloaded" unload_module
done

# podman 3 tells the end of a container twice, the others once
case $(podman --version) in
*" 3."*)
	ok "podman 3: the second telling changes nothing" syslog_has 'there is no record of it'
	;;
esac
done_testing
