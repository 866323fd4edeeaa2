// SPDX-License-Identifier: GPL-2.0
/* A report as a page that takes nothing from anywhere else: no script, no font, no image. */

#include <ctype.h>
#include <inttypes.h>
#include "lib/names.h"
#include "report.h"

/* Bytes of a fact that are shown as they are, and of one that is longer */
#define FACT_MAX	240
#define FACT_BEGIN	120

/**
 * html_text() - print a string of any origin into a page
 * @to: where to
 * @s: the string
 *
 * For element content and quoted attributes alike. Whatever is not printable
 * ASCII becomes \xNN: no name can turn the direction of the text, or pose as
 * another that looks alike.
 */
static void html_text(FILE *to, const char *s)
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

/* Colours are named once, for light and for dark; a test holds their contrast */
static const char style[] =
	":root{--bg:#fff;--fg:#1c1e21;--dim:#596068;--line:#d5d9de;--card:#f3f5f7;"
	"--blue:#1a5fb4;--fill:#1a5fb41f;--grey:#828a93;"
	"--good:#1b6e37;--goodbg:#e6f4ea;--look:#7a4b00;--lookbg:#fff3dc;"
	"--bad:#a8201a;--badbg:#fde9e7}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#16181b;--fg:#e4e6e9;--dim:#a3abb4;"
	"--line:#373c42;--card:#212429;--blue:#7ab3f7;--fill:#7ab3f726;--grey:#8b939c;"
	"--good:#86dca2;--goodbg:#16301f;--look:#f2c46d;--lookbg:#352a10;"
	"--bad:#ff9b92;--badbg:#3d1c1a}}\n"
	"*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}\n"
	"body{margin:0 auto;max-width:1180px;padding:20px 24px 48px;background:var(--bg);"
	"color:var(--fg);font:15px/1.5 system-ui,\"DejaVu Sans\",sans-serif}\n"
	"h1{font-size:22px;line-height:1.3;margin:0 0 12px;overflow-wrap:anywhere}"
	"h2{font-size:18px;margin:32px 0 8px}h3{font-size:15px;margin:20px 0 4px}\n"
	"p,ul,dl,figure{margin:6px 0}a{color:var(--blue)}.dim{color:var(--dim)}\n"
	"code,pre{font-family:ui-monospace,\"DejaVu Sans Mono\",monospace;font-size:13px}"
	"code{overflow-wrap:anywhere}h1 code{font-size:.9em}\n"
	".verdict{border-left:6px solid;border-radius:6px;padding:10px 16px}"
	".verdict>p{font-size:20px;font-weight:600;margin:0 0 6px}\n"
	".verdict ul{list-style:none;margin:0;padding:0}.verdict li{display:flex;gap:10px;padding:2px 0}"
	".verdict li>span{min-width:0;overflow-wrap:anywhere}.verdict li,.verdict a{color:var(--fg)}\n"
	".mark{flex:none;width:42px;font-size:13px;font-weight:700;line-height:1.75}\n"
	".good{color:var(--good)}.look,.wait{color:var(--look)}.bad{color:var(--bad)}"
	".b-good{background:var(--goodbg);border-color:var(--good)}"
	".b-look,.b-wait{background:var(--lookbg);border-color:var(--look)}"
	".b-bad{background:var(--badbg);border-color:var(--bad)}\n"
	".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:10px;margin:12px 0}\n"
	".cards a{background:var(--card);border-radius:6px;padding:8px 14px;text-decoration:none;color:var(--fg)}"
	".cards a:hover,.cards a:focus{outline:2px solid var(--blue)}\n"
	".cards b{display:block;font-size:22px;line-height:1.3}.cards span{color:var(--dim);font-size:13px;display:block;line-height:1.35}\n"
	".facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(430px,100%),1fr));gap:2px 24px;font-size:13px}"
	".facts div{display:flex;gap:8px;min-width:0}.facts dt{color:var(--dim);flex:none;width:104px}"
	".facts dd{margin:0;overflow-wrap:anywhere;min-width:0}\n"
	"nav{font-size:13px;margin:12px 0 0}nav a{margin-right:14px;white-space:nowrap}\n"
	".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:8px 28px}"
	"figcaption{color:var(--dim);font-size:13px}\n"
	".plot{position:relative;height:200px;margin:10px 22px 26px 30px}"
	".plot svg{width:100%;height:100%;display:block;overflow:visible}"
	".plot path{vector-effect:non-scaling-stroke}\n"
	".plot span{position:absolute;color:var(--dim);font-size:12px;line-height:1}"
	".plot .x{top:100%;margin-top:7px;transform:translateX(-50%)}"
	".plot .y{right:100%;margin-right:6px;transform:translateY(-50%)}\n"
	".axis{stroke:var(--line);stroke-width:1}.all{fill:none;stroke:var(--grey);stroke-width:1.5}\n"
	".in{fill:none;stroke:var(--blue);stroke-width:2}.area{fill:var(--fill);stroke:none}\n"
	".last{stroke:var(--bad);stroke-width:1;stroke-dasharray:4 3}\n"
	".key{font-size:13px;color:var(--dim)}.key span::before{content:\"\";display:inline-block;"
	"width:18px;border-top:3px solid;vertical-align:4px;margin-right:6px}.key span{margin-right:12px;white-space:nowrap}\n"
	".key .k-in::before{border-color:var(--blue)}.key .k-all::before{border-color:var(--grey)}.key .k-last::before{border-top-style:dashed;border-color:var(--bad)}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}\n"
	"th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid var(--line)}\n"
	"thead th{color:var(--dim);font-weight:600;white-space:nowrap}tbody th{font-weight:400;white-space:nowrap}tbody th.w{white-space:normal;min-width:16em}"
	".fixed{table-layout:fixed}.fixed td{overflow-wrap:anywhere}.t{white-space:nowrap}.w{min-width:16em}\n"
	".values td{white-space:nowrap}.calls{min-width:780px}.calls thead th:first-child{width:190px}"
	".names{columns:13em;list-style:none;padding:0;font-size:13px}.names li,.notes li{overflow-wrap:anywhere}\n"
	"details{margin:6px 0}summary{cursor:pointer;color:var(--blue)}\n"
	"pre{background:var(--card);border-radius:6px;padding:12px 14px;overflow:auto;max-height:420px;-webkit-user-select:all;user-select:all}\n"
	"footer{margin-top:36px;color:var(--dim);font-size:13px}\n"
	"@media(max-width:600px){body{padding:14px 14px 32px}h1{font-size:19px}.verdict>p{font-size:17px}"
	".cards{grid-template-columns:1fr 1fr}.cards b{font-size:18px}.cards a{padding:8px 10px}"
	".plot .more{display:none}.calls{min-width:0}"
	"table.stack thead{position:absolute;clip-path:inset(50%)}\n"
	".stack tr{display:block;border-bottom:1px solid var(--line);padding:4px 0}"
	".stack td,.stack tbody th{display:flex;gap:8px;border:0;padding:1px 0;white-space:normal;overflow-wrap:anywhere;min-width:0}"
	".stack td::before{content:attr(data-h);color:var(--dim);flex:none;width:112px}"
	".stack td:empty{display:none}.stack tbody th{font-size:14px}}\n"
	"@media print{body{max-width:none;padding:0}pre{max-height:none}h2,h3{break-after:avoid}tr{break-inside:avoid}}\n";

