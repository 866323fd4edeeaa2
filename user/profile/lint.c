// SPDX-License-Identifier: GPL-2.0
/* What breaks a profile in the field. */
#include <limits.h>
#include <seccomp.h>

#include "algebra.h"
#include "ages.h"
#include "known.h"
#include "lint.h"
#include "meaning.h"
#include "lib/guess.h"
#include "lib/names.h"
#include "lib/util.h"

/* A newer kernel has it, or no kernel at all */
static void unknown_name(const char *name, struct findings *f)
{
	const char *from = ages_call(name);
	const char *near;

	if (from) {
		finding_add(f, "unknown-name", true, "`%s` came with Linux %s and is unknown to this libseccomp: runtimes built with it skip the name",
			    name, from);
		return;
	}
	/* a file of nothing but such names has to be answered, too */
	near = f->n < 32 ? known_nearest(name) : NULL;
	finding_add(f, "unknown-name", false, "no kernel has a call `%s`: runtimes skip the name",
		    name);
	if (near)
		finding_instead(f, "`%s`", near);
	else
		finding_instead(f, "nothing: leave the name out");
}

/* a condition on what there is not never holds, and an exception from it always does */
static void lint_cond(const struct profile_cond *c, const char *member,
		      struct findings *f)
{
	size_t i;

	for (i = 0; i < c->caps.n; i++) {
		struct guess g = GUESS_INIT(c->caps.v[i]);
		const char *known = known_capability(c->caps.v[i], &g);

		if (known && !strcmp(known, c->caps.v[i]))
			continue;
		finding_add(f, "unknown-capability", false, "no container has the capability `%s` of `%s`: engines compare names",
			    c->caps.v[i], member);
		if (known || g.best)
			finding_instead(f, "`%s%s`",
					known || !strncmp(g.best, "CAP_", 4) ? "" : "CAP_",
					known ? known : g.best);
		else
			finding_instead(f, "a name that capabilities(7) has");
	}
	for (i = 0; i < c->arches.n; i++) {
		const char *word = c->arches.v[i];
		const struct abi_name *a;
		struct guess g = GUESS_INIT(word);

		if (profile_arch_from_short(word))
			continue;
		for (a = names_abis + 1; a->token; a++)
			if (!strcmp(a->token, word))
				guess_take(&g, a->engine);
			else
				guess_try(&g, a->engine);
		a = names_abi_uname(word);
		if (a)
			guess_take(&g, a->engine);
		finding_add(f, "unknown-architecture", false, "no machine is the `%s` of `%s`: engines compare with Go's names",
			    word, member);
		finding_instead(f, g.best ? "`%s`" : "a name that engines have, as `%s`",
				g.best ? g.best : "amd64");
	}
}

static void lint_rule(const struct profile *p, const struct profile_rule *r,
		      struct findings *f)
{
	cleanup_free char *text = profile_rule_text(r);
	size_t i, j;

	lint_cond(&r->includes, "includes", f);
	lint_cond(&r->excludes, "excludes", f);
	if (!r->names.n) {
		finding_add(f, "no-names", false, "a rule without names: runc refuses the profile");
		finding_instead(f, "nothing: leave the rule out");
	}
	for (i = 0; i < r->names.n; i++) {
		const char *name = r->names.v[i];

		if (!*name) {
			finding_add(f, "empty-name", false, "an empty name: runc refuses the profile");
			finding_instead(f, "nothing: leave the name out");
		} else if (!profile_name_valid(name)) {
			finding_add(f, "bad-name", false, "`%s` cannot be a system call's name",
				    name);
			finding_instead(f, "nothing: leave the name out");
		} else if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR) {
			unknown_name(name, f);
		}
	}
	if (profile_rule_is_redundant(p, r)) {
		finding_add(f, "redundant-rule", false, "repeats the default: older runtimes refuse the profile, newer skip the rule: %s",
			    text);
		finding_instead(f, "nothing: leave the rule out");
	}
	if (r->errno_ret >= 0 && !profile_action_has_errno(r->action)) {
		finding_add(f, "errno-on-action", false, "errnoRet beside an action that has none: crun refuses the profile: %s",
			    text);
		finding_instead(f, "no `errnoRet`, or SCMP_ACT_ERRNO");
	}
	if (r->n_args > PROFILE_MAX_ARGS) {
		finding_add(f, "too-many-args", false, "more than %d arguments: crun ignores the rest: %s",
			    PROFILE_MAX_ARGS, text);
		finding_instead(f, "a rule for each comparison: either one is enough");
	}
	for (i = 0; i < r->n_args; i++) {
		const struct profile_arg *a = &r->args[i];

		if (a->op == PO_MASKED_EQ && a->value_two & ~a->value) {
			finding_add(f, "never-matches", false, "value bits outside of the mask: %s",
				    text);
			finding_instead(f, "`valueTwo` with bits of `value` alone, as in %llu",
					(unsigned long long)(a->value_two & a->value));
		}
		for (j = 0; j < i; j++)
			if (r->args[j].index == a->index) {
				finding_add(f, "either-argument", true, "one argument twice: runtimes take either comparison, not both: %s",
					    text);
				finding_instead(f, "a rule for each comparison, if either is meant");
			}
	}
}

