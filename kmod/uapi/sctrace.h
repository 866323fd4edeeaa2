/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The sctrace generic netlink protocol. This file is its manual; the module
 * and every program that talks to it include it.
 *
 * Who may talk
 * ------------
 * The family "sctrace" exists in the initial network namespace only, and each
 * command wants CAP_SYS_ADMIN in the initial user namespace: of the socket's
 * opener and of the sender. All else gets EPERM, before anything is looked at.
 *
 * Every request carries the API that its program was written for, 1 or more, in
 * genlmsghdr.version; with 0 the answer is EPROTONOSUPPORT. Netlink itself gives the
 * same answer, without a text, to a dump that comes while the module is being
 * unloaded.
 *
 * How it grows
 * ------------
 * Programs and modules of all APIs understand each other in INFO, GET, STOP, RESET and
 * FORGET. What came after the first release is a bit of SCTRACE_A_FEATURES: a program
 * sends an attribute of a feature only to a module that has that bit (others may answer
 * EINVAL), and skips attributes and bits that it does not know. Attributes are only
 * added at the end. An element of an array may only grow at its end, and its size is
 * told beside it. CTRL_ATTR_VERSION stays SCTRACE_API_VERSION: programs of the first
 * release stop at any other.
 *
 * Each refusal carries a text in the extended ack (kernels from 4.12 on).
 *
 * What it speaks of
 * -----------------
 * A record is what the module knows of one PID namespace instance, or of a cgroup and all
 * below it; what differs for these is said under Cgroups. Its ID is
 * never used again. Its inum is the number in /proc/PID/ns/pid; the kernel gives it to
 * another namespace as soon as this one is gone, for a record keeps no namespace that
 * is over. Times are CLOCK_BOOTTIME nanoseconds.
 *
 * SELECTOR, exactly one of:
 *
 *    SCTRACE_A_ID: u64
 *    SCTRACE_A_INUM: u32; of several records with that number, that of the living
 *        namespace, or else the newest. SCTRACE_A_NAMESAKES of the answer tells how
 *        many others there are
 *    SCTRACE_A_LABEL: string
 *    SCTRACE_A_PID: u32, a process or thread as the sender's PID namespace
 *        numbers it; stands for the namespace that the task lives in
 *    SCTRACE_A_NS_FD: u32, a file descriptor of the sender's, of a PID namespace's file
 *        (/proc/PID/ns/pid, or a bind mount of it); with SCTRACE_FEATURE_NS_FD
 *    SCTRACE_A_CG_FD: u32, a file descriptor of the sender's, of a cgroup's directory; the
 *        record of that cgroup; with SCTRACE_FEATURE_CGROUPS
 *    SCTRACE_A_CG_PATH: string, the record that waits for a cgroup of that path, or is of
 *        one; with SCTRACE_FEATURE_CGROUPS
 *
 * Commands
 * --------
 * SCTRACE_CMD_INFO, no attributes. The answer:
 *
 *    SCTRACE_A_API: u32, SCTRACE_API_VERSION
 *    SCTRACE_A_VERSION: string, the module's version
 *    SCTRACE_A_MODE: u32, enum sctrace_mode
 *    SCTRACE_A_ARCH: u32, AUDIT_ARCH_* of the kernel's own ABI
 *    SCTRACE_A_ATTACHED: u32, bit 0: the tracepoints are registered, bit 1: so
 *        is that of refused calls
 *    SCTRACE_A_NOW: u64, the time
 *    SCTRACE_A_MAX_RECORDS, _RECORDS, _LIVE, _ENDED, _HELD: u32
 *    SCTRACE_A_EVICTED: u64, ended records dropped to make room
 *    SCTRACE_A_UNRECORDED: u64, times a namespace could not be given a record
 *    SCTRACE_A_POOL_EMPTY: u64, times a pool had nothing to give
 *    SCTRACE_A_SCOPE: u32, enum sctrace_scope; absent in older modules
 *    SCTRACE_A_FEATURES: u64, SCTRACE_FEATURE_* bits; absent: none
 *
 * SCTRACE_CMD_GET, one record: SELECTOR. The answer is one RECORD without
 *    sightings. ENOENT: no such record.
 *
 * SCTRACE_CMD_GET with NLM_F_DUMP: all records in the order of their IDs, or
 *    with a SELECTOR that one. Optional:
 *
 *    SCTRACE_A_WANT: u32, SCTRACE_WANT_* bits
 *    SCTRACE_A_CURSOR: u32, only sightings from this position on
 *    SCTRACE_A_VALUE_CURSOR: u32, only values from this position on
 *
 *    A record whose sightings and values do not fit one message goes on in the next: all
 *    messages but the last of a record carry SCTRACE_A_MORE, those after the
 *    first hold only SCTRACE_A_ID, _SIGHTINGS, _VALUES and what stands beside these.
 *    Messages are as long as the reader's buffer, but one that begins a record may take 12 KiB.
 *    NLM_F_DUMP_INTR on any message says that records were dropped or emptied meanwhile and the
 *    whole may be torn: ask again. With a SELECTOR only that record counts.
 *    Records that came into being after the dump began are not in it.
 *
 * RECORD:
 *
 *    SCTRACE_A_ID: u64
 *    SCTRACE_A_INUM: u32
 *    SCTRACE_A_PARENT_INUM: u32, 0 for the initial namespace
 *    SCTRACE_A_LEVEL: u32, 0 for the initial namespace
 *    SCTRACE_A_FLAGS: u32, SCTRACE_F_* bits
 *    SCTRACE_A_LABEL: string, absent without one
 *    SCTRACE_A_COMM: string, name of the namespace's init
 *    SCTRACE_A_INIT_PID: u32, pid of that init in the initial PID namespace
 *    SCTRACE_A_SINCE: u64, when recording (or the last RESET) was
 *    SCTRACE_A_ENDED_AT: u64, absent while the namespace lives
 *    SCTRACE_A_LAST_NEW: u64, time of the last sighting of a number or a
 *        value, 0: none yet
 *    SCTRACE_A_SIGHTINGS_KEPT: u32
 *    SCTRACE_A_SIGHTINGS_MISSED: u32, numbers that are in a set and whose
 *        sighting could not be kept (yet; or, of a record that has 4095
 *        sightings and names of callers, ever)
 *    SCTRACE_A_CALLS_MISSED: u32, calls that could not be put into a set
 *    SCTRACE_A_OTHER_NR: s64, the first number seen that is outside of
 *        0..1023 and no ARM private call; absent when there was none
 *    SCTRACE_A_ABIS: nest of
 *        SCTRACE_A_ABI: nest, one for each ABI seen
 *            SCTRACE_ABI_ARCH: u32, AUDIT_ARCH_*, or SCTRACE_ARCH_X32
 *            SCTRACE_ABI_SETS: nest of
 *                SCTRACE_ABI_SET: nest, one for each set that is not empty
 *                    SCTRACE_SET_KIND: u32, SCTRACE_KIND_* bits
 *                    SCTRACE_SET_BITS: binary, at most 128 bytes; number n is
 *                        bit (n & 7) of byte (n >> 3) on every machine, bytes
 *                        that are not there are zero
 *    SCTRACE_A_SIGHTINGS: binary, array of struct sctrace_sighting, oldest
 *        first (only when wanted)
 *    SCTRACE_A_CURSOR: u32, the position after the last sighting given (only
 *        when sightings were wanted)
 *    SCTRACE_A_MORE: flag
 *    SCTRACE_A_SIGHTING_SIZE: u32, bytes of an element of SCTRACE_A_SIGHTINGS, at least
 *        40; beside each of these. Absent: 40
 *    SCTRACE_A_NAMESAKES: u32, with the selector SCTRACE_A_INUM: how many other records
 *        have that number; absent: none
 *    SCTRACE_A_CGROUP: string, path of the cgroup of the namespace's init when it first called
 *        execve, or when it ended, or now; of the unified hierarchy, or of one of version 1
 *        where an engine uses these. The last 255 bytes; absent: not known
 *    SCTRACE_A_HOSTNAME: string, host name of that init at that time, with whatever bytes
 *        its user has put there; absent: it is the host's own, or not known
 *    SCTRACE_A_VALUES: binary, array of struct sctrace_value, oldest first; after the last
 *        of them the numbers that are open (only when wanted)
 *    SCTRACE_A_VALUE_SIZE: u32, bytes of an element of SCTRACE_A_VALUES, at least 72;
 *        beside each of these
 *    SCTRACE_A_VALUE_CURSOR: u32, the position after the last value given; beside each of
 *        these
 *    SCTRACE_A_OPEN: u32, bits 1 << enum sctrace_open: all watched numbers are open; absent:
 *        not so (only when values were wanted)
 *
 * Values
 * ------
 * Of some calls the arguments are recorded, too: watched.h says of which. A value is what a
 * watched call was made with: all its watched arguments together, or the bits of its flags.
 * A record holds for each ABI, number and kind the values that were seen, and the first
 * sighting of each. With SCTRACE_FEATURE_VALUES, by SCTRACE_WANT_VALUES, in dumps.
 *
 * A number is open when its values are not all known. To conclude anything from a value that
 * is not there would be wrong then. The number of a kind is open
 *
 *    when SCTRACE_A_OPEN is there: in the whole record, or
 *    when an element of SCTRACE_A_VALUES says so: SCTRACE_HOW_OPEN, or
 *    when it is in a set and no element of SCTRACE_A_VALUES (from position 0 on) speaks
 *    of it: this module does not watch it in that ABI.
 *
 * Without SCTRACE_WANT_PROGRAMS the same value may be there twice: of the set-up and of a
 * program; without SCTRACE_WANT_EXECS: of the workload and of an exec.
 *
 * Cgroups
 * -------
 * With SCTRACE_FEATURE_CGROUPS. START with SCTRACE_A_CG_FD makes a record of a cgroup of the
 * unified hierarchy: of the calls of all tasks in it and below it, in whatever PID namespace.
 * It ends when the cgroup is removed. START with SCTRACE_A_CG_PATH makes a record of
 * whatever cgroup is at that path: the one that is there, and each one that is made there
 * later, before a task can enter it. All go into the same record, which is ended as long as
 * there is none after the first. When its hold ends it waits no longer: the next START makes
 * another record, and the path selects the newest. A record by file and one by path may speak
 * of the same cgroup. What other records get does not change.
 *
 * The path is that from the root of the hierarchy (/system.slice/nginx.service): as in
 * /proc/PID/cgroup, for a sender in the initial cgroup namespace; any other gets EINVAL.
 *
 * Such a RECORD has SCTRACE_F_CGROUP, and
 *
 *    SCTRACE_A_INUM, _PARENT_INUM, _LEVEL: 0
 *    SCTRACE_A_CGROUP: string, the path when the record was made, whole
 *    SCTRACE_A_CGROUP_ID: u64, of the cgroup it is of now, or was of: what the kernel calls
 *        the ID, the inode number of the directory on 64-bit machines from 5.5 on. 0: it waits
 *    SCTRACE_A_STARTS: u32, how many cgroups it has been of so far
 *    SCTRACE_A_COMM, _INIT_PID: of the first program that ran there; pid 0: of none yet
 *    SCTRACE_F_LATE: there were tasks in the cgroup when the record was made
 *    SCTRACE_F_RUNNING: some process in it is past its set-up, or it is late
 *
 * PIDs in sightings and values are those of the initial PID namespace. Stages:
 *
 *    SETUP: called by a process that was brought into the cgroup from outside, or by what
 *        such a process forked, until an execve at which it has another mount namespace than
 *        who brought it in, or a seccomp filter that who brought it in had not, or has moved
 *        itself to the cgroup. Who moves itself in has done that.
 *    PROGRAM: of SETUP, what was called before SCTRACE_F_RUNNING. When that is never set, who was
 *        brought in has executed nothing that ended its set-up: then this was its work.
 *    EXEC: called past its set-up by a process that was brought into the very cgroup in which the
 *        first program of the record had begun, and has not moved itself there; or by what such a
 *        process forked. systemd lets what it starts move itself. Of a late record the cgroup is
 *        the record's.
 *    CONFINED: under another filter than who brought the process in had; where that is not
 *        known any more: under any.
 *
 * Refused by START: EOPNOTSUPP, this kernel cannot do it (before 4.18, or without cgroups).
 * EBADF: the file is not of a cgroup of the unified hierarchy. EINVAL: the root cgroup, or a
 * path that is none. ENAMETOOLONG: a path of more than SCTRACE_CG_PATH_MAX bytes. ENOSPC: more
 * than SCTRACE_CG_MAX such records that have not ended, or are of a path. ESTALE: the cgroup has
 * been removed. Nobody can tell the module whether the unified hierarchy is mounted: where it is
 * not, there is no file to give, and a path is waited for in vain.
 *
 * The ARM private calls 0x0f0000 + k, k in 0..7, stand at 1016 + k in the sets
 * of AUDIT_ARCH_ARM and AUDIT_ARCH_ARMEB; see SCTRACE_ARM_PRIVATE_*.
 *
 * SCTRACE_CMD_START: SELECTOR (a PID, NS_FD, CG_FD or CG_PATH where no record
 *    exists yet). Optional:
 *
 *    SCTRACE_A_SET_LABEL: string, printable, no blanks, 1..SCTRACE_LABEL_MAX
 *    SCTRACE_A_REFUSED: flag, look for calls that a filter refused too
 *    SCTRACE_A_HOLD: u32, enum sctrace_hold; with SCTRACE_FEATURE_HOLD. Absent:
 *        SCTRACE_HOLD_STAY
 *
 *    Makes the record if there is none, holds it (never evicted, and the
 *    module cannot be unloaded), and goes on recording where STOP ended it.
 *    A hold stays until FORGET, or is the socket's: then it ends when the socket is
 *    closed, the record stays and may be evicted. One that stays is not made a
 *    socket's by a later START; of two sockets the last that asked has it.
 *    Answers with the RECORD. Records of child namespaces are made by
 *    themselves. EEXIST: another record has that label, or this one has
 *    another label. ESRCH: no such process. ENOENT: no such record.
 *    ESTALE: the namespace has ended and has no
 *    record. ENOSPC: max_records are there and none
 *    can be evicted.
 *
 * SCTRACE_CMD_STOP: SELECTOR. Nothing more is recorded; what was stays, and
 *    stays held.
 * SCTRACE_CMD_RESET: SELECTOR. Empties the sets and sightings and goes on.
 * SCTRACE_CMD_FORGET: SELECTOR. Drops the record. A living namespace
 *    that is recorded by itself gets a new one, flagged late, with its next call.
 *    These three answer with an acknowledgement.
 */

