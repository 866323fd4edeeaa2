// SPDX-License-Identifier: GPL-2.0
/* The engines' default profiles, compared with themselves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "format/format.h"
#include "lib/names.h"
#include "report/report.h"

/* The report on a default: it is neither wider than itself nor does it leave anything unused */
static void not_wider(size_t peer, struct profile *p, const char *what)
{
	struct derived d = { .profile = p };
	struct report rep;

	report_build(&rep, NULL, NULL, &d, 0, NULL, what);
	if (rep.uncompared[peer] || rep.wider[peer].n || rep.unused[peer].n ||
	    rep.allowed != rep.peer_allowed[peer] || !rep.allowed)
		fail_msg("%s, %s: %s, %zu wider, %zu unused, %u of %u allowed", peers[peer].name,
			 what, rep.uncompared[peer] ? rep.uncompared[peer] : "compared",
			 rep.wider[peer].n, rep.unused[peer].n, rep.allowed,
			 rep.peer_allowed[peer]);
	report_free(&rep);
	derived_free(&d);
}

static void same_as(size_t peer, const struct profile *p, const char *what)
{
	struct differences diff;
	struct error *err = NULL;

	assert_int_equal(peer_wider(&peers[peer], NULL, p, NULL, false, &diff, &err), 0);
	if (diff.n)
		fail_msg("%s, %s: %s", peers[peer].name, what, diff.v[0].name);
	differences_free(&diff);
}

/* What an engine's default is on a machine, without conditions */
static struct profile *default_on(size_t peer, const char *machine)
{
	struct profile_env env = { .arch = machine };
	struct profile *p;

	peer_caps(&peers[peer], &env.caps);
	p = algebra_resolve(peer_profile(&peers[peer]), &env);
	strset_free(&env.caps);
	return p;
}

/* Of machines that this libseccomp does not know, nothing is said to be no wider */
static void unknown(void **state)
{
	static const char json[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_M68K\"],"
		"\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const struct profile_env env = { .arch = "m68k" };
	cleanup_profile struct profile *p = NULL;
	struct differences diff;
	struct error *err = NULL;

	(void)state;
	if (names_abi_known(profile_arch_token("SCMP_ARCH_M68K")))
		skip();
	p = format_read(json, strlen(json), FORMAT_OCI, NULL, NULL, &err);
	assert_non_null(p);
	assert_int_equal(peer_wider(&peers[0], NULL, p, NULL, false, &diff, &err), 0);
	assert_int_equal(diff.n, 1);
	differences_free(&diff);
	assert_int_equal(peer_wider(&peers[0], NULL, p, &env, false, &diff, &err), -1);
	assert_non_null(strstr(err->text, "does not know m68k"));
	error_free(err);
}

/*
 * A default against itself is zero: as it stands, in each format that keeps its conditions,
 * and written for the machines of another architecture than the one that reports it.
 */
static void itself(void **state)
{
	/* an engine, a dialect, and a machine or this one */
	static const struct {
		size_t peer;
		enum format f;
		const char *machine;
	} v[] = {
		{ 0, FORMAT_K8S, NULL }, { 1, FORMAT_LABEL, NULL }, { 2, FORMAT_CSV, NULL },
		{ 0, FORMAT_OCI, "arm64" },
	};
	struct error *err = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < PEERS; i++)
		not_wider(i, profile_dup(peer_profile(&peers[i])), "as it stands");
	same_as(PEERS, peer_profile(&peers[PEERS]), "as it stands");
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		const struct format_opts opts = {
			.native = v[i].machine ? profile_arch_from_short(v[i].machine) : 0,
		};
		cleanup_profile struct profile *p = default_on(v[i].peer, v[i].machine);
		cleanup_free char *text = format_write(p, v[i].f, &opts, NULL, &err);
		struct profile *back;

		assert_non_null(text);
		back = format_read(text, strlen(text), FORMAT_AUTO, NULL, NULL, &err);
		assert_non_null(back);
		same_as(v[i].peer, back, v[i].machine ? v[i].machine : format_name(v[i].f));
		if (v[i].machine)
			not_wider(v[i].peer, back, v[i].machine);
		else
			profile_free(back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(itself),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests_name("defaults", tests, NULL, NULL);
}
