// SPDX-License-Identifier: GPL-2.0
/*
 * The profile model: what every dialect can say, without its spelling.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <seccomp.h>

#include "profile.h"
#include "lib/guess.h"
#include "lib/names.h"

#ifndef SCMP_ACT_NOTIFY	/* libseccomp before 2.5 makes no filter of it */
#define SCMP_ACT_NOTIFY	0x7fc00000U
#endif

static const char *const action_table[PA_COUNT] = {
	[PA_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	[PA_KILL_THREAD] = "SCMP_ACT_KILL_THREAD",
	[PA_KILL] = "SCMP_ACT_KILL",
	[PA_TRAP] = "SCMP_ACT_TRAP",
	[PA_ERRNO] = "SCMP_ACT_ERRNO",
	[PA_NOTIFY] = "SCMP_ACT_NOTIFY",
	[PA_TRACE] = "SCMP_ACT_TRACE",
	[PA_LOG] = "SCMP_ACT_LOG",
	[PA_ALLOW] = "SCMP_ACT_ALLOW",
};

static const char *const op_table[PO_COUNT] = {
	[PO_NE] = "SCMP_CMP_NE",
	[PO_LT] = "SCMP_CMP_LT",
	[PO_LE] = "SCMP_CMP_LE",
	[PO_EQ] = "SCMP_CMP_EQ",
	[PO_GE] = "SCMP_CMP_GE",
	[PO_GT] = "SCMP_CMP_GT",
	[PO_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
};

/* strerrorname_np() is younger than the oldest C library we build on */
#define E(x) { x, #x }
static const struct {
	int nr;
	const char *name;
} errno_table[] = {
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG),
	E(ENOEXEC), E(EBADF), E(ECHILD), E(EAGAIN), E(ENOMEM), E(EACCES),
	E(EFAULT), E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV),
	E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY),
	E(ETXTBSY), E(EFBIG), E(ENOSPC), E(ESPIPE), E(EROFS), E(EMLINK),
	E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK), E(ENAMETOOLONG), E(ENOLCK),
	E(ENOSYS), E(ENOTEMPTY), E(ELOOP), E(ENOMSG), E(EIDRM), E(ENOSTR),
	E(ENODATA), E(ETIME), E(ENOSR), E(ENOLINK), E(EPROTO), E(EBADMSG),
	E(EOVERFLOW), E(EILSEQ), E(EUSERS), E(ENOTSOCK), E(EDESTADDRREQ),
	E(EMSGSIZE), E(EPROTOTYPE), E(ENOPROTOOPT), E(EPROTONOSUPPORT),
	E(ESOCKTNOSUPPORT), E(EOPNOTSUPP), E(EPFNOSUPPORT), E(EAFNOSUPPORT),
	E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN), E(ENETUNREACH),
	E(ENETRESET), E(ECONNABORTED), E(ECONNRESET), E(ENOBUFS), E(EISCONN),
	E(ENOTCONN), E(ESHUTDOWN), E(ETOOMANYREFS), E(ETIMEDOUT),
	E(ECONNREFUSED), E(EHOSTDOWN), E(EHOSTUNREACH), E(EALREADY),
	E(EINPROGRESS), E(ESTALE), E(EUCLEAN), E(EREMOTEIO), E(EDQUOT),
	E(ENOMEDIUM), E(EMEDIUMTYPE), E(ECANCELED), E(ENOKEY), E(EKEYEXPIRED),
	E(EKEYREVOKED), E(EKEYREJECTED), E(EOWNERDEAD), E(ENOTRECOVERABLE),
	E(ENONET), E(ENOPKG), E(EREMOTE), E(ECOMM), E(EMULTIHOP), E(ENOTUNIQ),
	E(EBADFD), E(EREMCHG), E(ERESTART), E(ESTRPIPE),
	E(ECHRNG), E(EL2NSYNC), E(EL3HLT), E(EL3RST), E(ELNRNG), E(EUNATCH),
	E(ENOCSI), E(EL2HLT), E(EBADE), E(EBADR), E(EXFULL), E(ENOANO),
	E(EBADRQC), E(EBADSLT), E(EBFONT), E(EADV), E(ESRMNT), E(EDOTDOT),
	E(ELIBACC), E(ELIBBAD), E(ELIBSCN), E(ELIBMAX), E(ELIBEXEC),
	E(ENOTNAM), E(ENAVAIL), E(EISNAM), E(ERFKILL), E(EHWPOISON),
	/* same numbers under a second name: parsed, never printed */
	{ EWOULDBLOCK, "EWOULDBLOCK" }, { EDEADLOCK, "EDEADLOCK" },
	{ ENOTSUP, "ENOTSUP" },
};

#undef E

/**
 * profile_grow() - make room for one more item in an array
 * @p: the array, NULL when @n is 0
 * @n: items in it
 * @size: bytes of one
 *
 * The room doubles at powers of two, so callers need not keep a capacity, and
 * may take items away.
 *
 * Return: the array with room for @n + 1 items, never NULL.
 */
void *profile_grow(void *p, size_t n, size_t size)
{
	size_t room;

	if (n & (n - 1))
		return p;
	room = n ? n * 2 : 1;
	if (room > SIZE_MAX / 2 / size)
		out_of_memory();
	p = realloc(p, room * size);
	if (!p)
		out_of_memory();
	return p;
}

