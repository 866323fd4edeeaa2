// SPDX-License-Identifier: GPL-2.0
/*
 * The reason for every line of a profile: text and JSON by print.h, and a page
 * of HTML that takes nothing from anywhere else: no script, no font, no image.
 */

#include <inttypes.h>
#include <seccomp.h>
#include "lib/names.h"
#include "changes.h"
#include "report.h"

static const char *const state_names[REPORT_STATES] = {
	"seen", "added", "refused", "blocked", "set-up", "nameless"
};

/**
 * report_in_profile() - does the profile allow this, if only at times?
 * @l: the line
 *
 * Return: true when it does.
 */
bool report_in_profile(const struct report_line *l)
{
	return l->state == REPORT_SEEN || l->state == REPORT_ADDED;
}

/* Takes @name */
static struct report_line *line(struct report *rep, char *name)
{
	struct report_line *l;
	size_t i;

	for (i = 0; i < rep->n_line; i++)
		if (!strcmp(rep->line[i].name, name)) {
			free(name);
			return &rep->line[i];
		}
	if (!(rep->n_line & 63))
		rep->line = xrealloc(rep->line, rep->n_line + 64,
				     sizeof(*rep->line));
	l = &rep->line[rep->n_line++];
	memset(l, 0, sizeof(*l));
	l->name = name;
	return l;
}

static struct report_line *line_of(struct report *rep, uint32_t arch,
				   unsigned int bit)
{
	char *name = names_syscall(arch, bit);
	bool nameless = !name;
	struct report_line *l;
	size_t i;

	if (nameless) {
		cleanup_free char *abi = names_abi_text(arch);

		name = xasprintf("#%" PRId64 " of %s", names_number(arch, bit),
				 abi);
	}
	l = line(rep, name);
	l->nameless = nameless;
	for (i = 0; i < l->n_arch; i++)
		if (l->arch[i] == arch)
			return l;
	if (l->n_arch < ARRAY_SIZE(l->arch))
		l->arch[l->n_arch++] = arch;
	return l;
}

static bool any_wanted(const struct report *rep, const struct report_line *l)
{
	unsigned int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (derive_wants(kind, rep->derived->plain) &&
		    l->kinds >> kind & 1)
			return true;
	return false;
}

static void earliest(const struct sctrace_sighting **to,
		     const struct sctrace_sighting *s)
{
	if (!*to || s->time < (*to)->time)
		*to = s;
}

static void from_record(struct report *rep, const struct record *r)
{
	bool plain = rep->derived->plain;
	unsigned int kind;
	size_t i;
	int bit;

	for (i = 0; i < r->n_abi; i++)
		for (kind = 0; kind < KIND_COUNT; kind++)
			for_each_nr(bit, &r->abi[i].kind[kind])
				line_of(rep, r->abi[i].arch, bit)->kinds |=
					1U << kind;
	for (i = 0; i < r->n_sighting; i++) {
		const struct sctrace_sighting *s = &r->sighting[i];
		unsigned int is = s->kind & ~SCTRACE_KIND_DELAYED;
		struct report_line *l;
		uint32_t at = s->nr;

		if (at >= SCTRACE_ARM_PRIVATE_BASE)
			at = at - SCTRACE_ARM_PRIVATE_BASE +
			     SCTRACE_ARM_PRIVATE_SLOT;
		if (at >= SCTRACE_NR_MAX || is >= KIND_COUNT)
			continue;
		l = line_of(rep, s->arch, at);
		/* what came while the record was read is in the next one */
		if (!(l->kinds >> is & 1))
			continue;
		if (!(is & SCTRACE_KIND_REFUSED))
			earliest(&l->made, s);
		/* why it is in the profile counts for more than why not */
		if (l->seen && derive_wants(l->seen->kind, plain) !=
			       derive_wants(is, plain)) {
			if (derive_wants(is, plain))
				l->seen = s;
		} else {
			earliest(&l->seen, s);
		}
	}
}

static void from_profile(struct report *rep, const struct profile *p)
{
	size_t i, j;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *rule = &p->rules[i];

		if (!profile_action_permits(rule->action))
			continue;
		for (j = 0; j < rule->names.n; j++) {
			const char *name = rule->names.v[j];
			struct report_line *l = line(rep, xstrdup(name));

			l->permitted = true;
			l->conditional = !profile_allows(p, name);
			if (!any_wanted(rep, l))
				l->state = REPORT_ADDED;
		}
	}
}

/* Is @name one of the words of a list with commas? */
static bool listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	while (*list) {
		size_t len = strcspn(list, ", ");

		if (len == n && !strncmp(list, name, n))
			return true;
		list += len;
		list += strspn(list, ", ");
	}
	return false;
}

/* Whoever added it has said so in a note: "added `name`: why" (portable.c) or
 * "added for whom: names" (runtime.c)
 */
