#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# What comes is told as it comes, waiting ends when it should, and every line of
# a profile has its reason.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
load_module || bail "the module does not load"
cleanup unload_module

# waits CMD... - run it in the background, its output in $T/out
waits()
{
	"$@" >"$T/out" 2>"$T/err" </dev/null &
	follower=$!
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

said()
{
	grep -q -E "$1" "$T/out"
}

# --- follow: a namespace whose second program waits for us
mkfifo "$T/go"
mkfifo "$T/start"
# shellcheck disable=SC2016
./nsrun -o "$T/ns" -g "$T/start" sh -c 'read -r x <"$0"; exec ./calls 39 121' "$T/go" &
init=$!
poll_until 60 test -s "$T/ns" || bail "no namespace"
read -r inum pid <"$T/ns"
like "$inum" '^[0-9]+$' "a namespace: $inum, process $pid"
echo >"$T/start"
poll_until 60 sh -c "sctrace-nl list | grep -q $inum" || bail "no record"

waits sctrace-nl follow --ns "$inum"
ok "what was there before is told" poll_until 60 said ' execve '
ok "its values, too" poll_until 60 said " mprotect\\(PROT_READ"
unlike "$(cat "$T/out")" ' getpgid ' "and what has not come yet is not"
not_ok "it goes on following" gone $follower
sctrace-nl follow --ns "$inum" --json --new >"$T/new" 2>"$T/newerr" &
fresh=$!
sctrace-nl profile --ns "$inum" --wait --explain -o "$T/p.json" >"$T/why" 2>"$T/whyerr" &
waiter=$!
sleep 3
not_ok "nothing is written before the end" test -e "$T/p.json"
not_ok "--wait waits" gone $waiter
sctrace-nl follow --ns "$inum" --until-quiet 1 >"$T/quiet" 2>&1
is $? 0 "--until-quiet ends although the namespace lives"
like "$(cat "$T/quiet")" ' execve ' "with what there is"
sctrace-nl profile --ns "$inum" --until-quiet 1s -o "$T/q.json" 2>/dev/null
is $? 0 "profile --until-quiet"
ok "writes a profile" grep -q mprotect "$T/q.json"
not_ok "in which there is only what came so far" grep -q getpgid "$T/q.json"
ok "the namespace lives still" kill -0 "$pid"

echo go >"$T/go"
wait $init
ok "follow ends with the namespace" poll_until 60 gone $follower
wait $follower
is $? 0 "its status"
ok "and has told what came last" said ' getpgid '
poll_until 60 gone $fresh
wait $fresh
is $? 0 "follow --new"
ok "tells what is new, as JSON lines" grep -q '"name":"getpgid"' "$T/new"
# sh made its first brk before; ./calls makes none that is new
not_ok "and nothing that is old" grep -q '"name":"brk"' "$T/new"
is "$(grep -c -v '^{.*}$' "$T/new")" 0 "each line an object"
poll_until 60 gone $waiter
wait $waiter
is $? 0 "profile --wait"
ok "has written when the namespace had ended" grep -q getpgid "$T/p.json"
like "$(sed -n '/^IN: the program called it/,/^$/p' "$T/why")" '^  getpgid +calls\[1\] ' \
	"--explain says who, and why"
like "$(sed -n '/^IN: the kernel may/,/^$/p' "$T/why")" '^  exit .*rt_sigreturn$' \
	"what is added has a line"
is "$(cat "$T/err" "$T/newerr" | grep -c 'nothing new for')" 0 "no progress line without a terminal"
# every name of the profile has a line that says so
n=0
for name in $(tr -d ' ",' <"$T/p.json" | sed -n '/names.*\[/,/\]/p' | grep -x '[a-z0-9_]*'); do
	n=$((n + 1))
	sed -n "/^IN: /,/^$/p" "$T/why" | tr -s " " "\n" | grep -q -x "$name" ||
		{ diag "no reason for $name"; n=-1000; }
done
ok "every one of $n names has its reason" test $n -gt 5

# --- after its end
ok "follow of what has ended tells all and ends" sctrace-nl follow --ns "$inum"
sctrace-nl follow --ns "$inum" --json >"$T/all"
sed -n '/^\.SH JSON/,/^\.SH EXIT/p' "$SCTRACE_SRC/user/man/sctrace-nl.8" |
	sed -n '/^\.B follow$/,/^\.fi/p' | sed -n '/^\.nf/,/^\.fi/s/^\([a-z_]*?\{0,1\}\) .*/\1/p' >"$T/manual"
is "$(jq -r 'keys[]' "$T/all" | sort -u)" "$(tr -d '?' <"$T/manual" | sort)" \
	"follow --json has the members that the manual has"
is "$(jq -c --arg all "$(grep -v '?' "$T/manual")" '($all | split("\n")) - keys | select(. != [])' "$T/all")" "" \
	"each line has all that are promised"
ok "report as HTML" sctrace-nl report --ns "$inum" -o "$T/report.html"
ok "with a chart" grep -q '<svg' "$T/report.html"
ok "and a reason" grep -q 'the program called it' "$T/report.html"
ok "report as JSON" sctrace-nl report --ns "$inum" --json
like "$(cat "$LIB_OUT")" '"known"' "counts what the kernel has"
ok "report as text" sctrace-nl report --ns "$inum" --text
ok "report on a profile" sctrace-nl report "$T/p.json" --text
[ -z "$LAB_OUT" ] || cp "$T/report.html" "$LAB_OUT"

# --- a record that goes away
mkfifo "$T/go2"
# shellcheck disable=SC2016
./nsrun -o "$T/ns2" -g "$T/go2" sleep 600 &
init=$!
poll_until 60 test -s "$T/ns2" || bail "no namespace"
read -r inum pid <"$T/ns2"
cleanup "kill -9 $pid 2>/dev/null"
echo >"$T/go2"
poll_until 60 sh -c "sctrace-nl list | grep -q $inum" || bail "no record"
id=$(sctrace-nl show --ns "$inum" --json | sed -n 's/.*"id": *\([0-9]*\),.*/\1/p' | head -n 1)
waits sctrace-nl follow --id "$id"
poll_until 60 said ' execve '
sctrace-nl reset --id "$id"
ok "an emptied record is followed from its new beginning" \
	poll_until 60 grep -q 'was emptied' "$T/err"
not_ok "it still follows" gone $follower
sctrace-nl forget --id "$id"
ok "follow ends when the record is dropped" poll_until 60 gone $follower
wait $follower
is $? 3 "as there is no such record"
is "$(wc -l <"$T/err")" 2 "which one line tells"
kill -9 "$pid"
wait $init 2>/dev/null

exit_is 3 "follow of what is not there" sctrace-nl follow --ns 1234567
exit_is 2 "a time that is none" sctrace-nl follow --ns "$inum" --until-quiet soon
exit_is 2 "report of nothing" sctrace-nl report
exit_is 1 "a profile that is not there" sctrace-nl report "$T/none.json"
: >"$T/keep.html"
ln -s keep.html "$T/link.html"
exit_is 1 "a report does not follow a symbolic link" sctrace-nl report "$T/p.json" -o "$T/link.html"
exit_is 1 "follow says when nobody can read it" sh -c "sctrace-nl follow --id 1 --until-quiet 1 >/dev/full"
done_testing
