/*-------------------------------------------------------------------------
 *
 * check_data.c
 *	  Refuses steps that the rows do not allow
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_am.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "change.h"

/* Maximum number of duplicates to show */
#define MAX_SHOWN_VALUES 5

/* A condition to count, whose evaluation may fail */
typedef struct Count
{
	const Model *model;
	const char *condition;
	int64		rows;
} Count;

static void check_steps(const Model *model, List *steps, bool locked, int elevel);
static bool needs_all_rows(const Step *step);
static bool have_other_values(List *steps, List *column_names);
static void check_new_column(const Model *model, const Step *step, bool locked);
static void check_type(const Model *model, const Step *step);
static void check_time_zone(const Model *model, const Step *step);
static int64 count_unfit(const Model *model, const Step *step);
static int64 count_uncastable(const Model *model, const ColumnSpec *column,
							  const char *condition);
static void check_no_values(const Model *model, const Step *step);
static void check_not_null(const Model *model, const Step *step);
static void check_unique(const Model *model, const Step *step);
static void check_still_unique(const Model *model, const Step *step);
static void check_keys(const Model *model, List *keys, const char *column_name);
static void check_condition(const Model *model, const Step *step);
static void check_references(const Model *model, const Step *step);
static int64 count_where(const Model *model, const char *condition);

/*
 * Report, with "elevel", if a policy may hide values of a column from the
 * table's owner, whose rights are used to read them.
 */
void
check_sees_all(const Model *model, const ColumnSpec *column, int elevel)
{
	if (sees_all_rows(model))
		return;
	ereport(elevel,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("row-level security of table \"%s\" may hide values of column \"%s\"",
					model->table_name, column->column_name),
			 errdetail("The function must see all values, or it could lose one or assign one twice."),
			 errhint("Call it as a role with BYPASSRLS, or run ALTER TABLE %s NO FORCE ROW LEVEL SECURITY first.",
					 quote_table(model))));
}

/*
 * Refuse steps that would lose or contradict data and, with "elevel", steps
 * for which this cannot be excluded.
 */
void
check_data(const Model *model, List *steps, int elevel)
{
	check_steps(model, steps, false, elevel);
}

/*
 * The same when the table is locked: only conditions are checked that
 * PostgreSQL itself would not.
 */
void
check_data_locked(const Model *model, List *steps)
{
	check_steps(model, steps, true, ERROR);
}

static void
check_steps(const Model *model, List *steps, bool locked, int elevel)
{
	ListCell   *lc;

	/* A policy that hides rows from the owner would make counting wrong */
	bool		visible = sees_all_rows(model);

	report_phase(PHASE_CHECKING, model->relid, InvalidAttrNumber);
	foreach(lc, steps)
	{
		const Step *step = lfirst(lc);

		if (!visible && !model->asks_nothing && needs_all_rows(step))
			check_sees_all(model, step->column, elevel);
		if (step->kind == STEP_ADD_COLUMN)
			check_new_column(model, step, locked);
		else if (step->kind == STEP_SET_TYPE)
		{
			check_type(model, step);
			if (!locked && visible && !model->asks_nothing)
				check_still_unique(model, step);
		}
		else if (drops_values(step))
			check_no_values(model, step);
		else if (locked || !visible || model->asks_nothing)
			continue;
		else if (step->kind == STEP_SET_NOT_NULL ||
				 step->kind == STEP_VALIDATE_NOT_NULL)
			check_not_null(model, step);
		else if (step->index && step->index->is_unique && !step->by_index &&
				 step->index->where == NULL &&
				 !have_other_values(steps, step->index->column_names) &&
				 !have_other_values(steps, step->index->expression_columns))
			check_unique(model, step);
		else if (step->kind == STEP_ADD_CHECK &&
				 !have_other_values(steps, step->check->column_names))
			check_condition(model, step);
		else if (step->kind == STEP_ADD_FOREIGN_KEY &&
				 !have_other_values(steps, step->foreign_key->column_names))
			check_references(model, step);
	}
}

