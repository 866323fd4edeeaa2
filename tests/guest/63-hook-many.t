#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Ten containers at once, each calling something of its own: ten right profiles.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

have_kernel 6.12 || ! have_kernel 6.2 || plan skip_all "done on 6.1 and 6.12"
have_kernel 6.1 || plan skip_all "done on 6.1 and 6.12"
! have_kernel 6.13 || plan skip_all "done on 6.1 and 6.12"

T=$TMPDIR
podman_setup || bail "podman does not work here"
RT=crun
have_kernel 6.12 && ! have_kernel 6.13 && RT=runc

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
n=0 pids=
while read -r call cmd; do
	# shellcheck disable=SC2086
	trace "mode:permissive;of:$T/$call.json" "$IMAGE" $cmd </dev/null >"$T/$call.out" 2>&1 &
	pids="$pids $!"
	n=$((n + 1))
done <"$T/jobs"
is $n 10 "ten containers are started"
# not for syslogd, which stays
# shellcheck disable=SC2086
wait $pids
# mknod may be mknodat
while read -r call cmd; do
	others=$(cut -d' ' -f1 "$T/jobs" | grep -vx "$call")
	got=$(allowed "$T/$call.json" 2>&1)
	mine=$(printf '%s\n' "$got" | grep -cxE "${call}(at)?")
	theirs=$(printf '%s\n' "$got" | grep -xF "$others" | tr '\n' ' ')
	is "$mine ${theirs:-none}" "1 none" "$cmd: its own call and none of the others'"
	[ "$mine" = 1 ] || diag "$(head -n 5 "$T/$call.out")"
done <"$T/jobs"
is "$(sctrace-nl list --json | jq '[.records[] | select(.label)] | length')" 0 "no record is left"
is "$(pgrep -f 'sctrace-nl hook')" "" "no process is left"
done_testing
