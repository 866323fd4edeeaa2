# SPDX-License-Identifier: GPL-2.0
#
# Boots a guest and brings back what it did. Sourced by lab.
#
# A run has a directory of its own, shared with the guest as /lab (9p):
#	init		pid 1 of the guest (guest-init)
#	cmd		what to run
#	tree.tar	sources and products, unpacked in the guest
#	started		appears when the guest has reached its script
#	out/		artifacts ($LAB_OUT in the guest), dmesg.txt
#	status		exit status of cmd, the last thing the guest writes
# and outside the share, console.log.

: "${LAB_BOOT_TIMEOUT:=180}"

# need_tmp - LAB_TMP, gone when we are gone; also ends what we started
need_tmp()
{
	[ -z "${LAB_TMP-}" ] || return 0
	mkdir -p "$LAB_CACHE/run"
	LAB_TMP=$(mktemp -d "$LAB_CACHE/run/XXXXXX")
	trap lab_cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# Those that a kill -9 left behind, a day later.
	find "$LAB_CACHE/run" -mindepth 1 -maxdepth 1 -type d -mmin +1440 \
		-exec rm -rf --one-file-system {} + 2>/dev/null || :
}

lab_cleanup()
{
	lc_rc=$?
	trap - EXIT
	for lc_p in "$LAB_TMP"/*/qemu.pid; do
		[ ! -e "$lc_p" ] || kill "$(cat "$lc_p")" 2>/dev/null || :
	done
	rm -rf --one-file-system "$LAB_TMP"
	exit $lc_rc
}

# need_initrd - INITRD: busybox and the modules that reach the root, in the
# order in which they must be loaded
need_initrd()
{
	ni_kmod=$(cd "$KMODS/.." && pwd -P)
	ni_key=$({
		echo "$ROOT" "$KMODS"
		echo "format 1"
		cat "$LAB_DIR/initramfs-init"
		cat "$KMODS/modules.dep" 2>/dev/null || :
	} | sha256sum | cut -c1-16)
	INITRD=$LAB_CACHE/initrd/$REL-$ni_key
	if [ -e "$INITRD" ]; then
		touch -c "$INITRD"
		return 0
	fi
	mkdir -p "$LAB_CACHE/initrd"
	need_tmp
	ni_dir=$LAB_TMP/initrd
	rm -rf "$ni_dir"
	mkdir -p "$ni_dir/bin" "$ni_dir/mod" "$ni_dir/proc" "$ni_dir/dev" \
		"$ni_dir/root" "$ni_dir/lower" "$ni_dir/rw"
	for ni_b in "$ROOT/tree/usr/bin/busybox" "$ROOT/tree/bin/busybox"; do
		[ ! -f "$ni_b" ] || cp "$ni_b" "$ni_dir/bin/busybox"
	done
	cp "$LAB_DIR/initramfs-init" "$ni_dir/init"
	chmod 755 "$ni_dir/init" "$ni_dir/bin/busybox"
	# modprobe -d wants PREFIX/lib/modules/RELEASE.
	ni_prefix=$LAB_TMP/kmod
	rm -rf "$ni_prefix"
	mkdir -p "$ni_prefix/lib/modules"
	ln -s "$KMODS" "$ni_prefix/lib/modules/$REL"
	ni_n=100
	for ni_m in virtio_pci virtio_blk 9pnet_virtio 9p overlay squashfs \
		virtio_console; do
		# Unknown or built in: nothing to load; a root that cannot be
		# mounted will say so.
		modprobe -d "$ni_prefix" -S "$REL" --show-depends "$ni_m" \
			2>/dev/null || :
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
	grep -v '/crc32c-intel\.ko' >"$LAB_TMP/initrd.list" || :
	while IFS= read -r ni_m; do
		ni_n=$((ni_n + 1))
		ni_f=$ni_dir/mod/$ni_n-$(basename "$ni_m" | sed 's/\.ko.*/.ko/')
		case $ni_m in
		*.xz) xz -dc "$ni_m" >"$ni_f" ;;
		*.zst) zstd -qdc "$ni_m" >"$ni_f" ;;
		*.gz) gzip -dc "$ni_m" >"$ni_f" ;;
		*) cp "$ni_m" "$ni_f" ;;
		esac
	done <"$LAB_TMP/initrd.list"
	(cd "$ni_dir" && find . | cpio -o -H newc --quiet | gzip -1) \
		>"$INITRD.new.$$"
	mv "$INITRD.new.$$" "$INITRD"
	find "$LAB_CACHE/initrd" -type f -mtime +7 -exec rm -f {} +
	rm -rf "$ni_dir" "$ni_prefix"
}

