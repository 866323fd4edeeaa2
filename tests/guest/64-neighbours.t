#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# With sctrace installed where it belongs, podman, buildah and others work as
# without it: while it is there, when parts of it are gone, and after its removal.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

command -v buildah >/dev/null || plan skip_all "this suite's root has no buildah"
! have_kernel 6.13 || plan skip_all "the same programs as on 6.12"

T=$TMPDIR RT=crun
podman_setup || bail "podman does not work here"
hookdir=/usr/share/containers/oci/hooks.d
diag "$(podman --version), $(buildah --version)"

# A pod's own container, from our image
mkdir -p /etc/containers/containers.conf.d
printf 'FROM %s\nCMD ["/bin/sleep", "1000"]\n' "$IMAGE" | podman build -q -t localhost/pause:1 - >/dev/null
printf '[engine]\ninfra_image="localhost/pause:1"\n' >/etc/containers/containers.conf.d/99-infra.conf
cleanup 'rm -f /etc/containers/containers.conf.d/99-infra.conf'
mkdir "$T/ctx"
printf 'FROM %s\nRUN mkdir /made\n' "$IMAGE" >"$T/ctx/Containerfile"
cat >"$T/pod.yaml" <<-EOY
	apiVersion: v1
	kind: Pod
	metadata: { name: played }
	spec:
	  containers:
	  - { name: one, image: "$IMAGE", command: ["/bin/sleep", "1000"] }
EOY

# As anybody calls it: no --hooks-dir
run()
{
	timeout -k 5 180 podman run --rm --network=none "$@"
}

