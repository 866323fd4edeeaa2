// SPDX-License-Identifier: GPL-2.0
/*
 * What the hook reads as root and others wrote: the annotation, the state, the
 * configuration. Whatever comes, the configuration with a new filter is one
 * that the filter's reader finds to allow everything; with hooks, nothing else in it
 * is changed; and what an annotation asks is seen by the first look, too.
 */
#include <linux/audit.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hook/annotation.h"
#include "hook/bundle.h"
#include "hook/precreate.h"
#include "hook/state.h"
#include "lib/util.h"
#include "runtime/look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok, const char *what, const char *text)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n%s\n", what, text);
	abort();
}

static void annotation(const char *text)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_error struct error *err = NULL;

	if (hook_annotation_parse(text, &a, &err) < 0) {
		must(err && *err->text, "refused without a word", text);
		return;
	}
	must(!err && a.output && *a.output == '/', "accepted without of:", text);
	must(!a.base || *a.base == '/', "a base that is not absolute", text);
}

static void config(const char *text, size_t len)
{
	cleanup_error struct error *err = NULL;
	cleanup_config struct hook_config c = { 0 };
	cleanup_free char *out = NULL;
	struct json_object *o;
	size_t out_len;

	if (hook_config_parse(text, len, &c, &err) < 0)
		must(err && *err->text, "refused without a word", text);
	out = hook_permit_all(text, len, AUDIT_ARCH_X86_64, &out_len, &err);
	if (!out)
		return;
	must(out_len <= len + HOOK_PERMIT_ALL_ROOM, "no room", text);
	o = hook_json(out, out_len, "", &err);
	must(o, "no JSON any more", out);
	/* strange architectures are handed on as they were */
	must(hook_filter_of(o) == FILTER_PERMISSIVE ||
	     hook_filter_of(o) == FILTER_UNKNOWN, "not permissive", out);
	json_object_put(o);
}

/* What sctrace-runtime does to a configuration */
static void bundle(const char *text, size_t len)
{
	cleanup_annotation struct hook_annotation a = { 0 };
	cleanup_error struct error *err = NULL;
	struct json_object *o, *n, *all;
	cleanup_free char *out = NULL;
	struct rt_look look;
	const char *value;
	size_t out_len;

	rt_look(text, len, NULL, &look);
	must(look.asked || !look.strict, "strict, but not asked", text);
	o = hook_json(text, len, "", &err);
	if (o && json_object_object_get_ex(o, "annotations", &all) &&
	    json_object_is_type(all, json_type_object) &&
	    !hook_annotation_find(all, NULL, &value, &err) && value) {
		must(look.asked, "not seen", text);
		if (!hook_annotation_parse(value, &a, &err))
			must(look.strict || !a.strict, "strict not seen", text);
	}
	out = hook_bundle_hooks(text, len, "/t", NULL, 1, &out_len, &err);
	if (out) {
		n = hook_json(out, out_len, "", &err);
		must(n, "no JSON any more", out);
		json_object_object_del(o, "hooks");
		json_object_object_del(n, "hooks");
		must(json_object_equal(o, n), "something else is changed", out);
		json_object_put(n);
	}
	json_object_put(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_error struct error *err = NULL;
	cleanup_state struct hook_state s = { 0 };
	cleanup_free char *text = xstrndup("", 0);
	const char *value;

	text = xrealloc(text, size + 1, 1);
	memcpy(text, data, size);
	text[size] = '\0';
	annotation(text);
	config(text, size);
	bundle(text, size);
	if (hook_state_parse(text, size, &s, &err) < 0) {
		must(err && *err->text, "refused without a word", text);
		return 0;
	}
	hook_state_id(&s, &err);
	if (!hook_annotation_find(s.annotations, NULL, &value, &err) && value)
		annotation(value);
	return 0;
}
