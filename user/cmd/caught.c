// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel ends a process for a call that its filter kills for, and tells
 * nobody which call that was, but perhaps the audit log. Whoever installs the
 * filter can put SECCOMP_RET_USER_NOTIF in the place of KILL and TRAP: then the
 * call waits, and we are told its number. We end the process as the kernel would
 * have done: with SIGSYS. The call is not made in either case.
 *
 * The listener's descriptor is made in the child, which cannot hand it over: its
 * filter may refuse any call. We fetch it while the child spins.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "caught.h"
#include "lib/error.h"
#include "lib/names.h"

/* From linux/seccomp.h: the headers that we are built with may be older */
#define SET_MODE_FILTER		1
#define GET_ACTION_AVAIL	2
#define NEW_LISTENER		(1UL << 3)
#define WAIT_KILLABLE_RECV	(1UL << 5)
#define RET_KILL_PROCESS	0x80000000u
#define RET_KILL_THREAD		0x00000000u
#define RET_TRAP		0x00030000u
#define RET_USER_NOTIF		0x7fc00000u
#define RET_ACTION		0xffff0000u
#define RET_DATA		0x0000ffffu

struct notif {
	uint64_t id;
	uint32_t pid;		/* of the thread, as we see it */
	uint32_t flags;
	struct seccomp_data data;
};

struct notif_resp {
	uint64_t id;
	int64_t val;
	int32_t error;
	uint32_t flags;
};

#define NOTIF_RECV	_IOWR('!', 0, struct notif)
#define NOTIF_SEND	_IOWR('!', 1, struct notif_resp)
#define NOTIF_ID_VALID	_IOW('!', 2, uint64_t)
#define NOTIF_ID_OLD	_IOR('!', 2, uint64_t)	/* before 5.10 */

enum { HAND_WAIT, HAND_READY, HAND_NONE };

struct handover {
	int state;		/* enum above, of the child */
	int fd;
	bool patient;
	bool taken;		/* the child may go on */
};

#if defined(__NR_seccomp) && defined(__NR_pidfd_open) && \
	defined(__NR_pidfd_getfd) && defined(__NR_pidfd_send_signal)

static bool kernel_able(void)
{
	uint32_t action = RET_USER_NOTIF;

	return !syscall(__NR_seccomp, GET_ACTION_AVAIL, 0, &action) &&
	       syscall(__NR_pidfd_getfd, -1, 0, 0) < 0 && errno == EBADF;
}

static int install(unsigned long flags, const struct sock_fprog *f)
{
	return syscall(__NR_seccomp, SET_MODE_FILTER, flags, f);
}

static int fetch(pid_t pid, int fd)
{
	int process = syscall(__NR_pidfd_open, pid, 0), got;

	if (process < 0)
		return -1;
	got = syscall(__NR_pidfd_getfd, process, fd, 0);
	close(process);
	return got;
}

/* Only while the call still waits is the process number the caller's */
static void signal_caller(const struct caught *c, uint64_t id, pid_t pid, int sig)
{
	int process = syscall(__NR_pidfd_open, pid, 0);

	if (process < 0)
		return;
	if (!ioctl(c->listener, NOTIF_ID_VALID, &id) ||
	    !ioctl(c->listener, NOTIF_ID_OLD, &id))
		syscall(__NR_pidfd_send_signal, process, sig, NULL, 0);
	close(process);
}

#else

static bool kernel_able(void)
{
	return false;
}

static int install(unsigned long flags, const struct sock_fprog *f)
{
	(void)flags;
	(void)f;
	errno = ENOSYS;
	return -1;
}

static int fetch(pid_t pid, int fd)
{
	(void)pid;
	(void)fd;
	return -1;
}

static void signal_caller(const struct caught *c, uint64_t id, pid_t pid, int sig)
{
	(void)c;
	(void)id;
	(void)pid;
	(void)sig;
}

#endif

static bool takes_away(uint32_t action)
{
	return action == RET_KILL_PROCESS || action == RET_KILL_THREAD ||
	       action == RET_TRAP;
}

/**
 * caught_begin() - make the filter that asks
 * @c: set up; caught_end() it
 * @real: the profile's own, which stays the caller's
 *
 * Return: whether the profile kills or traps at all.
 */
