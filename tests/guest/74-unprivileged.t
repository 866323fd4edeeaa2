#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What can an unprivileged user make the module do? He can make namespaces, and
# call. He cannot push out a record that is held, make the kernel keep more than is
# written down, make `list` unusable, or lose his own quota for good.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

echo 10000 >/proc/sys/user/max_user_namespaces
[ ! -e /proc/sys/kernel/unprivileged_userns_clone ] ||
	echo 1 >/proc/sys/kernel/unprivileged_userns_clone
T=$TMPDIR
chmod 755 "$T" "$LIB_TMP"

# user CMD... - as nobody, root of a user namespace of his own
user()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Ur "$@"
}

load_module max_records=64 max_ended=8 || bail "the module does not load"
cleanup unload_module

# Something that is held, and has ended: what an eviction would take first
mkfifo "$T/gate"
./nsrun -o "$T/ns" -g "$T/gate" ./calls 39 110 &
n=$!
poll_until 60 sh -c "pgrep -P $n >/dev/null" || bail "no namespace"
pid=$(pgrep -P $n)
./nl start "pid:$pid" kept >/dev/null || fail "a record is held"
: >"$T/gate"
wait $n
held=$(./nl get label:kept)
like "$held" 'flags=[a-z,]*ended,held' "a held record of an ended namespace"

# Births and deaths, as fast as it goes
before=$(info evicted)
ok "an unprivileged user makes namespaces and ends them" \
	user ./storm 3 births=3 known=1
diag "$(cat "$LIB_OUT")"
ok "others were evicted for it" test "$(info evicted)" -gt "$before"
is "$(./nl get label:kept)" "$held" "the held record is as it was"
ok "there are not more than max_records ($(info records))" test "$(info records)" -le 64

# The list in the midst of it
user ./storm 5 births=3 >/dev/null 2>&1 &
storm=$!
bad=0
for i in 1 2 3; do
	sctrace-nl list --wide >"$T/list" 2>>"$T/list.err" || bad=$((bad + 1))
	grep -q kept "$T/list" || bad=$((bad + 1))
done
is $bad 0 "list works and shows the held record all the while"
ok "and so does its profile" sctrace-nl profile --label kept -o "$T/p.json"
wait $storm
[ ! -s "$T/list.err" ] || diag "$(sort "$T/list.err" | uniq -c | head -n 5)"

# More living namespaces than there may be records
mkfifo "$T/hold"
user sh -c 'for i in $(seq 90); do ./nsrun ./calls 39 w <"$1" >/dev/null & done; wait' \
	sh "$T/hold" &
crowd=$!
chmod 666 "$T/hold"
exec 3>"$T/hold"
full()
{
	[ "$(info records)" = 64 ] && [ "$(info unrecorded)" -gt 0 ]
}
ok "with 90 of them the table is full, and it is said" poll_until 60 full
is "$(./nl get label:kept)" "$held" "the held record is as it was"
ok "list works" sctrace-nl list
exec 3>&-
wait $crowd
./nsrun ./calls 39
free_again()
{
	./nsrun -o "$T/ns" ./calls 39 110
	read -r inum pid <"$T/ns"
	./nl nrs "inum:$inum" 2>/dev/null | grep -q '^x86_64 110$'
}
ok "when they are gone a new namespace is recorded" poll_until 60 free_again

# Quotas: what a record pins is charged to who made it, and comes back
quota='echo 24 >/proc/sys/user/max_pid_namespaces || exit 9
	i=0
	while [ $i -lt 50 ]; do
		i=$((i + 1))
		n=0
		# the kernel itself frees a namespace a moment after its end
		until ./nsrun ./calls 39; do
			n=$((n + 1))
			[ $n -lt 60 ] || exit 1
			sleep 1
		done
	done'
ok "24 PID namespaces allowed, 50 made one after another: the quota comes back" \
	user sh -c "$quota"

# Memory: each call under a name of its own, in all ABIs, before and behind a filter
./nsrun -o "$T/ns" ./wild hoard
read -r inum pid <"$T/ns"
rec=$(./nl get "inum:$inum")
diag "$rec"
like "$rec" 'incomplete' "a journal has an end, and the record says so"
like "$rec" 'sightings_missed=[1-9]' "and counts what was left out"
kept=$(printf '%s\n' "$rec" | sed 's/.* kept=\([0-9]*\) .*/\1/')
ok "not more than 4096 cells ($kept sightings)" test "$kept" -gt 1000 -a "$kept" -lt 4096
# What the kernel's allocator says that an object takes, in SECURITY.md's sum
size()
{
	echo $((($(cat "/sys/kernel/slab/sctrace_$1/object_size") + 63) / 64 * 64))
}
sizes="record $(size record), ABI $(size abi), refusals $(size refusals), chunk $(size chunk)"
diag "$sizes"
ok "a record takes 2.6 KB" test "$(size record)" -le 2560
ok "an ABI 2.0 KB" test "$(size abi)" -le 2048
journal=$(((4096 + 14) / 15 * $(size chunk)))
ok "a journal of 4096 cells $journal bytes, not more than 72 KB" test $journal -le $((72 << 10))
values=$(((1024 + 11) / 12 * $(size values) + 4 * $(size cache_large)))
ok "1024 values and their caches $values bytes, not more than 60 KB" \
	test $values -le $((60 << 10))
all=$(($(size record) + 3 * $(size abi) + journal + values))
ok "all of it $all bytes, not more than 140 KB" test $all -le $((140 << 10))
for k in w c; do
	is "$(./nl nrs -k $k "inum:$inum" | awk '$2 >= 600' | grep -c .)" 1272 \
		"the sets have all numbers ($k)"
done
# Whose name is whose, the journal being longer than what is searched for a name
./nl dump -s "inum:$inum" | awk '$1 == "sighting" { print $4, $7 }' >"$T/names"
is "$(awk '$1 >= 600 && $2 !~ "^comm=[hix][01]" $1 "n$"' "$T/names")" "" \
	"each sighting has the name of its caller"
is "$(grep "^599 " "$T/names" | sort -u)" "599 comm=wild" "also a name that was written long before"
./nl reset "inum:$inum"
unlike_of 'incomplete|sightings_missed=[1-9]' "RESET makes room" ./nl get "inum:$inum"

./nl forget label:kept
ok "the module unloads" unload_module
done_testing
