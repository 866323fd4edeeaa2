# SPDX-License-Identifier: GPL-2.0
#
# worst.sh PROGRAM ROUNDS SEED [cgroup] - in a counting guest, sctrace not loaded: how long
# can a task make the module hold sctrace_lock, and run with preemption off? With "cgroup"
# while as many cgroups are recorded as there can be, one in the other. Prints what PROGRAM
# (worst.c) prints. Some hundred instructions of each figure, and for each time that the
# probe takes the lock, are the measuring itself.
set -eu

nl=$SCTRACE_SRC/tests/guest/nl
tr=/sys/kernel/tracing
program=$1 rounds=$2 seed=$3 cgroup=
[ -d $tr/events ] || mount -t tracefs tracefs $tr
modprobe sctrace record=all max_records=2048
if [ -n "${4-}" ]; then
	cgroup=/sys/fs/cgroup
	for i in $(seq 16); do
		cgroup=$cgroup/worst$i
		mkdir "$cgroup"
		"$nl" -r start "cgroup:$cgroup" "worst$i" >/dev/null
	done
fi
lock=$(awk '$3 == "sctrace_lock" { print $1; exit }' /proc/kallsyms)
echo x86-tsc >$tr/trace_clock
echo 16384 >$tr/buffer_size_kb
{
	echo "p:worst_lock/in _raw_spin_lock lock=%di"
	echo "p:worst_lock/out _raw_spin_unlock lock=%di"
	for f in see refuse look_closer sctrace_sched_process_fork \
		sctrace_sched_process_exec sctrace_sched_process_exit socket_event \
		${cgroup:+look_closer_at_pair sctrace_cgroup_attach_task
			sctrace_probe_cgroup_mkdir sctrace_probe_cgroup_rmdir}; do
		echo "p:worst_off/in_$f sctrace:$f"
		echo "r:worst_off/out_$f sctrace:$f"
	done
} >$tr/kprobe_events
for e in in out; do
	echo "lock==0x$lock" >$tr/events/worst_lock/$e/filter
done
"$nl" -r start pid:1 >/dev/null
"$program" "$rounds" "$seed" ${cgroup:+"$cgroup"}
echo >$tr/kprobe_events
"$nl" forget pid:1
while [ -n "$cgroup" ] && [ "$cgroup" != /sys/fs/cgroup ]; do
	"$nl" forget "label:${cgroup##*/}"
	rmdir "$cgroup"
	cgroup=${cgroup%/*}
done
rmmod sctrace
