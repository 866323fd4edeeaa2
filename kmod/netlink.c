// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: uapi/sctrace.h is its manual.
 *
 * Requests run at the same time as those of other families (parallel_ops), because
 * START waits for a grace period. sctrace_mutex serializes our own.
 */

#include <linux/ctype.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "abi.h"
#include "cgroup.h"
#include "netlink.h"
#include "origin.h"
#include "probe.h"
#include "request.h"
#include "scope.h"
#include "version.h"
#include "watch.h"

/* Room for a record without its sightings: four ABIs with 16 full sets, a long path */
#define SCTRACE_REPLY_SIZE	12288

static struct genl_family sctrace_family;

static const struct nla_policy sctrace_policy[SCTRACE_A_MAX + 1] = {
	[SCTRACE_A_ID] = { .type = NLA_U64 },
	[SCTRACE_A_INUM] = { .type = NLA_U32 },
	[SCTRACE_A_LABEL] = { .type = NLA_NUL_STRING,
			      .len = SCTRACE_LABEL_MAX },
	[SCTRACE_A_PID] = { .type = NLA_U32 },
	[SCTRACE_A_WANT] = { .type = NLA_U32 },
	[SCTRACE_A_CURSOR] = { .type = NLA_U32 },
	[SCTRACE_A_SET_LABEL] = { .type = NLA_NUL_STRING,
				  .len = SCTRACE_LABEL_MAX },
	[SCTRACE_A_REFUSED] = { .type = NLA_FLAG },
	[SCTRACE_A_HOLD] = { .type = NLA_U32 },
	[SCTRACE_A_NS_FD] = { .type = NLA_U32 },
	[SCTRACE_A_VALUE_CURSOR] = { .type = NLA_U32 },
	[SCTRACE_A_CG_FD] = { .type = NLA_U32 },
	[SCTRACE_A_CG_PATH] = { .type = NLA_NUL_STRING },
};

/*
 * May the sender talk to us, and does it speak our language? There is no flag
 * of genl_ops for CAP_SYS_ADMIN, and NET_ADMIN is too little: what a container
 * calls is nobody else's business.
 */
static int check_sender(struct sk_buff *skb, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *hdr = nlmsg_data(nlh);

	if (!netlink_capable(skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(extack,
			       "needs CAP_SYS_ADMIN in the initial user namespace");
		return -EPERM;
	}
	if (!hdr->version) {
		NL_SET_ERR_MSG(extack, "there is no version 0 of the protocol");
		return -EPROTONOSUPPORT;
	}
	return 0;
}

static unsigned int count_selectors(struct nlattr **attrs)
{
	return !!attrs[SCTRACE_A_ID] + !!attrs[SCTRACE_A_INUM] +
	       !!attrs[SCTRACE_A_LABEL] + !!attrs[SCTRACE_A_PID] +
	       !!attrs[SCTRACE_A_NS_FD] + !!attrs[SCTRACE_A_CG_FD] +
	       !!attrs[SCTRACE_A_CG_PATH];
}

/* Return: a reference to the namespace that a task lives in, or NULL */
static struct pid_namespace *ns_of_task(u32 nr)
{
	struct pid_namespace *ns = NULL;
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_vpid(nr), PIDTYPE_PID);
	if (task)
		ns = task_active_pid_ns(task);
	/* The task's pid keeps it, and that goes after a grace period only */
	if (ns)
		get_pid_ns(ns);
	rcu_read_unlock();
	return ns;
}

/* From the root of the hierarchy, and without what the kernel would not say */
static int check_path(const char *path, struct netlink_ext_ack *extack)
{
	const char *c, *name;

	if (!sctrace_cgroup_paths_whole()) {
		NL_SET_ERR_MSG(extack,
			       "a cgroup's path is for senders in the initial cgroup namespace");
		return -EINVAL;
	}
	if (strlen(path) > SCTRACE_CG_PATH_MAX) {
		NL_SET_ERR_MSG(extack, "the path of the cgroup is too long");
		return -ENAMETOOLONG;
	}
	for (c = path; *c == '/'; c = strchrnul(name, '/')) {
		name = c + 1;
		if (!*name || *name == '/' || *name == '\n' ||
		    (name[0] == '.' && (!name[1] || name[1] == '/' ||
					(name[1] == '.' && (!name[2] || name[2] == '/')))))
			break;
	}
	if (*c || c == path) {
		NL_SET_ERR_MSG(extack,
			       "a cgroup's path begins with a slash, and is not the root's");
		return -EINVAL;
	}
	return 0;
}

/**
 * struct target - what a request speaks of, for which there may be no record
 * @ns: a namespace, with a reference; or NULL
 * @cgrp: a cgroup, with a reference; or NULL
 * @path: of a cgroup; or NULL
 */
struct target {
	struct pid_namespace *ns;
	struct cgroup *cgrp;
	const char *path;
};

static void put_target(struct target *target)
{
	if (target->ns)
		put_pid_ns(target->ns);
	if (target->cgrp)
		sctrace_cgroup_unpin(target->cgrp);
}

static struct sctrace_record *select_cgroup(struct nlattr **attrs, struct target *target,
					    struct netlink_ext_ack *extack)
{
	struct cgroup *cgrp;
	int ret;

