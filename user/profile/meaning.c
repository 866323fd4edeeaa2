// SPDX-License-Identifier: GPL-2.0
/* What a profile means, see meaning.h. */
#include <endian.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <linux/audit.h>

#include "meaning.h"
#include "memo.h"
#include "lib/names.h"
#include "lib/util.h"

/* runc: from this many names on, libseccomp makes a tree of the numbers */
#define RUNC_TREE	32
/* of conditions that tell places apart, for one call */
#define MAX_PLACES	4096
/* of places in which a profile without a rule that always counts is looked at */
#define MAX_LED		64
/* of one filter; libseccomp's own structures are some hundred bytes a rule */
#define MAX_MEMORY	(1ul << 30)
/* a child ends with it that has too little */
#define MEMORY_STATUS	12

/**
 * meaning_abi() - one ABI
 * @token: libseccomp's
 *
 * x32 calls come with x86-64's AUDIT_ARCH and a bit in the number.
 *
 * Return: the ABI.
 */
struct abi meaning_abi(uint32_t token)
{
	return (struct abi){
		.token = token,
		.audit = token == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : token,
	};
}

/**
 * meaning_abis() - the ABIs that a kernel has
 * @native: its own
 * @v: set to the ABIs, the native one first; constant until the next call
 *
 * Return: how many, 0 for an architecture that libseccomp does not know.
 */
size_t meaning_abis(uint32_t native, const struct abi **v)
{
	static struct abi all[8];
	const struct abi_name *a;
	size_t n = 0;

	if (!names_abi(native) || !names_abi_known(native))
		return 0;
	all[n++] = meaning_abi(native);
	for (a = names_abis; a->token && n < ARRAY_SIZE(all); a++)
		if (a->host == native && names_abi_known(a->arch))
			all[n++] = meaning_abi(a->arch);
	*v = all;
	return n;
}

/* the numbers of the names that libseccomp has pseudo numbers for */
static int direct_number(uint32_t token, const char *name)
{
	uint32_t base = token == SCMP_ARCH_MIPS || token == SCMP_ARCH_MIPSEL ?
			4000 : token == SCMP_ARCH_MIPS64 ||
			token == SCMP_ARCH_MIPSEL64 ? 5000 :
			token == SCMP_ARCH_MIPS64N32 ||
			token == SCMP_ARCH_MIPSEL64N32 ? 6000 : 0;
	int nr;

	for (nr = base; nr < (int)base + 600; nr++) {
		cleanup_free char *s = NULL;

		s = seccomp_syscall_resolve_num_arch(token, nr);
		if (s && !strcmp(s, name))
			return nr;
	}
	return -1;
}

/**
 * meaning_number() - a call's number
 * @abi: the ABI
 * @name: the call
 *
 * Return: the number as the filter sees it, -1 if the ABI does not have it.
 */
int meaning_number(const struct abi *abi, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(abi->token, name);

	if (nr >= 0)
		return nr;
	if (nr == __NR_SCMP_ERROR || !profile_name_multiplexed(name))
		return -1;
	return direct_number(abi->token, name);
}

/**
 * meaning_of() - what a filter does with one call
 * @b: the filter
 * @m: where the function goes
 * @abi: the ABI
 * @nr: the number
 *
 * Return: the function of the arguments; values are SECCOMP_RET_* with data.
 */
dd_t meaning_of(const struct bpf *b, struct dd *m, const struct abi *abi,
		int nr)
{
	return bpf_function(b, m, abi->audit, nr);
}

/**
 * meaning_at() - what a filter does with one call and its arguments
 * @b: the filter
 * @abi: the ABI
 * @nr: the number
 * @args: the arguments
 *
 * Return: SECCOMP_RET_* with data.
 */
uint32_t meaning_at(const struct bpf *b, const struct abi *abi, int nr,
		    const uint64_t args[PROFILE_MAX_ARGS])
{
	struct seccomp_data d = { .nr = nr, .arch = abi->audit };

	memcpy(d.args, args, sizeof(d.args));
	return bpf_run(b, &d);
}

/* the highest number that rules name, whatever they say of it; 0: none */
static int last_number(const struct profile *p, const struct profile_env *env,
		       const struct abi *abi)
{
	int nr, last = 0;
	size_t i, j;

	for (i = 0; i < p->n_rules; i++)
		for (j = 0; profile_rule_applies(&p->rules[i], env) &&
		     j < p->rules[i].names.n; j++) {
			nr = seccomp_syscall_resolve_name_arch(abi->token,
					p->rules[i].names.v[j]);
			if (nr > last)
				last = nr;
		}
	return last;
}

/**
 * meaning_enosys() - does runc answer ENOSYS before it asks the filter?
 * @p: the profile
 * @env: where it is loaded, or NULL for here, without capabilities
 * @abi: the ABI; the native one or one that the profile names
 * @nr: the number
 *
 * runc 1.0 to 1.5, libcontainer/seccomp/patchbpf/enosys_linux.go,
 * generatePatch(), findLastSyscalls() and generateEnosysStub(): where the default
 * neither permits nor traces, and its errno is not ENOSYS already, a number
 * above all that the profile names gets ENOSYS, and so does s390's number 0.
 * It never permits anything: such a number gets the default, which refuses.
 *
 * Return: true if it does.
 */
bool meaning_enosys(const struct profile *p, const struct profile_env *env,
		    const struct abi *abi, int nr)
{
	int last;

	if (profile_action_permits(p->def_action) ||
	    p->def_action == PA_TRACE || p->def_errno == ENOSYS)
		return false;
	last = last_number(p, env, abi);
	if (last && !nr && (abi->token == SCMP_ARCH_S390 ||
			    abi->token == SCMP_ARCH_S390X))
		return true;
	return last && nr > last;
}

/**
 * meaning_rank() - how much an answer of a filter lets through
 * @value: SECCOMP_RET_* with data
 *
 * Return: profile_action_rank() of it.
 */
