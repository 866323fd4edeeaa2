#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# No memory: what a record lacks then it says, and what can be had later it gets. By a module
# that was built to find its pools empty.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
dry=/sys/module/sctrace/parameters/dry
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"

[ -r sctrace-faults.ko ] || bail "the lab has built no module with faults"
insmod sctrace-faults.ko record=containers || bail "the module does not load"
cleanup "[ ! -w $dry ] || echo 0 >$dry; unload_module"

field_is()
{
	[ "$(field "$1" "$2")" = "$3" ]
}

in_call()
{
	poll_until 60 grep -q "^$1 " "/proc/$pid/syscall" || bail "it does not wait"
}

# --- numbers enter their sets, sightings and other ABIs come later

more=$(seq 700 740 | tr '\n' ' ')
# shellcheck disable=SC2086
./nsrun -g "$T/gate" -o "$T/ns" ./calls w $more i20 w i20 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns" || bail "no namespace"
read -r inum pid <"$T/ns"
: >"$T/gate"
in_call 0
r=inum:$inum
unlike "$(field flags "$r")" incomplete "a record is whole"
echo 1 >$dry
echo >&3
is_missed()
{
	[ "$(field calls_missed "$r")" = 1 ] && in_call 0
}
ok "without memory a call in another ABI is missed" poll_until 60 is_missed
is "$(./nl nrs -k w "$r" | grep -c '^x86_64 7')" 41 "the numbers of the record's own are there"
missed=$(field sightings_missed "$r")
ok "not all of their sightings ($missed)" test "$missed" -gt 0
like "$(field flags "$r")" incomplete "the record says that it is incomplete"
exit_is 1 "START that is to look for refused calls fails" ./nl -r start "$r" parched
exit_is 1 "and leaves no label" ./nl get label:parched
unlike "$(field flags "$r")" held "nor a hold"
echo 0 >$dry
ok "with memory the sightings come" poll_until 60 field_is sightings_missed "$r" 0
is "$(field kept "$r")" "$(for k in w c s d; do ./nl nrs -k $k "$r"; done | grep -c .)" \
	"each number has its own"
./nl dump -s "$r" >"$T/dump"
# bit 15 of the kind
is "$(sed -n 's/^sighting .* kind=\([0-9]*\) .*/\1/p' "$T/dump" | awk '$1 >= 32768' | grep -c .)" \
	"$missed" "those that came late say so"
like "$(field flags "$r")" incomplete "the missed call is still missing"
echo >&3
i386_is_there()
{
	./nl nrs -k w "$r" | grep -qx 'i386 20'
}
ok "made again it is recorded" poll_until 60 i386_is_there
unlike "$(field flags "$r")" incomplete "and the record is whole"
echo >&3
wait $job

# --- a namespace that is born meanwhile

echo 1 >$dry
./nsrun -g "$T/gate" -o "$T/ns2" ./calls w 750 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns2" || bail "no second namespace"
read -r inum pid <"$T/ns2"
: >"$T/gate"
in_call 0
exit_is 1 "a namespace without memory has no record" ./nl get "pid:$pid"
ok "it is counted" sh -c "./nl info | grep -q '^unrecorded=[1-9]'"
echo 0 >$dry
echo >&3
there()
{
	./nl nrs -k w "inum:$inum" | grep -qx 'x86_64 750'
}
ok "with memory it gets one" poll_until 60 there
like "$(field flags "inum:$inum")" incomplete "which says that its beginning is missing"
echo >&3
wait $job
done_testing
