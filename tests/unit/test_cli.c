// SPDX-License-Identifier: GPL-2.0
/*
 * The program as a user meets it where there is no module: options, exit
 * statuses, one line on standard error. SCTRACE_NL names the program.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glob.h>
#include <libgen.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <linux/netlink.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "lib/error.h"
#include "lib/file.h"
#include "lib/term.h"
#include "record/module.h"
#include "manual.h"

#define MAX_ARGS	16

struct result {
	int status;
	char out[16384];
	char err[16384];
};

static const char *program;

/* Not 0: the program gets it where it asks for a socket of generic netlink, as from AppArmor */
static int policy;

static void keep_from_netlink(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(policy), SCMP_SYS(socket), 2,
			     SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0),
			     SCMP_A2(SCMP_CMP_EQ, NETLINK_GENERIC, 0)) ||
	    seccomp_load(filter))
		_exit(98);
}

static void slurp(int fd, char *to, size_t size)
{
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	n = read(fd, to, size - 1);
	assert_true(n >= 0);
	to[n] = '\0';
	close(fd);
}

static int scratch(void)
{
	char name[] = "/tmp/sctrace-cli-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

/* Runs the program with @line split at blanks; "" stands for ''. Returns its status */
static int run_to(const char *line, int out, int err)
{
	cleanup_free char *copy = xstrdup(line);
	char *argv[MAX_ARGS] = { (char *)program }, *save, *w;
	int n = 1, status;
	pid_t pid;

	for (w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		assert_true(n < MAX_ARGS - 1);
		argv[n++] = strcmp(w, "''") ? w : (char *)"";
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_RDONLY);

		dup2(null, STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		if (policy)
			keep_from_netlink();
		execv(program, argv);
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void run(struct result *r, const char *line)
{
	int out = scratch(), err = scratch();

	r->status = run_to(line, out, err);
	slurp(out, r->out, sizeof(r->out));
	slurp(err, r->err, sizeof(r->err));
}

/* A new terminal of so many columns, or of none that it knows: both its ends */
static void terminal_new(int *ours, int *theirs, unsigned int columns)
{
	struct winsize size = { .ws_col = columns };

	*ours = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(*ours >= 0 && !grantpt(*ours) && !unlockpt(*ours));
	*theirs = open(ptsname(*ours), O_RDWR | O_NOCTTY);
	assert_true(*theirs >= 0);
	assert_int_equal(ioctl(*theirs, TIOCSWINSZ, &size), 0);
}

/* What was written to one whose other end is closed */
static void terminal_slurp(int ours, char *to, size_t size)
{
	size_t n = 0;
	ssize_t got;

	/* it stays readable; then comes EIO */
	while ((got = read(ours, to + n, size - 1 - n)) > 0)
		n += got;
	to[n] = '\0';
	close(ours);
}

/* The same with a terminal as standard output */
static void run_on_terminal(struct result *r, const char *line)
{
	int err = scratch(), ours, out;

	terminal_new(&ours, &out, 0);
	r->status = run_to(line, out, err);
	close(out);
	terminal_slurp(ours, r->out, sizeof(r->out));
	slurp(err, r->err, sizeof(r->err));
}

/* A profile that allows these, in a new file */
static void write_names(char *path, const char *names)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	for (; *names; names++)
		dprintf(fd, "%c", *names == ' ' ? '\n' : *names);
	dprintf(fd, "\n");
	close(fd);
}

/* One line on standard error that begins with our name, nothing else */
static void one_line(const struct result *r)
{
	size_t n = strlen(r->err);

	assert_string_equal(r->out, "");
	assert_int_equal(strncmp(r->err, PROGRAM ": ", strlen(PROGRAM ": ")), 0);
	assert_true(n > 0 && strchr(r->err, '\n') == r->err + n - 1);
	assert_true(r->err[n - 2] != '.');
}

/* A profile with a rule for each of these values of ioctl's second argument */
static void write_values(char *path, unsigned int from, unsigned int to)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	dprintf(fd, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (; from < to; from++)
		dprintf(fd, "{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,\"op\":\"SCMP_CMP_EQ\",\"value\":%u}]}%s",
			0x7000000 + 2 * from, from + 1 < to ? "," : "");
	dprintf(fd, "]}");
	close(fd);
}

/* Of many rules those in which the two profiles differ are told, and not all of them */
static void long_differences(void **state)
{
	char all[] = "/tmp/sctrace-cli-XXXXXX", less[] = "/tmp/sctrace-cli-XXXXXX";
	char few[] = "/tmp/sctrace-cli-XXXXXX";
	cleanup_free char *one = NULL, *many = NULL;
	struct result r;

	(void)state;
	write_values(all, 0, 40);
	write_values(less, 1, 40);
	write_values(few, 38, 40);
	one = xasprintf("diff %s %s", all, less);
	many = xasprintf("diff %s %s", all, few);
	run(&r, one);
	assert_int_equal(r.status, ST_DIFFERS);
	assert_string_equal(r.out, "~ ioctl: SCMP_ACT_ALLOW when arg1 == 0x7000000 (0x7000000);40 in both -> 40 in both\n");
	run(&r, many);
	assert_non_null(strstr(r.out, "0x700000e (0x700000e);30 more;3 in both -> "));
	unlink(all);
	unlink(less);
	unlink(few);
}

/* AppArmor, SELinux or a filter may forbid the way to the module */
static void policies(void **state)
{
	static const int errors[] = { EACCES, EPERM };
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		policy = errors[i];
		run(&r, "list");
		policy = 0;
		assert_int_equal(r.status, ST_FAILED);
		one_line(&r);
		assert_non_null(strstr(r.err, "AppArmor, SELinux or seccomp"));
	}
}

static void usage(void **state)
{
	static const struct {
		const char *line;
		int status;
		const char *words;
	} v[] = {
		{ "", 2, "what is to be done" },
		{ "nonsense", 2, "unknown command `nonsense`" },
		{ "lis", 2, "unknown command `lis`" },
		{ "chekc", 2, "did you mean `check`?" },
		{ "help nonsense", 2, "unknown command" },
		{ "help web", 2, "`web` (try" },
		{ "web", 2, "as in `sctrace-nl --container web`" },
		{ "4026531836", 2, "as in `sctrace-nl --ns 4026531836`" },
		{ "12", 2, "as in `sctrace-nl --id 12`" },
		{ "/dev/null", 2, "as in `sctrace-nl check /dev/null`" },
		{ "version", 2, "did you mean `--version`" },
		{ "--versoin", 2, "did you mean `--version`" },
		{ "--lsit", 2, "did you mean `sctrace-nl list`" },
		{ "--json list", 2, "`--json`: the options of `list` come after it" },
		{ "-o x --caps none merge p", 2, "`--caps`: the options of `merge` come after it" },
		{ "list -json", 2, "did you mean `--json`" },
		{ "-ns 1", 2, "did you mean `--ns`" },
		{ "show -qid 1", 2, "`-i` (try" },
		{ "show web", 2, "`web`? A record is named as in `--container web`" },
		{ "forget 4026531836", 2, "as in `--ns 4026531836`" },
		{ "stop 7", 2, "as in `--id 7`" },
		{ "--ns web", 2, "a name goes with --container" },
		{ "--id web", 2, "a name goes with --container" },
		{ "--ns mnt:[4026531836]", 2, "no namespace number (try" },
		{ "report", 2, "a profile in a file, or a record: one of" },
		{ "check", 2, "give one profile" },
		{ "merge --caps '' p", 2, "or `none`" },
		{ "merge --caps , p", 2, "or `none`" },
		{ "check --wider-then x", 2, "did you mean `--wider-than`?" },
		{ "-o /tmp/x", 2, "which record" },
		{ "profile", 2, "which record" },
		{ "show", 2, "which record" },
		{ "start", 2, "which record" },
		{ "refused", 2, "which record" },
		{ "refused --ns 1 --id 2", 2, "only one of" },
		{ "refused --no-refused", 2, "`--no-refused`" },
		{ "stop", 2, "which record" },
		{ "reset", 2, "which record" },
		{ "forget", 2, "which record" },
		{ "--ns 1 --pid 1", 2, "only one of" },
		{ "--ns 1 --ns 1", 2, "only one of" },
		{ "show --id 1 --label x", 2, "only one of" },
		{ "--ns", 2, "`--ns` needs a value" },
		{ "--ns 1 -o", 2, "`-o` needs a value" },
		{ "--ns ''", 2, "no namespace number" },
		{ "--ns 0", 2, "no namespace number" },
		{ "--ns -1", 2, "no namespace number" },
		{ "--ns 0x10", 2, "no namespace number" },
		{ "--ns 12x", 2, "no namespace number" },
		{ "--ns 4294967296", 2, "no namespace number" },
		{ "--ns 99999999999999999999999", 2, "no namespace number" },
		{ "--ns pid:[]", 2, "no namespace number" },
		{ "--ns pid:[4026531836", 2, "no namespace number" },
		{ "--ns pid:[4026531836]]", 2, "no namespace number" },
		{ "--ns pid:4026531836]", 2, "no namespace number" },
		{ "--ns pid:[99999999999]", 2, "no namespace number" },
		{ "--ns mnt:[4026531836]", 2, "no namespace number" },
		{ "--pid 0", 2, "no process ID" },
		{ "--pid 2147483648", 2, "no process ID" },
		{ "--pid self", 2, "no process ID" },
		{ "--id 0", 2, "no record ID" },
		{ "--id 18446744073709551616", 2, "no record ID" },
		{ "--label ''", 2, "cannot be empty" },
		{ "start --pid 1 --set-label a\tb", 2, "only printable" },
		{ "start --pid 1 --set-label a --set-label b", 2, "only one --set-label" },
		{ "run --label a --label b -- true", 125, "only one --label" },
		{ "--ns 1 -o ''", 2, "needs a file name" },
		{ "--ns 1 -o a -o b", 2, "only one --output" },
		{ "--ns 1 --runtime crun --runtime=runc", 2, "only one --runtime" },
		{ "--ns 1 --errno EPERM --errno EPERM", 2, "only one --errno" },
		{ "merge p --format oci --format docker", 2, "only one --format" },
		{ "check p --arch amd64 --arch arm64", 2, "only one --arch" },
		{ "check p --caps none --caps CHOWN", 2, "either `none` or capabilities" },
		{ "check p --caps CHOWN --caps none", 2, "either `none` or capabilities" },
		{ "check /nonexistent/p --caps CHOWN --caps FOWNER", 1, "nonexistent" },
		{ "hook prestart --timeout 1 --timeout 2", 2, "only one --timeout" },
		{ "check p --runtime crun --target-runtime runc", 2, "which one loads the profile?" },
		{ "check p --target-kernel 6.1.2.3.4", 2, "`6.1.2.3.4` is no kernel: give X.Y, as in 6.1" },
		{ "check p --target-kernel 6.12345", 2, "is no kernel" },
		{ "check p --target-kernel 0.0", 2, "is no kernel" },
		{ "merge p --caps none --kernel 4.8.0.1", 2, "is no kernel" },
		{ "check p --target-runtime runc=1.2.3.4", 2, "up to three numbers" },
		{ "check p --target-libseccomp 2.5.4.1", 2, "is no libseccomp" },
		{ "--ns 1 word", 2, "what is `word`" },
		{ "--ns 1 --format yaml", 2, "unknown format `yaml`" },
		{ "--ns 1 --format auto", 2, "unknown format `auto`" },
		{ "--ns 1 --errno EFOO", 2, "unknown errno" },
		{ "--ns 1 --errno 0", 2, "unknown errno" },
		{ "--ns 1 --default-action FORGIVE", 2, "unknown action" },
		{ "--ns 1 --default-action KILL_PROCESS --errno EPERM", 2,
		  "has none" },
		{ "--ns 1 --default-action LOG --format names", 2, "names cannot" },
		{ "--ns 1 --stages all", 2, "unknown option `--stages`: did you mean `--stage`" },
		{ "--ns 1 --e", 2, "may be one of --errno, --exact, --explain" },
		{ "check --target x", 2, "may be one of --target-runtime, --target-kernel, --target-libseccomp" },
		{ "--ns 1 --stage late", 2, "unknown stage `late`" },
		{ "--ns 1 --runtime crum", 2, "unknown runtime" },
		{ "--ns 1 --runtime runc=x", 2, "`runc=x`: what follows `runc` is not known: as in" },
		{ "check p.json --runtime crun,foo", 2, "what follows `crun` is not known" },
		{ "--ns 1 --errno 5000", 2, "unknown errno `5000`: it has a name, as EPERM, or a number, 1 to 4095" },
		{ "hlep", 2, "did you mean `help`?" },
		{ "hook", 2, "which stage? precreate," },
		{ "hook bundle", 2, "needs --config FILE" },
		{ "check p.json --target-libseccomp x", 2, "as in 2.5.4" },
		{ "--ns 1 --exact --portable", 2, "adds nothing" },
		{ "--ns 1 --exact --runtime crun", 2, "adds nothing" },
		{ "--ns 1 --base a --exact", 2, "adds nothing" },
		{ "--ns 1 --base a --base b", 2, "only one --base" },
		{ "--ns 1 --base a --errno EPERM", 2, "its default stays" },
		{ "--ns 1 --base a --default-action LOG", 2, "its default stays" },
		{ "--ns 1 --base /nonexistent/p", 1, "nonexistent" },
		{ "--ns 1 --base /dev/null", 1, "read `/dev/null`" },
		{ "report --ns 1 --base /nonexistent/p", 1, "nonexistent" },
		{ "report p.json --base b.json", 2, "--base" },
		{ "watch --ns 1", 2, "which profile" },
		{ "watch --profile p.json", 2, "which record" },
		{ "watch --ns 1 --profile p --format yaml", 2, "there are text, json, sarif, prometheus" },
		{ "watch --ns 1 --profile p --json --format sarif", 2, "either --json or" },
		{ "watch --ns 1 --profile p --for soon", 2, "`soon` is no time" },
		{ "watch --ns 1 --profile p --for 0", 2, "`0` is no time" },
		{ "watch --ns 1 --profile p --once --for 5s", 2, "--once ends at once" },
		{ "watch --ns 1 --profile p --caps SYS_ADMINN", 2, "did you mean" },
		{ "watch --ns 1 --profile p word", 2, "what is `word`" },
		{ "watch --ns 1 --profile /nonexistent/p", 1, "nonexistent" },
		{ "watch --ns 1 --profile /dev/null", 1, "read `/dev/null`" },
		{ "--ns 1 --counts", 2, "--counts writes beside the profile" },
		{ "--ns 1 --counts -o -", 2, "--counts writes beside the profile" },
		{ "merge --counts a.json", 2, "--counts writes beside the profile" },
		{ "list --nonsense", 2, "`--nonsense`" },
		{ "list --json=1", 2, "takes no value" },
		{ "list -qz", 2, "`-z`" },
		{ "list --engine dokcer", 2, "unknown engine `dokcer`: did you mean `docker`" },
		{ "doctor extra", 2, "what is `extra`" },
		{ "prof", 2, "did you mean `profile`" },
		{ "--ns 1 --stage wrokload", 2, "did you mean `workload`" },
		{ "--ns 1 --args gaurd", 2, "did you mean `guard`" },
		{ "--ns 1 --errno EPREM", 2, "did you mean `EPERM`" },
		{ "--ns 1 --default-action KILL_PROCES", 2, "did you mean `KILL_PROCESS`" },
		{ "--ns 1 --runtime rucn", 2, "did you mean `runc`" },
		{ "--ns 1 --runtmie runc", 2, "did you mean `--runtime`" },
		{ "check --arch amd46 x", 2, "did you mean `amd64`" },
		{ "check --target-runtime crum x", 2, "did you mean `crun`" },
		{ "merge --format dokcer x", 2, "did you mean `docker`" },
		{ "merge --caps sys_admni x", 2, "did you mean `SYS_ADMIN`" },
		{ "merge --caps CAP_SYS_ADMN x", 2, "did you mean `CAP_SYS_ADMIN`" },
		{ "hook prestrat", 2, "did you mean `prestart`" },
		{ "complete tcsh che", 2, "which shell" },
		/* all that `run` does not take from its command is 125 */
		{ "run", 125, "which command" },
		{ "run --nonsense true", 125, "`--nonsense`" },
		{ "run --label '' -- true", 125, "cannot be empty" },
		{ "run --profile /nonexistent/p -- true", 125, "nonexistent" },
		{ "run --profile /dev/null -- true", 125, "read `/dev/null`" },
		{ "run --profile /dev/null --no-refused -- true", 125,
		  "not with --no-refused" },
	};
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		run(&r, v[i].line);
		if (r.status != v[i].status || !strstr(r.err, v[i].words))
			fail_msg("`%s`: %d, %s", v[i].line, r.status, r.err);
		one_line(&r);
	}
}

