// SPDX-License-Identifier: GPL-2.0
/* Text and JSON of one and the same calls. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <inttypes.h>
#include "cmd/cmd.h"
#include "lib/print.h"
#include "lib/term.h"
#include "library.h"
#include "manual.h"

/* What @show prints in one of the forms */
static char *capture(void (*show)(struct print *p), bool json)
{
	struct error *err = NULL;
	struct print p;
	char *text;
	FILE *to;
	long n;
	int out;

	fflush(stdout);
	out = dup(STDOUT_FILENO);
	to = tmpfile();
	assert_non_null(to);
	dup2(fileno(to), STDOUT_FILENO);
	print_begin(&p, json);
	show(&p);
	assert_int_equal(print_end(&p, &err), 0);
	dup2(out, STDOUT_FILENO);
	close(out);
	fseek(to, 0, SEEK_END);
	n = ftell(to);
	rewind(to);
	text = xcalloc(n + 1, 1);
	assert_int_equal(fread(text, 1, n, to), n);
	fclose(to);
	return text;
}

static void sample(struct print *p)
{
	static const char *const list[] = { "late", "held" };

	print_object(p, "record");
	print_u64(p, "id", "ID", 18446744073709551615ULL);
	print_s64(p, "nr", "NR", -1);
	print_bool(p, "confined", "CONFINED", true);
	print_string(p, "label", "LABEL", NULL);
	print_close(p);
	print_table(p, "rows");
	print_row(p);
	print_string(p, "comm", "COMM", "sh");
	print_strings(p, "state", "STATE", list, 2);
	print_u64(p, "only_json", NULL, 1);
	print_ns(p, "age_ns", "AGE", 61000000000);
	print_row(p);
	print_string(p, "comm", "COMM", "a-longer-name");
	print_strings(p, "state", "STATE", list, 0);
	print_u64(p, "only_json", NULL, 2);
	print_ns(p, "age_ns", "AGE", 1500000);
	print_close(p);
	print_array(p, "things");
	print_object(p, NULL);
	print_u64(p, "n", NULL, 1);
	print_close(p);
	print_object(p, NULL);
	print_u64(p, "n", NULL, 2);
	print_close(p);
	print_close(p);
	print_bool(p, "end", "END", false);
}

static void text(void **state)
{
	cleanup_free char *s = capture(sample, false);

	(void)state;
	assert_string_equal(s,
			    "ID           18446744073709551615\n"
			    "NR           -1\n"
			    "CONFINED     yes\n"
			    "LABEL        -\n"
			    "COMM           STATE      AGE\n"
			    "sh             late,held  61s\n"
			    "a-longer-name  -          1ms\n"
			    "END          no\n");
}

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	assert_true(json_object_object_get_ex(o, key, &v));
	return v;
}

static void json(void **state)
{
	cleanup_free char *s = capture(sample, true);
	struct json_object *root = json_tokener_parse(s), *o;

	(void)state;
	assert_non_null(root);
	assert_int_equal(json_object_get_int(member(root, "version")),
			 PRINT_VERSION);
	o = member(root, "record");
	assert_non_null(strstr(s, "18446744073709551615"));
	assert_true(json_object_get_uint64(member(o, "id")) ==
		    (library_reads_uint64() ? UINT64_MAX : INT64_MAX));
	assert_int_equal(json_object_get_int64(member(o, "nr")), -1);
	assert_true(json_object_get_boolean(member(o, "confined")));
	assert_null(member(o, "label"));
	o = member(root, "rows");
	assert_int_equal(json_object_array_length(o), 2);
	o = json_object_array_get_idx(o, 1);
	assert_string_equal(json_object_get_string(member(o, "comm")),
			    "a-longer-name");
	assert_int_equal(json_object_array_length(member(o, "state")), 0);
	assert_int_equal(json_object_get_int64(member(o, "age_ns")), 1500000);
	assert_int_equal(json_object_get_int(member(o, "only_json")), 2);
	o = member(root, "things");
	assert_int_equal(json_object_array_length(o), 2);
	assert_int_equal(json_object_get_int(member(
		json_object_array_get_idx(o, 1), "n")), 2);
	assert_false(json_object_get_boolean(member(root, "end")));
	json_object_put(root);
}

