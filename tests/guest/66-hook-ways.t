#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm
# The hook and what comes after a recording: a container without a filter, or
# privileged, is started under its profile; a container is started again; programs
# are executed in it and its health is checked; pods of `podman kube play`.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

have_kernel 6.1 || plan skip_all "bullseye has podman 3.0, without what is tried here"

T=$TMPDIR
podman_setup || bail "podman does not work here"

# hooked ARGS... - podman with the hook and the runtime
hooked()
{
	timeout -k 5 180 podman --runtime "$RT" --hooks-dir "$HOOKS" "$@"
}

# in_report FILE FILTER - a member of a report, in one line
in_report()
{
	jq -c "$2" "$1" | tr '\n' ' '
}

for RT in crun runc; do
	version=$($RT --version | sed -n '1s/.* version \([0-9.]*\).*/\1/p')
	# Without a filter: what the runtime needs behind one was not seen
	n=0
	for how in seccomp=unconfined --privileged no-new-privileges; do
		n=$((n + 1))
		u=$T/$RT-$n.json
		case $how in
		seccomp=*) set -- --security-opt $how ;;
		--*) set -- $how ;;
		*) set -- --security-opt seccomp=unconfined --security-opt $how ;;
		esac
		ok "$RT, $how: recorded" trace "of:$u;report:$u.report" "$@" "$IMAGE" mkdir /z
		is "$(in_report "$u.report" '.filter, .runtime, .whole')" "\"none\" \"$RT\" false " \
			"$RT, $how: the report names the runtime, and does not call it whole"
		like "$(jq -r '.notes[]' "$u.report")" "recorded without a filter: what $RT calls" \
			"$RT, $how: and says why"
		is "$(jq -r '.warnings[]' "$u.report")" "" "$RT, $how: there is nothing to warn of"
		ok "$RT, $how: it runs under its profile" \
			pod --security-opt "seccomp=$u" "$IMAGE" mkdir /z
	done

	# exec and health checks, where the profile was asked for them
	e=$T/$RT-e.json
	app='ls / >/dev/null; sleep 0.1'
	ok "$RT: recorded, nothing was executed in it" \
		trace "of:$e;report:$e.report;mode:permissive" "$IMAGE" sh -c "$app"
	[ $RT = crun ] && lacks='["fchown","openat","setgroups"]' || lacks='[]'
	[ $RT = runc ] && other='["fchown"]' || other='[]'
	# what the program itself calls, it does not lack
	is "$(in_report "$e.report" '(.lacks.exec - ["openat"]), .lacks.user')" \
		"$(echo "$lacks" | jq -c '. - ["openat"]') $other " \
		"$RT: the report counts what more than a start would need"
	is "$(in_report "$e.report" '.whole, .runs')" "true 1 " "$RT: else it is whole"
	[ $RT = crun ] && need=exec || need=user
	exit_is 0 "$RT: check says so, too" sctrace-nl check --runtime "$RT=$version" "$e"
	like "$(cat "$LIB_OUT")" "note: $need-needs: $RT needs for .*fchown" "$RT: by name"
	exit_is 5 "$RT: and it is an error where it was asked for" \
		sctrace-nl check --runtime "$RT=$version,exec,user" "$e"
	ok "$RT: recorded, and asked for them" \
		trace "of:$e;report:$e.report;mode:permissive;runtime:auto+exec+user" "$IMAGE" sh -c "$app"
	is "$(in_report "$e.report" .lacks)" '{"exec":[],"user":[]} ' "$RT: nothing is lacking"
	exit_is 0 "$RT: check has nothing to say" sctrace-nl check --runtime "$RT=$version,exec,user" "$e"
	ok "$RT: it runs under that" hooked run -d --name ex --network=none \
		--health-cmd 'ls /' --health-interval=disable --security-opt "seccomp=$e" \
		"$IMAGE" sh -c 'ls / >/dev/null; sleep 1000'
	ok "$RT: a program is executed in it" hooked exec ex ls /
	ok "$RT: as another user, too" hooked exec --user 1000 ex ls /
	ok "$RT: its health is checked" hooked healthcheck run ex
	not_ok "$RT: but what was not called stays refused" hooked exec ex ln -s a /z
	hooked rm -f -t 0 ex >/dev/null 2>&1
