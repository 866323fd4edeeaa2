#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The protocol grows: what tools of the first release send is understood, what they do
# not know does not harm them; features are bits; a hold belongs to a socket where that is
# asked for.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in" "$T/hold"
exec 3<>"$T/in" 4<>"$T/hold"
cleanup "./forget-held >/dev/null 2>&1; unload_module"

# live - a namespace that waits: $inum $pid $job
live()
{
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" ./calls w <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r inum pid <"$T/ns"
}

# over - it ends
over()
{
	: >"$T/gate"
	echo >&3
	wait $job
}

load_module record=selected || bail "the module does not load"

# --- any API from 1 on
for v in 1 2 255; do
	ok "INFO as of API $v" ./nl -V $v info
	ok "a dump as of API $v" ./nl -V $v dump -s
done
exit_is 1 "version 0 is none" ./nl -V 0 info
is "$(info api)" 1 "the module is of API 1"
ok "INFO tells features" test $(($(info features) & 3)) = 3

# --- requests of the first release, byte by byte
live
before=$(./nl dump | grep -c '^record')
sed -e '/^#/d' old-requests >"$T/requests"
while read -r name flags want bytes; do
	exit_is 0 "an old tool's $name" ./nlreplay "$flags" "$want" "$bytes" "pid=$pid"
done <"$T/requests"
is "$(./nl dump | grep -c '^record')" "$before" "which leaves what was there"
over

# --- holds
live
./nl -H start "pid:$pid" mine <"$T/hold" >"$T/started" &
nl=$!
ok "a socket holds a record" poll_until 60 test -s "$T/started"
like "$(cat "$T/started")" 'flags=held' "it is held"
not_ok "so the module stays" rmmod sctrace
kill -9 $nl
wait $nl 2>/dev/null
ok "who asked for it dies: nothing is held" poll_until 60 info_is held 0
like "$(./nl get label:mine)" 'flags=- ' "the record is there, and is not held"
over
like "$(./nl get label:mine)" 'flags=ended,running' "it was recorded to the end"
ok "and the module can go" poll_until 60 rmmod sctrace

load_module record=selected || bail "the module does not load"
live
./nl -H start "pid:$pid" mine <"$T/hold" >"$T/started2" &
nl=$!
poll_until 60 test -s "$T/started2"
ok "START without a socket's hold" ./nl start label:mine
kill -9 $nl
wait $nl 2>/dev/null
sleep 0.3
is "$(info held)" 1 "makes it one that stays"
./nl -H start label:mine </dev/null >/dev/null
sleep 0.3
is "$(info held)" 1 "which no socket takes over"
./nl forget label:mine
is "$(info held)" 0 "FORGET ends it"
# Many sockets come and go without any hold
./nl -H start "pid:$pid" mine <"$T/hold" >"$T/started3" &
nl=$!
poll_until 60 test -s "$T/started3"
for i in 1 2 3 4 5; do
	./nl info >/dev/null
done
is "$(info held)" 1 "others that are closed end nobody's hold"
./nl forget label:mine
kill -9 $nl
wait $nl 2>/dev/null
sleep 0.2
is "$(info held)" 0 "a hold that was forgotten does not end twice"
over

# --- the tool: run, killed
sctrace-nl run -o "$T/p.json" -- sleep 1000 &
tool=$!
ok "run holds its record" poll_until 60 info_is held 1
kill -9 $tool
wait $tool 2>/dev/null
ok "when it is killed nothing stays held" poll_until 60 info_is held 0
pkill -x sleep
ok "and the module can go" poll_until 60 rmmod sctrace

# --- a file of a namespace
load_module record=selected || bail "the module does not load"
live
exit_is 1 "a file that is no namespace's" ./nl start file:/proc/self/status
like "$(cat "$LIB_ERR")" "^nl: EBADF: ." "is refused, with a reason"
exit_is 1 "nor that of another kind of namespace" ./nl start file:/proc/self/ns/net
like "$(cat "$LIB_ERR")" "^nl: EBADF: ." "is refused, with a reason"
ok "START by /proc/PID/ns/pid" ./nl start "file:/proc/$pid/ns/pid" filed
is "$(field inum label:filed)" "$inum" "is that namespace"
touch "$T/bound"
mount --bind "/proc/$pid/ns/pid" "$T/bound"
is "$(field id "file:$T/bound")" "$(field id label:filed)" "GET by a bind mount of it"
over
# The mount keeps the namespace, which is over
./nl forget label:filed
exit_is 1 "a namespace that is over" ./nl start "file:$T/bound"
like "$(cat "$LIB_ERR")" "^nl: ESTALE: ." "cannot be started"
umount "$T/bound"

# --- elements carry their size
unload_module
load_module record=all
./nsrun ./calls 500
is "$(./nl dump -s id:2 | sed -n 's/.* sighting_size=\([0-9]*\) .*/\1/p' | sort -u)" 40 \
	"the size of a sighting stands beside the sightings"

# --- a reader with room for a page

longest()
{
	sed -n 's/^nl: longest message: //p' "$T/err"
}

./nsburst 60 >/dev/null
./nl -P dump >"$T/page" 2>"$T/err"
is "$(grep -c '^record' "$T/page")" "$(./nl dump | grep -c '^record')" \
	"a reader with a page gets all records"
ok "in messages that fit" test "$(longest)" -le 4096

# One that is longer: 21 full sets, a long path and a long label
name=$(printf '%0230d' 0)
CG=${CGROOT:-/sys/fs/cgroup}/sctrace-test
cg=$CG/$name/$name/$name/$name
cleanup "find $CG -depth -type d -delete"
mkdir -p "$cg"
label=$(printf '%0128d' 0)
./nl -r start "cgroup:$cg" "$label" >/dev/null
all="1023 i1023 x1023"
# filtered NR REFUSED - calls of three ABIs under a filter
filtered()
{
	echo "./refuse -e $2 -E $2 -e $((0x40000000 + $2)) -- ./calls $1 i$1 x$1 $2 i$2 x$2"
}
./cgmove bring "$cg" sh -c "./calls $all; $(filtered 1023 1022); ./calls $all; ./cgmove run $cg ./calls $all"
./cgmove bring "$cg" sh -c "$(filtered 1021 1020)"
is "$(for kinds in p s w c f r; do ./nl nrs -pe -k $kinds "label:$label"; done | grep -c " 10[12].\$")" 21 \
	"it has so many sets"
whole()
{
	sed -e '/^more/d' -e 's/ cursor=[0-9]* / /' "$1"
}
./nl dump -pe -s "label:$label" >"$T/room"
exit_is 0 "a record that is longer than a page" ./nl -P dump -pe -s "label:$label"
is "$(whole "$LIB_OUT")" "$(whole "$T/room")" "comes whole to such a reader"
cp "$LIB_ERR" "$T/err"
ok "in a message that is longer" test "$(longest)" -gt 4096
ok "but no longer than is said" test "$(longest)" -le 12288
diag "$(longest) bytes"

done_testing
