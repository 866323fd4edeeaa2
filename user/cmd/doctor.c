// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace-nl doctor: can anything be recorded here, and if not, why? A new check
 * is a function and a line in the table below.
 */

#include <glob.h>
#include <json-c/json.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <sys/utsname.h>
#include "cmd.h"
#include "lib/command.h"
#include "lib/file.h"
#include "lib/names.h"
#include "record/module.h"

#define HOOKS_OWN	"/etc/containers/oci/hooks.d"
#define HOOKS_SHARED	"/usr/share/containers/oci/hooks.d"

static const struct opt opts[] = {
	OPTS_JSON,
	OPTS_COMMON
};

static const char *const verdicts[] = { "ok", "warn", "fail" };

struct doctor {
	struct print p;
	enum verdict worst;
	const char *check;	/* the name of the one that is running */
	struct utsname uts;
	char *config;		/* of the kernel, NULL when it cannot be read */
	bool root;		/* has the rights that recording takes */
	bool loaded;
	struct finding file;	/* of the module, when it is not loaded */
	struct dkms dkms;	/* when the module has to be built */
	struct client *client;	/* NULL when it cannot be talked to: */
	struct error *why;
	struct info info;
	struct records all;
};

/* One line; takes @text and @todo, which may be NULL */
static void say(struct doctor *d, enum verdict v, char *text, char *todo)
{
	cleanup_free char *t1 = text, *t2 = todo;

	if (v > d->worst)
		d->worst = v;
	print_marked(&d->p, v == VERDICT_OK ? COLOUR_GOOD : v == VERDICT_WARN ? COLOUR_LOOK :
		     COLOUR_BAD, verdicts[v], 17, "%*s%-10s %s%s%s", (int)(6 - strlen(verdicts[v])), "",
		     d->check, t1, t2 ? ": " : "", t2 ? t2 : "");
	print_object(&d->p, NULL);
	print_string(&d->p, "check", NULL, d->check);
	print_string(&d->p, "verdict", NULL, verdicts[v]);
	print_string(&d->p, "text", NULL, t1);
	print_string(&d->p, "todo", NULL, t2);
	print_close(&d->p);
}

/* What packages are called where this system's name says so */
static const struct distro {
	const char *names;	/* of os-release's ID and ID_LIKE */
	const char *install;
	const char *headers;	/* with the release, where it is part of the name */
	const char *gcc, *clang;
} distros[] = {
	{ "debian ubuntu", "apt-get install", "linux-headers-%s", "gcc make",
	  "clang lld llvm make" },
	{ "rhel fedora centos", "dnf install", "kernel-devel-%s", "gcc make",
	  "clang lld llvm make" },
	{ "suse opensuse", "zypper install", "kernel-default-devel", "gcc make",
	  "clang lld llvm make" },
	{ "arch", "pacman -S", "linux-headers", "gcc make",
	  "clang lld llvm make" },
};

/* NULL when it is none of those above */
static const struct distro *distro(void)
{
	cleanup_file FILE *f = fopen("/etc/os-release", "re");
	cleanup_free char *line = NULL;
	const struct distro *is = NULL;
	char *word, *save;
	size_t size = 0, i;

	while (f && !is && getline(&line, &size, f) >= 0) {
		if (strncmp(line, "ID=", 3) && strncmp(line, "ID_LIKE=", 8))
			continue;
		for (word = strtok_r(strchr(line, '='), "=\"' \n", &save);
		     word && !is; word = strtok_r(NULL, "\"' \n", &save))
			for (i = 0; i < ARRAY_SIZE(distros) && !is; i++)
				if (strstr(distros[i].names, word))
					is = &distros[i];
	}
	return is;
}

