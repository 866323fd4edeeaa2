#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The tracers that people use beside the module: perf trace, bpftrace, ftrace's
# raw_syscalls and strace, there before the module or coming later, the module unloaded
# before or after they end. What each sees of a task outside and of one inside is what
# docs/performance.md promises. 45-scope.t does the same with programs of its own, in
# every `make check`; these come by tests/field/programs.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh

T=$TMPDIR
programs_add
[ -n "$PROGRAMS" ] || plan skip_all "no perf and bpftrace here (make check-corpus)"
tracefs=/sys/kernel/tracing
[ -d $tracefs/events ] || mount -t tracefs tracefs $tracefs
NARROW=1 OTHERS=4

# What is called in which moment (sysfs, ustat, acct, ioperm): nobody else calls these
BEFORE=139 OUTSIDE=136 INSIDE=163 UNLOADED=173
NAMES="sysfs,ustat,acct,ioperm"
TIMES=50

scope_is()
{
	[ "$(./nl info | sed -n 's/^scope=//p')" = "$1" ]
}

# call NR CMD... - so often, by CMD
call()
{
	_nr=$1
	shift
	set -- "$@" ./calls
	_i=0
	while [ $_i -lt $TIMES ]; do
		set -- "$@" "$_nr"
		_i=$((_i + 1))
	done
	"$@"
}

# tracer begin|end NAME
tracer()
{
	case $1-$2 in
	begin-ftrace)
		echo "id == $BEFORE || id == $OUTSIDE || id == $INSIDE || id == $UNLOADED" \
			>$tracefs/events/raw_syscalls/sys_enter/filter
		echo >$tracefs/trace
		echo 1 >$tracefs/events/raw_syscalls/sys_enter/enable
		;;
	end-ftrace)
		cp $tracefs/trace "$T/seen"
		echo 0 >$tracefs/events/raw_syscalls/sys_enter/enable
		;;
	begin-perf)
		perf trace -a -e "$NAMES" -o "$T/seen" >"$T/err" 2>&1 </dev/null &
		TRACER=$!
		;;
	begin-bpftrace)
		bpftrace -e "tracepoint:raw_syscalls:sys_enter
			/args->id == $BEFORE || args->id == $OUTSIDE || args->id == $INSIDE || args->id == $UNLOADED/
			{ @[args->id] = count(); }" >"$T/seen" 2>&1 </dev/null &
		TRACER=$!
		;;
	end-perf)
		# What it has not read when it is interrupted is lost
		sleep 2
		kill -INT $TRACER
		wait $TRACER
		;;
	end-*)
		kill -INT $TRACER
		wait $TRACER
		;;
	esac
}

# seen NAME NR - how many it has seen, when it has ended
seen()
{
	case $1 in
	ftrace) grep -c "NR $2 " "$T/seen" ;;
	perf)
		case $2 in
		"$BEFORE") _call=sysfs ;;
		"$OUTSIDE") _call=ustat ;;
		"$INSIDE") _call=acct ;;
		"$UNLOADED") _call=ioperm ;;
		esac
		# A call that another CPU's line interrupts has a second line
		grep -v "\[continued\]" "$T/seen" | grep -c "[ :]$_call("
		;;
	bpftrace) sed -n "s/^@\[$2\]: //p" "$T/seen" | grep . || echo 0 ;;
	esac
}

# container - one that lasts: PID
container()
{
	rm -f "$T/ns" "$T/gate"
	mkfifo "$T/gate"
	./nsrun -g "$T/gate" -o "$T/ns" sleep 1000 &
	echo >"$T/gate"
	poll_until 60 test -s "$T/ns"
	read -r INUM PID <"$T/ns"
}

# loads_wide - load the module where a tracer is there already
loads_wide()
{
	load_module || return 1
	scope_is $OTHERS && return 0
	unload_module
	return 1
}

cleanup unload_module
for t in ftrace perf bpftrace; do
	diag "$t: $(command -v $t || echo in the kernel)"
	for order in "before, unloaded before it ends" "before, unloaded after it" \
		"later, unloaded before it ends" "later, unloaded after it"; do
		n="$t, $order"
		case $order in
		before*)
			tracer begin $t
			ok "$n: the scope is wide from the beginning" poll_until 180 loads_wide
			call $BEFORE
			container
			;;
		later*)
			load_module
			container
			ok "$n: the scope is narrow" scope_is $NARROW
			tracer begin $t
			ok "$n: the scope becomes wide" poll_until 180 scope_is $OTHERS
			# perf asks for one CPU after the other
			[ $t = ftrace ] || sleep 2
			;;
		esac
		call $OUTSIDE
		call $INSIDE nsenter -t "$PID" -p
		is "$(./nl nrs -k w "inum:$INUM" | grep -c " $INSIDE\$")" 1 "$n: recorded all the same"
		kill -9 "$PID"
		case $order in
		*"before it ends")
			unload_module
			call $UNLOADED
			tracer end $t
			is "$(seen $t $UNLOADED)" $TIMES "$n: it sees all after the unloading"
			;;
		*)
			tracer end $t
			ok "$n: narrow when it has gone" poll_until 60 scope_is $NARROW
			unload_module
			;;
		esac
		case $order in
		before*) is "$(seen $t $BEFORE)" $TIMES "$n: it goes on seeing all" ;;
		esac
		is "$(seen $t $OUTSIDE)" $TIMES "$n: it sees a task outside"
		is "$(seen $t $INSIDE)" $TIMES "$n: it sees a task inside"
		[ "$(seen $t $INSIDE)$(seen $t $OUTSIDE)" = $TIMES$TIMES ] || diag "$(head -n 20 "$T/seen")"
	done
done

# strace is no user of the tracepoint: nothing is to be made wide for it
strace_count()
{
	call $OUTSIDE strace -f "$@" 2>&1 | grep -c 'ustat('
}
is "$(strace_count)" $TIMES "strace, no module"
load_module
container
is "$(strace_count)" $TIMES "strace, a task outside"
is "$(strace_count nsenter -t "$PID" -p)" $TIMES "strace, a task inside"
ok "strace: the scope stays narrow" scope_is $NARROW
call $OUTSIDE strace -f sh -c 'sleep 3; exec "$@"' sh >"$T/strace" 2>&1 &
kill -9 "$PID"
sleep 1
unload_module
wait $!
is "$(grep -c 'ustat(' "$T/strace")" $TIMES "strace, the module unloaded meanwhile"
done_testing
