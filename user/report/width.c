// SPDX-License-Identifier: GPL-2.0
/*
 * How much of what arguments can ask for a profile allows. What its filter says is asked of
 * the filter: one for the profile, one for the default of each engine.
 */

#include <signal.h>
#include "lib/names.h"
#include "lib/values.h"
#include "profile/lint.h"
#include "profile/meaning.h"
#include "report.h"

/* What is counted: names of a family that the first argument of a call can have */
static const struct {
	const char *what;
	const char *call;
	enum value_family family;
} counted[WIDTHS] = {
	{ "address families", "socket", VALUES_AF },
	{ "kinds of namespaces to make", NULL, VALUES_CLONE },
	{ "ptrace requests", "ptrace", VALUES_PTRACE },
	{ "bpf commands", "bpf", VALUES_BPF },
	{ "keyctl operations", "keyctl", VALUES_KEYCTL },
	{ "prctl options", "prctl", VALUES_PR },
};

struct asked {
	struct bpf filter;
	struct dd *m;
	struct abi abi;
};

/* What the filter does with a call; one that the ABI does not have is refused */
static dd_t does(struct asked *a, const char *call)
{
	int nr = meaning_number(&a->abi, call);

	return nr < 0 ? dd_value(a->m, SECCOMP_RET_KILL_PROCESS) :
			meaning_of(&a->filter, a->m, &a->abi, nr);
}

/* Is there a way to make a call of which one argument is so? */
static bool possible(struct asked *a, dd_t f, unsigned int index, uint64_t value)
{
	const struct profile_arg arg = { index, PO_EQ, value, 0 };
	bool yes = false;
	uint32_t *v;
	size_t i, n;

	f = dd_ite(a->m, dd_compare(a->m, &arg, names_abi(a->abi.token)->narrow),
		   f, dd_value(a->m, SECCOMP_RET_KILL_PROCESS));
	dd_values(a->m, f, &v, &n);
	for (i = 0; i < n; i++)
		yes |= meaning_permits(v[i]);
	free(v);
	return yes;
}

/*
 * A namespace is made by any of three calls. clone3 shows no filter what it makes, and that of
 * time is no flag of clone.
 */
struct makers {
	dd_t clone, clone3, unshare;
	const struct sctrace_watched *row;	/* of clone */
};

static bool makes(struct asked *a, const struct makers *by, uint64_t flag)
{
	return possible(a, by->clone3, 0, 0) ||
	       possible(a, by->unshare, 0, flag) ||
	       (by->row && flag > 0xff &&
		possible(a, by->clone, by->row->first, flag | SIGCHLD));
}

static int ask(struct asked *a, const struct profile *p,
	       const struct profile_env *env)
{
	struct error *err = NULL;

	a->abi = meaning_abi(profile_env_native(env));
	if (meaning_filter(p, env, false, &a->filter, &err)) {
		error_free(err);
		return -1;
	}
	a->m = dd_new();
	return 0;
}

static void count(const struct profile *p, const struct profile_env *env,
		  unsigned int *of, unsigned int *allowed)
{
	const struct value_name *v = NULL;
	struct makers by;
	struct asked a;
	size_t i;

	if (ask(&a, p, env))
		return;
	by.clone = does(&a, "clone");
	by.clone3 = does(&a, "clone3");
	by.unshare = does(&a, "unshare");
	by.row = value_row(a.abi.token, "clone");
	for (i = 0; i < WIDTHS; i++) {
		bool flags = counted[i].family == VALUES_CLONE;
		dd_t f = flags ? 0 : does(&a, counted[i].call);

		of[i] = 0;
		allowed[i] = 0;
		while ((v = values_next(counted[i].family, v))) {
			if (flags && !(v->value & args_namespaces()))
				continue;
			of[i]++;
			allowed[i] += flags ? makes(&a, &by, v->value) :
					      possible(&a, f, 0, v->value);
		}
	}
	dd_free(a.m);
	bpf_free(&a.filter);
}

