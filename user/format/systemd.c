// SPDX-License-Identifier: GPL-2.0
/*
 * SystemCallFilter= and what goes with it, of a unit or a drop-in.  systemd.exec(5)
 * is the reference.  A list that begins without ~ allows, and systemd adds its
 * group @default to it (execve, exit, brk, ...) of itself.
 */
#include <seccomp.h>
#include <string.h>

#include "dialect.h"
#include "lib/guess.h"
#include "lib/names.h"
#include "systemd_args.h"
#include "systemd_groups.h"

#define LINE_WIDTH	78

struct list_line {
	FILE *f;
	const char *key;
	const char *begin;	/* of the value of every line: ~ or nothing */
	size_t at;
};

/* later lines of one setting add to it, so long lists can be wrapped */
static void put_word(struct list_line *l, const char *word)
{
	if (l->at && l->at + 1 + strlen(word) > LINE_WIDTH) {
		fputc('\n', l->f);
		l->at = 0;
	}
	if (!l->at)
		l->at = fprintf(l->f, "%s=%s%s", l->key, l->begin, word);
	else
		l->at += fprintf(l->f, " %s", word);
}

static void end_line(struct list_line *l)
{
	if (l->at)
		fputc('\n', l->f);
	l->at = 0;
}

static void put_list(FILE *f, const char *key, const char *begin,
		     const struct strset *words)
{
	struct list_line l = { .f = f, .key = key, .begin = begin };
	size_t i;

	for (i = 0; i < words->n; i++)
		put_word(&l, words->v[i]);
	end_line(&l);
}

/* 0 is an errno for a call of its own, but not for SystemCallErrorNumber= */
static bool errno_fits(int e, int least)
{
	return e >= least && e <= PROFILE_MAX_ERRNO;
}

static bool kill_process(enum profile_action *a)
{
	bool thread = *a == PA_KILL || *a == PA_KILL_THREAD;

	if (thread)
		*a = PA_KILL_PROCESS;
	return thread;
}

/* seccomp-util.c, scmp_act_kill_process(): never a thread */
static bool kill_processes(struct profile *p)
{
	bool any = kill_process(&p->def_action);
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		any |= kill_process(&p->rules[i].action);
	return any;
}

/*
 * What systemd makes of a unit (v247 to v257, seccomp-util.c,
 * seccomp_load_syscall_filter_set_raw() and seccomp_restrict_archs()) is what
 * libseccomp makes of the same list of names, ABI by ABI: rules are added with
 * seccomp_rule_add_exact(), which adds those for socketcall and ipc, too.
 */
static void lose(struct profile *meant, struct profile *again)
{
	struct strset group = { 0 }, newer = { 0 };
	size_t i, j;

	(void)again;
	kill_processes(meant);
	if (profile_action_permits(meant->def_action))
		return;
	systemd_args_lose(meant);
	systemd_group("@default", &group, &newer, NULL);
	for (i = 0; i < meant->n_rules; i++)
		for (j = 0; j < meant->rules[i].names.n; j++)
			strset_del(&group, meant->rules[i].names.v[j]);
	if (group.n)
		strset_copy(&profile_add_rule(meant, PA_ALLOW,
					      PROFILE_NO_ERRNO)->names, &group);
	strset_free(&group);
	strset_free(&newer);
}

static int check_default(const struct profile *p, struct error **err)
{
	switch (p->def_action) {
	case PA_KILL_PROCESS:
	case PA_ALLOW:
		return 0;
	case PA_ERRNO:
		if (errno_fits(profile_default_errno(p), 1))
			return 0;
		return error_make(err, ST_FAILED, 0,
				  "systemd cannot express the default action SCMP_ACT_ERRNO with errno %d",
				  profile_default_errno(p));
	default:
		return error_make(err, ST_FAILED, 0,
				  "systemd cannot express the default action %s",
				  profile_action_name(p->def_action));
	}
}