/**
 * profile_strdup() - copy a string, or end the program
 * @s: the string, may be NULL
 *
 * Return: a copy that the caller frees; NULL for NULL.
 */
char *profile_strdup(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

/**
 * profile_note() - append a message to a list
 * @n: the list; NULL throws the message away
 * @fmt: as printf
 */
void profile_note(struct profile_notes *n, const char *fmt, ...)
{
	va_list ap;

	if (!n)
		return;
	n->v = profile_grow(n->v, n->n, sizeof(*n->v));
	va_start(ap, fmt);
	n->v[n->n++] = xvasprintf(fmt, ap);
	va_end(ap);
}

/**
 * profile_notes_cut() - forget the last messages
 * @n: the list, or NULL
 * @left: how many stay
 */
void profile_notes_cut(struct profile_notes *n, size_t left)
{
	while (n && n->n > left)
		free(n->v[--n->n]);
}

/**
 * profile_notes_free() - forget all messages
 * @n: the list, usable again afterwards
 */
void profile_notes_free(struct profile_notes *n)
{
	profile_notes_cut(n, 0);
	free(n->v);
	n->v = NULL;
	n->n = 0;
}

/**
 * profile_take_out() - take a name out of rules
 * @p: the profile; rules that were for that alone go
 * @name: a call
 * @plain: out of those without arguments and conditions only
 */
void profile_take_out(struct profile *p, const char *name, bool plain)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		if (!plain || profile_rule_is_plain(r))
			strset_del(&r->names, name);
		if (r->names.n)
			p->rules[n++] = *r;
		else
			profile_rule_free(r);
	}
	p->n_rules = n;
}

/**
 * profile_has_caps() - does any rule depend on capabilities?
 * @p: the profile
 */
bool profile_has_caps(const struct profile *p)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (p->rules[i].includes.caps.n || p->rules[i].excludes.caps.n)
			return true;
	return false;
}

/**
 * strset_find() - where a string is in a set
 * @s: the set
 * @v: the string
 * @found: set to whether it is there
 *
 * Return: its place, or where it would have to go.
 */
size_t strset_find(const struct strset *s, const char *v, bool *found)
{
	size_t lo = 0, hi = s->n;

	*found = false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(s->v[mid], v);

		if (!c) {
			*found = true;
			return mid;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/**
 * strset_add() - put a string in its place
 * @s: the set
 * @v: copied
 *
 * Return: whether it is new.
 */
bool strset_add(struct strset *s, const char *v)
{
	bool found;
	size_t at = strset_find(s, v, &found);

	if (found)
		return false;
	s->v = profile_grow(s->v, s->n, sizeof(*s->v));
	memmove(&s->v[at + 1], &s->v[at], (s->n - at) * sizeof(*s->v));
	s->v[at] = profile_strdup(v);
	s->n++;
	return true;
}

/**
 * strset_join() - put all of a set into another one
 * @to: the set
 * @s: copied; not @to
 */
void strset_join(struct strset *to, const struct strset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		strset_add(to, s->v[i]);
}

/**
 * strset_has() - is it in the set?
 * @s: the set
 * @v: the string
 *
 * Return: true if it is.
 */
bool strset_has(const struct strset *s, const char *v)
{
	bool found;

	strset_find(s, v, &found);
	return found;
}

/**
 * strset_del() - take a string out
 * @s: the set
 * @v: the string
 *
 * Return: whether it was there.
 */
bool strset_del(struct strset *s, const char *v)
{
	bool found;
	size_t at = strset_find(s, v, &found);

	if (!found)
		return false;
	free(s->v[at]);
	s->n--;
	memmove(&s->v[at], &s->v[at + 1], (s->n - at) * sizeof(*s->v));
	return true;
}

/**
 * strset_subset() - is all of @a in @b?
 * @a: the smaller set
 * @b: the larger set
 *
 * Return: true if it is.
 */
bool strset_subset(const struct strset *a, const struct strset *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!strset_has(b, a->v[i]))
			return false;
	return true;
}

/**
 * strset_copy() - copy a set
 * @to: overwritten, not freed first
 * @s: the set
 */
void strset_copy(struct strset *to, const struct strset *s)
{
	size_t i;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < s->n; i++) {
		to->v = profile_grow(to->v, to->n, sizeof(*to->v));
		to->v[to->n++] = profile_strdup(s->v[i]);
	}
}

/**
 * strset_free() - empty a set
 * @s: the set, usable again afterwards
 */
void strset_free(struct strset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	s->v = NULL;
	s->n = 0;
}

/**
 * strset_cmp() - order two sets, by their first difference
 * @a: one
 * @b: the other
 *
 * Return: as strcmp().
 */
int strset_cmp(const struct strset *a, const struct strset *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++) {
		int c = strcmp(a->v[i], b->v[i]);

		if (c)
			return c;
	}
	return a->n < b->n ? -1 : a->n > b->n;
}

/**
 * strset_text() - all members in one line
 * @s: the set
 * @between: what is put between two of them
 *
 * Return: the line, which the caller frees.
 */
