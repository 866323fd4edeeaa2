// SPDX-License-Identifier: GPL-2.0
/* A list of allowed names. */
#include <string.h>

#include "dialect.h"

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	struct strset allow = { 0 };
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
		cleanup_free char *rule = profile_rule_text(r);

		if (!profile_action_permits(r->action)) {
			profile_note(notes, "left out: %s", rule);
			continue;
		}
		if (!profile_rule_is_plain(r)) {
			dialect_refuse_rule(r, &dialect_names, "a condition",
					    err);
			strset_free(&allow);
			return NULL;
		}
		if (r->action == PA_LOG)
			profile_note(notes, "without its log: %s", rule);
		for (j = 0; j < r->names.n; j++)
			strset_add(&allow, r->names.v[j]);
	}
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	for (i = 0; i < allow.n; i++)
		fprintf(f, "%s\n", allow.v[i]);
	if (fclose(f))
		out_of_memory();
	strset_free(&allow);
	return text;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(s->text, s->len);
	struct profile *p = profile_new();
	char *line, *next, *word, *save;

	(void)notes;
	for (line = copy; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		line[strcspn(line, "#")] = 0;
		for (word = strtok_r(line, " \t\r,", &save); word;
		     word = strtok_r(NULL, " \t\r,", &save))
			if (profile_allow(p, word)) {
				error_make(err, ST_FAILED, 0,
					   "`%.64s` cannot be a system call's name",
					   word);
				goto fail;
			}
	}
	if (!p->n_rules) {
		error_make(err, ST_FAILED, 0, "no names: this is no profile");
		goto fail;
	}
	return p;
fail:
	profile_free(p);
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
	.can = CAN_COMMENT | CAN_ENOSYS,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
