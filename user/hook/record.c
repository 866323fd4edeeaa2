// SPDX-License-Identifier: GPL-2.0
/*
 * The stages. Nothing is kept between them but the record in the kernel: it is
 * labelled with the container's ID, and that is how poststop finds it again.
 *
 * A stage that returns -1 has failed to record. Whether that matters to the
 * container is the caller's to decide, unless hook.wrong says that what was
 * asked for makes no sense.
 */

#include <inttypes.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <syslog.h>
#include "format/format.h"
#include "profile/algebra.h"
#include "profile/derive.h"
#include "profile/series.h"
#include "record/cgroup.h"
#include "record/client.h"
#include "record/module.h"
#include "report/width.h"
#include "lib/names.h"
#include "lib/print.h"
#include "bundle.h"
#include "precreate.h"
#include "record.h"
#include "tell.h"

/* A container whose cgroup is waited for has come by then, or never comes */
#define WAIT_NS	(300 * 1000000000ULL)

static int wrong(struct hook *h)
{
	h->wrong = true;
	return -1;
}

/**
 * hook_say() - tell people: on standard error, and in the system's log
 * @h: the hook
 * @priority: LOG_WARNING and so on
 * @fmt: as printf
 *
 * A runtime shows a hook's standard error only when the hook fails, if at all.
 */
void hook_say(const struct hook *h, int priority, const char *fmt, ...)
{
	cleanup_free char *text = NULL, *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	line = h->id ? xasprintf("container %s: %s", h->id, text) :
		       xstrdup(text);
	free(text);
	text = printable(line);
	syslog(priority, "%s", text);
	if (h->tell & LOG_MASK(priority))
		hook_tell(h->parent, text);
	if (priority <= LOG_ERR)
		error_say("", line);
	else if (priority <= LOG_WARNING)
		warn("%s", line);
	else
		note("%s", line);
}

/*
 * Reads the annotation, with the container's configuration from @config or its
 * bundle. @begins: nothing is recorded yet. Returns 1 when there is one, 0 when
 * this container is none of our business.
 */
static int annotation(struct hook *h, struct json_object *all,
		      struct json_object *config, const char *bundle,
		      bool begins, struct hook_annotation *a, struct error **err)
{
	cleanup_podname struct hook_podname name = { 0 };
	struct json_object *own = NULL;
	const char *text, *misspelt;
	bool unknown;

	if (!config)
		config = own = hook_config_json(bundle);
	if (config)
		hook_podname_load(config, &name);
	json_object_put(own);
	if (hook_annotation_find(all, &name, &text, err) < 0)
		return wrong(h);
	if (!text) {
		misspelt = begins ? hook_annotation_misspelt(all) : NULL;
		if (misspelt)
			hook_say(h, LOG_WARNING,
				 "annotation `%.100s` does nothing: did you mean `" HOOK_ANNOTATION "`?",
				 misspelt);
		return 0;
	}
	if (name.image_asks) {
		hook_say(h, LOG_WARNING,
			 "not recorded: its image brings annotations " HOOK_ANNOTATION ", and an image may not ask for it (`" PROGRAM " --container NAME -o FILE` writes the profile)");
		return 0;
	}
	unknown = begins && name.not_read;
	if (hook_annotation_parse(text, a, err) < 0)
		return unknown ? -1 : wrong(h);
	h->strict |= a->strict;
	h->strict_known(h);
	if (unknown)
		return error_make(err, ST_FAILED, 0,
				  "annotation " HOOK_ANNOTATION ": an image may not ask for it, and whether this one does is not known: %s cannot be read (`" PROGRAM " --container NAME -o FILE` writes the profile)",
				  name.not_read);
	if (a->permissive && h->policy->no_permissive) {
		error_make(err, ST_USAGE, 0,
			   "annotation " HOOK_ANNOTATION ": mode:permissive is not allowed on this machine");
		return wrong(h);
	}
	return 1;
}

static struct profile *read_base(struct hook *h, const char *path,
				 struct error **err)
{
	cleanup_free char *text = NULL;
	struct profile *p;
	size_t len;

	text = outdirs_read(h->policy->base_dirs.n ? &h->policy->base_dirs :
						     &h->policy->dirs,
			    path, FORMAT_MAX_INPUT, &len, NULL, err);
	if (!text) {
		error_wrap(err, "annotation " HOOK_ANNOTATION ": if");
		return NULL;
	}
	/*
	 * JSON only: a reader of plain words would take any file, and its
	 * complaints would show what is in it.
	 */
	if (text[strspn(text, " \t\r\n")] != '{') {
		error_make(err, ST_USAGE, 0,
			   "annotation " HOOK_ANNOTATION ": if: `%s`: is no JSON object",
			   path);
		return NULL;
	}
	p = format_read(text, len, FORMAT_AUTO, NULL, NULL, err);
	if (!p)
		error_wrap(err, "annotation " HOOK_ANNOTATION ": if: `%s`",
			   path);
	return p;
}

