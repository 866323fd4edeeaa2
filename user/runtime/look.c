// SPDX-License-Identifier: GPL-2.0
/*
 * Each container's config.json is read by us, recorded or not, so this is no
 * JSON parser: it goes through the strings, and finds the annotation's key or
 * the variable that stands for it. A string that only looks like it costs time,
 * no more. `strict` counts where sctrace-nl cannot tell what is asked.
 */

#include <string.h>
#include "hook/key.h"
#include "lib/util.h"
#include "look.h"

/* What a string of JSON has up to @end, up to @room bytes and a NUL */
static void decode(const char *s, const char *end, char *to, size_t room)
{
	static const char from[] = "bfnrt", become[] = "\b\f\n\r\t";
	unsigned int u;
	const char *e;

	for (; s < end && room; room--) {
		if (*s != '\\' || s + 1 == end) {
			*to++ = *s++;
			continue;
		}
		s++;
		e = strchr(from, *s);
		if (e && *e) {
			*to++ = become[e - from];
		} else if (*s == 'u' && end - s > 4 &&
			   sscanf(s + 1, "%4x", &u) == 1) {
			/* what is no ASCII is in no name that matters here */
			*to++ = u && u < 0x80 ? (char)u : '?';
			s += 4;
		} else {
			*to++ = *s;
		}
		s++;
	}
	*to = '\0';
}

static const char *end_of(const char *s, const char *end)
{
	while (s < end && *s != '"')
		s += *s == '\\' && s + 1 < end ? 2 : 1;
	return s;
}

/* The entries of an annotation are told apart as annotation.c does */
static bool asks_strict(char *value)
{
	static const char blank[] = " \t\r\n\v\f";
	char *entry, *colon;
	size_t n;

	while ((entry = strsep(&value, ";"))) {
		entry += strspn(entry, blank);
		if (strncmp(entry, "strict", 6))
			continue;
		entry += 6;
		entry += strspn(entry, blank);
		colon = *entry == ':' ? entry + 1 : entry;
		colon += strspn(colon, blank);
		n = strcspn(colon, blank);
		if (!*entry || (*entry == ':' &&
				((n == 3 && !strncmp(colon, "yes", 3)) ||
				 (n == 4 && !strncmp(colon, "true", 4)))))
			return true;
	}
	return false;
}

/* : of what is in the string, that much is not the value */
static bool strict_in(const char *s, const char *end, size_t skip)
{
	cleanup_free char *value = xcalloc(end - s + 1, 1);

	decode(s, end, value, end - s);
	return asks_strict(value + skip);
}

/**
 * rt_look() - look whether a container asks to be recorded
 * @text: config.json, or what is there in its place; a NUL must follow it
 * @len: its length
 * @env: the variable that stands for the annotation, or NULL
 * @l: what was found
 */
void rt_look(const char *text, size_t len, const char *env, struct rt_look *l)
{
	const char *end = text + len, *s = text, *last;
	size_t key = strlen(HOOK_ANNOTATION), name = env ? strlen(env) : 0;
	size_t room = (key > name ? key : name) + 1;
	cleanup_free char *begin = xcalloc(room + 1, 1);
	bool value = false;

	memset(l, 0, sizeof(*l));
	while ((s = memchr(s, '"', end - s))) {
		last = end_of(++s, end);
		if (value)
			l->strict |= strict_in(s, last, 0);
		value = false;
		/* nearly all begin with another letter */
		if (*s == *HOOK_ANNOTATION || *s == '\\' || (env && *s == *env)) {
			decode(s, last, begin, room);
			if (!strncmp(begin, HOOK_ANNOTATION, key) &&
			    (!begin[key] || begin[key] == '/')) {
				l->asked = true;
				value = true;
			}
			if (env && !strncmp(begin, env, name) &&
			    begin[name] == '=') {
				l->asked = true;
				l->strict |= strict_in(s, last, name + 1);
			}
		}
		if (last == end)
			break;
		s = last + 1;
	}
}
