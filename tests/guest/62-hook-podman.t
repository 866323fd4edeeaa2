#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# The hook under podman, in all the ways in which containers are used.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

have_kernel 6.1 || plan skip_all "bullseye has podman 3.0, without what is tried here"

T=$TMPDIR
podman_setup || bail "podman does not work here"
default=/usr/share/containers/seccomp.json
[ -e "$default" ] || default=/etc/containers/seccomp.json
ok "there is podman's default profile" test -s "$default"

# detached NAME HOW CMD... - CMD in the background, in a container that stays; HEALTH: its check;
# SHARE: which PID namespace it is in
HEALTH=none SHARE=private
detached()
{
	_n=$1 _how=$2
	shift 2
	podman --runtime "$RT" --hooks-dir "$HOOKS" run -d --name "$_n" \
		--network=none --pid "$SHARE" --annotation "io.containers.trace-syscall=$_how" \
		--health-cmd "$HEALTH" --health-interval disable \
		"$IMAGE" "$@" >/dev/null
}

# remove NAME
remove()
{
	podman --runtime "$RT" --hooks-dir "$HOOKS" rm -f -t 0 "$1"
}

for RT in crun runc; do
	# podman's own default as the base
	d=$T/$RT-d.json
	ok "$RT: podman's default can be the base" trace "if:$default;of:$d" "$IMAGE" ls /
	is "$(jq 'has("archMap") and has("architectures")' "$d")" false \
		"$RT: the outcome names its architectures once"
	is "$(jq '[.syscalls[] | select(has("includes") or has("excludes"))] | length' "$d")" 0 \
		"$RT: it needs no engine"
	ok "$RT: podman takes it, what the default refuses is refused" \
		pod --security-opt "seccomp=$d" "$IMAGE" sh -c 'ls / && mkdir /x && ! linux64 -R true'
	make_bundle "$T/bundle" --seccomp "$d" -- sh -c 'mkdir /tmp/x && rmdir /tmp/x'
	ok "$RT: bare, it takes it, too" "run_$RT" "$T/bundle"

	# exec, and a violent end
	e=$T/$RT-e.json
	HEALTH="chmod 755 /x"
	ok "$RT: a container that stays" detached box "of:$e" sh -c 'mkdir /x; sleep 1000'
	ok "$RT: does its work" poll_until 60 podman --runtime "$RT" exec box ls -d /x
	ok "$RT: a program is executed in it" podman --runtime "$RT" exec box ln -s a /y
	ok "$RT: its health is looked at" podman --runtime "$RT" healthcheck run box
	sctrace-nl profile --container box --no-exec -o "$T/no-exec.json"
	ok "$RT: --no-exec has what the program called" allows "$T/no-exec.json" mkdir
	not_ok "$RT: and nothing of podman exec" allows "$T/no-exec.json" symlink
	not_ok "$RT: nor of a health check" allows "$T/no-exec.json" chmod
	like "$(sctrace-nl report --container box --json | jq -r ".verdict.reasons[].text")" \
		'only execs .*: .*chmod.*, symlink.*; --no-exec ' "$RT: the report names both"
	HEALTH=none
	ok "$RT: it is killed" kill -9 "$(podman --runtime "$RT" inspect -f '{{.State.Pid}}' box)"
	ok "$RT: its profile is there" poll_until 60 test -s "$e"
	ok "$RT: with what it called" allows "$e" mkdir
	ok "$RT: and what was executed in it" allows "$e" symlink
	remove box >/dev/null 2>&1

	# Who shares a PID namespace is told from the others by the cgroup
	h=$T/$RT-host.json
	(while :; do busybox rm -f "$T/gone"; busybox ln -s x "$T/gone"; busybox sleep 0.1; done) &
	other=$!
	ok "$RT: --pid=host" trace "of:$h;strict" --pid=host "$IMAGE" sh -c 'mkdir /x; sleep 0.5'
	unlike "$(cat "$LIB_ERR")" "not affected" "$RT: is recorded"
	unlike "$(cat "$LIB_ERR")" "program was running" "$RT: before its program runs"
	kill $other
	ok "$RT: with what it called" allows "$h" mkdir
	not_ok "$RT: and nothing of the host's" allows "$h" symlink
	# So are podman exec and health checks
	x=$T/$RT-exec.json
	HEALTH="chmod 755 /x" SHARE=host
	ok "$RT: --pid=host, to be recorded without execs" detached box "of:$x;no-exec;strict" \
		sh -c 'mkdir /x; sleep 1000'
	ok "$RT: does its work" poll_until 60 podman --runtime "$RT" exec box ls -d /x
	ok "$RT: a program is executed in it" podman --runtime "$RT" exec box ln -s a /y
	ok "$RT: its health is looked at" podman --runtime "$RT" healthcheck run box
	HEALTH=none SHARE=private
	ok "$RT: it ends" remove box
	ok "$RT: its profile is there" poll_until 60 test -s "$x"
	ok "$RT: with what the program called" allows "$x" mkdir
	not_ok "$RT: and nothing of podman exec" allows "$x" symlink
	not_ok "$RT: nor of a health check" allows "$x" chmod
	p=$T/$RT-pod
	ok "$RT: a pod with one PID namespace" podman --runtime "$RT" pod create --name pod --share pid \
		--share-parent=false --network=none --infra-image "$IMAGE" --infra-command "sleep 1000"
	ok "$RT: and two containers of it" trace "of:$p.json" --pod pod "$IMAGE" mkdir /x
	ok "$RT: each of which" trace "of:${p}2.json" --pod pod "$IMAGE" ln -s /x /y
	ok "$RT: has its own calls" allows "$p.json" mkdir
	ok "$RT: both have" allows "${p}2.json" symlink
	not_ok "$RT: and not the other's" allows "$p.json" symlink
	not_ok "$RT: neither has" allows "${p}2.json" mkdir
	podman --runtime "$RT" pod rm -f -t 0 pod >/dev/null 2>&1
	ok "$RT: no record is left" poll_until 60 no_label
