// SPDX-License-Identifier: GPL-2.0
/* What can stand on a command line: for shells that complete it, and for guesses. */

#include <ctype.h>
#include <dirent.h>
#include "format/systemd_groups.h"
#include "lib/guess.h"
#include "lib/names.h"
#include "record/cgroup.h"
#include "record/module.h"
#include "report/peer.h"
#include "words.h"

/**
 * words_add() - add a word
 * @w: the words
 * @word: copied; what a shell could not take as one word is left out
 * @about: what it means, or NULL
 */
void words_add(struct words *w, const char *word, const char *about)
{
	cleanup_free char *safe = printable(word);

	if (!*word || strcmp(safe, word) || strpbrk(word, " \t\\'\"`$;&|<>()*?[]{}~#"))
		return;
	w->word = xrealloc(w->word, w->n + 1, sizeof(*w->word));
	w->about = xrealloc(w->about, w->n + 1, sizeof(*w->about));
	w->word[w->n] = xstrdup(word);
	w->about[w->n++] = about ? printable(about) : NULL;
}

/**
 * words_free() - release words
 * @w: the words, or zeroes
 */
void words_free(struct words *w)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		free(w->word[i]);
		free(w->about[i]);
	}
	free(w->word);
	free(w->about);
	memset(w, 0, sizeof(*w));
}

/* A list with blanks between the words */
static void add_list(struct words *w, const char *list)
{
	cleanup_free char *copy = xstrdup(list);
	char *save, *s;

	for (s = strtok_r(copy, " ", &save); s; s = strtok_r(NULL, " ", &save))
		words_add(w, s, NULL);
}

static void add_formats(struct words *w, bool write)
{
	enum format f;

	for (f = FORMAT_AUTO + 1; f < FORMAT_COUNT; f++)
		if (!write || format_written(f))
			words_add(w, format_name(f), NULL);
}

static void add_errnos(struct words *w)
{
	int e;

	for (e = 1; e <= PROFILE_MAX_ERRNO; e++) {
		const char *name = profile_errno_name(e);

		if (name)
			words_add(w, name, strerror(e));
	}
}

static void add_actions(struct words *w)
{
	static const char prefix[] = "SCMP_ACT_";
	unsigned int a;

	for (a = 0; a < PA_COUNT; a++) {
		const char *name = profile_action_name(a);

		words_add(w, strncmp(name, prefix, strlen(prefix)) ? name :
						name + strlen(prefix), NULL);
	}
}

static void add_arches(struct words *w)
{
	const struct abi_name *a;

	for (a = names_abis + 1; a->token; a++)
		if (a->engine && profile_arch_from_short(a->engine))
			words_add(w, a->engine, a->token);
}

static void add_caps(struct words *w)
{
	size_t i;

	words_add(w, "none", "no capability");
	for (i = 0; names_caps[i]; i++)
		words_add(w, names_caps[i] + strlen("CAP_"), NULL);
}

static void add_runtimes(struct words *w, bool may_guess)
{
	static const char *const needs[] = { "", ",exec", ",user", ",exec,user" };
	const struct runtime_base *all;
	size_t i, j, n;

	if (may_guess)
		for (j = 0; j < ARRAY_SIZE(needs); j++) {
			cleanup_free char *word = xasprintf("auto%s", needs[j]);

			words_add(w, word, "the runtime that the record shows");
		}
	words_add(w, "none", "no runtime");
	all = runtime_all(&n);
	for (i = 0; i < n; i++) {
		/* of several versions the newest stands first */
		if (i && !strcmp(all[i - 1].runtime, all[i].runtime) &&
		    all[i - 1].nnp == all[i].nnp)
			continue;
		for (j = 0; j < ARRAY_SIZE(needs); j++) {
			cleanup_free char *word = xasprintf("%s%s%s", all[i].runtime,
							    all[i].nnp ? ",nnp" : "", needs[j]);

			words_add(w, word, NULL);
		}
	}
}

