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
#include <linux/cgroup.h>
#include <linux/compat.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/preempt.h>
#include <linux/proc_ns.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/threads.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <uapi/linux/magic.h>
#include <net/genetlink.h>

#ifdef CONFIG_RISCV
#include <asm/csr.h>
#endif

/* 6.13; for sctrace_probes_lock() */
#ifdef DECLARE_TRACE_SYSCALL
#include <linux/rcupdate_trace.h>
#endif

/* 4.11 took it out of linux/sched.h; RHEL 7 has it in both places */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 11, 0)
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#endif

/*
 * 6.13 made the probes of system call tracepoints preemptible ("faultable"),
 * 7.0 those of all others. A probe that is sure of its CPU turns preemption off
 * itself from there on, and so is an RCU reader at no further cost.
 */
#ifdef DECLARE_TRACE_SYSCALL
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
 * Waits for all probes that run, and for all regions with preemption off. Until
 * 4.20 these were readers of RCU-sched only. From 6.13 on a probe is a reader
 * of one or the other flavour of its own, which only the kernel's own
 * function knows.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
static inline void sctrace_synchronize_probes(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(4, 20, 0)
#define sctrace_synchronize_probes() synchronize_rcu()
#else
#define sctrace_synchronize_probes() synchronize_sched()
#endif

/*
 * Is a probe, which runs with preemption off, an RCU reader? Until 4.20 it was none where
 * RCU readers can be preempted.
 */
#define SCTRACE_PROBE_READS_RCU \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(4, 20, 0) || \
	 !IS_ENABLED(CONFIG_PREEMPT_RCU))

/* 3.14 */
#ifndef OPTIMIZER_HIDE_VAR
#define OPTIMIZER_HIDE_VAR(var) \
	__asm__ ("" : "=r" (var) : "0" (var))
#endif

/*
 * 4.6; families of generic netlink may be marked so since 4.10, when the core no longer
 * links them to each other.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 10, 0)
#undef __ro_after_init
#define __ro_after_init __read_mostly
#endif

/* 5.8; a read that may see an old or a new value, both of which are good */
#ifndef data_race
#define data_race(expr) (expr)
#endif

/*
 * A word of this CPU, or if the task is just moved, of one that it was on: for
 * words of which any CPU's will do. this_cpu_read() is one instruction on x86
 * and, on others, turns preemption off around what it does.
 */
#ifdef CONFIG_X86
#define sctrace_cpu_read(pcp)		this_cpu_read(pcp)
#define sctrace_cpu_write(pcp, val)	this_cpu_write(pcp, val)
#else
#define sctrace_cpu_read(pcp)		READ_ONCE(*raw_cpu_ptr(&(pcp)))
#define sctrace_cpu_write(pcp, val)	\
	smp_store_release(raw_cpu_ptr(&(pcp)), val)
#endif

/* 5.8 took the protection away, which was never another one */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
#define sctrace_vmalloc(size, gfp)	__vmalloc(size, gfp)
#else
#define sctrace_vmalloc(size, gfp)	\
	__vmalloc(size, (gfp) | __GFP_HIGHMEM, PAGE_KERNEL)
#endif

/**
 * sctrace_copy_from_user() - read user memory in a probe of a system call's tracepoint
 * @to: where to
 * @from: where from
 * @size: bytes
 *
 * What is not in memory is not read, also where such a probe may sleep (6.13): who serves the
 * memory (FUSE, userfaultfd) may be the caller, and could keep the probe for ever, and with it
 * whoever waits for the probes. access_ok() was told the direction until 5.0, and until RHEL 8.1.
 *
 * Return: it was read.
 */
static inline bool sctrace_copy_from_user(void *to, const void __user *from,
					  unsigned long size)
{
	unsigned long left;

#ifdef VERIFY_READ
	if (!access_ok(VERIFY_READ, from, size))
#else
	if (!access_ok(from, size))
#endif
		return false;
	pagefault_disable();
	left = __copy_from_user_inatomic(to, from, size);
	pagefault_enable();
	return !left;
}

