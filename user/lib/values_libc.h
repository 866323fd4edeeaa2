/* SPDX-License-Identifier: GPL-2.0 */
/* Names of values that the kernel leaves to the C library's headers */
#include <sys/mount.h>
#include <sys/socket.h>