/*
 * Does only the extension, and not PostgreSQL, notice that a value would be
 * lost or repeated?
 */
static bool
needs_all_rows(const Step *step)
{
	switch (step->kind)
	{
		case STEP_DROP_COLUMN:
			return drops_values(step);
		case STEP_SET_TYPE:
			return step->cost == COST_REWRITE && step->from->as_expression == NULL;
		case STEP_CREATE_SEQUENCE:
		case STEP_ADD_IDENTITY:
			return true;
		default:
			return false;
	}
}

/*
 * Will one of the columns have other values, or does it not have values yet?
 * Then PostgreSQL checks them.
 */
static bool
have_other_values(List *steps, List *column_names)
{
	ListCell   *lc;

	foreach(lc, steps)
	{
		const Step *step = lfirst(lc);

		if ((traits_of(step->kind)->flags & CHANGES_VALUES) &&
			!(step->kind == STEP_SET_TYPE && step->column->type == step->from->type) &&
			is_member(column_names, step->column->column_name))
			return true;
	}
	return false;
}

/*
 * Report a new NOT NULL column without default: existing rows would have no
 * value for it, and adapters that do not know it insert none.
 */
static void
check_new_column(const Model *model, const Step *step, bool locked)
{
	ColumnSpec *column = step->column;

	if (column->nullable || column->default_sql || column->as_expression ||
		column->generated != GENERATED_NEVER || column->builtin ||
		model->hides_rows)
		return;

	if (has_rows(model->relid))
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("property \"%s\" needs a default, because table \"%s\" has rows",
						column->property, model->table_name),
				 errdetail("The column is NOT NULL, and the rows have no value for it."),
				 errhint("Define it with \"nullable\": true or with a \"default\".")));
	if (locked)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("column \"%s\" of model \"%s\" is NOT NULL and has no default",
						column->column_name, model->definition->name),
				 errdetail("An adapter that does not fill it cannot insert rows."),
				 errhint("Define property \"%s\" with \"nullable\": true or with a \"default\" unless every application fills it.",
						 column->property)));
}

/*
 * Report values that the new type cannot hold.
 */
static void
check_type(const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const ColumnSpec *from = step->from;
	const char *quoted = quote_identifier(column->column_name);
	char	   *type = print_type_name(model, column);
	const char *drop_default = "";
	List	   *users = find_type_users(model->relid, from->attnum,
										view_oids(find_adapter_views(model)));
	int64		unfit;

	if (users != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot alter type of column \"%s\" of model \"%s\" because other objects depend on it",
						from->column_name, model->definition->name),
				 errdetail("Objects that depend on column \"%s\": %s.", from->column_name,
						   join_names(users)),
				 errhint("Drop them first, and create them again afterwards.")));
	check_time_zone(model, step);
	if (step->cost != COST_REWRITE || from->as_expression)
		return;

	/* An enum, or an array of one, is cast through text */
	if (column->enum_labels || from->enum_labels ?
		column->is_array != from->is_array :
		find_cast(column, from, COERCION_EXPLICIT) == COERCION_PATH_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_CANNOT_COERCE),
				 errmsg("column \"%s\" of model \"%s\" cannot change from type %s to %s",
						from->column_name, model->definition->name,
						print_type(from), print_type(column)),
				 errdetail("PostgreSQL has no cast between the two."),
				 errhint("Rename the property with nextauth.rename_property(), and define it again.")));

	/* USING does not convert a default */
	if (from->default_sql)
		drop_default = psprintf("ALTER COLUMN %s DROP DEFAULT, ", quoted);

	unfit = model->asks_nothing ? 0 : count_unfit(model, step);
	if (unfit > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("column \"%s\" of model \"%s\" has values that type %s cannot hold",
						from->column_name, model->definition->name,
						print_type(column)),
				 errdetail_plural("%lld row has a value of type %s that would be lost or changed.",
								  "%lld rows have a value of type %s that would be lost or changed.",
								  unfit, (long long) unfit, print_type(from)),
				 OidIsValid(column->type) ?
				 errhint("Change the values first; or choose the conversion yourself: ALTER TABLE %s %sALTER COLUMN %s TYPE %s USING %s%s.",
						 quote_table(model), drop_default, quoted, type, quoted,
						 print_cast(column, from, type)) :
				 errhint("Change the values first, or define the labels that they have.")));
}

