# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Docker for the tests. Source it after lib.sh.
#
#	docker_setup	dockerd, with neither network nor firewall, and an image of busybox in
#			$IMAGE; $dockerd is its PID, $T/dockerd what it says. Without Docker
#			the test is skipped
#	dock ARGS...	docker ARGS, for two minutes at most

T=$TMPDIR IMAGE=localhost/box:1

# dockerd answers, or has ended
_docker_settled()
{
	docker version >/dev/null 2>&1 || ! kill -0 "$dockerd" 2>/dev/null
}

docker_setup()
{
	command -v dockerd >/dev/null || plan skip_all "this suite's root has no docker"
	mkdir -p /var/lib/docker
	mount -t tmpfs tmpfs /var/lib/docker || bail "no place for images"
	cleanup 'umount -l /var/lib/docker'
	# A guest has no apparmor_parser, without which Docker starts nothing where AppArmor is on
	if [ -e /sys/module/apparmor/parameters/enabled ]; then
		echo N >"$T/no"
		mount --bind "$T/no" /sys/module/apparmor/parameters/enabled
		cleanup 'umount /sys/module/apparmor/parameters/enabled'
	fi
	cleanup 'kill $dockerd; wait $dockerd'
	cleanup 'docker rm -f $(docker ps -aq) >/dev/null 2>&1'
	# dockerd gives containerd 15 seconds to start, and then ends: on a busy machine too few
	for _try in 1 2 3 4; do
		dockerd --iptables=false --bridge=none --exec-opt native.cgroupdriver=cgroupfs \
			>"$T/dockerd" 2>&1 &
		dockerd=$!
		poll_until 120 _docker_settled
		! docker version >/dev/null 2>&1 || break
		diag "dockerd, try $_try: $(tail -n 1 "$T/dockerd")"
		[ $_try -lt 4 ] || bail "$(tail -n 5 "$T/dockerd")"
		kill $dockerd 2>/dev/null
		wait $dockerd
	done
	diag "$(docker --version), $(dockerd --version)"
	_lib_rootfs "$T/image"
	tar -C "$T/image" -c . | docker import - "$IMAGE" >/dev/null || bail "no image"
}

dock()
{
	timeout -k 5 120 docker "$@"
}
