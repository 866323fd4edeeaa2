#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is set-up in a recorded cgroup: of a process that was brought in, and of what it forks,
# until an execve at which its mount namespace, its filter, or that it has moved itself says that
# who set it up is done. As systemd and the runtimes do it, without one of them.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./cgroup.sh

./nl start cgroup:$IN in >/dev/null || bail "no record of a cgroup"

# is_stage SETUP WORKLOAD NAME
is_stage()
{
	is "$(numbers label:in sd 600)| $(numbers label:in wc 600)" "$1| $2" "$3"
	unlike_of 'flags=[^ ]*(incomplete|late)' "$3: nothing is missed" ./nl get label:in
	./nl reset label:in
}

# What comes from outside by clone, as systemd's executor: executed twice, with the move of
# itself in between (257)
exit_is 0 "cloned in, executed, moved itself, executed" ./cgmove $SPAWN $IN sh -c '
	./calls 600
	echo 0 >'$IN'/cgroup.procs
	exec sh -c "./calls 601; ./calls 602"'
is_stage "600 " "601 602 " "systemd 257"

# Forked outside, moved by who forked it and by itself, executed once (252)
exit_is 0 "moved, moved itself, executed" ./cgmove bring $IN sh -c '
	./calls 603; exec ./cgmove run '$IN' sh -c "./calls 604"'
is_stage "603 " "604 " "systemd 252"

# A mount namespace of its own, as a container has
exit_is 0 "moved, executed with another mount namespace" ./cgmove bring $IN sh -c '
	./calls 605; exec unshare -m sh -c "./calls 606; ./calls 607"'
is_stage "605 " "606 607 " "a runtime"

# A filter that who brought it in had not: the program that sets it is set-up, what it executes not
exit_is 0 "moved, executed with a filter" ./cgmove bring $IN sh -c '
	./calls 608; ./refuse -e 609 -- ./calls 610'
is_stage "608 " "610 " "a filter"

# Nothing of that: it is set-up as long as it lasts
exit_is 0 "moved, and executed" ./cgmove bring $IN sh -c './calls 611; sh -c "./calls 612"'
is_stage "611 612 " "" "what a runtime executes for itself"

# Who moves itself in
exit_is 0 "moved itself, executed" ./cgmove run $IN sh -c './calls 613'
is_stage "" "613 " "who moves itself in and executes a program"
exit_is 0 "moved itself, never executed" ./cgmove self $IN $OUT
is "$(numbers label:in wc 600)" "" "who moves itself in and executes nothing is in set-up"
unlike_of 'flags=[^ ]*running' "so that no program runs in the record" ./nl get label:in
is "$(./nl nrs -p -k p label:in | awk '$2 >= 600' | wc -l)" 200 "and its calls are told as its work"
exit_is 0 "a profile is made" sctrace-nl -q --label in -o "$T/profile.json"
ok "of these" grep -q '"write"' "$T/profile.json"
./nl reset label:in

# A program inside, past its set-up, that moves itself and its children about
exit_is 0 "a manager of a part of the tree" ./cgmove run $IN sh -c '
	echo 0 >'$IN'/sub/cgroup.procs
	./calls 614
	sh -c "sleep 1; ./calls 615" &
	echo $! >'$IN'/cgroup.procs
	wait'
is_stage "" "614 615 " "what moves about inside is no set-up"
exit_is 0 "threads, vfork and the like" ./cgmove run $IN ./threads
is "$(./nl nrs -k sd label:in)" "x86_64 59" "all that a program forks is workload"
like "$(./nl get label:in)" "flags=held,running,cgroup .* comm=threads init_pid=[1-9]" \
	"the record knows its first program"
./nl reset label:in

# Moved out and in again
exit_is 0 "out and in" ./cgmove run $IN sh -c '
	./calls 616
	echo 0 >'$OUT'/cgroup.procs
	./calls 617
	echo 0 >'$IN'/cgroup.procs
	sh -c ":; exec ./calls 618"'
is_stage "" "616 618 " "who leaves and comes back"

# Two records, one around the other, and a namespace's: each has its own origins
./nl start cgroup:$IN/sub sub >/dev/null
exit_is 0 "from one into another" ./cgmove run $IN sh -c '
	./cgmove bring '$IN'/sub sh -c "./calls 620; exec unshare -m ./calls 621"'
is_stage "" "620 621 " "for the outer one it is a program's child"
is "$(numbers label:sub sd 600)" "620 " "for the inner one it is set up"
is "$(numbers label:sub w 600)" "621 " "and executed"
./nl forget label:sub
./cgmove run $IN ./nsrun -o "$T/ns" sh -c './calls 622'
read -r inum pid <"$T/ns"
is "$(numbers "inum:$inum" w 600)" "622 " "a container inside: its own record"
is_stage "" "622 " "and that of the cgroup"

