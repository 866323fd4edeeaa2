#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# watch: what a profile would refuse is told as it is called, with who, in each ABI and by
# value; what it permits never is; runs add up. With the programs of tests/field/programs (make
# check-drift) redis and nginx, DRIFT_RUNS times each.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh

T=$TMPDIR
programs_add
load_module || bail "the module does not load"
cleanup unload_module
mkfifo "$T/in"
exec 3<>"$T/in"

# run_as NAME CMD... - to its end, in a namespace of its own; $id: the record
run_as()
{
	ra_name=$1
	shift
	rm -f "$T/$ra_name"
	./nsrun -o "$T/$ra_name" "$@" >/dev/null 2>&1 </dev/null
	read -r inum _ <"$T/$ra_name"
	find_id
}

# find_id - of the namespace $inum
find_id()
{
	id=$(sctrace-nl show --ns "$inum" --json 2>/dev/null |
		sed -n 's/.*"id": *\([0-9]*\),.*/\1/p' | head -n 1)
}

# once CMD... - the options of watch for the last record
once()
{
	sctrace-nl watch --id "$id" --profile "$T/p.json" "$@"
}

# --- the same again has nothing new; more has
run_as first ./calls 39 i20 x39 121
sctrace-nl -q profile --id "$id" --runtime none -o "$T/p.json"
exit_is 0 "the run that the profile was made of" once --strict
nothing "tells nothing" once -q
n=0
for k in 1 2 3; do
	run_as again ./calls 121 x39 39 i20
	once -q --strict >"$T/out" 2>&1 && [ ! -s "$T/out" ] && n=$((n + 1))
done
is $n 3 "nor do $n others of the same"
run_as more ./calls 39 250 i199 x104 121
exit_is 5 "a call more in each ABI" once
is "$(sed 's/^+[^ ]* *//; s/  */ /g' "$LIB_OUT" | sort)" "\
getgid calls[1] would be refused: SCMP_ACT_ERRNO(ENOSYS) x32
getuid32 calls[1] would be refused: SCMP_ACT_ERRNO(ENOSYS) x86
keyctl calls[1] would be refused: SCMP_ACT_ERRNO(ENOSYS)" "is told, with who, and nothing else"
like "$(cat "$LIB_ERR")" 'would refuse 3, and 0 cannot be judged' "and counted"
exit_is 5 "as SARIF" once --format sarif -o "$T/o.sarif"
is "$(jq -r '.version, (.runs[0].results | length), .runs[0].results[0].level' "$T/o.sarif" | tr '\n' ' ')" \
	"2.1.0 3 error " "with a result for each"
exit_is 5 "as metrics" once --format prometheus -o "$T/o.prom"
ok "with a sample of how many" grep -q 'verdict="refused"} 3$' "$T/o.prom"
exit_is 5 "as JSON" once --json
is "$(jq -c 'select(.end) | [.refused, .open, .whole]' "$LIB_OUT")" '[3,0,true]' "with the sum at the end"
is "$(jq -r 'select(.name == "keyctl") | .verdict, .comm, .pid' "$LIB_OUT" | tr '\n' ' ')" "refused calls 1 " \
	"and who made a call"

# --- over runs
for k in 1 2 3; do
	extra=
	[ $k != 2 ] || extra=250
	run_as run ./calls 39 i20 x39 $extra
	sctrace-nl -q profile --id "$id" --runtime none --counts -o "$T/r$k.json"
	eval "id$k=$id"
done
ok "runs are added up" sctrace-nl -q merge --counts "$T"/r[123].json -o "$T/all.json"
# count TEXT - of a call in an ABI, in all runs
count()
{
	jq -r --arg n "$1" --arg a "$2" '.seen[] | select(.name == $n and .abi == $a and .args == null and
		.open == null) | "\(.count) of \(.of) (\(.runs))"' "$T/all.json.runs.json"
}
is "$(count keyctl x86_64), $(count getpid x86), $(count getpid x32), $(count getpid x86_64)" \
	"1 of 3 (2), 3 of 3 (1-3), 3 of 3 (1-3), 3 of 3 (1-3)" "in how many of them, by ABI"
