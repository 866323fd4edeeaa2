// SPDX-License-Identifier: GPL-2.0
/* The hook's reading side: annotation, state, configuration, directories. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sys/stat.h>
#include "hook/annotation.h"
#include "hook/outdirs.h"
#include "hook/precreate.h"
#include "hook/state.h"

static char dir[64];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/sctrace-hook-XXXXXX");
	umask(022);
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	cleanup_free char *cmd = xasprintf("rm -rf '%s'", dir);

	(void)state;
	return chdir("/") || system(cmd);
}

static void good(const char *text, struct hook_annotation *a)
{
	cleanup_error struct error *err = NULL;

	if (hook_annotation_parse(text, a, &err) < 0)
		fail_msg("%s: %s", text, err->text);
}

/* Is refused, and the reason has @why in it */
static void bad(const char *text, const char *why)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_error struct error *err = NULL;

	if (!hook_annotation_parse(text, &a, &err))
		fail_msg("`%s` was accepted", text);
	assert_int_equal(err->status, ST_USAGE);
	if (!strstr(err->text, why))
		fail_msg("`%s`: `%s` lacks `%s`", text, err->text, why);
}

/* What oci-seccomp-bpf-hook takes and refuses, by its own test suite */
static void test_annotation_old(void **state)
{
	struct hook_annotation a;

	(void)state;
	good("of:/home/test/out.json", &a);
	assert_string_equal(a.output, "/home/test/out.json");
	assert_null(a.base);
	assert_int_equal(a.format, FORMAT_OCI);
	assert_false(a.permissive || a.strict);
	hook_annotation_free(&a);
	good("of:/out.json;if:/in.json", &a);
	assert_string_equal(a.output, "/out.json");
	assert_string_equal(a.base, "/in.json");
	hook_annotation_free(&a);
	good("if: /in.json ;of: /out.json ", &a);
	assert_string_equal(a.output, "/out.json");
	assert_string_equal(a.base, "/in.json");
	hook_annotation_free(&a);

	bad("", "of:PATH");
	bad("if:/in.json", "of:PATH");
	bad("of:", "absolute");
	bad("of:out.json", "absolute");
	bad("of:./out.json", "absolute");
	bad("of:/o;if:", "absolute");
	bad("of:/o;if:in.json", "absolute");
	bad("/out.json", "must start");
	bad("of:/o;", "must start");
	bad(";of:/o", "must start");
	bad("of:/o;;if:/i", "must start");
	bad("of:/o;xx:/i", "must start");
	bad("OF:/o", "must start");
}