bool caught_begin(struct caught *c, const struct bpf *real)
{
	bool any = false;
	size_t i;

	memset(c, 0, sizeof(*c));
	c->listener = -1;
	c->real = real;
	c->asked.n = real->n;
	c->asked.v = xcalloc(real->n, sizeof(*real->v));
	memcpy(c->asked.v, real->v, real->n * sizeof(*real->v));
	for (i = 0; i < real->n; i++) {
		struct sock_filter *f = &c->asked.v[i];

		if (f->code == (BPF_RET | BPF_K) &&
		    takes_away(f->k & RET_ACTION)) {
			f->k = RET_USER_NOTIF;
			any = true;
		}
	}
	c->kills = any;
	if (!any || !kernel_able())
		return any;
	c->hand = mmap(NULL, sizeof(*c->hand), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->hand == MAP_FAILED)
		out_of_memory();
	c->able = true;
	return any;
}

/**
 * caught_install() - install the filter, in the child
 * @c: what to install
 *
 * Makes no call after the filter is in place. Waits until the listener is taken.
 *
 * Return: 0, or -1 and errno.
 */
int caught_install(struct caught *c)
{
	struct sock_fprog f = { c->asked.n, c->asked.v };
	int fd = -1;

	if (c->able) {
		c->hand->patient = true;
		fd = install(NEW_LISTENER | WAIT_KILLABLE_RECV, &f);
		if (fd < 0 && errno == EINVAL) {
			c->hand->patient = false;
			fd = install(NEW_LISTENER, &f);
		}
	}
	if (fd < 0) {
		/* an old kernel, or we run under a filter that asks ourselves */
		f = (struct sock_fprog){ c->real->n, c->real->v };
		if (c->able)
			__atomic_store_n(&c->hand->state, HAND_NONE,
					 __ATOMIC_RELEASE);
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &f);
	}
	c->hand->fd = fd;
	__atomic_store_n(&c->hand->state, HAND_READY, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&c->hand->taken, __ATOMIC_ACQUIRE))
		;
	return 0;
}

/**
 * caught_take() - take the listener from the child
 * @c: what the child installs
 * @pid: the child
 * @failed: a descriptor that becomes readable when the child fails or dies
 *
 * Return: 0, or -1 and errno: the child is still waiting then.
 */
int caught_take(struct caught *c, pid_t pid, int failed)
{
	struct pollfd p = { .fd = failed, .events = POLLIN };
	int state = HAND_WAIT;

	if (!c->able)
		return 0;
	c->init = pid;
	while (state == HAND_WAIT) {
		state = __atomic_load_n(&c->hand->state, __ATOMIC_ACQUIRE);
		if (state == HAND_WAIT && poll(&p, 1, 1) > 0)
			return 0;
	}
	if (state == HAND_NONE) {
		c->able = false;
		return 0;
	}
	c->patient = c->hand->patient;
	c->listener = fetch(pid, c->hand->fd);
	if (c->listener < 0)
		return -1;
	fcntl(c->listener, F_SETFD, FD_CLOEXEC);
	__atomic_store_n(&c->hand->taken, true, __ATOMIC_RELEASE);
	return 0;
}

/* What /proc says of a thread */
struct caller {
	pid_t tgid;
	unsigned int threads;
	bool init;		/* of its PID namespace */
	bool caught;		/* it has a handler for SIGSYS */
	bool deaf;		/* it blocks or ignores SIGSYS */
	char *comm;
};

static bool bit(const char *mask)
{
	return strtoull(mask, NULL, 16) >> (SIGSYS - 1) & 1;
}

static void look(pid_t tid, struct caller *w)
{
	cleanup_free char *path = xasprintf("/proc/%d/status", (int)tid);
	cleanup_free char *line = NULL;
	cleanup_file FILE *f = fopen(path, "re");
	const char *last, *v;
	size_t size = 0;

	memset(w, 0, sizeof(*w));
	w->tgid = tid;
	while (f && getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		v = strchr(line, '\t');
		if (!v++)
			continue;
		if (!strncmp(line, "Name:", 5) && !w->comm)
			w->comm = xstrdup(v);
		else if (!strncmp(line, "Tgid:", 5))
			w->tgid = atoi(v);
		else if (!strncmp(line, "Threads:", 8))
			w->threads = atoi(v);
		else if (!strncmp(line, "SigBlk:", 7) ||
			 !strncmp(line, "SigIgn:", 7))
			w->deaf |= bit(v);
		else if (!strncmp(line, "SigCgt:", 7))
			w->caught = bit(v);
		else if (!strncmp(line, "NSpid:", 6)) {
			last = strrchr(line, '\t');
			w->init = !strcmp(last, "\t1");
		}
	}
	if (!w->comm)
		w->comm = xstrdup("?");
}