static void lint_contradictions(const struct profile *p, struct findings *f)
{
	struct strset names = { 0 };
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n && p->rules[i].n_args; j++)
			strset_add(&names, p->rules[i].names.v[j]);
	for (i = 0; i < names.n; i++)
		if (algebra_contradicts(p, names.v[i])) {
			finding_add(f, "contradiction", true, "rules for `%s` meet and decide otherwise: which one counts depends on libseccomp's order of their values",
				    names.v[i]);
			finding_instead(f, "rules of which no two hold for the same arguments");
		}
	strset_free(&names);
}

static void missing_text(const struct runtime_base *b,
			 const struct strset *missing, struct findings *f)
{
	cleanup_free char *list = strset_text(missing, " ");

	finding_add(f, "runtime-needs", false, "%s%s cannot start a container without: %s",
	    b->runtime, b->nnp ? " with noNewPrivileges" : "", list);
	finding_instead(f, "a rule that allows them, as `sctrace-nl merge --runtime %s%s` adds it",
			b->runtime, b->nnp ? ",nnp" : "");
}

/* It starts; what else may be wanted of it is told where it was not asked for */
static void lint_needs(const struct profile *p, const struct lint_opts *o,
		       struct findings *f)
{
	unsigned int need;

	for (need = RUNTIME_EXEC; need <= RUNTIME_USER; need <<= 1) {
		cleanup_free char *lacks = runtime_lacks(p, o->runtime, need);

		if (lacks) {
			finding_add(f, need == RUNTIME_EXEC ? "exec-needs" :
			    "user-needs", !(o->needs & need),
			    "%s needs for %s: %s", o->runtime->runtime,
			    runtime_need_text(need), lacks);
			finding_instead(f, "a rule that allows them, as `sctrace-nl merge --runtime %s,%s` adds it",
					o->runtime->runtime, need == RUNTIME_EXEC ? "exec" : "user");
		}
	}
}

static void lint_runtime(const struct profile *p, const struct lint_opts *o,
			 struct findings *f)
{
	const struct runtime_base *all, *best = NULL;
	struct strset missing = { 0 }, least = { 0 };
	size_t i, n;

	if (o->no_runtime)
		return;
	if (o->runtime) {
		runtime_lacking(p, o->runtime, 0, &missing);
		if (missing.n)
			missing_text(o->runtime, &missing, f);
		strset_free(&missing);
		lint_needs(p, o, f);
		return;
	}
	/* enough for one is enough: nobody said which */
	all = runtime_all(&n);
	for (i = 0; i < n; i++) {
		runtime_lacking(p, &all[i], 0, &missing);
		if (!best || missing.n < least.n) {
			best = &all[i];
			strset_free(&least);
			least = missing;
			memset(&missing, 0, sizeof(missing));
		}
		strset_free(&missing);
	}
	if (least.n)
		missing_text(best, &least, f);
	strset_free(&least);
}

static bool is_for(const struct lint_opts *o, const char *runtime)
{
	return (o->target && !strcmp(o->target, runtime)) ||
	       (o->runtime && !strcmp(o->runtime->runtime, runtime));
}

/**
 * lint_machines() - the machines on which a profile is looked at
 * @p: the profile
 * @o: where it is meant for
 * @to: gets their names in includes.arches: the one that is given, or all that it is made for
 */
void lint_machines(const struct profile *p, const struct lint_opts *o, struct strset *to)
{
	if (o->env && o->env->arch)
		strset_add(to, o->env->arch);
	else
		profile_machines(p, to);
}

/* why neither runtime, or not the one that is asked for, makes a filter of it in this place */
static void place_loads(const struct profile *p, const struct lint_opts *o, const char *machine,
			struct error **err)
{
	struct profile_env env = *o->env;
	struct filter_job j[2] = {
		{ .p = p, .env = &env, .runc = is_for(o, "runc") },
		{ .p = p, .env = &env, .runc = !is_for(o, "crun") },
	};
	size_t i;

	env.arch = machine;
	meaning_filters(j, 2, MEANING_MS);
	for (i = 0; i < 2; i++)
		if (j[i].refused && !*err)
			no_filter(err, j[i].kind, 0, "%s", j[i].refused);
	filter_jobs_free(j, 2);
}

