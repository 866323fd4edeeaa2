// SPDX-License-Identifier: GPL-2.0
/*
 * Drift as SARIF 2.1.0, with what GitHub's upload asks for: a location in a file of the
 * repository, which is the profile, a region, and a fingerprint that stays the same from one
 * run to the next. The upload takes the line for one where there is none, and then all
 * findings would be one alert.
 */

#include <json-c/json.h>
#include <sctrace.h>
#include "drift.h"
#include "format/json.h"
#include "lib/digest.h"

#define SCHEMA	"https://json.schemastore.org/sarif-2.1.0.json"

static const struct rule {
	const char *id, *name, *level, *brief, *full, *help;
} rules[] = {
	{ "refused", "CallRefusedByProfile", "error",
	  "A system call that the profile would refuse",
	  "The container made a system call, or used a value of its arguments, that its seccomp profile refuses.",
	  "If the call is meant, record the container again and commit the new profile; else find out who makes it: the result names the process." },
	{ "open", "CallNotJudged", "note",
	  "A system call that the profile permits at times",
	  "The container made a system call that its seccomp profile permits by arguments or capabilities which are not known.",
	  "Load the module before the container starts, so that all values are recorded; --caps names the container's capabilities." },
};

static const struct rule *rule_of(const struct drift_item *i)
{
	return &rules[i->verdict != GATE_REFUSES];
}

static struct json_object *object(void)
{
	struct json_object *o = json_object_new_object();

	if (!o)
		out_of_memory();
	return o;
}

static void put_text(struct json_object *o, const char *key, const char *s)
{
	cleanup_free char *safe = printable(s);

	json_put_str(o, key, safe);
}

static void put_message(struct json_object *o, const char *key, const char *s)
{
	struct json_object *message = object();

	put_text(message, "text", s);
	json_put(o, key, message);
}

/* A file's name as a URI: relative to the repository, if it is */
static char *uri(const char *path)
{
	size_t i, n = strlen(path);
	char *to = xcalloc(3 * n + 8, 1), *at = to;

	if (!strcmp(path, "-"))
		path = "stdin";
	if (*path == '/')
		at = stpcpy(at, "file://");
	for (i = 0; path[i]; i++) {
		unsigned char c = path[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-._~/", c))
			*at++ = c;
		else
			at += sprintf(at, "%%%02X", c);
	}
	return to;
}

static struct json_object *driver(void)
{
	struct json_object *tool = object(), *o = object(), *list = json_object_new_array();
	size_t i;

	json_put_str(o, "name", PROGRAM);
	json_put_str(o, "version", SCTRACE_VERSION);
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		struct json_object *rule = object(), *level = object();

		json_put_str(rule, "id", rules[i].id);
		json_put_str(rule, "name", rules[i].name);
		put_message(rule, "shortDescription", rules[i].brief);
		put_message(rule, "fullDescription", rules[i].full);
		put_message(rule, "help", rules[i].help);
		json_put_str(level, "level", rules[i].level);
		json_put(rule, "defaultConfiguration", level);
		json_append(list, rule);
	}
	json_put(o, "rules", list);
	json_put(tool, "driver", o);
	return tool;
}

static struct json_object *locations(const struct drift_about *a)
{
	struct json_object *list = json_object_new_array(), *one = object();
	struct json_object *place = object(), *artifact = object(), *region = object();
	cleanup_free char *where = uri(a->profile);

	json_put_str(artifact, "uri", where);
	json_put(region, "startLine", json_object_new_int(1));
	json_put(place, "artifactLocation", artifact);
	json_put(place, "region", region);
	json_put(one, "physicalLocation", place);
	json_append(list, one);
	return list;
}

static struct json_object *result(const struct drift_about *a, const struct drift_item *i)
{
	cleanup_free char *message = drift_message(a, i), *date = drift_date(a, i);
	cleanup_free char *mark = xasprintf("%s %s %s", rule_of(i)->id, i->abi, i->call);
	cleanup_free char *print = NULL;
	struct json_object *o = object(), *prints = object(), *more = object();

	json_put_str(o, "ruleId", rule_of(i)->id);
	json_put(o, "ruleIndex", json_object_new_int(rule_of(i) - rules));
	json_put_str(o, "level", rule_of(i)->level);
	put_message(o, "message", message);
	json_put(o, "locations", locations(a));
	/* its form is the upload's: a hash, and which of several of the line */
	print = xasprintf("%016llx:1", (unsigned long long)digest(mark, strlen(mark)));
	json_put_str(prints, "primaryLocationLineHash", print);
	json_put(o, "partialFingerprints", prints);
	put_text(more, "call", i->call);
	put_text(more, "abi", i->abi);
	if (i->seen) {
		put_text(more, "comm", i->comm);
		json_put(more, "pid", json_object_new_int64(i->pid));
	}
	if (date)
		json_put_str(more, "firstSeen", date);
	json_put(o, "properties", more);
	return o;
}

static struct json_object *invocations(const struct drift_about *a)
{
	struct json_object *list = json_object_new_array(), *o = object();
	struct json_object *notes = json_object_new_array();
	size_t i;

	json_put(o, "executionSuccessful", json_object_new_boolean(true));
	for (i = 0; i < a->n_doubts; i++) {
		struct json_object *note = object();

		json_put_str(note, "level", "warning");
		put_message(note, "message", a->doubts[i]);
		json_append(notes, note);
	}
	json_put(o, "toolExecutionNotifications", notes);
	json_append(list, o);
	return list;
}

/**
 * drift_sarif() - write all findings as SARIF
 * @to: where
 * @a: what they are about
 */
void drift_sarif(FILE *to, const struct drift_about *a)
{
	struct json_object *root = object(), *run = object(), *automation = object();
	struct json_object *runs = json_object_new_array(), *results = json_object_new_array();
	cleanup_free char *category = xasprintf(PROGRAM "/%s/", a->profile);
	size_t i;

	for (i = 0; i < a->d->n; i++)
		if (!a->d->v[i].was_refused)
			json_append(results, result(a, &a->d->v[i]));
	put_text(automation, "id", category);
	json_put(run, "tool", driver());
	json_put(run, "automationDetails", automation);
	json_put(run, "invocations", invocations(a));
	json_put(run, "results", results);
	json_append(runs, run);
	json_put_str(root, "$schema", SCHEMA);
	json_put_str(root, "version", "2.1.0");
	json_put(root, "runs", runs);
	fprintf(to, "%s\n", json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
			JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
}