/* What @format prints, its first field; the longest line that is no directive. NULL: none */
static char *longest(const char *line)
{
	cleanup_free char *command = xasprintf("%s %s 2>/dev/null", program, line);
	char text[512], *best = NULL;
	FILE *p = popen(command, "r");

	assert_non_null(p);
	while (fgets(text, sizeof(text), p)) {
		text[strcspn(text, "\t\n")] = '\0';
		if (*text == ':' || (best && strlen(best) >= strlen(text)))
			continue;
		free(best);
		best = xstrdup(text);
	}
	pclose(p);
	return best;
}

/*
 * Whatever a shell offers for an option, one slip in it is understood: the words come from one
 * table. (Records, processes and times are not words.)
 */
static void slips(void **state)
{
	char names[] = "/tmp/sctrace-cli-XXXXXX";
	static const char *const ids[] = {
		"--container", "--unit", "--cgroup", "--ns", "--pid", "--label", "--id",
		"--until-quiet", "--for", NULL
	};
	const struct {
		const char *command, *rest;
	} v[] = {
		{ "profile", "--ns 1" }, { "list", "" },
		{ "watch", "--ns 1 --profile p" }, { "check", names },
	};
	unsigned int n = 0;
	struct result r;
	size_t i, j;

	(void)state;
	write_names(names, "read");
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		cleanup_free char *ask = xasprintf("%s complete zsh %s --", program, v[i].command);
		char option[64];
		FILE *p = popen(ask, "r");

		assert_non_null(p);
		while (fscanf(p, "%63s%*[^\n]", option) == 1) {
			cleanup_free char *values = xasprintf("complete zsh %s %s ''", v[i].command,
							      option);
			cleanup_free char *word = NULL, *wrong = NULL, *line = NULL, *want = NULL;
			char *last;

			for (j = 0; ids[j] && strcmp(ids[j], option); j++)
				;
			if (ids[j])
				continue;
			word = longest(values);
			if (!word || strlen(word) < 4)
				continue;
			wrong = xstrdup(word);
			last = wrong + strlen(wrong) - 1;
			if (*last == last[-1])
				last--;
			*last = *last == 'x' ? 'y' : 'x';
			line = xasprintf("%s %s %s %s", v[i].command, option, wrong, v[i].rest);
			want = xasprintf("did you mean `%s`", word);
			run(&r, line);
			if (!strstr(r.err, want))
				fail_msg("%s: %s", line, r.err);
			n++;
		}
		pclose(p);
	}
	unlink(names);
	assert_true(n > 10);
}