int meaning_rank(uint32_t value)
{
	switch (value & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		return PA_KILL_PROCESS;
	case SECCOMP_RET_KILL_THREAD:
		return PA_KILL_THREAD;
	case SECCOMP_RET_TRAP:
		return PA_TRAP;
	case SECCOMP_RET_ERRNO:
		return PA_ERRNO;
	case SECCOMP_RET_USER_NOTIF:
		return PA_NOTIFY;
	case SECCOMP_RET_TRACE:
		return PA_TRACE;
	case SECCOMP_RET_LOG:
		return PA_LOG;
	default:
		return PA_ALLOW;
	}
}

/**
 * meaning_permits() - does the call happen?
 * @value: SECCOMP_RET_* with data
 *
 * Return: true for ALLOW and LOG.
 */
bool meaning_permits(uint32_t value)
{
	return profile_action_permits(meaning_rank(value));
}

/* what a child says of one filter; the instructions or the reason follow */
struct answer {
	uint32_t n;
	enum { A_FILTER, A_REFUSED, A_ENDLESS } what;
	enum no_filter kind;
};

/*
 * The time that a child takes is counted in signals. In a virtual machine on a busy
 * host a process is charged with seconds in which its processor did not run. A
 * signal comes with a tick of the kernel's clock (kernel/time/itimer.c and
 * posix-cpu-timers.c, check_cpu_itimer()), so that so many of them are as many
 * ticks in which the process did run.
 */
#define TICK_MS		10

static struct {
	int fd;			/* where the answer goes */
	unsigned int left;	/* of the filter's ticks */
	unsigned int rule;	/* ticks in the rule at hand */
	sig_atomic_t step;	/* that is that rule */
	bool copies;		/* libseccomp before 2.5 copies all rules for each new one */
} watch;

static void on_tick(int sig)
{
	static const char before[] = "the rules of `", after[] = "`: ";
	static const char never[] = "libseccomp does not come to an end";
	static const char late[] = "libseccomp before 2.5 takes too long for so many rules";
	const char *name = compile_progress.name, *what = never;
	struct answer a = { 0, A_ENDLESS, NF_OTHER };
	struct iovec v[5] = { { &a, sizeof(a) } };
	int n = 1;

	(void)sig;
	if (compile_progress.steps != watch.step)
		watch.rule = 0;
	watch.step = compile_progress.steps;
	if (watch.left && --watch.left &&
	    (!name || ++watch.rule < MEANING_RULE_MS / TICK_MS))
		return;
	if (watch.copies && watch.rule < MEANING_RULE_MS / TICK_MS)
		what = late;
	a.n = strlen(what);
	if (name) {
		v[n++] = (struct iovec){ (void *)before, sizeof(before) - 1 };
		v[n++] = (struct iovec){ (void *)name, strlen(name) };
		v[n++] = (struct iovec){ (void *)after, sizeof(after) - 1 };
		a.kind = what == late ? NF_LENGTH : NF_RULES;
		a.n += v[1].iov_len + v[2].iov_len + v[3].iov_len;
	}
	v[n++] = (struct iovec){ (void *)what, strlen(what) };
	_exit(writev(watch.fd, v, n) < 0);
}

/*
 * What the parent has mapped does not count: a sanitizer maps terabytes, and a
 * limit below that makes every allocation fail or not as chance has it.
 */
static void limit_memory(void)
{
	struct rlimit r = { MAX_MEMORY, MAX_MEMORY };
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%lu", &pages) == 1) {
		r.rlim_cur += pages * sysconf(_SC_PAGESIZE);
		r.rlim_max = r.rlim_cur;
	}
	if (f)
		fclose(f);
	setrlimit(RLIMIT_AS, &r);
}

static void limits(void)
{
	const struct sigaction act = {
		.sa_handler = on_tick, .sa_flags = SA_RESTART,
	};
	sigset_t tick;

	watch.copies = seccomp_version()->minor < 5;
	limit_memory();
	out_of_memory_quietly(MEMORY_STATUS);
	sigaction(SIGPROF, &act, NULL);
	sigemptyset(&tick);
	sigaddset(&tick, SIGPROF);
	sigprocmask(SIG_UNBLOCK, &tick, NULL);
	/* No filter is loaded here: what this kernel can do does not matter */
	if (seccomp_api_set(7) && seccomp_api_set(6))
		seccomp_api_set(5);
}

static void timer(unsigned int ms)
{
	const struct timeval tick = { 0, ms ? TICK_MS * 1000 : 0 };
	const struct itimerval t = { tick, tick };

	/* one more tick may come before the timer is stopped */
	if (ms)
		watch.left = ms / TICK_MS;
	setitimer(ITIMER_PROF, &t, NULL);
}

static size_t count_names(const struct profile *p,
			  const struct profile_env *env)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++)
		if (profile_rule_applies(&p->rules[i], env))
			n += p->rules[i].names.n;
	return n;
}

/* runc 1.5, InitSeccomp(); a libseccomp that cannot is let off */
static bool is_tree(const struct filter_job *j)
{
	return j->runc && count_names(j->p, j->env) > RUNC_TREE;
}

static int make_filter(const struct filter_job *j, struct bpf *b,
		       struct error **err)
{
	scmp_filter_ctx ctx;
	int ret;

	if (profile_compile(j->p, j->env, &ctx, NULL, err))
		return -1;
#ifdef HAVE_SCMP_OPTIMIZE	/* libseccomp 2.5 */
	if (is_tree(j))
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
#endif
	ret = bpf_export(ctx, b);
	if (ret)
		return error_make(err, ST_FAILED, -ret,
				  "libseccomp makes no filter");
	if (b->n > BPF_MAX)
		return no_filter(err, NF_LENGTH, 0,
				 "the filter has %zu instructions, and no kernel takes more than %u",
				 b->n, BPF_MAX);
	return 0;
}

static void child(struct filter_job *v, size_t n, unsigned int ms, FILE *to)
{
	size_t i;

	watch.fd = fileno(to);
	limits();
	for (i = 0; i < n; i++) {
		struct error *err = NULL;
		struct bpf b = { 0 };
		struct answer a = { 0 };

		timer(ms);
		if (make_filter(&v[i], &b, &err))
			a = (struct answer){ strlen(err->text), A_REFUSED, err->kind };
		else
			a.n = b.n;
		timer(0);
		fwrite(&a, sizeof(a), 1, to);
		if (a.what)
			fwrite(err->text, 1, a.n, to);
		else
			fwrite(b.v, sizeof(*b.v), b.n, to);
		if (fflush(to))
			break;
		bpf_free(&b);
		error_free(err);
	}
	/* no exit handler of the parent's may run, and no leak is looked for */
	_exit(0);
}

