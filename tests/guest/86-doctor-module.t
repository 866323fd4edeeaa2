#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# What doctor says of a module that does not fit, where symbols have versions and where not.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./doctor.sh

hooks_there
magic=$(modinfo -F vermagic sctrace)
# other_ko OLD NEW - the module with one text of it replaced by one as long
other_ko()
{
	LC_ALL=C sed "s/$1/$2/" "$T/sctrace.ko" >"$SCTRACE_KO"
	if cmp -s "$T/sctrace.ko" "$SCTRACE_KO" ||
		[ "$(stat -c %s "$SCTRACE_KO")" != "$(stat -c %s "$T/sctrace.ko")" ]; then
		bail "$1 is not in the module"
	fi
}
digit=$(printf '%s\n' "$rel" | sed 's/^\([0-9]*\.[0-9]*\.\)\([0-9]\).*/\2/')
case $digit in
9) other=8 ;;
*) other=$((digit + 1)) ;;
esac
other_ko "vermagic=\([0-9]*\.[0-9]*\.\)$digit" "vermagic=\1$other"
case $magic in
*modversions*)
	well "built for another release, with symbol versions"
	says module ok "another release" "and it is said"
	ok "it loads" loads
	# a symbol of another version: its CRC stands before its name
	at=$(LC_ALL=C grep -obUaP '\x00\x00\x00\x00module_layout\x00' "$SCTRACE_KO" |
		head -n 1 | cut -d: -f1)
	printf '\377\377' | dd of="$SCTRACE_KO" bs=1 seek=$((at - 4)) conv=notrunc 2>/dev/null
	doctor
	says module fail "symbols.*module_layout.*another version" "and one of another version"
	not_ok "it does not load" loads
	mv "$mods/build" "$mods/build.away"
	other_ko "vermagic=\([0-9]*\.[0-9]*\.\)$digit" "vermagic=\1$other"
	doctor
	says module warn "cannot be told" "nothing to compare with"
	mend "nothing to compare with" module
	mv "$mods/build.away" "$mods/build"
	unload_module
	;;
*)
	doctor
	says module fail "was built for kernel" "built for another release"
	not_ok "it does not load" loads
	;;
esac
other_ko "\(vermagic=[^ ]*\) SMP" "\1 UMP"
doctor
says module fail "this one wants" "built with other options"
not_ok "it does not load" loads
cp "$T/sctrace.ko" "$SCTRACE_KO"
done_testing
