#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# sctrace-runtime under Docker and containerd: recorded in all the ways in which containers
# are used there, found by name while they live and when they are gone, run under their
# profiles; those that ask for nothing are as without it.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./docker.sh
. ./podman.sh

o=/var/lib/sctrace
mkdir -p $o /etc/docker /etc/sctrace
cleanup "rm -rf $o /etc/docker/daemon.json /etc/sctrace /usr/bin/sctrace-runtime-runc"
ln -sf "${SCTRACE_NL%nl}runtime" /usr/bin/sctrace-runtime-runc
# Besides the runtime that is shipped, the same under strace
printf '#!/bin/sh\nexec strace -D -o "%s.$$" -e trace=execve,openat,read,fork,vfork,clone,clone3 %s "$@"\n' \
	"$T/trace" /usr/bin/sctrace-runtime-runc >"$T/traced"
chmod 755 "$T/traced"
jq --arg t "$T/traced" '.runtimes.traced.path = $t' \
	"$SCTRACE_SRC/contrib/runtime/docker/daemon.json" >/etc/docker/daemon.json
docker_setup

# What asks: the annotation, and a variable where Docker has none
if docker run --help | grep -q -e --annotation; then
	asks() { how="--annotation io.containers.trace-syscall=$1"; }
else
	cp "$SCTRACE_SRC/contrib/runtime/docker/runtime.conf" /etc/sctrace
	asks() { how="-e SCTRACE=$1"; }
fi

# recorded HOW ARGS... - docker run with the runtime, and what asks for it
recorded()
{
	asks "$1"
	shift
	# shellcheck disable=SC2086
	dock run --runtime sctrace --network=none $how "$@"
}

# under PROFILE ARGS...
under()
{
	_p=$1
	shift
	dock run --rm --network=none --security-opt "seccomp=$_p" "$@"
}

# called FILE NAME... - those of the names that a profile allows
called()
{
	_p=$1
	shift
	allowed "$_p" | sed 's/fchmodat/chmod/' | sort -u | grep -x "$(printf '%s\n' "$@")" | tr '\n' ' '
}

# --- a container that asks for nothing
exit_is 3 "a container that asks for nothing" \
	dock run --rm --runtime traced --network=none "$IMAGE" sh -c 'echo done; exit 3'