# With cgroupfs, podman 4.3 lets nobody make devices in the group of a pod
open_groups()
{
	for _g in /sys/fs/cgroup/libpod_parent/*/; do
		rmdir "$_g" && mkdir "$_g"
		sed 's/^/+/; s/ / +/g' "$_g/cgroup.controllers" >"$_g/cgroup.subtree_control"
	done
}

# But for the module, which the lab has put in its place
install_all()
{
	make -s -C "$SCTRACE_SRC" extras_install &&
		make -s -C "$SCTRACE_SRC/user" -o sctrace-nl install
}

remove_all()
{
	make -s -C "$SCTRACE_SRC" extras_uninstall &&
		make -s -C "$SCTRACE_SRC/user" uninstall
}

ours()
{
	find /usr /etc /lib/modules -xdev -name '*sctrace*' ! -name 'sctrace.ko*' ! -path '/usr/local/bin/*'
}

is "$(ours)" "" "before: nothing of ours is there"
ok "make install" install_all
cleanup 'remove_all >/dev/null 2>&1'
ok "its hooks are where all engines look" test -s $hookdir/sctrace-prestart.json
is "$(jq -r '.stages[]' $hookdir/*.json | sort -u | tr '\n' ' ')" "poststop prestart " \
	"and name no stage that only one engine knows"

# The neighbours, each in its own way
ok "podman build" podman build --network=none --no-cache -q "$T/ctx"
ok "buildah bud" buildah bud --network=none --no-cache -q "$T/ctx"
box=$(buildah from "$IMAGE")
ok "buildah run" buildah run --network=none "$box" mkdir /made
buildah rm "$box" >/dev/null
ok "podman create" podman create --name box --network=none "$IMAGE" sleep 1000
ok "podman start" podman start box
ok "podman exec" podman exec box true
podman rm -f -t 0 box >/dev/null
ok "podman pod create" podman pod create --name pod --network=none
open_groups
ok "a container in the pod" podman run --rm --pod pod "$IMAGE" true
podman pod rm -f -t 0 pod >/dev/null
ok "podman kube play" podman kube play --start=false --network none "$T/pod.yaml"
open_groups
ok "podman pod start" podman pod start played
is "$(podman inspect -f '{{.State.Status}}' played-one)" running "its container runs"
podman pod rm -f -t 0 played >/dev/null
ok "podman run" run "$IMAGE" true
not_ok "nobody has loaded the module" test -d /sys/module/sctrace

# What it is for
key=io.containers.trace-syscall
ok "a container with the annotation" run --annotation "$key=of:$T/a.json" "$IMAGE" mkdir /x
ok "is recorded" allows "$T/a.json" mkdir

# mode:permissive takes a stage that podman alone has
lift='linux64 -R true'
ok "mode:permissive, by the directory that all read" \
	run --annotation "$key=of:$T/p.json;mode:permissive" "$IMAGE" sh -c "! $lift"
is "$(grep -c "mode:permissive: its filter is still in place: run it by .*not affected" "$LIB_ERR")" 1 \
	"is refused in one line"
cure=$(sed -n 's/.*run it by `\([^`]*\)`.*/\1/p' "$LIB_ERR")
not_ok "nothing is written" test -e "$T/p.json"
like "$cure" "^podman --hooks-dir /" "that names the cure: $cure"
ok "which lifts the filter" $cure run --rm --network=none \
	--annotation "$key=of:$T/p.json;mode:permissive" "$IMAGE" sh -c "$lift"
ok "and records" allows "$T/p.json" personality
rm -f "$T/p.json"
ok "so does the other cure: a container without a filter" run --security-opt seccomp=unconfined \
	--annotation "$key=of:$T/p.json;mode:permissive" "$IMAGE" sh -c "$lift"
ok "which is recorded, too" allows "$T/p.json" personality
for RT in crun runc; do
	exit_is 126 "$RT: with strict a container that keeps its filter does not start" \
		timeout 180 podman --runtime $RT run --rm --network=none \
		--annotation "$key=of:$T/s.json;mode:permissive;strict" "$IMAGE" true
	is "$(grep -c "run it by .podman --hooks-dir" "$LIB_ERR")" 1 "$RT: and podman shows the reason, once"
	exit_is 126 "$RT: nor does one with a wrong annotation" \
		timeout 180 podman --runtime $RT run --rm --network=none \
		--annotation "$key=of:out.json" "$IMAGE" true
	is "$(grep -c "path must be absolute" "$LIB_ERR")" 1 "$RT: and podman shows the reason, once"
done
is "$(labelled)" 0 "no record is left"

# CRI-O reads two directories, the later one first in rank; podman can be told to. What
# README says is done, then installed over as by an upgrade.
awk '/^\t(mkdir|cp) /' /usr/share/sctrace/crio/README >"$T/crio"
ok "what the README for CRI-O says" sh -e "$T/crio"
cleanup 'rm -rf /etc/containers/oci /etc/crio /var/lib/sctrace'
ok "make install once more" install_all
crio()
{
	timeout -k 5 180 podman --hooks-dir $hookdir --hooks-dir /etc/containers/oci/hooks.d run --rm \
		--network=none --annotation "$key=$1" "$IMAGE" true
}
exit_is 126 "a pod's author cannot have a file written anywhere" crio "of:$T/c.json"
ok "but where he may" crio of:/var/lib/sctrace/c.json
ok "there it is" test -s /var/lib/sctrace/c.json

# No module
unload_module
mkdir -p /etc/modprobe.d
echo 'install sctrace /bin/false' >/etc/modprobe.d/no-sctrace.conf
cleanup 'rm -f /etc/modprobe.d/no-sctrace.conf'
ok "without a module: a container" run "$IMAGE" true
ok "and one with the annotation" run --annotation "$key=of:$T/n.json" "$IMAGE" true
is "$(grep -c "sctrace-nl: .*(the container is not affected)" "$LIB_ERR")" 1 "that is told why it is not recorded"
rm /etc/modprobe.d/no-sctrace.conf

# The program is gone, the hooks are left
rm /usr/bin/sctrace-nl
ok "without the program: a container" run "$IMAGE" true
ok "and one with the annotation" run --annotation "$key=of:$T/n.json" "$IMAGE" true
ok "podman build" podman build --network=none --no-cache -q "$T/ctx"
not_ok "nothing is written" test -e "$T/n.json"

ok "make uninstall" remove_all
rm -rf /etc/containers/oci /etc/crio /var/lib/sctrace
is "$(ours)" "" "leaves nothing"
ok "after it: a container" run --annotation "$key=of:$T/n.json" "$IMAGE" true
done_testing
