#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm
# The commands of README.md, docs/ and the man pages do what stands there: each block
# is run as it is, in order, a document after the other. (Those that are for a machine
# to install on, or that boot guests: tests/docs/install.)
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

case $(uname -r) in
*-dbg | *-kcsan) plan skip_all "no package has this kernel's headers" ;;
esac

T=$TMPDIR RT=crun
podman_setup || bail "podman does not work here"
mkdir "$T/bin"
PATH=$T/bin:$PATH
# What a guest has not: sudo, a registry, firmware with keys, time
printf '#!/bin/sh\nexec "$@"\n' >"$T/bin/sudo"
printf '#!/bin/sh\nexit 0\n' >"$T/bin/mokutil"
cp "$T/bin/mokutil" "$T/bin/reboot"
cat >"$T/bin/program" <<-'EOP'
	#!/bin/sh
	exec mkdir -p /tmp/made
EOP
# 5: check and diff have found something, which is what they are for. Beyond 127: a
# profile has refused so much that the program crashed, which `run` tells.
cat >"$T/bin/sctrace-nl" <<-EOP
	#!/bin/sh
	$SCTRACE_NL "\$@" || { rc=\$?; [ \$rc = 5 ] || [ \$rc -gt 127 ] || exit \$rc; }
EOP
chmod 755 "$T"/bin/*
for name in fedora IMAGE image; do
	podman tag "$IMAGE" "localhost/$name" 2>/dev/null
done
make -s -C "$SCTRACE_SRC" extras_install
cleanup 'make -s -C "$SCTRACE_SRC" extras_uninstall >/dev/null 2>&1'
# The hooks call the installed program
ln -sf "$SCTRACE_NL" /usr/bin/sctrace-nl
ln -sf "${SCTRACE_NL%nl}runtime" /usr/bin/sctrace-runtime
cleanup 'rm -f /usr/bin/sctrace-nl /usr/bin/sctrace-runtime'

# A container that lives, called web, recorded, with that label; profiles in files
web()
{
	podman rm -f -t 0 web >/dev/null 2>&1
	sctrace-nl forget --label web >/dev/null 2>&1
	podman run -d --name web --network=none "$IMAGE" \
		sh -c 'while sleep 0.5; do ls / >/dev/null; done' >/dev/null
	PID=$(podman inspect -f '{{.State.Pid}}' web)
	INUM=$(inum_of "$PID")
	sctrace-nl start --pid "$PID" --set-label web >/dev/null
}

# A document's numbers and names, as they are here
localize()
{
	sed -e "s/4026532281/$INUM/g" -e "s/--pid PID/--pid $PID/" -e 's/--until-quiet 5m/--until-quiet 1s/' \
		-e 's/ IMAGE / localhost\/box:1 /' -e 's/ fedora / localhost\/box:1 /' \
		-e 's/podman run --rm /podman run --rm --network=none /' \
		-e 's/podman run -d /podman run -d --network=none /' \
		-e 's/podman \(--[a-z-]* [^ ]*\) run --rm /podman \1 run --rm --network=none /'
}

block()
{
	# `follow` goes on until the container has ended
	! grep -q 'sctrace-nl follow' "$T/block" || (sleep 5; podman kill web) >/dev/null 2>&1 &
	(cd "$T/doc" && timeout -k 5 120 sh -e "$T/block")
}

"$SCTRACE_SRC/tests/docs/blocks" "$SCTRACE_SRC"/README.md "$SCTRACE_SRC"/SECURITY.md \
	"$SCTRACE_SRC"/docs/*.md "$SCTRACE_SRC"/user/man/*.8 >"$T/blocks"
last=
for at in $(sed -n 's/^@@ \(.*\) sh$/\1/p' "$T/blocks"); do
	doc=${at%:*}
	if [ "$doc" != "$last" ]; then
		last=$doc
		rm -rf "$T/doc"
		mkdir "$T/doc"
		load_module 2>/dev/null
		web
		(
			cd "$T/doc" || exit
			cp "$SCTRACE_KO" .
			sctrace-nl run -q -o a.json -- ls /
			sctrace-nl run -q -o b.json -- mkdir -p x
			sctrace-nl run -q -o tight.json --runtime none -- program
		) >/dev/null 2>&1
	fi
	awk -v at="$at" '/^@@ / { mine = ($2 == at); next } mine' "$T/blocks" |
		localize >"$T/block"
	if grep -q -e ' --unit ' "$T/block" && ! [ -d /run/systemd/system ]; then
		skip 1 "${at#"$SCTRACE_SRC/"}: no systemd here"
		continue
	fi
	ok "${at#"$SCTRACE_SRC/"}: $(head -n 1 "$T/block" | cut -c1-60)" block
done
podman rm -f -t 0 web >/dev/null 2>&1
sctrace-nl forget --label web >/dev/null 2>&1
./forget-held >/dev/null 2>&1
is "$(sed -n 's/^@@ \(.*\) sh$/\1/p' "$T/blocks" | wc -l)" "$((LIB_N))" "all blocks of this kind were run"
done_testing
