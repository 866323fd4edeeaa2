#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# needs: systemd
# Units of systemd: recorded by their names from their start, hardened by the drop-in that
# comes of it, and started again under it, without a refusal; in `make check-long` ten times.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

[ -d /run/systemd/system ] || plan skip_all "systemd is not pid 1"
T=$TMPDIR
STARTS=${UNIT_STARTS:-1}
D=/run/systemd/system
load_module || bail "no module"
start=$(sctrace-nl start --cgroup /x.slice 2>&1) || case $start in
*"cannot record cgroups"*) plan skip_all "this module cannot record cgroups" ;;
esac
sctrace-nl forget --cgroup /x.slice

# says STATUS NAME ERE CMD... - one line of words, which match
says()
{
	_status=$1 _name=$2 _ere=$3
	shift 3
	exit_is "$_status" "$_name" "$@"
	is "$(wc -l <"$LIB_ERR") $(grep -c -E -e "$_ere" "$LIB_ERR")" "1 1" "... in one line: $_ere"
}

says 3 "a unit that does not exist" 'unit `nosuch.service`: systemd has none' \
	sctrace-nl start --unit nosuch
says 2 "a template" 'is a template: name an instance' sctrace-nl start --unit getty@
says 2 "a timer" 'runs nothing itself: name what it starts' \
	sctrace-nl start --unit x.timer
ln -s /dev/null $D/masked.service
printf '[Service]\nType=oneshot\nExecStart=/bin/false\n' >$D/fails.service
systemctl daemon-reload
for restart in "" --restart; do
	says 3 "a masked unit $restart" 'cannot be started: systemd calls it masked' \
		sctrace-nl start --unit masked $restart
done
says 1 "a unit that fails" 'unit `fails.service`: cannot be started: ' \
	sctrace-nl start --unit fails --restart
is "$(ls -d $D/fails* $D/masked* | tr '\n' ' ')$(sctrace-nl list --json | jq '.records | length')" \
	"$D/fails.service $D/masked.service 0" "... leaves neither a drop-in nor a record"
rm $D/fails.service $D/masked.service
says 2 "a path of 4 KiB" 'has 40.. bytes, and at most' \
	sctrace-nl start --cgroup "/$(printf %4095s | tr ' ' x)"
says 2 "the root" 'is the root cgroup' sctrace-nl start --cgroup /
says 3 "a unit without a record" 'no such record' sctrace-nl profile --unit redis-server