static void test_annotation_new(void **state)
{
	cleanup_free char *many = NULL;
	struct hook_annotation a;
	size_t i;

	(void)state;
	good("strict;mode:permissive;format:docker;report:/r;of:/o;if:/i", &a);
	assert_true(a.strict && a.permissive);
	assert_int_equal(a.format, FORMAT_DOCKER);
	assert_string_equal(a.report, "/r");
	hook_annotation_free(&a);
	good("of:/o;runtime:crun+nnp+user", &a);
	assert_int_equal(a.runtime.needs, RUNTIME_USER);
	assert_true(a.runtime.base->nnp);
	hook_annotation_free(&a);
	good("of:/o;mode:permissive+add", &a);
	assert_true(a.permissive);
	assert_int_equal(a.onto, HOOK_ONTO_ANY);
	hook_annotation_free(&a);
	good("of:/o;args:all", &a);
	assert_int_equal(a.args, ARGS_ALL);
	hook_annotation_free(&a);
	good("of:/o;args: none ;strict", &a);
	assert_int_equal(a.args, ARGS_NONE);
	assert_true(a.strict);
	hook_annotation_free(&a);
	good("no-exec;of:/o", &a);
	assert_true(a.no_exec && !a.strict);
	hook_annotation_free(&a);
	good("of:/o;strict;no-exec: no", &a);
	assert_true(a.strict && !a.no_exec);
	hook_annotation_free(&a);
	good("of:/o", &a);
	assert_int_equal(a.args, ARGS_GUARD);
	hook_annotation_free(&a);
	good("of:/o;runtime:auto,exec", &a);
	assert_true(a.runtime.seen);
	assert_int_equal(a.runtime.needs, RUNTIME_EXEC);
	hook_annotation_free(&a);
	good("of:/o", &a);
	assert_true(a.runtime.seen);
	assert_int_equal(a.onto, HOOK_ONTO_OWN);
	hook_annotation_free(&a);
	good("of:/o;mode: replace , permissive", &a);
	assert_true(a.permissive);
	assert_int_equal(a.onto, HOOK_ONTO_NOTHING);
	hook_annotation_free(&a);
	good("of:/o;mode:as-is,add", &a);
	assert_false(a.permissive);
	assert_int_equal(a.onto, HOOK_ONTO_ANY);
	hook_annotation_free(&a);
	/* the outcome of one run is the base of the next */
	good("if:/o;of:/o;mode:permissive", &a);
	assert_null(a.base);
	assert_true(a.permissive);
	assert_int_equal(a.onto, HOOK_ONTO_ANY);
	hook_annotation_free(&a);

	good("of:/o:with:colons;strict:no;mode:as-is", &a);
	assert_string_equal(a.output, "/o:with:colons");
	assert_false(a.strict || a.permissive);
	hook_annotation_free(&a);

	bad("of:/o;of:/p", "twice");
	bad("of:/o;if:/p;if:/q", "twice");
	bad("of:/o;strict;strict:no", "twice");
	bad("of:/o;strict:perhaps", "yes or no");
	bad("of:/o;strict:", "yes or no");
	bad("of:/o;no-exec:perhaps", "no-exec:perhaps: yes or no");
	bad("of:/o;no-exec;no-exec", "twice");
	bad("of:/o;mode:quick", "permissive");
	bad("of:/o;mode", "must start");
	bad("of:/o;mode:", "permissive");
	bad("of:/o;mode:permissive,", "permissive");
	bad("of:/o;mode:permissive,as-is", "only one of as-is and permissive");
	bad("of:/o;mode:add,replace", "only one of add and replace");
	bad("of:/o;mode:add,add", "only one of");
	bad("of:/o;mode:counts;report:/o.runs.json", "the runs of of: are counted");
	bad("of:/o;mode:add;report:/o.runs.json", "the runs of of: are counted");
	bad("of:/o;mode:count", "and counts");
	bad("of:/o;mode:add;mode:permissive", "twice");
	bad("of:/o;if:/o;mode:replace", "same file");
	bad("of:/o;args", "must start");
	bad("of:/o;args:some", "none, guard or all");
	bad("of:/o;args:all;args:all", "twice");
	bad("of:/o;runtime", "must start");
	bad("of:/o;runtime:", "auto, crun");
	bad("of:/o;runtime:youki", "auto, crun");
	bad("of:/o;runtime:auto+", "auto, crun");
	bad("of:/o;mode:add+", "permissive");
	bad("of:/o;runtime:crun;runtime:runc", "twice");
	bad("of:/o;report:", "absolute");
	bad("of:/o;format:", "oci");
	bad("of:/o;format:xml", "oci");
	bad("of:/o;format:auto", "oci");
	bad("of:/o;report:r", "absolute");
	bad("of:/o;report:/o", "same file");
	bad("of:/o\nx", "control character");
	bad("of:/o\x7f", "control character");
	many = xcalloc(70000, 1);
	memcpy(many, "of:/", 4);
	memset(many + 4, 'x', 69000);
	bad(many, "bytes");
	for (i = 0; i < 5000; i++)
		many[i + 4] = 'x';
	many[5004] = '\0';
	bad(many, "too long");
}

static const struct hook_podname *podname;

static const char *found(const char *json, bool wrong)
{
	cleanup_error struct error *err = NULL;
	static char keep[64];
	struct json_object *o = json_tokener_parse(json);
	const char *text;
	int ret;

	assert_non_null(o);
	ret = hook_annotation_find(o, podname, &text, &err);
	assert_int_equal(ret, wrong ? -1 : 0);
	if (text && !wrong)
		snprintf(keep, sizeof(keep), "%s", text);
	json_object_put(o);
	return text && !wrong ? keep : NULL;
}

#define KEY	"\"io.containers.trace-syscall"
#define NAME	"\"io.kubernetes.container.name\":\"web\","
#define CRIO	"\"io.container.manager\":\"cri-o\","
#define SANDBOX	"\"io.kubernetes.cri-o.ContainerType\":\"sandbox\","

