# SPDX-License-Identifier: GPL-2.0
# Programs of the hostile tests (70-*.t), part of tests/guest/Makefile.

.DEFAULT_GOAL := all

HOSTILE	:= storm callers wild nlfuzz

storm callers wild nlfuzz: %: %.c nlraw.c nlraw.h ../../kmod/uapi/sctrace.h
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $< nlraw.c
