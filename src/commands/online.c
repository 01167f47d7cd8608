/*-------------------------------------------------------------------------
 *
 * online.c
 *	  What extend_model() does, without keeping readers or writers waiting while
 *	  a table is read or filled
 *
 * The work is done in rounds: each makes a new plan, takes the first step that
 * would be slow in one transaction, and does it in several, until all remaining
 * steps are instant and extend_model() can do them.  So it continues an
 * interrupted call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "executor/spi.h"
#include "pgstat.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "commands.h"

/* Prefix of the names of prove_not_null()'s CHECK constraints */
#define PROOF_PREFIX "nextauth_not_null"

static bool fills(const Step *step);
static void check_visible(const Work *work, const ColumnSpec *column);
static void begin_transaction(void);
static void end_transaction(void);
static void begin_round(Work *work);
static bool apply_instant_steps(Work *work);
static bool has_step(List *steps, const ColumnSpec *column);
static bool is_slow(const ModelPlan *plan);
static List *instant_steps(Work *work, List **filled);
static bool is_blocked(const Work *work, const Step *step);
static bool do_slow_step(Work *work);
static void fill_column(Work *work, const ColumnSpec *column);
static uint64 fill_once(Work *work, const ColumnSpec *column, uint64 *filled);
static void fill_table(const ColumnSpec *column, Oid relid, uint64 *filled,
					   uint64 *nulls);
static void prove_not_null(Work *work, const Step *step);
static void build_index(Work *work, const Step *step);
static bool try_to_build(Work *work, const Step *step, const char *sql,
						 bool is_last);
static void swap_index(Work *work, const Step *step);
static void report_duplicates(Work *work, const Step *step);
static void add_not_valid(Work *work, const Step *step);
static void validate(Work *work, const Step *step);
static void finish(Work *work);
static void record_statements(Work *work);
static void forget_statements(Work *work);
static void attempt(void (*part) (Work *), Work *work, double patience);
static void check_deferred_triggers(const Work *work, const ColumnSpec *column);
static void drop_invalid_index(Work *work);
static void drop_unfinished(Work *work);
static void record_interruption(Work *work);
static void drop_constraint(Work *work, const char *name);
static void report_locking(const Work *work);
static void lock_model(const Work *work, LOCKMODE mode);
static void run_in_transaction(Work *work, LOCKMODE lock, const char *sql);
static void run_concurrently(Work *work, const char *sql);
static void remember(Work *work, const char *sql);

/*
 * Set a setting for the rest of the worker's session.
 */
void
set_session_option(const char *name, const char *value)
{
	SetConfigOption(name, value, PGC_SUSET, PGC_S_SESSION);
}

/*
 * Extend the model, in as many transactions as it takes.
 *
 * Raise an ERROR, before anything is changed, if the rows or the limits do not
 * allow it.
 */
void
extend_online(Work *work)
{
	List	   *impossible = NIL;
	List	   *checked = NIL;
	ListCell   *lc;

	/* Change nothing if a step that cannot be done online exceeds the limits */
	begin_round(work);
	foreach(lc, work->extension.plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind == STEP_ADD_FOREIGN_KEY)
			check_foreign_key_target(step->foreign_key,
									 work->extension.model->owner);
		if (makes_object(step))
			check_creator(work->extension.model);
		if (!is_online(step))
			impossible = lappend(impossible, step);
		if (!fills(step))
			checked = lappend(checked, step);
		else
		{
			check_visible(work, step->column);
			if (step->kind == STEP_ADD_COLUMN)
				checked = lappend(checked, step);
		}
	}
	check_cost(work->extension.model, impossible, ERROR);

	/* Nor if the rows contradict the definition */
	check_data(work->extension.model, checked, ERROR);
	end_transaction();

	while (apply_instant_steps(work) || do_slow_step(work))
		CHECK_FOR_INTERRUPTS();

	/* A default can be an enum label only after the transaction that adds it */
	do
		finish(work);
	while (work->extension.plan->steps != NIL);
}

/*
 * Must rows be filled with the default for the step?
 */
