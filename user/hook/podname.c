// SPDX-License-Identifier: GPL-2.0
/*
 * podman tells no hook what its container is called. The list of containers in
 * its storage has the names, and the layer that each container writes to; the
 * layer is a part of the path of the container's root. To ask podman itself
 * would wait for the container's lock, which it holds while it runs the hook.
 */

#include "lib/file.h"
#include "lib/json.h"
#include "podname.h"

#define MAX_LIST	(16 << 20)

/* Layers and containers have names of this many hexadecimal digits */
#define ID_LEN		64

static char *name_in(const char *path, const char *layer)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	struct json_object *list, *o, *names;
	char *found = NULL;
	size_t i, len;

	text = file_read(path, MAX_LIST, &len, &err);
	if (!text)
		return NULL;
	list = json_tokener_parse(text);
	if (!json_object_is_type(list, json_type_array))
		goto out;
	for (i = 0; i < json_object_array_length(list) && !found; i++) {
		const char *its;

		o = json_object_array_get_idx(list, i);
		if (!json_object_is_type(o, json_type_object))
			continue;
		its = json_text(o, "layer");
		names = json_typed(o, "names", json_type_array);
		if (!its || strcmp(its, layer) || !names)
			continue;
		o = json_object_array_get_idx(names, 0);
		if (json_object_is_type(o, json_type_string))
			found = xstrdup(json_object_get_string(o));
	}
out:
	json_object_put(list);
	return found;
}

/*
 * From STORAGE/overlay/LAYER/merged, STORAGE/vfs/dir/LAYER and the like to
 * STORAGE/overlay-containers/containers.json.
 */
static char *name_by_root(const char *root)
{
	/* the second one is that of --transient-store */
	static const char *const lists[] = {
		"containers.json", "volatile-containers.json",
	};
	cleanup_free char *driver = xstrdup(root);
	cleanup_free char *layer = NULL;
	char *slash, *name = NULL;
	size_t i;

	/* back to the layer */
	while (!layer) {
		slash = strrchr(driver, '/');
		if (!slash)
			return NULL;
		if (strlen(slash + 1) == ID_LEN)
			layer = xstrdup(slash + 1);
		*slash = '\0';
	}
	while (!name && *driver) {
		for (i = 0; i < ARRAY_SIZE(lists) && !name; i++) {
			cleanup_free char *path =
				xasprintf("%s-containers/%s", driver, lists[i]);

			name = name_in(path, layer);
		}
		slash = strrchr(driver, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
	return name;
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
		n->container = name_by_root(path);
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
