/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands that work on profiles as files have in common. */
#ifndef SCTRACE_CMD_SETS_H
#define SCTRACE_CMD_SETS_H

#include "profile/algebra.h"
#include "cmd.h"
#include "profile/runtime.h"

enum {
	OPT_INPUT_FORMAT = OPT_COMMAND,
	OPT_CAPS,
	OPT_KERNEL,
	OPT_ARCH,
	OPT_TARGET_KERNEL,
	OPT_TARGET_LIBSECCOMP,
	OPT_TARGET_RUNTIME,
	OPT_WIDER_THAN,
	OPT_OBJECT_NAME,
};

#define OPTS_INPUT							\
	{ OPT_INPUT_FORMAT, "input-format", "FORMAT", "of all inputs; else told by their members" }
#define OPTS_RESULT							\
	{ 'o', "output", "FILE", "where to write the profile, `-` for standard output" }, \
	{ OPT_FORMAT, "format", "FORMAT", "the dialect to write (default: the base's or first input's)" }, \
	{ OPT_OBJECT_NAME, "name", "NAME", "name of the object in the format k8s" }, \
	{ OPT_CAPS, "caps", "CAP[,CAP]...", "decide conditions: these capabilities, `none` for none" }, \
	{ OPT_KERNEL, "kernel", "X.Y", "decide conditions: this kernel (with --caps)" }, \
	{ OPT_ARCH, "arch", "ARCH", "the native architecture, as in amd64 (default: this machine's)" }, \
	{ OPT_RUNTIME, "runtime", RUNTIME_SPELLED, "allow what crun or runc calls after its filter" }, \
	{ OPT_PORTABLE, "portable", NULL, "allow what the program may call on another machine" }, \
	OPTS_GROUPS,							\
	{ OPT_STRICT, "strict", NULL, "write nothing when the dialect cannot say all" }

struct sets_opts {
	struct cmd_opts common;
	enum format input;
	const char *object;
	bool resolve;
	bool no_caps;		/* --caps none */
	struct profile_env env;
	const char *kernel;	/* oldest target */
	const char *libseccomp;	/* oldest target */
	const char *target;	/* "crun" or "runc" that will read it */
	char *version;		/* of that, or NULL */
	const char *wider_than;	/* an engine, or a file */
};

/* folds one more input into what there is; NULL and @err on failure */
typedef struct profile *(*sets_fold)(const struct profile *a,
				     const struct profile *b,
				     struct profile_notes *notes,
				     struct error **err);

int sets_option(struct args *a, int id, struct sets_opts *o, struct error **err);
int sets_options(struct args *a, struct sets_opts *o, struct error **err);
void sets_opts_free(struct sets_opts *o);
int sets_run(const struct command *cmd, int argc, char **argv, sets_fold fold,
	     int least, struct error **err);

#define cleanup_sets_opts	__cleanup(sets_opts_free)

#endif
