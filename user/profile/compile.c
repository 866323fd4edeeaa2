// SPDX-License-Identifier: GPL-2.0
/*
 * A profile as the filter that a runtime makes of it: in the order and with the
 * leniency of crun and runc, so that what passes here loads there.
 */
#include "compile.h"
#include "lib/util.h"

static const enum scmp_compare scmp_op[PO_COUNT] = {
	[PO_NE] = SCMP_CMP_NE,
	[PO_LT] = SCMP_CMP_LT,
	[PO_LE] = SCMP_CMP_LE,
	[PO_EQ] = SCMP_CMP_EQ,
	[PO_GE] = SCMP_CMP_GE,
	[PO_GT] = SCMP_CMP_GT,
	[PO_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

static int add_arch(scmp_filter_ctx ctx, const char *name, struct error **err)
{
	int ret = seccomp_arch_add(ctx, profile_arch_token(name));

	if (ret && ret != -EEXIST)
		return error_make(err, ST_FAILED, -ret,
				  "libseccomp does not take the architecture %s",
				  name);
	return 0;
}

static int add_arches(scmp_filter_ctx ctx, const struct profile *p,
		      const struct profile_env *env, struct error **err)
{
	uint32_t native = seccomp_arch_native();
	const char *name;
	size_t i, j;

	if (env && env->arch)
		native = profile_arch_from_short(env->arch);
	name = profile_arch_name(native);
	for (i = 0; i < p->arches.n; i++)
		if (add_arch(ctx, p->arches.v[i], err))
			return -1;
	for (i = 0; i < p->n_archmap; i++) {
		if (!name || strcmp(p->archmap[i].arch, name))
			continue;
		for (j = 0; j < p->archmap[i].subs.n; j++)
			if (add_arch(ctx, p->archmap[i].subs.v[j], err))
				return -1;
	}
	return 0;
}

static int add_one(scmp_filter_ctx ctx, const struct profile_rule *r,
		   const char *name, int nr, const struct profile_arg *args,
		   size_t n, struct error **err)
{
	struct scmp_arg_cmp cmp[PROFILE_MAX_ARGS];
	uint32_t action = profile_action_scmp(r->action, r->errno_ret);
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		cmp[i].arg = args[i].index;
		cmp[i].op = scmp_op[args[i].op];
		cmp[i].datum_a = args[i].value;
		cmp[i].datum_b = args[i].value_two;
	}
	ret = seccomp_rule_add_array(ctx, action, nr, n, cmp);
	/* a call that the architecture has under no number at all */
	if (ret && ret != -EDOM)
		return error_make(err, ST_FAILED, -ret,
				  "libseccomp does not take the rule of `%s`",
				  name);
	return 0;
}

static int add_rule(scmp_filter_ctx ctx, const struct profile_rule *r,
		    const char *name, struct profile_notes *notes,
		    struct error **err)
{
	int nr = seccomp_syscall_resolve_name(name);
	bool twice = false;
	size_t i, j;

	if (nr == __NR_SCMP_ERROR) {
		profile_note(notes, "`%s` is unknown to this libseccomp", name);
		return 0;
	}
	for (i = 0; i < r->n_args; i++)
		for (j = 0; j < i; j++)
			twice |= r->args[i].index == r->args[j].index;
	if (!twice) {
		if (r->n_args > PROFILE_MAX_ARGS)
			return error_make(err, ST_FAILED, 0,
					  "too many arguments in the rule of `%s`",
					  name);
		return add_one(ctx, r, name, nr, r->args, r->n_args, err);
	}
	for (i = 0; i < r->n_args; i++)
		if (add_one(ctx, r, name, nr, &r->args[i], 1, err))
			return -1;
	return 0;
}

/**
 * profile_compile() - make the filter of a profile
 * @p: the profile
 * @env: where it is loaded, for its conditions and archMap; NULL: here, and
 *	without capabilities
 * @ctx: set to libseccomp's filter; seccomp_release() it
 * @notes: names that are skipped as unknown, or NULL
 * @err: what libseccomp refuses
 *
 * Return: 0 or -1.
 */
int profile_compile(const struct profile *p, const struct profile_env *env,
		    scmp_filter_ctx *ctx, struct profile_notes *notes,
		    struct error **err)
{
	struct profile *here = algebra_resolve(p, env);
	size_t i, j;
	int ret;

	*ctx = seccomp_init(profile_action_scmp(p->def_action, p->def_errno));
	if (!*ctx) {
		profile_free(here);
		return error_make(err, ST_FAILED, 0,
				  "libseccomp does not take the default action %s",
				  profile_action_name(p->def_action));
	}
	ret = add_arches(*ctx, here, env, err);
	for (i = 0; i < here->n_rules && !ret; i++) {
		const struct profile_rule *r = &here->rules[i];

		if (profile_rule_is_redundant(p, r))
			continue;
		for (j = 0; j < r->names.n && !ret; j++)
			ret = add_rule(*ctx, r, r->names.v[j], notes, err);
	}
	profile_free(here);
	if (ret) {
		seccomp_release(*ctx);
		*ctx = NULL;
	}
	return ret;
}
