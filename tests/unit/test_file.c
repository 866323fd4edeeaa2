// SPDX-License-Identifier: GPL-2.0
/* A file appears whole or not at all. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "lib/file.h"

#define NOBODY	65534

static char dir[64];
static char path[128];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/sctrace-file-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/profile.json", dir);
	umask(022);
	return 0;
}

static int teardown(void **state)
{
	cleanup_free char *cmd = xasprintf("rm -rf '%s'", dir);

	(void)state;
	return system(cmd);
}

/* How many entries the directory has */
static int entries(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(d);
	return n;
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void holds(const char *want)
{
	struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	text = file_read(path, 1000, &len, &err);
	assert_non_null(text);
	assert_string_equal(text, want);
	assert_int_equal(len, strlen(want));
}

static void new_file(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(file_check(path, &err), 0);
	assert_int_equal(entries(), 0);
	assert_int_equal(file_open(&f, path, &err), 0);
	fputs("whole", f.stream);
	/* not there yet under its name */
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(file_commit(&f, &err), 0);
	holds("whole");
	assert_int_equal(entries(), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void keeps_mode_and_owner(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct stat st;

	(void)state;
	put("old and longer");
	assert_int_equal(chmod(path, 0640), 0);
	if (!geteuid())
		assert_int_equal(chown(path, NOBODY, NOBODY), 0);
	umask(077);
	assert_int_equal(file_open(&f, path, &err), 0);
	fputs("new", f.stream);
	holds("old and longer");
	assert_int_equal(file_commit(&f, &err), 0);
	holds("new");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (!geteuid())
		assert_int_equal(st.st_uid, NOBODY);
}

/* Who may write the text of a set-id program must not choose what it is */
static void drops_set_id(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct stat st;

	(void)state;
	put("old");
	assert_int_equal(chmod(path, 07750), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 07750);
	assert_int_equal(file_open(&f, path, &err), 0);
	assert_int_equal(file_commit(&f, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
}

static void honours_umask(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct stat st;

	(void)state;
	umask(027);
	assert_int_equal(file_open(&f, path, &err), 0);
	assert_int_equal(file_commit(&f, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void aborted(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;

	(void)state;
	put("old");
	assert_int_equal(file_open(&f, path, &err), 0);
	fputs("half", f.stream);
	fflush(f.stream);
	assert_int_equal(entries(), 2);
	file_abort(&f);
	file_abort(&f);
	holds("old");
	assert_int_equal(entries(), 1);
}

/* Both the early look and the opening itself refuse, with one line */
static void refuses(const char *where, const char *words)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;

	assert_int_equal(file_check(where, &err), -1);
	assert_int_equal(err->status, ST_FAILED);
	assert_non_null(strstr(err->text, words));
	assert_null(strchr(err->text, '\n'));
	error_free(err);
	err = NULL;
	assert_int_equal(file_open(&f, where, &err), -1);
	assert_non_null(strstr(err->text, words));
	error_free(err);
	file_abort(&f);
}

static void symlinks(void **state)
{
	cleanup_free char *target = xasprintf("%s/target", dir);
	struct stat st;

	(void)state;
	assert_int_equal(symlink(target, path), 0);
	refuses(path, "symbolic link");
	/* dangling, and not; the link is there still */
	assert_int_equal(close(creat(target, 0644)), 0);
	refuses(path, "symbolic link");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(target, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(entries(), 2);
}

/* It became a link while we were writing */
static void late_symlink(void **state)
{
	cleanup_free char *target = xasprintf("%s/target", dir);
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(file_open(&f, path, &err), 0);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(file_commit(&f, &err), -1);
	assert_non_null(strstr(err->text, "symbolic link"));
	error_free(err);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(entries(), 1);
}

static void no_file_there(void **state)
{
	cleanup_free char *missing = xasprintf("%s/no/such/file", dir);
	cleanup_free char *slash = xasprintf("%s/", dir);
	cleanup_free char *dots = xasprintf("%s/..", dir);
	cleanup_free char *under = xasprintf("%s/under", path);
	cleanup_free char *fifo = xasprintf("%s/fifo", dir);
	cleanup_free char *longname = xcalloc(400, 1);

	(void)state;
	refuses(dir, "is a directory");
	refuses(slash, "is a directory");
	refuses(dots, "is a directory");
	refuses("/", "is a directory");
	refuses(missing, "No such file or directory");
	put("a file");
	refuses(under, "Not a directory");
	refuses("/dev/null", "not a regular file");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	refuses(fifo, "not a regular file");
	sprintf(longname, "%s/%0300d", dir, 1);
	refuses(longname, "name too long");
}

static void long_name(void **state)
{
	cleanup_free char *name = xcalloc(400, 1);
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;

	(void)state;
	sprintf(name, "%s/%0255d", dir, 1);
	assert_int_equal(file_open(&f, name, &err), 0);
	assert_int_equal(file_commit(&f, &err), 0);
	assert_int_equal(access(name, F_OK), 0);
}

static void unwritable(void **state)
{
	(void)state;
	put("old");
	assert_int_equal(chmod(dir, 0555), 0);
	if (!geteuid())
		assert_int_equal(seteuid(NOBODY), 0);
	refuses(path, "Permission denied");
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	holds("old");
	assert_int_equal(entries(), 1);
}

/* A file system with room for 16 KiB, in a mount namespace of a child */
static void full_disk(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	int status, i, ret;
	pid_t pid;

	(void)state;
	if (geteuid()) {
		print_message("# not root: no file system to fill\n");
		skip();
	}
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWNS) ||
		    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
		    mount("tmpfs", dir, "tmpfs", 0, "size=16k"))
			_exit(9);
		put("old");
		if (file_open(&f, path, &err) < 0)
			_exit(8);
		for (i = 0; i < 10000; i++)
			fputs("longer than the disk\n", f.stream);
		ret = file_commit(&f, &err);
		if (ret != -1 || err->status != ST_FAILED ||
		    !strstr(err->text, "No space left"))
			_exit(7);
		holds("old");
		_exit(entries() == 1 ? 0 : 6);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void dies_of(int sig, bool ignored)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		/* whoever runs this may have ignored it */
		signal(sig, ignored ? SIG_IGN : SIG_DFL);
		if (file_open(&f, path, &err) < 0)
			_exit(9);
		fputs("half", f.stream);
		fflush(f.stream);
		if (entries() != 2)
			_exit(8);
		raise(sig);
		if (file_commit(&f, &err) < 0)
			_exit(7);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (ignored) {
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	} else {
		/* of the signal itself, as the shell wants to know */
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), sig);
	}
	assert_int_equal(entries(), 1);
	holds(ignored ? "half" : "old");
}

static void signals(void **state)
{
	(void)state;
	put("old");
	dies_of(SIGINT, false);
	dies_of(SIGTERM, false);
	dies_of(SIGHUP, false);
	dies_of(SIGPIPE, false);
	dies_of(SIGHUP, true);
}

/* What was set up before is set up again afterwards */
static void signals_restored(void **state)
{
	struct file_out f = FILE_OUT_INIT;
	struct error *err = NULL;
	struct sigaction sa;
	sigset_t mask;

	(void)state;
	assert_int_equal(file_open(&f, path, &err), 0);
	sigaction(SIGTERM, NULL, &sa);
	assert_true(sa.sa_handler != SIG_DFL);
	assert_int_equal(file_commit(&f, &err), 0);
	sigaction(SIGTERM, NULL, &sa);
	assert_true(sa.sa_handler == SIG_DFL);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

static void reading(void **state)
{
	struct error *err = NULL;
	size_t len;

	(void)state;
	assert_null(file_read(path, 10, &len, &err));
	assert_non_null(strstr(err->text, "No such file"));
	error_free(err);
	err = NULL;
	put("0123456789");
	holds("0123456789");
	assert_null(file_read(path, 9, &len, &err));
	assert_non_null(strstr(err->text, "larger than 9"));
	error_free(err);
	err = NULL;
	assert_null(file_read(dir, 9, &len, &err));
	assert_non_null(strstr(err->text, "Is a directory"));
	error_free(err);
	err = NULL;
	/* one that never ends */
	assert_null(file_read("/dev/zero", 1 << 20, &len, &err));
	assert_non_null(strstr(err->text, "larger than"));
	error_free(err);
}

/* `check <(podman ...)`: a pipe, whose writer is slower than we are */
static void pipes(void **state)
{
	cleanup_free char *fifo = xasprintf("%s/fifo", dir);
	cleanup_free char *name = NULL, *text = NULL;
	struct error *err = NULL;
	int fd[2], status;
	size_t len;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	name = xasprintf("/dev/fd/%d", fd[0]);
	pid = fork();
	if (!pid) {
		int i;

		for (i = 0; i < 3; i++) {
			usleep(20000);
			if (write(fd[1], "part ", 5) != 5)
				_exit(1);
		}
		_exit(0);
	}
	close(fd[1]);
	text = file_read(name, 100, &len, &err);
	if (!text)
		fail_msg("%s", err->text);
	assert_string_equal(text, "part part part ");
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* one that nobody writes to is empty, and not waited for */
	assert_int_equal(mkfifo(fifo, 0600), 0);
	free(text);
	alarm(20);
	text = file_read(fifo, 100, &len, &err);
	alarm(0);
	assert_non_null(text);
	assert_int_equal(len, 0);
}

/* Started with any of the standard descriptors closed: none becomes our file */
static void closed_descriptors(void **state)
{
	struct error *err = NULL;
	int closed, status, fd;
	pid_t pid;
	char c;

	(void)state;
	put("x");
	for (closed = 0; closed < 8; closed++) {
		pid = fork();
		if (!pid) {
			/* those that are there can be used both ways */
			int both = fcntl(open(path, O_RDWR), F_DUPFD, 10);

			for (fd = 0; fd < 3; fd++) {
				dup2(both, fd);
				if (closed >> fd & 1)
					close(fd);
			}
			if (file_std_open(&err) < 0)
				_exit(1);
			for (fd = 0; fd < 3; fd++) {
				bool was = closed >> fd & 1;
				ssize_t n = fd ? write(fd, "x", 1) :
						 read(fd, &c, 1);

				if (fcntl(fd, F_GETFD) < 0 ||
				    n != (was ? -1 : 1) || (was && errno != EBADF))
					_exit(10 + fd);
			}
			fd = open(path, O_RDONLY);
			_exit(fd > 2 ? 0 : 20);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status)
			fail_msg("closed: %d, status %x", closed, status);
	}
}

int main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(new_file),
		T(keeps_mode_and_owner),
		T(drops_set_id),
		T(honours_umask),
		T(aborted),
		T(symlinks),
		T(late_symlink),
		T(no_file_there),
		T(long_name),
		T(unwritable),
		T(full_disk),
		T(signals),
		T(signals_restored),
		T(reading),
		T(pipes),
		T(closed_descriptors),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
