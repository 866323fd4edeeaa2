#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is recorded is what was called: no more, no less, in the right ABI and
# stage. Compared with a known list and with what strace -f saw of the same run.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./exact.sh

T=$TMPDIR
load_module || bail "the module does not load"
cleanup unload_module

# A known list, made without any library
./nsrun -o "$T/ns" ./calls 39 102 104 0 511 504 512 1023 231
read -r inum pid <"$T/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" \
	"x86_64 0 x86_64 39 x86_64 102 x86_64 104 x86_64 231 x86_64 504 x86_64 511 x86_64 512 x86_64 1023 " \
	"a known list is recorded exactly"
is "$(./nl nrs -k scd "inum:$inum")" "x86_64 59" "set up by execve alone"
like "$(./nl get "inum:$inum")" "flags=ended,running " "nothing else to say of it"
like "$(./nl get "inum:$inum")" " comm=calls init_pid=$pid " "it knows its init"
is "$(./nl dump -s "inum:$inum" | awk '$1 == "sighting" { print $4, $5, $6 }' | tr '\n' ' ')" \
	"59 pid=1 kind=2 39 pid=1 kind=0 102 pid=1 kind=0 104 pid=1 kind=0 0 pid=1 kind=0 511 pid=1 kind=0 504 pid=1 kind=0 512 pid=1 kind=0 1023 pid=1 kind=0 231 pid=1 kind=0 " \
	"each sighting is there once, in order"
./nl forget "inum:$inum"

# Numbers that no set holds are told, and spoil nothing
./nsrun -o "$T/ns" ./calls 39 1024 4000000000
read -r inum pid <"$T/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" "x86_64 39 x86_64 231 " \
	"a number out of range is in no set"
like "$(./nl get "inum:$inum")" ' other_nr=1024 ' "but told: the first one"
./nl forget "inum:$inum"

# ABIs side by side in one program
./nsrun -o "$T/ns" ./calls 39 i20 x39 i39
read -r inum pid <"$T/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" \
	"x86_64 39 x86_64 231 i386 20 i386 39 x32 39 " \
	"int 0x80 and x32 from a 64-bit program are told apart"
./nl forget "inum:$inum"
./nsrun -o "$T/ns" ./calls32 20 39 11
read -r inum pid <"$T/ns"
is "$(./nl nrs -k w "inum:$inum" | tr '\n' ' ')" \
	"i386 11 i386 20 i386 39 i386 252 " "an i386 program has i386's numbers only"
is "$(./nl nrs -k s "inum:$inum")" "x86_64 59" "but was executed by a 64-bit one"
./nl forget "inum:$inum"

same "known list" ./calls 39 102 104
# strace asks the kernel which ABI a call has since there is PTRACE_GET_SYSCALL_INFO.
if have_kernel 5.3; then
	same "int 0x80" ./calls 39 i20 i3
else
	skip 3 "before Linux 5.3 strace takes int 0x80 for syscall"
fi
cat >"$T/script.py" <<'EOS'
import os, sys, time
os.getcwd()
sorted(os.listdir("/proc/self"))
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, b"x")
    os._exit(0)
os.read(r, 1)
os.waitpid(pid, 0)
time.sleep(0.01)
with open(sys.argv[1], "w") as f:
    f.write("done")
os.rename(sys.argv[1], sys.argv[1] + ".new")
os.spawnv(os.P_WAIT, "/bin/true", ["true"])
EOS
same "python3" python3 "$T/script.py" "$T/py"
ok "which did its work" grep -q done "$T/py.new"
same "shell pipeline" sh -c 'ls -l / | sort | tail -n 3 | wc -l; echo $(uname -r) | tr a b; cd /; umask'
same "threads, clone, vfork, exec from a thread" ./threads
same "i386" /opt/i386/bin/busybox sh -c 'ls -l / | sort | wc -l; uname -a; sleep 0.01; cat /etc/hosts; ifconfig lo'
same "i386 and 64-bit together" sh -c '/opt/i386/bin/busybox ls /; ls -l / | /opt/i386/bin/busybox wc -l; ./threads'

# All watched calls, with whatever a register can hold. VALUES_SEED is where the random numbers
# begin, the same each time if not given.
seed=${VALUES_SEED:-1}
random_values()
{
	awk -v seed="$seed" "$@" -f values.awk -f random-values.awk "$EXACT_WATCHED" \
		"$EXACT_HEADER" "${EXACT_HEADER%64.h}32.h"
}
if have_kernel 5.3; then
	# shellcheck disable=SC2046
	same "random values, seed $seed" ./values $(random_values)
	# shellcheck disable=SC2046
	same "random values of an i386 program, seed $seed" ./values32 $(random_values -v only32=1)
else
	skip 6 "before Linux 5.3 some of the calls are missing, and strace takes int 0x80 for syscall"
fi

# Every number, from several threads at once, and then death
ok "200 times every number" ./allcalls-run 200 ./allcalls
is "$(sed 's/, slowest.*//' "$LIB_OUT")" "whole 200 of 200, 0 incomplete" \
	"all of them recorded whole"
diag "$(cat "$LIB_OUT")"
like "$(./nl info)" '^records=0$' "no record is left"

done_testing
