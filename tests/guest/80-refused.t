#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Calls that a seccomp filter refuses: exactly those, whoever set the filter and
# whenever recording began. REFUSED_RUNS (4) is how many containers are run: a word
# of that name on the kernel's command line comes here,
#	tests/lab/lab test -t 7200 -a REFUSED_RUNS=100 6.1 80-refused.t
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

T=$TMPDIR
N=0
mkfifo "$T/gate"

# refused LABEL [JQ] - what the tool lists, in one line
refused()
{
	_n=$(sctrace-nl refused --label "$1" --json 2>"$T/words") || return
	printf '%s\n' "$_n" | jq -r "${2:-.refused[] | \"\\(.abi):\\(.name)\"}" | sort -u |
		tr '\n' ' '
}

# begin CMD... - as the init of a new namespace that waits before its execve; DENY: nsrun's
# options for a filter that it has then
DENY=
begin()
{
	N=$((N + 1))
	rm -f "$T/ns"
	# shellcheck disable=SC2086
	./nsrun $DENY -g "$T/gate" -o "$T/ns" "$@" >"$T/cmd.out" 2>&1 </dev/null &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r inum pid <"$T/ns"
}

# record CMD... - from before its execve to its end, as box-$N
record()
{
	begin "$@"
	sctrace-nl start --pid "$pid" --set-label "box-$N" >"$T/start" 2>&1 ||
		diag "$(cat "$T/start")"
	: >"$T/gate"
	wait "$job"
	status=$?
}