char *strset_text(const struct strset *s, const char *between)
{
	char *text = NULL;
	size_t i, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_of_memory();
	for (i = 0; i < s->n; i++)
		fprintf(f, "%s%s", i ? between : "", s->v[i]);
	if (fclose(f))
		out_of_memory();
	return text;
}

/**
 * profile_action_name() - SCMP_ACT_* of an action
 * @a: the action
 *
 * Return: a constant string.
 */
const char *profile_action_name(enum profile_action a)
{
	return action_table[a];
}

/**
 * profile_action_parse() - action of a SCMP_ACT_* name
 * @s: the name; the prefix may be missing
 * @a: set on success
 *
 * Return: 0, or -1 for an unknown name.
 */
int profile_action_parse(const char *s, enum profile_action *a)
{
	size_t i;

	for (i = 0; i < PA_COUNT; i++)
		if (!strcmp(s, action_table[i]) ||
		    !strcmp(s, action_table[i] + strlen("SCMP_ACT_"))) {
			*a = i;
			return 0;
		}
	return -1;
}

/**
 * profile_action_rank() - how much an action lets through
 * @a: the action
 *
 * Return: a number that grows with permissiveness, in the kernel's order of
 * precedence; KILL and KILL_THREAD have the same.
 */
int profile_action_rank(enum profile_action a)
{
	return a == PA_KILL ? PA_KILL_THREAD : a;
}

/**
 * profile_action_permits() - does the call happen?
 * @a: the action
 *
 * NOTIFY and TRACE leave it to somebody else and do not count as permission.
 *
 * Return: true for ALLOW and LOG.
 */
bool profile_action_permits(enum profile_action a)
{
	return a == PA_ALLOW || a == PA_LOG;
}

/**
 * profile_action_has_errno() - may an errno stand beside this action?
 * @a: the action
 *
 * Return: true for ERRNO, and for TRACE, whose message number it is.
 */
bool profile_action_has_errno(enum profile_action a)
{
	return a == PA_ERRNO || a == PA_TRACE;
}

/**
 * profile_action_scmp() - libseccomp's number for an action
 * @a: the action
 * @errno_ret: errno or trace message; PROFILE_NO_ERRNO is EPERM
 *
 * Return: a SCMP_ACT_* value.
 */
uint32_t profile_action_scmp(enum profile_action a, int errno_ret)
{
	unsigned int e = errno_ret < 0 ? EPERM : errno_ret;

	switch (a) {
	case PA_KILL_PROCESS:
		return SCMP_ACT_KILL_PROCESS;
	case PA_KILL_THREAD:
	case PA_KILL:
		return SCMP_ACT_KILL_THREAD;
	case PA_TRAP:
		return SCMP_ACT_TRAP;
	case PA_ERRNO:
		return SCMP_ACT_ERRNO(e);
	case PA_NOTIFY:
		return SCMP_ACT_NOTIFY;
	case PA_TRACE:
		return SCMP_ACT_TRACE(e);
	case PA_LOG:
		return SCMP_ACT_LOG;
	default:
		return SCMP_ACT_ALLOW;
	}
}

/**
 * profile_op_name() - SCMP_CMP_* of a comparison
 * @op: the comparison
 *
 * Return: a constant string.
 */
const char *profile_op_name(enum profile_op op)
{
	return op_table[op];
}

/**
 * profile_op_parse() - comparison of a SCMP_CMP_* name
 * @s: the name
 * @op: set on success
 *
 * Return: 0, or -1 for an unknown name.
 */
int profile_op_parse(const char *s, enum profile_op *op)
{
	size_t i;

	for (i = 0; i < PO_COUNT; i++)
		if (!strcmp(s, op_table[i])) {
			*op = i;
			return 0;
		}
	return -1;
}

/**
 * profile_errno_name() - "ENOSYS" of 38
 * @e: the number
 *
 * Return: a constant string, NULL for a number without a name.
 */
const char *profile_errno_name(int e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errno_table); i++)
		if (errno_table[i].nr == e)
			return errno_table[i].name;
	return NULL;
}

/**
 * profile_errno_parse() - 38 of "ENOSYS" or "38"
 * @s: the name or digits
 *
 * Return: the number, 0 to PROFILE_MAX_ERRNO, or -1 if it is none.
 */
int profile_errno_parse(const char *s)
{
	char *end;
	unsigned long n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errno_table); i++)
		if (!strcmp(errno_table[i].name, s))
			return errno_table[i].nr;
	if (!isdigit((unsigned char)*s))
		return -1;
	errno = 0;
	n = strtoul(s, &end, 10);
	if (errno || *end || n > PROFILE_MAX_ERRNO)
		return -1;
	return n;
}

/**
 * profile_errno_guess() - which errno is meant by a word that is none?
 * @g: the guess
 */
void profile_errno_guess(struct guess *g)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errno_table); i++)
		guess_try(g, errno_table[i].name);
}

/**
 * profile_arch_name() - SCMP_ARCH_* of a libseccomp token
 * @token: the token; an AUDIT_ARCH_* value is one
 *
 * Return: a constant string, NULL for a token no profile can name.
 */
const char *profile_arch_name(uint32_t token)
{
	const struct abi_name *a = token == SCMP_ARCH_NATIVE ? names_abis :
				   names_abi(token);

	return a ? a->token : NULL;
}

