// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces the filter in a container's configuration by one that allows
 * everything. All else stays as it is, byte for byte: numbers above 2^63 or
 * members that this program has never heard of are none of its business, so
 * the text is cut and joined, not printed anew.
 */

#include <ctype.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include "profile/profile.h"
#include "precreate.h"
#include "state.h"

/*
 * A filter kills a call by an ABI that it does not list. So a filter that allows
 * everything lists all ABIs of the kernel, whatever the container's own listed.
 */
static const struct {
	uint32_t native;
	const char *others[3];
} compat[] = {
	{ AUDIT_ARCH_X86_64, { "SCMP_ARCH_X86", "SCMP_ARCH_X32" } },
	{ AUDIT_ARCH_AARCH64, { "SCMP_ARCH_ARM" } },
	{ AUDIT_ARCH_S390X, { "SCMP_ARCH_S390" } },
	{ AUDIT_ARCH_MIPS64, { "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64N32" } },
	{ AUDIT_ARCH_MIPSEL64, { "SCMP_ARCH_MIPSEL",
				 "SCMP_ARCH_MIPSEL64N32" } },
	{ AUDIT_ARCH_PPC64, { "SCMP_ARCH_PPC" } },
};

/* A piece of the text, of valid JSON */
struct span {
	const char *at, *end;
};

static const char *blanks(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* From the opening quote to behind the closing one */
static const char *skip_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

static const char *skip_value(const char *s)
{
	int depth = 0;

	do {
		if (*s == '"') {
			s = skip_string(s);
			continue;
		}
		if (*s == '{' || *s == '[')
			depth++;
		else if (*s == '}' || *s == ']')
			depth--;
		else if (!depth)	/* a number or a word */
			return s + strcspn(s, ",]} \t\r\n");
		if (*s)
			s++;
	} while (*s && depth > 0);
	return s;
}

/*
 * The value of a member of the object that begins at @s. Returns how often
 * there is one of that name; names with escapes in them are not recognised.
 */
static int find(const char *s, const char *key, struct span *value)
{
	size_t n = strlen(key);
	int found = 0;

	s = blanks(s + 1);
	while (*s == '"') {
		const char *name = s + 1, *end = skip_string(s);
		bool is = (size_t)(end - name) == n + 1 &&
			  !memcmp(name, key, n);

		s = blanks(end);
		if (*s == ':')
			s = blanks(s + 1);
		end = skip_value(s);
		if (is) {
			found++;
			value->at = s;
			value->end = end;
		}
		s = blanks(end);
		if (*s == ',')
			s = blanks(s + 1);
	}
	return found;
}

static struct json_object *filter(uint32_t native)
{
	struct json_object *o = json_object_new_object(), *arches;
	const char *name = profile_arch_name(native);
	size_t i, j;

	if (!o)
		out_of_memory();
	json_object_object_add(o, "defaultAction",
			       json_object_new_string("SCMP_ACT_ALLOW"));
	if (!name)
		return o;
	arches = json_object_new_array();
	json_object_array_add(arches, json_object_new_string(name));
	for (i = 0; i < ARRAY_SIZE(compat); i++)
		for (j = 0;
		     compat[i].native == native && compat[i].others[j]; j++)
			json_object_array_add(arches,
				json_object_new_string(compat[i].others[j]));
	json_object_object_add(o, "architectures", arches);
	return o;
}

/* @text with what is at @where replaced, or @with put there as a member */
static char *join(const char *text, size_t len, const struct span *where,
		  const char *with, size_t *out_len)
{
	size_t head = where->at - text, tail = text + len - where->end;
	size_t n = strlen(with);
	char *out = xcalloc(head + n + tail + 1, 1);

	memcpy(out, text, head);
	memcpy(out + head, with, n);
	memcpy(out + head + n, where->end, tail);
	*out_len = head + n + tail;
	return out;
}

/* As a first member of the object that begins at @at */
static char *insert(const char *text, size_t len, const char *at,
		    const char *member, size_t *out_len)
{
	const struct span where = { at + 1, at + 1 };
	bool empty = *blanks(at + 1) == '}';
	cleanup_free char *with = xasprintf("%s%s", member, empty ? "" : ",");

	return join(text, len, &where, with, out_len);
}

static int once(int found, bool there, const char *key, struct error **err)
{
	if (found > 1)
		return error_make(err, ST_FAILED, 0,
				  "container configuration: `%s` is there twice",
				  key);
	/* what one reader finds and the other not was spelled oddly */
	if (!found != !there)
		return error_make(err, ST_FAILED, 0,
				  "container configuration: cannot make out `%s`",
				  key);
	return 0;
}

/**
 * hook_permit_all() - a configuration whose filter allows everything
 * @text: the configuration; a NUL must follow it
 * @len: its length
 * @native: the kernel's own ABI
 * @out_len: length of the result, at most @len + HOOK_PERMIT_ALL_ROOM
 * @err: why it cannot be made
 *
 * Return: the new text, for free(), or NULL and @err.
 */
char *hook_permit_all(const char *text, size_t len, uint32_t native,
		      size_t *out_len, struct error **err)
{
	struct json_object *root, *linux_ = NULL, *old = NULL, *new = NULL;
	cleanup_free char *member = NULL;
	struct span l = { 0 }, s = { 0 };
	const char *begin, *fresh;
	char *out = NULL;
	bool there;

	root = hook_json(text, len, "container configuration", err);
	if (!root)
		return NULL;
	/* json-c takes comments and such for JSON; the runtimes do not */
	begin = blanks(text);
	if (*begin != '{') {
		error_make(err, ST_FAILED, 0,
			   "container configuration: no JSON object");
		goto out;
	}
	there = json_object_object_get_ex(root, "linux", &linux_);
	if (once(find(begin, "linux", &l), there, "linux", err) < 0)
		goto out;
	if (linux_ && (!json_object_is_type(linux_, json_type_object) ||
		       *l.at != '{')) {
		error_make(err, ST_FAILED, 0,
			   "container configuration: `linux` is no object");
		goto out;
	}
	if (linux_) {
		there = json_object_object_get_ex(linux_, "seccomp", &old);
		if (once(find(l.at, "seccomp", &s), there, "seccomp", err) < 0)
			goto out;
		if (old && !json_object_is_type(old, json_type_object)) {
			error_make(err, ST_FAILED, 0,
				   "container configuration: `seccomp` is no object");
			goto out;
		}
	}
	new = filter(native);
	fresh = json_object_to_json_string_ext(new, JSON_C_TO_STRING_PLAIN);
	if (linux_ && there) {
		out = join(text, len, &s, fresh, out_len);
	} else if (linux_) {
		member = xasprintf("\"seccomp\":%s", fresh);
		out = insert(text, len, l.at, member, out_len);
	} else if (there) {		/* "linux": null */
		member = xasprintf("{\"seccomp\":%s}", fresh);
		out = join(text, len, &l, member, out_len);
	} else {
		member = xasprintf("\"linux\":{\"seccomp\":%s}", fresh);
		out = insert(text, len, begin, member, out_len);
	}
out:
	json_object_put(new);
	json_object_put(root);
	return out;
}
