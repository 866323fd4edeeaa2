# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Compares records, calls and values, with what strace saw of the same run. Source it after
# lib.sh, with the module loaded and no record there.
#
#	same NAME CMD...	run CMD under strace -f as the init of a namespace
#	same_all NAME CMD...	run CMD, which makes the namespaces itself, under strace -f
#				(each compares all records that there are then, and
#				forgets them)
#
# The watched calls are shown raw, as their registers are; clone and clone3 are not, or strace
# would translate no process number, and tell no flags.
#
# A call that strace interrupted comes back as restart_syscall for both, so it needs no
# exception.

# Where linux-libc-dev has it, before and since one package serves all
EXACT_HEADER=$(ls /usr/include/x86_64-linux-gnu/asm/unistd_64.h \
	/usr/lib/linux/uapi/x86/asm/unistd_64.h 2>/dev/null | head -n 1)
[ -r "$EXACT_HEADER" ] || bail "no unistd_64.h to tell the ABIs apart"

EXACT_WATCHED=$SCTRACE_SRC/kmod/uapi/watched.h
EXACT_RAW=$(sed -n "s/^\tW([^,]*,[ \t]*\([a-z_0-9]*\),.*/?\1/p" "$EXACT_WATCHED" |
	grep -v -e "^?clone$" -e "^?clone3$" | sort -u | paste -sd,)

same()
{
	_same=$1
	shift
	same_all "$_same" ./nsrun "$@"
}

same_all()
{
	_same=$1
	shift
	# What the program says on standard error stays out of strace's file: one process may say it
	# while strace is in the middle of another one's line.
	strace -f -n --pidns-translation -s 0 -X raw -e "raw=$EXACT_RAW" \
		-o "$LIB_TMP/strace" "$@" >"$LIB_TMP/said" 2>"$LIB_TMP/said.err" </dev/null
	./nl dump | sed -n 's/^record id=\([0-9]*\) .* level=\([1-9][0-9]*\) .* init_pid=\([0-9]*\).*/\1 \2 \3/p' \
		>"$LIB_TMP/records"
	_records=0
	while read -r _id _level _init; do
		_records=$((_records + 1))
		_what=$_same
		[ "$_level" = 1 ] || _what="$_same, namespace $_records"
		awk -v init="$_init" -f values.awk -f exact.awk "$EXACT_WATCHED" "$EXACT_HEADER" \
			/usr/include/linux/net.h /usr/include/linux/ipc.h "$LIB_TMP/strace" "$LIB_TMP/strace" |
			sort -u >"$LIB_TMP/want"
		./nl values "id:$_id" >"$LIB_TMP/values"
		{
			for _k in w c s d; do
				./nl nrs -k $_k "id:$_id" | sed "s/$/ $_k/"
			done
			awk -f values.awk -f values-got.awk "$LIB_TMP/want" "$LIB_TMP/values"
		} | sort -u >"$LIB_TMP/got"
		_n="$(grep -vc = "$LIB_TMP/want") calls, $(grep -c = "$LIB_TMP/want") values"
		ok "$_what: as strace -f saw it ($_n)" \
			diff -u "$LIB_TMP/want" "$LIB_TMP/got"
		unlike_of 'incomplete|late' "$_what: complete" ./nl get "id:$_id"
		# An empty comparison would say that all is well.
		ok "$_what: strace saw something" test "$(grep -c . "$LIB_TMP/want")" -ge 4
		./nl forget "id:$_id"
	done <"$LIB_TMP/records"
	[ $_records != 0 ] || {
		fail "$_same: was recorded"
		tail -qn 20 "$LIB_TMP/strace" "$LIB_TMP/said.err" | sed 's/^/# /'
	}
}
