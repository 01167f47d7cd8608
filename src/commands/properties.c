/*-------------------------------------------------------------------------
 *
 * properties.c
 *	  rename_property() and drop_properties()
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(rename_property);
PG_FUNCTION_INFO_V1(drop_properties);

/* The property to rename, and what the renaming does */
typedef struct Rename
{
	char	   *name;			/* of the model */
	char	   *property;
	char	   *new_property;
	char	   *given_name;		/* new name of the column, or NULL */
	Model	   *model;
	Table	   *table;
	ColumnSpec *column;
	char	   *column_name;	/* its name afterwards */
	bool		renames_property;
	bool		renames_column;
} Rename;

/* The properties to drop, and what is dropped with them */
typedef struct Drop
{
	char	   *name;			/* of the model */
	List	   *properties;		/* of char * */
	Model	   *model;
	Table	   *table;
	List	   *columns;		/* of ColumnSpec */
	List	   *steps;			/* of Step */
	bool		is_announced;	/* by a notice for each column */
} Drop;

/* Messages about a property and a model */
static const char *const cannot_rename = "cannot rename property \"%s\" of model \"%s\"";
static const char *const cannot_drop = "cannot drop property \"%s\" of model \"%s\"";

static char *describe_dropped(const Table *table, const ColumnSpec *column,
							  int64 rows);
static List *get_properties(FunctionCallInfo fcinfo);
static Model *read_own_model(const char *name);
static ColumnSpec *find_custom_property(const Model *model, List *columns,
										const char *property, const char *message);
static void check_not_needed(const Model *model, const ColumnSpec *column,
							 const char *message);
static void plan_rename(void *argument);
static List *locks_of_rename(void *argument, List *held);
static void run_rename(const Rename *rename);
static void check_new_names(const Rename *rename, List *columns);
static void plan_drop(void *argument);
static List *locks_of_drop(void *argument, List *held);
static void announce_drop(Drop *drop);
static void run_drop(const Drop *drop);
static List *rename_steps(const Model *model, const Table *table,
						  const ColumnSpec *column, const char *new_name);
static bool is_own_sequence(const Model *model, const ColumnSpec *column);
static void add_rename(List **steps, StepKind kind, const ColumnSpec *column,
					   const char *name, const char *new_name);
static List *replace_name(List *names, const char *name, const char *new_name);
static void check_dependents(const Model *model, const ColumnSpec *column,
							 List *dropped);
static void check_identity(const Model *model, const Table *table,
						   const ColumnSpec *column);
static void put_row(FunctionCallInfo fcinfo, const char *property,
					const char *column_name, const ColumnSpec *column,
					const char *action);

/*
 * rename_property(name text, property text, new_property text, column_name text)
 *
 * Renames a custom property, and its column: to the given name, or else after
 * the new property if it was named after the old one.  Renames constraints, an
 * enum type and a sequence that TypeORM names after the column.  The data
 * stays.  Returns the row of the property.
 *
 * Raises an ERROR if the property is unknown or built in, if a name is in use,
 * or if the user does not own the table.
 */
Datum
rename_property(PG_FUNCTION_ARGS)
{
	Rename		rename = {0};
	LockedPlan	plan = {
		.command = "rename_property()",
		.plan = plan_rename,
		.find_locks = locks_of_rename,
		.argument = &rename
	};
	bool		is_changed;

	rename.name = get_text(fcinfo, 0, "name");
	rename.property = get_text(fcinfo, 1, "property");
	rename.new_property = get_text(fcinfo, 2, "new_property");
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		rename.given_name = text_to_cstring(PG_GETARG_TEXT_PP(3));

	InitMaterializedSRF(fcinfo, 0);
	check_name("property name", rename.new_property);
	plan_and_lock(&plan);
	is_changed = rename.renames_property || rename.renames_column;
	if (is_changed)
		run_rename(&rename);
	put_row(fcinfo, rename.new_property, rename.column_name, rename.column,
			is_changed ? "renamed" : "unchanged");
	return (Datum) 0;
}

/*
 * Find the property and its column.
 *
 * Raise an ERROR if it cannot be renamed.
 */
