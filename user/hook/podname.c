// SPDX-License-Identifier: GPL-2.0
/*
 * podman tells no hook what its container is called, nor what comes from its image. The
 * list of containers in its storage has the names and images, and the layer that each
 * container writes to; the layer is a part of the path of the container's root. To ask
 * podman itself would wait for the container's lock, which it holds while it runs the hook.
 */

#include <dirent.h>
#include "lib/file.h"
#include "lib/json.h"
#include "key.h"
#include "podname.h"

#define MAX_LIST	(16 << 20)

/* Layers and containers have names of this many hexadecimal digits */
#define ID_LEN		64

/* The container in a list that writes to @layer; a reference, or NULL */
static struct json_object *entry_in(const char *path, const char *layer)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	struct json_object *list, *o, *found = NULL;
	size_t i, n = 0, len;

	text = file_read(path, MAX_LIST, &len, &err);
	if (!text)
		return NULL;
	list = json_tokener_parse(text);
	if (json_object_is_type(list, json_type_array))
		n = json_object_array_length(list);
	for (i = 0; i < n && !found; i++) {
		const char *its;

		o = json_object_array_get_idx(list, i);
		its = json_text(o, "layer");
		if (its && !strcmp(its, layer))
			found = json_object_get(o);
	}
	json_object_put(list);
	return found;
}

/*
 * Is the annotation in a manifest, however it is spelled there? podman's parser takes names
 * in capitals, too, and twice, so the text is searched, with its escapes undone.
 */
static bool has_annotation(const char *path)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	char *to;
	const char *s;
	unsigned int u;
	size_t len;

	text = file_read(path, MAX_LIST, &len, &err);
	if (!text)
		return false;
	for (s = to = text; s < text + len; s++) {
		if (*s == '\\' && sscanf(s + 1, "u%4x", &u) == 1 && u < 0x80) {
			*to++ = u ? u : ' ';
			s += 5;
			continue;
		}
		s += *s == '\\' && s[1];
		*to++ = *s ? *s : ' ';
	}
	*to = '\0';
	return strstr(text, HOOK_ANNOTATION);
}

/* An image has one manifest, and where it was in a list that one, too: a name in base64 */
static bool image_asks(const char *driver, const char *image)
{
	static const char list[] = "=bWFuaWZlc3Qt";
	cleanup_free char *dir = xasprintf("%s-images/%s", driver, image);
	DIR *d = opendir(dir);
	bool asks = false;
	struct dirent *e;

	while (d && !asks && (e = readdir(d))) {
		cleanup_free char *path = xasprintf("%s/%s", dir, e->d_name);

		if (!strcmp(e->d_name, "manifest") || !strncmp(e->d_name, list, strlen(list)))
			asks = has_annotation(path);
	}
	if (d)
		closedir(d);
	return asks;
}

static void take(struct json_object *entry, const char *driver, struct hook_podname *n)
{
	struct json_object *names = json_typed(entry, "names", json_type_array);
	struct json_object *first = names ? json_object_array_get_idx(names, 0) : NULL;
	const char *image = json_text(entry, "image");

	if (json_object_is_type(first, json_type_string))
		n->container = xstrdup(json_object_get_string(first));
	if (image && *image)
		n->image_asks = image_asks(driver, image);
}

/*
 * From STORAGE/overlay/LAYER/merged, STORAGE/vfs/dir/LAYER and the like to
 * STORAGE/overlay-containers/containers.json, and to
 * STORAGE/overlay-images/IMAGE/manifest.
 */
static void look_by_root(const char *root, struct hook_podname *n)
{
	/* the second one is that of --transient-store */
	static const char *const lists[] = {
		"containers.json", "volatile-containers.json",
	};
	cleanup_free char *driver = xstrdup(root);
	cleanup_free char *layer = NULL;
	struct json_object *entry = NULL;
	char *slash;
	size_t i;

	/* back to the layer */
	while (!layer) {
		slash = strrchr(driver, '/');
		if (!slash)
			return;
		if (strlen(slash + 1) == ID_LEN)
			layer = xstrdup(slash + 1);
		*slash = '\0';
	}
	while (!entry && *driver) {
		for (i = 0; i < ARRAY_SIZE(lists) && !entry; i++) {
			cleanup_free char *path =
				xasprintf("%s-containers/%s", driver, lists[i]);

			entry = entry_in(path, layer);
		}
		if (entry)
			take(entry, driver, n);
		slash = strrchr(driver, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
	json_object_put(entry);
}

/**
 * hook_podname_load() - find out what a container is called
 * @config: its config.json
 * @n: for hook_podname_free()
 */
void hook_podname_load(struct json_object *config, struct hook_podname *n)
{
	struct json_object *o = json_typed(config, "root", json_type_object);
	const char *path = o ? json_text(o, "path") : NULL;
	size_t i;

	memset(n, 0, sizeof(*n));
	if (path && *path == '/')
		look_by_root(path, n);
	o = json_typed(config, "process", json_type_object);
	o = o ? json_typed(o, "env", json_type_array) : NULL;
	for (i = 0; o && i < json_object_array_length(o) && !n->host; i++) {
		const char *s = json_object_get_string(
			json_object_array_get_idx(o, i));

		if (s && !strncmp(s, "HOSTNAME=", 9))
			n->host = xstrdup(s + 9);
	}
}

/**
 * hook_podname_free() - release names
 * @n: what hook_podname_load() found, or zeroes
 */
void hook_podname_free(struct hook_podname *n)
{
	free(n->container);
	free(n->host);
	memset(n, 0, sizeof(*n));
}
