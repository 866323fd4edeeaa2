// SPDX-License-Identifier: GPL-2.0
/* The kernel module as a file and as a thing that is loaded. */

#include <fcntl.h>
#include <ftw.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "module.h"

#define MODULE		"sctrace"

/* Inode number of the initial user namespace: PROC_USER_INIT_INO */
#define USER_NS_INITIAL	"user:[4026531837]"

/**
 * module_read_line() - the first line of a small file
 * @path: the file
 *
 * Return: the line for free(), NULL when the file cannot be read.
 */
char *module_read_line(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		return NULL;
	n = getline(&line, &size, f);
	if (n < 0) {
		free(line);
		return NULL;
	}
	if (n && line[n - 1] == '\n')
		line[n - 1] = '\0';
	return line;
}

/**
 * module_loaded() - is the module in the kernel?
 *
 * Return: true when it is, as far as sysfs tells.
 */
bool module_loaded(void)
{
	return access("/sys/module/" MODULE, F_OK) == 0;
}

/**
 * module_loaded_version() - the version of the module in the kernel
 *
 * Return: a string for free(), NULL when there is none.
 */
char *module_loaded_version(void)
{
	return module_read_line("/sys/module/" MODULE "/version");
}

/**
 * module_user_ns_initial() - is this the initial user namespace?
 *
 * Return: true when it is; also where the kernel has no user namespaces.
 */
bool module_user_ns_initial(void)
{
	char to[64];
	ssize_t n = readlink("/proc/self/ns/user", to, sizeof(to) - 1);

	if (n < 0)
		return true;
	to[n] = '\0';
	return !strcmp(to, USER_NS_INITIAL);
}

/**
 * module_has_cap() - does this process have a capability, effectively?
 * @cap: CAP_*, below 32
 *
 * Of its own user namespace: see module_user_ns_initial().
 *
 * Return: true when it has.
 */
bool module_has_cap(int cap)
{
	struct __user_cap_header_struct hdr = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &hdr, data) < 0)
		return false;
	return data[0].effective >> cap & 1;
}

/**
 * module_locked() - is the loading of modules switched off?
 *
 * Return: true when kernel.modules_disabled is set.
 */
bool module_locked(void)
{
	cleanup_free char *s =
		module_read_line("/proc/sys/kernel/modules_disabled");

	return s && *s == '1';
}

/**
 * module_sig_enforced() - does the kernel want signed modules only?
 *
 * Return: true when it does, by its parameter or by lockdown.
 */
bool module_sig_enforced(void)
{
	cleanup_free char *sig =
		module_read_line("/sys/module/module/parameters/sig_enforce");
	cleanup_free char *lock =
		module_read_line("/sys/kernel/security/lockdown");

	if (sig && *sig == 'Y')
		return true;
	return lock && !strstr(lock, "[none]");
}

static bool is_module(const char *name)
{
	static const char *const ends[] = { "", ".gz", ".xz", ".zst" };
	size_t i, n = strlen(MODULE ".ko");

	if (strncmp(name, MODULE ".ko", n))
		return false;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!strcmp(name + n, ends[i]))
			return true;
	return false;
}

static char *found;	/* nftw() has no argument of ours */

static int look(const char *path, const struct stat *st, int type,
		struct FTW *ftw)
{
	(void)st;
	if (type != FTW_F || !is_module(path + ftw->base))
		return 0;
	found = xstrdup(path);
	return 1;
}

/**
 * module_file() - where the module for the running kernel is
 * @known: set to whether modprobe knows of it
 *
 * Return: a path for free(), NULL when there is none.
 */
