// SPDX-License-Identifier: GPL-2.0
/* A report as text or JSON, by print.h. */

#include "changes.h"
#include "lib/names.h"
#include "lib/term.h"
#include "report.h"

#define HEAD	13	/* columns before what a line is about */

static void heading(struct print *p, const char *text)
{
	print_line(p, "%s", "");
	print_marked(p, COLOUR_HEAD, text, 0, "%s", "");
}

static enum colour colour_of(enum report_answer a)
{
	return a == ANSWER_YES ? COLOUR_GOOD : a == ANSWER_NOTE ? COLOUR_NONE :
	       a == ANSWER_NO ? COLOUR_BAD : COLOUR_LOOK;
}

static void print_verdict(struct print *p, const struct report *rep)
{
	size_t i;

	print_object(p, "verdict");
	print_string(p, "answer", NULL, report_answer_word(rep->answer));
	print_string(p, "words", NULL, report_verdict(rep));
	print_marked(p, colour_of(rep->answer), "VERDICT", HEAD, "%6s%s", "", report_verdict(rep));
	print_array(p, "reasons");
	for (i = 0; i < rep->n_reason; i++) {
		const struct report_reason *r = &rep->reason[i];
		const char *word = report_answer_word(r->answer);
		cleanup_free char *mark = xasprintf("  %s", word);

		print_object(p, NULL);
		print_string(p, "answer", NULL, word);
		print_string(p, "text", NULL, r->text);
		print_string(p, "section", NULL, r->section);
		print_close(p);
		print_marked(p, colour_of(r->answer), mark, 7, " %s", r->text);
	}
	print_close(p);
	print_close(p);
}

static void print_facts(struct print *p, const struct facts *f)
{
	size_t i;

	if (!f)
		return;
	heading(p, "WHICH RUN");
	print_object(p, SECTION_RUN);
	for (i = 0; i < f->n; i++) {
		print_string(p, f->v[i].key, NULL, f->v[i].text);
		print_words(p, 16, "  %-13s %s", f->v[i].head, f->v[i].text);
	}
	print_close(p);
}

static void print_dangers(struct print *p, const struct report *rep)
{
	size_t i;

	if (rep->dangerous)
		heading(p, "DANGEROUS, AND ALLOWED");
	print_array(p, SECTION_DANGER);
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];

		if (!l->here || !l->danger)
			continue;
		print_object(p, NULL);
		print_string(p, "name", NULL, l->name);
		print_string(p, "group", NULL, l->danger->group);
		print_string(p, "why", NULL, l->danger->why);
		print_string(p, "source", NULL, l->danger->source);
		print_close(p);
		print_words(p, 4, "  %s (%s): %s", l->name, l->danger->group, l->danger->why);
	}
	print_close(p);
}

static void print_differences(struct print *p, const struct report *rep, size_t peer)
{
	const struct differences *d = &rep->wider[peer];
	size_t i;

	if (rep->uncompared[peer]) {
		print_line(p, "%s", "");
		print_words(p, 2, "NOT COMPARED WITH THE DEFAULT OF %s: %s", peers[peer].name,
			    rep->uncompared[peer]);
		return;
	}
	if (d->n)
		print_line(p, "\nWIDER THAN THE DEFAULT OF %s", peers[peer].name);
	for (i = 0; i < d->n; i++) {
		const struct difference *x = &d->v[i];
		cleanup_free char *here = report_terms(x->to);
		cleanup_free char *there = report_terms(x->from);

		print_words(p, 4, "%s %s%s%s: here %s | there %s",
			    x->change == CHANGE_ADDED ? "+" : "~", x->name,
			    x->where ? " in " : "", x->where ? x->where : "", here, there);
	}
}