# need_vmlinux - set KIMAGE to the package's kernel unpacked: the same code, but
# without decompressing itself in an emulated machine, which takes a third of the
# whole boot. When it cannot be had, the packed one does.
need_vmlinux()
{
	[ -z "$O_KERNEL" ] || return 0
	# QEMU starts an ELF kernel by the PVH entry only.
	grep -qx CONFIG_PVH=y "$ROOT/tree/boot/config-$REL" 2>/dev/null || return 0
	nv_out=$LAB_CACHE/initrd/vmlinux-$(basename "$ROOT")-$REL
	if [ ! -e "$nv_out" ]; then
		mkdir -p "$LAB_CACHE/initrd"
		# Documentation/arch/x86/boot.rst: setup_sects at 0x1f1, payload_offset
		# at 0x248, payload_length at 0x24c.
		nv_sects=$(od -An -tu1 -j 497 -N 1 "$KIMAGE" | tr -d ' ')
		nv_at=$(od -An -tu4 -j 584 -N 4 "$KIMAGE" | tr -d ' ')
		nv_len=$(od -An -tu4 -j 588 -N 4 "$KIMAGE" | tr -d ' ')
		nv_at=$(((nv_sects + 1) * 512 + nv_at))
		case $(od -An -tx1 -j $nv_at -N 4 "$KIMAGE" | tr -d ' ') in
		fd377a58) nv_z='xz -dc --single-stream' ;;
		28b52ffd) nv_z='zstd -dc' ;;
		1f8b*) nv_z='gzip -dc' ;;
		*) return 0 ;;
		esac
		# After the payload there are four bytes of size, at which zstd and
		# gzip grumble; whether it is whole, the ELF magic and the size tell.
		tail -c +$((nv_at + 1)) "$KIMAGE" | head -c $((nv_len - 4)) |
			$nv_z >"$nv_out.new.$$" 2>/dev/null || :
		nv_size=$(od -An -tu4 -j $((nv_at + nv_len - 4)) -N 4 "$KIMAGE" | tr -d ' ')
		if [ "$(stat -c %s "$nv_out.new.$$")" != "$nv_size" ]; then
			rm -f "$nv_out.new.$$"
			return 0
		fi
		mv "$nv_out.new.$$" "$nv_out"
	fi
	touch -c "$nv_out"
	KIMAGE=$nv_out
}

# prepare_run DIR - fill a run's directory but for its cmd
prepare_run()
{
	mkdir -p "$1/share/out"
	cp "$LAB_DIR/guest-init" "$1/share/init"
	cp "$LAB_DIR/guest-tests" "$1/share/guest-tests"
	need_snapshot
	cp "$SNAP" "$1/share/tree.tar"
	if [ -n "$O_BUILD" ]; then
		need_build
		for pp in "$B_MOD" "$B_USER" ${B_GUEST:+"$B_GUEST"} ${B_DEB:+"$B_DEB"}; do
			tar -A -f "$1/share/tree.tar" "$pp" || die "cannot add $pp"
		done
	fi
}

