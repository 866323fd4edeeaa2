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
