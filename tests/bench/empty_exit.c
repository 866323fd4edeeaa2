// SPDX-License-Identifier: GPL-2.0

#define EMPTY_TRACEPOINT "sys_exit"

#include "empty.h"
