// SPDX-License-Identifier: GPL-2.0
/*
 * Looking at a record again and again while it grows. Polling: it takes the
 * same privilege as reading on every kernel, misses nothing, as the journal
 * keeps what came meanwhile, and costs the recorded nothing.
 */

#include <signal.h>
#include <time.h>
#include "lib/term.h"
#include "poll.h"

#define PAUSE_NS	200000000	/* what people take for at once */
#define SECOND		1000000000ULL

/**
 * parse_span() - read a time span
 * @s: a whole number and s, m, h, d or nothing, which is seconds
 * @ns: the span
 *
 * Return: 0, or -1 for what is none, or is no time at all.
 */
int parse_span(const char *s, uint64_t *ns)
{
	size_t digits = strspn(s, "0123456789");
	cleanup_free char *number = xstrndup(s, digits);
	const char *unit = s + digits;
	uint64_t n, each = SECOND;

	if (!strcmp(unit, "m"))
		each *= 60;
	else if (!strcmp(unit, "h"))
		each *= 3600;
	else if (!strcmp(unit, "d"))
		each *= 86400;
	else if (*unit && strcmp(unit, "s"))
		return -1;
	if (parse_u64(number, UINT64_MAX, &n) < 0 || !n ||
	    __builtin_mul_overflow(n, each, ns))
		return -1;
	return 0;
}

/**
 * poll_look() - look at the record once more
 * @w: what is being looked at
 * @r: set up with record_init(); the record and, with @w->journal, what is new
 *	in its journal
 * @err: why it cannot be
 *
 * The first look finds out which record is meant. A number of a namespace or
 * of a process may come to mean another later; the record's own does not.
 *
 * Return: 0, or -1 and @err.
 */
int poll_look(struct poller *w, struct record *r, struct error **err)
{
	cleanup_info struct info info = { 0 };
	int ret;

	/* the time first: what is told as new is never younger than it */
	if (client_info(w->client, &info, err) < 0)
		return -1;
	w->now = info.now;
	ret = w->journal ?
	      client_follow(w->client, &w->sel, w->at, r, err) :
	      client_get(w->client, &w->sel, false, r, err);
	if (ret < 0)
		return -1;
	w->sel = (struct selector){ .by = SCTRACE_A_ID, .number = r->id };
	w->emptied = w->since && w->since != r->since;
	w->since = r->since;
	if (w->emptied && w->journal) {
		record_free(r);
		record_init(r);
		w->at = (struct journal_at){ 0 };
		if (client_follow(w->client, &w->sel, w->at, r, err) < 0)
			return -1;
	}
	w->at.sighting = r->cursor;
	w->at.value = r->value_cursor;
	return 0;
}

/**
 * poll_done() - is there nothing left to wait for?
 * @w: what is being looked at, after a look
 * @r: what was seen
 *
 * A container that was created and not started yet is quiet as well, and that
 * is not meant.
 *
 * Return: true when the namespace has ended or has been quiet for long enough.
 */
bool poll_done(const struct poller *w, const struct record *r)
{
	uint64_t last = r->last_new > r->since ? r->last_new : r->since;

	if (r->flags & SCTRACE_F_ENDED)
		return true;
	return w->quiet && r->last_new && r->flags & SCTRACE_F_RUNNING &&
	       w->now > last && w->now - last >= w->quiet;
}

static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
static struct sigaction before[ARRAY_SIZE(ends)];

/* Whoever ends it finds the terminal at the beginning of a line */
static void on_signal(int sig)
{
	(void)!write(STDERR_FILENO, "\n", 1);
	/* SA_RESETHAND has put the default action back: die of it */
	raise(sig);
}

static void signals_take(void)
{
	const struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		sigaction(ends[i], NULL, &before[i]);
		if (before[i].sa_handler == SIG_DFL)
			sigaction(ends[i], &sa, NULL);
	}
}

static void signals_give_back(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &before[i], NULL);
}

/* The last one may wrap */
static int columns(void)
{
	return term_width(STDERR_FILENO) - 1;
}

/**
 * poll_clear() - take the progress line away, before something else is said
 * @w: what is being looked at
 */
void poll_clear(struct poller *w)
{
	if (!w->line)
		return;
	fprintf(stderr, "\r%*s\r", columns(), "");
	signals_give_back();
	w->line = false;
}

/**
 * poll_progress() - tell how it goes, on a terminal only
 * @w: what is being looked at
 * @r: what was seen
 */
void poll_progress(struct poller *w, const struct record *r)
{
	cleanup_free char *age = NULL, *quiet = NULL, *until = NULL;
	cleanup_free char *text = NULL;
	uint64_t last = r->last_new > r->since ? r->last_new : r->since;

	if (verbosity < 0 || !isatty(STDERR_FILENO))
		return;
	age = print_duration(w->now > r->since ? w->now - r->since : 0);
	quiet = print_duration(w->now > last ? w->now - last : 0);
	until = w->quiet ? print_duration(w->quiet) : NULL;
	text = xasprintf("recorded %s: %u system calls, nothing new for %s%s%s%s",
			 age, record_distinct(r), quiet, until ? " of " : "",
			 until ? until : "",
			 r->flags & SCTRACE_F_STOPPED ? " (stopped)" : "");
	/* digits and our own words: nothing in it can hurt a terminal */
	fprintf(stderr, "\r%-*.*s", columns(), columns(), text);
	if (!w->line)
		signals_take();
	w->line = true;
}

/**
 * poll_pause() - let some time go by before the next look
 */
void poll_pause(void)
{
	const struct timespec t = { .tv_nsec = PAUSE_NS };

	nanosleep(&t, NULL);
}

/**
 * poll_until() - wait until there is nothing left to wait for
 * @w: what is being looked at
 * @err: why it cannot be
 *
 * Return: 0, or -1 and @err, also when the record was dropped meanwhile.
 */
int poll_until(struct poller *w, struct error **err)
{
	for (;;) {
		cleanup_record struct record r = { 0 };

		if (poll_look(w, &r, err) < 0) {
			poll_clear(w);
			return -1;
		}
		if (poll_done(w, &r)) {
			poll_clear(w);
			return 0;
		}
		poll_progress(w, &r);
		poll_pause();
	}
}