static void test_annotation_find(void **state)
{
	(void)state;
	assert_null(found("{}", false));
	assert_null(found("{\"x\":\"y\"}", false));
	assert_string_equal(found("{" KEY "\":\"of:/o\"}", false), "of:/o");
	assert_string_equal(found("{" NAME KEY "/web\":\"of:/w\"}", false),
			    "of:/w");
	assert_string_equal(found("{\"io.kubernetes.cri.container-name\":\"web\","
				  KEY "/web\":\"of:/w\"}", false), "of:/w");
	/* for another container of the pod */
	assert_null(found("{" NAME KEY "/db\":\"of:/w\"}", false));
	assert_null(found("{" KEY "/db\":\"of:/w\"}", false));
	/* a pod's own container, under containerd and CRI-O; podman's look alike */
	assert_null(found("{\"io.kubernetes.cri.container-type\":\"sandbox\"," KEY "\":\"of:/o\"}", false));
	assert_string_equal(found("{\"io.kubernetes.cri.container-type\":\"container\","
				  KEY "\":\"of:/o\"}", false), "of:/o");
	assert_null(found("{" CRIO SANDBOX KEY "\":\"of:/o\"}", false));
	assert_string_equal(found("{" CRIO KEY "\":\"of:/o\"}", false), "of:/o");
	assert_string_equal(found("{" SANDBOX KEY "\":\"of:/o\"}", false),
			    "of:/o");
	assert_null(found("{" KEY "\":1}", true));
	assert_null(found("{" KEY "\":\"of:/o\\u0000x\"}", true));
}

static void test_annotation_misspelt(void **state)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
		{ "{\"io.containers.trace-syscalls\":\"of:/o\"}", "io.containers.trace-syscalls" },
		{ "{\"io.containers.trace_syscal/web\":\"of:/o\"}", "io.containers.trace_syscal/web" },
		{ "{\"x\":\"y\",\"io.sctrace.trace-syscall\":\"\"}", "io.sctrace.trace-syscall" },
		{ "{\"IO.containers/Trace-Syscall\":1}", "IO.containers/Trace-Syscall" },
		{ "{\"io.container.trace-sycall/web\":\"x\"}", "io.container.trace-sycall/web" },
		{ "{\"trace-syscall\":\"of:/o\"}", "trace-syscall" },
		{ "{\"io.podman.trace-syscalls\":\"if:/i; of:/o\"}", "io.podman.trace-syscalls" },
		/* another tool's, as far as anything says */
		{ "{\"com.example.trace-syscalls\":\"true\"}", NULL },
		{ "{\"com.example/trace-syscall\":1}", NULL },
		{ "{\"com.example.trace-syscalls\":\"proof:/o\"}", NULL },
		{ "{\"trace-syscalls.example.com/of\":\"\"}", NULL },
		{ "{" KEY "/db\":\"of:/o\"}", NULL },
		{ "{\"io.podman.annotations.seccomp\":\"trace-syscall\"}", NULL },
		{ "{\"com.example.traceparent\":\"\",\"\":\"\"}", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *o = json_tokener_parse(rows[i].json);
		const char *got = hook_annotation_misspelt(o);

		if (!got != !rows[i].want || (got && strcmp(got, rows[i].want)))
			fail_msg("%s: %s", rows[i].json, got ? got : "none");
		json_object_put(o);
	}
	assert_null(hook_annotation_misspelt(NULL));
}

static void fits(const char *container, const char *host, const char *json,
		 const char *want)
{
	struct hook_podname n = {
		.container = (char *)container, .host = (char *)host,
	};
	const char *got;

	podname = &n;
	got = found(json, false);
	podname = NULL;
	if (!want != !got || (want && strcmp(want, got)))
		fail_msg("%s: %s", container, got ? got : "none");
}

/* podman's names of a pod's containers */
static void test_podnames(void **state)
{
	static const char two[] = "{" KEY "/web\":\"w\"," KEY "/my-web\":\"m\"}";
	static const char one[] = "{" KEY "/web\":\"w\"}";

	(void)state;
	fits("shop-web", "shop", one, "w");
	fits("web", "shop", one, "w");
	fits("shop-my-web", "shop", two, "m");
	fits("shop-web", "shop", two, "w");
	/* another container of the pod, whose name only ends so */
	fits("shop-my-web", "shop", one, NULL);
	fits("shopweb", "shop", one, NULL);
	fits("-web", "shop", one, NULL);
	fits("shop-web-2", "shop", one, NULL);
	/* the host's name says nothing of the pod's */
	fits("shop-my-web", "localhost", two, "m");
	fits("shop-web", NULL, two, "w");
	fits("shop-db", "shop", "{" KEY "/\":\"x\"," KEY "-db\":\"y\"}", NULL);
	/* what is for this one comes before what is for all */
	fits("shop-web", "shop", "{" KEY "\":\"a\"," KEY "/web\":\"w\"}", "w");
	fits("shop-db", "shop", "{" KEY "\":\"a\"," KEY "/web\":\"w\"}", "a");
	assert_string_equal(found("{" NAME KEY "\":\"a\"," KEY "/web\":\"w\"}",
				  false), "w");
}

