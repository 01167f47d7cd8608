/*-------------------------------------------------------------------------
 *
 * convert_ids.c
 *	  convert_ids(): another type for the ids of an installation with rows
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "ids.h"

PG_FUNCTION_INFO_V1(convert_ids);
PG_FUNCTION_INFO_V1(plan_convert_ids);

static void look_at_conversion(void *argument);
static IdConversion *get_conversion(FunctionCallInfo fcinfo);
static void plan_conversion(void *argument);
static void check_conversion(void *argument);
static List *locks_of_conversion(void *argument, List *held);
static void run_conversion(IdConversion *conversion);
static void run_table_steps(IdTable *table, List *steps);
static void tell_step(const IdConversion *conversion, const IdTable *table,
					  bool rewrites);
static void record_conversion(const IdConversion *conversion);

/*
 * convert_ids(id_type text)
 *
 * Converts the ids of all models, and all columns that refer to them by a
 * foreign key, to another type: to text from any type, to bigint from integer,
 * to uuid from text.  The values stay.  Returns a row for each model, and for
 * each other table that was changed: model, relation, action (converted,
 * unchanged).
 *
 * Raises an ERROR, and changes nothing, if the ids cannot be converted, if the
 * user does not own all these tables, if another object uses a column, or if
 * too many rows would be rewritten under a lock.
 */
Datum
convert_ids(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	IdConversion *conversion = get_conversion(fcinfo);
	LockedPlan	plan = {
		.command = "convert_ids()",
		.plan = plan_conversion,
		.find_locks = locks_of_conversion,
		.check = check_conversion,
		.argument = conversion
	};
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	begin_progress("convert_ids");
	plan_and_lock(&plan);
	if (conversion->changes)
	{
		/* Check again, with rows inserted before everything was locked */
		check_id_values(conversion);
		run_conversion(conversion);
		foreach(lc, conversion->id_type == ID_UUID ? read_adapter_schemas() : NIL)
			report_uuid_declaration(((AdapterSchema *) lfirst(lc))->adapter);
	}
	end_progress();

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		Datum		values[3] = {0};
		bool		nulls[3] = {false};

		if (table->model->definition == NULL && !is_converted(table))
			continue;
		if (table->model->definition)
			values[0] = CStringGetTextDatum(table->model->definition->name);
		else
			nulls[0] = true;
		values[1] = ObjectIdGetDatum(table->model->relid);
		values[2] = CStringGetTextDatum(is_converted(table) ? "converted" : "unchanged");
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * plan_convert_ids(id_type text)
 *
 * Returns the statements that convert_ids() would run, in their order, as
 * plan_model() does: step, statement, lock, cost, rows, needs.
 *
 * Raises the ERRORs of convert_ids(), but for those of limits, which are a
 * NOTICE, and of ownership.
 */
Datum
plan_convert_ids(PG_FUNCTION_ARGS)
{
	IdConversion *conversion = get_conversion(fcinfo);
	int			step = 0;
	ListCell   *lc;
	ListCell   *lc2;

	InitMaterializedSRF(fcinfo, 0);
	conversion->only_plan = true;
	conversion->elevel = NOTICE;
	look(look_at_conversion, conversion);
	if (!conversion->changes)
		return (Datum) 0;

	/* Otherwise guard.c would refuse the statements when they are run by hand */
	put_text(fcinfo, ++step, "SET LOCAL nextauth.protect_columns TO off");
	foreach(lc, conversion->tables)
	{
		foreach(lc2, ((IdTable *) lfirst(lc))->views_before)
			put_text(fcinfo, ++step, lfirst(lc2));
	}
	for (int phase = 0; phase < 3; phase++)
	{
		foreach(lc, conversion->tables)
		{
			const IdTable *table = lfirst(lc);
			List	   *steps = phase == 0 ? table->drops :
			phase == 1 ? table->changes : table->remakes;

			foreach(lc2, print_steps(table->model, steps))
				put_statement(fcinfo, ++step, lfirst(lc2), table->rows, table->model);
		}
	}
	foreach(lc, conversion->tables)
	{
		foreach(lc2, ((IdTable *) lfirst(lc))->views_after)
			put_text(fcinfo, ++step, lfirst(lc2));
	}
	put_text(fcinfo, ++step, "RESET nextauth.protect_columns");
	return (Datum) 0;
}

/*
 * Plan the conversion for plan_convert_ids(), with the statements for the
 * adapters' views.
 */
static void
look_at_conversion(void *argument)
{
	IdConversion *conversion = argument;
	ListCell   *lc;

	plan_conversion(conversion);
	if (!conversion->changes)
		return;
	check_id_rows(conversion);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->model->definition)
			plan_views(table->model, table->changes, columns_after_conversion(table),
					   &table->views_before, &table->views_after);
	}
}

