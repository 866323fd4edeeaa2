// SPDX-License-Identifier: GPL-2.0
/* Drift as lines, for people or as JSON, while it comes. */

#include <time.h>
#include "drift.h"
#include "format/json.h"
#include "lib/names.h"
#include "lib/print.h"

/**
 * drift_date() - when a finding was first seen
 * @a: for the time of day
 * @i: the finding
 *
 * Return: "2026-11-27T08:00:00.000Z", for free(), or NULL where it is not known.
 */
char *drift_date(const struct drift_about *a, const struct drift_item *i)
{
	int64_t ns = (int64_t)i->time + a->offset;
	time_t s = ns / 1000000000;
	char text[32];
	struct tm tm;

	if (!i->seen || ns < 0 || !gmtime_r(&s, &tm))
		return NULL;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return xasprintf("%s.%03dZ", text, (int)(ns / 1000000 % 1000));
}

static char *says(const struct drift_item *i)
{
	cleanup_free char *answer = NULL;

	if (i->verdict != GATE_REFUSES)
		return xasprintf("cannot be judged: %s", i->why);
	answer = meaning_text(i->answer);
	return xasprintf("would be refused: %s", answer);
}

/**
 * drift_message() - a finding in a sentence
 * @a: what it is about
 * @i: the finding
 *
 * Return: the sentence, for free().
 */
char *drift_message(const struct drift_about *a, const struct drift_item *i)
{
	cleanup_free char *what = says(i), *comm = printable(i->comm);
	cleanup_free char *who = i->seen ? xasprintf(", first by %s[%u]", comm, i->pid) :
					   xstrdup("");

	return xasprintf("%s (%s) in %s%s: by `%s` it %s", i->call, i->abi, a->container, who,
			 a->profile, what);
}

/**
 * drift_print_text() - print a finding for people: a line, which on a terminal is as wide as that
 * @to: where
 * @a: what it is about
 * @i: the finding
 */
void drift_print_text(FILE *to, const struct drift_about *a, const struct drift_item *i)
{
	cleanup_free char *what = says(i), *after = NULL, *who = NULL;
	cleanup_print struct print p = { 0 };

	after = i->seen && i->time > a->r->since ? print_duration(i->time - a->r->since) :
						   xstrdup(i->seen ? "0s" : "?");
	who = i->seen ? xasprintf("%s[%u]", i->comm, i->pid) : xstrdup("?");
	print_begin_on(&p, false, to);
	print_words(&p, 10, "+%-8s %-32s %-20s %s%s%s%s%s", after, i->call, who, what,
		    i->kind & SCTRACE_KIND_REFUSED ? " (by the container's filter, too)" : "",
		    i->arch == names_native() ? "" : " ",
		    i->arch == names_native() ? "" : i->abi, i->delayed ? " (or before)" : "");
}

static void put_text(struct json_object *o, const char *name, const char *s)
{
	cleanup_free char *safe = s ? printable(s) : NULL;

	if (safe)
		json_put_str(o, name, safe);
	else
		json_object_object_add(o, name, NULL);
}

static struct json_object *new(void)
{
	struct json_object *o = json_object_new_object();

	if (!o)
		out_of_memory();
	json_put(o, "version", json_object_new_int(PRINT_VERSION));
	return o;
}

static void line(FILE *to, struct json_object *o)
{
	fprintf(to, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

/**
 * drift_print_json() - print a finding as a line of JSON
 * @to: where
 * @a: what it is about
 * @i: the finding
 */
void drift_print_json(FILE *to, const struct drift_about *a, const struct drift_item *i)
{
	cleanup_free char *date = drift_date(a, i), *answer = NULL;
	struct json_object *o = new();

	if (i->verdict == GATE_REFUSES)
		answer = meaning_text(i->answer);
	put_text(o, "verdict", answer ? "refused" : "open");
	put_text(o, "name", i->name);
	put_text(o, "call", i->call);
	json_put(o, "nr", json_object_new_int64(i->nr));
	put_text(o, "abi", i->abi);
	put_text(o, "stage", kind_stage(i->kind));
	json_put(o, "confined", json_object_new_boolean(i->kind & SCTRACE_KIND_CONFINED));
	json_put(o, "refused", json_object_new_boolean(i->kind & SCTRACE_KIND_REFUSED));
	put_text(o, "action", answer);
	put_text(o, "why", i->why);
	put_text(o, "comm", i->seen ? i->comm : NULL);
	json_object_object_add(o, "pid", i->seen ? json_object_new_int64(i->pid) : NULL);
	json_object_object_add(o, "time_ns", i->seen ? json_object_new_uint64(i->time) : NULL);
	put_text(o, "date", date);
	json_put(o, "delayed", json_object_new_boolean(i->delayed));
	line(to, o);
}

/**
 * drift_print_end() - print what it comes to as a line of JSON
 * @to: where
 * @a: what it is about
 */
void drift_print_end(FILE *to, const struct drift_about *a)
{
	struct json_object *o = new(), *doubts = json_object_new_array();
	size_t i;

	json_put(o, "end", json_object_new_boolean(true));
	put_text(o, "container", a->container);
	put_text(o, "profile", a->profile);
	json_put(o, "id", json_object_new_uint64(a->r->id));
	json_put(o, "refused", json_object_new_int64(drift_count(a->d, false)));
	json_put(o, "open", json_object_new_int64(drift_count(a->d, true)));
	json_put(o, "judged", json_object_new_int64(a->d->judged));
	json_put(o, "whole", json_object_new_boolean(a->whole));
	for (i = 0; i < a->n_doubts; i++) {
		cleanup_free char *safe = printable(a->doubts[i]);

		json_append(doubts, json_object_new_string(safe));
	}
	json_put(o, "doubts", doubts);
	line(to, o);
}
