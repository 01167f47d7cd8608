/*-------------------------------------------------------------------------
 *
 * worker.c
 *	  extend_model_online(): the call, and the background worker that does it
 *
 * A background worker does the work of online.c, because some statements must
 * not run in a transaction block, and because it must clean up even if the
 * caller is gone.  The two share a segment of memory: the request, and a queue
 * of the worker's messages.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(extend_model_online);

/* Longer messages are cut */
#define MESSAGE_SIZE 2048

/* The lock of wait_for_turn(); SQL's advisory locks are of classes 1 and 2 */
#define TURN_LOCK 0x6e786175
#define TURN_LOCK_CLASS 3

/* What caller and worker share */
typedef struct Request
{
	/* Set by the caller */
	Oid			database;
	Oid			session_user;
	Oid			user;
	Size		columns_offset; /* in text: model, columns, options, settings */
	Size		options_offset;
	Size		settings_offset;

	/* Set by the worker */
	bool		done;
	int			sqlerrcode;		/* 0 if there was no error */
	char		message[MESSAGE_SIZE];
	char		detail[MESSAGE_SIZE];
	char		hint[MESSAGE_SIZE];
	char		context[MESSAGE_SIZE];

	char		text[FLEXIBLE_ARRAY_MEMBER];
} Request;

/* The request of a worker that connects */
static Request *connecting;
static emit_log_hook_type previous_log_hook;

static char *library_of(Oid function);
static dsm_segment *make_request(const Extension *extension);
static void copy_message(char *to, const char *from);
static void wait_for_worker(BackgroundWorkerHandle *handle);
static void end_worker(int code, Datum handle);
static void report_error(const Request *request);
static void connect_as_caller(Request *request);
static void tell_caller(ErrorData *error);
static void wait_for_turn(Work *work);

/*
 * extend_model_online(name text, columns jsonb, options jsonb)
 *
 * Extends the model as extend_model() does, in several transactions: adds a
 * column first and its default afterwards, fills rows in batches of
 * nextauth.batch_rows, proves NOT NULL by validating a CHECK constraint, and
 * builds indexes CONCURRENTLY.  pg_stat_activity shows its current statement.
 *
 * Raises the ERRORs of extend_model(), and one if it is called within a
 * transaction.  If it is interrupted it leaves no invalid objects, unless the
 * server crashes; another call continues its work in any case.
 */
Datum
extend_model_online(PG_FUNCTION_ARGS)
{
	Extension  *extension = get_extension(fcinfo);
	int			nest = pin_search_path();
	int64		version;
	dsm_segment *segment;
	BackgroundWorker worker = {0};
	BackgroundWorkerHandle *handle;
	ListCell   *lc;

	if (fcinfo->context == NULL || !IsA(fcinfo->context, CallContext) ||
		castNode(CallContext, fcinfo->context)->atomic)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("extend_model_online() cannot run inside a transaction block")));
	PreventCommandIfReadOnly("extend_model_online()");

	/* Report errors of the definition before a worker is started */
	extension->online = true;
	adopt_if_missing(extension->name);
	plan_unlocked(extension);
	version = read_version(extension->name);
	AtEOXact_GUC(false, nest);

	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	worker.bgw_notify_pid = MyProcPid;
	strlcpy(worker.bgw_library_name, library_of(fcinfo->flinfo->fn_oid),
			sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "nextauth_online_main", BGW_MAXLEN);
	strlcpy(worker.bgw_type, ONLINE_COMMAND, BGW_MAXLEN);
	snprintf(worker.bgw_name, BGW_MAXLEN, "%s for PID %d", ONLINE_COMMAND, MyProcPid);

	/* The worker would wait for this transaction's snapshot and locks */
	SPI_connect_ext(SPI_OPT_NONATOMIC);
	SPI_commit();

	segment = make_request(extension);
	worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(segment));
	if (!RegisterDynamicBackgroundWorker(&worker, &handle))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not start a background worker"),
				 errhint("You might need to increase \"max_worker_processes\".")));
	PG_ENSURE_ERROR_CLEANUP(end_worker, PointerGetDatum(handle));
	{
		wait_for_worker(handle);
	}
	PG_END_ENSURE_ERROR_CLEANUP(end_worker, PointerGetDatum(handle));

	report_error(dsm_segment_address(segment));
	dsm_detach(segment);
	PushActiveSnapshot(GetTransactionSnapshot());
	foreach(lc, read_changes(extension->name, version))
	{
		/* {}: nothing but the worker's own constraints was changed */
		if (strcmp(lfirst(lc), "{}") != 0)
			ereport(NOTICE,
					(errmsg("extended model \"%s\": %s", extension->name,
							(char *) lfirst(lc))));
	}
	PopActiveSnapshot();
	SPI_finish();
	PG_RETURN_VOID();
}

