// SPDX-License-Identifier: GPL-2.0
/* Strict parsing of JSON that remembers where things stood. */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "json.h"
#include "profile/profile.h"

/**
 * json_put() - add a member to an object
 * @o: the object
 * @key: the member's name
 * @v: its value, which belongs to @o afterwards; NULL is out of memory
 */
void json_put(struct json_object *o, const char *key, struct json_object *v)
{
	/* the only failure is memory */
	if (!v || json_object_object_add(o, key, v))
		out_of_memory();
}

/**
 * json_append() - add an item to an array
 * @a: the array
 * @v: as for json_put()
 */
void json_append(struct json_object *a, struct json_object *v)
{
	if (!v || json_object_array_add(a, v))
		out_of_memory();
}

/**
 * json_put_str() - add a string to an object
 * @o: the object
 * @key: the member's name
 * @s: the string; NULL adds nothing
 */
void json_put_str(struct json_object *o, const char *key, const char *s)
{
	if (s)
		json_put(o, key, json_object_new_string(s));
}

/**
 * json_member() - a member of what may be an object
 * @o: any value
 * @key: the member's name
 *
 * Return: its value, or NULL where there is none or it is null.
 */
struct json_object *json_member(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_is_type(o, json_type_object) &&
	       json_object_object_get_ex(o, key, &v) ? v : NULL;
}

/**
 * json_has() - is there such a member?
 * @o: any value
 * @key: the member's name
 *
 * Return: true if it is there, be it null.
 */
bool json_has(struct json_object *o, const char *key)
{
	return json_object_is_type(o, json_type_object) &&
	       json_object_object_get_ex(o, key, NULL);
}

/**
 * json_str() - the string that a value is
 * @v: any value
 *
 * Return: the string, or NULL: it is none, or has a NUL in it, which would hide
 * the rest.
 */
const char *json_str(struct json_object *v)
{
	const char *s;

	if (!json_object_is_type(v, json_type_string))
		return NULL;
	s = json_object_get_string(v);
	return strlen(s) == (size_t)json_object_get_string_len(v) ? s : NULL;
}

/**
 * json_doc_new() - an empty document
 *
 * Return: the document, for json_doc_free().
 */
struct json_doc *json_doc_new(void)
{
	return xcalloc(1, sizeof(struct json_doc));
}

/**
 * json_doc_free() - free a document
 * @doc: the document, may be NULL
 */
void json_doc_free(struct json_doc *doc)
{
	if (!doc)
		return;
	json_object_put(doc->root);
	free(doc->lines);
	free(doc);
}

/**
 * json_doc_mark() - remember the line of a value
 * @doc: the document
 * @o: the value; null has no address, and so no line
 * @line: counted from 1
 */
void json_doc_mark(struct json_doc *doc, const struct json_object *o,
		   unsigned int line)
{
	if (!o)
		return;
	doc->lines = profile_grow(doc->lines, doc->n_lines,
				  sizeof(*doc->lines));
	doc->lines[doc->n_lines].o = o;
	doc->lines[doc->n_lines++].line = line;
}

/**
 * json_doc_line() - where does a value begin?
 * @doc: the document
 * @o: the value
 *
 * Return: its line, counted from 1; 0 if it is not known.
 */
unsigned int json_doc_line(const struct json_doc *doc,
			   const struct json_object *o)
{
	size_t i;

	for (i = 0; i < doc->n_lines; i++)
		if (doc->lines[i].o == o)
			return doc->lines[i].line;
	return 0;
}

/*
 * A second look at the text, beside the objects that were made from it: json-c
 * keeps the last of two members of one name, and makes a number that is too
 * large the largest one there is.  The text is well formed.
 */
struct walk {
	struct json_doc *doc;
	const char *s;
	unsigned int line;
	struct error **err;
};

static void skip_blanks(struct walk *w)
{
	for (; *w->s && strchr(" \t\r\n", *w->s); w->s++)
		w->line += *w->s == '\n';
}

/* past a string's closing quote; @out gets it as written, with its quotes */
static void skip_string(struct walk *w, char **out)
{
	const char *from = w->s++;

	while (*w->s && *w->s != '"')
		w->s += *w->s == '\\' && w->s[1] ? 2 : 1;
	if (*w->s)
		w->s++;
	if (out)
		*out = xstrndup(from, w->s - from);
}

static int walk_number(struct walk *w)
{
	size_t n = strspn(w->s, "+-.0123456789eE");
	cleanup_free char *text = xstrndup(w->s, n);
	const char *digits = text + (*text == '-');
	char *end;

	w->s += n;
	if (*digits == '0' && isdigit((unsigned char)digits[1]))
		return error_make(w->err, ST_FAILED, 0,
				  "line %u: not JSON: `%.40s` begins with a zero",
				  w->line, text);
	if (strpbrk(text, ".eE"))
		return 0;
	errno = 0;
	if (*text == '-')
		strtoll(text, &end, 10);
	else
		strtoull(text, &end, 10);
	return errno ? error_make(w->err, ST_FAILED, 0,
				  "line %u: `%.40s` does not fit in 64 bits",
				  w->line, text) : 0;
}

