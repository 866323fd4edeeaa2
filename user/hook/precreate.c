// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces the filter in a container's configuration by one that allows
 * everything.
 */

#include "lib/names.h"
#include "profile/profile.h"
#include "edit.h"
#include "precreate.h"

/*
 * A filter kills a call by an ABI that it does not list. So a filter that allows
 * everything lists all ABIs of the kernel, whatever the container's own listed.
 */
static struct json_object *filter(uint32_t native)
{
	struct json_object *o = json_object_new_object(), *arches;
	const char *name = profile_arch_name(native);
	const struct abi_name *a;

	if (!o)
		out_of_memory();
	json_object_object_add(o, "defaultAction",
			       json_object_new_string("SCMP_ACT_ALLOW"));
	if (!name)
		return o;
	arches = json_object_new_array();
	json_object_array_add(arches, json_object_new_string(name));
	for (a = names_abis + 1; a->token; a++)
		if (a->host == native)
			json_object_array_add(arches, json_object_new_string(a->token));
	json_object_object_add(o, "architectures", arches);
	return o;
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
	static const char *const path[] = { "linux", "seccomp", NULL };
	struct json_object *new = filter(native);
	char *out;

	out = hook_config_put(text, len, path,
			      json_object_to_json_string_ext(new, JSON_C_TO_STRING_PLAIN),
			      json_type_object, out_len, err);
	json_object_put(new);
	return out;
}
