# SPDX-License-Identifier: GPL-2.0
#
# Builds in the guests' own roots. Sourced by lab.
#
# Products for a kernel, each a tar whose name has a hash of the sources it
# is made from, so that an unchanged tree builds nothing and an edited test
# rebuilds no module:
#	mod-RELEASE-HASH.tar	sctrace.ko and the depmod indexes that know it
#	user-SUITE-HASH.tar	what `make user` makes
#	guest-SUITE-HASH.tar	what tests/guest/Makefile makes (if there is one)
#	deb-SUITE-HASH.tar	what `make deb` makes, where a test needs it

# snapshot_list - the files of this checkout: tracked ones that exist, and new
# ones that git does not ignore; outside of git, all that looks like source
snapshot_list()
{
	(
		cd "$LAB_TOP"
		# A checkout owned by another user is still this checkout.
		if git -c safe.directory="$LAB_TOP" rev-parse --is-inside-work-tree \
			>/dev/null 2>&1; then
			git -c safe.directory="$LAB_TOP" ls-files -co --exclude-standard
		else
			find . -name .git -prune -o -path ./tests/results -prune -o \
				-type f ! -name '*.o' ! -name '*.ko' ! -name '*.cmd' \
				! -name '*.mod' ! -name '*.mod.c' -print | sed 's,^\./,,'
		fi | sort -u | while IFS= read -r sl_f; do
			[ ! -f "$sl_f" ] && [ ! -L "$sl_f" ] || printf '%s\n' "$sl_f"
		done
	)
}

# With --rev, module and tool are a commit's, and only tests/guest is this tree's:
# for who writes tests while others edit the sources.
# need_snapshot - SNAP: a tar of the sources as they are now, SNAP_SUMS: their
# hashes. Everything after works on this copy, so that an edit in the middle of a
# run cannot give a mixture. Made once per run of lab.
need_snapshot()
{
	[ -z "${SNAP-}" ] || return 0
	need_tmp
	SNAP=$LAB_TMP/src.tar
	SNAP_SUMS=$LAB_TMP/src.sums
	mkdir "$LAB_TMP/snap"
	if [ -n "$O_REV" ]; then
		git -C "$LAB_TOP" -c safe.directory="$LAB_TOP" archive \
			-o "$LAB_TMP/rev.tar" "$O_REV" || die "no such commit: $O_REV"
		tar -C "$LAB_TMP/snap" -x -f "$LAB_TMP/rev.tar"
		rm -rf "$LAB_TMP/rev.tar" "$LAB_TMP/snap/tests/guest"
		snapshot_list | grep '^tests/guest/' >"$LAB_TMP/src.list"
	else
		snapshot_list >"$LAB_TMP/src.list"
	fi
	[ -s "$LAB_TMP/src.list" ] || die "no sources found in $LAB_TOP"
	# Editors replace files under our hands: one that goes is not an error.
	tar -C "$LAB_TOP" -c -f - --ignore-failed-read -T "$LAB_TMP/src.list" \
		2>/dev/null | tar -C "$LAB_TMP/snap" -x -f - --no-same-owner
	(
		cd "$LAB_TMP/snap"
		find . -type f | sort | sed 's,^\./,,' | tr '\n' '\0' |
			xargs -0 -r sha256sum >"$SNAP_SUMS"
	)
	tar -C "$LAB_TMP/snap" -c -f "$SNAP" --owner=0 --group=0 \
		--transform "s,^\.,sctrace," .
}

# snap_key WORD PATTERN - hash of the snapshot's files whose names match the
# extended regular expression, and of a word for all else that matters
snap_key()
{
	{
		echo "format 2 $1"
		awk -v p="$2" '{
			name = substr($0, 67)
			if (name ~ p)
				print
		}' "$SNAP_SUMS"
	} | sha256sum | cut -c1-16
}

