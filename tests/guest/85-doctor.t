#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm
# doctor says what is so, and its cures cure: each state is made, looked at, the
# cure is followed to the letter, and it is looked at again.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./doctor.sh

# --- hooks
doctor
says hooks warn "prestart.json.* do nothing" "no hooks"
like "$(column hooks 4)" "make install" "the cure of no hooks"
hooks_there
well "all is well, not loaded"
says loading ok "not loaded yet" "not loaded"
echo '{}' >/etc/containers/oci/hooks.d/sctrace-prestart.json
doctor
says hooks warn "runs no hook" "shadowed by a file that is no hook"
mend "shadowed" hooks
sed 's/poststop"/prestart"/' "$hooks/sctrace-poststop.json" >/etc/containers/oci/hooks.d/sctrace-poststop.json
doctor
says hooks warn "does not run .*hook poststop" "shadowed by another hook"
mend "shadowed by another" hooks
sed 's,"path": *"[^"]*","path": "/nowhere/sctrace-nl",' "$hooks/sctrace-prestart.json" \
	>/etc/containers/oci/hooks.d/sctrace-prestart.json
doctor
says hooks warn "/nowhere/sctrace-nl, which cannot be run" "the program is gone"
mend "the program is gone" hooks
sed "s,/usr/bin/sctrace-nl,/nowhere/sctrace-nl,g" "$hooks/sctrace-prestart.json" \
	>/etc/containers/oci/hooks.d/sctrace-prestart.json
