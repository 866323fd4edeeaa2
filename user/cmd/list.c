// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl list: all records. */

#include <fnmatch.h>
#include "cmd.h"
#include "lib/file.h"
#include "words.h"

enum { OPT_RUNNING = OPT_COMMAND, OPT_ENGINE, OPT_WIDE };

static const struct opt opts[] = {
	{ OPT_RUNNING, "running", NULL, "only those whose namespace has not ended" },
	{ OPT_ENGINE, "engine", "NAME", "only containers of this engine: docker, podman, k8s..." },
	{ OPT_WIDE, "wide", NULL, "all columns, and nothing cut off" },
	OPTS_JSON,
	OPTS_COMMON
};

struct filter {
	const char *engine;
	char **patterns;	/* ends with NULL */
	bool running;
};

static bool by_engine(const struct container *c, const char *engine)
{
	if (!strcmp(engine, "k8s"))
		return c->pod;
	return c->engine && !strcmp(c->engine, engine);
}

/* A pattern is of the whole text, of the name alone, or of the ID's beginning */
static bool by_name(const struct container *c, char **patterns)
{
	cleanup_free char *text = container_text(c);

	for (; *patterns; patterns++) {
		const char *p = *patterns;

		if ((text && !fnmatch(p, text, 0)) || (c->name && !fnmatch(p, c->name, 0)) ||
		    (c->id && (!fnmatch(p, c->id, 0) || !strncmp(p, c->id, strlen(p)))))
			return true;
	}
	return false;
}

static bool is_wanted(const struct filter *f, const struct record *r,
		      const struct container *c)
{
	return !(f->running && r->flags & SCTRACE_F_ENDED) &&
	       !(f->engine && !by_engine(c, f->engine)) &&
	       (!*f->patterns || by_name(c, f->patterns));
}

static bool any_wanted(const struct filter *f, const struct records *all,
		       const struct containers *names)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (is_wanted(f, &all->v[i], &names->v[i]))
			return true;
	return false;
}

static int parse_engine(struct args *a, struct filter *f, struct error **err)
{
	size_t i;

	for (i = 0; container_engines[i]; i++)
		if (!strcmp(container_engines[i], a->value)) {
			f->engine = container_engines[i];
			return 0;
		}
	return args_unknown(a, err, OPT_ENGINE, "engine");
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_containers struct containers names = { 0 };
	cleanup_client struct client *c = NULL;
	cleanup_records struct records all = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	struct filter f = { 0 };
	const char *late;
	bool wide = false;
	size_t i, shown = 0;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		if (id == OPT_RUNNING)
			f.running = true;
		else if (id == OPT_WIDE)
			wide = true;
		else if (parse_engine(&a, &f, err) < 0)
			return -1;
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	args_words(&a, &f.patterns);
	if (client_open(&c, 0, err) < 0 ||
	    client_list(c, &all, false, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	containers_read(&names, &all);
	late = containers_ask(&names, ASK_SECONDS);
	if (late && *f.patterns && !any_wanted(&f, &all, &names)) {
		late = containers_ask(&names, ASK_AGAIN_SECONDS);
		if (late && !any_wanted(&f, &all, &names))
			return error_make(err, ST_FAILED, 0,
					  "%s has not told its names within %d seconds: which containers are meant is not known; give IDs",
					  late, ASK_AGAIN_SECONDS);
	}
	print_begin(&p, o.json);
	if (wide)
		p.width = 0;
	print_table(&p, "records");
	for (i = 0; i < all.n; i++) {
		if (!is_wanted(&f, &all.v[i], &names.v[i]))
			continue;
		print_row(&p);
		print_record(&p, &all.v[i], &info, &names.v[i], wide);
		shown++;
	}
	print_close(&p);
	if (!o.json && isatty(STDOUT_FILENO) && all.n && !shown)
		note("none of %zu records is meant by that", all.n);
	else if (!o.json && isatty(STDOUT_FILENO))
		note("recorded: %s", info_mode(&info));
	if (late)
		warn("%s has not told its names within %d seconds: its containers are known by their IDs",
		     late, ASK_SECONDS);
	if (all.torn)
		warn("records came and went while these were read: some that were there for a moment may be missing");
	if (info.evicted)
		note("%llu ended records were dropped to make room for others",
		     (unsigned long long)info.evicted);
	if (info.unrecorded)
		warn("%llu times a namespace could not be given a record",
		     (unsigned long long)info.unrecorded);
	print_bool(&p, "torn", NULL, all.torn);
	print_string(&p, "mode", NULL, info_mode(&info));
	print_string(&p, "scope", NULL, info_scope(&info));
	print_u64(&p, "evicted", NULL, info.evicted);
	print_u64(&p, "unrecorded", NULL, info.unrecorded);
	return print_end(&p, err);
}

const struct command cmd_list = {
	.name = "list",
	.summary = "list all records",
	.args = "[PATTERN...]",
	.more = "Patterns are shell patterns of containers as they are listed, of their names, or of IDs.",
	.opts = opts,
	.run = run,
};
