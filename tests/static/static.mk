# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: the programs without shared libraries, and their archive.

.PHONY: check-static

check-static:	## boot each kernel with the static programs; install their archive; build twice (as root)
	scripts/bootstrap
	scripts/bootstrap-matrix amd64
	tests/static/boot
	tests/static/install
	tests/static/reproducible