doctor
says hooks warn "runs /nowhere/sctrace-nl, which cannot be run" "the program that a shell runs is gone"
mend "that program is gone" hooks
cp "$SCTRACE_SRC"/contrib/crio/hooks.d/*.json /etc/containers/oci/hooks.d/
doctor
says hooks ok "" "files for CRI-O in their place"
rm -f /etc/containers/oci/hooks.d/*
cp "$hooks/sctrace-prestart.json" /etc/containers/oci/hooks.d/
well "one that an admin has put there is as good"
rm /etc/containers/oci/hooks.d/sctrace-prestart.json
: >"$hooks/sctrace-precreate.json"
doctor
says hooks warn "buildah" "a stage that others refuse"
mend "a stage that others refuse" hooks
# podman is told of other directories; a later file has the last word
confs=/etc/containers/containers.conf.d
mkdir -p $confs
cleanup "rm -f $confs/5?-hooks.conf"
printf '[engine]\n# hooks_dir = ["/nowhere"]\nhooks_dir = [\n  "/etc/containers/oci/hooks.d",\n]\n' >$confs/50-hooks.conf
doctor
says hooks warn "50-hooks.conf: its hooks_dir has no hooks of sctrace" "podman reads other directories"
like "$(column hooks 4)" "add \"$hooks\" to hooks_dir in $confs/50-hooks.conf" "the cure"
sed -i "s,^  \",  \"$hooks\"\, &," $confs/50-hooks.conf
well "with that directory, too"
sed "s|$hooks|/nowhere|" $confs/50-hooks.conf >$confs/51-hooks.conf
doctor
says hooks warn "51-hooks.conf: its hooks_dir" "a later file has the last word"
printf '[engine]\nhooks_dir = []\n' >$confs/51-hooks.conf
well "none at all: those that it has without"
rm -f $confs/5?-hooks.conf

# --- who asks, and from where
doctor setpriv --reuid=65534 --regid=65534 --clear-groups
says rights fail "no CAP_SYS_ADMIN" "not root"
like "$(column rights 4)" "as root" "the cure"
doctor unshare -Ur
says rights fail "user namespace" "a user namespace"
like "$(column rights 4)" "on the host" "the cure"
for l in "" loaded; do
	[ -z "$l" ] || load_module record=all
	doctor unshare -n
	says network fail "not the network namespace of the host" "a network namespace, ${l:-not loaded}"
	_cmd=$(column network 4 | grep -o '`[^`]*`' | tr -d '`')
	like "$_cmd" "^nsenter .*sctrace-nl doctor$" "its cure is a command"
	ok "which finds all well" unshare -n sh -c "$_cmd"
	[ -z "$l" ] || says module fail "not visible from here" "and what is loaded is not visible"
	[ -z "$l" ] || is "$(column module 4)" "run this on the host, outside of containers and \`ip netns\`" "with one cure"
done
unload_module
# A policy, or the lack of a capability, may forbid to look at the links of others
doctor setpriv --bounding-set=-sys_ptrace
ok "doctor answers without CAP_SYS_PTRACE" grep -q "^rights" "$T/said"
unlike "$(column network 2)" "fail" "what cannot be read is not said to be another namespace"

# --- what modprobe is told
for line in 'install sctrace /bin/false' 'install  sctrace true' 'blacklist sctrace'; do
	echo "$line" >/etc/modprobe.d/x-sctrace.conf
	doctor
	case $line in
	blacklist*) says loading warn "blacklisted" "$line" ;;
	*) says loading fail "instead of loading" "$line" ;;
	esac
	_f=$(column loading 4 | grep -o '/etc/modprobe.d/[^ ]*')
	is "$_f" /etc/modprobe.d/x-sctrace.conf "the cure names the file"
	case $line in
	install*)
		not_ok "it cannot be loaded" sctrace-nl list
		like "$(cat "$LIB_ERR")" "instead of loading.*$_f" "and that is said"
		;;
	*)
		ok "it can be loaded" sctrace-nl list
		unload_module
		;;
	esac
	sed -i '/sctrace/d' "$_f"
	well "$line, taken out"
done
rm -f /etc/modprobe.d/x-sctrace.conf

# --- what the kernel forbids; as other files in these places would tell
# with FILE TEXT... - ask with other texts in these places
with()
{
	doctor unshare -m sh -c '
		n=0
		while [ "$1" != -- ]; do
			n=$((n + 1))
			printf "%s\n" "$2" >"$TMPDIR/with.$n"
			mount --bind "$TMPDIR/with.$n" "$1"
			shift 2
		done
		shift
		exec "$@"' sh "$@" --
}
with /proc/sys/kernel/modules_disabled 1
says loading fail "until the next boot" "modules_disabled"
like "$(column loading 4)" "boot again" "the cure"
with /proc/cmdline "quiet module_blacklist=a,sctrace"
says loading fail "module_blacklist" "module_blacklist="
like "$(column loading 4)" "^boot without that" "the cure"
with /proc/cmdline "quiet module_blacklist=a,xsctrace,sctracex"
is "$(column loading 3)" "" "another module's"
sig=/sys/module/module/parameters/sig_enforce
with $sig Y
says loading fail "this one is not signed" "not signed"
like "$(column loading 4)" "signing.md" "the cure"
# A signature by "Test key", over nothing: who looks at the signer does not check it
sign()
{
	base64 -d <<-'EOS'
	MIHQBgkqhkiG9w0BBwKggcIwgb8CAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYGdMIGaAgEBMDMwGzEZMB
	cGA1UEAwwQc2N0cmFjZSB0ZXN0IGtleQIUTkjs2WAXDkV/71hn+lK8J6Jci4UwCwYJYIZIAWUDBAIBMAoGCCqGSM49
	BAMCBEcwRQIgMg/ewEzQ2x8hADWSAxRQfybHeIr502WPy3O09nxdZV8CIQD6VdYrZjyaChjL+t3TnQRGxandlDZ5GV
	TYB03zvGAT1wAAAgAAAAAAAAAA035Nb2R1bGUgc2lnbmF0dXJlIGFwcGVuZGVkfgo=
	EOS
}
sign | cat "$T/sctrace.ko" - >"$SCTRACE_KO"
is "$(modinfo -F signer sctrace)" "sctrace test key" "a signed module"
with $sig Y
says loading fail "does not have the key of .sctrace test key" "signed by an unknown key"
like "$(column loading 4)" "mokutil --import" "the cure"
with $sig Y /proc/keys "34d3cfa5 I------ 1 perm 1f030000 0 0 asymmetri sctrace test key: 8963f707: X509.rsa 371a5bb8 []"
is "$(column loading 3)" "" "the key enrolled"
with /sys/kernel/security/lockdown "none [integrity] confidentiality"
says loading fail "does not have the key" "lockdown"
well "where nobody asks for one the signature does not matter"
cp "$T/sctrace.ko" "$SCTRACE_KO"

# --- no module: what DKMS has to do with it. Its make is ours, to be quick.
rm "$SCTRACE_KO"
depmod
mkdir -p /etc/dkms
echo 'sign_file=/none' >>/etc/dkms/framework.conf
doctor
says module fail "not built for this kernel" "no module"
like "$(column module 4)" "make install|sctrace-dkms" "the cure, nothing being there"
mkdir "$src"
cp -r "$SCTRACE_SRC/Kbuild" "$SCTRACE_SRC/kmod" "$src"
sed 's,^MAKE.*,MAKE[0]="sh $dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build/make",' \
	"$SCTRACE_SRC/dkms.conf" >"$src/dkms.conf"
cat >"$src/make" <<-'EOF'
	echo "gcc -c main.c"
	echo "kmod/main.c:7:2: error: planted in main.c"
	echo "make[1]: *** [Makefile:1: main.o] Error 1"
	exit 1
	EOF
doctor
says dkms warn "does not know" "DKMS does not know it"
like "$(column module 4)" "^run .dkms add.*dkms install" "the cure"
follow dkms
doctor
says dkms warn "sctrace/$v/build/make.log says .kmod/main.c:7:2: error: planted in main.c" \
	"a build that failed"
ok "the log is where it says" grep -q planted "$(column dkms 3 | grep -o '/[^ ]*make.log')"
like "$(column module 4)" "^mend .*dkms install" "the cure"
echo "cp '$T/sctrace.ko' sctrace.ko" >"$src/make"
mend "a build that failed" module
says module ok "updates|extra|dkms" "the one of DKMS"
ok "it loads" loads
# cut off, as on a full disk
ko=$(modinfo -n sctrace)
truncate -s $(($(stat -c %s "$ko") / 2)) "$ko"
doctor
says module fail "only a part of one" "cut off"
not_ok "it cannot be loaded" sctrace-nl list
like "$(cat "$LIB_ERR")" "only a part of one.*dkms" "and that is said"
unlike "$(cat "$LIB_ERR")" "another kernel" "nothing else"
mv "$mods/build" "$mods/build.away"
doctor
says headers fail "not installed" "no headers"
is "$(column headers 4)" "run \`apt-get install linux-headers-$rel\`" "the cure of no headers"
ok "there is such a package" dpkg -s "linux-headers-$rel"
mv "$mods/build.away" "$mods/build"
# a kernel by clang, and none here
mkdir -p /boot
sed 's/^CONFIG_CC_IS_GCC=y/CONFIG_CC_IS_CLANG=y/' "$mods/build/.config" >"/boot/config-$rel"
doctor
says compiler fail "built by clang, and there is no" "a kernel by clang"
like "$(column compiler 4)" "clang lld" "the cure of a kernel by clang"
for c in clang ld.lld; do
	ln -sf /bin/true /usr/local/bin/$c
done
doctor
says compiler ok "clang.*LLVM=1" "clang is there"
rm -f /usr/local/bin/clang /usr/local/bin/ld.lld "/boot/config-$rel"
doctor
mend "cut off" module
back >/dev/null 2>&1
hooks_there
# not in the indexes
grep -v sctrace "$T/modules.dep" >"$mods/modules.dep"
rm "$mods/modules.dep.bin"
doctor
says module fail "modprobe does not know" "no depmod"
mend "no depmod" module
chmod 600 "$mods/modules.dep.bin"
doctor setpriv --reuid=65534 --regid=65534 --clear-groups
says module fail "may not read .*modules.dep.bin" "an index that may not be read is not one that lacks the module"
chmod 644 "$mods/modules.dep.bin"
cp "$T"/modules.* "$mods"

# --- loaded
load_module
well "the default, with no container"
says recording ok "every PID namespace but the initial one" "and that is said"
unload_module
load_module record=selected
doctor
says recording warn "nothing was" "nothing is asked for"
mkfifo "$T/in" "$T/gate"
exec 3<>"$T/in"
# waiting NAME - a namespace that waits for a line; sets inum and pid
waiting()
{
	: >"$T/ns"
	./nsrun -g "$T/gate" -o "$T/ns" ./calls w 39 <"$T/in" &
	job=$!
	poll_until 60 test -s "$T/ns"
	read -r inum pid <"$T/ns"
	: >"$T/gate"
}
waiting
_cmd=$(column recording 4 | grep -o '`[^`]* start [^`]*`' | tr -d '`' | sed "s/PID$/$pid/")
ok "its cure: $_cmd" $_cmd
well "something is asked for"
echo >&3
wait $job
./nl forget "inum:$inum"
unload_module

load_module record=all max_records=2
for i in 1 2; do
	waiting
	sctrace-nl start --pid "$pid" >/dev/null 2>&1
	echo >&3
	wait $job
done
doctor
says room fail "the next namespace gets none" "held records fill the table"
mend "held records fill the table" room
./forget-held
unload_module
load_module record=all max_records=1
waiting
doctor
says room fail "the next namespace gets none" "living namespaces fill the table"
like "$(column room 4)" "max_records=2" "the cure"
mend "living namespaces fill the table" room
echo >&3
wait $job
unload_module
load_module record=all
./nsrun -o "$T/ns" ./wild hoard
doctor
says records warn "incomplete" "an incomplete record"
mend "an incomplete record" records
unload_module

# of another version
LC_ALL=C sed "s/version=$v/version=9${v#?}/" "$T/sctrace.ko" >"$T/nine.ko"
insmod "$T/nine.ko"
doctor
says version warn "version 9" "a module of another version"
mend "a module of another version" version
rm -f "$hooks"/sctrace-*.json

done_testing