/**
 * profile_arch_token() - libseccomp token of a SCMP_ARCH_* name
 * @name: the name; SCMP_ARCH_NATIVE gives the running machine's
 *
 * Return: the token, 0 for an unknown name.
 */
uint32_t profile_arch_token(const char *name)
{
	const struct abi_name *a = names_abi_token(name);

	return !a ? 0 : a == names_abis ? seccomp_arch_native() : a->arch;
}

/**
 * profile_arch_short() - the name that includes.arches knows a token by
 * @token: the token
 *
 * Return: a constant string such as "amd64", NULL for an unknown token.
 */
const char *profile_arch_short(uint32_t token)
{
	const struct abi_name *a = token == SCMP_ARCH_NATIVE ? names_abis :
				   names_abi(token);

	return a ? a->engine : NULL;
}

/**
 * profile_arch_from_short() - token of a name in includes.arches
 * @name: such as "amd64"
 *
 * Return: the token, 0 for an unknown name.
 */
uint32_t profile_arch_from_short(const char *name)
{
	const struct abi_name *a;

	for (a = names_abis + 1; a->token; a++)
		if (!strcmp(a->engine, name))
			return a->arch;
	return 0;
}

/**
 * profile_name_valid() - can this be the name of a system call?
 * @name: what was given
 *
 * Kept to the characters that kernels use, so that no writer has to quote and
 * no profile can smuggle a line into a unit file.
 *
 * Return: true if it can.
 */
bool profile_name_valid(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!isascii((unsigned char)name[i]) ||
		    (!isalnum((unsigned char)name[i]) && name[i] != '_'))
			return false;
	return i > 0 && i < 64;
}

/*
 * libseccomp adds to a rule for one of these what reaches the same in the
 * multiplexers, and turns a rule for a multiplexer's name into one for its
 * number: what their rules mean cannot be told one name at a time (2.5.4,
 * arch-x86.c, x86_rule_add(); likewise s390, s390x, ppc, mips, m68k, sh).
 */
static const char *const multiplexed[] = {
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname",
	"getsockopt", "ipc", "listen", "msgctl", "msgget", "msgrcv", "msgsnd",
	"recv", "recvfrom", "recvmmsg", "recvmsg", "semctl", "semget", "semop",
	"semtimedop", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt",
	"shmat", "shmctl", "shmdt", "shmget", "shutdown", "socket",
	"socketcall", "socketpair",
};

const char *const profile_multiplexers[] = { "socketcall", "ipc", NULL };

/**
 * profile_multiplexer() - is this the call that others are reached through?
 * @name: the call
 *
 * Return: its name, constant; NULL if it is not.
 */
const char *profile_multiplexer(const char *name)
{
	size_t i;

	for (i = 0; profile_multiplexers[i]; i++)
		if (!strcmp(name, profile_multiplexers[i]))
			return profile_multiplexers[i];
	return NULL;
}

/**
 * profile_name_multiplexed() - is a call one of socketcall's or ipc's?
 * @name: the call
 *
 * Return: true if it is, or is one of these two.
 */
bool profile_name_multiplexed(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(multiplexed); i++)
		if (!strcmp(multiplexed[i], name))
			return true;
	return false;
}

/**
 * profile_kernel_valid() - can this be a minKernel?
 * @s: what was given
 *
 * Return: true for X.Y.
 */
bool profile_kernel_valid(const char *s)
{
	unsigned int major, minor;
	int end = 0;

	return isdigit((unsigned char)*s) &&
	       sscanf(s, "%4u.%4u%n", &major, &minor, &end) == 2 && !s[end] &&
	       isdigit((unsigned char)s[end - 1]) && !strpbrk(s, "+- ");
}

static void cond_free(struct profile_cond *c)
{
	strset_free(&c->arches);
	strset_free(&c->caps);
	free(c->min_kernel);
	c->min_kernel = NULL;
}

/**
 * profile_cond_empty() - does the condition ask for nothing?
 * @c: the condition
 *
 * Return: true if it does.
 */
bool profile_cond_empty(const struct profile_cond *c)
{
	return !c->arches.n && !c->caps.n && !c->min_kernel;
}

