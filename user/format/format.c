// SPDX-License-Identifier: GPL-2.0
/* The dispatcher: finds the dialect, and does what all of them have in common. */
#include <string.h>

#include "dialect.h"
#include "json.h"
#include "lib/guess.h"
#include "looks.h"
#include "profile/algebra.h"
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
 * format_written() - can a profile be written in this dialect?
 * @f: the dialect
 *
 * Return: false where it is only read.
 */
bool format_written(enum format f)
{
	return dialects[f] && dialects[f]->write;
}

/**
 * format_args() - what a dialect can say of arguments
 * @f: the dialect
 *
 * Return: how much of it.
 */
enum args_can format_args(enum format f)
{
	return f == FORMAT_NAMES ? ARGS_CAN_NOTHING :
	       f == FORMAT_SYSTEMD ? ARGS_CAN_SYSTEMD : ARGS_CAN_ALL;
}

/**
 * format_parse() - the dialect of a word
 * @s: the word
 * @write: one that is only read does not count
 * @f: set on success, never to FORMAT_AUTO
 *
 * Return: 0, or -1 for an unknown word.
 */
int format_parse(const char *s, bool write, enum format *f)
{
	int i;

	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT; i++)
		if (!strcmp(s, dialects[i]->name) &&
		    (!write || format_written(i))) {
			*f = i;
			return 0;
		}
	return -1;
}

/* "oci|docker|...", until the next call; @write: only those that are written */
static const char *format_list(bool write)
{
	static char list[128];
	size_t n = 0;
	int i;

	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT && n < sizeof(list); i++)
		if (!write || format_written(i))
			n += snprintf(list + n, sizeof(list) - n, "%s%s",
				      n ? "|" : "", dialects[i]->name);
	return list;
}

/**
 * format_unknown() - what to say of a word that is no dialect
 * @s: the word
 * @write: it was to be written
 *
 * Return: a message, until the next call.
 */
const char *format_unknown(const char *s, bool write)
{
	static char text[256];
	struct guess g = GUESS_INIT(s);
	enum format f;
	int i;

	if (write && !format_parse(s, false, &f)) {
		snprintf(text, sizeof(text), "the format %s is only read: there are %s",
			 s, format_list(true));
		return text;
	}
	for (i = FORMAT_AUTO + 1; i < FORMAT_COUNT; i++)
		if (!write || format_written(i))
			guess_try(&g, dialects[i]->name);
	snprintf(text, sizeof(text), "unknown format `%.40s`%s%s %s", s,
		 guess_text(&g), g.best ? " There are" : ": there are",
		 format_list(write));
	return text;
}

/*
 * A rule that repeats the default says nothing: all runtimes skip it, whatever
 * its arguments, and older ones refuse the whole profile for it.  Nor does one
 * without a name.
 */
static void drop_redundant(struct profile *p, bool keep,
			   struct profile_notes *notes)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];
		cleanup_free char *text = NULL;

		if (r->names.n &&
		    (keep || !profile_rule_is_redundant(p, r))) {
			p->rules[n++] = *r;
			continue;
		}
		text = profile_rule_text(r);
		profile_note(notes, "%s, left out: %s", r->names.n ?
			     "repeats the default" : "names no call", text);
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
static int verify(struct profile *p, enum format f,
		  const struct format_opts *opts, const char *text,
		  struct error **err)
{
	uint32_t native = opts->native ? opts->native : seccomp_arch_native();
	const struct dialect *d = dialects[f];
	struct profile *again;
	bool everywhere;
	int ret;

	/* a list of nothing is no list, and permits nothing */
	if (!*text)
		return 0;
	again = format_read(text, strlen(text), f, NULL, NULL, err);
	if (!again)
		return -1;
	if (d->lose)
		d->lose(p, again);
	everywhere = d->can & CAN_ARCHMAP || !(d->can & CAN_LOAD);
	ret = profile_verify(again, p, everywhere ? NULL :
			     profile_arch_short(native), d->can & CAN_PERMIT,
			     err);
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
 * The rules keep their order: it may decide.
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *format_write(const struct profile *p, enum format f,
		   const struct format_opts *opts,
		   struct profile_notes *notes, struct error **err)
{
	static const struct format_opts none;
	const struct dialect *d = dialects[f];
	struct profile *copy = NULL, *meant = NULL;
	char *out = NULL;

