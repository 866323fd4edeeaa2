// SPDX-License-Identifier: GPL-2.0
/* Errors as objects, and what is said on standard error. */

#include <stdarg.h>
#include "error.h"
#include "term.h"

#define INDENT	4	/* of the second line of a message on a terminal */

int verbosity;

/* the status of a process whose parent says so, or 0 */
static int quiet_status;

/**
 * out_of_memory_quietly() - from now on out_of_memory() says nothing
 * @status: the status that it ends with
 */
void out_of_memory_quietly(int status)
{
	quiet_status = status;
}

/**
 * out_of_memory() - end the program for want of memory
 *
 * Does not allocate, and does not run exit handlers that might.
 */
void out_of_memory(void)
{
	static const char text[] = PROGRAM ": out of memory\n";

	if (!quiet_status && write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(ST_FAILED);
	_exit(quiet_status ? quiet_status : ST_FAILED);
}

/**
 * xcalloc() - zeroed memory or the end of the program
 * @n: how many
 * @size: how large each
 *
 * Return: memory for free(), never NULL.
 */
void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

/**
 * xrealloc() - resize an array, or end the program
 * @p: what to resize, NULL for a new one
 * @n: how many
 * @size: how large each
 *
 * Return: memory for free(), never NULL.
 */
void *xrealloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		out_of_memory();
	return p;
}

/**
 * xstrdup() - copy a string or end the program
 * @s: the string
 *
 * Return: a string for free(), never NULL.
 */
char *xstrdup(const char *s)
{
	char *p = strdup(s);

	if (!p)
		out_of_memory();
	return p;
}

/**
 * xstrndup() - copy the beginning of a string or end the program
 * @s: the string, needs no NUL within @n bytes
 * @n: most bytes to copy
 *
 * Return: a string for free(), never NULL.
 */
char *xstrndup(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (!p)
		out_of_memory();
	return p;
}

/**
 * xvasprintf() - format into new memory or end the program
 * @fmt: as vprintf
 * @ap: what is formatted
 *
 * Return: a string for free(), never NULL.
 */
char *xvasprintf(const char *fmt, va_list ap)
{
	char *p;

	if (vasprintf(&p, fmt, ap) < 0)
		out_of_memory();
	return p;
}

/**
 * xasprintf() - the same of arguments
 * @fmt: as printf
 *
 * Return: a string for free(), never NULL.
 */
char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = xvasprintf(fmt, ap);
	va_end(ap);
	return p;
}

/* Length of the valid UTF-8 character at @s, 0 when there is none */
static size_t utf8_len(const unsigned char *s)
{
	size_t n, i;

	if (s[0] < 0xc2 || s[0] > 0xf4)
		return s[0] < 0x80;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what is above U+10FFFF */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* One character of UTF-8, @n bytes long */
static uint32_t utf8_char(const unsigned char *s, size_t n)
{
	uint32_t c = n == 1 ? *s : *s & (0x7f >> n);
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3f);
	return c;
}

/*
 * Characters that have no shape of their own: controls, separators of lines, marks that turn
 * the direction of text (also of what others print after it), and invisible ones, which make
 * two names look alike (Unicode's categories Cc, Cf, Zl and Zp, variation selectors and
 * fillers).
 */
static bool shapeless(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} v[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x600, 0x605 }, { 0x61c, 0x61c }, { 0x6dd, 0x6dd }, { 0x70f, 0x70f },
		{ 0x890, 0x891 }, { 0x8e2, 0x8e2 }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb }, { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
		{ 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(v); i++)
		if (c >= v[i].first && c <= v[i].last)
			return true;
	return false;
}

/**
 * printable() - make a foreign string safe to print on one line
 * @s: any bytes up to a NUL
 *
 * A task chooses its own name: it may hold escape sequences, newlines, marks
 * that turn the direction of text, invisible characters, and bytes that are no
 * UTF-8 (which JSON cannot hold). Those become \xNN.
 *
 * Return: a string for free(), never NULL.
 */
char *printable(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	char *to, *p;
	size_t n, i;

	to = xcalloc(strlen(s) * 4 + 1, 1);
	for (p = to; *u; u += n) {
		n = utf8_len(u);
		if (n && !shapeless(utf8_char(u, n))) {
			memcpy(p, u, n);
			p += n;
			continue;
		}
		/* all bytes of a character, or the one that is none */
		for (i = 0, n = n ? n : 1; i < n; i++)
			p += sprintf(p, "\\x%02x", u[i]);
	}
	return to;
}

