/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel module as a file and as a thing that is loaded. */
#ifndef SCTRACE_MODULE_H
#define SCTRACE_MODULE_H

#include <stdbool.h>
#include "lib/error.h"

/* Why loading it came to nothing */
enum module_state {
	MODULE_OK,
	MODULE_NOT_BUILT,	/* no file for this kernel */
	MODULE_NO_DEPMOD,	/* a file that modprobe does not know of */
	MODULE_OTHER_KERNEL,	/* a file, built for another kernel */
	MODULE_KEY,		/* its signature is missing or not trusted */
	MODULE_LOCKED,		/* lockdown, or kernel.modules_disabled */
	MODULE_NO_RIGHT,	/* not root in the initial user namespace */
	MODULE_NO_MODPROBE,
	MODULE_FAILED,		/* modprobe failed otherwise */
};

char *module_file(bool *known);
bool module_loaded(void);
char *module_loaded_version(void);
char *module_file_info(const char *file, const char *key);
char *module_unpack(const char *file);
bool module_user_ns_initial(void);
bool module_has_cap(int cap);
bool module_locked(void);
bool module_sig_enforced(void);
char *module_read_line(const char *path);
enum module_state module_classify(const char *words);
int module_load(struct error **err);

#endif
