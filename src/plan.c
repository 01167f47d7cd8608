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

static ColumnSpec *find_property(List *columns, const char *property);
static ColumnAction plan_column(const Model *model, ColumnSpec *desired,
								List *actual, List *builtin);
static bool same_declaration(const ColumnSpec *a, const ColumnSpec *b);
static void add_difference(StringInfo buf, const char *option,
						   const char *actual, const char *desired);
static void add_boolean_difference(StringInfo buf, const char *option,
								   bool actual, bool desired);
static bool is_unique_column(const Table *table, const char *column_name);
static const char *print_type(const ColumnSpec *column);
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

/*
 * The property of that name, or NULL.
 */
static ColumnSpec *
find_property(List *columns, const char *property)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->property && strcmp(column->property, property) == 0)
			return column;
	}
	return NULL;
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

	/* The name that TypeORM implies changes when the table is renamed */
	if (desired->enum_name_implied &&
		equal_labels(desired->enum_labels, found->enum_labels) &&
		desired->type != found->type)
	{
		desired->type = found->type;
		if (desired->default_literal)
			set_default_literal(desired, desired->default_literal);
	}

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
 * Do two definitions say the same to an adapter?
 */
static bool
same_declaration(const ColumnSpec *a, const ColumnSpec *b)
{
	return a->role == b->role && a->select == b->select &&
		a->insert == b->insert && a->update == b->update &&
		same_meaning(a->type_name, b->type_name);
}

/*
 * How the actual column differs from the desired one, or NULL.
 */
char *
find_differences(const ColumnSpec *desired, const ColumnSpec *actual)
{
	StringInfoData buf;

	initStringInfo(&buf);

	if (strcmp(desired->column_name, actual->column_name) != 0)
		add_difference(&buf, "name", actual->column_name, desired->column_name);
	if (!OidIsValid(desired->type) || desired->type != actual->type ||
		desired->typmod != actual->typmod)
		add_difference(&buf, "type", print_type(actual), print_type(desired));
	else if (desired->collation != actual->collation)
		add_difference(&buf, "collation",
					   generate_collation_name(actual->collation),
					   generate_collation_name(desired->collation));
	add_boolean_difference(&buf, "nullable", actual->nullable, desired->nullable);
	add_boolean_difference(&buf, "unique", actual->unique, desired->unique);
	add_boolean_difference(&buf, "primary", actual->primary, desired->primary);
	if (actual->generated != desired->generated)
		add_boolean_difference(&buf, "generated",
							   actual->generated != GENERATED_NEVER,
							   desired->generated != GENERATED_NEVER);
	else if (actual->generated == GENERATED_NEVER)
		add_difference(&buf, "default", actual->default_sql, desired->default_sql);
	add_difference(&buf, "comment", actual->comment, desired->comment);

	if (!actual->builtin)
		return buf.len > 0 ? buf.data : NULL;

	/* What PostgreSQL does not hold may change, unless it is built in */
	if (actual->role != desired->role)
		add_difference(&buf, "role",
					   actual->role ? role_option(actual->role) : NULL,
					   desired->role ? role_option(desired->role) : NULL);
	add_boolean_difference(&buf, "select", actual->select, desired->select);
	add_boolean_difference(&buf, "insert", actual->insert, desired->insert);
	add_boolean_difference(&buf, "update", actual->update, desired->update);
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * What is wrong with a table's column for a built-in one, or NULL.  "exactly"
 * asks for what the extension makes; otherwise it is enough that an adapter
 * can work with it: a type of the same family, values where it needs some.
 */
char *
check_builtin_column(const ColumnSpec *desired, const Table *table,
					 bool exactly)
{
	ColumnSpec *column = find_column(table->columns, desired->column_name);
	ColumnSpec	found;
	StringInfoData buf;

	if (column == NULL)
		return "missing";
	found = *column;

	/* What may be more than the model asks for */
	found.comment = NULL;
	found.unique = found.unique && desired->unique;
	if (desired->default_sql == NULL)
		found.default_sql = NULL;
	if (exactly)
		return find_differences(desired, &found);

	initStringInfo(&buf);
	if (!same_family(found.type, desired->type))
		add_difference(&buf, "type", print_type(&found), print_type(desired));
	if (desired->nullable)
		add_boolean_difference(&buf, "nullable", found.nullable, true);
	if ((desired->unique || desired->primary) &&
		!is_unique_column(table, found.column_name))
		add_boolean_difference(&buf, "unique", false, true);
	if (desired->generated != GENERATED_NEVER || desired->default_sql)
	{
		if (found.generated == GENERATED_NEVER && found.default_sql == NULL)
			add_difference(&buf, "default", NULL,
						   desired->default_sql ? desired->default_sql : "a sequence");
	}
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Does a constraint or an index make the column unique by itself?
 */
static bool
is_unique_column(const Table *table, const char *column_name)
{
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if ((index->is_unique || index->is_primary) && index->where == NULL &&
			list_length(index->column_names) == 1 &&
			strcmp(linitial(index->column_names), column_name) == 0)
			return true;
	}
	return false;
}

static void
add_difference(StringInfo buf, const char *option, const char *actual,
			   const char *desired)
{
	if (actual && desired ? strcmp(actual, desired) == 0 : actual == desired)
		return;
	appendStringInfo(buf, "%s%s is %s instead of %s",
					 buf->len > 0 ? "; " : "", option,
					 actual ? actual : "none", desired ? desired : "none");
}

static void
add_boolean_difference(StringInfo buf, const char *option, bool actual,
					   bool desired)
{
	add_difference(buf, option, actual ? "true" : "false",
				   desired ? "true" : "false");
}

static const char *
print_type(const ColumnSpec *column)
{
	if (!OidIsValid(column->type))
		return psprintf("%s%s", column->enum_name, column->is_array ? "[]" : "");
	return format_type_with_typemod(column->type, column->typmod);
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
