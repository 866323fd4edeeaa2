// SPDX-License-Identifier: GPL-2.0
/*
 * callers - every command and every event group, as somebody else
 *
 *	callers CALLER PID
 *
 * becomes CALLER, sends each command for the namespace of PID, and prints a line
 * "COMMAND ANSWER" for each, where ANSWER is "ok" or the name of an errno. The
 * order is one in which each command of a caller who may would succeed.
 *
 * callers -l: the names of the callers.
 *
 *	callers -m CALLER	tries all that makes a kernel load modules on demand,
 *				with our module's name
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/if_alg.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nlraw.h"

#define CAP(c)	(1ULL << (c))
#define NOBODY	65534

/* What docker and podman leave a container's root */
#define CAPS_CONTAINER \
	(CAP(CAP_CHOWN) | CAP(CAP_DAC_OVERRIDE) | CAP(CAP_FOWNER) | \
	 CAP(CAP_FSETID) | CAP(CAP_KILL) | CAP(CAP_SETGID) | CAP(CAP_SETUID) | \
	 CAP(CAP_SETPCAP) | CAP(CAP_NET_BIND_SERVICE) | CAP(CAP_NET_RAW) | \
	 CAP(CAP_SYS_CHROOT) | CAP(CAP_MKNOD) | CAP(CAP_AUDIT_WRITE) | \
	 CAP(CAP_SETFCAP))

static void die(const char *what)
{
	fprintf(stderr, "callers: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void set_caps(unsigned long long caps)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	int i;

	for (i = 0; i < 2; i++) {
		d[i].effective = caps >> (32 * i);
		d[i].permitted = d[i].effective;
		d[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &h, d))
		die("capset");
}

static void set_uid(unsigned int uid)
{
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
	    setresuid(uid, uid, uid))
		die("setresuid");
}

static void map_root(void)
{
	static const char *const maps[][2] = {
		{ "/proc/self/setgroups", "deny" },
		{ "/proc/self/uid_map", "0 0 1" },
		{ "/proc/self/gid_map", "0 0 1" },
	};
	unsigned int i;

	for (i = 0; i < 3; i++) {
		int fd = open(maps[i][0], O_WRONLY);

		if (fd < 0 || write(fd, maps[i][1], strlen(maps[i][1])) < 0)
			die(maps[i][0]);
		close(fd);
	}
}

static void root(void) { }

static void unprivileged(void)
{
	set_uid(NOBODY);
}

static void net_admin(void)
{
	set_caps(CAP(CAP_NET_ADMIN) | CAP(CAP_NET_RAW));
}

static void all_but_sys_admin(void)
{
	set_caps(((1ULL << 38) - 1) & ~CAP(CAP_SYS_ADMIN));
}

static void sys_admin(void)
{
	set_caps(CAP(CAP_SYS_ADMIN));
}

static void nobody_sys_admin(void)
{
	if (prctl(PR_SET_KEEPCAPS, 1))
		die("keepcaps");
	set_uid(NOBODY);
	set_caps(CAP(CAP_SYS_ADMIN));
}

static void user_ns(void)
{
	if (unshare(CLONE_NEWUSER))
		die("unshare user");
	map_root();
}

static void unprivileged_user_ns(void)
{
	set_uid(NOBODY);
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID))
		die("unshare user");
}

static void user_net_ns(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		die("unshare user, net");
	map_root();
}

static void net_ns(void)
{
	if (unshare(CLONE_NEWNET))
		die("unshare net");
}

static void container(void)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID))
		die("unshare");
	set_caps(CAPS_CONTAINER);
}

/* Write with write(2), for which the socket's opener counts as well */
static bool no_address;

static const struct {
	const char *name;
	void (*become)(void);
	/* 1: opened by root, used by the caller; 2: the other way round */
	int handed;
} callers[] = {
	{ "root", root, 0 },
	{ "root-with-sys-admin-only", sys_admin, 0 },
	{ "nobody-with-sys-admin", nobody_sys_admin, 0 },
	{ "unprivileged", unprivileged, 0 },
	{ "net-admin-only", net_admin, 0 },
	{ "all-but-sys-admin", all_but_sys_admin, 0 },
	{ "root-in-user-ns", user_ns, 0 },
	{ "unprivileged-in-user-ns", unprivileged_user_ns, 0 },
	{ "root-in-user-and-net-ns", user_net_ns, 0 },
	{ "root-in-net-ns", net_ns, 0 },
	{ "container-on-host-network", container, 0 },
	{ "unprivileged-on-root-socket", unprivileged, 1 },
	{ "root-on-unprivileged-socket", unprivileged, 2 },
};

