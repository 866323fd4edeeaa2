// SPDX-License-Identifier: GPL-2.0
/* The manual's section JSON, see manual.h. */

#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "lib/error.h"
#include "manual.h"

/**
 * manual_page() - read a manual page
 * @name: of its file
 *
 * Return: its text, for free(), without the backslashes before dashes.
 */
char *manual_page(const char *name)
{
	cleanup_free char *here = xstrdup(__FILE__);
	cleanup_free char *path = xasprintf("%s/../../user/man/%s", dirname(here), name);
	FILE *f = fopen(path, "re");
	char *text = xcalloc(1 << 18, 1);
	size_t n = 0;
	int c;

	assert_non_null(f);
	while ((c = getc(f)) != EOF && n < (1 << 18) - 1)
		if (c != '\\')
			text[n++] = c;
	fclose(f);
	return text;
}

static void read_member(struct manual_member *m, const char *line)
{
	size_t len = strcspn(line, "\n ");
	bool optional = line[len - 1] == '?';
	cleanup_free char *path = xstrndup(line, len - optional);
	char *dot = strrchr(path, '.');

	memset(m, 0, sizeof(*m));
	m->optional = optional;
	snprintf(m->path, sizeof(m->path), "%s", path);
	snprintf(m->type, sizeof(m->type), "%.*s", (int)strcspn(line + len + 1, ":\n"),
		 line + len + 1);
	snprintf(m->key, sizeof(m->key), "%s", dot ? dot + 1 : path);
	if (dot)
		*dot = '\0';
	snprintf(m->parent, sizeof(m->parent), "%s", dot ? path : "");
	if (strlen(m->key) > 2 && !strcmp(m->key + strlen(m->key) - 2, "[]")) {
		m->key[strlen(m->key) - 2] = '\0';
		m->list = true;
	}
	m->any = !strcmp(m->key, "*") || !strcmp(m->type, "object");
}

/**
 * manual_shape() - read a list of members
 * @s: set up here
 * @anchor: what stands before the list
 */
void manual_shape(struct manual_shape *s, const char *anchor)
{
	cleanup_free char *page = manual_page("sctrace-nl.8");
	const char *at = strstr(strstr(page, "\n.SH JSON\n"), anchor), *end, *line;

	if (!at)
		fail_msg("the manual's JSON lacks %s", anchor);
	s->what = anchor;
	s->n = 0;
	at = strstr(at + strlen(anchor) - 1, "\n.nf\n") + 5;
	end = strstr(at, "\n.fi\n") + 1;
	for (line = at; line < end; line += strcspn(line, "\n") + 1) {
		if (*line == ' ')
			continue;
		assert_true(s->n < ARRAY_SIZE(s->v));
		read_member(&s->v[s->n++], line);
	}
}

/* Null is what is not known */
static bool is_of(struct json_object *o, const char *type)
{
	switch (json_object_get_type(o)) {
	case json_type_null:
		return true;
	case json_type_boolean:
		return !strcmp(type, "boolean");
	case json_type_int:
		return !strcmp(type, "number");
	case json_type_string:
		return !strcmp(type, "string");
	case json_type_object:
		return !strcmp(type, "object");
	default:
		return false;
	}
}

static void check_type(const struct manual_shape *s, const struct manual_member *m,
		       struct json_object *o)
{
	size_t i;

	/* "run.*", of any names */
	if (!strcmp(m->key, "*") && !strcmp(m->type, "object"))
		return;
	if (!m->list) {
		if (!is_of(o, m->type))
			fail_msg("%s: %s is no %s", s->what, m->path, m->type);
		return;
	}
	if (!json_object_is_type(o, json_type_array))
		fail_msg("%s: %s is no array", s->what, m->path);
	for (i = 0; i < json_object_array_length(o); i++)
		if (!is_of(json_object_array_get_idx(o, i), m->type))
			fail_msg("%s: %s has what is no %s", s->what, m->path, m->type);
}

/**
 * manual_holds() - each member that is printed is in the manual, is of the type that is said
 *	there, and each that is promised is printed
 * @s: what the manual says
 * @o: what was printed
 * @at: where in @s, "" for the document
 */
void manual_holds(struct manual_shape *s, struct json_object *o, const char *at)
{
	size_t i, j;

	if (json_object_is_type(o, json_type_array)) {
		cleanup_free char *here = xasprintf("%s[]", at);

		for (i = 0; i < json_object_array_length(o); i++)
			manual_holds(s, json_object_array_get_idx(o, i), here);
		return;
	}
	if (!json_object_is_type(o, json_type_object))
		return;
	for (i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].parent, at) && !s->v[i].optional &&
		    strcmp(s->v[i].key, "*") &&
		    !json_object_object_get_ex(o, s->v[i].key, NULL))
			fail_msg("%s: the manual promises %s", s->what, s->v[i].path);
	json_object_object_foreach(o, key, value) {
		cleanup_free char *path = xasprintf("%s%s%s", at, *at ? "." : "", key);
		cleanup_free char *list = xasprintf("%s[]", path);
		bool known = false, whole = false;

		for (j = 0; j < s->n; j++) {
			struct manual_member *m = &s->v[j];
			bool same = !strcmp(m->path, path) || !strcmp(m->path, list) ||
				    (!strcmp(m->key, "*") && !strcmp(m->parent, at));

			if (same)
				check_type(s, m, value);
			/* an empty list shows nothing of what is in it */
			m->met |= same &&
				  !(m->list && json_object_is_type(value, json_type_array) &&
				    !json_object_array_length(value));
			known |= same || !strcmp(m->parent, path) ||
				 !strncmp(m->parent, list, strlen(list)) ||
				 (!strncmp(m->path, path, strlen(path)) &&
				  m->path[strlen(path)] == '.');
			whole |= same && m->any;
		}
		if (!known)
			fail_msg("%s: the manual does not know %s", s->what, path);
		if (!whole)
			manual_holds(s, value, path);
	}
}

/**
 * manual_all_met() - each member that the manual knows was printed at least once
 * @s: what manual_holds() was asked with
 */
void manual_all_met(const struct manual_shape *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!s->v[i].met)
			fail_msg("%s: nothing has printed %s", s->what, s->v[i].path);
}
