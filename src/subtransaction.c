/*-------------------------------------------------------------------------
 *
 * subtransaction.c
 *	  Work that may fail, or that leaves nothing behind
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "nextauth.h"

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