load_module || bail "the module does not load"
cleanup unload_module
drop_all()
{
	for _i in $(sctrace-nl list --json | jq '.records[] |
			select(.state | index("held")) | .id'); do
		sctrace-nl forget --id "$_i"
	done
}
cleanup drop_all

# --- who does not ask is not charged
./calls 39
is "$(info attached)" 1 "record=all alone: no probe where calls are left"
begin ./calls 39
ok "START without refused calls" sctrace-nl start --no-refused --pid "$pid" \
	--set-label plain
is "$(info attached)" 1 "still none"
: >"$T/gate"
wait "$job"
nothing "nothing is listed" refused plain
like "$(cat "$T/words")" "did not look for refused calls when it ended" "and it is said why"

# --- ERRNO
DENY="-d 83 -d 309"
record ./calls 83 309 39
DENY=
is "$(refused box-$N)" "x86_64:getcpu x86_64:mkdir " "ERRNO: exactly these two"
is "$(refused box-$N '.refused[] | select(.name == "mkdir") |
	"\(.nr) \(.stage) \(.comm) \(.pid) \(.filter) \(.partly)"')" "83 workload calls 1 container false " \
	"with number, stage and who"
is "$(refused box-$N .distinct)" "2 " "counted"
ok "profile" sctrace-nl profile --label box-$N -o "$T/p.json"
is "$(jq -r '.syscalls[].names[]' "$T/p.json" | grep -cx mkdir)" 0 "leaves them out"
like "$(cat "$LIB_ERR")" "refused x86_64 system calls getcpu, mkdir: they are not in" "and says so"
exit_is 4 "--strict does not take it" sctrace-nl profile --strict --label box-$N
ok "--include-refused" sctrace-nl profile --include-refused --label box-$N -o "$T/p.json"
is "$(jq -r '.syscalls[].names[]' "$T/p.json" | grep -cxE 'mkdir|getcpu')" 2 "has them"
ok "a text for people" sctrace-nl refused --label box-$N
like "$(cat "$LIB_OUT")" "^mkdir  *83  *x86_64  *workload " "has a line for each"

# --- by a filter that the program set itself: listed, and no lack of the profile
record ./refuse -e 83 -e 309 -- ./calls 83 309 39
is "$(refused box-$N '.refused[] | "\(.name) \(.filter)"')" "getcpu own mkdir own " \
	"the program's own filter"
ok "--strict takes the record" sctrace-nl profile --strict --runtime none --label box-$N \
	-o "$T/p.json"
unlike "$(cat "$LIB_ERR")" refused "and says nothing of refused calls"
ok "--include-refused" sctrace-nl profile --include-refused --label box-$N -o "$T/p.json"
is "$(jq -r ".syscalls[].names[]" "$T/p.json" | grep -cxE "mkdir|getcpu")" 0 "adds none of them"
record ./refuse -E 39 -e 83 -- ./calls i39 39 i83
is "$(refused box-$N)" "x86:mkdir " "the name is that of the call's own ABI"

# --- other actions
record ./refuse notify 83 ./calls 83 39
is "$(refused box-$N)" "x86_64:mkdir " "a supervisor's refusal"
record ./refuse signal 309
is "$status" 0 "a supervisor is slow, a signal comes first"
nothing "nothing was refused, he let it through at last" refused box-$N
record ./refuse -k 83 -- ./calls 309 83
nothing "KILL cannot be seen" refused box-$N
record ./refuse -t 83 -- ./calls 309 83
nothing "nor TRAP" refused box-$N

# --- by argument: all of calls' are -1
record ./refuse -a 39:0xffffffff -- ./calls 39 309
is "$(refused box-$N)" "x86_64:getpid " "refused for an argument"
record ./refuse -a 3:0xffffffff -- ./calls 3
is "$(refused box-$N '.refused[] | "\(.name) \(.partly)"')" "close false " \
	"never let through"
record ./refuse -a 33:0xffffffff -- /bin/busybox sh -c \
	"$PWD/calls 33; exec 7</dev/null 8<&7"
is "$(refused box-$N '.refused[] | "\(.name) \(.partly)"')" "dup2 true " \
	"refused first and let through later: partly"
record ./refuse -a 33:0xffffffff -- /bin/busybox sh -c \
	"exec 7</dev/null 8<&7; $PWD/calls 33"
nothing "let through first: cannot be told from one that failed" refused box-$N

# --- recording begins in mid-run
for what in blocked tsync tsync-exit; do
	begin ./refuse $what 309 "$T/go-$what"
	: >"$T/gate"
	poll_until 60 test -e "$T/go-$what.ready"
	ok "$what: START in mid-run" sctrace-nl start --pid "$pid" --set-label "$what"
	: >"$T/go-$what"
	if [ $what = tsync-exit ]; then
		one() { [ "$(ls "/proc/$pid/task" | wc -l)" = 1 ]; }
		poll_until 60 one
		kill -USR1 "$pid"
	fi
	wait "$job"
	is $? 0 "$what: was interrupted, and refused"
	is "$(refused "$what")" "x86_64:getcpu " "$what: only that is listed"
done
# the same, where read was entered while we looked
begin ./refuse tsync 309 "$T/go-2"
sctrace-nl start --pid "$pid" --set-label tsync2 >/dev/null
: >"$T/gate"
poll_until 60 test -e "$T/go-2.ready"
: >"$T/go-2"
wait "$job"
is "$(refused tsync2)" "x86_64:getcpu " "tsync: nor what was entered unconfined"
begin ./refuse tsync-exit 309 "$T/go-3"
sctrace-nl start --pid "$pid" --set-label tsync3 >/dev/null
: >"$T/gate"
poll_until 60 test -e "$T/go-3.ready"
: >"$T/go-3"
poll_until 60 one
kill -USR1 "$pid"
wait "$job"
is "$(refused tsync3)" "x86_64:getcpu " "tsync-exit: nor there"

# --- STOP, RESET, START in between
for how in "reset" "stop start"; do
	begin ./refuse blocked 309 "$T/go-$how"
	sctrace-nl start --pid "$pid" --set-label "b-${how% *}" >/dev/null
	: >"$T/gate"
	poll_until 60 test -e "$T/go-$how.ready"
	for c in $how; do
		sctrace-nl "$c" --label "b-${how% *}" >/dev/null 2>&1
	done
	: >"$T/go-$how"
	wait "$job"
	is "$(refused "b-${how% *}")" "x86_64:getcpu " "$how: what blocks was not refused"
done

# --- child namespaces
record ./nsrun ./refuse -e 83 -- ./calls 83
is "$(refused box-$N)" "x86_64:mkdir " "a child namespace's, in the parent's record"
record ./refuse -e 83 -- ./nsrun ./calls 83
is "$(refused box-$N)" "x86_64:mkdir " "under the parent's filter as well"

# --- run --profile
cat >"$T/default.json" <<END
{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "defaultErrno": "ENOSYS",
 "archMap": [{"architecture": "SCMP_ARCH_X86_64",
	"subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}],
 "syscalls": [
	{"names": ["bdflush", "keyctl", "add_key", "request_key", "kexec_load",
		"init_module", "bpf", "mount", "ptrace", "unshare"],
	 "action": "SCMP_ACT_ERRNO", "args": [], "errnoRet": 1, "errno": "EPERM"},
	{"names": ["execve", "exit_group", "getpid", "read", "write"],
	 "action": "SCMP_ACT_ALLOW", "args": []}]}
END
exit_is 0 "run under a default profile" sctrace-nl run --profile "$T/default.json" -- \
	./calls 39 321 165 101 250 248 249 272 246 175
is "$(sed -n 's/.* refused x86_64 system call \([a-z_]*\),.*/\1/p' "$LIB_ERR" |
	sort | tr '\n' ' ')" \
	"add_key bpf init_module kexec_load keyctl mount ptrace request_key unshare " \
	"all that it refused is told"
is "$(sctrace-nl list --json | jq '[.records[] | select((.state | index("held")) and
	(.label // "") == "")] | length')" 0 "and nothing is kept"
echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["exit_group","write"],"action":"SCMP_ACT_ALLOW"}]}' >"$T/noexec.json"
exit_is 125 "a profile without execve" sctrace-nl run --profile "$T/noexec.json" -- ./calls 39
like "$(cat "$LIB_ERR")" "the profile refuses execve" "is told apart"
echo '{"defaultAction":"SCMP_ACT_KILL_PROCESS"}' >"$T/kill.json"
exit_is 125 "one that kills for it" sctrace-nl run --profile "$T/kill.json" -- ./calls 39
like "$(cat "$LIB_ERR")" "the profile refuses execve" "as well"
echo '{"defaultAction":"SCMP_ACT_ALLOW"}' >"$T/all.json"
exit_is 127 "no such program" sctrace-nl run --profile "$T/all.json" -- "$T/nobody"
exit_is 0 "tighten" sctrace-nl run -o "$T/tight.json" --runtime none -- ./calls 39 102
jq '.syscalls[].names -= ["getuid"]' "$T/tight.json" >"$T/tighter.json"
exit_is 0 "run" sctrace-nl run --profile "$T/tighter.json" --include-refused \
	-o "$T/fixed.json" --runtime none -- ./calls 39 102