static void section(FILE *to, const char *id, const char *title)
{
	fprintf(to, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">", id, id, id);
	html_text(to, title);
	fputs("</h2>\n", to);
}

static void section_end(FILE *to)
{
	fputs("</section>\n", to);
}

static void text_of(FILE *to, const char *tag, const char *class, const char *s)
{
	fprintf(to, "<%s%s%s%s>", tag, *class ? " class=\"" : "", class, *class ? "\"" : "");
	html_text(to, s);
	fprintf(to, "</%s>", tag);
}

/* Sentences of ours: what stands between backquotes is code, and a number keeps its percent sign */
static void prose(FILE *to, const char *s)
{
	while (*s) {
		const char *end = *s == '`' ? strchr(s + 1, '`') : NULL;
		cleanup_free char *part = end ? xstrndup(s + 1, end - s - 1) : xstrndup(s, 1);

		if (end) {
			text_of(to, "code", "", part);
			s = end;
		} else if (s[0] == ' ' && s[1] == '%') {
			fputs("&nbsp;", to);
		} else {
			html_text(to, part);
		}
		s++;
	}
}

static void paragraph(FILE *to, const char *class, const char *s)
{
	fprintf(to, "<p%s%s%s>", *class ? " class=\"" : "", class, *class ? "\"" : "");
	prose(to, s);
	fputs("</p>\n", to);
}

