// SPDX-License-Identifier: GPL-2.0

#define EMPTY_TRACEPOINT "sys_enter"

#include "empty.h"