/* What becomes of a record: the profile, and what is to be known of it */
struct result {
	struct derived d;
	struct profile *profile;
	struct profile_notes notes;
	enum hook_filter filter;
	struct hook_runs runs;	/* with this one */
	struct series series;	/* likewise */
	bool no_series;		/* what is there is not to be counted on */
};

static void result_free(struct result *r)
{
	derived_free(&r->d);
	profile_free(r->profile);
	series_free(&r->series);
	profile_notes_free(&r->notes);
}

/* The runs of the profile that is there; without them no count is written, or it begins here */
static void read_series(struct hook *h, const struct hook_annotation *a, const char *profile,
			size_t profile_len, struct result *res)
{
	cleanup_free char *path = series_path(a->output), *text = NULL;
	cleanup_error struct error *err = NULL;
	size_t len;

	text = outdirs_read(&h->policy->dirs, path, FORMAT_MAX_LOG, &len, NULL, &err);
	if (!text && err->errnum == ENOENT) {
		profile_note(&res->notes, "`%s`: is not there: the runs that the profile has from before are not counted",
			     path);
		return;
	}
	if (text && !series_parse(text, len, profile, profile_len, &res->series, &err))
		return;
	res->no_series = true;
	profile_note(&res->notes, "`%s`: %s: it stays as it is, and this run is not counted", path,
		     err->text);
}

/*
 * The profile that is there, if this one is to be added to it. NULL without an
 * error: there is none.
 */
static struct profile *read_old(struct hook *h, const struct hook_annotation *a,
				struct result *res, struct error **err)
{
	cleanup_free char *text = NULL;
	struct profile *p = NULL;
	struct hook_runs old = { 0 };
	size_t len;
	bool json, own;

	if (a->onto == HOOK_ONTO_NOTHING)
		return NULL;
	text = outdirs_read(&h->policy->dirs, a->output, FORMAT_MAX_INPUT, &len, &old,
			    err);
	own = h->id && !strcmp(old.container, h->id);
	if (!text && ((*err)->errnum == ENOENT ||
		      (a->onto == HOOK_ONTO_OWN && !own))) {
		error_free(*err);
		*err = NULL;
		return NULL;
	}
	if (!text)
		goto bad;
	if (a->onto == HOOK_ONTO_OWN && !own) {
		profile_note(&res->notes,
			     "`%s` was there and not known as this container's: replaced (mode:add adds to it)",
			     a->output);
		return NULL;
	}
	/* as for a base: no complaint may show what is in any other file */
	json = text[strspn(text, " \t\r\n")] == '{';
	if (!json && !old.runs) {
		error_make(err, ST_FAILED, 0,
			   "add to `%s`: is no JSON object, nor a profile that a hook has written",
			   a->output);
		goto bad;
	}
	p = format_read(text, len, json ? FORMAT_AUTO : a->format, NULL, NULL,
			err);
	if (!p) {
		error_wrap(err, "add to `%s`", a->output);
		goto bad;
	}
	res->runs = old;
	if (a->counts)
		read_series(h, a, text, len, res);
	return p;
bad:
	error_wrap(err, "annotation " HOOK_ANNOTATION ": of");
	return NULL;
}

/* What can be told of files before the container has begun */
static int check_files(struct hook *h, const struct hook_annotation *a,
		       struct error **err)
{
	struct profile *base;

	if (a->base) {
		base = read_base(h, a->base, err);
		if (!base)
			return wrong(h);
		profile_free(base);
	}
	if (outdirs_check(&h->policy->dirs, a->output, err) < 0) {
		error_wrap(err, "annotation " HOOK_ANNOTATION ": of");
		return wrong(h);
	}
	if (a->onto == HOOK_ONTO_ANY) {
		struct result res = { 0 };

		profile_free(read_old(h, a, &res, err));
		result_free(&res);
		if (*err)
			return wrong(h);
	}
	if (a->report && outdirs_check(&h->policy->dirs, a->report, err) < 0) {
		error_wrap(err, "annotation " HOOK_ANNOTATION ": report");
		return wrong(h);
	}
	return 0;
}

/* @flags as for client_open() */
static int connect_module(struct client **c, unsigned int flags,
			  struct error **err)
{
	/* podman without root: it runs hooks as its user, who may not ask */
	if (!module_user_ns_initial() || !module_has_cap(CAP_SYS_ADMIN))
		return error_make(err, ST_FAILED, 0,
				  "the containers of a user other than root cannot be recorded: it takes CAP_SYS_ADMIN on the host");
	return client_open(c, flags, err);
}

static const char host_namespace[] =
	"it has no PID namespace of its own (--pid=host): its calls cannot be told from those of the rest of the machine";