static int check_rule(const struct profile_rule *r, struct error **err)
{
	if (r->n_args)
		return dialect_refuse_rule(r, &dialect_systemd, "an argument",
					   err);
	if (!profile_rule_is_plain(r))
		return dialect_refuse_condition(r, &dialect_systemd, "a condition",
						err);
	if (r->action == PA_NOTIFY || r->action == PA_TRACE ||
	    r->action == PA_TRAP)
		return dialect_refuse_rule(r, &dialect_systemd, "the action",
					   err);
	if (r->action == PA_ERRNO && !errno_fits(profile_errno(r), 0))
		return dialect_refuse_rule(r, &dialect_systemd, "the errno",
					   err);
	return 0;
}

/* what the settings will hold */
struct lists {
	struct strset arches;
	struct strset allow;
	struct strset deny;	/* NAME:ERRNO */
	struct strset log;
};

static void lists_free(struct lists *l)
{
	strset_free(&l->arches);
	strset_free(&l->allow);
	strset_free(&l->deny);
	strset_free(&l->log);
}

/* This machine's own ABI alone, as `systemd-analyze security` asks for it */
static bool only_native(const struct profile *p, const struct format_opts *opts)
{
	return opts && opts->here && p->arches.n == 1 &&
	       profile_arch_token(p->arches.v[0]) == seccomp_arch_native();
}

static int list_arches(struct lists *l, const struct profile *p,
		       const struct format_opts *opts, struct error **err)
{
	size_t i;

	/* without a list the engines kill what is not native; systemd does not */
	if (!p->arches.n || only_native(p, opts)) {
		strset_add(&l->arches, "native");
		return 0;
	}
	for (i = 0; i < p->arches.n; i++) {
		const struct abi_name *a = names_abi_token(p->arches.v[i]);

		if (!a || !a->systemd)
			return error_make(err, ST_FAILED, 0,
					  "systemd cannot name the architecture %s",
					  p->arches.v[i]);
		strset_add(&l->arches, a->systemd);
	}
	return 0;
}

static void list_denied(struct lists *l, const struct profile *p,
			const struct profile_rule *r, const char *name)
{
	int e = profile_errno(r);
	const char *known = profile_errno_name(e);
	cleanup_free char *word = NULL;

	/* systemd does not start what repeats the default: libseccomp takes no such rule */
	if (r->action == p->def_action && (r->action != PA_ERRNO ||
					   e == profile_default_errno(p)))
		return;
	if (r->action != PA_ERRNO)
		word = xasprintf("%s:kill", name);
	else if (known)
		word = xasprintf("%s:%s", name, known);
	else
		word = xasprintf("%s:%d", name, e);
	strset_add(&l->deny, word);
}

/* of two rules for one call the first decides */
static int list_rules(struct lists *l, const struct profile *p,
		      struct error **err)
{
	struct strset done = { 0 };
	size_t i, j;
	int ret = 0;

	for (i = 0; i < p->n_rules && !ret; i++) {
		const struct profile_rule *r = &p->rules[i];

		ret = check_rule(r, err);
		for (j = 0; j < r->names.n && !ret; j++) {
			const char *name = r->names.v[j];

			if (!strset_add(&done, name))
				continue;
			if (!profile_action_permits(r->action))
				list_denied(l, p, r, name);
			else
				strset_add(&l->allow, name);
			if (r->action == PA_LOG)
				strset_add(&l->log, name);
		}
	}
	strset_free(&done);
	return ret;
}

/* what systemd's own group allows beyond the profile */
static void note_default(const struct lists *l, struct profile_notes *notes)
{
	struct strset group = { 0 }, newer = { 0 };
	size_t i;

	systemd_group("@default", &group, &newer, NULL);
	for (i = 0; i < l->allow.n; i++)
		strset_del(&group, l->allow.v[i]);
	for (i = 0; i < l->deny.n; i++) {
		cleanup_free char *name = xstrdup(l->deny.v[i]);

		*strchr(name, ':') = '\0';
		strset_del(&group, name);
	}
	if (group.n)
		profile_note(notes, "systemd adds its group @default to an allow list: %zu calls that the profile does not allow",
			     group.n);
	strset_free(&group);
	strset_free(&newer);
}

