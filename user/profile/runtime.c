// SPDX-License-Identifier: GPL-2.0
/*
 * What container runtimes call between their filter and the program, as data.
 *
 * Where no filter was in place while a container was recorded, nobody can tell
 * these from the calls before the filter; so they were measured: real runtimes
 * under a filter that allows everything, and then without one of them at a time.
 * A runtime calls exit_group where it fails, not on its way.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"
#include "lib/util.h"

static const char *const crun_needed[] = {
	"capset", "execve", "prctl", "pselect6", "read", "rt_sigaction",
	"rt_sigprocmask", "setresgid", "setresuid", "write", NULL
};

/*
 * close_range and what replaces it; the lookups of a second try; exec's own;
 * and where the user is not root (fchown, fstat, ioctl, setgroups, statx)
 */
static const char *const crun_called[] = {
	"access", "chdir", "close", "close_range", "faccessat", "faccessat2",
	"fchown", "fstat", "fstatfs", "getcwd", "getdents64", "ioctl",
	"newfstatat", "openat", "select", "setgroups", "statx", "umask", NULL
};

/* the groups, and who owns standard output */
static const char *const crun_exec[] = {
	"fchown", "openat", "setgroups", NULL
};

static const char *const crun_nnp_needed[] = { "execve", NULL };

/* `crun exec` sets its filter early, whatever the container's own program has */
static const char *const crun_nnp_exec[] = { "write", NULL };

static const char *const crun_nnp_called[] = {
	"capset", "close", "close_range", "fchown", "fstat", "fstatfs",
	"getdents64", "ioctl", "openat", "prctl", "read", "setgroups", "setresgid",
	"setresuid", "statx", "umask", "write", NULL
};

static const char *const runc_needed[] = {
	"capget", "capset", "chdir", "close", "execve", "fstat", "fstatfs",
	"futex", "getcwd", "getdents64", "getppid", "newfstatat", "openat",
	"prctl", "read", "rt_sigreturn", "setgid", "setgroups", "setuid",
	"write", NULL
};

/*
 * The second part is Go's runtime, which makes them when it likes; prlimit64, the
 * limit of open files before execve, since 1.1.14.
 */
static const char *const runc_called[] = {
	"epoll_ctl", "faccessat2", "fchown", "fcntl", "getpid", "lseek",
	"clock_gettime", "clone", "clone3", "epoll_pwait", "gettid", "madvise",
	"mmap", "mprotect", "munmap", "nanosleep", "prlimit64",
	"rt_sigaction", "rt_sigprocmask", "sched_yield", "sigaltstack",
	"tgkill", NULL
};

/* standard output and the like are to belong to the user */
static const char *const runc_user[] = { "fchown", NULL };

static const char *const runc_nnp_needed[] = {
	"close", "execve", "fstatfs", "futex", "getdents64", "openat",
	"rt_sigreturn", "write", NULL
};

static const char *const runc_nnp_called[] = {
	"epoll_ctl", "fcntl", "fstat", "getpid", "newfstatat", "read",
	"clock_gettime", "clone", "clone3", "epoll_pwait", "gettid", "madvise",
	"mmap", "mprotect", "munmap", "nanosleep", "prlimit64",
	"rt_sigaction", "rt_sigprocmask", "sched_yield", "sigaltstack",
	"tgkill", NULL
};

/* since the procfs hardening of 2025, and close_range since 1.2 */
static const char *const runc12_needed[] = {
	"capget", "capset", "chdir", "close", "execve", "fstat", "fstatfs",
	"futex", "getcwd", "getdents64", "getppid", "newfstatat", "openat",
	"prctl", "read", "rt_sigreturn", "setgid", "setgroups", "setuid",
	"statx", "write", NULL
};

/*
 * It also tries fsopen, fsconfig, fsmount and open_tree, for a /proc of its own: Docker's
 * default refuses them, and it takes the one that is there.
 */