static const char shared_namespace[] =
	"it shares the PID namespace of another container (--pid=container:, or its pod's): its calls cannot be told from the other's";

/*
 * Will the container's PID namespace be its own? prestart asks this of the
 * process itself; but what is said now is read by who starts the container.
 * Returns NULL, or why not.
 */
static const char *plan_shares(struct json_object *config)
{
	struct json_object *o, *list, *v;
	const char *path;
	size_t i;

	if (!json_object_object_get_ex(config, "linux", &o) ||
	    !json_object_object_get_ex(o, "namespaces", &list) ||
	    !json_object_is_type(list, json_type_array))
		return host_namespace;
	for (i = 0; i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		if (!json_object_object_get_ex(o, "type", &v) ||
		    strcmp(json_object_get_string(v), "pid"))
			continue;
		path = json_object_object_get_ex(o, "path", &v) ?
		       json_object_get_string(v) : NULL;
		return path && *path ? shared_namespace : NULL;
	}
	return host_namespace;
}

/* The annotation asks for what an older module does not have */
static int check_execs(const struct hook_annotation *a, const struct info *info,
		       struct error **err)
{
	if (!a->no_exec || !info_tells_execs(info, err))
		return 0;
	return error_wrap(err, "annotation " HOOK_ANNOTATION ": no-exec");
}

/* Where it shares the namespace its cgroup can be recorded, by a module that can */
static int check_module(struct client **c, const char *shared,
			const struct hook_annotation *a, struct info *info,
			struct error **err)
{
	cleanup_error struct error *why = NULL;

	/* no need to do without a filter where nothing will be recorded */
	if (connect_module(c, 0, &why) < 0 || client_info(*c, info, &why) < 0)
		return error_make(err, shared ? ST_FAILED : why->status, 0, "%s",
				  shared ? shared : why->text);
	if (shared && !(info->features & SCTRACE_FEATURE_CGROUPS))
		return error_make(err, ST_FAILED, 0, "%s", shared);
	return check_execs(a, info, err);
}

/* As podman, CRI-O, containerd and Docker make them */
static bool engine_id(const char *s)
{
	return s && strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

/* The cgroup that a container will have, if its name has the container's ID, which gets it */
static char *planned_cgroup(struct json_object *config, char id[65])
{
	struct json_object *o, *v;
	char *path, *last;
	size_t len;

	if (!json_object_object_get_ex(config, "linux", &o) ||
	    !json_object_object_get_ex(o, "cgroupsPath", &v))
		return NULL;
	path = cgroup_planned(json_object_get_string(v));
	last = path ? strrchr(path, '/') + 1 : NULL;
	len = last ? strlen(last) : 0;
	if (len > 6 && !strcmp(last + len - 6, ".scope"))
		len -= 6;
	if (len >= 64)
		snprintf(id, 65, "%.64s", last + len - 64);
	if (len < 64 || !engine_id(id)) {
		free(path);
		return NULL;
	}
	return path;
}

/*
 * Begins to record a cgroup before it is there: whoever comes into it is seen coming. A
 * container of which this cannot be done is recorded by prestart, late.
 */
static void wait_for(struct hook *h, struct client *c, struct json_object *config)
{
	struct selector sel = { .by = SCTRACE_A_CG_PATH };
	cleanup_record struct record r = { 0 };
	cleanup_error struct error *err = NULL;
	cleanup_free char *path = NULL;
	char id[65] = "";

	path = planned_cgroup(config, id);
	sel.label = path;
	if (path && strlen(path) <= SCTRACE_CG_PATH_MAX &&
	    client_start(c, &sel, id, false, &r, &err) < 0)
		hook_say(h, LOG_NOTICE, "%s", err->text);
}

/**
 * hook_plan() - will a container be recorded, and under which filter?
 * @h: in: the configuration; out: the new one, or NULL for the same
 * @err: why not
 *
 * Return: 1, 0 when it is none of our business, or -1 and @err.
 */
static int hook_plan(struct hook *h, struct error **err)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_client struct client *c = NULL;
	cleanup_info struct info info = { 0 };
	struct json_object *root, *all;
	const char *shared;
	int ret;

	root = hook_json(h->in, h->in_len, "container configuration", err);
	if (!root)
		return -1;
	if (!json_object_object_get_ex(root, "annotations", &all) ||
	    !json_object_is_type(all, json_type_object))
		all = NULL;
	ret = annotation(h, all, root, NULL, true, &a, err);
	if (ret > 0 && check_files(h, &a, err) < 0)
		ret = -1;
	shared = plan_shares(root);
	if (ret > 0 && check_module(&c, shared, &a, &info, err) < 0)
		ret = -1;
	if (ret > 0 && shared)
		wait_for(h, c, root);
	json_object_put(root);
	if (ret <= 0)
		return ret;
	if (!a.permissive)
		return 1;
	h->out = hook_permit_all(h->in, h->in_len, info.arch, &h->out_len, err);
	if (!h->out)
		return -1;
	hook_say(h, LOG_NOTICE,
		 "a filter that allows everything for the time of recording, as the annotation asks");
	return 1;
}

