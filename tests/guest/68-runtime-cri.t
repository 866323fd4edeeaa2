#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# sctrace-runtime for who speaks containerd's CRI, as a kubelet does: a pod of its RuntimeClass,
# with annotations for one of its containers. The client is curl; it comes by
# tests/field/programs (make check-corpus).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh
. ./podman.sh
. ./docker.sh

programs_add
[ -n "$PROGRAMS" ] || plan skip_all "no client of CRI here (make check-corpus)"
o=/var/lib/sctrace
mkdir -p $o
cleanup "rm -rf $o /usr/bin/sctrace-runtime-runc"
ln -sf "${SCTRACE_NL%nl}runtime" /usr/bin/sctrace-runtime-runc
docker_setup
key=io.containers.trace-syscall

sock=$T/containerd.sock
mkdir -p "$T/containerd"
mount -t tmpfs tmpfs "$T/containerd" || bail "no place for images"
cleanup "umount -l $T/containerd"
tar -C "$T/image" -c . |
	docker import --change 'CMD ["/bin/sleep", "1000"]' - localhost/pause:1 >/dev/null ||
	bail "no image of a pod's first container"
cat "$SCTRACE_SRC/contrib/runtime/containerd/config.toml" - >"$T/containerd.toml" <<-EOC

	[plugins."io.containerd.grpc.v1.cri"]
	  sandbox_image = "localhost/pause:1"
	  disable_apparmor = true
EOC
containerd -c "$T/containerd.toml" --root "$T/containerd/root" --state "$T/containerd/state" \
	-a "$sock" >"$T/containerd.log" 2>&1 &
containerd=$!
cleanup "kill $containerd; wait $containerd"
poll_until 60 test -S "$sock" || bail "$(tail -n 5 "$T/containerd.log")"
export CONTAINERD_ADDRESS="$sock"
for image in $IMAGE localhost/pause:1; do
	docker save "$image" | ctr -n k8s.io images import - >/dev/null || bail "no $image"
done

# Protocol buffers: f N - what comes in as field N; s N TEXT; v N NUMBER
byte() { printf '%b' "\\0$(printf %o "$1")"; }
varint()
{
	_n=$1
	while [ "$_n" -gt 127 ]; do
		byte $((_n % 128 + 128))
		_n=$((_n / 128))
	done
	byte "$_n"
}
f()
{
	_f=$(mktemp "$T/pb.XXXXXX")
	cat >"$_f"
	byte $(($1 * 8 + 2))
	varint "$(wc -c <"$_f")"
	cat "$_f"
	rm "$_f"
}
s() { printf %s "$2" | f "$1"; }
v() { byte $(($1 * 8)) && varint "$2"; }

# cri METHOD - what comes in is asked; $answer is the ID that comes out, if one does
cri()
{
	cat >"$T/body"
	# Not compressed, and its length in four bytes
	_len=$(wc -c <"$T/body")
	{
		byte 0
		for _s in 16777216 65536 256 1; do byte $((_len / _s % 256)); done
		cat "$T/body"
	} >"$T/ask"
	timeout 120 curl -s --http2-prior-knowledge --unix-socket "$sock" -D "$T/head" -o "$T/answer" \
		-H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$T/ask" \
		"http://localhost/runtime.v1.RuntimeService/$1"
	answer=$(tr -c -d 'a-f0-9\n' <"$T/answer" | tail -c 64)
	grep -q -i '^grpc-status: 0' "$T/head" || { cat "$T/head" >&2; return 1; }
}

# The pod, with annotations for one of its containers, in the node's network
pod_config()
{
	{ s 1 shop; s 2 0123-4567; s 3 default; } | f 1
	s 3 "$T/logs"
	{ s 1 "$key/web"; s 2 "of:$o/cri.json"; } | f 7
	{ s 1 /kubepods/burstable/pod0123; v 1 2 | f 1 | f 2; } | f 8
}

# container NAME COMMAND... - makes and starts it; $id is its ID
container()
{
	_c=$1
	shift
	{
		s 1 "$pod"
		{
			s 1 "$_c" | f 1
			s 1 $IMAGE | f 2
			for _w; do s 3 "$_w"; done
		} | f 2
		pod_config | f 3
	} >"$T/create"
	cri CreateContainer <"$T/create" || return 1
	id=$answer
	s 1 "$id" >"$T/start"
	cri StartContainer <"$T/start"
}
mkdir "$T/logs"
{ pod_config | f 1; s 2 sctrace; } >"$T/run"
ready() { cri RunPodSandbox <"$T/run"; }
ok "a pod of the RuntimeClass" poll_until 60 ready
pod=$answer
ok "a container that is to be recorded" container web /bin/sh -c 'mkdir /x; sleep 1000'
web=$id
ok "and one that is not" container db /bin/sh -c 'ln -s a /x; sleep 1000'
is "$(labelled)" 1 "one record is held"
ok "by its ID" sctrace-nl show --container "$(echo "$web" | cut -c 1-12)"
s 1 "$web" >"$T/stop"
ok "it is stopped" cri StopContainer <"$T/stop"
ok "its profile is there" poll_until 60 test -s $o/cri.json
is "$(allowed $o/cri.json | grep -x -e mkdir -e symlink | tr '\n' ' ')" "mkdir " "with what it called"
s 1 "$pod" >"$T/stop"
ok "the pod is stopped" cri StopPodSandbox <"$T/stop"
ok "and removed" cri RemovePodSandbox <"$T/stop"
is "$(labelled)" 0 "no record is left"
unload_module
done_testing