#ifndef _UAPI_SCTRACE_H
#define _UAPI_SCTRACE_H

#include <linux/types.h>

#define SCTRACE_FAMILY		"sctrace"
#define SCTRACE_API_VERSION	1

#define SCTRACE_LABEL_MAX	128	/* bytes, without the final NUL */
#define SCTRACE_NR_MAX		1024	/* numbers in a set */
#define SCTRACE_COMM_LEN	16
#define SCTRACE_CG_PATH_MAX	1000	/* bytes, without the final NUL */
#define SCTRACE_CG_MAX		16	/* records of cgroups that record */

/*
 * The x32 ABI has no AUDIT_ARCH_* of its own; this is AUDIT_ARCH_X86_64 less
 * __AUDIT_ARCH_64BIT, the token that libseccomp uses for it as well. Numbers
 * are without __X32_SYSCALL_BIT.
 */
#define SCTRACE_ARCH_X32	0x4000003eU

#define SCTRACE_ARM_PRIVATE_BASE	0x0f0000
#define SCTRACE_ARM_PRIVATE_SLOT	1016
#define SCTRACE_ARM_PRIVATE_NUM		8

enum sctrace_cmd {
	SCTRACE_CMD_UNSPEC,
	SCTRACE_CMD_INFO,
	SCTRACE_CMD_GET,
	SCTRACE_CMD_START,
	SCTRACE_CMD_STOP,
	SCTRACE_CMD_RESET,
	SCTRACE_CMD_FORGET,
	__SCTRACE_CMD_MAX
};

