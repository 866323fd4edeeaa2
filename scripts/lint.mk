# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile at the top.

.PHONY: lint

lint:		## sparse, checkpatch, cppcheck, gcc -fanalyzer, sh -n
	scripts/lint
