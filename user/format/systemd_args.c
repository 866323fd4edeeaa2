// SPDX-License-Identifier: GPL-2.0
/*
 * RestrictAddressFamilies=, RestrictNamespaces=, LockPersonality= and
 * MemoryDenyWriteExecute=: filters of systemd's own beside that of SystemCallFilter=, see
 * systemd.exec(5). They say what a condition on socket's family, on the flags of clone and
 * unshare, on personality, and on the protection of memory says.
 */
#include <linux/sched.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "lib/guess.h"
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

	if (a->index || !name || !a->value || to->families_all_but ||
	    (a->op != PO_EQ && (a->op != PO_NE || to->families.n)))
		return false;
	to->families_all_but = a->op == PO_NE;
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

/* What MemoryDenyWriteExecute= looks at: a call is refused that has all of these bits */
static const struct protection {
	const char *call;
	unsigned int index;
	uint64_t bits[2];	/* each may be missing; 0: there is one only */
} protections[] = {
	{ "mmap", 2, { PROT_WRITE, PROT_EXEC } },
	{ "mmap2", 2, { PROT_WRITE, PROT_EXEC } },
	{ "mprotect", 2, { PROT_EXEC, 0 } },
	{ "pkey_mprotect", 2, { PROT_EXEC, 0 } },
	{ "shmat", 2, { SHM_EXEC, 0 } },
};

/* May the call be made without one of its bits, and in no other way? */
static bool is_protected(const struct profile *p, const struct protection *c)
{
	bool has[2] = { false, !c->bits[1] };
	size_t i, j;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_arg *a = only_arg(&p->rules[i]);

		if (!strset_has(&p->rules[i].names, c->call))
			continue;
		if (!a || a->index != c->index || a->op != PO_MASKED_EQ || a->value_two)
			return false;
		for (j = 0; j < 2 && a->value != c->bits[j];)
			j++;
		if (j == 2 || !a->value)
			return false;
		has[j] = true;
	}
	return has[0] && has[1];
}

/* Allowed by the filter of the names, as another filter has the condition */
static void make_plain(struct profile *p, const char *call)
{
	profile_take_out(p, call, false);
	profile_allow(p, call);
}

static void take_protections(struct profile *p, struct systemd_args *to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protections); i++) {
		const struct protection *c = &protections[i];
		/* @default allows these two */
		bool may = permitted(p, c->call) || !strcmp(c->call, "mmap") ||
			   !strcmp(c->call, "mprotect");

		if (may && !is_protected(p, c))
			return;
	}
	to->no_wx = true;
	for (i = 0; i < ARRAY_SIZE(protections); i++)
		if (permitted(p, protections[i].call))
			make_plain(p, protections[i].call);
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
	/* who may not call them at all makes no namespaces */
	to->namespaces_given = true;
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
	bool plain = true;

	memset(to, 0, sizeof(*to));
	if (each(p, "socket", is_family, to)) {
		make_plain(p, "socket");
		plain = false;
	}
	to->families_given = !plain || !permitted(p, "socket");
	if (permitted(p, "clone") || permitted(p, "unshare"))
		plain = false;
	take_namespaces(p, to);
	to->lock = !permitted(p, "personality");
	if (each(p, "personality", is_linux, to)) {
		to->lock = true;
		make_plain(p, "personality");
		plain = false;
	}
	take_protections(p, to);
	if (to->no_wx || !plain)
		profile_note(notes, "what settings of their own refuse, as RestrictAddressFamilies=, gets EAFNOSUPPORT or EPERM");
}

/**
 * systemd_args_lose() - what of conditions the settings do not say
 * @meant: the profile, which loses that, too
 */
void systemd_args_lose(struct profile *meant)
{
	size_t i;

	/* that of time is unknown before 257 */
	for (i = 0; i < meant->n_rules; i++) {
		struct profile_rule *r = &meant->rules[i];

		if (only_arg(r) && r->args[0].op == PO_MASKED_EQ &&
		    strset_has(&r->names, "unshare"))
			r->args[0].value &= all_namespaces();
	}
}

