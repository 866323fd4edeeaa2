/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCTRACE_VERSION_H
#define _SCTRACE_VERSION_H

/* Of the module and the tool; dkms.conf says it as well */
#define SCTRACE_VERSION "0.1.0"

#endif /* _SCTRACE_VERSION_H */
