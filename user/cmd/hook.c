// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace-nl hook: what container engines run when a container begins and ends.
 *
 * The work is done by a child that is watched. A container must not wait for
 * ever, and must start, whatever becomes of its recording: when the child is
 * late or crashes, the hook ends well all the same, unless strict was asked.
 */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include "cmd.h"
#include "lib/file.h"
#include "hook/bundle.h"
#include "hook/precreate.h"
#include "lib/guess.h"
#include "hook/record.h"
#include "hook/state.h"

#define DEFAULT_TIMEOUT	30

/* What a configuration may grow by: an annotation, hooks with their options */
#define BUNDLE_ROOM	(1 << 20)

enum {
	OPT_DIR = OPT_COMMAND,
	OPT_BASE_DIR,
	OPT_NO_PERMISSIVE,
	OPT_TIMEOUT,
	OPT_CONFIG,
	OPT_ENV,
};

static const struct opt opts[] = {
	{ OPT_DIR, "dir", "DIR...", "touch files below this directory only (may be repeated)" },
	{ OPT_BASE_DIR, "base-dir", "DIR...", "take base profiles from below this directory only (may be repeated)" },
	{ OPT_NO_PERMISSIVE, "no-permissive", NULL, "refuse mode:permissive" },
	{ OPT_STRICT, "strict", NULL, "a container that cannot be recorded does not start" },
	{ OPT_TIMEOUT, "timeout", "SECONDS", "give up after this time (default 30)" },
	{ OPT_CONFIG, "config", "FILE", "bundle: the config.json to change" },
	{ OPT_ENV, "env", "NAME", "bundle: this variable of the container stands for its annotation" },
	OPTS_COMMON
};

static const struct stage {
	const char *name;
	int (*run)(struct hook *h, struct error **err);
	bool config;		/* a configuration comes in and goes out */
	bool bundle;		/* the same, by a file */
} stages[] = {
	{ "precreate", hook_precreate, true, false },
	{ "prestart", hook_prestart, false, false },
	{ "createRuntime", hook_prestart, false, false },
	{ "poststop", hook_poststop, false, false },
	{ "bundle", hook_bundle, false, true },
};

/* What the child tells besides its status */
struct shared {
	bool strict;
	size_t room, out_len;
	char out[];
};

static struct shared *shared;

static void tell_strict(struct hook *h)
{
	shared->strict = h->strict;
}

static int left_ms(uint64_t until)
{
	uint64_t now = now_ms();

	return now < until ? (int)(until - now) : 0;
}

/* All of standard input, for as long as there is time */
static char *read_input(size_t *len, uint64_t until, struct error **err)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	size_t size = 65536, n = 0;
	char *buf = xcalloc(size + 1, 1);
	ssize_t got;

	for (;;) {
		if (poll(&p, 1, left_ms(until)) == 0) {
			error_make(err, ST_FAILED, ETIMEDOUT,
				   "read standard input");
			break;
		}
		got = read(STDIN_FILENO, buf + n, size - n);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0) {
			error_make(err, ST_FAILED, errno,
				   "read standard input");
			break;
		}
		n += got;
		if (!got) {
			buf[n] = '\0';
			*len = n;
			return buf;
		}
		if (n == size) {
			if (size >= HOOK_MAX_INPUT) {
				error_make(err, ST_FAILED, 0,
					   "read standard input: larger than %d bytes",
					   HOOK_MAX_INPUT);
				break;
			}
			size *= 2;
			buf = xrealloc(buf, size + 1, 1);
		}
	}
	free(buf);
	return NULL;
}

static void complain(const struct hook *h, struct error **err)
{
	bool stop = h->strict || h->wrong;

	/* the second of podman 3's two calls ends here as well */
	if ((*err)->status == ST_NO_RECORD)
		hook_say(h, LOG_NOTICE, "%s", (*err)->text);
	else
		hook_say(h, stop ? LOG_ERR : LOG_WARNING, "%s%s",
			 (*err)->text, stop ? "" :
			 " (the container is not affected)");
	error_free(*err);
	*err = NULL;
}

