// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl refused: what a seccomp filter did not let through. */

#include "cmd.h"
#include "lib/file.h"
#include "lib/names.h"

static const struct opt opts[] = {
	OPTS_SELECTOR,
	OPTS_JSON,
	OPTS_COMMON
};

/* A refused number; there are few, as a rule */
struct line {
	char *name;		/* NULL without one */
	uint32_t arch;
	int64_t nr;
	unsigned int kind;
	bool partly;
	const struct sctrace_sighting *seen;	/* NULL: not kept */
};

static const struct sctrace_sighting *find(const struct record *r,
					   const struct line *l)
{
	const struct sctrace_sighting *s;
	size_t i;

	for (i = 0; i < r->n_sighting; i++) {
		s = &r->sighting[i];
		if (s->arch == l->arch && s->nr == l->nr &&
		    (s->kind & ~SCTRACE_KIND_DELAYED) == l->kind)
			return s;
	}
	return NULL;
}

/* In the order in which they were refused first */
static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (!x->seen != !y->seen)
		return x->seen ? -1 : 1;
	if (x->seen && x->seen->time != y->seen->time)
		return x->seen->time < y->seen->time ? -1 : 1;
	if (x->arch != y->arch)
		return x->arch > y->arch ? -1 : 1;
	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static size_t lines(const struct record *r, struct line **out)
{
	struct line *v = NULL;
	struct nrset allowed;
	unsigned int kind;
	size_t n = 0, i;
	int bit;

	for (i = 0; i < r->n_abi; i++) {
		const struct abi_sets *abi = &r->abi[i];

		derive_confined(abi, &allowed);
		for (kind = 0; kind < KIND_COUNT; kind++) {
			if (!(kind & SCTRACE_KIND_REFUSED))
				continue;
			for_each_nr(bit, &abi->kind[kind]) {
				v = xrealloc(v, n + 1, sizeof(*v));
				v[n] = (struct line) {
					.name = names_syscall(abi->arch, bit),
					.arch = abi->arch,
					.nr = names_number(abi->arch, bit),
					.kind = kind,
					.partly = nrset_has(&allowed, bit),
				};
				v[n].seen = find(r, &v[n]);
				n++;
			}
		}
	}
	if (n)
		qsort(v, n, sizeof(*v), by_time);
	*out = v;
	return n;
}

static size_t distinct(const struct record *r)
{
	size_t n = 0, i;
	unsigned int kind;

	for (i = 0; i < r->n_abi; i++) {
		struct nrset set = { 0 };

		for (kind = 0; kind < KIND_COUNT; kind++)
			if (kind & SCTRACE_KIND_REFUSED)
				nrset_or(&set, &r->abi[i].kind[kind]);
		n += nrset_count(&set);
	}
	return n;
}

static void tell_doubts(const struct record *r, size_t n)
{
	if (!(r->flags & SCTRACE_F_REFUSED) && r->flags & SCTRACE_F_ENDED)
		warn("the record did not look for refused calls%s when it ended",
		     n ? " any more" : "");
	else if (!(r->flags & SCTRACE_F_REFUSED))
		warn("the record does not look for refused calls%s: `" PROGRAM " start --id %llu` begins that",
		     n ? " any more" : "", (unsigned long long)r->id);
	else if (r->flags & SCTRACE_F_STOPPED &&
		 !(r->flags & SCTRACE_F_ENDED))
		warn("the record is stopped: what is refused since is not in it");
	if (r->flags & SCTRACE_F_INCOMPLETE || r->calls_missed)
		warn("the record is incomplete: calls may be missing here");
	if (r->flags & SCTRACE_F_GAP)
		note("the record was stopped for a while: what was refused meanwhile may be missing");
}

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_record struct record r = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	struct line *v = NULL;
	size_t n, i;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (need_selector(cmd, &o, err) < 0)
		return -1;
	if (open_selected(&c, &o.sel, err) < 0 ||
	    client_get(c, &o.sel, true, &r, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;

	n = lines(&r, &v);
	tell_doubts(&r, n);
	print_begin(&p, o.json);
	if (o.json) {
		print_object(&p, "record");
		print_one_record(&p, &r, &info);
		print_close(&p);
	}
	print_bool(&p, "looked_for", NULL, r.flags & SCTRACE_F_REFUSED);
	print_u64(&p, "distinct", NULL, distinct(&r));
	print_table(&p, "refused");
	for (i = 0; i < n; i++) {
		const struct line *l = &v[i];
		cleanup_free char *abi = names_abi_text(l->arch);

		print_row(&p);
		print_name(&p, "name", "SYSCALL", l->name);
		print_s64(&p, "nr", "NR", l->nr);
		print_string(&p, "abi", "ABI", abi);
		print_string(&p, "stage", "STAGE", kind_stage(l->kind));
		print_string(&p, "filter", "FILTER",
			     l->kind & SCTRACE_KIND_CONFINED ? "container" :
							       "own");
		print_bool(&p, "partly", "PARTLY", l->partly);
		print_sighting(&p, &r, l->seen);
		free(l->name);
	}
	print_close(&p);
	if (!n && r.flags & SCTRACE_F_REFUSED && verbosity >= 0 && !o.json &&
	    isatty(STDOUT_FILENO))
		print_line(&p, "nothing was refused");
	free(v);
	return print_end(&p, err);
}

const struct command cmd_refused = {
	.name = "refused",
	.summary = "list the system calls that a seccomp filter refused",
	.opts = opts,
	.more = "In the order in which they were refused first. FILTER: the\n"
		"container's, or the program's own, whose refusals are no lack of a profile.\n"
		"PARTLY: the call was let through, too, at another time or with other arguments;\n"
		"but a call that was let through first is not listed when it is refused later.\n"
		"Calls that a filter kills for, or answers with SIGSYS, cannot be seen.",
	.run = run,
};