done
RT=crun

# A start that fails: crun tells nobody of the end
not_ok_any() { "$@" >"$LIB_OUT" 2>"$LIB_ERR"; [ $? != 0 ]; }
ok "a command that is not there" not_ok_any trace "of:$T/nocmd.json" "$IMAGE" nocmd
not_ok "nothing is written of what never ran" test -e "$T/nocmd.json"

# What is asked for wrongly does not run
exit_is 126 "a wrong annotation fails" trace "of:out.json" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'path must be absolute' "and podman shows the reason"

# Shared namespaces
ok "a container" detached box "of:$T/box.json" sleep 1000
ok "and one in its PID namespace" trace "of:$T/join.json" --pid=container:box "$IMAGE" mkdir /x
ok "has its own profile" allows "$T/join.json" mkdir
not_ok "without what only the first calls" allows "$T/join.json" clock_nanosleep
ok "the first is stopped" remove box
ok "but for the first" allows "$T/box.json" mkdir
ok "no record is left, nor that of the command that was not there" poll_until 60 no_label

# Without a module
unload_module
mkdir -p /etc/modprobe.d
echo 'install sctrace /bin/false' >/etc/modprobe.d/no-sctrace.conf
cleanup 'rm -f /etc/modprobe.d/no-sctrace.conf'
ok "without the module a container runs, and keeps its filter" trace "of:$T/none.json;mode:permissive" "$IMAGE" \
	sh -c '! linux64 -R true'
like "$(cat "$LIB_ERR")" "cannot be loaded.*not affected" "and is told why it is not recorded"
not_ok "nothing is written" test -e "$T/none.json"
exit_is 126 "with strict it does not start" trace "of:$T/none.json;strict" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'cannot be loaded' "and podman shows the reason"
done_testing
