// SPDX-License-Identifier: GPL-2.0
/*
 * Ways round a profile: a call that it restricts, while another one that does the
 * same is open. What a filter says is asked of the filter.
 */
#include <errno.h>
#include <string.h>

#include "ages.h"
#include "lint.h"
#include "meaning.h"
#include "portable.h"
#include "lib/names.h"
#include "lib/util.h"

/*
 * i386, s390 and others have one call for all of these; its first argument says
 * which one is meant, and the others are in memory, where no filter looks.
 */
static const struct multiplexed {
	const char *by;
	uint64_t number;
	const char *name;
} multiplexed[] = {
	{ "socketcall", 1, "socket" }, { "socketcall", 2, "bind" },
	{ "socketcall", 3, "connect" }, { "socketcall", 4, "listen" },
	{ "socketcall", 5, "accept" }, { "socketcall", 6, "getsockname" },
	{ "socketcall", 7, "getpeername" }, { "socketcall", 8, "socketpair" },
	{ "socketcall", 9, "send" }, { "socketcall", 10, "recv" },
	{ "socketcall", 11, "sendto" }, { "socketcall", 12, "recvfrom" },
	{ "socketcall", 13, "shutdown" }, { "socketcall", 14, "setsockopt" },
	{ "socketcall", 15, "getsockopt" }, { "socketcall", 16, "sendmsg" },
	{ "socketcall", 17, "recvmsg" }, { "socketcall", 18, "accept4" },
	{ "socketcall", 19, "recvmmsg" }, { "socketcall", 20, "sendmmsg" },
	{ "ipc", 1, "semop" }, { "ipc", 2, "semget" }, { "ipc", 3, "semctl" },
	{ "ipc", 4, "semtimedop" }, { "ipc", 11, "msgsnd" },
	{ "ipc", 12, "msgrcv" }, { "ipc", 13, "msgget" },
	{ "ipc", 14, "msgctl" }, { "ipc", 21, "shmat" }, { "ipc", 22, "shmdt" },
	{ "ipc", 23, "shmget" }, { "ipc", 24, "shmctl" },
};

/* beside the families of portable.c: what one can, the other can */
static const struct twin {
	const char *name;
	const char *other;
	const char *why;
} twins[] = {
	{ "clone", "clone3", "its flags are in memory, where no filter looks" },
	{ "execve", "execveat", "it runs a program as well" },
	{ "execveat", "execve", "it runs a program as well" },
	{ "init_module", "finit_module", "it loads a module as well" },
	{ "finit_module", "init_module", "it loads a module as well" },
	{ "kexec_load", "kexec_file_load", "it loads a kernel as well" },
	{ "kexec_file_load", "kexec_load", "it loads a kernel as well" },
	{ "umount2", "umount", "it unmounts as well" },
	{ "umount", "umount2", "it unmounts as well" },
	{ "mount", "move_mount", "it attaches a mount as well" },
	{ "settimeofday", "clock_settime", "it sets the time as well" },
	{ "clock_settime", "settimeofday", "it sets the time as well" },
	{ "kill", "pidfd_send_signal", "it sends a signal as well" },
	{ "process_vm_readv", "ptrace", "it reads another's memory as well" },
	{ "process_vm_writev", "ptrace", "it writes another's memory as well" },
};

struct look {
	const struct profile *p;
	struct findings *f;
	struct bpf filter;
	struct dd *m;
	const struct abi *abi;
	size_t n_abi;
};

/* The rule that restricts a call in so many words, counted from 1; or 0 */
static size_t stated(const struct look *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->p->n_rules; i++) {
		const struct profile_rule *r = &l->p->rules[i];

		if (!strset_has(&r->names, name))
			continue;
		/* "take an older call" keeps nobody from anything */
		if (profile_action_permits(r->action) ? r->n_args > 0 :
		    profile_errno(r) != ENOSYS || r->n_args > 0)
			return i + 1;
	}
	return 0;
}

