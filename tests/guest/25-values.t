#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Values of watched calls, against known lists: each ABI, all 64 bits, flags, upper halves,
# sightings, kinds, ancestors.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/in" "$T/gate"
exec 3<>"$T/in"

# made NAME LIST CALL... - exactly these values are recorded of these calls
made()
{
	m_name=$1 m_list=$2
	shift 2
	rm -f "$T/ns"
	./nsrun -o "$T/ns" ./values "$@"
	read -r inum _ <"$T/ns"
	is "$(./nl values "inum:$inum")" "$m_list" "$m_name"
}

load_module || bail "the module does not load"
ok "INFO tells the feature" test $(($(./nl info | sed -n 's/^features=//p') & 4)) = 4

made "three arguments" "\
x86_64 41 w enum 0=2 1=1 2=6
x86_64 41 w enum 0=2 1=2 2=11
x86_64 53 w enum 0=1 1=80001 2=0
x86_64 41 w enum 0=ffffffff 1=7fffffff 2=80000000" \
	41,2,1,6 41,2,2,17 41,2,1,6 53,1,0x80001 41,2,2,17 41,0xffffffff,0x7fffffff,0x80000000

made "two arguments, not the first" "\
x86_64 54 w enum 1=1 2=2
x86_64 54 w enum 1=1 2=9
x86_64 54 w enum 1=6 2=1" \
	54,-1,1,2 54,5,1,2 54,-1,1,9 54,-1,6,1

made "one argument, wherever it is" "\
x86_64 157 w enum 0=3
x86_64 72 w enum 1=1
x86_64 28 w enum 2=4
x86_64 16 w enum 1=5401
x86_64 16 w enum 1=80045430
x86_64 101 w enum 0w=7fffffff00000010
x86_64 157 w enum 0=0" \
	157,3 72,-1,1 28,1,4096,4 16,-1,0x5401 16,-1,0x80045430 \
	101,0x7fffffff00000010 157,3,1,2 157,0 16,0,0x5401

made "what is in the upper half of a register is not looked at, and is told" "\
x86_64 16 w enum 1u=80045430
x86_64 41 w enum 0=2 1u=1 2=0
x86_64 54 w enum 1u=1 2u=2
x86_64 308 w flags 1u=20000000" \
	16,-1,0x80045430 16,-1,0xffffffff80045430 16,-1,0x1280045430 \
	41,2,0xabc00000001,0 54,0x100000000,0x100000001,0x700000002 \
	308,-1,0xf20000000

made "flags: each bit once, in all 64 bits, and none at all" "\
x86_64 272 w flags 0w=20000000
x86_64 272 w flags 0w=8000000000020000
x86_64 10 w flags 2w=0
x86_64 10 w flags 2w=3
x86_64 10 w flags 2w=1000004
x86_64 165 w flags 3w=c0ed1006
x86_64 56 w flags 0w=10000" \
	272,0x20000000 272,0x8000000020020000 272,0x20000 10,1,4096,0 10,1,4096,3 \
	10,1,4096,1 10,1,4096,0 10,1,4096,0x1000005 165,0,0,0,0xc0ed1006 56,0x10000

made "memory: whether a call had both PROT_WRITE and PROT_EXEC" "\
x86_64 9 w flags 2w=3
x86_64 9 w flags 2w=4
x86_64 9 w flags 2w=6
x86_64 9 w flags 2w=1000000
i386 192 w flags 2=6
i386 192 w flags 2=1
x86_64 10 w flags 2w=2
x86_64 10 w flags 2w=4" \
	9,0,4096,3 9,0,4096,5 9,0,4096,7 9,0,4096,6 9,0,4096,0x1000006 \
	i192,0,4096,6 i192,0,4096,3 i192,0,4096,7 10,0,4096,2 10,0,4096,4 10,0,4096,6

if have_kernel 5.3; then
	made "clone3: what its argument points to" "\
x86_64 435 w flags *0w=110000000
x86_64 435 w flags *0w=2000000000000000
i386 435 w flags *0w=100010000" \
		k0x110000000 k0x10000000 k0x2000000100000000 j0x100010000
else
	skip 1 "no clone3 before Linux 5.3"
fi

made "i386: 32 bits of each, whatever is above" "\
i386 359 w enum 0=2 1=1 2=6
i386 54 w enum 1=80045430
i386 102 w enum 0=1
i386 117 w enum 0=2
i386 120 w flags 0=10000
i386 192 w flags 2=7
i386 125 w flags 2=1
i386 366 w enum 1=1 2=2
i386 221 w enum 1=3
i386 26 w enum 0=10
i386 55 w enum 1=0" \
	i359,0xdead00000002,0xbeef00000001,0xffffffff00000006 \
	i54,-1,0xffffffff80045430 i54,-1,0x80045430 i102,0xffff00000001 i117,2 \
	i120,0x7777000000010000 i192,0,0,0xff00000007 i125,1,4096,1 \
	i366,0,0x100000001,0x100000002 i359,2,1,6 i221,-1,0x900000003 \
	i26,0xf00000010 i90,1,2,3 i55,-1

