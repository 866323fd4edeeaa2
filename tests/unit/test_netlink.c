// SPDX-License-Identifier: GPL-2.0
/*
 * The client and the commands above it, with a socket that is played: these
 * stand in for libnl's functions of the same names.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include "cmd/cmd.h"
#include "record/module.h"

#define FAMILY	0x1f
#define KERNEL	0
#define OTHER	4711	/* port of somebody else's socket */

/* What the next nl_recv() returns */
struct packet {
	uint32_t from;
	int error;		/* NLE_*, or what is in @msg */
	struct nl_msg *msg;
};

static struct packet queue[64];
static size_t n_queue, next;
static unsigned int sent, connects;
static uint32_t seq;

int nl_send_auto(struct nl_sock *sock, struct nl_msg *msg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);

	(void)sock;
	h->nlmsg_seq = ++seq;
	sent++;
	return h->nlmsg_len;
}

int genl_connect(struct nl_sock *sock)
{
	(void)sock;
	connects++;
	return 0;
}

int nl_recv(struct nl_sock *sock, struct sockaddr_nl *from,
	    unsigned char **buf, struct ucred **creds)
{
	struct packet *p = &queue[next];
	struct nlmsghdr *h;
	int n;

	(void)sock;
	(void)creds;
	/* whoever reads on after the end of an answer would wait for ever */
	assert_true(next < n_queue);
	next++;
	if (p->error)
		return -p->error;
	from->nl_pid = p->from;
	h = nlmsg_hdr(p->msg);
	h->nlmsg_seq = seq;
	n = h->nlmsg_len;
	*buf = malloc(n);
	assert_non_null(*buf);
	memcpy(*buf, h, n);
	nlmsg_free(p->msg);
	p->msg = NULL;
	return n;
}

static struct nl_msg *add(uint32_t from, int type, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(nlmsg_put(msg, 0, 0, type, 0, flags));
	queue[n_queue++] = (struct packet){ .from = from, .msg = msg };
	return msg;
}

static struct nl_msg *answer(uint32_t from, int type, int flags)
{
	struct genlmsghdr g = { .cmd = SCTRACE_CMD_GET, .version = 1 };
	struct nl_msg *msg = add(from, type, flags);

	assert_int_equal(nlmsg_append(msg, &g, sizeof(g), NLMSG_ALIGNTO), 0);
	return msg;
}

static void record(uint32_t from, uint64_t id, int flags, uint32_t record_flags)
{
	struct nl_msg *msg = answer(from, FAMILY, flags);

	nla_put_u64(msg, SCTRACE_A_ID, id);
	nla_put_u32(msg, SCTRACE_A_INUM, 4026532000U + id);
	nla_put_u32(msg, SCTRACE_A_FLAGS, record_flags);
	nla_put_string(msg, SCTRACE_A_COMM, "httpd");
}

static void status(uint32_t from, int type, int error)
{
	struct nlmsgerr e = { .error = error };

	assert_int_equal(nlmsg_append(add(from, type, 0), &e,
				      type == NLMSG_DONE ? sizeof(int) : sizeof(e),
				      NLMSG_ALIGNTO), 0);
}

static void lost(void)
{
	queue[n_queue++] = (struct packet){ .error = NLE_NOMEM };
}

/* What the controller says when the family is looked for */
static void family(uint32_t from, uint16_t id)
{
	struct nl_msg *msg = answer(from, GENL_ID_CTRL, 0);

	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, id);
	nla_put_u32(msg, CTRL_ATTR_VERSION, SCTRACE_API_VERSION);
	status(from, NLMSG_ERROR, 0);
}

static void info_of(uint64_t unrecorded, uint64_t features)
{
	struct nl_msg *msg = answer(KERNEL, FAMILY, 0);

	nla_put_u32(msg, SCTRACE_A_API, SCTRACE_API_VERSION);
	nla_put_string(msg, SCTRACE_A_VERSION, SCTRACE_VERSION);
	nla_put_u64(msg, SCTRACE_A_UNRECORDED, unrecorded);
	nla_put_u64(msg, SCTRACE_A_FEATURES, features);
	status(KERNEL, NLMSG_ERROR, 0);
}