# need_tsc - TSC_ARG: the kernel argument that spares the guest to measure its
# clock (see tsckhz.c); nothing where that does not apply
need_tsc()
{
	TSC_ARG=
	[ "$(uname -m)" = x86_64 ] || return 0
	nt_out=$LAB_CACHE/run/.tsc-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -s "$nt_out" ]; then
		gcc -O2 -o "$LAB_TMP/tsckhz" "$LAB_DIR/tsckhz.c" &&
			"$LAB_TMP/tsckhz" >"$nt_out.new.$$" &&
			mv "$nt_out.new.$$" "$nt_out" || return 0
	fi
	TSC_ARG=tsc_early_khz=$(cat "$nt_out")
}

# qemu_boot DIR SECONDS - one power-on; its standard output is the guest's
# output port. Returns QEMU's status, 124 when it took too long, 125 when the
# guest never reached its script.
qemu_boot()
{
	qb_dir=$1
	qb_limit=$2
	rm -f "$qb_dir/share/started" "$qb_dir/share/status"
	need_tsc
	# With a thread for each CPU, QEMU 7.2 was seen to run a breakpoint for ever
	# that the kernel had taken out again, in a tracepoint that was switched
	# while other CPUs went through it. LAB_TCG=multi asks for them all the same.
	set -- -accel "tcg,thread=${LAB_TCG:-single}"
	qb_app="console=ttyS0 panic=-1 oops=panic log_buf_len=4M no_timer_check tsc=reliable mitigations=off random.trust_cpu=on"
	qb_cpu=max
	if [ -n "$O_ICOUNT" ]; then
		set -- -accel tcg -icount shift=0,sleep=off
		qb_app="$qb_app clocksource=tsc"
	else
		# An emulated CPU fills memory byte by byte where erms says that this is fast:
		# with it, and with more to be filled, containers take a fifth longer.
		qb_cpu=max,-erms
		qb_app="$qb_app $TSC_ARG init_on_alloc=0 transparent_hugepage=madvise"
		# QEMU 7.2 translates code anew for each address that it is mapped at: where
		# programs lie at random addresses, an execve takes five times as long.
		qb_app="$qb_app norandmaps"
		# Where the machine is busy the guest stands still for a while: that is no lockup
		qb_app="$qb_app watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=120"
	fi
	set -- "$@" -M q35 -cpu "$qb_cpu" -smp "$O_CPUS" -m "$O_MEM" \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$KIMAGE" -initrd "$INITRD" -append "$qb_app $O_APPEND" \
		-drive "file=${O_DISK:-$ROOT/root.sqfs},format=raw,if=none,id=root,readonly=on" \
		-device virtio-blk-pci,drive=root \
		-fsdev "local,id=lab,path=$qb_dir/share,security_model=none,multidevs=remap" \
		-device virtio-9p-pci,fsdev=lab,mount_tag=lab
	if [ "$qb_limit" = shell ]; then
		# A person waits as long as he likes.
		qemu-system-x86_64 "$@" $O_QEMU \
			-chardev stdio,id=con,mux=on,signal=off \
			-serial chardev:con -mon chardev=con && return 0
		return $?
	fi
	# The guest's words come by a port of their own, so that the kernel's do
	# not get between them. Not the stdio backend: at the end of its input it
	# counts as unplugged, and the guest's writes block for ever.
	rm -f "$qb_dir/port"
	mkfifo "$qb_dir/port"
	{
		# The loop below is the real limit; timeout is for when we are killed.
		timeout --foreground -k 10 $((qb_limit + 60)) \
			qemu-system-x86_64 "$@" $O_QEMU -monitor none \
			-serial "file:$qb_dir/console.log" \
			-chardev "file,id=port,path=$qb_dir/port" \
			-device virtio-serial-pci \
			-device virtserialport,chardev=port,name=sctrace.out \
			</dev/null 2>"$qb_dir/qemu.log" &
		qb_pid=$!
		echo $qb_pid >"$qb_dir/qemu.pid"
		qb_rc=0
		qb_t=0
		# In tenths of a second; the clock may be set, so count sleeps.
		while kill -0 $qb_pid 2>/dev/null; do
			sleep 0.2
			qb_t=$((qb_t + 2))
			if [ ! -e "$qb_dir/share/started" ] &&
				[ $qb_t -ge $((LAB_BOOT_TIMEOUT * 10)) ]; then
				kill $qb_pid
				qb_rc=125
				break
			fi
			if [ $qb_t -ge $((qb_limit * 10)) ]; then
				kill $qb_pid
				qb_rc=124
				break
			fi
		done
		wait $qb_pid || [ $qb_rc != 0 ] || qb_rc=$?
		rm -f "$qb_dir/qemu.pid"
		echo $qb_rc >"$qb_dir/qemu.rc"
		# When QEMU ended before it opened the port, the reader still waits for
		# a first writer; opened both ways a fifo never blocks.
		: 1<>"$qb_dir/port"
	} &
	qb_sub=$!
	cat "$qb_dir/port" || :
	wait $qb_sub || :
	qb_rc=$(cat "$qb_dir/qemu.rc")
	[ -e "$qb_dir/share/started" ] || qb_rc=125
	return "$qb_rc"
}