#define SCTRACE_CMD_MAX (__SCTRACE_CMD_MAX - 1)

enum sctrace_mode {
	SCTRACE_MODE_ALL,	/* every PID namespace, from its first call */
	SCTRACE_MODE_SELECTED,	/* what START names, and its descendants */
	SCTRACE_MODE_CONTAINERS, /* every one but the initial one, likewise */
};

/* Whose system calls take the traced path, and why */
enum sctrace_scope {
	SCTRACE_SCOPE_NOBODY,	/* no probe is registered */
	SCTRACE_SCOPE_RECORDED,	/* those inside recorded namespaces */
	SCTRACE_SCOPE_INITIAL,	/* all: the initial namespace is recorded */
	SCTRACE_SCOPE_ASKED,	/* all: the module was loaded with narrow=0 */
	SCTRACE_SCOPE_OTHERS,	/* all: somebody else uses the tracepoints */
};

enum sctrace_hold {
	SCTRACE_HOLD_STAY,	/* until FORGET */
	SCTRACE_HOLD_SOCKET,	/* until the socket is closed */
};

/* What INFO says that a module can */
#define SCTRACE_FEATURE_HOLD	(1ULL << 0)	/* SCTRACE_A_HOLD */
#define SCTRACE_FEATURE_NS_FD	(1ULL << 1)	/* SCTRACE_A_NS_FD */
#define SCTRACE_FEATURE_VALUES	(1ULL << 2)	/* SCTRACE_WANT_VALUES */
#define SCTRACE_FEATURE_CGROUPS	(1ULL << 3)	/* SCTRACE_A_CG_FD, _CG_PATH */
#define SCTRACE_FEATURE_EXECS	(1ULL << 4)	/* SCTRACE_WANT_EXECS */

