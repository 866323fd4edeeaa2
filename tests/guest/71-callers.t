#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Who may do what: every caller times every command, and every way to have a
# module loaded by somebody who may not load modules. What a container calls is
# nobody's business but that of whoever has CAP_SYS_ADMIN on the host.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

not_loaded()
{
	! grep -q '^sctrace ' /proc/modules
}

# By name, by alias: whatever a kernel makes of a name that somebody chose
echo 10000 >/proc/sys/user/max_user_namespaces
[ ! -e /proc/sys/kernel/unprivileged_userns_clone ] ||
	echo 1 >/proc/sys/kernel/unprivileged_userns_clone
is "$(modinfo -F alias sctrace)" "" "the module has no alias by which it could be called"
for c in unprivileged root-in-user-ns unprivileged-in-user-ns \
	container-on-host-network net-admin-only; do
	./callers -m "$c" >"$TMPDIR/ask" 2>&1 || fail "$c could not even ask"
	ok "$c has no way to get the module loaded ($(grep -c . "$TMPDIR/ask") tried)" not_loaded
	unload_module
done
# The same for the tool: an unprivileged user's does not bring it
busybox setuidgid nobody true 2>/dev/null && su=busybox\ setuidgid\ nobody || su="setpriv --reuid 65534 --regid 65534 --clear-groups"
not_ok "the tool of an unprivileged user fails" $su sctrace-nl list
ok "and has loaded nothing" not_loaded

load_module || bail "the module does not load"
cleanup unload_module

# Somebody to speak of
./nsrun sleep 1000 &
cleanup "kill $! 2>/dev/null; wait"
poll_until 60 sh -c "pgrep -P $! >/dev/null" || bail "no namespace"
pid=$(pgrep -P $!)
inum=$(inum_of "$pid")
start_it()
{
	./nl start "pid:$pid" >/dev/null
}

commands="info start get dump dump-one stop reset forget wrong-version"

# expect CALLER ANSWER [ANSWER-TO-WRONG-VERSION]
expect()
{
	start_it || fail "root can start the record"
	before=$(./nl get "inum:$inum" | sed 's/ last_new=.*//')
	./callers "$1" "$inum" >"$TMPDIR/got" 2>"$TMPDIR/err"
	for c in $commands; do
		w=$2
		[ "$c" != wrong-version ] || w=${3-$2}
		echo "$c $w"
	done >"$TMPDIR/want"
	# Where there are groups for events, each is one more line, with the same
	# answer. Joining is refused with EPERM, or ENOENT where it is not there.
	grep '^events' "$TMPDIR/got" >"$TMPDIR/events" || :
	sed "s/.*/events $2/" "$TMPDIR/events" >>"$TMPDIR/want"
	ok "$1: $2 for each of $(grep -c . "$TMPDIR/got") requests" \
		diff -u "$TMPDIR/want" "$TMPDIR/got"
	[ ! -s "$TMPDIR/err" ] || diag "$(cat "$TMPDIR/err")"
	if [ "$2" != ok ]; then
		is "$(./nl get "inum:$inum" | sed 's/ last_new=.*//')" "$before" \
			"$1: the record is as it was"
	fi
}

expect root ok EPROTONOSUPPORT
expect root-with-sys-admin-only ok EPROTONOSUPPORT
expect nobody-with-sys-admin ok EPROTONOSUPPORT
expect unprivileged EPERM
expect net-admin-only EPERM
expect all-but-sys-admin EPERM
expect root-in-user-ns EPERM
expect unprivileged-in-user-ns EPERM
expect container-on-host-network EPERM
expect unprivileged-on-root-socket EPERM
expect root-on-unprivileged-socket EPERM
# Another network namespace has no such family
expect root-in-user-and-net-ns ENOENT
expect root-in-net-ns ENOENT

# No caller was left out of the table above
is "$(./callers -l | sort | tr '\n' ' ')" \
	"$(sed -n 's/^expect \([a-z-]*\) .*/\1/p' "$0" | sort | tr '\n' ' ')" \
	"each caller was tried"

# What is there for everybody to see tells nothing
not_ok "no file of it that others may write" sh -c \
	'find /sys/module/sctrace -type f -perm /0222 ! -name uevent | grep .'
ls /proc | grep -i sctrace >"$TMPDIR/proc"
is "$(cat "$TMPDIR/proc")" "" "nothing in /proc"

./nl forget "inum:$inum" >/dev/null 2>&1
done_testing
