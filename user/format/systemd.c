// SPDX-License-Identifier: GPL-2.0
/*
 * A drop-in for a systemd service: SystemCallFilter= and what goes with it.
 * systemd.exec(5) is the reference.  A list that begins without ~ allows, and
 * systemd adds its group @default to it (execve, exit, brk, ...) of itself.
 */
#include <seccomp.h>

#include "dialect.h"
#include "lib/names.h"

#define LINE_WIDTH	78

struct list_line {
	FILE *f;
	const char *key;
	size_t at;
};

/* later lines of one setting add to it, so long lists can be wrapped */
static void put_word(struct list_line *l, const char *begin, const char *word)
{
	if (l->at && l->at + 1 + strlen(word) > LINE_WIDTH) {
		fputc('\n', l->f);
		l->at = 0;
	}
	if (!l->at)
		l->at = fprintf(l->f, "%s=%s%s", l->key, begin, word);
	else
		l->at += fprintf(l->f, " %s", word);
}

static void end_line(struct list_line *l)
{
	if (l->at)
		fputc('\n', l->f);
}

static int systemd_check(const struct profile *p, struct profile_notes *notes,
			 struct error **err)
{
	bool allow_list = !profile_action_permits(p->def_action);
	size_t i;

	if (p->base_profile)
		return error_make(err, ST_FAILED, 0,
				  "base profile `%s`: systemd cannot refer to another profile, merge it first",
				  p->base_profile);
	switch (p->def_action) {
	case PA_KILL:
	case PA_KILL_THREAD:
		profile_note(notes, "systemd kills the process, not the thread");
		break;
	case PA_KILL_PROCESS:
	case PA_ALLOW:
		break;
	case PA_ERRNO:
		if (profile_default_errno(p) > 0 &&
		    profile_default_errno(p) <= PROFILE_MAX_ERRNO)
			break;
		/* fall through */
	default:
		return error_make(err, ST_FAILED, 0,
				  "systemd cannot express the default action %s with errno %d",
				  profile_action_name(p->def_action),
				  profile_default_errno(p));
	}
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];
		cleanup_free char *text = NULL;

		if (r->n_args)
			return dialect_refuse_rule(r, &dialect_systemd,
						   "an argument", err);
		if (!profile_rule_is_plain(r))
			return dialect_refuse_rule(r, &dialect_systemd,
						   "a condition", err);
		if (profile_action_permits(r->action))
			continue;
		if (r->action == PA_NOTIFY || r->action == PA_TRACE ||
		    r->action == PA_TRAP)
			return dialect_refuse_rule(r, &dialect_systemd,
						   "the action", err);
		if (!allow_list) {
			if (r->action == PA_ERRNO &&
			    (!profile_errno(r) ||
			     profile_errno(r) > PROFILE_MAX_ERRNO))
				return dialect_refuse_rule(r, &dialect_systemd,
							   "the errno",
							   err);
			continue;
		}
		text = profile_rule_text(r);
		profile_note(notes, "gets the default's errno: %s", text);
	}
	if (p->flags.n)
		profile_note(notes, "flags left out");
	if (p->listener_path || p->listener_metadata)
		profile_note(notes, "listener left out");
	return 0;
}

static int put_arches(FILE *f, const struct profile *p, struct error **err)
{
	struct list_line l = { .f = f, .key = "SystemCallArchitectures" };
	size_t i;

	for (i = 0; i < p->arches.n; i++) {
		const struct abi_name *a = names_abi_token(p->arches.v[i]);

		if (!a || !a->systemd)
			return error_make(err, ST_FAILED, 0,
					  "systemd cannot name the architecture %s",
					  p->arches.v[i]);
		put_word(&l, "", a->systemd);
	}
	end_line(&l);
	return 0;
}

static char *errno_text(int e)
{
	const char *name = profile_errno_name(e);

	return name ? xstrdup(name) : xasprintf("%d", e);
}

