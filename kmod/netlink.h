/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCTRACE_NETLINK_H
#define _SCTRACE_NETLINK_H

int sctrace_netlink_init(void);
void sctrace_netlink_exit(void);

#endif /* _SCTRACE_NETLINK_H */
