/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCTRACE_PROBE_H
#define _SCTRACE_PROBE_H

#include <linux/types.h>

int sctrace_probe_init(void);
void sctrace_probe_exit(void);
int sctrace_probe_attach(bool refused);
bool sctrace_probe_cgroups(void);
int sctrace_probe_pair(void);
unsigned int sctrace_probe_attached(void);

#endif /* _SCTRACE_PROBE_H */
