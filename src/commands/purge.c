/*-------------------------------------------------------------------------
 *
 * purge.c
 *	  purge_expired() and delete_expired(): delete expired rows, in many
 *	  transactions or in the caller's
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "purge.h"

PG_FUNCTION_INFO_V1(purge_expired);
PG_FUNCTION_INFO_V1(delete_expired);

/*
 * Where the last call of delete_expired() in this session had deleted as many
 * rows as it was to delete; no relid: nowhere.  A call that goes on takes it
 * away, as a trigger can make another call meanwhile.
 */
static Walk interrupted;

static int64 get_rows(FunctionCallInfo fcinfo, int64 absent);
static void check_writable(const char *command);
static void purge_table(Walk *walk, int64 batch);
static void begin_transaction(void);
static void tell_progress(TimestampTz *told);
static int	find_interrupted(List *walks);
static int64 delete_from(Walk *walk, int64 rows);
static bool resume_walk(Walk *walk);
static void start_again(Walk *walk);
static void keep_walk(const Walk *walk);

/*
 * purge_expired(batch integer)
 *
 * Deletes the expired rows of all models that have such, in transactions of at
 * most "batch" rows, or nextauth.batch_rows if it is null or not given.  What it
 * has deleted when it is interrupted stays deleted, and another call goes on.
 *
 * Raises an ERROR if the user may not delete rows of one of the tables, if
 * policies may hide rows, or if it is called within a transaction.
 */
Datum
purge_expired(PG_FUNCTION_ARGS)
{
	int64		batch = get_rows(fcinfo, nextauth_batch_rows);
	List	   *walks;
	ListCell   *lc;
	int			nest;

	if (fcinfo->context == NULL || !IsA(fcinfo->context, CallContext) ||
		castNode(CallContext, fcinfo->context)->atomic)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("purge_expired() cannot run inside a transaction block"),
				 errhint("Call nextauth.delete_expired() there.")));
	check_writable("purge_expired()");
	begin_progress(PURGE_COMMAND);
	SPI_connect_ext(SPI_OPT_NONATOMIC);

	nest = pin_search_path();
	walks = find_walks();
	AtEOXact_GUC(false, nest);
	foreach(lc, walks)
		purge_table(lfirst(lc), batch);

	SPI_finish();
	end_progress();
	PG_RETURN_VOID();
}

/*
 * The argument that limits the number of rows.
 *
 * Raise an ERROR if it is not positive.
 */
