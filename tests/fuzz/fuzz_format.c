// SPDX-License-Identifier: GPL-2.0
/*
 * One fuzzer for each reader of profiles.  What is read must be writable or be
 * refused with a reason, read back, and then be the same bytes again; and a
 * profile joined with itself must be itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "profile/algebra.h"
#include "format/format.h"
#include "lib/util.h"

#ifndef FUZZ_FORMAT
#define FUZZ_FORMAT	"auto"
#endif

/* the algebra tries every pair of rules: keep a run short */
#define ALGEBRA_RULES	12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok, const char *what, enum format f, const char *text)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s\n%s\n", format_name(f), what, text);
	abort();
}

static void there_and_back(const struct profile *p, enum format f)
{
	/* what libseccomp makes of it is fuzz_algebra's to ask */
	const struct format_opts opts = { .unchecked = true };
	cleanup_free char *text = NULL;
	cleanup_free char *again = NULL;
	struct error *err = NULL;
	struct profile *back;

	text = format_write(p, f, &opts, NULL, &err);
	if (!text) {
		check(err && *err->text, "refused without a word", f, "");
		error_free(err);
		return;
	}
	check(!err, "written with an error", f, text);
	back = format_read(text, strlen(text), f, NULL, NULL, &err);
	if (!back) {
		/* a list without a name is no list */
		check(f == FORMAT_NAMES && !*text, err->text, f, text);
		error_free(err);
		return;
	}
	again = format_write(back, f, &opts, NULL, &err);
	check(again, "not written again", f, text);
	/* with the group that systemd adds it is another list */
	if (f == FORMAT_SYSTEMD && strcmp(text, again)) {
		profile_free(back);
		back = format_read(again, strlen(again), f, NULL, NULL, &err);
		check(back, "not read again", f, again);
		free(text);
		text = again;
		again = format_write(back, f, &opts, NULL, &err);
		check(again, "not written a third time", f, text);
	}
	check(!strcmp(text, again), "not the same again", f, again);
	profile_free(back);
}

static void with_itself(const struct profile *p)
{
	struct error *err = NULL;
	struct differences d;
	struct profile *r;

	if (p->n_rules > ALGEBRA_RULES)
		return;
	r = algebra_union(p, p, NULL, &err);
	if (!r) {
		check(err && *err->text, "refused without a word",
		      FORMAT_AUTO, "");
		error_free(err);
		return;
	}
	if (!algebra_missing(r, p, &d, &err)) {
		check(!d.n, "narrower than itself", FORMAT_AUTO,
		      d.n ? d.v[0].name : "");
		differences_free(&d);
	}
	error_free(err);
	profile_free(r);
}

/**
 * LLVMFuzzerTestOneInput() - one run
 * @data: the input
 * @size: bytes in it
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum format f = FORMAT_AUTO, to;
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	struct profile *p;

	if (strcmp(FUZZ_FORMAT, "auto") &&
	    format_parse(FUZZ_FORMAT, false, &f))
		abort();
	p = format_read((const char *)data, size, f, NULL, &notes, &err);
	profile_notes_free(&notes);
	if (!p) {
		check(err && *err->text, "refused without a word", f, "");
		error_free(err);
		return 0;
	}
	check(!err, "read with an error", f, "");
	for (to = FORMAT_AUTO + 1; to < FORMAT_COUNT; to++)
		if (format_written(to))
			there_and_back(p, to);
	with_itself(p);
	profile_free(p);
	return 0;
}
