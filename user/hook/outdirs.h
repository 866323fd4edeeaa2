/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the hook may write and read. Who may annotate a container is not
 * always root (CRI-O), but the hook is: then it is told the directories that
 * it may touch, and follows no symbolic link below them.
 */
#ifndef SCTRACE_HOOK_OUTDIRS_H
#define SCTRACE_HOOK_OUTDIRS_H

#include "lib/file.h"
#include "runs.h"

struct outdirs {
	char **v;		/* absolute, no slash at the end; none: anywhere */
	size_t n;
};

int outdirs_add(struct outdirs *d, const char *dir, struct error **err);
void outdirs_free(struct outdirs *d);
int outdirs_check(const struct outdirs *d, const char *path,
		  struct error **err);
int outdirs_open(const struct outdirs *d, struct file_out *f,
		 const char *path, struct error **err);
char *outdirs_read(const struct outdirs *d, const char *path, size_t max,
		   size_t *len, struct hook_runs *runs, struct error **err);

#define cleanup_outdirs	__cleanup(outdirs_free)

#endif