static void rights(struct doctor *d)
{
	if (!module_user_ns_initial())
		say(d, VERDICT_FAIL,
		    xstrdup("this is a user namespace of its own"),
		    xstrdup("run this on the host, outside of containers"));
	else if (!d->root)
		say(d, VERDICT_FAIL, xstrdup("no CAP_SYS_ADMIN"),
		    xstrdup("run this as root"));
	else
		say(d, VERDICT_OK,
		    xstrdup("CAP_SYS_ADMIN in the initial user namespace"),
		    NULL);
}

/* Which namespace a link of /proc names: @ns, or "" where it cannot be read */
static const char *read_ns(const char *link, char ns[static 64])
{
	ssize_t len = readlink(link, ns, 63);

	ns[len < 0 ? 0 : len] = '\0';
	return ns;
}

/* The module is talked to in the initial network namespace */
static void network(struct doctor *d)
{
	char pid_ns[64], ours[64], host[64];

	if (d->client) {
		say(d, VERDICT_OK, xstrdup("the initial network namespace"), NULL);
		return;
	}
	/* pid 1 tells only where it is the host's: PROC_PID_INIT_INO */
	if (!d->root ||
	    strcmp(read_ns("/proc/self/ns/pid", pid_ns), "pid:[4026531836]"))
		return;
	/* A policy may forbid to look at the links of others */
	if (!*read_ns("/proc/self/ns/net", ours) ||
	    !*read_ns("/proc/1/ns/net", host))
		return;
	if (!strcmp(ours, host))
		say(d, VERDICT_OK, xstrdup("that of the host"), NULL);
	else
		say(d, VERDICT_FAIL,
		    xstrdup("this is not the network namespace of the host, and the module speaks in that one only"),
		    xstrdup("run it there: `nsenter -t 1 -n " PROGRAM " doctor`"));
}

/* Is CONFIG_@name set? */
static bool config(const struct doctor *d, const char *name)
{
	cleanup_free char *want = xasprintf("\nCONFIG_%s=", name);
	const char *at = strstr(d->config, want);

	return at && (at[strlen(want)] == 'y' || at[strlen(want)] == 'm');
}

/* What the kernel was made with; NULL when nothing says so */
static char *config_text(const struct doctor *d)
{
	static const char *const unpack[] = { "gzip", "-dc", "/proc/config.gz",
					      NULL };
	static const char *const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config",
		"/usr/lib/modules/%s/config", "/lib/modules/%s/build/.config",
		"/lib/modules/%s/build/include/config/auto.conf",
	};
	cleanup_free char *words = NULL;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		cleanup_free char *path = xasprintf(places[i], d->uts.release);
		cleanup_error struct error *err = NULL;
		cleanup_free char *text = file_read(path, 4 << 20, &len, &err);

		if (text)
			return xasprintf("\n%s", text);
	}
	if (command_read(unpack, STDOUT_FILENO, &words) || !*words)
		return NULL;
	return xasprintf("\n%s", words);
}

static void kernel(struct doctor *d)
{
	static const char *const need[] = {
		"MODULES", "NET", "PID_NS", "TRACEPOINTS",
		"HAVE_SYSCALL_TRACEPOINTS",
	};
	cleanup_free char *missing = xstrdup("");
	size_t i;

	if (!d->config) {
		say(d, VERDICT_OK,
		    xasprintf("%s, its configuration cannot be read",
			      d->uts.release), NULL);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(need); i++)
		if (!config(d, need[i])) {
			cleanup_free char *old = missing;

			missing = xasprintf("%s CONFIG_%s", old, need[i]);
		}
	if (*missing)
		say(d, VERDICT_FAIL,
		    xasprintf("%s is built without%s", d->uts.release, missing),
		    xstrdup("use a kernel that has it"));
	else
		say(d, VERDICT_OK,
		    xasprintf("%s has what the module needs", d->uts.release),
		    NULL);
}

