// SPDX-License-Identifier: GPL-2.0
/* In which runs was what seen? See series.h. */

#include <inttypes.h>
#include <sys/utsname.h>
#include <time.h>
#include "derive.h"
#include "lib/digest.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/names.h"
#include "lib/values.h"
#include "record/value.h"
#include "series.h"

#define VERSION		1
#define MAX_SIZE	(32u << 20)
#define SECOND		1000000000LL
#define PLAIN		(JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static bool same_run(const struct series_run *a, const struct series_run *b)
{
	return a->record == b->record && a->since == b->since && !strcmp(a->boot, b->boot);
}

static void run_free(struct series_run *r)
{
	free(r->boot);
	free(r->host);
	free(r->kernel);
	free(r->container);
}

static void drop_first(struct series *s)
{
	size_t i;

	run_free(&s->run[0]);
	memmove(&s->run[0], &s->run[1], --s->n_run * sizeof(*s->run));
	for (i = 0; i < s->n_item; i++)
		memmove(&s->item[i].in[0], &s->item[i].in[1], s->n_run);
	s->dropped++;
}

/* Finds a run, or puts a copy of it where it belongs by its time */
static size_t place(struct series *s, const struct series_run *r)
{
	struct series_run *new;
	size_t at, i;

	for (at = 0; at < s->n_run; at++) {
		if (!same_run(&s->run[at], r))
			continue;
		/* seen again, later: it is the same run */
		if (r->span > s->run[at].span)
			s->run[at].span = r->span;
		s->run[at].whole &= r->whole;
		return at;
	}
	for (at = s->n_run; at && s->run[at - 1].began > r->began; at--)
		;
	s->run = xrealloc(s->run, s->n_run + 1, sizeof(*s->run));
	memmove(&s->run[at + 1], &s->run[at], (s->n_run - at) * sizeof(*s->run));
	new = &s->run[at];
	*new = *r;
	new->boot = xstrdup(r->boot);
	new->host = xstrdup(r->host);
	new->kernel = xstrdup(r->kernel);
	new->container = r->container ? xstrdup(r->container) : NULL;
	for (i = 0; i < s->n_item; i++) {
		bool **in = &s->item[i].in;

		*in = xrealloc(*in, s->n_run + 1, sizeof(**in));
		memmove(*in + at + 1, *in + at, s->n_run - at);
		(*in)[at] = false;
	}
	s->n_run++;
	return at;
}

static int item_cmp(const struct series_item *a, const struct series_item *b)
{
	unsigned int i;
	int c;

	if (a->arch != b->arch)
		return a->arch < b->arch ? -1 : 1;
	c = strcmp(a->name, b->name);
	if (c)
		return c;
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	for (i = 0; i < ARRAY_SIZE(a->arg); i++)
		if (a->arg[i] != b->arg[i])
			return a->arg[i] < b->arg[i] ? -1 : 1;
	return 0;
}

/* The item like @like: there, or a new one that was seen in no run */
static struct series_item *item(struct series *s, const struct series_item *like)
{
	size_t low = 0, high = s->n_item, mid;
	struct series_item *i;
	int c;

