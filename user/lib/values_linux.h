/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's headers that have names of arguments' values. Older ones lack some:
 * what is not there has no name.
 */
#include <linux/types.h>
#include <asm/ioctls.h>
#include <asm/mman.h>
#include <asm/resource.h>
#include <asm/socket.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipc.h>
#include <linux/keyctl.h>
#include <linux/loop.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/serial.h>
#include <linux/sockios.h>
#include <linux/tcp.h>

#if __has_include(<asm/prctl.h>)
#include <asm/prctl.h>
#endif
#if __has_include(<linux/bpf.h>)
#include <linux/bpf.h>
#endif
#if __has_include(<linux/fanotify.h>)
#include <linux/fanotify.h>
#endif
#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif
