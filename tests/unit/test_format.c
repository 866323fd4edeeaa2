// SPDX-License-Identifier: GPL-2.0
/*
 * The dialects: each input of golden/ in every dialect, byte for byte, and what
 * was said of it; and back again without loss, unless a loss was named.
 *
 * SCTRACE_GOLDEN_WRITE=1 writes the files anew: look at the difference.
 * SCTRACE_PROFILES=DIR also takes the profiles of that directory there and back.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <seccomp.h>

#include "profile/algebra.h"
#include "lib/file.h"
#include "format/format.h"
#include "format/systemd_groups.h"
#include "lib/util.h"
#include "profile/bpf.h"
#include "profile/meaning.h"
#include "library.h"

static const char *const cases[] = {
	"recorded", "docker", "oldname", "podman", "k8s", "systemd", "deny",
	"names", "table", "label", "unit", "strace", "count", "audit", "list",
	"configmap",
};

static const struct format_opts opts = { .native = SCMP_ARCH_X86_64 };
/* what was asked of libseccomp once need not be asked again */
static const struct format_opts unchecked = {
	.native = SCMP_ARCH_X86_64, .unchecked = true,
};

static char *golden(const char *name, const char *suffix)
{
	cleanup_free char *here = xstrdup(__FILE__);

	return xasprintf("%s/golden/%s.%s", dirname(here), name, suffix);
}

static struct profile *read_file(const char *path, enum format *f,
				 struct profile_notes *notes)
{
	struct error *err = NULL;
	cleanup_free char *text = NULL;
	struct profile *p;
	size_t len;

	text = file_read(path, 1 << 20, &len, &err);
	if (!text)
		fail_msg("%s", err->text);
	p = format_read(text, len, FORMAT_AUTO, f, notes, &err);
	if (!p)
		fail_msg("%s: %s", path, err->text);
	return p;
}

static void compare_file(const char *path, const char *text)
{
	struct error *err = NULL;
	cleanup_free char *wanted = NULL;
	size_t len;

	if (getenv("SCTRACE_GOLDEN_WRITE")) {
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(text, f);
		assert_int_equal(fclose(f), 0);
		return;
	}
	wanted = file_read(path, 1 << 20, &len, &err);
	if (!wanted)
		fail_msg("%s", err->text);
	if (!library_same(wanted, text))
		fail_msg("%s differs:\n%s", path, text);
}

static void notes_to(FILE *said, const struct profile_notes *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		fprintf(said, "\t%s\n", notes->v[i]);
}

static void one_case(const char *name)
{
	cleanup_free char *in = golden(name, "in");
	cleanup_free char *said_path = golden(name, "said");
	struct profile_notes notes = { 0 };
	char *said_text = NULL;
	enum format found, f;
	struct profile *p;
	size_t len;
	FILE *said = open_memstream(&said_text, &len);

	assert_non_null(said);
	p = read_file(in, &found, &notes);
	fprintf(said, "read as %s\n", format_name(found));
	notes_to(said, &notes);
	profile_notes_free(&notes);
	for (f = FORMAT_AUTO + 1; f < FORMAT_COUNT; f++) {
		if (!format_written(f))
			continue;

		cleanup_free char *path = golden(name, format_name(f));
		cleanup_free char *text = NULL;
		cleanup_free char *again = NULL;
		struct error *err = NULL;

		fprintf(said, "written as %s\n", format_name(f));
		text = format_write(p, f, &opts, &notes, &err);
		notes_to(said, &notes);
		profile_notes_free(&notes);
		if (!text) {
			if (library_cannot(err->text)) {
				error_free(err);
				assert_int_equal(fclose(said), 0);
				goto out;
			}
			fprintf(said, "\tREFUSED: %s\n", err->text);
			error_free(err);
			assert_int_not_equal(access(path, F_OK), 0);
			continue;
		}
		again = format_write(p, f, &unchecked, NULL, &err);
		assert_non_null(again);
		assert_string_equal(text, again);
		assert_int_equal(text[strlen(text) - 1], '\n');
		compare_file(path, text);
	}
	assert_int_equal(fclose(said), 0);
	compare_file(said_path, said_text);
out:
	free(said_text);
	profile_free(p);
}

/* "native", and what strace says no architecture of, is another one elsewhere */
static bool of_this_machine(const char *name)
{
	return !strcmp(name, "unit") || !strcmp(name, "strace") ||
	       !strcmp(name, "count");
}

static void goldens(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if ((seccomp_arch_native() == SCMP_ARCH_X86_64 || !of_this_machine(cases[i])) &&
		    (strcmp(cases[i], "strace") || library_knows("clone3")))
			one_case(cases[i]);
}

/* a note of what a dialect always does is no loss to what is decided */
static bool any_loss(const struct profile_notes *notes)
{
	static const char *const harmless[] = {
		"comment left out", "archMap reduced", "architectures left out",
		"repeats the default", "systemd adds", "flags",
		"names no call",
	};
	size_t i, j;

	for (i = 0; i < notes->n; i++) {
		for (j = 0; j < ARRAY_SIZE(harmless); j++)
			if (strstr(notes->v[i], harmless[j]))
				break;
		if (j == ARRAY_SIZE(harmless))
			return true;
	}
	return false;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * Is what became of a call in a note? By its name; but for how it is refused, it
 * is enough that something was said of the default.
 */
static bool told(const struct profile_notes *notes, const struct difference *d)
{
	bool refusal = d->change == CHANGE_CONDITION ||
		       d->change == CHANGE_ACTION;
	size_t i, len = strlen(d->name);
	const char *s;

	for (i = 0; i < notes->n; i++) {
		if (refusal && strstr(notes->v[i], "default"))
			return true;
		/* all calls of an ABI */
		if (d->where && strstr(notes->v[i], "arch"))
			return true;
		for (s = notes->v[i]; (s = strstr(s, d->name)); s++)
			if ((s == notes->v[i] || !is_word(s[-1])) &&
			    !is_word(s[len]))
				return true;
	}
	return false;
}

/* systemd adds these to any allow list, and says so */
static bool in_default_group(const char *name)
{
	static const char unit[] = "SystemCallFilter=@default\n";
	struct error *err = NULL;
	struct profile *p;
	bool in;

	p = format_read(unit, strlen(unit), FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_non_null(p);
	in = profile_allows(p, name);
	profile_free(p);
	return in;
}

/*
 * Out and in again: the same decisions, unless something was said; and once
 * more the same bytes, whatever was said.
 */
static int there_and_back(const struct profile *p)
{
	struct profile_notes notes = { 0 };
	int whole = 0;
	enum format f, found;
	size_t i, lost;

	for (f = FORMAT_AUTO + 1; f < FORMAT_COUNT; f++) {
		if (!format_written(f))
			continue;

		cleanup_free char *text = NULL;
		cleanup_free char *again = NULL;
		struct error *err = NULL;
		struct differences d;
		struct profile *back;

		text = format_write(p, f, &unchecked, &notes, &err);
		if (!text) {
			/* refused: by the name of what cannot be said */
			assert_non_null(strstr(err->text, "cannot"));
			error_free(err);
			profile_notes_free(&notes);
			continue;
		}
		back = format_read(text, strlen(text), f, &found, NULL, &err);
		/* what cannot be compared is not held against it */
		if (!back && library_cannot(err->text)) {
			whole++;
			error_free(err);
			profile_notes_free(&notes);
			continue;
		}
		if (!back)
			fail_msg("%s is not read: %s\n%s", format_name(f),
				 err->text, text);
		if (algebra_diff(p, back, &d, &err)) {
			if (!library_cannot(err->text))
				fail_msg("%s: %s", format_name(f), err->text);
			whole++;
			error_free(err);
			profile_free(back);
			profile_notes_free(&notes);
			continue;
		}
		for (i = 0, lost = 0; i < d.n; i++) {
			if (f == FORMAT_SYSTEMD &&
			    in_default_group(d.v[i].name))
				continue;
			/* architectures left out are no loss to a list of names */
			lost += !d.v[i].where;
			if (!told(&notes, &d.v[i]))
				fail_msg("%s loses %s: %s | %s",
					 format_name(f), d.v[i].name,
					 d.v[i].from, d.v[i].to);
		}
		if (lost)
			assert_true(any_loss(&notes));
		differences_free(&d);
		whole += !any_loss(&notes);
		again = format_write(back, f, &unchecked, NULL, &err);
		if (!again)
			fail_msg("%s", err->text);
		/* with the group that systemd adds it is another list */
		if (f == FORMAT_SYSTEMD && strcmp(text, again)) {
			profile_free(back);
			back = format_read(again, strlen(again), f, NULL, NULL,
					   &err);
			assert_non_null(back);
			free(text);
			text = again;
			again = format_write(back, f, &unchecked, NULL, &err);
			assert_non_null(again);
		}
		assert_string_equal(text, again);
		profile_free(back);
		profile_notes_free(&notes);
	}
	return whole;
}

static void round_trips(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *in = golden(cases[i], "in");
		struct profile *p = read_file(in, NULL, NULL);

		/* at least its own dialect holds it without loss */
		assert_true(there_and_back(p) >= 1);
		profile_free(p);
	}
}

/* every output is told apart by its members */
static void detection(void **state)
{
	enum format f, found;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *in = golden(cases[i], "in");
		struct profile *p = read_file(in, NULL, NULL);

		for (f = FORMAT_AUTO + 1; f < FORMAT_COUNT; f++) {
			cleanup_free char *text = NULL;
			struct error *err = NULL;
			struct profile *back;

			if (!format_written(f))
				continue;

			text = format_write(p, f, &unchecked, NULL, &err);
			error_free(err);
			err = NULL;
			if (!text)
				continue;
			back = format_read(text, strlen(text), FORMAT_AUTO,
					   &found, NULL, &err);
			if (!back && library_cannot(err->text)) {
				error_free(err);
				continue;
			}
			if (!back)
				fail_msg("%s: %s", format_name(f), err->text);
			/* without a member of its own it is plain OCI */
			if (f == FORMAT_DOCKER || f == FORMAT_PODMAN)
				assert_true(found == f || found == FORMAT_OCI ||
					    found == FORMAT_DOCKER);
			else
				assert_int_equal(found, f);
			profile_free(back);
		}
		profile_free(p);
	}
}

