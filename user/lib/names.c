// SPDX-License-Identifier: GPL-2.0
/* System call and ABI names, as libseccomp has them. */

#include <linux/audit.h>
#include <seccomp.h>
#include <sctrace.h>
#include "names.h"
#include "util.h"

/*
 * libseccomp turns a name into a token but not back. Its tokens are the
 * kernel's AUDIT_ARCH_* values (x32 has one of its own), so that this table
 * needs no library that is newer than the tool.
 */
#define ABI(arch, upper, lower)	{ (arch), "SCMP_ARCH_" upper, lower }

static const struct abi_name abis[] = {
	ABI(0xc000003e, "X86_64", "x86_64"),
	ABI(0x40000003, "X86", "x86"),
	ABI(SCTRACE_ARCH_X32, "X32", "x32"),
	ABI(0xc00000b7, "AARCH64", "aarch64"),
	ABI(0x40000028, "ARM", "arm"),
	ABI(0x00000008, "MIPS", "mips"),
	ABI(0x80000008, "MIPS64", "mips64"),
	ABI(0xa0000008, "MIPS64N32", "mips64n32"),
	ABI(0x40000008, "MIPSEL", "mipsel"),
	ABI(0xc0000008, "MIPSEL64", "mipsel64"),
	ABI(0xe0000008, "MIPSEL64N32", "mipsel64n32"),
	ABI(0x00000014, "PPC", "ppc"),
	ABI(0x80000015, "PPC64", "ppc64"),
	ABI(0xc0000015, "PPC64LE", "ppc64le"),
	ABI(0x00000016, "S390", "s390"),
	ABI(0x80000016, "S390X", "s390x"),
	ABI(0x0000000f, "PARISC", "parisc"),
	ABI(0x8000000f, "PARISC64", "parisc64"),
	ABI(0xc00000f3, "RISCV64", "riscv64"),
	ABI(0xc0000102, "LOONGARCH64", "loongarch64"),
	ABI(0x00000004, "M68K", "m68k"),
	ABI(0x4000002a, "SH", "sh"),
	ABI(0x0000002a, "SHEB", "sheb"),
};

/* A big-endian ARM task has numbers as any other; libseccomp has no name */
#define ARCH_ARMEB	0x00000028u
#define ARCH_ARM	0x40000028u
#define X32_BIT		0x40000000

/**
 * names_abi() - what an ABI is called
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 *
 * Return: its names, NULL for an ABI that has none.
 */
const struct abi_name *names_abi(uint32_t arch)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(abis); i++)
		if (abis[i].arch == arch)
			return &abis[i];
	return NULL;
}

/**
 * names_abi_text() - an ABI for people: its name, or its number in hex
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 *
 * Return: a string for free().
 */
char *names_abi_text(uint32_t arch)
{
	const struct abi_name *a = names_abi(arch);

	return a ? xstrdup(a->name) : xasprintf("0x%08x", arch);
}

/**
 * names_abi_known() - can this libseccomp name system calls of an ABI?
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 *
 * Return: true when it can.
 */
bool names_abi_known(uint32_t arch)
{
	const struct abi_name *a = names_abi(arch);

	return a && seccomp_arch_resolve_name(a->name) == arch;
}

/**
 * names_native() - the ABI that this program was built for
 *
 * Return: AUDIT_ARCH_* or SCTRACE_ARCH_X32.
 */
uint32_t names_native(void)
{
	return seccomp_arch_native();
}

/**
 * names_number() - the number that a program passes to the kernel
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @bit: position in a record's set
 *
 * They differ for the private calls of 32-bit ARM only; x32 numbers are told
 * without their flag bit, as the kernel's table has them.
 *
 * Return: the number.
 */
int64_t names_number(uint32_t arch, unsigned int bit)
{
	if ((arch == ARCH_ARM || arch == ARCH_ARMEB) &&
	    bit >= SCTRACE_ARM_PRIVATE_SLOT)
		return SCTRACE_ARM_PRIVATE_BASE + bit -
		       SCTRACE_ARM_PRIVATE_SLOT;
	return bit;
}

/**
 * names_syscall() - the name of a system call
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @bit: position in a record's set
 *
 * Return: a string for free(), NULL when this libseccomp has no name for it.
 */
char *names_syscall(uint32_t arch, unsigned int bit)
{
	int64_t nr = names_number(arch, bit);

	if (!names_abi_known(arch))
		return NULL;
	/* libseccomp's x32 table is made with the bit set */
	if (arch == SCTRACE_ARCH_X32)
		nr |= X32_BIT;
	return seccomp_syscall_resolve_num_arch(arch, (int)nr);
}

/**
 * names_syscall_text() - a system call for people: its name or its number
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @bit: position in a record's set
 *
 * Return: a string for free().
 */
char *names_syscall_text(uint32_t arch, unsigned int bit)
{
	char *s = names_syscall(arch, bit);

	return s ? s : xasprintf("#%lld", (long long)names_number(arch, bit));
}
