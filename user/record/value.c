// SPDX-License-Identifier: GPL-2.0
/* Values of watched calls, see value.h and watched.h. */

#include "lib/names.h"
#include "lib/values.h"
#include "value.h"

static const struct sctrace_watched table[] = {
	SCTRACE_WATCHED_CALLS(SCTRACE_WATCHED_INIT)
};

static unsigned int where_of(uint32_t arch)
{
	switch (arch) {
	case 0x40000003:	/* i386 */
		return SCTRACE_WATCHED_IN_I386;
	case 0x00000016:	/* s390 */
	case 0x80000016:	/* s390x */
		return SCTRACE_WATCHED_IN_S390;
	default:
		return SCTRACE_WATCHED_IN_OTHERS;
	}
}

/**
 * value_row() - which arguments of a call are looked at
 * @arch: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @call: its name
 *
 * Return: the row of the table, NULL where the call is not watched in that ABI.
 */
const struct sctrace_watched *value_row(uint32_t arch, const char *call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].where & where_of(arch) && !strcmp(table[i].call, call))
			return &table[i];
	return NULL;
}

/**
 * value_is_watched() - is a call watched in any ABI?
 * @call: its name
 */
bool value_is_watched(const char *call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (!strcmp(table[i].call, call))
			return true;
	return false;
}

static int cmp(const uint64_t *a, const uint64_t *b)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/**
 * value_add() - put a value into a set
 * @to: the set
 * @arg: the value
 */
void value_add(struct value_set *to, const uint64_t arg[3])
{
	size_t at;

	for (at = 0; at < to->n; at++) {
		int c = cmp(arg, to->v[at]);

		if (!c)
			return;
		if (c < 0)
			break;
	}
	to->v = xrealloc(to->v, to->n + 1, sizeof(*to->v));
	memmove(&to->v[at + 1], &to->v[at], (to->n++ - at) * sizeof(*to->v));
	memcpy(to->v[at], arg, sizeof(*to->v));
}

/**
 * value_set_free() - release a set
 * @s: the set, usable again
 */
void value_set_free(struct value_set *s)
{
	free(s->v);
	memset(s, 0, sizeof(*s));
}

static void open_for(struct value_set *to, enum sctrace_open why)
{
	if (!to->open)
		to->why = why;
	to->open = true;
}

/**
 * value_has_both() - may a call with both PROT_WRITE and PROT_EXEC be behind a value?
 * @v: the value, of flags
 */
bool value_has_both(const struct sctrace_value *v)
{
	return !v->apart || !(SCTRACE_WATCHED_BOTH & ~v->arg[0]);
}

static void take(struct value_set *to, const struct sctrace_value *v)
{
	const struct sctrace_watched *row = to->row;

	if (v->how == SCTRACE_HOW_OPEN) {
		open_for(to, v->why);
		return;
	}
	/* an element that is not like the table is of a module that has another */
	if (v->num != row->num || v->index[0] % SCTRACE_INDEX_POINTED != row->first ||
	    v->how != (row->how == SCTRACE_WATCHED_ENUM ? SCTRACE_HOW_ENUM :
							 SCTRACE_HOW_FLAGS)) {
		to->unwatched = true;
		to->open = true;
		return;
	}
	to->any = true;
	to->upper |= v->upper;
	if (v->how == SCTRACE_HOW_FLAGS) {
		to->flags |= v->arg[0];
		to->both |= value_has_both(v);
	} else {
		uint64_t arg[3] = { 0 };

		memcpy(arg, v->arg, row->num * sizeof(*arg));
		value_add(to, arg);
	}
}

/* One number of one kind; a set that nothing speaks of was not watched */
static void collect(const struct record *r, uint32_t arch, int64_t nr,
		    unsigned int kind, struct value_set *to)
{
	bool any = false;
	size_t i;

	for (i = 0; i < r->n_value; i++) {
		const struct sctrace_value *v = &r->value[i];

		if (v->arch != arch || v->nr != nr || v->kind != kind)
			continue;
		any = true;
		take(to, v);
	}
	if (any)
		return;
	to->open = true;
	to->unwatched = true;
}

/**
 * value_collect() - all that a record has of one call
 * @r: the record, with values
 * @call: the call's name
 * @wanted: which kinds to count
 * @ctx: for @wanted
 * @to: set up here; for value_set_free()
 *
 * In all ABIs together, as a rule of a profile is for all of them. Where these differ in
 * which argument it is, the set is open.
 */
void value_collect(const struct record *r, const char *call, value_wanted wanted,
		   const void *ctx, struct value_set *to)
{
	unsigned int kind, why;
	size_t i;
	int bit;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < r->n_abi; i++) {
		uint32_t arch = r->abi[i].arch;
		const struct sctrace_watched *row = value_row(arch, call);

		for (kind = 0; kind < KIND_COUNT; kind++) {
			if (!wanted(ctx, kind))
				continue;
			for_each_nr(bit, &r->abi[i].kind[kind]) {
				cleanup_free char *name = names_syscall(arch, bit);

				if (!name || strcmp(name, call))
					continue;
				if (!row || (to->row && to->row != row)) {
					to->open = true;
					to->unwatched = true;
					if (!row)
						continue;
				}
				to->row = row;
				to->first = row->first;
				to->num = row->num;
				collect(r, arch, names_number(arch, bit), kind,
					to);
			}
		}
	}
	for (why = 0; r->open >> why && to->row; why++)
		if (r->open >> why & 1)
			open_for(to, why);
}

/**
 * value_open_text() - why not all values of a number are known
 * @why: the module's word
 *
 * Return: the end of a sentence that begins with the number.
 */
const char *value_open_text(enum sctrace_open why)
{
	switch (why) {
	case SCTRACE_OPEN_MANY:
		return "it has more values than are kept";
	case SCTRACE_OPEN_MEMORY:
		return "there was no memory to keep a value";
	case SCTRACE_OPEN_UNREADABLE:
		return "the memory that it points to could not be read";
	case SCTRACE_OPEN_LATE:
		return "calls were made before they were recorded";
	case SCTRACE_OPEN_GAP:
		return "the recording was stopped for a while";
	}
	return "not all of its values were kept";
}

/**
 * value_names() - a value in words
 * @call: the call's name, NULL without one
 * @v: the value
 *
 * Return: "AF_INET, SOCK_STREAM, 0", for free().
 */
char *value_names(const char *call, const struct sctrace_value *v)
{
	uint64_t arg[ARRAY_SIZE(v->arg)];

	if (v->how == SCTRACE_HOW_OPEN)
		return xasprintf("open: %s", value_open_text(v->why));
	memcpy(arg, v->arg, sizeof(arg));
	return values_tuple(call ? call : "", arg, v->num);
}

/**
 * value_call() - a value as the call that it was seen in
 * @v: the value
 *
 * Return: "socket(AF_INET, SOCK_STREAM, 0)", for free().
 */
char *value_call(const struct sctrace_value *v)
{
	uint32_t arch = v->arch;
	cleanup_free char *name = names_syscall_text(arch, names_bit(&arch, v->nr));
	cleanup_free char *text = value_names(name, v);

	return v->how == SCTRACE_HOW_OPEN ?
	       xasprintf("%s: %s", name, text) : xasprintf("%s(%s)", name, text);
}
