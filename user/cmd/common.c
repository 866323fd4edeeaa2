// SPDX-License-Identifier: GPL-2.0
/* What several commands do. */

#include "cmd.h"
#include "dropin.h"
#include "format/systemd_groups.h"
#include "lib/file.h"
#include "profile/algebra.h"
#include "profile/portable.h"
#include "profile/series.h"
#include "record/cgroup.h"
#include "report/report.h"
#include "report/width.h"

/**
 * check_output() - could the output be written?
 * @o: its name; a directory that was made for it goes again with these options, unless there
 *	is a file in it then
 * @f: its format: the directory of a unit's drop-ins is made
 * @err: why not
 *
 * What cannot be written in the end is better known before something was recorded for it.
 *
 * Return: 0, or -1 and @err.
 */
int check_output(struct cmd_opts *o, enum format f, struct error **err)
{
	if (!o->output)
		return 0;
	if (f == FORMAT_SYSTEMD)
		o->made = dropin_dir(o->output);
	return file_check(o->output, err);
}

/**
 * opts_free() - release what options made us read
 * @o: the options
 */
void opts_free(struct cmd_opts *o)
{
	profile_free(o->base);
	o->base = NULL;
	if (o->made)
		rmdir(o->made);	/* which does not remove a file */
	free(o->made);
	o->made = NULL;
}

/**
 * opts_read_base() - read the profile that is to be added to
 * @o: its name; gets the profile, and its dialect unless another was asked for
 * @err: why not
 *
 * What cannot be written in the end is better known before something was
 * recorded for it: tries with a profile that has next to nothing.
 *
 * Return: 0, or -1 and @err.
 */
int opts_read_base(struct cmd_opts *o, struct error **err)
{
	cleanup_profile struct profile *p = NULL, *all = NULL;
	cleanup_free char *text = NULL;
	enum format found;

	o->base = format_read_file(o->base_path, FORMAT_AUTO, &found, err);
	if (!o->base)
		return -1;
	if (!o->format_given)
		o->format = found;
	p = profile_new();
	profile_set_default(p, PA_ERRNO, ENOSYS);
	profile_allow(p, "exit");
	all = algebra_base(o->base, p, NULL, err);
	if (all)
		text = format_write(all, o->format, NULL, NULL, err);
	return text ? 0 : error_wrap(err, "base `%s`", o->base_path);
}

/**
 * need_selector() - insist that a record was named
 * @cmd: the command
 * @o: its options
 * @err: the usage error
 *
 * Return: 0, or -1 and @err.
 */
int need_selector(const struct command *cmd, const struct cmd_opts *o,
		  struct error **err)
{
	struct args a = { .cmd = cmd };

	if (o->sel.by)
		return 0;
	return args_usage(&a, err,
			  "which record? one of " SELECTORS);
}

/* An older module would not know what is asked */
static int need_cgroups(struct client *c, struct error **err)
{
	cleanup_info struct info info = { 0 };

	if (client_info(c, &info, err) < 0)
		return -1;
	if (info.features & SCTRACE_FEATURE_CGROUPS)
		return 0;
	return error_make(err, ST_FAILED, 0,
			  "the module (version %s) cannot record cgroups on this kernel: that takes Linux 4.18 and sctrace " SCTRACE_VERSION,
			  info.version);
}

/* What the module calls by its path; the words live as long as the program */
static int select_path(struct client *c, struct selector *sel, const char *path,
		       struct error **err)
{
	static char kept[SCTRACE_CG_PATH_MAX + 1];

	if (need_cgroups(c, err) < 0)
		return -1;
	snprintf(kept, sizeof(kept), "%s", path);
	sel->by = SCTRACE_A_CG_PATH;
	sel->label = kept;
	return 0;
}

/* The newest record of a PID namespace whose first process was in a cgroup, or 0 */
static uint64_t namespace_in(const struct records *all, const char *path)
{
	size_t len = strlen(path), i;
	uint64_t id = 0;

	for (i = 0; i < all->n; i++) {
		const struct record *r = &all->v[i];

		if (r->cgroup && !(r->flags & SCTRACE_F_CGROUP) && r->id > id &&
		    !strncmp(r->cgroup, path, len) && (!r->cgroup[len] || r->cgroup[len] == '/'))
			id = r->id;
	}
	return id;
}