/* help is read on a terminal of 80 columns */
static void narrow(const char *text)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > 80)
			fail_msg("%.*s", (int)len, text);
	}
}

static void helps(void **state)
{
	static const char *const cmds[] = {
		"profile", "list", "show", "refused", "run", "start", "stop", "reset",
		"forget", "follow", "watch", "report", "merge", "intersect", "subtract",
		"diff", "check", "hook", "doctor", "watch", "complete",
	};
	struct result r, other;
	size_t i;

	(void)state;
	run(&r, "--help");
	assert_int_equal(r.status, 0);
	assert_string_equal(r.err, "");
	narrow(r.out);
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		cleanup_free char *one = xasprintf("%s --help", cmds[i]);
		cleanup_free char *two = xasprintf("help %s", cmds[i]);
		cleanup_free char *line = xasprintf("\n  %s ", cmds[i]);

		assert_non_null(strstr(r.out, line));
		run(&other, one);
		assert_int_equal(other.status, 0);
		assert_string_equal(other.err, "");
		assert_non_null(strstr(other.out, "usage: " PROGRAM));
		memcpy(&r, &other, sizeof(r));
		narrow(r.out);
		run(&other, two);
		assert_int_equal(other.status, 0);
		assert_string_equal(other.out, r.out);
		run(&r, "--help");
	}
	run(&r, "-h");
	assert_int_equal(r.status, 0);
	/* asked for help, a command does nothing else */
	run(&r, "--ns 1 -o /nonexistent/x --help");
	assert_int_equal(r.status, 0);
}

