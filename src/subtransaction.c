/*-------------------------------------------------------------------------
 *
 * subtransaction.c
 *	  Work that may fail, or that leaves nothing behind
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/resowner.h"

#include "nextauth.h"

/* Maximum number of tries */
#define MAX_LOOKS 20

static void repeat(void (*work) (void *), void *argument, bool keep);

/*
 * Do work that only reads.  It holds no locks between one read of a table and
 * the next, so that others need not wait; so it is repeated if an object was
 * dropped in between, which PostgreSQL reports as an internal error, or after
 * a deadlock.
 *
 * Raise an ERROR if the work does, or if all tries fail like that.
 */
void
look(void (*work) (void *), void *argument)
{
	repeat(work, argument, false);
}

/*
 * look() under the locks of what the work is about: it reads other objects as
 * well, which can be dropped meanwhile.  What the last try locked stays locked.
 */
void
look_again(void (*work) (void *), void *argument)
{
	repeat(work, argument, true);
}

static void
repeat(void (*work) (void *), void *argument, bool keep)
{
	for (int tries = 1;; tries++)
	{
		ErrorData  *error = run_in_subtransaction(work, argument, keep);

		if (error == NULL)
			return;

		/* After a deadlock, locks that are kept would only make another */
		if (error->sqlerrcode != ERRCODE_INTERNAL_ERROR &&
			error->sqlerrcode != ERRCODE_T_R_SERIALIZATION_FAILURE &&
			(error->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED || keep))
			ReThrowError(error);
		if (tries == MAX_LOOKS)
			report_concurrent_change(error);
		CHECK_FOR_INTERRUPTS();
	}
}

/* A function that only reads, and its result */
typedef struct LookingCall
{
	PGFunction	function;
	FunctionCallInfo fcinfo;
	Datum		result;
} LookingCall;

static void
call_function(void *argument)
{
	LookingCall *call = argument;

	call->result = call->function(call->fcinfo);
}

/*
 * Call a function that only reads, by look(), and return its result.
 */
Datum
look_for_result(PGFunction function, FunctionCallInfo fcinfo)
{
	LookingCall call = {function, fcinfo, (Datum) 0};

	look(call_function, &call);
	return call.result;
}

/*
 * Replace an internal error, or one of a lock on an object that no table lock
 * protects, by an ERROR that explains it.
 */
void
report_concurrent_change(ErrorData *error)
{
	FlushErrorState();
	ereport(ERROR,
			(errcode(error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ?
					 ERRCODE_LOCK_NOT_AVAILABLE : ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not finish because of concurrent changes"),
			 errdetail_internal("The error was: %s.", error->message),
			 errhint("Call the function again.")));
}

/*
 * Do work in a subtransaction.  What it locked, read and changed stays only
 * if "keep" is set and it raised no error.
 *
 * Returns the error that it raised, or NULL.  Memory is the caller's.
 */
ErrorData *
run_in_subtransaction(void (*work) (void *), void *argument, bool keep)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		work(argument);

		if (keep)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
	return error;
}
