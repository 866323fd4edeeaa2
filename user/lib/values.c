// SPDX-License-Identifier: GPL-2.0
/* Names of the values of system calls' arguments, see values.h. */

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include "util.h"
#include "values.h"

/* How a value is put into words */
enum {
	WHOLE,			/* one name, or its number */
	LOW_4,			/* one name for the lowest 4 bits, flags above */
	LOW_8,
	SIGNAL,			/* a signal in the lowest 8 bits, flags above */
	FLAGS,
};

/* Watched arguments, in the order in which a value has them */
static const struct {
	const char *call;
	struct {
		enum value_family family;
		unsigned int how;
	} arg[3];
} calls[] = {
	{ "socket", { { VALUES_AF, WHOLE }, { VALUES_SOCK, LOW_4 },
		      { VALUES_IPPROTO, WHOLE } } },
	{ "socketpair", { { VALUES_AF, WHOLE }, { VALUES_SOCK, LOW_4 },
			  { VALUES_IPPROTO, WHOLE } } },
	{ "setsockopt", { { VALUES_SOL, WHOLE }, { VALUES_SO, WHOLE } } },
	{ "clone", { { VALUES_CLONE, SIGNAL } } },
	{ "clone3", { { VALUES_CLONE, FLAGS } } },
	{ "unshare", { { VALUES_CLONE, FLAGS } } },
	{ "setns", { { VALUES_CLONE, FLAGS } } },
	{ "personality", { { VALUES_PER, LOW_8 } } },
	{ "prctl", { { VALUES_PR, WHOLE } } },
	{ "arch_prctl", { { VALUES_ARCH, WHOLE } } },
	{ "keyctl", { { VALUES_KEYCTL, WHOLE } } },
	{ "bpf", { { VALUES_BPF, WHOLE } } },
	{ "ptrace", { { VALUES_PTRACE, WHOLE } } },
	{ "seccomp", { { VALUES_SECCOMP, WHOLE } } },
	{ "fcntl", { { VALUES_F, WHOLE } } },
	{ "fcntl64", { { VALUES_F, WHOLE } } },
	{ "ioctl", { { VALUES_IOCTL, WHOLE } } },
	{ "prlimit64", { { VALUES_RLIMIT, WHOLE } } },
	{ "madvise", { { VALUES_MADV, WHOLE } } },
	{ "io_uring_register", { { VALUES_IORING, WHOLE } } },
	{ "fanotify_init", { { VALUES_FAN, FLAGS } } },
	{ "socketcall", { { VALUES_SYS, WHOLE } } },
	{ "ipc", { { VALUES_IPC, WHOLE } } },
	{ "mmap", { { VALUES_PROT, FLAGS } } },
	{ "mmap2", { { VALUES_PROT, FLAGS } } },
	{ "mprotect", { { VALUES_PROT, FLAGS } } },
	{ "pkey_mprotect", { { VALUES_PROT, FLAGS } } },
	{ "mount", { { VALUES_MS, FLAGS } } },
	{ "umount2", { { VALUES_MNT, FLAGS } } },
};

/* The C library's names come first */
static const struct value_name *entry_after(const struct value_name *v)
{
	static const struct value_name *end;

	for (end = end ? end : values_libc; end->name; end++)
		;
	v = v ? v + 1 : values_libc;
	if (v == end)
		v = values_linux;
	return v->name ? v : NULL;
}

/**
 * values_next() - walk the names of a family
 * @family: the family
 * @after: the last one, NULL for the first
 *
 * Of two names of one value only the first is met.
 *
 * Return: the next name, NULL at the end.
 */
const struct value_name *values_next(enum value_family family,
				     const struct value_name *after)
{
	const struct value_name *v = after;

	while ((v = entry_after(v)))
		if (v->family == family && values_name(family, v->value) == v->name)
			return v;
	return NULL;
}

static const char *name_in(const struct value_name *v, enum value_family family,
			   uint64_t value)
{
	for (; v->name; v++)
		if (v->family == family && v->value == value)
			return v->name;
	return NULL;
}

/**
 * values_name() - what a value is called
 * @family: of whose names
 * @value: the value
 *
 * Return: its name, or NULL.
 */
const char *values_name(enum value_family family, uint64_t value)
{
	const char *name = name_in(values_libc, family, value);

	return name ? name : name_in(values_linux, family, value);
}

/**
 * values_find() - the value that a name stands for
 * @name: "AF_INET"
 *
 * Return: it, or NULL where the headers have no such name.
 */