static char *added_why(const struct derived *d, const char *name)
{
	cleanup_free char *quoted = xasprintf("added `%s`: ", name);
	size_t i;

	for (i = 0; derive_always[i]; i++)
		if (!strcmp(derive_always[i], name))
			return xstrdup("the kernel may make any program need it at any time");
	for (i = 0; i < d->notes.n; i++) {
		const char *s = d->notes.v[i], *names;

		if (!strncmp(s, quoted, strlen(quoted)))
			return xstrdup(s + strlen(quoted));
		if (strncmp(s, "added for ", 10))
			continue;
		names = strrchr(s, ':');
		if (names && listed(names + 1 + strspn(names + 1, " "), name))
			return xasprintf("%.*s needs it",
					 (int)(names - s - 10), s + 10);
	}
	return NULL;
}

static const char *seen_why(const struct report_line *l)
{
	bool program = l->kinds & 3;

	if (l->state == REPORT_REFUSED)
		return "a seccomp filter refused it";
	if (l->state == REPORT_BLOCKED)
		return "it was called, but stays blocked by the base";
	if (l->state == REPORT_SETUP)
		return "the runtime called it before a filter was set: no filter sees that";
	if (l->state == REPORT_NAMELESS)
		return "no profile can name it";
	if (program && l->kinds >> (SCTRACE_KIND_SETUP |
				    SCTRACE_KIND_CONFINED) & 1)
		return "the program called it, and the runtime under its filter";
	return program ? "the program called it" :
			 "the runtime called it under its filter";
}

/* Only a base can take away what was called */
static bool in_the_end(const struct derived *d, const struct report_line *l)
{
	return !d->base || l->permitted ||
	       profile_action_permits(d->profile->def_action);
}

static void judge(struct report *rep, struct report_line *l)
{
	const struct derived *d = rep->derived;
	size_t i;

	if (l->state != REPORT_ADDED) {
		if (any_wanted(rep, l))
			l->state = l->nameless ? REPORT_NAMELESS :
				   !in_the_end(d, l) ? REPORT_BLOCKED :
				   REPORT_SEEN;
		else if (l->kinds >> SCTRACE_KIND_REFUSED)
			l->state = REPORT_REFUSED;
		else
			l->state = REPORT_SETUP;
		l->why = xstrdup(seen_why(l));
	} else if (l->kinds >> SCTRACE_KIND_REFUSED) {
		/* no other way brings it in than to have been asked to */
		l->why = added_why(d, l->name);
		if (!l->why)
			l->why = xstrdup("a filter refused it, and it was to be allowed all the same");
	} else {
		l->why = added_why(d, l->name);
		if (!l->why && d->base)
			l->why = xstrdup("the base allows it");
		if (!l->why)
			l->why = xstrdup(rep->record ?
					 "something other than the record asks for it" :
					 "the profile allows it");
	}
	l->danger = danger_find(l->name);
	for (i = 0; i < PEERS; i++)
		l->peer[i] = peer_verdict(&peers[i], l->name, &l->cap[i]);
	if (!report_in_profile(l))
		return;
	rep->in_profile++;
	rep->dangerous += !!l->danger;
}

static void compare(struct report *rep)
{
	struct error *err = NULL;
	size_t i;

	for (i = 0; i < PEERS; i++) {
		if (!peer_wider(&peers[i], NULL, rep->derived->profile, NULL,
				false, &rep->wider[i], &err))
			continue;
		rep->uncompared[i] = xstrdup(err->text);
		error_free(err);
		err = NULL;
	}
}