	if (!sctrace_probe_cgroups()) {
		NL_SET_ERR_MSG(extack, "this kernel cannot record by cgroup: it wants 4.18");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (attrs[SCTRACE_A_CG_PATH]) {
		ret = check_path(nla_data(attrs[SCTRACE_A_CG_PATH]), extack);
		if (ret)
			return ERR_PTR(ret);
		target->path = nla_data(attrs[SCTRACE_A_CG_PATH]);
		return sctrace_cgroup_record_at(target->path);
	}
	cgrp = sctrace_cgroup_of_fd(nla_get_u32(attrs[SCTRACE_A_CG_FD]));
	if (cgrp == ERR_PTR(-ENOENT)) {
		NL_SET_ERR_MSG(extack, "the cgroup has been removed");
		return ERR_PTR(-ESTALE);
	}
	if (IS_ERR(cgrp)) {
		NL_SET_ERR_MSG(extack,
			       "no directory of a cgroup of the unified hierarchy (version 2)");
		return ERR_PTR(-EBADF);
	}
	target->cgrp = cgrp;
	if (sctrace_cgroup_is_root(cgrp)) {
		NL_SET_ERR_MSG(extack,
			       "the root cgroup is the whole machine: load with record=all");
		return ERR_PTR(-EINVAL);
	}
	return sctrace_cgroup_record(cgrp);
}

/* Finds what a request speaks of. The caller puts *target */
static struct sctrace_record *select_record(struct nlattr **attrs, struct target *target,
					    struct netlink_ext_ack *extack)
{
	struct sctrace_record *rec = NULL;

	sctrace_record_settle();
	memset(target, 0, sizeof(*target));
	if (count_selectors(attrs) != 1) {
		NL_SET_ERR_MSG(extack,
			       "select one record, by id, inum, label, pid, file or cgroup");
		return ERR_PTR(-EINVAL);
	}
	if (attrs[SCTRACE_A_ID]) {
		rec = sctrace_record_by_id(nla_get_u64(attrs[SCTRACE_A_ID]));
	} else if (attrs[SCTRACE_A_INUM]) {
		rec = sctrace_record_by_inum(nla_get_u32(attrs[SCTRACE_A_INUM]));
	} else if (attrs[SCTRACE_A_LABEL]) {
		rec = sctrace_record_by_label(nla_data(attrs[SCTRACE_A_LABEL]));
	} else if (attrs[SCTRACE_A_PID]) {
		target->ns = ns_of_task(nla_get_u32(attrs[SCTRACE_A_PID]));
		if (!target->ns) {
			NL_SET_ERR_MSG(extack, "no such process");
			return ERR_PTR(-ESRCH);
		}
		rec = sctrace_record_by_ns(target->ns);
	} else if (attrs[SCTRACE_A_NS_FD]) {
		target->ns = sctrace_ns_of_fd(nla_get_u32(attrs[SCTRACE_A_NS_FD]));
		if (!target->ns) {
			NL_SET_ERR_MSG(extack, "no file of a PID namespace");
			return ERR_PTR(-EBADF);
		}
		rec = sctrace_record_by_ns(target->ns);
	} else {
		rec = select_cgroup(attrs, target, extack);
	}
	if (!rec) {
		NL_SET_ERR_MSG(extack, "no such record");
		return ERR_PTR(-ENOENT);
	}
	return rec;
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, SCTRACE_A_PAD);
}

/* How long a set is without the zeroes at its end; 0: it is empty */
static unsigned int set_len(const u8 *bits)
{
	unsigned int len = SCTRACE_NR_MAX / 8;

	while (len && !bits[len - 1])
		len--;
	return len;
}

static int put_abi(struct sk_buff *skb, const struct sctrace_snapshot *snap,
		   unsigned int i)
{
	struct nlattr *abi, *sets, *set;
	unsigned int kind, len;
	const u8 *bits;

	abi = nla_nest_start(skb, SCTRACE_A_ABI);
	if (!abi || nla_put_u32(skb, SCTRACE_ABI_ARCH, snap->arch[i]))
		return -EMSGSIZE;
	sets = nla_nest_start(skb, SCTRACE_ABI_SETS);
	if (!sets)
		return -EMSGSIZE;
	for (kind = 0; kind < SCTRACE_KINDS; kind++) {
		bits = (const u8 *)snap->sets[i][kind];
		len = set_len(bits);
		if (!len)
			continue;
		set = nla_nest_start(skb, SCTRACE_ABI_SET);
		if (!set || nla_put_u32(skb, SCTRACE_SET_KIND, kind) ||
		    nla_put(skb, SCTRACE_SET_BITS, len, bits))
			return -EMSGSIZE;
		nla_nest_end(skb, set);
	}
	nla_nest_end(skb, sets);
	nla_nest_end(skb, abi);
	return 0;
}

