// SPDX-License-Identifier: GPL-2.0
/* The kernel module as a thing that is loaded. */

#include <linux/capability.h>
#include <sys/syscall.h>
#include "lib/command.h"
#include "module.h"

/* Inode number of the initial user namespace: PROC_USER_INIT_INO */
#define USER_NS_INITIAL	"user:[4026531837]"

/**
 * module_loaded() - is the module in the kernel?
 *
 * Not so while another process is loading it: its directory in sysfs is there
 * before its netlink family is.
 *
 * Return: true when it is, as far as sysfs tells.
 */
bool module_loaded(void)
{
	cleanup_free char *state =
		module_read_line("/sys/module/" MODULE "/initstate");

	return state && !strcmp(state, "live");
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
 * module_mismatch() - is the loaded module of another version than this program?
 * @f: set up with zeroes; what to say then, for finding_free()
 *
 * Return: true when it is; false also when none is loaded.
 */
bool module_mismatch(struct finding *f)
{
	cleanup_free char *loaded = module_loaded_version();
	cleanup_free char *refs = NULL, *file = NULL;
	const char *first = "";

	if (!loaded || !strcmp(loaded, SCTRACE_VERSION))
		return false;
	refs = module_read_line("/sys/module/" MODULE "/refcnt");
	file = module_file_version();
	if (!file || strcmp(file, SCTRACE_VERSION))
		first = "install both from one release, then ";
	else if (refs && strcmp(refs, "0"))
		first = "`" PROGRAM " forget` what is held, then ";
	finding_set(f, VERDICT_WARN,
		    xasprintf("the loaded module is version %s and this program version %s",
			      loaded, SCTRACE_VERSION),
		    xasprintf("%srun `modprobe -r " MODULE "`; the next command loads the new one",
			      first));
	return true;
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
		{ "Exec format error", MODULE_REFUSED },
		{ "invalid module format", MODULE_REFUSED },
		{ "Unknown symbol", MODULE_REFUSED },
		{ "unknown symbol", MODULE_REFUSED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(says); i++)
		if (strstr(words, says[i].words))
			return says[i].state;
	return MODULE_FAILED;
}

static int fail(struct error **err, const struct finding *f)
{
	return error_make(err, ST_FAILED, 0, "the module cannot be loaded: %s%s%s",
			  f->text, f->todo ? ": " : "", f->todo ? f->todo : "");
}

/* modprobe has failed, and nothing that we can see is wrong */
static int explain(const char *words, struct error **err)
{
	static const char *const why[] = {
		[MODULE_KEY] = "the kernel rejects its key: sign it with an enrolled key (docs/signing.md), or switch secure boot off",
		[MODULE_LOCKED] = "the kernel does not permit it (see `dmesg`)",
		[MODULE_REFUSED] = "the kernel does not take the file (see `dmesg`): build and install it again",
	};
	enum module_state state = module_classify(words);
	cleanup_free char *first = xstrndup(words, strcspn(words, "\n"));

	if (state == MODULE_FAILED)
		return error_make(err, ST_FAILED, 0,
				  "the module could not be loaded: %s (see `dmesg`)",
				  *first ? first : "modprobe failed");
	return error_make(err, ST_FAILED, 0, "the module could not be loaded: %s",
			  why[state]);
}

/**
 * module_load() - load the module, once
 * @err: which of the many reasons it was, and what to do about it
 *
 * Return: 0, or -1 and @err.
 */
int module_load(struct error **err)
{
	static const char *const argv[] = { "modprobe", MODULE, NULL };
	cleanup_finding struct finding f = { 0 };
	cleanup_free char *words = NULL;

	if (!module_has_cap(CAP_SYS_MODULE) || !module_user_ns_initial())
		return error_make(err, ST_FAILED, 0, "%s",
				  module_user_ns_initial() ?
				  "the module is not loaded, and loading it takes root" :
				  "the module is not loaded, and cannot be from within a user namespace: run this on the host as root");
	if (!command_there("modprobe"))
		return error_make(err, ST_FAILED, 0,
				  "the module is not loaded, and there is no modprobe to load it");
	/* a command in its place may succeed and load nothing (`install`) */
	if (!command_read(argv, STDERR_FILENO, &words) && module_loaded())
		return 0;
	module_file_look(&f);
	if (f.verdict == VERDICT_FAIL)
		return fail(err, &f);
	module_load_look(&f);
	if (f.verdict == VERDICT_FAIL)
		return fail(err, &f);
	return explain(words, err);
}
