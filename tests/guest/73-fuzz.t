#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The netlink family against messages that are nearly right: a bounded run with a
# fixed seed and one of today's, and on a debug kernel one that follows what it reaches
# of the module. FUZZ_SECONDS, FUZZ_SEED: longer, or once more.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=${FUZZ_SECONDS:-6}
seed=${FUZZ_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
load_module || bail "the module does not load"
cleanup unload_module
# Something to hit: namespaces with labels, living and ended
for i in 1 2 3 4; do
	./nsrun sleep 300 &
	cleanup "kill $! \$(pgrep -P $!) 2>/dev/null"
	./nsrun ./calls 39 i20 x39 600
done
ok "a fixed seed, 3000 messages" ./nlfuzz -s 1 -n 3000 -t 120
diag "$(cat "$LIB_OUT")"
like "$(cat "$LIB_OUT")" ' ok=[1-9][0-9]' "and some of them were right"
ok "seed $seed for $T seconds" ./nlfuzz -s "$seed" -t "$T"
diag "$(cat "$LIB_OUT")"
if [ -e /sys/kernel/debug/kcov ]; then
	ok "seed $seed for $T seconds, after what is new" ./nlfuzz -c -s "$seed" -t "$T"
	diag "$(cat "$LIB_OUT")"
	like "$(cat "$LIB_OUT")" ' places=[1-9][0-9][0-9]' "and it sees what it reaches"
else
	skip 2 "this kernel has no KCOV"
fi
ok "the tool still gets an answer" sctrace-nl list
# What it started is held: give all back
./forget-held
ok "the module unloads" unload_module
done_testing
