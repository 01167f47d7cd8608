/*-------------------------------------------------------------------------
 *
 * lock.c
 *	  Locks on the tables of models, taken so that nobody waits for long
 *
 * Whoever waits for an exclusive lock makes everybody wait who comes after
 * him.  So a try waits for nextauth.lock_timeout at most, and between the
 * tries nothing is locked, so that all who waited go on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "nextauth.h"

static void take_locks(void *argument);
static void report_holders(TableLock *lock);

/*
 * Take all of the locks, a list of TableLock, at once.  They are sorted, so
 * that two callers do not deadlock.
 *
 * Raise an ERROR when the tries are used up.
 */
void
lock_tables(List *locks)
{
	list_sort(locks, compare_locks);

	for (int tries = 0;; tries++)
	{
		ErrorData  *error = run_in_subtransaction(take_locks, locks, true);

		if (error == NULL)
			return;
		if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE &&
			error->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED)
			ReThrowError(error);
		if (tries >= nextauth_lock_retries)
			report_holders(linitial(locks));
		wait_between_tries();
	}
}

int
compare_locks(const ListCell *a, const ListCell *b)
{
	const TableLock *left = lfirst(a);
	const TableLock *right = lfirst(b);

	/* The stronger first, which needs no second wait */
	if (left->relid == right->relid)
		return right->mode - left->mode;
	return left->relid > right->relid ? 1 : -1;
}

static void
take_locks(void *argument)
{
	int			nest = begin_lock_timeout();
	ListCell   *lc;

	foreach(lc, (List *) argument)
	{
		TableLock  *lock = lfirst(lc);

		LockRelationOid(lock->relid, lock->mode);
	}
	AtEOXact_GUC(true, nest);
}

/*
 * The name of a lock, as in PostgreSQL's manual.
 */
const char *
print_lock(LOCKMODE mode)
{
	switch (mode)
	{
		case ShareUpdateExclusiveLock:
			return "SHARE UPDATE EXCLUSIVE";
		case ShareLock:
			return "SHARE";
		case ShareRowExclusiveLock:
			return "SHARE ROW EXCLUSIVE";
		default:
			return "ACCESS EXCLUSIVE";
	}
}

/*
 * Let no lock be waited for longer than nextauth.lock_timeout, or than
 * lock_timeout if that is shorter, until AtEOXact_GUC(true, result).
 *
 * Within that time the check for deadlocks has to come, which also makes an
 * autovacuum of the table give way.
 */
int
begin_lock_timeout(void)
{
	int			nest = NewGUCNestLevel();
	int			timeout = nextauth_lock_timeout;

	if (LockTimeout > 0)
		timeout = Min(timeout, LockTimeout);
	(void) set_config_option("lock_timeout", psprintf("%d", timeout), PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (DeadlockTimeout > timeout / 2)
		(void) set_config_option("deadlock_timeout", psprintf("%d", Max(timeout / 2, 1)),
								 PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
								 0, false);
	return nest;
}

/*
 * Raise an ERROR that says who is in the way.
 */
static void
report_holders(TableLock *lock)
{
	char	   *holders = NULL;
	Datum		values[1] = {ObjectIdGetDatum(lock->relid)};
	Oid			types[1] = {OIDOID};
	MemoryContext caller = CurrentMemoryContext;

	SPI_connect();
	SPI_execute_with_args("SELECT pg_catalog.string_agg(DISTINCT pid::text, ', ')"
						  " FROM pg_catalog.pg_locks"
						  " WHERE locktype = 'relation' AND relation = $1 AND granted"
						  " AND database = (SELECT oid FROM pg_catalog.pg_database"
						  " WHERE datname = pg_catalog.current_database())"
						  " AND pid <> pg_catalog.pg_backend_pid()",
						  1, types, values, NULL, true, 1);
	if (SPI_processed > 0)
	{
		holders = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		if (holders)
			holders = MemoryContextStrdup(caller, holders);
	}
	SPI_finish();

	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("could not lock table \"%s\" in %d tries",
					get_rel_name(lock->relid), nextauth_lock_retries + 1),
			 holders ? errdetail("It is in use by the processes with ID %s.", holders) : 0,
			 errhint("End what uses it, or set nextauth.lock_retries higher.")));
}

/*
 * Wait for nextauth.lock_retry_delay, a quarter more or less, so that two callers do not keep in step.
 */
void
wait_between_tries(void)
{
	long		delay = nextauth_lock_retry_delay;

	delay = delay - delay / 4 + (MyProcPid % 8) * delay / 16;
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 delay, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}
