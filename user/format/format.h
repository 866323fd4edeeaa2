/* SPDX-License-Identifier: GPL-2.0 */
/* The dialects a profile is read from and written to. */
#ifndef SCTRACE_FORMAT_H
#define SCTRACE_FORMAT_H

#include <stdio.h>
#include "profile/args.h"
#include "profile/profile.h"

/*
 * A dialect is one row here and one file that defines dialect_NAME, a struct
 * dialect (dialect.h).
 */
#define FORMATS(F)							\
	F(OCI, oci)							\
	F(DOCKER, docker)						\
	F(PODMAN, podman)						\
	F(K8S, k8s)							\
	F(SYSTEMD, systemd)						\
	F(LABEL, label)							\
	F(NAMES, names)							\
	F(CSV, csv)							\
	F(STRACE, strace)						\
	F(AUDIT, audit)

enum format {
	FORMAT_AUTO,		/* reading: tell it by its members */
#define F(upper, lower)	FORMAT_##upper,
	FORMATS(F)
#undef F
	FORMAT_COUNT
};

/* the largest profile that is read; those in the field have 30 kB */
#define FORMAT_MAX_INPUT	(1u << 20)
/* the longest log; it is held in memory */
#define FORMAT_MAX_LOG		(64u << 20)

struct format_opts {
	const char *name;	/* k8s metadata.name; NULL: the profile's own,
				 * or "sctrace"
				 */
	uint32_t native;	/* whose entry of an archMap counts where there
				 * is no archMap; 0: the running machine's
				 */
	const char *groups;	/* systemd: name groups that are permitted as a
				 * whole, and these; NULL: none
				 */
	bool here;		/* systemd: for a unit of this machine */
	bool unchecked;		/* do not verify what is written: for fuzzers */
};

const char *format_name(enum format f);
bool format_written(enum format f);
enum args_can format_args(enum format f);
int format_parse(const char *s, bool write, enum format *f);
const char *format_unknown(const char *s, bool write);

/*
 * Both set @err and return NULL or -1 on failure.  @opts and @notes may be NULL;
 * a note tells what the dialect has no word for, where leaving it out makes the
 * profile stricter or changes nothing.  What would make it laxer is an error.
 */
struct profile *format_read(const char *text, size_t len, enum format f,
			    enum format *found, struct profile_notes *notes,
			    struct error **err);
struct profile *format_read_file(const char *path, enum format f,
				 enum format *found, struct error **err);
char *format_write(const struct profile *p, enum format f,
		   const struct format_opts *opts,
		   struct profile_notes *notes, struct error **err);
int format_write_file(const struct profile *p, enum format f,
		      const struct format_opts *opts,
		      struct profile_notes *notes, FILE *to,
		      struct error **err);

#endif