#define LAYER	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char *in_dir(const char *name);
static void put(const char *name, const char *text);

/* @known: all that has to be read is read */
static void podname_is(const char *under, const char *want, bool known)
{
	cleanup_podname struct hook_podname n = { 0 };
	cleanup_free char *json = xasprintf("{\"root\":{\"path\":\"%s/%s\"},"
		"\"process\":{\"env\":[\"A=b\",7,\"HOSTNAME=shop\"]}}", dir, under);
	struct json_object *o = json_tokener_parse(json);

	assert_non_null(o);
	hook_podname_load(o, &n);
	json_object_put(o);
	assert_string_equal(n.host, "shop");
	if (!want != !n.container || (want && strcmp(want, n.container)) ||
	    known != !n.not_read)
		fail_msg("%s: %s, %s", under, n.container ? n.container : "none",
			 n.not_read ? n.not_read : "known");
}

static void test_storage(void **state)
{
	static const char list[] = "[7,{},{\"names\":[\"x\"],\"layer\":\"y\"},"
		"{\"layer\":\"" LAYER "\",\"names\":[\"shop-web\"]}]";
	static const char *const nameless[] = {
		"[{\"layer\":\"" LAYER "\"}]",
		"[{\"layer\":\"" LAYER "\",\"names\":[]}]",
		"[{\"layer\":\"" LAYER "\",\"names\":[7]}]",
	};
	static const char *const bad[] = {
		"", "{}", "[", "[]", "[{\"layer\":7,\"names\":[\"x\"]}]",
	};
	cleanup_free char *lists = in_dir("overlay-containers");
	cleanup_free char *vfs = in_dir("vfs-containers");
	struct hook_podname n;
	struct json_object *o;
	size_t i;

	(void)state;
	/* no storage of podman's: a layer of Docker's, say */
	podname_is("overlay/" LAYER "/merged", NULL, true);
	assert_int_equal(mkdir(lists, 0755), 0);
	assert_int_equal(mkdir(vfs, 0755), 0);
	podname_is("overlay/" LAYER "/merged", NULL, false);
	put("overlay-containers/volatile-containers.json", list);
	podname_is("overlay/" LAYER "/merged", "shop-web", true);
	put("overlay-containers/volatile-containers.json", "[]");
	put("overlay-containers/containers.json", list);
	podname_is("overlay/" LAYER "/merged", "shop-web", true);
	podname_is("overlay/x" LAYER "/merged", NULL, true);
	podname_is("overlay/rootfs", NULL, true);
	put("vfs-containers/containers.json", list);
	podname_is("vfs/dir/" LAYER, "shop-web", true);
	for (i = 0; i < ARRAY_SIZE(nameless); i++) {
		put("overlay-containers/containers.json", nameless[i]);
		podname_is("overlay/" LAYER "/merged", NULL, true);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		put("overlay-containers/containers.json", bad[i]);
		podname_is("overlay/" LAYER "/merged", NULL, false);
	}
	o = json_tokener_parse("{\"root\":7,\"process\":{\"env\":{}}}");
	hook_podname_load(o, &n);
	json_object_put(o);
	assert_true(!n.container && !n.host);
}

/* Does the image of a container with this manifest ask to be recorded? ?: it cannot be told */
static char image_asks(const char *manifest, const char *text)
{
	cleanup_podname struct hook_podname n = { 0 };
	cleanup_free char *json = xasprintf("{\"root\":{\"path\":\"%s/overlay/" LAYER
					    "/merged\"}}", dir);
	struct json_object *o = json_tokener_parse(json);

	put(manifest, text);
	hook_podname_load(o, &n);
	json_object_put(o);
	put(manifest, "{}");
	return n.image_asks ? 'y' : n.not_read ? '?' : 'n';
}

