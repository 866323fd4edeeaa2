# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Bare containers under crun and runc, for lib.sh (which says what each function
# does) and for the demo. Needs jq and busybox.

inum_of()
{
	_l=$(readlink "/proc/$1/ns/pid") || return 1
	_l=${_l#pid:\[}
	echo "${_l%\]}"
}

permissive_profile()
{
	echo '{"defaultAction":"SCMP_ACT_ALLOW"}' >"$1"
}

# A root file system of busybox. The applets' links name the path busybox has on
# this system, so both places it may have are there.
_lib_rootfs()
{
	mkdir -p "$1/bin" "$1/usr" "$1/proc" "$1/dev" "$1/sys" "$1/tmp" "$1/etc" \
		"$1/root"
	[ -e "$1/usr/bin" ] || ln -s ../bin "$1/usr/bin"
	cp "$(command -v busybox)" "$1/bin/busybox"
	busybox --install -s "$1/bin" 2>/dev/null
	# The installer links busybox to itself where it is an applet.
	if [ -L "$1/bin/busybox" ]; then
		rm "$1/bin/busybox"
		cp "$(command -v busybox)" "$1/bin/busybox"
	fi
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}

make_bundle()
{
	_dir=$1
	shift
	_sec='null' _nnp=false _rootfs= _env='[]' _bind='[]'
	while [ $# -gt 0 ]; do
		case $1 in
		--seccomp) _sec=$(cat "$2") || return 1; shift 2 ;;
		--nnp) _nnp=$2; shift 2 ;;
		--rootfs) _rootfs=$2; shift 2 ;;
		--env)
			_env=$(printf '%s' "$_env" | jq -c --arg e "$2" '. + [$e]')
			shift 2
			;;
		--bind)
			_bind=$(printf '%s' "$_bind" | jq -c --arg s "${2%%:*}" \
				--arg d "${2#*:}" '. + [{destination: $d, type: "bind",
					source: $s, options: ["rbind", "ro"]}]')
			shift 2
			;;
		--) shift; break ;;
		*) echo "make_bundle: unknown option $1" >&2; return 1 ;;
		esac
	done
	[ $# -gt 0 ] || { echo "make_bundle: no command" >&2; return 1; }
	mkdir -p "$_dir" || return 1
	if [ -z "$_rootfs" ]; then
		_rootfs=rootfs
		[ -e "$_dir/rootfs/bin/busybox" ] || _lib_rootfs "$_dir/rootfs" || return 1
	fi
	jq -n --argjson sec "$_sec" --argjson nnp "$_nnp" --arg root "$_rootfs" \
		--argjson env "$_env" --argjson bind "$_bind" '
	["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
	 "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
	 "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
	 "CAP_AUDIT_WRITE"] as $caps |
	{
		ociVersion: "1.0.2",
		process: {
			terminal: false, user: {uid: 0, gid: 0},
			args: $ARGS.positional, cwd: "/",
			env: (["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"] + $env),
			capabilities: {bounding: $caps, effective: $caps,
				permitted: $caps},
			noNewPrivileges: $nnp
		},
		root: {path: $root, readonly: false},
		hostname: "box",
		mounts: ([
			{destination: "/proc", type: "proc", source: "proc"},
			{destination: "/dev", type: "tmpfs", source: "tmpfs",
			 options: ["nosuid", "strictatime", "mode=755", "size=1m"]},
			{destination: "/dev/pts", type: "devpts", source: "devpts",
			 options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666",
				"mode=0620"]},
			{destination: "/dev/shm", type: "tmpfs", source: "shm",
			 options: ["nosuid", "nodev", "mode=1777", "size=8m"]}
		] + $bind),
		linux: ({
			namespaces: [{type: "pid"}, {type: "mount"}, {type: "ipc"},
				{type: "uts"}, {type: "network"}, {type: "cgroup"}]
		} + if $sec == null then {} else {seccomp: $sec} end)
	}' --args -- "$@" >"$_dir/config.json"
}

rootfs_add()
{
	_dir=$1
	shift
	for _f; do
		_p=$(command -v "$_f") || return 1
		for _l in "$_p" $(ldd "$_p" 2>/dev/null | grep -o '/[^ )]*'); do
			mkdir -p "$_dir/rootfs${_l%/*}" &&
				cp -L "$_l" "$_dir/rootfs$_l" || return 1
		done
	done
}

_lib_run_with()
{
	_rt=$1 _dir=$2
	_id=${3:-t$$-$(cut -d' ' -f1 /proc/uptime | tr -d .)}
	"$_rt" run -b "$_dir" "$_id"
}

run_crun()
{
	_lib_run_with crun "$@"
}

run_runc()
{
	_lib_run_with runc "$@"
}

create_container()
{
	"$1" create -b "$2" --pid-file "$2/pid" "$3" >"$2/out" 2>"$2/err" </dev/null
}

# This runc panics when it executes something where no cgroup file system is mounted
executing_runtimes()
{
	for _rt in crun runc; do
		case $_rt-$($_rt --version) in
		runc-*rc93*) ;;
		*) echo $_rt ;;
		esac
	done
}

ways_container()
{
	permissive_profile "$2.json" &&
		make_bundle "$2" --seccomp "$2.json" -- sleep 1000 &&
		cp ./ways "$2/rootfs/ways" &&
		jq '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])' \
			"$2/config.json" >"$2.config" &&
		cp "$2.config" "$2/config.json" &&
		create_container "$1" "$2" "$3" &&
		start_container "$1" "$3" || return
	inum=$(container_inum "$2")
	pid=$(cat "$2/pid")
}

start_container()
{
	"$1" start "$2"
}

delete_container()
{
	"$1" delete -f "$2"
}

container_inum()
{
	inum_of "$(cat "$1/pid")"
}
