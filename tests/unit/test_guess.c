// SPDX-License-Identifier: GPL-2.0
/* What was meant by a word that is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/guess.h"
#include "lib/util.h"
#include "profile/known.h"

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned int d;
	} all[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 },
		{ "read", "read", 0 }, { "READ", "read", 0 },
		{ "raed", "read", 1 },		/* neighbours */
		{ "rad", "read", 1 }, { "reaad", "read", 1 },
		{ "rexd", "read", 1 }, { "write", "read", 4 },
		{ "daer", "read", 3 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		assert_int_equal(guess_distance(all[i].a, all[i].b), all[i].d);
		assert_int_equal(guess_distance(all[i].b, all[i].a), all[i].d);
	}
}

static void guesses(void **state)
{
	static const char *const table[] = {
		"oci", "docker", "podman", "systemd", "names",
	};
	static const struct {
		const char *word, *meant;
	} all[] = {
		{ "sytemd", "systemd" }, { "SYSTEMD", "systemd" },
		{ "name", "names" }, { "pdoman", "podman" },
		{ "dcoker", "docker" }, { "oc", "oci" },
		{ "yaml", NULL }, { "", NULL }, { "x", NULL },
		{ "a word that is much longer than any that could be meant by it",
		  NULL },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct guess g = GUESS_INIT(all[i].word);

		for (j = 0; j < ARRAY_SIZE(table); j++)
			guess_try(&g, table[j]);
		if (!all[i].meant) {
			assert_null(g.best);
			assert_string_equal(guess_text(&g), "");
			continue;
		}
		assert_non_null(g.best);
		assert_string_equal(g.best, all[i].meant);
		assert_non_null(strstr(guess_text(&g), "did you mean `"));
	}
}

static void calls(void **state)
{
	(void)state;
	assert_true(known_call("openat"));
	assert_true(known_call("mseal"));	/* newer than libseccomp 2.5 */
	assert_false(known_call("opeanat"));
	assert_false(known_call(""));
	assert_string_equal(known_nearest("opeanat"), "openat");
	assert_null(known_nearest("frobnicate"));
}

static void caps(void **state)
{
	struct guess g = GUESS_INIT("CAP_SYS_ADMN"), h = GUESS_INIT("NET_RWA");
	struct guess i = GUESS_INIT("");

	(void)state;
	assert_string_equal(known_capability("CAP_SYS_ADMIN", &i),
			    "CAP_SYS_ADMIN");
	assert_string_equal(known_capability("sys_admin", &i),
			    "CAP_SYS_ADMIN");
	assert_null(known_capability("CAP_SYS_ADMN", &g));
	assert_string_equal(guess_text(&g), ": did you mean `CAP_SYS_ADMIN`?");
	assert_null(known_capability("NET_RWA", &h));
	assert_string_equal(guess_text(&h), ": did you mean `NET_RAW`?");
	assert_null(known_capability("", &i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(guesses),
		cmocka_unit_test(calls),
		cmocka_unit_test(caps),
	};

	return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
