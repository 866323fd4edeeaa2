# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Containers that are only a cgroup, for the tests of names. Source it after lib.sh; $root
# is where cgroups are.

# hex N - an ID as engines make them
hex() { printf '%064x' "$(($1 + 0xabc000))"; }

# inside CGROUP COMMAND... - COMMAND in new PID and UTS namespaces, in that cgroup
inside()
{
	mkdir -p "$1" || return 1
	_cg=$1
	shift
	# shellcheck disable=SC2016
	sh -c 'echo 0 >"$0/cgroup.procs" && exec unshare -p -f -u "$@"' "$_cg" "$@"
}

# engine_is NAME PROGRAM - PROGRAM in the place of that engine's, until the end
engine_is()
{
	_e=$(command -v "$1")
	if [ -n "$_e" ]; then
		mount --bind "$2" "$_e" && cleanup "umount $_e"
	else
		ln -s "$2" "/usr/local/bin/$1" && cleanup "rm -f /usr/local/bin/$1"
	fi
}

root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$root" ] || plan skip_all "no cgroup2 is mounted here"
