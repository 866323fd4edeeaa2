// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl check: is a profile sound, is it enough? */

#include "sets.h"
#include "lib/file.h"
#include "lib/guess.h"
#include "profile/lint.h"
#include "report/changes.h"
#include "report/peer.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_INPUT,
	{ OPT_RUNTIME, "runtime", RUNTIME_SPELLED, "the runtime that will load it (default: any); `none` for no container" },
	{ OPT_TARGET_RUNTIME, "target-runtime", "NAME[=VERSION]", "find what this crun or runc refuses" },
	{ OPT_TARGET_KERNEL, "target-kernel", "X.Y", "find what this kernel does not have" },
	{ OPT_TARGET_LIBSECCOMP, "target-libseccomp", "X.Y.Z", "find what this libseccomp does not know" },
	{ OPT_ARCH, "arch", "ARCH", "for this native architecture, as in amd64 (default: any that it is for)" },
	{ OPT_CAPS, "caps", "CAP[,CAP]...", "for these capabilities, `none` for none (default: any)" },
	{ OPT_WIDER_THAN, "wider-than", "NAME", "find what it permits and the default of docker, podman or containerd, or the profile in a FILE, does not" },
	OPTS_JSON,
	OPTS_COMMON
};

static int check_enough(const struct profile *a, const struct profile *b,
			bool json, struct error **err)
{
	cleanup_print struct print p = { 0 };
	struct differences d;
	int status;

	if (algebra_missing(a, b, &d, err))
		return -1;
	print_begin(&p, json);
	print_bool(&p, "enough", NULL, !d.n);
	status = changes_print(&p, "differences", &d);
	if (!d.n && verbosity >= 0 && !json && isatty(STDOUT_FILENO))
		print_line(&p, "it is enough");
	differences_free(&d);
	return print_end(&p, err) < 0 ? -1 : status;
}

static void print_finding(struct print *out, const struct finding *x)
{
	cleanup_free char *path = x->rule ?
		xasprintf("syscalls[%zu]", x->rule - 1) : NULL;
	cleanup_free char *mark = NULL;

	print_object(out, NULL);
	print_string(out, "id", NULL, x->id);
	print_string(out, "level", NULL, x->harmless ? "note" : "error");
	if (path) {
		print_u64(out, "rule", NULL, x->rule - 1);
		print_string(out, "path", NULL, path);
	}
	print_string(out, "text", NULL, x->text);
	if (x->instead)
		print_string(out, "instead", NULL, x->instead);
	mark = xasprintf("%s%s", x->harmless ? "note: " : "", x->id);
	if (!x->harmless || verbosity >= 0)
		print_marked(out, x->harmless ? COLOUR_NONE : COLOUR_BAD, mark, 4,
			     ": %s%s%s%s%s", path ? path : "", path ? ": " : "", x->text,
			     x->instead ? "; write instead: " : "",
			     x->instead ? x->instead : "");
	print_close(out);
}

/* Neither a file nor an engine: it may be a slip */
static int not_a_peer(const char *word, struct error **err)
{
	struct guess g = GUESS_INIT(word);
	size_t i;

	for (i = 0; i < PEERS_ALL; i++)
		guess_try(&g, peers[i].key);
	if (!g.best || (*err)->errnum != ENOENT)
		return -1;
	return error_make(err, ST_FAILED, 0, "neither an engine nor a file is called `%s`%s", word,
			  guess_text(&g));
}

static int check_wider(const struct profile *p, const struct sets_opts *o,
		       struct error **err)
{
	const struct profile_env *env = o->resolve || o->env.arch ? &o->env :
								    NULL;
	const struct peer *peer = peer_find(o->wider_than);
	cleanup_profile struct profile *of_file = NULL;
	cleanup_print struct print out = { 0 };
	struct differences d;
	int status;

	if (!peer) {
		of_file = format_read_file(o->wider_than, o->input, NULL, err);
		if (!of_file)
			return not_a_peer(o->wider_than, err);
	}
	if (peer_wider(peer, of_file, p, env, o->resolve, &d, err))
		return -1;
	print_begin(&out, o->common.json);
	print_string(&out, "wider_than", NULL, o->wider_than);
	print_bool(&out, "wider", NULL, d.n);
	status = changes_print(&out, "differences", &d);
	if (!d.n && verbosity >= 0 && !o->common.json && isatty(STDOUT_FILENO))
		print_line(&out, "not wider");
	differences_free(&d);
	return print_end(&out, err) < 0 ? -1 : status;
}

