/* SPDX-License-Identifier: GPL-2.0 */
/* The dialects a profile is read from and written to. */
#ifndef SCTRACE_FORMAT_H
#define SCTRACE_FORMAT_H

#include <stdio.h>
#include "profile/profile.h"

enum format {
	FORMAT_AUTO,		/* reading: tell it by its members */
	FORMAT_OCI,		/* runtime-spec linux.seccomp */
	FORMAT_DOCKER,		/* moby */
	FORMAT_PODMAN,		/* containers-common */
	FORMAT_K8S,		/* SeccompProfile, security-profiles-operator */
	FORMAT_SYSTEMD,		/* SystemCallFilter= drop-in */
	FORMAT_LABEL,		/* LABEL line of an image, podman's policy */
	FORMAT_NAMES,		/* one allowed name per line */
	FORMAT_CSV,
	FORMAT_COUNT
};

/* the largest profile that is read; those in the field have 30 kB */
#define FORMAT_MAX_INPUT	(1u << 20)

struct format_opts {
	const char *name;	/* k8s metadata.name; NULL: the profile's own,
				 * or "sctrace"
				 */
	uint32_t native;	/* whose entry of an archMap counts where there
				 * is no archMap; 0: the running machine's
				 */
};

const char *format_name(enum format f);
int format_parse(const char *s, enum format *f);
const char *format_list(void);

/*
 * Both set @errrr and return NULL or -1 on failure.  @opts and @notes may be NULL;
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