/* A control, no UTF-8, a letter, a control of C1, marks of direction, and invisible ones */
static const char hostile_name[] = "a\n\033[2J\xff\xc3\xa9\xc2\x9b\xe2\x80\xae\xd8\x9c\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"
	"\xf3\xa0\x81\xa1";

static void hostile_show(struct print *p)
{
	print_table(p, "rows");
	print_row(p);
	print_string(p, "comm", "COMM", hostile_name);
	print_close(p);
	print_document(p, "profile", "{\"a\":\"\xe2\x80\xae\x7f\xf0\x9f\x98\x80\"}");
}

/* A task's name may hold anything: one line, no escape, valid UTF-8 */
static void hostile(void **state)
{
	cleanup_free char *t = capture(hostile_show, false);
	cleanup_free char *j = capture(hostile_show, true);
	struct json_object *root, *o;
	const char *want = "a\\x0a\\x1b[2J\\xff\xc3\xa9\\xc2\\x9b\\xe2\\x80\\xae\\xd8\\x9c\\xe2\\x80\\x8b\\xef\\xbb\\xbf"
			   "\\xc2\\xad\\xf3\\xa0\\x81\\xa1";
	const char *s;

	(void)state;
	assert_non_null(strstr(t, want));
	assert_null(strchr(t, '\033'));
	root = json_tokener_parse(j);
	assert_non_null(root);
	o = json_object_array_get_idx(member(root, "rows"), 0);
	assert_string_equal(json_object_get_string(member(o, "comm")), want);
	/* what is not ours to change is the same, and is not shown as it is */
	assert_string_equal(json_object_get_string(member(member(root, "profile"), "a")),
			    "\xe2\x80\xae\x7f\xf0\x9f\x98\x80");
	for (s = j; *s; s++)
		assert_true(*s == '\n' || (*s >= ' ' && *s <= '~'));
	json_object_put(root);
}

static void empty_show(struct print *p)
{
	print_table(p, "rows");
	print_close(p);
	print_u64(p, "n", NULL, 3);
}

static void empty(void **state)
{
	cleanup_free char *t = capture(empty_show, false);
	cleanup_free char *j = capture(empty_show, true);
	struct json_object *root = json_tokener_parse(j);

	(void)state;
	assert_string_equal(t, "");
	assert_int_equal(json_object_array_length(member(root, "rows")), 0);
	assert_int_equal(json_object_get_int(member(root, "n")), 3);
	json_object_put(root);
}

static struct record shown;

static void record_show(struct print *p)
{
	const struct info info = { .now = 70000000000ULL };
	struct container c;

	print_table(p, "records");
	print_row(p);
	container_read(NULL, "web", &c);
	print_record(p, &shown, &info, &c, true);
	container_free(&c);
	print_close(p);
}