static int64
get_rows(FunctionCallInfo fcinfo, int64 absent)
{
	int32		result;

	if (PG_NARGS() == 0 || PG_ARGISNULL(0))
		return absent;
	result = type_of_argument(fcinfo, 0) == INT4OID ? PG_GETARG_INT32(0) :
		pg_strtoint32(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (result < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of rows must be greater than zero")));
	return result;
}

static void
check_writable(const char *command)
{
	PreventCommandDuringRecovery(command);
	PreventCommandIfReadOnly(command);
}

/*
 * Delete the expired rows of a table, each batch in a transaction of its own.
 */
static void
purge_table(Walk *walk, int64 batch)
{
	TimestampTz told = GetCurrentTimestamp();
	bool		goes_on;

	do
	{
		CHECK_FOR_INTERRUPTS();
		begin_transaction();
		goes_on = continue_walk(walk, batch);
		tell_progress(&told);
		PopActiveSnapshot();
	} while (goes_on);
	SPI_commit();

	if (walk->deleted > 0 && walk->tells)
		ereport(NOTICE,
				(errmsg_plural("deleted %lld expired row of table \"%s\"",
							   "deleted %lld expired rows of table \"%s\"",
							   walk->deleted, (long long) walk->deleted,
							   walk->table_name)));
	report_left_rows(walk);
}

/*
 * Commit the transaction, and begin another one.
 *
 * A row that others have changed is to be looked at again, so the isolation is
 * not the session's.  Constraints are checked at once: their deferred triggers
 * would be fired when the rights of the table's owner have been given back.
 */
static void
begin_transaction(void)
{
	ConstraintsSetStmt *immediate = makeNode(ConstraintsSetStmt);

	SPI_commit();
	XactIsoLevel = XACT_READ_COMMITTED;
	PushActiveSnapshot(GetTransactionSnapshot());
	AfterTriggerSetState(immediate);
}

/*
 * Say every nextauth.progress_interval how far the call is.
 */
static void
tell_progress(TimestampTz *told)
{
	TimestampTz now = GetCurrentTimestamp();
	const char *progress;

	if (nextauth_progress_interval == 0 ||
		!TimestampDifferenceExceeds(*told, now, nextauth_progress_interval))
		return;
	*told = now;
	progress = describe_progress(MyProcPid);
	if (progress)
		ereport(NOTICE, (errmsg_internal("%s(): %s", PURGE_COMMAND, progress)));
}

/*
 * delete_expired(max_rows integer)
 *
 * Deletes the expired rows of all models that have such, in the caller's
 * transaction, at most "max_rows" unless it is null or not given.  Another call
 * in the same session goes on from there.
 *
 * Returns the number of deleted rows, 0 when none was found in any table; null
 * if the caller may not know it.
 *
 * Raises an ERROR if the user may not delete rows of one of the tables, or if
 * policies may hide rows.
 */
Datum
delete_expired(PG_FUNCTION_ARGS)
{
	int64		rows = get_rows(fcinfo, PG_INT64_MAX);
	int64		deleted = 0;
	bool		tells = true;
	List	   *walks;
	int			first;

	check_writable("delete_expired()");
	begin_progress(DELETE_COMMAND);
	walks = find_walks();
	first = find_interrupted(walks);
	for (int i = 0; i < list_length(walks) && deleted < rows; i++)
	{
		Walk	   *walk = list_nth(walks, (first + i) % list_length(walks));

		deleted += delete_from(walk, rows - deleted);
		tells &= walk->tells;
	}
	end_progress();
	if (!tells)
		PG_RETURN_NULL();
	PG_RETURN_INT64(deleted);
}

/*
 * The number of the walk that was interrupted, in the list, or 0.
 */
static int
find_interrupted(List *walks)
{
	ListCell   *lc;

	foreach(lc, walks)
	{
		if (((Walk *) lfirst(lc))->relid == interrupted.relid)
			return foreach_current_index(lc);
	}
	return 0;
}

/*
 * Delete at most "rows" expired rows of a table, and return how many.  The walk
 * that was interrupted goes on; when it is over, another one finds the rows that
 * it missed.
 */
static int64
delete_from(Walk *walk, int64 rows)
{
	bool		is_resumed = resume_walk(walk);
	bool		goes_on;

	if (!is_resumed)
		walk->context = AllocSetContextCreate(CurrentMemoryContext,
											  "nextauth walk",
											  ALLOCSET_SMALL_SIZES);
	for (;;)
	{
		do
			goes_on = continue_walk(walk, rows - walk->deleted);
		while (goes_on && walk->deleted < rows);
		if (goes_on || !is_resumed)
			break;
		start_again(walk);
		is_resumed = false;
	}
	report_left_rows(walk);
	if (goes_on)
		keep_walk(walk);
	return walk->deleted;
}

/*
 * Let the walk go on where it was interrupted.  Returns false if it was not.
 */
static bool
resume_walk(Walk *walk)
{
	const Walk	before = interrupted;

	if (!OidIsValid(before.relid))
		return false;
	interrupted.relid = InvalidOid;
	MemoryContextSetParent(before.context, CurrentMemoryContext);
	if (walk->relid != before.relid || walk->attnum != before.attnum)
		return false;
	walk->context = before.context;
	walk->type = before.type;
	walk->cutoff = before.cutoff;
	walk->block_count = before.block_count;
	walk->blocks = before.blocks;
	walk->next = before.next;
	return true;
}

/*
 * Let the walk begin anew.
 */
static void
start_again(Walk *walk)
{
	MemoryContextReset(walk->context);
	walk->type = InvalidOid;
	walk->next = 0;
	walk->left = 0;
}

/*
 * Remember the walk beyond the end of the transaction.
 */
static void
keep_walk(const Walk *walk)
{
	if (OidIsValid(interrupted.relid))
		MemoryContextDelete(interrupted.context);
	interrupted = *walk;
	MemoryContextSetParent(interrupted.context, TopMemoryContext);
}
