#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# The units of the packages that this system has: those with a filter are read, and
# written as a drop-in that means the same.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR

# there_and_back UNIT - as OCI, which is refused or exact, and as a drop-in
there_and_back()
{
	sctrace-nl merge "$1" --format oci -o "$T/u.json" &&
		sctrace-nl merge "$1" --format systemd -o "$T/u.conf" &&
		sctrace-nl diff "$1" "$T/u.conf" --input-format systemd
}

n=0
for unit in $(readlink -f /usr/lib/systemd/system/*.service \
	/lib/systemd/system/*.service | sort -u); do
	grep -q '^SystemCallFilter=' "$unit" || continue
	n=$((n + 1))
	exit_is 0 "${unit##*/}" there_and_back "$unit"
done
[ $n -gt 0 ] || skip 1 "no unit of this system has a filter"
done_testing
