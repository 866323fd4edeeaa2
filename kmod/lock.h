/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two locks of the module. main.c defines them.
 */
#ifndef _SCTRACE_LOCK_H
#define _SCTRACE_LOCK_H

#include <linux/mutex.h>
#include <linux/spinlock.h>

/*
 * sctrace_lock protects the hash table, the lists, the pools and all that a
 * record holds. Probes take it with preemption off: so it is a raw lock, also on
 * PREEMPT_RT, and nothing is allocated or freed under it. It is never taken in
 * an interrupt.
 */
extern raw_spinlock_t sctrace_lock;

/*
 * sctrace_mutex serializes requests and the worker. Its holder can rely on a
 * record that it found: only the worker frees records, and only a request
 * empties a journal. It is taken before sctrace_lock.
 */
extern struct mutex sctrace_mutex;

#endif /* _SCTRACE_LOCK_H */
