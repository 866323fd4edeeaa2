// SPDX-License-Identifier: GPL-2.0
/* sctrace-runtime, with runtimes and a sctrace-nl that are not real. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "lib/file.h"
#include "runtime/cmdline.h"
#include "runtime/conf.h"
#include "runtime/look.h"

#define KEY	"io.containers.trace-syscall"

static char dir[64];
static const char *program, *self;

static char *in_dir(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void put(const char *name, const char *text, int mode)
{
	cleanup_free char *path = in_dir(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static char *get(const char *name)
{
	cleanup_free char *path = in_dir(name);
	cleanup_error struct error *err = NULL;
	size_t len;
	char *text = file_read(path, 1 << 20, &len, &err);

	return text ? text : xstrdup("");
}

/* In a directory of its own: bin/crun and bin/runc, which are this program */
static int setup(void **state)
{
	cleanup_free char *cmd = NULL;

	(void)state;
	strcpy(dir, "/tmp/sctrace-runtime-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	cmd = xasprintf("cd %s && mkdir bin b && ln -s %s bin/crun && ln -s %s bin/runc && ln -s %s bin/other && echo 'runtime=crun' >conf",
			dir, self, self, self);
	return system(cmd);
}

static int teardown(void **state)
{
	cleanup_free char *cmd = xasprintf("chmod -R u+w %s; rm -rf '%s'", dir, dir);

	(void)state;
	return system(cmd);
}

/* What a runtime that is not real says: how it was called */
static int fake(int argc, char **argv)
{
	struct dirent *e;
	sigset_t set;
	int i, fds[64] = { 0 };
	DIR *d;

	printf("is %s\n", strrchr(argv[0], '/') + 1);
	for (i = 1; i < argc; i++)
		printf("arg %s\n", argv[i]);
	d = opendir("/proc/self/fd");
	while (d && (e = readdir(d)))
		if (*e->d_name != '.' && atoi(e->d_name) < 64 &&
		    atoi(e->d_name) != dirfd(d))
			fds[atoi(e->d_name)] = 1;
	for (i = 0; i < 64; i++)
		if (fds[i])
			printf("fd %d\n", i);
	sigprocmask(SIG_BLOCK, NULL, &set);
	for (i = 1; i < 32; i++)
		if (sigismember(&set, i))
			printf("blocked %d\n", i);
	printf("children %d\n", waitpid(-1, NULL, WNOHANG));
	fflush(stdout);
	return 7;
}

/*
 * Runs the program (as $RT) by a line of shell in the directory. Its output is in
 * `out`, its errors in `err`. Returns how it ended.
 */
