/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between kernels, and nothing else: the rest of the module reads
 * as if written for the newest one. Each piece names the release that changed
 * it. A feature is probed where the kernel offers a macro to probe, because
 * distributions carry changes back without changing their version number.
 */
#ifndef _SCTRACE_COMPAT_H
#define _SCTRACE_COMPAT_H

#include <linux/version.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/tracepoint.h>
#include <net/genetlink.h>

/*
 * 6.13 made the probes of system call tracepoints preemptible ("faultable"),
 * 7.0 those of all others. A probe that is sure of its CPU turns preemption off
 * itself from there on, and so is an RCU reader at no further cost.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
static __always_inline void sctrace_probe_enter(void)
{
	preempt_disable_notrace();
}

static __always_inline void sctrace_probe_leave(void)
{
	preempt_enable_notrace();
}
#else
static __always_inline void sctrace_probe_enter(void) { }
static __always_inline void sctrace_probe_leave(void) { }
#endif

/*
 * Until 4.20 a region with preemption off was a reader of RCU-sched only.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 20, 0)
#define sctrace_synchronize_probes() synchronize_rcu()
#else
#define sctrace_synchronize_probes() synchronize_sched()
#endif

/* 6.16: sched_process_exit says whether the whole thread group is gone */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define SCTRACE_EXIT_ARGS	struct task_struct *p, bool group_dead
#define sctrace_group_dead(p)	(group_dead)
#else
#define SCTRACE_EXIT_ARGS	struct task_struct *p
#define sctrace_group_dead(p)	(!atomic_read(&(p)->signal->live))
#endif

/*
 * What dumpit may write its reason to: since 5.2 it reaches user space with the
 * end of the dump.
 */
static inline struct netlink_ext_ack *
sctrace_dump_extack(struct netlink_callback *cb)
{
	return cb->extack;
}

static inline unsigned int sctrace_ns_inum(const struct pid_namespace *ns)
{
	return ns->ns.inum;
}

static __always_inline int sctrace_seccomp_mode(const struct task_struct *tsk)
{
#ifdef CONFIG_SECCOMP
	return tsk->seccomp.mode;
#else
	return 0;
#endif
}

#endif /* _SCTRACE_COMPAT_H */
