// SPDX-License-Identifier: GPL-2.0
/*
 * What strace writes: a log of calls (with -f, -o, -t and the like), or the
 * table of -c.  Only read: the names become a profile that allows them.
 */
#include <ctype.h>
#include <seccomp.h>
#include <string.h>

#include "dialect.h"
#include "lib/names.h"
#include "profile/known.h"

/* a log is known by its first lines; what the program says may be among them */
#define LOOK_AT	200

struct log {
	struct profile *p;
	struct profile_notes *notes;
	struct strset unknown;
	unsigned int calls;
	bool table;
};

/* past what stands before a call: a PID, a time, an address */
static const char *skip_prefix(const char *s)
{
	const char *t;

	for (s += strspn(s, " \t");; s = t + strspn(t, " \t")) {
		t = s;
		if (*t == '[') {
			t = strchr(t, ']');
			if (!t)
				return s;
			t++;
		} else if (isdigit((unsigned char)*t)) {
			t += strspn(t, "0123456789:.");
		} else {
			return s;
		}
		/* -Y: the name of a PID's command */
		if (*t == '<') {
			t = strchr(t, '>');
			if (!t)
				return s;
			t++;
		}
		if (*t != ' ' && *t != '\t')
			return s;
	}
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return isdigit((unsigned char)*s) ? 0 : n;
}

static bool known_name(const char *s, size_t n)
{
	cleanup_free char *word = xstrndup(s, n);

	return known_call(word);
}

/* the length of the name of the call that a line is about, 0: of none */
static size_t call_in(const char *line, const char **name)
{
	size_t n, end = strcspn(line, "\r\n");

	*name = skip_prefix(line);
	/* the rest of a call, whose beginning may be in no log: it was cut or came before */
	if (!strncmp(*name, "<... ", 5)) {
		*name += 5;
		n = name_length(*name);
		return strncmp(*name + n, " resumed>", 9) ? 0 : n;
	}
	n = name_length(*name);
	if (!n || (*name)[n] != '(')
		return 0;
	/* the last one was under way when the log was read */
	if (!line[end] && known_name(*name, n))
		return n;
	/* it ends with a result, unless another process came between */
	return memmem(line, end, ") = ", 4) || memmem(line, end, ")  ", 3) ||
	       memmem(line, end, "<unfinished ...>", 16) ||
	       memmem(line, end, "<detached ...>", 14) ||
	       memmem(line, end, "= ?", 3) ? n : 0;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* 2: begins the table of -c; -U chooses its columns */
static int header(const char *line)
{
	return memmem(line, strcspn(line, "\r\n"), "syscall", 7) &&
	       !strncmp(next_line(line), "-----", 5) ? 2 : 0;
}

/*
 * A line beside the calls: of -k, a caller's address; that a call goes on, or a process
 * begins, gets a signal or ends; older ones say so without strace's name.
 */
static bool is_remark(const char *line)
{
	static const char *const all[] = {
		"> ", "<... ", "--- ", "+++ ", "strace: ", "Process ", "[ Process ",
	};
	size_t i;

	line += strspn(line, " \t");
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strncmp(line, all[i], strlen(all[i])) ||
		    !strncmp(skip_prefix(line), all[i], strlen(all[i])))
			return true;
	return false;
}

static int detect(const struct source *s)
{
	const char *line, *name;
	unsigned int i, calls = 0, lines = 0;

	if (s->json)
		return 0;
	for (line = s->text, i = 0; *line && i < LOOK_AT;
	     line = next_line(line), i++) {
		if (header(line))
			return 2;
		calls += call_in(line, &name) > 0;
		lines += *line != '\n' && *line != '\r' && !is_remark(line);
	}
	return calls && calls * 2 >= lines ? 2 : 0;
}

static void add(struct log *l, const char *s, size_t n)
{
	cleanup_free char *word = xstrndup(s, n);

	/* strace has no name for it: the number, which older ones write in decimal */
	if (!strncmp(word, "syscall_", 8) && isdigit((unsigned char)word[8])) {
		char *name = names_syscall(seccomp_arch_native(),
					   strtoul(word + 8, NULL, 0));

		if (name) {
			free(word);
			word = name;
		}
	}
	if (known_call(word) && !profile_allow(l->p, word))
		l->calls++;
	else
		strset_add(&l->unknown, word);
}

/* a row of -c: of the columns, whose order is -U's, all others are numbers */
static void read_row(struct log *l, const char *line)
{
	const char *s = line + strspn(line, " \t");
	size_t len;

	for (; *s && !strchr("\r\n", *s); s += strspn(s, " \t")) {
		len = name_length(s);
		if (len && (!s[len] || isspace((unsigned char)s[len])) &&
		    !(len == 5 && !strncmp(s, "total", 5)) &&
		    !(len == 3 && !strncmp(s, "nan", 3)))
			add(l, s, len);
		s += strcspn(s, " \t\r\n");
	}
}

/* `[ Process PID=7 runs in 32 bit mode. ]`, and before a table of -c */
static bool is_mode(struct log *l, const char *line, size_t n)
{
	const struct abi_name *a;
	uint32_t native = seccomp_arch_native();

	if (memmem(line, n, " 32 bit mode", 12)) {
		for (a = names_abis + 1; a->token; a++)
			if (a->host == native && a->narrow &&
			    a->arch != SCMP_ARCH_X32)
				strset_add(&l->p->arches, a->token);
	} else if (memmem(line, n, " x32 mode", 9)) {
		strset_add(&l->p->arches, "SCMP_ARCH_X32");
	} else {
		return memmem(line, n, " 64 bit mode", 12);
	}
	return true;
}

static void read_line(struct log *l, const char *line)
{
	const char *name;
	size_t len;

	if (header(line)) {
		l->table = true;
		return;
	}
	len = call_in(line, &name);
	if (len)
		add(l, name, len);
	else if (!is_mode(l, line, strcspn(line, "\r\n")) && l->table)
		read_row(l, line);
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	struct log l = { .p = profile_new(), .notes = notes };
	const char *line;
	size_t i;

	profile_add_arch(l.p, seccomp_arch_native());
	for (line = s->text; *line; line = next_line(line))
		read_line(&l, line);
	for (i = 0; i < l.unknown.n; i++)
		profile_note(notes, "`%s` is no system call that libseccomp knows, left out",
			     l.unknown.v[i]);
	strset_free(&l.unknown);
	if (l.table && l.calls && !profile_allows(l.p, "exit_group"))
		profile_note(notes, "the table of -c counts no call that does not return: exit_group is missing, and others may be");
	if (l.calls)
		return l.p;
	profile_free(l.p);
	error_make(err, ST_FAILED, 0,
		   "no system call in it: this is nothing that strace writes");
	return NULL;
}

const struct dialect dialect_strace = {
	.name = "strace",
	.help = "only read: a log of strace, or the table of its -c",
	.can = CAN_LOG,
	.detect = detect,
	.read = read_text,
};
