#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# The recipes of docs/ci.md that are written for others to run: the steps of the workflow, the
# image of contrib/drift and its DaemonSet. podman builds the image and plays the manifest.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh
. ./names.sh

podman --version | grep -q ' [5-9]\.' || plan skip_all "podman before 5 plays no DaemonSet"

T=$TMPDIR
podman_setup || bail "podman does not work here"
load_module || bail "the module does not load"
mkdir "$T/bin" "$T/repo" "$T/src"
PATH=$T/bin:$PATH
# The program that is recorded, and the tests of whoever has it
printf 'FROM %s\nCMD ["sleep", "1000"]\n' "$IMAGE" | podman build -q -t registry.example/web:1 - >/dev/null
printf '#!/bin/sh\nexec "$@"\n' >"$T/bin/sudo"
chmod 755 "$T/bin/sudo"

# --- the workflow: its commands, one step after the other
"$SCTRACE_SRC/tests/docs/blocks" "$SCTRACE_SRC/docs/ci.md" >"$T/blocks"
# block KIND WORD - the block of that kind that has the word
block()
{
	awk -v kind="$1" -v word="$2" '/^@@ / { mine = $0 ~ " " kind "$"; n++; next } mine { text[n] = text[n] $0 "\n" }
		END { for (i in text) if (index(text[i], word)) printf "%s", text[i] }' "$T/blocks"
}
block yaml runs-on >"$T/workflow"
# step WORD - the commands of the step that has the word, as they are here
step()
{
	awk '/^    - / { n++ } /run: / { sub(/.*run: \|?/, ""); print n " " $0 } /^        [^ ]/ { print n $0 }' "$T/workflow" |
		awk -v word="$1" '{ n = $1; sub(/^[0-9]+ */, ""); text[n] = text[n] $0 "\n" }
			END { for (n in text) if (index(text[n], word)) printf "%s", text[n] }' |
		sed -e 's/\${{ github.sha }}/1/' -e 's/podman run /podman run --network=none /' \
			-e 's/--until-quiet 30s/--until-quiet 1s/'
}
mkdir -p "$T/repo/seccomp" "$T/repo/tests"
smoke()
{
	printf '#!/bin/sh\npodman exec "$1" %s\n' "$1" >"$T/repo/tests/smoke"
	chmod 755 "$T/repo/tests/smoke"
}
cd "$T/repo" || exit
smoke 'mkdir /made'
podman run -d --name first --network=none registry.example/web:1 >/dev/null
tests/smoke first
sctrace-nl -q profile --container first -o seccomp/web.json || bail "no profile"
podman rm -f -t 0 first >/dev/null
job()
{
	step watch >"$T/step"
	sh -e "$T/step"
	_job=$?
	step 'podman rm' >"$T/step"
	sh -e "$T/step"
	return $_job
}
exit_is 0 "the workflow's job passes when the container does what it did" job
is "$(jq '.runs[0].results | length' drift.sarif)" 0 "and has nothing for the upload"
smoke 'ln -s a /made'
exit_is 5 "it fails when the container calls more" job
is "$(jq -r '.runs[0].results[] | .locations[0].physicalLocation.artifactLocation.uri + " " + .message.text' drift.sarif |
	grep -c '^seccomp/web.json symlink')" 1 "with a finding at the profile's file"
not_ok "the container is gone" podman container exists gate
cd "$SCTRACE_SRC/tests/guest" || exit

# --- the image. What has no place in a guest: a compiler that is fetched. The packages are those
# of the lab's root, which builds the tool without shared libraries (make check-static)
mkdir -p "$T/src/contrib" "$T/base/rootfs" "$T/slim"
cp -r "$SCTRACE_SRC/contrib/drift" "$T/src/contrib/"
_lib_rootfs "$T/slim/rootfs"
rootfs_add "$T/slim" sctrace-nl
rm -f "$T/slim/rootfs$SCTRACE_NL"
tar -C "$T/slim/rootfs" -c . | podman import -q - docker.io/library/debian:bookworm-slim >/dev/null
_lib_rootfs "$T/base/rootfs"
mkdir -p "$T/base/rootfs/bin"
printf '#!/bin/sh\necho "$*" >>/apt\n' >"$T/base/rootfs/bin/apt-get"
printf '#!/bin/sh\n[ "$*" = "-C /src/user static" ] && mkdir -p /src/user/static && cp /tool /src/user/static/sctrace-nl\n' \
	>"$T/base/rootfs/bin/make"
