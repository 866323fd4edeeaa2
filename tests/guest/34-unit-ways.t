#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# needs: systemd
# The ways in which systemd runs programs of a unit, a unit beside strace, and what is refused.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

[ -d /run/systemd/system ] || plan skip_all "systemd is not pid 1"
T=$TMPDIR
D=/run/systemd/system
HERE=$PWD
load_module || bail "no module"
start=$(sctrace-nl start --cgroup /x.slice 2>&1) || case $start in
*"cannot record cgroups"*) plan skip_all "this module cannot record cgroups" ;;
esac
sctrace-nl forget --cgroup /x.slice
cleanup "rm -f $D/ways*.service $D/ways*.socket; systemctl daemon-reload"

unit() { cat >"$D/$1" && systemctl daemon-reload; }

# numbers UNIT STAGE - which of the numbers that `calls` was given below
numbers()
{
	sctrace-nl show --unit "$1" --json |
		jq -r --arg stage "$2" '.syscalls[] | select(.nr >= 600 and .stage == $stage) | .nr' |
		sort -un | tr '\n' ' '
}

# called UNIT NUMBERS - were these all that its workload has called?
called() { [ "$(numbers "$1" workload)" = "$2" ]; }

# is_stage UNIT WORKLOAD NAME
is_stage()
{
	is "$(numbers "$1" workload)| $(numbers "$1" setup)" "$2| " "$3"
	is "$(sctrace-nl show --unit "$1" --json | jq -c '.record.state - ["held", "running", "ended", "cgroup", "refused"]')" \
		"[]" "... and nothing is missed"
}

# All commands of one unit, with systemd's privileges or without
unit ways.service <<EOS
	[Service]
	Type=oneshot
	RemainAfterExit=yes
	ExecStartPre=$HERE/calls 630
	ExecStartPre=+$HERE/calls 631
	ExecStartPre=-$HERE/calls 632 w
	ExecStart=$HERE/calls 633
	ExecStartPost=!$HERE/calls 634
	ExecReload=$HERE/calls 635
	ExecStop=$HERE/calls 636
	ExecStopPost=$HERE/calls 637
EOS
for restart in "" --restart; do
	ok "start${restart:+ }$restart" sctrace-nl start --unit ways $restart
	[ -n "$restart" ] || systemctl start ways
	ok "... reload" systemctl reload ways
	ok "... stop" systemctl stop ways
	is_stage ways "630 631 632 633 634 635 636 637 " "each command of a unit is workload"
	ok "... forget" sctrace-nl forget --unit ways
done

# A user's own privileges, a root directory of its own, and what systemd mounts for that
unit ways-user.service <<EOS
	[Service]
	Type=oneshot
	User=nobody
	PrivateTmp=yes
	ProtectSystem=strict
	ExecStart=$HERE/calls 640
EOS
ok "a unit of another user, with mounts" sctrace-nl start --unit ways-user
ok "... runs" systemctl start ways-user
is_stage ways-user "640 " "... its program is workload"
unlike "$(sctrace-nl show --unit ways-user --json |
	jq -r '.syscalls[] | select(.stage == "workload") | .name')" '^(mount|setresuid|capset|pivot_root)$' \
	"... and systemd's mounts are not"
sctrace-nl forget --unit ways-user

# It goes to the background by itself; it says when it is ready
unit ways-forking.service <<EOS
	[Service]
	Type=forking
	ExecStart=/bin/sh -c '(./calls 650; exec sleep 1000) & ./calls 651'
	WorkingDirectory=$HERE
EOS
unit ways-notify.service <<EOS
	[Service]
	Type=notify
	NotifyAccess=all
	ExecStart=/bin/sh -c '$HERE/calls 652; systemd-notify --ready; $HERE/calls 653; exec sleep 1000'
EOS
for u in "ways-forking 650 651" "ways-notify 652 653"; do
	set -- $u
	ok "$1" sctrace-nl start --unit "$1" --restart
	poll_until 60 called "$1" "$2 $3 "
	is_stage "$1" "$2 $3 " "... its programs are workload"
	ok "... reexecuting systemd" systemctl daemon-reexec
	ok "... goes on" systemctl is-active "$1"
	ok "... stop" systemctl stop "$1"
	ok "... forget" sctrace-nl forget --unit "$1"
done

# A socket starts it
unit ways-socket.socket <<-EOS
	[Socket]
	ListenStream=127.0.0.1:7177
EOS
unit ways-socket.service <<EOS
	[Service]
	ExecStart=/bin/sh -c '$HERE/calls 660; exec sleep 1000'
EOS
ok "a unit that a socket starts is waited for" sctrace-nl start --unit ways-socket
ok "... the socket" systemctl start ways-socket.socket
# nobody accepts it: it would wait for an end
timeout 2 busybox nc 127.0.0.1 7177 </dev/null
ok "... starts it" poll_until 60 systemctl is-active ways-socket
poll_until 60 called ways-socket "660 "
is_stage ways-socket "660 " "... its program is workload"
systemctl stop ways-socket.socket ways-socket
sctrace-nl forget --unit ways-socket

# A PID namespace of its own, whose init ignores SIGTERM
unit ways-pids.service <<EOS
	[Service]
	Type=exec
	PrivatePIDs=yes
	KillSignal=SIGKILL
	ExecStart=/bin/sh -c '$HERE/calls 670; exec sleep 1000'