	while (low < high) {
		mid = (low + high) / 2;
		c = item_cmp(like, &s->item[mid]);
		if (!c)
			return &s->item[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	s->item = xrealloc(s->item, s->n_item + 1, sizeof(*s->item));
	i = &s->item[low];
	memmove(i + 1, i, (s->n_item++ - low) * sizeof(*i));
	*i = *like;
	i->name = xstrdup(like->name);
	i->in = xcalloc(s->n_run + 1, sizeof(*i->in));
	return i;
}

static void saw(struct series *s, size_t run, uint32_t arch, const char *name,
		enum series_what what, unsigned int num, const uint64_t *arg)
{
	struct series_item like = {
		.arch = arch, .name = (char *)name, .what = what, .num = num,
	};

	if (num)
		memcpy(like.arg, arg, num * sizeof(*arg));
	item(s, &like)->in[run] = true;
}

static void add_value(struct series *s, size_t run, const char *name,
		      const struct sctrace_value *v)
{
	uint64_t arg[ARRAY_SIZE(v->arg)], bit;

	memcpy(arg, v->arg, sizeof(arg));
	if (v->how == SCTRACE_HOW_OPEN) {
		saw(s, run, v->arch, name, SERIES_OPEN, 0, NULL);
	} else if (v->how == SCTRACE_HOW_FLAGS && v->arg[0]) {
		for (bit = 1; bit; bit <<= 1)
			if (v->arg[0] & bit)
				saw(s, run, v->arch, name, SERIES_VALUE, 1, &bit);
	} else {
		saw(s, run, v->arch, name, SERIES_VALUE, v->num, arg);
	}
}

/* Its values; a watched call of which nothing is told was not looked at */
static void add_values(struct series *s, size_t run, const struct record *r, uint32_t arch,
		       unsigned int bit, unsigned int kind, const char *name)
{
	bool any = false;
	size_t i;

	for (i = 0; i < r->n_value; i++) {
		const struct sctrace_value *v = &r->value[i];

		if (v->arch != arch || v->kind != kind || v->nr != names_number(arch, bit))
			continue;
		any = true;
		add_value(s, run, name, v);
	}
	if (value_row(arch, name) && (!any || r->open))
		saw(s, run, arch, name, SERIES_OPEN, 0, NULL);
}

static char *boot_id(void)
{
	cleanup_file FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	char text[64] = "";

	if (!f || fscanf(f, "%63s", text) != 1)
		return xstrdup("unknown");
	return xstrdup(text);
}

/**
 * series_add_record() - count a record as a run
 * @s: the series
 * @r: the record, with values
 * @native: the kernel's own ABI
 * @container: what it is called, or NULL
 * @refused: what the container's filter refused counts as well
 *
 * What counts is what a profile is made of: see derive_wants(). A run that is there
 * already is the same run still.
 */
void series_add_record(struct series *s, const struct record *r, uint32_t native,
		       const char *container, bool refused)
{
	cleanup_free char *boot = boot_id();
	int64_t boottime = clock_ns(CLOCK_BOOTTIME);
	struct utsname u = { 0 };
	struct series_run run = {
		.boot = boot, .record = r->id, .since = r->since, .arch = native,
		.began = (clock_ns(CLOCK_REALTIME) - (boottime - (int64_t)r->since)) / SECOND,
		.span = ((r->ended_at ? r->ended_at : (uint64_t)boottime) - r->since) / SECOND,
		.host = u.nodename, .kernel = u.release, .container = (char *)container,
		.whole = !(derive_doubts(r) & DOUBT_STRICT),
	};
	unsigned int kind;
	size_t i, at;
	int bit;

	uname(&u);
	at = place(s, &run);
	for (i = 0; i < r->n_abi; i++)
		for (kind = 0; kind < KIND_COUNT; kind++) {
			if (!derive_wants(kind, false) &&
			    !(refused && derive_is_refused(kind)))
				continue;
			for_each_nr(bit, &r->abi[i].kind[kind]) {
				uint32_t arch = r->abi[i].arch;
				cleanup_free char *name = names_syscall_text(arch, bit);

				saw(s, at, arch, name, SERIES_CALL, 0, NULL);
				add_values(s, at, r, arch, bit, kind, name);
			}
		}
	while (s->n_run > SERIES_MAX)
		drop_first(s);
}

/**
 * series_add() - count the runs of another series as well
 * @to: the series
 * @from: the other; runs that both have are the same run
 */
void series_add(struct series *to, const struct series *from)
{
	cleanup_free size_t *at = xcalloc(from->n_run + 1, sizeof(*at));
	size_t i, k;

	for (k = 0; k < from->n_run; k++)
		place(to, &from->run[k]);
	/* only now, as each may have moved others */
	for (k = 0; k < from->n_run; k++)
		at[k] = place(to, &from->run[k]);
	for (i = 0; i < from->n_item; i++) {
		struct series_item *mine = item(to, &from->item[i]);

		for (k = 0; k < from->n_run; k++)
			mine->in[at[k]] |= from->item[i].in[k];
	}
	to->dropped += from->dropped;
	while (to->n_run > SERIES_MAX)
		drop_first(to);
}

/* Does a machine have an ABI? */
static bool has(uint32_t machine, uint32_t arch)
{
	const struct abi_name *a = names_abi(arch);

	return machine == arch || (a && a->host == machine);
}

/**
 * series_count() - in how many runs was something seen?
 * @s: the series
 * @i: what
 * @of: gets the number of runs on machines that have this ABI
 */
size_t series_count(const struct series *s, const struct series_item *i, size_t *of)
{
	size_t k, n = 0;

	*of = 0;
	for (k = 0; k < s->n_run; k++) {
		n += i->in[k];
		*of += has(s->run[k].arch, i->arch);
	}
	return n;
}

/**
 * series_first() - the first run that had something
 * @s: the series
 * @i: what
 *
 * Return: its index, @s->n_run where none of the runs that are kept had it.
 */
size_t series_first(const struct series *s, const struct series_item *i)
{
	size_t k;

	for (k = 0; k < s->n_run && !i->in[k]; k++)
		;
	return k;
}

/**
 * series_value() - an item in words
 * @i: the item
 *
 * Return: "socket(AF_INET, SOCK_STREAM, 0)", for free().
 */
char *series_value(const struct series_item *i)
{
	uint64_t arg[ARRAY_SIZE(i->arg)];
	cleanup_free char *words = NULL;

	if (i->what == SERIES_CALL)
		return xstrdup(i->name);
	if (i->what == SERIES_OPEN)
		return xasprintf("%s(others that are not known)", i->name);
	memcpy(arg, i->arg, sizeof(arg));
	words = values_tuple(i->name, arg, i->num);
	return xasprintf("%s(%s)", i->name, words);
}

/**
 * series_path() - where the series of a profile stands
 * @profile: the profile's file
 *
 * Return: the path, for free().
 */
char *series_path(const char *profile)
{
	return xasprintf("%s" SERIES_SUFFIX, profile);
}

static char *digest_text(const char *text, size_t len)
{
	return xasprintf("fnv1a64:%016" PRIx64, digest(text, len));
}

static void put(struct json_object *o, const char *key, struct json_object *v)
{
	if (!v || json_object_object_add(o, key, v))
		out_of_memory();
}

static void put_text(struct json_object *o, const char *key, const char *s)
{
	cleanup_free char *safe = printable(s);

	put(o, key, json_object_new_string(safe));
}

static void append(struct json_object *a, struct json_object *v)
{
	if (!v || json_object_array_add(a, v))
		out_of_memory();
}

/* "1-3,7", counted from 1 */
static char *ranges(const struct series *s, const struct series_item *i)
{
	char *text = NULL;
	size_t k, end, len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_of_memory();
	for (k = 0; k < s->n_run; k = end + 1) {
		end = k;
		if (!i->in[k])
			continue;
		while (end + 1 < s->n_run && i->in[end + 1])
			end++;
		fprintf(f, "%s%zu", ftell(f) ? "," : "", k + 1);
		if (end > k)
			fprintf(f, "-%zu", end + 1);
	}
	if (fclose(f))
		out_of_memory();
	return text;
}

static char *date(int64_t s)
{
	char text[32] = "";
	time_t t = s;
	struct tm tm;

	if (gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return xstrdup(text);
}

static struct json_object *run_json(const struct series_run *r)
{
	struct json_object *o = json_object_new_object();
	cleanup_free char *abi = names_abi_text(r->arch), *began = date(r->began);

	put_text(o, "boot_id", r->boot);
	put(o, "record", json_object_new_int64(r->record));
	put(o, "since_ns", json_object_new_int64(r->since));
	put_text(o, "host", r->host);
	put_text(o, "kernel", r->kernel);
	put_text(o, "arch", abi);
	if (r->container)
		put_text(o, "container", r->container);
	put_text(o, "began", began);
	put(o, "began_s", json_object_new_int64(r->began));
	put(o, "seconds", json_object_new_int64(r->span));
	put(o, "whole", json_object_new_boolean(r->whole));
	return o;
}

static struct json_object *item_json(const struct series *s, const struct series_item *i)
{
	struct json_object *o = json_object_new_object(), *args;
	cleanup_free char *abi = names_abi_text(i->arch), *in = ranges(s, i);
	size_t n, of;
	unsigned int k;

	put_text(o, "name", i->name);
	put_text(o, "abi", abi);
	if (i->what == SERIES_OPEN) {
		put(o, "open", json_object_new_boolean(true));
	} else if (i->what == SERIES_VALUE) {
		cleanup_free char *words = series_value(i);

		args = json_object_new_array();
		for (k = 0; k < i->num; k++) {
			cleanup_free char *hex = xasprintf("0x%" PRIx64, i->arg[k]);

			append(args, json_object_new_string(hex));
		}
		put(o, "args", args);
		put_text(o, "call", words);
	}
	n = series_count(s, i, &of);
	put(o, "count", json_object_new_int64(n));
	put(o, "of", json_object_new_int64(of));
	put(o, "runs", json_object_new_string(in));
	return o;
}

/**
 * series_text() - a series as it stands in a file
 * @s: the series
 * @profile: the text of the profile that it is of
 * @len: of that
 *
 * Return: JSON, for free().
 */
char *series_text(const struct series *s, const char *profile, size_t len)
{
	struct json_object *root = json_object_new_object();
	struct json_object *runs = json_object_new_array(), *seen = json_object_new_array();
	cleanup_free char *of = digest_text(profile, len), *check = NULL;
	const char *plain;
	char *text;
	size_t i;

	put(root, "version", json_object_new_int(VERSION));
	put(root, "profile", json_object_new_string(of));
	for (i = 0; i < s->n_run; i++)
		append(runs, run_json(&s->run[i]));
	for (i = 0; i < s->n_item; i++)
		append(seen, item_json(s, &s->item[i]));
	put(root, "dropped", json_object_new_int64(s->dropped));
	put(root, "runs", runs);
	put(root, "seen", seen);
	plain = json_object_to_json_string_ext(root, PLAIN);
	check = digest_text(plain, strlen(plain));
	put(root, "check", json_object_new_string(check));
	text = xasprintf("%s\n", json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
			 JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return text;
}

static bool number_of(struct json_object *o, const char *key, int64_t *to)
{
	struct json_object *v = json_typed(o, key, json_type_int);

	*to = v ? json_object_get_int64(v) : 0;
	return v;
}

static bool abi_of(const char *name, uint32_t *arch)
{
	const struct abi_name *a;

	for (a = names_abis + 1; name && a->token; a++)
		if (!strcmp(a->name, name)) {
			*arch = a->arch;
			return true;
		}
	return false;
}

static bool parse_run(struct json_object *o, struct series *s)
{
	struct json_object *whole = json_typed(o, "whole", json_type_boolean);
	int64_t record, since, span;
	struct series_run r = {
		.boot = (char *)json_text(o, "boot_id"), .host = (char *)json_text(o, "host"),
		.kernel = (char *)json_text(o, "kernel"), .container = (char *)json_text(o, "container"),
		.whole = json_object_get_boolean(whole),
	};

	if (!r.boot || !r.host || !r.kernel || !whole || !abi_of(json_text(o, "arch"), &r.arch) ||
	    !number_of(o, "record", &record) || !number_of(o, "since_ns", &since) ||
	    !number_of(o, "began_s", &r.began) || !number_of(o, "seconds", &span))
		return false;
	r.record = record;
	r.since = since;
	r.span = span;
	/* in their order, and each once: the numbers below are theirs */
	return place(s, &r) + 1 == s->n_run;
}

/* Reads "1-3,7" */
static bool parse_ranges(const char *text, struct series_item *i, size_t n)
{
	unsigned long from, to, last = 0;
	char *end;

	if (!text)
		return false;
	while (*text) {
		from = strtoul(text, &end, 10);
		to = from;
		if (end == text)
			return false;
		if (*end == '-')
			to = strtoul(text = end + 1, &end, 10);
		if (end == text || from <= last || to < from || to > n ||
		    (*end && (*end != ',' || !end[1])))
			return false;
		last = to;
		for (; from <= to; from++)
			i->in[from - 1] = true;
		text = end + (*end == ',');
	}
	return true;
}

static bool parse_item(struct json_object *o, struct series *s)
{
	struct json_object *args = json_typed(o, "args", json_type_array);
	struct series_item like = { .name = (char *)json_text(o, "name") };
	size_t k, before = s->n_item;

	if (!like.name || !*like.name || !abi_of(json_text(o, "abi"), &like.arch))
		return false;
	if (json_typed(o, "open", json_type_boolean))
		like.what = SERIES_OPEN;
	if (args) {
		like.what = SERIES_VALUE;
		like.num = json_object_array_length(args);
		if (!like.num || like.num > ARRAY_SIZE(like.arg))
			return false;
		for (k = 0; k < like.num; k++) {
			struct json_object *v = json_object_array_get_idx(args, k);
			const char *hex = json_object_is_type(v, json_type_string) ?
					  json_object_get_string(v) : "";
			char *end;

			like.arg[k] = strtoull(hex, &end, 16);
			if (strncmp(hex, "0x", 2) || *end)
				return false;
		}
	}
	return parse_ranges(json_text(o, "runs"), item(s, &like), s->n_run) &&
	       s->n_item == before + 1;
}

static int parse(struct json_object *root, const char *profile, size_t profile_len,
		 struct series *s, struct error **err)
{
	cleanup_free char *of = digest_text(profile, profile_len), *check = NULL, *is = NULL;
	const char *plain, *was = json_text(root, "check"), *belongs = json_text(root, "profile");
	struct json_object *runs = json_typed(root, "runs", json_type_array);
	struct json_object *seen = json_typed(root, "seen", json_type_array);
	int64_t version, dropped;
	bool good = true;
	size_t i;

	if (!was || !belongs || !runs || !seen || !number_of(root, "version", &version) ||
	    !number_of(root, "dropped", &dropped))
		return error_make(err, ST_FAILED, 0, "is no series of runs");
	if (version != VERSION)
		return error_make(err, ST_FAILED, 0, "has version %" PRId64 ", and this program knows %d",
				  version, VERSION);
	is = xstrdup(was);
	if (strcmp(belongs, of))
		return error_make(err, ST_FAILED, 0,
				  "is of another profile, or that was changed since: remove it, or record again");
	json_object_object_del(root, "check");
	plain = json_object_to_json_string_ext(root, PLAIN);
	check = digest_text(plain, strlen(plain));
	if (strcmp(is, check))
		return error_make(err, ST_FAILED, 0,
				  "was changed since it was written: remove it, or record again");
	s->dropped = dropped;
	for (i = 0; i < json_object_array_length(runs) && good; i++)
		good = parse_run(json_object_array_get_idx(runs, i), s);
	for (i = 0; i < json_object_array_length(seen) && good; i++)
		good = parse_item(json_object_array_get_idx(seen, i), s);
	return good ? 0 : error_make(err, ST_FAILED, 0, "is no series of runs");
}

/**
 * series_parse() - read a series
 * @text: JSON
 * @len: of that
 * @profile: the text of the profile that it is to be of
 * @profile_len: of that
 * @s: set up with zeroes; stays empty on failure
 * @err: what is wrong with it
 *
 * Return: 0, or -1 and @err.
 */
int series_parse(const char *text, size_t len, const char *profile, size_t profile_len,
		 struct series *s, struct error **err)
{
	struct json_tokener *tok = json_tokener_new_ex(16);
	struct json_object *root;
	int ret = -1;

	if (!tok)
		out_of_memory();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	root = json_tokener_parse_ex(tok, text, len + 1);
	json_tokener_free(tok);
	if (!json_object_is_type(root, json_type_object))
		error_make(err, ST_FAILED, 0, "is no JSON object");
	else
		ret = parse(root, profile, profile_len, s, err);
	json_object_put(root);
	if (ret)
		series_free(s);
	return ret;
}

/**
 * series_read() - read the series of a profile in a file
 * @path: the profile's file
 * @s: set up with zeroes
 * @err: why there is none; errnum is ENOENT where there is no such file
 *
 * Return: 0, or -1 and @err.
 */
int series_read(const char *path, struct series *s, struct error **err)
{
	cleanup_free char *beside = series_path(path), *text = NULL, *profile = NULL;
	size_t len, profile_len;

	profile = file_read(path, MAX_SIZE, &profile_len, err);
	if (!profile)
		return -1;
	text = file_read(beside, MAX_SIZE, &len, err);
	if (!text)
		return -1;
	if (series_parse(text, len, profile, profile_len, s, err) < 0)
		return error_wrap(err, "`%s`", beside);
	return 0;
}

/**
 * series_write() - write the series of a profile beside it
 * @path: the profile's file, which is there already
 * @s: the series
 * @err: why it cannot be written
 *
 * Return: 0, or -1 and @err.
 */
int series_write(const char *path, const struct series *s, struct error **err)
{
	cleanup_free char *beside = series_path(path), *text = NULL, *profile = NULL;
	cleanup_file_out struct file_out out = FILE_OUT_INIT;
	size_t len;

	profile = file_read(path, MAX_SIZE, &len, err);
	if (!profile)
		return -1;
	text = series_text(s, profile, len);
	if (file_open(&out, beside, err) < 0)
		return -1;
	if (fputs(text, out.stream) == EOF)
		return error_make(err, ST_FAILED, errno, "write `%s`", beside);
	return file_commit(&out, err);
}

/**
 * series_free() - release a series
 * @s: the series, usable again
 */
void series_free(struct series *s)
{
	size_t i;

	for (i = 0; i < s->n_run; i++)
		run_free(&s->run[i]);
	for (i = 0; i < s->n_item; i++) {
		free(s->item[i].name);
		free(s->item[i].in);
	}
	free(s->run);
	free(s->item);
	memset(s, 0, sizeof(*s));
}