/*
 * Tracepoints
 */

/*
 * Until 3.15 probes were registered by the tracepoint's name, and a name that was
 * not there was waited for in silence. The tracepoints themselves can be listed:
 * the kernel's own come first, without a module.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 15, 0)
static inline void
for_each_kernel_tracepoint(void (*fct)(struct tracepoint *tp, void *priv),
			   void *priv)
{
	struct tracepoint_iter iter;

	tracepoint_iter_reset(&iter);
	tracepoint_iter_start(&iter);
	while (iter.tracepoint && !iter.module) {
		fct(*iter.tracepoint, priv);
		tracepoint_iter_next(&iter);
	}
	tracepoint_iter_stop(&iter);
}

#define tracepoint_probe_register(tp, probe, data) \
	(tracepoint_probe_register)((tp)->name, probe, data)
#define tracepoint_probe_unregister(tp, probe, data) \
	(tracepoint_probe_unregister)((tp)->name, probe, data)
#endif

/*
 * The kernel frees a tracepoint's list of probes when no probe can be running:
 * whoever reads the list is a reader of the same kind. Until 6.12 that was any
 * region with preemption off.
 */
static inline void sctrace_probes_lock(void)
{
#ifdef DECLARE_TRACE_SYSCALL
	rcu_read_lock_trace();
#else
	preempt_disable_notrace();
#endif
}

static inline void sctrace_probes_unlock(void)
{
#ifdef DECLARE_TRACE_SYSCALL
	rcu_read_unlock_trace();
#else
	preempt_enable_notrace();
#endif
}

/*
 * The traced path of system calls
 *
 * A bit of each thread decides whether its system calls are shown to the
 * tracepoints: a thread flag, or since 5.11, with the generic entry, a bit of
 * its own word, for which there are accessors everywhere.
 */
#ifdef set_task_syscall_work
static inline bool sctrace_traced(struct task_struct *tsk)
{
	return test_task_syscall_work(tsk, SYSCALL_TRACEPOINT);
}

static inline void sctrace_set_traced(struct task_struct *tsk, bool on)
{
	if (on)
		set_task_syscall_work(tsk, SYSCALL_TRACEPOINT);
	else
		clear_task_syscall_work(tsk, SYSCALL_TRACEPOINT);
}
#else
static inline bool sctrace_traced(struct task_struct *tsk)
{
	return test_tsk_thread_flag(tsk, TIF_SYSCALL_TRACEPOINT);
}

static inline void sctrace_set_traced(struct task_struct *tsk, bool on)
{
	if (on)
		set_tsk_thread_flag(tsk, TIF_SYSCALL_TRACEPOINT);
	else
		clear_tsk_thread_flag(tsk, TIF_SYSCALL_TRACEPOINT);
}
#endif

/*
 * Until 3.15 registering a probe on sys_enter gave the bit only to tasks that had
 * memory of their own, and a task that was just being forked could be missed.
 */
#define SCTRACE_KERNEL_SKIPS_TASKS \
	(LINUX_VERSION_CODE < KERNEL_VERSION(3, 15, 0))

/**
 * sctrace_follow_child() - give a child the bit that its parent has
 * @child: it has not run yet
 *
 * The kernel does so itself since 3.15. Called from the probe of
 * sched_process_fork.
 */
static inline void sctrace_follow_child(struct task_struct *child)
{
	if (SCTRACE_KERNEL_SKIPS_TASKS && sctrace_traced(current))
		sctrace_set_traced(child, true);
}

/**
 * sctrace_next_pid() - the next PID number in use
 * @nr: look from this number on; moves to what was found, or to the last one
 *	that was looked at
 *
 * Called by an RCU reader. Looks at a bounded count of numbers.
 *
 * Return: the PID; NULL: none was found up to @nr. What is just being allocated
 * may be passed over.
 */