static void test_image(void **state)
{
	static const char *const dirs[] = { "overlay-containers", "overlay-images",
					    "overlay-images/1234" };
	static const char *const asks[] = {
		"{\"annotations\":{\"io.containers.trace-syscall\":\"of:/x\"}}",
		"{\"Annotations\":{\"io.containers.trace-syscall\":\"of:/x\"}, \"annotations\":{}}",
		"{\"annotations\":{\"\\u0069o.containers.trace\\u002dsyscall\":\"\xff\"}}",
		"{\"annotations\":{\"a\":\"\\\\u1\",\"io.containers.trace-syscall/web\":null}}",
	};
	static const char *const others[] = {
		"", "{}", "[", "\\u", "\\", "{\"annotations\":{\"io.containers.trace-sys\":\"of:/x\"}}",
		"{\"annotations\":{\"\\\\u0069o.containers.trace-syscall\":\"of:/x\"}}",
	};
	static const char main_one[] = "overlay-images/1234/manifest";
	static const char listed[] = "overlay-images/1234/=bWFuaWZlc3Qtc2hhMjU2OjE=";
	cleanup_free char *broken = in_dir("overlay-images/1234/=bWFuaWZlc3Qtc2hhMjU2OjI=");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		cleanup_free char *path = in_dir(dirs[i]);

		if (mkdir(path, 0755))
			assert_int_equal(errno, EEXIST);
	}
	put("overlay-containers/containers.json",
	    "[{\"layer\":\"" LAYER "\",\"names\":[],\"image\":\"1234\"}]");
	for (i = 0; i < ARRAY_SIZE(asks); i++) {
		assert_int_equal(image_asks(main_one, asks[i]), 'y');
		assert_int_equal(image_asks(listed, asks[i]), 'y');
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(image_asks(main_one, others[i]), 'n');
	/* a layer's own name for something else */
	assert_int_equal(image_asks("overlay-images/1234/=c2hhMjU2OjE=", asks[0]), 'n');
	/* a second manifest that cannot be read */
	assert_int_equal(mkdir(broken, 0755), 0);
	assert_int_equal(image_asks(main_one, others[0]), '?');
	assert_int_equal(image_asks(main_one, asks[0]), 'y');
	assert_int_equal(rmdir(broken), 0);
	put("overlay-containers/containers.json", "[{\"layer\":\"" LAYER "\",\"image\":\"none\"}]");
	assert_int_equal(image_asks(main_one, others[0]), '?');
	/* --rootfs */
	put("overlay-containers/containers.json", "[{\"layer\":\"" LAYER "\",\"image\":\"\"}]");
	assert_int_equal(image_asks(main_one, others[0]), 'n');
}

/* Whose profile it is, where the file system and our rights let us note it */
static void test_runs(void **state)
{
	const struct hook_runs runs = { "abc", 3, true };
	cleanup_free char *path = in_dir("runs");
	struct hook_runs r;
	int fd;

	(void)state;
	put("runs", "text");
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	hook_runs_read(fd, &r);
	assert_true(!*r.container && !r.runs && !r.whole);
	if (!hook_runs_write(fd, &runs)) {
		hook_runs_read(fd, &r);
		assert_string_equal(r.container, "abc");
		assert_int_equal(r.runs, 3);
		assert_true(r.whole);
	}
	close(fd);
}

static void bad_state(const char *text, const char *why)
{
	cleanup_error struct error *err = NULL;
	cleanup_state struct hook_state s = { 0 };

	if (!hook_state_parse(text, strlen(text), &s, &err) &&
	    !hook_state_id(&s, &err))
		fail_msg("`%s` was accepted", text);
	if (!strstr(err->text, why))
		fail_msg("`%s`: `%s` lacks `%s`", text, err->text, why);
}

