#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# Containers by the names that engines give them; engines that hang, fail or lie.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./names.sh
. ./podman.sh

load_module || bail "the module cannot be loaded"

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
long=a-name-of-a-container-that-a-terminal-of-80-columns-does-not-hold
pod -d --name $long "$IMAGE" sleep 1000 >/dev/null
cleanup "podman rm -f -t 0 $long base >/dev/null 2>&1"
ok "while it runs" "$SCTRACE_NL" show --container $long
podman rename $long base
ok "renamed: by the new name" "$SCTRACE_NL" show --container base
podman rm -f -t 0 base >/dev/null
like "$(COLUMNS=80 "$SCTRACE_NL" list)" " podman:$long .* [0-9]+\$" "list cuts nothing in a pipe"
ok "list on a terminal" script -qec "stty cols 80 && $SCTRACE_NL list" "$TMPDIR/typed"
is "$(sed '/^Script /d' "$TMPDIR/typed" | tr -d '\r' | awk 'length > 80 { wide++ } / podman:a-name/ { cut++ } END { print wide + 0, cut }')" \
	"0 1" "fits 80 columns"

# Without a cgroup of its own, in that of a login, its host name is all there is
mkdir "$root/session-1.scope"
cleanup "rmdir $root/session-1.scope"
groupless()
{
	(echo 0 >"$root/session-1.scope/cgroup.procs" && pod --cgroups=disabled "$@")
}
ok "podman --cgroups=disabled" groupless --name nogroup "$IMAGE" mkdir /x
ok "by its name" "$SCTRACE_NL" -o "$TMPDIR/nogroup.json" --container nogroup
like "$(cat "$LIB_ERR")" 'host name only' "with a warning"
ok "it is that one" allows "$TMPDIR/nogroup.json" mkdir

# An engine whose program hangs, fails, or lies. It takes the place of a real one
fake=$TMPDIR/fake
mkdir "$fake"
# says ENGINE - what it does from now on, from standard input
says()
{
	{ echo '#!/bin/sh'; cat; } >"$fake/$1"
	chmod 755 "$fake/$1"
}
for e in docker podman; do
	says $e </dev/null
	engine_is $e "$fake/$e"
done
says docker <<EOF
echo \$1 >>$fake/asked
# the second one that is asked closes its output first
[ \$(grep -c . $fake/asked) != 2 ] || exec >&-
exec sleep 1000
EOF
inside "$root/docker/$(hex 500)" true
ok "a program that hangs is not waited for" timeout 60 "$SCTRACE_NL" show --container "$(hex 500)"
is "$(grep -c -e ps -e events "$fake/asked")" 2 "and asked for a list once: by --container, by show"
if ! have_kernel 6.12; then
	exit_is 1 "whether one is called so cannot be told, then" "$SCTRACE_NL" list --running slow
	is "$(grep -c 'docker has not told its names within 20 seconds' "$LIB_ERR") $(wc -l <"$LIB_ERR")" "1 1" \
		"which one line says"
fi
says docker <<EOF
[ \$1 = events ] || { sleep 6; echo "$(hex 500) slow"; }
EOF
ok "a program that is slow is asked once more, with more time" \
	"$SCTRACE_NL" --container slow -o "$TMPDIR/slow.json"
like "$("$SCTRACE_NL" list 2>&1)" 'docker has not told its names within 5 seconds' "list says that it has not waited"
says docker <<EOF
echo "$(hex 500) half" && echo "cannot connect" >&2 && exit 1
EOF
ok "one that fails: by the ID" "$SCTRACE_NL" show --container "$(hex 500)"
is "$(cat "$LIB_ERR")" "" "nothing is said of it"
says docker <<EOF
: >$fake/lied
printf "%s a\\033[31mb\\n%s\\n\\n \\n" $(hex 500) junk
yes | head -c 3000000
EOF
unlike "$("$SCTRACE_NL" list)" "$(printf '\033')" "what it lies is not printed raw"
ok "it was asked" test -e "$fake/lied"
like "$("$SCTRACE_NL" list)" " docker:a.*b " "and its name is taken all the same"
says docker <<EOF
printf '%s two  words\\n' $(hex 500)
EOF
ok "a name with blanks" "$SCTRACE_NL" show --container "two  words"
is "$("$SCTRACE_NL" list --json "two  words" | jq -r '.records[0].container')" "docker:two  words" \
	"is written as it is"

