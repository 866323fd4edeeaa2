#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Records of cgroups: what is called inside is recorded, from the first call after a move, a
# clone or the birth of the cgroup, and nothing that is called outside. The record of a path
# waits, ends and is bound again. The host's own tasks are recorded in the default mode, which
# leaves all others alone.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./cgroup.sh

have_cgroups=$(./nl info | awk -F= '$1 == "features" { print int($2 / 8) % 2 }')
is "$have_cgroups" 1 "this kernel can record by cgroup"

INSIDE="$(seq 600 799 | tr '\n' ' ')"

exit_is 0 "START by file" ./nl start cgroup:$IN in
like "$(./nl get label:in)" "^record .* inum=0 .* level=0 flags=held,cgroup .* cgroup=/sctrace-test/in .* starts=1" \
	"the record of a cgroup that was empty is not late"
id=$(field cgroup_id label:in)
# before Linux 5.5 with the directory's generation above it
have_kernel 5.5 || id=$((id & 0xffffffff))
is "$id" "$(stat -c %i $IN)" "its ID is the inode of the directory"
is "$(./nl get cgroup:$IN)" "$(./nl get label:in)" "the file selects it"
ok "the flag of each task is right" flags_right

for way in $WAYS; do
	ok "reset" ./nl reset label:in
	exit_is 0 "$way: 200 moves" ./cgmove $way $IN/sub $OUT
	is "$(numbers label:in wcsd 600 1023)" "$INSIDE" \
		"$way: the first call inside each time, and none outside"
done
unlike_of 'incomplete|late' "nothing was missed" ./nl get label:in
ok "the flag of each task is right after that" flags_right

# In threaded cgroups each thread is somewhere by itself
./nl reset label:in
mkdir $IN/threaded $IN/threaded/one $CG/other
echo threaded >$IN/threaded/one/cgroup.type
./nl start cgroup:$IN/threaded/one one >/dev/null
(
	echo 0 >$IN/threaded/cgroup.procs
	exec ./cgmove thread $IN/threaded/one $IN/threaded
) || fail "threads in threaded cgroups"
is "$(numbers label:one wcsd 600 1023)" "600 " "a thread in a threaded cgroup: what it calls there"
is "$(numbers label:in wcsd 600 601) $(numbers label:in wcsd 800 801)" "600  800 801 " \
	"the cgroup around has all of it"
./nl forget label:one
rmdir $IN/threaded/one $IN/threaded

# Equality with strace
. ./exact.sh
cat >"$T/strace.awk" <<'EOS'
# Numbers of what was entered, from the second execve on: strace -f -n
/ (resumed|\+\+\+|---)/ { next }
/<\.\.\. / { next }
match($0, /\[ *[0-9]+\]/) {
	n = substr($0, RSTART + 1, RLENGTH - 2) + 0
	if (n == 59)
		execs++
	if (execs >= 2 && !(execs == 2 && n == 59))
		print "x86_64", n
}
EOS
# by_strace NAME WAY CMD...
by_strace()
{
	b_name=$1 b_way=$2
	shift 2
	./nl reset label:in
	strace -f -n -s 0 -o "$T/strace" ./cgmove "$b_way" $IN "$@" >/dev/null 2>&1
	awk -f "$T/strace.awk" "$T/strace" | sort -u >"$T/want"
	./nl nrs -k wc label:in | grep -v '^x86_64 59$' | sort -u >"$T/got"
	sed -i '/^x86_64 59$/d' "$T/want"
	ok "$b_name: as strace -f saw it ($(grep -c . "$T/want") calls)" \
		diff -u "$T/want" "$T/got"
	ok "$b_name: strace saw something" test "$(grep -c . "$T/want")" -ge 10
}
by_strace "a pipeline of a shell" run sh -c 'ls -l / | sort | tail -n 3; echo $(uname -r) | tr a b'
by_strace "threads" run ./threads

