// SPDX-License-Identifier: GPL-2.0

#include <linux/limits.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>

#include "container.h"

/* All with a cgroup whose path is to be found */
static LIST_HEAD(unresolved);

static void copy_hostname(char *to, const struct nsproxy *nsproxy)
{
	const size_t len = __NEW_UTS_LEN + 1;

	memset(to, 0, len);
	if (!nsproxy)
		return;
	/* It may be changed meanwhile: then this is a mixture that ends all the same */
	data_race(memcpy(to, nsproxy->uts_ns->name.nodename, len - 1));
	/* The host's own name tells nothing of a container */
	if (!data_race(strncmp(to, init_uts_ns.name.nodename, len)))
		to[0] = 0;
}

/**
 * sctrace_container_note() - take the names from the calling task, for good
 * @c: of the record whose namespace's init is calling
 *
 * The path is found later: that takes locks which a probe cannot take. Until then
 * the cgroup is kept, so that it may be removed by now.
 *
 * Context: a probe; sctrace_lock is held.
 * Return: whether the worker is to be woken.
 */
bool sctrace_container_note(struct sctrace_container *c)
{
	lockdep_assert_held(&sctrace_lock);
	if (c->final)
		return false;
	c->final = true;
	copy_hostname(c->hostname, current->nsproxy);
	c->css = sctrace_cgroup_get(current);
	if (c->css)
		list_add_tail(&c->unresolved, &unresolved);
	return c->css;
}

/* Puts the reference */
static char *path_of(struct cgroup_subsys_state *css)
{
	char *buf, *path = NULL;
	size_t len;

	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (buf)
		path = sctrace_cgroup_path(css, buf, PATH_MAX);
	if (path) {
		len = strlen(path);
		if (len >= SCTRACE_CGROUP_LEN)
			path += len - (SCTRACE_CGROUP_LEN - 1);
		path = kstrdup(path, GFP_KERNEL);
	}
	kfree(buf);
	sctrace_cgroup_put(css);
	return path;
}

/* Takes over @path */
static void set_path(struct sctrace_container *c, char *path)
{
	lockdep_assert_held(&sctrace_mutex);
	raw_spin_lock(&sctrace_lock);
	swap(c->cgroup, path);
	raw_spin_unlock(&sctrace_lock);
	kfree(path);
}

/**
 * sctrace_container_resolve() - find the paths of the cgroups that were noted
 *
 * Context: may sleep; sctrace_mutex is held, so that no record is freed.
 */
void sctrace_container_resolve(void)
{
	struct cgroup_subsys_state *css;
	struct sctrace_container *c;

	lockdep_assert_held(&sctrace_mutex);
	for (;;) {
		css = NULL;
		raw_spin_lock(&sctrace_lock);
		c = list_first_entry_or_null(&unresolved, struct sctrace_container,
					     unresolved);
		if (c) {
			list_del(&c->unresolved);
			swap(c->css, css);
		}
		raw_spin_unlock(&sctrace_lock);
		if (!c)
			return;
		set_path(c, path_of(css));
	}
}

/**
 * sctrace_container_look() - bring the names up to date, as long as they can change
 * @c: of a record
 * @ns: its namespace, which cannot go away
 *
 * Context: may sleep; sctrace_mutex is held.
 */
void sctrace_container_look(struct sctrace_container *c, struct pid_namespace *ns)
{
	struct cgroup_subsys_state *css = NULL;
	char hostname[__NEW_UTS_LEN + 1];
	struct task_struct *init;
	bool final;

	lockdep_assert_held(&sctrace_mutex);
	if (READ_ONCE(c->final))
		return;
	rcu_read_lock();
	init = pid_task(find_pid_ns(1, ns), PIDTYPE_PID);
	if (init)
		get_task_struct(init);
	rcu_read_unlock();
	if (!init)
		return;
	task_lock(init);
	copy_hostname(hostname, init->nsproxy);
	task_unlock(init);
	css = sctrace_cgroup_get(init);
	put_task_struct(init);

	raw_spin_lock(&sctrace_lock);
	final = c->final;
	if (!final)
		memcpy(c->hostname, hostname, sizeof(hostname));
	raw_spin_unlock(&sctrace_lock);
	if (!css)
		return;
	if (final)
		sctrace_cgroup_put(css);
	else
		set_path(c, path_of(css));
}

/**
 * sctrace_container_free() - free what the names of a record that is freed take
 * @c: of a record that nobody can reach but by the list here
 *
 * Context: may sleep; takes sctrace_lock.
 */
void sctrace_container_free(struct sctrace_container *c)
{
	raw_spin_lock(&sctrace_lock);
	if (c->css)
		list_del(&c->unresolved);
	raw_spin_unlock(&sctrace_lock);
	if (c->css)
		sctrace_cgroup_put(c->css);
	kfree(c->cgroup);
}
