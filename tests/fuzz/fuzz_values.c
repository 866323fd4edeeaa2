// SPDX-License-Identifier: GPL-2.0
/*
 * From recorded values to a profile: random records, each mode of --args, with and without a
 * base, and what libseccomp's filter of the result does.
 *
 *	fuzz_values RECORDS [SEED]
 *
 * Whatever was recorded is permitted. Whatever the base permits is. Nothing else is, but what is
 * told: the rule for that is written here once more, for one call at a time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/audit.h>
#include <linux/sched.h>

#include "../unit/element.h"
#include "../unit/random_profile.h"
#include "lib/names.h"
#include "lib/util.h"
#include "profile/args.h"
#include "profile/meaning.h"
#include "record/value.h"
#include "report/peer.h"
#include "report/width.h"

#define X86_64	AUDIT_ARCH_X86_64
#define SPACES	0x7e020000ULL		/* namespaces, as clone has them */
#define TIME	0x80ULL			/* ... and that of time */

/* Calls whose values are kept, and some whose are not */
static const char *const calls[] = {
	"socket", "socketpair", "setsockopt", "socketcall", "ipc", "clone", "clone3",
	"unshare", "setns", "personality", "prctl", "keyctl", "bpf", "ptrace", "fcntl",
	"fcntl64", "ioctl", "madvise", "mmap", "mmap2", "mprotect", "mount", "umount2",
	"read", "openat", "bind", "semop", "sync",
};

/* A call that was made */
struct made {
	uint32_t arch;
	const char *call;
	uint64_t arg[PROFILE_MAX_ARGS];
};

struct trial {
	struct record r;
	struct made made[256];
	size_t n_made;
	struct strset names;		/* calls that were recorded and count */
	struct strset open;		/* ... whose values are not all known */
	enum args_mode mode;
	const struct profile *base;
	struct derived d;
	unsigned long seed;
	unsigned int bad;
};

static uint64_t some_bits(struct chance *c)
{
	static const uint64_t bits[] = {
		0, 17, CLONE_VM, CLONE_THREAD | CLONE_SIGHAND, CLONE_NEWUSER, CLONE_NEWNS,
		CLONE_NEWNET, CLONE_NEWPID, TIME, 1, 2, 4, 0x20, 0x1000,
	};
	uint64_t v = 0;
	unsigned int i, n = 1 + chance(c, 3);

	for (i = 0; i < n; i++)
		v |= bits[chance(c, ARRAY_SIZE(bits))];
	return v;
}

static uint64_t some_value(struct chance *c, unsigned int bits)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 8, 9, 10, 16, 17, 38, 40, 0x20000, 0x20008, 0x5401, 0x80000001,
		0xffffffff, 0x4206, 0x4200,
	};

	if (bits == 64 && !chance(c, 6))
		return values[chance(c, ARRAY_SIZE(values))] << 32;
	if (!chance(c, 4))
		return chance(c, 64);
	return values[chance(c, ARRAY_SIZE(values))];
}

static void put_value(struct trial *t, struct chance *c, uint32_t arch, int nr, unsigned int kind,
		      const char *call, const struct sctrace_watched *row, bool counts)
{
	struct sctrace_value *v;
	struct made *m;
	unsigned int i;

	t->r.value = xrealloc(t->r.value, t->r.n_value + 1, sizeof(*t->r.value));
	v = &t->r.value[t->r.n_value++];
	memset(v, 0, sizeof(*v));
	v->arch = arch;
	v->nr = nr;
	v->kind = kind;
	if (!chance(c, 25)) {
		v->how = SCTRACE_HOW_OPEN;
		v->why = SCTRACE_OPEN_MANY;
		if (counts)
			strset_add(&t->open, call);
		return;
	}
	value_of_row(v, row);
	for (i = 0; i < row->num; i++) {
		v->arg[i] = v->how == SCTRACE_HOW_FLAGS ? some_bits(c) : some_value(c, row->bits);
		if (arch == AUDIT_ARCH_I386)
			v->arg[i] = (uint32_t)v->arg[i];
		else if (row->bits == 32 && !chance(c, 8))
			v->upper |= 1 << i;
	}
	if (!counts || t->n_made == ARRAY_SIZE(t->made))
		return;
	m = &t->made[t->n_made++];
	m->arch = arch;
	m->call = call;
	for (i = 0; i < PROFILE_MAX_ARGS; i++)
		m->arg[i] = some_value(c, 64);
	for (i = 0; i < row->num && row->how != SCTRACE_WATCHED_POINTED; i++)
		m->arg[row->first + i] = v->arg[i] |
					 (v->upper >> i & 1 ? 0xabcd00000000ULL : 0);
	if (row->how == SCTRACE_WATCHED_POINTED)
		m->arg[5] = v->arg[0];	/* clone3 has no such argument: for explained() */
}