static inline struct pid *sctrace_next_pid(int *nr)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 4, 0)
	struct pid *pid = idr_get_next(&init_pid_ns.idr, nr);

	if (!pid)
		*nr = PID_MAX_LIMIT;
	return pid;
#else
	/* Until 5.4 idr_get_next() could stop at what is being allocated */
	const int last = min_t(int, *nr + 63, PID_MAX_LIMIT - 1);
	struct pid *pid;

	for (;;) {
		pid = find_pid_ns(*nr, &init_pid_ns);
		if (pid || *nr == last)
			return pid;
		++*nr;
	}
#endif
}

/* A task that has never run; 4.8 gave it a state of its own, 5.14 a new name */
static inline bool sctrace_task_new(const struct task_struct *tsk)
{
#ifndef TASK_NEW
	return false;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(tsk->__state) & TASK_NEW;
#else
	return READ_ONCE(tsk->state) & TASK_NEW;
#endif
}

/* 6.16: sched_process_exit says whether the whole thread group is gone */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define SCTRACE_EXIT_ARGS	struct task_struct *p, bool group_dead
#define sctrace_group_dead(p)	(group_dead)
#else
#define SCTRACE_EXIT_ARGS	struct task_struct *p
#define sctrace_group_dead(p)	(!atomic_read(&(p)->signal->live))
#endif

/*
 * Control groups
 *
 * A task is in one cgroup of the unified hierarchy and, where version 1 is mounted, in one of
 * each of its hierarchies. Engines that use version 1 leave the unified cgroup alone. Until
 * 3.17 there was another API altogether: no cgroup is known there.
 */
#if defined(CONFIG_CGROUPS) && LINUX_VERSION_CODE >= KERNEL_VERSION(3, 17, 0)
/**
 * sctrace_cgroup_get() - the cgroup that tells which container a task is in
 * @tsk: current, or a task with a reference
 *
 * Return: the css of the cgroup itself, with a reference; or NULL.
 */
static inline struct cgroup_subsys_state *sctrace_cgroup_get(struct task_struct *tsk)
{
	static const u8 controllers[] = {
#ifdef CONFIG_MEMCG
		memory_cgrp_id,
#endif
#ifdef CONFIG_CGROUP_PIDS
		pids_cgrp_id,
#endif
#ifdef CONFIG_CGROUP_FREEZER
		freezer_cgrp_id,
#endif
#ifdef CONFIG_CGROUP_SCHED
		cpu_cgrp_id,
#endif
	};
	struct cgroup_subsys_state *css = NULL;
	const struct css_set *set;
	struct cgroup *cgrp;
	unsigned int i;

	rcu_read_lock();
	set = rcu_dereference_raw(tsk->cgroups);
	cgrp = set->dfl_cgrp;
	for (i = 0; i < ARRAY_SIZE(controllers); i++) {
		struct cgroup *v1 = set->subsys[controllers[i]]->cgroup;

		/* With the unified hierarchy this is where the controller is enabled */
		if (v1->root != set->dfl_cgrp->root && v1->self.parent) {
			cgrp = v1;
			break;
		}
	}
	if (css_tryget(&cgrp->self))
		css = &cgrp->self;
	rcu_read_unlock();
	return css;
}

static inline void sctrace_cgroup_put(struct cgroup_subsys_state *css)
{
	css_put(css);
}

/**
 * sctrace_cgroup_path() - where a cgroup is in its hierarchy
 * @css: of the cgroup itself
 * @buf: for the path
 * @len: bytes in @buf
 *
 * Context: takes spinlocks.
 * Return: the path, somewhere in @buf; NULL: it did not fit.
 */
static inline char *sctrace_cgroup_path(struct cgroup_subsys_state *css, char *buf,
					size_t len)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 9, 0)
	int ret = cgroup_path(css->cgroup, buf, len);

	return ret > 0 && ret < len ? buf : NULL;