enum sctrace_attr {
	SCTRACE_A_UNSPEC,
	SCTRACE_A_PAD,

	/* selectors */
	SCTRACE_A_ID,
	SCTRACE_A_INUM,
	SCTRACE_A_LABEL,
	SCTRACE_A_PID,

	/* requests */
	SCTRACE_A_WANT,
	SCTRACE_A_CURSOR,
	SCTRACE_A_SET_LABEL,
	SCTRACE_A_REFUSED,

	/* record */
	SCTRACE_A_PARENT_INUM,
	SCTRACE_A_LEVEL,
	SCTRACE_A_FLAGS,
	SCTRACE_A_COMM,
	SCTRACE_A_INIT_PID,
	SCTRACE_A_SINCE,
	SCTRACE_A_ENDED_AT,
	SCTRACE_A_LAST_NEW,
	SCTRACE_A_SIGHTINGS_KEPT,
	SCTRACE_A_SIGHTINGS_MISSED,
	SCTRACE_A_CALLS_MISSED,
	SCTRACE_A_OTHER_NR,
	SCTRACE_A_ABIS,
	SCTRACE_A_ABI,
	SCTRACE_A_SIGHTINGS,
	SCTRACE_A_MORE,

	/* info */
	SCTRACE_A_API,
	SCTRACE_A_VERSION,
	SCTRACE_A_MODE,
	SCTRACE_A_ARCH,
	SCTRACE_A_ATTACHED,
	SCTRACE_A_NOW,
	SCTRACE_A_MAX_RECORDS,
	SCTRACE_A_RECORDS,
	SCTRACE_A_LIVE,
	SCTRACE_A_ENDED,
	SCTRACE_A_HELD,
	SCTRACE_A_EVICTED,
	SCTRACE_A_UNRECORDED,
	SCTRACE_A_POOL_EMPTY,