/*
 * Raise an ERROR if times get or lose a time zone and the session's is not
 * UTC: the conversion would use the session's time zone, which is no property
 * of the data.  UTC is the one that most clients use.
 */
static void
check_time_zone(const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const ColumnSpec *from = step->from;
	const char *quoted = quote_identifier(column->column_name);
	Oid			type = element_type(column);
	Oid			other = element_type(from);

	if (!((type == TIMESTAMPTZOID && other == TIMESTAMPOID) ||
		  (type == TIMESTAMPOID && other == TIMESTAMPTZOID)) ||
		!TimestampTimestampTzRequiresRewrite() || model->asks_nothing ||
		count_values(model, from) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("converting column \"%s\" of model \"%s\" from type %s to %s would use the time zone of the session",
					from->column_name, model->definition->name, print_type(from),
					print_type(column)),
			 errdetail("The parameter \"timezone\" is set to \"%s\".", pg_get_timezone_name(session_timezone)),
			 column->is_array ?
			 errhint("If the times without time zone are in UTC, SET LOCAL timezone = 'UTC' first.") :
			 errhint("If the times without time zone are in UTC, SET LOCAL timezone = 'UTC' first; otherwise convert them yourself: ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s AT TIME ZONE '...'.",
					 quote_table(model), quoted, print_type_name(model, column), quoted)));
}

/*
 * How many rows have a value that the cast refuses or changes.  Numbers are
 * compared as numbers, because trailing zeros do not matter; other values as
 * text.
 *
 * A string may be spelled differently in the new type, which is no loss,
 * except in an integer: that would lose the leading zeros of a phone number.
 */
static int64
count_unfit(const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const ColumnSpec *from = step->from;
	const char *quoted = quote_identifier(from->column_name);
	char	   *type = print_type_name(model, column);
	char	   *back = print_type_name(model, from);
	char	   *cast = psprintf("%s%s", quoted, print_cast(column, from, type));
	bool		is_json = from->type == JSONOID || from->type == JSONBOID;
	bool		from_string = same_family(from->type, TEXTOID) && !from->is_array;
	char	   *condition;

	/* The new enum type may not exist yet */
	if (column->enum_labels && !OidIsValid(column->type))
	{
		StringInfoData labels;
		ListCell   *lc;

		initStringInfo(&labels);
		foreach(lc, column->enum_labels)
			appendStringInfo(&labels, "%s%s", labels.len > 0 ? ", " : "",
							 quote_literal_cstr(lfirst(lc)));
		return count_where(model,
						   psprintf(column->is_array ?
									"EXISTS (SELECT FROM pg_catalog.unnest(%s::text[]) label WHERE label NOT IN (%s))" :
									"%s::text NOT IN (%s)", quoted, labels.data));
	}

	if (from_string && !same_family(column->type, TEXTOID) &&
		column->type != INT2OID && column->type != INT4OID &&
		column->type != INT8OID)
		condition = psprintf("(%s)::text IS NULL AND %s IS NOT NULL", cast, quoted);
	else if (is_number_type(element_type(from)))
		condition = psprintf("%s IS DISTINCT FROM (%s)%s", quoted, cast,
							 print_cast(from, column, back));
	else
		condition = psprintf("%s%s::text IS DISTINCT FROM (%s)%s%s::text",
							 quoted, is_json ? "::jsonb" : "", cast,
							 print_cast(from, column, back),
							 is_json ? "::jsonb" : "");
	return count_uncastable(model, from, condition);
}

