// SPDX-License-Identifier: GPL-2.0
/* A profile from a file that a person named. */

#include "format.h"
#include "lib/file.h"

/**
 * format_read_file() - read a profile from a file
 * @path: the file, or `-`
 * @f: the dialect or FORMAT_AUTO
 * @found: set to the dialect, or NULL
 * @err: why not
 *
 * What of the file is no part of a profile is said on standard error.
 *
 * Return: the profile, or NULL.
 */
struct profile *format_read_file(const char *path, enum format f,
				 enum format *found, struct error **err)
{
	cleanup_free char *text = NULL;
	struct profile_notes notes = { 0 };
	struct profile *p;
	size_t i, len;

	text = file_read(path, FORMAT_MAX_LOG, &len, err);
	if (!text)
		return NULL;
	p = format_read(text, len, f, found, &notes, err);
	for (i = 0; i < notes.n; i++)
		note("`%s`: %s", path, notes.v[i]);
	profile_notes_free(&notes);
	if (!p)
		error_wrap(err, "read `%s`", path);
	return p;
}
