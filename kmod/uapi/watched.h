/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The watched calls: those of which arguments are recorded, not only that they were made.
 * This table is the only one; module and tool are built from it. Adding a call is one line
 * here. It depends on nothing, and may be used with any names for the numbers: the module
 * takes those from the kernel's headers, the tool from libseccomp.
 *
 * SCTRACE_WATCHED_CALLS(W) calls W once for each row:
 *
 *	W(row, call, where, how, bits, first, num)
 *
 *	row	name of the row, unique
 *	call	name of the call. An ABI that has no such call has no such row
 *	where	in which ABIs the call has these arguments: ALL, or S390 (s390 and s390x),
 *		NOT_S390 (all but these), NEW_MMAP (all but i386, s390 and s390x, whose call
 *		"mmap" takes a pointer to its arguments)
 *	how	ENUM: the arguments together are one value, which is kept as it is.
 *		FLAGS: the argument is a set of bits, and the bits that were seen are kept.
 *		POINTED: as FLAGS, but the argument points to them in user memory. No filter
 *		can see those
 *	bits	of each argument that the kernel looks at: 32 where it takes an int, 64 where
 *		it takes a long (which has 32 bits in a 32-bit ABI)
 *	first	the first of the arguments, 0 to 5
 *	num	how many there are from that one on. More than one: two or three of 32 bits,
 *		the last of which is argument 2
 *
 * There may be 64 rows.
 */
#ifndef _UAPI_SCTRACE_WATCHED_H
#define _UAPI_SCTRACE_WATCHED_H

#define SCTRACE_WATCHED_CALLS(W)						\
	W(socket,		socket,			ALL,	  ENUM,	   32, 0, 3) \
	W(socketpair,		socketpair,		ALL,	  ENUM,	   32, 0, 3) \
	W(setsockopt,		setsockopt,		ALL,	  ENUM,	   32, 1, 2) \
	W(socketcall,		socketcall,		ALL,	  ENUM,	   32, 0, 1) \
	W(ipc,			ipc,			ALL,	  ENUM,	   32, 0, 1) \
	W(clone,		clone,			NOT_S390, FLAGS,   64, 0, 1) \
	W(clone_s390,		clone,			S390,	  FLAGS,   64, 1, 1) \
	W(clone3,		clone3,			ALL,	  POINTED, 64, 0, 1) \
	W(unshare,		unshare,		ALL,	  FLAGS,   64, 0, 1) \
	W(setns,		setns,			ALL,	  FLAGS,   32, 1, 1) \
	W(personality,		personality,		ALL,	  ENUM,	   32, 0, 1) \
	W(prctl,		prctl,			ALL,	  ENUM,	   32, 0, 1) \
	W(arch_prctl,		arch_prctl,		ALL,	  ENUM,	   32, 0, 1) \
	W(keyctl,		keyctl,			ALL,	  ENUM,	   32, 0, 1) \
	W(bpf,			bpf,			ALL,	  ENUM,	   32, 0, 1) \
	W(ptrace,		ptrace,			ALL,	  ENUM,	   64, 0, 1) \
	W(seccomp,		seccomp,		ALL,	  ENUM,	   32, 0, 1) \
	W(fcntl,		fcntl,			ALL,	  ENUM,	   32, 1, 1) \
	W(fcntl64,		fcntl64,		ALL,	  ENUM,	   32, 1, 1) \
	W(ioctl,		ioctl,			ALL,	  ENUM,	   32, 1, 1) \
	W(prlimit64,		prlimit64,		ALL,	  ENUM,	   32, 1, 1) \
	W(madvise,		madvise,		ALL,	  ENUM,	   32, 2, 1) \
	W(io_uring_register,	io_uring_register,	ALL,	  ENUM,	   32, 1, 1) \
	W(fanotify_init,	fanotify_init,		ALL,	  ENUM,	   32, 0, 1) \
	W(mmap,			mmap,			NEW_MMAP, FLAGS,   64, 2, 1) \
	W(mmap2,		mmap2,			ALL,	  FLAGS,   64, 2, 1) \
	W(mprotect,		mprotect,		ALL,	  FLAGS,   64, 2, 1) \
	W(pkey_mprotect,	pkey_mprotect,		ALL,	  FLAGS,   64, 2, 1) \
	W(mount,		mount,			ALL,	  FLAGS,   64, 3, 1) \
	W(umount2,		umount2,		ALL,	  FLAGS,   32, 1, 1)

/*
 * PROT_WRITE and PROT_EXEC, which are the same on all machines. Of these rows it is told whether
 * a call ever had both at once.
 */
#define SCTRACE_WATCHED_BOTH		6
#define SCTRACE_WATCHED_APART(row)	\
	((row) == SCTRACE_ROW_mmap || (row) == SCTRACE_ROW_mmap2)

/* The column "where": a bit for each family of ABIs that differ */
#define SCTRACE_WATCHED_IN_I386		1
#define SCTRACE_WATCHED_IN_S390		2
#define SCTRACE_WATCHED_IN_OTHERS	4

#define SCTRACE_WATCHED_ON_ALL		7
#define SCTRACE_WATCHED_ON_S390		SCTRACE_WATCHED_IN_S390
#define SCTRACE_WATCHED_ON_NOT_S390	\
	(SCTRACE_WATCHED_IN_I386 | SCTRACE_WATCHED_IN_OTHERS)
#define SCTRACE_WATCHED_ON_NEW_MMAP	SCTRACE_WATCHED_IN_OTHERS

/* The column "how" */
enum sctrace_watched_how {
	SCTRACE_WATCHED_ENUM,
	SCTRACE_WATCHED_FLAGS,
	SCTRACE_WATCHED_POINTED,
};

/* SCTRACE_ROW_socket and so on: the rows in their order */
#define SCTRACE_WATCHED_ROW(row, call, where, how, bits, first, num)	\
	SCTRACE_ROW_##row,
enum sctrace_watched_row {
	SCTRACE_WATCHED_CALLS(SCTRACE_WATCHED_ROW)
	SCTRACE_WATCHED_ROWS
};
#undef SCTRACE_WATCHED_ROW

/**
 * struct sctrace_watched - a row, for who wants the table as an array
 * @call: name of the call
 * @where: SCTRACE_WATCHED_ON_*
 * @how: enum sctrace_watched_how
 * @bits: of each argument
 * @first: the first argument
 * @num: how many arguments
 *
 * static const struct sctrace_watched table[] = {
 *	SCTRACE_WATCHED_CALLS(SCTRACE_WATCHED_INIT)
 * };
 */
struct sctrace_watched {
	const char *call;
	unsigned char where;
	unsigned char how;
	unsigned char bits;
	unsigned char first;
	unsigned char num;
};

#define SCTRACE_WATCHED_INIT(row, call, where, how, bits, first, num)	\
	{ #call, SCTRACE_WATCHED_ON_##where, SCTRACE_WATCHED_##how, bits, first, num },

#endif /* _UAPI_SCTRACE_WATCHED_H */
