# SPDX-License-Identifier: GPL-2.0
#
#	awk -v mode=MODE -f values.awk -f tryall.awk VALUES TRIED
#
# What a filter answered wrongly, one a line. VALUES: what `nl values` says of the record that
# the profile was made of; TRIED: what tryall printed under it. MODE: of --args. What was not seen
# and let through is wrong; with guard, which looks at no type of a socket, what was seen and
# refused is, too. clone3 is always refused: so that a program takes clone, which a filter can
# look into.

FNR == 1 { file++ }
file == 1 && $1 == "x86_64" && $3 ~ /^[wcd]$/ {
	for (i = 5; i <= NF && $4 == "enum"; i++)
		if ($i ~ /^0u?=/)
			seen[$2 " " substr($i, index($i, "=") + 1)] = 1
	if ($4 == "flags")
		flags[$2] = or_hex(flags[$2], substr($5, index($5, "=") + 1))
	if ($4 == "open")
		print "open: " $0
}
file == 2 && $3 ~ /^(done|refused)$/ {
	tried++
	was = ($1 " " $2) in seen
	for (i = 7; i < 32 && $1 ~ /^(56|272|308)$/; i++)
		if (bit($2, i) && bit(flags[$1], i))
			was = 1
	if (($3 == "refused") == was && (mode == "guard" || !was))
		print was ? "seen:" : "never seen:", $0
}
END { if (tried < 100) print "only " tried + 0 " were tried" }