/* Of the engines: they do not change while the program runs */
static const unsigned int *peer_count(size_t peer, const char *machine)
{
	static unsigned int known[PEERS][WIDTHS], of[WIDTHS];
	static const char *on[PEERS];
	struct profile_env env = { .arch = machine };

	if (!known[peer][0] || on[peer] != machine) {
		on[peer] = machine;
		peer_caps(&peers[peer], &env.caps);
		count(peer_profile(&peers[peer]), &env, of, known[peer]);
		strset_free(&env.caps);
	}
	return known[peer];
}

/**
 * width_count() - count what arguments can ask for
 * @p: the profile, for a container with Docker's usual capabilities
 * @machine: of profile_machine()
 * @v: gets the counts
 *
 * Return: how many there are, 0 where the profile cannot be loaded.
 */
size_t width_count(const struct profile *p, const char *machine, struct width v[WIDTHS])
{
	unsigned int of[WIDTHS] = { 0 }, n[WIDTHS];
	struct profile_env env = { .arch = machine };
	size_t i, j;

	peer_caps(&peers[0], &env.caps);
	count(p, &env, of, n);
	strset_free(&env.caps);
	if (!of[0])
		return 0;
	for (i = 0; i < WIDTHS; i++) {
		v[i].what = counted[i].what;
		v[i].of = of[i];
		v[i].allowed = n[i];
		for (j = 0; j < PEERS; j++)
			v[i].peer[j] = peer_count(j, machine)[i];
	}
	return WIDTHS;
}

/**
 * width_text() - a count in words
 * @w: the count
 *
 * Return: the words, for free().
 */
char *width_text(const struct width *w)
{
	return xasprintf("of %u %s this profile allows %u (the default of %s %u, of %s %u)",
			 w->of, w->what, w->allowed, peers[0].name, w->peer[0],
			 peers[1].name, w->peer[1]);
}

/**
 * width_print() - the counts as text or JSON
 * @out: the output
 * @v: of width_count()
 * @n: how many
 */
void width_print(struct print *out, const struct width *v, size_t n)
{
	size_t i, j;

	print_table(out, "arguments");
	for (i = 0; i < n; i++) {
		print_row(out);
		print_string(out, "what", NULL, v[i].what);
		print_u64(out, "of", NULL, v[i].of);
		print_u64(out, "allowed", NULL, v[i].allowed);
		for (j = 0; j < PEERS; j++)
			print_u64(out, peers[j].key, NULL, v[i].peer[j]);
	}
	print_close(out);
	for (i = 0; i < n; i++) {
		cleanup_free char *text = width_text(&v[i]);

		print_words(out, 4, "%s", text);
	}
}

/* Calls that are allowed whatever their arguments are, which the default looks at */
static char *looked_at(const struct peer *peer, const struct profile *p)
{
	char *text = NULL;
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; j < p->rules[i].names.n; j++) {
			const char *name = p->rules[i].names.v[j];
			cleanup_free char *old = NULL;

			if (!value_is_watched(name) || !profile_allows(p, name) ||
			    peer_verdict(peer, name, NULL, NULL) != PEER_LOOKS)
				continue;
			old = text;
			text = xasprintf("%s%s`%s`", old ? old : "",
					 old ? ", " : "", name);
		}
	return text;
}

static void judge_none(struct derived *d, const struct profile *p)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < PEERS; i++) {
		cleanup_free char *names = looked_at(&peers[i], p);
		cleanup_free char *old = names ? text : NULL;

		if (names)
			text = xasprintf("%s%s%s looks at those of %s",
					 old ? old : "", old ? ", that of " : "",
					 peers[i].name, names);
	}
	if (text)
		derived_warn(d, xasprintf("no conditions on arguments, as --args none asks: the default of %s", text));
	free(text);
}

/**
 * width_judge() - where a profile is wider than it looks
 * @mode: which conditions were asked for
 * @native: the kernel's own ABI
 * @d: gets warnings
 * @p: the profile as it will be written: a base may have been added
 */
void width_judge(enum args_mode mode, uint32_t native, struct derived *d,
		 const struct profile *p)
{
	const struct abi_name *abi = names_abi(native);
	struct profile_env env = { .arch = abi ? abi->engine : NULL };
	char *text;

	if (mode == ARGS_NONE) {
		judge_none(d, p);
		return;
	}
	text = openings_multiplexed(p, &env);
	if (text)
		derived_warn(d, text);
}
