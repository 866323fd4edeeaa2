# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile at the top.

.PHONY: check-debug fuzz-netlink

check-debug:	## run the guest tests and storms on kernels with KASAN, lockdep, ... (as root)
	scripts/bootstrap
	tests/debug/check-debug

fuzz-netlink:	## fuzz the netlink family in a debug guest (as root)
	scripts/bootstrap
	tests/fuzz/netlink/run