static bool
fills(const Step *step)
{
	if (step->kind == STEP_ADD_COLUMN)
		return is_filled_later(step);
	return (step->kind == STEP_SET_NOT_NULL ||
			step->kind == STEP_VALIDATE_NOT_NULL) &&
		step->cost > COST_INSTANT && step->column->default_sql;
}

/*
 * Raise an ERROR if a policy may hide rows that are to be filled.
 */
static void
check_visible(const Work *work, const ColumnSpec *column)
{
	const Model *model = work->extension.model;

	if (!sees_all_rows(model))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of table \"%s\" may hide rows in which column \"%s\" is to be filled",
						model->table_name, column->column_name),
				 errhint("Call it as a role with BYPASSRLS, or run ALTER TABLE %s NO FORCE ROW LEVEL SECURITY first.",
						 quote_table(model))));
}

static void
begin_transaction(void)
{
	SetCurrentStatementStartTimestamp();
	continue_progress();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
}

static void
end_transaction(void)
{
	PopActiveSnapshot();
	CommitTransactionCommand();
}

/*
 * Start a transaction and make a plan in it.  The plan, and what is allocated
 * here, lives until the next round.
 */
static void
begin_round(Work *work)
{
	begin_transaction();
	work->extension.model = NULL;
	work->extension.plan = NULL;
	MemoryContextReset(work->round);
	MemoryContextSwitchTo(work->round);
	pgstat_report_activity(STATE_RUNNING,
						   psprintf("nextauth.extend_model_online: planning model \"%s\"",
									work->extension.name));
	report_phase(PHASE_PLANNING, InvalidOid, InvalidAttrNumber);
	plan_unlocked(&work->extension);
}

/*
 * Do the instant steps, and add the new columns to be filled.  Returns false
 * if there are none.
 */
static bool
apply_instant_steps(Work *work)
{
	List	   *filled = NIL;
	List	   *steps;
	bool		locked = false;

	begin_round(work);
	steps = instant_steps(work, &filled);

	/* If nothing is slow it is all left to extend_all() */
	if (steps != NIL && is_slow(work->extension.plan))
	{
		report_locking(work);
		lock_tables(required_locks(&work->extension, steps, NIL));
		locked = true;

		/* Look again, when nobody can change what is seen */
		plan_extension(&work->extension);
		steps = instant_steps(work, &filled);
	}
	if (steps != NIL && locked)
	{
		List	   *statements = print_steps(work->extension.model, steps);
		List	   *added = NIL;
		List	   *texts;
		List	   *views;
		StringInfoData changes;
		ListCell   *lc;

		check_data_locked(work->extension.model, steps);
		views = take_down_views(work->extension.model, steps);
		run_steps(work->extension.model, statements);
		texts = list_concat(texts_of_taken(views), texts_of(statements));

		initStringInfo(&changes);
		foreach(lc, work->extension.plan->columns)
		{
			PlannedColumn *planned = lfirst(lc);
			ColumnSpec *column = planned->column;

			if (!has_step(steps, column))
				continue;
			append_change(&changes, column->property,
						  print_planned_action(planned->action));
			if (planned->action != ACTION_ADDED)
				continue;
			column->is_filling = list_member_ptr(filled, column);
			if (!OidIsValid(column->type))
				resolve_enum_type(column, work->extension.model);
			added = lappend(added, column);
		}
		write_custom_columns(work->extension.model, added);
		if (work->extension.views != NIL)
			texts = list_concat(texts, refresh_views(work->extension.model, views));
		record_statements(work);
		write_change(work->extension.name, work->extension.verb, changes.data,
					 texts);
	}
	end_transaction();
	if (steps != NIL && locked)
		forget_statements(work);
	return locked;
}

static bool
is_slow(const ModelPlan *plan)
{
	ListCell   *lc;

	foreach(lc, plan->steps)
	{
		if (((Step *) lfirst(lc))->cost > COST_INSTANT)
			return true;
	}
	return false;
}

