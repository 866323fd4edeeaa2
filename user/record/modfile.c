// SPDX-License-Identifier: GPL-2.0
/* The kernel module as a file: would it be loaded, and if not, why? */

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include "lib/command.h"
#include "lib/file.h"
#include "module.h"

/**
 * finding_set() - say what was found
 * @f: takes the texts, in place of those that it has
 * @verdict: how bad it is
 * @text: what is so
 * @todo: what to do about it, or NULL
 */
void finding_set(struct finding *f, enum verdict verdict, char *text,
		 char *todo)
{
	finding_free(f);
	f->verdict = verdict;
	f->text = text;
	f->todo = todo;
}

/**
 * finding_free() - release what a finding holds
 * @f: the finding; empty afterwards
 */
void finding_free(struct finding *f)
{
	free(f->text);
	free(f->todo);
	memset(f, 0, sizeof(*f));
}

/**
 * module_read_line() - the first line of a small file
 * @path: the file
 *
 * Return: the line for free(), NULL when the file cannot be read.
 */
char *module_read_line(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		return NULL;
	n = getline(&line, &size, f);
	if (n < 0) {
		free(line);
		return NULL;
	}
	if (n && line[n - 1] == '\n')
		line[n - 1] = '\0';
	return line;
}

/* What modprobe would do */
struct plan {
	char *file;		/* what it loads, or NULL */
	char *options;		/* given to the module, may be empty */
	char *command;		/* what it runs instead of loading, or NULL */
};

static void plan_free(struct plan *p)
{
	free(p->file);
	free(p->options);
	free(p->command);
}

#define cleanup_plan	__cleanup(plan_free)

