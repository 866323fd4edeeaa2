// SPDX-License-Identifier: GPL-2.0
/* Programs of the system that we ask something, and what may hang. */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include "command.h"

/* The caller's PATH is not asked: this runs as root */
static const char *const dirs[] = {
	"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin",
	"/usr/local/bin",
};

/* How long what was killed may take to end */
#define KILL_MS	500

static char *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		char *path = xasprintf("%s/%s", dirs[i], name);

		if (!access(path, X_OK))
			return path;
		free(path);
	}
	return NULL;
}

/**
 * command_there() - is a program installed?
 * @name: without a directory
 *
 * Return: true when it is.
 */
bool command_there(const char *name)
{
	cleanup_free char *path = find(name);

	return path;
}

/*
 * A child's exit status, as command_call_within() returns it. A program may close its output
 * long before it ends, and what it started may hold that open when it has ended. What waits
 * in the kernel for a file system that does not answer cannot be killed: it ends when it can.
 */
static int end_of(pid_t pid, uint64_t until)
{
	bool late = false;
	uint64_t now;
	int status;
	pid_t got;

	for (;;) {
		got = retry_eintr(waitpid(pid, &status, until ? WNOHANG : 0));
		if (got < 0)
			return -1;
		if (got)
			break;
		now = now_ms();
		if (late && now >= until + KILL_MS)
			break;
		if (!late && now >= until) {
			late = true;
			kill(pid, SIGKILL);
		}
		poll(NULL, 0, 10);
	}
	if (late)
		return COMMAND_LATE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Is there something to read, or the end, before the time is over? */
static bool readable(int fd, uint64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t now = now_ms();

	return !until || (now < until && retry_eintr(poll(&p, 1, until - now)) > 0);
}

/* The child's descriptors: all lead nowhere, but for @fd, which leads to @to */
static void set_up(int to, int fd)
{
	int null = open("/dev/null", O_RDWR), i;

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	dup2(to, fd);
	/* a child that cannot be killed must hold nothing of ours */
	for (i = 3; i < 256; i++)
		close(i);
}

/**
 * command_call_within() - call a function in a child, and collect what it prints
 * @work: what it returns becomes the child's exit status
 * @arg: for @work
 * @fd: which of the child's descriptors is read; the others lead nowhere
 * @seconds: it is killed if it takes longer; 0: no limit
 * @words: what it printed until then, at most 4 MiB, for free(); never NULL
 *
 * For what may hang in the kernel, too.
 *
 * Return: the exit status, 128 when a signal ended it, -1 when there is no child, or
 * COMMAND_LATE.
 */
int command_call_within(int (*work)(const void *arg), const void *arg, int fd,
			unsigned int seconds, char **words)
{
	size_t n = 0, size = 4096, max = 4 << 20;
	uint64_t until = seconds ? now_ms() + seconds * 1000ULL : 0;
	int pipefd[2];
	ssize_t got;
	pid_t pid;

	*words = xcalloc(size, 1);
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		close(pipefd[0]);
		close(pipefd[1]);
		return -1;
	}
	if (!pid) {
		set_up(pipefd[1], fd);
		_exit(work(arg));
	}
	close(pipefd[1]);
	/* what is too much is read all the same: the writer must not block */
	while (readable(pipefd[0], until)) {
		char buf[4096];

		got = retry_eintr(read(pipefd[0], buf, sizeof(buf)));
		if (got <= 0)
			break;
		if (n + got >= size && size < max) {
			size *= 2;
			*words = xrealloc(*words, size, 1);
		}
		if ((size_t)got > size - 1 - n)
			got = size - 1 - n;
		memcpy(*words + n, buf, got);
		n += got;
	}
	(*words)[n] = '\0';
	close(pipefd[0]);
	return end_of(pid, until);
}

struct program {
	const char *path;
	const char *const *argv;
};

static int execute(const void *arg)
{
	static char *const env[] = {
		(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
		(char *)"LC_ALL=C", NULL
	};
	const struct program *p = arg;

	execve(p->path, (char *const *)p->argv, env);
	return 127;
}

/**
 * command_read() - run a program and collect what it says
 * @argv: its name, without a directory, and its arguments
 * @fd: which of its descriptors is read
 * @words: what it said
 *
 * Return: as command_read_within() without a limit.
 */
int command_read(const char *const argv[], int fd, char **words)
{
	return command_read_within(argv, fd, 0, words);
}

/**
 * command_read_within() - command_read() that does not wait for ever
 * @argv: its name, without a directory, and its arguments
 * @fd: as for command_call_within()
 * @seconds: likewise
 * @words: likewise
 *
 * The program gets nothing of our environment.
 *
 * Return: as command_call_within(); -1 also if there is no such program.
 */
int command_read_within(const char *const argv[], int fd, unsigned int seconds,
			char **words)
{
	cleanup_free char *path = find(argv[0]);
	const struct program p = { path, argv };

	if (!path) {
		*words = xstrdup("");
		return -1;
	}
	return command_call_within(execute, &p, fd, seconds, words);
}
