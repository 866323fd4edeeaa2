// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl doctor: can anything be recorded here, and if not, why? */

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include "cmd.h"
#include "lib/file.h"
#include "record/module.h"
#include "lib/names.h"

static const struct opt opts[] = {
	OPTS_JSON,
	OPTS_COMMON
};

enum verdict { OK, WARN, FAIL };

static const char *const verdicts[] = { "ok", "warn", "fail" };

struct doctor {
	struct print p;
	enum verdict worst;
	struct utsname uts;
};

/* One line; takes @text and @todo, which may be NULL */
static void say(struct doctor *d, const char *check, enum verdict v,
		char *text, char *todo)
{
	cleanup_free char *t1 = text, *t2 = todo;
	cleanup_free char *safe = printable(t1);
	cleanup_free char *hint = t2 ? printable(t2) : NULL;

	if (v > d->worst)
		d->worst = v;
	print_line(&d->p, "%-5s %-10s %s%s%s", verdicts[v], check, safe,
		   hint ? ": " : "", hint ? hint : "");
	print_object(&d->p, NULL);
	print_string(&d->p, "check", NULL, check);
	print_string(&d->p, "verdict", NULL, verdicts[v]);
	print_string(&d->p, "text", NULL, t1);
	print_string(&d->p, "todo", NULL, t2);
	print_close(&d->p);
}

static void rights(struct doctor *d)
{
	if (!module_user_ns_initial())
		say(d, "rights", FAIL,
		    xstrdup("this is a user namespace of its own"),
		    xstrdup("run this on the host, outside of containers"));
	else if (!module_has_cap(CAP_SYS_ADMIN))
		say(d, "rights", FAIL, xstrdup("no CAP_SYS_ADMIN"),
		    xstrdup("run this as root"));
	else
		say(d, "rights", OK,
		    xstrdup("CAP_SYS_ADMIN in the initial user namespace"),
		    NULL);
}

/* Is CONFIG_@name set? -1 when no configuration can be read */
static int config(const char *text, const char *name)
{
	cleanup_free char *want = xasprintf("\nCONFIG_%s=", name);
	const char *at = strstr(text, want);

	return at && (at[strlen(want)] == 'y' || at[strlen(want)] == 'm');
}

/* What the kernel was made with; NULL when nothing says so in plain text */
static char *config_text(const struct doctor *d)
{
	static const char *const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config",
		"/usr/lib/modules/%s/config", "/lib/modules/%s/build/.config",
	};
	cleanup_error struct error *err = NULL;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		cleanup_free char *path = xasprintf(places[i], d->uts.release);
		cleanup_free char *text = file_read(path, 4 << 20, &len, &err);

		if (text)
			return xasprintf("\n%s", text);
	}
	return module_unpack("/proc/config.gz");
}

static void kernel(struct doctor *d)
{
	static const char *const need[] = {
		"MODULES", "NET", "PID_NS", "TRACEPOINTS",
		"HAVE_SYSCALL_TRACEPOINTS",
	};
	cleanup_free char *text = config_text(d), *missing = xstrdup("");
	size_t i;

	if (!text) {
		say(d, "kernel", OK,
		    xasprintf("%s, its configuration cannot be read",
			      d->uts.release), NULL);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(need); i++)
		if (!config(text, need[i])) {
			cleanup_free char *old = missing;

			missing = xasprintf("%s CONFIG_%s", old, need[i]);
		}
	/* it is a fact of a processor's code, not an option, that may be =y */
	if (*missing)
		say(d, "kernel", FAIL,
		    xasprintf("%s is built without%s", d->uts.release, missing),
		    xstrdup("use a kernel that has it"));
	else
		say(d, "kernel", OK,
		    xasprintf("%s has what the module needs", d->uts.release),
		    NULL);
}

static void headers(struct doctor *d)
{
	cleanup_free char *build = xasprintf("/lib/modules/%s/build",
					     d->uts.release);
	bool have = access(build, F_OK) == 0;
	bool dkms = access("/var/lib/dkms/sctrace", F_OK) == 0;

	say(d, "headers", have ? OK : WARN,
	    xasprintf("%s, and dkms %s sctrace",
		      have ? "the kernel's headers are there" :
			     "the kernel's headers are not installed",
		      dkms ? "knows" : "does not know"),
	    have ? NULL : xasprintf("install linux-headers-%s",
				    d->uts.release));
}