static void
plan_rename(void *argument)
{
	Rename	   *rename = argument;
	List	   *columns;
	ColumnSpec	renamed;

	rename->model = read_own_model(rename->name);
	rename->table = read_table(rename->model->relid);
	columns = read_model_columns(rename->model, rename->table->columns, NEWEST_ROWS);
	rename->column = find_custom_property(rename->model, columns, rename->property,
										  cannot_rename);
	rename->column_name = rename->column->column_name;
	if (rename->given_name)
		rename->column_name = rename->given_name;
	else if (strcmp(rename->column_name, name_column(rename->property)) == 0)
		rename->column_name = name_column(rename->new_property);
	check_name("column name", rename->column_name);
	check_new_names(rename, columns);

	rename->renames_property = strcmp(rename->property, rename->new_property) != 0;
	rename->renames_column = strcmp(rename->column->column_name,
									rename->column_name) != 0;
	if (rename->renames_property)
		check_not_needed(rename->model, rename->column, cannot_rename);
	renamed = *rename->column;
	renamed.column_name = rename->column_name;
	check_still_suits(rename->model, rename->column, &renamed);
}

/*
 * Raise an ERROR if another property or column has the new name.
 */
static void
check_new_names(const Rename *rename, List *columns)
{
	const ColumnSpec *other = find_property(columns, rename->new_property);

	if (other && other != rename->column)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("property \"%s\" of model \"%s\" already exists",
						rename->new_property, rename->name)));
	other = find_column(columns, rename->column_name);
	if (other && other != rename->column)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" already exists",
						rename->column_name, rename->model->table_name)));
}

static List *
locks_of_rename(void *argument, List *held)
{
	const Rename *rename = argument;
	List	   *locks = NIL;

	if (!rename->renames_property && !rename->renames_column)
		return NIL;
	add_lock(&locks, held, InvalidOid, rename->model->relid,
			 rename->renames_column && rename->column->attnum != 0 ?
			 AccessExclusiveLock : ShareUpdateExclusiveLock);
	add_view_locks(&locks, held, find_adapter_views(rename->model));
	return locks;
}

/*
 * Rename the column and the property, with all locks held.
 */
static void
run_rename(const Rename *rename)
{
	const Model *model = rename->model;
	const ColumnSpec *column = rename->column;
	List	   *statements = NIL;
	StringInfoData changes;

	check_owner_usage(model);
	if (rename->renames_column && column->attnum != 0)
	{
		List	   *printed = print_steps(model, rename_steps(model, rename->table, column,
															  rename->column_name));

		run_steps(model, printed);
		statements = texts_of(printed);
	}
	else if (column->attnum == 0)
		rename_custom_column(model, column->column_name, rename->column_name);
	rename_custom_property(model, rename->property, rename->new_property);
	statements = list_concat(statements, refresh_views(model, NIL));

	initStringInfo(&changes);
	append_change(&changes, rename->property, rename->renames_property ?
				  psprintf("renamed to %s", rename->new_property) :
				  psprintf("column renamed to %s", rename->column_name));
	write_change(rename->name, "rename_property", changes.data, statements);
}

/*
 * drop_properties(name text, property text, ...)
 *
 * Drops custom properties and their columns, with a notice for each.  Returns
 * a row for each.
 *
 * Raises an ERROR if one is unknown or built in, if an object other than the
 * column's own constraints and indexes depends on it, or if the user does not
 * own the table.
 */
