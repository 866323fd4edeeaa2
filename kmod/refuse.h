/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The refused rule: which calls a seccomp filter answered with an error.
 */
#ifndef _SCTRACE_REFUSE_H
#define _SCTRACE_REFUSE_H

#include <linux/sched.h>

void sctrace_refuse_attach(struct task_struct *tsk);
void sctrace_refuse_see(struct task_struct *tsk, struct pid_namespace *ns,
			long id, long ret);

#endif /* _SCTRACE_REFUSE_H */