/* Nothing is loaded yet: would it go well? */
static void module_to_be(struct doctor *d)
{
	cleanup_free char *file = NULL, *vermagic = NULL, *signer = NULL;
	bool known;
	size_t n;

	file = module_file(&known);
	if (!file) {
		say(d, "module", FAIL,
		    xasprintf("not built for this kernel: no sctrace.ko in `/lib/modules/%s`",
			      d->uts.release),
		    xstrdup("install the kernel's headers and run `dkms autoinstall`"));
		headers(d);
		return;
	}
	if (!known) {
		say(d, "module", FAIL,
		    xasprintf("modprobe does not know `%s`", file),
		    xstrdup("run `depmod -a`"));
		return;
	}
	vermagic = module_file_info(file, "vermagic");
	n = strlen(d->uts.release);
	if (vermagic && (strncmp(vermagic, d->uts.release, n) ||
			 (vermagic[n] && vermagic[n] != ' '))) {
		say(d, "module", FAIL,
		    xasprintf("`%s` was built for %s", file, vermagic),
		    xstrdup("run `dkms autoinstall`"));
		return;
	}
	say(d, "module", OK, xasprintf("`%s`", file), NULL);
	if (module_locked()) {
		say(d, "loading", FAIL,
		    xstrdup("switched off (kernel.modules_disabled)"),
		    xstrdup("boot again"));
		return;
	}
	signer = module_file_info(file, "signer");
	if (module_sig_enforced() && !signer)
		say(d, "loading", FAIL,
		    xstrdup("the kernel takes signed modules only (secure boot or lockdown), and this one is not"),
		    xstrdup("sign it with a key that `mokutil --import` has enrolled"));
	else if (module_sig_enforced())
		say(d, "loading", WARN,
		    xasprintf("the kernel takes signed modules only, and this one is signed by %s",
			      signer),
		    xstrdup("see that this key is enrolled (`mokutil --list-enrolled`)"));
	else
		say(d, "loading", OK,
		    xstrdup("not loaded yet; any command as root loads it"),
		    NULL);
}

static void module_is(struct doctor *d)
{
	cleanup_error struct error *err = NULL;
	cleanup_client struct client *c = NULL;
	cleanup_info struct info info = { 0 };
	cleanup_free char *abi = NULL;

	if (client_open(&c, CLIENT_NO_LOAD, &err) < 0 ||
	    client_info(c, &info, &err) < 0) {
		say(d, "module", FAIL, xstrdup(err->text),
		    NULL);
		return;
	}
	abi = names_abi_text(info.arch);
	say(d, "module", OK,
	    xasprintf("loaded, version %s, API %u, %s", info.version, info.api,
		      abi), NULL);
	if (strcmp(info.version, SCTRACE_VERSION))
		say(d, "version", WARN,
		    xasprintf("the module is %s and this program %s",
			      info.version, SCTRACE_VERSION),
		    xstrdup("`modprobe -r sctrace` when nothing is held, after an upgrade"));
	if (!names_abi_known(info.arch))
		say(d, "names", FAIL,
		    xasprintf("this libseccomp does not know %s", abi),
		    xstrdup("install a newer one"));
	say(d, "recording", OK,
	    xasprintf("%s; %u records of at most %u: %u alive, %u ended, %u held; %s",
		      info.mode == SCTRACE_MODE_ALL ?
		      "every PID namespace" : "selected PID namespaces",
		      info.records, info.max_records, info.live, info.ended,
		      info.held, info.attached ? "attached" : "idle"), NULL);
	/* in this mode there is always something to record: this process */
	if (info.mode == SCTRACE_MODE_ALL && !info.attached)
		say(d, "probe", FAIL,
		    xstrdup("the tracepoint is not registered"),
		    xstrdup("see `dmesg`"));
	if (info.unrecorded)
		say(d, "room", WARN,
		    xasprintf("%llu times a namespace could not be given a record",
			      (unsigned long long)info.unrecorded),
		    xstrdup("`forget` held records, or load the module with a larger max_records"));
	if (info.evicted)
		say(d, "room", OK,
		    xasprintf("%llu ended records were dropped to make room",
			      (unsigned long long)info.evicted), NULL);
	if (info.pool_empty)
		say(d, "pools", OK,
		    xasprintf("%llu times a pool had nothing to give; what it cost is in the records' counters",
			      (unsigned long long)info.pool_empty), NULL);
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	struct cmd_opts o = CMD_OPTS_INIT;
	struct doctor d = { .worst = OK };
	bool works;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	uname(&d.uts);
	print_begin(&d.p, o.json);
	print_array(&d.p, "checks");
	rights(&d);
	kernel(&d);
	if (module_loaded())
		module_is(&d);
	else
		module_to_be(&d);
	print_close(&d.p);
	works = d.worst < FAIL;
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
