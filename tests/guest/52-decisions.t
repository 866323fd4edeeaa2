#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: trixie
# The kernel decides as the tool says: two profiles and what merge, intersect, subtract
# and a conversion make of them, each loaded by crun and by runc, and calls made with
# every pair of arguments around their rules' values, in two ABIs.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR

# profile FILE RULES - podman's default without the calls that are looked at, and
# with these rules for them
profile()
{
	jq --argjson rules "$2" '.defaultAction = "SCMP_ACT_ERRNO" |
		.defaultErrnoRet = 1003 | del(.defaultErrno) |
		.architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"] |
		.syscalls |= (map(.names -= ["personality", "socket", "ioctl", "lseek",
			"socketcall"]) | map(select(.names != []))) + $rules' \
		"$T/base.json" >"$1"
}

# decisions RUNTIME PROFILE OUT
decisions()
{
	make_bundle "$T/$1" --seccomp "$2" -- /bin/decide || return 1
	"$1" run -b "$T/$1" "d$$-$((runs += 1))" >"$3" 2>"$3.err" </dev/null ||
		{ cat "$3.err"; return 1; }
}

# wrong OPERATION A B RESULT - points where the result is not what it must be
wrong()
{
	awk -v op="$1" '
	function permits(x) { return x == "allowed" }
	FNR == 1 { file++ }
	{ is[file, $1] = $2 }
	file == 3 { point[++n] = $1 }
	END {
		for (i = 1; i <= n; i++) {
			a = is[1, point[i]]
			b = is[2, point[i]]
			r = is[3, point[i]]
			if (op == "subtract" && point[i] ~ /:(41|359|102):/)
				b = "errno-1003"
			if (op == "merge")
				right = permits(r) == (permits(a) || permits(b))
			else if (op == "intersect")
				right = permits(r) == (permits(a) && permits(b))
			else if (op == "subtract")
				right = permits(r) == (permits(a) && !permits(b))
			else
				right = r == a
			# what both refuse is refused as one of them does it
			if (!permits(a) && !permits(b) && r != a && r != b)
				right = 0
			if (!right)
				print point[i], a, b, "gives", r
		}
		if (n < 1700)
			print n + 0, "points only"
	}' "$2" "$3" "$4"
}

ok "the default of podman, without conditions" \
	sctrace-nl merge "$SCTRACE_SRC/user/profile/defaults/podman.json" --caps none \
	--format oci -o "$T/base.json"

arg()
{
	printf '{"index":%s,"value":%s,"valueTwo":%s,"op":"SCMP_CMP_%s"}' "$1" "$3" \
		"${4:-0}" "$2"
}

rule()
{
	_n=$1 _a=$2
	shift 2
	printf '{"names":["%s"],"action":"SCMP_ACT_%s"' "$_n" "${_a%:*}"
	[ "$_a" = "${_a#*:}" ] || printf ',"errnoRet":%s' "${_a#*:}"
	printf ',"args":['
	_s=
	for _x; do
		printf '%s%s' "$_s" "$_x"
		_s=,
	done
	printf ']}'
}

# ranges with holes, masks, 64 bits that 32-bit ABIs cut, two arguments at once
profile "$T/a.json" "[$(rule personality ALLOW "$(arg 0 EQ 0)"),$(
	)$(rule personality ALLOW "$(arg 0 EQ 4294967295)"),$(
	)$(rule socket ALLOW "$(arg 0 LT 38)"),$(rule socket ALLOW "$(arg 0 GT 40)"),$(
	)$(rule ioctl ALLOW "$(arg 1 MASKED_EQ 8 8)"),$(
	)$(rule ioctl ERRNO:1001 "$(arg 1 EQ 2)" "$(arg 0 EQ 1)"),$(
	)$(rule lseek ALLOW "$(arg 1 NE 4294967304)")]"
profile "$T/b.json" "[$(rule personality ALLOW "$(arg 0 NE 8)"),$(
	)$(rule personality KILL "$(arg 0 EQ 8)"),$(
	)$(rule socket ALLOW "$(arg 0 NE 16)" "$(arg 1 GE 2)"),$(
	)$(rule ioctl ALLOW "$(arg 1 MASKED_EQ 1 1)"),$(rule lseek ALLOW "$(arg 0 LT 9)")]"
# what is taken away: b's rules alone, for the container needs the rest; and not
# socket's, for by i386's socketcall it would stay
jq '.syscalls |= (.[-5:] | map(select(.names != ["socket"])))' "$T/b.json" \
	>"$T/b-rules.json"
for op in merge intersect; do
	ok "$op" sctrace-nl "$op" "$T/a.json" "$T/b.json" --format oci -o "$T/$op.json"
done
ok "subtract" sctrace-nl subtract "$T/a.json" "$T/b-rules.json" --format oci \
	-o "$T/subtract.json"
ok "convert" sctrace-nl merge "$T/a.json" --format podman -o "$T/convert.podman"
ok "and back" sctrace-nl merge "$T/convert.podman" --format oci -o "$T/convert.json"

both=
for rt in crun runc; do
	# a default errno came with crun 1.0 and runc 1.0.0
	version=$($rt --version | sed -n '1s/.* version \([^ ]*\).*/\1/p')
	case $rt-$version in
	crun-0.* | runc-*rc*)
		skip 1 "$rt $version knows no default errno"
		continue ;;
	esac
	make_bundle "$T/$rt" -- /bin/decide && cp ./decide "$T/$rt/rootfs/bin/"
	for p in a b merge intersect subtract convert; do
		exit_is 0 "$rt: $p" decisions $rt "$T/$p.json" "$T/$rt.$p"
	done
	for op in merge intersect subtract convert; do
		is "$(wrong $op "$T/$rt.a" "$T/$rt.b" "$T/$rt.$op" | head -n 3)" "" \
			"$rt: the kernel does what $op says"
	done
	# something was told apart
	for d in allowed SIGSYS errno-1001 errno-1003; do
		is "$(cat "$T/$rt.a" "$T/$rt.b" | grep -c -m 1 " $d$")" 1 "$rt: $d is there"
	done
	both="$both $rt"
done
if [ "$both" = " crun runc" ]; then
	for p in a b merge intersect subtract; do
		is "$(cmp "$T/crun.$p" "$T/runc.$p" 2>&1)" "" \
			"crun and runc: the same decisions of $p"
	done
fi

done_testing