#else
	return cgroup_path(css->cgroup, buf, len);
#endif
}
#else
static inline struct cgroup_subsys_state *sctrace_cgroup_get(struct task_struct *tsk)
{
	return NULL;
}

static inline void sctrace_cgroup_put(struct cgroup_subsys_state *css) { }

static inline char *sctrace_cgroup_path(struct cgroup_subsys_state *css, char *buf,
					size_t len)
{
	return NULL;
}
#endif

/*
 * Records of cgroups: of the unified hierarchy, from 4.18 on. The tracepoints have their path
 * since then.
 */
#if defined(CONFIG_CGROUPS) && LINUX_VERSION_CODE >= KERNEL_VERSION(4, 18, 0)
#define SCTRACE_HAVE_CGROUPS	1

/**
 * sctrace_cgroup_of() - the cgroup that a task is in, in the unified hierarchy
 * @tsk: any task that cannot go away
 *
 * It cannot go away as long as the caller is an RCU reader.
 */
static __always_inline struct cgroup *sctrace_cgroup_of(const struct task_struct *tsk)
{
	return rcu_dereference_raw(tsk->cgroups)->dfl_cgrp;
}

/**
 * sctrace_cgroup_of_current() - the same of current, to compare only
 * @tsk: current
 *
 * Context: a probe of a system call. Only from 6.13 on can it be preempted there.
 */
static __always_inline struct cgroup *
sctrace_cgroup_of_current(const struct task_struct *tsk)
{
	struct cgroup *cgrp;

	if (!SCTRACE_PROBE_READS_RCU)
		rcu_read_lock();
	sctrace_probe_enter();
	cgrp = sctrace_cgroup_of(tsk);
	sctrace_probe_leave();
	if (!SCTRACE_PROBE_READS_RCU)
		rcu_read_unlock();
	return cgrp;
}

/* Is it in that one, or below it? */
static inline bool sctrace_cgroup_inside(struct cgroup *cgrp, struct cgroup *outer)
{
	return cgroup_is_descendant(cgrp, outer);
}

static inline void sctrace_cgroup_pin(struct cgroup *cgrp)
{
	css_get(&cgrp->self);
}

static inline void sctrace_cgroup_unpin(struct cgroup *cgrp)
{
	css_put(&cgrp->self);
}

/* Is it removed, or about to be? */
static inline bool sctrace_cgroup_dying(struct cgroup *cgrp)
{
	return !(READ_ONCE(cgrp->self.flags) & CSS_ONLINE);
}