/* what the defaults of Docker and podman had for some months only */
static void old_defaults(void **state)
{
	static const char kernel[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"ptrace\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"4.8.0\"}}]}";
	static const char number[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"archMap\":["
		"{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],"
		"\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	static const char caps[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"syscalls\":[{\"names\":[\"bpf\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}}]}";
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	enum format found;
	struct profile *p;

	(void)state;
	p = format_read(kernel, strlen(kernel), FORMAT_AUTO, &found, &notes, &err);
	assert_non_null(p);
	assert_int_equal(found, FORMAT_DOCKER);
	assert_string_equal(p->rules->includes.min_kernel, "4.8");
	assert_non_null(strstr(notes.v[0], "`4.8.0`"));
	profile_free(p);
	profile_notes_free(&notes);
	/* as Docker's it would lose its errno */
	p = format_read(number, strlen(number), FORMAT_AUTO, &found, NULL, &err);
	assert_non_null(p);
	assert_int_equal(found, FORMAT_PODMAN);
	profile_free(p);
	/* conditions without an archMap */
	p = format_read(caps, strlen(caps), FORMAT_AUTO, &found, NULL, &err);
	assert_non_null(p);
	assert_int_equal(found, FORMAT_PODMAN);
	profile_free(p);
}

/* the first of two rules for a call decides: their order is kept */
static void order(void **state)
{
	static const char *const inputs[] = {
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\"},"
		"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"exit\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\"}]}",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(inputs); i++) {
		struct error *err = NULL;
		struct profile *p, *back;
		cleanup_free char *text = NULL;

		p = format_read(inputs[i], strlen(inputs[i]), FORMAT_OCI, NULL,
				NULL, &err);
		assert_non_null(p);
		text = format_write(p, FORMAT_OCI, &opts, NULL, &err);
		assert_non_null(text);
		back = format_read(text, strlen(text), FORMAT_OCI, NULL, NULL,
				   &err);
		assert_non_null(back);
		assert_int_equal(p->n_rules, back->n_rules);
		for (j = 0; j < p->n_rules; j++) {
			assert_int_equal(strset_cmp(&p->rules[j].names,
						    &back->rules[j].names), 0);
			assert_int_equal(p->rules[j].action,
					 back->rules[j].action);
		}
		free(text);
		/* and so where a dialect has one list for each action */
		text = format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err);
		assert_non_null(text);
		assert_int_equal(!strstr(text, "~read:kill"), i);
		profile_free(back);
		profile_free(p);
	}
}

static void refusals(void **state)
{
#define R(s)	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" s "]}"
#define ALLOW	"\"action\":\"SCMP_ACT_ALLOW\""
	static const struct {
		enum format f;
		const char *text;
		const char *said;	/* NULL: it is read */
	} bad[] = {
		{ FORMAT_AUTO, "", "this is empty" },
		{ FORMAT_AUTO, "{", "not JSON" },
		{ FORMAT_AUTO, "{} x", "not JSON" },
		{ FORMAT_AUTO, "{}", "`defaultAction`" },
		{ FORMAT_AUTO, "[1]", "of the type `array`" },
		{ FORMAT_OCI, "[1]", "must be an object" },
		{ FORMAT_OCI, "null", "must be an object" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"ALLOW\"}", "`ALLOW`" },
		{ FORMAT_AUTO, "{\"defaultAction\":7}", "not a string" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"dEfaultErrnoRet\":1}",
		  "`dEfaultErrnoRet`" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":-1}",
		  "-1" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1.5}",
		  "whole number" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"defaultErrno\":\"ENOSYS\"}",
		  "beside it" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EWHAT\"}",
		  "`EWHAT`" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultAction\":\"SCMP_ACT_ERRNO\"}",
		  "given twice" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ALLOW\\u0000\"}",
		  "not a string" },
		{ FORMAT_AUTO, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_VAX\"]}",
		  "`SCMP_ARCH_VAX`" },
		{ FORMAT_AUTO, R("{\"names\":[\"read\"]}"), "no `action`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"name\":\"write\"}"),
		  "both `name`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[7]}"), "not a string" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"when\":1}"),
		  "`when`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}"),
		  "6" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"args\":[{\"index\":0,\"value\":-2,\"op\":\"SCMP_CMP_EQ\"}]}"),
		  "negative" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"args\":[{\"index\":0,\"value\":0,\"op\":\"==\"}]}"),
		  "`==`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\"}]}"),
		  "lacks `value`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"includes\":{\"minKernel\":\"4\"}}"),
		  "line 1: syscalls[0].includes.minKernel: `4`" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"includes\":{\"minKernel\":\"4.8.17\"}}"),
		  "includes.minKernel: `4.8.17` is not X.Y" },
		{ FORMAT_AUTO, R("{" ALLOW ",\"names\":[\"read\"],\"errno\":\"EPERM\",\"includes\":{\"minKernel\":\"4.8\"}}"),
		  "no engine reads both" },
		{ FORMAT_PODMAN, R("{" ALLOW ",\"names\":[\"read\"],\"includes\":{\"minKernel\":\"4.8\"}}"),
		  "minKernel: only docker" },
		{ FORMAT_OCI, R("{" ALLOW ",\"names\":[\"read\"],\"includes\":{}}"),
		  "`includes`" },
		{ FORMAT_DOCKER, R("{" ALLOW ",\"names\":[\"read\"],\"errno\":\"EPERM\"}"),
		  "`errno`" },
		{ FORMAT_AUTO, "{\"ociVersion\":\"1.0.2\",\"linux\":{}}",
		  "no linux.seccomp" },
		{ FORMAT_AUTO, "{\"ociVersion\":\"1.0.2\",\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}",
		  NULL },
		{ FORMAT_AUTO, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
		  "this is a Pod of `v1`" },
		{ FORMAT_AUTO, "{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v1\",\"kind\":\"SeccompProfile\",\"spec\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}",
		  NULL },
		{ FORMAT_K8S, "{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v9\",\"kind\":\"SeccompProfile\"}",
		  "`v9`" },
		{ FORMAT_K8S, "{\"apiVersion\":\"security-profiles-operator.x-k8s.io/v1\",\"kind\":\"SeccompProfile\",\"spec\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"defaultErrnoRet\":1}}",
		  "`defaultErrnoRet`" },
		{ FORMAT_SYSTEMD, "[Service]\nExecStart=/bin/true\n",
		  "no `SystemCallFilter`" },
		{ FORMAT_SYSTEMD, "[Unit]\nSystemCallFilter=read\n",
		  "line 2: `SystemCallFilter` is in a section" },
		{ FORMAT_SYSTEMD, "[Service]\nSystemCallFiter=read\n",
		  "line 2: systemd has no setting `SystemCallFiter`: did you mean `SystemCallFilter`?" },
		{ FORMAT_SYSTEMD, "A=b\\\n c\n\nSystemCallFilter=@sistem-service\n",
		  "line 4: `@sistem-service` is no group of systemd 257: did you mean `@system-service`?" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=read:EWHAT\n",
		  "line 1: `EWHAT` is no errno" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=~read:4096\n",
		  "`4096` is no errno" },
		/* systemd ignores the word, so it neither allows nor refuses */
		{ FORMAT_SYSTEMD, "SystemCallFilter=read\nSystemCallFilter=write @mount:EPERM\n",
		  "line 2: systemd ignores `@mount:EPERM` in a line that does not begin with ~" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=~mount\nSystemCallFilter=mount:kill\n",
		  "line 2: systemd ignores `mount:kill`" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=read\nRestrictAddressFamilies=AF_UNSPEC\n",
		  "line 2: `AF_UNSPEC` is no address family" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=~read:4095\n", NULL },
		{ FORMAT_SYSTEMD, "SystemCallArchitectures=x86_64\nSystemCallFilter=read\n",
		  "did you mean `x86-64`?" },
		{ FORMAT_SYSTEMD, "[Service\nSystemCallFilter=read\n",
		  "no section" },
		{ FORMAT_SYSTEMD, "SystemCallFilter=read;reboot\n",
		  "`read;reboot`" },
		{ FORMAT_SYSTEMD, "[Service]\n", "no `SystemCallFilter`" },
		{ FORMAT_LABEL, "LABEL x=\"y\"", "no label" },
		{ FORMAT_LABEL, "LABEL io.containers.seccomp.profile=\"{",
		  "does not end" },
		{ FORMAT_NAMES, "read\nwr!te\n", "`wr!te`" },
		{ FORMAT_CSV, "read\n", "columns" },
		{ FORMAT_CSV, "name,action,errnoRet,args,includes,excludes,comment\n*,SCMP_ACT_ERRNO,,,,,\n*,SCMP_ACT_ALLOW,,,,,\n",
		  "line 3: there is a default" },
		{ FORMAT_CSV, "name,action,errnoRet,args,includes,excludes,comment\nread,SCMP_ACT_ALLOW,,,,,\n",
		  "no line tells the default" },
		{ FORMAT_CSV, "name,action,errnoRet,args,includes,excludes,comment\nread,ALLOW\n",
		  "columns" },
		{ FORMAT_CSV, "name,action,errnoRet,args,includes,excludes,comment\nread,ALLOW,,0 SCMP_CMP_EQ -1 0,,,\n",
		  "no argument" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error *err = NULL;
		struct profile *p;

		p = format_read(bad[i].text, strlen(bad[i].text), bad[i].f,
				NULL, NULL, &err);
		if (!p != !!bad[i].said)
			fail_msg("%s: %s", bad[i].text,
				 err ? err->text : "was read");
		if (bad[i].said && !strstr(err->text, bad[i].said))
			fail_msg("%s: \"%s\", not \"%s\"", bad[i].text,
				 err->text, bad[i].said);
		error_free(err);
		profile_free(p);
	}
	/* not text at all */
	for (i = FORMAT_AUTO; i < FORMAT_COUNT; i++) {
		struct error *err = NULL;

		assert_null(format_read("re\0ad", 5, i, NULL, NULL, &err));
		assert_non_null(strstr(err->text, "NUL"));
		error_free(err);
	}
}