char *module_file(bool *known)
{
	cleanup_free char *dir = NULL, *dep = NULL, *line = NULL;
	cleanup_file FILE *f = NULL;
	struct utsname u;
	size_t size = 0;
	char *colon, *base;

	*known = true;
	uname(&u);
	dir = xasprintf("/lib/modules/%s", u.release);
	dep = xasprintf("%s/modules.dep", dir);
	f = fopen(dep, "re");
	while (f && getline(&line, &size, f) >= 0) {
		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = '\0';
		base = strrchr(line, '/');
		if (!is_module(base ? base + 1 : line))
			continue;
		return *line == '/' ? xstrdup(line) :
				      xasprintf("%s/%s", dir, line);
	}
	*known = false;
	found = NULL;
	nftw(dir, look, 16, FTW_PHYS);
	return found;
}

/*
 * Runs a program with nothing of our environment, and collects what it says
 * on @fd. Returns its exit status, or -1 when it could not be run.
 */
static int run(const char *const argv[], int fd, char **words)
{
	static char *const env[] = {
		(char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		(char *)"LC_ALL=C", NULL
	};
	size_t n = 0, size = 1 << 20;
	int pipefd[2], null, status;
	ssize_t got;
	pid_t pid;

	*words = xcalloc(size, 1);
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		close(pipefd[0]);
		close(pipefd[1]);
		return -1;
	}
	if (!pid) {
		null = open("/dev/null", O_RDWR);
		if (null >= 0) {
			dup2(null, STDIN_FILENO);
			dup2(null, STDOUT_FILENO);
			dup2(null, STDERR_FILENO);
		}
		dup2(pipefd[1], fd);
		execve(argv[0], (char *const *)argv, env);
		_exit(127);
	}
	close(pipefd[1]);
	/* what is too much is read all the same: the writer must not block */
	for (;;) {
		char buf[512];

		got = retry_eintr(read(pipefd[0], buf, sizeof(buf)));
		if (got <= 0)
			break;
		if ((size_t)got > size - 1 - n)
			got = size - 1 - n;
		memcpy(*words + n, buf, got);
		n += got;
	}
	close(pipefd[0]);
	if (retry_eintr(waitpid(pid, &status, 0)) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/**
 * module_file_info() - what a module's file says of itself
 * @file: the file
 * @key: as modinfo -F wants it: version, vermagic, signer
 *
 * Return: a string for free(), NULL when modinfo cannot tell.
 */
char *module_file_info(const char *file, const char *key)
{
	static const char *const paths[] = { "/sbin/modinfo",
					     "/usr/sbin/modinfo" };
	cleanup_free char *words = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *const argv[] = { paths[i], "-F", key, file, NULL };

		if (access(paths[i], X_OK) < 0)
			continue;
		if (run(argv, STDOUT_FILENO, &words) || !*words)
			return NULL;
		words[strcspn(words, "\n")] = '\0';
		return xstrdup(words);
	}
	return NULL;
}

/**
 * module_unpack() - the text of a gzip file, by gzip
 * @file: the file
 *
 * For the configuration that a kernel may carry within itself; for one check
 * of one command a library of its own is too much.
 *
 * Return: a newline and the text, for free(), NULL when there is none.
 */
char *module_unpack(const char *file)
{
	static const char *const paths[] = { "/bin/gzip", "/usr/bin/gzip" };
	cleanup_free char *words = NULL;
	size_t i;

	if (access(file, R_OK) < 0)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *const argv[] = { paths[i], "-dc", file, NULL };

		if (access(paths[i], X_OK) < 0)
			continue;
		if (run(argv, STDOUT_FILENO, &words) || !*words)
			return NULL;
		return xasprintf("\n%s", words);
	}
	return NULL;
}

/**
 * module_classify() - why modprobe failed, from what it said
 * @words: its standard error, in the C locale
 *
 * kmod has one exit status for everything; its words hold strerror() texts.
 * They are the same with the modprobe of busybox.
 *
 * Return: the reason.
 */
