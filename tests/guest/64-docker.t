#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# needs: deb
# Docker with the package sctrace installed: it works as without, with the module loaded
# and not; README's way to record a container of it and to run it under its profile.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./docker.sh

docker_setup
mkdir "$T/ctx"
printf 'FROM %s\nRUN mkdir /made\n' "$IMAGE" >"$T/ctx/Dockerfile"

# A container, another program in it, and an image; what they print
works()
{
	dock run -d --name web --network=none "$IMAGE" sleep 1000 >/dev/null &&
		dock exec web ls / &&
		docker rm -f web >/dev/null &&
		dock run --rm --network=none "$IMAGE" sh -c 'ls -l /bin/sh; ulimit -a; exit 3'
	echo "status $?"
	DOCKER_BUILDKIT=0 timeout -k 5 120 docker build -q --network=none --no-cache "$T/ctx" >/dev/null 2>"$T/err" ||
		cat "$T/err"
}

works >"$T/before" 2>&1
like "$(cat "$T/before")" "^status 3$" "docker works here"
is "$(wc -l <"$T/before")" "$(grep -c . "$T/before")" "and builds"
ok "the package is installed" dpkg -i "$SCTRACE_SRC"/packaging/out/sctrace_*.deb
cleanup 'dpkg --purge sctrace >/dev/null 2>&1'
is "$(works 2>&1)" "$(cat "$T/before")" "with it, docker run, exec and build are as before"
not_ok "nobody has loaded the module" test -d /sys/module/sctrace
load_module || bail "the module does not load"
cleanup unload_module
is "$(works 2>&1)" "$(cat "$T/before")" "and with its module loaded"
ok "which has recorded them" sh -c "sctrace-nl list --json | jq -e '.records | length > 2'"

# README's commands, as they stand there but for the image and the network. What it says
# before them of daemon.json is done.
mkdir -p /etc/docker
cp /usr/share/sctrace/runtime/docker/daemon.json /etc/docker/
cleanup 'rm -rf /etc/docker/daemon.json'
kill -HUP $dockerd
ok "docker knows the runtime sctrace" poll_until 60 sh -c 'docker info -f "{{json .Runtimes}}" | grep -q sctrace'
"$SCTRACE_SRC/tests/docs/blocks" "$SCTRACE_SRC"/README.md "$SCTRACE_SRC"/docs/*.md \
	"$SCTRACE_SRC"/user/man/*.8 >"$T/blocks"
mkdir "$T/doc"
cd "$T/doc" || exit
for at in $(sed -n 's/^@@ \(.*\) sh docker$/\1/p' "$T/blocks"); do
	awk -v at="$at" '/^@@ / { mine = ($2 == at); next } mine' "$T/blocks" |
		sed -e 's/\<sudo //g' -e 's/--until-quiet 1m/--until-quiet 3s/' \
			-e "/ -d /s| IMAGE| $IMAGE sh -c 'ls /; mkdir /x; sleep 1000'|" \
			-e "s| IMAGE| $IMAGE sh -c 'ls /; mkdir /x; sleep 0.1'|" -e "s| debian | $IMAGE |" \
			-e 's/docker run /docker run --network=none /' >"$T/block"
	if grep -q -e --annotation "$T/block" && ! docker run --help | grep -q -e --annotation; then
		skip 4 "docker before 24 has no annotations"
		continue
	fi
	ok "${at#"$SCTRACE_SRC/"}: $(head -n 1 "$T/block" | cut -c1-60)" sh -e "$T/block"
	docker rm -f web >/dev/null 2>&1
	profile=$(sed -n 's/.*seccomp=\([^ ]*\.json\).*/\1/p' "$T/block")
	ok "the profile has what the container called" \
		jq -e '[.syscalls[].names[]] | index("getdents64")' "$profile"
	not_ok "another call is refused" docker run --rm --network=none --security-opt "seccomp=$profile" "$IMAGE" ln -s a /x
	# (Docker before 22 does not know defaultErrnoRet)
	like "$(cat "$LIB_ERR")" "ln: .*(Function not implemented|Operation not permitted)" "by the filter"
done
cd "$SCTRACE_SRC/tests/guest" || exit

unload_module
ok "the package is purged" dpkg --purge sctrace
is "$(works 2>&1)" "$(cat "$T/before")" "without it, docker is as before"
done_testing
