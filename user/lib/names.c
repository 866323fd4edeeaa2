// SPDX-License-Identifier: GPL-2.0
/* System call and ABI names, as libseccomp has them. */

#include <linux/audit.h>
#include <seccomp.h>
#include <sctrace.h>
#include <string.h>
#include <strings.h>
#include "names.h"
#include "util.h"

/*
 * libseccomp turns a name into a token but not back. Its tokens are the
 * kernel's AUDIT_ARCH_* values (x32 has one of its own), so that this table
 * needs no library that is newer than the tool.
 */
#define NATIVE		0x00000000u
#define X86_64		0xc000003eu
#define X86		0x40000003u
#define AARCH64		0xc00000b7u
#define ARM		0x40000028u
#define ARMEB		0x00000028u	/* numbered as ARM; libseccomp has no name */
#define MIPS64		0x80000008u
#define MIPSEL64	0xc0000008u
#define PPC64		0x80000015u
#define S390X		0x80000016u
#define PARISC64	0x8000000fu
#define X32_BIT		0x40000000

#define ABI(arch, upper, lower, engine, systemd, host, narrow, crd)	\
	{ (arch), "SCMP_ARCH_" upper, lower, engine, systemd, host, narrow, crd }

const struct abi_name names_abis[] = {
	ABI(NATIVE, "NATIVE", "native", "native", "native", 0, false, true),
	ABI(X86_64, "X86_64", "x86_64", "amd64", "x86-64", 0, false, true),
	ABI(X86, "X86", "x86", "x86", "x86", X86_64, true, true),
	ABI(SCTRACE_ARCH_X32, "X32", "x32", "x32", "x32", X86_64, true, true),
	ABI(AARCH64, "AARCH64", "aarch64", "arm64", "arm64", 0, false, true),
	ABI(ARM, "ARM", "arm", "arm", "arm", AARCH64, true, true),
	ABI(0x00000008, "MIPS", "mips", "mips", "mips", MIPS64, true, true),
	ABI(MIPS64, "MIPS64", "mips64", "mips64", "mips64", 0, false, true),
	ABI(0xa0000008, "MIPS64N32", "mips64n32", "mips64n32", "mips64-n32",
	    MIPS64, true, true),
	ABI(0x40000008, "MIPSEL", "mipsel", "mipsel", "mips-le", MIPSEL64,
	    true, true),
	ABI(MIPSEL64, "MIPSEL64", "mipsel64", "mipsel64", "mips64-le", 0,
	    false, true),
	ABI(0xe0000008, "MIPSEL64N32", "mipsel64n32", "mipsel64n32",
	    "mips64-le-n32", MIPSEL64, true, true),
	ABI(0x00000014, "PPC", "ppc", "ppc", "ppc", PPC64, true, true),
	ABI(PPC64, "PPC64", "ppc64", "ppc64", "ppc64", 0, false, true),
	ABI(0xc0000015, "PPC64LE", "ppc64le", "ppc64le", "ppc64-le", 0, false,
	    true),
	ABI(0x00000016, "S390", "s390", "s390", "s390", S390X, true, true),
	ABI(S390X, "S390X", "s390x", "s390x", "s390x", 0, false, true),
	ABI(0x0000000f, "PARISC", "parisc", "parisc", "parisc", PARISC64, true,
	    true),
	ABI(PARISC64, "PARISC64", "parisc64", "parisc64", "parisc64", 0, false,
	    true),
	ABI(0xc00000f3, "RISCV64", "riscv64", "riscv64", "riscv64", 0, false,
	    true),
	ABI(0xc0000102, "LOONGARCH64", "loongarch64", "loong64", "loongarch64",
	    0, false, false),
	ABI(0x00000004, "M68K", "m68k", "m68k", NULL, 0, true, false),
	ABI(0x4000002a, "SH", "sh", "sh", NULL, 0, true, false),
	ABI(0x0000002a, "SHEB", "sheb", "sheb", NULL, 0, true, false),
	{ 0 }
};

/**
 * names_abi() - what an ABI is called
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 *
 * Return: its names, NULL for an ABI that has none.
 */
const struct abi_name *names_abi(uint32_t arch)
{
	const struct abi_name *a;

	for (a = names_abis + 1; a->token; a++)
		if (a->arch == arch)
			return a;
	return NULL;
}

/**
 * names_abi_token() - the ABI that a profile names
 * @token: "SCMP_ARCH_X86_64"; "SCMP_ARCH_NATIVE" has an entry of its own
 *
 * Return: its names, NULL for an unknown token.
 */
const struct abi_name *names_abi_token(const char *token)
{
	const struct abi_name *a;

	for (a = names_abis; a->token; a++)
		if (!strcmp(a->token, token))
			return a;
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
 * names_abi_uname() - the ABI of a kind of machine
 * @machine: as uname(1) and ausearch(8) call it: x86_64, i686, armv7l
 *
 * Return: its row, or NULL.
 */
const struct abi_name *names_abi_uname(const char *machine)
{
	const struct abi_name *a;

	/* i386 to i686, and the arms of audit's machinetab.h, armeb among them */
	if (strlen(machine) == 4 && *machine == 'i' && !strcmp(machine + 2, "86"))
		return names_abi(X86);
	if (!strncmp(machine, "armv", 4) || !strcmp(machine, "armeb"))
		return names_abi(ARM);
	for (a = names_abis + 1; a->token; a++)
		if (!strcasecmp(a->name, machine))
			return a;
	return NULL;
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
	if ((arch == ARM || arch == ARMEB) &&
	    bit >= SCTRACE_ARM_PRIVATE_SLOT)
		return SCTRACE_ARM_PRIVATE_BASE + bit -
		       SCTRACE_ARM_PRIVATE_SLOT;
	return bit;
}

/**
 * names_bit() - where a record has a number that a program passed
 * \@arch: AUDIT_ARCH_*; set to SCTRACE_ARCH_X32 where the number says so
 * \@nr: the number
 *
 * Return: the position in a record's set; the reverse of names_number().
 */
unsigned int names_bit(uint32_t *arch, uint32_t nr)
{
	if (*arch == X86_64 && nr & X32_BIT) {
		*arch = SCTRACE_ARCH_X32;
		return nr & ~X32_BIT;
	}
	if ((*arch == ARM || *arch == ARMEB) && nr >= SCTRACE_ARM_PRIVATE_BASE)
		return nr - SCTRACE_ARM_PRIVATE_BASE + SCTRACE_ARM_PRIVATE_SLOT;
	return nr;
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

/* by their numbers */
const char *const names_caps[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER",
	"CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
	"CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
	"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE",
	"CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
	"CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
	"CAP_CHECKPOINT_RESTORE", NULL
};