static bool has_path(const struct records *all, const char *path)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->v[i].flags & SCTRACE_F_CGROUP && all->v[i].cgroup &&
		    !strcmp(all->v[i].cgroup, path))
			return true;
	return false;
}

/* The newest record of a cgroup that is a unit's, or 0 */
static uint64_t cgroup_of_unit(const struct records *all, const char *unit)
{
	uint64_t id = 0;
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct record *r = &all->v[i];
		const char *name = r->flags & SCTRACE_F_CGROUP ? unit_of_cgroup(r->cgroup) : NULL;

		if (name && !strcmp(name, unit) && r->id > id)
			id = r->id;
	}
	return id;
}

static int find_cgroup(struct client *c, struct selector *sel, struct error **err)
{
	cleanup_free char *path = NULL;

	if (cgroup_path(sel->label, &path, err) < 0)
		return -1;
	return select_path(c, sel, path, err);
}

/* A unit becomes its cgroup, or where it has a PID namespace of its own the record of that */
static int find_unit(struct client *c, struct selector *sel, struct error **err)
{
	cleanup_records struct records all = { 0 };
	cleanup_unit struct unit u = { 0 };

	if (client_list(c, &all, false, err) < 0)
		return -1;
	if (unit_find(sel->label, &u, err) < 0) {
		/* systemd forgets it, and the record is there */
		sel->number = u.name ? cgroup_of_unit(&all, u.name) : 0;
		if (!sel->number)
			return -1;
		error_free(*err);
		*err = NULL;
		sel->by = SCTRACE_A_ID;
		return 0;
	}
	if (u.own_pids && !has_path(&all, u.cgroup)) {
		sel->number = namespace_in(&all, u.cgroup);
		sel->by = SCTRACE_A_ID;
		if (sel->number)
			return 0;
		sel->number = u.pid;
		sel->by = SCTRACE_A_PID;
		if (u.pid)
			return 0;
	}
	sel->label = u.cgroup;
	return find_cgroup(c, sel, err);
}

/* A container becomes the record of it, or the process that a record is to be made of */
static int find_container(struct client *c, struct selector *sel, struct error **err)
{
	cleanup_containers struct containers names = { 0 };
	cleanup_records struct records all = { 0 };
	cleanup_error struct error *why = NULL;
	const char *late, *unasked;
	uint32_t pid;
	int i;

	if (client_list(c, &all, false, err) < 0)
		return -1;
	containers_read(&names, &all);
	late = containers_ask(&names, ASK_SECONDS);
	i = containers_find(&names, &all, sel->label, &why);
	if (i < 0 && late) {
		late = containers_ask(&names, ASK_AGAIN_SECONDS);
		error_free(why);
		why = NULL;
		i = containers_find(&names, &all, sel->label, &why);
	}
	if (i >= 0) {
		sel->by = SCTRACE_A_ID;
		sel->number = all.v[i].id;
		return 0;
	}
	pid = container_pid(sel->label, &unasked);
	if (!pid && late)
		return error_make(err, why->status, 0,
				  "%s; %s has not told its names within %d seconds: give its ID",
				  why->text, late, ASK_AGAIN_SECONDS);
	if (!pid && unasked)
		return error_make(err, why->status, 0,
				  "%s; %s has not run since the boot and was not asked: name it %s:%s if it is one of those",
				  why->text, unasked, unasked, sel->label);
	if (!pid)
		return error_make(err, why->status, 0, "%s", why->text);
	if (pid_within(pid) > 1) {
		cleanup_free char *path = cgroup_of_pid(pid);

		if (path)
			return select_path(c, sel, path, err);
	}
	sel->by = SCTRACE_A_PID;
	sel->number = pid;
	return 0;
}

/**
 * open_selected() - connect to the module, and find the record that was named
 * @c: the connection, for client_close()
 * @sel: which record; a container becomes its record, a unit its cgroup
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err.
 */
int open_selected(struct client **c, struct selector *sel, struct error **err)
{
	if (client_open(c, 0, err) < 0)
		return -1;
	switch (sel->by) {
	case SELECT_CONTAINER:
		return find_container(*c, sel, err);
	case SELECT_UNIT:
		return find_unit(*c, sel, err);
	case SELECT_CGROUP:
		return find_cgroup(*c, sel, err);
	default:
		return 0;
	}
}

