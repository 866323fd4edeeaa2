#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Records of cgroups under what can be done to them at once: moves that race with forks, storms,
# many cgroups, the same name again and again, records that come and go while others are
# recorded, cgroup namespaces, delegation, calls that were entered outside.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./cgroup.sh

PARAM=/sys/module/sctrace/parameters
./nl start cgroup:$IN in >/dev/null || bail "no record of a cgroup"

# crowd - CROWD: how many tasks lack the flag, and how many have it wrongly, when 60 children were
# moved in while they were forked
crowd()
{
	mkfifo "$T/end"
	sh -c 'echo 0 >'$OUT'/cgroup.procs; exec ./cgmove crowd '$IN' '$OUT' 60' \
		<"$T/end" >"$T/pids" &
	exec 5>"$T/end"
	poll_until 60 test -s "$T/pids"
	flags_right 2>/dev/null
	CROWD=${FLAGS% *}
	exec 5>&-
	wait $!
	rm "$T/end"
}

if [ -e "$PARAM/race_us" ]; then
	echo 2000 >"$PARAM/race_us"
	crowd
	is "$CROWD" "0 0" "60 forks that race with moves: the flag of each is right"
	# That this would be seen
	echo 1 >"$PARAM/race_lost"
	crowd
	is_ne "$CROWD" "0 0" "who does not look again loses the race"
	echo 0 >"$PARAM/race_lost"
	echo 0 >"$PARAM/race_us"
	./nl stop label:in
	./nl start label:in >/dev/null
fi

# While threads that fork are moved to and fro
(./cgmove storm $IN/sub $OUT 100; : >"$T/stormed") &
storm=$!
n=0
while [ ! -e "$T/stormed" ]; do
	./nl start cgroup:$IN/sub sub >/dev/null
	./nl start cgpath:/sctrace-test/nobody nobody >/dev/null
	./nl stop label:sub
	./nl forget label:nobody
	./nl forget label:sub
	n=$((n + 1))
done
wait $storm
is $? 0 "a storm of moves, and $n records that came and went"
ok "the flag of each task is right after it" poll_until 60 flags_right
unlike_of 'flags=[^ ]*incomplete' "nothing was missed" ./nl get label:in
./nl forget label:in

# The probes change places while a container calls all numbers: no call is lost
(
	while [ ! -e "$T/called" ]; do
		./nl start cgpath:/sctrace-test/swap swap >/dev/null
		./nl forget label:swap
		sleep 0.1
	done
) &
swaps=$!
ok "50 times every number" ./allcalls-run 50 ./allcalls
is "$(sed 's/, slowest.*//' "$LIB_OUT")" "whole 50 of 50, 0 incomplete" \
	"all of them recorded whole while the probes change places"
: >"$T/called"
wait $swaps
./nl forget label:swap 2>/dev/null

# More cgroups than there are pairs
./nl start cgroup:$IN in >/dev/null
exit_is 0 "a tour of 400 cgroups" ./cgmove tour $IN 400
is "$(numbers label:in wcsd 600)" "$(seq 600 799 | tr '\n' ' ')" "a call in each is recorded"
mkdir $IN/many
i=0
while [ $i -lt 40 ]; do
	(cd $IN/many && mkdir $(seq -f "g$i-%g" 100))
	i=$((i + 1))
done
./nl reset label:in
exit_is 0 "beside 4000 cgroups" ./cgmove run $IN/many/g39-100 ./calls 700
is "$(numbers label:in w 600)" "700 " "a call in one of them is recorded"
find $IN/many -depth -type d -exec rmdir {} +
unlike_of 'flags=[^ ]*incomplete' "nothing was missed" ./nl get label:in

# The same name again and again
./nl start cgpath:/sctrace-test/again again >/dev/null
i=0
while [ $i -lt 30 ]; do
	mkdir $CG/again
	./cgmove run $CG/again ./calls $((600 + i))
	rmdir $CG/again
	i=$((i + 1))
done
is "$(numbers label:again w 600)" "$(seq 600 629 | tr '\n' ' ')" "30 cgroups of one name: each had its call recorded"
like "$(./nl get label:again)" " starts=30" "and all were counted"
./nl forget label:again

# From within a cgroup namespace: a file speaks of what it is, a path would not
./nl reset label:in
exit_is 1 "START by path in a cgroup namespace" \
	./cgmove run $IN/sub unshare -C ./nl start cgpath:/sub
like "$(cat "$LIB_ERR")" "namespace" "says so"
exit_is 0 "START by file in a cgroup namespace" \
	./cgmove run $IN unshare -C ./nl start cgroup:$IN/sub cgns
like "$(./nl get label:cgns)" " cgroup=/sctrace-test/in/sub " "the path is told from the root"
./nl forget label:cgns

# Delegation: who may move within a part of the tree
mkdir $IN/deleg $IN/deleg/a $IN/deleg/b
chown -R nobody $IN/deleg
./nl reset label:in
exit_is 0 "a user who moves within what was delegated" ./cgmove run $IN/deleg/a \
	setpriv --reuid nobody sh -c 'echo 0 >'$IN'/deleg/b/cgroup.procs; exec ./calls 650'
is "$(numbers label:in w 600)" "650 " "is recorded"
rmdir $IN/deleg/a $IN/deleg/b $IN/deleg

# All of it is killed
if [ -e $IN/cgroup.kill ]; then
	./cgmove run $IN/sub sleep 1000 &
	job=$!
	poll_until 60 grep -q sleep "/proc/$job/comm"
	echo 1 >$IN/cgroup.kill
	wait $job
	is $? 137 "cgroup.kill"
	ok "the flag of each task is right" flags_right
fi

# Refused calls: what is under way when a process is moved in was entered outside
./nl forget label:in
./nl -r start cgroup:$IN in >/dev/null
./refuse -e 309 -- ./refuse blocked 309 "$T/go" &
job=$!
poll_until 60 test -e "$T/go.ready"
echo $job >$IN/cgroup.procs
: >"$T/go"
wait $job
is $? 0 "three threads are moved in their calls, and interrupted"
is "$(./nl nrs -k r label:in)" "x86_64 309" "what a filter refused afterwards is all that was refused"
./nl reset label:in
exit_is 0 "a program under a filter" ./cgmove run $IN ./refuse -e 310 -- ./calls 310 650
is "$(./nl nrs -k r label:in)" "x86_64 310" "what it refuses is recorded"
./nl forget label:in

ok "the flag of each task is right" flags_right
done_testing
