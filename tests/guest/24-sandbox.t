#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What makes a PID namespace of its own and calls no execve as its init (bubblewrap, a Perl
# or Python program that unshares and forks) runs under the profile that was recorded of
# it: each is given the filter as it takes one, and what the profile lacks kills it.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./programs.sh

T=$TMPDIR
programs_add

load_module || bail "the module does not load"
cleanup unload_module

# profile_of FILE OPTION... - of the only record there is; and forgets it
profile_of()
{
	_file=$1
	shift
	_id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p')
	is "$(echo "$_id" | wc -w)" 1 "${_file##*/}: one namespace was recorded"
	exit_is 0 "${_file##*/}: a profile" sctrace-nl -q profile --id "$_id" --runtime none "$@" \
		-o "$_file.json"
	ok "${_file##*/}: as a BPF program" sh -c './tobpf "$1.json" >"$1.bpf"' sh "$_file"
	diag "${_file##*/}: $(jq -r '[.syscalls[].names[]] | unique | join(" ")' "$_file.json")"
	./nl forget "id:$_id"
}

forget_all()
{
	for _id in $(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p'); do
		./nl forget "id:$_id"
	done
}

# runs NAME CMD... - under the profile
runs()
{
	_name=$1
	shift
	exit_is 0 "$_name: runs under its profile" "$@"
	like "$(cat "$LIB_OUT")" '^done' "$_name: and does its work"
	forget_all
}

# dies NAME CMD... - for what the profile has not
dies()
{
	_name=$1
	shift
	not_ok "$_name: what it has not called ends it" "$@"
	forget_all
}

# --- a Perl program that unshares and forks; its child takes a filter when it is given one

cat >"$T/zygote.pl" <<'EOS'
my ($dir, $what, $filter) = @ARGV;
my $prog = "";
if ($filter) {
	open my $f, "<:raw", $filter or die;
	local $/;
	$prog = <$f>;
}
# CLONE_NEWPID
syscall(272, 0x20000000) == 0 or die "unshare: $!";
my $pid = fork;
if (!$pid) {
	if ($prog) {
		my $fprog = pack "S x6 P", length($prog) / 8, $prog;
		# PR_SET_SECCOMP, SECCOMP_MODE_FILTER
		syscall(157, 22, 2, $fprog) == 0 or die "prctl: $!";
	}
	mkdir "$dir/made" or die;
	rmdir "$dir/made";
	link "$dir/made", "$dir/other" if $what eq "more";
	open my $f, ">", "$dir/file" or die;
	print $f "words\n";
	close $f;
	rename "$dir/file", "$dir/gone";
	unlink "$dir/gone";
	my $child = fork;
	exit 0 if !$child;
	waitpid $child, 0;
	print "done\n";
	exit 0;
}
waitpid $pid, 0;
exit($? != 0);
EOS
ok "perl" perl "$T/zygote.pl" "$T" less
profile_of "$T/perl" --stage all
runs perl perl "$T/zygote.pl" "$T" less "$T/perl.bpf"
dies perl perl "$T/zygote.pl" "$T" more "$T/perl.bpf"

# --- the same in Python, where it can unshare (3.12, or ctypes)

cat >"$T/zygote.py" <<'EOS'
import os, sys
try:
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
except ImportError:
    sys.exit(77)
dir, what = sys.argv[1:3]
prog = open(sys.argv[3], "rb").read() if len(sys.argv) > 3 else b""
if libc.unshare(0x20000000):
    sys.exit("unshare")
class Fprog(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
fprog = Fprog(len(prog) // 8, prog)
pid = os.fork()
if pid == 0:
    if prog and libc.prctl(22, 2, ctypes.byref(fprog)):
        os._exit(1)
    os.mkdir(dir + "/made")
    os.rmdir(dir + "/made")
    if what == "more":
        os.symlink("a", dir + "/other")
    with open(dir + "/file", "w") as f:
        f.write("words\n")
    os.rename(dir + "/file", dir + "/gone")
    os.unlink(dir + "/gone")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"done\n")
    os._exit(0)
sys.exit(os.waitpid(pid, 0)[1] != 0)
EOS
python3 "$T/zygote.py" "$T" less >"$T/said" 2>&1
case $? in
77) skip 7 "this python3 has no ctypes (make check-corpus)" ;;
*)
	is "$(cat "$T/said")" "done" "python3"
	profile_of "$T/python3" --stage all
	runs python3 python3 "$T/zygote.py" "$T" less "$T/python3.bpf"
	dies python3 python3 "$T/zygote.py" "$T" more "$T/python3.bpf"
	;;
esac

# --- bubblewrap: its init only waits, a child of it becomes the program

# sandbox CMD... - with the filter on descriptor 9 when there is one
sandbox()
{
	bwrap --ro-bind / / --tmpfs /tmp --proc /proc --dev /dev --unshare-pid --unshare-ipc \
		${FILTER:+--seccomp 9} "$@"
}

filtered()
{
	FILTER=1 sandbox "$@" 9<"$T/bwrap.bpf"
}

if command -v bwrap >/dev/null; then
	ok "bwrap" sandbox sh -c 'mkdir /tmp/z; ls / | wc -l >/dev/null; echo done'
	profile_of "$T/bwrap"
	runs bwrap filtered sh -c 'mkdir /tmp/z; ls / | wc -l >/dev/null; echo done'
	dies bwrap filtered sh -c 'ln -s a /tmp/l'
	# A program that calls no execve itself: what starts it shows under a filter only
	ok "bwrap, a program alone" sandbox busybox echo "done"
	exit_is 0 "bwrap, a program alone: a profile" sctrace-nl profile -o "$T/alone.json" \
		--id "$(./nl dump | sed -n 's/^record id=\([0-9]*\) .*/\1/p')"
	like "$(cat "$LIB_ERR")" 'record under a filter that allows everything has it' \
		"bwrap, a program alone: which cannot start it, and that is said"
	forget_all
	# One instruction: allow
	printf '\006\000\000\000\000\000\377\177' >"$T/bwrap.bpf"
	ok "bwrap, a program alone, under a filter" filtered busybox echo "done"
	profile_of "$T/bwrap"
	runs "bwrap, a program alone" filtered busybox echo "done"
	dies "bwrap, a program alone" filtered busybox mkdir /tmp/z
else
	skip 17 "no bwrap here (make check-corpus)"
fi
done_testing