/* Of all its arguments: can the call be made, can it be refused? */
static void verdict(struct look *l, const struct abi *abi, const char *name,
		    bool *made, bool *refused)
{
	int nr = meaning_number(abi, name);
	uint32_t *v;
	size_t n, i;

	*made = false;
	*refused = false;
	if (nr < 0)
		return;
	dd_values(l->m, meaning_of(&l->filter, l->m, abi, nr), &v, &n);
	for (i = 0; i < n; i++)
		if (meaning_permits(v[i]))
			*made = true;
		else
			*refused = true;
	free(v);
}

static const char *abi_name(const struct abi *abi)
{
	const struct abi_name *a = names_abi(abi->token);

	return a ? a->name : "other";
}

/* @other does what @name does, and the filter has nothing against it */
static bool open_beside(struct look *l, const char *name, const char *other,
			bool *made)
{
	bool refused, other_made, other_refused;
	size_t i;

	for (i = 0; i < l->n_abi; i++) {
		verdict(l, &l->abi[i], name, made, &refused);
		verdict(l, &l->abi[i], other, &other_made, &other_refused);
		if (refused && other_made && !other_refused)
			return true;
	}
	return false;
}

static void tell(struct look *l, size_t rule, const char *name, bool made,
		 const struct strset *open, const char *why)
{
	bool denies = !profile_action_permits(l->p->def_action);
	bool enosys = open->n == 1 && ages_call(open->v[0]) &&
		      (l->p->def_action != PA_ERRNO ||
		       profile_default_errno(l->p) != ENOSYS);
	char *list = NULL, *old;
	size_t i;

	for (i = 0; i < open->n; i++) {
		old = list;
		list = xasprintf("%s%s`%s`", old ? old : "", old ? ", " : "",
				 open->v[i]);
		free(old);
	}
	l->f->rule = rule;
	finding_add(l->f, "twin-open", false, "`%s` is %s, but not %s: %s",
		    name, made ? "restricted" : "refused", list, why);
	/* a rule that repeats the default would be no cure */
	finding_instead(l->f, enosys ? "a rule that refuses %s with ENOSYS, upon which programs take the older call" :
			denies ? "no rule that permits %s" :
			"a rule that refuses %s as well", list);
	free(list);
}

static void pair(struct look *l, const char *name, const char *other,
		 const char *why)
{
	size_t rule = stated(l, name);
	struct strset open = { 0 };
	bool made;

	if (!rule || !open_beside(l, name, other, &made))
		return;
	strset_add(&open, other);
	tell(l, rule, name, made, &open, why);
	strset_free(&open);
}

/* the others that do the same, where the profile refuses one of them */
static void family(struct look *l, size_t rule, const char *name)
{
	const char *other, *why = NULL, *first = NULL;
	struct strset open = { 0 };
	bool made = false;
	size_t at = 0;

	while ((other = portable_twin(name, &at, &why))) {
		/* fork makes no namespace, and oldstat is nothing to keep */
		if (!strncmp(name, "old", 3) || !strcmp(name, "clone") || !strcmp(name, "clone3") ||
		    !open_beside(l, name, other, &made))
			continue;
		strset_add(&open, other);
		first = why;
	}
	if (open.n)
		tell(l, rule, name, made, &open, first);
	strset_free(&open);
}

static void through(struct look *l, const struct multiplexed *x,
		    struct strset *told)
{
	const uint64_t args[PROFILE_MAX_ARGS] = { x->number };
	size_t i, rule = stated(l, x->name);
	bool made, refused;
	char *key;
	int nr;

	for (i = 0; i < l->n_abi; i++) {
		const struct abi *abi = &l->abi[i];

		nr = meaning_number(abi, x->by);
		if (nr < 0 || !rule ||
		    !meaning_permits(meaning_at(&l->filter, abi, nr, args)))
			continue;
		/* the native ABI tells what was meant where this has one call only */
		verdict(l, abi, x->name, &made, &refused);
		if (!made && !refused)
			verdict(l, &l->abi[0], x->name, &made, &refused);
		key = xasprintf("%s %s", x->name, abi_name(abi));
		if (refused && strset_add(told, key)) {
			l->f->rule = rule;
			finding_add(l->f, "multiplexed", false, "the %s `%s` %s not hold for %s programs: `%s` reaches the same",
				    made ? "conditions of" : "refusal of",
				    x->name, made ? "do" : "does",
				    abi_name(abi), x->by);
			/* the machine's own ABI is in every filter */
			finding_instead(l->f, i ? "a rule that refuses `%s` with an errno that is not the default's, or `architectures` without %s" :
					"a rule that refuses `%s` with an errno that is not the default's",
					x->by, names_abi(abi->token)->token);
		}
		free(key);
	}
}