static bool is_module(const char *name)
{
	static const char *const ends[] = { "", ".gz", ".xz", ".zst" };
	size_t i, n = strlen(MODULE ".ko");

	if (strncmp(name, MODULE ".ko", n))
		return false;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!strcmp(name + n, ends[i]))
			return true;
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Asks modprobe; nothing is set when the module is loaded or not known */
static void plan_ask(struct plan *p)
{
	static const char *const argv[] = { "modprobe", "-n", "-v", MODULE, NULL };
	cleanup_free char *words = NULL;
	char *line, *save, *end;

	if (command_read(argv, STDOUT_FILENO, &words))
		return;
	for (line = strtok_r(words, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		for (end = line + strlen(line); end > line && end[-1] == ' ';)
			*--end = '\0';
		if (!strncmp(line, "install ", 8)) {
			free(p->command);
			p->command = xstrdup(line + 8);
		} else if (!strncmp(line, "insmod ", 7)) {
			char *file = line + 7;
			char *opts = file + strcspn(file, " ");

			if (*opts)
				*opts++ = '\0';
			/* others come before it (softdep) */
			if (p->file || !is_module(base_name(file)))
				continue;
			p->file = xstrdup(file);
			p->options = xstrdup(opts);
		}
	}
}

static char *found;	/* nftw() has no argument of ours */

static int look(const char *path, const struct stat *st, int type,
		struct FTW *ftw)
{
	(void)st;
	if (type != FTW_F || !is_module(path + ftw->base))
		return 0;
	found = xstrdup(path);
	return 1;
}

/* The name of a module that came with the kernel, NULL where there is none */
static char *other_module(void)
{
	cleanup_free char *path = NULL, *line = NULL;
	cleanup_file FILE *f = NULL;
	struct utsname u;
	const char *name;
	size_t size = 0;

	uname(&u);
	path = xasprintf("/lib/modules/%s/modules.dep", u.release);
	f = fopen(path, "re");
	while (f && getline(&line, &size, f) >= 0) {
		line[strcspn(line, ":\n")] = '\0';
		name = base_name(line);
		if (!is_module(name))
			return xstrndup(name, strcspn(name, "."));
	}
	return NULL;
}

/* What modinfo says of a file or of a module by its name; NULL when it cannot tell */
static char *file_info(const char *file, const char *key)
{
	const char *const argv[] = { "modinfo", "-F", key, file, NULL };
	cleanup_free char *words = NULL;

	if (command_read(argv, STDOUT_FILENO, &words) || !*words)
		return NULL;
	words[strcspn(words, "\n")] = '\0';
	return xstrdup(words);
}

/**
 * module_file_version() - the version of the module that modprobe would load
 *
 * Return: a string for free(), NULL when there is none.
 */
char *module_file_version(void)
{
	return file_info(MODULE, "version");
}

static void rebuild(struct finding *f, char *text)
{
	cleanup_dkms struct dkms d = { 0 };

	dkms_look(&d);
	finding_set(f, VERDICT_FAIL, text, dkms_install_text(&d));
	f->build = true;
}

/*
 * A file built for another release is taken where each symbol that it needs has
 * the version that it was built with (CONFIG_MODVERSIONS).
 */
static void versions(struct finding *f, const char *file, const char *release)
{
	const char *const argv[] = { "modprobe", "--dump-modversions", file, NULL };
	cleanup_free char *path = NULL, *all = NULL, *words = NULL;
	cleanup_error struct error *err = NULL;
	char *line, *save, *tab;
	unsigned int wrong = 0;
	const char *bad = NULL;
	size_t len;

	path = xasprintf("/lib/modules/%s/build/Module.symvers", release);
	all = file_read(path, 64 << 20, &len, &err);
	if (!all || command_read(argv, STDOUT_FILENO, &words) || !*words) {
		finding_set(f, VERDICT_WARN,
			    xasprintf("%s was built for another release of this kernel; whether that fits cannot be told without the kernel's headers",
				      file),
			    xasprintf("run `modprobe " MODULE "`, or build it for this one"));
		return;
	}
	for (line = strtok_r(words, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		cleanup_free char *here = NULL;

		/* "0xCRC<tab>NAME", with more after it in the kernel's file */
		tab = strchr(line, '\t');
		if (!tab)
			continue;
		here = xasprintf("\n%s\t", line);
		if (strstr(all, here) || !strncmp(all, here + 1, strlen(here + 1)))
			continue;
		wrong++;
		bad = tab + 1;
	}
	if (wrong)
		rebuild(f, xasprintf("%s was built for another kernel: %u of the symbols that it needs, %s for one, are of another version here",
				     file, wrong, bad));
	else
		finding_set(f, VERDICT_OK,
			    xasprintf("%s, built for another release of this kernel; all symbols are of the same version, so it fits",
				      file), NULL);
}

/* Was @file built for this kernel? */
static void fits(struct finding *f, const char *file)
{
	cleanup_free char *other = other_module(), *own = NULL, *magic = NULL;
	const char *flags, *own_flags;
	struct utsname u;
	size_t n;

	uname(&u);
	magic = file_info(file, "vermagic");
	if (!magic) {
		rebuild(f, xasprintf("%s is no module, or only a part of one (modinfo cannot read it)",
				     file));
		return;
	}
	/* what the kernel wants stands in any of its own modules */
	own = other ? file_info(other, "vermagic") : NULL;
	n = strcspn(magic, " ");
	flags = magic + n;
	own_flags = own ? own + strcspn(own, " ") : flags;
	if (strcmp(flags, own_flags))
		rebuild(f, xasprintf("%s was built for another kernel (`%s`, and this one wants `%s`)",
				     file, magic, own));
	else if (strlen(u.release) == n && !strncmp(magic, u.release, n))
		finding_set(f, VERDICT_OK, xstrdup(file), NULL);
	else if (strstr(flags, " modversions"))
		versions(f, file, u.release);
	else
		rebuild(f, xasprintf("%s was built for kernel %.*s", file,
				     (int)n, magic));
}

/**
 * module_file_look() - is there a file that this kernel takes?
 * @f: set up with zeroes; for finding_free()
 *
 * Loads nothing. @f->build is set when it has to be built (again).
 */
void module_file_look(struct finding *f)
{
	cleanup_plan struct plan p = { 0 };
	cleanup_free char *dir = NULL, *index = NULL;
	struct utsname u;

	uname(&u);
	plan_ask(&p);
	if (!p.file)
		p.file = file_info(MODULE, "filename");
	if (p.file && !access(p.file, F_OK)) {
		fits(f, p.file);
		return;
	}
	dir = xasprintf("/lib/modules/%s", u.release);
	found = NULL;
	nftw(dir, look, 16, FTW_PHYS);
	index = xasprintf("%s/modules.dep.bin", dir);
	if (found && access(index, R_OK) && errno == EACCES)
		finding_set(f, VERDICT_FAIL,
			    xasprintf("modprobe may not read %s, where it looks for %s", index, found),
			    xstrdup("run this as root, and outside of what a policy keeps from that file"));
	else if (found)
		finding_set(f, VERDICT_FAIL,
			    xasprintf("modprobe does not know %s", found),
			    xstrdup("run `depmod`"));
	else
		rebuild(f, xasprintf("it is not built for this kernel: no " MODULE ".ko in %s",
				     dir));
	free(found);
	found = NULL;
}

/* Does @line begin with these words, with any blanks between them? */
static bool says(const char *line, const char *verb)
{
	static const char blank[] = " \t";

	line += strspn(line, blank);
	if (strncmp(line, verb, strlen(verb)))
		return false;
	line += strlen(verb);
	if (!strspn(line, blank))
		return false;
	line += strspn(line, blank);
	return !strncmp(line, MODULE, strlen(MODULE)) &&
	       (!line[strlen(MODULE)] || strchr(" \t\n", line[strlen(MODULE)]));
}

/* The file of modprobe's configuration that says something of the module */
static char *config_file(const char *verb)
{
	static const char *const dirs[] = {
		"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
		"/usr/lib/modprobe.d", "/lib/modprobe.d",
	};
	struct dirent *e;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		DIR *d = opendir(dirs[i]);

		while (d && (e = readdir(d))) {
			cleanup_free char *path = xasprintf("%s/%s", dirs[i],
							    e->d_name);
			cleanup_free char *line = NULL;
			cleanup_file FILE *f = NULL;
			size_t size = 0, n = strlen(e->d_name);

			if (n < 5 || strcmp(e->d_name + n - 5, ".conf"))
				continue;
			f = fopen(path, "re");
			while (f && getline(&line, &size, f) >= 0) {
				if (!says(line, verb))
					continue;
				closedir(d);
				return xstrdup(path);
			}
		}
		if (d)
			closedir(d);
	}
	return NULL;
}

/* Is the module in a list of the kernel's command line, @key=a,b,c? */
static bool on_command_line(const char *key)
{
	cleanup_free char *line = module_read_line("/proc/cmdline");
	char *word, *name, *s1, *s2;
	size_t n = strlen(key);

	for (word = line ? strtok_r(line, " ", &s1) : NULL; word;
	     word = strtok_r(NULL, " ", &s1)) {
		if (strncmp(word, key, n) || word[n] != '=')
			continue;
		for (name = strtok_r(word + n + 1, ",", &s2); name;
		     name = strtok_r(NULL, ",", &s2))
			if (!strcmp(name, MODULE))
				return true;
	}
	return false;
}

/* By its parameter, or by lockdown, which secure boot brings */
static bool sig_enforced(void)
{
	cleanup_free char *sig =
		module_read_line("/sys/module/module/parameters/sig_enforce");
	cleanup_free char *lock =
		module_read_line("/sys/kernel/security/lockdown");

	if (sig && *sig == 'Y')
		return true;
	return lock && !strstr(lock, "[none]");
}

/* The kernel shows its keys by the names that signatures have */
static bool key_known(const char *signer)
{
	cleanup_file FILE *f = fopen("/proc/keys", "re");
	cleanup_free char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) >= 0)
		if (strstr(line, " asymmetri ") && strstr(line, signer))
			return true;
	return false;
}