/* What building the module takes is asked only where it has to be built */
static void headers(struct doctor *d)
{
	cleanup_free char *build = xasprintf("/lib/modules/%s/build/Makefile",
					     d->uts.release);
	const struct distro *os = distro();
	cleanup_free char *package = NULL;

	if (!d->file.build)
		return;
	if (!access(build, F_OK)) {
		say(d, VERDICT_OK, xstrdup("those of this kernel are there"),
		    NULL);
		return;
	}
	if (os)
		package = xasprintf(os->headers, d->uts.release);
	say(d, VERDICT_FAIL, xstrdup("those of this kernel are not installed"),
	    os ? xasprintf("run `%s %s`", os->install, package) :
		 xasprintf("install the headers of kernel %s", d->uts.release));
}

static void compiler(struct doctor *d)
{
	bool clang = d->config && config(d, "CC_IS_CLANG");
	const struct distro *os = distro();
	const char *cc = clang ? "clang" : "gcc";
	const char *need[] = { cc, clang ? "ld.lld" : "ld", "make" };
	size_t i;

	if (!d->file.build)
		return;
	for (i = 0; i < ARRAY_SIZE(need); i++) {
		if (command_there(need[i]))
			continue;
		say(d, VERDICT_FAIL,
		    xasprintf("this kernel was built by %s, and there is no %s",
			      cc, need[i]),
		    os ? xasprintf("run `%s %s`", os->install,
				   clang ? os->clang : os->gcc) :
			 xasprintf("install %s, its linker and make", cc));
		return;
	}
	say(d, VERDICT_OK, xasprintf("%s, as the kernel was built by%s", cc,
				     clang ? "; by hand make takes it by itself (LLVM=1)" : ""),
	    NULL);
}

static void dkms(struct doctor *d)
{
	const struct dkms *k = &d->dkms;

	if (!d->file.build || !k->there)
		return;
	if (k->log)
		say(d, VERDICT_WARN,
		    xasprintf("its build of " MODULE " %s failed; %s says `%s`",
			      k->version, k->log,
			      k->last_error ? k->last_error : "nothing of it"),
		    dkms_install_text(k));
	else if (k->version)
		say(d, VERDICT_OK, xasprintf("it knows " MODULE " %s%s",
					     k->version,
					     k->built ? " and has built it for this kernel" : ""),
		    NULL);
	else
		say(d, VERDICT_WARN, xstrdup("it does not know " MODULE),
		    dkms_install_text(k));
}

static void module(struct doctor *d)
{
	cleanup_free char *abi = NULL;
	size_t todo;

	if (!d->loaded) {
		say(d, d->file.verdict, xstrdup(d->file.text),
		    d->file.todo ? xstrdup(d->file.todo) : NULL);
	} else if (d->client) {
		abi = names_abi_text(d->info.arch);
		say(d, VERDICT_OK,
		    xasprintf("loaded, version %s, API %u, %s", d->info.version,
			      d->info.api, abi), NULL);
	} else if (d->root) {
		todo = d->why->todo ? d->why->todo : strlen(d->why->text) + strlen(": ");
		say(d, VERDICT_FAIL, xstrndup(d->why->text, todo - strlen(": ")),
		    xstrdup(d->why->todo ? d->why->text + todo :
			    "install module and program from one release, then run `modprobe -r " MODULE "`"));
	}
}

static void loading(struct doctor *d)
{
	cleanup_finding struct finding f = { 0 };

	if (d->loaded || d->file.verdict == VERDICT_FAIL)
		return;
	module_load_look(&f);
	say(d, f.verdict, xstrdup(f.text), f.todo ? xstrdup(f.todo) : NULL);
}

static void version(struct doctor *d)
{
	cleanup_finding struct finding f = { 0 };

	if (module_mismatch(&f))
		say(d, f.verdict, xstrdup(f.text), xstrdup(f.todo));
}

static void names(struct doctor *d)
{
	cleanup_free char *abi = NULL;

	if (!d->client || names_abi_known(d->info.arch))
		return;
	abi = names_abi_text(d->info.arch);
	say(d, VERDICT_FAIL,
	    xasprintf("this libseccomp does not know %s", abi),
	    xstrdup("install a newer one"));
}