static bool is_big(const struct profile_env *env)
{
	/* libseccomp's tokens are AUDIT_ARCH_*, which have __AUDIT_ARCH_LE */
	return !(profile_env_native(env) & 0x40000000);
}

static bool read_answer(struct filter_job *j, FILE *from)
{
	struct answer a;

	if (fread(&a, sizeof(a), 1, from) != 1)
		return false;
	if (a.what) {
		j->endless = a.what == A_ENDLESS;
		j->kind = a.kind;
		j->refused = xcalloc(a.n + 1, 1);
		return fread(j->refused, 1, a.n, from) == a.n;
	}
	j->bpf.v = xcalloc(a.n + 1, sizeof(*j->bpf.v));
	j->bpf.n = a.n;
	if (fread(j->bpf.v, sizeof(*j->bpf.v), a.n, from) != a.n)
		return false;
	j->bpf.big = is_big(j->env);
	if (j->bpf.big != (__BYTE_ORDER == __BIG_ENDIAN))
		bpf_swap(&j->bpf);
	if (!bpf_valid(&j->bpf)) {
		bpf_free(&j->bpf);
		j->refused = xstrdup("libseccomp makes a filter that no kernel takes");
	}
	return true;
}

/**
 * filter_jobs_free() - free what came of jobs, and leave them as new ones
 * @v: the jobs
 * @n: how many
 */
void filter_jobs_free(struct filter_job *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bpf_free(&v[i].bpf);
		free(v[i].refused);
		v[i].refused = NULL;
	}
}

static void refuse(struct filter_job *j, const char *why, enum no_filter kind)
{
	filter_jobs_free(j, 1);
	j->refused = xstrdup(why);
	j->kind = kind;
}

/* why a child has said less than it was asked for */
static char *child_end(int status, bool *failed)
{
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	*failed = sig == SIGKILL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == MEMORY_STATUS)
		return xasprintf("libseccomp takes more than %lu MiB of memory",
				 MAX_MEMORY >> 20);
	if (sig == SIGKILL)
		return xstrdup("the process in which libseccomp made a filter was killed: the machine may be out of memory");
	if (sig)
		return xasprintf("libseccomp crashed: signal %d, %s", sig,
				 strsignal(sig));
	return xasprintf("the process in which libseccomp made a filter ended with status %d",
			 WEXITSTATUS(status));
}

/* returns how many were answered; why: nothing came of the next one */
static size_t one_child(struct filter_job *v, size_t n, unsigned int ms,
			char **why)
{
	int fd[2], status = 0;
	size_t i = 0;
	FILE *f;
	pid_t pid;

	v->failed = true;
	if (pipe2(fd, O_CLOEXEC)) {
		*why = xasprintf("cannot make a pipe to ask libseccomp: %s",
				 strerror(errno));
		return 0;
	}
	pid = fork();
	if (!pid) {
		close(fd[0]);
		f = fdopen(fd[1], "w");
		if (f)
			child(v, n, ms, f);
		_exit(MEMORY_STATUS);
	}
	if (pid < 0)
		*why = xasprintf("cannot start a process to ask libseccomp: %s",
				 strerror(errno));
	close(fd[1]);
	f = fdopen(fd[0], "r");
	if (!f)
		out_of_memory();
	while (pid > 0 && i < n && read_answer(&v[i], f) && !v[i].endless)
		i++;
	fclose(f);
	if (pid > 0)
		retry_eintr(waitpid(pid, &status, 0));
	v->failed = pid < 0;
	if (pid > 0 && i < n && !v[i].endless)
		*why = child_end(status, &v[i].failed);
	return i;
}

/**
 * meaning_compile() - make filters as meaning_filters() does, each of them anew
 * @v: what is asked, as there
 * @n: how many
 * @ms: of CPU time for each
 */
void meaning_compile(struct filter_job *v, size_t n, unsigned int ms)
{
	cleanup_free char *why = NULL;
	size_t i = n ? one_child(v, n, ms, &why) : 0;

	if (why)
		refuse(&v[i], why, NF_OTHER);
	for (i++; i < n; i++)
		refuse(&v[i], v[i - 1].refused, v[i - 1].kind);
}

static void answer(struct filter_job *j, const struct filter_job *like)
{
	if (like->refused)
		refuse(j, like->refused, like->kind);
	else
		bpf_copy(&j->bpf, &like->bpf);
	j->endless = like->endless;
	j->failed = like->failed;
}

/**
 * meaning_filters() - make filters, within limits of time and memory
 * @v: what is asked; each gets its filter, or why there is none; after one on
 *	which libseccomp does not end no more is tried, and all get that reason
 * @n: how many
 * @ms: of CPU time for each
 */
void meaning_filters(struct filter_job *v, size_t n, unsigned int ms)
{
	struct memo_key *keys = xcalloc(n + 1, sizeof(*keys));
	struct filter_job *jobs = xcalloc(n + 1, sizeof(*jobs));
	size_t *of = xcalloc(n + 1, sizeof(*of));
	size_t i, j, k = 0, bytes = 0;

	for (i = 0; i < n; i++) {
		if (bytes < MEMO_BYTES)
			memo_key(&keys[k], &v[i], is_tree(&v[i]));
		else
			keys[k] = (struct memo_key){ 0 };
		bytes += keys[k].n;
		for (j = 0; j < k && !memo_same(&keys[j], &keys[k]); j++)
			;
		of[i] = j;
		if (j < k || memo_find(&keys[k], &v[i]))
			free(keys[k].v);
		else
			jobs[k++] = v[i];
	}
	meaning_compile(jobs, k, ms);
	for (i = 0; i < n; i++)
		if (!v[i].bpf.v && !v[i].refused)
			answer(&v[i], &jobs[of[i]]);
	for (i = 0; i < k; i++) {
		memo_keep(&keys[i], &jobs[i]);
		filter_jobs_free(&jobs[i], 1);
	}
	free(of);
	free(jobs);
	free(keys);
}