static bool
has_step(List *steps, const ColumnSpec *column)
{
	ListCell   *lc;

	foreach(lc, steps)
	{
		if (((Step *) lfirst(lc))->column == column)
			return true;
	}
	return false;
}

/*
 * The steps of the plan that take no time, except those that replace an index,
 * which swap_index() takes.  A column whose default would rewrite the table is
 * added without it, gets it in the next step, and is added to "filled".
 */
static List *
instant_steps(Work *work, List **filled)
{
	List	   *result = NIL;
	ListCell   *lc;

	*filled = NIL;
	foreach(lc, work->extension.plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (is_filled_later(step))
		{
			ColumnSpec *bare = palloc_object(ColumnSpec);

			*bare = *step->column;
			bare->nullable = true;
			bare->generated = GENERATED_NEVER;
			bare->default_expr = NULL;
			bare->default_sql = NULL;
			result = lappend(result, make_step(STEP_ADD_COLUMN, bare));
			result = lappend(result, make_step(STEP_SET_DEFAULT, step->column));
			*filled = lappend(*filled, step->column);
		}
		else if (step->cost == COST_INSTANT && step->replaced == NULL &&
				 !is_blocked(work, step))
			result = lappend(result, step);
	}
	return result;
}

/*
 * Must the step wait until a slow step has been taken that cannot be done
 * online, because both concern the same column?
 */
static bool
is_blocked(const Work *work, const Step *step)
{
	ListCell   *lc;

	foreach(lc, work->extension.plan->steps)
	{
		const Step *other = lfirst(lc);
		const char *name;

		if (is_online(other) || other->column == NULL)
			continue;
		name = other->column->column_name;
		if (step->column == other->column ||
			(step->index && uses_column(step->index, name)) ||
			(step->check && is_member(step->check->column_names, name)) ||
			(step->foreign_key && is_member(step->foreign_key->column_names, name)))
			return true;
	}
	return false;
}

/*
 * Do the first step of the plan that would be slow in one transaction.
 * Returns false if there is none.
 */
static bool
do_slow_step(Work *work)
{
	const ColumnSpec *filling = NULL;
	const Step *slow = NULL;
	ListCell   *lc;

	begin_round(work);
	foreach(lc, work->extension.plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);

		if (planned->column->is_filling)
			filling = planned->column;
	}
	foreach(lc, work->extension.plan->steps)
	{
		const Step *step = lfirst(lc);

		if (slow == NULL && step->cost > COST_INSTANT && is_online(step) &&
			!is_blocked(work, step))
			slow = step;
	}
	end_transaction();

	if (filling)
		fill_column(work, filling);
	else if (slow == NULL)
		return false;
	/* Somebody has dropped the column: the next round adds it again */
	else if (slow->kind == STEP_ADD_COLUMN)
		return true;
	else if (slow->kind == STEP_SET_NOT_NULL)
		prove_not_null(work, slow);
	else if (slow->kind == STEP_ADD_UNIQUE || slow->kind == STEP_CREATE_INDEX)
		build_index(work, slow);
	else if (slow->kind == STEP_VALIDATE || slow->kind == STEP_VALIDATE_NOT_NULL)
		validate(work, slow);
	else
		add_not_valid(work, slow);
	return true;
}

/*
 * Fill rows that have no value in the column with its default.
 *
 * A row that another session has locked is left for the next pass, so that
 * nobody waits for the rows filled before it.
 */
static void
fill_column(Work *work, const ColumnSpec *column)
{
	uint64		filled = 0;
	uint64		left;
	int			tries = 0;

	begin_transaction();
	check_visible(work, column);
	check_deferred_triggers(work, column);
	end_transaction();

	/* The definition of a later call may have dropped the default */
	while (column->default_sql && (left = fill_once(work, column, &filled)) > 0)
	{
		if (++tries > nextauth_lock_retries)
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("could not fill column \"%s\" of table \"%s\"",
							column->column_name, work->extension.model->table_name),
					 errdetail_plural("%llu row is locked by others.",
									  "%llu rows are locked by others.",
									  left, (unsigned long long) left)));
		wait_between_tries();
	}
	if (filled > 0)
	{
		remember(work, print_fill(work->extension.model, column));
		append_change(&work->changes, column->property, "filled");
	}

	/* All rows have the default now */
	if (column->is_filling)
	{
		ColumnSpec	done = *column;

		begin_transaction();
		done.is_filling = false;
		write_custom_columns(work->extension.model, list_make1(&done));
		end_transaction();
	}
}

