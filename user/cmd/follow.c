// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl follow: print system calls as they are first seen. */

#include <inttypes.h>
#include "lib/json.h"
#include "lib/file.h"
#include "lib/names.h"
#include "poll.h"
#include "record/value.h"

enum {
	OPT_NEW = OPT_COMMAND,
	OPT_UNTIL_QUIET,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ OPT_NEW, "new", NULL, "leave out what was seen before now" },
	{ OPT_UNTIL_QUIET, "until-quiet", "TIME", "end when nothing new came for that long (90s, 5m, 2h)" },
	{ OPT_JSON, "json", NULL, "print JSON, an object on each line" },
	OPTS_COMMON
};

static void put(struct json_object *o, const char *key, struct json_object *v)
{
	if (json_object_object_add(o, key, v))
		out_of_memory();
}

/* print.h makes one document of all; here each line is one of its own */
static void print_json(const struct sctrace_sighting *s, const char *name,
		       const char *abi, uint64_t after, const char *value)
{
	cleanup_free char *comm = printable(s->comm);
	struct json_object *o = json_object_new_object();

	if (!o)
		out_of_memory();
	put(o, "version", json_object_new_int(PRINT_VERSION));
	put(o, "name", name ? json_object_new_string(name) : NULL);
	if (value)
		put(o, "value", json_object_new_string(value));
	put(o, "nr", json_object_new_int64(s->nr));
	put(o, "abi", json_object_new_string(abi));
	put(o, "stage", json_object_new_string(kind_stage(s->kind)));
	put(o, "confined",
	    json_object_new_boolean(s->kind & SCTRACE_KIND_CONFINED));
	put(o, "refused",
	    json_object_new_boolean(s->kind & SCTRACE_KIND_REFUSED));
	put(o, "comm", json_object_new_string(comm));
	put(o, "pid", json_object_new_int64(s->pid));
	put(o, "time_ns", json_object_new_uint64(s->time));
	put(o, "after_ns", json_object_new_uint64(after));
	put(o, "delayed",
	    json_object_new_boolean(s->kind & SCTRACE_KIND_DELAYED));
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

/* @v: NULL for the sighting of a number */
static void print_one(const struct record *r, const struct sctrace_sighting *s,
		      const struct sctrace_value *v, bool json)
{
	cleanup_free char *value = v ? value_call(v) : NULL;
	cleanup_free char *name = NULL, *abi = NULL, *span = NULL;
	struct print p;
	uint64_t after = s->time > r->since ? s->time - r->since : 0;
	uint32_t bit = s->nr;

	/* as in the sets; what a 32-bit ARM calls its own stands at their end */
	if (bit >= SCTRACE_ARM_PRIVATE_BASE)
		bit = bit - SCTRACE_ARM_PRIVATE_BASE + SCTRACE_ARM_PRIVATE_SLOT;
	name = names_syscall(s->arch, bit);
	abi = names_abi_text(s->arch);
	if (json) {
		print_json(s, name, abi, after, value);
		return;
	}
	if (value) {
		free(name);
		name = xstrdup(value);
	} else if (!name) {
		name = xasprintf("#%u", s->nr);
	}
	span = print_duration(after);
	print_begin(&p, false);
	print_words(&p, 10, "+%-8s %-24s %s[%u]%s%s%s%s%s%s", span, name, s->comm, s->pid,
		    s->kind & SCTRACE_KIND_REFUSED ? " refused" : "",
		    s->kind & SCTRACE_KIND_SETUP ? " setup" :
		    s->kind & SCTRACE_KIND_EXEC ? " exec" : "",
		    s->kind & SCTRACE_KIND_CONFINED ? " confined" : "",
		    s->arch == names_native() ? "" : " ",
		    s->arch == names_native() ? "" : abi,
		    s->kind & SCTRACE_KIND_DELAYED ? " (or before)" : "");
}

/* What is new, by its time; of values, only what is one */
static void print_new(const struct record *r, bool json)
{
	size_t i = 0, j = 0;

	while (i < r->n_sighting || j < r->n_value) {
		const struct sctrace_sighting *s = &r->sighting[i];
		const struct sctrace_value *v = &r->value[j];
		struct sctrace_sighting as;

		if (j == r->n_value || (i < r->n_sighting && s->time <= v->time)) {
			print_one(r, s, NULL, json);
			i++;
			continue;
		}
		j++;
		if (v->how == SCTRACE_HOW_OPEN)
			continue;
		as = (struct sctrace_sighting){
			.time = v->time, .arch = v->arch, .nr = v->nr,
			.pid = v->pid, .kind = v->kind,
		};
		memcpy(as.comm, v->comm, sizeof(as.comm));
		print_one(r, &as, v, json);
	}
}

static int end(const struct record *r, struct error **err)
{
	if (r->sightings_missed)
		warn("%u system calls have no first sighting: `" PROGRAM " show --id %" PRIu64 "` has them all",
		     r->sightings_missed, r->id);
	if (r->flags & SCTRACE_F_ENDED)
		note("the namespace has ended");
	return file_stdout_done(err);
}

static int follow(struct poller *w, bool json, bool only_new,
		  struct error **err)
{
	bool first = true;

	for (;;) {
		cleanup_record struct record r = { 0 };

		if (poll_look(w, &r, err) < 0) {
			poll_clear(w);
			return -1;
		}
		if (w->emptied || r.n_sighting || r.n_value)
			poll_clear(w);
		if (w->emptied)
			note("the record was emptied");
		if (!first || !only_new)
			print_new(&r, json);
		first = false;
		/* whoever reads from a pipe wants it now; and may be gone */
		if (fflush(stdout) || ferror(stdout)) {
			poll_clear(w);
			return file_stdout_done(err);
		}
		if (poll_done(w, &r)) {
			poll_clear(w);
			return end(&r, err);
		}
		poll_progress(w, &r);
		poll_pause();
	}
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	struct poller w = { .journal = true };
	bool only_new = false;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		if (id == OPT_NEW)
			only_new = true;
		else if (parse_span(a.value, &w.quiet) < 0)
			return args_usage(&a, err,
					  "`%s` is no time: 90s, 5m, 2h",
					  a.value);
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (args_none(&a, err) < 0)
		return -1;
	if (need_selector(cmd, &o, err) < 0 || open_selected(&c, &o.sel, err) < 0)
		return -1;
	w.client = c;
	w.sel = o.sel;
	return follow(&w, o.json, only_new, err);
}

const struct command cmd_follow = {
	.name = "follow",
	.summary = "print system calls as they are first seen",
	.more = "Ends when the namespace does. A progress line is shown on a terminal only.",
	.opts = opts,
	.run = run,
};