/**
 * meaning_filter() - make one filter, within limits of time and memory
 * @p: the profile
 * @env: where it is loaded, or NULL for here, without capabilities
 * @runc: as runc asks for it, not as crun does
 * @b: set; bpf_free() it
 * @err: why there is none
 *
 * Return: 0 or -1.
 */
int meaning_filter(const struct profile *p, const struct profile_env *env,
		   bool runc, struct bpf *b, struct error **err)
{
	struct filter_job j = { .p = p, .env = env, .runc = runc };

	meaning_filters(&j, 1, MEANING_MS);
	*b = j.bpf;
	if (!j.refused)
		return 0;
	no_filter(err, j.kind, 0, "%s", j.refused);
	filter_jobs_free(&j, 1);
	return -1;
}

/* a call that all ABIs have, see lead() */
#define LEADER		"sync"

/* names whose rules have the same conditions: one filter tells of them all */
struct group {
	struct strset names;
	struct strset elsewhere;	/* those to look at on other machines */
	bool plain;		/* one of them stands for all plain ones */
	bool leader;		/* it is lead()'s call, which is in no other */
	struct strset caps;
	uint32_t *kernels;	/* each tells older from newer */
	size_t n_kernels;
	struct profile **p;	/* the profiles with rules of these names only */
};

struct walk {
	const struct profile *const *p;
	size_t n;
	struct group *v;
	size_t n_groups;
	uint32_t *natives;
	size_t n_natives;
	struct dd *m;
	meaning_fn fn;
	void *ctx;
	struct error **err;
};

static void add_number(uint32_t **v, size_t *n, uint32_t x)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if ((*v)[i] == x)
			return;
	*v = profile_grow(*v, *n, sizeof(**v));
	(*v)[(*n)++] = x;
}

static void group_cond(struct group *g, const struct profile_cond *c)
{
	strset_join(&g->caps, &c->caps);
	if (c->min_kernel)
		add_number(&g->kernels, &g->n_kernels,
			   profile_kernel_number(c->min_kernel));
}

static int number_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static bool same_numbers(const uint32_t *a, size_t n, const uint32_t *b,
			 size_t m)
{
	return n == m && (!n || !memcmp(a, b, n * sizeof(*a)));
}

/* the group with these conditions, made if need be */
static struct group *find_group(struct walk *w, struct group *like)
{
	size_t i;

	if (like->n_kernels)
		qsort(like->kernels, like->n_kernels, sizeof(*like->kernels),
		      number_cmp);
	for (i = 0; i < w->n_groups; i++)
		if (w->v[i].leader == like->leader &&
		    !strset_cmp(&w->v[i].caps, &like->caps) &&
		    same_numbers(w->v[i].kernels, w->v[i].n_kernels,
				 like->kernels, like->n_kernels)) {
			strset_free(&like->caps);
			free(like->kernels);
			return &w->v[i];
		}
	w->v = profile_grow(w->v, w->n_groups, sizeof(*w->v));
	w->v[w->n_groups] = *like;
	return &w->v[w->n_groups++];
}

/* rules by name, to find those of one name quickly */
struct use {
	const char *name;
	const struct profile_rule *r;
};

static int use_cmp(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static size_t uses(const struct walk *w, struct use **to)
{
	struct use *v = NULL;
	size_t i, j, k, n = 0;

	for (i = 0; i < w->n; i++)
		for (j = 0; j < w->p[i]->n_rules; j++) {
			const struct profile_rule *r = &w->p[i]->rules[j];

			for (k = 0; k < r->names.n; k++) {
				v = profile_grow(v, n, sizeof(*v));
				v[n].name = r->names.v[k];
				v[n++].r = r;
			}
		}
	if (n)
		qsort(v, n, sizeof(*v), use_cmp);
	*to = v;
	return n;
}

/*
 * A name whose rules look at no argument and no architecture is the same to
 * libseccomp as the next one: on other machines one stands for all of them.
 */
static void group_add(struct group *g, const struct use *v, size_t n)
{
	bool plain = !profile_name_multiplexed(v->name);
	size_t i;

	for (i = 0; i < n; i++)
		plain &= !v[i].r->n_args && !v[i].r->includes.arches.n &&
			 !v[i].r->excludes.arches.n;
	strset_add(&g->names, v->name);
	if (!plain || !g->plain)
		strset_add(&g->elsewhere, v->name);
	g->plain |= plain;
}

static void make_groups(struct walk *w)
{
	struct group mux = { 0 }, like, *g;
	struct use *v;
	size_t i, j, n = uses(w, &v);

	for (i = 0; i < n; i = j) {
		struct group *to = &mux;

		memset(&like, 0, sizeof(like));
		like.leader = !strcmp(v[i].name, LEADER);
		if (!profile_name_multiplexed(v[i].name))
			to = &like;
		for (j = i; j < n && !strcmp(v[i].name, v[j].name); j++) {
			group_cond(to, &v[j].r->includes);
			group_cond(to, &v[j].r->excludes);
		}
		if (to == &like)
			to = find_group(w, &like);
		group_add(to, &v[i], j - i);
	}
	free(v);
	/* no profile need name what libseccomp adds rules to */
	for (i = 0; mux.names.n && profile_multiplexers[i]; i++) {
		strset_add(&mux.names, profile_multiplexers[i]);
		strset_add(&mux.elsewhere, profile_multiplexers[i]);
	}
	/* what is asked of the rest, too, even where no profile names anything */
	if (mux.names.n || !w->n_groups) {
		struct strset names = mux.names, more = mux.elsewhere;

		memset(&mux.names, 0, sizeof(mux.names));
		memset(&mux.elsewhere, 0, sizeof(mux.elsewhere));
		g = find_group(w, &mux);
		strset_join(&g->names, &names);
		strset_join(&g->elsewhere, &more);
		strset_free(&names);
		strset_free(&more);
	}
}

static void add_native(struct walk *w, const char *name, uint32_t token)
{
	const struct abi *abis = NULL;

	if (name)
		token = profile_arch_token(name);
	if (meaning_abis(token, &abis))
		add_number(&w->natives, &w->n_natives, token);
}

static void add_shorts(struct walk *w, const struct strset *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		add_native(w, NULL, profile_arch_from_short(s->v[i]));
}

/* does libseccomp know it, and have it in one filter with the native one? */
static bool abi_fits(uint32_t token, uint32_t native)
{
	const struct abi_name *a = names_abi(token);

	return a && names_abi_known(token) &&
	       !((token ^ native) & __AUDIT_ARCH_LE);
}

/* The machine that profiles are for none of which loads here; NULL: this one may do */
static const char *machine_elsewhere(const struct profile *const *p, size_t n)
{
	const char *machine = NULL;
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < p[i]->arches.n; j++) {
			if (abi_fits(profile_arch_token(p[i]->arches.v[j]), seccomp_arch_native()))
				return NULL;
			machine = profile_machine(p[i]);
		}
	return machine;
}

