#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Confined is what is called under the container's own filter, not under one that its
# engine runs under: relative to the filter that a namespace's init, or a process from
# outside, came with.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"
permissive_profile "$T/all.json"

# only NAME NR KIND [SELECTOR] - the number is in the workload set of that kind alone
only()
{
	_other=c
	[ "$3" = w ] || _other=w
	ok "$1" has "${4-inum:$inum}" "$3" "$2"
	not_ok "$1: only so" has "${4-inum:$inum}" "$_other" "$2"
}

# run_ns CMD... - in a namespace: sets inum
run_ns()
{
	./nsrun -o "$T/ns" "$@"
	inum=$(cut -d' ' -f1 "$T/ns")
}

# waits CMD... - a namespace that waits in CMD: sets inum, pid
waits()
{
	rm -f "$T/ns"
	"$@" <"$T/in" &
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r inum pid <"$T/ns"
	: >"$T/gate"
	poll_until 60 sh -c "grep -q '^0 0x0 ' /proc/$pid/syscall ||
		grep -q '^34 ' /proc/$pid/syscall || grep -q '^230 ' /proc/$pid/syscall"
}

inner_of()
{
	inum=$(./nl dump | sed -n "s/.* inum=\([0-9]*\) parent=$outer .* comm=calls .*/\1/p")
	[ -n "$inum" ]
}

# waits_inner CMD... - CMD makes a namespace in one: sets outer, inum
waits_inner()
{
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" "$@" <"$T/in" &
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r outer pid <"$T/ns"
	: >"$T/gate"
	poll_until 60 inner_of || bail "no inner namespace"
	poll_until 60 has "inum:$inum" wc 0
}

load_module record=all || bail "the module does not load"
cleanup unload_module

# --- one namespace

run_ns ./calls 640
only "no filter: not confined" 640 w
run_ns ./ways filter ./calls 641
only "a filter of its own: confined" 641 c
./ways filter ./nsrun -o "$T/ns" ./calls 642
inum=$(cut -d' ' -f1 "$T/ns")
only "a filter that the namespace was born under: not confined" 642 w
nothing "its setup neither" ./nl nrs -k d "inum:$inum"
./ways filter ./nsrun -o "$T/ns" ./ways filter ./calls 643
inum=$(cut -d' ' -f1 "$T/ns")
only "that and one of its own: confined" 643 c

# --- who comes from outside

waits ./nsrun -g "$T/gate" -o "$T/ns" ./calls w 650 w
ok "from under a filter into a namespace without" \
	./ways filter nsenter -t "$pid" -p ./calls 651
only "from under a filter: not confined" 651 w
ok "and with one of its own" \
	./ways filter nsenter -t "$pid" -p ./ways filter ./calls 652
only "from under a filter, with one of its own: confined" 652 c
ok "what it starts" ./ways filter nsenter -t "$pid" -p sh -c './calls 653; true'
only "from under a filter: what it starts neither" 653 w
ok "a namespace that it makes" ./ways filter nsenter -t "$pid" -p \
	unshare -p --fork ./calls 654
only "from under a filter: nor a namespace that it makes" 654 w
ok "without a filter" nsenter -t "$pid" -p ./ways filter ./calls 655
only "from outside, with a filter of its own: confined" 655 c
# 655 was cached as confined
ok "again from under a filter" ./ways filter nsenter -t "$pid" -p ./calls 655
ok "a number that is known confined is told when it is not" has "inum:$inum" w 655
./ways filter ./ways join "$pid" helper
ok "before execve: setup" has "inum:$inum" s 604
not_ok "and not confined" has "inum:$inum" d 604
echo >&3
echo >&3
wait

waits ./ways filter ./nsrun -g "$T/gate" -o "$T/ns" ./calls w 660 w
ok "into a namespace that was born under a filter" \
	nsenter -t "$pid" -p ./calls 661
only "from without a filter: not confined" 661 w
ok "with a filter of its own" nsenter -t "$pid" -p ./ways filter ./calls 662
only "with a filter of its own: confined" 662 c
echo >&3
echo >&3
wait

# --- nested: each namespace has its own base

