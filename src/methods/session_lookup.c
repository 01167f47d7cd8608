/*-------------------------------------------------------------------------
 *
 * session_lookup.c
 *	  A session and its user, by two index descents
 *
 * This does what session_and_user.c's statement does, with the same snapshot,
 * locks and privileges, without the executor.  What only the executor can do
 * stays with it: row level security, privileges by column, tables that are no
 * plain heaps, virtual columns, operators that are not built in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_index.h"
#include "commands/extension.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "methods.h"

/* How a row of a table is found by the value of one of its columns */
struct Lookup
{
	const Shape *shape;
	const Term *key;
	Oid			index;			/* invalid: it takes a statement */
	bool		is_hash;
	TransactionId check_xmin;	/* of the index, unless it suits all snapshots */
	StrategyNumber strategy;
	FmgrInfo	equals;
	AttrNumber	last_attnum;	/* of the columns that are read */
};

/* Both tables, as they were read last */
static struct
{
	uint64		generation;		/* of the shapes; 0: nothing is read yet */
	bool		is_usable;
	Lookup	   *sessions;
	Lookup	   *users;
	AttrNumber	user_id;
	AttrNumber	expires;
} path;

/* Whether a user may read all of both tables, as it was found last */
static struct
{
	Oid			user;			/* invalid: it is to be found */
	bool		row_security;
	bool		may_read;
} rights;

static void read_path(void);
static bool read_lookups(const Shape *sessions, const Term *user_id,
						 const Term *expires, const Shape *users);
static Lookup *make_lookup(const Shape *shape, const char *property,
						   AttrNumber last_attnum);
static bool is_plain(Relation table, const Lookup *lookup);
static void choose_index(Lookup *lookup, Relation table);
static bool is_usable_index(Relation index, const Lookup *lookup, Oid operator);
static bool can_join(const Term *user_id, const Term *id);
static bool may_read_both(void);
static bool may_read_table(Oid relid, Oid user);
static void forget_rights(Datum argument, int cache, uint32 hash);
static void lock_path(bool locks);
static bool suits_snapshot(const Lookup *lookup);
static void begin_table(TableLook *look, const Lookup *lookup);
static void end_table(TableLook *look);
static void seek(TableLook *look, Datum key);
static bool find_next(TableLook *look);
static bool is_expired(TupleTableSlot *slot);
static void read_slot(const TableLook *look, MethodRow *row);

/*
 * Begin a look-up, which end_look() ends.  Returns false if it takes a
 * statement.
 *
 * Raise an ERROR if there are no such tables, or if the user may not read them.
 */
bool
begin_look(SessionLook *look)
{
	AcceptInvalidationMessages();
	for (;;)
	{
		if (path.generation == 0 || path.generation != shape_generation())
			read_path();
		if (!path.is_usable || ExecutorCheckPerms_hook || !may_read_both())
			return false;
		lock_path(true);

		/* Did others alter or revoke something while this waited for a lock? */
		if (path.generation == shape_generation() && may_read_both())
			break;
		lock_path(false);
		CHECK_FOR_INTERRUPTS();
	}
	if (!suits_snapshot(path.sessions) || !suits_snapshot(path.users))
		return false;
	begin_table(&look->sessions, path.sessions);
	begin_table(&look->users, path.users);
	return true;
}

/*
 * Find the session with that token, unless it has expired, and its user.  The
 * rows are good until end_look().
 */
void
look_up(SessionLook *look, Datum token, SignedIn *found)
{
	TupleTableSlot *session = look->sessions.slot;

	seek(&look->sessions, token);
	while (find_next(&look->sessions))
	{
		if (is_expired(session) || session->tts_isnull[path.user_id - 1])
			continue;
		seek(&look->users, session->tts_values[path.user_id - 1]);
		if (!find_next(&look->users))
			continue;
		found->session = palloc_object(MethodRow);
		read_slot(&look->sessions, found->session);
		read_slot(&look->users, &found->user);
		return;
	}
}

/*
 * End a look-up.  The tables stay locked until the end of the transaction.
 */
void
end_look(SessionLook *look)
{
	end_table(&look->users);
	end_table(&look->sessions);
}

/*
 * The token as a value of the column that it is looked up in.  Returns false if
 * it can be none.
 */
bool
get_token(const SessionLook *look, text *token, Datum *value)
{
	const Term *key = look->sessions.lookup->key;

	if (key->base_type != TEXTOID && key->base_type != VARCHAROID)
		return get_sought_value(key, text_to_cstring(token), value);
	*value = PointerGetDatum(token);
	return true;
}

/*
 * Read both tables and their indexes.
 */
