/*-------------------------------------------------------------------------
 *
 * expired_rows.c
 *	  Deletes the expired rows of a table
 *
 * A walk visits the rows of a table, or of the blocks that an index names, in a
 * range of row numbers after the other; a statement deletes those of a range
 * that have expired.  Rows that others have locked, as those who prolong a
 * session do, are left for the next walk, so nobody waits for anybody.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "purge.h"

/* Row numbers of a block: one for each offset, and 0 */
#define ROWS_PER_BLOCK ((uint64) MaxHeapTuplesPerPage + 1)

/* So many row numbers a statement visits */
#define RANGE_ROWS (64 * ROWS_PER_BLOCK)

/* A transaction visits no more, even if it finds nothing to delete */
#define MAX_VISITS (4096 * ROWS_PER_BLOCK)

/* Some clients read a time without time zone as UTC, others as local time */
#define WESTERNMOST_ZONE (12 * USECS_PER_HOUR)

/* Rows to delete, by their numbers: from "first" to before "end" */
typedef struct Range
{
	Walk	   *walk;
	SPIPlanPtr	plan;
	uint64		first;
	uint64		end;
} Range;

static void find_tables(void *argument);
static void check_may_purge(const Model *model);
static bool open_walk(Walk *walk);
static void check_still_model(void *argument);
static Oid	type_of_column(Oid relid, AttrNumber attnum);
static void begin_walk(Walk *walk);
static void check_visible(const Walk *walk);
static bool next_range(const Walk *walk, Range *range);
static void delete_range(const Range *range);
static void delete_rows(void *argument);
static Datum make_tid(uint64 row);
static bool is_refusal(const ErrorData *error);

/*
 * A walk, not begun, through each table that has rows which expire, as a list
 * of Walk.
 *
 * Raise an ERROR if the user may not delete rows of one of the models.
 */
List *
find_walks(void)
{
	List	   *result = NIL;

	look(find_tables, &result);
	return result;
}

static void
find_tables(void *argument)
{
	List	  **walks = argument;

	*walks = NIL;
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		const char *property = expiry_property(definition);
		Model	   *model = property ? read_model(definition->name, NEWEST_ROWS) : NULL;
		ListCell   *lc;

		if (model == NULL || !OidIsValid(model->relid))
			continue;
		check_may_purge(model);
		foreach(lc, find_all_inheritors(model->relid, NoLock, NULL))
		{
			Walk	   *walk = palloc0_object(Walk);

			walk->root = model->relid;
			walk->relid = lfirst_oid(lc);
			walk->attnum = get_attnum(walk->relid, name_column(property));
			walk->table_name = name_of_relation(walk->relid);
			walk->tells = may_see_rows(model);
			walk->context = CurrentMemoryContext;
			if (RELKIND_HAS_TABLE_AM(get_rel_relkind(walk->relid)) &&
				!isOtherTempNamespace(get_rel_namespace(walk->relid)) &&
				walk->attnum != InvalidAttrNumber)
				*walks = lappend(*walks, walk);
		}
	}
}

/*
 * Raise an ERROR if the user or the owner may not delete rows of the model's
 * table, or if a role that its owner, or that of an inheriting table, need not
 * trust could run code as this owner.
 */
static void
check_may_purge(const Model *model)
{
	ListCell   *lc;

	if (!owns_relation(model->relid) &&
		pg_class_aclcheck(model->relid, GetUserId(), ACL_DELETE) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, model->table_name);
	check_owner_usage(model);
	check_surroundings(model);
	foreach(lc, find_all_inheritors(model->relid, NoLock, NULL))
		check_schema_owner(lfirst_oid(lc));
}

/*
 * Delete at most "rows" expired rows in this transaction, as the owner of the
 * table.  If few are found the transaction ends earlier, so that it stays short.
 *
 * Returns false when the walk is over.
 *
 * Raise an ERROR if the user may no longer delete rows, or if policies may hide
 * rows.
 */