static int sh(const char *line)
{
	cleanup_free char *cmd = xasprintf("cd %s && env -i HOME=/ PATH=%s/bin:/usr/bin:/bin RT=%s ASAN_OPTIONS=detect_leaks=0 SCTRACE_RUNTIME_CONF=%s/conf sh -c '%s' >out 2>err",
					   dir, dir, program, dir, line);
	int status = system(cmd);

	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void out_is(const char *want)
{
	cleanup_free char *out = get("out"), *err = get("err");

	if (strcmp(out, want))
		fail_msg("got: %s\nwant: %s\nsaid: %s", out, want, err);
}

static void has(const char *name, const char *want)
{
	cleanup_free char *text = get(name);

	if (!strstr(text, want))
		fail_msg("%s: `%s` lacks `%s`", name, text, want);
}

static void is_empty(const char *name)
{
	cleanup_free char *text = get(name);

	assert_string_equal(text, "");
}

#define STD	"fd 0\nfd 1\nfd 2\n"
#define END	"children -1\n"

/* All that is said to it is said to the runtime, whatever it is */
static void test_passes_on(void **state)
{
	(void)state;
	assert_int_equal(sh("exec $RT --log /x --log-format=json state -- a \"b c\" \"\""), 7);
	out_is("is crun\narg --log\narg /x\narg --log-format=json\narg state\narg --\narg a\narg b c\narg \n"
	       STD END);
	is_empty("err");
	assert_int_equal(sh("exec $RT"), 7);
	out_is("is crun\n" STD END);
	assert_int_equal(sh("exec $RT --version"), 7);
	out_is("is crun\narg --version\n" STD END);
	/* no configuration to be found is the runtime's to say */
	assert_int_equal(sh("exec $RT create -b /nonexistent x"), 7);
	out_is("is crun\narg create\narg -b\narg /nonexistent\narg x\n" STD END);
	is_empty("err");
}

/* On a terminal what is said is broken where words end, elsewhere it is one line */
static void test_terminal(void **state)
{
	const struct winsize size = { .ws_col = 40 };
	int ours = posix_openpt(O_RDWR | O_NOCTTY), theirs, n = 0;
	cleanup_free char *line = NULL, *help = NULL;
	char said[4096], *s, *next;
	const char *h;
	ssize_t got;
	size_t all = 0;

	(void)state;
	assert_true(ours >= 0 && !grantpt(ours) && !unlockpt(ours));
	theirs = open(ptsname(ours), O_RDWR | O_NOCTTY);
	assert_true(theirs >= 0 && !ioctl(theirs, TIOCSWINSZ, &size));
	line = xasprintf("PATH=/nonexistent exec $RT 2>&%d", theirs);
	assert_int_equal(sh(line), 127);
	close(theirs);
	while ((got = read(ours, said + all, sizeof(said) - 1 - all)) > 0)
		all += got;
	said[all] = '\0';
	close(ours);
	for (next = said; (s = strsep(&next, "\n")); n++) {
		s[strcspn(s, "\r")] = '\0';
		if (strlen(s) > 40)
			fail_msg("%s", s);
	}
	assert_true(n > 2);
	assert_int_equal(sh("PATH=/nonexistent exec $RT"), 127);
	has("err", ": name another one in /etc/sctrace/runtime.conf\n");
	assert_int_equal(sh("PATH=/nonexistent exec $RT --help"), 0);
	help = get("out");
	for (h = help; *h; h += strcspn(h, "\n") + 1)
		if (strcspn(h, "\n") > 80)
			fail_msg("%s", h);
}

/* Descriptors that were open stay so, those that were not, too */
static void test_descriptors(void **state)
{
	(void)state;
	put("b/config.json", "{}", 0644);
	assert_int_equal(sh("exec $RT create -b b x 5</dev/null 9>&1"), 7);
	out_is("is crun\narg create\narg -b\narg b\narg x\n" STD "fd 5\nfd 9\n" END);
	assert_int_equal(sh("exec $RT create -b b x <&-"), 7);
	out_is("is crun\narg create\narg -b\narg b\narg x\nfd 1\nfd 2\n" END);
	put("tool", "#!/bin/sh\nexec >>log; echo ran; echo word >&2\n", 0755);
	put("conf", "runtime = runc\ntool = ./tool\n", 0644);
	put("b/config.json", "{\"annotations\":{\"" KEY "\":\"of:/x\"}}", 0644);
	/* what it says does not go where its standard error would have been */
	assert_int_equal(sh("exec $RT create -b b x <&- 2>&-"), 7);
	out_is("is runc\narg create\narg -b\narg b\narg x\nfd 1\n" END);
	/* an engine that ignores the end of its children: so does the runtime */
	assert_int_equal(sh("trap \"\" CHLD; exec $RT run --bundle=b x"), 7);
	out_is("is runc\narg run\narg --bundle=b\narg x\n" STD END);
	has("log", "ran\n");
}

/* Which runtime: the program's name, the environment, the configuration, PATH */
static void test_choice(void **state)
{
	(void)state;
	assert_int_equal(sh("SCTRACE_RUNTIME=runc exec $RT x"), 7);
	has("out", "is runc\n");
	assert_int_equal(sh("ln -s $RT sctrace-runtime-crun; SCTRACE_RUNTIME=runc exec ./sctrace-runtime-crun x"), 7);
	has("out", "is crun\n");
	put("conf", "# all\n\n\truntime =  runc \n", 0644);
	assert_int_equal(sh("exec $RT x"), 7);
	has("out", "is runc\n");
	assert_int_equal(sh("rm conf; PATH=$PWD/bin exec $RT x"), 7);
	has("out", "is crun\n");
	assert_int_equal(sh("rm bin/crun; PATH=$PWD/bin exec $RT x"), 7);
	has("out", "is runc\n");
	assert_int_equal(sh("SCTRACE_RUNTIME=$PWD/bin/other exec $RT x"), 7);
	out_is("is other\narg x\n" STD END);

	assert_int_equal(sh("rm bin/runc; PATH=$PWD/bin exec $RT x"), 127);
	has("err", "no crun, runc or youki in PATH");
	assert_int_equal(sh("SCTRACE_RUNTIME=nosuch exec $RT x"), 127);
	has("err", "`nosuch` is not there");
	assert_int_equal(sh("mkdir bin/folder; SCTRACE_RUNTIME=folder exec $RT x"), 127);
	has("err", "`folder` is not there");
	assert_int_equal(sh("echo >bin/text; SCTRACE_RUNTIME=text exec $RT x"), 127);
	has("err", "`text` is not there");
	assert_int_equal(sh("printf ab >bin/bad; chmod +x bin/bad; SCTRACE_RUNTIME=bad exec $RT x"), 126);
	has("err", "Exec format error");
	is_empty("out");
}

/* It does not become itself */
static void test_loop(void **state)
{
	(void)state;
	put("bin/crun.sh", "#!/bin/sh\nexec $RT \"$@\"\n", 0755);
	assert_int_equal(sh("ln -sf $RT bin/crun; rm conf; PATH=$PWD/bin exec $RT x"), 7);
	has("out", "is runc\n");
	assert_int_equal(sh("SCTRACE_RUNTIME=crun PATH=$PWD/bin exec $RT x"), 127);
	has("err", "is sctrace-runtime itself");
	assert_int_equal(sh("SCTRACE_RUNTIME=crun.sh PATH=$PWD/bin exec $RT x"), 127);
	has("err", "leads back to it");
	/* by a known name, too */
	assert_int_equal(sh("mv bin/crun.sh bin/youki; SCTRACE_RUNTIME=youki exec $RT x"), 127);
	has("err", "leads back to it");
	/* but a runtime may be started by another process of it */
	put("bin/young", "#!/bin/sh\nSCTRACE_RUNTIME=runc $RT nested\n", 0755);
	assert_int_equal(sh("SCTRACE_RUNTIME=young exec $RT x"), 7);
	has("out", "is runc\narg nested\n");
}

static void test_help(void **state)
{
	cleanup_free char *runtime = in_dir("bin/crun");

	(void)state;
	assert_int_equal(sh("exec $RT --help"), 0);
	has("out", "usage: sctrace-runtime");
	has("out", runtime);
	assert_int_equal(sh("exec $RT create --help"), 7);
	assert_int_equal(sh("SCTRACE_RUNTIME=nosuch exec $RT --help"), 0);
	has("out", "Here there is none: the runtime `nosuch`");
}

/*
 * The tool says and ends like that. The container's strictness is by its
 * annotation. Returns how the whole ended; what was said is one line with @why.
 */
static void tool(const char *script, const char *entry, const char *conf, int status,
		 const char *why)
{
	cleanup_free char *config = xasprintf("{\"annotations\":{\"" KEY "\":\"of:/x%s\"}}", entry);
	cleanup_free char *all = xasprintf("tool = ./tool\n%s", conf);
	cleanup_free char *err = NULL;
	const char *line;

	put("b/config.json", config, 0644);
	put("conf", all, 0644);
	put("tool", script, 0755);
	assert_int_equal(sh("rm -f log; exec $RT --log log --log-format json create -b b x"), status);
	err = get("err");
	if (!why) {
		assert_string_equal(err, "");
		is_empty("log");
		return;
	}
	line = strchr(err, '\n');
	if (!strstr(err, why) || !line || line[1])
		fail_msg("`%s`: not one line with `%s`", err, why);
	has("log", why);
	has("log", status == 7 ? "\"level\":\"warning\"" : "\"level\":\"error\"");
	if (status != 7)
		is_empty("out");
}

#define STRICT	"strict was asked, it does not start"

/* What becomes of a container when sctrace-nl fails, one way and another */
static void test_tool(void **state)
{
	cleanup_free char *log = NULL;
	struct json_object *o;

	(void)state;
	tool("#!/bin/sh\necho \"$@\" >seen\n", "", "", 7, NULL);
	has("seen", "hook --config=b/config.json bundle\n");
	tool("#!/bin/sh\necho \"$@\" >seen\n", ";strict",
	     "env = SCT\ndir = /a b\nbase-dir=/c\nno-permissive = yes\nstrict = no\ntimeout= 9\n", 7, NULL);
	has("seen", "hook --dir=/a b --base-dir=/c --no-permissive --timeout=9 --strict --env=SCT --config=b/config.json bundle\n");
	/* the container's streams are not the tool's */
	tool("#!/bin/sh\ncat >/dev/null; echo no\n", "", "", 7, NULL);
	tool("#!/bin/sh\necho a \\\"bad\\\" word >&2\n", "", "", 7, "");
	log = get("log");
	o = json_tokener_parse(log);
	assert_non_null(o);
	assert_string_equal(json_object_get_string(json_object_object_get(o, "msg")),
			    "a \"bad\" word");
	json_object_put(o);
	tool("#!/bin/sh\necho no >&2; exit 1\n", "", "", 1, "no");
	tool("#!/bin/sh\nexit 2\n", "", "", 7, "ended with status 2");
	tool("#!/bin/sh\nexit 2\n", ";strict", "", 1, STRICT);
	tool("#!/bin/sh\nexit 2\n", ";strict:no", "", 7, "not recorded");
	tool("#!/bin/sh\nexit 2\n", "", "strict=yes\n", 1, STRICT);
	tool("#!/bin/sh\nkill -9 $$\n", "", "", 7, "killed by signal 9");
	tool("#!/bin/sh\nkill -9 $$\n", ";strict", "", 1, STRICT);
	tool("#!/nonexistent\n", "", "", 7, "cannot be run");
	tool("#!/nonexistent\n", "; \\u0073trict : yes ", "", 1, STRICT);
	tool("", "", "tool=/nonexistent\n", 7, "cannot be run");
	/* it leaves something behind that holds its standard error */
	tool("#!/bin/sh\nsleep 100 &\necho $! >pid\n", "", "", 7, NULL);
	assert_int_equal(sh("kill $(cat pid)"), 0);
	/* more than anyone wants to know */
	tool("#!/bin/sh\nhead -c 300000 /dev/zero | tr \"\\\\0\" x >&2; echo >&2\n", "", "", 7, "xxx");
}

/* What is wrong with the configuration is said where it matters */
static void test_conf(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "dri = /x", "conf:2: `dri` is not known" },
		{ "dir = x", "absolute" },
		{ "dir =", "has no value" },
		{ "strict = maybe", "yes or no" },
		{ "timeout = 0", "seconds" },
		{ "timeout = 9999", "seconds" },
		{ "timeout = 1m", "seconds" },
		{ "env = a=b", "name of a variable" },
		{ "words", "KEY = VALUE" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		tool("#!/bin/sh\necho ran >seen\n", "", bad[i].text, 7, bad[i].why);
		tool("#!/bin/sh\necho ran >seen\n", ";strict", bad[i].text, 1, bad[i].why);
		is_empty("seen");
		put("b/config.json", "{}", 0644);
		assert_int_equal(sh("exec $RT create -b b x"), 7);
		is_empty("err");
	}
	assert_int_equal(sh("rm conf; mkdir conf; exec $RT state x"), 7);
	is_empty("err");
}