static void test_state(void **state)
{
	static const char whole[] = "{\"ociVersion\":\"1.0.2\",\"id\":\"a-b_c.1+\","
		"\"status\":\"creating\",\"pid\":42,\"bundle\":\"/b\","
		"\"annotations\":{\"k\":\"v\"}}\n";
	cleanup_error struct error *err = NULL;
	cleanup_free char *many = NULL;
	struct hook_state s;
	size_t i;

	(void)state;
	assert_int_equal(hook_state_parse(whole, strlen(whole), &s, &err), 0);
	assert_string_equal(s.id, "a-b_c.1+");
	assert_string_equal(s.bundle, "/b");
	assert_int_equal(s.pid, 42);
	assert_non_null(s.annotations);
	assert_int_equal(hook_state_id(&s, &err), 0);
	hook_state_free(&s);

	/* cut off anywhere, it is refused; never with a crash */
	for (i = 0; i < strlen(whole) - 2; i++) {
		assert_int_equal(hook_state_parse(whole, i, &s, &err), -1);
		hook_state_free(&s);
	}
	bad_state("", "empty");
	bad_state("[]", "object");
	bad_state("null", "JSON");
	bad_state("{} {}", "");
	bad_state("{\"id\":\"a\"}x", "");
	bad_state("{}", "no `id`");
	bad_state("{\"id\":\"\"}", "no `id`");
	bad_state("{\"id\":null}", "no `id`");
	bad_state("{\"id\":7}", "no string");
	bad_state("{\"id\":\"a\\u0000b\"}", "NUL");
	bad_state("{\"id\":\"../../etc\"}", "letters");
	bad_state("{\"id\":\"a b\"}", "letters");
	bad_state("{\"id\":\"a\\nb\"}", "letters");
	bad_state("{\"id\":\"\xc3\xa4\"}", "letters");
	bad_state("{\"id\":\"a\",\"pid\":\"1\"}", "no number");
	bad_state("{\"id\":\"a\",\"pid\":1.5}", "no number");
	bad_state("{\"id\":\"a\",\"pid\":-1}", "no PID");
	bad_state("{\"id\":\"a\",\"pid\":4294967296}", "no PID");
	bad_state("{\"id\":\"a\",\"annotations\":[]}", "no object");
	bad_state("{\"id\":\"a\",\"bundle\":{}}", "no string");
	many = xcalloc(400, 1);
	strcpy(many, "{\"id\":\"");
	memset(many + 7, 'x', 129);
	strcat(many, "\"}");
	bad_state(many, "128");
	free(many);
	many = xcalloc(2001, 1);
	memset(many, '[', 2000);
	bad_state(many, "no JSON");
}

static enum hook_filter filter_of(const char *json)
{
	struct json_object *o = json_tokener_parse(json);
	enum hook_filter f;

	assert_non_null(o);
	f = hook_filter_of(o);
	json_object_put(o);
	return f;
}

#define SECCOMP(x)	"{\"linux\":{\"seccomp\":" x "}}"

static void test_filter(void **state)
{
	(void)state;
	assert_int_equal(filter_of("{}"), FILTER_NONE);
	assert_int_equal(filter_of("{\"linux\":null}"), FILTER_NONE);
	assert_int_equal(filter_of("{\"linux\":{}}"), FILTER_NONE);
	assert_int_equal(filter_of("{\"linux\":3}"), FILTER_UNKNOWN);
	assert_int_equal(filter_of(SECCOMP("null")), FILTER_NONE);
	assert_int_equal(filter_of(SECCOMP("[]")), FILTER_UNKNOWN);
	assert_int_equal(filter_of(SECCOMP("{\"defaultAction\":\"x\"}")),
			 FILTER_UNKNOWN);
	assert_int_equal(filter_of(SECCOMP("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}")),
			 FILTER_PERMISSIVE);
	assert_int_equal(filter_of(SECCOMP("{\"defaultAction\":\"SCMP_ACT_LOG\"}")),
			 FILTER_PERMISSIVE);
	assert_int_equal(filter_of(SECCOMP("{\"defaultAction\":\"SCMP_ACT_ERRNO\"}")),
			 FILTER_RESTRICTIVE);
	assert_int_equal(filter_of(SECCOMP("{\"defaultAction\":\"SCMP_ACT_ALLOW\","
		"\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_KILL\"}]}")),
			 FILTER_RESTRICTIVE);
}

static void test_config(void **state)
{
	static const char text[] = "{\"process\":{\"capabilities\":{\"bounding\":"
		"[\"CAP_KILL\",\"CAP_CHOWN\"]}},\"linux\":{}}";
	cleanup_error struct error *err = NULL;
	struct hook_config c;

	(void)state;
	assert_int_equal(hook_config_parse(text, strlen(text), &c, &err), 0);
	assert_true(c.has_caps && strset_has(&c.caps, "CAP_KILL"));
	assert_int_equal(c.caps.n, 2);
	assert_int_equal(c.filter, FILTER_NONE);
	hook_config_free(&c);
	assert_int_equal(hook_config_parse("{", 1, &c, &err), -1);
	hook_config_free(&c);
	hook_config_load("/nonexistent", &c);
	assert_int_equal(c.filter, FILTER_UNKNOWN);
	hook_config_load(NULL, &c);
	assert_int_equal(c.filter, FILTER_UNKNOWN);
}

