// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the dialects, and what all their writers have in common.
 */
#include <errno.h>
#include <seccomp.h>
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

/**
 * dialect_refuse_rule() - fail because of a rule
 * @r: the rule
 * @f: the dialect
 * @what: what it cannot express
 * @err: set
 *
 * Return: -1.
 */
int dialect_refuse_rule(const struct profile_rule *r, enum format f,
			const char *what, struct error **err)
{
	cleanup_free char *text = profile_rule_text(r);

	return error_make(err, ST_FAILED, 0, "%s cannot express %s: %s",
			  format_name(f), what, text);
}

/**
 * dialect_check_rules() - refuse rules that a JSON dialect or k8s cannot hold
 * @p: the profile
 * @f: the dialect
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int dialect_check_rules(const struct profile *p, enum format f,
			struct error **err)
{
	bool engine = f == FORMAT_DOCKER || f == FORMAT_PODMAN;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (f != FORMAT_DOCKER &&
		    (r->includes.min_kernel || r->excludes.min_kernel))
			return dialect_refuse_rule(r, f, "a kernel version", err);
		if (!engine && !(profile_cond_empty(&r->includes) &&
				 profile_cond_empty(&r->excludes)))
			return dialect_refuse_rule(r, f, "a condition", err);
	}
	return 0;
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

/*
 * A rule that repeats the default says nothing: all runtimes skip it, whatever
 * its arguments, and older ones refuse the whole profile for it.
 */
static void drop_redundant(struct profile *p, struct profile_notes *notes)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];
		cleanup_free char *text = NULL;

		if (!profile_rule_is_redundant(p, r)) {
			p->rules[n++] = *r;
			continue;
		}
		text = profile_rule_text(r);
		profile_note(notes, "repeats the default, left out: %s", text);
		profile_rule_free(r);
	}
	p->n_rules = n;
}

/* before rules are joined: they may differ in nothing else */
static void drop_comments(struct profile *p, struct profile_notes *notes)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		if (!p->rules[i].comment)
			continue;
		profile_note(notes, "comment left out: %s",
			     p->rules[i].comment);
		free(p->rules[i].comment);
		p->rules[i].comment = NULL;
	}
}

static int check_names(struct profile *p, struct profile_notes *notes,
		       struct error **err)
{
	size_t i, j;

	for (i = 0; i < p->n_rules; i++) {
		if (strset_del(&p->rules[i].names, ""))
			profile_note(notes, "empty name left out");
		for (j = 0; j < p->rules[i].names.n; j++)
			if (!profile_name_valid(p->rules[i].names.v[j]))
				return error_make(err, ST_FAILED, 0,
						  "`%s` cannot be a system call's name",
						  p->rules[i].names.v[j]);
	}
	return 0;
}

/**
 * format_write() - a profile as text
 * @p: the profile
 * @f: the dialect
 * @opts: or NULL
 * @notes: what the dialect could not say and was left out harmlessly, or NULL
 * @err: set on failure
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
	if (check_names(copy, notes, err))
		goto out;
	if (f == FORMAT_OCI || f == FORMAT_K8S || f == FORMAT_SYSTEMD)
		drop_comments(copy, notes);
	if (f == FORMAT_K8S || f == FORMAT_DOCKER) {
		copy = dialect_explicit_enosys(copy, f, notes, err);
		if (!copy)
			return NULL;
	}
	profile_normalise(copy);
	if (f != FORMAT_CSV)
		drop_redundant(copy, notes);
	switch (f) {
	case FORMAT_OCI:
	case FORMAT_DOCKER:
	case FORMAT_PODMAN:
		out = json_write(copy, f, opts, notes, err);
		break;
	case FORMAT_K8S:
		out = k8s_write(copy, opts, notes, err);
		break;
	case FORMAT_SYSTEMD:
		out = systemd_write(copy, opts, notes, err);
		break;
	case FORMAT_LABEL:
		out = label_write(copy, opts, notes, err);
		break;
	case FORMAT_NAMES:
		out = names_write(copy, notes, err);
		break;
	case FORMAT_CSV:
		out = csv_write(copy, notes, err);
		break;
	case FORMAT_AUTO:
	case FORMAT_COUNT:
		error_make(err, ST_FAILED, 0, "no format to write");
	}
out:
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
 * @err: set on failure
 *
 * Return: 0 or -1.
 */
