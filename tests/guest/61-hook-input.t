#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# once per root: bullseye
# The hook without an engine around it: what a runtime or whoever annotates a
# container may get wrong, and what may go wrong between start and end. One
# clear line each, nothing half-written, and the container goes on.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
KEY=io.containers.trace-syscall
mkdir "$T/out"
permissive_profile "$T/all.json"
make_bundle "$T/b" --seccomp "$T/all.json" -- mkdir /made

# state ID PID ANNOTATION
state()
{
	jq -cn --arg id "$1" --argjson pid "${2:-null}" --arg k "$KEY" --arg a "$3" \
		--arg b "$T/b" '{ociVersion: "1.0.2", id: $id, status: "creating",
		pid: $pid, bundle: $b, annotations: {($k): $a}} |
		if $pid == null then del(.pid) else . end' >"$T/state"
}

# hook STAGE [OPTION...] - with $T/state on standard input
hook()
{
	_stage=$1
	shift
	$AS sctrace-nl hook "$@" "$_stage" <"$T/state"
}
AS=	# as who

# says NAME STATUS ERE STAGE [OPTION...] - ends with it, says one line that matches
says()
{
	_name=$1 _want=$2 _ere=$3
	shift 3
	_st=0
	hook "$@" >"$LIB_OUT" 2>"$LIB_ERR" || _st=$?
	if [ $_st = "$_want" ] && [ "$(wc -l <"$LIB_ERR")" = 1 ] &&
		grep -E -q -e "$_ere" "$LIB_ERR" && [ ! -s "$LIB_OUT" ]; then
		pass "$_name"
	else
		fail "$_name"
		diag "wanted status $_want and one line: $_ere"
		_lib_show $_st "hook $*"
	fi
}

labelled()
{
	sctrace-nl list --json | jq -r '.records[] | select(.label) | .label' |
		tr '\n' ' '
}

# begin ID - a container that was created and waits for its start; PID
begin()
{
	rm -rf "$T/b/rootfs/made"
	create_container crun "$T/b" "$1" || bail "crun create: $(cat "$T/b/err")"
	PID=$(cat "$T/b/pid")
}

# finish ID - it runs to its end
finish()
{
	start_container crun "$1"
	poll_until 60 stopped "$1" || diag "$1 does not stop"
	delete_container crun "$1"
}

stopped()
{
	[ "$(crun state "$1" | jq -r .status)" = stopped ]
}

# What a runtime may send
printf '{"id":"a","annotations"' >"$T/state"
says "a state that is cut off" 0 'container state.*too early' prestart
says "with --strict" 1 'container state.*too early' prestart --strict
: >"$T/state"
says "no state" 0 'container state.*empty' prestart
says "no state at the end" 0 'container state.*empty' poststop
printf '[{"id":"a"}]' >"$T/state"
says "another kind of JSON" 0 'container state.*object' prestart
head -c 17000000 /dev/zero | tr '\0' ' ' >"$T/state"
says "17 MB" 0 'larger than' prestart
echo '{"id":"a","pid":1,"annotations":{}}' >"$T/state"
ok "a container without the annotation is left alone" hook prestart
is "$(cat "$LIB_ERR")" "" "without a word"
state 'a/../b' 1 "of:$T/out/x"
says "an ID with slashes" 0 'container ID.*letters, digits' prestart
state "$(printf '%0129d' 0)" 1 "of:$T/out/x"
says "an ID that is too long" 0 'more than 128 bytes' prestart
state a '' "of:$T/out/x"
says "no pid" 0 'no `pid`' prestart
sh -c 'echo $$' >"$T/dead"
state a "$(cat "$T/dead")" "of:$T/out/x"
says "a pid that died" 0 'No such process' prestart
says "with --strict" 1 'No such process' prestart --strict
state a "$(cat "$T/dead")" "of:$T/out/x;strict"
says "with strict in the annotation" 1 'No such process' prestart