/* The record in @snap, without sightings. The caller cancels the message. */
static int put_record(struct sk_buff *skb, const struct sctrace_snapshot *snap,
		      u32 namesakes)
{
	struct nlattr *abis;
	unsigned int i;

	if (put_u64(skb, SCTRACE_A_ID, snap->id) ||
	    nla_put_u32(skb, SCTRACE_A_INUM, snap->inum) ||
	    nla_put_u32(skb, SCTRACE_A_PARENT_INUM, snap->parent_inum) ||
	    nla_put_u32(skb, SCTRACE_A_LEVEL, snap->level) ||
	    nla_put_u32(skb, SCTRACE_A_FLAGS, snap->flags) ||
	    (snap->label[0] &&
	     nla_put_string(skb, SCTRACE_A_LABEL, snap->label)) ||
	    nla_put_string(skb, SCTRACE_A_COMM, snap->comm) ||
	    (snap->cgroup[0] &&
	     nla_put_string(skb, SCTRACE_A_CGROUP, snap->cgroup)) ||
	    (snap->path &&
	     (nla_put_string(skb, SCTRACE_A_CGROUP, snap->path) ||
	      put_u64(skb, SCTRACE_A_CGROUP_ID, snap->cgroup_id) ||
	      nla_put_u32(skb, SCTRACE_A_STARTS, snap->starts))) ||
	    (snap->hostname[0] &&
	     nla_put_string(skb, SCTRACE_A_HOSTNAME, snap->hostname)) ||
	    nla_put_u32(skb, SCTRACE_A_INIT_PID, snap->init_pid) ||
	    put_u64(skb, SCTRACE_A_SINCE, snap->since) ||
	    (snap->flags & SCTRACE_F_ENDED &&
	     put_u64(skb, SCTRACE_A_ENDED_AT, snap->ended_at)) ||
	    put_u64(skb, SCTRACE_A_LAST_NEW, snap->last_new) ||
	    nla_put_u32(skb, SCTRACE_A_SIGHTINGS_KEPT, snap->sightings) ||
	    nla_put_u32(skb, SCTRACE_A_SIGHTINGS_MISSED,
			snap->sightings_missed) ||
	    nla_put_u32(skb, SCTRACE_A_CALLS_MISSED, snap->calls_missed) ||
	    (snap->other &&
	     put_u64(skb, SCTRACE_A_OTHER_NR, (s64)snap->other_nr)) ||
	    (namesakes &&
	     nla_put_u32(skb, SCTRACE_A_NAMESAKES, namesakes)))
		return -EMSGSIZE;

	abis = nla_nest_start(skb, SCTRACE_A_ABIS);
	if (!abis)
		return -EMSGSIZE;
	for (i = 0; i < snap->abis; i++) {
		if (put_abi(skb, snap, i))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, abis);
	return 0;
}

/*
 * As many sightings as there is room for, from cell *pos on, which moves.
 *
 * Return: 0 when that was all; 1 when there are more; -EMSGSIZE when not even
 * one found room.
 */
static int put_sightings(struct sk_buff *skb, struct sctrace_record *rec,
			 const struct sctrace_snapshot *snap, u32 *pos)
{
	/* the cursor, the size, and the flag that there are more */
	const int tail = 2 * nla_total_size(sizeof(u32)) + nla_total_size(0);
	const union sctrace_cell *cell;
	struct sctrace_journal_iter it;
	struct sctrace_sighting *s;
	struct nlattr *attr;
	int room, num = 0;
	u32 here;

	sctrace_journal_seek(&rec->journal, &it, *pos, snap->cells);
	room = skb_tailroom(skb) - tail - nla_total_size(0);
	room = min_t(int, room, U16_MAX - NLA_HDRLEN) / (int)sizeof(*s);
	attr = nla_reserve(skb, SCTRACE_A_SIGHTINGS, 0);
	if (!attr)
		return -EMSGSIZE;
	for (;;) {
		here = it.pos;
		cell = sctrace_journal_next(&rec->journal, &it);
		if (!cell)
			break;
		if (num >= room) {
			if (!num)
				return -EMSGSIZE;
			it.pos = here;
			break;
		}
		s = skb_put(skb, sizeof(*s));
		memset(s, 0, sizeof(*s));
		s->time = cell->time;
		s->arch = snap->arch[SCTRACE_WHAT_ABI(cell->what)];
		s->nr = SCTRACE_WHAT_NR(cell->what);
		s->pid = cell->pid;
		s->kind = sctrace_kind_told(snap->want, SCTRACE_WHAT_KIND(cell->what));
		if (cell->what & SCTRACE_WHAT_DELAYED)
			s->kind |= SCTRACE_KIND_DELAYED;
		memcpy(s->comm, it.name, sizeof(s->comm));
		num++;
	}
	attr->nla_len = nla_attr_size(num * sizeof(*s));
	*pos = it.pos;
	if (nla_put_u32(skb, SCTRACE_A_CURSOR, *pos) ||
	    nla_put_u32(skb, SCTRACE_A_SIGHTING_SIZE, sizeof(*s)) ||
	    (cell && nla_put_flag(skb, SCTRACE_A_MORE)))
		return -EMSGSIZE;
	return cell ? 1 : 0;
}

/* Where to read values: the position of one, or, after all of them, that of what is open */
#define OPEN_POS	0x8000
#define OPEN_POS_MAX	(OPEN_POS + SCTRACE_ABIS * SCTRACE_KINDS * SCTRACE_WATCHED_ROWS)

/* The number of a kind is open, and is in its set */
static bool is_open(struct sctrace_record *rec,
		    const struct sctrace_snapshot *snap, u32 pos,
		    struct sctrace_value *v)
{
	unsigned int row, kind, abi, i;
	const struct sctrace_values *values;
	bool memory = true, open = false;
	int nr;