static void count_known(struct report *rep)
{
	unsigned int bit;
	size_t i;

	for (bit = 0; bit < SCTRACE_NR_MAX; bit++) {
		cleanup_free char *name = names_syscall(rep->native, bit);

		if (!name)
			continue;
		rep->known++;
		rep->allowed += profile_allows(rep->derived->profile, name);
		for (i = 0; i < PEERS; i++)
			rep->peer_allowed[i] +=
				peer_verdict(&peers[i], name, NULL) >=
				PEER_LOOKS;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct report_line *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/**
 * report_build() - collect what there is to say
 * @rep: set up here; for report_free(). Refers to all that is passed.
 * @r: the record with all sightings, NULL for a profile alone
 * @info: for the time; NULL without @r
 * @d: what was derived from it, or a profile with nothing else set
 * @native: the kernel's own ABI
 * @title: of what it is
 */
void report_build(struct report *rep, const struct record *r,
		  const struct info *info, const struct derived *d,
		  uint32_t native, const char *title)
{
	const struct scmp_version *v = seccomp_version();
	uint64_t end;
	size_t i;

	memset(rep, 0, sizeof(*rep));
	rep->record = r;
	rep->info = info;
	rep->derived = d;
	rep->native = native ? native : names_native();
	rep->title = printable(title);
	rep->library = xasprintf("libseccomp %u.%u.%u", v->major, v->minor,
				 v->micro);
	if (r) {
		uint64_t last = r->last_new > r->since ? r->last_new : r->since;

		from_record(rep, r);
		end = r->flags & SCTRACE_F_ENDED ? r->ended_at : info->now;
		rep->span = end > r->since ? end - r->since : 0;
		rep->quiet = end > last ? end - last : 0;
	}
	from_profile(rep, d->profile);
	for (i = 0; i < rep->n_line; i++)
		judge(rep, &rep->line[i]);
	if (rep->n_line)
		qsort(rep->line, rep->n_line, sizeof(*rep->line), by_name);
	count_known(rep);
	compare(rep);
	rep->n_width = width_count(d->profile, rep->width);
}

/**
 * report_free() - release a report
 * @rep: from report_build(), or zeroes
 */
void report_free(struct report *rep)
{
	size_t i;

	for (i = 0; i < rep->n_line; i++) {
		free(rep->line[i].name);
		free(rep->line[i].why);
	}
	for (i = 0; i < PEERS; i++) {
		differences_free(&rep->wider[i]);
		free(rep->uncompared[i]);
	}
	free(rep->line);
	free(rep->title);
	free(rep->library);
	memset(rep, 0, sizeof(*rep));
}

static uint64_t after(const struct report *rep, const struct sctrace_sighting *s)
{
	return s->time > rep->record->since ? s->time - rep->record->since : 0;
}

/* Stages and filter states of all sets that it is in; refused ones count last */
static const char *stage(const struct report_line *l)
{
	/* kinds 0, 1, 4, 5 are the workload's, 2, 3, 6, 7 set-up's */
	if (!l->kinds)
		return NULL;
	if (!(l->kinds & 0x33))
		return "setup";
	return l->kinds & 0xcc ? "both" : "workload";
}

static const char *confined(const struct report_line *l)
{
	/* who is refused something is under a filter */
	if (!l->kinds)
		return NULL;
	if (!(l->kinds & 0xfa))
		return "no";
	return l->kinds & 0x05 ? "both" : "yes";
}

static bool was_refused(const struct report_line *l)
{
	return l->kinds >> SCTRACE_KIND_REFUSED;
}

static char *abis(const struct report_line *l)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < l->n_arch; i++) {
		cleanup_free char *old = text;
		cleanup_free char *abi = names_abi_text(l->arch[i]);

		text = xasprintf("%s%s%s", old ? old : "", old ? "," : "", abi);
	}
	return text;
}

static char *verdict(const struct report_line *l, size_t peer)
{
	switch (l->peer[peer]) {
	case PEER_ALLOWS:
		return xstrdup("allows");
	case PEER_LOOKS:
		return xstrdup("by argument");
	case PEER_NEEDS_CAP:
		return xasprintf("with %s", l->cap[peer]);
	default:
		return xstrdup("refuses");
	}
}

/* A program that has only been started is quiet for some seconds, too */
#define QUIET_ENOUGH	60000000000ULL

/* Has recording saturated? The fact, and how far it goes */
static char *saturation(const struct report *rep)
{
	cleanup_free char *quiet = print_duration(rep->quiet);
	cleanup_free char *span = print_duration(rep->span);
	unsigned int part = rep->span ? rep->quiet * 100.0 / rep->span : 0;

	if (!rep->record->last_new)
		return xasprintf("Nothing was seen in %s.", span);
	return xasprintf("Nothing new came in the last %s of %s (%u %%): %s.",
			 quiet, span, part,
			 rep->record->flags & SCTRACE_F_ENDED ? "it has ended" :
			 rep->quiet < QUIET_ENOUGH ?
			 "too short a time to tell, go on recording" :
			 part >= 50 ?
			 "the curve is flat, for what was exercised so far" :
			 "the curve may still be rising, go on recording");
}

static void print_dangers(struct print *p, const struct report *rep)
{
	size_t i;

	print_table(p, "dangerous");
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];

		if (!report_in_profile(l) || !l->danger)
			continue;
		print_row(p);
		print_string(p, "name", "DANGEROUS", l->name);
		print_string(p, "group", "ABOUT", l->danger->group);
		print_string(p, "why", "WHY", l->danger->why);
		print_string(p, "source", NULL, l->danger->source);
	}
	print_close(p);
	if (rep->dangerous)
		print_line(p, "%s", "");
}

