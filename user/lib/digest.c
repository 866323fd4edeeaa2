// SPDX-License-Identifier: GPL-2.0
/* A digest of a text: FNV-1a of 64 bits. */

#include "digest.h"

/**
 * digest() - the digest of a text
 * @text: the text
 * @len: its length
 */
uint64_t digest(const char *text, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (; len; len--)
		h = (h ^ (unsigned char)*text++) * 0x100000001b3ULL;
	return h;
}
