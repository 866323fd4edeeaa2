#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm
# DKMS builds, installs and removes the module, as `make dkms_install` and `make
# uninstall` have it done, on a machine that has one of `make install`. A guest takes
# minutes to compile: DKMS's make copies what the lab has built by the same Kbuild here, and
# compiles in tests/docs/install and tests/matrix/dkms.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

case $(uname -r) in
*-dbg | *-kcsan) plan skip_all "no package has this kernel's headers" ;;
esac

v=$(sed -n 's/^#define SCTRACE_VERSION "\(.*\)"/\1/p' "$SCTRACE_SRC/kmod/version.h")
cd "$SCTRACE_SRC" || bail "no sources"
few_modules || bail "no modules"
cp "$SCTRACE_KO" "$TMPDIR/sctrace.ko"
cp dkms.conf "$TMPDIR"
cleanup 'mkdir -p "${SCTRACE_KO%/*}"; cp "$TMPDIR/sctrace.ko" "$SCTRACE_KO"; cp "$TMPDIR/dkms.conf" "$SCTRACE_SRC"'
sed -i "s,^MAKE.*,MAKE[0]=\"cp $TMPDIR/sctrace.ko sctrace.ko\"," dkms.conf
ok "there is a module as of make install" test -s "$SCTRACE_KO"
# (-o: the tool is built already)
ok "make dkms_install" make -s -o user_install dkms_install
not_ok "that module has made way" test -e "$SCTRACE_KO"
like "$(dkms status)" "sctrace.*$v.*installed" "dkms status"
ok "doctor calls it good" sctrace-nl doctor
ok "modprobe" modprobe sctrace
is "$(cat /sys/module/sctrace/version)" "$v" "it is this version"
cd tests/guest || bail "no tests"
./nsrun -o "$TMPDIR/ns" ./calls 500
read -r inum pid <"$TMPDIR/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" "x86_64 231 x86_64 500 " "it records"
like "$(modinfo -F filename sctrace)" "/updates/|/extra/|/dkms/" "from where dkms put it"
ok "doctor still does" sctrace-nl doctor

# A program of another version than the module (of the same length)
other=$(echo "$v" | tr 0-9 9)
sed "s/$v/$other/g" "$SCTRACE_NL" >"$TMPDIR/other"
chmod 755 "$TMPDIR/other"
for how in --version "list" "show --ns $inum"; do
	ok "another version's program: $how" "$TMPDIR/other" $how
	is "$(grep -c "module is version $v and this program version $other: install both" "$LIB_ERR")" 1 "says so, once"
done
ok "this version's says nothing" sctrace-nl list
is "$(cat "$LIB_ERR")" "" "of the kind"

cd "$SCTRACE_SRC" || bail "no sources"
ok "make uninstall" scripts/module remove "$v"
not_ok "the module is unloaded" test -d /sys/module/sctrace
not_ok "and gone" modprobe sctrace
is "$(dkms status sctrace)" "" "for DKMS, too"

done_testing
