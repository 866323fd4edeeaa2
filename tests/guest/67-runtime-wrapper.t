#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bookworm trixie
# sctrace-runtime in the place of crun and runc: containers by hand and by podman,
# recorded without any hooks.d; those that ask for nothing are started as without it;
# what fails of ours keeps no container from starting, unless strict was asked.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"
. ./podman.sh

T=$TMPDIR
KEY=io.containers.trace-syscall
podman_setup || bail "podman does not work here"
mkdir "$T/none" "$T/bin"
HOOKS=$T/none
for RT in crun runc; do
	ln -s "${SCTRACE_NL%nl}runtime" "$T/bin/sctrace-runtime-$RT"
done
conf=/etc/sctrace/runtime.conf
mkdir -p /etc/sctrace
cleanup 'rm -rf /etc/sctrace'
# What a filter that is worth something refuses: these must be recorded all the same
echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],
	"action":"SCMP_ACT_ERRNO","errnoRet":1}]}' >"$T/no-mkdir.json"

# bundle DIR [ANNOTATION] - a container that makes a directory and then waits
bundle()
{
	make_bundle "$1" --seccomp "$T/no-mkdir.json" -- \
		sh -c 'mkdir /tmp/x; ln -s a /tmp/l; echo done; [ -z "$WAIT" ] || sleep 1000'
	[ -z "${2-}" ] || change "$1" ".annotations = {\"$KEY\": \"$2\"}"
}

# change DIR JQ
change()
{
	jq "$2" "$1/config.json" >"$1/new" && mv "$1/new" "$1/config.json"
}

# In the root's file system a directory of an earlier run may be
fresh()
{
	rm -rf "$1/rootfs/tmp/x" "$1/rootfs/tmp/l"
}

# as_before DIR - the configuration is the very file that it was; nothing is beside
as_before()
{
	[ "$(ls "$1" | grep -c config.json)" = 1 ] && cmp "$1/config.json" "$1.before"
}

stopped()
{
	[ "$("$W" state "$1" | jq -r .status)" = stopped ]
}

# refuses CMD... - it ends badly, by whatever status
refuses()
{
	! "$@"
}

