// SPDX-License-Identifier: GPL-2.0
/* Data on standard output, as text or as JSON, from one call for both. */

#include <inttypes.h>
#include <stdarg.h>
#include "file.h"
#include "print.h"
#include "term.h"

/**
 * print_begin() - begin the output on standard output
 * @p: for print_end() or print_free()
 * @json: JSON, or else text
 */
void print_begin(struct print *p, bool json)
{
	print_begin_on(p, json, stdout);
}

/**
 * print_begin_on() - begin the output
 * @p: for print_end() or print_free()
 * @json: JSON, or else text
 * @to: where it goes; only on a terminal text has a width and colours
 */
void print_begin_on(struct print *p, bool json, FILE *to)
{
	memset(p, 0, sizeof(*p));
	p->to = to;
	p->json = json;
	if (!json) {
		/* a program that reads this wants lines as they are */
		if (isatty(fileno(to)))
			p->width = term_width(fileno(to));
		p->colour = term_colour(to);
		return;
	}
	p->root = json_object_new_object();
	if (!p->root)
		out_of_memory();
	p->stack[0] = p->root;
	print_u64(p, "version", NULL, PRINT_VERSION);
}

static void table_free(struct print_table *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->cells; i++)
		free(t->cell[i]);
	free(t->cell);
	free(t->head);
	free(t->whole);
	free(t);
}

/**
 * print_free() - release what print_end() has not
 * @p: the output
 */
void print_free(struct print *p)
{
	json_object_put(p->root);
	table_free(p->table);
	p->root = NULL;
	p->table = NULL;
}

/**
 * print_end() - end the output and see that it got out
 * @p: the output
 * @err: why it did not
 *
 * Return: 0, or -1 and @err.
 */
int print_end(struct print *p, struct error **err)
{
	if (p->json) {
		cleanup_free char *ascii = NULL;
		const char *s;

		s = json_object_to_json_string_ext(p->root,
						   JSON_C_TO_STRING_PRETTY |
						   JSON_C_TO_STRING_SPACED |
						   JSON_C_TO_STRING_NOSLASHESCAPE);
		if (!s)
			out_of_memory();
		ascii = json_ascii(s, false);
		fprintf(p->to, "%s\n", ascii);
	}
	print_free(p);
	/* whoever set another stream will see to it */
	if (p->to != stdout)
		return 0;
	return file_stdout_done(err);
}

/* Hangs @v into what is open; takes the reference */
static void json_put(struct print *p, const char *key, struct json_object *v)
{
	struct json_object *top = p->stack[p->depth];

	if (json_object_is_type(top, json_type_array) ?
	    json_object_array_add(top, v) : json_object_object_add(top, key, v))
		out_of_memory();
}

static void json_open(struct print *p, const char *key, struct json_object *v)
{
	if (!v)
		out_of_memory();
	json_put(p, key, v);
	if (p->depth + 1 == PRINT_DEPTH)
		abort();	/* a mistake of ours */
	p->stack[++p->depth] = v;
}

/**
 * print_object() - begin an object
 * @p: the output
 * @key: its name; nothing shows in the text
 */
void print_object(struct print *p, const char *key)
{
	if (p->json)
		json_open(p, key, json_object_new_object());
}

/**
 * print_array() - begin an array of objects, which are lines in the text
 * @p: the output
 * @key: its name
 */
void print_array(struct print *p, const char *key)
{
	if (p->json)
		json_open(p, key, json_object_new_array());
}

/**
 * print_table() - begin an array of objects, which is a table in the text
 * @p: the output
 * @key: its name
 *
 * Each row is begun by print_row() and has the same values in the same order.
 */
void print_table(struct print *p, const char *key)
{
	print_array(p, key);
	if (p->json) {
		p->table_depth = p->depth;
		return;
	}
	p->table = xcalloc(1, sizeof(*p->table));
	p->table->first = true;
}

/**
 * print_row() - begin the next row of a table
 * @p: the output
 */
