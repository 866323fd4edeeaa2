// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces the filter in a container's configuration by one that allows
 * everything.
 */

#include <linux/audit.h>
#include "profile/profile.h"
#include "edit.h"
#include "precreate.h"

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