# Paths
exit_is 0 "START by path, before the cgroup is there" ./nl start cgpath:/sctrace-test/later/svc path
like "$(./nl get label:path)" "flags=held,cgroup .* cgroup=/sctrace-test/later/svc .*cgroup_id=0 starts=0" "it waits"
mkdir -p $CG/later/svc
like "$(./nl get label:path)" "flags=held,cgroup .* starts=1" "it is bound when that is made"
./cgmove run $CG/later/svc ./calls 610
rmdir $CG/later/svc
like "$(./nl get label:path)" "flags=ended,.*ended_at=.* starts=1" "it ends when that is removed"
mkdir $CG/later/svc
like "$(./nl get label:path)" "flags=held,.* starts=2" "it is bound again to the next one"
unlike_of ended_at "and has not ended" ./nl get label:path
./cgmove run $CG/later/svc ./calls 611
is "$(numbers label:path wcsd 610 619)" "610 611 " "both are in one record"
is "$(./nl get cgpath:/sctrace-test/later/svc)" "$(./nl get label:path)" "the path selects it"
mkdir $CG/later/svc.other $CG/svc
./cgmove run $CG/later/svc.other ./calls 612
./cgmove run $CG/svc ./calls 613
is "$(numbers label:path wcsd 610 619)" "610 611 " "other paths are not recorded"
./nl stop label:path
./cgmove run $CG/later/svc ./calls 614
./nl start label:path >/dev/null
./cgmove run $CG/later/svc ./calls 615
is "$(numbers label:path wcsd 610 619)" "610 611 615 " "STOP and START"
like "$(./nl get label:path)" "flags=held,gap,running,cgroup" "leave a gap"
./nl reset label:path
rmdir $CG/later/svc
./nl reset label:path
mkdir $CG/later/svc
./cgmove run $CG/later/svc ./calls 616
is "$(numbers label:path wcsd 610 619)" "616 " "RESET empties"
unlike_of 'flags=[^ ]*(late|gap)' "who waited at RESET is not late" ./nl get label:path
# The same cgroup by file: another record, of a cgroup with tasks
./cgmove run $CG/later/svc sleep 1000 &
sleeper=$!
poll_until 60 grep -q sleep "/proc/$sleeper/comm"
exit_is 0 "START by file of a cgroup with tasks" ./nl start cgroup:$CG/later/svc late
like "$(./nl get label:late)" "flags=late,held,running,cgroup" "is late"
exit_is 0 "START by path of a cgroup with tasks" ./nl start cgpath:/sctrace-test/later lateup
like "$(./nl get label:lateup)" "flags=late,held,running,cgroup .* starts=1" "is late, also for what is below"
./cgmove run $CG/later/svc ./calls 617
is "$(numbers label:late wcsd 610 619)$(numbers label:lateup wcsd 610 619)$(numbers label:path wcsd 610 619)" \
	"617 617 616 617 " "one call is for all of them"
kill -9 $sleeper
wait $sleeper
rmdir $CG/later/svc
like "$(./nl get label:late)" "flags=late,ended,held,running,cgroup" "the record of a file ends with it"
mkdir $CG/later/svc
like "$(./nl get label:late)" "flags=late,ended,held,running,cgroup .* starts=1" "and stays so"
for l in late lateup path; do
	exit_is 0 "FORGET $l" ./nl forget label:$l
done

# Who holds it no longer waits no longer. The next START makes another record, which waits
exit_is 0 "START by path, held by a socket that is closed" ./nl -H start cgpath:/sctrace-test/again first
ended()
{
	field flags label:first | grep -q ended
}
ok "nobody waits for that cgroup any more" poll_until 60 ended
exit_is 0 "START of the same path" ./nl start cgpath:/sctrace-test/again second
mkdir $CG/again
./cgmove run $CG/again ./calls 618
is "$(numbers label:second w 610 619)$(numbers label:first w 610 619)" "618 " "waits for it again"
is "$(field id cgpath:/sctrace-test/again)" "$(field id label:second)" "the path selects the newer one"
exit_is 0 "START of it, once more" ./nl start cgpath:/sctrace-test/again second
for l in first second; do
	exit_is 0 "FORGET $l" ./nl forget label:$l
done
rmdir $CG/again

# Beside a namespace's record: both have it
./nl reset label:in
./cgmove run $IN ./nsrun -o "$T/ns" ./calls 620 621
read -r inum pid <"$T/ns"
is "$(numbers "inum:$inum" w 620 629)" "620 621 " "a container in a cgroup: its record"
is "$(numbers label:in wcsd 620 629)" "620 621 " "and that of the cgroup"
./nsrun -o "$T/ns" ./calls 622
read -r inum pid <"$T/ns"
is "$(numbers "inum:$inum" w 620 629)" "622 " "a container outside"
is "$(numbers label:in wcsd 620 629)" "620 621 " "is none of the cgroup's"

