// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the dialects, and what all their writers have in common.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

static const char *const names[FORMAT_COUNT] = {
	[FORMAT_AUTO] = "auto",
	[FORMAT_OCI] = "oci",
	[FORMAT_DOCKER] = "docker",
	[FORMAT_PODMAN] = "podman",
	[FORMAT_K8S] = "k8s",
	[FORMAT_SYSTEMD] = "systemd",
	[FORMAT_LABEL] = "label",
	[FORMAT_NAMES] = "names",
	[FORMAT_CSV] = "csv",
};

/**
 * format_name() - the word for a dialect
 * @f: the dialect
 *
 * Return: a constant string.
 */
const char *format_name(enum format f)
{
	return names[f];
}

/**
 * format_parse() - the dialect of a word
 * @s: the word
 * @f: set on success, never to FORMAT_AUTO
 *
 * Return: 0, or -1 for an unknown word.
 */
int format_parse(const char *s, enum format *f)
{
	int i;

	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT; i++)
		if (!strcmp(s, names[i])) {
			*f = i;
			return 0;
		}
	return -1;
}

/**
 * format_list() - the words for a help text
 *
 * Return: "oci|docker|...", constant.
 */
const char *format_list(void)
{
	return "oci|docker|podman|k8s|systemd|label|names|csv";
}

/*
 * A rule that repeats the default says nothing, and older runtimes refuse the
 * whole profile for it.
 */
static void drop_redundant(struct profile *p)
{
	int def = profile_default_errno(p);
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		if (profile_action_rank(r->action) ==
		    profile_action_rank(p->def_action) &&
		    profile_errno(r) == def && profile_rule_is_plain(r))
			profile_rule_free(r);
		else
			p->rules[n++] = *r;
	}
	p->n_rules = n;
}

/**
 * format_write() - a profile as text
 * @p: the profile
 * @f: the dialect
 * @opts: or NULL
 * @notes: what the dialect could not say and was left out harmlessly, or NULL
 * @err: set on failure, or NULL
 *
 * The same profile gives the same bytes, whatever order it was built in.
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *format_write(const struct profile *p, enum format f,
		   const struct format_opts *opts,
		   struct profile_notes *notes, struct error **err)
{
	static const struct format_opts none;
	struct profile *copy = profile_dup(p);
	char *out = NULL;

	if (!opts)
		opts = &none;
	profile_normalise(copy);
	drop_redundant(copy);
	switch (f) {
	case FORMAT_OCI:
	case FORMAT_DOCKER:
	case FORMAT_PODMAN:
		out = json_write(copy, f, opts, notes, err);
		break;
	default:
		error_make(err, ST_FAILED, 0, "cannot write the format %s", format_name(f));
	}
	profile_free(copy);
	return out;
}

/**
 * format_write_file() - write a profile to a stream
 * @p: the profile
 * @f: the dialect
 * @opts: or NULL
 * @notes: as format_write()
 * @to: where to; flushed
 * @err: set on failure, or NULL
 *
 * Return: 0 or -1.
 */
int format_write_file(const struct profile *p, enum format f,
		      const struct format_opts *opts,
		      struct profile_notes *notes, FILE *to,
		      struct error **err)
{
	char *text = format_write(p, f, opts, notes, err);
	int ret = 0;

	if (!text)
		return -1;
	if (fputs(text, to) == EOF || fflush(to))
		ret = error_make(err, ST_FAILED, errno,
				 "cannot write the profile");
	free(text);
	return ret;
}