# what the services are to do
load()
{
	case $1 in
	nginx)
		# nginx calls shutdown() when a client is done before it is: now and then. A client
		# that sends more than its request makes it call it each time.
		for more in "" more ""; do
			printf 'GET / HTTP/1.0\r\n\r\n%s' "$more" | busybox nc 127.0.0.1 80 | grep -q nginx ||
				return 1
		done
		;;
	redis-server)
		for i in 1 2 3; do
			[ "$(redis-cli set a$i b)$(redis-cli get a$i)" = OKb ] || return 1
		done
		redis-cli save
		# else the allocator gives memory back when its time has come
		redis-cli memory purge
		;;
	chrony) chronyc -n tracking && chronyc -n sources ;;
	esac
}
score() { systemd-analyze security --no-pager "$1" 2>/dev/null | sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p'; }

for u in nginx redis-server chrony; do
	name=$(systemctl show -p Id --value $u)
	ok "$u: started for a recording" sctrace-nl start --unit $u --restart --json
	is "$(jq -r '.records[0] | [.cgroup, .starts, (.state | index("late"))] | @csv' "$LIB_OUT")" \
		"\"/system.slice/$name\",1," "... it is of its cgroup, once, and not late"
	ok "... does its work" poll_until 60 load $u
	ok "... and is stopped" systemctl stop $u
	ok "... a drop-in comes of it" sctrace-nl --unit $u --format systemd -o "$T/$u.conf"
	is "$(sctrace-nl report --unit $u --text | grep -o '^ *SystemCallFilter=.*' | tr -d ' ')" \
		"$(grep '^SystemCallFilter=' "$T/$u.conf" | tr -d ' ')" "... which the report shows"
	# what the unit refuses already, its program did not do
	if [ "$(systemctl show -p MemoryDenyWriteExecute --value $u)" = yes ]; then
		like "$(cat "$T/$u.conf")" '^MemoryDenyWriteExecute=yes$' \
			"... which forbids memory that is written and executed"
	fi
	before=$(score $u)
	ok "... the record goes" sctrace-nl forget --unit $u
	ok "... and what was put in place for it" test ! -e "$D/$name.d"
	mkdir -p "$D/$name.d"
	cp "$T/$u.conf" "$D/$name.d/50-sctrace.conf"
	# five starts in ten seconds are as many as systemd allows otherwise
	printf "[Unit]\nStartLimitIntervalSec=0\n" >"$D/$name.d/limit.conf"
	systemctl daemon-reload
	is "$(systemd-analyze verify $u 2>&1 | grep 50-sctrace)" "" "... systemd finds no fault with it"
	after=$(score $u)
	# a unit that is hardened by hand may have nothing left to gain
	ok "... and its exposure falls, $before to $after" \
		awk "BEGIN { exit !($after < $before || $after == $before && $before < 5) }"
	# its filter is in place: nothing else is put there
	ok "... it starts under it" sctrace-nl start --unit $u --restart
	ok "... and works" poll_until 60 load $u
	n=1
	while [ $n -lt "$STARTS" ]; do
		n=$((n + 1))
		ok "... it starts again, $n" systemctl restart $u
		ok "... and works" poll_until 60 load $u
	done
	is "$(sctrace-nl show --unit $u --json | jq .record.starts)" "$STARTS" "... all in one record"
	# (clone3 is refused on purpose: C libraries take clone then)
	is "$(sctrace-nl refused --unit $u --json | jq -c '[.refused[].name] - ["clone3"]')" \
		"[]" "... without a refusal"
	ok "... forgotten" sctrace-nl forget --unit $u
	systemctl stop $u
done

# systemd-run makes a unit, and systemd forgets it
ok "the path of a unit that is not there" sctrace-nl start --cgroup /system.slice/gone.service
ok "... which comes" systemd-run --unit=gone "$PWD/calls" 83
gone() { sctrace-nl show --cgroup /system.slice/gone.service --json | jq -e ".record.state | index(\"ended\")"; }
ok "... and goes" poll_until 60 gone
ok "... has a profile by its name" sctrace-nl profile --unit gone --format systemd -o "$T/gone.conf"
like "$(cat "$T/gone.conf")" '^SystemCallFilter=.*mkdir' "... with what it called"
ok "... until it is forgotten" sctrace-nl forget --unit gone

# a unit of our own: exactly what its program calls, and nothing that systemd does
cat >$D/own@.service <<-'EOS'
	[Service]
	Type=exec
	ExecStart=/bin/busybox sh -c 'busybox mkdir -p /tmp/own-%i; busybox rmdir /tmp/own-%i; exec busybox sleep 600'
EOS
cp $D/own@.service $D/own-odd@.service
ln -s own@.service $D/own-alias@.service
systemctl daemon-reload
ok "an instance of a template that does not run" sctrace-nl start --unit own@a
like "$(cat "$LIB_ERR")" 'own@a.service` does not run: recording begins with its next start' \
	"... is waited for"
like "$(sctrace-nl list)" 'unit:own@a.service' "... and listed"
systemctl start own@a
poll_until 60 sh -c 'sctrace-nl show --unit own@a | grep -q rmdir'
systemctl restart own@a
poll_until 60 sh -c 'sctrace-nl show --unit own@a --json | jq -e ".record.starts == 2" >/dev/null'
is "$(sctrace-nl show --unit own@a --json | jq .record.starts)" 2 "... each start counts"
calls=$(sctrace-nl show --unit own@a --json |
	jq -r '.syscalls[] | select(.stage == "workload") | .name' | sort -u | tr '\n' ' ')
like "$calls" '.*execve.*mkdir.*rmdir' "... its program is the workload"
unlike "$calls" '(seccomp|capset|mount|setns|unshare|keyctl) ' "... and nothing of systemd's"
systemctl start own@b
ok "one that runs already" sctrace-nl start --unit own@b
like "$(cat "$LIB_ERR")" 'running already.*--restart' "... is late, and it is said how it is not"
ok "a slice" sctrace-nl start --unit system.slice
like "$(cat "$LIB_ERR")" "running already" "... is late"
unlike "$(cat "$LIB_ERR")" "--restart" "... and nothing is said of a restart, which it cannot have"
ok "... forgotten" sctrace-nl forget --unit system.slice
ok "... stopped" sctrace-nl stop --unit own@b
ok "... forgotten" sctrace-nl forget --unit own@b
ok "the first is forgotten" sctrace-nl forget --unit own@a
systemctl stop own@a own@b

# names as systemd-escape makes them, and an alias
for u in 'own-odd@a\x20b system-own\x2dodd.slice/own-odd@a\x20b' 'own-alias@q system-own.slice/own@q'; do
	name=${u%% *}
	ok "$name" sctrace-nl start --unit "$name"
	systemctl start "$name"
	is "$(sctrace-nl show --unit "$name" --json | jq -r '.record | "\(.cgroup) \(.starts)"')" \
		"/system.slice/${u#* }.service 1" "... is recorded where it runs"
	sctrace-nl forget --unit "$name"
	systemctl stop "$name"
done

# a filter that denies nothing is taken away again
ok "with --restart" sctrace-nl start --unit own@c --restart
ok "... there is a drop-in" test -e $D/own@c.service.d/50-sctrace-recording.conf
like "$(grep Seccomp: /proc/$(systemctl show -p MainPID --value own@c)/status)" '2$' \
	"... and a filter"
ok "... stop" sctrace-nl stop --unit own@c
like "$(cat "$LIB_ERR")" 'the filter of the recording is removed' "... says what it removes"
ok "... which is gone" test ! -e $D/own@c.service.d
sctrace-nl forget --unit own@c
systemctl stop own@c
is "$(sctrace-nl list --json | jq '[.records[] | select(.state | index("held"))] | length')" 0 \
	"nothing is left held"
done_testing
