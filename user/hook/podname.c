// SPDX-License-Identifier: GPL-2.0
/*
 * podman tells no hook what its container is called, nor what comes from its image. The
 * list of containers in its storage has the names and images, and the layer that each
 * container writes to; the layer is a part of the path of the container's root. To ask
 * podman itself would wait for the container's lock, which it holds while it runs the hook.
 * Where the storage is podman's and does not tell, the annotation may be the image's.
 */

#include <dirent.h>
#include "lib/file.h"
#include "lib/json.h"
#include "key.h"
#include "podname.h"

/* Where podman keeps the lists of --transient-store, and names stores of more images */
#define RUN_STORAGE	"/run/containers/storage"
static const char *const confs[] = {
	"/etc/containers/storage.conf", "/usr/share/containers/storage.conf",
};

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
 * in capitals, too, and twice, so the text is searched, with its escapes undone. Returns false
 * when it cannot be read.
 */
static bool read_manifest(const char *path, bool *asks)
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
	*asks |= !!strstr(text, HOOK_ANNOTATION);
	return true;
}

/*
 * An image has one manifest, and where it was in a list that one, too: a name in base64.
 * Returns how many there are, -1 if one of them cannot be read.
 */
static int read_image(const char *store, const char *image, bool *asks)
{
	static const char list[] = "=bWFuaWZlc3Qt";
	cleanup_free char *dir = xasprintf("%s-images/%s", store, image);
	DIR *d = opendir(dir);
	bool whole = true;
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		cleanup_free char *path = xasprintf("%s/%s", dir, e->d_name);

		if (strcmp(e->d_name, "manifest") && strncmp(e->d_name, list, strlen(list)))
			continue;
		whole &= read_manifest(path, asks);
		n++;
	}
	if (d)
		closedir(d);
	return whole ? n : -1;
}

/*
 * An image that is not beside the container is in a store that a configuration names, as one
 * of its paths.
 */
static int read_other_stores(const char *driver, const char *image, bool *asks)
{
	const char *name = strrchr(driver, '/');
	int n = 0, more = 0;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(confs) && more >= 0; i++) {
		cleanup_error struct error *err = NULL;
		cleanup_free char *text = file_read(confs[i], MAX_LIST, &len, &err);
		char *next = text, *word;

		while (more >= 0 && (word = strsep(&next, "\"'\n"))) {
			cleanup_free char *store = xasprintf("%s%s", word, name);

			more = *word == '/' ? read_image(store, image, asks) : 0;
			n += more;
		}
	}
	return more < 0 ? more : n;
}

static void take(struct json_object *entry, const char *driver, struct hook_podname *n)
{
	struct json_object *names = json_typed(entry, "names", json_type_array);
	struct json_object *first = names ? json_object_array_get_idx(names, 0) : NULL;
	const char *image = json_text(entry, "image");
	int read;

	if (json_object_is_type(first, json_type_string))
		n->container = xstrdup(json_object_get_string(first));
	if (!image || !*image)
		return;
	read = read_image(driver, image, &n->image_asks);
	if (!read)
		read = read_other_stores(driver, image, &n->image_asks);
	if (read <= 0 && !n->image_asks)
		n->not_read = xasprintf("the manifest of its image `%.12s`", image);
}

/* The container that writes to @layer, in the lists of the storage with this driver */
static struct json_object *entry_of(const char *driver, const char *layer)
{
	const char *name = strrchr(driver, '/');
	char *const lists[] = {
		xasprintf("%s-containers/containers.json", driver),
		xasprintf("%s-containers/volatile-containers.json", driver),
		/* with --transient-store */
		xasprintf(RUN_STORAGE "%s-containers/volatile-containers.json", name),
	};
	struct json_object *entry = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!entry)
			entry = entry_in(lists[i], layer);
		free(lists[i]);
	}
	return entry;
}

/*
 * From STORAGE/overlay/LAYER/merged, STORAGE/vfs/dir/LAYER and the like to
 * STORAGE/overlay-containers/containers.json, and to
 * STORAGE/overlay-images/IMAGE/manifest.
 */
static void look_by_root(const char *root, struct hook_podname *n)
{
	cleanup_free char *driver = xstrdup(root);
	cleanup_free char *layer = NULL;
	struct json_object *entry = NULL;
	char *slash;

	/* back to the layer */
	while (!layer) {
		slash = strrchr(driver, '/');
		if (!slash)
			return;
		if (strlen(slash + 1) == ID_LEN)
			layer = xstrdup(slash + 1);
		*slash = '\0';
	}
	for (; (slash = strrchr(driver, '/')); *slash = '\0') {
		cleanup_free char *lists = xasprintf("%s-containers", driver);

		if (access(lists, F_OK))
			continue;
		entry = entry_of(driver, layer);
		if (entry)
			take(entry, driver, n);
		else
			n->not_read = xasprintf("its entry in `%s`", lists);
		json_object_put(entry);
		return;
	}
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
	free(n->not_read);
	memset(n, 0, sizeof(*n));
}
