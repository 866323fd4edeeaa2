#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Records pin nothing of anybody's quota: with room for 20 PID or user namespaces any
# number of containers succeed, one after another, and the last ones can be read.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

echo 10000 >/proc/sys/user/max_user_namespaces
[ ! -e /proc/sys/kernel/unprivileged_userns_clone ] ||
	echo 1 >/proc/sys/kernel/unprivileged_userns_clone
T=$TMPDIR
chmod 755 "$T" "$LIB_TMP" .
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"
pids=$(cat /proc/sys/user/max_pid_namespaces)
cleanup "echo $pids >/proc/sys/user/max_pid_namespaces; unload_module"
cleanup "./forget-held >/dev/null 2>&1"

# in_turn TIMES CMD... - CMD so many times; how often it succeeded.
# The kernel gives a namespace's place in the quota back when the last reference to one of
# its struct pid goes, a grace period after its init (delayed_put_pid(), put_pid_ns()): a
# loop can be quicker than that without the module, too. Who has to wait tries again for
# two seconds; a place that a record pins does not come back in them.
cat >"$T/in_turn" <<'EOF'
#!/bin/sh
n=0 good=0 times=$1
shift
while [ $n -lt "$times" ]; do
	n=$((n + 1)) tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || break
		sleep 0.1
	done
	[ $tries -eq 20 ] || good=$((good + 1))
done
echo $good
EOF
chmod 755 "$T/in_turn"
in_turn()
{
	"$T/in_turn" "$@" 2>>"$T/err"
}

echo 20 >/proc/sys/user/max_pid_namespaces
is "$(in_turn 22 unshare -p -f true)" 22 "without the module: 22 of 22, where there may be 20 at a time"
nested="$(unshare -p -f unshare -p -f true 2>&1)" || bail "no nested namespaces: $nested"

# --- record=all
load_module record=all || bail "the module does not load"
is "$(in_turn 300 ./nsrun -o "$T/ns" ./calls 500)" 300 "300 containers in turn"
./nsrun -o "$T/ns" ./calls 511
read -r inum pid <"$T/ns"
ok "each has its record" test "$(info ended)" -ge 301
last=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p' | tail -n 1)
is "$(./nl nrs -k w "id:$last" | tr '\n' ' ')" "x86_64 231 x86_64 511 " "the last one can be read"
is "$(./nl nrs -k w "id:$((last - 1))" | tr '\n' ' ')" "x86_64 231 x86_64 500 " "and the one before"
again=$(./nl dump | grep -c " inum=$inum ")
diag "$again records of namespaces that had the number $inum"
is "$(./nl get "inum:$inum" | sed 's/^record id=\([0-9]*\) .*/\1/')" "$last" \
	"of several with one number the newest is meant"
rm -f "$T/ns"
./nsrun -g "$T/gate" -o "$T/ns" ./calls w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns"
read -r inum pid <"$T/ns"
poll_until 60 ./nl get "pid:$pid" >/dev/null 2>&1
live=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p' | tail -n 1)
unlike "$(./nl get "inum:$inum")" 'flags=[^ ]*ended' "and before it the living one"
is "$(./nl get "pid:$pid" | sed 's/^record id=\([0-9]*\) .*/\1/')" "$live" "which its process tells, too"
: >"$T/gate"
echo >&3
wait $job

ok "nested ones" test "$(in_turn 25 unshare -p -f unshare -p -f true)" = 25

# --- held, ended, with the calls under way noted
n=0
while [ $n -lt 22 ]; do
	n=$((n + 1))
	rm -f "$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" ./calls 512 <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r inum pid <"$T/ns"
	./nl -r start "pid:$pid" "held-$n" >/dev/null 2>>"$T/err" || break
	: >"$T/gate"
	wait $job || break
done
is $n 22 "22 containers that START holds"
is "$(info held)" 22 "which are held"
is "$(in_turn 22 ./nsrun ./calls 500)" 22 "and 22 more"
is "$(./nl nrs -k w label:held-1 | tr '\n' ' ')" "x86_64 231 x86_64 512 " "the first held one can be read"
./forget-held >/dev/null 2>&1

# --- an unprivileged user: both kinds of quota
echo 20 >/proc/sys/user/max_user_namespaces
is "$(in_turn 40 setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urpf true)" 40 \
	"40 containers of an unprivileged user, with user namespaces"
echo 10000 >/proc/sys/user/max_user_namespaces
# Limits of a user namespace's own, for what is nested in it
# shellcheck disable=SC2016
is "$(unshare -Ur sh -c 'echo 5 >/proc/sys/user/max_pid_namespaces || exit 1
	"$1" 20 unshare -p -f true' sh "$T/in_turn" 2>>"$T/err")" 20 "20 in a user namespace that allows 5"
unload_module

# --- record=selected
load_module record=selected || bail "the module does not load"
rm -f "$T/ns"
./nsrun -g "$T/gate" -o "$T/ns" "$T/in_turn" 40 ./nsrun ./calls 513 >"$T/good" &
job=$!
poll_until 60 test -s "$T/ns"
read -r inum pid <"$T/ns"
./nl -r start "pid:$pid" outer >/dev/null
: >"$T/gate"
wait $job
is "$(cat "$T/good")" 40 "record=selected: 40 in turn inside of what was started"
is "$(./nl dump | grep -c "parent=$inum ")" 40 "each of which has its record"
last=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p' | tail -n 1)
is "$(./nl nrs -k w "id:$last" | tr '\n' ' ')" "x86_64 231 x86_64 513 " "the last one can be read"
./nl stop label:outer
is "$(in_turn 22 ./nsrun ./calls 500)" 22 "with all stopped, 22 of others"

# A record that is stopped says when its namespace ends, and pins nothing either
rm -f "$T/ns"
./nsrun -g "$T/gate" -o "$T/ns" ./calls w <"$T/in" &
job=$!
poll_until 60 test -s "$T/ns"
read -r inum pid <"$T/ns"
./nl start "pid:$pid" still >/dev/null
./nl stop label:still
: >"$T/gate"
echo >&3
wait $job
like "$(./nl get label:still)" 'flags=ended,held,stopped' "the end is seen of what is stopped, too"
./forget-held >/dev/null 2>&1
[ ! -s "$T/err" ] || diag "$(sort "$T/err" | uniq -c | head -n 5)"

done_testing
