# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# For the tests of records of cgroups: the module is loaded, and there are cgroups. Source it
# after lib.sh.

T=$TMPDIR
CG=${CGROOT:-/sys/fs/cgroup}/sctrace-test
IN=$CG/in OUT=$CG/out
# ways into a cgroup, for cgmove; there is no CLONE_INTO_CGROUP before Linux 5.7
if have_kernel 5.7; then
	WAYS="self child clone3 threads" SPAWN=spawn
else
	WAYS="self child threads" SPAWN=bring
fi

load_module || bail "the module does not load"
cleanup unload_module
cleanup "find $CG -depth -type d -delete 2>/dev/null"
mkdir -p $IN/sub $OUT || bail "no cgroups"