static void remember(struct caught *c, const struct notif *n, uint32_t action,
		     const struct caller *w)
{
	struct catch *x;
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->v[i].arch == n->data.arch &&
		    c->v[i].nr == (uint32_t)n->data.nr &&
		    c->v[i].action == action)
			return;
	c->v = xrealloc(c->v, c->n + 1, sizeof(*c->v));
	x = &c->v[c->n++];
	x->arch = n->data.arch;
	x->nr = n->data.nr;
	x->action = action;
	x->comm = xstrdup(w->comm);
	x->alone = action == RET_KILL_THREAD && w->threads > 1;
}

static void reply(const struct caught *c, uint64_t id, int64_t val, int error)
{
	struct notif_resp r = { .id = id, .val = val, .error = error };

	/* it fails when the caller is gone */
	ioctl(c->listener, NOTIF_SEND, &r);
}

/* As the kernel does, but that si_code says another process sent it */
static void trap(const struct caught *c, const struct notif *n,
		 const struct caller *w, int errnum)
{
	siginfo_t si = { .si_signo = SIGSYS, .si_errno = errnum,
			 .si_code = SI_QUEUE };

	si.si_call_addr = (void *)(uintptr_t)n->data.instruction_pointer;
	si.si_syscall = n->data.nr;
	si.si_arch = n->data.arch;
	/* a signal would end the wait, and the call would begin again */
	if (!c->patient)
		reply(c, n->id, n->data.nr, 0);
	syscall(SYS_rt_tgsigqueueinfo, w->tgid, n->pid, SIGSYS, &si);
	if (c->patient)
		reply(c, n->id, n->data.nr, 0);
}

/**
 * caught_answer() - hear of one call, and do what the profile means
 * @c: with a listener that is readable
 */
void caught_answer(struct caught *c)
{
	struct pollfd p = { .fd = c->listener, .events = POLLIN };
	struct notif n = { 0 };
	uint32_t ret, action;
	struct caller w;

	if (poll(&p, 1, 0) == 1 && !(p.revents & POLLIN)) {
		/* nobody is left whom the filter could stop */
		close(c->listener);
		c->listener = -1;
		return;
	}
	/* the caller may have died meanwhile */
	if (ioctl(c->listener, NOTIF_RECV, &n) < 0)
		return;
	ret = bpf_run(c->real, &n.data);
	action = ret & RET_ACTION;
	if (!takes_away(action)) {
		/* the profile's own question, which nobody listens to */
		reply(c, n.id, 0, -ENOSYS);
		return;
	}
	look(n.pid, &w);
	remember(c, &n, action, &w);
	if (action == RET_TRAP && w.caught && !w.deaf) {
		trap(c, &n, &w, ret & RET_DATA);
	} else {
		c->init_killed |= w.tgid == c->init;
		signal_caller(c, n.id, w.tgid,
			      w.init || w.caught || w.deaf ? SIGKILL : SIGSYS);
		/* SIGSYS does not end a patient wait: it comes when the call returns */
		if (c->patient)
			reply(c, n.id, 0, -ENOSYS);
	}
	free(w.comm);
}

/**
 * caught_tell() - say what was killed or trapped for
 * @c: after the end
 * @under: the profile's name
 */
void caught_tell(const struct caught *c, const char *under)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		const struct catch *x = &c->v[i];
		uint32_t arch = x->arch;
		unsigned int nr = names_bit(&arch, x->nr);
		cleanup_free char *abi = names_abi_text(arch);
		cleanup_free char *name = names_syscall_text(arch, nr);

		warn("`%s` %s for %s system call %s, first `%s`%s", under,
		     x->action == RET_TRAP ? "traps" : "kills", abi, name,
		     x->comm, x->alone ?
		     " (the profile ends the thread alone; here its process was ended)" :
		     "");
	}
}

/**
 * caught_end() - release what was caught
 * @c: zeroes after that
 */
void caught_end(struct caught *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		free(c->v[i].comm);
	free(c->v);
	bpf_free(&c->asked);
	if (c->hand)
		munmap(c->hand, sizeof(*c->hand));
	if (c->listener > 0)
		close(c->listener);
	memset(c, 0, sizeof(*c));
}