static int check_alone(const struct profile *p, const struct sets_opts *o,
		       struct error **err)
{
	const struct lint_opts opts = {
		.runtime = o->common.runtime.base,
		.needs = o->common.runtime.needs,
		.no_runtime = o->common.runtime_given && !o->common.runtime.base,
		.kernel = o->kernel,
		.libseccomp = o->libseccomp,
		.target = o->target,
		.version = o->version,
		.env = o->resolve || o->env.arch ? &o->env : NULL,
		.any_caps = !o->resolve,
	};
	cleanup_print struct print out = { 0 };
	struct findings f;
	int status = ST_OK;
	size_t i;

	lint(p, &opts, &f);
	print_begin(&out, o->common.json);
	print_array(&out, "findings");
	for (i = 0; i < f.n; i++) {
		if (!f.v[i].harmless)
			status = ST_DIFFERS;
		print_finding(&out, &f.v[i]);
	}
	print_close(&out);
	if (!f.n && verbosity >= 0 && !o->common.json && isatty(STDOUT_FILENO))
		print_line(&out, "nothing found");
	findings_free(&f);
	return print_end(&out, err) < 0 ? -1 : status;
}

/* what the record says that the profile must permit */
static struct profile *from_record(const struct cmd_opts *o, struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_derived struct derived d = { 0 };
	struct derive_opts opts = {
		.def_action = PA_ERRNO,
		.def_errno = ENOSYS,
	};
	struct selector sel = o->sel;
	const struct args_opts args = { .mode = ARGS_SEEN };
	struct profile *p;
	size_t i;

	if (open_selected(&c, &sel, err) < 0 || client_info(c, &info, err) < 0 ||
	    client_get(c, &sel, true, &r, err) < 0)
		return NULL;
	opts.native = info.arch;
	if (derive(&r, &opts, &d, err) < 0)
		return NULL;
	args_apply(&r, &args, &d);
	derive_judge(&r, &opts, &d, d.profile);
	for (i = 0; i < d.n_words; i++)
		warn("%s", d.words[i]);
	p = d.profile;
	d.profile = NULL;
	return p;
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_sets_opts struct sets_opts o = { .common = CMD_OPTS_INIT };
	cleanup_profile struct profile *a = NULL;
	cleanup_profile struct profile *b = NULL;
	cleanup_args struct args args;
	char **words;
	int n;

	args_begin(&args, cmd, argc, argv);
	if (sets_options(&args, &o, err) < 0)
		return -1;
	if (o.common.help)
		return file_stdout_done(err);
	n = args_words(&args, &words);
	if (n < 1 || n > 2 || (n == 2 && o.common.sel.by))
		return args_usage(&args, err,
				  "give one profile to be checked; or two, or one and a record: is the first enough for the other?");
	if ((n == 2 || o.common.sel.by) &&
	    (o.target || o.kernel || o.libseccomp || o.resolve || o.env.arch ||
	     o.wider_than || o.common.runtime_given))
		return args_usage(&args, err,
				  "--target-*, --runtime, --arch, --caps and --wider-than are about one profile, not about two");
	if (o.wider_than && (o.target || o.kernel || o.libseccomp ||
			     o.common.runtime_given))
		return args_usage(&args, err,
				  "--wider-than compares: not with --target-* or --runtime");
	if (o.target && o.common.runtime.base && strcmp(o.target, o.common.runtime.base->runtime))
		return args_usage(&args, err,
				  "--runtime %s and --target-runtime %s: which one loads the profile?",
				  o.common.runtime.base->runtime, o.target);
	a = format_read_file(words[0], o.input, NULL, err);
	if (!a)
		return -1;
	if (o.wider_than)
		return check_wider(a, &o, err);
	if (n == 1 && !o.common.sel.by)
		return check_alone(a, &o, err);
	b = n == 2 ? format_read_file(words[1], o.input, NULL, err) :
		     from_record(&o.common, err);
	if (!b)
		return -1;
	return check_enough(a, b, o.common.json, err);
}

const struct command cmd_check = {
	.name = "check",
	.summary = "find what is wrong with a profile, or which needed calls it refuses",
	.args = "PROFILE [FILE]",
	.more = "With one profile: what breaks it in the field, or opens it. With a second one or a\n"
		"record: which calls of that the first would refuse. Ends with 5 if there are any.",
	.opts = opts,
	.run = run,
};
