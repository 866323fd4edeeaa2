// SPDX-License-Identifier: GPL-2.0
/*
 * The part of classic BPF that a seccomp filter may use, as the kernel runs it
 * (seccomp_check_filter() in the kernel's kernel/seccomp.c).
 */
#include <byteswap.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf.h"
#include "lib/util.h"

/* Kernels before 3.17 have no memfd_create */
static int unnamed_file(void)
{
	char name[] = P_tmpdir "/sctrace.XXXXXX";
	int fd = memfd_create("filter", MFD_CLOEXEC);

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/**
 * bpf_export() - the instructions of a filter
 * @ctx: libseccomp's filter
 * @b: set; bpf_free() it
 *
 * Return: 0, or a negative errno.
 */
int bpf_export(scmp_filter_ctx ctx, struct bpf *b)
{
	int fd = unnamed_file();
	off_t size;
	int ret;

	memset(b, 0, sizeof(*b));
	if (fd < 0)
		return -errno;
	ret = seccomp_export_bpf(ctx, fd);
	if (ret)
		goto out;
	ret = -EIO;
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % sizeof(*b->v))
		goto out;
	b->v = xcalloc(size, 1);
	b->n = size / sizeof(*b->v);
	if (pread(fd, b->v, size, 0) == size)
		ret = 0;
	else
		bpf_free(b);
out:
	close(fd);
	return ret;
}

/**
 * bpf_copy() - a filter of one's own
 * @to: set; bpf_free() it
 * @from: the filter
 */
void bpf_copy(struct bpf *to, const struct bpf *from)
{
	*to = *from;
	to->v = xcalloc(from->n + 1, sizeof(*to->v));
	memcpy(to->v, from->v, from->n * sizeof(*to->v));
}

/* Can libseccomp have meant this answer? Only an errno and a tracer's message are data. */
static bool is_answer(uint32_t k)
{
	uint32_t data = k & SECCOMP_RET_DATA;

	switch (k & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return data < 4096;	/* the kernel has none that is greater */
	case SECCOMP_RET_TRACE:
		return true;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return !data;
	default:
		return false;
	}
}

/**
 * bpf_swap() - make a filter of the other byte order readable
 * @b: the filter
 *
 * Of a long filter libseccomp repeats answers, and swaps the bytes of the copies again
 * (2.4.1 to 2.6.1, gen_bpf.c, _gen_bpf_build_jmp_ret()).  No answer is one both ways, but
 * for those that are the same both ways.
 */
void bpf_swap(struct bpf *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		b->v[i].code = bswap_16(b->v[i].code);
		if (b->v[i].code != (BPF_RET | BPF_K) || !is_answer(b->v[i].k))
			b->v[i].k = bswap_32(b->v[i].k);
	}
}

/**
 * bpf_free() - release a filter
 * @b: the filter
 */
void bpf_free(struct bpf *b)
{
	free(b->v);
	memset(b, 0, sizeof(*b));
}

/**
 * bpf_valid() - would the kernel load this, and can it be followed here?
 * @b: the filter
 *
 * Return: true if so.
 */
bool bpf_valid(const struct bpf *b)
{
	size_t i;

	if (!b->n || b->n > BPF_MAX || BPF_CLASS(b->v[b->n - 1].code) != BPF_RET)
		return false;
	for (i = 0; i < b->n; i++) {
		const struct sock_filter *f = &b->v[i];

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f->k > sizeof(struct seccomp_data) - 4 || f->k & 3)
				return false;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_RET | BPF_K:
			break;
		case BPF_JMP | BPF_JA:
			if (f->k >= b->n - i - 1)
				return false;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			if (i + 1 + f->jt >= b->n || i + 1 + f->jf >= b->n)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* which argument a load is of: its bits begin at this variable */
static unsigned int word_of(const struct bpf *b, uint32_t offset)
{
	unsigned int at = (offset - offsetof(struct seccomp_data, args)) / 4;
	bool high = b->big ? !(at & 1) : at & 1;

	return at / 2 * DD_BITS + (high ? 0 : 32);
}

static bool is_arg(uint32_t offset)
{
	return offset >= offsetof(struct seccomp_data, args);
}

static uint32_t load(const struct bpf *b, const struct seccomp_data *d,
		     uint32_t offset)
{
	unsigned int word;
	uint64_t x;

	if (is_arg(offset)) {
		word = word_of(b, offset);
		x = d->args[word / DD_BITS];
		return word % DD_BITS ? x : x >> 32;
	}
	if (offset == offsetof(struct seccomp_data, nr))
		return d->nr;
	if (offset == offsetof(struct seccomp_data, arch))
		return d->arch;
	return d->instruction_pointer >> (offset & 4 ? 32 : 0);
}

static bool holds(const struct sock_filter *f, uint32_t a)
{
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return a == f->k;
	case BPF_JGT:
		return a > f->k;
	case BPF_JGE:
		return a >= f->k;
	default:
		return a & f->k;
	}
}

