#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Open numbers: too many values, a struct that cannot be read. Others are not harmed, memory
# stays bounded.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR

# record CALL... - $out: what is recorded of them; $inum
record()
{
	rm -f "$T/ns"
	./nsrun -o "$T/ns" ./values "$@"
	read -r inum _ <"$T/ns"
	out=$(./nl values "inum:$inum")
}

# objects - how many chunks of values and caches there are
objects()
{
	awk '$1 ~ /^sctrace_(values|cache)/ { n += $2 } END { print n + 0 }' /proc/slabinfo
}

load_module || bail "the module does not load"

record r32,16,-1,0x1000
is "$(echo "$out" | grep -c enum)" 32 "32 values of a number"
unlike "$out" open "are all of them"
record r33,16,-1,0x1000
is "$(echo "$out" | grep -c enum)" 32 "of 33 there are 32"
like "$out" '^x86_64 16 w open many$' "and the number is open"

before=$(objects)
record 41,2,1,6 r1000000,16,-1,0x80000000 41,2,2,17 272,0x10000 54,-1,1,2 \
	r1000,135,0,0xfff00 41,1,1,0
after=$(objects)
is "$(echo "$out" | grep -v '^x86_64 16 w enum')" "x86_64 41 w enum 0=2 1=1 2=6
x86_64 41 w enum 0=2 1=2 2=11
x86_64 272 w flags 0w=10000
x86_64 54 w enum 1=1 2=2
x86_64 135 w enum 0=0
x86_64 41 w enum 0=1 1=1 2=0
x86_64 16 w open many" "a million values of one number: all others are as they were"
is "$(echo "$out" | grep -c '^x86_64 16 w enum')" 32 "32 of them are there"
diag "objects before: $before, after: $after"
ok "and take no more memory" test "$((after - before))" -lt 40
is "$(./nl get "inum:$inum" | tr ' ' '\n' | sed -n 's/^sightings_missed=//p')" 0 \
	"no sighting is missed"
unlike "$(./nl get "inum:$inum")" incomplete "the record is complete"

# Each ABI and kind by itself
record r50,16,-1,1 i54,-1,5 x514,-1,6
is "$(echo "$out" | grep -v '^x86_64 16 w enum')" "i386 54 w enum 1=5
x32 514 w enum 1=6
x86_64 16 w open many" "open in one ABI only"

# Flags are never open
set --
for i in $(seq 0 63); do
	set -- "$@" "272,$(printf '0x%x' $((1 << i)))"
done
record "$@" 272,-1 272,0
is "$(echo "$out" | grep -c flags)" 64 "64 bits"
unlike "$out" open "of flags, and not open"

# --- clone3
if have_kernel 5.3; then
	record 435,0,8 k0x10000
	is "$out" "x86_64 435 w open unreadable" "clone3 with a null pointer"
	record 435,-8,8
	is "$out" "x86_64 435 w open unreadable" "... with an address of the kernel's"
	record 435,0xffffffff81000000,8
	is "$out" "x86_64 435 w open unreadable" "... likewise"
	record k0x10000 435,1,8
	is "$out" "x86_64 435 w flags *0w=10000
x86_64 435 w open unreadable" "... first with a good one"
	record K
	is "$out" "x86_64 435 w open unreadable" "flags in memory that was not there: open"
	# Who serves the memory would keep a probe that waits for it, and with it whoever waits for
	# the probes: RESET, unloading
	if [ -e /proc/sys/vm/unprivileged_userfaultfd ]; then
		exit_is 0 "flags in memory that nobody serves: no probe waits for them" \
			timeout -k 5 60 ./nsrun -o "$T/ns" ./values U
		read -r inum _ <"$T/ns"
		is "$(./nl values "inum:$inum" | grep " 435 ")" "x86_64 435 w open unreadable" \
			"and the number is open"
	else
		skip 2 "no userfaultfd here"
	fi
	record i435,0,8
	is "$out" "i386 435 w open unreadable" "i386's with a null pointer"

	# Another thread changes the flags while the call is entered: they may be read before that or
	# after it. What the kernel did is there, or the number is open
	ok "clone3 while its flags are changed" ./nsrun -o "$T/ns" ./cloneflip 32
	did=$(cat "$LIB_OUT")
	is "$did" c000000 "it did the one and the other"
	read -r inum _ <"$T/ns"
	out=$(./nl values "inum:$inum" | grep '^x86_64 435 ')
	seen=0
	for f in $(echo "$out" | sed -n 's/^x86_64 435 w flags \*0w=//p'); do
		seen=$((seen | 0x$f))
	done
	case $out in
	*"435 w open"*) pass "the number is open" ;;
	*) is $((0x$did & ~seen)) 0 "none of the flags is missing" ;;
	esac
else
	skip 11 "no clone3 before Linux 5.3"
fi

# --- all calls at once: what finds no room is open, nothing is lost
watched="157 158 250 321 317 72 302 300 135 28"
! have_kernel 5.1 || watched="$watched 427"
set --
for n in $watched; do
	case $n in
	72 | 302 | 427) set -- "$@" "r40,$n,-1,1000" ;;
	*) for i in $(seq 40); do set -- "$@" "$n,$((0xf0000 + i)),0,$((0xf0000 + i))"; done ;;
	esac
done
record "$@"
for n in $watched; do
	is "$(echo "$out" | grep -c "^x86_64 $n w enum")" 32 "number $n: 32 values"
	like "$out" "^x86_64 $n w open many$" "number $n is open"
done

ok "the module goes" unload_module
done_testing
