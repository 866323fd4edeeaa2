// SPDX-License-Identifier: GPL-2.0
/* Which run a report is about: when, where, of what, seen by which versions. */

#include <inttypes.h>
#include <seccomp.h>
#include <stdarg.h>
#include <sys/utsname.h>
#include <time.h>
#include "facts.h"
#include "lib/file.h"
#include "lib/print.h"
#include "record/cgroup.h"

#define SECOND		1000000000ULL
#define COMMAND_MAX	4096	/* bytes of a command line: the rest tells no more */

/* Takes nothing; a fact that is not known is left out */
static void add(struct facts *f, const char *key, const char *head, const char *fmt, ...)
	__printf(4, 5);

static void add(struct facts *f, const char *key, const char *head, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (f->n == FACTS)
		abort();	/* a mistake of ours */
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	f->v[f->n++] = (struct fact){ key, head, text };
}

static void add_known(struct facts *f, const char *key, const char *head, const char *text)
{
	if (text && *text)
		add(f, key, head, "%s", text);
}

/* The same everywhere: who reads it may be in another place than the host */
static void add_date(struct facts *f, const char *key, const char *head, time_t t)
{
	char text[64];
	struct tm tm;

	if (gmtime_r(&t, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		add(f, key, head, "%s", text);
}

/* As it was started, with blanks between the words; NULL: it is gone */
static char *command(const struct record *r)
{
	cleanup_free char *path = xasprintf("/proc/%u/cmdline", r->init_pid);
	char buf[COMMAND_MAX];
	cleanup_file FILE *from = NULL;
	size_t n, i;

	if (!record_init_lives(r))
		return NULL;
	from = fopen(path, "re");
	n = from ? fread(buf, 1, sizeof(buf), from) : 0;
	while (n && !buf[n - 1])
		n--;
	for (i = 0; i < n; i++)
		if (!buf[i])
			buf[i] = ' ';
	/* its number may be another's by now */
	return n && record_init_lives(r) ? xstrndup(buf, n) : NULL;
}

static void add_versions(struct facts *f, const struct info *info)
{
	const struct scmp_version *v = seccomp_version();

	add(f, "tool", "Tool", PROGRAM " %s", SCTRACE_VERSION);
	if (info)
		add(f, "module", "Module", "%s, API %u", info->version ? info->version : "unknown",
		    info->api);
	add(f, "library", "Library", "libseccomp %u.%u.%u", v->major, v->minor, v->micro);
}

static void add_host(struct facts *f)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return;
	add_known(f, "host", "Host", uts.nodename);
	add(f, "kernel", "Kernel", "%s %s %s", uts.sysname, uts.release, uts.machine);
}

/**
 * facts_read() - what is known of the run that a record is of
 * @f: set up here; for facts_free()
 * @r: the record
 * @info: asked for just now
 * @c: the container of it
 */
void facts_read(struct facts *f, const struct record *r, const struct info *info,
		const struct container *c)
{
	uint64_t end = r->flags & SCTRACE_F_ENDED ? r->ended_at : info->now;
	cleanup_free char *span = print_duration(end > r->since ? end - r->since : 0);
	cleanup_free char *text = r->flags & SCTRACE_F_CGROUP && !c->engine ?
				  cgroup_text(r->cgroup) : container_text(c);
	cleanup_free char *image = container_image(c);
	cleanup_free char *words = command(r);
	time_t now = time(NULL);

	memset(f, 0, sizeof(*f));
	f->title = xstrdup(r->label ? r->label : text ? text : r->comm);
	/* times of the record are of a clock that began with the machine */
	add_date(f, "began", "Recorded from", now - (info->now - r->since) / SECOND);
	if (r->flags & SCTRACE_F_ENDED)
		add_date(f, "ended", "Ended", now - (info->now - end) / SECOND);
	add(f, "duration", "Duration", "%s", span);
	add(f, "state", "State", "%s", r->flags & SCTRACE_F_ENDED ? "ended" :
	    r->flags & SCTRACE_F_STOPPED ? "stopped" : "running");
	add_known(f, "container", c->engine || !(r->flags & SCTRACE_F_CGROUP) ? "Container" :
		  !strncmp(text, "unit:", 5) ? "Unit" : "Cgroup", text);
	if (!c->by_host && c->id && (!text || !strstr(text, c->id)))
		add_known(f, "container_id", "Container ID", c->id);
	add_known(f, "image", "Image", image);
	add_known(f, "command", "Command", words);
	if (!words && !(r->flags & SCTRACE_F_CGROUP))
		add_known(f, "process", "Process", r->comm);
	add_known(f, "label", "Label", r->label);
	if (r->flags & SCTRACE_F_CGROUP)
		add(f, "record", "Record", "%" PRIu64 ", cgroup %s, started %u time%s", r->id,
		    r->cgroup ? r->cgroup : "?",
		    r->starts, r->starts == 1 ? "" : "s");
	else
		add(f, "record", "Record", "%" PRIu64 ", PID namespace %u", r->id, r->inum);
	add_host(f);
	add_versions(f, info);
	add_date(f, "made", "Report made", now);
}

/**
 * facts_of_file() - what is known of a profile that was read from a file
 * @f: set up here; for facts_free()
 * @path: its name
 */
void facts_of_file(struct facts *f, const char *path)
{
	memset(f, 0, sizeof(*f));
	f->title = xstrdup(path);
	add(f, "file", "Profile", "%s", path);
	add_host(f);
	add_versions(f, NULL);
	add_date(f, "made", "Report made", time(NULL));
}

/**
 * facts_free() - release what is known of a run
 * @f: the facts, or zeroes
 */
void facts_free(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		free(f->v[i].text);
	free(f->title);
	memset(f, 0, sizeof(*f));
}