# Two engines that have one name; each of 20 that lived for a moment has its own
i=0
while [ $i -lt 20 ]; do
	inside "$root/docker/$(hex $i)" true
	rmdir "$root/docker/$(hex $i)"
	echo "echo $(hex $i) short-$i"
	i=$((i + 1))
done >"$TMPDIR/short"
inside "$root/libpod_parent/libpod-$(hex 501)" true
{ cat "$TMPDIR/short"; echo "echo $(hex 500) twin"; } | says docker
echo "echo $(hex 501) twin" | says podman
exit_is 3 "two engines with one name" "$SCTRACE_NL" show --container twin
like "$(cat "$LIB_ERR")" 'docker:twin.*podman:twin|podman:twin.*docker:twin' "both are named"
ok "by engine and name" "$SCTRACE_NL" show --container podman:twin
is "$("$SCTRACE_NL" list --json | jq '[.records[].container | select(. != null and startswith("docker:short-"))] | unique | length')" 20 \
	"20 that lived for a moment all have their names"
# A user's own podman, which root's does not know: by his number and the name. He can name
# nobody else's, and nobody waits for his files
echo "casey:x:1999:1999::$TMPDIR/casey:/bin/sh" >>/etc/passwd
cleanup "sed -i '/^casey:/d' /etc/passwd"
his=$TMPDIR/casey/.local/share/containers/storage/overlay-containers
mkdir -p "$his"
printf '[{"id": "%s", "names": ["web"]}, {"id": "%s", "names": ["mine"]}, 7, {}]' "$(hex 502)" \
	"$(hex 503)" >"$his/containers.json"
chown -R 1999 "$TMPDIR/casey"
inside "$root/user.slice/user-1999.slice/user@1999.service/user.slice/libpod-$(hex 502).scope/container" true
inside "$root/libpod_parent/libpod-$(hex 503)" true
ok "a user's container" "$SCTRACE_NL" show --container 1999/web
unlike "$("$SCTRACE_NL" list)" 1999/mine "is the only one that he names"
rm "$his/containers.json"
mkfifo "$his/containers.json"
chown 1999 "$his/containers.json"
ok "a fifo in its place" timeout 60 "$SCTRACE_NL" show --container "$(hex 502)"
# A file system that has said it is there, and answers nothing from then on: who waits for it
# cannot be killed
if ! have_kernel 6.12; then
	# the lab indexes no modules but sctrace
	grep -qw fuse /proc/filesystems || insmod "/lib/modules/$(uname -r)/kernel/fs/fuse/fuse.ko"
	exec 8<>/dev/fuse
	ok "his home is on a file system" mount -i -t fuse \
		-o fd=8,rootmode=40000,user_id=0,group_id=0 silent "$TMPDIR/casey"
	cleanup "umount -l $TMPDIR/casey"
	dd bs=64k count=1 <&8 >"$TMPDIR/init" 2>/dev/null
	{
		printf '\120\0\0\0\0\0\0\0'
		dd bs=1 skip=8 count=8 <"$TMPDIR/init" 2>/dev/null
		printf '\7\0\0\0\37\0\0\0\0\0\2\0\0\0\0\0\14\0\11\0\0\20\0\0\1\0\0\0'
		head -c 36 /dev/zero
	} >"$TMPDIR/answer"
	cat "$TMPDIR/answer" >&8
	dd bs=64k count=1 <&8 >/dev/null 2>&1 &
	cleanup "kill $! 2>/dev/null"
	ok "that does not answer" timeout -s KILL 60 "$SCTRACE_NL" list
	like "$(cat "$LIB_ERR")" "a user's podman has not told its names within 5 seconds" "list says so"
	exec 8>&-
	ok "which keeps nothing of ours" poll_until 60 sh -c '! pgrep -x sctrace-nl'
fi
find "$root/docker" "$root/libpod_parent" "$root/user.slice" -depth -type d -exec rmdir {} \; 2>/dev/null
done_testing
