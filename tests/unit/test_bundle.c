// SPDX-License-Identifier: GPL-2.0
/* What sctrace-runtime has done to a bundle's config.json, and how it is undone. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "hook/annotation.h"
#include "hook/bundle.h"
#include "hook/edit.h"
#include "hook/state.h"
#include "lib/file.h"

static char dir[64], *config, *kept;

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/sctrace-bundle-XXXXXX");
	umask(022);
	if (!mkdtemp(dir))
		return -1;
	config = xasprintf("%s/config.json", dir);
	kept = xasprintf("%s.sctrace", config);
	return 0;
}

static int teardown(void **state)
{
	cleanup_free char *cmd = xasprintf("rm -rf '%s'", dir);

	(void)state;
	free(config);
	free(kept);
	return system(cmd);
}

/* @text with @value put at @a, or @a and @b; fails with @why when @want is NULL */
static void edit(const char *text, const char *a, const char *b, const char *value,
		 enum json_type type, const char *want, const char *why)
{
	const char *const path[] = { a, b, NULL };
	cleanup_error struct error *err = NULL;
	cleanup_free char *out = NULL;
	struct json_object *o;
	size_t len;

	out = hook_config_put(text, strlen(text), path, value, type, &len, &err);
	if (!want) {
		if (out)
			fail_msg("%s: became %s", text, out);
		if (!strstr(err->text, why))
			fail_msg("%s: `%s` lacks `%s`", text, err->text, why);
		return;
	}
	if (!out)
		fail_msg("%s: %s", text, err->text);
	assert_string_equal(out, want);
	assert_int_equal(len, strlen(out));
	o = json_tokener_parse(out);
	assert_non_null(o);
	json_object_put(o);
}

static void test_edit(void **state)
{
	const enum json_type array = json_type_array, string = json_type_string;

	(void)state;
	edit("{}", "hooks", "x", "[1]", array, "{\"hooks\":{\"x\":[1]}}", NULL);
	edit("{\"hooks\":{}}", "hooks", "x", "[1]", array, "{\"hooks\":{\"x\":[1]}}", NULL);
	edit("{\"hooks\": null }", "hooks", "x", "[1]", array, "{\"hooks\": {\"x\":[1]} }", NULL);
	edit("{\"hooks\":{\"x\":null}}", "hooks", "x", "[1]", array, "{\"hooks\":{\"x\":[1]}}", NULL);
	edit("{\"hooks\":{\"x\":[]}}", "hooks", "x", "[1]", array, "{\"hooks\":{\"x\":[1]}}", NULL);
	edit("{\"hooks\":{\"x\":[ ] , \"y\":2}}", "hooks", "x", "[1]", array,
	     "{\"hooks\":{\"x\":[ 1] , \"y\":2}}", NULL);
	/* what is there stays, and comes first */
	edit("{ \"hooks\" : { \"x\" : [ {\"a\":[\"]\"]} ]\n} }", "hooks", "x", "[1,2]", array,
	     "{ \"hooks\" : { \"x\" : [ {\"a\":[\"]\"]} ,1,2]\n} }", NULL);
	edit("{\"n\":[1e400,18446744073709551616,-0.0,1.10],\"\\u00e9\":\"\\/\"}", "hooks", NULL, "[1]", array,
	     "{\"hooks\":[1],\"n\":[1e400,18446744073709551616,-0.0,1.10],\"\\u00e9\":\"\\/\"}", NULL);
	edit("{\"a\":{\"b\":\"old\"}}", "a", "b", "\"new\"", string, "{\"a\":{\"b\":\"new\"}}", NULL);
	edit("{\"hooks\":[]}", "hooks", "x", "[1]", array, NULL, "`hooks` is no object");
	edit("{\"hooks\":{\"x\":{}}}", "hooks", "x", "[1]", array, NULL, "`x` is no array");
	edit("{\"hooks\":{},\"hooks\":{}}", "hooks", "x", "[1]", array, NULL, "`hooks` is there twice");
	edit("{\"hooks\":{\"x\":[],\"x\":[]}}", "hooks", "x", "[1]", array, NULL, "`x` is there twice");
	edit("{\"h\\u006foks\":{}}", "hooks", "x", "[1]", array, NULL, "make out `hooks`");
	edit("[]", "hooks", "x", "[1]", array, NULL, "object");
	edit("{\"hooks\":", "hooks", "x", "[1]", array, NULL, "");
	edit("{} {}", "hooks", "x", "[1]", array, NULL, "no JSON");
	edit("", "hooks", "x", "[1]", array, NULL, "empty");
}

