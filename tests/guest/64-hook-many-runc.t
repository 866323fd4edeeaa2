#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# 63-hook-many.t once more, under runc: a time limit of its own.
HOOK_RUNTIME=runc
. ./63-hook-many.t
