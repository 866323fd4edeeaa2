// SPDX-License-Identifier: GPL-2.0
/*
 * The plain dialects: a list of names, a table, and the line of a Dockerfile
 * that carries a whole profile as an image's label.
 */
#include <json-c/json.h>

#include "dialect.h"

#define LABEL_KEY	"io.containers.seccomp.profile"
#define CSV_HEADER	"name,action,errnoRet,args,includes,excludes,comment"
#define CSV_COLUMNS	7

/**
 * names_write() - one allowed name per line
 * @p: the profile, normalised
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *names_write(struct profile *p, struct profile_notes *notes,
		  struct error **err)
{
	struct strset allow = { 0 };
	char *text = NULL;
	size_t i, j, len;
	FILE *f;

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
			dialect_refuse_rule(r, FORMAT_NAMES, "a condition",
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

/**
 * names_read() - read a list of names, by lines or blanks
 * @text: the text, ends in NUL; # begins a comment
 * @len: bytes in it
 * @notes: unused
 * @err: set on failure
 *
 * Return: a profile that allows them and answers ENOSYS else, or NULL.
 */
struct profile *names_read(const char *text, size_t len,
			   struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(text, len);
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

/**
 * label_write() - the LABEL line that podman's --seccomp-policy=image reads
 * @p: the profile, normalised; may be changed
 * @opts: never NULL
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *label_write(struct profile *p, const struct format_opts *opts,
		  struct profile_notes *notes, struct error **err)
{
	struct json_object *o = json_build(p, FORMAT_PODMAN, opts, notes, err);
	const char *s;
	char *text = NULL;
	size_t len;
	FILE *f;

	if (!o)
		return NULL;
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	s = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					   JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!s)
		out_of_memory();
	fputs("LABEL " LABEL_KEY "=\"", f);
	for (; *s; s++) {
		/* a dollar begins a variable, also within quotes */
		if (strchr("\"\\$", *s))
			fputc('\\', f);
		fputc(*s, f);
	}
	fputs("\"\n", f);
	json_object_put(o);
	if (fclose(f))
		out_of_memory();
	return text;
}

/**
 * label_read() - read such a line, alone or in a Dockerfile
 * @text: the text, ends in NUL
 * @len: bytes in it
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *label_read(const char *text, size_t len,
			   struct profile_notes *notes, struct error **err)
{
	enum format f = FORMAT_PODMAN;
	cleanup_free char *json = xcalloc(len + 1, 1);
	const char *s = strstr(text, LABEL_KEY "=\"");
	size_t n = 0;

	if (!s) {
		error_make(err, ST_FAILED, 0,
			   "no label " LABEL_KEY "=\"...\"");
		return NULL;
	}
	for (s += strlen(LABEL_KEY "=\""); *s && *s != '"'; s++) {
		if (*s == '\\' && s[1] && strchr("\"\\$", s[1]))
			s++;
		json[n++] = *s;
	}
	if (!*s) {
		error_make(err, ST_FAILED, 0, "the label's quote does not end");
		return NULL;
	}
	if (strstr(s, LABEL_KEY "=")) {
		error_make(err, ST_FAILED, 0, "the label is given twice");
		return NULL;
	}
	return json_read(json, n, &f, notes, err);
}

static void csv_field(FILE *f, const char *s)
{
	if (!strpbrk(s, ",\"\n\r")) {
		fputs(s, f);
		return;
	}
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', f);
		fputc(*s, f);
	}
	fputc('"', f);
}

static void csv_cond(FILE *f, const struct profile_cond *c)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < c->arches.n; i++, sep = " ")
		fprintf(f, "%sarch=%s", sep, c->arches.v[i]);
	for (i = 0; i < c->caps.n; i++, sep = " ")
		fprintf(f, "%scap=%s", sep, c->caps.v[i]);
	if (c->min_kernel)
		fprintf(f, "%skernel=%s", sep, c->min_kernel);
}

static bool cond_words(const struct profile_cond *c)
{
	size_t i;

	for (i = 0; i < c->arches.n; i++)
		if (strpbrk(c->arches.v[i], " ,\"\n\r") || !*c->arches.v[i])
			return false;
	for (i = 0; i < c->caps.n; i++)
		if (strpbrk(c->caps.v[i], " ,\"\n\r") || !*c->caps.v[i])
			return false;
	return true;
}

/**
 * csv_write() - a table with one line per name and rule
 * @p: the profile, normalised, with its redundant rules
 * @notes: what was left out, or NULL
 * @err: set on failure
 *
 * The name "*" stands for the default.
 *
 * Return: the text, which the caller frees, or NULL.
 */
char *csv_write(struct profile *p, struct profile_notes *notes,
		struct error **err)
{
	char *text = NULL;
	size_t i, j, k, len;
	FILE *f;

