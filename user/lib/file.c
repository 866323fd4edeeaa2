// SPDX-License-Identifier: GPL-2.0
/*
 * Files that appear whole or not at all: written under another name in the
 * same directory, made durable, and then renamed over the target. Whatever
 * goes wrong, or whatever signal ends the program, the target is untouched and
 * the stand-in is gone.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include "file.h"

/* What the signal handler has to remove; set while the signals are blocked */
static struct {
	volatile sig_atomic_t armed;
	int dir;
	char name[300];
} victim;

static const int deadly[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ };
static struct sigaction before[ARRAY_SIZE(deadly)];

static void on_signal(int sig)
{
	if (victim.armed)
		unlinkat(victim.dir, victim.name, 0);
	/* SA_RESETHAND has put the default action back: die of it */
	raise(sig);
}

static void signals_block(sigset_t *old)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		sigaddset(&set, deadly[i]);
	sigprocmask(SIG_BLOCK, &set, old);
}

static void victim_arm(int dir, const char *name)
{
	struct sigaction sa = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESETHAND,
	};
	size_t i;

	sigemptyset(&sa.sa_mask);
	snprintf(victim.name, sizeof(victim.name), "%s", name);
	victim.dir = dir;
	victim.armed = 1;
	for (i = 0; i < ARRAY_SIZE(deadly); i++) {
		sigaction(deadly[i], NULL, &before[i]);
		/* what was ignored (nohup) stays ignored */
		if (before[i].sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
	}
}

static void victim_disarm(void)
{
	size_t i;

	victim.armed = 0;
	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		sigaction(deadly[i], &before[i], NULL);
}

