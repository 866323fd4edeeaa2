// SPDX-License-Identifier: GPL-2.0
/*
 * Changes a container's configuration. What is not changed stays as it is, byte
 * for byte: numbers above 2^63 or members that this program has never heard of
 * are none of its business, so the text is cut and joined, not printed anew.
 */

#include <ctype.h>
#include <limits.h>
#include "edit.h"
#include "state.h"

#define WHAT	"container configuration"

/* A piece of the text, of valid JSON */
struct span {
	const char *at, *end;
};

static const char *blanks(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* From the opening quote to behind the closing one */
static const char *skip_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

static const char *skip_value(const char *s)
{
	int depth = 0;

	do {
		if (*s == '"') {
			s = skip_string(s);
			continue;
		}
		if (*s == '{' || *s == '[')
			depth++;
		else if (*s == '}' || *s == ']')
			depth--;
		else if (!depth)	/* a number or a word */
			return s + strcspn(s, ",]} \t\r\n");
		if (*s)
			s++;
	} while (*s && depth > 0);
	return s;
}

/*
 * The value of a member of the object that begins at @s. Returns how often
 * there is one of that name; names with escapes in them are not recognised.
 */
static int find(const char *s, const char *key, struct span *value)
{
	size_t n = strlen(key);
	int found = 0;

	s = blanks(s + 1);
	while (*s == '"') {
		const char *name = s + 1, *end = skip_string(s);
		bool is = (size_t)(end - name) == n + 1 &&
			  !memcmp(name, key, n);

		s = blanks(end);
		if (*s == ':')
			s = blanks(s + 1);
		end = skip_value(s);
		if (is) {
			found++;
			value->at = s;
			value->end = end;
		}
		s = blanks(end);
		if (*s == ',')
			s = blanks(s + 1);
	}
	return found;
}

static int once(int found, bool there, const char *key, struct error **err)
{
	if (found > 1)
		return error_make(err, ST_FAILED, 0, WHAT ": `%s` is there twice",
				  key);
	/* what one reader finds and the other not was spelled oddly */
	if (!found != !there)
		return error_make(err, ST_FAILED, 0,
				  WHAT ": cannot make out `%s`", key);
	return 0;
}

/* @value within the objects that @path names, outermost first */
static char *wrapped(const char *const *path, const char *value)
{
	cleanup_free char *inner = NULL;

	if (!*path)
		return xstrdup(value);
	inner = wrapped(path + 1, value);
	return xasprintf("{\"%s\":%s}", *path, inner);
}

/* @text with @with in place of what is at @where */
static char *join(const char *text, size_t len, const struct span *where,
		  const char *with, size_t *out_len)
{
	size_t head = where->at - text, tail = text + len - where->end;
	size_t n = strlen(with);
	char *out = xcalloc(head + n + tail + 1, 1);

	memcpy(out, text, head);
	memcpy(out + head, with, n);
	memcpy(out + head + n, where->end, tail);
	*out_len = head + n + tail;
	return out;
}

/* What is to be put in place of what, and how it is spelled */
static char *spell(const char *begin, struct json_object *o,
		   const char *const *path, const char *value,
		   enum json_type type, struct span *where, struct error **err)
{
	cleanup_free char *rest = NULL;
	struct json_object *v = NULL;
	const char *at = begin;

	for (;; path++) {
		bool there = json_object_object_get_ex(o, *path, &v);

		if (once(find(at, *path, where), there, *path, err) < 0)
			return NULL;
		rest = wrapped(path + 1, value);
		if (!there) {
			/* as the first member */
			where->at = at + 1;
			where->end = where->at;
			return xasprintf("\"%s\":%s%s", *path, rest,
					 *blanks(at + 1) == '}' ? "" : ",");
		}
		if (!v)
			return xstrdup(rest);
		if (!json_object_is_type(v, path[1] ? json_type_object : type) ||
		    (path[1] && *where->at != '{')) {
			error_make(err, ST_FAILED, 0, WHAT ": `%s` is no %s",
				   *path, json_type_to_name(path[1] ?
				   json_type_object : type));
			return NULL;
		}
		if (!path[1])
			break;
		free(rest);
		rest = NULL;
		o = v;
		at = where->at;
	}
	if (type != json_type_array)
		return xstrdup(rest);
	/* its elements, as the last of those that are there */
	where->at = where->end - 1;
	where->end = where->at;
	rest[strlen(rest) - 1] = '\0';
	return xasprintf("%s%s", json_object_array_length(v) ? "," : "",
			 rest + 1);
}

/**
 * hook_config_put() - put a member into a configuration
 * @text: the configuration; a NUL must follow it
 * @len: its length
 * @path: the names of the objects that it is in, and its own; NULL ends them.
 *	Those that are not there are made.
 * @value: it, as JSON
 * @type: its type. The elements of an array are added to those that are there,
 *	all else replaces what is there.
 * @out_len: length of the result
 * @err: why it cannot be put there
 *
 * Return: the new text, for free(), or NULL and @err.
 */
char *hook_config_put(const char *text, size_t len, const char *const *path,
		      const char *value, enum json_type type, size_t *out_len,
		      struct error **err)
{
	struct json_object *root = hook_json(text, len, WHAT, err);
	cleanup_free char *with = NULL;
	struct span where = { 0 };
	const char *begin;

	if (!root)
		return NULL;
	/* json-c takes comments and such for JSON; the runtimes do not */
	begin = blanks(text);
	if (*begin != '{')
		error_make(err, ST_FAILED, 0, WHAT ": no JSON object");
	else
		with = spell(begin, root, path, value, type, &where, err);
	json_object_put(root);
	return with ? join(text, len, &where, with, out_len) : NULL;
}