/**
 * systemd_args_put() - write the settings
 * @f: where to
 * @a: what was taken
 */
void systemd_args_put(FILE *f, const struct systemd_args *a)
{
	size_t i;

	/* those of the unit itself would be added */
	if (a->families_given) {
		fputs("RestrictAddressFamilies=\nRestrictAddressFamilies=", f);
		for (i = 0; i < a->families.n; i++)
			fprintf(f, "%s%s", i ? " " : a->families_all_but ? "~" : "",
				a->families.v[i]);
		fputs(a->families.n ? "\n" : "none\n", f);
	}
	if (a->namespaces_given && a->namespaces != all_namespaces()) {
		const char *blank = "";

		fputs(a->namespaces ? "RestrictNamespaces=\nRestrictNamespaces=" :
		      "RestrictNamespaces=", f);
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
	if (a->no_wx)
		fputs("MemoryDenyWriteExecute=yes\n", f);
}

/* As systemd has it, parse_boolean(): -1 for what is none */
static int boolean(const char *s)
{
	static const char *const words[] = {
		"0", "no", "n", "false", "f", "off",
		"1", "yes", "y", "true", "t", "on",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i], s))
			return i >= ARRAY_SIZE(words) / 2;
	return -1;
}

static int read_boolean(bool *to, const char *key, const char *value,
			struct error **err)
{
	int b = boolean(value);

	/* systemd ignores an empty one (252, config_parse_bool()): it undoes nothing */
	if (!*value)
		return 0;
	if (b < 0)
		return error_make(err, ST_FAILED, 0, "%s=%s is neither yes nor no",
				  key, value);
	*to = b;
	return 0;
}

/* Some families have several names in sys/socket.h. systemd ignores AF_UNSPEC */
static const char *family_name(const char *word)
{
	static const char *const same[][2] = {
		{ "AF_LOCAL", "AF_UNIX" }, { "AF_FILE", "AF_UNIX" },
		{ "AF_ROUTE", "AF_NETLINK" },
	};
	const struct value_name *v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(same); i++)
		if (!strcmp(same[i][0], word))
			word = same[i][1];
	v = strncmp(word, "AF_", 3) ? NULL : values_find(word);
	return v && v->value ? v->name : NULL;
}