#define N_CALLERS (sizeof(callers) / sizeof(*callers))

static int find_groups(const struct nlattr *attrs, size_t len, void *arg)
{
	const struct nlattr *groups, *g, *id;
	uint32_t *ids = arg;

	groups = nla_find(attrs, len, CTRL_ATTR_MCAST_GROUPS);
	if (!groups)
		return 0;
	nla_for(g, nla_data(groups), nla_len(groups)) {
		id = nla_find(nla_data(g), nla_len(g), CTRL_ATTR_MCAST_GRP_ID);
		if (id && ids[0] < 15)
			ids[++ids[0]] = nla_u32(id);
	}
	return 0;
}

static int send_as(struct nlraw *nl, struct msg *m)
{
	if (!no_address)
		return nlraw_talk(nl, m, NULL, NULL);
	m->nlh.nlmsg_seq = ++nl->seq;
	nl->text[0] = 0;
	if (write(nl->fd, m, m->nlh.nlmsg_len) < 0)
		return -errno;
	return nlraw_answer(nl, NULL, NULL);
}

static void tell(const char *name, int ret)
{
	printf("%s %s\n", name, ret ? nlraw_errno(-ret) : "ok");
}

static int table(struct nlraw *nl, uint16_t family, const uint32_t *groups,
		 const char *pid)
{
	static const struct {
		const char *name;
		uint8_t cmd;
		uint16_t flags;
		bool select;
	} cmds[] = {
		{ "info", SCTRACE_CMD_INFO, 0, false },
		{ "start", SCTRACE_CMD_START, 0, true },
		{ "get", SCTRACE_CMD_GET, 0, true },
		{ "dump", SCTRACE_CMD_GET, NLM_F_DUMP, false },
		{ "dump-one", SCTRACE_CMD_GET, NLM_F_DUMP, true },
		{ "stop", SCTRACE_CMD_STOP, 0, true },
		{ "reset", SCTRACE_CMD_RESET, 0, true },
		{ "forget", SCTRACE_CMD_FORGET, 0, true },
		{ "wrong-version", SCTRACE_CMD_INFO, 0, false },
	};
	char sel[32];
	unsigned int i;
	struct msg m;

	snprintf(sel, sizeof(sel), "inum:%s", pid);
	if (pid[0] == 'p')
		snprintf(sel, sizeof(sel), "pid:%s", pid + 1);
	for (i = 0; i < sizeof(cmds) / sizeof(*cmds); i++) {
		bool wrong = !strcmp(cmds[i].name, "wrong-version");

		msg_init(&m, family, cmds[i].flags ?: NLM_F_ACK, cmds[i].cmd,
			 wrong ? 0 : 1);
		if (cmds[i].select)
			msg_select(&m, sel);
		tell(cmds[i].name, send_as(nl, &m));
	}
	for (i = 1; i <= groups[0]; i++) {
		int group = groups[i], ret;

		ret = setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				 &group, sizeof(group));
		tell("events", ret ? -errno : 0);
	}
	return 0;
}

/*
 * Ways in which a kernel asks for a module by a name that a caller chose. Their
 * answers do not matter: that there is no module afterwards does.
 */
static void ask_for_module(void)
{
	static const char name[] = "sctrace";
	struct sockaddr_alg alg = { .salg_family = AF_ALG };
	struct ifreq ifr = { 0 };
	struct nlraw nl;
	int fd;

	printf("genetlink %s\n", nlraw_errno(-nlraw_open(&nl)));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	strcpy(ifr.ifr_name, name);
	printf("interface %d\n", ioctl(fd, SIOCGIFINDEX, &ifr));
	printf("tcp %d\n", setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name,
				      strlen(name)));
	printf("ulp %d\n", setsockopt(fd, IPPROTO_TCP, TCP_ULP, name,
				      strlen(name)));
	close(fd);
	printf("mount %d\n", mount("none", "/tmp", name, 0, NULL));
	printf("fsopen %ld\n", syscall(SYS_fsopen, name, 0));
	fd = socket(AF_ALG, SOCK_SEQPACKET, 0);
	strcpy((char *)alg.salg_type, "hash");
	strcpy((char *)alg.salg_name, name);
	printf("crypto %d\n", bind(fd, (struct sockaddr *)&alg, sizeof(alg)));
	strcpy((char *)alg.salg_type, name);
	printf("algtype %d\n", bind(fd, (struct sockaddr *)&alg, sizeof(alg)));
	printf("key %ld\n", syscall(SYS_add_key, name, "x", "y", 1, -3));
	/* and the plain way */
	fd = open(getenv("SCTRACE_KO") ?: "/nonexistent", O_RDONLY);
	printf("finit_module %ld\n", syscall(SYS_finit_module, fd, "", 0));
	printf("delete_module %ld\n", syscall(SYS_delete_module, name, 0));
}

