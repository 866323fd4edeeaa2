#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Each record knows its container: by the cgroup of the namespace's init, by its host name,
# and by what the engine calls it.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. "${SCTRACE_SRC:?}/tests/guest/podman.sh"

# hex N - an ID as engines make them
hex() { printf '%064x' "$(($1 + 0xabc000))"; }

# inside CGROUP COMMAND... - COMMAND in new PID and UTS namespaces, in that cgroup
inside()
{
	mkdir -p "$1" || return 1
	_cg=$1
	shift
	# shellcheck disable=SC2016
	sh -c 'echo 0 >"$0/cgroup.procs" && exec unshare -p -f -u "$@"' "$_cg" "$@"
}

# of JQ - of all records
of() { "$SCTRACE_NL" list --json "$@" | jq -r "$expr"; }

root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$root" ] || plan skip_all "no cgroup2 is mounted here"
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
inside "$root" sh -c 'hostname "$(printf "a\033[31mb")"; exec unshare -p -f true'
unlike "$("$SCTRACE_NL" list; "$SCTRACE_NL" list --json)" "$(printf '\033')" \
	"control characters of a host name are not printed"

# One that claims another's ID: the path outranks it
other=$(hex 3)
inside "$root/docker/$(hex 200)" sh -c "hostname $(echo "$other" | cut -c 1-12)
	exec unshare -p -f true"
is "$("$SCTRACE_NL" list --json "$(hex 200)" | jq -r '.records[-1].container_id')" \
	"$(hex 200)" "an ID in the path outranks a host name"

# An init that calls no execve, and one that ran before the module was there
inside "$root/docker/$(hex 300)" sh -c "exec sleep 60" &
pid=$!
poll_until 20 sh -c "'$SCTRACE_NL' list --json --running --engine docker |
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

# podman's own containers, by the name that podman gave them
podman_setup || bail "podman cannot be set up"
ok "podman runs a container with a name" pod --name web "$IMAGE" true
ok "by its name, after --rm" "$SCTRACE_NL" show --container web
ok "by engine and name" "$SCTRACE_NL" -o "$TMPDIR/web.json" --container podman:web
like "$("$SCTRACE_NL" list)" ' podman:web ' "list shows it"
ok "podman runs it again" pod --name web "$IMAGE" true
exit_is 3 "two containers that had one name one after the other" \
	"$SCTRACE_NL" show --container web
like "$(cat "$LIB_ERR")" 'several' "are told apart by their IDs"
pod -d --name db "$IMAGE" sleep 100 >/dev/null
cleanup "podman rm -f -t 0 db >/dev/null 2>&1"
ok "while it runs" "$SCTRACE_NL" show --container db
podman rename db base
ok "renamed: by the new name" "$SCTRACE_NL" show --container base
podman rm -f -t 0 base >/dev/null
is "$("$SCTRACE_NL" list | awk 'length > 100' | wc -l)" 0 "list is narrow"

# An engine whose program hangs or lies. It takes the place of a real one
docker=$(command -v docker) || docker=/usr/local/bin/docker
fake=$TMPDIR/fake
mkdir "$fake"
: >"$fake/docker"
if [ -e "$docker" ]; then
	mount --bind "$fake/docker" "$docker"
	cleanup "umount $docker"
else
	ln -s "$fake/docker" "$docker"
	cleanup "rm -f $docker"
fi
cat >"$fake/docker" <<EOF
#!/bin/sh
echo \$1 >>$fake/asked
exec sleep 1000
EOF
chmod 755 "$fake/docker"
inside "$root/docker/$(hex 500)" true
ok "a program that hangs is not waited for" timeout 60 "$SCTRACE_NL" show --container "$(hex 500)"
is "$(grep -c -e ps -e events "$fake/asked")" 2 "and asked for a list once: by --container, by show"
cat >"$fake/docker" <<EOF
#!/bin/sh
: >$fake/lied
printf "%s a\\033[31mb\\n%s\\n\\n \\n" $(hex 500) junk
EOF
unlike "$("$SCTRACE_NL" list)" "$(printf '\033')" "what it lies is not printed raw"
ok "it was asked" test -e "$fake/lied"
like "$("$SCTRACE_NL" list)" " docker:a.*b " "and its name is taken all the same"
find "$root/docker" "$root/$long" "$root/machine.slice" -depth -type d -exec rmdir {} \; 2>/dev/null
done_testing