static void look(const struct profile *p, const struct profile_env *env,
		 struct findings *f)
{
	struct look l = { .p = p, .f = f };
	struct strset told = { 0 };
	struct error *err = NULL;
	size_t i, n, rule = f->rule;

	l.n_abi = meaning_abis(profile_env_native(env), &l.abi);
	if (!l.n_abi || meaning_filter(p, env, false, &l.filter, &err)) {
		/* why there is no filter is told elsewhere */
		error_free(err);
		return;
	}
	l.m = dd_new();
	for (i = 0; i < ARRAY_SIZE(multiplexed) && !dd_full(l.m); i++)
		through(&l, &multiplexed[i], &told);
	for (i = 0; i < ARRAY_SIZE(twins) && !dd_full(l.m); i++)
		pair(&l, twins[i].name, twins[i].other, twins[i].why);
	for (i = 0; i < p->n_rules && !dd_full(l.m); i++)
		for (n = 0; n < p->rules[i].names.n; n++)
			if (stated(&l, p->rules[i].names.v[n]) == i + 1)
				family(&l, i + 1, p->rules[i].names.v[n]);
	dd_free(l.m);
	bpf_free(&l.filter);
	strset_free(&told);
	f->rule = rule;
}

/**
 * openings_multiplexed() - are there conditions that 32-bit programs need not heed?
 * @p: the profile, one that loads
 * @env: where it is loaded
 *
 * Return: which calls and why, for free(); NULL where there are none.
 */
char *openings_multiplexed(const struct profile *p, const struct profile_env *env)
{
	struct findings f = { 0 };
	struct look l = { .p = p, .f = &f };
	struct strset told = { 0 };
	struct error *err = NULL;
	char *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(multiplexed); i++)
		if (stated(&l, multiplexed[i].name))
			break;
	if (i == ARRAY_SIZE(multiplexed))
		return NULL;
	l.n_abi = meaning_abis(profile_env_native(env), &l.abi);
	if (!l.n_abi || meaning_filter(p, env, false, &l.filter, &err)) {
		error_free(err);
		return NULL;
	}
	l.m = dd_new();
	for (i = 0; i < ARRAY_SIZE(multiplexed) && !dd_full(l.m); i++)
		through(&l, &multiplexed[i], &told);
	for (i = 0; i < f.n; i++) {
		cleanup_free char *old = text;

		text = old ? xasprintf("%s; %s", old, f.v[i].text) :
			     xstrdup(f.v[i].text);
	}
	dd_free(l.m);
	bpf_free(&l.filter);
	strset_free(&told);
	findings_free(&f);
	return text;
}

/* What two machines have to tell alike is told once */
static void join(struct findings *f, const struct findings *more)
{
	size_t i, j, n = f->n;

	for (i = 0; i < more->n; i++) {
		const struct finding *x = &more->v[i];

		for (j = 0; j < n; j++)
			if (f->v[j].rule == x->rule && !strcmp(f->v[j].text, x->text))
				break;
		if (j < n)
			continue;
		f->rule = x->rule;
		finding_add(f, x->id, x->harmless, "%s", x->text);
		if (x->instead)
			finding_instead(f, "%s", x->instead);
	}
	f->rule = 0;
}

/**
 * lint_openings() - look for ways round what a profile restricts
 * @p: the profile, one that loads
 * @o: where it is meant for; without a machine: on all that it is made for
 * @f: added to
 */
void lint_openings(const struct profile *p, const struct lint_opts *o,
		   struct findings *f)
{
	struct strset machines = { 0 };
	size_t i;

	lint_machines(p, o, &machines);
	for (i = 0; i < machines.n; i++) {
		struct profile_env there = { .kernel = o->kernel };
		struct findings more = { 0 };

		if (o->env)
			there = *o->env;
		there.arch = machines.v[i];
		look(p, &there, &more);
		join(f, &more);
		findings_free(&more);
	}
	strset_free(&machines);
}