/**
 * hook_precreate() - podman asks: is this how to create the container?
 * @h: as for hook_plan()
 * @err: why not
 *
 * Return: 0, or -1 and @err.
 */
int hook_precreate(struct hook *h, struct error **err)
{
	return hook_plan(h, err) < 0 ? -1 : 0;
}

/*
 * Is the namespace the container's own? What several share is one record, and
 * nobody could tell who called what. @why is NULL, or why it is not.
 */
static int look_at_namespace(struct client *c, uint32_t pid, const char **why,
			     struct error **err)
{
	cleanup_free char *path = xasprintf("/proc/%" PRIu32 "/ns/pid", pid);
	const struct selector sel = { .by = SCTRACE_A_PID, .number = pid };
	cleanup_error struct error *none = NULL;
	cleanup_record struct record r = { 0 };
	struct stat its, ours;
	bool shared;
	int n;

	if (stat(path, &its) < 0)
		return error_make(err, ST_FAILED, errno == ENOENT ? ESRCH :
				  errno, "process %" PRIu32, pid);
	if (stat("/proc/self/ns/pid", &ours) < 0)
		return error_make(err, ST_FAILED, errno, "/proc/self/ns/pid");
	*why = host_namespace;
	if (its.st_ino == ours.st_ino)
		return 0;
	n = pid_within(pid);
	shared = n && n != 1;
	/* before 4.1 there is no such line, but the module may know */
	if (!n && !client_get(c, &sel, false, &r, &none))
		shared = r.init_pid && r.init_pid != pid;
	*why = shared ? shared_namespace : NULL;
	return 0;
}

/*
 * What is recorded: the namespace, or where that is shared the cgroup, if the container
 * has one of its own. @fd is that of the cgroup.
 */
static int choose(const struct hook *h, struct client *c, const struct info *info,
		  uint32_t pid, struct selector *sel, int *fd, struct error **err)
{
	const struct selector waiting = { .by = SCTRACE_A_LABEL, .label = h->id };
	cleanup_free char *path = NULL, *ours = NULL, *dir = NULL;
	cleanup_error struct error *none = NULL;
	cleanup_record struct record r = { 0 };
	const char *shared = NULL;

	sel->by = SCTRACE_A_PID;
	sel->number = pid;
	if (look_at_namespace(c, pid, &shared, err) < 0)
		return -1;
	if (!shared)
		return 0;
	if (!(info->features & SCTRACE_FEATURE_CGROUPS))
		return error_make(err, ST_FAILED, 0, "%s", shared);
	path = cgroup_of_pid(pid);
	ours = cgroup_of_pid(getpid());
	if (!cgroup_root() || !path || !path[1] || (ours && !strcmp(path, ours)))
		return error_make(err, ST_FAILED, 0, "%s, and it has no cgroup of its own",
				  shared);
	/* the one that has waited for it */
	if (!client_get(c, &waiting, false, &r, &none) && r.flags & SCTRACE_F_CGROUP &&
	    r.cgroup_id && r.starts == 1 && r.cgroup &&
	    !strncmp(r.cgroup, path, strlen(r.cgroup))) {
		sel->by = SCTRACE_A_ID;
		sel->number = r.id;
		return 0;
	}
	dir = xasprintf("%s%s", cgroup_root(), path);
	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return error_make(err, ST_FAILED, errno, "its cgroup `%s`", path);
	sel->by = SCTRACE_A_CG_FD;
	sel->number = *fd;
	return 0;
}

/*
 * The label or the namespace is in use. A record that stayed behind because
 * its container's end was not told is no obstacle; returns 0 when it is gone. Two files of
 * one hook, in two directories or by two names, are one recording; returns 1, and @its record.
 */
static int clear_way(struct hook *h, struct client *c, const struct selector *what,
		     struct record *its, struct error **err)
{
	const struct selector by_label = { .by = SCTRACE_A_LABEL,
					   .label = h->id };
	cleanup_record struct record r = { 0 }, other = { 0 };
	cleanup_error struct error *none = NULL;
	struct selector by_id = { .by = SCTRACE_A_ID };

	if (!client_get(c, &by_label, false, &r, &none)) {
		if (!(r.flags & SCTRACE_F_ENDED) && !client_get(c, what, false, its, &none) &&
		    its->id == r.id)
			return 1;
		if (!(r.flags & SCTRACE_F_ENDED))
			return error_make(err, ST_FAILED, 0,
					  "another container with this ID is being recorded");
		by_id.number = r.id;
		if (client_forget(c, &by_id, err) < 0)
			return -1;
		hook_say(h, LOG_WARNING,
			 "a record of an earlier container with this ID was there, whose end was never told: dropped");
		return 0;
	}
	if (!client_get(c, what, false, &other, &none) && other.label)
		return error_make(err, ST_FAILED, 0,
				  "its %s is recorded already, with the label `%s`",
				  what->by == SCTRACE_A_PID ? "PID namespace" : "cgroup",
				  other.label);
	return error_wrap(err, "its record");
}

