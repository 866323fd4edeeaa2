/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel module as a file and as a thing that is loaded. */
#ifndef SCTRACE_MODULE_H
#define SCTRACE_MODULE_H

#include <stdbool.h>
#include "lib/error.h"

#define MODULE		"sctrace"

/* Why modprobe failed, as far as it says */
enum module_state {
	MODULE_KEY,		/* its signature is missing or not trusted */
	MODULE_LOCKED,		/* lockdown, or kernel.modules_disabled */
	MODULE_REFUSED,		/* the kernel does not take the file */
	MODULE_FAILED,		/* modprobe failed otherwise */
};

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

/* What is so, and what to do about it; all zero is "nothing was found" */
struct finding {
	enum verdict verdict;
	bool build;		/* it fails because it must be built (again) */
	char *text;
	char *todo;		/* or NULL; each piece in backticks is a command */
};

/* What DKMS knows of sctrace, for the running kernel */
struct dkms {
	bool there;		/* is DKMS installed? */
	char *version;		/* of sctrace, NULL when DKMS does not know it */
	bool built;
	char *log;		/* of a build that failed, or NULL */
	char *last_error;	/* of that log, or NULL */
};

void finding_set(struct finding *f, enum verdict verdict, char *text,
		 char *todo);
void finding_free(struct finding *f);

bool module_loaded(void);
char *module_loaded_version(void);
bool module_mismatch(struct finding *f);
bool module_user_ns_initial(void);
bool module_has_cap(int cap);
char *module_read_line(const char *path);
enum module_state module_classify(const char *words);
int module_load(struct error **err);

char *module_file_version(void);
void module_file_look(struct finding *f);
void module_load_look(struct finding *f);

void dkms_look(struct dkms *d);
char *dkms_install_text(const struct dkms *d);
void dkms_free(struct dkms *d);

#define cleanup_finding	__cleanup(finding_free)
#define cleanup_dkms	__cleanup(dkms_free)

#endif
