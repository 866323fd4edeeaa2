# SPDX-License-Identifier: GPL-2.0
#
# Numbers of 64 bits, as hexadecimal digits: awk's own have 53. And the table of the watched
# calls. Source it before another program.
#
#	hex(TEXT)		the digits of "0x1f", "017" or "23": "1f", "f", "17"
#	low(HEX) high(HEX)	the lower 32 bits, and what is above them: "" when nothing is
#	or_hex(A, B)
#	bit(HEX, N)		is bit N set?
#	watched_line()		reads a line of uapi/watched.h: how["socket"] and first, num, bits,
#				where

function digit(c)
{
	return index("0123456789abcdef", c) - 1
}

function trim(h)
{
	sub(/^0+/, "", h)
	return h == "" ? "0" : h
}

# Of a number that has no more than 32 bits
function hex(text,    base, n, i, h)
{
	if (text ~ /^0x/)
		return trim(substr(text, 3))
	base = text ~ /^0/ ? 8 : 10
	for (i = 1; i <= length(text); i++)
		n = n * base + digit(substr(text, i, 1))
	do {
		h = substr("0123456789abcdef", n % 16 + 1, 1) h
		n = int(n / 16)
	} while (n)
	return h
}

function low(h)
{
	return length(h) > 8 ? trim(substr(h, length(h) - 7)) : h
}

function high(h)
{
	return length(h) > 8 ? substr(h, 1, length(h) - 8) : ""
}

function or_hex(a, b,    i, n, x, y, d, bits, out)
{
	n = length(a) > length(b) ? length(a) : length(b)
	while (length(a) < n)
		a = "0" a
	while (length(b) < n)
		b = "0" b
	for (i = 1; i <= n; i++) {
		x = digit(substr(a, i, 1))
		y = digit(substr(b, i, 1))
		d = 0
		for (bits = 1; bits < 16; bits *= 2)
			if (int(x / bits) % 2 || int(y / bits) % 2)
				d += bits
		out = out substr("0123456789abcdef", d + 1, 1)
	}
	return trim(out)
}

function bit(h, n,    at, d)
{
	at = length(h) - int(n / 4)
	if (at < 1)
		return 0
	d = digit(substr(h, at, 1))
	for (n %= 4; n; n--)
		d = int(d / 2)
	return d % 2
}

function watched_line(    part)
{
	if ($0 !~ /^\tW\(/)
		return
	gsub(/^\tW\(|\)|[ \t\\]/, "")
	split($0, part, ",")
	# The ABIs of this machine: no s390
	if (part[3] == "S390")
		return
	where[part[2]] = part[3]
	how[part[2]] = part[4]
	bits[part[2]] = part[5]
	first[part[2]] = part[6]
	num[part[2]] = part[7]
}

# unite(LINE)		takes a line of `nl values`: "ABI NR KIND enum 0=2 1u=1 2=0"
# tell_united()		prints those of one call and kind as one: upper halves, and flags
function unite(line,    part, n, i, key, mark, is_flags, at)
{
	n = split(line, part, " ")
	is_flags = part[4] == "flags"
	key = part[1] " " part[2] " " part[3] " " part[4]
	for (i = 5; i <= n; i++) {
		at = index(part[i], "=")
		mark = substr(part[i], 1, at - 1)
		united_upper[i] = sub(/u$/, "", mark)
		key = key " " mark (is_flags ? "" : "=" substr(part[i], at + 1))
	}
	if (!(key in united))
		united[key] = ""
	for (i = 5; i <= n; i++) {
		if (united_upper[i])
			upper[key, i] = 1
		if (is_flags)
			united[key] = or_hex(united[key], substr(part[i], at + 1))
	}
}

function tell_united(    key, part, n, i, at, text)
{
	for (key in united) {
		n = split(key, part, " ")
		text = part[1] " " part[2] " " part[3] " " part[4]
		for (i = 5; i <= n; i++) {
			at = index(part[i], "=")
			if (!at)
				text = text " " part[i] ((key, i) in upper ? "u=" : "=") united[key]
			else
				text = text " " substr(part[i], 1, at - 1) \
					((key, i) in upper ? "u" : "") substr(part[i], at)
		}
		print text
	}
}