static void print_peers(struct print *p, const struct report *rep)
{
	size_t i, j;

	print_table(p, "compared_with");
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
		print_strings(p, "refuses_of_this", "REFUSES OF THIS", names,
			      n);
		print_string(p, "version", "VERSION", peers[i].version);
		if (rep->uncompared[i])
			print_string(p, "uncompared", NULL,
				     rep->uncompared[i]);
		free(names);
	}
	print_close(p);
	print_line(p, "%s", "");
	print_object(p, "wider_than");
	for (i = 0; i < PEERS; i++) {
		if (rep->uncompared[i])
			print_line(p, "NOT COMPARED WITH %s: %s", peers[i].name,
				   rep->uncompared[i]);
		else if (rep->wider[i].n)
			print_line(p, "WIDER THAN THE DEFAULT OF %s",
				   peers[i].name);
		changes_print(p, peers[i].key, &rep->wider[i]);
		if (rep->uncompared[i] || rep->wider[i].n)
			print_line(p, "%s", "");
	}
	print_close(p);
}

static void print_who(struct print *p, const struct report *rep,
		      const struct report_line *l)
{
	const struct sctrace_sighting *s = l->seen;
	cleanup_free char *who = NULL, *span = NULL;

	if (!s) {
		print_string(p, NULL, "FIRST BY", NULL);
		print_string(p, NULL, "AFTER", NULL);
		return;
	}
	who = xasprintf("%s[%u]", s->comm, s->pid);
	span = print_duration(after(rep, s));
	print_string(p, NULL, "FIRST BY", who);
	print_text(p, "AFTER", "%s%s", span,
		   s->kind & SCTRACE_KIND_DELAYED ? " or before" : "");
	print_string(p, "comm", NULL, s->comm);
	print_u64(p, "pid", NULL, s->pid);
	print_u64(p, "time_ns", NULL, s->time);
	print_u64(p, "after_ns", NULL, after(rep, s));
	print_bool(p, "delayed", NULL, s->kind & SCTRACE_KIND_DELAYED);
}

static void print_lines(struct print *p, const struct report *rep)
{
	size_t i, j;

	print_table(p, "syscalls");
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];
		const char *names[ARRAY_SIZE(l->arch)];
		char *texts[ARRAY_SIZE(l->arch)];

		for (j = 0; j < l->n_arch; j++) {
			texts[j] = names_abi_text(l->arch[j]);
			names[j] = texts[j];
		}
		print_row(p);
		print_string(p, "name", "SYSCALL", l->name);
		print_bool(p, "in_profile", "IN", report_in_profile(l));
		print_string(p, "state", NULL, state_names[l->state]);
		if (!rep->record)
			print_bool(p, "conditional", "CONDITIONAL",
				   l->conditional);
		if (rep->record) {
			print_string(p, "stage", "STAGE", stage(l));
			print_string(p, "confined", "CONFINED", confined(l));
			print_bool(p, "refused", "REFUSED", was_refused(l));
			print_strings(p, "abis", "ABI", names, l->n_arch);
			print_who(p, rep, l);
		}
		print_string(p, "danger", "DANGER",
			     l->danger ? l->danger->group : NULL);
		for (j = 0; j < PEERS; j++) {
			cleanup_free char *text = verdict(l, j);

			print_string(p, peers[j].key, NULL, text);
		}
		print_string(p, "why", "BECAUSE", l->why);
		for (j = 0; j < l->n_arch; j++)
			free(texts[j]);
	}
	print_close(p);
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

	print_string(p, "title", "REPORT ON", rep->title);
	if (rep->record) {
		cleanup_free char *words = saturation(rep);

		print_u64(p, "id", "RECORD", rep->record->id);
		print_u64(p, "ns", "NAMESPACE", rep->record->inum);
		print_ns(p, "recorded_ns", "RECORDED", rep->span);
		print_ns(p, "quiet_ns", "QUIET FOR", rep->quiet);
		print_text(p, "SATURATION", "%s", words);
	}
	print_string(p, "abi", NULL, abi);
	print_string(p, "known_by", NULL, rep->library);
	print_u64(p, "known", NULL, rep->known);
	print_u64(p, "allowed", NULL, rep->allowed);
	print_text(p, "ALLOWS", "%u of the %u calls of %s that %s knows",
		   rep->allowed, rep->known, abi, rep->library);
	print_strings(p, "doubts", NULL, (const char *const *)d->words,
		      d->n_words);
	print_line(p, "%s", "");
	print_dangers(p, rep);
	print_peers(p, rep);
	width_print(p, rep->width, rep->n_width);
	print_lines(p, rep);
}

/**
 * html_text() - print a string of any origin into a page
 * @to: where to
 * @s: the string
 *
 * For element content and quoted attributes alike. Whatever is not printable
 * ASCII becomes \xNN: no name can turn the direction of the text, or pose as
 * another that looks alike.
 */
