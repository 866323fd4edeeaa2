// SPDX-License-Identifier: GPL-2.0
/* Paths of cgroups, names of units. What asks systemd is in tests/guest/33-unit.t. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/wait.h>
#include "record/cgroup.h"

static void paths(void **state)
{
	static const struct {
		const char *word, *path, *why;
	} all[] = {
		{ "/a.slice/b.service", "/a.slice/b.service", NULL },
		{ "//a.slice///b.service/", "/a.slice/b.service", NULL },
		{ "/a/...", "/a/...", NULL },
		{ "/", NULL, "is the root cgroup" },
		{ "//", NULL, "is the root cgroup" },
		{ "a.slice", NULL, "it begins with /" },
		{ "/a/../b", NULL, "has no `..`" },
		{ "/a/.", NULL, "has no `.`" },
		{ "/sys/fs/cgroup", NULL, "is the root cgroup" },
		{ "/sys/fs/cgroup/x", "/x", NULL },
	};
	char most[SCTRACE_CG_PATH_MAX + 2];
	struct error *err = NULL;
	char *path = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		int ret;

		if (!strncmp(all[i].word, "/sys", 4) &&
		    (!cgroup_root() || strcmp(cgroup_root(), "/sys/fs/cgroup")))
			continue;
		ret = cgroup_path(all[i].word, &path, &err);
		if (all[i].path) {
			assert_int_equal(ret, 0);
			assert_string_equal(path, all[i].path);
			free(path);
			continue;
		}
		assert_int_equal(ret, -1);
		assert_int_equal(err->status, ST_USAGE);
		if (!strstr(err->text, all[i].why))
			fail_msg("%s: %s", all[i].word, err->text);
		error_free(err);
		err = NULL;
	}
	/* the longest, and one byte more: with a message that is not as long */
	memset(most, 'x', sizeof(most));
	most[0] = '/';
	most[SCTRACE_CG_PATH_MAX] = '\0';
	assert_int_equal(cgroup_path(most, &path, &err), 0);
	free(path);
	most[SCTRACE_CG_PATH_MAX] = 'x';
	most[SCTRACE_CG_PATH_MAX + 1] = '\0';
	assert_int_equal(cgroup_path(most, &path, &err), -1);
	assert_true(strlen(err->text) < 200);
	error_free(err);
}

static void names(void **state)
{
	static const struct {
		const char *path, *text;
	} all[] = {
		{ "/system.slice/nginx.service", "unit:nginx.service" },
		{ "/system.slice", "unit:system.slice" },
		{ "/a/docker-1.scope", "unit:docker-1.scope" },
		{ "/a/b", "cgroup:/a/b" },
		{ "/a/.service", "cgroup:/a/.service" },
		{ NULL, "cgroup:?" },
	};
	/* as runtimes read linux.cgroupsPath */
	static const struct {
		const char *word, *path;
	} planned[] = {
		{ "/libpod_parent/libpod-1", "/libpod_parent/libpod-1" },
		{ "system.slice:docker:1", "/system.slice/docker-1.scope" },
		{ ":crio:1", "/system.slice/crio-1.scope" },
		{ "-.slice::1", "/1.scope" },
		{ "kubepods-besteffort-podx_y.slice:cri-containerd:1",
		  "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podx_y.slice/cri-containerd-1.scope" },
		{ "relative/1", NULL }, { "/", NULL }, { "", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		cleanup_free char *text = cgroup_text(all[i].path);

		assert_string_equal(text, all[i].text);
	}
	for (i = 0; i < ARRAY_SIZE(planned); i++) {
		cleanup_free char *path = cgroup_planned(planned[i].word);

		if (planned[i].path)
			assert_string_equal(path, planned[i].path);
		else
			assert_null(path);
	}
	assert_null(unit_of_cgroup("/a/b"));
	assert_string_equal(unit_of_cgroup("/a/b@c.service"), "b@c.service");
}

/* what is none is said before anybody is asked */
static void units(void **state)
{
	static const struct {
		const char *word, *why;
	} all[] = {
		{ "", "is no name of a unit" }, { "a b", "is no name of a unit" },
		{ "0/", "is no name of a unit" }, { "*.service", "is no name of a unit" },
		{ "1000/a/b", "is no name of a unit" },
		{ "getty@.service", "is a template: name an instance of it, as in getty@x.service" },
		{ "getty@", "is a template: name an instance of it, as in getty@x.service" },
		{ "a.timer", "runs nothing itself: name what it starts" },
		{ "joe/x.service", "stands the number of the user" },
	};
	char most[300];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct unit u = { 0 };
		struct error *err = NULL;

		if (!cgroup_root() && strchr(all[i].word, '/') && strstr(all[i].why, "user"))
			continue;
		assert_int_equal(unit_find(all[i].word, &u, &err), -1);
		if (!strstr(err->text, all[i].why))
			fail_msg("%s: %s", all[i].word, err->text);
		error_free(err);
		unit_free(&u);
	}
	memset(most, 'x', sizeof(most));
	most[sizeof(most) - 1] = '\0';
	{
		struct unit u = { 0 };
		struct error *err = NULL;

		assert_int_equal(unit_find(most, &u, &err), -1);
		assert_true(strlen(err->text) < 200);
		error_free(err);
		unit_free(&u);
	}
	if (cgroup_root()) {
		struct unit u = { 0 };
		struct error *err = NULL;

		assert_int_equal(unit_find("0/nosuch-unit", &u, &err), 0);
		assert_string_equal(u.cgroup,
				    "/user.slice/user-0.slice/user@0.service/app.slice/nosuch-unit.service");
		assert_true(u.of_user);
		unit_free(&u);
	}
}

static void pids(void **state)
{
	pid_t child;
	int status;

	(void)state;
	/* alone in a namespace of its own, or with all who run this */
	assert_int_equal(pid_within(getpid()), getpid());
	assert_int_equal(pid_within(0), 0);
	assert_null(cgroup_of_pid(0));
	child = fork();
	if (!child)
		_exit(0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(pid_within(child), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(names),
		cmocka_unit_test(units),
		cmocka_unit_test(pids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