# What whoever annotates may get wrong: the container does not start
state a $$ "if:/x;of:relative"
says "a relative path" 1 'of:relative.*absolute' prestart
state a $$ "if:$T/out/none"
says "without of:" 1 'of:PATH.*missing' createRuntime
state a $$ "of:$T/out"
says "a directory" 1 'of: .*is a directory' prestart
state a $$ "of:$T/out/x;report:$T/out"
says "a report that is a directory" 1 'report: .*is a directory' prestart
state a $$ "of:$T/out/x;until:5m"
says "an unknown key" 1 '`until`: an entry must start with' prestart
for entry in of: if: report: format: mode: runtime:; do
	state a $$ "$entry"
	says "an empty value, $entry" 1 "$entry" prestart
done
for entry in of:/x if:/x report:/x format:oci mode:add runtime:auto strict; do
	state a $$ "$entry;$entry"
	says "a key that is there twice, $entry" 1 'is there twice' prestart
done
state a $$ "of:$T/out/x;mode:add,replace"
says "two modes that exclude each other" 1 'only one of add and replace' prestart
echo 'root:x:secret' >"$T/out/words"
state a $$ "of:$T/out/words;mode:add"
says "a file to add to that is no profile" 1 'no JSON object, nor a profile' prestart
unlike "$(cat "$LIB_ERR")" secret "what is in it is not told, either"
rm "$T/out/words"
state a $$ "of:$T/none/x"
says "a directory that is not there" 1 'No such file' prestart
state a $$ "of:/proc/x"
says "a directory where no file can be made" 1 '/proc/x' prestart
ln -s ../victim "$T/out/link"
state a $$ "of:$T/out/link"
says "a symbolic link" 1 'symbolic link' prestart
state a $$ "of:/dev/null"
says "a device" 1 'not a regular file' prestart
state a $$ "of:$T/out/x;if:$T/none"
says "a base that is not there" 1 'if: .*No such file' prestart
state a $$ "of:$T/out/x;if:$T"
says "a base that is a directory" 1 'is a directory' prestart
echo 'root:x:secret' >"$T/words"
state a $$ "of:$T/out/x;if:$T/words"
says "a base that is no JSON" 1 'no JSON' prestart
unlike "$(cat "$LIB_ERR")" secret "what is in it is not told"
echo '{"defaultAction":"SCMP_ACT_ALLOW"' >"$T/half"
state a $$ "of:$T/out/x;if:$T/half"
says "a base that is cut off" 1 'half' prestart
truncate -s 100M "$T/large"
state a $$ "of:$T/out/x;if:$T/large"
says "a base of 100 MB" 1 'larger than' prestart
mkfifo "$T/fifo"
state a $$ "of:$T/out/x;if:$T/fifo"
says "a base that is a fifo" 1 'not a regular file' prestart
state a $$ "$(printf 'of:%s;mode:\033[2J' "$T/out/x")"
says "escape sequences are not let through" 1 'x1b' prestart

# Directories
state a "$(cat "$T/dead")" "of:$T/out/x"
says "an allowed directory" 0 'No such process' prestart --dir "$T/out"
says "another one" 1 'not in a directory' prestart --dir /var/lib/sctrace
state a "$(cat "$T/dead")" "of:$T/out/../x"
says "the way out of it" 1 '`[.][.]` is not allowed' prestart --dir "$T/out"
ln -s / "$T/out/root"
state a "$(cat "$T/dead")" "of:$T/out/root/x"
says "a link out of it" 1 'directory' prestart --dir "$T/out"
state a "$(cat "$T/dead")" "of:$T/out/x;if:/etc/passwd"
says "a base elsewhere" 1 'not in a directory' prestart --dir "$T/out"
ok "a base directory" mkdir "$T/bases"
echo '{"defaultAction":"SCMP_ACT_ERRNO"}' >"$T/bases/b.json"
state a "$(cat "$T/dead")" "of:$T/out/x;if:$T/bases/b.json"
says "a base in its directory" 0 'No such process' prestart --dir "$T/out" --base-dir "$T/bases"
says "the base directory is not for the outcome" 1 'not in a directory' prestart \
	--dir "$T/none" --base-dir "$T/bases"