static void add_engines(struct words *w)
{
	size_t i;

	for (i = 0; container_engines[i]; i++)
		words_add(w, container_engines[i], NULL);
}

static void add_peers(struct words *w)
{
	size_t i;

	for (i = 0; i < PEERS_ALL; i++)
		words_add(w, peers[i].key, peers[i].version);
	w->are = WORDS_FILES;
}

static void add_pids(struct words *w)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;

	while (proc && (e = readdir(proc))) {
		cleanup_free char *path = NULL;
		cleanup_file FILE *from = NULL;
		char comm[64] = "";

		if (!isdigit((unsigned char)*e->d_name))
			continue;
		path = xasprintf("/proc/%s/comm", e->d_name);
		from = fopen(path, "re");
		if (from && fgets(comm, sizeof(comm), from))
			comm[strcspn(comm, "\n")] = '\0';
		words_add(w, e->d_name, comm);
	}
	if (proc)
		closedir(proc);
}

static void add_record(struct words *w, int id, const struct record *r, const struct container *c)
{
	cleanup_free char *text = container_text(c);
	cleanup_free char *about = xasprintf("%s%s%s", text ? text : "", text ? ", " : "",
					     r->comm);
	cleanup_free char *number = NULL;

	switch (id) {
	case OPT_CONTAINER:
		if (c->name)
			words_add(w, c->name, about);
		else if (c->id && !c->by_host)
			words_add(w, c->id, about);
		break;
	case OPT_UNIT:
		if (r->flags & SCTRACE_F_CGROUP && unit_of_cgroup(r->cgroup))
			words_add(w, unit_of_cgroup(r->cgroup), about);
		break;
	case OPT_CGROUP:
		if (r->flags & SCTRACE_F_CGROUP && r->cgroup)
			words_add(w, r->cgroup, about);
		break;
	case OPT_LABEL:
		if (r->label)
			words_add(w, r->label, about);
		break;
	case OPT_NS:
		number = xasprintf("%u", r->inum);
		words_add(w, number, about);
		break;
	default:
		number = xasprintf("%llu", (unsigned long long)r->id);
		words_add(w, number, about);
	}
}

/* What cannot be asked for is silence: no module is loaded for a key that was pressed */
static void add_records(struct words *w, int id)
{
	cleanup_containers struct containers names = { 0 };
	cleanup_client struct client *c = NULL;
	cleanup_records struct records all = { 0 };
	cleanup_error struct error *err = NULL;
	size_t i;

	if (!module_loaded() || client_open(&c, CLIENT_NO_LOAD | CLIENT_ANY_VERSION, &err) < 0 ||
	    client_list(c, &all, false, &err) < 0)
		return;
	containers_read(&names, &all);
	if (id == OPT_CONTAINER)
		containers_ask(&names, ASK_SECONDS);
	for (i = 0; i < all.n; i++)
		add_record(w, id, &all.v[i], &names.v[i]);
}

/* What runs; systemd has its units' cgroups there */
static void add_units(struct words *w)
{
	const char *root = cgroup_root();
	cleanup_free char *dir = xasprintf("%s/system.slice", root ? root : "");
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		cleanup_free char *path = xasprintf("/%s", e->d_name);

		if (e->d_type == DT_DIR && unit_of_cgroup(path))
			words_add(w, e->d_name, NULL);
	}
	if (d)
		closedir(d);
}

static void add_groups(struct words *w)
{
	size_t i;

	words_add(w, "whole", NULL);
	for (i = 0; systemd_group_name(i); i++)
		words_add(w, systemd_group_name(i), NULL);
}

/* By the option's name, which means the same in all commands; a list, or who knows it */
static const struct {
	const char *option;
	const char *list;
	void (*add)(struct words *w);
} values[] = {
	{ "arch", NULL, add_arches },
	{ "args", "guard all none", NULL },
	{ "caps", NULL, add_caps },
	{ "default-action", NULL, add_actions },
	{ "engine", NULL, add_engines },
	{ "errno", NULL, add_errnos },
	{ "for", "30s 5m 1h", NULL },
	{ "format", "text json sarif prometheus", NULL },	/* of what is no profile */
	{ "groups", NULL, add_groups },
	{ "pid", NULL, add_pids },
	{ "stage", "workload all", NULL },
	{ "target-runtime", "crun runc", NULL },
	{ "until-quiet", "30s 5m 1h", NULL },
	{ "wider-than", NULL, add_peers },
};

