#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# DKMS adds, builds, installs and removes the module. Compiling takes long in a
# guest, so one kernel stands for all: the lab has built this module for each of
# the others by the same Kbuild.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

case $(uname -r) in
*-dbg | *-kcsan) plan skip_all "no package has this kernel's headers" ;;
6.1.*) ;;
*) plan skip_all "tried on 6.1 only" ;;
esac

v=$(sed -n 's/^PACKAGE_VERSION="*\([^"]*\)"*$/\1/p' "$SCTRACE_SRC/dkms.conf")
like "$v" '^[0-9]+\.[0-9]+' "dkms.conf names a version"
is "$v" "$(sed -n 's/^#define SCTRACE_VERSION "\(.*\)"/\1/p' "$SCTRACE_SRC/kmod/version.h")" \
	"the module's own"
src=/usr/src/sctrace-$v
mkdir "$src"
(cd "$SCTRACE_SRC" && cp -r Kbuild Makefile dkms.conf kmod "$src" && find "$src" -name '*.o' -delete)
[ ! -d "$SCTRACE_SRC/scripts" ] || cp -r "$SCTRACE_SRC/scripts" "$src"
rm -f "$SCTRACE_KO"
depmod
not_ok "no sctrace yet" modprobe sctrace
ok "dkms add" dkms add "sctrace/$v"
ok "dkms build" dkms build "sctrace/$v" -k "$(uname -r)"
ok "dkms install" dkms install "sctrace/$v" -k "$(uname -r)"
like "$(dkms status)" "sctrace.*$v.*installed" "dkms status"
ok "modprobe" modprobe sctrace
./nsrun -o "$TMPDIR/ns" ./calls 500
read -r inum pid <"$TMPDIR/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" "x86_64 231 x86_64 500 " "it records"
like "$(modinfo -F filename sctrace)" "/updates/|/extra/|/dkms/" "from where dkms put it"
ok "unload" rmmod sctrace
ok "dkms remove" dkms remove "sctrace/$v" --all
not_ok "it is gone" modprobe sctrace

done_testing