/* What a command is called, and each of its options, is in a manual page */
static void manual(void **state)
{
	cleanup_free char *tool = manual_page("sctrace-nl.8");
	cleanup_free char *hook = manual_page("sctrace-hook.8");
	unsigned int n_cmd = 0, n_opt = 0;
	char *line, *next, *opt;
	struct result all, one;
	char name[32];

	(void)state;
	run(&all, "--help");
	for (line = all.out; line; line = next) {
		cleanup_free char *entry = NULL, *ask = NULL;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (strncmp(line, "  ", 2) ||
		    sscanf(line + 2, "%31[a-z]", name) != 1)
			continue;
		n_cmd++;
		entry = xasprintf("\n.B %s\n", name);
		if (!strstr(tool, entry))
			fail_msg("`%s` is not in the manual", name);
		ask = xasprintf("%s --help", name);
		run(&one, ask);
		for (opt = one.out; (opt = strstr(opt, "--")); opt += 2) {
			cleanup_free char *word = NULL;
			size_t len = strspn(opt + 2, "abcdefghijklmnopqrstuvwxyz-");

			if (!len || opt[-7] != '\n')
				continue;
			n_opt++;
			word = xstrdup(opt);
			word[len + 2] = '\0';
			if (!strstr(tool, word) &&
			    !(!strcmp(name, "hook") && strstr(hook, word)))
				fail_msg("`%s` of `%s` is not in the manual",
					 word, name);
		}
	}
	assert_true(n_cmd > 15);
	assert_true(n_opt > 60);
}

/* the page on the tool names every file of it */
static void architecture(void **state)
{
	cleanup_free char *here = xstrdup(__FILE__);
	cleanup_free char *base = xstrdup(dirname(here));
	cleanup_free char *path = xasprintf("%s/../../docs/architecture.md",
					    base);
	cleanup_free char *pattern = xasprintf("%s/../../user/*/*.c", base);
	cleanup_free char *text = NULL;
	struct error *err = NULL;
	const char *page;
	glob_t files;
	size_t i, len;

	(void)state;
	text = file_read(path, 1 << 20, &len, &err);
	assert_non_null(text);
	page = strstr(text, "# How the tool is built");
	assert_non_null(page);
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (i = 0; i < files.gl_pathc; i++) {
		char *name = strrchr(files.gl_pathv[i], '/') + 1;
		cleanup_free char *word = NULL;

		*strchr(name, '.') = '\0';
		word = xasprintf("`%s`", name);
		if (!strstr(page, word))
			fail_msg("docs/architecture.md does not name %s",
				 files.gl_pathv[i]);
	}
	assert_true(files.gl_pathc > 80);
	globfree(&files);
}

/* What is typed after the program's name, and the first of what the shell offers */
struct completion {
	const char *words, *want;
};

static const struct completion completed[] = {
	{ "chec", "check" },
	{ "check --wid", "--wider-than" },
	{ "check --wider-than dock", "docker" },
	{ "check --target-runtime r", "runc" },
	{ "merge --cap", "--caps" },
	{ "merge --caps NET_ADMIN,sys_pt", "NET_ADMIN,SYS_PTRACE" },
	{ "merge --format po", "podman" },
	{ "--base x --format po", "podman" },
	{ "-q list --engine podm", "podman" },
	{ "watch --format sa", "sarif" },
	{ "help sub", "subtract" },
	{ "hook post", "poststop" },
	{ "check odd", "odd file.json" },
	{ "run --profile odd", "odd file.json" },
	{ "hook --dir a", "a dir" },
};

/* Who may read neither a directory nor records is offered words, and hears nothing of the rest */
static const struct completion without_rights[] = {
	{ "chec", "check" },
	{ "merge --format po", "podman" },
	{ "merge --caps sys_pt", "SYS_PTRACE" },
	{ "check closed/od", "" },
	{ "run --profile closed/od", "" },
	{ "--container w", "" },
	{ "show --ns 4", "" },
	{ "--unit none", "" },
};

/*
 * @shell: what takes $FILE, the completion's, and $LINE, what was typed; in a directory with
 * odd names
 */
static void complete_each(const char *shell, bool rights, const struct completion *v, size_t n)
{
	cleanup_free char *command =
		xasprintf("cd $DIR && PATH=$DIR/.bin:$PATH HOME=$DIR exec %s %s 2>&1",
			  rights || geteuid() ? "" : "setpriv --reuid 65534 --regid 65534 --clear-groups",
			  shell);
	size_t i;

	for (i = 0; i < n; i++) {
		char got[65536] = "";
		FILE *p;

		setenv("LINE", v[i].words, 1);
		p = popen(command, "r");
		assert_non_null(p);
		(void)!fread(got, 1, sizeof(got) - 1, p);
		pclose(p);
		got[strcspn(got, "\n\t/")] = '\0';
		if (strcmp(got, v[i].want))
			fail_msg("%.20s, %s rights: `%s`: %s", shell, rights ? "with" : "without",
				 v[i].words, got);
	}
}

