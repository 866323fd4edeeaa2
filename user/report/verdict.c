// SPDX-License-Identifier: GPL-2.0
/* May a profile be deployed? An answer, and the facts that it follows from. */

#include <stdarg.h>
#include "profile/lint.h"
#include "report.h"

#define SECOND		1000000000ULL
/* A program that has only been started is quiet for some seconds, too */
#define QUIET_ENOUGH	(60 * SECOND)
/* Nothing can have been quiet for half of a time that is shorter */
#define SPAN_ENOUGH	(2 * QUIET_ENOUGH)

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

/**
 * report_is_execs() - is a call in the profile for exec and health checks alone?
 * @l: the call
 *
 * Return: true when neither the workload made it nor the runtime under its filter.
 */
bool report_is_execs(const struct report_line *l)
{
	const unsigned int runtime = KINDS_SETUP & KINDS_CONFINED;

	return l->kinds & KINDS_EXEC & ~KINDS_REFUSED &&
	       !(l->kinds & (KINDS_WORKLOAD | runtime) & ~KINDS_REFUSED);
}

/**
 * report_value_of() - by whom a value was used, in a word
 * @v: the value
 *
 * Return: the word.
 */
const char *report_value_of(const struct report_value *v)
{
	if (v->seen->kind & SCTRACE_KIND_REFUSED)
		return "refused";
	if (v->seen->kind & SCTRACE_KIND_SETUP)
		return v->seen->kind & SCTRACE_KIND_CONFINED ? "runtime" : "set-up";
	return v->seen->kind & SCTRACE_KIND_EXEC ? "exec" : "program";
}

/**
 * report_answer_word() - a reason's weight in one word
 * @a: the weight
 *
 * Return: the word: a page says with it what its colours say.
 */
const char *report_answer_word(enum report_answer a)
{
	static const char *const words[REPORT_ANSWERS] = {
		"good", "note", "look", "wait", "bad"
	};

	return words[a];
}

/**
 * report_verdict() - the answer as a sentence
 * @rep: the report
 *
 * Return: the sentence.
 */
const char *report_verdict(const struct report *rep)
{
	static const char *const of_record[REPORT_ANSWERS] = {
		[ANSWER_YES] = "Yes: nothing speaks against it, for what was exercised",
		[ANSWER_LOOK] = "Yes, when somebody has looked at what follows",
		[ANSWER_WAIT] = "Not yet: the recording is not enough to tell",
		[ANSWER_NO] = "No: it does not work as it is",
	};
	static const char *const of_file[REPORT_ANSWERS] = {
		[ANSWER_YES] = "Nothing speaks against it; only a record tells whether it is enough",
		[ANSWER_LOOK] = "Somebody has to look at what follows; only a record tells whether it is enough",
		[ANSWER_WAIT] = "Not yet: the runs are not enough to tell",
		[ANSWER_NO] = "No: it does not work as it is",
	};

	if (rep->runs && rep->answer == ANSWER_YES)
		return "Nothing speaks against it, for what the runs did";
	if (rep->runs && rep->answer == ANSWER_LOOK)
		return "Somebody has to look at what follows";
	if (rep->answer == ANSWER_YES && rep->saturation == SATURATION_ENDED)
		return "Yes: nothing speaks against it, for what this one run did";
	return (rep->record ? of_record : of_file)[rep->answer];
}

/**
 * report_saturation_name() - what is known of the recording's end, in a word
 * @s: what is known
 *
 * Return: the word.
 */
const char *report_saturation_name(enum report_saturation s)
{
	static const char *const names[REPORT_SATURATIONS] = {
		"nothing", "too-short", "rising", "flat", "ended"
	};

	return names[s];
}

static void reason(struct report *rep, enum report_answer a, const char *section,
		   const char *fmt, ...) __printf(4, 5);

