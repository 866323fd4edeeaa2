#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Loaded and unloaded 20 times (RELOAD_TIMES) while two CPUs do nothing but system calls and
# namespaces come and go.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

TIMES=${RELOAD_TIMES:-20}
# Nice, so that they take all the time there is and leave us ours
nice -n 19 ./calls 39 102 i20 x39 1000 loop &
storm1=$!
nice -n 19 ./calls32 20 24 39 loop &
storm2=$!
nice -n 10 ./nsburst -l 16 >/dev/null 2>&1 &
births=$!
cleanup "./nl forget label:storm 2>/dev/null; unload_module"
cleanup "kill $storm1 $storm2 $births 2>/dev/null"

log_mark
i=0 asked=0 seen=0
while [ $i -lt $TIMES ]; do
	case $((i % 4)) in
	0) set -- record=all ;;
	1) set -- record=selected ;;
	2) set -- record=all max_records=4 ;;
	3) set -- record=all max_ended=0 ;;
	esac
	load_module "$@" || break
	# In some of them something is asked for, and held, meanwhile
	if [ $((i % 5)) = 0 ]; then
		asked=$((asked + 1))
		./nl start pid:$$ storm >/dev/null || break
		./calls 600
		./nl nrs label:storm | grep -qx 'x86_64 600' && seen=$((seen + 1))
		./nl forget label:storm || break
	fi
	unload_module || break
	i=$((i + 1))
done
is $i $TIMES "loaded and unloaded $TIMES times under load"
is $seen $asked "what was called while it was there was recorded, $asked times"
for p in $storm1 $storm2 $births; do
	ok "the storm still blows ($p)" kill -0 "$p"
done
unlike_of 'WARNING|BUG|Oops|RIP:|Call Trace|stall|lockup' \
	"no warning in the kernel's log" log_since
unlike_of '^sctrace_' "no slab is left behind" cat /proc/slabinfo

done_testing
