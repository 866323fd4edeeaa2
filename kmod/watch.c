// SPDX-License-Identifier: GPL-2.0

#include <linux/ctype.h>
#include <linux/string.h>
#include <linux/stringify.h>
#ifdef CONFIG_X86_64
#include <asm/unistd_64_x32.h>
#endif

#include "watch.h"

const struct sctrace_watched sctrace_watched[SCTRACE_WATCHED_ROWS] = {
	SCTRACE_WATCHED_CALLS(SCTRACE_WATCHED_INIT)
};

#define NATIVE(row, call, where, how, bits, first, num)			\
	[SCTRACE_ROW_##row] = __stringify(__NR_##call),
static const char *const numbers[SCTRACE_WATCHED_ROWS] __initconst = {
	SCTRACE_WATCHED_CALLS(NATIVE)
};

#ifdef CONFIG_X86_64
/* Those that x32 does not share with the kernel's own ABI */
#define X32(row, call, where, how, bits, first, num)			\
	[SCTRACE_ROW_##row] = __stringify(__NR_x32_##call),
static const char *const numbers_x32[SCTRACE_WATCHED_ROWS] __initconst = {
	SCTRACE_WATCHED_CALLS(X32)
};
#endif

/* The ABIs */
enum {
	NATIVE_ABI,
	FOREIGN_ABI,
	X32_ABI,
	ABIS
};

s8 sctrace_places[2][SCTRACE_SEEN_MAX] __ro_after_init;

/* The row of each number, plus one; and the number of each row, plus one */
static u8 rows[ABIS][SCTRACE_NR_MAX] __ro_after_init;
static u16 row_numbers[ABIS][SCTRACE_WATCHED_ROWS] __ro_after_init;

static unsigned int abi_of(u32 arch)
{
	if (likely(arch == SCTRACE_ARCH_NATIVE))
		return NATIVE_ABI;
	return arch == SCTRACE_ARCH_X32 ? X32_ABI : FOREIGN_ABI;
}

/*
 * The number that a macro of the kernel's stands for: as text it is a sum of numbers, or, if
 * this kernel has no such call, the macro's name. In this way no call needs an #ifdef.
 *
 * Return: the number, or -1.
 */
static int __init number_of(const char *text)
{
	int sum = 0, part = 0;

	for (; *text; text++) {
		if (isdigit(*text)) {
			part = part * 10 + *text - '0';
		} else if (*text == '+') {
			sum += part;
			part = 0;
		} else if (!isspace(*text) && *text != '(' && *text != ')') {
			return -1;
		}
	}
	return sum + part;
}

static unsigned int __init family(unsigned int abi)
{
	if (IS_ENABLED(CONFIG_S390))
		return SCTRACE_WATCHED_IN_S390;
	if (IS_ENABLED(CONFIG_X86_32) ||
	    (IS_ENABLED(CONFIG_X86) && abi == FOREIGN_ABI))
		return SCTRACE_WATCHED_IN_I386;
	return SCTRACE_WATCHED_IN_OTHERS;
}

static void __init add(unsigned int abi, unsigned int row, const char *text)
{
	const struct sctrace_watched *w = &sctrace_watched[row];
	int nr = number_of(text), place;

	if (nr < 0 || nr >= SCTRACE_NR_MAX || !(w->where & family(abi)))
		return;
	rows[abi][nr] = row + 1;
	row_numbers[abi][row] = nr + 1;
	if (abi == X32_ABI || nr >= SCTRACE_SEEN_NR ||
	    w->how == SCTRACE_WATCHED_POINTED)
		return;
	place = sctrace_arg_places[abi][w->first];
	sctrace_places[abi][nr] = w->num > 1 ? place - SCTRACE_PLACE_MORE : place;
}

/**
 * sctrace_watch_init() - find out which numbers are watched
 */
void __init sctrace_watch_init(void)
{
	unsigned int row;

	BUILD_BUG_ON(SCTRACE_WATCHED_ROWS > 64);
	/* There is some register; what is not watched is never cached */
	memset(sctrace_places, sctrace_arg_places[0][1] - SCTRACE_PLACE_MORE,
	       sizeof(sctrace_places));
	for (row = 0; row < SCTRACE_WATCHED_ROWS; row++) {
		add(NATIVE_ABI, row, numbers[row]);
#ifdef SCTRACE_ARCH_COMPAT
		add(FOREIGN_ABI, row, sctrace_numbers32[row]);
#endif
#ifdef CONFIG_X86_64
		add(X32_ABI, row, number_of(numbers_x32[row]) < 0 ?
		    numbers[row] : numbers_x32[row]);
#endif
	}
}

/**
 * sctrace_watch_number() - the number of a watched call
 * @arch: the ABI
 * @row: of the call
 *
 * Return: the number; -1: there is no such call in that ABI.
 */
int sctrace_watch_number(u32 arch, unsigned int row)
{
	return row_numbers[abi_of(arch)][row] - 1;
}

static void read_pointed(struct sctrace_args *args, const struct pt_regs *regs,
			 unsigned int place, bool foreign)
{
	unsigned long at = sctrace_register(regs, place, foreign);

	args->unreadable = !sctrace_copy_from_user(&args->value,
						   (const void __user *)at,
						   sizeof(args->value));
}

/* A single argument */
static void read_one(struct sctrace_args *args, const struct pt_regs *regs,
		     const struct sctrace_watched *w, const u8 *places,
		     bool foreign)
{
	args->raw = sctrace_register(regs, places[w->first], foreign);
	args->value = args->raw;
	if (w->bits == 64 || foreign)
		return;
	args->value = (u32)args->raw;
	args->upper = args->value != args->raw;
}

/* Two or three: argument 1 and 2, and the first */
static void read_more(struct sctrace_args *args, const struct pt_regs *regs,
		      const struct sctrace_watched *w, const u8 *places,
		      bool foreign)
{
	unsigned int i;

	args->value = (u32)sctrace_register(regs, places[w->first], foreign) |
		(u64)(u32)sctrace_register(regs, places[1], foreign) << 32;
	args->third = sctrace_register(regs, places[2], foreign);
	args->raw = args->value;
	for (i = 0; i < w->num && !foreign; i++) {
		if (sctrace_register_upper(regs, places[w->first + i]))
			args->upper |= BIT(i);
	}
	args->exact = args->exact && !args->upper;
}

/**
 * sctrace_args_read() - what is a call, and what is it made with?
 * @args: where to
 * @tsk: current, in a system call
 * @id: what the tracepoint gave
 * @entering: it enters the call. What an argument points to is read only then
 *
 * Who changes what an argument points to between this and the call itself deceives only
 * himself: no filter can see it.
 *
 * Context: a probe of a system call's tracepoint.
 */
void sctrace_args_read(struct sctrace_args *args, struct task_struct *tsk,
		       long id, bool entering)
{
	const struct pt_regs *regs = task_pt_regs(tsk);
	const struct sctrace_watched *w;
	unsigned int abi;
	const u8 *places;
	bool foreign;
	long nr = id;

	memset(args, 0, sizeof(*args));
	args->arch = sctrace_abi_arch(&nr);
	args->nr = nr;
	args->row = SCTRACE_NO_ROW;
	abi = abi_of(args->arch);
	if (nr < 0 || !rows[abi][nr])
		return;
	args->row = rows[abi][nr] - 1;
	w = &sctrace_watched[args->row];
	foreign = abi == FOREIGN_ABI;
	places = sctrace_arg_places[foreign];
	if (w->how == SCTRACE_WATCHED_POINTED) {
		if (entering)
			read_pointed(args, regs, places[w->first], foreign);
		else
			args->row = SCTRACE_NO_ROW;
		return;
	}
	args->exact = abi != X32_ABI && nr < SCTRACE_SEEN_NR;
	if (w->num > 1)
		read_more(args, regs, w, places, foreign);
	else
		read_one(args, regs, w, places, foreign);
}