static void print_peers(struct print *p, const struct report *rep)
{
	size_t i, j;

	heading(p, "COMPARED");
	print_table(p, SECTION_PEERS);
	for (i = 0; i < PEERS; i++) {
		const struct differences *d = &rep->wider[i];
		const char **names = xcalloc(d->n + 1, sizeof(*names));
		size_t n = 0;

		for (j = 0; j < d->n; j++)
			if (d->v[j].change == CHANGE_ADDED)
				names[n++] = d->v[j].name;
		print_row(p);
		print_string(p, "name", "DEFAULT OF", peers[i].name);
		print_u64(p, "allows", "ALLOWS", rep->peer_allowed[i]);
		print_u64(p, NULL, "NOT ALLOWED HERE", rep->unused[i].n);
		print_u64(p, NULL, "WIDER HERE", d->n);
		print_strings(p, "refuses_of_this", NULL, names, n);
		print_strings(p, SECTION_UNUSED, NULL, (const char *const *)rep->unused[i].v,
			      rep->unused[i].n);
		print_string(p, "version", NULL, peers[i].version);
		print_text(p, "AS OF", "%s", strrchr(peers[i].version, ' ') + 1);
		if (rep->uncompared[i])
			print_string(p, "uncompared", NULL, rep->uncompared[i]);
		free(names);
	}
	print_close(p);
	print_object(p, "wider_than");
	for (i = 0; i < PEERS; i++) {
		if (p->json)
			changes_print(p, peers[i].key, &rep->wider[i]);
		else
			print_differences(p, rep, i);
	}
	print_close(p);
}

/* What nobody has used is the gain: the names that matter most are of the stricter default */
static void print_unused(struct print *p, const struct report *rep)
{
	cleanup_free char *names = strset_text(&rep->unused[0], " ");

	if (!rep->unused[0].n)
		return;
	print_line(p, "%s", "");
	print_words(p, 2, "ALLOWED BY DOCKER BY DEFAULT, AND NOT HERE (%zu)",
		    rep->unused[0].n);
	print_words(p, 2, "  %s", names);
}

static void print_seen(struct print *p, const struct report *rep, const char *comm, uint32_t pid,
		       uint64_t time, bool delayed)
{
	cleanup_free char *who = xasprintf("%s[%u]", comm, pid);
	cleanup_free char *span = print_duration(report_after(rep, time));

	print_string(p, NULL, "FIRST BY", who);
	print_text(p, "AFTER", "%s%s", span, delayed ? " or before" : "");
	print_string(p, "comm", NULL, comm);
	print_u64(p, "pid", NULL, pid);
	print_u64(p, "time_ns", NULL, time);
	print_u64(p, "after_ns", NULL, report_after(rep, time));
	print_bool(p, "delayed", NULL, delayed);
}

static void print_unseen(struct print *p)
{
	print_string(p, NULL, "FIRST BY", NULL);
	print_string(p, NULL, "AFTER", NULL);
}

static bool used_by_known(const struct report_value *v)
{
	return !v->open && *v->seen->comm;
}

static char *first_user(const struct report_value *v)
{
	return used_by_known(v) ? xasprintf("%s[%u]", v->seen->comm, v->seen->pid) : xstrdup("-");
}

/* The value comes last: it may be long, and none of it may be missing */
static void print_values_text(struct print *p, const struct report *rep)
{
	size_t i, wide = strlen("FIRST BY");

	heading(p, "VALUES OF ARGUMENTS");
	for (i = 0; i < rep->n_value; i++) {
		cleanup_free char *raw = first_user(&rep->value[i]), *who = printable(raw);

		if (term_columns(who) > wide)
			wide = term_columns(who);
	}
	print_line(p, "%-9s%-*s%-9sCALL", "USED BY", (int)wide + 2, "FIRST BY", "AFTER");
	for (i = 0; i < rep->n_value; i++) {
		const struct report_value *v = &rep->value[i];
		const struct sctrace_value *s = v->seen;
		cleanup_free char *raw = first_user(v), *who = printable(raw);
		cleanup_free char *span = used_by_known(v) ?
			print_duration(report_after(rep, s->time)) : xstrdup("-");

		print_words(p, 9 + wide + 2 + 9, "%-9s%s%*s%-9s%s%s", report_value_of(v), raw,
			    (int)(wide + 2 - term_columns(who)), "", span, v->call,
			    used_by_known(v) && s->kind & SCTRACE_KIND_DELAYED ? ", or before" : "");
	}
}