/* any text consists of words: none of these may become a profile */
static void no_profiles(void **state)
{
	static const struct {
		const char *text, *said;
	} all[] = {
		{ "\177ELF\2\1\1", "a program (ELF)" },
		{ "<!DOCTYPE html><html><body>read write</body></html>",
		  "a web page (HTML)" },
		{ "<profile><read/></profile>", "XML" },
		{ "#!/bin/sh\nread x\n", "a script" },
		{ "// by hand\n{}\n", "a comment" },
		{ "{\n/* by hand */\n}\n", "line 2: not JSON: a comment" },
		{ "null", "a JSON value" },
		{ "\"read\"\n", "a JSON value" },
		{ "42", "a JSON value" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\n\"syscalls\":[],\n}",
		  "line 3: not JSON: a comma after which nothing comes" },
		{ "{\n'defaultAction':'SCMP_ACT_ERRNO'}", "line 2: not JSON: a string in single quotes" },
		{ "{\"defaultErrnoRet\":0x26}", "not JSON: a number in hexadecimal" },
		{ "{\"syscalls\":[\"}]\"]}\n{}", "line 2: not JSON: more text after its end" },
		{ "# by hand\n{\"syscalls\":[]}", "JSON after a comment" },
		{ "", "this is empty" },
		{ "\n \t\r\n", "this is empty" },
		{ "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS" },
		{ "404: Not Found", "what a web server says" },
		{ "[Service]\nSystemCallFilter=read:EPREM\n", "line 2: `EPREM` is no errno: did you mean `EPERM`?" },
		{ "[\"read\", \"write\"]", "of the type `array`" },
		{ "FROM debian\nRUN true\n", "a Dockerfile" },
		{ "-----BEGIN CERTIFICATE-----\nread\n", "a key" },
		{ "[Match]\nName=eth0\n", "a list of settings" },
		{ "services:\n  web:\n    image: x\n", "YAML without" },
		{ "\xff\xfe{\0}\0", "UTF-16" },
		{ "read\xff\n", "not UTF-8" },
		{ "We read the book and write a letter, then close it.\n",
		  "line 1: `We` is no system call" },
		{ "read write\nplease open the door\n",
		  "line 2: `please` is no system call" },
		{ "read the\n", "line 1: `the` is no system call" },
		{ "raed\nbutter\nmilk\n", "line 1: `raed` is no system call: did you mean `read`?" },
		{ "read\nopeanat\n", "line 2: `opeanat` is no system call: did you mean `openat`?" },
		{ "{\"ociVersion\":\"1.0.2\",\"process\":{}}",
		  "no linux.seccomp" },
		{ "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"securityContext\":{\"seccompProfile\":{\"localhostProfile\":\"a/b.json\"}}}}",
		  "whose profile is the file `a/b.json`" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		size_t len = strlen(all[i].text);
		struct profile_notes notes = { 0 };
		struct error *err = NULL;
		struct profile *p;

		/* UTF-16 has a NUL in each letter */
		if (*all[i].text == '\xff')
			len = 6;
		p = format_read(all[i].text, len, FORMAT_AUTO, NULL, &notes, &err);
		/* one line is enough */
		assert_int_equal(notes.n, 0);
		profile_notes_free(&notes);
		if (p || !strstr(err->text, all[i].said))
			fail_msg("%s: %s", all[i].text,
				 err ? err->text : "was read");
		error_free(err);
	}
}

/* a list of names may have a few that are newer than libseccomp */
static void new_names(void **state)
{
	static const char few[] = "read\nwrite\nexit\nfrobnicate\n";
	static const char most[] = "frobnicate\nread\n";
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	struct profile *p;

	(void)state;
	p = format_read(few, strlen(few), FORMAT_AUTO, NULL, &notes, &err);
	assert_non_null(p);
	assert_true(profile_allows(p, "frobnicate"));
	assert_int_equal(notes.n, 1);
	assert_non_null(strstr(notes.v[0], "line 4: `frobnicate`"));
	profile_free(p);
	profile_notes_free(&notes);
	assert_null(format_read(most, strlen(most), FORMAT_AUTO, NULL, NULL,
				&err));
	assert_non_null(strstr(err->text, "`frobnicate`"));
	error_free(err);
	err = NULL;
	p = format_read(most, strlen(most), FORMAT_NAMES, NULL, NULL, &err);
	assert_non_null(p);
	profile_free(p);
}

/* the ways in which one and the same record, and one and the same log, come */
static void logs(void **state)
{
#define SECCOMP(q)	"auid=4294967295 uid=0 gid=0 ses=4294967295 pid=7 comm=" q "cat" q \
			" exe=" q "/bin/cat" q " sig=0 arch=c000003e syscall=83 compat=0 code=0x7ffc0000"
#define AT		"audit(1700000000.123:456): "
	static const char *const texts[] = {
		"type=SECCOMP msg=" AT SECCOMP("\"") "\035ARCH=x86_64 SYSCALL=mkdir\n",
		"type=SECCOMP msg=audit(11/27/26 10:00:00.123:456) : auid=unset comm=cat arch=x86_64 syscall=mkdir code=log\n",
		"type=SECCOMP msg=audit(11/27/26 10:00:00.123:456) : auid=unset comm=cat arch=i686 syscall=mkdir code=log\n",
		"type=SECCOMP msg=audit(11/27/26 10:00:00.123:456) : auid=unset comm=cat arch=armeb syscall=mkdir code=log\n",
		"node=a type=SECCOMP msg=" AT SECCOMP("\"") "\n",
		"[   12.345678] audit: type=1326 " AT SECCOMP("\"") "\n",
		"<5>[   12.345678] audit: type=1326 " AT SECCOMP("\"") "\n",
		"[Fri Nov 27 10:00:00 2026] audit: type=1326 " AT SECCOMP("\"") "\n",
		"Nov 27 10:00:00 host kernel: audit: type=1326 " AT SECCOMP("\"") "\n",
		"Nov 27 10:00:00 host audit[7]: SECCOMP " SECCOMP("\"") "\n",
		"2026-11-27T10:00:00.123456+00:00 host audit: SECCOMP " SECCOMP("\"") "\n",
		"SECCOMP " SECCOMP("\"") "\n",
		"__CURSOR=s=1\n_TRANSPORT=audit\nMESSAGE=SECCOMP " SECCOMP("\"") "\n\n",
		"{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"SECCOMP " SECCOMP("\\\"") "\"}\n"
		"{\"__REALTIME_TIMESTAMP\":\"2\",\"MESSAGE\":\"other\"}\n",
		"{\n\t\"__REALTIME_TIMESTAMP\" : \"1\",\n\t\"MESSAGE\" : \"SECCOMP " SECCOMP("\\\"") "\"\n}\n",
		"SYSCALL arch=c000003e syscall=83 success=yes exit=0 comm=\"cat\"\n",
		/* strace -r, -k, and -c with -U */
		"     0.000000 mkdir(\"x\", 0777) = 0\n     0.000017 mkdir(\"y\", 0777) = 0\n",
		"7 mkdir(\"x\", 0777) = 0\n > /lib/libc.so.6(mkdir+0xb) [0x1]\n > /bin/mkdir(main+0x1) [0x2]\n > /bin/mkdir(_start+0x1) [0x3]\n",
		"syscall              calls\n---------------- ---------\nmkdir                    8\n---------------- ---------\ntotal                    8\n",
		"   calls syscall          errors\n-------- ---------------- --------\n       3 mkdir                   1\n"
		"       8 mkdir\n-------- ---------------- --------\n      11 total                   1\n",
		/* -i; a call that began before the log, and one that is under way at its end */
		"[00007f0012abcdef] mkdir(\"x\", 0777) = 0\n[????????????????] +++ exited with 0 +++\n",
		"7 <... mkdir resumed>) = 0\n7 +++ exited with 0 +++\n",
		"mkdir(\"x\", 07",
		/* of several ABIs, and what strace says itself */
		"System call usage summary for 64 bit mode:\n% time     calls syscall\n------ --------- -------\n100.00         1 mkdir\n"
		"System call usage summary for 32 bit mode:\n% time     calls syscall\n------ --------- -------\n100.00         1 mkdir\n",
		"Process 7 attached\nProcess 8 attached (waiting for parent)\nProcess 8 resumed (parent 7 ready)\n"
		"[pid     8] mkdir(\"x\", 0777 <detached ...>\n",
	};
	cleanup_free char *number = xasprintf("syscall_%d(7) = -1 ENOSYS (Function not implemented)\n",
					      seccomp_syscall_resolve_name("read"));
	cleanup_profile struct profile *numbered = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct profile_notes notes = { 0 };
		struct error *err = NULL;
		struct profile *p;
		size_t j;

		p = format_read(texts[i], strlen(texts[i]), FORMAT_AUTO, NULL,
				&notes, &err);
		if (!p)
			fail_msg("log %zu: %s", i, err->text);
		assert_int_equal(p->n_rules, 1);
		assert_int_equal(p->rules[0].names.n, 1);
		assert_true(profile_allows(p, "mkdir"));
		/* one program, and no quotes of its name left */
		for (j = 0; j < notes.n; j++)
			assert_null(strstr(notes.v[j], "programs"));
		profile_notes_free(&notes);
		profile_free(p);
	}
	numbered = format_read(number, strlen(number), FORMAT_STRACE, NULL, NULL, NULL);
	assert_true(numbered && profile_allows(numbered, "read"));
}

