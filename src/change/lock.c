/*-------------------------------------------------------------------------
 *
 * lock.c
 *	  Locks on the tables of models and the adapters' views, taken so that
 *	  nobody waits for long
 *
 * A session that waits for an exclusive lock makes all later ones wait.  So a
 * try waits for nextauth.lock_timeout at most, and no lock is held between two
 * tries, so that the waiting sessions continue.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "change.h"

/* Locks to take together, and the lock that was waited for last */
typedef struct Try
{
	List	   *locks;			/* of ObjectLock */
	ObjectLock *current;
} Try;

static int	compare_locks(const ListCell *a, const ListCell *b);
static void take_locks(void *argument);
static int	set_lock_timeout(int timeout);
static void report_holders(ObjectLock *lock);

/*
 * Take all of the locks, a list of ObjectLock, at once.  They are sorted, so
 * that two callers do not deadlock.
 *
 * Raise an ERROR when the tries are used up.
 */
void
lock_tables(List *locks)
{
	Try			try = {locks, NULL};
	ListCell   *lc;

	foreach(lc, locks)
	{
		ObjectLock *lock = lfirst(lc);

		lock->is_view = (!OidIsValid(lock->classid) &&
						 get_rel_relkind(lock->objid) == RELKIND_VIEW);
	}
	list_sort(locks, compare_locks);

	for (int tries = 0;; tries++)
	{
		ErrorData  *error = run_in_subtransaction(take_locks, &try, true);

		if (error == NULL)
			return;
		if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE &&
			error->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED)
			ReThrowError(error);
		if (tries >= nextauth_lock_retries)
			report_holders(try.current);
		wait_between_tries();
	}
}

/*
 * lock_tables() for one table.
 */
void
lock_table(Oid relid, LOCKMODE mode)
{
	List	   *locks = NIL;

	add_lock(&locks, NIL, InvalidOid, relid, mode);
	lock_tables(locks);
}

/*
 * Plan a change, and lock what it needs: look, lock, and look again.
 *
 * The first plan takes no lock for which others could wait.  If it needs
 * locks, whatever takes time is checked first, so that nobody waits for that;
 * then all locks are taken at once, and a new plan is made from the locked
 * objects.  That goes on until a plan needs no lock that is not held: it is
 * the one that can be carried out.
 */
void
plan_and_lock(const LockedPlan *plan)
{
	List	   *held = NIL;

	for (;;)
	{
		List	   *locks;

		if (held == NIL)
			look(plan->plan, plan->argument);
		else
			look_again(plan->plan, plan->argument);
		locks = plan->find_locks(plan->argument, held);
		if (locks == NIL)
			return;

		/* On a standby the lock would be refused with a less telling error */
		PreventCommandIfReadOnly(plan->command);

		if (plan->check)
		{
			/* It keeps no lock of its own */
			ErrorData  *error = run_in_subtransaction(plan->check,
													  plan->argument, false);

			if (error)
				ReThrowError(error);
		}
		lock_tables(locks);
		held = list_concat(held, locks);
	}
}

static int
compare_locks(const ListCell *a, const ListCell *b)
{
	const ObjectLock *left = lfirst(a);
	const ObjectLock *right = lfirst(b);

	if (left->classid != right->classid)
		return left->classid > right->classid ? 1 : -1;

	/* A query locks a view before the table that it shows */
	if (left->is_view != right->is_view)
		return left->is_view ? -1 : 1;

	/* After the stronger lock, the weaker one is not waited for */
	if (left->objid == right->objid)
		return right->mode - left->mode;
	return left->objid > right->objid ? 1 : -1;
}

/*
 * One try: the timeout is for all locks together, because those that are held
 * already make others wait.
 */
static void
take_locks(void *argument)
{
	Try		   *try = argument;
	TimestampTz start = GetCurrentTimestamp();
	ListCell   *lc;

	foreach(lc, try->locks)
	{
		ObjectLock *lock = lfirst(lc);
		long		waited = TimestampDifferenceMilliseconds(start,
															 GetCurrentTimestamp());
		int			nest = set_lock_timeout(Max(nextauth_lock_timeout - waited, 1));

		try->current = lock;
		report_phase(PHASE_LOCKING, OidIsValid(lock->classid) ? InvalidOid : lock->objid,
					 InvalidAttrNumber);
		if (OidIsValid(lock->classid))
			LockDatabaseObject(lock->classid, lock->objid, 0, lock->mode);
		else
			LockRelationOid(lock->objid, lock->mode);
		AtEOXact_GUC(false, nest);
	}
}