/* What `list` and `show` print: every column of the text is in the JSON */
static void records(void **state)
{
	cleanup_free char *t = NULL, *j = NULL, *whole = NULL;
	static struct manual_shape shape;
	struct json_object *root, *o;

	(void)state;
	record_init(&shown);
	shown.id = 7;
	shown.inum = 4026532281U;
	shown.parent_inum = 4026531836U;
	shown.level = 1;
	shown.flags = SCTRACE_F_ENDED | SCTRACE_F_RUNNING | SCTRACE_F_LATE;
	shown.since = 9000000000ULL;
	strcpy(shown.comm, "sh");
	shown.abi = xcalloc(1, sizeof(*shown.abi));
	shown.n_abi = 1;
	shown.abi[0].arch = 0xc000003e;
	/* in two sets and counted once; refused is not made */
	nrset_add(&shown.abi[0].kind[0], 3);
	nrset_add(&shown.abi[0].kind[SCTRACE_KIND_SETUP], 3);
	nrset_add(&shown.abi[0].kind[SCTRACE_KIND_REFUSED], 4);
	t = capture(record_show, false);
	j = capture(record_show, true);
	/* a record in which there is all that can be */
	shown.flags |= SCTRACE_F_CGROUP;
	shown.ended_at = 10000000000ULL;
	shown.last_new = shown.ended_at;
	shown.has_other_nr = true;
	whole = capture(record_show, true);
	record_free(&shown);
	assert_string_equal(t,
			    "ID  NS          CONTAINER  PARENT      LEVEL  PID  LABEL  COMM  STATE       AGE  SYSCALLS\n"
			    "7   4026532281  host:web   4026531836  1      0    -      sh    ended,late  61s  1\n");
	root = json_tokener_parse(j);
	o = json_object_array_get_idx(member(root, "records"), 0);
	manual_shape(&shape, "A record is\n");
	manual_holds(&shape, o, "");
	assert_int_equal(json_object_get_int(member(o, "syscalls")), 1);
	json_object_put(root);
	root = json_tokener_parse(whole);
	manual_holds(&shape, json_object_array_get_idx(member(root, "records"), 0), "");
	json_object_put(root);
	manual_all_met(&shape);
}

static void values_show(struct print *p)
{
	print_values(p, &shown);
}

/* An element of `show`'s values is a call with some members more */
static void values(void **state)
{
	static struct sctrace_value v[] = {
		{ .time = 100, .arch = 0xc000003e, .nr = 41, .pid = 7, .num = 2,
		  .how = SCTRACE_HOW_ENUM, .comm = "app", .arg = { 2, 1 } },
		{ .time = 200, .arch = 0xc000003e, .nr = 41, .how = SCTRACE_HOW_OPEN },
	};
	static struct manual_shape shape, call;
	cleanup_free char *j = NULL;
	struct json_object *root;
	size_t i;

	(void)state;
	record_init(&shown);
	shown.value = v;
	shown.n_value = ARRAY_SIZE(v);
	shown.open = 1U << SCTRACE_OPEN_MEMORY;
	j = capture(values_show, true);
	manual_shape(&shape, "and a value has these and\n");
	manual_shape(&call, ".BR refused 's\nis\n");
	assert_true(shape.n + call.n <= ARRAY_SIZE(shape.v));
	memcpy(shape.v + shape.n, call.v, call.n * sizeof(*call.v));
	shape.n += call.n;
	root = json_tokener_parse(j);
	for (i = 0; i < ARRAY_SIZE(v); i++)
		manual_holds(&shape, json_object_array_get_idx(member(root, "values"), i), "");
	assert_int_equal(json_object_array_length(member(root, "open")), 1);
	json_object_put(root);
}

static void durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} v[] = {
		{ 0, "0us" }, { 999999, "999us" }, { 1000000, "1ms" },
		{ 1000000000, "1.0s" }, { 9990000000, "9.9s" },
		{ 10000000000, "10s" }, { 100000000000, "1m40s" },
		{ 3600000000000, "1h00m" }, { 90000000000000, "1d01h" },
		{ UINT64_MAX, "213503d23h" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		cleanup_free char *s = print_duration(v[i].ns);

		assert_string_equal(s, v[i].text);
	}
}

static void full(void **state)
{
	struct error *err = NULL;
	struct print p;
	int out, fd, ret;

	(void)state;
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	fd = open("/dev/full", O_WRONLY);
	dup2(fd, STDOUT_FILENO);
	print_begin(&p, true);
	ret = print_end(&p, &err);
	dup2(out, STDOUT_FILENO);
	close(out);
	close(fd);
	clearerr(stdout);
	assert_int_equal(ret, -1);
	assert_non_null(strstr(err->text, "No space left"));
	error_free(err);
}

#define MANY	4096