static void put_denied(FILE *f, const struct profile *p)
{
	struct list_line l = { .f = f, .key = "SystemCallFilter" };
	size_t i, j;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];
		cleanup_free char *e = NULL;

		if (profile_action_permits(r->action))
			continue;
		e = r->action == PA_ERRNO ? errno_text(profile_errno(r)) :
					    xstrdup("kill");
		for (j = 0; j < r->names.n; j++) {
			cleanup_free char *word = NULL;

			word = xasprintf("%s:%s", r->names.v[j], e);
			put_word(&l, "~", word);
		}
	}
	end_line(&l);
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	bool allow_list = !profile_action_permits(p->def_action);
	struct strset allow = { 0 }, log = { 0 };
	struct list_line l = { 0 };
	char *text = NULL;
	size_t i, j, len;
	FILE *f;

	if (systemd_check(p, notes, err))
		return NULL;
	dialect_flatten_arches(p, opts, notes);
	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++) {
			if (p->rules[i].action == PA_LOG)
				strset_add(&log, p->rules[i].names.v[j]);
			if (profile_action_permits(p->rules[i].action))
				strset_add(&allow, p->rules[i].names.v[j]);
		}
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	fputs("[Service]\n", f);
	if (put_arches(f, p, err)) {
		fclose(f);
		free(text);
		text = NULL;
		goto out;
	}
	if (p->def_action == PA_ERRNO) {
		cleanup_free char *e = errno_text(profile_default_errno(p));

		fprintf(f, "SystemCallErrorNumber=%s\n", e);
	}
	if (allow_list) {
		profile_note(notes, "systemd adds its group @default to an allow list");
		l.f = f;
		l.key = "SystemCallFilter";
		for (i = 0; i < allow.n; i++)
			put_word(&l, "", allow.v[i]);
		/* an empty assignment would allow everything */
		if (!allow.n)
			put_word(&l, "", "exit_group");
		end_line(&l);
	} else {
		put_denied(f, p);
	}
	memset(&l, 0, sizeof(l));
	l.f = f;
	l.key = "SystemCallLog";
	for (i = 0; i < log.n; i++)
		put_word(&l, "", log.v[i]);
	end_line(&l);
	if (fclose(f))
		out_of_memory();
out:
	strset_free(&allow);
	strset_free(&log);
	return text;
}

struct unit {
	bool started;		/* a SystemCallFilter= was seen */
	bool allow_list;
	int err_number;		/* 0: kill */
	struct profile *p;
	struct strset log;
};