/**
 * check_stages() - can --no-exec be done?
 * @c: the connection
 * @o: the options
 * @err: why it cannot
 *
 * Return: 0, or -1 and @err.
 */
int check_stages(struct client *c, const struct cmd_opts *o, struct error **err)
{
	cleanup_info struct info info = { 0 };

	if (!o->no_exec)
		return 0;
	if (client_info(c, &info, err) < 0)
		return -1;
	return info_tells_execs(&info, err) < 0 ? error_wrap(err, "--no-exec") : 0;
}

/**
 * take_stages() - leave of a record what --stage and --no-exec ask for
 * @r: the record
 * @o: the options, checked
 */
void take_stages(struct record *r, const struct cmd_opts *o)
{
	if (o->no_exec)
		record_leave_execs(r);
	if (o->setup)
		record_take_setup(r);
}

/**
 * check_profile_opts() - do the options for a profile go together?
 * @cmd: the command
 * @o: its options; the base is read
 * @err: the usage error, or why there is no base
 *
 * Return: 0, or -1 and @err.
 */
int check_profile_opts(const struct command *cmd, struct cmd_opts *o,
		       struct error **err)
{
	struct args a = { .cmd = cmd };
	cleanup_error struct error *why = NULL;
	struct profile *p;
	char *text;

	if (o->errno_given && !profile_action_has_errno(o->def_action))
		return args_usage(&a, err, "--errno: the action %s has none",
				  profile_action_name(o->def_action));
	if (o->base_path && (o->errno_given || o->action_given))
		return args_usage(&a, err,
				  "--base: its default stays: not with --errno or --default-action");
	if (o->counts && (!o->output || !strcmp(o->output, "-")))
		return args_usage(&a, err, "--counts writes beside the profile: name its file by -o");
	if (o->exact && (o->portable || o->runtime.base || o->runtime.needs ||
			 o->base_path))
		return args_usage(&a, err,
				  "--exact adds nothing: not with --portable, --runtime or --base");
	if (o->groups && o->format != FORMAT_SYSTEMD)
		return args_usage(&a, err, "--groups: only systemd has groups: with --format systemd");
	/* for comparing with others, who see names */
	if (o->exact && !o->args_given)
		o->args = ARGS_NONE;
	if (o->base_path)
		return opts_read_base(o, err);
	/*
	 * What a dialect has no words for is better known before something was
	 * recorded for it: try with a profile that has all but the names.
	 */
	p = profile_new();
	profile_set_default(p, o->def_action, o->def_errno);
	profile_allow(p, "exit");
	text = format_write(p, o->format, NULL, NULL, &why);
	profile_free(p);
	free(text);
	if (!text)
		return args_usage(&a, err, "--format %s: %s",
				  format_name(o->format), why->text);
	return 0;
}

/* The base's rules come first; what it keeps blocked is worth a warning */
static int add_to_base(const struct cmd_opts *o, struct derived *d,
		       struct error **err)
{
	struct profile_notes notes = { 0 };
	struct profile *all;
	size_t i;

	all = algebra_base(o->base, d->profile, &notes, err);
	for (i = 0; i < notes.n; i++)
		derived_warn(d, xstrdup(notes.v[i]));
	profile_notes_free(&notes);
	if (!all)
		return error_wrap(err, "base `%s`", o->base_path);
	profile_free(d->profile);
	d->profile = all;
	d->base = o->base;
	return 0;
}

/*
 * What systemd itself calls under the filter that it has set: by write() it tells that it executes
 * the program of a Type=exec service (exec_child() of 252; that of 257 allows it by itself).
 */
static void add_systemd(struct derived *d)
{
	if (profile_action_permits(d->profile->def_action) || profile_allows(d->profile, "write"))
		return;
	profile_allow(d->profile, "write");
	profile_note(&d->notes, "added for systemd, which calls it under the filter when it executes the program of a Type=exec service: write");
}

/**
 * derive_as_asked() - derive a profile with all that the options add to it
 * @r: the record, with sightings
 * @o: default action, --runtime, --portable, --args, --base
 * @native: the kernel's own ABI
 * @plain: no container runtime will start the program
 * @d: set up with zeroes; for derived_free()
 * @err: why there is none
 *
 * Return: 0, or -1 and @err.
 */
