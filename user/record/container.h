/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which container a record is of: what its cgroup's path and its host name say, and the
 * name by which its engine knows it.
 */
#ifndef SCTRACE_CONTAINER_H
#define SCTRACE_CONTAINER_H

#include <sys/types.h>
#include "client.h"

struct container {
	const char *engine;	/* "docker", "podman"...; NULL: it cannot be told */
	char *id;		/* what stands in the path; NULL: no container is known */
	char *name;		/* the engine's, or NULL */
	char *pod;		/* Kubernetes' pod, or NULL */
	bool by_host;		/* @id is only a host name: its user may have set it */
	uid_t user;		/* whose podman may be asked; 0: nobody's */
};

struct containers {
	struct container *v;	/* one for each record, in the same order */
	size_t n;
};

extern const char *const container_engines[];

/*
 * An engine's program that hangs is not waited for longer: the first time, and where what was
 * asked for depends on it, as a host under load is slow.
 */
#define ASK_SECONDS		5
#define ASK_AGAIN_SECONDS	20

void container_read(const char *cgroup, const char *hostname, struct container *c);
bool container_is_service(const struct record *r);
void container_free(struct container *c);
char *container_text(const struct container *c);

/* An engine's own list: lines of an ID and a name */
void containers_learn(struct containers *all, const char *engine, const char *lines);
void containers_learn_pods(struct containers *all, const char *json);

void containers_read(struct containers *all, const struct records *r);
const char *containers_ask(struct containers *all, unsigned int seconds);
void containers_free(struct containers *all);
int containers_find(const struct containers *all, const struct records *r,
		    const char *word, struct error **err);
uint32_t container_pid(const char *word, const char **unasked);
char *container_image(const struct container *c);

#define cleanup_container	__cleanup(container_free)
#define cleanup_containers	__cleanup(containers_free)

#endif
