// SPDX-License-Identifier: GPL-2.0
/*
 * When calls were first seen, as a drawing within the page. The curves are SVG and take any
 * width; what is written at the axes is text of the page, which keeps its size.
 */

#include <inttypes.h>
#include "report.h"

/* The drawing's own units: the page stretches them */
#define WIDE	1000.0
#define HIGH	200.0

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
	if (s < a->from)
		s = a->from;
	if (s > a->to)
		s = a->to;
	return WIDE * (a->logarithmic ? decades(s / a->from) / decades(a->to / a->from) :
					(s - a->from) / (a->to - a->from));
}

static double y_of(const struct axis *a, unsigned int n)
{
	return HIGH - HIGH * n / a->most;
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
			t[(*n)++] = report_after(rep, s->time);
	}
	if (*n)
		qsort(t, *n, sizeof(*t), by_time);
	return t;
}

static void steps(FILE *to, const struct axis *a, const uint64_t *t, size_t n,
		  const char *class, bool area)
{
	size_t i;

	fprintf(to, "<path class=\"%s\" d=\"M0 %.1f", class, HIGH);
	for (i = 0; i < n; i++) {
		/* one step for all that came in the same place */
		if (i + 1 < n && x_of(a, t[i + 1] / 1e9) - x_of(a, t[i] / 1e9) < 0.5)
			continue;
		fprintf(to, "H%.1fV%.1f", x_of(a, t[i] / 1e9), y_of(a, i + 1));
	}
	fprintf(to, "H%.1f", x_of(a, a->end));
	if (area)
		fprintf(to, "V%.1fZ", HIGH);
	fputs("\"/>\n", to);
}

/* Ticks of a logarithmic axis: decades, and from a minute on what people count in */
static const struct tick {
	double at;		/* seconds */
	const char *text;
} decade[] = {
	{ 0.0001, "100us" }, { 0.001, "1ms" }, { 0.01, "10ms" }, { 0.1, "100ms" }, { 1, "1s" },
	{ 10, "10s" }, { 60, "1m" }, { 600, "10m" }, { 3600, "1h" }, { 36000, "10h" },
	{ 10 * 86400, "10d" }, { 100 * 86400, "100d" }, { 1000 * 86400, "1000d" },
};

/* A round step so that there are about five ticks */
static double round_step(double span)
{
	static const double nice[] = {
		1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
		14400, 21600, 43200, 86400
	};
	double step = 86400;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nice) && span >= 1; i++)
		if (span / nice[i] <= 6)
			return nice[i];
	/* microseconds, or days */
	if (span < 1)
		step = 0.000001;
	while (step * 10 <= span)
		step *= 10;
	return span / step < 2 ? step / 5 : span / step < 4 ? step / 2 :
	       span / step > 6 ? step * 2 : step;
}

