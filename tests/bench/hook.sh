#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# hook.sh [RUNS] - in a guest: how long `podman run --rm IMAGE true` takes with the
# hook and without it, turn by turn so that both see the same machine. Prints a
# line "hook podman-run RATIO"; the medians of RUNS (7) runs are in comments.
set -eu

runs=${1:-7}
TMPDIR=$(mktemp -d)
trap 'rm -rf "$TMPDIR"' EXIT
export TMPDIR
# shellcheck disable=SC2317
cleanup()
{
	:
}
. "$SCTRACE_SRC/tests/guest/container.sh"
. "$SCTRACE_SRC/tests/guest/podman.sh"
podman_setup
modprobe sctrace

# clock WHAT CMD... - append the milliseconds of guest time
clock()
{
	c_to=$1
	shift
	c_from=$(awk '{ print $1 * 1000 }' /proc/uptime)
	"$@" >/dev/null
	awk -v f="$c_from" '{ print $1 * 1000 - f }' /proc/uptime >>"$TMPDIR/$c_to"
}

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

pod "$IMAGE" true
trace "of:$TMPDIR/o.json" "$IMAGE" true
n=0
while [ "$n" -lt "$runs" ]; do
	clock without pod "$IMAGE" true
	clock with trace "of:$TMPDIR/o.json" "$IMAGE" true
	n=$((n + 1))
done
[ -s "$TMPDIR/o.json" ]
with=$(median "$TMPDIR/with") without=$(median "$TMPDIR/without")
echo "# podman run: $without ms, with the hook: $with ms"
awk -v a="$with" -v b="$without" 'BEGIN { printf "hook podman-run %.3f\n", a / b }'
kill %1 2>/dev/null || :