static void reason(struct report *rep, enum report_answer a, const char *section,
		   const char *fmt, ...)
{
	struct report_reason *r;
	va_list ap;

	rep->reason = xrealloc(rep->reason, rep->n_reason + 1, sizeof(*rep->reason));
	/* the heaviest first, and those of one weight in the order in which they are found */
	for (r = rep->reason + rep->n_reason++; r > rep->reason && r[-1].answer < a; r--)
		*r = r[-1];
	r->answer = a;
	r->section = section;
	va_start(ap, fmt);
	r->text = xvasprintf(fmt, ap);
	va_end(ap);
	if (a > rep->answer && a != ANSWER_NOTE)
		rep->answer = a;
}

static enum report_saturation saturation(const struct report *rep)
{
	if (!rep->record->last_new)
		return SATURATION_NOTHING;
	if (rep->quiet >= QUIET_ENOUGH && rep->quiet >= rep->span / 2)
		return SATURATION_FLAT;
	if (rep->record->flags & SCTRACE_F_ENDED)
		return SATURATION_ENDED;
	return rep->span < SPAN_ENOUGH ? SATURATION_SHORT : SATURATION_RISING;
}

/* The fact, and how far it goes */
static void judge_time(struct report *rep)
{
	static const char *const goes[REPORT_SATURATIONS] = {
		[SATURATION_SHORT] = "too short a time to tell, go on recording",
		[SATURATION_RISING] = "the curve may still be rising, go on recording",
		[SATURATION_FLAT] = "the curve is flat, for what was exercised so far",
		[SATURATION_ENDED] = "it has ended, and only further runs tell whether they need more",
	};
	cleanup_free char *quiet = print_duration(rep->quiet);
	cleanup_free char *span = print_duration(rep->span);
	unsigned int part = rep->span ? rep->quiet * 100.0 / rep->span : 0;

	rep->saturation = saturation(rep);
	if (rep->saturation == SATURATION_NOTHING)
		rep->saturated = xasprintf("nothing was seen in %s", span);
	else
		rep->saturated = xasprintf("nothing new came in the last %s of %s (%u %%): %s",
					   quiet, span, part, goes[rep->saturation]);
	/* what has ended is whole; that it was enough does not follow */
	reason(rep, rep->saturation == SATURATION_FLAT ? ANSWER_YES :
		    rep->saturation == SATURATION_ENDED ? ANSWER_NOTE : ANSWER_WAIT,
	       SECTION_TIME, "%s", rep->saturated);
}

/* What breaks it in the field: of the findings that `check` has */
static void judge_findings(struct report *rep)
{
	static const char *const breaks[] = {
		"runtime-needs", "no-exit", "not-loadable", "no-names", "empty-name",
		"bad-name", NULL
	};
	const struct derived *d = rep->derived;
	const struct lint_opts opts = {
		.runtime = d->runtime,
		/* of a record without a runtime, a doubt tells what is missing */
		.no_runtime = d->plain || (rep->record && !d->runtime),
	};
	/* recorded behind its filter: what it called is what it needs here */
	bool started = rep->record && d->runtime && !(d->doubts & DOUBT_NO_RUNTIME);
	struct findings f;
	size_t i, j;

	lint(d->profile, &opts, &f);
	for (i = 0; i < f.n; i++) {
		const struct finding *x = &f.v[i];
		enum report_answer a = x->harmless ? ANSWER_NOTE : ANSWER_LOOK;

		for (j = 0; breaks[j]; j++)
			if (!strcmp(breaks[j], x->id))
				a = ANSWER_NO;
		if (started && !strcmp(x->id, "runtime-needs")) {
			cleanup_free char *lacks = runtime_lacks(d->profile, d->runtime, 0);

			reason(rep, ANSWER_NOTE, NULL, "%s %s and newer also need: %s",
			       d->runtime->runtime, d->runtime->from, lacks);
			continue;
		}
		/* a name that this libseccomp does not know is no fact about the container */
		if (x->harmless && strcmp(x->id, "exec-needs") && strcmp(x->id, "user-needs"))
			continue;
		reason(rep, a, NULL, "%s", x->text);
	}
	findings_free(&f);
}