static int start(struct hook *h, struct client *c, const struct selector *sel,
		 bool refused, struct record *r, struct error **err)
{
	bool cleared = false;
	int ret;

	for (;;) {
		if (!client_start(c, sel, h->id, refused, r, err))
			return 0;
		if ((*err)->errnum == EOPNOTSUPP && refused) {
			refused = false;	/* a module that cannot */
		} else if ((*err)->errnum == EEXIST && !cleared) {
			ret = clear_way(h, c, sel, r, err);
			if (ret)
				return ret < 0 ? -1 : 0;
			cleared = true;
		} else {
			return -1;
		}
		error_free(*err);
		*err = NULL;
	}
}

/*
 * A runtime that fails between prestart and the program (there is no such
 * command, say) tells nobody of the end. What it leaves is a held record that
 * will never be of use: the next container takes it away.
 */
static void sweep(const struct hook *h, struct client *c)
{
	struct selector sel = { .by = SCTRACE_A_ID };
	cleanup_error struct error *err = NULL;
	cleanup_records struct records all = { 0 };
	cleanup_info struct info info = { 0 };
	size_t i;

	if (client_list(c, &all, false, &err) < 0 || client_info(c, &info, &err) < 0)
		return;
	for (i = 0; i < all.n; i++) {
		const struct record *r = &all.v[i];
		bool waits = r->flags & SCTRACE_F_CGROUP && !r->starts &&
			     info.now > r->since + WAIT_NS;

		if (!(r->flags & SCTRACE_F_HELD) ||
		    !(r->flags & SCTRACE_F_ENDED || waits) || !engine_id(r->label) ||
		    !(derive_doubts(r) & DOUBT_NO_WORKLOAD))
			continue;
		sel.number = r->id;
		if (!client_forget(c, &sel, &err))
			hook_say(h, LOG_NOTICE,
				 "dropped the record of container %s, whose program never ran",
				 r->label);
	}
}

/*
 * The container has its filter still: no precreate hook was run. Only podman has
 * that stage; buildah and CRI-O fail on any file in their directories that names
 * it. So the file is in a directory of its own.
 */
static int not_lifted(struct error **err)
{
	cleanup_free char *exe = xcalloc(PATH_MAX, 1), *dir = NULL;
	char *slash = NULL;
	int up;

	/* beside the program: PREFIX/bin/sctrace-nl, PREFIX/share */
	if (readlink("/proc/self/exe", exe, PATH_MAX - 1) > 0)
		for (up = 0; up < 2 && (slash = strrchr(exe, '/')); up++)
			*slash = '\0';
	dir = xasprintf("%s/share/sctrace/hooks.d", slash ? exe : "/usr");
	return error_make(err, ST_FAILED, 0,
			  "annotation " HOOK_ANNOTATION ": mode:permissive: its filter is still in place: run it by `podman --hooks-dir %s` or by sctrace-runtime, or without a filter; if it was run so, the system's log says why",
			  dir);
}

/**
 * hook_prestart() - the container's namespaces are there, its program not yet
 * @h: in: the state
 * @err: why it is not recorded
 *
 * Return: 0, or -1 and @err.
 */
int hook_prestart(struct hook *h, struct error **err)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_config struct hook_config config = { 0 };
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_state struct hook_state s = { 0 };
	cleanup_info struct info info = { 0 };
	struct selector sel = { 0 };
	cleanup_close int fd = -1;
	int ret;

	if (hook_state_parse(h->in, h->in_len, &s, err) < 0)
		return -1;
	ret = annotation(h, s.annotations, NULL, s.bundle, true, &a, err);
	if (ret <= 0)
		return ret;
	if (check_files(h, &a, err) < 0)
		return -1;
	if (hook_state_id(&s, err) < 0)
		return -1;
	h->id = xstrdup(s.id);
	if (!s.pid)
		return error_make(err, ST_FAILED, 0,
				  "container state on standard input: no `pid`");
	if (connect_module(&c, 0, err) < 0 || client_info(c, &info, err) < 0 ||
	    check_execs(&a, &info, err) < 0)
		return -1;
	sweep(h, c);
	if (choose(h, c, &info, s.pid, &sel, &fd, err) < 0)
		return -1;
	/* what a filter refuses is worth a look only if it refuses anything */
	hook_config_load(s.bundle, &config);
	if (a.permissive && config.filter == FILTER_RESTRICTIVE)
		return not_lifted(err);
	if (start(h, c, &sel, config.filter == FILTER_RESTRICTIVE, &r,
		  err) < 0)
		return -1;
	if (r.flags & SCTRACE_F_LATE)
		hook_say(h, LOG_WARNING, r.flags & SCTRACE_F_CGROUP ?
			 "its cgroup had processes already when recording began: what these had called before is missing" :
			 "its program was running already when recording began");
	return 0;
}