/* of calls that do not return -c counts none, which is told */
static void counted(void **state)
{
#define ROWS(row)	"% time     calls syscall\n------ --------- -------\n100.00         1 read\n" row
	struct profile_notes notes = { 0 };
	struct profile *p;

	(void)state;
	p = format_read(ROWS(""), strlen(ROWS("")), FORMAT_AUTO, NULL, &notes, NULL);
	assert_non_null(p);
	assert_int_equal(notes.n, 1);
	assert_non_null(strstr(notes.v[0], "exit_group"));
	profile_free(p);
	profile_notes_free(&notes);
	memset(&notes, 0, sizeof(notes));
	p = format_read(ROWS("1.00 1 exit_group\n"), strlen(ROWS("1.00 1 exit_group\n")),
			FORMAT_AUTO, NULL, &notes, NULL);
	assert_non_null(p);
	assert_int_equal(notes.n, 0);
	profile_free(p);
#undef ROWS
}

/* numbers that do not fit, and what the engines take for absent */
static void members(void **state)
{
	static const struct {
		const char *text;
		const char *said;	/* NULL: it is read */
		const char *again;	/* is in what is written */
	} all[] = {
		{ R("{" ALLOW ",\"name\":\"\",\"names\":[\"read\"]}"), NULL,
		  "\"read\"" },
		{ R("{" ALLOW ",\"name\":\"read\",\"names\":[]}"), NULL,
		  "\"read\"" },
		{ R("{" ALLOW ",\"names\":null,\"name\":\"read\"}"), NULL,
		  "\"read\"" },
		{ R("{" ALLOW ",\"names\":[\"re ad\"]}"),
		  "syscalls[0].names[0]: `re ad`", NULL },
		{ R("{" ALLOW ",\"names\":[\"a\"]},\n{" ALLOW ",\"names\":[\"b\"],\n\"args\":[{\"index\":0,\n\"op\":\"SCMP_CMP_EX\",\"value\":1}]}"),
		  "line 4: syscalls[1].args[0].op: `SCMP_CMP_EX` is no comparison: did you mean `SCMP_CMP_EQ`?",
		  NULL },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"EQ\",\"value\":1}]}"),
		  "`EQ` is no comparison: these begin with SCMP_CMP_, as SCMP_CMP_EQ", NULL },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":18446744073709551615}]}"),
		  NULL, "18446744073709551615" },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":9223372036854775808}]}"),
		  NULL, "9223372036854775808" },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":18446744073709551616}]}"),
		  "does not fit in 64 bits", NULL },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":007}]}"),
		  "not JSON", NULL },
		{ R("{" ALLOW ",\"names\":[\"a\"],\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":1,\"v\\u0061lue\":2}]}"),
		  "`value` given twice", NULL },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[]}", NULL,
		  "\"flags\"" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":null}", NULL,
		  "\"defaultAction\"" },
		{ "\xef\xbb\xbf{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", NULL,
		  "\"defaultAction\"" },
		{ "{\"DefaultAction\":\"SCMP_ACT_ERRNO\"}",
		  "did you mean `defaultAction`?", NULL },
		{ "{\"defaultAction\":\"scmp_act_errno\"}",
		  "did you mean `SCMP_ACT_ERRNO`?", NULL },
		{ "{\"defaultAction\":\"ERRNO\"}",
		  "did you mean `SCMP_ACT_ERRNO`?", NULL },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"amd64\"]}",
		  "did you mean `SCMP_ARCH_X86_64`?", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		cleanup_free char *text = NULL;
		const char *said = all[i].said;
		struct error *err = NULL;
		struct profile *p;

		if (!said && strtoull(all[i].again, NULL, 10) > INT64_MAX &&
		    !library_reads_uint64())
			said = "2^63 or more";
		p = format_read(all[i].text, strlen(all[i].text), FORMAT_AUTO,
				NULL, NULL, &err);
		if (!p != !!said || (err && !strstr(err->text, said)))
			fail_msg("%s: %s", all[i].text,
				 err ? err->text : "was read");
		error_free(err);
		err = NULL;
		if (!p)
			continue;
		text = format_write(p, FORMAT_OCI, &opts, NULL, &err);
		assert_non_null(text);
		if (!strstr(text, all[i].again))
			fail_msg("%s\n%s", all[i].text, text);
		profile_free(p);
	}
}

