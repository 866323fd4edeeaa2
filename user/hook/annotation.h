/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container's annotation asks of the hook:
 *
 *	io.containers.trace-syscall = ENTRY[;ENTRY]...
 *
 *	of:PATH			where the profile goes; must be there
 *	if:PATH			the base profile that the new one extends
 *	format:NAME		the dialect of the new profile
 *	mode:WORD[+WORD]	permissive: record under a filter that allows
 *				everything; add, replace: what becomes of the
 *				profile that is there, whoever's it is; counts: say
 *				beside it in which runs what was seen
 *	runtime:CHOICE		as --runtime, with + for commas
 *	args:MODE		as --args
 *	report:PATH		where to write what is to be known of the profile
 *	no-exec[:yes|no]	leave out what only exec and health checks called
 *	strict[:yes|no]		without a record the container does not start
 *
 * The first two are those of oci-seccomp-bpf-hook, in its grammar.
 */
#ifndef SCTRACE_HOOK_ANNOTATION_H
#define SCTRACE_HOOK_ANNOTATION_H

#include <json-c/json.h>
#include "format/format.h"
#include "profile/runtime.h"
#include "key.h"
#include "podname.h"

/* To what the new profile is added */
enum hook_onto {
	HOOK_ONTO_OWN,		/* what an earlier run of the container left */
	HOOK_ONTO_ANY,		/* what is there, whoever's it is */
	HOOK_ONTO_NOTHING,
};

struct hook_annotation {
	char *output;		/* of: */
	char *base;		/* if:, or NULL */
	char *report;		/* or NULL */
	enum format format;
	enum hook_onto onto;
	struct runtime_choice runtime;
	enum args_mode args;
	bool permissive;
	bool counts;		/* in which runs what was seen */
	bool no_exec;		/* leave out what only exec and health checks called */
	bool strict;
};

int hook_annotation_parse(const char *text, struct hook_annotation *a,
			  struct error **err);
void hook_annotation_free(struct hook_annotation *a);
bool hook_annotation_named(struct json_object *annotations);
const char *hook_annotation_misspelt(struct json_object *annotations);
int hook_annotation_find(struct json_object *annotations,
			 const struct hook_podname *name, const char **text,
			 struct error **err);

#define cleanup_annotation	__cleanup(hook_annotation_free)

#endif