/* What the profile refuses by a rule of its own */
static void list_refused(struct strset *to, const struct profile *p)
{
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++)
			if (!profile_action_permits(p->rules[i].action))
				strset_add(to, p->rules[i].names.v[j]);
}

/* Takes out what a group has, but for what older releases have not in it: "NAME (RELEASE)" */
static void leave_out(struct strset *from, const struct strset *group,
		      const struct strset *newer)
{
	size_t i;

	for (i = 0; i < group->n; i++) {
		cleanup_free char *name = xstrndup(group->v[i], strcspn(group->v[i], " "));
		cleanup_free char *begin = xasprintf("%s (", name);
		bool found;
		size_t at = newer ? strset_find(newer, begin, &found) : 0;

		if (!newer || at >= newer->n || strncmp(newer->v[at], begin, strlen(begin)))
			strset_del(from, name);
	}
}

/*
 * How many calls of the list a group stands for, which go to @covered; 0: it has one that
 * is neither allowed nor refused by a rule. Those that older releases have not in it are
 * listed all the same.
 */
static size_t group_covers(const struct lists *l, const struct profile *p,
			   const struct strset *implied, const struct strset *refused,
			   const char *group, struct strset *covered)
{
	struct strset calls = { 0 }, newer = { 0 };
	bool whole = true;
	size_t i;

	systemd_group(group, &calls, &newer, NULL);
	for (i = 0; i < calls.n && whole; i++) {
		const char *name = calls.v[i];

		if (strset_has(&l->allow, name))
			strset_add(covered, name);
		else
			whole = strset_has(implied, name) || strset_has(refused, name) ||
				!systemd_group_member(p, name);
	}
	leave_out(covered, &newer, NULL);
	if (!whole)
		strset_free(covered);
	strset_free(&calls);
	strset_free(&newer);
	return covered->n;
}

/* Puts a group in place of its members */
static void use_group(struct lists *l, const char *group, struct strset *groups,
		      struct strset *implied, const struct strset *covered)
{
	size_t i;

	strset_add(groups, group);
	for (i = 0; i < covered->n; i++) {
		strset_del(&l->allow, covered->v[i]);
		strset_add(implied, covered->v[i]);
	}
}

/* What the groups have and the profile does not allow is taken out of the list again */
static void take_out(struct lists *l, const struct profile *p, const struct strset *groups,
		     const struct strset *implied)
{
	struct strset calls = { 0 }, newer = { 0 };
	size_t i;

	for (i = 0; i < groups->n; i++)
		systemd_group(groups->v[i], &calls, &newer, NULL);
	for (i = 0; i < calls.n; i++) {
		cleanup_free char *with = xasprintf("%s:", calls.v[i]);
		bool found;
		size_t at = strset_find(&l->deny, with, &found);

		if (!strset_has(&l->allow, calls.v[i]) && !strset_has(implied, calls.v[i]) &&
		    systemd_group_member(p, calls.v[i]) &&
		    (at >= l->deny.n || strncmp(l->deny.v[at], with, strlen(with))))
			strset_add(&l->deny, calls.v[i]);
	}
	strset_free(&calls);
	strset_free(&newer);
}

/* Says by groups what it can: by those that are named, then those that stand for most */
static void list_groups(struct lists *l, const struct profile *p, const char *words,
			struct strset *groups)
{
	struct strset implied = { 0 }, newer = { 0 }, refused = { 0 }, best = { 0 };
	cleanup_free char *copy = xstrdup(words);
	const char *name, *group;
	char *rest = copy, *w;
	size_t i;