void print_row(struct print *p)
{
	if (!p->json) {
		if (p->table->cells)
			p->table->first = false;
		p->table->column = 0;
		return;
	}
	p->depth = p->table_depth;
	json_open(p, NULL, json_object_new_object());
}

#define GAP	2	/* between columns */
#define LEAST	6	/* what is cut shorter tells nothing */
#define ENOUGH	12	/* most names can be told apart */

/* Make the first @n columns narrow, the widest first, until they fit; false: they do not */
static bool narrow(const struct print_table *t, size_t n, size_t least, size_t *w, size_t width)
{
	size_t sum, c, widest;

	for (;;) {
		widest = n;
		sum = 0;
		for (c = 0; c < n; c++) {
			sum += w[c] + (c ? GAP : 0);
			if (!t->whole[c] && w[c] > least && (widest == n || w[c] > w[widest]))
				widest = c;
		}
		if (sum <= width)
			return true;
		if (widest == n)
			return false;
		w[widest]--;
	}
}

/*
 * Where not all columns fit, the last are left out before the others are cut too short: the
 * first say what a row is about. Two stay as long as they can. Returns how many do.
 */
static size_t fit(const struct print_table *t, size_t *w, size_t width)
{
	cleanup_free size_t *whole = xcalloc(t->columns, sizeof(*whole));
	size_t n = t->columns;

	memcpy(whole, w, t->columns * sizeof(*w));
	while (!narrow(t, n, n > 2 ? ENOUGH : LEAST, w, width) && n > 1) {
		memcpy(w, whole, t->columns * sizeof(*w));
		n--;
	}
	return n;
}

static void table_print(const struct print_table *t, FILE *to, size_t width)
{
	cleanup_free size_t *w = xcalloc(t->columns, sizeof(*w));
	size_t i, c, n = t->columns;

	if (!n)
		return;
	for (c = 0; c < n; c++)
		w[c] = term_columns(t->head[c]);
	for (i = 0; i < t->cells; i++)
		if (term_columns(t->cell[i]) > w[i % n])
			w[i % n] = term_columns(t->cell[i]);
	if (width)
		n = fit(t, w, width);
	for (i = 0; i < t->columns + t->cells; i++) {
		const char *s = i < t->columns ? t->head[i] :
						 t->cell[i - t->columns];
		cleanup_free char *cut = NULL;

		c = i % t->columns;
		if (c >= n)
			continue;
		cut = term_cut(s, w[c]);
		if (c + 1 == n)
			fprintf(to, "%s\n", cut);
		else
			fprintf(to, "%s%*s", cut, (int)(w[c] - term_columns(cut) + GAP), "");
	}
}

/**
 * print_close() - end an object, an array or a table
 * @p: the output
 */
void print_close(struct print *p)
{
	if (p->json) {
		/* the last row of a table is open still */
		if (p->table_depth)
			p->depth = p->table_depth;
		p->table_depth = 0;
		p->depth--;
		return;
	}
	if (!p->table)
		return;
	if (p->table->cells)
		table_print(p->table, p->to, p->width);
	table_free(p->table);
	p->table = NULL;
}

/* One value; takes @text, and @v which is NULL in text mode. @whole: not to be cut */
static void put(struct print *p, const char *key, const char *head,
		struct json_object *v, char *text, bool whole)
{
	struct print_table *t = p->table;

	if (p->json) {
		if (key)
			json_put(p, key, v);
		else
			json_object_put(v);
		free(text);
		return;
	}
	if (!head) {
		free(text);
	} else if (t) {
		if (t->first) {
			t->head = xrealloc(t->head, t->columns + 1,
					   sizeof(*t->head));
			t->whole = xrealloc(t->whole, t->columns + 1, sizeof(*t->whole));
			t->whole[t->columns] = whole;
			t->head[t->columns++] = head;
		}
		if (t->cells == t->max) {
			t->max = t->max ? 2 * t->max : 64;
			t->cell = xrealloc(t->cell, t->max, sizeof(*t->cell));
		}
		t->cell[t->cells++] = text;
		t->column++;
	} else {
		print_words(p, 13, "%-12s %s", head, text);
		free(text);
	}
}