#define ALL	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]}"

static void permits(const char *in, const char *want)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *out = NULL;
	struct json_object *o;
	size_t len;

	out = hook_permit_all(in, strlen(in), AUDIT_ARCH_X86_64, &len, &err);
	if (!out)
		fail_msg("%s: %s", in, err->text);
	assert_string_equal(out, want);
	assert_int_equal(len, strlen(out));
	o = json_tokener_parse(out);
	assert_non_null(o);
	assert_int_equal(hook_filter_of(o), FILTER_PERMISSIVE);
	json_object_put(o);
}

static void permits_not(const char *in, const char *why)
{
	cleanup_error struct error *err = NULL;
	size_t len;

	if (hook_permit_all(in, strlen(in), AUDIT_ARCH_X86_64, &len, &err))
		fail_msg("`%s` was accepted", in);
	if (!strstr(err->text, why))
		fail_msg("`%s`: `%s` lacks `%s`", in, err->text, why);
}

static void test_permit_all(void **state)
{
	(void)state;
	permits("{}", "{\"linux\":{\"seccomp\":" ALL "}}");
	permits("{ \"a\": 18446744073709551615 }\n",
		"{\"linux\":{\"seccomp\":" ALL "}, \"a\": 18446744073709551615 }\n");
	permits("{\"linux\" : null , \"z\":1.50}",
		"{\"linux\" : {\"seccomp\":" ALL "} , \"z\":1.50}");
	permits("{\"linux\":{}}", "{\"linux\":{\"seccomp\":" ALL "}}");
	permits("{\"linux\":{ \"uidMappings\":[]}}",
		"{\"linux\":{\"seccomp\":" ALL ", \"uidMappings\":[]}}");
	permits("{\"linux\":{\"seccomp\":null,\"x\":[{\"seccomp\":1}]}}",
		"{\"linux\":{\"seccomp\":" ALL ",\"x\":[{\"seccomp\":1}]}}");
	/* all architectures are let in, not only its own; brackets in strings do not count */
	permits("{\"s\":\"}\\\"{\",\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\","
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":[\"}]\"]}]}}}",
		"{\"s\":\"}\\\"{\",\"linux\":{\"seccomp\":" ALL "}}");
	/* a member of the same name elsewhere is not meant */
	permits("{\"a\":{\"linux\":{\"seccomp\":2}},\"linux\":{\"seccomp\":{}}}",
		"{\"a\":{\"linux\":{\"seccomp\":2}},\"linux\":{\"seccomp\":" ALL "}}");

	permits_not("", "empty");
	permits_not("[]", "object");
	permits_not("{\"linux\":", "");
	permits_not("{\"linux\":7}", "no object");
	permits_not("{\"linux\":{\"seccomp\":7}}", "no object");
	permits_not("{\"linux\":{},\"linux\":{}}", "twice");
	permits_not("{\"linux\":{\"seccomp\":{},\"seccomp\":{}}}", "twice");
	permits_not("{\"\\u006cinux\":{}}", "make out");
	permits_not("{\"linux\":{\"secc\\u006fmp\":{}}}", "make out");
}

