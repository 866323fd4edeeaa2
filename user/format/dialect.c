// SPDX-License-Identifier: GPL-2.0
/* What several dialects share. */
#include <seccomp.h>
#include <string.h>

#include "dialect.h"

/**
 * source_has_line() - is there a line that begins so?
 * @s: the text
 * @begin: its first characters; blanks before them do not count
 *
 * Return: true if there is.
 */
bool source_has_line(const struct source *s, const char *begin)
{
	size_t n = strlen(begin);
	const char *line = s->text;

	while (line) {
		line += strspn(line, " \t");
		if (!strncmp(line, begin, n))
			return true;
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return false;
}

/**
 * dialect_refuse_rule() - fail because of a rule
 * @r: the rule
 * @d: the dialect
 * @what: what it cannot express
 * @err: set
 *
 * Return: -1.
 */
int dialect_refuse_rule(const struct profile_rule *r, const struct dialect *d,
			const char *what, struct error **err)
{
	cleanup_free char *text = profile_rule_text(r);

	return error_make(err, ST_FAILED, 0, "%s cannot express %s: %s",
			  d->name, what, text);
}

/**
 * dialect_refuse_condition() - the same because of a condition, which can be decided
 * @r: the rule
 * @d: the dialect
 * @what: what it cannot express
 * @err: set
 *
 * Return: -1.
 */
int dialect_refuse_condition(const struct profile_rule *r,
			     const struct dialect *d, const char *what,
			     struct error **err)
{
	cleanup_free char *text = profile_rule_text(r);
	bool kernel = r->includes.min_kernel || r->excludes.min_kernel;

	return error_make(err, ST_FAILED, 0,
			  "%s cannot express %s: %s; --format docker%s keeps it, and --caps, --kernel and --arch of merge, intersect and subtract decide it",
			  d->name, what, text, kernel ? "" : " or podman");
}

/**
 * dialect_check_rules() - refuse rules that need members that are not there
 * @p: the profile
 * @d: the dialect
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int dialect_check_rules(const struct profile *p, const struct dialect *d,
			struct error **err)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (!(d->can & CAN_MIN_KERNEL) &&
		    (r->includes.min_kernel || r->excludes.min_kernel))
			return dialect_refuse_condition(r, d, "a kernel version",
							err);
		if (!(d->can & CAN_CONDITIONS) &&
		    !(profile_cond_empty(&r->includes) &&
		      profile_cond_empty(&r->excludes)))
			return dialect_refuse_condition(r, d, "a condition",
							err);
	}
	return 0;
}

/**
 * dialect_lose_arches() - take what was read again for all that was meant
 * @meant: the profile, with its architectures
 * @again: the same without them; gets them
 */
void dialect_lose_arches(struct profile *meant, struct profile *again)
{
	size_t i;

	strset_copy(&again->arches, &meant->arches);
	for (i = 0; i < meant->n_archmap; i++)
		strset_copy(&profile_add_archmap(again,
						 meant->archmap[i].arch)->subs,
			    &meant->archmap[i].subs);
}

/**
 * dialect_flatten_arches() - turn an archMap into a list
 * @p: the profile
 * @opts: tells whose entry counts
 * @notes: told of it, or NULL
 *
 * As the engines do: the entry of the native architecture and what it lists.
 */
void dialect_flatten_arches(struct profile *p, const struct format_opts *opts,
			    struct profile_notes *notes)
{
	uint32_t native = opts->native ? opts->native : seccomp_arch_native();
	const char *name = profile_arch_name(native);
	size_t i, j;

	if (!p->n_archmap)
		return;
	if (name)
		strset_add(&p->arches, name);
	for (i = 0; i < p->n_archmap; i++) {
		struct profile_archmap *m = &p->archmap[i];

		for (j = 0; name && j < m->subs.n; j++)
			if (!strcmp(m->arch, name))
				strset_add(&p->arches, m->subs.v[j]);
		free(m->arch);
		strset_free(&m->subs);
	}
	free(p->archmap);
	p->archmap = NULL;
	p->n_archmap = 0;
	profile_note(notes, "archMap reduced to the entry of %s",
		     name ? name : "this machine");
}