static void print_report_values(struct print *p, const struct report *rep)
{
	size_t i;

	if (!rep->record)
		return;
	if (!p->json) {
		if (rep->n_value)
			print_values_text(p, rep);
		return;
	}
	print_table(p, SECTION_VALUES);
	for (i = 0; i < rep->n_value; i++) {
		const struct report_value *v = &rep->value[i];
		const struct sctrace_value *s = v->seen;

		print_row(p);
		print_string(p, "call", NULL, v->call);
		print_bool(p, "open", NULL, v->open);
		print_bool(p, "for_profile", NULL, v->wanted);
		print_string(p, "stage", NULL, kind_stage(s->kind));
		if (used_by_known(v))
			print_seen(p, rep, s->comm, s->pid, s->time,
				   s->kind & SCTRACE_KIND_DELAYED);
	}
	print_close(p);
}

/* All of a call, for programs */
static void print_line_json(struct print *p, const struct report *rep,
			    const struct report_line *l)
{
	const char *names[ARRAY_SIZE(l->arch)];
	char *texts[ARRAY_SIZE(l->arch)];
	size_t j;

	for (j = 0; j < l->n_arch; j++) {
		texts[j] = names_abi_text(l->arch[j]);
		names[j] = texts[j];
	}
	print_row(p);
	print_string(p, "name", NULL, l->name);
	print_bool(p, "in_profile", NULL, report_in_profile(l));
	print_string(p, "state", NULL, report_state_name(l->state));
	if (rep->record) {
		print_string(p, "stage", NULL, report_stage(l));
		print_string(p, "confined", NULL, report_confined(l));
		print_bool(p, "refused", NULL, report_was_refused(l));
		print_strings(p, "abis", NULL, names, l->n_arch);
		if (l->seen)
			print_seen(p, rep, l->seen->comm, l->seen->pid, l->seen->time,
				   l->seen->kind & SCTRACE_KIND_DELAYED);
	} else {
		print_bool(p, "conditional", NULL, l->conditional);
	}
	print_string(p, "danger", NULL, l->danger ? l->danger->group : NULL);
	for (j = 0; j < PEERS; j++) {
		cleanup_free char *text = report_peer_text(l, j);

		print_string(p, peers[j].key, NULL, text);
	}
	print_string(p, "why", NULL, l->why);
	for (j = 0; j < l->n_arch; j++)
		free(texts[j]);
}

/* What does not go without saying */
static char *remarks(const struct report *rep, const struct report_line *l)
{
	cleanup_free char *abi = l->n_arch != 1 || l->arch[0] != rep->native ?
				 report_abis(l) : NULL;
	char *text = NULL;
	size_t i;
	const char *const words[] = {
		l->danger ? l->danger->group : NULL,
		l->state != REPORT_REFUSED && report_was_refused(l) ? "refused at times" : NULL,
		l->conditional ? "with conditions" : NULL,
		abi,
	};

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		cleanup_free char *old = text;

		if (words[i])
			text = xasprintf("%s%s%s", old ? old : "", old ? ", " : "", words[i]);
		else
			old = NULL;
	}
	return text ? text : xstrdup("");
}

