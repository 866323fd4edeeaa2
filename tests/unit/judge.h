/* SPDX-License-Identifier: GPL-2.0 */
/* Results of the algebra, against the filters of libseccomp, point by point. */
#ifndef SCTRACE_TEST_JUDGE_H
#define SCTRACE_TEST_JUDGE_H

#include "profile/algebra.h"

enum judge_op {
	JUDGE_MERGE, JUDGE_INTERSECT, JUDGE_SUBTRACT, JUDGE_SELF, JUDGE_CHECK,
	JUDGE_DIFF, JUDGE_CONVERT, JUDGE_OLD, JUDGE_COUNT
};

enum judge_verdict {
	JUDGE_RIGHT,		/* and something was compared */
	JUDGE_REFUSED,		/* in a line that names a call, or the ABIs */
	JUDGE_INPUT,		/* an input is nothing that can be loaded */
	JUDGE_WRONG,		/* silently different */
	JUDGE_UNLOADABLE,
	JUDGE_ENDLESS,
};

enum judge_verdict judge(enum judge_op op, const struct profile *a,
			 const struct profile *b, char **why);

#endif
