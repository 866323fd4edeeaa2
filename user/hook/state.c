// SPDX-License-Identifier: GPL-2.0
/*
 * The state of a container, as the runtime-spec has it, and its configuration.
 * Both come from a runtime that we have no reason to trust in its details.
 */

#include <ctype.h>
#include <limits.h>
#include <sctrace.h>
#include "lib/file.h"
#include "format/format.h"
#include "state.h"

/**
 * hook_json() - parse text that must be one JSON object
 * @text: any bytes
 * @len: how many
 * @what: what it is, for the error
 * @err: why it is none
 *
 * Return: the object, for json_object_put(), or NULL and @err.
 */
struct json_object *hook_json(const char *text, size_t len, const char *what,
			      struct error **err)
{
	struct json_tokener *tok;
	enum json_tokener_error e;
	struct json_object *o;
	size_t end;

	if (!len) {
		error_make(err, ST_FAILED, 0, "%s: is empty", what);
		return NULL;
	}
	if (len > INT_MAX - 1) {
		error_make(err, ST_FAILED, 0, "%s: is too large", what);
		return NULL;
	}
	tok = json_tokener_new_ex(64);
	if (!tok)
		out_of_memory();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	o = json_tokener_parse_ex(tok, text, len);
	e = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	if (e == json_tokener_continue) {
		error_make(err, ST_FAILED, 0, "%s: JSON that ends too early",
			   what);
	} else if (e != json_tokener_success) {
		error_make(err, ST_FAILED, 0, "%s: no JSON: %s at byte %zu",
			   what, json_tokener_error_desc(e), end);
	} else if (!json_object_is_type(o, json_type_object)) {
		error_make(err, ST_FAILED, 0, "%s: no JSON object", what);
	} else {
		while (end < len && isspace((unsigned char)text[end]))
			end++;
		if (end == len)
			return o;
		error_make(err, ST_FAILED, 0,
			   "%s: more than one JSON object", what);
	}
	json_object_put(o);
	return NULL;
}

/* A string without NUL bytes, or NULL where there is nothing */
static int get_string(struct json_object *o, const char *key, const char **to,
		      const char *what, struct error **err)
{
	struct json_object *v;

	*to = NULL;
	if (!json_object_object_get_ex(o, key, &v) || !v)
		return 0;
	if (!json_object_is_type(v, json_type_string))
		return error_make(err, ST_FAILED, 0, "%s: `%s` is no string",
				  what, key);
	if (strlen(json_object_get_string(v)) !=
	    (size_t)json_object_get_string_len(v))
		return error_make(err, ST_FAILED, 0,
				  "%s: `%s` holds a NUL byte", what, key);
	*to = json_object_get_string(v);
	return 0;
}

static int get_object(struct json_object *o, const char *key,
		      struct json_object **to, const char *what,
		      struct error **err)
{
	struct json_object *v;

	*to = NULL;
	if (!json_object_object_get_ex(o, key, &v) || !v)
		return 0;
	if (!json_object_is_type(v, json_type_object))
		return error_make(err, ST_FAILED, 0, "%s: `%s` is no object",
				  what, key);
	*to = v;
	return 0;
}

/**
 * hook_state_parse() - read the state of a container
 * @text: what came on standard input
 * @len: how many bytes
 * @s: for hook_state_free(), on failure too
 * @err: what is wrong with it
 *
 * An ID and a PID are no must here: it depends on the stage.
 *
 * Return: 0, or -1 and @err.
 */
int hook_state_parse(const char *text, size_t len, struct hook_state *s,
		     struct error **err)
{
	static const char what[] = "container state on standard input";
	struct json_object *v;
	int64_t pid;

	memset(s, 0, sizeof(*s));
	s->root = hook_json(text, len, what, err);
	if (!s->root)
		return -1;
	if (get_object(s->root, "annotations", &s->annotations, what, err) < 0 ||
	    get_string(s->root, "id", &s->id, what, err) < 0 ||
	    get_string(s->root, "bundle", &s->bundle, what, err) < 0)
		return -1;
	if (!json_object_object_get_ex(s->root, "pid", &v) || !v)
		return 0;
	if (!json_object_is_type(v, json_type_int))
		return error_make(err, ST_FAILED, 0, "%s: `pid` is no number",
				  what);
	pid = json_object_get_int64(v);
	if (pid < 0 || pid > INT_MAX)
		return error_make(err, ST_FAILED, 0, "%s: no PID: %lld", what,
				  (long long)pid);
	s->pid = pid;
	return 0;
}

/**
 * hook_state_id() - does the state name its container as it should?
 * @s: the state
 * @err: what is wrong
 *
 * The characters are those that the runtimes themselves allow.
 *
 * Return: 0, or -1 and @err.
 */