	pos -= OPEN_POS;
	row = pos % SCTRACE_WATCHED_ROWS;
	pos /= SCTRACE_WATCHED_ROWS;
	kind = pos % SCTRACE_KINDS;
	abi = pos / SCTRACE_KINDS;
	if (abi >= snap->abis || sctrace_kind_told(snap->want, kind) != kind)
		return false;
	nr = sctrace_watch_number(snap->arch[abi], row);
	if (nr < 0)
		return false;
	values = abi ? &rec->foreign[abi - 1]->values : &rec->native.values;
	for (i = 0; i < SCTRACE_KINDS; i++) {
		if (sctrace_kind_told(snap->want, i) != kind ||
		    !sctrace_value_open(values, row, i))
			continue;
		open = true;
		memory = memory && test_bit(row, values->memory[i]);
	}
	if (!open)
		return false;
	memset(v, 0, sizeof(*v));
	v->arch = snap->arch[abi];
	v->nr = nr;
	v->kind = kind;
	v->how = SCTRACE_HOW_OPEN;
	if (memory)
		v->why = SCTRACE_OPEN_MEMORY;
	else if (sctrace_watched[row].how == SCTRACE_WATCHED_POINTED)
		v->why = SCTRACE_OPEN_UNREADABLE;
	else
		v->why = SCTRACE_OPEN_MANY;
	return true;
}

static void put_kept(struct sctrace_value *v, struct sctrace_record *rec,
		     const struct sctrace_snapshot *snap,
		     const struct sctrace_kept *kept)
{
	const struct sctrace_watched *w = &sctrace_watched[kept->row];
	unsigned int i;

	memset(v, 0, sizeof(*v));
	v->time = kept->time;
	v->arch = snap->arch[kept->abi];
	v->nr = sctrace_watch_number(v->arch, kept->row);
	v->pid = kept->pid;
	v->kind = sctrace_kind_told(snap->want, kept->kind);
	v->how = w->how == SCTRACE_WATCHED_ENUM ? SCTRACE_HOW_ENUM :
						  SCTRACE_HOW_FLAGS;
	v->num = w->num;
	for (i = 0; i < w->num; i++)
		v->index[i] = w->first + i;
	if (w->how == SCTRACE_WATCHED_POINTED)
		v->index[0] |= SCTRACE_INDEX_POINTED;
	v->upper = READ_ONCE(kept->upper);
	v->apart = SCTRACE_WATCHED_APART(kept->row);
	if (kept->comm != SCTRACE_NO_NAME)
		memcpy(v->comm, sctrace_journal_name_at(&rec->journal, kept->comm),
		       sizeof(v->comm));
	if (w->num == 1) {
		v->arg[0] = kept->value;
		/* What is pointed to has 64 bits in all ABIs */
		v->wide = w->bits == 64 &&
			  (w->how == SCTRACE_WATCHED_POINTED ||
			   sctrace_arch_wide(v->arch));
		return;
	}
	v->arg[0] = (u32)kept->value;
	v->arg[1] = kept->value >> 32;
	v->arg[w->num - 1] = kept->third;
}

/*
 * As many values as there is room for, from *pos on, which moves: first those that were seen,
 * then what is open.
 *
 * Return: as put_sightings().
 */
static int put_values(struct sk_buff *skb, struct sctrace_record *rec,
		      const struct sctrace_snapshot *snap, u32 *pos)
{
	/* the cursor, the size, and the flag that there are more */
	const int tail = 2 * nla_total_size(sizeof(u32)) + nla_total_size(0);
	const struct sctrace_kept_chunk *chunk = NULL;
	struct sctrace_value v;
	struct nlattr *attr;
	u32 here = *pos;
	int room, num = 0;

	if (here < snap->values)
		chunk = sctrace_value_seek(&rec->store, here);
	else if (here < OPEN_POS)
		here = OPEN_POS;
	room = skb_tailroom(skb) - tail - nla_total_size(0);
	room = min_t(int, room, U16_MAX - NLA_HDRLEN) / (int)sizeof(v);
	attr = nla_reserve(skb, SCTRACE_A_VALUES, 0);
	if (!attr)
		return -EMSGSIZE;
	while (here < OPEN_POS_MAX && num < room) {
		if (here < OPEN_POS) {
			put_kept(&v, rec, snap, sctrace_value_next(&chunk, &here));
			if (here == snap->values)
				here = OPEN_POS;
		} else if (!is_open(rec, snap, here++, &v)) {
			continue;
		}
		memcpy(skb_put(skb, sizeof(v)), &v, sizeof(v));
		num++;
	}
	if (!num && here < OPEN_POS_MAX)
		return -EMSGSIZE;
	attr->nla_len = nla_attr_size(num * sizeof(v));
	*pos = here;
	if (nla_put_u32(skb, SCTRACE_A_VALUE_CURSOR, min(here, snap->values)) ||
	    nla_put_u32(skb, SCTRACE_A_VALUE_SIZE, sizeof(v)) ||
	    (here < OPEN_POS_MAX && nla_put_flag(skb, SCTRACE_A_MORE)))
		return -EMSGSIZE;
	return here < OPEN_POS_MAX ? 1 : 0;
}