/*
 * Raise an ERROR if filling the column would fire a deferred trigger.  It would
 * be fired at the end of the transaction, when the rights of the table's owner
 * have been given back.
 */
static void
check_deferred_triggers(const Work *work, const ColumnSpec *column)
{
	const Model *model = work->extension.model;
	const char *name = NULL;
	ListCell   *lc;

	if (!needs_owner(model->owner))
		return;
	foreach(lc, find_all_inheritors(model->relid, NoLock, NULL))
	{
		Relation	relation = try_relation_open(lfirst_oid(lc), AccessShareLock);

		if (relation == NULL)
			continue;
		for (int i = 0; relation->trigdesc && i < relation->trigdesc->numtriggers; i++)
		{
			const Trigger *trigger = &relation->trigdesc->triggers[i];
			bool		fires = trigger->tgnattr == 0;

			for (int j = 0; j < trigger->tgnattr; j++)
				fires |= trigger->tgattr[j] == get_attnum(RelationGetRelid(relation),
														  column->column_name);
			if (fires && trigger->tginitdeferred && !trigger->tgisinternal &&
				trigger->tgenabled != TRIGGER_DISABLED &&
				(trigger->tgtype & TRIGGER_TYPE_UPDATE))
				name = pstrdup(trigger->tgname);
		}
		relation_close(relation, AccessShareLock);
	}
	foreach(lc, read_table(model->relid)->foreign_keys)
	{
		const ForeignKeySpec *foreign_key = lfirst(lc);

		if (is_member(foreign_key->column_names, column->column_name) &&
			foreign_key->deferrable &&
			strcmp(foreign_key->deferrable, "INITIALLY DEFERRED") == 0)
			name = foreign_key->name;
	}
	if (name)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("deferred trigger \"%s\" of table \"%s\" cannot be fired",
						name, model->table_name),
				 errdetail("Column \"%s\" is filled with the rights of the table's owner in a security-restricted operation, in which no trigger can be deferred.",
						   column->column_name),
				 errhint("Log in as role \"%s\", and call the procedure again.",
						 GetUserNameFromId(model->owner, false))));
}

/*
 * Go through the table, and those that inherit from it, once.  Adds to
 * "filled", and returns how many rows are left without a value.
 */
static uint64
fill_once(Work *work, const ColumnSpec *column, uint64 *filled)
{
	const Model *model = work->extension.model;
	uint64		nulls = 0;
	uint64		left;
	List	   *tables;
	ListCell   *lc;

	begin_transaction();
	MemoryContextSwitchTo(work->round);
	tables = find_all_inheritors(model->relid, NoLock, NULL);
	end_transaction();
	foreach(lc, tables)
		fill_table(column, lfirst_oid(lc), filled, &nulls);

	begin_transaction();
	report_phase(PHASE_CHECKING, model->relid, InvalidAttrNumber);
	left = count_nulls(model, column);
	end_transaction();

	/* In a nullable column, a default may be null */
	if (nulls > 0 && !column->nullable)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("default of column \"%s\" of table \"%s\" is null",
						column->column_name, model->table_name),
				 errdetail_plural("%llu row still has no value.",
								  "%llu rows still have no value.",
								  nulls, (unsigned long long) nulls),
				 errhint("Give the property another default, or define it with \"nullable\": true.")));
	return left > nulls ? left - nulls : 0;
}

/*
 * Go through one table, in batches of a transaction each.  Adds to "filled",
 * and to "nulls" for each row the default of which is null.
 */
