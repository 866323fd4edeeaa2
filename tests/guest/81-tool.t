#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bullseye
# What the tool says to what cannot be done: one line, the documented status, and
# a file that was there stays as it was.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
chmod 755 "$TMPDIR" "$SCTRACE_SRC"
echo precious >"$T/keep.json"

# refuses STATUS ERE NAME CMD... - it ends with STATUS, prints nothing, says one
# line that matches, and $T/keep.json is as it was
refuses()
{
	_want=$1 _ere=$2 _name=$3
	shift 3
	_st=0
	"$@" >"$T/out" 2>"$T/err" </dev/null || _st=$?
	if [ $_st != "$_want" ]; then
		_why="status $_st, not $_want"
	elif [ -s "$T/out" ]; then
		_why="printed something"
	elif [ "$(wc -l <"$T/err")" != 1 ]; then
		_why="not one line"
	elif ! grep -q -E "^sctrace-nl: .*$_ere" "$T/err"; then
		_why="does not match $_ere"
	elif [ "$(cat "$T/keep.json")" != precious ]; then
		_why="the file has changed"
	elif [ -n "$(find "$T" -name '.*keep.json*' 2>/dev/null)" ]; then
		_why="left something behind"
	else
		pass "$_name: $(cat "$T/err")"
		return
	fi
	fail "$_name"
	diag "$_why: $*" "$(cat "$T/out" "$T/err")"
	echo precious >"$T/keep.json"
}

# --- no module
not_loaded()
{
	[ ! -d /sys/module/sctrace ]
}
mv "$SCTRACE_KO" "$SCTRACE_KO.away"
refuses 1 "module" "no module at all" sctrace-nl --ns 4026531836 -o "$T/keep.json"
refuses 1 "module" "list without module" sctrace-nl list
mv "$SCTRACE_KO.away" "$SCTRACE_KO"
ok "nothing is loaded" not_loaded
refuses 1 "" "unprivileged, not loaded" \
	setpriv --reuid=65534 --regid=65534 --clear-groups sctrace-nl list
ok "and nobody but root sets off loading" not_loaded
ok "the tool loads a missing module itself" sctrace-nl list
ok "it is loaded" test -d /sys/module/sctrace
rmmod sctrace

# Several at once: one loads it, and the others wait until it is there. (Large tables take
# their time.)
echo "options sctrace max_records=65536 max_ended=65536" >/etc/modprobe.d/x-slow.conf
cleanup "rm -f /etc/modprobe.d/x-slow.conf"
: >"$T/said"
for round in 1 2 3 4 5; do
	jobs=
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sctrace-nl list >/dev/null 2>>"$T/said" &
		jobs="$jobs $!"
	done
	for job in $jobs; do
		wait $job || echo "status $?" >>"$T/said"
	done
	rmmod sctrace
done
is "$(cat "$T/said")" "" "ten at once find it missing: each gets its answer"

# One that another is loading: sysfs has it before netlink does
mkdir -p "$T/sys/sctrace"
echo coming >"$T/sys/sctrace/initstate"
echo "install sctrace modprobe -i sctrace && echo live >$T/sys/sctrace/initstate" >/etc/modprobe.d/x-slow.conf
ok "one that is being loaded is not taken for one that is there" \
	unshare -m sh -c 'mount --bind "$0" /sys/module && exec sctrace-nl list' "$T/sys"
rmmod sctrace
rm -f /etc/modprobe.d/x-slow.conf

# --- a module of another API: the version in its family is made 2
at=$(LC_ALL=C grep -obUaP 'sctrace\x00{9}\x01\x00\x00\x00' "$SCTRACE_KO" | head -n 1 | cut -d: -f1)
like "$at" '^[0-9]+$' "the family's version in the module"
cp "$SCTRACE_KO" "$T/other.ko"
printf '\002' | dd of="$T/other.ko" bs=1 seek=$((at + 16)) conv=notrunc 2>/dev/null
ok "a module of another API" insmod "$T/other.ko"
refuses 1 "API|version" "a module of another API version" \
	sctrace-nl --ns 4026531836 -o "$T/keep.json"
rmmod sctrace

load_module record=all || bail "the module does not load"
cleanup unload_module
./nsrun -o "$T/ns" ./calls 39 102
read -r inum pid <"$T/ns"

