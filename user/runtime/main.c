// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace-runtime: stands in for a container runtime, for engines that run no
 * hooks of others. It becomes the runtime by execve, with the same arguments and
 * descriptors. Before, where a container with the annotation is to be created,
 * `sctrace-nl hook bundle` puts hooks and filter into its config.json.
 *
 * Engines read standard error and standard output of some commands as one text:
 * nothing is said but where a container is created that asks to be recorded.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "lib/error.h"
#include "lib/term.h"
#include "cmdline.h"
#include "conf.h"
#include "look.h"

#define OURSELVES	"sctrace-runtime"
#define GUARD		"SCTRACE_RUNTIME_PID"

/* Larger configurations are not looked at */
#define MAX_CONFIG	(64 << 20)

/* How `sctrace-nl hook` ends when the container must not start */
#define REFUSED		1

#define MAX_SAID	4096

/* The runtime's log: there engines look for the reason when it fails */
static void put_log(const struct rt_cmdline *cl, bool failed, const char *text)
{
	const char *path = cl->log, *level = failed ? "error" : "warning";
	cleanup_close int fd = -1;
	char when[32];
	struct tm tm;
	time_t now;

	if (path && !strncmp(path, "file:", 5))
		path += 5;
	/* crun has other kinds of logs, KIND:NAME */
	if (!path || !*path || (*path != '/' && strchr(path, ':')))
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY |
		  O_NONBLOCK, 0644);
	if (fd < 0)
		return;
	now = time(NULL);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	if (cl->log_json)
		dprintf(fd, "{\"level\":\"%s\",\"msg\":\"", level);
	else
		dprintf(fd, "time=\"%s\" level=%s msg=\"", when, level);
	for (; *text; text++)
		dprintf(fd, strchr("\"\\", *text) ? "\\%c" : "%c", *text);
	if (cl->log_json)
		dprintf(fd, "\",\"time\":\"%s\"}\n", when);
	else
		dprintf(fd, "\"\n");
}

static void say(const struct rt_cmdline *cl, bool failed, const char *fmt, ...)
	__printf(3, 4);

static void say(const struct rt_cmdline *cl, bool failed, const char *fmt, ...)
{
	cleanup_free char *text = NULL, *safe = NULL, *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	safe = printable(text);
	line = xasprintf(OURSELVES ": %s", safe);
	error_line(line);
	put_log(cl, failed, safe);
}

/* A descriptor that is not one of the first three, which may be closed */
static int aside(int fd)
{
	int moved;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

/* A configuration and a NUL, or NULL: then the runtime says what is wrong */
static char *read_config(const char *path, size_t *len, bool *large)
{
	cleanup_close int fd = aside(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
					  O_NOCTTY));
	struct stat st;
	char *text;
	ssize_t n;

	*large = false;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	*large = st.st_size > MAX_CONFIG;
	if (*large)
		return NULL;
	text = xcalloc(st.st_size + 1, 1);
	for (*len = 0; *len < (size_t)st.st_size; *len += n) {
		n = retry_eintr(read(fd, text + *len, st.st_size - *len));
		if (n <= 0)
			break;
	}
	return text;
}

/* In the child: sctrace-nl, with @say_to as its standard error */
static void run_tool(const struct rt_conf *conf, const char *tool,
		     const char *config, bool strict, pid_t parent, int say_to)
{
	char **argv = xcalloc(conf->n_options + 8, sizeof(*argv));
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	size_t n = 0, i;

	argv[n++] = "sctrace-nl";
	argv[n++] = "hook";
	for (i = 0; i < conf->n_options; i++)
		argv[n++] = conf->options[i];
	if (strict)
		argv[n++] = "--strict";
	if (conf->env)
		argv[n++] = xasprintf("--env=%s", conf->env);
	argv[n++] = xasprintf("--config=%s", config);
	argv[n++] = "bundle";
	if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(say_to, STDERR_FILENO) < 0)
		_exit(127);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		execv(tool, argv);
	_exit(127);
}

/* What the tool says, into @said, until it has ended; false: it takes too long */
static bool hear(int fd, pid_t child, int64_t until, char *said, int *status)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool open = true;
	size_t n = 0;
	ssize_t got;
	char buf[512];

	for (;;) {
		int64_t left = until - now_ms();

		if (left <= 0)
			return false;
		/* what it started may hold the pipe longer than it lives */
		if (left > 100)
			left = open ? 100 : 1;
		if (poll(&p, open, left) > 0) {
			got = retry_eintr(read(fd, buf, sizeof(buf)));
			if (got > 0 && n < MAX_SAID) {
				size_t fits = got < (ssize_t)(MAX_SAID - n) ?
					      (size_t)got : MAX_SAID - n;

				memcpy(said + n, buf, fits);
				n += fits;
			}
			if (got > 0)
				continue;
			open = false;
		}
		if (waitpid(child, status, WNOHANG))
			return true;
	}
}

/* Why sctrace-nl cannot be relied on, or NULL */
static char *why_not(const char *tool, bool done, int status)
{
	if (!done)
		return xasprintf("%s has not ended in time", tool);
	if (WIFSIGNALED(status))
		return xasprintf("%s was killed by signal %d", tool,
				 WTERMSIG(status));
	if (WEXITSTATUS(status) == 127)
		return xasprintf("%s cannot be run", tool);
	if (WEXITSTATUS(status) > REFUSED)
		return xasprintf("%s ended with status %d", tool,
				 WEXITSTATUS(status));
	return NULL;
}

