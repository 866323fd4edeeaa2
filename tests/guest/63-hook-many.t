#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# Ten containers at once, each calling something of its own: ten right profiles.
# HOOK_RUNTIME names another runtime than runc.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

RT=${HOOK_RUNTIME:-runc}

T=$TMPDIR
podman_setup || bail "podman does not work here"
# ten take ten times as long as one, on a busy machine some minutes
POD_SECONDS=500

# NAME of the call, command
cat >"$T/jobs" <<'EOJ'
mkdir mkdir /x
symlink ln -s a /x
link ln /etc/passwd /x
rename mv /etc/passwd /x
rmdir rmdir /tmp
chmod chmod 600 /etc/passwd
sync sync
mknod mknod /x p
ftruncate truncate -s 0 /etc/passwd
chroot chroot / true
EOJ
n=0
: >"$T/pids"
while read -r call cmd; do
	# shellcheck disable=SC2086
	trace "mode:permissive;of:$T/$RT-$call.json" "$IMAGE" $cmd </dev/null >"$T/$RT-$call.out" 2>&1 &
	echo "$call $!" >>"$T/pids"
	n=$((n + 1))
done <"$T/jobs"
is $n 10 "$RT: ten containers are started"
# mknod may be mknodat
while read -r call cmd; do
	others=$(cut -d' ' -f1 "$T/jobs" | grep -vx "$call")
	st=0
	# (not for syslogd, which stays)
	wait "$(sed -n "s/^$call //p" "$T/pids")" || st=$?
	got=$(allowed "$T/$RT-$call.json" 2>&1)
	mine=$(printf '%s\n' "$got" | grep -cxE "${call}(at)?")
	theirs=$(printf '%s\n' "$got" | grep -xF "$others" | tr '\n' ' ')
	is "$st $mine ${theirs:-none}" "0 1 none" "$RT: $cmd: its own call and none of the others'"
	[ "$st$mine" = 01 ] || diag "$(head -n 5 "$T/$RT-$call.out")"
done <"$T/jobs"
ok "$RT: no record is left" poll_until 60 no_label
no_label || diag "$(sctrace-nl list; tail -n 40 "$SYSLOG")"
no_hook()
{
	! pgrep -f "sctrace-nl hook"
}
ok "$RT: no process is left" poll_until 60 no_hook
done_testing