# --- what there is none of
refuses 3 "no such record.*sctrace-nl list. shows all" "unknown inum" sctrace-nl --ns 1234567 -o "$T/keep.json"
refuses 3 "" "unknown id" sctrace-nl --id 999999 -o "$T/keep.json"
refuses 3 "no such record.*sctrace-nl list. shows all" "unknown label" sctrace-nl --label nobody -o "$T/keep.json"
refuses 3 "no such process" "a pid that is gone" sctrace-nl --pid 4194303 -o "$T/keep.json"
for c in show stop reset forget; do
	refuses 3 "" "$c of an unknown record" sctrace-nl $c --ns 1234567
done
refuses 3 "" "start of a pid that is gone" sctrace-nl start --pid 4194303

# --- rights
mkdir -m 1777 "$T/pub"
for who in "setpriv --reuid=65534 --regid=65534 --clear-groups" \
	"setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_admin --ambient-caps=+net_admin" \
	"unshare -Ur"; do
	# shellcheck disable=SC2086
	refuses 1 "permitted|CAP_SYS_ADMIN" "$who: no right" \
		$who sctrace-nl --ns "$inum" -o "$T/pub/other.json"
	refuses 1 "not permitted: .*: run it as root, on the host" "$who: list" $who sctrace-nl list
done

# --- where it cannot be written
refuses 1 "No such file or directory" "a missing directory" \
	sctrace-nl --ns "$inum" -o "$T/none/profile.json"
refuses 1 "directory" "a directory" sctrace-nl --ns "$inum" -o "$T"
refuses 1 "Not a directory" "below a file" sctrace-nl --ns "$inum" -o "$T/keep.json/x"
mkdir "$T/ro" "$T/small"
mount -t tmpfs -o ro tmpfs "$T/ro"
cleanup "umount $T/ro"
refuses 1 "Read-only file system" "an unwritable directory" \
	sctrace-nl --ns "$inum" -o "$T/ro/profile.json"
mount -t tmpfs -o size=8k tmpfs "$T/small"
cleanup "umount $T/small"
echo precious >"$T/small/profile.json"
# One page is left: not enough for this
dd if=/dev/zero of="$T/small/fill" bs=4096 count=1 2>/dev/null
exit_is 1 "a full disk" sctrace-nl --ns "$inum" -o "$T/small/profile.json"
like "$(tail -n 1 "$LIB_ERR")" "^sctrace-nl: .*No space left" "is told, last of all"
is "$(cat "$T/small/profile.json")" precious "the file there is untouched"
is "$(ls -A "$T/small" | tr '\n' ' ')" "fill profile.json " "and nothing else is there"
ln -s keep.json "$T/link.json"
refuses 1 "symbolic link" "a symbolic link" sctrace-nl --ns "$inum" -o "$T/link.json"
ln -s nowhere "$T/dangling.json"
refuses 1 "symbolic link" "a dangling one" sctrace-nl --ns "$inum" -o "$T/dangling.json"
not_ok "nothing was made where it leads" test -e "$T/nowhere"
refuses 1 "regular file" "a device" sctrace-nl --ns "$inum" -o /dev/null
exit_is 1 "standard output that is full" sh -c "sctrace-nl --ns $inum >/dev/full"
like "$(cat "$LIB_ERR")" "No space left" "is told"

# --- usage
refuses 2 "" "no record named" sctrace-nl -o "$T/keep.json"
refuses 2 "" "two records named" sctrace-nl --ns "$inum" --pid 1 -o "$T/keep.json"
refuses 2 "" "no number" sctrace-nl --ns abc -o "$T/keep.json"
refuses 2 "" "a number too large" sctrace-nl --ns 99999999999 -o "$T/keep.json"
refuses 2 "" "an unknown option" sctrace-nl --nosuch
refuses 2 "" "an unknown command" sctrace-nl nosuch
refuses 2 "" "an unknown format" sctrace-nl --ns "$inum" --format nosuch -o "$T/keep.json"
refuses 2 "" "an unknown errno" sctrace-nl --ns "$inum" --errno ENOSUCH -o "$T/keep.json"
refuses 2 "" "nothing at all" sctrace-nl
refuses 125 "" "run without a command" sctrace-nl run --
refuses 2 "" "an empty label" sctrace-nl start --pid 1 --set-label ""