static bool signature(struct finding *f, const char *file)
{
	cleanup_free char *signer = NULL;
	const char *sign = "sign it with a key that the kernel has (docs/signing.md)";

	if (!file || !sig_enforced())
		return true;
	signer = file_info(file, "signer");
	if (signer && key_known(signer))
		return true;
	if (signer)
		finding_set(f, VERDICT_FAIL,
			    xasprintf("the kernel takes signed modules only (secure boot or lockdown), and does not have the key of `%s`, who signed this one",
				      signer),
			    xasprintf("enroll that key with mokutil --import and boot again, or %s",
				      sign));
	else
		finding_set(f, VERDICT_FAIL,
			    xstrdup("the kernel takes signed modules only (secure boot or lockdown), and this one is not signed"),
			    xstrdup(sign));
	return false;
}

static void blacklist(struct finding *f, const char *how)
{
	static const char *const argv[] = {
		"modprobe", "-n", "-v", "-b", MODULE, NULL,
	};
	cleanup_free char *words = NULL, *file = NULL;

	if (command_read(argv, STDOUT_FILENO, &words) || *words) {
		finding_set(f, VERDICT_OK, xstrdup(how), NULL);
		return;
	}
	file = config_file("blacklist");
	finding_set(f, VERDICT_WARN,
		    xasprintf("blacklisted: nothing loads it at boot, though any command as root does"),
		    file ? xasprintf("take the line blacklist " MODULE " out of %s", file) :
			   xstrdup("boot without modprobe.blacklist=" MODULE));
}

/**
 * module_load_look() - does anything keep the file from being loaded?
 * @f: set up with zeroes; for finding_free()
 *
 * Loads nothing; takes it that module_file_look() found no fault.
 */
void module_load_look(struct finding *f)
{
	cleanup_free char *locked =
		module_read_line("/proc/sys/kernel/modules_disabled");
	cleanup_free char *file = NULL, *how = NULL;
	cleanup_plan struct plan p = { 0 };

	if (locked && *locked == '1') {
		finding_set(f, VERDICT_FAIL,
			    xstrdup("loading modules is switched off until the next boot (kernel.modules_disabled)"),
			    xstrdup("boot again"));
		return;
	}
	if (on_command_line("module_blacklist")) {
		finding_set(f, VERDICT_FAIL,
			    xstrdup("the kernel's command line has it in module_blacklist="),
			    xstrdup("boot without that"));
		return;
	}
	plan_ask(&p);
	/* some run modprobe -i or insmod and then something else */
	if (p.command && !strstr(p.command, "modprobe") &&
	    !strstr(p.command, "insmod")) {
		file = config_file("install");
		finding_set(f, VERDICT_FAIL,
			    xasprintf("modprobe is told to run `%s` instead of loading it",
				      p.command),
			    xasprintf("take the line install " MODULE " out of %s",
				      file ? file : "modprobe's configuration"));
		return;
	}
	if (!p.file)
		p.file = file_info(MODULE, "filename");
	if (!signature(f, p.file))
		return;
	how = xasprintf("not loaded yet; any command as root loads it%s%s",
			p.options && *p.options ? ", with " : "",
			p.options ? p.options : "");
	blacklist(f, how);
}