done
RT=crun

# A container that is started again, and takes another way
twice='if [ -d /once ]; then ln -s a /l; else mkdir /once; fi'
# again ANNOTATION - a container that is started twice
again()
{
	hooked create --name tw --network=none --annotation \
		"io.containers.trace-syscall=$1" "$IMAGE" sh -c "$twice" >/dev/null &&
		hooked start -a tw && hooked start -a tw
	_again=$?
	hooked rm -f -t 0 tw >/dev/null 2>&1
	return $_again
}
w=$T/tw.json
ok "a container is started twice" again "of:$w;report:$w.report;mode:permissive"
is "$(allowed "$w" | grep -x -e mkdir -e symlink | tr '\n' ' ')" "mkdir symlink " \
	"its profile has what both runs called"
is "$(in_report "$w.report" '.runs, .whole')" "2 true " "the report counts them"
ok "a copy is nobody's" cp "$w" "$T/copy.json"
ok "another container" trace "of:$w;report:$w.report" "$IMAGE" chmod 700 /tmp
is "$(allowed "$w" | grep -x -e mkdir -e chmod -e fchmodat | tr '\n' ' ' | sed s/fchmodat/chmod/)" \
	"chmod " "has a profile of its own"
is "$(in_report "$w.report" .runs)" "1 " "of one run"
like "$(jq -r '.notes[]' "$w.report")" "was there and not known as this container's: replaced" \
	"and it is said that another was there"
ok "a container is started twice, mode:replace" \
	again "of:$w;report:$w.report;mode:replace+permissive"
is "$(allowed "$w" | grep -x -e mkdir -e symlink | tr '\n' ' ')" "symlink " \
	"the profile is of the last run"
is "$(in_report "$w.report" .runs)" "1 " "which alone counts"
g=$T/grows.json
ok "if: and of: are one file, at the first run" trace "if:$g;of:$g;report:$g.report" "$IMAGE" mkdir /z
ok "and at the next, of another container" trace "if:$g;of:$g;report:$g.report" "$IMAGE" ln -s a /z
is "$(allowed "$g" | grep -x -e mkdir -e symlink | tr '\n' ' ')" "mkdir symlink " "it has grown"
is "$(jq -r '.runs | length' "$g.runs.json")" 2 "and both runs are counted"
is "$(in_report "$g.report" .runs)" "2 " "by two runs"
n=0
for cmd in 'ln /bin/busybox /z' 'mv /tmp /z' 'mkdir /z' 'ln -s a /z'; do
	n=$((n + 1))
	trace "mode:add;of:$T/all.json" "$IMAGE" $cmd >/dev/null 2>&1 &
	eval "job$n=$!"
done
bad=0
while [ $n -gt 0 ]; do
	eval "wait \$job$n" || bad=$((bad + 1))
	n=$((n - 1))
done
is $bad 0 "four containers at once, mode:add"
is "$(allowed "$T/all.json" | grep -x -e link -e rename -e mkdir -e symlink | tr '\n' ' ')" \
	"link mkdir rename symlink " "their one profile has what each of them called"
is "$(jq -r '[(.runs | length), (.seen[] | select(.name == "symlink" and .args == null) | .count, .of)] |
	join(" ")' "$T/all.json.runs.json")" "4 1 4" "and beside it stands in how many runs"
# Somebody has had a better idea of the counts
sed -i 's/"count": 1/"count": 2/' "$T/all.json.runs.json"
cp "$T/all.json.runs.json" "$T/changed"
ok "a fifth run" trace "mode:add;of:$T/all.json;report:$T/all.report" "$IMAGE" mkdir /y
like "$(jq -r '.notes[]' "$T/all.report")" 'was changed since it was written.*this run is not counted' \
	"does not trust counts that were changed"