static void completes(const char *shell, const char *file)
{
	cleanup_free char *here = xstrdup(__FILE__);
	cleanup_free char *base = realpath(dirname(here), NULL);
	cleanup_free char *path = xasprintf("%s/../../user/completion/%s", base, file);
	char dir[] = "/tmp/sctrace-cli-XXXXXX", copy[64];

	assert_non_null(base);
	assert_non_null(mkdtemp(dir));
	snprintf(copy, sizeof(copy), "%s/.bin/completion", dir);
	setenv("FROM", path, 1);
	setenv("DIR", dir, 1);
	setenv("FILE", copy, 1);
	assert_int_equal(system("cd $DIR && mkdir -m 755 .bin closed 'a dir' && cp $SCTRACE_NL .bin/sctrace-nl && "
				"cp $FROM $FILE && touch 'odd file.json' '$(touch x)' 'closed/odd.json' && "
				"chmod 755 . && chmod 111 closed"), 0);
	complete_each(shell, true, completed, ARRAY_SIZE(completed));
	complete_each(shell, false, without_rights, ARRAY_SIZE(without_rights));
	assert_int_not_equal(system("test -e $DIR/x"), 0);
	assert_int_equal(system("chmod 700 $DIR/closed && rm -r $DIR"), 0);
}

static void completion_bash(void **state)
{
	(void)state;
	completes("bash -c '. \"$FILE\"; COMP_WORDS=(sctrace-nl $LINE); "
		  "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sctrace_nl; "
		  "printf \"%s\\n\" \"${COMPREPLY[@]}\"'", "sctrace-nl");
}

/* Without the shell nothing is tested, and that is said */
static void need_shell(const char *shell)
{
	char try[64];	/* skip() frees nothing */

	snprintf(try, sizeof(try), "%s -c : >/dev/null 2>&1", shell);
	if (!system(try))
		return;
	print_message("# there is no %s: its completion is not tested\n", shell);
	skip();
}

/*
 * The functions of zsh's completion need its line editor: here they print what they are given,
 * if it begins as what was typed. Only -M makes zsh take another case for the same.
 */
static void completion_zsh(void **state)
{
	(void)state;
	need_shell("zsh");
	completes("zsh -f -c 'words=(sctrace-nl ${=LINE}); CURRENT=$#words; "
		  "_describe() { local c w=${words[CURRENT]}; for c in \"${(@P)3}\"; do "
		  "[[ $c == ${(b)w}* || ( -n ${(M)@:#-M} && ${(L)c} == ${(bL)w}* ) ]] && "
		  "print -r -- $c; done; }; compset() { :; }; "
		  "_files() { local f=(${words[CURRENT]}*(N)); ((! $#f)) || print -rl -- $f; }; "
		  "f() { . $FILE; }; f | sed \"s/:.*//\"'", "_sctrace-nl");
}

static void completion_fish(void **state)
{
	(void)state;
	need_shell("fish");
	completes("fish -N -c 'source $FILE; complete -C \"sctrace-nl $LINE\"'",
		  "sctrace-nl.fish");
}

static struct json_object *asked_json(const char *line)
{
	cleanup_free char *command = xasprintf("%s %s 2>/dev/null", program, line);
	cleanup_free char *out = xcalloc(1 << 20, 1);
	FILE *p = popen(command, "r");
	struct json_object *root;

	assert_non_null(p);
	(void)!fread(out, 1, (1 << 20) - 1, p);
	pclose(p);
	root = json_tokener_parse(out);
	if (!root)
		fail_msg("%s: no JSON", line);
	return root;
}

/* "as in diff" */
static void differences_hold(struct json_object *o, struct manual_shape *diff)
{
	static const char *const where[] = { "docker", "podman", NULL };
	struct json_object *all, *one;
	size_t i;

	if (json_object_object_get_ex(o, "differences", &all))
		manual_holds(diff, all, "differences");
	if (!json_object_object_get_ex(o, "wider_than", &all))
		return;
	for (i = 0; where[i]; i++)
		if (json_object_object_get_ex(all, where[i], &one))
			manual_holds(diff, one, "differences");
}

/*
 * What --json prints is what the manual says. Of a record: test_print.c, test_drift.c and guest
 * tests.
 */
static void json_shapes(void **state)
{
	/* %1$s allows much, %2$s little, %3$s has what `check` finds */
	static const struct {
		const char *command, *args;
	} v[] = {
		{ "check", "check --json %1$s" }, { "check", "check --json %1$s %1$s" },
		{ "check", "check --json --wider-than podman %2$s" },
		{ "check", "check --json --runtime crun %2$s" },
		{ "check", "check --json %3$s" },
		{ "diff", "diff --json %1$s %2$s" }, { "diff", "diff --json %3$s %2$s" },
		{ "diff", "diff --json %1$s %3$s" }, { "diff", "diff --json %3$s %1$s" },
		{ "diff", "diff --json %2$s %3$s" }, { "doctor", "doctor --json" },
		{ "report", "report --json %1$s" }, { "report", "report --json %2$s" },
	};
	static struct manual_shape shape[4];
	cleanup_free char *here = xstrdup(__FILE__);
	cleanup_free char *base = xstrdup(dirname(here));
	cleanup_free char *docker = xasprintf("%s/../../user/profile/defaults/docker.json", base);
	cleanup_free char *golden = xasprintf("%s/golden/report.json", base);
	char names[] = "/tmp/sctrace-cli-XXXXXX", flawed[] = "/tmp/sctrace-cli-XXXXXX";
	static const char *const commands[] = { "check", "diff", "doctor", "report" };
	struct json_object *root;
	struct error *err = NULL;
	char *text;
	size_t i, j, len;
	int fd;

	(void)state;
	write_names(names, "read bpf clone");
	fd = mkstemp(flawed);
	assert_true(fd >= 0);
	dprintf(fd, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],"
		"\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_AARCH64\"],\"syscalls\":["
		"{\"names\":[\"red\",\"exit\"],\"action\":\"SCMP_ACT_ALLOW\"}]}");
	close(fd);
	for (j = 0; j < ARRAY_SIZE(commands); j++) {
		cleanup_free char *anchor = xasprintf("\n.B %s\n", commands[j]);

		manual_shape(&shape[j], anchor);
		shape[j].what = commands[j];
	}
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		cleanup_free char *line = xasprintf(v[i].args, docker, names, flawed);

		for (j = 0; strcmp(commands[j], v[i].command); j++)
			;
		root = asked_json(line);
		manual_holds(&shape[j], root, "");
		differences_hold(root, &shape[1]);
		json_object_put(root);
	}
	unlink(names);
	unlink(flawed);
	/* that of a record, which another test holds against the program */
	text = file_read(golden, 1 << 20, &len, &err);
	assert_non_null(text);
	root = json_tokener_parse(text);
	manual_holds(&shape[3], root, "");
	differences_hold(root, &shape[1]);
	json_object_put(root);
	free(text);
	for (i = 0; i < shape[3].n; i++)
		/* runs: test_series.c; no small profile is beyond comparison */
		shape[3].v[i].met |= !strncmp(shape[3].v[i].path, "runs.", 5) ||
				     strstr(shape[3].v[i].path, ".uncompared");
	for (j = 0; j < ARRAY_SIZE(commands); j++)
		manual_all_met(&shape[j]);
}

