#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# record=selected and what START, STOP, RESET and FORGET do.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in" "$T/in2"
exec 3<>"$T/in" 4<>"$T/in2"

# refused ERRNO NAME CMD... - the module says no, and why
refused()
{
	_errno=$1
	shift
	exit_is 1 "$@"
	like "$(cat "$LIB_ERR")" "^nl: $_errno: ." "... with $_errno and a reason"
}

# reads PID - it waits in `w`
reads()
{
	grep -q '^0 0x0 ' "/proc/$1/syscall"
}

# slept PID - how often it has waited
slept()
{
	sed -n "s/^voluntary_ctxt_switches:.//p" "/proc/$1/status"
}

# reads_again PID TIMES - it has gone on since it had waited so often, and waits in `w` again
reads_again()
{
	[ "$(slept "$1")" != "$2" ] && reads "$1"
}

load_module record=selected || bail "the module does not load"
cleanup unload_module

is "$(info mode)" 1 "record=selected"
is "$(info attached)" 0 "nothing is registered while nothing is started"
./calls 550
./nsrun ./calls 550
is "$(info records)" 0 "and nothing recorded"
is "$(info attached)" 0 "still not"

# --- before the program runs
./nsrun -g "$T/gate" -o "$T/ns" ./calls w 551 w 552 w 553 w 551 w 554 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns"
read -r inum pid <"$T/ns"
refused ENOENT "an inum without record cannot be started" ./nl start "inum:$inum"
ok "START by pid" ./nl start "pid:$pid" box-1
like "$(cat "$LIB_OUT")" "^record id=[0-9]* inum=$inum .* label=box-1 " \
	"answers with the record"
is "$(($(info attached) & 1))" 1 "the probes are registered now"
is "$(info held)" 1 "one record is held"
is "$(field flags "inum:$inum")" "held" "it is held, not late: no program ran yet"
not_ok "a held record keeps the module" rmmod sctrace
ok "which goes on" ./nl info
: >"$T/gate"
ok "the program runs" poll_until 60 reads "$pid"
echo >&3
ok "its calls are recorded" poll_until 60 has label:box-1 wc 551
poll_until 60 reads "$pid"
is "$(numbers label:box-1 w)" "0 551 " "exactly"

# --- others are not
./calls 560
./nsrun ./calls 561
./nsrun -o "$T/other" ./nsrun ./calls 562
is "$(info records)" 1 "tasks outside are not recorded"
is "$(numbers label:box-1 w)" "0 551 " "nor mixed in"

# --- STOP and on again
ok "STOP" ./nl stop label:box-1
like "$(field flags label:box-1)" '^held,stopped,running$' "stopped, still held"
ok "with nothing else to record the probes go" poll_until 60 info_is attached 0
n=$(slept "$pid")
echo >&3
poll_until 60 reads_again "$pid" "$n"
ok "START again" ./nl start label:box-1
is "$(($(info attached) & 1))" 1 "registers again"
echo >&3
ok "what comes then is recorded" poll_until 60 has label:box-1 wc 553
is "$(numbers label:box-1 w)" "0 551 553 " "what came between is not"
like "$(field flags label:box-1)" '^held,gap,running$' "but the gap is flagged"

# --- RESET
since=$(field since label:box-1)
ok "RESET" ./nl reset label:box-1
nothing "empties the sets" numbers label:box-1 wscd
is "$(field kept label:box-1)" 0 "and the sightings"
like "$(field flags label:box-1)" '^late,held,running$' \
	"the gap is over; it is late, as the program has called things before"
ok "since then" test "$(field since label:box-1)" -gt "$since"
poll_until 60 reads "$pid"
echo >&3
ok "a number seen before is seen again" poll_until 60 has label:box-1 wc 551