/*
 * Lets sctrace-nl change the configuration. Returns how it ended, -1 when it did
 * not; *@why says so then. What it says goes to standard error and the log.
 */
static int change(const struct rt_cmdline *cl, const struct rt_conf *conf,
		  bool strict, char **why)
{
	struct sigaction old, dfl = { .sa_handler = SIG_DFL };
	cleanup_free char *tool = rt_conf_tool(conf);
	cleanup_free char *said = xcalloc(MAX_SAID + 1, 1);
	pid_t child, parent = getpid();
	int status = 0, fds[2];
	char *next, *line;
	bool done;

	if (!tool) {
		*why = xstrdup("sctrace-nl is not there");
		return -1;
	}
	if (pipe2(fds, O_CLOEXEC) < 0) {
		*why = xasprintf("pipe: %s", strerror(errno));
		return -1;
	}
	fds[0] = aside(fds[0]);
	fds[1] = aside(fds[1]);
	/* one who ignores it could not learn how a child ends */
	sigaction(SIGCHLD, &dfl, &old);
	child = fork();
	if (child < 0)
		*why = xasprintf("fork: %s", strerror(errno));
	else if (!child)
		run_tool(conf, tool, cl->config, strict, parent, fds[1]);
	close(fds[1]);
	done = child > 0 && hear(fds[0], child,
				   now_ms() + (conf->timeout + 15) * 1000LL,
				   said, &status);
	if (child > 0 && !done) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	}
	close(fds[0]);
	sigaction(SIGCHLD, &old, NULL);
	for (next = said; (line = strsep(&next, "\n"));) {
		if (!*line)
			continue;
		error_line(line);
		put_log(cl, done && WIFEXITED(status) &&
			WEXITSTATUS(status) == REFUSED, line);
	}
	if (child > 0)
		*why = why_not(tool, done, status);
	return *why ? -1 : WEXITSTATUS(status);
}

/* Before the runtime creates a container. Returns -1 when it must not. */
static int prepare(const struct rt_cmdline *cl, const struct rt_conf *conf)
{
	cleanup_free char *text = NULL, *why = NULL;
	struct rt_look look = { 0 };
	size_t len = 0;
	bool large, strict;
	int status;

	text = read_config(cl->config, &len, &large);
	if (text)
		rt_look(text, len, conf->env, &look);
	if (!look.asked && !large)
		return 0;
	strict = look.strict || conf->strict;
	if (large)
		why = xasprintf("`%s` has more than %d bytes: whether it asks to be recorded is not looked for",
				cl->config, MAX_CONFIG);
	else if (conf->wrong)
		why = xstrdup(conf->wrong);
	if (!why) {
		status = change(cl, conf, strict, &why);
		if (!status)
			return 0;
		if (status == REFUSED)
			return -1;
	}
	say(cl, strict, "%s: the container is not recorded%s", why,
	    strict ? "; as strict was asked, it does not start" : "");
	return strict ? -1 : 0;
}

static void help(const char *runtime, const char *why)
{
	cleanup_free char *text = NULL, *line = NULL;

	printf("usage: " OURSELVES " [whatever the runtime takes]\n"
	       "\n"
	       "Stands in for a container runtime: becomes it, with the same arguments. Where it\n"
	       "creates a container with the annotation io.containers.trace-syscall, that is\n"
	       "recorded from its start to its end. See sctrace-runtime(8).\n"
	       "\n"
	       "  /etc/sctrace/runtime.conf   the runtime, and what containers may ask for\n"
	       "  SCTRACE_RUNTIME             the runtime, a name or a path\n"
	       "  " OURSELVES "-NAME        this program by that name: the runtime is NAME\n"
	       "\n");
	text = runtime ? xasprintf("Here the runtime is %s (`%s --help` is its own help).",
				   runtime, runtime) :
			 xasprintf("Here there is none: %s.", why);
	line = term_wrap(text, TERM_WIDTH, 0);
	printf("%s\n", line);
}

/*
 * A runtime may be a script, or become another, that leads back to this program. As
 * execve keeps the PID, it is known by that.
 */
static bool led_back(void)
{
	cleanup_free char *pid = xasprintf("%d", getpid());
	const char *before = getenv(GUARD);

	if (before && !strcmp(before, pid))
		return true;
	setenv(GUARD, pid, 1);
	return false;
}

/**
 * main() - the program
 * @argc: the runtime's
 * @argv: the runtime's
 *
 * Return: only when there is no runtime to become, or it must not run.
 */
int main(int argc, char **argv)
{
	__cleanup(rt_cmdline_free) struct rt_cmdline cl;
	__cleanup(rt_conf_free) struct rt_conf conf;
	cleanup_free char *runtime = NULL, *why = NULL;

	rt_cmdline_parse(argc, argv, &cl);
	rt_conf_load(&conf);
	runtime = rt_conf_runtime(&conf, argc ? argv[0] : "", &why);
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		help(runtime, why);
		return fflush(stdout) ? ST_FAILED : ST_OK;
	}
	if (!runtime || led_back()) {
		say(&cl, true, "%s", why ? why :
		    "the runtime that it is told to be leads back to it");
		return ST_RUN_NOTFOUND;
	}
	if (cl.creates && prepare(&cl, &conf) < 0)
		return ST_FAILED;
	argv[0] = runtime;
	execv(runtime, argv);
	say(&cl, true, "%s: %s", runtime, strerror(errno));
	return ST_RUN_NOEXEC;
}
