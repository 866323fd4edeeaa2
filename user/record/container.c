// SPDX-License-Identifier: GPL-2.0
/* Which container a record is of. */

#include <ctype.h>
#include <inttypes.h>
#include "cgroup.h"
#include "container.h"
#include "lib/command.h"
#include "lib/guess.h"
#include "lib/json.h"
#include "rootless.h"

#define ID_LEN		64	/* hex digits of an engine's ID */
#define SHORT_LEN	12	/* as engines print it, and set host names */

/* How many users' homes are waited for in vain */
#define MAX_LATE_USERS	3

/*
 * Names of cgroups, as the engines' sources make them: moby daemon/oci_linux.go,
 * podman libpod/oci_conmon_linux.go, containerd pkg/cri/server, cri-o
 * internal/config/cgmgr, nerdctl pkg/cmd/container, systemd src/nspawn and src/machine,
 * lxc src/lxc/cgroups, flatpak common/flatpak-run.c, crun src/libcrun/cgroup-systemd.c.
 */
static const struct scope {
	const char *prefix, *suffix, *engine;
	bool hex;		/* what stands between is an ID */
} scopes[] = {
	{ "docker-", ".scope", "docker", true },
	{ "libpod-", ".scope", "podman", true },
	{ "libpod-", "", "podman", true },
	{ "cri-containerd-", ".scope", "containerd", true },
	{ "nerdctl-", ".scope", "containerd", true },
	{ "crio-", ".scope", "cri-o", true },
	{ "crio-", "", "cri-o", true },
	{ "systemd-nspawn@", ".service", "nspawn", false },
	{ "machine-", ".scope", "nspawn", false },
	{ "lxc.payload.", "", "lxc", false },
	{ "app-flatpak-", ".scope", "flatpak", false },
	{ "crun-", ".scope", "crun", false },
	{ "runc-", ".scope", "runc", false },
};

/* Directories that hold one cgroup for each container */
static const struct parent {
	const char *name, *engine;
	bool hex;
} parents[] = {
	{ "docker", "docker", true },
	{ "lxc", "lxc", false },
	{ "lxc.payload", "lxc", false },
	{ "crun", "crun", false },
};

/* All that may stand before the colon of --container */
const char *const container_engines[] = {
	"docker", "podman", "containerd", "cri-o", "k8s", "nspawn", "lxc", "flatpak",
	"crun", "runc", NULL
};

static bool all_hex(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
	return len;
}

static bool is_id(const char *s)
{
	return strlen(s) == ID_LEN && all_hex(s, ID_LEN);
}

/* As systemd escapes names of units: \x2d is a dash. Ends where @len ends. */
static char *unescape(const char *s, size_t len)
{
	char *out = xcalloc(len + 1, 1), *to = out;
	unsigned int c;
	size_t i;

	for (i = 0; i < len; i++) {
		if (len - i >= 4 && s[i] == '\\' && s[i + 1] == 'x' &&
		    sscanf(s + i + 2, "%2x", &c) == 1 && c) {
			*to++ = c;
			i += 3;
		} else {
			*to++ = s[i];
		}
	}
	return out;
}

static bool by_scope(const char *word, struct container *c)
{
	size_t len = strlen(word), i;

	for (i = 0; i < ARRAY_SIZE(scopes); i++) {
		const struct scope *s = &scopes[i];
		size_t before = strlen(s->prefix), after = strlen(s->suffix);

		if (len <= before + after || strncmp(word, s->prefix, before) ||
		    strcmp(word + len - after, s->suffix))
			continue;
		if (s->hex && (len - before - after != ID_LEN ||
			       !all_hex(word + before, ID_LEN)))
			continue;
		c->engine = s->engine;
		c->id = unescape(word + before, len - before - after);
		return true;
	}
	return false;
}

