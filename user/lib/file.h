/* SPDX-License-Identifier: GPL-2.0 */
/* Files that appear whole or not at all. */
#ifndef SCTRACE_FILE_H
#define SCTRACE_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include "error.h"

struct file_out {
	FILE *stream;		/* write here */
	char *path;		/* as the user gave it */
	char *base;		/* last component of path */
	char *temp;		/* its stand-in, in the same directory */
	int dir;
	bool standard;		/* it is standard output */
	bool unattended;	/* whoever gave the path has no standard output: set it first */
};

#define FILE_OUT_INIT	{ .dir = -1 }

int file_check(const char *path, struct error **err);
int file_open(struct file_out *f, const char *path, struct error **err);
int file_commit(struct file_out *f, struct error **err);
void file_abort(struct file_out *f);
int file_std_open(struct error **err);
int file_stdout_done(struct error **err);
char *file_read(const char *path, size_t max, size_t *len, struct error **err);

#define cleanup_file_out	__cleanup(file_abort)

#endif
