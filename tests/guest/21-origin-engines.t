#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# The table of 21-origin.t for programs that podman and Docker execute in a container.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./origin.sh
. ./podman.sh

load_module record=all || bail "the module does not load"
cleanup unload_module
T=$TMPDIR
permissive_profile "$T/all.json"

# table_of ENGINE - of its container `origin`
table_of()
{
	pid=$("$1" inspect -f '{{.State.Pid}}' origin)
	inum=$(inum_of "$pid")
	engine "$1 exec" "$1" exec origin
}

podman_setup || bail "podman does not work here"
podman --runtime crun run -d --name origin --network=none --cap-add SYS_ADMIN \
	--security-opt "seccomp=$T/all.json" -v "$PWD/ways:/ways:ro" "$IMAGE" sleep 1000 \
	>"$T/id" || bail "no container"
table_of podman
podman rm -f -t 0 origin >/dev/null 2>&1

. ./docker.sh
docker_setup
dock run -d --name origin --network=none --cap-add SYS_ADMIN \
	--security-opt "seccomp=$T/all.json" -v "$PWD/ways:/ways:ro" "$IMAGE" sleep 1000 \
	>"$T/id" || bail "no container"
table_of docker

done_testing
