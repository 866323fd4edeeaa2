// SPDX-License-Identifier: GPL-2.0
/*
 * A profile as the filter that a runtime makes of it: in the order and with the
 * leniency of crun (1.29, libcrun/seccomp.c, libcrun_generate_seccomp()) and
 * runc (1.5, libcontainer/seccomp/seccomp_linux.go, InitSeccomp() and
 * matchCall()), so that what passes here loads there.
 */
#include <stdarg.h>
#include "compile.h"
#include "lib/names.h"
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

/* libseccomp, db.c, db_action_valid(): from this one on it takes none */
#define MAX_ERRNO	4095

struct compile_progress compile_progress;

/**
 * no_filter() - say why there is no filter
 * @err: gets the error
 * @kind: of which kind the reason is
 * @errnum: the errno that it came from, or 0
 * @fmt: the reason
 *
 * Return: -1 always.
 */
int no_filter(struct error **err, enum no_filter kind, int errnum, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_make(err, ST_FAILED, errnum, "%s", text);
	(*err)->kind = kind;
	return -1;
}

/**
 * profile_kernel_number() - a kernel's version as a number
 * @s: "X.Y", or NULL for a kernel newer than any
 *
 * Return: a number that grows with the version.
 */
uint32_t profile_kernel_number(const char *s)
{
	unsigned int major = 0, minor = 0;

	if (!s)
		return UINT32_MAX;
	if (sscanf(s, "%4u.%4u", &major, &minor) < 1)
		return 0;
	return (major & 0xffff) << 16 | (minor & 0xffff);
}

/**
 * profile_env_native() - the architecture of a place
 * @env: the place, or NULL for this machine
 *
 * Return: libseccomp's token.
 */
uint32_t profile_env_native(const struct profile_env *env)
{
	return env && env->arch ? profile_arch_from_short(env->arch) :
				  seccomp_arch_native();
}

/**
 * profile_rule_on_kernel() - is a rule for this kernel?
 * @r: the rule
 * @kernel: "X.Y", NULL: the newest
 *
 * Return: false if its minKernel keeps it away.
 */
bool profile_rule_on_kernel(const struct profile_rule *r, const char *kernel)
{
	const char *from = r->includes.min_kernel, *until = r->excludes.min_kernel;
	uint32_t number = profile_kernel_number(kernel);

	return (!from || number >= profile_kernel_number(from)) &&
	       (!until || number < profile_kernel_number(until));
}

/**
 * profile_rule_applies() - does an engine hand a rule on to the runtime?
 * @r: the rule
 * @env: the place, or NULL for this machine without capabilities
 *
 * podman (container-libs, common/pkg/seccomp/seccomp_linux.go, setupSeccomp())
 * and Docker (moby/profiles, seccomp/seccomp_linux.go, setupSeccomp()): of
 * includes all capabilities, the native architecture and the kernel must fit;
 * of excludes none may.
 *
 * Return: true if it does.
 */
bool profile_rule_applies(const struct profile_rule *r,
			  const struct profile_env *env)
{
	const char *arch = profile_arch_short(profile_env_native(env));
	const struct profile_cond *in = &r->includes, *ex = &r->excludes;
	size_t i;

	if (!arch)
		arch = "";
	if (in->arches.n && !strset_has(&in->arches, arch))
		return false;
	if (strset_has(&ex->arches, arch))
		return false;
	for (i = 0; i < in->caps.n; i++)
		if (!env || !strset_has(&env->caps, in->caps.v[i]))
			return false;
	for (i = 0; env && i < ex->caps.n; i++)
		if (strset_has(&env->caps, ex->caps.v[i]))
			return false;
	return profile_rule_on_kernel(r, env ? env->kernel : NULL);
}

/**
 * profile_env_arches() - the ABIs that a profile names for one place
 * @p: the profile
 * @env: the place, or NULL for this machine
 * @to: added to; the native ABI is libseccomp's addition and need not be there
 *
 * Of an archMap the engines take the entry of the native architecture only.
 */
void profile_env_arches(const struct profile *p, const struct profile_env *env,
			struct strset *to)
{
	const char *name = profile_arch_name(profile_env_native(env));
	size_t i;

	strset_join(to, &p->arches);
	for (i = 0; i < p->n_archmap; i++) {
		if (!name || strcmp(p->archmap[i].arch, name))
			continue;
		strset_join(to, &p->archmap[i].subs);
	}
}

/**
 * profile_speaks_of() - is a profile made for machines of an architecture, too?
 * @p: the profile
 * @arch: SCMP_ARCH_*
 *
 * Return: true if it names it.
 */
bool profile_speaks_of(const struct profile *p, const char *arch)
{
	size_t i;

	for (i = 0; i < p->n_archmap; i++)
		if (!strcmp(p->archmap[i].arch, arch))
			return true;
	return strset_has(&p->arches, arch);
}

/* The machine whose kernels run programs of @arch; 0 where it is not known */
static uint32_t machine_of(const char *arch)
{
	const struct abi_name *a = names_abi(profile_arch_token(arch));
	uint32_t native = names_native(), machine;

	if (!a)
		return 0;
	if (a->arch == native || a->host == native)
		return native;
	machine = a->host ? a->host : a->arch;
	return names_abi_known(machine) ? machine : 0;
}

