/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scope: whose system calls take the traced path.
 *
 * A flag of each thread decides whether its system calls take the path on which
 * the probes of sys_enter and sys_exit are called. The kernel gives it to all
 * threads when the first of these probes is registered. This module takes it away
 * from those that are not recorded, so that they pay nothing: then the scope is
 * narrow. It is wide while somebody else uses these tracepoints.
 */
#ifndef _SCTRACE_SCOPE_H
#define _SCTRACE_SCOPE_H

#include "compat.h"

struct sctrace_record;

void sctrace_scope_init(struct tracepoint *enter, const void *const *enter_probes,
			struct tracepoint *exit, const void *const *exit_probes);
void sctrace_scope_exit(void);
void sctrace_scope_begin(void);
void sctrace_scope_change(const struct sctrace_record *rec);
void sctrace_scope_end(void);
u32 sctrace_scope_state(void);

void sctrace_scope_fork(struct task_struct *child);
void sctrace_scope_again(struct task_struct *tsk);
int sctrace_scope_inside(struct task_struct *tsk);

#endif /* _SCTRACE_SCOPE_H */
