/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the values of system calls' arguments, as the kernel's headers have them. */
#ifndef SCTRACE_VALUES_H
#define SCTRACE_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names that belong together; scripts/values says what of which header is one */
enum value_family {
	VALUES_NONE,		/* numbers only */
	VALUES_AF, VALUES_SOCK, VALUES_SOL, VALUES_SO, VALUES_IPPROTO,
	VALUES_IP, VALUES_IPV6, VALUES_TCP, VALUES_NETLINK, VALUES_CLONE,
	VALUES_PER, VALUES_PR, VALUES_ARCH, VALUES_KEYCTL, VALUES_BPF,
	VALUES_PTRACE, VALUES_SECCOMP, VALUES_F, VALUES_IOCTL, VALUES_RLIMIT,
	VALUES_MADV, VALUES_IORING, VALUES_FAN, VALUES_SYS, VALUES_IPC,
	VALUES_PROT, VALUES_MS, VALUES_MNT,
};

struct value_name {
	enum value_family family;
	const char *name;
	uint64_t value;
};

/* Both in the order of their headers; end without a name */
extern const struct value_name values_linux[], values_libc[];

#define VALUE(family, name) \
	{ VALUES_##family, #name, (uint64_t)(name) },

const char *values_name(enum value_family family, uint64_t value);
const struct value_name *values_find(const char *name);
const struct value_name *values_next(enum value_family family,
				     const struct value_name *after);
char *values_text(const char *call, unsigned int at, const uint64_t *arg);
char *values_tuple(const char *call, const uint64_t *arg, unsigned int n);

#endif
