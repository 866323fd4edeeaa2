/* SPDX-License-Identifier: GPL-2.0 */
/* A container's configuration with one member changed, all else byte for byte. */
#ifndef SCTRACE_HOOK_EDIT_H
#define SCTRACE_HOOK_EDIT_H

#include <json-c/json.h>
#include "lib/error.h"

char *hook_config_put(const char *text, size_t len, const char *const *path,
		      const char *value, enum json_type type, size_t *out_len,
		      struct error **err);

#endif