/* What was derived, added to another profile, which is released */
static struct profile *merge(const struct hook_annotation *a,
			     const struct hook_config *config,
			     struct profile *base, struct result *res,
			     struct error **err)
{
	struct profile_env env = { .caps = config->caps };
	struct profile *all, *flat;
	char kernel[32];
	struct utsname u;
	unsigned int x, y;

	all = algebra_base(base, res->d.profile, &res->notes, err);
	profile_free(base);
	if (!all)
		return NULL;
	if (a->format == FORMAT_PODMAN || a->format == FORMAT_DOCKER)
		return all;
	/*
	 * Runtimes know no conditions; the engines decide them when they load
	 * a profile, by these three.
	 */
	uname(&u);
	if (sscanf(u.release, "%u.%u", &x, &y) == 2) {
		snprintf(kernel, sizeof(kernel), "%u.%u", x, y);
		env.kernel = kernel;
	}
	if (!config->has_caps && profile_has_caps(all))
		profile_note(&res->notes,
			     "the container's capabilities are not known: what the base allows with some only is left out");
	flat = algebra_resolve(all, &env);
	profile_free(all);
	return flat;
}

/*
 * Puts together what goes to the file. What an earlier run has left there holds
 * the base already.
 */
static int put_together(struct hook *h, const struct hook_annotation *a,
			const struct hook_config *config, struct result *res,
			struct error **err)
{
	struct profile *base = read_old(h, a, res, err);
	const char *from = a->output;

	if (!base && !*err && a->base) {
		base = read_base(h, a->base, err);
		from = a->base;
	}
	if (*err)
		return -1;
	res->profile = base ? merge(a, config, base, res, err) :
			      profile_dup(res->d.profile);
	return res->profile ? 0 : error_wrap(err, "add to `%s`", from);
}

/*
 * An earlier run's profile has the base's conditions already: what counts as the base's is
 * in its own file.
 */
static int look_at_args(struct hook *h, const struct record *r,
			const struct hook_annotation *a, struct derived *d,
			struct error **err)
{
	struct args_opts opts = {
		.mode = a->args, .can = format_args(a->format),
		.dialect = format_name(a->format),
	};
	struct profile *base = NULL;

	if (a->base) {
		base = read_base(h, a->base, err);
		if (!base)
			return -1;
	}
	opts.base = base;
	args_apply(r, &opts, d);
	profile_free(base);
	return 0;
}

/* Is the profile known to have all? Under a filter that refuses it cannot be. */
static bool whole(const struct result *res)
{
	return res->filter == FILTER_PERMISSIVE &&
	       !(res->d.doubts & (DOUBT_STRICT | DOUBT_NO_RUNTIME));
}

static int make(struct hook *h, struct record *r, uint32_t native,
		const struct hook_annotation *a,
		const struct hook_config *config, struct result *res,
		struct error **err)
{
	struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = ENOSYS, .native = native,
		.runtime = a->runtime,
		.plain = a->format == FORMAT_SYSTEMD,
	};
	size_t i;

	if (a->no_exec)
		record_leave_execs(r);
	res->filter = config->filter;
	if (res->filter == FILTER_UNKNOWN && r->flags & SCTRACE_F_REFUSED)
		res->filter = FILTER_RESTRICTIVE;
	/* we know the filter: what it means is said in other words */
	opts.filter_known = res->filter != FILTER_UNKNOWN;
	if (derive_doubts(r) & DOUBT_NO_WORKLOAD)
		return error_make(err, ST_INCOMPLETE, 0,
				  "its program never ran: no profile");
	/* it was seen refusing, or nobody looked */
	if (res->filter == FILTER_RESTRICTIVE &&
	    (derive_doubts(r) & DOUBT_REFUSED ||
	     !(r->flags & SCTRACE_F_REFUSED)))
		profile_note(&res->notes,
			     "recorded under the container's own filter: calls that it refuses are missing here unless it allows them elsewhere; mode:permissive in the annotation records without it");
	if (derive(r, &opts, &res->d, err) < 0 ||
	    look_at_args(h, r, a, &res->d, err) < 0)
		return -1;
	if (res->d.doubts & DOUBT_NO_RUNTIME)
		profile_note(&res->notes,
			     "recorded without a filter: what %s calls behind one was not seen%s; mode:permissive in the annotation records it",
			     res->d.runtime ? res->d.runtime->runtime :
					      "the runtime",
			     res->d.runtime ? ", so that its measured list was added" : "");
	if (put_together(h, a, config, res, err) < 0)
		return -1;
	derive_judge(r, &opts, &res->d, res->profile);
	width_judge(a->args, native, &res->d, res->profile);
	if (h->strict && res->d.doubts & DOUBT_STRICT)
		return error_make(err, ST_INCOMPLETE, 0,
				  "no profile, as strict was asked and the record is not whole: %s",
				  res->d.n_words ? res->d.words[0] : "");
	for (i = 0; i < res->d.notes.n; i++)
		profile_note(&res->notes, "%s", res->d.notes.v[i]);
	snprintf(res->runs.container, sizeof(res->runs.container), "%s", h->id);
	res->runs.whole = whole(res) && (!res->runs.runs || res->runs.whole);
	res->runs.runs++;
	return 0;
}

