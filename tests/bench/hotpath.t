#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# hotpath.t [MODULE.ko...] - what the steady state is made of, by disassembly: the
# instructions of the probe of sys_enter from its entry to its return with no branch
# taken. However many CPUs call in one namespace, none of them writes a cache line,
# when there is no store. In the probe of sys_exit there is none at all, nor in what looks for a
# watched call's value in the cache.
# Without arguments: the module of each stock kernel, and what tests/matrix has
# built of these sources for x86-64 and arm64 (its results/matrix/CELL.ko).
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

# walk FUNCTION straight|whole - of `objdump -dr` on stdin, "COUNT PROBLEM...":
# straight: until its return, and a jump that is always taken is a problem; whole:
# all there is of it. COUNT is without what the tracer of functions has put there
# and without the return. x86-64 and arm64 have no name in common for what is
# looked for, so both are looked for at once.
walk()
{
	awk -v function_name="$1" -v how="$2" '
	function problem(what) { problems = problems " " what }
	$0 ~ "^[0-9a-f]+ <" function_name "[.a-z0-9]*>:" { in_it = 1; next }
	!in_it || ended { next }
	/^$/ { exit }
	/R_(X86_64|AARCH64)_/ {
		# Belongs to the instruction before it
		if (pending == "call" && $0 !~ /__fentry__|__ubsan_handle/)
			problem("call:" $NF)
		if (pending == "jmp") {
			if ($0 ~ /__x86_return_thunk/)
				ended = how == "straight"
			else if (how == "straight")
				problem("jump:" $NF)
		}
		pending = ""
		next
	}
	/^ *[0-9a-f]+:/ {
		if (pending == "call" || (pending != "" && how == "straight"))
			problem(pending)
		pending = ""
		# What looks closer; where there is no frame it is a jump
		if (how == "whole" && /<(see|see_unless_execs|refuse|refuse_value)[.>]/)
			next
		sub(/^ *[0-9a-f]+:[ \t]*/, "")
		sub(/[ \t]*(#|\/\/|<).*$/, "")
		op = $1
		if (op ~ /^(endbr64|nop[wl]?|data16|cs|xchg)$/ && \
		    $0 !~ /\(/ )
			next
		if (op ~ /^(endbr64|nopw?l?|data16|bti)$/ || / nop[wl]? /)
			next
		if (op ~ /^(call|blr?$)/) { pending = "call"; next }
		if (op ~ /^(jmp|br?$)/) { pending = "jmp"; next }
		if (op ~ /^ret/) { ended = how == "straight"; next }
		count++
		# A barrier for loads only
		if (/^dmb[ \t]+ishld/)
			next
		if (op ~ /^(lock|rep|xchg|xadd|cmpxchg|mfence|lfence|sfence)/ || \
		    op ~ /^(ld(add|clr|eor|set|[su]m(ax|in))|cas|swp|lda?xp?r|stl?xp?r|d[ms]b)/)
			problem("atomic:" op)
		# arm64: only the stack may be written to
		if (op ~ /^st/) {
			if ($0 !~ /\[sp/)
				problem("store:" op)
			next
		}
		if (/\[/ || op ~ /^(push|pop)/ || op ~ /^j/)
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
		if (!in_it)
			problem("no-function")
		if (!ended && how == "straight")
			problem("no-return")
		print count + 0 problems
	}'
}

# First, that the walk finds what it is to find.
good='0000000000000010 <f>:
  10:	call   15 <f+0x5>
			11: R_X86_64_PLT32	__fentry__-0x4
  15:	mov    %gs:0x0,%rdi
  1e:	cmp    (%rax),%rsi
  21:	jne    40 <f+0x30>
  23:	ret
'
good_arm='0000000000000010 <f>:
  10:	nop
  14:	stp	x29, x30, [sp, #-16]!
  18:	ldr	x0, [x1, #8]
  1c:	cbz	x0, 40 <f+0x30>
  20:	add	x0, x0, #0x1
  24:	ret
'
# is TEXT WHAT NAME - how the straight way looks
is()
{
	w=$(printf '%s' "$1" | walk f straight)
	if [ "$w" = "$2" ]; then
		result 0 "$3"
	else
		result 1 "$3"
		echo "# got $w, want $2"
	fi
}
x86() { printf '%s' "$good" | sed "$1"; }
arm() { printf '%s' "$good_arm" | sed "$1"; }
is "$good" 3 "the walk counts"
is "$(x86 's/cmp    (%rax),%rsi/mov    %rsi,0x8(%rax,%rdx,8)/')" \
	"3 store:mov" "the walk sees a store"
is "$(x86 's/cmp    (%rax),%rsi/incq   %gs:0x0(%rip)/')" \
	"3 store:incq" "the walk sees a read-modify-write"
is "$(x86 's/cmp    (%rax),%rsi/lock orb $0x1,(%rax)/')" \
	"3 atomic:lock store:lock" "the walk sees an atomic"
is "$(x86 's/__fentry__/_raw_spin_lock/')" \
	"3 call:_raw_spin_lock-0x4" "the walk sees a call"
is "$good_arm" 4 "arm64: the walk counts"
is "$(arm 's/ldr	/str	/')" "4 store:str" "arm64: the walk sees a store"
is "$(arm 's/add	x0, x0, #0x1/ldset	x0, x0, [x1]/')" "4 atomic:ldset" \
	"arm64: the walk sees an atomic"
is "$(arm 's/add	.*/bl	80 <g>/')" "3 call" "arm64: the walk sees a call"
w=$(x86 's/  23:	ret/&\n  24:	mov    %rsi,(%rax)/' | walk f whole)
[ "$w" = "4 store:mov" ] && r=0 || r=1
result $r "the walk through all sees a store behind the return"

if [ $# = 0 ]; then
	"$here/../lab/lab" build all >"$tmp/built"
	while read -r rel tar; do
		tar -x -O -f "$tar" --wildcards '*/extra/sctrace.ko' >"$tmp/$rel.ko"
		set -- "$@" "$tmp/$rel.ko"
	done <"$tmp/built"
	for ko in "$here"/../results/matrix/*.ko; do
		# probed.h is made by each build
		[ -e "$ko" ] && [ -z "$(find "$here/../../kmod" "$here/../../Kbuild" \
			-type f ! -name probed.h ! -name '.*' ! -name '*.o' \
			-newer "$ko")" ] || continue
		case $(readelf -h "$ko") in
		*X86-64* | *AArch64*) set -- "$@" "$ko" ;;
		esac
	done
fi
[ $# -gt 0 ] || { echo "Bail out! no module"; exit 1; }
for ko; do
	name=$(basename "$ko" .ko)
	most=18 dump=objdump
	case $(readelf -h "$ko") in
	# with the frame that each function has there, and pointer authentication
	*AArch64*) most=31 dump=aarch64-linux-gnu-objdump ;;
	esac
	$dump -dr --no-show-raw-insn "$ko" >"$tmp/text"
	w=$(walk sctrace_sys_enter straight <"$tmp/text")
	count=${w%% *}
	[ "$w" = "$count" ] && r=0 || r=1
	result $r "$name: no store, no atomic, no call in the steady state"
	[ $r = 0 ] || echo "#${w#"$count"}"
	[ "$count" -gt 0 ] && [ "$count" -le $most ] && r=0 || r=1
	result $r "$name: the steady state has $count instructions, at most $most"
	# While cgroups are recorded: the same, and the cgroup. From 6.13 on it is read with
	# preemption off, which writes to a word of the CPU's own
	w=$(walk sctrace_sys_enter_pair straight <"$tmp/text")
	count=${w%% *}
	[ "$count" -gt 0 ] && [ "$count" -le $((most + 7)) ] && r=0 || r=1
	result $r "$name: with cgroups $count instructions, at most $((most + 7))"
	w=$(walk sctrace_sys_exit whole <"$tmp/text")
	count=${w%% *}
	[ "$w" = "$count" ] && [ "$count" -gt 0 ] && r=0 || r=1
	result $r "$name: nor anywhere in the probe of sys_exit"
	[ $r = 0 ] || echo "#${w#"$count"}"
	# Of a watched call whose value is known
	for f in value value_confined value_of_class value_foreign refuse_value; do
		w=$(walk $f whole <"$tmp/text")
		count=${w%% *}
		[ "$w" = "$count" ] && [ "$count" -gt 0 ] && r=0 || r=1
		result $r "$name: nor in $f"
		[ $r = 0 ] || echo "#${w#"$count"}"
	done
done
echo "1..$n"
exit $bad