/* How many other records have the number that a request gave */
static u32 count_namesakes(struct nlattr **attrs)
{
	return attrs[SCTRACE_A_INUM] ?
		sctrace_record_namesakes(nla_get_u32(attrs[SCTRACE_A_INUM])) : 0;
}

static int reply_record(struct genl_info *info, struct sctrace_record *rec)
{
	struct nlattr *want = info->attrs[SCTRACE_A_WANT];
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(SCTRACE_REPLY_SIZE, SCTRACE_GFP);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &sctrace_family, 0,
				info->genlhdr->cmd);
	sctrace_record_snapshot(rec, &sctrace_snapshot, want ? nla_get_u32(want) : 0);
	if (!hdr || put_record(skb, &sctrace_snapshot,
			       count_namesakes(info->attrs))) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int sctrace_cmd_info(struct sk_buff *skb, struct genl_info *info)
{
	struct sctrace_counts counts;
	struct sk_buff *msg;
	u64 empty, evicted, unrecorded;
	unsigned int attached, scope;
	void *hdr;
	int ret;

	ret = check_sender(skb, info->nlhdr, sctrace_info_extack(info));
	if (ret)
		return ret;
	msg = genlmsg_new(NLMSG_GOODSIZE, SCTRACE_GFP);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &sctrace_family, 0,
				SCTRACE_CMD_INFO);

	mutex_lock(&sctrace_mutex);
	attached = sctrace_probe_attached();
	scope = sctrace_scope_state();
	sctrace_record_count(&counts);
	raw_spin_lock(&sctrace_lock);
	empty = sctrace_records.empty + sctrace_chunks.empty +
		sctrace_abis.empty + sctrace_refusals.empty +
		sctrace_origins.empty + sctrace_value_pools_empty();
	evicted = sctrace_evicted;
	unrecorded = sctrace_unrecorded;
	raw_spin_unlock(&sctrace_lock);
	mutex_unlock(&sctrace_mutex);

	if (!hdr ||
	    nla_put_u32(msg, SCTRACE_A_API, SCTRACE_API_VERSION) ||
	    nla_put_string(msg, SCTRACE_A_VERSION, SCTRACE_VERSION) ||
	    nla_put_u32(msg, SCTRACE_A_MODE, sctrace_mode) ||
	    nla_put_u32(msg, SCTRACE_A_ARCH, SCTRACE_ARCH_NATIVE) ||
	    nla_put_u32(msg, SCTRACE_A_ATTACHED, attached) ||
	    put_u64(msg, SCTRACE_A_NOW, ktime_to_ns(ktime_get_boottime())) ||
	    nla_put_u32(msg, SCTRACE_A_MAX_RECORDS, sctrace_max_records) ||
	    nla_put_u32(msg, SCTRACE_A_RECORDS, counts.records) ||
	    nla_put_u32(msg, SCTRACE_A_LIVE, counts.live) ||
	    nla_put_u32(msg, SCTRACE_A_ENDED, counts.ended) ||
	    nla_put_u32(msg, SCTRACE_A_HELD, counts.held) ||
	    put_u64(msg, SCTRACE_A_EVICTED, evicted) ||
	    put_u64(msg, SCTRACE_A_UNRECORDED, unrecorded) ||
	    put_u64(msg, SCTRACE_A_POOL_EMPTY, empty) ||
	    nla_put_u32(msg, SCTRACE_A_SCOPE, scope) ||
	    put_u64(msg, SCTRACE_A_FEATURES, SCTRACE_FEATURE_HOLD |
		    SCTRACE_FEATURE_VALUES | SCTRACE_FEATURE_EXECS |
		    (sctrace_probe_cgroups() ? SCTRACE_FEATURE_CGROUPS : 0) |
		    (SCTRACE_HAVE_NS_FD ? SCTRACE_FEATURE_NS_FD : 0))) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int sctrace_cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sctrace_record *rec;
	struct target target;
	int ret;

	ret = check_sender(skb, info->nlhdr, sctrace_info_extack(info));
	if (ret)
		return ret;
	mutex_lock(&sctrace_mutex);
	rec = select_record(info->attrs, &target, sctrace_info_extack(info));
	ret = IS_ERR(rec) ? PTR_ERR(rec) : reply_record(info, rec);
	mutex_unlock(&sctrace_mutex);
	put_target(&target);
	return ret;
}

/*
 * Where a dump is; lives in netlink_callback.args, which is 24 bytes where long
 * is 32 bits and the kernel is older than 5.5. No journal has 65536 cells.
 */
struct dump {
	u64 id;		/* of the record to go on with; all below are done */
	u64 last;	/* no record above */
	u16 pos;	/* the record goes on here, if it was begun */
	u16 cursor;	/* each record begins here */
	u16 value_cursor;	/* and its values here */
	u8 namesakes;	/* of the one; 255: that many or more */
	u8 want:4;
	u8 one:1;	/* a selector was given */
	u8 begun:1;
	u8 values:1;	/* @pos is one of values: the sightings are done */
	u8 ready:1;
};

static void dump_next(struct dump *dump)
{
	dump->begun = 0;
	dump->values = !(dump->want & SCTRACE_WANT_SIGHTINGS);
	dump->pos = dump->values ? dump->value_cursor : dump->cursor;
}