ok "and leaves them alone" cmp "$T/changed" "$T/all.json.runs.json"

# The hook by two names in two directories
mkdir "$T/copies"
for f in "$HOOKS"/*.json; do
	cp "$f" "$T/copies/again-${f##*/}"
done
c=$T/copies.json
ok "a container with each hook twice, strict" hooked --hooks-dir "$T/copies" run --rm --network=none \
	--annotation "io.containers.trace-syscall=of:$c;report:$c.report;mode:permissive;strict" "$IMAGE" mkdir /x
is "$(cat "$LIB_ERR")" "" "there is nothing to say"
is "$(in_report "$c.report" '.runs, .whole')" "1 true " "it is one run"
ok "which is recorded" allows "$c" mkdir

# A profile of an earlier recording names one ABI; a 32-bit call is to be recorded
sctrace-nl -q merge "$w" --runtime crun -o "$T/prior.json"
is "$(jq -c .architectures "$T/prior.json")" '["SCMP_ARCH_X86_64"]' "an earlier profile has one ABI"
ok "a 32-bit call is made in spite of it" trace "of:$T/both.json;mode:permissive" \
	--security-opt "seccomp=$T/prior.json" -v "$PWD/calls:/calls:ro" "$IMAGE" /calls 39 i39
is "$(jq -c '.architectures | sort' "$T/both.json")" '["SCMP_ARCH_X86","SCMP_ARCH_X86_64"]' \
	"and recorded"

# An image that asks for files of the host's: podman hands its annotations on
printf 'FROM %s\n' "$IMAGE" | podman build -q --annotation "io.containers.trace-syscall=of:$T/image.json" \
	-t localhost/asks:1 - >/dev/null
for how in '' --annotation=io.containers.trace-syscall=of:$T/own.json; do
	ok "a container of an image that asks to be recorded ${how:+"(so does its user)"}" pod $how localhost/asks:1 true
	like "$(cat "$LIB_ERR")" 'not recorded: its image brings annotations' "is not, which is said"
done
is "$(ls "$T/image.json" "$T/own.json" 2>/dev/null)" "" "nothing is written"
# Nor may one from another store of images, which podman's configuration names
more=$T/more
mkdir "$more"
printf 'FROM %s\nCMD ["true"]\n' "$IMAGE" | podman build -q -t localhost/plain:1 - >/dev/null
for i in asks plain; do
	podman save -q --format oci-archive -o "$T/$i.tar" localhost/$i:1
	podman --root "$more" --runroot "$T/more.run" load -q -i "$T/$i.tar" >/dev/null
	podman rmi localhost/$i:1 >/dev/null
done
printf '[storage.options]\nadditionalimagestores = [ "%s" ]\n' "$more" >>/etc/containers/storage.conf
ok "an image of another store asks" pod localhost/asks:1 true
like "$(cat "$LIB_ERR")" 'not recorded: its image brings annotations' "which is found there"
ok "a container of one that does not" trace "of:$T/plain.json" localhost/plain:1 mkdir /x
ok "is recorded" allows "$T/plain.json" mkdir
# Where only an option names the store nobody can tell
sed -i '/^\[storage.options/,$d' /etc/containers/storage.conf
rm "$T/plain.json"
far()
{
	hooked --storage-opt "additionalimagestore=$more" run --rm --network=none --annotation \
		"io.containers.trace-syscall=of:$T/plain.json$1" localhost/plain:1 mkdir /x
}
ok "an image that cannot be looked at keeps no container from starting" far ''
like "$(cat "$LIB_ERR")" 'whether this one does is not known: the manifest of its image .* cannot be read.*not affected' \
	"it is said why it is not recorded"
exit_is 126 "with strict it does not start" far ';strict'
not_ok "nothing is written" test -e "$T/plain.json"