# The same run by another look, and by a profile that has it already
sctrace-nl -q profile --id "$id2" --runtime none --counts -o "$T/r2b.json"
ok "what comes twice" sctrace-nl -q merge --counts "$T/all.json" "$T/r2b.json" "$T/r1.json" -o "$T/all.json"
is "$(count keyctl x86_64), $(count getpid x86)" "1 of 3 (2), 3 of 3 (1-3)" "is counted once"
ok "a report" sctrace-nl report "$T/all.json" --json
is "$(jq -c '[.runs.count, .runs.quiet, (.runs.once | length), (.runs.run | map(.new) | .[1:])]' "$LIB_OUT")" \
	'[3,1,2,[2,0]]' "says what one run needed, and that the last added nothing"
ok "of several profiles, too" sctrace-nl report --text "$T/r1.json" "$T/r2.json"
like "$(cat "$LIB_OUT")" '2 runs on 1 host' "with all their runs"
sctrace-nl -q profile --id "$id1" --runtime none -o "$T/plain.json"
exit_is 1 "a profile of which no runs are known" sctrace-nl merge --counts "$T/r1.json" "$T/plain.json" -o "$T/no.json"
is "$(wc -l <"$LIB_ERR")" 1 "is refused in a line"
not_ok "and nothing is written" test -e "$T/no.json"
cp "$T/r2.json" "$T/r1.json"
exit_is 1 "runs of another profile" sctrace-nl merge --counts "$T/r1.json" -o "$T/no.json"
like "$(cat "$LIB_ERR")" 'r1.json.runs.json.: is of another profile' "are no runs of this"

# --- by value
run_as values ./values 41,1,1,0 41,2,1,6 157,3 w
sctrace-nl -q profile --id "$id" --runtime none --args guard -o "$T/p.json"
exit_is 0 "the same values" once
run_as values ./values 41,2,1,6 41,38,5,0 157,15
exit_is 5 "another family of sockets" once -q
is "$(sed 's/^+[^ ]* *//; s/  */ /g' "$LIB_OUT")" \
	"socket(AF_ALG, SOCK_SEQPACKET, 0) values[1] would be refused: SCMP_ACT_ERRNO(ENOSYS)" \
	"is told, and a call without a condition is not"

# --- while it lives
mkfifo "$T/start"
./nsrun -o "$T/live" -g "$T/start" ./values w 41,2,1,6 w 250,1 w <"$T/in" >/dev/null 2>&1 &
run=$!
poll_until 60 test -s "$T/live" || bail "no namespace"
read -r inum pid <"$T/live"
cleanup "kill -9 $pid 2>/dev/null"
echo >"$T/start"
poll_until 60 sh -c "sctrace-nl list | grep -q $inum" || bail "no record"
find_id
exit_is 0 "until it is quiet" once --until-quiet 1
exit_is 0 "for a second" once --for 1s
exit_is 0 "or at once" once --once
sctrace-nl watch --id "$id" --profile "$T/p.json" >"$T/out" 2>"$T/err" &
watcher=$!
sctrace-nl watch --id "$id" --profile "$T/p.json" --format prometheus -o "$T/live.prom" 2>/dev/null &
metrics=$!
ok "metrics are there before anything was found" \
	poll_until 60 grep -q 'verdict="refused"} 0$' "$T/live.prom"
printf . >&3
poll_until 60 sh -c "sctrace-nl show --id $id | grep -q socket" || bail "it does not go on"
not_ok "what the profile permits is not told" test -s "$T/out"
printf . >&3
ok "what it would refuse is, at once" \
	poll_until 60 grep -q '^+[^ ]* *keyctl.* values\[1\] *would be refused' "$T/out"
ok "metrics have it, too" poll_until 60 grep -q 'call="keyctl.*verdict="refused"} [0-9.]*$' "$T/live.prom"
ok "the watched lives" kill -0 "$pid"
kill -TERM $metrics
wait $metrics
is $? 5 "a signal ends a watch that has found something with 5"
printf . >&3
wait $run
wait $watcher
is $? 5 "the end of the namespace does so, too"
is "$(wc -l <"$T/out")" 1 "one line"

