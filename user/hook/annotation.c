// SPDX-License-Identifier: GPL-2.0
/* The annotation's grammar, see annotation.h. */

#include <limits.h>
#include <stdarg.h>
#include "annotation.h"

#define MAX_TEXT	65536

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
	if (vasprintf(&text, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
	return error_make(err, ST_USAGE, 0,
			  "annotation " HOOK_ANNOTATION ": %s", text);
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

static int set_strict(struct hook_annotation *a, const char *value,
		      struct error **err)
{
	if (!value || !strcmp(value, "yes") || !strcmp(value, "true"))
		a->strict = true;
	else if (strcmp(value, "no") && strcmp(value, "false"))
		return wrong(err, "strict:%s: yes or no", value);
	return 0;
}

static int set_mode(struct hook_annotation *a, const char *value,
		    struct error **err)
{
	if (!strcmp(value, "permissive"))
		a->permissive = true;
	else if (strcmp(value, "as-is"))
		return wrong(err, "mode:%s: there are permissive and as-is",
			     value);
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
		"of", "if", "report", "format", "mode", "strict",
	};
	size_t k;

	for (k = 0; k < ARRAY_SIZE(keys); k++)
		if (!strcmp(key, keys[k]))
			break;
	if (k == ARRAY_SIZE(keys) || (!value && k != 5))
		return wrong(err, "`%s`: an entry must start with of:, if:, format:, mode:, report: or strict",
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
	default:
		return set_strict(a, value, err);
	}
}

/* Removes blanks at both ends, in place */
static char *trim(char *s)
{
	static const char blank[] = " \t\r\n\v\f";
	size_t n;

	s += strspn(s, blank);
	n = strlen(s);
	while (n && strchr(blank, s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
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
	return is(annotations, "io.container.manager", "cri-o") &&
	       is(annotations, "io.kubernetes.cri-o.ContainerType", "sandbox");
}

/**
 * hook_annotation_find() - the annotation that is meant for this container
 * @annotations: all of them, or NULL
 * @text: its value, as long as @annotations lives; NULL when there is none
 * @err: what is wrong with it
 *
 * With a container's name after a slash the annotation of a pod is for that
 * container only. CRI-O takes the name off before we see it; others may not.
 * Its infrastructure container has all that the pod has, and would write what
 * it calls itself over the profile.
 *
 * Return: 0, or -1 and @err.
 */
int hook_annotation_find(struct json_object *annotations, const char **text,
			 struct error **err)
{
	size_t i;

	*text = NULL;
	if (!annotations || is_infra(annotations))
		return 0;
	if (get(annotations, HOOK_ANNOTATION, text, err) < 0)
		return -1;
	for (i = 0; i < ARRAY_SIZE(name_keys) && !*text; i++) {
		cleanup_free char *key = NULL;
		const char *name;

		if (get(annotations, name_keys[i], &name, err) < 0)
			return -1;
		if (!name || !*name)
			continue;
		key = xasprintf(HOOK_ANNOTATION "/%s", name);
		if (get(annotations, key, text, err) < 0)
			return -1;
	}
	return 0;
}
