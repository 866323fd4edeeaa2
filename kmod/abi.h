/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which ABI a system call was made in, and its number there. An ABI is named by
 * its AUDIT_ARCH_* token.
 */
#ifndef _SCTRACE_ABI_H
#define _SCTRACE_ABI_H

#include <linux/audit.h>
#include <linux/compat.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "compat.h"
#include "uapi/sctrace.h"

/*
 * The kernel's own ABI, and the other one that it may run. syscall_get_arch()
 * would know, but takes one argument or another or none, depending on the
 * kernel, and gives riscv's 32-bit tasks the name of the 64-bit ones.
 */
#if defined(CONFIG_X86_64)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_X86_64
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_I386
#elif defined(CONFIG_X86_32)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_I386
#elif defined(CONFIG_ARM64)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_AARCH64
#ifdef CONFIG_CPU_BIG_ENDIAN
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_ARMEB
#else
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_ARM
#endif
#elif defined(CONFIG_ARM) && defined(CONFIG_CPU_BIG_ENDIAN)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_ARMEB
#elif defined(CONFIG_ARM)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_ARM
#elif defined(CONFIG_RISCV) && defined(CONFIG_64BIT)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_RISCV64
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_RISCV32
#elif defined(CONFIG_PPC64) && defined(__LITTLE_ENDIAN__)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_PPC64LE
#define SCTRACE_ARCH_COMPAT	(AUDIT_ARCH_PPC | __AUDIT_ARCH_LE)
#elif defined(CONFIG_PPC64)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_PPC64
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_PPC
#elif defined(CONFIG_S390)
#define SCTRACE_ARCH_NATIVE	AUDIT_ARCH_S390X
#define SCTRACE_ARCH_COMPAT	AUDIT_ARCH_S390
#else
#error "sctrace does not know the AUDIT_ARCH_* token of this architecture: name it here"
#endif

/**
 * sctrace_abi_foreign() - was the current call made in another ABI?
 * @tsk: current
 *
 * Leaves out x32, whose numbers are so high that no test for it is needed
 * where numbers are range-checked.
 *
 * Context: a task in a system call; any.
 */
static __always_inline bool sctrace_abi_foreign(const struct task_struct *tsk)
{
#if defined(CONFIG_X86_64)
	/* in_compat_syscall() would look at the registers for x32 as well */
	return sctrace_in_ia32(tsk);
#elif defined(CONFIG_COMPAT)
	return in_compat_syscall();
#else
	return false;
#endif
}

/**
 * sctrace_abi_arch() - ABI and number of the current call
 * @id: what the tracepoint gave; the number is stored back, or -1 where it is
 *      none that a table could hold
 *
 * The number ends up in 0..SCTRACE_NR_MAX-1, ARM's private calls at
 * SCTRACE_ARM_PRIVATE_SLOT.
 *
 * Context: a task in a system call; any.
 * Return: AUDIT_ARCH_*, or SCTRACE_ARCH_X32.
 */
static inline u32 sctrace_abi_arch(long *id)
{
	u32 arch = SCTRACE_ARCH_NATIVE;
	unsigned long nr = *id;

	if (sctrace_abi_foreign(current)) {
#ifdef SCTRACE_ARCH_COMPAT
		arch = SCTRACE_ARCH_COMPAT;
#endif
		/* 32-bit calls may arrive sign-extended or not */
		nr = (u32)nr;
	}
#ifdef CONFIG_X86_64
	else if (nr >= __X32_SYSCALL_BIT &&
		 nr < __X32_SYSCALL_BIT + SCTRACE_NR_MAX) {
		arch = SCTRACE_ARCH_X32;
		nr -= __X32_SYSCALL_BIT;
	}
#endif
#if defined(CONFIG_ARM) || defined(CONFIG_ARM64)
	if ((arch == AUDIT_ARCH_ARM || arch == AUDIT_ARCH_ARMEB) &&
	    nr - SCTRACE_ARM_PRIVATE_BASE < SCTRACE_ARM_PRIVATE_NUM)
		nr = nr - SCTRACE_ARM_PRIVATE_BASE + SCTRACE_ARM_PRIVATE_SLOT;
	else if (arch != SCTRACE_ARCH_NATIVE || IS_ENABLED(CONFIG_ARM))
		/* a number that only looks like one of those slots */
		nr = nr >= SCTRACE_ARM_PRIVATE_SLOT ? ULONG_MAX : nr;
#endif
	*id = nr < SCTRACE_NR_MAX ? (long)nr : -1;
	return arch;
}

/*
 * Where a call has its six arguments in struct pt_regs: in the kernel's own ABI, and in the
 * other. Both at sys_enter and at sys_exit, when the register of argument 0 holds the result
 * on some.
 */
#if defined(CONFIG_X86_64)
#define SCTRACE_ARGS_NATIVE(r)	{ r(di), r(si), r(dx), r(r10), r(r8), r(r9) }
#define SCTRACE_ARGS_FOREIGN(r)	{ r(bx), r(cx), r(dx), r(si), r(di), r(bp) }
#elif defined(CONFIG_X86_32)
#define SCTRACE_ARGS_NATIVE(r)	{ r(bx), r(cx), r(dx), r(si), r(di), r(bp) }
#elif defined(CONFIG_ARM64)
#define SCTRACE_ARGS_NATIVE(r)						\
	{ r(orig_x0), r(regs[1]), r(regs[2]), r(regs[3]), r(regs[4]), r(regs[5]) }
#elif defined(CONFIG_ARM)
#define SCTRACE_ARGS_NATIVE(r)						\
	{ r(uregs[17]), r(uregs[1]), r(uregs[2]), r(uregs[3]), r(uregs[4]), r(uregs[5]) }
#elif defined(CONFIG_RISCV)
#define SCTRACE_ARGS_NATIVE(r)	{ r(orig_a0), r(a1), r(a2), r(a3), r(a4), r(a5) }
#elif defined(CONFIG_PPC)
#define SCTRACE_ARGS_NATIVE(r)						\
	{ r(orig_gpr3), r(gpr[4]), r(gpr[5]), r(gpr[6]), r(gpr[7]), r(gpr[8]) }
#elif defined(CONFIG_S390)
#define SCTRACE_ARGS_NATIVE(r)						\
	{ r(orig_gpr2), r(gprs[3]), r(gprs[4]), r(gprs[5]), r(gprs[6]), r(gprs[7]) }
#endif

/* Of most architectures, the same */
#ifndef SCTRACE_ARGS_FOREIGN
#define SCTRACE_ARGS_FOREIGN	SCTRACE_ARGS_NATIVE
#endif

#endif /* _SCTRACE_ABI_H */
