// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace-nl run: record one command in a PID namespace of its own.
 *
 * The command is process 1 of that namespace, after an execve that ends the
 * record's set-up stage: were we process 1, all would count as set-up. A
 * process 1 is spared the signals that it has no handler for, so that ours
 * have to be brought to it with some care.
 */

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include "profile/meaning.h"
#include "lib/file.h"
#include "lib/names.h"
#include "caught.h"
#include "sets.h"

/* After those of sets.h, of which this command has OPT_INPUT_FORMAT */
enum {
	OPT_KEEP = OPT_OBJECT_NAME + 1,
	OPT_SET_LABEL,
	OPT_UNDER,
};

static const struct opt opts[] = {
	OPTS_PROFILE,
	{ OPT_SET_LABEL, "label", "TEXT", "label the record" },
	{ OPT_KEEP, "keep", NULL, "keep the record when the profile is written" },
	{ OPT_UNDER, "profile", "FILE", "run the command under this profile, and tell what it refuses" },
	{ OPT_INPUT_FORMAT, "input-format", "FORMAT", "of that profile; else told by its members" },
	OPTS_REFUSED,
	OPTS_COMMON
};

/* What the child could not do */
enum step {
	STEP_READY,		/* all is done but execve */
	STEP_MOUNT,
	STEP_PROC,
	STEP_FILTER,
	STEP_EXEC,
};

struct report {
	enum step step;
	int errnum;
};

struct run {
	pid_t pid;
	int signals;		/* signalfd */
	sigset_t old_mask;
	int killed_by;		/* the signal that we killed it for, or 0 */
	struct bpf filter;	/* what the command runs under, if any */
	struct caught caught;	/* what that ends */
};

/* Those that a user means for the command; SIGTSTP needs a hand of ours */
static const int handed_on[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP
};

static __noreturn void child_fail(int fd, enum step step)
{
	struct report r = { .step = step, .errnum = errno };

	if (write(fd, &r, sizeof(r)) < 0)
		_exit(ST_RUN_FAILED);
	_exit(ST_RUN_FAILED);
}

static __noreturn void child(struct run *run, char **words, int go, int back)
{
	struct report ready = { .step = STEP_READY };
	char c;

	/* a namespace must not outlive the one who would forget its record */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		child_fail(back, STEP_MOUNT);
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL) < 0)
		child_fail(back, STEP_PROC);
	if (write(back, &ready, sizeof(ready)) != sizeof(ready))
		_exit(ST_RUN_FAILED);
	/* the end of the pipe instead of a byte: it was not to be */
	if (retry_eintr(read(go, &c, 1)) != 1)
		_exit(ST_RUN_FAILED);
	sigprocmask(SIG_SETMASK, &run->old_mask, NULL);
	/*
	 * From here on the profile speaks: nothing of ours but execve, and what
	 * tells that it did not work. We have the right to do this without
	 * no_new_privs, which would change what the command can do.
	 */
	if (run->filter.n && caught_install(&run->caught) < 0)
		child_fail(back, STEP_FILTER);
	execvp(words[0], words);
	child_fail(back, STEP_EXEC);
}

static int child_failed(const struct report *r, const char *program,
			struct error **err)
{
	switch (r->step) {
	case STEP_MOUNT:
		return error_make(err, ST_RUN_FAILED, r->errnum,
				  "make a mount namespace");
	case STEP_PROC:
		return error_make(err, ST_RUN_FAILED, r->errnum,
				  "mount `/proc` of the new PID namespace");
	case STEP_FILTER:
		return error_make(err, ST_RUN_FAILED, r->errnum,
				  "load the profile's filter");
	default:
		return error_make(err, r->errnum == ENOENT ||
				  r->errnum == ENOTDIR ? ST_RUN_NOTFOUND :
							 ST_RUN_NOEXEC,
				  r->errnum, "run `%s`", program);
	}
}

