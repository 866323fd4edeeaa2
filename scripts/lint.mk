# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile at the top.

.PHONY: lint

lint:		## what machines can see in the sources (as root: installs the tools)
	scripts/lint