void html_text(FILE *to, const char *s)
{
	for (; *s; s++) {
		unsigned char c = *s;

		switch (c) {
		case '&':
			fputs("&amp;", to);
			break;
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		case '\'':
			fputs("&#39;", to);
			break;
		default:
			if (c < ' ' || c > '~')
				fprintf(to, "\\x%02x", c);
			else
				putc(c, to);
		}
	}
}

static const char style[] =
	":root{--bg:#fff;--fg:#1c1e21;--dim:#646b73;--line:#dfe2e6;--card:#f5f6f8;"
	"--blue:#1a62b7;--fill:#1a62b722;--grey:#9aa2ab;--warn:#8a5300;--warnbg:#fff4df;"
	"--bad:#b3261e;--good:#1d7a3e}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#16181b;--fg:#e4e6e9;--dim:#9aa2ab;"
	"--line:#34383d;--card:#202327;--blue:#74aef5;--fill:#74aef522;--grey:#7d858e;"
	"--warn:#f2c063;--warnbg:#33290f;--bad:#ff8a80;--good:#7ddb9b}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:1180px;padding:28px 24px 60px;background:var(--bg);"
	"color:var(--fg);font:15px/1.5 system-ui,\"DejaVu Sans\",sans-serif}\n"
	"h1{font-size:24px;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:18px;margin:36px 0 8px}\n"
	"p{margin:6px 0}.dim{color:var(--dim)}code{font-family:ui-monospace,\"DejaVu Sans Mono\",monospace;font-size:13px;overflow-wrap:anywhere}\n"
	".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:12px;margin:20px 0}\n"
	".card{background:var(--card);border-radius:8px;padding:12px 16px}.card b{display:block;font-size:26px;line-height:1.3}\n"
	".card span{color:var(--dim);font-size:13px}\n"
	".doubts{background:var(--warnbg);color:var(--warn);border-radius:8px;padding:10px 16px 10px 34px;margin:12px 0}\n"
	"svg{width:100%;height:auto;display:block}svg text{fill:var(--dim);font-size:12px}\n"
	".axis{stroke:var(--line);stroke-width:1}.all{fill:none;stroke:var(--grey);stroke-width:1.5}\n"
	".in{fill:none;stroke:var(--blue);stroke-width:2}.area{fill:var(--fill);stroke:none}\n"
	".last{stroke:var(--bad);stroke-width:1;stroke-dasharray:4 3}\n"
	".scroll{overflow-x:auto}.scroll>*{min-width:640px}.scroll>.wide{min-width:1080px}\n"
	"table{border-collapse:collapse;width:100%;font-size:13px}\n"
	"th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}\n"
	"th{color:var(--dim);font-weight:600;white-space:nowrap}td.t,td.n code{white-space:nowrap}\n"
	"th:first-child,td:first-child{position:sticky;left:0;background:var(--bg)}\n"
	".danger{color:var(--bad)}.out td{color:var(--dim)}.key i{display:inline-block;width:18px;height:3px;margin:0 6px 4px 14px}\n"
	"@media print{body{max-width:none;padding:0}.scroll>*,.scroll>.wide{min-width:0}h2{break-after:avoid}tr{break-inside:avoid}}\n";

static void card(FILE *to, const char *figure, const char *what)
{
	fputs("<div class=\"card\"><b>", to);
	html_text(to, figure);
	fputs("</b><span>", to);
	html_text(to, what);
	fputs("</span></div>\n", to);
}

static void cards(FILE *to, const struct report *rep)
{
	cleanup_free char *abi = names_abi_text(rep->native);
	cleanup_free char *figure = NULL, *what = NULL;

	fputs("<div class=\"cards\">\n", to);
	figure = xasprintf("%u of %u", rep->allowed, rep->known);
	what = xasprintf("calls of %s that %s knows are allowed", abi,
			 rep->library);
	card(to, figure, what);
	free(figure);
	free(what);
	figure = xasprintf("%u", rep->dangerous);
	card(to, figure, "of the allowed deserve a second look");
	free(figure);
	figure = xasprintf("%zu / %zu", rep->wider[0].n, rep->wider[1].n);
	what = xasprintf("allowed here, not by the default of %s / %s",
			 peers[0].name, peers[1].name);
	card(to, figure, what);
	if (rep->record) {
		free(figure);
		figure = print_duration(rep->quiet);
		card(to, figure, "without a new call at the end");
	}
	fputs("</div>\n", to);
}

static void doubts(FILE *to, const struct derived *d)
{
	size_t i;

	if (!d->n_words)
		return;
	fputs("<h2>Doubts</h2>\n<ul class=\"doubts\">\n", to);
	for (i = 0; i < d->n_words; i++) {
		fputs("<li>", to);
		html_text(to, d->words[i]);
		fputs("</li>\n", to);
	}
	fputs("</ul>\n", to);
}