	for (i = 0; i < p->n_rules; i++)
		if (!cond_words(&p->rules[i].includes) ||
		    !cond_words(&p->rules[i].excludes)) {
			dialect_refuse_rule(&p->rules[i], FORMAT_CSV,
					    "these words", err);
			return NULL;
		}
	if (p->arches.n || p->n_archmap)
		profile_note(notes, "architectures left out");
	if (p->flags.n || p->listener_path || p->listener_metadata)
		profile_note(notes, "flags and listener left out");
	if (p->base_profile)
		profile_note(notes, "base profile left out");
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	fputs(CSV_HEADER "\n", f);
	fprintf(f, "*,%s,", profile_action_name(p->def_action));
	if (p->def_errno >= 0)
		fprintf(f, "%d", p->def_errno);
	fputs(",,,,\n", f);
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		for (j = 0; j < r->names.n; j++) {
			fprintf(f, "%s,%s,", r->names.v[j],
				profile_action_name(r->action));
			if (r->errno_ret >= 0)
				fprintf(f, "%d", r->errno_ret);
			fputc(',', f);
			for (k = 0; k < r->n_args; k++)
				fprintf(f, "%s%u %s %llu %llu", k ? ";" : "",
					r->args[k].index,
					profile_op_name(r->args[k].op),
					(unsigned long long)r->args[k].value,
					(unsigned long long)r->args[k].value_two);
			fputc(',', f);
			csv_cond(f, &r->includes);
			fputc(',', f);
			csv_cond(f, &r->excludes);
			fputc(',', f);
			csv_field(f, r->comment ? r->comment : "");
			fputc('\n', f);
		}
	}
	if (fclose(f))
		out_of_memory();
	return text;
}

/* one record, in place: the fields end in NUL; NULL at the end of the text */
static char *csv_record(char *s, char *field[CSV_COLUMNS], size_t *n)
{
	*n = 0;
	for (;;) {
		char *to = s;
		bool quoted = *s == '"';

		if (*n < CSV_COLUMNS)
			field[*n] = to;
		++*n;
		if (quoted)
			s++;
		while (*s && (quoted || !strchr(",\r\n", *s))) {
			if (quoted && *s == '"') {
				if (s[1] != '"') {
					quoted = false;
					s++;
					continue;
				}
				s++;
			}
			*to++ = *s++;
		}
		if (*s == ',') {
			*to = 0;
			s++;
			continue;
		}
		if (*s == '\r')
			s++;
		if (*s == '\n')
			s++;
		*to = 0;
		return s;
	}
}

static int csv_args(char *s, struct profile_rule *r, struct error **err)
{
	char *save, *one;

	for (one = strtok_r(s, ";", &save); one;
	     one = strtok_r(NULL, ";", &save)) {
		struct profile_arg a = { 0 };
		unsigned long long v, w;
		char op[32];
		int end = -1;

		/* sscanf() would wrap a number that is too large */
		if (sscanf(one, "%1u %31s %20llu %20llu%n", &a.index, op, &v,
			   &w, &end) != 4 || one[end] ||
		    a.index >= PROFILE_MAX_ARGS ||
		    profile_op_parse(op, &a.op) || strchr(one, '-'))
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no argument", one);
		a.value = v;
		a.value_two = w;
		profile_rule_add_arg(r, &a);
	}
	return 0;
}

static int csv_read_cond(char *s, struct profile_cond *c, struct error **err)
{
	char *save, *w;

	for (w = strtok_r(s, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (!strncmp(w, "arch=", 5)) {
			strset_add(&c->arches, w + 5);
		} else if (!strncmp(w, "cap=", 4)) {
			strset_add(&c->caps, w + 4);
		} else if (!strncmp(w, "kernel=", 7) && !c->min_kernel &&
			   profile_kernel_valid(w + 7)) {
			c->min_kernel = xstrdup(w + 7);
		} else {
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no condition", w);
		}
	}
	return 0;
}

static int csv_row(struct profile *p, char *field[], struct error **err)
{
	struct profile_rule *r;
	enum profile_action a;
	int e = PROFILE_NO_ERRNO;
	char *end;

	if (profile_action_parse(field[1], &a))
		return error_make(err, ST_FAILED, 0, "`%s` is no action",
				  field[1]);
	if (*field[2]) {
		long n = strtol(field[2], &end, 10);

		if (*end || n < 0 || n > 65535)
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no errno", field[2]);
		e = n;
	}
	if (!strcmp(field[0], "*")) {
		if (*field[3] || *field[4] || *field[5])
			return error_make(err, ST_FAILED, 0,
					  "the default cannot have a condition");
		p->def_action = a;
		p->def_errno = e;
		return 0;
	}
	if (!profile_name_valid(field[0]))
		return error_make(err, ST_FAILED, 0,
				  "`%s` cannot be a system call's name",
				  field[0]);
	r = profile_add_rule(p, a, e);
	strset_add(&r->names, field[0]);
	if (*field[6])
		r->comment = xstrdup(field[6]);
	return csv_args(field[3], r, err) ||
	       csv_read_cond(field[4], &r->includes, err) ||
	       csv_read_cond(field[5], &r->excludes, err) ? -1 : 0;
}

/**
 * csv_read() - read such a table
 * @text: the text, ends in NUL
 * @len: bytes in it
 * @notes: unused
 * @err: set on failure
 *
 * Return: the profile, or NULL.
 */
struct profile *csv_read(const char *text, size_t len,
			 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(text, len);
	struct profile *p = profile_new();
	char *field[CSV_COLUMNS], *s = copy;
	unsigned int line = 0;
	size_t n;

	(void)notes;
	while (*s) {
		s = csv_record(s, field, &n);
		if (!line++) {
			if (n != CSV_COLUMNS || strcmp(field[0], "name") ||
			    strcmp(field[1], "action"))
				goto bad;
			continue;
		}
		if (n == 1 && !*field[0])
			continue;
		if (n != CSV_COLUMNS)
			goto bad;
		if (csv_row(p, field, err))
			goto fail;
	}
	if (!line)
		goto bad;
	profile_normalise(p);
	return p;
bad:
	error_make(err, ST_FAILED, 0,
		   "record %u has not the columns " CSV_HEADER, line);
fail:
	profile_free(p);
	return NULL;
}