static const char *const runc12_called[] = {
	"close_range", "epoll_ctl", "faccessat", "faccessat2", "fchown",
	"fcntl", "getpid", "getuid", "lseek",
	"openat2", "personality", "readlinkat", "recvfrom",
	"uname",
	"arch_prctl", "clock_gettime", "clone", "clone3", "epoll_pwait",
	"gettid", "madvise", "mmap", "mprotect", "munmap", "nanosleep",
	"prlimit64", "rt_sigaction", "rt_sigprocmask", "sched_yield",
	"set_tid_address", "sigaltstack", "tgkill", NULL
};

static const char *const runc12_nnp_needed[] = {
	"close", "execve", "fstat", "fstatfs", "futex", "getdents64", "openat",
	"rt_sigreturn", "statx", "write", NULL
};

static const char *const runc12_nnp_called[] = {
	"close_range", "epoll_ctl", "faccessat2", "fcntl",
	"getpid", "newfstatat",
	"openat2", "personality", "read", "readlinkat",
	"clock_gettime", "clone", "clone3", "epoll_pwait", "gettid", "madvise",
	"mmap", "mprotect", "munmap", "nanosleep", "prlimit64",
	"rt_sigaction", "rt_sigprocmask", "sched_yield", "sigaltstack",
	"tgkill", NULL
};

#define CRUN_MEASURED	"measured with crun 0.17, 1.8.1, 1.21 and 1.28"
#define RUNC_MEASURED	"measured with runc 1.0.0-rc93, 1.1.5 and 1.1.15"
#define RUNC12_MEASURED	"measured with runc 1.4.3, and read from the source of 1.2.8 to 1.5.1"

static const char *const nothing[] = { NULL };

/* of one runtime and mode the oldest first */
static const struct runtime_base bases[] = {
	{ "crun", "0.17", false, CRUN_MEASURED, crun_needed, crun_called,
	  crun_exec, nothing },
	{ "crun", "0.17", true, CRUN_MEASURED, crun_nnp_needed,
	  crun_nnp_called, crun_nnp_exec, nothing },
	{ "runc", "1.0", false, RUNC_MEASURED, runc_needed, runc_called,
	  nothing, runc_user },
	{ "runc", "1.0", true, RUNC_MEASURED, runc_nnp_needed,
	  runc_nnp_called, nothing, nothing },
	{ "runc", "1.2", false, RUNC12_MEASURED, runc12_needed,
	  runc12_called, nothing, runc_user },
	{ "runc", "1.2", true, RUNC12_MEASURED, runc12_nnp_needed,
	  runc12_nnp_called, nothing, nothing },
};

/*
 * The scheduler of a program in Go calls these when it pleases: no two runs are
 * alike, and what one was not seen calling the next may hang without.
 */
static const char *const go_called[] = {
	"clock_gettime", "clone", "epoll_ctl", "epoll_pwait", "futex", "getpid",
	"gettid", "madvise", "mmap", "munmap", "nanosleep", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "sched_yield", "sigaltstack",
	"tgkill", NULL
};

static const struct runtime_base go = {
	"runc", "1.0", false, "calls of its Go runtime, seen in one run or another",
	nothing, go_called, nothing, nothing
};

/* `crun run` makes and starts a container in one go */
static const char *const crun_waits[] = { "pselect6", "read", NULL };

static const struct runtime_base waiting = {
	"crun", "0.17", false, "it waits between create and start, which `run` does not show",
	crun_waits, nothing, nothing, nothing
};

static unsigned long version_number(const char *s)
{
	unsigned int major = 0, minor = 0;

	sscanf(s, "%4u.%4u", &major, &minor);
	return major * 10000UL + minor;
}

/**
 * runtime_all() - all there is
 * @n: set to how many
 *
 * Return: the bases.
 */
const struct runtime_base *runtime_all(size_t *n)
{
	*n = ARRAY_SIZE(bases);
	return bases;
}

/**
 * runtime_unseen() - what a runtime may call that a recording of it may lack
 * @b: a base list of that runtime, or NULL
 * @waited: it was seen waiting to be told to start the program, or sets its
 *	filter after that
 *
 * Return: a list to add to what was recorded of it, NULL when a recording of
 * this runtime says it all.
 */
