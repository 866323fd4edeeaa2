// SPDX-License-Identifier: GPL-2.0
/* What several runs say of a profile, see runs.h. */

#include <time.h>
#include "lib/names.h"
#include "lib/term.h"
#include "runs.h"

/* A call or a value, with its ABI where that is not the machine's own */
static char *name_of(const struct series *s, const struct series_item *i, size_t run)
{
	cleanup_free char *call = series_value(i), *abi = names_abi_text(i->arch);

	return i->arch == s->run[run].arch ? xstrdup(call) : xasprintf("%s (%s)", call, abi);
}

static char *number(size_t n, const char *what)
{
	const char *end = strchr(what, ' ');

	if (n == 1)
		return xasprintf("1 %s", what);
	/* "calls or values" */
	return end ? xasprintf("%zu %.*ss%ss", n, (int)(end - what), what, end) :
		     xasprintf("%zu %ss", n, what);
}

static char *sentence(const struct runs *r)
{
	const struct series *s = r->series;
	cleanup_free char *arches = strset_text(&r->arches, ", ");
	cleanup_free char *dropped = s->dropped ?
		xasprintf("; %llu older ones are not kept", (unsigned long long)s->dropped) : xstrdup("");
	cleanup_free char *runs = number(s->n_run, "run"), *hosts = number(r->hosts.n, "host");
	cleanup_free char *added = number(r->added[s->n_run ? s->n_run - 1 : 0].n, "call or value");
	cleanup_free char *quiet_runs = r->quiet == 1 ? xstrdup("run") : number(r->quiet, "run");
	cleanup_free char *quiet = NULL;

	if (s->n_run < 2)
		quiet = xstrdup("another run may need more");
	else if (!r->quiet)
		quiet = xasprintf("the last run added %s", added);
	else
		quiet = xasprintf("the last %s added nothing", quiet_runs);
	return xasprintf("%s on %s (%s), %zu of them whole: %s%s", runs, hosts, arches, r->whole,
			 quiet, dropped);
}

/**
 * runs_build() - find out what which run needed
 * @r: for runs_free()
 * @s: the series, which must stay
 */
void runs_build(struct runs *r, const struct series *s)
{
	size_t i, k, of;

	memset(r, 0, sizeof(*r));
	r->series = s;
	r->added = xcalloc(s->n_run + 1, sizeof(*r->added));
	r->only = xcalloc(s->n_run + 1, sizeof(*r->only));
	for (i = 0; i < s->n_item; i++) {
		size_t first = series_first(s, &s->item[i]);
		cleanup_free char *name = NULL;

		if (first == s->n_run)
			continue;
		name = name_of(s, &s->item[i], first);
		strset_add(&r->added[first], name);
		if (series_count(s, &s->item[i], &of) == 1 && of > 1)
			strset_add(&r->only[first], name);
	}
	for (k = 0; k < s->n_run; k++) {
		cleanup_free char *abi = names_abi_text(s->run[k].arch);

		strset_add(&r->hosts, s->run[k].host);
		strset_add(&r->arches, abi);
		r->whole += s->run[k].whole;
	}
	while (r->quiet < s->n_run && !r->added[s->n_run - 1 - r->quiet].n)
		r->quiet++;
	r->words = sentence(r);
}

/**
 * runs_free() - release what runs_build() made
 * @r: it, or zeroes
 */
void runs_free(struct runs *r)
{
	size_t k;

	for (k = 0; r->series && k < r->series->n_run; k++) {
		strset_free(&r->added[k]);
		strset_free(&r->only[k]);
	}
	free(r->added);
	free(r->only);
	strset_free(&r->hosts);
	strset_free(&r->arches);
	free(r->words);
	memset(r, 0, sizeof(*r));
}

/**
 * runs_began() - when a run began
 * @r: the runs
 * @run: which
 *
 * Return: "2026-11-27 08:00", for free().
 */
char *runs_began(const struct runs *r, size_t run)
{
	time_t t = r->series->run[run].began;
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	return xstrdup(text);
}

static void print_set(struct print *p, const char *key, const struct strset *s)
{
	print_strings(p, key, NULL, (const char *const *)s->v, s->n);
}

/* What a single run needed, and which */
static void print_once(struct print *p, const struct runs *r)
{
	struct strset once = { 0 };
	size_t i, k;

	for (k = 0; k < r->series->n_run; k++)
		for (i = 0; i < r->only[k].n; i++) {
			cleanup_free char *text = xasprintf("%s: run %zu", r->only[k].v[i], k + 1);

			strset_add(&once, text);
		}
	print_set(p, "once", &once);
	strset_free(&once);
}

/**
 * runs_print() - which run needed what, as text or JSON
 * @p: the output
 * @r: the runs
 */
void runs_print(struct print *p, const struct runs *r)
{
	const struct series *s = r->series;
	size_t k;

	print_object(p, SECTION_RUNS);
	print_u64(p, "count", NULL, s->n_run);
	print_u64(p, "whole", NULL, r->whole);
	print_u64(p, "quiet", NULL, r->quiet);
	print_u64(p, "dropped", NULL, s->dropped);
	print_string(p, "words", NULL, r->words);
	print_words(p, 2, "  %s", r->words);
	print_once(p, r);
	for (k = 0; k < s->n_run; k++) {
		cleanup_free char *names = strset_text(&r->only[k], ", ");

		if (r->only[k].n)
			print_words(p, 4, "  only in run %zu: %s", k + 1, names);
	}
	print_table(p, "run");
	for (k = 0; k < s->n_run; k++) {
		const struct series_run *run = &s->run[k];
		cleanup_free char *began = runs_began(r, k), *abi = names_abi_text(run->arch);

		print_row(p);
		print_u64(p, "number", "RUN", k + 1);
		print_string(p, "began", "BEGAN (UTC)", began);
		print_string(p, "host", "HOST", run->host);
		print_string(p, "arch", "ARCH", abi);
		print_string(p, "kernel", NULL, run->kernel);
		print_string(p, "container", "CONTAINER", run->container);
		print_bool(p, "whole", "WHOLE", run->whole);
		print_u64(p, "new", "NEW", r->added[k].n);
		print_set(p, "added", &r->added[k]);
	}
	print_close(p);
	/* of the first run all was new */
	for (k = 1; k < s->n_run; k++) {
		cleanup_free char *names = strset_text(&r->added[k], ", ");

		if (r->added[k].n)
			print_words(p, 4, "  new in run %zu: %s", k + 1, names);
	}
	print_close(p);
}
