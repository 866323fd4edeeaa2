#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where a process comes from is decided when it is forked: what comes into a namespace
# from outside is setup until it calls execve, whoever its parent is by then, and what a
# program inside forks is workload from its first call. ways.c has the ways.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR

# numbers SELECTOR KINDS [FROM TO] - x86-64 numbers in one line
numbers()
{
	_n=$(./nl nrs -k "$2" "$1") || return
	printf '%s\n' "$_n" | awk -v from="${3-0}" -v to="${4-1023}" '
		$1 == "x86_64" && $2 >= from && $2 <= to { print $2 }' | tr '\n' ' '
}

# has SELECTOR KINDS NR
has()
{
	./nl nrs -k "$2" "$1" | grep -qx "x86_64 $3"
}

field()
{
	_n=$(./nl get "$2") || return
	printf '%s\n' "$_n" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# container NAME [CMD...] - a namespace with sleep as its program: sets inum, pid
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

ways="fork vfork clone-parent thread helper double-fork daemon spawn unshare
	later-clone-parent later-fork later-daemon"

# --- 12 ways into a namespace, before and after execve

container
cleanup "kill $pid"
n=0
for way in $ways; do
	exit_is 0 "$way: into the namespace" ./ways join "$pid" $way
	case $way in
	spawn)
		# What the C library's child calls before its execve
		ok "$way: before execve: setup" has "inum:$inum" s 109
		not_ok "$way: and no workload" has "inum:$inum" w 109
		;;
	*)
		ok "$way: before execve: setup" \
			poll_until 60 has "inum:$inum" s $((600 + n))
		not_ok "$way: and no workload" has "inum:$inum" w $((600 + n))
		;;
	esac
	ok "$way: after execve: workload" \
		poll_until 60 has "inum:$inum" w $((700 + n))
	not_ok "$way: and no setup" has "inum:$inum" s $((700 + n))
	n=$((n + 1))
done
unlike_of 'incomplete' "nothing was missed" field flags "inum:$inum"

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
n=0
while [ $n -lt 300 ]; do
	nsenter -t "$pid" -p true
	./nsrun true
	n=$((n + 1))
done
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

# --- the runtimes' exec

unload_module
load_module record=all
permissive_profile "$T/all.json"
for rt in crun runc; do
	case $rt-$($rt --version) in
	runc-*rc93*) continue ;;
	esac
	b=$T/$rt
	make_bundle "$b" --seccomp "$T/all.json" -- sleep 1000
	rootfs_add "$b" ./ways
	cp ./ways "$b/rootfs/ways"
	create_container $rt "$b" "o-$rt" || bail "no container"
	start_container $rt "o-$rt"
	inum=$(container_inum "$b")
	n=9
	for way in later-clone-parent later-fork later-daemon; do
		ok "$rt exec: $way" $rt exec "o-$rt" /ways in $way
		ok "$rt exec: $way: workload" \
			poll_until 60 has "inum:$inum" c $((700 + n))
		not_ok "$rt exec: $way: no setup" \
			has "inum:$inum" sd $((700 + n))
		n=$((n + 1))
	done
	# mount pivot_root umount2 sethostname setns unshare
	for nr in 165 155 166 170 308 272; do
		not_ok "$rt exec: nothing of the runtime's is in the profile: $nr" \
			has "inum:$inum" wcd $nr
	done
	delete_container $rt "o-$rt"
	./nl forget "inum:$inum"
done

done_testing