static void random_record(struct trial *t, struct chance *c, bool include_refused)
{
	static const unsigned int kinds[] = {
		0, SCTRACE_KIND_CONFINED, SCTRACE_KIND_SETUP,
		SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED,
		SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED, SCTRACE_KIND_REFUSED,
		SCTRACE_KIND_EXEC,
	};
	const uint32_t arches[] = { X86_64, AUDIT_ARCH_I386, SCTRACE_ARCH_X32 };
	unsigned int i, j, k, n, values;

	t->r.flags = SCTRACE_F_RUNNING;
	t->r.has_values = true;
	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		uint32_t arch = arches[i];
		const struct abi abi = meaning_abi(arch);

		if (i && chance(c, i == 1 ? 3 : 8))
			continue;
		record_abi(&t->r, arch);
		n = 2 + chance(c, 8);
		for (j = 0; j < n; j++) {
			const char *call = calls[chance(c, ARRAY_SIZE(calls))];
			unsigned int kind = chance(c, 2) ? 0 : kinds[chance(c, ARRAY_SIZE(kinds))];
			const struct sctrace_watched *row = value_row(arch, call);
			bool counts = derive_wants(kind, false) ||
				      (include_refused && derive_is_refused(kind));
			int nr = meaning_number(&abi, call);

			if (arch == SCTRACE_ARCH_X32)
				nr &= ~0x40000000;
			if (nr < 0 || nr >= SCTRACE_NR_MAX ||
			    nrset_has(&record_abi(&t->r, arch)->kind[kind], nr))
				continue;
			nrset_add(&record_abi(&t->r, arch)->kind[kind], nr);
			if (counts)
				strset_add(&t->names, call);
			if (!row) {
				/* watched in other ABIs only: nothing is known of it here */
				if (counts)
					strset_add(&t->open, call);
				if (counts && t->n_made < ARRAY_SIZE(t->made)) {
					struct made *m = &t->made[t->n_made++];

					*m = (struct made){ .arch = arch, .call = call };
					for (k = 0; k < PROFILE_MAX_ARGS; k++)
						m->arg[k] = some_value(c, 64);
				}
				continue;
			}
			values = chance(c, 12) ? 1 + chance(c, 4) : 20;
			for (k = 0; k < values; k++)
				put_value(t, c, arch, nr, kind, call, row, counts);
		}
	}
}

static bool guarded(const char *call)
{
	static const char *const all[] = {
		"socket", "socketpair", "personality", "bpf", "keyctl", "ptrace", "clone",
		"unshare", "setns",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strcmp(all[i], call))
			return true;
	return false;
}

static bool looks_at(const struct profile *p, const char *call)
{
	size_t i;

	for (i = 0; p && i < p->n_rules; i++)
		if (p->rules[i].n_args && strset_has(&p->rules[i].names, call))
			return true;
	return false;
}

/* Does the base look at arguments of the call? */
static bool based(const struct trial *t, const char *call)
{
	return looks_at(t->base, call);
}

/* Does what was derived? */
static bool looked_at(const struct trial *t, const char *call)
{
	return looks_at(t->d.profile, call);
}

static bool told_word(const struct trial *t, const char *word)
{
	size_t i;

	for (i = 0; i < t->d.n_words; i++)
		if (strstr(t->d.words[i], word))
			return true;
	for (i = 0; i < t->d.notes.n; i++)
		if (strstr(t->d.notes.v[i], word))
			return true;
	return false;
}

static bool told(const struct trial *t, const char *call)
{
	cleanup_free char *quoted = xasprintf("`%s`", call);

	return told_word(t, quoted);
}