Datum
drop_properties(PG_FUNCTION_ARGS)
{
	Drop		drop = {0};
	LockedPlan	plan = {
		.command = "drop_properties()",
		.plan = plan_drop,
		.find_locks = locks_of_drop,
		.argument = &drop
	};
	ListCell   *lc;

	drop.name = get_text(fcinfo, 0, "name");
	drop.properties = get_properties(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	plan_and_lock(&plan);

	/* Describe them while their types exist */
	foreach(lc, drop.columns)
	{
		const ColumnSpec *column = lfirst(lc);

		put_row(fcinfo, column->property, column->column_name, column, "dropped");
	}
	if (drop.columns != NIL)
		run_drop(&drop);
	return (Datum) 0;
}

/*
 * Find the properties, and plan the steps that drop their columns.
 *
 * Raise an ERROR if one cannot be dropped.
 */
static void
plan_drop(void *argument)
{
	Drop	   *drop = argument;
	List	   *types = NIL;
	List	   *columns;
	ListCell   *lc;

	drop->model = read_own_model(drop->name);
	drop->table = read_table(drop->model->relid);
	drop->columns = drop->steps = NIL;
	columns = read_model_columns(drop->model, drop->table->columns, NEWEST_ROWS);
	foreach(lc, drop->properties)
	{
		ColumnSpec *column = find_custom_property(drop->model, columns, lfirst(lc),
												  cannot_drop);
		Step	   *step;

		drop->columns = lappend(drop->columns, column);
		if (column->attnum == 0)
			continue;
		check_not_needed(drop->model, column, cannot_drop);
		/* Drop computed columns before the columns that they use */
		step = make_step(STEP_DROP_COLUMN, column);
		drop->steps = column->as_expression ? lcons(step, drop->steps) :
			lappend(drop->steps, step);
		if (column->enum_labels && is_own_enum_type(drop->model, column,
													view_oids(find_adapter_views(drop->model))))
		{
			step = make_step(STEP_DROP_TYPE, column);
			step->from = column;
			types = lappend(types, step);
		}
	}
	drop->steps = list_concat(drop->steps, types);

	foreach(lc, drop->columns)
	{
		check_dependents(drop->model, lfirst(lc), drop->columns);
		check_identity(drop->model, drop->table, lfirst(lc));
	}
	if (drop->columns == NIL)
		return;
	check_owner_usage(drop->model);
	check_views(drop->model, drop->steps, list_difference_ptr(columns, drop->columns));

	/* Count before locking, so that nobody waits for it */
	if (!drop->is_announced)
		announce_drop(drop);
}

/*
 * Locks on the model's table and views, and on tables that foreign keys of the
 * columns refer to.
 */
static List *
locks_of_drop(void *argument, List *held)
{
	const Drop *drop = argument;
	Oid			relid = drop->model->relid;
	List	   *locks = NIL;
	ListCell   *lc;

	if (drop->columns == NIL)
		return NIL;
	add_lock(&locks, held, InvalidOid, relid, AccessExclusiveLock);
	foreach(lc, drop->columns)
	{
		const ForeignKeySpec *foreign_key = ((ColumnSpec *) lfirst(lc))->foreign_key;

		if (foreign_key && foreign_key->relid != relid)
			add_lock(&locks, held, InvalidOid, foreign_key->relid, AccessExclusiveLock);
	}
	add_view_locks(&locks, held, find_adapter_views(drop->model));
	return locks;
}

/*
 * Say what is dropped, with the number of values.
 */
static void
announce_drop(Drop *drop)
{
	int64	   *rows = palloc0_array(int64, list_length(drop->columns));
	ListCell   *lc;

	foreach(lc, drop->columns)
	{
		const ColumnSpec *column = lfirst(lc);

		if (column->attnum != 0)
			rows[foreach_current_index(lc)] = count_values(drop->model, column);
	}
	foreach(lc, drop->columns)
	{
		const ColumnSpec *column = lfirst(lc);

		ereport(NOTICE,
				(errmsg("dropping property \"%s\" of model \"%s\"",
						column->property, drop->name),
				 errdetail_internal("%s", describe_dropped(drop->table, column,
														   rows[foreach_current_index(lc)]))));
	}
	drop->is_announced = true;
}

/*
 * Drop the columns and the properties, with all locks held.
 */
static void
run_drop(const Drop *drop)
{
	const Model *model = drop->model;
	List	   *views = NIL;
	List	   *statements = NIL;
	StringInfoData changes;
	ListCell   *lc;

	initStringInfo(&changes);
	foreach(lc, drop->columns)
		append_change(&changes, ((ColumnSpec *) lfirst(lc))->property, "dropped");
	if (drop->steps != NIL)
	{
		List	   *printed = print_steps(model, drop->steps);

		views = take_down_views(model, drop->steps);
		run_steps(model, printed);
		statements = list_concat(texts_of_taken(views), texts_of(printed));
	}
	foreach(lc, drop->columns)
		delete_custom_column(model, ((ColumnSpec *) lfirst(lc))->column_name);
	statements = list_concat(statements, refresh_views(model, views));
	write_change(drop->name, "drop_properties", changes.data, statements);
}

/*
 * The properties that the arguments name: texts, or an array of them.
 */
static List *
get_properties(FunctionCallInfo fcinfo)
{
	List	   *result = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int			count = PG_NARGS() - 1;

	if (type_of_argument(fcinfo, 1) == TEXTARRAYOID)
	{
		if (PG_ARGISNULL(1))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"%s\" must not be null", "properties")));
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
						  TYPALIGN_INT, &elements, &nulls, &count);
	}
	else
	{
		elements = palloc_array(Datum, count);
		nulls = palloc_array(bool, count);
		for (int i = 0; i < count; i++)
		{
			elements[i] = PG_GETARG_DATUM(i + 1);
			nulls[i] = PG_ARGISNULL(i + 1);
		}
	}
	for (int i = 0; i < count; i++)
	{
		char	   *property;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("property must not be null")));
		property = TextDatumGetCString(elements[i]);
		if (!is_member(result, property))
			result = lappend(result, property);
	}
	return result;
}

