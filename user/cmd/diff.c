// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl diff: what changes from one profile to another. */

#include "sets.h"
#include "report/changes.h"
#include "lib/file.h"

static const struct opt opts[] = {
	OPTS_INPUT,
	OPTS_JSON,
	OPTS_COMMON
};

static bool print_set(struct print *p, const char *key, const char *sign,
		      const struct strset *a, const struct strset *b)
{
	struct strset only = { 0 };
	size_t i;
	bool any;

	for (i = 0; i < a->n; i++) {
		if (strset_has(b, a->v[i]))
			continue;
		strset_add(&only, a->v[i]);
		print_line(p, "%s %s", sign, a->v[i]);
	}
	print_strings(p, key, NULL, (const char *const *)only.v, only.n);
	any = only.n;
	strset_free(&only);
	return any;
}

static void all_arches(const struct profile *p, struct strset *to)
{
	size_t i;

	strset_join(to, &p->arches);
	for (i = 0; i < p->n_archmap; i++) {
		strset_add(to, p->archmap[i].arch);
		strset_join(to, &p->archmap[i].subs);
	}
}

static int compare(const struct profile *a, const struct profile *b, bool json,
		   struct error **err)
{
	cleanup_print struct print p = { 0 };
	struct strset x = { 0 }, y = { 0 };
	struct differences d;
	int status;

	if (algebra_diff(a, b, &d, err))
		return -1;
	print_begin(&p, json);
	status = changes_print(&p, "differences", &d);
	differences_free(&d);
	all_arches(a, &x);
	all_arches(b, &y);
	/* where a side names none, it is the machine's own: nothing to tell */
	if (x.n && y.n) {
		if (print_set(&p, "architectures_added", "+", &y, &x))
			status = ST_DIFFERS;
		if (print_set(&p, "architectures_removed", "-", &x, &y))
			status = ST_DIFFERS;
	}
	strset_free(&x);
	strset_free(&y);
	if (print_set(&p, "flags_added", "+", &b->flags, &a->flags))
		status = ST_DIFFERS;
	if (print_set(&p, "flags_removed", "-", &a->flags, &b->flags))
		status = ST_DIFFERS;
	return print_end(&p, err) < 0 ? -1 : status;
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_sets_opts struct sets_opts o = { .common = CMD_OPTS_INIT };
	cleanup_profile struct profile *a = NULL;
	cleanup_profile struct profile *b = NULL;
	cleanup_args struct args args;
	char **words;

	args_begin(&args, cmd, argc, argv);
	if (sets_options(&args, &o, err) < 0)
		return -1;
	if (o.common.help)
		return file_stdout_done(err);
	if (args_words(&args, &words) != 2)
		return args_usage(&args, err, "two profiles, please");
	a = format_read_file(words[0], o.input, NULL, err);
	if (!a)
		return -1;
	b = format_read_file(words[1], o.input, NULL, err);
	if (!b)
		return -1;
	return compare(a, b, o.common.json, err);
}

const struct command cmd_diff = {
	.name = "diff",
	.summary = "print what changes from one profile to another",
	.args = "FILE FILE",
	.more = "+ permitted by the second only, - by the first only, ~ by both but not under\n"
		"the same conditions, ! refused by both but otherwise. Ends with 5 if they differ.",
	.opts = opts,
	.run = run,
};
