// SPDX-License-Identifier: GPL-2.0
/*
 * Who starts a container wants to know why it does not start, or why it will not
 * be recorded. But podman throws away what a precreate hook says, crun what any
 * hook says, and runc what a hook says that does not fail. So the text is written
 * to the standard error of the podman that the person has called.
 */

#include <dirent.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "lib/error.h"
#include "record/module.h"
#include "tell.h"

static bool is_named(pid_t pid, const char *name)
{
	cleanup_free char *path = xasprintf("/proc/%d/comm", pid);
	cleanup_free char *comm = module_read_line(path);

	return comm && !strcmp(comm, name);
}

static pid_t parent_of(pid_t pid)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", pid);
	cleanup_free char *line = module_read_line(path);
	const char *end = line ? strrchr(line, ')') : NULL;
	int parent;

	return end && sscanf(end, ") %*c %d", &parent) == 1 ? parent : 0;
}

static int descriptor_of(pid_t pid, int fd)
{
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_getfd)
	cleanup_close int process = syscall(SYS_pidfd_open, pid, 0);

	if (process >= 0)
		return syscall(SYS_pidfd_getfd, process, fd, 0);
#endif
	(void)pid;
	(void)fd;
	return -1;
}

/*
 * podman runs precreate hooks itself. All others are run by the runtime, and that
 * by conmon. podman waits for conmon's answer at the other end of a socket pair,
 * and the kernel knows who has made that.
 */
static pid_t find_podman(pid_t parent)
{
	cleanup_free char *path = NULL;
	pid_t conmon, found = 0;
	struct ucred maker;
	struct dirent *e;
	socklen_t len;
	DIR *dir;

	if (is_named(parent, "podman"))
		return parent;
	conmon = parent_of(parent);
	if (!is_named(conmon, "conmon"))
		return 0;
	path = xasprintf("/proc/%d/fd", conmon);
	dir = opendir(path);
	while (dir && !found && (e = readdir(dir))) {
		cleanup_close int fd = -1;
		struct stat st;

		if (fstatat(dirfd(dir), e->d_name, &st, 0) < 0 ||
		    !S_ISSOCK(st.st_mode))
			continue;
		fd = descriptor_of(conmon, atoi(e->d_name));
		len = sizeof(maker);
		if (fd >= 0 &&
		    !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &maker, &len) &&
		    is_named(maker.pid, "podman"))
			found = maker.pid;
	}
	if (dir)
		closedir(dir);
	return found;
}

/**
 * hook_tell() - tell the person who starts the container
 * @parent: the process that has run the hook
 * @text: a line
 *
 * Does nothing before Linux 5.6, and where no podman is found.
 */
void hook_tell(pid_t parent, const char *text)
{
	cleanup_close int fd = -1;
	struct stat theirs, ours;

	parent = find_podman(parent);
	/* their very descriptor: opened anew, a file would be overwritten */
	if (parent > 1)
		fd = descriptor_of(parent, STDERR_FILENO);
	if (fd < 0 || fstat(fd, &theirs) < 0 ||
	    fstat(STDERR_FILENO, &ours) < 0)
		return;
	if (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino)
		return;
	dprintf(fd, PROGRAM ": %s\n", text);
}