cp "$T/bases/b.json" "$T/out/b.json"
state a "$(cat "$T/dead")" "of:$T/out/x;if:$T/out/b.json"
says "a base where only the outcome may be" 1 'not in a directory' prestart \
	--dir "$T/out" --base-dir "$T/bases"
rm "$T/out/b.json"
state a "$(cat "$T/dead")" "of:$T/out/x;mode:permissive"
says "mode:permissive where it is not wanted" 1 'not allowed' prestart --no-permissive

# The module
mkdir -p /etc/modprobe.d
cleanup 'rm -f /etc/modprobe.d/no-sctrace.conf'
echo 'install sctrace /bin/false' >/etc/modprobe.d/no-sctrace.conf
[ ! -d /sys/module/sctrace ] || unload_module
state a $$ "of:$T/out/x"
says "a module that cannot be loaded" 0 'cannot be loaded.*not affected' prestart
state a $$ "of:$T/out/x;strict"
says "with strict" 1 'cannot be loaded' prestart
state a "" "of:$T/out/x"
says "at the end without one" 0 'nothing was recorded' poststop
rm /etc/modprobe.d/no-sctrace.conf

# Namespaces
state a $$ "of:$T/out/x"
says "the host's PID namespace" 0 '--pid=host' prestart
ok "the module was loaded" test -d /sys/module/sctrace
begin one
nsenter -t "$PID" -p sleep 100 &
sleeper=$!
poll_until 60 pgrep -P $sleeper sleep >/dev/null
state a "$(pgrep -P $sleeper sleep)" "of:$T/out/x"
says "another container's PID namespace" 0 'shares the PID namespace' prestart
kill "$(pgrep -P $sleeper sleep)"

# podman without root runs its hooks as a user who is root only in a namespace of
# his own
AS="unshare -U -r"
state a "$PID" "of:$T/out/x"
says "a rootless container" 0 'other than root.*CAP_SYS_ADMIN.*not affected' prestart
says "with --strict" 1 'other than root' prestart --strict
says "at its end" 0 'nothing was recorded.*other than root' poststop
AS=

is "$(labelled)" "" "nothing is held so far"
is "$(ls "$T/out")" "$(printf 'link\nroot')" "and nothing was written"

# What podman asks before there is a container: nothing is taken away where nothing
# will be recorded, and the reason can be told while somebody reads it

