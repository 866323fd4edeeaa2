// SPDX-License-Identifier: GPL-2.0
/* What a filter kills or traps for is told, and ends as it would. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <seccomp.h>

#include "cmd/caught.h"
#include "lib/util.h"

/* the program's part, after its filter */
static void (*part)(void);

static void make_dir(void)
{
	syscall(SYS_mkdirat, AT_FDCWD, "/tmp/caught-not-made", 0700);
	_exit(0);
}

static void in_child(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		make_dir();
	waitpid(pid, &status, 0);
	_exit(WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static volatile sig_atomic_t number;

static void handler(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	number = si->si_syscall;
}

static void handled(void)
{
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_RESTART,
				.sa_sigaction = handler };

	sigaction(SIGSYS, &sa, NULL);
	syscall(SYS_mkdirat, AT_FDCWD, "/tmp/caught-not-made", 0700);
	_exit(number == SYS_mkdirat ? 7 : 1);
}

static void blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigprocmask(SIG_BLOCK, &set, NULL);
	make_dir();
}

/* Runs part() under a filter; returns the status that wait() gives */
static int under(uint32_t action, struct caught *c, bool *real)
{
	struct bpf b;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	struct pollfd p = { .events = POLLIN };
	int status, pipes[2];
	pid_t pid;

	assert_int_equal(seccomp_rule_add(ctx, action, SCMP_SYS(mkdirat), 0), 0);
	assert_int_equal(bpf_export(ctx, &b), 0);
	seccomp_release(ctx);
	assert_true(caught_begin(c, &b));
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		/* cmocka catches it */
		signal(SIGSYS, SIG_DFL);
		/* the unit tests may run as root or not */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (caught_install(c) < 0)
			_exit(99);
		part();
		_exit(98);
	}
	close(pipes[1]);
	assert_int_equal(caught_take(c, pid, -1), 0);
	*real = c->listener >= 0;
	while (!waitpid(pid, &status, WNOHANG)) {
		p.fd = c->listener;
		if (poll(&p, 1, 20) > 0)
			caught_answer(c);
	}
	close(pipes[0]);
	bpf_free(&b);
	return status;
}

static void ends(uint32_t action, void (*what)(void), int want, int exit_status)
{
	struct caught c;
	bool real;
	int status;

	part = what;
	status = under(action, &c, &real);
	if (!real) {
		caught_end(&c);
		skip();
	}
	if (want)
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == want);
	else
		assert_int_equal(status, exit_status << 8);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.v[0].nr, SYS_mkdirat);
	assert_int_not_equal(access("/tmp/caught-not-made", F_OK), 0);
	caught_end(&c);
}

static void kill_process(void **state)
{
	(void)state;
	ends(SCMP_ACT_KILL_PROCESS, make_dir, SIGSYS, 0);
}

static void kill_thread(void **state)
{
	(void)state;
	ends(SCMP_ACT_KILL_THREAD, make_dir, SIGSYS, 0);
}

static void kill_child(void **state)
{
	(void)state;
	ends(SCMP_ACT_KILL_PROCESS, in_child, 0, SIGSYS);
}

static void trap_default(void **state)
{
	(void)state;
	ends(SCMP_ACT_TRAP, make_dir, SIGSYS, 0);
}

static void trap_handler(void **state)
{
	(void)state;
	ends(SCMP_ACT_TRAP, handled, 0, 7);
}

/* the kernel kills with SIGSYS, which nobody can send to one who blocks it */
static void kill_blocked(void **state)
{
	(void)state;
	ends(SCMP_ACT_KILL_PROCESS, blocked, SIGKILL, 0);
}

static void nothing(void **state)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	struct caught c;
	struct bpf b;

	(void)state;
	seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), SCMP_SYS(mkdirat), 0);
	assert_int_equal(bpf_export(ctx, &b), 0);
	seccomp_release(ctx);
	/* the kill for another architecture counts */
	assert_true(caught_begin(&c, &b));
	caught_end(&c);
	bpf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kill_process),
		cmocka_unit_test(kill_thread),
		cmocka_unit_test(kill_child),
		cmocka_unit_test(trap_default),
		cmocka_unit_test(trap_handler),
		cmocka_unit_test(kill_blocked),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