const struct runtime_base *runtime_unseen(const struct runtime_base *b,
					  bool waited)
{
	if (!b)
		return NULL;
	if (!strcmp(b->runtime, "runc"))
		return &go;
	return waited ? NULL : &waiting;
}

/**
 * runtime_find() - the base list of a runtime
 * @runtime: "crun" or "runc"
 * @version: such as "1.1.5"; NULL for the newest
 * @nnp: with noNewPrivileges
 *
 * Return: the last list whose versions begin at or before @version, the oldest
 * for one that is older than all; NULL for an unknown runtime.
 */
const struct runtime_base *runtime_find(const char *runtime,
					const char *version, bool nnp)
{
	const struct runtime_base *found = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		const struct runtime_base *b = &bases[i];

		if (strcmp(b->runtime, runtime) || b->nnp != nnp)
			continue;
		if (!found || !version ||
		    version_number(b->from) <= version_number(version))
			found = b;
	}
	return found;
}

static bool is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && !strncmp(s, word, n);
}

/* Takes a word that follows the name; false: it is none */
static bool take_word(const char *s, size_t n, struct runtime_choice *c, bool *nnp)
{
	if (is_word(s, n, "nnp"))
		*nnp = true;
	else if (is_word(s, n, "exec"))
		c->needs |= RUNTIME_EXEC;
	else if (is_word(s, n, "user"))
		c->needs |= RUNTIME_USER;
	else
		return false;
	return true;
}

/* The next of some words with @sep between; the blanks around it do not count */
static bool next_word(const char **s, const char *sep, const char **word, size_t *n)
{
	if (!*s)
		return false;
	*word = *s + strspn(*s, " \t");
	*n = strcspn(*word, sep);
	*s = (*word)[*n] ? *word + *n + 1 : NULL;
	while (*n && strchr(" \t", (*word)[*n - 1]))
		--*n;
	return true;
}

/*
 * Is it a version, as packages have them? 1.8, 1.0.0~rc93, 1.1.12+ds1-2ubuntu1~22.04.1;
 * 1.8+exec is an annotation's way to write 1.8,exec, which is said instead.
 */
static bool is_version(const char *s)
{
	struct runtime_choice none = { 0 };
	const char *word;
	bool nnp;
	size_t n;

	for (;;) {
		n = strspn(s, "0123456789");
		if (!n)
			return false;
		s += n;
		if (*s != '.')
			break;
		s++;
	}
	if (!*s)
		return true;
	if (!strchr("+-~", *s++))
		return false;
	for (word = s; *word; word++)
		if (!isalnum((unsigned char)*word) && !strchr("+-~.:", *word))
			return false;
	while (next_word(&s, "+-~", &word, &n))
		if (!n || take_word(word, n, &none, &nnp))
			return false;
	return true;
}

/**
 * runtime_parse() - read "crun", "runc=1.2,nnp", "auto,exec" or "none"
 * @s: what was given
 * @c: set to what it means
 *
 * Return: 0, or -1 if it is none of these.
 */
int runtime_parse(const char *s, struct runtime_choice *c)
{
	cleanup_free char *name = NULL;
	const char *word, *rest = s;
	char *version;
	bool nnp = false;
	size_t n;

	memset(c, 0, sizeof(*c));
	next_word(&rest, ",", &word, &n);
	name = xstrndup(word, n);
	if (!strcmp(name, "none"))
		return rest ? -1 : 0;
	while (next_word(&rest, ",", &word, &n)) {
		struct runtime_choice before = *c;
		bool had_nnp = nnp;

		/* one that is there twice may have been meant to be another */
		if (!take_word(word, n, c, &nnp) ||
		    (c->needs == before.needs && nnp == had_nnp))
			return -1;
	}
	c->seen = !strcmp(name, "auto");
	if (c->seen)
		return nnp ? -1 : 0;
	version = strchr(name, '=');
	if (version) {
		*version++ = '\0';
		if (!is_version(version))
			return -1;
	}
	c->base = runtime_find(name, version, nnp);
	return c->base ? 0 : -1;
}