static void info(uint64_t unrecorded)
{
	info_of(unrecorded, 0);
}

static int setup(void **state)
{
	(void)state;
	n_queue = 0;
	next = 0;
	sent = 0;
	connects = 0;
	return 0;
}

/* Nothing that was to be read was left */
static int teardown(void **state)
{
	(void)state;
	return next == n_queue ? 0 : -1;
}

static struct client *opened(void)
{
	struct error *err = NULL;
	struct client *c = NULL;

	if (!n_queue)
		family(KERNEL, FAMILY);
	assert_int_equal(client_open(&c, CLIENT_NO_LOAD, &err), 0);
	return c;
}

static void list_is(struct client *c, size_t n, bool torn)
{
	cleanup_records struct records all = { 0 };
	struct error *err = NULL;
	size_t i;

	assert_int_equal(client_list(c, &all, false, &err), 0);
	assert_int_equal(all.n, n);
	for (i = 0; i < n; i++)
		assert_int_equal(all.v[i].id, i + 1);
	assert_int_equal(all.torn, torn);
}

/* Any process may send to our port; only the kernel is believed */
static void another_sender(void **state)
{
	cleanup_client struct client *c = NULL;

	(void)state;
	family(OTHER, FAMILY + 1);
	family(KERNEL, FAMILY);
	record(OTHER, 7, NLM_F_MULTI, 0);
	record(KERNEL, 1, NLM_F_MULTI, 0);
	status(OTHER, NLMSG_ERROR, -EPERM);
	status(OTHER, NLMSG_DONE, 0);
	record(KERNEL, 2, NLM_F_MULTI, 0);
	status(KERNEL, NLMSG_DONE, 0);
	c = opened();
	list_is(c, 2, false);
}

/* What was read before a message was lost is not there twice */
static void lost_in_a_dump(void **state)
{
	cleanup_client struct client *c = opened();

	(void)state;
	record(KERNEL, 1, NLM_F_MULTI, 0);
	lost();
	record(KERNEL, 1, NLM_F_MULTI, 0);
	record(KERNEL, 2, NLM_F_MULTI, 0);
	status(KERNEL, NLMSG_DONE, 0);
	list_is(c, 2, false);
	/* by another socket: the old one is busy with the rest of the first */
	assert_int_equal(connects, 2);
	assert_int_equal(sent, 3);
}

