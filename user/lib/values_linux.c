// SPDX-License-Identifier: GPL-2.0
/* Names of values of the headers in values_linux.h: make collects them. */

#include "values_linux.h"
#include "values.h"

const struct value_name values_linux[] = {
#include "values_linux.inc"
	{ 0 }
};