static int read_arches(struct unit *u, char *value, struct error **err)
{
	const struct abi_name *a;
	char *save, *w;

	for (w = strtok_r(value, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		for (a = names_abis; a->token; a++)
			if (a->systemd && !strcmp(a->systemd, w))
				break;
		if (!a->token)
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no architecture", w);
		if (!strcmp(w, "native"))
			profile_add_arch(u->p, seccomp_arch_native());
		else
			strset_add(&u->p->arches, a->token);
	}
	return 0;
}

static int read_errnum(const char *value, int *to, struct error **err)
{
	int e = profile_errno_parse(value);

	if (!strcmp(value, "kill"))
		e = 0;
	else if (e <= 0)
		return error_make(err, ST_FAILED, 0, "`%s` is no errno", value);
	*to = e;
	return 0;
}

static void forget_name(struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		strset_del(&p->rules[i].names, name);
}

static int read_filter(struct unit *u, char *value, struct error **err)
{
	bool invert = *value == '~';
	char *save, *w;

	if (!*value) {
		/* an empty assignment undoes all before it */
		while (u->p->n_rules)
			profile_rule_free(&u->p->rules[--u->p->n_rules]);
		u->started = false;
		return 0;
	}
	if (!u->started) {
		u->started = true;
		u->allow_list = !invert;
	}
	for (w = strtok_r(value + invert, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		char *colon = strchr(w, ':');
		int e = -1;	/* the default's */

		if (colon) {
			*colon = 0;
			if (u->allow_list)
				return error_make(err, ST_FAILED, 0,
						  "`%s`: systemd ignores an errno in an allow list",
						  w);
			if (read_errnum(colon + 1, &e, err))
				return -1;
		}
		if (*w == '@')
			return error_make(err, ST_FAILED, 0,
					  "`%s` is a group, which depends on systemd's version: write its names out",
					  w);
		if (!profile_name_valid(w))
			return error_make(err, ST_FAILED, 0,
					  "`%s` cannot be a system call's name",
					  w);
		forget_name(u->p, w);
		if (invert == u->allow_list)
			continue;
		if (u->allow_list)
			profile_allow(u->p, w);
		else
			strset_add(&profile_add_rule(u->p, !e ?
						     PA_KILL_PROCESS : PA_ERRNO,
						     !e ? -1 : e)->names, w);
	}
	return 0;
}

static int read_log(struct unit *u, char *value, struct error **err)
{
	char *save, *w;

	if (*value == '~')
		return error_make(err, ST_FAILED, 0,
				  "an inverted `SystemCallLog` is not read");
	for (w = strtok_r(value, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		if (!profile_name_valid(w))
			return error_make(err, ST_FAILED, 0,
					  "`%s` cannot be a system call's name",
					  w);
		strset_add(&u->log, w);
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

static int read_line(struct unit *u, char *line, struct error **err)
{
	char *value;

	line = trim(line);
	if (!*line || *line == '#' || *line == ';' || !strcmp(line, "[Service]"))
		return 0;
	value = strchr(line, '=');
	if (!value)
		return error_make(err, ST_FAILED, 0, "`%s` is no setting", line);
	*value++ = 0;
	line = trim(line);
	value = trim(value);
	if (!strcmp(line, "SystemCallFilter"))
		return read_filter(u, value, err);
	if (!strcmp(line, "SystemCallArchitectures"))
		return read_arches(u, value, err);
	if (!strcmp(line, "SystemCallErrorNumber"))
		return read_errnum(value, &u->err_number, err);
	if (!strcmp(line, "SystemCallLog"))
		return read_log(u, value, err);
	return error_make(err, ST_FAILED, 0,
			  "unknown setting `%s` in the format systemd", line);
}

/* what only the last line decides */
static void finish(struct unit *u)
{
	struct profile *p = u->p;
	size_t i, n = p->n_rules;

	if (!u->started || !u->allow_list)
		profile_set_default(p, PA_ALLOW, PROFILE_NO_ERRNO);
	else if (u->err_number)
		profile_set_default(p, PA_ERRNO, u->err_number);
	else
		profile_set_default(p, PA_KILL_PROCESS, PROFILE_NO_ERRNO);
	for (i = 0; i < n; i++) {
		struct profile_rule *r = &p->rules[i];

		if (r->action != PA_ERRNO || r->errno_ret >= 0)
			continue;
		if (u->err_number)
			r->errno_ret = u->err_number;
		else
			r->action = PA_KILL_PROCESS;
	}
	for (i = 0; i < u->log.n; i++) {
		if (!profile_allows(p, u->log.v[i]))
			continue;
		forget_name(p, u->log.v[i]);
		strset_add(&profile_add_rule(p, PA_LOG,
					     PROFILE_NO_ERRNO)->names,
			   u->log.v[i]);
	}
	profile_normalise(p);
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(s->text, s->len);
	struct unit u = { .p = profile_new() };
	char *line, *next;
	int e = 0;

	/* a backslash at the end joins two lines with a space */
	for (line = copy; (line = strchr(line, '\\')); line++)
		if (line[1] == '\n')
			memset(line, ' ', 2);
	for (line = copy; line && !e; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		e = read_line(&u, line, err);
	}
	if (!e && !u.started)
		e = error_make(err, ST_FAILED, 0,
			       "no `SystemCallFilter`: this is no profile");
	if (!e) {
		finish(&u);
		if (u.allow_list)
			profile_note(notes, "systemd adds its group @default, which is not read");
	} else {
		profile_free(u.p);
		u.p = NULL;
	}
	strset_free(&u.log);
	return u.p;
}

static int detect(const struct source *s)
{
	return source_has_line(s, "[Service]") ||
	       source_has_line(s, "SystemCallFilter=") ? 3 : 0;
}

const struct dialect dialect_systemd = {
	.name = "systemd",
	.help = "SystemCallFilter= and what goes with it, as a drop-in",
	.can = CAN_DEFAULT_ERRNO | CAN_ENOSYS,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
