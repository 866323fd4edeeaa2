# SPDX-License-Identifier: GPL-2.0
#
# worst.sh PROGRAM ROUNDS SEED - in a counting guest, sctrace not loaded: how long can
# a task make the module hold sctrace_lock, and run with preemption off? Prints what
# PROGRAM (worst.c) prints. Some hundred instructions of each figure, and for each time that
# the probe takes the lock, are the measuring itself.
set -eu

nl=$SCTRACE_SRC/tests/guest/nl
tr=/sys/kernel/tracing
[ -d $tr/events ] || mount -t tracefs tracefs $tr
modprobe sctrace record=all max_records=2048
lock=$(awk '$3 == "sctrace_lock" { print $1; exit }' /proc/kallsyms)
echo x86-tsc >$tr/trace_clock
echo 16384 >$tr/buffer_size_kb
{
	echo "p:worst_lock/in _raw_spin_lock lock=%di"
	echo "p:worst_lock/out _raw_spin_unlock lock=%di"
	for f in see refuse look_closer sctrace_sched_process_fork \
		sctrace_sched_process_exec sctrace_sched_process_exit socket_event; do
		echo "p:worst_off/in_$f sctrace:$f"
		echo "r:worst_off/out_$f sctrace:$f"
	done
} >$tr/kprobe_events
for e in in out; do
	echo "lock==0x$lock" >$tr/events/worst_lock/$e/filter
done
"$nl" -r start pid:1 >/dev/null
"$@"
echo >$tr/kprobe_events
"$nl" forget pid:1
rmmod sctrace
