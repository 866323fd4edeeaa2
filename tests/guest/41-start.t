#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# START of a namespace whose init is about to call execve: before or after, and never lost
# in between. And what one record missed is not held against another.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"

in_read()
{
	grep -q '^0 ' "/proc/$pid/syscall"
}

# A namespace that is older than the module, and no part of what is missed
./nsrun -g "$T/gate" -o "$T/old" ./calls w 39 w <"$T/in" &
poll_until 60 test -s "$T/old" || bail "no namespace"
read -r old old_pid <"$T/old"

# --- START and execve at once
load_module record=selected || bail "the module does not load"
cleanup unload_module
mkfifo "$T/go"
n=0 lost=0 late=0
while [ $n -lt 25 ]; do
	rm -f "$T/ns"
	./nsrun -g "$T/go" -o "$T/ns" ./calls w 820 w <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns" || bail "no namespace"
	read -r inum pid <"$T/ns"
	(sleep 0.0$((n % 10)) && : >"$T/go") &
	./nl start "pid:$pid" >"$T/started" || break
	poll_until 60 in_read || break
	case $(./nl get "inum:$inum") in
	*late*) late=$((late + 1)) ;;
	esac
	echo >&3
	poll_until 60 has "inum:$inum" w 820 || lost=$((lost + 1))
	echo >&3
	wait $job
	./nl forget "inum:$inum"
	n=$((n + 1))
done
is "$n $lost" "25 0" "of 25 records none takes its program for set-up ($late came after execve)"
unload_module

# --- no room for some, and the next record is whole
load_module record=selected max_records=1 || bail "the module does not load again"
rm -f "$T/ns"
./nsrun -g "$T/go" -o "$T/ns" sh -c './nsrun ./calls 39; ./nsrun ./calls 39; read -r x' <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns" || bail "no namespace"
read -r inum pid <"$T/ns"
./nl start "pid:$pid" >"$T/started"
: >"$T/go"
missed()
{
	./nl info | grep -q '^unrecorded=[1-9]'
}
ok "namespaces inside find no room" poll_until 60 missed
echo >&3
wait $job
./nl forget "inum:$inum"
ok "START of an older one" ./nl start "pid:$old_pid"
unlike "$(./nl get "inum:$old")" incomplete "nothing is missing of it"
: >"$T/gate"
poll_until 60 grep -q '^0 ' "/proc/$old_pid/syscall"
echo >&3
ok "and it is recorded" poll_until 60 has "inum:$old" w 39
echo >&3
wait
ok "FORGET of it" ./nl forget "inum:$old"
done_testing