	systemd_group("@default", &implied, &newer, NULL);
	leave_out(&l->allow, &implied, &newer);
	list_refused(&refused, p);
	while ((w = strsep(&rest, ","))) {
		struct strset calls = { 0 }, covered = { 0 };

		strset_free(&newer);
		if (*w != '@')
			continue;
		systemd_group(w, &calls, &newer, NULL);
		for (i = 0; i < calls.n; i++)
			if (strset_has(&l->allow, calls.v[i]))
				strset_add(&covered, calls.v[i]);
		leave_out(&covered, &newer, NULL);
		use_group(l, w, groups, &implied, &covered);
		strset_free(&calls);
		strset_free(&covered);
	}
	do {
		strset_free(&best);
		for (i = 0, group = NULL; (name = systemd_group_name(i)); i++) {
			struct strset covered = { 0 };

			if (group_covers(l, p, &implied, &refused, name, &covered) > best.n) {
				strset_free(&best);
				best = covered;
				group = name;
			} else {
				strset_free(&covered);
			}
		}
		/* one call is as well named itself */
		if (best.n > 1)
			use_group(l, group, groups, &implied, &best);
	} while (best.n > 1);
	take_out(l, p, groups, &implied);
	strset_join(&l->allow, groups);
	strset_free(&implied);
	strset_free(&newer);
	strset_free(&refused);
	strset_free(&best);
}

static void put_lists(FILE *f, const struct lists *l, const struct profile *p)
{
	bool allow_list = !profile_action_permits(p->def_action);

	/* an empty assignment: what the unit itself has would be added to */
	fputs("[Service]\nSystemCallArchitectures=\n", f);
	put_list(f, "SystemCallArchitectures", "", &l->arches);
	if (p->def_action == PA_ERRNO) {
		int e = profile_default_errno(p);
		const char *name = profile_errno_name(e);

		if (name)
			fprintf(f, "SystemCallErrorNumber=%s\n", name);
		else
			fprintf(f, "SystemCallErrorNumber=%d\n", e);
	}
	/* alone it allows everything: right for a deny list without a call only */
	if (allow_list || !l->deny.n)
		fputs("SystemCallFilter=\n", f);
	if (allow_list && !l->allow.n)
		fputs("SystemCallFilter=exit_group\n", f);
	if (allow_list)
		put_list(f, "SystemCallFilter", "", &l->allow);
	put_list(f, "SystemCallFilter", "~", &l->deny);
	put_list(f, "SystemCallLog", "", &l->log);
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	bool allow_list = !profile_action_permits(p->def_action);
	struct systemd_args args = { 0 };
	struct lists l = { 0 };
	char *text = NULL;
	size_t len;
	FILE *f;

	if (p->base_profile) {
		error_make(err, ST_FAILED, 0,
			   "base profile `%s`: systemd cannot refer to another profile, merge it first",
			   p->base_profile);
		return NULL;
	}
	dialect_flatten_arches(p, opts, notes);
	if (kill_processes(p))
		profile_note(notes, "systemd kills the process, not the thread");
	if (allow_list)
		systemd_args_take(p, &args, notes);
	if (check_default(p, err) || list_arches(&l, p, opts, err) ||
	    list_rules(&l, p, err))
		goto out;
	if (p->flags.n)
		profile_note(notes, "flags left out");
	if (p->listener_path || p->listener_metadata)
		profile_note(notes, "listener left out");
	if (allow_list)
		note_default(&l, notes);
	if (allow_list && l.deny.n)
		profile_note(notes, "an errno of its own in an allow list takes systemd 248: before, such a call gets the default's");
	if (allow_list) {
		struct strset always = { 0 };

		systemd_default_always(&always);
		leave_out(&l.allow, &always, NULL);
		strset_free(&always);
	}
	if (allow_list && opts->groups) {
		struct strset groups = { 0 };

		list_groups(&l, p, opts->groups, &groups);
		if (groups.n)
			profile_note(notes, "the groups are those of systemd %u: `systemd-analyze syscall-filter` tells what another one has in them",
				     SYSTEMD_NEWEST);
		strset_free(&groups);
	}
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	put_lists(f, &l, p);
	systemd_args_put(f, &args);
	if (fclose(f))
		out_of_memory();
out:
	systemd_args_free(&args);
	lists_free(&l);
	return text;
}

/*
 * Reading.  What systemd would ignore with a warning is an error where it would
 * leave the filter wider or narrower than its author believes.
 */

