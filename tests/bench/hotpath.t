#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# hotpath.t [MODULE.ko...] - what the steady state is made of, by disassembly: the
# instructions of the probe from its entry to its return with no branch taken.
# However many CPUs call in one namespace, none of them writes a cache line, when
# there is no store. Without arguments: the module of each stock kernel.
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0

result()
{
	n=$((n + 1))
	r_word=ok
	[ "$1" = 0 ] || { r_word="not ok" bad=1; }
	echo "$r_word $n - $2"
}

# walk - of `objdump -dr` on stdin, "COUNT PROBLEM..." of the path: COUNT is
# without ftrace's call and the return
walk()
{
	awk '
	function problem(what) { problems = problems " " what }
	/^[0-9a-f]+ <sctrace_sys_enter>:/ { in_it = 1; next }
	!in_it || ended { next }
	/^$/ { exit }
	/R_X86_64_/ {
		# Belongs to the instruction before it
		if (pending == "call" && $0 !~ /__fentry__/)
			problem("call:" $NF)
		if (pending == "jmp") {
			if ($0 ~ /__x86_return_thunk/)
				ended = 1
			else
				problem("jump:" $NF)
		}
		pending = ""
		next
	}
	/^ *[0-9a-f]+:/ {
		if (pending != "") {
			problem(pending)
			pending = ""
		}
		sub(/^ *[0-9a-f]+:[ \t]*/, "")
		sub(/[ \t]*(#|<).*$/, "")
		op = $1
		if (op ~ /^(endbr64|nop[wl]?|data16|cs|xchg)$/ && \
		    $0 !~ /\(/ )
			next
		if (op ~ /^(endbr64|nopw?l?|data16)$/)
			next
		if (op ~ /^call/) { pending = "call"; next }
		if (op ~ /^jmp/) { pending = "jmp"; next }
		if (op ~ /^ret/) { ended = 1; next }
		count++
		if (op ~ /^(lock|rep|xchg|xadd|cmpxchg|mfence|lfence|sfence)/)
			problem("atomic:" op)
		if (op ~ /^(push|pop)/ || op ~ /^j/)
			next
		if (op ~ /^(cmp|test|bt[lqw]?$|lea)/)
			next
		# The last operand is where it goes. Commas inside of
		# parentheses belong to an address.
		dest = $0
		gsub(/\([^)]*\)/, "()", dest)
		sub(/.*,/, "", dest)
		if (dest ~ /\(\)|%[fg]s:|^0x/ || \
		    ($0 !~ /,/ && $0 ~ /\(|%[fg]s:/))
			if ($0 !~ /\(%rsp\)$/)
				problem("store:" op)
	}
	END {
		if (!ended)
			problem("no-return")
		print count + 0 problems
	}'
}

# First, that the walk finds what it is to find.
good='0000000000000010 <sctrace_sys_enter>:
  10:	call   15 <sctrace_sys_enter+0x5>
			11: R_X86_64_PLT32	__fentry__-0x4
  15:	mov    %gs:0x0,%rdi
  1e:	cmp    (%rax),%rsi
  21:	jne    40 <sctrace_sys_enter+0x30>
  23:	ret
'
is()
{
	w=$(printf '%s' "$1" | walk)
	if [ "$w" = "$2" ]; then
		result 0 "$3"
	else
		result 1 "$3"
		echo "# got $w, want $2"
	fi
}
is "$good" 3 "the walk counts"
is "$(printf '%s' "$good" | sed 's/cmp    (%rax),%rsi/mov    %rsi,0x8(%rax,%rdx,8)/')" \
	"3 store:mov" "the walk sees a store"
is "$(printf '%s' "$good" | sed 's/cmp    (%rax),%rsi/incq   %gs:0x0(%rip)/')" \
	"3 store:incq" "the walk sees a read-modify-write"
is "$(printf '%s' "$good" | sed 's/cmp    (%rax),%rsi/lock orb $0x1,(%rax)/')" \
	"3 atomic:lock store:lock" "the walk sees an atomic"
is "$(printf '%s' "$good" | sed 's/__fentry__/_raw_spin_lock/')" \
	"3 call:_raw_spin_lock-0x4" "the walk sees a call"

if [ $# = 0 ]; then
	"$here/../lab/lab" build all >"$tmp/built"
	while read -r rel tar; do
		tar -x -O -f "$tar" --wildcards '*/extra/sctrace.ko' >"$tmp/$rel.ko"
		set -- "$@" "$tmp/$rel.ko"
	done <"$tmp/built"
fi
[ $# -gt 0 ] || { echo "Bail out! no module"; exit 1; }
for ko; do
	name=$(basename "$ko" .ko)
	w=$(objdump -dr --no-show-raw-insn --disassemble=sctrace_sys_enter "$ko" | walk)
	count=${w%% *}
	[ "$w" = "$count" ] && r=0 || r=1
	result $r "$name: no store, no atomic, no call in the steady state"
	[ $r = 0 ] || echo "#${w#"$count"}"
	[ "$count" -gt 0 ] && [ "$count" -le 18 ] && r=0 || r=1
	result $r "$name: the steady state has $count instructions, at most 18"
done
echo "1..$n"
exit $bad
