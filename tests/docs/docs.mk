# SPDX-License-Identifier: GPL-2.0
# Part of the Makefile: do the commands of the documents that take long work?

.PHONY: check-docs

check-docs:	## run what the documents say about guests and debug kernels (DOCS="words")
	scripts/bootstrap
	tests/docs/lab $(DOCS)
