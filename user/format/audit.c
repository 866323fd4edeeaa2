// SPDX-License-Identifier: GPL-2.0
/*
 * Records of the kernel's audit: of filters that log (SCMP_ACT_LOG), refuse or
 * kill (type=SECCOMP, which is 1326), and of calls that auditctl watches
 * (type=SYSCALL, 1300); from the kernel's log, audit.log, ausearch or the
 * journal.  Only read: the calls become a profile that allows them.
 */
#include <ctype.h>
#include <seccomp.h>
#include <string.h>

#include "dialect.h"
#include "lib/names.h"
#include "profile/known.h"
#include "sctrace.h"

#define X32_BIT		0x40000000u

/* what a line tells of */
enum told { NO_RECORD, REC_SECCOMP, REC_SYSCALL };

/* the journal has a record's type as a word before its first member */
static enum told record_in(const char *line, size_t n)
{
	static const struct {
		const char *begin;
		enum told is;
	} kinds[] = {
		{ "type=SECCOMP ", REC_SECCOMP }, { "type=1326 ", REC_SECCOMP },
		{ "SECCOMP auid=", REC_SECCOMP },
		{ "type=SYSCALL ", REC_SYSCALL }, { "type=1300 ", REC_SYSCALL },
		{ "SYSCALL arch=", REC_SYSCALL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (memmem(line, n, kinds[i].begin, strlen(kinds[i].begin)))
			return kinds[i].is;
	return NO_RECORD;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

static int detect(const struct source *s)
{
	const char *line;

	for (line = s->text; *line && !s->json; line = next_line(line))
		if (record_in(line, strcspn(line, "\n")))
			return 3;
	return 0;
}

/* the value of KEY=, a word or in quotes; NULL where there is none */
static char *field(const char *line, size_t n, const char *key)
{
	size_t len = strlen(key), i;

	for (i = 0; i + len + 1 < n; i++) {
		const char *s = line + i + len + 1;
		size_t left = n - i - len - 1, end;

		/* auditd puts a \035 before what it has translated */
		if ((i && !strchr(" \t\035", line[i - 1])) ||
		    strncmp(line + i, key, len) || s[-1] != '=')
			continue;
		/* with a backslash if the journal was asked for JSON */
		if (*s == '\\' && left > 1) {
			s++;
			left--;
		}
		if (*s == '"') {
			const char *quote = memchr(s + 1, '"', left - 1);

			if (quote && s[-1] == '\\' && quote[-1] == '\\')
				return xstrndup(s + 1, quote - s - 2);
			return quote ? xstrndup(s + 1, quote - s - 1) : NULL;
		}
		for (end = 0; end < left && !strchr(" \t\r\n\035", s[end]);)
			end++;
		return xstrndup(s, end);
	}
	return NULL;
}

/* c000003e, or what ausearch -i makes of it */
static const struct abi_name *abi_of(const char *text)
{
	unsigned long token;
	char *end;

	token = strtoul(text, &end, 16);
	return *text && !*end ? names_abi(token) : names_abi_uname(text);
}

static char *call_of(const struct abi_name *abi, const char *text)
{
	unsigned long nr;
	char *end;

	if (!isdigit((unsigned char)*text))
		return known_call(text) ? xstrdup(text) : NULL;
	nr = strtoul(text, &end, 10);
	/* a set's position; 32-bit ARM has some calls far away from the rest */
	if (*end || nr > UINT32_MAX)
		return NULL;
	return seccomp_syscall_resolve_num_arch(abi->arch, nr);
}

struct log {
	struct profile *p;
	struct strset comms;
	unsigned int line, records, seccomp, unknown;
	unsigned int lost;	/* the first line that tells of a loss */
	struct error **err;
};

static int read_record(struct log *l, const char *line, size_t n)
{
	cleanup_free char *arch = field(line, n, "arch");
	cleanup_free char *nr = field(line, n, "syscall");
	cleanup_free char *comm = field(line, n, "comm");
	cleanup_free char *name = NULL;
	const struct abi_name *abi;

	if (!arch || !nr)
		return error_make(l->err, ST_FAILED, 0,
				  "line %u: an audit record without `%s=`",
				  l->line, arch ? "syscall" : "arch");
	abi = abi_of(arch);
	if (!abi)
		return error_make(l->err, ST_FAILED, 0,
				  "line %u: arch=%.20s is no architecture",
				  l->line, arch);
	/* x32 has x86-64's token, and a bit in the number */
	if (abi->arch == SCMP_ARCH_X86_64 && isdigit((unsigned char)*nr) &&
	    strtoul(nr, NULL, 10) & X32_BIT)
		abi = names_abi(SCTRACE_ARCH_X32);
	l->records++;
	l->seccomp += record_in(line, n) == REC_SECCOMP;
	name = call_of(abi, nr);
	if (!name) {
		l->unknown++;
		return 0;
	}
	if (comm)
		strset_add(&l->comms, comm);
	strset_add(&l->p->arches, abi->token);
	return profile_allow(l->p, name);
}

static void note_all(struct log *l, struct profile_notes *notes)
{
	if (l->seccomp)
		profile_note(notes, "the calls are those that a filter logged or refused: merge them with its profile");
	if (l->unknown)
		profile_note(notes, "%u record%s of calls that libseccomp has no name for, left out",
			     l->unknown, l->unknown > 1 ? "s" : "");
	if (l->lost)
		profile_note(notes, "line %u: the kernel has dropped records: calls may be missing",
			     l->lost);
	if (l->comms.n > 1)
		profile_note(notes, "the records are of %zu programs, `%s` and `%s` among them: choose those of one container",
			     l->comms.n, l->comms.v[0], l->comms.v[1]);
}

static bool tells_of_loss(const char *line, size_t n)
{
	return memmem(line, n, "callbacks suppressed", 20) ||
	       memmem(line, n, "backlog limit exceeded", 22) ||
	       memmem(line, n, "rate limit exceeded", 19) ||
	       memmem(line, n, "audit_lost=", 11);
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	struct log l = { .p = profile_new(), .err = err };
	const char *line;
	int ret = 0;

	for (line = s->text; *line && !ret; line = next_line(line)) {
		size_t n = strcspn(line, "\n");

		l.line++;
		if (record_in(line, n))
			ret = read_record(&l, line, n);
		else if (!l.lost && tells_of_loss(line, n))
			l.lost = l.line;
	}
	if (!ret && !l.p->n_rules)
		ret = error_make(err, ST_FAILED, 0,
				 l.records ? "no record of a call that libseccomp has a name for" :
					     "no audit record of a system call");
	if (!ret)
		note_all(&l, notes);
	strset_free(&l.comms);
	if (!ret)
		return l.p;
	profile_free(l.p);
	return NULL;
}

const struct dialect dialect_audit = {
	.name = "audit",
	.help = "only read: audit records of calls that a filter logged or refused",
	.can = CAN_LOG,
	.detect = detect,
	.read = read_text,
};