/* The chart: 1000 x 300, the plot within margins */
#define LEFT	48.0
#define RIGHT	985.0
#define TOP	14.0
#define BOTTOM	262.0

struct axis {
	bool logarithmic;
	double from, to;	/* seconds */
	double end;		/* of what was recorded */
	unsigned int most;	/* calls */
};

/* The common logarithm: not worth a library that nothing else needs */
static double decades(double x)
{
	double sum = 0, y, power;
	unsigned int i;
	int n = 0;

	for (; x >= 10; n++)
		x /= 10;
	for (; x < 1; n--)
		x *= 10;
	y = (x - 1) / (x + 1);
	power = y;
	for (i = 1; i < 100; i += 2) {
		sum += power / i;
		power *= y * y;
	}
	return n + 2 * sum / 2.302585092994046;
}

static double x_of(const struct axis *a, double s)
{
	double part;

	if (s < a->from)
		s = a->from;
	if (s > a->to)
		s = a->to;
	part = a->logarithmic ? decades(s / a->from) / decades(a->to / a->from) :
				(s - a->from) / (a->to - a->from);
	return LEFT + part * (RIGHT - LEFT);
}

static double y_of(const struct axis *a, unsigned int n)
{
	return BOTTOM - (BOTTOM - TOP) * n / a->most;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Times at which a call was first seen; @in: that is in the profile */
static uint64_t *times(const struct report *rep, bool in, size_t *n)
{
	uint64_t *t = xcalloc(rep->n_line + 1, sizeof(*t));
	size_t i;

	*n = 0;
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];
		const struct sctrace_sighting *s = in ? l->seen : l->made;

		if (s && (!in || l->state == REPORT_SEEN))
			t[(*n)++] = after(rep, s);
	}
	if (*n)
		qsort(t, *n, sizeof(*t), by_time);
	return t;
}

static void steps(FILE *to, const struct axis *a, const uint64_t *t, size_t n,
		  bool area)
{
	size_t i;

	fprintf(to, "<path class=\"%s\" d=\"M%.1f %.1f",
		area ? "area" : "in", LEFT, y_of(a, 0));
	for (i = 0; i < n; i++) {
		/* one step for all that came in the same place */
		if (i + 1 < n && x_of(a, t[i + 1] / 1e9) -
				 x_of(a, t[i] / 1e9) < 0.05)
			continue;
		fprintf(to, "H%.1fV%.1f", x_of(a, t[i] / 1e9), y_of(a, i + 1));
	}
	fprintf(to, "H%.1f", x_of(a, a->end));
	if (area)
		fprintf(to, "V%.1fZ", BOTTOM);
	fputs("\"/>\n", to);
}

static void grey_steps(FILE *to, const struct axis *a, const uint64_t *t,
		       size_t n)
{
	size_t i;

	fprintf(to, "<path class=\"all\" d=\"M%.1f %.1f", LEFT, y_of(a, 0));
	for (i = 0; i < n; i++) {
		if (i + 1 < n && x_of(a, t[i + 1] / 1e9) -
				 x_of(a, t[i] / 1e9) < 0.05)
			continue;
		fprintf(to, "H%.1fV%.1f", x_of(a, t[i] / 1e9), y_of(a, i + 1));
	}
	fprintf(to, "H%.1f\"/>\n", x_of(a, a->end));
}

/* A round step so that there are about five ticks */
static double round_step(double span)
{
	static const double nice[] = {
		1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
		14400, 21600, 43200, 86400
	};
	double step;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nice) && span >= 1; i++)
		if (span / nice[i] <= 7)
			return nice[i];
	for (step = 0.000001; step * 10 <= span; step *= 10)
		;
	return span / step < 2 ? step / 5 : span / step < 4 ? step / 2 : step;
}

static void tick_x(FILE *to, const struct axis *a, double s)
{
	cleanup_free char *text = s > 0 ? print_duration(s * 1e9 + 0.5) :
					  xstrdup("0");

	fprintf(to, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
		x_of(a, s), x_of(a, s), TOP, BOTTOM);
	fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
		x_of(a, s), BOTTOM + 17,
		x_of(a, s) > RIGHT - 15 ? "end" : "middle", text);
}

static void ticks(FILE *to, const struct axis *a)
{
	unsigned int n, step = 1, i;
	double s, every;

	/* 1, 2, 5, 10, 20, 50 */
	for (i = 0; a->most / step > 6; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	for (n = 0; n <= a->most; n += step) {
		fprintf(to, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
			LEFT, RIGHT, y_of(a, n), y_of(a, n));
		fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%u</text>\n",
			LEFT - 7, y_of(a, n) + 4, n);
	}
	if (a->logarithmic) {
		for (s = a->from; s <= a->to * 1.001; s *= 10)
			tick_x(to, a, s);
		return;
	}
	every = round_step(a->to);
	for (s = 0; s <= a->to * 1.001; s += every)
		tick_x(to, a, s);
}