for RT in crun runc; do
	W=$T/bin/sctrace-runtime-$RT
	b=$T/$RT
	diag "$($RT --version | head -n 1)"

	# Without the annotation
	bundle "$b"
	cp "$b/config.json" "$b.before"
	is "$($W --version)" "$($RT --version)" "$RT: what it is asked the runtime answers"
	: >"$b.trace"
	ok "$RT: a container that asks for nothing is run" strace -o "$b.trace" \
		-e trace=execve,openat,read,fork,vfork,clone,clone3 "$W" run -b "$b" plain
	like "$(cat "$LIB_OUT")" '^done$' "$RT: and does its work"
	# up to the runtime's execve
	awk '/^execve/ { n++ } { print } n == 2 { exit }' "$b.trace" >"$b.ours"
	is "$(grep -c '^execve' "$b.ours") $(grep -c "config.json" "$b.ours")" "2 1" \
		"$RT: by one execve, after its configuration was opened once"
	is "$(awk '/config.json/ { f = $NF; next } f && $0 ~ "^read\\(" f "," { n++ } END { print n }' \
		"$b.ours")" 1 "$RT: and read by one read"
	is "$(grep -c -E '^(fork|vfork|clone|clone3)' "$b.ours")" 0 "$RT: no process was made"
	like "$(tail -n 1 "$b.ours")" "^execve\(\"$(command -v $RT)\", \[\"$(command -v $RT)\", \"run\", \"-b\"" \
		"$RT: the arguments are the same"
	ok "$RT: its configuration is untouched" as_before "$b"
	not_ok "$RT: the module was not even loaded" test -d /sys/module/sctrace

	# With it, step by step
	p=$T/$RT.json
	bundle "$b" "of:$p;report:$p.report;mode:permissive"
	change "$b" '.process.env += ["WAIT=1"] | .annotations.other = "x" |
		.hooks.poststop = [{path: "/bin/true"}]'
	# what jq itself would not keep
	sed -i '0,/{/s//{"x-number": 18446744073709551615, "x-real": 1.10,/' "$b/config.json"
	cp "$b/config.json" "$b.before"
	fresh "$b"
	ok "$RT: a container that asks is created" create_container "$W" "$b" life
	like "$(cat "$b/err")" 'a filter that allows everything' "$RT: the filter is lifted, and it is said"
	is "$(pgrep -c sctrace)" 0 "$RT: no process of ours stays"
	like "$(cat "$b/config.json")" '"x-number": 18446744073709551615, "x-real": 1.10,' \
		"$RT: numbers are what they were"
	is "$(jq -c '[.annotations.other, (.hooks.poststop | length), .linux.seccomp.defaultAction]' \
		"$b/config.json")" '["x",2,"SCMP_ACT_ALLOW"]' "$RT: so is all that was there"
	is "$(labelled)" 1 "$RT: it is recorded"
	ok "$RT: started" start_container "$W" life
	ok "$RT: it works" poll_until 60 grep -q done "$b/out"
	# It panics without a cgroup file system
	case $RT-$("$RT" --version) in
	runc-*rc93*)
		skip 1 "this runc executes nothing here"
		executed= ;;
	*)
		ok "$RT: a program is executed in it" "$W" exec life chmod 700 /tmp
		executed="chmod " ;;
	esac
	is "$("$W" state life | jq -r .status)" running "$RT: its state can be asked"
	ok "$RT: killed" "$W" kill life KILL
	ok "$RT: it ends" poll_until 60 stopped life
	ok "$RT: deleted" "$W" delete life
	is "$(allowed "$p" | grep -x -e mkdir -e symlink -e chmod -e fchmodat -e rmdir | sed s/fchmodat/chmod/ |
		tr '\n' ' ')" "${executed}mkdir symlink " "$RT: the profile has what was called, refused or not"
	is "$(jq -r '.filter, .whole' "$p.report" | tr '\n' ' ')" "permissive true " "$RT: it is whole"
	ok "$RT: the configuration is what it was, byte for byte" as_before "$b"
	is "$(labelled)" 0 "$RT: no record is left"

	# Under what was recorded; and without one call of it
	bundle "$b"
	cp "$b/config.json" "$b.plain"
	jq --slurpfile s "$p" '.linux.seccomp = $s[0]' "$b.plain" >"$b/config.json"
	fresh "$b"
	ok "$RT: it runs under its profile" "$RT" run -b "$b" replay
	like "$(cat "$LIB_OUT")" '^done$' "$RT: and does its work"
	jq 'del(.linux.seccomp.syscalls[].names[] | select(. == "symlink"))' "$b/config.json" >"$b/new"
	mv "$b/new" "$b/config.json"
	fresh "$b"
	"$RT" run -b "$b" replay >"$LIB_OUT" 2>&1
	like "$(cat "$LIB_OUT")" "ln: .*(not implemented|not permitted)" "$RT: without one of its calls that is refused"

	# As it is, with its filter, in one go
	bundle "$b" "of:$p;mode:replace"
	cp "$b/config.json" "$b.before"
	fresh "$b"
	ok "$RT: recorded under its own filter by run" "$W" run -b "$b" whole
	is "$(allowed "$p" | grep -x -e mkdir -e symlink | tr '\n' ' ')" "symlink " \
		"$RT: what that refused is not in the profile"
	ok "$RT: the configuration is what it was" as_before "$b"

	# Only to look at, for us; and strict
	mount --bind "$b" "$b"
	mount -o remount,ro,bind "$b"
	ok "$RT: a bundle that cannot be written to: it starts" "$W" --log "$b.log" run -b "$b" ro
	like "$(cat "$LIB_ERR")" "replace .*Read-only file system.*not affected" "$RT: and it is said why it is not recorded"
	umount "$b"
	bundle "$b" "of:$p;strict"
	mount --bind "$b" "$b"
	mount -o remount,ro,bind "$b"
	exit_is 1 "$RT: with strict it does not" "$W" --log "$b.log2" --log-format json run -b "$b" ro
	is "$(jq -r .level "$b.log2")" error "$RT: the runtime's log has the reason"
	like "$(jq -r .msg "$b.log2")" "Read-only file system" "$RT: which engines show"
	not_ok "$RT: nothing was created" "$RT" state ro
	umount "$b"

	# podman
	ok "$RT: podman, without hooks" podman --runtime "$W" --hooks-dir "$HOOKS" run --rm --network=none \
		--annotation "$KEY=of:$p.podman;report:$p.report;mode:permissive" "$IMAGE" \
		sh -c 'ln -s a /x; linux64 -R true; grep Seccomp: /proc/self/status'
	like "$(cat "$LIB_OUT")" 'Seccomp:.*2' "$RT: there is a filter"
	ok "$RT: the profile is there" allows "$p.podman" symlink
	ok "$RT: with what podman's filter would have refused" allows "$p.podman" personality
	is "$(jq -r .filter "$p.report")" permissive "$RT: so says the report"
	is "$(labelled)" 0 "$RT: no record is left"
	unload_module
done

# What follows is the wrapper's own business: no other runtime or podman shows more of it
if have_kernel 6.12; then
	done_testing
	exit