static void
count_rows_of(void *argument)
{
	Count	   *count = argument;

	count->rows = count_where(count->model, count->condition);
}

/*
 * Count the rows.  Returns false if the condition has refused a value, and
 * re-throws any other error.
 */
static bool
try_count(Count *count)
{
	ErrorData  *error = run_in_subtransaction(count_rows_of, count, false);

	/*
	 * A cast refuses a value with a data exception; those to text search
	 * types, ltree and hstore also with a syntax or internal error, that to a
	 * domain with the violation of its constraint
	 */
	if (error && ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION &&
		ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
		error->sqlerrcode != ERRCODE_SYNTAX_ERROR &&
		error->sqlerrcode != ERRCODE_INTERNAL_ERROR)
		ReThrowError(error);
	return error == NULL;
}

/*
 * How many rows the condition on the column holds for, or fails on.
 */
static int64
count_uncastable(const Model *model, const ColumnSpec *column,
				 const char *condition)
{
	Count		count = {model, condition, 0};
	int64		result = 0;
	MemoryContext each_row;
	Portal		portal;
	SavedUser	user;

	/* One query will do, unless a value is refused */
	if (try_count(&count))
		return count.rows;

	begin_owner(&user, model->owner);
	SPI_connect();
	each_row = AllocSetContextCreate(CurrentMemoryContext, "nextauth row",
									 ALLOCSET_SMALL_SIZES);
	portal = SPI_cursor_open(NULL,
							 SPI_prepare(psprintf("SELECT tableoid, ctid FROM %s WHERE %s IS NOT NULL",
												  quote_table(model),
												  quote_identifier(column->column_name)),
										 0, NULL),
							 NULL, NULL, false);
	for (;;)
	{
		SPITupleTable *batch;
		uint64		rows;

		SPI_cursor_fetch(portal, true, 1000);
		batch = SPI_tuptable;
		rows = SPI_processed;
		if (rows == 0)
			break;
		for (uint64 i = 0; i < rows; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(each_row);

			CHECK_FOR_INTERRUPTS();
			count.condition = psprintf("tableoid = %s AND ctid = '%s'::tid AND (%s)",
									   SPI_getvalue(batch->vals[i],
													batch->tupdesc, 1),
									   SPI_getvalue(batch->vals[i],
													batch->tupdesc, 2),
									   condition);
			if (!try_count(&count) || count.rows > 0)
				result++;
			MemoryContextSwitchTo(old);
			MemoryContextReset(each_row);
		}
		SPI_freetuptable(batch);
	}
	SPI_cursor_close(portal);
	SPI_finish();
	end_user(&user);
	return result;
}

/*
 * A column can become a computed one only if nothing is stored in it.
 */
static void
check_no_values(const Model *model, const Step *step)
{
	int64		rows = model->asks_nothing ? 0 : count_values(model, step->from);

	if (rows > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("column \"%s\" of model \"%s\" has values and cannot become a computed column",
						step->from->column_name, model->definition->name),
				 errdetail_plural("%lld row would lose its value.",
								  "%lld rows would lose their values.",
								  rows, (long long) rows),
				 errhint("Rename the property with nextauth.rename_property(), or drop it with nextauth.drop_properties().")));
}

static void
check_not_null(const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const char *quoted = quote_identifier(column->column_name);
	int64		nulls = count_where(model, psprintf("%s IS NULL", quoted));

	if (nulls > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("column \"%s\" of model \"%s\" contains null values",
						column->column_name, model->definition->name),
				 errdetail_plural("%lld row has no value for it.",
								  "%lld rows have no value for it.",
								  nulls, (long long) nulls),
				 column->default_sql ?
				 errhint("Fill them with UPDATE %s SET %s = %s WHERE %s IS NULL, or CALL nextauth.extend_model_online(), which fills them.",
						 quote_table(model), quoted, column->default_sql, quoted) :
				 errhint("Fill them with UPDATE %s SET %s = ... WHERE %s IS NULL, or define the property with \"nullable\": true.",
						 quote_table(model), quoted, quoted)));
}

