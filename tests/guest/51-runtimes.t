#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root
# What container runtimes call between their filter and the program, measured
# again: when a container is run, when it is made and started, as another user,
# in a user namespace, and when a program is executed in it. The lists in
# user/profile/runtime.c have all of it, and are enough. Those that are
# installed; and those of tests/field/runtimes, with which it is also tried
# what a container cannot start without, and what no program can be executed
# in it without.
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
load_module || bail "the module does not load"
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
# A root file system for root, and one for who is root in a user namespace only
b=$T/bundle
make_bundle "$b" -- /calls 39 || bail "no bundle"
cp ./calls "$b/rootfs/calls"
cp -a "$b/rootfs" "$b/rootfs-mapped"
chown -R 100000:100000 "$b/rootfs-mapped"
chmod 755 "$T" "$T/.." "$b"

# As another user, with other groups and a limit to set
someone='{uid: 1000, gid: 1000, additionalGids: [5, 10]}'

# bundle PROFILE WHO CMD... - the next container's; WHO is root, user or mapped
bundle()
{
	case $2 in
	root) _change=. ;;
	user) _change=".process.user = $someone | .process.rlimits = [{type:
		\"RLIMIT_NOFILE\", soft: 512, hard: 512}]" ;;
	mapped) _change='.root.path = "rootfs-mapped" |
		.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings' ;;
	esac
	make_bundle "$b" --seccomp "$1" --nnp "$nnp" -- /calls "$3" &&
		jq "$_change" "$b/config.json" >"$b/new.json" &&
		mv "$b/new.json" "$b/config.json" || return 1
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

# begin PROFILE WHO - one that is made, then started
begin()
{
	bundle "$1" "$2" 34 || return 99
	create_container "$rt" "$b" "$id" || { _show; return 1; }
	timeout 60 "$rt" start "$id" &&
		poll_until 60 in_pause "$(cat "$b/pid")" || { _show; return 1; }
}

end()
{
	"$rt" delete -f "$id"
}

_show()
{
	cat "$b/out" "$b/err"
}

# by_start PROFILE WHO - the same, and its end
by_start()
{
	_st=0
	begin "$1" "$2" || _st=$?
	end
	return $_st
}

# execute WHO - a program in the container that was begun, as podman has it
# executed: by a file, with standard output that is a pipe
execute()
{
	[ "$1" = user ] && _user=$someone || _user='{uid: 0, gid: 0}'
	jq ".process | .user = $_user | .args[1] = \"39\" | del(.rlimits)" \
		"$b/config.json" >"$T/process.json"
	{
		_st=0
		timeout 60 "$rt" exec --process "$T/process.json" "$id" </dev/null 2>&1 || _st=$?
		echo "status $_st"
	} | cat >"$T/executed"
	cat "$T/executed"
	[ "$(tail -n 1 "$T/executed")" = "status 0" ]
}

# record - of the newest container
record()
{
	./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=calls .*/\1/p' | tail -n 1
}

# seen - what the newest container's runtime called behind its filter
seen()
{
	sctrace-nl show --id "$(record)" --json |
		jq -r '.syscalls[] | select(.stage == "setup" and .confined) | .name'
}

# profile NAME... - the program's two calls and these, as $T/less.json
profile()
{
	printf '%s\n' getpid exit exit_group pause "$@" >"$T/names"
	sctrace-nl -q merge "$T/names" --format oci -o "$T/less.json" 2>/dev/null
}

# starts - a container does so under $T/less.json, made in either way; and takes
# programs
starts()
{
	by_run "$T/less.json" root &&
		by_start "$T/less.json" user &&
		{ [ -z "$mapped" ] || by_start "$T/less.json" mapped; } &&
		executes root user
}

# executes WHO... - a container begins under $T/less.json, and takes programs of theirs
executes()
{
	_bad=0
	begin "$T/less.json" root || _bad=1
	for _who; do
		[ -z "$exec" ] || [ $_bad != 0 ] || execute "$_who" || _bad=1
	done
	end
	return $_bad
}

# fatal CMD... - what CMD fails without, of all that was seen or is in the list
fatal()
{
	# shellcheck disable=SC2013
	for _call in $(LC_ALL=C sort -u "$T/seen" "$T/base"); do
		# shellcheck disable=SC2046
		profile $(grep -vx "$_call" "$T/base")
		"$@" >"$T/log" 2>&1 || printf '%s ' "$_call"
	done
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
	# It makes its directory below /run as who is root in the user namespace
	mapped=mapped
	case $name-$version in
	crun-0.*) mapped= ;;
	esac
	for nnp in false true; do
		n="$name $version, noNewPrivileges $nnp"
		[ $nnp = true ] && nn=,nnp || nn=
		: >"$T/all"
		: >"$T/execs"
		bad=
		i=0
		while [ $i -lt $rounds ]; do
			i=$((i + 1))
			by_run "$T/all.json" root >"$T/log" 2>&1 ||
				bad="$bad run: $(cat "$T/log");"
			seen >>"$T/all"
			for who in root user $mapped; do
				begin "$T/all.json" $who >"$T/log" 2>&1 ||
					bad="$bad start as $who: $(cat "$T/log");"
				seen >>"$T/all"
				for as in root user; do
					[ -n "$exec" ] && [ $who != user ] || continue
					sctrace-nl reset --id "$(record)"
					execute $as >"$T/log" ||
						bad="$bad exec as $as: $(cat "$T/log");"
					seen >>"$T/execs"
				done
				end
			done
		done
		is "$bad" "" "$n: containers run, start, and take another program"
		LC_ALL=C sort -u "$T/all" "$T/execs" >"$T/seen"
		like "$(cat "$T/all")" '^execve$' "$n: execve comes after the filter"
		echo execve >"$T/one"
		sctrace-nl -q merge "$T/one" --runtime "$name=$version$nn" \
			--format names >"$T/base" 2>/dev/null
		is "$(LC_ALL=C comm -23 "$T/seen" "$T/base" | tr '\n' ' ')" "" \
			"$n: the list has all that it calls"
		{
			echo "$n, Linux $(uname -r), called behind the filter:"
			LC_ALL=C sort -u "$T/all" | tr '\n' ' '
			echo
			echo "to execute a program:"
			LC_ALL=C sort -u "$T/execs" | tr '\n' ' '
			echo
			echo "in the list, and not seen:"
			LC_ALL=C comm -13 "$T/seen" "$T/base" | tr '\n' ' '
			echo
		} >"$T/list"
		# shellcheck disable=SC2046
		profile $(cat "$T/base")
		ok "$n: the list is enough to start, as anybody, and to execute" starts
		if [ -n "$thorough" ]; then
			fatal=$(fatal by_start "$T/less.json" root)
			other=$(fatal by_start "$T/less.json" user)
			in=$(fatal executes root)
			as=$(fatal executes user)
			{
				echo "cannot start without: $fatal"
				echo "cannot start as a user without: $other"
				echo "cannot execute without: $in"
				echo "cannot execute as a user without: $as"
			} >>"$T/list"
			# shellcheck disable=SC2086
			profile $fatal
			exit_is 0 "$n: check knows what it cannot start without" \
				sctrace-nl check --runtime "$name=$version$nn" "$T/less.json"
			# shellcheck disable=SC2086
			profile $fatal $other $in $as
			exit_is 0 "$n: and what else it may need" sctrace-nl check \
				--runtime "$name=$version$nn,exec,user" "$T/less.json"
		fi
		cp "$T/list" "$LAB_OUT/after-filter-$name-$version$nn-$(uname -r)"
		diag "$(cat "$T/list")"
	done
done
done_testing
