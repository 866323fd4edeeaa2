#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# sctrace-runtime under Docker and under containerd's ctr: what else is done with a
# container, and what a person reads when it may not start.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

command -v dockerd >/dev/null || plan skip_all "this suite's root has no docker"
! have_kernel 6.13 || plan skip_all "the same programs as on 6.12"

T=$TMPDIR IMAGE=localhost/box:1 KEY=io.containers.trace-syscall
mkdir -p /var/lib/docker /etc/sctrace "$T/bin"
mount -t tmpfs tmpfs /var/lib/docker || bail "no place for images"
cleanup 'umount -l /var/lib/docker; rm -rf /etc/sctrace'
W=$T/bin/sctrace-runtime-runc
ln -s "${SCTRACE_NL%nl}runtime" "$W"
# No firewall and no bridge: a guest has neither
dockerd --iptables=false --bridge=none --exec-opt native.cgroupdriver=cgroupfs \
	--add-runtime "sctrace=$W" >"$T/dockerd" 2>&1 &
dockerd=$!
cleanup 'kill $dockerd; wait $dockerd'
cleanup 'docker rm -f web >/dev/null 2>&1'
poll_until 120 docker version >/dev/null 2>&1 || bail "$(tail -n 5 "$T/dockerd")"
diag "$(docker --version), $(runc --version | head -n 1)"
_lib_rootfs "$T/image"
tar -C "$T/image" -c . | docker import - "$IMAGE" >/dev/null
load_module || bail "the module does not load"
cleanup './forget-held >/dev/null 2>&1; unload_module'

# ask WHAT - how this docker is asked
ask()
{
	if docker run --help | grep -q -e --annotation; then
		echo "--annotation $KEY=$1"
	else
		echo 'env = SCTRACE' >/etc/sctrace/runtime.conf
		echo "-e SCTRACE=$1"
	fi
}

# run ARGS... - under our runtime
run()
{
	timeout -k 5 120 docker run --runtime sctrace --network=none "$@"
}

called()
{
	jq -r '.syscalls[].names[]' "$1" | grep -x -e mkdir -e symlink -e personality -e rmdir -e chmod -e fchmodat |
		sed 's/fchmodat/chmod/' | sort -u | tr '\n' ' '
}

p=$T/p.json
ok "a container that asks for nothing" run --rm "$IMAGE" sh -c 'ls /; exit 0'
is "$(cat "$LIB_ERR")" "" "without a word"
is "$(run --rm --init "$IMAGE" sh -c 'ls -l /bin/sh; grep -c . /proc/self/status; exit 3' 2>&1; echo $?)" \
	"$(docker run --rm --network=none --init "$IMAGE" sh -c 'ls -l /bin/sh; grep -c . /proc/self/status; exit 3' 2>&1; echo $?)" \
	"and one that is no different from one under runc"

# Docker's own filter refuses personality with this argument
ok "one that asks, with --init and a terminal" run --rm --init -t $(ask "of:$p;report:$p.report;mode:permissive") \
	"$IMAGE" sh -c 'mkdir /x; linux64 -R true; tty'
like "$(cat "$LIB_OUT")" '/dev/pts/0' "it has its terminal"
is "$(called "$p")" "mkdir personality " "the profile has what was called, refused or not"
is "$(jq -r '.whole, .runtime' "$p.report" | tr '\n' ' ')" "true runc " "it is whole"
is "$(sctrace-nl list --json | jq '[.records[] | select(.label)] | length')" 0 "no record is left"
is "$(pgrep -c sctrace)" 0 "and no process"

# exec and health checks are of the container
ok "one with health checks" run -d --name web $(ask "of:$p;mode:permissive") \
	--health-cmd 'chmod 700 /tmp' --health-interval 1s "$IMAGE" sh -c 'ln -s a /l; sleep 1000'
ok "a program is executed in it" timeout -k 5 60 docker exec web mkdir /z
ok "it is healthy" poll_until 60 sh -c '[ "$(docker inspect -f "{{.State.Health.Status}}" web)" = healthy ]'
ok "it is removed" docker rm -f web
is "$(called "$p")" "chmod mkdir symlink " "its profile has all of that"
ok "it runs under it" run -d --name web --security-opt "seccomp=$p" "$IMAGE" sh -c 'ln -s a /l; sleep 1000'
not_ok "what was not called is refused" timeout -k 5 60 docker exec web linux64 -R true
docker rm -f web >/dev/null 2>&1

# A restart policy: the runs of one container add up
ok "one that fails at first" run -d --name web --restart on-failure:2 \
	$(ask "of:$p;report:$p.report;mode:permissive") "$IMAGE" \
	sh -c 'if [ -d /once ]; then ln -s a /l; else mkdir /once; exit 1; fi'
poll_until 60 sh -c 'jq -e ".runs == 2" "$0" >/dev/null 2>&1' "$p.report"
is "$(jq -r .runs "$p.report") $(called "$p")" "2 mkdir symlink " "both its runs are in the profile"
docker rm -f web >/dev/null 2>&1

# What a person reads
exit_is 125 "a wrong annotation" run --rm $(ask "of:relative") "$IMAGE" true
like "$(cat "$LIB_ERR")" 'of:relative: the path must be absolute' "docker shows why"
ok "without a PID namespace of its own" run --rm --pid=host $(ask "of:$p") "$IMAGE" true
exit_is 125 "with strict" run --rm --pid=host $(ask "of:$p;strict") "$IMAGE" true
like "$(cat "$LIB_ERR")" 'no PID namespace of its own' "docker shows why"
docker rm -f web >/dev/null 2>&1
rm -f /etc/sctrace/runtime.conf

# containerd, Docker's: by ctr
ctr()
{
	timeout -k 5 120 ctr -a /run/docker/containerd/containerd.sock "$@"
}
if command ctr run --help | grep -q -e --annotation; then
	ok "ctr: a container that asks" ctr run --rm --runc-binary "$W" --annotation "$KEY=of:$p.ctr;mode:permissive" \
		--rootfs "$T/image" box ln -s a /ctr
	is "$(called "$p.ctr")" "symlink " "its profile is there"
	rm -f "$T/image/ctr"
	ok "one that does not" ctr run --rm --runc-binary "$W" --rootfs "$T/image" box true
else
	skip 3 "this ctr hands no annotations on"
fi
done_testing