static void chart(FILE *to, const struct report *rep, bool logarithmic)
{
	cleanup_free uint64_t *in = NULL, *all = NULL;
	cleanup_free char *span = print_duration(rep->span);
	struct axis a = { .logarithmic = logarithmic, .to = rep->span / 1e9,
			  .end = rep->span / 1e9 };
	double decade;
	size_t n_in, n_all;

	in = times(rep, true, &n_in);
	all = times(rep, false, &n_all);
	if (logarithmic) {
		/* whole decades */
		a.from = 0.0001;
		for (decade = 0.001; decade < a.to; decade *= 10)
			;
		a.to = decade;
	}
	if (a.to <= 0)
		a.to = 0.001;
	a.most = n_all > n_in ? n_all : n_in;
	if (!a.most)
		a.most = 1;
	fprintf(to, "<div class=\"scroll\"><svg viewBox=\"0 0 1000 290\" role=\"img\" aria-label=\"%zu calls first seen within %s\">\n",
		n_all, span);
	ticks(to, &a);
	grey_steps(to, &a, all, n_all);
	steps(to, &a, in, n_in, true);
	steps(to, &a, in, n_in, false);
	if (n_all) {
		double x = x_of(&a, all[n_all - 1] / 1e9);

		fprintf(to, "<line class=\"last\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
			x, x, TOP, BOTTOM);
	}
	fputs("</svg></div>\n", to);
}

static void charts(FILE *to, const struct report *rep)
{
	cleanup_free char *words = saturation(rep);

	fputs("<h2>First sightings over time: has recording saturated?</h2>\n<p>", to);
	html_text(to, words);
	if (rep->record->sightings_missed)
		fprintf(to, " First sightings that could not be kept, and are not in the chart: %u.",
			rep->record->sightings_missed);
	fputs("</p>\n<p class=\"dim key\"><i style=\"background:var(--blue);margin-left:0\"></i>in the profile"
	      "<i style=\"background:var(--grey)\"></i>all that were made"
	      "<i style=\"background:var(--bad)\"></i>the last that was new</p>\n", to);
	chart(to, rep, false);
	fputs("<p class=\"dim\">The same with logarithmic time:</p>\n", to);
	chart(to, rep, true);
}

static void cell(FILE *to, const char *class, const char *s)
{
	fprintf(to, "<td%s%s%s>", *class ? " class=\"" : "", class,
		*class ? "\"" : "");
	html_text(to, s ? s : "-");
	fputs("</td>", to);
}

static void name_cell(FILE *to, const char *s)
{
	fputs("<td class=\"n\"><code>", to);
	html_text(to, s);
	fputs("</code></td>", to);
}

static void danger_table(FILE *to, const struct report *rep)
{
	size_t i;

	fputs("<h2>Allowed calls that deserve a second look</h2>\n", to);
	if (!rep->dangerous) {
		fputs("<p>None of the calls that are known for what they hand over is in this profile.</p>\n",
		      to);
		return;
	}
	fputs("<div class=\"scroll\"><table>\n<tr><th>Call</th><th>About</th><th>What allowing it hands over</th><th>Source</th></tr>\n",
	      to);
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];

		if (!report_in_profile(l) || !l->danger)
			continue;
		fputs("<tr>", to);
		name_cell(to, l->name);
		cell(to, "danger", l->danger->group);
		cell(to, "", l->danger->why);
		cell(to, "dim", l->danger->source);
		fputs("</tr>\n", to);
	}
	fputs("</table></div>\n", to);
}

/* a call that a default refuses, or permits under conditions that go further here */
static void difference(FILE *to, size_t peer, const struct difference *d)
{
	const char *cap = NULL;

	peer_verdict(&peers[peer], d->name, &cap);
	fputs("<code>", to);
	html_text(to, d->name);
	fputs("</code> ", to);
	if (d->where || cap || d->change == CHANGE_CONDITION) {
		fputs("<span class=\"dim\">(", to);
		if (d->where) {
			fputs("in ", to);
			html_text(to, d->where);
		} else if (d->change == CHANGE_CONDITION) {
			fputs("there: ", to);
			html_text(to, d->from);
			fputs("; here: ", to);
			html_text(to, d->to);
		} else {
			fputs("unless ", to);
			html_text(to, cap);
		}
		fputs(")</span> ", to);
	}
}

