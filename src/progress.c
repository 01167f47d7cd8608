/*-------------------------------------------------------------------------
 *
 * progress.c
 *	  What a running call is doing: publishes it, and shows what others do
 *
 * A call publishes its progress as PostgreSQL's own commands do, in the entry
 * of its process among those that pg_stat_activity shows: others see it before
 * it commits, and an error or the end of the process takes it away.  The entry
 * says by a number which command it is; ours is none of PostgreSQL's, so the
 * views pg_stat_progress_* do not take it for theirs.
 *
 * A command that a call runs may take the entry for itself, and an aborted
 * subtransaction clears it: each phase publishes everything again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "commands/progress.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "nextauth.h"

PG_FUNCTION_INFO_V1(running_calls);

/* The command in the entry of a process, apart from ProgressCommandType's */
#define PROGRESS_COMMAND_NEXTAUTH ((ProgressCommandType) 0x6e617574)

/*
 * While PostgreSQL rewrites a table it sets parameters of CLUSTER and of CREATE
 * INDEX, whosever command is published.  These are none of them.
 */
#define PARAM_ROWS_DONE		2
#define PARAM_ROWS_TOTAL	3
#define PARAM_BLOCKS_DONE	4
#define PARAM_BLOCKS_TOTAL	5
#define PARAM_CALL			17	/* see pack_call() */
#define PARAM_PHASE_STARTED 19

static const char *const commands[] = {
	NULL, "extend_model", "extend_models", ONLINE_COMMAND, "convert_ids",
	"add_adapter", "import_rows", PURGE_COMMAND, DELETE_COMMAND
};

static const char *const phases[] = {
	[PHASE_NONE] = NULL,
	[PHASE_PLANNING] = "planning",
	[PHASE_WAITING] = "waiting for another call",
	[PHASE_LOCKING] = "locking table",
	[PHASE_CHECKING] = "checking rows",
	[PHASE_READING] = "reading table",
	[PHASE_REWRITING] = "rewriting table",
	[PHASE_REBUILDING] = "rebuilding indexes",
	[PHASE_FILLING] = "filling column",
	[PHASE_BUILDING] = "building index",
	[PHASE_VALIDATING] = "validating constraint",
	[PHASE_DELETING] = "deleting expired rows",
	[PHASE_SURVEYING] = "reading keys",
	[PHASE_CONVERTING] = "converting rows",
	[PHASE_INSERTING] = "inserting rows"
};

/* A call: ours, or as read from the entry of a process */
typedef struct RunningCall
{
	int			pid;
	Oid			user;
	const char *command;		/* NULL: none */
	Phase		phase;
	Oid			relid;
	AttrNumber	attnum;
	int64		rows_done;		/* all of them -1 if unknown */
	int64		rows_total;
	int64		blocks_done;
	int64		blocks_total;
	TimestampTz started;		/* ours: by the clock of the statement */
	TimestampTz phase_started;
} RunningCall;

static RunningCall current;

static bool is_current(void);
static void publish(bool anew);
static int64 pack_call(void);
static bool read_call(const PgBackendStatus *backend, RunningCall *call);
static bool read_index_build(const PgBackendStatus *backend, RunningCall *call);
static void put_call(ReturnSetInfo *rsinfo, const RunningCall *call);
static void set_numbers(Datum *values, bool *nulls, int64 done, int64 total);
static char *describe_call(const RunningCall *call);

/*
 * A call begins, by the function of that name.  What a former one, which may
 * have ended by an error, left is forgotten.
 */
void
begin_progress(const char *command)
{
	memset(&current, 0, sizeof(current));
	current.command = command;
	current.rows_done = current.rows_total = -1;
	current.blocks_done = current.blocks_total = -1;
	continue_progress();
}

/*
 * The call goes on, in another transaction than that in which it began.
 */
void
continue_progress(void)
{
	current.started = GetCurrentStatementStartTimestamp();
}

/*
 * The call ends without an error.
 */
void
end_progress(void)
{
	if (MyBEEntry && MyBEEntry->st_progress_command == PROGRESS_COMMAND_NEXTAUTH)
		pgstat_progress_end_command();
	current.command = NULL;
}

/*
 * The call is now at a phase, with a table and a column if it is about them.
 * Does nothing where no call began: a plan has no progress.
 */
void
report_phase(Phase phase, Oid relid, AttrNumber attnum)
{
	if (!is_current())
		return;
	if (phase != current.phase || relid != current.relid || attnum != current.attnum)
		current.phase_started = GetCurrentTimestamp();
	current.phase = phase;
	current.relid = relid;
	current.attnum = attnum;
	publish(true);
}

/*
 * So many rows are done of so many; -1: unknown.
 */
void
report_rows(int64 done, int64 total)
{
	current.rows_done = done;
	current.rows_total = total;
	publish(false);
}