static void
fill_table(const ColumnSpec *column, Oid relid, uint64 *filled, uint64 *nulls)
{
	AttrNumber	attnum;
	uint64		before = *filled;
	BlockNumber blocks;
	BlockNumber batch;
	int64		rows;

	begin_transaction();
	read_size(relid, &blocks, &rows);
	attnum = get_attnum(relid, column->column_name);
	end_transaction();
	batch = Max(1, Min(blocks, (double) blocks * nextauth_batch_rows / Max(rows, 1)));

	for (uint64 block = 0; block < blocks; block += batch)
	{
		bool		isnull;
		SavedUser	user;

		CHECK_FOR_INTERRUPTS();
		begin_transaction();
		pgstat_report_activity(STATE_RUNNING,
							   psprintf("nextauth.extend_model_online: filling column \"%s\" of table \"%s\", block %llu of %u, %llu rows filled",
										column->column_name, name_of_relation(relid),
										(unsigned long long) block, blocks,
										(unsigned long long) *filled));
		report_phase(PHASE_FILLING, relid, attnum);
		report_blocks(block, blocks);
		report_rows(*filled - before, rows);
		begin_owner(&user, owner_of_relation(relid));
		SPI_connect();
		SPI_execute(print_fill_blocks(relid, column, block,
									  Min(block + batch, blocks)), false, 0);
		*filled += DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
											   SPI_tuptable->tupdesc, 1, &isnull));
		*nulls += DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
											  SPI_tuptable->tupdesc, 2, &isnull));
		SPI_finish();
		end_user(&user);
		end_transaction();

		/* Let autovacuum know of the dead rows */
		pgstat_report_stat(false);
	}
	report_blocks(-1, -1);
	report_rows(-1, -1);
}

/*
 * Prove that the column has no null, by a CHECK constraint that is validated
 * while others read and write; SET NOT NULL then reads no rows.
 */
static void
prove_not_null(Work *work, const Step *step)
{
	const Model *model = work->extension.model;
	char	   *name;
	bool		found = false;
	ListCell   *lc;

	if (step->column->default_sql)
		fill_column(work, step->column);

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	check_data(model, list_make1(unconstify(Step *, step)), ERROR);
	name = name_constraint(PROOF_PREFIX, "", list_make1(step->column->column_name));
	foreach(lc, read_table(model->relid)->checks)
	{
		/*
		 * A crash has left it, perhaps with the condition of a former column
		 * of that name
		 */
		if (strcmp(((CheckSpec *) lfirst(lc))->name, name) == 0)
			found = true;
	}
	work->unfinished = lappend(work->unfinished, name);
	end_transaction();

	run_in_transaction(work, AccessExclusiveLock,
					   print_not_null_check(model, step->column, name, found));
	run_in_transaction(work, ShareUpdateExclusiveLock, print_validate(model, name));
}

/*
 * Build an index, of a UNIQUE constraint or a plain one, while others read and
 * write.  An index that replaces another one has a temporary name until then.
 */
static void
build_index(Work *work, const Step *step)
{
	IndexSpec	index = *step->index;
	Step		create = {0};
	List	   *statements;

	create.kind = STEP_CREATE_INDEX;
	create.index = &index;
	create.concurrently = true;
	begin_transaction();
	MemoryContextSwitchTo(work->round);
	if (step->replaced)
		index.name = name_build(index.name);
	statements = print_steps(work->extension.model, list_make1(&create));
	end_transaction();

	work->index = MemoryContextStrdup(work->context, index.name);
	for (int tries = 0;; tries++)
	{
		if (try_to_build(work, step, ((Statement *) linitial(statements))->sql,
						 tries >= nextauth_lock_retries))
			break;
		wait_between_tries();
	}
	if (step->replaced)
		swap_index(work, step);
	append_change(&work->changes, step->index->name,
				  step->replaced ? "altered" : "added");
	work->index = NULL;
}

/*
 * Returns false if a deadlock ended the build: it waits for transactions that
 * may wait for its locks.
 *
 * Raise an ERROR if it fails otherwise, or if this is the last try.
 */
