// SPDX-License-Identifier: GPL-2.0
/*
 * What the readers of a profile refuse: runc, crun, Docker and podman, an older
 * kernel or libseccomp. Each does so without a word of what to write instead.
 */
#include <string.h>

#include "ages.h"
#include "lint.h"
#include "portable.h"
#include "lib/guess.h"
#include "lib/util.h"

/* in no release so far */
#define NEVER	"9999"

/*
 * The first release that takes a word; NULL: all do. From the sources: runc
 * 1.0.0 to 1.5.0, libcontainer/seccomp/config.go, seccomp_linux.go and
 * specconv/spec_linux.go; crun 0.17 to 1.28, src/libcrun/seccomp.c; the change
 * log of libseccomp; seccomp(2).
 */
static const struct word {
	const char *word;
	const char *kernel;
	const char *libseccomp;
	const char *runc;
	const char *crun;
	const char *instead;
} words[] = {
	{ "SCMP_ACT_LOG", "4.14", "2.4.0", NULL, NULL, "SCMP_ACT_ALLOW" },
	{ "SCMP_ACT_KILL_PROCESS", "4.14", "2.4.0", "1.1.3", NULL,
	  "SCMP_ACT_KILL" },
	{ "SCMP_ACT_KILL_THREAD", NULL, NULL, "1.1.3", NULL, "SCMP_ACT_KILL" },
	{ "SCMP_ACT_NOTIFY", "5.0", "2.5.0", "1.1.0", NULL, "SCMP_ACT_ERRNO" },
	{ "SECCOMP_FILTER_FLAG_TSYNC", "3.17", NULL, "1.2.0", NULL,
	  "no `flags`" },
	{ "SECCOMP_FILTER_FLAG_LOG", "4.14", "2.4.0", "1.2.0", NULL,
	  "no `flags`" },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "4.17", "2.5.0", "1.2.0", NULL,
	  "no `flags`" },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "5.19", "2.6.0", "1.5.0",
	  "1.6", "no `flags`" },
	{ "SCMP_ARCH_NATIVE", NULL, NULL, NEVER, NEVER,
	  "the machine's own, as in SCMP_ARCH_X86_64, or no `architectures`" },
	{ "SCMP_ARCH_RISCV64", NULL, "2.5.0", "1.2.0", NULL,
	  "no `architectures`" },
	{ "SCMP_ARCH_LOONGARCH64", NULL, "2.6.0", "1.5.0", NULL,
	  "no `architectures`" },
	{ "SCMP_ARCH_PARISC", NULL, "2.4.0", NEVER, NULL, "no `architectures`" },
	{ "SCMP_ARCH_PARISC64", NULL, "2.4.0", NEVER, NULL,
	  "no `architectures`" },
	{ "SCMP_ARCH_M68K", NULL, "2.6.0", NEVER, NULL, "no `architectures`" },
	{ "SCMP_ARCH_SH", NULL, "2.6.0", NEVER, NULL, "no `architectures`" },
	{ "SCMP_ARCH_SHEB", NULL, "2.6.0", NEVER, NULL, "no `architectures`" },
};

/* is @who asked about, and would it refuse what came with @since? */
static bool refuses(const struct lint_opts *o, const char *who,
		    const char *since)
{
	bool asked = o->target && !strcmp(o->target, who);

	if (!since || (o->target && !asked))
		return false;
	return ages_before(asked && o->version ? o->version : "9998", since);
}

static void one_word(const char *word, const struct lint_opts *o,
		     struct findings *f)
{
	const struct word *w = NULL;
	const char *id = strncmp(word, "SCMP_ARCH_", 10) ?
			 strncmp(word, "SCMP_ACT_", 9) ? "flag" : "action" :
			 "architecture";
	struct guess g = GUESS_INIT(word);
	bool runc, crun;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i].word, word))
			w = &words[i];
	if (!w) {
		if (*id != 'f')
			return;
		finding_add(f, id, false, "runc and crun know no flag `%s`, and refuse the profile",
			    word);
		for (i = 0; i < ARRAY_SIZE(words); i++)
			if (!strncmp(words[i].word, "SECC", 4))
				guess_try(&g, words[i].word);
		finding_instead(f, "%s", g.best ? g.best : "no `flags`");
		return;
	}
	runc = refuses(o, "runc", w->runc);
	crun = refuses(o, "crun", w->crun);
	if (runc || crun) {
		finding_add(f, id, false, "%s%s%s%s%s not take `%s`",
			    runc ? "runc" : "",
			    runc && o->version ? " " : "",
			    runc && o->version ? o->version : "",
			    runc && crun ? " and crun" : crun ? "crun" : "",
			    runc && crun ? " do" : " does", word);
		finding_instead(f, "%s", w->instead);
	}
	if (o->kernel && w->kernel && ages_before(o->kernel, w->kernel)) {
		finding_add(f, id, false, "`%s` came with Linux %s: %s",
			    word, w->kernel, *id == 'a' ?
			    "an older kernel kills for an action that it does not know" :
			    "an older kernel refuses the filter");
		finding_instead(f, "%s", w->instead);
	}
	if (o->libseccomp && w->libseccomp &&
	    ages_before(o->libseccomp, w->libseccomp)) {
		finding_add(f, id, false, "`%s` came with libseccomp %s", word,
			    w->libseccomp);
		finding_instead(f, "%s", w->instead);
	}
}