#ifdef HAVE_LIBYAML
static void yaml(void **state)
{
#define HEAD	"apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\n"
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n", NULL },
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n---\nx: 1\n",
		  NULL },
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n---\n", NULL },
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n---\n" HEAD
		  "metadata: {name: b}\nspec:\n  defaultAction: SCMP_ACT_LOG\n",
		  "2 profiles (`?`, `b`)" },
		{ HEAD "spec: {defaultAction: SCMP_ACT_LOG, defaultAction: SCMP_ACT_ALLOW}\n",
		  "given twice" },
		{ HEAD "spec:\n\tdefaultAction: x\n", "not YAML" },
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n  more: 1\n",
		  "`more`" },
		/* names are words: 1 is none, "1" is one */
		{ HEAD "spec:\n  defaultAction: SCMP_ACT_LOG\n  syscalls: [{action: SCMP_ACT_ALLOW, names: [1]}]\n",
		  "not a string" },
		/* an alias of an alias of an alias */
		{ HEAD "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
		  "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
		  "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
		  "too large" },
		{ HEAD "spec: &s\n  defaultAction: SCMP_ACT_LOG\n  x: *s\n",
		  "too deeply" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error *err = NULL;
		struct profile *p;

		p = format_read(bad[i].text, strlen(bad[i].text), FORMAT_K8S,
				NULL, NULL, &err);
		if (!p != !!bad[i].said)
			fail_msg("%s: %s", bad[i].text,
				 err ? err->text : "was read");
		if (bad[i].said && !strstr(err->text, bad[i].said))
			fail_msg("%s: %s", bad[i].text, err->text);
		error_free(err);
		profile_free(p);
	}
}
#endif

/*
 * What a listener is to be told may hold anything. A profile that is written shows nothing of
 * it that turns the direction of text or is not seen, and means the same.
 */
static void shown(void **state)
{
	static const char json[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"listenerPath\":\"/run/x\","
		"\"listenerMetadata\":\"\\u001b[2J\\u007f\\u009b\\u00e9\\u061c\\u202e\\u200b\\ud83d\\ude00$\\\"\\\\\","
		"\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}";
	static const enum format formats[] = {
		FORMAT_OCI, FORMAT_DOCKER, FORMAT_PODMAN, FORMAT_LABEL,
#ifdef HAVE_LIBYAML
		FORMAT_K8S,
#endif
	};
	cleanup_profile struct profile *p = NULL;
	struct error *err = NULL;
	size_t i;

	(void)state;
	p = format_read(json, strlen(json), FORMAT_OCI, NULL, NULL, &err);
	assert_non_null(p);
	for (i = 0; i < ARRAY_SIZE(formats) && library_notifies(); i++) {
		cleanup_free char *text = format_write(p, formats[i], NULL, NULL, &err);
		cleanup_profile struct profile *back = NULL;
		const char *s;

		if (!text)
			fail_msg("%s: %s", format_name(formats[i]), err->text);
		for (s = text; *s; s++)
			if (*s != '\n' && (*s < ' ' || *s > '~'))
				fail_msg("%s: byte 0x%02x", format_name(formats[i]), (unsigned char)*s);
		back = format_read(text, strlen(text), formats[i], NULL, NULL, &err);
		if (!back)
			fail_msg("%s: %s\n%s", format_name(formats[i]), err->text, text);
		assert_string_equal(back->listener_metadata, p->listener_metadata);
	}
}

/* what systemd makes of kills, and of a rule that repeats its default */
static void systemd_kills(void **state)
{
	struct profile *p = profile_new(), *back;
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	cleanup_free char *text = NULL;

	(void)state;
	profile_set_default(p, PA_KILL, PROFILE_NO_ERRNO);
	profile_allow(p, "read");
	strset_add(&profile_add_rule(p, PA_KILL_PROCESS,
				     PROFILE_NO_ERRNO)->names, "mount");
	text = format_write(p, FORMAT_SYSTEMD, NULL, &notes, &err);
	assert_non_null(text);
	assert_null(strstr(text, "mount"));
	assert_string_equal(notes.v[0], "systemd kills the process, not the thread");
	profile_notes_free(&notes);
	profile_set_default(p, PA_ERRNO, EPERM);
	p->rules[1].action = PA_KILL_THREAD;
	free(text);
	text = format_write(p, FORMAT_SYSTEMD, NULL, &notes, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "mount:kill"));
	assert_string_equal(notes.v[0], "systemd kills the process, not the thread");
	profile_notes_free(&notes);
	back = format_read(text, strlen(text), FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_int_equal(algebra_decide(back, "mount", NULL,
					(uint64_t[6]){ 0 }).action,
			 PA_KILL_PROCESS);
	profile_free(back);
	profile_free(p);
}

/* a table and a list are read again, too, and what cannot be loaded is not written */
static void tables_verified(void **state)
{
	static const enum format all[] = {
		FORMAT_CSV, FORMAT_NAMES, FORMAT_SYSTEMD,
	};
	struct profile *p = profile_new();
	size_t i;

	(void)state;
	/* libseccomp does not take this errno */
	profile_allow(p, "write");
	strset_add(&profile_add_rule(p, PA_ERRNO, 4095)->names, "read");
	p->settled = true;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct error *err = NULL;

		assert_null(format_write(p, all[i], NULL, NULL, &err));
		assert_non_null(strstr(err->text, "`read`"));
		error_free(err);
	}
	profile_free(p);
}

/* what no writer may ever write */
static void never_written(void **state)
{
	struct profile *p = profile_new();
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	cleanup_free char *text = NULL;
	struct profile_rule *r;

	(void)state;
	profile_allow(p, "read");
	r = profile_add_rule(p, PA_ALLOW, 5);
	strset_add(&r->names, "");
	strset_add(&r->names, "write");
	r = profile_add_rule(p, PA_ERRNO, ENOSYS);
	strset_add(&r->names, "mount");
	profile_add_rule(p, PA_ERRNO, EPERM);
	text = format_write(p, FORMAT_OCI, &opts, &notes, &err);
	assert_non_null(text);
	assert_null(strstr(text, "\"\""));
	assert_null(strstr(text, "mount"));
	assert_null(strstr(text, "errnoRet"));
	assert_null(strstr(text, "[]"));
	assert_int_equal(notes.n, 3);
	profile_notes_free(&notes);
	/* a name that would add a line to a unit file */
	profile_free(p);
	p = profile_new();
	r = profile_add_rule(p, PA_ALLOW, PROFILE_NO_ERRNO);
	strset_add(&r->names, "read\nExecStart=/bin/sh");
	assert_null(format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err));
	error_free(err);
	err = NULL;
	/* both members */
	profile_free(p);
	p = profile_new();
	profile_allow(p, "read");
	profile_add_arch(p, SCMP_ARCH_X86);
	profile_add_archmap(p, "SCMP_ARCH_X86_64");
	assert_null(format_write(p, FORMAT_DOCKER, &opts, NULL, &err));
	assert_non_null(strstr(err->text, "`archMap` and `architectures`"));
	error_free(err);
	profile_free(p);
}

