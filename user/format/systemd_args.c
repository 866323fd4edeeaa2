// SPDX-License-Identifier: GPL-2.0
/*
 * RestrictAddressFamilies=, RestrictNamespaces= and LockPersonality=: filters of systemd's
 * own beside that of SystemCallFilter=, see systemd.exec(5). They say what a condition on
 * socket's family, on the flags of clone and unshare, and on personality says.
 */
#include <linux/sched.h>
#include <string.h>

#include "lib/util.h"
#include "lib/values.h"
#include "profile/args.h"
#include "systemd_args.h"

static const struct {
	const char *name;
	const char *flag;
} namespaces[] = {
	{ "cgroup", "CLONE_NEWCGROUP" }, { "ipc", "CLONE_NEWIPC" },
	{ "net", "CLONE_NEWNET" }, { "mnt", "CLONE_NEWNS" },
	{ "pid", "CLONE_NEWPID" }, { "user", "CLONE_NEWUSER" },
	{ "uts", "CLONE_NEWUTS" },
};

/* Those that systemd knows: before 257 not that of time, which unshare makes only */
static uint64_t all_namespaces(void)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(namespaces); i++) {
		const struct value_name *v = values_find(namespaces[i].flag);

		if (v)
			all |= v->value;
	}
	return all;
}

static const struct profile_arg *only_arg(const struct profile_rule *r)
{
	return r->n_args == 1 && profile_action_permits(r->action) &&
	       profile_cond_empty(&r->includes) &&
	       profile_cond_empty(&r->excludes) ? &r->args[0] : NULL;
}

/* Gives all rules of a call with arguments to @fn; false: there is none, or not one of these */
static bool each(const struct profile *p, const char *call,
		 bool (*fn)(struct systemd_args *to, const struct profile_arg *a),
		 struct systemd_args *to)
{
	bool any = false;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (!strset_has(&r->names, call))
			continue;
		if (!only_arg(r) || !fn(to, only_arg(r)))
			return false;
		any = true;
	}
	return any;
}

static bool is_family(struct systemd_args *to, const struct profile_arg *a)
{
	const char *name = values_name(VALUES_AF, a->value);

	if (a->index || a->op != PO_EQ || !name || !a->value)
		return false;
	strset_add(&to->families, name);
	return true;
}

static bool is_linux(struct systemd_args *to, const struct profile_arg *a)
{
	(void)to;
	return !a->index && a->op == PO_EQ && !a->value;
}

/* The namespaces of clone or unshare that may be made; of all its rules there is one */
static bool is_namespaces(struct systemd_args *to, const struct profile_arg *a)
{
	uint64_t may = all_namespaces() & ~a->value;

	if (a->op != PO_MASKED_EQ || a->value_two ||
	    a->value & ~(uint64_t)args_namespaces() ||
	    (to->namespaces_given && to->namespaces != may))
		return false;
	to->namespaces = may;
	to->namespaces_given = true;
	return true;
}

static bool permitted(const struct profile *p, const char *call)
{
	return profile_permits(p, call);
}

/* Allowed by the filter of the names, as another filter has the condition */
static void make_plain(struct profile *p, const char *call)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		strset_del(&r->names, call);
		if (r->names.n)
			p->rules[n++] = *r;
		else
			profile_rule_free(r);
	}
	p->n_rules = n;
	profile_allow(p, call);
}

static void take_namespaces(struct profile *p, struct systemd_args *to)
{
	static const char *const calls[] = { "clone", "unshare" };
	bool fits[ARRAY_SIZE(calls)];
	size_t i;

	/* of setns without a kind of namespace systemd allows none or all */
	if (permitted(p, "setns") || permitted(p, "clone3"))
		return;
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		fits[i] = each(p, calls[i], is_namespaces, to);
		if (!fits[i] && permitted(p, calls[i])) {
			to->namespaces_given = false;
			return;
		}
	}
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (fits[i])
			make_plain(p, calls[i]);
}

/**
 * systemd_args_take() - take the conditions that systemd has settings for
 * @p: the profile; its rules are plain where a setting says the rest
 * @to: set up here; for systemd_args_free()
 * @notes: what is otherwise with the settings, or NULL
 */
void systemd_args_take(struct profile *p, struct systemd_args *to,
		       struct profile_notes *notes)
{
	memset(to, 0, sizeof(*to));
	if (each(p, "socket", is_family, to)) {
		to->families_given = true;
		make_plain(p, "socket");
	}
	take_namespaces(p, to);
	if (each(p, "personality", is_linux, to)) {
		to->lock = true;
		make_plain(p, "personality");
	}
	if (to->families_given || to->namespaces_given || to->lock)
		profile_note(notes, "what RestrictAddressFamilies=, RestrictNamespaces= and LockPersonality= refuse gets EAFNOSUPPORT or EPERM");
}

/**
 * systemd_args_put() - write the settings
 * @f: where to
 * @a: what was taken
 */
void systemd_args_put(FILE *f, const struct systemd_args *a)
{
	size_t i;

	if (a->families_given) {
		fputs("RestrictAddressFamilies=", f);
		for (i = 0; i < a->families.n; i++)
			fprintf(f, "%s%s", i ? " " : "", a->families.v[i]);
		fputc('\n', f);
	}
	if (a->namespaces_given && a->namespaces != all_namespaces()) {
		const char *blank = "";

		fputs("RestrictNamespaces=", f);
		for (i = 0; i < ARRAY_SIZE(namespaces); i++) {
			const struct value_name *v = values_find(namespaces[i].flag);

			if (!v || !(a->namespaces & v->value))
				continue;
			fprintf(f, "%s%s", blank, namespaces[i].name);
			blank = " ";
		}
		fputs(*blank ? "\n" : "yes\n", f);
	}
	if (a->lock)
		fputs("LockPersonality=yes\n", f);
}

/**
 * systemd_args_free() - release what was taken
 * @a: the settings
 */
void systemd_args_free(struct systemd_args *a)
{
	strset_free(&a->families);
	memset(a, 0, sizeof(*a));
}
