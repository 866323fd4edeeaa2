# SPDX-License-Identifier: GPL-2.0
#
# awk -v init=PID -f values.awk -f exact.awk watched.h unistd_64.h net.h ipc.h TRACE TRACE
#
# What strace, as exact.sh runs it, saw in the PID namespace whose init had PID, as the
# module should have recorded it: lines "ABI NR KIND", and for each value of a watched call
# the line that `nl values` has, the flags of one call and kind together. KIND is w,
# workload; s, setup; c and d, the same under another seccomp filter than the init, or the
# process from outside, came with.
#
# TRACE is read twice: a child's first call may stand before its parent's clone() returns.
#
# Of i386's socketcall and ipc it tells the name of what is behind them, if it can. net.h and
# ipc.h have the number of that.
#
# strace tells a number's name, not its ABI: below 424 the pair is i386's when it is not
# x86-64's; from 424 on the two share number and name, and the ABI is that of the
# process's last call.

# Argument n of a call that is shown raw
function arg(text, n,    part)
{
	sub(/^[^(]*\(/, "", text)
	sub(/[) ]*<unfinished.*|\) +=.*/, "", text)
	split(text, part, ", ")
	return hex(part[n + 1])
}

# Those of clone and clone3; strace has clone's signal behind them
function clone_flags(text,    part, n, h)
{
	if (!match(text, /flags=[^,)} ]*/))
		return ""
	n = split(substr(text, RSTART + 6, RLENGTH - 6), part, "|")
	for (h = "0"; n; n--)
		h = or_hex(h, hex(part[n] == "SIGCHLD" ? 17 : part[n]))
	return h
}

function is_clone(name)
{
	return name ~ /^(clone|clone3|fork|vfork)$/
}

# A watched call was made
function value(key,    i, h, mark, text)
{
	if (how[name] == "POINTED") {
		# Where strace shows no flags the kernel has read none
		if (clone_flags(line) != "")
			unite(key " flags *0w=" clone_flags(line))
		return
	}
	for (i = first[name] + 0; i < first[name] + num[name]; i++) {
		h = name == "clone" ? clone_flags(line) : arg(line, i)
		mark = ""
		if (key ~ /^i386/) {
			# Of int 0x80 in a 64-bit program strace shows whole registers
			h = low(h)
		} else if (bits[name] == 32) {
			mark = high(h) == "" ? "" : "u"
			h = low(h)
		} else {
			mark = "w"
		}
		text = text " " i mark "=" h
	}
	unite(key " " (how[name] == "ENUM" ? "enum" : "flags") text)
}

FNR == 1 { file++ }
file == 1 { watched_line(); next }
file == 2 {
	if ($1 == "#define" && $2 ~ /^__NR_/)
		name64[$3] = substr($2, 6)
	next
}
# SYS_SOCKET; SEMOP
file == 3 || file == 4 {
	behind[file == 3 ? 102 : 117, tolower(substr($2, file == 3 ? 5 : 1))] = $3
	next
}
!/^[0-9]+ / { next }
{
	pid = $1
	line = $0
	sub(/^[0-9]+ +/, "", line)
	entered = returned = 0
	if (line ~ /^\[ *[0-9]+\] /) {
		sub(/^\[ */, "", line)
		nr = line + 0
		sub(/^[0-9]+\] /, "", line)
	}
	if (line ~ /^[a-z_0-9]+\(/) {
		entered = 1
		name = line
		sub(/\(.*/, "", name)
		args[pid] = line
		returned = line ~ /\) += /
	} else if (line ~ /^<\.\.\. [a-z_0-9]+ resumed>/) {
		returned = 1
		name = line
		sub(/^<\.\.\. /, "", name)
		sub(/ resumed>.*/, "", name)
		args[pid] = args[pid] line
	}
	if (returned) {
		ret = line
		sub(/.*\) += /, "", ret)
	}
}
# Who forked whom; a number in the parent's own namespace is translated, but for a child that
# was gone before strace could do so: that one is of who forked last
file == 5 {
	if (eldest == "")
		eldest = pid
	if (!(pid in parent) && pid != eldest) {
		parent[pid] = forker
		if (bit(clone_flags(args[forker]), 16))
			thread[pid] = 1
	}
	if (entered && is_clone(name))
		forker = pid
	if (!returned || !is_clone(name) || ret + 0 <= 0)
		next
	child = ret + 0
	if (match(ret, /[0-9]+ in strace/))
		child = substr(ret, RSTART) + 0
	parent[child] = pid
	if (bit(clone_flags(args[pid]), 16))
		thread[child] = 1
	next
}
!(pid in filters) {
	p = parent[pid]
	filters[pid] = filters[p] + 0
	abi[pid] = p in abi ? abi[p] : "x86_64"
	group[pid] = pid in thread ? group[p] : pid
	base[pid] = base[p] + 0
	inside[pid] = inside[p] || pid == init || joins[p]
	joiner[pid] = joiner[p] || (joins[p] && !inside[p])
	if (pid == init || (joins[p] && !inside[p]))
		base[pid] = filters[pid]
}
line ~ /^\+\+\+ superseded by execve in pid/ {
	from = line
	gsub(/[^0-9]/, "", from)
	filters[pid] = filters[from]
	abi[pid] = abi[from]
	base[pid] = base[from]
	joiner[pid] = joiner[from]
}
entered && inside[pid] {
	if (nr < 424)
		abi[pid] = name64[nr] == name ? "x86_64" : "i386"
	setup = joiner[pid] || !begun
	kind = substr("wcsd", 1 + 2 * setup + (filters[pid] != base[pid]), 1)
	print abi[pid], nr, kind
	if (abi[pid] == "i386" && (nr, name) in behind)
		unite(abi[pid] " " nr " " kind " enum 0=" hex(behind[nr, name]))
	else if (name in how && !(abi[pid] == "i386" && where[name] == "NEW_MMAP"))
		value(abi[pid] " " nr " " kind)
}
returned && ret !~ /^[-?]/ {
	if (name ~ /^execve(at)?$/) {
		joiner[pid] = 0
		if (pid == init)
			begun = 1
	} else if (name == "setns" && bit(arg(args[pid], 1), 29)) {
		joins[pid] = 1
	} else if (args[pid] ~ /^(prctl\(0x16|seccomp\(0x1),/) {
		filters[pid]++
		for (t in group)
			if (args[pid] ~ /^seccomp/ && bit(arg(args[pid], 1), 0) &&
			    group[t] == group[pid])
				filters[t] = filters[pid]
	}
}
END { tell_united() }