static inline bool sctrace_cgroup_unified(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

static inline bool sctrace_cgroup_is_root(const struct cgroup *cgrp)
{
	return !cgrp->level;
}

/* Has it tasks, or has one below it? */
static inline bool sctrace_cgroup_populated(struct cgroup *cgrp)
{
	return cgroup_is_populated(cgrp);
}

/* 5.5 made a plain number of it */
static inline u64 sctrace_cgroup_id(const struct cgroup *cgrp)
{
	u64 id;

	BUILD_BUG_ON(sizeof(id) != sizeof(cgrp->kn->id));
	memcpy(&id, &cgrp->kn->id, sizeof(id));
	return id;
}

/**
 * sctrace_cgroup_of_fd() - the cgroup of a directory
 * @fd: of current
 *
 * Context: may sleep.
 * Return: a reference to it; or an error: -EBADF: it is not of the unified hierarchy.
 */
static inline struct cgroup *sctrace_cgroup_of_fd(unsigned int fd)
{
	struct cgroup *cgrp = cgroup_get_from_fd(fd);

	if (IS_ERR(cgrp) || sctrace_cgroup_unified(cgrp))
		return cgrp;
	sctrace_cgroup_unpin(cgrp);
	return ERR_PTR(-EBADF);
}

/**
 * sctrace_cgroup_at() - the cgroup that is at a path
 * @path: from the root of the unified hierarchy
 *
 * Context: may sleep; current is in the initial cgroup namespace.
 * Return: a reference to it; or NULL: there is none.
 */
static inline struct cgroup *sctrace_cgroup_at(const char *path)
{
	struct cgroup *cgrp = cgroup_get_from_path(path);

	return IS_ERR(cgrp) ? NULL : cgrp;
}

static inline char *sctrace_cgroup_where(struct cgroup *cgrp, char *buf, size_t len)
{
	return sctrace_cgroup_path(&cgrp->self, buf, len);
}

/* Do the paths that current knows begin at the root of the unified hierarchy? */
static inline bool sctrace_cgroup_paths_whole(void)
{
	return !current->nsproxy->cgroup_ns->root_cset->dfl_cgrp->level;
}
#else
#define SCTRACE_HAVE_CGROUPS	0

static __always_inline struct cgroup *sctrace_cgroup_of(const struct task_struct *tsk)
{
	return NULL;
}

static __always_inline struct cgroup *
sctrace_cgroup_of_current(const struct task_struct *tsk)
{
	return NULL;
}

static inline bool sctrace_cgroup_inside(struct cgroup *cgrp, struct cgroup *outer)
{
	return false;
}

static inline void sctrace_cgroup_pin(struct cgroup *cgrp) { }

static inline void sctrace_cgroup_unpin(struct cgroup *cgrp) { }

static inline bool sctrace_cgroup_dying(struct cgroup *cgrp)
{
	return true;
}

static inline bool sctrace_cgroup_unified(const struct cgroup *cgrp)
{
	return false;
}

static inline bool sctrace_cgroup_is_root(const struct cgroup *cgrp)
{
	return true;
}

static inline bool sctrace_cgroup_populated(struct cgroup *cgrp)
{
	return false;
}

static inline u64 sctrace_cgroup_id(const struct cgroup *cgrp)
{
	return 0;
}

static inline struct cgroup *sctrace_cgroup_of_fd(unsigned int fd)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline struct cgroup *sctrace_cgroup_at(const char *path)
{
	return NULL;
}

static inline char *sctrace_cgroup_where(struct cgroup *cgrp, char *buf, size_t len)
{
	return NULL;
}

static inline bool sctrace_cgroup_paths_whole(void)
{
	return true;
}
#endif

/*
 * Generic netlink
 */

/*
 * Where the attribute policy belongs: 5.2 moved it from the operations to the
 * family, and some RHEL 8 did so in 4.18; Kbuild looks. Both want a comma.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 2, 0) || \
	defined(SCTRACE_HAVE_FAMILY_POLICY)
#define SCTRACE_FAMILY_POLICY(p)	.policy = (p)
#define SCTRACE_OP_POLICY(p)		.flags = 0
#else
#define SCTRACE_FAMILY_POLICY(p)	.netnsok = false
#define SCTRACE_OP_POLICY(p)		.policy = (p)
#endif

/*
 * 4.12 brought words to the number of an error. RHEL 7 has the macro, without
 * anything to write to.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 12, 0)
static inline struct netlink_ext_ack *
sctrace_info_extack(const struct genl_info *info)
{
	return info->extack;
}
#else
struct netlink_ext_ack;

static inline struct netlink_ext_ack *
sctrace_info_extack(const struct genl_info *info)
{
	return NULL;
}

#undef NL_SET_ERR_MSG
#define NL_SET_ERR_MSG(extack, msg)	((void)(extack))
#define nlmsg_parse(nlh, hdrlen, tb, maxtype, policy, extack)	\
	((void)(extack), (nlmsg_parse)(nlh, hdrlen, tb, maxtype, policy))
#endif

/*
 * What dumpit may write its reason to: since 5.2 it reaches user space with the
 * end of the dump.
 */
static inline struct netlink_ext_ack *
sctrace_dump_extack(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 2, 0)
	return cb->extack;
#else
	return NULL;
#endif
}