# --- a record that is not whole
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"
unload_module
./nsrun -g "$T/gate" -o "$T/late" ./calls w 39 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/late"
read -r late pid <"$T/late"
: >"$T/gate"
poll_until 60 grep -q '^0 0x0 ' "/proc/$pid/syscall"
load_module record=all
echo >&3
poll_until 60 sh -c "./nl nrs inum:$late | grep -qx 'x86_64 39'"
_st=0
sctrace-nl --ns "$late" --strict -o "$T/keep.json" >"$T/out" 2>"$T/err" || _st=$?
is $_st 4 "a late record and --strict: status 4"
is "$(cat "$T/keep.json")" precious "the file is untouched"
like "$(cat "$T/err")" "running already" "and it says why"
exit_is 0 "without --strict it is written" sctrace-nl --ns "$late" -o "$T/late.json"
like "$(cat "$LIB_ERR")" "running already" "with a word of warning"
ok "it is a profile" jq -e '.syscalls[0].names | index("getpid")' "$T/late.json"
echo >&3
wait $job

# --- the other commands do what they say
ok "list" sctrace-nl list
like "$(cat "$LIB_OUT")" "(^| )$late( |\$)" "has the record"
ok "list --json" sh -c "sctrace-nl list --json | jq -e '.version and (.records | length > 1)'"
ok "show" sctrace-nl show --ns "$late"
like "$(cat "$LIB_OUT")" "getpid" "has the call"
ok "show --json" sh -c "sctrace-nl show --ns $late --json | jq -e .version"
sed -n '/^\.SH JSON/,/^\.SH EXIT/p' "$SCTRACE_SRC/user/man/sctrace-nl.8" >"$T/json.8"
for c in list "show --ns $late" "refused --ns $late"; do
	# shellcheck disable=SC2086
	sctrace-nl $c --json 2>/dev/null |
		jq -r '[paths | map(strings) | last // empty] | unique[]' >"$T/keys"
	ok "${c%% *} --json has members" test "$(wc -l <"$T/keys")" -gt 10
	is "$(while read -r k; do
		grep -q -E "^([^ ]*\.)?$k(\[\])?\?? " "$T/json.8" || echo "$k"
	done <"$T/keys")" "" "and the manual knows each"
done
ok "start" sctrace-nl start --ns "$late"
like "$(./nl get "inum:$late")" held "holds"
ok "stop" sctrace-nl stop --ns "$late"
like "$(./nl get "inum:$late")" stopped "stops"
ok "reset" sctrace-nl reset --ns "$late"
nothing "empties" ./nl nrs "inum:$late"
ok "forget" sctrace-nl forget --ns "$late"
not_ok "forgets" ./nl get "inum:$late"
exit_is 7 "run hands on a status" sctrace-nl run -o "$T/run.json" -- sh -c 'exit 7'
ok "and writes the profile" jq -e '.syscalls[0].names | index("exit_group")' "$T/run.json"
# Status and words of a command that a signal ends: of its own (a crash: whatever else
# process 1 sends itself is ignored), from outside, or handed on by us
for how in trap:132 kill:137 int:130 term:143; do
	case $how in
	trap*) set -- ./sigsys crash ;;
	*) set -- sleep 100 ;;
	esac
	# (a background job of a shell ignores SIGINT, and what it starts does)
	env --default-signal=INT sctrace-nl run -o "$T/run.json" -- "$@" 2>"$T/err" &
	job=$!
	case $how in
	kill*) poll_until 60 pkill -KILL -fx 'sleep 100' ;;
	int* | term*)
		poll_until 60 pgrep -x sleep >/dev/null
		kill -"$(echo "${how%:*}" | tr a-z A-Z)" $job
		;;
	esac
	_st=0
	wait $job || _st=$?
	is "$_st" "${how#*:}" "run of what a signal ends, $how"
	ok "its profile is written" jq -e .syscalls "$T/run.json"
	rm -f "$T/run.json"
done
exit_is 127 "run of what is not there" sctrace-nl run -o "$T/keep.json" -- /nosuch
exit_is 126 "run of what cannot be run" sctrace-nl run -o "$T/keep.json" -- /etc/passwd
is "$(cat "$T/keep.json")" precious "an existing file is untouched by these"
ok "run makes /proc the namespace's own" sctrace-nl run -o "$T/run.json" -- \
	sh -c 'test "$(readlink /proc/self)" -lt 10'
