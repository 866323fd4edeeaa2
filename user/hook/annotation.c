// SPDX-License-Identifier: GPL-2.0
/* The annotation's grammar, see annotation.h. */

#include <limits.h>
#include <stdarg.h>
#include "annotation.h"
#include "lib/guess.h"
#include "profile/series.h"

#define MAX_TEXT	65536
/* in a whole key that was to be ours */
#define MOST_SLIPS	4

/* Who started the container may have told its name within the pod */
static const char *const name_keys[] = {
	"io.kubernetes.container.name",		/* CRI-O, kubelet */
	"io.kubernetes.cri.container-name",	/* containerd */
};

static int wrong(struct error **err, const char *fmt, ...) __printf(2, 3);

static int wrong(struct error **err, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	return error_make(err, ST_USAGE, 0,
			  "annotation " HOOK_ANNOTATION ": %s", text);
}

static const char blank[] = " \t\r\n\v\f";

/* Removes blanks at both ends, in place */
static char *trim(char *s)
{
	size_t n;

	s += strspn(s, blank);
	n = strlen(s);
	while (n && strchr(blank, s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

static int set_path(char **to, const char *key, const char *value,
		    struct error **err)
{
	const char *c;

	if (*value != '/')
		return wrong(err, "%s:%s: the path must be absolute", key,
			     value);
	if (strlen(value) >= PATH_MAX)
		return wrong(err, "%s: the path is too long", key);
	for (c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return wrong(err, "%s:%s: a control character in a path",
				     key, value);
	*to = xstrdup(value);
	return 0;
}

static int set_yes(bool *to, const char *key, const char *value, struct error **err)
{
	if (!value || !strcmp(value, "yes") || !strcmp(value, "true"))
		*to = true;
	else if (strcmp(value, "no") && strcmp(value, "false"))
		return wrong(err, "%s:%s: yes or no", key, value);
	return 0;
}

/*
 * Words with a + or a comma between, as podman splits an annotation of its command
 * line at commas. Those of one pair exclude each other.
 */
static int set_mode(struct hook_annotation *a, const char *value,
		    struct error **err)
{
	static const char *const words[] = {
		"as-is", "permissive", "add", "replace",
	};
	cleanup_free char *copy = xstrdup(value);
	unsigned int pairs = 0;
	char *next = copy, *word;
	size_t k;

	while ((word = strsep(&next, ",+"))) {
		word = trim(word);
		if (!strcmp(word, "counts")) {
			a->counts = true;
			continue;
		}
		for (k = 0; k < ARRAY_SIZE(words); k++)
			if (!strcmp(word, words[k]))
				break;
		if (k == ARRAY_SIZE(words))
			return wrong(err, "mode:%s: there are permissive or as-is, add or replace, and counts",
				     value);
		if (pairs & 1U << k / 2)
			return wrong(err, "mode:%s: only one of %s and %s",
				     value, words[k & ~1], words[k | 1]);
		pairs |= 1U << k / 2;
		if (k == 1)
			a->permissive = true;
		else if (k > 1)
			a->onto = k == 2 ? HOOK_ONTO_ANY : HOOK_ONTO_NOTHING;
	}
	return 0;
}

static int set_runtime(struct hook_annotation *a, const char *value,
		       struct error **err)
{
	cleanup_free char *copy = xstrdup(value);
	char *plus;

	while ((plus = strchr(copy, '+')))
		*plus = ',';
	if (runtime_parse(copy, &a->runtime) < 0)
		return wrong(err, "runtime:%s: there are auto, crun, runc and none, as in auto+exec",
			     value);
	return 0;
}

static int set_args(struct hook_annotation *a, const char *value,
		    struct error **err)
{
	if (args_parse(value, &a->args) < 0)
		return wrong(err, "args:%s: there are " ARGS_SPELLED, value);
	return 0;
}

static int set_format(struct hook_annotation *a, const char *value,
		      struct error **err)
{
	if (format_parse(value, true, &a->format))
		return wrong(err, "format:%s: %s", value,
			     format_unknown(value, true));
	return 0;
}

/* One entry, trimmed; @value is NULL without a colon */
static int entry(struct hook_annotation *a, const char *key, const char *value,
		 unsigned int *seen, struct error **err)
{
	static const char *const keys[] = {
		"of", "if", "report", "format", "mode", "runtime", "args",
		"strict", "no-exec",	/* these two need no value */
	};
	size_t k;

	for (k = 0; k < ARRAY_SIZE(keys); k++)
		if (!strcmp(key, keys[k]))
			break;
	if (k == ARRAY_SIZE(keys) || (!value && k + 2 < ARRAY_SIZE(keys)))
		return wrong(err, "`%s`: an entry must start with of:, if:, format:, mode:, report:, runtime:, args:, no-exec or strict",
			     key);
	if (*seen & 1U << k)
		return wrong(err, "%s: is there twice", key);
	*seen |= 1U << k;
	switch (k) {
	case 0:
		return set_path(&a->output, key, value, err);
	case 1:
		return set_path(&a->base, key, value, err);
	case 2:
		return set_path(&a->report, key, value, err);
	case 3:
		return set_format(a, value, err);
	case 4:
		return set_mode(a, value, err);
	case 5:
		return set_runtime(a, value, err);
	case 6:
		return set_args(a, value, err);
	case 7:
		return set_yes(&a->strict, key, value, err);
	default:
		return set_yes(&a->no_exec, key, value, err);
	}
}

static bool is_series(const char *path, const char *profile)
{
	cleanup_free char *series = series_path(profile);

	return !strcmp(path, series);
}

/**
 * hook_annotation_parse() - read an annotation
 * @text: its value
 * @a: for hook_annotation_free(), on failure too
 * @err: what is wrong with it
 *
 * Return: 0, or -1 and @err.
 */
int hook_annotation_parse(const char *text, struct hook_annotation *a,
			  struct error **err)
{
	cleanup_free char *copy = NULL;
	unsigned int seen = 0;
	char *next, *part;

	memset(a, 0, sizeof(*a));
	a->format = FORMAT_OCI;
	a->runtime.seen = true;
	a->args = ARGS_GUARD;
	if (strlen(text) > MAX_TEXT)
		return wrong(err, "has more than %d bytes", MAX_TEXT);
	copy = xstrdup(text);
	for (next = copy; (part = strsep(&next, ";"));) {
		char *value;

		part = trim(part);
		if (!*part && !seen && !next)
			break;		/* nothing at all: of: is missing */
		value = strchr(part, ':');
		if (value) {
			*value++ = '\0';
			value = trim(value);
		}
		if (entry(a, part, value, &seen, err) < 0)
			return -1;
	}
	if (!a->output)
		return wrong(err, "of:PATH, where the profile is to go, is missing");
	if (a->report && !strcmp(a->report, a->output))
		return wrong(err, "of: and report: name the same file");
	/* the outcome of one run is the base of the next */
	if (a->base && !strcmp(a->base, a->output)) {
		if (a->onto == HOOK_ONTO_NOTHING)
			return wrong(err, "mode:replace: if: and of: name the same file");
		free(a->base);
		a->base = NULL;
		a->onto = HOOK_ONTO_ANY;
	}
	a->counts |= a->onto == HOOK_ONTO_ANY;
	if (a->report && a->counts && is_series(a->report, a->output))
		return wrong(err, "report: names the file in which the runs of of: are counted");
	return 0;
}

/**
 * hook_annotation_free() - release an annotation
 * @a: what hook_annotation_parse() made, or zeroes
 */
void hook_annotation_free(struct hook_annotation *a)
{
	free(a->output);
	free(a->base);
	free(a->report);
	memset(a, 0, sizeof(*a));
}

static int get(struct json_object *o, const char *key, const char **text,
	       struct error **err)
{
	struct json_object *v;

	*text = NULL;
	if (!json_object_object_get_ex(o, key, &v))
		return 0;
	if (!json_object_is_type(v, json_type_string))
		return error_make(err, ST_USAGE, 0,
				  "annotation %s: is no string", key);
	*text = json_object_get_string(v);
	if (strlen(*text) != (size_t)json_object_get_string_len(v))
		return error_make(err, ST_USAGE, 0,
				  "annotation %s: holds a NUL byte", key);
	return 0;
}

static bool is(struct json_object *o, const char *key, const char *value)
{
	cleanup_error struct error *err = NULL;
	const char *text;

	return !get(o, key, &text, &err) && text && !strcmp(text, value);
}

/* podman calls each container of its own a sandbox, too */
static bool is_infra(struct json_object *annotations)
{
	return is(annotations, "io.kubernetes.cri.container-type", "sandbox") ||
	       (is(annotations, "io.container.manager", "cri-o") &&
		is(annotations, "io.kubernetes.cri-o.ContainerType", "sandbox"));
}

/* What follows the slash of a key that is for one container of a pod, or NULL */
static const char *key_name(const char *key)
{
	size_t n = strlen(HOOK_ANNOTATION);

	return !strncmp(key, HOOK_ANNOTATION, n) && key[n] == '/' ?
	       key + n + 1 : NULL;
}

/**
 * hook_annotation_named() - is there an annotation for one container of a pod?
 * @annotations: all of them, or NULL
 */
bool hook_annotation_named(struct json_object *annotations)
{
	if (!annotations)
		return false;
	json_object_object_foreach(annotations, key, value) {
		(void)value;
		if (key_name(key))
			return true;
	}
	return false;
}

/*
 * Another tool's key may have a part like our last one, so there is to be more that says
 * that ours was meant: the rest of the key, our name in it, or a value as ours has it.
 */
static bool meant(const char *key, struct json_object *value)
{
	cleanup_free char *copy = xstrdup(key), *bare = xstrdup(key);
	char *rest = copy, *part = strrchr(bare, '/');
	const char *text, *of;

	if (part)
		*part = '\0';	/* a container's name */
	if (guess_distance(key, HOOK_ANNOTATION) <= MOST_SLIPS ||
	    guess_distance(bare, HOOK_ANNOTATION) <= MOST_SLIPS)
		return true;
	while ((part = strsep(&rest, "./")))
		if (!strcasecmp(part, "sctrace"))
			return true;
	if (!json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	for (of = text; (of = strstr(of, "of:")); of++) {
		const char *before = of;

		while (before > text && strchr(blank, before[-1]))
			before--;
		if (before == text || before[-1] == ';')
			return true;
	}
	return false;
}

/**
 * hook_annotation_misspelt() - a key that does nothing, but looks as if ours was meant
 * @annotations: all of them, or NULL
 *
 * Return: the key, as long as @annotations lives; NULL: there is none.
 */
const char *hook_annotation_misspelt(struct json_object *annotations)
{
	const char *word = strrchr(HOOK_ANNOTATION, '.') + 1;

	if (!annotations)
		return NULL;
	json_object_object_foreach(annotations, key, value) {
		cleanup_free char *copy = xstrdup(key);
		char *rest = copy, *part;

		if (!strcmp(key, HOOK_ANNOTATION) || key_name(key))
			continue;
		while ((part = strsep(&rest, "./"))) {
			struct guess g = GUESS_INIT(part);

			guess_try(&g, word);
			if (g.best && meant(key, value))
				return key;
		}
	}
	return NULL;
}

/*
 * `podman kube play` calls a container POD-NAME. Where the host's name is not
 * the pod's, the longest name that fits is it.
 */
static bool fits(const struct hook_podname *n, const char *name)
{
	size_t all = strlen(n->container), len = strlen(name);
	size_t host = n->host ? strlen(n->host) : 0;

	if (!strcmp(n->container, name))
		return true;
	if (!len || all < len + 2 || n->container[all - len - 1] != '-' ||
	    strcmp(n->container + all - len, name))
		return false;
	return !host || strncmp(n->container, n->host, host) ||
	       n->container[host] != '-' || host + 1 + len == all;
}

/**
 * hook_annotation_find() - the annotation that is meant for this container
 * @annotations: all of them, or NULL
 * @name: what podman calls the container, or NULL
 * @text: its value, as long as @annotations lives; NULL when there is none
 * @err: what is wrong with it
 *
 * With a container's name after a slash the annotation of a pod is for that
 * container only. CRI-O takes the name off before we see it; others may not.
 * The infrastructure container has all that the pod has, and would write what
 * it calls itself over the profile.
 *
 * Return: 0, or -1 and @err.
 */
int hook_annotation_find(struct json_object *annotations,
			 const struct hook_podname *name, const char **text,
			 struct error **err)
{
	cleanup_free char *found = NULL;
	size_t i;

	*text = NULL;
	if (!annotations || is_infra(annotations))
		return 0;
	for (i = 0; i < ARRAY_SIZE(name_keys); i++) {
		const char *is;

		if (get(annotations, name_keys[i], &is, err) < 0)
			return -1;
		if (!is || !*is)
			continue;
		found = xasprintf(HOOK_ANNOTATION "/%s", is);
		if (get(annotations, found, text, err) < 0)
			return -1;
		if (*text)
			return 0;
		free(found);
		found = NULL;
	}
	if (name && name->container) {
		json_object_object_foreach(annotations, key, value) {
			const char *is = key_name(key);

			(void)value;
			if (!is || !fits(name, is) ||
			    (found && strlen(key) <= strlen(found)))
				continue;
			free(found);
			found = xstrdup(key);
		}
	}
	/* what is for this one comes before what is for all */
	return get(annotations, found ? found : HOOK_ANNOTATION, text, err);
}
