#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What container runtimes call between their filter and the program, measured
# again: the lists in user/profile/runtime.c have all of it, and are enough. Those that are
# installed; and those of tests/field/runtimes, with which it is also tried
# what a container cannot start without.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
# The share that tests/field/runtimes adds: a folder for each runtime, with the
# libraries that this system lacks in lib
SHARE=$T/share
mkdir "$SHARE"
shared=
mount -t 9p -o trans=virtio,version=9p2000.L,ro runtimes "$SHARE" 2>/dev/null &&
	shared=1
if [ -z "$shared" ] && have_kernel 7.0; then
	plan skip_all "the runtimes are those of 6.12"
fi
permissive_profile "$T/all.json"
load_module record=all || bail "the module does not load"
cleanup unload_module

thorough=
rounds=1
dirs=
installed="crun runc"
if [ -n "$shared" ]; then
	cleanup umount -l "$SHARE"
	[ ! -e "$SHARE/needed" ] || thorough=1
	# The scheduler of a program in Go is not alike in two runs
	rounds=3
	installed=
	dirs=$(ls -d "$SHARE"/*/)
	for f in "$SHARE"/*/lib/*; do
		[ ! -e "$f" ] || [ -e "/usr/lib/x86_64-linux-gnu/${f##*/}" ] ||
			cp "$f" /usr/lib/x86_64-linux-gnu/
	done
fi

runs=0
b=$T/bundle
make_bundle "$b" -- /calls 39 || bail "no bundle"
cp ./calls "$b/rootfs/calls"

# bundle PROFILE WHO CMD... - the next container's
bundle()
{
	make_bundle "$b" --seccomp "$1" --nnp "$nnp" -- /calls "$3" || return 1
	if [ "$2" != root ]; then
		jq '.process.user = {uid: 1000, gid: 1000,
		additionalGids: [5, 10]} | .process.rlimits = [{type:
		"RLIMIT_NOFILE", soft: 512, hard: 512}]' "$b/config.json" \
		>"$b/new.json" && mv "$b/new.json" "$b/config.json" || return 1
	fi
	runs=$((runs + 1))
	id=r$runs
}

# by_run PROFILE WHO - a container from its beginning to its end
by_run()
{
	bundle "$1" "$2" 39 || return 99
	timeout 60 "$rt" run -b "$b" "$id" </dev/null
}

# in_pause PID - it sits in pause(), under whatever name
in_pause()
{
	grep -q '^34 ' "/proc/$1/syscall"
}

# by_start PROFILE WHO [exec] - one that is made, then started; with a program
# brought into it
by_start()
{
	_st=0
	bundle "$1" "$2" 34 || return 99
	create_container "$rt" "$b" "$id" || { _show; return 1; }
	timeout 60 "$rt" start "$id" &&
		poll_until 30 in_pause "$(cat "$b/pid")" || _st=1
	[ "${3-}" != exec ] || [ $_st != 0 ] ||
		timeout 60 "$rt" exec "$id" /calls 39 </dev/null || _st=1
	[ $_st = 0 ] || _show
	"$rt" delete -f "$id"
	return $_st
}

_show()
{
	cat "$b/out" "$b/err"
}

# seen - what the newest container's runtime called behind its filter
seen()
{
	_id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=calls .*/\1/p' | tail -n 1)
	sctrace-nl show --id "$_id" --json |
		jq -r '.syscalls[] | select(.stage == "setup" and .confined) | .name'
}

# profile NAME... - the program's two calls and these, as $T/less.json
profile()
{
	printf '%s\n' getpid exit exit_group pause "$@" >"$T/names"
	sctrace-nl -q merge "$T/names" --format oci -o "$T/less.json" 2>/dev/null
}

# starts - a container does so under $T/less.json, made in either way
starts()
{
	by_run "$T/less.json" root >"$T/log" 2>&1 &&
		by_start "$T/less.json" root >>"$T/log" 2>&1
}

for rt in $(for d in $dirs; do ls "$d"crun "$d"runc 2>/dev/null; done) \
	$installed; do
	name=${rt##*/}
	version=$($rt --version | sed -n '1s/.* version \([0-9][0-9.]*\).*/\1/p')
	# It panics without a cgroup file system
	exec='exec'
	case $name-$($rt --version) in
	runc-*rc93*) exec= ;;
	esac
	for nnp in false true; do
		n="$name $version, noNewPrivileges $nnp"
		[ $nnp = true ] && nn=,nnp || nn=
		: >"$T/all"
		bad=
		for who in root user; do
			i=0
			while [ $i -lt $rounds ]; do
				i=$((i + 1))
				by_run "$T/all.json" $who >"$T/log" 2>&1 ||
					bad="$bad run as $who: $(cat "$T/log");"
				seen >>"$T/all"
				by_start "$T/all.json" $who $exec >"$T/log" 2>&1 ||
					bad="$bad start as $who: $(cat "$T/log");"
				seen >>"$T/all"
			done
		done
		is "$bad" "" "$n: containers run, start, and take another program"
		LC_ALL=C sort -u "$T/all" >"$T/seen"
		like "$(cat "$T/seen")" '^execve$' "$n: execve comes after the filter"
		echo execve >"$T/one"
		sctrace-nl -q merge "$T/one" --runtime "$name=$version$nn" \
			--format names >"$T/base" 2>/dev/null
		is "$(LC_ALL=C comm -23 "$T/seen" "$T/base" | tr '\n' ' ')" "" \
			"$n: the list has all that it calls"
		{
			echo "$n, Linux $(uname -r), called behind the filter:"
			tr '\n' ' ' <"$T/seen"
			echo
			echo "in the list, and not seen:"
			LC_ALL=C comm -13 "$T/seen" "$T/base" | tr '\n' ' '
			echo
		} >"$T/list"
		# shellcheck disable=SC2046
		profile $(cat "$T/base")
		ok "$n: the list is enough to start" starts
		if [ -n "$thorough" ]; then
			fatal=
			for call in $(LC_ALL=C sort -u "$T/seen" "$T/base"); do
				# shellcheck disable=SC2046
				profile $(grep -vx "$call" "$T/base")
				by_start "$T/less.json" root >"$T/log" 2>&1 ||
					fatal="$fatal$call "
			done
			echo "cannot start without: $fatal" >>"$T/list"
			# shellcheck disable=SC2086
			profile $fatal
			exit_is 0 "$n: check knows what it cannot start without" \
				sctrace-nl check --runtime "$name=$version$nn" "$T/less.json"
		fi
		cp "$T/list" "$LAB_OUT/after-filter-$name-$version$nn-$(uname -r)"
		diag "$(cat "$T/list")"
	done
done
done_testing