static void
read_path(void)
{
	static bool is_registered = false;
	const Shape *sessions;
	const Shape *users;
	const Term *user_id;
	const Term *expires;
	uint64		generation;

	if (!is_registered)
	{
		/* What roles may do depends on these, and on the tables' own rows */
		CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_rights, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHOID, forget_rights, (Datum) 0);
		CacheRegisterSyscacheCallback(DATABASEOID, forget_rights, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_rights, (Datum) 0);
		is_registered = true;
	}
	path.generation = 0;
	rights.user = InvalidOid;
	do
	{
		sessions = open_shape("Session", READS);
		generation = shape_generation();
		users = open_shape(users_definition()->name, READS);
	} while (generation != shape_generation());

	user_id = find_term(sessions, user_property(sessions->definition));
	expires = find_term(sessions, "expires");
	path.is_usable = user_id && expires &&
		read_lookups(sessions, user_id, expires, users);
	path.generation = generation;
}

/*
 * Read how rows of both are found.  Returns false if it takes a statement.
 */
static bool
read_lookups(const Shape *sessions, const Term *user_id, const Term *expires,
			 const Shape *users)
{
	path.user_id = user_id->attnum;
	path.expires = expires->attnum;
	path.sessions = make_lookup(sessions, "sessionToken",
								Max(path.user_id, path.expires));
	path.users = make_lookup(users, "id", 0);
	return path.sessions && path.users && can_join(user_id, path.users->key) &&
		expires->base_type == TIMESTAMPTZOID &&
		!OidIsValid(get_extension_oid("citus", true));
}

/*
 * How rows of a table are found by a property, and read up to a column at
 * least, or NULL if it takes a statement.  It lives as long as the shape.
 */
static Lookup *
make_lookup(const Shape *shape, const char *property, AttrNumber last_attnum)
{
	MemoryContext caller;
	Lookup	   *lookup;
	Relation	table;

	if (find_term(shape, property) == NULL)
		return NULL;
	caller = MemoryContextSwitchTo(GetMemoryChunkContext(unconstify(Shape *, shape)));
	lookup = palloc0_object(Lookup);
	lookup->shape = shape;
	lookup->key = find_term(shape, property);
	lookup->last_attnum = Max(lookup->key->attnum, last_attnum);
	for (int i = 0; i < shape->term_count; i++)
	{
		if (shape->terms[i].is_read)
			lookup->last_attnum = Max(lookup->last_attnum, shape->terms[i].attnum);
	}
	MemoryContextSwitchTo(caller);

	table = table_open(shape->relid, AccessShareLock);
	if (is_plain(table, lookup))
		choose_index(lookup, table);
	table_close(table, NoLock);
	return OidIsValid(lookup->index) ? lookup : NULL;
}

/*
 * Is it a heap that holds all its rows and columns itself?
 */
static bool
is_plain(Relation table, const Lookup *lookup)
{
	Form_pg_class form = table->rd_rel;

	if (form->relkind != RELKIND_RELATION || form->relam != HEAP_TABLE_AM_OID ||
		form->relhassubclass ||
		form->relpersistence == RELPERSISTENCE_TEMP ||
		(form->relpersistence == RELPERSISTENCE_UNLOGGED && RecoveryInProgress()))
		return false;
	for (int i = 0; i < lookup->last_attnum; i++)
	{
		if (TupleDescAttr(RelationGetDescr(table), i)->attgenerated ==
			ATTRIBUTE_GENERATED_VIRTUAL)
			return false;
	}
	return true;
}

/*
 * Choose the index: one by hash, which takes the fewest steps, or else a
 * B-tree.
 */
static void
choose_index(Lookup *lookup, Relation table)
{
	Oid			operator = lookup_type_cache(lookup->key->type, TYPECACHE_EQ_OPR)->eq_opr;
	ListCell   *lc;

	/* Another role's operator would need more checks than this does */
	if (!OidIsValid(operator) || operator >= FirstNormalObjectId)
		return;
	foreach(lc, RelationGetIndexList(table))
	{
		Oid			relid = lfirst_oid(lc);
		Relation	index;

		watch_relation(relid);
		index = index_open(relid, AccessShareLock);
		if (!lookup->is_hash && is_usable_index(index, lookup, operator))
		{
			lookup->index = relid;
			lookup->is_hash = index->rd_rel->relam == HASH_AM_OID;
			lookup->strategy = get_op_opfamily_strategy(operator, index->rd_opfamily[0]);
			lookup->check_xmin = index->rd_index->indcheckxmin ?
				HeapTupleHeaderGetXmin(index->rd_indextuple->t_data) :
				InvalidTransactionId;
		}
		index_close(index, NoLock);
	}
	if (OidIsValid(lookup->index))
		fmgr_info_cxt(get_opcode(operator), &lookup->equals,
					  GetMemoryChunkContext(lookup));
}

/*
 * Does the index find all rows, by the column alone, and by its own equality?
 */
static bool
is_usable_index(Relation index, const Lookup *lookup, Oid operator)
{
	Form_pg_index form = index->rd_index;
	Oid			method = index->rd_rel->relam;

	return form->indisvalid && form->indisready && form->indislive &&
		form->indnkeyatts == 1 && form->indkey.values[0] == lookup->key->attnum &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		index->rd_indcollation[0] == lookup->key->collation &&
		(method == BTREE_AM_OID || method == HASH_AM_OID) &&
		get_op_opfamily_strategy(operator, index->rd_opfamily[0]) ==
		(method == HASH_AM_OID ? HTEqualStrategyNumber : BTEqualStrategyNumber);
}