# What its profile would refuse, as metrics, of each container that is called as a profile
mkdir "$T/profiles" "$T/metrics"
cp "$T/all.json" "$T/profiles/dr.json"
hooked run -d --name dr --network=none --cap-add SYS_ADMIN "$IMAGE" \
	sh -c 'chmod 700 /tmp; unshare -p -f sleep 1000' >/dev/null
# A profile whose name is the beginning of an ID is of no container
cp "$T/all.json" "$T/profiles/$(podman inspect -f '{{.Id}}' dr | cut -c 1-2).json"
poll_until 60 sh -c '[ $(sctrace-nl list --running dr | wc -l) = 3 ]' || bail "no namespace within the container"
: >"$T/metrics/sctrace-99999.prom"
# drifted CONTAINER - the loop for nodes has looked once, and found something
drifted()
{
	PROFILES="$T/profiles" METRICS="$T/metrics" "$SCTRACE_SRC/contrib/drift/sctrace-drift" once &&
		cat "$T/metrics"/*.prom | grep -q "_findings{container=\"$1\".*\"refused\"} [1-9]"
}
ok "the loop for nodes finds what this one calls beside its profile" poll_until 60 drifted podman:dr
is "$(ls "$T/metrics" | wc -l)" 1 "and counts it once, though it has a namespace within its own"
not_ok "the metrics of what is gone are gone" test -e "$T/metrics/sctrace-99999.prom"
hooked rm -f -t 0 dr >/dev/null 2>&1

# A pod: each container has a file of its own
_lib_rootfs "$T/infra"
tar -C "$T/infra" -c . | podman import -q --change 'ENTRYPOINT ["sleep","1000"]' - \
	localhost/infra:1 >/dev/null
sed -i "/\[engine\]/a infra_image = \"localhost/infra:1\"\nhooks_dir = [\"$HOOKS\"]" \
	/etc/containers/containers.conf
cleanup "sed -i '/^hooks_dir/d' /etc/containers/containers.conf"
cat >"$T/pod.yaml" <<-EOY
	apiVersion: v1
	kind: Pod
	metadata:
	  name: shop
	  annotations:
	    io.containers.trace-syscall/web: "of:$T/web.json;mode:permissive"
	    io.containers.trace-syscall/db: "of:$T/db.json;mode:permissive"
	spec:
	  restartPolicy: Never
	  containers:
	  - name: web
	    image: $IMAGE
	    command: ["/bin/mkdir", "/x"]
	  - name: db
	    image: $IMAGE
	    command: ["/bin/ln", "-s", "a", "/x"]
	  - name: my-web
	    image: $IMAGE
	    command: ["/bin/chmod", "700", "/tmp"]
EOY
ok "a pod is made of YAML" podman kube play --start=false --network none "$T/pod.yaml"
open_groups
ok "and started" podman pod start shop
ok "both profiles are there" poll_until 60 sh -c 'test -s "$0" && test -s "$1"' \
	"$T/web.json" "$T/db.json"
is "$(allowed "$T/web.json" | grep -x -e mkdir -e symlink -e chmod -e fchmodat)" mkdir \
	"one has what its container called"
is "$(allowed "$T/db.json" | grep -x -e mkdir -e symlink -e chmod -e fchmodat)" symlink \
	"and so has the other"
podman kube down "$T/pod.yaml" >/dev/null 2>&1
podman pod rm -f -t 0 -a >/dev/null 2>&1
# What podman starts again of itself has the hooks of its configuration, and no others
r=$T/restarted.json
ok "a container with a restart policy" podman run -d --name re --restart on-failure:1 --network=none \
	--annotation "io.containers.trace-syscall=of:$r;report:$r.report" "$IMAGE" sh -c "$twice; [ -L /l ]"
ok "is started again, and recorded" poll_until 60 sh -c 'jq -e ".runs == 2" "$0"' "$r.report"
is "$(allowed "$r" | grep -x -e mkdir -e symlink | tr '\n' ' ')" "mkdir symlink " "its profile has what both called"
podman rm -f -t 0 re >/dev/null
ok "no record is left" poll_until 60 no_label
done_testing