/*
 * Describe the objects dropped with a property: its column, the values, and
 * the constraints and indexes of the column alone.
 */
static char *
describe_dropped(const Table *table, const ColumnSpec *column, int64 rows)
{
	List	   *names = NIL;
	StringInfoData buf;
	ListCell   *lc;

	if (column->attnum == 0)
		return psprintf("The table has no column \"%s\".", column->column_name);

	foreach(lc, list_concat_copy(table->indexes, table->other_indexes))
	{
		IndexSpec  *index = lfirst(lc);
		List	   *used = list_concat_copy(index->column_names,
											index->expression_columns);

		if (list_length(used) == 1 && is_member(used, column->column_name))
			names = lappend(names, index->name);
	}
	foreach(lc, table->foreign_keys)
	{
		ForeignKeySpec *foreign_key = lfirst(lc);

		if (list_length(foreign_key->column_names) == 1 &&
			is_member(foreign_key->column_names, column->column_name))
			names = lappend(names, foreign_key->name);
	}
	foreach(lc, table->checks)
	{
		CheckSpec  *check = lfirst(lc);

		if (list_length(check->column_names) == 1 &&
			is_member(check->column_names, column->column_name))
			names = lappend(names, check->name);
	}

	initStringInfo(&buf);
	appendStringInfo(&buf,
					 ngettext("Column \"%s\" of type %s has a value in %lld row.",
							  "Column \"%s\" of type %s has a value in %lld rows.",
							  rows),
					 column->column_name, print_type(column), (long long) rows);
	if (names != NIL)
		appendStringInfo(&buf, "  Dropped with it: %s.", join_names(names));
	return buf.data;
}

static Model *
read_own_model(const char *name)
{
	Model	   *model = read_model(name, NEWEST_ROWS);

	check_model_table(model);
	check_model_owner(model);
	check_surroundings(model);
	return model;
}

/*
 * Raise an ERROR, with the closest match in the hint, if the model has no such
 * property, or, with the message, if it is built in.
 */
static ColumnSpec *
find_custom_property(const Model *model, List *columns, const char *property,
					 const char *message)
{
	ColumnSpec *column = find_property(columns, property);
	ClosestMatchState match;
	const char *closest;
	ListCell   *lc;

	if (column && column->builtin)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg(message, property, model->definition->name),
				 errdetail("The property is built into the model.")));
	if (column)
		return column;

	initClosestMatch(&match, property, 4);
	foreach(lc, columns)
	{
		column = lfirst(lc);
		if (column->property && !column->builtin)
			updateClosestMatch(&match, column->property);
	}
	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("model \"%s\" has no property \"%s\"", model->definition->name,
					property),
			 closest ? errhint("Perhaps you meant the property \"%s\".", closest) : 0));
}

/*
 * Raise an ERROR, with the message, if an adapter knows the column by its
 * property.
 */
static void
check_not_needed(const Model *model, const ColumnSpec *column, const char *message)
{
	ListCell   *lc;

	foreach(lc, find_adapter_views(model))
	{
		AdapterView *view = lfirst(lc);

		if (find_shown(view->convention, column->property))
			ereport(ERROR,
					(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
					 errmsg(message, column->property, model->definition->name),
					 errdetail("Adapter \"%s\" in schema \"%s\" needs it.",
							   view->adapter->name, view->schema_name),
					 errhint("Call nextauth.drop_adapter() first.")));
	}
}

/*
 * The steps that rename a column and the objects that TypeORM names after it.
 */
