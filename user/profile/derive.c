// SPDX-License-Identifier: GPL-2.0
/* From what was recorded to what a profile must allow. */

#include <inttypes.h>
#include <stdarg.h>
#include "derive.h"
#include "lib/names.h"

/*
 * The kernel may make a program enter these at any time (signal return,
 * restart after a stop), and no program can do without the way out.
 */
static const char *const derive_always[] = {
	"exit", "exit_group", "restart_syscall", "rt_sigreturn", NULL
};

/**
 * derive_is_always() - is a call in every profile?
 * @name: of the call
 */
bool derive_is_always(const char *name)
{
	size_t i;

	for (i = 0; derive_always[i] && strcmp(derive_always[i], name); i++)
		;
	return derive_always[i];
}

/**
 * derived_warn() - add to what is to be told as a warning
 * @d: what was derived
 * @text: taken
 */
void derived_warn(struct derived *d, char *text)
{
	d->words = xrealloc(d->words, d->n_words + 1, sizeof(*d->words));
	d->lacks = xrealloc(d->lacks, d->n_words + 1, sizeof(*d->lacks));
	d->lacks[d->n_words] = false;
	d->words[d->n_words++] = text;
}

/* What the record lacks, and the profile with it */
static void say(struct derived *d, const char *fmt, ...)
	__printf(2, 3);

static void say(struct derived *d, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	derived_warn(d, text);
	d->lacks[d->n_words - 1] = true;
}

/**
 * derive_wants() - do the numbers of a set belong into a profile?
 * @kind: of the set
 * @plain: no container runtime will start the program
 *
 * These do: the workload's calls, confined or not, and what the runtime called
 * after it had set a filter.
 */
bool derive_wants(unsigned int kind, bool plain)
{
	if (kind & SCTRACE_KIND_REFUSED)
		return false;
	if (!(kind & SCTRACE_KIND_SETUP))
		return true;
	return kind & SCTRACE_KIND_CONFINED && !plain;
}

static void wanted(const struct abi_sets *abi, bool plain, struct nrset *out)
{
	unsigned int kind;

	memset(out, 0, sizeof(*out));
	for (kind = 0; kind < KIND_COUNT; kind++)
		if (derive_wants(kind, plain))
			nrset_or(out, &abi->kind[kind]);
}

/* Refused by the container's filter, and not by one that the program set itself */
#define BY_CONTAINER	(SCTRACE_KIND_REFUSED | SCTRACE_KIND_CONFINED)

/**
 * derive_is_refused() - is it the set of what the container's filter was seen refusing?
 * @kind: of the set, in any stage
 */
bool derive_is_refused(unsigned int kind)
{
	return (kind & BY_CONTAINER) == BY_CONTAINER;
}

/**
 * derive_refused() - which numbers of an ABI the container's filter was seen refusing
 * @abi: what was seen
 * @out: them, in any stage; not those that a filter of the program's own refused
 */
void derive_refused(const struct abi_sets *abi, struct nrset *out)
{
	unsigned int kind;

	memset(out, 0, sizeof(*out));
	for (kind = 0; kind < KIND_COUNT; kind++)
		if (derive_is_refused(kind))
			nrset_or(out, &abi->kind[kind]);
}

/**
 * derive_confined() - which numbers of an ABI a filter let through
 * @abi: what was seen
 * @out: them, in any stage
 */
void derive_confined(const struct abi_sets *abi, struct nrset *out)
{
	memset(out, 0, sizeof(*out));
	nrset_or(out, &abi->kind[SCTRACE_KIND_CONFINED]);
	nrset_or(out, &abi->kind[SCTRACE_KIND_CONFINED | SCTRACE_KIND_SETUP]);
	nrset_or(out, &abi->kind[SCTRACE_KIND_CONFINED | SCTRACE_KIND_EXEC]);
}

/*
 * Was clone3 refused, and clone called in its place? C libraries and Go do so upon ENOSYS, which
 * is how engines' default profiles and systemd's RestrictNamespaces= answer clone3. Nothing is
 * missing then.
 */
static bool is_replaced(const struct abi_sets *abi, const char *name)
{
	struct nrset made;
	int bit;

	if (strcmp(name, "clone3"))
		return false;
	wanted(abi, false, &made);
	for_each_nr(bit, &made) {
		cleanup_free char *other = names_syscall_text(abi->arch, bit);

		if (!strcmp(other, "clone"))
			return true;
	}
	return false;
}

static bool is_missing(const struct abi_sets *abi, const char *name)
{
	return !is_replaced(abi, name);
}