/* this machine, others that all profiles are for, maybe those of conditions */
static void make_natives(struct walk *w, const char *native, bool conditions)
{
	const char *first = native ? native : machine_elsewhere(w->p, w->n);
	size_t i, j;

	add_native(w, NULL, first ? profile_arch_from_short(first) : seccomp_arch_native());
	for (j = 0; j < w->p[0]->n_archmap && !native; j++) {
		const char *arch = w->p[0]->archmap[j].arch;

		for (i = 1; i < w->n && profile_speaks_of(w->p[i], arch);)
			i++;
		if (i >= w->n)
			add_native(w, arch, 0);
	}
	for (i = 0; i < w->n && !native && conditions; i++)
		for (j = 0; j < w->p[i]->n_rules; j++) {
			add_shorts(w, &w->p[i]->rules[j].includes.arches);
			add_shorts(w, &w->p[i]->rules[j].excludes.arches);
		}
}

/*
 * libseccomp loads the number of a call before the rules that have the fewest
 * comparisons; where no call with such rules is one of the ABI's, it forgets to, and
 * no rule counts in that ABI (2.5.4 to 2.6.1, gen_bpf.c, _gen_bpf_syscalls()).  A call
 * that all ABIs have, and no argument of which is looked at, takes care of that.
 * Its own rules go.  Returns its name.
 */
static const char *lead(struct profile *p, const struct strset *names)
{
	const char *name = strset_has(names, LEADER) ? "getpid" : LEADER;
	bool permits = profile_action_permits(p->def_action);
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		strset_del(&p->rules[i].names, name);
	strset_add(&profile_add_rule(p, permits ? PA_KILL_PROCESS : PA_ALLOW,
				     PROFILE_NO_ERRNO)->names, name);
	return name;
}

/* a profile with the rules of some names only, and with something for the rest */
static struct profile *part(const struct profile *p,
			    const struct strset *names)
{
	struct profile *to = profile_new();
	bool more = false;
	size_t i, j;

	profile_set_default(to, p->def_action, p->def_errno);
	strset_copy(&to->arches, &p->arches);
	for (i = 0; i < p->n_archmap; i++)
		strset_copy(&profile_add_archmap(to, p->archmap[i].arch)->subs,
			    &p->archmap[i].subs);
	for (i = 0; i < p->n_rules; i++) {
		struct profile_rule r;

		profile_rule_copy(&r, &p->rules[i]);
		strset_free(&r.names);
		for (j = 0; j < p->rules[i].names.n; j++)
			if (strset_has(names, p->rules[i].names.v[j]))
				strset_add(&r.names, p->rules[i].names.v[j]);
			else
				more = true;
		if (r.names.n)
			*profile_add_rule(to, r.action, r.errno_ret) = r;
		else
			profile_rule_free(&r);
	}
	if (more)
		lead(to, names);
	return to;
}

/* ABIs that this libseccomp does not know, or not beside the native one, go */
static void known_abis(struct profile *p, uint32_t native)
{
	struct profile_env env = { .arch = profile_arch_short(native) };
	struct strset arches = { 0 };
	size_t i;

	profile_env_arches(p, &env, &arches);
	for (i = 0; i < p->n_archmap; i++) {
		free(p->archmap[i].arch);
		strset_free(&p->archmap[i].subs);
	}
	p->n_archmap = 0;
	strset_free(&p->arches);
	for (i = 0; i < arches.n; i++)
		if (abi_fits(profile_arch_token(arches.v[i]), native))
			strset_add(&p->arches, arches.v[i]);
	strset_free(&arches);
}

/* the kernel's ABIs and those that any of the profiles names */
static size_t all_abis(struct profile *const *p, size_t n_p, uint32_t native,
		       struct abi **to)
{
	const struct abi *own = NULL;
	size_t i, j, k, n = meaning_abis(native, &own);
	struct abi *v = NULL;

	for (i = 0; i < n; i++) {
		v = profile_grow(v, i, sizeof(*v));
		v[i] = own[i];
	}
	for (i = 0; i < n_p; i++)
		for (j = 0; j < p[i]->arches.n; j++) {
			struct abi abi = meaning_abi(
				profile_arch_token(p[i]->arches.v[j]));

			for (k = 0; k < n; k++)
				if (v[k].token == abi.token)
					break;
			if (k < n)
				continue;
			v = profile_grow(v, n, sizeof(*v));
			v[n++] = abi;
		}
	*to = v;
	return n;
}

/* the @k-th place that a group's conditions tell apart */
static void place(const struct group *g, size_t k, uint32_t native,
		  struct profile_env *env, char kernel[16])
{
	size_t i, at;

	memset(env, 0, sizeof(*env));
	env->arch = profile_arch_short(native);
	for (i = 0; i < g->caps.n; i++, k >>= 1)
		if (k & 1)
			strset_add(&env->caps, g->caps.v[i]);
	at = k % (g->n_kernels + 1);
	/* the newest first: that is what is used where no kernel is given */
	if (at == g->n_kernels)
		snprintf(kernel, 16, "0.0");
	else
		snprintf(kernel, 16, "%u.%u",
			 g->kernels[g->n_kernels - 1 - at] >> 16,
			 g->kernels[g->n_kernels - 1 - at] & 0xffff);
	env->kernel = kernel;
}

