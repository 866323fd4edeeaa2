/* SPDX-License-Identifier: GPL-2.0 */
/* System call and ABI names, as libseccomp has them. */
#ifndef SCTRACE_NAMES_H
#define SCTRACE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct abi_name {
	uint32_t arch;		/* AUDIT_ARCH_* or SCTRACE_ARCH_X32 */
	const char *token;	/* "SCMP_ARCH_X86_64" */
	const char *name;	/* "x86_64" */
};

const struct abi_name *names_abi(uint32_t arch);
char *names_abi_text(uint32_t arch);
bool names_abi_known(uint32_t arch);
uint32_t names_native(void);
int64_t names_number(uint32_t arch, unsigned int bit);
char *names_syscall(uint32_t arch, unsigned int bit);
char *names_syscall_text(uint32_t arch, unsigned int bit);

#endif