/* The child's whole life; returns its status */
static int work(const struct stage *stage, struct hook *h)
{
	struct error *err = NULL;
	int ret = stage->run(h, &err);

	if (!ret && h->out && h->out_len > shared->room)
		ret = error_make(&err, ST_FAILED, 0,
				 "container configuration: becomes too large");
	if (!ret && h->out) {
		memcpy(shared->out, h->out, h->out_len);
		shared->out_len = h->out_len;
	}
	if (ret < 0)
		complain(h, &err);
	return ret < 0 && (h->strict || h->wrong) ? ST_FAILED : ST_OK;
}

static int put_all(const char *s, size_t n, struct error **err)
{
	ssize_t done;

	for (; n; s += done, n -= done) {
		done = retry_eintr(write(STDOUT_FILENO, s, n));
		if (done < 0)
			return error_make(err, ST_FAILED, errno,
					  "write standard output");
	}
	return 0;
}

/* Waits for the child; returns whether it has ended */
static bool reap(pid_t child, uint64_t until, int *status)
{
	struct timespec ts;
	sigset_t set;
	int ms;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		if (waitpid(child, status, WNOHANG) == child)
			return true;
		ms = left_ms(until);
		if (!ms)
			return false;
		ts.tv_sec = ms / 1000;
		ts.tv_nsec = ms % 1000 * 1000000L;
		sigtimedwait(&set, NULL, &ts);
	}
}

/* What the child ended with, or what stands for it */
static int watch(struct hook *h, pid_t child, uint64_t until)
{
	bool late = false;
	int status;

	if (!reap(child, until, &status)) {
		late = true;
		/* it takes away what it was writing; or else it is made to go */
		kill(child, SIGTERM);
		if (!reap(child, now_ms() + 1000, &status)) {
			kill(child, SIGKILL);
			reap(child, now_ms() + 500, &status);
		}
	} else if (WIFEXITED(status)) {
		return WEXITSTATUS(status);
	}
	h->strict |= shared->strict;
	if (late)
		hook_say(h, h->strict ? LOG_ERR : LOG_WARNING,
			 "gave up after %u seconds", h->policy->timeout);
	else
		hook_say(h, h->strict ? LOG_ERR : LOG_WARNING,
			 "crashed with signal %d", WTERMSIG(status));
	shared->out_len = 0;
	return h->strict ? ST_FAILED : ST_OK;
}

/*
 * What reaches nobody by standard error, see tell.c. A container that is not
 * affected is a matter of the next stage: it finds the same.
 */
static int tell(const struct stage *stage)
{
	struct stat st;

	/*
	 * Nothing comes after it that could say why there is no record. Why a
	 * container does not start is told by the engine itself.
	 */
	if (stage->bundle)
		return LOG_MASK(LOG_WARNING);
	if (stage->config)
		return LOG_MASK(LOG_ERR);
	if (stage->run != hook_prestart)
		return 0;
	if (fstat(STDERR_FILENO, &st) < 0 || S_ISCHR(st.st_mode))
		return LOG_MASK(LOG_ERR) | LOG_MASK(LOG_WARNING);
	return LOG_MASK(LOG_WARNING);
}

static int supervise(const struct stage *stage, const struct hook_policy *p,
		     struct error **err)
{
	uint64_t until = now_ms() + p->timeout * 1000ULL;
	struct hook h = {
		.policy = p,
		.strict = p->strict,
		.strict_known = tell_strict,
		.parent = getppid(),
		.tell = tell(stage),
	};
	struct hook_bundle bundle;
	cleanup_free char *in = NULL;
	pid_t child, parent = getpid();
	size_t size, room = 0;
	sigset_t set;
	int status;

	openlog("sctrace-hook", LOG_PID, LOG_DAEMON);
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	if (stage->bundle)
		in = hook_bundle_read(&bundle, p->config, &h.in_len, err);
	else
		in = read_input(&h.in_len, until, err);
	if (!in) {
		complain(&h, err);
		/* there is nothing that could be handed on */
		return h.strict || stage->config ? ST_FAILED : ST_OK;
	}
	h.in = in;
	if (stage->config || stage->bundle)
		room = h.in_len + (stage->bundle ? BUNDLE_ROOM :
				   HOOK_PERMIT_ALL_ROOM);
	size = sizeof(*shared) + room;
	shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		out_of_memory();
	shared->room = room;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fflush(NULL);
	child = fork();
	if (!child) {
		/* nothing outlives the hook, however that ends */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(ST_FAILED);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		_exit(work(stage, &h));
	}
	if (child < 0) {
		error_make(err, ST_FAILED, errno, "fork");
		complain(&h, err);
		status = h.strict ? ST_FAILED : ST_OK;
	} else {
		status = watch(&h, child, until);
	}
	if (stage->bundle && status == ST_OK && shared->out_len &&
	    hook_bundle_write(&bundle, shared->out, shared->out_len, err) < 0) {
		h.strict |= shared->strict;
		complain(&h, err);
		return h.strict ? ST_FAILED : ST_OK;
	}
	if (stage->config && status == ST_OK &&
	    put_all(shared->out_len ? shared->out : in,
		    shared->out_len ? shared->out_len : h.in_len, err) < 0)
		return -1;
	return status;
}