/* clone3 must never get EPERM from a profile that says ENOSYS */
static void enosys_by_name(void **state)
{
	static const enum format some[] = { FORMAT_DOCKER, FORMAT_K8S };
	static const uint64_t args[PROFILE_MAX_ARGS];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(some); i++) {
		struct profile *p = profile_new(), *back;
		struct error *err = NULL;
		cleanup_free char *text = NULL;
		struct profile_rule *r;

		profile_allow(p, "read");
		profile_allow(p, "statx");
		/* meant, though it repeats the default */
		r = profile_add_rule(p, PA_ERRNO, ENOSYS);
		strset_add(&r->names, "open_tree");
		strset_add(&r->names, "sysfs");
		text = format_write(p, some[i], &opts, NULL, &err);
		assert_non_null(text);
		back = format_read(text, strlen(text), some[i], NULL, NULL,
				   &err);
		assert_non_null(back);
		assert_int_equal(algebra_decide(back, "clone3", NULL,
						args).errno_ret, ENOSYS);
		assert_int_equal(algebra_decide(back, "sysfs", NULL,
						args).errno_ret, ENOSYS);
		assert_int_equal(algebra_decide(back, "ptrace", NULL,
						args).errno_ret, EPERM);
		assert_true(profile_allows(back, "statx"));
		profile_free(back);
		profile_free(p);
	}
}

#ifdef __x86_64__
/* i386 reaches semop through ipc, which a rule refuses: it must not repeat the default */
static void multiplexer_refused(void **state)
{
	static const uint64_t args[PROFILE_MAX_ARGS] = { 1 };
	const struct abi x86 = meaning_abi(SCMP_ARCH_X86);
	struct profile *p = profile_new(), *back;
	struct profile_notes notes = { 0 };
	struct error *err = NULL;
	cleanup_free char *text = NULL;
	struct bpf b;

	(void)state;
	profile_set_default(p, PA_ERRNO, ENOSYS);
	profile_add_arch(p, SCMP_ARCH_X86_64);
	profile_add_arch(p, SCMP_ARCH_X86);
	profile_allow(p, "read");
	profile_allow(p, "semop");
	strset_add(&profile_add_rule(p, PA_ERRNO, EPERM)->names, "ipc");
	text = format_write(p, FORMAT_DOCKER, NULL, &notes, &err);
	assert_non_null(text);
	assert_int_equal(notes.n, 2);
	assert_non_null(strstr(notes.v[0], "`ipc` is refused with ENOSYS"));
	profile_notes_free(&notes);
	back = format_read(text, strlen(text), FORMAT_DOCKER, NULL, NULL, &err);
	assert_non_null(back);
	assert_int_equal(profile_default_errno(back), EPERM);
	assert_int_equal(meaning_filter(back, NULL, false, &b, &err), 0);
	assert_false(meaning_permits(meaning_at(&b, &x86, meaning_number(&x86, "ipc"), args)));
	bpf_free(&b);
	profile_free(back);
	profile_free(p);
}
#endif

static char *drop_in(const struct profile *p)
{
	struct error *err = NULL;
	char *text = format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err);

	if (!text)
		fail_msg("%s", err->text);
	return text;
}

static void no_drop_in(const struct profile *p)
{
	struct error *err = NULL;

	assert_null(format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err));
	assert_non_null(strstr(err->text, "systemd cannot express"));
	error_free(err);
}

/* this machine's own ABI has a word; more than that, or another machine's, has names */
static void systemd_native(void **state)
{
	const uint32_t here = seccomp_arch_native();
	/* of the same byte order: one filter has both */
	const uint32_t there = here == SCMP_ARCH_S390X ? SCMP_ARCH_PPC64 :
			       here == SCMP_ARCH_X86_64 ? SCMP_ARCH_AARCH64 : SCMP_ARCH_X86_64;
	static const char word[] = "\nSystemCallArchitectures=native\n";
	const struct format_opts opts = { .here = true };
	struct error *err = NULL;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		cleanup_profile struct profile *p = profile_new();
		cleanup_free char *text = NULL;

		profile_allow(p, "read");
		profile_add_arch(p, i == 2 ? there : here);
		if (i == 1)
			profile_add_arch(p, there);
		text = format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err);
		if (!text)
			fail_msg("%s", err->text);
		assert_int_equal(!strstr(text, word), i > 0);
	}
}

/* a drop-in must never be wider than the profile: systemd reads it so */
static void systemd_words(void **state)
{
	struct profile *p = profile_new(), *back;
	cleanup_free char *none = NULL, *all = NULL, *wrapped = NULL;
	cleanup_free char *own = NULL;
	struct error *err = NULL;
	struct profile_rule *r;
	const char *line;
	unsigned int i;

	(void)state;
	/* an empty assignment would allow everything */
	none = drop_in(p);
	assert_non_null(strstr(none, "\nSystemCallFilter=exit_group\n"));
	/* engines kill foreign ABIs where no architecture is named */
	assert_non_null(strstr(none, "\nSystemCallArchitectures=native\n"));
	profile_set_default(p, PA_ALLOW, PROFILE_NO_ERRNO);
	all = drop_in(p);
	assert_non_null(strstr(all, "\nSystemCallFilter=\n"));
	back = format_read(all, strlen(all), FORMAT_AUTO, NULL, NULL, &err);
	assert_non_null(back);
	assert_true(profile_allows(back, "reboot"));
	profile_free(back);
	/* each line of a deny list says that it is one */
	r = profile_add_rule(p, PA_ERRNO, 0);
	for (i = 0; i < 30; i++) {
		cleanup_free char *name = xasprintf("a_rather_long_name_%u", i);

		strset_add(&r->names, name);
	}
	wrapped = drop_in(p);
	for (i = 0, line = wrapped; (line = strstr(line, "SystemCallFilter="));
	     i++)
		assert_int_equal(*(line += strlen("SystemCallFilter=")), '~');
	assert_true(i > 5);
	assert_non_null(strstr(wrapped, "a_rather_long_name_29:0"));
	/* errnos of their own beside an allow list's */
	profile_free(p);
	p = profile_new();
	profile_allow(p, "read");
	strset_add(&profile_add_rule(p, PA_ERRNO, EPERM)->names, "bpf");
	strset_add(&profile_add_rule(p, PA_ERRNO, 4000)->names, "mount");
	strset_add(&profile_add_rule(p, PA_KILL, -1)->names, "ptrace");
	own = drop_in(p);
	assert_non_null(strstr(own, "\nSystemCallFilter=read\n"));
	assert_non_null(strstr(own, "\nSystemCallFilter=~bpf:EPERM mount:4000 ptrace:kill\n"));
	/* what it has no words for */
	profile_set_default(p, PA_ERRNO, 0);
	no_drop_in(p);
	profile_set_default(p, PA_ERRNO, 4096);
	no_drop_in(p);
	profile_set_default(p, PA_TRAP, PROFILE_NO_ERRNO);
	no_drop_in(p);
	profile_set_default(p, PA_LOG, PROFILE_NO_ERRNO);
	no_drop_in(p);
	profile_set_default(p, PA_ERRNO, 4094);
	strset_add(&profile_add_rule(p, PA_TRAP, -1)->names, "acct");
	no_drop_in(p);
	profile_free(p);
}