/* Each command that takes --json has a shape */
static void json_commands(void **state)
{
	cleanup_free char *page = manual_page("sctrace-nl.8");
	const char *json = strstr(page, "\n.SH JSON\n");
	unsigned int n = 0;
	struct result all;
	char *line, *next;
	char name[32];

	(void)state;
	run(&all, "--help");
	for (line = all.out; line; line = next) {
		cleanup_free char *entry = NULL, *ask = NULL;
		struct result one;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (strncmp(line, "  ", 2) || sscanf(line + 2, "%31[a-z]", name) != 1)
			continue;
		ask = xasprintf("%s --help", name);
		run(&one, ask);
		if (!strstr(one.out, " --json "))
			continue;
		n++;
		entry = xasprintf("\n.B %s\n", name);
		if (!strstr(json, entry))
			fail_msg("`%s --json` is not in the manual", name);
	}
	assert_true(n > 8);
}

static void versions(void **state)
{
	struct result r;

	(void)state;
	run(&r, "--version");
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.out, PROGRAM " " SCTRACE_VERSION ", API 1\n"));
	assert_non_null(strstr(r.out, "\nmodule "));
	run(&r, "-q -V");
	assert_int_equal(r.status, 0);
}

/* The rules of each side of a difference are strings of their own */
static void diff_json(void **state)
{
	struct json_object *root, *all, *one, *from;
	char a[] = "/tmp/sctrace-cli-XXXXXX", b[] = "/tmp/sctrace-cli-XXXXXX";
	cleanup_free char *line = NULL;
	int fd[2] = { mkstemp(a), mkstemp(b) };
	struct result r;

	(void)state;
	assert_true(fd[0] >= 0 && fd[1] >= 0);
	dprintf(fd[0], "read\nwrite\n");
	dprintf(fd[1], "read\n");
	line = xasprintf("diff --json %s %s", a, b);
	run(&r, line);
	assert_int_equal(r.status, 5);
	root = json_tokener_parse(r.out);
	assert_true(json_object_object_get_ex(root, "differences", &all));
	assert_int_equal(json_object_array_length(all), 1);
	one = json_object_array_get_idx(all, 0);
	assert_true(json_object_object_get_ex(one, "from", &from));
	assert_int_equal(json_object_array_length(from), 2);
	one = json_object_array_get_idx(from, 0);
	assert_string_equal(json_object_get_string(one), "SCMP_ACT_ALLOW");
	json_object_put(root);
	close(fd[0]);
	close(fd[1]);
	unlink(a);
	unlink(b);
}

static void targets(void **state)
{
	struct result r;

	(void)state;
	/* found before the module is asked for anything */
	run(&r, "--ns 1 -o /nonexistent/profile.json");
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.err, "directory `/nonexistent`: No such file"));
	one_line(&r);
	run(&r, "--ns 1 -o /tmp");
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.err, "is a directory"));
	run(&r, "--ns 1 -o /dev/null");
	assert_int_equal(r.status, 1);
	assert_non_null(strstr(r.err, "not a regular file"));
	run(&r, "run -o /nonexistent/p -- true");
	assert_int_equal(r.status, 125);
	one_line(&r);
}

/* Each command says why there is no module, with its own status */
static void no_module(void **state)
{
	static const struct {
		const char *line;
		int status;
	} v[] = {
		{ "list", 1 }, { "list --json", 1 }, { "show --ns 1", 1 },
		{ "--ns 1", 1 }, { "profile --id 5 -o -", 1 },
		{ "start --pid 1", 1 }, { "start --no-refused --pid 1", 1 },
		{ "stop --ns 1", 1 }, { "refused --ns 1", 1 },
		{ "refused --label x --json", 1 },
		{ "profile --id 5 --include-refused", 1 },
		{ "reset --label x", 1 }, { "forget --id 1", 1 },
		{ "run -- true", 125 },
	};
	struct result r;
	size_t i;

	(void)state;
	if (module_loaded()) {
		print_message("# the module is loaded here\n");
		skip();
	}
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		run(&r, v[i].line);
		assert_int_equal(r.status, v[i].status);
		assert_non_null(strstr(r.err, "module"));
		one_line(&r);
	}
}

static void doctor(void **state)
{
	struct json_object *root, *checks, *v;
	struct result r, j;
	bool failed = false;
	size_t i, n;

	(void)state;
	run(&r, "doctor");
	run(&j, "doctor --json");
	assert_int_equal(r.status, j.status);
	root = json_tokener_parse(j.out);
	assert_non_null(root);
	assert_true(json_object_object_get_ex(root, "checks", &checks));
	n = json_object_array_length(checks);
	assert_true(n >= 3);
	for (i = 0; i < n; i++) {
		struct json_object *c = json_object_array_get_idx(checks, i);

		/* each check of the JSON is a line of the text */
		assert_true(json_object_object_get_ex(c, "text", &v));
		assert_non_null(strstr(r.out, json_object_get_string(v)));
		assert_true(json_object_object_get_ex(c, "verdict", &v));
		failed |= !strcmp(json_object_get_string(v), "fail");
	}
	assert_true(json_object_object_get_ex(root, "works", &v));
	assert_int_equal(json_object_get_boolean(v), !failed);
	assert_int_equal(r.status, failed ? 1 : 0);
	json_object_put(root);
}

