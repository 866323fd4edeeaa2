// SPDX-License-Identifier: GPL-2.0
/* Which words are names of system calls. */
#include <seccomp.h>
#include <strings.h>

#include "ages.h"
#include "known.h"
#include "lib/guess.h"
#include "lib/names.h"
#include "lib/util.h"

#define NUMBERS	1024	/* no ABI has as many calls */

/**
 * known_call() - is this the name of a system call?
 * @name: the word
 *
 * Return: true if libseccomp has it for any ABI, or it is known to be newer.
 */
bool known_call(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR ||
	       ages_call(name);
}

/* every name that this machine's ABIs have; made once, kept for good */
static const struct strset *all_names(void)
{
	static struct strset all;
	uint32_t native = seccomp_arch_native();
	const struct abi_name *a;
	unsigned int bit;

	if (all.n)
		return &all;
	for (a = names_abis + 1; a->token; a++)
		for (bit = 0; bit < NUMBERS; bit++) {
			cleanup_free char *name = NULL;

			if (a->arch != native && a->host != native)
				break;
			name = names_syscall(a->arch, bit);
			if (name)
				strset_add(&all, name);
		}
	return &all;
}

/**
 * known_nearest() - the call that was probably meant
 * @word: a word that is no call's name
 *
 * Return: its name, or NULL: nothing comes near.
 */
const char *known_nearest(const char *word)
{
	const struct strset *all = all_names();
	struct guess g = GUESS_INIT(word);
	size_t i;

	for (i = 0; i < all->n; i++)
		guess_try(&g, all->v[i]);
	return g.best;
}

/**
 * known_capability() - the capability that a word names
 * @word: as the kernel has it (CAP_SYS_ADMIN) or as engines do (SYS_ADMIN)
 * @g: gets what was probably meant, where it is none
 *
 * Return: its name with CAP_, or NULL.
 */
const char *known_capability(const char *word, struct guess *g)
{
	bool prefix = !strncasecmp(word, "CAP_", 4);
	size_t i;

	for (i = 0; names_caps[i]; i++) {
		const char *name = names_caps[i] + (prefix ? 0 : 4);

		if (!strcasecmp(name, word))
			return names_caps[i];
		guess_try(g, name);
	}
	return NULL;
}
