/* SPDX-License-Identifier: GPL-2.0 */
/* In what profiles differ, rule by rule. */
#ifndef SCTRACE_CHANGES_H
#define SCTRACE_CHANGES_H

#include "lib/print.h"
#include "profile/algebra.h"

int changes_print(struct print *p, const char *key,
		  const struct differences *d);

#endif
