// SPDX-License-Identifier: GPL-2.0
/* What the terminal is like that standard output goes to, if it goes to one. */

#include <langinfo.h>
#include <sys/ioctl.h>
#include <wchar.h>
#include "term.h"
#include "util.h"

#define LEAST	20	/* a terminal that says less does not know */

/**
 * term_width() - how many columns does a terminal have?
 * @fd: the descriptor of it
 *
 * Return: them; COLUMNS of the environment or TERM_WIDTH where it does not say.
 */
unsigned int term_width(int fd)
{
	const char *env = getenv("COLUMNS");
	struct winsize ws = { 0 };
	unsigned int n = 0;

	if (!ioctl(fd, TIOCGWINSZ, &ws) && ws.ws_col >= LEAST)
		return ws.ws_col;
	if (env && sscanf(env, "%5u", &n) == 1 && n >= LEAST)
		return n;
	return TERM_WIDTH;
}

/**
 * term_colour() - may output be coloured?
 * @to: where it goes
 *
 * Return: true on a terminal that knows colours, unless NO_COLOR is set and not empty
 * (no-color.org).
 */
bool term_colour(FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(to)) && !(no && *no) && term && *term && strcmp(term, "dumb");
}

/* One character of UTF-8 that printable() let through, and how many columns it takes */
static size_t next(const char *s, int *columns)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = *u < 0x80 ? 1 : *u < 0xe0 ? 2 : *u < 0xf0 ? 3 : 4, i;
	wchar_t c = n == 1 ? *u : *u & (0x7f >> n);

	for (i = 1; i < n && (u[i] & 0xc0) == 0x80; i++)
		c = c << 6 | (u[i] & 0x3f);
	*columns = wcwidth(c);
	/* another locale than that of the terminal knows no width; wide ones come after these */
	if (*columns < 0)
		*columns = c < 0x1100 ? 1 : 2;
	return i;
}

/**
 * term_columns() - how many columns a text takes
 * @s: of printable()
 *
 * Return: them, as far as the locale lets us know.
 */
size_t term_columns(const char *s)
{
	size_t n = 0;
	int columns;

	while (*s) {
		s += next(s, &columns);
		n += columns;
	}
	return n;
}

/**
 * term_prefix() - how much of a text fits
 * @s: of printable()
 * @columns: how many there are
 *
 * Return: bytes of whole characters, of one at least.
 */
size_t term_prefix(const char *s, size_t columns)
{
	const char *end = s;
	size_t n = 0, len;
	int more;

	for (; *end; end += len, n += more) {
		len = next(end, &more);
		if (n + more > columns && end > s)
			break;
	}
	return end - s;
}

/**
 * term_cut() - make a text short enough
 * @s: of printable()
 * @columns: the most that it may take, at least 1
 *
 * Return: the text, or its beginning and a mark that there is more; for free().
 */
char *term_cut(const char *s, size_t columns)
{
	const char *mark = strcmp(nl_langinfo(CODESET), "UTF-8") ? "~" : "\xe2\x80\xa6";

	if (term_columns(s) <= columns)
		return xstrdup(s);
	if (columns < 2)
		return xstrdup(mark);
	return xasprintf("%.*s%s", (int)term_prefix(s, columns - 1), s, mark);
}

/* How much of @s belongs together: to the next blank outside of `...`, if the latter fits */
static size_t unbroken(const char *s, size_t columns)
{
	size_t n = strcspn(s, " "), tick = strcspn(s, "`"), quoted;
	cleanup_free char *whole = NULL;
	const char *end;

	if (tick >= n)
		return n;
	end = strchr(s + tick + 1, '`');
	if (!end)
		return n;
	quoted = end - s + 1;
	quoted += strcspn(s + quoted, " `");
	if (quoted <= n)
		return n;
	whole = xstrndup(s, quoted);
	return term_columns(whole) > columns ? n : quoted;
}

/**
 * term_wrap() - break a line where its words end
 * @s: of printable(), with single blanks
 * @columns: how long lines may be
 * @indent: by how much the lines after the first are indented
 *
 * What stands in backquotes can be copied: it stays on one line, if it fits on one. So does a
 * word that is longer than that, which is left to the terminal.
 *
 * Return: the lines, with a newline between them, for free().
 */
char *term_wrap(const char *s, size_t columns, size_t indent)
{
	/* each blank may become a newline and the indent */
	char *to = xcalloc(strlen(s) + 1, indent + 2), *p = to;
	size_t used = 0, n, take;

	while (*s) {
		cleanup_free char *word = NULL;

		n = unbroken(s, columns - indent);
		word = xstrndup(s, n);
		take = term_columns(word);
		if (p > to && used + 1 + take > columns) {
			p += sprintf(p, "\n%*s", (int)indent, "");
			used = indent;
		} else if (p > to) {
			*p++ = ' ';
			used++;
		}
		memcpy(p, word, n);
		p += n;
		used += take;
		s += n + (s[n] == ' ');
	}
	return to;
}