static int str_cmp(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

static int cond_cmp(const struct profile_cond *a, const struct profile_cond *b)
{
	int c = strset_cmp(&a->arches, &b->arches);

	if (!c)
		c = strset_cmp(&a->caps, &b->caps);
	if (!c)
		c = str_cmp(a->min_kernel, b->min_kernel);
	return c;
}

static void cond_copy(struct profile_cond *to, const struct profile_cond *c)
{
	strset_copy(&to->arches, &c->arches);
	strset_copy(&to->caps, &c->caps);
	to->min_kernel = profile_strdup(c->min_kernel);
}

/**
 * profile_rule_init() - an empty rule
 * @r: overwritten
 * @action: its action
 * @errno_ret: or PROFILE_NO_ERRNO
 */
void profile_rule_init(struct profile_rule *r, enum profile_action action,
		       int errno_ret)
{
	memset(r, 0, sizeof(*r));
	r->action = action;
	r->errno_ret = errno_ret;
}

/**
 * profile_rule_copy() - copy a rule
 * @to: overwritten, not freed first
 * @r: the rule
 */
void profile_rule_copy(struct profile_rule *to, const struct profile_rule *r)
{
	size_t i;

	profile_rule_init(to, r->action, r->errno_ret);
	strset_copy(&to->names, &r->names);
	for (i = 0; i < r->n_args; i++)
		profile_rule_add_arg(to, &r->args[i]);
	cond_copy(&to->includes, &r->includes);
	cond_copy(&to->excludes, &r->excludes);
	to->comment = profile_strdup(r->comment);
}

/**
 * profile_rule_free() - free what a rule holds, not the rule
 * @r: the rule
 */
void profile_rule_free(struct profile_rule *r)
{
	strset_free(&r->names);
	free(r->args);
	cond_free(&r->includes);
	cond_free(&r->excludes);
	free(r->comment);
	memset(r, 0, sizeof(*r));
}

/**
 * profile_rule_add_arg() - add an argument comparison to a rule
 * @r: the rule
 * @a: copied
 */
void profile_rule_add_arg(struct profile_rule *r, const struct profile_arg *a)
{
	r->args = profile_grow(r->args, r->n_args, sizeof(*r->args));
	r->args[r->n_args++] = *a;
}

/**
 * profile_errno() - what the caller of a refused call gets
 * @r: the rule
 *
 * Return: the errno (or trace message), EPERM where the rule gives none, as
 * all runtimes do; PROFILE_NO_ERRNO where the action has none.
 */
int profile_errno(const struct profile_rule *r)
{
	if (!profile_action_has_errno(r->action))
		return PROFILE_NO_ERRNO;
	return r->errno_ret < 0 ? EPERM : r->errno_ret;
}

/**
 * profile_default_errno() - what the caller of an unnamed call gets
 * @p: the profile
 *
 * Return: as profile_errno().
 */
int profile_default_errno(const struct profile *p)
{
	if (!profile_action_has_errno(p->def_action))
		return PROFILE_NO_ERRNO;
	return p->def_errno < 0 ? EPERM : p->def_errno;
}

/**
 * profile_rule_is_plain() - does the rule apply to every call by its names?
 * @r: the rule
 *
 * Return: true if it compares no argument and has no condition.
 */
bool profile_rule_is_plain(const struct profile_rule *r)
{
	return !r->n_args && profile_cond_empty(&r->includes) &&
	       profile_cond_empty(&r->excludes);
}

static int arg_cmp(const struct profile_arg *a, const struct profile_arg *b)
{
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	if (a->op != b->op)
		return a->op < b->op ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	if (a->value_two != b->value_two)
		return a->value_two < b->value_two ? -1 : 1;
	return 0;
}

/**
 * profile_rule_body_cmp() - order two rules by all but their names
 * @a: one
 * @b: the other
 *
 * ALLOW comes first, then by falling permissiveness; rules without arguments
 * and conditions before those with them.  Two rules that compare equal can be
 * one block with both their names.
 *
 * Return: as strcmp().
 */
int profile_rule_body_cmp(const struct profile_rule *a,
			  const struct profile_rule *b)
{
	bool plain_a = profile_rule_is_plain(a);
	bool plain_b = profile_rule_is_plain(b);
	size_t i;
	int c;

	if (plain_a != plain_b)
		return plain_a ? -1 : 1;
	if (a->action != b->action)
		return a->action > b->action ? -1 : 1;
	if (a->errno_ret != b->errno_ret)
		return a->errno_ret < b->errno_ret ? -1 : 1;
	c = cond_cmp(&a->includes, &b->includes);
	if (!c)
		c = cond_cmp(&a->excludes, &b->excludes);
	if (c)
		return c;
	if (a->n_args != b->n_args)
		return a->n_args < b->n_args ? -1 : 1;
	for (i = 0; i < a->n_args; i++) {
		c = arg_cmp(&a->args[i], &b->args[i]);
		if (c)
			return c;
	}
	return str_cmp(a->comment, b->comment);
}

static void print_cond(FILE *f, const char *word, const struct profile_cond *c)
{
	size_t i;

	if (profile_cond_empty(c))
		return;
	fprintf(f, " %s", word);
	for (i = 0; i < c->caps.n; i++)
		fprintf(f, " %s", c->caps.v[i]);
	for (i = 0; i < c->arches.n; i++)
		fprintf(f, " %s", c->arches.v[i]);
	if (c->min_kernel)
		fprintf(f, " kernel %s", c->min_kernel);
}

static void print_terms(FILE *f, const struct profile_rule *r)
{
	static const char *const sign[] = {
		[PO_NE] = "!=", [PO_LT] = "<", [PO_LE] = "<=", [PO_EQ] = "==",
		[PO_GE] = ">=", [PO_GT] = ">",
	};
	size_t i;

	for (i = 0; i < r->n_args; i++) {
		const struct profile_arg *a = &r->args[i];

		fprintf(f, i ? " and " : " when ");
		if (a->op == PO_MASKED_EQ)
			fprintf(f, "arg%u & 0x%llx == 0x%llx", a->index,
				(unsigned long long)a->value,
				(unsigned long long)a->value_two);
		else
			fprintf(f, "arg%u %s 0x%llx", a->index, sign[a->op],
				(unsigned long long)a->value);
	}
	print_cond(f, "if", &r->includes);
	print_cond(f, "unless", &r->excludes);
}

static void print_action(FILE *f, const struct profile_rule *r)
{
	int e = profile_errno(r);
	const char *name = profile_errno_name(e);

	fputs(profile_action_name(r->action), f);
	if (e >= 0 && name)
		fprintf(f, "(%s)", name);
	else if (e >= 0)
		fprintf(f, "(%d)", e);
}

static char *rule_text(const struct profile_rule *r, bool names)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_of_memory();
	print_action(f, r);
	if (names)
		fprintf(f, " of %s%s", r->names.n ? r->names.v[0] : "nothing",
			r->names.n > 1 ? ", ..." : "");
	print_terms(f, r);
	if (fclose(f))
		out_of_memory();
	return text;
}