static bool
try_to_build(Work *work, const Step *step, const char *sql, bool is_last)
{
	volatile bool result = true;

	PG_TRY();
	{
		drop_invalid_index(work);
		run_concurrently(work, sql);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_T_R_DEADLOCK_DETECTED)
			report_duplicates(work, step);
		MemoryContextSwitchTo(work->context);
		if (is_last)
			report_concurrent_change(CopyErrorData());
		FlushErrorState();
		abort_transaction(work);
		result = false;
	}
	PG_END_TRY();
	return result;
}

/*
 * Replace the old index by the new one, which also gets the old one's settings.
 */
static void
swap_index(Work *work, const Step *step)
{
	bool		is_unique = step->kind == STEP_ADD_UNIQUE;
	Step	   *swap = make_step(is_unique ? STEP_ADD_UNIQUE : STEP_RENAME_INDEX, NULL);
	List	   *steps = NIL;
	List	   *statements;
	ListCell   *lc;

	if (is_unique)
	{
		swap->index = step->index;
		swap->by_index = work->index;
	}
	else
	{
		swap->name = work->index;
		swap->new_name = step->index->name;
	}
	foreach(lc, work->extension.plan->steps)
	{
		Step	   *other = lfirst(lc);

		if (other->replaced == step->replaced)
			steps = lappend(steps, other == step ? swap : other);
	}

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	lock_model(work, AccessExclusiveLock);
	statements = print_steps(work->extension.model, steps);
	run_steps(work->extension.model, statements);
	end_transaction();
	foreach(lc, texts_of(statements))
		remember(work, lfirst(lc));
}

/*
 * Raise the ERROR that ended the build of an index; if others have inserted a
 * duplicate meanwhile, the one that extend_model() raises.
 */
static void
report_duplicates(Work *work, const Step *step)
{
	ErrorData  *error;

	MemoryContextSwitchTo(work->context);
	error = CopyErrorData();
	FlushErrorState();
	if (error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION)
	{
		abort_transaction(work);
		begin_transaction();
		check_data(work->extension.model, list_make1(unconstify(Step *, step)), ERROR);
		end_transaction();
	}
	ReThrowError(error);
}

/*
 * Add a check or a foreign key that holds for new rows; the next round
 * validates it.
 */
static void
add_not_valid(Work *work, const Step *step)
{
	const Model *model = work->extension.model;
	const char *name = step->check ? step->check->name : step->foreign_key->name;
	Step		add = *step;
	List	   *locks = NIL;
	List	   *statements;

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	add_lock(&locks, NIL, InvalidOid, model->relid, AccessExclusiveLock);
	if (step->foreign_key && step->foreign_key->relid != model->relid)
		add_lock(&locks, NIL, InvalidOid, step->foreign_key->relid,
				 ShareRowExclusiveLock);
	report_locking(work);
	lock_tables(locks);
	add.not_valid = true;
	add.cost = COST_INSTANT;
	statements = print_steps(model, list_make1(&add));
	run_steps(model, statements);

	/* A constraint of that name is the new one now, so clean_up() may drop it */
	work->unfinished = lappend(work->unfinished, pstrdup(name));
	end_transaction();
	remember(work, ((Statement *) linitial(statements))->sql);
	append_change(&work->changes, llast(work->unfinished), "added");
}

static void
validate(Work *work, const Step *step)
{
	ListCell   *lc;

	if (step->kind == STEP_VALIDATE_NOT_NULL)
	{
		if (step->column->default_sql)
			fill_column(work, step->column);
		begin_transaction();
		MemoryContextSwitchTo(work->context);
		check_data(work->extension.model, list_make1(unconstify(Step *, step)), ERROR);
		end_transaction();
	}
	run_in_transaction(work, ShareUpdateExclusiveLock,
					   print_validate(work->extension.model, step->name));
	if (step->kind == STEP_VALIDATE_NOT_NULL)
		append_change(&work->changes, step->column->property, "altered");
	foreach(lc, work->unfinished)
	{
		if (strcmp(lfirst(lc), step->name) == 0)
			work->unfinished = foreach_delete_current(work->unfinished, lc);
	}
}

