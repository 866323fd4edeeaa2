# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: against what is in the field and in no guest root.

.PHONY: check-field

check-field:		## the profiles that podman and Docker ship (fetches packages)
	scripts/bootstrap
	tests/field/profiles