static void look_is(const char *text, bool asked, bool strict)
{
	struct rt_look l;

	rt_look(text, strlen(text), "SCT", &l);
	if (l.asked != asked || l.strict != strict)
		fail_msg("%s: asked %d strict %d", text, l.asked, l.strict);
}

static void test_look(void **state)
{
	static const char nul[] = "{\"a\0\":1,\"" KEY "\":\"strict\"}";
	struct rt_look l;

	(void)state;
	look_is("", false, false);
	look_is("\"", false, false);
	look_is("\"\\", false, false);
	look_is("{\"annotations\":{}}", false, false);
	look_is("{\"" KEY "\":\"of:/x\"}", true, false);
	look_is("{\"" KEY "/web\" : \"of:/x;strict\"}", true, true);
	look_is("{\"" KEY "s\":\"of:/x;strict\"}", false, false);
	look_is("{\"x" KEY "\":\"of:/x\"}", false, false);
	look_is("{\"io.containers.trace\\u002dsyscall\":\"of:/x\"}", true, false);
	look_is("{\"\\u0069o.containers.trace-syscall\":\"str\\u0069ct\"}", true, true);
	look_is("{\"a\":\"\\\"" KEY "\"}", false, false);
	look_is("{\"" KEY "\":\"of:/x;strict:yes\"}", true, true);
	look_is("{\"" KEY "\":\"of:/x; strict : true ;if:/y\"}", true, true);
	look_is("{\"" KEY "\":\"of:/x;strict:no\"}", true, false);
	look_is("{\"" KEY "\":\"of:/strict;report:/strict;stricter\"}", true, false);
	look_is("{\"" KEY "\":\"of:/x\",\"other\":\"strict\"}", true, false);
	look_is("{\"" KEY "\":\"of:/x;strict", true, true);
	look_is("{\"env\":[\"SCT=of:/x\"]}", true, false);
	look_is("{\"env\":[\"SCT=strict;of:/x\"]}", true, true);
	look_is("{\"env\":[\"SCTS=of:/x\",\"SCT\"]}", false, false);
	rt_look(nul, sizeof(nul) - 1, NULL, &l);
	assert_true(l.asked && l.strict);
	/* without a variable its name is none */
	rt_look("[\"SCT=of:/x\"]", 14, NULL, &l);
	assert_false(l.asked);
}