static List *
rename_steps(const Model *model, const Table *table, const ColumnSpec *column,
			 const char *new_name)
{
	const char *old_name = column->column_name;
	ColumnSpec *owned;
	List	   *steps = NIL;
	ListCell   *lc;

	add_rename(&steps, STEP_RENAME_COLUMN, column, old_name, new_name);

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);
		List	   *names = replace_name(index->column_names, old_name, new_name);

		if (!is_member(index->column_names, old_name))
			continue;
		if (index->is_constraint && !index->is_primary &&
			strcmp(index->name, name_constraint("UQ", model->table_name,
												index->column_names)) == 0)
			add_rename(&steps, STEP_RENAME_CONSTRAINT, column, index->name,
					   name_constraint("UQ", model->table_name, names));
		else if (!index->is_constraint &&
				 strcmp(index->name, name_index(model->table_name,
												index->column_names, NULL)) == 0)
			add_rename(&steps, STEP_RENAME_INDEX, column, index->name,
					   name_index(model->table_name, names, NULL));
	}
	foreach(lc, table->foreign_keys)
	{
		ForeignKeySpec *foreign_key = lfirst(lc);

		if (is_member(foreign_key->column_names, old_name) &&
			strcmp(foreign_key->name,
				   name_constraint("FK", model->table_name,
								   foreign_key->column_names)) == 0)
			add_rename(&steps, STEP_RENAME_CONSTRAINT, column, foreign_key->name,
					   name_constraint("FK", model->table_name,
									   replace_name(foreign_key->column_names,
													old_name, new_name)));
	}
	if (column->enum_labels && is_own_enum_type(model, column,
												view_oids(find_adapter_views(model))))
	{
		char	   *name = name_enum(model->table_name, new_name);

		check_name("enum type name", name);
		add_rename(&steps, STEP_RENAME_TYPE, column, column->enum_name, name);
	}
	owned = palloc_object(ColumnSpec);
	*owned = *column;
	owned->sequence = get_relname_relid(name_sequence(model->table_name, old_name),
										model->schema);
	if (is_own_sequence(model, owned))
		add_rename(&steps, STEP_RENAME_SEQUENCE, owned,
				   name_of_relation(owned->sequence),
				   name_sequence(model->table_name, new_name));
	return steps;
}

/*
 * Does the column own its sequence, as serial or as an identity?
 */
static bool
is_own_sequence(const Model *model, const ColumnSpec *column)
{
	Oid			owner;
	int32		owner_column;

	return OidIsValid(column->sequence) &&
		(sequenceIsOwned(column->sequence, DEPENDENCY_AUTO, &owner, &owner_column) ||
		 sequenceIsOwned(column->sequence, DEPENDENCY_INTERNAL, &owner, &owner_column)) &&
		owner == model->relid && owner_column == column->attnum;
}

static void
add_rename(List **steps, StepKind kind, const ColumnSpec *column,
		   const char *name, const char *new_name)
{
	Step	   *step = make_step(kind, NULL);

	step->from = column;
	step->name = name;
	step->new_name = new_name;
	*steps = lappend(*steps, step);
}

static List *
replace_name(List *names, const char *name, const char *new_name)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, names)
		result = lappend(result, strcmp(lfirst(lc), name) == 0 ?
						 pstrdup(new_name) : lfirst(lc));
	return result;
}

/*
 * Raise an ERROR if a view, or a constraint or index of columns that are not
 * dropped as well, depends on the column.
 */
static void
check_dependents(const Model *model, const ColumnSpec *column, List *dropped)
{
	List	   *dependents;

	if (column->attnum == 0)
		return;
	dependents = find_dependents(model->relid, column->attnum, dropped, WITH_INDEXES,
								 view_oids(find_adapter_views(model)));
	if (dependents != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop property \"%s\" of model \"%s\" because other objects depend on it",
						column->property, model->definition->name),
				 errdetail("Objects that depend on column \"%s\": %s.", column->column_name,
						   join_names(dependents)),
				 errhint("Drop the dependent objects first.")));
}

/*
 * Raise an ERROR if the table's replica identity would go with the column.
 */
static void
check_identity(const Model *model, const Table *table, const ColumnSpec *column)
{
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		const IndexSpec *index = lfirst(lc);

		if (index->is_identity && is_member(index->column_names, column->column_name))
			report_lost_identity(model, index);
	}
}

static void
put_row(FunctionCallInfo fcinfo, const char *property, const char *column_name,
		const ColumnSpec *column, const char *action)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const char *texts[] = {property, column_name, NULL, action};

	if (column->attnum != 0)
		texts[2] = format_type_with_typemod(column->type, column->typmod);
	put_texts(rsinfo, texts);
}