/**
 * bpf_run() - what a filter answers
 * @b: the filter, a valid one
 * @d: the call
 *
 * Return: SECCOMP_RET_* with its data.
 */
uint32_t bpf_run(const struct bpf *b, const struct seccomp_data *d)
{
	uint32_t a = 0;
	size_t pc;

	for (pc = 0;; pc++) {
		const struct sock_filter *f = &b->v[pc];

		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			a = load(b, d, f->k);
			break;
		case BPF_ALU:
			a &= f->k;
			break;
		case BPF_RET:
			return f->k;
		default:
			if (BPF_OP(f->code) == BPF_JA)
				pc += f->k;
			else
				pc += holds(f, a) ? f->jt : f->jf;
		}
	}
}

/* the accumulator: a number, or a word of an argument and a mask */
struct acc {
	bool arg;
	uint32_t value;		/* the number, or the word's first bit */
	uint32_t mask;
};

/* what a filter answers from one instruction on, for one accumulator */
struct known {
	uint32_t word, mask;
	dd_t f;
	struct known *next;
};

struct follow {
	const struct bpf *b;
	struct dd *m;
	struct seccomp_data d;	/* the number and the architecture */
	struct known **at;
};

static dd_t follow(struct follow *s, size_t pc, struct acc a)
{
	const struct sock_filter *f;
	struct known *x;
	dd_t cond, yes, no;
	size_t from;

	/* as far as the way does not depend on arguments */
	for (;; pc++) {
		f = &s->b->v[pc];
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			a.arg = is_arg(f->k);
			a.value = a.arg ? word_of(s->b, f->k) :
					  load(s->b, &s->d, f->k);
			a.mask = UINT32_MAX;
			continue;
		case BPF_ALU:
			a.mask &= f->k;
			if (!a.arg)
				a.value &= f->k;
			continue;
		case BPF_RET:
			return dd_value(s->m, f->k);
		}
		if (BPF_OP(f->code) == BPF_JA)
			pc += f->k;
		else if (!a.arg)
			pc += holds(f, a.value) ? f->jt : f->jf;
		else
			break;
	}
	from = pc;
	for (x = s->at[from]; x; x = x->next)
		if (x->word == a.value && x->mask == a.mask)
			return x->f;
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		cond = dd_word(s->m, a.value, PO_EQ, f->k, a.mask);
		break;
	case BPF_JSET:
		cond = dd_word(s->m, a.value, PO_EQ, 0, a.mask & f->k);
		cond = dd_minus(s->m, dd_value(s->m, 1), cond);
		break;
	default:
		cond = dd_word(s->m, a.value, BPF_OP(f->code) == BPF_JGT ?
			       PO_GT : PO_GE, f->k, a.mask);
	}
	yes = follow(s, pc + 1 + f->jt, a);
	no = follow(s, pc + 1 + f->jf, a);
	x = xcalloc(1, sizeof(*x));
	*x = (struct known){ a.value, a.mask, dd_ite(s->m, cond, yes, no),
			     s->at[from] };
	s->at[from] = x;
	return x->f;
}

/**
 * bpf_function() - what a filter answers for one number, for all arguments
 * @b: the filter, a valid one
 * @m: where the diagram goes
 * @arch: AUDIT_ARCH_*
 * @nr: the number
 *
 * Return: the function; its values are SECCOMP_RET_* with their data.
 */
dd_t bpf_function(const struct bpf *b, struct dd *m, uint32_t arch,
		  uint32_t nr)
{
	struct follow s = { .b = b, .m = m, .d = { .nr = nr, .arch = arch } };
	struct known *x;
	dd_t f;
	size_t i;

	s.at = xcalloc(b->n, sizeof(*s.at));
	f = follow(&s, 0, (struct acc){ 0 });
	for (i = 0; i < b->n; i++)
		while ((x = s.at[i])) {
			s.at[i] = x->next;
			free(x);
		}
	free(s.at);
	return f;
}
