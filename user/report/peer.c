// SPDX-License-Identifier: GPL-2.0
/*
 * The default profiles of container engines: data, see profile/defaults/README.
 * make turns each file into the numbers that are included below.
 */

#include <string.h>
#include "format/format.h"
#include "peer.h"
#include "profile/algebra.h"

static const char docker[] = {
#include "profile/defaults/docker.json.inc"
};

static const char podman[] = {
#include "profile/defaults/podman.json.inc"
};

static const char containerd[] = {
#include "profile/defaults/containerd.json.inc"
};

#define DOCKER_CAPS	"CAP_AUDIT_WRITE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER " \
			"CAP_FSETID CAP_KILL CAP_MKNOD CAP_NET_BIND_SERVICE " \
			"CAP_NET_RAW CAP_SETFCAP CAP_SETGID CAP_SETPCAP "	\
			"CAP_SETUID CAP_SYS_CHROOT"
#define PODMAN_CAPS	"CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID "	\
			"CAP_KILL CAP_NET_BIND_SERVICE CAP_SETFCAP CAP_SETGID " \
			"CAP_SETPCAP CAP_SETUID CAP_SYS_CHROOT"

const struct peer peers[PEERS_ALL] = {
	{ "Docker", "docker", "moby/profiles cd3bed8, 2026-06-30", DOCKER_CAPS,
	  docker, sizeof(docker) },
	{ "podman", "podman", "containers/container-libs f0ddf1a745, 2026-04-01",
	  PODMAN_CAPS, podman, sizeof(podman) },
	{ "containerd", "containerd", "containerd 0c23e946a, 2026-05-11",
	  DOCKER_CAPS, containerd, sizeof(containerd) },
};

/* Read when first asked for, and kept: a program asks again and again */
static struct {
	struct profile *all;	/* as it stands */
	struct profile *here;	/* with the usual capabilities, on @machine */
	const char *machine;
} cache[PEERS_ALL];

/**
 * peer_find() - an engine by its name
 * @key: "docker"
 *
 * Return: the engine, or NULL.
 */
const struct peer *peer_find(const char *key)
{
	size_t i;

	for (i = 0; i < PEERS_ALL; i++)
		if (!strcmp(peers[i].key, key))
			return &peers[i];
	return NULL;
}

/**
 * peer_caps() - the capabilities of a container that asks for no change
 * @p: the engine
 * @caps: gets them
 */
void peer_caps(const struct peer *p, struct strset *caps)
{
	cleanup_free char *copy = xstrdup(p->caps);
	char *save, *w;

	for (w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		strset_add(caps, w);
}

/**
 * peer_profile() - an engine's default profile
 * @p: the engine
 *
 * Return: the profile with all its conditions; it stays the engine's.
 */
const struct profile *peer_profile(const struct peer *p)
{
	struct error *err = NULL;
	size_t i = p - peers;

	if (cache[i].all)
		return cache[i].all;
	cache[i].all = format_read(p->text, p->len, FORMAT_DOCKER, NULL, NULL,
				   &err);
	if (!cache[i].all) {
		/* a broken build: every unit test of the report shows it */
		fprintf(stderr, PROGRAM ": %s: %s\n", p->name, err->text);
		abort();
	}
	return cache[i].all;
}

/* The same without conditions, for a container as usual; it stays the engine's */
static const struct profile *profile_on(const struct peer *p, const char *machine)
{
	struct profile_env env = { .arch = machine };
	size_t i = p - peers;

	if (cache[i].here && cache[i].machine == machine)
		return cache[i].here;
	profile_free(cache[i].here);
	peer_caps(p, &env.caps);
	cache[i].here = algebra_resolve(peer_profile(p), &env);
	cache[i].machine = machine;
	strset_free(&env.caps);
	return cache[i].here;
}

/**
 * peer_wider() - what a profile permits and an engine's default does not
 * @e: the engine, or NULL
 * @than: without an engine, the profile to compare with
 * @p: the profile
 * @env: where, or NULL for the machines that the profile is for
 * @resolve: with the capabilities of @env; else a container has those that the
 *	engine usually gives, and a profile with conditions of its own is
 *	compared under all conditions
 * @d: overwritten; differences_free() it
 * @err: what cannot be compared
 *
 * Return: 0 or -1.
 */
int peer_wider(const struct peer *e, const struct profile *than,
	       const struct profile *p, const struct profile_env *env,
	       bool resolve, struct differences *d, struct error **err)
{
	struct profile_env here = { .arch = env && env->arch ? env->arch : profile_machine(p) };
	cleanup_profile struct profile *a = NULL, *b = NULL;

	if (e)
		than = peer_profile(e);
	if (resolve)
		strset_copy(&here.caps, &env->caps);
	else if (e)
		peer_caps(e, &here.caps);
	if (resolve || (e && !profile_has_caps(p))) {
		a = algebra_resolve(than, &here);
		b = algebra_resolve(p, &here);
	}
	strset_free(&here.caps);
	return algebra_missing_on(here.arch, a ? a : than, b ? b : p, d, err);
}

/* The capabilities that open a call, as "A or B", or NULL */
static char *opens(const struct profile *p, const char *name)
{
	struct strset caps = { 0 };
	char *text = NULL;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (profile_action_permits(r->action) &&
		    strset_has(&r->names, name))
			strset_join(&caps, &r->includes.caps);
	}
	if (caps.n)
		text = strset_text(&caps, " or ");
	strset_free(&caps);
	return text;
}

/**
 * peer_verdict() - what an engine's default profile says of a call
 * @p: the engine
 * @name: the call
 * @machine: of profile_machine()
 * @cap: gets what PEER_NEEDS_CAP takes, else NULL; may be NULL
 *
 * Return: the verdict for a container without added capabilities.
 */
enum peer_verdict peer_verdict(const struct peer *p, const char *name, const char *machine,
			       const char **cap)
{
	const struct profile *all = peer_profile(p), *here = profile_on(p, machine);
	static struct strset known;	/* what @cap points to stays */
	bool looks = false;
	char *text;
	size_t i;

	if (cap)
		*cap = NULL;
	for (i = 0; i < here->n_rules; i++) {
		const struct profile_rule *r = &here->rules[i];

		if (!profile_action_permits(r->action) ||
		    !strset_has(&r->names, name))
			continue;
		if (!r->n_args)
			return PEER_ALLOWS;
		looks = true;
	}
	if (looks)
		return PEER_LOOKS;
	text = opens(all, name);
	if (!text)
		return PEER_REFUSES;
	strset_add(&known, text);
	for (i = 0; i < known.n && cap; i++)
		if (!strcmp(known.v[i], text))
			*cap = known.v[i];
	free(text);
	return PEER_NEEDS_CAP;
}