/*
 * Report duplicates, with their values if the user may read them.
 */
static void
check_unique(const Model *model, const Step *step)
{
	List	   *keys = print_keys(step->index);

	check_keys(model, keys, step->index->column_names == NIL ? NULL :
			   linitial(step->index->column_names));
}

/*
 * Report values of a unique column that are different now, but equal in its new
 * type, such as citext.
 */
static void
check_still_unique(const Model *model, const Step *step)
{
	const char *name = step->from->column_name;

	if (!step->column->unique || !step->from->unique ||
		!OidIsValid(step->column->type) ||
		GetDefaultOpClass(step->column->type, BTREE_AM_OID) ==
		GetDefaultOpClass(step->from->type, BTREE_AM_OID))
		return;
	check_keys(model, list_make1(psprintf("%s%s", quote_identifier(name),
										  print_cast(step->column, step->from,
													 print_type_name(model, step->column)))),
			   name);
}

/*
 * Raise an ERROR if rows have the same values, not null, in the keys, a list
 * of SQL texts; "column_name" is NULL if the key is an expression.
 */
static void
check_keys(const Model *model, List *keys, const char *column_name)
{
	bool		is_single = list_length(keys) == 1;
	MemoryContext caller = CurrentMemoryContext;
	StringInfoData columns;
	StringInfoData filled;
	StringInfoData values;
	StringInfoData query;
	uint64		shown;
	bool		has_more;
	SavedUser	user;
	ListCell   *lc;

	initStringInfo(&columns);
	initStringInfo(&filled);
	foreach(lc, keys)
	{
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "",
						 (char *) lfirst(lc));
		appendStringInfo(&filled, "%s%s IS NOT NULL",
						 filled.len > 0 ? " AND " : "", (char *) lfirst(lc));
	}

	initStringInfo(&query);
	appendStringInfo(&query,
					 "SELECT (%s)::text, pg_catalog.count(*) FROM ONLY %s WHERE %s"
					 " GROUP BY %s HAVING pg_catalog.count(*) > 1"
					 " ORDER BY 2 DESC, 1 LIMIT %d",
					 is_single ? columns.data : psprintf("ROW(%s)", columns.data),
					 quote_table(model), filled.data, columns.data,
					 MAX_SHOWN_VALUES + 1);

	begin_owner(&user, model->owner);
	SPI_connect();
	SPI_execute(query.data, false, 0);
	shown = Min(SPI_processed, MAX_SHOWN_VALUES);
	MemoryContextSwitchTo(caller);
	initStringInfo(&values);
	for (uint64 i = 0; i < shown; i++)
		appendStringInfo(&values, "%s%s (%s rows)", i > 0 ? ", " : "",
						 SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1),
						 SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2));
	has_more = SPI_processed > shown;
	SPI_finish();
	end_user(&user);

	if (shown > 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 !is_single ?
				 errmsg("columns (%s) of model \"%s\" contain duplicate values",
						join_names(keys), model->definition->name) :
				 column_name ?
				 errmsg("column \"%s\" of model \"%s\" contains duplicate values",
						column_name, model->definition->name) :
				 errmsg("expression %s of model \"%s\" contains duplicate values",
						(char *) linitial(keys), model->definition->name),
				 has_more ?
				 errdetail("Duplicates: %s.  There are more.", values.data) :
				 errdetail("Duplicates: %s.", values.data),
				 errhint("Remove the duplicates, and call the function again.")));
}

static void
check_condition(const Model *model, const Step *step)
{
	int64		rows = count_where(model, psprintf("NOT (%s)",
												   step->check->expression));

	if (rows > 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("check \"%s\" of model \"%s\" is violated", step->check->name,
						model->definition->name),
				 errdetail_plural("%lld row violates %s.", "%lld rows violate %s.",
								  rows, (long long) rows, step->check->expression),
				 errhint("Change the rows, and call the function again.")));
}

