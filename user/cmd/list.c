// SPDX-License-Identifier: GPL-2.0
/* sctrace-nl list: all records. */

#include "cmd.h"
#include "lib/file.h"

static const struct opt opts[] = {
	OPTS_JSON,
	OPTS_COMMON
};

static int run(const struct command *cmd, int argc, char **argv,
	       struct error **err)
{
	cleanup_client struct client *c = NULL;
	cleanup_records struct records all = { 0 };
	cleanup_info struct info info = { 0 };
	cleanup_print struct print p = { 0 };
	struct cmd_opts o = CMD_OPTS_INIT;
	size_t i;

	if (args_all(cmd, argc, argv, &o, err) < 0)
		return -1;
	if (o.help)
		return file_stdout_done(err);
	if (client_open(&c, 0, err) < 0 ||
	    client_list(c, &all, false, err) < 0 ||
	    client_info(c, &info, err) < 0)
		return -1;
	print_begin(&p, o.json);
	print_table(&p, "records");
	for (i = 0; i < all.n; i++) {
		print_row(&p);
		print_record(&p, &all.v[i], &info);
	}
	print_close(&p);
	if (!o.json && isatty(STDOUT_FILENO))
		note("recorded: %s; %s", info_mode(&info),
		     info_scope(&info) ? info_scope(&info) : "");
	if (all.torn)
		warn("records came and went while these were read: some that were there for a moment may be missing");
	if (info.evicted)
		note("%llu ended records were dropped to make room for others",
		     (unsigned long long)info.evicted);
	if (info.unrecorded)
		warn("%llu times a namespace could not be given a record",
		     (unsigned long long)info.unrecorded);
	print_bool(&p, "torn", NULL, all.torn);
	print_string(&p, "mode", NULL, info_mode(&info));
	print_string(&p, "scope", NULL, info_scope(&info));
	print_u64(&p, "evicted", NULL, info.evicted);
	print_u64(&p, "unrecorded", NULL, info.unrecorded);
	return print_end(&p, err);
}

const struct command cmd_list = {
	.name = "list",
	.summary = "list all records",
	.opts = opts,
	.run = run,
};