/* A person is told that nothing was found; a program is not, nor who wants silence */
static void nothing_found(void **state)
{
	static const struct {
		const char *args, *words;
	} v[] = {
		{ "%s", "nothing found\r\n" },
		{ "%s %s", "it is enough\r\n" },
		{ "--wider-than docker %s", "not wider\r\n" },
	};
	static const char *const quiet[] = { "-q check ", "check --json " };
	char good[] = "/tmp/sctrace-cli-XXXXXX", bad[] = "/tmp/sctrace-cli-XXXXXX";
	cleanup_free char *wide = NULL;
	struct result r;
	size_t i, j;

	(void)state;
	write_names(good, "read write exit exit_group rt_sigreturn execve");
	write_names(bad, "read write exit exit_group rt_sigreturn execve bpf init_module");
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		cleanup_free char *args = xasprintf(v[i].args, good, good);
		cleanup_free char *line = xasprintf("check %s", args);

		run_on_terminal(&r, line);
		assert_string_equal(r.out, v[i].words);
		assert_int_equal(r.status, 0);
		run(&r, line);
		assert_string_equal(r.out, "");
		for (j = 0; j < ARRAY_SIZE(quiet); j++) {
			free(line);
			line = xasprintf("%s%s", quiet[j], args);
			run_on_terminal(&r, line);
			assert_null(strstr(r.out, v[i].words));
			assert_int_equal(r.status, 0);
		}
	}
	/* and what is found is not nothing */
	wide = xasprintf("check --wider-than docker %s", bad);
	run_on_terminal(&r, wide);
	assert_null(strstr(r.out, "not wider"));
	assert_int_equal(r.status, 5);
	unlink(good);
	unlink(bad);
}

/*
 * What is added for a runtime is no call that Docker's default refuses. Of clone3 and others a
 * record knows the arguments.
 */
static void no_wider(void **state)
{
	static const char *const runtimes[] = {
		"crun", "crun,nnp", "runc=1.0", "runc=1.0,nnp", "runc=1.2", "runc=1.2,nnp",
	};
	char names[] = "/tmp/sctrace-cli-XXXXXX", to[] = "/tmp/sctrace-cli-XXXXXX";
	struct result r;
	const char *s;
	size_t i;

	(void)state;
	write_names(names, "read");
	write_names(to, "read");
	for (i = 0; i < ARRAY_SIZE(runtimes); i++) {
		cleanup_free char *merge = xasprintf("merge --runtime %s --format oci -o %s %s",
						     runtimes[i], to, names);
		cleanup_free char *check = xasprintf("check --wider-than docker %s", to);

		run(&r, merge);
		assert_int_equal(r.status, 0);
		run(&r, check);
		assert_true(r.status == 0 || r.status == 5);
		for (s = r.out; *s; s += strcspn(s, "\n"), s += *s == '\n')
			if (*s == '+' && strncmp(s, "+ clone3\n", 9))
				fail_msg("%s: %s", runtimes[i], s);
	}
	unlink(names);
	unlink(to);
}

/* Output that cannot be written is an error, whatever the command */
static void full(void **state)
{
	static const char *const lines[] = {
		"--help", "--version", "doctor", "doctor --json", "list --help",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		cleanup_free char *cmd = NULL;
		int status;

		cmd = xasprintf("%s %s >/dev/full 2>/dev/null", program,
				lines[i]);
		status = system(cmd);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
		/* and one that is closed */
		free(cmd);
		cmd = xasprintf("%s %s >&- 2>/dev/null", program, lines[i]);
		status = system(cmd);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
	}
}

/* The directory of a unit's drop-ins is made as `systemctl edit` does, for what is written only */
static void dropin_directory(void **state)
{
	static const struct {
		const char *more, *dir;
		int status;
		bool there;
	} tries[] = {
		{ "--strict --format systemd", "u.service.d", 4, false },
		{ "--format docker", "u.service.d", 1, false },
		{ "--format systemd", "u.service", 1, false },
		{ "--format systemd", "u.service.d", 0, true },
		{ "--strict --format systemd", "u.service.d", 4, true },
	};
	char top[] = "/tmp/sctrace-dir-XXXXXX", names[] = "/tmp/sctrace-names-XXXXXX";
	struct result r;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(top));
	write_names(names, "read write exit_group");
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		cleanup_free char *dir = xasprintf("%s/%s", top, tries[i].dir);
		cleanup_free char *line = xasprintf("merge -q %s %s -o %s/50-x.conf",
						    tries[i].more, names, dir);

		run(&r, line);
		assert_int_equal(r.status, tries[i].status);
		assert_int_equal(!access(dir, F_OK), tries[i].there);
		if (tries[i].there) {
			cleanup_free char *file = xasprintf("%s/50-x.conf", dir);

			assert_int_equal(access(file, F_OK), 0);
		}
	}
	unlink(names);
	{
		cleanup_free char *cmd = xasprintf("rm -r %s", top);

		assert_int_equal(system(cmd), 0);
	}
}

/* Colours are for a terminal that has them, and for who did not refuse them (no-color.org) */
static void colours(void **state)
{
	static const struct {
		const char *term, *no_color;
		bool coloured;
	} v[] = {
		{ "xterm", NULL, true }, { "xterm", "", true }, { "xterm", "1", false },
		{ "xterm", "0", false }, { "dumb", NULL, false }, { "", NULL, false },
		{ NULL, NULL, false },
	};
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		if (v[i].term)
			setenv("TERM", v[i].term, 1);
		else
			unsetenv("TERM");
		if (v[i].no_color)
			setenv("NO_COLOR", v[i].no_color, 1);
		else
			unsetenv("NO_COLOR");
		run_on_terminal(&r, "doctor");
		assert_int_equal(!!strchr(r.out, '\x1b'), v[i].coloured);
	}
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	run(&r, "doctor");
	assert_null(strchr(r.out, '\x1b'));
	run_on_terminal(&r, "doctor --json");
	assert_null(strchr(r.out, '\x1b'));
	unsetenv("TERM");
}

/*
 * On a terminal a message ends its lines where words end, with what can be copied in one piece,
 * and is the same words.
 */