static void print_group(struct print *p, const struct report *rep, const struct report_group *g)
{
	cleanup_free char *names = NULL;
	struct strset set = { 0 };
	bool remarkable = false;
	size_t i;

	print_line(p, "%s", "");
	print_words(p, 0, "%s: %s (%zu)",
		    g->state == REPORT_SEEN || g->state == REPORT_ADDED ? "IN" : "NOT IN",
		    g->why, g->n);
	if (!g->seen) {
		for (i = 0; i < g->n; i++)
			strset_add(&set, g->line[i]->name);
		names = strset_text(&set, " ");
		print_words(p, 2, "  %s", names);
		strset_free(&set);
		return;
	}
	for (i = 0; i < g->n; i++) {
		cleanup_free char *note = remarks(rep, g->line[i]);

		remarkable |= *note;
	}
	print_table(p, NULL);
	for (i = 0; i < g->n; i++) {
		const struct report_line *l = g->line[i];
		const struct sctrace_sighting *s = l->seen;
		cleanup_free char *note = remarks(rep, l);
		cleanup_free char *name = xasprintf("  %s", l->name);

		print_row(p);
		print_string(p, NULL, "  SYSCALL", name);
		if (s)
			print_seen(p, rep, s->comm, s->pid, s->time,
				   s->kind & SCTRACE_KIND_DELAYED);
		else
			print_unseen(p);
		if (remarkable)
			print_string(p, NULL, "REMARKS", note);
	}
	print_close(p);
}

static void print_calls(struct print *p, const struct report *rep)
{
	size_t i;

	if (p->json) {
		print_table(p, SECTION_CALLS);
		for (i = 0; i < rep->n_line; i++)
			print_line_json(p, rep, &rep->line[i]);
		print_close(p);
		return;
	}
	heading(p, "EVERY CALL, AND THE REASON FOR IT");
	for (i = 0; i < rep->n_group; i++)
		print_group(p, rep, &rep->group[i]);
}

/**
 * report_print() - the report as text or JSON
 * @p: the output, begun
 * @rep: the report
 */
void report_print(struct print *p, const struct report *rep)
{
	cleanup_free char *abi = names_abi_text(rep->native);
	const struct derived *d = rep->derived;

	/* for people, also in a file: no line is longer than a page is wide */
	if (!p->json && !p->width)
		p->width = TERM_WIDTH;
	print_string(p, "title", "REPORT ON", rep->title);
	print_verdict(p, rep);
	if (rep->record) {
		print_u64(p, "id", NULL, rep->record->id);
		print_u64(p, "ns", NULL, rep->record->inum);
		print_ns(p, "recorded_ns", NULL, rep->span);
		print_ns(p, "quiet_ns", NULL, rep->quiet);
		print_object(p, SECTION_TIME);
		print_string(p, "state", NULL, report_saturation_name(rep->saturation));
		print_string(p, "words", NULL, rep->saturated);
		print_close(p);
	}
	print_string(p, "abi", NULL, abi);
	print_string(p, "known_by", NULL, rep->library);
	print_u64(p, "known", NULL, rep->known);
	print_u64(p, "allowed", NULL, rep->allowed);
	print_text(p, "ALLOWS", "%u of the %u calls of %s that %s knows",
		   rep->allowed, rep->known, abi, rep->library);
	print_strings(p, "doubts", NULL, (const char *const *)d->words, d->n_words);
	print_strings(p, SECTION_NOTES, NULL, (const char *const *)d->notes.v, d->notes.n);
	print_facts(p, rep->facts);
	if (rep->runs) {
		heading(p, "RUN BY RUN");
		runs_print(p, rep->runs);
	}
	print_dangers(p, rep);
	print_peers(p, rep);
	print_unused(p, rep);
	if (rep->n_width)
		heading(p, "WHAT ARGUMENTS CAN ASK FOR");
	width_print(p, rep->width, rep->n_width);
	print_report_values(p, rep);
	print_calls(p, rep);
	print_string(p, "dialect", NULL, rep->dialect);
	/* `profile --explain` has written it elsewhere */
	if (rep->text && rep->facts) {
		heading(p, "THE PROFILE");
		print_line(p, "%s", rep->text);
		print_document(p, SECTION_PROFILE, rep->text);
	}
}
