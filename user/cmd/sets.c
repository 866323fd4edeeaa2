// SPDX-License-Identifier: GPL-2.0
/* What the commands that work on profiles as files have in common. */

#include "sets.h"
#include "format/systemd_groups.h"
#include "words.h"
#include "lib/file.h"
#include "lib/guess.h"
#include "profile/known.h"
#include "profile/ages.h"
#include "profile/portable.h"
#include "profile/series.h"

/**
 * sets_opts_free() - release options
 * @o: the options
 */
void sets_opts_free(struct sets_opts *o)
{
	opts_free(&o->common);
	strset_free(&o->env.caps);
	free(o->version);
}

static int read_caps(struct args *a, struct sets_opts *o, struct error **err)
{
	cleanup_free char *copy = xstrdup(a->value);
	char *save, *w;

	o->resolve = true;
	if (!strcmp(copy, "none"))
		o->no_caps = true;
	if (o->no_caps && (strcmp(copy, "none") || o->env.caps.n))
		return args_usage(a, err, "--caps: either `none` or capabilities");
	if (o->no_caps)
		return 0;
	if (!copy[strspn(copy, ",")])
		return args_usage(a, err, "--caps needs capabilities, or `none`");
	for (w = strtok_r(copy, ",", &save); w;
	     w = strtok_r(NULL, ",", &save)) {
		struct guess g = GUESS_INIT(w);
		const char *name = known_capability(w, &g);

		if (!name)
			return args_usage(a, err, "`%s` is no capability%s", w,
					  guess_text(&g));
		strset_add(&o->env.caps, name);
	}
	return 0;
}

/* One to three numbers with dots between, as kernels and what goes with them have */
static bool version_like(const char *s)
{
	size_t n, numbers = 1;

	while ((n = strspn(s, "0123456789")) && n <= 4 && s[n] == '.') {
		s += n + 1;
		numbers++;
	}
	return n && n <= 4 && !s[n] && numbers <= 3;
}

static int read_kernel(struct args *a, const char **to, struct error **err)
{
	if (!version_like(a->value) || *a->value == '0')
		return args_usage(a, err, "`%s` is no kernel: give X.Y, as in 6.1", a->value);
	*to = a->value;
	return 0;
}

static int read_target(struct args *a, struct sets_opts *o, struct error **err)
{
	size_t n = strcspn(a->value, "=");

	o->target = n == 4 && !strncmp(a->value, "crun", n) ? "crun" :
		    n == 4 && !strncmp(a->value, "runc", n) ? "runc" : NULL;
	if (!o->target)
		return args_unknown(a, err, OPT_TARGET_RUNTIME, "runtime");
	if (a->value[n] && !version_like(a->value + n + 1))
		return args_usage(a, err,
				  "`%s`: a version is up to three numbers, as in runc=1.1.5",
				  a->value);
	free(o->version);
	o->version = a->value[n] ? xstrdup(a->value + n + 1) : NULL;
	return 0;
}

/**
 * sets_option() - take one of the options
 * @a: the command line, with its value
 * @id: which; others are left alone
 * @o: gets it
 * @err: what is wrong
 *
 * Return: 0, or -1 and @err.
 */
int sets_option(struct args *a, int id, struct sets_opts *o, struct error **err)
{
	switch (id) {
	case OPT_INPUT_FORMAT:
		if (format_parse(a->value, false, &o->input))
			return args_usage(a, err, "%s", format_unknown(a->value, false));
		break;
	case OPT_OBJECT_NAME:
		o->object = a->value;
		break;
	case OPT_CAPS:
		return read_caps(a, o, err);
	case OPT_KERNEL:
		return read_kernel(a, &o->env.kernel, err);
	case OPT_ARCH:
		if (!profile_arch_from_short(a->value))
			return args_unknown(a, err, id, "architecture");
		o->env.arch = a->value;
		break;
	case OPT_TARGET_KERNEL:
		if (read_kernel(a, &o->kernel, err) < 0)
			return -1;
		o->env.kernel = o->kernel;
		break;
	case OPT_TARGET_RUNTIME:
		return read_target(a, o, err);
	case OPT_WIDER_THAN:
		o->wider_than = a->value;
		break;
	case OPT_TARGET_LIBSECCOMP:
		o->libseccomp = a->value;
		if (!version_like(a->value) || !ages_libseccomp(a->value))
			return args_usage(a, err, "`%s` is no libseccomp from 2.2 on: give X.Y.Z, as in 2.5.4", a->value);
		break;
	}
	return 0;
}

/**
 * sets_options() - read the options
 * @a: the command line
 * @o: gets them
 * @err: what is wrong
 *
 * Return: 0, or -1 and @err.
 */
int sets_options(struct args *a, struct sets_opts *o, struct error **err)
{
	int id;

	while ((id = args_next(a, &o->common, err)) > 0)
		if (sets_option(a, id, o, err) < 0)
			return -1;
	return id;
}

static void say(struct profile_notes *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		warn("%s", notes->v[i]);
	profile_notes_free(notes);
}

/* --base, --runtime, --portable, --caps: what comes after the fold */
static int finish(struct profile **p, const struct sets_opts *o,
		  enum format *first, struct profile_notes *notes,
		  struct error **err)
{
	cleanup_profile struct profile *base = NULL;
	struct profile *next;

