/* SPDX-License-Identifier: GPL-2.0 */
/* System call and ABI names, as libseccomp has them. */
#ifndef SCTRACE_NAMES_H
#define SCTRACE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct abi_name {
	uint32_t arch;		/* AUDIT_ARCH_* or SCTRACE_ARCH_X32; libseccomp's token */
	const char *token;	/* "SCMP_ARCH_X86_64", in profiles */
	const char *name;	/* "x86_64", libseccomp's and people's */
	const char *engine;	/* "amd64", Go's: in includes.arches */
	const char *systemd;	/* "x86-64", NULL: systemd does not know it */
	uint32_t host;		/* the 64-bit ABI whose kernels run it too, or 0 */
	bool narrow;		/* libseccomp compares the lower 32 bits of its arguments */
	bool crd;		/* the k8s SeccompProfile may name it */
};

/* Every ABI there is, the machine's own as "native" first; ends with no token */
extern const struct abi_name names_abis[];

const struct abi_name *names_abi(uint32_t arch);
const struct abi_name *names_abi_token(const char *token);
const struct abi_name *names_abi_uname(const char *machine);
char *names_abi_text(uint32_t arch);
bool names_abi_known(uint32_t arch);
uint32_t names_native(void);
int64_t names_number(uint32_t arch, unsigned int bit);
extern const char *const names_caps[];

unsigned int names_bit(uint32_t *arch, uint32_t nr);
char *names_syscall(uint32_t arch, unsigned int bit);
char *names_syscall_text(uint32_t arch, unsigned int bit);

#endif
