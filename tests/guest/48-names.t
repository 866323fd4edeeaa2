#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Each record knows its container: by the cgroup of the namespace's init and by its host
# name. (What engines call it: 49-engines.t)
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./names.sh

# Nothing here is an engine's, and to ask one takes seconds
for e in podman docker; do
	printf '#!/bin/sh\n>%s/asked-%s\nexit 1\n' "$TMPDIR" $e >"$TMPDIR/$e"
	chmod 755 "$TMPDIR/$e"
	engine_is $e "$TMPDIR/$e"
done
load_module || bail "the module cannot be loaded"

# Containers that live for a moment, and whose cgroup is gone when somebody asks
i=0
while [ $i -lt 20 ]; do
	inside "$root/docker/$(hex $i)" true || bail "no cgroup can be made"
	rmdir "$root/docker/$(hex $i)"
	i=$((i + 1))
done
n=$("$SCTRACE_NL" list --json --engine docker |
	jq '[.records[] | select(.state | index("ended")) | .container_id] | unique | length')
is "$n" 20 "20 containers that lived for a moment are known by their IDs"
is "$("$SCTRACE_NL" list --json --running --engine docker | jq '.records | length')" 0 \
	"--running leaves them out"
id=$(hex 7)
ok "--container takes an ID" "$SCTRACE_NL" show --container "$id"
ok "a profile of it is written" "$SCTRACE_NL" --container "docker:$id" -o "$TMPDIR/p.json"
exit_is 3 "the beginning that all of them have names none" \
	"$SCTRACE_NL" show --container 000000000000
like "$(cat "$LIB_ERR")" 'several have that name: .*, ' "and the candidates are named"
exit_is 3 "no such container" "$SCTRACE_NL" show --container nothing-like-it

# A path that is longer than what is kept, and a name that systemd has escaped
deep=$root i=0
long=$(printf '%0100d' 0)
while [ $i -lt 10 ]; do
	deep=$deep/$long
	i=$((i + 1))
done
inside "$deep/libpod-$(hex 99).scope/container" true
is "$("$SCTRACE_NL" list --json --engine podman | jq -r '.records[0].container_id')" \
	"$(hex 99)" "the end of a long path tells it"
inside "$root/machine.slice/systemd-nspawn@my\\x2dbox.service/payload" true
ok "nspawn's name" "$SCTRACE_NL" show --container nspawn:my-box

# Only a host name: said to be one
inside "$root" sh -c 'hostname badbadbadbad; exec sleep 0'
sleep_rec=$("$SCTRACE_NL" list --json | jq '.records[-1]')
is "$(echo "$sleep_rec" | jq -r .hostname)" null "the host's own name is none"
inside "$root" sh -c 'hostname badbadbadbad; exec unshare -p -f true'
ok "a host name alone finds a record" "$SCTRACE_NL" show --container badbadbadbad
like "$(cat "$LIB_ERR")" 'host name only' "with a warning"
inside "$root" sh -c 'printf "a\033[31mb" >/proc/sys/kernel/hostname; exec unshare -p -f true'
is "$("$SCTRACE_NL" list --json | jq '[.records[].hostname // "" | select(startswith("a"))] | length')" 1 \
	"a host name with control characters"
unlike "$("$SCTRACE_NL" list; "$SCTRACE_NL" list --json)" "$(printf '\033')" \
	"control characters of a host name are not printed"

# A host name like an ID: any engine may know it. One that has not run since the boot is not
# started for that: podman's first run, when it is killed as what is late, leaves what podman
# does not mend
"$SCTRACE_NL" forget --container "podman:$(hex 99)"
"$SCTRACE_NL" list --json --engine docker | jq '.records[].id' | while read -r id; do
	"$SCTRACE_NL" forget --id "$id"
done
asked()
{
	rm -f "$TMPDIR"/asked-*
	"$@" >/dev/null 2>&1
	echo $? $(ls "$TMPDIR" | sed -n 's/^asked-//p')
}
for sign in /run/libpod/alive /run/docker; do
	if [ -e $sign ]; then
		mv $sign $sign.away
		cleanup "mv $sign.away $sign"
	fi
done
is "$(asked "$SCTRACE_NL" list)" "0" "no engine that has not run since the boot is asked: list"
is "$(asked "$SCTRACE_NL" start --container nobodys)" "3" "start"
like "$("$SCTRACE_NL" start --container nobodys 2>&1)" \
	"podman has not run since the boot and was not asked: name it podman:nobodys" "... which is said"
mkdir -p /run/libpod
>/run/libpod/alive
is "$(asked "$SCTRACE_NL" list)" "0 podman" "one that has is asked: list"
is "$(asked "$SCTRACE_NL" start --container nobodys)" "3 podman" "start"
mkdir /run/docker
is "$(asked "$SCTRACE_NL" list)" "0 docker podman" "both are"
is "$(asked "$SCTRACE_NL" start --container nobodys)" "3 docker podman" "start"
unlike "$("$SCTRACE_NL" start --container nobodys 2>&1)" "not asked" "... nothing was left out"
rm /run/libpod/alive
rmdir /run/docker
is "$(asked "$SCTRACE_NL" start --container docker:nobodys)" "3 docker" "who is named is asked"

# One that claims another's ID: the path outranks it
other=$(hex 3)
inside "$root/docker/$(hex 200)" sh -c "hostname $(echo "$other" | cut -c 1-12)
	exec unshare -p -f true"
is "$("$SCTRACE_NL" list --json "$(hex 200)" | jq -r '.records[-1].container_id')" \
	"$(hex 200)" "an ID in the path outranks a host name"

# An init that calls no execve, and one that ran before the module was there
inside "$root/docker/$(hex 300)" sh -c "exec sleep 60" &
pid=$!
poll_until 60 sh -c "'$SCTRACE_NL' list --json --running --engine docker |
	jq -e '.records | length == 1'" >/dev/null
unload_module
load_module || bail "the module cannot be loaded again"
kid=$(cat "$root/docker/$(hex 300)/cgroup.procs" | tail -n 1)
"$SCTRACE_NL" -q start --pid "$kid" >/dev/null
is "$("$SCTRACE_NL" list --json --running --engine docker | jq -r '.records[0].container_id')" \
	"$(hex 300)" "a container that ran before the module was loaded"
"$SCTRACE_NL" forget --container "$(hex 300)"
kill -9 "$kid" 2>/dev/null
wait "$pid" 2>/dev/null

# Version 1, where it can be mounted beside version 2
if mkdir "$TMPDIR/v1" && mount -t cgroup -o freezer none "$TMPDIR/v1" 2>/dev/null; then
	cleanup "umount $TMPDIR/v1"
	inside "$TMPDIR/v1/docker/$(hex 400)" true
	ok "a cgroup of version 1" "$SCTRACE_NL" show --container "$(hex 400)"
	rmdir "$TMPDIR/v1/docker/$(hex 400)" "$TMPDIR/v1/docker"
else
	skip 1 "no controller of version 1 can be mounted here"
fi

find "$root/docker" "$root/$long" "$root/machine.slice" -depth -type d -exec rmdir {} \; 2>/dev/null
done_testing
