# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For tests/guest/*.t: TAP, the module, containers. POSIX sh; source it with
#
#	. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
#
# A test runs as root in a guest, with sctrace NOT loaded, in this directory, in
# a cgroup of its own, with an empty $TMPDIR that is removed after it, standard
# input /dev/null. $SCTRACE_SRC is the built tree, $SCTRACE_KO the module (and
# `modprobe sctrace` works), $SCTRACE_NL the tool (also on PATH as sctrace-nl),
# $LAB_OUT a directory that comes back to the host: leave artifacts there.
# It must leave sctrace removable: a module that cannot be removed fails it.
# Programs that a test needs in C go beside it, built by tests/guest/Makefile.
#
# TAP
#	plan N			number of tests, first; or done_testing, last. One of
#				the two must be there.
#	plan skip_all WHY	end here: not applicable on this kernel
#	ok NAME CMD...		passes when CMD succeeds
#	not_ok NAME CMD...	passes when CMD fails (and is there: 126, 127 fail)
#	exit_is N NAME CMD...	passes when CMD ends with status N
#				(these three: CMD's output is shown when it fails the
#				test; it is kept in $LIB_OUT, errors in $LIB_ERR)
#	is GOT WANT NAME	passes when equal
#	is_ne GOT NOT NAME	passes when different
#	like TEXT ERE NAME	passes when a line of TEXT matches
#	unlike TEXT ERE NAME	passes when none does
#	unlike_of ERE NAME CMD...	passes when CMD succeeds and no line of its output
#				matches. Of `unlike "$(CMD)"` a CMD that fails would pass.
#	nothing NAME CMD...	passes when CMD succeeds and prints nothing
#	pass NAME / fail NAME
#	skip N WHY		count N tests as skipped, with the reason
#	diag TEXT...		a comment
#	bail WHY		stop: nothing after this makes sense
#	done_testing
#	cleanup CMD...		run CMD (one shell text) at the end, whatever happens;
#				the last one given runs first
#
# Waiting
#	poll_until SECONDS CMD...	try CMD every tenth of a second until it
#					succeeds; fails when the time is over
#
# The module
#	load_module [PARAM=VALUE...]	modprobe sctrace; fails as modprobe does
#	unload_module			remove it, if it is there
#	few_modules			until the end there is one module besides ours:
#					depmod, and DKMS with it, have little to do
#	have_kernel MAJOR.MINOR		is this kernel that new?
#	info KEY			a value of INFO
#	info_is KEY VALUE		has it this value?
#	field KEY SELECTOR		a value of a record, selected as `nl get` has it
#	has SELECTOR KINDS NR		is this number of x86-64 in one of these sets of it?
#	numbers SELECTOR KINDS [FROM TO]
#					those that are, in one line
#	flags_right			all tasks have the flag that they should; FLAGS: how many
#					lack it, have it wrongly, are right
#	log_mark			remember where the kernel log is now
#	log_since			print the kernel log since log_mark
#
# Namespaces
#	inum_of PID			inum of the PID namespace of a process
#
# Containers (in container.sh; crun and runc, bare, no image, 0.5 s each)
#	make_bundle DIR [OPTION...] -- CMD...
#		an OCI bundle: busybox and all its applets in DIR/rootfs, and
#		DIR/config.json that runs CMD there as root with docker's default
#		capabilities in namespaces of its own (pid mount ipc uts network
#		cgroup). Options:
#		--seccomp FILE	put this profile in (JSON; linux.seccomp)
#		--nnp true|false	noNewPrivileges (default false, as podman's)
#		--rootfs DIR	use this root file system instead of a new one
#		--env NAME=VALUE	(may be repeated)
#		--bind SRC:DST	read-only bind mount (may be repeated)
#	rootfs_add DIR FILE...	copy programs with their libraries into DIR/rootfs,
#				at their own paths
#	permissive_profile FILE	write a profile that allows everything: it installs a
#				filter all the same (Seccomp: 2)
#	run_crun DIR [ID]	run the bundle to its end; its output, its status.
#	run_runc DIR [ID]	The container is deleted after.
#	create_container crun|runc DIR ID
#				make it, do not start it yet; DIR/pid has its pid. Its
#				output goes to DIR/out (and DIR/err)
#	start_container crun|runc ID
#	delete_container crun|runc ID	(forced)
#	container_inum DIR	inum of the PID namespace of a created container
#	executing_runtimes	those of crun and runc that execute programs in such containers
#	ways_container crun|runc DIR ID
#				a container that runs sleep, in which ways.c's program may do
#				all that it does: sets inum and pid

