# SPDX-License-Identifier: GPL-2.0
#
# awk -v init=PID -f exact.awk unistd_64.h TRACE TRACE
#
# What `strace -f -n --pidns-translation` saw in the PID namespace whose init had PID, as
# the module should have recorded it: lines "ABI NR KIND". KIND is w, workload; s, setup;
# c and d, the same under another seccomp filter than the init, or the process from
# outside, came with.
#
# TRACE is read twice: a child's first call may stand before its parent's clone() returns.
#
# strace tells a number's name, not its ABI: below 424 the pair is i386's when it is not
# x86-64's; from 424 on the two share number and name, and the ABI is that of the
# process's last call.

FNR == 1 { file++ }
file == 1 {
	if ($1 == "#define" && $2 ~ /^__NR_/)
		name64[$3] = substr($2, 6)
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
file == 2 {
	if (first == "")
		first = pid
	if (!(pid in parent) && pid != first) {
		parent[pid] = forker
		if (args[forker] ~ /CLONE_THREAD/)
			thread[pid] = 1
	}
	if (entered && name ~ /^(clone|clone3|fork|vfork)$/)
		forker = pid
	if (!returned || name !~ /^(clone|clone3|fork|vfork)$/ || ret + 0 <= 0)
		next
	child = ret + 0
	if (match(ret, /[0-9]+ in strace/))
		child = substr(ret, RSTART) + 0
	parent[child] = pid
	if (args[pid] ~ /CLONE_THREAD/)
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
	print abi[pid], nr, substr("wcsd", 1 + 2 * setup + (filters[pid] != base[pid]), 1)
}
returned && ret !~ /^[-?]/ {
	if (name ~ /^execve(at)?$/) {
		joiner[pid] = 0
		if (pid == init)
			begun = 1
	} else if (name == "setns" && args[pid] ~ /CLONE_NEWPID/) {
		joins[pid] = 1
	} else if (args[pid] ~ /^(prctl\(PR_SET_SECCOMP|seccomp\(SECCOMP_SET_MODE_FILTER)/) {
		filters[pid]++
		for (t in group)
			if (args[pid] ~ /TSYNC/ && group[t] == group[pid])
				filters[t] = filters[pid]
	}
}
