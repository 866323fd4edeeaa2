#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A namespace whose init never calls execve has a workload, too: what its programs call. The
# set-up can be taken as well.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
mkfifo "$T/gate"

# numbers KINDS [-p] - x86-64 numbers in one line
numbers()
{
	_n=$(./nl nrs ${2-} -k "$1" "inum:$inum") || return
	printf '%s\n' "$_n" | sed -n 's/^x86_64 //p' | tr '\n' ' '
}

names()
{
	jq -r '.syscalls[].names[]' "$1" | sort | tr '\n' ' '
}

load_module record=containers || bail "the module does not load"
cleanup unload_module

./ways zygote "$T/gate" >"$T/pid" &
poll_until 60 test -s "$T/pid"
pid=$(cat "$T/pid")
inum=$(inum_of "$pid")
ok "a zygote has done its work" poll_until 60 sh -c \
	"./nl nrs -k s inum:$inum | grep -qx 'x86_64 740'"

# mkdir chmod setpgid: of the init, and of its children before execve
for nr in 83 90 109; do
	like " $(numbers s -p)" " $nr " "$nr is setup"
	unlike " $(numbers p -p)" " $nr " "$nr is no program's"
done
like " $(numbers p -p)" " 740 " "a program's call is told apart"
unlike " $(numbers s -p)" " 740 " "and is not among the setup's then"
like " $(numbers s)" " 740 " "a reader that does not ask finds it there"
is "$(numbers wc)" "" "nothing is workload"
like "$(./nl dump -p -s "inum:$inum")" '^sighting [0-9]* x86_64 740 pid=[0-9]* kind=10 ' \
	"its sighting says so"
like "$(./nl dump -s "inum:$inum")" '^sighting [0-9]* x86_64 740 pid=[0-9]* kind=2 ' \
	"to who asks"

exit_is 0 "a profile" sctrace-nl profile --ns "$inum" -o "$T/p.json"
like "$(cat "$LIB_ERR")" 'has not called execve: .*--stage all' "says what it is made of"
like " $(names "$T/p.json")" " (brk|arch_prctl|mmap) " "has what the program called"
unlike " $(names "$T/p.json")" " (mkdir|chmod|setpgid) " "not what the set-up called"
exit_is 0 "a profile of all stages" sctrace-nl profile --ns "$inum" --stage all \
	-o "$T/all.json"
unlike "$(cat "$LIB_ERR")" 'has not called execve' "needs no such word"
for name in brk mkdir chmod setpgid; do
	like " $(names "$T/all.json")" " $name " "has $name"
done
exit_is 2 "another stage is none" sctrace-nl profile --ns "$inum" --stage some -o "$T/x"
: >"$T/gate"
wait
./nl forget "inum:$inum"

# A runtime's hook runs before the container's program: it is no workload
./nsrun -o "$T/ns" sh -c './calls 741'
inum=$(cut -d' ' -f1 "$T/ns")
is "$(numbers p -p)" "" "a namespace whose init called execve has no such calls"
./nl forget "inum:$inum"
permissive_profile "$T/all"
make_bundle "$T/b" --seccomp "$T/all" -- /bin/true
cp ./ways "$T/b/rootfs/ways"
rootfs_add "$T/b" ./ways
jq '.hooks = {startContainer: [{path: "/ways", args: ["ways", "call", "742"]}]}' \
	"$T/b/config.json" >"$T/c" && cp "$T/c" "$T/b/config.json"
if run_crun "$T/b" hooked; then
	id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=true .*/\1/p' | tail -n 1)
	like "$(./nl nrs -p -k pq "id:$id")" '742' "a hook in the container is a program in the set-up"
	unlike "$(./nl nrs -k wc "id:$id")" '742' "and no workload"
	exit_is 0 "a profile of that container" sctrace-nl profile --id "$id" -o "$T/h.json"
	unlike "$(cat "$LIB_ERR")" 'has not called execve' "is made of the container's program"
else
	skip 4 "this crun runs no hook there"
fi

done_testing
