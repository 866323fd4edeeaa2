# SPDX-License-Identifier: GPL-2.0
#
# Guest roots: a Debian tree per suite, made by mmdebstrap, and its squashfs.
# Sourced by lab.
#
# $LAB_CACHE/root/SUITE-KEY/
#	tree/		the root itself: the chroot in which things are built
#	root.sqfs	the same, as the guest's disk
#	releases	`uname -r` of each kernel in it
# KEY is a hash of all that decides what is in it, so a changed recipe makes a
# new root beside the old one, and a half-made one never has the final name.

root_packages="linux-image-amd64 linux-headers-amd64 gcc make libc6-dev
	libnl-3-dev libnl-genl-3-dev libjson-c-dev libseccomp-dev libyaml-dev libcmocka-dev
	pkg-config dkms kmod crun runc podman conmon strace procps iproute2 jq
	busybox-static python3-minimal util-linux xz-utils"

# Weight that no test ever looks at: drivers of hardware a virtual machine has
# not, documentation, translations, link-time optimisation.
root_excludes='/usr/share/doc/* /usr/share/man/* /usr/share/locale/*
	/usr/share/info/* /usr/share/i18n/* /usr/share/lintian/*
	/usr/lib/gcc/*/lto1 /usr/libexec/gcc/*/lto1
	*/lib/modules/*/kernel/drivers/gpu/* */lib/modules/*/kernel/drivers/media/*
	*/lib/modules/*/kernel/drivers/net/wireless/*
	*/lib/modules/*/kernel/drivers/net/ethernet/*
	*/lib/modules/*/kernel/drivers/infiniband/*
	*/lib/modules/*/kernel/drivers/scsi/* */lib/modules/*/kernel/drivers/usb/*
	*/lib/modules/*/kernel/drivers/iio/* */lib/modules/*/kernel/drivers/hwmon/*
	*/lib/modules/*/kernel/drivers/staging/*
	*/lib/modules/*/kernel/drivers/isdn/* */lib/modules/*/kernel/drivers/mtd/*
	*/lib/modules/*/kernel/sound/*'

# suite_row SUITE - set S_BPO and S_EXTRA from the table, or fail
suite_row()
{
	sr_row=$(sed 's/#.*//' "$LAB_DIR/suites" |
		awk -v s="$1" '$1 == s { print $2, $3; exit }')
	[ -n "$sr_row" ] || die "no such suite: $1 (see tests/lab/suites)"
	S_BPO=${sr_row% *}
	S_EXTRA=${sr_row#* }
}

# root_dir SUITE - print where this suite's root is, or is to be
root_dir()
{
	suite_row "$1"
	rd_key=$(
		{
			# Raise the number when make_root changes what it makes
			echo "format 1" "$1" "$S_BPO" "$S_EXTRA"
			set -f
			echo $root_packages $root_excludes
			cat "$LAB_DIR/root-customize"
		} | sha256sum | cut -c1-12
	)
	echo "$LAB_CACHE/root/$1-$rd_key"
}

# need_root SUITE - make the root of this suite unless it is there; set ROOT
need_root()
{
	ROOT=$(root_dir "$1")
	if [ -e "$ROOT/releases" ]; then
		# For the pruning in make_root: it is in use. (A reader may not.)
		touch -c "$ROOT" 2>/dev/null || :
		return 0
	fi
	need_super
	mkdir -p "$LAB_CACHE/root"
	# The lock file stays: to unlink it would let two holders in.
	(
		flock 9
		if [ ! -e "$ROOT/releases" ]; then
			make_root "$1" "$ROOT" || exit 1
		fi
	) 9>"$LAB_CACHE/root/$1.lock" || die "could not make the root of $1"
}