/* May the profile permit this call, by what was recorded? */
static bool explained(const struct trial *t, const struct abi *abi, const char *call,
		      const uint64_t arg[PROFILE_MAX_ARGS])
{
	const struct sctrace_watched *row = value_row(X86_64, call);
	bool all = t->mode == ARGS_ALL || based(t, call);
	uint64_t seen = 0, mask;
	bool clone3 = !strcmp(call, "clone") && strset_has(&t->names, "clone3");
	unsigned int num;
	size_t i, j;

	if (!row)
		row = value_row(AUDIT_ARCH_I386, call);
	/* libseccomp's own additions: to be told where arguments were compared */
	if (!strcmp(call, "socketcall") || !strcmp(call, "ipc"))
		for (i = 0; i < t->names.n; i++)
			if (profile_name_multiplexed(t->names.v[i]) &&
			    (!looked_at(t, t->names.v[i]) || told(t, "socketcall")))
				return true;
	if (!clone3 && !strset_has(&t->names, call))
		return false;
	if (t->mode == ARGS_NONE || !row || row->how == SCTRACE_WATCHED_POINTED)
		return true;
	if (!all && !guarded(call))
		return true;
	if (strset_has(&t->open, call) || (clone3 && strset_has(&t->open, "clone3")))
		return told(t, call) || told(t, "clone3");
	/* who makes it in the place of clone3 was not seen making it */
	all &= strset_has(&t->names, call);
	num = all ? row->num : 1;
	for (i = 0; i < t->n_made; i++) {
		const struct made *m = &t->made[i];

		if (clone3 && !strcmp(m->call, "clone3"))
			seen |= (m->arg[5] & 0xffffff00) | 0xff;
		if (strcmp(m->call, call))
			continue;
		seen |= m->arg[row->first];
		for (j = 0; j < num && row->how == SCTRACE_WATCHED_ENUM; j++)
			/* libseccomp compares the lower halves in x32 */
			if (row->bits == 32 || abi->token == SCMP_ARCH_X32 ?
			    (uint32_t)m->arg[row->first + j] != (uint32_t)arg[row->first + j] :
			    m->arg[row->first + j] != arg[row->first + j])
				break;
		if (row->how == SCTRACE_WATCHED_ENUM && j == num)
			return true;
	}
	if (row->how == SCTRACE_WATCHED_ENUM)
		/* too many: it is told, and the first argument may be all that is compared */
		return all && told(t, call);
	mask = all ? UINT32_MAX : strcmp(call, "clone") ? SPACES | TIME : SPACES;
	return !(arg[row->first] & mask & ~seen);
}

static void fail(struct trial *t, const char *what, const struct abi *abi, const char *call,
		 const uint64_t arg[PROFILE_MAX_ARGS], uint32_t base, uint32_t is)
{
	size_t i;

	fprintf(stderr, "seed %lu, mode %d: %s: %s in %s (%llx %llx %llx): base %x, is %x\n",
		t->seed, t->mode, what, call, profile_arch_name(abi->token),
		(unsigned long long)arg[0], (unsigned long long)arg[1],
		(unsigned long long)arg[2], base, is);
	if (!t->bad++ && getenv("VERBOSE")) {
		for (i = 0; i < t->d.profile->n_rules; i++) {
			cleanup_free char *rule = profile_rule_text(&t->d.profile->rules[i]);

			fprintf(stderr, "    %s\n", rule);
		}
		for (i = 0; i < t->d.n_words; i++)
			fprintf(stderr, "    warning: %s\n", t->d.words[i]);
		for (i = 0; i < t->d.notes.n; i++)
			fprintf(stderr, "    note: %s\n", t->d.notes.v[i]);
	}
}

static void at(struct trial *t, const struct bpf *filter, const struct bpf *base,
	       const struct abi *abi, const char *call, const uint64_t given[PROFILE_MAX_ARGS],
	       bool recorded)
{
	uint64_t arg[PROFILE_MAX_ARGS];
	int nr = meaning_number(abi, call);
	uint32_t is, was = 0;
	unsigned int i;

	if (nr < 0)
		return;
	for (i = 0; i < PROFILE_MAX_ARGS; i++)
		arg[i] = abi->token == SCMP_ARCH_X86 ? (uint32_t)given[i] : given[i];
	is = meaning_at(filter, abi, nr, arg);
	if (t->base)
		was = meaning_at(base, abi, nr, arg);
	/* an ABI that the base does not have is told of as a whole */
	if (t->base && !recorded && !was && told_word(t, profile_arch_name(abi->token)))
		return;
	if (recorded && !meaning_permits(is) && strcmp(call, "clone3") &&
	    !(t->base && profile_names(t->base, call) && told(t, call)))
		fail(t, "recorded, and refused", abi, call, arg, was, is);
	if (t->base && meaning_permits(was) && !meaning_permits(is) && strcmp(call, "clone3"))
		fail(t, "the base permits it", abi, call, arg, was, is);
	if (!recorded && meaning_permits(is) && !(t->base && meaning_permits(was)) &&
	    !explained(t, abi, call, arg))
		fail(t, "nobody asked for it", abi, call, arg, was, is);
	if (t->base && !meaning_permits(is) && !meaning_permits(was) && is != was &&
	    strcmp(call, "clone3"))
		fail(t, "it is refused otherwise", abi, call, arg, was, is);
}

