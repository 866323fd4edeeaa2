#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# hook.sh [RUNS] - in a guest, sctrace not loaded: what `podman run --rm IMAGE true`
# and `crun run` of a bundle take. Prints lines "podman STATE US" and "crun STATE US",
# microseconds of the guest's clock, the median of RUNS (5). STATE is none: no module;
# loaded: the module records, the container has no annotation; hook: it has (podman only).
# The last two take turns.
set -eu

runs=${1:-5}
TMPDIR=$(mktemp -d)
: "${SCTRACE_NL:=$SCTRACE_SRC/user/sctrace-nl}"
background=

# shellcheck disable=SC2317 # podman.sh calls it
cleanup()
{
	background="$*
$background"
}
at_end()
{
	ae_rc=$?
	set +e
	eval "$background"
	rm -rf "$TMPDIR"
	exit $ae_rc
}
trap at_end EXIT
. "$SCTRACE_SRC/tests/guest/container.sh"
. "$SCTRACE_SRC/tests/guest/podman.sh"

# clock STATE CMD...
clock()
{
	c_to=$TMPDIR/$1
	shift
	c_from=$(date +%s%N)
	"$@" >/dev/null 2>"$TMPDIR/err" || { cat "$TMPDIR/err" >&2; return 1; }
	echo $((($(date +%s%N) - c_from) / 1000)) >>"$c_to"
}

# take_turns STATE...
take_turns()
{
	tt_n=0
	while [ $tt_n -lt "$runs" ]; do
		for tt_s; do
			case $tt_s in
			crun-*) clock "$tt_s" run_crun "$TMPDIR/bundle" ;;
			hook) clock hook trace "of:$TMPDIR/o.json" "$IMAGE" true ;;
			*) clock "$tt_s" pod "$IMAGE" true ;;
			esac
		done
		tt_n=$((tt_n + 1))
	done
	for tt_s; do
		sort -n "$TMPDIR/$tt_s" | awk -v s="$tt_s" '{ v[NR] = $1 }
			END {
				if (!sub(/crun-/, "crun ", s))
					s = "podman " s
				print s, v[int((NR + 1) / 2)]
			}'
	done
}

podman_setup
make_bundle "$TMPDIR/bundle" -- true
run_crun "$TMPDIR/bundle"
# The first one of all makes what all others find
pod "$IMAGE" true >/dev/null
take_turns none crun-none
modprobe sctrace
trace "of:$TMPDIR/o.json" "$IMAGE" true >/dev/null
take_turns loaded hook crun-loaded
[ -s "$TMPDIR/o.json" ]
rmmod sctrace