static void
check_references(const Model *model, const Step *step)
{
	const ForeignKeySpec *foreign_key = step->foreign_key;
	const char *column = quote_identifier(linitial(foreign_key->column_names));
	const char *key = linitial(foreign_key->target_columns);
	const char *outer = quote_identifier(model->table_name);
	const char *inner = quote_identifier(psprintf("_%s", model->table_name));
	char	   *condition;
	int64		rows;

	/*
	 * Leave it to PostgreSQL, which needs no right to read the other table
	 * and no cast: the other role could replace its table meanwhile
	 */
	if (step->from == NULL ||
		!is_taken_from(owner_of_relation(foreign_key->relid), model->owner) ||
		!is_taken_from(schema_owner(get_rel_namespace(foreign_key->relid)), model->owner) ||
		!may_read(foreign_key->relid, model->owner) ||
		!OidIsValid(compatible_oper_opid(list_make1(makeString("=")),
										 get_atttype(foreign_key->relid,
													 get_attnum(foreign_key->relid, key)),
										 step->column->type, true)))
		return;

	condition = psprintf("%s IS NOT NULL AND NOT EXISTS"
						 " (SELECT FROM %s %s WHERE %s.%s = %s.%s)",
						 column,
						 quote_qualified_identifier(foreign_key->schema_name,
													foreign_key->table_name),
						 inner, inner, quote_identifier(key), outer, column);
	rows = count_where(model, psprintf("tableoid = %u AND %s", model->relid, condition));
	if (rows > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("column \"%s\" of model \"%s\" has values that are not in table \"%s\"",
						(char *) linitial(foreign_key->column_names),
						model->definition->name, foreign_key->table_name),
				 errdetail_plural("%lld row refers to a missing row.",
								  "%lld rows refer to missing rows.",
								  rows, (long long) rows),
				 errhint("Change these rows, and call the function again: SELECT * FROM %s WHERE %s.",
						 quote_table(model), condition)));
}

/*
 * How many rows have an enum's label.
 */
int64
count_label(const Model *model, const ColumnSpec *column, const char *label)
{
	const char *quoted = quote_identifier(column->column_name);

	return count_where(model,
					   psprintf(column->is_array ? "%2$s = ANY (%1$s::text[])" :
								"%1$s::text = %2$s", quoted,
								quote_literal_cstr(label)));
}

/*
 * How many rows have no value in the column.
 */
int64
count_nulls(const Model *model, const ColumnSpec *column)
{
	return count_where(model, psprintf("%s IS NULL",
									   quote_identifier(column->column_name)));
}

/*
 * How many rows have a value in the column.
 */
int64
count_values(const Model *model, const ColumnSpec *column)
{
	return count_where(model, psprintf("%s IS NOT NULL",
									   quote_identifier(column->column_name)));
}

/*
 * How many rows have a text that type uuid would not print like that.
 */
int64
count_strange_uuids(const Model *model, const ColumnSpec *column)
{
	return count_where(model,
					   psprintf("%s::text !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' COLLATE \"C\"",
								quote_identifier(column->column_name)));
}

/*
 * How many rows the condition holds for.  Those of tables that inherit from
 * the model's count as well: they are altered with it.
 */
static int64
count_where(const Model *model, const char *condition)
{
	return query_number(model->owner,
						psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s",
								 quote_table(model), condition));
}

/*
 * The number that a query returns; 0 if it is null.  The query runs with the
 * rights of "role", the owner of the table that it reads, with the newest
 * snapshot.
 */
int64
query_number(Oid role, const char *query)
{
	SPIPlanPtr	plan;
	Datum		number;
	bool		isnull;
	SavedUser	user;

	begin_owner(&user, role);
	SPI_connect();
	plan = SPI_prepare(query, 0, NULL);
	SPI_execute_snapshot(plan, NULL, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	number = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	SPI_finish();
	end_user(&user);
	return isnull ? 0 : DatumGetInt64(number);
}