static void add_option(struct json_object *list, const char *name,
		       const char *value)
{
	json_object_array_add(list, json_object_new_string(name));
	if (value)
		json_object_array_add(list, json_object_new_string(value));
}

/* What of our options the hooks are to be given as well */
static struct json_object *hook_options(const struct hook_policy *p)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < p->dirs.n; i++)
		add_option(list, "--dir", p->dirs.v[i]);
	for (i = 0; i < p->base_dirs.n; i++)
		add_option(list, "--base-dir", p->base_dirs.v[i]);
	if (p->no_permissive)
		add_option(list, "--no-permissive", NULL);
	if (p->strict)
		add_option(list, "--strict", NULL);
	if (p->timeout != DEFAULT_TIMEOUT) {
		cleanup_free char *s = xasprintf("%u", p->timeout);

		add_option(list, "--timeout", s);
	}
	return list;
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	struct guess g;
	cleanup_outdirs struct outdirs dirs = { 0 }, base = { 0 };
	struct hook_policy p = { .timeout = DEFAULT_TIMEOUT };
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	char **words;
	uint64_t v;
	size_t i;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		switch (id) {
		case OPT_DIR:
			if (outdirs_add(&dirs, a.value, err) < 0)
				return -1;
			break;
		case OPT_BASE_DIR:
			if (outdirs_add(&base, a.value, err) < 0)
				return -1;
			break;
		case OPT_NO_PERMISSIVE:
			p.no_permissive = true;
			break;
		case OPT_TIMEOUT:
			if (parse_u64(a.value, 3600, &v) < 0 || !v)
				return args_usage(&a, err,
						  "`%s` is no number of seconds up to 3600",
						  a.value);
			p.timeout = v;
			break;
		case OPT_CONFIG:
			p.config = a.value;
			break;
		case OPT_ENV:
			p.env = a.value;
			break;
		}
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (args_words(&a, &words) != 1)
		return args_usage(&a, err, "which stage? precreate, prestart, createRuntime, poststop or bundle");
	g = (struct guess)GUESS_INIT(words[0]);
	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		guess_try(&g, stages[i].name);
		if (!strcmp(words[0], stages[i].name))
			break;
	}
	if (i == ARRAY_SIZE(stages))
		return args_usage(&a, err,
				  "`%s` is no stage that this hook knows%s", words[0], g.best ?
				  guess_text(&g) :
				  ": precreate, prestart, createRuntime, poststop, bundle");
	if (stages[i].bundle && !p.config)
		return args_usage(&a, err, "the stage bundle needs --config FILE");
	if (!stages[i].bundle && (p.config || p.env))
		return args_usage(&a, err,
				  "--config, and --env with it, are for the stage bundle");
	p.dirs = dirs;
	p.base_dirs = base;
	p.strict = o.strict;
	p.options = hook_options(&p);
	id = supervise(&stages[i], &p, err);
	json_object_put(p.options);
	return id;
}

const struct command cmd_hook = {
	.name = "hook",
	.summary = "what podman and CRI-O run when a container begins and ends",
	.args = "STAGE",
	.opts = opts,
	.more = "STAGE is precreate, prestart, createRuntime or poststop. Reads on standard input\n"
		"what the engine tells of the container, and does what its annotation asks.\n"
		"Or it is bundle: does it to a config.json, for sctrace-runtime(8).\n"
		"\n"
		"  io.containers.trace-syscall=of:FILE[;if:BASE][;mode:permissive][;format:NAME]\n"
		"                              [;report:FILE][;strict]\n"
		"\n"
		"See sctrace-hook(8).",
	.run = run,
};