/**
 * derive_refuses() - was a call refused that counts?
 * @r: the record
 * @counts: whether the call of that name does, in that ABI
 *
 * Return: true if there is one.
 */
bool derive_refuses(const struct record *r,
		    bool (*counts)(const struct abi_sets *abi, const char *name))
{
	struct nrset set;
	size_t i;
	int bit;

	for (i = 0; i < r->n_abi; i++) {
		derive_refused(&r->abi[i], &set);
		for_each_nr(bit, &set) {
			cleanup_free char *name = names_syscall_text(r->abi[i].arch, bit);

			if (counts(&r->abi[i], name))
				return true;
		}
	}
	return false;
}

static bool any(const struct record *r, unsigned int mask, unsigned int want)
{
	unsigned int kind;
	size_t i;

	for (i = 0; i < r->n_abi; i++)
		for (kind = 0; kind < KIND_COUNT; kind++)
			if ((kind & mask) == want &&
			    !nrset_empty(&r->abi[i].kind[kind]))
				return true;
	return false;
}

/**
 * derive_doubts() - why a profile from this record may not be enough
 * @r: the record
 *
 * Return: enum doubt bits, DOUBT_UNKNOWN not among them but for a number that
 * no set can hold: names take a library.
 */
unsigned int derive_doubts(const struct record *r)
{
	const unsigned int seen = SCTRACE_KIND_REFUSED;
	unsigned int doubts = 0;

	if (r->flags & SCTRACE_F_LATE)
		doubts |= DOUBT_LATE;
	if (r->flags & SCTRACE_F_INCOMPLETE || r->calls_missed)
		doubts |= DOUBT_INCOMPLETE;
	/* after its end there is nothing more to record anyway */
	if (r->flags & SCTRACE_F_STOPPED && !(r->flags & SCTRACE_F_ENDED))
		doubts |= DOUBT_STOPPED;
	if (r->flags & SCTRACE_F_GAP)
		doubts |= DOUBT_GAP;
	if (r->strange)
		doubts |= DOUBT_STRANGE;
	if (r->has_other_nr)
		doubts |= DOUBT_UNKNOWN;
	if (derive_refuses(r, is_missing))
		doubts |= DOUBT_REFUSED;
	/* where refused calls were looked for and none came, all is well */
	else if (!(r->flags & SCTRACE_F_REFUSED) &&
		 any(r, seen | SCTRACE_KIND_CONFINED, SCTRACE_KIND_CONFINED))
		doubts |= DOUBT_CONFINED;
	if (!any(r, seen | SCTRACE_KIND_SETUP, 0))
		doubts |= DOUBT_NO_WORKLOAD;
	if (!any(r, seen | SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED,
		 SCTRACE_KIND_SETUP | SCTRACE_KIND_CONFINED))
		doubts |= DOUBT_NO_RUNTIME;
	return doubts;
}

/**
 * derive_explain() - say why a record is in doubt
 * @r: the record
 * @d: its doubts; gets words
 */
void derive_explain(const struct record *r, struct derived *d)
{
	const char *comm = *r->comm ? r->comm : "init";

	if (d->doubts & DOUBT_LATE)
		say(d, "recording began when `%s` was running already: what it had called before is missing",
		    r->flags & SCTRACE_F_CGROUP && r->cgroup ? r->cgroup : comm);
	if (d->doubts & DOUBT_INCOMPLETE)
		say(d, "the record is incomplete: %u calls could not be put into a set, %u numbers lack their first sighting",
		    r->calls_missed, r->sightings_missed);
	if (d->doubts & DOUBT_STOPPED)
		say(d, "the record is stopped: what is called since is not in it");
	if (d->doubts & DOUBT_GAP)
		say(d, "the record was stopped for a while: what was called meanwhile may be missing");
	if (d->doubts & DOUBT_STRANGE)
		say(d, "the module keeps sets that this program does not know: they are not in the profile");
	if (r->has_other_nr)
		say(d, "a call with the number %" PRId64 " was made, which is no system call",
		    r->other_nr);
	if (d->doubts & DOUBT_CONFINED)
		derived_warn(d, xstrdup("a seccomp filter was in place, and refused calls were not looked for (`start` does): if it refused any, they are missing"));
	if (r->programs && r->flags & SCTRACE_F_CGROUP)
		derived_warn(d, xstrdup("no process in the cgroup has ended its set-up by an execve: the profile is made of what was called before one"));
	else if (r->programs)
		derived_warn(d, xasprintf("the namespace's init `%s` has not called execve: the profile is made of what the programs called that were started in it; --stage all takes what the init and its children called, too",
					  comm));
	if (d->doubts & DOUBT_NO_WORKLOAD && r->flags & SCTRACE_F_CGROUP)
		say(d, r->flags & SCTRACE_F_LATE ?
		    "no program in the cgroup `%s` has called anything since recording began" :
		    r->starts ?
		    "only set-up was recorded in the cgroup `%s`: no program has begun there: --stage all takes what prepared it" :
		    "the cgroup `%s` has not been there yet: nothing was recorded",
		    r->cgroup ? r->cgroup : "?");
	else if (d->doubts & DOUBT_NO_WORKLOAD)
		say(d, r->flags & SCTRACE_F_RUNNING ?
		    "nothing was recorded since `%s` began its program" :
		    "only set-up was recorded: the namespace's init `%s` has not called execve: --stage all takes what it called",
		    comm);
}