/**
 * profile_rule_text() - a rule for a message
 * @r: the rule
 *
 * Return: one line such as "SCMP_ACT_ALLOW of clone when arg0 == 0x1", which
 * the caller frees.
 */
char *profile_rule_text(const struct profile_rule *r)
{
	return rule_text(r, true);
}

/**
 * profile_rule_terms() - a rule for a message that names the call elsewhere
 * @r: the rule
 *
 * Return: one line such as "SCMP_ACT_ALLOW when arg0 == 0x1", which the caller
 * frees.
 */
char *profile_rule_terms(const struct profile_rule *r)
{
	return rule_text(r, false);
}

/**
 * profile_rule_uncondition() - take a rule's conditions away
 * @r: the rule; its arguments stay
 */
void profile_rule_uncondition(struct profile_rule *r)
{
	cond_free(&r->includes);
	cond_free(&r->excludes);
}

/**
 * profile_new() - a profile that refuses everything with ENOSYS
 *
 * Return: the profile; profile_free() it.
 */
struct profile *profile_new(void)
{
	struct profile *p = xcalloc(1, sizeof(*p));

	p->def_action = PA_ERRNO;
	p->def_errno = ENOSYS;
	return p;
}

/**
 * profile_free() - free a profile
 * @p: the profile, may be NULL
 */
void profile_free(struct profile *p)
{
	size_t i;

	if (!p)
		return;
	free(p->name);
	free(p->base_profile);
	strset_free(&p->arches);
	for (i = 0; i < p->n_archmap; i++) {
		free(p->archmap[i].arch);
		strset_free(&p->archmap[i].subs);
	}
	free(p->archmap);
	strset_free(&p->flags);
	free(p->listener_path);
	free(p->listener_metadata);
	for (i = 0; i < p->n_rules; i++)
		profile_rule_free(&p->rules[i]);
	free(p->rules);
	free(p);
}

static struct profile_rule *append_rule(struct profile *p)
{
	p->rules = profile_grow(p->rules, p->n_rules, sizeof(*p->rules));
	return &p->rules[p->n_rules++];
}

/**
 * profile_dup() - copy a profile
 * @p: the profile
 *
 * Return: the copy; profile_free() it.
 */
struct profile *profile_dup(const struct profile *p)
{
	struct profile *d = profile_new();
	size_t i;

	d->name = profile_strdup(p->name);
	d->base_profile = profile_strdup(p->base_profile);
	d->def_action = p->def_action;
	d->def_errno = p->def_errno;
	strset_copy(&d->arches, &p->arches);
	for (i = 0; i < p->n_archmap; i++) {
		struct profile_archmap *m;

		m = profile_add_archmap(d, p->archmap[i].arch);
		strset_copy(&m->subs, &p->archmap[i].subs);
	}
	strset_copy(&d->flags, &p->flags);
	d->flags_given = p->flags_given;
	d->listener_path = profile_strdup(p->listener_path);
	d->listener_metadata = profile_strdup(p->listener_metadata);
	d->settled = p->settled;
	for (i = 0; i < p->n_rules; i++)
		profile_rule_copy(append_rule(d), &p->rules[i]);
	return d;
}

/**
 * profile_set_default() - what happens to calls that no rule names
 * @p: the profile
 * @action: the action
 * @errno_ret: errno of PA_ERRNO, or PROFILE_NO_ERRNO; ignored where the action
 *	has none
 */
void profile_set_default(struct profile *p, enum profile_action action,
			 int errno_ret)
{
	p->def_action = action;
	p->def_errno = profile_action_has_errno(action) ? errno_ret :
							  PROFILE_NO_ERRNO;
}

/**
 * profile_add_arch() - add an architecture
 * @p: the profile
 * @token: libseccomp's token, which is the AUDIT_ARCH_* value except for
 *	SCMP_ARCH_X32; adding one twice is nothing
 *
 * Return: 0, or -1 if no dialect can name it.
 */
int profile_add_arch(struct profile *p, uint32_t token)
{
	const char *name;

	if (token == SCMP_ARCH_NATIVE)
		token = seccomp_arch_native();
	name = profile_arch_name(token);
	if (!name)
		return -1;
	strset_add(&p->arches, name);
	return 0;
}

