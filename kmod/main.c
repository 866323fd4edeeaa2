// SPDX-License-Identifier: GPL-2.0
/*
 * sctrace: which system calls each PID namespace makes, for writing seccomp
 * profiles. What it promises and how to ask it: uapi/sctrace.h.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/string.h>

#include "netlink.h"
#include "origin.h"
#include "probe.h"
#include "request.h"
#include "version.h"
#include "watch.h"

/* lock.h says what it protects */
DEFINE_RAW_SPINLOCK(sctrace_lock);

/* As above */
DEFINE_MUTEX(sctrace_mutex);

static char *record = "containers";
module_param(record, charp, 0444);
MODULE_PARM_DESC(record,
		 "containers: every PID namespace but the initial one (default); all: that one, too; selected: only those that were asked for");

module_param_named(max_records, sctrace_max_records, uint, 0444);
MODULE_PARM_DESC(max_records,
		 "how many records there may be, 1 to 65536 (default 4096)");

module_param_named(max_ended, sctrace_max_ended, uint, 0444);
MODULE_PARM_DESC(max_ended,
		 "how many records of ended namespaces to keep, but for those asked for (default 512)");

static int __init sctrace_init(void)
{
	int ret;

	if (!strcmp(record, "all")) {
		sctrace_mode = SCTRACE_MODE_ALL;
	} else if (!strcmp(record, "selected")) {
		sctrace_mode = SCTRACE_MODE_SELECTED;
	} else if (strcmp(record, "containers")) {
		pr_err("record=%s: say containers, all or selected\n", record);
		return -EINVAL;
	}
	if (!sctrace_max_records || sctrace_max_records > 65536) {
		pr_err("max_records=%u: say 1 to 65536\n", sctrace_max_records);
		return -EINVAL;
	}

	sctrace_watch_init();
	ret = sctrace_probe_init();
	if (ret)
		return ret;
	ret = sctrace_record_init() ?: sctrace_origin_init();
	if (ret)
		goto err_record;
	if (sctrace_mode != SCTRACE_MODE_SELECTED) {
		mutex_lock(&sctrace_mutex);
		/* First, so that all other records find their ancestor */
		if (sctrace_mode == SCTRACE_MODE_ALL)
			ret = PTR_ERR_OR_ZERO(sctrace_record_start(&init_pid_ns,
								   false));
		if (!ret)
			ret = sctrace_probe_attach(false);
		mutex_unlock(&sctrace_mutex);
		if (ret)
			goto err_probe;
	}
	ret = sctrace_netlink_init();
	if (ret)
		goto err_probe;
	return 0;

err_probe:
	sctrace_probe_exit();
err_record:
	sctrace_origin_free();
	sctrace_record_exit();
	return ret;
}

static void __exit sctrace_exit(void)
{
	sctrace_netlink_exit();
	sctrace_probe_exit();
	sctrace_origin_free();
	sctrace_record_exit();
}

module_init(sctrace_init);
module_exit(sctrace_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Records the system calls of each PID namespace");
MODULE_VERSION(SCTRACE_VERSION);
