# SPDX-License-Identifier: GPL-2.0
#
# awk -v seed=N [-v only32=1] -f values.awk -f random-values.awk watched.h unistd_64.h unistd_32.h
#
# Arguments of values.c: each watched call several times with random values, in random order,
# by both ABIs; with only32 for values32. None of them forks or ends anything: the rest of the
# arguments is -1, or what is named below.

# So many random digits
function digits(n,    h)
{
	while (n--)
		h = h substr("0123456789abcdef", int(rand() * 16) + 1, 1)
	return h
}

# A register: small, 32 bits, their sign handed on, rubbish above a small value, 64 bits
function register(    kind)
{
	kind = int(rand() * 5)
	if (kind == 0)
		return digits(2)
	if (kind == 1)
		return digits(8)
	if (kind == 2)
		return "ffffffff" digits(8)
	if (kind == 3)
		return digits(8) "000000" digits(2)
	return digits(16)
}

# strace tells not all of one that has a call of ipc in its lower half
function ipc(    h)
{
	h = register()
	return length(low(h)) > 2 ? or_hex(h, "8000") : h
}

# A call with what is watched of it
function call(prefix, nr, name,    i, h, text)
{
	if (name ~ /^clone/) {
		# The kernel refuses CLONE_FS with CLONE_NEWNS, and strace has no name of its own
		# for a signal above 64
		h = or_hex(register(), "20241")
		if (name == "clone3")
			return (prefix == "" ? "k" : "j") "0x" h ",64"
	}
	text = prefix nr
	for (i = 0; i < 6; i++) {
		if (i < first[name] || i >= first[name] + num[name])
			# Of no bytes
			text = text "," (name ~ /^mmap/ && i == 1 ? 0 : -1)
		else if (name == "clone")
			text = text ",0x" h
		else if (name == "unshare")
			# Not one of its flags
			text = text ",0x" or_hex(register(), "1")
		else if (name == "ipc")
			text = text ",0x" ipc()
		else
			text = text ",0x" register()
	}
	return text
}

# Values of a call, most of them more than once
function calls(prefix, nr, name,    i, n, pool)
{
	for (n = 0; n < 6; n++)
		pool[n] = call(prefix, nr, name)
	for (i = 0; i < 9; i++) {
		made = pool[int(rand() * n)]
		# From 424 on strace's ABI is that of the call before
		list[total++] = (nr < 424 ? "" : prefix (prefix == "i" || only32 ? 20 : 39) " ") made
	}
}

FNR == 1 { file++ }
file == 1 { watched_line(); next }
$1 == "#define" && $2 ~ /^__NR_/ {
	if (file == 2)
		nr64[substr($2, 6)] = $3
	else
		nr32[substr($2, 6)] = $3
}
END {
	srand(seed)
	for (name in how) {
		if (name in nr64 && !only32)
			calls("", nr64[name], name)
		if (name in nr32 && where[name] != "NEW_MMAP")
			calls(only32 ? "" : "i", nr32[name], name)
	}
	for (i = total - 1; i > 0; i--) {
		j = int(rand() * (i + 1))
		made = list[i]
		list[i] = list[j]
		list[j] = made
	}
	for (i = 0; i < total; i++)
		print list[i]
}