# config JQ MORE - the configuration, changed by JQ, MORE added to the annotation
config()
{
	jq -c --arg a "of:$T/out/x;mode:permissive$2" ".annotations = {\"$KEY\": \$a} |
		.linux.seccomp = {defaultAction: \"SCMP_ACT_ERRNO\"} | $1" \
		"$T/b/config.json" >"$T/state"
}

# plan_is NAME STATUS ERE - precreate ends with it, says one line, and hands on the
# configuration as it was when the status is 0
plan_is()
{
	_st=0
	hook precreate >"$LIB_OUT" 2>"$LIB_ERR" || _st=$?
	[ $_st != 0 ] || cmp "$LIB_OUT" "$T/state" >>"$LIB_ERR" 2>&1
	is "$_st $(grep -c -E -e "$3" "$LIB_ERR") $(wc -l <"$LIB_ERR")" "$2 1 1" "$1"
}
host='del(.linux.namespaces[] | select(.type == "pid"))'
joined='(.linux.namespaces[] | select(.type == "pid")).path = "/proc/1/ns/pid"'
id=$(printf %064d 7)
for shared in "$host" "$joined"; do
	config "$shared | .linux.cgroupsPath = \"/no/$id\"" ';strict'
	ok "the plan of a container that shares its PID namespace" hook precreate
	is "$(sctrace-nl show --label "$id" --json |
		jq -c '[.record.cgroup, .record.starts, (.syscalls | length)]')" \
		"[\"/no/$id\",0,0]" "its cgroup is waited for"
	sctrace-nl forget --label "$id"
done
config . ''
AS="unshare -U -r"
plan_is "of a rootless one" 0 'other than root.*not affected'
AS=
ok "of one that can be recorded" hook precreate
is "$(jq -c .linux.seccomp.defaultAction "$LIB_OUT")" '"SCMP_ACT_ALLOW"' "it gets the filter it asks for"
is "$(jq -c 'del(.linux.seccomp)' "$LIB_OUT")" "$(jq -c 'del(.linux.seccomp)' "$T/state")" "and nothing else"

# From the start to the end
# (what somebody left there, for all to write, does not stay his)
echo old >"$T/out/one.json"
chown 65534:65534 "$T/out/one.json"
chmod 666 "$T/out/one.json"
state one "$PID" "of:$T/out/one.json;report:$T/out/one.report"
ok "a container is recorded" hook prestart
is "$(cat "$LIB_ERR")" "" "without a word"
is "$(labelled)" "one " "its record has its ID"
ok "to be told twice changes nothing" hook createRuntime
not_ok "the module stays" rmmod sctrace
finish one
ok "at its end" hook poststop
is "$(jq -r '[.syscalls[].names[]] | index("mkdir") != null' "$T/out/one.json")" true "its profile is written"
is "$(jq -r '.filter, .whole, .container' "$T/out/one.report" | tr '\n' ' ')" "permissive true one " "and its report"
is "$(stat -c '%a %u %g' "$T/out/one.json")" "644 0 0" "with a sane mode and owner"
is "$(labelled)" "" "the record is gone"
before=$(stat -c '%i %Y' "$T/out/one.json")
says "told twice" 0 'no record of it' poststop
is "$(stat -c '%i %Y' "$T/out/one.json")" "$before" "the profile is untouched"
state two "" "of:$T/out/two.json"
says "an end without a start" 0 'no record of it' poststop
says "with --strict" 1 'no record of it' poststop --strict
not_ok "nothing is written" test -e "$T/out/two.json"

# Two containers with one ID, then an end that is never told
begin two
state two "$PID" "of:$T/out/two.json"
ok "a container" hook prestart
mv "$T/b/pid" "$T/b/pid2"
begin other
state two "$PID" "of:$T/out/two.json"
says "another one with its ID" 0 'another container with this ID' prestart
state three "$(cat "$T/b/pid2")" "of:$T/out/three.json"
says "another ID for the same" 0 'recorded already, with the label `two`' prestart
delete_container crun two
state two "$PID" "of:$T/out/two.json;format:podman"
says "the first has ended untold" 0 'whose end was never told' prestart
is "$(labelled)" "two " "the second is recorded"

# It hangs or crashes, and only the annotation has asked for strict: another holds
# the lock under which profiles are written
finish other
state two "$PID" "of:$T/out/two.json;format:podman;strict"
flock /run/sctrace-hook.lock sleep 1000 &
locker=$!
locked()
{
	! flock -n /run/sctrace-hook.lock true
}
poll_until 60 locked
says "strict, and it hangs" 1 "gave up after 1 seconds" poststop --timeout 1
state two "$PID" "of:$T/out/two.json;format:podman"
says "without strict" 0 "gave up after 1 seconds" poststop --timeout 1
# crash ANNOTATION - the hook, whose child is shot while it waits; its status
crash()
{
	state two "$PID" "of:$T/out/two.json;format:podman$1"
	sctrace-nl hook poststop <"$T/state" &
	_hook=$!
	poll_until 60 waits_for_lock $_hook
	kill -SEGV "$(pgrep -P $_hook)"
	wait $_hook
}
waits_for_lock() { _child=$(pgrep -P "$1") && grep -q flock "/proc/$_child/wchan" "/proc/$_child/stack"; }
exit_is 1 "strict, and it crashes" crash ";strict"
like "$(cat "$LIB_ERR")" "crashed with signal 11" "the reason is told"
exit_is 0 "without strict" crash ""
like "$(cat "$LIB_ERR")" "crashed with signal 11" "it is told as well"
pkill -P $locker sleep
wait $locker
is "$(labelled)" "two " "the record is still there"
state two "$PID" "of:$T/out/two.json;format:podman"

# Its end, with nowhere to write; in another dialect
mv "$T/out" "$T/away"
says "the directory is gone" 0 'record is kept' poststop
is "$(labelled)" "two " "the record is not"
mv "$T/away" "$T/out"
ok "it is back" hook poststop
is "$(jq -r '[.syscalls[].names[]] | index("mkdir") != null' "$T/out/two.json")" true "nothing was lost"
is "$(jq -r .defaultErrno "$T/out/two.json")" ENOSYS "in podman's dialect"
is "$(ls -A "$T/out")" "$(printf 'link\none.json\none.report\nroot\ntwo.json')" "nor left over"

# A program that never ran
begin four
state four "$PID" "of:$T/out/four.json"
ok "a container that is not started" hook prestart
delete_container crun four
says "has no profile" 0 'never ran' poststop
not_ok "not even an empty one" test -e "$T/out/four.json"
is "$(labelled)" "" "and leaves no record"

# CRI-O: its hooks as they stand there, and annotations as it hands them on
crio()
{
	eval "set -- $(jq -r '.hook | [.path] + .args[1:] | @sh' \
		"$SCTRACE_SRC/contrib/crio/hooks.d/sctrace-$1.json" |
		sed "s,/usr/bin/sctrace-nl,$SCTRACE_NL,g")"
	"$@" <"$T/state"
}