/* The words of the hook at this place */
static void hook_is(struct json_object *root, const char *stage, size_t at, const char *want)
{
	struct json_object *o = json_object_object_get(root, "hooks"), *args;
	cleanup_free char *got = xstrdup("");
	size_t i;

	o = json_object_array_get_idx(json_object_object_get(o, stage), at);
	assert_non_null(o);
	args = json_object_object_get(o, "args");
	for (i = 0; i < json_object_array_length(args); i++) {
		char *more = xasprintf("%s%s|", got, json_object_get_string(
				       json_object_array_get_idx(args, i)));

		free(got);
		got = more;
	}
	assert_string_equal(got, want);
}

static struct json_object *with_hooks(const char *text, struct json_object *options)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *out = NULL;
	struct json_object *root;
	size_t len;

	out = hook_bundle_hooks(text, strlen(text), "/b/a'$(x) nl", options, 40, &len, &err);
	if (!out)
		fail_msg("%s: %s", text, err->text);
	root = hook_json(out, len, "result", &err);
	assert_non_null(root);
	return root;
}

static size_t hooks_of(struct json_object *root, const char *stage)
{
	struct json_object *o = json_object_object_get(root, "hooks");

	return json_object_array_length(json_object_object_get(o, stage));
}

#define SH	"sh|-c|[ ! -x \"$0\" ] || exec \"$0\" \"$@\"|/b/a'$(x) nl|hook|"
#define OURS(stage) "{\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"x\",\"sctrace-hook\",\"hook\",\"" stage "\"]}"

static void test_hooks(void **state)
{
	static const char other[] = "{\"hooks\":{\"prestart\":[{\"path\":\"/net\",\"args\":[\"hook\",\"prestart\"]},7],"
		"\"createRuntime\":[{\"path\":\"/x\"}]},\"x\":18446744073709551616}";
	cleanup_error struct error *err = NULL;
	struct json_object *root, *options;
	size_t len;

	(void)state;
	root = with_hooks("{}", NULL);
	hook_is(root, "prestart", 0, SH "prestart|");
	hook_is(root, "poststop", 0, SH "poststop|");
	json_object_put(root);
	options = json_tokener_parse("[\"--dir\",\"/a \\\"b\"]");
	root = with_hooks(other, options);
	json_object_put(options);
	assert_int_equal(hooks_of(root, "prestart"), 3);
	assert_int_equal(hooks_of(root, "createRuntime"), 1);
	hook_is(root, "prestart", 0, "hook|prestart|");
	hook_is(root, "prestart", 2, SH "prestart|--dir|/a \"b|");
	hook_is(root, "poststop", 0, SH "poststop|--dir|/a \"b|");
	json_object_put(root);
	/* of those that hooks.d has brought none comes twice */
	root = with_hooks("{\"hooks\":{\"prestart\":[" OURS("prestart") "],\"poststop\":null}}", NULL);
	assert_int_equal(hooks_of(root, "prestart"), 1);
	assert_int_equal(hooks_of(root, "poststop"), 1);
	json_object_put(root);
	root = with_hooks("{\"hooks\":{\"createRuntime\":[" OURS("prestart") "],\"x\":1,\"poststop\":[" OURS("prestart") "]}}", NULL);
	assert_null(json_object_object_get(json_object_object_get(root, "hooks"), "prestart"));
	assert_int_equal(hooks_of(root, "poststop"), 2);
	json_object_put(root);
	assert_null(hook_bundle_hooks("{\"hooks\":7}", 11, "/t", NULL, 1, &len, &err));
	assert_non_null(strstr(err->text, "`hooks` is no object"));
}

/* A shell does with the words what is meant */
static void test_hook_runs(void **state)
{
	cleanup_free char *cmd = NULL;
	struct json_object *root = with_hooks("{}", NULL), *o;
	const char *script;

	(void)state;
	o = json_object_object_get(json_object_object_get(root, "hooks"), "prestart");
	o = json_object_array_get_idx(o, 0);
	assert_string_equal(json_object_get_string(json_object_object_get(o, "path")), "/bin/sh");
	assert_int_equal(json_object_get_int(json_object_object_get(o, "timeout")), 40);
	script = json_object_get_string(json_object_array_get_idx(
			json_object_object_get(o, "args"), 2));
	/* echo is there, and says its words; what is not there is no error */
	cmd = xasprintf("[ \"$(sh -c '%s' /bin/echo hook prestart)\" = 'hook prestart' ] && sh -c '%s' /nonexistent hook",
			script, script);
	assert_int_equal(system(cmd), 0);
	json_object_put(root);
}

