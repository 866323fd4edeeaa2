// SPDX-License-Identifier: GPL-2.0
/* A table with one line for each name and rule, for a spreadsheet. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "dialect.h"

#define CSV_HEADER	"name,action,errnoRet,args,includes,excludes,comment"
#define CSV_COLUMNS	7

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

/* the lines of one rule cannot be told from those of an equal one after it */
static void join_neighbours(struct profile *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		if (!n || profile_rule_body_cmp(&p->rules[n - 1], r)) {
			p->rules[n++] = *r;
			continue;
		}
		strset_join(&p->rules[n - 1].names, &r->names);
		profile_rule_free(r);
	}
	p->n_rules = n;
}

/* The name "*" stands for the default. */
static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	char *text = NULL;
	size_t i, j, k, len;
	FILE *f;

	(void)opts;
	join_neighbours(p);
	for (i = 0; i < p->n_rules; i++)
		if (!cond_words(&p->rules[i].includes) ||
		    !cond_words(&p->rules[i].excludes)) {
			dialect_refuse_rule(&p->rules[i], &dialect_csv,
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
static char *csv_record(char *s, char *field[CSV_COLUMNS], size_t *n,
			unsigned int *lines)
{
	*n = 0;
	*lines = 0;
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
			*lines += *s == '\n';
			*to++ = *s++;
		}
		if (*s == ',') {
			*to = 0;
			s++;
			continue;
		}
		if (*s == '\r')
			s++;
		*lines += *s == '\n';
		s += *s == '\n';
		*to = 0;
		return s;
	}
}

/* digits, and the blank after them */
static int csv_number(char **s, uint64_t max, uint64_t *to)
{
	char *end;

	if (!isdigit((unsigned char)**s))
		return -1;
	errno = 0;
	*to = strtoull(*s, &end, 10);
	if (errno || *to > max || (*end && *end != ' '))
		return -1;
	*s = end + (*end == ' ');
	return 0;
}

static int csv_args(char *s, struct profile_rule *r, struct error **err)
{
	char *save, *one;

	for (one = strtok_r(s, ";", &save); one;
	     one = strtok_r(NULL, ";", &save)) {
		struct profile_arg a = { 0 };
		uint64_t index;
		char *at = one, *op;

		/* INDEX OP VALUE VALUE */
		if (csv_number(&at, PROFILE_MAX_ARGS - 1, &index))
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no argument", one);
		op = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = 0;
		if (profile_op_parse(op, &a.op) ||
		    csv_number(&at, UINT64_MAX, &a.value) ||
		    csv_number(&at, UINT64_MAX, &a.value_two) || *at)
			return error_make(err, ST_FAILED, 0,
					  "`%s %s` is no argument", one, op);
		a.index = index;
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

static int csv_row(struct profile *p, char *field[], bool *def, struct error **err)
{
	struct profile_rule *r;
	enum profile_action a;
	int e = PROFILE_NO_ERRNO;

	if (profile_action_parse(field[1], &a))
		return error_make(err, ST_FAILED, 0, "`%s` is no action",
				  field[1]);
	if (*field[2]) {
		uint64_t n;
		char *at = field[2];

		if (csv_number(&at, 65535, &n) || *at)
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no errno", field[2]);
		e = n;
	}
	if (!strcmp(field[0], "*")) {
		if (*field[3] || *field[4] || *field[5])
			return error_make(err, ST_FAILED, 0,
					  "the default cannot have a condition");
		if (*def)
			return error_make(err, ST_FAILED, 0,
					  "there is a default (`*`) already");
		*def = true;
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
	if (csv_args(field[3], r, err) ||
	    csv_read_cond(field[4], &r->includes, err) ||
	    csv_read_cond(field[5], &r->excludes, err))
		return -1;
	return 0;
}

static struct profile *read_text(const struct source *src,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *copy = xstrndup(src->text, src->len);
	struct profile *p = profile_new();
	char *field[CSV_COLUMNS], *s = copy;
	unsigned int line = 1, lines;
	bool header = true, def = false;
	size_t n;

	(void)notes;
	for (; *s; line += lines, header = false) {
		s = csv_record(s, field, &n, &lines);
		if (n == 1 && !*field[0] && !header)
			continue;
		if (n != CSV_COLUMNS || (header && (strcmp(field[0], "name") ||
						    strcmp(field[1], "action"))))
			goto bad;
		if (!header && csv_row(p, field, &def, err)) {
			error_wrap(err, "line %u", line);
			goto fail;
		}
	}
	join_neighbours(p);
	if (def)
		return p;
	if (!header) {
		error_make(err, ST_FAILED, 0, "no line tells the default: its name is `*`");
		goto fail;
	}
bad:
	error_make(err, ST_FAILED, 0,
		   "line %u has not the columns " CSV_HEADER, line);
fail:
	profile_free(p);
	return NULL;
}

static int detect(const struct source *s)
{
	return !strncmp(s->text + strspn(s->text, " \t\r\n"), "name,", 5) ?
	       2 : 0;
}

const struct dialect dialect_csv = {
	.name = "csv",
	.help = "a table with a line for each name and rule",
	.can = CAN_CONDITIONS | CAN_MIN_KERNEL | CAN_COMMENT |
	       CAN_DEFAULT_ERRNO | CAN_ENOSYS | CAN_REPEAT,
	.detect = detect,
	.lose = dialect_lose_arches,
	.read = read_text,
	.write = write_text,
};