static void recording(struct doctor *d)
{
	const struct info *i = &d->info;
	bool selected = i->mode == SCTRACE_MODE_SELECTED;
	const char *scope = info_scope(i);

	if (!d->client)
		return;
	/* the other modes wait for what is to be recorded */
	if (!selected && !i->attached)
		say(d, VERDICT_FAIL,
		    xstrdup("the tracepoint is not registered (see dmesg)"),
		    xstrdup("run `modprobe -r " MODULE "`, then `modprobe " MODULE "`"));
	else if (selected && !i->records)
		say(d, VERDICT_WARN,
		    xstrdup("only what is asked for is recorded (record=selected), and nothing was"),
		    xstrdup("run `" PROGRAM " start --pid PID`, `" PROGRAM " run -- COMMAND` or a container with the annotation of sctrace-hook(8)"));
	else
		say(d, VERDICT_OK,
		    xasprintf("%s; %u records of at most %u: %u alive, %u ended, %u held; %s",
			      info_mode(i),
			      i->records, i->max_records, i->live, i->ended,
			      i->held,
			      scope ? scope :
			      i->attached ? "attached" : "idle"), NULL);
}

static void room(struct doctor *d)
{
	const struct info *i = &d->info;
	const struct record *give = NULL;
	bool may_go = false;
	size_t n;

	if (!d->client)
		return;
	for (n = 0; n < d->all.n; n++) {
		const struct record *r = &d->all.v[n];
		bool held = r->flags & SCTRACE_F_HELD;
		bool ended = r->flags & SCTRACE_F_ENDED;

		may_go |= ended && !held;
		/* best one that has ended */
		if (held && (!give || (ended && !(give->flags & SCTRACE_F_ENDED))))
			give = r;
	}
	if (i->records >= i->max_records && !may_go)
		say(d, VERDICT_FAIL,
		    xasprintf("all %u records are of living namespaces or held: the next namespace gets none",
			      i->records),
		    give ? xasprintf("run `" PROGRAM " forget --id %llu`, and for others that `" PROGRAM " list` shows as held",
				     (unsigned long long)give->id) :
			   xasprintf("run `modprobe -r " MODULE "`, which drops what was recorded, and `modprobe " MODULE " max_records=%u`",
				     i->max_records > 32768 ? 65536 :
				     2 * i->max_records));
	else if (i->unrecorded)
		say(d, VERDICT_OK,
		    xasprintf("there is room now; %llu times since it was loaded a namespace could not be given a record",
			      (unsigned long long)i->unrecorded), NULL);
	if (i->evicted)
		say(d, VERDICT_OK,
		    xasprintf("%llu ended records were dropped to make room",
			      (unsigned long long)i->evicted), NULL);
	if (i->pool_empty)
		say(d, VERDICT_OK,
		    xasprintf("%llu times a pool had nothing to give; what it cost is in the records' counters",
			      (unsigned long long)i->pool_empty), NULL);
}

/* Records that lack something, each with what brings a whole one */
static void records(struct doctor *d)
{
	size_t n;

	for (n = 0; d->client && n < d->all.n; n++) {
		const struct record *r = &d->all.v[n];
		bool ended = r->flags & SCTRACE_F_ENDED;

		if (!(r->flags & SCTRACE_F_INCOMPLETE))
			continue;
		say(d, VERDICT_WARN,
		    xasprintf("record %llu (%s) is incomplete", (unsigned long long)r->id,
			      r->label ? r->label : *r->comm ? r->comm : "-"),
		    xasprintf("record the program again after `" PROGRAM " %s --id %llu`",
			      ended ? "forget" : "reset",
			      (unsigned long long)r->id));
	}
}

static const char *word(struct json_object *args, size_t i)
{
	const char *s = json_object_get_string(json_object_array_get_idx(args, i));

	return s ? s : "";
}

/*
 * The program of a hook of ours for @stage, NULL when it is none. A shell runs it:
 * where the program is gone, a container must start all the same. Options stand
 * between the word `hook` and the stage.
 */