static void env_is(const char *text, const char *want)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *out = NULL;
	size_t len;

	out = hook_bundle_env(text, strlen(text), "REC", &len, &err);
	if (err)
		fail_msg("%s: %s", text, err->text);
	if (!want != !out)
		fail_msg("%s: %s", text, out ? out : "nothing");
	if (want)
		assert_string_equal(out, want);
}

#define ENV(v)	"\"process\":{\"env\":[7,\"A=b\",\"" v "\",\"REC=second\"]}"
#define ANN(v)	"\"annotations\":{\"" HOOK_ANNOTATION "\":\"" v "\"}"

static void test_env(void **state)
{
	(void)state;
	env_is("{" ENV("REC=of:\\/x;strict") "}", "{" ANN("of:/x;strict") "," ENV("REC=of:\\/x;strict") "}");
	env_is("{\"annotations\":{\"a\":\"b\"}," ENV("REC=") "}",
	       "{\"annotations\":{\"" HOOK_ANNOTATION "\":\"\",\"a\":\"b\"}," ENV("REC=") "}");
	/* an annotation counts */
	env_is("{" ANN("of:y") "," ENV("REC=of:x") "}", NULL);
	env_is("{\"annotations\":{\"" HOOK_ANNOTATION "/web\":\"of:y\"}," ENV("REC=of:x") "}", NULL);
	env_is("{\"process\":{\"env\":[\"RECORD=of:x\",\"REC\"]}}", NULL);
	env_is("{\"process\":{\"env\":null}}", NULL);
	env_is("{\"process\":[]}", NULL);
	env_is("{}", NULL);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void holds(const char *path, const char *want)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	text = file_read(path, 4096, &len, &err);
	if (!text)
		fail_msg("%s", err->text);
	assert_string_equal(text, want);
}

/* How many files are in the bundle */
static int files(void)
{
	cleanup_free char *cmd = xasprintf("exit $(ls -A '%s' | wc -l)", dir);

	return system(cmd) >> 8;
}

static void read_it(struct hook_bundle *b, const char *want)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	text = hook_bundle_read(b, config, &len, &err);
	if (!text)
		fail_msg("%s", err->text);
	assert_string_equal(text, want);
	assert_int_equal(len, strlen(want));
}

static void write_it(struct hook_bundle *b, const char *text)
{
	cleanup_error struct error *err = NULL;

	if (hook_bundle_write(b, text, strlen(text), &err) < 0)
		fail_msg("%s", err->text);
}

static void fails(struct hook_bundle *b, const char *why)
{
	cleanup_error struct error *err = NULL;

	assert_int_equal(hook_bundle_write(b, "new", 3, &err), -1);
	if (!strstr(err->text, why))
		fail_msg("`%s` lacks `%s`", err->text, why);
}