is "$(cat "$LIB_OUT")" done "does its work"
awk '/^execve/ { n++ } n == 1' "$(grep -l '"create"' "$T"/trace.*)" >"$T/ours"
is "$(grep -c 'config\.json' "$T/ours")" 1 "its configuration was opened once"
is "$(awk '/config.json/ { f = $NF; next } f && $0 ~ "^read\\(" f "," { n++ } END { print n }' "$T/ours")" 1 \
	"and read by one read"
is "$(grep -c -E '^(fork|vfork|clone|clone3)' "$T/ours")" 0 "no process was made"
not_ok "the module was not even loaded" test -d /sys/module/sctrace

# --- one that lives: a program is executed in it, its health is checked
p=$o/web.json
ok "a container is recorded" recorded "of:$p;report:$p.report" -d --name web \
	--health-cmd 'chmod 700 /tmp' --health-interval 1s "$IMAGE" sh -c 'mkdir /x; sleep 1000'
ok "by its name while it lives" sctrace-nl show --container web
ok "and by engine and name" sctrace-nl show --container docker:web
ok "a program is executed in it" dock exec web ln -s a /y
healthy()
{
	[ "$(docker inspect -f '{{.State.Health.Status}}' web)" = healthy ]
}
ok "its health is checked" poll_until 60 healthy
ok "it is removed" dock rm -f web
ok "its profile is there" poll_until 60 test -s "$p"
is "$(called "$p" mkdir symlink chmod rmdir)" "chmod mkdir symlink " \
	"with what it called, what was executed in it, and the check of its health"
is "$(jq .runs "$p.report")" 1 "and its report counts one run"
ok "it runs under its profile" under "$p" "$IMAGE" sh -c 'mkdir /x; ln -s a /y; chmod 700 /tmp'
jq 'del(.syscalls[].names[] | select(. == "symlink"))' "$p" >"$T/less.json"
not_ok "without one call of it" under "$T/less.json" "$IMAGE" ln -s a /y
like "$(cat "$LIB_ERR")" "ln: .*(not implemented|not permitted)" "that is refused"

# --- started again by Docker, with an init of Docker's, at a terminal
p=$o/again.json
ok "one that Docker starts again" recorded "of:$p;report:$p.report" -d --name again --init \
	--restart on-failure:1 -t "$IMAGE" \
	sh -c 'if [ -d /once ]; then ln -s a /l; else mkdir /once; exit 1; fi'
twice()
{
	[ "$(jq .runs "$p.report" 2>/dev/null)" = 2 ]
}
ok "its report counts both runs" poll_until 60 twice
is "$(called "$p" mkdir symlink rmdir)" "mkdir symlink " "its profile has what both called"
dock rm again >/dev/null
ok "it runs under that, with init and terminal" under "$p" --init -t "$IMAGE" \
	sh -c 'mkdir /once; ln -s a /l'
p=$o/tty.json
asks "of:$p"
ok "-it" script -qec "docker run --rm -it --runtime sctrace --network=none $how $IMAGE sh -c 'tty && mkdir /x'" /dev/null
like "$(cat "$LIB_OUT")" '/dev/pts/[0-9]' "has its terminal"
is "$(called "$p" mkdir rmdir)" "mkdir " "and its profile"
is "$(labelled)" 0 "no record is left"

# --- what is recorded without the runtime is known by name, too, when it is gone
ok "docker run --rm" dock run --rm --name gone --network=none "$IMAGE" mkdir /x
ok "by its name, when it is gone" sctrace-nl --container gone -o "$T/gone.json"
is "$(called "$T/gone.json" mkdir rmdir)" "mkdir " "is its profile"
ok "under which it runs" under "$T/gone.json" "$IMAGE" mkdir /x

# --- containerd, by ctr
rm -f /etc/sctrace/runtime.conf
export CONTAINERD_ADDRESS=/run/docker/containerd/containerd.sock
diag "$(ctr --version)"
ok "containerd has the image" sh -c 'docker save "$0" | ctr images import -' "$IMAGE"
ref=$(ctr images list -q | head -n 1)
key=io.containers.trace-syscall
p=$o/ctr.json
box()
{
	timeout -k 5 120 ctr run "$@"
}
ok "ctr: a container is recorded" box --detach --runc-binary /usr/bin/sctrace-runtime-runc \
	--annotation "$key=of:$p;mode:permissive" "$ref" boxed sh -c 'mkdir /x; sleep 1000'
ok "ctr: by its name while it lives" sctrace-nl show --container boxed
ok "ctr: a program is executed in it" ctr task exec --exec-id more boxed ln -s a /y
ctr task kill -s KILL boxed
ok "ctr: it is removed" poll_until 60 ctr task rm -f boxed
ctr container rm boxed
ok "ctr: its profile is there" poll_until 60 test -s "$p"
is "$(called "$p" mkdir symlink rmdir)" "mkdir symlink " "ctr: with what was called"
ok "ctr: it runs under its profile" box --rm --seccomp --seccomp-profile "$p" "$ref" replay mkdir /x
not_ok "ctr: another call" box --rm --seccomp --seccomp-profile "$p" "$ref" replay2 rmdir /tmp
like "$(cat "$LIB_ERR")" "rmdir: .*(not implemented|not permitted)" "ctr: is refused"
ok "ctr: by its name, when it is gone" sctrace-nl show --container replay
# CRI's configuration, as containerd has understood it, without what is empty: it drops what
# it does not know. (No client of CRI is in Debian.)
containerd -c "$SCTRACE_SRC/contrib/runtime/containerd/config.toml" config dump |
	awk '/^ *\[/ { mine = /containerd\.runtimes\.sctrace[].]/; next } mine' |
	grep -v -E '^ *$|= (\[\]|0|false|"")$' | sed 's/^ *//' >"$T/cri"
is "$(cat "$T/cri")" 'pod_annotations = ["io.containers.trace-syscall", "io.containers.trace-syscall/*"]
runtime_type = "io.containerd.runc.v2"
BinaryName = "/usr/bin/sctrace-runtime-runc"' "containerd's CRI takes the configuration that is shipped"
# As the only configuration, too
mkdir "$T/alone"
mount -t tmpfs tmpfs "$T/alone"
cleanup "umount -l $T/alone"
containerd -c "$SCTRACE_SRC/contrib/runtime/containerd/config.toml" --root "$T/alone/root" \
	--state "$T/alone/state" -a "$T/alone/sock" >"$T/alone.log" 2>&1 &
alone=$!
cri_is_there()
{
	ctr -a "$T/alone/sock" plugins list id==cri | grep -q ' ok *$'
}
ok "and starts by it" poll_until 60 cri_is_there
kill $alone
wait $alone
is "$(labelled)" 0 "no record is left"
unload_module
done_testing
