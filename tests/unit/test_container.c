// SPDX-License-Identifier: GPL-2.0
/* Which container a record is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "lib/command.h"
#include "record/container.h"

#define A "aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeeeffff"
#define B "aaaabbbbbbbbbbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeeeffff"

static void paths(void **state)
{
	static const struct {
		const char *cgroup, *hostname, *text, *engine, *id;
	} all[] = {
		{ "/system.slice/docker-" A ".scope", "aaaaaaaaaaaa",
		  "docker:aaaaaaaaaaaa", "docker", A },
		{ "/docker/" A, NULL, "docker:aaaaaaaaaaaa", "docker", A },
		{ "/machine.slice/libpod-" A ".scope/container", "web",
		  "podman:aaaaaaaaaaaa", "podman", A },
		{ "/libpod_parent/libpod-" A, NULL, "podman:aaaaaaaaaaaa", "podman", A },
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" A ".scope/container",
		  NULL, "podman:aaaaaaaaaaaa", "podman", A },
		/* the beginning of a long path is lost */
		{ "d_1.slice/cri-containerd-" A ".scope", NULL,
		  "containerd:aaaaaaaaaaaa", "containerd", A },
		{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/crio-" A ".scope",
		  "web-0", "cri-o:aaaaaaaaaaaa", "cri-o", A },
		{ "/kubepods/besteffort/pod0a/" A, "web-0", "containerd:aaaaaaaaaaaa",
		  "containerd", A },
		{ "/system.slice/nerdctl-" A ".scope", NULL, "containerd:aaaaaaaaaaaa",
		  "containerd", A },
		{ "/machine.slice/systemd-nspawn@my\\x2dbox.service/payload", "my-box",
		  "nspawn:my-box", "nspawn", "my-box" },
		{ "/machine.slice/machine-box.scope/payload", NULL, "nspawn:box",
		  "nspawn", "box" },
		{ "/lxc.payload.c1/init.scope", NULL, "lxc:c1", "lxc", "c1" },
		{ "/lxc/c1", NULL, "lxc:c1", "lxc", "c1" },
		{ "/user.slice/user-1.slice/app.slice/app-flatpak-org.x.Y-123.scope", NULL,
		  "flatpak:org.x.Y-123", "flatpak", "org.x.Y-123" },
		{ "/default/box", NULL, "box", NULL, "box" },
		/* the innermost counts */
		{ "/docker/" B "/docker/" A, NULL, "docker:aaaaaaaaaaaa", "docker", A },
		{ "/docker/" A "/system.slice/x.service", NULL, "docker:aaaaaaaaaaaa",
		  "docker", A },
		/* what looks like it and is not */
		{ "/system.slice/docker-aaaa.scope", NULL, NULL, NULL, NULL },
		{ "/system.slice/docker.service", NULL, NULL, NULL, NULL },
		{ "/user.slice/user-0.slice/session-1.scope", NULL, NULL, NULL, NULL },
		{ "/", NULL, NULL, NULL, NULL }, { "", NULL, NULL, NULL, NULL },
		{ NULL, NULL, NULL, NULL, NULL },
		/* only a host name: it is said to be one */
		{ NULL, "aaaaaaaaaaaa", "host:aaaaaaaaaaaa", NULL, "aaaaaaaaaaaa" },
		/* an ID in a path outranks a host name */
		{ "/docker/" A, "aaaabbbbbbbb", "docker:aaaaaaaaaaaa", "docker", A },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct container c;
		char *text;

		container_read(all[i].cgroup, all[i].hostname, &c);
		text = container_text(&c);
		if (all[i].text)
			assert_string_equal(text, all[i].text);
		else
			assert_null(text);
		if (all[i].engine)
			assert_string_equal(c.engine, all[i].engine);
		else
			assert_null(c.engine);
		if (all[i].id)
			assert_string_equal(c.id, all[i].id);
		free(text);
		container_free(&c);
	}
}

/* Records, oldest first */
static struct record rec[] = {
	{ .id = 1, .level = 1, .flags = SCTRACE_F_ENDED,
	  .cgroup = (char *)"/docker/" A },
	{ .id = 2, .level = 1, .cgroup = (char *)"/docker/" A },
	{ .id = 3, .level = 2, .cgroup = (char *)"/docker/" A },	/* inside of 2 */
	{ .id = 4, .level = 1, .cgroup = (char *)"/docker/" B },
	{ .id = 5, .level = 1, .hostname = (char *)"ccccccccdddd" },
	{ .id = 6, .level = 1,
	  .cgroup = (char *)"/kubepods/pod1/cri-containerd-" B ".scope",
	  .hostname = (char *)"pod-0" },
	{ .id = 7, .level = 1, .cgroup = (char *)"/machine.slice/libpod-" B ".scope" },
	{ .id = 8, .level = 1 },
	/* its user says that it is 2: by no cgroup */
	{ .id = 9, .level = 1, .hostname = (char *)"aaaaaaaaaaaa" },
};

static const struct records records = { .v = rec, .n = ARRAY_SIZE(rec) };

static void users(void **state)
{
	static const struct {
		const char *cgroup;
		uid_t uid;
	} all[] = {
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" A ".scope/container",
		  1000 },
		{ "/machine.slice/libpod-" A ".scope", 0 },
		{ "/user.slice/user-0.slice/libpod-" A ".scope", 0 },
		/* users within a container are not the host's */
		{ "/machine.slice/libpod-" A ".scope/user.slice/user-1000.slice", 0 },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice", 0 },
		{ "/user-10x.slice/user-7.scope/libpod-" A ".scope", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct container c;

		container_read(all[i].cgroup, NULL, &c);
		assert_int_equal(c.user, all[i].uid);
		container_free(&c);
	}
}