static bool by_parent(const char *parent, const char *word, struct container *c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parents); i++) {
		if (strcmp(parent, parents[i].name) || (parents[i].hex && !is_id(word)))
			continue;
		c->engine = parents[i].engine;
		c->id = xstrdup(word);
		return true;
	}
	/* the cgroupfs driver of Kubernetes: kubepods/burstable/podUID/ID */
	if (!strncmp(parent, "pod", 3) && is_id(word)) {
		c->engine = "containerd";
		c->id = xstrdup(word);
		return true;
	}
	return false;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A cgroup that some runtime named after its container: /NAME, /default/NAME */
static bool by_last(const char *word, struct container *c)
{
	static const char *const units[] = { ".scope", ".service", ".slice", ".mount",
					     ".socket" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (ends_with(word, units[i]))
			return false;
	if (!strcmp(word, "init") || !strcmp(word, "user"))
		return false;
	c->id = xstrdup(word);
	return true;
}

/**
 * container_read() - what a cgroup and a host name say of a container
 * @cgroup: path, or the end of one; NULL: not known
 * @hostname: NULL: the host's own, or not known
 * @c: set up by this; for container_free()
 *
 * The innermost cgroup that an engine has named counts. An ID in a path outranks a host
 * name, which the container's user may choose.
 */
void container_read(const char *cgroup, const char *hostname, struct container *c)
{
	cleanup_free char *path = xstrdup(cgroup ? cgroup : "");
	char *word[64], *rest = path, *part;
	size_t n = 0, at = 0, i;
	bool pods = false;

	memset(c, 0, sizeof(*c));
	while ((part = strsep(&rest, "/"))) {
		if (!*part)
			continue;
		if (n == ARRAY_SIZE(word)) {
			memmove(word, word + 1, sizeof(word) - sizeof(*word));
			n--;
		}
		word[n++] = part;
		pods |= !strncmp(part, "kubepods", 8);
	}
	for (i = n; i-- && !c->id; at = i)
		if (!by_scope(word[i], c) && i)
			by_parent(word[i - 1], word[i], c);
	/* the user whose manager has made it, if it is not the system's */
	while (c->id && !c->user && at--)
		c->user = rootless_user(word[at]);
	/* below its own cgroup a container may make others */
	if (!c->id && n)
		by_last(word[n - 1], c);
	if (c->id && is_id(c->id) && pods && hostname)
		c->pod = xstrdup(hostname);
	if (!c->id && hostname) {
		c->id = xstrdup(hostname);
		c->by_host = true;
	}
}

/**
 * container_is_service() - is a record of what systemd starts, and no container runtime?
 * @r: the record
 *
 * Return: true if so.
 */
bool container_is_service(const struct record *r)
{
	cleanup_container struct container c = { 0 };

	container_read(r->cgroup, r->hostname, &c);
	return r->flags & SCTRACE_F_CGROUP && unit_of_cgroup(r->cgroup) && !c.engine;
}

/**
 * container_free() - release what container_read() and the engines' names take
 * @c: the container
 */
void container_free(struct container *c)
{
	free(c->id);
	free(c->name);
	free(c->pod);
	memset(c, 0, sizeof(*c));
}

/**
 * container_text() - a container as lists and messages name it
 * @c: the container
 *
 * Return: ENGINE:NAME, with the short ID for a name that is not known; NULL when there is
 * no container. For free().
 */
char *container_text(const struct container *c)
{
	const char *colon = c->engine ? ":" : "";
	const char *engine = c->engine ? c->engine : "";

	if (!c->id)
		return NULL;
	if (c->pod && c->name)
		return xasprintf("k8s:%s/%s", c->pod, c->name);
	if (c->by_host)
		return xasprintf("host:%s", c->id);
	if (c->name)
		return xasprintf("%s%s%s", engine, colon, c->name);
	return xasprintf("%s%s%.*s", engine, colon,
			 is_id(c->id) ? SHORT_LEN : (int)strlen(c->id), c->id);
}

/**
 * containers_read() - the containers of records
 * @all: set up by this; for containers_free()
 * @r: the records
 */
void containers_read(struct containers *all, const struct records *r)
{
	size_t i;

	all->v = xcalloc(r->n ? r->n : 1, sizeof(*all->v));
	all->n = r->n;
	for (i = 0; i < r->n; i++)
		container_read(r->v[i].cgroup, r->v[i].hostname, &all->v[i]);
}

/**
 * containers_free() - release containers
 * @all: the containers
 */
void containers_free(struct containers *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		container_free(&all->v[i]);
	free(all->v);
	all->v = NULL;
	all->n = 0;
}

/* A host name may be an engine's short ID: it helps to find the record, and proves nothing */
static bool has_id(const struct container *c, const char *engine, const char *id)
{
	if (!c->id)
		return false;
	if (c->by_host)
		return strlen(c->id) == SHORT_LEN && !strncmp(c->id, id, SHORT_LEN);
	return c->engine && !strcmp(c->engine, engine) && !strcmp(c->id, id);
}

/* @uid: if it is not 0, only what is that user's */
static void set_name(struct containers *all, const char *engine, const char *id,
		     const char *name, const char *pod, uid_t uid)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		struct container *c = &all->v[i];

		if (c->name || !has_id(c, engine, id) || (uid && c->user != uid))
			continue;
		c->name = xstrdup(name);
		if (pod) {
			free(c->pod);
			c->pod = xstrdup(pod);
		}
	}
}

