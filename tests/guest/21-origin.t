#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where a process comes from is decided when it is forked: what comes into a namespace
# from outside is setup until it calls execve, whoever its parent is by then, and what a
# program inside forks is workload from its first call. A table: 12 ways of making a process
# (ways.c has them), each before and after it calls execve, by whatever brought it in.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./origin.sh

T=$TMPDIR

# container - a namespace with sleep as its program: sets inum, pid
container()
{
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" sleep 1000 &
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r inum pid <"$T/ns"
	: >"$T/gate"
	poll_until 60 grep -q sleep "/proc/$pid/comm" || bail "no program"
}

mkfifo "$T/gate"
load_module record=all || bail "the module does not load"
cleanup unload_module

# --- from outside, and by a program that nsenter has brought in

container
cleanup "kill $pid"
# shellcheck disable=SC2086
{
	table "setns" setup ./ways join "$pid" $ways
	table "nsenter -F" setup nsenter -F -t "$pid" -p ./ways here $ways
	table "nsenter" workload nsenter -t "$pid" -p ./ways here $ways
}

# --- nsenter, which stays outside itself with -F

ok "nsenter" nsenter -t "$pid" -p ./calls 720
ok "nsenter: workload" has "inum:$inum" w 720
not_ok "nsenter: no setup" has "inum:$inum" s 720
ok "nsenter -F: a shell outside that forks" nsenter -F -t "$pid" -p \
	sh -c '(umask 7); ./calls 721; true'
ok "nsenter -F: what it forks is setup" has "inum:$inum" s 95
not_ok "nsenter -F: and no workload" has "inum:$inum" w 95
ok "nsenter -F: what that starts is workload" has "inum:$inum" w 721
ok "nsenter: a program that forks as it likes" nsenter -t "$pid" -p \
	sh -c '(umask 7; ./calls 722); ./calls 723 & wait'
ok "nsenter: what a program forks is workload" has "inum:$inum" w 95

# A process that was a joiner is forgotten: as many as an address needs to be used again
ok "300 joiners, one after another" ./ways crowd "$pid" 300
nsenter -t "$pid" -p sh -c 'for i in 1 2 3 4 5 6 7 8 9; do (umask 7; ./calls 724) & done; wait'
./nl reset "inum:$inum"
nsenter -t "$pid" -p sh -c 'for i in 1 2 3 4 5 6 7 8 9; do (umask 7) & done; wait'
ok "a forked shell is workload when its address was a joiner's" has "inum:$inum" w 95
not_ok "and no setup" has "inum:$inum" s 95

# --- a record that is younger than the process from outside

./nl forget "inum:$inum"
nsenter -t "$pid" -p ./calls 730
ok "after FORGET: a joiner's program is workload" has "inum:$inum" w 730
ok "clone-parent after FORGET" ./ways join "$pid" clone-parent
ok "its call before execve is setup" poll_until 60 has "inum:$inum" s 602
not_ok "and no workload" has "inum:$inum" w 602

# --- the engines' exec

unload_module
load_module record=all
for rt in $(executing_runtimes); do
	ways_container $rt "$T/$rt" "o-$rt" || bail "no container"
	engine "$rt exec" $rt exec "o-$rt"
	delete_container $rt "o-$rt"
	./nl forget "inum:$inum"
done

done_testing
