#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Values and the life of a record: STOP, RESET, FORGET, a late START, the end. What may have
# been missed makes all numbers open.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"

# live CALL... - a namespace whose init makes calls: $inum $pid $job
live()
{
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" ./values "$@" <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r inum pid <"$T/ns"
}

# has LINE - the record has this value
has()
{
	./nl values "$sel" | grep -q -x -e "$1"
}

A="x86_64 41 w enum 0=1 1=1 2=1"
B="x86_64 41 w enum 0=2 1=2 2=2"
C="x86_64 41 w enum 0=3 1=3 2=3"

load_module || bail "the module does not load"

# --- STOP, START: a gap
live 41,1,1,1 w 41,1,1,1 41,2,2,2 w 41,1,1,1 41,2,2,2 41,3,3,3 w
sel=inum:$inum
: >"$T/gate"
ok "a value" poll_until 60 has "$A"
not_ok "is complete" has "all open gap"
./nl start "$sel"
./nl stop "$sel"
before=$(./nl values "$sel")
echo >&3
sleep 1
is "$(./nl values "$sel")" "$before" "STOP: nothing more is kept"
unlike "$before" "all open" "what was is complete"
./nl start "$sel"
ok "START: there was a gap" has "all open gap"
echo >&3
ok "a value after it" poll_until 60 has "$C"
ok "one that was made in the gap and after it" has "$B"
ok "one from before" has "$A"

# --- RESET
./nl reset "$sel"
is "$(./nl values "$sel")" "all open late" "RESET: empty, and late, for the init is running"
echo >&3
wait $job
like "$(./nl get "$sel")" 'flags=[a-z,]*ended' "it has ended"
./nl forget "$sel"

live w 41,1,1,1 41,2,2,2 w 41,1,1,1 41,3,3,3 w
sel=inum:$inum
: >"$T/gate"
echo >&3
ok "values" poll_until 60 has "$B"
./nl reset "$sel"
echo >&3
ok "after RESET the same value" poll_until 60 has "$C"
ok "is new again" has "$A"
not_ok "one that was made before it is not there" has "$B"
echo >&3
wait $job
ok "values stay when the namespace has ended" has "$C"

# --- RESET before the init calls execve: nothing of the workload is missed
live 41,1,1,1
sel=inum:$inum
./nl reset "$sel"
: >"$T/gate"
wait $job
is "$(./nl values "$sel" | grep -v ' s ')" "$A" "RESET before the execve: not open"

# --- FORGET of a living namespace: a new record, late
live 41,1,1,1 w 41,2,2,2 w
sel=inum:$inum
: >"$T/gate"
ok "a value" poll_until 60 has "$A"
old=$(./nl get "$sel" | tr ' ' '\n' | sed -n 's/^id=//p')
./nl forget "$sel"
echo >&3
ok "FORGET, and a call" poll_until 60 has "$B"
ok "makes another record, where all is open" has "all open late"
not_ok "and nothing of the old one is" has "$A"
exit_is 1 "which is gone" ./nl get "id:$old"
echo >&3
wait $job

# --- recorded on request
unload_module
load_module record=selected
live 41,1,1,1 w
sel=inum:$inum
./nl start "pid:$pid" early
: >"$T/gate"
ok "START before the execve" poll_until 60 has "$A"
not_ok "is not late" has "all open late"
echo >&3
wait $job
./nl forget label:early
live 41,1,1,1 w 41,2,2,2 w
sel=inum:$inum
: >"$T/gate"
poll_until 60 sh -c "grep -q read /proc/$pid/wchan /proc/$pid/stack || sleep 1"
./nl start "pid:$pid" late
echo >&3
ok "START after it" poll_until 60 has "$B"
ok "is late: all is open" has "all open late"
echo >&3
wait $job
./nl forget label:late

# --- an ancestor that is recorded later, or not
unload_module
load_module record=selected
live 41,1,1,1 w 41,1,1,1 41,2,2,2 w
./nl start "pid:$pid" inner
sel=label:inner
: >"$T/gate"
ok "a value inside" poll_until 60 has "$A"
./nl start "pid:1" host
echo >&3
ok "another" poll_until 60 has "$B"
sel=label:host
ok "counts for a record around it that came later" has "$B"
ok "and one that was cached inside" has "$A"
ok "where all is open" has "all open late"
echo >&3
wait $job
./nl forget label:inner
./nl forget label:host

# --- evicted
unload_module
load_module max_ended=1
for i in 1 2 3; do
	./nsrun -o "$T/ns$i" ./values "41,$i,1,1"
done
read -r inum _ <"$T/ns3"
sel=inum:$inum
poll_until 60 sh -c "[ \$(./nl dump | grep -c ended) = 1 ]"
ok "the last one has its value" has "x86_64 41 w enum 0=3 1=1 2=1"
ok "the module goes, with all values" unload_module

done_testing
