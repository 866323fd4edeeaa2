// SPDX-License-Identifier: GPL-2.0
/*
 * The runs of a container that a profile was recorded from are noted at the
 * profile's file, in an extended attribute that only root can write and read.
 * So there is no second file that could be left behind or get lost, the note
 * appears with the profile by the same rename(), and a copy of the profile, or
 * one that an editor has written anew, is nobody's.
 */

#include <errno.h>
#include <fcntl.h>
#include <sctrace.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include "lib/util.h"
#include "runs.h"

#define ATTRIBUTE	"trusted.sctrace.runs"
#define LOCK_FILE	"/run/sctrace-hook.lock"

_Static_assert(sizeof(((struct hook_runs *)0)->container) ==
	       SCTRACE_LABEL_MAX + 1, "an ID is a label");

/**
 * hook_runs_lock() - keep other hooks from adding to a profile meanwhile
 *
 * One lock for all profiles: it is held for the time of a read and a write. It
 * is where only root can take it; nobody else can make a hook wait.
 *
 * Return: a descriptor to close, or -1 where there is no such place.
 */
int hook_runs_lock(void)
{
	int fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600);

	if (fd >= 0)
		retry_eintr(flock(fd, LOCK_EX));
	return fd;
}

/**
 * hook_runs_read() - what is noted at a profile
 * @fd: the file
 * @r: what it is; zeroes when there is nothing
 */
void hook_runs_read(int fd, struct hook_runs *r)
{
	char text[256], whole;
	ssize_t n = fgetxattr(fd, ATTRIBUTE, text, sizeof(text) - 1);

	memset(r, 0, sizeof(*r));
	if (n <= 0)
		return;
	text[n] = '\0';
	if (sscanf(text, "%128s %u %c", r->container, &r->runs, &whole) != 3)
		memset(r, 0, sizeof(*r));
	else
		r->whole = whole == 'w';
}

/**
 * hook_runs_write() - note at a profile
 * @fd: the file
 * @r: what
 *
 * Return: 0, or -1 and errno, as on a file system without such attributes.
 */
int hook_runs_write(int fd, const struct hook_runs *r)
{
	cleanup_free char *text = xasprintf("%s %u %s", r->container, r->runs,
					    r->whole ? "whole" : "partial");

	return fsetxattr(fd, ATTRIBUTE, text, strlen(text), 0);
}