EOS
if [ "$(systemctl show -p PrivatePIDs --value ways-pids 2>/dev/null)" = yes ]; then
	ok "a unit with PID namespace starts" systemctl start ways-pids
	poll_until 60 called ways-pids "670 "
	is "$(sctrace-nl show --unit ways-pids --json | jq -r '.record.ns')" \
		"$(inum_of "$(systemctl show -p MainPID --value ways-pids)")" "... it is recorded by that"
	is "$(numbers ways-pids workload)| $(numbers ways-pids setup)" "670 | " "... its program is workload"
	ok "... anew" sctrace-nl start --unit ways-pids --restart
	poll_until 60 called ways-pids "670 "
	is_stage ways-pids "670 " "... it is recorded by its cgroup, from its start"
	systemctl stop ways-pids
	sctrace-nl forget --unit ways-pids
else
	skip 6 "this systemd has no PrivatePIDs="
fi

# Of a user's manager; without a session nothing else starts one
unit user@0.service <<EOS
	[Service]
	Type=notify
	Slice=user-0.slice
	Delegate=yes
	Environment=XDG_RUNTIME_DIR=/run/user/0
	ExecStart=$(ls /usr/lib/systemd/systemd /lib/systemd/systemd 2>/dev/null | head -n 1) --user
EOS
export XDG_RUNTIME_DIR=/run/user/0
mkdir -p $XDG_RUNTIME_DIR/systemd/user
cat >$XDG_RUNTIME_DIR/systemd/user/ways-mine.service <<EOS
	[Service]
	Type=oneshot
	ExecStart=$HERE/calls 680
EOS
ok "a manager of a user" systemctl start user@0
ok "a unit of his" sctrace-nl start --unit 0/ways-mine
ok "... runs" systemctl --user start ways-mine
is_stage 0/ways-mine "680 " "... its program is workload"
sctrace-nl forget --unit 0/ways-mine
systemctl stop user@0
rm $D/user@0.service

# Beside strace: all that the program calls, and nothing else
redis=$(command -v redis-server)
unit ways-redis.service <<EOS
	[Service]
	Type=exec
	ExecStart=$redis --port 7178 --save ''
EOS
strace -f -n -s 0 -o "$T/strace" -p 1 2>"$T/strace.err" &
strace=$!
poll_until 60 grep -q attached "$T/strace.err"
ok "a unit beside strace" sctrace-nl start --unit ways-redis --restart
ok "... works" poll_until 60 redis-cli -p 7178 ping
ok "... stop" systemctl stop ways-redis
kill $strace
wait $strace
awk -v program="$redis" '
	/^[0-9]+ +\[ *[0-9]+\] [a-z_0-9]+\(/ {
		nr = $0
		sub(/^[0-9]+ +\[ */, "", nr)
		if (FNR != NR && inside($1))
			print nr + 0
		begun[$1] = $0
	}
	# who forked whom: a child may call before clone() returns
	FNR == NR && /(clone|clone3|fork|vfork)(\(| resumed).*\) += [0-9]+$/ { parent[$NF] = $1 }
	FNR != NR && /execve(\(| resumed).*\) += 0$/ && index(begun[$1], "execve(\"" program "\"") { in_it[$1] = 1 }
	function inside(pid) {
		if (!(pid in in_it))
			in_it[pid] = pid in parent && inside(parent[pid])
		return in_it[pid]
	}' "$T/strace" "$T/strace" | sort -un >"$T/want"
sctrace-nl show --unit ways-redis --json |
	jq -r '.syscalls[] | select(.stage == "workload") | .nr' | sort -un >"$T/got"
ok "... what strace saw of its program, $(wc -l <"$T/want") calls" diff -u "$T/want" "$T/got"
ok "... which is something" test "$(wc -l <"$T/want")" -ge 30
sctrace-nl forget --unit ways-redis

# What it never did is refused under what comes of it
unit ways-less.service <<-EOS
	[Service]
	Type=exec
	ExecStart=/bin/busybox sh -c 'busybox mkdir -p /tmp/ways; busybox rmdir /tmp/ways; exec busybox sleep 1000'
EOS
ok "a unit" sctrace-nl start --unit ways-less --restart
poll_until 60 sh -c "sctrace-nl show --unit ways-less | grep -q rmdir"
sleep_in_it() { grep -q sleep "/proc/$(systemctl show -p MainPID --value ways-less)/cmdline" 2>/dev/null; }
poll_until 60 sleep_in_it
ok "... its drop-in" sctrace-nl --unit ways-less --format systemd -o "$T/less.conf"
sctrace-nl forget --unit ways-less
mkdir -p $D/ways-less.service.d
cp "$T/less.conf" $D/ways-less.service.d/
sed -i "s,exec busybox,busybox mkfifo /tmp/ways.fifo; busybox chroot / busybox true; busybox unshare -U true; exec busybox," \
	$D/ways-less.service
systemctl daemon-reload
ok "... with more to do" sctrace-nl start --unit ways-less --restart
poll_until 60 sleep_in_it
is "$(sctrace-nl refused --unit ways-less --json | jq -c '[.refused[].name | sub("at$"; "")] | sort')" \
	'["chroot","mknod","unshare"]' "... is refused what it did not do before"
systemctl stop ways-less
rm -rf $D/ways-less.service.d
sctrace-nl forget --unit ways-less
is "$(sctrace-nl list --json | jq '[.records[] | select(.state | index("held"))] | length')" 0 \
	"nothing is left held"
done_testing