# need_build - set B_MOD, B_USER, B_GUEST, B_DEB to the products for the kernel that
# need_kernel chose, building what is not in the cache
need_build()
{
	need_snapshot
	mkdir -p "$LAB_CACHE/build"
	nb_root=$(basename "$ROOT")
	# Loose files at the top count for all (Makefile, Kbuild, dkms.conf), but
	# for the words in *.md.
	nb_top='^[^/]*([^d]|[^m]d)$'
	nb_kdir=$O_KDIR
	if [ -n "$nb_kdir" ]; then
		nb_kdir=$(CDPATH='' cd "$nb_kdir" && pwd -P) || die "no such --kdir"
		# A tree of one's own may be rebuilt under the same release name.
		nb_stamp=$(cat "$nb_kdir/Module.symvers" "$nb_kdir/.config" |
			sha256sum)
	else
		nb_stamp=
		[ -e "$KMODS/build" ] || [ -L "$KMODS/build" ] ||
			die "no headers for $REL: give --kdir"
	fi

	nb_key=$(snap_key "$nb_root $REL $nb_kdir $nb_stamp" \
		"$nb_top"'|^kmod/')
	B_MOD=$LAB_CACHE/build/mod-$REL-$nb_key.tar
	product "$B_MOD" module "$nb_kdir"

	nb_key=$(snap_key "$nb_root" "$nb_top"'|^user/|^scripts/values$|^kmod/.*[.]h$')
	B_USER=$LAB_CACHE/build/user-$K_SUITE-$nb_key.tar
	product "$B_USER" user ""

	B_GUEST=
	if [ -e "$LAB_TMP/snap/tests/guest/Makefile" ]; then
		nb_key=$(snap_key "$nb_root" \
			'^tests/guest/.*([^t]|[^.]t)$|^kmod/.*[.]h$')
		B_GUEST=$LAB_CACHE/build/guest-$K_SUITE-$nb_key.tar
		product "$B_GUEST" guest ""
	fi
	# Debian packages, where the suite has what makes them
	B_DEB=
	if [ -n "$O_DEB" ] && [ -x "$ROOT/tree/usr/bin/dh_dkms" ] && [ -x "$ROOT/tree/usr/bin/dh" ]; then
		nb_key=$(snap_key "$nb_root" \
			'^(Kbuild|Makefile|LICENSE|README.md|SECURITY.md|dkms.conf)$|^(kmod|user|contrib|debian|packaging|scripts|docs)/')
		B_DEB=$LAB_CACHE/build/deb-$K_SUITE-$nb_key.tar
		product "$B_DEB" deb ""
	fi
}

# product FILE module|user|guest|deb KDIR - make one product unless it is there
product()
{
	if [ -e "$1" ]; then
		touch -c "$1"
		return 0
	fi
	need_super
	(
		flock 9
		[ ! -e "$1" ] || exit 0
		pr_start=$(date +%s)
		pr_dir=$LAB_TMP/build-$2
		rm -rf --one-file-system "$pr_dir"
		mkdir -p "$pr_dir/out" && cp -a "$LAB_TMP/snap" "$pr_dir/src" || exit 1
		if ! unshare -m --propagation private sh "$LAB_DIR/chroot-build" \
			"$2" "$ROOT/tree" "$pr_dir" "$REL" "$KMODS" "$3" \
			>"$pr_dir/log" 2>&1 </dev/null; then
			# The compiler command lines say nothing; what it answered does.
			grep -v -E "^ *(gcc|cc|CC|LD) " "$pr_dir/log" | tail -n 40 >&2
			exit 1
		fi
		# Warnings are worth a look even when all went well.
		grep -E '(warning|error):' "$pr_dir/log" >&2 || :
		mv "$pr_dir/out.tar" "$1.new.$$" && mv "$1.new.$$" "$1" || exit 1
		rm -rf --one-file-system "$pr_dir"
		say "built $(basename "$1" .tar) in $(($(date +%s) - pr_start)) s"
		# Keep the ten newest of a kind; whoever runs has his own link.
		pr_kind=${1##*/}
		pr_kind=${pr_kind%-*}
		ls -t "${1%/*}/$pr_kind"-*.tar | tail -n +11 | tr '\n' '\0' |
			xargs -0 -r rm -f
	) 9>"$LAB_CACHE/build/$2-$K_SUITE.lock" || die "the $2 build for $REL failed"
}