static void torn_dump(void **state)
{
	cleanup_client struct client *c = opened();

	(void)state;
	record(KERNEL, 1, NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
	record(KERNEL, 5, NLM_F_MULTI, 0);
	status(KERNEL, NLMSG_DONE, 0);
	record(KERNEL, 1, NLM_F_MULTI, 0);
	status(KERNEL, NLMSG_DONE, 0);
	list_is(c, 1, false);
}

/* Of all records a torn dump is as good as it gets; of one it is not */
static void torn_for_ever(void **state)
{
	struct selector sel = { .by = SCTRACE_A_ID, .number = 1 };
	cleanup_record struct record r = { 0 };
	cleanup_client struct client *c = opened();
	struct error *err = NULL;
	int i, k;

	(void)state;
	for (k = 0; k < 2; k++)
		for (i = 0; i < 5; i++) {
			record(KERNEL, 1, NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
			status(KERNEL, NLMSG_DONE, 0);
		}
	list_is(c, 1, true);
	assert_int_equal(client_get(c, &sel, true, &r, &err), -1);
	assert_non_null(strstr(err->text, "nothing that was read is certain"));
	error_free(err);
}

/* What an older module does not know is not asked for any more: the newest first */
static void older_module(void **state)
{
	cleanup_client struct client *c = opened();

	(void)state;
	status(KERNEL, NLMSG_ERROR, -EINVAL);
	record(KERNEL, 1, NLM_F_MULTI, 0);
	status(KERNEL, NLMSG_DONE, 0);
	list_is(c, 1, false);
	assert_int_equal(sent, 3);
}

/* --no-exec, where it cannot be done */
static void no_exec(void **state)
{
	struct cmd_opts o = CMD_OPTS_INIT;
	cleanup_client struct client *c = opened();
	struct error *err = NULL;

	(void)state;
	assert_int_equal(check_stages(c, &o, &err), 0);
	o.no_exec = true;
	info_of(0, SCTRACE_FEATURE_VALUES | SCTRACE_FEATURE_CGROUPS);
	assert_int_equal(check_stages(c, &o, &err), -1);
	assert_int_equal(err->status, ST_FAILED);
	assert_non_null(strstr(err->text, "that takes sctrace " SCTRACE_VERSION));
	error_free(err);
	err = NULL;

	info_of(0, SCTRACE_FEATURE_EXECS);
	assert_int_equal(check_stages(c, &o, &err), 0);
}

static void lost_for_ever(void **state)
{
	cleanup_records struct records all = { 0 };
	cleanup_client struct client *c = opened();
	struct error *err = NULL;
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		record(KERNEL, 1, NLM_F_MULTI, 0);
		lost();
	}
	assert_int_equal(client_list(c, &all, false, &err), -1);
	assert_int_equal(all.n, 0);
	error_free(err);
}

/* A command must not be given twice: what became of it is not known */
static void lost_answer(void **state)
{
	struct selector sel = { .by = SCTRACE_A_PID, .number = 1 };
	cleanup_record struct record r = { 0 };
	cleanup_client struct client *c = opened();
	struct error *err = NULL;

	(void)state;
	lost();
	assert_int_equal(client_start(c, &sel, NULL, false, &r, &err), -1);
	assert_non_null(strstr(err->text, "the answer was lost"));
	assert_int_equal(sent, 2);
	error_free(err);
}

static void label_in_use(void **state)
{
	struct selector sel = { .by = SCTRACE_A_PID, .number = 1 };
	cleanup_record struct record r = { 0 };
	cleanup_client struct client *c = opened();
	struct error *err = NULL;

	(void)state;
	status(KERNEL, NLMSG_ERROR, -EEXIST);
	assert_int_equal(client_start(c, &sel, "web", false, &r, &err), -1);
	assert_string_equal(err->text,
			    "label `web`: pid 1: the label is in use, or the record has another");
	error_free(err);
}

/* Runs a command; its status, what it prints and says */
static int status_of(const struct command *cmd, const char *const argv[], char *out,
		     char *said)
{
	int keep[2] = { dup(1), dup(2) }, fd[2], i, ret, argc = 0;
	struct error *err = NULL;

	while (argv[argc])
		argc++;
	for (i = 0; i < 2; i++) {
		char name[] = "/tmp/sctrace-netlink-XXXXXX";

		fd[i] = mkstemp(name);
		assert_true(fd[i] >= 0);
		unlink(name);
		fflush(i ? stderr : stdout);
		dup2(fd[i], i + 1);
	}
	ret = cmd->run(cmd, argc, (char **)argv, &err);
	fflush(NULL);
	dup2(keep[0], 1);
	dup2(keep[1], 2);
	if (err) {
		print_message("# %s\n", err->text);
		ret = err->status;
		error_free(err);
	}
	assert_true(pread(fd[0], out, 4095, 0) >= 0);
	assert_true(pread(fd[1], said, 4095, 0) >= 0);
	for (i = 0; i < 2; i++) {
		close(keep[i]);
		close(fd[i]);
	}
	return ret;
}

static void command(const struct command *cmd, const char *const argv[], char *out,
		    char *said)
{
	assert_int_equal(status_of(cmd, argv, out, said), 0);
}

/* `list` says that some are not there, when some are not there */
static void list_unrecorded(void **state)
{
	static const char *const argv[] = { "list", NULL };
	char out[4096] = "", said[4096] = "";
	int missing;

	(void)state;
	for (missing = 0; missing < 2; missing++) {
		family(KERNEL, FAMILY);
		record(KERNEL, 1, NLM_F_MULTI, 0);
		status(KERNEL, NLMSG_DONE, 0);
		info(missing * 3);
		memset(said, 0, sizeof(said));
		command(&cmd_list, argv, out, said);
		assert_non_null(strstr(out, "httpd"));
		assert_int_equal(!!strstr(said, "3 times a namespace could not be given a record"),
				 missing);
		assert_int_equal(!!*said, missing);
	}
}

/* `start` of what was running already says what is not in the record */
static void start_late(void **state)
{
	static const char *const argv[] = { "start", "--pid", "1", NULL };
	char out[4096] = "", said[4096] = "";
	int late;

	(void)state;
	for (late = 0; late < 2; late++) {
		family(KERNEL, FAMILY);
		record(KERNEL, 1, 0, SCTRACE_F_HELD | (late ? SCTRACE_F_LATE : 0));
		status(KERNEL, NLMSG_ERROR, 0);
		info(0);
		memset(said, 0, sizeof(said));
		command(&cmd_start, argv, out, said);
		assert_int_equal(!!strstr(said, "`httpd` was running already"), late);
		assert_int_equal(!!*said, late);
	}
}

/* A stopped record is a reason for a warning as long as its namespace lives */
static void refused_stopped(void **state)
{
	static const char *const argv[] = { "refused", "--id", "1", NULL };
	static const struct {
		uint32_t flags;
		const char *words;
	} v[] = {
		{ SCTRACE_F_REFUSED, NULL },
		{ SCTRACE_F_REFUSED | SCTRACE_F_STOPPED, "the record is stopped" },
		{ SCTRACE_F_REFUSED | SCTRACE_F_STOPPED | SCTRACE_F_ENDED, NULL },
		{ SCTRACE_F_STOPPED, "does not look for refused calls" },
		{ SCTRACE_F_ENDED, "did not look for refused calls when it ended" },
	};
	char out[4096] = "", said[4096] = "";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		family(KERNEL, FAMILY);
		record(KERNEL, 1, NLM_F_MULTI, v[i].flags);
		status(KERNEL, NLMSG_DONE, 0);
		info(0);
		memset(said, 0, sizeof(said));
		command(&cmd_refused, argv, out, said);
		assert_int_equal(!!*said, !!v[i].words);
		if (v[i].words)
			assert_non_null(strstr(said, v[i].words));
	}
}

