#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every allocation of the module fails in turn, and nobody else's: failslab and
# fail_page_alloc are confined to code addresses of the module. The machine goes
# on; what was lost is said (incomplete, and counted); the next try makes it good;
# the counters add up to the truth.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

D=/sys/kernel/debug
[ -d $D/failslab ] || plan skip_all "this kernel injects no faults"
T=$TMPDIR

# A function's addresses: $1 of "start end" of each function of the module
functions()
{
	awk '$4 == "[sctrace]" && $2 ~ /[tT]/ { print $1, $3 }' /proc/kallsyms |
		sort | awk '{ if (name != "") print name, start, $1
			name = $2; start = $1 }
		END { print name, start, "ffffffffff000000" }'
}

# The kernel loses a cache's name when it cannot make the cache's directory in sysfs
# (6.1), and that is not ours: nothing fails in here
set -- $(sort /proc/kallsyms | awk 'found && $1 != found { print found, $1; exit }
	$3 == "sysfs_slab_add" { found = $1 }') 0 0
spare_start=$1 spare_end=$2

# fault TIMES PROBABILITY START END [pages] - of allocations made from these
# addresses: objects, and whole pages if it says so. What the module asks for itself
# is asked for without a warning; what the kernel asks for on its behalf (a cache, a
# place for a probe) is not, when it comes to pages, and such a warning is a splat.
fault()
{
	faulty="failslab ${5:+fail_page_alloc}"
	for f in $faulty; do
		echo 0 >$D/$f/times
		echo 32 >$D/$f/stacktrace-depth
		echo 0x"$3" >$D/$f/require-start
		echo 0x"$4" >$D/$f/require-end
		echo 0x"$spare_start" >$D/$f/reject-start
		echo 0x"$spare_end" >$D/$f/reject-end
		echo 0 >$D/$f/verbose
		echo N >$D/$f/task-filter
		echo N >$D/$f/ignore-gfp-wait
		echo 1 >$D/$f/interval
		echo "$2" >$D/$f/probability
	done
	echo 0 >$D/fail_page_alloc/min-order
	echo N >$D/fail_page_alloc/ignore-gfp-highmem
	for f in $faulty; do
		echo "$1" >$D/$f/times
	done
	given=$1
}

# no_fault - end it; $injected
no_fault()
{
	injected=0
	for f in $faulty; do
		echo 0 >$D/$f/probability
		injected=$((injected + given - $(cat $D/$f/times)))
		echo 0 >$D/$f/times
	done
}
faulty= given=0
cleanup no_fault

info()
{
	./nl info | sed -n "s/^$1=//p"
}

value()
{
	sed -n "s/.* $1=\([^ ]*\) .*/\1/p"
}

# exercise - all that allocates, once; answers of all kinds are welcome
exercise()
{
	modprobe sctrace 2>/dev/null || return 1
	./nl info >/dev/null 2>&1
	./nl -r start "pid:$$" "a-label" >/dev/null 2>&1
	./nl get "pid:$$" >/dev/null 2>&1
	./nsrun ./calls 39 i20 x39 600 >/dev/null 2>&1
	for i in 1 2 3; do
		./nsrun ./nsrun /bin/true
	done
	./nl dump -s >/dev/null 2>&1
	./nl stop "pid:$$" >/dev/null 2>&1
	./nl reset "pid:$$" >/dev/null 2>&1
	return 0
}

load_module || bail "the module does not load"
functions >"$T/functions"
unload_module
load_module
functions >"$T/functions2"
cmp -s "$T/functions" "$T/functions2" || bail "the module is not loaded where it was"
unload_module

# 1. Function by function: all that it or what it calls allocates fails. By default
# those that allocate, FAULT_SITES=. takes each one.
: "${FAULT_SITES:=^(refill|reply_record|sctrace_(record_(init|start|arm|reset|sight)|table_init|origin_(init|seed)|pool_(init|fill)|cmd_.*|dump_get|inflight_take|probe_attach|netlink_init)) }"
grep -E "$FAULT_SITES" "$T/functions" >"$T/sites"
total=0 refused=0 sites=
while read -r name start end; do
	case $name in
	refill | reply_record | sctrace_cmd_info | sctrace_inflight_take | \
		sctrace_pool_fill | sctrace_record_*)
		pages=pages
		;;
	*) pages= ;;
	esac
	fault 1000000 100 "$start" "$end" $pages
	loaded=1
	exercise || loaded=0
	no_fault
	diag "$name: $injected faults${pages:+, of pages too}, loaded $loaded"
	[ $injected -gt 0 ] || [ $loaded = 1 ] || fail "$name: not loaded, and nothing failed"
	[ $loaded = 1 ] || refused=$((refused + 1))
	if [ $injected -gt 0 ]; then
		sites="$sites $name"
		total=$((total + injected))
	fi
	if [ $loaded = 1 ]; then
		./nl forget "pid:$$" >/dev/null 2>&1
		# As if nothing had been: a namespace of today is recorded whole
		./nsrun -o "$T/ns" ./calls 39 110 i20 x39 >/dev/null
		read -r inum pid <"$T/ns"
		./nl nrs -k w "inum:$inum" 2>"$T/err" | sort >"$T/nrs"
		if ! printf 'i386 20\nx32 39\nx86_64 110\nx86_64 231\nx86_64 39\n' |
			LC_ALL=C cmp -s - "$T/nrs"; then
			fail "after faults in $name a new namespace is recorded"
			diag "$(cat "$T/nrs" "$T/err")"
		fi
	fi
	unload_module || { fail "after faults in $name it unloads"; break; }