/* A cell knows its column's title: where the page is narrow, it stands before the value */
static void cell(FILE *to, const char *title, const char *class, const char *s)
{
	fprintf(to, "<td data-h=\"%s\"%s%s%s>", title, *class ? " class=\"" : "", class,
		*class ? "\"" : "");
	html_text(to, s);
	fputs("</td>", to);
}

/* Flags may go on in the next line, each of them whole */
static void row_name(FILE *to, const char *class, const char *s)
{
	fprintf(to, "<tr><th scope=\"row\"%s><code>", class);
	while (*s) {
		size_t len = strcspn(s, "|");
		cleanup_free char *part = xstrndup(s, len + !!s[len]);

		html_text(to, part);
		s += strlen(part);
		fputs(*s ? "<wbr>" : "", to);
	}
	fputs("</code></th>", to);
}

/* @class: "fixed" makes columns of one width, whatever is in them */
static void head(FILE *to, const char *class, const char *const *titles)
{
	fprintf(to, "<div class=\"scroll\"><table class=\"stack%s\">\n<thead><tr>", class);
	for (; *titles; titles++) {
		fputs("<th scope=\"col\">", to);
		html_text(to, *titles);
		fputs("</th>", to);
	}
	fputs("</tr></thead>\n<tbody>\n", to);
}

static void foot(FILE *to)
{
	fputs("</tbody></table></div>\n", to);
}

/* A section that this report does not have cannot be linked to */
static bool has_section(const struct report *rep, const char *section)
{
	if (!section)
		return false;
	if (!strcmp(section, SECTION_RUNS))
		return rep->runs;
	if (!strcmp(section, SECTION_TIME))
		return rep->record;
	if (!strcmp(section, SECTION_NOTES))
		return rep->derived->notes.n;
	if (!strcmp(section, SECTION_VALUES))
		return rep->n_value;
	if (!strcmp(section, SECTION_UNUSED))
		return rep->unused[0].n;
	if (!strcmp(section, SECTION_PROFILE))
		return rep->text;
	return true;
}

static void verdict(FILE *to, const struct report *rep)
{
	size_t i;

	fprintf(to, "<section class=\"verdict b-%s\" aria-labelledby=\"h-verdict\">\n<h2 hidden id=\"h-verdict\">Verdict</h2>\n",
		report_answer_word(rep->answer));
	paragraph(to, report_answer_word(rep->answer), report_verdict(rep));
	fputs("<ul>\n", to);
	for (i = 0; i < rep->n_reason; i++) {
		const struct report_reason *r = &rep->reason[i];
		bool link = has_section(rep, r->section);

		fprintf(to, "<li><span class=\"mark %s\">%s</span><span>",
			report_answer_word(r->answer), report_answer_word(r->answer));
		if (link)
			fprintf(to, "<a href=\"#%s\">", r->section);
		prose(to, r->text);
		fputs(link ? "</a></span></li>\n" : "</span></li>\n", to);
	}
	fputs("</ul>\n", to);
	section_end(to);
}

static void card(FILE *to, const char *section, const char *class, const char *figure,
		 const char *what)
{
	fprintf(to, "<a href=\"#%s\">", section);
	text_of(to, "b", class, figure);
	text_of(to, "span", "", what);
	fputs("</a>\n", to);
}

static void cards(FILE *to, const struct report *rep)
{
	cleanup_free char *abi = names_abi_text(rep->native);
	char *figure, *what;

	fputs("<div class=\"cards\">\n", to);
	figure = xasprintf("%u of %u", rep->allowed, rep->known);
	what = xasprintf("calls of %s allowed; Docker's default: %u, podman's: %u", abi,
			 rep->peer_allowed[0], rep->peer_allowed[1]);
	card(to, SECTION_CALLS, "", figure, what);
	free(figure);
	free(what);
	figure = xasprintf("%u", rep->dangerous);
	card(to, SECTION_DANGER, rep->dangerous ? "look" : "good", figure,
	     "allowed calls known to be dangerous");
	free(figure);
	figure = rep->uncompared[0] || rep->uncompared[1] ? xstrdup("?") :
		 xasprintf("%zu / %zu", rep->wider[0].n, rep->wider[1].n);
	card(to, SECTION_PEERS, rep->n_row ? "look" : "good", figure,
	     "calls wider here than Docker's / podman's default");
	free(figure);
	if (rep->record) {
		figure = print_duration(rep->quiet);
		card(to, SECTION_TIME, rep->saturation == SATURATION_FLAT ? "good" :
		     rep->saturation == SATURATION_ENDED ? "" : "look", figure,
		     "without a new call at the end");
		free(figure);
	}
	fputs("</div>\n", to);
}

