// SPDX-License-Identifier: GPL-2.0
/* A list of allowed names. */
#include <string.h>

#include "dialect.h"
#include "looks.h"
#include "profile/known.h"

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	struct strset allow = { 0 }, done = { 0 }, told = { 0 };
	char *text = NULL;
	size_t i, j, len;
	FILE *f;

	(void)opts;
	if (profile_action_permits(p->def_action)) {
		error_make(err, ST_FAILED, 0,
			   "a list of names cannot express the default action %s",
			   profile_action_name(p->def_action));
		return NULL;
	}
	if (p->def_action != PA_ERRNO || profile_default_errno(p) != ENOSYS)
		profile_note(notes, "left out: the default, %s",
			     profile_action_name(p->def_action));
	if (p->base_profile)
		profile_note(notes, "base profile left out");
	if (p->arches.n || p->n_archmap)
		profile_note(notes, "architectures left out");
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];
		bool permits = profile_action_permits(r->action);
		cleanup_free char *rule = profile_rule_text(r);

		if (!permits)
			profile_note(notes, "left out: %s", rule);
		else if (r->action == PA_LOG)
			profile_note(notes, "without its log: %s", rule);
		for (j = 0; permits && r->n_args && j < r->names.n; j++)
			if (strset_add(&told, r->names.v[j]))
				profile_note(notes, "`%s` without its conditions on arguments",
					     r->names.v[j]);
		if (permits && !(profile_cond_empty(&r->includes) &&
				 profile_cond_empty(&r->excludes))) {
			dialect_refuse_condition(r, &dialect_names, "a condition",
						 err);
			goto out;
		}
		/* of two rules for one call the first decides */
		for (j = 0; j < r->names.n; j++)
			if ((permits || profile_rule_is_plain(r)) &&
			    strset_add(&done, r->names.v[j]) && permits)
				strset_add(&allow, r->names.v[j]);
	}
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	for (i = 0; i < allow.n; i++)
		fprintf(f, "%s\n", allow.v[i]);
	if (fclose(f))
		out_of_memory();
out:
	strset_free(&done);
	strset_free(&told);
	strset_free(&allow);
	return text;
}

/* Conditions on arguments are lost, and named; so are the architectures */
static void lose(struct profile *meant, struct profile *again)
{
	size_t i;

	for (i = 0; i < meant->n_rules; i++) {
		struct profile_rule *r = &meant->rules[i];

		if (!profile_action_permits(r->action))
			continue;
		free(r->args);
		r->args = NULL;
		r->n_args = 0;
	}
	dialect_lose_arches(meant, again);
}

/* a few guesses, in a text that may have very many words */
#define MAX_GUESSES	10

struct list {
	const struct source *s;
	struct profile *p;
	unsigned int known, unknown;
	unsigned int line;	/* of the first that is unknown */
	char *first;
	struct profile_notes *notes;
	struct error **err;
};

static char *guessed(const char *word)
{
	const char *near = known_nearest(word);

	return near ? xasprintf(": did you mean `%s`?", near) : xstrdup("");
}

static int refuse(struct list *l, unsigned int line, const char *word)
{
	const char *what = l->s->told ? NULL :
			   looks_like(l->s->text, l->s->len);
	cleanup_free char *guess = NULL;

	if (what)
		return error_make(l->err, ST_FAILED, 0,
				  "no profile: this is %s", what);
	guess = guessed(word);
	return error_make(l->err, ST_FAILED, 0,
			  "no profile: line %u: `%.64s` is no system call%s",
			  line, word, guess);
}

/*
 * Any text consists of words, so they must be system calls.  A name that is newer
 * than libseccomp may stand alone on its line.
 */
static int read_word(struct list *l, unsigned int line, const char *word,
		     bool alone)
{
	bool known = known_call(word);
	cleanup_free char *guess = NULL;

	if (!profile_name_valid(word) || (!known && !alone))
		return refuse(l, line, word);
	l->known += known;
	if (!known && !l->unknown++) {
		l->line = line;
		l->first = xstrdup(word);
	}
	if (!known && l->unknown <= MAX_GUESSES) {
		guess = guessed(word);
		profile_note(l->notes, "line %u: `%s` is unknown to this libseccomp%s",
			     line, word, guess);
	}
	return profile_allow(l->p, word);
}

static int read_line(struct list *l, unsigned int line, char *s)
{
	static const char blanks[] = " \t\r,";
	char *word, *save, *next;

	s[strcspn(s, "#")] = 0;
	word = strtok_r(s, blanks, &save);
	next = word ? strtok_r(NULL, blanks, &save) : NULL;
	if (word && read_word(l, line, word, !next))
		return -1;
	for (word = next; word; word = strtok_r(NULL, blanks, &save))
		if (read_word(l, line, word, false))
			return -1;
	return 0;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(s->text, s->len);
	struct list l = {
		.s = s, .p = profile_new(), .notes = notes, .err = err,
	};
	char *line, *next;
	unsigned int n = 0;
	int ret = 0;

	for (line = copy; line && !ret; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		ret = read_line(&l, ++n, line);
	}
	/* who says that it is a list may have one of new calls only */
	if (!ret && !s->told && l.known < 3 * l.unknown)
		ret = refuse(&l, l.line, l.first);
	if (!ret && !l.p->n_rules)
		ret = error_make(err, ST_FAILED, 0,
				 s->text[strspn(s->text, " \t\r\n")] ?
				 "no names: this is no profile" :
				 "no profile: this is empty");
	free(l.first);
	if (!ret)
		return l.p;
	profile_free(l.p);
	return NULL;
}

static int detect(const struct source *s)
{
	return s->json ? 0 : 1;
}

const struct dialect dialect_names = {
	.name = "names",
	.help = "a list of allowed names, one per line",
	/* a reader takes ENOSYS for the default */
	.can = CAN_COMMENT | CAN_ENOSYS | CAN_PERMIT,
	.detect = detect,
	.lose = lose,
	.read = read_text,
	.write = write_text,
};