static void notify(const struct profile *p, const struct lint_opts *o,
		   struct findings *f)
{
	bool runc = !o->target || !strcmp(o->target, "runc"), any;
	size_t i;

	any = p->def_action == PA_NOTIFY;
	f->rule = 0;
	if (any && runc) {
		finding_add(f, "notify", false, "runc does not take SCMP_ACT_NOTIFY as the default action");
		finding_instead(f, "SCMP_ACT_ERRNO, and SCMP_ACT_NOTIFY for calls by name");
	}
	for (i = 0; i < p->n_rules; i++) {
		if (p->rules[i].action != PA_NOTIFY)
			continue;
		any = true;
		f->rule = i + 1;
		if (runc && strset_has(&p->rules[i].names, "write")) {
			finding_add(f, "notify", false, "runc does not take SCMP_ACT_NOTIFY for `write`, which it hands the listener over with");
			finding_instead(f, "SCMP_ACT_ALLOW for `write`");
		}
	}
	f->rule = 0;
	if (any && !p->listener_path) {
		finding_add(f, "no-listener", false, "SCMP_ACT_NOTIFY without listenerPath: runc does not start the container, and under crun such calls fail with ENOSYS");
		finding_instead(f, "`listenerPath`, the socket of the one who answers");
	}
}

/* moby/profiles and containers/container-libs: what UnmarshalJSON() refuses */
static void min_kernel(const char *s, struct findings *f)
{
	unsigned int major, minor;

	if (!s || sscanf(s, "%u.%u", &major, &minor) != 2)
		return;
	if (!major && !minor) {
		finding_add(f, "min-kernel", false, "Docker and podman do not take minKernel `%s`, and refuse the profile",
			    s);
		finding_instead(f, "no `minKernel`: every kernel is newer");
	} else if (major > 255 || minor > 255) {
		finding_add(f, "min-kernel", false, "Docker and podman do not take minKernel `%s`: numbers end at 255",
			    s);
		finding_instead(f, "a version that there is");
	}
}

/* Is there any argument, any place with which a rule permits it? */
static bool permitted(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (profile_action_permits(p->rules[i].action) &&
		    strset_has(&p->rules[i].names, name))
			return true;
	return profile_permits(p, name);
}

/* What a kernel that lacks a call has in its place: @any, and is it permitted? */
static bool older_way(const struct profile *p, const char *name,
		      const char *kernel, bool *any)
{
	const char *other, *why, *from;
	size_t at = 0;

	*any = false;
	while ((other = portable_twin(name, &at, &why))) {
		from = ages_call(other);
		if (from && ages_before(kernel, from))
			continue;
		*any = true;
		if (permitted(p, other))
			return true;
	}
	return false;
}

/* Calls that were told to be too new for the one and the other */
struct told {
	struct strset kernel, library;
};

static void too_new(const struct profile *p, const struct profile_rule *r,
		    const char *name, const struct lint_opts *o,
		    struct told *told, struct findings *f)
{
	const char *from = ages_call(name), *knows;
	bool any;

	if (!from)
		return;
	/* nothing is lost where it is refused, or the older call may be made */
	if (o->kernel && ages_before(o->kernel, from) &&
	    profile_action_permits(r->action) &&
	    !older_way(p, name, o->kernel, &any) && strset_add(&told->kernel, name)) {
		finding_add(f, "too-new", !any, "`%s` came with Linux %s: the target, %s, does not know it",
			    name, from, o->kernel);
		if (any)
			finding_instead(f, "beside it, what the program calls on an older kernel (--portable adds that)");
	}
	knows = o->libseccomp ? ages_libseccomp(o->libseccomp) : NULL;
	if (knows && ages_before(knows, from) && strset_add(&told->library, name)) {
		finding_add(f, "too-new", false, "`%s` came with Linux %s: the target, libseccomp %s, knows the calls of %s and skips the name",
			    name, from, o->libseccomp, knows);
		finding_instead(f, "a newer libseccomp on the target, or without the name");
	}
}

/**
 * lint_target() - look for what those who read a profile refuse
 * @p: the profile, as read
 * @o: the target; without one, what today's runtimes refuse
 * @f: added to
 */
void lint_target(const struct profile *p, const struct lint_opts *o,
		 struct findings *f)
{
	struct strset arches = { 0 };
	struct told told = { 0 };
	size_t i, j;

	one_word(profile_action_name(p->def_action), o, f);
	for (i = 0; i < p->flags.n; i++)
		one_word(p->flags.v[i], o, f);
	profile_env_arches(p, o->env, &arches);
	/* the reader may have given the machine's own name to it */
	strset_join(&arches, &p->arches);
	for (i = 0; i < arches.n; i++)
		one_word(arches.v[i], o, f);
	strset_free(&arches);
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		f->rule = i + 1;
		min_kernel(r->includes.min_kernel, f);
		min_kernel(r->excludes.min_kernel, f);
		/* without a target, rules of all kernels count */
		if (o->kernel && !profile_rule_on_kernel(r, o->kernel))
			continue;
		one_word(profile_action_name(r->action), o, f);
		for (j = 0; j < r->names.n; j++)
			too_new(p, r, r->names.v[j], o, &told, f);
	}
	strset_free(&told.kernel);
	strset_free(&told.library);
	notify(p, o, f);
}
