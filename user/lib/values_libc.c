// SPDX-License-Identifier: GPL-2.0
/* Names of values of the headers in values_libc.h: make collects them. */

#include "values_libc.h"
#include "values.h"

const struct value_name values_libc[] = {
#include "values_libc.inc"
	{ 0 }
};
