#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Up to Linux 4.19 a probe cannot be unregistered without memory. A module that was
# built to fail there shows on every kernel that none is ever left behind: it is tried
# again, at the end of recording as at unloading.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
faults=/sys/module/sctrace/parameters/faults
many=4000000000

mkfifo "$T/in" "$T/gate"
exec 3<>"$T/in"

failed()
{
	log_since | grep -q 'no memory to unregister.*sys_enter'
}

[ -r sctrace-faults.ko ] || bail "the lab has built no module with faults"
cleanup "[ ! -w $faults ] || echo 0 >$faults; unload_module"

# --- the last FORGET, STOP
insmod sctrace-faults.ko record=selected || bail "the module does not load"
./nsrun -g "$T/gate" -o "$T/ns" ./calls w 551 w 552 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns"
read -r inum pid <"$T/ns"
ok "START" ./nl -r start "pid:$pid" box
: >"$T/gate"
is "$(info attached)" 3 "the probes are registered"
log_mark
echo $many >$faults
ok "STOP" ./nl stop label:box
# fewer N - less than N failures are left
fewer()
{
	[ "$(cat $faults)" -lt "$1" ]
}
ok "it is tried" poll_until 60 fewer $many
ok "that it failed is in the kernel's log" poll_until 60 sh -c \
	"dmesg | grep -q 'no memory to unregister.*sys_exit'"
is "$(info attached)" 3 "INFO says that the probes are still registered"
ok "it is tried again and again" poll_until 60 fewer $(($(cat $faults) - 1))
ok "START goes on meanwhile" ./nl start label:box
echo >&3
ok "and records" poll_until 60 has label:box w 551
echo 2 >$faults
ok "STOP, and two more failures" ./nl stop label:box
ok "then the probes are gone" poll_until 60 info_is attached 0
is "$(cat $faults)" 0 "after these two"
ok "START once more" ./nl start label:box
echo >&3
ok "records as ever" poll_until 60 has label:box w 552
echo >&3
wait $job
echo 1 >$faults
ok "FORGET, and one failure" ./nl forget label:box
ok "the probes are gone again" poll_until 60 info_is attached 0
unload_module

# --- unloading
insmod sctrace-faults.ko || bail "the module does not load"
echo 3 >$faults
ok "unloaded, though it failed three times" rmmod sctrace
not_ok "it is gone" test -d /sys/module/sctrace
ok "calls are made as ever" ./calls 39 110 600

insmod sctrace-faults.ko || bail "the module does not load"
log_mark
echo $many >$faults
rmmod sctrace &
job=$!
ok "unloading fails, and that is said" poll_until 60 failed
ok "so the module stays" test -d /sys/module/sctrace
ok "and who unloads it waits" kill -0 $job
ok "while others call" ./calls 39 110 600
echo 0 >$faults
st=0
wait $job || st=$?
is $st 0 "with memory it ends"
not_ok "and the module is gone" test -d /sys/module/sctrace
ok "calls are made as ever" ./calls 39 110 600
unlike_of 'WARNING|BUG|Oops|RIP:|Call Trace' "no warning in the kernel's log" log_since

done_testing