/* what a unit means: the order of its lines, lists and errnos */
static void units(void **state)
{
	static const struct {
		const char *unit, *call;
		enum profile_action action;
		int errno_ret;
	} all[] = {
		/* what began without ~ allows, and @default with it */
		{ "SystemCallFilter=read\n", "read", PA_ALLOW, -1 },
		{ "SystemCallFilter=read\n", "execve", PA_ALLOW, -1 },
		{ "SystemCallFilter=read\n", "write", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=read\nSystemCallErrorNumber=4095\n",
		  "write", PA_ERRNO, 4095 },
		{ "SystemCallErrorNumber=EPERM\nSystemCallErrorNumber=\nSystemCallFilter=read\n",
		  "write", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=read write\nSystemCallFilter=~write\n",
		  "write", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=read\nSystemCallFilter=~read:EBADF\n",
		  "read", PA_ERRNO, EBADF },
		{ "SystemCallFilter=read\nSystemCallFilter=~ read:0\n",
		  "read", PA_ERRNO, 0 },
		{ "SystemCallFilter=read\nSystemCallFilter=~write:EPERM\nSystemCallFilter=write\n",
		  "write", PA_ALLOW, -1 },
		{ "SystemCallFilter=~read\n", "read", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=~read\n", "write", PA_ALLOW, -1 },
		{ "SystemCallFilter=~read\nSystemCallFilter=read\n",
		  "read", PA_ALLOW, -1 },
		{ "SystemCallFilter=~read:kill write\nSystemCallErrorNumber=EPERM\n",
		  "read", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=~read:kill write\nSystemCallErrorNumber=EPERM\n",
		  "write", PA_ERRNO, EPERM },
		{ "SystemCallFilter=~read\nSystemCallFilter=\nSystemCallFilter=write\n",
		  "read", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=~@clock\n", "settimeofday",
		  PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=@system-service\nSystemCallFilter=~@privileged\n",
		  "chown", PA_KILL_PROCESS, -1 },
		{ "SystemCallFilter=@system-service\nSystemCallFilter=~@privileged\n",
		  "openat", PA_ALLOW, -1 },
		{ "SystemCallFilter=@known\n", "acct", PA_ALLOW, -1 },
		{ "SystemCallFilter=read\nSystemCallLog=read\n", "read",
		  PA_LOG, -1 },
		{ "SystemCallFilter=read openat\nSystemCallLog=~read\n",
		  "openat", PA_LOG, -1 },
		{ "SystemCallFilter=~acct\nSystemCallLog=~read\n", "read",
		  PA_ALLOW, -1 },
		{ "SystemCallFilter=~acct\nSystemCallLog=~read\n", "openat",
		  PA_LOG, -1 },
		{ "[Unit]\r\nA=b\r\n[Socket]\r\nSystemCallFilter=read \\\r\n; no\r\n  write\r\n",
		  "write", PA_ALLOW, -1 },
	};
	static const uint64_t args[PROFILE_MAX_ARGS];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct error *err = NULL;
		struct profile *p;
		struct decision d;

		p = format_read(all[i].unit, strlen(all[i].unit),
				FORMAT_SYSTEMD, NULL, NULL, &err);
		if (!p)
			fail_msg("%s: %s", all[i].unit, err->text);
		d = algebra_decide(p, all[i].call, NULL, args);
		if (d.action != all[i].action ||
		    (all[i].errno_ret >= 0 &&
		     d.errno_ret != all[i].errno_ret))
			fail_msg("%s: %s: %s %d", all[i].unit, all[i].call,
				 profile_action_name(d.action), d.errno_ret);
		profile_free(p);
	}
}

/* settings that make filters of their own are read as conditions, and written again */
static void unit_settings(void **state)
{
	static const struct {
		const char *settings, *call;
		uint64_t args[PROFILE_MAX_ARGS];
		bool permitted;
	} all[] = {
		{ "RestrictAddressFamilies=AF_UNIX AF_INET\n", "socket", { 1 }, true },
		{ "RestrictAddressFamilies=AF_UNIX AF_INET\n", "socket", { 16 }, false },
		{ "RestrictAddressFamilies=AF_UNIX\nRestrictAddressFamilies=AF_INET\n",
		  "socket", { 1 }, true },
		{ "RestrictAddressFamilies=AF_UNIX\nRestrictAddressFamilies=\n",
		  "socket", { 16 }, true },
		{ "RestrictAddressFamilies=AF_UNIX AF_INET\nRestrictAddressFamilies=~AF_UNIX\n",
		  "socket", { 1 }, false },
		{ "RestrictAddressFamilies=AF_LOCAL AF_ROUTE\n", "socket", { 1 }, true },
		{ "RestrictAddressFamilies=AF_UNIX AF_INET\nRestrictAddressFamilies=~AF_FILE\n",
		  "socket", { 1 }, false },
		{ "RestrictAddressFamilies=none\n", "socket", { 1 }, false },
		{ "RestrictAddressFamilies=~AF_PACKET\n", "socket", { 17 }, false },
		{ "RestrictAddressFamilies=~AF_PACKET\n", "socket", { 1 }, true },
		{ "RestrictNamespaces=yes\n", "clone", { 0x10000000 }, false },
		{ "RestrictNamespaces=yes\n", "clone", { 0x3d0f00 }, true },
		{ "RestrictNamespaces=yes\n", "clone3", { 0 }, false },
		{ "RestrictNamespaces=yes\n", "setns", { 3, 0 }, false },
		{ "RestrictNamespaces=user mnt\n", "unshare", { 0x10020000 }, true },
		{ "RestrictNamespaces=user mnt\n", "unshare", { 0x40000000 }, false },
		{ "RestrictNamespaces=user\nRestrictNamespaces=net\n", "unshare",
		  { 0x50000000 }, true },
		{ "RestrictNamespaces=~user\n", "unshare", { 0x10000000 }, false },
		{ "RestrictNamespaces=~user\nRestrictNamespaces=~net\n", "unshare",
		  { 0x40000000 }, false },
		{ "RestrictNamespaces=~user\n", "unshare", { 0x40000000 }, true },
		{ "RestrictNamespaces=yes\nRestrictNamespaces=\n", "unshare",
		  { 0x40000000 }, true },
		{ "RestrictNamespaces=off\n", "setns", { 3, 0 }, true },
		{ "LockPersonality=on\n", "personality", { 0 }, true },
		{ "LockPersonality=on\n", "personality", { 8 }, false },
		{ "LockPersonality=on\nLockPersonality=no\n", "personality", { 8 }, true },
		{ "LockPersonality=on\nLockPersonality=\n", "personality", { 8 }, false },
		{ "MemoryDenyWriteExecute=yes\n", "mmap", { 0, 1, 3 }, true },
		{ "MemoryDenyWriteExecute=yes\n", "mmap", { 0, 1, 5 }, true },
		{ "MemoryDenyWriteExecute=yes\n", "mmap", { 0, 1, 7 }, false },
		{ "MemoryDenyWriteExecute=yes\n", "mprotect", { 0, 1, 5 }, false },
		{ "MemoryDenyWriteExecute=yes\n", "pkey_mprotect", { 0, 1, 4 }, false },
		{ "MemoryDenyWriteExecute=yes\n", "shmat", { 0, 0, 0100000 }, false },
		{ "MemoryDenyWriteExecute=yes\n", "shmat", { 0, 0, 0 }, true },
	};
	static const char *const wrong[] = {
		"RestrictAddressFamilies=AF_NOSUCH\n", "RestrictNamespaces=usr\n",
		"LockPersonality=maybe\n", "MemoryDenyWriteExecute=2\n",
	};
	/* of these rules cannot speak */
	static const char *const left[] = {
		"SystemCallFilter=setns\nRestrictNamespaces=user\n",
		"SystemCallFilter=socket\nRestrictAddressFamilies=~AF_PACKET AF_NETLINK\n",
		"SystemCallFilter=~acct\nMemoryDenyWriteExecute=yes\n",
	};
	struct error *err = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		/* beside setns a list of some namespaces cannot be said by conditions */
		bool some = strstr(all[i].settings, "=user") || strstr(all[i].settings, "=~");
		cleanup_free char *unit = xasprintf("[Service]\nSystemCallArchitectures=x86-64\nSystemCallFilter=socket clone clone3 unshare personality pkey_mprotect shmat%s\n%s",
						    some ? "" : " setns", all[i].settings);
		cleanup_free char *text = NULL;
		struct profile *p, *back;
		int round;

		p = format_read(unit, strlen(unit), FORMAT_SYSTEMD, NULL, NULL, &err);
		if (!p)
			fail_msg("%s: %s", all[i].settings, err->text);
		for (round = 0; round < 2; round++) {
			struct decision d = algebra_decide(p, all[i].call, NULL,
							   all[i].args);

			if (profile_action_permits(d.action) != all[i].permitted)
				fail_msg("%s: %s, round %d: %s", all[i].settings,
					 all[i].call, round,
					 profile_action_name(d.action));
			if (round)
				break;
			text = format_write(p, FORMAT_SYSTEMD, &opts, NULL, &err);
			if (!text)
				fail_msg("%s: %s", all[i].settings, err->text);
			back = format_read(text, strlen(text), FORMAT_SYSTEMD, NULL,
					   NULL, &err);
			assert_non_null(back);
			profile_free(p);
			p = back;
		}
		profile_free(p);
	}
	for (i = 0; i < ARRAY_SIZE(left); i++) {
		struct profile_notes notes = { 0 };
		struct profile *p = format_read(left[i], strlen(left[i]), FORMAT_SYSTEMD,
						NULL, &notes, &err);

		assert_non_null(p);
		assert_non_null(strstr(notes.v[0], " filter system calls, too, and are left out"));
		profile_notes_free(&notes);
		profile_free(p);
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		cleanup_free char *unit = xasprintf("SystemCallFilter=read\n%s", wrong[i]);

		assert_null(format_read(unit, strlen(unit), FORMAT_SYSTEMD, NULL, NULL,
					&err));
		assert_non_null(strstr(err->text, "line 2: "));
		error_free(err);
		err = NULL;
	}
}

