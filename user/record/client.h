/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module says, and how it is asked. See kmod/uapi/sctrace.h for the
 * protocol; this is the only file that speaks it.
 */
#ifndef SCTRACE_CLIENT_H
#define SCTRACE_CLIENT_H

#include <sctrace.h>
#include <stdbool.h>
#include <stdint.h>
#include "lib/error.h"

#define NRSET_WORDS	(SCTRACE_NR_MAX / 64)

/* Numbers of one ABI */
struct nrset {
	uint64_t word[NRSET_WORDS];
};

/*
 * Every combination of SCTRACE_KIND_CONFINED, _SETUP, _REFUSED and _EXEC; none that is read
 * from the module has SETUP and EXEC
 */
#define KIND_COUNT	16

struct abi_sets {
	uint32_t arch;		/* AUDIT_ARCH_* or SCTRACE_ARCH_X32 */
	struct nrset kind[KIND_COUNT];
};

struct record {
	uint64_t id;
	uint32_t inum;
	uint32_t parent_inum;
	uint32_t level;
	uint32_t flags;		/* SCTRACE_F_* */
	char *label;		/* NULL without one */
	char *cgroup;		/* of the namespace's init; NULL: not known */
	uint64_t cgroup_id;	/* of a record of a cgroup; 0: it waits for one */
	uint32_t starts;	/* ... how many cgroups it has been of */
	char *hostname;		/* of it; NULL: the host's own, or not known */
	char comm[SCTRACE_COMM_LEN];
	uint32_t init_pid;
	uint64_t since;		/* CLOCK_BOOTTIME, ns, as all times here */
	uint64_t ended_at;	/* 0 while the namespace lives */
	uint64_t last_new;	/* 0 when nothing was seen yet */
	uint32_t sightings_kept;
	uint32_t sightings_missed;
	uint32_t calls_missed;
	uint32_t namesakes;	/* other records with this inum, if it was asked for by that */
	bool has_other_nr;
	int64_t other_nr;
	bool strange;		/* had sets that this program does not know */
	bool programs;		/* the workload is that of programs beside the init */
	struct abi_sets *abi;
	size_t n_abi;
	struct sctrace_sighting *sighting;	/* oldest first */
	size_t n_sighting;
	size_t max_sighting;
	uint32_t cursor;
	struct sctrace_value *value;	/* oldest first, then what is open */
	size_t n_value;
	size_t max_value;
	uint32_t value_cursor;
	uint32_t open;		/* bits 1 << enum sctrace_open: all numbers are */
	bool has_values;	/* the module keeps values, and was asked for them */
};

/* How much of a journal was read already */
struct journal_at {
	uint32_t sighting, value;
};

struct records {
	struct record *v;
	size_t n;
	size_t max;
	bool torn;	/* records came and went while these were read */
};

struct info {
	uint32_t api;
	char *version;
	uint32_t mode;		/* enum sctrace_mode */
	uint32_t scope;		/* enum sctrace_scope; SCOPE_UNKNOWN: the module is older */
	uint32_t arch;
	bool attached;
	uint64_t now;
	uint32_t max_records, records, live, ended, held;
	uint64_t evicted, unrecorded, pool_empty;
	uint64_t features;	/* SCTRACE_FEATURE_* */
};

#define SCOPE_UNKNOWN	UINT32_MAX

const char *info_mode(const struct info *i);
const char *info_scope(const struct info *i);

/* Not in the protocol: these are looked for among all records, or stand for a path */
#define SELECT_CONTAINER	(SCTRACE_A_MAX + 1)
#define SELECT_UNIT		(SCTRACE_A_MAX + 2)
#define SELECT_CGROUP		(SCTRACE_A_MAX + 3)

struct selector {
	unsigned int by;	/* enum sctrace_attr, or SELECT_*; 0: none given */
	uint64_t number;	/* of an id, inum, pid or file descriptor */
	const char *label;	/* or container, unit, path */
};

struct client;

/* nrset: inline, as commands walk thousands of them */
static inline bool nrset_has(const struct nrset *s, unsigned int n)
{
	return s->word[n / 64] >> (n % 64) & 1;
}

static inline void nrset_add(struct nrset *s, unsigned int n)
{
	s->word[n / 64] |= 1ULL << (n % 64);
}

void nrset_or(struct nrset *to, const struct nrset *s);
bool nrset_empty(const struct nrset *s);
unsigned int nrset_count(const struct nrset *s);
int nrset_next(const struct nrset *s, int after);

/* Walks the members of a set in ascending order */
#define for_each_nr(n, set) \
	for ((n) = nrset_next((set), -1); (n) >= 0; (n) = nrset_next((set), (n)))

struct abi_sets *record_abi(struct record *r, uint32_t arch);
unsigned int record_distinct(const struct record *r);
size_t record_flags(const struct record *r, const char **names);
bool record_init_lives(const struct record *r);
void record_free(struct record *r);
void records_free(struct records *r);
void info_free(struct info *i);

static inline void record_init(struct record *r)
{
	memset(r, 0, sizeof(*r));
}

/*
 * The reading side, apart from the socket so that it can be tested and fuzzed:
 * feed it what recvmsg() returned until it says that the answer is whole.
 */
/* What the controller says of a family */
struct family {
	uint16_t id;
	uint32_t version;
};

struct reply {
	struct records *records;	/* where RECORDs go, or NULL */
	struct info *info;		/* where an INFO answer goes, or NULL */
	struct family *fam;		/* where the controller's goes, or NULL */
	uint32_t seq;			/* of the request */
	uint16_t family;
	bool more;			/* a record is to be continued */
	bool torn;			/* NLM_F_DUMP_INTR was seen */
	bool done;
	bool values;			/* values were asked for */
	int errnum;			/* the kernel's refusal, or 0 */
	char *text;			/* and its words, or NULL */
	const char *malformed;		/* what was wrong with the answer */
};

int reply_feed(struct reply *reply, const void *buf, size_t len);
void reply_free(struct reply *reply);

#define CLIENT_NO_LOAD	(1U << 0)	/* do not load a missing module */
#define CLIENT_ANY_VERSION (1U << 1)	/* say nothing of a module of another version */

int client_open(struct client **c, unsigned int flags, struct error **err);
void client_close(struct client *c);
void client_hold(struct client *c, const struct info *info);
int client_info(struct client *c, struct info *info, struct error **err);
const char *kind_stage(unsigned int kind);
void record_take_setup(struct record *r);
int info_tells_execs(const struct info *info, struct error **err);
void record_leave_execs(struct record *r);
int client_list(struct client *c, struct records *all, bool sightings,
		struct error **err);
int client_get(struct client *c, const struct selector *sel, bool sightings,
	       struct record *r, struct error **err);
int client_follow(struct client *c, const struct selector *sel,
		  struct journal_at from, struct record *r,
		  struct error **err);
int client_start(struct client *c, const struct selector *sel,
		 const char *label, bool refused, struct record *r,
		 struct error **err);
int client_stop(struct client *c, const struct selector *sel,
		struct error **err);
int client_reset(struct client *c, const struct selector *sel,
		 struct error **err);
int client_forget(struct client *c, const struct selector *sel,
		  struct error **err);

char *selector_text(const struct selector *sel);

static inline void cleanup_clientp(struct client **c)
{
	client_close(*c);
}

#define cleanup_client	__cleanup(cleanup_clientp)
#define cleanup_record	__cleanup(record_free)
#define cleanup_records	__cleanup(records_free)
#define cleanup_info	__cleanup(info_free)

#endif