int derive_as_asked(const struct record *r, const struct cmd_opts *o,
		    uint32_t native, bool plain, struct derived *d,
		    struct error **err)
{
	struct derive_opts opts = {
		.def_action = o->def_action,
		.def_errno = o->def_errno,
		.native = native,
		.runtime = o->runtime,
		/* systemd starts no container */
		.plain = plain || o->format == FORMAT_SYSTEMD ||
			 container_is_service(r),
		.include_refused = o->include_refused,
		.exact = o->exact,
	};

	const struct args_opts args = {
		.mode = o->args,
		.can = format_args(o->format),
		.dialect = format_name(o->format),
		.include_refused = o->include_refused,
		.base = o->base,
	};

	if (o->exact)
		opts.runtime.seen = false;
	if (derive(r, &opts, d, err) < 0)
		return -1;
	if (o->format == FORMAT_SYSTEMD && !o->exact)
		add_systemd(d);
	if (o->portable)
		portable_add(d->profile, &d->notes);
	args_apply(r, &args, d);
	if (o->base && add_to_base(o, d, err) < 0)
		return -1;
	derive_judge(r, &opts, d, d->profile);
	if (!o->exact)
		width_judge(o->args, native, d, d->profile);
	return 0;
}

/**
 * record_title() - what a record is called by people
 * @r: the record
 *
 * Return: its container, or else its label or its init's name, for free().
 */
char *record_title(const struct record *r)
{
	const struct records one = { .v = (struct record *)r, .n = 1 };
	cleanup_containers struct containers names = { 0 };
	char *text;

	containers_read(&names, &one);
	containers_ask(&names, ASK_SECONDS);
	text = container_text(&names.v[0]);
	return text ? text : xstrdup(r->label ? r->label : r->comm);
}

/* The record as the one run that the profile is of */
static int write_counts(const struct record *r, const struct cmd_opts *o, uint32_t native,
			struct error **err)
{
	cleanup_series struct series s = { 0 };
	cleanup_free char *title = record_title(r);

	series_add_record(&s, r, native, title, o->include_refused);
	return series_write(o->output, &s, err);
}

/* The reason for every line, where the profile itself does not go */
static int explain(const struct record *r, const struct cmd_opts *o,
		   const struct derived *d, uint32_t native, bool standard,
		   struct error **err)
{
	cleanup_report struct report rep = { 0 };
	cleanup_print struct print p = { 0 };

	report_build(&rep, r, o->explain, d, native, NULL,
		     r->label ? r->label : r->comm);
	print_begin_on(&p, false, standard ? stderr : stdout);
	report_print(&p, &rep);
	return print_end(&p, err);
}

/**
 * write_profile() - derive a profile, tell the doubts, write it
 * @r: the record, with sightings
 * @o: output, format, default action, --strict, --explain
 * @native: the kernel's own ABI
 * @plain: no container runtime will start the program
 * @err: why nothing was written
 *
 * Return: 0, or -1 and @err.
 */
int write_profile(const struct record *r, const struct cmd_opts *o,
		  uint32_t native, bool plain, struct error **err)
{
	const char *path = o->output ? o->output : "-";
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	const struct format_opts opts = { .here = true, .groups = o->groups };
	cleanup_derived struct derived d = { 0 };
	struct profile_notes notes = { 0 };
	bool standard;
	size_t i;
	int ret;

	if (derive_as_asked(r, o, native, plain, &d, err) < 0)
		return -1;
	for (i = 0; i < d.n_words; i++)
		warn("%s", d.words[i]);
	for (i = 0; i < d.notes.n; i++)
		note("%s", d.notes.v[i]);
	if (o->strict && d.doubts & DOUBT_STRICT)
		return error_make(err, ST_INCOMPLETE, 0,
				  "no profile written: --strict, and the record is not whole");
	if (o->groups)
		systemd_groups_accept(d.profile, o->groups);
	if (file_open(&out, path, err) < 0)
		return -1;
	ret = format_write_file(d.profile, o->format, &opts, &notes, out.stream,
				err);
	for (i = 0; i < notes.n; i++)
		warn("%s", notes.v[i]);
	profile_notes_free(&notes);
	if (ret < 0)
		return error_wrap(err, "write `%s`", path);
	standard = out.standard;
	if (file_commit(&out, err) < 0 ||
	    (o->counts && write_counts(r, o, native, err) < 0))
		return -1;
	return o->explain ? explain(r, o, &d, native, standard, err) : 0;
}