/* groups in place of their members: the same filter, which the writer has verified */
static void unit_groups(void **state)
{
	static const char list[] = "SystemCallArchitectures=x86-64\nSystemCallFilter=@basic-io @io-event openat kill\n";
	const struct format_opts named = { .native = SCMP_ARCH_X86_64, .groups = "whole" };
	const struct format_opts chosen = {
		.native = SCMP_ARCH_X86_64, .groups = "@basic-io,@timer",
	};
	cleanup_free char *whole = NULL, *less = NULL, *more = NULL;
	struct error *err = NULL;
	struct profile *p;

	(void)state;
	p = format_read(list, strlen(list), FORMAT_SYSTEMD, NULL, NULL, &err);
	assert_non_null(p);
	whole = format_write(p, FORMAT_SYSTEMD, &named, NULL, &err);
	assert_non_null(whole);
	/* what older releases have not in the group is listed all the same */
	assert_non_null(strstr(whole, "\nSystemCallFilter=@basic-io @io-event kill "));
	assert_non_null(strstr(whole, "llseek"));
	assert_null(strstr(whole, " pwrite64"));
	assert_null(strstr(whole, "@default"));
	/* what the profile refuses is taken out of the group; one that lacks a call is none */
	strset_add(&profile_add_rule(p, PA_ERRNO, EPERM)->names, "pwrite64");
	strset_add(&profile_add_rule(p, PA_ERRNO, ENOSYS)->names, "select");
	strset_del(&p->rules[0].names, "pwrite64");
	strset_del(&p->rules[0].names, "select");
	less = format_write(p, FORMAT_SYSTEMD, &named, NULL, &err);
	assert_non_null(less);
	assert_non_null(strstr(less, "\nSystemCallFilter=@basic-io @io-event kill "));
	assert_non_null(strstr(less, "\nSystemCallFilter=~pwrite64:EPERM select:ENOSYS\n"));
	strset_del(&p->rules[0].names, "readv");
	more = format_write(p, FORMAT_SYSTEMD, &named, NULL, &err);
	assert_non_null(more);
	assert_null(strstr(more, "@basic-io"));
	assert_non_null(strstr(more, "pread64"));
	/* the user takes it with what it adds, but for what a rule refuses */
	systemd_groups_accept(p, "@basic-io,@timer");
	assert_true(profile_allows(p, "readv"));
	assert_true(profile_allows(p, "timer_create"));
	assert_false(profile_permits(p, "pwrite64"));
	/* a refusal that is the default's stands in the list */
	strset_add(&profile_add_rule(p, PA_KILL_PROCESS, -1)->names, "dup3");
	strset_del(&p->rules[0].names, "dup3");
	free(more);
	more = format_write(p, FORMAT_SYSTEMD, &chosen, NULL, &err);
	if (!more)
		fail_msg("%s", err->text);
	assert_non_null(strstr(more, "\nSystemCallFilter=@basic-io @io-event @timer "));
	assert_non_null(strstr(more, "\nSystemCallFilter=~dup3 pwrite64:EPERM select:ENOSYS\n"));
	profile_free(p);
}

/* how much systemd complains about a drop-in */
static size_t systemd_says(const char *dir, const char *text)
{
	cleanup_free char *conf = xasprintf("%s/x.service.d/10.conf", dir);
	cleanup_free char *cmd = NULL;
	char line[512];
	size_t n = 0;
	FILE *f;

	f = fopen(conf, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	cmd = xasprintf("SYSTEMD_UNIT_PATH='%s:' systemd-analyze verify '%s/x.service' 2>&1",
			dir, dir);
	f = popen(cmd, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		const char *call = strstr(line, "system call, ignoring: ");
		cleanup_free char *name = NULL;

		if (!strstr(line, "10.conf"))
			continue;
		if (call)
			name = xstrndup(call + 23, strcspn(call + 23, "\n"));
		/* it knows no call that its libseccomp does not know */
		if (name && strcmp(name, "nosuchcall") &&
		    seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR)
			continue;
		print_message("%s", line);
		n++;
	}
	pclose(f);
	return n;
}

static void systemd(void **state)
{
	char dir[] = "/tmp/sctrace-systemd-XXXXXX";
	cleanup_free char *cmd = NULL;
	size_t i;

	(void)state;
	if (system("command -v systemd-analyze >/dev/null")) {
		print_message("systemd-analyze is not here\n");
		skip();
	}
	assert_non_null(mkdtemp(dir));
	cmd = xasprintf("mkdir '%s/x.service.d' && printf '[Service]\nExecStart=/bin/true\n' >'%s/x.service'",
			dir, dir);
	assert_int_equal(system(cmd), 0);
	/* it does complain where there is something to complain about */
	assert_int_equal(systemd_says(dir, "[Service]\nSystemCallFilter=nosuchcall\nSystemCallErrorNumber=EWHAT\n"),
			 2);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_free char *path = golden(cases[i], "systemd");
		cleanup_free char *text = NULL;
		struct error *err = NULL;
		size_t len;

		if (access(path, F_OK))
			continue;
		text = file_read(path, 1 << 20, &len, &err);
		assert_non_null(text);
		assert_int_equal(systemd_says(dir, text), 0);
	}
	free(cmd);
	cmd = xasprintf("rm -rf '%s'", dir);
	assert_int_equal(system(cmd), 0);
}

static void published(void **state)
{
	const char *dir = getenv("SCTRACE_PROFILES");
	struct dirent *d;
	unsigned int n = 0;
	DIR *all;

	(void)state;
	if (!dir) {
		print_message("SCTRACE_PROFILES names no directory\n");
		skip();
	}
	all = opendir(dir);
	assert_non_null(all);
	while ((d = readdir(all))) {
		cleanup_free char *path = xasprintf("%s/%s", dir, d->d_name);
		cleanup_free char *text = NULL;
		struct error *err = NULL;
		struct profile *p;
		size_t len;

		if (!strstr(d->d_name, ".json") && !strstr(d->d_name, ".yaml"))
			continue;
		text = file_read(path, 1 << 20, &len, &err);
		assert_non_null(text);
		p = format_read(text, len, FORMAT_AUTO, NULL, NULL, &err);
		if (!p) {
			/* a schema lies there too: it must be told apart */
			print_message("%s: %s\n", d->d_name, err->text);
			error_free(err);
			continue;
		}
		print_message("%s: %d dialects hold all of it\n", d->d_name,
			      there_and_back(p));
		profile_free(p);
		n++;
	}
	closedir(all);
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(round_trips),
		cmocka_unit_test(detection),
		cmocka_unit_test(old_defaults),
		cmocka_unit_test(order),
		cmocka_unit_test(refusals),
		cmocka_unit_test(no_profiles),
		cmocka_unit_test(new_names),
		cmocka_unit_test(logs),
		cmocka_unit_test(counted),
		cmocka_unit_test(members),
#ifdef HAVE_LIBYAML
		cmocka_unit_test(yaml),
#endif
		cmocka_unit_test(shown),
		cmocka_unit_test(never_written),
		cmocka_unit_test(systemd_kills),
		cmocka_unit_test(tables_verified),
		cmocka_unit_test(enosys_by_name),
#ifdef __x86_64__
		cmocka_unit_test(multiplexer_refused),
#endif
		cmocka_unit_test(systemd_words),
		cmocka_unit_test(systemd_native),
		cmocka_unit_test(units),
		cmocka_unit_test(unit_settings),
		cmocka_unit_test(unit_groups),
		cmocka_unit_test(systemd),
		cmocka_unit_test(published),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
