// SPDX-License-Identifier: GPL-2.0
/* What DKMS knows of the kernel module. */

#include <strings.h>
#include <sys/utsname.h>
#include "lib/command.h"
#include "lib/file.h"
#include "module.h"

#define TREE	"/var/lib/dkms/" MODULE
#define SOURCE	"/usr/src/" MODULE "-" SCTRACE_VERSION "/dkms.conf"

/**
 * dkms_free() - release what dkms_look() has found
 * @d: empty afterwards
 */
void dkms_free(struct dkms *d)
{
	free(d->version);
	free(d->log);
	free(d->last_error);
	memset(d, 0, sizeof(*d));
}

/*
 * How near a line of a build's log is to the cause: make repeats in its own
 * words, for each directory that it leaves, that something has failed.
 */
static int rank(const char *line)
{
	static const char *const causes[] = {
		"not found", "No such file", "No space left", "Permission denied",
		"undefined!", "Killed",
	};
	size_t i;

	if (strcasestr(line, "error:"))
		return 3;
	for (i = 0; i < ARRAY_SIZE(causes); i++)
		if (strstr(line, causes[i]))
			return 2;
	return !!strstr(line, "***");
}

/* Sets @d->last_error when the log is of a build for @release */
static bool read_log(struct dkms *d, const char *path, const char *release)
{
	cleanup_free char *text = NULL, *head = NULL;
	cleanup_error struct error *err = NULL;
	char *line, *save;
	int best = 0, r;
	size_t len;

	text = file_read(path, 64 << 20, &len, &err);
	head = xasprintf(" for kernel %s (", release);
	if (!text || !strstr(text, head))
		return false;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		r = rank(line);
		if (!r || r < best)
			continue;
		best = r;
		free(d->last_error);
		d->last_error = xstrdup(line);
	}
	return true;
}

/*
 * One line of `dkms status`: "sctrace, 0.1.0, 5.10.0, x86_64: installed" up to
 * 2.8, "sctrace/0.1.0, 6.1.0, x86_64: installed" later; without a kernel where
 * nothing is built: "sctrace/0.1.0: added".
 */
static void read_status(struct dkms *d, const char *line, const char *release)
{
	cleanup_free char *kernel = xasprintf(", %s,", release);
	const char *at = line + strlen(MODULE);
	cleanup_free char *version = NULL;
	bool built;

	if (strncmp(line, MODULE, strlen(MODULE)) || (*at != ',' && *at != '/'))
		return;
	at += *at == ',' ? 2 : 1;
	version = xstrndup(at, strcspn(at, ",:"));
	built = strstr(at, kernel);
	/* of several versions ours counts, and then one that is built */
	if (d->version && strcmp(version, d->version) &&
	    (!strcmp(d->version, SCTRACE_VERSION) ||
	     (strcmp(version, SCTRACE_VERSION) && !built)))
		return;
	if (!d->version || strcmp(version, d->version)) {
		free(d->version);
		d->version = version;
		version = NULL;
		d->built = false;
	}
	d->built |= built;
}

/**
 * dkms_look() - ask DKMS what it knows
 * @d: set up with zeroes; for dkms_free()
 */
void dkms_look(struct dkms *d)
{
	static const char *const argv[] = { "dkms", "status", "-m", MODULE, NULL };
	cleanup_free char *words = NULL, *log = NULL;
	struct utsname u;
	char *line, *save;

	uname(&u);
	d->there = command_there(argv[0]);
	if (!d->there)
		return;
	command_read(argv, STDOUT_FILENO, &words);
	for (line = strtok_r(words, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		read_status(d, line, u.release);
	if (!d->version || d->built)
		return;
	/* the log of a build that went well is moved away from here */
	log = xasprintf(TREE "/%s/build/make.log", d->version);
	if (!read_log(d, log, u.release))
		return;
	d->log = log;
	log = NULL;
}

/**
 * dkms_install_text() - how the module gets built and installed here
 * @d: of dkms_look()
 *
 * Return: a text for struct finding, for free().
 */
char *dkms_install_text(const struct dkms *d)
{
	const char *v = d->version;
	struct utsname u;

	uname(&u);
	if (!d->there || (!v && access(SOURCE, R_OK) < 0))
		return xstrdup(d->there ?
			       "run make install in the sources of " MODULE ", or install the package " MODULE "-dkms" :
			       "run make install in the sources of " MODULE ", or install dkms and the package " MODULE "-dkms");
	if (!v)
		return xasprintf("run `dkms add -m %1$s -v %2$s`, then `dkms install -m %1$s -v %2$s -k %3$s`",
				 MODULE, SCTRACE_VERSION, u.release);
	/* DKMS 2.8 builds nothing again, whatever it is told */
	if (d->built)
		return xasprintf("run `dkms remove -m %1$s -v %2$s -k %3$s`, then `dkms install -m %1$s -v %2$s -k %3$s`",
				 MODULE, v, u.release);
	return xasprintf("%srun `dkms install -m %s -v %s -k %s`",
			 d->log ? "mend what the log says, then " : "",
			 MODULE, v, u.release);
}