done <"$T/sites"
diag "$(grep -c . "$T/sites") functions, $total faults; loading refused $refused times"
diag "those with allocations:$sites"
ok "allocations failed in five functions at least" test "$(echo "$sites" | wc -w)" -ge 5
ok "loading failed for want of memory, and left nothing" test "$refused" -ge 2

# 2. At random, one in five, anywhere in the module
first=$(head -n 1 "$T/functions" | cut -d' ' -f2)
total=0 refused=0 n=0
while [ $n -lt ${FAULT_ROUNDS:-12} ]; do
	n=$((n + 1))
	# Loading takes so many allocations that it hardly ever goes well
	[ $((n % 2)) = 0 ] || load_module || bail "the module does not load"
	fault 1000000 20 "$first" ffffffffff000000
	exercise || refused=$((refused + 1))
	no_fault
	total=$((total + injected))
	./nl forget "pid:$$" >/dev/null 2>&1
	unload_module || { fail "it unloads after faults at random"; break; }
done
diag "at random: $n rounds, $total faults; loading refused $refused times"
ok "$n rounds of faults at random" test $total -ge $n

# 3. The worker gets nothing while much is called: what is lost, and healed
range=$(awk '$1 == "sctrace_pool_fill" { print $2, $3 }' "$T/functions")
[ -n "$range" ] || bail "no sctrace_pool_fill in kallsyms"
load_module || bail "the module does not load"
for i in 1 2 3 4 5 6 7; do
	mkfifo "$T/in$i" "$T/gate$i"
done
# Both ways, so that opening does not wait for the other side
exec 3<>"$T/in1" 4<>"$T/in2" 5<>"$T/in3" 6<>"$T/in4" 7<>"$T/in5" 8<>"$T/in6" 9<>"$T/in7"
for i in 1 2 3 4 5 6 7; do
	./nsrun -g "$T/gate$i" -o "$T/ns$i" ./wild distinct <"$T/in$i" >"$T/out$i" \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	: >"$T/gate$i"
done
ready()
{
	[ "$(pgrep -c -x wild)" = 7 ]
}
poll_until 60 ready || diag "not all are there"
# shellcheck disable=SC2086
fault 1000000 100 $range pages
for fd in 3 4 5 6 7 8 9; do
	echo >&$fd