static IdConversion *
get_conversion(FunctionCallInfo fcinfo)
{
	IdConversion *conversion = palloc0_object(IdConversion);
	char	   *name = get_text(fcinfo, 0, "id_type");

	if (!parse_id_type(name, &conversion->id_type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is not a type of ids", name),
				 errhint("The types of ids are integer, bigint, uuid and text.")));
	conversion->elevel = ERROR;
	return conversion;
}

/*
 * Plan the conversion from the present state of the tables.
 *
 * Raise an ERROR if it cannot be done.
 */
static void
plan_conversion(void *argument)
{
	IdConversion *conversion = argument;

	plan_ids(conversion);
	if (conversion->changes)
		check_convertible(conversion);
}

/*
 * Raise an ERROR, before any lock, if the adapters' views cannot follow, or if
 * the rows do not allow the conversion.
 */
static void
check_conversion(void *argument)
{
	IdConversion *conversion = argument;
	ListCell   *lc;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (table->model->definition)
			check_views(table->model, table->changes, columns_after_conversion(table));
	}
	check_id_rows(conversion);
}

/*
 * Locks on all tables that are altered or referred to, and on the adapters'
 * views that are made anew, as far as they are not held.
 */
static List *
locks_of_conversion(void *argument, List *held)
{
	const IdConversion *conversion = argument;
	List	   *locks = NIL;
	ListCell   *lc;

	if (!conversion->changes)
		return NIL;
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (!is_in_conversion(table))
			continue;
		add_lock(&locks, held, InvalidOid, table->model->relid,
				 AccessExclusiveLock);
		if (table->model->definition)
			add_view_locks(&locks, held, find_adapter_views(table->model));
	}
	return locks;
}

/*
 * Run the plan, with all locks held, and update views and catalog.
 */
static void
run_conversion(IdConversion *conversion)
{
	List	   *views = NIL;
	int64		rewritten = 0;
	ListCell   *lc;

	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		views = lappend(views, table->model->definition ?
						take_down_views(table->model, table->changes) : NIL);
		table->statements = texts_of_taken(llast(views));
	}
	foreach(lc, conversion->tables)
		run_table_steps(lfirst(lc), ((IdTable *) lfirst(lc))->drops);
	report_rows(0, conversion->rows);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->changes != NIL)
			tell_step(conversion, table, true);
		run_table_steps(table, table->changes);
		rewritten += table->changes != NIL ? table->rows : 0;
		report_rows(rewritten, conversion->rows);
	}
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->remakes != NIL)
			tell_step(conversion, table, false);
		run_table_steps(table, table->remakes);
	}
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);
		List	   *custom = NIL;
		ListCell   *lc2;

		if (table->model->definition == NULL)
			continue;
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);

			if (column->to && column->to->property && !column->to->builtin)
				custom = lappend(custom, column->to);
		}
		write_custom_columns(table->model, custom);
		table->statements =
			list_concat(table->statements,
						refresh_views(table->model,
									  list_nth(views, foreach_current_index(lc))));
	}
	record_conversion(conversion);
}

static void
run_table_steps(IdTable *table, List *steps)
{
	List	   *statements = print_steps(table->model, steps);

	run_steps(table->model, statements);
	table->statements = list_concat(table->statements, texts_of(statements));
}

/*
 * Say whether a table is rewritten next, or its foreign keys checked, if there
 * are so many rows that it takes its time.
 */
static void
tell_step(const IdConversion *conversion, const IdTable *table, bool rewrites)
{
	if (conversion->rows > nextauth_max_scan_rows && table->rows > 0)
		ereport(NOTICE,
				(rewrites ?
				 errmsg_plural("rewriting table \"%s\" with %lld row",
							   "rewriting table \"%s\" with %lld rows",
							   table->rows, name_with_schema(table->model),
							   (long long) table->rows) :
				 errmsg_plural("checking the foreign keys of table \"%s\" with %lld row",
							   "checking the foreign keys of table \"%s\" with %lld rows",
							   table->rows, name_with_schema(table->model),
							   (long long) table->rows)));
}

/*
 * Record a change of each model; what was done to other tables is recorded with
 * the model whose ids they hold.
 */
static void
record_conversion(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		List	   *statements = NIL;
		StringInfoData changes;

		if (table->model->definition == NULL)
			continue;
		initStringInfo(&changes);
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);

			if (column->to)
				append_change(&changes, column->from->property ?
							  column->from->property : column->from->column_name,
							  "altered");
		}
		foreach(lc2, conversion->tables)
		{
			const IdTable *other = lfirst(lc2);

			if (other->origin == table->model->definition)
				statements = list_concat(statements, other->statements);
		}
		if (changes.len > 0)
			write_change(table->model->definition->name, "convert_ids", changes.data,
						 statements);
	}
}
