#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bullseye
# The file that the tool writes is the old one or the new one, whole, whatever goes
# wrong and whenever: from the making of the file on a signal comes at each system
# call once, and each that has to do with files fails once, and is the last thing
# that happens once (SIGKILL). The module is not needed for that.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

command -v strace >/dev/null || plan skip_all "no strace to make calls fail with"
T=$TMPDIR
D=$T/d
mkdir "$D"

# profile FILE CALL... - one that the tool can read
profile()
{
	_file=$1
	shift
	printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[' >"$_file"
	printf '"%s",' "$@" | sed 's/,$//' >>"$_file"
	printf '],"action":"SCMP_ACT_ALLOW"}]}\n' >>"$_file"
}
profile "$T/a" read write close mmap munmap
# longer than the 512 bytes that will be allowed below
profile "$T/b" getpid getppid getuid geteuid getgid getegid getcwd chdir chmod \
	chown mkdir mkdirat rmdir rename renameat renameat2 unlink unlinkat openat

# old - a file that is there already; $T/old, $T/new: what it is and would be
sctrace-nl merge "$T/a" -o "$T/old" || bail "merge does not work"
sctrace-nl merge "$T/a" "$T/b" -o "$T/new" || bail "merge does not work"
ok "the new one is longer than 512 bytes" test "$(wc -c <"$T/new")" -gt 512
old()
{
	rm -rf "$D"
	mkdir "$D"
	cp "$T/old" "$D/p.json"
}

# write_it [PREFIX...] - its status in $st
write_it()
{
	st=0
	"$@" sctrace-nl merge "$T/a" "$T/b" -o "$D/p.json" >"$T/out" 2>"$T/err" || st=$?
}

# whole - old and new are what may be there: $got
whole()
{
	got=torn
	! cmp -s "$D/p.json" "$T/old" || got=old
	! cmp -s "$D/p.json" "$T/new" || got=new
	[ $got != torn ]
}

# alone - and nothing besides it
alone()
{
	[ "$(ls -A "$D")" = p.json ]
}

# What is called from the making of the file on, and when: "NAME COUNT" a line
old
write_it strace -o "$T/trace"
is $st 0 "it writes under strace"
awk '
	/^[a-z_0-9]+\(/ {
		name = $0
		sub(/\(.*/, "", name)
		n[name]++
		if (/^openat\(.*"\.p\.json\..*O_CREAT/)
			on = 1
		if (name == "exit_group")
			exit
		if (on)
			print name, n[name]
	}' "$T/trace" >"$T/calls"
order=$(cut -d' ' -f1 "$T/calls" | grep -E '^(write|fsync|close|rename.*)$' |
	tr '\n' ' ')
like "$order" '^(write )+fsync close rename[a-z0-9]* (close )*fsync ' \
	"durable before it appears, and its directory after ($order)"
grep -v -E "^(rt_sig|get|umask|mmap|munmap|brk)" "$T/calls" >"$T/files"
calls=$(grep -c . "$T/files")
ok "$(grep -c . "$T/calls") calls from there on, $calls of them about files" \
	test "$calls" -ge 8

# each FILE NAME WANT ARGS - strace's injection ARGS at each of the calls in FILE;
# WANT is a shell condition for what must be true besides
each()
{
	_bad=0 _n=0 _old=0 _new=0
	while read -r _call _when; do
		old
		write_it strace -o /dev/null -e "trace=$_call" \
			-e "inject=$_call:$4:when=$_when"
		_n=$((_n + 1))
		if whole && eval "$3"; then
			[ $got = old ] && _old=$((_old + 1)) || _new=$((_new + 1))
			continue
		fi
		_bad=$((_bad + 1))
		diag "$_call number $_when: $got, status $st, there: $(ls -A "$D" | tr '\n' ' ')" \
			"$(head -n 3 "$T/err")"
	done <"$1"
	is $_bad 0 "$2 ($_n times: the old one $_old, the new one $_new)"
}

# Status 0 means that the new one is there, and nothing else does
each "$T/files" "each call about files fails once" \
	'alone && case $st$got in 0new | 1old) ;; *) false ;; esac' error=EIO
each "$T/calls" "SIGTERM comes at each" '[ $st = 143 ] && alone' signal=TERM
# Nobody could tidy up then
each "$T/files" "the end comes at each" '[ $st = 137 ]' signal=KILL

# A limit of one's own: by a signal, and by an error where that is ignored
old
write_it sh -c 'ulimit -f 1; exec "$@"' sh
is $st 153 "beyond its file size limit it dies of SIGXFSZ"
ok "and the old one is there" whole
is $got old "untouched"
ok "alone" alone
write_it sh -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' sh
is $st 1 "with the signal ignored it fails"
like "$(cat "$T/err")" '^sctrace-nl: .*File too large' "and says so"
ok "and the old one is there" whole
is $got old "untouched"
ok "alone" alone

# Some at once, and one that looks: never a torn one
old
for i in 1 2 3; do
	until [ -e "$T/stop" ]; do
		sctrace-nl merge "$T/a" "$T/b" -o "$D/p.json"
		sctrace-nl merge "$T/a" -o "$D/p.json"
	done &
done
torn=0 seen_old=0 seen_new=0 looks=0
while [ $looks -lt 2000 ] && [ $((seen_old * seen_new)) -lt 400 ]; do
	# One open(): cp compares the name with what it opened, and skips what was replaced
	cat "$D/p.json" >"$T/seen"
	looks=$((looks + 1))
	if cmp -s "$T/seen" "$T/old"; then
		seen_old=$((seen_old + 1))
	elif cmp -s "$T/seen" "$T/new"; then
		seen_new=$((seen_new + 1))
	else
		torn=$((torn + 1))
	fi
done
: >"$T/stop"
wait
is $torn 0 "three who write it at once, $looks looks: one is seen $seen_old times, the other $seen_new, none is torn"
ok "and both were seen" test $seen_old -gt 0 -a $seen_new -gt 0
ok "nothing is left besides it" alone
done_testing
