#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Everything at once: requests, broken-off dumps and the module's unloading
# against storms of calls, of namespaces born and dying, nested 32 deep, joined
# while they die, and ended by any of their threads. Nothing may hang, nothing
# may be answered that the manual does not know, the kernel's log stays clean
# (the lab looks at it), and afterwards the module counts nothing it lost.
#
# STORM_SECONDS is how long each storm blows (default 4).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

S=${STORM_SECONDS:-4}
seed=${STORM_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
diag "seed $seed"

# records - what is called now is recorded
records()
{
	./nsrun -o "$TMPDIR/ns" ./calls 39 600
	read -r r_inum r_pid <"$TMPDIR/ns"
	is "$(./nl nrs -k w "inum:$r_inum" | sort | tr '\n' ' ')" \
		"x86_64 231 x86_64 39 x86_64 600 " "$1"
}

# Requests and dumps, many records coming and going
load_module max_records=64 max_ended=4 || bail "the module does not load"
cleanup unload_module
ok "requests against calls, births, joins and dying threads" \
	./storm -s "$seed" "$S" calls=1 known=1 births=2 joins=1 threads=1 \
	requests=2 dumps=2
diag "$(cat "$LIB_OUT")"
# What was born lives no more: with the last record that is held goes the last
# reference to the module.
is "$(./forget-held)" "" "held records can be forgotten"
is "$(info held)" 0 "none is left"
like "$(./nl info)" '^evicted=[1-9]' "records were evicted to make room"
records "after the storm a namespace is recorded"
# Those that ended may still be on their way out
all_in_dump()
{
	[ "$(./nl dump | grep -c '^record')" = "$(info records)" ]
}
ok "the dump has each record" poll_until 60 all_in_dump
ok "no record twice" sh -c './nl dump | sed "s/^record id=\([0-9]*\) .*/\1/" |
	sort | uniq -d | { ! grep .; }'
ok "the module unloads" unload_module

# Unloading
load_module || bail "the module does not load again"
ok "unloading against calls, births, dumps" \
	./storm -s "$seed" "$S" calls=1 known=1 births=2 threads=1 dumps=1 loads=1
diag "$(cat "$LIB_OUT")"
unload_module
for i in 1 2 3 4 5; do
	load_module && unload_module || break
done
is "$i" 5 "and it loads and unloads as before"

# The other mode: probes come and go with what is started
load_module record=selected || bail "the module does not load"
ok "starting and stopping against births" \
	./storm -s "$seed" "$S" known=1 births=2 joins=1 requests=2 dumps=1
diag "$(cat "$LIB_OUT")"
is "$(./forget-held)" "" "held records can be forgotten"
# Records of living descendants keep the probes; there are none.
ok "with nothing to record the probes are gone" poll_until 60 info_is attached 0
ok "the module unloads" unload_module
done_testing
