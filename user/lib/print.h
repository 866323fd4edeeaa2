/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data on standard output, as text or as JSON, from one call for both: what
 * one form says the other cannot forget.
 *
 * A value has a key, its name in JSON, and a head, its name in text. Without a
 * key it is in the text only, without a head in the JSON only. Within a table
 * the head is a column's title, elsewhere it stands before the value.
 */
#ifndef SCTRACE_PRINT_H
#define SCTRACE_PRINT_H

#include "lib/json.h"
#include "error.h"

#define PRINT_DEPTH	8
#define PRINT_VERSION	1	/* of the JSON: grows when a key changes */

struct print_table {
	const char **head;
	bool *whole;		/* a column that is of no use when cut */
	size_t columns;
	char **cell;		/* row after row */
	size_t cells, max;
	size_t column;		/* within the row that is being filled */
	bool first;		/* the row that makes the columns */
};

/* Colours say nothing that words do not say */
enum colour {
	COLOUR_NONE, COLOUR_GOOD, COLOUR_LOOK, COLOUR_BAD, COLOUR_HEAD
};

struct print {
	bool json;
	FILE *to;		/* standard output, or print_begin_on()'s */
	unsigned int width;	/* text is to fit this many columns; 0: as long as it is */
	bool colour;
	struct json_object *root;
	struct json_object *stack[PRINT_DEPTH];
	int depth;
	int table_depth;	/* of the table that is open, or 0 */
	struct print_table *table;
};

void print_begin(struct print *p, bool json);
void print_begin_on(struct print *p, bool json, FILE *to);
int print_end(struct print *p, struct error **err);
void print_free(struct print *p);

void print_object(struct print *p, const char *key);
void print_array(struct print *p, const char *key);
void print_table(struct print *p, const char *key);
void print_row(struct print *p);
void print_close(struct print *p);

void print_line(struct print *p, const char *fmt, ...) __printf(2, 3);
void print_marked(struct print *p, enum colour how, const char *mark, unsigned int indent,
		  const char *fmt, ...) __printf(5, 6);
void print_u64(struct print *p, const char *key, const char *head, uint64_t v);
void print_s64(struct print *p, const char *key, const char *head, int64_t v);
void print_bool(struct print *p, const char *key, const char *head, bool v);
void print_string(struct print *p, const char *key, const char *head,
		  const char *v);
void print_name(struct print *p, const char *key, const char *head, const char *v);
void print_document(struct print *p, const char *key, const char *text);
void print_strings(struct print *p, const char *key, const char *head,
		   const char *const *v, size_t n);
void print_ns(struct print *p, const char *key, const char *head, uint64_t v);
void print_text(struct print *p, const char *head, const char *fmt, ...)
	__printf(3, 4);

char *print_duration(uint64_t ns);

/* Without a mark */
#define print_words(p, indent, ...) \
	print_marked(p, COLOUR_NONE, "", indent, __VA_ARGS__)

#define cleanup_print	__cleanup(print_free)

#endif