static char *hook_program(const char *path, struct json_object *args,
			  const char *stage)
{
	size_t i, n = json_object_array_length(args);
	const char *exec = NULL;
	bool hook = false;

	for (i = 0; i < n; i++)
		hook |= !strcmp(word(args, i), "hook");
	if (!hook || strcmp(word(args, n - 1), stage))
		return NULL;
	if (!strcmp(word(args, 1), "-c"))
		exec = strstr(word(args, 2), "exec ");
	return exec ? strndup(exec + 5, strcspn(exec + 5, " ")) : xstrdup(path);
}

/* What is wrong with a hook's file, and is it ours? NULL when nothing is */
static char *hook_fault(const char *path, const char *stage)
{
	struct json_object *root, *hook, *run, *v;
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL, *program = NULL;
	char *fault = NULL;
	size_t len;

	text = file_read(path, 1 << 20, &len, &err);
	if (!text)
		return xstrdup(err->text);
	root = json_tokener_parse(text);
	if (!json_object_object_get_ex(root, "hook", &hook) ||
	    !json_object_object_get_ex(hook, "path", &run) ||
	    !json_object_is_type(run, json_type_string)) {
		fault = xasprintf("%s runs no hook", path);
	} else if (access(json_object_get_string(run), X_OK) < 0) {
		fault = xasprintf("%s runs %s, which cannot be run", path,
				  json_object_get_string(run));
	} else if (!json_object_object_get_ex(hook, "args", &v) ||
		   !json_object_is_type(v, json_type_array) ||
		   !(program = hook_program(json_object_get_string(run), v, stage))) {
		fault = xasprintf("%s does not run `" PROGRAM " hook %s`", path,
				  stage);
	} else if (access(program, X_OK) < 0) {
		fault = xasprintf("%s runs %s, which cannot be run", path,
				  program);
	}
	json_object_put(root);
	return fault;
}

/*
 * Does this file of podman's say where hooks are? 1: and ours are there, 0: and ours are not,
 * -1: it does not say.
 */
static int hooks_named(const char *conf)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	int named = -1;
	const char *at;
	size_t len;

	text = file_read(conf, 1 << 20, &len, &err);
	for (at = text; at; at = strchr(at, '\n')) {
		cleanup_free char *list = NULL;
		bool any = false, ours = false;
		char *next, *word;

		at += strspn(at, " \t\n");
		if (strncmp(at, "hooks_dir", 9))
			continue;
		list = xstrndup(at, strcspn(at, "]"));
		for (next = list; (word = strsep(&next, "\"'"));) {
			cleanup_free char *file = xasprintf("%s/sctrace-prestart.json", word);

			any |= *word == '/';
			ours |= !access(file, F_OK);
		}
		/* an empty list stands for what podman has without */
		named = ours || !any;
	}
	return named;
}

/* The file that keeps podman from our hooks, for free(), or NULL. The last one to say counts. */
static char *hooks_elsewhere(void)
{
	static const char *const confs[] = {
		"/usr/share/containers/containers.conf", "/etc/containers/containers.conf",
		"/etc/containers/containers.conf.d/*.conf",
	};
	char *file = NULL;
	size_t i, k;
	glob_t g;

	for (i = 0; i < ARRAY_SIZE(confs); i++) {
		if (glob(confs[i], 0, NULL, &g))
			continue;
		for (k = 0; k < g.gl_pathc; k++) {
			int named = hooks_named(g.gl_pathv[k]);

			if (named < 0)
				continue;
			free(file);
			file = named ? NULL : xstrdup(g.gl_pathv[k]);
		}
		globfree(&g);
	}
	return file;
}