/* A command line may be pages long: its beginning stands for it until somebody asks */
static void fact(FILE *to, const char *s)
{
	size_t len = strlen(s);

	if (len <= FACT_MAX) {
		text_of(to, "dd", "", s);
	} else {
		cleanup_free char *begin = xstrndup(s, FACT_BEGIN);

		fputs("<dd><details><summary>", to);
		html_text(to, begin);
		fprintf(to, "... (%zu bytes)</summary>", len);
		html_text(to, s);
		fputs("</details></dd>", to);
	}
}

static void facts(FILE *to, const struct facts *f)
{
	size_t i;

	if (!f)
		return;
	fprintf(to, "<dl class=\"facts\" id=\"%s\" aria-label=\"Which run\">\n", SECTION_RUN);
	for (i = 0; i < f->n; i++) {
		fprintf(to, "<div><dt>%s</dt>", f->v[i].head);
		fact(to, f->v[i].text);
		fputs("</div>\n", to);
	}
	fputs("</dl>\n", to);
}

static void navigation(FILE *to, const struct report *rep)
{
	static const struct {
		const char *id, *name;
	} all[] = {
		{ SECTION_TIME, "Saturation" },
		{ SECTION_RUNS, "Run by run" },
		{ SECTION_DANGER, "Dangerous calls" },
		{ SECTION_PEERS, "Docker and podman" },
		{ SECTION_UNUSED, "Left out" },
		{ SECTION_VALUES, "Arguments" },
		{ SECTION_NOTES, "Added" },
		{ SECTION_CALLS, "Every call" },
		{ SECTION_PROFILE, "The profile" },
	};
	size_t i;

	fputs("<nav aria-label=\"Sections\">\n", to);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (has_section(rep, all[i].id))
			fprintf(to, "<a href=\"#%s\">%s</a>\n", all[i].id, all[i].name);
	fputs("</nav>\n", to);
}

static void list(FILE *to, const char *class, char *const *v, size_t n)
{
	size_t i;

	fprintf(to, "<ul class=\"%s\">\n", class);
	for (i = 0; i < n; i++) {
		fputs("<li>", to);
		prose(to, v[i]);
		fputs("</li>\n", to);
	}
	fputs("</ul>\n", to);
}

static void notes(FILE *to, const struct report *rep)
{
	const struct profile_notes *n = &rep->derived->notes;

	if (!has_section(rep, SECTION_NOTES))
		return;
	section(to, SECTION_NOTES, "What was added, and what else may be needed");
	list(to, "notes", n->v, n->n);
	section_end(to);
}

static void saturation(FILE *to, const struct report *rep)
{
	cleanup_free char *sentence = NULL;

	if (!rep->record)
		return;
	section(to, SECTION_TIME, "Has the recording saturated?");
	sentence = xasprintf("%s.", rep->saturated);
	*sentence = toupper((unsigned char)*sentence);
	paragraph(to, "", sentence);
	if (rep->record->sightings_missed)
		fprintf(to, "<p>First sightings that could not be kept, and are not in the chart: %u.</p>\n",
			rep->record->sightings_missed);
	chart_html(to, rep);
	section_end(to);
}

static void run_row(FILE *to, const struct runs *r, size_t k)
{
	const struct series_run *run = &r->series->run[k];
	cleanup_free char *number = xasprintf("Run %zu", k + 1), *began = runs_began(r, k);
	cleanup_free char *count = xasprintf("%zu", r->added[k].n);
	/* of the first run all was new */
	cleanup_free char *names = k ? strset_text(&r->added[k], ", ") : xstrdup("");

	row_name(to, "", number);
	cell(to, "Began (UTC)", "t", began);
	cell(to, "Host", "", run->host);
	cell(to, "Container", "", run->container ? run->container : "");
	cell(to, "Whole", "", run->whole ? "yes" : "no");
	cell(to, "New", "n", count);
	cell(to, "What was new", "", names);
	fputs("</tr>\n", to);
}