/*
 * So many blocks of the table are done of so many; -1: unknown.
 */
void
report_blocks(int64 done, int64 total)
{
	current.blocks_done = done;
	current.blocks_total = total;
	publish(false);
}

/*
 * The table is about to be rewritten: what ALTER TABLE did before that, to make
 * its indexes, has cleared what was published.
 */
void
resume_progress(void)
{
	publish(true);
}

/*
 * Is there a call, and was it this statement that began it?
 */
static bool
is_current(void)
{
	return current.command &&
		current.started == GetCurrentStatementStartTimestamp();
}

/*
 * Publish what the call is doing; "anew" lets go of what PostgreSQL has set
 * beside it.  A command of PostgreSQL that is running, and publishes its own,
 * keeps its place.
 */
static void
publish(bool anew)
{
	const int	indexes[] = {PARAM_ROWS_DONE, PARAM_ROWS_TOTAL, PARAM_BLOCKS_DONE,
	PARAM_BLOCKS_TOTAL, PARAM_CALL, PARAM_PHASE_STARTED};
	const int64 values[] = {current.rows_done, current.rows_total, current.blocks_done,
	current.blocks_total, pack_call(), current.phase_started};
	bool		is_ours;

	if (MyBEEntry == NULL || !is_current() || current.phase == PHASE_NONE)
		return;
	is_ours = MyBEEntry->st_progress_command == PROGRESS_COMMAND_NEXTAUTH;
	if (!is_ours && MyBEEntry->st_progress_command != PROGRESS_COMMAND_INVALID)
		return;
	if (anew || !is_ours)
		pgstat_progress_start_command(PROGRESS_COMMAND_NEXTAUTH, current.relid);
	pgstat_progress_update_multi_param(lengthof(indexes), indexes, values);
}

static int64
pack_call(void)
{
	/* None: a call that a trigger made while this one was running has ended */
	int64		command = current.command ? lengthof(commands) - 1 : 0;

	while (command > 0 && strcmp(commands[command], current.command) != 0)
		command--;
	return command | (int64) current.phase << 8 |
		(int64) (uint16) current.attnum << 16;
}

/*
 * Read what a process publishes.  Returns false if that is no call of ours in
 * this database.
 */
static bool
read_call(const PgBackendStatus *backend, RunningCall *call)
{
	const int64 *params = backend->st_progress_param;
	int64		packed = params[PARAM_CALL];

	if (backend->st_procpid <= 0 || backend->st_databaseid != MyDatabaseId)
		return false;

	/* A statement that went on after a failed call may have left something */
	if (backend->st_state == STATE_IDLE ||
		backend->st_state == STATE_IDLEINTRANSACTION ||
		backend->st_state == STATE_IDLEINTRANSACTION_ABORTED)
		return false;
	if (backend->st_progress_command == PROGRESS_COMMAND_CREATE_INDEX)
		return read_index_build(backend, call);
	if (backend->st_progress_command != PROGRESS_COMMAND_NEXTAUTH)
		return false;
	/* It has begun to publish, and not said yet what; or has another library */
	if (packed == 0 || (packed & 0xff) >= lengthof(commands) ||
		(packed >> 8 & 0xff) >= lengthof(phases))
		return false;

	call->command = commands[packed & 0xff];
	call->phase = packed >> 8 & 0xff;
	call->pid = backend->st_procpid;
	call->user = backend->st_userid;
	call->relid = backend->st_progress_command_target;
	call->attnum = (AttrNumber) (packed >> 16 & 0xffff);
	call->rows_done = params[PARAM_ROWS_DONE];
	call->rows_total = params[PARAM_ROWS_TOTAL];
	call->blocks_done = params[PARAM_BLOCKS_DONE];
	call->blocks_total = params[PARAM_BLOCKS_TOTAL];
	call->started = strcmp(call->command, ONLINE_COMMAND) == 0 ?
		backend->st_proc_start_timestamp : backend->st_activity_start_timestamp;
	call->phase_started = params[PARAM_PHASE_STARTED];
	if (call->phase == PHASE_REWRITING &&
		params[PROGRESS_CLUSTER_PHASE] == PROGRESS_CLUSTER_PHASE_REBUILD_INDEX)
	{
		call->phase = PHASE_REBUILDING;
		call->blocks_done = params[PROGRESS_SCAN_BLOCKS_DONE];
		call->blocks_total = params[PROGRESS_SCAN_BLOCKS_TOTAL];
	}
	return true;
}

/*
 * Read what PostgreSQL publishes while it builds an index.  Returns false if
 * that is not for extend_model_online().
 */
