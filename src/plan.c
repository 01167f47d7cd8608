/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  Desired columns against actual ones -> an ordered list of steps
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "nextauth.h"

static ColumnAction plan_column(const Model *model, ColumnSpec *desired,
								List *actual, List *builtin);
static void plan_enum_type(ModelPlan *plan, const ColumnSpec *column);
static void add_step(ModelPlan *plan, StepKind kind, const ColumnSpec *column);

/*
 * What makes the model's columns what "desired", a list of ColumnSpec, says.
 * "actual" is what read_model_columns() returned.
 *
 * Raise an ERROR if a property or column is there already and is something
 * else.
 */
ModelPlan *
make_plan(const Model *model, List *desired, List *actual)
{
	ModelPlan  *plan = palloc0_object(ModelPlan);
	List	   *builtin = builtin_columns(model->builtin);
	ListCell   *lc;

	foreach(lc, desired)
	{
		ColumnSpec *column = lfirst(lc);
		PlannedColumn *planned = palloc0_object(PlannedColumn);

		planned->column = column;
		planned->action = plan_column(model, column, actual, builtin);

		/* What is there already is reported as it is there */
		if (planned->action == ACTION_UNCHANGED)
			planned->column = find_property(actual, column->property);
		plan->columns = lappend(plan->columns, planned);

		if (planned->action != ACTION_UNCHANGED)
			plan->changes_catalog = true;
		if (planned->action == ACTION_ADDED)
		{
			plan_enum_type(plan, column);
			add_step(plan, STEP_ADD_COLUMN, column);
			if (column->comment)
				add_step(plan, STEP_COMMENT, column);
		}
	}
	return plan;
}

static ColumnAction
plan_column(const Model *model, ColumnSpec *desired, List *actual,
			List *builtin)
{
	ColumnSpec *declared = find_property(builtin, desired->property);
	ColumnSpec *found;
	char	   *differences;

	/* JavaScript spreads the built-in columns into the custom ones */
	if (declared)
	{
		differences = find_differences(desired, declared);

		/* An adopted table may have it in another way */
		found = find_property(actual, desired->property);
		if (found->attnum == 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("column \"%s\" of model \"%s\" is missing",
							found->column_name, model->builtin->name),
					 errhint("nextauth.check_models() says how to add it.")));
		if (differences && find_differences(desired, found))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("definition of property \"%s\" contradicts the built-in one of model \"%s\"",
							desired->property, model->builtin->name),
					 errdetail("Built in: %s.", differences),
					 errhint("Leave the property out, or restate it as it is built in.")));
		return ACTION_UNCHANGED;
	}

	declared = find_property(actual, desired->property);
	found = find_column(actual, desired->column_name);

	if (found && found->property && found != declared)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of property \"%s\" is the column of property \"%s\" already",
						desired->column_name, desired->property,
						found->property),
				 errhint("Name another column with the option \"name\".")));
	if (declared && declared != found && declared->attnum != 0)
	{
		StringInfoData name;

		initStringInfo(&name);
		escape_json(&name, declared->column_name);
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("property \"%s\" of model \"%s\" is column \"%s\" already",
						desired->property, model->builtin->name,
						declared->column_name),
				 errhint("Define it with \"name\": %s.", name.data)));
	}

	/* A declared column that the table lost may be added again, or replaced */
	if (found == NULL || found->attnum == 0)
		return ACTION_ADDED;

	/*
	 * The name that TypeORM implies changes when the table is renamed, and
	 * the type does not move to another schema with the table.
	 */
	if (found->enum_labels && desired->enum_labels &&
		desired->type != found->type &&
		desired->is_array == found->is_array &&
		(desired->enum_name_implied ||
		 strcmp(desired->enum_name, found->enum_name) == 0) &&
		equal_labels(desired->enum_labels, found->enum_labels))
	{
		desired->type = found->type;
		if (desired->default_literal)
			set_default_literal(desired, desired->default_literal);
	}

	/* A comment by hand stays, unless the definition has one of its own */
	if (desired->comment == NULL)
		desired->comment = found->comment;

	differences = find_differences(desired, found);
	if (differences)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of model \"%s\" already exists with another definition",
						desired->column_name, model->builtin->name),
				 errdetail("In the table: %s.", differences),
				 errhint("Define property \"%s\" as the column is, or alter the column first.",
						 desired->property)));

	if (declared != found)
		return ACTION_ADOPTED;
	return same_declaration(desired, declared) ?
		ACTION_UNCHANGED : ACTION_ALTERED;
}

/*
 * Create the column's enum type first, unless it exists or another new column
 * of the same enumName creates it.
 */
static void
plan_enum_type(ModelPlan *plan, const ColumnSpec *column)
{
	ListCell   *lc;

	if (column->enum_labels == NIL || OidIsValid(column->type))
		return;

	foreach(lc, plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind != STEP_CREATE_TYPE ||
			strcmp(step->column->enum_name, column->enum_name) != 0)
			continue;
		if (!equal_labels(step->column->enum_labels, column->enum_labels))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("properties \"%s\" and \"%s\" define enum type \"%s\" with different labels",
							step->column->property, column->property,
							column->enum_name)));
		return;
	}
	add_step(plan, STEP_CREATE_TYPE, column);
}

static void
add_step(ModelPlan *plan, StepKind kind, const ColumnSpec *column)
{
	plan->steps = lappend(plan->steps, make_step(kind, column));
}

Step *
make_step(StepKind kind, const ColumnSpec *column)
{
	Step	   *step = palloc_object(Step);

	step->kind = kind;
	step->column = column;
	return step;
}