/* 4.15 found that the family is not needed to find the header */
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 15, 0)
#define genl_dump_check_consistent(cb, hdr)			\
	nl_dump_check_consistent(cb, (struct nlmsghdr *)	\
		((char *)(hdr) - GENL_HDRLEN - NLMSG_HDRLEN))
#endif

/* 4.13 made it a void pointer */
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 13, 0)
#define skb_put(skb, len)	((void *)(skb_put)(skb, len))
#endif

/* 4.7 aligns such numbers, where the machine cares */
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 7, 0)
#define nla_put_u64_64bit(skb, type, value, pad)	\
({							\
	u64 __value = (value);				\
							\
	nla_put(skb, type, sizeof(__value), &__value);	\
})
#endif

/*
 * gcc 9 warns of a second name that is less cold than the function it stands
 * for; 5.1 copies the attributes.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 1, 0)
int init_module(void) __cold;
void cleanup_module(void) __cold;
#endif

/*
 * 4.6 tells the ABI of a call from that of its task; on x86, where they differ,
 * the macro has another name since 4.7.
 */
#if defined(CONFIG_X86_64) && !defined(in_ia32_syscall)
#define in_ia32_syscall()	is_ia32_task()
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 6, 0) && defined(CONFIG_COMPAT) && \
	!defined(CONFIG_X86)
#define in_compat_syscall()	is_compat_task()
#endif

#ifdef CONFIG_X86_64
/**
 * sctrace_in_ia32() - what in_ia32_syscall() says
 * @tsk: current
 *
 * Without looking for current once more, where the word is where it is since
 * 4.16.
 */
static __always_inline bool sctrace_in_ia32(const struct task_struct *tsk)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 16, 0)
	return IS_ENABLED(CONFIG_IA32_EMULATION) &&
	       tsk->thread_info.status & TS_COMPAT;
#else
	return in_ia32_syscall();
#endif
}
#endif

/* 3.19 gave all kinds of namespaces their number in the same place */
static inline unsigned int sctrace_ns_inum(const struct pid_namespace *ns)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(3, 19, 0)
	return ns->ns.inum;
#else
	return ns->proc_inum;
#endif
}

/* The newest filter of a task; to compare, never to follow */
static __always_inline const void *
sctrace_seccomp_filter(const struct task_struct *tsk)
{
#ifdef CONFIG_SECCOMP_FILTER
	/* Another thread may set it (TSYNC): that is before or after this call */
	return data_race(tsk->seccomp.filter);
#else
	return NULL;
#endif
}

/**
 * sctrace_ns_of_fd() - the PID namespace of a file
 * @fd: of current
 *
 * 3.19 gave the files of namespaces a file system of their own, by which they are
 * known.
 *
 * Return: a reference to the namespace, or NULL: it is no file of one.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(3, 19, 0)
#define SCTRACE_HAVE_NS_FD	1
static inline struct pid_namespace *sctrace_ns_of_fd(unsigned int fd)
{
	struct pid_namespace *pid_ns = NULL;
	struct file *file = fget(fd);
	struct ns_common *ns;

	if (!file)
		return NULL;
	if (file_inode(file)->i_sb->s_magic == NSFS_MAGIC) {
		ns = get_proc_ns(file_inode(file));
		/* pidns_operations is not exported */
		if (!strcmp(ns->ops->name, "pid")) {
			pid_ns = container_of(ns, struct pid_namespace, ns);
			get_pid_ns(pid_ns);
		}
	}
	fput(file);
	return pid_ns;
}
#else
#define SCTRACE_HAVE_NS_FD	0
static inline struct pid_namespace *sctrace_ns_of_fd(unsigned int fd)
{
	return NULL;
}
#endif