int main(int argc, char **argv)
{
	uint32_t groups[16] = { 0 };
	bool modules = false;
	struct nlraw nl, mine;
	unsigned int i;
	uint16_t family;
	struct msg m;
	int ret;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1 && !strcmp(argv[1], "-l")) {
		for (i = 0; i < N_CALLERS; i++)
			puts(callers[i].name);
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "-m")) {
		modules = true;
		argv++;
	} else if (argc < 3) {
		return 2;
	}
	for (i = 0; i < N_CALLERS; i++) {
		if (!strcmp(callers[i].name, argv[1]))
			break;
	}
	if (i == N_CALLERS)
		return 2;
	if (modules) {
		callers[i].become();
		ask_for_module();
		return 0;
	}
	/* Root asks which family it is: it may be hidden from the caller */
	ret = nlraw_open(&nl);
	if (ret)
		die("family");
	family = nl.family;
	msg_init(&m, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY, 1);
	msg_put(&m, CTRL_ATTR_FAMILY_NAME, SCTRACE_FAMILY,
		sizeof(SCTRACE_FAMILY));
	if (nlraw_talk(&nl, &m, find_groups, groups))
		die("groups");

	switch (callers[i].handed) {
	case 1:
		/* nl stays root's */
		callers[i].become();
		return table(&nl, family, groups, argv[2]);
	case 2: {
		/* As a program that root starts may be given a socket for its
		 * standard output, and writes what somebody else chose
		 */
		int pair[2];
		pid_t pid;
		char c;

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
			die("socketpair");
		pid = fork();
		if (!pid) {
			struct iovec iov = { &c, 1 };
			union {
				char buf[CMSG_SPACE(sizeof(int))];
				struct cmsghdr h;
			} u;
			struct msghdr h = {
				.msg_iov = &iov, .msg_iovlen = 1,
				.msg_control = u.buf,
				.msg_controllen = sizeof(u.buf),
			};

			callers[i].become();
			if (nlraw_socket(&mine))
				_exit(1);
			u.h.cmsg_level = SOL_SOCKET;
			u.h.cmsg_type = SCM_RIGHTS;
			u.h.cmsg_len = CMSG_LEN(sizeof(int));
			memcpy(CMSG_DATA(&u.h), &mine.fd, sizeof(int));
			c = 0;
			_exit(sendmsg(pair[1], &h, 0) != 1);
		} else {
			struct iovec iov = { &c, 1 };
			union {
				char buf[CMSG_SPACE(sizeof(int))];
				struct cmsghdr h;
			} u;
			struct msghdr h = {
				.msg_iov = &iov, .msg_iovlen = 1,
				.msg_control = u.buf,
				.msg_controllen = sizeof(u.buf),
			};

			waitpid(pid, &ret, 0);
			if (ret || recvmsg(pair[0], &h, 0) != 1)
				die("no socket came");
			memset(&mine, 0, sizeof(mine));
			memcpy(&mine.fd, CMSG_DATA(&u.h), sizeof(int));
			no_address = true;
			return table(&mine, family, groups, argv[2]);
		}
	}
	}
	callers[i].become();
	/* A container's PID namespace is for its children */
	if (!strcmp(argv[1], "container-on-host-network") ||
	    !strcmp(argv[1], "unprivileged-in-user-ns")) {
		pid_t pid = fork();

		if (pid) {
			waitpid(pid, &ret, 0);
			return WIFEXITED(ret) ? WEXITSTATUS(ret) : 1;
		}
	}
	ret = nlraw_socket(&mine);
	if (ret)
		die("socket");
	return table(&mine, family, groups, argv[2]);
}