static void finds(void **state)
{
	static const struct {
		const char *word;
		int id;		/* 0: several, -1: none */
	} all[] = {
		{ "web", 2 }, { "docker:web", 2 }, { A, 2 }, { "aaaaa", 2 },
		{ "db", 0 }, { "docker:db", 4 }, { "podman:db", 7 },
		{ "aaa", 0 }, { "aaaab", 0 }, { "docker:aaaab", 4 },
		{ "aa", -1 }, { "docker:", -1 }, { "", -1 }, { "podman:web", -1 },
		{ "k8s:pod-0/app", 6 }, { "k8s:pod-0", 6 }, { "pod-0", 6 },
		{ "k8s:pod-0/other", -1 }, { "k8s:web", -1 },
		{ "gone", 5 }, { "ccccccccdddd", 5 },
	};
	struct containers c = { 0 };
	size_t i;

	(void)state;
	verbosity = -1;
	containers_read(&c, &records);
	containers_learn(&c, "docker",
			 A " web\n" B " db,alias/db\nshort name\n\n" A " later\nno-blank\n"
			 "ccccccccddddccccccccddddccccccccddddccccccccddddccccccccddddcccc gone\n"
			 A "\n" B " ");
	containers_learn(&c, "podman", B " db\r\n");
	containers_learn_pods(&c, "{\"containers\": [ 7, {\"id\": 3}, {\"id\": \"" B "\","
			      "\"labels\": {\"io.kubernetes.container.name\": \"app\","
			      "\"io.kubernetes.pod.name\": \"pod-0\"}}, {\"id\": \"" A "\"}]}");
	containers_learn_pods(&c, "[");
	containers_learn_pods(&c, "{\"containers\": 3}");
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct error *err = NULL;
		int n = containers_find(&c, &records, all[i].word, &err);

		if (all[i].id > 0) {
			assert_true(n >= 0);
			assert_int_equal(rec[n].id, all[i].id);
			assert_null(err);
			continue;
		}
		assert_true(n < 0);
		assert_int_equal(err->status, ST_NO_RECORD);
		assert_true(!strstr(err->text, "several") == (all[i].id < 0));
		error_free(err);
	}
	containers_free(&c);
}

/* A misspelt name is answered with the right one, several with all candidates */
static void words(void **state)
{
	static const struct {
		const char *asked, *meant;
	} slips[] = {
		{ "websrever", "mean `webserver`" }, { "docker:websrever", "mean `docker:webserver`" },
		{ "dokcer:webserver", "mean `docker:webserver`" }, { "podman:webserver", "mean `docker:webserver`" },
		{ "nspawn:webserver", "mean `docker:webserver`" }, { "none:webserver", "`docker:webserver`" },
		{ "WebServer:", "all)" }, { "k8s:pod-0/ap", "mean `k8s:pod-0/app`" },
		{ "\x1b[2Jx", "all)" },
	};
	struct containers c = { 0 };
	struct error *err = NULL;
	size_t i;

	(void)state;
	containers_read(&c, &records);
	containers_learn(&c, "docker", A " webserver\n" B " db\n");
	containers_learn(&c, "podman", B " db\n");
	containers_learn_pods(&c, "{\"containers\": [ {\"id\": \"" B "\","
			      "\"labels\": {\"io.kubernetes.container.name\": \"app\","
			      "\"io.kubernetes.pod.name\": \"pod-0\"}}]}");
	for (i = 0; i < ARRAY_SIZE(slips); i++) {
		assert_true(containers_find(&c, &records, slips[i].asked, &err) < 0);
		if (!strstr(err->text, slips[i].meant))
			fail_msg("%s", err->text);
		error_free(err);
		err = NULL;
	}
	assert_true(containers_find(&c, &records, "db", &err) < 0);
	assert_non_null(strstr(err->text, "docker:db (aaaabbbbbbbb)"));
	assert_non_null(strstr(err->text, "podman:db (aaaabbbbbbbb)"));
	error_free(err);
	containers_free(&c);
}

/* As one whose home is on a file system that does not answer */
static int hang(const void *from)
{
	printf("%s", (const char *)from);
	fflush(stdout);
	/* nothing of the parent's is open here but what is read */
	if (fcntl(7, F_GETFD) >= 0)
		return 0;
	for (;;)
		pause();
}

static int print(const void *from)
{
	printf("%s", (const char *)from);
	return fflush(stdout) ? 1 : 3;
}

static void children(void **state)
{
	char *said;

	(void)state;
	assert_int_equal(dup2(STDERR_FILENO, 7), 7);
	assert_int_equal(command_call_within(hang, "half", STDOUT_FILENO, 1, &said), COMMAND_LATE);
	assert_string_equal(said, "half");
	free(said);
	assert_int_equal(command_call_within(print, "all", STDOUT_FILENO, 60, &said), 3);
	assert_string_equal(said, "all");
	free(said);
	assert_int_equal(command_call_within(print, "all", STDERR_FILENO, 0, &said), 3);
	assert_string_equal(said, "");
	free(said);
	close(7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths), cmocka_unit_test(users), cmocka_unit_test(children),
		cmocka_unit_test(finds),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