	/* added since; only ever at the end */
	SCTRACE_A_SCOPE,
	SCTRACE_A_FEATURES,
	SCTRACE_A_SIGHTING_SIZE,
	SCTRACE_A_NAMESAKES,
	SCTRACE_A_HOLD,
	SCTRACE_A_NS_FD,
	SCTRACE_A_VALUES,
	SCTRACE_A_VALUE_SIZE,
	SCTRACE_A_VALUE_CURSOR,
	SCTRACE_A_OPEN,
	SCTRACE_A_CGROUP,
	SCTRACE_A_HOSTNAME,
	SCTRACE_A_CG_FD,
	SCTRACE_A_CG_PATH,
	SCTRACE_A_CGROUP_ID,
	SCTRACE_A_STARTS,
	__SCTRACE_A_MAX
};

#define SCTRACE_A_MAX (__SCTRACE_A_MAX - 1)

enum sctrace_abi_attr {
	SCTRACE_ABI_UNSPEC,
	SCTRACE_ABI_ARCH,
	SCTRACE_ABI_SETS,
	SCTRACE_ABI_SET,
	__SCTRACE_ABI_MAX
};

#define SCTRACE_ABI_MAX (__SCTRACE_ABI_MAX - 1)

enum sctrace_set_attr {
	SCTRACE_SET_UNSPEC,
	SCTRACE_SET_KIND,
	SCTRACE_SET_BITS,
	__SCTRACE_SET_MAX
};

