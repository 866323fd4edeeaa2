# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile in the root.

.PHONY: bench bench-check

bench:		## measure what recording costs, and what others cost (as root)
	scripts/bootstrap
	tests/bench/run full
	tests/bench/table tests/results/bench/values
	tests/bench/check tests/results/bench/values

bench-check:	## the hot path against its budget (as root)
	tests/bench/hotpath.t
	tests/bench/check