/* @runs: what to note at the file, or NULL; @notes: gets why it cannot be */
static int write_out(struct hook *h, const char *path, const char *text,
		     const struct hook_runs *runs, struct profile_notes *notes,
		     struct error **err)
{
	cleanup_file_out struct file_out f = FILE_OUT_INIT;

	if (outdirs_open(&h->policy->dirs, &f, path, err) < 0)
		return -1;
	if (fputs(text, f.stream) == EOF)
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	if (runs && hook_runs_write(fileno(f.stream), runs) < 0)
		profile_note(notes, "`%s`: cannot be noted as this container's (%s): its next run will replace the profile, not add to it, unless mode:add is asked",
			     path, strerror(errno));
	return file_commit(&f, err);
}

static void add(struct json_object *o, const char *key, struct json_object *v)
{
	if (!v || json_object_object_add(o, key, v))
		out_of_memory();
}

static struct json_object *strings(char *const *v, size_t n)
{
	struct json_object *a = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		cleanup_free char *safe = printable(v[i]);

		json_object_array_add(a, json_object_new_string(safe));
	}
	return a;
}

/* For what more than a start the profile lacks what */
static struct json_object *lacks(const struct result *res)
{
	struct json_object *o = json_object_new_object();
	unsigned int need;

	for (need = RUNTIME_EXEC; need <= RUNTIME_USER; need <<= 1) {
		struct strset names = { 0 };

		runtime_lacking(res->profile, res->d.runtime, need, &names);
		add(o, need == RUNTIME_EXEC ? "exec" : "user",
		    strings(names.v, names.n));
		strset_free(&names);
	}
	return o;
}

static int write_report(struct hook *h, const struct hook_annotation *a,
			const struct record *r, const struct result *res,
			struct error **err)
{
	struct json_object *o = json_object_new_object();
	cleanup_free char *text = NULL, *ascii = NULL;
	const char *flags[8];
	size_t n;

	add(o, "version", json_object_new_int(PRINT_VERSION));
	add(o, "container", json_object_new_string(h->id));
	add(o, "profile", json_object_new_string(a->output));
	add(o, "format", json_object_new_string(format_name(a->format)));
	if (a->base)
		add(o, "base", json_object_new_string(a->base));
	add(o, "filter",
	    json_object_new_string(hook_filter_name(res->filter)));
	add(o, "ns", json_object_new_int64(r->inum));
	n = record_flags(r, flags);
	add(o, "state", strings((char **)flags, n));
	add(o, "runs", json_object_new_int64(res->runs.runs));
	add(o, "whole", json_object_new_boolean(res->runs.whole));
	if (res->d.runtime) {
		add(o, "runtime",
		    json_object_new_string(res->d.runtime->runtime));
		add(o, "lacks", lacks(res));
	}
	add(o, "warnings", strings(res->d.words, res->d.n_words));
	add(o, "notes", strings(res->notes.v, res->notes.n));
	ascii = json_ascii(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
			   JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE), false);
	text = xasprintf("%s\n", ascii);
	json_object_put(o);
	return write_out(h, a->report, text, NULL, NULL, err);
}

/* The profile is there: that its runs cannot be told does not undo it */
static void write_series(struct hook *h, const struct hook_annotation *a,
			 const struct record *r, uint32_t native, const char *profile,
			 struct result *res)
{
	cleanup_free char *path = series_path(a->output), *text = NULL;
	cleanup_error struct error *err = NULL;

	series_add_record(&res->series, r, native, h->id, false);
	text = series_text(&res->series, profile, strlen(profile));
	if (write_out(h, path, text, NULL, NULL, &err) < 0)
		profile_note(&res->notes, "in which runs what was seen is not written: %s", err->text);
}

static int write_all(struct hook *h, const struct hook_annotation *a,
		     const struct record *r, uint32_t native,
		     struct result *res, struct error **err)
{
	const struct format_opts opts = { .native = native };
	cleanup_free char *text = NULL;
	size_t i;

