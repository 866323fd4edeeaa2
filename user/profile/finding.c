// SPDX-License-Identifier: GPL-2.0
/* What is found wrong with a profile, kept for who asked. */
#include <stdarg.h>

#include "lint.h"
#include "lib/util.h"

/**
 * finding_add() - add a finding about the rule at hand
 * @f: gets it
 * @id: a word for it, constant
 * @harmless: no reason to fail
 * @fmt: what is wrong, as printf
 */
void finding_add(struct findings *f, const char *id, bool harmless,
		 const char *fmt, ...)
{
	struct finding *x;
	va_list ap;

	f->v = profile_grow(f->v, f->n, sizeof(*f->v));
	x = &f->v[f->n++];
	x->id = id;
	x->harmless = harmless;
	x->rule = f->rule;
	x->instead = NULL;
	va_start(ap, fmt);
	x->text = xvasprintf(fmt, ap);
	va_end(ap);
}

/**
 * finding_instead() - say what to write instead, for the last finding
 * @f: with a finding
 * @fmt: as printf
 */
void finding_instead(struct findings *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	f->v[f->n - 1].instead = xvasprintf(fmt, ap);
	va_end(ap);
}

/**
 * findings_free() - forget findings
 * @f: usable again
 */
void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->v[i].text);
		free(f->v[i].instead);
	}
	free(f->v);
	memset(f, 0, sizeof(*f));
}
