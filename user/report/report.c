// SPDX-License-Identifier: GPL-2.0
/*
 * What a report says: the reason for every line of a profile, and what a reviewer asks
 * of it. text.c, html.c and chart.c say it.
 */

#include <inttypes.h>
#include <seccomp.h>
#include "lib/names.h"
#include "format/format.h"
#include "record/container.h"
#include "record/value.h"
#include "report.h"

/**
 * report_state_name() - why a call is in the profile or not, in a word
 * @s: why
 *
 * Return: the word.
 */
const char *report_state_name(enum report_state s)
{
	static const char *const names[REPORT_STATES] = {
		"seen", "added", "refused", "blocked", "set-up", "nameless"
	};

	return names[s];
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

static const char anytime[] = "the kernel may make any program need it at any time";

/*
 * Whoever added it has said so in a note: "added `name`: why" (portable.c), "added for whom:
 * names" (runtime.c), or "`other` is answered with ENOSYS: C libraries take `name` then"
 * (args.c)
 */
static char *added_why(const struct derived *d, const char *name)
{
	cleanup_free char *quoted = xasprintf("added `%s`: ", name);
	cleanup_free char *taken = xasprintf(": C libraries take `%s` then", name);
	size_t i;

	if (derive_is_always(name))
		return xstrdup(anytime);
	for (i = 0; i < d->notes.n; i++) {
		const char *s = d->notes.v[i], *names;

		if (!strncmp(s, quoted, strlen(quoted)))
			return xstrdup(s + strlen(quoted));
		names = strstr(s, taken);
		if (names)
			return xasprintf("%.*s, and C libraries take this instead",
					 (int)(names - s), s);
		if (strncmp(s, "added for ", 10))
			continue;
		names = strrchr(s, ':');
		if (names && listed(names + 1 + strspn(names + 1, " "), name))
			return xasprintf("%.*s needs it",
					 (int)(names - s - 10), s + 10);
	}
	return NULL;
}

static const char *seen_why(const struct derived *d, const struct report_line *l)
{
	bool program = l->kinds & KINDS_WORKLOAD & ~KINDS_REFUSED;
	bool runtime = l->kinds >> (SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED) & 1;

	if (l->state == REPORT_REFUSED)
		return "a seccomp filter refused it";
	if (l->state == REPORT_BLOCKED)
		return strset_has(&d->answered, l->name) ?
		       "it was called, and is answered with ENOSYS, upon which C libraries take another" :
		       "it was called, but stays blocked by the base";
	if (l->state == REPORT_SETUP)
		return d->plain ? "what started the program called it, before the program ran" :
		       "the runtime called it before a filter was set: no filter sees that";
	if (l->state == REPORT_NAMELESS)
		return "no profile can name it";
	if (report_is_execs(l) && derive_is_always(l->name))
		return anytime;
	if (report_is_execs(l))
		return "only an exec called it (docker exec, a health check)";
	if (program && runtime)
		return "the program called it, and the runtime under its filter";
	return program ? "the program called it" :
			 "the runtime called it under its filter";
}

/* A base takes away what was called, and so does what C libraries have another call for */
static bool in_the_end(const struct derived *d, const struct report_line *l)
{
	return l->permitted || (!d->base && !strset_has(&d->answered, l->name)) ||
	       profile_action_permits(d->profile->def_action);
}

static void judge(struct report *rep, struct report_line *l, const struct profile *here)
{
	const struct derived *d = rep->derived;
	size_t i;

	if (l->state != REPORT_ADDED) {
		if (any_wanted(rep, l))
			l->state = l->nameless ? REPORT_NAMELESS :
				   !in_the_end(d, l) ? REPORT_BLOCKED :
				   REPORT_SEEN;
		else if (report_was_refused(l))
			l->state = REPORT_REFUSED;
		else
			l->state = REPORT_SETUP;
		l->why = xstrdup(seen_why(d, l));
	} else if (report_was_refused(l)) {
		/* no other way brings it in than to have been asked to */
		l->why = added_why(d, l->name);
		if (!l->why)
			l->why = xstrdup("a filter refused it, and it was to be allowed all the same");
	} else {
		l->why = added_why(d, l->name);
		if (!l->why && d->plain && !strcmp(l->name, "execve"))
			l->why = xstrdup("whoever starts the program calls it under the filter");
		if (!l->why && d->base)
			l->why = xstrdup("the base allows it");
		if (!l->why)
			l->why = xstrdup(rep->record ?
					 "something other than the record asks for it" :
					 "the profile allows it");
	}
	/* to whom a capability is given more, it is no danger of the profile alone */
	l->danger = danger_find(l->name);
	l->here = profile_permits(here, l->name);
	for (i = 0; i < PEERS; i++)
		l->peer[i] = peer_verdict(&peers[i], l->name, rep->machine, &l->cap[i]);
	if (!report_in_profile(l))
		return;
	rep->in_profile++;
	rep->dangerous += l->here && l->danger;
}

/* Rows of all engines' differences, by the name of the call and where it differs */
static struct report_wider *wider_row(struct report *rep, const struct difference *d)
{
	struct report_wider *w;
	size_t i;

	for (i = 0; i < rep->n_row; i++) {
		w = &rep->row[i];
		if (!strcmp(w->name, d->name) &&
		    !strcmp(w->where ? w->where : "", d->where ? d->where : ""))
			return w;
	}
	rep->row = xrealloc(rep->row, rep->n_row + 1, sizeof(*rep->row));
	w = &rep->row[rep->n_row++];
	memset(w, 0, sizeof(*w));
	w->name = d->name;
	w->where = d->where;
	w->here = report_terms(d->to);
	return w;
}

static void add_rows(struct report *rep, size_t peer)
{
	size_t i;

	for (i = 0; i < rep->wider[peer].n; i++) {
		const struct difference *d = &rep->wider[peer].v[i];
		struct report_wider *w = wider_row(rep, d);

		if (!w->there[peer])
			w->there[peer] = report_terms(d->from);
	}
}

static void compare(struct report *rep)
{
	struct error *err = NULL;
	size_t i;

	for (i = 0; i < PEERS; i++) {
		if (!peer_wider(&peers[i], NULL, rep->derived->profile, NULL,
				false, &rep->wider[i], &err)) {
			add_rows(rep, i);
			continue;
		}
		rep->uncompared[i] = xstrdup(err->text);
		error_free(err);
		err = NULL;
	}
}

static void count_known(struct report *rep, const struct profile *here)
{
	unsigned int bit;
	size_t i;

	for (bit = 0; bit < SCTRACE_NR_MAX; bit++) {
		cleanup_free char *name = names_syscall(rep->native, bit);

		if (!name)
			continue;
		rep->known++;
		rep->allowed += profile_permits(here, name);
		for (i = 0; i < PEERS; i++) {
			if (peer_verdict(&peers[i], name, rep->machine, NULL) < PEER_LOOKS)
				continue;
			rep->peer_allowed[i]++;
			if (!profile_permits(here, name))
				strset_add(&rep->unused[i], name);
		}
	}
}

/* Values of the workload first: those of set-up are not for the profile */
static void add_values(struct report *rep, const struct record *r)
{
	size_t i;
	int wanted;

	rep->value = xcalloc(r->n_value, sizeof(*rep->value));
	for (wanted = 1; wanted >= 0; wanted--)
		for (i = 0; i < r->n_value; i++) {
			const struct sctrace_value *v = &r->value[i];
			struct report_value *to;

			if (derive_wants(v->kind, rep->derived->plain) != wanted)
				continue;
			to = &rep->value[rep->n_value++];
			to->seen = v;
			to->wanted = wanted;
			to->open = v->how == SCTRACE_HOW_OPEN;
			to->call = value_call(v);
		}
}

static bool same_group(const struct report_line *a, const struct report_group *g)
{
	return (a->state == g->state || (report_in_profile(a) && report_in_profile(g->line[0]))) &&
	       !strcmp(a->why, g->why);
}

/* What was called comes before what was added, and what is not in the profile last */
static void make_groups(struct report *rep)
{
	struct report_group *g;
	unsigned int state;
	size_t i, j;

	for (state = 0; state < REPORT_STATES; state++)
		for (i = 0; i < rep->n_line; i++) {
			const struct report_line *l = &rep->line[i];

			if (l->state != state)
				continue;
			for (j = 0; j < rep->n_group; j++)
				if (same_group(l, &rep->group[j]))
					break;
			if (j == rep->n_group) {
				rep->group = xrealloc(rep->group, ++rep->n_group,
						      sizeof(*rep->group));
				rep->group[j] = (struct report_group){
					.why = l->why, .state = l->state,
				};
			}
			g = &rep->group[j];
			g->line = xrealloc(g->line, g->n + 1, sizeof(*g->line));
			g->line[g->n++] = l;
			g->seen |= !!l->seen;
		}
}

/* As `profile` would write it; what needs conditions of an engine's own, in Docker's dialect */
static void write_profile_text(struct report *rep)
{
	static const enum format tried[] = { FORMAT_OCI, FORMAT_DOCKER };
	static const enum format unit[] = { FORMAT_SYSTEMD };
	const struct format_opts opts = { .here = true };
	bool service = rep->record && container_is_service(rep->record);
	const enum format *f = service ? unit : tried;
	size_t i, n = service ? ARRAY_SIZE(unit) : ARRAY_SIZE(tried);
	struct error *err = NULL;

	for (i = 0; i < n && !rep->text; i++) {
		rep->text = format_write(rep->derived->profile, f[i], &opts, NULL, &err);
		if (rep->text)
			rep->dialect = xstrdup(format_name(f[i]));
	}
	if (!rep->text)
		rep->dialect = xstrdup(err->text);
	error_free(err);
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
 * @native: the kernel's own ABI; a profile for other machines is reported for those
 * @facts: which run it was, or NULL
 * @title: of what it is
 */
void report_build(struct report *rep, const struct record *r,
		  const struct info *info, const struct derived *d,
		  uint32_t native, const struct facts *facts, const char *title)
{
	cleanup_profile struct profile *here = NULL;
	struct profile_env env = { 0 };
	const struct scmp_version *v = seccomp_version();
	uint64_t end;
	size_t i;

	memset(rep, 0, sizeof(*rep));
	rep->record = r;
	rep->info = info;
	rep->derived = d;
	rep->machine = r ? NULL : profile_machine(d->profile);
	env.arch = rep->machine;
	rep->native = rep->machine ? profile_arch_from_short(rep->machine) :
		      native ? native : names_native();
	rep->facts = facts;
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
	peer_caps(&peers[0], &env.caps);
	here = algebra_resolve(d->profile, &env);
	strset_free(&env.caps);
	for (i = 0; i < rep->n_line; i++)
		judge(rep, &rep->line[i], here);
	if (rep->n_line)
		qsort(rep->line, rep->n_line, sizeof(*rep->line), by_name);
	count_known(rep, here);
	compare(rep);
	rep->n_width = width_count(d->profile, rep->machine, rep->width);
	if (r)
		add_values(rep, r);
	make_groups(rep);
	write_profile_text(rep);
	report_judge(rep);
}

/**
 * report_free() - release a report
 * @rep: from report_build(), or zeroes
 */
void report_free(struct report *rep)
{
	size_t i, j;

	for (i = 0; i < rep->n_line; i++) {
		free(rep->line[i].name);
		free(rep->line[i].why);
	}
	for (i = 0; i < PEERS; i++) {
		differences_free(&rep->wider[i]);
		free(rep->uncompared[i]);
		strset_free(&rep->unused[i]);
	}
	for (i = 0; i < rep->n_row; i++) {
		free(rep->row[i].here);
		for (j = 0; j < PEERS; j++)
			free(rep->row[i].there[j]);
	}
	for (i = 0; i < rep->n_reason; i++)
		free(rep->reason[i].text);
	for (i = 0; i < rep->n_value; i++)
		free(rep->value[i].call);
	for (i = 0; i < rep->n_group; i++)
		free(rep->group[i].line);
	free(rep->row);
	free(rep->reason);
	free(rep->value);
	free(rep->group);
	free(rep->saturated);
	free(rep->text);
	free(rep->dialect);
	free(rep->line);
	free(rep->title);
	free(rep->library);
	memset(rep, 0, sizeof(*rep));
}

/**
 * report_after() - how long after the beginning of the record?
 * @rep: the report
 * @time: of the record's clock
 *
 * Return: the span.
 */
uint64_t report_after(const struct report *rep, uint64_t time)
{
	return time > rep->record->since ? time - rep->record->since : 0;
}

/**
 * report_stage() - in which stages a call was seen
 * @l: the call
 *
 * Return: a word for all its sets together, or NULL.
 */
const char *report_stage(const struct report_line *l)
{
	if (!l->kinds)
		return NULL;
	if (l->kinds & KINDS_WORKLOAD)
		return l->kinds & KINDS_SETUP ? "both" : "workload";
	return l->kinds & KINDS_EXEC ? "exec" : "setup";
}

/**
 * report_confined() - was a call seen under a filter?
 * @l: the call
 *
 * Return: a word for all its sets together, or NULL.
 */
const char *report_confined(const struct report_line *l)
{
	/* who is refused something is under a filter */
	if (!l->kinds)
		return NULL;
	if (!(l->kinds & (KINDS_CONFINED | KINDS_REFUSED)))
		return "no";
	return l->kinds & ~(KINDS_CONFINED | KINDS_REFUSED) ? "both" : "yes";
}

/**
 * report_was_refused() - did a filter refuse a call?
 * @l: the call
 *
 * Return: true when it did, if only once.
 */
bool report_was_refused(const struct report_line *l)
{
	return l->kinds & KINDS_REFUSED;
}

/**
 * report_abis() - by which ABIs a call was made
 * @l: the call
 *
 * Return: their names with commas, for free(); NULL: it was not made.
 */
char *report_abis(const struct report_line *l)
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

/**
 * report_peer_text() - what the default of an engine says of a call
 * @l: the call
 * @peer: the engine
 *
 * Return: that in words, for free().
 */
char *report_peer_text(const struct report_line *l, size_t peer)
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

/**
 * report_terms() - rules of a call as a person would say them
 * @rules: of a difference, one a line
 *
 * Return: "when arg0 == 0x2 (AF_INET); else ENOSYS", "always", "refused: EPERM"; for free().
 */
char *report_terms(const char *rules)
{
	cleanup_free char *copy = xstrdup(rules);
	char *text = NULL, *save, *s;
	bool permits = strstr(rules, "SCMP_ACT_ALLOW") || strstr(rules, "SCMP_ACT_LOG");
	bool enough = false;	/* what follows never counts */

	for (s = strtok_r(copy, "\n", &save); s && !enough; s = strtok_r(NULL, "\n", &save)) {
		cleanup_free char *old = text;
		cleanup_free char *one = NULL;

		if (!strcmp(s, "SCMP_ACT_ALLOW")) {
			one = xstrdup("always");
			enough = true;
		} else if (!strncmp(s, "SCMP_ACT_ALLOW ", 15)) {
			one = xstrdup(s + 15);
		} else if (!strncmp(s, "SCMP_ACT_ERRNO(", 15) && !strchr(s, ' ')) {
			one = xasprintf("%s%.*s", permits ? "else " : "refused: ",
					(int)strcspn(s + 15, ")"), s + 15);
			enough = true;
		} else {
			one = xstrdup(strncmp(s, "SCMP_ACT_", 9) ? s : s + 9);
		}
		text = xasprintf("%s%s%s", old ? old : "", old ? "; " : "", one);
	}
	return text ? text : xstrdup("");
}