like "$(./nl info)" '^held=0$' "run leaves no held record"
ok "doctor" sctrace-nl doctor
ok "--help" sctrace-nl --help
ok "--version" sctrace-nl --version
like "$(cat "$LIB_OUT")" "module" "tells the module's, too"

# --- every command, on terminals of all kinds, and with a reader that leaves
sctrace-nl run -q --label wide -- ls -l / >/dev/null
sctrace-nl profile -q --label wide -o "$T/wide.json"
echo getpid >"$T/names"
./nsrun -g "$T/gate" -o "$T/held" ./calls 39 w <"$T/in" &
job=$!
poll_until 60 test -s "$T/held"
read -r living pid <"$T/held"
: >"$T/gate"

# example COMMAND - ARGS: how it is called here; WANT: its status; PRINTS: for people (what
# fits the terminal), for programs (what need not), or nothing
example()
{
	WANT=0 PRINTS=people
	case $1 in
	profile) ARGS="--label wide --explain -o $T/x.json" ;;
	list | doctor) ARGS= ;;
	show | refused | follow) ARGS="--label wide" ;;
	run) ARGS="-- true" PRINTS=nothing ;;
	start) ARGS="--ns $living" ;;
	stop | reset) ARGS="--ns $living" PRINTS=nothing ;;
	forget)
		# what `run` has left
		ARGS="--id $(sctrace-nl list --json | jq 'first(.records[] | select(.init_comm == "true")).id')"
		PRINTS=nothing
		;;
	watch) ARGS="--once --label wide --profile $T/names" WANT=5 ;;
	report) ARGS="--text --label wide" ;;
	merge | intersect | subtract) ARGS="$T/wide.json $T/names" PRINTS=programs ;;
	diff) ARGS="$T/wide.json $T/names" WANT=5 ;;
	check) ARGS="$T/names" WANT=5 ;;
	hook) ARGS="none" WANT=2 PRINTS=nothing ;;
	complete) ARGS="bash list --" PRINTS=programs ;;
	*) return 1 ;;
	esac
}

# on ENV COLUMNS COMMAND - what is wrong with what it prints on such a terminal
on()
{
	script -qec "stty cols $2 && env $1 sctrace-nl $3 $ARGS 2>/dev/null" "$T/typed" \
		</dev/null >/dev/null 2>&1 || [ $? = $WANT ] || echo "not its status"
	sed -e '/^Script /d' -e 's/\r//g' "$T/typed" >"$T/text"
	[ "$1" = TERM=xterm ] || ! grep -q "$(printf '\033')" "$T/text" || echo "an escape sequence"
	case $PRINTS in
	nothing) ! grep . "$T/text" ;;
	*) grep -q . "$T/text" || echo "nothing" ;;
	esac
	[ $PRINTS != people ] || sed 's/\x1b\[[0-9;]*m//g' "$T/text" |
		awk -v w="$2" 'length > w { print "wide:", $0; exit }'
}

mkfifo "$T/left"
for c in $(sctrace-nl --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'); do
	for how in "TERM=xterm 80" "TERM=dumb 40" "-uTERM 40"; do
		example "$c" || fail "there is an example of $c"
		# shellcheck disable=SC2086
		is "$(on $how "$c")" "" "$c on a terminal, $how"
	done
	# shellcheck disable=SC2086
	[ $PRINTS != nothing ] && [ -n "$(sctrace-nl $c $ARGS 2>/dev/null)" ] || continue
	# opened for reading, closed, and then written to
	: <"$T/left" &
	reader=$!
	exec 4>"$T/left"
	wait $reader
	_st=0
	# shellcheck disable=SC2086
	env --default-signal=PIPE sctrace-nl -q $c $ARGS >&4 2>"$T/err" || _st=$?
	exec 4>&-
	is "$_st $(grep -v warning "$T/err")" "141 " "$c ends in silence when its reader has left"
done
echo >&3
wait $job
ok "what was started is forgotten" sctrace-nl forget --ns "$living"
ok "and what run has held" sctrace-nl forget --label wide

done_testing
