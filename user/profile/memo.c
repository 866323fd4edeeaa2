// SPDX-License-Identifier: GPL-2.0
/* Filters asked for lately, see memo.h. */
#include "memo.h"
#include "lib/util.h"

#define KEPT		64

static struct memo {
	struct memo_key key;
	struct bpf bpf;
} kept[KEPT];

static size_t kept_bytes;
static size_t next;	/* the oldest, which gives way first */

static size_t bytes(const struct memo *m)
{
	return m->key.n + m->bpf.n * sizeof(*m->bpf.v);
}

static void drop(struct memo *m)
{
	kept_bytes -= bytes(m);
	free(m->key.v);
	bpf_free(&m->bpf);
	memset(m, 0, sizeof(*m));
}

static void put(FILE *f, const void *v, size_t n)
{
	fwrite(v, 1, n, f);
}

static void put_number(FILE *f, uint64_t v)
{
	put(f, &v, sizeof(v));
}

static void put_set(FILE *f, const struct strset *s)
{
	size_t i;

	put_number(f, s->n);
	for (i = 0; i < s->n; i++)
		put(f, s->v[i], strlen(s->v[i]) + 1);
}

/**
 * memo_key() - all that decides what filter libseccomp makes, as bytes
 * @k: set; memo_keep() takes it, or free(k->v)
 * @j: what is asked
 * @tree: numbers are to be looked up in a tree
 *
 * Goes with profile_compile(): what that reads stands here.
 */
void memo_key(struct memo_key *k, const struct filter_job *j, bool tree)
{
	const struct profile *p = j->p;
	struct strset arches = { 0 };
	FILE *f = open_memstream(&k->v, &k->n);
	size_t i, n;

	if (!f)
		out_of_memory();
	put_number(f, tree);
	put_number(f, profile_env_native(j->env));
	put_number(f, profile_action_scmp(p->def_action, p->def_errno));
	profile_env_arches(p, j->env, &arches);
	put_set(f, &arches);
	strset_free(&arches);
	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (profile_rule_is_redundant(p, r) ||
		    !profile_rule_applies(r, j->env))
			continue;
		put_number(f, profile_action_scmp(r->action, r->errno_ret));
		put_set(f, &r->names);
		put_number(f, r->n_args);
		for (n = 0; n < r->n_args; n++) {
			put_number(f, r->args[n].index);
			put_number(f, r->args[n].op);
			put_number(f, r->args[n].value);
			put_number(f, r->args[n].value_two);
		}
	}
	if (fclose(f))
		out_of_memory();
}

/**
 * memo_same() - is the same filter asked for?
 * @a: one request
 * @b: another; one without bytes is like no other
 *
 * Return: true if it is.
 */
bool memo_same(const struct memo_key *a, const struct memo_key *b)
{
	return a->n && a->n == b->n && !memcmp(a->v, b->v, a->n);
}

/**
 * memo_find() - was this filter made before?
 * @k: what is asked
 * @j: its filter is set if so
 *
 * Return: true if it was.
 */
bool memo_find(const struct memo_key *k, struct filter_job *j)
{
	size_t i;

	for (i = 0; i < KEPT; i++)
		if (memo_same(&kept[i].key, k)) {
			bpf_copy(&j->bpf, &kept[i].bpf);
			return true;
		}
	return false;
}

/**
 * memo_keep() - remember a filter
 * @k: what was asked; taken
 * @j: its filter is copied; what was refused is asked again, for the limits of
 *	another try may be others
 */
void memo_keep(struct memo_key *k, const struct filter_job *j)
{
	struct memo *m = &kept[next];
	size_t i;

	if (j->refused || !k->n) {
		free(k->v);
		k->v = NULL;
		return;
	}
	drop(m);
	next = (next + 1) % KEPT;
	m->key = *k;
	bpf_copy(&m->bpf, &j->bpf);
	kept_bytes += bytes(m);
	for (i = next; kept_bytes > MEMO_BYTES && &kept[i] != m;
	     i = (i + 1) % KEPT)
		drop(&kept[i]);
	k->v = NULL;
}