/**
 * json_ascii() - JSON of the same meaning in printable ASCII
 * @json: UTF-8, as json-c writes it
 * @yaml: with YAML's escapes, which has no surrogates
 *
 * What json-c leaves as it is may turn the direction of text or not be seen; a person reads
 * JSON, too.
 *
 * Return: a string for free(), never NULL.
 */
char *json_ascii(const char *json, bool yaml)
{
	const unsigned char *u = (const unsigned char *)json;
	char *to = xcalloc(strlen(json) * 6 + 1, 1), *p;
	uint32_t c;
	size_t n;

	for (p = to; *u; u += n) {
		n = utf8_len(u);
		c = n ? utf8_char(u, n) : 0xfffd;
		n = n ? n : 1;
		if (c < 0x7f)
			*p++ = c;
		else if (c < 0x10000)
			p += sprintf(p, "\\u%04x", c);
		else if (yaml)
			p += sprintf(p, "\\U%08x", c);
		else
			p += sprintf(p, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
				     0xdc00 + (c & 0x3ff));
	}
	return to;
}

/**
 * error_make() - fail
 * @err: where to put the error; one that is there already is replaced
 * @status: what the program is to end with
 * @errnum: errno value whose text is appended, or 0
 * @fmt: as printf
 *
 * Return: -1 always, so that callers can return it.
 */
int error_make(struct error **err, enum status status, int errnum,
	       const char *fmt, ...)
{
	struct error *e = xcalloc(1, sizeof(*e));
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	e->status = status;
	e->errnum = errnum;
	if (errnum)
		e->text = xasprintf("%s: %s", text, strerror(errnum));
	else
		e->text = xstrdup(text);
	error_free(*err);
	*err = e;
	return -1;
}

/**
 * error_advise() - say what is to be done about an error
 * @err: the error
 * @fmt: as printf; becomes the text after a colon
 *
 * Return: -1 always.
 */
int error_advise(struct error **err, const char *fmt, ...)
{
	cleanup_free char *after = NULL;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	after = xvasprintf(fmt, ap);
	va_end(ap);
	text = xasprintf("%s: %s", (*err)->text, after);
	free((*err)->text);
	(*err)->text = text;
	(*err)->todo = strlen(text) - strlen(after);
	return -1;
}

/**
 * error_wrap() - say what was being done when an error arose
 * @err: the error
 * @fmt: as printf; becomes the text before a colon
 *
 * Return: -1 always.
 */
int error_wrap(struct error **err, const char *fmt, ...)
{
	cleanup_free char *before = NULL;
	va_list ap;
	char *text;

	if (!*err)
		return -1;
	va_start(ap, fmt);
	before = xvasprintf(fmt, ap);
	va_end(ap);
	text = xasprintf("%s: %s", before, (*err)->text);
	free((*err)->text);
	(*err)->text = text;
	if ((*err)->todo)
		(*err)->todo += strlen(before) + strlen(": ");
	return -1;
}

/**
 * error_free() - release an error
 * @err: the error or NULL
 */
void error_free(struct error *err)
{
	if (!err)
		return;
	free(err->text);
	free(err);
}

/**
 * error_line() - write a line to standard error
 * @line: the line, printable
 *
 * That is one line for programs. A terminal would break a long one in the middle of a word.
 */
void error_line(const char *line)
{
	cleanup_free char *text = isatty(STDERR_FILENO) ?
				  term_wrap(line, term_width(STDERR_FILENO), INDENT) :
				  xstrdup(line);

	/* what goes to standard output comes first when both are a terminal */
	fflush(stdout);
	fprintf(stderr, "%s\n", text);
}

/**
 * error_say() - say something on standard error
 * @kind: what it is, as a prefix, or ""
 * @text: what is said
 */
void error_say(const char *kind, const char *text)
{
	cleanup_free char *safe = printable(text);
	cleanup_free char *line = xasprintf(PROGRAM ": %s%s", kind, safe);

	error_line(line);
}

/**
 * error_report() - print an error and release it
 * @err: the error; NULL afterwards
 *
 * Return: the status that the program is to end with.
 */
enum status error_report(struct error **err)
{
	enum status status;

	if (!*err)
		return ST_FAILED;
	error_say("", (*err)->text);
	status = (*err)->status;
	error_free(*err);
	*err = NULL;
	return status;
}

/**
 * warn() - say something that the user must not miss
 * @fmt: as printf
 */
void warn(const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_say("warning: ", text);
}

/**
 * note() - say something that -q leaves out
 * @fmt: as printf
 */
void note(const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	if (verbosity < 0)
		return;
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_say("", text);
}

/**
 * debug() - say something that only -v asks for
 * @fmt: as printf
 */
void debug(const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	if (verbosity < 1)
		return;
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_say("", text);
}