# --- labels
./nsrun -g "$T/gate" -o "$T/ns2" ./calls w 570 w <"$T/in2" &
job2=$!
poll_until 60 test -s "$T/ns2"
read -r inum2 pid2 <"$T/ns2"
refused EEXIST "another record's label cannot be had" ./nl start "pid:$pid2" box-1
is "$(info records)" 1 "and the try left nothing behind"
refused EEXIST "a record's label cannot be changed" ./nl start label:box-1 box-2
ok "the same label again is no harm" ./nl start label:box-1 box-1
refused EINVAL "a label with a blank" ./nl start "pid:$pid2" "a b"
refused EINVAL "an empty label" ./nl start "pid:$pid2" ""
refused EINVAL "a label that is not ASCII" ./nl start "pid:$pid2" "bäh"
refused EINVAL "a label with a control character" ./nl start "pid:$pid2" "$(printf 'a\033b')"
# 128 bytes go, 129 do not
l128=$(printf '%0128d' 7)
exit_is 1 "a label of 129 bytes" ./nl start "pid:$pid2" "${l128}x"
ok "a label of 128 bytes" ./nl start "pid:$pid2" "$l128"
is "$(field label "pid:$pid2")" "$l128" "is kept whole"
like "$(field flags "pid:$pid2")" '^held$' "the second one is not late"
ok "refused calls can be asked for" ./nl -r start "pid:$pid2"
like "$(field flags "pid:$pid2")" '^held,refused$' "and the record says so"
is "$(info records)" 2 "two records"
: >"$T/gate"
poll_until 60 reads "$pid2"

# --- FORGET
ok "FORGET" ./nl forget "label:$l128"
is "$(info records)" 1 "one record less"
is "$(info held)" 1 "one held less"
refused ENOENT "it is gone" ./nl get "label:$l128"
ok "STARTed again" ./nl start "pid:$pid2"
like "$(field flags "pid:$pid2")" '^late,held,running$' "it is late"
echo >&4
ok "and recorded" poll_until 60 has "pid:$pid2" wc 570
poll_until 60 reads "$pid2"
is "$(numbers "pid:$pid2" w)" "0 570 " "from then on"

# --- child namespaces of what was started
./nl get "pid:$pid2" >"$T/rec2"
id2=$(field id "pid:$pid2")
nsenter -t "$pid2" -p ./nsrun ./calls 580
ok "a child namespace's calls count for it" has "id:$id2" wc 580
child=$(./nl dump | sed -n "s/^record id=\([0-9]*\) inum=[0-9]* parent=$inum2 .*/\1/p")
is "$(numbers "id:$child" w)" "231 580 " "and have a record of their own"
unlike_of 'held|late' "not held, not late" field flags "id:$child"
./nl forget "id:$child"

# --- the end
refused ESRCH "a pid that is gone" ./nl start pid:4194303
refused ESRCH "pid 0" ./nl get pid:0
# A zombie init: its parent execs before it ends, and never waits
mkfifo "$T/go"
unshare -p sh -c "sh -c 'read -r x <$T/go; exec ./calls 39' & echo \$! >$T/zombie; exec sleep 100" &
zjob=$!
poll_until 60 grep -qx sleep "/proc/$zjob/comm"
: >"$T/go"
zombie()
{
	[ -s "$T/zombie" ] && grep -q '^State:.*Z' "/proc/$(cat "$T/zombie")/status"
}
poll_until 60 zombie
refused ESTALE "a namespace that has ended" ./nl start "pid:$(cat "$T/zombie")"
kill $zjob
echo >&3
poll_until 60 reads "$pid"
echo >&3
echo >&4
wait $job $job2
like "$(field flags label:box-1)" 'ended' "a held record outlives its namespace"
ok "sees its last call" has label:box-1 wc 554
ok "with all ended the probes go" poll_until 60 info_is attached 0
not_ok "held records keep the module" rmmod sctrace
ok "FORGET one" ./nl forget label:box-1
not_ok "one is left" rmmod sctrace
ok "FORGET the other" ./nl forget "id:$id2"
is "$(info records)" 0 "none is left"
ok "the module can go" poll_until 60 rmmod sctrace

# --- record=all holds as well, and FORGET of a living namespace starts anew
load_module record=all
./nsrun -g "$T/gate" -o "$T/ns3" ./calls w 590 w 591 <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns3"
read -r inum pid <"$T/ns3"
id=$(field id "inum:$inum")
ok "START of a record that is there" ./nl start "inum:$inum" web
is "$(field id label:web)" "$id" "is the same record"
not_ok "keeps the module" rmmod sctrace
: >"$T/gate"
poll_until 60 reads "$pid"
ok "FORGET it while it lives" ./nl forget "id:$id"
echo >&3
ok "its next call makes another" poll_until 60 has "inum:$inum" wc 590
is_ne "$(field id "inum:$inum")" "$id" "with another id"
like "$(field flags "inum:$inum")" '^late,running$' "that is late, and not held"
echo >&3
wait $job
ok "the module can go" rmmod sctrace

done_testing
