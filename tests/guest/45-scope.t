#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Who is not recorded takes the untraced path of system calls, and who is misses
# nothing by it: the flag of each task under storms, starts that race the
# scope's changes, and other users of the tracepoints, that were there before or
# come later. SCOPE_BURSTS is how often a thousand start (default 2).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
# What INFO's scope= may say
NARROW=1 ALL=2 ASKED=3 OTHERS=4
: "${SCOPE_BURSTS:=2}"

scope_is()
{
	info_is scope "$1"
}

right_flags()
{
	if flags_right; then
		pass "the flag of each task is right: $1"
	else
		fail "the flag of each task is right: $1"
		diag "lack it, have it wrongly, right: $FLAGS"
	fi
}

# look_until FILE - WRONG looks of LOOKS found a wrong flag, until FILE is there
look_until()
{
	WRONG=0 LOOKS=0
	while [ ! -e "$1" ]; do
		LOOKS=$((LOOKS + 1))
		flags_right || { WRONG=$((WRONG + 1)); diag "flags: $FLAGS"; }
	done
}

# many NR TIMES CMD... - CMD, with ./calls that calls NR so often
many()
{
	m_nr=$1 m_times=$2
	shift 2
	set -- "$@" ./calls
	while [ "$m_times" -gt 0 ]; do
		set -- "$@" "$m_nr"
		m_times=$((m_times - 1))
	done
	"$@"
}

# container - one that lasts: PID
container()
{
	rm -f "$T/inum" "$T/gate"
	mkfifo "$T/gate"
	./nsrun -g "$T/gate" -o "$T/inum" sleep 1000 &
	echo >"$T/gate"
	poll_until 60 test -s "$T/inum"
	read -r INUM PID <"$T/inum"
}

tracefs=/sys/kernel/tracing

tracer_begin()
{
	case $1 in
	ftrace)
		echo 'id == 666' >$tracefs/events/raw_syscalls/sys_enter/filter
		echo >$tracefs/trace
		echo 1 >$tracefs/events/raw_syscalls/sys_enter/enable
		;;
	*)
		rm -f "$T/ask" "$T/answer"
		mkfifo "$T/ask" "$T/answer"
		./tracer "$1" 666 <"$T/ask" >"$T/answer" 2>"$T/tracer.err" &
		exec 6>"$T/ask" 7<"$T/answer"
		read -r t_word <&7
		[ "$t_word" = ready ]
		;;
	esac
}

tracer_seen()
{
	case $1 in
	ftrace)
		grep -c 'NR 666 ' $tracefs/trace
		;;
	*)
		echo >&6
		read -r t_count <&7
		echo "$t_count"
		;;
	esac
}

# tracer_count NAME CMD... - how many of 500 calls by CMD the tracer sees
tracer_count()
{
	tc_name=$1
	shift
	tc_before=$(tracer_seen "$tc_name")
	many 666 500 "$@" >&2
	echo $(($(tracer_seen "$tc_name") - tc_before))
}

tracer_end()
{
	case $1 in
	ftrace)
		echo 0 >$tracefs/events/raw_syscalls/sys_enter/enable
		;;
	*)
		exec 6>&- 7<&-
		;;
	esac
}

# --- the default: containers, narrow
load_module || bail "the module does not load"
cleanup unload_module
is "$(info mode)" 2 "record=containers is the default"
is "$(info scope)" $NARROW "the scope is narrow"
is "$(./nl dump | grep -c ' level=0 ')" 0 "the initial namespace has no record"
right_flags "at rest"
./nsrun -o "$T/inum" ./calls 600 601
read -r INUM PID <"$T/inum"
is "$(./nl nrs -k w "inum:$INUM" | grep -c ' 60[01]$')" 2 \
	"a container is recorded from its first call"
./calls 602
is "$(./nl dump | grep -c ' level=0 ')" 0 "the host's calls make no record"

# --- storms, with looks at all tasks
{
	./storm -s 1 6 births=2 joins=2 threads=2 known=1 >"$T/storm" 2>&1
	echo $? >"$T/status"
	touch "$T/over"
} &
look_until "$T/over"
is "$(cat "$T/status")" 0 "a storm of births, joins and threads"
diag "$(cat "$T/storm")"
is $WRONG 0 "no wrong flag in $LOOKS looks"
is "$((LOOKS > 10))" 1 "there were enough of them"

# --- a user who forks in a loop does not keep a walk over the tasks from ending: each is
# met once at most
forks()
{
	awk '$1 == "processes" { print $2 }' /proc/stat
}

tasks()
{
	ls -d /proc/[0-9]*/task/[0-9]* 2>/dev/null | wc -l
}

forker()
{
	exec setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'while :; do (:); done'
}

forker &
one=$!
forker &
two=$!
begun=$(forks)
looks=0 wrong=0 far=0
while [ $looks -lt 20 ] || [ $(($(forks) - begun)) -lt 500 ]; do
	looks=$((looks + 1))
	n=$(forks)
	n=$(($(tasks) - n))
	flags_right || wrong=$((wrong + 1))
	n=$((n + $(forks)))
	# shellcheck disable=SC2086
	set -- $FLAGS
	[ $(($1 + $2 + $3)) -le $n ] || far=$((far + 1))