static bool is_named(const struct filter_job *j)
{
	return j->kind == NF_CALL || j->kind == NF_RULES || j->kind == NF_ERRNO;
}

/* which call is it that has no filter? */
static int blame(struct walk *w, const struct strset *names,
		 struct filter_job *j)
{
	size_t i;

	/* the call is named, or it is no call's fault */
	if (is_named(j) || j->failed)
		return no_filter(w->err, j->kind, 0, "%s", j->refused);
	for (i = 0; i < names->n; i++) {
		struct filter_job one = { .env = j->env };
		struct strset name = { 0 };
		struct profile *p;

		strset_add(&name, names->v[i]);
		p = part(j->p, &name);
		strset_free(&name);
		one.p = p;
		meaning_filters(&one, 1, MEANING_MS);
		profile_free(p);
		if (one.refused) {
			no_filter(w->err, one.kind, 0, "%s", one.refused);
			if (!is_named(&one))
				error_wrap(w->err, "the rules of `%s`", names->v[i]);
			filter_jobs_free(&one, 1);
			return -1;
		}
		filter_jobs_free(&one, 1);
	}
	return no_filter(w->err, j->kind, 0, "%s", j->refused);
}

static int visit(struct walk *w, const char *name, const struct abi *abi,
		 int nr, const struct profile_env *env,
		 const struct filter_job *jobs)
{
	const struct meaning_point at = {
		.name = name, .abi = abi, .nr = nr, .env = env,
	};
	dd_t f[8];
	size_t i;

	for (i = 0; i < w->n; i++)
		f[i] = meaning_of(&jobs[i].bpf, w->m, abi, nr);
	if (dd_full(w->m))
		return error_make(w->err, ST_FAILED, 0,
				  "the rules of `%s` are too many to follow",
				  name ? name : "*");
	return w->fn(w->ctx, w->m, &at, f);
}

static int visit_place(struct walk *w, const struct strset *names,
		       const struct abi *abis, size_t n,
		       const struct profile_env *env, bool first,
		       const struct filter_job *jobs)
{
	int nr, ret = 0;
	size_t i, j;

	for (i = 0; i < n && !ret; i++) {
		/* a number that is in no table: what no rule is about */
		if (first)
			ret = visit(w, NULL, &abis[i], abis[i].token ==
				    SCMP_ARCH_X32 ? 0x40000fff : 0xfff, env,
				    jobs);
		for (j = 0; j < names->n && !ret; j++) {
			nr = meaning_number(&abis[i], names->v[j]);
			if (nr >= 0)
				ret = visit(w, names->v[j], &abis[i], nr,
					    env, jobs);
		}
	}
	return ret;
}

/* the places of a group on one machine, and what is asked of them */
struct stop {
	const struct group *g;
	const struct strset *names;
	struct profile **p;
	struct abi *abis;
	size_t n_abis;
	struct profile_env *env;
	char (*kernels)[16];
	size_t n;		/* places; each has a job for each profile */
	bool first;		/* of all: what no rule is about is visited */
};

/* stops that are made ready together: one child makes the filters of many */
struct stops {
	struct stop *v;
	size_t n;
	struct filter_job *jobs;
	size_t n_jobs;
};

#define JOBS_AT_ONCE	64

static void add_stop(struct walk *w, struct stops *all, const struct group *g,
		     uint32_t native)
{
	struct stop s = {
		.g = g, .n = (g->n_kernels + 1) << g->caps.n,
		.names = native == w->natives[0] ? &g->names : &g->elsewhere,
		.first = g == w->v && native == w->natives[0],
	};
	size_t i, k;

	s.env = xcalloc(s.n, sizeof(*s.env));
	s.kernels = xcalloc(s.n, sizeof(*s.kernels));
	s.p = xcalloc(w->n, sizeof(*s.p));
	for (i = 0; i < w->n; i++) {
		s.p[i] = part(w->p[i], s.names);
		known_abis(s.p[i], native);
	}
	s.n_abis = all_abis(s.p, w->n, native, &s.abis);
	for (k = 0; k < s.n; k++) {
		place(g, k, native, &s.env[k], s.kernels[k]);
		for (i = 0; i < w->n; i++) {
			all->jobs = profile_grow(all->jobs, all->n_jobs,
						 sizeof(*all->jobs));
			all->jobs[all->n_jobs++] = (struct filter_job){
				.p = s.p[i], .env = &s.env[k],
			};
		}
	}
	all->v = profile_grow(all->v, all->n, sizeof(*all->v));
	all->v[all->n++] = s;
}

static int visit_stop(struct walk *w, const struct stop *s,
		      struct filter_job *jobs)
{
	int ret = 0;
	size_t k;

	for (k = 0; k < s->n * w->n && !ret; k++)
		if (jobs[k].refused)
			ret = blame(w, s->names, &jobs[k]);
	w->m = dd_new();
	for (k = 0; k < s->n && !ret; k++)
		ret = visit_place(w, s->names, s->abis, s->n_abis, &s->env[k],
				  s->first && !k, &jobs[k * w->n]);
	dd_free(w->m);
	return ret;
}

static void free_stop(const struct walk *w, struct stop *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		strset_free(&s->env[i].caps);
	for (i = 0; i < w->n; i++)
		profile_free(s->p[i]);
	free(s->p);
	free(s->abis);
	free(s->kernels);
	free(s->env);
}

/* returns @ret, or what a visit returned; frees all that was made ready */
static int visit_stops(struct walk *w, struct stops *all, int ret)
{
	struct filter_job *job = all->jobs;
	size_t i;

	if (!ret)
		meaning_filters(all->jobs, all->n_jobs, MEANING_MS);
	for (i = 0; i < all->n; i++) {
		if (!ret)
			ret = visit_stop(w, &all->v[i], job);
		job += all->v[i].n * w->n;
		free_stop(w, &all->v[i]);
	}
	filter_jobs_free(all->jobs, all->n_jobs);
	free(all->jobs);
	free(all->v);
	memset(all, 0, sizeof(*all));
	return ret;
}

struct verify {
	bool permits;		/* what is refused may be refused in any way */
	struct error **err;
};

