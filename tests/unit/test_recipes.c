// SPDX-License-Identifier: GPL-2.0
/* The recipes of docs/ci.md and contrib: YAML, whose parts name each other as they should. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "lib/file.h"
#include "lib/json.h"
#include "format/json.h"
#include "format/yaml.h"

#define DAEMONSET	"../contrib/drift/daemonset.yaml"
#define CLASS		"../contrib/runtime/kubernetes/runtimeclass.yaml"
#define CI		"../docs/ci.md"

static char *text_of(const char *path)
{
	struct error *err = NULL;
	size_t len;
	char *text;

#ifndef HAVE_LIBYAML
	skip();
#endif
	text = file_read(path, 1 << 20, &len, &err);
	assert_non_null(text);
	return text;
}

/* The first document of YAML */
static struct json_object *first(const char *text, size_t len, struct json_doc **doc)
{
	struct error *err = NULL;

	*doc = yaml_parse(text, len, &err);
	if (err)
		print_error("%s\n", err->text);
	assert_non_null(*doc);
	assert_true(json_object_array_length((*doc)->root) > 0);
	return json_object_array_get_idx((*doc)->root, 0);
}

/* What a path of members and numbers of elements leads to */
static const char *at(struct json_object *o, const char *path)
{
	cleanup_free char *copy = xstrdup(path);
	char *rest = copy, *part;

	while ((part = strsep(&rest, "/"))) {
		if (json_object_is_type(o, json_type_array))
			o = json_object_array_get_idx(o, atoi(part));
		else
			assert_true(json_object_object_get_ex(o, part, &o));
		assert_non_null(o);
	}
	return json_object_get_string(o);
}

static void manifest(void **state)
{
	cleanup_free char *text = text_of(DAEMONSET), *ci = text_of(CI), *word = NULL;
	struct json_doc *doc;
	struct json_object *o;

	(void)state;
	o = first(text, strlen(text), &doc);
	assert_string_equal(at(o, "kind"), "DaemonSet");
	assert_string_equal(at(o, "spec/selector/matchLabels/app"),
			    at(o, "spec/template/metadata/labels/app"));
	assert_string_equal(at(o, "spec/template/spec/volumes/0/name"),
			    at(o, "spec/template/spec/containers/0/volumeMounts/0/name"));
	/* what the commands make is what it names */
	word = xasprintf("-t %s .", at(o, "spec/template/spec/containers/0/image"));
	assert_non_null(strstr(ci, word));
	free(word);
	word = xasprintf("kubectl -n %s create configmap %s ", at(o, "metadata/namespace"),
			 at(o, "spec/template/spec/volumes/0/configMap/name"));
	assert_non_null(strstr(ci, word));
	json_doc_free(doc);
}

static void runtime_class(void **state)
{
	cleanup_free char *text = text_of(CLASS), *node = NULL, *word = NULL;
	struct json_doc *doc;
	struct json_object *o = first(text, strlen(text), &doc);

	(void)state;
	assert_string_equal(at(o, "kind"), "RuntimeClass");
	/* what a node's engine must know by that name */
	node = text_of("../contrib/runtime/containerd/config.toml");
	word = xasprintf("containerd.runtimes.%s]", at(o, "handler"));
	assert_non_null(strstr(node, word));
	free(node);
	free(word);
	node = text_of("../contrib/runtime/crio/50-sctrace-runtime.conf");
	word = xasprintf("[crio.runtime.runtimes.%s]", at(o, "handler"));
	assert_non_null(strstr(node, word));
	json_doc_free(doc);
}

static void blocks(void **state)
{
	cleanup_free char *ci = text_of(CI);
	const char *begin = ci, *end;
	struct json_object *o, *steps;
	struct json_doc *doc;
	size_t n = 0, i;

	(void)state;
	while ((begin = strstr(begin, "```yaml\n"))) {
		begin += strlen("```yaml\n");
		end = strstr(begin, "\n```");
		assert_non_null(end);
		o = first(begin, end - begin, &doc);
		if (!n++) {
			assert_true(json_object_object_get_ex(o, "on", NULL));
			assert_true(json_object_object_get_ex(o, "jobs", &o));
			assert_true(json_object_object_get_ex(o, "drift", &o));
			steps = json_typed(o, "steps", json_type_array);
			for (i = 0; i < json_object_array_length(steps); i++) {
				o = json_object_array_get_idx(steps, i);
				assert_true(!json_text(o, "run") != !json_text(o, "uses"));
			}
			assert_true(i);
		}
		json_doc_free(doc);
	}
	assert_int_equal(n, 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest), cmocka_unit_test(runtime_class),
		cmocka_unit_test(blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
