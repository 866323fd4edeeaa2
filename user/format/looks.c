// SPDX-License-Identifier: GPL-2.0
/*
 * What a text that is no profile may be: only for the message, once no dialect
 * could make anything of it.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "lib/util.h"
#include "looks.h"

static const struct {
	const char *begin;
	size_t len;
	const char *what;
} magic[] = {
#define M(s, what)	{ s, sizeof(s) - 1, what }
	M("\177ELF", "a program (ELF)"),
	M("\xff\xfe", "text in UTF-16: save it as UTF-8"),
	M("\xfe\xff", "text in UTF-16: save it as UTF-8"),
	M("\037\213", "compressed by gzip: unpack it"),
	M("\x28\xb5\x2f\xfd", "compressed by zstd: unpack it"),
	M("\xfd" "7zXZ", "compressed by xz: unpack it"),
	M("BZh", "compressed by bzip2: unpack it"),
	M("PK\003\004", "a ZIP archive"),
	M("!<arch>", "an archive or a Debian package"),
	M("\x89PNG", "a picture"),
	M("%PDF", "a PDF document"),
	M("#!", "a script"),
	M("version https://git-lfs", "a pointer of Git LFS: fetch the file itself"),
	M("404", "what a web server says of a file that it does not have"),
	M("-----BEGIN ", "a key or a certificate"),
	M("diff ", "a patch"),
	M("--- ", "a patch"),
	M("//", "text with a comment as C has it: JSON has none"),
	M("/*", "text with a comment as C has it: JSON has none"),
#undef M
};

/* the first line that is neither a comment nor the beginning of a document */
static const char *past_comments(const char *s)
{
	while (*s == '#' || *s == '\n' || !strncmp(s, "---\n", 4)) {
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
	return s;
}

/* a word and a colon at its beginning */
static bool is_yaml(const char *s)
{
	size_t n;

	s = past_comments(s);
	n = strcspn(s, ": \t\n");
	return n && s[n] == ':' && (s[n + 1] == ' ' || s[n + 1] == '\n');
}

/* [section] or key = value, and no unit */
static bool is_settings(const char *s)
{
	size_t n = strcspn(s, "\n");

	return (*s == '[' && memchr(s, ']', n)) ||
	       (memchr(s, '=', n) && !memchr(s, '(', n));
}

/* one of JSON's values, and nothing after it */
static bool is_json_value(const char *s)
{
	static const char *const words[] = { "null", "true", "false" };
	size_t i, n = strcspn(s, "\r\n");

	if (s[n + strspn(s + n, " \t\r\n")])
		return false;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (n == strlen(words[i]) && !strncmp(s, words[i], n))
			return true;
	return *s == '"' || n == strspn(s, "+-.0123456789eE");
}

/**
 * looks_like() - what a text that is no profile may be
 * @text: any bytes, with a NUL after them
 * @len: how many
 *
 * Return: words to follow "this is", or NULL: nothing that is known.
 */
const char *looks_like(const char *text, size_t len)
{
	const char *s = text + strspn(text, " \t\r\n");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(magic); i++)
		if (len >= magic[i].len &&
		    !memcmp(text, magic[i].begin, magic[i].len))
			return magic[i].what;
	if (memchr(text, '\0', len))
		return "no text: there is a NUL byte in it";
	if (!*s)
		return "empty";
	if (!strncasecmp(s, "<!doctype html", 14) || !strncasecmp(s, "<html", 5))
		return "a web page (HTML)";
	if (*s == '<')
		return "XML";
	if (!strncmp(s, "FROM ", 5) || strstr(s, "\nFROM "))
		return "a Dockerfile without the label of a profile";
	if (*s == '#' && *past_comments(s) == '{')
		return "JSON after a comment: JSON has none";
	if (is_json_value(s))
		return "a JSON value, and a profile is an object";
	if (is_settings(s))
		return "a list of settings, and none is SystemCallFilter=";
	if (is_yaml(s))
		return "YAML without apiVersion and kind";
	return NULL;
}
