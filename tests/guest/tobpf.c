// SPDX-License-Identifier: GPL-2.0
/*
 * tobpf PROFILE - write an OCI profile as the BPF program that sandboxes take by a
 * descriptor (bwrap --seccomp), by libseccomp, to standard output
 *
 * What the profile does not allow kills the process, whatever the profile says: a program
 * that lives on without a call that it made before shows nothing.
 */

#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum scmp_compare op;
} ops[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

static __attribute__((noreturn)) void die(const char *what, int err)
{
	fprintf(stderr, "tobpf: %s: %s\n", what, strerror(err));
	exit(1);
}

static unsigned long long number(struct json_object *obj, const char *key)
{
	struct json_object *val;

	return json_object_object_get_ex(obj, key, &val) ?
	       (unsigned long long)json_object_get_int64(val) : 0;
}

static unsigned int conditions(struct json_object *rule, struct scmp_arg_cmp *cmp)
{
	struct json_object *args, *arg, *op;
	unsigned int i, j, n;

	if (!json_object_object_get_ex(rule, "args", &args) || !args)
		return 0;
	n = json_object_array_length(args);
	if (n > 6)
		die("args", E2BIG);
	for (i = 0; i < n; i++) {
		arg = json_object_array_get_idx(args, i);
		if (!json_object_object_get_ex(arg, "op", &op))
			die("op", EINVAL);
		for (j = 0; j < sizeof(ops) / sizeof(*ops); j++) {
			if (!strcmp(json_object_get_string(op), ops[j].name))
				break;
		}
		if (j == sizeof(ops) / sizeof(*ops))
			die(json_object_get_string(op), EINVAL);
		cmp[i].arg = number(arg, "index");
		cmp[i].op = ops[j].op;
		cmp[i].datum_a = number(arg, "value");
		cmp[i].datum_b = number(arg, "valueTwo");
	}
	return n;
}

int main(int argc, char **argv)
{
	struct json_object *profile, *rules, *rule, *names, *action;
	struct scmp_arg_cmp cmp[6];
	unsigned int i, j, n, given = 0;
	scmp_filter_ctx ctx;
	const char *name;
	int ret;

	if (argc != 2)
		return 2;
	profile = json_object_from_file(argv[1]);
	ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!profile || !ctx || !json_object_object_get_ex(profile, "syscalls", &rules))
		die(argv[1], EINVAL);
	for (i = 0; i < json_object_array_length(rules); i++) {
		rule = json_object_array_get_idx(rules, i);
		if (!json_object_object_get_ex(rule, "action", &action) ||
		    !json_object_object_get_ex(rule, "names", &names))
			die("rule", EINVAL);
		if (strcmp(json_object_get_string(action), "SCMP_ACT_ALLOW"))
			continue;
		n = conditions(rule, cmp);
		for (j = 0; j < json_object_array_length(names); j++) {
			name = json_object_get_string(json_object_array_get_idx(names, j));
			ret = seccomp_syscall_resolve_name(name);
			if (ret == __NR_SCMP_ERROR)
				die(name, ENOSYS);
			ret = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, ret, n, cmp);
			if (ret < 0)
				die(name, -ret);
			given++;
		}
	}
	if (!given)
		die("nothing is allowed", EINVAL);
	ret = seccomp_export_bpf(ctx, 1);
	if (ret < 0)
		die("export", -ret);
	return 0;
}