static char *in_dir(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void put(const char *name, const char *text)
{
	cleanup_free char *path = in_dir(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void not_allowed(const struct outdirs *d, const char *path,
			const char *why)
{
	cleanup_error struct error *err = NULL;
	cleanup_free char *text = NULL;
	size_t len;

	if (!outdirs_check(d, path, &err))
		fail_msg("writing `%s` was allowed", path);
	if (!strstr(err->text, why))
		fail_msg("`%s`: `%s` lacks `%s`", path, err->text, why);
	/* a hook's files are never standard output */
	assert_null(strstr(err->text, "`-`"));
	text = outdirs_read(d, path, 100, &len, NULL, &err);
	if (text)
		fail_msg("reading `%s` was allowed", path);
}

static void test_outdirs(void **state)
{
	cleanup_outdirs struct outdirs d = { 0 };
	cleanup_error struct error *err = NULL;
	cleanup_free char *ok = in_dir("ok"), *slash = in_dir("ok//"),
		*sub = in_dir("ok/sub"), *out = in_dir("ok//sub/./x"),
		*link = in_dir("ok/link"), *linked = in_dir("ok/link/x"),
		*leaf = in_dir("ok/leaf"), *up = in_dir("ok/../secret"),
		*beside = in_dir("okay"), *secret = in_dir("secret"),
		*deep = in_dir("ok///sub//x"), *dash = in_dir("ok/-"),
		*end = in_dir("ok/sub/"), *fifo = in_dir("ok/fifo");
	cleanup_free char *text = NULL;
	struct file_out f = FILE_OUT_INIT;
	struct stat st;
	size_t len;

	(void)state;
	assert_int_equal(mkdir(ok, 0755), 0);
	assert_int_equal(mkdir(sub, 0755), 0);
	put("secret", "secret");
	assert_int_equal(symlink("..", link), 0);
	assert_int_equal(symlink("../secret", leaf), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);

	assert_int_equal(outdirs_add(&d, "relative", &err), -1);
	assert_int_equal(outdirs_add(&d, slash, &err), 0);
	not_allowed(&d, secret, "allowed");
	not_allowed(&d, beside, "allowed");
	not_allowed(&d, ok, "allowed");
	not_allowed(&d, "/etc/passwd", "allowed");
	not_allowed(&d, up, "`..`");
	not_allowed(&d, out, "`.`");
	not_allowed(&d, linked, "directory");
	not_allowed(&d, leaf, "link");
	not_allowed(&d, fifo, "regular");
	not_allowed(&d, end, "is a directory");
	assert_int_equal(outdirs_check(&d, deep, &err), 0);
	/* no name is standard output's */
	assert_int_equal(outdirs_check(&d, dash, &err), 0);
	assert_int_equal(outdirs_open(&d, &f, dash, &err), 0);
	assert_false(f.standard);
	fputs("text", f.stream);
	assert_int_equal(file_commit(&f, &err), 0);
	assert_int_equal(stat(dash, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	text = outdirs_read(&d, dash, 4, &len, NULL, &err);
	assert_non_null(text);
	assert_string_equal(text, "text");
	assert_null(outdirs_read(&d, dash, 3, &len, NULL, &err));
	assert_non_null(strstr(err->text, "larger"));
}

static void test_anywhere(void **state)
{
	const struct outdirs d = { 0 };
	cleanup_error struct error *err = NULL;
	cleanup_free char *path = in_dir("any"), *fifo = in_dir("fifo"),
		*text = NULL, *link = in_dir("any-link");
	struct file_out f = FILE_OUT_INIT;
	struct stat st;
	size_t len;

	(void)state;
	/* a file that somebody left there, for all to write */
	put("any", "old");
	assert_int_equal(chmod(path, 0666), 0);
	if (!geteuid())
		assert_int_equal(chown(path, 65534, 65534), 0);
	assert_int_equal(outdirs_check(&d, path, &err), 0);
	assert_int_equal(outdirs_open(&d, &f, path, &err), 0);
	fputs("new", f.stream);
	assert_int_equal(file_commit(&f, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, geteuid());
	assert_int_equal(st.st_gid, getegid());
	assert_int_equal(st.st_mode & 07777, 0644);

	assert_int_equal(symlink("any", link), 0);
	assert_int_equal(outdirs_check(&d, link, &err), -1);
	text = outdirs_read(&d, link, 10, &len, NULL, &err);
	assert_string_equal(text, "new");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_null(outdirs_read(&d, fifo, 10, &len, NULL, &err));
	assert_non_null(strstr(err->text, "regular"));
	assert_null(outdirs_read(&d, dir, 10, &len, NULL, &err));
	assert_non_null(strstr(err->text, "directory"));
	assert_null(outdirs_read(&d, "/dev/zero", 10, &len, NULL, &err));
	assert_null(outdirs_read(&d, "/nonexistent/x", 10, &len, NULL, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_annotation_old),
		cmocka_unit_test(test_annotation_new),
		cmocka_unit_test(test_annotation_find),
		cmocka_unit_test(test_annotation_misspelt),
		cmocka_unit_test(test_podnames),
		cmocka_unit_test_setup_teardown(test_image, setup, teardown),
		cmocka_unit_test_setup_teardown(test_storage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_runs, setup, teardown),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_permit_all),
		cmocka_unit_test_setup_teardown(test_outdirs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_anywhere, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