# guest DIR SECONDS - boot what prepare_run made; once more when the guest never
# reached its script (seen once in thirty boots), never for any other reason.
# Returns the command's status; 124 too long, 125 no boot, 126 died on the way.
guest()
{
	g_try=1
	while :; do
		g_rc=0
		qemu_boot "$1" "$2" || g_rc=$?
		if [ $g_rc = 125 ] && [ $g_try = 1 ]; then
			g_try=2
			say "$K_NAME: the guest did not reach its script; once more"
			cp "$1/console.log" "$1/console-first.log" 2>/dev/null || :
			continue
		fi
		break
	done
	case $g_rc in
	125)
		say "$K_NAME: no boot; the console's last lines:"
		console_tail "$1"
		return 125
		;;
	esac
	if [ -s "$1/share/status" ]; then
		return "$(cat "$1/share/status")"
	fi
	if [ $g_rc = 124 ]; then
		say "$K_NAME: not done after $2 s, stopped; the console's last lines:"
		console_tail "$1"
		return 124
	fi
	say "$K_NAME: the guest died (QEMU's status $g_rc); the console's last lines:"
	console_tail "$1"
	return 126
}

console_tail()
{
	[ ! -s "$1/qemu.log" ] || tail -n 5 "$1/qemu.log" | sed 's/^/  | /' >&2
	[ ! -e "$1/console.log" ] ||
		tail -n 40 "$1/console.log" | tr -d '\r' | sed 's/^/  | /' >&2
}

# kernel_log DIR - the guest's kernel log: what it saved itself, or when it died
# before that, the console
kernel_log()
{
	if [ -s "$1/share/out/dmesg.txt" ] && [ -s "$1/share/status" ]; then
		cat "$1/share/out/dmesg.txt"
	elif [ -e "$1/console.log" ]; then
		tr -d '\r' <"$1/console.log"
	fi
}

# log_splats - of a kernel log on stdin, print the lines that tell of a bug. An
# out-of-tree module's taint messages are none, nor is a program's own fault, which is
# told as "traps: NAME[PID] general protection". Nor is the trace that the kernel
# always prints when it cannot make a cache for want of memory, which tests of
# failing memory provoke: that one "Call Trace", and nothing else around it. (The
# error is -12, or -22, which 6.1's kmem_cache_open() makes of every failure.)
log_splats()
{
	awk '
		/kmem_cache_create[a-z_]*\(sctrace_[a-z]*\) failed with error -(12|22)$/ {
			near = 8
		}
		near-- > 0 && /Call Trace:$/ {
			near = 0
			sub(/Call Trace/, "call trace")
		}
		{ print }' |
	grep -n -E 'WARNING:|BUG[: ]|Oops|KASAN|KCSAN|KFENCE|UBSAN|general protection|unable to handle|[Ll]ockdep (is|detected)|possible (circular|recursive|irq lock)|inconsistent lock state|suspicious RCU|rcu.*(stall|self-detected)|(soft|hard) ?(lockup|LOCKUP)|blocked for more than|Call Trace|scheduling while atomic|sleeping function|refcount_t:|(list_add|list_del) corruption|kmemleak: [1-9]|DEBUG_LOCKS_WARN|ODEBUG|double fault|stack segment|Kernel panic|detected stack smashing|unregister_netdevice|leaked|page allocation failure|unchecked MSR' |
		grep -v -E '] traps: [^[]*\[[0-9]+\] general protection|loading out-of-tree module taints kernel|module verification failed|lockdep is turned on|rcu_cpu_stall_timeout' || :
}

