#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# run --profile names what a profile kills or traps for, and ends as it would.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
load_module || bail "the module does not load"
cleanup unload_module

# profile NAME ACTION CALL...: all calls but these are allowed
profile()
{
	file=$T/$1.json action=$2
	shift 2
	printf '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],"syscalls":[{"names":[%s],"action":"SCMP_ACT_%s"}]}' \
		"$(printf '"%s",' "$@" | sed 's/,$//')" "$action" >"$file"
}

# told NAME: the calls that standard error names, with the verb
told()
{
	sed -n "s/.*\`[^\`]*$1.json\` \([a-z]*\) for \([^ ]*\) system call \([a-z0-9_]*\), first .*/\1:\2:\3/p" "$LIB_ERR" |
		sort | tr '\n' ' '
}

for action in KILL_PROCESS KILL_THREAD KILL TRAP; do
	profile "$action" "$action" mkdir mkdirat
	exit_is 159 "$action" timeout --foreground 60 sctrace-nl run --profile "$T/$action.json" -- mkdir "$T/dir"
	case $action in
	TRAP) is "$(told TRAP)" "traps:x86_64:mkdir " "$action: the call is named" ;;
	*) is "$(told "$action")" "kills:x86_64:mkdir " "$action: the call is named" ;;
	esac
	not_ok "$action: and was not made" test -d "$T/dir"
	exit_is 0 "$action: of a child" timeout --foreground 60 sctrace-nl run --profile "$T/$action.json" -- \
		sh -c "mkdir $T/dir; echo \$?; mkdir $T/other; echo \$?"
	is "$(tr '\n' ' ' <"$LIB_OUT")" "159 159 " "$action: its parent sees SIGSYS"
	unlike "$(cat "$LIB_ERR")" "refused no" "$action: and no word of nothing refused"
done

# execve itself
profile noexec KILL_PROCESS execve
exit_is 125 "a profile that kills for execve" timeout --foreground 60 sctrace-nl run --profile "$T/noexec.json" -- true
like "$(cat "$LIB_ERR")" "refuses execve" "is told apart"

# who has a handler for SIGSYS gets it, with the call's number
profile handler TRAP getpgid
exit_is 7 "a handler" timeout --foreground 60 sctrace-nl run --profile "$T/handler.json" -- ./sigsys handler
is "$(cat "$LIB_OUT")" "121" "learns the number"
is "$(told handler)" "traps:x86_64:getpgid " "and the call is named"
# who ignores or blocks it is killed all the same
for how in ignore block; do
	exit_is 159 "SIGSYS, $how" timeout --foreground 60 sctrace-nl run --profile "$T/handler.json" -- ./sigsys $how
done

# a call of another ABI
if [ -x ./calls32 ]; then
	profile i386 KILL_PROCESS mkdir
	exit_is 159 "i386" timeout --foreground 60 sctrace-nl run --profile "$T/i386.json" -- ./calls32 39
	is "$(told i386)" "kills:x86:mkdir " "has its name"
fi

# the rest of the profile stays: an errno is an errno
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":1},{"names":["rmdir"],"action":"SCMP_ACT_KILL_PROCESS"}]}' >"$T/both.json"
exit_is 0 "an errno" timeout --foreground 60 sctrace-nl run --profile "$T/both.json" -- sh -c "mkdir $T/dir; rmdir /proc; true"
like "$(cat "$LIB_ERR")" "refused x86_64 system call mkdir" "is told as before"
is "$(told both)" "kills:x86_64:rmdir " "beside what was killed"

# many at once, and from many processes
profile many KILL_PROCESS mkdir
exit_is 0 "fifty processes" timeout --foreground 60 sctrace-nl run --profile "$T/many.json" -- \
	sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5; do mkdir /tmp/z & done; done; wait'
is "$(told many)" "kills:x86_64:mkdir " "one line"

done_testing
