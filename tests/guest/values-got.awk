# SPDX-License-Identifier: GPL-2.0
#
# awk -f values.awk -f values-got.awk WANT VALUES
#
# What `nl values` says, to be compared with WANT, the lines of exact.awk: flags as the union
# of all, and a number that is open because of its many values as WANT has it, when WANT has
# so many and all that was kept is there.

FNR == 1 { file++ }
file == 1 {
	want[$0] = 1
	if ($4 == "enum")
		wanted[$1 " " $2 " " $3]++
	next
}
$4 == "open" && $5 == "many" && wanted[$1 " " $2 " " $3] > 32 {
	open[$1 " " $2 " " $3] = 1
	next
}
$4 == "enum" || $4 == "flags" { unite($0); next }
{ print }
END {
	tell_united()
	for (line in want) {
		split(line, part, " ")
		if (part[4] == "enum" && (part[1] " " part[2] " " part[3]) in open)
			print line
	}
}
