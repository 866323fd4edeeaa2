#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Many namespaces: what is kept, what goes first, what is told of the rest; dumps.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/in"
exec 3<>"$T/in"

ids()
{
	./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p' | tr '\n' ' '
}

cleanup unload_module

# --- parameters that cannot be
for p in record=some record= max_records=0 max_records=65537 max_records=-1; do
	not_ok "no module with $p" load_module "$p"
	not_ok "indeed" test -d /sys/module/sctrace
done

# --- the oldest ended one goes first, held ones stay
load_module record=all max_records=6 || bail "the module does not load"
# 1 is the initial namespace, 2 is held
./nsrun -o "$T/ns" ./calls 500
read -r held pid <"$T/ns"
./nl start "inum:$held" keep >/dev/null
i=0
while [ $i -lt 6 ]; do
	./nsrun ./calls $((510 + i))
	i=$((i + 1))
done
is "$(ids)" "1 2 5 6 7 8 " "of 8 namespaces 6 have a record: those held and the newest"
is "$(info evicted)" 2 "two evictions are counted"
is "$(info unrecorded)" 0 "nobody was turned away"
like "$(field flags id:2)" "held" "the held one is still there"
is "$(./nl nrs -k w label:keep | tr '\n' ' ')" "x86_64 231 x86_64 500 " "with what it had"
is "$(./nl nrs -k w id:8 | tr '\n' ' ')" "x86_64 231 x86_64 515 " "the newest as well"

# --- living ones cannot go: the new one is turned away, counted, and told
./nsburst -p 6 <"$T/in" >"$T/burst" &
job=$!
ok "as many living namespaces as there is room for, and more" \
	poll_until 60 test -s "$T/burst"
is "$(info records)" 6 "not one record more"
is "$(info evicted)" 6 "all that had ended have gone"
ok "others were turned away, and counted" test "$(info unrecorded)" -ge 2
live=$(./nl dump | grep -c '^record.*comm=nsburst')
is $live 4 "four of six living namespaces have a record"
./nsrun -o "$T/ns" ./calls 530
read -r inum pid <"$T/ns"
exit_is 1 "no record for a namespace that finds no room" ./nl get "inum:$inum"
like "$(./nl nrs -k w id:1)" '^x86_64 530$' "though its calls count for its parent"
like "$(field flags id:2)" "held" "the held one is there"
not_ok "START of a living one that has none is refused" sh -c "
	for p in \$(pgrep -x nsburst); do
		./nl get pid:\$p >/dev/null 2>&1 || exec ./nl start pid:\$p
	done"
like "$(cat "$LIB_ERR")" "^nl: ENOSPC: ." "and a reason"
kill $job 2>/dev/null
wait $job
./nl forget label:keep
unload_module

# --- max_ended
load_module record=all max_ended=3
i=0
while [ $i -lt 7 ]; do
	./nsrun ./calls $((510 + i))
	i=$((i + 1))
done
few()
{
	[ "$(info ended)" = 3 ]
}
ok "max_ended=3: three ended ones are kept" poll_until 60 few
is "$(ids)" "1 6 7 8 " "the newest"
is "$(info evicted)" 4 "the others are counted"
unload_module

# --- many
n=4096
load_module record=all max_records=8192 max_ended=8192
ok "$n namespaces" ./nsburst $n
# Each that was not recorded whole is either counted or flagged
made=$(info records)
lost=$(info unrecorded)
./nl dump -s >"$T/dump"
is $? 0 "a dump with all their sightings"
grep '^record' "$T/dump" >"$T/records"
is "$(wc -l <"$T/records")" "$made" "has each of them"
is "$(sed 's/^record id=\([0-9]*\) .*/\1/' "$T/records" | sort -n | uniq | wc -l)" "$made" \
	"once"
