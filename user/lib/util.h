/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cleanup attributes: a variable so marked is released where its scope ends,
 * so that an early return is never a leak.
 */
#ifndef SCTRACE_UTIL_H
#define SCTRACE_UTIL_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define __cleanup(fn)	__attribute__((cleanup(fn)))
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define __noreturn	__attribute__((noreturn))

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define cleanup_free	__cleanup(cleanup_freep)
#define cleanup_close	__cleanup(cleanup_closep)
#define cleanup_file	__cleanup(cleanup_fclosep)

/* TEMP_FAILURE_RETRY is a glibc extension; other libcs have EINTR as well */
#define retry_eintr(expr) ({				\
	__typeof__(expr) __r;				\
							\
	do						\
		__r = (expr);				\
	while (__r == -1 && errno == EINTR);		\
	__r; })

static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline int64_t now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000;
}

/* Ends the program: there is nothing sensible to do without memory. */
void out_of_memory(void) __noreturn;
void out_of_memory_quietly(int status);

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xvasprintf(const char *fmt, va_list ap) __printf(1, 0);
char *xasprintf(const char *fmt, ...) __printf(1, 2);

#endif