/*
 * The library of a function, as pg_proc names it, so that the worker loads the
 * same one.
 */
static char *
library_of(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		isnull;
	char	   *result;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("function with OID %u does not exist", function)));
	result = TextDatumGetCString(SysCacheGetAttr(PROCOID, tuple,
												 Anum_pg_proc_probin, &isnull));
	ReleaseSysCache(tuple);
	return result;
}

/*
 * The request of the worker, in memory that it can map.
 */
static dsm_segment *
make_request(const Extension *extension)
{
	char	   *columns = JsonbToCString(NULL, extension->columns, 0);
	char	   *options = JsonbToCString(NULL, extension->options, 0);
	Size		name_size = strlen(extension->name) + 1;
	Size		columns_size = strlen(columns) + 1;
	Size		settings_size = EstimateGUCStateSpace();
	Size		settings_offset = name_size + columns_size + strlen(options) + 1;
	dsm_segment *segment;
	Request    *request;

	segment = dsm_create(offsetof(Request, text) + settings_offset + settings_size, 0);
	request = dsm_segment_address(segment);
	memset(request, 0, offsetof(Request, text));
	request->database = MyDatabaseId;
	request->session_user = GetSessionUserId();
	request->user = GetUserId();
	request->columns_offset = name_size;
	request->options_offset = name_size + columns_size;
	strcpy(request->text, extension->name);
	strcpy(request->text + request->columns_offset, columns);
	strcpy(request->text + request->options_offset, options);
	request->settings_offset = settings_offset;
	SerializeGUCState(settings_size, request->text + settings_offset);
	return segment;
}

/*
 * Wait for the worker to end, and tell every nextauth.progress_interval what it
 * is doing.
 */
static void
wait_for_worker(BackgroundWorkerHandle *handle)
{
	TimestampTz told = GetCurrentTimestamp();
	BgwHandleStatus status;
	pid_t		pid = 0;

	while ((status = GetBackgroundWorkerPid(handle, &pid)) == BGWH_STARTED ||
		   status == BGWH_NOT_YET_STARTED)
	{
		TimestampTz next = TimestampTzPlusMilliseconds(told, nextauth_progress_interval);
		char	   *progress;

		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH |
						 (nextauth_progress_interval > 0 ? WL_TIMEOUT : 0),
						 TimestampDifferenceMilliseconds(GetCurrentTimestamp(), next),
						 WAIT_EVENT_BGWORKER_SHUTDOWN);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		if (nextauth_progress_interval == 0 || GetCurrentTimestamp() < next)
			continue;
		told = GetCurrentTimestamp();
		progress = describe_progress(pid);

		/* The worker would wait for the snapshot that looked up names */
		InvalidateCatalogSnapshot();
		if (progress)
			ereport(NOTICE,
					(errmsg_internal("%s(): %s", ONLINE_COMMAND, progress)));
	}
}

/*
 * The caller is interrupted: interrupt the worker, too, and wait until it has
 * cleaned up, unless the caller's process ends.
 */
static void
end_worker(int code, Datum handle)
{
	(void) code;

	TerminateBackgroundWorker((BackgroundWorkerHandle *) DatumGetPointer(handle));
	if (!proc_exit_inprogress)
		(void) WaitForBackgroundWorkerShutdown((BackgroundWorkerHandle *) DatumGetPointer(handle));
}

/*
 * Raise the worker's ERROR as the caller's.
 */
static void
report_error(const Request *request)
{
	if (!request->done)
		ereport(ERROR,
				(errcode(ERRCODE_QUERY_CANCELED),
				 errmsg("background worker ended before its work was done"),
				 errhint("Call extend_model_online() again; the server log says why it ended.")));
	if (request->sqlerrcode == 0)
		return;
	ereport(ERROR,
			(errcode(request->sqlerrcode),
			 errmsg_internal("%s", request->message),
			 request->detail[0] ? errdetail_internal("%s", request->detail) : 0,
			 request->hint[0] ? errhint("%s", request->hint) : 0,
			 request->context[0] ? errcontext("%s", request->context) : 0));
}

static void
copy_message(char *to, const char *from)
{
	if (from)
		strlcpy(to, pnstrdup(from, pg_mbcliplen(from, strlen(from), MESSAGE_SIZE - 1)),
				MESSAGE_SIZE);
}