# make_root SUITE DIR - called with the lock held
make_root()
{
	mr_suite=$1
	mr_dir=$2
	mr_log=$LAB_CACHE/root/$mr_suite.log
	mr_start=$(date +%s)
	suite_row "$mr_suite"
	command -v mmdebstrap >/dev/null && command -v mksquashfs >/dev/null ||
		"$LAB_TOP/scripts/bootstrap" || return 1

	# What a killed run left. Its mounts died with its mount namespace; still,
	# never cross one.
	rm -rf --one-file-system "$LAB_CACHE/root/.new-$mr_suite"
	mkdir -p "$LAB_CACHE/root/.new-$mr_suite" || return 1
	mr_new=$LAB_CACHE/root/.new-$mr_suite

	if [ "$S_BPO" = - ]; then
		suite_sources "$mr_suite" >"$mr_new/sources" || return 1
	else
		suite_sources "$mr_suite" "$S_BPO" >"$mr_new/sources" || return 1
	fi
	mr_inc=$(echo $root_packages | tr ' ' ,)
	[ "$S_EXTRA" = - ] || mr_inc=$mr_inc,$S_EXTRA

	set -- --mode=root --variant=minbase --format=directory \
		"--include=$mr_inc" \
		'--aptopt=Apt::Install-Recommends "false"' \
		'--aptopt=Acquire::Check-Valid-Until "false"' \
		'--aptopt=Acquire::Languages "none"' \
		'--aptopt=Acquire::Retries "3"' \
		--dpkgopt=force-confold --dpkgopt=force-unsafe-io \
		--keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	set -f
	for mr_x in $root_excludes; do
		set -- "$@" "--dpkgopt=path-exclude=$mr_x"
	done
	set +f
	# The guests boot with an initramfs of the lab's own; not to make
	# Debian's saves half a minute a kernel.
	set -- "$@" \
		'--essential-hook=mkdir -p "$1/etc/initramfs-tools"; echo update_initramfs=no >"$1/etc/initramfs-tools/update-initramfs.conf"' \
		"--customize-hook=\"$LAB_DIR/root-customize\" \"\$1\" $mr_suite $S_BPO \"$mr_new/sources\""

	say "making the root of $mr_suite (a minute or three; log: $mr_log)"
	progress "$mr_log" &
	mr_prog=$!
	# A mount namespace of its own: whatever kills us, nothing stays mounted.
	mr_rc=0
	INITRD=No unshare -m --propagation private \
		mmdebstrap "$@" "$mr_suite" "$mr_new/tree" - \
		<"$mr_new/sources" >"$mr_log" 2>&1 || mr_rc=$?
	if [ $mr_rc = 0 ]; then
		# Level 3: a third of the time of the default for a tenth more size.
		mksquashfs "$mr_new/tree" "$mr_new/root.sqfs" -noappend \
			-comp zstd -Xcompression-level 3 -no-progress -quiet \
			-e boot >>"$mr_log" 2>&1 || mr_rc=$?
	fi
	kill $mr_prog 2>/dev/null || :
	wait $mr_prog 2>/dev/null || :
	if [ $mr_rc != 0 ]; then
		tail -n 25 "$mr_log" >&2
		rm -rf --one-file-system "$mr_new"
		return 1
	fi
	(cd "$mr_new/tree/boot" && ls -d vmlinuz-*) | sed 's/^vmlinuz-//' \
		>"$mr_new/releases" || return 1
	sync -f "$mr_new/root.sqfs"
	mv -T "$mr_new" "$mr_dir" || return 1
	# Roots of former recipes that nobody used for a week.
	find "$LAB_CACHE/root" -mindepth 1 -maxdepth 1 -type d -name "$mr_suite-*" \
		-mtime +7 ! -path "$mr_dir" -exec rm -rf --one-file-system {} +
	say "root of $mr_suite made in $(($(date +%s) - mr_start)) s:" \
		"$(tr '\n' ' ' <"$mr_dir/releases")"
}

# progress LOG - a line every 20 s that shows where a long step is
progress()
{
	pr_n=0
	while sleep 20; do
		pr_n=$((pr_n + 20))
		say "  ... $pr_n s: $(tail -n 1 "$1" 2>/dev/null | cut -c1-90)"
	done
}