static void messages_on_terminal(void **state)
{
	static const char *const v[] = {
		"profile --format k", "profile --ns 1 --label x", "list --nosuch", "check /nosuch",
		"list --nosuch/a/name/that/is/longer/than/any/of/these/terminals/are/wide",
		"list --nosuch\xe6\xa0\xb7\xe6\xa0\xb7\xe6\xa0\xb7\xe6\xa0\xb7",
	};
	static const unsigned int widths[] = { 20, 40, 80, 200 };
	struct result r, one;
	size_t i, j, len, lines, most = 0;
	int ours, err, out;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v) * ARRAY_SIZE(widths); i++) {
		const unsigned int width = widths[i % ARRAY_SIZE(widths)];
		const char *line = v[i / ARRAY_SIZE(widths)];
		char *p, *to, *open, *text;

		run(&one, line);
		one_line(&one);
		terminal_new(&ours, &err, width);
		out = scratch();
		r.status = run_to(line, out, err);
		close(err);
		terminal_slurp(ours, r.err, sizeof(r.err));
		slurp(out, r.out, sizeof(r.out));
		assert_int_equal(r.status, one.status);
		assert_string_equal(r.out, "");
		for (p = to = r.err, lines = 0; *p; p += len + 2) {
			len = strcspn(p, "\r");
			assert_int_equal(strncmp(p + len, "\r\n", 2), 0);
			lines++;
			/* what begins in a line ends there */
			for (j = 0, open = NULL; j < len; j++)
				if (p[j] == '`')
					open = open ? NULL : p + j;
			if (width >= 40 && open)
				fail_msg("%u: %.*s", width, (int)len, p);
			if (p != r.err) {
				assert_memory_equal(p, "    ", 4);
				*to++ = ' ';
				p += 4;
				len -= 4;
			}
			/* one word may be longer */
			text = xstrndup(p, len);
			if (memchr(p, ' ', len) &&
			    term_columns(text) + (p == r.err ? 0 : 4) > width)
				fail_msg("%u: %s", width, text);
			free(text);
			memmove(to, p, len);
			to += len;
		}
		*to++ = '\n';
		*to = '\0';
		assert_string_equal(r.err, one.err);
		most = lines > most ? lines : most;
		if (width == 200)
			assert_int_equal(lines, 1);
	}
	assert_true(most > 3);
}

/* What goes to a file is neither coloured nor as wide as the terminal beside it */
static void beside_terminal(void **state)
{
	char names[] = "/tmp/sctrace-cli-XXXXXX", to[] = "/tmp/sctrace-cli-XXXXXX";
	cleanup_free char *line = NULL, *text = NULL;
	struct error *err = NULL;
	struct result r;
	size_t len;

	(void)state;
	write_names(names, "read bpf");
	write_names(to, "read");
	line = xasprintf("report --text %s -o %s", names, to);
	setenv("TERM", "xterm", 1);
	setenv("COLUMNS", "200", 1);
	setenv("LC_ALL", "C", 1);	/* narrow() counts bytes */
	run_on_terminal(&r, line);
	unsetenv("LC_ALL");
	unsetenv("COLUMNS");
	unsetenv("TERM");
	assert_int_equal(r.status, 0);
	text = file_read(to, 1 << 20, &len, &err);
	assert_non_null(strstr(text, "DANGEROUS, AND ALLOWED"));
	assert_null(strchr(text, '\x1b'));
	narrow(text);
	unlink(names);
	unlink(to);
}

/* Text on a terminal is as wide as that, and in a pipe a line is a line */
static void terminals(void **state)
{
	static const char *const lines[] = { "doctor", "--help", "help profile", "help report" };
	static const unsigned int widths[] = { 80, 40 };
	struct result r;
	size_t i, j, len;
	char *s;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		cleanup_free char *columns = xasprintf("%u", widths[i]);

		setenv("COLUMNS", columns, 1);
		for (j = 0; j < ARRAY_SIZE(lines); j++) {
			run_on_terminal(&r, lines[j]);
			assert_true(strlen(r.out) > widths[i]);
			for (s = r.out; *s; s += len + (s[len] == '\n')) {
				len = strcspn(s, "\n");
				if (len > widths[i] + 1)	/* the \r of a terminal */
					fail_msg("%u: %.*s", widths[i], (int)len, s);
			}
		}
	}
	unsetenv("COLUMNS");
}

/* Who reads the first line only is no reason to complain */
static void early_end(void **state)
{
	char got[256] = "";
	cleanup_free char *here = xstrdup(__FILE__);
	cleanup_free char *command = xasprintf(
		"%s report %s/../../user/profile/defaults/docker.json 2>/tmp/sctrace-cli-early | head -n 1; "
		"cat /tmp/sctrace-cli-early; rm /tmp/sctrace-cli-early", program, dirname(here));
	FILE *p;

	(void)state;
	p = popen(command, "r");
	assert_non_null(p);
	(void)!fread(got, 1, sizeof(got) - 1, p);
	pclose(p);
	assert_string_equal(got, "<!DOCTYPE html>\n");
}

static void modprobe_words(void **state)
{
	(void)state;
	assert_int_equal(module_classify("modprobe: FATAL: Module sctrace not found in directory /lib/modules/6.1.0\n"),
			 MODULE_FAILED);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Key was rejected by service\n"),
			 MODULE_KEY);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Required key not available\n"),
			 MODULE_KEY);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Operation not permitted\n"),
			 MODULE_LOCKED);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Exec format error\n"),
			 MODULE_REFUSED);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Unknown symbol in module, or unknown parameter (see dmesg)\n"),
			 MODULE_REFUSED);
	assert_int_equal(module_classify("modprobe: ERROR: could not insert 'sctrace': Cannot allocate memory\n"),
			 MODULE_FAILED);
	assert_int_equal(module_classify(""), MODULE_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage),
		cmocka_unit_test(slips),
		cmocka_unit_test(policies),
		cmocka_unit_test(helps),
		cmocka_unit_test(architecture),
		cmocka_unit_test(completion_bash),
		cmocka_unit_test(completion_zsh),
		cmocka_unit_test(completion_fish),
		cmocka_unit_test(manual),
		cmocka_unit_test(json_shapes),
		cmocka_unit_test(json_commands),
		cmocka_unit_test(versions),
		cmocka_unit_test(diff_json),
		cmocka_unit_test(long_differences),
		cmocka_unit_test(targets),
		cmocka_unit_test(no_module),
		cmocka_unit_test(doctor),
		cmocka_unit_test(nothing_found),
		cmocka_unit_test(no_wider),
		cmocka_unit_test(full),
		cmocka_unit_test(dropin_directory),
		cmocka_unit_test(colours),
		cmocka_unit_test(terminals),
		cmocka_unit_test(messages_on_terminal),
		cmocka_unit_test(beside_terminal),
		cmocka_unit_test(early_end),
		cmocka_unit_test(modprobe_words),
	};

	program = getenv("SCTRACE_NL");
	if (!program) {
		fprintf(stderr, "SCTRACE_NL does not name the program\n");
		return 1;
	}
	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