LIB_N=0 LIB_BAD=0 LIB_PLAN= LIB_DONE= LIB_CLEANUP=:
: "${TMPDIR:=/tmp}"
LIB_TMP=$(mktemp -d "$TMPDIR/lib.XXXXXX") || exit 1
LIB_OUT=$LIB_TMP/out LIB_ERR=$LIB_TMP/err

_lib_end()
{
	_rc=$?
	trap - EXIT
	eval "$LIB_CLEANUP"
	rm -rf "$LIB_TMP"
	if [ -n "$LIB_PLAN" ] && [ "$LIB_PLAN" != "$LIB_N" ]; then
		echo "# planned $LIB_PLAN tests, ran $LIB_N"
		LIB_BAD=1
	elif [ -z "$LIB_PLAN" ] && [ -z "$LIB_DONE" ]; then
		echo "# ended before done_testing"
		LIB_BAD=1
	fi
	[ "$_rc" != 0 ] || [ "$LIB_BAD" = 0 ] || _rc=1
	exit "$_rc"
}
trap _lib_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

plan()
{
	if [ "$1" = skip_all ]; then
		shift
		echo "1..0 # SKIP $*"
		LIB_DONE=1
		exit 0
	fi
	LIB_PLAN=$1
	echo "1..$1"
}

done_testing()
{
	LIB_DONE=1
	echo "1..$LIB_N"
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

bail()
{
	echo "Bail out!  $*"
	exit 1
}

cleanup()
{
	LIB_CLEANUP="$*
$LIB_CLEANUP"
}

pass()
{
	LIB_N=$((LIB_N + 1))
	echo "ok $LIB_N - $*"
}

fail()
{
	LIB_N=$((LIB_N + 1))
	LIB_BAD=1
	echo "not ok $LIB_N - $*"
	return 0
}

skip()
{
	_i=$1
	shift
	while [ "$_i" -gt 0 ]; do
		LIB_N=$((LIB_N + 1))
		_i=$((_i - 1))
		echo "ok $LIB_N # SKIP $*"
	done
}

# In a subshell nothing that CMD does to variables would stay, so it runs here.
_lib_run()
{
	"$@" >"$LIB_OUT" 2>"$LIB_ERR"
}

_lib_show()
{
	diag "status $1 of:" "$2"
	sed 's/^/# out: /' "$LIB_OUT" | head -n 40
	sed 's/^/# err: /' "$LIB_ERR" | head -n 40
}

ok()
{
	_name=$1
	shift
	_st=0
	_lib_run "$@" || _st=$?
	if [ $_st = 0 ]; then
		pass "$_name"
	else
		fail "$_name"
		_lib_show $_st "$*"
	fi
}

not_ok()
{
	_name=$1
	shift
	_st=0
	_lib_run "$@" || _st=$?
	case $_st in
	0 | 126 | 127)
		fail "$_name"
		_lib_show $_st "$*"
		;;
	*) pass "$_name" ;;
	esac
}

exit_is()
{
	_want=$1
	_name=$2
	shift 2
	_st=0
	_lib_run "$@" || _st=$?
	if [ $_st = "$_want" ]; then
		pass "$_name"
	else
		fail "$_name"
		_lib_show "$_st (wanted $_want)" "$*"
	fi
}

is()
{
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "     got: $1"
		diag "expected: $2"
	fi
}

