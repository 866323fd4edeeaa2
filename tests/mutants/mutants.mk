# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: are the tests worth anything?

.PHONY: mutants

mutants:		## plant faults, each must be caught (MUTANTS="unit" or names)
	scripts/bootstrap
	tests/mutants/run $(MUTANTS)