static int dump_begin(struct netlink_callback *cb, struct dump *dump,
		      struct netlink_ext_ack *extack)
{
	u32 want = 0;
	struct nlattr *attrs[SCTRACE_A_MAX + 1];
	struct sctrace_record *rec;
	struct target target;
	int ret;

	ret = check_sender(cb->skb, cb->nlh, extack);
	if (ret)
		return ret;
	/* Parsing again is the one way that all kernels share */
	ret = nlmsg_parse(cb->nlh, GENL_HDRLEN, attrs, SCTRACE_A_MAX,
			  sctrace_policy, extack);
	if (ret)
		return ret;
	dump->last = U64_MAX;
	if (attrs[SCTRACE_A_WANT])
		want = nla_get_u32(attrs[SCTRACE_A_WANT]);
	if (want & ~(SCTRACE_WANT_SIGHTINGS | SCTRACE_WANT_PROGRAMS |
		     SCTRACE_WANT_VALUES | SCTRACE_WANT_EXECS)) {
		NL_SET_ERR_MSG(extack, "nothing of that kind can be had");
		return -EINVAL;
	}
	dump->want = want;
	if (attrs[SCTRACE_A_CURSOR])
		dump->cursor = min_t(u32, U16_MAX,
				     nla_get_u32(attrs[SCTRACE_A_CURSOR]));
	if (attrs[SCTRACE_A_VALUE_CURSOR])
		dump->value_cursor = min_t(u32, OPEN_POS - 1,
					   nla_get_u32(attrs[SCTRACE_A_VALUE_CURSOR]));
	dump_next(dump);
	if (count_selectors(attrs)) {
		rec = select_record(attrs, &target, extack);
		put_target(&target);
		if (IS_ERR(rec))
			return PTR_ERR(rec);
		dump->id = rec->id;
		dump->last = rec->id;
		dump->one = 1;
		dump->namesakes = min_t(u32, U8_MAX, count_namesakes(attrs));
	} else {
		sctrace_record_settle();
		dump->last = sctrace_record_last();
	}
	dump->ready = 1;
	return 0;
}

/*
 * Puts one message. Return: 1: the record is done; 0: it goes on in the next
 * message; -EMSGSIZE: there was no room.
 */
static int dump_record(struct sk_buff *skb, struct netlink_callback *cb,
		       struct dump *dump, struct sctrace_record *rec)
{
	void *hdr;
	int more = 0;
	u32 pos;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &sctrace_family, NLM_F_MULTI, SCTRACE_CMD_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	sctrace_record_snapshot(rec, &sctrace_snapshot, dump->want);
	if (dump->begun ? put_u64(skb, SCTRACE_A_ID, rec->id) :
			  put_record(skb, &sctrace_snapshot, dump->namesakes))
		goto cancel;
	if (!dump->begun && dump->want & SCTRACE_WANT_VALUES &&
	    sctrace_snapshot.open &&
	    nla_put_u32(skb, SCTRACE_A_OPEN, sctrace_snapshot.open))
		goto cancel;
	if (dump->want & (SCTRACE_WANT_SIGHTINGS | SCTRACE_WANT_VALUES)) {
		pos = dump->pos;
		if (!dump->values)
			more = put_sightings(skb, rec, &sctrace_snapshot, &pos);
		else if (dump->want & SCTRACE_WANT_VALUES)
			more = put_values(skb, rec, &sctrace_snapshot, &pos);
		/* A record's first message may well go without */
		if (more == -EMSGSIZE && !dump->begun) {
			more = nla_put_flag(skb, SCTRACE_A_MORE) ?: 1;
		} else if (!more && !dump->values &&
			   dump->want & SCTRACE_WANT_VALUES) {
			/* The values go into messages of their own */
			dump->values = 1;
			pos = dump->value_cursor;
			more = nla_put_flag(skb, SCTRACE_A_MORE) ?: 1;
		}
		if (more < 0)
			goto cancel;
		dump->pos = pos;
	}
	genlmsg_end(skb, hdr);
	dump->begun = more;
	return !more;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/*
 * Lets a record go into a message of a dump, which is empty. The kernel makes a message as long
 * as the reader's last buffer was, or as a page: before it has read anything, and when there is
 * no memory for more.
 */
static int make_room(struct sk_buff *skb)
{
	int more = SCTRACE_REPLY_SIZE - skb_tailroom(skb), ret;

	/* Up to 4.5 the message may lie in memory of the reader's: then it has flags */
	if (more <= 0 || NETLINK_CB(skb).flags)
		return -EMSGSIZE;
	ret = pskb_expand_head(skb, 0, more, SCTRACE_GFP);
	if (ret)
		return ret;
	/* As the kernel does it: not longer than that, and a socket's filter sees nothing before */
	skb_reserve(skb, skb_tailroom(skb) - SCTRACE_REPLY_SIZE);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	return 0;
}

static int sctrace_dump_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = (struct dump *)cb->args;
	struct sctrace_record *rec;
	int ret = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->args));

	mutex_lock(&sctrace_mutex);
	if (!dump->ready) {
		ret = dump_begin(cb, dump, sctrace_dump_extack(cb));
		if (ret)
			goto out;
	}
	/* What becomes of others is nothing to who asks for one */
	cb->seq = dump->one ? sctrace_record_resets(dump->last) :
			      READ_ONCE(sctrace_generation);
	rec = sctrace_record_next(dump->id ? dump->id - 1 : 0);
	while (rec && rec->id <= dump->last) {
		if (rec->id != dump->id) {
			/* The one that was begun is gone; the counter tells */
			dump->id = rec->id;
			dump_next(dump);
		}
		ret = dump_record(skb, cb, dump, rec);
		if (ret == -EMSGSIZE && !skb->len)
			ret = make_room(skb) ?: dump_record(skb, cb, dump, rec);
		if (ret < 0)
			break;
		if (ret) {
			dump->id++;
			dump_next(dump);
			rec = sctrace_record_after(rec);
		}
	}
	ret = skb->len ?: min(ret, 0);