# What is refused
exit_is 1 "START of the root" ./nl start cgroup:/sys/fs/cgroup
like "$(cat "$LIB_ERR")" "EINVAL.*root" "says so"
exit_is 1 "START of no cgroup" ./nl start cgroup:/tmp
like "$(cat "$LIB_ERR")" "EBADF.*cgroup" "says so"
for p in / '' x /x/ //x /x//y /x/.. /./x; do
	exit_is 1 "START of the path '$p'" ./nl start "cgpath:$p"
	like "$(cat "$LIB_ERR")" "EINVAL.*path" "says so"
done
long=$(printf '%01001d' 0)
exit_is 1 "START of a path that is too long" ./nl start "cgpath:/$long"
like "$(cat "$LIB_ERR")" "^nl: 36: .*too long" "says so"
# A path that does not fit into a page
nl=$PWD/nl
exit_is 1 "START by file of a cgroup 4200 bytes deep" sh -c '
	cd "$1" && for i in $(seq 21); do
		mkdir "$2" && cd -P "$2" || exit 9
	done
	"$3" start cgroup:.' sh $CG "$(printf '%0200d' 0)" "$nl"
like "$(cat "$LIB_ERR")" "^nl: 36: .*too long" "says so"
i=1
while [ $i -lt 16 ]; do
	./nl start "cgpath:/sctrace-test/nr$i" nr$i >/dev/null || fail "record $i"
	i=$((i + 1))
done
exit_is 1 "record 17" ./nl start cgpath:/sctrace-test/nr17
like "$(cat "$LIB_ERR")" "ENOSPC.*16" "is too many"
./nl forget label:nr1
exit_is 0 "but one may take another's place" ./nl start cgpath:/sctrace-test/nr17 nr17
while i=$((i - 1)); [ $i -gt 1 ]; do
	./nl forget label:nr$i
done
./nl forget label:nr17

ok "the flag of each task is right" flags_right
./nl forget label:in
poll_until 60 flags_right
ok "the flag of each task is right when all is forgotten" flags_right

# As many as there may be, each inside the one before, and moves into the innermost
all=$(seq 16)
inner=$CG
for i in $all; do
	inner=$inner/n
	mkdir $inner
	./nl start cgroup:$inner nr$i >/dev/null || fail "record $i"
done
# Each move takes 16 origins: now and then the memory kept for them is used up, and the records say
# that they are incomplete. The first call of each is there all the same.
for way in $WAYS; do
	exit_is 0 "$way: 200 moves into 16 records at once" ./cgmove $way $inner $OUT
	bad=
	for i in $all; do
		[ "$(numbers label:nr$i wcsd 600 1023)" = "$INSIDE" ] || bad="$bad $i"
		./nl reset label:nr$i
	done
	is "$bad" "" "each has the first call inside each time, and none outside"
done
exit_is 0 "a program is brought in" ./cgmove bring $inner ./calls 620
bad=
for i in $all; do
	[ "$(numbers label:nr$i s 620)" = "620 " ] || bad="$bad $i"
	./nl forget label:nr$i
done
is "$bad" "" "its calls are set-up in each"
poll_until 60 flags_right
ok "the flag of each task is right when all are forgotten" flags_right

# Where nothing else is recorded there are no probes once nothing is to be seen; who waits for
# the next cgroup sees its first call all the same
unload_module
load_module record=selected || bail "the module does not load"
rmdir $CG/later/svc
./nl start cgpath:/sctrace-test/later/svc path >/dev/null
mkdir $CG/later/svc
./cgmove run $CG/later/svc ./calls 630
rmdir $CG/later/svc
sleep 1
mkdir $CG/later/svc
./cgmove run $CG/later/svc ./calls 631
is "$(numbers label:path w 630 639)" "630 631 " "record=selected: two starts of a path"
./nl forget label:path
ok "no record, no probe" poll_until 60 info_is attached 0

# Unloaded while a record that nobody holds is bound
unload_module
load_module || bail "the module does not load"
(sleep 2) | ./nl -H start cgroup:$CG/later/svc >/dev/null
exit_is 0 "the module can be removed while a cgroup is recorded that nobody holds" unload_module
done_testing