static void judge_danger(struct report *rep)
{
	struct strset names = { 0 };
	cleanup_free char *text = NULL;
	size_t i;

	for (i = 0; i < rep->n_line; i++)
		if (rep->line[i].here && rep->line[i].danger)
			strset_add(&names, rep->line[i].name);
	text = strset_text(&names, ", ");
	if (!names.n)
		reason(rep, ANSWER_YES, SECTION_DANGER,
		       "none of the calls that are known to be dangerous is allowed");
	else if (names.n <= 8)
		reason(rep, ANSWER_LOOK, SECTION_DANGER, "known to be dangerous, and allowed: %s",
		       text);
	else
		reason(rep, ANSWER_LOOK, SECTION_DANGER,
		       "%zu calls that are known to be dangerous are allowed", names.n);
	strset_free(&names);
}

/* What a person may want to leave out */
static void judge_execs(struct report *rep)
{
	struct strset names = { 0 };
	cleanup_free char *text = NULL;
	size_t i;

	for (i = 0; i < rep->n_line; i++)
		if (report_in_profile(&rep->line[i]) && report_is_execs(&rep->line[i]) &&
		    !derive_is_always(rep->line[i].name))
			strset_add(&names, rep->line[i].name);
	text = strset_text(&names, ", ");
	if (names.n)
		reason(rep, ANSWER_NOTE, SECTION_CALLS,
		       "only execs (docker exec, health checks, other containers of a pod) called %zu of these: %s; --no-exec leaves them out",
		       names.n, text);
	strset_free(&names);
}

static void judge_peers(struct report *rep)
{
	size_t i;

	for (i = 0; i < PEERS; i++) {
		if (rep->uncompared[i])
			reason(rep, ANSWER_LOOK, SECTION_PEERS,
			       "not compared with the default of %s: %s", peers[i].name,
			       rep->uncompared[i]);
		else if (rep->wider[i].n)
			reason(rep, ANSWER_LOOK, SECTION_PEERS,
			       "wider than the default of %s in %zu call%s", peers[i].name,
			       rep->wider[i].n, rep->wider[i].n == 1 ? "" : "s");
		else if (!rep->unused[i].n)
			reason(rep, ANSWER_YES, SECTION_PEERS,
			       "not wider than the default of %s", peers[i].name);
		else
			reason(rep, ANSWER_YES, SECTION_PEERS,
			       "not wider than the default of %s; allows %zu fewer calls",
			       peers[i].name, rep->unused[i].n);
	}
}

/* What the recording lacks is a reason to go on with it */
static void judge_doubts(struct report *rep)
{
	const struct derived *d = rep->derived;
	size_t i;

	for (i = 0; i < d->n_words; i++)
		reason(rep, d->lacks[i] ? ANSWER_WAIT : ANSWER_LOOK, NULL, "%s",
		       d->words[i]);
}

/**
 * report_judge() - find the answer and its reasons
 * @rep: the report with all else in it
 */
void report_judge(struct report *rep)
{
	rep->answer = ANSWER_YES;
	judge_findings(rep);
	judge_doubts(rep);
	if (rep->record)
		judge_time(rep);
	judge_danger(rep);
	judge_execs(rep);
	judge_peers(rep);
}

/**
 * report_take_runs() - judge by the runs, too, that a profile was made of
 * @rep: the report, of a profile alone
 * @runs: what is known of them, which must stay
 */
void report_take_runs(struct report *rep, const struct runs *runs)
{
	size_t n = runs->series->n_run;

	rep->runs = runs;
	reason(rep, n < 2 ? ANSWER_NOTE : !runs->quiet ? ANSWER_WAIT :
		    runs->whole < n ? ANSWER_LOOK : ANSWER_YES,
	       SECTION_RUNS, "%s", runs->words);
}