/**
 * profile_add_archmap() - append an archMap entry
 * @p: the profile
 * @arch: the SCMP_ARCH_* name, not checked
 *
 * Return: the entry, without sub-architectures.
 */
struct profile_archmap *profile_add_archmap(struct profile *p, const char *arch)
{
	struct profile_archmap *m;

	p->archmap = profile_grow(p->archmap, p->n_archmap,
				  sizeof(*p->archmap));
	m = &p->archmap[p->n_archmap++];
	memset(m, 0, sizeof(*m));
	m->arch = profile_strdup(arch);
	return m;
}

/**
 * profile_add_rule() - append an empty rule
 * @p: the profile
 * @action: its action
 * @errno_ret: or PROFILE_NO_ERRNO
 *
 * Return: the rule, valid until the next one is added.
 */
struct profile_rule *profile_add_rule(struct profile *p,
				      enum profile_action action, int errno_ret)
{
	struct profile_rule *r = append_rule(p);

	profile_rule_init(r, action, errno_ret);
	return r;
}

/**
 * profile_allow() - allow a system call, whatever its arguments
 * @p: the profile
 * @name: its name; adding one twice is nothing
 *
 * Return: 0, or -1 if @name cannot be a system call's.
 */
int profile_allow(struct profile *p, const char *name)
{
	size_t i;

	if (!profile_name_valid(name))
		return -1;
	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule *r = &p->rules[i];

		if (r->action == PA_ALLOW && r->errno_ret < 0 && !r->comment &&
		    profile_rule_is_plain(r)) {
			strset_add(&r->names, name);
			return 0;
		}
	}
	strset_add(&profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO)->names,
		   name);
	return 0;
}

/**
 * profile_rule_is_redundant() - does the rule repeat the default?
 * @p: the profile
 * @r: one of its rules
 *
 * All runtimes skip such a rule, whatever its arguments.
 *
 * Return: true if it does.
 */
bool profile_rule_is_redundant(const struct profile *p,
			       const struct profile_rule *r)
{
	return profile_action_rank(r->action) ==
	       profile_action_rank(p->def_action) &&
	       profile_errno(r) == profile_default_errno(p);
}

/**
 * profile_names() - is there a rule for a call?
 * @p: the profile
 * @name: the call
 *
 * Return: true if one names it.
 */
bool profile_names(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		if (strset_has(&p->rules[i].names, name))
			return true;
	return false;
}

/**
 * profile_allows() - is a call allowed, whatever its arguments?
 * @p: the profile
 * @name: the call
 *
 * Return: true if a rule without arguments and conditions permits it, or the
 * default does and no rule names it.
 */
bool profile_allows(const struct profile *p, const char *name)
{
	bool named = false;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (!strset_has(&r->names, name) || profile_rule_is_redundant(p, r))
			continue;
		named = true;
		if (profile_rule_is_plain(r))
			return profile_action_permits(r->action);
	}
	return !named && profile_action_permits(p->def_action);
}

/**
 * profile_permits() - is a call allowed with some arguments at least?
 * @p: the profile
 * @name: the call
 *
 * Return: true if it is allowed, or a rule with conditions on arguments permits it.
 */
bool profile_permits(const struct profile *p, const char *name)
{
	bool some = false;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (!strset_has(&r->names, name))
			continue;
		if (profile_rule_is_plain(r))
			return profile_allows(p, name);
		some |= profile_action_permits(r->action) &&
			profile_cond_empty(&r->includes) &&
			profile_cond_empty(&r->excludes);
	}
	return some || profile_allows(p, name);
}

static int archmap_sort(const void *a, const void *b)
{
	const struct profile_archmap *x = a, *y = b;

	return strcmp(x->arch, y->arch);
}

static bool sets_meet(const struct strset *a, const struct strset *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (strset_has(b, a->v[i]))
			return true;
	return false;
}

/**
 * profile_rules_meet() - can the conditions of two rules hold at once?
 * @a: one rule
 * @b: the other
 *
 * Return: false only when surely not.
 */
bool profile_rules_meet(const struct profile_rule *a,
			const struct profile_rule *b)
{
	if (sets_meet(&a->includes.caps, &b->excludes.caps) ||
	    sets_meet(&b->includes.caps, &a->excludes.caps))
		return false;
	if (a->includes.arches.n && b->includes.arches.n &&
	    !sets_meet(&a->includes.arches, &b->includes.arches))
		return false;
	if ((a->includes.arches.n &&
	     strset_subset(&a->includes.arches, &b->excludes.arches)) ||
	    (b->includes.arches.n &&
	     strset_subset(&b->includes.arches, &a->excludes.arches)))
		return false;
	return true;
}

static bool same_decision(const struct profile_rule *a,
			  const struct profile_rule *b)
{
	return profile_action_rank(a->action) ==
	       profile_action_rank(b->action) &&
	       profile_errno(a) == profile_errno(b);
}

/* a name in a rule */
struct place {
	const char *name;
	const char *key;	/* the call; one for all that are multiplexed */
	size_t rule;		/* of the old rules, in their order */
	size_t before;		/* how many places have to come first */
	size_t *next;		/* those that wait for this one */
	size_t n_next;
};