/* All of an axis in the unit that its step is in: 30s, 60s, 90s */
static char *in_unit(double s, double step)
{
	static const struct tick unit[] = {
		{ 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" }, { 0.001, "ms" },
		{ 0.000001, "us" },
	};
	size_t i;

	/* a step is computed: what is not quite a millisecond is one */
	for (i = 0; i < ARRAY_SIZE(unit) - 1; i++)
		if (step * 1.001 >= unit[i].at)
			break;
	return xasprintf("%.4g%s", s / unit[i].at, unit[i].text);
}

/* A line of the drawing, and beside it the text; where there is little room every other has none */
static void tick_x(FILE *lines, FILE *words, const struct axis *a, double s, const char *text,
		   unsigned int nr)
{
	double x = x_of(a, s);

	fprintf(lines, "<path class=\"axis\" d=\"M%.1f 0V%.1f\"/>\n", x, HIGH);
	fprintf(words, "<span class=\"x%s\" style=\"left:%.2f%%\">%s</span>\n",
		nr % 2 ? " more" : "", 100 * x / WIDE, text);
}

static void ticks(FILE *lines, FILE *words, const struct axis *a)
{
	unsigned int n, step = 1, i, nr = 0;
	double s, every;
	size_t k;

	/* 1, 2, 5, 10, 20, 50 */
	for (i = 0; a->most / step > 6; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	for (n = 0; n <= a->most; n += step) {
		fprintf(lines, "<path class=\"axis\" d=\"M0 %.1fH%.1f\"/>\n", y_of(a, n), WIDE);
		fprintf(words, "<span class=\"y\" style=\"top:%.2f%%\">%u</span>\n",
			100 * y_of(a, n) / HIGH, n);
	}
	if (a->logarithmic) {
		for (k = 0; k < ARRAY_SIZE(decade); k++)
			if (decade[k].at >= a->from && decade[k].at <= a->to)
				tick_x(lines, words, a, decade[k].at, decade[k].text, nr++);
		return;
	}
	every = round_step(a->to);
	for (s = 0; s <= a->to * 1.001; s += every) {
		cleanup_free char *text = s > 0 ? in_unit(s, every) : xstrdup("0");

		tick_x(lines, words, a, s, text, nr++);
	}
}

/* From the tick before the first call to that after the end */
static void whole_decades(struct axis *a, double first)
{
	size_t i, last = ARRAY_SIZE(decade) - 1;

	a->from = decade[0].at;
	for (i = 0; i < last && decade[i].at <= first; i++)
		a->from = decade[i].at;
	for (i = 1; i < last && (decade[i].at < a->to || decade[i].at <= a->from); i++)
		;
	a->to = decade[i].at;
}

static void chart(FILE *to, const struct report *rep, bool logarithmic)
{
	cleanup_free uint64_t *in = NULL, *all = NULL;
	cleanup_free char *span = print_duration(rep->span);
	cleanup_free char *lines = NULL, *words = NULL;
	struct axis a = { .logarithmic = logarithmic, .to = rep->span / 1e9,
			  .end = rep->span / 1e9 };
	size_t n_in, n_all, len;
	FILE *l = open_memstream(&lines, &len), *w = open_memstream(&words, &len);

	if (!l || !w)
		out_of_memory();
	in = times(rep, true, &n_in);
	all = times(rep, false, &n_all);
	if (logarithmic)
		whole_decades(&a, n_all ? all[0] / 1e9 : 0);
	if (a.to <= 0)
		a.to = 0.001;
	a.most = n_all > n_in ? n_all : n_in;
	if (!a.most)
		a.most = 1;
	ticks(l, w, &a);
	fclose(l);
	fclose(w);
	fprintf(to, "<figure><figcaption>%s</figcaption>\n<div class=\"plot\">\n"
		"<svg viewBox=\"0 0 %.0f %.0f\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%zu calls first seen within %s, %zu of them for the profile\">\n%s",
		logarithmic ? "Logarithmic time" : "Time", WIDE, HIGH, n_all, span, n_in, lines);
	steps(to, &a, all, n_all, "all", false);
	steps(to, &a, in, n_in, "area", true);
	steps(to, &a, in, n_in, "in", false);
	if (n_all)
		fprintf(to, "<path class=\"last\" d=\"M%.1f 0V%.1f\"/>\n",
			x_of(&a, all[n_all - 1] / 1e9), HIGH);
	fprintf(to, "</svg>\n%s</div></figure>\n", words);
}

/**
 * chart_html() - when calls were first seen, with both kinds of time
 * @to: where to
 * @rep: the report, of a record
 */
void chart_html(FILE *to, const struct report *rep)
{
	fputs("<p class=\"key\"><span class=\"k-in\">called, and in the profile</span> <span class=\"k-all\">all that were made</span> <span class=\"k-last\">the last that was new</span></p>\n<div class=\"charts\">\n",
	      to);
	chart(to, rep, false);
	chart(to, rep, true);
	fputs("</div>\n", to);
}
