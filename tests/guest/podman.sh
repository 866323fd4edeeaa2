# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# podman for the hook's tests. Source it after lib.sh.
#
#	podman_setup		a configuration that works here, an image of busybox
#				in $IMAGE, the hook's files in $HOOKS
#	pod ARGS...		podman run --rm with the hook, no network, under the
#				runtime $RT

HOOKS=$TMPDIR/hooks.d IMAGE=localhost/box:1 RT=crun

podman_setup()
{
	mkdir -p /etc/containers
	cat >/etc/containers/containers.conf <<-'EOC'
		[containers]
		log_driver = "k8s-file"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		[network]
		network_backend = "netavark"
	EOC
	cat >/etc/containers/storage.conf <<-'EOC'
		[storage]
		driver = "overlay"
		graphroot = "/var/lib/containers/storage"
		runroot = "/run/containers/storage"
	EOC
	mkdir -p "$HOOKS"
	for _f in "$SCTRACE_SRC"/contrib/hooks.d/sctrace-*.json; do
		sed "s|/usr/sbin/sctrace-nl|$SCTRACE_NL|" "$_f" >"$HOOKS/${_f##*/}" ||
			return 1
	done
	_lib_rootfs "$TMPDIR/image"
	tar -C "$TMPDIR/image" -c . | podman import -q - "$IMAGE" >/dev/null
}

pod()
{
	timeout -k 5 60 podman --runtime "$RT" --hooks-dir "$HOOKS" run --rm --network=none "$@"
}
