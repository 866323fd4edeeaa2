# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# podman for the hook's tests. Source it after lib.sh.
#
#	podman_setup		a configuration that works here, an image of busybox
#				in $IMAGE, the hook's files in $HOOKS, a syslogd that
#				writes to $SYSLOG
#	pod ARGS...		podman run --rm with the hook, without network, under
#				the runtime $RT
#	trace HOW ARGS...	the same with HOW as the annotation
#	allowed FILE		what a profile allows, one name a line
#	allows FILE NAME	does it allow that?
#	labelled		how many records have a label, as those of the hook
#	no_label		none has one
#	syslog_has ERE		is there such a line in the system's log?
#	open_groups	for pods that were made, and not started: with cgroupfs, podman 4.3
#			lets nobody make devices in the group of a pod

HOOKS=$TMPDIR/hooks.d IMAGE=localhost/box:1 RT=crun SYSLOG=$TMPDIR/syslog

podman_setup()
{
	mkdir -p /etc/containers "$HOOKS"
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
	for _f in "$SCTRACE_SRC"/contrib/*hooks.d/sctrace-*.json; do
		sed "s|/usr/bin/sctrace-nl|$SCTRACE_NL|g" "$_f" >"$HOOKS/${_f##*/}" ||
			return 1
	done
	busybox syslogd -n -O "$SYSLOG" &
	cleanup "kill $! 2>/dev/null"
	cleanup "podman --runtime crun rm -a -f -t 0 >/dev/null 2>&1; podman umount -a >/dev/null 2>&1"
	# the guest keeps it for the next test
	! podman image exists "$IMAGE" || return 0
	_lib_rootfs "$TMPDIR/image"
	tar -C "$TMPDIR/image" -c . | podman import -q - "$IMAGE" >/dev/null
}

# The limit is for what never ends when a call that it needs is refused.
pod()
{
	timeout -k 5 "${POD_SECONDS:-180}" podman --runtime "$RT" --hooks-dir "$HOOKS" run --rm \
		--network=none "$@"
}

trace()
{
	_how=$1
	shift
	pod --annotation "io.containers.trace-syscall=$_how" "$@"
}

allowed()
{
	jq -r '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] |
		unique | .[]' "$1"
}

allows()
{
	allowed "$1" | grep -qx "$2"
}

labelled()
{
	sctrace-nl list --json | jq '[.records[] | select(.label)] | length'
}

no_label()
{
	[ "$(labelled)" = 0 ]
}

syslog_has()
{
	poll_until 60 grep -E -q -e "$1" "$SYSLOG"
}

open_groups()
{
	for _g in /sys/fs/cgroup/libpod_parent/*/; do
		rmdir "$_g" && mkdir "$_g"
		sed 's/^/+/; s/ / +/g' "$_g/cgroup.controllers" >"$_g/cgroup.subtree_control"
	done
}