int hook_state_id(const struct hook_state *s, struct error **err)
{
	const char *c;

	if (!s->id || !*s->id)
		return error_make(err, ST_FAILED, 0,
				  "container state on standard input: no `id`");
	for (c = s->id; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_+-.", *c))
			return error_make(err, ST_FAILED, 0,
					  "container ID `%s`: may hold letters, digits and _+-. only",
					  s->id);
	if (strlen(s->id) > SCTRACE_LABEL_MAX)
		return error_make(err, ST_FAILED, 0,
				  "container ID `%s`: has more than %d bytes",
				  s->id, SCTRACE_LABEL_MAX);
	return 0;
}

/**
 * hook_state_free() - release a state
 * @s: what hook_state_parse() made, or zeroes
 */
void hook_state_free(struct hook_state *s)
{
	json_object_put(s->root);
	memset(s, 0, sizeof(*s));
}

static bool allows_all(const struct profile *p)
{
	size_t i;

	if (p->def_action != PA_ALLOW && p->def_action != PA_LOG)
		return false;
	for (i = 0; i < p->n_rules; i++)
		if (p->rules[i].action != PA_ALLOW &&
		    p->rules[i].action != PA_LOG)
			return false;
	return true;
}

/**
 * hook_filter_of() - what the filter of a container does
 * @config: its config.json
 *
 * Return: what it does; FILTER_UNKNOWN when it cannot be understood.
 */
enum hook_filter hook_filter_of(struct json_object *config)
{
	cleanup_error struct error *err = NULL;
	struct json_object *linux_, *seccomp;
	enum hook_filter f = FILTER_RESTRICTIVE;
	struct profile *p;
	const char *text;

	if (get_object(config, "linux", &linux_, "", &err) < 0)
		return FILTER_UNKNOWN;
	if (!linux_)
		return FILTER_NONE;
	if (get_object(linux_, "seccomp", &seccomp, "", &err) < 0)
		return FILTER_UNKNOWN;
	if (!seccomp)
		return FILTER_NONE;
	text = json_object_to_json_string_ext(seccomp, JSON_C_TO_STRING_PLAIN);
	p = format_read(text, strlen(text), FORMAT_OCI, NULL, NULL, &err);
	if (!p)
		return FILTER_UNKNOWN;
	if (allows_all(p))
		f = FILTER_PERMISSIVE;
	profile_free(p);
	return f;
}

/**
 * hook_filter_name() - the word for a kind of filter
 * @f: the kind
 *
 * Return: a constant string.
 */
const char *hook_filter_name(enum hook_filter f)
{
	static const char *const names[] = {
		[FILTER_UNKNOWN] = "unknown",
		[FILTER_NONE] = "none",
		[FILTER_PERMISSIVE] = "permissive",
		[FILTER_RESTRICTIVE] = "restrictive",
	};

	return names[f];
}

/**
 * hook_config_parse() - read what is of interest of a config.json
 * @text: the file
 * @len: its length
 * @c: for hook_config_free(), on failure too
 * @err: what is wrong with it
 *
 * Return: 0, or -1 and @err.
 */
int hook_config_parse(const char *text, size_t len, struct hook_config *c,
		      struct error **err)
{
	static const char what[] = "config.json";
	struct json_object *root, *o, *list, *v;
	int ret = -1;
	size_t i;

	memset(c, 0, sizeof(*c));
	root = hook_json(text, len, what, err);
	if (!root)
		return -1;
	c->filter = hook_filter_of(root);
	if (get_object(root, "process", &o, what, err) < 0)
		goto out;
	if (o && get_object(o, "capabilities", &o, what, err) < 0)
		goto out;
	ret = 0;
	if (!o)
		goto out;
	c->has_caps = true;
	if (!json_object_object_get_ex(o, "bounding", &list) ||
	    !json_object_is_type(list, json_type_array))
		goto out;
	for (i = 0; i < json_object_array_length(list); i++) {
		v = json_object_array_get_idx(list, i);
		if (json_object_is_type(v, json_type_string))
			strset_add(&c->caps, json_object_get_string(v));
	}
out:
	json_object_put(root);
	return ret;
}

/* The text of a container's configuration, or NULL */
static char *read_config(const char *bundle, size_t *len)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *path = NULL;
	char *text;

	if (!bundle || *bundle != '/')
		return NULL;
	path = xasprintf("%s/config.json", bundle);
	text = file_read(path, HOOK_MAX_INPUT, len, &err);
	if (!text)
		debug("%s", err->text);
	return text;
}

/**
 * hook_config_json() - the configuration of a container, if it can be read
 * @bundle: its directory, or NULL
 *
 * Return: the object, for json_object_put(), or NULL.
 */
struct json_object *hook_config_json(const char *bundle)
{
	cleanup_error struct error *err = NULL;
	struct json_object *root = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	text = read_config(bundle, &len);
	if (text)
		root = hook_json(text, len, "config.json", &err);
	if (text && !root)
		debug("%s", err->text);
	return root;
}

/**
 * hook_config_load() - read what is of interest of a configuration, if possible
 * @bundle: its directory, or NULL
 * @c: for hook_config_free(); FILTER_UNKNOWN when it is not to be had
 */
void hook_config_load(const char *bundle, struct hook_config *c)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	memset(c, 0, sizeof(*c));
	text = read_config(bundle, &len);
	if (text && hook_config_parse(text, len, c, &err) < 0)
		debug("%s", err->text);
}

/**
 * hook_config_free() - release a configuration
 * @c: what was read, or zeroes
 */
void hook_config_free(struct hook_config *c)
{
	strset_free(&c->caps);
	memset(c, 0, sizeof(*c));
}