made "x32: numbers of its own, registers of 64 bits" "\
x32 41 w enum 0u=2 1=1 2=0
x32 514 w enum 1u=5401
x32 272 w flags 0w=8000000020000000" \
	x41,0x700000002,1,0 x514,-1,0x900005401 x272,0x8000000020000000 x16,-1,1

# The same numbers in other ABIs are other numbers
made "each ABI has its own" "\
x86_64 41 w enum 0=1 1=2 2=3
x32 41 w enum 0=1 1=2 2=3
i386 359 w enum 0=1 1=2 2=3" \
	41,1,2,3 x41,1,2,3 i359,1,2,3 41,1,2,3 x41,1,2,3 i359,1,2,3 i41 359,1,2,3

# --- who and when
./nsrun -o "$T/ns" ./values 41,2,1,6
read -r inum _ <"$T/ns"
like "$(./nl values -s "inum:$inum")" \
	'^x86_64 41 w enum 0=2 1=1 2=6 time=[1-9][0-9]+ pid=1 comm=values$' \
	"the first sighting is there"
id=$(./nl get "inum:$inum" | tr ' ' '\n' | sed -n 's/^id=//p')
new=$(./nl get "id:$id" | tr ' ' '\n' | sed -n 's/^last_new=//p')
is_ne "$new" 0 "and counts as the last new one"
./nsrun -o "$T/ns" ./values 41,2,1,6 41,2,2,0 41,3,1,0
read -r inum _ <"$T/ns"
is "$(./nl values -c 2 "inum:$inum")" "x86_64 41 w enum 0=3 1=1 2=0" "from a position on"
nothing "from the end on" ./nl values -c 3 "inum:$inum"
nothing "from far behind the end on" ./nl values -c 77777777 "inum:$inum"

# --- kinds: under the container's filter, in the set-up, of programs in it
./nsrun -o "$T/ns" -d 500 ./values 41,2,1,6 157,22,2
read -r inum _ <"$T/ns"
is "$(./nl values "inum:$inum")" "x86_64 157 s enum 0=16
x86_64 41 c enum 0=2 1=1 2=6
x86_64 157 c enum 0=16" "under the container's filter, and what put it there"
./nsrun -o "$T/ns" -x ./values 41,2,1,6
read -r inum _ <"$T/ns"
like "$(./nl values -p "inum:$inum")" '^x86_64 41 p enum 0=2 1=1 2=6$' \
	"of a program, where the init never calls execve"
like "$(./nl values "inum:$inum")" '^x86_64 41 s enum 0=2 1=1 2=6$' \
	"which is set-up for who does not ask"
unlike "$(./nl values "inum:$inum")" '^all open' "all of it was seen"

# --- a record has what its children call, once
./nsrun -o "$T/ns" ./nsrun ./values 41,30,1,6 41,30,1,6 272,0x4000000
read -r outer _ <"$T/ns"
inner=$(./nl dump | sed -n "/ parent=$outer /s/.* inum=\([0-9]*\) .*/\1/p")
is "$(./nl values "inum:$inner")" "x86_64 41 w enum 0=1e 1=1 2=6
x86_64 272 w flags 0w=4000000" "the namespace inside"
is "$(./nl values "inum:$outer" | grep -c -e '^x86_64 41 . enum 0=1e 1=1 2=6$' \
	-e '^x86_64 272 . flags 0w=4000000$')" 2 "and the one around it"
# What the outer one's own program called
like "$(./nl values "inum:$outer")" '^x86_64 56 w flags 0w=2[0-9a-f]*$' "clone, with CLONE_NEWPID"

# --- many values of many calls, dumped in pieces
set --
for i in $(seq 0 31); do
	set -- "$@" "41,$i,1,2" "16,-1,$i" "157,$((100 + i))" "72,-1,$((50 + i))" \
		"135,$((0xfff00 + i))" "28,1,4096,$((200 + i))" "54,-1,$i,$i"
done
./nsrun -o "$T/ns" ./values "$@"
read -r inum _ <"$T/ns"
is "$(./nl values "inum:$inum" | sort | uniq | wc -l)" 224 "224 values"
is "$(./nl values "inum:$inum" | wc -l)" 224 "each once"
unlike "$(./nl values "inum:$inum")" open "and nothing is open"
./nl dump -s "inum:$inum" >"$T/dump"
is "$(grep -c '^sighting' "$T/dump")" 9 "a reader that does not ask sees numbers only"

done_testing