# cmd_file - the name of what the guest is to run: with lab.systemd it waits for systemd
cmd_file()
{
	case " $O_APPEND " in
	*" lab.systemd "*) echo cmd.systemd ;;
	*) echo cmd ;;
	esac
}

# lab_run CMD...
lab_run()
{
	need_tmp
	lr_dir=$LAB_TMP/run
	mkdir "$lr_dir"
	prepare_run "$lr_dir"
	need_initrd
	need_vmlinux
	# One word is shell text; several are quoted as they are.
	{
		[ -z "$O_LOAD" ] || echo 'modprobe sctrace || exit 125'
		if [ $# = 1 ]; then
			printf '%s\n' "$1"
		else
			for lr_a; do
				printf "'%s' " "$(printf '%s' "$lr_a" | sed "s/'/'\\\\''/g")"
			done
			echo
		fi
	} >"$lr_dir/share/$(cmd_file)"
	lr_rc=0
	guest "$lr_dir" "${O_TIME:-600}" || lr_rc=$?
	lr_bad=$(kernel_log "$lr_dir" | log_splats)
	if [ -n "$O_OUT" ]; then
		mkdir -p "$O_OUT"
		cp -r "$lr_dir/share/out/." "$O_OUT/"
		cp "$lr_dir/console.log" "$O_OUT/"
	fi
	if [ -n "$lr_bad" ]; then
		say "$K_NAME: the kernel's log tells of a bug:"
		printf '%s\n' "$lr_bad" | head -n 20 | sed 's/^/  | /' >&2
		[ $lr_rc != 0 ] || lr_rc=99
	fi
	return $lr_rc
}

lab_shell()
{
	need_tmp
	ls_dir=$LAB_TMP/run
	mkdir "$ls_dir"
	prepare_run "$ls_dir"
	need_initrd
	need_vmlinux
	[ -z "$O_BUILD" ] || echo 'modprobe sctrace' >"$ls_dir/share/cmd"
	echo 'exec sh /lab/shell' >>"$ls_dir/share/cmd"
	# setsid -c: a controlling terminal, so that Ctrl-C reaches the program.
	cat >"$ls_dir/share/shell" <<-'EOS'
		echo "sctrace lab: $(uname -r); sources in $SCTRACE_SRC; files for the host into $LAB_OUT; exit ends the guest"
		cd "$SCTRACE_SRC"
		lsmod | grep '^sctrace' || echo "(sctrace is not loaded)"
		setsid -c sh -i </dev/ttyS0 >/dev/ttyS0 2>&1
	EOS
	# Kernel chatter of the boot is in dmesg; a person wants his prompt.
	O_APPEND="quiet loglevel=4 $O_APPEND"
	say "booting $REL; leave with exit, or kill the guest with Ctrl-A X"
	qemu_boot "$ls_dir" shell || :
	[ -z "$O_OUT" ] || { mkdir -p "$O_OUT" && cp -r "$ls_dir/share/out/." "$O_OUT/"; }
}

# lab_test KERNEL... [TEST.t...]
lab_test()
{
	lt_kernels= lt_tests=
	for lt_a; do
		case $lt_a in
		all) lt_kernels="$lt_kernels $(kernel_names stock | tr '\n' ' ')" ;;
		*.t) lt_tests="$lt_tests $(basename "$lt_a")" ;;
		*)
			kernel_row "$lt_a"
			lt_kernels="$lt_kernels $lt_a"
			;;
		esac
	done
	[ -n "$lt_kernels" ] || { say "which kernel?"; exit 2; }
	need_tmp
	need_snapshot
	lt_have=$(cd "$LAB_TMP/snap/tests/guest" && ls -- *.t 2>/dev/null || :)
	# What is named runs everywhere; else see not_here
	lt_named=$lt_tests
	lt_tests=${lt_tests:-$lt_have}
	[ -n "$lt_tests" ] || die "no tests/guest/*.t"
	for lt_t in $lt_tests; do
		printf '%s\n' "$lt_have" | grep -qx "$lt_t" || die "no test tests/guest/$lt_t"
	done
	! (cd "$LAB_TMP/snap/tests/guest" && grep -q '^# needs: deb$' $lt_tests) || O_DEB=1
	lt_all=$LAB_TMP/results
	mkdir "$lt_all"
	lt_suites=
	for lt_k in $lt_kernels; do
		kernel_row "$lt_k"
		lt_not=
		[ -n "$lt_named" ] || lt_not=$(not_here)
		tests_without "$lt_not" >"$LAB_TMP/tests-$lt_k"
		[ -z "$lt_not" ] || say "$lt_k: left to other kernels:" $lt_not
		lt_suites="$lt_suites $K_SUITE"
	done

	# Roots and builds first, one after another: they use all cores themselves.
	# A kernel for which nothing can be built fails, the others still run.
	for lt_k in $lt_kernels; do
		(
			need_kernel "$lt_k"
			[ -z "$O_BUILD" ] || need_build
			need_initrd
			need_vmlinux
		) || : >"$LAB_TMP/unbuilt-$lt_k"
	done
	# Who ends writes a line
	mkfifo "$LAB_TMP/ends"
	exec 8<>"$LAB_TMP/ends"
	lt_busy=0 lt_pids=
	for lt_k in $lt_kernels; do
		if [ "$lt_busy" -ge "$O_JOBS" ]; then
			read -r lt_end <&8
			lt_busy=$((lt_busy - 1))
		fi
		(
			trap 'echo >&8' EXIT
			trap 'kill "$(cat "$LAB_TMP/test-$lt_k/qemu.pid")" 2>/dev/null; exit 143' INT TERM
			test_one "$lt_k"
		) &
		lt_pids="$lt_pids$! "
		lt_busy=$((lt_busy + 1))
	done
	for lt_p in $lt_pids; do
		wait "$lt_p" || :
	done

	# A kernel whose run left no results at all has its log file only, which
	# then fails: nothing can be missing in silence.
	lt_rc=0
	lt_files=
	for lt_k in $lt_kernels; do
		for lt_t in $(cat "$LAB_TMP/tests-$lt_k"); do
			lt_files="$lt_files $lt_k/$lt_t"
		done
		lt_files="$lt_files $lt_k/kernel-log"
	done
	# shellcheck disable=SC2086
	(cd "$lt_all" && prove --exec "sh $LAB_DIR/replay" $lt_files) || lt_rc=1

	for lt_k in $lt_kernels; do
		keep_results "$lt_all/$lt_k" "$LAB_TOP/tests/results/$lt_k"
	done
	return $lt_rc
}