static void learn(struct containers *all, const char *engine, const char *lines, uid_t uid)
{
	cleanup_free char *copy = xstrdup(lines);
	char *rest = copy, *line, *name;

	while ((line = strsep(&rest, "\n"))) {
		name = strchr(line, ' ');
		if (!name)
			continue;
		*name++ = '\0';
		/* a second name, of an old link, follows after a comma */
		name[strcspn(name, ",\r")] = '\0';
		if (is_id(line) && *name)
			set_name(all, engine, line, name, NULL, uid);
	}
}

/**
 * containers_learn() - take names from what an engine's program printed
 * @all: the containers
 * @engine: whose
 * @lines: an ID of 64 digits, a blank, and a name, on each line; others are skipped
 *
 * A name that is known already stays: ask for today's names first.
 */
void containers_learn(struct containers *all, const char *engine, const char *lines)
{
	learn(all, engine, lines, 0);
}

/**
 * containers_learn_pods() - take names from what `crictl ps -o json` printed
 * @all: the containers
 * @json: what it printed; what is not understood is skipped
 */
void containers_learn_pods(struct containers *all, const char *json)
{
	struct json_object *root = json_tokener_parse(json), *list = NULL, *labels;
	size_t i, n = 0;

	if (json_object_is_type(root, json_type_object) &&
	    json_object_object_get_ex(root, "containers", &list) &&
	    json_object_is_type(list, json_type_array))
		n = json_object_array_length(list);
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		const char *id = json_text(o, "id"), *name, *pod;

		if (!id || !is_id(id) ||
		    !json_object_object_get_ex(o, "labels", &labels))
			continue;
		name = json_text(labels, "io.kubernetes.container.name");
		pod = json_text(labels, "io.kubernetes.pod.name");
		if (!name || !pod)
			continue;
		set_name(all, "containerd", id, name, pod, 0);
		set_name(all, "cri-o", id, name, pod, 0);
	}
	json_object_put(root);
}

/* What each engine's program prints; its memory of events knows containers that are gone */
static const struct question {
	const char *engine;
	const char *const argv[10];
} questions[] = {
	{ "docker", { "docker", "ps", "-a", "--no-trunc", "--format",
		      "{{.ID}} {{.Names}}", NULL } },
	{ "docker", { "docker", "events", "--since", "720h", "--until", "0s", "--filter",
		      "event=create", "--format={{.Actor.ID}} {{.Actor.Attributes.name}}",
		      NULL } },
	{ "podman", { "podman", "ps", "-a", "--no-trunc", "--format",
		      "{{.ID}} {{.Names}}", NULL } },
	{ "podman", { "podman", "events", "--stream=false", "--filter", "event=create",
		      "--format", "{{.ID}} {{.Name}}", NULL } },
	{ "containerd", { "crictl", "ps", "-a", "-o", "json", NULL } },
	{ "cri-o", { "crictl", "ps", "-a", "-o", "json", NULL } },
};