#define SCTRACE_SET_MAX (__SCTRACE_SET_MAX - 1)

/*
 * What a set holds, and which set a sighting entered:
 *
 * CONFINED: called under a seccomp filter of the container's own: another one than the
 *    namespace's init was born with, or than a process that came from outside of the
 *    namespace was forked with. For a record that is younger than its namespace: another
 *    one than the parent of its init has.
 * SETUP: called by a process from outside of the namespace that has not called execve since
 *    it was forked, or while the namespace's init had not called execve.
 * REFUSED: a filter answered the call with an error. With CONFINED.
 * PROGRAM: with SETUP, and only to who asks by SCTRACE_WANT_PROGRAMS.
 * EXEC: without SETUP, and only to who asks by SCTRACE_WANT_EXECS. The same bit: what it says
 *    depends on SETUP.
 */
#define SCTRACE_KIND_CONFINED	(1U << 0)
#define SCTRACE_KIND_SETUP	(1U << 1)
#define SCTRACE_KIND_REFUSED	(1U << 2)
#define SCTRACE_KIND_PROGRAM	(1U << 3)
#define SCTRACE_KIND_EXEC	(1U << 3)

/*
 * In sctrace_sighting.kind only: there was no memory when the call was made. The time is
 * that at which there was some again; who called is not known: PID 0, comm "?".
 */
#define SCTRACE_KIND_DELAYED	(1U << 15)

/* Flags of a record */
#define SCTRACE_F_LATE		(1U << 0)	/* its init was running already */
#define SCTRACE_F_ENDED		(1U << 1)	/* its init is gone */
#define SCTRACE_F_HELD		(1U << 2)	/* started on request */
#define SCTRACE_F_INCOMPLETE	(1U << 3)	/* something was not kept */
#define SCTRACE_F_STOPPED	(1U << 4)	/* not recording at present */
#define SCTRACE_F_GAP		(1U << 5)	/* was stopped for a while */
#define SCTRACE_F_REFUSED	(1U << 6)	/* looks for refused calls */
#define SCTRACE_F_RUNNING	(1U << 7)	/* its init has called execve */
#define SCTRACE_F_CGROUP	(1U << 8)	/* of a cgroup, not of a namespace */

#define SCTRACE_WANT_SIGHTINGS	(1U << 0)

/*
 * Tell the calls of programs from those of the set-up, while the namespace's init has not
 * called execve (of a cgroup: see there): of processes that did call execve inside the
 * namespace, and of what these forked. Without it they count as set-up.
 */
#define SCTRACE_WANT_PROGRAMS	(1U << 1)