/*
 * All remaining steps are instant: extend_model()'s code does them.
 */
static void
finish(Work *work)
{
	ListCell   *lc;

	/*
	 * Record what was done in a transaction of its own.  Together with the
	 * rest, the catalog would be written before the table is locked; others
	 * lock the table first, so that there could be a deadlock.
	 */
	begin_transaction();
	MemoryContextSwitchTo(work->round);
	record_statements(work);
	end_transaction();
	forget_statements(work);

	begin_transaction();
	MemoryContextSwitchTo(work->round);
	extend_all(list_make1(&work->extension), work->extension.verb);
	end_transaction();

	/* Drop prove_not_null()'s constraints, also those of interrupted calls */
	begin_transaction();
	foreach(lc, read_table(work->extension.model->relid)->checks)
	{
		CheckSpec  *check = lfirst(lc);

		if (strncmp(check->name, PROOF_PREFIX "_", strlen(PROOF_PREFIX "_")) == 0)
			drop_constraint(work, check->name);
	}
	record_statements(work);
	end_transaction();
	forget_statements(work);
}

/*
 * Record the statements that were run in transactions of their own.
 */
static void
record_statements(Work *work)
{
	if (work->statements != NIL)
		write_change(work->extension.name, work->extension.verb,
					 work->changes.data, work->statements);
}

static void
forget_statements(Work *work)
{
	work->statements = NIL;
	resetStringInfo(&work->changes);
}

/*
 * Drop invalid objects after an error.  If this fails, a second call does it.
 *
 * At a shutdown, both the postmaster and the caller ask the worker to end; only
 * pg_cancel_backend() ends this early.  So it waits for a lock no longer than
 * all tries to lock the table would.
 */
void
clean_up(Work *work)
{
	double		patience = (((double) nextauth_lock_timeout + nextauth_lock_retry_delay) *
							Max(nextauth_lock_retries, 1));

	pqsignal(SIGTERM, SIG_IGN);
	QueryCancelPending = false;

	if (work->index)
		attempt(drop_invalid_index, work, patience);
	if (work->unfinished != NIL)
		attempt(drop_unfinished, work, patience);
	if (work->statements != NIL)
		attempt(record_interruption, work, patience);
}

static void
attempt(void (*part) (Work *), Work *work, double patience)
{
	PG_TRY();
	{
		StartTransactionCommand();
		set_session_option("lock_timeout", psprintf("%d", (int) Min(patience, INT_MAX)));
		CommitTransactionCommand();
		part(work);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(work->context);
		EmitErrorReport();
		FlushErrorState();
		abort_transaction(work);
	}
	PG_END_TRY();
}

/*
 * Abort the transaction, and become the caller again: run_concurrently() may
 * have begun it as another user.
 */
void
abort_transaction(const Work *work)
{
	AbortCurrentTransaction();
	if (OidIsValid(work->user))
		SetUserIdAndSecContext(work->user, 0);
}

/*
 * Drop the index that was being built, if it is not valid, or has not replaced
 * the old one.
 */
static void
drop_invalid_index(Work *work)
{
	Model	   *model;
	Table	   *table;

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	model = read_model(work->extension.name, NEWEST_ROWS);
	table = read_table(model->relid);
	end_transaction();

	/* It has none if a round could not be planned */
	if (work->extension.model == NULL)
		work->extension.model = model;
	if (is_member(table->invalid_indexes, work->index))
		run_concurrently(work, print_drop_index(model, work->index));
}

/*
 * Drop the constraints that were not valid yet.
 */
static void
drop_unfinished(Work *work)
{
	Table	   *table;
	ListCell   *lc;

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	work->extension.model = read_model(work->extension.name, NEWEST_ROWS);
	table = read_table(work->extension.model->relid);
	foreach(lc, work->unfinished)
	{
		ListCell   *lc2;

		foreach(lc2, table->checks)
		{
			if (strcmp(((CheckSpec *) lfirst(lc2))->name, lfirst(lc)) == 0)
				drop_constraint(work, lfirst(lc));
		}
		foreach(lc2, table->foreign_keys)
		{
			if (strcmp(((ForeignKeySpec *) lfirst(lc2))->name, lfirst(lc)) == 0)
				drop_constraint(work, lfirst(lc));
		}
	}
	end_transaction();
}