/*
 * May a program be asked whose container may be of another engine, or of none? To be asked must
 * start nothing: podman's first run after a boot makes the file of its locks, and when it is
 * killed in the middle of that, as what is late, no later podman can open it
 * (libpod/lock/shm/shm_lock.c); Docker's daemon is started by a connection to its socket; and
 * `docker` may be podman. So each is asked only if it has run: podman makes the file that is
 * looked for here at the end of its first run (libpod/runtime.go, makeRuntime()), the daemon its
 * directory when it starts (moby daemon/config, ExecRoot). These are where they are by default.
 */
static bool may_guess(const char *program)
{
	cleanup_free char *sign = NULL;

	if (!strcmp(program, "docker"))
		sign = xstrdup("/run/docker");
	else if (!strcmp(program, "podman"))
		sign = geteuid() ? xasprintf("/run/user/%u/libpod/tmp/alive", geteuid()) :
				   xstrdup("/run/libpod/alive");
	return !sign || !access(sign, F_OK);
}

/* Is there a container whose name this engine may know? */
static bool wanted(const struct containers *all, const char *engine)
{
	bool guess = may_guess(engine);
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct container *c = &all->v[i];

		if (c->name || !c->id)
			continue;
		if (c->engine ? !strcmp(c->engine, engine) :
		    guess && c->by_host && strlen(c->id) == SHORT_LEN &&
		    all_hex(c->id, SHORT_LEN))
			return true;
	}
	return false;
}

/*
 * Each of them once. When the homes of some do not answer, those of others are likely to be on
 * the same file system.
 *
 * Return: is one late?
 */
static bool ask_users(struct containers *all, unsigned int seconds)
{
	unsigned int late = 0;
	size_t i, k;

	for (i = 0; i < all->n && late < MAX_LATE_USERS; i++) {
		cleanup_free char *lines = NULL;
		uid_t uid = all->v[i].user;

		for (k = 0; k < i && (all->v[k].user != uid || all->v[k].name); k++)
			;
		if (!uid || all->v[i].name || k < i)
			continue;
		if (rootless_names(uid, seconds, &lines) == COMMAND_LATE) {
			late++;		/* he can be asked again */
			continue;
		}
		learn(all, "podman", lines, uid);
		for (k = i; k < all->n; k++)
			if (all->v[k].user == uid)
				all->v[k].user = 0;
	}
	return late;
}

/**
 * containers_ask() - ask the engines' own programs for names
 * @all: the containers
 * @seconds: how long each may take, ASK_SECONDS or ASK_AGAIN_SECONDS
 *
 * An engine is asked only if one of its containers has no name yet. What does not answer
 * in time, or is not there, leaves IDs, and is asked nothing more.
 *
 * Return: a program that has not answered in time, or NULL.
 */
const char *containers_ask(struct containers *all, unsigned int seconds)
{
	const char *dumb = "", *late = NULL;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(questions); i++) {
		const struct question *q = &questions[i];
		cleanup_free char *words = NULL;

		if (!strcmp(q->argv[0], dumb) || !wanted(all, q->engine) ||
		    !command_there(q->argv[0]))
			continue;
		ret = command_read_within(q->argv, STDOUT_FILENO, seconds, &words);
		if (ret) {
			debug("%s: no names of containers", q->argv[0]);
			dumb = q->argv[0];
			late = ret == COMMAND_LATE ? dumb : late;
			continue;
		}
		if (!strcmp(q->argv[0], "crictl"))
			containers_learn_pods(all, words);
		else
			containers_learn(all, q->engine, words);
	}
	return ask_users(all, seconds) ? "a user's podman" : late;
}