/* What of a command line is the configuration, or NULL: nothing is created */
static void line_is(const char *line, const char *config)
{
	cleanup_free char *copy = xasprintf("sctrace-runtime %s", line);
	char *argv[32], *word, *next = copy;
	struct rt_cmdline c;
	int argc = 0;

	while ((word = strsep(&next, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	rt_cmdline_parse(argc, argv, &c);
	if (c.creates != !!config || (config && strcmp(c.config, config)))
		fail_msg("%s: %s", line, c.config);
	rt_cmdline_free(&c);
}

static void test_cmdline(void **state)
{
	struct rt_cmdline c;
	char *argv[] = { "x", "--log=/l", "--log-format", "json", "list", NULL };

	(void)state;
	line_is("create x", "./config.json");
	line_is("run -b /b x", "/b/config.json");
	line_is("create --bundle /b x", "/b/config.json");
	line_is("create --bundle=/b x", "/b/config.json");
	line_is("create -bundle /b x", "/b/config.json");
	line_is("create -bundle=/b x", "/b/config.json");
	line_is("create -b=/b x", "/b/config.json");
	line_is("create -b/b x", "/b/config.json");
	line_is("create --bun /b x", "/b/config.json");
	line_is("create x --bundle /b", "/b/config.json");
	line_is("create -b /b -f /c/conf x", "/c/conf");
	line_is("create -b /b --config config.json x", "/b/config.json");
	line_is("create -b /a -b /b x", "/b/config.json");
	line_is("create --pid-file /p --no-pivot --console-socket /s --preserve-fds 3 --bundle /b x", "/b/config.json");
	/* the value of an option is none itself */
	line_is("create --pid-file -b x", "./config.json");
	line_is("create --detach -- -b", "./config.json");
	/* as podman, containerd and CRI-O call it */
	line_is("--log-format=json --log=/l --root=/r create --bundle /b --pid-file /p x", "/b/config.json");
	line_is("--root /r --log /l --log-format json --systemd-cgroup create --bundle /b --pid-file /p --console-socket /c x", "/b/config.json");
	line_is("--systemd-cgroup --root=/r create --bundle /b x", "/b/config.json");
	line_is("--cgroup-manager systemd --debug create -b /b x", "/b/config.json");
	line_is("--rootless auto --criu c -root /r run -b /b x", "/b/config.json");
	line_is("-l /l -r /r create -b /b x", "/b/config.json");
	/* the values of global options are no commands, of unknown ones neither */
	line_is("--root create state x", NULL);
	line_is("--log run list", NULL);
	line_is("--brand-new value create -b /b x", "/b/config.json");
	line_is("--brand-new create -b /b x", "/b/config.json");
	line_is("--brand-new=value create -b /b x", "/b/config.json");
	line_is("exec x create", NULL);
	line_is("start run", NULL);
	line_is("delete --force create", NULL);
	line_is("--version", NULL);
	line_is("--root", NULL);
	line_is("create -b", "./config.json");
	rt_cmdline_parse(5, argv, &c);
	assert_string_equal(c.log, "/l");
	assert_true(c.log_json && !c.creates);
	rt_cmdline_parse(0, argv, &c);
	assert_false(c.creates);
}

/* Configurations that are odd, or none: the runtime has them as they are */
static void test_odd_bundles(void **state)
{
	(void)state;
	put("conf", "tool=./tool\nruntime=crun\n", 0644);
	put("tool", "#!/bin/sh\necho ran >>seen\n", 0755);
	assert_int_equal(sh("for c in dir fifo big huge bad empty; do mkdir $c; done;"
			    "mkdir dir/config.json; mkfifo fifo/config.json; : >empty/config.json;"
			    "truncate -s 20M big/config.json; truncate -s 65M huge/config.json; echo \"{\\\"\" >bad/config.json;"
			    "for c in dir fifo big bad empty; do $RT create -b $c x; done; [ ! -e seen ]"), 0);
	is_empty("err");
	assert_int_equal(sh("exec $RT create -b huge x"), 7);
	has("err", "not looked for");
	put("conf", "tool=./tool\nstrict=yes\n", 0644);
	assert_int_equal(sh("exec $RT create -b huge x"), 1);
	has("err", STRICT);
	assert_int_equal(sh("printf %s \"{\\\"" KEY "\\\":\\\"of:/x\\\"}\" >big/config.json; truncate -s 20M big/config.json; exec $RT create -b big x"), 7);
	has("seen", "ran\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_look),
		cmocka_unit_test_setup_teardown(test_passes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_terminal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_descriptors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_choice, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_help, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tool, setup, teardown),
		cmocka_unit_test_setup_teardown(test_conf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_odd_bundles, setup, teardown),
	};
	const char *name = strrchr(argv[0], '/');
	int fd;

	if (name && !strstr(name, "test_"))
		return fake(argc, argv);
	/* what whoever started us left open is not for those we start */
	for (fd = 3; fd < 64; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	self = realpath("/proc/self/exe", NULL);
	program = getenv("SCTRACE_RT");
	assert_non_null(program);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