/*
 * Is a session's user found by the value itself, without a cast?
 */
static bool
can_join(const Term *user_id, const Term *id)
{
	Oid			type = user_id->base_type;
	Oid			id_type = id->base_type;

	return (type == id_type ||
			((type == TEXTOID || type == VARCHAROID) &&
			 (id_type == TEXTOID || id_type == VARCHAROID))) &&
		user_id->collation == id->collation;
}

/*
 * May the user read all columns and rows of both tables?  If not, a statement
 * finds out what they may read.
 */
static bool
may_read_both(void)
{
	Oid			user = GetUserId();

	if (user == rights.user && row_security == rights.row_security &&
		!InNoForceRLSOperation())
		return rights.may_read;
	rights.may_read = may_read_table(path.sessions->shape->relid, user) &&
		may_read_table(path.users->shape->relid, user);
	rights.row_security = row_security;
	rights.user = InNoForceRLSOperation() ? InvalidOid : user;
	return rights.may_read;
}

static bool
may_read_table(Oid relid, Oid user)
{
	return may_read(relid, user) &&
		object_aclcheck(NamespaceRelationId, get_rel_namespace(relid), user,
						ACL_USAGE) == ACLCHECK_OK;
}

static void
forget_rights(Datum argument pg_attribute_unused(),
			  int cache pg_attribute_unused(), uint32 hash pg_attribute_unused())
{
	rights.user = InvalidOid;
}

/*
 * Lock the tables and the indexes as a query does, or give the locks back.
 */
static void
lock_path(bool locks)
{
	Oid			relids[] = {path.sessions->shape->relid, path.sessions->index,
	path.users->shape->relid, path.users->index};

	for (size_t i = 0; i < lengthof(relids); i++)
	{
		if (locks)
			LockRelationOid(relids[i], AccessShareLock);
		else
			UnlockRelationOid(relids[i], AccessShareLock);
	}
}

/*
 * An index over rows that had changed before it was made is not for snapshots
 * that are older than it.
 */
static bool
suits_snapshot(const Lookup *lookup)
{
	return !TransactionIdIsValid(lookup->check_xmin) ||
		TransactionIdPrecedes(lookup->check_xmin, TransactionXmin);
}

static void
begin_table(TableLook *look, const Lookup *lookup)
{
	look->lookup = lookup;
	look->table = table_open(lookup->shape->relid, NoLock);
	look->index = index_open(lookup->index, NoLock);
	look->slot = table_slot_create(look->table, NULL);
	look->scan = NULL;
}

static void
end_table(TableLook *look)
{
	if (look->scan)
		index_endscan(look->scan);
	ExecDropSingleTupleTableSlot(look->slot);
	index_close(look->index, NoLock);
	table_close(look->table, NoLock);
}

/*
 * Begin to look for rows that have the key.
 */
static void
seek(TableLook *look, Datum key)
{
	const Lookup *lookup = look->lookup;
	ScanKeyData scan_key;

	ScanKeyEntryInitializeWithInfo(&scan_key, 0, 1, lookup->strategy, InvalidOid,
								   lookup->key->collation,
								   unconstify(FmgrInfo *, &lookup->equals), key);
	if (look->scan == NULL)
		look->scan = index_beginscan(look->table, look->index, GetActiveSnapshot(),
									 1, 0);
	index_rescan(look->scan, &scan_key, 1, NULL, 0);
	look->key = key;
}

/*
 * Get the next row into the slot.  Returns false if there is none.
 */
static bool
find_next(TableLook *look)
{
	const Lookup *lookup = look->lookup;

	while (index_getnext_slot(look->scan, ForwardScanDirection, look->slot))
	{
		slot_getsomeattrs(look->slot, lookup->last_attnum);

		/* An index by hash only knows the hash */
		if (!look->scan->xs_recheck ||
			DatumGetBool(FunctionCall2Coll(unconstify(FmgrInfo *, &lookup->equals),
										   lookup->key->collation,
										   look->slot->tts_values[lookup->key->attnum - 1],
										   look->key)))
			return true;
	}
	return false;
}

/*
 * Is "expires" not after now()?
 */
static bool
is_expired(TupleTableSlot *slot)
{
	return slot->tts_isnull[path.expires - 1] ||
		DatumGetTimestampTz(slot->tts_values[path.expires - 1]) <=
		GetCurrentTransactionStartTimestamp();
}

/*
 * What the methods return of a row.  The values stay in the slot's buffer.
 */
static void
read_slot(const TableLook *look, MethodRow *row)
{
	const Shape *shape = look->lookup->shape;

	row->shape = shape;
	row->values = palloc_array(Datum, shape->read_count);
	row->nulls = palloc_array(bool, shape->read_count);
	for (int i = 0, number = 0; number < shape->read_count; i++)
	{
		if (!shape->terms[i].is_read)
			continue;
		row->values[number] = look->slot->tts_values[shape->terms[i].attnum - 1];
		row->nulls[number] = look->slot->tts_isnull[shape->terms[i].attnum - 1];
		number++;
	}
}