# tests_to_run FILE TEST... - have the guest of $to_dir run these; adds to those of FILE
tests_to_run()
{
	tr_file=$to_dir/share/$1
	shift
	[ $# = 0 ] ||
		echo sh /lab/guest-tests "${O_TIME:-300}" "$@" >>"$tr_file"
}

# not_here - the tests that K_SUITE's kernel leaves to others: what the userland decides
# is tried once in each root, or in each root that the test names
not_here()
{
	case " $lt_suites " in
	*" $K_SUITE "*) nh_again=1 ;;
	*) nh_again= ;;
	esac
	(cd "$LAB_TMP/snap/tests/guest" && awk -v suite="$K_SUITE" -v again="$nh_again" '
		/^# once per root(:|$)/ && (again || (NF > 4 && !index($0 " ", " " suite " "))) {
			print FILENAME
		}' *.t)
}

# tests_without LIST - those of $lt_tests that are not in it
tests_without()
{
	for tw_t in $lt_tests; do
		# shellcheck disable=SC2086
		printf '%s\n' $1 | grep -qxF "$tw_t" || echo "$tw_t"
	done
}

# keep_results FROM TO - replace a results directory; two runs of one kernel at
# a time end with the last one's, whole
keep_results()
{
	mkdir -p "${2%/*}"
	(
		flock 9
		rm -rf --one-file-system "$2"
		cp -r "$1" "$2"
		# The checkout's owner wants to be able to remove what sudo made.
		chown -R --reference="$LAB_TOP" "${2%/*}" 2>/dev/null || :
	) 9>"${2%/*}/.lock"
}

