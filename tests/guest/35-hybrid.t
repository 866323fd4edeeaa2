#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The unified hierarchy beside hierarchies of version 1, as systemd has them in its hybrid mode:
# cgroups of the former are recorded, and what happens in the others is nothing to them.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

FS=/sys/fs/cgroup
mount -t tmpfs tmpfs $FS || bail "no place for hierarchies"
cleanup "umount $FS"
# hierarchy NAME TYPE OPTIONS
hierarchy()
{
	mkdir -p "$FS/$1"
	mount -t "$2" -o "$3" "$1" "$FS/$1" || return
	cleanup "umount $FS/$1"
}
hierarchy unified cgroup2 rw || bail "no unified hierarchy"
ok "a hierarchy of version 1 with a name" hierarchy systemd cgroup none,name=systemd
ok "another one" hierarchy other cgroup none,name=other
CGROOT=$FS/unified
. ./cgroup.sh
V1=$FS/other/sctrace-test
cleanup "rmdir $V1/in $V1 $FS/systemd/sctrace-test 2>/dev/null"
mkdir -p $V1/in $FS/systemd/sctrace-test

exit_is 0 "START by file" ./nl start cgroup:$IN in
for way in $WAYS; do
	ok "reset" ./nl reset label:in
	exit_is 0 "$way: 200 moves" ./cgmove $way $IN/sub $OUT
	is "$(numbers label:in wcsd 600 1023)" "$(seq 600 799 | tr '\n' ' ')" \
		"$way: the first call inside each time, and none outside"
done
./nl reset label:in
ok "moves in a hierarchy of version 1" ./cgmove self $V1/in $V1
is "$(numbers label:in wcsd 600 1023)" "" "are none for the record"
# One that is in the cgroup is moved there, too: it is neither a new one nor gone
mkfifo "$T/go"
./cgmove run $IN ./calls 600 w 601 w 602 <"$T/go" &
job=$!
exec 3>"$T/go"
poll_until 60 sh -c './nl nrs label:in | grep -qx "x86_64 600"'
echo $job >$V1/in/cgroup.procs
echo >&3
poll_until 60 sh -c './nl nrs label:in | grep -qx "x86_64 601"'
echo $job >$FS/systemd/sctrace-test/cgroup.procs
echo >&3
exec 3>&-
wait $job
is "$(numbers label:in w 600 1023)" "600 601 602 " "who is recorded and is moved in one stays workload"
ok "the flag of each task is right" flags_right

# Names
ok "START by path" ./nl start cgpath:/sctrace-test/later path
mkdir $V1/../later $V1/later
is "$(./nl get label:path | grep -o 'starts=[0-9]*')" starts=0 "a cgroup of version 1 with that path is none"
rmdir $V1/../later $V1/later
mkdir $CG/later
is "$(./nl get label:path | grep -o 'starts=[0-9]*')" starts=1 "that of the unified hierarchy is it"
rmdir $CG/later
exit_is 1 "START by a file of version 1" ./nl start cgroup:$V1/in
like "$(cat "$LIB_ERR")" "EBADF.*version 2" "says which one is meant"
for l in in path; do
	./nl forget label:$l
done

# The tool
for word in /sctrace-test/in $IN; do
	sctrace-nl start --cgroup "$word" >/dev/null
	./cgmove run $IN ./calls 610
	ok "sctrace-nl --cgroup $word" sctrace-nl profile --cgroup "$word" --runtime none -o "$T/p.json"
	sctrace-nl forget --cgroup "$word"
done
exit_is 2 "a cgroup of version 1" sctrace-nl start --cgroup $V1/in
like "$(cat "$LIB_ERR")" "is a cgroup of version 1" "is refused with a word"
done_testing
