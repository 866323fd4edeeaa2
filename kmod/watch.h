/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a watched call was made with. uapi/watched.h says which calls are watched.
 */
#ifndef _SCTRACE_WATCH_H
#define _SCTRACE_WATCH_H

#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/types.h>

#include "abi.h"
#include "compat.h"
#include "table.h"
#include "uapi/watched.h"

/* In the place of a row: the number is not watched */
#define SCTRACE_NO_ROW		0xff

/**
 * struct sctrace_args - a call, and what it was made with
 * @arch: its ABI
 * @nr: its number there; negative: none that a set can hold
 * @row: enum sctrace_watched_row, or SCTRACE_NO_ROW
 * @unreadable: what its argument points to could not be read
 * @exact: the fast path can look for @raw and @third
 * @upper: as in struct sctrace_value
 * @third: of several arguments the last
 * @value: the argument as the kernel looks at it; of several the first, and argument 1
 *	above it
 * @raw: the argument as it is in its register; of several as @value
 */
struct sctrace_args {
	u32 arch;
	int nr;
	u8 row;
	bool unreadable;
	bool exact;
	u8 upper;
	u32 third;
	u64 value;
	u64 raw;
};

/* The rows */
extern const struct sctrace_watched sctrace_watched[SCTRACE_WATCHED_ROWS];

/* The numbers of the calls of all rows in the other ABI, as text; watch32.c */
extern const char *const sctrace_numbers32[SCTRACE_WATCHED_ROWS];

/*
 * A register has a place: where it is in pt_regs, in words, from 1 on.
 *
 * These are for the fast path, by number, in the kernel's own ABI and in the other: the
 * place of the first watched argument; less SCTRACE_PLACE_MORE, and so below zero, when
 * there are more, or none.
 */
#define SCTRACE_PLACE_MORE	128
extern s8 sctrace_places[2][SCTRACE_SEEN_MAX];

#define SCTRACE_PLACE(reg)						\
	(offsetof(struct pt_regs, reg) / sizeof(unsigned long) + 1)

/* The places of all arguments, in the kernel's own ABI and in the other */
static const u8 sctrace_arg_places[2][6] __maybe_unused = {
	SCTRACE_ARGS_NATIVE(SCTRACE_PLACE),
	SCTRACE_ARGS_FOREIGN(SCTRACE_PLACE),
};

/* Arguments of the other ABI have 32 bits. The kernel does not clear what is above them */
static __always_inline unsigned long
sctrace_register(const struct pt_regs *regs, long place, bool foreign)
{
	unsigned long reg = ((const unsigned long *)regs - 1)[place];

	return foreign ? (u32)reg : reg;
}

#ifdef __LITTLE_ENDIAN
#define SCTRACE_UPPER_HALF	1
#else
#define SCTRACE_UPPER_HALF	0
#endif

/* Its upper half, where there is one */
static __always_inline u32 sctrace_register_upper(const struct pt_regs *regs,
						  long place)
{
#if !defined(CONFIG_64BIT)
	return 0;
#else
	const unsigned long *reg = (const unsigned long *)regs - 1 + place;

	return ((const u32 *)reg)[SCTRACE_UPPER_HALF];
#endif
}

/* Do long arguments have 64 bits in an ABI? */
static inline bool sctrace_arch_wide(u32 arch)
{
	return IS_ENABLED(CONFIG_64BIT) &&
	       (arch == SCTRACE_ARCH_NATIVE || arch == SCTRACE_ARCH_X32);
}

void sctrace_watch_init(void);
int sctrace_watch_number(u32 arch, unsigned int row);
void sctrace_args_read(struct sctrace_args *args, struct task_struct *tsk,
		       long id, bool entering);

#endif /* _SCTRACE_WATCH_H */