const struct value_name *values_find(const char *name)
{
	const struct value_name *const all[] = { values_libc, values_linux };
	const struct value_name *v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		for (v = all[i]; v->name; v++)
			if (!strcmp(v->name, name))
				return v;
	return NULL;
}

static void add(char **text, char *word)
{
	char *old = *text;

	*text = old ? xasprintf("%s|%s", old, word) : xstrdup(word);
	free(old);
	free(word);
}

/* What is left of @value when the names of its single bits are taken away */
static char *flags_text(enum value_family family, uint64_t value, char *text)
{
	const char *name;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!(value >> bit & 1))
			continue;
		name = values_name(family, 1ULL << bit);
		if (!name)
			continue;
		add(&text, xstrdup(name));
		value &= ~(1ULL << bit);
	}
	if (value || !text) {
		name = value ? NULL : values_name(family, 0);
		add(&text, name ? xstrdup(name) :
		    xasprintf(value ? "0x%llx" : "%llu", (unsigned long long)value));
	}
	return text;
}

static char *low_text(enum value_family family, uint64_t low)
{
	const char *name = values_name(family, low);

	return name ? xstrdup(name) : xasprintf("%llu", (unsigned long long)low);
}

static char *value_text(enum value_family family, unsigned int how,
			uint64_t value)
{
	const char *name = how == SIGNAL ? NULL : values_name(family, value);
	uint64_t mask = how == LOW_4 ? 0xf : how == FLAGS ? 0 : 0xff;
	char *text = NULL;

	if (name)
		return xstrdup(name);
	if (how == WHOLE)
		return xasprintf(value < 4096 ? "%llu" : "0x%llx",
				 (unsigned long long)value);
	/* what is no flag: the query of personality, say */
	if (how == LOW_8 && (uint32_t)value == UINT32_MAX)
		return xstrdup("0xffffffff");
	if (how == SIGNAL && (value & mask) == SIGCHLD)
		text = xstrdup("SIGCHLD");
	else if (how == SIGNAL && value & mask)
		text = xasprintf("%llu", (unsigned long long)(value & mask));
	else if (how == LOW_4 || (how == LOW_8 && value & mask))
		text = low_text(family, value & mask);
	if (text && !(value & ~mask))
		return text;
	return flags_text(family, value & ~mask, text);
}

/* What the names of an argument are may depend on the one before it */
static enum value_family family_of(size_t call, unsigned int at,
				   const uint64_t *arg)
{
	enum value_family is = calls[call].arg[at].family;
	const struct value_name *level;

	if (is == VALUES_IPPROTO && arg[0] == AF_NETLINK)
		return VALUES_NETLINK;
	if (is == VALUES_IPPROTO && arg[0] != AF_INET && arg[0] != AF_INET6)
		return VALUES_NONE;
	if (is == VALUES_SOL && !values_name(VALUES_SOL, arg[0]))
		return VALUES_IPPROTO;
	if (is != VALUES_SO || arg[0] == SOL_SOCKET)
		return is;
	level = values_find("IPPROTO_TCP");
	if (level && level->value == arg[0])
		return VALUES_TCP;
	level = values_find("IPPROTO_IPV6");
	if (level && level->value == arg[0])
		return VALUES_IPV6;
	return arg[0] ? VALUES_NONE : VALUES_IP;
}

/**
 * values_text() - one argument of a value in words
 * @call: the system call
 * @at: which of the arguments that are looked at, from 0
 * @arg: all of them
 *
 * Return: "SOCK_STREAM|SOCK_CLOEXEC", or a number where the headers have no name; for
 * free().
 */
char *values_text(const char *call, unsigned int at, const uint64_t *arg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(calls[i].call, call) && at < ARRAY_SIZE(calls[i].arg))
			return value_text(family_of(i, at, arg),
					  calls[i].arg[at].how, arg[at]);
	return value_text(VALUES_NONE, WHOLE, arg[at]);
}

/**
 * values_tuple() - a value in words
 * @call: the system call
 * @arg: its arguments that are looked at
 * @n: how many
 *
 * Return: "AF_INET, SOCK_STREAM, 0", for free().
 */
char *values_tuple(const char *call, const uint64_t *arg, unsigned int n)
{
	char *text = NULL;
	unsigned int i;

	for (i = 0; i < n; i++) {
		cleanup_free char *word = values_text(call, i, arg);
		char *old = text;

		text = old ? xasprintf("%s, %s", old, word) : xstrdup(word);
		free(old);
	}
	return text ? text : xstrdup("");
}