/* The values of watched calls */
#define SCTRACE_WANT_VALUES	(1U << 2)

/*
 * Tell the calls of execs from those of the workload: of processes that were forked into the
 * namespace from outside after its init had called execve, and have called execve themselves
 * (docker exec, health checks), and of what these forked. A call of theirs that the workload had
 * made before is not there; one that the workload made later is there twice. What came in
 * before the recording began, or was born before init's execve, is workload. (Of a cgroup: see
 * there.) Who does not ask for it gets the calls of execs as the workload's. With
 * SCTRACE_FEATURE_EXECS.
 */
#define SCTRACE_WANT_EXECS	(1U << 3)

/**
 * struct sctrace_sighting - a number entered a set
 * @time: when, CLOCK_BOOTTIME in ns
 * @arch: which ABI: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @nr: the system call's number in that ABI
 * @pid: who called: thread group ID inside the record's namespace
 * @kind: which set: SCTRACE_KIND_* bits
 * @reserved: 0
 * @comm: who called: the thread's name, ends in a NUL
 */
struct sctrace_sighting {
	__u64 time;
	__u32 arch;
	__u32 nr;
	__u32 pid;
	__u16 kind;
	__u16 reserved;
	char comm[SCTRACE_COMM_LEN];
};

/* What an element of SCTRACE_A_VALUES is */
enum sctrace_how {
	SCTRACE_HOW_ENUM,	/* a value */
	SCTRACE_HOW_FLAGS,	/* bits that were not seen before; together: all that were */
	SCTRACE_HOW_OPEN,	/* no value: the number is open */
};

/* Why a number is open */
enum sctrace_open {
	SCTRACE_OPEN_MANY,	/* it has more values than are kept */
	SCTRACE_OPEN_MEMORY,	/* there was no memory for one */
	SCTRACE_OPEN_UNREADABLE, /* the memory that an argument points to could not be read */
	SCTRACE_OPEN_LATE,	/* calls were made before they were recorded */
	SCTRACE_OPEN_GAP,	/* the recording was stopped for a while */
};

/* In sctrace_value.index: not the argument, but what it points to, in user memory */
#define SCTRACE_INDEX_POINTED	0x80

/* Values of a number and kind that are kept */
#define SCTRACE_VALUES_MAX	32

/**
 * struct sctrace_value - a call was made with arguments that were not seen before
 * @time: when, CLOCK_BOOTTIME in ns
 * @arch: which ABI: AUDIT_ARCH_* or SCTRACE_ARCH_X32
 * @nr: the system call's number in that ABI
 * @pid: who called: thread group ID inside the record's namespace
 * @kind: SCTRACE_KIND_* bits
 * @how: enum sctrace_how
 * @num: how many of @arg and @index are in use; of SCTRACE_HOW_OPEN: 0
 * @index: which arguments of the call these are, 0 to 5
 * @wide: bit i: the kernel looks at 64 bits of @arg[i], else at 32
 * @upper: bit i: not wide, and once or more the upper half of the register was not zero.
 *	The kernel does not look at it, but a filter does: one that is to let such calls
 *	pass has to mask it away
 * @why: of SCTRACE_HOW_OPEN: enum sctrace_open
 * @apart: 1: once a call had both PROT_WRITE and PROT_EXEC, an element has both, also where each
 *	was seen before by itself. 0: such an element may be missing
 * @comm: who called: the thread's name, ends in a NUL; empty: it could not be kept
 * @arg: as the kernel looks at it: not more than 32 bits where it is not wide
 *
 * Of SCTRACE_HOW_OPEN, @time, @pid and @comm are 0 as well.
 */
struct sctrace_value {
	__u64 time;
	__u32 arch;
	__u32 nr;
	__u32 pid;
	__u16 kind;
	__u8 how;
	__u8 num;
	__u8 index[4];
	__u8 wide;
	__u8 upper;
	__u8 why;
	__u8 apart;
	char comm[SCTRACE_COMM_LEN];
	__u64 arg[3];
};

#endif /* _UAPI_SCTRACE_H */
