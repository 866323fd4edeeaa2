#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# What is recorded of real programs is what strace -f saw of the same run: every number in
# its ABI, stage and confinement, and every value of the watched calls, nothing else. The
# programs that this system has; those that it has not are added by tests/field/programs
# (make check-corpus).
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./exact.sh
. ./programs.sh
. ./corpus.sh

T=$TMPDIR
programs_add
# Into a container: no library, no file that a distribution may put elsewhere
permissive_profile "$T/all.json"
load_module || bail "the module does not load"
cleanup unload_module
cd "$T" || exit 1
for f in nl nsrun ways calls threads exact.awk values.awk values-got.awk; do
	ln -s "$OLDPWD/$f" "$f"
done

# corpus PROGRAM CMD... - when the program is there
corpus()
{
	_program=${1##*/}
	if command -v "$1" >/dev/null; then
		shift
		same "$_program" "$@"
		ok "$_program: did its work" grep -q '^done' "$LIB_TMP/said"
	else
		skip 4 "no $_program here (make check-corpus)"
	fi
}

corpus_files
corpus_programs
# What a container may not do; and the compiler itself
corpus gcc sh -c 'gcc -O1 -pthread -o prog prog.c && echo done'
corpus ip sh -c 'ip link set lo up && echo done'
# In two namespaces: its own init calls no execve
corpus bwrap bwrap --bind / / --unshare-pid --unshare-ipc --proc /proc --dev /dev \
	sh -c 'mkdir z && rmdir z && echo done'

# --- an engine under a filter of its own: what it calls, and its container's record

# fresh CMD... - as the init of a namespace, with a /proc of that
cat >fresh <<'EOS'
mount -t proc proc /proc && exec "$@"
EOS
make_bundle "$T/b" --seccomp "$T/all.json" -- sh -c 'ls / >/dev/null; mkdir /z; echo done'
same crun unshare -m sh fresh ./ways filter crun run -b "$T/b" corpus
ok "crun: did its work" grep -q ^done "$LIB_TMP/said"
# Without a namespace around it, the container's record is the only one
same_all "crun from under a filter" ./ways filter crun run -b "$T/b" corpus2
is "$(cut -d' ' -f3 "$LIB_TMP/want" | sort -u | tr -d '\n')" cds \
	"crun from under a filter: set-up before its container's filter, and both stages behind it"

if [ -n "$PROGRAMS" ]; then
	. "$SCTRACE_SRC/tests/guest/podman.sh"
	podman_setup >/dev/null || bail "podman does not work here"
	set -- podman --runtime crun run --rm --network=none "$IMAGE" sh -c 'mkdir /z; echo done'
	same_all "podman from under a filter" ./ways filter "$@"
	ok "podman: did its work" grep -q ^done "$LIB_TMP/said"
	same podman unshare -m sh fresh ./ways filter "$@"
	ok "podman: did its work" grep -q ^done "$LIB_TMP/said"
else
	skip 8 "podman takes long under strace (make check-corpus)"
fi
done_testing