/* Opens the directory of @path; *@base is the last component, within @path */
static int open_parent(const char *path, const char **base, struct error **err)
{
	cleanup_free char *dir = NULL;
	const char *slash = strrchr(path, '/');
	int fd;

	if (!slash)
		dir = xstrdup(".");
	else if (slash == path)
		dir = xstrdup("/");
	else
		dir = xstrndup(path, slash - path);
	*base = slash ? slash + 1 : path;
	if (!**base || !strcmp(*base, ".") || !strcmp(*base, ".."))
		return error_make(err, ST_FAILED, 0,
				  "write `%s`: is a directory", path);
	/* an error of its own, before a file is made that could not be named */
	if (strlen(*base) > 255)
		return error_make(err, ST_FAILED, ENAMETOOLONG,
				  "write `%s`", path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_make(err, ST_FAILED, errno,
				  "write `%s`: directory `%s`", path, dir);
	return fd;
}

/* Is what stands at the target something that may be replaced? */
static int check_target(int dir, const char *base, const char *path, bool unattended,
			struct stat *st, bool *exists, struct error **err)
{
	*exists = false;
	if (fstatat(dir, base, st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return 0;
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	}
	*exists = true;
	if (S_ISREG(st->st_mode))
		return 0;
	if (S_ISLNK(st->st_mode))
		return error_make(err, ST_FAILED, 0,
				  "write `%s`: is a symbolic link, which is not followed; name the file itself%s",
				  path, unattended ? "" : ", or `-` for standard output");
	if (S_ISDIR(st->st_mode))
		return error_make(err, ST_FAILED, 0,
				  "write `%s`: is a directory", path);
	return error_make(err, ST_FAILED, 0,
			  "write `%s`: is not a regular file%s", path,
			  unattended ? "" : " (`-` writes to standard output)");
}

/**
 * file_check() - could a file be written?
 * @path: what file_open() will be given
 * @err: why not
 *
 * For those who work long before they write: the reasons that do not go away
 * by themselves are found at once. Writes nothing.
 *
 * Return: 0, or -1 and @err.
 */
int file_check(const char *path, struct error **err)
{
	cleanup_close int dir = -1;
	const char *base;
	struct stat st;
	bool exists;

	if (!strcmp(path, "-"))
		return 0;
	dir = open_parent(path, &base, err);
	if (dir < 0)
		return -1;
	if (check_target(dir, base, path, false, &st, &exists, err) < 0)
		return -1;
	if (faccessat(dir, ".", W_OK | X_OK, AT_EACCESS) < 0)
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	return 0;
}

static uint64_t noise(void)
{
	struct timespec ts;
	uint64_t n;

	/* the name need not be secret, O_EXCL makes it safe: only new */
	if (getrandom(&n, sizeof(n), GRND_NONBLOCK) == sizeof(n))
		return n;
	clock_gettime(CLOCK_REALTIME, &ts);
	return ((uint64_t)getpid() << 32) ^ (uint64_t)ts.tv_nsec;
}

/**
 * file_open() - begin to write a file
 * @f: set up with FILE_OUT_INIT; file_commit() or file_abort() ends it
 * @path: the file, or `-` for standard output
 * @err: why it cannot be written
 *
 * Return: 0 with @f->stream open, or -1 and @err.
 */
int file_open(struct file_out *f, const char *path, struct error **err)
{
	const char *base;
	struct stat st;
	sigset_t old;
	bool exists;
	mode_t mask;
	int fd, tries;

	if (!strcmp(path, "-")) {
		f->standard = true;
		f->stream = stdout;
		return 0;
	}
	f->dir = open_parent(path, &base, err);
	if (f->dir < 0)
		return -1;
	if (check_target(f->dir, base, path, f->unattended, &st, &exists, err) < 0)
		return -1;
	f->path = xstrdup(path);
	f->base = xstrdup(base);

	signals_block(&old);
	for (tries = 0; tries < 16; tries++) {
		free(f->temp);
		/* cut so that the name fits where the target's does */
		f->temp = xasprintf(".%.200s.%016llx", base,
				    (unsigned long long)noise());
		fd = openat(f->dir, f->temp, O_WRONLY | O_CREAT | O_EXCL |
			    O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	if (fd < 0) {
		error_make(err, ST_FAILED, errno, "write `%s`", path);
		free(f->temp);
		f->temp = NULL;
		sigprocmask(SIG_SETMASK, &old, NULL);
		return -1;
	}
	victim_arm(f->dir, f->temp);
	sigprocmask(SIG_SETMASK, &old, NULL);

	/*
	 * Who had the old file has the new one; not being allowed to give it
	 * away is no reason to fail. The mode comes last: chown clears bits.
	 */
	if (exists && (st.st_uid != geteuid() || st.st_gid != getegid()) &&
	    fchown(fd, st.st_uid, st.st_gid) < 0)
		debug("`%s`: owner not kept: %s", path, strerror(errno));
	mask = umask(0);
	umask(mask);
	f->stream = fdopen(fd, "w");
	if (!f->stream) {
		close(fd);
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	}
	if (fchmod(fd, exists ? st.st_mode & 0777 : 0644 & ~mask) < 0)
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	return 0;
}

/**
 * file_std_open() - see that descriptors 0 to 2 are in use
 * @err: why they cannot be
 *
 * A file that were opened as one of them would get what is meant for a person.
 * One that the caller has closed fails when it is used, as it would have.
 *
 * Return: 0, or -1 and @err.
 */
int file_std_open(struct error **err)
{
	bool closed[3];
	int fd, wrong;

	for (fd = 0; fd < 3; fd++)
		closed[fd] = fcntl(fd, F_GETFD) < 0;
	/* all three first: what is opened for one must not become the next */
	while ((fd = open("/dev/null", O_RDWR)) < 3)
		if (fd < 0)
			return error_make(err, ST_FAILED, errno, "`/dev/null`");
	close(fd);
	for (fd = 0; fd < 3; fd++) {
		if (!closed[fd])
			continue;
		/* the other way round: each use is an EBADF */
		wrong = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
		if (wrong < 0 || dup2(wrong, fd) < 0)
			return error_make(err, ST_FAILED, errno, "`/dev/null`");
		close(wrong);
	}
	return 0;
}

/**
 * file_stdout_done() - make sure that standard output was written
 * @err: what went wrong
 *
 * A full disk shows when the buffer is flushed, and with some file systems
 * only when the file is closed. Nothing can be printed afterwards.
 *
 * Return: 0, or -1 and @err.
 */
int file_stdout_done(struct error **err)
{
	int bad, fd;

	errno = 0;
	bad = ferror(stdout);
	if (fflush(stdout) || bad)
		return error_make(err, ST_FAILED, errno ? errno : EIO,
				  "write standard output");
	/* close a copy: the descriptor itself may be somebody's pipe end */
	fd = dup(STDOUT_FILENO);
	if (fd < 0 && errno == EBADF)	/* started with >&-: nothing was said */
		return 0;
	if (fd < 0 || close(fd) < 0)
		return error_make(err, ST_FAILED, errno,
				  "write standard output");
	return 0;
}

/**
 * file_commit() - the file is complete: let it appear
 * @f: what file_open() opened; ended by this whatever happens
 * @err: why it could not be
 *
 * Return: 0, or -1 and @err with the target as it was.
 */
int file_commit(struct file_out *f, struct error **err)
{
	struct stat st;
	bool exists;
	sigset_t old;
	int bad;

	if (f->standard) {
		f->standard = false;
		f->stream = NULL;
		return file_stdout_done(err);
	}
	errno = 0;
	bad = ferror(f->stream);
	if (fflush(f->stream) || bad || fsync(fileno(f->stream)) < 0) {
		error_make(err, ST_FAILED, errno ? errno : EIO, "write `%s`",
			   f->path);
		goto fail;
	}
	bad = fclose(f->stream);
	f->stream = NULL;
	if (bad) {
		error_make(err, ST_FAILED, errno, "write `%s`", f->path);
		goto fail;
	}
	/* it may have become a link since; a rename would replace that link */
	if (check_target(f->dir, f->base, f->path, f->unattended, &st, &exists, err) < 0)
		goto fail;
	/* no signal between the rename and forgetting the name */
	signals_block(&old);
	if (renameat(f->dir, f->temp, f->dir, f->base) < 0) {
		error_make(err, ST_FAILED, errno, "write `%s`", f->path);
		sigprocmask(SIG_SETMASK, &old, NULL);
		goto fail;
	}
	victim_disarm();
	free(f->temp);
	f->temp = NULL;
	sigprocmask(SIG_SETMASK, &old, NULL);
	/*
	 * The directory makes the rename durable. Some file systems cannot
	 * sync one; the file is there all the same.
	 */
	if (fsync(f->dir) < 0)
		debug("sync directory of `%s`: %s", f->path, strerror(errno));
	file_abort(f);
	return 0;
fail:
	file_abort(f);
	return -1;
}

/**
 * file_abort() - do not write the file after all
 * @f: set up with FILE_OUT_INIT; harmless after file_commit()
 */
void file_abort(struct file_out *f)
{
	sigset_t old;

	if (f->stream && !f->standard)
		fclose(f->stream);
	f->stream = NULL;
	if (f->temp) {
		signals_block(&old);
		unlinkat(f->dir, f->temp, 0);
		victim_disarm();
		sigprocmask(SIG_SETMASK, &old, NULL);
		free(f->temp);
		f->temp = NULL;
	}
	if (f->dir >= 0)
		close(f->dir);
	f->dir = -1;
	free(f->path);
	f->path = NULL;
	free(f->base);
	f->base = NULL;
}

/**
 * file_read() - read a whole file, or as much as is allowed
 * @path: the file, or `-` for standard input
 * @max: the most bytes to accept
 * @len: how many there were
 * @err: why it could not be read
 *
 * Return: the bytes and a NUL, for free(), or NULL and @err.
 */
char *file_read(const char *path, size_t max, size_t *len, struct error **err)
{
	cleanup_file FILE *f = NULL;
	cleanup_free char *buf = NULL;
	bool standard = !strcmp(path, "-");
	size_t size = 0, n = 0, got;
	char *all;
	int fd;

	/* O_NONBLOCK: to open a fifo without a writer must not hold us up */
	fd = standard ? dup(STDIN_FILENO) :
			open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		error_make(err, ST_FAILED, errno, "read `%s`", path);
		return NULL;
	}
	/* what a writer has not written yet is waited for */
	if (!standard)
		fcntl(fd, F_SETFL, 0);
	f = fdopen(fd, "r");
	if (!f)
		out_of_memory();
	do {
		if (size - n < 65536) {
			size = size ? size * 2 : 131072;
			buf = xrealloc(buf, size, 1);
		}
		got = fread(buf + n, 1, size - n - 1, f);
		n += got;
		if (n > max) {
			error_make(err, ST_FAILED, 0,
				   "read `%s`: larger than %zu bytes", path,
				   max);
			return NULL;
		}
	} while (got);
	if (ferror(f)) {
		error_make(err, ST_FAILED, errno, "read `%s`", path);
		return NULL;
	}
	buf[n] = '\0';
	*len = n;
	all = buf;
	buf = NULL;
	return all;
}