static void test_replace(void **state)
{
	struct stat before, after;
	struct hook_bundle b;

	(void)state;
	put(config, "old");
	assert_int_equal(chmod(config, 0640), 0);
	if (!geteuid())
		assert_int_equal(chown(config, 7, 8), 0);
	assert_int_equal(stat(config, &before), 0);
	read_it(&b, "old");
	write_it(&b, "new, and longer");
	holds(config, "new, and longer");
	holds(kept, "old");
	assert_int_equal(stat(config, &after), 0);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_gid, before.st_gid);
	assert_int_equal(files(), 2);
	/* at the end the very file is back */
	hook_bundle_restore(config);
	holds(config, "old");
	assert_int_equal(stat(config, &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(files(), 1);
	hook_bundle_restore(config);
	holds(config, "old");

	/* an end that was never told: the next one begins with what was there */
	read_it(&b, "old");
	write_it(&b, "new");
	read_it(&b, "old");
	write_it(&b, "newer");
	hook_bundle_restore(config);
	holds(config, "old");
	assert_int_equal(files(), 1);

	/* what somebody wrote in the meantime is his */
	read_it(&b, "old");
	write_it(&b, "new");
	put(config, "edited");
	hook_bundle_restore(config);
	holds(config, "edited");
	read_it(&b, "edited");
	write_it(&b, "new");
	hook_bundle_restore(config);
	holds(config, "edited");
	assert_int_equal(files(), 1);
}

/* A link stays one, and what it names is not changed */
static void test_link(void **state)
{
	cleanup_free char *real = xasprintf("%s/real", dir);
	struct hook_bundle b;
	struct stat st;

	(void)state;
	put(real, "old");
	assert_int_equal(symlink("real", config), 0);
	read_it(&b, "old");
	write_it(&b, "new");
	holds(config, "new");
	holds(real, "old");
	hook_bundle_restore(config);
	assert_int_equal(lstat(config, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	holds(config, "old");
}

static void test_swapped(void **state)
{
	cleanup_free char *other = xasprintf("%s/other", dir);
	struct hook_bundle b;

	(void)state;
	put(config, "old");
	read_it(&b, "old");
	put(config, "other");
	fails(&b, "was changed while it was read");
	holds(config, "other");
	read_it(&b, "other");
	put(other, "third");
	assert_int_equal(rename(other, config), 0);
	fails(&b, "was changed while it was read");
	holds(config, "third");
	read_it(&b, "third");
	assert_int_equal(unlink(config), 0);
	fails(&b, "replace");
	assert_int_equal(files(), 0);
}

/* On a file system, or by a kernel, that cannot exchange two files */
static void test_no_exchange(void **state)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	pid_t child;
	int status;

	child = fork();
	assert_true(child >= 0);
	if (!child) {
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(renameat2), 0) ||
		    seccomp_load(filter))
			_exit(1);
		test_replace(state);
		unlink(config);
		test_swapped(state);
		_exit(0);
	}
	seccomp_release(filter);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void read_fails(const char *why)
{
	cleanup_error struct error *err = NULL;
	struct hook_bundle b;
	size_t len;

	assert_null(hook_bundle_read(&b, config, &len, &err));
	if (!strstr(err->text, why))
		fail_msg("`%s` lacks `%s`", err->text, why);
}

static void test_unreadable(void **state)
{
	(void)state;
	read_fails("No such file");
	assert_int_equal(mkfifo(config, 0600), 0);
	read_fails("not a regular file");
	assert_int_equal(unlink(config), 0);
	assert_int_equal(mkdir(config, 0700), 0);
	read_fails("not a regular file");
	assert_int_equal(rmdir(config), 0);
	put(config, "x");
	assert_int_equal(truncate(config, HOOK_MAX_INPUT + 1), 0);
	read_fails("larger than");
}

/* Nothing is left of what could not be done; root needs a file system for that */
static void test_read_only(void **state)
{
	struct hook_bundle b;

	(void)state;
	put(config, "old");
	read_it(&b, "old");
	if (geteuid()) {
		assert_int_equal(chmod(dir, 0500), 0);
		fails(&b, "Permission denied");
		assert_int_equal(chmod(dir, 0700), 0);
	} else {
		if (unshare(CLONE_NEWNS) < 0 ||
		    mount("", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 ||
		    mount(dir, dir, "", MS_BIND, NULL) < 0)
			skip();
		assert_int_equal(mount("", dir, "", MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
		fails(&b, "Read-only file system");
		assert_int_equal(umount(dir), 0);
	}
	holds(config, "old");
	assert_int_equal(files(), 1);
}

/* Full: the old one stays */
static void test_full(void **state)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *big = NULL;
	struct hook_bundle b;

	(void)state;
	if (geteuid() || unshare(CLONE_NEWNS) < 0 ||
	    mount("", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("x", dir, "tmpfs", 0, "size=64k") < 0)
		skip();
	put(config, "old");
	read_it(&b, "old");
	big = xcalloc(1, 1 << 20);
	assert_int_equal(hook_bundle_write(&b, big, 1 << 20, &err), -1);
	assert_non_null(strstr(err->text, "No space left"));
	holds(config, "old");
	assert_int_equal(files(), 1);
	assert_int_equal(umount(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_hook_runs),
		cmocka_unit_test(test_env),
		cmocka_unit_test_setup_teardown(test_replace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_exchange, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_swapped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unreadable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_read_only, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
