// SPDX-License-Identifier: GPL-2.0
/*
 * Drift as metrics, for the textfile collector of Prometheus' node exporter: it reads each
 * *.prom file of a directory, and refuses one in which a sample stands twice. What a metric
 * is for is the same in all files, or the collector complains.
 */

#include <time.h>
#include "drift.h"

static void label(FILE *to, const char *name, const char *value)
{
	cleanup_free char *safe = printable(value);
	const char *c;

	fprintf(to, "%s=\"", name);
	for (c = safe; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', to);
		fputc(*c, to);
	}
	fputc('"', to);
}

static void about(FILE *to, const char *metric, const struct drift_about *a)
{
	fprintf(to, "%s{", metric);
	label(to, "container", a->container);
	fputc(',', to);
	label(to, "profile", a->profile);
}

static void metric(FILE *to, const char *name, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static const char *verdict(const struct drift_item *i)
{
	return i->verdict == GATE_REFUSES ? "refused" : "open";
}

static bool stands_already(const struct drift *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!d->v[j].was_refused && !strcmp(d->v[i].call, d->v[j].call) &&
		    !strcmp(d->v[i].abi, d->v[j].abi) &&
		    !strcmp(verdict(&d->v[i]), verdict(&d->v[j])))
			return true;
	return false;
}

static void first_seen(FILE *to, const struct drift_about *a, const struct drift_item *i)
{
	int64_t ns = (int64_t)i->time + a->offset;

	about(to, "sctrace_drift_first_seen_timestamp_seconds", a);
	fputc(',', to);
	label(to, "call", i->call);
	fputc(',', to);
	label(to, "abi", i->abi);
	fprintf(to, ",verdict=\"%s\"} ", verdict(i));
	if (i->seen)
		fprintf(to, "%lld.%03d\n", (long long)(ns / 1000000000),
			(int)(ns / 1000000 % 1000));
	else
		fprintf(to, "NaN\n");
}

/**
 * drift_metrics() - write all findings as metrics
 * @to: where
 * @a: what they are about
 */
void drift_metrics(FILE *to, const struct drift_about *a)
{
	size_t i;
	int open;

	metric(to, "sctrace_drift_findings",
	       "System calls and values that the profile would refuse, or that cannot be judged (open).");
	for (open = 0; open < 2; open++) {
		about(to, "sctrace_drift_findings", a);
		fprintf(to, ",verdict=\"%s\"} %zu\n", open ? "open" : "refused",
			drift_count(a->d, open));
	}
	metric(to, "sctrace_drift_first_seen_timestamp_seconds",
	       "When a finding was first seen.");
	for (i = 0; i < a->d->n; i++)
		if (!a->d->v[i].was_refused && !stands_already(a->d, i))
			first_seen(to, a, &a->d->v[i]);
	metric(to, "sctrace_drift_record_whole",
	       "1 if the record has all that was called, as far as is known.");
	about(to, "sctrace_drift_record_whole", a);
	fprintf(to, "} %d\n", a->whole);
	metric(to, "sctrace_drift_look_timestamp_seconds", "When the record was looked at last.");
	about(to, "sctrace_drift_look_timestamp_seconds", a);
	fprintf(to, "} %lld\n", (long long)time(NULL));
}
