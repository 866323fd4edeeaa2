# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# Debian packages of suites that this machine does not run: fetched with an apt
# state of our own, never installed. Sourced with $top and $tmp set.

. "$top/tests/lab/mirror.sh"

# get SUITE PACKAGE... - fetch into $tmp/deb
get()
{
	g_suite=$1
	shift
	g_dir=$tmp/apt-$g_suite
	mkdir -p "$tmp/deb"
	if [ ! -e "$g_dir" ]; then
		mkdir -p "$g_dir/state/lists/partial" "$g_dir/cache/archives/partial"
		: >"$g_dir/status"
		suite_sources "$g_suite" |
			sed 's,arch=amd64,& signed-by=/usr/share/keyrings/debian-archive-keyring.gpg,' \
				>"$g_dir/sources"
		cat >"$g_dir/conf" <<-EOC
			Dir::State "$g_dir/state";
			Dir::State::status "$g_dir/status";
			Dir::Cache "$g_dir/cache";
			Dir::Etc::sourcelist "$g_dir/sources";
			Dir::Etc::sourceparts "/dev/null";
			Dir::Etc::preferencesparts "/dev/null";
			APT::Architecture "amd64";
			APT::Architectures { "amd64"; };
			APT::Sandbox::User "root";
			Acquire::Check-Valid-Until "false";
			Acquire::Languages "none";
			Acquire::Retries "3";
		EOC
		APT_CONFIG=$g_dir/conf apt-get -q --error-on=any update >"$g_dir/log" 2>&1 ||
			{ cat "$g_dir/log" >&2; return 1; }
	fi
	(cd "$tmp/deb" && APT_CONFIG=$g_dir/conf apt-get -q download "$@") \
		>>"$g_dir/log" 2>&1 || { cat "$g_dir/log" >&2; return 1; }
}
