// SPDX-License-Identifier: GPL-2.0
/* Values of watched calls, as text and JSON. */

#include "cmd.h"
#include "lib/names.h"
#include "lib/values.h"
#include "record/value.h"

/* A sighting of a value, for what prints those of numbers */
static struct sctrace_sighting sighting_of(const struct sctrace_value *v)
{
	struct sctrace_sighting s = {
		.time = v->time, .arch = v->arch, .nr = v->nr, .pid = v->pid,
		.kind = v->kind,
	};

	memcpy(s.comm, v->comm, sizeof(s.comm));
	return s;
}

/* Was its caller kept, too? */
static bool known(const struct sctrace_value *v)
{
	return v->how != SCTRACE_HOW_OPEN && *v->comm;
}

/* In words and in numbers */
static void print_args(struct print *p, const char *name,
		       const struct sctrace_value *v)
{
	uint64_t arg[ARRAY_SIZE(v->arg)];
	char *words[ARRAY_SIZE(v->arg)], *numbers[ARRAY_SIZE(v->arg)];
	unsigned int i;

	memcpy(arg, v->arg, sizeof(arg));
	for (i = 0; i < v->num; i++) {
		words[i] = values_text(name ? name : "", i, arg);
		numbers[i] = xasprintf("%llu", (unsigned long long)arg[i]);
	}
	print_strings(p, "args", NULL, (const char *const *)words, v->num);
	print_strings(p, "numbers", NULL, (const char *const *)numbers, v->num);
	print_u64(p, "index", NULL, v->index[0] & ~SCTRACE_INDEX_POINTED);
	print_bool(p, "pointed", NULL, v->index[0] & SCTRACE_INDEX_POINTED);
	print_bool(p, "upper", NULL, v->upper);
	for (i = 0; i < v->num; i++) {
		free(words[i]);
		free(numbers[i]);
	}
}

/**
 * print_values() - print the values of watched calls
 * @p: the output
 * @r: the record, with values
 *
 * Flags come as they were first seen; a number that is open comes last.
 */
void print_values(struct print *p, const struct record *r)
{
	const char *why[32];	/* as many as there are bits */
	size_t i, n = 0;

	print_table(p, "values");
	for (i = 0; i < r->n_value; i++) {
		const struct sctrace_value *v = &r->value[i];
		struct sctrace_sighting s = sighting_of(v);
		cleanup_free char *abi = names_abi_text(v->arch);
		uint32_t arch = v->arch;
		cleanup_free char *name =
			names_syscall(arch, names_bit(&arch, v->nr));
		cleanup_free char *text = value_names(name, v);

		print_row(p);
		print_string(p, "name", "CALL", name);
		print_u64(p, "nr", NULL, v->nr);
		print_string(p, NULL, "ARGUMENTS", text);
		print_string(p, "abi", "ABI", abi);
		print_string(p, "stage", "STAGE", kind_stage(v->kind));
		print_bool(p, "confined", "CONFINED",
			   v->kind & SCTRACE_KIND_CONFINED);
		print_bool(p, "refused", r->flags & SCTRACE_F_REFUSED ?
			   "REFUSED" : NULL, v->kind & SCTRACE_KIND_REFUSED);
		print_bool(p, "open", NULL, v->how == SCTRACE_HOW_OPEN);
		print_bool(p, "flags", NULL, v->how == SCTRACE_HOW_FLAGS);
		if (v->how == SCTRACE_HOW_OPEN)
			print_string(p, "why", NULL, value_open_text(v->why));
		else
			print_args(p, name, v);
		print_sighting(p, r, known(v) ? &s : NULL);
	}
	print_close(p);
	for (i = 0; i < ARRAY_SIZE(why); i++)
		if (r->open >> i & 1) {
			why[n++] = value_open_text(i);
			print_line(p, "All numbers are open: %s.", why[n - 1]);
		}
	print_strings(p, "open", NULL, why, n);
}
