#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# The profile of a container starts it again, and no name in it is idle: crun and
# runc, recorded under a filter that allows everything.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
permissive_profile "$T/all.json"
load_module || bail "the module does not load"
cleanup unload_module

app='mkdir /tmp/a && ls / | sort >/tmp/a/b && cat /tmp/a/b && echo fine'
runs=0

# container PROFILE - the application under it; $T/out, $T/err; its status
container()
{
	runs=$((runs + 1))
	rm -rf "$b/rootfs/tmp/a"
	make_bundle "$b" --seccomp "$1" --nnp "$nnp" -- sh -c "$app" || return 99
	"$rt" run -b "$b" "p$runs" >"$T/out" 2>"$T/err" </dev/null
}

# record_of COMM - inum of the newest record of a namespace whose init is COMM
record_of()
{
	./nl dump | sed -n "s/^record .* inum=\([0-9]*\) .* comm=$1 .*/\1/p" | tail -n 1
}

names_of()
{
	jq -r '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] | .[]' "$1"
}

without()
{
	jq --arg n "$2" '.syscalls |= (map(.names -= [$n]) | map(select(.names != [])))' "$1"
}

for rt in crun runc; do
	nnp=false
	b=$T/$rt
	exit_is 0 "$rt: recorded" container "$T/all.json"
	cp "$T/out" "$T/first"
	like "$(cat "$T/first")" '^fine$' "$rt: it did its work"
	p=$LAB_OUT/profile-$rt-$(uname -r).json
	exit_is 0 "$rt: sctrace-nl --ns INUM -o FILE" \
		sctrace-nl --ns "$(record_of sh)" -o "$p"
	names=$(names_of "$p")
	is "$(jq -c '[.syscalls[].names | . == (sort | unique)] | unique' "$p")" "[true]" \
		"$rt: names of a rule are sorted, each is there once"
	for n in mount umount2 pivot_root unshare setns sethostname seccomp; do
		unlike "$names" "^$n\$" "$rt: $n is not in it"
	done
	for n in exit exit_group rt_sigreturn restart_syscall; do
		like "$names" "^$n\$" "$rt: $n is"
	done
	is "$(jq -r '.defaultAction, .defaultErrnoRet' "$p" | tr '\n' ' ')" \
		"SCMP_ACT_ERRNO 38 " "$rt: all else is ENOSYS"
	is "$(jq -c .architectures "$p")" '["SCMP_ARCH_X86_64"]' "$rt: one architecture"
	exit_is 0 "$rt: the same container under its profile" container "$p"
	ok "$rt: does the same" cmp "$T/out" "$T/first"
	for n in mkdir execve write getdents64 openat; do
		like "$names" "^$n\$" "$rt: $n is in it"
		without "$p" "$n" >"$T/less.json"
		if container "$T/less.json" && cmp -s "$T/out" "$T/first"; then
			fail "$rt: without $n it does not work"
		else
			pass "$rt: without $n it does not work"
		fi
	done

	# With no new privileges the filter comes later, and needs less
	nnp=true
	exit_is 0 "$rt, no new privileges: recorded" container "$T/all.json"
	sctrace-nl --ns "$(record_of sh)" -o "$T/nnp.json" 2>"$T/words"
	exit_is 0 "$rt, no new privileges: runs under its profile" container "$T/nnp.json"
	ok "$rt, no new privileges: does the same" cmp "$T/out" "$T/first"
	rm -rf "$b"
done

# --- 32 bits
./nsrun -o "$T/ns" ./calls 39 i39
read -r inum pid <"$T/ns"
exit_is 0 "two ABIs" sctrace-nl --ns "$inum" -o "$T/two.json"
is "$(jq -c '.architectures | sort' "$T/two.json")" \
	'["SCMP_ARCH_X86","SCMP_ARCH_X86_64"]' "both architectures are named"
names=$(names_of "$T/two.json")
like "$names" '^getpid$' "39 is getpid on x86-64"
like "$names" '^mkdir$' "and mkdir on i386"
./nsrun -o "$T/ns" ./calls 39
read -r inum pid <"$T/ns"
sctrace-nl --ns "$inum" -o "$T/one.json"
unlike_of '^mkdir$' "which it is there only" names_of "$T/one.json"

rt=crun nnp=false b=$T/crun32
make_bundle "$b" -- true
# A filter without i386 among its architectures kills i386 programs
echo '{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"]}' >"$T/all32.json"
cp /opt/i386/bin/busybox "$b/rootfs/bin/busybox32"
app='busybox32 sh -c "mkdir /tmp/a && ls / | sort >/tmp/a/b && cat /tmp/a/b" && ls / && echo fine'
exit_is 0 "i386 program in a container: recorded" container "$T/all32.json"
cp "$T/out" "$T/first"
sctrace-nl --ns "$(record_of sh)" -o "$LAB_OUT/profile-i386.json" 2>"$T/words"
is "$(jq -c '.architectures | sort' "$LAB_OUT/profile-i386.json")" \
	'["SCMP_ARCH_X86","SCMP_ARCH_X86_64"]' "both architectures"
exit_is 0 "runs under its profile" container "$LAB_OUT/profile-i386.json"
ok "does the same" cmp "$T/out" "$T/first"

done_testing
