# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: against what is in the field and in no guest root.

.PHONY: check-field check-corpus check-drift

check-field:		## what is in the field: shipped profiles, newer runtimes (fetches packages)
	scripts/bootstrap
	tests/field/profiles
	tests/field/runtimes

check-corpus:		## real programs, sandboxes and tracers that no guest root has (fetches packages)
	scripts/bootstrap
	tests/field/programs

check-drift:		## 50 runs of redis and of nginx have no drift from 3 others (fetches packages)
	scripts/bootstrap
	TESTS=49-drift.t LIMIT=3600 APPEND=DRIFT_RUNS=50 tests/field/programs 6.1