/*
 * The background worker.
 */
void
nextauth_online_main(Datum handle)
{
	dsm_segment *segment;
	Request    *request;
	Work		work = {0};

	/* A request to end cancels the statement, so that PG_CATCH() cleans up */
	pqsignal(SIGTERM, StatementCancelHandler);
	pqsignal(SIGINT, StatementCancelHandler);
	BackgroundWorkerUnblockSignals();

	segment = dsm_attach(DatumGetUInt32(handle));
	if (segment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("could not map dynamic shared memory segment")));
	dsm_pin_mapping(segment);
	request = dsm_segment_address(segment);

	work.context = AllocSetContextCreate(TopMemoryContext, "nextauth online",
										 ALLOCSET_DEFAULT_SIZES);
	work.round = AllocSetContextCreate(work.context, "nextauth online round",
									   ALLOCSET_DEFAULT_SIZES);
	PG_TRY();
	{
		MemoryContext old;

		connect_as_caller(request);
		work.user = GetUserId();
		old = MemoryContextSwitchTo(work.context);
		initStringInfo(&work.changes);
		work.extension.name = pstrdup(request->text);
		work.extension.verb = ONLINE_COMMAND;
		work.extension.online = true;
		work.extension.columns = &parse_jsonb(request->text + request->columns_offset)->root;
		work.extension.options = &parse_jsonb(request->text + request->options_offset)->root;
		MemoryContextSwitchTo(old);

		wait_for_turn(&work);
		extend_online(&work);
		request->done = true;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(work.context);
		error = CopyErrorData();
		FlushErrorState();
		abort_transaction(&work);

		MemoryContextSwitchTo(work.context);
		request->sqlerrcode = error->sqlerrcode;
		copy_message(request->message, error->message);
		copy_message(request->detail, error->detail);
		copy_message(request->hint, error->hint);
		copy_message(request->context, error->context);

		clean_up(&work);
		request->done = true;
	}
	PG_END_TRY();
	proc_exit(0);
}

/*
 * Connect to the caller's database, with the caller's rights and settings,
 * except settings that limit a single statement or transaction.
 */
static void
connect_as_caller(Request *request)
{
	/* An error here is FATAL, so that PG_CATCH() cannot see it */
	connecting = request;
	previous_log_hook = emit_log_hook;
	emit_log_hook = tell_caller;
	BackgroundWorkerInitializeConnectionByOid(request->database,
											  request->session_user,
											  BGWORKER_BYPASS_ROLELOGINCHECK);
	emit_log_hook = previous_log_hook;

	StartTransactionCommand();
	RestoreGUCState(request->text + request->settings_offset);
	if (request->user != request->session_user)
		set_session_option("role", GetUserNameFromId(request->user, false));
	set_session_option("search_path", "pg_catalog, pg_temp");
	set_session_option("default_transaction_isolation", "read committed");
	set_session_option("default_transaction_read_only", "off");
	set_session_option("lock_timeout", "0");
	if (HAVE_TRANSACTION_TIMEOUT)
		set_session_option("transaction_timeout", "0");
	CommitTransactionCommand();
}

/*
 * Let the caller know why the worker could not connect.
 */
static void
tell_caller(ErrorData *error)
{
	if (error->elevel >= ERROR)
	{
		connecting->sqlerrcode = error->sqlerrcode;
		copy_message(connecting->message, error->message);
		copy_message(connecting->detail, error->detail);
		copy_message(connecting->hint, error->hint);
		connecting->done = true;
	}
	if (previous_log_hook)
		previous_log_hook(error);
}

/*
 * Let one call at a time extend a model, so that none mistakes another's
 * unfinished objects for leftovers.
 *
 * The lock is like an advisory lock, but SQL cannot take it.  This waits
 * without a snapshot, because the other call may wait for old snapshots.
 */
static void
wait_for_turn(Work *work)
{
	const ModelDefinition *model = find_model_definition(work->extension.name);
	LOCKTAG		tag;

	pgstat_report_activity(STATE_RUNNING,
						   psprintf("nextauth.extend_model_online: waiting for another call that extends model \"%s\"",
									model->name));
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, TURN_LOCK,
						 DatumGetUInt32(hash_any((const unsigned char *) model->name,
												 strlen(model->name))),
						 TURN_LOCK_CLASS);
	begin_progress(ONLINE_COMMAND);
	report_phase(PHASE_WAITING, InvalidOid, InvalidAttrNumber);
	StartTransactionCommand();
	(void) LockAcquire(&tag, ExclusiveLock, true, false);
	CommitTransactionCommand();
}
