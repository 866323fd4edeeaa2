#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A filter that refuses by argument: the value is named, and only that value.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate" "$T/in"
exec 3<>"$T/in"

# under FILTER CALL... - $out: what is recorded under it, as record "r"
under()
{
	r_filter=$1
	shift
	./nl forget label:r 2>/dev/null
	rm -f "$T/ns"
	# shellcheck disable=SC2086
	./nsrun -g "$T/gate" -o "$T/ns" $r_filter ./values "$@" <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r _ pid <"$T/ns"
	./nl -r start "pid:$pid" r >/dev/null
	: >"$T/gate"
	wait $job
	out=$(./nl values label:r | grep -v '^x86_64 157 s')
}

load_module record=selected || bail "the module does not load"

under "-D 41,0,38" 41,2,1,6 41,38,5,0 41,2,1,6 41,38,5,0
is "$out" "\
x86_64 41 c enum 0=2 1=1 2=6
x86_64 41 C enum 0=26 1=5 2=0" "AF_ALG is refused, after another family was let through"
is "$(./nl nrs -k r label:r)" "" "the number itself is not refused"

under "-D 41,0,38" 41,38,5,0 41,2,1,6
is "$out" "\
x86_64 41 C enum 0=26 1=5 2=0
x86_64 41 c enum 0=2 1=1 2=6" "before another was"
is "$(./nl nrs -k r label:r)" "x86_64 41" "then the number was refused, too"

under "-d 135" 135,8 135,0xffffffff
is "$out" "\
x86_64 135 C enum 0=8
x86_64 135 C enum 0=ffffffff" "a number that is refused whatever its arguments"

under "-D 272,0,268435456" 272,0x10000 272,0x10000000 272,0x10010000
is "$out" "\
x86_64 272 c flags 0w=10000
x86_64 272 C flags 0w=10000000
x86_64 272 c flags 0w=10000000" "flags"

# Calls that fail by themselves with values that were let through
under "-D 16,1,5" 16,-1,6 16,-1,7 16,-1,6 54,-1,1,2 54,-1,1,2 16,-1,5 16,-1,7
is "$out" "\
x86_64 16 c enum 1=6
x86_64 16 c enum 1=7
x86_64 54 c enum 1=1 2=2
x86_64 16 C enum 1=5" "an error is no refusal"

# Many errors, and an open number
under "-D 16,1,5" r100000,16,-1,100 16,-1,5 r100000,16,-1,100
is "$(echo "$out" | grep -c '^x86_64 16 c enum')" 32 "32 values that failed"
unlike "$out" ' C ' "of an open number nobody knows what is refused"
like "$out" '^x86_64 16 c open many$' "it is open"

under "-d 16" r100000,16,-1,100
is "$(echo "$out" | grep -c '^x86_64 16 C enum')" 32 "32 values that were refused"
like "$out" '^x86_64 16 C open many$' "and more that are not kept"

under "-D 435,1,8" k0x10000 k0x20000
is "$out" "" \
	"clone3: refused by its number, no filter sees its flags"
is "$(./nl nrs -k r label:r)" "x86_64 435" "which is listed"

ok "all can be forgotten" ./forget-held
ok "the module goes" unload_module
done_testing
