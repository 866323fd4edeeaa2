// SPDX-License-Identifier: GPL-2.0
/* In what profiles differ, rule by rule. */

#include <string.h>
#include "changes.h"
#include "lib/util.h"

/* so many rules of a side are told in words */
#define TOLD		8

/* The rules of a side: one string each in JSON */
static void print_rules(struct print *p, const char *key, const char *lines)
{
	cleanup_free char *copy = xstrdup(lines);
	const char **v;
	char *save, *s;
	size_t n = 0;

	v = xcalloc(strlen(lines) + 1, sizeof(*v));
	for (s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		v[n++] = s;
	print_strings(p, key, NULL, v, n);
	free(v);
}

static void lines_of(const char *text, struct strset *to)
{
	cleanup_free char *copy = xstrdup(text);
	char *save, *s;

	for (s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		strset_add(to, s);
}

/* The rules of a side in a line: of many only some of those that the other side has not */
static char *in_words(const char *rules, const char *other)
{
	cleanup_free char *copy = xstrdup(rules);
	struct strset all = { 0 };
	size_t told = 0, more = 0, both = 0, len;
	char *save, *s, *text;
	FILE *f = open_memstream(&text, &len);
	bool many;

	if (!f)
		out_of_memory();
	lines_of(rules, &all);
	many = all.n > TOLD;
	strset_free(&all);
	lines_of(other, &all);
	for (s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save)) {
		if (many && strset_has(&all, s))
			both++;
		else if (many && told == TOLD)
			more++;
		else
			fprintf(f, "%s%s", told++ ? ";" : "", s);
	}
	if (more)
		fprintf(f, ";%zu more", more);
	if (both)
		fprintf(f, "%s%zu in both", told ? ";" : "", both);
	if (fclose(f))
		out_of_memory();
	strset_free(&all);
	return text;
}

/**
 * changes_print() - print differences
 * @p: the output
 * @key: of the array in JSON
 * @d: the differences
 *
 * Return: ST_OK or ST_DIFFERS.
 */
int changes_print(struct print *p, const char *key,
		  const struct differences *d)
{
	static const struct {
		const char *word, *sign;
	} all[] = {
		[CHANGE_ADDED] = { "added", "+" },
		[CHANGE_REMOVED] = { "removed", "-" },
		[CHANGE_CONDITION] = { "condition", "~" },
		[CHANGE_ACTION] = { "action", "!" },
	};
	size_t i;

	print_array(p, key);
	for (i = 0; i < d->n; i++) {
		const struct difference *x = &d->v[i];
		cleanup_free char *from = in_words(x->from, x->to);
		cleanup_free char *where = NULL;
		cleanup_free char *to = in_words(x->to, x->from);

		print_object(p, NULL);
		print_string(p, "name", NULL, x->name);
		print_string(p, "change", NULL, all[x->change].word);
		if (x->where)
			print_string(p, "where", NULL, x->where);
		print_rules(p, "from", x->from);
		print_rules(p, "to", x->to);
		where = x->where ? xasprintf(" in %s", x->where) : xstrdup("");
		if (x->change == CHANGE_ADDED || x->change == CHANGE_REMOVED)
			print_words(p, 2, "%s %s%s", all[x->change].sign, x->name,
				    where);
		else
			print_words(p, 2, "%s %s%s: %s -> %s",
				    all[x->change].sign, x->name, where, from, to);
		print_close(p);
	}
	print_close(p);
	return d->n ? ST_DIFFERS : ST_OK;
}