bool
continue_walk(Walk *walk, int64 rows)
{
	uint64		visits = 0;
	int			nest = pin_search_path();
	bool		goes_on;

	SPI_connect();
	goes_on = open_walk(walk);
	if (goes_on)
	{
		Oid			types[] = {TIDOID, TIDOID, walk->type, INT8OID};
		Range		range = {.walk = walk};
		SavedUser	user;

		/* A range that may have no more rows than are left would get tiny */
		int64		spare = walk->may_keep ? rows / 2 : 0;

		walk->budget = rows;
		(void) begin_lock_timeout();
		begin_owner(&user, owner_of_relation(walk->relid));
		check_visible(walk);
		range.plan = SPI_prepare(print_delete_expired(walk->relid, walk->attnum),
								 lengthof(types), types);
		while (walk->budget > spare && visits < MAX_VISITS &&
			   (goes_on = next_range(walk, &range)))
		{
			CHECK_FOR_INTERRUPTS();
			report_phase(PHASE_DELETING, walk->relid, InvalidAttrNumber);
			report_blocks(range.first / ROWS_PER_BLOCK, walk->block_count);
			if (walk->tells)
				report_rows(walk->deleted, -1);
			delete_range(&range);
			visits += range.end - range.first;
		}
		end_user(&user);
	}
	SPI_finish();
	AtEOXact_GUC(false, nest);
	return goes_on;
}

/*
 * Lock the table of the walk, which begins if it has not.  Returns false if the
 * table is no longer a model's, or no longer what it was.
 */
static bool
open_walk(Walk *walk)
{
	Walk	   *still = walk;

	look(check_still_model, &still);
	if (still == NULL)
		return false;
	report_phase(PHASE_LOCKING, walk->relid, InvalidAttrNumber);
	LockRelationOid(walk->relid, RowExclusiveLock);
	look_again(check_still_model, &still);
	if (still == NULL ||
		!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(walk->relid)))
		return false;
	if (!OidIsValid(walk->type))
		begin_walk(walk);
	return type_of_column(walk->relid, walk->attnum) == walk->type;
}

/*
 * Set the walk to NULL if its table is no model's, nor inherits from one.
 */
static void
check_still_model(void *argument)
{
	Walk	  **walk = argument;
	const Model *model = find_model((*walk)->root);

	if (model)
		check_may_purge(model);
	if (model == NULL ||
		!list_member_oid(find_all_inheritors(model->relid, NoLock, NULL), (*walk)->relid))
		*walk = NULL;
}

/*
 * The type of a column, or of its domain; invalid if the column was dropped.
 */
static Oid
type_of_column(Oid relid, AttrNumber attnum)
{
	Oid			type = get_atttype(relid, attnum);

	return OidIsValid(type) ? getBaseType(type) : InvalidOid;
}

/*
 * Raise an ERROR if the column does not have a time.
 */
static void
begin_walk(Walk *walk)
{
	TimestampTz now = GetCurrentTimestamp();
	Relation	relation = open_table(walk->relid);
	MemoryContext caller = MemoryContextSwitchTo(walk->context);

	walk->type = type_of_column(walk->relid, walk->attnum);
	if (walk->type != TIMESTAMPTZOID && walk->type != TIMESTAMPOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" is not a timestamp",
						get_attname(walk->relid, walk->attnum, false),
						walk->table_name)));

	/* A time without time zone has to have passed in every zone */
	walk->cutoff = walk->type == TIMESTAMPTZOID ? TimestampTzGetDatum(now) :
		TimestampGetDatum(now - WESTERNMOST_ZONE);
	walk->may_keep = relation->rd_rel->relhasrules ||
		(relation->trigdesc && relation->trigdesc->trig_delete_before_row);
	walk->block_count = RelationGetNumberOfBlocks(relation);
	walk->blocks = find_expired_blocks(relation, walk->attnum, walk->type,
									   walk->cutoff);
	MemoryContextSwitchTo(caller);
	table_close(relation, AccessShareLock);
}