/**
 * print_record() - print what is known of a record as a whole
 * @p: the output, within an object or a row
 * @r: the record
 * @info: for the time
 * @c: its container
 * @wide: print what text that is to be narrow leaves out
 */
void print_record(struct print *p, const struct record *r,
		  const struct info *info, const struct container *c, bool wide)
{
	uint64_t age = info->now > r->since ? info->now - r->since : 0;
	cleanup_free char *text = r->flags & SCTRACE_F_CGROUP && !c->engine ?
				  cgroup_text(r->cgroup) : container_text(c);
	const char *flags[8];
	size_t n;

	n = record_flags(r, flags);
	print_u64(p, "id", "ID", r->id);
	print_u64(p, "ns", "NS", r->inum);
	print_string(p, NULL, "CONTAINER", text);
	print_u64(p, "parent_ns", wide ? "PARENT" : NULL, r->parent_inum);
	print_u64(p, "level", wide ? "LEVEL" : NULL, r->level);
	print_u64(p, "init_pid", wide ? "PID" : NULL, r->init_pid);
	print_string(p, "label", wide ? "LABEL" : NULL, r->label);
	print_string(p, "init_comm", "COMM", r->comm);
	print_strings(p, "state", "STATE", flags, n);
	print_ns(p, "age_ns", "AGE", age);
	print_u64(p, "since_ns", NULL, r->since);
	if (r->flags & SCTRACE_F_ENDED)
		print_u64(p, "ended_at_ns", NULL, r->ended_at);
	if (r->last_new)
		print_u64(p, "last_new_ns", NULL, r->last_new);
	print_u64(p, "sightings_kept", NULL, r->sightings_kept);
	print_u64(p, "sightings_missed", NULL, r->sightings_missed);
	print_u64(p, "calls_missed", NULL, r->calls_missed);
	if (r->has_other_nr)
		print_s64(p, "other_nr", NULL, r->other_nr);
	print_u64(p, "syscalls", "SYSCALLS", record_distinct(r));
	print_string(p, "container", NULL, text);
	print_string(p, "engine", NULL, c->engine);
	print_string(p, "container_id", NULL, c->by_host ? NULL : c->id);
	print_string(p, "container_name", NULL, c->name);
	print_string(p, "pod", NULL, c->pod);
	print_string(p, "cgroup", NULL, r->cgroup);
	if (r->flags & SCTRACE_F_CGROUP) {
		print_u64(p, "cgroup_id", NULL, r->cgroup_id);
		print_u64(p, "starts", NULL, r->starts);
	}
	print_string(p, "hostname", NULL, r->hostname);
}

/**
 * print_one_record() - print_record() of a record alone, with its container's name
 * @p: the output, within an object or a row
 * @r: the record
 * @info: for the time
 */
void print_one_record(struct print *p, const struct record *r, const struct info *info)
{
	const struct records one = { .v = (struct record *)r, .n = 1 };
	cleanup_containers struct containers names = { 0 };

	containers_read(&names, &one);
	containers_ask(&names, ASK_SECONDS);
	print_record(p, r, info, &names.v[0], true);
}

/**
 * print_sighting() - print who made a call first, and when
 * @p: the output, within a row
 * @r: the record
 * @s: the sighting, or NULL when it was not kept
 */
void print_sighting(struct print *p, const struct record *r,
		    const struct sctrace_sighting *s)
{
	cleanup_free char *comm = NULL, *span = NULL;
	uint64_t after;

	if (!s) {
		print_string(p, NULL, "FIRST BY", NULL);
		print_string(p, NULL, "AFTER", NULL);
		return;
	}
	after = s->time > r->since ? s->time - r->since : 0;
	comm = xasprintf("%s[%u]", s->comm, s->pid);
	span = print_duration(after);
	print_string(p, NULL, "FIRST BY", comm);
	print_text(p, "AFTER", "%s%s", span,
		   s->kind & SCTRACE_KIND_DELAYED ? " or before" : "");
	print_string(p, "comm", NULL, s->comm);
	print_u64(p, "pid", NULL, s->pid);
	print_u64(p, "time_ns", NULL, s->time);
	print_u64(p, "after_ns", NULL, after);
	print_bool(p, "delayed", NULL, s->kind & SCTRACE_KIND_DELAYED);
}
