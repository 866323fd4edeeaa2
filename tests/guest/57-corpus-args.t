#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# Real programs under the profiles with conditions that were recorded of them, three times
# each, under crun and runc; and a program that tries all address families, namespace flags
# and some personalities: what the record has not is refused there. CORPUS: these programs only,
# with commas between (default: all).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh
. ./corpus.sh

T=$TMPDIR
programs_add
[ -n "$PROGRAMS" ] || plan skip_all "for programs that no root has (make check-corpus)"
# Of 32-bit programs, too
echo '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"]}' \
	>"$T/permissive.json"
load_module || bail "the module does not load"
cleanup unload_module
here=$PWD

# The guest's own root is the container's, with a directory to work in
mkdir "$T/root" "$T/work"
mount --bind / "$T/root" || bail "no bind mount"
cleanup umount "$T/root"
cp tryall "$T/work/"
cd "$T/work" || exit 1
corpus_files

# under PROFILE CMD... - in a container, with $rt
runs=0
under()
{
	_profile=$1
	shift
	# All that is tried is written; not each program writes in this ABI
	make_bundle "$T/b" --rootfs "$T/root" --seccomp "$_profile" --bind "$T/work:/work" -- \
		sh -c 'cd /work && echo begun >&2 && exec "$@"' sh "$@" || return 99
	jq '.mounts[-1].options = ["bind", "rw"]' "$T/b/config.json" >"$T/b/new" &&
		mv "$T/b/new" "$T/b/config.json"
	runs=$((runs + 1))
	timeout 120 "$rt" run -b "$T/b" "p$runs" </dev/null
}

# thrice PROFILE CMD... - as often as it is to work, with its output in a file as when it was
# recorded: node resets a pipe's flags
thrice()
{
	for _i in 1 2 3; do
		_st=0
		under "$@" >"$T/out" 2>"$T/said" || _st=$?
		[ $_st = 0 ] && grep -q '^done' "$T/out" ||
			{ echo "run $_i: status $_st"; cat "$T/out" "$T/said"; return 1; }
	done
}

corpus()
{
	_program=${1##*/}
	case ,${CORPUS:-$_program}, in
	*,"$_program",*) ;;
	*) return ;;
	esac
	if ! command -v "$1" >/dev/null; then
		skip 16 "no $_program here"
		return
	fi
	shift
	# It finds what it left the last time
	rt=crun
	under "$T/permissive.json" "$@" >/dev/null 2>&1
	for rt in crun runc; do
		_what="$rt, $_program"
		for _id in $(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p'); do
			./nl forget "id:$_id"
		done
		ok "$_what: recorded" under "$T/permissive.json" "$@"
		like "$(cat "$LIB_OUT")" "^done" "$_what: did its work"
		_id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* level=1 .*/\1/p' | tail -n 1)
		./nl values "id:$_id" >"$T/values"
		for _mode in guard all; do
			ok "$_what: a profile with --args $_mode" \
				sctrace-nl profile --id "$_id" --args "$_mode" -o "$T/$_mode.json"
			ok "$_what: works three times under $_mode" thrice "$T/$_mode.json" "$@"
			case $("$rt" --version) in
			"crun version 0."*)
				skip 1 "this crun knows no default errno" ;;
			*)
				under "$T/$_mode.json" ./tryall >"$T/tried" 2>&1
				nothing "$_what: $_mode refuses what was not seen ($(grep -c refused "$T/tried"))" \
					awk -v mode="$_mode" -f "$here/values.awk" -f "$here/tryall.awk" \
					"$T/values" "$T/tried"
				;;
			esac
		done
	done
}
ln -s "$here/nl" nl
corpus_programs
# Its PID namespace has a record of its own; what it does counts for the container's
corpus bwrap bwrap --unshare-user --unshare-pid --unshare-ipc --bind / / --proc /proc --dev /dev \
	sh -c 'mkdir z && rmdir z && echo done'
done_testing
