// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl show: every system call of a record, and who called it first. */

#include "cmd.h"
#include "lib/file.h"
#include "lib/names.h"

enum {
	OPT_BY_TIME = OPT_COMMAND,
};

static const struct opt opts[] = {
	OPTS_SELECTOR,
	{ OPT_BY_TIME, "by-time", NULL, "in the order of first calls, not of names" },
	OPTS_JSON,
	OPTS_COMMON
};

/* A number in a set */
struct line {
	char *name;		/* NULL without one */
	uint32_t arch;
	int64_t nr;
	unsigned int kind;
	const struct sctrace_sighting *seen;	/* NULL: not kept */
};

static int by_name(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int ret;

	/* what has no name comes last, where it is noticed */
	if (!x->name != !y->name)
		return x->name ? -1 : 1;
	ret = x->name ? strcmp(x->name, y->name) : 0;
	if (ret)
		return ret;
	if (x->arch != y->arch)
		return x->arch > y->arch ? -1 : 1;
	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (!x->seen != !y->seen)
		return x->seen ? -1 : 1;
	if (x->seen && x->seen->time != y->seen->time)
		return x->seen->time < y->seen->time ? -1 : 1;
	return by_name(a, b);
}

/* To find the sighting of a line; there may be thousands of both */
static int by_set(const void *a, const void *b)
{
	const struct sctrace_sighting *x = *(void *const *)a;
	const struct sctrace_sighting *y = *(void *const *)b;
	unsigned int kx = x->kind & ~SCTRACE_KIND_DELAYED;
	unsigned int ky = y->kind & ~SCTRACE_KIND_DELAYED;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return kx < ky ? -1 : kx > ky;
}

static size_t lines(const struct record *r, struct line **out)
{
	const struct sctrace_sighting **index, *wanted, **found;
	struct line *v = NULL;
	size_t n = 0, max = 0, i;
	unsigned int kind;
	int bit;

	index = xcalloc(r->n_sighting, sizeof(*index));
	for (i = 0; i < r->n_sighting; i++)
		index[i] = &r->sighting[i];
	qsort(index, r->n_sighting, sizeof(*index), by_set);
	for (i = 0; i < r->n_abi; i++)
		for (kind = 0; kind < KIND_COUNT; kind++)
			for_each_nr(bit, &r->abi[i].kind[kind]) {
				struct sctrace_sighting key = {
					.arch = r->abi[i].arch,
					.nr = names_number(r->abi[i].arch, bit),
					.kind = kind,
				};

				if (n == max) {
					max = max ? 2 * max : 256;
					v = xrealloc(v, max, sizeof(*v));
				}
				wanted = &key;
				found = bsearch(&wanted, index, r->n_sighting,
						sizeof(*index), by_set);
				v[n++] = (struct line) {
					.name = names_syscall(key.arch, bit),
					.arch = key.arch,
					.nr = names_number(key.arch, bit),
					.kind = kind,
					.seen = found ? *found : NULL,
				};
			}
	free(index);
	*out = v;
	return n;
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	cleanup_args struct args a = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	bool time_order = false;
	struct line *v = NULL;
	size_t n, i;
	int id;

	args_begin(&a, cmd, argc, argv);
	while ((id = args_next(&a, &o, err)) > 0)
		time_order = true;
	if (id < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (args_none(&a, err) < 0)
		return -1;
	if (need_selector(cmd, &o, err) < 0)
		return -1;
	if (open_selected(&c, &o.sel, err) < 0 ||
	    client_get(c, &o.sel, true, &r, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;

	n = lines(&r, &v);
	if (n)
		qsort(v, n, sizeof(*v), time_order ? by_time : by_name);
	print_begin(&p, o.json);
	print_object(&p, "record");
	print_one_record(&p, &r, &info);
	print_close(&p);
	print_line(&p, "%s", "");
	print_table(&p, "syscalls");
	for (i = 0; i < n; i++) {
		const struct line *l = &v[i];
		cleanup_free char *abi = names_abi_text(l->arch);

		print_row(&p);
		print_name(&p, "name", "SYSCALL", l->name);
		print_s64(&p, "nr", "NR", l->nr);
		print_string(&p, "abi", "ABI", abi);
		print_string(&p, "stage", "STAGE", kind_stage(l->kind));
		print_bool(&p, "confined", "CONFINED",
			   l->kind & SCTRACE_KIND_CONFINED);
		print_bool(&p, "refused", r.flags & SCTRACE_F_REFUSED ?
			   "REFUSED" : NULL, l->kind & SCTRACE_KIND_REFUSED);
		print_sighting(&p, &r, l->seen);
	}
	print_close(&p);
	if (r.has_values) {
		print_line(&p, "%s", "");
		print_values(&p, &r);
	}
	for (i = 0; i < n; i++)
		free(v[i].name);
	free(v);
	return print_end(&p, err);
}

const struct command cmd_show = {
	.name = "show",
	.summary = "show every system call of a record, and who called it first",
	.opts = opts,
	.run = run,
};