done
diag "$looks looks, $(($(forks) - begun)) forks meanwhile"
kill $one $two
wait $one $two 2>/dev/null
is "$wrong $far" "0 0" "two who fork in a loop: flags right, no task met twice"

# --- the initial namespace on request: everybody is inside
ok "START of the initial namespace" ./nl start pid:1
is "$(info scope)" $ALL "everybody is recorded"
right_flags "all are inside"
./calls 603
like "$(./nl nrs pid:1)" ' 603$' "the host's calls are recorded"
ok "STOP" ./nl stop pid:1
ok "narrow again" poll_until 60 scope_is $NARROW
right_flags "after STOP"
ok "START again" ./nl start pid:1
./calls 604
like "$(./nl nrs pid:1)" ' 604$' "and recorded again"
ok "FORGET" ./nl forget pid:1
ok "narrow again" poll_until 60 scope_is $NARROW
right_flags "after FORGET"
unload_module

# --- starts that race the scope's changes
load_module max_records=4096 max_ended=1200
while :; do
	./nl start pid:1
	./nl forget pid:1
done >/dev/null 2>&1 &
flipper=$!
n=0 i=0
while [ $i -lt "$SCOPE_BURSTS" ]; do
	i=$((i + 1))
	n=$((n + $(./nsburst 1000)))
	# Each has called 600 and one above it
	./nl dump -s | awk '
		function look() {
			if (rec != "" && comm == "nsburst" && !(first && more))
				print rec
			else if (comm == "nsburst")
				whole++
		}
		$1 == "record" {
			look()
			rec = $2
			first = more = 0
			comm = $0
			sub(/.* comm=/, "", comm)
			sub(/ .*/, "", comm)
		}
		$1 == "sighting" && $4 == 600 { first = 1 }
		$1 == "sighting" && $4 > 600 { more = 1 }
		END {
			look()
			if (whole < 1000)
				print "only " whole " records"
		}' >>"$T/lost"
done
kill $flipper
wait $flipper 2>/dev/null
is $n $((1000 * SCOPE_BURSTS)) "$n namespaces were born while the scope changed"
is "$(head -n 5 "$T/lost")" "" "each has its first and its last call"
./nl forget pid:1 2>/dev/null
unload_module

# --- selected: a container that runs is started and stopped
load_module record=selected
mkfifo "$T/gate"
./nsrun -g "$T/gate" -o "$T/inum" ./storm -s 2 600 known=2 threads=1 >/dev/null 2>&1 &
echo >"$T/gate"
ok "it runs" poll_until 60 test -s "$T/inum"
read -r INUM PID <"$T/inum"
is "$(info scope)" 0 "record=selected: nothing is registered"
bad=
for i in 1 2 3 4 5 6; do
	./nl start "pid:$PID" >/dev/null || bad="$bad start:$i"
	flags_right || bad="$bad started:$i:$FLAGS"
	./nl stop "pid:$PID" || bad="$bad stop:$i"
	poll_until 60 info_is attached 0 || bad="$bad stopped:$i"
done
is "$bad" "" "six times START and STOP, the flags right"
./nl start "pid:$PID" >/dev/null
./nl start pid:1 >/dev/null
is "$(info scope)" $ALL "and the initial namespace: everybody"
./nl forget pid:1
ok "narrow again" poll_until 60 scope_is $NARROW
right_flags "of two namespaces only one is left"
./nl forget "pid:$PID"
kill -9 "$PID"
unload_module

# --- parameters
load_module narrow=0
is "$(info scope)" $ASKED "narrow=0: everybody takes the traced path"
right_flags "narrow=0"
unload_module
load_module record=all
is "$(info scope)" $ALL "record=all: everybody is recorded"
right_flags "record=all"
unload_module

# --- other users of the tracepoints: there before, or coming later; the module
# unloaded before or after they end
[ -d $tracefs/events ] || mount -t tracefs tracefs $tracefs
for t in ftrace perf bpf; do
	if ! tracer_begin $t; then
		skip 12 "this kernel has no $t"
		continue
	fi
	is "$(tracer_count $t)" 500 "$t alone sees all"
	tracer_end $t
	load_module
	container
	ok "$t comes" tracer_begin $t
	ok "the scope becomes wide for $t" poll_until 60 scope_is $OTHERS
	is "$(tracer_count $t)" 500 "$t sees a task outside from then on"
	is "$(tracer_count $t nsenter -t "$PID" -p)" 500 "$t sees a task inside"
	right_flags "$t is there"
	kill -9 "$PID"
	unload_module
	is "$(tracer_count $t)" 500 "$t sees all after unloading"
	load_module
	is "$(info scope)" $OTHERS "$t was there before: wide from the beginning"
	is "$(tracer_count $t)" 500 "$t goes on seeing a task outside"
	tracer_end $t
	ok "$t has gone: narrow" poll_until 60 scope_is $NARROW
	right_flags "$t has gone"
	unload_module
done
load_module
is "$(many 666 50 strace -f 2>&1 | grep -c '^syscall_0x29a')" 50 \
	"strace sees a task outside"
is "$(info scope)" $NARROW "and the scope stays narrow for it"
unload_module
done_testing