out:
	mutex_unlock(&sctrace_mutex);
	return ret;
}

/* A label goes into messages and file names: nothing that could hurt there */
static int check_label(const char *label, struct netlink_ext_ack *extack)
{
	const char *c;

	for (c = label; *c; c++) {
		if (!isascii(*c) || !isgraph(*c)) {
			NL_SET_ERR_MSG(extack,
				       "a label is of printable ASCII without blanks");
			return -EINVAL;
		}
	}
	if (c == label) {
		NL_SET_ERR_MSG(extack, "a label has one character at least");
		return -EINVAL;
	}
	return 0;
}

static int start(struct genl_info *info, struct sctrace_record *rec,
		 char **label)
{
	struct sctrace_record *other;
	const u32 flags = READ_ONCE(rec->flags);
	bool held = flags & SCTRACE_F_HELD;
	u32 hold = info->attrs[SCTRACE_A_HOLD] ?
		nla_get_u32(info->attrs[SCTRACE_A_HOLD]) : SCTRACE_HOLD_STAY;
	bool refused = info->attrs[SCTRACE_A_REFUSED] ||
		       flags & SCTRACE_F_REFUSED;
	int ret;

	if (hold > SCTRACE_HOLD_SOCKET) {
		NL_SET_ERR_MSG(sctrace_info_extack(info),
			       "there is no such kind of hold");
		return -EINVAL;
	}
	if (*label) {
		other = sctrace_record_by_label(*label);
		if (other && other != rec) {
			NL_SET_ERR_MSG(sctrace_info_extack(info),
				       "another record has that label");
			return -EEXIST;
		}
		if (rec->label && strcmp(rec->label, *label)) {
			NL_SET_ERR_MSG(sctrace_info_extack(info),
				       "the record has another label");
			return -EEXIST;
		}
	}
	ret = sctrace_probe_attach(refused);
	if (ret) {
		NL_SET_ERR_MSG(sctrace_info_extack(info),
			       "the probes cannot be registered");
		return ret;
	}
	if (!held && !try_module_get(THIS_MODULE))
		return -ESHUTDOWN;
	/* What is under way now was entered while nobody wrote it down */
	if (flags & SCTRACE_F_STOPPED)
		sctrace_record_disarm(rec);
	if (!sctrace_record_resume(rec)) {
		if (!held)
			module_put(THIS_MODULE);
		NL_SET_ERR_MSG(sctrace_info_extack(info), "no such record");
		return -ENOENT;
	}
	sctrace_scope_change(rec);
	if (refused && !(READ_ONCE(rec->flags) & SCTRACE_F_REFUSED)) {
		ret = sctrace_record_arm(rec);
		if (ret) {
			if (flags & SCTRACE_F_STOPPED)
				sctrace_record_stop(rec);
			if (!held) {
				sctrace_record_unhold(rec);
				module_put(THIS_MODULE);
			}
			sctrace_scope_change(rec);
			return ret;
		}
	}
	sctrace_record_label(rec, label);
	/* One that stays is not taken over by a socket */
	if (hold == SCTRACE_HOLD_STAY)
		sctrace_record_own(rec, 0);
	else if (!held || rec->owner)
		sctrace_record_own(rec, info->snd_portid);
	return reply_record(info, rec);
}

/* Makes the record that there is not yet */
static struct sctrace_record *make_record(const struct target *target,
					  struct netlink_ext_ack *extack)
{
	struct sctrace_record *rec = NULL;
	char *path = NULL;
	int ret;

	/* First, so that no execve and no end of it is missed */
	ret = target->ns ? 0 : sctrace_probe_pair();
	ret = ret ?: sctrace_probe_attach(false);
	if (ret)
		return ERR_PTR(ret);
	if (target->ns) {
		rec = sctrace_record_start(target->ns, true);
	} else {
		path = target->path ? kstrdup(target->path, SCTRACE_GFP) :
				      sctrace_cgroup_path_of(target->cgrp);
		if (!path)
			return ERR_PTR(-ENOMEM);
		if (IS_ERR(path)) {
			if (path == ERR_PTR(-ENAMETOOLONG))
				NL_SET_ERR_MSG(extack, "the path of the cgroup is too long");
			return ERR_CAST(path);
		}
		rec = sctrace_record_start_cgroup(target->cgrp, &path);
		kfree(path);
	}
	if (rec == ERR_PTR(-ESTALE) && target->ns) {
		NL_SET_ERR_MSG(extack, "the namespace has ended");
	} else if (rec == ERR_PTR(-ESTALE)) {
		NL_SET_ERR_MSG(extack, "the cgroup has been removed");
	} else if (rec == ERR_PTR(-ENOSPC)) {
		NL_SET_ERR_MSG(extack,
			       "max_records are there, and none can be evicted");
	} else if (rec == ERR_PTR(-E2BIG)) {
		NL_SET_ERR_MSG(extack,
			       __stringify(SCTRACE_CG_MAX)
			       " records of cgroups are there: forget one");
		rec = ERR_PTR(-ENOSPC);
	}
	return rec;
}