/**
 * profile_machines() - the architectures of the machines that a profile is made for
 * @p: the profile
 * @to: gets their names in includes.arches; this machine's where the profile names no
 *	architecture that this libseccomp knows
 */
void profile_machines(const struct profile *p, struct strset *to)
{
	uint32_t machine;
	size_t i;

	for (i = 0; i < p->n_archmap + p->arches.n; i++) {
		machine = machine_of(i < p->n_archmap ? p->archmap[i].arch :
				     p->arches.v[i - p->n_archmap]);
		if (machine)
			strset_add(to, profile_arch_short(machine));
	}
	if (!to->n)
		strset_add(to, profile_arch_short(names_native()));
}

/**
 * profile_machine() - the architecture of the machines that a profile is made for
 * @p: the profile
 *
 * Return: its name in includes.arches; NULL where the profile is for this machine, too, or
 * names no architecture that this libseccomp knows.
 */
const char *profile_machine(const struct profile *p)
{
	struct strset all = { 0 };
	const char *machine = NULL;

	profile_machines(p, &all);
	if (!strset_has(&all, profile_arch_short(names_native())))
		machine = profile_arch_short(profile_arch_from_short(all.v[0]));
	strset_free(&all);
	return machine;
}

static int add_arches(scmp_filter_ctx ctx, const struct profile *p,
		      const struct profile_env *env, struct error **err)
{
	uint32_t native = profile_env_native(env), host = seccomp_arch_native();
	struct strset arches = { 0 };
	int ret = 0;
	size_t i;

	/* seccomp_init() has the running machine's ABI in every filter */
	if (native != host) {
		ret = seccomp_arch_remove(ctx, host);
		if (!ret)
			ret = seccomp_arch_add(ctx, native);
		if (ret)
			return error_make(err, ST_FAILED, -ret,
					  "libseccomp does not take the architecture %s",
					  env->arch);
	}
	profile_env_arches(p, env, &arches);
	for (i = 0; i < arches.n; i++) {
		ret = seccomp_arch_add(ctx, profile_arch_token(arches.v[i]));
		if (ret == -EEXIST)
			ret = 0;
		if (ret) {
			error_make(err, ST_FAILED, -ret,
				   "libseccomp does not take the architecture %s",
				   arches.v[i]);
			break;
		}
	}
	strset_free(&arches);
	return ret ? -1 : 0;
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
	compile_progress.name = name;
	compile_progress.steps++;
	ret = seccomp_rule_add_array(ctx, action, nr, n, cmp);
	compile_progress.name = NULL;
	if (ret == -ENOMEM)
		return no_filter(err, NF_RULES, 0,
				  "libseccomp has too little memory for the rules of `%s`",
				  name);
	if (ret == -EINVAL && r->action == PA_NOTIFY && seccomp_version()->minor < 5)
		return no_filter(err, NF_CALL, 0,
				  "this libseccomp is older than 2.5, and makes no filter with SCMP_ACT_NOTIFY (`%s`)",
				  name);
	if (ret == -EINVAL && r->action == PA_ERRNO && r->errno_ret >= MAX_ERRNO)
		return no_filter(err, NF_ERRNO, 0,
				  "libseccomp takes errnos up to %d only, and that of `%s` is %d",
				  MAX_ERRNO - 1, name, r->errno_ret);
	/* two that may hold for the same arguments, or that it has made equal */
	if (ret == -EEXIST)
		return no_filter(err, NF_RULES, 0,
				 "libseccomp does not take the rules of `%s` together: it finds no order for those that answer differently",
				 name);
	/* a call that the architecture has under no number at all */
	if (ret && ret != -EDOM)
		return no_filter(err, NF_RULES, -ret,
				  "libseccomp does not take the rules of `%s` together",
				  name);
	return 0;
}

/* runtimes make several rules, any of which may hold, of one with an index twice */
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
			return no_filter(err, NF_CALL, 0,
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
 * libseccomp does not come to an end with some profiles: what comes from
 * outside goes through meaning_filters(), which sets limits.
 *
 * Return: 0 or -1.
 */
int profile_compile(const struct profile *p, const struct profile_env *env,
		    scmp_filter_ctx *ctx, struct profile_notes *notes,
		    struct error **err)
{
	size_t i, j;
	int ret;

	*ctx = seccomp_init(profile_action_scmp(p->def_action, p->def_errno));
	if (!*ctx && p->def_action == PA_ERRNO && p->def_errno >= MAX_ERRNO)
		return no_filter(err, NF_ERRNO, 0,
				  "libseccomp takes errnos up to %d only, and the default's is %d",
				  MAX_ERRNO - 1, p->def_errno);
	if (!*ctx)
		return error_make(err, ST_FAILED, 0,
				  "libseccomp does not take the default action %s",
				  profile_action_name(p->def_action));
	ret = add_arches(*ctx, p, env, err);
	for (i = 0; i < p->n_rules && !ret; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (profile_rule_is_redundant(p, r) ||
		    !profile_rule_applies(r, env))
			continue;
		for (j = 0; j < r->names.n && !ret; j++)
			ret = add_rule(*ctx, r, r->names.v[j], notes, err);
	}
	if (ret) {
		seccomp_release(*ctx);
		*ctx = NULL;
	}
	return ret;
}