static int read_families(struct systemd_args *a, char *value, struct error **err)
{
	bool invert = *value == '~';
	char *save, *w;

	if (!*value || !strcmp(value, "none"))
		strset_free(&a->families);
	if (!*value) {
		a->families_given = false;
		return 0;
	}
	if (!a->families_given || !strcmp(value, "none")) {
		a->families_given = true;
		a->families_all_but = invert;
	}
	if (!strcmp(value, "none"))
		return 0;
	for (w = strtok_r(value + invert, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		const char *name = family_name(w);

		if (!name)
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no address family", w);
		if (invert == a->families_all_but)
			strset_add(&a->families, name);
		else
			strset_del(&a->families, name);
	}
	return 0;
}

static int read_namespaces(struct systemd_args *a, char *value, struct error **err)
{
	bool invert = *value == '~', given = a->namespaces_given;
	int b = boolean(value);
	uint64_t flags = 0;
	char *save, *w;
	size_t i;

	a->namespaces_given = *value && b;
	if (!*value || b >= 0) {
		a->namespaces = b > 0 ? 0 : all_namespaces();
		return 0;
	}
	for (w = strtok_r(value + invert, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		struct guess g = GUESS_INIT(w);

		for (i = 0; i < ARRAY_SIZE(namespaces); i++) {
			if (!strcmp(namespaces[i].name, w))
				break;
			guess_try(&g, namespaces[i].name);
		}
		if (i < ARRAY_SIZE(namespaces))
			flags |= values_find(namespaces[i].flag)->value;
		else if (strcmp(w, "time"))
			return error_make(err, ST_FAILED, 0,
					  "`%s` is no namespace%s", w, guess_text(&g));
	}
	if (invert)
		flags ^= all_namespaces();
	if (!given)
		a->namespaces = flags;
	else if (invert)
		a->namespaces &= flags;
	else
		a->namespaces |= flags;
	return 0;
}

/**
 * systemd_args_read() - read a setting
 * @a: gets it
 * @key: its name
 * @value: what it is set to; is written to
 * @err: what is wrong with it
 *
 * Return: 1, 0 for a setting of another kind, or -1 and @err.
 */
int systemd_args_read(struct systemd_args *a, const char *key, char *value,
		      struct error **err)
{
	int ret;

	if (!strcmp(key, "RestrictAddressFamilies"))
		ret = read_families(a, value, err);
	else if (!strcmp(key, "RestrictNamespaces"))
		ret = read_namespaces(a, value, err);
	else if (!strcmp(key, "LockPersonality"))
		ret = read_boolean(&a->lock, key, value, err);
	else if (!strcmp(key, "MemoryDenyWriteExecute"))
		ret = read_boolean(&a->no_wx, key, value, err);
	else
		return 0;
	return ret < 0 ? -1 : 1;
}

/* Takes a call out of all rules; false: it was not permitted whatever its arguments are */
static bool uncover(struct profile *p, const char *call, enum profile_action *action)
{
	bool found = false;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		if (!profile_action_permits(r->action) || !strset_del(&r->names, call))
			continue;
		*action = r->action;
		found = true;
	}
	return found;
}

static void allow_where(struct profile *p, const char *call, enum profile_action action,
			struct profile_arg arg)
{
	struct profile_rule *r = profile_add_rule(p, action, PROFILE_NO_ERRNO);

	strset_add(&r->names, call);
	profile_rule_add_arg(r, &arg);
}

static void apply_families(const struct systemd_args *a, struct profile *p,
			   struct strset *left)
{
	enum profile_action action;
	size_t i;

	/* of several that are refused no rule can speak */
	if (a->families_all_but && a->families.n != 1) {
		if (a->families.n && permitted(p, "socket"))
			strset_add(left, "RestrictAddressFamilies");
		return;
	}
	if (!uncover(p, "socket", &action))
		return;
	for (i = 0; i < a->families.n; i++)
		allow_where(p, "socket", action, (struct profile_arg){
			0, a->families_all_but ? PO_NE : PO_EQ,
			values_find(a->families.v[i])->value, 0 });
}

static void apply_namespaces(const struct systemd_args *a, struct profile *p,
			     struct strset *left)
{
	static const char *const calls[] = { "clone", "unshare" };
	uint64_t not = all_namespaces() & ~a->namespaces;
	enum profile_action action;
	size_t i;

	if (!not)
		return;
	if (a->namespaces && permitted(p, "setns")) {
		strset_add(left, "RestrictNamespaces");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (uncover(p, calls[i], &action))
			allow_where(p, calls[i], action, (struct profile_arg){
				0, PO_MASKED_EQ, not, 0 });
	/* its flags are in memory: systemd says that there is no such call */
	if (uncover(p, "clone3", &action))
		strset_add(&profile_add_rule(p, PA_ERRNO, ENOSYS)->names, "clone3");
	uncover(p, "setns", &action);
}

static void apply_protections(struct profile *p)
{
	enum profile_action action;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(protections); i++) {
		const struct protection *c = &protections[i];

		if (!uncover(p, c->call, &action))
			continue;
		for (j = 0; j < 2 && c->bits[j]; j++)
			allow_where(p, c->call, action, (struct profile_arg){
				c->index, PO_MASKED_EQ, c->bits[j], 0 });
	}
}

/**
 * systemd_args_apply() - put the settings into a profile as conditions
 * @a: the settings
 * @p: the profile of the unit's list, which allows
 * @left: gets the names of settings that cannot be said so
 */
void systemd_args_apply(const struct systemd_args *a, struct profile *p,
			struct strset *left)
{
	enum profile_action action;

	if (a->families_given)
		apply_families(a, p, left);
	if (a->namespaces_given)
		apply_namespaces(a, p, left);
	if (a->lock && uncover(p, "personality", &action))
		allow_where(p, "personality", action,
			    (struct profile_arg){ 0, PO_EQ, 0, 0 });
	if (a->no_wx)
		apply_protections(p);
	profile_normalise(p);
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