int format_write_file(const struct profile *p, enum format f,
		      const struct format_opts *opts,
		      struct profile_notes *notes, FILE *to,
		      struct error **err)
{
	cleanup_free char *text = format_write(p, f, opts, notes, err);

	if (!text)
		return -1;
	if (fputs(text, to) == EOF || fflush(to))
		return error_make(err, ST_FAILED, errno,
				  "cannot write the profile");
	return 0;
}

/* is there a line that begins so? */
static bool has_line(const char *text, const char *begin)
{
	size_t n = strlen(begin);
	const char *s = text;

	while (s) {
		while (*s == ' ' || *s == '\t')
			s++;
		if (!strncmp(s, begin, n))
			return true;
		s = strchr(s, '\n');
		if (s)
			s++;
	}
	return false;
}

static enum format detect(const char *text)
{
	const char *s = text + strspn(text, " \t\r\n");

	if (*s == '{')
		return FORMAT_AUTO;	/* json_read() looks at the members */
	if (has_line(text, "LABEL "))
		return FORMAT_LABEL;
	if (has_line(text, "[Service]") || has_line(text, "SystemCallFilter="))
		return FORMAT_SYSTEMD;
	if (has_line(text, "apiVersion:") || has_line(text, "kind:"))
		return FORMAT_K8S;
	if (!strncmp(s, "name,", 5))
		return FORMAT_CSV;
	return FORMAT_NAMES;
}

/* JSON and YAML must be; the others become JSON sooner or later */
static bool is_utf8(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		unsigned int n = *s < 0x80 ? 0 : *s < 0xc2 ? 4 :
				 *s < 0xe0 ? 1 : *s < 0xf0 ? 2 :
				 *s < 0xf5 ? 3 : 4;

		if (n == 4 || (*s == 0xe0 && s[1] < 0xa0) ||
		    (*s == 0xed && s[1] > 0x9f) ||
		    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
			return false;
		for (s++; n; n--, s++)
			if ((*s & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/**
 * format_read() - a profile from text
 * @text: any bytes; need not end in NUL
 * @len: how many
 * @f: the dialect, or FORMAT_AUTO to tell it by its members
 * @found: set to the dialect on success, or NULL
 * @notes: what of the input is no part of a profile, or NULL
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *format_read(const char *text, size_t len, enum format f,
			    enum format *found, struct profile_notes *notes,
			    struct error **err)
{
	cleanup_free char *copy = NULL;
	struct profile *p = NULL;

	if (memchr(text, 0, len)) {
		error_make(err, ST_FAILED, 0, "a NUL byte: this is no text");
		return NULL;
	}
	copy = xstrndup(text, len);
	if (!is_utf8(copy)) {
		error_make(err, ST_FAILED, 0, "not UTF-8: this is no text");
		return NULL;
	}
	if (f == FORMAT_AUTO)
		f = detect(copy);
	switch (f) {
	case FORMAT_AUTO:
	case FORMAT_OCI:
	case FORMAT_DOCKER:
	case FORMAT_PODMAN:
		p = json_read(copy, len, &f, notes, err);
		break;
	case FORMAT_K8S:
		p = k8s_read(copy, len, notes, err);
		break;
	case FORMAT_SYSTEMD:
		p = systemd_read(copy, len, notes, err);
		break;
	case FORMAT_LABEL:
		p = label_read(copy, len, notes, err);
		break;
	case FORMAT_NAMES:
		p = names_read(copy, len, notes, err);
		break;
	case FORMAT_CSV:
		p = csv_read(copy, len, notes, err);
		break;
	case FORMAT_COUNT:
		error_make(err, ST_FAILED, 0, "no such format");
	}
	if (p && found)
		*found = f;
	return p;
}
