#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# needs: deb
# With the packages of sctrace installed, podman, buildah and others work as without
# them: while they are there, when parts of them are gone, and after their removal.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./names.sh
. ./podman.sh

command -v buildah >/dev/null || plan skip_all "this suite's root has no buildah"

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

# A guest takes long to compile and to index all modules: the package's own scripts do
# all they do, but DKMS's make copies the module, and there are no others to index.
rel=$(uname -r)
mods=/lib/modules/$rel
deb=$SCTRACE_SRC/packaging/out
cp "$SCTRACE_KO" "$T/sctrace.ko"
mkdir "$T/others"
modprobe -a overlay veth 2>/dev/null
few_modules || bail "no modules"
for other in /lib/modules/*; do
	[ "$other" = "$mods" ] || mount --bind "$T/others" "$other"
done
module_back()
{
	dpkg --purge sctrace sctrace-dkms
	rm -rf "$mods/updates/dkms"
	for _m in /lib/modules/*; do
		[ "$_m" = "$mods" ] || umount "$_m"
	done
	mkdir -p "$mods/extra"
	cp "$T/sctrace.ko" "$SCTRACE_KO"
}
cleanup 'module_back >/dev/null 2>&1'

install_all()
{
	dpkg --unpack "$deb"/sctrace_*.deb "$deb"/sctrace-dkms_*.deb &&
		sed -i "s,^MAKE.*,MAKE[0]=\"cp $T/sctrace.ko sctrace.ko\"," /usr/src/sctrace-*/dkms.conf &&
		dpkg --configure sctrace sctrace-dkms
}

ours()
{
	find /usr /etc /lib/modules -xdev -name '*sctrace*' ! -name 'sctrace.ko*' ! -path '/usr/local/bin/*' ! -path '/etc/containers/oci/*' ! -path '/etc/crio/*'
}