/**
 * print_line() - a line that is in the text only
 * @p: the output
 * @fmt: as printf
 */
void print_line(struct print *p, const char *fmt, ...)
{
	va_list ap;

	if (p->json)
		return;
	va_start(ap, fmt);
	vfprintf(p->to, fmt, ap);
	va_end(ap);
	putc('\n', p->to);
}

/**
 * print_marked() - a text that may take several lines, after a mark; in the text only
 * @p: the output
 * @how: the colour of the mark, where there are colours
 * @mark: of our own; it comes first as it is
 * @indent: of all lines but the first
 * @fmt: as printf; of any origin
 *
 * Where the output has no width it is one line.
 */
void print_marked(struct print *p, enum colour how, const char *mark, unsigned int indent,
		  const char *fmt, ...)
{
	static const char *const code[] = {
		[COLOUR_GOOD] = "32", [COLOUR_LOOK] = "33", [COLOUR_BAD] = "31",
		[COLOUR_HEAD] = "1",
	};
	cleanup_free char *raw = NULL, *text = NULL;
	size_t at = term_columns(mark), len;
	const char *s;
	va_list ap;

	if (p->json)
		return;
	va_start(ap, fmt);
	raw = xvasprintf(fmt, ap);
	va_end(ap);
	text = printable(raw);
	if (p->colour && how != COLOUR_NONE)
		fprintf(p->to, "\x1b[%sm%s\x1b[0m", code[how], mark);
	else
		fputs(mark, p->to);
	/* a narrow terminal has no room for it */
	if (p->width && indent + LEAST > p->width)
		indent = 0;
	for (s = text; *s; s += len) {
		cleanup_free char *word = NULL;
		size_t blanks = strspn(s, " "), columns;

		len = blanks + strcspn(s + blanks, " ");
		word = xstrndup(s + blanks, len - blanks);
		columns = term_columns(word);
		if (p->width && at > indent && at + blanks + columns > p->width) {
			fprintf(p->to, "\n%*s", (int)indent, "");
			at = indent;
		} else {
			fprintf(p->to, "%*s", (int)blanks, "");
			at += blanks;
		}
		/* even a line of its own is not always enough */
		while (p->width && at + columns > p->width && p->width > at + 1) {
			cleanup_free char *rest = word;
			size_t n = term_prefix(word, p->width - at), flags = n;

			/* rather between the flags of a value */
			while (flags && word[flags - 1] != '|')
				flags--;
			if (flags)
				n = flags;
			fprintf(p->to, "%.*s\n%*s", (int)n, word, (int)indent, "");
			word = xstrdup(rest + n);
			columns = term_columns(word);
			at = indent;
		}
		fputs(word, p->to);
		at += columns;
	}
	putc('\n', p->to);
}

/**
 * print_u64() - a number
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: the number
 */
void print_u64(struct print *p, const char *key, const char *head, uint64_t v)
{
	put(p, key, head, p->json ? json_object_new_uint64(v) : NULL,
	    p->json ? NULL : xasprintf("%" PRIu64, v), true);
}

/**
 * print_s64() - a number that may be negative
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: the number
 */
void print_s64(struct print *p, const char *key, const char *head, int64_t v)
{
	put(p, key, head, p->json ? json_object_new_int64(v) : NULL,
	    p->json ? NULL : xasprintf("%" PRId64, v), true);
}

/**
 * print_bool() - yes or no
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: which
 */
void print_bool(struct print *p, const char *key, const char *head, bool v)
{
	put(p, key, head, p->json ? json_object_new_boolean(v) : NULL,
	    p->json ? NULL : xstrdup(v ? "yes" : "no"), true);
}

