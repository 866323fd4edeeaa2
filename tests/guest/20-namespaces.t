#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Which namespace a call counts for, and that a record is that of one namespace
# instance however often its number comes again.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR

# inum NSRUN-ARGS... - run, print the inum
inum()
{
	./nsrun -o "$T/ns" "$@" && cut -d' ' -f1 "$T/ns"
}

# --- inums come again, records do not

i=0
while [ $i -lt 8 ]; do
	inum ./calls 39
	i=$((i + 1))
done | sort >"$T/inums"
is_ne "$(uniq -d "$T/inums" | head -n 1)" "" \
	"without the module an inum is used again"
old=$(uniq -d "$T/inums" | head -n 1)

load_module || bail "the module does not load"
cleanup unload_module

: >"$T/inums"
i=0
while [ $i -lt 8 ]; do
	n=$(inum ./calls $((500 + i)))
	[ "$(numbers "inum:$n" w)" = "231 $((500 + i)) " ] || break
	echo "$n $(field id "inum:$n")" >>"$T/inums"
	i=$((i + 1))
done
is $i 8 "each of 8 namespaces one after another has its own calls only"
ok "inums come again: records pin no namespace" test \
	"$(cut -d" " -f1 "$T/inums" | sort -u | wc -l)" -lt 8
is "$(cut -d' ' -f2 "$T/inums" | sort -u | wc -l)" 8 "records have different ids"

last=$(tail -n 1 "$T/inums" | cut -d' ' -f2)
while read -r n id; do
	./nl forget "id:$id"
done <"$T/inums"
again()
{
	n=$(inum ./calls 520)
	grep -q "^$n " "$T/inums" && return 0
	./nl forget "inum:$n"
	return 1
}
ok "after FORGET an inum is used again (was $old before)" poll_until 60 again
is "$(numbers "inum:$n" w)" "231 520 " "with nothing of what the old one called"
new=$(field id "inum:$n")
ok "and an id that was never there ($new > $last)" test "$new" -gt "$last"
exit_is 1 "the old id means nothing" ./nl get "id:$last"
like "$(cat "$LIB_ERR")" 'ENOENT: .' "and the refusal says so"
./nl forget "inum:$n"

# --- nested namespaces

# go NAME - let the program that waits in `w` go on; by a writer that stays
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"
go()
{
	echo >&3
}

./nsrun -g "$T/gate" -o "$T/outer" ./nsrun ./calls w 600 w 600 w 600 601 w 602 \
	<"$T/in" &
pid=$!
poll_until 60 test -s "$T/outer"
read -r outer outer_pid <"$T/outer"
is "$(field parent "inum:$outer")" "$(inum_of $$)" "a record knows its parent"
is "$(field level "inum:$outer")" 1 "and its level"
like "$(field flags "inum:$outer")" '^-$' "before execve there is no flag"
: >"$T/gate"
inner_of()
{
	inner=$(./nl dump | sed -n "s/.* inum=\([0-9]*\) parent=$outer .*/\1/p")
	[ -n "$inner" ]
}
ok "the namespace in it has a record" poll_until 60 inner_of
is "$(field level "inum:$inner")" 2 "of the next level"
go
ok "what the inner calls is in its record" poll_until 60 has "inum:$inner" wc 600
ok "and in the outer's" has "inum:$outer" wc 600
like "$(./nl dump -s "inum:$outer")" "^sighting [0-9]* x86_64 600 pid=2 " \
	"there under the pid that it has there"
like "$(./nl dump -s "inum:$inner")" "^sighting [0-9]* x86_64 600 pid=1 " \
	"and here under its own"

# Numbers that the inner one's cache knows must still reach its ancestors
./nl reset "inum:$outer"
nothing "RESET empties the outer record" numbers "inum:$outer" wscd
ok "and leaves the inner one" has "inum:$inner" wc 600
go
ok "600 again: it is new to the outer" poll_until 60 has "inum:$outer" wc 600
./nl forget "inum:$outer"
nsenter -t "$outer_pid" -p ./calls 605
ok "FORGET: the next call in the outer makes a new record" has "inum:$outer" wc 605
go
ok "600 once more: it is new to that record, too" \
	poll_until 60 has "inum:$outer" wc 600
like "$(field flags "inum:$outer")" 'late' "which is flagged late"
ok "the inner one goes on" poll_until 60 has "inum:$inner" wc 601
unlike_of 'late|ended' "it is neither late nor ended" field flags "inum:$inner"
go
wait $pid
is "$(numbers "inum:$inner" w)" "0 231 600 601 602 " "all of the inner one's calls"
like "$(field flags "inum:$inner")" 'ended' "it has ended"
like "$(field flags "inum:$outer")" 'ended' "and so has the outer"
like "$(./nl get "inum:$inner")" ' ended_at=[1-9]' "at a time"
./nl forget "inum:$inner"
./nl forget "inum:$outer"

# --- the initial namespace
unload_module
load_module record=all || bail "the module does not load"

root=$(inum_of $$)
is "$(field level "inum:$root")" 0 "record=all records the initial namespace"
is "$(field parent "inum:$root")" 0 "which has no parent"
like "$(field flags "inum:$root")" '^late,running$' "and was there before us"
not_ok "a number not called yet is not there" has "inum:$root" wc 610
./calls 610
ok "a call of its own is" has "inum:$root" wc 610
n=$(inum ./calls 611)
ok "so is a child namespace's" has "inum:$root" wc 611
not_ok "which does not get ours" has "inum:$n" wc 610
./nl forget "inum:$n"

# --- a namespace whose init never execs

n=$(inum -x ./calls 620)
like "$(numbers "inum:$n" s)" '(^| )620 ' "without a program of its init all is setup"
nothing "nothing is workload" numbers "inum:$n" w
unlike_of 'running' "it is not said to run" field flags "inum:$n"
ok "to its parent it is workload" has "inum:$root" wc 620
./nl forget "inum:$n"

# --- made by other means

unshare -p --fork ./calls 630
id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=calls .*/\1/p')
is "$(numbers "id:$id" w)" "231 630 " "unshare: its program's calls are the workload"
unlike_of 'late|incomplete' "complete" field flags "id:$id"
./nl forget "id:$id"
./nsrun ./nsrun ./calls 612
ok "a call two levels below is in the initial namespace's record, too" has "inum:$root" wc 612

# A namespace that was there before the module
unload_module
rm -f "$T/outer"
./nsrun -g "$T/gate" -o "$T/outer" ./calls w 640 w <"$T/in" &
pid=$!
poll_until 60 test -s "$T/outer"
read -r n outer_pid <"$T/outer"
: >"$T/gate"
poll_until 60 grep -q '^0 0x0 ' "/proc/$outer_pid/syscall"
load_module record=all
go
ok "an old namespace is recorded from its next call" poll_until 60 has "inum:$n" wc 640
like "$(field flags "inum:$n")" 'late' "and flagged late"
go
wait $pid

# Before its program started, even if older than the module, nothing was missed
unload_module
rm -f "$T/outer"
./nsrun -g "$T/gate" -o "$T/outer" ./calls 641 &
pid=$!
poll_until 60 test -s "$T/outer"
read -r n outer_pid <"$T/outer"
load_module record=all
: >"$T/gate"
wait $pid
is "$(numbers "inum:$n" w)" "231 641 " "module loaded before the program ran: all of it"
unlike_of 'late' "which is not late" field flags "inum:$n"

done_testing
