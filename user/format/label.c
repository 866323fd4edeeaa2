// SPDX-License-Identifier: GPL-2.0
/*
 * The line of a Dockerfile that carries a whole profile as an image's label, for
 * podman's --seccomp-policy=image.
 */
#include <string.h>

#include "spec.h"

#define LABEL_KEY	"io.containers.seccomp.profile"

static int detect(const struct source *s)
{
	return source_has_line(s, "LABEL ") ? 4 : 0;
}

static char *write_text(struct profile *p, const struct format_opts *opts,
			struct profile_notes *notes, struct error **err)
{
	struct json_object *o = spec_build(p, &dialect_podman, opts, notes, err);
	cleanup_free char *ascii = NULL;
	char *text = NULL;
	const char *s;
	size_t len;
	FILE *f;

	if (!o)
		return NULL;
	f = open_memstream(&text, &len);
	if (!f)
		out_of_memory();
	s = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					   JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!s)
		out_of_memory();
	ascii = json_ascii(s, false);
	fputs("LABEL " LABEL_KEY "=\"", f);
	for (s = ascii; *s; s++) {
		/* a dollar begins a variable, also within quotes */
		if (strchr("\"\\$", *s))
			fputc('\\', f);
		fputc(*s, f);
	}
	fputs("\"\n", f);
	json_object_put(o);
	if (fclose(f))
		out_of_memory();
	return text;
}

static struct profile *read_text(const struct source *s,
				 struct profile_notes *notes, struct error **err)
{
	cleanup_free char *json = xcalloc(s->len + 1, 1);
	const char *c = strstr(s->text, LABEL_KEY "=\"");
	cleanup_json_doc struct json_doc *doc = NULL;
	struct source inner = { .text = json };

	if (!c) {
		error_make(err, ST_FAILED, 0,
			   "no label " LABEL_KEY "=\"...\"");
		return NULL;
	}
	for (c += strlen(LABEL_KEY "=\""); *c && *c != '"'; c++) {
		if (*c == '\\' && c[1] && strchr("\"\\$", c[1]))
			c++;
		json[inner.len++] = *c;
	}
	if (!*c) {
		error_make(err, ST_FAILED, 0, "the label's quote does not end");
		return NULL;
	}
	if (strstr(c, LABEL_KEY "=")) {
		error_make(err, ST_FAILED, 0, "the label is given twice");
		return NULL;
	}
	doc = json_parse(json, inner.len, err);
	inner.json = doc;
	return doc ? spec_read_source(&inner, &dialect_podman, notes, err) :
		     NULL;
}

const struct dialect dialect_label = {
	.name = "label",
	.help = "podman's, as the LABEL line of an image",
	.can = CAN_LOAD | CAN_CONDITIONS | CAN_COMMENT | CAN_ARCHMAP |
	       CAN_ERRNO_WORD | CAN_DEFAULT_ERRNO | CAN_ENOSYS,
	.detect = detect,
	.read = read_text,
	.write = write_text,
};
