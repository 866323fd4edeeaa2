# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: kernels of other architectures and flavours.

.PHONY: check-matrix matrix-docs

check-matrix:		## all kernels of tests/matrix/cells, DKMS, packages (as root, long)
	scripts/bootstrap
	scripts/bootstrap-matrix
	tests/matrix/dkms
	tests/matrix/packages
	tests/matrix/matrix run

matrix-docs:		## write the results of check-matrix into docs/kernels.md
	tests/matrix/matrix docs
