// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers of the watched calls in the other ABI that the kernel runs. In a file of its
 * own: on most architectures their names are those of the kernel's own numbers, so nothing
 * may be included that has these.
 */
#include "uapi/watched.h"

extern const char *const sctrace_numbers32[SCTRACE_WATCHED_ROWS];

#if defined(CONFIG_X86_64) && defined(CONFIG_COMPAT)
#include <asm/unistd_32_ia32.h>
#define NUMBER(call)	__NR_ia32_##call
#elif defined(CONFIG_ARM64) && defined(CONFIG_COMPAT)
#include <asm/unistd32.h>
#elif (defined(CONFIG_PPC64) || defined(CONFIG_S390)) && defined(CONFIG_COMPAT) && \
	defined(__has_include)
/* 5.0 on powerpc, 4.16 on s390. On older ones no call of that ABI is watched */
#if __has_include(<asm/unistd_32.h>)
#include <asm/unistd_32.h>
#endif
#elif defined(CONFIG_RISCV) && defined(CONFIG_COMPAT)
/* The generic numbers are the same, and so is what becomes of them */
#include <asm/unistd.h>
#endif

#ifndef NUMBER
#define NUMBER(call)	__NR_##call
#endif

/* A name that is no macro stays as it is: then there is no such call */
#define TEXT(number)	TEXT_OF(number)
#define TEXT_OF(text)	#text
#define ROW(row, call, where, how, bits, first, num)			\
	[SCTRACE_ROW_##row] = TEXT(NUMBER(call)),

const char *const sctrace_numbers32[SCTRACE_WATCHED_ROWS] = {
	SCTRACE_WATCHED_CALLS(ROW)
};
