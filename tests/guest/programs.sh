# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Programs that no root of the lab has. Source it after lib.sh.
#
#	programs_add	put those that tests/field/programs brings where they belong;
#			PROGRAMS is empty when there are none

PROGRAMS=

programs_add()
{
	mkdir -p "$TMPDIR/programs"
	mount -t 9p -o trans=virtio,version=9p2000.L,ro programs "$TMPDIR/programs" \
		2>/dev/null || return 0
	[ -e /programs ] || tar -C / -x -f "$TMPDIR/programs/programs.tar" ||
		bail "no programs"
	: >/programs
	umount "$TMPDIR/programs"
	ldconfig
	PROGRAMS=1
}