static int place_sort(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	if (c)
		return c;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static void place_wait(struct place *v, size_t first, size_t then)
{
	v[first].next = profile_grow(v[first].next, v[first].n_next,
				     sizeof(*v[first].next));
	v[first].next[v[first].n_next++] = then;
	v[then].before++;
}

/*
 * The rules of one call.  Of those that look at no argument the first decides,
 * and wins over all that do.  Those that do keep their order, unless nobody has
 * asked libseccomp yet and they decide alike: its tree of them depends on it.
 */
static void place_order(const struct profile_rule *rules, struct place *v,
			size_t from, size_t to, bool settled)
{
	const struct profile_rule *r, *first = NULL;
	size_t i, j, last = to, this = to;
	bool keep = settled;

	for (i = from; i < to; i++) {
		r = &rules[v[i].rule];
		if (!r->n_args)
			continue;
		if (!first)
			first = r;
		keep |= !same_decision(r, first);
	}
	for (i = from; i < to; i++) {
		r = &rules[v[i].rule];
		if (r->n_args) {
			/* [last, this) has the rule before, [this, i) this one */
			if (this == to || v[i].rule != v[this].rule) {
				last = this;
				this = i;
			}
			for (j = last; keep && j < this; j++)
				if (rules[v[j].rule].n_args)
					place_wait(v, j, i);
			continue;
		}
		for (j = from; j < i; j++) {
			const struct profile_rule *s = &rules[v[j].rule];

			if (!s->n_args && !same_decision(s, r) &&
			    profile_rules_meet(s, r))
				place_wait(v, j, i);
		}
	}
}

/* the places that wait for none, the one to write next on top */
struct heap {
	const struct profile_rule *rules;
	const struct place *v;
	size_t *at;
	size_t n;
};

static bool heap_less(const struct heap *h, size_t a, size_t b)
{
	const struct place *x = &h->v[h->at[a]], *y = &h->v[h->at[b]];
	int c = x->rule == y->rule ? 0 :
		profile_rule_body_cmp(&h->rules[x->rule], &h->rules[y->rule]);

	return (c ? c : strcmp(x->name, y->name)) < 0;
}

static void heap_swap(struct heap *h, size_t a, size_t b)
{
	size_t x = h->at[a];

	h->at[a] = h->at[b];
	h->at[b] = x;
}

static void heap_put(struct heap *h, size_t place)
{
	size_t i = h->n;

	h->at[h->n++] = place;
	for (; i && heap_less(h, i, (i - 1) / 2); i = (i - 1) / 2)
		heap_swap(h, i, (i - 1) / 2);
}

static size_t heap_take(struct heap *h)
{
	size_t top = h->at[0], i = 0, least;

	h->at[0] = h->at[--h->n];
	for (;; i = least) {
		least = i;
		if (2 * i + 1 < h->n && heap_less(h, 2 * i + 1, least))
			least = 2 * i + 1;
		if (2 * i + 2 < h->n && heap_less(h, 2 * i + 2, least))
			least = 2 * i + 2;
		if (least == i)
			return top;
		heap_swap(h, i, least);
	}
}

/**
 * profile_normalise() - bring rules into the one order that is ever written
 * @p: the profile
 *
 * Rules that differ in nothing but names become one, rules without names go,
 * the rest is sorted as far as that leaves what a runtime makes of them as it
 * was.
 */
void profile_normalise(struct profile *p)
{
	size_t i, j, n_old = p->n_rules, n = 0;
	const struct profile_rule *last = NULL;
	struct profile_rule *old = p->rules;
	struct heap heap = { .rules = old };
	struct place *v = NULL;

	for (i = 0; i < n_old; i++)
		for (j = 0; j < old[i].names.n; j++) {
			const char *name = old[i].names.v[j];

			v = profile_grow(v, n, sizeof(*v));
			v[n++] = (struct place){
				.name = name, .rule = i,
				.key = profile_name_multiplexed(name) ? "" :
								       name,
			};
		}
	if (n)
		qsort(v, n, sizeof(*v), place_sort);
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && !strcmp(v[i].key, v[j].key);)
			j++;
		place_order(old, v, i, j, p->settled);
	}
	p->rules = NULL;
	p->n_rules = 0;
	heap.v = v;
	heap.at = xcalloc(n + 1, sizeof(*heap.at));
	for (i = 0; i < n; i++)
		if (!v[i].before)
			heap_put(&heap, i);
	while (heap.n) {
		struct place *x = &v[heap_take(&heap)];
		const struct profile_rule *r = &old[x->rule];

		if (!last || profile_rule_body_cmp(r, last)) {
			struct profile_rule *block = append_rule(p);

			profile_rule_copy(block, r);
			strset_free(&block->names);
			last = r;
		}
		strset_add(&p->rules[p->n_rules - 1].names, x->name);
		for (i = 0; i < x->n_next; i++)
			if (!--v[x->next[i]].before)
				heap_put(&heap, x->next[i]);
	}
	for (i = 0; i < n; i++)
		free(v[i].next);
	free(v);
	free(heap.at);
	for (i = 0; i < n_old; i++)
		profile_rule_free(&old[i]);
	free(old);
	if (p->n_archmap)
		qsort(p->archmap, p->n_archmap, sizeof(*p->archmap),
		      archmap_sort);
}