# pod ID NAME ANNOTATIONS
pod()
{
	jq -cn --arg id "$1" --argjson pid "$PID" --arg b "$T/b" --arg n "$2" \
		"{ociVersion: \"1.0.2\", id: \$id, pid: \$pid, bundle: \$b, annotations: ({
		\"io.container.manager\": \"cri-o\", \"io.kubernetes.container.name\": \$n,
		\"io.kubernetes.cri-o.ContainerType\": \"container\"} + $3)}" >"$T/state"
}
mkdir -p /var/lib/sctrace
begin web
pod web web "{\"$KEY\": \"of:$T/out/web.json\"}"
exit_is 1 "CRI-O: elsewhere than below /var/lib/sctrace" crio prestart
like "$(cat "$LIB_ERR")" 'not in a directory' "is refused"
pod web web "{\"$KEY\": \"of:/var/lib/sctrace/web.json\",
	\"$KEY/db\": \"of:/var/lib/sctrace/db.json\"}"
jq -c '.annotations["io.kubernetes.cri-o.ContainerType"] = "sandbox"' "$T/state" >"$T/infra"
mv "$T/state" "$T/keep"
mv "$T/infra" "$T/state"
ok "CRI-O: the pod's own container" crio prestart
is "$(labelled)" "" "is not recorded"
mv "$T/keep" "$T/state"
ok "CRI-O: a container of a pod" crio prestart
is "$(labelled)" "web " "is recorded"
finish web
ok "its end" crio poststop
is "$(ls /var/lib/sctrace)" web.json "it has a profile, others have not"

# A module that is made to go
begin five
state five "$PID" "of:$T/out/five.json"
ok "one more" hook prestart
ok "its record is dropped by hand" sctrace-nl forget --label five
ok "so that the module can go" unload_module
finish five
says "it goes before the end" 0 'module is not loaded' poststop
not_ok "nothing is written" test -e "$T/out/five.json"

# Time
mkfifo "$T/open"
exec 3<>"$T/open"
exit_is 0 "nobody closes standard input: it does not wait for that" \
	timeout 60 sctrace-nl hook --timeout 1 prestart <&3
exec 3>&-
is "$(pgrep -f 'sctrace-nl hook')" "" "no process is left"
done_testing