/**
 * meaning_text() - an answer of a filter in words
 * @value: SECCOMP_RET_* with data
 *
 * Return: "SCMP_ACT_ERRNO(ENOSYS)" or the like, which the caller frees.
 */
char *meaning_text(uint32_t value)
{
	int data = value & SECCOMP_RET_DATA, rank = meaning_rank(value);
	const char *name = profile_action_name(rank), *e;

	if (!profile_action_has_errno(rank))
		return xstrdup(name);
	e = rank == PA_ERRNO ? profile_errno_name(data) : NULL;
	return e ? xasprintf("%s(%s)", name, e) :
		   xasprintf("%s(%d)", name, data);
}

static uint32_t not_same(void *ctx, uint32_t a, uint32_t b)
{
	const struct verify *v = ctx;

	return v->permits ? meaning_permits(a) != meaning_permits(b) : a != b;
}

static int must_be_same(void *ctx, struct dd *m,
			const struct meaning_point *at, const dd_t *f)
{
	struct verify *v = ctx;
	uint64_t args[PROFILE_MAX_ARGS];
	cleanup_free char *is = NULL, *meant = NULL;
	dd_t differ;

	if (f[0] == f[1])
		return 0;
	differ = dd_apply(m, not_same, v, f[0], f[1]);
	if (!dd_example(m, differ, 1, args))
		return 0;
	is = meaning_text(dd_eval(m, f[0], args));
	meant = meaning_text(dd_eval(m, f[1], args));
	return error_make(v->err, ST_FAILED, 0,
			  "`%s` in %s, arguments 0x%llx 0x%llx 0x%llx: libseccomp makes %s of the rules, and %s is meant",
			  at->name ? at->name : "*",
			  profile_arch_name(at->abi->token),
			  (unsigned long long)args[0],
			  (unsigned long long)args[1],
			  (unsigned long long)args[2], is, meant);
}

static int nothing(void *ctx, struct dd *m, const struct meaning_point *at,
		   const dd_t *f)
{
	(void)ctx;
	(void)m;
	(void)at;
	(void)f;
	return 0;
}

/* those that rules name, and those that libseccomp has more rules for then */
static void all_names(const struct profile *p, struct strset *to)
{
	bool multiplexed = false;
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		strset_join(to, &p->rules[i].names);
	for (i = 0; i < to->n; i++)
		multiplexed |= profile_name_multiplexed(to->v[i]);
	for (i = 0; multiplexed && profile_multiplexers[i]; i++)
		strset_add(to, profile_multiplexers[i]);
}

/* every name's call in all ABIs: what two whole filters do must be the same */
static int filters_same(struct profile *p, const struct strset *names,
			const struct profile_env *env,
			const struct bpf *a, const struct bpf *b,
			const struct verify *v)
{
	struct abi *abis;
	size_t i, j, n = all_abis(&p, 1, profile_env_native(env), &abis);
	struct dd *m = dd_new();
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		for (j = 0; j < names->n && !ret; j++) {
			struct meaning_point at = {
				.name = names->v[j], .abi = &abis[i],
				.env = env,
			};
			dd_t f[2];

			at.nr = meaning_number(&abis[i], names->v[j]);
			if (at.nr < 0)
				continue;
			f[0] = meaning_of(a, m, &abis[i], at.nr);
			f[1] = meaning_of(b, m, &abis[i], at.nr);
			ret = must_be_same((void *)v, m, &at, f);
		}
	dd_free(m);
	free(abis);
	return ret;
}

/* has the ABI a call that some rule is for, without any condition? */
static bool leads(const struct profile *p, uint32_t token)
{
	size_t i, j;

	for (i = 0; i < p->n_rules; i++) {
		const struct profile_rule *r = &p->rules[i];

		if (r->n_args || !profile_cond_empty(&r->includes) ||
		    !profile_cond_empty(&r->excludes) ||
		    profile_rule_is_redundant(p, r))
			continue;
		for (j = 0; j < r->names.n; j++)
			if (seccomp_syscall_resolve_name_arch(token,
							      r->names.v[j]) >= 0)
				return true;
	}
	return false;
}

/* what lead() takes care of in a part must be so in the whole, in one place */
static int led(struct walk *w, struct profile *p,
	       const struct profile_env *env)
{
	struct strset names = { 0 };
	struct profile *q = profile_dup(p);
	struct filter_job j[2] = {
		{ .p = p, .env = env }, { .p = q, .env = env },
	};
	struct error *differ = NULL;
	struct verify v = { .err = &differ };
	int ret = 0;

	all_names(p, &names);
	strset_del(&names, lead(q, &names));
	meaning_filters(j, 2, MEANING_MS);
	/* what has no filter is told of by the walk */
	if (!j[0].refused && !j[1].refused)
		ret = filters_same(p, &names, env, &j[0].bpf, &j[1].bpf, &v);
	if (ret) {
		no_filter(w->err, NF_NUMBER, 0,
			  "libseccomp does not load the number of the call, so that no rule counts where it should: %s",
			  differ->text);
		error_advise(w->err, "a rule without conditions for a call that all architectures have, as exit_group, mends that, and so do fewer architectures");
	}
	error_free(differ);
	filter_jobs_free(j, 2);
	profile_free(q);
	strset_free(&names);
	return ret;
}

static int walk_led(struct walk *w, const struct profile *p, uint32_t native)
{
	struct profile *q = profile_dup(p);
	struct group g = { 0 };
	bool leading;
	int ret = 0;
	size_t i, k;

	known_abis(q, native);
	leading = leads(q, native);
	for (i = 0; i < q->arches.n; i++)
		leading &= leads(q, profile_arch_token(q->arches.v[i]));
	for (i = 0; i < q->n_rules && !leading; i++) {
		group_cond(&g, &q->rules[i].includes);
		group_cond(&g, &q->rules[i].excludes);
	}
	if (g.n_kernels)
		qsort(g.kernels, g.n_kernels, sizeof(*g.kernels), number_cmp);
	for (k = 0; k < MAX_LED && k >> g.caps.n <= g.n_kernels && !leading &&
	     !ret; k++) {
		struct profile_env env;
		char kernel[16];

		place(&g, k, native, &env, kernel);
		ret = led(w, q, &env);
		strset_free(&env.caps);
	}
	strset_free(&g.caps);
	free(g.kernels);
	profile_free(q);
	return ret;
}

