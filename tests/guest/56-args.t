#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# Profiles with conditions on arguments, of what the module recorded: the program runs under
# them, and what it was not seen asking for is refused. Under crun and runc.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
permissive_profile "$T/permissive.json"
load_module || bail "the module does not load"
cleanup unload_module

b=$T/bundle
make_bundle "$b" -- /bin/true || bail "no bundle"
mkdir -p "$b/rootfs/opt"
cp ./argtry ./tryall "$b/rootfs/opt/"
rootfs_add "$b" "$PWD/argtry" || bail "no libraries"
runs=0

# under PROFILE RUNTIME PROGRAM
under()
{
	make_bundle "$b" --seccomp "$1" -- "/opt/$3" || return 99
	runs=$((runs + 1))
	id=a$runs
	timeout 60 "$2" run -b "$b" "$id" </dev/null
}

# record - of the newest container
record()
{
	./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=argtry .*/\1/p' | tail -n 1
}

# thrice PROFILE RUNTIME - as often as it is to run
thrice()
{
	for _i in 1 2 3; do
		# newer crun says on standard error what it thinks of a bundle
		_out=$(under "$1" "$2" argtry 2>"$T/said") && [ "$_out" = good ] ||
			{ echo "$_out"; cat "$T/said"; return 1; }
	done
}

for rt in crun runc; do
	ok "$rt: recorded under a filter that allows everything" under "$T/permissive.json" "$rt" argtry
	rec=$(record)
	./nl values "id:$rec" >"$T/values"

	sctrace-nl show --id "$rec" --json >"$T/show.json" || bail "no record of $rt"
	is "$(jq -r '[.values[] | select(.stage == "workload" and .name == "socket" and (.open | not)) |
		.args | join(" ")] | sort | join(",")' "$T/show.json")" \
		"AF_INET SOCK_STREAM IPPROTO_IP,AF_UNIX SOCK_STREAM|SOCK_CLOEXEC 0" "$rt: the sockets by name"
	like "$(sctrace-nl show --id "$rec")" 'personality +0xffffffff' \
		"$rt: show has values"

	for mode in guard all; do
		ok "$rt: a profile with --args $mode" \
			sctrace-nl profile --id "$rec" --args $mode -o "$T/$mode.json"
		ok "$rt, $mode: the program runs three times under its profile" \
			thrice "$T/$mode.json" "$rt"
		under "$T/$mode.json" "$rt" tryall >"$T/tried" 2>&1
		# without a default errno the filter says EPERM, as the kernel does for some
		case $rt-$("$rt" --version) in
		"crun-crun version 0."*)
			skip 1 "$rt, $mode: this crun knows no default errno" ;;
		*)
			nothing "$rt, $mode: each family, namespace flag and personality that was not seen is refused" \
				awk -v mode=$mode -f values.awk -f tryall.awk "$T/values" "$T/tried" ;;
		esac
		ok "$rt, $mode: it is enough for the record" \
			sctrace-nl check "$T/$mode.json" --id "$rec"
	done
	ok "$rt: all is no wider than guard" \
		sctrace-nl check "$T/guard.json" "$T/all.json"

	# that a refusal is the filter's: without conditions there is none
	ok "$rt: a profile of names" \
		sctrace-nl profile --id "$rec" --args none -o "$T/none.json"
	like "$(cat "$LIB_ERR")" 'the default of Docker looks at those of' \
		"$rt: where it is wider than Docker's is said"
	under "$T/none.json" "$rt" tryall >"$T/tried" 2>&1
	like "$(cat "$T/tried")" '^272 40000000 done$' "$rt: all was tried under it"
	unlike "$(cat "$T/tried")" '^(41|53|56|135|272|308) .* refused$' \
		"$rt: none refuses no argument"

	like "$(sctrace-nl report --id "$rec" --text)" \
		'^of [0-9]+ address families this profile allows 2 ' "$rt: families are counted"
done

done_testing
