/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a command is, and what commands have in common. A new one is a file in
 * cmd/ with a struct command, a line for it below, and one in main.c.
 */
#ifndef SCTRACE_CMD_H
#define SCTRACE_CMD_H

#include "record/client.h"
#include "record/container.h"
#include "profile/derive.h"
#include "format/format.h"
#include "profile/args.h"
#include "lib/print.h"

/* One option: getopt_long()'s table and the help text are made from these */
struct opt {
	int id;			/* its letter, or from OPT_LONG on */
	const char *name;
	/* what the help calls its argument, or NULL; one that ends in ... adds up */
	const char *arg;
	const char *help;
};

/* Identifiers of options that have no letter, all commands together */
enum {
	OPT_LONG = 256,
	OPT_CONTAINER,
	OPT_UNIT,
	OPT_CGROUP,
	OPT_NS,
	OPT_PID,
	OPT_LABEL,
	OPT_ID,
	OPT_JSON,
	OPT_FORMAT,
	OPT_STRICT,
	OPT_ERRNO,
	OPT_DEFAULT_ACTION,
	OPT_RUNTIME_OR_AUTO,
	OPT_RUNTIME,
	OPT_PORTABLE,
	OPT_NO_REFUSED,
	OPT_INCLUDE_REFUSED,
	OPT_BASE,
	OPT_EXACT,
	OPT_STAGE,
	OPT_NO_EXEC,
	OPT_ARGS,
	OPT_COUNTS,
	OPT_GROUPS,
	OPT_VERSION,
	OPT_COMMAND,		/* from here on a command's own */
};

struct command {
	const char *name;
	const char *summary;	/* one line */
	const char *args;	/* for the usage line, after the options */
	const char *more;	/* paragraphs for the end of the help, or NULL */
	const struct opt *opts;
	/* Returns the status to end with, or < 0 and the error */
	int (*run)(const struct command *cmd, int argc, char **argv,
		   struct error **err);
	bool stop_at_word;	/* options end at the first word (run) */
};

/* All options that name a record */
#define SELECTORS	"--container, --unit, --cgroup, --ns, --pid, --label, --id"

#define OPTS_SELECTOR							\
	{ OPT_CONTAINER, "container", "NAME", "the container that an engine knows by this name or ID" }, \
	{ OPT_UNIT, "unit", "NAME", "this unit of systemd; UID/NAME is a user's" }, \
	{ OPT_CGROUP, "cgroup", "PATH", "the cgroup with this path, and all below it" }, \
	{ OPT_NS, "ns", "INUM", "the PID namespace with this number" },	\
	{ OPT_PID, "pid", "PID", "the PID namespace that this process lives in" }, \
	{ OPT_LABEL, "label", "TEXT", "the record with this label" },	\
	{ OPT_ID, "id", "ID", "the record with this number" }
#define OPTS_JSON							\
	{ OPT_JSON, "json", NULL, "print JSON" }
#define OPTS_COUNTS							\
	{ OPT_COUNTS, "counts", NULL, "write beside it in which runs what was seen" }
#define OPTS_PROFILE							\
	{ 'o', "output", "FILE", "where to write the profile, `-` for standard output" }, \
	{ OPT_FORMAT, "format", "FORMAT", "oci, docker, podman, k8s, systemd, label, names, csv (default: the base's, else oci)" }, \
	{ OPT_BASE, "base", "FILE", "add to this profile; what it blocks stays blocked" }, \
	{ OPT_ERRNO, "errno", "NAME", "what a refused call returns (default ENOSYS)" }, \
	{ OPT_DEFAULT_ACTION, "default-action", "ACTION", "what befalls other calls (default ERRNO)" }, \
	{ OPT_RUNTIME_OR_AUTO, "runtime", "NAME", "add what crun or runc needs (=VERSION,nnp may follow), none, or auto; with ,exec and ,user for more than a start" }, \
	{ OPT_PORTABLE, "portable", NULL, "add what other clocks, C libraries and kernels may need" }, \
	{ OPT_EXACT, "exact", NULL, "nothing but what was seen: no runtime's needs, not even exit" }, \
	{ OPT_INCLUDE_REFUSED, "include-refused", NULL, "allow what a seccomp filter was seen refusing, too" }, \
	{ OPT_STAGE, "stage", "STAGE", "workload (default), or all: take the set-up, too" }, \
	{ OPT_NO_EXEC, "no-exec", NULL, "leave out what only exec and health checks called" }, \
	{ OPT_ARGS, "args", "MODE", "conditions on arguments: guard (default), all, or none" }, \
	OPTS_COUNTS, \
	OPTS_GROUPS,							\
	{ OPT_STRICT, "strict", NULL, "write nothing when the record is incomplete or late" }