static int reap(pid_t pid)
{
	int status = 0;

	if (retry_eintr(waitpid(pid, &status, 0)) < 0)
		return ST_RUN_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

/* Would the signal do anything to a process 1 as it is now? */
static bool takes(pid_t pid, int sig)
{
	static const char *const masks[] = { "SigBlk:", "SigIgn:", "SigCgt:" };
	cleanup_free char *path = xasprintf("/proc/%d/status", (int)pid);
	cleanup_free char *line = NULL;
	cleanup_file FILE *f = fopen(path, "re");
	size_t size = 0, i;

	while (f && getline(&line, &size, f) >= 0)
		for (i = 0; i < ARRAY_SIZE(masks); i++) {
			size_t n = strlen(masks[i]);

			if (!strncmp(line, masks[i], n) &&
			    strtoull(line + n, NULL, 16) >> (sig - 1) & 1)
				return true;
		}
	return false;
}

static void hand_on(struct run *run, const struct signalfd_siginfo *si)
{
	int sig = si->ssi_signo;

	if (!takes(run->pid, sig)) {
		/* what anybody but a process 1 would do */
		if (sig == SIGTSTP) {
			kill(run->pid, SIGSTOP);
			raise(SIGSTOP);
			kill(run->pid, SIGCONT);
			return;
		}
		run->killed_by = sig;
		kill(run->pid, SIGKILL);
		return;
	}
	/* the terminal has sent it to the whole process group already */
	if (si->ssi_code == SI_KERNEL && getpgid(run->pid) == getpgrp())
		return;
	kill(run->pid, sig);
}

/* Answers until @fd is readable */
static void answer_until(struct run *run, int fd)
{
	struct pollfd p[] = {
		{ .fd = fd, .events = POLLIN },
		{ .events = POLLIN },
	};

	for (;;) {
		p[1].fd = run->caught.listener;
		if (retry_eintr(poll(p, ARRAY_SIZE(p), -1)) < 0 || p[0].revents)
			return;
		caught_answer(&run->caught);
	}
}

/* Until the command has ended; returns its status as a shell has it */
static int attend(struct run *run)
{
	struct signalfd_siginfo si;
	int status;

	for (;;) {
		answer_until(run, run->signals);
		if (retry_eintr(read(run->signals, &si, sizeof(si))) !=
		    sizeof(si)) {
			kill(run->pid, SIGKILL);
			break;
		}
		if (si.ssi_signo != SIGCHLD) {
			hand_on(run, &si);
			continue;
		}
		/* of a stop, or of nothing: several may come as one */
		if (waitpid(run->pid, &status, WNOHANG) == run->pid) {
			if (WIFEXITED(status))
				return WEXITSTATUS(status);
			if (WTERMSIG(status) == SIGKILL &&
			    run->caught.init_killed)
				return 128 + SIGSYS;
			if (run->killed_by && WTERMSIG(status) == SIGKILL)
				return 128 + run->killed_by;
			return 128 + WTERMSIG(status);
		}
	}
	return reap(run->pid);
}

static int signals_begin(struct run *run, struct error **err)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (i = 0; i < ARRAY_SIZE(handed_on); i++) {
		struct sigaction sa;

		/* what was ignored (nohup) is ignored by both */
		sigaction(handed_on[i], NULL, &sa);
		if (sa.sa_handler != SIG_IGN)
			sigaddset(&set, handed_on[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &run->old_mask);
	/* an ignored SIGCHLD would have the kernel reap for us */
	signal(SIGCHLD, SIG_DFL);
	run->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (run->signals < 0)
		return error_make(err, ST_RUN_FAILED, errno, "signalfd");
	return 0;
}

#define NO_START	"run `%s`: the profile refuses execve, so that no program can start under it"

/* What a program of root's has, for a profile's conditions */
static void env_caps(struct strset *caps)
{
	size_t i;

	for (i = 0; names_caps[i]; i++)
		if (prctl(PR_CAPBSET_READ, i) == 1)
			strset_add(caps, names_caps[i]);
}

/* The profile as the program that the kernel wants; it runs with all that we have */
static int make_filter(const struct profile *p, struct bpf *filter,
		       struct error **err)
{
	struct profile_env env = { 0 };
	int ret;

	env_caps(&env.caps);
	ret = meaning_filter(p, &env, false, filter, err);
	strset_free(&env.caps);
	return ret;
}

static bool is_execve(const struct abi_sets *abi, const char *name)
{
	(void)abi;
	return !strcmp(name, "execve");
}

/* Who was refused this first, as words, or "" */
static char *who(const struct record *r, uint32_t arch, int bit)
{
	const struct sctrace_sighting *s;
	size_t i;

	for (i = 0; i < r->n_sighting; i++) {
		s = &r->sighting[i];
		if (s->arch == arch && s->nr == names_number(arch, bit) &&
		    s->kind & SCTRACE_KIND_REFUSED)
			return xasprintf(", first to %s[%u]", s->comm, s->pid);
	}
	return xstrdup("");
}

static void tell_refused(const struct record *r, const struct caught *c,
			 const char *under, bool told)
{
	struct nrset set;
	size_t i, n = c->n;
	int bit;

	caught_tell(c, under);
	for (i = 0; i < r->n_abi; i++) {
		derive_refused(&r->abi[i], &set);
		n += nrset_count(&set);
		for_each_nr(bit, &set) {
			cleanup_free char *abi = names_abi_text(r->abi[i].arch);
			cleanup_free char *first = who(r, r->abi[i].arch, bit);
			cleanup_free char *name =
				names_syscall_text(r->abi[i].arch, bit);

			/* what was written of it has told these */
			if (!told)
				warn("`%s` refused %s system call %s%s", under,
				     abi, name, first);
		}
	}
	if (r->flags & SCTRACE_F_INCOMPLETE || r->calls_missed)
		warn("the record is incomplete: `%s` may have refused more",
		     under);
	else if (!n)
		note(c->kills && !c->able ?
		     "`%s` refused no system call that this kernel tells of" :
		     "`%s` refused no system call", under);
}

/*
 * Begins the command with its record; r is held then. Returns 0, or < 0 with
 * nothing left running and nothing recorded.
 */
static int begin(struct run *run, struct client *c, char **words,
		 const char *label, bool refused, struct record *r,
		 struct error **err)
{
	cleanup_close int go_in = -1, go_out = -1, back_in = -1, back_out = -1;
	cleanup_close int own = -1;
	struct selector sel = { .by = SCTRACE_A_PID };
	cleanup_record struct record end = { 0 };
	cleanup_error struct error *ignored = NULL;
	struct report report;
	bool no_start;
	int go[2], back[2];
	ssize_t n;

	if (pipe2(go, O_CLOEXEC) < 0)
		return error_make(err, ST_RUN_FAILED, errno, "pipe");
	go_in = go[0];
	go_out = go[1];
	if (pipe2(back, O_CLOEXEC) < 0)
		return error_make(err, ST_RUN_FAILED, errno, "pipe");
	back_in = back[0];
	back_out = back[1];

	own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	if (own < 0)
		return error_make(err, ST_RUN_FAILED, errno,
				  "open `/proc/self/ns/pid`");
	if (unshare(CLONE_NEWPID) < 0)
		return error_make(err, ST_RUN_FAILED, errno,
				  "make a PID namespace");
	fflush(NULL);
	run->pid = fork();
	if (run->pid < 0)
		return error_make(err, ST_RUN_FAILED, errno, "fork");
	if (!run->pid) {
		close(go_out);
		close(back_in);
		child(run, words, go_in, back_out);
	}
	/* what we fork from here on is to live in a namespace that lives */
	if (setns(own, CLONE_NEWPID) < 0) {
		error_make(err, ST_RUN_FAILED, errno,
			   "leave the PID namespace to the command");
		kill(run->pid, SIGKILL);
		reap(run->pid);
		return -1;
	}
	close(back_out);
	back_out = -1;
	close(go_in);
	go_in = -1;

	n = retry_eintr(read(back_in, &report, sizeof(report)));
	if (n != sizeof(report)) {
		kill(run->pid, SIGKILL);
		reap(run->pid);
		return error_make(err, ST_RUN_FAILED, 0,
				  "the command's process died early");
	}
	if (report.step != STEP_READY) {
		reap(run->pid);
		return child_failed(&report, words[0], err);
	}
	sel.number = run->pid;
	if (client_start(c, &sel, label, refused, r, err) < 0) {
		kill(run->pid, SIGKILL);
		reap(run->pid);
		return error_wrap(err, "start recording");
	}
	/* the child may have died of a signal: then reading tells */
	signal(SIGPIPE, SIG_IGN);
	(void)!write(go_out, "", 1);
	signal(SIGPIPE, SIG_DFL);
	if (caught_take(&run->caught, run->pid, back_in) < 0) {
		error_make(err, ST_RUN_FAILED, errno,
			   "take the listener of the profile's filter");
		kill(run->pid, SIGKILL);
		reap(run->pid);
		return -1;
	}
	answer_until(run, back_in);
	/* nothing but the end of the pipe: execve has closed it */
	n = retry_eintr(read(back_in, &report, sizeof(report)));
	if (!n)
		return 0;
	reap(run->pid);
	sel.by = SCTRACE_A_ID;
	sel.number = r->id;
	no_start = run->filter.n && report.step == STEP_EXEC &&
		   !client_get(c, &sel, false, &end, &ignored) &&
		   derive_refuses(&end, is_execve);
	error_free(ignored);
	ignored = NULL;
	client_forget(c, &sel, &ignored);
	if (no_start)
		return error_make(err, ST_RUN_FAILED, report.errnum, NO_START,
				  words[0]);
	return child_failed(&report, words[0], err);
}

static int finish(struct client *c, const struct record *started,
		  const struct cmd_opts *o, const struct caught *caught,
		  const char *under, uint32_t native, bool keep, char **words,
		  struct error **err)
{
	struct selector sel = { .by = SCTRACE_A_ID, .number = started->id };
	cleanup_error struct error *ignored = NULL;
	cleanup_record struct record r = { 0 }, held = { 0 };

	if ((o->output || under) && client_get(c, &sel, true, &r, err) < 0)
		goto kept;
	if (under && !(r.flags & SCTRACE_F_RUNNING)) {
		client_forget(c, &sel, &ignored);
		return error_make(err, ST_RUN_FAILED, 0, NO_START, words[0]);
	}
	take_stages(&r, o);
	if (o->output && write_profile(&r, o, native, true, err) < 0)
		goto kept;
	if (under)
		tell_refused(&r, caught, under, o->output);
	if (!keep)
		return client_forget(c, &sel, err);
	note("record %llu is kept: `" PROGRAM " show --id %llu` shows it, `forget` drops it",
	     (unsigned long long)started->id, (unsigned long long)started->id);
	return 0;
kept:
	/* the recording is not lost with the profile */
	client_hold(c, NULL);
	client_start(c, &sel, NULL, false, &held, &ignored);
	warn("record %llu is kept: `" PROGRAM " profile --id %llu` tries again, `forget` drops it",
	     (unsigned long long)started->id, (unsigned long long)started->id);
	return -1;
}

static int go(const struct command *cmd, int argc, char **argv,
	      struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_args struct args a = { 0 };
	struct run run = { .signals = -1, .caught.listener = -1 };
	bool kills = false;
	cleanup_opts struct cmd_opts o = CMD_OPTS_INIT;
	const char *label = NULL, *under = NULL;
	cleanup_profile struct profile *p = NULL;
	enum format input = FORMAT_AUTO;
	bool keep = false;
	char **words;
	int id, status;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0) {
		switch (id) {
		case OPT_KEEP:
			keep = true;
			break;
		case OPT_UNDER:
			under = a.value;
			break;
		case OPT_INPUT_FORMAT:
			if (format_parse(a.value, false, &input))
				return args_usage(&a, err, "%s",
						  format_unknown(a.value,
								 false));
			break;
		default:
			label = a.value;
			if (parse_label(label, err) < 0)
				return -1;
		}
	}
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (!args_words(&a, &words))
		return args_usage(&a, err, "which command is to be run?");
	if (under && o.no_refused)
		return args_usage(&a, err,
				  "--profile is there to tell what is refused: not with --no-refused");
	if (under) {
		p = format_read_file(under, input, NULL, err);
		if (!p || make_filter(p, &run.filter, err) < 0)
			return -1;
		kills = caught_begin(&run.caught, &run.filter);
	}
	if (check_profile_opts(cmd, &o, err) < 0 ||
	    check_output(&o, o.format, err) < 0 ||
	    client_open(&c, 0, err) < 0 || client_info(c, &info, err) < 0 ||
	    check_stages(c, &o, err) < 0 ||
	    signals_begin(&run, err) < 0)
		return -1;
	/* without a profile the record is all there is to show for it */
	if (!o.output && !under)
		keep = true;
	/* if this process is killed, nothing is to stay held */
	if (!keep)
		client_hold(c, &info);
	status = begin(&run, c, words, label, !o.no_refused, &r, err);
	if (!status)
		status = attend(&run);
	close(run.signals);
	/* from here on a signal is for us, and removes what is half written */
	sigprocmask(SIG_SETMASK, &run.old_mask, NULL);
	if (status < 0)
		return -1;
	if (kills && !run.caught.able && status == 128 + SIGSYS)
		warn("SIGSYS has ended it: which call `%s` killed or trapped for is told with Linux 5.6 or newer only; the audit log may have it",
		     under);
	if (finish(c, &r, &o, &run.caught, under, info.arch, keep, words, err) < 0)
		return -1;
	return status;
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	int ret = go(cmd, argc, argv, err);

	/* all lower ones may be the command's own */
	if (ret < 0 && (*err)->status < ST_RUN_FAILED)
		(*err)->status = ST_RUN_FAILED;
	return ret;
}

const struct command cmd_run = {
	.name = "run",
	.summary = "record a command in a PID namespace of its own",
	.args = "[--] COMMAND [ARG]...",
	.opts = opts,
	.more = "The command is process 1 of a new PID namespace with its own /proc. With --output\n"
		"its profile is written when it has ended, with execve, which starts a program\n"
		"under it, added; without, or with --keep, the record is kept.\n"
		"With --profile the command runs under that one, and what it refuses is told at the\n"
		"end; then the record is kept with --keep only.\n"
		"Ends with the command's status, 128 + N when signal N has ended it; 125: " PROGRAM "\n"
		"itself failed, 126: the command cannot be executed, 127: there is no such command.",
	.run = run,
	.stop_at_word = true,
};