static bool refused(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (profile_rule_is_plain(&p->rules[i]) &&
		    !profile_action_permits(p->rules[i].action) &&
		    strset_has(&p->rules[i].names, name))
			return true;
	return false;
}

static void add_list(struct profile *p, const char *const *list,
		     struct strset *added, struct strset *kept)
{
	size_t i;

	for (i = 0; list[i]; i++) {
		if (profile_allows(p, list[i]))
			continue;
		if (refused(p, list[i])) {
			strset_add(kept, list[i]);
			continue;
		}
		strset_add(added, list[i]);
		profile_allow(p, list[i]);
	}
}

static void tell_added(const struct runtime_base *b, const char *what,
		       struct strset *added, struct strset *kept,
		       struct profile_notes *notes)
{
	cleanup_free char *new = strset_text(added, " "), *old = strset_text(kept, " ");

	if (added->n)
		profile_note(notes, "added for %s%s (%s): %s", b->runtime,
			     b->nnp ? " with noNewPrivileges" : "", what, new);
	if (kept->n)
		profile_note(notes, "%s calls these, but a rule refuses them: %s",
			     b->runtime, old);
	strset_free(added);
	strset_free(kept);
}

/**
 * runtime_add() - allow what a runtime calls after its filter is in place
 * @p: the profile; what a rule refuses outright stays refused
 * @b: the base list
 * @notes: what was added, and what stays refused, or NULL
 */
void runtime_add(struct profile *p, const struct runtime_base *b,
		 struct profile_notes *notes)
{
	struct strset added = { 0 }, kept = { 0 };

	add_list(p, b->needed, &added, &kept);
	add_list(p, b->called, &added, &kept);
	tell_added(b, b->source, &added, &kept, notes);
}

static const char *const *list_for(const struct runtime_base *b,
				   unsigned int need)
{
	switch (need) {
	case RUNTIME_EXEC:
		return b->exec;
	case RUNTIME_USER:
		return b->user;
	default:
		return b->needed;
	}
}

/**
 * runtime_need_text() - what a need is about
 * @need: one of them
 *
 * Return: a constant string.
 */
const char *runtime_need_text(enum runtime_need need)
{
	return need == RUNTIME_EXEC ? "exec and health checks" : "another user";
}

/**
 * runtime_add_needs() - allow what a runtime needs for more than a start
 * @p: the profile; what a rule refuses outright stays refused
 * @b: the base list
 * @needs: for what: enum runtime_need
 * @notes: what was added, and what stays refused, or NULL
 */
void runtime_add_needs(struct profile *p, const struct runtime_base *b,
		       unsigned int needs, struct profile_notes *notes)
{
	unsigned int need;

	for (need = RUNTIME_EXEC; need <= RUNTIME_USER; need <<= 1) {
		struct strset added = { 0 }, kept = { 0 };

		if (!(needs & need))
			continue;
		add_list(p, list_for(b, need), &added, &kept);
		tell_added(b, runtime_need_text(need), &added, &kept, notes);
	}
}

/**
 * runtime_lacking() - what a runtime needs for one thing and a profile refuses
 * @p: the profile
 * @b: the base list of the runtime
 * @need: one of enum runtime_need, or 0 for a start
 * @missing: gets the names
 */
void runtime_lacking(const struct profile *p, const struct runtime_base *b,
		     unsigned int need, struct strset *missing)
{
	const char *const *list = list_for(b, need);

	for (; *list; list++)
		if (!profile_permits(p, *list))
			strset_add(missing, *list);
}

/**
 * runtime_lacks() - the same as text
 * @p: the profile
 * @b: the base list of the runtime
 * @need: one of enum runtime_need, or 0 for a start
 *
 * Return: the names with blanks between, for free(); NULL when it has all.
 */
char *runtime_lacks(const struct profile *p, const struct runtime_base *b,
		    unsigned int need)
{
	struct strset missing = { 0 };
	char *text = NULL;

	runtime_lacking(p, b, need, &missing);
	if (missing.n)
		text = strset_text(&missing, " ");
	strset_free(&missing);
	return text;
}
