// SPDX-License-Identifier: GPL-2.0
/* The dispatcher: finds the dialect, and does what all of them have in common. */
#include <string.h>

#include "dialect.h"
#include "json.h"
#include "profile/meaning.h"

static const struct dialect *const dialects[FORMAT_COUNT] = {
#define F(upper, lower)	[FORMAT_##upper] = &dialect_##lower,
	FORMATS(F)
#undef F
};

/**
 * format_name() - the word for a dialect
 * @f: the dialect
 *
 * Return: a constant string.
 */
const char *format_name(enum format f)
{
	return dialects[f] ? dialects[f]->name : "auto";
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
		if (!strcmp(s, dialects[i]->name)) {
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
	static char list[256];
	size_t n = 0;
	int i;

	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT && n < sizeof(list); i++)
		n += snprintf(list + n, sizeof(list) - n, "%s%s", n ? "|" : "",
			      dialects[i]->name);
	return list;
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

/*
 * What is written is read again and must do what was meant, in every place.
 * Where there is no archMap the native architecture's ABIs are all that is left.
 */
static int verify(const struct profile *p, enum format f,
		  const struct format_opts *opts, const char *text,
		  struct error **err)
{
	uint32_t native = opts->native ? opts->native : seccomp_arch_native();
	struct profile *again;
	int ret;

	if (opts->unchecked || !(dialects[f]->can & CAN_LOAD))
		return 0;
	again = format_read(text, strlen(text), f, NULL, NULL, err);
	if (!again)
		return -1;
	ret = profile_verify(again, p, dialects[f]->can & CAN_ARCHMAP ? NULL :
			     profile_arch_short(native), err);
	profile_free(again);
	return ret;
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
	const struct dialect *d = dialects[f];
	struct profile *copy = profile_dup(p), *meant = NULL;
	char *out = NULL;

	if (!opts)
		opts = &none;
	if (check_names(copy, notes, err))
		goto out;
	if (!(d->can & CAN_COMMENT))
		drop_comments(copy, notes);
	if (!(d->can & CAN_ENOSYS)) {
		copy = dialect_explicit_enosys(copy, d, notes, err);
		if (!copy)
			return NULL;
	}
	meant = profile_dup(copy);
	profile_normalise(copy);
	if (!(d->can & CAN_REPEAT))
		drop_redundant(copy, notes);
	out = d->write(copy, opts, notes, err);
out:
	profile_free(copy);
	if (out && verify(meant, f, opts, out, err)) {
		error_wrap(err, "cannot write %s", format_name(f));
		free(out);
		out = NULL;
	}
	profile_free(meant);
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

static bool may_be_json(const char *text, enum format f)
{
	bool looks = text[strspn(text, " \t\r\n")] == '{';

	return f == FORMAT_OCI || f == FORMAT_DOCKER || f == FORMAT_PODMAN ||
	       (looks && (f == FORMAT_AUTO || f == FORMAT_K8S));
}

/* the names of the first that knows them decide; all else is a list of names */
static enum format detect(const struct source *s)
{
	enum format best = FORMAT_NAMES;
	int i, n, most = 0;

	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT; i++) {
		n = dialects[i]->detect(s);
		if (n > most) {
			most = n;
			best = i;
		}
	}
	return best;
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
	cleanup_json_doc struct json_doc *json = NULL;
	cleanup_free char *copy = NULL;
	struct source src = { .len = len };
	struct profile *p;

	if (memchr(text, 0, len)) {
		error_make(err, ST_FAILED, 0, "a NUL byte: this is no text");
		return NULL;
	}
	copy = xstrndup(text, len);
	if (!is_utf8(copy)) {
		error_make(err, ST_FAILED, 0, "not UTF-8: this is no text");
		return NULL;
	}
	src.text = copy;
	if (may_be_json(copy, f)) {
		json = json_parse(copy, len, err);
		if (!json)
			return NULL;
		src.json = json;
	}
	if (f == FORMAT_AUTO)
		f = detect(&src);
	p = dialects[f]->read(&src, notes, err);
	if (p && found)
		*found = f;
	return p;
}