is "$(ours)" "" "before: nothing of ours is there"
ok "the packages are installed" install_all
is "$(dpkg-query -W -f '${Status}\n' sctrace sctrace-dkms | sort -u)" "install ok installed" "and set up"
like "$(dkms status)" "sctrace.*installed" "DKMS has the module"
ok "which is the one that modprobe loads" sh -c 'modinfo -n sctrace | grep /dkms/'
is "$(sctrace-nl doctor --json | jq -r '.checks[] | select(.verdict != "ok") | .text')" "" "doctor has nothing to say"
mkdir "$T/record"
ok "debian/tests/record passes" env AUTOPKGTEST_TMP="$T/record" sh "$SCTRACE_SRC/debian/tests/record"
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
ok "podman run, a key that looks like ours" run --annotation "io.containers.trace-syscalls=of:$T/a.json" "$IMAGE" true
is "$(grep -c -x -F "sctrace-nl: annotation \`io.containers.trace-syscalls\` does nothing: did you mean \`io.containers.trace-syscall\`?" "$LIB_ERR")" 1 \
	"which is said"
not_ok "nobody has loaded the module" test -d /sys/module/sctrace

# What it is for; on 6.1 also what is the same with every podman
key=io.containers.trace-syscall
ok "a container with the annotation" run --annotation "$key=of:$T/a.json" "$IMAGE" mkdir /x
ok "is recorded" allows "$T/a.json" mkdir

# The list of containers is elsewhere with --transient-store: an image's annotation is not
# taken for its user's there either
if podman --help | grep -q -e --transient-store; then
	printf 'FROM %s\n' "$IMAGE" | podman build -q --annotation "$key=of:$T/image.json" -t localhost/asks:1 - >/dev/null
	ok "--transient-store, an image that asks" podman --transient-store run --rm --network=none localhost/asks:1 true
	not_ok "gets nothing written" test -e "$T/image.json"
	ok "a user who asks" podman --transient-store run --rm --network=none --annotation "$key=of:$T/t.json" \
		"$IMAGE" mkdir /x
	ok "does" allows "$T/t.json" mkdir
fi

# A user's own podman, in what systemd would have delegated to him: it reads the same hooks
home=/home/casey his=$root/user.slice/user-1999.slice/user@1999.service
echo "casey:x:1999:1999::$home:/bin/sh" >>/etc/passwd
echo "casey:x:1999:" >>/etc/group
cleanup "sed -i '/^casey:/d' /etc/passwd /etc/group"
mkdir -p $home /run/user/1999 "$his/session"
mount -t tmpfs tmpfs $home
cleanup "umount -l $home"
podman save -q -o $home/box.tar "$IMAGE"
for d in "${his%/*/*}" "${his%/*}" "$his"; do
	echo "+memory +pids" >"$d/cgroup.subtree_control"
done
chown -R 1999:1999 $home /run/user/1999 "$his"
cleanup 'pkill -KILL -U 1999'
his()
{
	(echo 0 >"$his/session/cgroup.procs" && exec timeout -k 5 180 setpriv --reuid 1999 --regid 1999 \
		--clear-groups env -i PATH="$PATH" HOME=$home XDG_RUNTIME_DIR=/run/user/1999 "$@")
}
his podman load -q -i $home/box.tar >/dev/null
his_run()
{
	his podman run --network=none --cgroup-parent "${his#"$root"}/pods" "$@"
}
ok "a container of a user's own podman" his_run --rm "$IMAGE" true
ok "and one with the annotation" his_run --rm --annotation "$key=of:$home/a.json" "$IMAGE" true
not_ok "of which nothing is written" test -e $home/a.json
load_module
ok "one that lives" his_run -d --name his "$IMAGE" sh -c 'mkdir /x; sleep 1000'
ok "is known to root by the user and its name" sctrace-nl show --container 1999/his
ok "and recorded" poll_until 60 sh -c 'sctrace-nl show --container 1999/his | grep -q mkdir'
like "$(sctrace-nl list)" ' podman:1999/his ' "list shows it"
his podman rm -f -t 0 his >/dev/null 2>&1

if ! have_kernel 6.12; then
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
fi

# CRI-O reads two directories, the later one first in rank; podman can be told to. What
# README says is done, then installed over as by an upgrade. No CRI-O is to be had here:
# its hook files are held against oci-hooks(5), and podman, which reads them by the same
# code, runs them below. Of its other file podman's reader of TOML names the keys, and
# these are held against crio.conf(5).
for f in /usr/share/sctrace/crio/hooks.d/*.json; do
	ok "${f##*/} is as oci-hooks(5) has it" jq -e '.version == "1.0.0" and
		(keys - ["version", "hook", "when", "stages"]) == [] and
		(.hook | keys - ["path", "args", "env", "timeout"]) == [] and
		(.hook.path | startswith("/")) and all(.hook.args[]; type == "string") and
		(.hook.timeout | type) == "number" and
		(.when | keys - ["always", "annotations", "commands", "hasBindMounts"]) == [] and
		all(.when.annotations[]; type == "string") and
		(.stages - ["prestart", "poststart", "poststop"]) == []' "$f"
done
# (podman before 5 alone tells what its reader has left over.)
case $(podman --version) in
podman\ version\ [34].*)
	is "$(CONTAINERS_CONF=/usr/share/sctrace/crio/crio.conf.d/50-sctrace.conf podman --log-level=debug info 2>&1 |
		sed -n 's/.*Failed to decode the keys \[\(.*\)\] from.*/\1/p' | head -n 1 | tr -d '\\"' | tr ' ' '\n' |
		grep -v -x -e crio -e crio.runtime -e crio.runtime.workloads | sort |
		sed 's/^crio.runtime.workloads.sctrace/-/; s/^crio.runtime//' | tr '\n' ' ')" \
		".hooks_dir - -.activation_annotation -.allowed_annotations -.resources " \
		"50-sctrace.conf has keys of crio.conf(5) and no others"
	;;
esac
awk '/^\t(mkdir|cp) /' /usr/share/sctrace/crio/README >"$T/crio"
ok "what the README for CRI-O says" sh -e "$T/crio"
cleanup 'rm -rf /etc/containers/oci /etc/crio /var/lib/sctrace'
ok "the package is installed over" dpkg -i "$deb"/sctrace_*.deb
crio()
{
	timeout -k 5 180 podman --hooks-dir $hookdir --hooks-dir /etc/containers/oci/hooks.d run --rm \
		--network=none --annotation "$key=$1" "$IMAGE" true
}
exit_is 126 "a pod's author cannot have a file written anywhere" crio "of:$T/c.json"
ok "but where he may" crio of:/var/lib/sctrace/c.json
ok "there it is" test -s /var/lib/sctrace/c.json

if ! have_kernel 6.12; then
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
fi

ok "the package is whole again" dpkg -i "$deb"/sctrace_*.deb

# Purged while a container is recorded, then for good. What an admin has copied stays.
ok "a container is recorded" podman run -d --name held --network=none \
	--annotation "$key=of:/var/lib/sctrace/h.json" "$IMAGE" sh -c 'mkdir /x; sleep 1000'
# (not the tool that the lab has in /usr/local)
ok "dpkg --purge" env PATH=/usr/sbin:/usr/bin:/sbin:/bin dpkg --purge sctrace sctrace-dkms
like "$(cat "$LIB_OUT" "$LIB_ERR")" \
	"the module stays loaded: records are held \(install sctrace, then sctrace-nl forget\)" \
	"says why the module stays"
ok "the container can be entered" podman exec held true
ok "with that module: another" run "$IMAGE" true
ok "it is removed" podman rm -f -t 0 held
not_ok "nobody has written its profile" test -e /var/lib/sctrace/h.json
ok "the packages again" install_all
id=$(sctrace-nl list --json | jq '.records[] | select(.state | index("held")) | .id')
ok "what was recorded is there" sctrace-nl -q profile --id "$id" -o "$T/h.json"
ok "all of it" allows "$T/h.json" mkdir
sctrace-nl forget --id "$id"
ok "dpkg --purge sctrace-dkms" dpkg --purge sctrace-dkms
not_ok "has unloaded the module now" test -d /sys/module/sctrace
ok "the module's package again" install_all
load_module
cp /usr/share/sctrace/runtime/podman/sctrace.conf /etc/containers/containers.conf.d
ok "a container by sctrace-runtime" podman --runtime sctrace run -d --name left --network=none \
	"$IMAGE" sleep 1000
ok "dpkg --remove" dpkg --remove sctrace sctrace-dkms
not_ok "has unloaded the module" test -d /sys/module/sctrace
not_ok "and removed it" modprobe sctrace
ok "the container that sctrace-runtime had made can be entered" podman exec left true
ok "and removed" podman rm -f -t 0 left
not_ok "it does not run any more" podman container exists left
rm /etc/containers/containers.conf.d/sctrace.conf
ok "an admin's copies of the hooks are left" test -e /etc/containers/oci/hooks.d/sctrace-prestart.json
both()
{
	timeout -k 5 180 podman --hooks-dir /etc/containers/oci/hooks.d run --rm --network=none "$@"
}
ok "with these: a container" both "$IMAGE" true
ok "and one with the annotation" both --annotation "$key=of:$T/n.json" "$IMAGE" true
ok "podman build" podman build --network=none --no-cache -q "$T/ctx"
ok "buildah bud" buildah bud --network=none --no-cache -q "$T/ctx"
ok "dpkg --purge" dpkg --purge sctrace sctrace-dkms
is "$(ours)" "" "leaves nothing"
rm -rf /etc/containers/oci /etc/crio /var/lib/sctrace
ok "after it: a container" run --annotation "$key=of:$T/n.json" "$IMAGE" true
done_testing