static void look(struct trial *t, struct chance *c, const struct bpf *filter,
		 const struct bpf *base)
{
	static const uint32_t tokens[] = { X86_64, AUDIT_ARCH_I386, SCTRACE_ARCH_X32 };
	uint64_t arg[PROFILE_MAX_ARGS];
	size_t i, j, k, l;

	for (i = 0; i < t->n_made; i++) {
		const struct abi abi = meaning_abi(t->made[i].arch);

		at(t, filter, base, &abi, t->made[i].call, t->made[i].arg, true);
		for (j = 0; j < ARRAY_SIZE(tokens); j++) {
			const struct abi other = meaning_abi(tokens[j]);

			/* near what was made */
			for (k = 0; k < 3; k++)
				for (l = 0; l < 3; l++) {
					memcpy(arg, t->made[i].arg, sizeof(arg));
					arg[k] += l == 0 ? 1 : l == 1 ? -1ULL : 1ULL << 32;
					at(t, filter, base, &other, t->made[i].call, arg, false);
					arg[k] = l == 0 ? some_value(c, 64) : some_bits(c);
					at(t, filter, base, &other, t->made[i].call, arg, false);
				}
		}
	}
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		for (j = 0; j < ARRAY_SIZE(tokens); j++) {
			const struct abi abi = meaning_abi(tokens[j]);

			for (k = 0; k < 24; k++) {
				for (l = 0; l < PROFILE_MAX_ARGS; l++)
					arg[l] = chance(c, 2) ? some_value(c, 64) : some_bits(c);
				at(t, filter, base, &abi, calls[i], arg, false);
			}
		}
}

/* The profile as `profile` makes it. NULL: it was refused, in a line */
static struct profile *make(struct trial *t, bool include_refused, struct error **err)
{
	const struct derive_opts opts = {
		.def_action = PA_ERRNO, .def_errno = ENOSYS, .native = X86_64, .exact = true,
		.include_refused = include_refused,
	};
	const struct args_opts args = {
		.mode = t->mode, .include_refused = include_refused, .base = t->base,
	};
	struct profile_notes notes = { 0 };
	struct profile *p;
	size_t i;

	if (derive(&t->r, &opts, &t->d, err) < 0)
		return NULL;
	args_apply(&t->r, &args, &t->d);
	p = t->base ? algebra_base(t->base, t->d.profile, &notes, err) :
		      profile_dup(t->d.profile);
	for (i = 0; i < notes.n; i++)
		derived_warn(&t->d, xstrdup(notes.v[i]));
	profile_notes_free(&notes);
	if (p)
		width_judge(t->mode, X86_64, &t->d, p);
	return p;
}

/* Return: -1: nothing could be made of it */
static int try(struct trial *t)
{
	struct chance c = { t->seed };
	unsigned int with = t->seed % 5;
	bool include_refused = !chance(&c, 3);
	struct profile *random = NULL, *p;
	struct filter_job j[2] = { 0 };
	struct error *err = NULL;
	struct profile_env env = { 0 };
	int ret = -1;
	size_t n;

	t->mode = t->seed / 5 % 3;
	if (with == PEERS_ALL)
		random = random_profile(&c, RANDOM_ARGS);
	t->base = with < PEERS_ALL ? peer_profile(&peers[with]) : random;
	if (with < PEERS_ALL && chance(&c, 2))
		peer_caps(&peers[with], &env.caps);
	random_record(t, &c, include_refused);
	p = make(t, include_refused, &err);
	if (p) {
		j[0] = (struct filter_job){ .p = p, .env = &env };
		j[1] = (struct filter_job){ .p = t->base, .env = &env };
		n = t->base ? 2 : 1;
		meaning_compile(j, n, MEANING_MS);
		if (j[0].refused && !(n == 2 && j[1].refused)) {
			fprintf(stderr, "seed %lu: %s\n", t->seed, j[0].refused);
			t->bad++;
		} else if (!j[0].refused && !j[1].refused) {
			look(t, &c, &j[0].bpf, &j[1].bpf);
			ret = 0;
		}
		for (n = 0; n < 2; n++) {
			bpf_free(&j[n].bpf);
			free(j[n].refused);
		}
	} else if (getenv("VERBOSE")) {
		fprintf(stderr, "seed %lu: %s\n", t->seed, err->text);
	}
	error_free(err);
	strset_free(&env.caps);
	profile_free(random);
	profile_free(p);
	return ret;
}

/**
 * main() - the fuzzer
 * @argc: with the program's name
 * @argv: how many records, and from which seed on
 *
 * Return: 0 if nothing was wrong.
 */
int main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 100;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	unsigned long bad = 0, none = 0, i;

	for (i = 0; i < n; i++, seed++) {
		struct trial t = { .seed = seed };

		none += try(&t) < 0;
		bad += t.bad != 0;
		record_free(&t.r);
		derived_free(&t.d);
		strset_free(&t.names);
		strset_free(&t.open);
	}
	printf("values: %lu records, %lu without a profile, %lu wrong\n", n, none, bad);
	return bad != 0;
}
