#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is executed in a container from outside (docker exec, a health check) is told apart, with
# all that it forks: of its calls, what the workload had not made before. Whoever does not ask
# sees workload. `--no-exec` leaves it out.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in" "$T/late"
exec 3<>"$T/in" 4<>"$T/late"

# has KINDS NR... - the sets of one that tells execs apart have all of them
has()
{
	_k=$1
	shift
	_n=$(./nl nrs -e -k "$_k" "inum:$inum") || return 2
	for _i; do
		printf '%s\n' "$_n" | grep -qx "x86_64 $_i" || return 1
	done
}

# sighted OPTIONS NR KIND - is there a sighting of that kind?
sighted()
{
	# shellcheck disable=SC2086
	_n=$(./nl dump $1 -s "inum:$inum") || return 2
	printf '%s\n' "$_n" | grep -q "^sighting [0-9]* x86_64 $2 pid=[0-9]* kind=$3 "
}

# begin CMD... - in a namespace whose init waits before its execve; NSRUN: options
NSRUN=
begin()
{
	rm -f "$T/ns"
	# shellcheck disable=SC2086
	./nsrun $NSRUN -g "$T/gate" -o "$T/ns" "$@" <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r inum pid <"$T/ns"
}

# go NR - it calls execve, and is there when it has made that call
go()
{
	: >"$T/gate"
	poll_until 60 has wc "$1" || bail "no program"
}

# step NR - its next step, which ends with that call
step()
{
	echo >&3
	poll_until 60 has wc "$1" || bail "no step"
}

over()
{
	kill -9 "$pid"
	wait "$job"
	./nl forget "inum:$inum"
}

# newest - the namespace of the last record
newest()
{
	./nl dump | sed -n 's/^record .* inum=\([0-9]*\) .*/\1/p' | tail -n 1
}

inside()
{
	nsenter -t "$pid" -p "$@"
}

load_module record=all || bail "the module does not load"
cleanup unload_module
is $(($(./nl info | sed -n 's/^features=//p') & 16)) 16 "the module says that it can"

# --- who is one

# It comes before the init's execve, and makes its call after it
begin ./calls 500 w 501 w 90 502 w
inside ./calls 510 w 511 <"$T/late" &
early=$!
ok "somebody comes before the program" poll_until 60 has s 510
go 500
echo >&4
wait $early
ok "who comes before the program is no exec" has wc 511
not_ok "its call is the workload's" has ef 511

ok "an exec" inside ./calls 520
ok "its call is told apart" has e 520
not_ok "and is no workload" has wcsd 520
ok "its sighting says so" sighted -e 520 8
like "$(./nl nrs "inum:$inum")" '^x86_64 520$' "for others it is there"
like "$(./nl nrs -k w "inum:$inum")" '^x86_64 520$' "as workload"
ok "so is the sighting" sighted "" 520 0
ok "what it forks and starts" inside sh -c './calls 521; (./calls 522) & wait; umask 7'
ok "is an exec" has e 521 522 95
not_ok "all of it" has wcsd 95
ok "a daemon that it leaves behind" inside ./ways in later-daemon
ok "is one" poll_until 60 has e 711
ok "a process of the container's own, forked from outside" ./ways join "$pid" fork
ok "is set-up before its execve" has s 600
ok "and an exec after it" has e 700
not_ok "its set-up is no exec" has e 600

# --- who calls first
ok "an exec calls what the workload has called" inside ./calls 500
not_ok "which adds nothing" has e 500
ok "an exec calls what the workload will call" inside ./calls 501
ok "it is told apart" has e 501
not_ok "and nobody's else" has w 501
step 501
ok "the workload's call is not lost by it" has w 501
ok "nor is the other" has e 501
# While somebody from outside is in its set-up no fast path answers
nsenter -F -t "$pid" -p sh -c '(sleep 1000; true) & exec sleep 1000' &
outside=$!
ok "somebody is in its set-up" poll_until 60 pgrep -x -P $outside sh
ok "an exec meanwhile" inside ./calls 500 532 502
ok "is told apart" has e 532 502
not_ok "and adds nothing that the workload has called" has e 500
step 502
ok "nor is the workload's next call lost" has w 502 90
pkill -x -P $outside sh
kill $outside
wait $outside

# --- an exec that lives when the record is forgotten
inside ./calls 540 w 541 <"$T/late" &
early=$!
poll_until 60 has e 540
./nl forget "inum:$inum"
echo >&4
wait $early
ok "an exec is one for the next record" has e 541
not_ok "of the namespace" has w 541

# --- a namespace that an exec makes
inside ./ways filter ./nsrun ./calls 550
ok "what it calls there is an exec's outside" has ef 550
outer=$inum
inum=$(newest)
is_ne "$inum" "$outer" "there is a record of it"
ok "and the workload of its own namespace" has w 550
not_ok "under no filter but that it was born with" has cdf 550
inum=$outer
over

# What an exec calls there is looked at no more; the workload that comes in is, all the same
begin sh -c 'read -r p; nsenter -t "$p" -p ./calls 551 552; ./calls 553; read -r p'
: >"$T/gate"
poll_until 60 grep -qx sh "/proc/$pid/comm" || bail "no program"
outer=$inum
inside ./nsrun ./calls 551 w 552 w 554 <"$T/late" &
nested=$!
ok "an exec makes a namespace, and calls there" poll_until 60 has e 551
inner=$(newest)
field init_pid "inum:$inner" >&3
ok "the workload comes in" poll_until 60 has wc 553
ok "its calls are the workload's, be it that an exec has made them" has w 551 552
echo >&4
echo >&4
wait $nested
ok "who is of the exec's namespace is an exec still" has e 554
not_ok "all the time" has w 554
./nl forget "inum:$inner"
inum=$outer
over