fi

W=$T/bin/sctrace-runtime-crun b=$T/crun p=$T/more.json
wpod()
{
	podman --runtime "$W" --hooks-dir "$HOOKS" "$@"
}

# With hooks.d, too: nothing comes twice
HOOKS=$T/hooks.d
ok "podman with its hooks as well" wpod run --rm --network=none \
	--annotation "$KEY=of:$p;report:$p.report;mode:permissive" "$IMAGE" ln -s a /x
is "$(jq -r '.runs, .whole' "$p.report" | tr '\n' ' ')" "1 true " "it is one run"
HOOKS=$T/none

# Started again
ok "a container is made" wpod create --name again --network=none --annotation \
	"$KEY=of:$p;report:$p.report;mode:permissive" "$IMAGE" \
	sh -c 'if [ -d /once ]; then ln -s a /l; else mkdir /once; fi'
ok "started" wpod start -a again
ok "and started again" wpod start -a again
wpod rm again >/dev/null 2>&1
is "$(jq -r .runs "$p.report") $(allowed "$p" | grep -x -e mkdir -e symlink | tr '\n' ' ')" \
	"2 mkdir symlink " "its profile has what both runs called"

# By its cgroup, and without what is executed in it
ok "a container with --pid=host that asks for no execs" wpod run -d --name plain --pid=host --network=none --annotation \
	"$KEY=of:$T/plain.json;no-exec;strict" "$IMAGE" sh -c 'mkdir /x; sleep 1000'
ok "does its work" poll_until 60 wpod exec plain ls -d /x
ok "a program is executed in it" wpod exec plain ln -s a /y
ok "it ends" wpod rm -f -t 0 plain
ok "its profile is there" poll_until 60 test -s "$T/plain.json"
ok "with what the program called" allows "$T/plain.json" mkdir
not_ok "and nothing of podman exec" allows "$T/plain.json" symlink

# By a variable, where the configuration says so
printf 'env = SCTRACE\ndir = %s/out\nno-permissive = yes\n' "$T" >$conf
mkdir "$T/out"
ok "a variable stands for the annotation" wpod run --rm --network=none -e "SCTRACE=of:$T/out/e.json" \
	"$IMAGE" ln -s a /x
ok "its profile is there" allows "$T/out/e.json" symlink
ok "another directory is not allowed" refuses wpod run --rm --network=none -e "SCTRACE=of:$T/e.json" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'not in a directory' "podman says so"
ok "nor a lifted filter" refuses wpod run --rm --network=none \
	-e "SCTRACE=of:$T/out/e.json;mode:permissive" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'mode:permissive is not allowed' "podman says so"
rm $conf
rm -f "$T/out/e.json"
ok "without that configuration a variable is a variable" wpod run --rm --network=none \
	-e "SCTRACE=of:$T/out/e.json" "$IMAGE" true
not_ok "nothing is recorded" test -e "$T/out/e.json"

# What may fail
unload_module
mkdir -p /etc/modprobe.d
cleanup 'rm -f /etc/modprobe.d/no-sctrace.conf'
echo 'install sctrace /bin/false' >/etc/modprobe.d/no-sctrace.conf
bundle "$b" "of:$p"
cp "$b/config.json" "$b.before"
ok "without a module the container starts" "$W" run -b "$b" x
like "$(cat "$LIB_ERR")" 'cannot be loaded.*not affected' "and it is said"
ok "its configuration is untouched" as_before "$b"
bundle "$b" "of:$p;strict"
exit_is 1 "with strict it does not" "$W" run -b "$b" x
ok "podman shows the reason" refuses wpod run --rm --network=none --annotation "$KEY=of:$p;strict" "$IMAGE" true
like "$(cat "$LIB_ERR")" 'module.*cannot be loaded' "once more"
rm /etc/modprobe.d/no-sctrace.conf
bundle "$b" "of:relative"
exit_is 1 "a wrong annotation: it does not start" "$W" run -b "$b" x
like "$(cat "$LIB_ERR")" 'must be absolute' "and it is said"
echo "tool = /nonexistent" >$conf
bundle "$b" "of:$p"
fresh "$b"
ok "without sctrace-nl it starts" "$W" run -b "$b" x
like "$(cat "$LIB_ERR")" 'nonexistent cannot be run: the container is not recorded' "and it is said"
rm $conf
echo '{' >"$b/config.json"
ok "no JSON: that is the runtime's to say" refuses "$W" run -b "$b" x
is "$(grep -c sctrace "$LIB_ERR")" 0 "not ours"
./forget-held >/dev/null 2>&1
done_testing
