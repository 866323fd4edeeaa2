#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Rules that only show in one situation each: a call that is under way when the record begins
# to look for refused ones, threads that are gone, STOP and START, a dump that goes on.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"

# waits NR CMD... - a namespace whose init is in system call NR: sets inum, pid
waits()
{
	_nr=$1
	shift
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" "$@" <"$T/in" &
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r inum pid <"$T/ns"
	: >"$T/gate"
	poll_until 60 grep -q "^$_nr " "/proc/$pid/syscall" || bail "it does not wait"
}

# --- what is under way is not refused, though it was never seen entering

load_module record=selected || bail "the module does not load"
cleanup unload_module
waits 202 ./ways wait 6 810
./nl -r start "pid:$pid" >/dev/null
ok "a call that times out in a filtered task" poll_until 60 has "inum:$inum" c 810
is "$(./nl nrs -k r "inum:$inum")" "" "is not refused when recording began meanwhile"
wait
./nl forget "inum:$inum"

rm -f "$T/ns"
./nsrun -g "$T/gate" -o "$T/ns" ./ways tsync 4 811 </dev/null &
poll_until 60 test -s "$T/ns" || bail "no namespace"
read -r inum pid <"$T/ns"
./nl -r start "pid:$pid" >/dev/null
: >"$T/gate"
ok "a call that another thread's filter met" poll_until 60 has "inum:$inum" c 811
is "$(./nl nrs -k r "inum:$inum")" "" "is not refused when that thread is gone"
wait
./nl forget "inum:$inum"
unload_module

# --- what is called while a record is stopped is new to it after START. (The cache of what was
# seen has numbers below 504.)

load_module record=all
waits 0 ./calls w 400 w 400 w
./nl stop "inum:$inum"
echo >&3
root=$(inum_of $$)
ok "a call while stopped" poll_until 60 has "inum:$root" w 400
not_ok "is not recorded" has "inum:$inum" w 400
./nl start "inum:$inum" >/dev/null
echo >&3
ok "the same call after START is" poll_until 60 has "inum:$inum" w 400
./nl forget "inum:$inum"
echo >&3
wait

# --- RESET takes all sightings out, of one chunk and of several, and what comes then is whole

# sightings - of the namespace: numbers and names, in order
sightings()
{
	./nl dump -s "inum:$inum" | awk '$1 == "sighting" { print $4, $7 }' | tr '\n' ' '
}

for many in 842 "$(seq 842 941 | tr '\n' ' ')"; do
	# shellcheck disable=SC2086
	waits 0 ./calls w $many w 840 841 w
	echo >&3
	ok "calls are made" poll_until 60 has "inum:$inum" w 842
	poll_until 60 grep -q "^0 " "/proc/$pid/syscall"
	./nl reset "inum:$inum"
	is "$(sightings)" "" "after RESET there are none"
	./nl reset "inum:$inum"
	echo >&3
	poll_until 60 has "inum:$inum" w 841
	poll_until 60 grep -q "^0 " "/proc/$pid/syscall"
	is "$(sightings)" "840 comm=calls 841 comm=calls 0 comm=calls " "then those that follow"
	# a name that is not the last one is looked for in what is there
	nsenter -t "$pid" -p ./calls 850
	like "$(sightings)" "59 comm=nsenter .*850 comm=calls " "and those of who joins, by another name"
	./nl reset "inum:$inum"
	./nl forget "inum:$inum"
	echo >&3
	wait
done

# --- dumps that follow one another add up to one

waits 0 ./calls w 830 831 832 w 833 834 w
echo >&3
ok "calls are made" poll_until 60 has "inum:$inum" w 832
poll_until 60 grep -q "^0 " "/proc/$pid/syscall"
./nl dump -s "inum:$inum" >"$T/first"
cursor=$(sed -n 's/^record .* cursor=\([0-9]*\).*/\1/p; s/^cursor \([0-9]*\)$/\1/p' \
	"$T/first" | tail -n 1)
echo >&3
ok "more calls are made" poll_until 60 has "inum:$inum" w 834
./nl dump -s -c "${cursor:-0}" "inum:$inum" >"$T/second"
./nl dump -s "inum:$inum" >"$T/whole"
is_ne "$cursor" "" "a dump says where it ended"
is "$(grep -h '^sighting' "$T/first" "$T/second")" "$(grep '^sighting' "$T/whole")" \
	"two dumps are as one"
echo >&3
wait
done_testing
