/* SPDX-License-Identifier: GPL-2.0 */
/* A module whose probe does nothing, for the tracepoint named EMPTY_TRACEPOINT */

#include <linux/module.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

static struct tracepoint *empty_tp;

static void empty_probe(void *data, struct pt_regs *regs, long id)
{
}

static void empty_match(struct tracepoint *tp, void *priv)
{
	if (!strcmp(tp->name, EMPTY_TRACEPOINT))
		empty_tp = tp;
}

static int __init empty_init(void)
{
	for_each_kernel_tracepoint(empty_match, NULL);
	if (!empty_tp)
		return -ENOENT;
	return tracepoint_probe_register(empty_tp, empty_probe, NULL);
}

static void __exit empty_exit(void)
{
	tracepoint_probe_unregister(empty_tp, empty_probe, NULL);
	tracepoint_synchronize_unregister();
}

module_init(empty_init);
module_exit(empty_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Does nothing at " EMPTY_TRACEPOINT);