#define OPTS_GROUPS							\
	{ OPT_GROUPS, "groups", "WORDS", "systemd: name groups that are allowed as `whole`, or these (@network-io) with what they add" }
#define OPTS_REFUSED							\
	{ OPT_NO_REFUSED, "no-refused", NULL, "do not look for calls that a seccomp filter refuses" }
#define OPTS_COMMON							\
	{ 'q', "quiet", NULL, "say less on standard error" },		\
	{ 'v', "verbose", NULL, "say more on standard error" },		\
	{ 'h', "help", NULL, "print this help" },			\
	{ 0 }

/* Values of the options above */
struct cmd_opts {
	struct selector sel;
	bool json;
	bool help;		/* was asked for and printed: end with 0 */
	const char *output;
	enum format format;
	bool format_given;
	const char *base_path;
	struct profile *base;	/* what was read of it: for opts_free() */
	bool strict;
	bool portable;
	bool no_refused;
	bool include_refused;
	bool counts;
	bool exact;		/* nothing but what was seen */
	bool setup;		/* take the set-up, too */
	bool no_exec;		/* leave out what only exec and health checks called */
	bool args_given;
	enum args_mode args;
	bool runtime_given;
	struct runtime_choice runtime;	/* or else auto, where that can be */
	bool action_given, errno_given;
	enum profile_action def_action;
	int def_errno;
	const char *groups;	/* of systemd's, to be named; NULL: none */
	char *made;		/* a directory, made for the output: for opts_free() */
	const struct info *explain;	/* tell reasons, as of this time; NULL: no */
};

#define CMD_OPTS_INIT	{ .format = FORMAT_OCI, .def_action = PA_ERRNO,	\
			  .args = ARGS_GUARD,				\
			  .def_errno = ENOSYS, .runtime.seen = true }

void opts_free(struct cmd_opts *o);
int check_output(struct cmd_opts *o, enum format f, struct error **err);

#define cleanup_opts	__cleanup(opts_free)

struct args {
	const struct command *cmd;
	int argc;
	char **argv;
	struct option *longs;
	char *shorts;
	bool *given;		/* of the command's options, in their order */
	const char *value;	/* of the option that args_next() returned */
};

void args_begin(struct args *a, const struct command *cmd, int argc,
		char **argv);
int args_next(struct args *a, struct cmd_opts *o, struct error **err);
int args_words(const struct args *a, char ***words);
const char *args_selector(const char *word);
int args_none(const struct args *a, struct error **err);
void args_end(struct args *a);
int args_all(const struct command *cmd, int argc, char **argv,
	     struct cmd_opts *o, struct error **err);
int args_usage(const struct args *a, struct error **err, const char *fmt, ...)
	__printf(3, 4);
int args_unknown(const struct args *a, struct error **err, int id, const char *what);

#define cleanup_args	__cleanup(args_end)

int need_selector(const struct command *cmd, const struct cmd_opts *o,
		  struct error **err);
int open_selected(struct client **c, struct selector *sel, struct error **err);
int check_stages(struct client *c, const struct cmd_opts *o, struct error **err);
void take_stages(struct record *r, const struct cmd_opts *o);
int check_profile_opts(const struct command *cmd, struct cmd_opts *o,
		       struct error **err);
int parse_u64(const char *s, uint64_t max, uint64_t *v);
int parse_label(const char *s, struct error **err);
void help_wrap(const char *s, int at, int indent);
void command_help(const struct command *cmd);

int opts_read_base(struct cmd_opts *o, struct error **err);
int derive_as_asked(const struct record *r, const struct cmd_opts *o,
		    uint32_t native, bool plain, struct derived *d,
		    struct error **err);
int write_profile(const struct record *r, const struct cmd_opts *o,
		  uint32_t native, bool plain, struct error **err);
void print_record(struct print *p, const struct record *r,
		  const struct info *info, const struct container *c, bool wide);
char *record_title(const struct record *r);
void print_one_record(struct print *p, const struct record *r, const struct info *info);
void print_sighting(struct print *p, const struct record *r,
		    const struct sctrace_sighting *s);

void print_values(struct print *p, const struct record *r);

extern const struct command *const *commands;	/* all, then NULL */
const struct command *command_find(const char *name);

extern const struct command cmd_profile, cmd_list, cmd_show, cmd_refused, cmd_run,
	cmd_start, cmd_stop, cmd_reset, cmd_forget, cmd_hook, cmd_doctor, cmd_complete,
	cmd_merge, cmd_intersect, cmd_subtract, cmd_diff, cmd_check, cmd_follow,
	cmd_report, cmd_watch;

#endif
