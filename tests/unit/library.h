/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What older libraries lack. A test that is about it says so and looks at what there is
 * instead: see user/libraries.mk for what the build looks for.
 */
#ifndef SCTRACE_TEST_LIBRARY_H
#define SCTRACE_TEST_LIBRARY_H

#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/json.h"

/* Has this libseccomp, which may be older than a call, a number for it? */
static inline bool library_knows(const char *call)
{
	const struct scmp_version *v = seccomp_version();

	if (seccomp_syscall_resolve_name(call) != __NR_SCMP_ERROR)
		return true;
	printf("# libseccomp %u.%u.%u has no name `%s`\n", v->major, v->minor, v->micro, call);
	return false;
}

/* Can json-c read all numbers of 64 bits? */
static inline bool library_reads_uint64(void)
{
#ifdef HAVE_JSON_UINT64
	return true;
#else
	printf("# json-c before 0.14 reads no number of 2^63 or more\n");
	return false;
#endif
}

/* Are these the same bytes, or JSON that json-c before 0.14 only indents in another way? */
static inline bool library_same(const char *a, const char *b)
{
	bool same = !strcmp(a, b);

#ifndef HAVE_JSON_UINT64
	if (!same) {
		struct json_object *x = json_tokener_parse(a), *y = json_tokener_parse(b);

		same = x && y && !strcmp(json_object_to_json_string_ext(x, JSON_C_TO_STRING_PLAIN),
					 json_object_to_json_string_ext(y, JSON_C_TO_STRING_PLAIN));
		json_object_put(x);
		json_object_put(y);
	}
#endif
	return same;
}

/* Does libseccomp make filters with NOTIFY? */
static inline bool library_notifies(void)
{
#ifdef SCMP_ACT_NOTIFY
	return true;
#else
	printf("# libseccomp before 2.5 makes no filter with SCMP_ACT_NOTIFY\n");
	return false;
#endif
}

/* A profile with whose filter libseccomp 2.4 to 2.6 does not come to an end */
#define LIBRARY_HANG \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[" \
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" \
	"{\"index\":0,\"value\":3,\"op\":\"SCMP_CMP_LT\"},{\"index\":1,\"value\":1,\"op\":\"SCMP_CMP_LE\"}]}," \
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" \
	"{\"index\":0,\"value\":3,\"op\":\"SCMP_CMP_LT\"},{\"index\":2,\"value\":16,\"op\":\"SCMP_CMP_EQ\"}]}]}"

/* Does this libseccomp end with it? */
static inline bool library_ends(void)
{
	/* the macros of 2.4 leave the last member out, unless it is given */
	const struct scmp_arg_cmp a = SCMP_A0(SCMP_CMP_LT, 3, 0), b = SCMP_A1(SCMP_CMP_LE, 1, 0),
				  c = SCMP_A2(SCMP_CMP_EQ, 16, 0);
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(1));

		alarm(2);
		_exit(!ctx || seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 2, a, b) ||
		      seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 2, a, c));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return false;
	printf("# this libseccomp comes to an end with every profile that is known\n");
	return true;
}

/* A profile in whose filter libseccomp from 2.5 on does not load the number of the call */
#define LIBRARY_LOST_NUMBER \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]," \
	"\"syscalls\":[{\"names\":[\"waitpid\"],\"action\":\"SCMP_ACT_ALLOW\"}," \
	"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_EQ\"}]}]}"

/* Does this one load it? 2.4.1 does */
static inline bool library_loads_number(void)
{
	const struct scmp_version *v = seccomp_version();

	if (v->major != 2 || v->minor >= 5)
		return false;
	printf("# libseccomp before 2.5 loads the number of the call in every filter\n");
	return true;
}

/* Is this said of what an older library cannot do? */

static inline bool library_cannot(const char *text)
{
	return (strstr(text, "2^63 or more") && !library_reads_uint64()) ||
	       (strstr(text, "SCMP_ACT_NOTIFY") && !library_notifies());
}

#endif