waits_inner ./ways filter ./nsrun ./calls w 670 w
echo >&3
ok "the inner namespace calls" poll_until 60 has "inum:$inum" wc 670
only "nested: the outer's filter is not the inner's" 670 w
only "nested: but the outer's" 670 c "inum:$outer"
echo >&3
wait

# --- SECCOMP_MODE_STRICT is no filter

run_ns ./ways strict
ok "strict mode: not confined" has "inum:$inum" w 60
not_ok "strict mode: only so" has "inum:$inum" c 60

# --- refused calls

# refused SELECTOR
refused()
{
	./nl nrs -k r "$1" | sed -n 's/^x86_64 //p' | tr '\n' ' '
}

waits ./ways deny 680 ./nsrun -g "$T/gate" -o "$T/ns" \
	./calls w 680 w
./nl -r start "pid:$pid" >/dev/null
echo >&3
poll_until 60 grep -q '^0 0x0 ' "/proc/$pid/syscall"
nsenter -t "$pid" -p ./ways deny 681 ./calls 681
./ways deny 682 nsenter -t "$pid" -p ./calls 682
is "$(refused "inum:$inum")" "681 " \
	"refused: what the container's own filter refuses, not an engine's"
./nl forget "inum:$inum"
echo >&3
wait

waits_inner ./ways deny 685 ./nsrun ./calls w 685 w
./nl -r start "inum:$outer" >/dev/null
./nl -r start "inum:$inum" >/dev/null
echo >&3
ok "nested: the outer's filter refuses" poll_until 60 sh -c \
	"./nl nrs -k r inum:$outer | grep -q 685"
is "$(refused "inum:$inum")" "" "nested: which is nothing to the inner"
./nl forget "inum:$inum"
./nl forget "inum:$outer"
echo >&3
wait

# --- a namespace that is older than its record

unload_module
waits ./ways filter ./nsrun -g "$T/gate" -o "$T/ns" ./calls w 690 w
load_module record=selected
./nl start "pid:$pid" >/dev/null
echo >&3
ok "late: it calls" poll_until 60 has "inum:$inum" wc 690
only "late: a filter that its parent has as well: not confined" 690 w
./nl forget "inum:$inum"
echo >&3
wait
unload_module
waits ./nsrun -g "$T/gate" -o "$T/ns" ./ways filter ./calls w 691 w
load_module record=selected
./nl start "pid:$pid" >/dev/null
echo >&3
ok "late: it calls" poll_until 60 has "inum:$inum" wc 691
only "late: a filter of its own: confined" 691 c
./nl forget "inum:$inum"
echo >&3
wait

# --- an engine under a filter makes the same sets as one without

unload_module
load_module record=all
sets()
{
	for _k in w c d; do
		./nl nrs -k $_k "inum:$1" | sed "s/^/$_k /"
	done
}

for rt in crun runc; do
	b=$T/$rt
	for pre in "" "./ways filter"; do
		for seccomp in none all; do
			rm -rf "$b"
			set -- --
			[ $seccomp = none ] || set -- --seccomp "$T/all.json" --
			make_bundle "$b" "$@" /calls 39 102 34
			cp ./calls "$b/rootfs/calls"
			# shellcheck disable=SC2086
			$pre $rt create --bundle "$b" --pid-file "$b/pid" e-$rt \
				>"$b/out" 2>&1 </dev/null || bail "no container"
			inum=$(container_inum "$b")
			pid=$(cat "$b/pid")
			start_container $rt e-$rt
			poll_until 60 grep -q '^34 ' "/proc/$pid/syscall"
			case $rt-$($rt --version) in
			runc-*rc93*) ;;
			*)
				# shellcheck disable=SC2086
				$pre $rt exec e-$rt /calls 501
				;;
			esac
			# Go's threads make these when they like
			sets "$inum" | grep -v -E \
				'^d x86_64 (15|28|35|202|219|228|230|232|233|281|24|186|234|9|10|11|14|56|435|273|218|334|131|13)$' \
				>"$T/sets.$seccomp.${pre:+engine}"
			delete_container $rt e-$rt
			./nl forget "inum:$inum"
		done
	done
	for seccomp in none all; do
		is "$(cat "$T/sets.$seccomp.engine")" "$(cat "$T/sets.$seccomp.")" \
			"$rt, filter $seccomp: an engine under a filter makes no difference"
	done
done

done_testing