done
rounds()
{
	for i in 1 2 3 4 5 6 7; do
		[ "$(grep -c done "$T/out$i")" -ge "$1" ] || return 1
	done
}
ok "seven programs that call 1272 numbers under 424 names" poll_until 120 rounds 1
read -r inum pid <"$T/ns7"
read -r inum1 pid1 <"$T/ns1"
rec=$(./nl get "inum:$inum")
diag "$rec"
like "$rec" incomplete "with no memory left a record says that it is incomplete"
missed=$(printf '%s\n' "$rec" | value sightings_missed)
ok "and how many sightings are missing ($missed)" test "$missed" -gt 0
is "$(./nl nrs "inum:$inum" | awk '$2 >= 600' | grep -c .)" 1272 "the sets have every number all the same"
ok "the module counts ($(info pool_empty))" test "$(info pool_empty)" -gt 0
kept=$(printf '%s\n' "$rec" | value kept)
numbers=$(./nl nrs -k w "inum:$inum" | grep -c .)
all=$(for k in w c s d; do ./nl nrs -k $k "inum:$inum"; done | grep -c .)
is "$((kept + missed))" "$all" "kept and missed sightings add up to the numbers in the sets ($all)"
no_fault
diag "$injected faults"

# The worker does it, whether the calls are made again or not
healed()
{
	for i in 1 2 3 4 5 6 7; do
		read -r h_inum h_pid <"$T/ns$i"
		! ./nl get "inum:$h_inum" | grep incomplete || return 1
	done >/dev/null
}
ok "with memory to be had again all becomes whole" poll_until 120 healed
rec=$(./nl get "inum:$inum")
diag "$rec"
is "$(printf '%s\n' "$rec" | value sightings_missed)" 0 "no sighting is missing now"
is "$(printf '%s\n' "$rec" | value kept)" \
	"$(for k in w c s d; do ./nl nrs -k $k "inum:$inum"; done | grep -c .)" \
	"each number in a set has its sighting"
# bit 15 of the kind
late=$(./nl dump -s "inum:$inum" | sed -n 's/^sighting .* kind=\([0-9]*\) .*/\1/p' |
	awk '$1 >= 32768' | grep -c .)
ok "those that came late say so ($late)" test "$late" -gt 0
twice=$(./nl dump -s "inum:$inum" | awk '$1 == "sighting" {
	k = $6; sub(/.*=/, "", k); print $3, $4, k % 32768 }' | sort | uniq -d)
is "$twice" "" "no sighting stands there twice"
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
wait
unload_module

# 4. More namespaces than the pool has records
load_module || bail "the module does not load"
# shellcheck disable=SC2086
fault 1000000 100 $range pages
mkfifo "$T/hold"
for i in $(seq 100); do
	./nsrun ./calls 39 110 i20 w 39 110 i20 loop <"$T/hold" >/dev/null &
done
exec 3>"$T/hold"
settled()
{
	[ "$(pgrep -c -x calls)" = 100 ]
}
poll_until 60 settled || diag "not all are there: $(pgrep -c -x calls)"
sleep 2
unrecorded=$(info unrecorded)
ok "namespaces that could not be given a record are counted ($unrecorded)" test "$unrecorded" -gt 0
missing=$((100 - $(./nl dump | grep '^record' | grep -vc 'level=0')))
ok "and there are some ($missing)" test "$missing" -gt 0
abis=$(./nl dump | grep -c 'calls_missed=[1-9]')
ok "ABIs that found no place are counted in $abis records" test "$abis" -gt 0
no_fault
diag "$injected faults"
for i in $(seq 6); do
	head -c 400 /dev/zero >&3
	sleep 2
done
all_there()
{
	head -c 400 /dev/zero >&3
	[ "$(./nl dump | grep '^record' | grep -vc 'level=0')" -ge 100 ]
}
ok "with memory each namespace has a record" poll_until 60 all_there
# Those that were missed at their birth cannot be whole, and say so
./nl dump | grep '^record' | grep -v 'level=0' >"$T/recs"
born=$(grep -c incomplete "$T/recs")
ok "and the $missing of which the beginning is missing say so ($born)" test "$born" -ge "$missing"
ok "but not the others" test "$born" -lt 100
# A byte goes to whoever reads first: until each had its turn
healed_all()
{
	head -c 4000 /dev/zero >&3
	sleep 1
	for h_id in $(sed -n 's/^record id=\([0-9]*\) .*/\1/p' "$T/recs"); do
		./nl nrs "id:$h_id" | grep -q '^i386 20$' || return 1
	done
}
ok "each has its i386 call in the end" poll_until 600 healed_all
exec 3>&-
wait
done_testing
