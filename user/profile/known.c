// SPDX-License-Identifier: GPL-2.0
/* Which words are names of system calls. */
#include <seccomp.h>

#include "ages.h"
#include "known.h"
#include "lib/guess.h"
#include "lib/names.h"

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

/**
 * known_nearest() - the call that was probably meant
 * @word: a word that is no call's name
 *
 * Return: its name, for free(), or NULL: nothing comes near.
 */
char *known_nearest(const char *word)
{
	uint32_t native = seccomp_arch_native();
	struct guess g = GUESS_INIT(word);
	const struct abi_name *a;
	char *best = NULL;
	unsigned int bit;

	for (a = names_abis + 1; a->token; a++)
		for (bit = 0; bit < NUMBERS; bit++) {
			char *name = NULL;

			if (a->arch != native && a->host != native)
				break;
			name = names_syscall(a->arch, bit);
			if (name)
				guess_try(&g, name);
			if (name && g.best == name) {
				free(best);
				best = name;
			} else {
				free(name);
			}
		}
	return best;
}