/*
 * The name of a lock, as in PostgreSQL's manual.
 */
const char *
print_lock(LOCKMODE mode)
{
	switch (mode)
	{
		case AccessShareLock:
			return "ACCESS SHARE";
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
 * Until AtEOXact_GUC(false, result), wait for no lock longer than
 * nextauth.lock_timeout, or lock_timeout if that is shorter.
 *
 * The deadlock check must run within that time, because it also cancels an
 * autovacuum of the table.
 */
int
begin_lock_timeout(void)
{
	return set_lock_timeout(nextauth_lock_timeout);
}

static int
set_lock_timeout(int timeout)
{
	int			nest = NewGUCNestLevel();

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
 * Raise an ERROR that names the blocking processes and prepared transactions.
 */
static void
report_holders(ObjectLock *lock)
{
	ObjectAddress object;
	char	   *name;
	char	   *processes;
	char	   *prepared;
	Datum		values[2] = {ObjectIdGetDatum(lock->objid), ObjectIdGetDatum(lock->classid)};
	Oid			types[2] = {OIDOID, OIDOID};
	MemoryContext caller = CurrentMemoryContext;

	SPI_connect();

	/*
	 * A prepared transaction has no process; its lock on its own transaction
	 * ID tells its name
	 */
	SPI_execute_with_args("SELECT pg_catalog.string_agg(DISTINCT l.pid::text, ', '),"
						  " pg_catalog.string_agg(DISTINCT pg_catalog.quote_literal(p.gid), ', ')"
						  " FROM pg_catalog.pg_locks l"
						  " LEFT JOIN pg_catalog.pg_locks x ON l.pid IS NULL AND x.pid IS NULL"
						  " AND x.locktype = 'transactionid'"
						  " AND x.virtualtransaction = l.virtualtransaction"
						  " LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid"
						  " WHERE (l.locktype = 'relation' AND l.relation = $1 AND $2 = 0"
						  " OR l.locktype = 'object' AND l.classid = $2 AND l.objid = $1)"
						  " AND l.granted"
						  " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
						  " WHERE datname = pg_catalog.current_database())"
						  " AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()",
						  2, types, values, NULL, true, 1);
	MemoryContextSwitchTo(caller);
	processes = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	prepared = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2);
	SPI_finish();

	ObjectAddressSet(object, OidIsValid(lock->classid) ? lock->classid :
					 RelationRelationId, lock->objid);
	name = OidIsValid(lock->classid) ? getObjectDescription(&object, true) :
		get_rel_name(lock->objid);
	if (name == NULL)
		name = psprintf("object with OID %u", lock->objid);
	else if (!OidIsValid(lock->classid))
		name = psprintf("%s \"%s\"", lock->is_view ? "view" : "table", name);
	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg_plural("could not lock %s in %d try",
						   "could not lock %s in %d tries",
						   nextauth_lock_retries + 1,
						   name, nextauth_lock_retries + 1),
			 processes && prepared ?
			 errdetail("It is in use by the processes with ID %s, and by the prepared transactions %s.",
					   processes, prepared) :
			 processes ?
			 errdetail("It is in use by the processes with ID %s.", processes) :
			 prepared ?
			 errdetail("It is in use by the prepared transactions %s.", prepared) : 0,
			 prepared ?
			 errhint("End the transactions that use it, prepared ones with COMMIT PREPARED or ROLLBACK PREPARED, or increase \"nextauth.lock_retries\".") :
			 errhint("End the transactions that use it, or increase \"nextauth.lock_retries\".")));
}

/*
 * Wait for nextauth.lock_retry_delay, a quarter more or less, so that two
 * callers do not keep in step.
 */
void
wait_between_tries(void)
{
	int64		delay = nextauth_lock_retry_delay;
	TimestampTz end;

	delay = delay - delay / 4 + (MyProcPid % 8) * delay / 16;
	end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay);

	/* The latch may be set for something else, such as the lock's timeout */
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		delay = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end);
		if (delay <= 0)
			break;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 delay, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
	}
}

/*
 * Add a lock to those that are needed, unless one as strong is among those
 * that are held.
 */
void
add_lock(List **locks, List *held, Oid classid, Oid objid, LOCKMODE mode)
{
	ObjectLock *lock = palloc_object(ObjectLock);
	ListCell   *lc;

	foreach(lc, held)
	{
		ObjectLock *other = lfirst(lc);

		if (other->classid == classid && other->objid == objid &&
			other->mode >= mode)
			return;
	}
	lock->classid = classid;
	lock->objid = objid;
	lock->mode = mode;
	*locks = lappend(*locks, lock);
}
