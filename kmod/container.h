/* SPDX-License-Identifier: GPL-2.0 */
/*
 * By which names an engine knows the container of a record: the cgroup and the host
 * name of the namespace's init.
 *
 * Both are final when the init calls execve for the first time: before that they may
 * still be those of the runtime. An init that has called none, or did so before the
 * record was made, is looked at when it ends and whenever somebody asks.
 */
#ifndef _SCTRACE_CONTAINER_H
#define _SCTRACE_CONTAINER_H

#include <linux/list.h>
#include <linux/utsname.h>

#include "compat.h"
#include "lock.h"

/* Bytes of a path that are kept, with the final NUL; what is longer loses its beginning */
#define SCTRACE_CGROUP_LEN	256

/**
 * struct sctrace_container - names of one container
 * @unresolved: among those with @css, until the worker has found the path
 * @css: of the cgroup, with a reference; or NULL
 * @cgroup: path of the cgroup, or its end; NULL: it is not known
 * @hostname: empty: the host's own, or it is not known
 * @final: nothing of this changes any more, but for @css that becomes @cgroup
 *
 * sctrace_lock protects it. @cgroup may also be read under sctrace_mutex, which its
 * change takes, too.
 */
struct sctrace_container {
	struct list_head unresolved;
	struct cgroup_subsys_state *css;
	char *cgroup;
	char hostname[__NEW_UTS_LEN + 1];
	bool final;
};

bool sctrace_container_note(struct sctrace_container *c);
void sctrace_container_look(struct sctrace_container *c, struct pid_namespace *ns);
void sctrace_container_resolve(void);
void sctrace_container_free(struct sctrace_container *c);

#endif /* _SCTRACE_CONTAINER_H */