static bool
read_index_build(const PgBackendStatus *backend, RunningCall *call)
{
	const int64 *params = backend->st_progress_param;
	const char *type = backend->st_backendType == B_BG_WORKER ?
		GetBackgroundWorkerTypeByPid(backend->st_procpid) : NULL;

	if (type == NULL || strcmp(type, ONLINE_COMMAND) != 0)
		return false;
	memset(call, 0, sizeof(*call));
	call->pid = backend->st_procpid;
	call->user = backend->st_userid;
	call->command = ONLINE_COMMAND;
	call->phase = PHASE_BUILDING;
	call->relid = backend->st_progress_command_target;
	call->rows_done = params[PROGRESS_CREATEIDX_TUPLES_DONE];
	call->rows_total = params[PROGRESS_CREATEIDX_TUPLES_TOTAL];
	call->blocks_done = params[PROGRESS_SCAN_BLOCKS_DONE];
	call->blocks_total = params[PROGRESS_SCAN_BLOCKS_TOTAL];
	call->started = backend->st_proc_start_timestamp;
	call->phase_started = backend->st_activity_start_timestamp;
	return true;
}

/*
 * running_calls()
 *
 * Returns a row for each call in this database that has published its progress:
 * pid, command, relation, phase, column_name, blocks_done, blocks_total,
 * rows_done, rows_total, started_at, phase_started_at.  As in PostgreSQL's own
 * views of progress, all but the pid is null to a role that has neither the
 * privileges of the caller's role nor those of pg_read_all_stats.
 */
Datum
running_calls(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			backends;

	InitMaterializedSRF(fcinfo, 0);
	backends = pgstat_fetch_stat_numbackends();
	for (int i = 1; i <= backends; i++)
	{
		RunningCall call;

		if (read_call(&pgstat_get_local_beentry_by_index(i)->backendStatus, &call))
			put_call(rsinfo, &call);
	}
	return (Datum) 0;
}

static void
put_call(ReturnSetInfo *rsinfo, const RunningCall *call)
{
	Datum		values[11] = {Int32GetDatum(call->pid)};
	bool		nulls[11];
	char	   *column_name;

	memset(nulls, true, sizeof(nulls));
	nulls[0] = false;
	if (has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) ||
		has_privs_of_role(GetUserId(), call->user))
	{
		values[1] = CStringGetTextDatum(call->command);
		values[2] = ObjectIdGetDatum(call->relid);
		values[3] = CStringGetTextDatum(phases[call->phase]);
		nulls[1] = nulls[3] = false;
		nulls[2] = !OidIsValid(call->relid);
		column_name = get_attname(call->relid, call->attnum, true);
		if (column_name)
		{
			values[4] = DirectFunctionCall1(namein, CStringGetDatum(column_name));
			nulls[4] = false;
		}
		set_numbers(&values[5], &nulls[5], call->blocks_done, call->blocks_total);
		set_numbers(&values[7], &nulls[7], call->rows_done, call->rows_total);
		values[9] = TimestampTzGetDatum(call->started);
		values[10] = TimestampTzGetDatum(call->phase_started);
		nulls[9] = nulls[10] = false;
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * How many are done, of how many; null where the call does not know.
 */
static void
set_numbers(Datum *values, bool *nulls, int64 done, int64 total)
{
	values[0] = Int64GetDatum(done);
	values[1] = Int64GetDatum(total);
	nulls[0] = done < 0 || (done == 0 && total <= 0);
	nulls[1] = total <= 0;
}

/*
 * What the process is doing, for a message; or NULL if it does not say.
 */
char *
describe_progress(int pid)
{
	int			backends;
	RunningCall call;

	/* What was read before is kept until the end of the transaction */
	pgstat_clear_backend_activity_snapshot();
	backends = pgstat_fetch_stat_numbackends();
	for (int i = 1; i <= backends; i++)
	{
		const PgBackendStatus *backend =
			&pgstat_get_local_beentry_by_index(i)->backendStatus;

		if (backend->st_procpid == pid && read_call(backend, &call))
			return describe_call(&call);
	}
	return NULL;
}

static char *
describe_call(const RunningCall *call)
{
	const char *phase = phases[call->phase];
	char	   *table_name = get_rel_name(call->relid);
	char	   *column_name = get_attname(call->relid, call->attnum, true);
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, phase);
	if (column_name)
		appendStringInfo(&buf, " \"%s\"", column_name);
	if (table_name)
		appendStringInfo(&buf, "%s \"%s\"",
						 strstr(phase, "table") ? "" : " of table", table_name);
	if (call->blocks_total > 0)
		appendStringInfo(&buf, ", block %lld of %lld", (long long) call->blocks_done,
						 (long long) call->blocks_total);
	if (call->rows_total > 0)
		appendStringInfo(&buf, ", %lld of about %lld rows",
						 (long long) call->rows_done, (long long) call->rows_total);
	else if (call->rows_done > 0)
		appendStringInfo(&buf, ", %lld rows", (long long) call->rows_done);
	return buf.data;
}
