/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container's annotation asks of the hook:
 *
 *	io.containers.trace-syscall = ENTRY[;ENTRY]...
 *
 *	of:PATH			where the profile goes; must be there
 *	if:PATH			the base profile that the new one extends
 *	format:NAME		the dialect of the new profile
 *	mode:permissive		record under a filter that allows everything
 *	report:PATH		where to write what is to be known of the profile
 *	strict[:yes|no]		without a record the container does not start
 *
 * The first two are those of oci-seccomp-bpf-hook, in its grammar.
 */
#ifndef SCTRACE_HOOK_ANNOTATION_H
#define SCTRACE_HOOK_ANNOTATION_H

#include <json-c/json.h>
#include "format/format.h"

#define HOOK_ANNOTATION	"io.containers.trace-syscall"

struct hook_annotation {
	char *output;		/* of: */
	char *base;		/* if:, or NULL */
	char *report;		/* or NULL */
	enum format format;
	bool permissive;
	bool strict;
};

int hook_annotation_parse(const char *text, struct hook_annotation *a,
			  struct error **err);
void hook_annotation_free(struct hook_annotation *a);
int hook_annotation_find(struct json_object *annotations, const char **text,
			 struct error **err);

#define cleanup_annotation	__cleanup(hook_annotation_free)

#endif