ok "in the order of ids" sh -c "sed 's/^record id=\([0-9]*\) .*/\1/' '$T/records' | sort -nc"
diag "$made records of $((n + 1)) namespaces, $lost turned away, pools found empty $(info pool_empty) times"
ok "each namespace has a record, or is counted" test $((made + lost)) -ge $((n + 1))
# Id 1 is the initial one. Each namespace made two calls that tell its number and
# one that ended it, and nothing else.
awk '
	$1 == "record" || $1 == "more" {
		for (i = 2; i <= NF; i++) {
			split($i, kv, "=")
			if (kv[1] == "id")
				id = kv[2]
			if (kv[1] == "flags" && kv[2] ~ /incomplete/)
				incomplete[id] = 1
		}
		if ($1 == "record" && id > 1)
			all[id] = 1
		next
	}
	$1 == "sighting" && id > 1 {
		count[id]++
		if ($4 == 600)
			common[id]++
		else if ($4 == 231)
			gone[id]++
		else if ($4 > 600 && $4 <= 1000)
			own[id]++
	}
	END {
		for (id in all) {
			if (count[id] == 3 && common[id] == 1 && own[id] == 1 && gone[id] == 1)
				whole++
			else if (id in incomplete)
				flagged++
			else
				wrong++
		}
		print whole + 0, flagged + 0, wrong + 0
	}' "$T/dump" >"$T/sums"
read -r whole flagged wrong <"$T/sums"
is "$wrong" 0 "each record is whole ($whole) or flagged incomplete ($flagged)"
ok "nearly all are whole" test "$whole" -gt $((n * 9 / 10))

# While records go a dump is either as it was or says that it was torn
./nl dump | sed -n 's/^record id=\([0-9]*\) .*comm=nsburst.*/\1/p' | head -n 40 >"$T/victims"
(while read -r id; do ./nl forget "id:$id"; done <"$T/victims") &
job=$!
torn=0 bad=0 tries=0
while kill -0 $job 2>/dev/null; do
	before=$(info records)
	./nl dump >"$T/dump2"
	rc=$?
	after=$(info records)
	tries=$((tries + 1))
	lines=$(grep -c '^record' "$T/dump2")
	case $rc in
	0) [ "$lines" -le "$before" ] && [ "$lines" -ge "$after" ] || bad=$((bad + 1)) ;;
	3) torn=$((torn + 1)) ;;
	*) bad=$((bad + 1)) ;;
	esac
done
wait $job
# One that has to wait for its reader, and a record goes before it ends
victim=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*comm=nsburst.*/\1/p' | head -n 1)
{
	./nl dump -s
	echo "status $?"
} | {
	read -r line
	./nl forget "id:$victim"
	cat
} >"$T/dump3"
is "$(tail -n 1 "$T/dump3")" "status 3" "a dump that a record left meanwhile is torn, and says so"
is $bad 0 "$tries dumps while records went: complete or said to be torn ($torn)"
ok "there were some" test $tries -gt 0
./nl dump >"$T/dump3"
is $? 0 "quiet again: a dump is whole"
is "$(grep -c '^record' "$T/dump3")" "$((made - 41))" "of what is left"
# A cursor skips what one has
./nl dump -s id:1 >"$T/one"
cursor=$(grep -o 'cursor=[0-9]*' "$T/one" | tail -n 1 | cut -d= -f2)
like "$cursor" '^[0-9]+$' "a dump of one record gives a cursor"
is "$(./nl dump -s -c 4000000000 id:1 | grep -c '^sighting')" 0 "beyond the end is nothing"
is "$(grep -c '^sighting' "$T/one")" "$(field kept id:1)" "from 0 on there is all"
unload_module

# --- a burst that the pools do not last for
load_module record=all
./nsburst -p 500 <"$T/in" >"$T/burst2" &
job=$!
ok "500 living namespaces at once" poll_until 60 test -s "$T/burst2"
./nl dump -s >"$T/dump4"
diag "$(grep -c '^record.*comm=nsburst' "$T/dump4") recorded, unrecorded $(info unrecorded), pools empty $(info pool_empty)"
wrong=$(awk '
	function check()
	{
		if (mine && !(has600 && own) && !incomplete)
			wrong++
	}
	$1 == "record" {
		check()
		mine = /comm=nsburst/
		incomplete = /flags=[^ ]*incomplete/
		has600 = own = 0
	}
	$1 == "sighting" && $4 == 600 { has600 = 1 }
	$1 == "sighting" && $4 > 600 { own = 1 }
	END { check(); print wrong + 0 }' "$T/dump4")
is "$wrong" 0 "none of their records lacks a call without saying so"
kill $job
wait $job 2>/dev/null
like "$(./nl info)" '^records=[1-9]' "and the module goes on"

done_testing