# --- a watch that has found nothing, ended by a signal; a record that goes away
rm -f "$T/live"
./nsrun -o "$T/live" -g "$T/start" ./values w <"$T/in" >/dev/null 2>&1 &
run=$!
poll_until 60 test -s "$T/live" || bail "no namespace"
read -r inum pid <"$T/live"
cleanup "kill -9 $pid 2>/dev/null"
echo >"$T/start"
poll_until 60 sh -c "sctrace-nl list | grep -q $inum" || bail "no record"
for sig in HUP:129 INT:130 TERM:143; do
	want=${sig#*:} sig=${sig%:*}
	# A shell's child in the background ignores SIGINT, and so does the tool then
	env --default-signal=INT sctrace-nl watch --ns "$inum" --profile "$T/p.json" -o "$T/$sig" \
		2>"$T/err" &
	watcher=$!
	poll_until 60 sh -c "ls -A $T | grep -q '^\.$sig\.'"
	kill -$sig $watcher
	wait $watcher
	is $? "$want" "SIG$sig"
	is "$(wc -l <"$T/$sig") $(wc -l <"$T/err")" "0 1" "leaves a file and a line"
done
sctrace-nl watch --ns "$inum" --profile "$T/p.json" >"$T/out" 2>"$T/err" &
watcher=$!
sleep 1
sctrace-nl forget --ns "$inum"
wait $watcher
is $? 3 "a record that is dropped is no record"
is "$(wc -l <"$T/err")" 1 "which one line tells"
kill -9 "$pid"
wait $run 2>/dev/null

# --- programs, again and again
runs=${DRIFT_RUNS:-3}

# served CLIENT CMD... - a server to its end, as run_as; CLIENT, from outside, asks it
# something and ends it. It is alone: what a shell beside it calls depends on who is quicker.
served()
{
	s_client=$1
	shift
	rm -f "$T/server"
	./nsrun -o "$T/server" -g "$T/start" "$@" >/dev/null 2>&1 </dev/null &
	run=$!
	poll_until 60 test -s "$T/server" || bail "no namespace"
	read -r inum pid <"$T/server"
	echo >"$T/start"
	$s_client || { diag "$s_client failed"; kill -9 "$pid"; }
	wait $run
	find_id
}

planted()
{
	nsenter -t "$pid" -p ./calls 250
	$a_client
}

# again CLIENT CMD... - the profile of some runs, and then no alarm in others
again()
{
	a_name=$2
	if ! command -v "$a_name" >/dev/null; then
		skip 4 "no $a_name here (make check-drift)"
		return
	fi
	for k in 1 2 3; do
		served "$@"
		sctrace-nl -q profile --id "$id" --runtime none -o "$T/$a_name.$k"
	done
	sctrace-nl -q merge "$T/$a_name".[123] -o "$T/p.json"
	a_bad=0 a_open=0
	for k in $(seq "$runs"); do
		served "$@"
		sctrace-nl watch --id "$id" --profile "$T/p.json" --json >"$T/out" 2>&1 || {
			a_bad=$((a_bad + 1))
			diag "run $k: $(grep -v '"end":' "$T/out")"
		}
		grep -q '"open":0,' "$T/out" || a_open=$((a_open + 1))
		sctrace-nl forget --id "$id" 2>/dev/null
	done
	is $a_bad 0 "$a_name: no alarm in $runs runs"
	is $a_open 0 "$a_name: nothing that cannot be judged"
	# Another program comes in, too
	a_client=$1
	shift
	served planted "$@"
	exit_is 5 "$a_name: a planted call is found" once -q
	is "$(grep -c keyctl "$LIB_OUT") $(wc -l <"$LIB_OUT")" "1 1" "$a_name: and no other"
}

mkdir -p "$T/www"
echo done >"$T/www/index.html"
cat >"$T/nginx.conf" <<-EOS
	user root;
	error_log $T/nginx.log;
	pid $T/nginx.pid;
	events { }
	http {
		access_log $T/access.log;
		server { listen 127.0.0.1:8089; root $T/www; }
	}
EOS
cli()
{
	redis-cli -s "$T/redis.sock" "$@" >/dev/null 2>&1
}
redis_client()
{
	poll_until 60 cli ping && cli set a 1 && cli get a || return
	cli shutdown nosave || :
}
nginx_client()
{
	poll_until 60 busybox wget -q -O /dev/null http://127.0.0.1:8089/ 2>/dev/null && kill -QUIT "$pid"
}
again redis_client redis-server --unixsocket "$T/redis.sock" --port 0 --save '' --dir "$T"
again nginx_client nginx -g 'daemon off;' -c "$T/nginx.conf"
done_testing
