/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's loops, for cppcheck, which has none of its headers */
#define for_each_process(p) \
	for (p = first_of(); p; p = next_of(p))
#define list_for_each_entry(p, head, member) \
	for (p = first_of(); p; p = next_of(p))
#define list_for_each_entry_rcu(p, head, member) \
	for (p = first_of(); p; p = next_of(p))
#define list_for_each_entry_safe(p, n, head, member) \
	for (p = first_of(); p; p = next_of(p))