is_ne()
{
	if [ "$1" != "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "got what it must not be: $1"
	fi
}

like()
{
	if printf '%s\n' "$1" | grep -E -q -e "$2"; then
		pass "$3"
	else
		fail "$3"
		diag "no line of this matches $2:"
		diag "$1"
	fi
}

unlike()
{
	if printf '%s\n' "$1" | grep -E -q -e "$2"; then
		fail "$3"
		diag "a line of this matches $2:"
		diag "$1"
	else
		pass "$3"
	fi
}

unlike_of()
{
	_ere=$1
	_name=$2
	shift 2
	_st=0
	_lib_run "$@" || _st=$?
	if [ $_st = 0 ] && ! grep -E -q -e "$_ere" "$LIB_OUT"; then
		pass "$_name"
	else
		fail "$_name"
		_lib_show "$_st (wanted 0, and no $_ere)" "$*"
	fi
}

nothing()
{
	_name=$1
	shift
	unlike_of '' "$_name" "$@"
}

poll_until()
{
	# By the clock: under load a tenth of a second is often more. Uptime, for
	# the date may be set.
	_end=$(($(cut -d. -f1 /proc/uptime) + $1))
	shift
	until "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -le "$_end" ] || return 1
		sleep 0.1
	done
}

load_module()
{
	# A module that another test left has other parameters
	if [ -d /sys/module/sctrace ]; then
		diag "sctrace is loaded already"
		return 1
	fi
	modprobe sctrace "$@"
}

unload_module()
{
	[ ! -d /sys/module/sctrace ] || rmmod sctrace
}

few_modules()
{
	_mods=/lib/modules/$(uname -r)
	mkdir "$LIB_TMP/index" "$LIB_TMP/kernel" &&
		cp "$_mods"/modules.* "$LIB_TMP/index" &&
		cp "$(find "$_mods/kernel" -name '*.ko*' | head -n 1)" "$LIB_TMP/kernel" &&
		mount --bind "$LIB_TMP/kernel" "$_mods/kernel" || return
	cleanup "umount '$_mods/kernel'; cp '$LIB_TMP'/index/modules.* '$_mods'"
}

have_kernel()
{
	_r=$(uname -r)
	_maj=${_r%%.*}
	_r=${_r#*.}
	_min=${_r%%[!0-9]*}
	[ "$_maj" -gt "${1%%.*}" ] ||
		{ [ "$_maj" = "${1%%.*}" ] && [ "$_min" -ge "${1#*.}" ]; }
}

info()
{
	_info=$(./nl info) || return
	printf '%s\n' "$_info" | sed -n "s/^$1=//p"
}

info_is()
{
	[ "$(info "$1")" = "$2" ]
}

field()
{
	_field=$(./nl get "$2") || return
	printf '%s\n' "$_field" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

has()
{
	./nl nrs -k "$2" "$1" | grep -qx "x86_64 $3"
}

numbers()
{
	_numbers=$(./nl nrs -k "$2" "$1") || return
	printf '%s\n' "$_numbers" | awk -v from="${3-0}" -v to="${4-1023}" '
		$1 == "x86_64" && $2 >= from && $2 <= to { print $2 }' | tr '\n' ' '
}

flags_right()
{
	read -r FLAGS </sys/module/sctrace/parameters/scope_check
	case $FLAGS in
	"0 0 0" | "") return 1 ;;
	"0 0 "*) ;;
	*)
		echo "lack the flag, have it wrongly, are right: $FLAGS" >&2
		return 1
		;;
	esac
}

log_mark()
{
	LIB_MARK="lab: mark $$ $(cut -d' ' -f1 /proc/uptime)"
	echo "$LIB_MARK" >/dev/kmsg
}

log_since()
{
	dmesg | awk -v m="$LIB_MARK" 'found; index($0, m) { found = 1 } END { exit !found }'
}

. "${SCTRACE_SRC:?}/tests/guest/container.sh"