/**
 * words_of_option() - what can be the value of an option
 * @o: the option
 * @w: gets it
 */
void words_of_option(const struct opt *o, struct words *w)
{
	size_t i;

	w->are = WORDS_LISTED;
	switch (o->id) {
	case OPT_UNIT:
		add_units(w);
		add_records(w, o->id);
		return;
	case OPT_CONTAINER:
	case OPT_CGROUP:
	case OPT_LABEL:
	case OPT_NS:
	case OPT_ID:
		add_records(w, o->id);
		return;
	case OPT_FORMAT:
		add_formats(w, true);
		return;
	case OPT_RUNTIME:
	case OPT_RUNTIME_OR_AUTO:
		add_runtimes(w, o->id == OPT_RUNTIME_OR_AUTO);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		if (strcmp(values[i].option, o->name))
			continue;
		if (values[i].list)
			add_list(w, values[i].list);
		else
			values[i].add(w);
		return;
	}
	if (!strcmp(o->arg, "FORMAT"))
		add_formats(w, false);
	else
		w->are = !strcmp(o->arg, "FILE") ? WORDS_FILES :
			 !strncmp(o->arg, "DIR", 3) ? WORDS_DIRS : WORDS_ANY;
}

/**
 * words_of_command() - what can stand after a command's options
 * @cmd: the command
 * @at: how many words stand there already
 * @w: gets it
 */
void words_of_command(const struct command *cmd, unsigned int at, struct words *w)
{
	const char *args = cmd->args ? cmd->args : "";

	w->are = WORDS_LISTED;
	if (cmd->stop_at_word)
		w->are = WORDS_COMMAND;
	else if (strstr(args, "FILE") || strstr(args, "PROFILE"))
		w->are = at && !strchr(args, ' ') && !strstr(args, "...") ? WORDS_LISTED :
			 WORDS_FILES;
	else if (!strcmp(args, "STAGE") && !at)
		add_list(w, "precreate prestart createRuntime poststop bundle");
	else if (strstr(args, "PATTERN"))
		add_records(w, OPT_CONTAINER);
	else if (!strncmp(args, "SHELL", 5) && !at)
		add_list(w, "bash zsh fish");
}

static const struct opt *option(const struct args *a, int id)
{
	const struct opt *o;

	for (o = a->cmd->opts; o->name; o++)
		if (o->id == id)
			return o;
	abort();	/* a mistake of ours */
}

/**
 * words_meant() - what was meant by a value that an option cannot have
 * @a: the command line
 * @id: of the option
 *
 * Return: ": did you mean `WORD`?" or "", for free().
 */
char *words_meant(const struct args *a, int id)
{
	cleanup_words struct words w = { 0 };
	struct guess g = GUESS_INIT(a->value);
	size_t i;

	words_of_option(option(a, id), &w);
	for (i = 0; i < w.n; i++)
		guess_try(&g, w.word[i]);
	return xstrdup(guess_text(&g));
}

/**
 * words_list() - the values that an option can have
 * @a: the command line
 * @id: of the option
 *
 * Return: them all with commas, for free(); NULL if they are many.
 */
char *words_list(const struct args *a, int id)
{
	cleanup_words struct words w = { 0 };
	char *list = xstrdup("");
	size_t i;

	words_of_option(option(a, id), &w);
	for (i = 0; i < w.n && w.n <= 12; i++) {
		cleanup_free char *old = list;

		list = xasprintf("%s%s%s", old, i ? ", " : "", w.word[i]);
	}
	if (w.n <= 12)
		return list;
	free(list);
	return NULL;
}