	if (o->common.runtime.base) {
		runtime_add(*p, o->common.runtime.base, notes);
		runtime_add_needs(*p, o->common.runtime.base, o->common.runtime.needs, notes);
	}
	if (o->common.portable)
		portable_add(*p, notes);
	if (o->common.groups)
		systemd_groups_accept(*p, o->common.groups);
	if (o->common.base_path) {
		base = format_read_file(o->common.base_path, o->input, first, err);
		if (!base)
			return -1;
		next = algebra_base(base, *p, notes, err);
		if (!next)
			return error_wrap(err, "base `%s`",
					  o->common.base_path);
		profile_free(*p);
		*p = next;
	}
	if (o->resolve) {
		next = algebra_resolve(*p, &o->env);
		profile_free(*p);
		*p = next;
	}
	return 0;
}

static int write_result(const struct profile *p, const struct sets_opts *o,
			enum format f, struct error **err)
{
	const char *path = o->common.output ? o->common.output : "-";
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	const struct format_opts opts = {
		.groups = o->common.groups,
		.name = o->object,
		.native = o->env.arch ? profile_arch_from_short(o->env.arch) :
					0,
	};
	struct profile_notes notes = { 0 };
	cleanup_free char *text = NULL;
	size_t lost;

	if (o->common.groups && f != FORMAT_SYSTEMD)
		return error_make(err, ST_USAGE, 0,
				  "--groups: only systemd has groups, and this is %s: give `--format systemd`",
				  format_name(f));

	if (o->object && f != FORMAT_K8S)
		return error_make(err, ST_USAGE, 0,
				  "--name names an object of the format k8s, and this is %s: give `--format k8s`",
				  format_name(f));
	text = format_write(p, f, &opts, &notes, err);
	lost = notes.n;
	say(&notes);
	if (!text)
		return -1;
	if (lost && o->common.strict)
		return error_make(err, ST_INCOMPLETE, 0,
				  "no profile written: --strict, and %s cannot say all of it",
				  format_name(f));
	if (file_open(&out, path, err) < 0)
		return -1;
	if (fputs(text, out.stream) == EOF)
		return error_make(err, ST_FAILED, errno, "write `%s`", path);
	return file_commit(&out, err);
}

/* The runs that an input is of */
static int add_runs(const char *path, struct series *all, struct error **err)
{
	cleanup_series struct series s = { 0 };

	if (series_read(path, &s, err) < 0)
		return (*err)->errnum != ENOENT ? -1 :
		       error_make(err, ST_FAILED, 0,
				  "`%s`: which runs it is of is not known, as there is no `%s" SERIES_SUFFIX "` (`profile --counts` and the hook write it)",
				  path, path);
	series_add(all, &s);
	return 0;
}

/**
 * sets_run() - read profiles, fold them, write the result
 * @cmd: the command
 * @argc: with the command's name
 * @argv: with the command's name
 * @fold: takes what there is and the next input
 * @least: how many inputs are needed
 * @err: why nothing was written
 *
 * Return: 0, or -1 and @err.
 */
int sets_run(const struct command *cmd, int argc, char **argv, sets_fold fold,
	     int least, struct error **err)
{
	cleanup_sets_opts struct sets_opts o = { .common = CMD_OPTS_INIT };
	cleanup_profile struct profile *p = NULL;
	cleanup_series struct series runs = { 0 };
	cleanup_args struct args a;
	struct profile_notes notes = { 0 };
	enum format first = FORMAT_OCI, found;
	char **words;
	int i, n, ret = 0;

	args_begin(&a, cmd, argc, argv);
	if (sets_options(&a, &o, err) < 0)
		return -1;
	if (o.common.help)
		return file_stdout_done(err);
	n = args_words(&a, &words);
	if (n < least)
		return args_usage(&a, err, least > 1 ? "at least two profiles" :
				  "which profiles?");
	if (o.env.kernel && !o.resolve)
		return args_usage(&a, err, "--kernel decides nothing without --caps: give `--caps none` for none");
	if (o.common.counts && (!o.common.output || !strcmp(o.common.output, "-")))
		return args_usage(&a, err, "--counts writes beside the profile: name its file by -o");
	if (check_output(&o.common, o.common.format_given ? o.common.format : FORMAT_OCI, err) < 0)
		return -1;
	for (i = 0; i < n && !ret; i++) {
		cleanup_profile struct profile *next = NULL;
		struct profile *all;

		next = format_read_file(words[i], o.input, &found, err);
		if (!next || (o.common.counts && add_runs(words[i], &runs, err) < 0)) {
			ret = -1;
		} else if (!p) {
			p = next;
			next = NULL;
			first = found;
		} else {
			all = fold(p, next, &notes, err);
			if (!all) {
				ret = error_wrap(err, "`%s`", words[i]);
				break;
			}
			profile_free(p);
			p = all;
		}
	}
	if (!ret)
		ret = finish(&p, &o, &first, &notes, err);
	say(&notes);
	if (ret)
		return -1;
	ret = write_result(p, &o, o.common.format_given ? o.common.format : first, err);
	return !ret && o.common.counts ? series_write(o.common.output, &runs, err) : ret;
}