static void run_by_run(FILE *to, const struct runs *r)
{
	static const char *const titles[] = {
		"Run", "Began (UTC)", "Host", "Container", "Whole", "New", "What was new", NULL
	};
	bool any = false;
	size_t k;

	section(to, SECTION_RUNS, "Which run needed what?");
	paragraph(to, "", r->words);
	for (k = 0; k < r->series->n_run; k++) {
		cleanup_free char *names = strset_text(&r->only[k], ", ");

		if (!r->only[k].n)
			continue;
		if (!any)
			fputs("<p>Needed by one run only:</p>\n<ul class=\"notes\">\n", to);
		any = true;
		fprintf(to, "<li>run %zu: ", k + 1);
		html_text(to, names);
		fputs("</li>\n", to);
	}
	if (any)
		fputs("</ul>\n", to);
	head(to, "", titles);
	for (k = 0; k < r->series->n_run; k++)
		run_row(to, r, k);
	foot(to);
	section_end(to);
}

static void dangers(FILE *to, const struct report *rep)
{
	static const char *const titles[] = {
		"Call", "About", "What allowing it hands over", "Source", NULL
	};
	size_t i;

	section(to, SECTION_DANGER, "Dangerous calls that are allowed");
	if (!rep->dangerous) {
		paragraph(to, "", "None of the calls that are known to be dangerous is allowed.");
		section_end(to);
		return;
	}
	head(to, "", titles);
	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];

		if (!l->here || !l->danger)
			continue;
		row_name(to, "", l->name);
		cell(to, titles[1], "look", l->danger->group);
		cell(to, "Why", "w", l->danger->why);
		cell(to, titles[3], "dim", l->danger->source);
		fputs("</tr>\n", to);
	}
	foot(to);
	section_end(to);
}

static void wider_rows(FILE *to, const struct report *rep)
{
	const char *const titles[] = {
		"Call", "Here", peers[0].name, peers[1].name, NULL
	};
	size_t i, j;

	fputs("<h3>Call by call, where this is wider</h3>\n", to);
	head(to, " fixed", titles);
	for (i = 0; i < rep->n_row; i++) {
		const struct report_wider *w = &rep->row[i];
		cleanup_free char *name = xasprintf("%s%s%s", w->name, w->where ? " in " : "",
						    w->where ? w->where : "");

		row_name(to, "", name);
		cell(to, titles[1], "", w->here);
		for (j = 0; j < PEERS; j++)
			cell(to, titles[2 + j], w->there[j] ? "" : "dim",
			     w->there[j] ? w->there[j] : "no less");
		fputs("</tr>\n", to);
	}
	foot(to);
}

static void widths(FILE *to, const struct report *rep)
{
	const char *const titles[] = {
		"Of these", "Allowed here", peers[0].name, peers[1].name, NULL
	};
	size_t i, j;

	fputs("<h3>What arguments can ask for</h3>\n", to);
	head(to, " fixed", titles);
	for (i = 0; i < rep->n_width; i++) {
		const struct width *w = &rep->width[i];
		cleanup_free char *here = xasprintf("%u", w->allowed);

		fprintf(to, "<tr><th scope=\"row\" class=\"w\">%u %s</th>", w->of, w->what);
		cell(to, titles[1], "", here);
		for (j = 0; j < PEERS; j++) {
			cleanup_free char *there = xasprintf("%u", w->peer[j]);

			cell(to, titles[2 + j], "dim", there);
		}
		fputs("</tr>\n", to);
	}
	foot(to);
}

static void compared(FILE *to, const struct report *rep)
{
	static const char *const titles[] = {
		"Default of", "Allows", "Not allowed here", "Wider here", "Version", NULL
	};
	size_t i;

	section(to, SECTION_PEERS, "Compared with default profiles");
	head(to, "", titles);
	for (i = 0; i < PEERS; i++) {
		cleanup_free char *allows = xasprintf("%u of %u", rep->peer_allowed[i],
						      rep->known);
		cleanup_free char *unused = xasprintf("%zu", rep->unused[i].n);
		cleanup_free char *wider = xasprintf("%zu", rep->wider[i].n);

		row_name(to, "", peers[i].name);
		cell(to, titles[1], "t", allows);
		cell(to, titles[2], "", unused);
		cell(to, titles[3], rep->uncompared[i] || rep->wider[i].n ? "look" : "good",
		     rep->uncompared[i] ? rep->uncompared[i] : wider);
		cell(to, titles[4], "dim", peers[i].version);
		fputs("</tr>\n", to);
	}
	foot(to);
	if (rep->n_row)
		wider_rows(to, rep);
	if (rep->n_width)
		widths(to, rep);
	paragraph(to, "dim", "For a container without added capabilities; what an engine allows by argument is compared argument by argument.");
	section_end(to);
}