/* Names that a task or an engine chose, in numbers that a host can have */
static void many(struct print *p)
{
	static const char *const names[] = {
		"web", "a-name-that-is-longer-than-any-terminal-is-wide-and-then-some-more-of-it-x",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5"
		"\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		"\x1b[2J\xe2\x80\xae<b>", "",
	};
	size_t i;

	print_table(p, "rows");
	for (i = 0; i < MANY; i++) {
		print_row(p);
		print_u64(p, "ns", "NS", 4026532281U + i);
		print_string(p, "name", "CONTAINER", names[i % ARRAY_SIZE(names)]);
		print_string(p, "comm", "COMM", names[(i + 1) % ARRAY_SIZE(names)]);
		print_u64(p, "n", "SYSCALLS", i);
	}
	print_close(p);
	print_words(p, 6, "word %s%s", names[1], names[1]);
	print_marked(p, COLOUR_BAD, "bad", 6, " some words that take more than forty columns, %s",
		     names[3]);
}

static unsigned int width_asked;

static void many_names(struct print *p)
{
	size_t i;

	p->width = width_asked;
	print_table(p, "rows");
	for (i = 0; i < 2; i++) {
		print_row(p);
		print_name(p, "name", "SYSCALL", i ? "landlock_create_ruleset" : "read");
		print_string(p, "comm", "FIRST BY", "a-long-name[4194304]");
	}
	print_close(p);
	print_words(p, 4, "(CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER)");
}

static void many_within(struct print *p)
{
	p->width = width_asked;
	many(p);
}

/* Nothing is wider than the terminal, a number is whole or not there at all */
static void narrow(void **state)
{
	static const unsigned int widths[] = { 80, 40, 20 };
	size_t i, n, len;
	const char *s;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		cleanup_free char *text = NULL;

		width_asked = widths[i];
		text = capture(many_within, false);
		assert_null(strchr(text, '\x1b'));
		for (s = text, n = 0; *s; s += len + (s[len] == '\n'), n++) {
			cleanup_free char *line = NULL;

			len = strcspn(s, "\n");
			line = xstrndup(s, len);
			if (term_columns(line) > widths[i])
				fail_msg("%zu of %u: %s", term_columns(line), widths[i], line);
			if (n && n <= MANY) {
				cleanup_free char *ns = xasprintf("%zu ", 4026532280U + n);

				assert_int_equal(strncmp(line, ns, strlen(ns) - 1), 0);
			}
		}
		assert_true(n > MANY + 2);
		/* rather no number than names that are too short to be told apart */
		assert_int_equal(!!strstr(text, "SYSCALLS"), widths[i] > 40);
		assert_int_equal(!!strstr(text, "4026532282  a-name-that"), widths[i] > 20);
	}
	/* what has to be whole is, and makes room for itself */
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		cleanup_free char *text = NULL;

		width_asked = widths[i];
		text = capture(many_names, false);
		assert_non_null(strstr(text, "\nlandlock_create_ruleset"));
		assert_non_null(strstr(text, "CLONE_NEWCGROUP|"));
		assert_non_null(strstr(text, "CLONE_NEWUTS|"));
		assert_non_null(strstr(text, "CLONE_NEWUSER)\n"));
		assert_int_equal(!!strstr(text, "[4194304]"), widths[i] == 80);
	}
	/* a locale that knows no wide letters: the terminal may */
	assert_int_equal(term_columns("a\xe6\x97\xa5\xe6\x9c\xac"), 5);
	/* as wide as it is where nobody asks */
	width_asked = 0;
	s = capture(many_within, false);
	assert_non_null(strstr(s, "is-wide-and-then-some-more-of-it-x\n"));
	free((void *)s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(hostile),
		cmocka_unit_test(empty),
		cmocka_unit_test(records),
		cmocka_unit_test(values),
		cmocka_unit_test(durations),
		cmocka_unit_test(full),
		cmocka_unit_test(narrow),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
