#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Real containers under crun and runc: the runtime's calls are setup, the
# program's are workload, and "confined" tells exactly those after the filter.
. "${SCTRACE_SRC:?}/tests/guest/lib.sh"

T=$TMPDIR
permissive_profile "$T/all.json"

# numbers SELECTOR KINDS - x86-64 numbers in one line
numbers()
{
	_n=$(./nl nrs -k "$2" "$1") || return
	printf '%s\n' "$_n" | awk 'NF { print ($1 == "x86_64" ? "" : $1 ":") $2 }' |
		sort -n | tr '\n' ' '
}

# has_none NAME "SET" NR... - none of the numbers is in the set
has_none()
{
	_name=$1 _set=" $2 " _found=
	shift 2
	for _n; do
		case $_set in
		*" $_n "*) _found="$_found $_n" ;;
		esac
	done
	is "$_found" "" "$_name"
}

# after_filter FILE MIN MAX - of strace's FILE: numbers that the process which
# put its filter in place called after that, up to its execve and including it.
# MIN: after the call that did it returned, MAX: after it was entered: what other
# threads entered between the two may be either. Each of a process's threads is
# found by the clone that made it.
after_filter()
{
	awk -v minfile="$2" -v maxfile="$3" '
	function name_of(line)
	{
		sub(/^[0-9]+ +\[ *-?[0-9]+\] /, "", line)
		return line
	}
	{
		text[NR] = $0
		pid = $1
		rest = name_of($0)
		# Threads: who made them, if as one of its own
		if (rest ~ /^clone3?\(.*CLONE_THREAD/ || (pid in pending)) {
			if (rest ~ / = [0-9]+/) {
				child = rest
				sub(/.* = /, "", child)
				sub(/[^0-9].*/, "", child)
				made[child] = pid
				delete pending[pid]
			} else if (rest ~ /^clone/) {
				pending[pid] = 1
			}
		}
		if (rest ~ /^(seccomp\(SECCOMP_SET_MODE_FILTER|prctl\(PR_SET_SECCOMP)/)
			entered[pid] = NR
		if ((pid in entered) && rest ~ / = -?[0-9]+/) {
			if (rest ~ / = 0$/ && !who) {
				who = pid
				from = entered[pid]
				to = NR
			}
			delete entered[pid]
		}
	}
	function leader(p)
	{
		while (p in made)
			p = made[p]
		return p
	}
	END {
		if (!who) {
			print "no filter seen" > "/dev/stderr"
			exit 1
		}
		group = leader(who)
		for (i = from + 1; i <= NR; i++) {
			split(text[i], w)
			if (leader(w[1]) != group)
				continue
			rest = name_of(text[i])
			if (rest !~ /^[a-z_0-9]+\(/)
				continue
			nr = text[i]
			sub(/^[0-9]+ +\[ */, "", nr)
			nr += 0
			print nr > maxfile
			if (i > to)
				print nr > minfile
			if (rest ~ /^execve\(/)
				exit 0
		}
		print "no execve after the filter" > "/dev/stderr"
		exit 1
	}' "$1"
}

load_module || bail "the module does not load"
cleanup unload_module

# in_pause PID - it has done all its calls and sits in the last
in_pause()
{
	grep -q '^34 ' "/proc/$1/syscall"
}

for rt in crun runc; do
	b=$T/$rt
	make_bundle "$b" -- /calls 39 102 104 500 34 || bail "no bundle"
	cp ./calls "$b/rootfs/calls"

	for filter in none all; do
		if [ $filter = all ]; then
			make_bundle "$b" --seccomp "$T/all.json" -- \
				/calls 39 102 104 500 34
			kinds=c none=w
		else
			kinds=w none=cd
		fi
		n="$rt, filter $filter"
		id=$rt-$filter
		ok "$n: a container, made" create_container $rt "$b" "$id"
		inum=$(container_inum "$b")
		pid=$(cat "$b/pid")
		nothing "$n: no workload before its program starts" \
			numbers "inum:$inum" wc
		ok "$n: started" start_container $rt "$id"
		ok "$n: it runs" poll_until 60 in_pause "$pid"
		is "$(numbers "inum:$inum" $kinds)" "34 39 102 104 500 " \
			"$n: the workload is the program's calls, nothing else"
		nothing "$n: or confined otherwise" numbers "inum:$inum" $none
		setup=$(numbers "inum:$inum" s)
		# mount umount2 sethostname
		for nr in 165 166 170; do
			like "$setup" "(^| )$nr " "$n: setup without filter has $nr"
		done
		setup=$(numbers "inum:$inum" sd)
		like "$setup" '(^| )59 ' "$n: execve is setup"
		unlike_of 'flags=[^ ]*(late|incomplete)' \
			"$n: the record is complete" ./nl get "inum:$inum"

		# Programs brought into it
		brought="501 502 "
		case $rt-$($rt --version) in
		runc-*rc93*)
			# It panics without a cgroup file system in the container
			skip 2 "this runc cannot exec into so bare a container"
			brought=
			;;
		*)
			ok "$n: exec" $rt exec "$id" /calls 501 502 1000
			is "$(numbers "inum:$inum" $kinds)" "34 39 102 104 231 500 501 502 1000 " \
				"$n: exec adds the program's calls, nothing else"
			;;
		esac
		ok "$n: nsenter" nsenter -t "$pid" -p ./calls 503
		is "$(numbers "inum:$inum" wc)" "34 39 102 104 231 500 ${brought}503 ${brought:+1000 }" \
			"$n: so does nsenter"
		like " $(numbers "inum:$inum" w)" " 503 " \
			"$n: which brought no filter along"
		# What either runtime does before its filter
		has_none "$n: nothing of a runtime's in what a profile is made of" \
			"$(numbers "inum:$inum" wcd)" 165 155 166 170 308 272
		delete_container $rt "$id"
		./nl forget "inum:$inum"
	done

	make_bundle "$b" --seccomp "$T/all.json" --nnp true -- /calls 39
	run_$rt "$b" nnp >/dev/null 2>&1
	# The newest record is the container's
	id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=calls .*/\1/p' | tail -n 1)
	is "$(numbers "id:$id" wc)" "39 231 " "$rt, no new privileges: the workload"
	like "$(numbers "id:$id" d)" '(^| )59 ' "$rt, no new privileges: execve"
	has_none "$rt, no new privileges: nothing from before the filter" \
		"$(numbers "id:$id" cd)" 165 155 166 170 308 272
	./nl forget "id:$id"

	# --- the confined setup is what strace saw after the filter
	make_bundle "$b" --seccomp "$T/all.json" -- /calls 39
	strace -f -n -s 0 -o "$T/strace" -e signal=none $rt run -b "$b" \
		"s-$rt" >/dev/null 2>"$T/err" </dev/null
	id=$(./nl dump | sed -n 's/^record id=\([0-9]*\) .* comm=calls .*/\1/p' | tail -n 1)
	ok "$rt: strace saw the filter" after_filter "$T/strace" "$T/min" "$T/max"
	./nl nrs -k d "id:$id" | sed -n 's/^x86_64 //p' | sort -u >"$T/got"
	sort -u "$T/min" >"$T/min.s"
	sort -u "$T/max" >"$T/max.s"
	is "$(comm -23 "$T/min.s" "$T/got" | tr '\n' ' ')" "" \
		"$rt: confined setup misses nothing of what strace saw"
	is "$(comm -13 "$T/max.s" "$T/got" | tr '\n' ' ')" "" \
		"$rt: and has nothing else ($(tr '\n' ' ' <"$T/got"))"
	./nl forget "id:$id"
done

done_testing