/* the key as json-c understood it: two ways to write one are one key */
static char *walk_key(struct walk *w)
{
	cleanup_free char *raw = NULL;
	struct json_object *o;
	char *key;

	skip_string(w, &raw);
	o = json_tokener_parse(raw);
	key = xstrdup(o ? json_object_get_string(o) : "");
	json_object_put(o);
	return key;
}

static int walk_value(struct walk *w, struct json_object *o);

static int walk_object(struct walk *w, struct json_object *o)
{
	struct strset seen = { 0 };
	int ret = 0;

	for (w->s++;; w->s++) {
		cleanup_free char *key = NULL;

		skip_blanks(w);
		if (*w->s != '"')
			break;
		key = walk_key(w);
		if (!strset_add(&seen, key)) {
			ret = error_make(w->err, ST_FAILED, 0,
					 "line %u: member `%s` given twice in one object",
					 w->line, key);
			break;
		}
		skip_blanks(w);
		w->s++;		/* the colon */
		ret = walk_value(w, json_member(o, key));
		skip_blanks(w);
		if (ret || *w->s != ',')
			break;
	}
	strset_free(&seen);
	w->s += *w->s == '}';
	return ret;
}

static int walk_array(struct walk *w, struct json_object *o)
{
	size_t i, n = json_object_is_type(o, json_type_array) ?
		      json_object_array_length(o) : 0;
	int ret = 0;

	w->s++;
	for (i = 0; i < n && !ret; i++) {
		ret = walk_value(w, json_object_array_get_idx(o, i));
		skip_blanks(w);
		w->s += *w->s == ',' || *w->s == ']';
	}
	if (!n) {
		skip_blanks(w);
		w->s += *w->s == ']';
	}
	return ret;
}

static int walk_value(struct walk *w, struct json_object *o)
{
	skip_blanks(w);
	json_doc_mark(w->doc, o, w->line);
	if (*w->s == '{')
		return walk_object(w, o);
	if (*w->s == '[')
		return walk_array(w, o);
	if (*w->s == '"')
		skip_string(w, NULL);
	else if (*w->s == '-' || isdigit((unsigned char)*w->s))
		return walk_number(w);
	else
		while (isalpha((unsigned char)*w->s))
			w->s++;
	return 0;
}

static unsigned int line_of(const char *text, size_t at)
{
	unsigned int line = 1;
	size_t i;

	for (i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* has the value that begins a text come to its end before @at? */
static bool is_over(const char *text, size_t at)
{
	struct walk w = { .s = text };
	int depth = 0;

	while (w.s < text + at) {
		if (*w.s == '"') {
			skip_string(&w, NULL);
			continue;
		}
		depth += *w.s == '{' || *w.s == '[';
		depth -= *w.s == '}' || *w.s == ']';
		if (!depth && (*w.s == '}' || *w.s == ']'))
			return true;
		w.s++;
	}
	return false;
}

/* what people and other programs write in the place of JSON */
static const char *slip(const char *text, size_t at)
{
	size_t before = at;

	while (before && strchr(" \t\r\n", text[before - 1]))
		before--;
	if (text[at] == '#' || (text[at] == '/' && (text[at + 1] == '/' ||
						    text[at + 1] == '*')))
		return "a comment, which JSON does not have";
	if (before && text[before - 1] == ',' &&
	    (text[at] == '}' || text[at] == ']'))
		return "a comma after which nothing comes";
	if (text[at] == '\'')
		return "a string in single quotes: JSON has double ones";
	if (at && (text[at] | 0x20) == 'x' && text[at - 1] == '0')
		return "a number in hexadecimal: JSON has decimal ones";
	return is_over(text, at) ? "more text after its end" : NULL;
}

static int bad_json(const char *text, size_t at, const char *why,
		    struct error **err)
{
	const char *what = slip(text, at);

	return error_make(err, ST_FAILED, 0, "line %u: not JSON: %s",
			  line_of(text, at), what ? what : why);
}

/**
 * json_parse() - text to objects, strictly
 * @text: the text, which ends in NUL
 * @len: bytes in it
 * @err: set on failure
 *
 * Return: the document, or NULL.
 */
struct json_doc *json_parse(const char *text, size_t len, struct error **err)
{
	struct json_doc *doc = json_doc_new();
	struct walk w = { .doc = doc, .s = text, .line = 1, .err = err };
	struct json_tokener *tok;
	enum json_tokener_error jerr;
	size_t end;

	if (len >= INT_MAX) {
		error_make(err, ST_FAILED, 0, "too large");
		goto fail;
	}
	tok = json_tokener_new_ex(JSON_MAX_DEPTH);
	if (!tok)
		out_of_memory();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	/* with the NUL, which ends a number or word */
	doc->root = json_tokener_parse_ex(tok, text, len + 1);
	jerr = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	if (jerr == json_tokener_continue) {
		bad_json(text, len, "it ends too early", err);
		goto fail;
	}
	if (jerr != json_tokener_success) {
		bad_json(text, end < len ? end : len,
			 json_tokener_error_desc(jerr), err);
		goto fail;
	}
	while (end < len && text[end] && strchr(" \t\r\n", text[end]))
		end++;
	if (end < len) {
		bad_json(text, end, "more text after its end", err);
		goto fail;
	}
	if (walk_value(&w, doc->root))
		goto fail;
	return doc;
fail:
	json_doc_free(doc);
	return NULL;
}