static __always_inline int sctrace_seccomp_mode(const struct task_struct *tsk)
{
#ifdef CONFIG_SECCOMP
	/* Another thread may set it (TSYNC): that is before or after this call */
	return data_race(tsk->seccomp.mode);
#else
	return 0;
#endif
}

/**
 * sctrace_start_time() - when was a task forked?
 * @tsk: any task
 *
 * Until 3.17 there was a struct timespec there.
 *
 * Return: CLOCK_MONOTONIC, ns.
 */
static inline u64 sctrace_start_time(const struct task_struct *tsk)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(3, 17, 0)
	return tsk->start_time;
#else
	return timespec_to_ns(&tsk->start_time);
#endif
}

/**
 * sctrace_filter_count() - how many seccomp filters a task has
 * @tsk: current
 *
 * 5.9 counts them.
 *
 * Return: the number; 0 on older kernels.
 */
static inline u32 sctrace_filter_count(const struct task_struct *tsk)
{
#if defined(CONFIG_SECCOMP_FILTER) && \
	LINUX_VERSION_CODE >= KERNEL_VERSION(5, 9, 0)
	return atomic_read(&tsk->seccomp.filter_count);
#else
	return 0;
#endif
}

/* Flags of any task */
static __always_inline unsigned int
sctrace_task_flags(const struct task_struct *tsk)
{
	/* It may change them meanwhile: not the bits that we look at */
	return data_race(READ_ONCE(tsk->flags));
}

/**
 * sctrace_is_refusal() - is this not a call, but one that seccomp refused?
 * @tsk: current
 * @id: what the tracepoint gave
 *
 * On x86, 3.19 to 4.7 asked seccomp first, put -1 in the place of the number of
 * what it refused, and went on to the tracepoint.
 */
static inline bool sctrace_is_refusal(const struct task_struct *tsk, long id)
{
#if defined(CONFIG_X86) && \
	LINUX_VERSION_CODE >= KERNEL_VERSION(3, 19, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(4, 8, 0)
	return id == -1 && sctrace_seccomp_mode(tsk);
#else
	return false;
#endif
}

/**
 * sctrace_sigreturn() - does the task return from a signal handler?
 * @regs: its registers at sys_exit
 *
 * rt_sigreturn brings back the registers of the code that the signal interrupted. On most
 * architectures the number of the call is then gone (-1 on x86, arm64 and s390: see
 * orig_ax, forget_syscall(), PIF_SYSCALL), or is kept elsewhere and is still that of
 * rt_sigreturn (arm: abi_syscall), which was entered. riscv and powerpc read number and
 * result from registers that were brought back: they look like any call with any error.
 * riscv notes since 6.1 (and in stable releases) that this is no system call any more,
 * powerpc since 5.8 that it is not to be restarted; before, powerpc's number was gone.
 */
static inline bool sctrace_sigreturn(struct pt_regs *regs)
{
#if defined(CONFIG_RISCV) && defined(CONFIG_SECCOMP_FILTER)
	return regs->cause != EXC_SYSCALL;
#elif defined(CONFIG_PPC) && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
	return trap_norestart(regs);
#else
	return false;
#endif
}

/**
 * sctrace_emulated() - does a tracer answer for the kernel?
 * @tsk: current
 *
 * PTRACE_SYSEMU: the call is neither shown to seccomp nor made. x86 and some have
 * a thread flag for it; those with the generic entry (5.11) a bit of their own.
 */
static inline bool sctrace_emulated(struct task_struct *tsk)
{
#if defined(TIF_SYSCALL_EMU)
	return test_tsk_thread_flag(tsk, TIF_SYSCALL_EMU);
#elif defined(CONFIG_GENERIC_ENTRY)
	return test_task_syscall_work(tsk, SYSCALL_EMU);
#else
	return false;
#endif
}

#endif /* _SCTRACE_COMPAT_H */
