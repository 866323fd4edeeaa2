/* SPDX-License-Identifier: GPL-2.0 */
/* YAML as JSON's types, so that members are understood in one place only. */
#ifndef SCTRACE_FORMAT_YAML_H
#define SCTRACE_FORMAT_YAML_H

#include "json.h"

struct json_doc *yaml_parse(const char *text, size_t len, struct error **err);

#endif