/* what a name in the list is there for */
struct entry {
	char *name;
	int errnum;		/* NONE, KILL or an errno */
};

#define NONE	(-1)		/* the list's own action */
#define KILL	(-2)

struct unit {
	bool filter;		/* a SystemCallFilter= was seen */
	bool started;		/* and it was not emptied */
	bool allow_list;
	int errnum;		/* of SystemCallErrorNumber=, or KILL */
	struct entry *entries;	/* sorted by name */
	size_t n;
	bool log_started, log_all_but;
	struct strset log;
	struct strset arches;
	struct strset newer;	/* calls of groups, with their release */
	bool ours;		/* the section may have such settings */
	unsigned int others;	/* settings that say nothing of calls */
	struct strset filters;	/* those that make filters of their own */
	struct systemd_args args;
	struct profile_notes *notes;
	struct error **err;
};

static size_t entry_find(const struct unit *u, const char *name, bool *found)
{
	size_t lo = 0, hi = u->n;
	int c;

	*found = false;
	while (lo < hi && !*found) {
		size_t mid = lo + (hi - lo) / 2;

		c = strcmp(u->entries[mid].name, name);
		*found = !c;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return hi;
}

static void entry_put(struct unit *u, const char *name, int errnum)
{
	bool found;
	size_t at = entry_find(u, name, &found);

	if (!found) {
		u->entries = profile_grow(u->entries, u->n,
					  sizeof(*u->entries));
		memmove(&u->entries[at + 1], &u->entries[at],
			(u->n - at) * sizeof(*u->entries));
		u->entries[at].name = xstrdup(name);
		u->n++;
	}
	u->entries[at].errnum = errnum;
}

static void entry_del(struct unit *u, const char *name)
{
	bool found;
	size_t at = entry_find(u, name, &found);

	if (!found)
		return;
	free(u->entries[at].name);
	u->n--;
	memmove(&u->entries[at], &u->entries[at + 1],
		(u->n - at) * sizeof(*u->entries));
}

static void entries_clear(struct unit *u)
{
	while (u->n)
		free(u->entries[--u->n].name);
	free(u->entries);
	u->entries = NULL;
}

/* the calls that a word stands for */
static int word_calls(struct unit *u, const char *word, struct strset *calls)
{
	if (*word == '@')
		return systemd_group(word, calls, &u->newer, u->err);
	if (!profile_name_valid(word))
		return error_make(u->err, ST_FAILED, 0,
				  "`%s` cannot be a system call's name", word);
	strset_add(calls, word);
	return 0;
}

static int read_arches(struct unit *u, char *value)
{
	const struct abi_name *a;
	char *save, *w;

	/* an empty assignment undoes all before it */
	if (!*value)
		strset_free(&u->arches);
	for (w = strtok_r(value, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		struct guess g = GUESS_INIT(w);

		for (a = names_abis; a->token; a++) {
			if (a->systemd && !strcmp(a->systemd, w))
				break;
			if (a->systemd)
				guess_try(&g, a->systemd);
		}
		if (!a->token)
			return error_make(u->err, ST_FAILED, 0,
					  "`%s` is no architecture%s", w,
					  guess_text(&g));
		strset_add(&u->arches, a == names_abis ?
			   profile_arch_name(seccomp_arch_native()) : a->token);
	}
	return 0;
}

static int read_errnum(struct unit *u, const char *value, int *to)
{
	struct guess g = GUESS_INIT(value);

	if (!strcmp(value, "kill")) {
		*to = KILL;
		return 0;
	}
	*to = profile_errno_parse(value);
	if (*to >= 0)
		return 0;
	profile_errno_guess(&g);
	return error_make(u->err, ST_FAILED, 0, "`%s` is no errno%s", value,
			  guess_text(&g));
}

static int read_error_number(struct unit *u, const char *value)
{
	int e;

	if (!*value) {
		u->errnum = KILL;
		return 0;
	}
	if (read_errnum(u, value, &e))
		return -1;
	if (!e)
		profile_note(u->notes, "SystemCallErrorNumber=0 left out, as systemd does");
	else
		u->errnum = e;
	return 0;
}

/*
 * As systemd has it: a name is put into the list by a line that is of the list's
 * kind, or that gives it an errno in an allow list; else it is taken out.
 */
static int read_filter_word(struct unit *u, char *word, bool invert)
{
	struct strset calls = { 0 };
	char *colon = strchr(word, ':');
	int e = NONE, ret;
	size_t i;

	if (colon) {
		*colon = '\0';
		if (read_errnum(u, colon + 1, &e))
			return -1;
		/* config_parse_syscall_filter(): what allows has no errno */
		if (!invert)
			return error_make(u->err, ST_FAILED, 0,
					  "systemd ignores `%s:%s` in a line that does not begin with ~: `SystemCallFilter=~%s:%s` refuses with it",
					  word, colon + 1, word, colon + 1);
	}
	ret = word_calls(u, word, &calls);
	for (i = 0; i < calls.n && !ret; i++)
		if (invert != u->allow_list || (invert && e != NONE))
			entry_put(u, calls.v[i], e);
		else
			entry_del(u, calls.v[i]);
	strset_free(&calls);
	return ret;
}

static int read_filter(struct unit *u, char *value)
{
	bool invert = *value == '~';
	char *save, *w;

	u->filter = true;
	if (!*value) {
		/* an empty assignment undoes all before it */
		entries_clear(u);
		u->started = false;
		return 0;
	}
	if (!u->started) {
		char word[] = "@default";

		u->started = true;
		u->allow_list = !invert;
		if (!invert && read_filter_word(u, word, false))
			return -1;
	}
	for (w = strtok_r(value + invert, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save))
		if (read_filter_word(u, w, invert))
			return -1;
	return 0;
}

static int read_log(struct unit *u, char *value)
{
	bool invert = *value == '~';
	char *save, *w;
	size_t i;

	if (!*value) {
		strset_free(&u->log);
		u->log_started = false;
		return 0;
	}
	if (!u->log_started) {
		u->log_started = true;
		u->log_all_but = invert;
	}
	for (w = strtok_r(value + invert, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		struct strset calls = { 0 };
		int ret = word_calls(u, w, &calls);

		for (i = 0; i < calls.n && !ret; i++)
			if (invert == u->log_all_but)
				strset_add(&u->log, calls.v[i]);
			else
				strset_del(&u->log, calls.v[i]);
		strset_free(&calls);
		if (ret)
			return -1;
	}
	return 0;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		s[--n] = 0;
	return s;
}

static int read_section(struct unit *u, const char *line)
{
	/* the sections of units that start programs */
	static const char *const sections[] = {
		"[Service]", "[Socket]", "[Mount]", "[Swap]",
	};
	size_t i;

	if (line[strlen(line) - 1] != ']')
		return error_make(u->err, ST_FAILED, 0, "`%s` is no section",
				  line);
	u->ours = false;
	for (i = 0; i < ARRAY_SIZE(sections); i++)
		u->ours |= !strcmp(line, sections[i]);
	return 0;
}

static void other_setting(struct unit *u, const char *key)
{
	/* systemd makes filters of system calls of these, too */
	static const char *const filters[] = {
		"PrivateDevices", "ProtectClock", "ProtectHostname",
		"ProtectKernelLogs", "ProtectKernelModules",
		"ProtectKernelTunables", "RestrictRealtime",
		"RestrictSUIDSGID",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(filters); i++)
		if (!strcmp(key, filters[i])) {
			strset_add(&u->filters, key);
			return;
		}
	u->others++;
}

static int read_setting(struct unit *u, const char *key, char *value)
{
	int ret;

	/* systemd ignores settings in sections that have no such */
	if (u->ours && !strcmp(key, "SystemCallFilter"))
		return read_filter(u, value);
	if (u->ours && !strcmp(key, "SystemCallArchitectures"))
		return read_arches(u, value);
	if (u->ours && !strcmp(key, "SystemCallErrorNumber"))
		return read_error_number(u, value);
	if (u->ours && !strcmp(key, "SystemCallLog"))
		return read_log(u, value);
	if (!strncmp(key, "SystemCall", 10)) {
		struct guess g = GUESS_INIT(key);

		if (!u->ours)
			return error_make(u->err, ST_FAILED, 0,
					  "`%s` is in a section where systemd ignores it",
					  key);
		guess_try(&g, "SystemCallFilter");
		guess_try(&g, "SystemCallArchitectures");
		guess_try(&g, "SystemCallErrorNumber");
		guess_try(&g, "SystemCallLog");
		return error_make(u->err, ST_FAILED, 0,
				  "systemd has no setting `%s`%s", key,
				  guess_text(&g));
	}
	ret = u->ours ? systemd_args_read(&u->args, key, value, u->err) : 0;
	if (!ret)
		other_setting(u, key);
	return ret < 0 ? -1 : 0;
}

static int read_line(struct unit *u, char *line)
{
	char *value;

	line = trim(line);
	if (!*line || *line == '#' || *line == ';')
		return 0;
	if (*line == '[')
		return read_section(u, line);
	value = strchr(line, '=');
	if (!value)
		return error_make(u->err, ST_FAILED, 0, "`%.64s` is no setting",
				  line);
	*value++ = 0;
	return read_setting(u, trim(line), trim(value));
}

/*
 * A backslash at the end of a line joins it with the next one, with a blank
 * between; a comment between the two is passed over.  Ends the line with NUL.
 */
static char *next_line(char *line, unsigned int *lines)
{
	char *end = strchr(line, '\n'), *next;

	*lines = 1;
	while (end) {
		char *last = end > line && end[-1] == '\r' ? end - 1 : end;

		if (last == line || last[-1] != '\\')
			break;
		memset(last - 1, ' ', end - last + 2);
		next = end + 1;
		while (next[strspn(next, " \t")] == '#' ||
		       next[strspn(next, " \t")] == ';') {
			size_t n = strcspn(next, "\n");

			memset(next, ' ', n);
			if (!next[n])
				break;
			next[n] = ' ';
			next += n + 1;
			++*lines;
		}
		++*lines;
		end = strchr(next, '\n');
	}
	if (!end)
		return NULL;
	*end = 0;
	return end + 1;
}

static int read_lines(struct unit *u, char *text)
{
	unsigned int at = 1, lines;
	char *line, *next;

	for (line = text; line; line = next, at += lines) {
		next = next_line(line, &lines);
		if (read_line(u, line))
			return error_wrap(u->err, "line %u", at);
	}
	return u->filter ? 0 :
	       error_make(u->err, ST_FAILED, 0,
			  "no `SystemCallFilter` in a section that can have it: this is no profile");
}

/* the rule that an action goes to */
static struct profile_rule *rule_of(struct profile *p, enum profile_action a,
				    int e)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (p->rules[i].action == a && p->rules[i].errno_ret == e)
			return &p->rules[i];
	return profile_add_rule(p, a, e);
}

static void refusal(int errnum, enum profile_action *a, int *e)
{
	*a = errnum == KILL ? PA_KILL_PROCESS : PA_ERRNO;
	*e = errnum == KILL ? PROFILE_NO_ERRNO : errnum;
}

static bool logged(const struct unit *u, const char *name)
{
	return u->log_started && strset_has(&u->log, name) != u->log_all_but;
}

/*
 * SystemCallLog= is a filter of its own, and of several filters the strictest
 * answer counts: it logs what the other one lets through.
 */
static struct profile *make_profile(struct unit *u)
{
	struct profile *p = profile_new();
	bool allow_list = u->started && u->allow_list;
	enum profile_action a;
	size_t i;
	int e;

	refusal(u->errnum, &a, &e);
	if (!allow_list) {
		a = u->log_started && u->log_all_but ? PA_LOG : PA_ALLOW;
		e = PROFILE_NO_ERRNO;
	}
	profile_set_default(p, a, e);
	for (i = 0; i < u->n; i++) {
		const struct entry *one = &u->entries[i];

		if (!allow_list || one->errnum != NONE) {
			refusal(one->errnum == NONE ? u->errnum : one->errnum,
				&a, &e);
		} else {
			a = logged(u, one->name) ? PA_LOG : PA_ALLOW;
			e = PROFILE_NO_ERRNO;
		}
		strset_add(&rule_of(p, a, e)->names, one->name);
	}
	for (i = 0; i < u->log.n && !allow_list; i++) {
		bool found;

		entry_find(u, u->log.v[i], &found);
		if (!found)
			strset_add(&rule_of(p, u->log_all_but ? PA_ALLOW :
					    PA_LOG,
					    PROFILE_NO_ERRNO)->names,
				   u->log.v[i]);
	}
	return p;
}

/* without a list every ABI of the machine goes through the filter */
static void set_arches(struct unit *u, struct profile *p)
{
	uint32_t native = seccomp_arch_native();
	const struct abi_name *a;

	strset_copy(&p->arches, &u->arches);
	for (a = names_abis + 1; a->token && !u->arches.n; a++)
		if (a->arch == native || a->host == native)
			strset_add(&p->arches, a->token);
}

/* a call may have been taken out of the list again */
static void forget_gone(struct unit *u)
{
	struct strset all = u->newer;
	bool found;
	size_t i;

	memset(&u->newer, 0, sizeof(u->newer));
	for (i = 0; i < all.n; i++) {
		cleanup_free char *name = xstrndup(all.v[i],
						   strcspn(all.v[i], " "));

		entry_find(u, name, &found);
		if (found || strset_has(&u->log, name))
			strset_add(&u->newer, all.v[i]);
	}
	strset_free(&all);
}

static void note_rest(struct unit *u)
{
	forget_gone(u);
	if (u->others)
		profile_note(u->notes, "%u other setting%s left out", u->others,
			     u->others > 1 ? "s" : "");
	if (u->filters.n) {
		cleanup_free char *text = strset_text(&u->filters, "=, ");

		profile_note(u->notes, "%s= filter system calls, too, and are left out",
			     text);
	}
	if (u->newer.n) {
		cleanup_free char *text = strset_text(&u->newer, ", ");

		profile_note(u->notes, "the groups are those of systemd %u; older ones are without: %s",
			     SYSTEMD_NEWEST, text);
	}
}

/* Beside a list that denies their conditions are nothing that rules can say */
static void apply_args(struct unit *u, struct profile *p)
{
	const struct systemd_args *a = &u->args;

	if (!profile_action_permits(p->def_action)) {
		systemd_args_apply(a, p, &u->filters);
		return;
	}
	if (a->families_given)
		strset_add(&u->filters, "RestrictAddressFamilies");
	if (a->namespaces_given)
		strset_add(&u->filters, "RestrictNamespaces");
	if (a->lock)
		strset_add(&u->filters, "LockPersonality");
	if (a->no_wx)
		strset_add(&u->filters, "MemoryDenyWriteExecute");
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(s->text, s->len);
	struct unit u = {
		.errnum = KILL, .ours = true, .notes = notes, .err = err,
	};
	struct profile *p = NULL;

	if (!read_lines(&u, copy)) {
		p = make_profile(&u);
		apply_args(&u, p);
		set_arches(&u, p);
		note_rest(&u);
	}
	entries_clear(&u);
	strset_free(&u.log);
	strset_free(&u.arches);
	strset_free(&u.newer);
	strset_free(&u.filters);
	systemd_args_free(&u.args);
	return p;
}

static int detect(const struct source *s)
{
	return source_has_line(s, "[Service]") ||
	       source_has_line(s, "SystemCallFilter=") ||
	       source_has_line(s, "SystemCallFilter =") ? 3 : 0;
}

const struct dialect dialect_systemd = {
	.name = "systemd",
	.help = "SystemCallFilter= and what goes with it, as a drop-in",
	.can = CAN_LOAD | CAN_DEFAULT_ERRNO | CAN_ENOSYS,
	.detect = detect,
	.lose = lose,
	.read = read_text,
	.write = write_text,
};
