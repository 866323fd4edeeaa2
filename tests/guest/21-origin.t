#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Where a process comes from is decided when it is forked: what comes into a namespace
# from outside is setup until it calls execve, whoever its parent is by then, and what a
# program inside forks is workload from its first call. A table: 12 ways of making a process
# (ways.c has them), each before and after it calls execve, by whatever brought it in.
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

ways="fork vfork clone-parent thread helper double-fork daemon spawn unshare
	later-clone-parent later-fork later-daemon"
# Way N calls 600 + N before its execve and 700 + N after it; spawn, 7, calls setpgid before
BEFORE="109 600 601 602 603 604 605 606 608 609 610 611 "
AFTER="700 701 702 703 704 705 706 707 708 709 710 711 "

# calls KINDS - those of the ways that are in the sets
calls()
{
	echo "$(numbers "inum:$inum" "$1" 109 109)$(numbers "inum:$inum" "$1" 600 611)"
	numbers "inum:$inum" "$1" 700 711
}

# The last ones may still be on their way
all_there()
{
	[ "$(calls wcsd | tr -d '\n')" = "$BEFORE$AFTER" ]
}

# table NAME setup|workload CMD... - CMD brings the ways in; the stage of what they call
# before execve. After it all is workload.
table()
{
	t_name=$1 t_stage=$2
	shift 2
	./nl reset "inum:$inum"
	exit_is 0 "$t_name: 12 ways, all the way" "$@"
	poll_until 30 all_there
	if [ "$t_stage" = setup ]; then
		t_setup="$BEFORE" t_workload="
$AFTER"
	else
		t_setup='' t_workload="$BEFORE
$AFTER"
	fi
	is "$(calls wc)" "$t_workload" "$t_name: workload"
	is "$(calls sd | tr -d '\n')" "$t_setup" "$t_name: setup"
	unlike_of 'incomplete' "$t_name: nothing was missed" field flags "inum:$inum"
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

# --- the engines' exec

unload_module
load_module record=all
permissive_profile "$T/all.json"

# engine NAME CMD... - CMD executes a program in the container
engine()
{
	e_name=$1
	shift
	# shellcheck disable=SC2086
	{
		table "$e_name" workload "$@" /ways here $ways
		# What the engine calls itself, in the namespace, before its execve
		is_ne "$(numbers "inum:$inum" sd)" "" "$e_name: what it calls itself is setup"
		table "$e_name, from outside" setup ./ways join "$pid" $ways
	}
	n=9
	for way in later-clone-parent later-fork later-daemon; do
		ok "$e_name: $way" "$@" /ways in $way
	done
	# mount pivot_root umount2 sethostname setns
	for nr in 165 155 166 170 308; do
		not_ok "$e_name: nothing of the engine's is in the profile: $nr" \
			has "inum:$inum" wc $nr
	done
}

for rt in crun runc; do
	case $rt-$($rt --version) in
	runc-*rc93*) continue ;;
	esac
	b=$T/$rt
	make_bundle "$b" --seccomp "$T/all.json" -- sleep 1000
	cp ./ways "$b/rootfs/ways"
	# One of the ways makes a namespace
	jq '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])' "$b/config.json" >"$T/config" &&
		cp "$T/config" "$b/config.json"
	create_container $rt "$b" "o-$rt" || bail "no container"
	start_container $rt "o-$rt"
	inum=$(container_inum "$b") pid=$(cat "$b/pid")
	engine "$rt exec" $rt exec "o-$rt"
	delete_container $rt "o-$rt"
	./nl forget "inum:$inum"
done

. ./podman.sh
podman_setup || bail "podman does not work here"
podman --runtime crun run -d --name origin --network=none --cap-add SYS_ADMIN \
	--security-opt "seccomp=$T/all.json" -v "$PWD/ways:/ways:ro" "$IMAGE" sleep 1000 \
	>"$T/id" || bail "no container"
pid=$(podman inspect -f '{{.State.Pid}}' origin)
inum=$(inum_of "$pid")
engine "podman exec" podman exec origin
podman rm -f -t 0 origin >/dev/null 2>&1 || podman rm -f origin >/dev/null

done_testing
