# SPDX-License-Identifier: GPL-2.0
#
# Where Debian is to be had from: this machine's own apt sources say. Sourced
# by lab. SCTRACE_MIRROR and SCTRACE_MIRROR_SECURITY override what is found.

# apt_entries [FILE...] - print "URI SUITE SIGNED-BY COMPONENTS..." for every
# binary entry of these apt source files (default: the machine's), whichever of
# apt's two formats they are in.
apt_entries()
{
	if [ $# = 0 ]; then
		ae_dir=$(apt-config shell D Dir::Etc/f | sed "s/^D='//; s/'$//")
		: "${ae_dir:=/etc/apt}"
		set -- "$ae_dir"/sources.list \
			"$ae_dir"/sources.list.d/*.list \
			"$ae_dir"/sources.list.d/*.sources
	fi
	for ae_f in "$@"; do
		[ -r "$ae_f" ] || continue
		case $ae_f in
		*.sources)
			# A field goes on in lines that begin with a blank.
			awk '
			function flush(	n, m, i, j, u, s) {
				if (f["types"] ~ /(^| )deb( |$)/ &&
				    tolower(f["enabled"]) !~ /no|false|0/) {
					n = split(f["uris"], u, " ")
					m = split(f["suites"], s, " ")
					sb = f["signed-by"]
					if (sb == "" || sb ~ /BEGIN/)
						sb = "-"
					sub(/^ +/, "", sb)
					gsub(/[ ,].*/, "", sb)
					for (i = 1; i <= n; i++)
						for (j = 1; j <= m; j++)
							print u[i], s[j], sb, \
								f["components"]
				}
				delete f
			}
			/^#/ { next }
			/^[ \t]*$/ { flush(); next }
			/^[ \t]/ { f[k] = f[k] " " $0; next }
			{
				k = tolower($0)
				sub(/[ \t]*:.*/, "", k)
				v = $0
				sub(/^[^:]*:[ \t]*/, "", v)
				gsub(/\t/, " ", v)
				f[k] = v
			}
			END { flush() }' "$ae_f"
			;;
		*)
			awk '
			{ sub(/#.*/, "") }
			$1 == "deb" {
				sb = "-"
				line = $0
				sub(/^[ \t]*deb[ \t]+/, "", line)
				if (line ~ /^\[/) {
					opt = line
					sub(/\].*/, "", opt)
					sub(/^\[/, "", opt)
					sub(/^[^]]*\][ \t]*/, "", line)
					n = split(opt, o, " ")
					for (i = 1; i <= n; i++)
						if (o[i] ~ /^signed-by=/) {
							sb = o[i]
							sub(/^[^=]*=/, "", sb)
							sub(/,.*/, "", sb)
						}
				}
				n = split(line, w, " ")
				printf "%s %s %s", w[1], w[2], sb
				for (i = 3; i <= n; i++)
					printf " %s", w[i]
				print ""
			}' "$ae_f"
			;;
		esac
	done
}

# mirror_candidates archive|security [FILE...] - the URIs that may serve Debian,
# the likeliest first, none twice. What is not Debian is told by its suite
# (docker's or postgresql's are not called so) and by its components.
mirror_candidates()
{
	mc_kind=$1
	shift
	apt_entries "$@" | awk -v kind="$mc_kind" '
	{
		uri = $1
		sub(/\/+$/, "", uri)
		main = 0
		for (i = 4; i <= NF; i++)
			if ($i == "main")
				main = 1
		if (!main || uri ~ /^cdrom:/)
			next
		base = $2
		isec = base ~ /(-security|\/updates)$/
		sub(/(-security|-updates|-backports|-proposed-updates|\/updates)$/, "", base)
		if (base !~ /^(buster|bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable|oldoldstable)$/)
			next
		if ((kind == "security") != isec)
			next
		score = 0
		if ($3 ~ /debian-archive/)
			score += 2
		if (uri ~ /\/debian(-security|-archive)?(\/|$)/)
			score += 1
		print score, NR, uri
	}' | sort -k1,1nr -k2,2n | awk '!seen[$3]++ { print $3 }' |
	while read -r mc_uri; do
		case $mc_uri in
		mirror+file:*)
			# apt takes a file with one mirror a line.
			sed 's/#.*//; s/[ \t].*//; s,/*$,,; /^$/d' \
				"${mc_uri#mirror+file:}" 2>/dev/null || :
			;;
		*)
			echo "$mc_uri"
			;;
		esac
	done
}

# have_suite URI SUITE - does this mirror carry it?
have_suite()
{
	hs_tmp=$(mktemp -d) || return 1
	hs_rc=1
	for hs_f in InRelease Release; do
		if (cd "$hs_tmp" && /usr/lib/apt/apt-helper \
			-o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
			-o APT::Sandbox::User=root \
			download-file "$1/dists/$2/$hs_f" "$hs_tmp/$hs_f" \
			>/dev/null 2>&1) && [ -s "$hs_tmp/$hs_f" ]; then
			hs_rc=0
			break
		fi
	done
	rm -rf "$hs_tmp"
	return $hs_rc
}

# suite_sources SUITE [BACKPORTS] - print the one-line apt sources for a root of
# this suite: the archive, and its updates, security and backports suites where
# the mirror has them (a suite past its support may have lost them; the
# backports one is a must when asked for).
suite_sources()
{
	ss_suite=$1
	ss_bpo=${2-}
	ss_arch=
	for ss_u in ${SCTRACE_MIRROR:-$(mirror_candidates archive)}; do
		if have_suite "$ss_u" "$ss_suite"; then
			ss_arch=$ss_u
			break
		fi
	done
	if [ -z "$ss_arch" ]; then
		echo "lab: none of this machine's apt sources serves Debian $ss_suite; set SCTRACE_MIRROR to a mirror that does" >&2
		return 1
	fi
	echo "deb [arch=amd64] $ss_arch $ss_suite main"
	if have_suite "$ss_arch" "$ss_suite-updates"; then
		echo "deb [arch=amd64] $ss_arch $ss_suite-updates main"
	fi
	# A mirror usually keeps the security archive beside the main one.
	for ss_u in ${SCTRACE_MIRROR_SECURITY:-$(mirror_candidates security)} \
		"${ss_arch%/debian}/debian-security"; do
		if have_suite "$ss_u" "$ss_suite-security"; then
			echo "deb [arch=amd64] $ss_u $ss_suite-security main"
			break
		fi
	done
	if [ -n "$ss_bpo" ]; then
		if ! have_suite "$ss_arch" "$ss_bpo"; then
			echo "lab: $ss_arch has no $ss_bpo" >&2
			return 1
		fi
		echo "deb [arch=amd64] $ss_arch $ss_bpo main"
	fi
}