/* How well a word names a container: 0 not at all, else the smaller the better */
enum { NAMED = 1, IDENTIFIED, POD, BEGINS, BY_HOST };

static int fits(const struct container *c, const char *engine, const char *word)
{
	cleanup_free char *both = NULL;

	if (!c->id)
		return 0;
	if (engine && !strcmp(engine, "k8s")) {
		if (!c->pod)
			return 0;
		both = xasprintf("%s/%s", c->pod, c->name ? c->name : "");
		return !strcmp(word, both) ? NAMED : !strcmp(word, c->pod) ? POD : 0;
	}
	if (engine && (!c->engine || strcmp(engine, c->engine)))
		return 0;
	if (c->by_host)
		return !strcmp(c->id, word) || (c->name && !strcmp(c->name, word)) ?
		       BY_HOST : 0;
	if (c->name && !strcmp(c->name, word))
		return NAMED;
	if (!strcmp(c->id, word))
		return IDENTIFIED;
	if (c->pod && !strcmp(c->pod, word))
		return POD;
	if (is_id(c->id) && strlen(word) >= 3 && !strncmp(c->id, word, strlen(word)))
		return BEGINS;
	return 0;
}

static bool same(const struct container *a, const struct container *b)
{
	return !strcmp(a->id, b->id) &&
	       (a->engine == b->engine ||
		(a->engine && b->engine && !strcmp(a->engine, b->engine)));
}

/* Of records of one container: the outermost, of these the living, of these the newest */
static bool better(const struct record *a, const struct record *b)
{
	bool ended_a = a->flags & SCTRACE_F_ENDED, ended_b = b->flags & SCTRACE_F_ENDED;

	if (a->level != b->level)
		return a->level < b->level;
	if (ended_a != ended_b)
		return ended_b;
	return a->id > b->id;
}

static const char *engine_of(const char **word)
{
	size_t i, len = strcspn(*word, ":");

	if (!(*word)[len])
		return NULL;
	for (i = 0; container_engines[i]; i++)
		if (strlen(container_engines[i]) == len &&
		    !strncmp(*word, container_engines[i], len)) {
			*word += len + 1;
			return container_engines[i];
		}
	return NULL;
}

static int ambiguous(const struct containers *all, const char *asked, int best,
		     const char *engine, const char *word, struct error **err)
{
	cleanup_free char *list = xstrdup("");
	size_t i, j, n = 0;

	for (i = 0; i < all->n; i++) {
		const struct container *c = &all->v[i];
		cleanup_free char *text = NULL;
		bool again = false;
		char *more;

		if (fits(c, engine, word) != best)
			continue;
		for (j = 0; j < i && !again; j++)
			again = fits(&all->v[j], engine, word) == best &&
				same(&all->v[j], c);
		if (again || n++ == 8)
			continue;
		text = container_text(c);
		more = xasprintf("%s%s%s (%.*s)", list, *list ? ", " : "", text,
				 SHORT_LEN, c->id);
		free(list);
		list = more;
	}
	return error_make(err, ST_NO_RECORD, 0, "container `%s`: several have that name: %s",
			  asked, list);
}

/* What was meant may be a name, or all of ENGINE:NAME and k8s:POD/CONTAINER */
static int none_such(const struct containers *all, const char *asked, const char *word,
		     struct error **err)
{
	struct guess whole = GUESS_INIT(asked), name = GUESS_INIT(word);
	const char *after = strchr(asked, ':'), *colon;
	char **text = xcalloc(all->n, sizeof(*text));
	size_t i;

	for (i = 0; i < all->n; i++) {
		text[i] = container_text(&all->v[i]);
		colon = text[i] ? strchr(text[i], ':') : NULL;
		/* the right name may be of another engine */
		if (after && colon && !strcmp(colon, after))
			guess_take(&whole, text[i]);
		else if (after && text[i])
			guess_try(&whole, text[i]);
		if (all->v[i].name)
			guess_try(&name, all->v[i].name);
	}
	error_make(err, ST_NO_RECORD, 0,
		   "container `%s`: no record of it (`" PROGRAM " list` shows all)%s", asked,
		   guess_text(whole.best ? &whole : &name));
	for (i = 0; i < all->n; i++)
		free(text[i]);
	free(text);
	return -1;
}