static void unused(FILE *to, const struct report *rep)
{
	size_t i;

	if (!has_section(rep, SECTION_UNUSED))
		return;
	section(to, SECTION_UNUSED, "Allowed by default, and not here");
	for (i = 0; i < PEERS; i++) {
		if (!rep->unused[i].n)
			continue;
		fprintf(to, "<details%s><summary>The default of %s allows %zu more</summary>\n",
			i ? "" : " open", peers[i].name, rep->unused[i].n);
		list(to, "names", rep->unused[i].v, rep->unused[i].n);
		fputs("</details>\n", to);
	}
	section_end(to);
}

/* Who called first, and when */
static void who(FILE *to, const struct report *rep, const char *comm, uint32_t pid, uint64_t time,
		bool delayed)
{
	cleanup_free char *span = print_duration(report_after(rep, time));
	cleanup_free char *name = xasprintf("%s[%u]", comm, pid);
	cleanup_free char *when = xasprintf("%s%s", span, delayed ? " or before" : "");

	cell(to, "First by", "", name);
	cell(to, "After", "t", when);
}

/* @why: empty where nobody has called it */
static void nobody(FILE *to, const char *why)
{
	cell(to, "First by", "dim", why);
	cell(to, "After", "", "");
}

static void values(FILE *to, const struct report *rep)
{
	static const char *const titles[] = { "Call", "First by", "After", "In the profile", NULL };
	size_t i;

	if (!has_section(rep, SECTION_VALUES))
		return;
	section(to, SECTION_VALUES, "Values of arguments");
	head(to, " values", titles);
	for (i = 0; i < rep->n_value; i++) {
		const struct report_value *v = &rep->value[i];
		const struct sctrace_value *s = v->seen;
		cleanup_free char *of = NULL;

		row_name(to, " class=\"w\"", v->call);
		if (!v->open && *s->comm)
			who(to, rep, s->comm, s->pid, s->time, s->kind & SCTRACE_KIND_DELAYED);
		else
			nobody(to, v->open ? "" : "not kept");
		of = xasprintf(v->wanted ? "yes: %s" : "no: %s", report_value_of(v));
		cell(to, titles[3], v->wanted ? "" : "dim", of);
		fputs("</tr>\n", to);
	}
	foot(to);
	section_end(to);
}

/* A column of calls that would be empty, or the same in all rows, is left out */
struct columns {
	bool confined, refused, abi, about;
};

static struct columns columns(const struct report *rep)
{
	struct columns c = { 0 };
	size_t i;

	for (i = 0; i < rep->n_line; i++) {
		const struct report_line *l = &rep->line[i];

		c.about |= l->danger || (rep->record && l->conditional);
		c.confined |= l->kinds & KINDS_CONFINED & ~KINDS_REFUSED;
		c.refused |= report_was_refused(l);
		c.abi |= l->n_arch > 1 || (l->n_arch && l->arch[0] != rep->native);
	}
	return c;
}