/**
 * meaning_walk() - visit all that profiles do, wherever they tell places apart
 * @p: the profiles
 * @n: how many, 8 at most
 * @native: the only architecture to look at, or NULL for all that all profiles are
 *	made for and this machine's, but where none of them loads here
 * @conditions: those that conditions of rules speak of, too
 * @fn: called for every call that any of them names and every ABI that has it,
 *	and once for all others of an ABI; a value < 0 ends the walk
 * @ctx: for @fn
 * @err: what no filter can be made of
 *
 * Return: 0, or what @fn returned, or -1 and @err.
 */
int meaning_walk(const struct profile *const *p, size_t n, const char *native,
		 bool conditions, meaning_fn fn, void *ctx, struct error **err)
{
	struct walk w = {
		.p = p, .n = n, .fn = fn, .ctx = ctx, .err = err,
	};
	struct stops all = { 0 };
	size_t i, j;
	int ret = 0;

	make_groups(&w);
	make_natives(&w, native, conditions);
	for (i = 0; i < n; i++)
		for (j = 0; j < w.n_natives && !ret; j++)
			ret = walk_led(&w, p[i], w.natives[j]);
	for (i = 0; i < w.n_groups && !ret; i++) {
		struct group *g = &w.v[i];

		if (g->caps.n > 12 ||
		    (g->n_kernels + 1) << g->caps.n > MAX_PLACES) {
			ret = error_make(err, ST_FAILED, 0,
					 "the rules of `%s` have too many conditions to follow",
					 g->names.v[0]);
			break;
		}
		for (j = 0; j < w.n_natives && !ret; j++) {
			add_stop(&w, &all, g, w.natives[j]);
			if (all.n_jobs >= JOBS_AT_ONCE)
				ret = visit_stops(&w, &all, 0);
		}
	}
	ret = visit_stops(&w, &all, ret);
	for (i = 0; i < w.n_groups; i++) {
		strset_free(&w.v[i].names);
		strset_free(&w.v[i].elsewhere);
		strset_free(&w.v[i].caps);
		free(w.v[i].kernels);
	}
	free(w.natives);
	free(w.v);
	return ret;
}

/* whole profiles in one place, as each runtime asks for them */
static int wholes_same(const struct profile *p, const struct profile *meant,
		       const struct profile_env *env, const struct verify *v)
{
	struct profile *q = profile_dup(p), *r = profile_dup(meant ? meant : p);
	struct filter_job j[3] = {
		{ .p = q, .env = env }, { .p = q, .env = env, .runc = true },
	};
	int ret = 0, i, n = is_tree(&j[1]) ? 2 : 1;
	struct strset names = { 0 };

	if (meant)
		j[n++] = (struct filter_job){ .p = r, .env = env };

	all_names(p, &names);
	known_abis(q, profile_env_native(env));
	known_abis(r, profile_env_native(env));
	meaning_filters(j, n, MEANING_MS);
	for (i = 0; i < n && !ret; i++)
		if (j[i].refused)
			ret = no_filter(v->err, j[i].kind, 0, "%s",
					j[i].refused);
		else if (i)
			ret = filters_same(q, &names, env, &j[0].bpf, &j[i].bpf, v);
	filter_jobs_free(j, n);
	profile_free(q);
	profile_free(r);
	strset_free(&names);
	return ret;
}

/* Has a list of ABIs, and @known, which may be NULL, one byte order? */
static int one_order(const struct strset *abis, const struct abi_name *known,
		     struct error **err)
{
	size_t i;

	for (i = 0; i < abis->n; i++) {
		const struct abi_name *a = names_abi(profile_arch_token(abis->v[i]));

		if (!a)
			continue;
		if (known && (a->arch ^ known->arch) & __AUDIT_ARCH_LE) {
			error_make(err, ST_FAILED, 0,
				   "libseccomp makes no filter for both %s and %s: their byte orders differ",
				   known->token, a->token);
			return error_advise(err, "give each a profile of its own");
		}
		known = a;
	}
	return 0;
}

/* A filter has one byte order (libseccomp 2.4.1 to 2.6.1, db.c, db_col_db_add(): EDOM) */
static int orders(const struct profile *p, struct error **err)
{
	size_t i;

	if (one_order(&p->arches, NULL, err))
		return -1;
	for (i = 0; i < p->n_archmap; i++)
		if (one_order(&p->archmap[i].subs,
			      names_abi(profile_arch_token(p->archmap[i].arch)), err))
			return -1;
	return 0;
}

/**
 * profile_verify() - does a profile load, and do what was meant?
 * @p: the profile
 * @meant: a profile that does what was meant, or NULL to load only
 * @native: the only machine to look at ("amd64"), or NULL for all that the profiles
 *	speak of and this one, but where none of them loads here
 * @permits: what either refuses may be refused in another way
 * @err: which call does something else, or why it does not load
 *
 * Everything is compared: all values of all arguments, in all ABIs, in every
 * place that conditions of both profiles tell apart.
 *
 * Return: 0 or -1.
 */
int profile_verify(const struct profile *p, const struct profile *meant,
		   const char *native, bool permits, struct error **err)
{
	const struct profile *both[2] = { p, meant };
	const char *machine = native ? native : machine_elsewhere(both, meant ? 2 : 1);
	struct profile_env all = { .arch = machine }, none = { .arch = machine };
	struct verify v = { .permits = permits, .err = err };
	size_t i;
	int ret;

	if (orders(p, err))
		return -1;
	/* what never ends ends here, and not once for each name */
	ret = wholes_same(p, meant, &none, &v);
	for (i = 0; i < p->n_rules; i++) {
		strset_join(&all.caps, &p->rules[i].includes.caps);
		strset_join(&all.caps, &p->rules[i].excludes.caps);
	}
	if (!ret)
		ret = meaning_walk(both, meant ? 2 : 1, native, true,
				   meant ? must_be_same : nothing, &v, err);
	if (!ret && all.caps.n)
		ret = wholes_same(p, meant, &all, &v);
	strset_free(&all.caps);
	return ret ? -1 : 0;
}