/* `watch` of a record that has nothing yet: no alarm, but with --strict no good either */
static void watch_statuses(void **state)
{
	static const struct {
		const char *option;
		int flags, want;
		const char *words;
	} v[] = {
		{ "-q", SCTRACE_F_RUNNING, ST_OK, "nothing was recorded since" },
		{ "--strict", SCTRACE_F_RUNNING, ST_INCOMPLETE, "would refuse 0, and 0 cannot" },
		{ "--strict", SCTRACE_F_RUNNING | SCTRACE_F_LATE, ST_INCOMPLETE, "running already" },
	};
	char out[4096] = "", said[4096] = "", profile[] = "/tmp/sctrace-netlink-XXXXXX";
	const char *argv[] = { "watch", "--id", "1", "--profile", profile, "--once", NULL, NULL };
	int fd = mkstemp(profile);
	size_t i;

	(void)state;
	assert_true(dprintf(fd, "read\n") > 0);
	close(fd);
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		family(KERNEL, FAMILY);
		info(0);
		info(0);
		record(KERNEL, 1, NLM_F_MULTI, v[i].flags);
		status(KERNEL, NLMSG_DONE, 0);
		record(KERNEL, 1, NLM_F_MULTI, v[i].flags);
		status(KERNEL, NLMSG_DONE, 0);
		argv[6] = v[i].option;
		memset(said, 0, sizeof(said));
		verbosity = 0;
		assert_int_equal(status_of(&cmd_watch, argv, out, said), v[i].want);
		assert_string_equal(out, "");
		if (!strstr(said, v[i].words))
			fail_msg("%s", said);
	}
	verbosity = 0;
	/* it goes while it is watched */
	family(KERNEL, FAMILY);
	info(0);
	info(0);
	status(KERNEL, NLMSG_ERROR, -ENOENT);
	argv[6] = "-q";
	assert_int_equal(status_of(&cmd_watch, argv, out, said), ST_NO_RECORD);
	verbosity = 0;
	unlink(profile);
}

int main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(another_sender),
		T(lost_in_a_dump),
		T(torn_dump),
		T(torn_for_ever),
		T(older_module),
		T(no_exec),
		T(lost_for_ever),
		T(lost_answer),
		T(label_in_use),
		T(list_unrecorded),
		T(start_late),
		T(refused_stopped),
		T(watch_statuses),
	};

	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
