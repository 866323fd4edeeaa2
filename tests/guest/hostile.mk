# SPDX-License-Identifier: GPL-2.0
# Programs of the hostile tests (70-*.t), part of tests/guest/Makefile.

.DEFAULT_GOAL := all

HOSTILE	:= storm callers wild

storm callers wild: %: %.c nlraw.c nlraw.h ../../kmod/uapi/sctrace.h
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $< nlraw.c
