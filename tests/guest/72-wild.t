#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Wild input to the probe: numbers that are none, numbers that somebody changes on
# the way, calls that are emulated, dispatched, or made without entering the kernel
# the usual way. What the kernel carries out is recorded, under the number that it
# carries out; nothing else is, and nothing breaks.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
load_module || bail "the module does not load"
cleanup unload_module

# wild MODE - run it; $inum, $nrs, $rec of its record
wild()
{
	rm -f "$T/ns"
	status=0
	./nsrun -o "$T/ns" ./wild "$1" >/dev/null 2>"$T/err" || status=$?
	read -r inum pid <"$T/ns"
	nrs=$(./nl nrs "inum:$inum")
	rec=$(./nl get "inum:$inum")
	./nl forget "inum:$inum"
}

has()
{
	like "$nrs" "^$1\$" "$2: $1 is recorded"
}

has_not()
{
	unlike "$nrs" "^$1\$" "$2: $1 is not"
}

wild numbers
is $status 0 "wild numbers in all ABIs"
for n in 503 504 511 512 1015 1016 1023; do
	has "x86_64 $n" range
	has "i386 $n" range
done
for n in 600 1023; do
	has "x32 $n" x32
done
is "$(printf '%s\n' "$nrs" | awk '$2 > 1023 || $2 < 0' | grep -c .)" 0 "nothing out of range"
like "$rec" 'other_nr=18446744073709551615 ' "the first other number was -1"
unlike "$rec" incomplete "and that does not make the record incomplete"

# --- a number beyond all sets is told to each record around, but to none that is
# stopped
mkfifo "$T/outer-gate" "$T/inner-gate"
other()
{
	./nl get "id:$1" | tr ' ' '\n' | sed -n 's/^other_nr=//p'
}
# by parent: /proc here does not know the numbers there
find_inner()
{
	inner=$(./nl dump | sed -n "s/^record id=\([0-9]*\) .* parent=$outer_ns .*/\1/p")
	[ -n "$inner" ]
}
for how in recorded stopped; do
	rm -f "$T/ns"
	./nsrun -g "$T/outer-gate" -o "$T/ns" ./nsrun -g "$T/inner-gate" ./calls 9999 \
		>/dev/null 2>&1 </dev/null &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r outer_ns pid <"$T/ns"
	outer=$(./nl get "inum:$outer_ns" | sed -n 's/^record id=\([0-9]*\) .*/\1/p')
	: >"$T/outer-gate"
	ok "a namespace in a namespace" poll_until 60 find_inner
	want=9999
	if [ $how = stopped ]; then
		ok "STOP" ./nl stop "id:$inner"
		want=
	fi
	: >"$T/inner-gate"
	wait $job
	is "$(other "$inner")" "$want" "9999 in a namespace that is $how: ${want:-not noted}"
	is "$(other "$outer")" 9999 "and in the one around it: 9999"
	./nl forget "id:$inner"
	./nl forget "id:$outer"
done

wild rewrite
is $status 0 "a tracer that changes numbers"
has "x86_64 301" "300 changed to 301"
has_not "x86_64 300" "300 changed to 301"
has_not "x86_64 306" "306 changed to -1"
has_not "x86_64 303" "303 changed to 9999"

wild emulate
is $status 0 "a tracer that emulates"
has "x86_64 101" "the tracer's own ptrace()"
has_not "x86_64 304" "a call that never happened"

wild dispatch
if [ $status = 77 ]; then
	skip 3 "no syscall user dispatch in this kernel"
else
	is $status 0 "user dispatch"
	has "x86_64 157" "its prctl()"
	has_not "x86_64 305" "a call that became a signal"
fi

# The page's calls pass seccomp, but not the tracepoint (SECURITY.md says so)
wild vsyscall
if [ $status = 77 ]; then
	skip 2 "no vsyscall page"
else
	is $status 0 "vsyscall"
	has_not "x86_64 201" "time() there"
fi

like "$(./nl info)" '^pool_empty=' "and the module is well"
ok "it unloads" unload_module
done_testing
