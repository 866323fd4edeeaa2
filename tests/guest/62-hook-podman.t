#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The hook under podman, in all the ways in which containers are used.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

have_kernel 6.12 || ! have_kernel 6.2 || plan skip_all "done on 6.1 and 6.12"
have_kernel 6.1 || plan skip_all "done on 6.1 and 6.12"
! have_kernel 6.13 || plan skip_all "done on 6.1 and 6.12"

T=$TMPDIR
podman_setup || bail "podman does not work here"
RT=crun
default=/usr/share/containers/seccomp.json
[ -e "$default" ] || default=/etc/containers/seccomp.json

labelled()
{
	sctrace-nl list --json | jq '[.records[] | select(.label)] | length'
}

# detached NAME HOW CMD... - CMD in the background, in a container that stays
detached()
{
	_n=$1 _how=$2
	shift 2
	podman --runtime "$RT" --hooks-dir "$HOOKS" run -d --name "$_n" \
		--network=none --annotation "io.containers.trace-syscall=$_how" \
		"$IMAGE" "$@" >/dev/null
}

# What the base blocks, whether it was called or not
jq -n '{defaultAction: "SCMP_ACT_ERRNO", architectures: ["SCMP_ARCH_X86_64"],
	syscalls: [{names: ["mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 1},
		{names: ["chmod"], action: "SCMP_ACT_ALLOW", args:
			[{index: 1, value: 511, op: "SCMP_CMP_EQ"}]}]}' >"$T/block.json"
ok "a container calls what the base blocks" trace "if:$T/block.json;mode:permissive;of:$T/o.json;report:$T/o.report" \
	"$IMAGE" sh -c 'mkdir /x; touch /y; chmod 700 /y; ls /'
not_ok "it stays blocked" allows "$T/o.json" mkdir
like "$(jq -r '.notes[]' "$T/o.report")" '`mkdir` was called, but stays blocked' "the report says so"
like "$(jq -r '.notes[]' "$T/o.report")" '`chmod`, which the base allows under conditions only' "and what became wider"
ok "under the outcome" pod --security-opt "seccomp=$T/o.json" "$IMAGE" sh -c 'touch /y; chmod 700 /y && ! mkdir /x'
like "$(cat "$LIB_ERR")" 'Operation not permitted' "the base's errno"

# podman's own default as the base, in each dialect
ok "there is podman's default profile" test -s "$default"
ok "it can be the base" trace "if:$default;of:$T/d.json" "$IMAGE" ls /
is "$(jq 'has("archMap") and has("architectures")' "$T/d.json")" false "the outcome names its architectures once"
is "$(jq '[.syscalls[] | select(has("includes") or has("excludes"))] | length' "$T/d.json")" 0 \
	"it needs no engine"
ok "podman takes it" pod --security-opt "seccomp=$T/d.json" "$IMAGE" sh -c 'ls / && mkdir /x'
for rt in crun runc; do
	make_bundle "$T/bundle" --seccomp "$T/d.json" -- sh -c 'mkdir /tmp/x && rmdir /tmp/x'
	ok "bare $rt takes it" "run_$rt" "$T/bundle"
done
not_ok "what the default refuses is refused" pod --security-opt "seccomp=$T/d.json" "$IMAGE" linux64 -R true

# exec, --rm being what all others are run with
ok "a container that stays" detached box "of:$T/exec.json" sleep 1000
ok "a program in it" podman --runtime crun exec box mkdir /x
ok "is stopped" podman --runtime crun --hooks-dir "$HOOKS" rm -f -t 0 box
ok "what was executed in it is in the profile" allows "$T/exec.json" mkdir
is "$(labelled)" 0 "no record is left"

# A violent end
ok "another one" detached box "of:$T/kill.json" sh -c 'mkdir /x; sleep 1000'
ok "does its work" poll_until 30 podman --runtime crun exec box test -d /x
ok "is killed" kill -9 "$(podman --runtime crun inspect -f '{{.State.Pid}}' box)"
ok "its profile is there" poll_until 60 test -s "$T/kill.json"
ok "with what it called" allows "$T/kill.json" mkdir
podman --runtime crun --hooks-dir "$HOOKS" rm -f -t 0 box >/dev/null 2>&1
is "$(labelled)" 0 "no record is left"

# What cannot be recorded runs all the same; what is asked for wrongly does not
ok "--pid=host" trace "of:$T/host.json" --pid=host "$IMAGE" true
ok "is refused with the reason" syslog_has 'pid=host'
not_ok "nothing is written" test -e "$T/host.json"
exit_is 126 "with strict it does not start" trace "of:$T/host.json;strict" --pid=host "$IMAGE" true
ok "a container" detached box "of:$T/box.json" sleep 1000
ok "and one in its PID namespace" trace "of:$T/join.json" --pid=container:box "$IMAGE" true
ok "is refused with the reason" syslog_has 'shares the PID namespace of another container'
not_ok "nothing is written" test -e "$T/join.json"
podman --runtime crun --hooks-dir "$HOOKS" rm -f -t 0 box >/dev/null 2>&1
ok "but for the first" test -s "$T/box.json"
exit_is 126 "a wrong annotation fails" trace "of:out.json" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'path must be absolute' "and podman shows the reason"

# A start that fails: crun tells nobody of the end
not_ok_any() { "$@" >"$LIB_OUT" 2>"$LIB_ERR"; [ $? != 0 ]; }
ok "a command that is not there" not_ok_any trace "of:$T/nocmd.json" "$IMAGE" nocmd
ok "the next container" trace "of:$T/next.json" "$IMAGE" true
is "$(labelled)" 0 "leaves no record, and takes the other with it"
not_ok "nothing is written of what never ran" test -e "$T/nocmd.json"

# Without a module
unload_module
mkdir -p /etc/modprobe.d
echo 'install sctrace /bin/false' >/etc/modprobe.d/no-sctrace.conf
ok "without the module a container runs, and keeps its filter" trace "of:$T/none.json;mode:permissive" "$IMAGE" \
	sh -c '! linux64 -R true'
rm /etc/modprobe.d/no-sctrace.conf
not_ok "nothing is written" test -e "$T/none.json"
done_testing