like "$(cat "$LIB_ERR")" "refused x86_64 system call getuid: it is in the profile" "see"
is "$(jq -S '.syscalls[].names | sort' "$T/fixed.json")" \
	"$(jq -S '.syscalls[].names | sort' "$T/tight.json")" "fix"

# --- containers: the profile lacks one call. Every other time recording begins when
# three threads are in read, futex and poll.
runs=${REFUSED_RUNS:-4}
echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
	{"names": ["sethostname"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}' >"$T/lacks.json"
sed s/sethostname/getcpu/ "$T/lacks.json" >"$T/lacks-getcpu.json"
for rt in crun runc; do
	make_bundle "$T/$rt-begun" --seccomp "$T/lacks.json" -- \
		sh -c 'mkdir /tmp/a; hostname x; cat /proc/uptime; ls /; mkdir /nowhere/a; true'
	make_bundle "$T/$rt-midrun" --seccomp "$T/lacks-getcpu.json" -- \
		"$PWD/refuse" blocked 309 /tmp/go
	rootfs_add "$T/$rt-midrun" "$PWD/refuse"
done

# contain RUNTIME begun|midrun ID - run one, recorded as ID
contain()
{
	c_dir=$T/$1-$2
	create_container "$1" "$c_dir" "$3" || { diag "$(cat "$c_dir/err")"; return 1; }
	cpid=$(cat "$c_dir/pid")
	if [ "$2" = begun ]; then
		sctrace-nl start --pid "$cpid" --set-label "$3" >/dev/null 2>&1 || return 1
		start_container "$1" "$3" || return 1
	else
		rm -f "$c_dir/rootfs/tmp/go" "$c_dir/rootfs/tmp/go.ready"
		start_container "$1" "$3" && poll_until 60 test -e "$c_dir/rootfs/tmp/go.ready" &&
			sctrace-nl start --pid "$cpid" --set-label "$3" >/dev/null 2>&1 || return 1
		: >"$c_dir/rootfs/tmp/go"
	fi
	over() { [ ! -d "/proc/$cpid" ] || grep -q '^State:.*Z' "/proc/$cpid/status"; }
	poll_until 60 over
}

n=0 good=0
while [ $n -lt "$runs" ]; do
	rt=crun how=begun want="x86_64:sethostname "
	[ $((n % 2)) = 0 ] || rt=runc
	[ $((n / 2 % 2)) = 0 ] || how=midrun want="x86_64:getcpu "
	n=$((n + 1))
	contain $rt $how c$n || diag "$rt, $how, run $n: did not come to its end"
	got=$(refused c$n)
	if [ "$got" = "$want" ]; then
		good=$((good + 1))
	else
		diag "$rt, $how, run $n: $got"
	fi
	delete_container $rt c$n >/dev/null 2>&1
	sctrace-nl forget --label c$n >/dev/null 2>&1
done
diag "$n containers: crun and runc, from their beginning and in mid-run, in turns"
is $good "$runs" "each time the call that was refused, and no other"

# --- podman's default profile: what it lets through depends on its version
if have_kernel 6.13 || { have_kernel 6.1 && ! have_kernel 6.2; }; then
	podman_setup || bail "podman does not work here"
	default=/usr/share/containers/seccomp.json
	[ -e "$default" ] || default=/etc/containers/seccomp.json
	tried="init_module mount ptrace kexec_load add_key request_key keyctl
		perf_event_open fanotify_init setns process_vm_readv kcmp bpf"
	# The container has none of the capabilities that a rule may ask for
	want=$(jq -r --arg tried "$tried" '[.syscalls[] |
		select(.action == "SCMP_ACT_ALLOW" and ((.includes.caps // []) == [])) |
		.names[]] as $ok | ($tried | split("\\s+"; null)) - $ok | sort | .[]' \
		"$default" | tr '\n' ' ')
	diag "$(podman --version): its profile refuses $want"
	like "$want" "bpf.*kcmp" "podman's default profile refuses some of what is tried"
	have_kernel 6.13 && runtimes=runc || runtimes=crun
	for RT in $runtimes; do
		ok "$RT: a container under podman's default profile" \
			trace "of:$T/podman.json;report:$T/podman.report" \
			-v "$PWD/calls:/calls:ro" "$IMAGE" \
			/calls 175 165 101 246 248 249 250 298 300 308 310 312 321
		is "$(jq -r '.warnings[]' "$T/podman.report" |
			sed -n 's/.* refused x86_64 system calls* \([a-z_, ]*\):.*/\1/p' |
			tr -s ', ' '\n' | sort | tr '\n' ' ')" "$want" "$RT: all that it refused is listed"
		is "$(for s in $tried; do allows "$T/podman.json" "$s" || echo "$s"; done |
			sort | tr '\n' ' ')" "$want" "$RT: all else is in the profile"
	done
else
	skip 4 "podman's default profile is tried on 6.1 and 7.3"
fi

drop_all >/dev/null 2>&1
ok "the probe goes when nobody looks any more" poll_until 60 \
	sh -c '[ "$(./nl info | sed -n s/^attached=//p)" = 1 ]'

done_testing