static int by_number(const void *a, const void *b)
{
	const struct sctrace_sighting *x = a, *y = b;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

/* A record has few numbers without a name, as a rule none */
static const struct sctrace_sighting *first(const struct record *r,
					    uint32_t arch, int64_t nr)
{
	const struct sctrace_sighting *best = NULL, *s;
	size_t i;

	for (i = 0; i < r->n_sighting; i++) {
		s = &r->sighting[i];
		if (s->arch == arch && s->nr == nr &&
		    !(s->kind & SCTRACE_KIND_REFUSED) &&
		    (!best || by_number(s, best) < 0))
			best = s;
	}
	return best;
}

/* A number or two are told one by one, with who called first; of more, which */
static void unknown(const struct record *r, uint32_t arch, const struct nrset *set,
		    struct derived *d)
{
	cleanup_free char *abi = names_abi_text(arch);
	struct strset all = { 0 };
	cleanup_free char *text = NULL;
	bool few = nrset_count(set) <= 2;
	int bit;

	for_each_nr(bit, set) {
		int64_t nr = names_number(arch, bit);
		const struct sctrace_sighting *s = first(r, arch, nr);
		cleanup_free char *number = xasprintf("%" PRId64, nr);

		d->doubts |= DOUBT_UNKNOWN;
		if (!few)
			strset_add(&all, number);
		else if (s)
			say(d, "libseccomp has no name for %s system call %s, first called by %s[%u]: it is not in the profile",
			    abi, number, s->comm, s->pid);
		else
			say(d, "libseccomp has no name for %s system call %s: it is not in the profile",
			    abi, number);
	}
	text = strset_text(&all, ", ");
	if (all.n)
		say(d, "libseccomp has no name for the %zu %s system calls %s: they are not in the profile",
		    all.n, abi, text);
	strset_free(&all);
}

/* Calls that a filter refused and what became of them, in one sentence */
static void say_refused(struct derived *d, const char *abi, const struct strset *names,
			const char *what, bool lacks)
{
	cleanup_free char *text = strset_text(names, ", ");

	if (!names->n)
		return;
	derived_warn(d, xasprintf("a seccomp filter refused %s system call%s %s: %s %s", abi,
				  names->n == 1 ? "" : "s", text,
				  names->n == 1 ? "it is" : "they are", what));
	d->lacks[d->n_words - 1] = lacks;
}

static void refused(const struct record *r, const struct profile *p,
		    struct derived *d)
{
	size_t i;

	for (i = 0; i < r->n_abi; i++) {
		const struct abi_sets *abi = &r->abi[i];
		cleanup_free char *text = names_abi_text(abi->arch);
		struct strset out = { 0 }, seen = { 0 }, in = { 0 };
		struct nrset set, made;
		int bit;

		derive_refused(abi, &set);
		wanted(abi, d->plain, &made);
		for_each_nr(bit, &set) {
			cleanup_free char *name =
				names_syscall_text(abi->arch, bit);

			if (nrset_has(&made, bit))
				strset_add(&seen, name);
			else if (profile_permits(p, name))
				strset_add(&in, name);
			else if (is_replaced(abi, name))
				profile_note(&d->notes, "a seccomp filter refused %s system call %s, and `clone` was called in its place",
					     text, name);
			else
				strset_add(&out, name);
		}
		say_refused(d, text, &out, "not in the profile", true);
		say_refused(d, text, &seen, seen.n == 1 ? "in the profile, as it was also made" :
			    "in the profile, as they were also made", false);
		say_refused(d, text, &in, "in the profile all the same", false);
		strset_free(&out);
		strset_free(&seen);
		strset_free(&in);
	}
}

static int allow(struct profile *p, const char *name, struct error **err)
{
	if (profile_allow(p, name) < 0)
		return error_make(err, ST_FAILED, 0,
				  "`%s` is no name for a system call", name);
	return 0;
}

static int add_arch(const struct record *r, const struct abi_sets *abi,
		    bool included, struct derived *d, struct error **err)
{
	struct nrset set, nameless = { 0 };
	bool named = false;
	int bit;

	wanted(abi, d->plain, &set);
	if (included) {
		struct nrset more;

		derive_refused(abi, &more);
		nrset_or(&set, &more);
	}
	for_each_nr(bit, &set) {
		cleanup_free char *name = names_syscall(abi->arch, bit);

		if (!name) {
			nrset_add(&nameless, bit);
			continue;
		}
		if (allow(d->profile, name, err) < 0)
			return -1;
		named = true;
	}
	unknown(r, abi->arch, &nameless, d);
	if (named && profile_add_arch(d->profile, abi->arch) < 0)
		return error_make(err, ST_FAILED, 0,
				  "no profile can name the ABI 0x%08x",
				  abi->arch);
	return named;
}

/*
 * crun 0.17 goes on as a copy of itself, which it starts by a descriptor: the kernel
 * calls that process by the descriptor's number. None of the others is called so.
 */
static bool named_by_number(const char *comm)
{
	return *comm && !comm[strspn(comm, "0123456789")];
}

/*
 * Which runtime prepared a container? By the names of those who called during
 * set-up: version and noNewPrivileges do not show, so that it is the newest and
 * the longer list. NULL when it is none that was measured.
 */
static const struct runtime_base *runtime_seen(const struct record *r)
{
	bool number = false;
	size_t i;

	for (i = 0; i < r->n_sighting; i++) {
		const struct sctrace_sighting *s = &r->sighting[i];

		if (!(s->kind & SCTRACE_KIND_SETUP))
			continue;
		if (!strcmp(s->comm, "crun") || !strncmp(s->comm, "crun:", 5))
			return runtime_find("crun", NULL, false);
		if (!strcmp(s->comm, "runc") || !strncmp(s->comm, "runc:", 5))
			return runtime_find("runc", NULL, false);
		number |= named_by_number(s->comm);
	}
	return number ? runtime_find("crun", NULL, false) : NULL;
}

/* Was this called during set-up under a filter? */
static bool confined_setup(const struct record *r, const char *name)
{
	const unsigned int kind = SCTRACE_KIND_CONFINED | SCTRACE_KIND_SETUP;
	size_t i;
	int bit;

	for (i = 0; i < r->n_abi; i++) {
		for_each_nr(bit, &r->abi[i].kind[kind]) {
			cleanup_free char *is =
				names_syscall(r->abi[i].arch, bit);

			if (is && !strcmp(is, name))
				return true;
		}
	}
	return false;
}

/*
 * crun that sets its filter before it changes the user also waits under it to
 * be told to start the program, unless both were one command. crun 0.17 calls
 * select for something else as well, and reads only when it is told.
 */
static bool waited(const struct record *r)
{
	return !confined_setup(r, "setresuid") ||
	       ((confined_setup(r, "pselect6") || confined_setup(r, "select")) &&
		confined_setup(r, "read"));
}

/* Nothing is known of who is to start the program: would any be able to? */
static void tell_no_runtime(const struct profile *p, struct derived *d)
{
	const struct runtime_base *all;
	char *least = NULL;
	size_t i, n;

	all = runtime_all(&n);
	for (i = 0; i < n; i++) {
		char *lacks;

		if (all[i].nnp)
			continue;
		lacks = runtime_lacks(p, &all[i], 0);
		if (!lacks) {
			free(least);
			return;
		}
		if (least && strlen(least) <= strlen(lacks)) {
			free(lacks);
			continue;
		}
		free(least);
		least = lacks;
	}
	say(d, "nothing was recorded of a container runtime under a filter, nor was one seen that is known: what it needs to start the program is not in the profile, at the least %s; `--runtime` names one, and a record under a filter that allows everything has it",
	    least);
	free(least);
}

/* Calls of a runtime that were not recorded: nothing is known of their arguments */
static void asks_for(struct derived *d, const char *const *list)
{
	for (; *list; list++)
		strset_add(&d->also, *list);
}

static void runtime_asks(struct derived *d, const struct runtime_base *b)
{
	asks_for(d, b->needed);
	asks_for(d, b->called);
}

static void runtime_asks_for(struct derived *d, const struct runtime_base *b,
			     unsigned int needs)
{
	if (needs & RUNTIME_EXEC)
		asks_for(d, b->exec);
	if (needs & RUNTIME_USER)
		asks_for(d, b->user);
}

/* What the container runtime needs and did not show */
static void add_runtime(const struct record *r, const struct derive_opts *opts,
			struct derived *d)
{
	const struct runtime_base *seen = runtime_seen(r), *unseen;

	d->runtime = opts->runtime.base;
	if (opts->runtime.seen && !d->plain)
		d->runtime = seen;
	if (!d->runtime)
		return;
	if (opts->runtime.base || d->doubts & DOUBT_NO_RUNTIME) {
		runtime_add(d->profile, d->runtime, &d->notes);
		runtime_asks(d, d->runtime);
	} else {
		unseen = runtime_unseen(seen, waited(r));
		if (unseen) {
			runtime_add(d->profile, unseen, &d->notes);
			runtime_asks(d, unseen);
		}
	}
	runtime_add_needs(d->profile, d->runtime, opts->runtime.needs,
			  &d->notes);
	runtime_asks_for(d, d->runtime, opts->runtime.needs);
}

/**
 * derive() - make a profile from a record
 * @r: the record, with its sightings if reasons are to name a caller
 * @opts: what else is wanted
 * @d: set up with zeroes; for derived_free()
 * @err: why there is none
 *
 * Return: 0, or -1 and @err. Doubts are no error: the caller decides.
 */
int derive(const struct record *r, const struct derive_opts *opts,
	   struct derived *d, struct error **err)
{
	uint32_t native = opts->native ? opts->native : names_native();
	bool any_arch = false;
	int ret, others;
	size_t i;

	d->profile = profile_new();
	/* whoever names a runtime wants one */
	d->plain = opts->plain && !opts->runtime.base;
	profile_set_default(d->profile, opts->def_action, opts->def_errno);
	d->doubts = derive_doubts(r);
	if (opts->filter_known)
		d->doubts &= ~DOUBT_CONFINED;
	if (d->plain)
		d->doubts &= ~DOUBT_NO_RUNTIME;
	derive_explain(r, d);
	/* what was asked for is no reason to write nothing */
	if (opts->include_refused)
		d->doubts &= ~DOUBT_REFUSED;

	/* the kernel's own ABI first, then as they were met */
	for (others = 0; others < 2; others++) {
		for (i = 0; i < r->n_abi; i++) {
			if ((r->abi[i].arch != native) != others)
				continue;
			ret = add_arch(r, &r->abi[i], opts->include_refused, d,
				       err);
			if (ret < 0)
				return -1;
			any_arch |= ret;
		}
	}
	for (i = 0; !opts->exact && derive_always[i]; i++)
		if (allow(d->profile, derive_always[i], err) < 0)
			return -1;
	/* without any runtime too, somebody has to call this under the filter */
	if (d->plain && !opts->exact &&
	    allow(d->profile, "execve", err) < 0)
		return -1;
	add_runtime(r, opts, d);
	/* whoever starts the program does it by the kernel's own ABI */
	if ((d->runtime || d->plain || !any_arch) &&
	    profile_add_arch(d->profile, native) < 0)
		return error_make(err, ST_FAILED, 0,
				  "no profile can name the ABI 0x%08x",
				  native);
	profile_normalise(d->profile);
	return 0;
}

/**
 * derive_judge() - what is to be said of a profile that was made of a record
 * @r: the record, with sightings
 * @opts: as for derive()
 * @d: what was derived; gets warnings and notes
 * @p: the profile as it will be written: a base may have been added
 */
void derive_judge(const struct record *r, const struct derive_opts *opts,
		  struct derived *d, const struct profile *p)
{
	unsigned int need;

	refused(r, p, d);
	if (d->doubts & DOUBT_NO_RUNTIME && opts->runtime.seen && !d->runtime)
		tell_no_runtime(p, d);
	for (need = RUNTIME_EXEC; d->runtime && need <= RUNTIME_USER;
	     need <<= 1) {
		cleanup_free char *lacks = runtime_lacks(p, d->runtime, need);

		if (lacks)
			profile_note(&d->notes, "%s also needs %s for %s: `--runtime %s,%s` adds that",
				     d->runtime->runtime, lacks,
				     runtime_need_text(need),
				     opts->runtime.seen ? "auto" :
							  d->runtime->runtime,
				     need == RUNTIME_EXEC ? "exec" : "user");
	}
}

/**
 * derived_free() - release a derived profile and its reasons
 * @d: what derive() made, or zeroes
 */
void derived_free(struct derived *d)
{
	size_t i;

	profile_free(d->profile);
	for (i = 0; i < d->n_words; i++)
		free(d->words[i]);
	free(d->words);
	free(d->lacks);
	profile_notes_free(&d->notes);
	strset_free(&d->also);
	strset_free(&d->answered);
	memset(d, 0, sizeof(*d));
}