# A move in another hierarchy, of version 1, is none: not even with two records, where it cannot
# be told which of them the process was in
mkdir "$T/v1"
ok "a hierarchy of version 1" mount -t cgroup -o none,name=sctrace-test none "$T/v1"
cleanup "rmdir '$T/v1/there'; umount '$T/v1'"
mkdir "$T/v1/there"
mkfifo "$T/gate"
./nl start cgpath:/sctrace-test/other other >/dev/null
./cgmove run $IN sh -c 'echo $$ >"$0/pid"; read -r _ <"$0/gate"; ./calls 626' "$T" &
poll_until 60 test -s "$T/pid" || bail "it does not run"
cat "$T/pid" >"$T/v1/there/cgroup.procs"
echo >"$T/gate"
wait $!
is_stage "" "626 " "who is moved in another hierarchy"
./nl forget label:other

# Execs: what is brought in, as podman exec does it, to where the program of a container runs that
# has no PID namespace of its own
C=$CG/cont
mkfifo "$T/in" "$T/late"
exec 3<>"$T/in" 4<>"$T/late"
# told KINDS - which of the numbers are in these sets of one that tells execs apart?
told()
{
	_told=$(./nl nrs -e -k "$1" "label:${2-cont}") || return
	printf '%s\n' "$_told" | awk '$2 == 83 || $2 == 90 || $2 >= 600 { print $2 }' | tr '\n' ' '
}
told_is()
{
	[ "$(told "$1")" = "$2" ]
}
./nl start cgpath:/sctrace-test/cont cont >/dev/null
mkdir $C
./cgmove bring $C unshare -m ./calls 630 w 631 83 w <"$T/in" &
container=$!
ok "a container" poll_until 60 told_is wc "630 "
exit_is 0 "an exec" ./cgmove bring $C sh -c '
	./calls 640; exec unshare -m sh -c "./calls 630 631 90; (./calls 641) & wait"'
is "$(told e)" "90 631 641 " "what only it called, and what it forked, is told apart"
is "$(told wc)" "630 " "and is no workload"
is "$(told s)" "640 " "its set-up is set-up"
echo >&3
ok "the program calls one of them" poll_until 60 told_is wc "83 630 631 "
is "$(told e)" "90 631 641 " "which the exec has called as well"
is "$(numbers label:cont w 600)" "630 631 641 " "who does not ask sees workload"
exit_is 0 "a command of a unit moves itself" ./cgmove $SPAWN $C sh -c '
	echo 0 >'$C'/cgroup.procs; exec ./calls 642'
mkdir $C/other
exit_is 0 "another container, below" ./cgmove bring $C/other unshare -m ./calls 643
is "$(told wc)" "83 630 631 642 643 " "neither is an exec"
exit_is 0 "an exec under a filter" ./cgmove bring $C ./refuse -e 609 -- ./calls 644
is "$(told ef)" "90 631 641 644 " "is one"
./nl start cgroup:$C late >/dev/null
exit_is 0 "an exec after a late start" ./cgmove bring $C unshare -m ./calls 645
is "$(told e late)|$(told wcsd late)" "645 |" "is one for that record, too"
unlike_of 'flags=[^ ]*(incomplete)' "nothing is missed" ./nl get label:cont
# names OPTION... - what a profile allows
names()
{
	sctrace-nl profile --cgroup /sctrace-test/cont --runtime none "$@" -o "$T/p.json" || return
	jq -r '.syscalls[].names[]' "$T/p.json" | grep -x -e chmod -e mkdir | sort | tr '\n' ' '
}
is "$(names)" "chmod mkdir " "a profile has both"
is "$(names --no-exec)" "mkdir " "without execs it has what the program called"
like "$(sctrace-nl report --cgroup /sctrace-test/cont --json | jq -r '.verdict.reasons[].text')" \
	'^only execs .*: .*chmod.* --no-exec ' "the report tells what they added"
./cgmove bring $C unshare -m ./calls 646 w 647 <"$T/late" &
exec=$!
poll_until 60 told_is e "90 631 641 645 646 "
./nl forget label:late
./nl start cgroup:$C late >/dev/null
echo >&4
wait $exec
is "$(told wc late)" "647 " "what was there before the record is no exec"
echo >&3
wait $container
rmdir $C/other $C
mkdir $C
exit_is 0 "the container, once more" ./cgmove bring $C unshare -m ./calls 648
like "$(told wc)" ' 648 ' "its program is no exec"
rmdir $C
for l in cont late; do
	./nl forget label:$l
done

# While all calls take the traced path, who moves itself in cannot be told from who was there
./nl forget label:in
unload_module
load_module narrow=0 || bail "the module does not load with narrow=0"
./nl start cgroup:$IN in >/dev/null
exit_is 0 "moved itself, executed, on a wide scope" ./cgmove run $IN ./calls 623
is "$(numbers label:in wc 600)" "623 " "it is workload all the same"
exit_is 0 "moved on a wide scope" ./cgmove bring $IN sh -c './calls 624; exec unshare -m ./calls 625'
is "$(numbers label:in sd 600)" "624 " "who is moved by another is set up"
./nl forget label:in
done_testing