static void put_string(struct print *p, const char *key, const char *head, const char *v,
		       bool whole)
{
	char *safe = v ? printable(v) : NULL;

	if (p->json) {
		put(p, key, head, safe ? json_object_new_string(safe) : NULL,
		    safe, whole);
		return;
	}
	if (!safe || !*safe) {
		free(safe);
		safe = xstrdup("-");
	}
	put(p, key, head, NULL, safe, whole);
}

/**
 * print_string() - a string of any origin
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: the string; NULL is null in JSON and a dash in text
 */
void print_string(struct print *p, const char *key, const char *head,
		  const char *v)
{
	put_string(p, key, head, v, false);
}

/**
 * print_name() - a string that is of no use when cut
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: the string, as for print_string()
 */
void print_name(struct print *p, const char *key, const char *head, const char *v)
{
	put_string(p, key, head, v, true);
}

/**
 * print_document() - a document within the document, in the JSON only
 * @p: the output
 * @key: its name
 * @text: JSON of our own making; what is none is put there as a string
 */
void print_document(struct print *p, const char *key, const char *text)
{
	struct json_object *v;

	if (!p->json)
		return;
	v = json_tokener_parse(text);
	if (!v)
		v = json_object_new_string(text);
	if (!v)
		out_of_memory();
	json_put(p, key, v);
}

/**
 * print_strings() - a list of strings
 * @p: the output
 * @key: its name in JSON, or NULL
 * @head: its name in text, or NULL
 * @v: the strings, which stand with commas in text
 * @n: how many
 */
void print_strings(struct print *p, const char *key, const char *head,
		   const char *const *v, size_t n)
{
	struct json_object *a = NULL;
	char *text = NULL;
	size_t i;

	if (p->json) {
		a = json_object_new_array();
		if (!a)
			out_of_memory();
		for (i = 0; i < n; i++) {
			cleanup_free char *safe = printable(v[i]);

			if (json_object_array_add(a,
						  json_object_new_string(safe)))
				out_of_memory();
		}
	} else {
		text = xstrdup(n ? "" : "-");
		for (i = 0; i < n; i++) {
			cleanup_free char *old = text;
			cleanup_free char *safe = printable(v[i]);

			text = xasprintf("%s%s%s", old, i ? "," : "", safe);
		}
	}
	put(p, key, head, a, text, false);
}

/**
 * print_duration() - a time span for people
 * @ns: nanoseconds
 *
 * Return: at most seven characters, for free().
 */
char *print_duration(uint64_t ns)
{
	uint64_t s = ns / 1000000000;

	if (ns < 1000000)
		return xasprintf("%" PRIu64 "us", ns / 1000);
	if (ns < 1000000000)
		return xasprintf("%" PRIu64 "ms", ns / 1000000);
	if (s < 10)
		return xasprintf("%" PRIu64 ".%" PRIu64 "s", s,
				 ns / 100000000 % 10);
	if (s < 100)
		return xasprintf("%" PRIu64 "s", s);
	if (s < 3600)
		return xasprintf("%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	if (s < 86400)
		return xasprintf("%" PRIu64 "h%02" PRIu64 "m", s / 3600,
				 s / 60 % 60);
	return xasprintf("%" PRIu64 "d%02" PRIu64 "h", s / 86400,
			 s / 3600 % 24);
}

/**
 * print_ns() - a time span
 * @p: the output
 * @key: its name in JSON, which ends in _ns, or NULL
 * @head: its name in text, or NULL
 * @v: nanoseconds; text has them rounded
 */
void print_ns(struct print *p, const char *key, const char *head, uint64_t v)
{
	put(p, key, head, p->json ? json_object_new_uint64(v) : NULL,
	    p->json ? NULL : print_duration(v), true);
}

/**
 * print_text() - a value that is in the text only
 * @p: the output
 * @head: its name
 * @fmt: as printf
 */
void print_text(struct print *p, const char *head, const char *fmt, ...)
{
	cleanup_free char *raw = NULL;
	va_list ap;

	if (p->json)
		return;
	va_start(ap, fmt);
	raw = xvasprintf(fmt, ap);
	va_end(ap);
	put(p, NULL, head, NULL, printable(raw), false);
}
