// SPDX-License-Identifier: GPL-2.0
/* Files within allowed directories, see outdirs.h. */

#include <fcntl.h>
#include <sys/stat.h>
#include "outdirs.h"

/**
 * outdirs_add() - allow a directory and all below it
 * @d: set up with zeroes
 * @dir: an absolute path; need not exist yet
 * @err: why it cannot be one
 *
 * Return: 0, or -1 and @err.
 */
int outdirs_add(struct outdirs *d, const char *dir, struct error **err)
{
	size_t n = strlen(dir);

	if (*dir != '/')
		return error_make(err, ST_USAGE, 0,
				  "directory `%s`: the path must be absolute",
				  dir);
	while (n > 1 && dir[n - 1] == '/')
		n--;
	d->v = xrealloc(d->v, d->n + 1, sizeof(*d->v));
	d->v[d->n++] = xstrndup(dir, n);
	return 0;
}

/**
 * outdirs_free() - release a list of directories
 * @d: the list
 */
void outdirs_free(struct outdirs *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		free(d->v[i]);
	free(d->v);
	memset(d, 0, sizeof(*d));
}

/* Where @path goes on below @dir, or NULL */
static const char *below(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	if (n == 1)		/* the root */
		n = 0;
	if (strncmp(dir, path, n) || path[n] != '/')
		return NULL;
	return path + n;
}

/*
 * Opens the directory of @path, from an allowed one downwards. *@base is its
 * last component.
 */
static int walk(const struct outdirs *d, const char *path, char **base,
		struct error **err)
{
	cleanup_close int fd = -1;
	cleanup_free char *rest = NULL;
	const char *at = NULL;
	char *next, *part;
	size_t i;
	int ret;

	for (i = 0; i < d->n && !at; i++)
		at = below(d->v[i], path);
	if (!at)
		return error_make(err, ST_FAILED, 0,
				  "`%s`: is not in a directory that the hook is allowed",
				  path);
	fd = open(d->v[i - 1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_make(err, ST_FAILED, errno, "directory `%s`",
				  d->v[i - 1]);
	rest = xstrdup(at);
	for (next = rest, part = NULL; next;) {
		char *this = strsep(&next, "/");
		int sub;

		if (!*this)
			continue;
		if (!strcmp(this, ".") || !strcmp(this, ".."))
			return error_make(err, ST_FAILED, 0,
					  "`%s`: `%s` is not allowed in a path",
					  path, this);
		if (part) {
			sub = openat(fd, part, O_RDONLY | O_DIRECTORY |
				     O_NOFOLLOW | O_CLOEXEC);
			if (sub < 0)
				return error_make(err, ST_FAILED, errno,
						  "`%s`: directory `%s`", path,
						  part);
			close(fd);
			fd = sub;
		}
		part = this;
	}
	if (!part || path[strlen(path) - 1] == '/')
		return error_make(err, ST_FAILED, 0, "`%s`: is a directory",
				  path);
	/* never to be taken for the name of standard output */
	*base = xasprintf("./%s", part);
	ret = fd;
	fd = -1;
	return ret;
}

/*
 * With directories given, makes the one of @path the current one and returns
 * the name within it; else @path itself. NULL and @err when it may not be.
 */
static char *enter(const struct outdirs *d, const char *path,
		   struct error **err)
{
	cleanup_close int fd = -1;
	char *base = NULL;

	if (!d->n)
		return xstrdup(path);
	fd = walk(d, path, &base, err);
	if (fd < 0)
		return NULL;
	if (fchdir(fd) < 0) {
		error_make(err, ST_FAILED, errno, "`%s`", path);
		free(base);
		return NULL;
	}
	return base;
}

static int within(const struct outdirs *d, const char *path,
		  struct error **err)
{
	return d->n ? error_wrap(err, "`%s`", path) : -1;
}

/**
 * outdirs_check() - could a file be written?
 * @d: where it may be
 * @path: the file, an absolute path
 * @err: why not
 *
 * It is begun and dropped: not all file systems tell otherwise. Changes the current directory.
 *
 * Return: 0, or -1 and @err.
 */
int outdirs_check(const struct outdirs *d, const char *path,
		  struct error **err)
{
	cleanup_file_out struct file_out f = FILE_OUT_INIT;

	return outdirs_open(d, &f, path, err);
}

/**
 * outdirs_open() - begin to write a file
 * @d: where it may be
 * @f: set up with FILE_OUT_INIT; file_commit() or file_abort() ends it
 * @path: the file, an absolute path
 * @err: why it cannot be written
 *
 * Changes the current directory. The file is this process's own: a hook runs
 * as root, and who left a file of that name in /tmp is not to own what replaces
 * it.
 *
 * Return: 0, or -1 and @err.
 */
int outdirs_open(const struct outdirs *d, struct file_out *f,
		 const char *path, struct error **err)
{
	cleanup_free char *name = enter(d, path, err);
	struct stat st;
	int fd;

	if (!name)
		return -1;
	f->unattended = true;
	if (file_open(f, name, err) < 0)
		return within(d, path, err);
	fd = fileno(f->stream);
	if (fstat(fd, &st) < 0)
		return error_make(err, ST_FAILED, errno, "`%s`", path);
	if (st.st_uid == geteuid() && !(st.st_mode & 0133))
		return 0;
	if (fchown(fd, geteuid(), getegid()) < 0 || fchmod(fd, 0644) < 0)
		return error_make(err, ST_FAILED, errno, "`%s`", path);
	return 0;
}

/**
 * outdirs_read() - read a regular file
 * @d: where it may be
 * @path: the file, an absolute path
 * @max: the most bytes to accept
 * @len: how many there were
 * @runs: what is noted at the file, or NULL
 * @err: why it cannot be read
 *
 * Changes the current directory. Waits for nothing: what is no regular file is
 * refused.
 *
 * Return: the bytes and a NUL, for free(), or NULL and @err.
 */
char *outdirs_read(const struct outdirs *d, const char *path, size_t max,
		   size_t *len, struct hook_runs *runs, struct error **err)
{
	cleanup_free char *name = enter(d, path, err);
	cleanup_free char *buf = NULL;
	cleanup_close int fd = -1;
	struct stat st;
	size_t n = 0;
	ssize_t got;
	char *all;

	if (!name)
		return NULL;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
		  (d->n ? O_NOFOLLOW : 0));
	if (fd < 0 || fstat(fd, &st) < 0) {
		error_make(err, ST_FAILED, errno, "read `%s`", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		error_make(err, ST_FAILED, 0, "read `%s`: is %s", path,
			   S_ISDIR(st.st_mode) ? "a directory" :
						 "not a regular file");
		return NULL;
	}
	if (runs)
		hook_runs_read(fd, runs);
	if (st.st_size > (off_t)max)
		goto large;
	/* it may grow meanwhile, and files of /proc say 0 */
	buf = xcalloc(max + 2, 1);
	do {
		got = retry_eintr(read(fd, buf + n, max + 1 - n));
		if (got < 0) {
			error_make(err, ST_FAILED, errno, "read `%s`", path);
			return NULL;
		}
		n += got;
	} while (got && n <= max);
	if (n > max)
		goto large;
	*len = n;
	all = buf;
	buf = NULL;
	return all;
large:
	error_make(err, ST_FAILED, 0, "read `%s`: larger than %zu bytes", path,
		   max);
	return NULL;
}