	text = format_write(res->profile, a->format, &opts, &res->notes, err);
	if (!text || write_out(h, a->output, text, &res->runs, &res->notes, err) < 0)
		return -1;
	if (a->counts && !res->no_series)
		write_series(h, a, r, native, text, res);
	for (i = 0; i < res->d.n_words; i++)
		hook_say(h, LOG_WARNING, "%s", res->d.words[i]);
	for (i = 0; i < res->notes.n; i++)
		hook_say(h, LOG_WARNING, "%s", res->notes.v[i]);
	hook_say(h, LOG_INFO, "profile written to %s", a->output);
	if (a->report && write_report(h, a, r, res, err) < 0)
		return -1;
	return 0;
}

static int write_profile_of(struct hook *h, const struct hook_state *s,
			    struct error **err)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_config struct hook_config config = { 0 };
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	struct selector sel = { .by = SCTRACE_A_LABEL };
	struct result res = { 0 };
	cleanup_close int lock = -1;
	uint32_t flags;
	int ret;

	ret = annotation(h, s->annotations, NULL, s->bundle, false, &a, err);
	if (ret <= 0)
		return ret;
	if (hook_state_id(s, err) < 0)
		return -1;
	h->id = xstrdup(s->id);
	sel.label = h->id;
	if (connect_module(&c, CLIENT_NO_LOAD, err) < 0)
		return error_wrap(err, "nothing was recorded");
	if (client_info(c, &info, err) < 0)
		return -1;
	if (client_get(c, &sel, true, &r, err) < 0) {
		/* podman 3 tells the end twice */
		if ((*err)->status == ST_NO_RECORD)
			return error_make(err, ST_NO_RECORD, 0,
					  "there is no record of it: its start was not told or refused, or its profile is written already");
		return -1;
	}
	/* by its number from now on: labels can be given anew */
	sel.by = SCTRACE_A_ID;
	sel.number = r.id;
	flags = r.flags;
	if (!(flags & SCTRACE_F_ENDED))
		hook_say(h, LOG_WARNING,
			 "its %s lives on: what is called from now on is not in the profile",
			 flags & SCTRACE_F_CGROUP ? "cgroup" : "PID namespace");
	hook_config_load(s->bundle, &config);
	lock = hook_runs_lock();
	ret = make(h, &r, info.arch, &a, &config, &res, err);
	r.flags = flags;
	if (!ret)
		ret = write_all(h, &a, &r, info.arch, &res, err);
	result_free(&res);
	if (ret < 0 && (*err)->status != ST_INCOMPLETE)
		return error_wrap(err, "its record is kept (`" PROGRAM " profile --label %s -o FILE`, then `" PROGRAM " forget --label %s`)",
				  h->id, h->id);
	if (ret < 0) {
		cleanup_error struct error *more = NULL;

		if (client_forget(c, &sel, &more) < 0)
			hook_say(h, LOG_WARNING, "%s", more->text);
		return -1;
	}
	return client_forget(c, &sel, err);
}

/**
 * hook_bundle() - sctrace-runtime asks: how is the container to be created?
 * @h: in: the configuration; out: the new one, or NULL for the same
 * @err: why not
 *
 * What podman does by the stage precreate and by its hooks.d, for engines that
 * do not.
 *
 * Return: 0, or -1 and @err.
 */
int hook_bundle(struct hook *h, struct error **err)
{
	cleanup_free char *tool = xcalloc(PATH_MAX, 1);
	char *text;
	int ret;

	if (h->policy->env) {
		text = hook_bundle_env(h->in, h->in_len, h->policy->env,
				       &h->in_len, err);
		if (*err)
			return -1;
		if (text)
			h->in = text;
	}
	ret = hook_plan(h, err);
	if (ret <= 0)
		return ret;
	if (readlink("/proc/self/exe", tool, PATH_MAX - 1) < 0)
		return error_make(err, ST_FAILED, errno, "/proc/self/exe");
	text = h->out ? h->out : xstrdup(h->in);
	h->out = hook_bundle_hooks(text, h->out ? h->out_len : h->in_len, tool,
				   h->policy->options, h->policy->timeout + 10,
				   &h->out_len, err);
	free(text);
	return h->out ? 0 : -1;
}

/**
 * hook_poststop() - the container is gone: write its profile
 * @h: in: the state
 * @err: why there is none
 *
 * The record is dropped once its profile is on disk, or when there will never
 * be one. When it cannot be written, it stays: what was recorded is not lost.
 *
 * Return: 0, or -1 and @err.
 */
int hook_poststop(struct hook *h, struct error **err)
{
	cleanup_state struct hook_state s = { 0 };
	int ret;

	if (hook_state_parse(h->in, h->in_len, &s, err) < 0)
		return -1;
	ret = write_profile_of(h, &s, err);
	if (s.bundle && *s.bundle == '/') {
		cleanup_free char *config = xasprintf("%s/config.json", s.bundle);

		hook_bundle_restore(config);
	}
	return ret;
}