static int sctrace_cmd_start(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct sctrace_record *rec;
	struct target target;
	char *label = NULL;
	bool made = false;
	int ret;

	ret = check_sender(skb, info->nlhdr, sctrace_info_extack(info));
	if (ret)
		return ret;
	if (attrs[SCTRACE_A_SET_LABEL]) {
		ret = check_label(nla_data(attrs[SCTRACE_A_SET_LABEL]),
				  sctrace_info_extack(info));
		if (ret)
			return ret;
		label = kstrdup(nla_data(attrs[SCTRACE_A_SET_LABEL]),
				SCTRACE_GFP);
		if (!label)
			return -ENOMEM;
	}

	mutex_lock(&sctrace_mutex);
	rec = select_record(attrs, &target, sctrace_info_extack(info));
	/* That of a path which nobody held any more is over: there is to be another one */
	if (!IS_ERR(rec) && target.path && sctrace_cgroup_left(rec))
		rec = ERR_PTR(-ENOENT);
	if (rec == ERR_PTR(-ENOENT) && (target.ns || target.cgrp || target.path)) {
		rec = make_record(&target, sctrace_info_extack(info));
		made = !IS_ERR(rec);
	}
	if (IS_ERR(rec)) {
		ret = PTR_ERR(rec);
		/* Probes that were registered for it may go again */
		schedule_work(&sctrace_work);
	} else {
		ret = start(info, rec, &label);
		if (ret && made && !(READ_ONCE(rec->flags) & SCTRACE_F_HELD))
			sctrace_record_drop(rec);
	}
	mutex_unlock(&sctrace_mutex);
	put_target(&target);
	kfree(label);
	return ret;
}

static int sctrace_cmd_change(struct sk_buff *skb, struct genl_info *info)
{
	struct sctrace_record *rec;
	struct target target;
	bool held;
	int ret;

	ret = check_sender(skb, info->nlhdr, sctrace_info_extack(info));
	if (ret)
		return ret;
	mutex_lock(&sctrace_mutex);
	rec = select_record(info->attrs, &target, sctrace_info_extack(info));
	if (IS_ERR(rec)) {
		ret = PTR_ERR(rec);
		goto out;
	}
	ret = 0;
	switch (info->genlhdr->cmd) {
	case SCTRACE_CMD_STOP:
		sctrace_record_stop(rec);
		sctrace_scope_change(rec);
		break;
	case SCTRACE_CMD_RESET:
		ret = sctrace_record_reset(rec);
		break;
	case SCTRACE_CMD_FORGET:
		held = READ_ONCE(rec->flags) & SCTRACE_F_HELD;
		sctrace_record_drop(rec);
		sctrace_scope_change(rec);
		if (held)
			module_put(THIS_MODULE);
		break;
	}
	/* There may be nothing to record any more */
	schedule_work(&sctrace_work);
out:
	mutex_unlock(&sctrace_mutex);
	put_target(&target);
	return ret;
}

static const struct genl_ops sctrace_ops[] = {
	{
		.cmd = SCTRACE_CMD_INFO,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_info,
	}, {
		.cmd = SCTRACE_CMD_GET,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_get,
		.dumpit = sctrace_dump_get,
	}, {
		.cmd = SCTRACE_CMD_START,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_start,
	}, {
		.cmd = SCTRACE_CMD_STOP,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_change,
	}, {
		.cmd = SCTRACE_CMD_RESET,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_change,
	}, {
		.cmd = SCTRACE_CMD_FORGET,
		SCTRACE_OP_POLICY(sctrace_policy),
		.doit = sctrace_cmd_change,
	},
};

static struct genl_family sctrace_family __ro_after_init = {
	.name = SCTRACE_FAMILY,
	.version = SCTRACE_API_VERSION,
	.maxattr = SCTRACE_A_MAX,
	SCTRACE_FAMILY_POLICY(sctrace_policy),
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = sctrace_ops,
	.n_ops = ARRAY_SIZE(sctrace_ops),
};

/* A socket is closed: the holds that were its end */
static int socket_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC &&
	    net_eq(notify->net, &init_net))
		sctrace_record_disown(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_event,
};

/**
 * sctrace_netlink_init() - be there for requests
 *
 * Context: may sleep.
 * Return: 0, or an error of registering.
 */
int sctrace_netlink_init(void)
{
	int ret = netlink_register_notifier(&socket_notifier);

	if (ret)
		return ret;
	ret = genl_register_family(&sctrace_family);
	if (ret)
		netlink_unregister_notifier(&socket_notifier);
	return ret;
}

/**
 * sctrace_netlink_exit() - no more requests
 *
 * Waits for those that are running.
 *
 * Context: may sleep; sctrace_mutex is not held.
 */
void sctrace_netlink_exit(void)
{
	genl_unregister_family(&sctrace_family);
	netlink_unregister_notifier(&socket_notifier);
}