/* in the place that it is meant for, or in every one that conditions tell apart */
static bool lint_loads(const struct profile *p, const struct lint_opts *o,
		       struct findings *f)
{
	static const char *const instead[NF_NUMBER + 1] = {
		[NF_RULES] = "rules for the call that look at one and the same argument",
		[NF_ERRNO] = "an errno that the kernel knows, as ENOSYS or EPERM",
		[NF_LENGTH] = "fewer rules with conditions",
	};
	cleanup_error struct error *err = NULL;
	struct strset machines = { 0 };
	size_t i;

	if (p->base_profile)
		return false;
	if (!o->env || o->any_caps)
		profile_verify(p, NULL, o->env ? o->env->arch : NULL, false, &err);
	lint_machines(p, o, &machines);
	for (i = 0; o->env && i < machines.n && !err; i++)
		place_loads(p, o, machines.v[i], &err);
	strset_free(&machines);
	if (!err)
		return true;
	finding_add(f, "not-loadable", false, "%.*s",
		    (int)(err->todo ? err->todo - strlen(": ") : strlen(err->text)),
		    err->text);
	if (err->todo || instead[err->kind])
		finding_instead(f, "%s", err->todo ? err->text + err->todo :
				instead[err->kind]);
	return false;
}

/* runc answers ENOSYS to calls that are newer than all that a profile names */
static void lint_enosys(const struct profile *p, const struct lint_opts *o,
			struct findings *f)
{
	static const uint64_t no_args[PROFILE_MAX_ARGS];
	const struct abi abi = meaning_abi(profile_env_native(o->env));
	int clone3 = meaning_number(&abi, "clone3");
	bool stub = clone3 >= 0 && meaning_enosys(p, o->env, &abi, clone3);
	struct decision d;

	if (is_for(o, "runc") ? meaning_enosys(p, o->env, &abi, INT_MAX) :
	    !is_for(o, "crun") && !o->no_runtime &&
	    p->def_action != PA_ERRNO && meaning_enosys(p, o->env, &abi, INT_MAX))
		finding_add(f, "runc-enosys", true, "calls that are newer than all that the profile names get ENOSYS from runc, and not %s",
			    profile_action_name(p->def_action));
	d = algebra_decide(p, "clone3", NULL, no_args);
	if (p->def_action != PA_ERRNO || d.action != PA_ERRNO ||
	    d.errno_ret != EPERM || (stub && is_for(o, "runc")))
		return;
	finding_add(f, "clone3-eperm", false, "`clone3` gets EPERM%s: glibc starts no thread; it falls back only upon ENOSYS",
		    stub ? " from crun, though not from runc" : "");
	finding_instead(f, "`clone3` with SCMP_ACT_ERRNO and `errnoRet` 38");
}

/* no program does without */
static const struct {
	const char *name, *id;
	bool harmless;
	const char *why;
} vital[] = {
	{ "exit", "no-exit", false, "no thread can end" },
	{ "exit_group", "no-exit", false, "no process can end" },
	{ "rt_sigreturn", "no-sigreturn", true,
	  "a program dies when its signal handler returns" },
};

/**
 * lint() - look for what breaks a profile in the field
 * @p: the profile, as read
 * @o: what it is meant for
 * @f: overwritten; findings_free() it
 */
void lint(const struct profile *p, const struct lint_opts *o,
	  struct findings *f)
{
	bool denies = !profile_action_permits(p->def_action);
	size_t i;

	memset(f, 0, sizeof(*f));
	if (p->n_archmap && p->arches.n) {
		finding_add(f, "two-arch-members", false, "both architectures and archMap: podman and Docker refuse the profile");
		finding_instead(f, "one of them");
	}
	if (p->def_errno >= 0 && !profile_action_has_errno(p->def_action)) {
		finding_add(f, "errno-on-action", false, "defaultErrnoRet beside a default action that has none");
		finding_instead(f, "no `defaultErrnoRet`, or SCMP_ACT_ERRNO");
	}
	if (p->listener_metadata && !p->listener_path) {
		finding_add(f, "no-listener", false, "listenerMetadata without listenerPath");
		finding_instead(f, "`listenerPath`, the socket of the one who answers, or neither");
	}
	for (i = 0; i < p->n_rules; i++) {
		f->rule = i + 1;
		lint_rule(p, &p->rules[i], f);
	}
	f->rule = 0;
	lint_target(p, o, f);
	lint_contradictions(p, f);
	for (i = 0; denies && i < ARRAY_SIZE(vital); i++) {
		if (profile_allows(p, vital[i].name))
			continue;
		finding_add(f, vital[i].id, vital[i].harmless, "`%s` is refused: %s",
			    vital[i].name, vital[i].why);
		finding_instead(f, "`%s` with SCMP_ACT_ALLOW", vital[i].name);
	}
	lint_enosys(p, o, f);
	lint_runtime(p, o, f);
	if (lint_loads(p, o, f))
		lint_openings(p, o, f);
}