	if (!opts)
		opts = &none;
	if (!format_written(f)) {
		error_make(err, ST_FAILED, 0, "%s", format_unknown(format_name(f), true));
		return NULL;
	}
	copy = opts->unchecked ? profile_dup(p) : algebra_settle(p, err);
	if (!copy || check_names(copy, notes, err))
		goto out;
	if (!(d->can & CAN_COMMENT))
		drop_comments(copy, notes);
	if (!(d->can & CAN_ENOSYS)) {
		copy = dialect_explicit_enosys(copy, d, notes, err);
		if (!copy)
			return NULL;
	}
	meant = profile_dup(copy);
	drop_redundant(copy, d->can & CAN_REPEAT, notes);
	out = d->write(copy, opts, notes, err);
	if (out && !opts->unchecked && verify(meant, f, opts, out, err)) {
		error_wrap(err, "cannot write %s", format_name(f));
		free(out);
		out = NULL;
	}
out:
	profile_free(copy);
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

/*
 * An array is JSON as well, but a unit begins with a section, the kernel's log
 * with a time, and that of strace -i with an address.  Entries of the journal
 * are objects, but no profiles.
 */
static bool may_be_json(const char *text, enum format f)
{
	const char *s = text + strspn(text, " \t\r\n");
	bool looks = *s == '{' &&
		     !memmem(s, strcspn(s, "}"), "\"__REALTIME_TIMESTAMP\"", 22);

	if (*s == '[') {
		const char *end = s + 1 + strspn(s + 1, " 0123456789.abcdef?");

		s += 1 + strspn(s + 1, " \t\r\n");
		looks = *s && strchr("[]{\"-0123456789", *s) &&
			strncmp(end, "] ", 2);
	}
	return f == FORMAT_OCI || f == FORMAT_DOCKER || f == FORMAT_PODMAN ||
	       (looks && (f == FORMAT_AUTO || f == FORMAT_K8S));
}

/* takes a byte order mark away */
static char *text_of(const char *text, size_t len, struct profile_notes *notes,
		     struct error **err)
{
	static const char bom[] = "\xef\xbb\xbf";
	cleanup_free char *copy = xcalloc(len + 1, 1);
	const char *what;

	memcpy(copy, text, len);
	if (memchr(copy, 0, len) || !is_utf8(copy)) {
		what = looks_like(copy, len);
		error_make(err, ST_FAILED, 0, "no profile: this is %s", what ?
			   what : "no text: it is not UTF-8");
		return NULL;
	}
	if (strncmp(copy, bom, strlen(bom)))
		return xstrdup(copy);
	profile_note(notes, "a byte order mark left out: engines refuse it");
	return xstrdup(copy + strlen(bom));
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

static struct profile *too_large(struct error **err)
{
	error_make(err, ST_FAILED, 0, "larger than %u bytes: this is no profile",
		   FORMAT_MAX_INPUT);
	return NULL;
}

/**
 * format_read() - a profile from text
 * @text: any bytes; need not end in NUL
 * @len: how many
 * @f: the dialect, or FORMAT_AUTO to tell it by its members
 * @found: set to the dialect on success, to FORMAT_OCI for one that is only
 *	read; or NULL
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
	struct source src = { .told = f != FORMAT_AUTO };
	size_t said = notes ? notes->n : 0;
	struct profile *p;

	copy = text_of(text, len, notes, err);
	if (!copy)
		return NULL;
	src.text = copy;
	src.len = strlen(copy);
	if (len > FORMAT_MAX_INPUT && may_be_json(copy, f))
		return too_large(err);
	if (may_be_json(copy, f)) {
		json = json_parse(copy, src.len, err);
		if (!json)
			return NULL;
		src.json = json;
	}
	if (f == FORMAT_AUTO)
		f = detect(&src);
	if (len > FORMAT_MAX_INPUT && !(dialects[f]->can & CAN_LOG))
		return too_large(err);
	p = dialects[f]->read(&src, notes, err);
	if (p)
		p->settled = true;
	else
		profile_notes_cut(notes, said);
	if (p && found)
		*found = format_written(f) ? f : FORMAT_OCI;
	return p;
}