/*
 * Record what was done before an error, and undone after it.
 */
static void
record_interruption(Work *work)
{
	begin_transaction();
	record_statements(work);
	end_transaction();
}

static void
drop_constraint(Work *work, const char *name)
{
	Step	   *step = make_step(STEP_DROP_CONSTRAINT, NULL);
	List	   *statements;

	step->name = name;
	lock_model(work, AccessExclusiveLock);
	statements = print_steps(work->extension.model, list_make1(step));
	run_steps(work->extension.model, statements);
	remember(work, ((Statement *) linitial(statements))->sql);
}

static void
report_locking(const Work *work)
{
	pgstat_report_activity(STATE_RUNNING,
						   psprintf("nextauth.extend_model_online: locking table \"%s\"",
									work->extension.model->table_name));
}

static void
lock_model(const Work *work, LOCKMODE mode)
{
	report_locking(work);
	lock_table(work->extension.model->relid, mode);
}

/*
 * Run a statement that alters the model's table in a transaction of its own.
 */
static void
run_in_transaction(Work *work, LOCKMODE lock, const char *sql)
{
	Statement	statement = {0};

	begin_transaction();
	MemoryContextSwitchTo(work->context);
	lock_model(work, lock);
	pgstat_report_activity(STATE_RUNNING, sql);
	if (lock == ShareUpdateExclusiveLock)
		report_phase(PHASE_VALIDATING, work->extension.model->relid, InvalidAttrNumber);
	statement.sql = unconstify(char *, sql);
	run_steps(work->extension.model, list_make1(&statement));
	end_transaction();
	remember(work, sql);
}

/*
 * Run a statement that must not run in a transaction block, as if a client had
 * sent it.
 *
 * A security-restricted operation would end with the statement's first
 * transaction.  PostgreSQL itself computes the expressions of an index as the
 * table's owner; here they are parsed as the owner, and the statement runs as
 * the caller or, without CREATE on the schema, as creator_of() the index.
 */
static void
run_concurrently(Work *work, const char *sql)
{
	const Model *model = work->extension.model;
	PlannedStmt *statement;
	Portal		portal;
	SavedUser	user;
	MemoryContext old = MemoryContextSwitchTo(work->context);

	statement = makeNode(PlannedStmt);
	statement->commandType = CMD_UTILITY;
	statement->canSetTag = true;

	pgstat_report_activity(STATE_RUNNING, sql);
	begin_transaction();
	report_phase(PHASE_BUILDING, model->relid, InvalidAttrNumber);
	MemoryContextSwitchTo(work->context);
	begin_owner(&user, model->owner);
	statement->utilityStmt = parse_statement(sql);
	end_user(&user);
	if (object_aclcheck(NamespaceRelationId, model->schema, work->user,
						ACL_CREATE) != ACLCHECK_OK)
	{
		check_creator(model);
		SetUserIdAndSecContext(creator_of(model), 0);
	}
	PopActiveSnapshot();

	/* Event triggers that run queries take the snapshot of a portal */
	portal = CreateNewPortal();
	portal->visible = false;
	PortalDefineQuery(portal, NULL, sql,
					  CreateCommandTag(statement->utilityStmt),
					  list_make1(statement), NULL);
	PortalStart(portal, NULL, 0, InvalidSnapshot);
	(void) PortalRun(portal, FETCH_ALL, true, true, None_Receiver, None_Receiver,
					 NULL);
	PortalDrop(portal, false);
	CommitTransactionCommand();
	SetUserIdAndSecContext(work->user, 0);
	remember(work, sql);
	MemoryContextSwitchTo(old);
}

static void
remember(Work *work, const char *sql)
{
	MemoryContext old = MemoryContextSwitchTo(work->context);

	work->statements = lappend(work->statements, pstrdup(sql));
	MemoryContextSwitchTo(old);
}