/**
 * containers_find() - find the record of a container
 * @all: the containers of @r, with names
 * @r: the records
 * @word: [ENGINE:]NAME, an ID or the beginning of one, k8s:POD/CONTAINER
 * @err: why there is none: ST_NO_RECORD
 *
 * A name goes before an ID, and that before the beginning of one. Of the runs of one
 * container it is the living, or else the newest.
 *
 * Return: the index, or -1 and @err.
 */
int containers_find(const struct containers *all, const struct records *r,
		    const char *word, struct error **err)
{
	const char *asked = word, *engine = engine_of(&word);
	int found = -1, best = 0, others = 0;
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct container *c = &all->v[i];
		int fit = fits(c, engine, word);

		if (!fit)
			continue;
		if (!best || fit < best) {
			best = fit;
			found = -1;
		}
		if (fit == best && (found < 0 || better(&r->v[i], &r->v[found])))
			found = i;
	}
	if (found < 0)
		return none_such(all, asked, word, err);
	for (i = 0; i < all->n; i++) {
		if (fits(&all->v[i], engine, word) != best)
			continue;
		if (!same(&all->v[i], &all->v[found]))
			return ambiguous(all, asked, best, engine, word, err);
		others += (int)i != found && r->v[i].level == r->v[found].level;
	}
	if (all->v[found].by_host)
		warn("container `%s`: found by its host name only, which its user may choose",
		     asked);
	if (others)
		note("container `%s`: of its %d runs this is %s, record %" PRIu64 "; `--id` names another",
		     asked, others + 1,
		     r->v[found].flags & SCTRACE_F_ENDED ? "the newest" : "the living one",
		     r->v[found].id);
	return found;
}

/**
 * container_pid() - ask the engines for the process of a living container
 * @word: as for containers_find()
 * @unasked: an engine that was not asked, as it has not run since the boot; or NULL
 *
 * Return: its pid as this PID namespace numbers it; 0: no engine knows it.
 */
uint32_t container_pid(const char *word, const char **unasked)
{
	static const char *const programs[] = { "docker", "podman" };
	const char *engine = engine_of(&word);
	size_t i;

	*unasked = NULL;
	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		const char *const argv[] = { programs[i], "inspect", "--type=container",
					     "--format={{.State.Pid}}", "--", word, NULL };
		cleanup_free char *words = NULL;
		unsigned int pid;

		if ((engine && strcmp(engine, programs[i])) || !command_there(programs[i]))
			continue;
		if (!engine && !may_guess(programs[i])) {
			/* a user's container, or a pod's: no name that it would know */
			if (!strchr(word, '/'))
				*unasked = programs[i];
			continue;
		}
		if (command_read_within(argv, STDOUT_FILENO, ASK_SECONDS, &words))
			continue;
		if (sscanf(words, "%u", &pid) == 1 && pid)
			return pid;
	}
	return 0;
}

/**
 * container_image() - ask the engine for the image of a container
 * @c: the container
 *
 * Return: its name, for free(); NULL: the engine does not know, or was not asked, as only
 * Docker and podman can be.
 */
char *container_image(const struct container *c)
{
	const char *const argv[] = { c->engine, "inspect", "--type=container",
				     "--format={{.Config.Image}}", "--", c->id, NULL };
	cleanup_free char *words = NULL;

	if (!c->engine || !c->id || c->by_host || !is_id(c->id) ||
	    (strcmp(c->engine, "docker") && strcmp(c->engine, "podman")) ||
	    !command_there(c->engine) ||
	    command_read_within(argv, STDOUT_FILENO, ASK_SECONDS, &words))
		return NULL;
	words[strcspn(words, "\n")] = '\0';
	return *words ? xstrdup(words) : NULL;
}