# --- values
begin ./values 41,1,1,0 500 w 41,10,1,0 501 w
go 500
ok "an exec makes values" inside ./values 41,1,1,0 41,2,1,6 41,10,1,0 101,0,0
is "$(./nl values -e "inum:$inum" | grep -E '_64 (41|101) ')" "\
x86_64 41 w enum 0=1 1=1 2=0
x86_64 41 e enum 0=2 1=1 2=6
x86_64 41 e enum 0=a 1=1 2=0
x86_64 101 e enum 0w=0" "those that the workload had not made are told apart"
ok "with their number" has e 41 101
step 501
like "$(./nl values -e "inum:$inum")" '^x86_64 41 w enum 0=a 1=1 2=0$' \
	"the workload's is not lost by it"
unlike "$(./nl values "inum:$inum")" '^x86_64 [0-9]* e ' "others see workload"
like "$(./nl values "inum:$inum")" '^x86_64 41 w enum 0=2 1=1 2=6$' "all of it"
over

# --- refused calls
NSRUN="-d 83 -d 84"
begin ./calls w 83 500 w 84 501 w
NSRUN=
./nl -r start "inum:$inum" >/dev/null
: >"$T/gate"
poll_until 60 grep -qx calls "/proc/$pid/comm"
ok "an exec is refused a call" inside ./ways deny 83 ./calls 83 503
ok "it is told apart" sighted -e 83 13
ok "not to others" sighted "" 83 5
step 500
ok "the workload's refusal is not lost by it" sighted -e 83 5
step 501
ok "what the workload was refused first" sighted -e 84 5
ok "is refused to an exec, too" inside ./ways deny 84 ./calls 84 504
not_ok "which adds nothing" sighted -e 84 13
ok "an exec is let through what another is refused" inside ./ways deny 999 ./calls 86
inside ./ways deny 86 ./calls 86
not_ok "which is listed nowhere then" sighted -e 86 13
like "$(sctrace-nl refused --ns "$inum" | tr -s ' ')" '^mkdir 83 .* exec ' "the tool says who"
over

# --- the tool
begin ./values 41,1,1,0 39 500 w
go 500
inside ./values 41,1,1,0 41,2,1,6 90 39
sctrace-nl show --ns "$inum" --json >"$T/show"
is "$(jq -r '.syscalls[] | select(.stage == "exec") | .name // empty' "$T/show" |
	grep -xE 'chmod|socket|getpid' | sort | tr '\n' ' ')" "chmod socket " "show names the stage"
is "$(jq -r '.values[] | select(.stage == "exec" and .name == "socket") | .args[0]' "$T/show")" \
	AF_INET "of values, too"

# names OPTION... - what a profile allows; socket with the families
names()
{
	sctrace-nl profile --ns "$inum" --runtime none "$@" -o "$T/p.json" || return
	jq -r '.syscalls[] | .names[] as $n | $n, (.args // [] | .[] |
		select(.index == 0) | "\($n):\(.value)")' "$T/p.json" | sort -u | tr '\n' ' '
}

like " $(names)" ' chmod .* getpid .* socket:1 socket:2 ' "a profile has what execs called"
got=" $(names --no-exec)"
like "$got" ' getpid ' "without them it has what the program called"
unlike "$got" ' chmod ' "not what only they did"
like "$got" ' socket:1 ' "and its values"
unlike "$got" ' socket:2 ' "not theirs"
like " $(names --no-exec --stage all)" ' getpid ' "the set-up can be taken all the same"
sctrace-nl report --ns "$inum" --json >"$T/report"
like "$(jq -r '.verdict.reasons[].text' "$T/report")" \
	'^only execs .* called [0-9]* of these: .*chmod.* --no-exec ' \
	"the report tells what they added"
is "$(jq -r '.syscalls[] | select(.name == "chmod") | "\(.stage) \(.in_profile) \(.why)"' "$T/report")" \
	"exec true only an exec called it (docker exec, a health check)" "line by line"
is "$(jq -r '.syscalls[] | select(.name == "getpid") | .stage' "$T/report")" workload \
	"and of none that the workload called as well"
like "$(sctrace-nl report --ns "$inum" --text)" '^IN: only an exec called it \(' \
	"as text"
sctrace-nl report --ns "$inum" -o "$T/report.html"
like "$(cat "$T/report.html")" 'only execs ' "as HTML"
unlike_of 'nly (an )?exec' "nothing, when it is to leave them out" \
	sctrace-nl report --ns "$inum" --no-exec --text
sctrace-nl profile --ns "$inum" --runtime none --no-exec -o "$T/p.json"
exit_is 5 "a watch judges what execs call" sctrace-nl watch --ns "$inum" --profile "$T/p.json" \
	--once --caps none
like "$(cat "$LIB_OUT")" 'chmod' "and names it"
sctrace-nl watch --ns "$inum" --profile "$T/p.json" --once --caps none --no-exec >"$T/watch"
unlike "$(cat "$T/watch")" 'chmod' "unless it is to leave them out"
over

# --- the engines' exec
for rt in $(executing_runtimes); do
	ways_container $rt "$T/$rt" "e-$rt" || bail "no container"
	ok "$rt: the program runs" poll_until 60 sh -c "./nl get inum:$inum | grep -q running"
	ok "$rt exec" $rt exec "e-$rt" /ways call 560
	ok "$rt: is told apart" has ef 560
	not_ok "$rt: from the workload" has wc 560
	# mount pivot_root umount2 sethostname setns
	for nr in 165 155 166 170 308; do
		not_ok "$rt: nothing of the engine's is among it: $nr" has ef $nr
	done
	delete_container $rt "e-$rt"
	./nl forget "inum:$inum"
done

done_testing