enum module_state module_classify(const char *words)
{
	static const struct {
		const char *words;
		enum module_state state;
	} says[] = {
		{ "Key was rejected", MODULE_KEY },
		{ "Required key not available", MODULE_KEY },
		{ "Bad message", MODULE_KEY },
		{ "Operation not permitted", MODULE_LOCKED },
		{ "Exec format error", MODULE_OTHER_KERNEL },
		{ "invalid module format", MODULE_OTHER_KERNEL },
		{ "Unknown symbol", MODULE_OTHER_KERNEL },
		{ "unknown symbol", MODULE_OTHER_KERNEL },
		{ "not found", MODULE_NOT_BUILT },
		{ "No such file", MODULE_NOT_BUILT },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(says); i++)
		if (strstr(words, says[i].words))
			return says[i].state;
	return MODULE_FAILED;
}

static int explain(enum module_state state, const char *file,
		   const char *words, struct error **err)
{
	cleanup_free char *last = NULL;
	struct utsname u;
	char *nl;

	uname(&u);
	switch (state) {
	case MODULE_OK:
		return 0;
	case MODULE_NOT_BUILT:
		return error_make(err, ST_FAILED, 0,
				  "the module is not built for this kernel: no sctrace.ko in `/lib/modules/%s`; install its headers and run `dkms autoinstall`",
				  u.release);
	case MODULE_NO_DEPMOD:
		return error_make(err, ST_FAILED, 0,
				  "modprobe does not know `%s` yet: run `depmod -a`",
				  file);
	case MODULE_OTHER_KERNEL:
		return error_make(err, ST_FAILED, 0,
				  "the module in `/lib/modules/%s` was built for another kernel: build it again (`dkms build --force`)",
				  u.release);
	case MODULE_KEY:
		return error_make(err, ST_FAILED, 0,
				  "the kernel rejects the module's key: sign it with an enrolled key (`mokutil --import` the key of dkms), or switch secure boot off");
	case MODULE_LOCKED:
		return error_make(err, ST_FAILED, 0, "%s",
				  module_locked() ?
				  "loading modules is switched off until the next boot (kernel.modules_disabled)" :
				  "the kernel is locked down and refuses the module: sign it with an enrolled key, or switch secure boot off");
	case MODULE_NO_RIGHT:
		return error_make(err, ST_FAILED, 0, "%s",
				  module_user_ns_initial() ?
				  "the module is not loaded, and loading it takes root" :
				  "the module is not loaded, and cannot be from within a user namespace: run this on the host as root");
	case MODULE_NO_MODPROBE:
		return error_make(err, ST_FAILED, 0,
				  "the module is not loaded, and there is no `/sbin/modprobe` to load it");
	case MODULE_FAILED:
		break;
	}
	last = xstrdup(words);
	nl = strchr(last, '\n');
	if (nl)
		*nl = '\0';
	return error_make(err, ST_FAILED, 0,
			  "the module could not be loaded: %s (see `dmesg`)",
			  *last ? last : "modprobe failed");
}

/**
 * module_load() - load the module, once
 * @err: which of the many reasons it was, and what to do about it
 *
 * Return: 0, or -1 and @err.
 */
int module_load(struct error **err)
{
	static const char *const paths[] = { "/sbin/modprobe",
					     "/usr/sbin/modprobe" };
	cleanup_free char *words = NULL, *file = NULL;
	enum module_state state = MODULE_NO_MODPROBE;
	size_t i;
	bool known;

	if (!module_has_cap(CAP_SYS_MODULE) || !module_user_ns_initial())
		return explain(MODULE_NO_RIGHT, NULL, "", err);
	file = module_file(&known);
	if (!file)
		return explain(MODULE_NOT_BUILT, NULL, "", err);
	if (!known)
		return explain(MODULE_NO_DEPMOD, file, "", err);
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *const argv[] = { paths[i], MODULE, NULL };
		int status;

		if (access(paths[i], X_OK) < 0)
			continue;
		status = run(argv, STDERR_FILENO, &words);
		if (!status)
			return 0;
		state = module_classify(words);
		break;
	}
	return explain(state, file, words ? words : "", err);
}