/*
 * Raise an ERROR if a policy may hide rows from the owner, as whom this runs.
 */
static void
check_visible(const Walk *walk)
{
	if (check_enable_rls(walk->relid, InvalidOid, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of table \"%s\" may hide expired rows",
						walk->table_name),
				 errhint("Call it as a role with BYPASSRLS, or run ALTER TABLE %s NO FORCE ROW LEVEL SECURITY first.",
						 quote_relation(walk->relid))));
}

/*
 * The next rows to visit, all in blocks that follow each other.  Returns false if
 * there are none.
 *
 * Rows that a trigger keeps do not count, so if there may be such, the range has
 * no more rows than may be deleted.
 */
static bool
next_range(const Walk *walk, Range *range)
{
	BlockNumber block = walk->next / ROWS_PER_BLOCK;
	uint64		length = RANGE_ROWS;
	uint64		end;

	if (walk->may_keep)
		length = Min(length, (uint64) walk->budget);
	while (block < walk->block_count && !is_in_blocks(walk->blocks, block))
		block++;
	if (block >= walk->block_count)
		return false;
	range->first = Max(walk->next, block * ROWS_PER_BLOCK);
	end = range->first + length;
	do
		block++;
	while (block < walk->block_count && block * ROWS_PER_BLOCK < end &&
		   is_in_blocks(walk->blocks, block));
	range->end = Min(end, block * ROWS_PER_BLOCK);
	return true;
}

/*
 * Delete the expired rows of a range, as many as may be deleted, and let the walk
 * go on behind them.  If something refuses that for one of them, the others are
 * deleted all the same.
 */
static void
delete_range(const Range *range)
{
	Walk	   *walk = range->walk;
	Range		half = *range;
	uint64		middle = range->first + (range->end - range->first) / 2;
	ErrorData  *error = run_in_subtransaction(delete_rows, &half, true);

	if (error == NULL)
	{
		if (walk->budget > 0)
			walk->next = range->end;
		return;
	}
	if (!is_refusal(error))
		ReThrowError(error);
	if (middle == range->first)
	{
		if (walk->left++ == 0)
			walk->reason = MemoryContextStrdup(walk->context, error->message);
		walk->next = range->end;
		return;
	}
	CHECK_FOR_INTERRUPTS();
	half.end = middle;
	delete_range(&half);
	if (walk->budget == 0)
		return;
	half.first = middle;
	half.end = range->end;
	delete_range(&half);
}

static void
delete_rows(void *argument)
{
	const Range *range = argument;
	Datum		values[] = {
		make_tid(range->first), make_tid(range->end), range->walk->cutoff,
		Int64GetDatum(range->walk->budget)
	};

	SPI_execute_plan(range->plan, values, NULL, false, 0);
	range->walk->deleted += SPI_processed;
	range->walk->budget -= SPI_processed;
}

static Datum
make_tid(uint64 row)
{
	ItemPointer result = palloc(sizeof(ItemPointerData));

	ItemPointerSet(result, row / ROWS_PER_BLOCK, row % ROWS_PER_BLOCK);
	return PointerGetDatum(result);
}

/*
 * Does the error say that a row that refers to the deleted one forbids it, or
 * is locked by others?
 */
static bool
is_refusal(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION ||
		error->sqlerrcode == ERRCODE_RESTRICT_VIOLATION ||
		error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
		error->sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
}

/*
 * Tell of the rows that could not be deleted.
 */
void
report_left_rows(const Walk *walk)
{
	if (walk->left > 0 && walk->tells)
		ereport(NOTICE,
				(errmsg_plural("left %lld expired row of table \"%s\"",
							   "left %lld expired rows of table \"%s\"",
							   walk->left, (long long) walk->left,
							   walk->table_name),
				 errdetail("Deleting the first one failed: %s.", walk->reason)));
}