# test_one KERNEL - one guest, all tests; fills $lt_all/KERNEL
test_one()
{
	lt_tests=$(cat "$LAB_TMP/tests-$1")
	to_dir=$LAB_TMP/test-$1
	to_res=$lt_all/$1
	mkdir -p "$to_dir/share/out" "$to_res"
	to_n=$(echo "$lt_tests" | wc -w)
	to_later=$(cd "$LAB_TMP/snap/tests/guest" && grep -lx "# needs: systemd" -- $lt_tests || :)
	tests_to_run cmd.systemd $to_later
	tests_to_run "$(cmd_file)" $(tests_without "$to_later")
	to_rc=0
	to_start=$(date +%s)
	if [ -e "$LAB_TMP/unbuilt-$1" ]; then
		REL=$1
		to_rc=98
	else
		need_kernel "$1"
		prepare_run "$to_dir"
		need_initrd
		need_vmlinux
		# The slabs of the module tell of what is freed twice or written to afterwards
		[ -n "$O_KERNEL" ] || O_APPEND="slub_debug=FZP,sctrace_* $O_APPEND"
		guest "$to_dir" $(((to_n + 1) * (${O_TIME:-300} + 30))) >&2 || to_rc=$?
	fi
	cp -r "$to_dir/share/out/." "$to_res/"
	cp "$to_dir/console.log" "$to_res/" 2>/dev/null || :
	for to_t in $lt_tests; do
		[ -e "$to_res/$to_t" ] ||
			echo "# not run: the guest did not get that far" >"$to_res/$to_t"
		[ -e "$to_res/$to_t.rc" ] || echo "died $to_rc" >"$to_res/$to_t.rc"
	done
	kernel_log "$to_dir" >"$to_res/kernel.log"
	log_splats <"$to_res/kernel.log" >"$to_res/splats"
	{
		echo 1..3
		if [ $to_rc = 0 ]; then
			echo "ok 1 - the guest on $REL ran to its end"
		else
			case $to_rc in
			98) echo "not ok 1 - module, tool and helpers could be built (see above)" ;;
			*) echo "not ok 1 - the guest on $REL ran to its end (status $to_rc)" ;;
			esac
			[ ! -e "$to_res/console.log" ] ||
				tr -d "\r" <"$to_res/console.log" | tail -n 30 | sed 's/^/# /'
		fi
		# An empty log would have no splat either.
		if grep -q 'Linux version' "$to_res/kernel.log"; then
			echo "ok 2 - the kernel's log is whole"
		else
			echo "not ok 2 - the kernel's log is whole"
		fi
		if [ ! -s "$to_res/splats" ]; then
			echo "ok 3 - the kernel's log tells of no bug"
		else
			echo "not ok 3 - the kernel's log tells of no bug"
			head -n 30 "$to_res/splats" | sed 's/^/# /'
		fi
	} >"$to_res/kernel-log"
	echo "$to_rc" >"$to_res/kernel-log.rc"
	say "$1 ($REL): $to_n tests in $(($(date +%s) - to_start)) s with the boot"
}
