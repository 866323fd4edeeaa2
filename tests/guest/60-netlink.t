#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Who may talk to the module, and what it makes of requests that are wrong.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
load_module || bail "the module does not load"
cleanup unload_module
chmod 755 "$TMPDIR" .

# refused ERRNO NAME CMD...
refused()
{
	_errno=$1
	shift
	exit_is 1 "$@"
	like "$(cat "$LIB_ERR")" "^nl: $_errno: " "... with $_errno"
}

# --- rights
ok "root asks" ./nl info
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
netadmin="$nobody --inh-caps=+net_admin --ambient-caps=+net_admin"
is "$($netadmin sh -c 'sed -n "s/^CapEff:.//p" /proc/self/status')" 0000000000001000 \
	"one with CAP_NET_ADMIN only"
rootless="setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin"
cap=$($rootless sh -c 'sed -n "s/^CapEff:.//p" /proc/self/status')
is $((0x$cap >> 21 & 1)) 0 "a root without CAP_SYS_ADMIN"
is $((0x$cap >> 12 & 1)) 1 "but with others"
./nsrun -o "$T/ns" ./calls 500
read -r inum pid <"$T/ns"
for who in "$nobody" "$netadmin" "$rootless" "unshare -Ur"; do
	for what in info "get inum:$inum" dump "dump -s" "start inum:$inum me" \
		"stop inum:$inum" "reset inum:$inum" "forget inum:$inum"; do
		_st=0
		# shellcheck disable=SC2086
		$who ./nl $what >"$T/out" 2>"$T/err" || _st=$?
		if [ $_st = 1 ] && grep -q '^nl: EPERM: .*CAP_SYS_ADMIN' "$T/err" &&
			[ ! -s "$T/out" ]; then
			pass "$who: $what: EPERM, and why"
		else
			fail "$who: $what: EPERM, and why"
			diag "status $_st" "$(cat "$T/out" "$T/err")"
		fi
	done
done
is "$(./nlbad handed)" "sent by another user: EPERM+
dump by another user: EPERM+" "a socket that root opened does not help another user"
refused ENOENT "another network namespace has no such family" unshare -n ./nl info
refused ENOENT "nor has a user's own" unshare -Urn ./nl info
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" "x86_64 231 x86_64 500 " \
	"none of them changed anything"
unlike_of 'held|stopped' "really" ./nl get "inum:$inum"

# --- wrong requests
log_mark
cat >"$T/want" <<'EOW'
version 0: EPROTONOSUPPORT+
version 2: 0
version 255: 0
dump of version 2: 0
command 0: EOPNOTSUPP
command past the last: EOPNOTSUPP
command 255: EOPNOTSUPP
dump of START: EOPNOTSUPP
command 2, no selector: EINVAL+
command 2, two selectors: EINVAL+
command 2, unknown id: ENOENT+
command 3, no selector: EINVAL+
command 3, two selectors: EINVAL+
command 3, unknown id: ENOENT+
command 4, no selector: EINVAL+
command 4, two selectors: EINVAL+
command 4, unknown id: ENOENT+
command 5, no selector: EINVAL+
command 5, two selectors: EINVAL+
command 5, unknown id: ENOENT+
command 6, no selector: EINVAL+
command 6, two selectors: EINVAL+
command 6, unknown id: ENOENT+
dump, two selectors: EINVAL+
dump, unknown inum: ENOENT+
dump, unknown wants: EINVAL+
pid -1: ESRCH+
id 0: ENOENT+
inum of 0 bytes: EINVAL+
inum of 2 bytes: EINVAL+
inum of 8 bytes: EINVAL+
id of 4 bytes: EINVAL+
id of 0 bytes: EINVAL+
pid of 3 bytes: EINVAL+
label of 0 bytes: EINVAL+
dump, inum of 2 bytes: EINVAL+
label without end: EINVAL+
label of 129 bytes: EINVAL+
label of 4096 bytes: EINVAL+
new label empty: EINVAL+
new label without end: EINVAL+
attribute past the last: EINVAL+
attribute 16383: EINVAL+
attribute of answers only: EINVAL+
the same attribute 500 times: 0
attribute longer than the message: EINVAL+
attribute shorter than its header: EINVAL+
message cut within an attribute: EINVAL+
no generic header: EINVAL
half a generic header: EINVAL
message shorter than it says: EAGAIN
message shorter than a header: EAGAIN
5 bytes: EAGAIN
first dump: 0
a good request after all these: 0
EOW
ok "a list of wrong requests" ./nlbad
cp "$LIB_OUT" "$T/got"
# One test for each, so that a report names it
while IFS= read -r want; do
	name=${want%: *}
	is "$(grep "^$name: " "$T/got")" "$want" "$name"
done <"$T/want"
is "$(wc -l <"$T/got")" "$(wc -l <"$T/want")" "that was all of them"

# --- random ones: the module may do what they say, but nothing else
ok "3000 random messages" ./nlbad fuzz 3000
diag "$(cat "$LIB_OUT")"
like "$(cat "$LIB_OUT")" '^answered [1-9][0-9]* refused [1-9]' "some were understood, some refused"
ok "the module is well" ./nl info
# What they started is held
./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p' | while read -r id; do
	./nl forget "id:$id"
done

# --- dumps that nobody reads to the end
./nsburst 200 >/dev/null
ok "100 dumps left in the middle" ./nlbad leave 100
is "$(./nl dump | grep -c 'comm=nsburst')" 200 "the next dump is whole"
ok "and the module can go: no reference was left behind" poll_until 60 rmmod sctrace
unlike_of 'WARNING|BUG|Oops|RIP:' "nothing in the kernel's log" log_since

done_testing
