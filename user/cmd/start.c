// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl start: begin to record, or go on, and hold the record. */

#include "cmd.h"
#include "dropin.h"
#include "lib/file.h"

enum {
	OPT_SET_LABEL = OPT_COMMAND,
	OPT_RESTART,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ OPT_SET_LABEL, "set-label", "TEXT", "label the record, to find it again" },
	{ OPT_RESTART, "restart", NULL, "with --unit: start the unit (anew) under a filter that denies nothing" },
	OPTS_REFUSED,
	OPTS_JSON,
	OPTS_COMMON
};

struct start {
	struct client *c;
	struct cmd_opts o;
	const char *label;
	bool restart;
};

static int begin(struct start *s, struct record *r, struct error **err)
{
	/* The module would wait for a cgroup that nobody can make */
	if (s->o.sel.by == SCTRACE_A_CG_PATH && !cgroup_root())
		return error_make(err, ST_FAILED, 0,
				  "cgroup `%s` cannot be recorded: the unified hierarchy (cgroup version 2) is not mounted at /sys/fs/cgroup or /sys/fs/cgroup/unified",
				  s->o.sel.label);
	return client_start(s->c, &s->o.sel, s->label, !s->o.no_refused, r, err);
}

/* Nothing of what was begun is left behind */
static void undo(struct start *s, const struct unit *u, const struct record *r)
{
	const struct selector sel = { .by = SCTRACE_A_ID, .number = r->id };
	cleanup_error struct error *err = NULL, *more = NULL;
	bool was;

	if (dropin_remove(u->name, &was, &err) < 0)
		warn("%s", err->text);
	/* one that was there before is not ours to drop */
	if (r->id && !r->starts && client_forget(s->c, &sel, &more) < 0)
		warn("%s", more->text);
}

/* It ran before, and shall do so however this ends */
static void run_again(const struct unit *u, const char *stopped)
{
	cleanup_error struct error *err = NULL;

	if (u->active && unit_start(u, stopped, &err) < 0)
		warn("%s", err->text);
}

/*
 * The record is made while the unit does not run: so nothing of it is missed, and nothing
 * but its new start is in it.
 */
static int begin_anew(struct start *s, const struct unit *u, struct record *r,
		      struct error **err)
{
	cleanup_free char *stopped = NULL;

	if (dropin_put(u, err) < 0)
		return -1;
	if (unit_stop(u, &stopped, err) < 0) {
		undo(s, u, r);
		return -1;
	}
	if (begin(s, r, err) < 0) {
		undo(s, u, r);
		run_again(u, stopped);
		return -1;
	}
	if (unit_start(u, stopped, err) < 0) {
		undo(s, u, r);
		return -1;
	}
	if (*stopped)
		note("started again, as they had stopped with it: %s", stopped);
	if (!u->filtered)
		note("`%s` runs under a filter that denies nothing, for the time of recording: `" PROGRAM " stop` and `forget` remove it",
		     u->name);
	/* what it is of now */
	record_free(r);
	return client_get(s->c, &s->o.sel, false, r, err);
}

static int restart(struct start *s, struct record *r, struct error **err)
{
	struct args a = { .cmd = &cmd_start };
	cleanup_unit struct unit u = { 0 };

	if (s->o.sel.by != SELECT_UNIT)
		return args_usage(&a, err, "--restart: only with --unit");
	if (unit_find(s->o.sel.label, &u, err) < 0 || dropin_check(&u, err) < 0)
		return -1;
	/* Not its PID namespace, if it has its own: its next start makes another */
	s->o.sel.by = SELECT_CGROUP;
	s->o.sel.label = u.cgroup;
	if (open_selected(&s->c, &s->o.sel, err) < 0)
		return -1;
	return begin_anew(s, &u, r, err);
}

static void tell(const struct start *s, const struct record *r)
{
	const char *unit = unit_of_cgroup(r->cgroup);

	if (r->flags & SCTRACE_F_CGROUP && r->flags & SCTRACE_F_LATE && !s->restart)
		warn("`%s` was running already: what it has called so far is not in the record%s",
		     unit ? unit : r->cgroup,
		     dropin_unit(r->cgroup) ? "; --restart records it from its start" : "");
	else if (r->flags & SCTRACE_F_LATE)
		warn("`%s` was running already: what it has called so far is not in the record",
		     *r->comm ? r->comm : "init");
	if (r->flags & SCTRACE_F_CGROUP && !r->cgroup_id)
		note("`%s` does not run: recording begins with its next start",
		     unit ? unit : r->cgroup);
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	struct start s = { .o = CMD_OPTS_INIT };
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	cleanup_args struct args a = { 0 };
	int id, ret;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &s.o, err)) > 0) {
		if (id == OPT_RESTART) {
			s.restart = true;
			continue;
		}
		s.label = a.value;
		if (parse_label(s.label, err) < 0)
			return -1;
	}
	if (id < 0)
		return -1;
	if (s.o.help)
		return file_stdout_done(err);
	if (args_none(&a, err) < 0)
		return -1;
	if (need_selector(cmd, &s.o, err) < 0)
		return -1;
	if (s.restart) {
		ret = restart(&s, &r, err);
	} else {
		ret = open_selected(&s.c, &s.o.sel, err);
		if (!ret)
			ret = begin(&s, &r, err);
	}
	if (!ret)
		ret = client_info(s.c, &info, err);
	client_close(s.c);
	if (ret < 0)
		return -1;
	tell(&s, &r);
	print_begin(&p, s.o.json);
	print_table(&p, "records");
	print_row(&p);
	print_one_record(&p, &r, &info);
	print_close(&p);
	return print_end(&p, err);
}

const struct command cmd_start = {
	.name = "start",
	.summary = "record a PID namespace or a cgroup, or go on, and hold the record",
	.opts = opts,
	.more = "A held record is not dropped to make room for others, and the module cannot be\n"
		"unloaded while there is one; `forget` ends that. From here on calls that a seccomp\n"
		"filter refuses are looked for, which `refused` lists; --no-refused leaves that as\n"
		"it was.\n"
		"\n"
		"A unit or cgroup that is not there is waited for, and each time it comes back it is\n"
		"recorded into the same record. Of one that runs already only --restart records the\n"
		"start.",
	.run = run,
};