/* A file of the first directory is read in place of one of that name of the second */
static void hooks(struct doctor *d)
{
	static const char *const stages[] = { "prestart", "poststop" };
	static const char again[] =
		"install the package sctrace again, or run make install in its sources";
	cleanup_free char *elsewhere = hooks_elsewhere();
	bool good = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		cleanup_free char *own = xasprintf(HOOKS_OWN "/sctrace-%s.json",
						   stages[i]);
		cleanup_free char *shared = xasprintf(HOOKS_SHARED "/sctrace-%s.json",
						      stages[i]);
		bool over = !access(own, F_OK);
		char *fault;

		if (!over && access(shared, F_OK) < 0)
			fault = xasprintf("there is no %s: annotations of containers do nothing",
					  shared);
		else
			fault = hook_fault(over ? own : shared, stages[i]);
		if (!fault)
			continue;
		good = false;
		say(d, VERDICT_WARN, fault,
		    over ? xasprintf("run `mv %s %s.off`", own, own) :
			   xstrdup(again));
	}
	/* of a release that put it there; buildah and CRI-O refuse the stage */
	if (!access(HOOKS_SHARED "/sctrace-precreate.json", F_OK)) {
		good = false;
		say(d, VERDICT_WARN,
		    xstrdup(HOOKS_SHARED "/sctrace-precreate.json keeps podman build, buildah and CRI-O from working"),
		    xstrdup("run `rm " HOOKS_SHARED "/sctrace-precreate.json`"));
	}
	if (elsewhere) {
		good = false;
		say(d, VERDICT_WARN,
		    xasprintf("%s: its hooks_dir has no hooks of sctrace: annotations of podman's containers do nothing",
			      elsewhere),
		    xasprintf("add \"" HOOKS_SHARED "\" to hooks_dir in %s", elsewhere));
	}
	if (good)
		say(d, VERDICT_OK, xstrdup("podman runs those of sctrace"), NULL);
}

static const struct check {
	const char *name;
	void (*look)(struct doctor *d);
} checks[] = {
	{ "rights", rights },
	{ "network", network },
	{ "kernel", kernel },
	{ "headers", headers },
	{ "compiler", compiler },
	{ "dkms", dkms },
	{ "module", module },
	{ "loading", loading },
	{ "version", version },
	{ "names", names },
	{ "recording", recording },
	{ "room", room },
	{ "records", records },
	{ "hooks", hooks },
};

/* What several checks want to know */
static void look_around(struct doctor *d)
{
	uname(&d->uts);
	d->config = config_text(d);
	d->root = module_user_ns_initial() && module_has_cap(CAP_SYS_ADMIN);
	d->loaded = module_loaded();
	if (!d->loaded) {
		module_file_look(&d->file);
		if (d->file.build)
			dkms_look(&d->dkms);
		return;
	}
	if (client_open(&d->client, CLIENT_NO_LOAD | CLIENT_ANY_VERSION, &d->why) < 0 ||
	    client_info(d->client, &d->info, &d->why) < 0 ||
	    client_list(d->client, &d->all, false, &d->why) < 0) {
		client_close(d->client);
		d->client = NULL;
	}
}

static void forget(struct doctor *d)
{
	free(d->config);
	finding_free(&d->file);
	dkms_free(&d->dkms);
	client_close(d->client);
	error_free(d->why);
	info_free(&d->info);
	records_free(&d->all);
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	__cleanup(forget) struct doctor d = { .worst = VERDICT_OK };
	struct cmd_opts o = CMD_OPTS_INIT;
	bool works;
	size_t i;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	look_around(&d);
	print_begin(&d.p, o.json);
	print_array(&d.p, "checks");
	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		d.check = checks[i].name;
		checks[i].look(&d);
	}
	print_close(&d.p);
	works = d.worst < VERDICT_FAIL;
	print_bool(&d.p, "works", NULL, works);
	if (print_end(&d.p, err) < 0)
		return -1;
	return works ? ST_OK : ST_FAILED;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "tell whether recording can work here, and what to do if not",
	.opts = opts,
	.more = "Loads nothing and changes nothing. Ends with 0 only when recording can work.",
	.run = run,
};
