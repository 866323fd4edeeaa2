#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm
# sctrace-runtime under docker compose: a service is recorded, and runs under its profile. With
# the programs of tests/field/programs (make check-corpus).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh
. ./podman.sh
. ./docker.sh

programs_add
command -v docker-compose >/dev/null || plan skip_all "no docker-compose here (make check-corpus)"
o=/var/lib/sctrace
mkdir -p $o /etc/docker /etc/sctrace
cleanup "rm -rf $o /etc/docker/daemon.json /etc/sctrace /usr/bin/sctrace-runtime-runc"
ln -sf "${SCTRACE_NL%nl}runtime" /usr/bin/sctrace-runtime-runc
cp "$SCTRACE_SRC/contrib/runtime/docker/daemon.json" /etc/docker
docker_setup
cp "$SCTRACE_SRC/contrib/runtime/docker/runtime.conf" /etc/sctrace
compose()
{
	timeout -k 5 180 docker-compose -p shop -f "$T/compose.yaml" "$@"
}
diag "$(docker-compose version | head -n 1)"
cat >"$T/compose.yaml" <<-EOY
	version: "2.4"
	services:
	  web:
	    image: $IMAGE
	    command: ["sh", "-c", "mkdir /x; sleep 1000"]
	    network_mode: none
	    runtime: sctrace
	    environment: { SCTRACE: "of:$o/web.json" }
	  db:
	    image: $IMAGE
	    command: ["sh", "-c", "ln -s a /x; sleep 1000"]
	    network_mode: none
EOY
ok "two services, one of them recorded" compose up -d
id=$(docker ps -q --no-trunc --filter label=com.docker.compose.service=web)
name=$(docker inspect -f '{{.Name}}' "$id")
ok "by the name that it has given" poll_until 60 sctrace-nl show --container "${name#/}"
ok "a program is executed in it" compose exec -T web chmod 700 /tmp
ok "down" compose down -t 0
ok "its profile is there" poll_until 60 test -s $o/web.json
is "$(allowed $o/web.json | sed 's/fchmodat/chmod/' | sort -u | grep -x -e mkdir -e symlink -e chmod | tr '\n' ' ')" \
	"chmod mkdir " "with what was called in that service"
rm -f /etc/sctrace/runtime.conf
sed -i "s|^    runtime: sctrace|    security_opt: [\"seccomp:$o/web.json\"]|; /SCTRACE:/d" "$T/compose.yaml"
ok "it runs under its profile" compose up -d web
ok "and does its work" compose exec -T web chmod 700 /x
not_ok "another call is refused" compose exec -T web ln -s a /y
compose down -t 0 >/dev/null 2>&1
is "$(labelled)" 0 "no record is left"
unload_module
done_testing