static void peer_table(FILE *to, const struct report *rep)
{
	size_t i, j;

	fputs("<h2>Compared with default profiles</h2>\n<div class=\"scroll\"><table>\n"
	      "<tr><th>Default of</th><th>Allows</th><th>Refuses of what is allowed here</th><th>Version</th></tr>\n",
	      to);
	for (i = 0; i < PEERS; i++) {
		fputs("<tr>", to);
		cell(to, "t", peers[i].name);
		fprintf(to, "<td class=\"t\">%u of %u</td><td>",
			rep->peer_allowed[i], rep->known);
		if (rep->uncompared[i])
			html_text(to, rep->uncompared[i]);
		else if (!rep->wider[i].n)
			fputs("nothing", to);
		for (j = 0; j < rep->wider[i].n; j++)
			difference(to, i, &rep->wider[i].v[j]);
		fputs("</td>", to);
		cell(to, "dim", peers[i].version);
		fputs("</tr>\n", to);
	}
	fputs("</table></div>\n<p class=\"dim\">For a container without added capabilities; what an engine allows by argument is compared argument by argument.</p>\n",
	      to);
}

static void row(FILE *to, const struct report *rep, const struct report_line *l)
{
	const struct sctrace_sighting *s = l->seen;
	size_t i;

	fputs(report_in_profile(l) ? "<tr>" : "<tr class=\"out\">", to);
	name_cell(to, l->name);
	if (rep->record) {
		cleanup_free char *abi = abis(l);

		if (s) {
			cleanup_free char *span = print_duration(after(rep, s));
			cleanup_free char *who = NULL, *when = NULL;

			who = xasprintf("%s[%u]", s->comm, s->pid);
			when = xasprintf("%s%s", span,
					 s->kind & SCTRACE_KIND_DELAYED ?
					 " or before" : "");
			name_cell(to, who);
			cell(to, "t", when);
		} else {
			cell(to, "", NULL);
			cell(to, "", NULL);
		}
		cell(to, "", stage(l));
		cell(to, "", confined(l));
		cell(to, was_refused(l) ? "danger" : "",
		     l->kinds ? was_refused(l) ? "yes" : "no" : NULL);
		cell(to, "", abi);
	} else {
		cell(to, "", l->conditional ? "at times" : "always");
	}
	cell(to, "danger", l->danger ? l->danger->group : "");
	for (i = 0; i < PEERS; i++) {
		cleanup_free char *text = verdict(l, i);

		cell(to, "", text);
	}
	cell(to, "", l->why);
	fputs("</tr>\n", to);
}

static void table(FILE *to, const struct report *rep, bool in)
{
	unsigned int n = in ? rep->in_profile : rep->n_line - rep->in_profile;
	size_t i;

	if (!n)
		return;
	fprintf(to, "<h2>%s (%u)</h2>\n<div class=\"scroll\"><table class=\"wide\">\n<tr><th>Call</th>",
		in ? "In the profile" : "Seen, and not in the profile", n);
	fputs(rep->record ? "<th>First by</th><th>After</th><th>Stage</th><th>Confined</th><th>Refused</th><th>ABI</th>" :
			    "<th>Allowed</th>", to);
	fputs("<th>Danger</th>", to);
	for (i = 0; i < PEERS; i++) {
		fputs("<th>", to);
		html_text(to, peers[i].name);
		fputs("</th>", to);
	}
	fputs("<th>Because</th></tr>\n", to);
	for (i = 0; i < rep->n_line; i++)
		if (report_in_profile(&rep->line[i]) == in)
			row(to, rep, &rep->line[i]);
	fputs("</table></div>\n", to);
}

/**
 * report_html() - the report as a page that stands on its own
 * @to: where to
 * @rep: the report
 */
void report_html(FILE *to, const struct report *rep)
{
	const struct record *r = rep->record;

	/*
	 * Should a name ever get past html_text(), this forbids whatever it
	 * brings: no script runs and nothing is fetched.
	 */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>sctrace: ", to);
	html_text(to, rep->title);
	fputs("</title>\n<style>\n", to);
	fputs(style, to);
	fputs("</style>\n</head>\n<body>\n<h1>System calls of ", to);
	html_text(to, rep->title);
	fputs("</h1>\n", to);
	if (r) {
		cleanup_free char *span = print_duration(rep->span);

		fprintf(to, "<p class=\"dim\">PID namespace %u, record %" PRIu64 ", process %u ",
			r->inum, r->id, r->init_pid);
		html_text(to, r->comm);
		fprintf(to, ", recorded for %s, %s</p>\n", span,
			r->flags & SCTRACE_F_ENDED ? "ended" :
			r->flags & SCTRACE_F_STOPPED ? "stopped" : "running");
	}
	cards(to, rep);
	doubts(to, rep->derived);
	if (r)
		charts(to, rep);
	danger_table(to, rep);
	peer_table(to, rep);
	width_html(to, rep->width, rep->n_width);
	table(to, rep, true);
	table(to, rep, false);
	fputs("<p class=\"dim\">Made by sctrace-nl.</p>\n</body>\n</html>\n",
	      to);
}
