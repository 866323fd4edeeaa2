#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# The dialects before those who read them: crun, runc, podman. A profile loads
# and the container works under it; without one of its names it does not. What the
# runtimes need is measured in 51-runtimes.t.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
permissive_profile "$T/all.json"
load_module || bail "the module does not load"
cleanup unload_module

app='mkdir /tmp/a && ls / >/tmp/a/b && cat /tmp/a/b >/dev/null && echo fine'
runs=0

# container RUNTIME PROFILE NNP - the application under it; its output and status
container()
{
	runs=$((runs + 1))
	b=$T/$1
	rm -rf "$b/rootfs/tmp/a"
	make_bundle "$b" --seccomp "$2" --nnp "$3" -- sh -c "$app" || return 99
	"$1" run -b "$b" "f$runs" </dev/null
}

# newest - id of the newest record of a namespace whose init is a shell
newest()
{
	./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=sh .*/\1/p' | tail -n 1
}

# lost FILE FORMAT - what becomes otherwise on the way to this dialect and back, and
# is not named: each call by its name; but how one is refused follows from what was
# said of the default
lost()
{
	if ! sctrace-nl merge "$1" --format "$2" -o "$T/there" 2>"$T/said"; then
		# refused as a whole, by the name of what cannot be said
		grep -q " cannot " "$T/said" || cat "$T/said"
		return
	fi
	_st=0
	sctrace-nl merge "$T/there" --input-format "$2" --format csv \
		-o "$T/back" 2>"$T/err" || { cat "$T/err"; return; }
	sctrace-nl diff "$1" "$T/back" >"$T/changes" 2>/dev/null || _st=$?
	[ $_st = 0 ] || [ $_st = 5 ] || echo "diff: $_st"
	while read -r _sign _name _; do
		_name=${_name%:}
		# csv has no architectures: that much is lost on the way back
		[ "$_name" = "*" ] && grep -q architectures "$T/said" "$T/err" && continue
		grep -q -w -F -e "$_name" "$T/said" && continue
		case $_sign in
		[-+]) echo "$_sign $_name" ;;
		*) grep -q default "$T/said" || echo "$_sign $_name" ;;
		esac
	done <"$T/changes"
}

# --- recorded; `run` shows nothing of what create and start need
for rt in crun runc; do
	version=$($rt --version | sed -n '1s/.* version \([0-9.]*\).*/\1/p')
	for nnp in false true; do
		n="$rt $version, noNewPrivileges $nnp"
		[ $nnp = true ] && nn=,nnp || nn=
		exit_is 0 "$n: recorded" container $rt "$T/all.json" $nnp
		id=$(newest)
		ok "$n: a profile" sctrace-nl profile --id "$id" -o "$T/$rt-$nnp.json"
		exit_is 0 "$n: check finds nothing wrong with it" \
			sctrace-nl check "$T/$rt-$nnp.json" --runtime "$rt=$version$nn"
	done
	# The program's part alone, and the base list for the rest: as good
	sctrace-nl show --id "$id" --json |
		jq -r '.syscalls[] | select(.stage == "workload") | .name' |
		sort -u >"$T/work"
	printf 'exit\nexit_group\nrt_sigreturn\nrestart_syscall\n' >>"$T/work"
	for nn in '' ,nnp; do
		sctrace-nl -q merge "$T/work" --runtime "$rt=$version$nn" \
			--format oci -o "$T/based.json" 2>/dev/null
		[ -n "$nn" ] && nnp=true || nnp=false
		exit_is 0 "$rt$nn: runs under the program's calls and the base list" \
			container $rt "$T/based.json" "$nnp"
	done
done

# --- one profile for both, through every dialect and back to what OCI runtimes read
ok "merge of all four" sctrace-nl merge "$T/crun-false.json" "$T/crun-true.json" \
	"$T/runc-false.json" "$T/runc-true.json" -o "$T/both.json"
for f in crun-false crun-true runc-false runc-true; do
	ok "it is enough for $f" sctrace-nl check "$T/both.json" "$T/$f.json"
done
for f in oci docker podman k8s label names csv systemd; do
	if [ $f = k8s ] && ! sctrace-nl -q merge "$T/both.json" --format k8s |
		sctrace-nl -q merge - --format names >/dev/null 2>&1; then
		# readers of YAML want libyaml, which this tool may lack
		skip 2 "k8s is not read here"
		continue
	fi
	sctrace-nl -q merge "$T/both.json" --format $f -o "$T/both.$f" 2>/dev/null
	sctrace-nl -q merge "$T/both.$f" --input-format $f --format oci \
		-o "$T/back.json" 2>/dev/null
	for rt in crun runc; do
		exit_is 0 "$rt runs under it by way of $f" \
			container $rt "$T/back.json" false
	done
done
jq '.syscalls |= map(.names -= ["write"])' "$T/both.json" >"$T/less.json"
for rt in crun runc; do
	not_ok "$rt does not without write" container $rt "$T/less.json" false
done

# --- podman reads its own dialect, docker's shape, OCI's, and the image's label
if command -v podman >/dev/null; then
	. "$SCTRACE_SRC/tests/guest/podman.sh"
	RT=crun
	mount -t tmpfs tmpfs /var/lib/containers
	cleanup umount -l /var/lib/containers
	ok "podman: an image" podman_setup
	# podman's container has more around it: its own recording
	pod() {
		timeout -k 5 180 podman --runtime "$RT" run --rm --network=none "$@"
	}
	ok "podman: recorded" pod --security-opt "seccomp=$T/all.json" \
		"$IMAGE" sh -c "$app"
	sctrace-nl -q profile --id "$(newest)" -o "$T/pod.json" 2>/dev/null
	for f in oci docker podman; do
		sctrace-nl -q merge "$T/pod.json" --format $f -o "$T/pod.$f" 2>/dev/null
		ok "podman runs under it as $f" pod --security-opt \
			"seccomp=$T/pod.$f" "$IMAGE" sh -c "$app"
	done
	sctrace-nl -q merge "$T/pod.json" --format label -o "$T/Dockerfile" 2>/dev/null
	printf 'FROM %s\n' "$IMAGE" | cat - "$T/Dockerfile" >"$T/Containerfile"
	ok "podman: an image with the label" podman build -q \
		--network=none -t localhost/labelled:1 -f "$T/Containerfile" "$T"
	ok "podman runs under its image's profile" pod \
		--seccomp-policy=image localhost/labelled:1 sh -c "$app"
	not_ok "which refuses what is not in it" pod \
		--seccomp-policy=image localhost/labelled:1 unshare -m true
	# what comes with podman
	f=/usr/share/containers/seccomp.json
	if [ -e $f ]; then
		ok "podman's own profile is read" sctrace-nl merge "$f" -o "$T/read.json"
		ok "and is not changed by a merge with what it allows" \
			sh -c 'sctrace-nl -q merge "$1" --base "$0" -o "$2" && sctrace-nl check "$2" "$0"' \
			"$f" "$T/pod.json" "$T/own.json"
		for g in oci docker podman k8s label names csv systemd; do
			untold=$(lost "$f" $g)
			is "$untold" "" "and goes to $g and back without a loss that is not named"
		done
		ok "podman runs under the merge" pod --security-opt \
			"seccomp=$T/own.json" "$IMAGE" sh -c "$app"
	fi
fi
done_testing
