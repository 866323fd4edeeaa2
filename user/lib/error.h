/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Errors travel upwards as objects: a function that can fail takes a last
 * parameter "struct error **err", returns < 0 and sets it; whoever cannot go on
 * without the thing wraps the text or hands it on, and main() prints it once.
 * Texts are lower case, without a final dot, with names in backticks.
 */
#ifndef SCTRACE_ERROR_H
#define SCTRACE_ERROR_H

#include <stdbool.h>
#include "util.h"

#define PROGRAM		"sctrace-nl"

/* What the program ends with; sctrace-nl(8) documents these */
enum status {
	ST_OK = 0,
	ST_FAILED = 1,
	ST_USAGE = 2,
	ST_NO_RECORD = 3,
	ST_INCOMPLETE = 4,	/* and --strict was given */
	ST_DIFFERS = 5,
	ST_RUN_FAILED = 125,	/* `run` only: its own failure, */
	ST_RUN_NOEXEC = 126,	/* command found and not executable, */
	ST_RUN_NOTFOUND = 127,	/* command not found */
};

struct error {
	enum status status;
	int errnum;		/* errno that it came from, or 0 */
	int kind;		/* of a maker who tells its errors apart, or 0 */
	char *text;
	size_t todo;		/* where what is to be done begins in the text, or 0 */
};

int error_make(struct error **err, enum status status, int errnum,
	       const char *fmt, ...) __printf(4, 5);
int error_advise(struct error **err, const char *fmt, ...) __printf(2, 3);
int error_wrap(struct error **err, const char *fmt, ...) __printf(2, 3);
void error_free(struct error *err);
enum status error_report(struct error **err);

static inline void cleanup_errorp(struct error **err)
{
	error_free(*err);
}

#define cleanup_error	__cleanup(cleanup_errorp)

/* How much is said on standard error: -1 with -q, 0, 1 with -v */
extern int verbosity;

void error_line(const char *line);
void error_say(const char *kind, const char *text);
void warn(const char *fmt, ...) __printf(1, 2);
void note(const char *fmt, ...) __printf(1, 2);
void debug(const char *fmt, ...) __printf(1, 2);

char *printable(const char *s);
char *json_ascii(const char *json, bool yaml);

#endif
