// SPDX-License-Identifier: GPL-2.0
/* Errors as objects, and what is said on standard error. */

#include <stdarg.h>
#include "error.h"

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

/* Marks that turn the direction of text, also of what others print after it */
static bool turns(const unsigned char *s)
{
	if (s[0] != 0xe2)
		return false;
	/* U+200E, U+200F, U+2028..U+202E, U+2066..U+2069 */
	if (s[1] == 0x80)
		return s[2] == 0x8e || s[2] == 0x8f ||
		       (s[2] >= 0xa8 && s[2] <= 0xae);
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

/**
 * printable() - make a foreign string safe to print on one line
 * @s: any bytes up to a NUL
 *
 * A task chooses its own name: it may hold escape sequences, newlines, marks
 * that turn the direction of text, and bytes that are no UTF-8 (which JSON
 * cannot hold). Those become \xNN.
 *
 * Return: a string for free(), never NULL.
 */
char *printable(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	char *to, *p;
	size_t n;

	to = xcalloc(strlen(s) * 4 + 1, 1);
	for (p = to; *u; u += n) {
		n = utf8_len(u);
		/* C0, DEL; C1 is 0xc2 0x80..0x9f in UTF-8 */
		if (!n || *u < 0x20 || *u == 0x7f ||
		    (u[0] == 0xc2 && u[1] < 0xa0) || turns(u)) {
			p += sprintf(p, "\\x%02x", *u);
			n = 1;
		} else {
			memcpy(p, u, n);
			p += n;
		}
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

static void say(const char *kind, const char *text)
{
	cleanup_free char *safe = printable(text);

	/* what goes to standard output comes first when both are a terminal */
	fflush(stdout);
	fprintf(stderr, PROGRAM ": %s%s\n", kind, safe);
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
	say("", (*err)->text);
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
	say("warning: ", text);
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
	say("", text);
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
	say("", text);
}