chmod 755 "$T/base/rootfs/bin/apt-get" "$T/base/rootfs/bin/make"
cp "$SCTRACE_NL" "$T/base/rootfs/tool"
tar -C "$T/base/rootfs" -c . | podman import -q - docker.io/library/debian:bookworm >/dev/null
block "sh node" kubectl | sed 's/podman build /podman build --network=none --pull=never /' >"$T/node"
like "$(cat "$T/node")" "^podman build .* -f contrib/drift/Containerfile" "docs/ci.md builds the image"
packages=$(sed -n '/apt-get install/,/[^\\]$/p' "$T/src/contrib/drift/Containerfile" | tr ' ' '\n' | grep '^[a-z].*[a-z]$' | grep -v -x -e apt-get -e install -e update)
# shellcheck disable=SC2086
ok "the packages that it is built with are there" dpkg-query -W $packages

# --- the manifest: kubectl's part is done by podman, and crictl tells of one container of a pod
export T
cat >"$T/bin/kubectl" <<-'EOS'
	#!/bin/sh -e
	case "$*" in
	"create namespace sctrace") ;;
	"-n sctrace create configmap "*" --from-file="*)
		{
			printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata:\n  %s: |\n' "$5" "${6#*=}"
			sed 's/^/    /' "${6#*=}"
		} >"$T/map.yaml" ;;
	"apply -f "*) exec podman kube play --start=false --configmap "$T/map.yaml" "$3" ;;
	*) echo "kubectl: $*" >&2; exit 1 ;;
	esac
	EOS
chmod 755 "$T/bin/kubectl"
_lib_rootfs "$T/infra"
tar -C "$T/infra" -c . | podman import -q --change 'ENTRYPOINT ["sleep","1000"]' - localhost/infra:1 >/dev/null
sed -i '/\[engine\]/a infra_image = "localhost/infra:1"' /etc/containers/containers.conf
id=$(hex 1)
cat >/usr/local/bin/crictl <<-EOS
	#!/bin/sh
	echo '{"containers": [{"id": "$id", "labels": {"io.kubernetes.container.name": "web",
		"io.kubernetes.pod.name": "web-0"}}]}'
EOS
chmod 755 /usr/local/bin/crictl
cleanup 'rm -rf /usr/local/bin/crictl /var/lib/node_exporter'
mkfifo "$T/go"
exec 3<>"$T/go"
inside "$root/kubepods/pod1/$id" sh -c "hostname web-0; exec unshare -p -f sh -c 'read -r x; mkdir $T/x; read -r x'" <"$T/go" &
job=$!
cleanup "rmdir $root/kubepods/pod1/$id $root/kubepods/pod1 $root/kubepods"
ok "a container of a pod is known" poll_until 60 sctrace-nl show --container k8s:web-0/web
sctrace-nl -q profile --container k8s:web-0/web -o "$T/src/web.json"
echo >&3
cd "$T/src" || exit
ok "the image is built, and the manifest is applied" sh -e "$T/node"
cd "$SCTRACE_SRC/tests/guest" || exit
cleanup 'podman pod rm -f -t 0 -a >/dev/null 2>&1'
open_groups
ok "the pod is started" podman pod start sctrace-drift-pod
metrics=/var/lib/node_exporter/textfile
# found ERE - so many calls of the container are told as findings
found()
{
	grep -q "^sctrace_drift_findings{container=\"k8s:web-0/web\".*\"refused\"} $1\$" $metrics/*.prom
}
ok "there are metrics of what the container calls beside its profile" poll_until 60 found '[1-9][0-9]*'
echo >&3
wait $job
done_testing
