# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What doctor says, and whether its cures cure. Source it after lib.sh; all that it changes
# is put back at the end. The hooks are not there: hooks_there puts them there.

case $(uname -r) in
*-dbg | *-kcsan) plan skip_all "no package has this kernel's headers" ;;
esac

T=$TMPDIR
rel=$(uname -r)
mods=/lib/modules/$rel
v=$(sed -n 's/^#define SCTRACE_VERSION "\(.*\)"/\1/p' "$SCTRACE_SRC/kmod/version.h")
src=/usr/src/sctrace-$v
hooks=/usr/share/containers/oci/hooks.d
cp "$SCTRACE_KO" "$T/sctrace.ko"

# Everything is put back: other tests run in this guest
back()
{
	dkms remove "sctrace/$v" --all
	dkms remove -m sctrace -v "$v" --all
	rm -rf "$src" /var/lib/dkms/sctrace /etc/modprobe.d/x-*.conf
	rm -f "$hooks"/sctrace-*.json /etc/containers/oci/hooks.d/sctrace-*
	find "$mods" -name 'sctrace.ko*' -delete
	cp "$T/sctrace.ko" "$SCTRACE_KO"
	cp "$T"/modules.* "$mods"
	[ ! -e "$T/framework.conf" ] || cp "$T/framework.conf" /etc/dkms
}
few_modules || bail "no modules"
depmod
cp "$mods"/modules.* "$T"
[ ! -e /etc/dkms/framework.conf ] || cp /etc/dkms/framework.conf "$T"
cleanup 'back >/dev/null 2>&1'

hooks_there()
{
	mkdir -p "$hooks" /etc/containers/oci/hooks.d
	for _h in prestart poststop; do
		cp "$SCTRACE_SRC/contrib/hooks.d/sctrace-$_h.json" "$hooks"
	done
	[ -x /usr/bin/sctrace-nl ] && return
	ln -s "$SCTRACE_NL" /usr/bin/sctrace-nl
	cleanup "rm -f /usr/bin/sctrace-nl"
}

# doctor [WRAPPER...] - ask it, for the functions below
doctor()
{
	"$@" sctrace-nl doctor --json >"$T/json" 2>"$T/err"
	_st=$?
	[ $_st = 1 ] || [ $_st = 0 ] || diag "doctor: status $_st" "$(cat "$T/err")"
	jq -r '(.checks[] | [.check, .verdict, .text, .todo // ""]), ["works", "ok", .works] | @tsv' \
		"$T/json" >"$T/said"
}

# column CHECK N - of what was said of a check that is not ok
column()
{
	awk -F '\t' -v c="$1" -v n="$2" '$1 == c && $2 != "ok" { print $n }' "$T/said"
}

# says CHECK VERDICT ERE NAME - a line of this check has this verdict and text
says()
{
	if awk -F '\t' -v c="$1" -v v="$2" -v e="$3" \
		'$1 == c && $2 == v && $3 ~ e { found = 1 } END { exit !found }' "$T/said"; then
		pass "$4: $1 $2"
	else
		fail "$4: $1 $2 $3"
		diag "$(cat "$T/said")"
	fi
}

# follow CHECK - run the commands of its cures
follow()
{
	column "$1" 4 | grep -o '`[^`]*`' | tr -d '`' >"$T/commands"
	if [ ! -s "$T/commands" ]; then
		fail "$1 has a cure that is a command"
		diag "$(cat "$T/said")"
	fi
	while read -r _c; do
		diag "cure: $_c"
		sh -c "$_c" >"$T/cure.out" 2>&1 </dev/null || diag "$(tail -n 5 "$T/cure.out")"
	done <"$T/commands"
}

# well NAME [WRAPPER...] - nothing is wrong (any more)
well()
{
	_name=$1
	shift
	doctor "$@"
	is "$(awk -F '\t' '$2 != "ok"' "$T/said")" "" "$_name"
	is "$_st $(awk -F '\t' '$1 == "works" { print $3 }' "$T/said")" "0 true" \
		"$_name, by its status too"
}

# mend NAME CHECK - follow the cure, and see that nothing is wrong
mend()
{
	follow "$2"
	well "$1, cured"
}

loads()
{
	modprobe sctrace && rmmod sctrace
}