static void call_row(FILE *to, const struct report *rep, const struct columns *c,
		     const struct report_line *l)
{
	const struct sctrace_sighting *s = l->seen;
	cleanup_free char *about = NULL;
	size_t i;

	row_name(to, "", l->name);
	if (rep->record) {
		cleanup_free char *abi = report_abis(l);
		const char *stage = report_stage(l), *confined = report_confined(l);

		if (s)
			who(to, rep, s->comm, s->pid, s->time, s->kind & SCTRACE_KIND_DELAYED);
		else
			nobody(to, stage ? "not kept" : "");
		cell(to, "Stage", "", stage ? stage : "");
		if (c->confined)
			cell(to, "Confined", "", confined ? confined : "");
		if (c->refused)
			cell(to, "Refused", report_was_refused(l) ? "look" : "",
			     report_was_refused(l) ? "yes" : "");
		if (c->abi)
			cell(to, "ABI", "", abi ? abi : "");
	} else {
		cell(to, "Allowed", "", l->conditional ? "with conditions" : "always");
	}
	/* of a file, whether there are conditions has a column of its own */
	about = xasprintf("%s%s%s", l->danger ? l->danger->group : "",
			  l->danger && rep->record && l->conditional ? ", " : "",
			  rep->record && l->conditional ? "with conditions" : "");
	if (c->about)
		cell(to, "About", l->danger ? "look" : "", about);
	for (i = 0; i < PEERS; i++) {
		cleanup_free char *text = report_peer_text(l, i);

		cell(to, peers[i].name, l->peer[i] == PEER_ALLOWS ? "dim" : "", text);
	}
	fputs("</tr>\n", to);
}

static void group(FILE *to, const struct report *rep, const struct columns *c,
		  const struct report_group *g)
{
	bool in = report_in_profile(g->line[0]);
	const char *titles[12];
	size_t i, n = 0;

	fprintf(to, "<h3>%s: ", in ? "In the profile" : "Not in the profile");
	html_text(to, g->why);
	fprintf(to, " (%zu)</h3>\n", g->n);
	titles[n++] = "Call";
	if (rep->record) {
		titles[n++] = "First by";
		titles[n++] = "After";
		titles[n++] = "Stage";
		if (c->confined)
			titles[n++] = "Confined";
		if (c->refused)
			titles[n++] = "Refused";
		if (c->abi)
			titles[n++] = "ABI";
	} else {
		titles[n++] = "Allowed";
	}
	if (c->about)
		titles[n++] = "About";
	for (i = 0; i < PEERS; i++)
		titles[n++] = peers[i].name;
	titles[n] = NULL;
	/* of one width in all groups: they stand below each other */
	head(to, " fixed calls", titles);
	for (i = 0; i < g->n; i++)
		call_row(to, rep, c, g->line[i]);
	foot(to);
}

static void calls(FILE *to, const struct report *rep)
{
	const struct columns c = columns(rep);
	size_t i;

	section(to, SECTION_CALLS, "Every call, and the reason for it");
	for (i = 0; i < rep->n_group; i++)
		group(to, rep, &c, &rep->group[i]);
	section_end(to);
}

/* Every byte of it: what html_text() would show as \xNN was escaped by json_ascii() */
static void profile_text(FILE *to, const struct report *rep)
{
	const char *s, *end;

	if (!rep->text)
		return;
	section(to, SECTION_PROFILE, "The profile");
	fprintf(to, "<p class=\"dim\">As --format %s writes it. A click marks all of it, to be copied.</p>\n<pre tabindex=\"0\" role=\"group\" aria-label=\"The profile\"><code>",
		rep->dialect);
	for (s = rep->text; *s; s = *end ? end + 1 : end) {
		cleanup_free char *line = NULL;

		end = s + strcspn(s, "\n");
		line = xstrndup(s, end - s);
		html_text(to, line);
		putc('\n', to);
	}
	fputs("</code></pre>\n", to);
	section_end(to);
}

/**
 * report_html() - the report as a page that stands on its own
 * @to: where to
 * @rep: the report
 */
void report_html(FILE *to, const struct report *rep)
{
	/*
	 * Should a name ever get past html_text(), this forbids whatever it
	 * brings: no script runs and nothing is fetched.
	 */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>sctrace: ", to);
	html_text(to, rep->title);
	fputs("</title>\n<style>\n", to);
	fputs(style, to);
	fputs("</style>\n</head>\n<body>\n<header>\n<h1>May <code>", to);
	html_text(to, rep->title);
	fprintf(to, "</code> be deployed%s?</h1>\n</header>\n<main>\n",
		rep->record ? " with this profile" : "");
	verdict(to, rep);
	cards(to, rep);
	facts(to, rep->facts);
	navigation(to, rep);
	saturation(to, rep);
	if (rep->runs)
		run_by_run(to, rep->runs);
	dangers(to, rep);
	compared(to, rep);
	unused(to, rep);
	values(to, rep);
	notes(to, rep);
	calls(to, rep);
	profile_text(to, rep);
	fputs("</main>\n<footer>Made by sctrace-nl.</footer>\n</body>\n</html>\n", to);
}
